"""Images at the places of a grid, and the gradients: image ``(N, C, area)``, grid ``(N, P, A)`` with x first.

Modes are 0 bilinear, 1 nearest, 2 bicubic; paddings 0 zeros, 1 border, 2 reflection. `scales` has a row
for each axis: what turns a coordinate into a place, where reflections begin, how far apart they are, and
the last place. Points are taken in blocks: first their places and the weights of the neighbours along each
axis, in loops that vectorise; then the corners, which are all products; then the channels. A neighbour
outside of the image is -1 and is never read. Places that are no numbers are at an end if the image is
padded (the first of two axes, the last of three, as in PyTorch), and outside otherwise, where those of two
axes give NaN.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.kernels.compiling import kernel

BLOCK = 128
"""Points of a block."""
PARTS, SLOPES, PLACE, STEEPNESS, WEIGHTS = 0, 12, 24, 25, 26
"""Rows of floats: of the neighbours of each axis, of the axis at hand, of the corners."""
CHANGES, DOTS, ROOM, FLOATS = 42, 90, 106, 108
"""Further rows: slopes of the corners' weights for each axis, products with the gradient; how many rows."""
INDICES, CORNERS, LEAST, INTEGERS = 0, 12, 28, 29
"""Rows of integers: of the neighbours of each axis, of the corners; how many rows."""
_EXACT: frozenset[str] = frozenset()
"""Places are computed as they are written: rounding decides which element is nearest."""


@kernel(_EXACT)
def _axis(x: Any, scale: Any, corners: bool, place: Any, slope: Any) -> None:
    """The places of coordinates along an axis, and their slopes."""
    kind = place.dtype.type
    one, two, factor = kind(1), kind(2), scale[0]
    if corners:
        for i in range(place.size):
            place[i], slope[i] = (x[i] + one) * factor, factor
    else:
        for i in range(place.size):
            place[i], slope[i] = ((x[i] + one) * factor - one) / two, factor / two


@kernel(_EXACT)
def _reflected(place: Any, slope: Any, low: Any, span: Any) -> None:
    """Reflect places at both ends until they are inside."""
    kind = place.dtype.type
    zero, one, half, two = kind(0), kind(1), kind(0.5), kind(2)
    for i in range(place.size):
        away = place[i] - low
        distance = abs(away)
        flips = np.floor(distance / span)
        part = distance - flips * span
        odd = flips - np.floor(flips * half) * two
        place[i] = (span - part if odd > zero else part) + low
        slope[i] *= (one - two * odd) * (-one if away < zero else one)


@kernel(_EXACT)
def _clipped(place: Any, slope: Any, last: Any, axes: int) -> None:
    """Move places to the ends, where they do not change any more."""
    zero = place.dtype.type(0)
    for i in range(place.size):
        slope[i] = slope[i] if (place[i] > zero) & (place[i] < last) else zero
    if axes == 2:
        for i in range(place.size):
            here = place[i]
            here = here if here > zero else zero  # NaN, too
            place[i] = last if here >= last else here
    else:
        for i in range(place.size):
            here = place[i]
            here = here if here < last else last
            place[i] = zero if here <= zero else here


@kernel(_EXACT)
def _outside(place: Any) -> None:
    """Move places that are no numbers out of the image."""
    far, none = place.dtype.type(1e30), place.dtype.type(-100)
    for i in range(place.size):
        place[i] = place[i] if abs(place[i]) < far else none


@kernel(_EXACT)
def _pad(place: Any, slope: Any, scale: Any, padding: int, axes: int) -> None:
    zero = place.dtype.type(0)
    if padding == 2:
        if scale[2] == zero:
            for i in range(place.size):
                place[i], slope[i] = zero * place[i], zero
        else:
            _reflected(place, slope, scale[1], scale[2])
    if padding:
        _clipped(place, slope, scale[3], axes)
    elif axes == 3:
        _outside(place)


@kernel(_EXACT)
def _indices(place: Any, last: Any, index: Any) -> None:
    """The indices of whole places, -1 outside of the image."""
    zero, none = place.dtype.type(0), place.dtype.type(-1)
    for i in range(index.size):
        here = place[i]
        index[i] = np.int32(here if (here >= zero) & (here <= last) else none)


@kernel(_EXACT)
def _floors(place: Any, part: Any) -> None:
    """The whole places below, and how far above them places are."""
    for i in range(place.size):
        low = np.floor(place[i])
        part[i] = place[i] - low
        place[i] = low


@kernel(_EXACT)
def _move(place: Any, step: Any) -> None:
    for i in range(place.size):
        place[i] += step


@kernel(_EXACT)
def _complement(part: Any, rest: Any) -> None:
    one = part.dtype.type(1)
    for i in range(part.size):
        rest[i] = one - part[i]


@kernel(_EXACT)
def _negative(slope: Any, out: Any) -> None:
    for i in range(out.size):
        out[i] = -slope[i]


@kernel(_EXACT)
def _copy(source: Any, out: Any) -> None:
    for i in range(out.size):
        out[i] = source[i]


@kernel(_EXACT)
def _cubic(above: Any, slope: Any, k: int, part: Any, change: Any) -> None:
    """The weights of the neighbour ``k - 1`` beside the one below."""
    kind = above.dtype.type
    free, one, two, three, four = kind(-0.75), kind(1), kind(2), kind(3), kind(4)
    five, eight, step, sign = kind(5), kind(8), kind(k - 1), kind(1 if k < 2 else -1)
    if 1 <= k <= 2:
        for i in range(part.size):
            x = (above[i] - step) * sign
            part[i] = ((free + two) * x - (free + three)) * x * x + one
            change[i] = (three * (free + two) * x - two * (free + three)) * x * slope[i] * sign
    else:
        for i in range(part.size):
            x = (above[i] - step) * sign
            part[i] = (((x - five) * x + eight) * x - four) * free
            change[i] = ((three * x - two * five) * x + eight) * free * slope[i] * sign


@kernel(_EXACT)
def _neighbours(
    x: Any, scale: Any, options: Any, axes: int, axis: int, floats: Any, integers: Any
) -> None:
    """The neighbours of coordinates along an axis: rows of indices, weights and their slopes."""
    mode, padding, corners = options
    size, last = x.size, scale[3]
    place, slope = floats[PLACE, :size], floats[STEEPNESS, :size]
    kind = place.dtype.type
    index, part, change = INDICES + 4 * axis, PARTS + 4 * axis, SLOPES + 4 * axis
    _axis(x, scale, corners, place, slope)
    if mode != 2:
        _pad(place, slope, scale, padding, axes)
    if mode == 0:
        _floors(place, floats[part + 1, :size])
        _complement(floats[part + 1, :size], floats[part, :size])
        _copy(slope, floats[change + 1, :size])
        _negative(slope, floats[change, :size])
        _indices(place, last, integers[index, :size])
        _move(place, kind(1))
        _indices(place, last, integers[index + 1, :size])
    elif mode == 1:
        for i in range(size):
            place[i] = np.rint(place[i])
        floats[part, :size] = kind(1)
        floats[change, :size] = kind(0)
        _indices(place, last, integers[index, :size])
    else:
        part_above, moved = floats[ROOM, :size], floats[ROOM + 1, :size]
        _floors(place, part_above)
        for k in range(4):
            _cubic(part_above, slope, k, floats[part + k, :size], floats[change + k, :size])
        _move(place, kind(-1))
        # each neighbour is looked up as if it were a place of its own; `slope` is not needed any more
        for k in range(4):
            _copy(place, moved)
            _pad(moved, slope, scale, padding, axes)
            _indices(moved, last, integers[index + k, :size])
            _move(place, kind(1))


@kernel()
def _corner(first: Any, second: Any, size: int, index: Any) -> None:
    """The indices of corners, of those in the first axes and in the next."""
    for i in range(index.size):
        inside = (first[i] >= 0) & (second[i] >= 0)
        index[i] = first[i] * size + second[i] if inside else -1


@kernel()
def _product(a: Any, b: Any, out: Any) -> None:
    for i in range(out.size):
        out[i] = a[i] * b[i]


@kernel()
def _block(
    at: Any, sizes: Any, scales: Any, options: Any, changes: bool, floats: Any, integers: Any
) -> int:
    """The corners around places: how many; their indices and weights are rows of the room.

    So are the slopes of the weights along each axis, if `changes`.
    """
    axes, n = sizes.size, at.shape[0]
    for a in range(axes):
        _neighbours(at[:, axes - 1 - a], scales[a], options, axes, a, floats, integers)
    each = 1 if options[0] == 1 else 2 if options[0] == 0 else 4
    count = 0
    for i in range(each):
        for j in range(each):
            first, second = floats[PARTS + i, :n], floats[PARTS + 4 + j, :n]
            _corner(
                *(integers[INDICES + i, :n], integers[INDICES + 4 + j, :n], sizes[1]),
                integers[CORNERS + count, :n],
            )
            _product(first, second, floats[WEIGHTS + count, :n])
            if changes:
                _product(floats[SLOPES + i, :n], second, floats[CHANGES + count, :n])
                _product(first, floats[SLOPES + 4 + j, :n], floats[CHANGES + 16 + count, :n])
            count += 1
    if axes == 2:
        return count
    # from the last corner on, so that none is overwritten before it was used
    for c in range(count - 1, -1, -1):
        for k in range(each - 1, -1, -1):
            made, third = c * each + k, floats[PARTS + 8 + k, :n]
            weight = floats[WEIGHTS + c, :n]
            if changes:
                _product(weight, floats[SLOPES + 8 + k, :n], floats[CHANGES + 32 + made, :n])
                for a in range(2):
                    change = CHANGES + 16 * a
                    _product(floats[change + c, :n], third, floats[change + made, :n])
            _corner(
                *(integers[CORNERS + c, :n], integers[INDICES + 8 + k, :n], sizes[2]),
                integers[CORNERS + made, :n],
            )
            _product(weight, third, floats[WEIGHTS + made, :n])
    return count * each


@kernel()
def _least(index: Any, out: Any) -> None:
    for i in range(out.size):
        out[i] = min(out[i], index[i])


@kernel()
def _mix(plane: Any, count: int, index: Any, weight: Any, out: Any) -> None:
    """``out[i]``: the sum of the corners of point i."""
    zero = out.dtype.type(0)
    for i in range(out.size):
        total = zero
        for k in range(count):
            place = index[k, i]
            total += (plane[np.uintp(place)] if place >= 0 else zero) * weight[k, i]
        out[i] = total


@kernel()
def _mix_channels(
    planes: Any, count: int, index: Any, weight: Any, least: Any, out: Any, low: int
) -> None:
    """`_mix` of four channels; least: the lowest index of each point."""
    zero = out.dtype.type(0)
    a, b, c, d = planes[0], planes[1], planes[2], planes[3]
    of_a, of_b, of_c, of_d = out[0, low:], out[1, low:], out[2, low:], out[3, low:]
    for i in range(least.size):
        in_a = in_b = in_c = in_d = zero
        if least[i] >= 0:
            for k in range(count):
                place, share = np.uintp(index[k, i]), weight[k, i]
                in_a += a[place] * share
                in_b += b[place] * share
                in_c += c[place] * share
                in_d += d[place] * share
        else:
            for k in range(count):
                share = weight[k, i]
                if index[k, i] >= 0:
                    place = np.uintp(index[k, i])
                    in_a += a[place] * share
                    in_b += b[place] * share
                    in_c += c[place] * share
                    in_d += d[place] * share
                else:
                    share *= zero  # NaN stays
                    in_a += share
                    in_b += share
                    in_c += share
                    in_d += share
        of_a[i], of_b[i], of_c[i], of_d[i] = in_a, in_b, in_c, in_d


@kernel()
def grid_sample(
    image: Any,
    grid: Any,
    sizes: Any,
    scales: Any,
    options: Any,
    floats: Any,
    integers: Any,
    out: Any,
) -> None:
    """``out[n, c, p]``: the image of channel c at the place ``grid[n, p]``.

    options: mode, padding, whether corners are aligned; floats, integers: room, rows of BLOCK.
    """
    points = out.shape[2]
    for n in range(out.shape[0]):
        for low in range(0, points, BLOCK):
            here = min(BLOCK, points - low)
            count = _block(
                grid[n, low : low + here], sizes, scales, options, False, floats, integers
            )
            index, weight = integers[CORNERS:], floats[WEIGHTS:]
            least = integers[LEAST, :here]
            least[:] = 0
            for k in range(count):
                _least(index[k, :here], least)
            fours = out.shape[1] // 4 * 4
            for c in range(0, fours, 4):
                _mix_channels(
                    *(image[n, c : c + 4], count, index, weight, least, out[n, c : c + 4], low)
                )
            for c in range(fours, out.shape[1]):
                _mix(image[n, c], count, index, weight, out[n, c, low : low + here])


@kernel()
def _add_to_image(given: Any, count: int, index: Any, weight: Any, plane: Any) -> None:
    """Add what each point gives to its corners."""
    for i in range(given.size):
        for k in range(count):
            place = index[k, i]
            if place >= 0:
                plane[np.uintp(place)] += given[i] * weight[k, i]


@kernel()
def _add_products(given: Any, index: Any, plane: Any, dots: Any) -> None:
    """Add the products of the gradient and the corners."""
    for i in range(given.size):
        place = index[i]
        if place >= 0:
            dots[i] += given[i] * plane[np.uintp(place)]


@kernel()
def _add(a: Any, b: Any, out: Any) -> None:
    for i in range(a.size):
        out[i] += a[i] * b[i]


@kernel()
def grid_sample_backward(
    grad: Any,
    image: Any,
    grid: Any,
    sizes: Any,
    scales: Any,
    options: Any,
    floats: Any,
    integers: Any,
    of_image: Any,
    of_grid: Any,
) -> None:
    """Both gradients, added to zeros; grad: ``(N, C, P)``. One that has no elements is not wanted."""
    points, axes = grad.shape[2], sizes.size
    for n in range(grad.shape[0]):
        for low in range(0, points, BLOCK):
            here = min(BLOCK, points - low)
            at = grid[n, low : low + here]
            count = _block(at, sizes, scales, options, of_grid.size > 0, floats, integers)
            index, weight = integers[CORNERS:], floats[WEIGHTS:]
            if of_image.size:
                for c in range(grad.shape[1]):
                    given = grad[n, c, low : low + here]
                    _add_to_image(given, count, index, weight, of_image[n, c])
            if of_grid.size:
                for k in range(count):
                    dots = floats[DOTS + k, :here]
                    dots[:] = grad.dtype.type(0)
                    for c in range(grad.shape[1]):
                        given = grad[n, c, low : low + here]
                        _add_products(given, index[k, :here], image[n, c], dots)
                    for a in range(axes):
                        made = of_grid[n, low : low + here, axes - 1 - a]
                        _add(dots, floats[CHANGES + 16 * a + k, :here], made)


GRIDS = {"grid_sample": grid_sample, "grid_sample_backward": grid_sample_backward}
