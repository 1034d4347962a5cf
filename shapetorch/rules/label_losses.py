"""Losses against labels, and losses of several embeddings: cross entropy, margins, triplets, ctc."""

from __future__ import annotations

from shapetorch.dim import UNKNOWN, AnyShape, Shape, Size, check_equal
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.broadcasting import broadcast_all
from shapetorch.rules.linear import rank_error
from shapetorch.rules.losses import mismatch, reduced
from shapetorch.rules.matching import require_same
from shapetorch.rules.registry import IfKnown, Sizes, rule


@rule("cross_entropy", functions=("nn.functional.cross_entropy",))
def cross_entropy_shape(
    input: Shape,
    target: Shape,
    weight: Shape | None = None,
    size_average: bool | None = None,
    ignore_index: object = -100,
    reduce: bool | None = None,
    reduction: IfKnown = "mean",
    label_smoothing: object = 0.0,
) -> AnyShape:
    """Shape of the cross entropy of logits and labels.

    Args:
        input: ``(C,)``, ``(N, C)`` or ``(N, C, *)``.
        target: Labels ``()``, ``(N,)`` or ``(N, *)``; or probabilities of the shape of `input`.
        weight: One weight for each class, ``(C,)``.
        size_average: Older form of `reduction`.
        ignore_index: Does not bear on the shape.
        reduce: Older form of `reduction`.
        reduction: ``none``, ``mean`` or ``sum``.
        label_smoothing: Does not bear on the shape.

    Returns:
        The shape of the labels if the reduction is ``none``, otherwise ``()``.

    Raises:
        ShapeError: loss_error_batch_mismatch, loss_error_shape_mismatch, loss_error_reduction.

    Source: PyTorch ``torch.nn.CrossEntropyLoss``, section "Shape".
    """
    shape = over_classes("cross_entropy", input, target, weight)
    return reduced("cross_entropy", shape, reduction, size_average, reduce)


def over_classes(operation: str, input: Shape, target: Shape, weight: Shape | None) -> Shape:
    """The unreduced shape of cross_entropy under another name."""
    if not input or len(target) != len(input) or (len(input) == 1 and target[0] == 1):
        if not input:
            raise mismatch(operation, "input must have at least 1 dimension", input, target)
        return over_labels(operation, input, target, weight)
    if len(input) > 1:
        _check_batch(operation, input, target)
    else:
        check_equal(input[0], target[0], lambda: _batch_error(operation, input, target))
    wanted = "labels must have the shape of input without its classes, probabilities that of input"
    require_same(target, input, lambda: mismatch(operation, wanted, input, target))
    _check_class_weight(operation, input, weight)
    return input[:1] + input[2:] if len(input) > 1 else ()


@rule("nll_loss", functions=("nn.functional.nll_loss",))
def nll_loss_shape(
    input: Shape,
    target: Shape,
    weight: Shape | None = None,
    size_average: bool | None = None,
    ignore_index: object = -100,
    reduce: bool | None = None,
    reduction: IfKnown = "mean",
) -> AnyShape:
    """Likelihood of the labels ``(N, *)`` under log-probabilities ``(N, C, *)``.

    Raises:
        ShapeError: loss_error_batch_mismatch, loss_error_shape_mismatch, loss_error_reduction.
    """
    if not input:
        raise _batch_error("nll_loss", input, target)
    shape = over_labels("nll_loss", input, target, weight)
    return reduced("nll_loss", shape, reduction, size_average, reduce)


def over_labels(operation: str, input: Shape, target: Shape, weight: Shape | None) -> Shape:
    """The unreduced shape of nll_loss under another name."""
    if len(input) == 1:
        if len(target) > 1:
            raise mismatch(operation, "target must have at most 1 dimension", input, target)
        for size in target:
            check_equal(size, 1, lambda: _batch_error(operation, input, target))
        _check_class_weight(operation, input, weight)
        return ()
    _check_batch(operation, input, target)
    require_same(
        target,
        input[:1] + input[2:],
        lambda: mismatch(
            operation, "target must have the shape of input without its classes", input, target
        ),
    )
    _check_class_weight(operation, input, weight)
    return target


def _check_batch(operation: str, input: Shape, target: Shape) -> None:
    if not target:
        raise _batch_error(operation, input, target)
    check_equal(input[0], target[0], lambda: _batch_error(operation, input, target))


def _batch_error(operation: str, input: Shape, target: Shape) -> ShapeError:
    return mismatch(
        operation,
        "batch sizes of input and target must be equal",
        input,
        target,
        ErrorKind.loss_error_batch_mismatch,
    )


def _check_class_weight(operation: str, input: Shape, weight: Shape | None) -> None:
    if weight is None:
        return
    classes = input[1] if len(input) > 1 else input[0]

    def error() -> ShapeError:
        return mismatch(operation, f"weight must have shape [{classes}]", input, weight)

    require_same(weight, (classes,), error)


@rule("multi_margin_loss", functions=("nn.functional.multi_margin_loss",))
def multi_margin_loss_shape(
    input: Shape,
    target: Shape,
    p: object = 1,
    margin: object = 1.0,
    weight: Shape | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: IfKnown = "mean",
) -> AnyShape:
    """Margins of ``(N, C)`` against labels ``(N,)``, or of ``(C,)`` against one."""
    shape = over_margins("multi_margin_loss", input, target, weight)
    return reduced("multi_margin_loss", shape, reduction, size_average, reduce)


def over_margins(operation: str, input: Shape, target: Shape, weight: Shape | None) -> Shape:
    """The unreduced shape of multi_margin_loss under another name."""
    if len(input) > 2:
        raise rank_error(operation, "input", "at most 2", input)
    batch: Size = input[0] if len(input) == 2 else 1

    def error() -> ShapeError:
        return mismatch(operation, f"target must have shape [{batch}]", input, target)

    if target:
        require_same(target, (batch,), error)
    else:
        check_equal(batch, 1, error)
    if input:
        _check_class_weight(operation, input, weight)
    return target


@rule("multilabel_margin_loss", functions=("nn.functional.multilabel_margin_loss",))
def multilabel_margin_loss_shape(
    input: Shape,
    target: Shape,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: IfKnown = "mean",
) -> AnyShape:
    """Margins of ``(N, C)`` or ``(C,)`` against labels of the same shape."""
    shape = over_label_sets("multilabel_margin_loss", input, target)
    return reduced("multilabel_margin_loss", shape, reduction, size_average, reduce)


def over_label_sets(operation: str, input: Shape, target: Shape) -> Shape:
    """The unreduced shape of multilabel_margin_loss under another name."""
    if len(input) > 2:
        raise rank_error(operation, "input", "at most 2", input)
    require_same(
        target or (1,) * len(input),
        input,
        lambda: mismatch(operation, "target must have the shape of input", input, target),
    )
    return input[:-1]


@rule("multilabel_soft_margin_loss", functions=("nn.functional.multilabel_soft_margin_loss",))
def multilabel_soft_margin_loss_shape(
    input: Shape,
    target: Shape,
    weight: Shape | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: IfKnown = "mean",
) -> AnyShape:
    """Logistic losses of shapes that broadcast, averaged over the last axis."""
    shape = over_soft_labels("multilabel_soft_margin_loss", input, target, weight)
    return reduced("multilabel_soft_margin_loss", shape, reduction, size_average, reduce)


def over_soft_labels(operation: str, input: Shape, target: Shape, weight: Shape | None) -> Shape:
    """The unreduced shape of multilabel_soft_margin_loss under another name."""
    shape = broadcast_all(operation, input, target, *(() if weight is None else (weight,)))
    if not input:
        raise ShapeError(
            ErrorKind.dimension_error_out_of_range,
            (-1, 0, input),
            f"{operation}: input must have at least 1 dimension, got 0 from []",
        )
    return shape[:-1]


@rule("margin_ranking_loss", functions=("nn.functional.margin_ranking_loss",))
def margin_ranking_loss_shape(
    input1: Shape,
    input2: Shape,
    target: Shape,
    margin: object = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: IfKnown = "mean",
) -> AnyShape:
    """Ranking loss of three shapes of one rank that broadcast."""
    shape = over_same_rank("margin_ranking_loss", input1, input2, target)
    return reduced("margin_ranking_loss", shape, reduction, size_average, reduce)


@rule("margin_ranking_loss", functions=("margin_ranking_loss",))
def margin_ranking_loss_native_shape(
    input1: Shape, input2: Shape, target: Shape, margin: object = 0.0, reduction: int = 1
) -> Shape:
    """``torch.margin_ranking_loss``: the reduction is 0, 1 or 2."""
    shape = broadcast_all("margin_ranking_loss", input1, input2, target)
    return shape if reduction == 0 else ()


def over_same_rank(operation: str, first: Shape, second: Shape, third: Shape) -> Shape:
    """The broadcast shape of three shapes that must have one rank."""
    for other in (second, third):
        if len(other) != len(first):
            raise mismatch(operation, "all must have the same number of dimensions", first, other)
    return broadcast_all(operation, first, second, third)


@rule("triplet_margin_loss", functions=("nn.functional.triplet_margin_loss",))
def triplet_margin_loss_shape(
    anchor: Shape,
    positive: Shape,
    negative: Shape,
    margin: object = 1.0,
    p: object = 2,
    eps: object = 1e-06,
    swap: object = False,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: IfKnown = "mean",
) -> AnyShape:
    """Distances over the last axis of three shapes of one rank that broadcast."""
    shape = over_same_rank("triplet_margin_loss", anchor, positive, negative)[:-1]
    return reduced("triplet_margin_loss", shape, reduction, size_average, reduce)


@rule("triplet_margin_loss", functions=("triplet_margin_loss",))
def triplet_margin_loss_native_shape(
    anchor: Shape,
    positive: Shape,
    negative: Shape,
    margin: object = 1.0,
    p: object = 2,
    eps: object = 1e-06,
    swap: object = False,
    reduction: int = 1,
) -> Shape:
    """``torch.triplet_margin_loss``: the reduction is 0, 1 or 2."""
    shape = over_same_rank("triplet_margin_loss", anchor, positive, negative)[:-1]
    return shape if reduction == 0 else ()


@rule(
    "triplet_margin_with_distance_loss",
    functions=("nn.functional.triplet_margin_with_distance_loss",),
)
def triplet_margin_with_distance_loss_shape(
    anchor: Shape,
    positive: Shape,
    negative: Shape,
    *,
    distance_function: IfKnown = None,
    margin: object = 1.0,
    swap: object = False,
    reduction: IfKnown = "mean",
) -> AnyShape:
    """As triplet_margin_loss; unknown when nothing is reduced and the distance is the caller's."""
    operation = "triplet_margin_with_distance_loss"
    if distance_function is not None:
        return UNKNOWN if reduction == "none" else reduced(operation, (), reduction)
    shape = over_same_rank(operation, anchor, positive, negative)[:-1]
    return reduced(operation, shape, reduction)


@rule("cosine_embedding_loss", functions=("nn.functional.cosine_embedding_loss",))
def cosine_embedding_loss_shape(
    input1: Shape,
    input2: Shape,
    target: Shape,
    margin: object = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: IfKnown = "mean",
) -> AnyShape:
    """Cosines of ``(N, D)`` against labels ``(N,)``, or of ``(D,)`` against one."""
    shape = over_cosines("cosine_embedding_loss", input1, input2, target)
    return reduced("cosine_embedding_loss", shape, reduction, size_average, reduce)


@rule("cosine_embedding_loss", functions=("cosine_embedding_loss",))
def cosine_embedding_loss_native_shape(
    input1: Shape, input2: Shape, target: Shape, margin: object = 0.0, reduction: int = 1
) -> Shape:
    """``torch.cosine_embedding_loss``: the reduction is 0, 1 or 2."""
    shape = over_cosines("cosine_embedding_loss", input1, input2, target)
    return shape if reduction == 0 else ()


def over_cosines(operation: str, input1: Shape, input2: Shape, target: Shape) -> Shape:
    """The unreduced shape of cosine_embedding_loss under another name."""
    if len(target) > 1:
        raise rank_error(operation, "target", "at most 1", target)
    for input in (input1, input2):
        if len(input) != len(target) + 1:
            raise mismatch(
                operation, "inputs must have one dimension more than target", input, target
            )
    return broadcast_all(operation, broadcast_all(operation, input1, input2)[:-1], target)


@rule("ctc_loss", functions=("nn.functional.ctc_loss",))
def ctc_loss_shape(
    log_probs: Shape,
    targets: Shape,
    input_lengths: Shape,
    target_lengths: Shape,
    blank: object = 0,
    reduction: IfKnown = "mean",
    zero_infinity: object = False,
) -> AnyShape:
    """Loss of ``(T, N, C)`` against targets ``(N, S)`` or all in a row: ``(N,)`` if not reduced.

    Raises:
        ShapeError: rank_error_mismatch, loss_error_shape_mismatch, loss_error_reduction.
    """
    counts = [_count(lengths) for lengths in (input_lengths, target_lengths)]
    return reduced("ctc_loss", align("ctc_loss", log_probs, targets, counts), reduction)


@rule("ctc_loss", functions=("nn.functional.ctc_loss",))
def ctc_loss_numbers_shape(
    log_probs: Shape,
    targets: Shape,
    input_lengths: Sizes,
    target_lengths: Sizes,
    blank: object = 0,
    reduction: IfKnown = "mean",
    zero_infinity: object = False,
) -> AnyShape:
    """As `ctc_loss_shape`, where the lengths are numbers."""
    counts: list[Size] = [len(input_lengths), len(target_lengths)]
    return reduced("ctc_loss", align("ctc_loss", log_probs, targets, counts), reduction)


def _count(lengths: Shape) -> Size:
    return lengths[0] if lengths else 1


def align(operation: str, log_probs: Shape, targets: Shape, counts: list[Size]) -> Shape:
    """The unreduced shape of ctc_loss under another name; `counts` are the numbers of lengths."""
    if len(log_probs) not in (2, 3):
        raise rank_error(operation, "log_probs", "2 or 3", log_probs)
    batch: Size = log_probs[1] if len(log_probs) == 3 else 1
    if len(targets) not in (1, 2):
        raise rank_error(operation, "targets", "1 or 2", targets)
    if len(targets) == 2:
        check_equal(
            targets[0],
            batch,
            lambda: mismatch(operation, "batch sizes must be equal", log_probs, targets),
        )
    for count in counts:
        check_equal(
            count,
            batch,
            lambda: mismatch(operation, f"there must be {batch} lengths", log_probs, targets),
        )
    return (batch,) if len(log_probs) == 3 else ()
