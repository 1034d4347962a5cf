"""Sizes, bindings and facts for laws that hold for all of them.

A size is drawn as a recipe, a small tree of operations, so that it can be computed in two ways: on
symbolic sizes (`build`) and on plain integers (`run`). Where the recipe divides by 0, `run` raises
ZeroDivisionError and no law says anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from shapetorch.dim import (
    NO_FACTS,
    Facts,
    Size,
    ceildiv,
    evaluate,
    maximum,
    minimum,
    modulo,
    name,
    names,
)

NAMES = ("a", "b", "c", "d", "h")
SOFT_NAMES = ("cfg.n", "cfg.m")
NUMBERS = (0, 1, 2, 3, 4, 5, 6, 7, 12, 16, 64, -1, -2, -3)


@dataclass(frozen=True)
class Leaf:
    """A number or a name."""

    value: int | str

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True)
class Node:
    """An operation on two recipes."""

    operator: str
    left: Recipe
    right: Recipe

    def __str__(self) -> str:
        return f"({self.left} {self.operator} {self.right})"


Recipe = Leaf | Node

SYMBOLIC = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "//": lambda a, b: a // b,
    "%": modulo,
    "min": minimum,
    "max": maximum,
    "ceildiv": ceildiv,
}
CONCRETE = {**SYMBOLIC, "%": lambda a, b: a % b, "min": min, "max": max}
DIVISIONS = ("//", "%", "ceildiv")


def build(recipe: Recipe) -> Size:
    """The size that a recipe makes of names; ZeroDivisionError where it divides by the number 0."""
    if isinstance(recipe, Leaf):
        value = recipe.value
        return name(value, soft="." in value) if isinstance(value, str) else value
    return SYMBOLIC[recipe.operator](build(recipe.left), build(recipe.right))


def run(recipe: Recipe, binding: dict[str, int]) -> int:
    """The number that a recipe makes of numbers."""
    if isinstance(recipe, Leaf):
        return binding[recipe.value] if isinstance(recipe.value, str) else recipe.value
    return CONCRETE[recipe.operator](run(recipe.left, binding), run(recipe.right, binding))


def divides(recipe: Recipe) -> bool:
    """Whether there is a division in a recipe."""
    if isinstance(recipe, Leaf):
        return False
    return recipe.operator in DIVISIONS or divides(recipe.left) or divides(recipe.right)


def recipes(
    operators: tuple[str, ...] = tuple(SYMBOLIC),
    letters: tuple[str, ...] = NAMES,
    leaves: int = 8,
) -> st.SearchStrategy[Recipe]:
    """Recipes over `letters` with at most so many leaves.

    Drawn as one string of bytes, each a leaf or an operation on the last two: one draw, not a tree of
    draws, which is more than twice as fast.
    """
    return st.binary(min_size=1, max_size=2 * leaves - 1).map(
        lambda drawn: _recipe(drawn, operators, letters)
    )


def _recipe(drawn: bytes, operators: tuple[str, ...], letters: tuple[str, ...] = NAMES) -> Recipe:
    tokens = (*letters, *letters, *NUMBERS, *operators, *operators)
    return _assemble([tokens[byte % len(tokens)] for byte in drawn], operators)


def _assemble(tokens: list[int | str], operators: tuple[str, ...]) -> Recipe:
    stack: list[Recipe] = []
    for token in tokens:
        if token not in SYMBOLIC:
            stack.append(Leaf(token))
        elif len(stack) >= 2:
            right, left = stack.pop(), stack.pop()
            stack.append(Node(str(token), left, right))
    while len(stack) > 1:
        right, left = stack.pop(), stack.pop()
        stack.append(Node(operators[0], left, right))
    return stack[0] if stack else Leaf(1)


def sizes(**options: Any) -> st.SearchStrategy[Size]:
    """Symbolic sizes (and a few numbers)."""
    return recipes(**options).map(_size)


def _size(recipe: Recipe) -> Size:
    try:
        return build(recipe)
    except ZeroDivisionError:  # the number 0 is a divisor
        return 1


def bindings(
    least: int = 1, letters: tuple[str, ...] = (*NAMES, *SOFT_NAMES)
) -> st.SearchStrategy[dict[str, int]]:
    """A number for every name: small ones, where most things happen, and a few up to 100."""
    return st.binary(min_size=len(letters), max_size=len(letters)).map(
        lambda drawn: dict(zip(letters, (_number(byte, least) for byte in drawn), strict=True))
    )


def _number(byte: int, least: int) -> int:
    few = 9 - least
    return least + (byte % few if byte < 128 else (byte - 128) * (101 - least) // 128)


def value_of(size: Size, binding: dict[str, int]) -> int | None:
    """The value of a size, None where it divides by 0."""
    try:
        return evaluate(size, binding)
    except ZeroDivisionError:
        return None


FACT = 11  # bytes that make one fact: its kind, and two sizes


@st.composite
def true_facts(draw: st.DrawFn, binding: dict[str, int], most: int = 4) -> Facts:
    """Facts that hold under `binding`."""
    drawn = draw(st.binary(min_size=FACT * most + 1, max_size=FACT * most + 1))
    facts = NO_FACTS
    for start in range(1, 1 + drawn[0] % (most + 1) * FACT, FACT):
        kind = ("equal", "divisible", "at least", "solved")[drawn[start] % 4]
        left = _size(_recipe(drawn[start + 1 : start + 6], ("+", "*", "//")))
        right = _size(_recipe(drawn[start + 6 : start + 11], ("+", "*", "//", "min")))
        a, b = value_of(left, binding), value_of(right, binding)
        if a is None or b is None:
            continue
        if kind == "equal" and a == b:
            facts = facts.assume_equal(left, right)
        elif kind == "solved":  # an equation made true by a constant
            facts = facts.assume_equal(left, right + (a - b))
        elif kind == "divisible" and b != 0 and a % b == 0:
            facts = facts.assume_divisible(left, right)
        elif kind == "at least" and a >= b:
            facts = facts.assume_at_least(left, right)
    return facts


def complete(binding: dict[str, int], facts: Facts) -> dict[str, int]:
    """`binding` with the names that facts invented for quotients."""
    full = dict(binding)
    for invented, (number, divisor) in facts.quotients.items():
        full[invented] = evaluate(number, full) // evaluate(divisor, full)
    return full


def spelled(*given: Size) -> set[str]:
    """The names in sizes."""
    return {atom.name for size in given for atom in names(size)}
