"""What the rules say of a call with tensors: the shape of its result, or the documented error.

Arguments are bound to the rule's signatures as everywhere else, so a wrong shape raises here what
the type checker reports, in the same words. A verdict depends on shapes and plain values alone, so
it is kept for the next call of the same kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from shapetorch.rules import FUNCTIONS, METHODS
from shapetorch.rules.bind import Bound, Unfit, assign, bind, with_kinds
from shapetorch.rules.registry import Rule
from shapetorch.tensor.dtypes import dtype
from shapetorch.tensor.signatures import WIDEST, TooWide, type_name, unfit_class
from shapetorch.tensor.tensors import Tensor

_VERDICTS: dict[Any, Any] = {}
_MOST = 4096


def judged(name: str, *args: Any, **kwargs: Any) -> Any:
    """The shape of an operation's result (a tuple; a list of them for several results).

    Args:
        name: The function without ``torch.`` (``"matmul"``, ``"linalg.svd"``,
            ``"nn.functional.conv2d"``), or the method (``"__add__"`` speaks of ``+``).
        args: The call's positional arguments; tensors may be given as such.
        kwargs: Its keyword arguments.

    Returns:
        What the rule gives; sizes that depend on values are `dim.UNKNOWN_DIM`.

    Raises:
        ShapeError: the rule is broken.
        TypeError: no signature fits.
    """
    try:
        key = (name, *map(_key, args), *((word, _key(value)) for word, value in kwargs.items()))
        verdict = _VERDICTS.get(key, _VERDICTS)
    except TypeError:  # an argument that cannot be a key
        return bound_call(name, args, kwargs)[1]
    if verdict is _VERDICTS:
        verdict = bound_call(name, args, kwargs)[1]
        if len(_VERDICTS) >= _MOST:
            _VERDICTS.clear()
        _VERDICTS[key] = verdict
    return verdict


def _key(value: Any) -> Any:
    if isinstance(value, Tensor):
        array = value._stored
        if not array.ndim and array.dtype.kind in "iu":  # it may stand for a size
            return (Tensor, (), array.dtype, array.item())
        return (Tensor, array.shape, array.dtype)
    if value.__class__ is int:
        return value
    if isinstance(value, (list, tuple)):
        return (value.__class__, *map(_key, value))
    return (value.__class__, value)


def bound_call(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Bound, Any]:
    """The signature a call fits, and the rule's result; see `judged` for what it raises."""
    rules = (
        FUNCTIONS.get(f"torch.{name}")
        or METHODS.get(name)  # before einops, whose `repeat` is another
        or FUNCTIONS.get(f"shapetorch.{name}")
    )
    assert rules, f"there is no rule for {name}"
    try:
        bound = bind(rules, args, kwargs, _convert, _is_sequence)
    except Wide as error:
        raise error.told(bare_name(name), misfits(rules, args, kwargs)) from None
    if bound is None:
        raise _unfit(bare_name(name), misfits(rules, args, kwargs), args, kwargs)
    return bound, bound.rule.shape(**bound.arguments)


def bare_name(name: str) -> str:
    """The last word of an operation's name, as errors begin: ``linalg.svd`` is ``svd``."""
    return name.rsplit(".", 1)[-1].strip("_")


# -- calls that fit no rule -------------------------------------------------------------------------

Misfit = tuple[str, int, str, Any]
"""A parameter, its place from 1, what its annotation asks for, and what it was given."""

_WORDS = {
    "Shape": "Tensor",
    "Shapes": "tuple of Tensors",
    "Number": "Number",
    "Size": "int",
    "Sizes": "tuple of ints",
    "PerAxis": "int or tuple of ints",
    "OptionalSizes": "tuple of ints",
    "Dims": "int or tuple of ints",
    "Dtype": "torch.dtype",
    "Sequence[int]": "tuple of ints",
    "Sequence[float]": "tuple of floats",
    "Sequence[bool]": "tuple of bools",
    "Sequence[Sizes]": "tuple of tuples of ints",
    "int": "int",
    "float": "float",
    "bool": "bool",
    "str": "str",
}


class Wide(Exception):
    """An integer that does not fit into 64 bits.

    Attributes:
        value: The integer.
        several: Whether it is one of several, which is another class of error in PyTorch.
    """

    def __init__(self, value: int, several: bool = False) -> None:
        super().__init__(f"{value} does not fit into 64 bits")
        self.value, self.several = value, several

    def told(self, name: str, found: Sequence[Misfit]) -> Exception:
        """The error for the caller."""
        argument = f"argument '{found[0][0]}' " if found else ""
        if self.several:
            return TypeError(
                f"{name}(): {argument}must be tuple of ints, but {self.value} does not fit into 64 bits"
            )
        return TooWide(
            f"{name}(): {argument}Overflow when unpacking long long: {self.value} does not fit into 64 bits"
        )


def misfits(rules: Sequence[Rule], args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[Misfit]:
    """For each rule with such parameters, the first that does not take its argument."""
    found = []
    for rule in rules:
        try:
            assigned = assign(rule.parameters, args, kwargs, rule.spread, _is_sequence)
        except Unfit:
            continue
        places = [parameter.name for parameter in rule.parameters]
        for key, (value, kind) in with_kinds(rule.parameters, assigned).items():
            try:
                _convert(value, kind)
            except (Unfit, Wide):
                found.append((key, places.index(key) + 1 if key in places else 0, kind, value))
                break
    return found


def _unfit(
    name: str, found: Sequence[Misfit], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> TypeError:
    """The error of a call that fits no rule: of one argument, if all rules are at odds with the same."""
    if found and len({key for key, _, _, _ in found}) == 1:
        key, place, _, value = found[0]
        parts = (part.strip() for _, _, kind, _ in found for part in kind.split("|"))
        wanted = dict.fromkeys(_WORDS[part] for part in parts if part in _WORDS)
        return unfit_class(" | ".join(wanted), value)(
            f"{name}(): argument '{key}' (position {place}) must be {' or '.join(wanted)}, "
            f"not {type_name(value)}"
        )
    given = [type_name(value) for value in args]
    given += [f"{word}={type_name(value)}" for word, value in kwargs.items()]
    return TypeError(
        f"{name}() received an invalid combination of arguments - got ({', '.join(given)})"
    )


# -- what rules ask for -----------------------------------------------------------------------------


def _is_sequence(value: Any) -> bool:
    return isinstance(value, (list, tuple))


def _convert(value: Any, kind: str) -> object:
    """An argument as the rule wants it; raises `Unfit`."""
    options = [option.strip() for option in kind.split("|")]
    if "Dims" in options:
        options += ["int", "Sequence[int]", "None"]
    for option in options:
        converter = _CONVERTERS.get(option)
        assert converter is not None, f"annotation {option!r}: not in the table of rules.registry"
        try:
            return converter(value)
        except Unfit:
            continue
    raise Unfit


def _shape(value: Any) -> Any:
    if isinstance(value, Tensor):
        return value._stored.shape
    raise Unfit


def _number(value: Any) -> Any:
    if isinstance(value, (int, float, complex, np.number, np.bool_)):
        return ()
    raise Unfit


def _integer(value: Any) -> int:
    if value.__class__ is not int:
        if isinstance(value, bool) or not hasattr(value, "__index__"):
            raise Unfit
        if isinstance(value, Tensor) and (value.ndim or value.dtype.category != 1):
            raise Unfit
        value = int(value.__index__())
    if not -WIDEST <= value < WIDEST:
        raise Wide(value)
    return value  # type: ignore[no-any-return]


def _floating(value: Any) -> Any:
    if isinstance(value, (int, float, np.number)) and not isinstance(value, bool):
        return value
    raise Unfit


def _none(value: Any) -> None:
    if value is not None:
        raise Unfit


def _exactly(kind: type) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        if isinstance(value, kind):
            return value
        raise Unfit

    return convert


def _several(convert: Callable[[Any], Any], make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def convert_all(value: Any) -> Any:
        if not isinstance(value, (list, tuple)):
            raise Unfit
        return make(convert(item) for item in value)

    return convert_all


def _integers(value: Any) -> tuple[int, ...]:
    """Several integers, as PyTorch takes them: a bool may be one of them, but not the first.

    One that is too wide is another error among several.
    """
    if not isinstance(value, (list, tuple)):
        raise Unfit
    try:
        return (
            *map(_integer, value[:1]),
            *(int(item) if item.__class__ is bool else _integer(item) for item in value[1:]),
        )
    except Wide as error:
        raise Wide(error.value, several=True) from None


def _optional_integers(value: Any) -> tuple[int | None, ...]:
    if not isinstance(value, (list, tuple)):
        raise Unfit
    return tuple(None if item is None else _integers([item])[0] for item in value)


def _per_axis(value: Any) -> Any:
    return _integers(value) if _is_sequence(value) else _integer(value)


def _sublist(value: Any) -> Any:
    if isinstance(value, Tensor):
        return value._stored.shape
    return list(value) if isinstance(value, (list, tuple)) else value


def _sublists(value: Any) -> Any:
    if not _is_sequence(value) or not any(isinstance(item, Tensor) for item in value):
        raise Unfit
    return [_sublist(item) for item in value]


def _nested(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_nested(item) for item in value]
    return tuple(getattr(value, "shape", ()))


def _dtype(value: Any) -> str:
    if isinstance(value, dtype):
        return value.name
    raise Unfit


def _plain(value: Any) -> Any:
    """A plain value; what no rule knows (a function, a number in a tensor) as ``...``; all else by its name."""
    if value.__class__ is int and not -WIDEST <= value < WIDEST:
        raise Wide(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    is_one = isinstance(value, np.generic) or (isinstance(value, Tensor) and not value._array.ndim)
    return ... if is_one or callable(value) else type_name(value)


def _never(value: Any) -> Any:
    raise Unfit


_CONVERTERS: dict[str, Callable[[Any], Any]] = {
    "object": lambda value: value,
    "None": _none,
    "Dims": _never,  # stands for the three that follow it
    "Shape": _shape,
    "Number": _number,
    "Shapes": _several(_shape, list),
    "Many": _never,
    "Sublists": _sublists,
    "Size": _integer,
    "Sizes": _integers,
    "int": _integer,
    "bool": _exactly(bool),
    "str": _exactly(str),
    "float": _floating,
    "PerAxis": _per_axis,
    "OptionalSizes": _optional_integers,
    "Dtype": _dtype,
    "Nested": _nested,
    "IfKnown": _plain,
    "Elements": lambda value: value,
    "Sequence[int]": _integers,
    "Sequence[bool]": _several(_exactly(bool), tuple),
    "Sequence[str]": _several(_exactly(str), tuple),
    "Sequence[float]": _several(_floating, tuple),
    "Sequence[Sizes]": _several(_integers, list),
    "Sequence[Sequence[int]]": _several(_integers, tuple),
}
