"""What operations with several results give: tuples with names, PyTorch's ``torch.return_types``."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from types import SimpleNamespace
from typing import Any


class ResultType(tuple[Any, ...]):
    """A tuple whose items also have names; a subclass is made by `result_type`."""

    __slots__ = ()
    _fields: tuple[str, ...] = ()

    @classmethod
    def _make(cls, items: Iterable[Any]) -> ResultType:
        return cls(items)

    @property
    def n_fields(self) -> int:
        """The number of names."""
        return len(self._fields)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_again, (type(self).__name__, tuple(self)))

    def __repr__(self) -> str:
        lines = ",\n".join(
            f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True)
        )
        return f"torch.return_types.{type(self).__name__}(\n{lines})"


RESULT_TYPES: dict[str, type[ResultType]] = {}
"""The types, by the names that PyTorch gives them in ``torch.return_types``."""


def result_type(name: str, *fields: str) -> type[ResultType]:
    """The type of the results of an operation.

    Args:
        name: As PyTorch calls it, ``"linalg_svd"``.
        fields: The names of the results.
    """
    attributes: dict[str, Any] = {
        field: property(itemgetter(place), doc=f"Result {place}.")
        for place, field in enumerate(fields)
    }
    made = type(name, (ResultType,), {"__slots__": (), "_fields": fields, **attributes})
    assert name not in RESULT_TYPES, f"result type {name} is declared twice"
    RESULT_TYPES[name] = made
    setattr(return_types, name, made)
    return made


return_types = SimpleNamespace()
"""``torch.return_types``: the types as attributes."""


def _again(name: str, items: tuple[Any, ...]) -> ResultType:
    return RESULT_TYPES[name](items)
