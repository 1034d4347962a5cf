"""Arrays of nested lists and numbers, as ``torch.tensor`` reads them.

Lists of Python numbers, the common case, are handled whole lists at a time; what else may stand in
a list (NumPy numbers, arrays, tensors, other sequences) is read item by item.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np

from shapetorch.errors import ShapeError
from shapetorch.tensor.dtypes import (
    COMPLEX,
    DEFAULTS,
    DTYPES,
    FLOATING,
    OF_NUMPY,
    dtype,
    of_number,
    promote_types,
)
from shapetorch.tensor.judging import judged
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.tensors import Array, Tensor

_PLAIN = frozenset((bool, int, float, complex))
_LISTS = frozenset((list, tuple))
_MOST_DIMS = 64


def read(data: Any, wanted: dtype | None = None) -> Array:
    """The elements of nested sequences of numbers, in memory of their own.

    Args:
        data: A number, or nested sequences of numbers.
        wanted: The dtype; that of the numbers if None.

    Raises:
        ShapeError: creation_error_ragged.
        TypeError: something is neither a number nor a sequence.
        RuntimeError: the dtype does not hold a number.
    """
    if data.__class__ is float and wanted is None:
        return MODES.quiet(np.array, data, DEFAULTS[FLOATING].numpy)
    flat, shape = _flat(data)
    if flat is None:
        shape = _sizes(data)
        found = wanted or infer(data)
        flat = []
        try:
            if 0 not in shape:  # else PyTorch does not look at what there is
                _collect(data, shape, 0, flat, found)
        except (TypeError, ValueError) as error:
            raise _in_the_rules_words(data, error) from None
        return _stored(flat, found).reshape(shape)
    found = wanted or _of_kinds(set(map(type, flat)))
    return _stored(flat, found).reshape(shape)


def _in_the_rules_words(data: Any, error: Exception) -> Exception:
    """The rule's error for ragged lists, if it is of the same class."""
    if isinstance(data, (list, tuple)):
        try:
            judged("tensor", data)
        except ShapeError as found:
            return found if isinstance(found, type(error)) else error
    return error


def _flat(data: Any) -> tuple[list[Any] | None, list[int]]:
    """The numbers of lists of equal lengths and the sizes; None if there is anything else."""
    kind: type = data.__class__
    if kind in _PLAIN:
        return [data], []
    if kind not in _LISTS:
        return None, []
    shape: list[int] = []
    level: list[Any] = [data]
    while level and len(shape) < _MOST_DIMS:
        lengths = set(map(len, level))
        if len(lengths) != 1:
            return None, []
        shape.extend(lengths)
        level = list(chain.from_iterable(level))
        kinds = set(map(type, level))
        if kinds <= _PLAIN:
            return level, shape
        if not kinds <= _LISTS:
            return None, []
    return None, []


def _of_kinds(kinds: set[type]) -> dtype:
    if complex in kinds:
        return DEFAULTS[3]
    if float in kinds or not kinds:
        return DEFAULTS[2]
    return DTYPES["int64" if int in kinds else "bool"]


def _stored(flat: list[Any], found: dtype) -> Array:
    """Python numbers as elements.

    Raises:
        RuntimeError: a number does not fit.
        TypeError: something is complex that must not be, or no number.
    """
    kind = found.numpy
    if kind.kind == "b":
        return np.fromiter(map(bool, flat), kind, len(flat))
    if kind.kind in "iu":
        return _integers(flat, found)
    if kind.kind == "c":
        return np.array(flat, np.complex128).astype(kind)
    try:
        made = np.array(flat, np.float64)
        return made if kind.char == "d" else MODES.quiet(made.astype, kind)
    except (TypeError, OverflowError) as error:
        if any(isinstance(item, (complex, np.complexfloating)) for item in flat):
            raise TypeError("must be real number, not complex") from None
        raise TypeError(f"tensor: {error}") from None


def _integers(flat: list[Any], found: dtype) -> Array:
    if any(isinstance(item, (complex, np.complexfloating)) for item in flat):
        raise TypeError("must be real number, not complex")
    try:
        wide = np.array([int(item) for item in flat], np.int64)
    except OverflowError:
        first = next(item for item in flat if not -(1 << 63) <= item < 1 << 63)
        if isinstance(first, float):
            raise _overflow(found) from None
        raise ValueError("Overflow when unpacking long long") from None
    except ValueError:
        raise _overflow(found) from None
    if found.numpy.itemsize < 8 and wide.size:
        limits = np.iinfo(found.numpy)
        lowest = limits.min or -limits.max
        if wide.min() < lowest or wide.max() > limits.max:
            raise _overflow(found)
        for item in flat:  # a float is compared before it is rounded towards 0
            if isinstance(item, float) and not limits.min <= item <= limits.max:
                raise _overflow(found)
    return wide.astype(found.numpy)


def _overflow(found: dtype) -> RuntimeError:
    return RuntimeError(f"value cannot be converted to type {found.name} without overflow")


# -- item by item -------------------------------------------------------------------------------------


def infer(data: Any) -> dtype:
    """The dtype that nested numbers have in common.

    Raises:
        TypeError: of text, or of a dtype that tensors do not have.
        RuntimeError: of what is neither number nor sequence.
    """
    if isinstance(data, Tensor):
        return data.dtype
    if isinstance(data, (np.ndarray, np.generic)):
        return of_array_dtype(data)
    if isinstance(data, (bool, int, float, complex)):
        return of_number(data)
    if isinstance(data, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{type(data).__name__}'")
    if not _is_sequence(data):
        raise RuntimeError(f"Could not infer dtype of {type(data).__name__}")
    found: dtype | None = None
    for place in range(len(data)):
        item = data[place]
        if item is data:
            raise TypeError("new(): self-referential lists are incompatible")
        of_item = infer(item)
        found = of_item if found is None else promote_types(found, of_item)
    return DEFAULTS[2] if found is None else found


def of_array_dtype(array: Any) -> dtype:
    """The dtype of an array or a NumPy number.

    Raises:
        TypeError: tensors do not have it.
        ValueError: its bytes are in the other order.
    """
    found = OF_NUMPY.get(array.dtype)
    if found is not None:
        return found
    if not array.dtype.isnative:
        raise ValueError(
            "given numpy array has byte order different from the native byte order. "
            "Conversion between byte orders is not supported: use array.astype(array.dtype.newbyteorder())"
        )
    kinds = ", ".join(name for name in DTYPES)
    raise TypeError(
        f"can't convert np.ndarray of type numpy.{array.dtype.type.__name__}. "
        f"The only supported types are: {kinds}."
    )


def _is_sequence(data: Any) -> bool:
    if isinstance(data, np.ndarray):
        return bool(data.ndim)
    is_one = hasattr(data, "__getitem__") and hasattr(data, "__len__")
    return is_one and not isinstance(data, (dict, np.generic))


def _sizes(data: Any) -> list[int]:
    """The lengths of a sequence, of its first item and so on; a tensor inside is a number.

    Raises:
        TypeError: it is text.
        ValueError: there is text inside, or too many sequences.
    """
    if isinstance(data, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{type(data).__name__}'")
    shape: list[int] = []
    item = data
    while _is_sequence(item):
        if isinstance(item, (str, bytes)) and not item:
            raise TypeError(f"new(): invalid data type '{type(item).__name__}'")
        if isinstance(item, (str, bytes)) or len(shape) == _MOST_DIMS:
            raise ValueError(f"too many dimensions '{type(item).__name__}'")
        shape.append(len(item))
        if not shape[-1]:
            break
        item = item[0]
        if isinstance(item, Tensor):
            break
    return shape


def _collect(data: Any, shape: list[int], depth: int, flat: list[Any], found: dtype) -> None:
    if depth == len(shape):
        flat.append(_number(data, found))
        return
    length = len(data) if _is_sequence(data) else None
    if length != shape[depth]:
        raise _ragged(data, shape[depth], depth, length)
    for place in range(length):
        _collect(data[place], shape, depth + 1, flat, found)


def _ragged(data: Any, expected: int, depth: int, length: int | None) -> Exception:
    if length is None:
        return TypeError(
            f"expected a sequence of length {expected} at dim {depth}, got {type(data).__name__}"
        )
    return ValueError(f"expected sequence of length {expected} at dim {depth} (got {length})")


def _number(item: Any, found: dtype) -> Any:
    if isinstance(item, (Tensor, np.ndarray)):
        array = item._array if isinstance(item, Tensor) else item
        if array.size != 1 and found.category >= FLOATING:
            raise ValueError("only one element tensors can be converted to Python scalars")
        if array.size != 1 or (array.dtype.kind not in "biu" and found.category < FLOATING):
            raise TypeError("only integer tensors of a single element can be converted to an index")
        number = array.item()
        if isinstance(number, complex) and found.category < COMPLEX:
            if number.imag:
                raise RuntimeError(
                    f"value cannot be converted to type {found.name} without overflow"
                )
            return number.real
        return number
    if isinstance(item, np.generic):
        return item.item()
    if isinstance(item, (str, bytes)):
        raise TypeError(f"new(): invalid data type '{type(item).__name__}'")
    if isinstance(item, (bool, int, float, complex)):
        return item
    if hasattr(item, "__index__") and found.category <= 1:
        return item.__index__()
    if hasattr(item, "__float__") and found.category == 2:
        return float(item)
    raise TypeError(f"must be a number, not {type(item).__name__}")
