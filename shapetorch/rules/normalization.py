"""Normalization: the result has the shape of the input, the parameters must fit it."""

from __future__ import annotations

from shapetorch.dim import Shape, Size, check_equal, product, render_shape
from shapetorch.dim import modulo as remainder
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.axes import axes, axis
from shapetorch.rules.kernel_windows import require_at_least
from shapetorch.rules.linear import rank_error
from shapetorch.rules.matching import certain, require_same
from shapetorch.rules.registry import Dims, IfKnown, Sizes, rule


def check_channels(
    operation: str,
    num_features: Size,
    channels: Size,
    input: Shape,
    kind: ErrorKind = ErrorKind.norm_error_channel_mismatch,
) -> None:
    """Raise `kind` unless `input` has `num_features` channels."""
    check_equal(
        channels,
        num_features,
        lambda: ShapeError(
            kind,
            (num_features, channels, input),
            f"{operation}: channels must be num_features={num_features}, "
            f"got {channels} from {render_shape(input)}",
        ),
    )


def check_single_value(operation: str, count: Size, input: Shape, what: str) -> None:
    """Raise norm_error_single_value when statistics would be taken of one value."""
    if count == 1:
        raise ShapeError(
            ErrorKind.norm_error_single_value,
            (input,),
            f"{operation}: each {what} must have more than 1 value when training, "
            f"got 1 from {render_shape(input)}",
        )


@rule("batch_norm", functions=("nn.functional.batch_norm",), dtype="same")
def batch_norm_shape(
    input: Shape,
    running_mean: Shape | None,
    running_var: Shape | None,
    weight: Shape | None = None,
    bias: Shape | None = None,
    training: IfKnown = False,
    momentum: object = 0.1,
    eps: object = 1e-05,
) -> Shape:
    """The shape of `input`, ``(N, C, *)``; every other tensor has C elements.

    Raises:
        ShapeError: rank_error_mismatch, dimension_error_out_of_range, norm_error_channel_mismatch,
            norm_error_single_value.
    """
    if training is True and input:
        check_single_value("batch_norm", input[0] * product(input[2:]), input, "channel")
    vectors = [v for v in (running_mean, running_var, weight, bias) if v is not None]
    if len(input) < 2 and training is True and not vectors:
        axis("batch_norm", 1, input)  # PyTorch asks for the channels without asking for the rank
    if len(input) < 2:
        raise rank_error("batch_norm", "input", "at least 2", input)
    for vector in vectors:
        check_channels("batch_norm", product(vector), input[1], input)
    if training is False and running_mean is None:
        raise rank_error("batch_norm", "running_mean when not training", 1, ())
    return input


@rule("batch_norm", functions=("batch_norm",), dtype="same")
def batch_norm_native_shape(
    input: Shape,
    weight: Shape | None,
    bias: Shape | None,
    running_mean: Shape | None,
    running_var: Shape | None,
    training: IfKnown,
    momentum: object,
    eps: object,
    cudnn_enabled: object,
) -> Shape:
    """``torch.batch_norm``, where the weight comes first."""
    return batch_norm_shape(input, running_mean, running_var, weight, bias, training)


@rule("instance_norm", functions=("nn.functional.instance_norm",), dtype="same")
def instance_norm_shape(
    input: Shape,
    running_mean: Shape | None = None,
    running_var: Shape | None = None,
    weight: Shape | None = None,
    bias: Shape | None = None,
    use_input_stats: IfKnown = True,
    momentum: object = 0.1,
    eps: object = 1e-05,
) -> Shape:
    """The shape of `input`, ``(N, C, *)``; every other tensor has C elements.

    Raises:
        ShapeError: rank_error_mismatch, norm_error_channel_mismatch, norm_error_single_value.
    """
    if use_input_stats is True:
        check_single_value("instance_norm", product(input[2:]), input, "channel")
    if len(input) < 2:
        raise rank_error("instance_norm", "input", "at least 2", input)
    for vector in (running_mean, running_var, weight, bias):
        if vector is not None:
            check_channels("instance_norm", product(vector), input[1], input)
    return input


@rule("instance_norm", functions=("instance_norm",), dtype="same")
def instance_norm_native_shape(
    input: Shape,
    weight: Shape | None,
    bias: Shape | None,
    running_mean: Shape | None,
    running_var: Shape | None,
    use_input_stats: IfKnown,
    momentum: object,
    eps: object,
    cudnn_enabled: object,
) -> Shape:
    """``torch.instance_norm``, where the weight comes first."""
    return instance_norm_shape(input, running_mean, running_var, weight, bias, use_input_stats)


@rule("layer_norm", functions=("nn.functional.layer_norm", "layer_norm"), dtype="same")
def layer_norm_shape(
    input: Shape,
    normalized_shape: Sizes,
    weight: Shape | None = None,
    bias: Shape | None = None,
    eps: object = 1e-05,
    cudnn_enable: object = True,
) -> Shape:
    """The shape of `input`, which ends in `normalized_shape`, as do weight and bias.

    Raises:
        ShapeError: norm_error_shape_mismatch.
    """
    result = check_normalized("layer_norm", tuple(normalized_shape), input)
    for vector in (weight, bias):
        if vector is not None:
            _check_affine("layer_norm", tuple(normalized_shape), vector)
    return result


@rule("rms_norm", functions=("nn.functional.rms_norm", "rms_norm"), dtype="same")
def rms_norm_shape(
    input: Shape, normalized_shape: Sizes, weight: Shape | None = None, eps: object = None
) -> Shape:
    """The shape of `input`, which ends in `normalized_shape`, as does the weight.

    Raises:
        ShapeError: norm_error_shape_mismatch.
    """
    result = check_normalized("rms_norm", tuple(normalized_shape), input)
    if weight is not None:
        _check_affine("rms_norm", tuple(normalized_shape), weight)
    return result


def check_normalized(operation: str, normalized_shape: Shape, input: Shape) -> Shape:
    """The shape of `input`, which must end in `normalized_shape`.

    Raises:
        ShapeError: norm_error_shape_mismatch.
    """
    found = input[max(len(input) - len(normalized_shape), 0) :]

    def error() -> ShapeError:
        return ShapeError(
            ErrorKind.norm_error_shape_mismatch,
            (normalized_shape, input),
            f"{operation}: last dimensions must be normalized_shape="
            f"{render_shape(normalized_shape)}, "
            f"got {render_shape(found)} from {render_shape(input)}",
        )

    if not normalized_shape:
        raise error()
    require_same(found, normalized_shape, error)
    lead = input[: len(input) - len(normalized_shape)]
    return lead + tuple(map(certain, found, normalized_shape))


def _check_affine(operation: str, normalized_shape: Shape, vector: Shape) -> None:
    require_same(
        vector,
        normalized_shape,
        lambda: ShapeError(
            ErrorKind.norm_error_shape_mismatch,
            (normalized_shape, vector),
            f"{operation}: weight and bias must have normalized_shape, "
            f"got {render_shape(vector)} and {render_shape(normalized_shape)}",
        ),
    )


@rule("group_norm", functions=("nn.functional.group_norm", "group_norm"), dtype="same")
def group_norm_shape(
    input: Shape,
    num_groups: Size,
    weight: Shape | None = None,
    bias: Shape | None = None,
    eps: object = 1e-05,
    cudnn_enabled: object = True,
) -> Shape:
    """The shape of `input`, ``(N, C, *)``; the number of groups divides C.

    Raises:
        ShapeError: rank_error_mismatch, norm_error_groups, norm_error_channel_mismatch,
            norm_error_single_value.
    """
    normalize_groups("group_norm", input, num_groups)
    for vector in (weight, bias):
        if vector is not None:
            if len(vector) != 1:
                raise rank_error("group_norm", "weight", 1, vector)
            check_channels("group_norm", vector[0], input[1], input)
    return input


def normalize_groups(operation: str, input: Shape, num_groups: Size) -> None:
    """The checks of group_norm under another name."""
    if len(input) < 2:
        raise rank_error(operation, "input", "at least 2", input)
    require_at_least(operation, "num_groups", (num_groups,), 1)
    check_group_values(operation, input, num_groups)
    check_equal(
        remainder(input[1], num_groups),
        0,
        lambda: ShapeError(
            ErrorKind.norm_error_groups,
            (num_groups, input[1]),
            f"{operation}: channels must be divisible by num_groups={num_groups}, "
            f"got {input[1]} from {render_shape(input)}",
        ),
    )


def check_group_values(operation: str, input: Shape, num_groups: Size) -> None:
    """Raise norm_error_single_value if a group has one value."""
    if num_groups != 0:
        count = input[0] * input[1] // num_groups * product(input[2:])
        check_single_value(operation, count, input, "group")


@rule("local_response_norm", functions=("nn.functional.local_response_norm",), dtype="same")
def local_response_norm_shape(
    input: Shape, size: object, alpha: object = 0.0001, beta: object = 0.75, k: object = 1.0
) -> Shape:
    """The shape of `input`, ``(N, C, *)`` of rank 3 or more."""
    return normalize_locally("local_response_norm", input)


def normalize_locally(operation: str, input: Shape) -> Shape:
    """The rule of local_response_norm under another name."""
    if len(input) < 3:
        raise ShapeError(
            ErrorKind.norm_error_rank,
            ("at least 3", len(input), input),
            f"{operation}: input must have at least 3 dimensions, "
            f"got {len(input)} from {render_shape(input)}",
        )
    return input


@rule("normalize", functions=("nn.functional.normalize",), dtype="same")
def normalize_shape(
    input: Shape, p: object = 2.0, dim: Dims = 1, eps: object = 1e-12, out: object = None
) -> Shape:
    """The shape of `input`; `dim` must exist."""
    if dim is not None:
        axes("normalize", (dim,) if isinstance(dim, int) else dim, input)
    return input
