"""The text of a tensor, as PyTorch writes it.

Numbers are written in one of three forms, chosen for the whole tensor from its finite numbers other
than zero: as integers with a point, with `precision` decimals, or with an exponent where the numbers
are very large, very small or far apart. Above `threshold` elements only the edges are shown, and
only what is shown counts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from shapetorch.tensor.dtypes import DEFAULTS, DTYPES, FLOATING
from shapetorch.tensor.tensors import Array, Tensor


@dataclass
class PrintOptions:
    """What `set_printoptions` sets."""

    precision: int = 4
    threshold: float = 1000
    edgeitems: int = 3
    linewidth: int = 80
    sci_mode: bool | None = None


OPTIONS = PrintOptions()
_PROFILES: dict[str, tuple[int, float, int, int]] = {
    "default": (4, 1000, 3, 80),
    "short": (2, 1000, 2, 80),
    "full": (4, math.inf, 3, 80),
}


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Choose how tensors are written.

    Args:
        precision: Decimals of floating numbers.
        threshold: Elements above which only the edges are shown.
        edgeitems: How many items an edge has.
        linewidth: Characters in a line.
        profile: "default", "short" or "full", before the other arguments count.
        sci_mode: Whether exponents are written; None leaves it to the numbers.
    """
    if profile in _PROFILES:
        found = _PROFILES[profile]
        OPTIONS.precision, OPTIONS.threshold, OPTIONS.edgeitems, OPTIONS.linewidth = found
    if precision is not None:
        OPTIONS.precision = precision
    if threshold is not None:
        OPTIONS.threshold = threshold
    if edgeitems is not None:
        OPTIONS.edgeitems = edgeitems
    if linewidth is not None:
        OPTIONS.linewidth = linewidth
    OPTIONS.sci_mode = sci_mode


def get_printoptions() -> dict[str, Any]:
    """What is set, as keyword arguments of `set_printoptions`."""
    return asdict(OPTIONS)


@contextmanager
def printoptions(**options: Any) -> Iterator[None]:
    """`set_printoptions` for a while."""
    before = get_printoptions()
    set_printoptions(**options)
    try:
        yield
    finally:
        set_printoptions(**before)


# -- numbers ------------------------------------------------------------------------------------------


class _Form:
    """How the numbers of an array are written.

    Attributes:
        width: Characters that each number is padded to.
    """

    def __init__(self, shown: Array) -> None:
        self.width = 1
        self._write: Callable[[Any], str] = _plain
        values = shown.reshape(-1)
        if shown.dtype.kind in "biu":
            self.width = max(map(len, map(_plain, values.tolist())), default=1)
            return
        values = values.astype(np.float64)
        values = values[np.isfinite(values) & (values != 0)]
        self._write = _with_point
        if values.size:
            self._choose(values)

    def _choose(self, values: Array) -> None:
        sizes = np.abs(values)
        smallest, largest = float(sizes.min()), float(sizes.max())
        exponents = OPTIONS.sci_mode
        if exponents is None:
            exponents = largest / smallest > 1000.0 or largest > 1.0e8 or smallest < 1.0e-4
        precision = OPTIONS.precision
        if exponents:
            self._write = f"{{:.{precision}e}}".format
        elif not (values == np.ceil(values)).all():
            self._write = f"{{:.{precision}f}}".format
        self.width = max(map(len, map(self._write, values.tolist())))

    def text(self, value: Any) -> str:
        """A number, padded."""
        return self._write(value).rjust(self.width)


def _plain(value: Any) -> str:
    return f"{value}"


def _with_point(value: float) -> str:
    return f"{value:.0f}." if math.isfinite(value) else f"{value:.0f}"


class _ComplexForm:
    """Real and imaginary parts, each in a form of its own."""

    def __init__(self, shown: Array) -> None:
        self.real, self.imag = _Form(shown.real), _Form(shown.imag)
        self.width = self.real.width + self.imag.width + 1

    def text(self, value: complex) -> str:
        """A number."""
        imag = self.imag.text(value.imag).lstrip()
        sign = "" if imag[0] in "+-" else "+"
        return f"{self.real.text(value.real)}{sign}{imag}j"


def _shown(array: Array) -> Array:
    """The elements at the edges of every dim."""
    edge = OPTIONS.edgeitems
    for dim, size in enumerate(array.shape):
        if size > 2 * edge:
            array = np.take(array, [*range(edge), *range(size - edge, size)], axis=dim)
    return array


# -- rows ---------------------------------------------------------------------------------------------


def _rows(array: Array, indent: int, summarize: bool, form: Any) -> str:
    if not array.ndim:
        return form.text(array.item())  # type: ignore[no-any-return]
    edge = OPTIONS.edgeitems
    cut = summarize and len(array) > 2 * edge
    if array.ndim == 1:
        return _row(array, indent, cut, summarize, form)
    places: list[int | None] = list(range(len(array)))
    if cut:
        places = [*range(edge), None, *range(len(array) - edge, len(array))]
    parts = [
        "..." if place is None else _rows(array[place], indent + 1, summarize, form)
        for place in places
    ]
    between = "," + "\n" * (array.ndim - 1) + " " * (indent + 1)
    return f"[{between.join(parts)}]"


def _row(array: Array, indent: int, cut: bool, summarize: bool, form: Any) -> str:
    edge = OPTIONS.edgeitems
    per_line = max(1, math.floor((OPTIONS.linewidth - indent) / (form.width + 2)))
    if summarize and not edge:
        texts = ["..."]
    elif cut:
        first, last = array[:edge].tolist(), array[-edge:].tolist()
        texts = [*map(form.text, first), " ...", *map(form.text, last)]
    else:
        texts = [*map(form.text, array.tolist())]
    lines = [", ".join(texts[at : at + per_line]) for at in range(0, len(texts), per_line)]
    return "[" + (",\n" + " " * (indent + 1)).join(lines) + "]"


def _elements(array: Array, indent: int) -> str:
    if not array.size:
        return "[]"
    summarize = array.size > OPTIONS.threshold
    if array.dtype == DTYPES["bfloat16"].numpy:
        array = array.astype(np.float32)
    shown = array
    if summarize:
        shown = _shown(array) if OPTIONS.edgeitems else array[:0]
    form = _ComplexForm(shown) if array.dtype.kind == "c" else _Form(shown)
    return _rows(array, indent, summarize, form)


# -- the whole ----------------------------------------------------------------------------------------


def text_of(tensor: Tensor, contents: str | None = None) -> str:
    """The text of a tensor.

    Args:
        tensor: The tensor.
        contents: What stands in place of the elements, if anything.
    """
    kind = type(tensor)
    is_plain = kind in (Tensor, tensor._reads_as) or kind.__name__ == "Parameter"
    prefix = "tensor(" if is_plain else f"{kind.__name__}("
    elements = _elements(tensor._array, len(prefix)) if contents is None else contents
    return _with_facts(prefix + elements, _facts(tensor), len(prefix))


def _facts(tensor: Tensor) -> Iterator[str]:
    array, found = tensor._array, tensor.dtype
    default = DEFAULTS[FLOATING]
    double = default is DTYPES["float64"]
    usual = (
        default,
        DTYPES["complex128" if double else "complex64"],
        DTYPES["int64"],
        DTYPES["bool"],
    )
    if not array.size:
        if array.ndim != 1:
            yield f"size={tuple(array.shape)}"
        if found is not default:
            yield f"dtype={found}"
    else:
        if not OPTIONS.edgeitems:
            yield f"size={tuple(array.shape)}"
        if found not in usual:
            yield f"dtype={found}"
    node = tensor.grad_fn
    if node is not None:
        yield f"grad_fn=<{node.name().rpartition(':')[2]}>"
    elif tensor.requires_grad:
        yield "requires_grad=True"


def _with_facts(text: str, facts: Iterator[str], indent: int) -> str:
    last = len(text) - text.rfind("\n") + 1
    for fact in facts:
        if last + len(fact) + 2 > OPTIONS.linewidth:
            text += ",\n" + " " * indent + fact
            last = indent + len(fact)
        else:
            text += ", " + fact
            last += len(fact) + 2
    return text + ")"
