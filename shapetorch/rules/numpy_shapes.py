"""NumPy's operations that are not PyTorch's under another name: shape changes, products, creation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from shapetorch.dim import AnyShape, Shape, Size, check_equal, product, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules import (
    joining,
    permuting,
    products,
    ranges,
    repeating,
    reshaping,
    splitting,
    tensor_products,
)
from shapetorch.rules.axes import axis as axis_of
from shapetorch.rules.broadcasting import broadcast_all
from shapetorch.rules.creation import created
from shapetorch.rules.numpy_names import array_rule
from shapetorch.rules.reductions import positions, reduced
from shapetorch.rules.registry import Dims, Many, Nested, Number, Shapes, Sizes
from shapetorch.rules.signal import diff_shape
from shapetorch.rules.sorting import searchsorted_shape

# -- order ----------------------------------------------------------------------------------------


def _sorted(operation: str, a: Shape, axis: int | None) -> Shape:
    if axis is None:
        return (product(a),)
    axis_of(operation, axis, a, scalar=operation == "argsort")
    return a or (1,)


@array_rule("sort", functions=("sort",), dtype="same")
def sort_shape(a: Shape, axis: int | None = -1, kind: object = None, order: object = None) -> Shape:
    """Shape as before; one dim without an axis."""
    return _sorted("sort", a, axis)


@array_rule("argsort", functions=("argsort",), methods=("argsort",), dtype="int64")
def argsort_shape(
    a: Shape, axis: int | None = -1, kind: object = None, order: object = None
) -> Shape:
    """Shape as before; one dim without an axis."""
    return _sorted("argsort", a, axis)


@array_rule("searchsorted", functions=("searchsorted",), dtype="int64")
def numpy_searchsorted_shape(
    a: Shape, v: Shape | Number, side: object = "left", sorter: object = None
) -> Shape:
    """Shape of the values looked for; the boundaries have one dim."""
    if len(a) > 1:
        raise ShapeError(
            ErrorKind.rank_error_mismatch,
            (1, len(a), a),
            f"searchsorted: boundaries must have rank 1, got {len(a)} from {render_shape(a)}",
        )
    return searchsorted_shape(a, v)


@array_rule("diff", functions=("diff",), dtype="same")
def numpy_diff_shape(
    a: Shape,
    n: int = 1,
    axis: int = -1,
    prepend: Shape | None = None,
    append: Shape | None = None,
) -> Shape:
    """See `diff_shape`."""
    return diff_shape(a, n, axis, prepend, append)


# -- shape changes --------------------------------------------------------------------------------


@array_rule("transpose", functions=("transpose", "permute_dims"), dtype="same")
def transpose_shape(a: Shape, axes: Sequence[int] | None = None) -> Shape:
    """Shape with the dims in the order of `axes`, reversed without them."""
    return a[::-1] if axes is None else permuting.permute_shape(a, axes)


@array_rule("transpose", methods=("transpose",), spread="axes", dtype="same")
def transpose_method_shape(a: Shape, axes: Sequence[int] | None = None) -> Shape:
    """See `transpose_shape`."""
    return transpose_shape(a, axes)


@array_rule("swapaxes", functions=("swapaxes",), methods=("swapaxes",), dtype="same")
def swapaxes_shape(a: Shape, axis1: int, axis2: int) -> Shape:
    """Shape with two dims exchanged."""
    for item in (axis1, axis2):
        axis_of("swapaxes", item, a, scalar=False)
    return permuting.swapaxes_shape(a, axis1, axis2)


@array_rule("moveaxis", functions=("moveaxis",), dtype="same")
def moveaxis_shape(
    a: Shape, source: int | Sequence[int], destination: int | Sequence[int]
) -> Shape:
    """Shape with dims moved."""
    return permuting.movedim_shape(a, source, destination)


@array_rule("reshape", functions=("reshape",), dtype="same")
def reshape_shape(a: Shape, shape: Size | Sizes, order: object = "C") -> Shape:
    """The new shape, with at most one -1."""
    target = shape if isinstance(shape, Sequence) else (shape,)
    return reshaping.reshape_shape(a, target)


@array_rule("reshape", methods=("reshape",), spread="shape", dtype="same")
def reshape_method_shape(a: Shape, shape: Sizes, *, order: object = "C") -> Shape:
    """The new shape, with at most one -1."""
    return reshaping.reshape_shape(a, shape)


@array_rule("ravel", functions=("ravel",), methods=("ravel", "flatten"), dtype="same")
def ravel_shape(a: Shape, order: object = "C") -> Shape:
    """One dim with all elements."""
    return (product(a),)


@array_rule("expand_dims", functions=("expand_dims",), dtype="same")
def expand_dims_shape(a: Shape, axis: int | Sequence[int]) -> Shape:
    """Shape with sizes of 1 inserted at positions of the result."""
    given = (axis,) if isinstance(axis, int) else tuple(axis)
    rank = len(a) + len(given)
    places = positions("expand_dims", (1,) * rank, given, none_is_all=False)
    rest: Iterator[Size] = iter(a)
    return tuple(1 if place in places else next(rest) for place in range(rank))


@array_rule("squeeze", functions=("squeeze",), methods=("squeeze",), dtype="same")
def squeeze_shape(a: Shape, axis: Dims = None) -> AnyShape:
    """Shape without its sizes of 1; an axis named must have size 1."""
    if axis is not None:
        for place in positions("squeeze", a, axis, none_is_all=False):
            size = a[place] if a else 1
            check_equal(size, 1, _not_one(axis, size, a))
        return reduced("squeeze", a, axis, none_is_all=False)
    return reshaping.squeeze_shape(a, axis)


def _not_one(axis: Dims, size: Size, a: Shape) -> Callable[[], ShapeError]:
    return lambda: ShapeError(
        ErrorKind.argument_error_value,
        ("axis", axis),
        f"squeeze: the size of the axis must be 1, got {size} from {render_shape(a)}",
    )


@array_rule("broadcast_to", functions=("broadcast_to",), dtype="same")
def broadcast_to_shape(array: Shape, shape: Size | Sizes) -> Shape:
    """The new shape."""
    target = shape if isinstance(shape, Sequence) else (shape,)
    return reshaping.broadcast_to_shape(array, target)


@array_rule("repeat", functions=("repeat",), methods=("repeat",), dtype="same")
def repeat_shape(a: Shape, repeats: Size, axis: int | None = None) -> Shape:
    """Shape with one size multiplied; one dim without an axis."""
    if axis is None:
        return (product(a) * repeats,)
    place = axis_of("repeat", axis, a, scalar=False)
    return (*a[:place], a[place] * repeats, *a[place + 1 :])


@array_rule("tile", functions=("tile",), dtype="same")
def tile_shape(A: Shape, reps: Size | Sizes) -> Shape:
    """Shape with sizes multiplied, aligned at the last dim."""
    counts = reps if isinstance(reps, Sequence) else (reps,)
    return repeating.tile_shape(A, counts)


@array_rule("flip", functions=("flip",), dtype="same")
def flip_shape(m: Shape, axis: Dims = None) -> Shape:
    """Shape as before."""
    if axis is not None:
        permuting.flip_shape(m, axis)
    return m


@array_rule("roll", functions=("roll",), dtype="same")
def roll_shape(a: Shape, shift: object, axis: Dims = None) -> Shape:
    """Shape as before."""
    for item in (axis,) if isinstance(axis, int) else axis or ():
        axis_of("roll", item, a, scalar=False)
    return a


@array_rule("take", functions=("take",), methods=("take",), dtype="same")
def take_shape(a: Shape, indices: Shape | Number, axis: int | None = None) -> Shape:
    """Shape of the indices, in place of the axis if there is one."""
    chosen: Shape = indices
    if axis is None:
        return chosen
    place = axis_of("take", axis, a, scalar=False)
    return (*a[:place], *chosen, *a[place + 1 :])


# -- joining and splitting ------------------------------------------------------------------------


@array_rule("concatenate", functions=("concatenate", "concat"))
def concatenate_shape(arrays: Shapes | Many, axis: int | None = 0) -> Shape:
    """Shape with the sizes at `axis` added; all elements in one dim without an axis."""
    if axis is None:
        operands = joining.operands_of("concatenate", arrays)
        return (sum((product(shape) * count for shape, count in operands), start=0),)
    return joining.cat_shape(arrays, axis)


@array_rule("stack", functions=("stack",))
def stack_shape(arrays: Shapes | Many, axis: int = 0) -> Shape:
    """Shape with the number of arrays inserted at `axis`."""
    return joining.stack_shape(arrays, axis)


def _register_stacks() -> None:
    for item in ("vstack", "hstack", "dstack", "column_stack"):
        array_rule(item, functions=(item,))(_stacked(getattr(joining, f"{item}_shape")))


def _stacked(torch_rule: Callable[..., Shape]) -> Callable[..., Shape]:
    def shape(tup: Shapes | Many) -> Shape:
        return torch_rule(tup)

    return shape


@array_rule("split", functions=("split", "array_split"), dtype="same")
def split_indices_shape(ary: Shape, indices_or_sections: Sizes, axis: int = 0) -> Any:
    """Shapes of the parts between indices."""
    return splitting.tensor_split_indices_shape(ary, indices_or_sections, axis)


@array_rule("split", functions=("split",), dtype="same")
def split_shape(ary: Shape, indices_or_sections: int, axis: int = 0) -> list[Shape]:
    """Shapes of equal parts."""
    place = axis_of("split", axis, ary, scalar=False)
    count, size = indices_or_sections, ary[place]
    part = size // count
    check_equal(
        part * count,
        size,
        lambda: ShapeError(
            ErrorKind.split_error_sum_mismatch,
            (part * count, size, place),
            f"split: the size must divide into {count} equal parts, got {size} "
            f"from {render_shape(ary)}",
        ),
    )
    return [(*ary[:place], part, *ary[place + 1 :])] * count


@array_rule("array_split", functions=("array_split",), dtype="same")
def array_split_shape(ary: Shape, indices_or_sections: Size, axis: int = 0) -> Any:
    """Shapes of nearly equal parts."""
    return splitting.tensor_split_shape(ary, indices_or_sections, axis)


@array_rule("meshgrid", functions=("meshgrid",), spread="xi", dtype="same")
def meshgrid_shape(xi: Shapes, *, copy: object = True, indexing: str = "xy") -> list[Shape]:
    """The shape of the grid, once for each vector; ``xy`` exchanges the first two dims."""
    grid = tuple(product(vector) for vector in xi)
    if indexing == "xy":
        grid = (*grid[1::-1], *grid[2:])
    return [grid for _ in xi]


# -- products -------------------------------------------------------------------------------------


@array_rule("matmul", functions=("matmul",))
def matmul_shape(x1: Shape, x2: Shape) -> Shape:
    """See `products.matmul_shape`."""
    return products.matmul_shape(x1, x2)


@array_rule("dot", functions=("dot",), methods=("dot",))
def dot_shape(a: Shape | Number, b: Shape | Number) -> Shape:
    """Shape of the sum over the last dim of `a` and the last but one of `b`."""
    left: Shape = a
    right: Shape = b
    if not left or not right:
        return left or right
    inner = right[-2] if len(right) > 1 else right[0]
    _check_inner("dot", left, right, left[-1], inner)
    return (*left[:-1], *right[:-2], *(right[-1:] if len(right) > 1 else ()))


@array_rule("inner", functions=("inner",))
def inner_shape(a: Shape | Number, b: Shape | Number) -> Shape:
    """Shape of the sum over the last dims of both."""
    left: Shape = a
    right: Shape = b
    if not left or not right:
        return left or right
    _check_inner("inner", left, right, left[-1], right[-1])
    return (*left[:-1], *right[:-1])


def _check_inner(operation: str, left: Shape, right: Shape, ours: Size, theirs: Size) -> None:
    check_equal(
        ours,
        theirs,
        lambda: ShapeError(
            ErrorKind.matmul_error_inner_dimensions_do_not_match,
            (ours, theirs, left, right),
            f"{operation}: inner dimensions must be equal, got {ours} and {theirs} "
            f"from {render_shape(left)} and {render_shape(right)}",
        ),
    )


@array_rule("outer", functions=("outer",))
def outer_shape(a: Shape, b: Shape) -> Shape:
    """``(elements of a, elements of b)``."""
    return (product(a), product(b))


@array_rule("kron", functions=("kron",))
def kron_shape(a: Shape, b: Shape) -> Shape:
    """See `tensor_products.kron_shape`."""
    return tensor_products.kron_shape(a, b)


@array_rule("tensordot", functions=("tensordot",))
def tensordot_shape(a: Shape, b: Shape, axes: int | Sequence[Sequence[int]] = 2) -> Shape:
    """See `tensor_products.tensordot_shape`; a size of 1 fits no other here."""
    result: Shape = tensor_products.tensordot_shape(a, b, axes)
    if isinstance(axes, int):
        pairs = list(zip(a[len(a) - axes :], b[:axes], strict=False))
    else:
        pairs = [(a[left], b[right]) for left, right in zip(*axes, strict=False)]
    for ours, theirs in pairs:
        check_equal(ours, theirs, _sums_differ(ours, theirs, a, b))
    return result


def _sums_differ(ours: Size, theirs: Size, a: Shape, b: Shape) -> Callable[[], ShapeError]:
    return lambda: ShapeError(
        ErrorKind.tensordot_error_dimension_mismatch,
        (ours, theirs),
        f"tensordot: summed dims must be equal, got {ours} and {theirs} "
        f"from {render_shape(a)} and {render_shape(b)}",
    )


@array_rule("where", functions=("where",))
def where_shape(condition: Shape | Number, x: Shape | Number, y: Shape | Number) -> Shape:
    """Shape that all three broadcast to."""
    return broadcast_all("where", condition, x, y)


@array_rule("clip", functions=("clip",))
def clip_shape(
    a: Shape, a_min: Shape | Number | None = None, a_max: Shape | Number | None = None
) -> Shape:
    """Shape that array and bounds broadcast to."""
    bounds: list[Shape] = [item for item in (a_min, a_max) if item is not None]
    return broadcast_all("clip", a, *bounds)


# -- creation -------------------------------------------------------------------------------------


def _register_creation() -> None:
    for item in ("zeros", "ones", "empty"):
        array_rule(item, functions=(item,), dtype="float64")(_filled(item))
    for item in ("random.rand", "random.randn"):
        array_rule(item, functions=(item,), spread="size", dtype="float64")(_drawn(item))


def _filled(operation: str) -> Callable[..., Shape]:
    def filled(shape: Size | Sizes, dtype: object = None, order: object = "C") -> Shape:
        return created(operation, shape if isinstance(shape, Sequence) else (shape,))

    return filled


def _drawn(operation: str) -> Callable[..., Shape]:
    def drawn(size: Sizes = ()) -> Shape:
        return created(operation, size)

    return drawn


@array_rule("full", functions=("full",), dtype="value")
def full_shape(shape: Size | Sizes, fill_value: object, dtype: object = None) -> Shape:
    """The sizes themselves."""
    return created("full", shape if isinstance(shape, Sequence) else (shape,))


@array_rule("full_like", functions=("full_like",), dtype="same")
def full_like_shape(a: Shape, fill_value: object, dtype: object = None) -> Shape:
    """Shape as the array's."""
    return a


@array_rule("eye", functions=("eye",), dtype="float64")
def eye_shape(N: Size, M: Size | None = None, k: object = 0, dtype: object = None) -> Shape:
    """``(N, M)``; square without M."""
    return created("eye", (N, N if M is None else M))


@array_rule("identity", functions=("identity",), dtype="float64")
def identity_shape(n: Size, dtype: object = None) -> Shape:
    """``(n, n)``."""
    return created("identity", (n, n))


@array_rule("arange", functions=("arange",), dtype="value")
def arange_stop_shape(stop: Size | float, *, step: Size | float = 1) -> Shape:
    """See `arange_shape`."""
    return arange_shape(0, stop, step)


@array_rule("arange", functions=("arange",), dtype="value")
def arange_shape(
    start: Size | float, stop: Size | float, step: Size | float = 1, dtype: object = None
) -> Shape:
    """One size: how many numbers there are; none if `step` leads away from the end."""
    try:
        return ranges.arange_shape(start, stop, step)
    except ShapeError:
        if step == 0:
            raise
        return (0,)


@array_rule("linspace", functions=("linspace", "logspace", "geomspace"), dtype="float64")
def linspace_shape(
    start: Shape | Number,
    stop: Shape | Number,
    num: Size = 50,
    endpoint: object = True,
    *,
    base: object = 10.0,
) -> Shape:
    """``(num,)``, then what start and end broadcast to."""
    ends = broadcast_all("linspace", start, stop)
    return (*created("linspace", (num,)), *ends)


@array_rule("array", functions=("array", "asarray", "asanyarray"), dtype="value")
def array_shape(object: Nested, dtype: object = None) -> AnyShape:
    """Shape of an array, or of nested lists; arrays in a list are stacked."""
    return ranges.nested_shape("array", object, stacks=True)


_register_stacks()
_register_creation()
