"""The table of shape helpers, and what every call of one has in common.

A helper is declared once, by `helper`: its type name (``MatmulShape``), and the function that computes
it (``matmul_shape``), whose annotations say what its arguments are converted into, in the words of
`rules.registry`, and besides: ``AnyShape``, a shape that may have variadic parts. From the table come
the public functions, the types, and `evaluate`, which the static interpreter calls.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from shapetorch.annotations.objects import Shape, sizes_of
from shapetorch.dim import UNKNOWN, UNKNOWN_DIM, AnyShape, Dim, Variadic, is_fixed
from shapetorch.errors import ShapeError
from shapetorch.rules import lift
from shapetorch.rules.registry import FUNCTIONS, METHODS, Parameter, parameters_of

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Helper:
    """One helper.

    Attributes:
        name: The type, ``MatmulShape``.
        function: What computes it from converted arguments.
        parameters: Its parameters, with the kinds of `rules.registry`.
        gather: The parameter that takes all positional arguments from its place on; those after it
            are then filled from the end.
        unknown: The result when an argument that must be known is not.
    """

    name: str
    function: Callable[..., Any]
    parameters: tuple[Parameter, ...]
    gather: str | None
    unknown: Any


HELPERS: dict[str, Helper] = {}


class Unknown(Exception):
    """An argument that must be known is not, so the result is not either."""


def helper(name: str, *, gather: str | None = None, unknown: Any = UNKNOWN) -> Callable[[F], F]:
    """Declare a helper; see `Helper`. The function becomes the public one."""

    def declare(function: F) -> F:
        made = Helper(name, function, parameters_of(function), gather, unknown)
        HELPERS[name] = made

        @functools.wraps(function)
        def public(*args: Any, **kwargs: Any) -> Any:
            return call(made, args, kwargs)

        return public  # type: ignore[return-value]

    return declare


def evaluate(name: str, args: Sequence[Any], kwargs: Mapping[str, Any] | None = None) -> Any:
    """What a helper type stands for.

    Args:
        name: The type, ``MatmulShape``.
        args: Shapes (possibly with variadic parts), sizes, numbers, strings, tuples of these; an
            argument that was itself an error as the `ShapeError`.
        kwargs: Arguments by name: sizes of einops axes.

    Returns:
        A shape, several of them (a list or a named tuple), a bool, a size, or a type.

    Raises:
        ShapeError: of the kind of the broken rule.
        TypeError: the arguments are not those of this helper.
    """
    return call(HELPERS[name], args, kwargs or {})


def call(made: Helper, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Convert the arguments, and ask the function; see `evaluate`."""
    if args and isinstance(args[-1], dict):  # RepeatShape[S, "a -> a r", {"r": 2}]
        args, kwargs = args[:-1], {**args[-1], **kwargs}
    assigned = _assign(made, list(args), kwargs)
    takes_errors = any(parameter.kind == "Outcome" for parameter in made.parameters)
    for value in assigned.values():
        if isinstance(value, ShapeError) and not takes_errors:
            raise value  # an error in an argument is the error of the whole
    kinds = {parameter.name: parameter.kind for parameter in made.parameters}
    try:
        converted = {
            name: _convert(value, kinds.get(name, "object")) for name, value in assigned.items()
        }
    except Unknown:
        return made.unknown
    shaped = tuple(name for name in converted if kinds.get(name, "").startswith("Shape"))
    return lift.apply(made.function, converted, shaped)


def _assign(made: Helper, args: list[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    places = [p for p in made.parameters if not p.keyword_only and not p.extra]
    if made.gather is not None:
        first = next(i for i, p in enumerate(places) if p.name == made.gather)
        args = _gathered(places[first], args, first, places[first + 1 :])
    if len(args) > len(places):
        raise TypeError(f"{made.name} takes at most {len(places)} arguments, got {len(args)}")
    assigned = {place.name: value for place, value in zip(places, args, strict=False)}
    known = {parameter.name for parameter in made.parameters if not parameter.extra}
    takes_all = any(parameter.extra for parameter in made.parameters)
    for name, value in kwargs.items():
        if (name not in known and not takes_all) or name in assigned:
            raise TypeError(f"{made.name} has no place for the argument {name}")
        assigned[name] = value
    missing = [
        p.name for p in made.parameters if p.required and p.name not in assigned and not p.extra
    ]
    if missing:
        raise TypeError(f"{made.name} needs the argument {missing[0]}")
    return assigned


def _gathered(
    parameter: Parameter, args: list[Any], first: int, rest: Sequence[Parameter]
) -> list[Any]:
    """`args` with those for a gathering parameter put into one list."""
    if parameter.kind == "Shapes":
        if len(args) > first and _is_shapes(args[first]):
            return args
        end = first
        while end < len(args) and isinstance(args[end], (tuple, list)):
            end += 1
    else:
        end = max(first, len(args) - len(rest))
        if (
            end - first == 1
            and isinstance(args[first], (tuple, list))
            and parameter.kind.startswith(("Sizes", "Sequence"))
        ):
            return args
    return [*args[:first], args[first:end], *args[end:]]


def _is_shapes(value: Any) -> bool:
    """Whether a value is several shapes, not one: a list, or a tuple of tuples."""
    if isinstance(value, Shape):
        return False
    if not isinstance(value, (list, tuple)):
        return False
    return bool(value) and all(isinstance(item, (tuple, list)) for item in value)


def _convert(value: Any, kind: str) -> Any:
    if kind in ("object", "Outcome"):
        return value
    if kind.endswith("| None"):
        if value is None:
            return None
        return _convert(value, kind.removesuffix("| None").rstrip())
    if kind in ("Shape", "AnyShape"):
        return as_shape(value)
    if kind == "Shapes":
        if value == UNKNOWN:
            raise Unknown
        return [as_shape(item) for item in value]
    if kind == "Dims" and value is None:
        return None
    if kind in ("int", "Dims", "Sequence[int]"):
        return _known_ints(value, single=kind != "Sequence[int]", several=kind != "int")
    if kind == "Size":
        return _size(value)
    if kind == "Sizes":
        sizes = as_shape(value if isinstance(value, (tuple, list)) else (value,))
        if not is_fixed(sizes):
            raise Unknown
        return sizes
    return _plain(value, {"bool": bool, "str": str}.get(kind, object))


def as_shape(value: Any) -> AnyShape:
    """A shape given as a tuple, a list, a `Shape` or an array."""
    if isinstance(value, Shape):
        return value.sizes
    if isinstance(value, (tuple, list)):
        return tuple(part for item in value for part in _part(item))
    if hasattr(value, "shape"):
        return tuple(value.shape)
    raise TypeError(f"{value!r} is not a shape")


def _part(item: Any) -> AnyShape:
    if isinstance(item, (int, Dim, Variadic)):
        return (item,)
    return sizes_of(item)


def _size(value: Any) -> Any:
    if isinstance(value, (int, Dim)):
        return value
    (size,) = sizes_of(value)
    return size


def _known_ints(value: Any, *, single: bool, several: bool) -> Any:
    if isinstance(value, (tuple, list)):
        if not several:
            raise TypeError(f"one number is expected, got {value!r}")
        return tuple(_known_ints(item, single=True, several=False) for item in value)
    if isinstance(value, (Dim, Variadic)):
        raise Unknown
    if not isinstance(value, int):
        raise TypeError(f"a number is expected, got {value!r}")
    return value if single else (value,)


def _plain(value: Any, cls: type) -> Any:
    if value is UNKNOWN_DIM:
        raise Unknown
    if not isinstance(value, cls):
        raise TypeError(f"a {cls.__name__} is expected, got {value!r}")
    return value


def ask(operation: str, **arguments: Any) -> AnyShape:
    """The shape that the rule for an operation gives; see `ask_several`."""
    found: AnyShape = ask_several(operation, **arguments)
    return found


def ask_several(operation: str, **arguments: Any) -> Any:
    """The answer of the rule for an operation, the first overload that has these parameters.

    Args:
        operation: ``torch.matmul``, or ``Tensor.expand`` for a method.
        arguments: Converted arguments by name.
    """
    method = operation.removeprefix("Tensor.")
    found = FUNCTIONS.get(operation, ()) if method == operation else METHODS.get(method, ())
    for rule in found:
        known = {p.name for p in rule.parameters}
        extra = any(p.extra for p in rule.parameters)
        required = {p.name for p in rule.parameters if p.required and not p.extra}
        if required <= set(arguments) and (extra or set(arguments) <= known):
            return rule.shape(**arguments)
    raise LookupError(f"there is no rule for {operation} with {', '.join(arguments)}")
