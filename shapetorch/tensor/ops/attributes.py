"""Attributes of tensors that are set or the same for all: `data`, where they are not, what they are not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import tensor_argument
from shapetorch.tensor.histories import needs_grad, node_of
from shapetorch.tensor.judging import judged
from shapetorch.tensor.marks import change
from shapetorch.tensor.operations import attribute, method, operation
from shapetorch.tensor.ops.creation_data import typed_tensor
from shapetorch.tensor.ops.python_values import item
from shapetorch.tensor.storage import memory_of
from shapetorch.tensor.tensors import Tensor, meta_of, owner, wrap
from shapetorch.tensor.views import view_by
from shapetorch.tensor.writes import check_writable, wrote

# -- data ---------------------------------------------------------------------------------------------


def data(self: Tensor) -> Tensor:
    """The same memory, out of autograd's sight: writes to it are not noticed."""
    made = wrap(self._stored)
    made.__class__ = self._reads_as
    memory = memory_of(self)
    if memory is not self._stored:
        meta_of(made).memory = memory
    return made


def set_data(self: Tensor, value: Tensor) -> None:
    """Have the tensor consist of another tensor's elements."""
    if not isinstance(value, Tensor):
        raise TypeError(f"Variable data has to be a tensor, but got {type(value).__name__}")
    if needs_grad(self) and value.dtype.category < 2:
        raise RuntimeError(
            f"data set to a tensor that requires gradients must be floating point or complex dtype, "
            f"got {value.dtype}"
        )
    if self.__class__ is self._reads_as:
        self.__class__ = value._reads_as
    elif value._reads_as is not Tensor:
        value = value.resolve_conj().resolve_neg()
    self._stored = value._stored
    meta = meta_of(self)
    meta.replay = meta.memory = None
    meta.root = owner(value) if owner(value) is not self else None


attribute("data", data, set_data)


@operation(methods=("detach_",))
def detach_(self: Tensor) -> Tensor:
    """The tensor itself, without its history from now on.

    Raises:
        RuntimeError: it is a view, whose history is that of another tensor.
    """
    if tensor_argument("detach_", "input", self)._base is not None:
        raise RuntimeError(
            "Can't detach views in-place: use detach() instead, or clone() the view before"
        )
    if self._meta is not None:
        self._meta.node, self._meta.requires_grad = None, False
    return self


@method()
def new(self: Tensor, *args: Any, device: Any = None) -> Tensor:
    """A tensor of this one's dtype: from sizes, not initialised, or a copy of data."""
    return typed_tensor(Tensor, args, device, self.dtype)


# -- what all tensors are, or are not -----------------------------------------------------------------


def _constant(name: str, value: Any, doc: str) -> None:
    def get(self: Tensor) -> Any:
        return value

    get.__doc__ = doc
    attribute(name, get)


_constant("is_cpu", True, "Whether it lives on the CPU: yes.")
for _place in "cuda xpu mps meta vulkan ipu xla mtia maia".split():
    _constant(f"is_{_place}", False, f"Whether it lives on a device of type {_place}: no.")
for _kind in "sparse sparse_csr quantized mkldnn nested".split():
    _constant(f"is_{_kind}", False, f"Whether it is stored as {_kind}: no.")
_constant("name", None, "A name: there is none.")


def _output_nr(self: Tensor) -> int:
    """Which result of its node it is."""
    return 0 if node_of(self) is None or self._meta is None else self._meta.output


attribute("output_nr", _output_nr)


@operation(methods=("is_distributed",))
def is_distributed(self: Tensor) -> bool:
    """Whether several processes hold parts of it: no."""
    return False


@method()
def to_dense(self: Tensor, dtype: Any = None, *, masked_grad: bool | None = None) -> Tensor:
    """The tensor itself, for it is dense; in another dtype if one is given."""
    return self if dtype is None else self.to(dtype)


@method()
def dense_dim(self: Tensor) -> int:
    """The number of dense dims: all."""
    return self._array.ndim


@method()
def sparse_dim(self: Tensor) -> int:
    """The number of sparse dims: none."""
    return 0


@method()
def dim_order(self: Tensor) -> tuple[int, ...]:
    """The dims from the slowest to the fastest in memory."""
    steps = self.stride()
    return tuple(sorted(range(len(steps)), key=lambda dim: -steps[dim]))


def alias_backward(node: Any, grad: Tensor) -> Tensor:
    """The gradient as it is."""
    return grad


def seen_again(tensor: Tensor) -> Tensor:
    """A view of the whole tensor."""
    return view_by(tensor, tensor._stored, seen_again, (), alias_backward)


@method()
def as_subclass(self: Tensor, cls: type[Tensor]) -> Tensor:
    """The same memory and history as a tensor of another class."""
    if not (isinstance(cls, type) and issubclass(cls, Tensor)):
        raise TypeError(f"as_subclass: cls must be a class of tensors, got {cls!r}")
    if cls is Tensor:
        return seen_again(self)
    made = seen_again(self.resolve_conj().resolve_neg())
    made.__class__ = cls
    return made


@method()
def const_data_ptr(self: Tensor) -> int:
    """The address of the first element."""
    return int(self.data_ptr())


# -- Python functions of elements ---------------------------------------------------------------------


def _apply(
    name: str, self: Tensor, others: tuple[Any, ...], function: Callable[..., Any]
) -> Tensor:
    if needs_grad(self):
        raise RuntimeError(
            f"Can't call {name}() on Variable that requires grad. Use var.detach().{name}() instead."
        )
    check_writable(self)
    arrays = [self._array]
    for place, other in enumerate(others):
        array = tensor_argument(name, "tensor", other, place + 1)._array
        if array.dtype != self._array.dtype:
            raise TypeError(f"{name}: expected a tensor of {self.dtype} (got {other.dtype})")
        arrays.append(
            np.broadcast_to(array, judged("broadcast_to", other, list(self._array.shape)))
        )
    kind = self._array.dtype
    results = [
        function(*items) for items in zip(*(a.ravel().tolist() for a in arrays), strict=True)
    ]
    made = np.array(results, np.float64 if kind.kind in "fV" else None)
    elements = made.astype(kind).reshape(self._stored.shape)
    change(self, lambda array: np.copyto(array, elements))
    wrote(self)
    return self


@method()
def apply_(self: Tensor, callable: Callable[[Any], Any]) -> Tensor:
    """Replace each element by a Python function of it; slow."""
    return _apply("apply_", self, (), callable)


@method()
def map_(self: Tensor, tensor: Tensor, callable: Callable[[Any, Any], Any]) -> Tensor:
    """Replace each element by a Python function of it and of another tensor's element; slow."""
    return _apply("map_", self, (tensor,), callable)


@method()
def map2_(self: Tensor, x: Tensor, y: Tensor, callable: Callable[[Any, Any, Any], Any]) -> Tensor:
    """Replace each element by a Python function of it and of two other tensors' elements; slow."""
    return _apply("map2_", self, (x, y), callable)


@method("__long__")
def to_long(self: Tensor) -> int:
    """The one element, cut off towards zero."""
    return int(item(self))


@method("__nonzero__")
def to_nonzero(self: Tensor) -> bool:
    """Whether the one element is not zero."""
    return bool(self)
