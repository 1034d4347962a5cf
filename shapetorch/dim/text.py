"""Text of sizes and shapes: `parse` reads what `render` writes, and more.

Written: ``2*d + 1``, ``T*(n//4)``, ``min(a, b)``, ``?`` for an unknown size, ``[B, *batch, 512]`` for
shapes. Read: Python's integer arithmetic over names, dotted names (soft), ``min``, ``max``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from functools import lru_cache

from shapetorch.dim import division, expr
from shapetorch.dim.expr import UNKNOWN_DIM, Atom, Dim, FloorDiv, Max, Min, Name, Size


@lru_cache(maxsize=16384)
def render(size: Size) -> str:
    """A size as text."""
    if isinstance(size, int):
        return str(size)
    if size is UNKNOWN_DIM:
        return "?"
    parts = []
    for position, (monomial, factor) in enumerate(size.terms):
        sign = "-" if factor < 0 else "+"
        lead = "-" if factor < 0 and position == 0 else "" if position == 0 else f" {sign} "
        factors = [_render_atom(atom, power) for atom, power in monomial]
        if len(factors) == 1 == abs(factor) and lead != "-" and monomial[0][1] == 1:
            factors = [_bare(factors[0])]
        if abs(factor) != 1 or not factors:
            factors.insert(0, str(abs(factor)))
        parts.append(lead + "*".join(factors))
    return "".join(parts)


def _bare(text: str) -> str:
    """A division that stands alone in its term needs no parentheses."""
    return text[1:-1] if text.startswith("(") else text


def _render_atom(atom: Atom, power: int) -> str:
    if isinstance(atom, Name):
        text = _render_name(atom.name)
    elif isinstance(atom, FloorDiv):
        text = f"({_operand(atom.numerator)}//{_operand(atom.denominator)})"
    else:
        assert isinstance(atom, Min), "an atom is a Name, a FloorDiv, a Min or a Max"
        inner = ", ".join(render(item) for item in atom.items)
        text = f"{'max' if isinstance(atom, Max) else 'min'}({inner})"
    return "*".join([text] * power)


LARGEST = 2**63
ELEMENT = re.compile(r"\*(?P<group>[^:]*):(?P<place>\d+)$")


def _render_name(text: str) -> str:
    """A name as the user knows it: ``batch[1]`` for one size of ``*batch``."""
    match = ELEMENT.match(text)
    if match is None:
        return "?" if text.startswith("?") else text
    return "?" if match["group"].startswith(".") else f"{match['group']}[{match['place']}]"


def _operand(size: Size) -> str:
    text = render(size)
    return text if text.replace("_", "").replace(".", "").isalnum() else f"({text})"


_OPERATORS: dict[type[ast.operator], Callable[[Size, Size], Size]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: division.modulo,
}


def parse(text: str) -> Size:
    """The size that `text` writes.

    Raises:
        ValueError: `text` is not integer arithmetic over names.
    """
    if text.strip() == "?":
        return UNKNOWN_DIM
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ValueError(f"size {_shortened(text)!r}: not an expression") from error
    return from_ast(tree.body)


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}..."


def from_ast(node: ast.expr, resolve: Callable[[str], Size] | None = None) -> Size:
    """The size an expression stands for; `resolve` gives the value of a (dotted) name.

    Raises:
        ValueError: the expression is not integer arithmetic over names.
    """
    try:
        return _from_ast(node, resolve)
    except RecursionError as error:
        raise ValueError("size: nested too deeply") from error


def _from_ast(node: ast.expr, resolve: Callable[[str], Size] | None) -> Size:
    dotted = _dotted(node)
    if dotted is not None:
        return resolve(dotted) if resolve else expr.name(dotted, soft="." in dotted)
    match node:
        case ast.Constant(value=int(value)) if not isinstance(value, bool):
            return value
        case ast.BinOp(left, operator, right) if type(operator) in _OPERATORS:
            try:
                return _OPERATORS[type(operator)](
                    _from_ast(left, resolve), _from_ast(right, resolve)
                )
            except ZeroDivisionError as error:
                raise ValueError(
                    f"size {_shortened(ast.unparse(node))!r}: division by zero"
                ) from error
        case ast.BinOp(left, ast.Pow(), ast.Constant(value=int(power))) if 0 <= power <= 16:
            return _power(_from_ast(left, resolve), power)
        case ast.UnaryOp(ast.USub(), operand):
            return -_from_ast(operand, resolve)
        case ast.Call(ast.Name("min" | "max" as which), [_, *_] as args, []):
            extreme = expr.minimum if which == "min" else expr.maximum
            return extreme(*(_from_ast(argument, resolve) for argument in args))
        case ast.Call(ast.Name("prod"), [ast.Starred(ast.Name(group))], []):
            return expr.name(f"prod(*{group})")
    raise ValueError(f"size {_shortened(ast.unparse(node))!r}: not integer arithmetic over names")


def _power(base: Size, power: int) -> Size:
    if isinstance(base, int) and abs(base) ** power > LARGEST:
        raise ValueError(f"size {base}**{power}: too large")
    return base**power


def _dotted(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = _dotted(node.value)
        return None if base is None else f"{base}.{node.attr}"
    return None


def is_symbolic(size: Size) -> bool:
    """Whether a size has names in it."""
    return isinstance(size, Dim) and size is not UNKNOWN_DIM
