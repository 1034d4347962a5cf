"""Layers: convolutions, transposed convolutions, and their lazy forms; Fold and Unfold."""

from __future__ import annotations

from typing import ClassVar

from shapetorch.dim import UNKNOWN_DIM, Shape, Size, Truth, at_most, check_equal, render_shape
from shapetorch.dim import modulo as remainder
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.convolution import (
    convolve,
    convolve_transposed,
    fold_windows,
    unfold_windows,
)
from shapetorch.rules.kernel_windows import per_axis, split_batch
from shapetorch.rules.layers_linear import affine
from shapetorch.rules.registry import IfKnown, PerAxis, Sizes, frozen, layer
from shapetorch.rules.resizing import pad_axes

PADDING_MODES = ("reflect", "replicate", "circular")


def require_divisible(operation: str, argument: str, size: Size, divisor: Size, by: str) -> None:
    """Raise layer_error_not_divisible unless a constructor's `size` is a multiple of `divisor`."""
    check_equal(
        remainder(size, divisor),
        0,
        lambda: ShapeError(
            ErrorKind.layer_error_not_divisible,
            (argument, size, divisor),
            f"{operation}: {argument} must be divisible by {by}, got {size} and {divisor}",
        ),
    )


def argument_error(operation: str, argument: str, value: object, wanted: str) -> ShapeError:
    """The error of a constructor's argument."""
    shown = render_shape(value) if isinstance(value, (tuple, list)) else value
    return ShapeError(
        ErrorKind.layer_error_argument,
        (argument, value),
        f"{operation}: {argument} must be {wanted}, got {shown}",
    )


def check_group_count(operation: str, in_channels: Size, out_channels: Size, groups: Size) -> None:
    """Raise unless the groups divide both numbers of channels."""
    if at_most(1, groups) is Truth.NO:
        raise argument_error(operation, "groups", groups, "at least 1")
    if groups != 1:
        require_divisible(operation, "in_channels", in_channels, groups, "groups")
        require_divisible(operation, "out_channels", out_channels, groups, "groups")


def _check_padding_name(layer: _Convolution | _LazyConvolution, axes: int) -> None:
    """Raise layer_error_argument for an unknown name, and for ``same`` with a stride."""
    name = type(layer).__name__
    if isinstance(layer.padding_mode, str) and layer.padding_mode not in (*PADDING_MODES, "zeros"):
        wanted = "zeros, reflect, replicate or circular"
        raise argument_error(name, "padding_mode", layer.padding_mode, wanted)
    if not isinstance(layer.padding, str):
        return
    if layer.padding not in ("same", "valid"):
        raise argument_error(name, "padding", layer.padding, "numbers, 'same' or 'valid'")
    steps = per_axis(name, "stride", layer.stride, axes)
    if layer.padding == "same" and any(at_most(step, 1) is Truth.NO for step in steps):
        raise argument_error(name, "stride", steps, "1 where padding is 'same'")


def _convolve_padded(
    layer: _Convolution | _LazyConvolution,
    axes: int,
    input: Shape,
    weight: Shape,
    in_channels: Size | None,
) -> Shape:
    """The convolution of `layer`, whose padding may be other than zeros."""
    name = type(layer).__name__
    split_batch(name, input, axes, ErrorKind.conv_error_rank)
    if layer.padding_mode in PADDING_MODES and not isinstance(layer.padding, str):
        pads = per_axis(name, "padding", layer.padding, axes)
        around = tuple(pad for pad in reversed(pads) for _ in range(2))
        pad_axes(name, input, around, layer.padding_mode)
    return convolve(
        name,
        axes,
        input,
        weight,
        None,
        layer.stride,
        layer.padding,
        layer.dilation,
        layer.groups,
        in_channels=in_channels,
    )


@frozen
class _Convolution:
    """A convolution over `axes` axes."""

    axes: ClassVar[int]

    in_channels: Size
    out_channels: Size
    kernel_size: PerAxis
    stride: PerAxis = 1
    padding: PerAxis | str = 0
    dilation: PerAxis = 1
    groups: Size = 1
    bias: IfKnown = True
    padding_mode: IfKnown = "zeros"

    def __post_init__(self) -> None:
        name = type(self).__name__
        check_group_count(name, self.in_channels, self.out_channels, self.groups)
        _check_padding_name(self, self.axes)

    def forward(self, input: Shape) -> Shape:
        """``(N, C_in, *sizes)`` to ``(N, C_out, *windows)``; the batch may be missing."""
        return _convolve_padded(self, self.axes, input, self._weight(), self.in_channels)

    def _weight(self) -> Shape:
        name = type(self).__name__
        kernels = per_axis(name, "kernel_size", self.kernel_size, self.axes, exact=True)
        return (self.out_channels, self.in_channels // self.groups, *kernels)

    def parameters(self) -> dict[str, Shape]:
        """Weight ``(C_out, C_in // groups, *kernel_size)`` and bias ``(C_out,)``."""
        return affine(self._weight(), (self.out_channels,), self.bias)


@layer("Conv1d")
class Conv1d(_Convolution):
    """1-d convolution; see `rules.convolution.conv2d_shape`."""

    axes = 1


@layer("Conv2d")
class Conv2d(_Convolution):
    """2-d convolution; see `rules.convolution.conv2d_shape`."""

    axes = 2


@layer("Conv3d")
class Conv3d(_Convolution):
    """3-d convolution; see `rules.convolution.conv2d_shape`."""

    axes = 3


@frozen
class _Transposed:
    """A transposed convolution over `axes` axes."""

    axes: ClassVar[int]

    in_channels: Size
    out_channels: Size
    kernel_size: PerAxis
    stride: PerAxis = 1
    padding: PerAxis = 0
    output_padding: PerAxis = 0
    groups: Size = 1
    bias: IfKnown = True
    dilation: PerAxis = 1
    padding_mode: object = "zeros"

    def __post_init__(self) -> None:
        name = type(self).__name__
        check_group_count(name, self.in_channels, self.out_channels, self.groups)

    def forward(self, input: Shape, output_size: Sizes | None = None) -> Shape:
        """``(N, C_in, *sizes)`` to ``(N, C_out, *sizes)``; `output_size` chooses among them."""
        extra = self.output_padding if output_size is None else 0
        wanted = None if output_size is None else tuple(output_size)
        found = convolve_transposed(
            type(self).__name__,
            self.axes,
            input,
            self._weight(),
            None,
            self.stride,
            self.padding,
            extra,
            self.groups,
            self.dilation,
            in_channels=self.in_channels,
            choose=None if wanted is None else lambda least: self._chosen(wanted, input, least),
        )
        return (*found[: -self.axes - 1], self.out_channels, *found[-self.axes :])

    def _chosen(self, output_size: Shape, input: Shape, smallest: Shape) -> Shape:
        """`output_size` without batch and channels, if a stride can reach it."""
        name = type(self).__name__
        if len(output_size) == len(input):
            output_size = output_size[-self.axes :]
        if len(output_size) != self.axes:
            raise argument_error(
                name, "output_size", output_size, f"{self.axes} or {len(input)} numbers"
            )
        steps = per_axis(name, "stride", self.stride, self.axes)
        for size, least, step in zip(output_size, smallest, steps, strict=True):
            most = least + step - 1
            if Truth.NO in (at_most(least, size), at_most(size, most)):
                raise argument_error(name, "output_size", size, f"within {least}..{most}")
        return output_size

    def _weight(self) -> Shape:
        name = type(self).__name__
        kernels = per_axis(name, "kernel_size", self.kernel_size, self.axes, exact=True)
        return (self.in_channels, self.out_channels // self.groups, *kernels)

    def parameters(self) -> dict[str, Shape]:
        """Weight ``(C_in, C_out // groups, *kernel_size)`` and bias ``(C_out,)``."""
        return affine(self._weight(), (self.out_channels,), self.bias)


@layer("ConvTranspose1d")
class ConvTranspose1d(_Transposed):
    """Transposed 1-d convolution; see `rules.convolution.conv_transpose2d_shape`."""

    axes = 1


@layer("ConvTranspose2d")
class ConvTranspose2d(_Transposed):
    """Transposed 2-d convolution; see `rules.convolution.conv_transpose2d_shape`."""

    axes = 2


@layer("ConvTranspose3d")
class ConvTranspose3d(_Transposed):
    """Transposed 3-d convolution; see `rules.convolution.conv_transpose2d_shape`."""

    axes = 3


@frozen
class _LazyConvolution:
    """A convolution whose in_channels are those of the first input."""

    axes: ClassVar[int]

    out_channels: Size
    kernel_size: PerAxis
    stride: PerAxis = 1
    padding: PerAxis | str = 0
    dilation: PerAxis = 1
    groups: Size = 1
    bias: IfKnown = True
    padding_mode: IfKnown = "zeros"

    def __post_init__(self) -> None:
        _check_padding_name(self, self.axes)

    def _weight(self, in_channels: Size) -> Shape:
        name = type(self).__name__
        kernels = per_axis(name, "kernel_size", self.kernel_size, self.axes, exact=True)
        return (self.out_channels, in_channels // self.groups, *kernels)

    def forward(self, input: Shape) -> Shape:
        """As the layer it becomes."""
        name = type(self).__name__
        _, channels, _ = split_batch(name, input, self.axes, ErrorKind.conv_error_rank)
        require_divisible(name, "in_channels", channels, self.groups, "groups")
        return _convolve_padded(self, self.axes, input, self._weight(channels), None)

    def parameters(self) -> dict[str, Shape]:
        """As the layer it becomes, with unknown in_channels."""
        return affine(self._weight(UNKNOWN_DIM), (self.out_channels,), self.bias)


@layer("LazyConv1d")
class LazyConv1d(_LazyConvolution):
    """`Conv1d` without in_channels."""

    axes = 1


@layer("LazyConv2d")
class LazyConv2d(_LazyConvolution):
    """`Conv2d` without in_channels."""

    axes = 2


@layer("LazyConv3d")
class LazyConv3d(_LazyConvolution):
    """`Conv3d` without in_channels."""

    axes = 3


@frozen
class _LazyTransposed:
    """A transposed convolution whose in_channels are those of the first input."""

    made: ClassVar[type[_Transposed]]

    out_channels: Size
    kernel_size: PerAxis
    stride: PerAxis = 1
    padding: PerAxis = 0
    output_padding: PerAxis = 0
    groups: Size = 1
    bias: IfKnown = True
    dilation: PerAxis = 1
    padding_mode: object = "zeros"

    def _layer(self, in_channels: Size) -> _Transposed:
        return self.made(
            in_channels,
            self.out_channels,
            self.kernel_size,
            self.stride,
            self.padding,
            self.output_padding,
            self.groups,
            self.bias,
            self.dilation,
        )

    def forward(self, input: Shape, output_size: Sizes | None = None) -> Shape:
        """As the layer it becomes."""
        axes = self.made.axes
        _, channels, _ = split_batch(type(self).__name__, input, axes, ErrorKind.conv_error_rank)
        return self._layer(channels).forward(input, output_size)

    def parameters(self) -> dict[str, Shape]:
        """As the layer it becomes, with unknown in_channels."""
        return self._layer(UNKNOWN_DIM).parameters()


@layer("LazyConvTranspose1d")
class LazyConvTranspose1d(_LazyTransposed):
    """`ConvTranspose1d` without in_channels."""

    made = ConvTranspose1d


@layer("LazyConvTranspose2d")
class LazyConvTranspose2d(_LazyTransposed):
    """`ConvTranspose2d` without in_channels."""

    made = ConvTranspose2d


@layer("LazyConvTranspose3d")
class LazyConvTranspose3d(_LazyTransposed):
    """`ConvTranspose3d` without in_channels."""

    made = ConvTranspose3d


@layer("Unfold")
@frozen
class Unfold:
    """``(N, C, H, W)`` to columns ``(N, C*K_h*K_w, number of windows)``."""

    kernel_size: PerAxis
    dilation: PerAxis = 1
    padding: PerAxis = 0
    stride: PerAxis = 1

    def forward(self, input: Shape) -> Shape:
        """One column for each window."""
        return unfold_windows(
            "Unfold", input, self.kernel_size, self.dilation, self.padding, self.stride
        )


@layer("Fold")
@frozen
class Fold:
    """Columns ``(N, C*K_h*K_w, L)`` to ``(N, C, *output_size)``."""

    output_size: PerAxis
    kernel_size: PerAxis
    dilation: PerAxis = 1
    padding: PerAxis = 0
    stride: PerAxis = 1

    def forward(self, input: Shape) -> Shape:
        """The columns added where they came from."""
        return fold_windows(
            "Fold",
            input,
            self.output_size,
            self.kernel_size,
            self.dilation,
            self.padding,
            self.stride,
        )
