"""Sorting, searching, counting.

How many different values a tensor has depends on the values, so ``unique`` and ``bincount`` give
unknown sizes.
"""

from __future__ import annotations

from typing import NamedTuple

from shapetorch.dim import (
    UNKNOWN_DIM,
    Shape,
    Size,
    Truth,
    at_most,
    check_equal,
    product,
    render_shape,
)
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.axes import axis
from shapetorch.rules.reductions import ValuesIndices
from shapetorch.rules.registry import Number, rule
from shapetorch.rules.selections import BOTH, along


def check_k(operation: str, k: Size, least: int, size: Size, shape: Shape) -> None:
    """Raise selection_error_k_out_of_range unless `k` may be in ``least..size``."""
    if at_most(least, k) is Truth.NO or at_most(k, size) is Truth.NO:
        raise ShapeError(
            ErrorKind.selection_error_k_out_of_range,
            (k, size),
            f"{operation}: k must be in {least}..{size}, got {k} from {render_shape(shape)}",
        )


def with_size(shape: Shape, place: int, size: Size) -> Shape:
    """`shape` with one size replaced."""
    return (*shape[:place], size, *shape[place + 1 :])


@rule("topk", functions=("topk",), methods=("topk",), dtype=BOTH)
def topk_shape(
    input: Shape, k: Size, dim: int = -1, largest: object = True, sorted: object = True
) -> ValuesIndices:
    """Shapes of the `k` largest elements along a dim and of their indices.

    Args:
        input: Any shape; a 0-D tensor counts as one element.
        k: How many, at most the size of `dim`.
        dim: Where they are looked for.
        largest: Whether the largest rather than the smallest.
        sorted: Whether they come in order.

    Returns:
        The shape with `k` in place of the size of `dim`, twice.

    Raises:
        ShapeError: dimension_error_out_of_range, selection_error_k_out_of_range.

    Source: PyTorch ``torch.topk``.
    """
    place = axis("topk", dim, input)
    check_k("topk", k, 0, input[place] if input else 1, input)
    result = with_size(input, place, k) if input else ()
    return ValuesIndices(result, result)


@rule("sort", functions=("sort",), methods=("sort",), dtype=BOTH)
def sort_shape(
    input: Shape, dim: int = -1, descending: object = False, *, stable: object = False
) -> ValuesIndices:
    """Shapes of the sorted elements and of their indices."""
    axis("sort", dim, input)
    return ValuesIndices(input, input)


@rule("argsort", functions=("argsort",), methods=("argsort",), dtype="int64")
def argsort_shape(
    input: Shape, dim: int = -1, descending: object = False, *, stable: object = False
) -> Shape:
    """Shape as before; `dim` must exist."""
    axis("argsort", dim, input)
    return input


@rule("msort", functions=("msort",), methods=("msort",), dtype="same")
def msort_shape(input: Shape) -> Shape:
    """Shape as before."""
    return input


@rule("kthvalue", functions=("kthvalue",), methods=("kthvalue",), dtype=BOTH)
def kthvalue_shape(input: Shape, k: Size, dim: int = -1, keepdim: bool = False) -> ValuesIndices:
    """Shapes of the `k`-th smallest elements along a dim and of their indices."""
    result = along("kthvalue", input, dim, keepdim)
    size = input[axis("kthvalue", dim, input)] if input else 1
    check_k("kthvalue", k, 1, size, input)
    return result


def _unique(
    input: Shape, return_inverse: bool, return_counts: bool, dim: int | None, operation: str
) -> Shape | tuple[Shape, ...]:
    found: Shape = (UNKNOWN_DIM,)
    inverse = input
    if dim is not None:
        place = axis(operation, dim, input, scalar=False)
        found = with_size(input, place, 0 if input[place] == 0 else UNKNOWN_DIM)
        inverse = (input[place],)
        if any(size == 0 for at, size in enumerate(input) if at != place):
            raise ShapeError(
                ErrorKind.reduction_error_no_elements,
                (input,),
                f"{operation}: dims other than {place} must not be empty, "
                f"got {render_shape(input)}",
            )
    counts = (found[place if dim is not None else 0],)
    extra = ((inverse,) if return_inverse else ()) + ((counts,) if return_counts else ())
    return (found, *extra) if extra else found


@rule("unique", functions=("unique",), methods=("unique",), dtype="unknown")
def unique_shape(
    input: Shape,
    sorted: object = True,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Shape | tuple[Shape, ...]:
    """Shape of the different elements, then of the indices into them and of the counts if asked for.

    Args:
        input: Any shape.
        sorted: Whether they come in order.
        return_inverse: Whether to tell which of them each element is.
        return_counts: Whether to tell how many there are of each.
        dim: The dim whose slices are compared; single elements are if None.

    Returns:
        ``(?,)``, or the shape with an unknown size at `dim`; the inverse has the input's shape, or
        the size of `dim` alone.

    Raises:
        ShapeError: dimension_error_out_of_range, reduction_error_no_elements.

    Source: PyTorch ``torch.unique``.
    """
    return _unique(input, return_inverse, return_counts, dim, "unique")


@rule(
    "unique_consecutive",
    functions=("unique_consecutive",),
    methods=("unique_consecutive",),
    dtype="unknown",
)
def unique_consecutive_shape(
    input: Shape,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Shape | tuple[Shape, ...]:
    """See `unique_shape`; only neighbours are compared."""
    return _unique(input, return_inverse, return_counts, dim, "unique_consecutive")


@rule("bincount", functions=("bincount",), methods=("bincount",), dtype="unknown")
def bincount_shape(input: Shape, weights: Shape | None = None, minlength: Size = 0) -> Shape:
    """One unknown size; the input has one dim, and the weights are as long."""
    if len(input) != 1:
        raise _rank("bincount", "input", 1, input)
    if weights is not None and input[0] != 0:
        if len(weights) != 1:
            raise _weights("bincount", weights, input)
        check_equal(weights[0], input[0], lambda: _weights("bincount", weights, input))
    if at_most(0, minlength) is Truth.NO:
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("minlength", minlength),
            f"bincount: minlength must not be negative, got {minlength}",
        )
    return (minlength,) if input[0] == 0 else (UNKNOWN_DIM,)


def _weights(operation: str, weights: Shape, input: Shape) -> ShapeError:
    return ShapeError(
        ErrorKind.weights_error_shape,
        (weights, input),
        f"{operation}: weights must have the shape of the input, "
        f"got {render_shape(weights)} for {render_shape(input)}",
    )


def _rank(operation: str, what: str, expected: int, shape: Shape) -> ShapeError:
    return ShapeError(
        ErrorKind.rank_error_mismatch,
        (expected, len(shape), shape),
        f"{operation}: {what} must have rank {expected}, "
        f"got {len(shape)} from {render_shape(shape)}",
    )


def _check_bins(operation: str, bins: Size) -> None:
    if at_most(1, bins) is Truth.NO:
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("bins", bins),
            f"{operation}: bins must be positive, got {bins}",
        )


@rule("histc", functions=("histc",), methods=("histc",), dtype="same")
def histc_shape(input: Shape, bins: Size = 100, min: object = 0, max: object = 0) -> Shape:
    """One size: the number of bins."""
    _check_bins("histc", bins)
    return (bins,)


class Histogram(NamedTuple):
    """Counts and edges."""

    hist: Shape
    bin_edges: Shape


@rule("histogram", functions=("histogram",), methods=("histogram",), dtype=("same", "same"))
def histogram_shape(
    input: Shape,
    bins: Size = 100,
    *,
    range: object = None,
    weight: Shape | None = None,
    density: object = False,
) -> Histogram:
    """Shapes of the counts, ``(bins,)``, and of the edges, ``(bins + 1,)``."""
    _check_bins("histogram", bins)
    _check_weight(input, weight)
    return Histogram((bins,), (bins + 1,))


@rule("histogram", functions=("histogram",), methods=("histogram",), dtype=("same", "same"))
def histogram_edges_shape(
    input: Shape, bins: Shape, *, weight: Shape | None = None, density: object = False
) -> Histogram:
    """Shapes of the counts and of the edges, which are given; weights are one for each element."""
    if len(bins) != 1:
        raise _rank("histogram", "bins", 1, bins)
    _check_bins("histogram", bins[0] - 1)
    _check_weight(input, weight)
    return Histogram((bins[0] - 1,), bins)


def _check_weight(input: Shape, weight: Shape | None) -> None:
    if weight is None:
        return
    check_equal(product(weight), product(input), lambda: _weights("histogram", weight, input))


@rule("bucketize", functions=("bucketize",), dtype="int64")
def bucketize_shape(
    input: Shape | Number, boundaries: Shape, *, out_int32: object = False, right: object = False
) -> Shape:
    """Shape of the input; the boundaries have one dim."""
    if len(boundaries) != 1:
        raise _rank("bucketize", "boundaries", 1, boundaries)
    return input


@rule("searchsorted", functions=("searchsorted",), dtype="int64")
def searchsorted_shape(
    sorted_sequence: Shape,
    input: Shape | Number,
    *,
    out_int32: object = False,
    right: object = False,
    side: object = None,
    sorter: Shape | None = None,
) -> Shape:
    """Shape of the values looked for.

    Args:
        sorted_sequence: ``(B,)``, or ``(*A, B)``.
        input: Any shape, or ``(*A, N)``; a number only if the boundaries have one dim.
        out_int32: Whether the result is int32.
        right: Whether the last of equal places is meant.
        side: The same, in words.
        sorter: Indices that sort the boundaries, of their shape.

    Raises:
        ShapeError: searchsorted_error_shape, rank_error_mismatch.

    Source: PyTorch ``torch.searchsorted``.
    """
    bounds, values = sorted_sequence, input
    if not bounds:
        raise _rank("searchsorted", "sorted_sequence", 1, bounds)
    if sorter is not None:
        _check_same_shape(bounds, sorter)
    if len(bounds) > 1:
        if len(bounds) != len(values):
            raise _search(bounds, values)
        for ours, theirs in zip(bounds[:-1], values[:-1], strict=True):
            check_equal(ours, theirs, lambda: _search(bounds, values))
    return values


def _check_same_shape(bounds: Shape, sorter: Shape) -> None:
    if len(bounds) != len(sorter):
        raise _search(bounds, sorter)
    for ours, theirs in zip(bounds, sorter, strict=True):
        check_equal(ours, theirs, lambda: _search(bounds, sorter))


def _search(bounds: Shape, values: Shape) -> ShapeError:
    return ShapeError(
        ErrorKind.searchsorted_error_shape,
        (bounds, values),
        f"searchsorted: boundaries must have one dim, or all dims but the last in common with "
        f"the values, got {render_shape(bounds)} for {render_shape(values)}",
    )
