"""Shapes: tuples of sizes, with at most one variadic part.

A rule sees plain tuples of sizes. An annotation, and the result of a call, may also hold one
`Variadic`: ``*batch`` (a name) or ``...`` (none). `UNKNOWN` is the shape of which not even the rank
is known: a lone ``...``. Rules never meet a variadic part: `rules.lift` expands it first, into sizes
that `element` names, and folds the result.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias, TypeGuard

from shapetorch.dim import expr
from shapetorch.dim.equations import as_name
from shapetorch.dim.expr import Dim, Size
from shapetorch.dim.text import ELEMENT, render


@dataclass(frozen=True)
class Variadic:
    """Any number of sizes; two with one name are the same sizes, ``name=None`` is ``...``."""

    name: str | None

    def __str__(self) -> str:
        return "..." if self.name is None else f"*{self.name}"


Shape: TypeAlias = tuple[Size, ...]
AnyShape: TypeAlias = tuple[Size | Variadic, ...]

ELLIPSIS = Variadic(None)
UNKNOWN: AnyShape = (ELLIPSIS,)


def is_fixed(shape: AnyShape) -> TypeGuard[Shape]:
    """Whether the rank is known."""
    return not any(isinstance(size, Variadic) for size in shape)


def is_unknown(shape: AnyShape) -> bool:
    """Whether nothing at all is known."""
    return len(shape) == 1 and shape[0] == ELLIPSIS


def element(variadic: str, position: int, soft: bool) -> Dim:
    """The size that stands for one place of an expanded variadic part."""
    return expr.name(f"*{variadic}:{position}", soft=soft)


def render_shape(shape: Iterable[Size | Variadic]) -> str:
    """A shape as text: ``[B, 2*T, *batch]``."""
    parts: list[str] = []
    for size in shape:
        if isinstance(size, Variadic):
            parts.append(str(size))
            continue
        single = as_name(size)
        match = ELEMENT.match(single.name) if single is not None else None
        if match is None:
            parts.append(render(size))
            continue
        text = "..." if match["group"].startswith(".") else f"*{match['group']}"
        if not parts or parts[-1] != text:
            parts.append(text)
    return "[" + ", ".join(parts) + "]"
