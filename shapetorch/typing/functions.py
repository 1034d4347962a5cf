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
    is_fixed,
)
from shapetorch.errors import ShapeError
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


is2_d, is_at_least1_d, matmul2_d_shape = is_2d, is_at_least_1d, matmul_2d_shape
"""The documented spellings."""
