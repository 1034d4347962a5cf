"""Looking for the shape bugs that `seeded_bugs.py` puts into packages of others, one at a time.

A bug is found if the file then has a problem that it did not have. Only the functions that the edit
concerns are analysed again, in a program that shares all other modules.
"""

from __future__ import annotations

import ast
import traceback
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from seeded_bugs import Bug, Defined, Sites, choose

from shapetorch.flow import Problem, Program, Source

if TYPE_CHECKING:
    from real_code import Package


@dataclass(frozen=True)
class Seeded:
    """A bug that was put in, and the problem that gave it away, if one did."""

    package: str
    file: str
    bug: Bug
    found: str
    crash: str = ""

    @property
    def key(self) -> tuple[str, str, int, str, str]:
        """What a judgement names it by."""
        return self.package, self.file, self.bug.line, self.bug.kind, self.bug.text


@dataclass(frozen=True)
class Choices:
    """What became of two choices of edits: missed ones of the first were read, of the second never."""

    read: list[Seeded]
    unread: list[Seeded]


def seed(package: Package, count: int) -> Choices:
    """Put bugs into a package, one at a time, and look for them."""
    candidates: dict[str, list[Bug]] = {}
    sources = {}
    for name, path in package.files():
        source = path.read_text(encoding="utf-8", errors="replace")
        if "tests" in path.parts:
            continue
        try:
            candidates[name] = list(Sites(source).bugs())
        except SyntaxError:
            continue
        sources[name] = package.relative(path), source
    first = choose(candidates, count, f"shapetorch-{package.name}")
    for name, bug in first:
        candidates[name].remove(bug)
    second = choose(candidates, count, f"unread-{package.name}")
    program = Program(package.find)
    read, unread = (
        [try_edit(package, program, name, *sources[name], bug) for name, bug in chosen]
        for chosen in (first, second)
    )
    return Choices(read, unread)


def try_edit(
    package: Package, program: Program, module: str, file: str, source: str, bug: Bug
) -> Seeded:
    """Look for one bug."""
    try:
        return Seeded(package.name, file, bug, look_for(program, module, source, bug))
    except Exception:
        crash = f"{file}:{bug.line} {bug.text!r}: {traceback.format_exc().strip().splitlines()[-1]}"
        return Seeded(package.name, file, bug, "", crash)


def look_for(program: Program, module: str, source: str, bug: Bug) -> str:
    """The first problem that a source has with a bug and not without it; empty if there is none."""
    edited = bug.apply(source)
    after = _problems(program, module, edited, bug.line)
    if not after:
        return ""
    moved = edited.count("\n") - source.count("\n")
    before = {(p.line, p.kind) for p in _problems(program, module, source, bug.line)}
    fresh = [p for p in after if (p.line - moved * (p.line > bug.line), p.kind) not in before]
    return f"{fresh[0].line}: {fresh[0].message}" if fresh else ""


def _problems(program: Program, module: str, source: str, line: int) -> list[Problem]:
    """The problems around a line of a module that has another text than its file."""
    try:
        lines = concerned(ast.parse(source), line)
    except SyntaxError:
        return []
    original = program.find(module)
    path = original.path if original else f"{module}.py"
    others = {name: value for name, value in program.modules.items() if name != module}
    find = partial(_find_or, program, module, Source(path, source))
    edited = Program(find, others, heap=program.heap, counter=program.counter)
    return edited.analyze(module, only=lambda function: function.node.lineno in lines).problems


def _find_or(program: Program, module: str, edited: Source, name: str) -> Source | None:
    return edited if name == module else program.find(name)


def concerned(tree: ast.Module, line: int) -> set[int]:
    """Where the functions begin that an edit of a line concerns: those around it, and their callers.

    A constructor concerns all of its class; who calls it is a class, or a function, that names its class.
    """
    functions = [node for node in ast.walk(tree) if isinstance(node, Defined)]
    around = _with_classes(tree, [node for node in functions if _holds(node, line)])
    called = {node.name for node in around} - {"__init__", "forward"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(
            _constructs(it) and it in around for it in node.body
        ):
            called.add(node.name)
    callers = _with_classes(tree, [node for node in functions if called & _mentioned(node)])
    return {node.lineno for node in (*around, *callers)}


def _with_classes(tree: ast.Module, functions: list[Defined]) -> list[Defined]:
    """Functions, and all methods of the classes whose constructors are among them."""
    found = list(functions)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(
            _constructs(part) and part in functions for part in node.body
        ):
            found += [part for part in node.body if isinstance(part, Defined)]
    return found


def _constructs(node: ast.stmt) -> bool:
    return isinstance(node, Defined) and node.name == "__init__"


def _holds(node: ast.stmt, line: int) -> bool:
    return node.lineno <= line <= (node.end_lineno or node.lineno)


def _mentioned(function: Defined) -> set[str]:
    """The names and attributes in a function."""
    nodes = list(ast.walk(function))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}
