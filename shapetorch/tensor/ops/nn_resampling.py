"""Images of another size: `interpolate` and its older names."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from shapetorch.tensor import resampling
from shapetorch.tensor.arguments import flag, tensor_argument
from shapetorch.tensor.axis_maps import AxisMap, apply_adjoint, apply_maps
from shapetorch.tensor.dtypes import DTYPES
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import require_kind, require_memory
from shapetorch.tensor.linear_maps import linear_map
from shapetorch.tensor.memory_order import in_order_of
from shapetorch.tensor.operations import operation
from shapetorch.tensor.ops.nn_average_pooling import adaptive_average, nothing
from shapetorch.tensor.tensors import Array, Tensor, wrap

_WITHOUT_CORNERS = ("nearest", "area", "nearest-exact")
_ANTIALIASED = ("bilinear", "bicubic", "lanczos")


def _check_options(
    input: Tensor,
    size: Any,
    factor: Any,
    mode: str,
    align_corners: Any,
    recompute: Any,
    antialias: bool,
) -> None:
    if mode in _WITHOUT_CORNERS and align_corners is not None:
        raise ValueError(
            f"interpolate: align_corners can only be given for linear, bilinear, bicubic and trilinear, "
            f"got mode {mode}"
        )
    if size is not None and factor is not None:
        raise ValueError("interpolate: only one of size and scale_factor can be given, got both")
    if recompute and size is not None:
        raise ValueError("interpolate: recompute_scale_factor means nothing with a given size")
    if antialias and not (mode in _ANTIALIASED and input.ndim == 4):
        raise ValueError(
            f"interpolate: antialias is for bilinear, bicubic and lanczos and 4 dimensions, "
            f"got mode {mode} and {input.ndim}"
        )
    if mode == "lanczos" and (align_corners or not antialias):
        raise ValueError("interpolate: mode lanczos needs antialias=True and no align_corners")


def _axis_map(
    mode: str,
    row: tuple[int, int, float | None],
    corners: bool,
    antialias: bool,
    kind: Any,
) -> AxisMap:
    size, count, factor = row
    if mode in ("nearest", "nearest-exact"):
        return resampling.nearest(size, count, factor, mode == "nearest-exact")
    if antialias:
        return resampling.antialiased(mode, size, count, factor, corners, kind)
    if mode == "bicubic":
        return resampling.cubic(size, count, factor, corners, kind)
    return resampling.linear(size, count, factor, corners, kind)


def _check_factors(given: Any, mode: str) -> None:
    """Raise the error of a factor that makes no size: of mode area, PyTorch's Python code counts them."""
    for factor in given if isinstance(given, (list, tuple)) else (given,):
        if isinstance(factor, (int, float)) and not abs(factor) < _WIDEST:
            kind: type[Exception] = RuntimeError
            if mode == "area":
                kind = TypeError if abs(factor) < math.inf else OverflowError
                kind = ValueError if math.isnan(factor) else kind
            raise kind(
                f"interpolate: scale_factor: value cannot be converted to type int64 without overflow, "
                f"got {factor}"
            )


_WIDEST = 1 << 62


@operation("nn.functional.interpolate")
def interpolate(
    input: Tensor,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Tensor:
    """The axes behind batch and channels in another size.

    Args:
        input: ``(N, C, *sizes)``, with 1 to 3 sizes.
        size: The new sizes, one for all or one each.
        scale_factor: What the sizes are multiplied with, rounded down; instead of `size`.
        mode: nearest, nearest-exact, linear (1 size), bilinear and bicubic (2), trilinear (3), area.
        align_corners: Whether the middles of the corners keep their values, not the edges.
        recompute_scale_factor: Whether places are computed from the sizes, not from `scale_factor`.
        antialias: Whether a smaller image is smoothed before.

    Raises:
        ShapeError: interpolate_error_size, rank_error_mismatch, argument_error_value.
        ValueError: an option that the mode does not have.
    """
    tensor_argument("interpolate", "input", input)
    _check_options(
        *(input, size, scale_factor, mode, align_corners, recompute_scale_factor, antialias)
    )
    corners = align_corners is not None and flag("interpolate", "align_corners", align_corners)
    if size is None:
        _check_factors(scale_factor, mode)
    shape = judged("nn.functional.interpolate", input, size, scale_factor, mode)
    counts = tuple(shape[2:])
    if mode == "area":
        return adaptive_average(len(counts), input, counts)
    factors: tuple[float | None, ...] = (None,) * len(counts)
    if scale_factor is not None and not recompute_scale_factor:
        listed = isinstance(scale_factor, (list, tuple))
        factors = tuple(map(float, scale_factor if listed else (scale_factor,) * len(counts)))
    if input._array.dtype != np.uint8:
        require_kind("interpolate", input)
    require_memory("interpolate", shape, input._array.dtype)
    if 0 in shape:  # whatever the other sizes are
        return nothing(_node_name(mode, len(counts), antialias), input, tuple(shape))
    kind = np.float64 if input._array.dtype == np.float64 else np.float32
    maps = [
        _axis_map(mode, row, corners, bool(antialias), kind)
        for row in zip(input._array.shape[2:], counts, factors, strict=True)
    ]
    if input._array.dtype == np.uint8 and mode not in _WITHOUT_CORNERS:
        return wrap(_rounded_bytes(input._array, maps))
    made = linear_map(
        _node_name(mode, len(counts), antialias),
        input,
        lambda array: apply_maps(array, maps),
        lambda array: apply_adjoint(array, maps),
    )
    return in_order_of(made, input)


def _node_name(mode: str, axes: int, antialias: bool) -> str:
    word = {"nearest-exact": "nearest_exact"}.get(mode, mode)
    return f"upsample_{word}{axes}D{'_aa' if antialias else ''}"


def _rounded_bytes(array: Array, maps: list[AxisMap]) -> Array:
    """Bytes are rounded after each axis, the last axis first; in images with weights of 16 bits."""
    made = array
    for place in reversed(range(len(maps))):
        axis = array.ndim - len(maps) + place
        if len(maps) == 2 and not maps[place].is_identity:
            scaled, bits = _fixed_point(maps[place])
            found = scaled.apply(made.astype(np.float64), axis) * 2.0**-bits
        else:
            found = maps[place].apply(made.astype(np.float64), axis)
        made = np.clip(np.floor(found + 0.5), 0, 255).astype(DTYPES["uint8"].numpy)
    return np.ascontiguousarray(made)


def _fixed_point(made: AxisMap) -> tuple[AxisMap, int]:
    """The map with whole weights below 2**15, and how many bits they were shifted by."""
    largest = float(made.weight.max(initial=0))
    bits = 0
    while bits < 22 and int(0.5 + largest * 2 ** (bits + 1)) < 1 << 15:
        bits += 1
    weight = np.trunc(made.weight * 2**bits + np.copysign(0.5, made.weight))
    return AxisMap(made.size, made.index, weight), bits


def _deprecated(name: str) -> None:
    warnings.warn(
        f"`nn.functional.{name}` is deprecated. Use `nn.functional.interpolate` instead.",
        stacklevel=3,
    )


@operation("nn.functional.upsample")
def upsample(
    input: Tensor,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
) -> Tensor:
    """The older name of `interpolate`."""
    _deprecated("upsample")
    return interpolate(input, size, scale_factor, mode, align_corners)


@operation("nn.functional.upsample_nearest")
def upsample_nearest(input: Tensor, size: Any = None, scale_factor: Any = None) -> Tensor:
    """`interpolate` in mode nearest."""
    _deprecated("upsample_nearest")
    return interpolate(input, size, scale_factor, "nearest")


@operation("nn.functional.upsample_bilinear")
def upsample_bilinear(input: Tensor, size: Any = None, scale_factor: Any = None) -> Tensor:
    """`interpolate` in mode bilinear with aligned corners."""
    _deprecated("upsample_bilinear")
    return interpolate(input, size, scale_factor, "bilinear", True)
