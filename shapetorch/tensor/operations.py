"""Declaring operations: the decorator is the only registration.

A function under ``@operation`` is PyTorch's of the same name, with PyTorch's parameters and
defaults. The decorator enters it in `OPERATIONS`, adds ``out=`` and the in-place form where asked,
and makes it a method of `Tensor`. Public modules, stubs and the completeness test are made from the
table::

    @operation(methods=("cumsum",), inplace=True, out=True)
    def cumsum(input: Tensor, dim: int, *, dtype: dtype | None = None) -> Tensor:
        \"\"\"Sums of the elements up to each place of a dim.\"\"\"
        judged("cumsum", input, dim)
        result = np.cumsum(input._array, axis=dim, ...)
        return record(result, (input,), cumsum_backward, dim=dim)
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

import numpy as np

from shapetorch.rules import FUNCTIONS
from shapetorch.rules import METHODS as RULE_METHODS
from shapetorch.rules.inplace import check_inplace
from shapetorch.tensor.arguments import tensor_argument
from shapetorch.tensor.dtypes import FLOATING, can_cast
from shapetorch.tensor.fronts import front
from shapetorch.tensor.histories import needs_grad, node_of, recording
from shapetorch.tensor.marks import change
from shapetorch.tensor.signatures import NEVER, NotATensor, check, explained, strict
from shapetorch.tensor.tensors import Tensor, meta_of, owner, wrap
from shapetorch.tensor.writes import check_memory, check_writable, wrote

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Operation:
    """One public function or method.

    Attributes:
        name: ``"exp"``, ``"linalg.svd"``, ``"nn.functional.conv2d"``; of a method alone, its name.
        function: What runs it.
        methods: Names of the `Tensor` methods that it is.
        inplace: The in-place method, if it has one.
        out: Whether it takes ``out=``.
        is_function: Whether it is a function of the library and not a method alone.
    """

    name: str
    function: Callable[..., Any]
    methods: tuple[str, ...] = ()
    inplace: tuple[str, ...] = ()
    out: bool = False
    is_function: bool = True


OPERATIONS: dict[str, Operation] = {}
"""The functions, by name."""

METHODS: dict[str, Operation] = {}
"""The methods of `Tensor`, by name, in-place ones too."""


def operation(
    name: str | None = None,
    *,
    methods: Sequence[str] = (),
    inplace: bool | Callable[..., Any] = False,
    out: bool | str = False,
    function: bool = True,
    aliases: Sequence[str] = (),
) -> Callable[[F], F]:
    """Declare an operation.

    Args:
        name: Of the function without ``torch.``; the function's own name if None.
        methods: The methods of `Tensor` that it is; the first parameter is the tensor.
        inplace: Whether each method also exists in place (``exp_``): true for the form made from
            the function, or a function that writes into its first argument itself.
        out: Whether it takes ``out=``; "dtype" if the result is computed in the dtype of that tensor,
            "same dtype" if that must have the dtype of the result, "truth" if it may be uint8 besides,
            "real" if it must not be complex, "joined" if a dtype that cannot hold the result is a
            TypeError.
        function: Whether it is a function at all, or a method alone.
        aliases: Other names of the function.
    """

    def declare(declared: F) -> F:
        own = name or declared.__name__
        has_dims = not {"dim", "keepdim"}.isdisjoint(_parameters(declared))
        checked = strict(declared, _known_to_rules(own, methods))
        is_wrapped = out or has_dims or checked
        public: Any = _with_keywords(declared, out, checked) if is_wrapped else declared
        written = [item for item in methods if inplace and item not in _NEVER_IN_PLACE]
        in_place = tuple(map(_inplace_name, written))
        made = Operation(own, public, tuple(methods), in_place, bool(out), function)
        if function:
            for item in (own, *aliases):
                assert item not in OPERATIONS, f"{item} is declared twice"
                OPERATIONS[item] = made
        for item in methods:
            assert item not in METHODS, f"Tensor.{item} is declared twice"
            METHODS[item] = made
            setattr(Tensor, item, public)
        for item, method in zip(in_place, written, strict=True):
            METHODS[item] = made
            if not callable(inplace):
                write = _in_place(public if out != "dtype" else _in_own_dtype(public), item, method)
            else:
                own_checks = strict(inplace, _known_to_rules(own, methods))
                write = _with_keywords(inplace, False, own_checks) if own_checks else inplace
            setattr(Tensor, item, write)
        return public  # type: ignore[no-any-return]

    return declare


def method(name: str | None = None) -> Callable[[F], F]:
    """Declare a method that is no function: ``@method()``; see `operation`."""

    def declare(declared: F) -> F:
        operation(name, methods=(name or declared.__name__,), function=False)(declared)
        return declared

    return declare


def attribute(name: str, get: Callable[..., Any], set_: Callable[..., Any] | None = None) -> None:
    """Declare an attribute of `Tensor` that is computed."""
    get.__name__ = get.__qualname__ = name
    setattr(Tensor, name, property(get, set_))
    METHODS[name] = Operation(name, get, (name,), is_function=False)


_NEVER_IN_PLACE = frozenset("__neg__ __pos__ __abs__ __invert__".split())


def _inplace_name(item: str) -> str:
    return f"__i{item[2:]}" if item.startswith("__") else f"{item}_"


# -- keywords that PyTorch's functions have in common ------------------------------------------------

_SPELLING = {
    "axis": "dim",
    "keepdims": "keepdim",
    "x": "input",
    "a": "input",
    "x1": "input",
    "x2": "other",
}


def _parameters(function: Callable[..., Any]) -> Sequence[str]:
    code = getattr(function, "__code__", None)
    return () if code is None else code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def _known_to_rules(name: str, methods: Sequence[str]) -> set[str]:
    """Parameters whose values a shape rule checks."""
    rules = [*FUNCTIONS.get(f"torch.{name}", ())]
    rules += [rule for item in methods for rule in RULE_METHODS.get(item, ())]
    return {
        parameter.name
        for rule in rules
        for parameter in rule.parameters
        if parameter.kind not in ("object", "IfKnown")
    }


def _with_keywords(
    function: Callable[..., Any],
    takes_out: bool | str,
    checked: Mapping[str, tuple[int, frozenset[type]]],
) -> Callable[..., Any]:
    """The function that also takes NumPy's names of its parameters, ``out=`` if it shall, and checks types.

    A plain call goes straight through, see `fronts`: small operations notice every layer.

    Args:
        function: As declared.
        takes_out: See `operation`.
        checked: See `signatures.strict`.
    """
    names = _parameters(function)
    spelling = {
        other: own for other, own in _SPELLING.items() if own in names and other not in names
    }
    places = [(place, key, classes) for key, (place, classes) in checked.items()]
    plain = min((place for place, _, _ in places), default=NEVER)

    @wraps(function)
    def with_keywords(*args: Any, **kwargs: Any) -> Any:
        if len(args) > plain:
            for place, key, classes in places:
                if place < len(args) and args[place].__class__ not in classes:
                    check(function, key, args[place])
        try:
            if not kwargs:
                return function(*args)
            if not kwargs.keys().isdisjoint(spelling):
                kwargs = _respelled(function.__name__, kwargs, spelling)
            for key, value in kwargs.items():
                if key in checked and value.__class__ not in checked[key][1]:
                    check(function, key, value)
            out = kwargs.pop("out", None) if takes_out else None
            if takes_out == "dtype" and isinstance(out, Tensor):
                kwargs.setdefault("dtype", out.dtype)
            result = function(*args, **kwargs)
        except _FOREIGN as error:
            found = explained(function, args, kwargs, error)
            if found is error:
                raise
            raise found from None
        if out is None:
            return result
        return write_all(function.__name__, out, result, args, str(takes_out))

    with_keywords.__dict__["takes_out"] = bool(takes_out)
    classes = {key: known for key, (_, known) in checked.items()}
    return front(function, with_keywords, classes, explained, _FOREIGN)


def _respelled(name: str, kwargs: Mapping[str, Any], spelling: Mapping[str, str]) -> dict[str, Any]:
    """Keywords in PyTorch's spelling."""
    found = {spelling.get(key, key): value for key, value in kwargs.items()}
    if len(found) < len(kwargs):
        given = ", ".join(kwargs)
        raise TypeError(f"{name}() got two keywords for the same argument among {given}")
    return found


_FOREIGN = (
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    MemoryError,
    LookupError,
    RuntimeError,
)
"""Classes of errors that Python, NumPy and tensors raise over a wrong argument."""


def write_all(name: str, out: Any, result: Any, inputs: Sequence[Any], dtypes: str = "") -> Any:
    """Write a result, or several of them, into what a caller gave as ``out=``; see `write_out`."""
    if isinstance(result, Tensor):
        _check_out_dtype(name, out, result, dtypes)
        return write_out(name, out, result, inputs)
    if not isinstance(out, (tuple, list)) or len(out) != len(result):
        raise TypeError(
            f"{name}(): argument 'out' must be tuple of {len(result)} Tensors, not {type(out).__name__}"
        )
    for target in out:
        if not isinstance(target, Tensor):
            raise NotATensor(
                f"{name}(): argument 'out' must be Tensors, got {type(target).__name__}"
            )
    for place, (target, item) in enumerate(zip(out, result, strict=True)):  # all or nothing
        _check_target(name, target, item, inputs)
        if place and item._stored.dtype.kind == "i":  # indices, and what LAPACK says
            _check_out_dtype(name, target, item, "same dtype")
    for target, item in zip(out, result, strict=True):
        write_out(name, target, item, inputs)
    return result._make(out) if hasattr(result, "_make") else type(result)(out)


def _check_out_dtype(name: str, out: Any, result: Tensor, dtypes: str) -> None:
    if not isinstance(out, Tensor) or out._stored.dtype == result._stored.dtype:
        return
    is_refused = (
        dtypes == "same dtype"
        or (dtypes == "truth" and out._stored.dtype != np.uint8)
        or (dtypes == "real" and out._stored.dtype.kind == "c")
    )
    if is_refused:
        raise RuntimeError(
            f"{name}(): Expected out tensor to have dtype {result.dtype}, but got {out.dtype} instead"
        )
    if dtypes == "joined" and not can_cast(result.dtype, out.dtype):
        raise TypeError(
            f"torch.{name}(): input types can't be cast to the desired output type {_title(out)}"
        )


def write_out(name: str, out: Tensor, result: Tensor, inputs: Sequence[Any] = ()) -> Tensor:
    """Write a result into the tensor that a caller gave for it.

    Raises:
        RuntimeError: gradients would be lost, or the dtype cannot hold the result.
        TypeError: `out` is no tensor.
    """
    _check_target(name, out, result, inputs)
    if out._stored.shape != result._stored.shape:
        if out._stored.size:
            warnings.warn(
                f"An output with one or more elements was resized since it had shape {list(out._stored.shape)}, "
                f"which does not match the required output shape {list(result._stored.shape)}. This behavior "
                "is deprecated, and in a future PyTorch release outputs will not be resized unless they have "
                "zero elements.",
                UserWarning,
                stacklevel=3,
            )
        out._array = np.empty(result._stored.shape, out._stored.dtype)
    _copy(out, result)
    owner(out)._writes += 1
    return out


def _check_target(name: str, out: Any, result: Tensor, inputs: Sequence[Any]) -> None:
    """Raise what `write_out` raises."""
    if not isinstance(out, Tensor):
        raise TypeError(f"{name}(): argument 'out' must be Tensor, not {type(out).__name__}")
    has_gradient = result.dtype.category >= FLOATING and recording((*inputs, out))
    if needs_grad(result) or has_gradient:
        raise RuntimeError(
            f"{name}(): functions with out=... arguments don't support automatic differentiation, but "
            "one of the arguments requires grad."
        )
    _check_cast(name, result, out)
    if out._stored.shape == result._stored.shape:
        check_memory(out._stored)


# -- in place ---------------------------------------------------------------------------------------


def _in_place(function: Callable[..., Any], name: str, of: str) -> Callable[..., Any]:
    """The method that writes its result into its tensor."""

    def in_place(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        try:
            if self._meta is not None:  # PyTorch speaks of leaves before it speaks of shapes
                check_writable(self)
        except AttributeError:
            tensor_argument(name, "input", self)
            raise
        source = before_writing(self) if recording((self, *args, *kwargs.values())) else self
        result = function(source, *args, **kwargs)
        if result is NotImplemented:
            return self
        if "dtype" in kwargs and result.dtype is not self.dtype:
            raise RuntimeError(
                f"Bad in-place call: input tensor dtype {self.dtype.name} and output tensor dtype "
                f"{result.dtype.name} should match"
            )
        return assign(name, self, result)

    in_place.__name__ = in_place.__qualname__ = name
    in_place.__doc__ = f"`{of}` in place."
    in_place.__dict__["functional"] = function
    return in_place


def _in_own_dtype(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function that computes in the dtype of its tensor, as it does in that of ``out=``."""

    @wraps(function)
    def in_own_dtype(self: Tensor, *args: Any, **kwargs: Any) -> Any:
        if self._array.dtype.kind in "biu" and kwargs.get("dtype") is None:  # others do anyway
            kwargs["dtype"] = self.dtype
        return function(self, *args, **kwargs)

    return in_own_dtype


def before_writing(tensor: Tensor) -> Tensor:
    """A copy with the same history: what backward may keep of a tensor that is about to be written to."""
    made = wrap(tensor._array.copy(order="K"))
    node = node_of(tensor)
    if tensor._meta is not None and (node is not None or tensor._meta.requires_grad):
        meta = meta_of(made)
        meta.node, meta.output = node, tensor._meta.output
    return made


def check_overlap(tensor: Tensor, other: Any) -> None:
    """Whether a tensor may be written to while another operand is read.

    Raises:
        RuntimeError: both are dense, and a part of their memory is common.
    """
    if not isinstance(other, Tensor) or tensor is other or owner(tensor) is not owner(other):
        return
    a, b = tensor._array, other._array
    if not (np.may_share_memory(a, b) and a.flags.forc and b.flags.forc):
        return
    if a.ctypes.data != b.ctypes.data or a.strides != b.strides or a.shape != b.shape:
        raise RuntimeError(
            "unsupported operation: some elements of the input tensor and the written-to tensor refer to a "
            "single memory location. Please clone() the tensor before performing the operation."
        )


def assign(name: str, tensor: Tensor, result: Tensor) -> Tensor:
    """Make a tensor what an operation on it gave, in place.

    Raises:
        ShapeError: inplace_error_shape_changed.
        RuntimeError: the tensor may not be written to, or cannot hold the dtype.
    """
    check_writable(tensor, needs_grad(result))
    check_inplace(name, tensor._stored.shape, result._stored.shape)
    _check_cast(name, result, tensor)
    _copy(tensor, result)
    if result.dtype is not tensor.dtype and needs_grad(result):
        result = result.to(tensor.dtype)
    wrote(tensor, result)
    return tensor


def _check_cast(name: str, result: Tensor, target: Tensor) -> None:
    if result._stored.dtype != target._stored.dtype and not can_cast(result.dtype, target.dtype):
        raise RuntimeError(
            f"{name}: result type {_title(result)} can't be cast to the desired output type {_title(target)}"
        )


def _copy(target: Tensor, result: Tensor) -> None:
    array = result._array
    if target._stored.dtype is array.dtype and target._reads_as is Tensor:
        target._array[...] = array
        return
    with np.errstate(all="ignore"):
        change(target, lambda own: np.copyto(own, array, "unsafe"))


_TITLES = {"bool": "Bool", "uint8": "Byte", "int8": "Char", "int16": "Short", "int32": "Int"}
_TITLES |= {"int64": "Long", "float16": "Half", "bfloat16": "BFloat16", "float32": "Float"}
_TITLES |= {"float64": "Double", "complex64": "ComplexFloat", "complex128": "ComplexDouble"}


def _title(tensor: Tensor) -> str:
    return _TITLES[tensor.dtype.name]
