"""Operations with a gradient of the user's own: subclasses of `Function`.

``forward`` runs unrecorded; its results get a node whose backward is the class's ``backward``.
"""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from shapetorch.autograd.mapped_functions import by_own_rule, innermost_level
from shapetorch.tensor.dtypes import FLOATING
from shapetorch.tensor.histories import needs_grad, recording
from shapetorch.tensor.modes import grad_mode
from shapetorch.tensor.nodes import Node, keep, node_for
from shapetorch.tensor.tensors import Tensor, alias, meta_of, wrap
from shapetorch.tensor.writes import check_writable, wrote


class FunctionCtx:
    """What ``forward`` hands to ``backward``: tensors, and any attributes.

    Attributes:
        needs_input_grad: For each argument of ``apply``, whether its gradient is wanted.
    """

    needs_input_grad: tuple[bool, ...] = ()
    _node: weakref.ref[Node] | None = None  # a node refers to its context: no circle
    _to_save: tuple[Any, ...] = ()
    _dirty: tuple[Tensor, ...] = ()
    _non_differentiable: tuple[Tensor, ...] = ()
    _materialize = True

    def save_for_backward(self, *tensors: Tensor | None) -> None:
        """Keep inputs, results or intermediate tensors for ``backward``."""
        for item in tensors:
            if item is not None and not isinstance(item, Tensor):
                raise TypeError(
                    f"save_for_backward can only save variables, but argument is of type {type(item).__name__}"
                )
        self._to_save = tensors

    def save_for_forward(self, *tensors: Tensor | None) -> None:
        """Keep tensors for ``jvp``; forward-mode gradients are not computed."""

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """What was saved; see `Node.saved` for what is raised."""
        if self._node is None:
            return self._to_save
        node = self._node()
        if node is None:
            raise RuntimeError(
                "the saved tensors were freed together with the graph they belong to"
            )
        return tuple(node.saved)

    @property
    def saved_variables(self) -> tuple[Any, ...]:
        """The old name of `saved_tensors`."""
        return self.saved_tensors

    def mark_dirty(self, *tensors: Tensor) -> None:
        """Say which inputs ``forward`` changed in place; they must be results, too."""
        self._dirty = tensors

    def mark_non_differentiable(self, *tensors: Tensor) -> None:
        """Say which results have no gradient."""
        self._non_differentiable = tensors

    def set_materialize_grads(self, value: bool) -> None:
        """Whether a result without gradient passes zeros to ``backward`` (the default) or None."""
        self._materialize = value


class FunctionNode(Node):
    """The node of a custom operation, which has what ``forward`` put into its context."""

    ctx: FunctionCtx

    def __getattr__(self, name: str) -> Any:
        if name == "ctx":
            raise AttributeError(name)
        return getattr(self.ctx, name)


class Function:
    """Base class of operations with a gradient of their own.

    ``forward(ctx, *args)`` (or ``forward(*args)`` and ``setup_context(ctx, inputs, output)``) and
    ``backward(ctx, *grad_outputs)`` are static methods. Use ``MyFunction.apply(*args)``.
    """

    @staticmethod
    def forward(*args: Any, **kwargs: Any) -> Any:
        """The results; to be written by the subclass."""
        raise NotImplementedError(
            "You must implement the forward function for custom autograd.Function."
        )

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> Any:
        """Keep what ``backward`` needs, if ``forward`` takes no ``ctx``."""
        raise NotImplementedError("setup_context is not implemented.")

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> Any:
        """A gradient for each argument of ``forward``; to be written by the subclass."""
        raise NotImplementedError(
            "You must implement either the backward or vjp method for your custom autograd.Function to use "
            "it with backward mode AD."
        )

    vjp = backward
    generate_vmap_rule = False
    _backward_cls: type[FunctionNode]

    @staticmethod
    def vmap(info: Any, in_dims: tuple[Any, ...], *args: Any) -> Any:
        """All examples of a map at once: the outputs, and the dims of the examples in them.

        Without it, the operation runs for one example after the other.
        """
        raise NotImplementedError(
            "To use autograd.Function with vmap, you must either override the vmap staticmethod or set "
            "generate_vmap_rule=True."
        )

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._backward_cls = type(f"{cls.__name__}Backward", (FunctionNode,), {})

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Not the way to use it.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError(
            "Legacy autograd function with non-static forward method is deprecated. Please use new-style "
            "autograd function with static forward method: call apply() of the class."
        )

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Run ``forward`` and record the operation."""
        if cls.vmap is not Function.vmap:
            level = innermost_level(args)
            if level is not None:
                return by_own_rule(cls, level, args)
        ctx = FunctionCtx()
        ctx.needs_input_grad = tuple(isinstance(item, Tensor) and needs_grad(item) for item in args)
        records = recording(args)
        with grad_mode(False):
            if cls.setup_context is Function.setup_context:
                output = cls.forward(ctx, *args, **kwargs)
            else:
                output = cls.forward(*args, **kwargs)
                cls.setup_context(ctx, args, output)
        several = isinstance(output, (tuple, list))
        results = list(output) if several else [output]
        results = _results(cls, ctx, args, results, records)
        return tuple(results) if several else results[0]


def _results(
    cls: type[Function], ctx: FunctionCtx, args: Sequence[Any], results: list[Any], records: bool
) -> list[Any]:
    """The results as the caller gets them: recorded, and apart from inputs given back as they were."""
    dirty = {id(item) for item in ctx._dirty}
    inputs = {id(item) for item in args if isinstance(item, Tensor)}
    if not dirty <= {id(item) for item in results}:
        raise RuntimeError(
            "Some elements marked as dirty during the forward method were not returned as output. The "
            "inputs that are modified inplace must all be outputs of the Function."
        )
    if not records:
        for item in ctx._dirty:
            wrote(item)
        return results
    for item in ctx._dirty:
        check_writable(item, grad_flows=True)
    node = node_for(_function_backward, args, cls._backward_cls)
    node.title = f"{cls.__name__}Backward"
    node.materialize = False  # done by `_function_backward`, which knows the setting
    node.__dict__.update(ctx=ctx, function=cls)
    fixed = {id(item) for item in ctx._non_differentiable}
    made: list[Any] = []
    for item in results:
        if isinstance(item, Tensor) and id(item) in inputs and id(item) not in dirty:
            made.append(alias(item))
        else:
            made.append(item)
    outputs_of: list[Any] = [
        (item._stored.shape, item.dtype) if isinstance(item, Tensor) else ((), None)
        for item in made
    ]
    node.outputs = outputs_of
    history: list[tuple[Tensor, Tensor]] = []
    for output, item in enumerate(made):
        if not isinstance(item, Tensor) or id(results[output]) in fixed:
            continue
        if item.dtype.category < FLOATING:
            continue
        if id(item) in dirty:
            stand_in = wrap(item._array)
            meta = meta_of(stand_in)
            meta.node, meta.output = node, output
            history.append((item, stand_in))
            continue
        meta = meta_of(item)
        meta.node, meta.output = node, output
        if meta.root is not None:  # a view made inside: its history is the function alone
            meta.replay = None
    for item, stand_in in history:
        wrote(item, stand_in)
    places = [item for item in made if isinstance(item, Tensor)]
    outputs = [output for output, item in enumerate(made) if isinstance(item, Tensor)]
    originals = {id(results[output]): made[output] for output in outputs}
    keep(node, [originals.get(id(item), item) for item in ctx._to_save], places, outputs)
    ctx._node, ctx._to_save = weakref.ref(node), ()
    return made


def _function_backward(node: Any, *grads: Any) -> tuple[Any, ...]:
    """The gradients that the class computes, one for each argument."""
    ctx, cls = node.ctx, node.function
    if ctx._materialize:
        grads = tuple(
            wrap(np.zeros(shape, kind.numpy)) if item is None and kind is not None else item
            for item, (shape, kind) in zip(grads, node.outputs, strict=True)
        )
    compute = cls.backward if cls.backward is not Function.backward else cls.vjp
    given = compute(ctx, *grads)
    given = given if isinstance(given, (tuple, list)) else (given,)
    expected = len(node.edges)
    if len(given) < expected or any(item is not None for item in given[expected:]):
        raise RuntimeError(
            f"function {node.name()} returned an incorrect number of gradients (expected {expected}, got "
            f"{len(given)})"
        )
    for place, (item, meta) in enumerate(zip(given, node.metas, strict=False)):
        if item is not None and meta is None:
            raise RuntimeError(
                f"function {node.name()} returned a gradient different from None at position {place + 1}, but "
                "the corresponding forward input was not a Variable"
            )
    return tuple(given[:expected])


def once_differentiable(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorates a ``backward`` that cannot itself be differentiated: a second backward is an error."""

    @functools.wraps(function)
    def once(ctx: Any, *grads: Any) -> Any:
        with grad_mode(False):
            given = function(ctx, *grads)
        if not recording(grads):
            return given
        several = isinstance(given, (tuple, list))
        items = list(given) if several else [given]
        made = [_refusing(item, grads) if isinstance(item, Tensor) else item for item in items]
        return tuple(made) if several else made[0]

    return once


def _refusing(tensor: Tensor, inputs: Sequence[Any]) -> Tensor:
    result = wrap(tensor._array)
    node = node_for(_refuse, inputs)
    node.outputs = [(result._array.shape, result.dtype)]
    meta = meta_of(result)
    meta.node = node
    return result


def _refuse(node: Any, *grads: Any) -> Any:
    raise RuntimeError(
        "trying to differentiate twice a function that was marked with @once_differentiable"
    )
