"""Derivatives along directions, and Jacobians: `jvp`, `linearize`, `jacrev`, `jacfwd`, `hessian`.

A derivative along a direction is the gradient of a product with weights, differentiated by the weights.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from shapetorch.autograd.functional import gradients_of, table_of
from shapetorch.func.gradients import Call, chosen
from shapetorch.func.structures import leaves, unflatten
from shapetorch.tensor.engine import zeros_of
from shapetorch.tensor.mapped import mapped_everywhere
from shapetorch.tensor.modes import grad_mode
from shapetorch.tensor.tensors import Tensor


class _Direction:
    """The derivative of a call along any direction."""

    def __init__(self, call: Call, strict: bool = False) -> None:
        self.call = call
        with grad_mode(True):
            self.weights = [
                mapped_everywhere(zeros_of(tuple(item.shape), item.dtype)).requires_grad_()
                for item in call.results
            ]
            self.products = gradients_of(call.results, call.flat, self.weights, True, strict)

    def along(self, tangents: Any) -> Any:
        """The derivative along one direction, in the structure of the result."""
        given = list(leaves(tangents))
        _check_alike(given, self.call.flat)
        outer = self.call.outer or any(item.requires_grad for item in given)
        with grad_mode(True):
            found = gradients_of(self.products, self.weights, given, outer, False)
        made = [item if outer else item.detach() for item in found]
        return unflatten(self.call.value, iter(made))


def _check_alike(tangents: Sequence[Any], primals: Sequence[Tensor]) -> None:
    if len(tangents) != len(primals):
        raise RuntimeError(
            f"jvp: expected one tangent for each primal, got {len(tangents)} and {len(primals)}"
        )
    for one, other in zip(tangents, primals, strict=True):
        if not isinstance(one, Tensor):
            raise ValueError(f"jvp: expected tangents that are tensors, got {type(one).__name__}")
        if one.shape != other.shape:
            raise RuntimeError(
                f"jvp: expected the size {list(other.shape)} of the primal, got {list(one.shape)}"
            )


def jvp(
    func: Callable[..., Any],
    primals: Any,
    tangents: Any,
    *,
    strict: bool = False,
    has_aux: bool = False,
) -> Any:
    """What `func` gives, and its derivative along `tangents`.

    Args:
        func: A function of tensors.
        primals: Its arguments, a tuple.
        tangents: The direction, of the structure of `primals`.
        strict: Whether a result that does not depend on an argument is an error.
        has_aux: Whether `func` gives a pair, whose second part is passed through.
    """
    if not isinstance(primals, tuple) or not isinstance(tangents, tuple):
        raise RuntimeError(
            "jvp: expected primals and tangents to be tuples, got "
            f"{type(primals).__name__} and {type(tangents).__name__}"
        )
    call = Call(func, primals, range(len(primals)), {}, has_aux)
    made = (call.shown(call.value), _Direction(call, strict).along(tangents))
    return (*made, call.shown(call.aux)) if has_aux else made


def linearize(func: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[..., Any]]:
    """What `func` gives, and a function of tangents that gives its derivative along them."""
    call = Call(func, primals, range(len(primals)), {}, False)
    direction = _Direction(call)

    def push_forward(*tangents: Any) -> Any:
        return direction.along(tangents)

    return call.shown(call.value), push_forward


def jacrev(
    func: Callable[..., Any],
    argnums: int | tuple[int, ...] = 0,
    *,
    has_aux: bool = False,
    chunk_size: int | None = None,
) -> Callable[..., Any]:
    """The function that gives the Jacobian of `func` by some of its arguments.

    Args:
        func: A function that gives tensors (and something else if `has_aux`).
        argnums: By which arguments to differentiate.
        has_aux: Whether `func` gives a pair, whose second part is passed through.
        chunk_size: Taken for compatibility: rows are computed one after the other.
    """
    single = isinstance(argnums, int)

    @functools.wraps(func)
    def jacobian(*args: Any) -> Any:
        call = Call(func, args, chosen(argnums), {}, has_aux)
        with grad_mode(True):
            table = table_of(call.results, call.flat, call.outer, False)
        rows = []
        for row in table:
            made = call.filled(row, call.outer)
            rows.append(made[0] if single else made)
        found = unflatten(call.value, iter(rows))
        return (found, call.shown(call.aux)) if has_aux else found

    return jacobian


def jacfwd(
    func: Callable[..., Any],
    argnums: int | tuple[int, ...] = 0,
    has_aux: bool = False,
    *,
    randomness: str = "error",
) -> Callable[..., Any]:
    """As `jacrev`, which it calls: there is one way to a Jacobian.

    Args:
        func: See `jacrev`.
        argnums: See `jacrev`.
        has_aux: See `jacrev`.
        randomness: Taken for compatibility: `func` runs once.
    """
    return jacrev(func, argnums, has_aux=has_aux)


def hessian(func: Callable[..., Any], argnums: int | tuple[int, ...] = 0) -> Callable[..., Any]:
    """The function that gives the Hessian of `func` by some of its arguments."""
    return jacrev(jacrev(func, argnums), argnums)


def functionalize(func: Callable[..., Any], *, remove: str = "mutations") -> Callable[..., Any]:
    """The function itself: writes in place need not be taken out of anything here.

    Args:
        func: A function of tensors.
        remove: "mutations" or "mutations_and_views".
    """
    if remove not in ("mutations", "mutations_and_views"):
        raise RuntimeError(
            f"functionalize: remove must be 'mutations' or 'mutations_and_views', got {remove!r}"
        )
    return func
