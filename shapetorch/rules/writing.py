"""Writing into a part of a tensor: index_add, index_copy, index_put, the ``*_scatter`` family.

Each gives the shape of the tensor written to; what can be wrong is the shape of what is written.
"""

from __future__ import annotations

from shapetorch.dim import Shape, Size, check_equal, product, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.axes import axis
from shapetorch.rules.broadcasting import broadcast_all, broadcast_size
from shapetorch.rules.indexing import Range, getitem_shape, range_size
from shapetorch.rules.registry import Elements, Number, rule
from shapetorch.rules.selecting import REDUCTIONS, check_reduce, check_selected, vector_length
from shapetorch.rules.windows import diagonal_shape


def _source_error(operation: str, source: Shape, expected: Shape) -> ShapeError:
    return ShapeError(
        ErrorKind.source_error_shape_mismatch,
        (source, expected),
        f"{operation}: the source must have the shape of the part it is written to, "
        f"got {render_shape(source)} for {render_shape(expected)}",
    )


def _check_source(operation: str, source: Shape, expected: Shape) -> None:
    if len(source) != len(expected):
        raise _source_error(operation, source, expected)
    for own, wanted in zip(source, expected, strict=True):
        check_equal(own, wanted, lambda: _source_error(operation, source, expected))


def _check_slices(
    operation: str, shape: Shape, dim: int, index: Shape, source: Shape, count: ErrorKind
) -> Shape:
    """`shape`, whose slices at `dim` named by `index` are those of `source`."""
    place = axis(operation, dim, shape)
    length = vector_length(operation, index, shape)
    if not source:  # PyTorch looks for the dim of the source then
        count = ErrorKind.index_error_shape_mismatch
    elif len(source) != len(shape) and count is ErrorKind.source_error_shape_mismatch:
        raise _source_error(operation, source, shape)
    slices: Size = source[place] if place < len(source) else 1
    expected = (*shape[:place], slices, *shape[place + 1 :]) if shape else shape
    if operation == "index_copy":
        _check_source(operation, source, expected)
    check_equal(
        length,
        slices,
        lambda: ShapeError(
            count,
            (index, source),
            f"{operation}: there must be one index for each slice of the source, "
            f"got {length} and {slices} from {render_shape(index)} and {render_shape(source)}",
        ),
    )
    _check_source(operation, source, expected)
    return shape


@rule("index_add", functions=("index_add",), methods=("index_add",), dtype="same", inplace=True)
def index_add_shape(
    input: Shape, dim: int, index: Shape, source: Shape, *, alpha: object = 1
) -> Shape:
    """The shape of `input`, to whose slices at `dim` those of `source` are added.

    Args:
        input: Any shape.
        dim: Along which dim.
        index: Which slice of `input` each slice of `source` goes to: ``(n,)``.
        source: `input` with ``n`` at `dim`.
        alpha: Not looked at.

    Returns:
        `input`.

    Raises:
        ShapeError: dimension_error_out_of_range, index_error_shape_mismatch,
            source_error_shape_mismatch.

    Source: PyTorch ``torch.Tensor.index_add``.
    """
    kind = ErrorKind.source_error_shape_mismatch
    return _check_slices("index_add", input, dim, index, source, kind)


@rule(
    "index_reduce",
    functions=("index_reduce",),
    methods=("index_reduce",),
    dtype="same",
    inplace=True,
)
def index_reduce_shape(
    input: Shape, dim: int, index: Shape, source: Shape, reduce: str, *, include_self: object = True
) -> Shape:
    """The shape of `input`, with whose slices those of `source` are reduced; see `index_add_shape`.

    Raises:
        ShapeError: dimension_error_out_of_range, index_error_shape_mismatch,
            source_error_shape_mismatch, argument_error_value.
    """
    check_reduce("index_reduce", reduce, REDUCTIONS[1:])
    kind = ErrorKind.source_error_shape_mismatch
    return _check_slices("index_reduce", input, dim, index, source, kind)


@rule("index_copy", functions=("index_copy",), methods=("index_copy",), dtype="same", inplace=True)
def index_copy_shape(input: Shape, dim: int, index: Shape, source: Shape) -> Shape:
    """The shape of `input`, whose slices are replaced by those of `source`; see `index_add_shape`.

    Raises:
        ShapeError: dimension_error_out_of_range, index_error_shape_mismatch,
            source_error_shape_mismatch.
    """
    if input and source and len(input) != len(source):
        raise ShapeError(
            ErrorKind.index_error_shape_mismatch,
            (source, input),
            f"index_copy: the source must have as many dimensions as the tensor, "
            f"got {render_shape(source)} for {render_shape(input)}",
        )
    kind = ErrorKind.index_error_shape_mismatch
    if not input or not source:
        axis("index_copy", dim, input)
        length = vector_length("index_copy", index, input)
        one = product(source)
        check_equal(
            one, length, lambda: ShapeError(kind, (index, source), _count_text(index, source))
        )
        if len(input) > 1:
            raise _source_error("index_copy", source, input)
        return input
    return _check_slices("index_copy", input, dim, index, source, kind)


def _count_text(index: Shape, source: Shape) -> str:
    return (
        "index_copy: there must be one index for each slice of the source, "
        f"got {render_shape(index)} and {render_shape(source)}"
    )


@rule("index_fill", functions=("index_fill",), methods=("index_fill",), dtype="same", inplace=True)
def index_fill_shape(input: Shape, dim: int, index: Shape, value: Shape | Number) -> Shape:
    """The shape of `input`, whose slices at `dim` named by `index` are set to one number.

    Raises:
        ShapeError: dimension_error_out_of_range, rank_error_mismatch.
    """
    assert isinstance(value, tuple), "a number arrives as the shape of a 0-D tensor"
    _check_rank("index_fill", "value", value, 0)
    axis("index_fill", dim, input)
    _check_rank("index_fill", "index", index, 1)
    return input


def _check_rank(operation: str, argument: str, shape: Shape, most: int) -> None:
    if len(shape) > most:
        raise ShapeError(
            ErrorKind.rank_error_mismatch,
            (most, len(shape), shape),
            f"{operation}: the {argument} must have at most {most} dimensions, "
            f"got {render_shape(shape)}",
        )


@rule("index_put", functions=("index_put",), methods=("index_put",), dtype="same", inplace=True)
def index_put_shape(
    input: Shape, indices: Elements, values: Shape, accumulate: object = False
) -> Shape:
    """The shape of `input`, into which `values` are written where the index tensors say.

    Args:
        input: Any shape.
        indices: Index tensors and masks, as in ``input[indices]``.
        values: Must broadcast to the selected shape.
        accumulate: Not looked at.

    Returns:
        `input`.

    Raises:
        ShapeError: expand_error_incompatible, and those of `getitem_shape`.

    Source: PyTorch ``torch.Tensor.index_put_``.
    """
    target = getitem_shape(input, indices)

    def error(*_: Size) -> ShapeError:
        return ShapeError(
            ErrorKind.expand_error_incompatible,
            (values, target),
            f"index_put: the values must broadcast to the selected shape, "
            f"got {render_shape(values)} for {render_shape(target)}",
        )

    if len(values) > len(target):
        raise error()
    for own, wanted in zip(reversed(values), reversed(target), strict=False):
        if wanted == 1:
            check_equal(own, 1, error)
        broadcast_size(own, wanted, error)
    return input


@rule("put", methods=("put",), functions=("put",), dtype="same", inplace=True)
def put_shape(input: Shape, index: Shape, source: Shape, accumulate: object = False) -> Shape:
    """The shape of `input`, into whose flattened elements those of `source` are written.

    Raises:
        ShapeError: index_error_shape_mismatch.
    """
    check_equal(
        product(index),
        product(source),
        lambda: ShapeError(
            ErrorKind.index_error_shape_mismatch,
            (index, source),
            f"put: index and source must have as many elements, "
            f"got {render_shape(index)} and {render_shape(source)}",
        ),
    )
    return input


@rule(
    "masked_scatter",
    functions=("masked_scatter",),
    methods=("masked_scatter",),
    dtype="same",
    inplace=True,
)
def masked_scatter_shape(input: Shape, mask: Shape, source: Shape) -> Shape:
    """Shape of `input` and `mask` broadcast together; how much of `source` is used only values tell.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
    """
    return broadcast_all("masked_scatter", input, mask)


@rule("select_scatter", functions=("select_scatter",), methods=("select_scatter",), dtype="same")
def select_scatter_shape(input: Shape, src: Shape, dim: int, index: Size) -> Shape:
    """The shape of `input`, one slice of which is replaced by `src`.

    Raises:
        ShapeError: dimension_error_out_of_range, select_error_index_out_of_bounds,
            source_error_shape_mismatch.
    """
    place = axis("select_scatter", dim, input, scalar=False)
    check_selected("select_scatter", input, place, index)
    _check_source("select_scatter", src, input[:place] + input[place + 1 :])
    return input


@rule("slice_scatter", functions=("slice_scatter",), methods=("slice_scatter",), dtype="same")
def slice_scatter_shape(
    input: Shape,
    src: Shape,
    dim: int = 0,
    start: Size | None = None,
    end: Size | None = None,
    step: Size = 1,
) -> Shape:
    """The shape of `input`, a range of whose slices is replaced by `src`.

    Raises:
        ShapeError: dimension_error_out_of_range, source_error_shape_mismatch, argument_error_value.
    """
    place = axis("slice_scatter", dim, input, scalar=False)
    if isinstance(step, int) and step <= 0:
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("step", step),
            f"slice_scatter: the step must be greater than 0, got {step}",
        )
    size = range_size(input[place], Range(start, end, step))
    _check_source("slice_scatter", src, (*input[:place], size, *input[place + 1 :]))
    return input


@rule(
    "diagonal_scatter", functions=("diagonal_scatter",), methods=("diagonal_scatter",), dtype="same"
)
def diagonal_scatter_shape(
    input: Shape, src: Shape, offset: int = 0, dim1: int = 0, dim2: int = 1
) -> Shape:
    """The shape of `input`, a diagonal of which is replaced by `src`.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate,
            source_error_shape_mismatch.
    """
    _check_source("diagonal_scatter", src, diagonal_shape(input, offset, dim1, dim2))
    return input
