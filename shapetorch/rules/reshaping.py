"""The same elements under other sizes: view, reshape, flatten, unflatten, squeeze, unsqueeze.

Whether the elements fit is one comparison of products. A target with one open size (-1, or a size
of which nothing is known) has it inferred from the rest; that the division is exact is then
taken for granted where the sizes are symbolic, and checked where they are numbers.
Strides are not modelled: `view` accepts whatever `reshape` accepts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shapetorch.dim import (
    UNKNOWN,
    UNKNOWN_DIM,
    AnyShape,
    Shape,
    Size,
    check_equal,
    current_facts,
    names,
    product,
    render_shape,
)
from shapetorch.dim.equations import as_fraction
from shapetorch.dim.expr import FloorDiv
from shapetorch.dim.walk import atoms
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.axes import axes, axis
from shapetorch.rules.broadcasting import broadcast_all
from shapetorch.rules.registry import Dims, Shapes, Sizes, rule


def quotient(number: Size, divisor: Size) -> Size:
    """``number // divisor``, simplified on the assumption that the division is exact."""
    plain = number // divisor
    if isinstance(plain, int) or plain * divisor == number or not has_division(plain):
        return plain
    (up, down), (over, under) = as_fraction(number), as_fraction(divisor)
    exact = (up * under) // (down * over)
    return plain if has_division(exact) else exact


def has_division(size: Size) -> bool:
    """Whether a floor division is left in a size."""
    return any(isinstance(atom, FloorDiv) for atom in atoms(size))


def fill(operation: str, numel: Size, target: Sizes, error: Callable[[], ShapeError]) -> Shape:
    """`target` with its one open size inferred, so that it holds `numel` elements.

    Args:
        operation: The name for messages.
        numel: How many elements there are.
        target: The sizes asked for; at most one may be -1.
        error: Makes what to raise when the elements do not fit.

    Raises:
        ShapeError: `error`, reshape_error_invalid_size.
    """
    sizes = tuple(target)
    inferred = [place for place, size in enumerate(sizes) if size == -1]
    unknown = [place for place, size in enumerate(sizes) if size is UNKNOWN_DIM]
    if len(inferred) > 1 or any(isinstance(size, int) and size < -1 for size in sizes):
        must = "at most one size may be -1" if len(inferred) > 1 else "sizes must not be negative"
        raise ShapeError(
            ErrorKind.reshape_error_invalid_size,
            (sizes,),
            f"{operation}: {must}, got {render_shape(sizes)}",
        )
    holes = inferred + unknown
    if not holes:
        check_equal(numel, product(sizes), error)
        return sizes
    rest = product(size for place, size in enumerate(sizes) if place not in holes)
    if inferred and rest == 0:
        if unknown or numel is UNKNOWN_DIM:
            return tuple(UNKNOWN_DIM if place in holes else s for place, s in enumerate(sizes))
        if numel != 0:
            raise error()
        raise ShapeError(
            ErrorKind.reshape_error_invalid_size,
            (sizes,),
            f"{operation}: the size at -1 must follow from the others, got 0 elements "
            f"for {render_shape(sizes)}",
        )
    missing: Size = UNKNOWN_DIM
    if len(holes) == 1 and rest != 0:
        missing = quotient(numel, rest)
        check_equal(numel, rest * missing, error)
    return tuple(missing if place in holes else size for place, size in enumerate(sizes))


def _does_not_fit(operation: str, shape: Shape, target: Sizes) -> ShapeError:
    return ShapeError(
        ErrorKind.reshape_error_element_count,
        (shape, tuple(target)),
        f"{operation}: the number of elements must stay the same, got {product(shape)} "
        f"from {render_shape(shape)} for {render_shape(target)}",
    )


def reshaped(operation: str, shape: Shape, target: Sizes) -> Shape:
    """`target` as a shape of the elements of `shape`."""
    return fill(operation, product(shape), target, lambda: _does_not_fit(operation, shape, target))


@rule("reshape", functions=("reshape",), methods=("reshape",), spread="shape", dtype="same")
def reshape_shape(input: Shape, shape: Sizes) -> Shape:
    """Shape of the same elements in the sizes asked for.

    Args:
        input: Any shape.
        shape: The new sizes; one of them may be -1 and is then inferred.

    Returns:
        ``shape``, with -1 replaced by ``numel(input) // product of the others``.

    Raises:
        ShapeError: reshape_error_element_count, reshape_error_invalid_size.

    Source: PyTorch ``torch.reshape``.
    """
    return reshaped("reshape", input, shape)


@rule("view", methods=("view",), spread="size", dtype="same")
def view_shape(input: Shape, size: Sizes) -> Shape:
    """Shape of a view with the sizes asked for; see `reshape_shape`.

    Raises:
        ShapeError: reshape_error_element_count, reshape_error_invalid_size.
    """
    return reshaped("view", input, size)


@rule("view", methods=("view",), dtype="unknown")
def view_dtype_shape(input: Shape, dtype: object) -> Shape:
    """Shape of the same bytes read as another dtype: the last size may change."""
    return (*input[:-1], UNKNOWN_DIM) if input else ()


@rule("view_as", methods=("view_as", "reshape_as"), dtype="same")
def view_as_shape(input: Shape, other: Shape) -> Shape:
    """Shape of `other`, which must hold as many elements.

    Raises:
        ShapeError: reshape_error_element_count.
    """
    check_equal(product(input), product(other), lambda: _does_not_fit("view_as", input, other))
    return other


@rule("ravel", functions=("ravel",), methods=("ravel",), dtype="same")
def ravel_shape(input: Shape) -> Shape:
    """``(numel,)``."""
    return (product(input),)


@rule("flatten", functions=("flatten",), methods=("flatten",), dtype="same")
def flatten_shape(input: Shape, start_dim: int = 0, end_dim: int = -1) -> Shape:
    """Shape with the dims from `start_dim` to `end_dim`, both included, merged into one.

    Args:
        input: Any shape; a 0-D tensor gives ``(1,)``.
        start_dim: The first dim to merge.
        end_dim: The last.

    Returns:
        ``(*before, product of the merged sizes, *after)``.

    Raises:
        ShapeError: dimension_error_out_of_range, flatten_error_dim_order.

    Source: PyTorch ``torch.flatten``.
    """
    start, end = axis("flatten", start_dim, input), axis("flatten", end_dim, input)
    if start > end:
        raise ShapeError(
            ErrorKind.flatten_error_dim_order,
            (start_dim, end_dim),
            f"flatten: start_dim must not come after end_dim, got {start_dim} and {end_dim} "
            f"for {render_shape(input)}",
        )
    return (*input[:start], product(input[start : end + 1]), *input[end + 1 :])


@rule("unflatten", functions=("unflatten",), methods=("unflatten",), dtype="same")
def unflatten_shape(input: Shape, dim: int, sizes: Sizes) -> Shape:
    """Shape with one dim split into several.

    Args:
        input: Any shape of at least one dim.
        dim: The dim to split.
        sizes: Its parts; one of them may be -1.

    Returns:
        ``(*before, *sizes, *after)``.

    Raises:
        ShapeError: dimension_error_out_of_range, unflatten_error_sizes, reshape_error_invalid_size.

    Source: PyTorch ``torch.unflatten``.
    """
    place = axis("unflatten", dim, input)
    if not sizes or not input:
        raise _bad_parts(input, dim, 1, sizes)
    parts = fill(
        "unflatten", input[place], sizes, lambda: _bad_parts(input, dim, input[place], sizes)
    )
    return (*input[:place], *parts, *input[place + 1 :])


def _bad_parts(shape: Shape, dim: int, size: Size, sizes: Sizes) -> ShapeError:
    return ShapeError(
        ErrorKind.unflatten_error_sizes,
        (size, tuple(sizes)),
        f"unflatten: the product of the sizes must be the size of dim {dim}, "
        f"got {render_shape(sizes)} and {size} from {render_shape(shape)}",
    )


def may_be_one(size: Size) -> bool:
    """Whether a size that is not the number 1 may well turn out to be 1.

    The name of an annotation is not expected to, a plain integer of the program is.
    """
    if isinstance(size, int):
        return False
    if size is UNKNOWN_DIM:
        return True
    facts = current_facts()
    size = facts.normalize(size)
    low, _ = facts.bounds(size)
    if low is not None and low > 1:
        return False
    return any(atom.soft or atom.name in facts.parameters for atom in names(size))


@rule("squeeze", functions=("squeeze",), methods=("squeeze", "squeeze_"), dtype="same")
def squeeze_shape(input: Shape, dim: Dims = None) -> AnyShape:
    """Shape without its sizes of 1: all of them, or those at `dim`.

    Args:
        input: Any shape.
        dim: One dim or several; a size there that is not 1 stays.

    Returns:
        The shape; unknown where a size that may be 1 decides about the rank.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate.

    Source: PyTorch ``torch.squeeze``.
    """
    if dim is None:
        places: tuple[int, ...] = tuple(range(len(input)))
    elif isinstance(dim, int):
        places = (axis("squeeze", dim, input),)
    else:
        places = axes("squeeze", dim, input)
    if any(may_be_one(input[place]) for place in places if place < len(input)):
        return UNKNOWN
    return tuple(size for place, size in enumerate(input) if place not in places or size != 1)


@rule("unsqueeze", functions=("unsqueeze",), methods=("unsqueeze", "unsqueeze_"), dtype="same")
def unsqueeze_shape(input: Shape, dim: int) -> Shape:
    """Shape with a size of 1 inserted at `dim`, in ``-(rank+1)..rank``.

    Raises:
        ShapeError: dimension_error_out_of_range.
    """
    place = axis("unsqueeze", dim, input, extra=1)
    return (*input[:place], 1, *input[place:])


def expanded(operation: str, shape: Shape, target: Sizes) -> Shape:
    """`shape` expanded to `target`; -1 in a target keeps a size."""

    def error() -> ShapeError:
        return ShapeError(
            ErrorKind.expand_error_incompatible,
            (shape, tuple(target)),
            f"{operation}: sizes must be equal or expand from 1, got {render_shape(shape)} "
            f"for {render_shape(target)}",
        )

    lead = len(target) - len(shape)
    if lead < 0 or any(isinstance(size, int) and size < -1 for size in target):
        raise error()
    if any(size == -1 for size in tuple(target)[:lead]):
        raise error()
    result = list(target)
    for place, size in enumerate(shape, start=lead):
        wanted = target[place]
        if wanted == -1:
            result[place] = size
        elif size != 1:
            check_equal(size, wanted, error)
            result[place] = size if wanted is UNKNOWN_DIM and not may_be_one(size) else wanted
    return tuple(result)


@rule("expand", methods=("expand",), spread="size", dtype="same")
def expand_shape(input: Shape, size: Sizes, *, implicit: object = False) -> Shape:
    """Shape of a view in which sizes of 1 are repeated.

    Args:
        input: Any shape.
        size: The sizes wanted, aligned at the last dim; -1 keeps a size.
        implicit: Not looked at.

    Returns:
        ``size``, with -1 replaced.

    Raises:
        ShapeError: expand_error_incompatible.

    Source: PyTorch ``torch.Tensor.expand``.
    """
    return expanded("expand", input, size)


@rule(
    "broadcast_to",
    functions=("broadcast_to",),
    methods=("broadcast_to",),
    spread="size",
    dtype="same",
)
def broadcast_to_shape(input: Shape, size: Sizes) -> Shape:
    """Shape `size`, to which `input` must broadcast; see `expand_shape`.

    Raises:
        ShapeError: expand_error_incompatible.
    """
    return expanded("broadcast_to", input, size)


@rule("expand_as", methods=("expand_as",), dtype="same")
def expand_as_shape(input: Shape, other: Shape) -> Shape:
    """Shape of `other`, to which `input` must expand.

    Raises:
        ShapeError: expand_error_incompatible.
    """
    return expanded("expand_as", input, other)


@rule("broadcast_tensors", functions=("broadcast_tensors",), spread="tensors", dtype="same")
def broadcast_tensors_shape(tensors: Shapes) -> list[Shape]:
    """The common shape of all tensors, once for each.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
    """
    common = broadcast_all("broadcast_tensors", *tensors)
    return [common] * len(tensors)


@rule("broadcast_shapes", functions=("broadcast_shapes",), spread="shapes", dtype="shape")
def broadcast_shapes_shape(shapes: Sequence[Sizes]) -> Shape:
    """The sizes that all tuples of sizes broadcast to; the result is a tuple, not a tensor.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
    """
    return broadcast_all("broadcast_shapes", *(tuple(shape) for shape in shapes))
