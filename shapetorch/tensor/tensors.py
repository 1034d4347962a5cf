"""The tensor: a NumPy array under PyTorch's interface.

A tensor is three slots. ``_array`` holds the elements; views share its memory. ``_writes`` counts
writes in place, so that autograd notices that a value it kept has changed. ``_meta`` is None for
most tensors: one that neither needs a gradient nor is a view carries nothing, which keeps small
operations fast. ``_stored`` is another name of ``_array``, for what asks where elements lie and not
what they are: of a conjugate both differ (`marks`). Operations are not written here:
`operations.operation` adds each as a method where it is declared. ``Tensor[B, T, 512]`` is an
annotation, not a tensor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from shapetorch.annotations.tensors import annotate
from shapetorch.tensor.devices import CPU, device
from shapetorch.tensor.dtypes import OF_NUMPY, dtype
from shapetorch.tensor.sizes import Size, plain_size

if TYPE_CHECKING:
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

    requires_grad = False
    grad: Tensor | None = None
    node: Node | None = None
    output = 0
    hooks: dict[int, Callable[..., Any]] | None = None
    after: dict[int, Callable[..., Any]] | None = None
    root: Tensor | None = None
    replay: Replay | None = None
    epoch = 0
    undo: dict[int, tuple[Callable[..., Any], tuple[Any, ...]]] | None = None
    memory: Array | None = None
    made = "single"
    writes = 0
    written: tuple[int, Node] | None = None
    inference = False
    accumulator: Any = None


def unintercepted(func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None) -> Any:
    """As ``__torch_function__`` of a class: its tensors are taken for plain ones."""
    from shapetorch.tensor.overriding import plainly

    with plainly():
        return func(*args, **(kwargs or {}))


class Tensor:
    """A tensor of numbers on the CPU.

    Args:
        data: Sizes (``Tensor(2, 3)``, not initialised), nested lists, an array or a tensor; the
            result is of the default dtype.
    """

    __slots__ = ("__dict__", "__weakref__", "_array", "_meta", "_writes")
    _array: Array
    _stored: Array
    _meta: Meta | None
    _writes: int
    _reads_as: type[Tensor]
    __array_priority__ = 1000  # so that array + tensor asks the tensor

    if TYPE_CHECKING:  # the operations are added where they are declared

        def __getattr__(self, name: str) -> Any: ...
        def __getitem__(self, index: Any) -> Tensor: ...
        def __setitem__(self, index: Any, value: Any) -> None: ...
        def __iter__(self) -> Iterator[Tensor]: ...
        def __len__(self) -> int: ...
        def __add__(self, other: Any) -> Tensor: ...
        def __radd__(self, other: Any) -> Tensor: ...
        def __sub__(self, other: Any) -> Tensor: ...
        def __rsub__(self, other: Any) -> Tensor: ...
        def __mul__(self, other: Any) -> Tensor: ...
        def __rmul__(self, other: Any) -> Tensor: ...
        def __truediv__(self, other: Any) -> Tensor: ...
        def __rtruediv__(self, other: Any) -> Tensor: ...
        def __floordiv__(self, other: Any) -> Tensor: ...
        def __rfloordiv__(self, other: Any) -> Tensor: ...
        def __mod__(self, other: Any) -> Tensor: ...
        def __rmod__(self, other: Any) -> Tensor: ...
        def __pow__(self, other: Any) -> Tensor: ...
        def __rpow__(self, other: Any) -> Tensor: ...
        def __matmul__(self, other: Any) -> Tensor: ...
        def __rmatmul__(self, other: Any) -> Tensor: ...
        def __and__(self, other: Any) -> Tensor: ...
        def __rand__(self, other: Any) -> Tensor: ...
        def __or__(self, other: Any) -> Tensor: ...
        def __ror__(self, other: Any) -> Tensor: ...
        def __xor__(self, other: Any) -> Tensor: ...
        def __rxor__(self, other: Any) -> Tensor: ...
        def __lshift__(self, other: Any) -> Tensor: ...
        def __rlshift__(self, other: Any) -> Tensor: ...
        def __rshift__(self, other: Any) -> Tensor: ...
        def __rrshift__(self, other: Any) -> Tensor: ...
        def __neg__(self) -> Tensor: ...
        def __pos__(self) -> Tensor: ...
        def __abs__(self) -> Tensor: ...
        def __invert__(self) -> Tensor: ...
        def __lt__(self, other: Any) -> Tensor: ...
        def __le__(self, other: Any) -> Tensor: ...
        def __gt__(self, other: Any) -> Tensor: ...
        def __ge__(self, other: Any) -> Tensor: ...
        def __eq__(self, other: Any) -> Tensor: ...  # type: ignore[override]
        def __ne__(self, other: Any) -> Tensor: ...  # type: ignore[override]

    def __new__(cls, *data: Any, device: Any = None) -> Any:
        from shapetorch.tensor.ops.creation_data import legacy_tensor

        return legacy_tensor(cls, data, device)

    def __init__(self, *data: Any, device: Any = None) -> None:
        """See the class."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__torch_function__ is not unintercepted:
            from shapetorch.tensor.overriding import install

            install()

    @classmethod
    def __torch_function__(
        cls, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        """What an operation does with tensors of a subclass: the usual, and gives that subclass."""
        from shapetorch.tensor.overriding import usual

        return usual(cls, func, types, args, kwargs)

    @staticmethod
    def _make_subclass(kind: type[Any], data: Tensor, require_grad: bool = False) -> Any:
        made: Tensor = _new(kind)
        if data._reads_as is not Tensor:
            data = data.resolve_conj().resolve_neg()
        made._array, made._meta, made._writes = data._array, Meta(), 0
        made._meta.root = owner(data)
        made.requires_grad = require_grad
        return made

    def __class_getitem__(cls, items: Any) -> Any:
        return annotate(items)

    @classmethod
    def of_numpy(cls, array: Array) -> Tensor:
        """A tensor that shares an array.

        Raises:
            TypeError: of a dtype that tensors do not have.
        """
        if array.dtype not in OF_NUMPY:
            raise TypeError(f"from_numpy: no tensor has elements of dtype {array.dtype}")
        return wrap(array)

    # -- what it is ----------------------------------------------------------------------------
    @property
    def shape(self) -> Size:
        """The sizes."""
        return plain_size(self._stored.shape)

    @property
    def dtype(self) -> dtype:
        """The element type."""
        return OF_NUMPY[self._stored.dtype]

    @property
    def device(self) -> device:
        """Where it lives: the CPU."""
        return CPU

    @property
    def ndim(self) -> int:
        """The number of dims."""
        return self._stored.ndim

    @property
    def requires_grad(self) -> bool:
        """Whether gradients flow to it."""
        meta = self._meta
        if meta is None:
            return False
        if meta.requires_grad or meta.node is not None:
            return True
        from shapetorch.tensor.histories import needs_grad

        return needs_grad(self)

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        from shapetorch.tensor.histories import set_requires_grad

        if value.__class__ is not bool:
            raise RuntimeError(f"requires_grad must be a bool, got {type(value).__name__}")
        set_requires_grad(self, value)

    @property
    def grad(self) -> Tensor | None:
        """The gradient accumulated by `backward`."""
        return None if self._meta is None else self._meta.grad

    @grad.setter
    def grad(self, value: Tensor | None) -> None:
        if value is None:
            if self._meta is not None:
                self._meta.grad = None
            return
        from shapetorch.tensor.histories import set_grad

        set_grad(self, value)

    @grad.deleter
    def grad(self) -> None:
        if self._meta is not None:
            self._meta.grad = None

    @property
    def grad_fn(self) -> Node | None:
        """The node of the graph that made it, None for a leaf."""
        if self._meta is None:
            return None
        from shapetorch.tensor.histories import node_of

        return node_of(self)

    @property
    def is_leaf(self) -> bool:
        """Whether no recorded operation made it."""
        return self.grad_fn is None

    @property
    def retains_grad(self) -> bool:
        """Whether `grad` is kept although it is no leaf."""
        node = self.grad_fn
        if node is None or node.retained is None or self._meta is None:
            return False
        return self._meta.output in node.retained

    def is_inference(self) -> bool:
        """Whether it was made in inference mode."""
        return self._meta is not None and self._meta.inference

    @property
    def _version(self) -> int:
        if self.is_inference():
            raise RuntimeError("Inference tensors do not track version counter.")
        return owner(self)._writes

    @property
    def _base(self) -> Tensor | None:
        meta = self._meta
        return None if meta is None or meta.replay is None else meta.root

    def __hash__(self) -> int:
        return id(self)


Tensor._stored = Tensor.__dict__["_array"]
Tensor._reads_as = Tensor  # of a subclass too, unless it is one of `marks`


def wrap(array: Array) -> Tensor:
    """A plain tensor of an array, which is not copied."""
    made: Tensor = _new(Tensor)
    made._array = array
    made._meta = None
    made._writes = 0
    return made


_new: Any = object.__new__


def wrap_result(result: Any) -> Tensor:
    """A plain tensor of what NumPy gave: NumPy turns 0-D arrays into scalars, tensors stay tensors."""
    return wrap(result if result.__class__ is np.ndarray else np.asarray(result))


def in_rows(array: Array, images: bool = False) -> Array:
    """The array, or a copy whose elements lie in memory in the order of its dims.

    Args:
        array: An array.
        images: Whether images and volumes whose channels lie next to each other stay as they are.
    """
    if array.flags.c_contiguous:
        return array
    if images and array.ndim in (4, 5) and np.moveaxis(array, 1, -1).flags.c_contiguous:
        return array
    return array.copy()


def meta_of(tensor: Tensor) -> Meta:
    """The tensor's record, made if it has none."""
    meta = tensor._meta
    if meta is None:
        meta = tensor._meta = Meta()
    return meta


def owner(tensor: Tensor) -> Tensor:
    """The tensor that owns the memory, and counts the writes, of a view."""
    meta = tensor._meta
    while meta is not None and meta.root is not None:  # twice for a view of what `detach` gave
        tensor = meta.root
        meta = tensor._meta
    return tensor


def alias(source: Tensor) -> Tensor:
    """The same memory, out of autograd's sight: what ``detach`` gives."""
    made = wrap(source._stored)
    made._meta = meta = Meta()
    meta.root = owner(source)
    if source.__class__ is not Tensor:
        made.__class__ = source._reads_as
    return made
