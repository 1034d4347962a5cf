"""The documented types: what functions take and give, as aliases, records and protocols.

Protocols are met by the tensor library and by PyTorch alike; nothing here imports an array library.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import EllipsisType, ModuleType
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias, TypedDict, runtime_checkable

from shapetorch.annotations.tensors import ShapedTensor

# -- dtypes, devices ----------------------------------------------------------------------------------


@runtime_checkable
class DType(Protocol):
    """An element type, ``float32``."""

    itemsize: int
    is_floating_point: bool
    is_complex: bool
    is_signed: bool

    def to_real(self) -> Any:
        """The dtype of the real part."""


DeviceType: TypeAlias = Literal["cpu", "webgpu", "cuda", "mps", "xpu", "meta"]
"""The kind of a device."""


@runtime_checkable
class Device(Protocol):
    """Where a tensor lives."""

    type: str
    index: int | None


DeviceInput: TypeAlias = Device | str | int | None
"""What stands for a device in a call."""

# -- tensors, storages --------------------------------------------------------------------------------


@runtime_checkable
class GradFn(Protocol):
    """A node of the graph that gradients flow through."""

    next_functions: tuple[Any, ...]

    def name(self) -> str:
        """Its name: ``MulBackward0``."""


@runtime_checkable
class TypedArray(Protocol):
    """A buffer of elements of one dtype, such as a NumPy array."""

    @property
    def dtype(self) -> Any:
        """The element type."""

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes."""

    def tolist(self) -> Any:
        """The elements as nested lists."""


@runtime_checkable
class TensorStorage(Protocol):
    """The memory that a tensor and its views share."""

    def nbytes(self) -> int:
        """The number of bytes."""

    def data_ptr(self) -> int:
        """The address of the first byte."""


@runtime_checkable
class TypedStorage(TensorStorage, Protocol):
    """A storage whose elements have a dtype."""

    @property
    def dtype(self) -> Any:
        """The element type."""

    def size(self) -> int:
        """The number of elements."""


class CPUTensorData(TypedDict):
    """What a tensor on the CPU consists of."""

    data: TypedArray
    shape: tuple[int, ...]
    dtype: DType
    device: Literal["cpu"]
    requires_grad: bool
    grad_fn: GradFn | None


class WebGPUTensorData(TypedDict):
    """What a tensor on a GPU would consist of; `data` is the GPU's buffer."""

    data: Any
    shape: tuple[int, ...]
    dtype: DType
    device: Literal["webgpu"]
    requires_grad: bool
    grad_fn: GradFn | None


TensorData: TypeAlias = CPUTensorData | WebGPUTensorData
"""What a tensor consists of."""


class TensorCreator(Protocol):
    """A function that makes a tensor from sizes: `zeros`, `ones`, `rand`."""

    def __call__(self, *size: Any, **options: Any) -> Any:
        """The tensor."""


Torch: TypeAlias = ModuleType
"""The library: ``import shapetorch as torch``."""


class CumExtremeResult(NamedTuple):
    """What `cummax` and `cummin` give."""

    values: Any
    indices: Any


class HistogramResult(NamedTuple):
    """What `histogram` gives."""

    hist: Any
    bin_edges: Any


# -- arguments ----------------------------------------------------------------------------------------

AxesRecord: TypeAlias = Mapping[str, int]
"""The sizes of axes that a pattern names."""
ReduceOperation: TypeAlias = (
    Literal["sum", "mean", "max", "min", "prod", "any", "all"] | Callable[..., Any]
)
"""How `reduce` combines elements."""
Ellipsis: TypeAlias = EllipsisType
"""The type of ``...``."""
SubscriptIndex: TypeAlias = Literal[
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
    26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51
]  # fmt: skip
"""An axis in a sublist of `einsum`."""
SublistElement: TypeAlias = SubscriptIndex | EllipsisType
"""An item of a sublist of `einsum`."""
Sublist: TypeAlias = Sequence[SublistElement]
"""The axes of one operand of `einsum`."""
RangeSpec: TypeAlias = (
    tuple[int | None, int | None] | tuple[int | None, int | None, int | None] | slice
)
"""A range of indices of `at`: start, end and step."""
SliceSpec: TypeAlias = int | RangeSpec | None
"""A slice of one dim; None is the whole dim."""
MaskSpec: TypeAlias = ShapedTensor
"""A tensor of bools that says which elements are selected."""
IndicesSpec: TypeAlias = ShapedTensor
"""A tensor of integers: the indices that are selected."""
IndexSpec: TypeAlias = int | RangeSpec | EllipsisType | MaskSpec | IndicesSpec | None
"""What selects from one dim in `at`."""
