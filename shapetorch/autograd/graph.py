"""The graph from outside: hooks on what is kept for backward, and on several gradients."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from weakref import ref

import numpy as np

from shapetorch.tensor.histories import needs_grad, node_of
from shapetorch.tensor.hooks import RemovableHandle, add, new_hooks
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.nodes import AccumulateGrad, Node, accumulator_of
from shapetorch.tensor.tensors import Tensor, meta_of, owner, wrap

__all__ = [
    "GradientEdge",
    "Node",
    "disable_saved_tensors_hooks",
    "get_gradient_edge",
    "increment_version",
    "register_multi_grad_hook",
    "save_on_cpu",
    "saved_tensors_hooks",
]


class GradientEdge(NamedTuple):
    """Where in the graph a gradient goes: a node, and which of its results.

    Attributes:
        node: What made the tensor; of a leaf, what accumulates its gradient.
        output_nr: Which of the node's results it is.
        ownership_token: Not used.
    """

    node: Any
    output_nr: int
    ownership_token: Any = None


def get_gradient_edge(tensor: Tensor) -> GradientEdge:
    """Where the gradient of a tensor goes; `grad` and `backward` take it in place of the tensor.

    Raises:
        RuntimeError: the tensor needs no gradient.
    """
    if not needs_grad(tensor):
        raise RuntimeError(
            "It is not possible to get the gradient edge for a Tensor that does not require gradients"
        )
    node = node_of(tensor)
    if node is None:
        return GradientEdge(accumulator_of(tensor), 0)
    return GradientEdge(node, meta_of(tensor).output)


def tensor_of(item: Any) -> Any:
    """A tensor at an edge, without elements of its own; what is no edge as it is."""
    if not isinstance(item, GradientEdge):
        return item
    if isinstance(item.node, AccumulateGrad):
        return item.node.variable
    shape, kind = item.node.outputs[item.output_nr]
    made = wrap(np.broadcast_to(np.zeros((), kind.numpy), shape))
    meta = meta_of(made)
    meta.node, meta.output = item.node, item.output_nr
    return made


class saved_tensors_hooks:  # noqa: N801 - PyTorch's name
    """While it is on, what is kept for backward is packed by one function and unpacked by another.

    Args:
        pack_hook: ``pack_hook(tensor)`` gives what is kept.
        unpack_hook: ``unpack_hook(packed)`` gives the tensor again, with the same elements.
    """

    def __init__(
        self, pack_hook: Callable[[Tensor], Any], unpack_hook: Callable[[Any], Tensor]
    ) -> None:
        self.hooks = (pack_hook, unpack_hook)

    def __enter__(self) -> None:
        if _disabled.message is not None:
            raise RuntimeError(_disabled.message)
        self.before = MODES.packing
        MODES.packing = self.hooks

    def __exit__(self, *exc_info: object) -> None:
        MODES.packing = self.before


class save_on_cpu(saved_tensors_hooks):  # noqa: N801 - PyTorch's name
    """Keep copies on the CPU; there is no other place, so tensors are kept as they are."""

    def __init__(self, pin_memory: bool = False, device_type: str = "cuda") -> None:
        super().__init__(lambda tensor: tensor, lambda packed: packed)


class _Disabled(threading.local):
    message: str | None = None


_disabled = _Disabled()


class disable_saved_tensors_hooks:  # noqa: N801 - PyTorch's name
    """While it is on, `saved_tensors_hooks` is an error with this message."""

    def __init__(self, error_message: str) -> None:
        self.message = error_message

    def __enter__(self) -> None:
        if MODES.packing is not None:
            raise RuntimeError(
                "Saved tensor hooks are active: they cannot be disabled inside of their context"
            )
        self.before = _disabled.message
        _disabled.message = self.message

    def __exit__(self, *exc_info: object) -> None:
        _disabled.message = self.before


def register_multi_grad_hook(
    tensors: Sequence[Tensor], fn: Callable[..., Any], *, mode: str = "all"
) -> RemovableHandle:
    """Call a function when the gradients of several tensors are there.

    Args:
        tensors: The tensors.
        fn: ``fn(grads)`` with a list of gradients, None for those without; with mode "any", ``fn(grad)``.
        mode: "all": once in a backward pass, when all have come; "any": at the first one.

    Returns:
        A handle whose ``remove()`` takes the hooks out.
    """
    if mode not in ("all", "any"):
        raise ValueError(f"Expects mode to be one of ('all', 'any') but got {mode}")
    wanted = [tensor for tensor in tensors if needs_grad(tensor)]
    grads: list[Tensor | None] = [None] * len(tensors)
    state: dict[str, Any] = {"seen": 0, "pass": None, "wanted": 0}

    def hook_of(place: int) -> Callable[[Tensor], None]:
        def hook(grad: Tensor) -> None:
            if (
                state["pass"] is None or state["pass"]() is not MODES.current
            ):  # another backward pass begins
                expected = sum(MODES.current.reaches(item) for item in wanted)
                state.update({"pass": ref(MODES.current), "seen": 0, "wanted": expected})
                grads[:] = [None] * len(tensors)
            grads[place] = grad
            state["seen"] += 1
            if mode == "any" and state["seen"] == 1:
                fn(grad)
            elif mode == "all" and state["seen"] == state["wanted"]:
                fn(list(grads))

        return hook

    handles = [
        tensor.register_hook(hook_of(place))
        for place, tensor in enumerate(tensors)
        if needs_grad(tensor)
    ]
    return _Handles(handles)


class _Handles(RemovableHandle):
    """One handle for several hooks."""

    def __init__(self, handles: Sequence[RemovableHandle]) -> None:
        self.handles = tuple(handles)
        self._own = new_hooks()
        super().__init__(self._own)
        add(self._own, lambda: None)

    def remove(self) -> None:
        for handle in self.handles:
            handle.remove()


def increment_version(tensor: Tensor | Sequence[Tensor]) -> None:
    """Say that a tensor's memory was written by something that autograd does not see."""
    for item in [tensor] if isinstance(tensor, Tensor) else tensor:
        owner(item)._writes += 1
