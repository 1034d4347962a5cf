"""Linear maps and table look-ups: linear, bilinear, embedding, embedding_bag, one_hot."""

from __future__ import annotations

from shapetorch.dim import UNKNOWN_DIM, Shape, Size, Truth, check_equal, equal, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.registry import rule


@rule("linear", functions=("nn.functional.linear",))
def linear_shape(input: Shape, weight: Shape, bias: Shape | None = None) -> Shape:
    """Shape of ``input @ weight.T + bias``.

    Args:
        input: ``(*, in_features)``.
        weight: ``(out_features, in_features)``, or ``(in_features,)``.
        bias: What the result is broadcast with; ``(out_features,)``.

    Returns:
        ``(*, out_features)``; ``(*,)`` for a weight of rank 1.

    Raises:
        ShapeError: rank_error_mismatch, matmul_error_inner_dimensions_do_not_match,
            broadcast_error_incompatible_dimensions.

    Source: PyTorch ``torch.nn.functional.linear``, section "Shape".
    """
    if len(weight) not in (1, 2):
        raise rank_error("linear", "weight", "1 or 2", weight)
    if not input:
        raise rank_error("linear", "input", "at least 1", input)
    check_equal(
        input[-1],
        weight[-1],
        lambda: ShapeError(
            ErrorKind.matmul_error_inner_dimensions_do_not_match,
            (input[-1], weight[-1], input, weight),
            f"linear: last dimensions must be equal, got {input[-1]} and {weight[-1]} "
            f"from {render_shape(input)} and weight {render_shape(weight)}",
        ),
    )
    if bias is not None and len(weight) == 1:
        raise rank_error("linear", "weight with a bias", 2, weight)
    result = input[:-1] + weight[:-1]
    check_linear_bias("linear", result, bias)
    return result


def check_linear_bias(operation: str, result: Shape, bias: Shape | None) -> None:
    """Raise unless `bias` can be added to `result` without changing its shape."""
    if bias is None:
        return
    extra = bias[: max(len(bias) - len(result), 0)]
    if any(size != 1 for size in extra):
        raise rank_error(operation, "bias", f"at most {len(result)}", bias)
    for size, other in zip(reversed(result), reversed(bias), strict=False):
        if other != 1:
            check_equal(size, other, lambda: _bias_error(operation, bias, result))


def _bias_error(operation: str, bias: Shape, result: Shape) -> ShapeError:
    left, right = (shape[-1] if shape else 1 for shape in (result, bias))
    return ShapeError(
        ErrorKind.broadcast_error_incompatible_dimensions,
        (left, right),
        f"{operation}: bias must fit the result, got {right} and {left} "
        f"from bias {render_shape(bias)} and {render_shape(result)}",
    )


def rank_error(operation: str, argument: str, expected: object, shape: Shape) -> ShapeError:
    """The error of a tensor with the wrong number of dimensions."""
    return ShapeError(
        ErrorKind.rank_error_mismatch,
        (expected, len(shape), shape),
        f"{operation}: {argument} must have {expected} dimensions, "
        f"got {len(shape)} from {render_shape(shape)}",
    )


def check_features(operation: str, name: str, features: Size, input: Shape) -> None:
    """Raise linear_error_in_features unless the last size of `input` is `features`."""
    if not input:
        raise rank_error(operation, "input", "at least 1", input)
    check_equal(
        input[-1],
        features,
        lambda: ShapeError(
            ErrorKind.linear_error_in_features,
            (features, input[-1], input),
            f"{operation}: last dimension must be {name}={features}, "
            f"got {input[-1]} from {render_shape(input)}",
        ),
    )


@rule("bilinear", functions=("nn.functional.bilinear", "bilinear"))
def bilinear_shape(input1: Shape, input2: Shape, weight: Shape, bias: Shape | None = None) -> Shape:
    """``(*, in1)`` and ``(*, in2)`` through ``(out, in1, in2)``: ``(*, out)``."""
    if len(weight) != 3:
        raise rank_error("bilinear", "weight", 3, weight)
    if bias is not None:
        if bias[:-1] or not bias:
            raise rank_error("bilinear", "bias", 1, bias)
        check_equal(bias[0], weight[0], lambda: _bias_error("bilinear", bias, weight[:1]))
    return combine("bilinear", input1, input2, weight)


def combine(operation: str, input1: Shape, input2: Shape, weight: Shape) -> Shape:
    """The rule of bilinear under another name."""
    if len(input1) != len(input2) or not input1:
        raise rank_error(operation, "input2", max(len(input1), 1), input2)
    for left, right in zip(input1[:-1], input2[:-1], strict=True):
        check_equal(
            left,
            right,
            lambda left=left, right=right: ShapeError(  # type: ignore[misc]
                ErrorKind.batch_dimensions_do_not_match_error,
                (input1[:-1], input2[:-1], input1, input2),
                f"{operation}: leading dimensions must be equal, got {left} and {right} "
                f"from {render_shape(input1)} and {render_shape(input2)}",
            ),
        )
    check_features(operation, "in1_features", weight[1], input1)
    check_features(operation, "in2_features", weight[2], input2)
    return (*input1[:-1], weight[0])


@rule("embedding", functions=("nn.functional.embedding",))
def embedding_shape(
    input: Shape,
    weight: Shape,
    padding_idx: object = None,
    max_norm: object = None,
    norm_type: object = 2.0,
    scale_grad_by_freq: object = False,
    sparse: object = False,
) -> Shape:
    """Rows of ``(num, dim)`` looked up by indices ``(*)``: ``(*, dim)``.

    Raises:
        ShapeError: embedding_error_shape.
    """
    return look_up(input, weight)


@rule("embedding", functions=("embedding",))
def embedding_native_shape(
    weight: Shape,
    indices: Shape,
    padding_idx: object = -1,
    scale_grad_by_freq: object = False,
    sparse: object = False,
) -> Shape:
    """``torch.embedding``, where the table comes first."""
    return look_up(indices, weight)


def look_up(input: Shape, weight: Shape) -> Shape:
    """One row of the table for each index."""
    if len(weight) != 2:
        raise ShapeError(
            ErrorKind.embedding_error_shape,
            (weight,),
            f"embedding: weight must have 2 dimensions, got {len(weight)} from {render_shape(weight)}",
        )
    return (*input, weight[1])


@rule("embedding_bag", functions=("nn.functional.embedding_bag",))
def embedding_bag_shape(
    input: Shape,
    weight: Shape,
    offsets: Shape | None = None,
    max_norm: object = None,
    norm_type: object = 2,
    scale_grad_by_freq: object = False,
    mode: object = "mean",
    sparse: object = False,
    per_sample_weights: Shape | None = None,
    include_last_offset: bool = False,
    padding_idx: object = None,
) -> Shape:
    """Sums or means of rows of ``(num, dim)``: ``(bags, dim)``.

    Args:
        input: ``(bags, n)``, or ``(n,)`` with `offsets`.
        weight: ``(num, dim)``.
        offsets: Where each bag starts, ``(bags,)``; only for an input of rank 1.
        per_sample_weights: One weight for each index, of the shape of `input`.
        include_last_offset: Whether `offsets` has one more item, the length of `input`.

    Raises:
        ShapeError: embedding_bag_error_requires_2d_input, embedding_error_shape,
            rank_error_mismatch, embedding_bag_error_sample_weights.
    """
    return look_up_bags(
        "embedding_bag", input, weight, offsets, per_sample_weights, include_last_offset
    )


def look_up_bags(
    operation: str,
    input: Shape,
    weight: Shape,
    offsets: Shape | None,
    per_sample_weights: Shape | None,
    include_last_offset: bool,
) -> Shape:
    """The rule of embedding_bag under another name."""
    if len(input) not in (1, 2) or (offsets is None and len(input) != 2):
        raise ShapeError(
            ErrorKind.embedding_bag_error_requires_2d_input,
            (len(input), input),
            f"{operation}: input without offsets must have 2 dimensions, "
            f"got {len(input)} from {render_shape(input)}",
        )
    if offsets is not None and len(input) == 2:
        raise ShapeError(
            ErrorKind.embedding_bag_error_requires_2d_input,
            (len(input), input),
            f"{operation}: input with offsets must have 1 dimension, got 2 from {render_shape(input)}",
        )
    _check_sample_weights(operation, input, per_sample_weights)
    if len(weight) != 2:
        raise ShapeError(
            ErrorKind.embedding_error_shape,
            (weight,),
            f"{operation}: weight must have 2 dimensions, "
            f"got {len(weight)} from {render_shape(weight)}",
        )
    if offsets is None:
        return (input[0], weight[1])
    if len(offsets) != 1:
        raise rank_error(operation, "offsets", 1, offsets)
    return (offsets[0] - 1 if include_last_offset else offsets[0], weight[1])


def _check_sample_weights(operation: str, input: Shape, weights: Shape | None) -> None:
    if weights is None:
        return
    error = ShapeError(
        ErrorKind.embedding_bag_error_sample_weights,
        (input, weights),
        f"{operation}: per_sample_weights must have the shape of input, "
        f"got {render_shape(weights)} and {render_shape(input)}",
    )
    if len(weights) != len(input):
        raise error
    for size, other in zip(input, weights, strict=True):
        check_equal(size, other, lambda: error)


@rule("one_hot", functions=("nn.functional.one_hot",), dtype="int64")
def one_hot_shape(input: Shape, num_classes: Size = -1) -> Shape:
    """``(*)`` as ``(*, num_classes)``; -1 takes the largest value, which a shape does not tell."""
    if equal(num_classes, -1) is Truth.YES:
        return (*input, UNKNOWN_DIM)
    return (*input, num_classes)
