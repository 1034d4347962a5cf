"""The backward pass: runs the nodes of a graph, the latest first, and adds up gradients."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from heapq import heappop, heappush
from typing import Any

import numpy as np

from shapetorch.tensor import kernels
from shapetorch.tensor.array_gradients import MOST, ON_ARRAYS
from shapetorch.tensor.dtypes import COMPLEX, OF_NUMPY, dtype
from shapetorch.tensor.fast import FLOAT32, FLOAT64
from shapetorch.tensor.histories import needs_grad, node_of
from shapetorch.tensor.modes import MODES, UNUSUAL, set_mode
from shapetorch.tensor.nodes import Node
from shapetorch.tensor.quiet import quietly
from shapetorch.tensor.quiet import run as run_quietly
from shapetorch.tensor.sums import small_sums, sum_along
from shapetorch.tensor.tensors import Array, Tensor, meta_of, wrap

_ndarray = np.ndarray
_WORK_OF_A_NODE = 400
"""What an operation and its gradient cost beside the arithmetic, in elements: programs of small tensors get kernels too."""
_new: Any = object.__new__


def run(
    roots: Sequence[Tensor],
    grads: Sequence[Tensor],
    *,
    retain_graph: bool,
    create_graph: bool,
    inputs: Sequence[Tensor] | None = None,
    accumulate: bool = True,
) -> list[Tensor | None]:
    """Propagate gradients from `roots` to the leaves, or to `inputs`.

    Args:
        roots: Where to start.
        grads: The gradient of each root.
        retain_graph: Whether the nodes keep what they saved.
        create_graph: Whether the pass is itself recorded.
        inputs: Tensors whose gradients are wanted; all leaves if None.
        accumulate: Whether gradients are added to ``.grad`` (or given back, for `inputs`).

    Returns:
        The gradient of each of `inputs`, None if nothing flowed to it; empty without `inputs`.
    """
    before, was_recording = MODES.current, MODES.grad
    made = _Pass(retain_graph, create_graph, inputs, accumulate)
    set_mode(MODES, "current", made)
    if was_recording is not create_graph:
        MODES.grad = create_graph
    try:
        return made.run(roots, grads)
    finally:
        if was_recording is not create_graph:
            MODES.grad = was_recording
        set_mode(MODES, "current", before)


class _Pass:
    """One backward pass."""

    def __init__(
        self,
        retain_graph: bool,
        create_graph: bool,
        inputs: Sequence[Tensor] | None,
        accumulate: bool,
    ) -> None:
        self.retain_graph = retain_graph
        self.create_graph = create_graph
        self.is_plain = not create_graph and not (UNUSUAL and MODES.anomaly)
        self.accumulate = accumulate
        self.inputs = inputs
        self.starts: list[Node] = []
        self.buffers: dict[Node, list[Any]] = {}
        self.ready: list[tuple[int, Node]] = []
        self.leaves: dict[int, tuple[Tensor, Tensor | Array]] = {}
        self.wanted_leaves: set[int] | None = None
        self.wanted_nodes: dict[Node, dict[int, list[int]]] = {}
        self.captured: dict[int, Tensor] = {}
        self.useful: set[Node] | None = None
        if inputs is not None:
            self.wanted_leaves = set()
            for place, tensor in enumerate(inputs):
                node = node_of(tensor)
                if node is None:
                    self.wanted_leaves.add(id(tensor))
                else:
                    assert tensor._meta is not None
                    outputs = self.wanted_nodes.setdefault(node, {})
                    outputs.setdefault(tensor._meta.output, []).append(place)

    def run(self, roots: Sequence[Tensor], grads: Sequence[Tensor]) -> list[Tensor | None]:
        """The whole pass; see `run`."""
        for root, grad in zip(roots, grads, strict=True):
            node = node_of(root)
            if node is None:
                self._leaf(root, grad)
            else:
                assert root._meta is not None
                self.starts.append(node)
                self._add(node, root._meta.output, grad)
        if self.wanted_leaves is not None:
            self.useful = self._useful()
        ready, nodes = self.ready, 0
        while ready:  # a node gives to nodes made before it: the latest has got all it will get
            self._run_node(heappop(ready)[1])
            nodes += 1
        kernels.worked(_WORK_OF_A_NODE * nodes)
        for leaf, total in self.leaves.values():
            self._finish_leaf(leaf, _as_tensor(total))
        if self.inputs is None:
            return []
        return [self._captured(place, tensor) for place, tensor in enumerate(self.inputs)]

    def _captured(self, place: int, tensor: Tensor) -> Tensor | None:
        if place in self.captured:
            return self.captured[place]
        found = self.leaves.get(id(tensor))
        return None if found is None else _as_tensor(found[1])

    # -- the graph -----------------------------------------------------------------------------------
    def _reachable(self) -> set[Node]:
        """The nodes that the roots were made of, through nodes that lead to something wanted."""
        seen = set(self.starts)
        stack = list(seen)
        while stack:
            node = stack.pop()
            if self.useful is not None and node not in self.useful:
                continue
            for edge in node.edges:
                if edge.__class__ is tuple and edge[0] not in seen:
                    seen.add(edge[0])
                    stack.append(edge[0])
        return seen

    def _useful(self) -> set[Node]:
        """The nodes through which a gradient reaches something wanted."""
        assert self.wanted_leaves is not None
        useful: set[Node] = set()
        for node in sorted(self._reachable(), key=lambda node: node.sequence):
            for edge in node.edges:
                if edge.__class__ is tuple:
                    reaches = edge[0] in useful or edge[0] in self.wanted_nodes
                else:
                    reaches = edge is not None and id(edge) in self.wanted_leaves
                if reaches:
                    useful.add(node)
                    break
        return useful

    def reaches(self, tensor: Tensor) -> bool:
        """Whether a gradient will come to a tensor in this pass."""
        node, reachable = node_of(tensor), self._reachable()
        if node is not None:
            return node in reachable
        return any(
            edge is tensor
            for above in reachable
            for edge in above.edges
            if edge.__class__ is not tuple
        )

    # -- one node ------------------------------------------------------------------------------------
    def _run_node(self, node: Node) -> None:
        """Run a node whose gradients have come, and hand on what it gives.

        Gradients on their way are tensors, or arrays where a function of `array_gradients` made them.
        """
        buffers = self.buffers
        grads = buffers.pop(node)
        if node.hooks is not None or node.retained is not None or self.wanted_nodes:
            for output, grad in enumerate(grads):
                if grad is not None:
                    grads[output] = self._seen(node, output, _as_tensor(grad))
        if self.useful is not None and node not in self.useful:
            return
        given: Any = None
        if self.is_plain:
            compute = ON_ARRAYS.get(node.backward)
            if compute is not None and node._saved is not None:
                given = _on_arrays(compute, node, grads[0])
        on_arrays = given is not None
        if given is None:
            given = self._backward(
                node, [grad if grad is None else _as_tensor(grad) for grad in grads]
            )
        if not self.retain_graph and node._saved:
            node._saved = None
        metas = node.metas
        for place, edge in enumerate(node.edges):
            if edge is None:
                continue
            grad = given[place]
            if grad is None:
                continue
            shape, kind = metas[place]
            if on_arrays:
                if grad.__class__ is not _ndarray:
                    grad = np.asarray(grad)
                if grad.shape != shape:
                    grad = _fit_array(grad, shape, node)
                if grad.dtype is not kind:
                    grad = fit(wrap(grad), shape, kind, node)
            elif (
                grad.__class__ is not Tensor
                or (array := grad._array).shape != shape
                or array.dtype is not kind
            ):
                grad = fit(grad, shape, kind, node)
            if edge.__class__ is not tuple:
                self._leaf(edge, grad)
                continue
            below, output = edge
            buffer = buffers.get(below)
            if buffer is None:
                buffer = buffers[below] = [None] * len(below.outputs)
                heappush(self.ready, (-below.sequence, below))
            before = buffer[output]
            buffer[output] = grad if before is None else _sum(before, grad)

    def _seen(self, node: Node, output: int, grad: Tensor) -> Tensor:
        """A result's gradient after its hooks; kept where somebody asked for it."""
        if node.hooks is not None and output in node.hooks:
            grad = call_hooks(node.hooks[output], grad)
        if node.retained is not None and output in node.retained:
            tensor = node.retained[output]()
            if tensor is not None:
                _accumulate(tensor, grad, self.create_graph)
        for place in self.wanted_nodes.get(node, {}).get(output, ()):
            self.captured[place] = grad
        return grad

    def _backward(self, node: Node, grads: list[Tensor | None]) -> Sequence[Tensor | None]:
        if node.pre_hooks:
            for hook in list(node.pre_hooks.values()):
                changed = hook(tuple(grads))
                if changed is not None:
                    grads = list(changed)
        if node.materialize and len(grads) > 1:
            grads = [
                grad if grad is not None else zeros_of(*node.outputs[output])
                for output, grad in enumerate(grads)
            ]
        try:
            given = node.backward(node, *grads)
        except Exception:
            _show_origin(node)
            raise
        if given.__class__ is not tuple and not isinstance(given, (tuple, list)):
            given = (given,)
        if len(given) != len(node.edges):
            raise RuntimeError(
                f"function {node.name()} returned an incorrect number of gradients "
                f"(expected {len(node.edges)}, got {len(given)})"
            )
        if MODES.anomaly and MODES.check_nan:
            _check_nan(node, given)
        if node.post_hooks:
            for hook in list(node.post_hooks.values()):
                changed = hook(tuple(given), tuple(grads))
                if changed is not None:
                    given = tuple(changed)
        return given  # type: ignore[no-any-return]

    def _add(self, node: Node, output: int, grad: Tensor) -> None:
        buffer = self.buffers.get(node)
        if buffer is None:
            buffer = self.buffers[node] = [None] * len(node.outputs)
            heappush(self.ready, (-node.sequence, node))
        before = buffer[output]
        buffer[output] = grad if before is None else _sum(before, grad)

    # -- leaves --------------------------------------------------------------------------------------
    def _leaf(self, tensor: Tensor, grad: Tensor | Array) -> None:
        if self.wanted_leaves is not None and id(tensor) not in self.wanted_leaves:
            return
        before = self.leaves.get(id(tensor))
        self.leaves[id(tensor)] = (
            tensor,
            grad if before is None else _sum(before[1], grad),
        )

    def _finish_leaf(self, tensor: Tensor, grad: Tensor) -> None:
        meta = meta_of(tensor)
        if meta.hooks:
            grad = call_hooks(meta.hooks, grad)
            self.leaves[id(tensor)] = (tensor, grad)
        if self.accumulate:
            accumulator = meta.accumulator
            if accumulator is not None:
                for hook in list((accumulator.pre_hooks or {}).values()):
                    changed = hook((grad,))
                    grad = grad if changed is None else _one(changed)
            _accumulate(tensor, grad, self.create_graph)
            if accumulator is not None:
                for hook in list((accumulator.post_hooks or {}).values()):
                    hook((), (grad,))
            if meta.after:
                for hook in list(meta.after.values()):
                    hook(tensor)


def _on_arrays(compute: Any, node: Node, grad: Any) -> tuple[Any, ...] | None:
    """What a function of `array_gradients` gives; None if it cannot be asked, or refuses."""
    if grad.__class__ is not _ndarray:
        if grad.__class__ is not Tensor:
            return None
        grad = grad._array
    kind = grad.dtype
    if (kind is not FLOAT32 and kind is not FLOAT64) or grad.size > MOST:
        return None
    if node.pre_hooks or node.post_hooks:
        return None
    try:
        given = run_quietly(compute, node, grad)
    except (RuntimeError, ValueError):
        return None
    return given if given.__class__ is tuple else (given,)


def _as_tensor(grad: Any) -> Tensor:
    return wrap(grad) if grad.__class__ is _ndarray else grad


def _sum(a: Any, b: Any) -> Any:
    """The sum of two gradients, each a tensor or an array."""
    if a.__class__ is b.__class__ is _ndarray:
        return np.asarray(quietly(np.add, a, b))
    return _as_tensor(a) + _as_tensor(b)


def call_hooks(hooks: dict[int, Any], grad: Tensor) -> Tensor:
    """A gradient as its hooks leave it.

    Raises:
        RuntimeError: a hook gives something of another shape or dtype.
    """
    for hook in list(hooks.values()):
        changed = hook(grad)
        if changed is None:
            continue
        if not isinstance(changed, Tensor):
            raise TypeError(f"hook: must return a Tensor or None, got {type(changed).__name__}")
        if changed._array.shape != grad._array.shape or changed._array.dtype != grad._array.dtype:
            raise RuntimeError(
                f"hook has changed the size or type of a gradient: expected {list(grad._array.shape)} of "
                f"{grad.dtype}, got {list(changed._array.shape)} of {changed.dtype}"
            )
        grad = changed
    return grad


def _accumulate(tensor: Tensor, grad: Tensor, create_graph: bool) -> None:
    meta = meta_of(tensor)
    before = meta.grad
    if before is not None:
        if create_graph:
            meta.grad = before + grad
        else:
            before.add_(grad)
    elif create_graph and needs_grad(grad):
        meta.grad = grad.clone()
    else:
        # a copy, as a gradient may be the same array for two leaves, or shared with the graph
        meta.grad = wrap(_laid_out_as(tensor._array, grad._array))


def _laid_out_as(array: Array, grad: Array) -> Array:
    """A copy of a gradient that lies in memory as the leaf does; in rows if the leaf has gaps."""
    if not array.flags.c_contiguous:
        made = np.empty_like(array, grad.dtype)
        if made.strides == array.strides:
            made[...] = grad
            return made
    return grad.copy()


def _one(grads: Any) -> Tensor:
    """The gradient that a hook gave, in a tuple or alone."""
    return grads[0] if isinstance(grads, (tuple, list)) else grads  # type: ignore[no-any-return]


def fit(grad: Tensor, shape: tuple[int, ...], kind: Any, node: Node) -> Tensor:
    """A gradient in the shape and dtype of what it is the gradient of.

    A gradient of the broadcast shape is summed; that of something real by something complex is the
    real part.

    Raises:
        RuntimeError: the shape cannot be summed to.
    """
    if grad.__class__ is not Tensor and not isinstance(grad, Tensor):
        raise TypeError(
            f"{node.name()}: expected a Tensor or None as gradient, got {type(grad).__name__}"
        )
    array = grad._array
    if array.shape != shape:
        if not _sums_to(array.shape, shape):
            raise _wrong_shape(array.shape, shape, node)
        grad = sum_to(grad, shape)
        array = grad._array
    if array.dtype != kind:
        if array.dtype.kind == "c" and OF_NUMPY[kind].category < COMPLEX:
            grad = grad.real
        grad = grad.to(OF_NUMPY[kind])
    return grad


def _wrong_shape(given: tuple[int, ...], expected: tuple[int, ...], node: Node) -> RuntimeError:
    return RuntimeError(
        f"Function {node.name()} returned an invalid gradient: got {list(given)} but expected "
        f"shape compatible with {list(expected)}"
    )


def _fit_array(array: Array, shape: tuple[int, ...], node: Node) -> Array:
    """As `fit`, of a small array, as far as the shape goes."""
    own = array.shape
    if len(own) == 2 and shape == own[1:] and (sums := small_sums(array, 0, False)) is not None:
        return sums
    if not _sums_to(own, shape):
        raise _wrong_shape(own, shape, node)
    return sum_along(array, _summed_dims(own, shape), True).reshape(shape)


def _sums_to(shape: tuple[int, ...], target: tuple[int, ...]) -> bool:
    extra = len(shape) - len(target)
    return extra >= 0 and all(b in (a, 1) for a, b in zip(shape[extra:], target, strict=True))


def sum_to(grad: Tensor, shape: tuple[int, ...]) -> Tensor:
    """The sum over the dims along which `shape` was broadcast."""
    dims = list(_summed_dims(grad._array.shape, shape))
    summed = grad.sum(dims, keepdim=True) if dims else grad
    return summed.reshape(shape)  # type: ignore[no-any-return]


def _summed_dims(shape: tuple[int, ...], target: tuple[int, ...]) -> tuple[int, ...]:
    extra = len(shape) - len(target)
    ones = [extra + place for place, size in enumerate(target) if size == 1]
    return (*range(extra), *ones)


def zeros_of(shape: tuple[int, ...], kind: dtype) -> Tensor:
    """A gradient of nothing."""
    return wrap(np.zeros(shape, kind.numpy))


def _check_nan(node: Node, grads: Sequence[Tensor | None]) -> None:
    for place, grad in enumerate(grads):
        if grad is not None and np.isnan(grad._array).any():
            _show_origin(node)
            raise RuntimeError(
                f"Function '{node.name()}' returned nan values in its {place}th output."
            )


def _show_origin(node: Node) -> None:
    """In anomaly mode, warn of where the operation was called whose backward failed."""
    if not MODES.anomaly:
        return
    origin = (
        "No forward pass information available. Enable detect anomaly during forward pass for more "
        "information."
        if node.trace is None
        else f"Traceback of forward call that caused the error:\n{node.trace}"
    )
    warnings.warn(f"Error detected in {node.name()}. {origin}", UserWarning, stacklevel=2)
