"""Layers: normalization."""

from __future__ import annotations

from typing import ClassVar

from shapetorch.dim import UNKNOWN_DIM, Dim, Shape, Size, product, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.layers_convolution import require_divisible
from shapetorch.rules.layers_linear import affine
from shapetorch.rules.matching import certain
from shapetorch.rules.normalization import (
    check_channels,
    check_group_values,
    check_normalized,
    check_single_value,
    normalize_groups,
    normalize_locally,
)
from shapetorch.rules.registry import IfKnown, PerAxis, frozen, layer


def _check_rank(operation: str, input: Shape, ranks: tuple[int, ...]) -> None:
    if ranks and len(input) not in ranks:
        expected = " or ".join(map(str, ranks))
        raise ShapeError(
            ErrorKind.norm_error_rank,
            (expected, len(input), input),
            f"{operation}: input must have {expected} dimensions, "
            f"got {len(input)} from {render_shape(input)}",
        )


def _statistics(num_features: Size, tracked: IfKnown) -> dict[str, Shape]:
    if tracked is False:
        return {}
    vector = (num_features,)
    return {"running_mean": vector, "running_var": vector, "num_batches_tracked": ()}


@frozen
class _BatchNorm:
    """Statistics over all axes but the channels."""

    ranks: ClassVar[tuple[int, ...]]

    num_features: Size
    eps: object = 1e-05
    momentum: object = 0.1
    affine: IfKnown = True
    track_running_stats: IfKnown = True
    bias: IfKnown = True

    def forward(self, input: Shape) -> Shape:
        """The shape of `input`, ``(N, num_features, *)``."""
        name = type(self).__name__
        _check_rank(name, input, self.ranks)
        if self.affine is False and self.track_running_stats is False:
            return input  # nothing is left that has num_features
        check_channels(name, self.num_features, input[1], input)
        return (input[0], certain(input[1], self.num_features), *input[2:])

    def parameters(self) -> dict[str, Shape]:
        """Weight, bias and running statistics, ``(num_features,)`` each."""
        vector = (self.num_features,)
        return {
            **affine(vector, vector, self.bias, self.affine),
            **_statistics(self.num_features, self.track_running_stats),
        }


@layer("BatchNorm1d")
class BatchNorm1d(_BatchNorm):
    """``(N, C)`` or ``(N, C, L)``."""

    ranks = (2, 3)


@layer("BatchNorm2d")
class BatchNorm2d(_BatchNorm):
    """``(N, C, H, W)``."""

    ranks = (4,)


@layer("BatchNorm3d")
class BatchNorm3d(_BatchNorm):
    """``(N, C, D, H, W)``."""

    ranks = (5,)


@layer("SyncBatchNorm")
@frozen
class SyncBatchNorm:
    """``(N, C, *)``."""

    num_features: Size
    eps: object = 1e-05
    momentum: object = 0.1
    affine: IfKnown = True
    track_running_stats: IfKnown = True
    process_group: object = None
    bias: IfKnown = True

    def forward(self, input: Shape) -> Shape:
        """The shape of `input`, ``(N, num_features, *)``."""
        if len(input) < 2:
            _check_rank("SyncBatchNorm", input, (2,))
        check_channels("SyncBatchNorm", self.num_features, input[1], input)
        return (input[0], certain(input[1], self.num_features), *input[2:])

    def parameters(self) -> dict[str, Shape]:
        """Weight, bias and running statistics, ``(num_features,)`` each."""
        vector = (self.num_features,)
        return {
            **affine(vector, vector, self.bias, self.affine),
            **_statistics(self.num_features, self.track_running_stats),
        }


@frozen
class _LazyNorm:
    """A layer whose num_features are the channels of the first input."""

    made: ClassVar[type[_BatchNorm] | type[_InstanceNorm]]

    eps: object = 1e-05
    momentum: object = 0.1
    affine: IfKnown = True
    track_running_stats: IfKnown = True
    bias: IfKnown = True

    def forward(self, input: Shape) -> Shape:
        """The shape of `input`, of which dim 1 is taken for the channels."""
        return self._layer(input[1] if len(input) > 1 else UNKNOWN_DIM).forward(input)

    def _layer(self, num_features: Size) -> _BatchNorm | _InstanceNorm:
        return self.made(
            num_features, self.eps, self.momentum, self.affine, self.track_running_stats, self.bias
        )

    def parameters(self) -> dict[str, Shape]:
        """As the layer it becomes, of unknown size."""
        return self._layer(UNKNOWN_DIM).parameters()


@layer("LazyBatchNorm1d")
class LazyBatchNorm1d(_LazyNorm):
    """`BatchNorm1d` without num_features."""

    made = BatchNorm1d


@layer("LazyBatchNorm2d")
class LazyBatchNorm2d(_LazyNorm):
    """`BatchNorm2d` without num_features."""

    made = BatchNorm2d


@layer("LazyBatchNorm3d")
class LazyBatchNorm3d(_LazyNorm):
    """`BatchNorm3d` without num_features."""

    made = BatchNorm3d


@frozen
class _InstanceNorm:
    """Statistics over the axes behind batch and channels."""

    axes: ClassVar[int]

    num_features: Size
    eps: object = 1e-05
    momentum: object = 0.1
    affine: IfKnown = False
    track_running_stats: IfKnown = False
    bias: IfKnown = True

    def forward(self, input: Shape) -> Shape:
        """The shape of `input`, ``(N, C, *)`` or ``(C, *)``; C only counts when it has parameters."""
        name = type(self).__name__
        _check_rank(name, input, (self.axes + 1, self.axes + 2))
        channels = input[-self.axes - 1]
        if self.affine is True:
            kind = ErrorKind.norm_error_feature_count
            check_channels(name, self.num_features, channels, input, kind)
        elif self.track_running_stats is True:
            check_channels(name, self.num_features, channels, input)
        if self.track_running_stats is False:
            check_single_value(name, product(input[-self.axes :]), input, "channel")
        return input

    def parameters(self) -> dict[str, Shape]:
        """Weight, bias and running statistics, ``(num_features,)`` each, where there are any."""
        vector = (self.num_features,)
        return {
            **affine(vector, vector, self.bias, self.affine),
            **_statistics(self.num_features, self.track_running_stats),
        }


@layer("InstanceNorm1d")
class InstanceNorm1d(_InstanceNorm):
    """``(N, C, L)`` or ``(C, L)``."""

    axes = 1


@layer("InstanceNorm2d")
class InstanceNorm2d(_InstanceNorm):
    """``(N, C, H, W)`` or ``(C, H, W)``."""

    axes = 2


@layer("InstanceNorm3d")
class InstanceNorm3d(_InstanceNorm):
    """``(N, C, D, H, W)`` or ``(C, D, H, W)``."""

    axes = 3


@layer("LazyInstanceNorm1d")
class LazyInstanceNorm1d(_LazyNorm):
    """`InstanceNorm1d` without num_features."""

    made = InstanceNorm1d


@layer("LazyInstanceNorm2d")
class LazyInstanceNorm2d(_LazyNorm):
    """`InstanceNorm2d` without num_features."""

    made = InstanceNorm2d


@layer("LazyInstanceNorm3d")
class LazyInstanceNorm3d(_LazyNorm):
    """`InstanceNorm3d` without num_features."""

    made = InstanceNorm3d


def _normalized(value: PerAxis) -> Shape:
    return (value,) if isinstance(value, (int, Dim)) else tuple(value)


@layer("LayerNorm")
@frozen
class LayerNorm:
    """Statistics over the last axes, which must be normalized_shape.

    Raises:
        ShapeError: norm_error_shape_mismatch.
    """

    normalized_shape: PerAxis
    eps: object = 1e-05
    elementwise_affine: IfKnown = True
    bias: IfKnown = True

    def forward(self, input: Shape) -> Shape:
        """The shape of `input`, ``(*, *normalized_shape)``."""
        return check_normalized("LayerNorm", _normalized(self.normalized_shape), input)

    def parameters(self) -> dict[str, Shape]:
        """Weight and bias of normalized_shape."""
        shape = _normalized(self.normalized_shape)
        return affine(shape, shape, self.bias, self.elementwise_affine)


@layer("RMSNorm")
@frozen
class RMSNorm:
    """Mean square over the last axes, which must be normalized_shape.

    Raises:
        ShapeError: norm_error_shape_mismatch.
    """

    normalized_shape: PerAxis
    eps: object = None
    elementwise_affine: IfKnown = True

    def forward(self, x: Shape) -> Shape:
        """The shape of `x`, ``(*, *normalized_shape)``."""
        return check_normalized("RMSNorm", _normalized(self.normalized_shape), x)

    def parameters(self) -> dict[str, Shape]:
        """Weight of normalized_shape."""
        shape = _normalized(self.normalized_shape)
        return affine(shape, shape, False, self.elementwise_affine)


@layer("GroupNorm")
@frozen
class GroupNorm:
    """Statistics over groups of channels.

    Raises:
        ShapeError: layer_error_not_divisible, norm_error_channel_mismatch, rank_error_mismatch.
    """

    num_groups: Size
    num_channels: Size
    eps: object = 1e-05
    affine: IfKnown = True
    bias: IfKnown = True

    def __post_init__(self) -> None:
        if self.num_groups != 0:
            require_divisible(
                "GroupNorm", "num_channels", self.num_channels, self.num_groups, "num_groups"
            )

    def forward(self, input: Shape) -> Shape:
        """The shape of `input`, ``(N, num_channels, *)``."""
        if self.affine is True and len(input) > 1:
            check_group_values("GroupNorm", input, self.num_groups)
            check_channels("GroupNorm", self.num_channels, input[1], input)
            input_groups = (input[0], self.num_channels, *input[2:])
            normalize_groups("GroupNorm", input_groups, self.num_groups)
            return (input[0], certain(input[1], self.num_channels), *input[2:])
        normalize_groups("GroupNorm", input, self.num_groups)
        return input

    def parameters(self) -> dict[str, Shape]:
        """Weight and bias, ``(num_channels,)`` each."""
        vector = (self.num_channels,)
        return affine(vector, vector, self.bias, self.affine)


@layer("CrossMapLRN2d")
@frozen
class CrossMapLRN2d:
    """Sums over neighbouring channels of ``(N, C, H, W)``."""

    size: object
    alpha: object = 0.0001
    beta: object = 0.75
    k: object = 1

    def forward(self, input: Shape) -> Shape:
        """The shape of `input`."""
        _check_rank("CrossMapLRN2d", input, (4,))
        return input


@layer("LocalResponseNorm")
@frozen
class LocalResponseNorm:
    """Sums over neighbouring channels."""

    size: object
    alpha: object = 0.0001
    beta: object = 0.75
    k: object = 1.0

    def forward(self, input: Shape) -> Shape:
        """The shape of `input`, ``(N, C, *)`` of rank 3 or more."""
        return normalize_locally("LocalResponseNorm", input)
