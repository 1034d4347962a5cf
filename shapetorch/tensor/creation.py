"""Tensors made from sizes, numbers and arrays, and the operations as functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.rules import FUNCTIONS
from shapetorch.tensor import dtypes
from shapetorch.tensor.dispatch import apply, judge, values_of
from shapetorch.tensor.dtypes import DEFAULTS, FLOATING, as_dtype
from shapetorch.tensor.tensors import Tensor

_generator = np.random.default_rng()


def manual_seed(seed: int) -> None:
    """Start the random numbers anew."""
    global _generator  # noqa: PLW0603 - the one generator of the library
    _generator = np.random.default_rng(seed)


def _numpy_dtype(dtype: Any) -> np.dtype[Any]:
    return DEFAULTS[FLOATING].numpy if dtype is None else as_dtype(dtype).numpy


def zeros(*size: Any, dtype: Any = None) -> Tensor:
    """Zeros: ``zeros(2, 3)`` or ``zeros((2, 3))``."""
    _, shape = judge("zeros", size, {})
    return Tensor.of_numpy(np.zeros(shape, _numpy_dtype(dtype)))


def ones(*size: Any, dtype: Any = None) -> Tensor:
    """Ones: ``ones(2, 3)`` or ``ones((2, 3))``."""
    _, shape = judge("ones", size, {})
    return Tensor.of_numpy(np.ones(shape, _numpy_dtype(dtype)))


def full(size: Any, fill_value: complex, *, dtype: Any = None) -> Tensor:
    """One number everywhere."""
    _, shape = judge("full", (size, fill_value), {})
    found = dtypes.of_number(fill_value) if dtype is None else as_dtype(dtype)
    return Tensor.of_numpy(np.full(shape, fill_value, found.numpy))


def randn(*size: Any, dtype: Any = None) -> Tensor:
    """Normally distributed random numbers."""
    _, shape = judge("randn", size, {})
    return Tensor.of_numpy(_generator.standard_normal(shape).astype(_numpy_dtype(dtype)))


def arange(*bounds: Any, dtype: Any = None, **named: Any) -> Tensor:
    """Numbers from start to end, the end exclusive: ``arange(end)``, ``arange(start, end, step)``."""
    bound, shape = judge("arange", bounds, named)
    values = {"start": 0, "step": 1, **values_of(bound.rule, bounds, named)}
    start, end, step = (values[key] for key in ("start", "end", "step"))
    if dtype is not None:
        found = as_dtype(dtype)
    else:
        kinds = [dtypes.of_number(value) for value in (start, end, step)]
        found = max(kinds, key=lambda kind: kind.category)
    numbers = start + step * np.arange(shape[0])
    return Tensor.of_numpy(numbers.astype(found.numpy))


def tensor(data: Any, *, dtype: Any = None) -> Tensor:
    """A tensor of numbers, nested lists or an array, which is copied.

    Raises:
        ShapeError: creation_error_ragged.
    """
    if isinstance(data, Tensor):
        data = data.numpy()
    if not isinstance(data, (np.ndarray, np.generic)):
        (rule,) = FUNCTIONS["torch.tensor"][:1]
        rule.shape(_nested(data))
    array = np.array(data)
    if dtype is not None:
        array = array.astype(as_dtype(dtype).numpy)
    elif not isinstance(data, (np.ndarray, np.generic)) and array.dtype.kind in "fc":
        array = array.astype(DEFAULTS["fc".index(array.dtype.kind) + FLOATING].numpy)
    return Tensor.of_numpy(array)


def _nested(data: Any) -> Any:
    """Nested lists as the rule takes them: lists of shapes, a number having the shape ``()``."""
    if isinstance(data, (list, tuple)):
        return [_nested(item) for item in data]
    return tuple(getattr(data, "shape", ()))


def from_numpy(array: Any) -> Tensor:
    """A tensor that shares the memory of an array."""
    return Tensor.of_numpy(np.asarray(array))


def add(input: Any, other: Any, *, alpha: complex = 1) -> Tensor:
    """``input + alpha * other``."""
    return apply("add", input, other, alpha=alpha)


def sub(input: Any, other: Any, *, alpha: complex = 1) -> Tensor:
    """``input - alpha * other``."""
    return apply("sub", input, other, alpha=alpha)


def mul(input: Any, other: Any) -> Tensor:
    """``input * other``."""
    return apply("mul", input, other)


def div(input: Any, other: Any) -> Tensor:
    """``input / other``."""
    return apply("div", input, other)


def matmul(input: Tensor, other: Tensor) -> Tensor:
    """``input @ other``."""
    return apply("matmul", input, other)


def reshape(input: Tensor, shape: Any) -> Tensor:
    """The same elements in other sizes."""
    return apply("reshape", input, shape)
