"""What a profile has seen: events, their averages, and how these are shown."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Shapes: TypeAlias = tuple[tuple[int, ...], ...]
COLUMNS = {
    "cpu_time_total": lambda row: row.cpu_time_total,
    "self_cpu_time_total": lambda row: row.self_cpu_time_total,
    "cpu_time": lambda row: row.cpu_time,
    "count": lambda row: row.count,
    "cpu_memory_usage": lambda row: row.cpu_memory_usage,
    "self_cpu_memory_usage": lambda row: row.self_cpu_memory_usage,
}
"""What a table can be sorted by."""


@dataclass(eq=False)
class Event:
    """One call of an operation; times in microseconds from the beginning of the profile.

    Attributes:
        name: The operation, ``matmul``; a node of the backward pass, ``MmBackward0``; a name of one's own.
        start: When it began.
        duration: How long it took, with the operations that it called.
        children: How long these took.
        memory: The bytes of new results, with those of the operations that it called.
        children_memory: The bytes of these.
        shapes: Of its operands, if they were to be recorded.
        thread: Which thread called it.
    """

    name: str
    start: float
    thread: int
    duration: float = 0.0
    children: float = 0.0
    memory: int = 0
    children_memory: int = 0
    shapes: Shapes = ()

    @property
    def self_cpu_time_total(self) -> float:
        """The time without that of the operations that it called."""
        return self.duration - self.children

    @property
    def cpu_time_total(self) -> float:
        """The time with that of the operations that it called."""
        return self.duration


@dataclass
class EventAverage:
    """All calls of one operation (with the same shapes); times in microseconds."""

    key: str
    count: int = 0
    cpu_time_total: float = 0.0
    self_cpu_time_total: float = 0.0
    cpu_memory_usage: int = 0
    self_cpu_memory_usage: int = 0
    input_shapes: Shapes = ()

    @property
    def cpu_time(self) -> float:
        """The time of one call, on average."""
        return self.cpu_time_total / self.count

    def add(self, event: Event) -> None:
        """Count a call."""
        self.count += 1
        self.cpu_time_total += event.duration
        self.self_cpu_time_total += event.self_cpu_time_total
        self.cpu_memory_usage += event.memory
        self.self_cpu_memory_usage += event.memory - event.children_memory


@dataclass
class EventList(list[EventAverage]):
    """The averages, the operation that took the most time of its own first.

    Attributes:
        with_shapes: Whether operands of different shapes are different rows.
        with_memory: Whether bytes were counted.
    """

    rows: Iterable[EventAverage] = field(default_factory=list)
    with_shapes: bool = False
    with_memory: bool = False

    def __post_init__(self) -> None:
        self.extend(self.rows)

    def total_average(self) -> EventAverage:
        """All rows in one."""
        total = EventAverage("Total")
        for row in self:
            total.count += row.count
            total.cpu_time_total += row.self_cpu_time_total
            total.self_cpu_time_total += row.self_cpu_time_total
            total.self_cpu_memory_usage += row.self_cpu_memory_usage
            total.cpu_memory_usage += row.self_cpu_memory_usage
        return total

    @property
    def self_cpu_time_total(self) -> float:
        """The time of all operations."""
        return sum(row.self_cpu_time_total for row in self)

    def table(
        self, sort_by: str | None = None, row_limit: int = 100, max_name_column_width: int = 55
    ) -> str:
        """The averages as a table.

        Args:
            sort_by: A column of `COLUMNS`, the largest first; the time of its own if None.
            row_limit: The most rows; all if negative.
            max_name_column_width: The most characters of a name.

        Raises:
            ValueError: there is no such column.
        """
        column = (sort_by or "self_cpu_time_total").replace("cuda", "cpu").replace("device", "cpu")
        if column not in COLUMNS:
            raise ValueError(f"table: sort_by must be one of {', '.join(COLUMNS)}, got {sort_by!r}")
        rows = sorted(self, key=COLUMNS[column], reverse=True)
        shown = rows if row_limit < 0 else rows[:row_limit]
        return _render(self, shown, max_name_column_width)

    def __str__(self) -> str:
        return self.table()


def averages(events: Iterable[Event], by_shape: bool, with_memory: bool) -> EventList:
    """Events of the same operation (and shapes) in one row each."""
    rows: dict[Any, EventAverage] = {}
    for event in events:
        key = (event.name, event.shapes if by_shape else ())
        if key not in rows:
            rows[key] = EventAverage(event.name, input_shapes=key[1])
        rows[key].add(event)
    ordered = sorted(rows.values(), key=COLUMNS["self_cpu_time_total"], reverse=True)
    return EventList(ordered, by_shape, with_memory)


def _render(events: EventList, rows: list[EventAverage], width: int) -> str:
    from rich.console import Console
    from rich.table import Table

    total = events.self_cpu_time_total or 1.0
    table = Table(caption=f"Self CPU time total: {_time(events.self_cpu_time_total)}", box=None)
    table.add_column("Name", max_width=width, no_wrap=True)
    for title in ("Self CPU %", "Self CPU", "CPU total %", "CPU total", "CPU time avg"):
        table.add_column(title, justify="right", no_wrap=True)
    if events.with_memory:
        table.add_column("CPU Mem", justify="right", no_wrap=True)
        table.add_column("Self CPU Mem", justify="right", no_wrap=True)
    table.add_column("# of Calls", justify="right", no_wrap=True)
    if events.with_shapes:
        table.add_column("Input Shapes", no_wrap=True)
    for row in rows:
        cells = [row.key, f"{100 * row.self_cpu_time_total / total:.2f}%"]
        cells += [_time(row.self_cpu_time_total), f"{100 * row.cpu_time_total / total:.2f}%"]
        cells += [_time(row.cpu_time_total), _time(row.cpu_time)]
        if events.with_memory:
            cells += [_bytes(row.cpu_memory_usage), _bytes(row.self_cpu_memory_usage)]
        cells.append(str(row.count))
        if events.with_shapes:
            cells.append(str([list(shape) for shape in row.input_shapes]))
        table.add_row(*cells)
    file = io.StringIO()
    Console(file=file, width=240, markup=False, highlight=False).print(table)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"


def _time(microseconds: float) -> str:
    for unit, size in (("s", 1e6), ("ms", 1e3)):
        if microseconds >= size:
            return f"{microseconds / size:.3f}{unit}"
    return f"{microseconds:.3f}us"


def _bytes(count: int) -> str:
    for unit, size in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if abs(count) >= size:
            return f"{count / size:.2f} {unit}"
    return f"{count} B"


def chrome_trace(events: Iterable[Event]) -> str:
    """Events as the JSON that ``chrome://tracing`` and Perfetto show."""
    process = os.getpid()
    found = [
        {
            "name": event.name,
            "cat": "cpu_op",
            "ph": "X",
            "ts": round(event.start, 3),
            "dur": round(event.duration, 3),
            "pid": process,
            "tid": event.thread,
            "args": {
                "Input Dims": [list(shape) for shape in event.shapes],
                "Bytes": event.memory,
            },
        }
        for event in events
    ]
    return json.dumps({"traceEvents": found, "displayTimeUnit": "ms"})
