"""The table of operations: a rule is registered by its decorator, and nowhere else.

A rule is an ordinary function over shapes and plain values, with PyTorch's parameter names and
defaults; it returns a shape, a tuple of shapes (several results), a list of shapes (as many results
as it has), or raises `ShapeError`. Its annotations say what a caller must convert an argument into:

====================  ==========================================================================
``Shape``             a tensor; its shape is passed
``Shape | None``      a tensor that may be left out
``Shapes``            a list or tuple of tensors
``Size``, ``Sizes``   one integer, or several, that may be symbolic
``int``, ``Dims``     integers that must be known (axis numbers)
``bool``, ``str``     plain values that must be known
``PerAxis``           one integer, or one for each axis, that may be symbolic; what is not known,
                      not even whether it is one or several, is passed as `UNKNOWN_DIM`
``OptionalSizes``     several integers, of which some may be None
``float``             a Python number that must be known
``Number``            a Python number where a tensor may stand: the shape ``()`` is passed
``Dtype``             a dtype that must be known, as its name
``Nested``            nested lists of numbers (``torch.tensor([[1, 2], [3, 4]])``): each list or
                      tuple as a list, each number as ``()``, each tensor as its shape, ``...``
                      for an item that is not known; a list of like items, or a NumPy array
                      inside, as `Repeated`
``Many``              in ``Shapes | Many``: the list may hold a `Many` among its shapes
``Sublists``          in ``Shapes | Sublists``: shapes mixed with lists of integers and ``...``,
                      and text (the pattern of einops' einsum)
``Elements``          an index: what `rules.indexing.parse_index` gives
``IfKnown``           a plain value (bool, number, text, None) or a layer; ``...`` if it is not known
``object``            anything, also something unknown; the rule does not look at it
====================  ==========================================================================

``A | B`` takes either, ``Sequence[int]`` several known integers, ``Sequence[Sequence[int]]`` lists of
them. A parameter ``**sizes: Size`` takes
every keyword that no other parameter names (the axes lengths of einops); each is converted as its
annotation says, and the rule is called with all of them. A result of None means that the operation
gives no tensor (``torch.equal``); a `Many` in place of a list stands for a number of results that
is symbolic.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from types import FunctionType
from typing import Any, TypeAlias, TypeVar, dataclass_transform

from shapetorch.dim import AnyShape, Shape, Size
from shapetorch.rules.inplace import check_inplace

Shapes: TypeAlias = Sequence[Shape]
Sizes: TypeAlias = Sequence[Size]
Dims: TypeAlias = int | Sequence[int] | None
IfKnown: TypeAlias = Any
PerAxis: TypeAlias = Size | Sizes
OptionalSizes: TypeAlias = Sequence[Size | None]
Number: TypeAlias = Shape  # a Python number arrives as the shape ()
Sublists: TypeAlias = Sequence[object]
Nested: TypeAlias = Any
Elements: TypeAlias = Sequence[Any]


@dataclass(frozen=True)
class Repeated:
    """A list of like items, in `Nested`: ``[0] * n``, ``[f(x) for x in y]``."""

    length: Size
    item: Nested


@dataclass(frozen=True)
class Many:
    """As many tensors of one shape as `count` says: ``x.unbind(0)`` where the size is ``T``.

    A rule may give it in place of a list of shapes, and `Shapes` may hold it among the shapes.
    """

    shape: AnyShape
    count: Size


Result: TypeAlias = Any  # None | Shape | tuple[Shape, ...] | list[Shape]

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=type)


@dataclass(frozen=True)
class Parameter:
    """One parameter of a rule."""

    name: str
    kind: str
    default: object
    keyword_only: bool
    extra: bool = False  # takes every keyword that no other parameter names

    @property
    def required(self) -> bool:
        """Whether a call must give it."""
        return self.default is inspect.Parameter.empty and not self.extra


@dataclass(frozen=True)
class Rule:
    """One signature of one operation.

    Attributes:
        name: The operation, as it stands in messages.
        shape: The rule itself.
        functions: Full dotted names of the functions it serves.
        methods: Names of the `Tensor` methods it serves; the first parameter is the tensor.
        spread: The parameter of which several positional arguments may be given: ``view(2, 3)``.
        dtype: Of the result: ``promote`` (of the tensors), ``same`` (as the first tensor), a dtype
            name such as ``bool`` or ``int64``, ``float`` (floating, at least), ``accumulate`` (as
            the first tensor, but integers and bool give int64), ``default`` (the default
            floating dtype), ``value`` (of the numbers given), or ``unknown``.
            A rule with several results names one for each.
        inplace: Whether each method also exists in place: ``add_``, ``__iadd__``.
    """

    name: str
    shape: Callable[..., Result]
    functions: tuple[str, ...]
    methods: tuple[str, ...]
    spread: str | None = None
    dtype: str | tuple[str, ...] = "promote"
    inplace: bool = False
    parameters: tuple[Parameter, ...] = field(default=(), compare=False)


RULES: list[Rule] = []
FUNCTIONS: dict[str, list[Rule]] = {}
METHODS: dict[str, list[Rule]] = {}
LAYERS: dict[str, type] = {}
INPLACE: set[str] = set()  # methods whose result must have the shape of their tensor
RESHAPING = frozenset(  # in-place methods that do change the shape of their tensor
    "addbmm_ as_strided_ resize_ set_ squeeze_ swapaxes_ swapdims_ t_ transpose_ unsqueeze_".split()
)


def rule(
    name: str,
    *,
    functions: Sequence[str] = (),
    methods: Sequence[str] = (),
    module: str = "torch",
    spread: str | None = None,
    dtype: str | tuple[str, ...] = "promote",
    inplace: bool = False,
) -> Callable[[F], F]:
    """Register a shape rule; see `Rule`. Several rules for one name are tried in order.

    Args:
        name: The operation, as it stands in messages.
        functions: Function names, relative to `module`: ``"matmul"``, ``"linalg.matmul"``.
        methods: Method names of `Tensor`.
        module: Where the functions live.
        spread: See `Rule`.
        dtype: See `Rule`.
        inplace: See `Rule`.
    """

    def register(function: F) -> F:
        made = Rule(
            name,
            function,
            tuple(f"{module}.{item}" for item in functions),
            tuple(methods),
            spread,
            dtype,
            inplace,
            parameters_of(function),
        )
        RULES.append(made)
        for item in made.functions:
            FUNCTIONS.setdefault(item, []).append(made)
        for item in made.methods:
            METHODS.setdefault(item, []).append(made)
            in_place = _inplace_name(item) if inplace else None
            if in_place is not None:
                METHODS.setdefault(in_place, []).append(_in_place(made, in_place))
        return function

    return register


def _in_place(made: Rule, method: str) -> Rule:
    """The rule of the in-place form: the tensor keeps its dtype and, mostly, its shape."""
    if method in RESHAPING:
        return replace(made, dtype="same")
    INPLACE.add(method)
    first = made.parameters[0].name

    def shape(**arguments: Any) -> Shape:
        return check_inplace(method, arguments[first], made.shape(**arguments))

    return replace(made, shape=shape, dtype="same")


def _inplace_name(method: str) -> str | None:
    """``add_`` of ``add``, ``__iadd__`` of ``__add__``; operators with swapped operands have none."""
    if not method.startswith("__"):
        return method + "_"
    return None if method.startswith("__r") and method != "__rshift__" else "__i" + method[2:]


@dataclass_transform(frozen_default=True)
def frozen(cls: C) -> C:
    """A frozen dataclass that is quick to make, for the many layers: nothing but ``__init__`` is compiled.

    That nothing is assigned later is left to mypy.
    """
    dataclass(repr=False, eq=False)(cls)  # changes the class itself
    cls.__eq__ = _same_fields  # type: ignore[assignment]
    cls.__hash__ = _hash_of_fields  # type: ignore[assignment]
    return cls


def _same_fields(self: object, other: object) -> bool:
    return type(self) is type(other) and vars(self) == vars(other)


def _hash_of_fields(self: object) -> int:
    return hash((type(self), *vars(self).values()))


def layer(*names: str, module: str = "torch.nn") -> Callable[[C], C]:
    """Register a layer: a frozen dataclass whose fields are the constructor's parameters.

    It has ``forward(self, input: Shape, ...)``, a rule, and may have ``parameters(self)``, the
    shapes of its parameters and buffers by attribute name.
    """

    def register(cls: C) -> C:
        for item in names:
            LAYERS[f"{module}.{item}"] = cls
        return cls

    return register


def _plain_parameters(function: FunctionType) -> Iterator[Parameter]:
    """What `inspect.signature` says, in a fraction of the time: there are a thousand rules."""
    code = function.__code__
    positional, end = code.co_argcount, code.co_argcount + code.co_kwonlyargcount
    defaults = function.__defaults__ or ()
    given = dict(
        zip(code.co_varnames[positional - len(defaults) : positional], defaults, strict=True)
    )
    given.update(function.__kwdefaults__ or {})
    empty = inspect.Parameter.empty
    extra = code.co_flags & inspect.CO_VARKEYWORDS
    for place, name in enumerate(code.co_varnames[: end + bool(extra)]):
        if name != "self":
            kind = function.__annotations__.get(name, empty)
            text = kind if isinstance(kind, str) else str(kind)
            yield Parameter(name, text, given.get(name, empty), place >= positional, place >= end)


@cache
def parameters_of(function: Callable[..., Any]) -> tuple[Parameter, ...]:
    """The parameters of a rule, a layer's constructor or its ``forward`` (without ``self``)."""
    if (
        isinstance(function, FunctionType)
        and not {"__signature__", "__wrapped__"} & vars(function).keys()
    ):
        if not function.__code__.co_flags & inspect.CO_VARARGS:
            return tuple(_plain_parameters(function))
    found = []
    for item in inspect.signature(function).parameters.values():
        if item.name == "self":
            continue
        kind = item.annotation if isinstance(item.annotation, str) else str(item.annotation)
        extra = item.kind is item.VAR_KEYWORD
        keyword_only = extra or item.kind is item.KEYWORD_ONLY
        found.append(Parameter(item.name, kind, item.default, keyword_only, extra))
    return tuple(found)
