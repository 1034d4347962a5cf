"""The first way through an element-wise operation: for small float tensors.

Each maker gives a function that computes at once where that is possible, and asks `general` in all
other cases. Once kernels are loaded, machine code does the whole of it (`shortcuts`); before, and where
that gives None, one call of NumPy. Shapes need no comparing: NumPy broadcasts as the rule does, and where
it refuses, the general way asks the rule for the error.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

import numpy as np

from shapetorch.tensor.modes import INFERENCE, MODES, UNUSUAL
from shapetorch.tensor.quiet import quietly, run
from shapetorch.tensor.shortcuts import Shortcut
from shapetorch.tensor.tensors import Array, Meta, Tensor

FLOAT32, FLOAT64, INT64 = np.dtype(np.float32), np.dtype(np.float64), np.dtype(np.int64)
SMALL = 1 << 12
"""Elements up to which NumPy alone computes: below, choosing a kernel costs more than it saves."""
_LARGE = 1 << 63
"""An integer that is an error, as it is one in PyTorch."""
LARGE = 1 << 18
"""Elements from which a result is worth a buffer that is used again, and several threads."""
KERNELS_OF: dict[Any, str] = {
    np.exp: "exp",
    np.log: "log",
    np.tanh: "tanh",
    np.absolute: "abs",
    np.square: "square",
    np.floor: "floor",
    np.reciprocal: "reciprocal",
}
"""The kernels of NumPy's functions that are faster, and of those that `compute.compiled` makes."""
CONSTANTS: dict[Any, dict[Any, Array]] = {FLOAT32: {}, FLOAT64: {}, INT64: {}}
"""Numbers that `constant` has made."""
ROW_KERNELS: dict[Any, str] = {
    np.add: "add",
    np.multiply: "mul",
    np.subtract: "sub",
    np.true_divide: "div",
}
"""How kernels for a matrix and a row or column beside it begin, of NumPy's functions."""
_ndarray = np.ndarray
_empty = np.empty
_new: Any = object.__new__


def undispatched(function: Any) -> Any:
    """A NumPy function that does not ask first whether its arguments are another library's arrays."""
    return getattr(function, "_implementation", function)


def _is_free(meta: Meta) -> bool:
    """Whether a tensor is read and written to as if it had no history: nothing is recorded, it is no view."""
    return bool(UNUSUAL) and not MODES.grad and meta.root is None and not meta.inference


def limit_of(compute: Any) -> int:
    """Elements up to which a function is best left to one NumPy call."""
    is_numpys = isinstance(compute, np.ufunc) and compute not in KERNELS_OF
    return LARGE if is_numpys else SMALL


class NoShortcut:
    """Of what has none."""

    call = None


def shortcut_of(compute: Any, operands: int, **others: Any) -> Any:
    """The shortcut of what a function computes on arrays; see `Shortcut`.

    Args:
        compute: The function.
        operands: How many it takes.
        others: See `kernels.binding.pointwise`.
    """
    ufunc = compute if isinstance(compute, np.ufunc) else None
    kernel = KERNELS_OF.get(compute, "")
    if kernel:
        others["form"] = "v" * (operands + 1)
    elif ufunc is None:
        return NoShortcut
    return Shortcut("pointwise", operands=operands, ufunc=ufunc, kernel=kernel, **others)


def fast_unary(
    compute: Any, general: Callable[..., Any], recorded: Callable[..., Any]
) -> Callable[..., Any]:
    """``function(input, *, out=None)``.

    Args:
        compute: What computes it.
        general: The general way.
        recorded: ``recorded(made, input)`` records a result whose gradient may be wanted.
    """
    limit = limit_of(compute)
    quick = shortcut_of(compute, 1)

    def function(input: Tensor, *, out: Tensor | None = None) -> Any:
        if (call := quick.call) is not None and out is None:
            found = call(input)
            if found is not None:
                return found if input._meta is None else recorded(found, input)
        if (
            (input.__class__ is Tensor or isinstance(input, Tensor))
            and out is None
            and not INFERENCE
        ):
            array = input._array
            kind = array.dtype
            if (kind is FLOAT32 or kind is FLOAT64) and array.size < limit:
                try:
                    value = run(compute, array)
                except RuntimeError:
                    return general(input)
                made: Tensor = _new(Tensor)
                made._array = value if value.__class__ is _ndarray else np.asarray(value, kind)
                made._meta = None
                made._writes = 0
                return made if input._meta is None else recorded(made, input)
        return general(input, out=out)

    return function


def fast_integral(compute: Any, general: Callable[..., Any], out: bool) -> Callable[..., Any]:
    """``function(input, other, *, out=None)``, of two tensors of int64 or bool, or one and an integer.

    Args:
        compute: What computes it.
        general: The general way.
        out: Whether it takes ``out=``; an operator does not.
    """
    facts = {"numbers": (0, 1), "singles": (0, 1), "integers": True, "bools": True}
    quick = shortcut_of(compute, 2, **facts)

    def operator(self: Tensor, other: Any) -> Any:
        if (call := quick.call) is not None:
            found = call(self, other)
            if found is not None:
                return found
        return general(self, other)

    def function(input: Tensor, other: Tensor | complex, *, out: Tensor | None = None) -> Tensor:
        if out is not None:
            return general(input, other, out=out)  # type: ignore[no-any-return]
        return operator(input, other)  # type: ignore[no-any-return]

    return function if out else operator


def fast_unary_write(compute: Any, general: Callable[..., Any]) -> Callable[..., Any]:
    """``write(self)``, in place; `compute` takes where the result goes as a second argument."""
    limit = limit_of(compute)
    quick = shortcut_of(compute, 1, in_place=True)

    def write(self: Tensor) -> Any:
        if not isinstance(self, Tensor) or INFERENCE:
            return general(self)
        meta = self._meta
        if meta is None or _is_free(meta):
            if (call := quick.call) is not None and call(self) is not None:
                self._writes += 1
                return self
            array = self._array
            kind = array.dtype
            if (kind is FLOAT32 or kind is FLOAT64) and array.size < limit and array.flags.carray:
                try:
                    run(compute, array, array)
                except RuntimeError:
                    return general(self)
                self._writes += 1
                return self
        return general(self)

    return write


def fast_binary(
    compute: Any,
    general: Callable[..., Any],
    recorded: Callable[..., Any],
    kept: np.dtype[Any] | None = None,
    integers: bool = False,
    numbers: tuple[int, ...] = (),
    bools: bool = False,
) -> Callable[..., Any]:
    """``function(input, other, *, out=None)``, of two tensors.

    Args:
        compute: What computes it.
        general: The general way.
        recorded: ``recorded(made, input, other)`` records a result whose gradient may be wanted.
        kept: The dtype of the results, if it is not the operands'.
        integers: Whether it computes int64 as well.
        numbers: Which operands may be numbers.
        bools: Whether it computes bool as well.
    """
    also = INT64 if integers else FLOAT32
    limit = SMALL if compute in ROW_KERNELS else limit_of(compute)
    facts = {"numbers": numbers, "singles": (0, 1), "result": kept}
    quick = shortcut_of(compute, 2, integers=integers, bools=bools, **facts)

    def function(input: Tensor, other: Any, *, out: Tensor | None = None) -> Any:
        if (call := quick.call) is not None and out is None:
            found = call(input, other)
            if found is not None:
                first: Any = input  # or a number
                if (first.__class__ is float or first.__class__ is int or first._meta is None) and (
                    other.__class__ is float or other.__class__ is int or other._meta is None
                ):
                    return found
                return recorded(found, input, other)
        if (
            (input.__class__ is Tensor or isinstance(input, Tensor))
            and (other.__class__ is Tensor or isinstance(other, Tensor))
            and out is None
        ):
            array: Any = input._array
            value: Any = other._array
            kind = array.dtype
            if (
                kind is value.dtype
                and (kind is FLOAT32 or kind is FLOAT64 or kind is also)
                and array.size < limit
                and value.size < limit
                and not INFERENCE
            ):
                try:
                    value = run(compute, array, value)
                except (RuntimeError, ValueError):
                    return general(input, other)
                made: Tensor = _new(Tensor)
                made._array = (
                    value if value.__class__ is _ndarray else np.asarray(value, kept or kind)
                )
                made._meta = None
                made._writes = 0
                if input._meta is None and other._meta is None:
                    return made
                return recorded(made, input, other)
        return general(input, other, out=out)

    return function


def fast_operator(
    compute: Any,
    general: Callable[..., Any],
    recorded: Callable[..., Any],
    kept: np.dtype[Any] | None = None,
    integers: bool = False,
    bools: bool = False,
) -> Callable[..., Any]:
    """``function(self, other)``, of a tensor and a tensor or number; see `fast_binary`."""
    also = INT64 if integers else FLOAT32
    limit = SMALL if compute in ROW_KERNELS else limit_of(compute)
    is_numpys = isinstance(compute, np.ufunc)
    numbers = (1,) if is_numpys else ()
    facts = {"numbers": numbers, "singles": (0, 1), "result": kept}
    quick = shortcut_of(compute, 2, integers=integers, bools=bools, **facts)

    def function(self: Tensor, other: Any) -> Any:
        if (call := quick.call) is not None:
            found = call(self, other)
            if found is not None:
                if self._meta is None and (
                    other.__class__ is float or other.__class__ is int or other._meta is None
                ):
                    return found
                return recorded(found, self, other)
        array = self._array
        kind = array.dtype
        if (
            (kind is FLOAT32 or kind is FLOAT64 or kind is also)
            and array.size < limit
            and not INFERENCE
        ):
            value: Any
            meta = None
            if other.__class__ is Tensor or isinstance(other, Tensor):
                value = other._array
                meta = other._meta
                if value.dtype is not kind or value.size >= limit:
                    return general(self, other)
            elif (other.__class__ is float and kind is not INT64) or (
                other.__class__ is int and -_LARGE < other < _LARGE
            ):
                value = other
                if is_numpys:
                    value = CONSTANTS[kind].get(other) if other else None
                    if value is None:
                        value = constant(kind, other)
            else:
                return general(self, other)
            try:
                value = run(compute, array, value)
            except (RuntimeError, ValueError, OverflowError):
                return general(self, other)
            made: Tensor = _new(Tensor)
            made._array = value if value.__class__ is _ndarray else np.asarray(value, kept or kind)
            made._meta = None
            made._writes = 0
            if meta is None and self._meta is None:
                return made
            return recorded(made, self, other)
        return general(self, other)

    return function


def at_once(
    compute: Any, first: Any, second: Any, third: Any, number: Any, quick: Any = NoShortcut
) -> Tensor | None:
    """``compute(a, b, c, number)`` of the arrays of three tensors, if there is a fast way.

    Args:
        compute: What computes it.
        first: A tensor.
        second: Another.
        third: Another.
        number: The last argument.
        quick: The shortcut, if there is one.

    Returns:
        None unless they are tensors of one floating dtype without gradients, and small or for a kernel.
    """
    if (
        not isinstance(first, Tensor)
        or not isinstance(second, Tensor)
        or not isinstance(third, Tensor)
        or ((meta := first._meta) is not None and not _is_free(meta))
        or ((meta := second._meta) is not None and not _is_free(meta))
        or ((meta := third._meta) is not None and not _is_free(meta))
        or (number.__class__ is not float and number.__class__ is not int)
        or INFERENCE
    ):
        return None
    if (call := quick.call) is not None:
        found: Tensor | None = call(first, second, third, number)
        if found is not None:
            return found
    a, b, c = first._array, second._array, third._array
    kind = a.dtype
    if (
        (kind is not FLOAT32 and kind is not FLOAT64)
        or b.dtype is not kind
        or c.dtype is not kind
        or a.size > SMALL
        or b.size > SMALL
    ):
        return None
    try:
        value = run(compute, a, b, c, number)
    except (RuntimeError, ValueError, OverflowError):
        return None
    made: Tensor = _new(Tensor)
    made._array = value if value.__class__ is _ndarray else np.asarray(value, kind)
    made._meta = None
    made._writes = 0
    return made


_bounds = Shortcut("pointwise", operands=3, kernel="clamp", form="vnnv", numbers=(1, 2))


def fast_bounds(input: Tensor, low: Any, high: Any) -> Tensor | None:
    """A small floating tensor without gradients kept between two numbers; None if it is not one.

    Args:
        input: The tensor.
        low: The lower bound, None for none.
        high: The upper bound, None for none.
    """
    if low is None:
        low = -inf
    elif high is None:
        high = inf
    if (
        input.__class__ is not Tensor
        or input._meta is not None
        or (low.__class__ is not float and low.__class__ is not int)
        or (high.__class__ is not float and high.__class__ is not int)
        or INFERENCE
    ):
        return None
    if (
        (call := _bounds.call) is not None
        and low == low  # noqa: PLR0124 - a bound that is NaN makes everything NaN
        and high == high  # noqa: PLR0124
        and (found := call(input, low, high)) is not None
    ):
        return found  # type: ignore[no-any-return]
    array = input._array
    kind = array.dtype
    if (kind is not FLOAT32 and kind is not FLOAT64) or array.size > SMALL:
        return None
    value = np.minimum(np.maximum(array, constant(kind, low)), constant(kind, high))
    made: Tensor = _new(Tensor)
    made._array = value if value.__class__ is _ndarray else np.asarray(value, kind)
    made._meta = None
    made._writes = 0
    return made


def constant(kind: np.dtype[Any], number: float) -> Array:
    """A number as a 0-D array, made once: NumPy takes arrays twice as fast as Python's numbers.

    Args:
        kind: The dtype.
        number: A number that it holds.
    """
    known = CONSTANTS.get(kind)
    if known is None:
        return quietly(np.array, number, kind)  # type: ignore[no-any-return]
    key: Any = number if number or number.__class__ is int else repr(number)  # -0.0 equals 0
    made = known.get(key)
    if made is None:
        made = quietly(np.array, number, kind)
        made.flags.writeable = False
        if len(known) >= _MOST_CONSTANTS:
            known.clear()
        known[key] = made
    return made


_MOST_CONSTANTS = 256


def fast_reflected(
    compute: Any, general: Callable[..., Any], recorded: Callable[..., Any]
) -> Callable[..., Any]:
    """``function(self, number)``, which computes ``number <operator> self``; see `fast_binary`."""
    limit = limit_of(compute)
    is_numpys = isinstance(compute, np.ufunc)
    quick = shortcut_of(compute if is_numpys else None, 2, numbers=(0,), singles=(0,))

    def function(self: Tensor, other: Any) -> Any:
        if (call := quick.call) is not None:
            found = call(other, self)
            if found is not None:
                return found if self._meta is None else recorded(found, other, self)
        array = self._array
        kind = array.dtype
        if (
            (kind is FLOAT32 or kind is FLOAT64)
            and array.size < limit
            and (other.__class__ is float or (other.__class__ is int and -_LARGE < other < _LARGE))
            and not INFERENCE
        ):
            value: Any = other
            if is_numpys:
                value = CONSTANTS[kind].get(other) if other else None
                if value is None:
                    value = constant(kind, other)
            try:
                value = run(compute, value, array)
            except (RuntimeError, OverflowError):
                return general(self, other)
            made: Tensor = _new(Tensor)
            made._array = value if value.__class__ is _ndarray else np.asarray(value, kind)
            made._meta = None
            made._writes = 0
            return made if self._meta is None else recorded(made, other, self)
        return general(self, other)

    return function


def fast_binary_write(compute: Any, general: Callable[..., Any]) -> Callable[..., Any]:
    """``write(self, other)``, in place; `compute` takes where the result goes as a third argument."""
    limit = limit_of(compute)
    quick = shortcut_of(compute, 2, numbers=(1,), singles=(1,), in_place=True)

    def write(self: Tensor, other: Any) -> Any:
        if not isinstance(self, Tensor) or INFERENCE:
            return general(self, other)
        meta = self._meta
        if meta is None or _is_free(meta):
            if (
                (call := quick.call) is not None
                and (
                    not isinstance(other, Tensor) or (meta := other._meta) is None or _is_free(meta)
                )
                and call(self, other) is not None
            ):
                self._writes += 1
                return self
            array = self._array
            kind = array.dtype
            if (kind is FLOAT32 or kind is FLOAT64) and array.size < limit and array.flags.carray:
                value: Any
                if other.__class__ is float or (
                    other.__class__ is int and -_LARGE < other < _LARGE
                ):
                    value = constant(kind, other)
                elif isinstance(other, Tensor) and (
                    (meta := other._meta) is None or _is_free(meta)
                ):
                    value = other._array
                    if value.dtype is not kind or value.shape != array.shape:
                        return general(self, other)
                else:
                    return general(self, other)
                try:
                    run(compute, array, value, array)
                except (RuntimeError, ValueError, OverflowError):
                    return general(self, other)
                self._writes += 1
                return self
        return general(self, other)

    return write
