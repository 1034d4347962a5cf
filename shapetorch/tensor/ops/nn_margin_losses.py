"""Losses that want a margin between a right answer and a wrong one; cosine similarity."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.arguments import tensor_argument
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import require_kind, require_no_gradient, require_same_kind, title
from shapetorch.tensor.linear_maps import linear_map
from shapetorch.tensor.loss_reductions import chosen, numbered, reduced
from shapetorch.tensor.modes import MODES, grad_mode
from shapetorch.tensor.operations import OPERATIONS, operation
from shapetorch.tensor.quiet import quietly
from shapetorch.tensor.recomputing import recomputed_gradients
from shapetorch.tensor.scattering import add_at
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, wrap


def _named(name: str) -> Any:
    """A function of another family."""
    return OPERATIONS[name].function


# -- ranking ----------------------------------------------------------------------------------------


@operation("nn.functional.margin_ranking_loss")
def margin_ranking_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``max(0, -target * (input1 - input2) + margin)``: label 1 wants the first to be larger."""
    reduction = chosen(reduction, size_average, reduce)
    judged(
        "nn.functional.margin_ranking_loss",
        *(input1, input2, target, margin, None, None, reduction),
    )
    return _ranking(input1, input2, target, margin, reduction)


@operation("margin_ranking_loss")
def _native_margin_ranking_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0.0, reduction: int = 1
) -> Tensor:
    """See `nn.functional.margin_ranking_loss`; the reduction is 0, 1 or 2."""
    judged("margin_ranking_loss", input1, input2, target, margin, reduction)
    return _ranking(input1, input2, target, margin, numbered("margin_ranking_loss", reduction))


def _ranking(
    input1: Tensor, input2: Tensor, target: Tensor, margin: float, reduction: str
) -> Tensor:
    return reduced((-target * (input1 - input2) + float(margin)).clamp_min(0), reduction)


# -- triplets ---------------------------------------------------------------------------------------


def _triplet(
    positive: Tensor, negative: Tensor, swapped: Tensor | None, margin: float, reduction: str
) -> Tensor:
    """``max(0, margin + positive - negative)`` of distances."""
    if swapped is not None:
        negative = _named("minimum")(negative, swapped)
    return reduced((margin + positive - negative).clamp_min(0), reduction)


def _triplet_of_norms(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: float,
    p: float,
    eps: float,
    swap: bool,
    reduction: str,
) -> Tensor:
    distance = _named("nn.functional.pairwise_distance")
    return _triplet(
        distance(anchor, positive, p, eps),
        distance(anchor, negative, p, eps),
        distance(positive, negative, p, eps) if swap else None,
        margin,
        reduction,
    )


@operation("nn.functional.triplet_margin_loss")
def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: float = 1.0,
    p: float = 2,
    eps: float = 1e-06,
    swap: bool = False,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``max(0, margin + distance(anchor, positive) - distance(anchor, negative))``.

    Args:
        anchor: ``(N, D)`` or ``(D,)``.
        positive: Of the same rank.
        negative: Of the same rank.
        margin: Greater than 0.
        p: The exponent of the norm.
        eps: Added to the differences.
        swap: Whether the negative's smaller distance, to anchor or positive, counts.
        size_average: Older form of `reduction`.
        reduce: Older form of `reduction`.
        reduction: none, mean or sum.
    """
    if margin <= 0:
        raise ValueError(f"triplet_margin_loss: margin must be greater than 0, got {margin}")
    reduction = chosen(reduction, size_average, reduce)
    judged(
        "nn.functional.triplet_margin_loss",
        *(anchor, positive, negative, margin, p, eps, swap, None, None, reduction),
    )
    return _triplet_of_norms(anchor, positive, negative, margin, p, eps, swap, reduction)


@operation("triplet_margin_loss")
def _native_triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: float = 1.0,
    p: float = 2,
    eps: float = 1e-06,
    swap: bool = False,
    reduction: int = 1,
) -> Tensor:
    """See `nn.functional.triplet_margin_loss`; the reduction is 0, 1 or 2."""
    judged("triplet_margin_loss", *(anchor, positive, negative, margin, p, eps, swap, reduction))
    return _triplet_of_norms(
        anchor, positive, negative, margin, p, eps, swap, numbered("triplet_margin_loss", reduction)
    )


@operation("nn.functional.triplet_margin_with_distance_loss")
def triplet_margin_with_distance_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    *,
    distance_function: Any = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Tensor:
    """`triplet_margin_loss` with a distance of the caller's."""
    if margin <= 0:
        raise ValueError(
            f"triplet_margin_with_distance_loss: margin must be greater than 0, got {margin}"
        )
    judged(
        "nn.functional.triplet_margin_with_distance_loss",
        *(anchor, positive, negative),
        distance_function=distance_function,
        reduction=reduction,
    )
    if not anchor.ndim == positive.ndim == negative.ndim:
        raise RuntimeError(
            "triplet_margin_with_distance_loss: all must have the same number of dimensions, got "
            f"{anchor.ndim}, {positive.ndim} and {negative.ndim}"
        )
    distance = distance_function or _named("nn.functional.pairwise_distance")
    swapped = distance(positive, negative) if swap else None
    return _triplet(
        distance(anchor, positive), distance(anchor, negative), swapped, margin, reduction
    )


# -- cosines ----------------------------------------------------------------------------------------


@operation("nn.functional.cosine_similarity", aliases=("cosine_similarity",))
def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-08) -> Tensor:
    """``x1 . x2`` over the norms along `dim`, each of which counts as `eps` at least."""
    tensor_argument("cosine_similarity", "x1", x1)
    tensor_argument("cosine_similarity", "x2", x2, 2)
    promoted = _named("promote_types")(x1.dtype, x2.dtype)
    if not promoted.is_floating_point:
        raise RuntimeError(
            f"expected common dtype to be floating point, yet common dtype is {promoted.name}"
        )
    judged("nn.functional.cosine_similarity", x1, x2, dim, eps)
    a, b = x1._array, x2._array
    if a.dtype is b.dtype and a.dtype.kind == "f" and a.itemsize > 2 and a.shape == b.shape != ():
        (u, _, _), (v, _, _) = (quietly(_units, item, dim, eps) for item in (a, b))
        value = np.asarray(quietly(np.add.reduce, u * v, dim))
        return record(value, (x1, x2), cosine_similarity_backward, (x1, x2), dim=dim, eps=eps)
    return _cosines(x1, x2, promoted, dim, eps)


def _cosines(x1: Tensor, x2: Tensor, promoted: Any, dim: int, eps: float) -> Tensor:
    """The same in operations of tensors."""
    shape = np.broadcast_shapes(x1._array.shape, x2._array.shape)
    first, second = (_along(item.to(promoted).expand(shape), dim, eps) for item in (x1, x2))
    return (first * second).sum(dim)  # type: ignore[no-any-return]


def _units(array: Array, dim: int, eps: float) -> tuple[Array, Array, Array]:
    """The vectors over their lengths, which count as `eps` at least; those lengths, and the true ones."""
    length = np.sqrt(np.add.reduce(array * array, dim, keepdims=True))
    divisor = np.maximum(length, array.dtype.type(eps))
    return array / divisor, divisor, length


def cosine_similarity_backward(node: Any, grad: Tensor) -> Any:
    """Of both: ``(v - cosine * a / |a|) / |a|``, where v is the other vector with length 1."""
    x1, x2 = node.saved
    if MODES.grad:
        return recomputed_gradients(
            lambda a, b: (_cosines(a, b, x1.dtype, node.dim, node.eps),), (x1, x2), (grad,)
        )
    return quietly(_cosine_gradients, x1._array, x2._array, grad._array, node)


def _cosine_gradients(a: Array, b: Array, grad: Array, node: Any) -> list[Tensor | None]:
    units = [_units(item, node.dim, node.eps) for item in (a, b)]
    cosine = np.add.reduce(units[0][0] * units[1][0], node.dim, keepdims=True)
    grad = np.expand_dims(grad, node.dim)
    made: list[Tensor | None] = []
    for place, array in enumerate((a, b)):
        _, divisor, length = units[place]
        # a vector without length has a length without slope
        direction = array / np.where(length == 0, length.dtype.type(1), length)
        made.append(wrap((units[1 - place][0] - cosine * direction) / divisor * grad))
    return made


def _along(input: Tensor, dim: int, eps: float) -> Tensor:
    """The vectors with length 1; one shorter than eps counts as that long, with a length's slope."""
    length = input.norm(2, dim, keepdim=True).clone()
    with grad_mode(False):
        length.clamp_min_(eps)
    return input / length  # type: ignore[no-any-return]


_SMALL = 1e-12


@operation("nn.functional.cosine_embedding_loss")
def cosine_embedding_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """``1 - cos`` for the label 1, ``max(0, cos - margin)`` for -1."""
    reduction = chosen(reduction, size_average, reduce)
    judged(
        "nn.functional.cosine_embedding_loss",
        *(input1, input2, target, margin, None, None, reduction),
    )
    return _cosine_embedding(input1, input2, target, margin, reduction)


@operation("cosine_embedding_loss")
def _native_cosine_embedding_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0.0, reduction: int = 1
) -> Tensor:
    """See `nn.functional.cosine_embedding_loss`; the reduction is 0, 1 or 2."""
    judged("cosine_embedding_loss", input1, input2, target, margin, reduction)
    return _cosine_embedding(
        input1, input2, target, margin, numbered("cosine_embedding_loss", reduction)
    )


def _cosine_embedding(
    input1: Tensor, input2: Tensor, target: Tensor, margin: float, reduction: str
) -> Tensor:
    dot = (input1 * input2).sum(-1)
    squares = ((input1 * input1).sum(-1) + _SMALL) * ((input2 * input2).sum(-1) + _SMALL)
    cosine = dot / squares.sqrt()
    zero = _named("zeros_like")(cosine)
    where = _named("where")
    same = where(target == 1, 1 - cosine, zero)
    other = where(target == -1, (cosine - float(margin)).clamp_min(0), zero)
    return reduced(same + other, reduction)


# -- margins between classes ------------------------------------------------------------------------


def picked(input: Tensor, index: Array) -> Tensor:
    """``input[n, index[n, i]]``, as a recorded operation."""
    shape = input._array.shape

    def forward(array: Array) -> Array:
        return np.take_along_axis(array, index, 1)

    def adjoint(grad: Array) -> Array:
        made = np.zeros(shape, grad.dtype)
        add_at(made, index, grad)
        return made

    return linear_map("gather", input, forward, adjoint)


def _labels(name: str, target: Tensor, least: int, classes: int) -> Array:
    if target._array.dtype != np.int64:
        raise RuntimeError(f"{name}: expected scalar type Long but found {title(target)}")
    array = target._array
    if array.size and (array.min() < least or array.max() >= classes):
        raise RuntimeError(f"{name}: target out of range, must be in {least}..{classes - 1}")
    return array


@operation("nn.functional.multi_margin_loss")
def multi_margin_loss(
    input: Tensor,
    target: Tensor,
    p: int = 1,
    margin: float = 1.0,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """The mean over classes of ``weight[y] * max(0, margin - x[y] + x[i]) ** p``, without the label y.

    Args:
        input: ``(N, C)`` or ``(C,)``.
        target: Labels, ``(N,)`` or ``()``.
        p: 1 or 2.
        margin: What the label shall be ahead by.
        weight: Of each class, ``(C,)``.
        size_average: Older form of `reduction`.
        reduce: Older form of `reduction`.
        reduction: none, mean or sum.

    Raises:
        ShapeError: rank_error_mismatch, loss_error_shape_mismatch, loss_error_reduction.
        RuntimeError: a label is no class.
    """
    reduction = chosen(reduction, size_average, reduce)
    judged(
        "nn.functional.multi_margin_loss",
        *(input, target, p, margin, weight, None, None, reduction),
    )
    if p not in (1, 2):
        raise ValueError(f"multi_margin_loss: only p == 1 and p == 2 are supported, got {p}")
    require_kind("multi_margin_loss", input)
    require_same_kind("multi_margin_loss", input, weight)
    require_no_gradient("multi_margin_loss", weight=weight)
    rows = input.reshape(1, -1) if input.ndim < 2 else input
    classes = rows._array.shape[1]
    labels = _labels("multi_margin_loss", target, 0, classes).reshape(-1, 1)
    beyond = (margin - picked(rows, labels) + rows).relu()
    each = beyond if p == 1 else beyond * beyond
    if weight is not None:
        each = each * wrap(weight._array[labels])
    others = wrap((np.arange(classes) != labels).astype(input._array.dtype))
    loss = (each * others).sum(1) / classes
    return reduced(loss if target.ndim else loss.reshape(()), reduction)


@operation("nn.functional.multilabel_margin_loss")
def multilabel_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """The sum over labels y and other classes i of ``max(0, 1 - (x[y] - x[i]))``, over the classes.

    Args:
        input: ``(N, C)`` or ``(C,)``.
        target: Labels of the same shape; those before the first -1 count.
        size_average: Older form of `reduction`.
        reduce: Older form of `reduction`.
        reduction: none, mean or sum.
    """
    reduction = chosen(reduction, size_average, reduce)
    judged("nn.functional.multilabel_margin_loss", input, target, None, None, reduction)
    require_kind("multilabel_margin_loss", input)
    rows = input.reshape(1, -1) if input.ndim < 2 else input
    count, classes = rows._array.shape
    labels = _labels("multilabel_margin_loss", target, -1, classes).reshape(count, classes)
    counts = np.logical_and.accumulate(labels >= 0, axis=1)
    index = np.where(counts, labels, 0)
    is_label = np.zeros((count, classes + 1), bool)
    np.put_along_axis(is_label, np.where(counts, labels, classes), True, 1)
    others = ~is_label[:, :classes]
    beyond = (1 - picked(rows, index).unsqueeze(2) + rows.unsqueeze(1)).relu()
    mask = (counts[:, :, None] & others[:, None, :]).astype(input._array.dtype)
    loss = (beyond * wrap(mask)).sum((1, 2)) / max(classes, 1)
    return reduced(loss if input.ndim > 1 else loss.reshape(()), reduction)
