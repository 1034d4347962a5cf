"""Element-wise operations of einx: ``einx.add("b n, n d -> b n d", x, y)``.

Only the shape of the result is worked out, from the names in the pattern. Nothing is reported: einx is
no part of what the rules are compared with.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from shapetorch.dim import UNKNOWN, AnyShape, Size, Variadic
from shapetorch.flow.state import Run
from shapetorch.flow.values import Constant, Tensor, Unknown, Value

DOTS = "..."
ELEMENTWISE = (
    "add subtract multiply divide true_divide floor_divide where less less_equal greater greater_equal "
    "equal not_equal logical_and logical_or maximum minimum logaddexp"
).split()


def elementwise(
    run: Run, args: Sequence[Value], kwargs: Mapping[str, Value], node: ast.AST
) -> Value:
    """The tensor that comes out, of unknown shape if the pattern or the operands are not understood."""
    pattern = args[0] if args else None
    if not isinstance(pattern, Constant) or not isinstance(pattern.value, str):
        return Tensor()
    left, _, right = pattern.value.partition("->")
    terms = [term.split() for term in left.split(",")]
    output = right.split() if right else _fullest(terms)
    sizes: dict[str, AnyShape] = {}
    for term, operand in zip(terms, args[1:], strict=False):
        if isinstance(operand, Tensor):
            for axis, found in _read(term, operand.shape).items():
                sizes.setdefault(axis, found)
        elif isinstance(operand, Unknown) and DOTS in term:
            sizes.setdefault(DOTS, UNKNOWN)
    return Tensor(_shape(output, sizes))


def _fullest(terms: list[list[str]]) -> list[str]:
    """The operand that has all axes of the others: what einx returns if no output is written."""
    everything = set().union(*terms)
    return next((term for term in terms if everything <= set(term)), [DOTS, "?"])


def _read(term: list[str], shape: AnyShape) -> dict[str, AnyShape]:
    """What each name of an operand's axes stands for, as far as the shape says it."""
    before = term.index(DOTS) if DOTS in term else len(term)
    after = len(term) - before - 1 if DOTS in term else 0
    if before + after > len(shape) or (DOTS not in term and len(term) != len(shape)):
        return {}
    end = len(shape) - after
    outer = [*zip(term[:before], shape[:before], strict=True)]
    outer += zip(term[before + 1 :], shape[end:], strict=True)
    if any(isinstance(size, Variadic) for _, size in outer):
        return {}
    found: dict[str, AnyShape] = {axis: (size,) for axis, size in outer}
    return {**found, DOTS: shape[before:end]} if DOTS in term else found


def _shape(output: list[str], sizes: Mapping[str, AnyShape]) -> AnyShape:
    shape: list[Size | Variadic] = []
    for axis in output:
        if axis.isdecimal():
            shape.append(int(axis))
        elif axis in sizes:
            shape.extend(sizes[axis])
        else:
            return UNKNOWN
    return tuple(shape) if sum(isinstance(part, Variadic) for part in shape) < 2 else UNKNOWN
