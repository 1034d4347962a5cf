"""Random tensors, and the state of the generator they come from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from typing import Any

import numpy as np

from shapetorch.tensor import sampling
from shapetorch.tensor.arguments import integer
from shapetorch.tensor.dtypes import dtype
from shapetorch.tensor.filling import fill_normal, fill_uniform, in_memory_order, integer_bounds
from shapetorch.tensor.formats import PRESERVE
from shapetorch.tensor.generators import Generator, chosen, default_generator, seed_number
from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import operation
from shapetorch.tensor.ops.creation import array_like
from shapetorch.tensor.options import (
    allocated,
    check_placement,
    element_type,
    finished,
    plain_sizes,
    size_keyword,
    sizes,
    written,
)
from shapetorch.tensor.room import within_memory
from shapetorch.tensor.tensors import Array, Tensor

# -- the generator ------------------------------------------------------------------------------------


@operation()
def manual_seed(seed: Any) -> Generator:
    """Start the default generator anew; gives the generator."""
    return default_generator.manual_seed(seed_number(seed))


@operation()
def seed() -> int:
    """Start the default generator anew, from a seed that the system chooses; gives the seed."""
    return default_generator.seed()


@operation()
def initial_seed() -> int:
    """The seed that the default generator started from."""
    return default_generator.initial_seed()


@operation()
def get_rng_state() -> Tensor:
    """The state of the default generator, as bytes."""
    return default_generator.get_state()


@operation()
def set_rng_state(new_state: Tensor) -> None:
    """Have the default generator go on from a state that `get_rng_state` gave."""
    default_generator.set_state(new_state)


@operation()
@contextmanager
def fork_rng(devices: Any = None, enabled: bool = True, **ignored: Any) -> Iterator[None]:
    """Afterwards the default generator goes on from where it was before."""
    state = default_generator.get_state() if enabled else None
    try:
        yield
    finally:
        if state is not None:
            default_generator.set_state(state)


# -- sizes --------------------------------------------------------------------------------------------


def _kind(name: str, given: Any, out: Tensor | None) -> np.dtype[Any]:
    if given is None and isinstance(out, Tensor):
        return out._array.dtype
    return element_type(name, given)


_LARGE = 1 << 24
"""Numbers from which memory is asked for before they are drawn: there may not be that much."""


def _uniform(name: str, shape: Any, kind: np.dtype[Any], source: Generator) -> Array:
    count = prod(shape)
    if kind in sampling.DIGITS and 0 < count < _LARGE:
        return sampling.uniform_between(source, count, kind).reshape(shape)
    array = allocated(name, shape, kind)
    fill_uniform(name, array, source)
    return array


def _normal(name: str, shape: Any, kind: np.dtype[Any], source: Generator) -> Array:
    count = prod(shape)
    if kind in sampling.DIGITS and 0 < count < _LARGE:
        return sampling.normal(source, count, kind).astype(kind, copy=False).reshape(shape)
    array = allocated(name, shape, kind)
    fill_normal(name, array, source)
    return array


@operation()
def rand(
    *size: Any,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    **keyword: Any,
) -> Tensor:
    """Numbers of the uniform distribution over ``[0, 1)``; see `zeros` for the sizes."""
    shape = sizes("rand", size, size_keyword("rand", keyword))
    check_placement("rand", device, layout, pin_memory)
    array = _uniform("rand", shape, _kind("rand", dtype, out), chosen("rand", generator))
    return written("rand", out, finished(array, requires_grad), dtype)


@operation()
def randn(
    *size: Any,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    **keyword: Any,
) -> Tensor:
    """Numbers of the standard normal distribution; see `zeros` for the sizes."""
    shape = sizes("randn", size, size_keyword("randn", keyword))
    check_placement("randn", device, layout, pin_memory)
    array = _normal("randn", shape, _kind("randn", dtype, out), chosen("randn", generator))
    return written("randn", out, finished(array, requires_grad), dtype)


@operation()
def randint(
    *bounds: Any,
    low: Any = None,
    high: Any = None,
    size: Any = None,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Integers from `low` to below `high`: ``randint(high, size)``, ``randint(low, high, size)``.

    Args:
        bounds: `low`, `high` and `size` by place.
        low: The least, 0.
        high: What they all lie below.
        size: The sizes, as one sequence.
        generator: The default generator if None.
        out: Where to write it.
        dtype: int64 if None.
        layout: ``torch.strided``.
        device: The CPU.
        pin_memory: False.
        requires_grad: Whether its gradient is wanted.

    Raises:
        ShapeError: creation_error_negative_size.
        RuntimeError: `low` is not below `high`, or the dtype does not hold them.
    """
    first, last, shape = _integer_bounds(bounds, low, high, size)
    check_placement("randint", device, layout, pin_memory)
    kind = np.dtype(np.int64)
    if dtype is not None or out is not None:
        kind = _kind("randint", dtype, out)
    array = _integers("randint", first, last, shape, kind, chosen("randint", generator))
    return written("randint", out, finished(array, requires_grad), dtype)


def _integer_bounds(
    bounds: tuple[Any, ...], low: Any, high: Any, size: Any
) -> tuple[int, int, tuple[int, ...]]:
    if low is high is size is None and 2 <= len(bounds) <= 3:
        least, below, sizes = bounds if len(bounds) == 3 else (0, *bounds)
        plain = plain_sizes(sizes)
        if plain is not None and least.__class__ is below.__class__ is int:
            return integer("randint", "low", least), integer("randint", "high", below), plain
    given = list(bounds)
    if size is None and given:
        size = given.pop()
    if high is None and given:
        high = given.pop()
    if low is None and given:
        low = given.pop()
    if given or high is None or size is None or None in bounds[:-1]:
        raise TypeError(
            "randint() received an invalid combination of arguments, "
            "but expected (high, size) or (low, high, size)"
        )
    first = 0 if low is None else integer("randint", "low", low)
    last = integer("randint", "high", high)
    return first, last, tuple(judged("randint", first, last, size))


def _integers(
    name: str, low: int, high: int, shape: Any, kind: np.dtype[Any], source: Generator
) -> Array:
    integer_bounds(name, low, high, kind)
    count = prod(shape)
    if count >= _LARGE:
        allocated(name, shape, kind)
    drawn = sampling.integers(source, low, high, count)
    cast = drawn.astype(kind, copy=False)
    return within_memory(name, shape, kind, lambda: cast.reshape(shape))


@operation()
def randperm(
    n: Any,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """The integers below `n` in random order."""
    (count,) = judged("randperm", n)
    check_placement("randperm", device, layout, pin_memory)
    kind = np.dtype(np.int64)
    if dtype is not None or out is not None:
        kind = _kind("randperm", dtype, out)
    _check_permuted(count, kind)
    source = chosen("randperm", generator)
    array = within_memory(
        "randperm",
        (count,),
        kind,
        lambda: sampling.permutation(source, count).astype(kind, copy=False),
    )
    return written("randperm", out, finished(array, requires_grad), dtype)


def _check_permuted(count: int, kind: np.dtype[Any]) -> None:
    if kind.kind in "bc":
        raise NotImplementedError(f'"randperm" not implemented for {kind.name}')
    if count > sampling.values_of(kind):
        raise RuntimeError(f"randperm: {kind.name} does not hold all numbers below {count}")


# -- like another tensor ------------------------------------------------------------------------------


@operation()
def rand_like(
    input: Tensor,
    *,
    generator: Generator | None = None,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    memory_format: Any = PRESERVE,
) -> Tensor:
    """Numbers of the uniform distribution over ``[0, 1)``, in the sizes and dtype of another tensor."""
    check_placement("rand_like", pin_memory=pin_memory)
    array = array_like("rand_like", input, dtype, device, layout, memory_format)
    fill_uniform("rand_like", array, chosen("rand_like", generator))
    return finished(array, requires_grad)


@operation()
def randn_like(
    input: Tensor,
    *,
    generator: Generator | None = None,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    memory_format: Any = PRESERVE,
) -> Tensor:
    """Numbers of the standard normal distribution, in the sizes and dtype of another tensor."""
    check_placement("randn_like", pin_memory=pin_memory)
    array = array_like("randn_like", input, dtype, device, layout, memory_format)
    fill_normal("randn_like", array, chosen("randn_like", generator))
    return finished(array, requires_grad)


def _bound_in(high: Tensor) -> int:
    if high._stored.ndim or high.dtype.is_complex:
        raise RuntimeError(
            f"randint_like: high must be a scalar tensor, got {list(high.shape)} of {high.dtype}"
        )
    return int(high._array)


@operation()
def randint_like(
    input: Tensor,
    *bounds: Any,
    low: Any = None,
    high: Any = None,
    generator: Generator | None = None,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    memory_format: Any = PRESERVE,
) -> Tensor:
    """Integers in the sizes and dtype of another tensor: ``(input, high)``, ``(input, low, high)``."""
    check_placement("randint_like", pin_memory=pin_memory)
    array = array_like("randint_like", input, dtype, device, layout, memory_format)
    if len(bounds) == 1 and isinstance(bounds[0], Tensor):
        bounds = (_bound_in(bounds[0]),)
    elif not bounds and isinstance(high, Tensor):
        high = _bound_in(high)
    first, last, _ = _integer_bounds(bounds, low, high, ())
    integer_bounds("randint_like", first, last, array.dtype)
    source = chosen("randint_like", generator)
    in_memory_order(array, sampling.integers(source, first, last, array.size))
    return finished(array, requires_grad)
