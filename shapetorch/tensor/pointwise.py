"""Makers of element-wise operations, from a NumPy function and a gradient.

What they make has two ways through. The first is for small tensors of one floating dtype and shape
that need no gradient: it costs little more than the NumPy call. Everything else (promotion,
broadcasting, numbers, gradients, ``out=``, wrong arguments) goes the second way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import is_number, tensor_argument
from shapetorch.tensor.compute import elementwise
from shapetorch.tensor.dtypes import BOOL, DEFAULTS, DTYPES, FLOATING, promote
from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import operation, write_out
from shapetorch.tensor.tape import INFERENCE, MODES, RESULT, Backward, record
from shapetorch.tensor.tensors import Array, Tensor, wrap_result

FLOAT32, FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)
SMALL = 1 << 13
"""Elements up to which NumPy alone computes: below, choosing a kernel costs more than it saves."""
_ndarray = np.ndarray
_new: Any = object.__new__


def unary(
    name: str,
    compute: Callable[[Array], Any],
    backward: Backward | None = None,
    *,
    doc: str,
    keeps: Sequence[str] = ("input",),
    floating: bool = True,
    refuses: str = "",
    methods: Sequence[str] | None = None,
    inplace: bool = True,
    aliases: Sequence[str] = (),
    result: str | None = None,
) -> Callable[..., Tensor]:
    """Declare an element-wise function of one tensor.

    Args:
        name: Of the function.
        compute: What computes it, on an array.
        backward: ``backward(node, grad)``; ``node.saved`` holds what `keeps` says. None if the
            result has no gradient.
        doc: The docstring.
        keeps: "input", "result", both or none.
        floating: Whether integers and bool are computed as the default floating dtype.
        refuses: Categories that are an error, as letters: b(ool), i(nteger), c(omplex).
        methods: Of `Tensor`; the name alone if None.
        inplace: Whether it exists in place.
        aliases: Other names of the function.
        result: A dtype name (``"bool"``), where the result's is not the input's.
    """

    def second(input: Any, out: Any) -> Tensor:
        array = tensor_argument(name, "input", input)._array
        category = input.dtype.category
        if "bifc"[category] in refuses:
            raise RuntimeError(f'"{name}" not implemented for {input.dtype}')
        if floating and category < FLOATING:
            array = array.astype(DEFAULTS[FLOATING].numpy)
        value = elementwise(name, compute, array)
        if result is not None:
            value = value.astype(DTYPES[result].numpy, copy=False)
        elif value.dtype != array.dtype and array.dtype.kind != "c":
            value = value.astype(array.dtype)
        if backward is None:
            made = wrap_result(value)
        else:
            saved = [RESULT if item == "result" else input for item in keeps]
            made = record(value, (input,), backward, saved)
        return made if out is None else write_out(name, out, made, (input,))

    def function(input: Tensor, *, out: Tensor | None = None) -> Tensor:
        if input.__class__ is not Tensor or input._meta is not None or out is not None or INFERENCE:
            return second(input, out)
        array = input._array
        kind = array.dtype
        if (kind is not FLOAT32 and kind is not FLOAT64) or array.size > SMALL or result:
            return second(input, out)
        value = MODES.quiet(compute, array)
        made: Tensor = _new(Tensor)
        made._array = value if value.__class__ is _ndarray else np.asarray(value)
        made._meta = None
        made._writes = 0
        return made

    _name(function, name, doc)
    own = (name,) if methods is None else methods
    return operation(name, methods=own, inplace=inplace, aliases=aliases)(function)


def _name(function: Callable[..., Any], name: str, doc: str) -> None:
    function.__name__ = function.__qualname__ = name.rsplit(".", 1)[-1]
    function.__doc__ = doc


def binary(
    name: str,
    compute: Callable[[Array, Array], Any],
    backward: Backward | None = None,
    *,
    doc: str,
    keeps: Callable[[Any, Any], Sequence[Any]] | None = None,
    floating: bool = False,
    refuses: str = "",
    methods: Sequence[str] | None = None,
    operator: str | None = None,
    inplace: bool = True,
    aliases: Sequence[str] = (),
    result: str | None = None,
    numbers: bool = True,
) -> Callable[..., Tensor]:
    """Declare an element-wise function of two tensors, of which one may be a number.

    Args:
        name: Of the function.
        compute: What computes it, on two arrays of one dtype that broadcast.
        backward: ``backward(node, grad)`` gives both gradients (None where ``node.needs`` says
            that none is wanted); they need not be summed to the operands' shapes.
        doc: The docstring.
        keeps: Of the operands, what ``node.saved`` shall hold; both if None.
        floating: Whether integers and bool are computed as the default floating dtype.
        refuses: Categories of the common dtype that are an error: b(ool), i(nteger), f, c(omplex).
        methods: Of `Tensor`; the name alone if None.
        operator: The Python operator's name, ``"add"``: adds ``__add__``, ``__radd__``, ``__iadd__``.
        inplace: Whether it exists in place.
        aliases: Other names of the function.
        result: A dtype name (``"bool"``), where the result's is not the common one.
        numbers: Whether the second operand may be a number.
    """

    def second(input: Any, other: Any, out: Any, symbol: str) -> Tensor:
        if not isinstance(input, Tensor) and not (is_number(input) and isinstance(other, Tensor)):
            tensor_argument(name, "input", input)
        if not isinstance(other, Tensor) and not (numbers and is_number(other)):
            tensor_argument(name, "other", other, 2)
        a, b = common_arrays(name, (input, other), floating, refuses)
        if a.shape != b.shape:
            judged(symbol, input, other)
        value = elementwise(name, compute, a, b)
        if result is not None:
            value = value.astype(DTYPES[result].numpy, copy=False)
        if backward is None:
            made = wrap_result(value)
        else:
            saved = (input, other) if keeps is None else keeps(input, other)
            made = record(value, (input, other), backward, saved)
        return made if out is None else write_out(name, out, made, (input, other))

    def function(input: Tensor, other: Tensor | complex, *, out: Tensor | None = None) -> Tensor:
        if (
            input.__class__ is not Tensor
            or other.__class__ is not Tensor
            or input._meta is not None
            or other._meta is not None  # type: ignore[union-attr]
            or out is not None
            or INFERENCE
        ):
            return second(input, other, out, name)
        a, b = input._array, other._array  # type: ignore[union-attr]
        kind = a.dtype
        if (
            kind is not b.dtype
            or (kind is not FLOAT32 and kind is not FLOAT64)
            or a.shape != b.shape
            or a.size > SMALL
        ):
            return second(input, other, out, name)
        value = MODES.quiet(compute, a, b)
        made: Tensor = _new(Tensor)
        made._array = value if value.__class__ is _ndarray else np.asarray(value)
        made._meta = None
        made._writes = 0
        return made

    _name(function, name, doc)
    own = (name,) if methods is None else methods
    public = operation(name, methods=own, inplace=inplace, aliases=aliases)(function)
    if operator is not None:
        add_operators(operator, public, second)
    return public


def scaled_sum(
    name: str,
    compute: Callable[[Array, Array], Any],
    backward: Backward,
    *,
    doc: str,
    aliases: Sequence[str] = (),
) -> Callable[..., Tensor]:
    """Declare ``add`` or ``sub``: `binary`, with a factor `alpha` of the second operand."""

    def second(input: Any, other: Any, out: Any, symbol: str, alpha: complex = 1) -> Tensor:
        if not isinstance(input, Tensor) and not (is_number(input) and isinstance(other, Tensor)):
            tensor_argument(name, "input", input)
        if not isinstance(other, Tensor) and not is_number(other):
            tensor_argument(name, "other", other, 2)
        a, b = common_arrays(name, (input, other))
        if name == "sub" and a.dtype == np.bool_:
            raise RuntimeError(
                "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to "
                "invert a mask, use the `~` or `logical_not()` operator instead."
            )
        _check_alpha(a.dtype, alpha)
        if a.shape != b.shape:
            judged(symbol, input, other)
        if alpha != 1:
            b = elementwise("mul", np.multiply, b, np.asarray(alpha).astype(b.dtype))
        made = record(elementwise(name, compute, a, b), (input, other), backward, alpha=alpha)
        return made if out is None else write_out(name, out, made, (input, other))

    def function(
        input: Tensor, other: Tensor | complex, *, alpha: complex = 1, out: Tensor | None = None
    ) -> Tensor:
        if (
            input.__class__ is not Tensor
            or other.__class__ is not Tensor
            or input._meta is not None
            or other._meta is not None  # type: ignore[union-attr]
            or out is not None
            or INFERENCE
            or alpha != 1
        ):
            return second(input, other, out, name, alpha)
        a, b = input._array, other._array  # type: ignore[union-attr]
        kind = a.dtype
        if (
            kind is not b.dtype
            or (kind is not FLOAT32 and kind is not FLOAT64)
            or a.shape != b.shape
            or a.size > SMALL
        ):
            return second(input, other, out, name, alpha)
        value = MODES.quiet(compute, a, b)
        made: Tensor = _new(Tensor)
        made._array = value if value.__class__ is _ndarray else np.asarray(value)
        made._meta = None
        made._writes = 0
        return made

    _name(function, name, doc)
    public = operation(name, methods=(name, *aliases), inplace=True, aliases=aliases)(function)
    add_operators(name, public, second)
    return public


def _check_alpha(kind: np.dtype[Any], alpha: complex) -> None:
    if isinstance(alpha, bool) and kind != np.bool_:
        raise RuntimeError("Boolean alpha only supported for Boolean results.")
    if kind.kind not in "fcV" and isinstance(alpha, (float, complex)):
        raise RuntimeError(
            "For integral input tensors, argument alpha must not be a floating point number."
        )
    if kind.kind != "c" and isinstance(alpha, complex):
        raise RuntimeError(
            "For non-complex input tensors, argument alpha must not be a complex number."
        )


def add_operators(
    operator: str, function: Callable[..., Tensor], second: Callable[..., Tensor]
) -> None:
    """Make a function the operator ``__<operator>__``, with its reflected and in-place forms.

    Args:
        operator: ``"add"``.
        function: ``function(input, other)``.
        second: ``second(input, other, out, name)``, which speaks of `name` in errors.
    """
    plain, reflected, in_place = f"__{operator}__", f"__r{operator}__", f"__i{operator}__"

    def forward(self: Tensor, other: Any) -> Any:
        if other.__class__ is Tensor and other._array.shape == self._array.shape:
            return function(self, other)
        if isinstance(other, Tensor) or is_number(other):
            return second(self, other, None, plain)
        if isinstance(other, np.ndarray):
            return second(self, Tensor.of_numpy(other), None, plain)
        return NotImplemented

    def backward(self: Tensor, other: Any) -> Any:
        if is_number(other):
            return second(other, self, None, plain)
        if isinstance(other, np.ndarray):
            return second(Tensor.of_numpy(other), self, None, plain)
        return NotImplemented

    for name, made in ((plain, forward), (reflected, backward)):
        _name(made, name, f"The operator, see `{operator}`.")
    operation(plain, methods=(plain,), function=False, inplace=True)(forward)
    operation(reflected, methods=(reflected,), function=False)(backward)
    assert hasattr(Tensor, in_place), "an operator has an in-place form"


def common_arrays(
    name: str, operands: Sequence[Any], floating: bool = False, refuses: str = ""
) -> list[Array]:
    """The operands as arrays of their common dtype; a number becomes a 0-D array.

    Raises:
        RuntimeError: the operation is not defined for that dtype.
    """
    common = promote(
        [(item.dtype, item._array.ndim) for item in operands if isinstance(item, Tensor)],
        [item for item in operands if not isinstance(item, Tensor)],
    )
    if "bifc"[common.category] in refuses:
        raise RuntimeError(f'"{name}" not implemented for {common}')
    if floating and common.category < FLOATING:
        common = DEFAULTS[FLOATING]
    with np.errstate(all="ignore"):
        return [
            item._array.astype(common.numpy, copy=False)
            if isinstance(item, Tensor)
            else _number_array(item, common.numpy)
            for item in operands
        ]


def _number_array(number: complex, kind: np.dtype[Any]) -> Array:
    if kind.kind in "iu" and isinstance(number, int):
        return np.asarray(number).astype(kind)  # wraps around, as PyTorch's scalars do
    return np.asarray(number, kind)


__all__ = ["BOOL", "add_operators", "binary", "common_arrays", "unary"]
