"""What an annotation says of a shape, as an object.

A `ShapeSpec` is one entry per axis, with at most one `VariadicAxis`, and a dtype as it was written
(a jaxtyping class such as ``Float``, or a dtype name). Sizes are those of `dim`; what an annotation
leaves open (``_``, a call, a braced expression that is more than arithmetic) is `UNKNOWN_DIM`.
Whether a value may have a given shape is asked of `matching.bind`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from shapetorch.dim import (
    ELLIPSIS,
    UNKNOWN_DIM,
    AnyShape,
    Size,
    Variadic,
    as_name,
    names,
    render,
)


@dataclass(frozen=True)
class Axis:
    """One axis.

    Attributes:
        size: The size; a name, a number, an expression, or `UNKNOWN_DIM`.
        broadcast: ``#size``: the size, or 1.
        label: What stands before ``=`` in ``rows=4``, or after ``_`` in ``_rows``: documentation only.
        tree: ``?size``: the name means another size at each place of a tree.
        text: The source of a size that `size` cannot say (a call, a format string), else None.
    """

    size: Size
    broadcast: bool = False
    label: str | None = None
    tree: bool = False
    text: str | None = field(default=None, compare=False)

    def __str__(self) -> str:
        sign = "#" * self.broadcast + "?" * self.tree
        if self.size is UNKNOWN_DIM:
            return sign + (self.text or f"_{self.label or ''}")
        lead = f"{self.label}=" if self.label else ""
        return sign + lead + _render_size(self.size)


@dataclass(frozen=True)
class VariadicAxis:
    """Any number of axes: ``*batch``, or ``...`` when `name` is None.

    Attributes:
        name: What the row of sizes is called.
        broadcast: ``*#batch``: rows that broadcast to one another.
        tree: ``*?batch``: the name means another row at each place of a tree.
        text: The source of a helper that gives the row, ``MatmulShape[Shape[*A], Shape[*B]]``.
        helper: What that helper gives, for what names are bound to; for None, as seen from inside
            of the function, where every name stands for itself.
    """

    name: str | None
    broadcast: bool = False
    tree: bool = False
    text: str | None = None
    helper: Callable[[Mapping[str, Size | AnyShape] | None], AnyShape] | None = field(
        default=None, compare=False
    )

    def __str__(self) -> str:
        if self.name is None:
            return self.text or "..."
        return "*" + "#" * self.broadcast + "?" * self.tree + self.name


@dataclass(frozen=True)
class ShapeSpec:
    """The axes of an annotation, and its dtype as written (None when any will do)."""

    axes: tuple[Axis | VariadicAxis, ...]
    dtype: str | None = None

    @property
    def variadic(self) -> int | None:
        """The position of the variadic axis."""
        for position, item in enumerate(self.axes):
            if isinstance(item, VariadicAxis):
                return position
        return None

    def shape(self) -> AnyShape:
        """The shape that a value so annotated has inside the function.

        ``#b`` may be 1 or ``b`` and ``?b`` is another size at each place, so both are unknown.
        """
        return one_row([part for item in self.axes for part in _parts(item)])

    def render(self) -> str:
        """The axes as a jaxtyping string; the empty string is a scalar."""
        return " ".join(str(item) for item in self.axes)

    def __str__(self) -> str:
        return f"{self.dtype or 'Shaped'}[{self.render()}]"


def _parts(item: Axis | VariadicAxis) -> AnyShape:
    if isinstance(item, VariadicAxis):
        if item.helper is not None:
            return item.helper(None)
        known = item.name is not None and not item.broadcast and not item.tree
        return (Variadic(item.name) if known else ELLIPSIS,)
    return (UNKNOWN_DIM if item.broadcast or item.tree else item.size,)


def one_row(parts: Sequence[Size | Variadic]) -> AnyShape:
    """A shape of these parts; between the first and the last variadic one it is ``...``."""
    rows = [place for place, part in enumerate(parts) if isinstance(part, Variadic)]
    if len(rows) <= 1:
        return tuple(parts)
    return (*parts[: rows[0]], ELLIPSIS, *parts[rows[-1] + 1 :])


def _render_size(size: Size) -> str:
    """A size without blanks, soft names in braces: how it would be written in a string."""
    single = as_name(size)
    if single is not None:
        return f"{{{single.name}}}" if single.soft else single.name
    text = render(size).replace(" ", "")
    for name in sorted((n.name for n in names(size) if n.soft), key=len, reverse=True):
        text = text.replace(name, f"{{{name}}}")
    return text
