"""Makers of element-wise operations, from a NumPy function and a gradient.

What they make has two ways through. The first is for small tensors of one floating dtype that need
no gradient: it costs little more than the NumPy call. Everything else (promotion, large operands,
gradients, ``out=``, wrong arguments) goes the second way. Python's operators are in `operators`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from shapetorch.rules import FUNCTIONS
from shapetorch.tensor.arguments import is_number, tensor_argument
from shapetorch.tensor.compute import elementwise
from shapetorch.tensor.dtypes import DEFAULTS, DTYPES, FLOATING, NARROW, OF_NUMPY, dtype, promote
from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import (
    OPERATIONS,
    assign,
    before_writing,
    check_overlap,
    operation,
    write_out,
)
from shapetorch.tensor.slopes import zero_slope
from shapetorch.tensor.tape import (
    INFERENCE,
    MODES,
    RESULT,
    Backward,
    check_writable,
    record,
    recording,
    wrote,
)
from shapetorch.tensor.tensors import Array, Tensor, wrap_result

FLOAT32, FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)
SMALL = 1 << 13
"""Elements up to which NumPy alone computes: below, choosing a kernel costs more than it saves."""
_ndarray = np.ndarray
_new: Any = object.__new__


# -- one operand ------------------------------------------------------------------------------------


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
    inplace: bool | Callable[..., Tensor] = True,
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
        refuses: Categories that are an error, as letters: b(ool), i(nteger), f(loating), c(omplex).
        methods: Of `Tensor`; the name alone if None.
        inplace: Whether it exists in place, or the function that it then is.
        aliases: Other names of the function.
        result: A dtype name (``"bool"``), where the result's is not the input's.
    """
    if backward is not None:
        backward = named(backward, name)
    bare = name.rsplit(".", 1)[-1]

    def operand(input: Any) -> Array:
        array = tensor_argument(bare, "input", input)._array
        kind = OF_NUMPY[array.dtype]
        refuse(bare, kind, refuses)
        if floating and kind.category < FLOATING:
            return array.astype(DEFAULTS[FLOATING].numpy)
        return array

    def second(input: Any, out: Any) -> Tensor:
        array = operand(input)
        value = elementwise(bare, compute, array)
        if result is not None:
            value = value.astype(DTYPES[result].numpy, copy=False)
        elif value.dtype != array.dtype and array.dtype.kind != "c":
            value = value.astype(array.dtype)
        if backward is None:
            made = wrap_result(value)
        else:
            saved = [RESULT if item == "result" else input for item in keeps]
            made = record(value, (input,), backward, saved)
        return made if out is None else write_out(bare, out, made, (input,))

    is_plain = result is None and not set(refuses) & {"f"}

    def function(input: Tensor, *, out: Tensor | None = None) -> Tensor:
        if input.__class__ is not Tensor or input._meta is not None or out is not None or INFERENCE:
            return second(input, out)
        array = input._array
        kind = array.dtype
        if (kind is not FLOAT32 and kind is not FLOAT64) or array.size > SMALL or not is_plain:
            return second(input, out)
        value = MODES.quiet(compute, array)
        made: Tensor = _new(Tensor)
        made._array = value if value.__class__ is _ndarray else np.asarray(value, kind)
        made._meta = None
        made._writes = 0
        return made

    def second_in_place(self: Any) -> Tensor:
        array = operand(self)
        is_recorded = recording((self,))
        if is_recorded or result is not None or array is not self._array or array.dtype.kind == "c":
            made = second(before_writing(self) if is_recorded else self, None)
            if array.dtype.kind == "c" and made._array.dtype.kind == "f":
                raise RuntimeError(f"In-place {bare} is not supported for complex tensors.")
            return assign(f"{bare}_", self, made)
        check_writable(self)
        elementwise(bare, compute, array, out=array)
        wrote(self)
        return self

    is_ufunc = is_plain and isinstance(compute, np.ufunc)

    def in_place(self: Tensor) -> Tensor:
        if not is_ufunc or self.__class__ is not Tensor or self._meta is not None or INFERENCE:
            return second_in_place(self)
        array = self._array
        kind = array.dtype
        if (
            (kind is not FLOAT32 and kind is not FLOAT64)
            or array.size > SMALL
            or not array.flags.carray
        ):
            return second_in_place(self)
        MODES.quiet(compute, array, array)
        self._writes += 1
        return self

    written = inplace if callable(inplace) else in_place
    name_function(function, name, doc)
    name_function(written, f"{bare}_", f"`{bare}` in place.")
    own = (name,) if methods is None else methods
    public = operation(name, methods=own, inplace=written if inplace else False, aliases=aliases)(
        function
    )
    if inplace:
        add_in_place_functions((name, *aliases), written)
    return public


def name_function(function: Callable[..., Any], name: str, doc: str) -> None:
    """Give a function that a maker made its name and docstring."""
    function.__name__ = function.__qualname__ = name.rsplit(".", 1)[-1]
    function.__doc__ = doc


def named(backward: Backward, name: str) -> Backward:
    """A backward that a maker made, with the name by which the graph shows it."""
    if backward.__name__ == "backward":
        backward.__name__ = f"{name.rsplit('.', 1)[-1]}_backward"
    return backward


def add_in_place_functions(names: Sequence[str], function: Callable[..., Any]) -> None:
    """Declare ``exp_`` beside ``exp``, where PyTorch has it as a function and not as a method alone."""
    for name in names:
        written = f"{name}_"
        if f"torch.{written}" in FUNCTIONS and written not in OPERATIONS:
            operation(written)(function)


def refuse(name: str, kind: dtype, categories: str) -> None:
    """Raise if an operation is not defined for a dtype.

    Raises:
        NotImplementedError: as PyTorch; it is a RuntimeError.
    """
    if "bifc"[kind.category] in categories:
        raise NotImplementedError(f"\"{name}\" not implemented for '{kind.name}'")


# -- two operands -----------------------------------------------------------------------------------


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
    inplace: bool | Callable[..., Tensor] = True,
    aliases: Sequence[str] = (),
    result: str | None = None,
    numbers: str = "second",
    scaled: bool = False,
    check: Callable[[Any, Any, Array, Array], None] | None = None,
) -> Callable[..., Tensor]:
    """Declare an element-wise function of two tensors, of which one may be a number.

    Args:
        name: Of the function.
        compute: See `ways`, as `backward`, `keeps`, `floating`, `refuses`, `result`, `numbers`
            and `check`.
        backward: See `ways`.
        doc: The docstring.
        keeps: See `ways`.
        floating: See `ways`.
        refuses: See `ways`.
        methods: Of `Tensor`; the name alone if None.
        operator: The Python operator's name, ``"add"``: adds ``__add__``, ``__radd__``, ``__iadd__``.
        inplace: Whether it exists in place, or the function that it then is.
        aliases: Other names of the function.
        result: See `ways`.
        numbers: See `ways`.
        scaled: Whether it takes ``alpha``, a factor of the second operand.
        check: See `ways`.
    """
    second, write = ways(
        name,
        compute,
        backward,
        keeps=keeps,
        floating=floating,
        refuses=refuses,
        result=result,
        numbers=numbers,
        check=check,
    )
    is_plain = result is None and "f" not in refuses

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
            or not is_plain
        ):
            return second(input, other, out, name)
        value = MODES.quiet(compute, a, b)
        made: Tensor = _new(Tensor)
        made._array = value if value.__class__ is _ndarray else np.asarray(value, kind)
        made._meta = None
        made._writes = 0
        return made

    def scaled_function(
        input: Tensor, other: Tensor | complex, *, alpha: complex = 1, out: Tensor | None = None
    ) -> Tensor:
        if alpha.__class__ is not int or alpha != 1:
            return second(input, scale(input, other, alpha), out, name)
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

    bare = name.rsplit(".", 1)[-1]

    def in_place(self: Tensor, other: Tensor | complex) -> Tensor:
        return write(self, other, name)

    def scaled_in_place(self: Tensor, other: Tensor | complex, *, alpha: complex = 1) -> Tensor:
        return write(self, scale(self, other, alpha), name)

    made_function: Any = scaled_function if scaled else function
    made_in_place: Any = inplace if callable(inplace) else scaled_in_place if scaled else in_place
    name_function(made_function, name, doc)
    name_function(made_in_place, f"{bare}_", f"`{bare}` in place.")
    own = (name,) if methods is None else methods
    public: Callable[..., Tensor] = operation(
        name, methods=own, inplace=made_in_place if inplace else False, aliases=aliases
    )(made_function)
    if inplace:
        add_in_place_functions((name, *aliases), made_in_place)
    if operator is not None:
        from shapetorch.tensor.operators import add_operators

        is_simple = is_plain and isinstance(compute, np.ufunc)
        add_operators(operator, compute if is_simple else None, second, write)
    return public


def ways(
    name: str,
    compute: Callable[[Array, Array], Any],
    backward: Backward | None = None,
    *,
    keeps: Callable[[Any, Any], Sequence[Any]] | None = None,
    floating: bool = False,
    refuses: str = "",
    result: str | None = None,
    numbers: str = "second",
    check: Callable[[Any, Any, Array, Array], None] | None = None,
) -> tuple[Callable[..., Tensor], Callable[..., Tensor]]:
    """The general way of an operation on two operands, and that of its in-place form.

    Args:
        name: Of the function.
        compute: What computes it, on two arrays of one dtype that broadcast.
        backward: ``backward(node, grad)`` gives both gradients (None where ``node.needs`` says
            that none is wanted); they need not be summed to the operands' shapes.
        keeps: Of the operands, what ``node.saved`` shall hold; both if None.
        floating: Whether integers and bool are computed as the default floating dtype.
        refuses: Categories of the common dtype that are an error: b(ool), i(nteger), f, c(omplex).
        result: A dtype name (``"bool"``), where the result's is not the common one.
        numbers: Which operands of the function may be numbers: "none", "second" or "either".
        check: ``check(input, other, a, b)`` raises for values that are an error; not asked when
            both operands are of one floating dtype.

    Returns:
        ``second(input, other, out, symbol)`` and ``write(self, other, symbol)``; `symbol` is the
        name of the rule that judges the shapes.
    """
    if backward is not None:
        backward = named(backward, name)
    bare = name.rsplit(".", 1)[-1]
    is_ufunc = isinstance(compute, np.ufunc)

    def operands(input: Any, other: Any, symbol: str) -> list[Array]:
        if not isinstance(input, Tensor) and not (numbers == "either" and is_number(input)):
            tensor_argument(bare, "input", input)
        if not isinstance(other, Tensor) and not (numbers != "none" and is_number(other)):
            tensor_argument(bare, "other", other, 2)
        a, b = common_arrays(bare, (input, other), floating, refuses)
        if a.shape != b.shape and a.ndim and b.ndim:
            judged(symbol, input, other)
        if check is not None:
            check(input, other, a, b)
        return [a, b]

    def second(input: Any, other: Any, out: Any, symbol: str) -> Tensor:
        a, b = operands(input, other, symbol)
        value = elementwise(bare, compute, a, b)
        if result is not None:
            value = value.astype(DTYPES[result].numpy, copy=False)
        if backward is None:
            made = wrap_result(value)
        else:
            saved = (input, other) if keeps is None else keeps(input, other)
            made = record(value, (input, other), backward, saved)
        return made if out is None else write_out(bare, out, made, (input, other))

    def write(self: Any, other: Any, symbol: str) -> Tensor:
        if recording((self, other)):
            made = second(before_writing(self), other, None, symbol)
            if result is not None and self._array.dtype.kind in "fcV":
                made = record(made._array.astype(self._array.dtype), (self, other), no_slopes)
            return assign(bare, self, made)
        a, b = operands(self, other, symbol)
        check_overlap(self, other)
        if a is not self._array or result is not None or not is_ufunc or not _fits(a, b):
            return assign(bare, self, second(self, other, None, symbol))
        check_writable(self)
        elementwise(bare, compute, a, b, out=a)
        wrote(self)
        return self

    return second, write


def no_slopes(node: Any, grad: Tensor) -> tuple[Tensor, Tensor]:
    """Of a truth value that was written into a floating tensor."""
    return zero_slope(node, grad), zero_slope(node, grad)


def scale(input: Any, other: Any, alpha: complex) -> Any:
    """The second operand times `alpha`, in the dtype it has in common with the first.

    Raises:
        RuntimeError: `alpha` is not of that dtype's kind.
        TypeError: it is no number.
    """
    if not is_number(alpha):
        raise TypeError(f"argument 'alpha' must be Number, not {type(alpha).__name__}")
    if not isinstance(other, Tensor) and not is_number(other):
        return other  # the operation will say so
    common = common_dtype((input, other))
    if isinstance(alpha, bool) and common.category:
        raise RuntimeError("Boolean alpha only supported for Boolean results.")
    if common.category < FLOATING and isinstance(alpha, (float, complex)):
        raise RuntimeError(
            "For integral input tensors, argument alpha must not be a floating point number."
        )
    if not common.is_complex and isinstance(alpha, complex):
        raise RuntimeError(
            "For non-complex input tensors, argument alpha must not be a complex number."
        )
    if alpha == 1:
        return other
    return other.to(common) * alpha if isinstance(other, Tensor) else other * alpha


def _fits(a: Array, b: Array) -> bool:
    """Whether a result of both has the shape of the first."""
    return a.shape == b.shape or not b.ndim or np.broadcast_shapes(a.shape, b.shape) == a.shape


def common_dtype(operands: Sequence[Any]) -> dtype:
    """The dtype that tensors and numbers have in common."""
    tensors = [item for item in operands if isinstance(item, Tensor)]
    if len(tensors) == len(operands) and len({item._array.dtype for item in tensors}) == 1:
        return OF_NUMPY[tensors[0]._array.dtype]
    return promote(
        [(OF_NUMPY[item._array.dtype], item._array.ndim) for item in tensors],
        [item for item in operands if not isinstance(item, Tensor)],
    )


def common_arrays(
    name: str, operands: Sequence[Any], floating: bool = False, refuses: str = ""
) -> list[Array]:
    """The operands as arrays of their common dtype; a number becomes a 0-D array.

    A number beside float16 or bfloat16 is given as float32: it is not rounded to their precision.

    Raises:
        NotImplementedError: the operation is not defined for that dtype.
    """
    common = common_dtype(operands)
    refuse(name, common, refuses)
    if floating and common.category < FLOATING:
        common = DEFAULTS[FLOATING]
    kind = common.numpy
    found = []
    for item in operands:
        if not isinstance(item, Tensor):
            has_tensor = kind in NARROW and any(isinstance(other, Tensor) for other in operands)
            found.append(number_array(item, FLOAT32 if has_tensor else kind))
        elif item._array.dtype is kind:
            found.append(item._array)
        else:
            with np.errstate(all="ignore"):
                found.append(item._array.astype(kind, copy=False))
    return found


def number_array(number: complex, kind: np.dtype[Any]) -> Array:
    """A 0-D array of a number.

    Raises:
        OverflowError: an integer has more than 64 bits.
    """
    if isinstance(number, int) and not -(1 << 63) <= number < 1 << 64:
        raise OverflowError(f"a number must fit into 64 bits, got {number}")
    with np.errstate(all="ignore"):
        if kind.kind in "iu" and isinstance(number, int):
            return np.asarray(number).astype(kind)  # wraps around, as PyTorch's numbers do
        return np.asarray(number).astype(kind)


__all__ = ["binary", "common_arrays", "unary"]
