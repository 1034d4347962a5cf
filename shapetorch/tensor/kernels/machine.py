"""Compiled code that reads memory by its address, and calls what lies at an address.

For `pointwise_calls` and the like, where a whole operation is one piece of machine code: it looks into Python's and NumPy's
objects itself. Addresses and words are int64.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils

from shapetorch.tensor.kernels.floats import intrinsic

_WORD, _HALF = ir.IntType(64), ir.IntType(32)
SCRATCH = 96
"""Words of `scratch`."""


@intrinsic
def word(context: Any, address: Any) -> Any:
    """The word at an address."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.load(builder.inttoptr(args[0], _WORD.as_pointer()))

    return types.int64(types.int64), generate


@intrinsic
def half_word(context: Any, address: Any) -> Any:
    """The int32 at an address."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.sext(builder.load(builder.inttoptr(args[0], _HALF.as_pointer())), _WORD)

    return types.int64(types.int64), generate


@intrinsic
def number_at(context: Any, address: Any, like: Any) -> Any:
    """The floating number at an address, of the type of another."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.load(builder.inttoptr(args[0], args[1].type.as_pointer()))

    return like(types.int64, like), generate


@intrinsic
def put(context: Any, address: Any, value: Any) -> Any:
    """Write a number, as wide as its type, to an address."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.store(args[1], builder.inttoptr(args[0], args[1].type.as_pointer()))
        return context.get_dummy_value()

    return types.void(types.int64, value), generate


def _own_words(builder: Any, count: int) -> Any:
    """The address of memory that is the function's own."""
    return builder.ptrtoint(_room(builder, count), _WORD)


def _room(builder: Any, count: int = 1) -> Any:
    library: Any = cgutils
    return library.alloca_once(builder, _WORD, size=count)


@intrinsic
def copy(context: Any, target: Any, source: Any, count: Any) -> Any:
    """Copy so many bytes from one address to another."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        library: Any = cgutils
        kind = ir.IntType(8).as_pointer()
        places = (builder.inttoptr(item, kind) for item in args[:2])
        library.raw_memcpy(builder, *places, args[2], 1)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.int64), generate


@intrinsic
def scratch(context: Any) -> Any:
    """The address of `SCRATCH` words that are the function's own until it returns."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _own_words(builder, SCRATCH)

    return types.int64(), generate


def c_function(count: int, result: Any = types.int64) -> Any:
    """An intrinsic ``call(address, *words)``, of a C function with so many arguments of a word each.

    Args:
        count: Of arguments.
        result: Its result's type, int64 or float64.
    """
    llvm_type: Any = _WORD if result == types.int64 else ir.DoubleType()

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind: Any = ir.FunctionType(llvm_type, [_WORD] * count)
        return builder.call(builder.inttoptr(args[0], kind.as_pointer()), args[1:])

    signature = result(*[types.int64] * (count + 1))
    return intrinsic(_WITH_COUNT[count](signature, generate))


def _of_one(signature: Any, generate: Any) -> Any:
    return lambda context, address, a: (signature, generate)


def _of_two(signature: Any, generate: Any) -> Any:
    return lambda context, address, a, b: (signature, generate)


def _of_three(signature: Any, generate: Any) -> Any:
    return lambda context, address, a, b, c: (signature, generate)


def _of_four(signature: Any, generate: Any) -> Any:
    return lambda context, address, a, b, c, d: (signature, generate)


def _of_eight(signature: Any, generate: Any) -> Any:
    return lambda context, address, a, b, c, d, e, f, g, h: (signature, generate)


_WITH_COUNT: dict[int, Callable[..., Any]] = {
    1: _of_one,
    2: _of_two,
    3: _of_three,
    4: _of_four,
    8: _of_eight,
}
"""An intrinsic's arguments are those that its Python function names."""


def kernel_function(arguments: str) -> Any:
    """An intrinsic ``call(address, record, is_double)``, of the machine code of a kernel; 0 if all went well.

    numba passes an array as words: two that say who owns the memory (nobody), the elements, the bytes
    of one, the address, and the sizes and strides. Two words before all arguments tell where results
    and errors go; a kernel has neither, unless numba was told to check bounds.

    Args:
        arguments: A letter for each: "v" an array of one dim, "b" one of bool, "m" a matrix, "n" a number of their dtype,
            "i" an integer. The record holds their words one after the other.
    """

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        base = builder.inttoptr(args[1], _WORD.as_pointer())
        nothing, failed = _own_words(builder, 2), _room(builder)
        with builder.if_else(builder.trunc(args[2], ir.IntType(1))) as (wide, narrow):
            for branch, number in ((wide, ir.DoubleType()), (narrow, ir.FloatType())):
                with branch:
                    kinds: list[Any] = [
                        kind
                        for letter in arguments
                        for kind in ([number] if letter == "n" else [_WORD] * WORDS[letter])
                    ]
                    values = []
                    for place, kind in enumerate(kinds):
                        at = builder.gep(base, [ir.Constant(_WORD, place)])
                        values.append(builder.load(builder.bitcast(at, kind.as_pointer())))
                    code: Any = ir.FunctionType(_HALF, [_WORD, _WORD, *kinds])
                    function = builder.inttoptr(args[0], code.as_pointer())
                    status = builder.call(function, [nothing, nothing, *values])
                    builder.store(builder.sext(status, _WORD), failed)
        return builder.load(failed)

    result = types.int64(types.int64, types.int64, types.int64)

    def call(context: Any, address: Any, record: Any, is_double: Any) -> Any:
        return result, generate

    return intrinsic(call)


WORDS = {"v": 7, "b": 7, "m": 9, "n": 1, "i": 1}
"""How many words an argument of a kernel takes."""
