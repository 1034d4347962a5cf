"""Activations and dropouts: the result has the shape of the input, except that glu halves an axis."""

from __future__ import annotations

from shapetorch.dim import (
    UNKNOWN_DIM,
    Shape,
    Size,
    Truth,
    at_most,
    check_equal,
    product,
    render_shape,
)
from shapetorch.dim import modulo as remainder
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.axes import axis
from shapetorch.rules.linear import rank_error
from shapetorch.rules.registry import IfKnown, rule


@rule(
    "relu",
    functions=(
        *("relu", "relu_", "selu", "selu_", "nn.functional.relu", "nn.functional.relu_"),
        *("nn.functional.relu6", "nn.functional.selu", "nn.functional.selu_"),
        *("nn.functional.silu", "nn.functional.mish", "nn.functional.hardswish"),
        "nn.functional.hardsigmoid",
    ),
    methods=("relu",),
    inplace=True,
    dtype="same",
)
def relu_shape(input: Shape, inplace: object = False) -> Shape:
    """The shape of `input`: relu, relu6, selu, silu, mish, hardswish, hardsigmoid."""
    return input


@rule(
    "logsigmoid",
    functions=(
        *("nn.functional.logsigmoid", "nn.functional.softsign", "nn.functional.tanhshrink"),
        *("nn.functional.sigmoid", "nn.functional.tanh"),
    ),
    dtype="float",
)
def logsigmoid_shape(input: Shape) -> Shape:
    """The shape of `input`: logsigmoid, softsign, tanhshrink, sigmoid, tanh."""
    return input


@rule("gelu", functions=("nn.functional.gelu",), dtype="same")
def gelu_shape(input: Shape, approximate: object = "none") -> Shape:
    """The shape of `input`."""
    return input


@rule(
    "elu",
    functions=(
        *("nn.functional.elu", "nn.functional.elu_", "nn.functional.celu", "nn.functional.celu_"),
        *("celu", "celu_"),
    ),
    dtype="same",
)
def elu_shape(input: Shape, alpha: object = 1.0, inplace: object = False) -> Shape:
    """The shape of `input`: elu, celu."""
    return input


@rule(
    "leaky_relu",
    functions=("nn.functional.leaky_relu", "nn.functional.leaky_relu_"),
    dtype="same",
)
def leaky_relu_shape(input: Shape, negative_slope: object = 0.01, inplace: object = False) -> Shape:
    """The shape of `input`."""
    return input


@rule("hardtanh", functions=("nn.functional.hardtanh", "nn.functional.hardtanh_"), dtype="same")
def hardtanh_shape(
    input: Shape, min_val: object = -1.0, max_val: object = 1.0, inplace: object = False
) -> Shape:
    """The shape of `input`."""
    return input


@rule(
    "threshold",
    functions=(
        *("nn.functional.threshold", "nn.functional.threshold_", "threshold", "threshold_"),
    ),
    dtype="same",
)
def threshold_shape(
    input: Shape, threshold: object, value: object, inplace: object = False
) -> Shape:
    """The shape of `input`."""
    return input


@rule("softplus", functions=("nn.functional.softplus",), dtype="same")
def softplus_shape(input: Shape, beta: object = 1, threshold: object = 20) -> Shape:
    """The shape of `input`."""
    return input


@rule(
    "hardshrink",
    functions=("nn.functional.hardshrink", "nn.functional.softshrink", "hardshrink"),
    methods=("hardshrink",),
    dtype="same",
)
def hardshrink_shape(input: Shape, lambd: object = 0.5) -> Shape:
    """The shape of `input`: hardshrink, softshrink."""
    return input


@rule(
    "rrelu",
    functions=("nn.functional.rrelu", "nn.functional.rrelu_", "rrelu", "rrelu_"),
    dtype="same",
)
def rrelu_shape(
    input: Shape,
    lower: object = 0.125,
    upper: object = 0.3333333333333333,
    training: object = False,
    inplace: object = False,
) -> Shape:
    """The shape of `input`."""
    return input


@rule(
    "prelu",
    functions=("nn.functional.prelu", "prelu"),
    methods=("prelu",),
    dtype="same",
)
def prelu_shape(input: Shape, weight: Shape) -> Shape:
    """The shape of `input`, ``(N, C, *)``; the weight has one element, or C.

    Raises:
        ShapeError: rank_error_mismatch, norm_error_channel_mismatch.
    """
    if len(weight) > 1:
        raise rank_error("prelu", "weight", "0 or 1", weight)
    check_slopes("prelu", product(weight), input)
    return input


def check_slopes(operation: str, count: Size, input: Shape) -> None:
    """Raise norm_error_channel_mismatch unless there is one slope, or one for each channel."""
    if count == 1 or count is UNKNOWN_DIM:
        return
    if not input:
        raise rank_error(operation, "input", "at least 1", input)
    channels = input[1] if len(input) > 1 else 1
    if channels == 1 and at_most(2, count) is not Truth.YES and not isinstance(count, int):
        return
    check_equal(
        channels,
        count,
        lambda: ShapeError(
            ErrorKind.norm_error_channel_mismatch,
            (count, channels, input),
            f"{operation}: channels must be num_parameters={count}, "
            f"got {channels} from {render_shape(input)}",
        ),
    )


@rule(
    "softmax",
    functions=("softmax", "nn.functional.softmax", "special.softmax"),
    methods=("softmax",),
    dtype="same",
)
def softmax_shape(
    input: Shape, dim: IfKnown = None, _stacklevel: object = 3, dtype: object = None
) -> Shape:
    """The shape of `input`; `dim` must exist."""
    return over_axis("softmax", input, dim)


@rule(
    "log_softmax",
    functions=("log_softmax", "nn.functional.log_softmax", "special.log_softmax"),
    methods=("log_softmax",),
    dtype="same",
)
def log_softmax_shape(
    input: Shape, dim: IfKnown = None, _stacklevel: object = 3, dtype: object = None
) -> Shape:
    """The shape of `input`; `dim` must exist."""
    return over_axis("log_softmax", input, dim)


@rule("softmin", functions=("nn.functional.softmin",), dtype="same")
def softmin_shape(
    input: Shape, dim: IfKnown = None, _stacklevel: object = 3, dtype: object = None
) -> Shape:
    """The shape of `input`; `dim` must exist."""
    return over_axis("softmin", input, dim)


@rule("gumbel_softmax", functions=("nn.functional.gumbel_softmax",), dtype="same")
def gumbel_softmax_shape(
    logits: Shape, tau: object = 1, hard: object = False, eps: object = 1e-10, dim: IfKnown = -1
) -> Shape:
    """The shape of `logits`; `dim` must exist."""
    return over_axis("gumbel_softmax", logits, dim)


def over_axis(operation: str, input: Shape, dim: IfKnown) -> Shape:
    """The shape of `input`, after a look whether it has the axis."""
    if isinstance(dim, int):
        axis(operation, dim, input, ErrorKind.softmax_error_dim_out_of_range)
    return input


@rule("glu", functions=("nn.functional.glu",), dtype="same")
def glu_shape(input: Shape, dim: int = -1) -> Shape:
    """`input` with the size of `dim` halved.

    Raises:
        ShapeError: dimension_error_out_of_range, glu_error_odd_size.
    """
    return halve("glu", input, dim)


def halve(operation: str, input: Shape, dim: int) -> Shape:
    """The rule of glu under another name."""
    if not input:
        raise rank_error(operation, "input", "at least 1", input)
    place = axis(operation, dim, input)
    size = input[place]
    check_equal(
        remainder(size, 2),
        0,
        lambda: ShapeError(
            ErrorKind.glu_error_odd_size,
            (size, dim, input),
            f"{operation}: size of dim {dim} must be even, got {size} from {render_shape(input)}",
        ),
    )
    return (*input[:place], size // 2, *input[place + 1 :])


@rule(
    "dropout",
    functions=("nn.functional.dropout", "nn.functional.alpha_dropout"),
    dtype="same",
)
def dropout_shape(
    input: Shape, p: object = 0.5, training: object = True, inplace: object = False
) -> Shape:
    """The shape of `input`: dropout, alpha_dropout."""
    return input


@rule(
    "dropout",
    functions=(
        "dropout",
        "dropout_",
        "alpha_dropout",
        "alpha_dropout_",
        "feature_dropout",
        "feature_dropout_",
        "feature_alpha_dropout",
        "feature_alpha_dropout_",
    ),
    dtype="same",
)
def dropout_native_shape(input: Shape, p: object, train: object) -> Shape:
    """The functions of ``torch``: the shape of `input`."""
    return input


@rule("dropout1d", functions=("nn.functional.dropout1d",), dtype="same")
def dropout1d_shape(
    input: Shape, p: object = 0.5, training: object = True, inplace: object = False
) -> Shape:
    """The shape of `input`, ``(N, C, L)`` or ``(C, L)``."""
    return drop_channels("dropout1d", input, (2, 3))


@rule("dropout2d", functions=("nn.functional.dropout2d",), dtype="same")
def dropout2d_shape(
    input: Shape, p: object = 0.5, training: object = True, inplace: object = False
) -> Shape:
    """The shape of `input`; any other rank than 3 and 4 is only warned of by PyTorch."""
    return input


@rule("dropout3d", functions=("nn.functional.dropout3d",), dtype="same")
def dropout3d_shape(
    input: Shape, p: object = 0.5, training: object = True, inplace: object = False
) -> Shape:
    """The shape of `input`; any other rank than 4 and 5 is only warned of by PyTorch."""
    return input


@rule("feature_alpha_dropout", functions=("nn.functional.feature_alpha_dropout",), dtype="same")
def feature_alpha_dropout_shape(
    input: Shape, p: object = 0.5, training: object = False, inplace: object = False
) -> Shape:
    """The shape of `input`."""
    return input


def drop_channels(operation: str, input: Shape, ranks: tuple[int, ...]) -> Shape:
    """The shape of `input`, which must have one of the `ranks`."""
    if len(input) not in ranks:
        raise rank_error(operation, "input", " or ".join(map(str, ranks)), input)
    return input
