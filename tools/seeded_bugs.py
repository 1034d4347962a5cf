"""Mechanical shape bugs of fixed kinds, put into sources whose functions say what shape they return.

A bug is one edit of the text at a place that the syntax tree gives. Each lies in a function whose
result is annotated with a shape, or in the constructor of a class that has such a function. Nothing is
run, so an edit now and then breaks nothing (a transposition of two equal sizes) and cannot be found. The
ones that can be told from the text alone are `Bug.idle` and never chosen; of the others it must be judged.
"""

from __future__ import annotations

import ast
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

ARRAYS = frozenset("Tensor Parameter ndarray Array NDArray".split())
SHAPED = re.compile(r"\b(?:Float|Int|Bool|Shaped|Num|Real|Inexact|Integer|UInt|Complex|Key)\d*\[")
REDUCTIONS = frozenset("sum mean amax amin max min argmax argmin any all var std prod norm".split())
JOINS = frozenset("cat concat stack concatenate hstack".split())
EINOPS = frozenset("rearrange reduce repeat".split())

Defined = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Bug:
    """One edit: the text between two offsets is replaced.

    Attributes:
        kind: Which of `KINDS`.
        function: The function it lies in.
        line: Its line.
        start: Offset of the first character that is replaced.
        end: Offset behind the last one.
        text: What stands there afterwards.
        idle: Whether it is known to change nothing that an annotation says.
    """

    kind: str
    function: str
    line: int
    start: int
    end: int
    text: str
    idle: bool = False

    def apply(self, source: str) -> str:
        """The source with the bug in it."""
        return source[: self.start] + self.text + source[self.end :]


class Sites:
    """The places in one source where bugs can be put."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tree = ast.parse(source)
        self.starts = [0]
        for line in source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line.encode()))
        self.bytes = source.encode()
        self.defined = {
            node.name: node for node in ast.walk(self.tree) if isinstance(node, Defined)
        }

        self.imported = {
            (alias.asname or alias.name).split(".")[0]
            for node in ast.walk(self.tree)
            if isinstance(node, (ast.Import, ast.ImportFrom))
            for alias in node.names
        }

    def is_library(self, node: ast.AST) -> bool:
        """Whether what is called belongs to something imported: ``torch.cat(…)``, ``cat(…)``."""
        func = node.func if isinstance(node, ast.Call) else None
        while isinstance(func, ast.Attribute):
            func = func.value
        return isinstance(func, ast.Name) and func.id in self.imported

    def span(self, node: ast.AST) -> tuple[int, int]:
        """The offsets of a node, in characters."""
        first = self.starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
        last = self.starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]
        return len(self.bytes[:first].decode()), len(self.bytes[:last].decode())

    def text(self, node: ast.AST) -> str:
        """The source of a node."""
        start, end = self.span(node)
        return self.source[start:end]

    def bugs(self) -> Iterator[Bug]:
        """Every bug that can be put into this source."""
        for function in self.functions():
            if function.name != "__init__":
                yield from self.of_result(function)
            for node in self.own_nodes(function):
                for kind, edits in KINDS.items():
                    for old, new in edits(self, node):
                        yield self.bug(kind, function, old, new)

    def bug(
        self, kind: str, function: Defined, old: ast.AST, new: str, *, idle: bool = False
    ) -> Bug:
        """The edit that replaces a node by a text."""
        start, end = self.span(old)
        return Bug(kind, function.name, old.lineno, start, end, new, idle)  # type: ignore[attr-defined]

    def functions(self) -> Iterator[Defined]:
        """The functions with a shaped result, and the constructors of classes that have one."""
        for node in ast.walk(self.tree):
            if isinstance(node, Defined) and self.is_shaped(node):
                yield node
            elif isinstance(node, ast.ClassDef):
                methods = [part for part in node.body if isinstance(part, Defined)]
                if any(map(self.is_shaped, methods)):
                    yield from (method for method in methods if method.name == "__init__")

    def is_shaped(self, function: Defined) -> bool:
        """Whether the annotation of the result says the shape of an array, and of nothing else.

        ``Float[LinearOperator, "n n"]`` is an object whose sizes are what its class makes of them.
        """
        nodes = ast.walk(function.returns) if function.returns is not None else ()
        found = [node for node in nodes if isinstance(node, ast.Subscript)]
        shaped = [node for node in found if SHAPED.match(self.text(node))]
        return bool(shaped) and all(map(self.is_of_array, shaped))

    def is_of_array(self, node: ast.Subscript) -> bool:
        """Whether a jaxtyping class is subscripted with an array class, or with the sizes alone."""
        first = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
        return isinstance(first, ast.Constant) or self.text(first).split(".")[-1] in ARRAYS

    def own_nodes(self, function: Defined) -> Iterator[ast.AST]:
        """The nodes of a function's body without those of shaped functions inside of it."""
        waiting: list[ast.AST] = list(function.body)
        while waiting:
            node = waiting.pop(0)
            if isinstance(node, Defined) and self.is_shaped(node):
                continue
            yield node
            waiting.extend(ast.iter_child_nodes(node))

    def of_result(self, function: Defined) -> Iterator[Bug]:
        """Two names swapped in the annotation of the result, or the last one dropped."""
        if function.returns is None:
            return
        for node in ast.walk(function.returns):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and "[" not in node.value
            ):
                names = node.value.split()
                if len(names) > 1 and names[-1] != names[-2] and "..." not in names[-2:]:
                    swapped = " ".join([*names[:-2], names[-1], names[-2]])
                    bound = {*names[:-2], *self.names_elsewhere(function, node)}
                    idle = all(it.isidentifier() and it not in bound for it in names[-2:])
                    yield self.bug("result annotation", function, node, repr(swapped), idle=idle)
                    yield self.bug("result annotation", function, node, repr(" ".join(names[:-1])))

    def names_elsewhere(self, function: Defined, here: ast.Constant) -> Iterator[str]:
        """The names of sizes in the annotations of a function, without those in one of the strings."""
        for node in ast.walk(function):
            if isinstance(node, ast.Subscript) and SHAPED.match(self.text(node)):
                for part in ast.walk(node.slice):
                    if isinstance(part, ast.Constant) and part is not here:
                        yield from re.findall(r"\w+", str(part.value))


Edits = Iterator[tuple[ast.AST, str]]


def called(node: ast.AST) -> str:
    """The last part of the name of what is called, empty if nothing is."""
    if not isinstance(node, ast.Call):
        return ""
    return {ast.Attribute: "attr", ast.Name: "id"}.get(type(node.func), "") and (
        node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id  # type: ignore[attr-defined]
    )


def keyword(node: ast.AST, *names: str) -> ast.expr | None:
    """The value of a keyword argument."""
    assert isinstance(node, ast.Call), "only calls have keywords"
    return next((item.value for item in node.keywords if item.arg in names), None)


def number(node: ast.AST | None) -> int | None:
    """A literal integer."""
    try:
        value = ast.literal_eval(node) if node is not None else None
    except ValueError:
        return None
    return value if type(value) is int else None


def transpositions(sites: Sites, node: ast.AST) -> Edits:
    """``x.transpose(1, 2)`` and ``x.mT`` missing, two axes of ``x.permute(…)`` swapped."""
    if isinstance(node, ast.Attribute) and node.attr in ("mT", "T"):
        yield node, sites.text(node.value)
    if called(node) in ("transpose", "swapaxes", "t") and not sites.is_library(node):
        yield node, sites.text(node.func.value) if isinstance(node.func, ast.Attribute) else ""  # type: ignore[attr-defined]
    if called(node) == "permute" and not sites.is_library(node) and len(node.args) > 2:  # type: ignore[attr-defined]
        *_, a, b = node.args  # type: ignore[attr-defined]
        yield a, sites.text(b)


def head_counts(sites: Sites, node: ast.AST) -> Edits:
    """One head more than there are: ``h=heads`` and ``view(b, n, heads, d)``."""
    if called(node) in EINOPS:
        value = keyword(node, "h", "heads", "n_heads", "head", "no_heads")
        if value is not None:
            yield value, f"{sites.text(value)} + 1"
    if called(node) in ("view", "reshape", "unflatten", "split_heads"):
        for value in node.args:  # type: ignore[attr-defined]
            if re.search(r"head", sites.text(value)) and not isinstance(value, ast.Tuple):
                yield value, f"({sites.text(value)} + 1)"


def flattenings(sites: Sites, node: ast.AST) -> Edits:
    """``flatten`` from another axis on, ``reshape`` without its first size."""
    name = called(node)
    if name == "flatten" and not sites.is_library(node):
        first = node.args[0] if node.args else keyword(node, "start_dim")  # type: ignore[attr-defined]
        if (start := number(first)) is not None and first is not None:
            yield first, str(start + 1 if start in (0, -2, -3) else start - 1)
    if name in ("reshape", "view") and not sites.is_library(node) and len(node.args) > 1:  # type: ignore[attr-defined]
        first, *rest = node.args  # type: ignore[attr-defined]
        if not isinstance(first, ast.Starred) and not sites.text(first).startswith("torch."):
            yield node, f"{sites.text(node.func)}({', '.join(map(sites.text, rest))})"  # type: ignore[attr-defined]


def sizes_off_by_one(sites: Sites, node: ast.AST) -> Edits:
    """A slice that ends one too early, a tensor made one too large."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        if is_of_sizes(sites, node.value):
            return
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        for part in parts:
            if isinstance(part, ast.Slice) and part.upper is not None and part.step is None:
                yield part.upper, f"{sites.text(part.upper)} - 1"
    if called(node) in (
        "zeros",
        "ones",
        "randn",
        "rand",
        "empty",
        "arange",
        "eye",
    ) and sites.is_library(node):
        last = node.args[-1] if node.args else None  # type: ignore[attr-defined]
        if last is not None and not isinstance(last, ast.Starred) and not is_of_sizes(sites, last):
            yield last, f"{sites.text(last)} + 1"


def is_of_sizes(sites: Sites, node: ast.AST) -> bool:
    """Whether an expression is several sizes, as far as its text tells: ``x.shape``, ``size_of(x)``."""
    if isinstance(node, (ast.Tuple, ast.List)):
        return True
    if called(node) == "len":
        return False
    return isinstance(node, ast.Call) or bool(re.search(r"shape$|^size$", sites.text(node)))


def kept_dims(sites: Sites, node: ast.AST) -> Edits:
    """``keepdim=True`` forgotten."""
    if isinstance(node, ast.Call) and (value := keyword(node, "keepdim", "keepdims")) is not None:
        if isinstance(value, ast.Constant) and value.value is True:
            yield value, "False"


def axes(sites: Sites, node: ast.AST) -> Edits:
    """Another axis of a reduction, of ``cat``, of ``unsqueeze``."""
    name = called(node)
    if name not in REDUCTIONS | JOINS | {"unsqueeze", "chunk", "split"}:
        return
    if isinstance(node.func, ast.Name) and not sites.is_library(node):  # type: ignore[attr-defined]
        return  # Python's own ``max(0, n)``
    value = keyword(node, "dim", "axis")
    if value is None and name not in REDUCTIONS and len(node.args) > sites.is_library(node):  # type: ignore[attr-defined]
        value = node.args[-1]  # type: ignore[attr-defined]
    if value is None and name in REDUCTIONS and not sites.is_library(node) and node.args:  # type: ignore[attr-defined]
        value = node.args[0]  # type: ignore[attr-defined]
    if value is not None and (axis := number(value)) is not None:
        yield value, str(axis + 1 if axis in (0, -2) else axis - 1)


def patterns(sites: Sites, node: ast.AST) -> Edits:
    """Two names swapped on the right side of an einsum or einops pattern."""
    if called(node) not in EINOPS | {"einsum"}:
        return
    for value in node.args:  # type: ignore[attr-defined]
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and "->" in value.value:
            swapped = _swapped(value.value)
            if swapped is not None:
                yield value, repr(swapped)


def _swapped(pattern: str) -> str | None:
    left, right = pattern.split("->", 1)
    words = re.findall(r"\([^)]*\)|\S+", right)
    if len(words) == 1 and words[0].isalpha() and len(words[0]) > 1 and " " not in left.strip():
        *start, a, b = words[0]
        return f"{left}-> {''.join([*start, b, a])}" if a != b else None
    plain = [place for place, word in enumerate(words) if word not in ("1", "...", "()")]
    if len(plain) < 2:
        return None
    a, b = plain[-2:]
    words[a], words[b] = words[b], words[a]
    return f"{left}-> {' '.join(words)}" if words[a] != words[b] else None


def layer_sizes(sites: Sites, node: ast.AST) -> Edits:
    """A layer one too wide, on either side."""
    if called(node) in ("Linear", "LinearNoBias", "Conv1d", "Conv2d", "LayerNorm", "Embedding"):
        for value in node.args[:2]:  # type: ignore[attr-defined]
            whole = re.search(r"(?:cfg|config)$", sites.text(value))
            if not isinstance(value, ast.Starred) and not whole:
                yield value, f"{sites.text(value)} + 1"


def skips(sites: Sites, node: ast.AST) -> Edits:
    """A skip connection that lacks its first row."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        names = isinstance(node.left, ast.Name) and isinstance(node.right, (ast.Name, ast.Call))
        if names and not re.search(
            r"int\(|len\(|num_|n_|_len|_dim|size|start|end|dim|offset|index", sites.text(node)
        ):
            yield node.left, f"{sites.text(node.left)}[..., 1:]"


def argument_orders(sites: Sites, node: ast.AST) -> Edits:
    """Two arguments of a function of this file swapped, whose annotations say different shapes."""
    if not isinstance(node, ast.Call) or len(node.args) < 2:
        return
    function = sites.defined.get(called(node))
    first, second = node.args[:2]
    if called(node) == "__init__":  # of a base class, which may be in another file
        return
    if function is None or isinstance(first, ast.Starred) or isinstance(second, ast.Starred):
        return
    spec = [
        p for p in (*function.args.posonlyargs, *function.args.args) if p.arg not in ("self", "cls")
    ]
    hints = [ast.unparse(p.annotation) if p.annotation else "" for p in spec[:2]]
    if len(hints) == 2 and hints[0] != hints[1] and all(map(SHAPED.search, hints)):
        swapped = ast.Tuple([second, first], ast.Load())
        swapped.lineno, swapped.col_offset = first.lineno, first.col_offset
        swapped.end_lineno, swapped.end_col_offset = second.end_lineno, second.end_col_offset
        yield swapped, f"{sites.text(second)}, {sites.text(first)}"


KINDS: dict[str, Callable[[Sites, ast.AST], Edits]] = {
    "transpose": transpositions,
    "head count": head_counts,
    "flatten": flattenings,
    "off by one": sizes_off_by_one,
    "keepdim": kept_dims,
    "axis": axes,
    "einsum or einops pattern": patterns,
    "layer size": layer_sizes,
    "skip": skips,
    "argument order": argument_orders,
}
ALL_KINDS = (*KINDS, "result annotation")


def choose(candidates: dict[str, list[Bug]], count: int, seed: str) -> list[tuple[str, Bug]]:
    """`count` bugs, the kinds in turn, as many functions as there are.

    Args:
        candidates: The bugs of each file.
        count: How many to take.
        seed: The choice is the same for the same seed.
    """
    generator = random.Random(seed)
    by_kind: dict[str, list[tuple[str, Bug]]] = defaultdict(list)
    for file in sorted(candidates):
        for bug in candidates[file]:
            by_kind[bug.kind].append((file, bug))
    for listed in by_kind.values():
        generator.shuffle(listed)  # with the idle ones, so that knowing more of them moves no other
        listed[:] = [(file, bug) for file, bug in listed if not bug.idle]
    chosen: list[tuple[str, Bug]] = []
    taken: set[tuple[str, str, str]] = set()
    waiting = [kind for kind in ALL_KINDS if by_kind[kind]]
    while waiting and len(chosen) < count:
        for kind in list(waiting):
            fresh = [
                item for item in by_kind[kind] if (kind, item[0], item[1].function) not in taken
            ]
            if not fresh:
                waiting.remove(kind)
                continue
            file, bug = fresh[0]
            taken.add((kind, file, bug.function))
            chosen.append((file, bug))
            if len(chosen) == count:
                break
    return chosen
