"""Layers: losses. A weight given to the constructor is looked at when its shape is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from shapetorch.dim import UNKNOWN, AnyShape, Shape, Size, Variadic
from shapetorch.rules.broadcasting import broadcast_all
from shapetorch.rules.label_losses import (
    align,
    over_classes,
    over_cosines,
    over_label_sets,
    over_labels,
    over_margins,
    over_same_rank,
    over_soft_labels,
)
from shapetorch.rules.linear import check_features
from shapetorch.rules.losses import (
    check_binary,
    check_logits,
    gaussian,
    mismatch,
    reduced,
    soft_margin,
)
from shapetorch.rules.matching import require_same
from shapetorch.rules.registry import IfKnown, Sizes, frozen, layer


def _known(value: Shape | IfKnown) -> Shape | None:
    """The shape of a tensor, None when it is not known."""
    if not isinstance(value, tuple) or any(isinstance(size, Variadic) for size in value):
        return None
    return value


@frozen
class _Loss:
    """A loss with a reduction in its newer and older forms."""

    size_average: bool | None = None
    reduce: bool | None = None
    reduction: IfKnown = "mean"

    def reduced(self, shape: Shape) -> AnyShape:
        """`shape`, or a scalar."""
        name = type(self).__name__
        return reduced(name, shape, self.reduction, self.size_average, self.reduce)


@layer("SoftMarginLoss")
@frozen
class SoftMarginLoss(_Loss):
    """Of an input and a target that broadcasts to it."""

    def forward(self, input: Shape, target: Shape) -> AnyShape:
        """The shape of `input`, reduced."""
        return soft_margin(
            "SoftMarginLoss", input, target, self.reduction, self.size_average, self.reduce
        )


@layer("MSELoss", "L1Loss")
@frozen
class MSELoss(_Loss):
    """MSELoss, L1Loss: of two shapes that broadcast."""

    def forward(self, input: Shape, target: Shape) -> AnyShape:
        """The broadcast shape, reduced."""
        return self.reduced(broadcast_all("MSELoss", input, target))


@layer("SmoothL1Loss")
@frozen
class SmoothL1Loss(_Loss):
    """Of two shapes that broadcast."""

    beta: object = 1.0

    def forward(self, input: Shape, target: Shape) -> AnyShape:
        """The broadcast shape, reduced."""
        return self.reduced(broadcast_all("SmoothL1Loss", input, target))


@layer("HuberLoss")
@frozen
class HuberLoss:
    """Of two shapes that broadcast."""

    reduction: IfKnown = "mean"
    delta: object = 1.0

    def forward(self, input: Shape, target: Shape) -> AnyShape:
        """The broadcast shape, reduced."""
        return reduced("HuberLoss", broadcast_all("HuberLoss", input, target), self.reduction)


@layer("KLDivLoss")
@frozen
class KLDivLoss(_Loss):
    """Of two shapes that broadcast; the reduction may also be ``batchmean``."""

    log_target: object = False

    def forward(self, input: Shape, target: Shape) -> AnyShape:
        """The broadcast shape, reduced."""
        shape = broadcast_all("KLDivLoss", input, target)
        return reduced(
            "KLDivLoss",
            shape,
            self.reduction,
            self.size_average,
            self.reduce,
            also=("batchmean",),
        )


@layer("PoissonNLLLoss")
@frozen
class PoissonNLLLoss:
    """Of two shapes that broadcast."""

    log_input: object = True
    full: object = False
    size_average: bool | None = None
    eps: object = 1e-08
    reduce: bool | None = None
    reduction: IfKnown = "mean"

    def forward(self, log_input: Shape, target: Shape) -> AnyShape:
        """The broadcast shape, reduced."""
        shape = broadcast_all("PoissonNLLLoss", log_input, target)
        return reduced("PoissonNLLLoss", shape, self.reduction, self.size_average, self.reduce)


@layer("GaussianNLLLoss")
@frozen
class GaussianNLLLoss:
    """See `rules.losses.gaussian_nll_loss_shape`."""

    full: object = False
    eps: object = 1e-06
    reduction: IfKnown = "mean"

    def forward(self, input: Shape, target: Shape, var: Shape | IfKnown) -> AnyShape:
        """The broadcast shape, reduced."""
        return gaussian("GaussianNLLLoss", input, target, var, self.reduction)


@layer("HingeEmbeddingLoss")
@frozen
class HingeEmbeddingLoss:
    """Of two shapes that broadcast."""

    margin: object = 1.0
    size_average: bool | None = None
    reduce: bool | None = None
    reduction: IfKnown = "mean"

    def forward(self, input: Shape, target: Shape) -> AnyShape:
        """The broadcast shape, reduced."""
        shape = broadcast_all("HingeEmbeddingLoss", input, target)
        return reduced("HingeEmbeddingLoss", shape, self.reduction, self.size_average, self.reduce)


@layer("BCELoss")
@frozen
class BCELoss:
    """Probabilities and a target of the same shape."""

    weight: Shape | IfKnown = None
    size_average: bool | None = None
    reduce: bool | None = None
    reduction: IfKnown = "mean"

    def forward(self, input: Shape, target: Shape) -> AnyShape:
        """The shape of `input`, reduced."""
        check_binary("BCELoss", input, target, _known(self.weight))
        return reduced("BCELoss", input, self.reduction, self.size_average, self.reduce)


@layer("BCEWithLogitsLoss")
@frozen
class BCEWithLogitsLoss:
    """Logits and a target of the same shape."""

    weight: Shape | IfKnown = None
    size_average: bool | None = None
    reduce: bool | None = None
    reduction: IfKnown = "mean"
    pos_weight: Shape | IfKnown = None

    def forward(self, input: Shape, target: Shape) -> AnyShape:
        """The shape of `input`, reduced."""
        name = "BCEWithLogitsLoss"
        shape = check_logits(name, input, target, _known(self.weight), _known(self.pos_weight))
        return reduced(name, shape, self.reduction, self.size_average, self.reduce)


@layer("CrossEntropyLoss")
@frozen
class CrossEntropyLoss:
    """Logits ``(N, C, *)`` and labels ``(N, *)`` or probabilities ``(N, C, *)``.

    Raises:
        ShapeError: loss_error_batch_mismatch, loss_error_shape_mismatch, loss_error_reduction.
    """

    weight: Shape | IfKnown = None
    size_average: bool | None = None
    ignore_index: object = -100
    reduce: bool | None = None
    reduction: IfKnown = "mean"
    label_smoothing: object = 0.0

    def forward(self, input: Shape, target: Shape) -> AnyShape:
        """The shape of the labels, reduced."""
        shape = over_classes("CrossEntropyLoss", input, target, _known(self.weight))
        return reduced("CrossEntropyLoss", shape, self.reduction, self.size_average, self.reduce)


@layer("NLLLoss", "NLLLoss2d")
@frozen
class NLLLoss:
    """Log-probabilities ``(N, C, *)`` and labels ``(N, *)``."""

    weight: Shape | IfKnown = None
    size_average: bool | None = None
    ignore_index: object = -100
    reduce: bool | None = None
    reduction: IfKnown = "mean"

    def forward(self, input: Shape, target: Shape) -> AnyShape:
        """The shape of the labels, reduced."""
        if not input:
            raise mismatch("NLLLoss", "input must have at least 1 dimension", input, target)
        shape = over_labels("NLLLoss", input, target, _known(self.weight))
        return reduced("NLLLoss", shape, self.reduction, self.size_average, self.reduce)


@layer("MultiMarginLoss")
@frozen
class MultiMarginLoss:
    """Margins of ``(N, C)`` against labels ``(N,)``, or of ``(C,)`` against one."""

    p: object = 1
    margin: object = 1.0
    weight: Shape | IfKnown = None
    size_average: bool | None = None
    reduce: bool | None = None
    reduction: IfKnown = "mean"

    def forward(self, input: Shape, target: Shape) -> AnyShape:
        """The shape of the labels, reduced."""
        shape = over_margins("MultiMarginLoss", input, target, _known(self.weight))
        return reduced("MultiMarginLoss", shape, self.reduction, self.size_average, self.reduce)


@layer("MultiLabelMarginLoss")
@frozen
class MultiLabelMarginLoss(_Loss):
    """Margins of ``(N, C)`` or ``(C,)`` against labels of the same shape."""

    def forward(self, input: Shape, target: Shape) -> AnyShape:
        """``(N,)``, reduced."""
        return self.reduced(over_label_sets("MultiLabelMarginLoss", input, target))


@layer("MultiLabelSoftMarginLoss")
@frozen
class MultiLabelSoftMarginLoss:
    """Logistic losses averaged over the last axis."""

    weight: Shape | IfKnown = None
    size_average: bool | None = None
    reduce: bool | None = None
    reduction: IfKnown = "mean"

    def forward(self, input: Shape, target: Shape) -> AnyShape:
        """The broadcast shape without its last size, reduced."""
        name = "MultiLabelSoftMarginLoss"
        shape = over_soft_labels(name, input, target, _known(self.weight))
        return reduced(name, shape, self.reduction, self.size_average, self.reduce)


@layer("MarginRankingLoss")
@frozen
class MarginRankingLoss:
    """Three shapes of one rank that broadcast."""

    margin: object = 0.0
    size_average: bool | None = None
    reduce: bool | None = None
    reduction: IfKnown = "mean"

    def forward(self, input1: Shape, input2: Shape, target: Shape) -> AnyShape:
        """The broadcast shape, reduced."""
        shape = over_same_rank("MarginRankingLoss", input1, input2, target)
        return reduced("MarginRankingLoss", shape, self.reduction, self.size_average, self.reduce)


@layer("CosineEmbeddingLoss")
@frozen
class CosineEmbeddingLoss:
    """Cosines of ``(N, D)`` against labels ``(N,)``, or of ``(D,)`` against one."""

    margin: object = 0.0
    size_average: bool | None = None
    reduce: bool | None = None
    reduction: IfKnown = "mean"

    def forward(self, input1: Shape, input2: Shape, target: Shape) -> AnyShape:
        """The shape of the labels, reduced."""
        shape = over_cosines("CosineEmbeddingLoss", input1, input2, target)
        return reduced("CosineEmbeddingLoss", shape, self.reduction, self.size_average, self.reduce)


@layer("TripletMarginLoss")
@frozen
class TripletMarginLoss:
    """Distances over the last axis of three shapes of one rank that broadcast."""

    margin: object = 1.0
    p: object = 2.0
    eps: object = 1e-06
    swap: object = False
    size_average: bool | None = None
    reduce: bool | None = None
    reduction: IfKnown = "mean"

    def forward(self, anchor: Shape, positive: Shape, negative: Shape) -> AnyShape:
        """The broadcast shape without its last size, reduced."""
        shape = over_same_rank("TripletMarginLoss", anchor, positive, negative)[:-1]
        return reduced("TripletMarginLoss", shape, self.reduction, self.size_average, self.reduce)


@layer("TripletMarginWithDistanceLoss")
@dataclass(frozen=True, kw_only=True)
class TripletMarginWithDistanceLoss:
    """As `TripletMarginLoss`; a distance of the caller's own may have any shape."""

    distance_function: IfKnown = None
    margin: object = 1.0
    swap: object = False
    reduction: IfKnown = "mean"

    def forward(self, anchor: Shape, positive: Shape, negative: Shape) -> AnyShape:
        """The broadcast shape without its last size, reduced."""
        name = "TripletMarginWithDistanceLoss"
        if self.distance_function is not None:
            return UNKNOWN if self.reduction == "none" else reduced(name, (), self.reduction)
        shape = over_same_rank(name, anchor, positive, negative)[:-1]
        return reduced(name, shape, self.reduction)


@layer("CTCLoss")
@frozen
class CTCLoss:
    """Loss of ``(T, N, C)`` against targets ``(N, S)`` or all in a row."""

    blank: object = 0
    reduction: IfKnown = "mean"
    zero_infinity: object = False

    def forward(
        self,
        log_probs: Shape,
        targets: Shape,
        input_lengths: object,
        target_lengths: object,
    ) -> AnyShape:
        """``(N,)``, reduced."""
        return reduced("CTCLoss", align("CTCLoss", log_probs, targets, []), self.reduction)


class OutputLoss(NamedTuple):
    """Likelihoods and the loss."""

    output: Shape
    loss: Shape


@layer("AdaptiveLogSoftmaxWithLoss")
@frozen
class AdaptiveLogSoftmaxWithLoss:
    """Softmax over many classes in clusters: the likelihood of each target, and the mean loss."""

    in_features: Size
    n_classes: Size
    cutoffs: Sizes
    div_value: object = 4.0
    head_bias: object = False

    def forward(self, input_: Shape, target_: Shape) -> OutputLoss:
        """``(N,)`` and ``()`` of ``(N, in_features)`` and ``(N,)``; the batch may be missing."""
        name = "AdaptiveLogSoftmaxWithLoss"
        wanted = "target must have the batch of input and nothing else"
        if len(input_) not in (1, 2):
            raise mismatch(name, "input must have 1 or 2 dimensions", input_, target_)
        require_same(target_, input_[:-1], lambda: mismatch(name, wanted, input_, target_))
        check_features(name, "in_features", self.in_features, input_)
        return OutputLoss(target_, ())
