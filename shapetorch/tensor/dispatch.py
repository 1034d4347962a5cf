"""From a call to a result: the rule judges the shapes, then the operation computes.

Arguments are bound to the rule's signatures as everywhere else, so a wrong shape raises here what
the type checker reports, in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from shapetorch.rules import FUNCTIONS, METHODS, Rule
from shapetorch.rules.bind import Bound, Unfit, assign, bind
from shapetorch.tensor.dtypes import DEFAULTS, FLOATING, promote
from shapetorch.tensor.operations import OPERATIONS

if TYPE_CHECKING:
    from shapetorch.tensor.tensors import Tensor


def judge(
    name: str, args: Sequence[Any], kwargs: Mapping[str, Any], operator: str | None = None
) -> tuple[Bound, tuple[int, ...]]:
    """The signature a call fits, and the shape of its result.

    Args:
        name: The operation.
        args: Positional arguments.
        kwargs: Keyword arguments.
        operator: The method behind an operator (``__add__``), whose rule speaks of ``+``.

    Raises:
        ShapeError: the rule is broken.
        TypeError: no signature fits.
    """
    rules = METHODS.get(operator or "") or FUNCTIONS.get(f"torch.{name}") or METHODS.get(name)
    assert rules, f"there is no rule for {name}"
    bound = bind(rules, args, kwargs, _convert, _is_sequence)
    if bound is None:
        given = ", ".join(type(value).__name__ for value in (*args, *kwargs.values()))
        raise TypeError(f"{name}: no signature takes ({given})")
    shape: tuple[int, ...] = bound.rule.shape(**bound.arguments)
    return bound, shape


def apply(name: str, *args: Any, operator: str | None = None, **kwargs: Any) -> Tensor:
    """The result of an operation; see `judge` for what it raises."""
    from shapetorch.tensor.tensors import Tensor

    bound, shape = judge(name, args, kwargs, operator)
    made = OPERATIONS[name]
    values = values_of(bound.rule, args, kwargs)
    numbers = _numbers(bound.rule, values)
    operands = [value for value in values.values() if isinstance(value, Tensor)]
    common = promote(((x.dtype, len(x.shape)) for x in operands), numbers.values())
    if made.floating and common.category < FLOATING:
        common = DEFAULTS[FLOATING]
    for key, value in values.items():
        if key in numbers or isinstance(value, Tensor):
            values[key] = np.asarray(value, common.numpy)
    result = made.forward(**values)
    assert result.shape == shape, f"{name}: computed {result.shape} where the rule says {shape}"
    return Tensor.of_numpy(result.astype(common.numpy, copy=False))


def values_of(rule: Rule, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The call's own values by parameter, and the keywords that the rule does not look at."""
    assigned = assign(rule.parameters, args, kwargs, rule.spread, _is_sequence)
    return {**{key: value for key, value in kwargs.items() if key not in assigned}, **assigned}


def _numbers(rule: Rule, values: Mapping[str, Any]) -> dict[str, complex]:
    """The Python numbers that stand where a tensor may."""
    kinds = {parameter.name: parameter.kind for parameter in rule.parameters}
    return {
        key: value
        for key, value in values.items()
        if isinstance(value, (int, float, complex)) and "Number" in kinds.get(key, "")
    }


def _is_sequence(value: Any) -> bool:
    return isinstance(value, (list, tuple))


def _convert(value: Any, kind: str) -> object:
    """An argument as the rule wants it."""
    from shapetorch.tensor.tensors import Tensor

    if kind == "object":
        return value
    if isinstance(value, Tensor):
        if kind.startswith("Shape"):
            return value.shape
        raise Unfit
    if kind.startswith("Sizes") and isinstance(value, (list, tuple)):
        if not all(isinstance(size, int) for size in value):
            raise Unfit
        return tuple(value)
    if kind.startswith("Sizes") and isinstance(value, int):
        return (value,)
    if "Number" in kind and isinstance(value, (int, float, complex)):
        return ()
    if kind.startswith("Size") and isinstance(value, int):
        return value
    if "float" in kind and isinstance(value, float):
        return value
    raise Unfit
