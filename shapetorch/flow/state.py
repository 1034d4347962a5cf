"""The state of an analysis: frames, the heap, facts, and where problems go.

A `Frame` is one call of one function. A `Snapshot` is everything a branch may change; two of them
are joined where branches meet.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from shapetorch.dim import NO_FACTS, UNKNOWN_DIM, Context, Facts, Size, name, using
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.flow.problems import Note, Place, Problem, ShapeAt
from shapetorch.flow.program import Module, Program
from shapetorch.flow.values import (
    UNKNOWN_VALUE,
    Class,
    DictRecord,
    Function,
    ListRecord,
    ObjectRecord,
    Record,
    Ref,
    Tensor,
    Value,
    alternatives,
    union,
)

if TYPE_CHECKING:
    from shapetorch.flow.rows import Rows


@dataclass(eq=False)
class Frame:
    """One call: its names, the code it belongs to, and what it has returned so far."""

    module: Module
    locals: dict[str, Value] = field(default_factory=dict)
    parent: Frame | None = None
    function: Function | None = None
    owner: Class | None = None
    returned: list[Value] = field(default_factory=list)
    yielded: list[Value] = field(default_factory=list)
    globals: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)
    sizes: dict[str, Size] = field(default_factory=dict)
    on_return: Callable[[ast.expr | None, Value], None] | None = None
    on_yield: Callable[[ast.expr | None, Value], None] | None = None

    @property
    def is_module(self) -> bool:
        """Whether this is the top level of a module."""
        return self.function is None and self.owner is None and self.parent is None


@dataclass(frozen=True)
class Snapshot:
    """What a branch may change."""

    locals: dict[str, Value]
    heap: dict[int, Record]
    facts: Facts
    loaded: int = 0


class BudgetExceededError(Exception):
    """The analysis of one function has taken too many steps; what is left stays unknown."""


STEPS = 60_000
LOOP = "i"  # the label of a size that counts the rounds of a loop
DEPTH = 12


class Run:
    """One analysis of one module.

    Attributes:
        program: All modules.
        strict: Whether conditional errors are reported.
        counts: Whether shapes are noted and tensors counted, and not only problems reported.
        heap: Records of mutable objects.
        shared: Those that the names of the checked module's top level reach.
        facts: What is known here.
        alive: Whether this point can be reached.
        silent: Above 0, problems are not reported.
        depth: How many calls deep.
        looked: The names of the checked module's top level that were looked up.
        notes: What was asked of the checked module as a whole, see `noted`.
        tangled: Whether the result depends on what was run before: on the order of a circle of imports.
    """

    def __init__(self, program: Program, strict: bool = False, *, counts: bool = True) -> None:
        self.program = program
        self.strict = strict
        self.counts = counts
        self.heap: dict[int, Record] = dict(program.heap)
        self.shared: dict[int, Record] = {}
        self.facts: Facts = NO_FACTS
        self.alive = True
        self.silent = 0
        self.depth = 0
        self.steps = 0
        self.loaded = 0  # how many modules have been run
        self.counter = program.counter
        self.problems: dict[tuple[object, ...], Problem] = {}
        self.shapes: dict[tuple[int, int, str], tuple[ShapeAt, Value]] = {}
        self.tensors: dict[Place, bool] = {}
        self.unknown: set[Place] = set()
        self.read: set[str] = set()
        self.stack: list[Frame] = []
        self.statements: list[ast.stmt] = []
        self.generic: dict[int, tuple[Ref, Facts, dict[int, Record]]] = {}
        self.changing: dict[Class, list[tuple[Function, set[str]]]] = {}  # see flow.lifetimes
        self.call_sites: list[tuple[str, ast.AST, list[ast.stmt]]] = []
        self.main: str = ""
        self.deferred = 0
        self.hints: dict[int, Any] = {}  # annotations read before, by their syntax node
        self.rows: Rows | None = None  # the lengths of rows that one function is checked for
        self.failures = 0
        self.refining = 0
        self.refined: dict[tuple[object, ...], tuple[Value, object]] = {}
        self.lines: dict[Class, list[Value]] = {}  # the ancestors of classes
        self.asserting = 0
        self.lenient = 0
        self.integers: set[str] = set()
        self.nested: list[Function] = []
        self.origin: tuple[str, int] | None = None
        self.imported: dict[str, Value] = {}  # names of libraries, resolved before
        self.looked: set[str] = set()
        self.notes: set[tuple[str, str, bool]] = set()
        self.tangled = False
        self.numbers = 0  # the last number of a fresh name
        self.series = ""  # tells the sizes that running an imported module has made

    # -- what a result depends on ---------------------------------------------------------------

    def look(self, module: Module, label: str) -> None:
        """Remember that a name of a module's top level was looked up."""
        if module.name == self.main:
            self.looked.add(label)

    def noted(self, question: str, label: str, answer: bool, module: Module) -> bool:
        """The answer to a question about a module's `surface`, remembered."""
        if module.name == self.main:
            self.notes.add((question, label, answer))
        return answer

    # -- frames ---------------------------------------------------------------------------------

    @property
    def frame(self) -> Frame:
        """The frame in which code is being run."""
        return self.stack[-1]

    @contextmanager
    def entering(self, frame: Frame) -> Iterator[Frame]:
        """Run code in `frame` inside the ``with`` block; liveness is the caller's afterwards."""
        alive, self.alive = self.alive, True
        self.stack.append(frame)
        try:
            yield frame
        finally:
            self.stack.pop()
            self.alive = alive

    @contextmanager
    def muted(self) -> Iterator[None]:
        """Report nothing inside the ``with`` block."""
        self.silent += 1
        try:
            yield
        finally:
            self.silent -= 1

    @contextmanager
    def checking(self) -> Iterator[None]:
        """Report again inside the ``with`` block, whatever is around it."""
        silent, self.silent = self.silent, 0
        try:
            yield
        finally:
            self.silent = silent

    @contextmanager
    def aside(self) -> Iterator[dict[tuple[object, ...], Problem]]:
        """Inside the ``with`` block, what is found is written into the result and nowhere else."""
        kept = self.problems, self.shapes, self.tensors, self.unknown, self.nested
        self.problems, self.shapes, self.tensors = {}, {}, {}
        self.unknown, self.nested = set(), []
        try:
            yield self.problems
        finally:
            self.problems, self.shapes, self.tensors, self.unknown, self.nested = kept

    def step(self) -> None:
        """Count one evaluation, so that no program takes forever."""
        self.steps += 1
        if self.steps > STEPS:
            raise BudgetExceededError

    # -- heap --------------------------------------------------------------------------------------

    def allocate(self, record: Record) -> Ref:
        """A new object."""
        key = next(self.counter)
        self.heap[key] = record
        return Ref(key)

    def list_of(self, value: Value) -> ListRecord | None:
        """The record of a list or container of modules."""
        record = self.heap.get(value.key) if isinstance(value, Ref) else None
        return record if isinstance(record, ListRecord) else None

    def dict_of(self, value: Value) -> DictRecord | None:
        """The record of a dict."""
        record = self.heap.get(value.key) if isinstance(value, Ref) else None
        return record if isinstance(record, DictRecord) else None

    def object_of(self, value: Value) -> ObjectRecord | None:
        """The record of an instance."""
        record = self.heap.get(value.key) if isinstance(value, Ref) else None
        return record if isinstance(record, ObjectRecord) else None

    def set_attribute(self, target: Ref, attribute: str, value: Value) -> None:
        """Assign to an attribute of an instance."""
        record = self.object_of(target)
        if record is not None:
            attrs = {**record.attrs, attribute: value}
            self.heap[target.key] = ObjectRecord(  # `replace` takes three times as long
                record.cls, attrs, record.sizes, record.base, record.path, record.generic
            )

    # -- branches ----------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """The state now."""
        return Snapshot(dict(self.frame.locals), dict(self.heap), self.facts, self.loaded)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a state."""
        self.frame.locals = dict(snapshot.locals)
        self.heap = dict(snapshot.heap)
        if self.loaded != snapshot.loaded:  # modules that the abandoned branch was first to use
            self.heap = {**self.program.heap, **self.heap}
        self.facts = snapshot.facts

    def join(self, states: list[Snapshot]) -> None:
        """Go on from any of several states; from none of them, nothing can be reached."""
        if not states:
            self.alive = False
            return
        self.alive = True
        merged = states[0]
        for other in states[1:]:
            merged = join_snapshots(merged, other)
        self.restore(merged)

    # -- sizes --------------------------------------------------------------------------------------

    def fresh(self, label: str = "") -> Size:
        """A size of which nothing is known but that it is one number."""
        self.numbers += 1
        return name(f"?{label}#{self.series}{self.numbers}", soft=True)

    def context(self) -> Context:
        """What comparisons may use here."""
        return Context(self.facts, links_numbers=self.lenient > 0)

    @contextmanager
    def linking(self) -> Iterator[None]:
        """Inside, an annotation's name may turn out to be a number that a layer or callee wants."""
        self.lenient += 1
        try:
            yield
        finally:
            self.lenient -= 1

    def applying(self, action: Callable[[], Value], node: ast.AST, recover: Value) -> Value:
        """The value of `action`, which calls rules; a broken rule is reported at `node`."""
        context = self.context()
        try:
            with using(context):
                value = action()
        except ShapeError as error:
            if self.deferred:
                raise
            self.report_error(error, node)
            return recover
        self.facts = context.facts
        if self.strict:
            for condition in context.conditions:
                self.report_error(condition, node, conditional=True)
        return value

    # -- reports ------------------------------------------------------------------------------------

    def report_error(
        self,
        error: ShapeError,
        node: ast.AST,
        *,
        notes: tuple[Note, ...] = (),
        conditional: bool = False,
    ) -> None:
        """Report a broken rule at `node`, with its witness and its help."""
        if self.silent or not self.alive:
            return
        if self.call_sites and _is_empty(error):  # in a loop over nothing, which does not run
            return
        from shapetorch.flow.notes import of_error

        extra = (*notes, *of_error(self, error, node, conditional))
        self.report(node, str(error.kind), error.message, extra)

    def report(
        self,
        node: ast.AST,
        kind: str,
        message: str,
        notes: tuple[Note, ...] = (),
        severity: str = "error",
    ) -> None:
        """Report a problem at `node`, or at the call in the checked module that led here."""
        if self.silent or not self.alive:
            return
        place = node
        inner = None
        if self.call_sites and (self.frame.module.name != self.main or len(self.call_sites) > 0):
            module, line = self.frame.module.name, getattr(node, "lineno", 0)
            outer = self.call_sites[0][1]
            if severity == "note":
                return
            inner = (module, line, kind)
            notes = (
                *notes,
                Note(
                    f"while running {self.call_sites[-1][0]}", line if module == self.main else None
                ),
            )
            place = outer
        self._add(place, kind, message, notes, severity, inner)

    def _add(
        self,
        node: ast.AST,
        kind: str,
        message: str,
        notes: tuple[Note, ...],
        severity: str,
        inner: tuple[str, int, str] | None,
    ) -> None:
        line = getattr(node, "lineno", 1)
        column = getattr(node, "col_offset", 0)
        around = self.call_sites[0][2] if self.call_sites else self.statements
        first = next((s.lineno for s in reversed(around) if s.lineno <= line), line)
        problem = Problem(
            line,
            column,
            getattr(node, "end_lineno", None) or line,
            getattr(node, "end_col_offset", None) or column + 1,
            kind,
            message,
            notes,
            severity,
            first,
            inner,
        )
        self.problems.setdefault(problem.key, problem)

    def note_shape(self, node: ast.AST, label: str, value: Value) -> None:
        """Remember the shape of a tensor that a name is bound to."""
        if not self.counts or self.call_sites or self.frame.module.name != self.main:
            return
        key = (getattr(node, "lineno", 0), getattr(node, "col_offset", 0), label)
        before = self.shapes.get(key)
        if before is not None:
            value = union([before[1], value])
        text = render_value(value)
        if text:
            end = getattr(node, "end_lineno", None) or key[0]
            self.shapes[key] = (ShapeAt(key[0], end, key[1], label, text), value)


def _is_empty(error: ShapeError) -> bool:
    """Whether an index lies outside because there is nothing inside."""
    return error.kind is ErrorKind.index_error_out_of_bounds and 0 in error.params[1:2]


def render_value(value: Value) -> str:
    """The shape of a tensor or of the tensors of a tuple; empty for anything else."""
    from shapetorch.dim import render_shape
    from shapetorch.flow.values import Tuple

    shapes: list[str] = []
    for item in alternatives(value):
        if isinstance(item, Tensor):
            text = render_shape(item.shape)
        elif isinstance(item, Tuple) and item.items and any(render_value(x) for x in item.items):
            text = "(" + ", ".join(render_value(x) or "_" for x in item.items) + ")"
        else:
            continue
        if text not in shapes:
            shapes.append(text)
    return " | ".join(shapes)


def join_snapshots(a: Snapshot, b: Snapshot) -> Snapshot:
    """What holds after either of two branches."""
    names_a, names_b = a.locals, b.locals
    joined: dict[str, Value] = {}
    heap: dict[int, Record] = dict(a.heap)
    for place, record in b.heap.items():
        mine = heap.get(place)
        if mine is None or mine is record:
            heap[place] = record
        else:
            heap[place] = join_records(mine, record)
    for key in {**names_a, **names_b}:
        if key in names_a and key in names_b:
            left, right = names_a[key], names_b[key]
            if left is right or _is_taken_for(heap, left, right):
                joined[key] = left
            else:
                joined[key] = union([left, right])
        else:
            joined[key] = names_a.get(key, names_b.get(key, UNKNOWN_VALUE))
    return Snapshot(joined, heap, a.facts.join(b.facts), min(a.loaded, b.loaded))


def _is_taken_for(heap: dict[int, Record], left: Value, right: Value) -> bool:
    """Whether two objects that never change were made one in `heap`: the state of a loop, made anew."""
    if not isinstance(left, Ref) or not isinstance(right, Ref):
        return False
    mine, other = heap.get(left.key), heap.get(right.key)
    if not isinstance(mine, ObjectRecord) or not isinstance(other, ObjectRecord):
        return False
    if not mine.lasting or not other.lasting or mine.cls != other.cls:
        return False
    heap[left.key] = join_records(mine, other)
    return True


def join_records(a: Record, b: Record) -> Record:
    """One object after either of two branches."""
    if a == b:
        return a
    if isinstance(a, ListRecord) and isinstance(b, ListRecord):
        return join_lists(a, b)
    if isinstance(a, DictRecord) and isinstance(b, DictRecord):
        if a.items is not None and b.items is not None:
            keys = {**a.items, **b.items}
            items = {k: union([x[k] for x in (a.items, b.items) if k in x]) for k in keys}
            return DictRecord(items, UNKNOWN_VALUE, a.kind)
        return DictRecord(None, union([element_of(a), element_of(b)]), a.kind)
    assert isinstance(a, ObjectRecord) and isinstance(b, ObjectRecord), (
        "a key has one kind of record"
    )
    attrs = {
        key: union([x[key] for x in (a.attrs, b.attrs) if key in x])
        for key in {**a.attrs, **b.attrs}
    }
    sizes = {key: size for key, size in a.sizes.items() if b.sizes.get(key) == size}
    return replace(a, attrs=attrs, sizes=sizes)


def join_lists(a: ListRecord, b: ListRecord) -> ListRecord:
    """One list after either of two branches: item by item where the lengths agree."""
    from shapetorch.flow.list_parts import joined_parts, parts_of

    if a.items is not None and b.items is not None and len(a.items) == len(b.items):
        items = tuple(union([x, y]) for x, y in zip(a.items, b.items, strict=True))
        return ListRecord(items, kind=a.kind, names=a.names if a.names == b.names else ())
    sizes = [record.length if record.items is None else len(record.items) for record in (a, b)]
    length = sizes[0] if sizes[0] == sizes[1] else UNKNOWN_DIM
    found = [element_of(record) for record in (a, b) if record.items != ()]
    parts = joined_parts(parts_of(a), parts_of(b))
    return ListRecord(None, union(found), length, a.kind, parts=parts)


def element_of(record: ListRecord | DictRecord) -> Value:
    """One value that stands for any item."""
    if record.items is None:
        return record.element
    items = record.items.values() if isinstance(record, DictRecord) else record.items
    return union(items) if items else UNKNOWN_VALUE
