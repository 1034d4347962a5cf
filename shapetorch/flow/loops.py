"""Loops: unrolled where the items are known, else run until the state no longer changes."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from shapetorch.dim import UNKNOWN_DIM, Size
from shapetorch.flow.comparisons import truth_of
from shapetorch.flow.expressions import assume, evaluate
from shapetorch.flow.iteration import element_and_length, iterate
from shapetorch.flow.state import Run, Snapshot
from shapetorch.flow.statements import execute
from shapetorch.flow.values import (
    Block,
    Integer,
    ListRecord,
    Many,
    Value,
    alternatives,
    union,
    widen,
)

UNROLL = 24


ROUNDS = 4


class Jumps:
    """Where `break` and `continue` of a loop have led."""

    def __init__(self) -> None:
        self.breaks: list[Snapshot] = []
        self.continues: list[Snapshot] = []


open_loops: list[Jumps] = []


def run_for(run: Run, node: ast.For | ast.AsyncFor) -> None:
    """A ``for`` loop: unrolled where its items are known and few."""
    from shapetorch.flow.assignment import bind_target

    source = evaluate(run, node.iter)
    items = iterate(run, source)
    if items is not None and len(items) <= UNROLL:
        _unrolled(run, node, items)
        return
    record = run.list_of(source)
    if items is None and record is not None and len(record.parts) > 1 and not _may_end_early(node):
        _in_order(run, node, record.parts)
        return
    element, length = element_and_length(run, source)
    if items is not None:
        length = len(items)
    first = source.first if isinstance(source, Many) else None

    def begin(round_: int) -> None:
        chosen = element if round_ or first is None else first
        bind_target(run, node.target, chosen, node)

    _repeated(run, node.body, node.orelse, begin, length)


def _may_end_early(node: ast.For | ast.AsyncFor) -> bool:
    return bool(node.orelse) or any(
        isinstance(inner, ast.Break) for part in node.body for inner in ast.walk(part)
    )


def _in_order(run: Run, node: ast.For | ast.AsyncFor, parts: Sequence[Value]) -> None:
    """A loop over a list of which the order is known, though not how long it is."""
    from shapetorch.flow.assignment import bind_target

    for part in parts:
        if not run.alive:
            return
        if not isinstance(part, Block):
            _unrolled(run, node, [part])
        elif not part.repeated:
            before = run.snapshot()
            _in_order(run, node, part.items)
            run.join([before, *([run.snapshot()] if run.alive else [])])
        else:
            one = union(item for item in part.items if not isinstance(item, Block))

            def begin(round_: int, one: Value = one) -> None:
                bind_target(run, node.target, one, node)

            _repeated(run, node.body, [], begin, UNKNOWN_DIM)


def _unrolled(run: Run, node: ast.For | ast.AsyncFor, items: list[Value]) -> None:
    from shapetorch.flow.assignment import bind_target

    jumps = Jumps()
    open_loops.append(jumps)
    try:
        for item in items:
            if not run.alive:
                break
            bind_target(run, node.target, item, node)
            execute(run, node.body)
            ended = [run.snapshot()] if run.alive else []
            run.join([*ended, *jumps.continues])
            jumps.continues = []
    finally:
        open_loops.pop()
    if run.alive:
        execute(run, node.orelse)
    run.join([*([run.snapshot()] if run.alive else []), *jumps.breaks])


def run_while(run: Run, test: ast.expr, body: list[ast.stmt], orelse: list[ast.stmt]) -> None:
    """A ``while`` loop; left out where its condition is false."""
    truth = truth_of(run, evaluate(run, test))
    if truth is False:
        execute(run, orelse)
        return

    def begin(round_: int) -> None:
        evaluate(run, test)
        assume(run, test, True)

    endless = isinstance(test, ast.Constant) and bool(test.value)
    _repeated(run, body, orelse, begin, UNKNOWN_DIM, endless=endless)


def _repeated(
    run: Run,
    body: list[ast.stmt],
    orelse: list[ast.stmt],
    begin: Callable[[int], None],
    length: Size,
    *,
    endless: bool = False,
) -> None:
    """A loop whose number of rounds is not known: run until its state no longer changes."""
    jumps = Jumps()
    open_loops.append(jumps)
    entry = run.snapshot()
    state = entry
    grown: dict[int, tuple[ListRecord, ListRecord]] = {}
    try:
        for round_ in range(ROUNDS):
            run.restore(state)
            run.alive = True
            begin(round_)
            execute(run, body)
            ends = [*([run.snapshot()] if run.alive else []), *jumps.continues]
            straight = not jumps.continues and not jumps.breaks
            jumps.continues = []
            if not ends:
                break
            run.join(ends)
            after = run.snapshot()
            if round_ == 0 and straight:
                grown = _growth(state, after)
            merged = _merge(state, after, widening=round_ >= ROUNDS - 2)
            if merged.locals == state.locals and merged.heap == state.heap:
                state = merged
                break
            state = merged
    finally:
        open_loops.pop()
    exits = [] if endless else [state]
    run.restore(state)
    run.alive = bool(exits)
    for key, (first, second) in grown.items():
        _set_grown(run, key, first, second, length)
    if run.alive:
        execute(run, orelse)
    run.join([*([run.snapshot()] if run.alive else []), *jumps.breaks])


def _growth(before: Snapshot, after: Snapshot) -> dict[int, tuple[ListRecord, ListRecord]]:
    """Lists to which a round appends the same number of items each time."""
    found: dict[int, tuple[ListRecord, ListRecord]] = {}
    for key, record in before.heap.items():
        later = after.heap.get(key)
        if isinstance(record, ListRecord) and isinstance(later, ListRecord) and later is not record:
            if record.items is not None and later.items is not None:
                if later.items[: len(record.items)] == record.items and len(later.items) > len(
                    record.items
                ):
                    found[key] = (record, later)
    return found


def _set_grown(run: Run, key: int, first: ListRecord, second: ListRecord, length: Size) -> None:
    """After `length` rounds, each of which appended as the first did."""
    assert first.items is not None and second.items is not None, "growth is of known lists"
    record = run.heap.get(key)
    if not isinstance(record, ListRecord):
        return
    added = len(second.items) - len(first.items)
    total = len(first.items) + added * length
    element = record.element if record.items is None else union(record.items)
    run.heap[key] = ListRecord(None, element, total, record.kind, parts=record.parts)


def _merge(a: Snapshot, b: Snapshot, *, widening: bool) -> Snapshot:
    from shapetorch.flow.state import join_snapshots

    joined = join_snapshots(a, b)
    if not widening:
        return joined
    names = {
        label: _widened(value) if a.locals.get(label) != value else value
        for label, value in joined.locals.items()
    }
    return Snapshot(names, joined.heap, joined.facts, joined.loaded)


def _widened(value: Value) -> Value:
    options = alternatives(value)
    first = options[0]
    for other in options[1:]:
        first = widen(first, other)
    if isinstance(first, Integer) and len(options) > 1:
        return Integer()
    return first
