"""Reductions: sums, means, extremes and their like over some or all dims.

`dim` may be one axis number, several, or None for all; no axis numbers mean all, except to ``any``
and ``all``, for which they mean none. A 0-D tensor accepts the dims 0 and -1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from shapetorch.dim import Shape, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.axes import axes, axis
from shapetorch.rules.registry import Dims, IfKnown, Number, rule


class ValuesIndices(NamedTuple):
    """What a selection along a dim gives back."""

    values: Shape
    indices: Shape


class MinMax(NamedTuple):
    """Both extremes."""

    min: Shape
    max: Shape


def reduced(
    operation: str, shape: Shape, dim: Dims, keepdim: bool = False, *, none_is_all: bool = True
) -> Shape:
    """`shape` without the dims `dim`, or with size 1 there if `keepdim`.

    Args:
        operation: The name for messages.
        shape: What is reduced.
        dim: Axis number, several, or None for all.
        keepdim: Whether reduced dims stay, with size 1.
        none_is_all: Whether an empty sequence of axis numbers means all of them.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
    """
    gone = set(positions(operation, shape, dim, none_is_all=none_is_all))
    kept: list[object] = []
    for place, size in enumerate(shape):
        if place not in gone:
            kept.append(size)
        elif keepdim:
            kept.append(1)
    return tuple(kept)  # type: ignore[arg-type]


def positions(
    operation: str, shape: Shape, dim: Dims, *, none_is_all: bool = True
) -> tuple[int, ...]:
    """The positions that `dim` names in `shape`; see `reduced`."""
    if dim is None:
        return tuple(range(len(shape)))
    if isinstance(dim, int):
        return (axis(operation, dim, shape),)
    if not dim and none_is_all:
        return tuple(range(len(shape)))
    return axes(operation, dim, shape)


def require_not_empty(operation: str, shape: Shape, dim: Dims = None) -> None:
    """Raise if what is reduced has no elements, for operations that then have no answer.

    Raises:
        ShapeError: reduction_error_empty with a dim, reduction_error_no_elements without.
    """
    if dim is None or (isinstance(dim, Sequence) and not dim):
        if any(size == 0 for size in shape):
            raise ShapeError(
                ErrorKind.reduction_error_no_elements,
                (shape,),
                f"{operation}: the tensor must have elements, got {render_shape(shape)}",
            )
        return
    for item in (dim,) if isinstance(dim, int) else dim:
        place = axis(operation, item, shape)
        if shape and shape[place] == 0:
            raise empty_dim(operation, place, shape)


def empty_dim(operation: str, dim: int | None, shape: Shape) -> ShapeError:
    """The error of an extreme over nothing."""
    return ShapeError(
        ErrorKind.reduction_error_empty,
        (dim, shape),
        f"{operation}: the reduced dim must not be empty, got dim {dim} from {render_shape(shape)}",
    )


@rule("sum", functions=("sum", "nansum"), methods=("sum", "nansum"), dtype="accumulate")
def sum_shape(input: Shape, dim: Dims = None, keepdim: bool = False) -> Shape:
    """Shape without the summed dims.

    Args:
        input: Any shape.
        dim: The dims to sum over; all of them if None or empty.
        keepdim: Whether they stay, with size 1.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate.

    Source: PyTorch ``torch.sum``.
    """
    return reduced("sum", input, dim, keepdim)


@rule("mean", functions=("mean", "nanmean"), methods=("mean", "nanmean"), dtype="same")
def mean_shape(input: Shape, dim: Dims = None, keepdim: bool = False) -> Shape:
    """Shape without the averaged dims; see `sum_shape`."""
    return reduced("mean", input, dim, keepdim)


@rule("prod", functions=("prod",), methods=("prod",), dtype="accumulate")
def prod_shape(input: Shape, dim: int | None = None, keepdim: bool = False) -> Shape:
    """Shape without the dim multiplied over."""
    return reduced("prod", input, dim, keepdim)


def _extreme(operation: str, input: Shape, dim: Dims, keepdim: bool) -> Shape:
    require_not_empty(operation, input, dim)
    return reduced(operation, input, dim, keepdim)


@rule("amax", functions=("amax",), methods=("amax",), dtype="same")
def amax_shape(input: Shape, dim: Dims = (), keepdim: bool = False) -> Shape:
    """Shape without the dims reduced, none of which may be empty."""
    return _extreme("amax", input, dim, keepdim)


@rule("amin", functions=("amin",), methods=("amin",), dtype="same")
def amin_shape(input: Shape, dim: Dims = (), keepdim: bool = False) -> Shape:
    """Shape without the dims reduced, none of which may be empty."""
    return _extreme("amin", input, dim, keepdim)


@rule("aminmax", functions=("aminmax",), methods=("aminmax",), dtype=("same", "same"))
def aminmax_shape(input: Shape, *, dim: int | None = None, keepdim: bool = False) -> MinMax:
    """Shapes of both extremes along a dim, or of all elements."""
    result = _extreme("aminmax", input, dim, keepdim)
    return MinMax(result, result)


@rule("any", functions=("any",), methods=("any",), dtype="bool")
def any_shape(input: Shape, dim: Dims = None, keepdim: bool = False) -> Shape:
    """Shape without the tested dims; ``dim=()`` reduces nothing."""
    return reduced("any", input, dim, keepdim, none_is_all=False)


@rule("all", functions=("all",), methods=("all",), dtype="bool")
def all_shape(input: Shape, dim: Dims = None, keepdim: bool = False) -> Shape:
    """Shape without the tested dims; ``dim=()`` reduces nothing."""
    return reduced("all", input, dim, keepdim, none_is_all=False)


@rule("count_nonzero", functions=("count_nonzero",), methods=("count_nonzero",), dtype="int64")
def count_nonzero_shape(input: Shape, dim: Dims = None) -> Shape:
    """Shape without the counted dims."""
    return reduced("count_nonzero", input, dim)


@rule(
    "logsumexp", functions=("logsumexp", "special.logsumexp"), methods=("logsumexp",), dtype="float"
)
def logsumexp_shape(input: Shape, dim: Dims, keepdim: bool = False) -> Shape:
    """Shape without the dims reduced; `dim` must name some unless `keepdim` or nothing is there."""
    is_empty = any(size == 0 for size in input)
    if isinstance(dim, Sequence) and not dim and input and not keepdim and not is_empty:
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("dim", ()),
            f"logsumexp: dim must name at least one dim, got [] for {render_shape(input)}",
        )
    return reduced("logsumexp", input, dim, keepdim)


@rule("var", functions=("var",), methods=("var",), dtype="same")
def var_shape(
    input: Shape,
    dim: Dims = None,
    unbiased: object = True,
    keepdim: bool = False,
    *,
    correction: object = 1,
) -> Shape:
    """Shape without the dims the variance is taken over."""
    return reduced("var", input, dim, keepdim)


@rule("var", functions=("var",), methods=("var",), dtype="same")
def var_all_shape(input: Shape, unbiased: bool) -> Shape:
    """Shape of the variance of all elements: none."""
    return ()


@rule("std", functions=("std",), methods=("std",), dtype="same")
def std_shape(
    input: Shape,
    dim: Dims = None,
    unbiased: object = True,
    keepdim: bool = False,
    *,
    correction: object = 1,
) -> Shape:
    """Shape without the dims the standard deviation is taken over."""
    return reduced("std", input, dim, keepdim)


@rule("std", functions=("std",), methods=("std",), dtype="same")
def std_all_shape(input: Shape, unbiased: bool) -> Shape:
    """Shape of the standard deviation of all elements: none."""
    return ()


@rule("var_mean", functions=("var_mean", "std_mean"), dtype=("same", "same"))
def var_mean_shape(
    input: Shape,
    dim: Dims = None,
    unbiased: object = True,
    keepdim: bool = False,
    *,
    correction: object = 1,
) -> tuple[Shape, Shape]:
    """Shapes of spread and mean over the same dims."""
    result = reduced("var_mean", input, dim, keepdim)
    return result, result


@rule("var_mean", functions=("var_mean", "std_mean"), dtype=("same", "same"))
def var_mean_all_shape(input: Shape, unbiased: bool) -> tuple[Shape, Shape]:
    """Shapes of spread and mean of all elements."""
    return (), ()


@rule("norm", functions=("norm",), methods=("norm",), dtype="same")
def norm_shape(input: Shape, p: IfKnown = "fro", dim: Dims = None, keepdim: bool = False) -> Shape:
    """Shape without the dims the norm is taken over; see `require_norm`.

    Raises:
        ShapeError: argument_error_value.
    """
    if isinstance(p, str):
        _require_matrix_dims(p, input, dim)
    result = reduced("norm", input, dim, keepdim)
    require_norm("norm", input, p, dim)
    return result


def _require_matrix_dims(p: str, input: Shape, dim: Dims) -> None:
    """The nuclear norm is one of matrices; the Frobenius norm also one of vectors, and of everything."""
    given = 1 if isinstance(dim, int) else len(input) if dim is None else len(dim)
    fits = given == 2 if p == "nuc" else dim is None or given <= 2
    if not fits:
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("dim", dim),
            f"norm: with p={p!r} there must be 2 dims, got {dim} for {render_shape(input)}",
        )


def require_norm(operation: str, shape: Shape, p: object, dim: Dims) -> None:
    """Raise if a norm of nothing is asked for that is an extreme: of infinite or negative order.

    Raises:
        ShapeError: reduction_error_no_elements.
    """
    if isinstance(p, bool) or not isinstance(p, (int, float)) or not (p < 0 or p == float("inf")):
        return
    if any(shape and shape[place] == 0 for place in positions(operation, shape, dim)):
        raise ShapeError(
            ErrorKind.reduction_error_no_elements,
            (shape,),
            f"{operation}: a norm of order {p} must have elements, got {render_shape(shape)}",
        )


@rule("renorm", functions=("renorm",), methods=("renorm",), dtype="same", inplace=True)
def renorm_shape(input: Shape, p: object, dim: int, maxnorm: object) -> Shape:
    """Shape as before; the rank must be at least 2."""
    if len(input) < 2:
        raise ShapeError(
            ErrorKind.rank_error_mismatch,
            (2, len(input), input),
            f"renorm: input must have at least 2 dims, got {len(input)} from {render_shape(input)}",
        )
    axis("renorm", dim, input)
    return input


def _quantile(operation: str, input: Shape, q: Shape, dim: int | None, keepdim: bool) -> Shape:
    if len(q) > 1:
        raise ShapeError(
            ErrorKind.rank_error_mismatch,
            (1, len(q), q),
            f"{operation}: q must have at most 1 dim, got {len(q)} from {render_shape(q)}",
        )
    require_not_empty(operation, input)
    return q + reduced(operation, input, dim, keepdim)


@rule("quantile", functions=("quantile",), methods=("quantile",), dtype="same")
def quantile_shape(
    input: Shape,
    q: Shape | Number,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: object = "linear",
) -> Shape:
    """Shape of `q`, then the shape without the dim reduced.

    Args:
        input: Any shape that is not empty.
        q: A number or ``(Q,)``.
        dim: The dim reduced; all of them if None.
        keepdim: Whether it stays, with size 1.

    Raises:
        ShapeError: rank_error_mismatch, dimension_error_out_of_range, reduction_error_no_elements.

    Source: PyTorch ``torch.quantile``.
    """
    return _quantile("quantile", input, q, dim, keepdim)


@rule("nanquantile", functions=("nanquantile",), methods=("nanquantile",), dtype="same")
def nanquantile_shape(
    input: Shape,
    q: Shape | Number,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: object = "linear",
) -> Shape:
    """See `quantile_shape`."""
    return _quantile("nanquantile", input, q, dim, keepdim)
