"""Layers: padding, resampling, and moving elements between channels and space."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from shapetorch.dim import Dim, Shape, Size, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.registry import IfKnown, PerAxis, frozen, layer
from shapetorch.rules.resizing import (
    pad_axes,
    resample,
    shuffle_channels,
    shuffle_pixels,
    unshuffle_pixels,
)


def _pad(padding: PerAxis, axes: int) -> Shape:
    """One number as twice as many as there are axes."""
    return (padding,) * (2 * axes) if isinstance(padding, (int, Dim)) else tuple(padding)


@frozen
class _Pad:
    """Padding of the last `axes` axes: one number, or two for each, the last axis first."""

    axes: ClassVar[int]
    mode: ClassVar[str]

    padding: PerAxis

    def forward(self, input: Shape) -> Shape:
        """`input` with larger last sizes."""
        name = type(self).__name__
        if self.mode == "circular" and len(input) not in (self.axes + 1, self.axes + 2):
            raise ShapeError(
                ErrorKind.layer_error_rank,
                (f"{self.axes + 1} or {self.axes + 2}", len(input), input),
                f"{name}: input must have {self.axes + 1} or {self.axes + 2} dimensions, "
                f"got {len(input)} from {render_shape(input)}",
            )
        return pad_axes(name, input, _pad(self.padding, self.axes), self.mode)


@frozen
class _ConstantPad:
    """Padding of the last `axes` axes with a number."""

    axes: ClassVar[int]

    padding: PerAxis
    value: object

    def forward(self, input: Shape) -> Shape:
        """`input` with larger last sizes."""
        return pad_axes(type(self).__name__, input, _pad(self.padding, self.axes), "constant")


@layer("ZeroPad1d")
class ZeroPad1d(_Pad):
    """Padding of 1 axis, mode ``constant``."""

    axes = 1
    mode = "constant"


@layer("ZeroPad2d")
class ZeroPad2d(_Pad):
    """Padding of 2 axes, mode ``constant``."""

    axes = 2
    mode = "constant"


@layer("ZeroPad3d")
class ZeroPad3d(_Pad):
    """Padding of 3 axes, mode ``constant``."""

    axes = 3
    mode = "constant"


@layer("ReflectionPad1d")
class ReflectionPad1d(_Pad):
    """Padding of 1 axis, mode ``reflect``."""

    axes = 1
    mode = "reflect"


@layer("ReflectionPad2d")
class ReflectionPad2d(_Pad):
    """Padding of 2 axes, mode ``reflect``."""

    axes = 2
    mode = "reflect"


@layer("ReflectionPad3d")
class ReflectionPad3d(_Pad):
    """Padding of 3 axes, mode ``reflect``."""

    axes = 3
    mode = "reflect"


@layer("ReplicationPad1d")
class ReplicationPad1d(_Pad):
    """Padding of 1 axis, mode ``replicate``."""

    axes = 1
    mode = "replicate"


@layer("ReplicationPad2d")
class ReplicationPad2d(_Pad):
    """Padding of 2 axes, mode ``replicate``."""

    axes = 2
    mode = "replicate"


@layer("ReplicationPad3d")
class ReplicationPad3d(_Pad):
    """Padding of 3 axes, mode ``replicate``."""

    axes = 3
    mode = "replicate"


@layer("CircularPad1d")
class CircularPad1d(_Pad):
    """Padding of 1 axis, mode ``circular``."""

    axes = 1
    mode = "circular"


@layer("CircularPad2d")
class CircularPad2d(_Pad):
    """Padding of 2 axes, mode ``circular``."""

    axes = 2
    mode = "circular"


@layer("CircularPad3d")
class CircularPad3d(_Pad):
    """Padding of 3 axes, mode ``circular``."""

    axes = 3
    mode = "circular"


@layer("ConstantPad1d")
class ConstantPad1d(_ConstantPad):
    """Padding of 1 axis with a number."""

    axes = 1


@layer("ConstantPad2d")
class ConstantPad2d(_ConstantPad):
    """Padding of 2 axes with a number."""

    axes = 2


@layer("ConstantPad3d")
class ConstantPad3d(_ConstantPad):
    """Padding of 3 axes with a number."""

    axes = 3


@layer("Upsample")
@frozen
class Upsample:
    """Resampling; see `rules.resizing.interpolate_shape`."""

    size: PerAxis | None = None
    scale_factor: PerAxis | float | Sequence[float] | None = None
    mode: IfKnown = "nearest"
    align_corners: object = None
    recompute_scale_factor: object = None

    def forward(self, input: Shape) -> Shape:
        """``(N, C, *sizes)`` with other sizes."""
        return resample("Upsample", input, self.size, self.scale_factor, self.mode)


@layer("UpsamplingNearest2d")
@frozen
class UpsamplingNearest2d:
    """Resampling in mode ``nearest``."""

    size: PerAxis | None = None
    scale_factor: PerAxis | float | Sequence[float] | None = None

    def forward(self, input: Shape) -> Shape:
        """``(N, C, H, W)`` with other sizes."""
        return resample("UpsamplingNearest2d", input, self.size, self.scale_factor, "nearest")


@layer("UpsamplingBilinear2d")
@frozen
class UpsamplingBilinear2d:
    """Resampling in mode ``bilinear``."""

    size: PerAxis | None = None
    scale_factor: PerAxis | float | Sequence[float] | None = None

    def forward(self, input: Shape) -> Shape:
        """``(N, C, H, W)`` with other sizes."""
        return resample("UpsamplingBilinear2d", input, self.size, self.scale_factor, "bilinear")


@layer("PixelShuffle")
@frozen
class PixelShuffle:
    """``(*, C*r*r, H, W)`` to ``(*, C, H*r, W*r)``."""

    upscale_factor: Size

    def forward(self, input: Shape) -> Shape:
        """Fewer channels, larger sizes."""
        return shuffle_pixels("PixelShuffle", input, self.upscale_factor)


@layer("PixelUnshuffle")
@frozen
class PixelUnshuffle:
    """``(*, C, H*r, W*r)`` to ``(*, C*r*r, H, W)``."""

    downscale_factor: Size

    def forward(self, input: Shape) -> Shape:
        """More channels, smaller sizes."""
        return unshuffle_pixels("PixelUnshuffle", input, self.downscale_factor)


@layer("ChannelShuffle")
@frozen
class ChannelShuffle:
    """The channels of several groups mixed; the shape stays."""

    groups: Size

    def forward(self, input: Shape) -> Shape:
        """The shape of `input`."""
        return shuffle_channels("ChannelShuffle", input, self.groups)
