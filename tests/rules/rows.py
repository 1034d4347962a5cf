"""Rows of a table: arguments of a rule, and the shape or the error kind expected.

`check` compares the rule with the row, and the row's names with numbers: wherever the names are all 1,
2, 5 or 10, or different primes, the rule must say the same of numbers (or, where it rejects the names,
reject one of those).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from shapetorch.dim import UNKNOWN, UNKNOWN_DIM, Dim, evaluate, names
from shapetorch.errors import ErrorKind, ShapeError

SIZES = (1, 2, 5, 10)
PRIMES = (7, 11, 13, 17, 19, 23)


def check(
    rule: Callable[..., Any], arguments: Mapping[str, Any], expected: Any, least: int = 1
) -> None:
    """Assert that the rule gives `expected` for the arguments, and agrees with itself on numbers.

    Args:
        rule: A shape rule.
        arguments: Its arguments by name.
        expected: A shape, several, or an `ErrorKind`.
        least: The smallest number put in place of names.
    """
    if isinstance(expected, ErrorKind):
        _check_rejected(rule, arguments, expected)
        return
    result = rule(**arguments)
    assert result == expected
    for binding in bindings(arguments, least):
        try:
            concrete = rule(**at(dict(arguments), binding))
        except ShapeError:
            continue
        assert _agree(at(result, binding), concrete), f"at {binding}: {concrete}"


def _check_rejected(
    rule: Callable[..., Any], arguments: Mapping[str, Any], kind: ErrorKind
) -> None:
    with pytest.raises(ShapeError) as caught:
        rule(**arguments)
    error = caught.value
    assert error.kind is kind
    assert isinstance(error, kind.exception)
    assert len(error.params) == len(kind.parameters)
    assert ": " in error.message
    rejected = [_rejects(rule, at(dict(arguments), binding)) for binding in bindings(arguments)]
    assert not rejected or any(rejected), "rejected for names, but for none of the numbers"


def _rejects(rule: Callable[..., Any], arguments: Mapping[str, Any]) -> bool:
    try:
        rule(**arguments)
    except ShapeError:
        return True
    return False


def bindings(arguments: Mapping[str, Any], least: int = 1) -> Iterator[dict[str, int]]:
    """Numbers for the names in the arguments; nothing if there are none."""
    found = sorted(_names(dict(arguments)))
    if found:
        yield from (dict.fromkeys(found, value) for value in SIZES if value >= least)
        yield dict(zip(found, PRIMES, strict=False))


def at(value: Any, binding: Mapping[str, int]) -> Any:
    """`value` with numbers in place of names."""
    if isinstance(value, Dim):
        return value if value is UNKNOWN_DIM else evaluate(value, binding)
    if isinstance(value, dict):
        return {key: at(item, binding) for key, item in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(at(item, binding) for item in value))
    if isinstance(value, (tuple, list)):
        return type(value)(at(item, binding) for item in value)
    return value


def _names(value: Any) -> set[str]:
    if isinstance(value, dict):
        return _names(list(value.values()))
    if isinstance(value, (tuple, list)):
        return set().union(*map(_names, value))
    return {atom.name for atom in names(value)} if isinstance(value, Dim) else set()


def _agree(ours: Any, theirs: Any) -> bool:
    """Whether the shapes say the same; an unknown size, or shape, agrees with any."""
    if ours == UNKNOWN:
        return True
    if isinstance(ours, (tuple, list)):
        return len(ours) == len(theirs) and all(map(_agree, ours, theirs))
    return ours is UNKNOWN_DIM or theirs is UNKNOWN_DIM or ours == theirs
