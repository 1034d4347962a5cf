"""Shape strings with jaxtyping's meaning: ``"*batch #t d=512 (h*k) ..."``.

Axes are separated by blanks. Modifiers may stand in any order before a name or, ``#`` only, before
an expression: ``#`` size 1 will do as well, ``*`` any number of axes, ``_`` not bound, ``?`` bound per
leaf of a tree. ``name=4`` is 4. What is accepted and refused is what jaxtyping 0.3 accepts and
refuses, but for expressions that are not Python, which it only finds out at run time.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache

from shapetorch.annotations.spec import Axis, ShapeSpec, VariadicAxis
from shapetorch.dim import UNKNOWN_DIM, Size, from_ast, name


@lru_cache(maxsize=4096)
def parse_jaxtyping(text: str, dtype: str | None = None) -> ShapeSpec:
    """The meaning of a shape string.

    Args:
        text: The string; the empty string is a scalar.
        dtype: The dtype class it was given to, ``Float``.

    Raises:
        ValueError: the string is malformed.
    """
    axes = tuple(_parse_axis(word) for word in text.split())
    if sum(isinstance(item, VariadicAxis) for item in axes) > 1:
        raise ValueError(f"shape {text!r}: *name or ... may appear once")
    return ShapeSpec(axes, dtype)


@dataclass
class _Modifiers:
    broadcast: bool = False
    variadic: bool = False
    anonymous: bool = False
    tree: bool = False
    label: str | None = None


_SIGNS = {"#": "broadcast", "*": "variadic", "_": "anonymous", "?": "tree"}


def _parse_axis(word: str) -> Axis | VariadicAxis:
    if "," in word and "(" not in word:
        raise ValueError(f"axis {word!r}: axes are separated by blanks, not by commas")
    if word.endswith("#"):
        raise ValueError(f"axis {word!r}: # stands before the name")
    if "..." in word:
        if word != "...":
            raise ValueError(f"axis {word!r}: ... stands by itself")
        return VariadicAxis(None)
    found, rest = _read_modifiers(word)
    if not rest or rest.isidentifier():
        return _named(word, rest, found)
    _refuse_modifiers(word, found)
    try:
        return Axis(int(rest), found.broadcast, found.label)
    except ValueError:
        size = _parse_expression(word, rest)
    source = rest if size is UNKNOWN_DIM else None
    return Axis(size, found.broadcast, found.label, text=source)


def _read_modifiers(word: str) -> tuple[_Modifiers, str]:
    found = _Modifiers()
    rest = word
    while rest:
        field = _SIGNS.get(rest[0])
        if field is not None:
            if getattr(found, field):
                raise ValueError(f"axis {word!r}: {rest[0]} may stand once")
            setattr(found, field, True)
            rest = rest[1:]
        elif rest.count("=") == 1:
            found.label, rest = rest.split("=")
        else:
            break
    return found, rest


def _named(word: str, text: str, found: _Modifiers) -> Axis | VariadicAxis:
    if not found.anonymous:
        if found.variadic:
            return VariadicAxis(text, found.broadcast, found.tree)
        return Axis(name(text), found.broadcast, found.label, found.tree)
    if found.broadcast:
        raise ValueError(f"axis {word!r}: an axis without a name cannot broadcast")
    if found.variadic:
        return VariadicAxis(None)
    return Axis(UNKNOWN_DIM, label=text or None)


def _refuse_modifiers(word: str, found: _Modifiers) -> None:
    for sign, field in _SIGNS.items():
        if field != "broadcast" and getattr(found, field):
            raise ValueError(f"axis {word!r}: {sign} goes with a name, not with a number")


_BRACES = re.compile(r"(?<![\w.{}])\{([^{}]*)\}(?![\w.{}])")


def _parse_expression(word: str, text: str) -> Size:
    """The size of an expression; `UNKNOWN_DIM` when only running it can tell."""
    braced: dict[str, Size] = {}

    def hide(match: re.Match[str]) -> str:
        placeholder = f"__braced_{len(braced)}__"
        braced[placeholder] = _braced(match[1])
        return placeholder

    plain = _BRACES.sub(hide, text)
    if "{" in plain or "}" in plain:
        return UNKNOWN_DIM
    try:
        tree = ast.parse(plain, mode="eval")
    except (SyntaxError, ValueError, RecursionError) as error:
        raise ValueError(f"axis {word!r}: not an expression") from error
    try:
        return from_ast(tree.body, lambda dotted: braced.get(dotted, _plain_name(dotted)))
    except ValueError:
        return UNKNOWN_DIM


def _plain_name(dotted: str) -> Size:
    return name(dotted, soft="." in dotted)


def _braced(text: str) -> Size:
    """What a braced expression over the function's arguments is, if it is arithmetic."""
    try:
        tree = ast.parse(text, mode="eval")
        return from_ast(tree.body, lambda dotted: name(dotted, soft=True))
    except (SyntaxError, ValueError, RecursionError):
        return UNKNOWN_DIM
