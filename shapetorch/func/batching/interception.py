"""How a call of an operation with mapped tensors comes to its batching rule.

The first `vmap` of a process puts every declared function into a shell (`tensor.shells`) that runs the
function and catches the `NeedsBatching` of an operand without elements.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import FunctionType
from typing import Any

from shapetorch.errors import ShapeError
from shapetorch.func.batching.table import (
    RULES,
    Unbatchable,
    is_mapped,
    raised,
)
from shapetorch.func.structures import leaves, unflatten
from shapetorch.func.structures import mapped as each_leaf
from shapetorch.tensor.mapped import (
    Level,
    Mapped,
    NeedsBatching,
    WritesUnmapped,
    mapped,
    value_at,
)
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.ops.joining import stack
from shapetorch.tensor.shells import Call, declared_functions, enclose, once
from shapetorch.tensor.tensors import Tensor


@once
def install() -> None:
    """Put the shells in place."""
    from shapetorch.func.batching import rules

    rules.load()
    for names, function in declared_functions():
        name = next((name for name in names if name in RULES), names[0])
        # the last part of the name, by which rules of several operations tell them apart
        enclose(function, name.rpartition(".")[2], _shell_of(name))


def _shell_of(name: str) -> Callable[[FunctionType], Call]:
    """What runs a function, and its batching rule if the function asks for elements of a mapped tensor."""

    def call_of(inner: FunctionType) -> Call:
        def call(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
            try:
                return inner(*args, **kwargs)
            except NeedsBatching as found:
                needed = found
            return dispatch(name, enclosed, needed, args, kwargs)

        @wraps(inner)
        def enclosed(*args: Any, **kwargs: Any) -> Any:
            return call(args, kwargs)  # which may be mapped by outer maps as well

        return call

    return call_of


def dispatch(
    name: str, call: Callable[..., Any], needed: NeedsBatching, args: Any, kwargs: Any
) -> Any:
    """What an operation gives for all examples of the innermost map that its operands are of."""
    levels = [item.level for item in leaves((args, kwargs)) if isinstance(item, Mapped)]
    if needed.level is not None:
        levels.append(needed.level)
    if not levels:  # something that the operands hold, or a function that the operation calls
        raise needed
    level = max(levels, key=lambda level: level.depth)
    rule = RULES.get(name)
    with level.suspended():
        if rule is not None and is_mapped((args, kwargs), level):
            try:
                return rule(level, call, args, kwargs)
            except Unbatchable:
                pass
            except (ShapeError, IndexError, ValueError, RuntimeError):
                if not level.size:  # else the first example says what is wrong with it
                    raise
        return one_by_one(level, name, call, args, kwargs)


# -- one example after the other -----------------------------------------------------------------------


class Draws:
    """What a random operation finds while examples run one after the other.

    Attributes:
        level: The map, or what is told of its randomness.
        outer: What stood in ``MODES.randomness`` before.
    """

    def __init__(self, randomness: str) -> None:
        self.randomness = randomness
        self.outer = MODES.randomness
        self.start: Any = None
        self.fresh = True

    def restart(self) -> None:
        """The next example begins."""
        self.fresh = True

    def draw(self, generator: Any) -> None:
        """Random numbers are about to be drawn.

        Raises:
            RuntimeError: that is not allowed.
        """
        if self.randomness == "error":
            raise RuntimeError(
                "vmap: called random operation while in randomness error mode. Please either use the 'same' or "
                "'different' randomness flags on vmap or perform the randomness operation out of vmap"
            )
        if self.outer is not None:
            self.outer.draw(generator)
        if self.randomness == "same" and self.fresh:
            self.fresh = False
            if self.start is None:
                self.start = generator.get_state()
            else:
                generator.set_state(self.start)


def one_by_one(level: Level, name: str, call: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    """Run an operation for each example and put the results together."""
    in_place = name.endswith("_") and not name.endswith("__")
    in_place = (
        in_place or (name.startswith("__i") and name != "__invert__") or name == "__setitem__"
    )
    if in_place and args and value_at(args[0], level) is None:
        if level.randomness == "same" and not is_mapped((args, kwargs), level):
            return call(*args, **kwargs)
        raise WritesUnmapped(
            f"vmap: inplace arithmetic(self, *extra_args) is not possible because there exists a Tensor `other` in "
            f"extra_args that has more elements than `self`: {name} of a tensor that is not mapped, by one that "
            "is. Please use out-of-place operators or make `self` of the mapped tensor (x.new_zeros)"
        )
    results = _each(level, call, args, kwargs)
    if in_place:
        return None if name == "__setitem__" else args[0]
    return joined(results, level)


def _each(level: Level, call: Callable[..., Any], args: Any, kwargs: Any) -> list[Any]:
    flat = list(leaves((args, kwargs)))
    draws = MODES.randomness = Draws(level.randomness)
    results = []
    try:
        for place in range(level.size):
            own = iter([_example(item, level, place) for item in flat])
            draws.restart()
            own_args, own_kwargs = unflatten((args, kwargs), own)
            results.append(call(*own_args, **own_kwargs))
    finally:
        MODES.randomness = draws.outer
    return results


def _example(item: Any, level: Level, place: int) -> Any:
    found = value_at(item, level)
    return item if found is None else found.select(0, place)


_PLAIN = (bool, int, float, complex, str, type(None))


def joined(results: list[Any], level: Level) -> Any:
    """The results of all examples as one.

    Raises:
        NeedsBatching: they are no tensors and differ; the whole function must run for each example.
    """
    if not results:
        raise RuntimeError("vmap: cannot map over a dim of size 0, whose results are not known")
    columns = list(zip(*[list(leaves(result)) for result in results], strict=True))

    def one(column: tuple[Any, ...]) -> Any:
        first = column[0]
        if isinstance(first, Tensor):
            return mapped(stack(list(column)), level)
        if all(isinstance(item, _PLAIN) and item == first for item in column):
            return first
        if all(item is first for item in column):
            return first
        raise NeedsBatching

    return unflatten(results[0], iter([one(column) for column in columns]))


__all__ = ["Draws", "dispatch", "each_leaf", "install", "raised"]
