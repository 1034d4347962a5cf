"""`profile`: watching the operations of a block."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from enum import Enum
from functools import wraps
from pathlib import Path
from typing import Any

from shapetorch.profiler import instruments
from shapetorch.profiler.events import Event, EventList, averages, chrome_trace


class ProfilerActivity(Enum):
    """What is watched: the CPU; the others are names."""

    CPU = 0
    CUDA = 1
    XPU = 2
    MTIA = 3
    HPU = 4
    PrivateUse1 = 5


class ProfilerAction(Enum):
    """What a profile does during a step."""

    NONE = 0
    WARMUP = 1
    RECORD = 2
    RECORD_AND_SAVE = 3


def schedule(
    *, wait: int, warmup: int, active: int, repeat: int = 0, skip_first: int = 0
) -> Callable[[int], ProfilerAction]:
    """What to do at each step: wait, warm up, watch, and from the beginning again.

    Args:
        wait: Steps of a cycle without watching.
        warmup: Steps after them whose events are thrown away.
        active: Steps after them that are watched; the last one ends the cycle.
        repeat: How many cycles; without end if 0.
        skip_first: Steps before the first cycle.

    Raises:
        ValueError: a number is negative, or no step is watched.
    """
    if min(wait, warmup, repeat, skip_first) < 0 or active < 1:
        raise ValueError("schedule: steps must not be negative and at least one must be active")
    cycle = wait + warmup + active

    def action(step: int) -> ProfilerAction:
        place = step - skip_first
        if place < 0 or (repeat and place // cycle >= repeat):
            return ProfilerAction.NONE
        place %= cycle
        if place < wait:
            return ProfilerAction.NONE
        if place < wait + warmup:
            return ProfilerAction.WARMUP
        return ProfilerAction.RECORD_AND_SAVE if place == cycle - 1 else ProfilerAction.RECORD

    return action


_WATCHED = (ProfilerAction.RECORD, ProfilerAction.RECORD_AND_SAVE)


class profile:  # noqa: N801 - PyTorch's name
    """Watches the operations of a block: ``with profile() as found: …``.

    Args:
        activities: What is watched; only the CPU can be.
        schedule: What to do at each `step`; everything is watched if None.
        on_trace_ready: Called with the profile when a cycle of the schedule, or the block, has ended.
        record_shapes: Whether the shapes of operands are kept.
        profile_memory: Whether the table shows the bytes of results.
        with_stack: Without effect.
        with_flops: Without effect.
        with_modules: Without effect.
    """

    def __init__(
        self,
        activities: Iterable[ProfilerActivity] | None = None,
        *,
        schedule: Callable[[int], ProfilerAction] | None = None,
        on_trace_ready: Callable[[profile], Any] | None = None,
        record_shapes: bool = False,
        profile_memory: bool = False,
        with_stack: bool = False,
        with_flops: bool = False,
        with_modules: bool = False,
    ) -> None:
        self.activities = set(activities) if activities is not None else {ProfilerActivity.CPU}
        self.record_shapes = record_shapes
        self.profile_memory = profile_memory
        self.step_num = 0
        self._schedule = schedule or (lambda step: ProfilerAction.RECORD)
        self._ready = on_trace_ready
        self._recorder = instruments.Recorder(record_shapes)
        self._handed_over = False

    # -- the block --------------------------------------------------------------------------------
    def start(self) -> None:
        """Begin to watch."""
        self._recorder.active = self._schedule(0) in _WATCHED
        instruments.start(self._recorder)

    def stop(self) -> None:
        """Watch no more."""
        instruments.stop(self._recorder)
        if self._ready is not None and not self._handed_over:
            self._ready(self)

    def __enter__(self) -> profile:
        self.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def step(self) -> None:
        """The next step of the schedule begins."""
        before = self._schedule(self.step_num)
        self.step_num += 1
        if before is ProfilerAction.RECORD_AND_SAVE and self._ready is not None:
            self._ready(self)
            self._handed_over = True
        now = self._schedule(self.step_num)
        self._recorder.active = now in _WATCHED
        if now in _WATCHED and before not in _WATCHED:
            self._recorder.events.clear()
            self._handed_over = False

    # -- what was seen ----------------------------------------------------------------------------
    def events(self) -> list[Event]:
        """Every call, in the order in which they began."""
        return list(self._recorder.events)

    def key_averages(
        self, group_by_input_shape: bool = False, group_by_stack_n: int = 0
    ) -> EventList:
        """The calls of each operation in one row.

        Args:
            group_by_input_shape: Whether operands of different shapes are different rows.
            group_by_stack_n: Without effect.
        """
        return averages(self._recorder.events, group_by_input_shape, self.profile_memory)

    def export_chrome_trace(self, path: str | os.PathLike[str]) -> None:
        """Write the calls to a file for ``chrome://tracing`` or Perfetto."""
        Path(path).write_text(chrome_trace(self._recorder.events))


def tensorboard_trace_handler(
    dir_name: str, worker_name: str | None = None
) -> Callable[[profile], None]:
    """An `on_trace_ready` that writes each trace to a file of its own in a folder."""

    def handle(found: profile) -> None:
        folder = Path(dir_name)
        folder.mkdir(parents=True, exist_ok=True)
        name = worker_name or f"{os.uname().nodename}_{os.getpid()}"
        found.export_chrome_trace(folder / f"{name}.{time.time_ns()}.pt.trace.json")

    return handle


class record_function(AbstractContextManager["record_function"]):  # noqa: N801 - PyTorch's name
    """A block, or a function, that open profiles see as an event of this name."""

    def __init__(self, name: str, args: str | None = None) -> None:
        self.name = name
        self._open: list[Any] = []

    def __enter__(self) -> record_function:
        recorders = instruments.recording()
        self._open.append([(recorder, recorder.begin(self.name)) for recorder in recorders])
        return self

    def __exit__(self, *exc_info: object) -> None:
        for recorder, event in self._open.pop():
            recorder.end(event)

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            with record_function(self.name):
                return function(*args, **kwargs)

        return call
