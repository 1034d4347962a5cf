"""The batching rules by operation, and what rules have in common.

A rule gets the call of an operation in which tensors of one map stand for their examples, and makes
one call with all of them. Where it cannot, it says `Unbatchable`, and the operation runs for one
example after the other, as do operations without a rule.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, TypeAlias

from shapetorch.func.structures import leaves
from shapetorch.func.structures import mapped as each_leaf
from shapetorch.tensor.mapped import Level, Mapped, mapped, value_at, values_at
from shapetorch.tensor.operations import _SPELLING
from shapetorch.tensor.tensors import Tensor

Call: TypeAlias = Callable[..., Any]
Rule: TypeAlias = Callable[[Level, Call, tuple[Any, ...], dict[str, Any]], Any]


class Unbatchable(Exception):
    """A rule does not know this call: it runs for one example after the other."""


RULES: dict[str, Rule] = {}
"""By the name of the operation (``"add"``, ``"linalg.det"``) or, of what is a method alone, the method's."""


def add_rule(names: str, rule: Rule) -> None:
    """Enter a rule for the operations so called."""
    for name in names.split():
        assert name not in RULES, f"{name} has two batching rules"
        RULES[name] = rule


def batching(names: str) -> Callable[[Rule], Rule]:
    """Enter the function below as the rule of these operations."""

    def enter(rule: Rule) -> Rule:
        add_rule(names, rule)
        return rule

    return enter


# -- a call ------------------------------------------------------------------------------------------


@cache
def signature_of(call: Call) -> inspect.Signature:
    """The parameters of an operation."""
    return inspect.signature(call)


def bound(call: Call, args: Sequence[Any], kwargs: dict[str, Any]) -> inspect.BoundArguments:
    """The arguments by the names of the parameters, defaults included."""
    signature = signature_of(call)
    known = signature.parameters
    if not kwargs.keys() <= known.keys():
        kwargs = {
            key if key in known else _SPELLING.get(key, key): item for key, item in kwargs.items()
        }
        if "out" in kwargs and "out" not in known:
            raise Unbatchable
    found = signature.bind(*args, **kwargs)
    found.apply_defaults()
    return found


def run(call: Call, arguments: inspect.BoundArguments) -> Any:
    """The call with these arguments."""
    return call(*arguments.args, **arguments.kwargs)


def is_mapped(item: Any, level: Level) -> bool:
    """Whether an argument is mapped by this map, or holds something that is."""
    return any(value_at(leaf, level) is not None for leaf in leaves(item))


def refuse_mapped(level: Level, items: Iterable[Any]) -> None:
    """None of these arguments may be mapped."""
    if any(is_mapped(item, level) for item in items):
        raise Unbatchable


def examples(item: Any, level: Level) -> Tensor:
    """The examples of an argument that must be a mapped tensor."""
    found = value_at(item, level)
    if found is None:
        raise Unbatchable
    return found


def lowered(item: Any, level: Level) -> Any:
    """An argument with the examples in place of mapped tensors."""

    def one(leaf: Any) -> Any:
        found = value_at(leaf, level)
        return leaf if found is None else found

    return each_leaf(one, item)


def raised(result: Any, level: Level) -> Any:
    """A result whose tensors have the examples along dim 0, as what one example gives."""
    return each_leaf(lambda leaf: mapped(leaf, level) if isinstance(leaf, Tensor) else leaf, result)


def aligned(item: Tensor, level: Level, rank: int) -> Tensor:
    """The examples of a mapped tensor with dims of size 1 behind the first, so that one has `rank` dims.

    Something that is the same for all examples stays as it is: it broadcasts.
    """
    found = value_at(item, level)
    if found is None:
        return item
    missing = rank - item.ndim
    return found.reshape(level.size, *(1,) * missing, *item.shape) if missing > 0 else found


def place(dim: Any, rank: int) -> int:
    """The dim of the examples' tensor that is `dim` of one example.

    Raises:
        IndexError: there is none.
    """
    if isinstance(dim, bool) or not isinstance(dim, int):
        raise Unbatchable
    if not -rank <= dim < rank:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-rank}, {rank - 1}], but got {dim})"
        )
    return dim % rank + 1


def ranks(items: Iterable[Any]) -> int:
    """The most dims of one example among tensors."""
    return max((item.ndim for item in items if isinstance(item, Tensor)), default=0)


__all__ = [
    "RULES",
    "Call",
    "Mapped",
    "Rule",
    "Unbatchable",
    "add_rule",
    "aligned",
    "batching",
    "bound",
    "examples",
    "is_mapped",
    "lowered",
    "place",
    "raised",
    "ranks",
    "refuse_mapped",
    "run",
    "values_at",
]
