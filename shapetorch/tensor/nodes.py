"""The nodes of the graph that autograd records, and what they keep for backward.

Values kept for backward are kept with the number of writes to their memory, and are refused if it
has grown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, TypeAlias
from weakref import ref

from shapetorch.tensor.dtypes import dtype
from shapetorch.tensor.histories import needs_grad, node_of, refresh, stale
from shapetorch.tensor.hooks import add, new_hooks
from shapetorch.tensor.modes import MODES, UNUSUAL, grad_mode
from shapetorch.tensor.tensors import Tensor, alias, meta_of, owner, wrap

Backward: TypeAlias = Callable[..., Any]


numbers = count()
"""Of the nodes, in the order in which they are made."""


class _Result:
    def __repr__(self) -> str:
        return "RESULT"


RESULT: Any = _Result()
"""In `saved`, the operation's own (first) result."""


class Node:
    """One recorded operation.

    Attributes:
        edges: For each input, the leaf or ``(node, output)`` its gradient goes to, None if it needs none.
        metas: For each input, its shape and dtype.
        outputs: For each result, its shape and dtype.
        sequence: When it was made; later nodes run first.
        hooks: For each result, functions of its gradient.
        retained: For each result, the tensor that wants to see its gradient.
        pre_hooks: Functions of all gradients of the results.
        post_hooks: Functions of the gradients of inputs and results.
        trace: Where it was made, in anomaly mode.
        materialize: Whether a result without gradient passes zeros to `backward` instead of None.
        title: Its name, if the backward function's is not enough.

    What backward needs besides tensors (a dim, sizes) are further attributes.
    """

    hooks: dict[int, dict[int, Callable[..., Any]]] | None = None
    retained: dict[int, Any] | None = None
    pre_hooks: dict[int, Callable[..., Any]] | None = None
    post_hooks: dict[int, Callable[..., Any]] | None = None
    trace: str | None = None
    materialize = True
    title: str | None = None
    outputs: list[tuple[tuple[int, ...], dtype]]
    edges: list[Any]
    metas: list[Any]
    function: Callable[..., Tensor]
    args: tuple[Any, ...]

    def __init__(self, backward: Backward, inputs: Sequence[Any]) -> None:
        self.backward = backward
        edges: list[Any] = []
        metas: list[Any] = []
        self.edges, self.metas = edges, metas
        for item in inputs:
            if isinstance(item, Tensor):
                meta = item._meta
                if meta is None:
                    edges.append(None)
                elif meta.root is not None and meta.replay is not None and stale(meta):
                    refresh(item, meta)
                    edges.append((meta.node, meta.output) if meta.node else None)
                elif meta.node is not None:
                    edges.append((meta.node, meta.output))
                else:
                    edges.append(item if meta.requires_grad else None)
                array = item._array
                metas.append((array.shape, array.dtype))
            else:
                edges.append(None)
                metas.append(None)
        self.sequence = next(numbers)
        self._saved: tuple[Any, ...] | None = ()
        if UNUSUAL and MODES.anomaly:
            import traceback

            self.trace = "".join(traceback.format_stack()[:-2])

    @property
    def needs(self) -> list[bool]:
        """For each input, whether its gradient is wanted."""
        return [edge is not None for edge in self.edges]

    @property
    def saved(self) -> list[Any]:
        """What was kept for backward.

        Raises:
            RuntimeError: it has been freed by an earlier backward, or a tensor was changed since.
        """
        if self._saved is None:
            raise RuntimeError(
                "Trying to backward through the graph a second time (or directly access saved tensors "
                "after they have already been freed). Saved intermediate values of the graph are freed "
                "when you call .backward() or autograd.grad(). Specify retain_graph=True if you need to "
                "backward through the graph a second time or if you need to access saved tensors after "
                "calling backward."
            )
        return [item.get(self) if item.__class__ in _KEPT else item for item in self._saved]

    def free(self) -> None:
        """Let go of what was kept."""
        if self._saved:
            self._saved = None

    def name(self) -> str:
        """As PyTorch names it: ``MulBackward0``."""
        if self.title is not None:
            return self.title
        words = self.backward.__name__.strip("_").removesuffix("_backward").split("_")
        return "".join(word[:1].upper() + word[1:] for word in words) + "Backward0"

    @property
    def metadata(self) -> dict[str, Any]:
        """Room for what a caller wants to remember of it."""
        return self.__dict__.setdefault("_metadata", {})  # type: ignore[no-any-return]

    @property
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        """The nodes that the gradients go to."""
        return tuple(
            (None, 0)
            if edge is None
            else (accumulator_of(edge), 0)
            if isinstance(edge, Tensor)
            else edge
            for edge in self.edges
        )

    def register_hook(self, hook: Callable[..., Any]) -> Any:
        """Call ``hook(grad_inputs, grad_outputs)`` after each backward; see PyTorch."""
        self.post_hooks = self.post_hooks if self.post_hooks is not None else new_hooks()
        return add(self.post_hooks, hook)

    def register_prehook(self, hook: Callable[..., Any]) -> Any:
        """Call ``hook(grad_outputs)`` before each backward; see PyTorch."""
        self.pre_hooks = self.pre_hooks if self.pre_hooks is not None else new_hooks()
        return add(self.pre_hooks, hook)

    def __repr__(self) -> str:
        return f"<{self.name()} object at {id(self):#x}>"


class AccumulateGrad:
    """How a leaf stands in ``next_functions``."""

    next_functions: tuple[Any, ...] = ()
    pre_hooks: dict[int, Callable[..., Any]] | None = None
    post_hooks: dict[int, Callable[..., Any]] | None = None
    register_hook = Node.register_hook
    register_prehook = Node.register_prehook

    def __init__(self, variable: Tensor) -> None:
        self.variable = variable
        self.metadata: dict[str, Any] = {}

    def name(self) -> str:
        """As PyTorch names it."""
        return "torch::autograd::AccumulateGrad"

    def __repr__(self) -> str:
        return f"<AccumulateGrad object at {id(self):#x}>"


def accumulator_of(leaf: Tensor) -> AccumulateGrad:
    """The one that stands for a leaf."""
    meta = meta_of(leaf)
    if meta.accumulator is None:
        meta.accumulator = AccumulateGrad(leaf)
    return meta.accumulator  # type: ignore[no-any-return]


class Kept:
    """A tensor kept for backward, with the number of writes at that time."""

    __slots__ = ("tensor", "writes")

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor
        meta = tensor._meta
        if meta is not None and meta.inference:
            raise RuntimeError(
                "Inference tensors cannot be saved for backward. Please do not use Tensors created in "
                "inference mode in computation tracked by autograd. To work around this, you can make a "
                "clone to get a normal tensor and use it in autograd, or use `torch.no_grad()` instead "
                "of `torch.inference_mode()`."
            )
        if meta is None or meta.root is None:
            self.writes = tensor._writes
        else:
            self.writes = owner(meta.root)._writes

    def get(self, node: Node) -> Tensor:
        """The tensor, if it is still what it was."""
        if owner(self.tensor)._writes != self.writes:
            raise _changed(self.tensor, owner(self.tensor)._writes, self.writes)
        return self.tensor


class KeptResult:
    """The node's own result. It is not held (that would be a circle), only its memory is.

    While a view of the result lives, so does the result; so writes to it are always noticed.
    """

    __slots__ = ("array", "output", "result")

    def __init__(self, result: Tensor, output: int) -> None:
        self.result = ref(result)
        self.array = result._array
        self.output = output

    def get(self, node: Node) -> Tensor:
        """The result, if it is still what it was."""
        result = self.result()
        if result is not None:
            if result._writes:
                raise _changed(result, result._writes, 0)
            return result
        again = wrap(self.array)
        meta = meta_of(again)
        meta.node, meta.output = node, self.output
        return again


class Packed:
    """What ``saved_tensors_hooks`` made of a tensor, and where the tensor came from."""

    __slots__ = ("origin", "output", "packed", "unpack")

    def __init__(
        self, tensor: Tensor, output: int | None, hooks: tuple[Callable[..., Any], ...]
    ) -> None:
        pack, self.unpack = hooks
        self.output = output
        self.origin: Any = None
        if output is None and needs_grad(tensor):
            made_by = node_of(tensor)
            self.origin = tensor if made_by is None else (made_by, meta_of(tensor).output)
        with grad_mode(False):
            self.packed = pack(tensor if self.origin is None and output is None else alias(tensor))

    def get(self, node: Node) -> Tensor:
        """The tensor again, with the history that it had."""
        with grad_mode(False):
            tensor = self.unpack(self.packed)
        if not isinstance(tensor, Tensor):
            raise TypeError("Output of saved tensor unpack_hook expected to be a Tensor")
        if self.origin is None and self.output is None:
            return tensor
        again = wrap(tensor._array)
        meta = meta_of(again)
        if self.output is not None:
            meta.node, meta.output = node, self.output
        elif isinstance(self.origin, Tensor):
            meta.node = Node(clone_backward, (self.origin,))
            meta.node.outputs = [(again._array.shape, again.dtype)]
        else:
            meta.node, meta.output = self.origin
        return again


def _changed(tensor: Tensor, now: int, then: int) -> RuntimeError:
    made_by = node_of(tensor)
    origin = f", which is output 0 of {made_by.name()}," if made_by is not None else ""
    return RuntimeError(
        "one of the variables needed for gradient computation has been modified by an inplace "
        f"operation: [torch.{tensor.dtype.name} {list(tensor._array.shape)}]{origin} is at version "
        f"{now}; expected version {then} instead. Hint: enable anomaly detection to find the operation "
        "that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True)."
    )


_KEPT = (Kept, KeptResult, Packed)


def keep(item: Any, results: Sequence[Tensor], outputs: Sequence[int] | None = None) -> Any:
    """What a node holds of something to be kept.

    Args:
        item: A tensor (perhaps a result), `RESULT`, or anything else, which is held as it is.
        results: The node's results that are tensors.
        outputs: Their numbers, if other results stand between them.
    """
    if item is RESULT:
        item = results[0]
    if not isinstance(item, Tensor):
        return item
    for place, made in enumerate(results):
        if item is made:
            output = place if outputs is None else outputs[place]
            packing = MODES.packing if UNUSUAL else None
            return KeptResult(made, output) if packing is None else Packed(item, output, packing)
    if not UNUSUAL or MODES.packing is None:
        return Kept(item)
    return Packed(item, None, MODES.packing)


def clone_backward(node: Any, grad: Tensor) -> Tensor:
    """A copy's gradient is the gradient."""
    return grad
