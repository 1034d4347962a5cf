"""What the arguments of an operation may be, read from the annotations of its parameters.

A flag or a number that no shape rule looks at is checked before the operation runs (`strict`), by its
class alone. All other arguments are looked at only when something went wrong: `explained` then finds
the one whose type is not what its parameter says, so that an error speaks of the caller's argument
and not of what Python or NumPy stumbled over.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np

from shapetorch.tensor.dtypes import FLOATING, INTEGER, dtype
from shapetorch.tensor.histories import needs_grad
from shapetorch.tensor.matrices import LinAlgError
from shapetorch.tensor.tensors import Tensor

WIDEST = 1 << 63
"""The first integer that 64 bits with a sign do not hold."""


class NotATensor(TypeError, AttributeError):
    """An argument that is no tensor.

    PyTorch raises TypeError where a function is written in C++, and AttributeError where Python code
    asks the argument for what tensors have.
    """


class NotOneNumber(TypeError, RuntimeError):
    """A complex number for a real one, or several elements for one.

    PyTorch raises TypeError if the class of the argument is looked at, and RuntimeError if the value is
    converted, or computed with, first.
    """


class TooWide(ValueError, OverflowError):
    """An integer that 64 bits do not hold.

    PyTorch raises ValueError for a parameter that is an integer, and OverflowError for one that is a number.
    """


# -- what a value is --------------------------------------------------------------------------------


def is_flag(value: Any) -> bool:
    """Whether it is a bool."""
    return isinstance(value, (bool, np.bool_))


def is_whole(value: Any) -> bool:
    """Whether it stands for an integer: no bool, no float, but a tensor of one integer."""
    if isinstance(value, Tensor):
        return not value._array.ndim and value.dtype.category == INTEGER
    return hasattr(value, "__index__") and not is_flag(value)


def are_whole(value: Any) -> bool:
    """Whether it is a list or tuple of integers, of which all but the first may be bools, as in PyTorch."""
    if not isinstance(value, (list, tuple)):
        return False
    return all(map(is_whole, value[:1])) and all(
        item.__class__ is bool or is_whole(item) for item in value[1:]
    )


def is_real(value: Any) -> bool:
    """Whether it stands for a floating number."""
    if isinstance(value, Tensor):
        is_one = not value._array.ndim and value.dtype.category <= FLOATING
        return is_one and not needs_grad(value)
    return isinstance(value, (int, float, np.floating, np.integer, np.bool_))


def is_scalar(value: Any) -> bool:
    """Whether it stands for one element, real or complex."""
    if isinstance(value, Tensor):
        return not value._array.ndim
    return isinstance(value, (int, float, complex, np.number, np.bool_))


def _is_dtype(value: Any) -> bool:
    return isinstance(value, dtype) or value in (float, int, bool, complex)


def _several(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    def all_fit(value: Any) -> bool:
        return isinstance(value, (list, tuple)) and all(map(fits, value))

    return all_fit


def _instance(kind: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kind)


_is_tensor = _instance(Tensor)

KINDS: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "None": ("None", lambda value: value is None),
    "Tensor": ("Tensor", _is_tensor),
    "bool": ("bool", is_flag),
    "int": ("int", is_whole),
    "float": ("float", is_real),
    "complex": ("Number", is_scalar),
    "str": ("str", _instance(str)),
    "dtype": ("torch.dtype", _is_dtype),
    "Sequence[int]": ("tuple of ints", are_whole),
    "Sequence[Tensor]": ("tuple of Tensors", _several(_is_tensor)),
}
"""How a part of an annotation is called in an error, and what it takes."""

CLASSES: Mapping[str, frozenset[type]] = {
    "None": frozenset((type(None),)),
    "bool": frozenset((bool,)),
    "int": frozenset((int,)),
    "float": frozenset((float, int)),
    "str": frozenset((str,)),
}
"""Classes whose values need no further look."""


def fits(annotation: str, value: Any) -> bool:
    """Whether a value is what one part of an annotation says."""
    return KINDS[annotation][1](value)


# -- before the operation runs ----------------------------------------------------------------------


def strict(
    function: Callable[..., Any], known: Collection[str]
) -> dict[str, tuple[int, frozenset[type]]]:
    """The parameters to check before each call: their place, and the classes that are right.

    Args:
        function: The operation.
        known: Parameters that a rule checks; flags are often not passed to it.
    """
    annotations = function.__annotations__
    code = function.__code__
    if inspect.iscoroutinefunction(function):  # it runs later
        return {}
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    found = {}
    for place, name in enumerate(names):
        parts = annotations.get(name, "").split(" | ")
        is_open = parts[0] == "bool" or name not in known
        if parts[0] in _STRICT and is_open and name not in _NOT_HERE:
            if all(part in CLASSES for part in parts):
                at = place if place < code.co_argcount else NEVER
                found[name] = (at, frozenset().union(*(CLASSES[part] for part in parts)))
    return found


NEVER = 1 << 30
"""The place of a parameter that is given by keyword alone."""

_STRICT = frozenset(("bool", "float", "int", "str"))
_INSIDE = frozenset(
    "size_average reduce return_indices hard include_last_offset get_infos recompute_scale_factor antialias "
    "align_corners mode approximate reduction padding_mode interpolation_mode compute_mode".split()
)
"""Parameters of PyTorch's Python code, which asks flags for their truth value and compares words with those
it knows: an argument of another type is as good as its truth value, or an unknown word."""
_NOT_HERE = _INSIDE | frozenset(
    "inplace requires_grad pin_memory copy non_blocking implicit _stacklevel num b warn_only".split()
)
"""Besides, flags that have no effect, or that are checked where they are used because the operations that
have them are small."""


def check(function: Callable[..., Any], name: str, value: Any) -> None:
    """Raise TypeError if a value is not what the parameter's annotation says."""
    annotation = function.__annotations__[name]
    fitting = [part for part in annotation.split(" | ") if KINDS[part][1](value)]
    if not fitting:
        raise _unfit(function, name, annotation, value)
    if fitting[0] == "int" and not -WIDEST <= int(value) < WIDEST:
        raise TooWide(
            f"{_name(function)}(): argument '{name}': Overflow when unpacking long long: {value} does "
            "not fit into 64 bits"
        )


def _name(function: Callable[..., Any]) -> str:
    return function.__name__.strip("_")


def _unfit(function: Callable[..., Any], name: str, annotation: str, value: Any) -> TypeError:
    words = " or ".join(KINDS[part][0] for part in annotation.split(" | ") if part != "None")
    return unfit_class(annotation, value)(
        f"{_name(function)}(): argument '{name}' must be {words}, not {type_name(value)}"
    )


def unfit_class(annotation: str, value: Any) -> type[TypeError]:
    """The class of the error over an argument that is not what the annotation of its parameter says."""
    if "Tensor" in annotation.split(" | "):
        return NotATensor
    is_several = isinstance(value, Tensor) and value._array.size != 1
    return NotOneNumber if is_several or isinstance(value, complex) else TypeError


def type_name(value: Any) -> str:
    """What an argument is, for an error: its class, and the classes of what is in a list."""
    if isinstance(value, (list, tuple)) and value:
        inside = dict.fromkeys(type_name(item) for item in value[:8])
        return f"{type(value).__name__} of ({', '.join(inside)})"
    return "None" if value is None else type(value).__name__


# -- after it failed --------------------------------------------------------------------------------


def explained(
    function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any], error: Exception
) -> Exception:
    """The error that a caller shall see in place of one from inside of an operation.

    Args:
        function: The operation.
        args: What it was called with.
        kwargs: What it was called with.
        error: What it raised.
    """
    is_truth = isinstance(error, RuntimeError) and str(error).startswith(_TRUTH)
    if isinstance(error, RuntimeError) and not is_truth:
        return error  # said by the library itself
    signature = inspect.signature(function)
    try:
        given = signature.bind(*args, **kwargs).arguments
    except TypeError:  # a call that does not fit: Python's words name the parameter
        return error
    for name, value in given.items():
        if signature.parameters[name].kind is inspect.Parameter.VAR_KEYWORD or name in _INSIDE:
            continue
        annotation = function.__annotations__.get(name, "Any")
        parts = annotation.split(" | ")
        if all(part in KINDS for part in parts):
            if not any(KINDS[part][1](value) for part in parts):
                return _unfit(function, name, annotation, value)
        elif is_truth and isinstance(value, Tensor) and value._array.size != 1:
            return TypeError(
                f"{_name(function)}(): argument '{name}' must be one value, not Tensor"
            )
    return _translated(_name(function), error)


def _translated(name: str, error: Exception) -> Exception:
    """NumPy's and Python's errors about sizes and numbers as PyTorch's."""
    text = str(error)
    if isinstance(error, MemoryError) or text.startswith(_TOO_LARGE):
        return RuntimeError(f"{name}: can't allocate memory for a result of this size")
    if isinstance(error, OverflowError) and text.endswith(_TOO_WIDE):
        return TooWide(f"{name}(): Overflow when unpacking long long")
    if isinstance(error, np.linalg.LinAlgError):
        return LinAlgError(f"{name}: the algorithm failed to converge")
    if isinstance(error, ZeroDivisionError):
        return ZeroDivisionError(f"{name}(): division by an argument that is zero")
    if isinstance(error, IndexError) and text.endswith("index out of range"):
        return IndexError(f"{name}(): a tensor has too few dims, or a list too few items")
    return error


_TRUTH = "Boolean value of Tensor"
_TOO_WIDE = ("too large to convert to C long", "signed integer is greater than maximum")
_TOO_LARGE = (
    "array is too big",
    "Maximum allowed",
    "maximum supported dimension",
    "maximum allowed size",
)
