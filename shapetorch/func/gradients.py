"""Gradients as functions: `grad`, `grad_and_value`, `vjp`."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from shapetorch.autograd.gradients import grad as _grad
from shapetorch.func.structures import leaves, mapped, unflatten
from shapetorch.tensor.engine import zeros_of
from shapetorch.tensor.mapped import Mapped, mapped_everywhere
from shapetorch.tensor.modes import MODES, grad_mode
from shapetorch.tensor.tensors import Tensor


class Call:
    """A call of a function that is differentiated by some of its arguments.

    Attributes:
        wanted: The arguments to differentiate by, as the function got them.
        flat: The tensors in them.
        value: What the function gave.
        aux: What it gave besides, to be passed through.
        results: The tensors in the value.
        outer: Whether what is computed can itself be differentiated: by an argument that needs a
            gradient, or by a tensor that the function found elsewhere.
    """

    def __init__(
        self,
        func: Callable[..., Any],
        args: Sequence[Any],
        places: Sequence[int],
        kwargs: dict[str, Any],
        has_aux: bool,
    ) -> None:
        recording = MODES.grad
        with grad_mode(True):
            own = list(args)
            for place in places:
                own[place] = _fresh(own[place])
            given = func(*own, **kwargs)
        if has_aux and not (isinstance(given, tuple) and len(given) == 2):
            raise RuntimeError(
                "func: output of function f should be a tuple: (output, aux) if has_aux is True, got "
                f"{type(given).__name__}"
            )
        self.value: Any = given[0] if has_aux else given
        self.aux: Any = given[1] if has_aux else None
        self.wanted = [own[place] for place in places]
        self.flat = [item for item in leaves(self.wanted) if isinstance(item, Tensor)]
        self.results = list(leaves(self.value))
        self.outer = recording and (
            any(isinstance(item, Tensor) and item.requires_grad for item in leaves(args))
            or _reach_others(self.results, self.flat)
        )

    def shown(self, value: Any) -> Any:
        """What the caller sees of a value: without history, if nobody outside asks for gradients."""
        return value if self.outer else mapped(_detached, value)

    def filled(self, found: Sequence[Tensor | None], outer: bool) -> Any:
        """Gradients of `flat` in the structure of the arguments; zeros where there is none."""
        made = iter(
            [
                zeros_of(tuple(tensor.shape), tensor.dtype)
                if item is None
                else item
                if outer
                else item.detach()
                for item, tensor in zip(found, self.flat, strict=True)
            ]
        )
        return tuple(unflatten(item, made) for item in self.wanted)


def _fresh(value: Any) -> Any:
    """A view of each tensor, to differentiate by, through which outer gradients still flow."""

    def one(item: Any) -> Any:
        if not isinstance(item, Tensor):
            return item
        item = mapped_everywhere(item)
        return item.view_as(item) if item.requires_grad else item.detach().requires_grad_()

    return mapped(one, value)


def _detached(item: Any) -> Any:
    return item.detach() if isinstance(item, Tensor) else item


def _reach_others(results: Sequence[Any], own: Sequence[Tensor]) -> bool:
    """Whether a result depends on a leaf that is none of `own`."""
    known = {id(_examples(item)) for item in own}
    needing = [item for item in results if isinstance(item, Tensor) and item.requires_grad]
    if any(item.grad_fn is None and id(_examples(item)) not in known for item in needing):
        return True
    stack = [item.grad_fn for item in needing]
    seen = set(stack)
    while stack:
        node = stack.pop()
        for edge in () if node is None else node.edges:
            if edge.__class__ is tuple:
                if edge[0] not in seen:
                    seen.add(edge[0])
                    stack.append(edge[0])
            elif edge is not None and id(edge) not in known:
                return True
    return False


def _examples(item: Tensor) -> Tensor:
    """A tensor, or what holds the examples of a mapped one."""
    while isinstance(item, Mapped):
        item = item.value
    return item


def chosen(argnums: int | tuple[int, ...]) -> tuple[int, ...]:
    """The places of the arguments to differentiate by."""
    return (argnums,) if isinstance(argnums, int) else tuple(argnums)


def grad_and_value(
    func: Callable[..., Any], argnums: int | tuple[int, ...] = 0, has_aux: bool = False
) -> Callable[..., Any]:
    """The function that gives the gradient of `func`, and what `func` gives.

    Args:
        func: A function that gives a tensor of one element (and something else if `has_aux`).
        argnums: By which arguments to differentiate.
        has_aux: Whether `func` gives a pair, whose second part is passed through.
    """
    single = isinstance(argnums, int)

    @functools.wraps(func)
    def with_value(*args: Any, **kwargs: Any) -> Any:
        call = Call(func, args, chosen(argnums), kwargs, has_aux)
        value = call.value
        if not isinstance(value, Tensor) or value.ndim:
            raise RuntimeError(
                "Expected f(*args) to return a scalar tensor, got "
                + (
                    f"tensor with {value.ndim} dims"
                    if isinstance(value, Tensor)
                    else type(value).__name__
                )
                + ". To differentiate something that is no scalar, use jacrev."
            )
        with grad_mode(True):
            found: Sequence[Tensor | None] = (
                _grad(value, call.flat, create_graph=True, allow_unused=True)
                if value.requires_grad
                else [None] * len(call.flat)
            )
        made = call.filled(found, call.outer)
        result = made[0] if single else made
        shown = call.shown(value)
        return (result, (shown, call.shown(call.aux))) if has_aux else (result, shown)

    return with_value


def grad(
    func: Callable[..., Any], argnums: int | tuple[int, ...] = 0, has_aux: bool = False
) -> Callable[..., Any]:
    """The function that gives the gradient of `func`; see `grad_and_value`."""
    both = grad_and_value(func, argnums, has_aux)

    @functools.wraps(func)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        found, value = both(*args, **kwargs)
        return (found, value[1]) if has_aux else found

    return gradient


def vjp(func: Callable[..., Any], *primals: Any, has_aux: bool = False) -> Any:
    """What `func` gives, and a function from weights of it to gradients of the arguments."""
    call = Call(func, primals, range(len(primals)), {}, has_aux)

    def pull_back(cotangents: Any, retain_graph: bool = True, create_graph: bool = True) -> Any:
        weights = list(leaves(cotangents))
        used = [place for place, item in enumerate(call.results) if item.requires_grad]
        found: Sequence[Tensor | None] = (
            _grad(
                [call.results[place] for place in used],
                call.flat,
                [weights[place] for place in used],
                retain_graph=retain_graph,
                create_graph=create_graph,
                allow_unused=True,
            )
            if used
            else [None] * len(call.flat)
        )
        outer = call.outer or any(item.requires_grad for item in weights)
        return call.filled(found, outer)

    shown = call.shown(call.value)
    return (shown, pull_back, call.shown(call.aux)) if has_aux else (shown, pull_back)
