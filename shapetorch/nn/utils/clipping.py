"""Gradients kept small: by their norm, or each element."""

from __future__ import annotations

from collections.abc import Iterable

from shapetorch.tensor.modes import grad_mode
from shapetorch.tensor.operations import OPERATIONS
from shapetorch.tensor.tensors import Tensor


def _gradients(parameters: Tensor | Iterable[Tensor]) -> list[Tensor]:
    listed = [parameters] if isinstance(parameters, Tensor) else parameters
    return [item.grad for item in listed if item.grad is not None]


def get_total_norm(
    tensors: Tensor | Iterable[Tensor],
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """The norm of the norms of several tensors: that of all their elements.

    Args:
        tensors: One or several.
        norm_type: The exponent; infinity for the largest element.
        error_if_nonfinite: Whether NaN or infinity is an error.
        foreach: Taken for compatibility.

    Raises:
        RuntimeError: the norm is not finite, and that is an error.
    """
    listed = [tensors] if isinstance(tensors, Tensor) else list(tensors)
    if not listed:
        return OPERATIONS["scalar_tensor"].function(0.0)  # type: ignore[no-any-return]
    norm = OPERATIONS["linalg.vector_norm"].function
    with grad_mode(False):
        norms = [norm(item, float(norm_type)) for item in listed]
        total = norm(OPERATIONS["stack"].function(norms), float(norm_type))
    if error_if_nonfinite and not bool(total.isfinite()):
        raise RuntimeError(
            f"The total norm of order {float(norm_type)} for gradients from `parameters` is non-finite, so it "
            "cannot be clipped. To disable this error and scale the gradients by the non-finite norm anyway, "
            "set `error_if_nonfinite=False`"
        )
    return total  # type: ignore[no-any-return]


def clip_grads_with_norm_(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    total_norm: Tensor,
    foreach: bool | None = None,
) -> None:
    """Scale the gradients by ``max_norm / total_norm`` if that is less than 1, in place.

    Args:
        parameters: Whose gradients.
        max_norm: The largest norm that is left as it is.
        total_norm: Their norm.
        foreach: Taken for compatibility.
    """
    with grad_mode(False):
        factor = (max_norm / (total_norm + 1e-6)).clamp(max=1.0)
        for grad in _gradients(parameters):
            grad.mul_(factor)


def clip_grad_norm_(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """Scale gradients in place so that their common norm is at most `max_norm`; gives the norm before.

    Args:
        parameters: Whose gradients.
        max_norm: The largest norm.
        norm_type: Its exponent.
        error_if_nonfinite: Whether NaN or infinity is an error.
        foreach: Taken for compatibility.

    Raises:
        RuntimeError: the norm is not finite, and that is an error.
    """
    listed = [parameters] if isinstance(parameters, Tensor) else list(parameters)
    total = get_total_norm(_gradients(listed), norm_type, error_if_nonfinite)
    clip_grads_with_norm_(listed, float(max_norm), total)
    return total


def clip_grad_value_(
    parameters: Tensor | Iterable[Tensor], clip_value: float, foreach: bool | None = None
) -> None:
    """Keep each element of gradients between ``-clip_value`` and `clip_value`, in place.

    Args:
        parameters: Whose gradients.
        clip_value: The largest size.
        foreach: Taken for compatibility.
    """
    with grad_mode(False):
        for grad in _gradients(parameters):
            grad.clamp_(-float(clip_value), float(clip_value))
