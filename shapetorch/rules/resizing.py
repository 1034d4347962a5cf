"""Padding, interpolation, and moving elements between channels and space."""

from __future__ import annotations

from collections.abc import Sequence

from shapetorch.dim import Dim, Shape, Size, Truth, at_most, check_equal, render_shape
from shapetorch.dim import modulo as remainder
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.adaptive_pooling import scaled
from shapetorch.rules.kernel_windows import require_at_least, require_some, value_error
from shapetorch.rules.linear import rank_error
from shapetorch.rules.registry import IfKnown, PerAxis, Sizes, rule


@rule("pad", functions=("nn.functional.pad",), dtype="same")
def pad_shape(input: Shape, pad: Sizes, mode: IfKnown = "constant", value: object = None) -> Shape:
    """Shape after padding, or cropping where the padding is negative.

    Args:
        input: Any shape.
        pad: Two numbers, before and after, for the last axis, then for the one before, …
        mode: ``constant`` (any axes), ``reflect``, ``replicate``, ``circular`` (all but the batch
            and channels, or all but the channels).
        value: What a constant padding is filled with.

    Raises:
        ShapeError: padding_error_length, padding_error_too_large, argument_error_value.
    """
    return pad_axes("pad", input, tuple(pad), mode)


def pad_axes(operation: str, input: Shape, pad: Shape, mode: IfKnown) -> Shape:
    """The rule of pad under another name; an unknown mode is taken for the least strict one."""
    mode = "constant" if mode is ... else mode
    if mode not in ("constant", "reflect", "replicate", "circular"):
        raise value_error(operation, "mode", mode, "constant, reflect, replicate or circular")
    count, odd = divmod(len(pad), 2)
    if odd or count > len(input):
        raise _length_error(operation, input, pad, f"an even number, at most {2 * len(input)}")
    if mode != "constant" and not (1 <= count <= 3 and len(input) - count in (1, 2)):
        fitting = [2 * axes for axes in (1, 2, 3) if len(input) - axes in (1, 2)]
        wanted = " or ".join(map(str, fitting)) or "2, 4 or 6, and fit the rank"
        raise _length_error(operation, input, pad, wanted)
    if mode in ("reflect", "replicate"):
        checked = input[-count - 1 :]
        require_some(operation, checked, input, ErrorKind.padding_error_empty)
    result = list(input)
    for number in range(count):
        before, after = pad[2 * number], pad[2 * number + 1]
        size = input[-1 - number]
        _check_limits(operation, input, size, before, after, mode)
        result[-1 - number] = size + before + after
    if mode in ("reflect", "replicate") and all(
        at_most(1, size) is Truth.NO for size in result[-count:]
    ):  # some axes may be cropped to nothing, not all
        raise _limit_error(operation, input, pad[0] + pad[1], f"at least {1 - input[-1]} in all")
    return tuple(result)


def _length_error(operation: str, input: Shape, pad: Shape, wanted: str) -> ShapeError:
    return ShapeError(
        ErrorKind.padding_error_length,
        (pad, input),
        f"{operation}: length of padding must be {wanted}, "
        f"got {len(pad)} from {render_shape(pad)} for {render_shape(input)}",
    )


def _check_limits(
    operation: str, input: Shape, size: Size, before: Size, after: Size, mode: str
) -> None:
    """Raise padding_error_too_large where elements would be missing."""
    most = {"reflect": size - 1, "circular": size}.get(mode)
    for side in (before, after):
        if most is not None and at_most(side, most) is Truth.NO:
            raise _limit_error(operation, input, side, f"at most {most}")
        if mode == "constant" and at_most(-side, size) is Truth.NO:
            raise _limit_error(operation, input, side, f"at least {-size}")
    if at_most(0, size + before + after) is Truth.NO:
        raise _limit_error(operation, input, before + after, f"at least {-size} in all")


def _limit_error(operation: str, input: Shape, side: Size, wanted: str) -> ShapeError:
    return ShapeError(
        ErrorKind.padding_error_too_large,
        (side, input),
        f"{operation}: padding must be {wanted}, got {side} for {render_shape(input)}",
    )


MODES = {
    "nearest": (3, 4, 5),
    "nearest-exact": (3, 4, 5),
    "area": (3, 4, 5),
    "linear": (3,),
    "bilinear": (4,),
    "bicubic": (4,),
    "lanczos": (4,),
    "trilinear": (5,),
}


@rule("interpolate", functions=("nn.functional.interpolate",), dtype="same")
def interpolate_shape(
    input: Shape,
    size: PerAxis | None = None,
    scale_factor: PerAxis | float | Sequence[float] | None = None,
    mode: IfKnown = "nearest",
    align_corners: object = None,
    recompute_scale_factor: object = None,
    antialias: object = False,
) -> Shape:
    """Shape after resampling the axes behind batch and channels.

    Args:
        input: ``(N, C, *sizes)``, with 1 to 3 sizes.
        size: The new sizes, one for all or one each.
        scale_factor: What the sizes are multiplied with, rounded down; instead of `size`.
        mode: Which ranks are allowed depends on it: ``linear`` 3, ``bilinear`` and ``bicubic`` 4,
            ``trilinear`` 5, ``nearest`` and ``area`` all of them.
        align_corners: Does not change the shape.
        recompute_scale_factor: Does not change the shape.
        antialias: Does not change the shape.

    Raises:
        ShapeError: interpolate_error_size, rank_error_mismatch, argument_error_value.
    """
    return resample("interpolate", input, size, scale_factor, mode)


def resample(
    operation: str,
    input: Shape,
    size: PerAxis | None,
    scale_factor: PerAxis | float | Sequence[float] | None,
    mode: IfKnown,
) -> Shape:
    """The rule of interpolate under another name."""
    ranks = (3, 4, 5) if mode is ... else MODES.get(mode)
    if ranks is None:
        raise value_error(operation, "mode", mode, "one of " + ", ".join(MODES))
    sizes = input[2:]
    if (size is None) == (scale_factor is None):
        raise ShapeError(
            ErrorKind.interpolate_error_size,
            (size, input),
            f"{operation}: either size or scale_factor must be given, got "
            f"{'neither' if size is None else 'both'} for {render_shape(input)}",
        )
    results: tuple[Size, ...]
    if size is not None:
        results = _each(operation, "size", size, input)
    else:
        assert scale_factor is not None, "size or scale_factor is given"
        factors = _each(operation, "scale_factor", scale_factor, input)
        results = tuple(
            old * factor if isinstance(factor, (int, Dim)) else scaled(old, factor)
            for old, factor in zip(sizes, factors, strict=True)
        )
    if len(input) not in ranks:
        raise rank_error(operation, f"input in mode {mode}", " or ".join(map(str, ranks)), input)
    if mode not in ("area", ...):
        require_at_least(operation, "size", results, 1)
    some = input[2:] if mode == "area" and len(input) < 5 else input[1:]  # as adaptive pools do
    require_some(operation, some, input, ErrorKind.padding_error_empty)
    return (*input[:2], *results)


def _each(operation: str, argument: str, value: object, input: Shape) -> tuple:  # type: ignore[type-arg]
    """`value` for each axis behind batch and channels."""
    count = max(len(input) - 2, 0)
    if not isinstance(value, (tuple, list)):
        return (value,) * count
    if len(value) != count:
        raise ShapeError(
            ErrorKind.interpolate_error_size,
            (tuple(value), input),
            f"{operation}: {argument} must have {count} numbers, got {len(value)} "
            f"for {render_shape(input)}",
        )
    return tuple(value)


@rule("upsample", functions=("nn.functional.upsample",), dtype="same")
def upsample_shape(
    input: Shape,
    size: PerAxis | None = None,
    scale_factor: PerAxis | float | Sequence[float] | None = None,
    mode: IfKnown = "nearest",
    align_corners: object = None,
) -> Shape:
    """The older name of interpolate."""
    return resample("upsample", input, size, scale_factor, mode)


@rule("upsample_nearest", functions=("nn.functional.upsample_nearest",), dtype="same")
def upsample_nearest_shape(
    input: Shape,
    size: PerAxis | None = None,
    scale_factor: PerAxis | float | Sequence[float] | None = None,
) -> Shape:
    """Interpolation in mode ``nearest``."""
    return resample("upsample_nearest", input, size, scale_factor, "nearest")


@rule("upsample_bilinear", functions=("nn.functional.upsample_bilinear",), dtype="same")
def upsample_bilinear_shape(
    input: Shape,
    size: PerAxis | None = None,
    scale_factor: PerAxis | float | Sequence[float] | None = None,
) -> Shape:
    """Interpolation in mode ``bilinear``."""
    return resample("upsample_bilinear", input, size, scale_factor, "bilinear")


@rule("pixel_shuffle", functions=("nn.functional.pixel_shuffle", "pixel_shuffle"), dtype="same")
def pixel_shuffle_shape(input: Shape, upscale_factor: Size) -> Shape:
    """``(*, C*r*r, H, W)`` as ``(*, C, H*r, W*r)``.

    Raises:
        ShapeError: rank_error_mismatch, pixel_shuffle_error_channels, argument_error_value.
    """
    return shuffle_pixels("pixel_shuffle", input, upscale_factor)


def shuffle_pixels(operation: str, input: Shape, factor: Size) -> Shape:
    """The rule of pixel_shuffle under another name."""
    if len(input) < 3:
        raise rank_error(operation, "input", "at least 3", input)
    require_at_least(operation, "upscale_factor", (factor,), 1)
    channels, height, width = input[-3:]
    _check_divisible(operation, channels, factor * factor, input)
    return (*input[:-3], channels // (factor * factor), height * factor, width * factor)


@rule(
    "pixel_unshuffle", functions=("nn.functional.pixel_unshuffle", "pixel_unshuffle"), dtype="same"
)
def pixel_unshuffle_shape(input: Shape, downscale_factor: Size) -> Shape:
    """``(*, C, H*r, W*r)`` as ``(*, C*r*r, H, W)``.

    Raises:
        ShapeError: rank_error_mismatch, pixel_shuffle_error_channels, argument_error_value.
    """
    return unshuffle_pixels("pixel_unshuffle", input, downscale_factor)


def unshuffle_pixels(operation: str, input: Shape, factor: Size) -> Shape:
    """The rule of pixel_unshuffle under another name."""
    if len(input) < 3:
        raise rank_error(operation, "input", "at least 3", input)
    require_at_least(operation, "downscale_factor", (factor,), 1)
    channels, height, width = input[-3:]
    _check_divisible(operation, height, factor, input)
    _check_divisible(operation, width, factor, input)
    if 0 in input:
        return input  # PyTorch hands an empty tensor back as it is
    return (*input[:-3], channels * factor * factor, height // factor, width // factor)


def _check_divisible(operation: str, size: Size, factor: Size, input: Shape) -> None:
    check_equal(
        remainder(size, factor),
        0,
        lambda: ShapeError(
            ErrorKind.pixel_shuffle_error_channels,
            (size, factor, input),
            f"{operation}: size must be divisible by {factor}, "
            f"got {size} from {render_shape(input)}",
        ),
    )


@rule(
    "channel_shuffle",
    functions=(
        *("nn.functional.channel_shuffle", "nn.functional.native_channel_shuffle"),
        *("channel_shuffle", "native_channel_shuffle"),
    ),
    dtype="same",
)
def channel_shuffle_shape(input: Shape, groups: Size) -> Shape:
    """The shape of `input`, ``(N, C, *)`` of rank 3 or more; the number of groups divides C.

    Raises:
        ShapeError: rank_error_mismatch, conv_error_groups, argument_error_value.
    """
    return shuffle_channels("channel_shuffle", input, groups)


def shuffle_channels(operation: str, input: Shape, groups: Size) -> Shape:
    """The rule of channel_shuffle under another name."""
    if len(input) < 3:
        raise rank_error(operation, "input", "at least 3", input)
    require_at_least(operation, "groups", (groups,), 1)
    check_equal(
        remainder(input[1], groups),
        0,
        lambda: ShapeError(
            ErrorKind.conv_error_groups,
            (groups, input[1]),
            f"{operation}: channels must be divisible by groups={groups}, "
            f"got {input[1]} from {render_shape(input)}",
        ),
    )
    return input


@rule("grid_sample", functions=("nn.functional.grid_sample",), dtype="same")
def grid_sample_shape(
    input: Shape,
    grid: Shape,
    mode: object = "bilinear",
    padding_mode: object = "zeros",
    align_corners: object = None,
) -> Shape:
    """``(N, C, H, W)`` at the places of ``(N, H_out, W_out, 2)``: ``(N, C, H_out, W_out)``.

    In space, ``(N, C, D, H, W)`` and ``(N, D_out, H_out, W_out, 3)``.

    Raises:
        ShapeError: grid_error_shape.
    """

    def error(what: str) -> ShapeError:
        return ShapeError(
            ErrorKind.grid_error_shape,
            (input, grid),
            f"grid_sample: {what}, got {render_shape(input)} and grid {render_shape(grid)}",
        )

    if len(input) not in (4, 5) or len(grid) != len(input):
        raise error("input and grid must both have 4 or 5 dimensions")
    check_equal(input[0], grid[0], lambda: error("batch sizes must be equal"))
    count = len(input) - 2
    check_equal(grid[-1], count, lambda: error(f"last dimension of grid must be {count}"))
    require_some("grid_sample", input[2:], input, ErrorKind.padding_error_empty)
    return (*input[:2], *grid[1:-1])


@rule("affine_grid", functions=("nn.functional.affine_grid",), dtype="same")
def affine_grid_shape(theta: Shape, size: Sizes, align_corners: object = None) -> Shape:
    """Places for `grid_sample`: ``(N, 2, 3)`` and ``(N, C, H, W)`` give ``(N, H, W, 2)``.

    In space, ``(N, 3, 4)`` and ``(N, C, D, H, W)`` give ``(N, D, H, W, 3)``.

    Raises:
        ShapeError: rank_error_mismatch, affine_error_shape, argument_error_value.
    """
    wanted = tuple(size)
    if len(wanted) not in (4, 5):
        raise value_error("affine_grid", "size", wanted, "4 or 5 numbers")
    count = len(wanted) - 2

    def error() -> ShapeError:
        return ShapeError(
            ErrorKind.affine_error_shape,
            (theta, wanted),
            f"affine_grid: theta must have shape [N, {count}, {count + 1}], "
            f"got {render_shape(theta)} for size {render_shape(wanted)}",
        )

    if len(theta) != 3:
        raise error()
    check_equal(theta[1], count, error)
    check_equal(theta[2], count + 1, error)
    if any(at_most(1, item) is Truth.NO for item in wanted):
        raise error()
    check_equal(
        theta[0],
        wanted[0],
        lambda: ShapeError(
            ErrorKind.batch_dimensions_do_not_match_error,
            (theta[:1], wanted[:1], theta, wanted),
            f"affine_grid: batch sizes must be equal, got {theta[0]} and {wanted[0]} "
            f"from {render_shape(theta)} and size {render_shape(wanted)}",
        ),
    )
    return (wanted[0], *wanted[2:], count)
