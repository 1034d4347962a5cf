"""What the interpreter knows of a Python value.

Values are immutable and compared by content. What can change (lists, dicts, instances) is a `Ref`
into the heap, whose records are immutable too: a branch copies two dicts and nothing else.
`UNKNOWN_VALUE` is any value at all. It is never an error and makes everything it touches unknown.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from shapetorch.dim import UNKNOWN, UNKNOWN_DIM, AnyShape, Size, name

if TYPE_CHECKING:
    from shapetorch.flow.hints import Hint
    from shapetorch.flow.program import Module
    from shapetorch.flow.state import Frame


class Value:
    """Base of all values."""


@dataclass(frozen=True)
class Unknown(Value):
    """Any value.

    `label` names an unannotated parameter, or an attribute of one (``config.n_embd``), which becomes a
    size when used as one.
    """

    label: str | None = None

    @property
    def size(self) -> Size:
        """The size it is, if it is one."""
        if self.label is None:
            return UNKNOWN_DIM
        return name(self.label, soft="." in self.label)


UNKNOWN_VALUE = Unknown()


@dataclass(frozen=True)
class Tensor(Value):
    """An array: its shape, and its dtype (a concrete name or a jaxtyping class) if known.

    `is_array` if its methods are NumPy's, which JAX's arrays have too, and not PyTorch's.
    """

    shape: AnyShape = UNKNOWN
    dtype: str | None = None
    is_array: bool = False

    def of_shape(self, shape: AnyShape) -> Tensor:
        """One like this of another shape."""
        return Tensor(shape, self.dtype, self.is_array)


@dataclass(frozen=True)
class Integer(Value):
    """A Python int; `UNKNOWN_DIM` if nothing is known of it.

    It is not `certain` if it comes from what nothing says to be a number: twice an unannotated
    parameter. Beside a tensor that may be a tensor too.
    """

    size: Size = UNKNOWN_DIM
    certain: bool = field(default=True, compare=False)


@dataclass(frozen=True)
class Constant(Value):
    """A str, bool, float, None, … known exactly."""

    value: Any

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Constant)
            and type(self.value) is type(other.value)
            and bool(self.value == other.value)
        )

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))


NONE = Constant(None)


@dataclass(frozen=True)
class Scalar(Value):
    """A str, bool or float that is not known exactly; `kind` is the name of its type."""

    kind: str


@dataclass(frozen=True)
class Tuple(Value):
    """A tuple of known length, with field names if it is a named one."""

    items: tuple[Value, ...]
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Many(Value):
    """Some number of alike values: ``range(n)``, ``tuple[int, ...]``, a generator."""

    element: Value
    length: Size = UNKNOWN_DIM
    first: Value | None = field(default=None, compare=False)  # known better than the others


@dataclass(frozen=True)
class Block(Value):
    """Part of a list: these items in order, any number of times, or else at most once."""

    items: tuple[Value, ...]
    repeated: bool = True


@dataclass(frozen=True)
class ShapeOf(Value):
    """``x.shape`` of a shape whose rank is not known."""

    shape: AnyShape


@dataclass(frozen=True)
class Slice(Value):
    """A slice object inside a subscript."""

    start: Value
    stop: Value
    step: Value


@dataclass(frozen=True)
class Ref(Value):
    """A mutable object: the key of its record in the heap."""

    key: int


@dataclass(frozen=True)
class External(Value):
    """Something of a library that is not interpreted, by its full dotted name."""

    name: str


@dataclass(frozen=True)
class Method(Value):
    """A method of a value that is not an instance of a class of the program."""

    receiver: Value
    name: str


@dataclass(frozen=True)
class Partial(Value):
    """``functools.partial``."""

    function: Value
    args: tuple[Value, ...]
    kwargs: tuple[tuple[str, Value], ...]


@dataclass(frozen=True)
class Coming(Value):
    """What a call of an async function gives, once it is awaited."""

    value: Value


@dataclass(frozen=True)
class ModuleValue(Value):
    """A module of the program."""

    name: str


@dataclass(frozen=True)
class TypeParam(Value):
    """A `TypeVar`, a `TypeVarTuple` or a parameter of PEP 695."""

    name: str
    variadic: bool = False


@dataclass(frozen=True)
class HintValue(Value):
    """A type used as a value: an alias such as ``Image = Float[Tensor, "c h w"]``."""

    hint: Hint
    parameters: tuple[TypeParam, ...] = field(default=(), compare=False)
    scoped: bool = field(default=False, compare=False)  # ``type Image[C] = …``: they are its own


@dataclass(frozen=True)
class Layer(Value):
    """A layer of `torch.nn` with its constructor's values, and where it was built."""

    name: str
    spec: Any
    line: int = field(default=0, compare=False)
    module: str = field(default="", compare=False)


@dataclass(frozen=True)
class OpaqueLayer(Value):
    """A layer of `torch.nn` whose constructor was not understood."""

    name: str


@dataclass(frozen=True, eq=False)
class Function(Value):
    """A function of the program, bound to an instance or class if it is a method."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    module: Module
    closure: Frame | None
    owner: Class | None = None
    bound: Value | None = None

    @property
    def name(self) -> str:
        """As it is called in messages."""
        plain = "lambda" if isinstance(self.node, ast.Lambda) else self.node.name
        return f"{self.owner.node.name}.{plain}" if self.owner else plain

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Function)
            and self.node is other.node
            and self.bound == other.bound
            and self.closure is other.closure
        )

    def __hash__(self) -> int:
        return hash((id(self.node), self.bound))


@dataclass(frozen=True, eq=False)
class Class(Value):
    """A class of the program; `bases` are evaluated."""

    node: ast.ClassDef
    module: Module
    closure: Frame | None
    bases: tuple[Value, ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Class) and self.node is other.node

    def __hash__(self) -> int:
        return id(self.node)


@dataclass(frozen=True)
class Super(Value):
    """``super()`` inside a method of `owner`."""

    owner: Class
    instance: Value


@dataclass(frozen=True)
class Alternatives(Value):
    """One of several values, after a branch."""

    values: tuple[Value, ...]


MOST_ALTERNATIVES = 6


def union(values: Iterable[Value]) -> Value:
    """One value that stands for any of `values`."""
    flat: list[Value] = []
    for value in values:
        for item in value.values if isinstance(value, Alternatives) else (value,):
            if isinstance(item, Unknown):
                return UNKNOWN_VALUE
            _add_alternative(flat, item)
    if len(flat) == 1:
        return flat[0]
    if len(flat) > MOST_ALTERNATIVES:
        return widen_all(flat)
    return Alternatives(tuple(flat)) if flat else UNKNOWN_VALUE


def _add_alternative(flat: list[Value], value: Value) -> None:
    """Tensors of one shape are one alternative, whatever their dtypes."""
    if isinstance(value, Tensor):
        for place, other in enumerate(flat):
            if isinstance(other, Tensor) and _is_like(other, value):
                if other.dtype != value.dtype:
                    flat[place] = replace(value, dtype=None)
                return
    if value not in flat:
        flat.append(value)


def _is_like(value: Value, other: Tensor) -> bool:
    if not isinstance(value, Tensor):
        return False
    return value.shape == other.shape and value.is_array == other.is_array


def as_array(value: Value) -> Value:
    """A result of NumPy's: the tensors in it are arrays."""
    match value:
        case Tensor():
            return replace(value, is_array=True)
        case Tuple(items):
            return replace(value, items=tuple(map(as_array, items)))
        case Many(element):
            return replace(value, element=as_array(element))
        case Alternatives(values):
            return union(map(as_array, values))
    return value


def widen_all(values: Iterable[Value]) -> Value:
    """What many values have in common, as one value."""
    values = list(values)
    first = values[0]
    for other in values[1:]:
        first = widen(first, other)
    return first


def widen(a: Value, b: Value) -> Value:
    """A single value that stands for both, at the price of sizes."""
    if a == b:
        return a
    if isinstance(a, Tensor) and isinstance(b, Tensor) and a.is_array == b.is_array:
        same = a.dtype if a.dtype == b.dtype else None
        return Tensor(_widen_shape(a.shape, b.shape), same, a.is_array)
    if isinstance(a, Integer) and isinstance(b, Integer):
        return Integer()
    if isinstance(a, Tuple) and isinstance(b, Tuple) and len(a.items) == len(b.items):
        return Tuple(tuple(widen(x, y) for x, y in zip(a.items, b.items, strict=True)), a.fields)
    if isinstance(a, Constant) and isinstance(b, Constant) and type(a.value) is type(b.value):
        return Scalar(type(a.value).__name__)
    return UNKNOWN_VALUE


def _widen_shape(a: AnyShape, b: AnyShape) -> AnyShape:
    if len(a) != len(b):
        return UNKNOWN
    same: list[Any] = []
    for x, y in zip(a, b, strict=True):
        if x == y:
            same.append(x)
        elif isinstance(x, (int,)) or hasattr(x, "terms"):
            if not (isinstance(y, int) or hasattr(y, "terms")):
                return UNKNOWN
            same.append(UNKNOWN_DIM)
        else:
            return UNKNOWN
    return tuple(same)


def alternatives(value: Value) -> tuple[Value, ...]:
    """The values that `value` may be."""
    return value.values if isinstance(value, Alternatives) else (value,)


# -- records of the heap ----------------------------------------------------------------------------


@dataclass(frozen=True)
class ListRecord:
    """A list, or a container of modules.

    Attributes:
        items: The values, None if the length is not known.
        element: What each value is, when `items` is None.
        length: How many, when `items` is None.
        kind: ``list``, ``set``, or the container's name: ``torch.nn.Sequential``.
        names: What the items are called, in a Sequential of named layers.
        parts: When `items` is None, what it is made of in order, with a `Block` for what is there
            any number of times; empty if that is not known (see `list_parts`).
    """

    items: tuple[Value, ...] | None
    element: Value = UNKNOWN_VALUE
    length: Size = UNKNOWN_DIM
    kind: str = "list"
    names: tuple[str, ...] = ()
    parts: tuple[Value, ...] = ()


@dataclass(frozen=True)
class DictRecord:
    """A dict, or a `ModuleDict`; `items` is None if the keys are not known."""

    items: Mapping[Any, Value] | None
    element: Value = UNKNOWN_VALUE
    kind: str = "dict"


@dataclass(frozen=True)
class ObjectRecord:
    """An instance of a class of the program.

    Attributes:
        cls: Its class.
        attrs: What has been assigned to it.
        sizes: The sizes by the names its class's annotations use: ``d_model`` and type parameters.
        base: The container or layer it is, if its class derives from one.
        path: How an instance that came in from outside is spelled: ``cfg``, ``self``.
        generic: Whether this is the instance that stands for all, inside its own class.
        lasting: Whether nothing can be assigned to it, so that two of them may be taken for one.
    """

    cls: Class
    attrs: Mapping[str, Value] = field(default_factory=dict)
    sizes: Mapping[str, Size] = field(default_factory=dict)
    base: Value | None = None
    path: str | None = None
    generic: bool = False
    lasting: bool = False


Record = ListRecord | DictRecord | ObjectRecord
