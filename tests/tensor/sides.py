"""One call on both sides: operands, their variants, and what runs it in PyTorch and in the library."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")  # what imports this is skipped without it

import torch

import shapetorch
import shapetorch.einops
import shapetorch.tensor
from shapetorch.tensor.dtypes import DTYPES
from shapetorch.tensor.tensors import Tensor, wrap
from tests.rules import oracle
from tests.rules.oracle import Call, D, T

WITHOUT_INDICES = dict.fromkeys(
    """and or xor invert lshift rshift bitwise_and bitwise_or bitwise_xor bitwise_not bitwise_left_shift
    bitwise_right_shift gcd lcm all any real imag""".split(),
    ("float32", "int64", "bool", "complex64"),
)
"""Functions none of whose operands are indices: what dtypes of operands stand for any dtype."""


def varied(target: str) -> tuple[str, ...]:
    """The dtypes of samples in whose place others are tried."""
    return WITHOUT_INDICES.get(target.rpartition(".")[2].strip("_"), ("float32",))


# -- both sides -------------------------------------------------------------------------------------


def to_ours(value: torch.Tensor) -> Tensor:
    """The same elements, dtype, strides and mark as a tensor of ours."""
    value = value.detach()
    if value.is_conj():
        return to_ours(value.conj()).conj()
    if value.is_neg():
        return to_ours(torch._neg_view(value) * 1j).conj().imag
    if value.dtype == torch.bfloat16:
        array = value.view(torch.int16).numpy().view(DTYPES["bfloat16"].numpy)
    else:
        array = value.numpy()
    strided = np.empty(0, array.dtype)
    if value.is_contiguous() or not value.numel():
        strided = array.copy()
    else:  # copied with its strides, so that writes on one side are not seen on the other
        span = 1 + sum((n - 1) * s for n, s in zip(value.shape, value.stride(), strict=True))
        flat = np.lib.stride_tricks.as_strided(array, (span,), (array.itemsize,)).copy()
        strided = np.lib.stride_tricks.as_strided(flat, array.shape, array.strides)
    return wrap(strided)


def to_numpy(value: Any) -> np.ndarray:
    """The elements of either side's tensor; bfloat16 as float32."""
    if isinstance(value, Tensor):
        array = value._array
        return array.astype(np.float32) if array.dtype == DTYPES["bfloat16"].numpy else array
    value = value.detach().resolve_conj().resolve_neg()
    return value.float().numpy() if value.dtype == torch.bfloat16 else value.numpy(force=True)


class Side:
    """One library: how it makes arguments and finds functions."""

    def __init__(self, call: Call, variant: Variant) -> None:
        self.call, self.variant = call, variant
        self.tensors: list[Any] = []

    def tensor(self, value: torch.Tensor) -> Any:
        """The library's tensor of these elements."""
        raise AssertionError

    def find(self, target: str) -> Any:
        """A function or method."""
        raise AssertionError

    def dtype(self, name: str) -> Any:
        """A dtype."""
        raise AssertionError

    def real(self, value: Any) -> Any:
        """An argument."""
        if isinstance(value, T):
            made = self.tensor(self.variant.elements(value, varied(self.call.target)))
            self.tensors.append(made)
            return made
        if isinstance(value, D):
            return self.dtype(value.name)
        if isinstance(value, dict):
            return {key: self.real(item) for key, item in value.items()}
        if type(value) in (list, tuple):
            return type(value)(self.real(item) for item in value)
        if isinstance(value, slice):
            return slice(self.real(value.start), self.real(value.stop), self.real(value.step))
        return value

    def run(self) -> Any:
        """The result."""
        function = self.find(self.call.target)
        self.args = [self.real(item) for item in self.call.args]
        self.kwargs = self.real(dict(self.call.kwargs))
        torch.manual_seed(0)
        shapetorch.manual_seed(0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return function(*self.args, **self.kwargs)


class Theirs(Side):
    """PyTorch."""

    def tensor(self, value: torch.Tensor) -> Any:
        return value.requires_grad_() if self.variant.grad and _can_have_gradient(value) else value

    def find(self, target: str) -> Any:
        return oracle._callable(target)

    def dtype(self, name: str) -> Any:
        return getattr(torch, name)


class Ours(Side):
    """The tensor library."""

    def tensor(self, value: torch.Tensor) -> Any:
        made = to_ours(value)
        if self.variant.grad and _can_have_gradient(value):
            made.requires_grad = True
        return made

    def find(self, target: str) -> Any:
        if target.startswith(("operator.", "builtins.")):
            return oracle._callable(target)
        if target.startswith("Tensor."):
            attribute = target.removeprefix("Tensor.")
            found = getattr(Tensor, attribute)
            return found if callable(found) else lambda tensor: getattr(tensor, attribute)
        found = shapetorch.einops if target.startswith("einops.") else shapetorch
        for part in target.split(".")[1:]:
            found = getattr(found, part)
        return found

    def dtype(self, name: str) -> Any:
        return DTYPES[name]


def _can_have_gradient(value: torch.Tensor) -> bool:
    return value.dtype.is_floating_point or value.dtype.is_complex


def exists(target: str) -> bool:
    """Whether the tensor library has such a function or method."""
    try:
        Ours(Call(target), Variant()).find(target)
    except AttributeError:
        return False
    return True


# -- variants ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Variant:
    """How a call is varied.

    Attributes:
        name: In the table.
        dtype: In place of float32.
        strided: How operands lie in memory: "transposed" with their dims in another order, "stepped"
            with gaps between their elements, "marked" as conjugates and, of real ones, negatives.
        grad: Whether gradients are compared, and gradients of gradients.
    """

    name: str = "float32"
    dtype: str | None = None
    strided: str = ""
    grad: bool = False

    def elements(self, value: T, kinds: tuple[str, ...] = ("float32",)) -> torch.Tensor:
        """The elements of an argument; in place of `kinds` it is of the variant's dtype."""
        changed = value
        is_exact = self.dtype in ("float64", "complex64", "complex128")
        if self.dtype is not None and value.dtype in kinds:
            if is_exact or not callable(value.values):
                changed = replace(value, dtype=self.dtype)
        made = changed.make()
        if callable(value.values) and made.dtype.is_complex and made.ndim >= 2:
            other = torch.rand(made.shape, generator=torch.Generator().manual_seed(5)).to(made)
            made = made + 0.1j * (other.tril(-1) + other.triu(1))  # the diagonal stays real
        if changed.values is None and changed is not value and made.dtype.is_complex:
            made = made + 0.5j
        if changed.values is None and not (made.dtype.is_floating_point or made.dtype.is_complex):
            if (
                value.dtype in kinds and changed is not value
            ):  # random integers where random numbers stood
                seeded = torch.Generator().manual_seed(1)
                high = 2 if made.dtype == torch.bool else 5
                made = torch.randint(0, high, made.shape, generator=seeded).to(made.dtype)
        if self.strided == "transposed" and made.ndim >= 2:
            made = made.transpose(0, -1).contiguous().transpose(0, -1)
        if self.strided == "stepped" and made.ndim:
            made = torch.stack([made, made], -1)[..., 0]
        if self.strided == "marked" and made.dtype.is_complex:
            made = made.conj().resolve_conj().conj()
        elif self.strided == "marked" and made.dtype in (torch.float32, torch.float64):
            made = (made * -1j).conj().imag
        return made


VARIANTS = (
    Variant(),
    Variant("strided", strided="transposed"),
    Variant("float64+grad", "float64", grad=True),
    *(Variant(name, name) for name in "int64 bool complex64 uint8 float16 bfloat16".split()),
    Variant("stepped", strided="stepped"),
    *(Variant(name, name) for name in "int32 complex128 int16 int8".split()),
    Variant("conjugate", "complex64", strided="marked"),
    Variant("conjugate+grad", "complex128", strided="marked", grad=True),
    Variant("negative+grad", "float64", strided="marked", grad=True),
)

TOLERANCE = {"float16": 4e-3, "bfloat16": 3e-2, "float32": 2e-5, "complex64": 2e-5}
"""Relative, and absolute for numbers of about one; float64 and complex128: 1e-9."""
