"""What follows for sizes from a parameter that was left out.

``context = seq if context is None else context`` gives two shapes that differ in one name. Where `context`
is missing, nothing binds that name but what else it stands in, so there it may be the other one.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from shapetorch.dim import Name, Size, Variadic, as_name, name, substitute
from shapetorch.errors import ShapeError
from shapetorch.flow import hint_reading, hints, signatures
from shapetorch.flow.state import Run
from shapetorch.flow.values import Tensor, Value


def explain(run: Run, options: Sequence[Sequence[Value]], errors: Sequence[ShapeError]) -> bool:
    """Whether one of the errors is none where an optional parameter is missing.

    Args:
        run: The run.
        options: The alternatives of each operand.
        errors: What is wrong with each combination of them.
    """
    for error in errors:
        clash = [as_name(size) for size in error.clash or ()]
        if len(clash) == 2 and all(clash):
            for missing, other in (clash, clash[::-1]):
                assert missing is not None and other is not None, "both are names"
                if any(_differ_in(several, missing, other) for several in options):
                    if missing.name in _names_of_optional(run):
                        return True
    return False


def _differ_in(several: Sequence[Value], missing: Name, other: Name) -> bool:
    """Whether two alternatives are one shape but for a name."""
    shapes = [value.shape for value in several if isinstance(value, Tensor)]
    new = {missing.name: name(other.name, soft=other.soft)}
    return any(
        missing in map(_as_name, shape) and tuple(_renamed(part, new) for part in shape) in shapes
        for shape in shapes
    )


def _as_name(part: Size | Variadic) -> Name | None:
    return None if isinstance(part, Variadic) else as_name(part)


def _renamed(part: Size | Variadic, new: Mapping[str, Size]) -> Size | Variadic:
    return part if isinstance(part, Variadic) else substitute(part, new)


def _names_of_optional(run: Run) -> set[str]:
    """The names that stand only in annotations of parameters that may be missing."""
    function = run.frame.function
    if function is None:
        return set()
    given = signatures.defaults(function)
    optional: set[str] = set()
    bound: set[str] = set()
    for parameter in signatures.parameters(function):
        hint = hint_reading.function_hint(run, function, parameter.annotation)
        default = given.get(parameter.arg)
        may_lack = isinstance(default, ast.Constant) and default.value is None
        (optional if may_lack else bound).update(hints.names_of(hint))
    return optional - bound
