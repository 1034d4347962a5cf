"""The shape helpers as functions: ``matmul_shape((2, 3), (3, 4)) == (2, 4)``.

Each asks the rule of the operation it is about; what is here is only the documented form of the
arguments. Shapes may have variadic parts and unknown sizes. A broken rule raises its `ShapeError`;
predicates are optimistic about what is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapetorch.annotations.dtypes import BOOLS, COMPLEXES, INTS, UINTS, canonical
from shapetorch.annotations.objects import Shape as ShapeObject
from shapetorch.dim import (
    UNKNOWN_DIM,
    AnyShape,
    Shape,
    Size,
    Truth,
    equal,
    is_fixed,
    product,
    render_shape,
)
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.axes import axis
from shapetorch.rules.broadcasting import broadcast_all
from shapetorch.rules.registry import Dims, Result, Shapes, Sizes
from shapetorch.typing.helpers import ask, ask_several, helper

Outcome = Any  # a result of a helper, or the ShapeError it raised


# -- shapes and predicates ---------------------------------------------------------------------------


@helper("Rank", unknown=UNKNOWN_DIM)
def rank(shape: AnyShape) -> Size:
    """The number of dims; unknown of a shape with variadic parts."""
    return len(shape) if is_fixed(shape) else UNKNOWN_DIM


@helper("NegativeDim")
def negative_dim(rank: object, dim: int | None = None) -> Any:
    """`dim` as a position in ``0..rank-1``; without it, all negative dims there are.

    Args:
        rank: A number of dims, or a shape.
        dim: A dim, negative or not.
    """
    count = len(rank) if isinstance(rank, (tuple, list)) else rank
    if not isinstance(count, int):
        return UNKNOWN_DIM
    if dim is None:
        return tuple(range(-count, 0))
    return axis("negative_dim", dim, (UNKNOWN_DIM,) * count, scalar=False)


@helper("Is2D", unknown=True)
def is_2d(shape: AnyShape) -> bool:
    """Whether a shape has, or may have, exactly 2 dims."""
    return len(shape) == 2 if is_fixed(shape) else len(shape) <= 3


@helper("IsAtLeast1D", unknown=True)
def is_at_least_1d(shape: AnyShape) -> bool:
    """Whether a shape has, or may have, a dim."""
    return len(shape) > 0


@helper("IsShapeError", unknown=False)
def is_shape_error(value: Outcome) -> bool:
    """Whether a result is an error."""
    return isinstance(value, ShapeError)


@helper("HasShapeError", gather="values", unknown=False)
def has_shape_error(values: Outcome) -> bool:
    """Whether one of several results is an error."""
    return any(isinstance(value, ShapeError) for value in values)


@helper("AssertNoShapeError")
def assert_no_shape_error(value: Outcome) -> Any:
    """`value`, unless it is an error, which is raised."""
    if isinstance(value, ShapeError):
        raise value
    return value


@helper("ItemResult", unknown=object)
def item_result(dtype: object) -> type:
    """The Python type of ``x.item()`` for a dtype."""
    text = getattr(dtype, "__name__", None) or str(dtype)
    known = canonical(text)
    if known is None:
        return {"float": float, "int": int}.get(text, object)
    if known in BOOLS:
        return bool
    return int if known in INTS | UINTS else complex if known in COMPLEXES else float


# -- products, broadcasting ------------------------------------------------------------------------------


@helper("BroadcastShape", gather="shapes")
def broadcast_shape(shapes: Shapes) -> Shape:
    """The shape that all shapes broadcast to."""
    return broadcast_all("broadcast", *shapes)


@helper("MatmulShape")
def matmul_shape(input: Shape, other: Shape) -> AnyShape:
    """Shape of ``input @ other``."""
    return ask("torch.matmul", input=input, other=other)


@helper("Matmul2DShape")
def matmul_2d_shape(input: Shape, mat2: Shape) -> AnyShape:
    """Shape of the product of two matrices."""
    return ask("torch.mm", input=input, mat2=mat2)


# -- other sizes of the same elements ----------------------------------------------------------------------


@helper("ReshapeShape", gather="shape")
def reshape_shape(input: Shape, shape: Sizes) -> AnyShape:
    """The target shape, with its -1 filled in."""
    return ask("torch.reshape", input=input, shape=shape)


@helper("FlattenShape")
def flatten_shape(input: Shape, start_dim: int = 0, end_dim: int = -1) -> AnyShape:
    """Shape with the dims from `start_dim` to `end_dim` merged."""
    return ask("torch.flatten", input=input, start_dim=start_dim, end_dim=end_dim)


@helper("SqueezeShape")
def squeeze_shape(input: Shape, dim: Dims = None) -> AnyShape:
    """Shape without its sizes of 1: all, or those at `dim`."""
    return ask("torch.squeeze", input=input, dim=dim)


@helper("UnsqueezeShape")
def unsqueeze_shape(input: Shape, dim: int) -> AnyShape:
    """Shape with a 1 inserted."""
    return ask("torch.unsqueeze", input=input, dim=dim)


@helper("PermuteShape", gather="dims")
def permute_shape(input: Shape, dims: Sequence[int]) -> AnyShape:
    """Shape with its dims in the order given."""
    return ask("torch.permute", input=input, dims=dims)


@helper("TransposeShape")
def transpose_shape(input: Shape) -> AnyShape:
    """Shape of ``input.t()``."""
    return ask("torch.t", input=input)


@helper("TransposeDimsShape")
def transpose_dims_shape(input: Shape, dim0: int, dim1: int) -> AnyShape:
    """Shape with two dims exchanged."""
    return ask("torch.transpose", input=input, dim0=dim0, dim1=dim1)


@helper("TransposeDimsShapeChecked")
def transpose_dims_shape_checked(input: Shape, dim0: int, dim1: int) -> AnyShape:
    """Shape with two dims exchanged; the documentation has a form that does not check them."""
    return ask("torch.transpose", input=input, dim0=dim0, dim1=dim1)


@helper("ExpandShape", gather="size")
def expand_shape(input: Shape, size: Sizes) -> AnyShape:
    """Shape in which sizes of 1 are repeated."""
    return ask("Tensor.expand", input=input, size=size)


@helper("TileShape", gather="dims")
def tile_shape(input: Shape, dims: Sizes) -> AnyShape:
    """Shape laid out several times."""
    return ask("torch.tile", input=input, dims=dims)


@helper("CatShape", gather="tensors")
def cat_shape(tensors: Shapes, dim: int = 0) -> AnyShape:
    """Shape of several tensors in a row: ``cat_shape((2, 3), (5, 3), 0) == (7, 3)``."""
    return ask("torch.cat", tensors=tensors, dim=dim)


# -- the same shape, a dim checked ---------------------------------------------------------------------------


@helper("FlipShape", gather="dims")
def flip_shape(input: Shape, dims: Sequence[int]) -> AnyShape:
    """The shape of `input`, whose dims exist."""
    return ask("torch.flip", input=input, dims=dims)


@helper("CumShape")
def cum_shape(input: Shape, dim: int) -> AnyShape:
    """The shape of a cumulative sum or product."""
    return ask("torch.cumsum", input=input, dim=dim)


@helper("SoftmaxShape")
def softmax_shape(input: Shape, dim: int) -> AnyShape:
    """The shape of ``softmax(input, dim)``."""
    return ask("torch.softmax", input=input, dim=dim)


# -- selecting ---------------------------------------------------------------------------------------------------


@helper("GatherShape")
def gather_shape(input: Shape, dim: int, index: Shape) -> AnyShape:
    """The shape of the index, which must fit."""
    return ask("torch.gather", input=input, dim=dim, index=index)


@helper("IndexSelectShape")
def index_select_shape(input: Shape, dim: int, index: Sizes) -> AnyShape:
    """Shape with the size at `dim` replaced by the length of the index, a number or its shape."""
    return ask("torch.index_select", input=input, dim=dim, index=index)


@helper("ScatterShape")
def scatter_shape(input: Shape, dim: int, index: Shape, src: Shape | None = None) -> AnyShape:
    """The shape of `input`, into which `src` is written."""
    source = index if src is None else src
    return ask("torch.scatter", input=input, dim=dim, index=index, src=source)


@helper("SelectShape")
def select_shape(input: Shape, dim: int, index: Size) -> AnyShape:
    """Shape without the dim of which one place is taken."""
    return ask("torch.select", input=input, dim=dim, index=index)


@helper("NarrowShape")
def narrow_shape(input: Shape, dim: int, start: Size, length: Size) -> AnyShape:
    """Shape with the size at `dim` replaced by `length`."""
    return ask("torch.narrow", input=input, dim=dim, start=start, length=length)


@helper("SliceShape", gather="specs")
def slice_shape(input: AnyShape, specs: object) -> AnyShape:
    """Shape of slices, cut to the dims as Python does: one ``(start, end[, step])`` per dim.

    None is a whole dim, a number takes one place.
    """
    from shapetorch.rules.indexing import WHOLE, getitem, parse_index

    assert isinstance(specs, (list, tuple)), "gathered"
    items = tuple(
        WHOLE if spec is None else slice(*spec) if _is_range(spec) else _index_item(spec)
        for spec in specs
    )
    return getitem(input, parse_index(items, _index_element))


@helper("AtShape", gather="index")
def at_shape(input: AnyShape, index: object) -> AnyShape:
    """Shape of ``input.at(*index)``: numbers, ``(start, end[, step])``, None, ``'...'``, shapes."""
    from shapetorch.rules.indexing import at, parse_at

    assert isinstance(index, (list, tuple)), "gathered"
    return at(input, parse_at([_index_item(item) for item in index], _index_element))


@helper("At", gather="index")
def at(input: AnyShape, index: object) -> AnyShape:
    """The same as `at_shape`."""
    assert isinstance(index, (list, tuple)), "gathered"
    return at_shape(input, *index)


def _is_range(spec: object) -> bool:
    return isinstance(spec, (tuple, list)) and not isinstance(spec, ShapeObject)


def _index_item(item: Any) -> Any:
    """An index element; a `Shape` is a tensor of integers of that shape."""
    from shapetorch.rules.indexing import Index, Rest

    if isinstance(item, ShapeObject):
        return Index(item.sizes)
    return Rest() if isinstance(item, str) and item == "..." else item


def _index_element(item: Any) -> Any:
    from shapetorch.rules.indexing import Index, Mask

    if hasattr(item, "shape"):
        is_mask = str(getattr(item, "dtype", "")).endswith("bool")
        return Mask(tuple(item.shape)) if is_mask else Index(tuple(item.shape))
    return Index(())


# -- einops, einsum ----------------------------------------------------------------------------------------------


@helper("RearrangeShape")
def rearrange_shape(input: Shape, pattern: str, **axes: Size) -> AnyShape:
    """Shape of einops' ``rearrange``."""
    return ask("einops.rearrange", tensor=input, pattern=pattern, **axes)


@helper("ValidatedRearrangeShape")
def validated_rearrange_shape(input: Shape, pattern: str, **axes: Size) -> AnyShape:
    """Shape of einops' ``rearrange``; the documentation has a form that does not check."""
    return ask("einops.rearrange", tensor=input, pattern=pattern, **axes)


@helper("ReduceShape")
def reduce_shape(
    input: Shape, pattern: object = None, keepdim: bool = False, **axes: Size
) -> AnyShape:
    """Shape of einops' ``reduce`` for a pattern, or of a reduction over dims."""
    if isinstance(pattern, str):
        return validated_reduce_shape(input, pattern, **axes)
    return ask("torch.sum", input=input, dim=pattern, keepdim=keepdim)


@helper("ValidatedReduceShape")
def validated_reduce_shape(input: Shape, pattern: str, **axes: Size) -> AnyShape:
    """Shape of einops' ``reduce``."""
    return ask("einops.reduce", tensor=input, pattern=pattern, reduction="sum", **axes)


@helper("RepeatShape")
def repeat_shape(input: Shape, pattern: object, **axes: Size) -> AnyShape:
    """Shape of einops' ``repeat`` for a pattern, or of ``input.repeat`` for counts."""
    if isinstance(pattern, str):
        return validated_repeat_shape(input, pattern, **axes)
    return ask("Tensor.repeat", input=input, repeats=pattern)


@helper("ValidatedRepeatShape")
def validated_repeat_shape(input: Shape, pattern: str, **axes: Size) -> AnyShape:
    """Shape of einops' ``repeat``."""
    return ask("einops.repeat", tensor=input, pattern=pattern, **axes)


@helper("PackShape")
def pack_shape(tensors: Shapes, pattern: str) -> Result:
    """Shape of the packed tensor of einops' ``pack``."""
    return ask_several("einops.pack", tensors=tensors, pattern=pattern)[0]


@helper("UnpackShape")
def unpack_shape(input: Shape, packed_shapes: Shapes, pattern: str) -> Result:
    """The shapes that einops' ``unpack`` gives back."""
    return ask_several("einops.unpack", tensor=input, packed_shapes=packed_shapes, pattern=pattern)


@helper("EinsumOutputShape", gather="operands")
def einsum_output_shape(equation: str, operands: Shapes) -> AnyShape:
    """Shape of ``einsum(equation, *operands)``."""
    return ask("torch.einsum", equation=equation, operands=operands)


@helper("ValidatedEinsumShape", gather="operands")
def validated_einsum_shape(equation: str, operands: Shapes) -> AnyShape:
    """Shape of ``einsum(equation, *operands)``; the documentation has a form that does not check."""
    return ask("torch.einsum", equation=equation, operands=operands)


@helper("ValidateEinsum", gather="operands")
def validate_einsum(equation: str, operands: Shapes) -> list[Shape]:
    """The operands, of which the equation must be true."""
    ask("torch.einsum", equation=equation, operands=operands)
    return list(operands)


@helper("ValidateOperandCount", gather="operands")
def validate_operand_count(equation: str, operands: Shapes) -> list[Shape]:
    """The operands, of which there must be as many as terms."""
    return _validate(equation, operands, ErrorKind.einsum_error_operand_count_mismatch)


@helper("ValidateRanks", gather="operands")
def validate_ranks(equation: str, operands: Shapes) -> list[Shape]:
    """The operands, each of which must have as many dims as its term has subscripts."""
    return _validate(
        equation,
        operands,
        ErrorKind.einsum_error_operand_count_mismatch,
        ErrorKind.einsum_error_subscript_rank_mismatch,
    )


def _validate(equation: str, operands: Shapes, *kinds: ErrorKind) -> list[Shape]:
    try:
        ask("torch.einsum", equation=equation, operands=operands)
    except ShapeError as error:
        if error.kind in kinds:
            raise
    return list(operands)


# -- linear algebra ------------------------------------------------------------------------------------------------


@helper("DetShape")
def det_shape(input: Shape) -> AnyShape:
    """Shape of determinants: the batch."""
    return ask("torch.linalg.det", A=input)


@helper("InverseShape")
def inverse_shape(input: Shape) -> AnyShape:
    """Shape of inverse matrices."""
    return ask("torch.linalg.inv", A=input)


@helper("CholeskyShape")
def cholesky_shape(input: Shape) -> AnyShape:
    """Shape of Cholesky factors."""
    return ask("torch.linalg.cholesky", A=input)


@helper("EigShape")
def eig_shape(input: Shape) -> Result:
    """Shapes of eigenvalues and eigenvectors."""
    return ask_several("torch.linalg.eig", A=input)


@helper("LUShape")
def lu_shape(input: Shape) -> Result:
    """Shapes of P, L and U."""
    return ask_several("torch.linalg.lu", A=input)


@helper("SVDShape")
def svd_shape(input: Shape, full_matrices: bool = True) -> Result:
    """Shapes of U, S and Vh."""
    return ask_several("torch.linalg.svd", A=input, full_matrices=full_matrices)


@helper("DiagShape")
def diag_shape(input: Shape, diagonal: Size = 0) -> AnyShape:
    """Shape of the matrix with a vector on its diagonal, or of the diagonal of a matrix."""
    return ask("torch.diag", input=input, diagonal=diagonal)


@helper("TraceShape")
def trace_shape(input: Shape) -> AnyShape:
    """``()``, for a matrix."""
    return ask("torch.trace", input=input)


# -- validators: the shape itself, or the error -----------------------------------------------------------------------


@helper("ValidateScalar")
def validate_scalar(input: Shape) -> Shape:
    """The shape, which must have one element."""
    if equal(product(input), 1) is Truth.NO:
        raise ShapeError(
            ErrorKind.item_error_not_scalar,
            (input,),
            f"item: the tensor must have one element, got {product(input)} from {render_shape(input)}",
        )
    return input


@helper("ValidateSquareMatrix")
def validate_square_matrix(input: Shape) -> Shape:
    """The shape, which must be that of a square matrix."""
    if len(input) != 2:
        raise ShapeError(
            ErrorKind.linalg_error_requires_2d,
            (len(input), input),
            f"square matrix: rank must be 2, got {len(input)} from {render_shape(input)}",
        )
    inverse_shape(input)
    return input


@helper("ValidateBatchedSquareMatrix")
def validate_batched_square_matrix(input: Shape) -> Shape:
    """The shape, whose last two sizes must be equal."""
    inverse_shape(input)
    return input


@helper("ValidateChunkDim")
def validate_chunk_dim(input: Shape, dim: int = 0) -> Shape:
    """The shape, which must have a dim to be cut into chunks."""
    ask("torch.chunk", input=input, chunks=1, dim=dim)
    return input


@helper("ValidateSplitDim")
def validate_split_dim(input: Shape, dim: int = 0) -> Shape:
    """The shape, which must have a dim to be split."""
    ask("torch.split", tensor=input, split_size_or_sections=1, dim=dim)
    return input


@helper("ValidateUnbindDim")
def validate_unbind_dim(input: Shape, dim: int = 0) -> Shape:
    """The shape, which must have a dim to be unbound."""
    ask("torch.unbind", input=input, dim=dim)
    return input


is2_d, is_at_least1_d, matmul2_d_shape = is_2d, is_at_least_1d, matmul_2d_shape
"""The documented spellings."""
