"""Images at places that are given: `affine_grid` and `grid_sample`."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import product
from math import prod
from typing import Any

import numpy as np

from shapetorch.tensor import kernels
from shapetorch.tensor.arguments import flag, integer, tensor_argument
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import is_floating, require_kind, require_memory, require_same_kind
from shapetorch.tensor.linear_maps import linear_map
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.operations import operation
from shapetorch.tensor.recomputing import recomputed_gradients
from shapetorch.tensor.resampling import CUBIC
from shapetorch.tensor.scattering import add_at
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, wrap

_MODES = ("bilinear", "nearest", "bicubic")
_PADDINGS = ("zeros", "border", "reflection")


def _corners(name: str, align_corners: bool | None) -> bool:
    if align_corners is None:
        warnings.warn(
            "grid_sample and affine_grid align the edges, not the corners, unless align_corners=True "
            "is given; name the one you want.",
            stacklevel=4,
        )
        return False
    return flag(name, "align_corners", align_corners)


@operation("nn.functional.affine_grid")
def affine_grid(theta: Tensor, size: Any, align_corners: bool | None = None) -> Tensor:
    """Places for `grid_sample`: those of an even grid, moved by an affine map.

    Args:
        theta: ``(N, 2, 3)``, or ``(N, 3, 4)`` in space.
        size: ``(N, C, H, W)``, or ``(N, C, D, H, W)``.
        align_corners: Whether -1 and 1 are the middles of the corner elements, not their edges.

    Returns:
        ``(N, H, W, 2)``, or ``(N, D, H, W, 3)``, with x first.
    """
    corners = _corners("affine_grid", align_corners)
    if not is_floating(tensor_argument("affine_grid", "theta", theta)):
        raise ValueError(f"affine_grid: theta must be floating, got {theta.dtype}")
    shape = tuple(judged("nn.functional.affine_grid", theta, size))
    require_memory("affine_grid", shape, theta._array.dtype)
    counts = shape[1:-1]
    places = np.ones((*counts, len(counts) + 1))
    for axis, count in enumerate(counts):
        line = np.linspace(-1, 1, count) if count > 1 else np.zeros(1)
        if not corners:
            line = line * (count - 1) / count
        places[..., len(counts) - 1 - axis] = line.reshape(-1, *(1,) * (len(counts) - 1 - axis))
    base = places.reshape(-1, len(counts) + 1)

    def forward(array: Array) -> Array:
        made: Array = np.matmul(base.astype(array.dtype), array.swapaxes(1, 2))
        return made.reshape(shape)

    def adjoint(array: Array) -> Array:
        flat = array.reshape(shape[0], -1, len(counts))
        return np.asarray(np.matmul(flat.swapaxes(1, 2), base.astype(array.dtype)))

    return linear_map("affine_grid_generator", theta, forward, adjoint)


@operation()
def affine_grid_generator(theta: Tensor, size: Any, align_corners: bool) -> Tensor:
    """See `nn.functional.affine_grid`."""
    return affine_grid(theta, size, flag("affine_grid_generator", "align_corners", align_corners))


@operation("nn.functional.grid_sample")
def grid_sample(
    input: Tensor,
    grid: Tensor,
    mode: str = "bilinear",
    padding_mode: str = "zeros",
    align_corners: bool | None = None,
) -> Tensor:
    """The image at the places of a grid, -1 and 1 being its ends.

    Args:
        input: ``(N, C, H, W)``, or ``(N, C, D, H, W)``.
        grid: ``(N, H_out, W_out, 2)``, or ``(N, D_out, H_out, W_out, 3)``; x comes first.
        mode: bilinear, nearest or bicubic (of 4 dimensions).
        padding_mode: What lies outside: zeros, the border, or the image reflected.
        align_corners: Whether -1 and 1 are the middles of the corner elements, not their edges.

    Raises:
        ShapeError: grid_error_shape, padding_error_empty.
        ValueError: an unknown mode.
        RuntimeError: the dtypes differ.
    """
    for name, value, known in (
        ("mode", mode, _MODES),
        ("padding_mode", padding_mode, _PADDINGS),
    ):
        if value not in known:
            raise ValueError(
                f"grid_sample: expected {name} to be one of {', '.join(known)}, got {value!r}"
            )
    corners = _corners("grid_sample", align_corners)
    return sample(input, grid, mode, padding_mode, corners)


@operation("grid_sampler")
def grid_sampler(
    input: Tensor, grid: Tensor, interpolation_mode: int, padding_mode: int, align_corners: bool
) -> Tensor:
    """`grid_sample` with numbers for its modes."""
    corners = flag("grid_sampler", "align_corners", align_corners)
    mode = _by_number("interpolation_mode", interpolation_mode, _MODES)
    padding = _by_number("padding_mode", padding_mode, _PADDINGS)
    return sample(input, grid, mode, padding, corners)


def _by_number(argument: str, number: Any, words: Sequence[str]) -> str:
    place = integer("grid_sampler", argument, number)
    if not 0 <= place < len(words):
        raise RuntimeError(
            f"grid_sampler(): argument '{argument}' must be less than {len(words)}, got {number}"
        )
    return words[place]


@operation("grid_sampler_2d")
def grid_sampler_2d(
    input: Tensor, grid: Tensor, interpolation_mode: int, padding_mode: int, align_corners: bool
) -> Tensor:
    """`grid_sampler` of images ``(N, C, H, W)``."""
    return _of_rank(4, input, grid, interpolation_mode, padding_mode, align_corners)


@operation("grid_sampler_3d")
def grid_sampler_3d(
    input: Tensor, grid: Tensor, interpolation_mode: int, padding_mode: int, align_corners: bool
) -> Tensor:
    """`grid_sampler` of volumes ``(N, C, D, H, W)``."""
    return _of_rank(5, input, grid, interpolation_mode, padding_mode, align_corners)


def _of_rank(rank: int, input: Tensor, grid: Tensor, *modes: Any) -> Tensor:
    if input.ndim != rank or grid.ndim != rank:
        raise RuntimeError(
            f"grid_sampler(): expected {rank}D input and grid with same number of dimensions, but got input "
            f"with sizes {list(input.shape)} and grid with sizes {list(grid.shape)}"
        )
    return grid_sampler(input, grid, *modes)


def sample(input: Tensor, grid: Tensor, mode: str, padding: str, corners: bool) -> Tensor:
    """`grid_sample` with checked modes."""
    shape = tuple(judged("nn.functional.grid_sample", input, grid))
    if not is_floating(input) and not prod(shape):
        return wrap(np.zeros(shape, input._array.dtype))
    require_kind("grid_sampler", input)
    require_same_kind("grid_sampler", input, grid)
    if mode == "bicubic" and input.ndim == 5:
        raise RuntimeError("grid_sampler(): bicubic interpolation only supports 4D input")
    options = (mode, padding, corners)
    kernel = kernels.find("grid_sample", input._array, 1) if prod(shape) else None
    if kernel is None:
        return _composed(input, grid, *options)
    image = input._array
    made = np.empty(shape, image.dtype)
    flat = made.reshape(*shape[:2], -1)
    kernel(*_arguments(image, grid._array, *options), flat)
    return record(
        made, (input, grid), grid_sample_backward, (input, grid), options=options, shape=shape
    )


_CODES = {name: code for names in (_MODES, _PADDINGS) for code, name in enumerate(names)}


def _arguments(
    image: Array, grid: Array, mode: str, padding: str, corners: bool
) -> tuple[Any, ...]:
    """What both kernels take, but for gradients and results."""
    kind, sizes = image.dtype, image.shape[2:]
    floats, integers = _room()
    return (
        np.ascontiguousarray(image).reshape(*image.shape[:2], -1),
        np.ascontiguousarray(grid).reshape(grid.shape[0], -1, len(sizes)),
        *_scales(sizes, kind, corners),
        (_CODES[mode], _CODES[padding], corners),
        np.empty(floats, kind),
        np.empty(integers, np.int32),
    )


@cache
def _room() -> tuple[tuple[int, int], tuple[int, int]]:
    from shapetorch.tensor.kernels import grids

    return (grids.FLOATS, grids.BLOCK), (grids.INTEGERS, grids.BLOCK)


@lru_cache(256)
def _scales(sizes: tuple[int, ...], kind: Any, corners: bool) -> tuple[Array, Array]:
    """The sizes, and for each axis what the kernels say of scales."""
    rows = [
        (((size - 1) / 2, 0.0, size - 1) if corners else (size, -0.5, size)) + (size - 1,)
        for size in sizes
    ]
    return np.array(sizes, np.int64), np.array(rows, kind)


def grid_sample_backward(node: Any, grad: Tensor) -> Any:
    """Of the image and of the grid."""
    input, grid = node.saved
    kernel = kernels.find("grid_sample_backward", input._array, 1)
    if MODES.grad or kernel is None:
        return recomputed_gradients(
            lambda *both: (_composed(*both, *node.options),), (input, grid), (grad,)
        )
    image, places = input._array, grid._array
    given = np.ascontiguousarray(grad._array).reshape(*node.shape[:2], -1)
    arguments = _arguments(image, places, *node.options)
    none = (0, 0, 0)
    of_image = np.zeros(arguments[0].shape if node.needs[0] else none, image.dtype)
    # the nearest element does not change with the place
    moves = node.needs[1] and node.options[0] != "nearest"
    of_grid = np.zeros(arguments[1].shape if moves else none, image.dtype)
    if of_image.size or of_grid.size:
        kernel(given, *arguments, of_image, of_grid)
    return (
        wrap(of_image.reshape(image.shape)) if node.needs[0] else None,
        wrap(of_grid.reshape(places.shape) if moves else np.zeros_like(places))
        if node.needs[1]
        else None,
    )


def _composed(input: Tensor, grid: Tensor, mode: str, padding: str, corners: bool) -> Tensor:
    """The sample in operations of tensors, which can be differentiated more than once."""
    shape = (*input._array.shape[:2], *grid._array.shape[1:-1])
    sizes = input._array.shape[2:]
    axes = len(sizes)
    places = [
        _denormalized(grid.select(-1, axes - 1 - axis), sizes[axis], corners)
        for axis in range(axes)
    ]
    if mode != "bicubic":
        places = [
            _padded(place, size, padding, corners)
            for place, size in zip(places, sizes, strict=True)
        ]
        if not np.isfinite(grid._array).all():
            places = [
                _somewhere(place, size, padding, axes)
                for place, size in zip(places, sizes, strict=True)
            ]
    neighbours = [_neighbours(place, mode) for place in places]
    result: Any = None
    for chosen in product(*neighbours):
        places_of, weight = [item[0] for item in chosen], None
        for _, factor in chosen:
            if factor is not None:
                weight = factor if weight is None else weight * factor
        if mode == "bicubic":  # each neighbour is looked up as if it were a place of its own
            places_of = [
                _padded(wrap(place), size, padding, corners)._array
                for place, size in zip(places_of, sizes, strict=True)
            ]
        part = _gather(input, [*map(_whole, places_of)], sizes, shape)
        if weight is not None:
            part = part * weight.unsqueeze(1)
        result = part if result is None else result + part
    return result if mode != "nearest" else result + _no_slope(grid)  # type: ignore[no-any-return]


def _no_slope(grid: Tensor) -> Tensor:
    """A zero whose gradient is zeros."""
    shape, kind = grid._array.shape, grid._array.dtype
    return linear_map(
        "grid_sampler", grid, lambda array: np.zeros((), kind), lambda array: np.zeros(shape, kind)
    )


def _denormalized(place: Tensor, size: int, corners: bool) -> Tensor:
    return (place + 1) * ((size - 1) / 2) if corners else ((place + 1) * size - 1) / 2


def _padded(place: Tensor, size: int, padding: str, corners: bool) -> Tensor:
    if padding == "zeros":
        return place
    if padding == "reflection":
        low, high = (0.0, size - 1.0) if corners else (-0.5, size - 0.5)
        place = _reflected(place, low, high)
    array = place._array
    # at the borders themselves nothing changes with the place either; NaN stays
    is_inside = ~((array <= 0) | (array >= size - 1))
    ends = np.where(array >= size - 1, size - 1, 0)
    return _moved(place, is_inside, np.where(is_inside, 0, ends))


def _moved(place: Tensor, slope: Array, shift: Array) -> Tensor:
    """``slope * place + shift``, but just the shift where the slope is 0."""
    kind = place._array.dtype
    fixed = wrap(slope.astype(kind))
    return place.where(wrap(slope != 0), 0.0) * fixed + wrap(shift.astype(kind))  # type: ignore[no-any-return]


_ROUGH = float(1 << 22)
"""From here on neighbouring numbers of float32 are elements apart: a place has no slope."""


def _reflected(place: Tensor, low: float, high: float) -> Tensor:
    if low == high:
        return place * 0
    span = high - low
    array = place._array
    with np.errstate(all="ignore"):
        flips = np.floor(np.abs(array - low) / span)
        is_even = flips % 2 == 0
        sign = np.where(array < low, -1.0, 1.0)
        # a reflection is a slope of 1 or -1 and a shift, both fixed by the interval it lies in
        slope = np.where(is_even, sign, -sign)
        shift = np.where(is_even, low - flips * span, high + flips * span) - sign * low * np.where(
            is_even, 1, -1
        )
        is_far = np.abs(array) > _ROUGH
        if is_far.any():
            rest = np.fmod(np.abs(array - low), span)
            folded = np.where(is_even, rest + low, high - rest)
            slope, shift = np.where(is_far, 0, slope), np.where(is_far, folded, shift)
    return _moved(place, slope, shift)


def _somewhere(place: Tensor, size: int, padding: str, axes: int) -> Tensor:
    """Places that are numbers, whatever the grid says: as PyTorch, at an end or outside of the image."""
    if padding != "zeros":
        return place.nan_to_num(0.0 if axes == 2 else size - 1.0)  # type: ignore[no-any-return]
    return place if axes == 2 else place.nan_to_num(_OUTSIDE, _OUTSIDE, _OUTSIDE)


_OUTSIDE = -100.0
_FAR = 1e9
"""Further out than any image reaches, and an integer of each width."""


def _whole(place: Array) -> Array:
    """Rounded places as integers; what is no number is outside."""
    return np.where(np.isfinite(place), np.clip(place, -_FAR, _FAR), _OUTSIDE).astype(np.int64)


def _neighbours(place: Tensor, mode: str) -> list[tuple[Array, Tensor | None]]:
    """Along one axis: the places that count, as whole numbers, each with its weight (None for 1)."""
    array = place._array
    exact = array.astype(np.float64)
    if mode == "nearest":
        return [(np.rint(exact), None)]
    low = np.floor(exact)
    part = place - wrap(low.astype(array.dtype))
    if mode == "bilinear":
        return [(low, 1 - part), (low + 1, part)]
    return [(low + offset, _cubic(part - offset, offset)) for offset in range(-1, 3)]


def _cubic(distance: Tensor, offset: int) -> Tensor:
    x = distance.abs() if offset in (-1, 0) else -distance
    if offset in (0, 1):
        return ((CUBIC + 2) * x - (CUBIC + 3)) * x * x + 1
    return (((x - 5) * x + 8) * x - 4) * CUBIC


def _gather(
    input: Tensor, index: list[Array], sizes: tuple[int, ...], shape: tuple[int, ...]
) -> Tensor:
    """The elements at whole places, zero outside the image."""
    batch, channels = input._array.shape[:2]
    inside: Any = True
    flat: Any = 0
    for place, size in zip(index, sizes, strict=True):
        inside = inside & (place >= 0) & (place < size)
        flat = flat * size + np.clip(place, 0, size - 1)
    count = prod(shape[2:])
    flat = flat.reshape(batch, 1, count)
    mask = inside.reshape(batch, 1, count)
    area = prod(sizes)

    def forward(array: Array) -> Array:
        found: Array = np.take_along_axis(array.reshape(batch, channels, area), flat, 2)
        return np.where(mask, found, array.dtype.type(0)).reshape(shape)

    def adjoint(grad: Array) -> Array:
        made = np.zeros((batch * channels, area), grad.dtype)
        places = np.broadcast_to(flat, (batch, channels, count))
        given = np.where(mask, grad.reshape(batch, channels, count), grad.dtype.type(0))
        add_at(made, places.reshape(made.shape[0], count), given)
        return made.reshape(input_shape)

    input_shape = input._array.shape
    return linear_map("grid_sampler", input, forward, adjoint)
