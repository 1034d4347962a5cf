"""What a caller passed, checked and put in one form; the words are PyTorch's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from shapetorch.tensor.signatures import (
    WIDEST,
    NotATensor,
    TooWide,
    is_flag,
    is_whole,
    type_name,
    unfit_class,
)
from shapetorch.tensor.tensors import Tensor


def tensor_argument(name: str, argument: str, value: Any, position: int = 1) -> Tensor:
    """The value, if it is a tensor.

    Raises:
        TypeError: it is not.
    """
    if not isinstance(value, Tensor):
        raise NotATensor(
            f"{name}(): argument '{argument}' (position {position}) must be Tensor, not {type(value).__name__}"
        )
    return value


def is_number(value: Any) -> bool:
    """Whether it is a Python or NumPy number, which stands for a 0-D tensor of low priority."""
    return isinstance(value, (int, float, complex, np.number, np.bool_))


def as_number(value: Any) -> Any:
    """The number in a 0-D tensor without gradient, which may stand for a number; else the value itself."""
    if isinstance(value, Tensor) and not value.ndim and not value.requires_grad:
        return value._array.item()
    return value


def flag(name: str, argument: str, value: Any) -> bool:
    """The value, if it is a bool.

    Raises:
        TypeError: it is not.
    """
    if not is_flag(value):
        raise unfit_class("bool", value)(
            f"{name}(): argument '{argument}' must be bool, not {type_name(value)}"
        )
    return bool(value)


def spread(name: str, argument: str, given: tuple[Any, ...], named: Any) -> tuple[Any, ...]:
    """Arguments that may come one by one, as one sequence, or by name: ``view(2, 3)``, ``view(size=(2, 3))``.

    Raises:
        TypeError: there are none, or they are given twice, or what has the name is no sequence.
    """
    if named is None:
        if not given:
            raise TypeError(f'{name}() missing 1 required positional arguments: "{argument}"')
        return given
    if given:
        raise TypeError(f"{name}() got multiple values for argument '{argument}'")
    require_sequence(name, argument, named)
    return (named,)


def single(name: str, **given: Any) -> Any:
    """Of arguments that stand for the same the one that is given, or None.

    Raises:
        TypeError: there are several.
    """
    found = {key: value for key, value in given.items() if value is not None}
    if len(found) > 1:
        raise TypeError(
            f"{name}() received an invalid combination of arguments - got {' and '.join(found)}"
        )
    return next(iter(found.values()), None)


def require_sequence(name: str, argument: str, value: Any, of: str = "ints") -> None:
    """Raise TypeError unless a value is a list or tuple."""
    if not isinstance(value, (list, tuple)):
        raise TypeError(
            f"{name}(): argument '{argument}' must be tuple of {of}, not {type(value).__name__}"
        )


def require_tensors(values: Sequence[Any]) -> None:
    """Raise TypeError unless all arguments of a starred parameter are tensors."""
    for place, item in enumerate(values):
        if not isinstance(item, Tensor):
            raise TypeError(
                f"expected Tensor as element {place} in argument 0, but got {type(item).__name__}"
            )


def integer(name: str, argument: str, value: Any) -> int:
    """An integer of 64 bits, which may lie in a tensor.

    Raises:
        TypeError: it is none.
        ValueError: it is too wide.
    """
    if not is_whole(value):
        raise TypeError(f"{name}(): argument '{argument}' must be int, not {type_name(value)}")
    found = int(value)
    if not -WIDEST <= found < WIDEST:
        raise TooWide(
            f"{name}(): argument '{argument}': Overflow when unpacking long long: {found}"
        )
    return found


def integers(name: str, argument: str, values: Any) -> tuple[int, ...]:
    """Integers of 64 bits in a list or tuple.

    Raises:
        TypeError: they are none, or one is too wide.
    """
    require_sequence(name, argument, values)
    for place, item in enumerate(values):
        is_one = is_whole(item) or (place > 0 and item.__class__ is bool)
        if not is_one or not -WIDEST <= int(item) < WIDEST:
            raise TypeError(
                f"{name}(): argument '{argument}' must be tuple of ints, got {item!r} at place {place}"
            )
    return tuple(map(int, values))
