"""The documented options interfaces: the optional arguments of operations, as typed dicts.

``def f(**options: Unpack[SortOptions])`` passes on what `sort` takes. Written by
``tools/typing_options.py`` from the operations' signatures.
"""

from __future__ import annotations

from typing import Any, TypedDict

from shapetorch.annotations.tensors import ShapedTensor
from shapetorch.typing.interfaces import DeviceInput, DType


class AddbmmOptions(TypedDict, total=False):
    """The optional arguments of `addbmm` and what is like it."""

    alpha: complex
    beta: complex
    out: ShapedTensor | None


class AddcdivOptions(TypedDict, total=False):
    """The optional arguments of `addcdiv` and what is like it."""

    out: ShapedTensor | None
    value: complex


class AddcmulOptions(TypedDict, total=False):
    """The optional arguments of `addcmul` and what is like it."""

    out: ShapedTensor | None
    value: complex


class AddmmOptions(TypedDict, total=False):
    """The optional arguments of `addmm` and what is like it."""

    alpha: complex
    beta: complex
    out: ShapedTensor | None


class AddmvOptions(TypedDict, total=False):
    """The optional arguments of `addmv` and what is like it."""

    alpha: complex
    beta: complex
    out: ShapedTensor | None


class AddrOptions(TypedDict, total=False):
    """The optional arguments of `addr` and what is like it."""

    alpha: complex
    beta: complex
    out: ShapedTensor | None


class AllcloseOptions(TypedDict, total=False):
    """The optional arguments of `allclose` and what is like it."""

    atol: float
    equal_nan: bool
    rtol: float


class BaddbmmOptions(TypedDict, total=False):
    """The optional arguments of `baddbmm` and what is like it."""

    alpha: complex
    beta: complex
    out: ShapedTensor | None


class BinaryOptions(TypedDict, total=False):
    """The optional arguments of `mul` and what is like it."""

    out: ShapedTensor | None


class CumulativeOptions(TypedDict, total=False):
    """The optional arguments of `cumsum` and what is like it."""

    dtype: DType | None
    out: ShapedTensor | None


class EyeOptions(TypedDict, total=False):
    """The optional arguments of `eye` and what is like it."""

    device: DeviceInput
    dtype: DType | None
    layout: Any
    m: Any
    out: ShapedTensor | None
    pin_memory: bool
    requires_grad: bool


class IscloseOptions(TypedDict, total=False):
    """The optional arguments of `isclose` and what is like it."""

    atol: float
    equal_nan: bool
    rtol: float


class KthvalueOptions(TypedDict, total=False):
    """The optional arguments of `kthvalue` and what is like it."""

    dim: int
    keepdim: bool
    out: tuple[ShapedTensor, ...] | None


class NormOptions(TypedDict, total=False):
    """The optional arguments of `norm` and what is like it."""

    dim: Any
    dtype: DType | None
    keepdim: bool
    out: ShapedTensor | None
    p: Any


class PrintOptions(TypedDict, total=False):
    """The optional arguments of `set_printoptions` and what is like it."""

    edgeitems: int | None
    linewidth: int | None
    precision: int | None
    profile: str | None
    sci_mode: bool | None
    threshold: float | None


class QuantileOptions(TypedDict, total=False):
    """The optional arguments of `quantile` and what is like it."""

    dim: int | None
    interpolation: str
    keepdim: bool
    out: ShapedTensor | None


class ReductionOptions(TypedDict, total=False):
    """The optional arguments of `sum` and what is like it."""

    dim: Any
    dtype: DType | None
    keepdim: bool
    out: ShapedTensor | None


class RepeatInterleaveOptions(TypedDict, total=False):
    """The optional arguments of `repeat_interleave` and what is like it."""

    dim: int | None
    output_size: int | None
    repeats: int | ShapedTensor | None


class SortOptions(TypedDict, total=False):
    """The optional arguments of `sort` and what is like it."""

    descending: bool
    dim: int
    out: tuple[ShapedTensor, ...] | None
    stable: bool | None


class StdVarOptions(TypedDict, total=False):
    """The optional arguments of `std` and what is like it."""

    correction: float | None
    dim: Any
    keepdim: bool
    out: ShapedTensor | None
    unbiased: bool | None


class TensorOptions(TypedDict, total=False):
    """The optional arguments of `zeros_like` and what is like it."""

    device: DeviceInput
    dtype: DType | None
    layout: Any
    memory_format: Any
    pin_memory: bool
    requires_grad: bool


class TopkOptions(TypedDict, total=False):
    """The optional arguments of `topk` and what is like it."""

    dim: int
    largest: bool
    out: tuple[ShapedTensor, ...] | None
    sorted: bool


class UnaryOptions(TypedDict, total=False):
    """The optional arguments of `exp` and what is like it."""

    out: ShapedTensor | None
