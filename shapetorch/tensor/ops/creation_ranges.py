"""Tensors of numbers in a row, and of the places in a matrix."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from shapetorch.dim import UNKNOWN_DIM
from shapetorch.tensor.dtypes import COMPLEX, DEFAULTS, FLOATING, dtype
from shapetorch.tensor.judging import judged
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.operations import operation
from shapetorch.tensor.options import allocated, check_placement, element_type, finished, written
from shapetorch.tensor.room import within_memory
from shapetorch.tensor.scalars import require_64_bits, scalar
from shapetorch.tensor.signatures import WIDEST, is_real, type_name
from shapetorch.tensor.tensors import Array, Tensor


def _number(name: str, argument: str, value: Any) -> Any:
    """A bound as a Python number.

    Raises:
        TypeError: it is no number.
        RuntimeError: it is complex, or a tensor of several elements.
    """
    if isinstance(value, np.generic) or (isinstance(value, Tensor) and not value.ndim):
        value = value.item()
    if isinstance(value, complex):
        raise RuntimeError(f"{name}: {argument} must be a real number, got {value}")
    if not isinstance(value, (int, float)):
        raise TypeError(
            f"{name}(): argument '{argument}' must be Number, not {type(value).__name__}"
        )
    return int(value) if isinstance(value, bool) else value


_PLENTY = 1 << 24
"""Numbers that there is memory for."""
_NOTHING = (None,) * 7


@operation()
def arange(
    *bounds: Any,
    start: Any = None,
    end: Any = None,
    step: Any = None,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Numbers from `start` to before `end`: ``arange(end)``, ``arange(start, end, step=1)``.

    Args:
        bounds: The numbers, by place.
        start: The first number, 0.
        end: Where to stop, exclusive.
        step: The distance, 1.
        out: Where to write it.
        dtype: If None, int64 for integers and the default floating dtype otherwise.
        layout: ``torch.strided``.
        device: The CPU.
        pin_memory: False.
        requires_grad: Whether its gradient is wanted.

    Raises:
        ShapeError: arange_error_bounds.
    """
    if len(bounds) == 1 and bounds[0].__class__ is int and 0 <= bounds[0] < _PLENTY:
        rest = (start, end, step, out, dtype, layout, device)
        if rest == _NOTHING and pin_memory is False:
            return finished(np.arange(bounds[0]), requires_grad)
    first, last, by = _bounds("arange", bounds, start, end, step)
    check_placement("arange", device, layout, pin_memory)
    integers = all(isinstance(item, int) for item in (first, last, by))
    kind = element_type("arange", dtype, _kind(integers, out))
    if kind.char == "l" and not integers and np.isfinite((first, last, by)).all() and int(by):
        first, last, by = int(first), int(last), int(by)  # before they are counted
    size = _count("arange", first, last, by)
    return _written(
        "arange", out, finished(_spaced("arange", first, by, size, kind), requires_grad), dtype
    )


def _kind(integers: bool, out: Tensor | None) -> np.dtype[Any]:
    if isinstance(out, Tensor):
        return out._array.dtype
    return np.dtype(np.int64) if integers else DEFAULTS[FLOATING].numpy


def _bounds(
    name: str, places: tuple[Any, ...], start: Any, end: Any, step: Any
) -> tuple[Any, Any, Any]:
    given = {"start": start, "end": end, "step": step}
    words = ("end",) if len(places) == 1 and end is None else ("start", "end", "step")
    if len(places) > 3:
        raise TypeError(
            f"{name}() takes from 1 to 3 positional arguments but {len(places)} were given"
        )
    if len(places) == 1 and start is not None:
        raise TypeError(f"{name}() got multiple values for argument 'start'")
    for word, value in zip(words, places, strict=False):
        if given[word] is not None:
            raise TypeError(f"{name}() got multiple values for argument '{word}'")
        given[word] = _number(name, word, value)
    if given["end"] is None and not places:
        raise TypeError(f'{name}() missing required argument: "end"')
    if given["step"] is not None and given["start"] is None:
        raise TypeError(
            f"{name}() received an invalid combination of arguments: step without start"
        )
    first = 0 if given["start"] is None else _number(name, "start", given["start"])
    last = _number(name, "end", given["end"])
    by = 1 if given["step"] is None else _number(name, "step", given["step"])
    wide = [item for item in (first, last, by) if isinstance(item, int) and _is_wide(item)]
    if not wide:
        return first, last, by
    for item in wide:
        require_64_bits(item)
    if name == "arange" and all(isinstance(item, int) for item in (first, last, by)):
        raise RuntimeError(
            f"{name}: value cannot be converted to type int64 without overflow, got {wide[0]}"
        )
    return float(first), float(last), float(by)


def _is_wide(value: int) -> bool:
    return not -(1 << 63) <= value < 1 << 63


def _count(name: str, first: Any, last: Any, by: Any) -> int:
    """How many numbers there are.

    Raises:
        ShapeError: arange_error_bounds.
        RuntimeError: a bound is not finite, or there are too many.
    """
    if first.__class__ is int and last.__class__ is int and by == 1 and last >= first:
        return last - first
    for item in (first, last):
        if isinstance(item, float) and not math.isfinite(item):
            raise RuntimeError(f"{name}: unsupported range: {first} -> {last}")
    (size,) = judged(name, first, last, by)
    if size is UNKNOWN_DIM:  # a step that is not finite
        if math.isnan(by):
            raise RuntimeError(f"{name}: step must be a number, got {by}")
        return 0
    return int(size)


def _spaced(name: str, first: Any, by: Any, size: int, kind: np.dtype[Any]) -> Array:
    """``first + place * by`` for each place.

    Raises:
        RuntimeError: the dtype is bool or complex, or a bound does not fit.
    """
    if kind.kind in "bc":
        raise NotImplementedError(f'"{name}_cpu" not implemented for {kind.name}')
    if size >= 2**62:
        raise RuntimeError(f"{name}: invalid size, possible overflow: {size}")
    if kind.kind in "iu":
        first, by = int(first), int(by)
        if not by and kind.char == "l":  # in the others, the numbers are counted as floats
            raise ValueError(f"{name}: step must be nonzero, got one that is 0 as {kind.name}")
    if first == 0 and by == 1 and kind.char in "ldfi":
        return within_memory(name, (size,), kind, lambda: np.arange(size, dtype=kind))
    places = allocated(name, (size,), np.dtype(np.int64 if kind.kind in "iu" else np.float64))
    places[...] = np.arange(size)
    with np.errstate(all="ignore"):
        places *= by
        places += first
        return places.astype(kind, copy=False)


@operation("range")
def range_(
    *bounds: Any,
    start: Any = None,
    end: Any = None,
    step: Any = None,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Numbers from `start` to `end`, which is included; `arange` leaves it out."""
    if len(bounds) < 2 and end is None:
        raise TypeError('range() missing 1 required positional arguments: "end"')
    first, last, by = _bounds("range", bounds, start, end, step)
    check_placement("range", device, layout, pin_memory)
    kind = element_type("range", dtype, _kind(False, out))
    size = _count_with_end(first, last, by, kind.kind in "iu")
    return _written(
        "range", out, finished(_spaced("range", first, by, size, kind), requires_grad), dtype
    )


def _count_with_end(first: Any, last: Any, by: Any, whole: bool) -> int:
    for item in (first, last):
        if not math.isfinite(item):
            raise RuntimeError(f"range: unsupported range: {first} -> {last}")
    if math.isnan(by):
        raise RuntimeError(f"range: step must be a number, got {by}")
    if whole and math.isfinite(by):  # the bounds become integers before they are counted
        first, last, by = int(first), int(last), int(by)
    (size,) = judged("range", first, last, by)
    return int(size)


@operation()
def linspace(
    start: Any,
    end: Any,
    steps: Any,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """`steps` numbers at equal distances from `start` to `end`, both included.

    Args:
        start: The first number, or a 0-D tensor.
        end: The last number, or a 0-D tensor.
        steps: How many.
        out: Where to write it.
        dtype: The default floating dtype (complex, if a bound is) if None.
        layout: ``torch.strided``.
        device: The CPU.
        pin_memory: False.
        requires_grad: Whether its gradient is wanted.

    Raises:
        ShapeError: rank_error_mismatch, creation_error_negative_size.
    """
    for bound in (start, end):
        if bound.__class__ is int:
            require_64_bits(bound)
    if (
        start.__class__ in _REAL
        and end.__class__ in _REAL
        and steps.__class__ is int
        and 0 < steps < WIDEST
    ):
        count, kind = steps, _kind_of_real("linspace", dtype, out)
    else:
        (count,) = judged("linspace", start, end, steps)
        kind = _kind_between("linspace", start, end, dtype, out)
    check_placement("linspace", device, layout, pin_memory)
    array = _evenly(_plain(start), _plain(end), int(count), kind)
    return _written("linspace", out, finished(array, requires_grad), dtype)


def _written(name: str, out: Tensor | None, made: Tensor, asked: Any) -> Tensor:
    """As `written`; a tensor with room for all numbers keeps its shape."""
    if isinstance(out, Tensor) and out._array.size == made._array.size:
        made._array = made._array.reshape(out._array.shape)
    return written(name, out, made, asked)


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, (Tensor, np.generic)) else value


_REAL = frozenset((int, float))


def _kind_of_real(name: str, given: Any, out: Tensor | None) -> np.dtype[Any]:
    is_outs = given is None and isinstance(out, Tensor)
    found = out._array.dtype if is_outs else element_type(name, given)  # type: ignore[union-attr]
    return found


def _kind_between(name: str, start: Any, end: Any, given: Any, out: Tensor | None) -> np.dtype[Any]:
    is_complex = any(isinstance(_plain(item), complex) for item in (start, end))
    if not is_complex:
        return _kind_of_real(name, given, out)
    if given is None:
        return out._array.dtype if isinstance(out, Tensor) else DEFAULTS[COMPLEX].numpy
    found = element_type(name, given)
    if found.kind != "c":
        raise RuntimeError(f"{name}: inferred dtype is complex, got dtype {found.name}")
    return found


def _evenly(start: Any, end: Any, count: int, kind: np.dtype[Any]) -> Array:
    """Numbers at equal distances; the second half is counted from the end, so that both ends are exact."""
    wide = np.dtype(np.complex128 if kind.kind == "c" else np.float64)
    narrow = wide if kind.kind in "iu" else kind
    places = allocated("linspace", (count,), narrow)
    if count > 1 and kind.kind == "b":
        raise NotImplementedError("\"linspace_cpu\" not implemented for 'Bool'")
    if count and kind.char in "fF" and not (abs(start) < _FINITE and abs(end) < _FINITE):
        start, end = scalar(start, kind), scalar(end, kind)  # or an error
    if count == 1:
        places[0] = start
    elif count and kind.kind in "iu":
        return MODES.quiet(_evenly_integers, int(start), int(end), count, kind)
    elif count:
        MODES.quiet(_spread, narrow.type(start), narrow.type(end), places)
    return places.astype(kind, copy=False)


_FINITE = 3.4e38
"""Below it, a float64 is finite as float32."""


def _spread(first: Any, last: Any, places: Array) -> None:
    count = len(places)
    half = count // 2
    step = (last - first) / places.dtype.type(count - 1)
    # the sum is rounded once, as by the processor's instruction that multiplies and adds
    distances = np.arange(count - half).astype(_WIDER.get(places.dtype.char, places.dtype))
    distances *= step  # from either end
    np.add(first, distances[:half], out=places[:half], casting="same_kind")
    np.subtract(last, distances[::-1], out=places[half:], casting="same_kind")


_WIDER: dict[str, Any] = {"f": np.float64, "d": np.longdouble}


def _evenly_integers(start: int, end: int, count: int, kind: np.dtype[Any]) -> Array:
    step = np.longdouble((end - start) / (count - 1))
    index = np.arange(count)
    half = count // 2
    places = np.empty(count, kind)
    places[:half] = np.trunc((start + step * index[:half]).astype(np.float64))
    places[half:] = np.trunc((end - step * (count - 1 - index[half:])).astype(np.float64))
    return places


@operation()
def logspace(
    start: Any,
    end: Any,
    steps: Any,
    base: Any = 10.0,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """`steps` powers of `base`, whose exponents lie at equal distances from `start` to `end`."""
    if not is_real(base):
        raise TypeError(f"logspace(): argument 'base' must be float, not {type_name(base)}")
    for bound in (start, end):
        if bound.__class__ is int:
            require_64_bits(bound)
    (count,) = judged("logspace", start, end, steps, base)
    check_placement("logspace", device, layout, pin_memory)
    kind = _kind_between("logspace", start, end, dtype, out)
    wide = np.dtype(np.complex128 if kind.kind == "c" else np.float64)
    bounds = [_plain(start), _plain(end)]
    if kind.kind in "iu" and count != 1:
        bounds = [int(bound) for bound in bounds]
    if kind.kind == "b" and count > 1:
        raise NotImplementedError("\"logspace_cpu\" not implemented for 'Bool'")
    if count and kind.char in "fF":
        bounds = [scalar(bound, kind) for bound in bounds]  # or an error
    exponents = _evenly(bounds[0], bounds[1], int(count), wide)
    with np.errstate(all="ignore"):
        array = np.asarray(wide.type(base) ** exponents)
    if count == 1 and kind.char in "fF":
        scalar(array[0], kind)  # or an error
    with np.errstate(all="ignore"):
        array = array.astype(kind)
    return _written("logspace", out, finished(array, requires_grad), dtype)


# -- places in a matrix -------------------------------------------------------------------------------


@operation()
def tril_indices(
    row: Any,
    col: Any,
    offset: int = 0,
    *,
    dtype: dtype | None = None,
    device: Any = None,
    layout: Any = None,
    pin_memory: bool = False,
) -> Tensor:
    """The places on and below a diagonal, row after row: ``(2, N)``."""
    judged("tril_indices", row, col, offset)
    check_placement("tril_indices", device, layout, pin_memory)
    return _triangle("tril_indices", _below("tril_indices", row, col, offset), dtype)


@operation()
def triu_indices(
    row: Any,
    col: Any,
    offset: int = 0,
    *,
    dtype: dtype | None = None,
    device: Any = None,
    layout: Any = None,
    pin_memory: bool = False,
) -> Tensor:
    """The places on and above a diagonal, row after row: ``(2, N)``."""
    judged("triu_indices", row, col, offset)
    check_placement("triu_indices", device, layout, pin_memory)
    return _triangle("triu_indices", ~_below("triu_indices", row, col, offset - 1), dtype)


def _below(name: str, row: Any, col: Any, offset: int) -> Array:
    """Which places of a matrix lie on and below a diagonal."""
    mask_kind = np.dtype(np.bool_)
    clipped = max(-row - 1, min(offset, col + 1))
    return within_memory(
        name, (row, col), mask_kind, lambda: np.tri(row, col, clipped, dtype=mask_kind)
    )


def _triangle(name: str, mask: Array, given: Any) -> Tensor:
    kind = element_type(name, given, np.dtype(np.int64))
    if kind.kind not in "i" or kind.itemsize < 4:
        raise NotImplementedError(f'"{name}" not implemented for {kind.name}')
    return finished(np.stack(np.nonzero(mask)).astype(kind, copy=False))
