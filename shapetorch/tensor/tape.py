"""The tape: what autograd records while operations run.

An operation computes an array and calls `record` (or `record_all`, `view`), which makes the tensor
and, if any input needs a gradient, a `Node`. A node's ``backward(node, grad)`` gives a gradient for
each input, in tensor operations, so that it can be differentiated again. `engine` runs the nodes.

Values kept for backward are kept with the number of writes to their memory, and are refused if it
has grown. A view that is written to hands its new history to its root, as `wrote` explains.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import copy_context
from itertools import count
from typing import Any, TypeAlias
from weakref import ref

import numpy as np

from shapetorch.tensor.dtypes import FLOATING, OF_NUMPY, dtype
from shapetorch.tensor.hooks import add, new_hooks
from shapetorch.tensor.tensors import Array, Meta, Replay, Tensor, meta_of, owner, wrap

Backward: TypeAlias = Callable[..., Any]


_USUAL = {"grad": True, "inference": False, "anomaly": False, "packing": None}
UNUSUAL: list[str] = []
"""Not empty while any thread has a mode of autograd other than usual: asking a thread's own modes
costs as much as half a small operation, so this is asked first."""


class Modes(threading.local):
    """What is switched on in this thread.

    Attributes:
        grad: Whether operations are recorded.
        inference: Whether tensors are made that autograd never sees.
        anomaly: Whether nodes remember where they were made, and NaN is looked for.
        check_nan: Whether anomaly mode looks for NaN.
        current: The backward pass that runs.
        randomness: While `vmap` runs, what random operations must ask; see `func.mapping`.
        packing: The functions that pack and unpack what is kept for backward, if any.
        quiet: ``quiet(np.exp, array)`` calls a NumPy function without its warnings.
    """

    grad = True
    inference = False
    anomaly = False
    check_nan = True
    current: Any = None
    randomness: Any = None
    packing: tuple[Callable[[Tensor], Any], Callable[[Any], Tensor]] | None = None

    def __init__(self) -> None:
        # A context of its own is ten times cheaper to enter than `np.errstate`, and one for each
        # thread because a context cannot be entered twice. Only single NumPy calls may run in it.
        context = copy_context()
        context.run(np.seterr, all="ignore")
        self.quiet = context.run

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _USUAL:
            usual = _USUAL[name]
            before, after = getattr(self, name) is not usual, value is not usual
            if after and not before:
                UNUSUAL.append(name)
            elif before and not after:
                UNUSUAL.remove(name)
        super().__setattr__(name, value)


MODES = Modes()
INFERENCE: list[int] = []
"""Not empty while any thread is in inference mode: what small operations ask instead of `MODES`."""
_sequence = count()


@contextmanager
def grad_mode(enabled: bool) -> Iterator[None]:
    """Record operations or not, for a while."""
    before = MODES.grad
    MODES.grad = enabled
    try:
        yield
    finally:
        MODES.grad = before


class _Result:
    def __repr__(self) -> str:
        return "RESULT"


RESULT: Any = _Result()
"""In `saved`, the operation's own (first) result."""


class Kept:
    """A tensor kept for backward, with the number of writes at that time."""

    __slots__ = ("tensor", "writes")

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor
        meta = tensor._meta
        self.writes = (tensor if meta is None or meta.root is None else meta.root)._writes

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


def clone_backward(node: Any, grad: Tensor) -> Tensor:
    """A copy's gradient is the gradient."""
    return grad


def _changed(tensor: Tensor, now: int, then: int) -> RuntimeError:
    made_by = node_of(tensor)
    origin = f", which is output 0 of {made_by.name()}," if made_by is not None else ""
    return RuntimeError(
        "one of the variables needed for gradient computation has been modified by an inplace "
        f"operation: [torch.{tensor.dtype.name} {list(tensor._array.shape)}]{origin} is at version "
        f"{now}; expected version {then} instead. Hint: enable anomaly detection to find the operation "
        "that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True)."
    )


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
                    _refresh(item, meta)
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
        self.sequence = next(_sequence)
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
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        """The nodes that the gradients go to."""
        return tuple(
            (None, 0)
            if edge is None
            else (AccumulateGrad(edge), 0)
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

    def __init__(self, variable: Tensor) -> None:
        self.variable = variable
        self.next_functions = ()

    def name(self) -> str:
        """As PyTorch names it."""
        return "torch::autograd::AccumulateGrad"

    def __repr__(self) -> str:
        return f"<AccumulateGrad object at {id(self):#x}>"


# -- asking -----------------------------------------------------------------------------------------


def stale(meta: Meta) -> bool:
    """Whether a view's root has got another history since the view's node was made."""
    root = meta.root
    assert root is not None, "only a view can be stale"
    if meta.made != "single" and root._writes != meta.writes:
        return True
    return root._meta is not None and root._meta.epoch != meta.epoch


def _refresh(view: Tensor, meta: Meta) -> None:
    assert meta.root is not None and meta.replay is not None
    if meta.made != "single":
        if meta.node is not None or needs_grad(meta.root):
            raise _not_writable(meta, "its base or another view of its base has been ")
        meta.writes = meta.root._writes
    meta.replay, epoch = _rebased(meta)
    with grad_mode(True):
        again = replayed(meta.replay, meta.root)
    made = again._meta
    meta.node, meta.output = (made.node, made.output) if made is not None else (None, 0)
    meta.epoch = epoch


def _rebased(meta: Meta) -> tuple[Replay, int]:
    """How a view is made of its root as it is now, and the root's epoch."""
    assert meta.root is not None and meta.replay is not None, "only a view has a root"
    replay, root = meta.replay, meta.root._meta
    if root is None:
        return replay, 0
    if root.undo is not None:
        for epoch in range(meta.epoch + 1, root.epoch + 1):
            if epoch in root.undo:
                replay = _on_top(replay, *root.undo[epoch])
    return replay, root.epoch


def _on_top(replay: Replay, function: Callable[..., Any], args: tuple[Any, ...]) -> Replay:
    """`replay` of what a function gives."""
    above = replay[2]
    below = (function, args, None) if above is None else _on_top(above, function, args)
    return (*replay[:2], below)


def node_of(tensor: Tensor) -> Node | None:
    """What made it, as things stand now."""
    meta = tensor._meta
    if meta is None:
        return None
    if meta.root is not None and meta.replay is not None and stale(meta):
        _refresh(tensor, meta)
    return meta.node


def needs_grad(tensor: Tensor) -> bool:
    """Whether gradients flow to it."""
    meta = tensor._meta
    if meta is None:
        return False
    if meta.requires_grad or meta.node is not None:
        return True
    # PyTorch counts a view as its root, even one made without recording, which leads nowhere
    return meta.replay is not None and needs_grad(meta.root)  # type: ignore[arg-type]


def recording(inputs: Sequence[Any]) -> bool:
    """Whether an operation on `inputs` is to be recorded."""
    if UNUSUAL and not MODES.grad:
        return False
    for item in inputs:
        if isinstance(item, Tensor) and item._meta is not None and needs_grad(item):
            return True
    return False


def set_requires_grad(tensor: Tensor, value: bool) -> None:
    """Have a leaf's gradient accumulated, or not.

    Raises:
        RuntimeError: it is not a leaf, or not of a floating or complex dtype.
    """
    if node_of(tensor) is not None:
        if value:
            return
        raise RuntimeError(
            "you can only change requires_grad flags of leaf variables. If you want to use a computed "
            "variable in a subgraph that doesn't require differentiation use var_no_grad = var.detach()."
        )
    if value and tensor.dtype.category < FLOATING:
        raise RuntimeError(
            f"only Tensors of floating point dtype can require gradients, got {tensor.dtype.name}"
        )
    if value or tensor._meta is not None:
        meta_of(tensor).requires_grad = bool(value)


def set_grad(tensor: Tensor, value: Tensor | None) -> None:
    """Put a gradient in place.

    Raises:
        TypeError: it is no tensor.
        RuntimeError: its shape or dtype is not the tensor's.
    """
    if value is not None:
        if not isinstance(value, Tensor):
            raise TypeError(f"assigned grad expected to be a Tensor or None but got {type(value)}")
        if value is tensor:
            raise RuntimeError("can't assign Variable as its own grad")
        if value._array.shape != tensor._array.shape:
            raise RuntimeError(
                f"assigned grad has data of a different size: expected {list(tensor._array.shape)}, "
                f"got {list(value._array.shape)}"
            )
        if value._array.dtype != tensor._array.dtype:
            raise RuntimeError(
                f"assigned grad has data of a different type: expected {tensor.dtype}, got {value.dtype}"
            )
    if value is not None or tensor._meta is not None:
        meta_of(tensor).grad = value


_KEPT = (Kept, KeptResult, Packed)


# -- recording --------------------------------------------------------------------------------------


def record(
    array: Array, inputs: Sequence[Any], backward: Backward, saved: Sequence[Any] = (), **facts: Any
) -> Tensor:
    """The tensor of an operation's result, recorded if an input needs a gradient.

    Args:
        array: The result, in memory of its own.
        inputs: The operands; what is no tensor (numbers, None) gets no gradient.
        backward: ``backward(node, grad)`` gives the gradient of the one input, or one for each
            (None where there is none). A gradient of a broadcast operand need not be summed
            to its shape, nor cast to its dtype: the engine does that.
        saved: Tensors (and other values) that backward finds in ``node.saved``; `RESULT` stands
            for the result itself. Keep only what a wanted gradient needs.
        facts: Attributes of the node.
    """
    made = wrap(array)
    if recording(inputs):
        attach([made], inputs, backward, saved, facts)
    elif UNUSUAL and MODES.inference:
        meta_of(made).inference = True
    return made


def record_all(
    arrays: Sequence[Array],
    inputs: Sequence[Any],
    backward: Backward,
    saved: Sequence[Any] = (),
    *,
    keep_results: bool = False,
    **facts: Any,
) -> list[Tensor]:
    """As `record`, for several results: ``backward(node, *grads)``, zeros where a result has none.

    With `keep_results`, ``node.saved`` begins with them.
    """
    made = [wrap(array) for array in arrays]
    if recording(inputs):
        attach(made, inputs, backward, (*made, *saved) if keep_results else saved, facts)
    elif UNUSUAL and MODES.inference:
        for item in made:
            meta_of(item).inference = True
    return made


def attach(
    results: Sequence[Tensor],
    inputs: Sequence[Any],
    backward: Backward,
    saved: Sequence[Any],
    facts: Mapping[str, Any],
) -> Node:
    """Record the operation that made `results`; those of integers and bool stay without history."""
    node = Node(backward, inputs)
    if facts:
        node.__dict__.update(facts)
    node.outputs = [(made._array.shape, OF_NUMPY[made._array.dtype]) for made in results]
    for output, made in enumerate(results):
        if node.outputs[output][1].category >= FLOATING:
            meta = meta_of(made)
            meta.node, meta.output = node, output
    if saved:
        node._saved = tuple([keep(item, results) for item in saved])
    return node


def attach_one(
    made: Tensor, inputs: Sequence[Any], backward: Backward, saved: Sequence[Any]
) -> Tensor:
    """`attach` for one plain result of a floating dtype, at less cost; gives the result."""
    node = Node(backward, inputs)
    array = made._array
    node.outputs = [(array.shape, OF_NUMPY[array.dtype])]
    made._meta = meta = Meta()
    meta.node = node
    if saved:
        if UNUSUAL and MODES.packing is not None:
            node._saved = tuple([keep(item, (made,)) for item in saved])
        else:
            node._saved = tuple(
                [
                    Kept(item)
                    if isinstance(item, Tensor)
                    else KeptResult(made, 0)
                    if item is RESULT
                    else item
                    for item in saved
                ]
            )
    return made


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


def view(
    source: Tensor,
    array: Array,
    replay: Callable[[Tensor], Tensor],
    backward: Backward,
    *,
    several: bool = False,
    **facts: Any,
) -> Tensor:
    """The tensor of a view: `array` shares the memory of `source`.

    Args:
        source: What is viewed.
        array: The view.
        replay: Makes the same view of any tensor of the source's shape.
        backward: As in `record`, of the one input.
        several: Whether it is one of several views of one operation, which may not be written to
            while gradients flow.
        facts: Attributes of the node.
    """
    made = view_by(source, array, replay, (), backward)
    meta = made._meta
    assert meta is not None, "a view has a root"
    if several:
        meta.made = "several"
    if facts and meta.node is not None:
        meta.node.__dict__.update(facts)
    return made


_new: Any = object.__new__


def view_by(
    source: Tensor,
    array: Array,
    function: Callable[..., Tensor],
    args: tuple[Any, ...],
    backward: Backward,
) -> Tensor:
    """As `view`, for views that are made often: the same view is ``function(source, *args)``.

    The node has `function` and `args` as attributes.
    """
    made: Tensor = _new(Tensor)
    made._array = array
    made._writes = 0
    made._meta = meta = Meta()
    above = source._meta
    if above is None:
        meta.root = source
        meta.replay = (function, args, None)
        if not UNUSUAL:
            return made
    elif above.replay is None:
        meta.root = source
        meta.replay = (function, args, None)
        meta.epoch = above.epoch
    else:
        _on_view(meta, above, source, (function, args))
    if UNUSUAL:
        meta.inference = MODES.inference
        if not MODES.grad:
            meta.made = "no_grad"
            meta.writes = meta.root._writes  # type: ignore[union-attr]
            return made
    if above is not None and needs_grad(source):
        kind = array.dtype
        if UNUSUAL:
            node = Node(backward, (source,))
        else:  # what `Node` does for one input
            node = _new(Node)
            node.backward = backward
            below = above.node
            if below is None:
                node.edges = [source if above.requires_grad else None]
            else:
                node.edges = [(below, above.output)]
            first = source._array
            node.metas = [(first.shape, first.dtype)]
            node.sequence = next(_sequence)
            node._saved = ()
        node.function, node.args = function, args
        node.outputs = [(array.shape, OF_NUMPY[kind])]
        if kind.kind in "fcV":
            meta.node = node
    return made


def _on_view(meta: Meta, above: Meta, source: Tensor, step: tuple[Any, Any]) -> None:
    """Note of a view that it is one of `source`, which is a view itself."""
    below, meta.epoch = above.replay, above.epoch
    if stale(above):
        if MODES.grad:
            _refresh(source, above)
        below, meta.epoch = _rebased(above)
    meta.root = above.root
    meta.replay = (*step, below)
    if above.made != "single":
        meta.made = above.made
        meta.writes = meta.root._writes  # type: ignore[union-attr]


def views_by(
    source: Tensor,
    arrays: Sequence[Array],
    function: Callable[..., Tensor],
    args: Sequence[tuple[Any, ...]],
    backward: Backward,
    **facts: Any,
) -> tuple[Tensor, ...]:
    """The views of one operation that gives several, none of which may be written to with gradients.

    Args:
        source: What is viewed.
        arrays: The views.
        function: Makes one of them.
        args: What else it needs, for each view.
        backward: ``backward(node, *grads)``, None for a view without gradient.
        facts: Attributes of the node.
    """
    below = source._meta
    made = []
    for array, item in zip(arrays, args, strict=True):
        view = wrap(array)
        view._meta = meta = Meta()
        if below is None or below.replay is None:
            meta.root = source
            meta.replay = (function, item, None)
            meta.epoch = 0 if below is None else below.epoch
        else:
            _on_view(meta, below, source, (function, item))
        meta.made = "several"
        meta.writes = meta.root._writes  # type: ignore[union-attr]
        if UNUSUAL:
            meta.inference = MODES.inference
            meta.made = "several" if MODES.grad else "no_grad"
        made.append(view)
    if UNUSUAL and not MODES.grad:
        return tuple(made)
    if made and below is not None and needs_grad(source):
        attach(made, (source,), backward, (), facts).materialize = False
    return tuple(made)


def replayed(replay: Replay, root: Tensor) -> Tensor:
    """The view of `root` that a chain of views gives."""
    steps = []
    above: Replay | None = replay
    while above is not None:
        steps.append(above)
        above = above[2]
    for function, args, _ in reversed(steps):
        root = function(root, *args)
    return root


def alias(source: Tensor) -> Tensor:
    """The same memory, out of autograd's sight: what ``detach`` gives."""
    made = wrap(source._array)
    made._meta = meta = Meta()
    meta.root = owner(source)
    return made


# -- writing in place -------------------------------------------------------------------------------


def check_writable(tensor: Tensor, grad_flows: bool = False, *, expanded: bool = False) -> None:
    """Whether a tensor may be written to.

    Args:
        tensor: The tensor.
        grad_flows: Whether what is written needs a gradient.
        expanded: Whether several elements may be one place in memory.

    Raises:
        RuntimeError: autograd forbids it, or several elements are one place in memory.
    """
    meta = tensor._meta
    if meta is not None:
        if meta.inference and not MODES.inference:
            raise RuntimeError(
                "Inplace update to inference tensor outside InferenceMode is not allowed."
            )
        if MODES.grad:
            check_history(tensor, meta, grad_flows)
    array = tensor._array
    if (
        0 in array.strides
        and not expanded
        and array.size
        and any(
            not step and size > 1 for step, size in zip(array.strides, array.shape, strict=True)
        )
    ):
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor refers to a single "
            "memory location. Please clone() the tensor before performing the operation."
        )
    if not array.flags.writeable:
        raise RuntimeError(
            "the tensor shares the memory of a read-only array: clone() it before writing"
        )


def check_history(tensor: Tensor, meta: Meta, grad_flows: bool) -> None:
    """Whether autograd lets a tensor be written to; see `check_writable`."""
    if meta.requires_grad:
        raise RuntimeError(
            "a leaf Variable that requires grad is being used in an in-place operation."
        )
    if meta.root is None or meta.replay is None:
        return
    above = meta.root._meta
    if above is not None and above.requires_grad and above.node is None:
        raise RuntimeError(
            "a view of a leaf Variable that requires grad is being used in an in-place operation."
        )
    if meta.made != "single" and (grad_flows or needs_grad(tensor)):
        raise _not_writable(meta, "is being ")


def _not_writable(meta: Meta, what: str) -> RuntimeError:
    if meta.made == "several":
        return RuntimeError(
            f"A view, output {meta.output} of a function that returns multiple views, {what}modified "
            "inplace. Such functions do not allow the output views to be modified inplace. You should "
            "replace the inplace operation by an out-of-place one."
        )
    return RuntimeError(
        f"A view was created in no_grad mode and {what}modified inplace with grad mode enabled."
    )


def wrote(tensor: Tensor, result: Tensor | None = None) -> None:
    """A tensor's elements were written: `result` has the history that it has from now on."""
    owner(tensor)._writes += 1
    if result is None or result._meta is None or result._meta.node is None:
        return
    made, meta = result._meta, meta_of(tensor)
    if meta.root is None or meta.replay is None:
        meta.node, meta.output = made.node, made.output
        meta.epoch += 1
        return
    root = meta.root
    if stale(meta):
        _refresh(tensor, meta)
    node = Node(copy_slices_backward, (root, result))
    node.__dict__["replay"] = meta.replay
    node.__dict__["order"] = _memory_order(root._array)
    node.outputs = [(root._array.shape, root.dtype)]
    above = meta_of(root)
    above.node, above.output = node, 0
    above.epoch += 1


def copy_slices_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """Of a root that was written to through a view: the rest of it, and what was written."""
    grad = _ordered(grad, node.order)
    needs = node.needs
    written = replayed(node.replay, grad) if needs[1] else None
    if not needs[0]:
        return None, written
    rest = _ordered(grad, node.order, copy=True)
    replayed(node.replay, rest).zero_()
    return rest, written


def _memory_order(array: Array) -> tuple[int, ...]:
    """The dims from the slowest to the fastest in memory."""
    if array.flags.c_contiguous:
        return tuple(range(array.ndim))
    return tuple(sorted(range(array.ndim), key=lambda dim: -array.strides[dim]))


def _ordered(tensor: Tensor, order: tuple[int, ...], copy: bool = False) -> Tensor:
    """The tensor with its elements in memory as a view that is replayed on it expects them."""
    array = tensor._array.transpose(order)
    if array.flags.c_contiguous and not copy:
        return tensor
    back = tuple(order.index(dim) for dim in range(len(order)))
    return record(np.array(array, order="C").transpose(back), (tensor,), clone_backward)
