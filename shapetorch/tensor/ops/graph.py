"""The methods of `Tensor` by which gradients are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import ref

import numpy as np

from shapetorch.tensor import engine
from shapetorch.tensor.histories import needs_grad, node_of, set_requires_grad
from shapetorch.tensor.hooks import add, new_hooks
from shapetorch.tensor.operations import method
from shapetorch.tensor.signatures import type_name
from shapetorch.tensor.tensors import Tensor, meta_of, wrap


def retain_wanted(tensors: Sequence[Any]) -> None:
    """Have tensors keep the gradients that a backward pass is asked for.

    Raises:
        RuntimeError: one is no tensor.
    """
    for item in tensors:
        if not isinstance(item, Tensor):
            raise RuntimeError(f"all inputs have to be Tensors, but got {type(item).__name__}")
    for item in tensors:
        if needs_grad(item):
            item.retain_grad()


def first_gradients(
    tensors: Sequence[Tensor], gradients: Sequence[Tensor | None], name: str = "grad"
) -> list[Tensor]:
    """The gradients that a backward pass starts with: one for a scalar that has none.

    Raises:
        RuntimeError: a tensor needs no gradient, is no scalar, or its gradient has another shape.
    """
    return [
        _first_gradient(tensor, gradient, place)
        for place, (tensor, gradient) in enumerate(zip(tensors, gradients, strict=True))
    ]


def _first_gradient(tensor: Tensor, gradient: Tensor | None, place: int) -> Tensor:
    if not needs_grad(tensor):
        raise RuntimeError(
            f"element {place} of tensors does not require grad and does not have a grad_fn"
        )
    array = tensor._array
    kind = array.dtype
    if gradient is None:
        if array.size != 1:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        if kind.kind == "c":
            raise RuntimeError(
                f"grad can be implicitly created only for real scalar outputs but got {tensor.dtype}"
            )
        one = np.empty(array.shape, kind)
        one.fill(1)
        return wrap(one)
    if not isinstance(gradient, Tensor):
        raise TypeError(
            f"gradients can be either Tensors or None, but got {type(gradient).__name__}"
        )
    given = gradient._array
    if given.shape != array.shape:
        raise RuntimeError(
            f"Mismatch in shape: grad_output[{place}] has a shape of {gradient.shape} and output[{place}] "
            f"has a shape of {tensor.shape}."
        )
    if given.dtype is kind:
        return gradient
    if (given.dtype.kind == "c") is not (kind.kind == "c"):
        raise RuntimeError(
            "For complex Tensors, both grad_output and output are required to have the same dtype. "
            f"Mismatch in dtype: grad_output[{place}] has a dtype of {gradient.dtype} and output[{place}] "
            f"has a dtype of {tensor.dtype}."
        )
    return gradient if gradient.dtype is tensor.dtype else gradient.to(tensor.dtype)


@method()
def backward(
    self: Tensor,
    gradient: Tensor | None = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Sequence[Tensor] | Tensor | None = None,
) -> None:
    """Add the gradient of this tensor to the ``.grad`` of the leaves (or of `inputs`)."""
    wanted: Any = [inputs] if isinstance(inputs, Tensor) else inputs
    if isinstance(wanted, dict):
        wanted = list(wanted.values())
    if wanted is not None:
        if not wanted:
            raise RuntimeError("'inputs' argument to backward() cannot be empty.")
        retain_wanted(wanted)
    engine.run(
        (self,),
        (_first_gradient(self, gradient, 0),),
        retain_graph=create_graph if retain_graph is None else retain_graph,
        create_graph=create_graph,
        inputs=wanted,
    )


@method()
def requires_grad_(self: Tensor, requires_grad: bool = True) -> Tensor:
    """Have gradients of this leaf accumulated, or not; gives the tensor itself."""
    if requires_grad.__class__ is not bool:
        raise TypeError(
            f"requires_grad_(): argument 'requires_grad' must be bool, not {type_name(requires_grad)}"
        )
    set_requires_grad(self, requires_grad)
    return self


@method()
def retain_grad(self: Tensor) -> None:
    """Have ``.grad`` also of a tensor that is no leaf."""
    if not needs_grad(self):
        raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
    node = node_of(self)
    if node is not None:
        node.retained = node.retained if node.retained is not None else {}
        node.retained[meta_of(self).output] = ref(self)


@method()
def register_hook(self: Tensor, hook: Any) -> Any:
    """Call ``hook(grad)`` when the gradient is there; what it gives replaces the gradient.

    Returns:
        A handle whose ``remove()`` takes the hook out.
    """
    if not needs_grad(self):
        raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
    node, meta = node_of(self), meta_of(self)
    if node is None:
        meta.hooks = meta.hooks if meta.hooks is not None else new_hooks()
        return add(meta.hooks, hook)
    node.hooks = node.hooks if node.hooks is not None else {}
    return add(node.hooks.setdefault(meta.output, new_hooks()), hook)


@method()
def register_post_accumulate_grad_hook(self: Tensor, hook: Any) -> Any:
    """Call ``hook(tensor)`` after a leaf's gradient has been accumulated."""
    if node_of(self) is not None or not needs_grad(self):
        raise RuntimeError("post accumulate grad hooks cannot be registered on non-leaf tensors")
    meta = meta_of(self)
    meta.after = meta.after if meta.after is not None else new_hooks()
    return add(meta.after, hook)
