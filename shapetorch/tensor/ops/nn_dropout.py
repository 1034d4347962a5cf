"""Dropout: elements or whole channels at random set to zero, or to what keeps mean and variance."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import tensor_argument
from shapetorch.tensor.dtypes import FLOATING
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import require_kind, title
from shapetorch.tensor.operations import OPERATIONS, assign, operation
from shapetorch.tensor.tensors import Tensor, wrap

_ALPHA = 1.7580993408473766
"""Minus what SELU tends to for small numbers: the product of its two constants."""


def _check(name: str, input: Any, p: float, error: type[Exception] = RuntimeError) -> None:
    tensor_argument(name, "input", input)
    if not 0 <= p <= 1:
        if math.isnan(p):
            error = RuntimeError  # PyTorch's Python code compares and finds nothing wrong with it
        raise error(f"{name}: dropout probability has to be between 0 and 1, got {p}")


def _kept(input: Tensor, p: float, channels: bool) -> Tensor:
    """1 where an element (or channel) is kept, 0 elsewhere."""
    if not input.dtype.is_floating_point:
        if input.dtype.is_complex:
            require_kind("bernoulli", input)
        raise RuntimeError(
            f"dropout: result type Float can't be cast to the desired output type {title(input)}"
        )
    if not channels:
        return wrap(np.empty_like(input._array)).bernoulli_(1 - p)  # type: ignore[no-any-return]
    shape = input._array.shape
    if len(shape) < 2:
        raise RuntimeError(
            f"feature dropout requires at least 2 dimensions in the input, got {len(shape)}"
        )
    shape = (*shape[:2], *(1,) * (len(shape) - 2))
    return wrap(np.empty(shape, input._array.dtype)).bernoulli_(1 - p)  # type: ignore[no-any-return]


def _drop(
    name: str, input: Tensor, p: float, train: bool, channels: bool = False, alpha: bool = False
) -> Tensor:
    """The input after dropout; itself where nothing is dropped."""
    if not train or p == 0 or not input._array.size:
        return input
    if p == 1:
        return input * 0  # as PyTorch, also where alpha would shift
    kept = _kept(input, p, channels)
    if not alpha:
        return input * (kept / (1 - p))
    scale = 1 / math.sqrt((_ALPHA * _ALPHA * p + 1) * (1 - p))
    shift = (kept - 1) * (_ALPHA * scale) + _ALPHA * scale * p
    return input * (kept * scale) + shift


def _finish(name: str, input: Tensor, made: Tensor, inplace: bool) -> Tensor:
    if not inplace or made is input:
        return made
    return assign(name, input, made)


def _functional(
    name: str,
    input: Tensor,
    p: float,
    training: bool,
    inplace: bool,
    channels: bool = False,
    alpha: bool = False,
) -> Tensor:
    _check(name, input, p, ValueError)
    judged(f"nn.functional.{name}", input, p, training, inplace)
    made = _drop(name, input, p, training, channels, alpha)
    return _finish(f"{name}_", input, made, inplace)


@operation("nn.functional.dropout")
def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Elements set to zero with probability p, the others divided by ``1 - p``.

    Args:
        input: Of any shape.
        p: The probability.
        training: Whether anything happens at all.
        inplace: Whether the input is written to.

    Raises:
        ValueError: p is no probability.
    """
    return _functional("dropout", input, p, training, inplace)


@operation("nn.functional.alpha_dropout")
def alpha_dropout(
    input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False
) -> Tensor:
    """Dropout to the least value of SELU, so that mean and variance of its results are kept."""
    return _functional("alpha_dropout", input, p, training, inplace, alpha=True)


@operation("nn.functional.feature_alpha_dropout")
def feature_alpha_dropout(
    input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False
) -> Tensor:
    """`alpha_dropout` of whole channels (the second dim)."""
    return _functional("feature_alpha_dropout", input, p, training, inplace, True, True)


def _of_channels(
    name: str, input: Tensor, p: float, training: bool, inplace: bool, rank: int
) -> Tensor:
    """Dropout of channels; an input of `rank` dims has no batch."""
    _check(name, input, p, ValueError)
    judged(f"nn.functional.{name}", input, p, training, inplace)
    batched = input if input.ndim != rank else input.unsqueeze(0)
    made = _drop(name, batched, p, training, True)
    if made is batched:
        return input
    made = made if input.ndim != rank else made.squeeze(0)
    return _finish(f"{name}_", input, made, inplace)


@operation("nn.functional.dropout1d")
def dropout1d(
    input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Tensor:
    """`dropout` of whole channels of ``(N, C, L)`` or ``(C, L)``."""
    return _of_channels("dropout1d", input, p, training, inplace, 2)


@operation("nn.functional.dropout2d")
def dropout2d(
    input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Tensor:
    """`dropout` of whole channels of ``(N, C, H, W)``; of 3 dims, the first is the batch."""
    tensor_argument("dropout2d", "input", input)
    if input.ndim not in (3, 4):
        _warn("dropout2d", input.ndim, "3 or 4")
    elif input.ndim == 3:
        warnings.warn(
            "dropout2d: a 3-D input is seen as (N, C, L); use dropout1d for that",
            UserWarning,
            stacklevel=3,
        )
    return _of_channels("dropout2d", input, p, training, inplace, -1)


@operation("nn.functional.dropout3d")
def dropout3d(
    input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Tensor:
    """`dropout` of whole channels of ``(N, C, D, H, W)`` or ``(C, D, H, W)``."""
    tensor_argument("dropout3d", "input", input)
    if input.ndim not in (4, 5):
        _warn("dropout3d", input.ndim, "4 or 5")
    return _of_channels("dropout3d", input, p, training, inplace, 4)


def _warn(name: str, rank: int, wanted: str) -> None:
    warnings.warn(
        f"{name}: input should have {wanted} dimensions, got {rank}", UserWarning, stacklevel=3
    )


# -- the functions of the library itself ------------------------------------------------------------


def _native(name: str, channels: bool, alpha: bool, doc: str) -> None:
    def function(input: Tensor, p: float, train: bool) -> Tensor:
        _check(name, input, p)
        return _drop(name, input, p, train, channels, alpha)

    def in_place(input: Tensor, p: float, train: bool) -> Tensor:
        return _finish(f"{name}_", input, function(input, p, train), True)

    function.__name__ = function.__qualname__ = name
    in_place.__name__ = in_place.__qualname__ = f"{name}_"
    function.__doc__, in_place.__doc__ = doc, f"`{name}` in place."
    operation(name)(function)
    operation(f"{name}_")(in_place)


_native("dropout", False, False, "See `nn.functional.dropout`.")
_native("alpha_dropout", False, True, "See `nn.functional.alpha_dropout`.")
_native("feature_dropout", True, False, "`dropout` of whole channels (the second dim).")
_native("feature_alpha_dropout", True, True, "See `nn.functional.feature_alpha_dropout`.")


@operation()
def native_dropout(input: Tensor, p: float, train: bool | None) -> tuple[Tensor, Tensor]:
    """The input after dropout, and which elements were kept."""
    if train is False:
        tensor_argument("native_dropout", "input", input)
    else:
        _check("native_dropout", input, p)
    if not input._array.size:
        return input, wrap(np.empty_like(input._array))
    if train is False or p == 0:
        kept = wrap(np.ones(input._array.shape, bool))
        return OPERATIONS["clone"].function(input) if train is False else input * 1, kept
    if input.dtype.category < FLOATING:
        raise RuntimeError(
            f"dropout: result type Float can't be cast to the desired output type {title(input)}"
        )
    kept = wrap(np.empty(input._array.shape, bool)).bernoulli_(1 - p)
    return input * kept * (0.0 if p == 1 else 1 / (1 - p)), kept


# -- a softmax with noise ---------------------------------------------------------------------------


@operation("nn.functional.gumbel_softmax")
def gumbel_softmax(
    logits: Tensor, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1
) -> Tensor:
    """A sample of the Gumbel-softmax distribution along `dim`.

    Args:
        logits: Log-probabilities, up to a constant.
        tau: The temperature.
        hard: Whether the result is one-hot, with the gradient of the soft sample.
        eps: Has no meaning any more.
        dim: The dim of the classes.
    """
    if eps != 1e-10:
        warnings.warn("`eps` parameter is deprecated and has no effect.", stacklevel=3)
    tensor_argument("gumbel_softmax", "logits", logits)
    if logits._array.size and not logits.dtype.is_floating_point:
        raise RuntimeError(
            f"exponential_: dtype must be a floating point but you specified {title(logits)}"
        )
    judged("nn.functional.gumbel_softmax", logits, tau, hard, eps, dim)
    noise = -wrap(np.empty(logits._array.shape, logits._array.dtype)).exponential_().log()
    soft = ((logits + noise) / tau).softmax(dim)
    if not hard:
        return soft  # type: ignore[no-any-return]
    one_hot = np.zeros(soft._array.shape, soft._array.dtype)
    if soft.ndim:
        if not one_hot.shape[dim]:
            raise IndexError(f"gumbel_softmax: there must be a class, got none in dim {dim}")
        place = np.expand_dims(np.argmax(soft._array, axis=dim), dim)
        np.put_along_axis(one_hot, place, 1, dim)
    else:
        one_hot[...] = 1
    return wrap(one_hot) - soft.detach() + soft  # type: ignore[no-any-return]
