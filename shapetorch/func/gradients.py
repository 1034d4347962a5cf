"""Gradients and Jacobians as functions: `grad`, `vjp`, `jvp`, `jacrev`, `jacfwd`, `hessian`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from shapetorch.autograd import functional
from shapetorch.autograd.gradients import grad as _grad
from shapetorch.func.structures import leaves, mapped, unflatten
from shapetorch.tensor.engine import zeros_of
from shapetorch.tensor.mapped import mapped_everywhere
from shapetorch.tensor.modes import grad_mode
from shapetorch.tensor.tensors import Tensor


def _chosen(argnums: int | tuple[int, ...]) -> tuple[int, ...]:
    return (argnums,) if isinstance(argnums, int) else tuple(argnums)


def _fresh(value: Any) -> Any:
    """A view of each tensor, to differentiate by, through which outer gradients still flow."""

    def one(item: Any) -> Any:
        if not isinstance(item, Tensor):
            return item
        item = mapped_everywhere(item)
        return item.view_as(item) if item.requires_grad else item.detach().requires_grad_()

    return mapped(one, value)


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
        with grad_mode(True):
            own = list(args)
            for place in _chosen(argnums):
                own[place] = _fresh(own[place])
            given = func(*own, **kwargs)
            value, aux = given if has_aux else (given, None)
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
            wanted = [own[place] for place in _chosen(argnums)]
            flat = [item for item in leaves(wanted) if isinstance(item, Tensor)]
            outer = any(isinstance(item, Tensor) and item.requires_grad for item in leaves(args))
            found = (
                _grad(value, flat, create_graph=True, allow_unused=True)
                if value.requires_grad
                else [None] * len(flat)
            )
        filled = iter(
            [
                (item if outer else item.detach())
                if item is not None
                else zeros_of(tuple(tensor.shape), tensor.dtype)
                for item, tensor in zip(found, flat, strict=True)
            ]
        )
        made = tuple(unflatten(item, filled) for item in wanted)
        result = made[0] if single else made
        shown = value if outer else value.detach()
        return (result, (shown, aux)) if has_aux else (result, shown)

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
    with grad_mode(True):
        own = [_fresh(item) for item in primals]
        given = func(*own)
        value, aux = given if has_aux else (given, None)
    outer = any(isinstance(item, Tensor) and item.requires_grad for item in leaves(primals))
    flat = [item for item in leaves(own) if isinstance(item, Tensor)]
    results = list(leaves(value))

    def pull_back(cotangents: Any, retain_graph: bool = True, create_graph: bool = True) -> Any:
        weights = list(leaves(cotangents))
        used = [place for place, item in enumerate(results) if item.requires_grad]
        found = (
            _grad(
                [results[place] for place in used],
                flat,
                [weights[place] for place in used],
                retain_graph=retain_graph,
                create_graph=create_graph,
                allow_unused=True,
            )
            if used
            else [None] * len(flat)
        )
        filled = iter(
            [
                (item if outer else item.detach())
                if item is not None
                else zeros_of(tuple(tensor.shape), tensor.dtype)
                for item, tensor in zip(found, flat, strict=True)
            ]
        )
        return tuple(unflatten(item, filled) for item in own)

    shown = mapped(
        lambda item: item if outer or not isinstance(item, Tensor) else item.detach(), value
    )
    return (shown, pull_back, aux) if has_aux else (shown, pull_back)


def jvp(func: Callable[..., Any], primals: Any, tangents: Any) -> tuple[Any, Any]:
    """What `func` gives, and its derivative along `tangents`."""
    outer = any(isinstance(item, Tensor) and item.requires_grad for item in leaves(primals))
    return functional.jvp(func, tuple(primals), tuple(tangents), create_graph=outer)


def jacrev(func: Callable[..., Any], argnums: int | tuple[int, ...] = 0) -> Callable[..., Any]:
    """The function that gives the Jacobian of `func` by some of its arguments."""
    single = isinstance(argnums, int)

    @functools.wraps(func)
    def jacobian(*args: Any) -> Any:
        places = _chosen(argnums)

        def of_chosen(*chosen: Any) -> Any:
            own = list(args)
            for place, item in zip(places, chosen, strict=True):
                own[place] = item
            return func(*own)

        outer = any(isinstance(item, Tensor) and item.requires_grad for item in leaves(args))
        found = functional.jacobian(of_chosen, tuple(args[place] for place in places), outer)
        several = found and isinstance(found[0], tuple)
        if not single:
            return found
        return tuple(row[0] for row in found) if several else found[0]

    return jacobian


jacfwd = jacrev


def hessian(func: Callable[..., Any], argnums: int | tuple[int, ...] = 0) -> Callable[..., Any]:
    """The function that gives the Hessian of `func` by some of its arguments."""
    return jacrev(jacrev(func, argnums), argnums)
