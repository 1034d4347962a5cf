"""Our own worker threads: large operations are cut along one dim, and each part runs the same serial code.

Each element is computed by one thread, in the order in which one thread alone would do it, so results
do not depend on the number of threads. The threads begin with the first large operation, a forked child begins anew, and
an operation that finds them busy (another thread uses them) runs its parts itself.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

GRAIN = 1 << 19
"""Elements of one part of an element-wise operation: less takes no longer than handing it over."""


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Worker:
    """A thread that waits for a task, runs it, and says so."""

    def __init__(self) -> None:
        self.start, self.done = threading.Lock(), threading.Lock()
        self.start.acquire()
        self.done.acquire()
        self.task: Callable[[], None] | None = None
        self.error: BaseException | None = None
        threading.Thread(target=self._work, name="shapetorch", daemon=True).start()

    def _work(self) -> None:
        while True:
            self.start.acquire()
            try:
                assert self.task is not None, "a worker is started with a task"
                self.task()
            except BaseException as error:
                self.error = error
            self.task = None
            self.done.release()

    def begin(self, task: Callable[[], None]) -> None:
        """Have a task run."""
        self.task, self.error = task, None
        self.start.release()

    def wait(self) -> BaseException | None:
        """Wait for the task; the exception it raised."""
        self.done.acquire()
        return self.error


class _Pool:
    """The workers of the process."""

    def __init__(self) -> None:
        self.count = _cores()
        self.reset()

    def reset(self) -> None:
        """No workers: what a forked child starts with, for threads do not survive a fork."""
        self.workers: list[_Worker] = []
        self.busy = threading.Lock()

    def run(self, tasks: list[Callable[[], None]]) -> None:
        """Run tasks, the first one here."""
        if len(tasks) == 1 or not self.busy.acquire(blocking=False):
            for task in tasks:
                task()
            return
        try:
            while len(self.workers) < len(tasks) - 1:
                self.workers.append(_Worker())
            used = self.workers[: len(tasks) - 1]
            for worker, task in zip(used, tasks[1:], strict=True):
                worker.begin(task)
            try:
                tasks[0]()
            finally:  # all of them, before the caller may touch the operands again
                errors = [error for worker in used if (error := worker.wait()) is not None]
            if errors:
                raise errors[0]
        finally:
            self.busy.release()


_pool = _Pool()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.reset)


def get_num_threads() -> int:
    """How many threads a large operation uses."""
    return _pool.count


def set_num_threads(num: int) -> None:
    """Choose how many threads a large operation uses; results are the same for any number.

    Raises:
        RuntimeError: less than one.
    """
    if not isinstance(num, int) or isinstance(num, bool):
        raise TypeError(f"set_num_threads expects an int, but got {type(num).__name__}")
    if num <= 0:
        raise RuntimeError("set_num_threads expects a positive integer")
    _pool.count = num


def split(function: Callable[[int, int], Any], size: int, grain: int) -> None:
    """Run ``function(start, end)`` over ``range(size)``, in parts of at least `grain`, on several threads.

    `function` must let go of the interpreter lock to gain anything (NumPy's loops and our kernels do).
    """
    parts = min(_pool.count, size // grain)
    if parts < 2:
        function(0, size)
        return
    bounds = [size * place // parts for place in range(parts + 1)]

    def task(place: int) -> Callable[[], None]:
        return lambda: function(bounds[place], bounds[place + 1])

    _pool.run([task(place) for place in range(parts)])
