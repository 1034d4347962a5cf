"""Binding a call's arguments to a rule, whatever the arguments are made of.

A caller brings its own values (syntax trees, run-time tensors, test samples) and a function that
converts one of them to what a rule's annotation asks for. Overloads are tried in order; the first
signature that the arguments fit is the one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from shapetorch.rules.registry import Parameter, Rule

V = TypeVar("V")


class Unfit(Exception):
    """The arguments do not fit this signature: try the next one."""


class Undecided(Exception):
    """An argument that the rule must know is not known: the result is not known either."""


IGNORED = frozenset(
    "alpha device dtype generator inplace layout memory_format names non_blocking out pin_memory "
    "requires_grad rounding_mode".split()
)
"""Keywords that never bear on a shape; a rule need not name them."""

OTHER_SPELLING = {
    "axis": "dim",
    "keepdims": "keepdim",
    "x": "input",
    "x1": "input",
    "x2": "other",
    "split_size": "split_size_or_sections",
}
"""Another spelling of a keyword, which PyTorch takes too: NumPy's, or a method's."""


@dataclass(frozen=True)
class Bound:
    """A rule with its arguments, and which of them are shapes."""

    rule: Rule
    arguments: dict[str, object]
    shaped: tuple[str, ...]


def is_shaped(parameter: Parameter) -> bool:
    """Whether a parameter takes a tensor, several, or an index, which may hold some."""
    return parameter.kind.startswith("Shape") or parameter.kind == "Elements"


def bind(
    rules: Sequence[Rule],
    args: Sequence[V],
    kwargs: Mapping[str, V],
    convert: Callable[[Any, str], object],
    is_sequence: Callable[[V], bool],
) -> Bound | None:
    """The first of `rules` that the call fits, with converted arguments.

    Args:
        rules: Overloads in order.
        args: Positional arguments.
        kwargs: Keyword arguments.
        convert: ``convert(value, annotation)``; raises `Unfit` or `Undecided`. A spread argument
            comes as a list of values.
        is_sequence: Whether a value is a list or tuple (and so fills a spread parameter by itself).

    Returns:
        None if no signature fits.

    Raises:
        Undecided: a signature fits, but a value it needs is not known.
    """
    for rule in rules:
        try:
            assigned = assign(rule.parameters, args, kwargs, rule.spread, is_sequence)
            arguments = {
                name: convert(value, kind)
                for name, (value, kind) in with_kinds(rule.parameters, assigned).items()
            }
        except Unfit:
            continue
        shaped = tuple(p.name for p in rule.parameters if p.name in arguments and is_shaped(p))
        return Bound(rule, arguments, shaped)
    return None


def with_kinds(
    parameters: Sequence[Parameter], assigned: Mapping[str, V]
) -> dict[str, tuple[V, str]]:
    """Each assigned argument with the annotation it is converted by."""
    kinds = {parameter.name: parameter.kind for parameter in parameters if not parameter.extra}
    other = next((parameter.kind for parameter in parameters if parameter.extra), "object")
    return {name: (value, kinds.get(name, other)) for name, value in assigned.items()}


def assign(
    parameters: Sequence[Parameter],
    args: Sequence[V],
    kwargs: Mapping[str, V],
    spread: str | None,
    is_sequence: Callable[[V], bool],
) -> dict[str, Any]:
    """Which argument goes to which parameter, as Python would do it.

    Raises:
        Unfit: too many, too few, twice, or an unknown keyword.
    """
    assigned: dict[str, Any] = {}
    places = [parameter for parameter in parameters if not parameter.keyword_only]
    for position, value in enumerate(args):
        if position >= len(places):
            raise Unfit
        rows = places[position].kind == "Sequence[Sizes]"  # each argument is a sequence itself
        more = len(args) > len(places)  # a starred shape of unknown rank is one of several sizes
        if places[position].name == spread and (rows or more or not is_sequence(value)):
            assigned[spread] = list(args[position:])
            break
        assigned[places[position].name] = value
    known = {parameter.name for parameter in parameters if not parameter.extra}
    takes_all = any(parameter.extra for parameter in parameters)
    for given, value in kwargs.items():
        renamed = given not in known and OTHER_SPELLING.get(given) in known and not takes_all
        key = OTHER_SPELLING[given] if renamed else given
        if key not in known and key not in IGNORED and not takes_all:
            raise Unfit
        if key in assigned:
            raise Unfit
        if key in known or takes_all:
            assigned[key] = value
    if any(parameter.required and parameter.name not in assigned for parameter in parameters):
        raise Unfit
    return assigned
