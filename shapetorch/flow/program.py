"""The modules of a program: their source, parsed once, and their names, evaluated when asked for."""

from __future__ import annotations

import ast
import hashlib
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from shapetorch.flow.items import Items, Surface, statements
from shapetorch.flow.problems import Report

if TYPE_CHECKING:
    from shapetorch.flow.kept import Shelf
    from shapetorch.flow.state import Frame
    from shapetorch.flow.values import Function, Record


@dataclass(frozen=True)
class Source:
    """The text of a module."""

    path: str
    text: str


@dataclass(eq=False)
class Module:
    """A parsed module.

    Attributes:
        frame: Its names, once it has been run.
        running: Whether its top level is being run.
        read: The modules that running it has read.
        asked: The names of modules that running it has asked for, whether they exist or not.
        tangled: Whether what running it gave depends on what was run before.
    """

    name: str
    path: str
    tree: ast.Module
    is_package: bool
    text: str = ""
    frame: Frame | None = None
    running: bool = False
    read: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    tangled: bool = False

    @cached_property
    def items(self) -> Items:
        """The statements of its top level."""
        return items_of(Source(self.path, self.text))

    @cached_property
    def surface(self) -> Surface:
        """What statements anywhere in it say of names."""
        return Surface(self.tree, self.text)

    def absolute(self, module: str | None, level: int) -> str:
        """The full name of what ``from {'.' * level}{module} import`` means here."""
        if level == 0:
            return module or ""
        parts = self.name.split(".")
        keep = len(parts) - level + (1 if self.is_package else 0)
        return ".".join([*parts[: max(keep, 0)], *([module] if module else [])])


@dataclass(eq=False)
class Program:
    """All modules of one build.

    Args:
        find: Gives the source of a module by its full name, None if it is not part of the program.

    Attributes:
        heap: The objects that the top levels of modules have made; every analysis begins with them.
        broken: The kinds of problems that lines have for every caller of the function they are in.
        asked: The names of modules that were asked for since the last analysis began.
        shelf: Where reports are kept between runs; with it, a report tells only problems and modules read.
    """

    find: Callable[[str], Source | None]
    modules: dict[str, Module | None] = field(default_factory=dict)
    heap: dict[int, Record] = field(default_factory=dict)
    broken: dict[tuple[str, int], frozenset[str]] = field(default_factory=dict)
    counter: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    asked: set[str] = field(default_factory=set)
    shelf: Shelf | None = None
    sources: dict[str, Source | None] = field(default_factory=dict)
    interfaces: dict[str, dict[str, str]] = field(default_factory=dict)

    def interface(self, name: str, source: Source) -> str:
        """The `digest` of a module, in which only what is new is looked at."""
        if name not in self.interfaces:
            data = None if self.shelf is None else self.shelf.load(name)
            self.interfaces[name] = {} if data is None else data["interfaces"]
        return digest(source, self.interfaces[name])

    def source(self, name: str) -> Source | None:
        """The source of a module, looked for once."""
        if name not in self.sources:
            self.sources[name] = self.find(name)
        return self.sources[name]

    def module(self, name: str) -> Module | None:
        """A parsed module; None if it is not part of the program or not valid Python."""
        self.asked.add(name)
        if name not in self.modules:
            self.modules[name] = None
            source = self.source(name)
            if source is not None:
                self.modules[name] = _parse(name, source)
        return self.modules[name]

    def analyze(
        self,
        module: str,
        level: str = "default",
        only: Callable[[Function], bool] | None = None,
    ) -> Report:
        """Check every function of a module, and its top level.

        Args:
            module: Its full name.
            level: ``default``, or ``strict``, which also reports what is wrong unless an equation holds.
            only: Which functions to check, all if None.
        """
        self.asked = set()
        kept = None
        if self.shelf is not None and only is None and (found := self.module(module)) is not None:
            from shapetorch.flow.kept import Kept

            kept = Kept(found, self, self.shelf, level)
            if (report := kept.report()) is not None:  # without loading the rules
                return report
        from shapetorch.flow.modules import check_module

        return check_module(self, module, strict=level == "strict", only=only, kept=kept)


def _parse(name: str, source: Source) -> Module | None:
    tree = parsed(source)
    if tree is None:
        return None
    stem = source.path.replace("\\", "/").rsplit("/", 1)[-1]
    return Module(name, source.path, tree, stem.startswith("__init__."), source.text)


@lru_cache(maxsize=8)  # its digest and its analysis follow one another
def parsed(source: Source) -> ast.Module | None:
    """The syntax tree of a text; None if it is not valid Python."""
    try:
        return ast.parse(source.text, source.path, type_comments=False)
    except (SyntaxError, ValueError, RecursionError):
        return None


@lru_cache(maxsize=8)
def items_of(source: Source) -> Items:
    """The statements of the top level of a text that is valid Python."""
    tree = parsed(source)
    assert tree is not None, "only what is valid has items"
    return Items(tree, source.text)


def digest(source: Source, known: dict[str, str] | None = None) -> str:
    """A hash that changes when something changes that other modules can see of a module's shapes.

    The body of a function counts unless its result is annotated: then only its signature is seen.

    Args:
        source: The module.
        known: What single items have given before, by their digests; what is new is added.
    """
    if parsed(source) is None:
        return hashlib.sha256(source.text.encode()).hexdigest()[:16]
    known = {} if known is None else known
    items = items_of(source)
    for item in items:
        if item.digest not in known:
            known[item.digest] = _seen_from_outside(item.node)
    return hashlib.sha256("".join(known[it.digest] for it in items).encode()).hexdigest()[:16]


def _seen_from_outside(statement: ast.stmt) -> str:
    unseen: list[tuple[ast.FunctionDef | ast.AsyncFunctionDef, list[ast.stmt]]] = []
    for node in statements(statement):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if node.returns is not None and node.name != "__init__" and _says_a_shape(node.returns):
                unseen.append((node, node.body))
    try:
        for node, _ in unseen:
            node.body = []
        return hashlib.sha256(ast.dump(statement).encode()).hexdigest()[:16]
    finally:
        for node, body in unseen:
            node.body = body


def _says_a_shape(annotation: ast.expr) -> bool:
    return any(isinstance(node, ast.Subscript) for node in ast.walk(annotation))
