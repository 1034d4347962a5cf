"""Samplers that fill a tensor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from shapetorch.tensor import sampling
from shapetorch.tensor.arguments import integer
from shapetorch.tensor.filling import fill_normal, fill_uniform, in_memory_order, integer_bounds
from shapetorch.tensor.generators import Generator, chosen
from shapetorch.tensor.in_place import write_into
from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import operation
from shapetorch.tensor.ops.copies import zeros_backward
from shapetorch.tensor.signatures import is_real, type_name
from shapetorch.tensor.tensors import Array, Tensor


def _filled(self: Tensor, write: Callable[[Array], object]) -> Tensor:
    """The tensor, after ``write(array)`` has set all its elements.

    Raises:
        RuntimeError: it may not be written to.
    """
    return write_into(self, (), write, zeros_backward)


def _require(holds: bool, text: str) -> None:
    if not holds:
        raise RuntimeError(text)


def _floating(name: str, array: Array) -> None:
    if array.dtype not in sampling.DIGITS and array.size:
        raise NotImplementedError(f'"{name}" not implemented for {array.dtype.name}')


@operation(methods=("uniform_",), function=False)
def uniform_(
    self: Tensor,
    from_: float = 0.0,
    to: float = 1.0,
    *,
    generator: Generator | None = None,
    **bounds: Any,
) -> Tensor:
    """Fill with numbers of the uniform distribution over ``[from, to)``; ``from=`` is a keyword, too."""
    start = bounds.pop("from", from_)
    if bounds:
        raise TypeError(f"uniform_() got an unexpected keyword argument '{next(iter(bounds))}'")
    source = chosen("uniform_", generator)
    return _filled(
        self, lambda array: fill_uniform("uniform_", array, source, float(start), float(to))
    )


@operation(methods=("normal_",), function=False)
def normal_(
    self: Tensor, mean: float = 0.0, std: float = 1.0, *, generator: Generator | None = None
) -> Tensor:
    """Fill with numbers of a normal distribution."""
    source = chosen("normal_", generator)
    return _filled(
        self, lambda array: fill_normal("normal_", array, source, float(mean), float(std))
    )


@operation(methods=("random_",), function=False)
def random_(
    self: Tensor, *bounds: Any, to: Any = None, generator: Generator | None = None, **keyword: Any
) -> Tensor:
    """Fill with integers: ``random_()``, ``random_(to)``, ``random_(from, to)``, `to` not included.

    Without bounds, they are all that are not negative and that the dtype holds without gaps.
    """
    start = keyword.pop("from", None)
    if keyword or len(bounds) > 2 or (bounds and start is not None):
        raise TypeError("random_() received an invalid combination of arguments")
    if len(bounds) == 1 and to is None:
        to = bounds[0]
    elif bounds:
        start, to = bounds[0], bounds[1] if len(bounds) == 2 else to
    source, kind = chosen("random_", generator), self._array.dtype
    if kind.kind == "c":
        if self._array.size:
            raise NotImplementedError(f'"random_" not implemented for {kind.name}')
        return self
    if start is None and to is None:
        return _filled(
            self,
            lambda array: in_memory_order(array, sampling.whole_range(source, array.size, kind)),
        )
    first = 0 if start is None else integer("random_", "from", start)
    last = sampling.values_of(kind) if to is None else integer("random_", "to", to)
    integer_bounds("random_", first, last, kind)
    return _filled(
        self,
        lambda array: in_memory_order(array, sampling.integers(source, first, last, array.size)),
    )


@operation(methods=("bernoulli_",), function=False)
def bernoulli_(self: Tensor, p: Any = 0.5, *, generator: Generator | None = None) -> Tensor:
    """Fill with ones, each with probability `p` (a number, or a tensor that broadcasts), and zeros."""
    source = chosen("bernoulli_", generator)
    if isinstance(p, Tensor):
        shape = judged("broadcast_to", p, list(self._array.shape))
        chances = np.broadcast_to(p._array, shape)
        return _filled(
            self, lambda array: array.__setitem__(..., successes("bernoulli_", source, chances))
        )
    if not is_real(p):
        raise TypeError(f"bernoulli_(): argument 'p' must be Tensor or float, not {type_name(p)}")
    _require(0 <= p <= 1, f"bernoulli_ expects p to be in [0, 1], but got p={p}")
    if self._array.dtype.kind == "c" and self._array.size:
        raise NotImplementedError('"bernoulli_" not implemented for complex dtypes')
    return _filled(
        self,
        lambda array: in_memory_order(
            array, sampling.below(source, p, array.size, sampling.FLOAT64)
        ),
    )


def successes(name: str, source: Generator, chances: Array) -> Array:
    """Whether each trial succeeds, given its probability.

    Raises:
        NotImplementedError: the probabilities are not floating numbers.
        RuntimeError: one is not in 0..1.
    """
    _floating(name, chances)
    kind = sampling.FLOAT64 if chances.dtype == sampling.FLOAT64 else sampling.FLOAT32
    wide: Any = chances.astype(kind)
    if not ((wide >= 0) & (wide <= 1)).all():
        raise RuntimeError(f"{name} expects all probabilities to be in [0, 1]")
    return sampling.below(source, wide.reshape(-1), wide.size, kind).reshape(wide.shape)


@operation(methods=("exponential_",), function=False)
def exponential_(self: Tensor, lambd: float = 1.0, *, generator: Generator | None = None) -> Tensor:
    """Fill with numbers of density ``lambd * exp(-lambd * x)``."""
    _require(lambd > 0, f"exponential_ expects lambda > 0.0, but found lambda={lambd}")
    if self._array.dtype not in sampling.DIGITS and self._array.size:
        raise RuntimeError(
            f"exponential_: the distribution is continuous; dtype must be floating, got {self.dtype}"
        )
    source = chosen("exponential_", generator)
    return _filled(
        self,
        lambda array: in_memory_order(array, sampling.exponential(source, array.size, lambd)),
    )


@operation(methods=("geometric_",), function=False)
def geometric_(self: Tensor, p: float, *, generator: Generator | None = None) -> Tensor:
    """Fill with how many trials it takes until one of probability `p` succeeds."""
    _require(0 < p < 1, f"geometric_ expects p to be in (0, 1), but got p={p}")
    if self._array.dtype.kind in "bc" and self._array.size:
        raise NotImplementedError(f'"geometric_" not implemented for {self.dtype}')
    source = chosen("geometric_", generator)
    return _filled(
        self, lambda array: in_memory_order(array, sampling.geometric(source, array.size, p))
    )


@operation(methods=("cauchy_",), function=False)
def cauchy_(
    self: Tensor, median: float = 0.0, sigma: float = 1.0, *, generator: Generator | None = None
) -> Tensor:
    """Fill with numbers of the Cauchy distribution."""
    _require(sigma > 0, f"cauchy_ expects sigma > 0.0, but found sigma={sigma}")
    if self._array.dtype not in sampling.DIGITS:
        raise RuntimeError(
            f"cauchy_: the distribution is continuous; dtype must be floating, got {self.dtype}"
        )
    source = chosen("cauchy_", generator)
    return _filled(
        self,
        lambda array: in_memory_order(array, sampling.cauchy(source, array.size, median, sigma)),
    )


@operation(methods=("log_normal_",), function=False)
def log_normal_(
    self: Tensor, mean: float = 1.0, std: float = 2.0, *, generator: Generator | None = None
) -> Tensor:
    """Fill with numbers whose logarithm has a normal distribution."""
    _require(std > 0, f"log_normal_ expects std > 0.0, but found std={std}")
    _floating("log_normal_", self._array)
    source = chosen("log_normal_", generator)
    return _filled(
        self,
        lambda array: in_memory_order(
            array, np.exp(sampling.one_by_one(source, array.size) * std + mean)
        ),
    )
