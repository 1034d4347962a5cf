"""Losses of a prediction against values or labels, in every reduction.

What PyTorch broadcasts with a warning is accepted.
"""

from __future__ import annotations

from collections.abc import Sequence

from shapetorch.dim import UNKNOWN, AnyShape, Shape, check_equal, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.broadcasting import broadcast_all
from shapetorch.rules.matching import require_expandable, require_same
from shapetorch.rules.registry import IfKnown, rule

REDUCTIONS = ("none", "mean", "sum")


def reduced(
    operation: str,
    shape: Shape,
    reduction: IfKnown,
    size_average: bool | None = None,
    reduce: bool | None = None,
    *,
    also: Sequence[str] = (),
) -> AnyShape:
    """`shape` when nothing is reduced, otherwise a scalar.

    Args:
        operation: The name for messages.
        shape: Of the loss before it is reduced.
        reduction: ``none``, ``mean`` or ``sum``; the result is unknown when it is not known.
        size_average: Older form of `reduction`; when given, only `reduce` counts.
        reduce: Older form of `reduction`: False is ``none``.
        also: Further values of `reduction`.

    Raises:
        ShapeError: loss_error_reduction.
    """
    if size_average is not None or reduce is not None:
        return shape if reduce is False else ()
    if reduction is ...:
        return UNKNOWN if shape else ()
    allowed = (*REDUCTIONS, *also)
    if reduction not in allowed:
        raise ShapeError(
            ErrorKind.loss_error_reduction,
            (reduction,),
            f"{operation}: reduction must be one of {', '.join(allowed)}, got {reduction}",
        )
    return shape if reduction == "none" else ()


def mismatch(
    operation: str,
    what: str,
    input: Shape,
    target: Shape,
    kind: ErrorKind = ErrorKind.loss_error_shape_mismatch,
) -> ShapeError:
    """The error of an input and a target that do not belong together."""
    return ShapeError(
        kind,
        (input, target),
        f"{operation}: {what}, got {render_shape(input)} and {render_shape(target)}",
    )


def elementwise_loss(operation: str, input: Shape, target: Shape, weight: Shape | None) -> Shape:
    """The broadcast shape of input and target; a weight must have the shape of the input."""
    if weight is not None:
        require_same(
            weight,
            input,
            lambda: mismatch(
                operation,
                "weight must have the shape of input",
                input,
                weight,
                ErrorKind.loss_error_target_shape,
            ),
        )
    return broadcast_all(operation, input, target)


@rule("mse_loss", functions=("nn.functional.mse_loss",))
def mse_loss_shape(
    input: Shape,
    target: Shape,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: IfKnown = "mean",
    weight: Shape | None = None,
) -> AnyShape:
    """Squared error of two shapes that broadcast."""
    shape = elementwise_loss("mse_loss", input, target, weight)
    return reduced("mse_loss", shape, reduction, size_average, reduce)


@rule("l1_loss", functions=("nn.functional.l1_loss",))
def l1_loss_shape(
    input: Shape,
    target: Shape,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: IfKnown = "mean",
    weight: Shape | None = None,
) -> AnyShape:
    """Absolute error of two shapes that broadcast."""
    shape = elementwise_loss("l1_loss", input, target, weight)
    return reduced("l1_loss", shape, reduction, size_average, reduce)


@rule("smooth_l1_loss", functions=("nn.functional.smooth_l1_loss",))
def smooth_l1_loss_shape(
    input: Shape,
    target: Shape,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: IfKnown = "mean",
    beta: object = 1.0,
) -> AnyShape:
    """Smooth absolute error of two shapes that broadcast."""
    shape = broadcast_all("smooth_l1_loss", input, target)
    return reduced("smooth_l1_loss", shape, reduction, size_average, reduce)


@rule("huber_loss", functions=("nn.functional.huber_loss",))
def huber_loss_shape(
    input: Shape,
    target: Shape,
    reduction: IfKnown = "mean",
    delta: object = 1.0,
    weight: Shape | None = None,
) -> AnyShape:
    """Huber's error of two shapes that broadcast."""
    shape = elementwise_loss("huber_loss", input, target, weight)
    return reduced("huber_loss", shape, reduction)


@rule("soft_margin_loss", functions=("nn.functional.soft_margin_loss",))
def soft_margin_loss_shape(
    input: Shape,
    target: Shape,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: IfKnown = "mean",
) -> AnyShape:
    """Logistic loss of `input` and a target that broadcasts to it."""
    return soft_margin("soft_margin_loss", input, target, reduction, size_average, reduce)


def soft_margin(
    operation: str,
    input: Shape,
    target: Shape,
    reduction: IfKnown,
    size_average: bool | None,
    reduce: bool | None,
) -> AnyShape:
    """The rule of soft_margin_loss under another name."""
    broadcast_all(operation, input, target)
    require_expandable(
        target,
        input,
        lambda: mismatch(operation, "target must broadcast to input", input, target),
    )
    return reduced(operation, input, reduction, size_average, reduce)


@rule("hinge_embedding_loss", functions=("nn.functional.hinge_embedding_loss",))
def hinge_embedding_loss_shape(
    input: Shape,
    target: Shape,
    margin: object = 1.0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: IfKnown = "mean",
) -> AnyShape:
    """Hinge loss of distances and labels that broadcast."""
    shape = broadcast_all("hinge_embedding_loss", input, target)
    return reduced("hinge_embedding_loss", shape, reduction, size_average, reduce)


@rule("hinge_embedding_loss", functions=("hinge_embedding_loss",))
def hinge_embedding_loss_native_shape(
    input: Shape, target: Shape, margin: object = 1.0, reduction: int = 1
) -> Shape:
    """``torch.hinge_embedding_loss``: the reduction is 0, 1 or 2."""
    shape = broadcast_all("hinge_embedding_loss", input, target)
    return shape if reduction == 0 else ()


@rule("poisson_nll_loss", functions=("nn.functional.poisson_nll_loss",))
def poisson_nll_loss_shape(
    input: Shape,
    target: Shape,
    log_input: object = True,
    full: object = False,
    size_average: bool | None = None,
    eps: object = 1e-08,
    reduce: bool | None = None,
    reduction: IfKnown = "mean",
) -> AnyShape:
    """Poisson likelihood of two shapes that broadcast."""
    shape = broadcast_all("poisson_nll_loss", input, target)
    return reduced("poisson_nll_loss", shape, reduction, size_average, reduce)


@rule("kl_div", functions=("nn.functional.kl_div",))
def kl_div_shape(
    input: Shape,
    target: Shape,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: IfKnown = "mean",
    log_target: object = False,
) -> AnyShape:
    """Divergence of two shapes that broadcast; the reduction may also be ``batchmean``."""
    shape = broadcast_all("kl_div", input, target)
    return reduced("kl_div", shape, reduction, size_average, reduce, also=("batchmean",))


@rule("kl_div", functions=("kl_div",))
def kl_div_native_shape(
    input: Shape, target: Shape, reduction: int = 1, *, log_target: object = False
) -> Shape:
    """``torch.kl_div``: the reduction is 0, 1 or 2."""
    shape = broadcast_all("kl_div", input, target)
    return shape if reduction == 0 else ()


@rule("binary_cross_entropy", functions=("nn.functional.binary_cross_entropy",))
def binary_cross_entropy_shape(
    input: Shape,
    target: Shape,
    weight: Shape | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: IfKnown = "mean",
) -> AnyShape:
    """Cross entropy of probabilities and a target of the same shape.

    Raises:
        ShapeError: loss_error_target_shape, broadcast_error_incompatible_dimensions.
    """
    check_binary("binary_cross_entropy", input, target, weight)
    return reduced("binary_cross_entropy", input, reduction, size_average, reduce)


def check_binary(operation: str, input: Shape, target: Shape, weight: Shape | None) -> None:
    """Raise unless the target has the shape of `input`, and the weight expands to it."""
    require_same(
        target,
        input,
        lambda: mismatch(
            operation,
            "target must have the shape of input",
            input,
            target,
            ErrorKind.loss_error_target_shape,
        ),
    )
    if weight is not None:
        require_expandable(
            weight,
            input,
            lambda: mismatch(operation, "weight must broadcast to input", input, weight),
        )


@rule(
    "binary_cross_entropy_with_logits",
    functions=("nn.functional.binary_cross_entropy_with_logits",),
)
def binary_cross_entropy_with_logits_shape(
    input: Shape,
    target: Shape,
    weight: Shape | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: IfKnown = "mean",
    pos_weight: Shape | None = None,
) -> AnyShape:
    """Cross entropy of logits and a target of the same shape.

    Raises:
        ShapeError: loss_error_target_shape, broadcast_error_incompatible_dimensions.
    """
    shape = check_logits("binary_cross_entropy_with_logits", input, target, weight, pos_weight)
    return reduced("binary_cross_entropy_with_logits", shape, reduction, size_average, reduce)


def check_logits(
    operation: str, input: Shape, target: Shape, weight: Shape | None, pos_weight: Shape | None
) -> Shape:
    """The unreduced shape of binary_cross_entropy_with_logits under another name."""
    check_binary(operation, input, target, weight)
    check_binary(operation, input, input, pos_weight)
    return input


@rule("gaussian_nll_loss", functions=("nn.functional.gaussian_nll_loss",))
def gaussian_nll_loss_shape(
    input: Shape,
    target: Shape,
    var: Shape | IfKnown,
    full: object = False,
    eps: object = 1e-06,
    reduction: IfKnown = "mean",
) -> AnyShape:
    """Normal likelihood; the variance has the shape of `input`, its last size may be 1 or missing.

    Raises:
        ShapeError: loss_error_target_shape, broadcast_error_incompatible_dimensions.
    """
    return gaussian("gaussian_nll_loss", input, target, var, reduction)


def gaussian(
    operation: str, input: Shape, target: Shape, var: object, reduction: IfKnown
) -> AnyShape:
    """The rule of gaussian_nll_loss under another name."""
    spread = input
    if isinstance(var, tuple):
        spread = _variance(operation, input, var)
    return reduced(operation, broadcast_all(operation, input, target, spread), reduction)


def _variance(operation: str, input: Shape, var: Shape) -> Shape:
    def error() -> ShapeError:
        return mismatch(
            operation,
            "var must have the shape of input, without the last size, or with one size 1",
            input,
            var,
            ErrorKind.loss_error_target_shape,
        )

    if len(var) == len(input) - 1:
        require_same(var, input[:-1], error)
        return (*var, 1)
    if len(var) != len(input):
        raise error()
    replaced = 0
    for size, own in zip(var, input, strict=True):
        if size == 1 and own != 1:
            replaced += isinstance(own, int)
        else:
            check_equal(size, own, error)
    if replaced > 1:
        raise error()
    return var
