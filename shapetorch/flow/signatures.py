"""What a function's ``def`` says by itself: decorators, parameters, defaults, and which argument goes where."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from shapetorch.flow.state import Run
from shapetorch.flow.values import DictRecord, Function, Tuple, Value

TRANSPARENT = frozenset(
    "staticmethod classmethod property abstractmethod override final no_grad inference_mode enable_grad "
    "jaxtyped typechecked beartype typechecker jit_script script ignore unused export cache lru_cache "
    "cached_property contextmanager overload wraps typecheck checked compile autocast custom_fwd custom_bwd "
    "torch_compile".split()
)
"""Decorators that leave shapes as they are; behind any other, a function is unknown to its callers."""


def decorators(run: Run, function: Function) -> list[str]:
    """The last part of the name of each decorator."""
    if isinstance(function.node, ast.Lambda):
        return []
    found = []
    for node in function.node.decorator_list:
        target = node.func if isinstance(node, ast.Call) else node
        found.append(ast.unparse(target).rsplit(".", 1)[-1])
    return found


def is_transparent(run: Run, function: Function) -> bool:
    """Whether callers see the function itself."""
    return all(
        name in TRANSPARENT or name in ("setter", "getter") for name in decorators(run, function)
    )


def parameters(function: Function) -> list[ast.arg]:
    """The parameters in order, without ``*args`` and ``**kwargs``."""
    arguments = function.node.args
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


def bind_arguments(
    run: Run, function: Function, args: Sequence[Value], kwargs: Mapping[str, Value]
) -> dict[str, Value] | None:
    """Which value goes to which parameter; None if the call does not fit. Defaults are left out."""
    spec = function.node.args
    positional = [*spec.posonlyargs, *spec.args]
    given = list(args)
    if function.bound is not None:
        given.insert(0, function.bound)
    bound: dict[str, Value] = {}
    for parameter, value in zip(positional, given, strict=False):
        bound[parameter.arg] = value
    rest = given[len(positional) :]
    if spec.vararg is not None:
        bound[spec.vararg.arg] = Tuple(tuple(rest))
    elif rest:
        return None
    known = {parameter.arg for parameter in (*spec.args, *spec.kwonlyargs)}
    extra: dict[Any, Value] = {}
    for key, value in kwargs.items():
        if key in known and key not in bound:
            bound[key] = value
        elif spec.kwarg is not None:
            extra[key] = value
        else:
            return None
    if spec.kwarg is not None:
        bound[spec.kwarg.arg] = run.allocate(DictRecord(extra))
    return bound


def defaults(function: Function) -> dict[str, ast.expr]:
    """The default of each parameter that has one."""
    spec = function.node.args
    positional = [*spec.posonlyargs, *spec.args]
    found = dict(
        zip(
            [p.arg for p in positional[len(positional) - len(spec.defaults) :]],
            spec.defaults,
            strict=True,
        )
    )
    found.update(
        {p.arg: d for p, d in zip(spec.kwonlyargs, spec.kw_defaults, strict=True) if d is not None}
    )
    return found
