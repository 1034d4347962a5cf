"""Layers: activations and dropouts."""

from __future__ import annotations

from shapetorch.dim import Shape, Size, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.activations import check_slopes, drop_channels, halve, over_axis
from shapetorch.rules.registry import IfKnown, frozen, layer


class _Elementwise:
    """The shape stays."""

    def forward(self, input: Shape) -> Shape:
        """The shape of `input`."""
        return input


@layer("ReLU", "ReLU6", "SELU", "SiLU", "Mish", "Hardswish", "Hardsigmoid")
@frozen
class ReLU(_Elementwise):
    """ReLU, ReLU6, SELU, SiLU, Mish, Hardswish, Hardsigmoid."""

    inplace: object = False


@layer("Sigmoid", "Tanh", "LogSigmoid", "Softsign", "Tanhshrink")
@frozen
class Sigmoid(_Elementwise):
    """Sigmoid, Tanh, LogSigmoid, Softsign, Tanhshrink."""


@layer("ELU", "CELU")
@frozen
class ELU(_Elementwise):
    """ELU, CELU."""

    alpha: object = 1.0
    inplace: object = False


@layer("GELU")
@frozen
class GELU(_Elementwise):
    """GELU."""

    approximate: object = "none"


@layer("Hardtanh")
@frozen
class Hardtanh(_Elementwise):
    """Hardtanh."""

    min_val: object = -1.0
    max_val: object = 1.0
    inplace: object = False
    min_value: object = None
    max_value: object = None


@layer("LeakyReLU")
@frozen
class LeakyReLU(_Elementwise):
    """LeakyReLU."""

    negative_slope: object = 0.01
    inplace: object = False


@layer("Hardshrink", "Softshrink")
@frozen
class Hardshrink(_Elementwise):
    """Hardshrink, Softshrink."""

    lambd: object = 0.5


@layer("Softplus")
@frozen
class Softplus(_Elementwise):
    """Softplus."""

    beta: object = 1.0
    threshold: object = 20.0


@layer("Threshold")
@frozen
class Threshold(_Elementwise):
    """Threshold."""

    threshold: object
    value: object
    inplace: object = False


@layer("RReLU")
@frozen
class RReLU(_Elementwise):
    """RReLU."""

    lower: object = 0.125
    upper: object = 0.3333333333333333
    inplace: object = False


@layer("Dropout", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout")
@frozen
class Dropout(_Elementwise):
    """Dropout, AlphaDropout, FeatureAlphaDropout; Dropout2d and 3d take any rank with a warning."""

    p: object = 0.5
    inplace: object = False


@layer("Dropout1d")
@frozen
class Dropout1d:
    """Dropout of whole channels of ``(N, C, L)`` or ``(C, L)``."""

    p: object = 0.5
    inplace: object = False

    def forward(self, input: Shape) -> Shape:
        """The shape of `input`."""
        return drop_channels("Dropout1d", input, (2, 3))


@layer("PReLU")
@frozen
class PReLU:
    """One slope, or one for each channel.

    Raises:
        ShapeError: norm_error_channel_mismatch.
    """

    num_parameters: Size = 1
    init: object = 0.25

    def forward(self, input: Shape) -> Shape:
        """The shape of `input`, ``(N, C, *)``."""
        check_slopes("PReLU", self.num_parameters, input)
        return input

    def parameters(self) -> dict[str, Shape]:
        """Weight ``(num_parameters,)``."""
        return {"weight": (self.num_parameters,)}


@layer("Softmax")
@frozen
class Softmax:
    """Softmax over `dim`, which must exist."""

    dim: IfKnown = None

    def forward(self, input: Shape) -> Shape:
        """The shape of `input`."""
        return over_axis("Softmax", input, self.dim)


@layer("LogSoftmax")
@frozen
class LogSoftmax:
    """Logarithm of softmax over `dim`, which must exist."""

    dim: IfKnown = None

    def forward(self, input: Shape) -> Shape:
        """The shape of `input`."""
        return over_axis("LogSoftmax", input, self.dim)


@layer("Softmin")
@frozen
class Softmin:
    """Softmax of the negative over `dim`, which must exist."""

    dim: IfKnown = None

    def forward(self, input: Shape) -> Shape:
        """The shape of `input`."""
        return over_axis("Softmin", input, self.dim)


@layer("Softmax2d")
@frozen
class Softmax2d:
    """Softmax over the channels of ``(N, C, H, W)`` or ``(C, H, W)``."""

    def forward(self, input: Shape) -> Shape:
        """The shape of `input`."""
        if len(input) not in (3, 4):
            raise ShapeError(
                ErrorKind.norm_error_rank,
                ("3 or 4", len(input), input),
                f"Softmax2d: input must have 3 or 4 dimensions, "
                f"got {len(input)} from {render_shape(input)}",
            )
        return input


@layer("GLU")
@frozen
class GLU:
    """One half of `dim` times the gates of the other half.

    Raises:
        ShapeError: glu_error_odd_size, dimension_error_out_of_range.
    """

    dim: int = -1

    def forward(self, input: Shape) -> Shape:
        """`input` with the size of `dim` halved."""
        return halve("GLU", input, self.dim)
