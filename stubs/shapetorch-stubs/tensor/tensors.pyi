"""The tensor: a NumPy array under PyTorch's interface.

Written by ``tools/stubs.py``.
"""

from builtins import bool as _bool
from builtins import complex as _complex
from builtins import float as _float
from builtins import int as _int
from builtins import str as _str
from collections.abc import Callable as _Callable
from collections.abc import Iterator as _Iterator
from collections.abc import Sequence as _Sequence
from shapetorch.tensor.devices import device as _device
from shapetorch.tensor.dtypes import dtype as _dtype
from shapetorch.tensor.formats import layout as _layout
from shapetorch.tensor.formats import memory_format as _memory_format
from shapetorch.tensor.generators import Generator as _Generator
from shapetorch.tensor.hooks import RemovableHandle as _RemovableHandle
from shapetorch.tensor.nodes import Node as _Node
from shapetorch.tensor.ops.storages import TypedStorage as _TypedStorage
from shapetorch.tensor.ops.storages import UntypedStorage as _UntypedStorage
from shapetorch.tensor.result_types import _aminmax_result
from shapetorch.tensor.result_types import _cummax_result
from shapetorch.tensor.result_types import _cummin_result
from shapetorch.tensor.result_types import _frexp_result
from shapetorch.tensor.result_types import _geqrf_result
from shapetorch.tensor.result_types import _histogram_result
from shapetorch.tensor.result_types import _kthvalue_result
from shapetorch.tensor.result_types import _max_result
from shapetorch.tensor.result_types import _median_result
from shapetorch.tensor.result_types import _min_result
from shapetorch.tensor.result_types import _mode_result
from shapetorch.tensor.result_types import _nanmedian_result
from shapetorch.tensor.result_types import _qr_result
from shapetorch.tensor.result_types import _slogdet_result
from shapetorch.tensor.result_types import _sort_result
from shapetorch.tensor.result_types import _svd_result
from shapetorch.tensor.result_types import _topk_result
from shapetorch.tensor.result_types import _triangular_solve_result
from shapetorch.tensor.sizes import Size as _Size
from typing import Any as _Any
from typing import Literal as _Literal
from typing import Self as _Self
from typing import overload as _overload
import numpy as _np

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from shapetorch.tensor.nodes import Node

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

Replay: TypeAlias = tuple[Callable[..., Any], tuple[Any, ...], Any]

class Meta:
    """What autograd knows of one tensor.

    Attributes:
        requires_grad: Whether it is a leaf whose gradient is wanted.
        grad: The gradient accumulated so far, of a leaf or after ``retain_grad``.
        node: What made it, None for a leaf.
        output: Which of the node's results it is.
        hooks: Called with the gradient of a leaf.
        after: Called with a leaf once its gradient has been accumulated.
        root: The tensor whose memory a view shares; None if it owns its memory.
        replay: Makes the view anew from its root: a function, its further arguments, and the same
            of the view below this one. None if autograd does not see the view (``detach``).
        epoch: Of a view: how often the root's history had been replaced when `node` was made. Of
            a root: how often it has been.
        undo: Of a root whose sizes were changed in place: for the epoch that this began, a function
            (and its further arguments) that gives the sizes as they were before.
        memory: Of a root whose sizes were changed in place: all of its memory.
        made: How a view came about, as far as writing into it goes: "single", "several" (one of
            the views of ``unbind``, ``split``) or "no_grad".
        writes: Of a view that is not "single": the writes to its root when it was made.
        written: Of a view that was written to: the root's epoch and node since then.
        inference: Whether it was made in inference mode.
        accumulator: How a leaf stands in ``next_functions``, once somebody has asked.
    """
    requires_grad: bool
    grad: Tensor | None
    node: Node | None
    output: int
    hooks: dict[int, Callable[..., Any]] | None
    after: dict[int, Callable[..., Any]] | None
    root: Tensor | None
    replay: Replay | None
    epoch: int
    undo: dict[int, tuple[Callable[..., Any], tuple[Any, ...]]] | None
    memory: Array | None
    made: str
    writes: int
    written: tuple[int, Node] | None
    inference: bool
    accumulator: Any

class Tensor:
    """A tensor of numbers on the CPU.

    Args:
        data: Sizes (``Tensor(2, 3)``, not initialised), nested lists, an array or a tensor; the
            result is of the default dtype.
    """
    _array: Array
    _meta: Meta | None
    _writes: _int
    __array_priority__: _int
    def __new__(cls, *data: _Any, device: _str | _device | None = None) -> _Self: ...
    def __init__(self, *data: _Any, device: _str | _device | None = None) -> None: ...
    def __class_getitem__(cls, items: _Any) -> _Any: ...
    @classmethod
    def __init_subclass__(cls, **kwargs: _Any) -> None: ...
    @classmethod
    def __torch_function__(cls, func: _Any, types: _Any, args: tuple[_Any, ...] = (), kwargs: _Any = None) -> Tensor:
        """What an operation does with tensors of a subclass: the usual, and gives that subclass."""
    @classmethod
    def of_numpy(cls, array: _np.ndarray[_Any, _np.dtype[_Any]]) -> Tensor:
        """A tensor that shares an array.

        Raises:
            TypeError: of a dtype that tensors do not have.
        """
    @property
    def shape(self) -> _Size:
        """The sizes."""
    @property
    def dtype(self) -> _dtype:
        """The element type."""
    @property
    def device(self) -> _device:
        """Where it lives: the CPU."""
    @property
    def ndim(self) -> _int:
        """The number of dims."""
    @property
    def requires_grad(self) -> _bool:
        """Whether gradients flow to it."""
    @requires_grad.setter
    def requires_grad(self, value: _bool) -> None: ...
    @property
    def grad(self) -> Tensor | None:
        """The gradient accumulated by `backward`."""
    @grad.setter
    def grad(self, value: Tensor | None) -> None: ...
    @grad.deleter
    def grad(self) -> None: ...
    @property
    def grad_fn(self) -> _Node | None:
        """The node of the graph that made it, None for a leaf."""
    @property
    def is_leaf(self) -> _bool:
        """Whether no recorded operation made it."""
    @property
    def retains_grad(self) -> _bool:
        """Whether `grad` is kept although it is no leaf."""
    @property
    def _version(self) -> _int: ...
    @property
    def _base(self) -> Tensor | None: ...
    def __hash__(self) -> _int:
        """Return hash(self)."""
    @property
    def real(self) -> Tensor:
        """The real parts, a view; a real tensor itself."""
    @real.setter
    def real(self, value: Tensor) -> None: ...
    @property
    def imag(self) -> Tensor:
        """The imaginary parts, a view.

        Raises:
            RuntimeError: the tensor is real.
        """
    @imag.setter
    def imag(self, value: Tensor) -> None: ...
    @property
    def __array_interface__(self) -> _Any:
        """NumPy's description of the memory.

        Raises:
            AttributeError: NumPy has no such dtype, or may not see the memory.
        """
    def relu(self, *, out: Tensor | None = None) -> Tensor:
        """The positive part."""
    def relu_(self) -> Tensor:
        """`relu` in place."""
    def sigmoid(self, *, out: Tensor | None = None) -> Tensor:
        """``1 / (1 + exp(-input))``."""
    def sigmoid_(self) -> Tensor:
        """`sigmoid` in place."""
    def matmul(self, other: Tensor, *, out: Tensor | None = None) -> Tensor:
        """The matrix product, batched and broadcast over leading dims.

        Args:
            input: ``(K,)``, ``(M, K)`` or ``(*A, M, K)``.
            other: ``(K,)``, ``(K, N)`` or ``(*B, K, N)``.

        Returns:
            ``(*broadcast(A, B), M, N)``; a vector operand's missing size is left out.

        Raises:
            ShapeError: matmul_error_scalar_operand, matmul_error_inner_dimensions_do_not_match,
                batch_dimensions_do_not_match_error.
            RuntimeError: the dtypes differ, or are bool.
        """
    def __matmul__(self, other: Tensor | _complex) -> Tensor:
        """``self @ other``, see `matmul`."""
    def __rmatmul__(self, other: Tensor | _complex) -> Tensor:
        """``other @ self``, see `matmul`."""
    def mm(self, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
        """The product of two matrices."""
    def bmm(self, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
        """The products ``(B, M, N)`` of the matrices of two batches."""
    def mv(self, vec: Tensor, *, out: Tensor | None = None) -> Tensor:
        """The product of a matrix and a vector."""
    def dot(self, tensor: Tensor, *, out: Tensor | None = None) -> Tensor:
        """The product of two vectors of one length, a number."""
    def vdot(self, other: Tensor, *, out: Tensor | None = None) -> Tensor:
        """The product of two vectors of one length, the first conjugated."""
    def inner(self, other: Tensor, *, out: Tensor | None = None) -> Tensor:
        """The products over the last dims of ``(*A, K)`` and ``(*B, K)``: ``(*A, *B)``; a number multiplies."""
    def outer(self, vec2: Tensor, *, out: Tensor | None = None) -> Tensor:
        """All products ``(M, N)`` of the elements of two vectors."""
    def ger(self, vec2: Tensor, *, out: Tensor | None = None) -> Tensor:
        """All products ``(M, N)`` of the elements of two vectors."""
    def addmm(self, mat1: Tensor, mat2: Tensor, *, beta: _complex = 1, alpha: _complex = 1, out: Tensor | None = None) -> Tensor:
        """``beta * input + alpha * mat1 @ mat2``; `input` expands to the product."""
    def addmm_(self, mat1: Tensor, mat2: Tensor, *, beta: _complex = 1, alpha: _complex = 1) -> Tensor:
        """`addmm` in place."""
    def addmv(self, mat: Tensor, vec: Tensor, *, beta: _complex = 1, alpha: _complex = 1, out: Tensor | None = None) -> Tensor:
        """``beta * input + alpha * mat @ vec``; `input` expands to the product."""
    def addmv_(self, mat: Tensor, vec: Tensor, *, beta: _complex = 1, alpha: _complex = 1) -> Tensor:
        """`addmv` in place."""
    def baddbmm(self, batch1: Tensor, batch2: Tensor, *, beta: _complex = 1, alpha: _complex = 1, out: Tensor | None = None) -> Tensor:
        """``beta * input + alpha * batch1 @ batch2`` of batches of matrices; `input` expands."""
    def baddbmm_(self, batch1: Tensor, batch2: Tensor, *, beta: _complex = 1, alpha: _complex = 1) -> Tensor:
        """`baddbmm` in place."""
    def addbmm(self, batch1: Tensor, batch2: Tensor, *, beta: _complex = 1, alpha: _complex = 1, out: Tensor | None = None) -> Tensor:
        """``beta * input + alpha * sum(batch1 @ batch2)``, the sum over the batch; `input` expands."""
    def addbmm_(self, batch1: Tensor, batch2: Tensor, *, beta: _complex = 1, alpha: _complex = 1) -> Tensor:
        """`addbmm` in place."""
    def addr(self, vec1: Tensor, vec2: Tensor, *, beta: _complex = 1, alpha: _complex = 1, out: Tensor | None = None) -> Tensor:
        """``beta * input + alpha * outer(vec1, vec2)``; `input` expands to the product."""
    def addr_(self, vec1: Tensor, vec2: Tensor, *, beta: _complex = 1, alpha: _complex = 1) -> Tensor:
        """`addr` in place."""
    def add(self, other: Tensor | _complex, *, alpha: _complex = 1, out: Tensor | None = None) -> Tensor:
        """``input + alpha * other``."""
    def add_(self, other: Tensor | _complex, *, alpha: _complex = 1) -> Tensor:
        """`add` in place."""
    def __add__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `add`."""
    def __iadd__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `add`."""
    def __radd__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `add`."""
    def sub(self, other: Tensor | _complex, *, alpha: _complex = 1, out: Tensor | None = None) -> Tensor:
        """``input - alpha * other``."""
    def subtract(self, other: Tensor | _complex, *, alpha: _complex = 1, out: Tensor | None = None) -> Tensor:
        """``input - alpha * other``."""
    def sub_(self, other: Tensor | _complex, *, alpha: _complex = 1) -> Tensor:
        """`sub` in place."""
    def subtract_(self, other: Tensor | _complex, *, alpha: _complex = 1) -> Tensor:
        """`sub` in place."""
    def __sub__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `sub`."""
    def __isub__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `sub`."""
    def __rsub__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `sub`."""
    def mul(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """``input * other``."""
    def multiply(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """``input * other``."""
    def mul_(self, other: Tensor | _complex) -> Tensor:
        """`mul` in place."""
    def multiply_(self, other: Tensor | _complex) -> Tensor:
        """`mul` in place."""
    def __mul__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `mul`."""
    def __imul__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `mul`."""
    def __rmul__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `mul`."""
    def floor_divide(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """``input / other`` rounded down."""
    def floor_divide_(self, other: Tensor | _complex) -> Tensor:
        """`floor_divide` in place."""
    def __floordiv__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `floordiv`."""
    def __ifloordiv__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `floordiv`."""
    def __rfloordiv__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `floordiv`."""
    def div(self, other: Tensor | _complex, *, rounding_mode: _str | None = None, out: Tensor | None = None) -> Tensor:
        """``input / other``, rounded if asked.

        Args:
            input: The dividend.
            other: The divisor, which broadcasts with it.
            rounding_mode: None for the quotient itself, "trunc" to round towards 0, "floor" downwards.

        Raises:
            ShapeError: broadcast_error_incompatible_dimensions.
            RuntimeError: integers are divided by 0 and rounded.
        """
    def divide(self, other: Tensor | _complex, *, rounding_mode: _str | None = None, out: Tensor | None = None) -> Tensor:
        """``input / other``, rounded if asked.

        Args:
            input: The dividend.
            other: The divisor, which broadcasts with it.
            rounding_mode: None for the quotient itself, "trunc" to round towards 0, "floor" downwards.

        Raises:
            ShapeError: broadcast_error_incompatible_dimensions.
            RuntimeError: integers are divided by 0 and rounded.
        """
    def div_(self, other: Tensor | _complex, *, rounding_mode: _str | None = None) -> Tensor:
        """`div` in place."""
    def divide_(self, other: Tensor | _complex, *, rounding_mode: _str | None = None) -> Tensor:
        """`div` in place."""
    def true_divide(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """``input / other``; see `div`."""
    def true_divide_(self, other: Tensor | _complex) -> Tensor:
        """`true_divide` in place."""
    def __truediv__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `truediv`."""
    def __itruediv__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `truediv`."""
    def __rtruediv__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `truediv`."""
    def remainder(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """``input - other * floor(input / other)``: of the sign of `other`."""
    def remainder_(self, other: Tensor | _complex) -> Tensor:
        """`remainder` in place."""
    def __mod__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `mod`."""
    def __imod__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `mod`."""
    def __rmod__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `mod`."""
    def fmod(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """``input - other * trunc(input / other)``: of the sign of `input`."""
    def fmod_(self, other: Tensor | _complex) -> Tensor:
        """`fmod` in place."""
    def reciprocal(self, *, out: Tensor | None = None) -> Tensor:
        """``1 / input``."""
    def reciprocal_(self) -> Tensor:
        """`reciprocal` in place."""
    def neg(self, *, out: Tensor | None = None) -> Tensor:
        """``-input``."""
    def negative(self, *, out: Tensor | None = None) -> Tensor:
        """``-input``."""
    def __neg__(self, *, out: Tensor | None = None) -> Tensor:
        """``-input``."""
    def neg_(self) -> Tensor:
        """`neg` in place."""
    def negative_(self) -> Tensor:
        """`neg` in place."""
    def positive(self) -> Tensor:
        """The tensor itself.

        Raises:
            RuntimeError: it is bool.
        """
    def __pos__(self) -> Tensor:
        """The tensor itself.

        Raises:
            RuntimeError: it is bool.
        """
    def abs(self, *, out: Tensor | None = None) -> Tensor:
        """The absolute value; of complex numbers a real one."""
    def absolute(self, *, out: Tensor | None = None) -> Tensor:
        """The absolute value; of complex numbers a real one."""
    def __abs__(self, *, out: Tensor | None = None) -> Tensor:
        """The absolute value; of complex numbers a real one."""
    def abs_(self) -> Tensor:
        """`abs` in place."""
    def absolute_(self) -> Tensor:
        """`abs` in place."""
    def sign(self, *, out: Tensor | None = None) -> Tensor:
        """-1, 0 or 1."""
    def sign_(self) -> Tensor:
        """`sign` in place."""
    def sgn(self, *, out: Tensor | None = None) -> Tensor:
        """`sign`; of complex numbers, the one of absolute value 1 in the same direction."""
    def sgn_(self) -> Tensor:
        """`sgn` in place."""
    def signbit(self, *, out: Tensor | None = None) -> Tensor:
        """Whether the sign is negative, also that of -0.0."""
    def copysign(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """The absolute value of `input` with the sign of `other`."""
    def copysign_(self, other: Tensor | _complex) -> Tensor:
        """`copysign` in place."""
    def __getitem__(self, index: _Any) -> Tensor:
        """The elements that an index selects: a view for integers, slices, None and the ellipsis.

        Raises:
            ShapeError: index_error_too_many, index_error_out_of_bounds, index_error_step,
                index_error_mask_shape, index_error_shape_mismatch.
        """
    def at(self, *index: _Any) -> Tensor:
        """The elements that a documented index selects.

        Args:
            self: Any shape.
            index: For each dim an integer, a range ``(start, stop)`` or ``(start, stop, step)`` with
                None for an open end, None for the whole dim, a mask or a tensor of integers; ``"..."``
                stands for the dims that are left. They may also come as one list.

        Returns:
            A view, but for masks, tensors and negative steps.

        Raises:
            ShapeError: at_error_index_out_of_bounds, slice_error_out_of_bounds, index_error_too_many,
                index_error_step, index_error_mask_shape, index_error_shape_mismatch.
        """
    def __delitem__(self, index: _Any) -> None:
        """Elements cannot be taken out."""
    def __setitem__(self, index: _Any, value: Tensor | _complex) -> None:
        """Write a number or a tensor into the elements that an index selects.

        Raises:
            ShapeError: broadcast_error_incompatible_dimensions, and those of indexing.
            TypeError: the value is neither a tensor nor a number.
        """
    def index_put_(self, indices: _Sequence[Tensor | None], values: Tensor, accumulate: _bool = False) -> Tensor:
        """`index_put` in place."""
    def index_put(self, indices: _Sequence[Tensor | None], values: Tensor, accumulate: _bool = False) -> Tensor:
        """The tensor with `values` written, or added, where index tensors say.

        Args:
            input: Any shape.
            indices: Index tensors and masks, as in ``input[indices]``.
            values: Broadcasts to the selected shape, of the same dtype.
            accumulate: Whether values are added, also several at one place.

        Raises:
            ShapeError: expand_error_incompatible, and those of indexing.
        """
    def new_tensor(self, data: _Any, *, dtype: _dtype | None = None, device: _str | _device | _int | None = None, requires_grad: _bool = False, layout: _layout | None = None, pin_memory: _bool = False) -> Tensor:
        """A tensor of a copy of the data, of this tensor's dtype."""
    def item(self) -> _Any:
        """The one element as a Python number.

        Raises:
            ShapeError: item_error_not_scalar.
        """
    def tolist(self) -> _Any:
        """The elements as nested lists of Python numbers; of a 0-D tensor, the number."""
    def __bool__(self) -> _bool:
        """Whether the one element is not zero.

        Raises:
            RuntimeError: there is not exactly one.
        """
    def __int__(self) -> _int:
        """The one element, cut off towards zero."""
    def __float__(self) -> _float:
        """The one element."""
    def __complex__(self) -> _complex:
        """The one element."""
    def __index__(self) -> _int:
        """The one element of an integer tensor.

        Raises:
            TypeError: it is not one integer.
        """
    def __repr__(self, *, tensor_contents: _str | None = None) -> _str:
        """The elements, and what else is to be known: see `printing`."""
    def __format__(self, format_spec: _str) -> _str:
        """A 0-D tensor is formatted as its number; others only have their text."""
    @property
    def data(self) -> Tensor:
        """The same memory, out of autograd's sight: writes to it are not noticed."""
    @data.setter
    def data(self, value: Tensor) -> None: ...
    def detach_(self) -> Tensor:
        """The tensor itself, without its history from now on.

        Raises:
            RuntimeError: it is a view, whose history is that of another tensor.
        """
    def new(self, *args: _Any, device: _str | _device | _int | None = None) -> Tensor:
        """A tensor of this one's dtype: from sizes, not initialised, or a copy of data."""
    @property
    def is_cpu(self) -> _bool:
        """Whether it lives on the CPU: yes."""
    @property
    def is_cuda(self) -> _bool:
        """Whether it lives on a device of type cuda: no."""
    @property
    def is_xpu(self) -> _bool:
        """Whether it lives on a device of type xpu: no."""
    @property
    def is_mps(self) -> _bool:
        """Whether it lives on a device of type mps: no."""
    @property
    def is_meta(self) -> _bool:
        """Whether it lives on a device of type meta: no."""
    @property
    def is_vulkan(self) -> _bool:
        """Whether it lives on a device of type vulkan: no."""
    @property
    def is_ipu(self) -> _bool:
        """Whether it lives on a device of type ipu: no."""
    @property
    def is_xla(self) -> _bool:
        """Whether it lives on a device of type xla: no."""
    @property
    def is_mtia(self) -> _bool:
        """Whether it lives on a device of type mtia: no."""
    @property
    def is_maia(self) -> _bool:
        """Whether it lives on a device of type maia: no."""
    @property
    def is_sparse(self) -> _bool:
        """Whether it is stored as sparse: no."""
    @property
    def is_sparse_csr(self) -> _bool:
        """Whether it is stored as sparse_csr: no."""
    @property
    def is_quantized(self) -> _bool:
        """Whether it is stored as quantized: no."""
    @property
    def is_mkldnn(self) -> _bool:
        """Whether it is stored as mkldnn: no."""
    @property
    def is_nested(self) -> _bool:
        """Whether it is stored as nested: no."""
    @property
    def name(self) -> _str | None:
        """A name: there is none."""
    @property
    def output_nr(self) -> _int:
        """Which result of its node it is."""
    def is_distributed(self) -> _bool:
        """Whether several processes hold parts of it: no."""
    def to_dense(self, dtype: _Any = None, *, masked_grad: _bool | None = None) -> Tensor:
        """The tensor itself, for it is dense; in another dtype if one is given."""
    def dense_dim(self) -> _int:
        """The number of dense dims: all."""
    def sparse_dim(self) -> _int:
        """The number of sparse dims: none."""
    def dim_order(self) -> tuple[_int, ...]:
        """The dims from the slowest to the fastest in memory."""
    def as_subclass(self, cls: type[Tensor]) -> Tensor:
        """The same memory and history as a tensor of another class."""
    def const_data_ptr(self) -> _int:
        """The address of the first element."""
    def apply_(self, callable: _Callable[[_Any], _Any]) -> Tensor:
        """Replace each element by a Python function of it; slow."""
    def map_(self, tensor: Tensor, callable: _Callable[[_Any, _Any], _Any]) -> Tensor:
        """Replace each element by a Python function of it and of another tensor's element; slow."""
    def map2_(self, x: Tensor, y: Tensor, callable: _Callable[[_Any, _Any, _Any], _Any]) -> Tensor:
        """Replace each element by a Python function of it and of two other tensors' elements; slow."""
    def __long__(self) -> _int:
        """The one element, cut off towards zero."""
    def __nonzero__(self) -> _bool:
        """Whether the one element is not zero."""
    def eq(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """Where the elements are equal."""
    def eq_(self, other: Tensor | _complex) -> Tensor:
        """`eq` in place."""
    def __eq__(self, other: Tensor | _complex) -> Tensor:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        """The operator, see `eq`."""
    def ne(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """Where the elements differ."""
    def not_equal(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """Where the elements differ."""
    def ne_(self, other: Tensor | _complex) -> Tensor:
        """`ne` in place."""
    def not_equal_(self, other: Tensor | _complex) -> Tensor:
        """`ne` in place."""
    def __ne__(self, other: Tensor | _complex) -> Tensor:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        """The operator, see `ne`."""
    def lt(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """Where `input` is less."""
    def less(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """Where `input` is less."""
    def lt_(self, other: Tensor | _complex) -> Tensor:
        """`lt` in place."""
    def less_(self, other: Tensor | _complex) -> Tensor:
        """`lt` in place."""
    def __lt__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `lt`."""
    def le(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """Where `input` is less or equal."""
    def less_equal(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """Where `input` is less or equal."""
    def le_(self, other: Tensor | _complex) -> Tensor:
        """`le` in place."""
    def less_equal_(self, other: Tensor | _complex) -> Tensor:
        """`le` in place."""
    def __le__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `le`."""
    def gt(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """Where `input` is greater."""
    def greater(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """Where `input` is greater."""
    def gt_(self, other: Tensor | _complex) -> Tensor:
        """`gt` in place."""
    def greater_(self, other: Tensor | _complex) -> Tensor:
        """`gt` in place."""
    def __gt__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `gt`."""
    def ge(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """Where `input` is greater or equal."""
    def greater_equal(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """Where `input` is greater or equal."""
    def ge_(self, other: Tensor | _complex) -> Tensor:
        """`ge` in place."""
    def greater_equal_(self, other: Tensor | _complex) -> Tensor:
        """`ge` in place."""
    def __ge__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `ge`."""
    def maximum(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """The larger of two elements; NaN if either is."""
    def minimum(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """The smaller of two elements; NaN if either is."""
    def fmax(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """The larger of two elements; the other one if one is NaN."""
    def fmin(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """The smaller of two elements; the other one if one is NaN."""
    def isclose(self, other: Tensor, rtol: _float = 1e-05, atol: _float = 1e-08, equal_nan: _bool = False) -> Tensor:
        """Where ``|input - other| <= atol + rtol * |other|``."""
    def allclose(self, other: Tensor, rtol: _float = 1e-05, atol: _float = 1e-08, equal_nan: _bool = False) -> _bool:
        """Whether all elements are close, see `isclose`."""
    def equal(self, other: Tensor) -> _bool:
        """Whether two tensors have the same shape and elements."""
    def isinf(self) -> Tensor:
        """Where the elements are infinite."""
    def isfinite(self) -> Tensor:
        """Where they are neither infinite nor NaN."""
    def isnan(self) -> Tensor:
        """Where the elements are NaN."""
    def isreal(self) -> Tensor:
        """Where the imaginary part is 0."""
    def isposinf(self, *, out: Tensor | None = None) -> Tensor:
        """Where the elements are infinity."""
    def isneginf(self, *, out: Tensor | None = None) -> Tensor:
        """Where the elements are -infinity."""
    def conj(self) -> Tensor:
        """The complex conjugate, a view that is conjugated when it is read; a real tensor itself."""
    def conj_physical(self, *, out: Tensor | None = None) -> Tensor:
        """The complex conjugate; a real tensor itself."""
    def conj_physical_(self) -> Tensor:
        """`conj_physical` in place."""
    def resolve_conj(self) -> Tensor:
        """A copy of a tensor that is conjugated when it is read; any other itself."""
    def resolve_neg(self) -> Tensor:
        """A copy of a tensor that is negated when it is read; any other itself."""
    def is_conj(self) -> _bool:
        """Whether it is conjugated when it is read: a view that `conj` gave, or a view of one."""
    def is_neg(self) -> _bool:
        """Whether it is negated when it is read: the imaginary parts of a conjugate, or a view of them."""
    def angle(self, *, out: Tensor | None = None) -> Tensor:
        """The angle of each number; of real ones 0, or pi where they are negative."""
    def to(self, *args: _Any, device: _str | _device | _int | None = None, dtype: _dtype | None = None, non_blocking: _bool = False, copy: _bool = False, memory_format: _memory_format | None = ...) -> Tensor:
        """The tensor in another dtype, on a device or in another order in memory.

        Args:
            self: The tensor, which is what comes back if nothing changes.
            args: A dtype, a device with or without a dtype, or a tensor to be like; then
                `non_blocking` and `copy`.
            device: The CPU.
            dtype: The dtype.
            non_blocking: Has no effect on the CPU.
            copy: Whether it is a copy in any case.
            memory_format: The order of dims in memory.

        Raises:
            RuntimeError: the device is not there.
            TypeError: an argument is none of these.
        """
    def float(self, memory_format: _memory_format | None = ...) -> Tensor:
        """The tensor as float32; itself if it is."""
    def double(self, memory_format: _memory_format | None = ...) -> Tensor:
        """The tensor as float64; itself if it is."""
    def half(self, memory_format: _memory_format | None = ...) -> Tensor:
        """The tensor as float16; itself if it is."""
    def bfloat16(self, memory_format: _memory_format | None = ...) -> Tensor:
        """The tensor as bfloat16; itself if it is."""
    def int(self, memory_format: _memory_format | None = ...) -> Tensor:
        """The tensor as int32; itself if it is."""
    def long(self, memory_format: _memory_format | None = ...) -> Tensor:
        """The tensor as int64; itself if it is."""
    def short(self, memory_format: _memory_format | None = ...) -> Tensor:
        """The tensor as int16; itself if it is."""
    def char(self, memory_format: _memory_format | None = ...) -> Tensor:
        """The tensor as int8; itself if it is."""
    def byte(self, memory_format: _memory_format | None = ...) -> Tensor:
        """The tensor as uint8; itself if it is."""
    def bool(self, memory_format: _memory_format | None = ...) -> Tensor:
        """The tensor as bool; itself if it is."""
    def cfloat(self, memory_format: _memory_format | None = ...) -> Tensor:
        """The tensor as complex64; itself if it is."""
    def cdouble(self, memory_format: _memory_format | None = ...) -> Tensor:
        """The tensor as complex128; itself if it is."""
    @_overload
    def type(self, dtype: None = None, non_blocking: _bool = False) -> _str:
        """The name of the tensor's type (``"torch.FloatTensor"``), or the tensor as another type.

        Args:
            self: The tensor.
            dtype: A dtype, a name such as ``"torch.LongTensor"``, or a class such as ``LongTensor``.
            non_blocking: Has no effect on the CPU.

        Raises:
            ValueError: there is no type of that name.
            RuntimeError: it lives on a device that is not there.
        """
    @_overload
    def type(self, dtype: _str | _dtype | type, non_blocking: _bool = False) -> Tensor:
        """The name of the tensor's type (``"torch.FloatTensor"``), or the tensor as another type.

        Args:
            self: The tensor.
            dtype: A dtype, a name such as ``"torch.LongTensor"``, or a class such as ``LongTensor``.
            non_blocking: Has no effect on the CPU.

        Raises:
            ValueError: there is no type of that name.
            RuntimeError: it lives on a device that is not there.
        """
    def type_as(self, other: Tensor) -> Tensor:
        """The tensor in another tensor's dtype."""
    def cpu(self, memory_format: _memory_format | None = ...) -> Tensor:
        """The tensor itself: it lives on the CPU."""
    def cuda(self, device: _str | _device | _int | None = None, non_blocking: _bool = False, memory_format: _memory_format | None = ...) -> Tensor:
        """The tensor on a device of type cuda, of which there is none: RuntimeError."""
    def xpu(self, device: _str | _device | _int | None = None, non_blocking: _bool = False, memory_format: _memory_format | None = ...) -> Tensor:
        """The tensor on a device of type xpu, of which there is none: RuntimeError."""
    def mtia(self, device: _str | _device | _int | None = None, non_blocking: _bool = False, memory_format: _memory_format | None = ...) -> Tensor:
        """The tensor on a device of type mtia, of which there is none: RuntimeError."""
    def ipu(self, device: _str | _device | _int | None = None, non_blocking: _bool = False, memory_format: _memory_format | None = ...) -> Tensor:
        """The tensor on a device of type ipu, of which there is none: RuntimeError."""
    def hpu(self, device: _str | _device | _int | None = None, non_blocking: _bool = False, memory_format: _memory_format | None = ...) -> Tensor:
        """The tensor on a device of type hpu, of which there is none: RuntimeError."""
    def get_device(self) -> _int:
        """The index of the device, -1 for the CPU."""
    def is_pinned(self, device: _str | _device | _int | None = None) -> _bool:
        """Whether it lies in pinned memory; there is none."""
    def pin_memory(self, device: _str | _device | _int | None = None) -> Tensor:
        """A copy in pinned memory, which needs an accelerator: RuntimeError."""
    def clone(self, *, memory_format: _memory_format | None = ...) -> Tensor:
        """A copy, through which gradients flow.

        Args:
            input: What is copied.
            memory_format: The order of dims in memory; that of `input`, if none is given.
        """
    def detach(self) -> Tensor:
        """The same memory without history."""
    def zero_(self) -> Tensor:
        """Zeros, in place."""
    def __copy__(self) -> Tensor:
        """Another tensor on the same memory, which is a leaf."""
    def __deepcopy__(self, memo: dict[_int, _Any]) -> Tensor:
        """A copy of a leaf with its gradient; tensors that shared memory share the copy's.

        Raises:
            RuntimeError: it is no leaf.
        """
    def __reduce_ex__(self, protocol: _Any) -> tuple[_Any, ...]:
        """How ``pickle`` writes it: tensors that share memory share it again if they are read together."""
    def share_memory_(self) -> Tensor:
        """Move the elements to memory that child processes made by fork share with this one.

        Raises:
            RuntimeError: other tensors or arrays see the memory, and would be left behind.
        """
    def is_shared(self) -> _bool:
        """Whether the elements lie in memory that processes share."""
    @_overload
    def unique(self, sorted: _bool = True, return_inverse: _Literal[False] = False, return_counts: _Literal[False] = False, dim: _int | None = None) -> Tensor:
        """The different elements in order, or the different slices along a dim.

        Args:
            input: Any shape.
            sorted: They always come in order here.
            return_inverse: Whether to tell which of them each element is.
            return_counts: Whether to tell how many there are of each.
            dim: The dim whose slices are compared; single elements are if None.

        Returns:
            What was asked for, a tuple if more than the elements; a NaN is equal to nothing.

        Raises:
            ShapeError: dimension_error_out_of_range, reduction_error_no_elements.
        """
    @_overload
    def unique(self, sorted: _bool = True, return_inverse: _bool = False, return_counts: _bool = False, dim: _int | None = None) -> _Any:
        """The different elements in order, or the different slices along a dim.

        Args:
            input: Any shape.
            sorted: They always come in order here.
            return_inverse: Whether to tell which of them each element is.
            return_counts: Whether to tell how many there are of each.
            dim: The dim whose slices are compared; single elements are if None.

        Returns:
            What was asked for, a tuple if more than the elements; a NaN is equal to nothing.

        Raises:
            ShapeError: dimension_error_out_of_range, reduction_error_no_elements.
        """
    @_overload
    def unique_consecutive(self, return_inverse: _Literal[False] = False, return_counts: _Literal[False] = False, dim: _int | None = None) -> Tensor:
        """As `unique`, but only elements that follow each other are compared; the order stays."""
    @_overload
    def unique_consecutive(self, return_inverse: _bool = False, return_counts: _bool = False, dim: _int | None = None) -> _Any:
        """As `unique`, but only elements that follow each other are compared; the order stays."""
    def bincount(self, weights: Tensor | None = None, minlength: _int = 0) -> Tensor:
        """How often each integer from 0 on occurs, or the sum of the weights where it does.

        Args:
            input: ``(N,)``, integers that are not negative.
            weights: ``(N,)``.
            minlength: The least size of the result.

        Raises:
            ShapeError: rank_error_mismatch, weights_error_shape, argument_error_value.
            RuntimeError: a number is negative, or the dtype is not an integer's.
        """
    def histc(self, bins: _int = 100, min: _float = 0, max: _float = 0, *, out: Tensor | None = None) -> Tensor:
        """How many elements are in each of equal bins; what is outside of them does not count.

        Args:
            input: Any shape, floating.
            bins: How many bins.
            min: Where they begin, at the smallest element if `min` and `max` are equal.
            max: Where they end; this very number is in the last bin.

        Raises:
            ShapeError: argument_error_value.
            RuntimeError: the ends are not finite or in the wrong order.
        """
    def histogram(self, bins: _int | _Sequence[_int] | Tensor = 100, *, range: tuple[_float, _float] | None = None, weight: Tensor | None = None, density: _bool = False, out: tuple[Tensor, ...] | None = None) -> _histogram_result:
        """How many elements are in each bin, and where the bins are: ``(hist, bin_edges)``.

        Args:
            input: Any shape, float32 or float64.
            bins: How many equal bins; or their edges, in order.
            range: Where equal bins begin and end; the smallest and the largest element if None.
            weight: How much each element counts.
            density: Whether the result is divided by its integral.

        Raises:
            ShapeError: argument_error_value, rank_error_mismatch, weights_error_shape.
        """
    def cov(self, *, correction: _int = 1, fweights: Tensor | None = None, aweights: Tensor | None = None) -> Tensor:
        """The covariances ``(V, V)`` of variables ``(V, N)``, or the variance of one variable ``(N,)``.

        Args:
            input: Rows are variables, columns are observations.
            correction: What is taken from the number of observations.
            fweights: How often each observation counts, integers ``(N,)``.
            aweights: How much each observation counts, ``(N,)``.

        Raises:
            ShapeError: rank_error_mismatch, weights_error_shape.
            RuntimeError: weights are of a wrong dtype, or negative.
        """
    def corrcoef(self) -> Tensor:
        """The correlations ``(V, V)`` of variables ``(V, N)``; 1 (or NaN) of one variable ``(N,)``."""
    def new_zeros(self, *size: _Any, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False, **keyword: _Any) -> Tensor:
        """Zeros of the tensor's dtype in other sizes."""
    def new_ones(self, *size: _Any, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False, **keyword: _Any) -> Tensor:
        """Ones of the tensor's dtype in other sizes."""
    def new_empty(self, *size: _Any, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False, **keyword: _Any) -> Tensor:
        """Elements of the tensor's dtype that are not set, in other sizes."""
    def new_full(self, size: _int | _Sequence[_int], fill_value: _complex | Tensor, *, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False) -> Tensor:
        """One number everywhere, of the tensor's dtype, in other sizes."""
    def new_empty_strided(self, size: _int | _Sequence[_int], stride: _int | _Sequence[_int] | None, *, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False) -> Tensor:
        """As `empty_strided`, of the tensor's dtype."""
    def diagonal(self, offset: _int = 0, dim1: _int = 0, dim2: _int = 1) -> Tensor:
        """A view of a diagonal of two dims, which becomes the last dim.

        Args:
            input: Any shape of at least two dims.
            offset: How far above (positive) or below the main diagonal.
            dim1: The dim of the rows.
            dim2: The dim of the columns.

        Raises:
            ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
        """
    def diag(self, diagonal: _int = 0, *, out: Tensor | None = None) -> Tensor:
        """The matrix with a vector on its diagonal, or a copy of the diagonal of a matrix.

        Raises:
            ShapeError: rank_error_mismatch.
        """
    def diagflat(self, offset: _int = 0) -> Tensor:
        """The square matrix with all elements on a diagonal."""
    def diag_embed(self, offset: _int = 0, dim1: _int = -2, dim2: _int = -1) -> Tensor:
        """Matrices that have the last dim on a diagonal, zeros elsewhere.

        Args:
            input: ``(*batch, n)``.
            offset: Which diagonal.
            dim1: Where the rows go in the result.
            dim2: Where the columns go in the result.

        Raises:
            ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
        """
    def tril(self, diagonal: _int = 0, *, out: Tensor | None = None) -> Tensor:
        """The elements on and below a diagonal, zeros above.

        Raises:
            ShapeError: linalg_error_requires_at_least_2d.
        """
    def tril_(self, diagonal: _int = 0) -> Tensor:
        """`tril` in place."""
    def triu(self, diagonal: _int = 0, *, out: Tensor | None = None) -> Tensor:
        """The elements on and above a diagonal, zeros below.

        Raises:
            ShapeError: linalg_error_requires_at_least_2d.
        """
    def triu_(self, diagonal: _int = 0) -> Tensor:
        """`triu` in place."""
    def fill_diagonal_(self, fill_value: _complex, wrap: _bool = False) -> Tensor:
        """Write one number on the diagonal of all dims, in place.

        Args:
            self: A matrix, or a tensor of more dims that all have one size.
            fill_value: The number.
            wrap: Whether the diagonal of a tall matrix begins anew below its end.

        Raises:
            ShapeError: rank_error_mismatch and others.
        """
    def diff(self, n: _int = 1, dim: _int = -1, prepend: Tensor | None = None, append: Tensor | None = None, *, out: Tensor | None = None) -> Tensor:
        """The differences of neighbours along a dim; of bool, whether they differ.

        Args:
            input: At least one dim.
            n: How many times differences are taken.
            dim: The dim.
            prepend: Put before the input along `dim`.
            append: Put after it.

        Raises:
            ShapeError: rank_error_mismatch, dimension_error_out_of_range, argument_error_value,
                cat_error_rank_mismatch, cat_error_size_mismatch.
        """
    def untyped_storage(self) -> _UntypedStorage:
        """The memory that the tensor shares with its views, as bytes."""
    def storage(self) -> _TypedStorage:
        """The memory that the tensor shares with its views, as elements."""
    def is_inference(self) -> _bool:
        """Whether a tensor was made in inference mode."""
    def amax(self, dim: _int | _Sequence[_int] = (), keepdim: _bool = False, *, out: Tensor | None = None) -> Tensor:
        """The largest elements along dims; see `max`."""
    def amin(self, dim: _int | _Sequence[_int] = (), keepdim: _bool = False, *, out: Tensor | None = None) -> Tensor:
        """The smallest elements along dims; see `min`."""
    def aminmax(self, *, dim: _int | None = None, keepdim: _bool = False, out: tuple[Tensor, ...] | None = None) -> _aminmax_result:
        """Both extremes, along a dim or of all elements: ``(min, max)``."""
    def argmax(self, dim: _int | None = None, keepdim: _bool = False, *, out: Tensor | None = None) -> Tensor:
        """The index of the first largest element along a dim, or in the flattened tensor."""
    def argmin(self, dim: _int | None = None, keepdim: _bool = False, *, out: Tensor | None = None) -> Tensor:
        """The index of the first smallest element along a dim, or in the flattened tensor."""
    @_overload
    def max(self, dim: None = None, keepdim: _bool = False, *, out: Tensor | None = None) -> Tensor:
        """The largest element; or those along a dim, with their indices; or the larger of two tensors'.

        Args:
            input: Any shape, not empty.
            dim: A dim, or a second tensor (then the result is ``maximum(input, dim)``).
            keepdim: Whether the dim stays, with size 1.
            other: The second tensor, by name.
            out: Where the result is written to: a tensor, or two.

        Returns:
            A 0-D tensor; with a dim ``(values, indices)``, the first index of equal elements. NaN counts
            as the largest.

        Raises:
            ShapeError: dimension_error_out_of_range, reduction_error_empty, reduction_error_no_elements.
        """
    @_overload
    def max(self, dim: _int, keepdim: _bool = False, *, out: tuple[Tensor, Tensor] | None = None) -> _max_result:
        """The largest element; or those along a dim, with their indices; or the larger of two tensors'.

        Args:
            input: Any shape, not empty.
            dim: A dim, or a second tensor (then the result is ``maximum(input, dim)``).
            keepdim: Whether the dim stays, with size 1.
            other: The second tensor, by name.
            out: Where the result is written to: a tensor, or two.

        Returns:
            A 0-D tensor; with a dim ``(values, indices)``, the first index of equal elements. NaN counts
            as the largest.

        Raises:
            ShapeError: dimension_error_out_of_range, reduction_error_empty, reduction_error_no_elements.
        """
    @_overload
    def max(self, other: Tensor, *, out: Tensor | None = None) -> Tensor:
        """The largest element; or those along a dim, with their indices; or the larger of two tensors'.

        Args:
            input: Any shape, not empty.
            dim: A dim, or a second tensor (then the result is ``maximum(input, dim)``).
            keepdim: Whether the dim stays, with size 1.
            other: The second tensor, by name.
            out: Where the result is written to: a tensor, or two.

        Returns:
            A 0-D tensor; with a dim ``(values, indices)``, the first index of equal elements. NaN counts
            as the largest.

        Raises:
            ShapeError: dimension_error_out_of_range, reduction_error_empty, reduction_error_no_elements.
        """
    @_overload
    def min(self, dim: None = None, keepdim: _bool = False, *, out: Tensor | None = None) -> Tensor:
        """The smallest element; or those along a dim, with their indices; or the smaller of two tensors'.

        See `max`.
        """
    @_overload
    def min(self, dim: _int, keepdim: _bool = False, *, out: tuple[Tensor, Tensor] | None = None) -> _min_result:
        """The smallest element; or those along a dim, with their indices; or the smaller of two tensors'.

        See `max`.
        """
    @_overload
    def min(self, other: Tensor, *, out: Tensor | None = None) -> Tensor:
        """The smallest element; or those along a dim, with their indices; or the smaller of two tensors'.

        See `max`.
        """
    def put_(self, index: Tensor, source: Tensor, accumulate: _bool = False) -> Tensor:
        """`put` in place."""
    def put(self, index: Tensor, source: Tensor, accumulate: _bool = False) -> Tensor:
        """The tensor with the elements of `source` written, or added, at places of its flattened form.

        Raises:
            ShapeError: index_error_shape_mismatch.
            IndexError: an index is out of range.
        """
    def masked_scatter_(self, mask: Tensor, source: Tensor) -> Tensor:
        """`masked_scatter` in place."""
    def masked_scatter(self, mask: Tensor, source: Tensor) -> Tensor:
        """The tensor with the elements of `source` written, in order, where a mask is true.

        Raises:
            ShapeError: broadcast_error_incompatible_dimensions.
            RuntimeError: the source has too few elements.
        """
    def backward(self, gradient: Tensor | None = None, retain_graph: _bool | None = None, create_graph: _bool = False, inputs: _Sequence[Tensor] | Tensor | None = None) -> None:
        """Add the gradient of this tensor to the ``.grad`` of the leaves (or of `inputs`)."""
    def requires_grad_(self, requires_grad: _bool = True) -> Tensor:
        """Have gradients of this leaf accumulated, or not; gives the tensor itself."""
    def retain_grad(self) -> None:
        """Have ``.grad`` also of a tensor that is no leaf."""
    def register_hook(self, hook: _Callable[..., _Any]) -> _RemovableHandle:
        """Call ``hook(grad)`` when the gradient is there; what it gives replaces the gradient.

        Returns:
            A handle whose ``remove()`` takes the hook out.
        """
    def register_post_accumulate_grad_hook(self, hook: _Callable[..., _Any]) -> _RemovableHandle:
        """Call ``hook(tensor)`` after a leaf's gradient has been accumulated."""
    def select(self, dim: _int, index: _int) -> Tensor:
        """A view of one slice along a dim, which goes away.

        Raises:
            ShapeError: dimension_error_out_of_range, select_error_index_out_of_bounds.
        """
    def narrow(self, dim: _int, start: _int | Tensor, length: _int) -> Tensor:
        """A view of `length` slices along a dim, from `start` on.

        Raises:
            ShapeError: dimension_error_out_of_range, rank_error_mismatch,
                narrow_error_start_out_of_bounds, narrow_error_length_exceeds_bounds.
        """
    def narrow_copy(self, dim: _int, start: _int, length: _int, *, out: Tensor | None = None) -> Tensor:
        """A copy of what `narrow` gives."""
    def gather(self, dim: _int, index: Tensor, *, sparse_grad: _bool = False, out: Tensor | None = None) -> Tensor:
        """The elements that an index names along a dim.

        Args:
            input: Any shape.
            dim: The dim the indices count in.
            index: Of the same rank; along other dims not larger than `input`.
            sparse_grad: Without effect: gradients are dense.

        Returns:
            ``input[i][index[i][j]][k]`` at ``[i][j][k]`` for ``dim = 1``, of the shape of `index`.

        Raises:
            ShapeError: gather_error_dim_out_of_range, gather_error_index_shape.
            RuntimeError: an index is out of range or not of an integer dtype.
        """
    def index_select(self, dim: _int, index: Tensor, *, out: Tensor | None = None) -> Tensor:
        """The slices along a dim that a vector of indices names.

        Raises:
            ShapeError: index_select_error_dim_out_of_range, index_error_shape_mismatch,
                gather_error_index_shape.
            IndexError: an index is out of range.
        """
    def take(self, index: Tensor, *, out: Tensor | None = None) -> Tensor:
        """The elements of the flattened tensor that an index names, in its shape.

        Raises:
            ShapeError: index_error_shape_mismatch.
            IndexError: an index is out of range.
        """
    def take_along_dim(self, indices: Tensor, dim: _int | None = None, *, out: Tensor | None = None) -> Tensor:
        """The elements that indices name along a dim; other dims broadcast.

        Args:
            input: Any shape.
            indices: Of the same rank.
            dim: The dim the indices count in; None flattens both.

        Raises:
            ShapeError: dimension_error_out_of_range, gather_error_index_shape,
                broadcast_error_incompatible_dimensions.
        """
    def masked_select(self, mask: Tensor, *, out: Tensor | None = None) -> Tensor:
        """The elements where a mask is true, in one dim; both broadcast.

        Raises:
            ShapeError: broadcast_error_incompatible_dimensions.
        """
    @_overload
    def nonzero(self, *, as_tuple: _Literal[False] = False, out: Tensor | None = None) -> Tensor:
        """The places of the elements that are not 0.

        Args:
            input: Any shape.
            as_tuple: Whether to give one vector of indices for each dim, as indexing takes them.

        Returns:
            ``(number of such elements, rank)``, or a tuple of vectors.
        """
    @_overload
    def nonzero(self, *, as_tuple: _Literal[True]) -> tuple[Tensor, ...]:
        """The places of the elements that are not 0.

        Args:
            input: Any shape.
            as_tuple: Whether to give one vector of indices for each dim, as indexing takes them.

        Returns:
            ``(number of such elements, rank)``, or a tuple of vectors.
        """
    def nonzero_static(self, *, size: _int, fill_value: _int = -1) -> Tensor:
        """The places of the first `size` elements that are not 0, filled up if there are fewer."""
    def argwhere(self) -> Tensor:
        """The places of the elements that are not 0: ``(number of such elements, rank)``."""
    def scatter_(self, dim: _int, index: Tensor, src: Tensor | _complex | None = None, *, reduce: _str | None = None, value: _complex | None = None) -> Tensor:
        """`scatter` in place."""
    def scatter(self, dim: _int, index: Tensor, src: Tensor | _complex | None = None, *, reduce: _str | None = None, value: _complex | None = None, out: Tensor | None = None) -> Tensor:
        """The tensor with the elements of `src`, or a number, written where `index` says.

        Args:
            input: Any shape.
            dim: The dim the indices count in.
            index: Of the same rank; not larger than `src`, and along other dims not larger than `input`.
            src: A tensor of the same rank and dtype, or a number.
            reduce: ``"add"`` or ``"multiply"``, or None to overwrite.
            value: Another name for a number as `src`.

        Raises:
            ShapeError: scatter_error_dim_out_of_range, scatter_error_index_shape, argument_error_value.
            RuntimeError: an index is out of range, or a dtype is wrong.
        """
    def scatter_add_(self, dim: _int, index: Tensor, src: Tensor) -> Tensor:
        """`scatter_add` in place."""
    def scatter_add(self, dim: _int, index: Tensor, src: Tensor, *, out: Tensor | None = None) -> Tensor:
        """The tensor with the elements of `src` added where `index` says; see `scatter`."""
    def scatter_reduce_(self, dim: _int, index: Tensor, src: Tensor, reduce: _str, *, include_self: _bool = True) -> Tensor:
        """`scatter_reduce` in place."""
    def scatter_reduce(self, dim: _int, index: Tensor, src: Tensor, reduce: _str, *, include_self: _bool = True, out: Tensor | None = None) -> Tensor:
        """The tensor reduced with the elements of `src` where `index` says; see `scatter`.

        Args:
            input: Any shape.
            dim: The dim the indices count in.
            index: Of the same rank.
            src: Of the same rank.
            reduce: ``"sum"``, ``"prod"``, ``"mean"``, ``"amax"`` or ``"amin"``.
            include_self: Whether the element that `input` has at a place takes part.

        Raises:
            ShapeError: scatter_error_dim_out_of_range, scatter_error_index_shape, argument_error_value.
            RuntimeError: an index is out of range, or a dtype is wrong.
        """
    def index_add_(self, dim: _int, index: Tensor, source: Tensor, *, alpha: _complex = 1) -> Tensor:
        """`index_add` in place."""
    def index_add(self, dim: _int, index: Tensor, source: Tensor, *, alpha: _complex = 1, out: Tensor | None = None) -> Tensor:
        """The tensor with the slices of `source`, times `alpha`, added to those that `index` names.

        Args:
            input: Any shape.
            dim: Along which dim.
            index: Which slice of `input` each slice of `source` goes to: ``(n,)``.
            source: `input` with ``n`` at `dim`.
            alpha: A factor.

        Raises:
            ShapeError: dimension_error_out_of_range, index_error_shape_mismatch,
                source_error_shape_mismatch.
        """
    def index_copy_(self, dim: _int, index: Tensor, source: Tensor) -> Tensor:
        """`index_copy` in place."""
    def index_copy(self, dim: _int, index: Tensor, source: Tensor, *, out: Tensor | None = None) -> Tensor:
        """The tensor with the slices that `index` names replaced by those of `source`.

        Raises:
            ShapeError: dimension_error_out_of_range, index_error_shape_mismatch,
                source_error_shape_mismatch.
        """
    def index_fill_(self, dim: _int, index: Tensor, value: Tensor | _complex) -> Tensor:
        """`index_fill` in place."""
    def index_fill(self, dim: _int, index: Tensor, value: Tensor | _complex) -> Tensor:
        """The tensor with the slices that `index` names set to one number.

        Raises:
            ShapeError: dimension_error_out_of_range, rank_error_mismatch.
        """
    def index_reduce_(self, dim: _int, index: Tensor, source: Tensor, reduce: _str, *, include_self: _bool = True) -> Tensor:
        """`index_reduce` in place."""
    def index_reduce(self, dim: _int, index: Tensor, source: Tensor, reduce: _str, *, include_self: _bool = True, out: Tensor | None = None) -> Tensor:
        """The tensor with the slices that `index` names reduced with those of `source`.

        Args:
            input: Any shape.
            dim: Along which dim.
            index: ``(n,)``.
            source: `input` with ``n`` at `dim`.
            reduce: ``"prod"``, ``"mean"``, ``"amax"`` or ``"amin"``.
            include_self: Whether the slices of `input` take part.

        Raises:
            ShapeError: dimension_error_out_of_range, index_error_shape_mismatch,
                source_error_shape_mismatch, argument_error_value.
        """
    def numpy(self, *, force: _bool = False) -> _np.ndarray[_Any, _np.dtype[_Any]]:
        """The elements as an array that shares the tensor's memory.

        Args:
            self: The tensor.
            force: Whether it is detached first.

        Raises:
            RuntimeError: the tensor needs a gradient, or is a conjugate, which lies nowhere in memory.
            TypeError: it is bfloat16, which NumPy does not have.
        """
    def __array__(self, dtype: _Any = None, copy: _bool | None = None) -> _np.ndarray[_Any, _np.dtype[_Any]]:
        """What ``numpy.asarray`` gives: the same memory, if the dtype is the same."""
    def __array_wrap__(self, array: _np.ndarray[_Any, _np.dtype[_Any]], context: _Any = None, return_scalar: _bool = False) -> Tensor:
        """The tensor of what a NumPy function made of this one."""
    def __dlpack__(self, *, stream: _Any = -1, max_version: tuple[_int, _int] | None = None, dl_device: _Any = None, copy: _bool | None = None) -> _Any:
        """A capsule that shares the tensor's memory.

        Raises:
            BufferError: the tensor needs a gradient or is a conjugate, or the memory cannot be described.
        """
    def __dlpack_device__(self) -> tuple[_int, _int]:
        """The CPU, as DLPack writes it."""
    def view(self, *sizes: _Any, size: _int | _Sequence[_int] | None = None, dtype: _dtype | None = None) -> Tensor:
        """A view in other sizes, one of which may be -1, or of the same bytes in another dtype.

        Args:
            self: Any shape.
            sizes: The sizes, of as many elements; or a dtype.
            size: The sizes by name.
            dtype: Instead of sizes.

        Raises:
            ShapeError: reshape_error_element_count, reshape_error_invalid_size.
            RuntimeError: the strides do not allow a view.
        """
    def reshape(self, *sizes: _Any, shape: _Sequence[_int] | None = None) -> Tensor:
        """See `reshape`; the sizes may also be single arguments."""
    def view_as(self, other: Tensor) -> Tensor:
        """A view in the sizes of `other`."""
    def reshape_as(self, other: Tensor) -> Tensor:
        """The same elements in the sizes of `other`."""
    def flatten(self, start_dim: _int = 0, end_dim: _int = -1) -> Tensor:
        """The dims from `start_dim` to `end_dim`, both included, as one; the tensor itself if it is one.

        Raises:
            ShapeError: dimension_error_out_of_range, flatten_error_dim_order.
        """
    def unflatten(self, dim: _int, sizes: _Sequence[_int]) -> Tensor:
        """A view with one dim split into `sizes`, one of which may be -1.

        Raises:
            ShapeError: dimension_error_out_of_range, unflatten_error_sizes, reshape_error_invalid_size.
        """
    def ravel(self) -> Tensor:
        """All elements in one dim; a view if they lie in memory in their order."""
    def squeeze(self, dim: _int | _Sequence[_int] | None = None) -> Tensor:
        """A view without the sizes of 1, all of them or those at `dim`.

        Raises:
            ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
        """
    def unsqueeze(self, dim: _int) -> Tensor:
        """A view with a size of 1 inserted at `dim`, in ``-(rank+1)..rank``.

        Raises:
            ShapeError: dimension_error_out_of_range.
        """
    def squeeze_(self, dim: _int | _Sequence[_int] | None = None) -> Tensor:
        """`squeeze` in place: the tensor itself gets the sizes."""
    def unsqueeze_(self, dim: _int) -> Tensor:
        """`unsqueeze` in place: the tensor itself gets the sizes."""
    def expand(self, *given: _Any, size: _int | _Sequence[_int] | None = None, implicit: _bool = False) -> Tensor:
        """A view in larger sizes, in which sizes of 1 are repeated; -1 keeps a size.

        Raises:
            ShapeError: expand_error_incompatible.
        """
    def broadcast_to(self, *sizes: _Any, size: _int | _Sequence[_int] | None = None) -> Tensor:
        """See `broadcast_to`; the sizes may also be single arguments."""
    def expand_as(self, other: Tensor) -> Tensor:
        """A view in the sizes of `other`, in which sizes of 1 are repeated."""
    def sum_to_size(self, *given: _Any, size: _int | _Sequence[_int] | None = None) -> Tensor:
        """The sum over the dims along which a tensor of the given sizes would be broadcast to this one.

        Raises:
            RuntimeError: such a tensor would not.
        """
    def contiguous(self, memory_format: _memory_format | None = ...) -> Tensor:
        """The tensor itself if its elements lie in order, else a copy in which they do."""
    def inverse(self, *, out: Tensor | None = None) -> Tensor:
        """The inverses of square matrices.

        Args:
            A: ``(*batch, N, N)``.

        Raises:
            ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
            LinAlgError: a matrix is singular.
        """
    def triangular_solve(self, A: Tensor, upper: _bool = True, transpose: _bool = False, unitriangular: _bool = False, *, out: tuple[Tensor, ...] | None = None) -> _triangular_solve_result:
        """The solutions of ``A @ X = b`` for triangular ``A``, and a copy of ``A``."""
    def cholesky_solve(self, L: Tensor, upper: _bool = False, *, out: Tensor | None = None) -> Tensor:
        """The solutions of ``A @ X = B``, of which the Cholesky factor ``L`` (or ``U``) is given."""
    def cholesky_inverse(self, upper: _bool = False, *, out: Tensor | None = None) -> Tensor:
        """The inverses of matrices of which the Cholesky factors are given."""
    def lu_solve(self, LU_data: Tensor, LU_pivots: Tensor, *, out: Tensor | None = None) -> Tensor:
        """The solutions of ``A @ X = b``, of which the LU factors are given."""
    def cholesky(self, upper: _bool = False, *, out: Tensor | None = None) -> Tensor:
        """The Cholesky factors, see `linalg.cholesky`."""
    def lu(self, pivot: _bool = True, get_infos: _bool = False, *, out: tuple[Tensor, ...] | None = None) -> tuple[Tensor, ...]:
        """As `linalg.lu_factor`; with `get_infos` as `linalg.lu_factor_ex`."""
    def qr(self, some: _bool = True, *, out: tuple[Tensor, ...] | None = None) -> _qr_result:
        """The factors of ``input = Q @ R``; without `some`, Q is square."""
    def geqrf(self, *, out: tuple[Tensor, ...] | None = None) -> _geqrf_result:
        """The QR factors as LAPACK packs them: R above, the reflectors below the diagonal; and their factors."""
    def orgqr(self, tau: Tensor, *, out: Tensor | None = None) -> Tensor:
        """The first columns of a product of reflections ``1 - tau v v^H``, whose ``v`` are columns.

        Args:
            A: ``(*batch, M, N)``; ``v`` of column i is 1 at i, and what the column holds below.
            tau: ``(*batch, K)``.

        Returns:
            ``(*batch, M, N)``.

        Raises:
            ShapeError: rank_error_mismatch and others.
        """
    def svd(self, some: _bool = True, compute_uv: _bool = True, *, out: tuple[Tensor, ...] | None = None) -> _svd_result:
        """``U``, ``S`` and ``V`` with ``input = U @ diag(S) @ V^H``; without `compute_uv`, U and V are zeros."""
    def sum(self, dim: _int | _Sequence[_int] | None = None, keepdim: _bool = False, *, dtype: _dtype | None = None, out: Tensor | None = None) -> Tensor:
        """The sum of the elements, along dims or of all.

        Args:
            input: Any shape.
            dim: The dims that are summed over; all of them if None or empty.
            keepdim: Whether they stay, with size 1.
            dtype: Of the result, and of the elements before they are added; int64 for integers if None.

        Raises:
            ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
        """
    def nansum(self, dim: _int | _Sequence[_int] | None = None, keepdim: _bool = False, *, dtype: _dtype | None = None, out: Tensor | None = None) -> Tensor:
        """The sum of the elements that are not NaN; see `sum`."""
    def mean(self, dim: _int | _Sequence[_int] | None = None, keepdim: _bool = False, *, dtype: _dtype | None = None, out: Tensor | None = None) -> Tensor:
        """The mean of the elements, along dims or of all.

        Args:
            input: Any shape.
            dim: The dims; all of them if None or empty.
            keepdim: Whether they stay, with size 1.
            dtype: Of the result, and of the elements before they are added.

        Returns:
            The sum by the number of elements: NaN if there are none.

        Raises:
            ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
            RuntimeError: the dtype is not floating or complex.
        """
    def nanmean(self, dim: _int | _Sequence[_int] | None = None, keepdim: _bool = False, *, dtype: _dtype | None = None, out: Tensor | None = None) -> Tensor:
        """The mean of the elements that are not NaN; see `mean`."""
    def prod(self, dim: _int | None = None, keepdim: _bool = False, *, dtype: _dtype | None = None, out: Tensor | None = None) -> Tensor:
        """The product of the elements, along a dim or of all.

        Args:
            input: Any shape.
            dim: The dim; all elements are multiplied if None.
            keepdim: Whether it stays, with size 1.
            dtype: Of the result, and of the elements before they are multiplied; int64 for integers if
                None.

        Raises:
            ShapeError: dimension_error_out_of_range.
        """
    def any(self, dim: _int | _Sequence[_int] | None = None, keepdim: _bool = False, *, out: Tensor | None = None) -> Tensor:
        """Whether any element is not zero, along dims or of all; NaN is not zero."""
    def all(self, dim: _int | _Sequence[_int] | None = None, keepdim: _bool = False, *, out: Tensor | None = None) -> Tensor:
        """Whether all elements are not zero, along dims or of all; NaN is not zero."""
    def count_nonzero(self, dim: _int | _Sequence[_int] | None = None) -> Tensor:
        """The number of elements that are not zero, along dims or of all."""
    def logsumexp(self, dim: _int | _Sequence[_int], keepdim: _bool = False, *, out: Tensor | None = None) -> Tensor:
        """``log(sum(exp(input)))`` along dims, without overflow.

        Args:
            input: Any shape; integers are taken as floating numbers.
            dim: The dims.
            keepdim: Whether they stay, with size 1.

        Raises:
            ShapeError: dimension_error_out_of_range, dimension_error_duplicate, argument_error_value.
        """
    def det(self) -> Tensor:
        """The determinants of square matrices.

        Raises:
            ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
        """
    def slogdet(self, *, out: tuple[Tensor, ...] | None = None) -> _slogdet_result:
        """See `linalg.slogdet`."""
    def logdet(self) -> Tensor:
        """The logarithms of the determinants of square matrices: NaN of a negative one."""
    def trace(self) -> Tensor:
        """The sum of the diagonal of a matrix."""
    def matrix_power(self, n: _int, *, out: Tensor | None = None) -> Tensor:
        """The product of `n` times the same matrix, of its inverse for negative `n`.

        Args:
            A: ``(*batch, N, N)``.
            n: Any integer.

        Raises:
            ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
            LinAlgError: `n` is negative and a matrix is singular.
        """
    def matrix_exp(self) -> Tensor:
        """The exponentials of square matrices: ``sum over k of A^k / k!``."""
    def pinverse(self, rcond: _float = 1e-15) -> Tensor:
        """The pseudo-inverses of matrices; see `linalg.pinv`."""
    def logical_and(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """Whether both elements are not 0."""
    def logical_and_(self, other: Tensor) -> Tensor:
        """`logical_and` in place."""
    def logical_or(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """Whether one of the elements is not 0."""
    def logical_or_(self, other: Tensor) -> Tensor:
        """`logical_or` in place."""
    def logical_xor(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """Whether just one of the elements is not 0."""
    def logical_xor_(self, other: Tensor) -> Tensor:
        """`logical_xor` in place."""
    def logical_not(self, *, out: Tensor | None = None) -> Tensor:
        """Whether the element is 0."""
    def logical_not_(self) -> Tensor:
        """`logical_not` in place."""
    def bitwise_and(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """``input & other``, bit by bit."""
    def bitwise_and_(self, other: Tensor | _complex) -> Tensor:
        """`bitwise_and` in place."""
    def __and__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `and`."""
    def __iand__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `and`."""
    def __rand__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `and`."""
    def bitwise_or(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """``input | other``, bit by bit."""
    def bitwise_or_(self, other: Tensor | _complex) -> Tensor:
        """`bitwise_or` in place."""
    def __or__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `or`."""
    def __ior__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `or`."""
    def __ror__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `or`."""
    def bitwise_xor(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """``input ^ other``, bit by bit."""
    def bitwise_xor_(self, other: Tensor | _complex) -> Tensor:
        """`bitwise_xor` in place."""
    def __xor__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `xor`."""
    def __ixor__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `xor`."""
    def __rxor__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `xor`."""
    def bitwise_not(self, *, out: Tensor | None = None) -> Tensor:
        """The other bits; of bool, the other truth value."""
    def bitwise_not_(self) -> Tensor:
        """`bitwise_not` in place."""
    def __invert__(self) -> Tensor:
        """The operator ``~``, see `bitwise_not`.

        Raises:
            TypeError: the tensor is floating or complex.
        """
    def bitwise_left_shift(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """``input << other``; 0 for shifts outside the number of bits."""
    def bitwise_left_shift_(self, other: Tensor | _complex) -> Tensor:
        """`bitwise_left_shift` in place."""
    def __lshift__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `lshift`."""
    def __ilshift__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `lshift`."""
    def __rlshift__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `lshift`."""
    def bitwise_right_shift(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """``input >> other``, which keeps the sign."""
    def bitwise_right_shift_(self, other: Tensor | _complex) -> Tensor:
        """`bitwise_right_shift` in place."""
    def __rshift__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `rshift`."""
    def __irshift__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `rshift`."""
    def __rrshift__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `rshift`."""
    def gcd(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """The greatest common divisor, never negative."""
    def gcd_(self, other: Tensor | _complex) -> Tensor:
        """`gcd` in place."""
    def lcm(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """The least common multiple, never negative."""
    def lcm_(self, other: Tensor | _complex) -> Tensor:
        """`lcm` in place."""
    def ormqr(self, tau: Tensor, other: Tensor, left: _bool = True, transpose: _bool = False, *, out: Tensor | None = None) -> Tensor:
        """``Q @ other`` or ``other @ Q``, Q being a product of reflections as `geqrf` gives it.

        Args:
            input: ``(*, m, n)``; below the diagonal the vectors of the reflections.
            tau: Their factors, ``(*, min(m, n))``.
            other: ``(*, m, p)``, or ``(*, p, m)`` from the right.
            left: From which side.
            transpose: Whether Q is transposed (and conjugated) first.

        Raises:
            ShapeError: linalg_error_requires_at_least_2d, linalg_error_size_mismatch.
            RuntimeError: the dtypes differ.
        """
    def norm(self, p: _float | _str | None = 'fro', dim: _int | _Sequence[_int] | None = None, keepdim: _bool = False, dtype: _dtype | None = None, *, out: Tensor | None = None) -> Tensor:
        """The p-norm of all elements, or along dims.

        Args:
            input: Any shape, floating or complex.
            p: A number, "fro" for 2, or "nuc" for the sum of the singular values of a matrix.
            dim: The dims; all of them if None.
            keepdim: Whether they stay, with size 1.
            dtype: In which it is computed.

        Raises:
            ShapeError: dimension_error_out_of_range, dimension_error_duplicate,
                reduction_error_no_elements.
        """
    def dist(self, other: Tensor, p: _float = 2) -> Tensor:
        """The p-norm of the difference of two tensors, which broadcast."""
    def renorm(self, p: _float, dim: _int, maxnorm: _float, *, out: Tensor | None = None) -> Tensor:
        """The slices along a dim, of which those with a larger p-norm are scaled down to `maxnorm`."""
    def renorm_(self, p: _float, dim: _int, maxnorm: _float) -> Tensor:
        """`renorm` in place."""
    def permute(self, *given: _Any, dims: _int | _Sequence[_int] | _Sequence[_Sequence[_int]] | None = None) -> Tensor:
        """See `permute`; the dims may also be single arguments."""
    def transpose(self, dim0: _int, dim1: _int) -> Tensor:
        """A view with two dims exchanged.

        Raises:
            ShapeError: transpose_dims_error_out_of_range.
        """
    def swapdims(self, dim0: _int, dim1: _int) -> Tensor:
        """A view with two dims exchanged.

        Raises:
            ShapeError: transpose_dims_error_out_of_range.
        """
    def swapaxes(self, axis0: _int, axis1: _int) -> Tensor:
        """See `transpose`."""
    def t(self) -> Tensor:
        """A matrix transposed; a vector and a number stay as they are.

        Raises:
            ShapeError: rank_error_mismatch.
        """
    def adjoint(self) -> Tensor:
        """The last two dims exchanged, and the elements conjugated.

        Raises:
            ShapeError: linalg_error_requires_at_least_2d.
        """
    def movedim(self, source: _int | _Sequence[_int], destination: _int | _Sequence[_int]) -> Tensor:
        """A view with some dims moved to other places; the rest keep their order.

        Raises:
            ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
        """
    def moveaxis(self, source: _int | _Sequence[_int], destination: _int | _Sequence[_int]) -> Tensor:
        """A view with some dims moved to other places; the rest keep their order.

        Raises:
            ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
        """
    def transpose_(self, dim0: _int, dim1: _int) -> Tensor:
        """`transpose` in place: the tensor itself gets the sizes."""
    def swapdims_(self, dim0: _int, dim1: _int) -> Tensor:
        """See `transpose_`."""
    def swapaxes_(self, axis0: _int, axis1: _int) -> Tensor:
        """See `transpose_`."""
    def t_(self) -> Tensor:
        """`t` in place: the tensor itself gets the sizes."""
    @property
    def T(self) -> Tensor:
        """The dims in reverse order."""
    @property
    def H(self) -> Tensor:
        """A matrix transposed and conjugated; a number stays as it is."""
    @property
    def mT(self) -> Tensor:
        """The last two dims exchanged."""
    @property
    def mH(self) -> Tensor:
        """The last two dims exchanged, and the elements conjugated."""
    def prelu(self, weight: Tensor) -> Tensor:
        """The tensor where it is positive, ``weight * input`` elsewhere.

        Args:
            input: ``(N, C, *)``.
            weight: One slope, or C of them.

        Raises:
            ShapeError: rank_error_mismatch, norm_error_channel_mismatch.
        """
    def hardshrink(self, lambd: _float = 0.5, *, out: Tensor | None = None) -> Tensor:
        """The tensor, with 0 between ``-lambd`` and ``lambd``."""
    def exp(self, *, out: Tensor | None = None) -> Tensor:
        """``e**input``."""
    def exp_(self) -> Tensor:
        """`exp` in place."""
    def exp2(self, *, out: Tensor | None = None) -> Tensor:
        """``2**input``."""
    def exp2_(self) -> Tensor:
        """`exp2` in place."""
    def expm1(self, *, out: Tensor | None = None) -> Tensor:
        """``e**input - 1``, exact near 0."""
    def expm1_(self) -> Tensor:
        """`expm1` in place."""
    def log(self, *, out: Tensor | None = None) -> Tensor:
        """The natural logarithm."""
    def log_(self) -> Tensor:
        """`log` in place."""
    def log2(self, *, out: Tensor | None = None) -> Tensor:
        """The logarithm to base 2."""
    def log2_(self) -> Tensor:
        """`log2` in place."""
    def log10(self, *, out: Tensor | None = None) -> Tensor:
        """The logarithm to base 10."""
    def log10_(self) -> Tensor:
        """`log10` in place."""
    def log1p(self, *, out: Tensor | None = None) -> Tensor:
        """``log(1 + input)``, exact near 0."""
    def log1p_(self) -> Tensor:
        """`log1p` in place."""
    def logaddexp(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """``log(exp(input) + exp(other))`` without overflow."""
    def logaddexp2(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """``log2(2**input + 2**other)`` without overflow."""
    def sqrt(self, *, out: Tensor | None = None) -> Tensor:
        """The square root."""
    def sqrt_(self) -> Tensor:
        """`sqrt` in place."""
    def rsqrt(self, *, out: Tensor | None = None) -> Tensor:
        """``1 / sqrt(input)``."""
    def rsqrt_(self) -> Tensor:
        """`rsqrt` in place."""
    def pow(self, exponent: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """``input ** exponent``.

        Args:
            input: The base, a tensor or a number.
            exponent: A tensor that broadcasts with it, or a number.

        Raises:
            ShapeError: broadcast_error_incompatible_dimensions.
            RuntimeError: an integer base has a negative number as exponent.
        """
    def pow_(self, exponent: Tensor | _complex) -> Tensor:
        """`pow` in place."""
    def __pow__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `pow`."""
    def __ipow__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `pow`."""
    def __rpow__(self, other: Tensor | _complex) -> Tensor:
        """The operator, see `pow`."""
    def square(self, *, out: Tensor | None = None) -> Tensor:
        """``input * input``."""
    def square_(self) -> Tensor:
        """`square` in place."""
    def float_power(self, exponent: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """``input ** exponent`` in double precision."""
    def float_power_(self, exponent: Tensor | _complex) -> Tensor:
        """`float_power` in place.

        Raises:
            RuntimeError: the tensor is not of double precision.
        """
    def ldexp(self, other: Tensor, *, out: Tensor | None = None) -> Tensor:
        """``input * 2**other``."""
    def ldexp_(self, other: Tensor) -> Tensor:
        """`ldexp` in place."""
    def is_floating_point(self) -> _bool:
        """Whether the elements are floating numbers."""
    def is_complex(self) -> _bool:
        """Whether the elements are complex numbers."""
    def is_signed(self) -> _bool:
        """Whether the elements can be negative."""
    def is_nonzero(self) -> _bool:
        """Whether the one element is not 0.

        Raises:
            RuntimeError: there is not just one.
        """
    def is_same_size(self, other: Tensor) -> _bool:
        """Whether two tensors have the same sizes."""
    def numel(self) -> _int:
        """The number of elements."""
    def nelement(self) -> _int:
        """The number of elements."""
    def dim(self) -> _int:
        """The number of dims."""
    def ndimension(self) -> _int:
        """The number of dims."""
    @_overload
    def size(self, dim: None = None, *, axis: None = None) -> _Size:
        """The sizes, or the size of one dim.

        Raises:
            ShapeError: dimension_error_out_of_range.
        """
    @_overload
    def size(self, dim: _int) -> _int:
        """The sizes, or the size of one dim.

        Raises:
            ShapeError: dimension_error_out_of_range.
        """
    @_overload
    def size(self, *, axis: _int) -> _int:
        """The sizes, or the size of one dim.

        Raises:
            ShapeError: dimension_error_out_of_range.
        """
    @_overload
    def stride(self, dim: None = None, *, axis: None = None) -> tuple[_int, ...]:
        """How many elements lie between neighbours along each dim, or along one."""
    @_overload
    def stride(self, dim: _int) -> _int:
        """How many elements lie between neighbours along each dim, or along one."""
    @_overload
    def stride(self, *, axis: _int) -> _int:
        """How many elements lie between neighbours along each dim, or along one."""
    def element_size(self) -> _int:
        """The bytes of one element."""
    def is_contiguous(self, memory_format: _memory_format | None = ...) -> _bool:
        """Whether the elements lie in memory one after the other, in order."""
    def data_ptr(self) -> _int:
        """The address of the first element; 0 of a tensor without elements."""
    def storage_offset(self) -> _int:
        """How many elements of the memory lie before the first one."""
    def is_set_to(self, tensor: Tensor) -> _bool:
        """Whether both are the same view of the same memory."""
    def _is_view(self) -> _bool:
        """Whether it is a view of another tensor."""
    @property
    def itemsize(self) -> _int:
        """The bytes of one element."""
    @property
    def nbytes(self) -> _int:
        """The bytes of all elements."""
    @property
    def layout(self) -> _layout:
        """How the elements are stored: `strided`."""
    def uniform_(self, from_: _float = 0.0, to: _float = 1.0, *, generator: _Generator | None = None, **bounds: _Any) -> Tensor:
        """Fill with numbers of the uniform distribution over ``[from, to)``; ``from=`` is a keyword, too."""
    def normal_(self, mean: _float = 0.0, std: _float = 1.0, *, generator: _Generator | None = None) -> Tensor:
        """Fill with numbers of a normal distribution."""
    def random_(self, *bounds: _Any, to: _int | None = None, generator: _Generator | None = None, **keyword: _Any) -> Tensor:
        """Fill with integers: ``random_()``, ``random_(to)``, ``random_(from, to)``, `to` not included.

        Without bounds, they are all that are not negative and that the dtype holds without gaps.
        """
    def bernoulli_(self, p: _float | Tensor = 0.5, *, generator: _Generator | None = None) -> Tensor:
        """Fill with ones, each with probability `p` (a number, or a tensor that broadcasts), and zeros."""
    def exponential_(self, lambd: _float = 1.0, *, generator: _Generator | None = None) -> Tensor:
        """Fill with numbers of density ``lambd * exp(-lambd * x)``."""
    def geometric_(self, p: _float, *, generator: _Generator | None = None) -> Tensor:
        """Fill with how many trials it takes until one of probability `p` succeeds."""
    def cauchy_(self, median: _float = 0.0, sigma: _float = 1.0, *, generator: _Generator | None = None) -> Tensor:
        """Fill with numbers of the Cauchy distribution."""
    def log_normal_(self, mean: _float = 1.0, std: _float = 2.0, *, generator: _Generator | None = None) -> Tensor:
        """Fill with numbers whose logarithm has a normal distribution."""
    def bernoulli(self, p: _float | Tensor | None = None, *, generator: _Generator | None = None, out: Tensor | None = None) -> Tensor:
        """Ones and zeros; `input` holds the probability of each one (or its sizes, if `p` is given)."""
    def multinomial(self, num_samples: _int, replacement: _bool = False, *, generator: _Generator | None = None, out: Tensor | None = None) -> Tensor:
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
    def flip(self, *given: _Any, dims: _int | _Sequence[_int] | _Sequence[_Sequence[_int]] | None = None) -> Tensor:
        """See `flip`; the dims may also be single arguments."""
    def fliplr(self) -> Tensor:
        """A copy with dim 1 reversed.

        Raises:
            ShapeError: rank_error_mismatch.
        """
    def flipud(self) -> Tensor:
        """A copy with dim 0 reversed.

        Raises:
            ShapeError: rank_error_mismatch.
        """
    def roll(self, shifts: _int | _Sequence[_int], dims: _int | _Sequence[_int] | None = None) -> Tensor:
        """A copy with the elements shifted along some dims, what falls out entering at the other end.

        Raises:
            ShapeError: argument_error_value, dimension_error_out_of_range.
        """
    def rot90(self, k: _int = 1, dims: _Sequence[_int] = (0, 1)) -> Tensor:
        """A copy after `k` quarter turns in the plane of two dims.

        Raises:
            ShapeError: argument_error_value, rank_error_mismatch, dimension_error_out_of_range.
        """
    def repeat(self, *given: _Any, repeats: _Any = None) -> Tensor:
        """A copy laid out several times along each dim; more counts than dims add dims in front.

        Raises:
            ShapeError: argument_error_value and others.
        """
    def tile(self, *given: _Any, dims: _int | _Sequence[_int] | _Sequence[_Sequence[_int]] | None = None) -> Tensor:
        """See `tile`; the counts may also be single arguments."""
    def repeat_interleave(self, repeats: _int | Tensor, dim: _int | None = None, *, output_size: _int | None = None) -> Tensor:
        """See `repeat_interleave`, whose first argument the tensor is."""
    def as_strided(self, size: _Sequence[_int], stride: _Sequence[_int], storage_offset: _int | None = None) -> Tensor:
        """A view of the memory that a tensor lies in, under sizes and strides of one's own.

        Args:
            input: Any shape.
            size: The sizes.
            stride: For each dim, the elements from one place to the next.
            storage_offset: The first element, counted from the beginning of the memory; that of
                `input` if None.

        Raises:
            RuntimeError: it would reach out of the memory, or a stride is negative.
        """
    def as_strided_(self, size: _Sequence[_int], stride: _Sequence[_int], storage_offset: _int | None = None) -> Tensor:
        """`as_strided` in place: the tensor itself gets the sizes and strides."""
    def unfold(self, dimension: _int, size: _int, step: _int) -> Tensor:
        """A view of all windows of `size` along a dim, every `step`; they lie along a new last dim.

        Raises:
            ShapeError: dimension_error_out_of_range, unfold_error_size, argument_error_value.
        """
    def select_scatter(self, src: Tensor, dim: _int, index: _int) -> Tensor:
        """A copy in which one slice along a dim is `src`.

        Raises:
            ShapeError: dimension_error_out_of_range, select_error_index_out_of_bounds,
                source_error_shape_mismatch.
        """
    def slice_scatter(self, src: Tensor, dim: _int = 0, start: _int | None = None, end: _int | None = None, step: _int = 1) -> Tensor:
        """A copy in which a range of the slices along a dim is `src`.

        Raises:
            ShapeError: dimension_error_out_of_range, source_error_shape_mismatch, argument_error_value.
        """
    def diagonal_scatter(self, src: Tensor, offset: _int = 0, dim1: _int = 0, dim2: _int = 1) -> Tensor:
        """A copy in which a diagonal is `src`.

        Raises:
            ShapeError: dimension_error_out_of_range, dimension_error_duplicate,
                source_error_shape_mismatch.
        """
    def as_strided_scatter(self, src: Tensor, size: _int | _Sequence[_int], stride: _int | _Sequence[_int] | None, storage_offset: _int | None = None) -> Tensor:
        """A copy in which what `as_strided` would show is `src`."""
    def ceil(self, *, out: Tensor | None = None) -> Tensor:
        """The smallest integers that are not smaller."""
    def ceil_(self) -> Tensor:
        """`ceil` in place."""
    def floor(self, *, out: Tensor | None = None) -> Tensor:
        """The largest integers that are not larger."""
    def floor_(self) -> Tensor:
        """`floor` in place."""
    def trunc(self, *, out: Tensor | None = None) -> Tensor:
        """The integers next in the direction of 0."""
    def fix(self, *, out: Tensor | None = None) -> Tensor:
        """The integers next in the direction of 0."""
    def trunc_(self) -> Tensor:
        """`trunc` in place."""
    def fix_(self) -> Tensor:
        """`trunc` in place."""
    def frac(self, *, out: Tensor | None = None) -> Tensor:
        """``input - trunc(input)``."""
    def frac_(self) -> Tensor:
        """`frac` in place."""
    def round(self, *, decimals: _int = 0, out: Tensor | None = None) -> Tensor:
        """The nearest multiples of ``10**-decimals``; halves go to the even one.

        Args:
            input: The tensor.
            decimals: Places after the point; negative ones stand before it.
        """
    def round_(self, *, decimals: _int = 0) -> Tensor:
        """`round` in place."""
    def cumsum(self, dim: _int, *, dtype: _dtype | None = None, out: Tensor | None = None) -> Tensor:
        """The sums of the elements up to each place of a dim.

        Args:
            input: Any shape.
            dim: The dim.
            dtype: Of the result, and of the elements before they are added; int64 for integers if None.

        Raises:
            ShapeError: dimension_error_out_of_range.
        """
    def cumsum_(self, dim: _int, *, dtype: _dtype | None = None) -> Tensor:
        """`cumsum` in place."""
    def cumprod(self, dim: _int, *, dtype: _dtype | None = None, out: Tensor | None = None) -> Tensor:
        """The products of the elements up to each place of a dim; see `cumsum`."""
    def cumprod_(self, dim: _int, *, dtype: _dtype | None = None) -> Tensor:
        """`cumprod` in place."""
    def cummax(self, dim: _int, *, out: tuple[Tensor, ...] | None = None) -> _cummax_result:
        """The largest elements up to each place of a dim, and the indices of the last of equal ones."""
    def cummin(self, dim: _int, *, out: tuple[Tensor, ...] | None = None) -> _cummin_result:
        """The smallest elements up to each place of a dim, and the indices of the last of equal ones."""
    def logcumsumexp(self, dim: _int, *, out: Tensor | None = None) -> Tensor:
        """``log(cumsum(exp(input)))`` along a dim, without overflow.

        Raises:
            ShapeError: dimension_error_out_of_range.
        """
    def stft(self, n_fft: _int, hop_length: _int | None = None, win_length: _int | None = None, window: Tensor | None = None, center: _bool = True, pad_mode: _str = 'reflect', normalized: _bool = False, onesided: _bool | None = None, return_complex: _bool | None = None, align_to_window: _bool | None = None) -> Tensor:
        """The transforms of overlapping windows of signals.

        Args:
            input: ``(L,)`` or ``(N, L)``.
            n_fft: Samples per window.
            hop_length: Distance of windows; ``n_fft // 4`` if None.
            win_length: Samples that count, at most `n_fft`, which it is if None.
            window: Their weights, ``(win_length,)``; ones if None.
            center: Whether ``n_fft // 2`` samples are padded on each side.
            pad_mode: How: as of `nn.functional.pad`.
            normalized: Whether the result is divided by ``sqrt(n_fft)``.
            onesided: Whether only half of the frequencies are given; as far as all is real if None.
            return_complex: Whether the result is complex rather than of pairs; must be given for real input.
            align_to_window: Only for signals that are not padded, and not implemented here: None or false.

        Returns:
            ``(N, frequencies, windows)``; pairs add a last dim of 2.

        Raises:
            ShapeError: rank_error_mismatch, fft_error_size, window_error_size, argument_error_value.
        """
    def istft(self, n_fft: _int, hop_length: _int | None = None, win_length: _int | None = None, window: Tensor | None = None, center: _bool = True, normalized: _bool = False, onesided: _bool | None = None, length: _int | None = None, return_complex: _bool = False) -> Tensor:
        """The signals whose `stft` is given: windows are added up and divided by the sum of their squares.

        Args:
            input: ``(frequencies, windows)``, with a batch dim before or not, complex.
            n_fft: Samples per window.
            hop_length: Distance of windows.
            win_length: Samples that count.
            window: Their weights.
            center: Whether the signals were padded.
            normalized: Whether the transforms were divided by ``sqrt(n_fft)``.
            onesided: Whether half of the frequencies are given; as their number says if None.
            length: Of the signals, if it is not to be computed.
            return_complex: Whether the signals are complex.

        Raises:
            ShapeError: rank_error_mismatch, fft_error_size, window_error_size, argument_error_value.
            RuntimeError: some samples are in no window.
        """
    def softmax(self, dim: _int, dtype: _dtype | None = None, *, out: Tensor | None = None) -> Tensor:
        """``exp(input)`` divided by its sum along a dim.

        Args:
            input: The tensor.
            dim: The dim whose elements sum to 1.
            dtype: In which it is converted first.

        Raises:
            ShapeError: softmax_error_dim_out_of_range.
        """
    def log_softmax(self, dim: _int, dtype: _dtype | None = None, *, out: Tensor | None = None) -> Tensor:
        """The logarithm of `softmax`, without overflow.

        Raises:
            ShapeError: softmax_error_dim_out_of_range.
        """
    def sort(self, dim: _int = -1, descending: _bool = False, *, stable: _bool | None = False, out: tuple[Tensor, ...] | None = None) -> _sort_result:
        """The elements in order along a dim, and their indices: ``(values, indices)``.

        Args:
            input: Any shape.
            dim: The dim.
            descending: Whether the largest comes first.
            stable: Equal elements always keep their order here.

        Raises:
            ShapeError: dimension_error_out_of_range.
        """
    def argsort(self, dim: _int = -1, descending: _bool = False, *, stable: _bool = False) -> Tensor:
        """The indices that sort a tensor along a dim; see `sort`."""
    def msort(self, *, out: Tensor | None = None) -> Tensor:
        """The elements in order along the first dim."""
    def topk(self, k: _int, dim: _int = -1, largest: _bool = True, sorted: _bool = True, *, out: tuple[Tensor, ...] | None = None) -> _topk_result:
        """The `k` largest elements along a dim and their indices: ``(values, indices)``.

        Args:
            input: Any shape; a 0-D tensor counts as one element.
            k: How many.
            dim: The dim.
            largest: Whether the largest rather than the smallest.
            sorted: The elements always come in order here.

        Raises:
            ShapeError: dimension_error_out_of_range, selection_error_k_out_of_range.
        """
    def erf(self, *, out: Tensor | None = None) -> Tensor:
        """The error function."""
    def erf_(self) -> Tensor:
        """`erf` in place."""
    def erfc(self, *, out: Tensor | None = None) -> Tensor:
        """``1 - erf(input)``."""
    def erfc_(self) -> Tensor:
        """`erfc` in place."""
    def erfinv(self, *, out: Tensor | None = None) -> Tensor:
        """The inverse of the error function."""
    def erfinv_(self) -> Tensor:
        """`erfinv` in place."""
    def lgamma(self, *, out: Tensor | None = None) -> Tensor:
        """The logarithm of the absolute value of the gamma function."""
    def lgamma_(self) -> Tensor:
        """`lgamma` in place."""
    def digamma(self, *, out: Tensor | None = None) -> Tensor:
        """The derivative of `lgamma`."""
    def digamma_(self) -> Tensor:
        """`digamma` in place."""
    def polygamma(self, n: _int) -> Tensor:
        """The n-th derivative of `digamma`."""
    def polygamma_(self, n: _int) -> Tensor:
        """`polygamma` in place."""
    def mvlgamma(self, p: _int, *, out: Tensor | None = None) -> Tensor:
        """The logarithm of the gamma function of dimension `p`.

        Raises:
            RuntimeError: `p` is not positive, or the tensor is bool or complex.
        """
    def mvlgamma_(self, p: _int) -> Tensor:
        """`mvlgamma` in place."""
    def igamma(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """The regularised lower incomplete gamma function."""
    def igamma_(self, other: Tensor | _complex) -> Tensor:
        """`igamma` in place."""
    def igammac(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """The regularised upper incomplete gamma function."""
    def igammac_(self, other: Tensor | _complex) -> Tensor:
        """`igammac` in place."""
    def xlogy(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """``input * log(other)``, 0 where `input` is 0."""
    def xlogy_(self, other: Tensor | _complex) -> Tensor:
        """`xlogy` in place."""
    def logit(self, eps: _float | None = None, *, out: Tensor | None = None) -> Tensor:
        """``log(input / (1 - input))``.

        Args:
            input: Probabilities.
            eps: Keeps them between ``eps`` and ``1 - eps``; None leaves them.
        """
    def logit_(self, eps: _float | None = None) -> Tensor:
        """`logit` in place."""
    def nextafter(self, other: Tensor, *, out: Tensor | None = None) -> Tensor:
        """The next floating number after `input` in the direction of `other`."""
    def nextafter_(self, other: Tensor) -> Tensor:
        """`nextafter` in place."""
    def heaviside(self, values: Tensor, *, out: Tensor | None = None) -> Tensor:
        """0 below 0, 1 above, and the element of `values` at 0; both broadcast."""
    def heaviside_(self, values: Tensor) -> Tensor:
        """`heaviside` in place."""
    def frexp(self, *, out: tuple[Tensor, ...] | None = None) -> _frexp_result:
        """The numbers as ``mantissa * 2**exponent``, with mantissas between 1/2 and 1.

        Raises:
            RuntimeError: the tensor is not floating.
        """
    def i0(self, *, out: Tensor | None = None) -> Tensor:
        """The modified Bessel function of the first kind of order 0."""
    def i0_(self) -> Tensor:
        """`i0` in place."""
    def split(self, split_size: _int | _Sequence[_int], dim: _int = 0) -> tuple[Tensor, ...]:
        """See `split`."""
    def split_with_sizes(self, split_sizes: _Sequence[_int], dim: _int = 0) -> tuple[Tensor, ...]:
        """Views of pieces of the sizes given."""
    def chunk(self, chunks: _int, dim: _int = 0) -> tuple[Tensor, ...]:
        """Views of at most `chunks` pieces of one size; the last may be smaller."""
    def unsafe_chunk(self, chunks: _int, dim: _int = 0) -> tuple[Tensor, ...]:
        """As `chunk`, but each piece may be written to: autograd does not see that they share memory."""
    def unsafe_split(self, split_size: _int, dim: _int = 0) -> tuple[Tensor, ...]:
        """As `split`, but each piece may be written to: autograd does not see that they share memory."""
    def unsafe_split_with_sizes(self, split_sizes: _Sequence[_int], dim: _int = 0) -> tuple[Tensor, ...]:
        """As `unsafe_split`, into pieces of the sizes given."""
    def tensor_split(self, indices_or_sections: _int | _Sequence[_int] | Tensor | None = None, dim: _int = 0, *, sections: _int | None = None, indices: _Sequence[_int] | None = None, tensor_indices_or_sections: Tensor | None = None) -> tuple[Tensor, ...]:
        """Views of exactly so many pieces (the first ones larger by one), or between indices.

        Args:
            input: Any shape of at least one dim.
            indices_or_sections: A number of pieces, or the indices between them; a tensor may be either.
            dim: Along which dim.
            sections: A number of pieces.
            indices: Indices.
            tensor_indices_or_sections: A tensor.

        Raises:
            ShapeError: rank_error_mismatch, split_error_sections, dimension_error_out_of_range.
        """
    def hsplit(self, *places: _Any, sections: _int | None = None, indices: _Sequence[_int] | None = None) -> tuple[Tensor, ...]:
        """Views of equal pieces, or between indices, along dim 1, or dim 0 of a vector."""
    def vsplit(self, *places: _Any, sections: _int | None = None, indices: _Sequence[_int] | None = None) -> tuple[Tensor, ...]:
        """Views of equal pieces, or between indices, along dim 0."""
    def dsplit(self, *places: _Any, sections: _int | None = None, indices: _Sequence[_int] | None = None) -> tuple[Tensor, ...]:
        """Views of equal pieces, or between indices, along dim 2."""
    def unbind(self, dim: _int = 0) -> tuple[Tensor, ...]:
        """Views of all slices along a dim, which they lack.

        Raises:
            ShapeError: dimension_error_out_of_range.
        """
    def __iter__(self) -> _Iterator[Tensor]:
        """The slices along the first dim."""
    def __len__(self) -> _int:
        """The size of the first dim."""
    def __contains__(self, element: _Any) -> _bool:
        """Whether an element is equal to a number or tensor."""
    def __reversed__(self) -> Tensor:
        """The elements in reverse order along the first dim."""
    def var(self, dim: _int | _Sequence[_int] | None = None, unbiased: _bool | None = None, keepdim: _bool = False, *, correction: _float | None = None, out: Tensor | None = None) -> Tensor:
        """The variance along dims or of all elements: the mean square of ``x - mean``, by ``n - correction``.

        Args:
            input: Any shape, floating or complex.
            dim: The dims; all of them if None. A bool here is `unbiased`.
            unbiased: Whether the correction is 1 (true) or 0.
            keepdim: Whether the dims stay, with size 1.
            correction: What is taken from the number of elements; 1 if None.

        Raises:
            ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
        """
    def std(self, dim: _int | _Sequence[_int] | None = None, unbiased: _bool | None = None, keepdim: _bool = False, *, correction: _float | None = None, out: Tensor | None = None) -> Tensor:
        """The root of the variance; see `var`."""
    @_overload
    def median(self, dim: None = None, keepdim: _bool = False) -> Tensor:
        """The lower of the middle elements: of all elements, or along a dim as ``(values, indices)``.

        NaN if there is one.

        Raises:
            ShapeError: dimension_error_out_of_range, reduction_error_empty.
        """
    @_overload
    def median(self, dim: _int, keepdim: _bool = False, *, out: tuple[Tensor, Tensor] | None = None) -> _median_result:
        """The lower of the middle elements: of all elements, or along a dim as ``(values, indices)``.

        NaN if there is one.

        Raises:
            ShapeError: dimension_error_out_of_range, reduction_error_empty.
        """
    @_overload
    def nanmedian(self, dim: None = None, keepdim: _bool = False) -> Tensor:
        """As `median`, of the elements that are not NaN."""
    @_overload
    def nanmedian(self, dim: _int, keepdim: _bool = False, *, out: tuple[Tensor, Tensor] | None = None) -> _nanmedian_result:
        """As `median`, of the elements that are not NaN."""
    def mode(self, dim: _int = -1, keepdim: _bool = False, *, out: tuple[Tensor, ...] | None = None) -> _mode_result:
        """The most frequent elements along a dim, the smallest of several, and the index of the last such.

        Raises:
            ShapeError: dimension_error_out_of_range, reduction_error_empty.
        """
    def kthvalue(self, k: _int, dim: _int = -1, keepdim: _bool = False, *, out: tuple[Tensor, ...] | None = None) -> _kthvalue_result:
        """The `k`-th smallest elements along a dim, and their indices; NaN is the largest.

        Raises:
            ShapeError: dimension_error_out_of_range, selection_error_k_out_of_range.
        """
    def quantile(self, q: _float | Tensor, dim: _int | None = None, keepdim: _bool = False, *, interpolation: _str = 'linear', out: Tensor | None = None) -> Tensor:
        """The q-th quantiles along a dim or of all elements; NaN where there is one.

        Args:
            input: Any shape that is not empty, float32 or float64.
            q: A number, or ``(Q,)``, from 0 to 1.
            dim: The dim; all elements are taken together if None.
            keepdim: Whether the dim stays, with size 1.
            interpolation: Between two elements: "linear", "lower", "higher", "midpoint" or "nearest".

        Returns:
            The shape of `q`, then the shape without the dim.

        Raises:
            ShapeError: rank_error_mismatch, dimension_error_out_of_range, reduction_error_no_elements.
        """
    def nanquantile(self, q: _float | Tensor, dim: _int | None = None, keepdim: _bool = False, *, interpolation: _str = 'linear', out: Tensor | None = None) -> Tensor:
        """As `quantile`, of the elements that are not NaN."""
    def kron(self, other: Tensor, *, out: Tensor | None = None) -> Tensor:
        """The Kronecker product: each element of `input` times all of `other`, side by side."""
    def cross(self, other: Tensor, dim: _int | None = None, *, out: Tensor | None = None) -> Tensor:
        """The vector products along a dim of size 3, the first such dim by default.

        Raises:
            ShapeError: rank_error_mismatch, cross_error_dimension_size,
                broadcast_error_incompatible_dimensions, dimension_error_out_of_range.
        """
    def where(self, condition: Tensor, other: Tensor | _complex) -> Tensor:
        """The elements of the tensor where `condition` is true, else those of `other`."""
    def clamp(self, min: Tensor | _complex | None = None, max: Tensor | _complex | None = None, *, out: Tensor | None = None) -> Tensor:
        """The elements, kept between bounds.

        Args:
            input: The tensor.
            min: The lower bound: a number, or a tensor that broadcasts; None for no bound.
            max: The upper bound; where it is below `min` it counts alone.
            out: Where the result is written.

        Raises:
            ShapeError: broadcast_error_incompatible_dimensions, argument_error_value.
        """
    def clip(self, min: Tensor | _complex | None = None, max: Tensor | _complex | None = None, *, out: Tensor | None = None) -> Tensor:
        """The elements, kept between bounds.

        Args:
            input: The tensor.
            min: The lower bound: a number, or a tensor that broadcasts; None for no bound.
            max: The upper bound; where it is below `min` it counts alone.
            out: Where the result is written.

        Raises:
            ShapeError: broadcast_error_incompatible_dimensions, argument_error_value.
        """
    def clamp_(self, min: Tensor | _complex | None = None, max: Tensor | _complex | None = None) -> Tensor:
        """`clamp` in place."""
    def clip_(self, min: Tensor | _complex | None = None, max: Tensor | _complex | None = None) -> Tensor:
        """`clip` in place."""
    def clamp_min(self, min: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """The elements, not below a bound."""
    def clamp_min_(self, min: Tensor | _complex) -> Tensor:
        """`clamp_min` in place."""
    def clamp_max(self, max: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """The elements, not above a bound."""
    def clamp_max_(self, max: Tensor | _complex) -> Tensor:
        """`clamp_max` in place."""
    def lerp(self, end: Tensor, weight: Tensor | _float, *, out: Tensor | None = None) -> Tensor:
        """``input + weight * (end - input)``; all three broadcast."""
    def lerp_(self, end: Tensor, weight: Tensor | _float) -> Tensor:
        """`lerp` in place."""
    def addcmul(self, tensor1: Tensor, tensor2: Tensor, *, value: _complex = 1, out: Tensor | None = None) -> Tensor:
        """``input + value * tensor1 * tensor2``; all three broadcast."""
    def addcmul_(self, tensor1: Tensor, tensor2: Tensor, *, value: _complex = 1) -> Tensor:
        """`addcmul` in place."""
    def addcdiv(self, tensor1: Tensor, tensor2: Tensor, *, value: _complex = 1, out: Tensor | None = None) -> Tensor:
        """``input + value * tensor1 / tensor2``; all three broadcast."""
    def addcdiv_(self, tensor1: Tensor, tensor2: Tensor, *, value: _complex = 1) -> Tensor:
        """`addcdiv` in place."""
    def masked_fill(self, mask: Tensor, value: Tensor | _complex) -> Tensor:
        """The tensor with `value` where `mask` is true.

        Args:
            input: The tensor.
            mask: A bool tensor that broadcasts with it.
            value: A number or a 0-D tensor.

        Raises:
            ShapeError: broadcast_error_incompatible_dimensions, rank_error_mismatch.
            RuntimeError: `mask` is not bool, or the dtype cannot hold `value`.
        """
    def masked_fill_(self, mask: Tensor, value: Tensor | _complex) -> Tensor:
        """`masked_fill` in place, where several elements may be one place in memory."""
    def nan_to_num(self, nan: _float | None = None, posinf: _float | None = None, neginf: _float | None = None, *, out: Tensor | None = None) -> Tensor:
        """The tensor with numbers in place of NaN and infinities.

        Args:
            input: The tensor.
            nan: In place of NaN; 0 if None.
            posinf: In place of infinity; the largest number of the dtype if None.
            neginf: In place of -infinity; the lowest number of the dtype if None.
        """
    def nan_to_num_(self, nan: _float | None = None, posinf: _float | None = None, neginf: _float | None = None) -> Tensor:
        """`nan_to_num` in place."""
    def sin(self, *, out: Tensor | None = None) -> Tensor:
        """The sine."""
    def sin_(self) -> Tensor:
        """`sin` in place."""
    def cos(self, *, out: Tensor | None = None) -> Tensor:
        """The cosine."""
    def cos_(self) -> Tensor:
        """`cos` in place."""
    def tan(self, *, out: Tensor | None = None) -> Tensor:
        """The tangent."""
    def tan_(self) -> Tensor:
        """`tan` in place."""
    def sinh(self, *, out: Tensor | None = None) -> Tensor:
        """The hyperbolic sine."""
    def sinh_(self) -> Tensor:
        """`sinh` in place."""
    def cosh(self, *, out: Tensor | None = None) -> Tensor:
        """The hyperbolic cosine."""
    def cosh_(self) -> Tensor:
        """`cosh` in place."""
    def tanh(self, *, out: Tensor | None = None) -> Tensor:
        """The hyperbolic tangent."""
    def tanh_(self) -> Tensor:
        """`tanh` in place."""
    def asin(self, *, out: Tensor | None = None) -> Tensor:
        """The inverse of the sine."""
    def arcsin(self, *, out: Tensor | None = None) -> Tensor:
        """The inverse of the sine."""
    def asin_(self) -> Tensor:
        """`asin` in place."""
    def arcsin_(self) -> Tensor:
        """`asin` in place."""
    def acos(self, *, out: Tensor | None = None) -> Tensor:
        """The inverse of the cosine."""
    def arccos(self, *, out: Tensor | None = None) -> Tensor:
        """The inverse of the cosine."""
    def acos_(self) -> Tensor:
        """`acos` in place."""
    def arccos_(self) -> Tensor:
        """`acos` in place."""
    def atan(self, *, out: Tensor | None = None) -> Tensor:
        """The inverse of the tangent."""
    def arctan(self, *, out: Tensor | None = None) -> Tensor:
        """The inverse of the tangent."""
    def atan_(self) -> Tensor:
        """`atan` in place."""
    def arctan_(self) -> Tensor:
        """`atan` in place."""
    def asinh(self, *, out: Tensor | None = None) -> Tensor:
        """The inverse of the hyperbolic sine."""
    def arcsinh(self, *, out: Tensor | None = None) -> Tensor:
        """The inverse of the hyperbolic sine."""
    def asinh_(self) -> Tensor:
        """`asinh` in place."""
    def arcsinh_(self) -> Tensor:
        """`asinh` in place."""
    def acosh(self, *, out: Tensor | None = None) -> Tensor:
        """The inverse of the hyperbolic cosine."""
    def arccosh(self, *, out: Tensor | None = None) -> Tensor:
        """The inverse of the hyperbolic cosine."""
    def acosh_(self) -> Tensor:
        """`acosh` in place."""
    def arccosh_(self) -> Tensor:
        """`acosh` in place."""
    def atanh(self, *, out: Tensor | None = None) -> Tensor:
        """The inverse of the hyperbolic tangent."""
    def arctanh(self, *, out: Tensor | None = None) -> Tensor:
        """The inverse of the hyperbolic tangent."""
    def atanh_(self) -> Tensor:
        """`atanh` in place."""
    def arctanh_(self) -> Tensor:
        """`atanh` in place."""
    def atan2(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """The angle of the point ``(other, input)``."""
    def arctan2(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """The angle of the point ``(other, input)``."""
    def atan2_(self, other: Tensor | _complex) -> Tensor:
        """`atan2` in place."""
    def arctan2_(self, other: Tensor | _complex) -> Tensor:
        """`atan2` in place."""
    def hypot(self, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
        """``sqrt(input**2 + other**2)`` without overflow."""
    def hypot_(self, other: Tensor | _complex) -> Tensor:
        """`hypot` in place."""
    def rad2deg(self, *, out: Tensor | None = None) -> Tensor:
        """Radians as degrees."""
    def rad2deg_(self) -> Tensor:
        """`rad2deg` in place."""
    def deg2rad(self, *, out: Tensor | None = None) -> Tensor:
        """Degrees as radians."""
    def deg2rad_(self) -> Tensor:
        """`deg2rad` in place."""
    def sinc(self, *, out: Tensor | None = None) -> Tensor:
        """``sin(pi * input) / (pi * input)``, 1 at 0."""
    def sinc_(self) -> Tensor:
        """`sinc` in place."""
    def copy_(self, src: Tensor, non_blocking: _bool = False) -> Tensor:
        """Write the elements of another tensor, which broadcast to it, in place; any dtype is taken.

        Raises:
            ShapeError: expand_error_incompatible.
        """
    def fill_(self, value: Tensor | _complex) -> Tensor:
        """Write one number into all elements, in place.

        Raises:
            RuntimeError: the value is a tensor with dims.
        """
    def fill(self, value: Tensor | _complex) -> Tensor:
        """A tensor of the same sizes with one number everywhere."""
    def resize_(self, *sizes: _Any, size: _int | _Sequence[_int] | None = None, memory_format: _memory_format | None = ...) -> Tensor:
        """Give the tensor itself other sizes, in place; elements that it had stay, new ones are anything.

        Raises:
            RuntimeError: it requires a gradient, or a size is negative.
        """
    def resize_as_(self, the_template: Tensor, memory_format: _memory_format | None = None) -> Tensor:
        """`resize_` to the sizes of another tensor."""
    def set_(self, source: Tensor | _UntypedStorage | _TypedStorage | None = None, storage_offset: _int = 0, size: _Sequence[_int] | None = None, stride: _Sequence[_int] | None = None) -> Tensor:
        """Make the tensor itself a view of what another one is a view of.

        Args:
            self: Any tensor.
            source: Of the same dtype, or a storage; without it, the tensor gets no elements.
            storage_offset: With `size`: the first element.
            size: Other sizes than those of `source`.
            stride: Other strides; in order if None.

        Raises:
            RuntimeError: it requires a gradient, or the dtypes differ.
        """

def unintercepted(func: Any, types: Any, args: tuple[Any, ...]=(), kwargs: Any=None) -> Any:
    """As ``__torch_function__`` of a class: its tensors are taken for plain ones."""

def wrap(array: Array) -> Tensor:
    """A plain tensor of an array, which is not copied."""

def wrap_result(result: Any) -> Tensor:
    """A plain tensor of what NumPy gave: NumPy turns 0-D arrays into scalars, tensors stay tensors."""

def in_rows(array: Array, images: bool=False) -> Array:
    """The array, or a copy whose elements lie in memory in the order of its dims.

Args:
    array: An array.
    images: Whether images and volumes whose channels lie next to each other stay as they are."""

def meta_of(tensor: Tensor) -> Meta:
    """The tensor's record, made if it has none."""

def owner(tensor: Tensor) -> Tensor:
    """The tensor that owns the memory, and counts the writes, of a view."""

def alias(source: Tensor) -> Tensor:
    """The same memory, out of autograd's sight: what ``detach`` gives."""
