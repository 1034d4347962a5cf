"""Histograms of points with several coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import (
    integer,
    integers,
    require_sequence,
    require_tensors,
    tensor_argument,
)
from shapetorch.tensor.kinds import title
from shapetorch.tensor.operations import operation
from shapetorch.tensor.ops.counting import equal_edges
from shapetorch.tensor.result_types import ResultType, result_type
from shapetorch.tensor.signatures import is_real, is_whole
from shapetorch.tensor.tensors import Array, Tensor, wrap

Histogram = result_type("histogramdd", "hist", "bin_edges")


@operation()
def histogramdd(
    input: Tensor,
    bins: Any,
    *,
    range: Sequence[float] | None = None,
    weight: Tensor | None = None,
    density: bool = False,
) -> ResultType:
    """How many points are in each bin, and where the bins are: ``(hist, bin_edges)``.

    Args:
        input: Points ``(*, D)``, float32 or float64.
        bins: How many equal bins, for all coordinates or for each; or their edges, in order, for each.
        range: Where equal bins begin and end, two numbers for each coordinate; the smallest and the
            largest coordinate if None.
        weight: How much each point counts, ``(*)``.
        density: Whether the result is divided by its integral.

    Raises:
        RuntimeError: shapes, numbers of bins or dtypes do not belong together.
    """
    tensor_argument("histogramdd", "input", input)
    if range is not None:
        require_sequence("histogramdd", "range", range, "floats")
        if not all(map(is_real, range)):
            raise TypeError("histogramdd(): argument 'range' must be tuple of floats")
    if input.ndim < 2:
        raise RuntimeError(
            f"torch.histogramdd: input tensor should have at least 2 dimensions, got {input.ndim}"
        )
    count = input.shape[-1]
    every = _every("bins", bins, count)
    if len(every) != count:
        raise RuntimeError(
            "histogramdd: The size of bins must be equal to the innermost dimension of the input, "
            f"got {len(every)} and {count}"
        )
    _check(input, every, range, weight)
    points = input._array.reshape(-1, count)
    edges = [
        item._array
        if isinstance(item, Tensor)
        else equal_edges(
            "torch.histogramdd",
            points[:, place],
            item,
            None if range is None else (range[2 * place], range[2 * place + 1]),
        )
        for place, item in enumerate(every)
    ]
    hist = _counted(points, edges, None if weight is None else weight._array.reshape(-1))
    if density:
        for place, item in enumerate(edges):
            widths = np.diff(item)
            hist = hist / widths.reshape([-1 if at == place else 1 for at in np.arange(count)])
        hist = (
            hist
            / _counted(points, edges, None if weight is None else weight._array.reshape(-1)).sum()
        )
    kind = input._array.dtype
    made = tuple(wrap(np.array(item, kind)) for item in edges)
    return Histogram((wrap(np.asarray(hist, kind)), made))


def _every(argument: str, bins: Any, count: int) -> list[Any]:
    """The number of bins, or their edges, for each coordinate.

    Raises:
        TypeError: they are neither integers nor tensors.
    """
    if is_whole(bins):
        return [integer("histogramdd", argument, bins)] * count
    if isinstance(bins, (list, tuple)) and any(isinstance(item, Tensor) for item in bins):
        require_tensors(bins)
        return list(bins)
    return list(integers("histogramdd", argument, bins))


def _check(input: Tensor, bins: list[Any], range: Any, weight: Tensor | None) -> None:
    if input.dtype.name not in ("float32", "float64"):
        raise NotImplementedError(f"\"histogramdd\" not implemented for '{title(input)}'")
    for place, item in enumerate(bins):
        if isinstance(item, Tensor):
            if item.ndim != 1 or item.dtype is not input.dtype:
                raise RuntimeError(
                    "torch.histogramdd: bins tensors should have one dimension and the dtype of the input, "
                    f"got {item.ndim} dims of {item.dtype} for dimension {place}"
                )
        elif item <= 0:
            raise RuntimeError(
                f"torch.histogram(): bins must be > 0, but got {item} for dimension {place}"
            )
    if range is not None and len(range) != 2 * len(bins):
        raise RuntimeError(
            f"torch.histogramdd: for a {len(bins)}-dimensional histogram range should have "
            f"{2 * len(bins)} elements, but got {len(range)}"
        )
    if weight is not None and (
        tuple(weight.shape) != tuple(input.shape[:-1]) or weight.dtype is not input.dtype
    ):
        raise RuntimeError(
            "torch.histogramdd: if weight tensor is provided it should have the same shape as the input "
            f"tensor excluding its innermost dimension, and its dtype, got {list(weight.shape)} of "
            f"{weight.dtype} for {list(input.shape)} of {input.dtype}"
        )


def _counted(points: Array, edges: list[Array], weights: Array | None) -> Array:
    """The sum of weights in each bin; the last bin has its upper edge."""
    shape = tuple(len(item) - 1 for item in edges)
    inside = np.ones(len(points), bool)
    places = []
    for column, item in zip(points.T, edges, strict=True):
        inside &= (column >= item[0]) & (column <= item[-1])
        found = np.searchsorted(item, column, side="right") - 1
        places.append(np.clip(found, 0, len(item) - 2))
    flat = np.zeros(len(points), np.int64)
    for place, size in zip(places, shape, strict=True):
        flat = flat * size + place
    chosen = None if weights is None else weights[inside].astype(np.float64)
    return np.bincount(flat[inside], chosen, int(np.prod(shape, dtype=np.int64))).reshape(shape)
