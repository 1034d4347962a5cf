"""Functions that are called when something happens, and the handles that remove them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any
from weakref import ref

_numbers = count()


class _Hooks(dict[int, Callable[..., Any]]):
    """A dict that can be referred to weakly."""


class RemovableHandle:
    """What registering a hook gives; ``remove()`` takes the hook out again."""

    def __init__(self, hooks: Any) -> None:
        self.hooks_dict_ref = ref(hooks)
        self.id = next(_numbers)

    def remove(self) -> None:
        """Take the hook out; a second time does nothing."""
        hooks = self.hooks_dict_ref()
        if hooks is not None:
            hooks.pop(self.id, None)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.remove()


def new_hooks() -> dict[int, Callable[..., Any]]:
    """No hooks yet."""
    return _Hooks()


def add(hooks: dict[int, Callable[..., Any]], hook: Callable[..., Any]) -> RemovableHandle:
    """Register a hook among others of `new_hooks`."""
    handle = RemovableHandle(hooks)
    hooks[handle.id] = hook
    return handle
