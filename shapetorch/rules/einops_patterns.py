"""Patterns of einops: ``"b (h w) c -> b h w c"``.

A side is a list of groups, one for each dim; a group is a list of axes, empty for ``1`` and ``()``.
`DOTS` stands alone, or in a group of the right side, for any number of dims. An anonymous axis (a
number above 1) is written with its place, so that no two are the same axis.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from shapetorch.errors import ErrorKind, ShapeError

DOTS = "..."


@dataclass(frozen=True)
class Side:
    """One side of a pattern.

    Attributes:
        groups: The axes of each dim; `DOTS` in place of a group outside of parentheses.
        axes: All axes in order, `DOTS` too.
    """

    groups: tuple[tuple[str, ...] | str, ...]

    @property
    def axes(self) -> tuple[str, ...]:
        """All axes in order, `DOTS` too."""
        found: list[str] = []
        for group in self.groups:
            found += [group] if isinstance(group, str) else group
        return tuple(found)

    @property
    def named(self) -> tuple[str, ...]:
        """The axes with names, and `DOTS`."""
        return tuple(axis for axis in self.axes if not is_anonymous(axis))


def is_anonymous(axis: str) -> bool:
    """Whether an axis is a number."""
    return axis[0].isdigit()


def length_of(axis: str) -> int:
    """The size that an anonymous axis writes."""
    return int(axis.partition("@")[0])


def invalid(operation: str, pattern: str, reason: str) -> NoReturn:
    """Raise einops_error_invalid_pattern."""
    raise ShapeError(
        ErrorKind.einops_error_invalid_pattern,
        (pattern,),
        f"{operation}: {reason}, got {pattern!r}",
    )


def read_pattern(operation: str, pattern: str) -> tuple[Side, Side]:
    """Both sides of a pattern.

    Raises:
        ShapeError: einops_error_invalid_pattern.
    """
    parts = pattern.split("->")
    if len(parts) != 2:
        invalid(operation, pattern, "a pattern must have one arrow")
    left, right = (_read_side(operation, text, pattern) for text in parts)
    if DOTS in left.axes and DOTS not in left.groups:
        invalid(operation, pattern, "an ellipsis on the left must stand outside of parentheses")
    if DOTS in right.axes and DOTS not in left.axes:
        invalid(operation, pattern, "an ellipsis on the right must stand on the left too")
    return left, right


def _read_side(operation: str, text: str, pattern: str) -> Side:
    groups: list[tuple[str, ...] | str] = []
    inside: list[str] | None = None
    for place, token in enumerate(_tokens(text)):
        if token == "(":
            if inside is not None:
                invalid(operation, pattern, "parentheses must not be nested")
            inside = []
        elif token == ")":
            if inside is None:
                invalid(operation, pattern, "parentheses must be balanced")
            groups.append(tuple(inside))
            inside = None
        else:
            axes = _read_axis(operation, token, place, pattern)
            if inside is not None:
                inside += axes
            else:
                groups.append(DOTS if token == DOTS else axes)
    if inside is not None:
        invalid(operation, pattern, "parentheses must be balanced")
    side = Side(tuple(groups))
    if len(set(side.axes)) != len(side.axes):
        invalid(operation, pattern, "an axis may appear once on each side")
    return side


def _tokens(text: str) -> list[str]:
    return text.replace("(", " ( ").replace(")", " ) ").split()


def _read_axis(operation: str, token: str, place: int, pattern: str) -> tuple[str, ...]:
    if token == DOTS:
        return (DOTS,)
    if token.isdecimal():
        if int(token) == 0:
            invalid(operation, pattern, "an anonymous axis must have a positive size")
        return () if int(token) == 1 else (f"{token}@{place}",)
    if not is_axis_name(token):
        invalid(operation, pattern, f"{token!r} must be the name of an axis")
    return (token,)


def is_axis_name(text: str) -> bool:
    """Whether einops takes `text` for the name of an axis."""
    return text.isidentifier() and not text.startswith("_") and not text.endswith("_")
