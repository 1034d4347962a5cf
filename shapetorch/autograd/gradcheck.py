"""Gradients against central differences: `gradcheck` and, for gradients of gradients, `gradgradcheck`.

A function of tensors is differentiated numerically, element by element of every input that needs a
gradient. Inputs should be float64 or complex128: the steps are too small for less.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from shapetorch.autograd.gradients import grad
from shapetorch.tensor.histories import needs_grad
from shapetorch.tensor.marks import change
from shapetorch.tensor.modes import grad_mode
from shapetorch.tensor.tensors import Array, Tensor, owner, wrap


class GradcheckError(RuntimeError):
    """A gradient is not what differences say."""


def gradcheck(
    func: Callable[..., Any],
    inputs: Tensor | Sequence[Any],
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_batched_forward_grad: bool = False,
    check_forward_ad: bool = False,
    check_backward_ad: bool = True,
    fast_mode: bool = False,
    masked: bool | None = None,
) -> bool:
    """Whether the gradients of a function agree with central differences.

    Args:
        func: A function of tensors that gives a tensor or several.
        inputs: Its arguments; those that need a gradient are checked.
        eps: The step of the differences.
        atol: Absolute tolerance.
        rtol: Relative tolerance.
        raise_exception: Whether a failure is an error rather than False.
        nondet_tol: How much two backward passes may differ.
        check_undefined_grad: Whether a result without gradient is tried, too.
        check_grad_dtypes: Whether gradients must have the dtype of their input.
        check_batched_grad: Not used: gradients are not computed in batches.
        check_batched_forward_grad: Not used.
        check_forward_ad: Not supported: there are no forward-mode gradients.
        check_backward_ad: Whether to check at all.
        fast_mode: Compare one random projection of the Jacobian in place of all of it.
        masked: Not used: there are no sparse tensors.

    Raises:
        GradcheckError: they differ, and `raise_exception` is set.
        ValueError: no input needs a gradient.
    """
    if check_forward_ad:
        raise ValueError("gradcheck: check_forward_ad: forward-mode gradients are not computed")
    arguments = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    try:
        _check_inputs(arguments, eps)
        if check_backward_ad:
            _check(func, arguments, eps, atol, rtol, nondet_tol, check_grad_dtypes, fast_mode)
            if check_undefined_grad:
                _check_undefined(func, arguments)
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def gradgradcheck(
    func: Callable[..., Any],
    inputs: Tensor | Sequence[Any],
    grad_outputs: Tensor | Sequence[Tensor] | None = None,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    gen_non_contig_grad_outputs: bool = False,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_fwd_over_rev: bool = False,
    check_rev_over_rev: bool = True,
    fast_mode: bool = False,
    masked: bool = False,
) -> bool:
    """Whether the gradients of a function's gradients agree with central differences; see `gradcheck`.

    Args:
        func: A function of tensors.
        inputs: Its arguments.
        grad_outputs: The gradients of its results; random if None.
        gen_non_contig_grad_outputs: Whether those lie in memory with gaps.

    The other arguments are those of `gradcheck`.
    """
    arguments = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    if grad_outputs is None:
        seeded = np.random.default_rng(0)
        results = _differentiable(func(*arguments))
        given = tuple(_random_like(item, seeded, gen_non_contig_grad_outputs) for item in results)
    else:
        given = (grad_outputs,) if isinstance(grad_outputs, Tensor) else tuple(grad_outputs)
    count = len(given)

    def gradients(*everything: Any) -> tuple[Tensor, ...]:
        own, weights = everything[:-count], everything[-count:]
        wanted = [item for item in own if isinstance(item, Tensor) and needs_grad(item)]
        results = _differentiable(func(*own))
        found = grad(results, wanted, weights, create_graph=True, allow_unused=True)
        return tuple(item for item in found if item is not None)

    return gradcheck(
        gradients,
        (*arguments, *given),
        eps=eps,
        atol=atol,
        rtol=rtol,
        raise_exception=raise_exception,
        nondet_tol=nondet_tol,
        check_undefined_grad=check_undefined_grad,
        check_grad_dtypes=check_grad_dtypes,
        fast_mode=fast_mode,
    )


def _random_like(tensor: Tensor, seeded: np.random.Generator, gaps: bool) -> Tensor:
    shape = (*tensor._array.shape, 2) if gaps else tensor._array.shape
    made = seeded.standard_normal(shape)
    array = made + 1j * seeded.standard_normal(shape) if tensor.dtype.is_complex else made
    weight = wrap(np.asarray(array[..., 0] if gaps else array).astype(tensor._array.dtype))
    weight.requires_grad = True
    return weight


def _tensors(results: Any) -> list[Tensor]:
    items = results if isinstance(results, (tuple, list)) else [results]
    return [item for item in items if isinstance(item, Tensor)]


def _differentiable(results: Any) -> list[Tensor]:
    return [item for item in _tensors(results) if needs_grad(item)]


def _wanted(arguments: Sequence[Any]) -> list[Tensor]:
    return [item for item in arguments if isinstance(item, Tensor) and needs_grad(item)]


def _check_inputs(arguments: Sequence[Any], eps: float) -> None:
    wanted = _wanted(arguments)
    if not wanted:
        raise ValueError(
            "gradcheck expects at least one input tensor to require gradient, but none of the them have "
            "requires_grad=True."
        )
    for place, item in enumerate(wanted):
        if item._array.dtype not in (np.float64, np.complex128):
            warnings.warn(
                f"Input #{place} requires gradient and is not a double precision floating point or complex. "
                "This check will likely fail if all the inputs are not of double precision.",
                stacklevel=4,
            )
        if 0 in item._array.strides and item._array.size > 1:
            raise RuntimeError(
                f"The {place}th input has a dimension with stride 0. gradcheck only supports inputs that are "
                "non-overlapping to be able to compute the numerical gradients correctly. You should call "
                ".contiguous on the input before passing it to gradcheck."
            )


def _check(
    func: Callable[..., Any],
    arguments: Sequence[Any],
    eps: float,
    atol: float,
    rtol: float,
    nondet_tol: float,
    dtypes: bool,
    fast: bool,
) -> None:
    results = _tensors(func(*arguments))
    wanted = _wanted(arguments)
    if not any(map(needs_grad, results)):
        _check_constant(func, arguments, wanted, eps)
        return
    seeded = np.random.default_rng(0)
    for number, result in enumerate(results):
        if not needs_grad(result):
            continue
        for place, item in enumerate(wanted):
            numeric = _numeric(func, arguments, item, number, eps)
            analytic = _analytic(result, item, nondet_tol, dtypes)
            if fast:
                weights = seeded.standard_normal(numeric.shape[1])
                numeric, analytic = numeric @ weights, analytic @ weights
            if not np.allclose(analytic, numeric, rtol=rtol, atol=atol, equal_nan=True):
                raise GradcheckError(
                    f"Jacobian mismatch for output {number} with respect to input {place},\n"
                    f"numerical:{numeric}\nanalytical:{analytic}\n"
                )


def _check_constant(
    func: Callable[..., Any], arguments: Sequence[Any], wanted: Sequence[Tensor], eps: float
) -> None:
    """A function without gradient must not depend on its inputs."""
    for number in range(len(_tensors(func(*arguments)))):
        for item in wanted:
            if _numeric(func, arguments, item, number, eps).any():
                raise GradcheckError("Numerical gradient for function expected to be zero")


def _numeric(
    func: Callable[..., Any], arguments: Sequence[Any], item: Tensor, number: int, eps: float
) -> Array:
    """The Jacobian by central differences: a column for each element of `item`.

    For complex input it is the one whose product with a gradient is the gradient by PyTorch's
    convention: ``d/dx + i d/dy`` of the real product.
    """
    columns = []
    array = item._stored

    def value(place: tuple[int, ...], size: complex) -> Array:
        before = array[place].copy()
        change(item, lambda elements: elements.__setitem__(place, elements[place] + size))
        with grad_mode(True):  # a function may itself ask for gradients
            results = _tensors(func(*arguments))
        found = np.array(
            results[number]._array
        ).ravel()  # before the step is undone: it may be a view
        array[place] = before
        return found

    writes = owner(item)._writes
    for place in np.ndindex(array.shape):
        along = (value(place, eps) - value(place, -eps)) / (2 * eps)
        if array.dtype.kind == "c":
            across = (value(place, eps * 1j) - value(place, -eps * 1j)) / (2 * eps)
            columns.append(np.stack([along, across]))
        else:
            columns.append(along[None])
    owner(item)._writes = writes
    if not columns:
        return np.zeros((_value_size(func, arguments, number), 0))
    return np.concatenate(columns, axis=0).T


def _value_size(func: Callable[..., Any], arguments: Sequence[Any], number: int) -> int:
    """How many elements a result has."""
    return _tensors(func(*arguments))[number]._array.size


def _analytic(result: Tensor, item: Tensor, nondet_tol: float, dtypes: bool) -> Array:
    """The same Jacobian from backward passes, one for each element of the result."""
    size = result._array.size
    is_complex = result.dtype.is_complex
    rows = []
    for place in range(size):
        parts = [_vjp(result, item, place, 1.0, nondet_tol, dtypes)]
        if is_complex:
            parts.append(_vjp(result, item, place, 1j, nondet_tol, dtypes))
        rows.append(_row(parts, item))
    width = item._array.size * (2 if item.dtype.is_complex else 1)
    return np.stack(rows) if rows else np.zeros((0, width))


def _row(parts: Sequence[Array], item: Tensor) -> Array:
    """From gradients of the real (and imaginary) part of a result, its derivative by the inputs' parts."""
    split = [
        np.stack([part.real, part.imag], axis=-1).ravel() if item.dtype.is_complex else part.real
        for part in parts
    ]
    row: Array = split[0] if len(split) == 1 else split[0] + 1j * split[1]
    return row


def _vjp(
    result: Tensor, item: Tensor, place: int, weight: complex, nondet_tol: float, dtypes: bool
) -> Array:
    start = np.zeros(result._array.size, result._array.dtype)
    start[place] = weight
    given = wrap(start.reshape(result._array.shape))
    passes = [grad(result, item, given, retain_graph=True, allow_unused=True)[0] for _ in range(2)]
    first, second = (
        np.zeros_like(item._array) if one is None else np.asarray(one._array) for one in passes
    )
    if first.size and np.abs(first - second).max() > nondet_tol:
        raise GradcheckError(
            "Backward is not reentrant, i.e., running backward with same input and grad_output multiple times "
            "gives different values, although analytical gradient matches numerical gradient."
        )
    if dtypes and passes[0] is not None and passes[0].dtype is not item.dtype:
        raise GradcheckError(f"grad has dtype {passes[0].dtype}, the input {item.dtype}")
    return first.ravel()


def _check_undefined(func: Callable[..., Any], arguments: Sequence[Any]) -> None:
    """With several results, backward must do without the gradients of some."""
    results = _differentiable(func(*arguments))
    wanted = _wanted(arguments)
    if len(results) < 2:
        return
    for result in results:
        weights = wrap(np.zeros_like(result._array))
        found = grad(result, wanted, weights, retain_graph=True, allow_unused=True)
        for item in found:
            if item is not None and np.any(item._array != 0):
                raise GradcheckError(
                    "Expected all inputs to have zero or undefined gradients where the output's is zero"
                )
