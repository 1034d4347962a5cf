"""Draws whose distribution other tensors describe."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor import sampling, trials
from shapetorch.tensor.arguments import tensor_argument
from shapetorch.tensor.dtypes import dtype
from shapetorch.tensor.filling import fill_normal, in_memory_order
from shapetorch.tensor.generators import Generator, chosen
from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import operation
from shapetorch.tensor.ops.copies import zeros_backward
from shapetorch.tensor.ops.creation import like_in_memory
from shapetorch.tensor.ops.random_inplace import successes
from shapetorch.tensor.options import allocated, check_placement, element_type, finished, written
from shapetorch.tensor.signatures import is_real, type_name
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, wrap


@operation()
def normal(
    mean: Any = 0.0,
    std: Any = 1.0,
    size: Any = None,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Numbers of normal distributions.

    Args:
        mean: A number, or a tensor with one for each result.
        std: The standard deviation: a number, or a tensor that broadcasts with `mean`.
        size: The sizes, if both are numbers.
        generator: The default generator if None.
        out: Where to write it.
        dtype: The default floating dtype if None; only with `size`, as what follows.
        layout: ``torch.strided``.
        device: The CPU.
        pin_memory: False.
        requires_grad: Whether its gradient is wanted.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions, creation_error_negative_size.
        RuntimeError: a deviation is negative.
    """
    source = chosen("normal", generator)
    check_placement("normal", device, layout, pin_memory)
    if size is not None:
        mean, std = (_number("normal", key, value) for key, value in (("mean", mean), ("std", std)))
    if isinstance(mean, Tensor) or isinstance(std, Tensor):
        if size is not None or dtype is not None or requires_grad is not False:
            raise TypeError(
                "normal(): arguments 'size', 'dtype' and 'requires_grad' are for numbers, not for tensors"
            )
        return written("normal", out, _of_tensors(mean, std, source))
    if size is None:
        raise TypeError('normal() missing 1 required positional argument: "size"')
    if dtype is None and isinstance(out, Tensor):
        kind = out._array.dtype
    else:
        kind = element_type("normal", dtype)
    array = allocated("normal", judged("normal", mean, std, size), kind)
    fill_normal("normal", array, source, mean, std)
    return written("normal", out, finished(array, requires_grad), dtype)


def _number(name: str, argument: str, value: Any) -> float:
    if not is_real(value):
        raise TypeError(f"{name}(): argument '{argument}' must be float, not {type_name(value)}")
    return float(value)


def _of_tensors(mean: Any, std: Any, source: Generator) -> Tensor:
    if not isinstance(mean, Tensor):
        mean = _number("normal", "mean", mean)
    shape = judged("normal", mean, std)
    first = mean if isinstance(mean, Tensor) else std
    if isinstance(std, Tensor):
        if std.dtype.is_complex:
            raise RuntimeError("normal expects standard deviation to be non-complex")
        if not (std._array.astype(np.float64) >= 0).all():
            raise RuntimeError("normal expects all elements of std >= 0.0")
    elif not _number("normal", "std", std) >= 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std}")
    array = np.empty(shape, first._array.dtype)
    fill_normal("normal", array, source)
    made = wrap(array)
    plain = [item.detach() if isinstance(item, Tensor) else item for item in (mean, std)]
    drawn = made.mul(plain[1]).add(plain[0])
    return record(drawn._array.astype(array.dtype, copy=False), (mean, std), _no_gradients)


@operation(methods=("bernoulli",))
def bernoulli(
    input: Tensor, p: Any = None, *, generator: Generator | None = None, out: Tensor | None = None
) -> Tensor:
    """Ones and zeros; `input` holds the probability of each one (or its sizes, if `p` is given)."""
    tensor_argument("bernoulli", "input", input)
    source = chosen("bernoulli", generator)
    if p is not None:
        if not is_real(p):
            raise TypeError(f"bernoulli(): argument 'p' must be float, not {type_name(p)}")
        return input.detach().clone().bernoulli_(p, generator=source)  # type: ignore[no-any-return]
    drawn = successes("bernoulli_", source, input._array).astype(input._array.dtype)
    return written("bernoulli", out, record(drawn, (input,), zeros_backward))


@operation()
def poisson(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Numbers of Poisson distributions, whose rates `input` holds."""
    rates = tensor_argument("poisson", "input", input)._array
    if rates.dtype not in sampling.DIGITS:
        raise NotImplementedError(f'"poisson" not implemented for {input.dtype}')
    wide = rates.astype(np.float64)
    if not (wide >= 0).all():
        raise RuntimeError("invalid Poisson rate, expected rate to be non-negative")
    source = chosen("poisson", generator)
    drawn = trials.poisson(source, wide).astype(rates.dtype)
    return record(drawn, (input,), zeros_backward)


@operation()
def binomial(count: Tensor, prob: Tensor, generator: Generator | None = None) -> Tensor:
    """How many of `count` trials succeed, each with probability `prob`."""
    tensor_argument("binomial", "count", count)
    tensor_argument("binomial", "prob", prob, 2)
    kind = count._array.dtype
    if kind not in sampling.DIGITS or prob._array.dtype not in sampling.DIGITS:
        raise ValueError(
            f"binomial: count and prob must be floating, got {count.dtype} and {prob.dtype}"
        )
    if kind != prob._array.dtype:
        raise RuntimeError(
            f"binomial: count and prob must have one dtype, got {count.dtype} and {prob.dtype}"
        )
    shape = judged("binomial", count, prob)
    wide = np.float32 if kind.itemsize < 4 else kind
    counts = np.broadcast_to(count._array.astype(wide), shape)
    chances = np.broadcast_to(prob._array.astype(wide), shape)
    if not (counts >= 0).all() or not ((chances >= 0) & (chances <= 1)).all():
        raise RuntimeError(
            "binomial: counts must not be negative and probabilities must be in 0..1"
        )
    drawn = trials.binomial(chosen("binomial", generator), counts, chances)
    return record(drawn.astype(kind), (count, prob), _no_gradients)


def _no_gradients(node: Any, grad: Tensor) -> tuple[Tensor, Tensor]:
    return grad * 0, grad * 0


@operation(methods=("multinomial",))
def multinomial(
    input: Tensor,
    num_samples: Any,
    replacement: bool = False,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Indices drawn in proportion to weights.

    Args:
        input: Weights, ``(K,)`` or ``(N, K)``; they need not sum to 1.
        num_samples: How many are drawn from each row.
        replacement: Whether an index may be drawn again.
        generator: The default generator if None.
        out: Where to write it.

    Returns:
        ``(num_samples,)`` or ``(N, num_samples)``, int64.

    Raises:
        ShapeError: rank_error_mismatch, sample_error_count.
        RuntimeError: weights are negative or not finite, or all zero.
    """
    tensor_argument("multinomial", "input", input)
    judged("multinomial", input, num_samples, replacement)
    weights = input._array
    if weights.dtype not in sampling.DIGITS:
        raise RuntimeError(
            f"multinomial only supports floating-point dtypes for input, got: {input.dtype}"
        )
    if isinstance(out, Tensor) and out._array.dtype != np.int64:
        raise RuntimeError(f"multinomial expects out to be torch.int64, got {out.dtype}")
    source, count = chosen("multinomial", generator), int(num_samples)
    _check_weights(weights)
    if not replacement or count == 1:
        drawn = _without_replacement(source, weights, count)
    else:
        drawn = _with_replacement(source, weights, count)
    return written("multinomial", out, finished(drawn))


def _check_weights(weights: Array) -> None:
    wide = weights.astype(np.float64)
    if not (np.isfinite(wide) & (wide >= 0)).all():
        raise RuntimeError(
            "multinomial: probability tensor contains either `inf`, `nan` or element < 0"
        )
    if weights.size and not (wide.sum(-1) > 0).all():
        raise RuntimeError("invalid multinomial distribution (sum of probabilities <= 0)")


def _without_replacement(source: Generator, weights: Array, count: int) -> Array:
    """The largest weights, each divided by an exponential number."""
    noise = like_in_memory(weights, weights.dtype)
    in_memory_order(noise, sampling.exponential(source, weights.size))
    with np.errstate(all="ignore"):
        scores = weights / noise
    if count == 1:
        return np.asarray(np.argmax(scores, -1, keepdims=True))
    return np.argsort(-scores, -1, kind="stable")[..., :count].astype(np.int64)


def _with_replacement(source: Generator, weights: Array, count: int) -> Array:
    rows = weights.reshape(-1, weights.shape[-1])
    if rows.dtype.itemsize < 4:
        rows = rows.astype(np.float32)
    drawn = np.empty((len(rows), count), np.int64)
    for place, row in enumerate(rows):
        cumulative = np.cumsum(row)
        cumulative /= cumulative[-1]
        cumulative[-1] = 1
        points = sampling.uniform(source, count, sampling.FLOAT64)
        drawn[place] = np.searchsorted(cumulative, points)
    return drawn.reshape(*weights.shape[:-1], count)
