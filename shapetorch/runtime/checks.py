"""What a hint demands of a value, as objects that look at values.

A check gets a value and the `Call` it belongs to, binds names, and raises `Refused` if the value does
not do. Hints that say nothing of shapes have no check. A union tries its parts in order, with the
bindings as they were before each.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from shapetorch.annotations.jaxtyping_strings import parse_jaxtyping
from shapetorch.annotations.matching import Bindings, Mismatch, bind
from shapetorch.annotations.spec import Axis, ShapeSpec, VariadicAxis
from shapetorch.annotations.tensors import dtype_of, shape_of
from shapetorch.dim import UNKNOWN_DIM, Name, Size, as_name, names, render_shape, rewrite


@dataclass
class Call:
    """One call of a checked function: its arguments, and what names are bound to."""

    arguments: Mapping[str, Any] = field(default_factory=dict)
    bindings: Bindings = field(default_factory=dict)

    def render(self) -> str:
        """The bindings so far: ``B=32, *batch=[2, 3]``."""
        return ", ".join(
            f"{name}={render_shape(value) if isinstance(value, tuple) else value}"
            for name, value in self.bindings.items()
        )


class Refused(Exception):
    """A value that a hint does not allow.

    Attributes:
        what: Which of shape, dtype, type and value is wrong.
        expected: What was expected, as the annotation writes it.
        got: What was found.
    """

    def __init__(self, what: str, message: str, expected: object, got: object) -> None:
        super().__init__(message)
        self.what, self.expected, self.got = what, expected, got


class Check(typing.Protocol):
    """Something that looks at a value."""

    def run(self, value: Any, call: Call) -> None:
        """Bind names, or raise `Refused`."""


Loose: TypeAlias = Check | None  # None: anything will do


@dataclass(frozen=True)
class ArrayCheck:
    """An array of a shape and dtype.

    Attributes:
        spec: The shape.
        allows: Whether a dtype, by its name, is allowed.
        dtype: The dtype as written, for messages.
        array_type: The class it must be of, None for any.
    """

    spec: ShapeSpec
    allows: Callable[[str], bool]
    dtype: str | None = None
    array_type: Any = None

    def run(self, value: Any, call: Call) -> None:
        """See `Check`."""
        shape = shape_of(value)
        if shape is None or not _is_of(value, self.array_type):
            wanted = getattr(self.array_type, "__name__", "an array")
            found = type(value).__name__
            raise Refused("type", f"must be {wanted}, got {found}", wanted, found)
        dtype = dtype_of(value)
        if dtype is not None and not self.allows(dtype):
            message = f"dtype must be {self.dtype}, got {dtype} from {render_shape(shape)}"
            raise Refused("dtype", message, self.dtype, dtype)
        try:
            bind(settle(self.spec, call), shape, call.bindings)
        except Mismatch as mismatch:
            raise Refused("shape", str(mismatch), self.spec.render(), shape) from None


def _is_of(value: Any, array_type: Any) -> bool:
    return not isinstance(array_type, type) or isinstance(value, array_type)


@dataclass(frozen=True)
class SizeCheck:
    """An ``int`` that is a size: ``Dim[N]``."""

    size: Size

    def run(self, value: Any, call: Call) -> None:
        """See `Check`."""
        if not isinstance(value, int) or isinstance(value, bool):
            found = type(value).__name__
            raise Refused("type", f"must be int, got {found}", "int", found)
        try:
            bind(ShapeSpec((Axis(self.size),)), (int(value),), call.bindings)
        except Mismatch as mismatch:
            message = f"must be {mismatch.expected} ({self.size}), got {value}"
            raise Refused("value", message, mismatch.expected, value) from None


@dataclass(frozen=True)
class TypeCheck:
    """An instance of a class, among the parts of a union."""

    cls: type

    def run(self, value: Any, call: Call) -> None:
        """See `Check`."""
        if not isinstance(value, self.cls):
            found = type(value).__name__
            raise Refused("type", f"must be {self.cls.__name__}, got {found}", self.cls, found)


@dataclass(frozen=True)
class UnionCheck:
    """One of several; the first that does is the one."""

    options: tuple[Check, ...]

    def run(self, value: Any, call: Call) -> None:
        """See `Check`."""
        refusals: list[Refused] = []
        for option in self.options:
            trial = replace(call, bindings=dict(call.bindings))
            try:
                option.run(value, trial)
            except Refused as refused:
                refusals.append(refused)
                continue
            call.bindings.update(trial.bindings)
            return
        # the refusal that says most is that of the part which came furthest
        raise max(
            refusals, key=lambda refused: ("type", "dtype", "value", "shape").index(refused.what)
        )


@dataclass(frozen=True)
class TupleCheck:
    """A tuple, one check for each item."""

    items: tuple[Loose, ...]

    def run(self, value: Any, call: Call) -> None:
        """See `Check`."""
        if not isinstance(value, tuple) or len(value) != len(self.items):
            found = f"{len(value)} of them" if isinstance(value, tuple) else type(value).__name__
            raise Refused(
                "type", f"must be a tuple of {len(self.items)}, got {found}", "tuple", found
            )
        for position, (check, item) in enumerate(zip(self.items, value, strict=True)):
            if check is not None:
                _inside(check, item, call, position)


@dataclass(frozen=True)
class EachCheck:
    """A sequence or the values of a mapping, all of one kind."""

    cls: type
    item: Check

    def run(self, value: Any, call: Call) -> None:
        """See `Check`."""
        if not isinstance(value, self.cls):
            found = type(value).__name__
            raise Refused("type", f"must be {self.cls.__name__}, got {found}", self.cls, found)
        if not isinstance(value, (Mapping, Sequence)):
            return  # looking into an iterator would use it up
        pairs = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, item in pairs:
            _inside(self.item, item, call, key)


def _inside(check: Check, item: Any, call: Call, key: object) -> None:
    try:
        check.run(item, call)
    except Refused as refused:
        message = f"item {key!r}: {refused}"
        raise Refused(refused.what, message, refused.expected, refused.got) from None


def has_arithmetic(check: Loose) -> bool:
    """Whether a size in a check is more than a name or a number."""
    match check:
        case ArrayCheck(spec=spec):
            sizes = [axis.size for axis in spec.axes if isinstance(axis, Axis)]
            return any(names(size) and as_name(size) is None for size in sizes)
        case SizeCheck(size=size):
            return bool(names(size)) and as_name(size) is None
        case UnionCheck(options=inner) | TupleCheck(items=inner):
            return any(has_arithmetic(item) for item in inner)
        case EachCheck(item=item):
            return has_arithmetic(item)
    return False


# -- sizes that only the arguments know -------------------------------------------------------------


def settle(spec: ShapeSpec, call: Call) -> ShapeSpec:
    """`spec` with what stands in braces replaced by its value in this call."""
    if not any(isinstance(axis, Axis) and _is_open(axis) for axis in spec.axes):
        return spec
    return replace(spec, axes=tuple(_settle(axis, call) for axis in spec.axes))


def _is_open(axis: Axis) -> bool:
    return axis.text is not None or any(atom.soft for atom in names(axis.size))


def _settle(axis: Axis | VariadicAxis, call: Call) -> Axis | VariadicAxis:
    if isinstance(axis, VariadicAxis) or not _is_open(axis):
        return axis
    if axis.text is None:
        size = rewrite(
            axis.size,
            lambda atom: (
                lookup(atom.name, call.arguments) if isinstance(atom, Name) and atom.soft else None
            ),
        )
        return replace(axis, size=size)
    return replace(axis, size=_run_text(axis.text, call), text=None)


def lookup(dotted: str, arguments: Mapping[str, Any]) -> int | None:
    """The number that a dotted name over the arguments is, None if it is none."""
    first, *rest = dotted.split(".")
    value = arguments.get(first)
    for attribute in rest:
        value = getattr(value, attribute, None)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _run_text(text: str, call: Call) -> Size:
    """The size an annotation's own code computes, as jaxtyping runs it: braces first."""
    word = eval(f"f{text!r}", dict(call.arguments)) if "{" in text else text
    spec = parse_jaxtyping(word)
    axis = spec.axes[0] if len(spec.axes) == 1 else None
    if isinstance(axis, Axis) and axis.size is not UNKNOWN_DIM:
        return axis.size
    known = {name: value for name, value in call.bindings.items() if isinstance(value, int)}
    try:
        value = eval(word, known)
    except NameError:
        return UNKNOWN_DIM
    return value if isinstance(value, int) else UNKNOWN_DIM
