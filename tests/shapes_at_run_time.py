"""Runs a program and compares every tensor that it assigns with the shape inferred for that place.

The program's syntax tree is changed so that each assignment is followed by a call that looks at what was
bound: names, attributes, targets of loops and comprehensions. A function says at its start what its
arguments are, which gives the names of its annotations their sizes: a name of an annotation is the size
at its place, an ``int`` parameter is its value, and inside a method the arguments of the constructor
count too. A name that stays without a value matches anything the first time, and later only the same.
"""

from __future__ import annotations

import ast
import collections.abc
import math
import re
import sys
import types
import typing
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch

from shapetorch.flow import Program, Report, Source

Key = tuple[int, int, str]


@dataclass(frozen=True)
class Disagreement:
    """A tensor that does not have the shape inferred for it."""

    file: str
    line: int
    name: str
    inferred: str
    real: str
    sizes: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: {self.name}"
        return f"{where}: inferred {self.inferred}, is {self.real} ({self.sizes})"


@dataclass
class Outcome:
    """What running one program showed.

    Attributes:
        disagreements: One for each place.
        places: Whether the shape inferred at each place that got a tensor is known in full.
        ranks: The places whose rank is known, or where it is one of several.
    """

    report: Report
    disagreements: dict[Key, Disagreement] = field(default_factory=dict)
    places: dict[Key, bool] = field(default_factory=dict)
    ranks: set[Key] = field(default_factory=set)


# -- the changed program ----------------------------------------------------------------------------------


class Watch(ast.NodeTransformer):
    """Puts the calls into a syntax tree."""

    def __init__(self) -> None:
        self.functions: list[tuple[ast.AST, str]] = []
        self.owners: list[str] = []

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for label in ("body", "orelse", "finalbody"):
            block = getattr(node, label, None)
            if isinstance(block, list):
                setattr(node, label, [new for old in block for new in _followed(old)])
        if isinstance(node, (ast.For, ast.AsyncFor)):
            node.body[:0] = _looking([node.target])
        return node

    def visit_Module(self, node: ast.Module) -> ast.AST:
        self.generic_visit(node)
        _begin(node.body, 0)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        self.owners.append(node.name)
        self.generic_visit(node)
        self.owners.pop()
        return node

    def visit_FunctionDef(self, node: Any) -> ast.AST:
        self.functions.append((node, self.owners[-1] if self.owners else ""))
        number = len(self.functions)
        owners, self.owners = self.owners, []
        node.body = self.generic_visit(ast.Module(node.body, [])).body  # type: ignore[attr-defined]
        self.owners = owners
        _begin(node.body, number)
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self.visit_FunctionDef(node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.AST:
        self.generic_visit(node)
        place = ast.Constant((node.target.lineno, node.target.col_offset, node.target.id))
        return ast.Call(
            ast.Name("__passed__", ast.Load()),
            [ast.Name("__sizes__", ast.Load()), place, node],
            [],
        )

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        self.generic_visit(node)
        node.ifs[:0] = [item.value for item in _looking([node.target])]
        return node


def _begin(body: list[ast.stmt], number: int) -> None:
    at = 0
    while at < len(body) and (
        (
            isinstance(body[at], ast.Expr)
            and isinstance(getattr(body[at], "value", None), ast.Constant)
        )
        or (
            isinstance(body[at], ast.ImportFrom) and getattr(body[at], "module", "") == "__future__"
        )
    ):
        at += 1
    body.insert(at, ast.parse(f"__sizes__ = __entered__({number})").body[0])


def _followed(node: ast.stmt) -> list[ast.stmt]:
    match node:
        case ast.Assign(targets):
            return [node, *_looking(targets)]
        case ast.AnnAssign(target, _, value) if value is not None:
            return [node, *_looking([target])]
        case ast.AugAssign(target):
            return [node, *_looking([target])]
    return [node]


def _looking(targets: list[ast.expr]) -> list[ast.Expr]:
    """A call for each name and attribute in targets."""
    found: dict[str, ast.Expr] = {}  # of `_, x, _` the last one stays
    for target in targets:
        for part in _names(target):
            label = ast.unparse(part)
            load = ast.parse(label, mode="eval").body
            place = ast.Constant((part.lineno, part.col_offset, label))
            call = ast.Call(
                ast.Name("__looked__", ast.Load()),
                [ast.Name("__sizes__", ast.Load()), place, load],
                [],
            )
            found[label] = ast.Expr(call)
    return list(found.values())


def _names(target: ast.expr) -> Iterator[ast.expr]:
    match target:
        case ast.Name() | ast.Attribute():
            yield target
        case ast.Tuple(elts) | ast.List(elts):
            for item in elts:
                yield from _names(item)
        case ast.Starred(value=inner):
            yield from _names(inner)


# -- sizes of names ---------------------------------------------------------------------------------------


def bind(hint: Any, value: Any, sizes: dict[str, Any]) -> None:
    """Give the names of an annotation the sizes that `value` has at their places."""
    dims = getattr(hint, "dims", None)
    if isinstance(dims, tuple):
        shape = shape_of(value)
        if isinstance(shape, tuple):
            _bind_shape(hint, dims, shape, sizes)
        return
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Union or isinstance(hint, types.UnionType):
        for option in args:
            if _may_be(option, value):
                bind(option, value, sizes)
                return
    elif origin is tuple and isinstance(value, tuple):
        if len(args) == 2 and args[1] is ...:
            args = (args[0],) * len(value)
        for option, item in zip(args, value, strict=False):
            bind(option, item, sizes)
    elif origin in LAZY:
        for label in _labels(hint):
            sizes.setdefault(label, ANY)
    elif origin is not None and isinstance(value, (list, tuple)) and len(args) == 1:
        for item in value:
            bind(args[0], item, sizes)
    elif isinstance(value, Mapping) and len(args) == 2:
        for item in value.values():
            bind(args[1], item, sizes)


LAZY = (collections.abc.Iterable, collections.abc.Iterator, collections.abc.Generator)
ANY = object()
"""A name of the items of an iterator, which nobody checks: it may change from item to item."""


def _labels(hint: Any) -> Iterator[str]:
    for dim in getattr(hint, "dims", ()) if isinstance(getattr(hint, "dims", ()), tuple) else ():
        if hasattr(dim, "name"):
            yield dim.name
    for part in typing.get_args(hint):
        yield from _labels(part)


def _may_be(hint: Any, value: Any) -> bool:
    dims = getattr(hint, "dims", None)
    if not isinstance(dims, tuple):
        return (hint is type(None)) == (value is None)
    shape = shape_of(value)
    if not isinstance(shape, tuple):
        return False
    if hint.index_variadic is not None:
        return len(shape) >= len(dims) - 1
    pairs = zip(dims, shape, strict=False)
    return len(shape) == len(dims) and all(getattr(d, "size", n) == n for d, n in pairs)


def _bind_shape(
    hint: Any, dims: tuple[Any, ...], shape: tuple[int, ...], sizes: dict[str, Any]
) -> None:
    at = hint.index_variadic
    behind = 0 if at is None else len(dims) - at - 1
    if at is not None and len(shape) >= len(dims) - 1:
        stop = len(shape) - behind
        label = getattr(dims[at], "name", None)
        if label is not None and not dims[at].broadcastable:
            sizes.setdefault(label, shape[at:stop])
        dims, shape = dims[:at] + dims[at + 1 :], shape[:at] + shape[stop:]
    if len(dims) == len(shape):
        for dim, size in zip(dims, shape, strict=True):
            label = getattr(dim, "name", None)
            if label is not None and not dim.broadcastable:
                sizes.setdefault(label, size)


def shape_of(value: Any) -> tuple[int, ...] | None:
    """The shape of an array of any library."""
    if isinstance(value, type):
        return None
    shape = getattr(value, "shape", None) if hasattr(type(value), "shape") else None
    if isinstance(shape, tuple) and all(isinstance(size, int) for size in shape):
        return tuple(shape)
    return None


class Sizes(dict[str, Any]):
    """The sizes of names in one call; what it does not know, the instance may."""

    def __init__(self, known: Mapping[str, Any], instance: Any = None) -> None:
        super().__init__(known)
        self.instance = instance
        self.met: dict[str, int] = {}

    def __missing__(self, label: str) -> Any:
        if self.instance is not None and label != "self":
            found = getattr(self.instance, label, None)
            if isinstance(found, int):
                return found
        raise KeyError(label)


# -- comparing --------------------------------------------------------------------------------------------


def split(text: str, mark: str) -> list[str]:
    """The parts of a text between marks that stand outside of brackets."""
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if depth == 0 and text.startswith(mark, at):
            parts.append(text[start:at])
            start = at + len(mark)
    return [*parts, text[start:]]


def agrees(text: str, value: Any, sizes: Sizes) -> bool:
    """Whether a value may be what a text such as ``[b, 2*t] | ([b], ...)`` says."""
    options = split(text, " | ")
    shape = shape_of(value)
    if shape is not None:
        shapes = [split(option[1:-1], ", ") for option in options if option.startswith("[")]
        shapes = [[] if parts == [""] else parts for parts in shapes]
        return any(_fits(parts, shape, sizes, alone=len(options) == 1) for parts in shapes)
    if isinstance(value, tuple):
        tuples = [split(option[1:-1], ", ") for option in options if option.startswith("(")]
        tuples = [items for items in tuples if len(items) == len(value)]
        return not tuples or any(
            all(
                item == "_" or agrees(item, part, sizes)
                for item, part in zip(items, value, strict=True)
            )
            for items in tuples
        )
    return True


def _fits(parts: list[str], shape: tuple[int, ...], sizes: Sizes, *, alone: bool) -> bool:
    expanded: list[str | int | None] = []
    for part in parts:
        group = sizes.get(part[1:]) if part.startswith("*") else None
        if isinstance(group, tuple):
            expanded.extend(group)
        elif part.startswith("*") or part == "...":
            expanded.append(None)
        else:
            expanded.append(part)
    if expanded.count(None) == 1:
        at = expanded.index(None)
        missing = len(shape) - len(expanded) + 1
        expanded[at : at + 1] = ["?"] * max(missing, 0)
    elif expanded.count(None) > 1:
        return True
    if len(expanded) != len(shape):
        return False
    return all(
        part == size if isinstance(part, int) else _is(str(part), size, sizes, alone=alone)
        for part, size in zip(expanded, shape, strict=True)
    )


def _prod(*numbers: int) -> int:
    return math.prod(numbers)


FUNCTIONS = {"__builtins__": {}, "min": min, "max": max, "prod": _prod}


def _is(text: str, size: int, sizes: Sizes, *, alone: bool) -> bool:
    if "?" in text or any(sizes.get(part) is ANY for part in re.findall(r"\w+", text)):
        return True
    try:
        value = eval(text, dict(FUNCTIONS), sizes)
    except (NameError, AttributeError, KeyError, TypeError, IndexError, SyntaxError):
        value = None
    if isinstance(value, int):
        return value == size
    if not text.replace(".", "").replace("_", "").isalnum():
        return True
    if text in sizes.met:
        return sizes.met[text] == size
    if alone:
        sizes.met[text] = size
    return True


def is_full(text: str) -> bool:
    """Whether a text leaves nothing open."""
    return bool(text) and "?" not in text and "..." not in text


# -- running ----------------------------------------------------------------------------------------------


class Watcher:
    """Looks at the values of one program while it runs."""

    def __init__(self, file: str, report: Report, functions: list[tuple[Any, str]]) -> None:
        self.file = file
        self.outcome = Outcome(report)
        self.texts = {(at.line, at.column, at.name): at.text for at in report.shapes}
        self.functions = functions
        self.instances: dict[tuple[int, str], dict[str, Any]] = {}
        self.alive: list[Any] = []

    def entered(self, number: int) -> Sizes:
        """The sizes that the arguments of the calling function give to names."""
        if number == 0:
            return Sizes({})
        frame = sys._getframe(1)
        node, owner = self.functions[number - 1]
        given = dict(frame.f_locals)
        sizes: dict[str, Any] = {}
        spec = node.args
        listed = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs]
        for parameter in listed:
            if type(given.get(parameter.arg)) is int:
                sizes[parameter.arg] = given[parameter.arg]
        for parameter in listed:
            bind(_evaluated(parameter.annotation, frame), given.get(parameter.arg), sizes)
        if spec.vararg is not None:
            hint = _evaluated(spec.vararg.annotation, frame)
            for item in given[spec.vararg.arg]:
                bind(hint, item, sizes)
        instance = given.get("self") if owner else None
        outer = self._constructor(instance, owner) if instance is not None else {}
        known = {**outer, **given, **sizes}
        if instance is not None and node.name == "__init__":
            self.instances[id(instance), owner] = known
            self.alive.append(instance)
        return Sizes(known, instance)

    def _constructor(self, instance: Any, owner: str) -> dict[str, Any]:
        """What the constructor of the class that a method belongs to was given."""
        line = [cls.__name__ for cls in type(instance).__mro__]
        for label in line[line.index(owner) :] if owner in line else []:
            found = self.instances.get((id(instance), label))
            if found is not None:
                return found
        return {}

    def looked(self, sizes: Sizes, place: Key, value: Any) -> bool:
        """Compare a value with what was inferred at its place; always true."""
        text = self.texts.get(place, "")
        if shape_of(value) is not None:
            full = is_full(text)
            self.outcome.places[place] = full
            if text and "..." not in text:
                self.outcome.ranks.add(place)
        if text and not agrees(text, value, sizes) and place not in self.outcome.disagreements:
            real = shape_of(value)
            if real is None:
                real = tuple(shape_of(item) for item in value)
            known = {k: v for k, v in sizes.items() if isinstance(v, (int, tuple)) and k in text}
            shown = ", ".join(f"{label}={size}" for label, size in (known | sizes.met).items())
            self.outcome.disagreements[place] = Disagreement(
                self.file, place[0], place[2], text, str(real), shown
            )
        return True

    def passed(self, sizes: Sizes, place: Key, value: Any) -> Any:
        """The same for a name that is bound inside an expression."""
        self.looked(sizes, place, value)
        return value


def _evaluated(annotation: ast.expr | None, frame: types.FrameType) -> Any:
    if annotation is None:
        return None
    try:
        found = eval(ast.unparse(annotation), frame.f_globals, frame.f_locals)
        return eval(found, frame.f_globals, frame.f_locals) if isinstance(found, str) else found
    except Exception:
        return None


def run(name: str, text: str) -> Outcome:
    """Analyse a program, then run its ``example()`` or ``main()`` and compare."""
    program = Program(lambda module: Source(f"{name}.py", text) if module == name else None)
    report = program.analyze(name)
    watch = Watch()
    tree = ast.fix_missing_locations(watch.visit(ast.parse(text)))
    watcher = Watcher(f"{name}.py", report, watch.functions)
    module = types.ModuleType(f"watched_{name}")
    module.__dict__.update(
        __looked__=watcher.looked, __entered__=watcher.entered, __passed__=watcher.passed
    )
    sys.modules[module.__name__] = module  # dataclasses and string annotations look it up
    torch.manual_seed(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(tree, f"<{name}>", "exec", dont_inherit=True), module.__dict__)
            start = module.__dict__.get("example") or module.__dict__.get("main")
            if start is not None:  # else there are definitions only, or the module itself runs
                start()
    finally:
        del sys.modules[module.__name__]
    return watcher.outcome
