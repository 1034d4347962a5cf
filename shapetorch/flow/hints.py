"""Annotations as the interpreter sees them: read from syntax, made into values, matched with values.

Three uses of one hint: `value_of` gives what a parameter so annotated is inside its function (its names
are rigid); `match` compares an actual value with the hint and binds the hint's names; `instantiate`
gives what a call returns, with the names that were bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shapetorch.annotations.spec import Axis, ShapeSpec, VariadicAxis
from shapetorch.dim import (
    AnyShape,
    Size,
    names,
    render_shape,
)
from shapetorch.flow.values import (
    Class,
    Value,
)

if TYPE_CHECKING:
    pass


class Hint:
    """Base of all hints."""


@dataclass(frozen=True)
class AnyHint(Hint):
    """Anything."""


ANY = AnyHint()


@dataclass(frozen=True)
class TensorHint(Hint):
    """An array; `spec` is None if its shape is not said."""

    spec: ShapeSpec | None = None
    dtype: str | None = None
    is_array: bool = False


@dataclass(frozen=True)
class PlainHint(Hint):
    """``int``, ``bool``, ``str``, ``float``, ``None``."""

    kind: str


@dataclass(frozen=True)
class LiteralHint(Hint):
    """``Literal["sum", "mean"]``."""

    values: tuple[Value, ...]


@dataclass(frozen=True)
class DimHint(Hint):
    """``Dim[N]``: an int whose value is a size."""

    size: Size


@dataclass(frozen=True)
class ShapeHint(Hint):
    """A shape as a type: ``Shape[2, 3]``."""

    shape: AnyShape


@dataclass(frozen=True)
class UnionHint(Hint):
    """One of several."""

    items: tuple[Hint, ...]


@dataclass(frozen=True)
class TupleHint(Hint):
    """A tuple of known length."""

    items: tuple[Hint, ...]


@dataclass(frozen=True)
class ManyHint(Hint):
    """A tuple of any length, a list, an iterable."""

    element: Hint
    kind: str


@dataclass(frozen=True)
class DictHint(Hint):
    """A mapping."""

    element: Hint


@dataclass(frozen=True)
class InstanceHint(Hint):
    """An instance of a class of the program, with the sizes given for its type parameters."""

    cls: Class
    args: tuple[AnyShape, ...] = ()


@dataclass(frozen=True)
class LayerHint(Hint):
    """An instance of a class of `torch.nn`."""

    name: str


@dataclass(frozen=True)
class CallableHint(Hint):
    """A callable; `parameters` is None if they are not said."""

    parameters: tuple[Hint, ...] | None
    result: Hint


ARRAYS = frozenset(
    {
        "torch.Tensor", "torch.FloatTensor", "torch.LongTensor", "torch.BoolTensor", "torch.IntTensor",
        "torch.nn.Parameter", "numpy.ndarray", "numpy.typing.NDArray", "jax.Array", "jax.numpy.ndarray",
        "jaxtyping.Array", "jaxtyping.ArrayLike",
    }
)  # fmt: skip
TYPED_TENSORS = {
    "torch.FloatTensor": "float32", "torch.LongTensor": "int64", "torch.BoolTensor": "bool",
    "torch.IntTensor": "int32",
}  # fmt: skip
PLAIN = frozenset({"int", "bool", "str", "float", "complex", "bytes"})


# -- reading ---------------------------------------------------------------------------------------


# -- values ------------------------------------------------------------------------------------------


def says_shape(hint: Hint) -> bool:
    """Whether a hint tells more about a result than running the function's body would."""
    match hint:
        case TensorHint(spec):
            return spec is not None
        case UnionHint(items) | TupleHint(items):
            return all(says_shape(item) or isinstance(item, PlainHint) for item in items)
        case ManyHint(element) | DictHint(element):
            return says_shape(element)
        case PlainHint(kind):
            return kind not in ("int", "None")  # what gives None is called for its effects
        case DimHint():
            return True
    return False


def is_tensor_hint(hint: Hint) -> bool:
    """Whether a hint is for tensors, or for tensors and None."""
    if isinstance(hint, UnionHint):
        return all(is_tensor_hint(item) or item == PlainHint("None") for item in hint.items)
    return isinstance(hint, TensorHint)


def may_lack_shape(hint: Hint) -> bool:
    """Whether a value so annotated may be something else than arrays: None, a number."""
    return isinstance(hint, UnionHint) and any(isinstance(item, PlainHint) for item in hint.items)


def is_computed(hint: Hint) -> bool:
    """Whether a helper computes the shape from names that are bound at a call."""
    match hint:
        case TensorHint(spec):
            return spec is not None and any(
                isinstance(axis, VariadicAxis) and axis.helper is not None for axis in spec.axes
            )
        case UnionHint(items) | TupleHint(items):
            return any(is_computed(item) for item in items)
    return False


def names_of(hint: Hint) -> set[str]:
    """The names of sizes in a hint."""
    match hint:
        case TensorHint(spec):
            return set() if spec is None else names_in(spec)
        case UnionHint(items) | TupleHint(items):
            return set().union(*(names_of(item) for item in items)) if items else set()
        case ManyHint(element) | DictHint(element):
            return names_of(element)
        case DimHint(size):
            return {n.name for n in names(size)}
    return set()


def numbers_of(hint: Hint) -> frozenset[int]:
    """The sizes that a hint gives as numbers."""
    match hint:
        case TensorHint(spec) if spec is not None:
            sizes = (axis.size for axis in spec.axes if isinstance(axis, Axis))
            return frozenset(size for size in sizes if isinstance(size, int))
        case UnionHint(items) | TupleHint(items):
            return frozenset[int]().union(*map(numbers_of, items))
        case ManyHint(element) | DictHint(element):
            return numbers_of(element)
    return frozenset()


def names_in(spec: ShapeSpec) -> set[str]:
    """The names of sizes in a shape annotation."""
    return {n.name for axis in spec.axes if isinstance(axis, Axis) for n in names(axis.size)}


def describe(spec: ShapeSpec | None, shape: AnyShape) -> tuple[str, str]:
    """Expected and actual shape for a message."""
    return ("?" if spec is None else spec.render(), render_shape(shape))
