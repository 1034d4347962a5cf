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
from shapetorch.tensor.node_names import name_of
from shapetorch.tensor.tensors import Array, Tensor, alias, meta_of, owner, wrap

Backward: TypeAlias = Callable[..., Any]


numbers = count()
"""Of the nodes, in the order in which they are made."""


class _Result:
    def __repr__(self) -> str:
        return "RESULT"


RESULT: Any = _Result()
"""In `saved`, the operation's own (first) result."""


def edge_to(tensor: Tensor) -> Any:
    """Where a tensor's gradient goes to: the leaf, ``(node, output)``, None if it needs none."""
    meta = tensor._meta
    if meta is None:
        return None
    if meta.replay is not None and meta.root is not None and stale(meta):
        refresh(tensor, meta)
    if meta.node is not None:
        return (meta.node, meta.output)
    return tensor if meta.requires_grad else None


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

    # `_saved` and `_marks`: see `keep`
    __slots__ = (
        "__dict__",
        "__weakref__",
        "_marks",
        "_saved",
        "backward",
        "edges",
        "metas",
        "outputs",
        "sequence",
    )
    hooks: dict[int, dict[int, Callable[..., Any]]] | None = None
    retained: dict[int, Any] | None = None
    pre_hooks: dict[int, Callable[..., Any]] | None = None
    post_hooks: dict[int, Callable[..., Any]] | None = None
    trace: str | None = None
    materialize = True
    title: str | None = None
    backward: Backward
    sequence: int
    outputs: Sequence[tuple[tuple[int, ...], dtype]]
    edges: Sequence[Any]
    metas: Sequence[Any]
    function: Callable[..., Tensor]
    args: tuple[Any, ...]
    _saved: tuple[Any, ...] | None
    _marks: tuple[Any, ...]

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
        found = []
        for item, mark in zip(self._saved, self._marks):  # noqa: B905 - strict takes as long again
            if mark is None:
                found.append(item)
            elif mark.__class__ is int:
                writes = owner(item)._writes
                if writes != mark:
                    raise _changed(item, writes, mark)
                found.append(item)
            else:
                found.append(
                    self._result(item, *mark) if item.__class__ is not Packed else item.get(self)
                )
        return found

    def _result(self, array: Array, result: Any, output: int) -> Tensor:
        """A result of the node's own, if it is still what it was."""
        made: Tensor | None = result()
        if made is None:
            made = wrap(array)
            meta = meta_of(made)
            meta.node, meta.output = self, output
        elif made._writes:
            raise _changed(made, made._writes, 0)
        return made

    def free(self) -> None:
        """Let go of what was kept."""
        if self._saved:
            self._saved = None

    def name(self) -> str:
        """As PyTorch names it: ``MulBackward0``."""
        if self.title is not None:
            return self.title
        return name_of(self)

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
        return f"<{self.name().rpartition(':')[2]} object at {id(self):#x}>"


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
            meta.node = node_for(clone_backward, (self.origin,))
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


def node_for(backward: Backward, inputs: Sequence[Any], kind: type[Node] = Node) -> Node:
    """The node of an operation on `inputs`, whose `outputs` are still to be said."""
    node = kind()
    node.backward = backward
    edges: list[Any] = []
    metas: list[Any] = []
    for item in inputs:
        if isinstance(item, Tensor):
            array = item._stored
            metas.append((array.shape, array.dtype))
            meta = item._meta
            if meta is None:
                edges.append(None)
            elif meta.replay is None and meta.node is not None:
                edges.append((meta.node, meta.output))
            else:
                edges.append(edge_to(item))
        else:
            edges.append(None)
            metas.append(None)
    node.edges, node.metas = edges, metas
    node.sequence = next(numbers)
    node._saved = node._marks = ()
    if UNUSUAL and MODES.anomaly:
        import traceback

        node.trace = "".join(traceback.format_stack()[:-2])
    return node


def keep(
    node: Node,
    items: Sequence[Any],
    results: Sequence[Tensor],
    outputs: Sequence[int] | None = None,
) -> None:
    """Have a node hold what backward needs.

    It holds a tensor beside the number of writes to its memory, a result of its own (which would be
    a circle) as its array beside a weak reference, and anything else as it is, beside None. While a
    view of a result lives, so does the result; so writes to it are always noticed.

    Args:
        node: The node.
        items: Tensors (perhaps results), `RESULT`, or anything else.
        results: The node's results that are tensors.
        outputs: Their numbers, if other results stand between them.
    """
    packing = MODES.packing if UNUSUAL else None
    saved: list[Any] = []
    marks: list[Any] = []
    for item in items:
        if item is RESULT:
            item = results[0]  # noqa: PLW2901
        if not isinstance(item, Tensor):
            saved.append(item)
            marks.append(None)
            continue
        output = None
        if item._meta is not None:  # as all results have
            for place, made in enumerate(results):
                if item is made:
                    output = place if outputs is None else outputs[place]
                    break
        if packing is not None:
            saved.append(Packed(item, output, packing))
            marks.append(())
        elif output is not None:
            saved.append(item._array)
            marks.append((ref(item), output))
        else:
            saved.append(item)
            marks.append(writes_to(item))
    node._saved, node._marks = tuple(saved), tuple(marks)


def writes_to(tensor: Tensor) -> int:
    """The writes to the memory of a tensor that is kept for backward.

    Raises:
        RuntimeError: it was made in inference mode.
    """
    meta = tensor._meta
    if meta is None:
        return tensor._writes
    if meta.inference:
        raise RuntimeError(
            "Inference tensors cannot be saved for backward. Please do not use Tensors created in "
            "inference mode in computation tracked by autograd. To work around this, you can make a "
            "clone to get a normal tensor and use it in autograd, or use `torch.no_grad()` instead "
            "of `torch.inference_mode()`."
        )
    return (tensor if meta.root is None else owner(tensor))._writes


def clone_backward(node: Any, grad: Tensor) -> Tensor:
    """A copy's gradient is the gradient."""
    return grad
