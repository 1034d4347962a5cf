"""Layers: pooling of every kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from shapetorch.dim import Shape
from shapetorch.rules.adaptive_pooling import adaptive_pool, fractional_pool
from shapetorch.rules.layers_convolution import argument_error
from shapetorch.rules.pooling import pool, unpool, with_indices
from shapetorch.rules.registry import OptionalSizes, PerAxis, Result, Sizes, frozen, layer


@frozen
class _MaxPool:
    """The largest element of each window of `axes` axes."""

    axes: ClassVar[int]

    kernel_size: PerAxis
    stride: PerAxis | None = None
    padding: PerAxis = 0
    dilation: PerAxis = 1
    return_indices: bool = False
    ceil_mode: bool = False

    def forward(self, input: Shape) -> Result:
        """``(N, C, *sizes)`` or ``(C, *sizes)`` with one element for each window."""
        found = pool(
            type(self).__name__,
            self.axes,
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            self.dilation,
            self.ceil_mode,
        )
        return with_indices(found, self.return_indices)


@frozen
class _AvgPool:
    """The mean of each window of `axes` axes."""

    axes: ClassVar[int]

    kernel_size: PerAxis
    stride: PerAxis | None = None
    padding: PerAxis = 0
    ceil_mode: bool = False
    count_include_pad: object = True
    divisor_override: object = None

    def forward(self, input: Shape) -> Shape:
        """``(N, C, *sizes)`` or ``(C, *sizes)`` with one element for each window."""
        return pool(
            type(self).__name__,
            self.axes,
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            ceil_mode=self.ceil_mode,
            inside=self.axes == 3,
        )


@frozen
class _LPPool:
    """The power mean of each window of `axes` axes."""

    axes: ClassVar[int]

    norm_type: object
    kernel_size: PerAxis
    stride: PerAxis | None = None
    ceil_mode: bool = False

    def forward(self, input: Shape) -> Shape:
        """``(N, C, *sizes)`` or ``(C, *sizes)`` with one element for each window."""
        return pool(
            type(self).__name__,
            self.axes,
            input,
            self.kernel_size,
            self.stride,
            ceil_mode=self.ceil_mode,
            inside=self.axes == 3,
        )


@frozen
class _MaxUnpool:
    """The inverse of max pooling over `axes` axes."""

    axes: ClassVar[int]

    kernel_size: PerAxis
    stride: PerAxis | None = None
    padding: PerAxis = 0

    def forward(self, input: Shape, indices: Shape, output_size: Sizes | None = None) -> Shape:
        """The shape before pooling; `output_size` chooses among those that fit."""
        return unpool(
            type(self).__name__,
            self.axes,
            input,
            indices,
            self.kernel_size,
            self.stride,
            self.padding,
            output_size,
        )


@frozen
class _AdaptiveAvgPool:
    """Means of `axes` axes, to a size that is given; None keeps a size."""

    axes: ClassVar[int]

    output_size: PerAxis | OptionalSizes | None

    def forward(self, input: Shape) -> Shape:
        """``(N, C, *output_size)`` or ``(C, *output_size)``."""
        return adaptive_pool(type(self).__name__, self.axes, input, self.output_size, mean=True)


@frozen
class _AdaptiveMaxPool:
    """Maxima of `axes` axes, to a size that is given; None keeps a size."""

    axes: ClassVar[int]

    output_size: PerAxis | OptionalSizes | None
    return_indices: bool = False

    def forward(self, input: Shape) -> Result:
        """``(N, C, *output_size)`` or ``(C, *output_size)``."""
        name = type(self).__name__
        found = adaptive_pool(name, self.axes, input, self.output_size, mean=False)
        return with_indices(found, self.return_indices)


@frozen
class _FractionalMaxPool:
    """Maxima of windows of random steps over `axes` axes."""

    axes: ClassVar[int]

    kernel_size: PerAxis
    output_size: PerAxis | None = None
    output_ratio: float | Sequence[float] | None = None
    return_indices: bool = False
    _random_samples: object = None

    def __post_init__(self) -> None:
        given = [self.output_size is not None, self.output_ratio is not None]
        if sum(given) != 1:
            value = "both" if all(given) else "neither"
            wanted = "given, and output_ratio not, or the other way round"
            raise argument_error(type(self).__name__, "output_size", value, wanted)

    def forward(self, input: Shape) -> Result:
        """``(N, C, *output_size)`` or ``(C, *output_size)``."""
        ratio = self.output_ratio
        ratios = (ratio,) * self.axes if isinstance(ratio, (int, float)) else ratio
        name = type(self).__name__
        found = fractional_pool(name, self.axes, input, self.kernel_size, self.output_size, ratios)
        return with_indices(found, self.return_indices)


@layer("MaxPool1d")
class MaxPool1d(_MaxPool):
    """``(N, C, L)`` or ``(C, L)``."""

    axes = 1


@layer("MaxPool2d")
class MaxPool2d(_MaxPool):
    """``(N, C, H, W)`` or ``(C, H, W)``."""

    axes = 2


@layer("MaxPool3d")
class MaxPool3d(_MaxPool):
    """``(N, C, D, H, W)`` or ``(C, D, H, W)``."""

    axes = 3


@layer("AvgPool1d")
class AvgPool1d(_AvgPool):
    """``(N, C, L)`` or ``(C, L)``."""

    axes = 1


@layer("AvgPool2d")
class AvgPool2d(_AvgPool):
    """``(N, C, H, W)`` or ``(C, H, W)``."""

    axes = 2


@layer("AvgPool3d")
class AvgPool3d(_AvgPool):
    """``(N, C, D, H, W)`` or ``(C, D, H, W)``."""

    axes = 3


@layer("LPPool1d")
class LPPool1d(_LPPool):
    """``(N, C, L)`` or ``(C, L)``."""

    axes = 1


@layer("LPPool2d")
class LPPool2d(_LPPool):
    """``(N, C, H, W)`` or ``(C, H, W)``."""

    axes = 2


@layer("LPPool3d")
class LPPool3d(_LPPool):
    """``(N, C, D, H, W)`` or ``(C, D, H, W)``."""

    axes = 3


@layer("MaxUnpool1d")
class MaxUnpool1d(_MaxUnpool):
    """``(N, C, L)`` or ``(C, L)``."""

    axes = 1


@layer("MaxUnpool2d")
class MaxUnpool2d(_MaxUnpool):
    """``(N, C, H, W)`` or ``(C, H, W)``."""

    axes = 2


@layer("MaxUnpool3d")
class MaxUnpool3d(_MaxUnpool):
    """``(N, C, D, H, W)`` or ``(C, D, H, W)``."""

    axes = 3


@layer("AdaptiveAvgPool1d")
class AdaptiveAvgPool1d(_AdaptiveAvgPool):
    """``(N, C, L)`` or ``(C, L)``."""

    axes = 1


@layer("AdaptiveAvgPool2d")
class AdaptiveAvgPool2d(_AdaptiveAvgPool):
    """``(N, C, H, W)`` or ``(C, H, W)``."""

    axes = 2


@layer("AdaptiveAvgPool3d")
class AdaptiveAvgPool3d(_AdaptiveAvgPool):
    """``(N, C, D, H, W)`` or ``(C, D, H, W)``."""

    axes = 3


@layer("AdaptiveMaxPool1d")
class AdaptiveMaxPool1d(_AdaptiveMaxPool):
    """``(N, C, L)`` or ``(C, L)``."""

    axes = 1


@layer("AdaptiveMaxPool2d")
class AdaptiveMaxPool2d(_AdaptiveMaxPool):
    """``(N, C, H, W)`` or ``(C, H, W)``."""

    axes = 2


@layer("AdaptiveMaxPool3d")
class AdaptiveMaxPool3d(_AdaptiveMaxPool):
    """``(N, C, D, H, W)`` or ``(C, D, H, W)``."""

    axes = 3


@layer("FractionalMaxPool2d")
class FractionalMaxPool2d(_FractionalMaxPool):
    """``(N, C, H, W)`` or ``(C, H, W)``."""

    axes = 2


@layer("FractionalMaxPool3d")
class FractionalMaxPool3d(_FractionalMaxPool):
    """``(N, C, D, H, W)`` or ``(C, D, H, W)``."""

    axes = 3
