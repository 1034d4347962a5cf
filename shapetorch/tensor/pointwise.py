"""Makers of element-wise operations, from a NumPy function and a gradient.

What they make has two ways through: a `fast` one for small float tensors that need no gradient, and
a general one for everything else (promotion, large operands, gradients, ``out=``, wrong arguments).
Python's operators are in `operators`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from shapetorch.rules import FUNCTIONS
from shapetorch.tensor.arguments import is_number, tensor_argument
from shapetorch.tensor.compute import elementwise
from shapetorch.tensor.dtypes import DEFAULTS, DTYPES, FLOATING, OF_NUMPY
from shapetorch.tensor.fast import (
    fast_binary,
    fast_binary_write,
    fast_integral,
    fast_unary,
    fast_unary_write,
)
from shapetorch.tensor.histories import recording, records
from shapetorch.tensor.judging import judged
from shapetorch.tensor.medium import medium_binary
from shapetorch.tensor.nodes import RESULT, Backward
from shapetorch.tensor.operand_arrays import (
    common_arrays,
    common_dtype,
    number_array,
    refuse,
    scale,
)
from shapetorch.tensor.operations import (
    OPERATIONS,
    assign,
    before_writing,
    check_overlap,
    operation,
    write_all,
    write_out,
)
from shapetorch.tensor.operators import add_operators, name_function
from shapetorch.tensor.slopes import zero_slope
from shapetorch.tensor.tape import attach_one, attach_two, record
from shapetorch.tensor.tensors import Array, Tensor, wrap_result
from shapetorch.tensor.writes import check_writable, wrote

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
    out: str = "",
) -> Callable[..., Tensor]:
    """Declare an element-wise function of one tensor.

    Args:
        name: Of the function.
        compute: What computes it, on an array; of floating arrays the result has their dtype.
        backward: ``backward(node, grad)``; ``node.saved`` holds what `keeps` says. None if the
            result has no gradient.
        doc: The docstring.
        keeps: "input", "result", both or none.
        floating: Whether integers and bool are computed as the default floating dtype.
        refuses: Categories that are an error, see `refuse`.
        methods: Of `Tensor`; the name alone if None.
        inplace: Whether it exists in place, or the function that it then is.
        aliases: Other names of the function.
        result: A dtype name (``"bool"``), where the result's is not the input's.
        out: "same dtype" if ``out=`` must have the dtype of the result.
    """
    general, write, recorded = _unary_ways(
        name, compute, backward, keeps, floating, refuses, result, out
    )
    is_plain = result is None and "f" not in refuses
    function = general
    if is_plain:
        function = fast_unary(compute, general, recorded)
    if is_plain and isinstance(compute, np.ufunc):
        write = fast_unary_write(compute, write)
    written: Any = inplace if callable(inplace) else write
    name_function(function, name, doc)
    name_function(written, f"{function.__name__}_", f"`{function.__name__}` in place.")
    own = (name,) if methods is None else methods
    public = operation(name, methods=own, inplace=written if inplace else False, aliases=aliases)(
        function
    )
    if inplace:
        add_in_place_functions((name, *aliases))
    return public


def _unary_ways(
    name: str,
    compute: Callable[[Array], Any],
    backward: Backward | None,
    keeps: Sequence[str],
    floating: bool,
    refuses: str,
    result: str | None,
    dtypes: str,
) -> tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]:
    """The general way of an operation on one operand, that of its in-place form, and its recording."""
    bare = name.rsplit(".", 1)[-1]
    if backward is not None:
        backward = named(backward, name)
    keeps_input, keeps_result = "input" in keeps, "result" in keeps

    def operand(input: Any) -> Array:
        array = tensor_argument(bare, "input", input)._array
        kind = OF_NUMPY[array.dtype]
        refuse(bare, kind, refuses)
        if floating and kind.category < FLOATING:
            return array.astype(DEFAULTS[FLOATING].numpy)
        return array

    def general(input: Tensor, *, out: Tensor | None = None) -> Tensor:
        array = operand(input)
        value = elementwise(compute, array)
        if result is not None:
            value = value.astype(DTYPES[result].numpy, copy=False)
        elif value.dtype != array.dtype and array.dtype.kind != "c":
            value = value.astype(array.dtype)
        if backward is None:
            made = wrap_result(value)
        else:
            saved = [RESULT if item == "result" else input for item in keeps]
            made = record(value, (input,), backward, saved)
        return made if out is None else write_all(bare, out, made, (input,), dtypes)

    def recorded(made: Tensor, input: Tensor) -> Tensor:
        if backward is not None and records(input):
            attach_one(made, input, backward, keeps_input, keeps_result)
        return made

    def write(self: Tensor) -> Tensor:
        array = operand(self)
        is_recorded = recording((self,))
        if is_recorded or result is not None or array is not self._array or array.dtype.kind == "c":
            made = general(before_writing(self) if is_recorded else self)
            if array.dtype.kind == "c" and made._stored.dtype.kind == "f":
                raise RuntimeError(f"In-place {bare} is not supported for complex tensors.")
            return assign(f"{bare}_", self, made)
        check_writable(self)
        elementwise(compute, array, out=array)
        wrote(self)
        return self

    return general, write, recorded


def named(backward: Backward, name: str) -> Backward:
    """A backward that a maker made, with the name by which the graph shows it."""
    if backward.__name__ == "backward":
        backward.__name__ = f"{name.rsplit('.', 1)[-1]}_backward"
    return backward


def add_in_place_functions(names: Sequence[str]) -> None:
    """Declare ``exp_`` beside ``exp``, where PyTorch has it as a function and not as a method alone."""
    for name in names:
        written = f"{name}_"
        if f"torch.{written}" in FUNCTIONS and written not in OPERATIONS:
            operation(written)(getattr(Tensor, written))


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
    second, write, recorded = ways(
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

    def general(input: Tensor, other: Tensor | complex, *, out: Tensor | None = None) -> Tensor:
        return second(input, other, out, name)

    def in_place(self: Tensor, other: Tensor | complex) -> Tensor:
        return write(self, other, name)

    is_plain = "f" not in refuses
    is_ufunc = is_plain and isinstance(compute, np.ufunc)
    # the check of `sub` is about bool alone
    integers = is_ufunc and not floating and "i" not in refuses and (check is None or scaled)
    kept = None if result is None else DTYPES[result].numpy
    function: Any = general
    if is_plain:
        middle = medium_binary(compute, general, recorded, integers)
        places = {"none": (), "second": (1,)}.get(numbers, (0, 1))
        bools = result == "bool"
        function = fast_binary(compute, middle, recorded, kept, integers, places, bools)
    elif isinstance(compute, np.ufunc) and "b" not in refuses and numbers == "either":
        function = fast_integral(compute, general, True)
    written: Any = in_place
    if is_ufunc and result is None and numbers != "none":
        written = fast_binary_write(compute, in_place)
    if scaled:
        function, written = with_alpha(function, second, name), write_with_alpha(written)
    if callable(inplace):
        written = inplace
    name_function(function, name, doc)
    name_function(written, f"{function.__name__}_", f"`{function.__name__}` in place.")
    own = (name,) if methods is None else methods
    public: Callable[..., Tensor] = operation(
        name, methods=own, inplace=written if inplace else False, aliases=aliases
    )(function)
    if inplace:
        add_in_place_functions((name, *aliases))
    if operator is not None:
        add_operators(operator, compute, second, write, recorded, integers, is_plain)
    return public


_ONE: Any = 1


def with_alpha(
    function: Callable[..., Tensor], second: Callable[..., Tensor], name: str
) -> Callable[..., Tensor]:
    """The function with a factor of its second operand."""

    def scaled(
        input: Tensor, other: Tensor | complex, *, alpha: complex = 1, out: Tensor | None = None
    ) -> Tensor:
        if alpha is _ONE:
            return function(input, other) if out is None else function(input, other, out=out)
        return second(input, scale(input, other, alpha), out, name)

    return scaled


def write_with_alpha(write: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """The in-place form with a factor of its second operand."""

    def scaled(self: Tensor, other: Tensor | complex, *, alpha: complex = 1) -> Tensor:
        if alpha is _ONE:
            return write(self, other)
        return write(self, scale(self, other, alpha))

    return scaled


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
) -> tuple[Callable[..., Tensor], Callable[..., Tensor], Callable[..., Tensor]]:
    """The general way of an operation on two operands, that of its in-place form, and its recording.

    Args:
        name: Of the function.
        compute: What computes it, on two arrays of one dtype that broadcast; where `numbers` are
            allowed and both are floating, also on an array and a number.
        backward: ``backward(node, grad)`` gives both gradients (None where ``node.needs`` says
            that none is wanted); they need not be summed to the operands' shapes.
        keeps: Of the operands, what ``node.saved`` shall hold; both if None.
        floating: Whether integers and bool are computed as the default floating dtype.
        refuses: Categories of the common dtype that are an error, see `refuse`.
        result: A dtype name (``"bool"``), where the result's is not the common one.
        numbers: Which operands of the function may be numbers: "none", "second", "either" of them
            beside a tensor, or "both".
        check: ``check(input, other, a, b)`` raises for values that are an error; not asked when
            both operands are of one floating dtype.

    Returns:
        ``second(input, other, out, symbol)`` and ``write(self, other, symbol)``, where `symbol` is
        the name of the rule that judges the shapes; ``recorded(made, input, other)`` records a
        result that was computed otherwise.
    """
    if backward is not None:
        backward = named(backward, name)
    bare = name.rsplit(".", 1)[-1]
    is_ufunc = isinstance(compute, np.ufunc)

    def operands(input: Any, other: Any, symbol: str) -> list[Array]:
        if not isinstance(input, Tensor):
            if numbers not in ("either", "both") or not is_number(input):
                tensor_argument(bare, "input", input)
            if numbers == "either":
                tensor_argument(bare, "other", other, 2)
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
        value = elementwise(compute, a, b)
        if result is not None:
            value = value.astype(DTYPES[result].numpy, copy=False)
        if backward is None:
            made = wrap_result(value)
        else:
            saved = (input, other) if keeps is None else keeps(input, other)
            made = record(value, (input, other), backward, saved)
        return made if out is None else write_out(bare, out, made, (input, other))

    def write(self: Tensor, other: Any, symbol: str) -> Tensor:
        check_overlap(tensor_argument(f"{bare}_", "input", self), other)
        if recording((self, other)):
            made = second(before_writing(self), other, None, symbol)
            if result is not None and self._stored.dtype.kind in "fcV":
                made = record(made._array.astype(self._stored.dtype), (self, other), no_slopes)
            return assign(bare, self, made)
        a, b = operands(self, other, symbol)
        if a is not self._array or result is not None or not is_ufunc or not _fits(a, b):
            return assign(bare, self, second(self, other, None, symbol))
        check_writable(self)
        elementwise(compute, a, b, out=a)
        wrote(self)
        return self

    def recorded(made: Tensor, input: Any, other: Any) -> Tensor:
        if backward is not None and records(input, other):
            saved = (input, other) if keeps is None else keeps(input, other)
            attach_two(made, input, other, backward, tuple(saved))
        return made

    return second, write, recorded


def no_slopes(node: Any, grad: Tensor) -> tuple[Tensor, Tensor]:
    """Of a truth value that was written into a floating tensor."""
    return zero_slope(node, grad), zero_slope(node, grad)


def _fits(a: Array, b: Array) -> bool:
    """Whether a result of both has the shape of the first."""
    return a.shape == b.shape or not b.ndim or np.broadcast_shapes(a.shape, b.shape) == a.shape


__all__ = [
    "binary",
    "common_arrays",
    "common_dtype",
    "number_array",
    "refuse",
    "unary",
    "ways",
]
