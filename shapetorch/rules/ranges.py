"""Tensors from numbers: ranges, nested lists, scalars."""

from __future__ import annotations

import math

from shapetorch.dim import (
    UNKNOWN,
    UNKNOWN_DIM,
    AnyShape,
    Dim,
    Shape,
    Size,
    Truth,
    at_most,
    ceildiv,
    check_equal,
    is_fixed,
    render_shape,
)
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.creation import created
from shapetorch.rules.registry import Nested, Number, Repeated, rule

Bound = Size | float


def _steps(operation: str, start: Bound, end: Bound, step: Bound) -> Size:
    """How many numbers from `start` to before `end` are `step` apart.

    Raises:
        ShapeError: arange_error_bounds, when the step is 0 or leads away from the end.
    """
    if step == 0 or _away(start, end, step):
        must = "step must not be 0" if step == 0 else "step must lead from start to end"
        raise ShapeError(
            ErrorKind.arange_error_bounds,
            (start, end, step),
            f"{operation}: {must}, got start {start}, end {end} and step {step}",
        )
    if isinstance(start, float) or isinstance(end, float) or isinstance(step, float):
        if isinstance(start, Dim) or isinstance(end, Dim) or isinstance(step, Dim):
            return UNKNOWN_DIM
        return math.ceil((end - start) / step) if _finite(start, end, step) else UNKNOWN_DIM
    span: Size = end - start
    return UNKNOWN_DIM if isinstance(step, Dim) and start != 0 else _count(span, step)


def _finite(*numbers: Bound) -> bool:
    return not any(isinstance(number, float) and not math.isfinite(number) for number in numbers)


def _count(span: Size, step: Size) -> Size:
    if isinstance(span, Dim) and isinstance(step, int) and step < 0:
        return ceildiv(-span, -step)
    return ceildiv(span, step)


def _away(start: Bound, end: Bound, step: Bound) -> bool:
    """Whether `step` certainly leads away from the end."""
    if isinstance(step, Dim):
        return False
    if isinstance(start, float) or isinstance(end, float):
        if isinstance(start, Dim) or isinstance(end, Dim):
            return False
        return (end - start) * step < 0
    return (at_most(start, end) if step > 0 else at_most(end, start)) is Truth.NO


@rule("arange", functions=("arange",), dtype="value")
def arange_end_shape(end: Size | float) -> Shape:
    """``(end,)``."""
    return (_steps("arange", 0, end, 1),)


@rule("arange", functions=("arange",), dtype="value")
def arange_shape(start: Size | float, end: Size | float, step: Size | float = 1) -> Shape:
    """One size: how many numbers there are.

    Args:
        start: The first number.
        end: Where to stop, exclusive.
        step: The distance, not 0.

    Returns:
        ``(ceil((end - start) / step),)``; unknown where a symbolic size meets a float.

    Raises:
        ShapeError: arange_error_bounds.

    Source: PyTorch ``torch.arange``.
    """
    return (_steps("arange", start, end, step),)


@rule("range", functions=("range",), dtype="default")
def range_shape(start: Size | float, end: Size | float, step: Size | float = 1) -> Shape:
    """As `arange_shape`, but the end is included."""
    if isinstance(start, (int, float)) and isinstance(end, (int, float)):
        _steps("range", start, end, step)
        if isinstance(step, (int, float)):
            return (math.floor((end - start) / step) + 1,)
    if isinstance(start, float) or isinstance(end, float) or step != 1:
        return (UNKNOWN_DIM,)
    return (_steps("range", start, end, 1) + 1,)


def _spaced(start: Shape, end: Shape, steps: Size, operation: str) -> Shape:
    for bound in (start, end):
        if bound:
            raise ShapeError(
                ErrorKind.rank_error_mismatch,
                (0, len(bound), bound),
                f"{operation}: start and end must be single numbers, got {render_shape(bound)}",
            )
    return created(operation, (steps,))


@rule("linspace", functions=("linspace",), dtype="default")
def linspace_shape(start: Shape | Number, end: Shape | Number, steps: Size) -> Shape:
    """``(steps,)``."""
    return _spaced(start, end, steps, "linspace")


@rule("logspace", functions=("logspace",), dtype="default")
def logspace_shape(
    start: Shape | Number, end: Shape | Number, steps: Size, base: object = 10.0
) -> Shape:
    """``(steps,)``."""
    return _spaced(start, end, steps, "logspace")


def nested_shape(operation: str, data: Nested, *, stacks: bool = False) -> AnyShape:
    """The shape of nested lists: the lengths down to the first number, which all others must share.

    A tensor inside counts as a number and must have one element, or stands for a row of its shape.
    Nothing is checked if a length is 0. A tensor alone has its own shape. With `stacks`, a tensor inside
    stands for its rows, as in NumPy.

    Raises:
        ShapeError: creation_error_ragged, creation_error_depth.
    """
    if isinstance(data, tuple):
        return data
    shape = _first_path(data, stacks)
    if stacks and _holds_tensors(data):
        return UNKNOWN if shape is None else shape
    if shape is not None and not any(size == 0 for size in shape):
        _check_nested(operation, data, shape, shape)
    return UNKNOWN if shape is None else shape


def _first_path(data: Nested, stacks: bool = False) -> Shape | None:
    """The lengths of the first list, of its first item and so on; None if one is not known."""
    if data is ...:
        return None
    if isinstance(data, tuple):
        return data if stacks else ()
    first = data.item if isinstance(data, Repeated) else data[0] if data else ()
    inner = _first_path(first, stacks)
    return None if inner is None else (_length(data), *inner)


def _holds_tensors(data: Nested) -> bool:
    if isinstance(data, Repeated):
        return _holds_tensors(data.item)
    return any(map(_holds_tensors, data)) if isinstance(data, list) else bool(data != ())


def _length(data: Nested) -> Size:
    return data.length if isinstance(data, Repeated) else len(data)


def _check_nested(operation: str, data: Nested, expected: Shape, shape: Shape) -> None:
    """Raise unless `data`, somewhere inside of `shape`, has the shape `expected`."""
    if data is ...:
        return
    if isinstance(data, tuple) and data:
        _check_tensor_item(operation, data, expected)
        return
    listed = not isinstance(data, tuple)
    if listed != bool(expected):
        raise ShapeError(
            ErrorKind.creation_error_depth,
            (shape,),
            f"{operation}: all items must be nested equally deep, got a "
            f"{'list' if listed else 'number'} where {render_shape(shape)} has the other",
        )
    if listed:
        _check_length(operation, _length(data), expected[0])
        for item in (data.item,) if isinstance(data, Repeated) else data:
            _check_nested(operation, item, expected[1:], shape)


def _check_length(operation: str, length: Size, expected: Size) -> None:
    check_equal(
        length,
        expected,
        lambda: ShapeError(
            ErrorKind.creation_error_ragged,
            ((expected, length),),
            f"{operation}: lists at one depth must be equally long, got {expected} and {length}",
        ),
    )


def _check_tensor_item(operation: str, sizes: AnyShape, expected: Shape) -> None:
    """Raise unless a tensor fits: as a row of numbers, or as one number if it has one element."""
    if not is_fixed(sizes):
        return
    must = expected or (1,) * len(sizes)
    if len(must) != len(sizes):
        raise _unfit_item(operation, sizes, expected)
    for ours, theirs in zip(sizes, must, strict=True):
        check_equal(ours, theirs, lambda: _unfit_item(operation, sizes, expected))


def _unfit_item(operation: str, sizes: Shape, expected: Shape) -> ShapeError:
    fitting = f"have shape {render_shape(expected)}" if expected else "have one element"
    return ShapeError(
        ErrorKind.creation_error_ragged,
        ((expected, sizes),),
        f"{operation}: a tensor among the items must {fitting}, got {render_shape(sizes)}",
        help=None if expected else "join tensors with torch.stack",
    )


@rule("from_numpy", functions=("from_numpy",), dtype="same")
def from_numpy_shape(ndarray: Shape) -> Shape:
    """Shape as the array's."""
    return ndarray


@rule("tensor", functions=("tensor", "as_tensor", "asarray"), dtype="value")
def tensor_shape(data: Nested) -> AnyShape:
    """Shape of nested lists: the length at each depth.

    Args:
        data: A number, a tensor, or nested lists of numbers or of tensors with one element.

    Raises:
        ShapeError: creation_error_ragged.

    Source: PyTorch ``torch.tensor``.
    """
    return nested_shape("tensor", data)


@rule("scalar_tensor", functions=("scalar_tensor",), dtype="default")
def scalar_tensor_shape(s: object) -> Shape:
    """No dims."""
    return ()


@rule("new_tensor", methods=("new_tensor",), dtype="same")
def new_tensor_shape(input: Shape, data: Nested) -> AnyShape:
    """See `tensor_shape`."""
    return nested_shape("new_tensor", data)


TYPED = {
    "float32": ("Tensor", "FloatTensor"),
    "float64": ("DoubleTensor",),
    "float16": ("HalfTensor",),
    "bfloat16": ("BFloat16Tensor",),
    "int64": ("LongTensor",),
    "int32": ("IntTensor",),
    "int16": ("ShortTensor",),
    "int8": ("CharTensor",),
    "uint8": ("ByteTensor",),
    "bool": ("BoolTensor",),
}

for _dtype, _names in TYPED.items():

    @rule("Tensor", functions=_names, dtype=_dtype)
    def typed_sizes_shape(
        size0: Size,
        size1: Size,
        size2: Size | None = None,
        size3: Size | None = None,
        size4: Size | None = None,
        size5: Size | None = None,
    ) -> Shape:
        """The sizes given as separate arguments."""
        given = (size0, size1, size2, size3, size4, size5)
        return created("Tensor", [size for size in given if size is not None])

    @rule("Tensor", functions=_names, dtype=_dtype)
    def typed_data_shape(data: Size | Nested) -> AnyShape:
        """An integer is the only size; for data see `tensor_shape`."""
        if isinstance(data, (int, Dim)):
            return created("Tensor", [data])
        return nested_shape("Tensor", data)

    @rule("Tensor", functions=_names, dtype=_dtype)
    def typed_nothing_shape() -> Shape:
        """An empty vector."""
        return (0,)
