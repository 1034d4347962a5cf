"""Random tensors, and the state of the generator they come from."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor import sampling
from shapetorch.tensor.dtypes import dtype
from shapetorch.tensor.generators import Generator, chosen, default_generator
from shapetorch.tensor.operations import operation
from shapetorch.tensor.options import check_placement, element_type, finished, sizes, written
from shapetorch.tensor.tensors import Array, Tensor


@operation()
def manual_seed(seed: Any) -> Generator:
    """Start the default generator anew; gives the generator."""
    return default_generator.manual_seed(seed)


def _size(keyword: dict[str, Any], name: str) -> Any:
    found = keyword.pop("size", None)
    for unexpected in keyword:
        raise TypeError(f"{name}() got an unexpected keyword argument '{unexpected}'")
    return found


def _kind(name: str, given: Any, out: Tensor | None) -> np.dtype[Any]:
    return (
        out._array.dtype if given is None and isinstance(out, Tensor) else element_type(name, given)
    )


def _uniform(name: str, source: Generator, shape: Any, kind: np.dtype[Any]) -> Array:
    if kind.kind == "c":
        parts = np.dtype(np.float32 if kind.itemsize == 8 else np.float64)
        pairs = _uniform(name, source, (*shape, 2), parts)
        return pairs.view(kind)[..., 0]
    if kind.kind not in "fV":
        raise NotImplementedError(f'"{name}" not implemented for {kind.name}')
    count = int(np.prod(shape, dtype=np.int64))
    return sampling.uniform(source, count, kind).astype(kind, copy=False).reshape(shape)


def _normal(name: str, source: Generator, shape: Any, kind: np.dtype[Any]) -> Array:
    if kind.kind == "c":
        parts = np.dtype(np.float32 if kind.itemsize == 8 else np.float64)
        pairs = _normal(name, source, (*shape, 2), parts) * parts.type(0.5**0.5)
        return pairs.view(kind)[..., 0]
    if kind.kind not in "fV":
        raise NotImplementedError(f'"{name}" not implemented for {kind.name}')
    return sampling.normal(source, shape, kind)


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
    shape = sizes("rand", size, _size(keyword, "rand"))
    check_placement("rand", device, layout, pin_memory)
    array = _uniform("rand", chosen("rand", generator), shape, _kind("rand", dtype, out))
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
    shape = sizes("randn", size, _size(keyword, "randn"))
    check_placement("randn", device, layout, pin_memory)
    array = _normal("randn", chosen("randn", generator), shape, _kind("randn", dtype, out))
    return written("randn", out, finished(array, requires_grad), dtype)
