"""Operations of the user's own within `vmap`, where their class says what to do with all examples.

Without a rule of its own a class runs for one example after the other, like whatever looks at elements.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from shapetorch.tensor.mapped import Level, Mapped, mapped, value_at
from shapetorch.tensor.tensors import Tensor


class VmapInfo(NamedTuple):
    """What a rule is told of the map.

    Attributes:
        batch_size: The number of examples.
        randomness: "error", "different" or "same".
    """

    batch_size: int
    randomness: str


def innermost_level(args: Sequence[Any]) -> Level | None:
    """The innermost map that maps one of the arguments; None if none does."""
    return max(_levels(args), key=lambda level: level.depth, default=None)


def _levels(item: Any) -> Iterator[Level]:
    if isinstance(item, Mapped):
        yield item.level
    elif isinstance(item, (list, tuple)):
        for part in item:
            yield from _levels(part)


def by_own_rule(function: Any, level: Level, args: Sequence[Any]) -> Any:
    """What the static method ``vmap`` of a class makes of the examples of a map.

    Args:
        function: The class.
        level: The map.
        args: Of ``apply``.

    Raises:
        RuntimeError: the class also asks for a generated rule, or gives no dims.
    """
    if function.generate_vmap_rule:
        raise RuntimeError(
            f"You tried to vmap over {function.__name__}, but it has both generate_vmap_rule=True and an "
            "overridden vmap staticmethod: delete one of them"
        )
    pairs = [_all_examples(item, level) for item in args]
    info = VmapInfo(level.size, level.randomness)
    with level.suspended():
        given = function.vmap(info, tuple(dim for _, dim in pairs), *(value for value, _ in pairs))
    if not isinstance(given, tuple) or len(given) != 2:
        raise RuntimeError(
            "Expected the vmap staticmethod to have two returns, an output and out_dims with a structure "
            f"compatible with the output. Got a {type(given)} instead"
        )
    return _one_example(*given, level)


def _all_examples(item: Any, level: Level) -> tuple[Any, Any]:
    """An argument with all its examples, and the dim along which they are."""
    if isinstance(item, (list, tuple)):
        pairs = [_all_examples(part, level) for part in item]
        kind = type(item)
        return kind(value for value, _ in pairs), kind(dim for _, dim in pairs)
    value = value_at(item, level)
    return (item, None) if value is None else (value, 0)


def _one_example(output: Any, dims: Any, level: Level) -> Any:
    """A result as one example sees it."""
    if isinstance(output, (list, tuple)):
        several = dims if isinstance(dims, (list, tuple)) else [dims] * len(output)
        if len(several) != len(output):
            raise RuntimeError(
                f"vmap: the rule gives {len(output)} outputs and {len(several)} out_dims"
            )
        parts = zip(output, several, strict=True)
        return type(output)(_one_example(part, dim, level) for part, dim in parts)
    if dims is None or not isinstance(output, Tensor):
        return output
    return mapped(output.movedim(dims, 0), level)
