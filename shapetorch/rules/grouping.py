"""What is added or multiplied in groups: bags with their bookkeeping, groups of rows, losses of a linear map."""

from __future__ import annotations

from shapetorch.dim import UNKNOWN_DIM, AnyShape, Shape, check_equal, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules import axes
from shapetorch.rules.label_losses import cross_entropy_shape
from shapetorch.rules.linear import look_up_bags, rank_error
from shapetorch.rules.matching import require_same
from shapetorch.rules.registry import IfKnown, Result, rule


@rule(
    "embedding_bag_parts", functions=("embedding_bag",), dtype=("same", "int64", "int64", "int64")
)
def embedding_bag_shapes(
    weight: Shape,
    indices: Shape,
    offsets: Shape,
    scale_grad_by_freq: object = False,
    mode: IfKnown = 0,
    sparse: object = False,
    per_sample_weights: Shape | None = None,
    include_last_offset: bool = False,
    padding_idx: object = None,
) -> Result:
    """Shapes of what ``nn.functional.embedding_bag`` gives, and of how it was added up.

    Args:
        weight: ``(num, dim)``.
        indices: ``(n,)``.
        offsets: Where each bag starts, ``(bags,)``.
        scale_grad_by_freq: Does not bear on the shape.
        mode: 0 sum, 1 mean, 2 max.
        sparse: Does not bear on the shape.
        per_sample_weights: ``(n,)``.
        include_last_offset: Whether `offsets` has one more item, the length of `indices`.
        padding_idx: Does not bear on the shape.

    Returns:
        ``(bags, dim)``; the bag of each index, if it was needed; the sizes of the bags ``(bags,)``; the
        indices of the maxima, ``(bags, dim)`` in mode 2.
    """
    name = "embedding_bag"
    if len(indices) != 1:
        raise rank_error(name, "indices", 1, indices)
    made = look_up_bags(name, indices, weight, offsets, per_sample_weights, include_last_offset)
    bags = made[:1] if mode == 2 else offsets
    largest: AnyShape = ... if mode is ... else made if mode == 2 else offsets  # type: ignore[assignment]
    return (made, (UNKNOWN_DIM,), bags, largest)


@rule("grouped_mm", functions=("nn.functional.grouped_mm",), dtype="same")
def grouped_mm_shape(
    mat_a: Shape,
    mat_b: Shape,
    *,
    offs: Shape | None = None,
    bias: object = None,
    out_dtype: object = None,
) -> Shape:
    """Shape of the products of several pairs of matrices.

    Args:
        mat_a: ``(G, M, K)``, or ``(M, K)`` whose rows (or columns, if `mat_b` has 2 dims) are groups.
        mat_b: ``(G, K, N)``, or ``(K, N)`` whose columns (or rows) are groups.
        offs: Where each group of a matrix ends, ``(G,)``; only if one has 2 dims.
        bias: Must be None.
        out_dtype: Does not bear on the shape.

    Returns:
        ``(M, N)`` if one has 2 dims and the other 3, otherwise ``(G, M, N)``.

    Raises:
        ShapeError: rank_error_mismatch, matmul_error_inner_dimensions_do_not_match,
            batch_dimensions_do_not_match_error.
    """
    for name, shape in (("mat_a", mat_a), ("mat_b", mat_b)):
        if len(shape) not in (2, 3):
            raise rank_error("grouped_mm", name, "2 or 3", shape)
    is_flat = (len(mat_a) == 2, len(mat_b) == 2)
    check_equal(
        mat_a[-1],
        mat_b[-2],
        lambda: ShapeError(
            ErrorKind.matmul_error_inner_dimensions_do_not_match,
            (mat_a[-1], mat_b[-2], mat_a, mat_b),
            f"grouped_mm: inner dimensions must be equal, got {mat_a[-1]} and {mat_b[-2]} "
            f"from {render_shape(mat_a)} @ {render_shape(mat_b)}",
        ),
    )
    if (offs is not None) != any(is_flat):
        raise rank_error("grouped_mm", "mat_a or mat_b", "2 if there are offsets", mat_a)
    if offs is not None and len(offs) != 1:
        raise rank_error("grouped_mm", "offs", 1, offs)
    groups = offs if offs is not None else mat_a[:1]
    for shape in (mat_a, mat_b):
        if len(shape) == 3:
            check_equal(shape[0], groups[0], lambda: _groups(mat_a, mat_b, groups))
    lead = () if is_flat[0] != is_flat[1] else groups
    return (*lead, mat_a[-2], mat_b[-1])


def _groups(mat_a: Shape, mat_b: Shape, groups: Shape) -> ShapeError:
    return ShapeError(
        ErrorKind.batch_dimensions_do_not_match_error,
        (mat_a[:1], mat_b[:1], mat_a, mat_b),
        f"grouped_mm: there must be as many groups on both sides, got {groups[0]} "
        f"for {render_shape(mat_a)} @ {render_shape(mat_b)}",
    )


@rule("linear_cross_entropy", functions=("nn.functional.linear_cross_entropy",))
def linear_cross_entropy_shape(
    input: Shape,
    linear_weight: Shape,
    target: Shape,
    *,
    linear_bias: Shape | None = None,
    weight: Shape | None = None,
    reduction: IfKnown = "mean",
    ignore_index: object = None,
    label_smoothing: object = 0.0,
    options: object = None,
) -> AnyShape:
    """Shape of the cross entropy of ``input @ linear_weight.T`` and labels.

    Args:
        input: ``(K,)`` or ``(N, K)``.
        linear_weight: ``(C, *, K)``.
        target: Labels ``()``, ``(N,)`` or ``(N, *)``, or probabilities.
        linear_bias: ``(C, *)``.
        weight: One weight for each class, ``(C,)``.
        reduction: ``none``, ``mean`` or ``sum``.
        ignore_index: Does not bear on the shape.
        label_smoothing: Does not bear on the shape.
        options: Does not bear on the shape.

    Raises:
        ShapeError: rank_error_mismatch, matmul_error_inner_dimensions_do_not_match and those of
            `cross_entropy`.
    """
    name = "linear_cross_entropy"
    if len(input) not in (1, 2):
        raise rank_error(name, "input", "1 or 2", input)
    if len(linear_weight) < 2:
        raise rank_error(name, "linear_weight", "at least 2", linear_weight)
    check_equal(
        input[-1],
        linear_weight[-1],
        lambda: ShapeError(
            ErrorKind.matmul_error_inner_dimensions_do_not_match,
            (input[-1], linear_weight[-1], input, linear_weight),
            f"{name}: last dimensions must be equal, got {input[-1]} and {linear_weight[-1]} "
            f"from {render_shape(input)} and {render_shape(linear_weight)}",
        ),
    )
    if linear_bias is not None:
        require_same(linear_bias, linear_weight[:-1], lambda: _bias(linear_bias, linear_weight))
    if len(linear_weight) > 2 and len(input) == 1:
        raise rank_error(name, "input", 2, input)
    logits = (*input[:-1], *linear_weight[:-1])
    return cross_entropy_shape(logits, target, weight, reduction=reduction)


def _bias(bias: Shape, weight: Shape) -> ShapeError:
    return ShapeError(
        ErrorKind.broadcast_error_incompatible_dimensions,
        (bias, weight),
        f"linear_cross_entropy: linear_bias must have the shape {render_shape(weight[:-1])}, "
        f"got {render_shape(bias)}",
    )


@rule(
    "fake_quantize_per_tensor_affine", functions=("fake_quantize_per_tensor_affine",), dtype="same"
)
def fake_quantize_shape(
    input: Shape, scale: object, zero_point: object, quant_min: object, quant_max: object
) -> Shape:
    """The shape of the tensor."""
    return input


@rule(
    "fake_quantize_per_channel_affine",
    functions=("fake_quantize_per_channel_affine",),
    dtype="same",
)
def fake_quantize_channels_shape(
    input: Shape,
    scale: Shape,
    zero_point: Shape,
    axis: int,
    quant_min: object,
    quant_max: object,
) -> Shape:
    """The shape of the tensor; there is a scale and a zero for each part along `axis`.

    Raises:
        ShapeError: rank_error_mismatch, argument_error_shape_mismatch, dimension_error_out_of_range,
            reduction_error_no_elements, argument_error_value.
    """
    name = "fake_quantize_per_channel_affine"
    for part, shape in (("scale", scale), ("zero_point", zero_point)):
        if len(shape) != 1:
            raise rank_error(name, part, 1, shape)

    def error() -> ShapeError:
        return ShapeError(
            ErrorKind.argument_error_shape_mismatch,
            ("scale", zero_point, scale),
            f"{name}: scale and zero_point must have a number for each part along dim {axis}, got "
            f"{render_shape(scale)} and {render_shape(zero_point)} for {render_shape(input)}",
        )

    require_same(scale, zero_point, error)
    place = axes.axis(name, axis, input, scalar=False)
    if zero_point[0] == 0:  # PyTorch looks for the least of the zeros
        raise ShapeError(
            ErrorKind.reduction_error_no_elements,
            (zero_point,),
            f"{name}: zero_point must have elements, got {render_shape(zero_point)}",
        )
    check_equal(scale[0], input[place], error)
    if axis < 0:
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("axis", axis),
            f"{name}: axis must be in 0..{len(input) - 1}, got {axis} for {render_shape(input)}",
        )
    return input
