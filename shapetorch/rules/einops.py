"""The operations of einops: dims are named by a pattern, split, merged, moved, reduced and repeated.

A dim of size T that a pattern splits, one part of which has the known size h, has the other part T//h;
that h divides T is written down as a condition if the sizes leave it open.
"""

from __future__ import annotations

from collections.abc import Mapping

from shapetorch.dim import (
    UNKNOWN,
    AnyShape,
    Shape,
    Size,
    check_equal,
    check_written,
    product,
    render_shape,
)
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.einops_patterns import (
    DOTS,
    Side,
    invalid,
    is_anonymous,
    is_axis_name,
    length_of,
    read_pattern,
)
from shapetorch.rules.einsum import contract
from shapetorch.rules.registry import IfKnown, Shapes, Sublists, layer, rule

Lengths = Mapping[str, Size]


@rule("rearrange", functions=("rearrange", "einops.rearrange"), module="shapetorch", dtype="same")
@rule("rearrange", functions=("rearrange",), module="einops", dtype="same")
def rearrange_shape(tensor: Shape | Shapes, pattern: str, **axes_lengths: Size) -> Shape:
    """Shape of a tensor whose dims are split, moved and merged.

    Args:
        tensor: Any shape that the left side describes; a list of tensors is stacked first.
        pattern: ``"b (h w) c -> b c h w"``: a name for each dim, parentheses around names that are
            multiplied, ``...`` for any number of dims, ``1`` for a size of 1.
        axes_lengths: Sizes of named axes; of each group on the left, all but one must be known.

    Returns:
        For each group of the right side the product of its axes.

    Raises:
        ShapeError: einops_error_invalid_pattern, einops_error_undefined_axis,
            einops_error_anonymous_in_output, einops_error_ambiguous_decomposition,
            einops_error_dimension_mismatch.

    Source: einops ``rearrange``.
    """
    left, right = read_pattern("rearrange", pattern)
    if any(map(is_anonymous, right.axes)):
        raise _anonymous("rearrange", pattern)
    if any(map(is_anonymous, left.axes)):
        invalid("rearrange", pattern, "an axis without a name must have size 1")
    _require_axes("rearrange", right, left, pattern, ErrorKind.einops_error_undefined_axis)
    _require_axes("rearrange", left, right, pattern, ErrorKind.einops_error_undefined_axis)
    return _transform(
        "rearrange", _stacked("rearrange", tensor), left, right, axes_lengths, pattern
    )


REDUCTIONS = ("min", "max", "sum", "mean", "prod", "any", "all")


@rule("reduce", functions=("reduce", "einops.reduce"), module="shapetorch", dtype="float")
@rule("reduce", functions=("reduce",), module="einops", dtype="float")
def reduce_shape(
    tensor: Shape | Shapes, pattern: str, reduction: IfKnown, **axes_lengths: Size
) -> Shape:
    """Shape of a tensor reduced over the axes that the right side leaves out.

    Args:
        tensor: Any shape that the left side describes; a list of tensors is stacked first.
        pattern: See `rearrange_shape`; numbers on the left are sizes that must be so.
        reduction: How to reduce: a name of `REDUCTIONS`, or a function.
        axes_lengths: Sizes of named axes.

    Raises:
        ShapeError: argument_error_value, einops_error_reduce_undefined_output, and those of `rearrange_shape`.

    Source: einops ``reduce``.
    """
    if isinstance(reduction, str) and reduction not in REDUCTIONS:
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("reduction", reduction),
            f"reduce: reduction must be one of {', '.join(REDUCTIONS)}, got {reduction!r}",
        )
    left, right = read_pattern("reduce", pattern)
    if any(map(is_anonymous, right.axes)):
        raise _anonymous("reduce", pattern)
    _require_axes("reduce", right, left, pattern, ErrorKind.einops_error_reduce_undefined_output)
    return _transform("reduce", _stacked("reduce", tensor), left, right, axes_lengths, pattern)


@rule("einops.repeat", functions=("repeat", "einops.repeat"), module="shapetorch", dtype="same")
@rule("einops.repeat", functions=("repeat",), module="einops", dtype="same")
def repeat_shape(tensor: Shape | Shapes, pattern: str, **axes_lengths: Size) -> Shape:
    """Shape of a tensor repeated along the axes that only the right side has.

    Args:
        tensor: Any shape that the left side describes; a list of tensors is stacked first.
        pattern: See `rearrange_shape`; a number on the right repeats so many times.
        axes_lengths: Sizes of named axes, of all the new ones too.

    Raises:
        ShapeError: einops_error_repeat_missing_size, and those of `rearrange_shape`.

    Source: einops ``repeat``.
    """
    left, right = read_pattern("repeat", pattern)
    if any(map(is_anonymous, left.axes)):
        invalid("repeat", pattern, "an axis without a name on the left must have size 1")
    _require_axes("repeat", left, right, pattern, ErrorKind.einops_error_undefined_axis)
    for axis in right.named:
        if axis not in left.axes and axis not in axes_lengths:
            raise ShapeError(
                ErrorKind.einops_error_repeat_missing_size,
                (axis, pattern),
                f"repeat: the size of each new axis must be given, got none for {axis} "
                f"in {pattern!r}",
            )
    return _transform("repeat", _stacked("repeat", tensor), left, right, axes_lengths, pattern)


# -- the computation ------------------------------------------------------------------------------------


def _stacked(operation: str, tensor: Shape | Shapes) -> Shape:
    """The shape of one tensor, or of several of one shape stacked along a new first dim."""
    if isinstance(tensor, tuple):
        return tensor
    first = tensor[0]
    for other in tensor[1:]:

        def error(other: Shape = other) -> ShapeError:
            return ShapeError(
                ErrorKind.stack_error_shape_mismatch,
                (first, other),
                f"{operation}: all tensors of the list must have one shape, "
                f"got {render_shape(first)} and {render_shape(other)}",
            )

        if len(first) != len(other):
            raise error()
        for own, size in zip(first, other, strict=True):
            check_equal(own, size, error)
    return (len(tensor), *first)


def _transform(
    operation: str, shape: Shape, left: Side, right: Side, lengths: Lengths, pattern: str
) -> Shape:
    _require_used(operation, left, right, lengths, pattern)
    known: dict[str, Size] = dict(lengths)
    known.update(
        (axis, length_of(axis)) for axis in (*left.axes, *right.axes) if is_anonymous(axis)
    )
    dots = match_axes(operation, shape, left, known, pattern)
    result: list[Size] = []
    for group in right.groups:
        if isinstance(group, str):
            result += dots
        else:
            result.append(product(product(dots) if axis == DOTS else known[axis] for axis in group))
    return tuple(result)


def match_axes(
    operation: str, shape: Shape, left: Side, known: dict[str, Size], pattern: str
) -> Shape:
    """Fill `known` with the sizes of all axes of the left side; the result is what ``...`` covers."""
    has_dots = DOTS in left.groups
    covered = len(shape) - len(left.groups) + has_dots
    if covered < 0 or (covered and not has_dots):
        least = "at least " if has_dots else ""
        invalid(
            operation,
            pattern,
            f"the left side must describe the {len(shape)} dims of {render_shape(shape)} "
            f"and describes {least}{len(left.groups) - has_dots}",
        )
    for group in left.groups:
        unknown = [axis for axis in group if axis not in known and not isinstance(group, str)]
        if len(unknown) > 1:
            raise _ambiguous(operation, group, unknown, pattern)
    place = 0
    dots: Shape = ()
    for group in left.groups:
        if isinstance(group, str):
            dots = shape[place : place + covered]
            place += covered
        else:
            _split(operation, group, shape[place], known, pattern, shape)
            place += 1
    return dots


def _split(
    operation: str,
    group: tuple[str, ...],
    size: Size,
    known: dict[str, Size],
    pattern: str,
    shape: Shape,
) -> None:
    """Find the one axis of a group that is not known, or check that the group has this size."""
    unknown = [axis for axis in group if axis not in known]
    factor = product(known[axis] for axis in group if axis in known)
    text = " ".join(axis.partition("@")[0] for axis in group)

    def error() -> ShapeError:
        must = "be divisible by" if unknown else "be"
        axes = text if len(group) == 1 else f"({text})" if group else "an axis written as 1"
        return ShapeError(
            ErrorKind.einops_error_dimension_mismatch,
            (text or "1", factor, size),
            f"{operation}: the size of {axes} must {must} {factor}, "
            f"got {size} from {render_shape(shape)} in {pattern!r}",
        )

    if not unknown:
        stretched = operation == "repeat" and not group  # what is repeated is one, its author says
        check = check_written if stretched else check_equal
        check(factor, size, error)
        return
    if factor == 0:
        raise error()
    rest = size // factor
    check_equal(rest * factor, size, error)
    known[unknown[0]] = rest


# -- the checks of a pattern -------------------------------------------------------------------------------


def _require_axes(operation: str, side: Side, other: Side, pattern: str, kind: ErrorKind) -> None:
    """Raise `kind` for an axis of `side` that `other` does not have."""
    for axis in side.named:
        if axis not in other.axes:
            raise ShapeError(
                kind,
                (axis, pattern),
                f"{operation}: an axis must stand on both sides, got {axis} on one of {pattern!r}",
            )


def _require_used(operation: str, left: Side, right: Side, lengths: Lengths, pattern: str) -> None:
    for axis in lengths:
        if not is_axis_name(axis) or axis not in (*left.axes, *right.axes):
            raise ShapeError(
                ErrorKind.einops_error_undefined_axis,
                (axis, pattern),
                f"{operation}: each given size must belong to an axis, got {axis} for {pattern!r}",
            )


def _anonymous(operation: str, pattern: str) -> ShapeError:
    return ShapeError(
        ErrorKind.einops_error_anonymous_in_output,
        (pattern,),
        f"{operation}: an axis without a name on the right must have size 1, got {pattern!r}",
    )


def _ambiguous(
    operation: str, group: tuple[str, ...] | str, unknown: list[str], pattern: str
) -> ShapeError:
    text = " ".join(group)
    return ShapeError(
        ErrorKind.einops_error_ambiguous_decomposition,
        (text, tuple(unknown)),
        f"{operation}: all but one of the sizes of ({text}) must be given, "
        f"got none for {' and '.join(unknown)} in {pattern!r}",
    )


# -- einsum ----------------------------------------------------------------------------------------------


@rule("einops.einsum", functions=("einops.einsum",), module="shapetorch", spread="operands")
@rule("einops.einsum", functions=("einsum",), module="einops", spread="operands")
def einops_einsum_shape(operands: Shapes | Sublists) -> AnyShape:
    """Shape of a sum of products, with names of more than a letter: ``"b i d, b j d -> b i j"``.

    Args:
        operands: The tensors, then the pattern.

    Raises:
        ShapeError: einops_error_invalid_pattern, einops_error_undefined_axis, and those of
            `einsum.contract`.
    """
    *shapes, pattern = operands
    if not isinstance(pattern, str):  # a pattern put together from values
        return UNKNOWN
    left, arrow, right = pattern.partition("->")
    if not arrow or "->" in right:
        invalid("einsum", pattern, "a pattern must have one arrow")
    terms = [_plain_term(text, pattern) for text in left.split(",")]
    output = _plain_term(right, pattern)
    known = {axis for term in terms for axis in term}
    for axis in output:
        if axis not in known and axis != DOTS:
            raise ShapeError(
                ErrorKind.einops_error_undefined_axis,
                (axis, pattern),
                f"einsum: an axis of the output must appear in an operand, got {axis} in {pattern!r}",
            )
    if len(terms) != len(shapes):
        raise ShapeError(
            ErrorKind.einsum_error_operand_count_mismatch,
            (len(terms), len(shapes)),
            f"einsum: there must be one operand for each term, got {len(terms)} terms "
            f"in {pattern!r} and {len(shapes)} operands",
        )
    return contract(terms, shapes, output)  # type: ignore[arg-type]


def _plain_term(text: str, pattern: str) -> list[str]:
    axes = text.split()
    for axis in axes:
        if axis not in (DOTS, "_") and not is_axis_name(axis):
            invalid("einsum", pattern, f"{axis!r} must be the name of an axis")
    return axes


# -- layers -------------------------------------------------------------------------------------------------


@layer("Rearrange", module="einops.layers.torch")
class RearrangeLayer:
    """`rearrange_shape` as a layer."""

    def __init__(self, pattern: str, **axes_lengths: Size) -> None:
        self.pattern, self.axes_lengths = pattern, axes_lengths

    def forward(self, input: Shape) -> Shape:
        """Shape of the rearranged input."""
        return rearrange_shape(input, self.pattern, **self.axes_lengths)


@layer("Reduce", module="einops.layers.torch")
class ReduceLayer:
    """`reduce_shape` as a layer."""

    def __init__(self, pattern: str, reduction: object, **axes_lengths: Size) -> None:
        self.pattern, self.axes_lengths = pattern, axes_lengths

    def forward(self, input: Shape) -> Shape:
        """Shape of the reduced input."""
        return reduce_shape(input, self.pattern, "mean", **self.axes_lengths)
