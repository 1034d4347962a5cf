"""What an annotation's row of sizes must not be: code that works for ``*batch`` only if it is empty is wrong.

A rule is asked for rows of several lengths, and is broken if it is broken for all of them. That lets
pass what works for no size at all, or only where each step finds another length that suits it. So a
function whose parameters have a row is run once more with one size in its place, and with two. What
breaks both times, and at the same place, breaks for every row that its author had in mind.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from shapetorch.annotations.spec import Axis, VariadicAxis
from shapetorch.dim import Size, Variadic, name
from shapetorch.flow import hint_reading, hints, signatures
from shapetorch.flow.problems import Note, Problem
from shapetorch.flow.state import BudgetExceededError, Run
from shapetorch.flow.values import Function, Tensor


@dataclass(frozen=True)
class Rows:
    """How many sizes the rows in the annotations of one function have."""

    node: ast.AST
    counts: Mapping[str, int]

    def bindings(self) -> dict[str, tuple[Size, ...]]:
        """The names that stand for each row."""
        return {f"*{label}": tuple(self._names(label)) for label in self.counts}

    def _names(self, label: str) -> list[Size]:
        return [name(f"{label}[{place}]") for place in range(self.counts[label])]

    def applied(self, hint: hints.Hint) -> hints.Hint:
        """A hint with names in place of rows."""
        match hint:
            case hints.TensorHint(spec) if spec is not None:
                axes = tuple(axis for part in spec.axes for axis in self._axes(part))
                return replace(hint, spec=replace(spec, axes=axes))
            case hints.UnionHint(items):
                return hints.UnionHint(tuple(map(self.applied, items)))
            case hints.TupleHint(items):
                return hints.TupleHint(tuple(map(self.applied, items)))
            case hints.ManyHint(element):
                return replace(hint, element=self.applied(element))
        return hint

    def _axes(self, part: Axis | VariadicAxis) -> Iterator[Axis | VariadicAxis]:
        if isinstance(part, Axis) or part.name is None or part.name not in self.counts:
            yield part
            return
        for size in self._names(part.name):
            yield Axis(size, broadcast=part.broadcast)


def check(run: Run, function: Function, once: Callable[[], None]) -> None:
    """Run a function that nothing was wrong with for rows of one size and of two.

    Args:
        run: The run.
        function: The function, not defined in another one.
        once: Checks it for all sizes.
    """
    run.steps = 0
    try:
        labels = _rows_of(run, function)
    except BudgetExceededError:
        return
    if not labels:
        return
    found: dict[tuple[int, str], Problem] = {}
    for count in (1, 2):
        run.rows = Rows(function.node, dict.fromkeys(labels, count))
        with run.aside() as problems:
            once()
        run.rows = None
        here = {(p.line, p.kind): p for p in problems.values() if p.severity == "error"}
        found = here if count == 1 else {key: p for key, p in found.items() if key in here}
        if not found:
            return
    spelled = " and ".join(f"*{label}" for label in sorted(labels))
    for problem in found.values():
        note = Note(f"where {spelled} is a row of one size or more", None)
        told = replace(problem, notes=(*problem.notes, note))
        run.problems.setdefault(told.key, told)


def _rows_of(run: Run, function: Function) -> set[str]:
    """The rows that parameters bind; none where an attribute has one of them too, or the function calls itself."""
    node = function.node
    if isinstance(node, ast.Lambda) or function.closure is not None or node.name == "__init__":
        return set()
    found: set[str] = set()
    for parameter in signatures.parameters(function):
        found |= _rows_in(hint_reading.function_hint(run, function, parameter.annotation))
    if not found or _mentions_itself(function, node):
        return set()
    instances = [run.object_of(instance) for instance, _, _ in run.generic.values()]
    held = {
        part.name
        for record in instances
        for value in (record.attrs.values() if record is not None else ())
        if isinstance(value, Tensor)
        for part in value.shape
        if isinstance(part, Variadic)
    }
    return set() if found & held else found


def _mentions_itself(function: Function, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function may call itself, with rows of another length."""
    if function.owner is None:
        return any(isinstance(part, ast.Name) and part.id == node.name for part in ast.walk(node))
    spec = [*node.args.posonlyargs, *node.args.args][:1]
    bases = {function.owner.node.name, *(parameter.arg for parameter in spec)}
    return any(
        isinstance(part, ast.Attribute)
        and part.attr == node.name
        and isinstance(part.value, ast.Name)
        and part.value.id in bases
        for part in ast.walk(node)
    )


def _rows_in(hint: hints.Hint) -> set[str]:
    match hint:
        case hints.TensorHint(spec) if spec is not None:
            rows = [axis for axis in spec.axes if isinstance(axis, VariadicAxis)]
            return {axis.name for axis in rows if axis.name and not axis.tree and not axis.helper}
        case hints.UnionHint(items) | hints.TupleHint(items):
            return set[str]().union(*map(_rows_in, items))
        case hints.ManyHint(element):
            return _rows_in(element)
    return set()
