"""Machine code as functions of Python, each with the table of words that makes it one operation: see `objects`.

Their machine code trusts that Python's and NumPy's objects lie in memory as on every CPython of 64 bits with
an interpreter lock; `are_known` tries that on objects whose contents are known, and without it there are
no such functions. NumPy's loops are taken from its ufuncs, whose layout is part of its C interface.
"""

from __future__ import annotations

import ctypes
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir

from shapetorch.tensor.kernels import joining_calls, objects, pointwise_calls, row_calls, step_calls
from shapetorch.tensor.kernels.elementwise import FLOAT32_ONLY
from shapetorch.tensor.kernels.machine import WORDS
from shapetorch.tensor.kernels.table import KERNELS
from shapetorch.tensor.modes import INFERENCE
from shapetorch.tensor.shortcuts import CLASSES
from shapetorch.tensor.tensors import Tensor

FLOAT32, FLOAT64, INT64 = np.dtype(np.float32), np.dtype(np.float64), np.dtype(np.int64)
BOOL = np.dtype(np.bool_)
KINDS: tuple[np.dtype[Any], ...] = (FLOAT32, FLOAT64, INT64, BOOL)


FORMS = {
    "vv": objects.V_V,
    "vvv": objects.VV_V,
    "vnnv": objects.VNN_V,
    "vvvnv": objects.VVVN_V,
    "bvvv": objects.BVV_V,
    "vvvv": objects.VVV_V,
    "vvnv": objects.VVN_V,
    "mm": objects.M_M,
    "mv": objects.M_V,
    "mnv": objects.MN_V,
}
"""How kernels are called, by their arguments: see `machine.kernel_function`; the last is the result."""


@dataclass(frozen=True)
class Loop:
    """What a function computes, and of which operands.

    Attributes:
        operands: How many it takes.
        ufunc: NumPy's function that computes it, if there is one.
        kernel: The kernel that computes it rather, if there is one.
        form: How the kernel is called, a key of `FORMS`.
        numbers: Which operands may be Python's numbers.
        singles: Which may be of one element where others are of more.
        result: The result's dtype, if not the operands'.
        in_place: Whether the result is written into the first operand.
        integers: Whether int64 is computed as well.
        bools: Whether bool is.
        most: Elements of a result at most.
    """

    operands: int
    ufunc: Any = None
    kernel: str = ""
    form: str = ""
    numbers: tuple[int, ...] = ()
    singles: tuple[int, ...] = ()
    result: np.dtype[Any] | None = None
    in_place: bool = False
    integers: bool = False
    bools: bool = False
    most: int = (1 << 18) - 1

    @property
    def name(self) -> str:
        """Of the function."""
        return self.kernel or str(self.ufunc.__name__)


def pointwise(**facts: Any) -> Callable[..., Any] | None:
    """``function(*operands)``, which gives a tensor, or None where the ordinary way is to be taken.

    Args:
        facts: The attributes of a `Loop`.
    """
    if not are_known():
        return None
    loop = Loop(**facts)
    table = _common()
    table[objects.COUNT] = loop.operands
    table[objects.MOST] = loop.most
    table[objects.NUMBERS] = _bits(loop.numbers)
    table[objects.SINGLES] = _bits(loop.singles)
    table[objects.FIRST_BOOL] = loop.form.startswith("b")
    table[objects.IN_PLACE] = loop.in_place
    table[objects.BARE] = _bits(tuple(i for i, letter in enumerate(loop.form) if letter == "n"))
    if loop.result is not None:
        table[objects.RESULT_DTYPE] = id(loop.result)
    for place, kind in enumerate(KINDS):
        if (kind is INT64 and not loop.integers) or (kind is BOOL and not loop.bools):
            continue
        if loop.kernel and (
            kind is FLOAT32 or (kind is FLOAT64 and loop.kernel not in FLOAT32_ONLY)
        ):
            found = FORMS[loop.form], _kernel_code(loop.kernel, loop.form, kind), 0
        elif loop.ufunc is not None:
            found = objects.UFUNC_LOOP, *_ufunc_loop(loop, kind)
        else:
            continue
        _enter(table, place, kind, *found)
    return _function(loop.name, pointwise_calls.pointwise, table)


AFTERWARDS = {"": objects.NOTHING, "mean": objects.DIVIDE, "root": objects.ROOT}


def rows(
    kernel: str, form: str = "mv", columns: str = "", afterwards: str = "", whole: int = 0
) -> Callable[..., Any] | None:
    """``function(input, dim)``, along the last dim; or None where the ordinary way is to be taken.

    Args:
        kernel: Of the rows.
        form: How it is called, a key of `FORMS`; with a number, the function takes one more argument:
            what is taken from the elements of a row to give it.
        columns: The kernel along the first dim, if there is one.
        afterwards: What is done with the results, a key of `AFTERWARDS`.
        whole: Up to so many elements the dim may be None: all are one row then.
    """
    if not are_known():
        return None
    table = _common()
    table[objects.COUNT] = 3 if "n" in form else 2
    table[objects.MOST] = Loop.most
    table[objects.AFTERWARDS] = AFTERWARDS[afterwards]
    table[objects.WHOLE] = whole
    for place, kind in enumerate(KINDS[:2]):
        if kind is FLOAT64 and kernel in FLOAT32_ONLY:
            continue
        found = FORMS[form], _kernel_code(kernel, form, kind)
        other = _kernel_code(columns, form, kind) if columns else 0
        _enter(table, place, kind, *found, other)
    return _function(kernel, row_calls.rows, table)


def joined() -> Callable[..., Any] | None:
    """``function(tensors, dim)``: tensors one after the other; or None where the ordinary way is to be taken."""
    if not are_known():
        return None
    table = _common()
    table[objects.COUNT] = 2
    table[objects.MOST] = Loop.most
    for place, kind in enumerate(KINDS):
        _enter(table, place, kind, objects.NOTHING, 1, 0)  # it is known: there is no loop
    return _function("joined", joining_calls.joined, table)


def steps(kernel: str, arrays: int, numbers: int) -> Callable[..., Any] | None:
    """``function(numbers, steps, *lists)``: a step of an optimizer; or None where it is to be taken in the ordinary way.

    Args:
        kernel: Of one parameter's step.
        arrays: How many lists there are.
        numbers: How many numbers it takes.
    """
    if not are_known():
        return None
    table = _common()
    table[objects.COUNT] = arrays
    table[objects.MOST] = Loop.most
    table[objects.NUMBERS] = numbers
    for place, kind in enumerate(KINDS[:2]):
        _enter(table, place, kind, 0, _kernel_code(kernel, "v" * (arrays + 1), kind), 0)
    return _function(kernel, step_calls.steps, table)


def _enter(table: Any, place: int, kind: np.dtype[Any], *words: int) -> None:
    """Write down which loop there is for a dtype."""
    start = objects.KINDS + place * objects.KIND_WORDS
    table[start : start + objects.KIND_WORDS] = id(kind), kind.itemsize, *words


def _bits(places: tuple[int, ...]) -> int:
    return sum(1 << place for place in places)


# -- loops ------------------------------------------------------------------------------------------


def _ufunc_loop(loop: Loop, kind: np.dtype[Any]) -> tuple[int, int]:
    """The address of NumPy's loop for a dtype, and what is to be passed to it; zeros if there is none."""
    function = loop.ufunc
    result = kind if loop.result is None else loop.result
    wanted = f"{kind.char * loop.operands}->{result.char}"
    if wanted not in function.types:
        return 0, 0
    place = function.types.index(wanted)
    loops, data = _word(id(function) + _UFUNC_LOOPS), _word(id(function) + _UFUNC_DATA)
    return _word(loops + 8 * place), _word(data + 8 * place) if data else 0


def _kernel_code(name: str, arguments: str, kind: np.dtype[Any]) -> int:
    """The address of a kernel's machine code for a dtype; 0 if numba is switched off, or calls it otherwise."""
    kernel: Any = KERNELS[name]
    if not hasattr(kernel, "compile"):
        return 0
    examples = {
        "v": np.empty(1, kind),
        "b": np.empty(1, np.bool_),
        "m": np.empty((1, 1), kind),
        "n": kind.type(0),
    }
    signature = tuple([kernel.typeof_pyval(examples[letter]) for letter in arguments])
    kernel.compile(signature)
    made = kernel.overloads[signature]
    convention, described = made.target_context.call_conv, made.fndesc
    expected = calls_of(arguments, kind)
    if str_of(convention.get_function_type(described.restype, described.argtypes)) != expected:
        return 0
    return int(made.library.get_pointer_to_function(made.fndesc.llvm_func_name))


def calls_of(arguments: str, kind: np.dtype[Any]) -> str:
    """What machine code with such arguments takes, as `str_of` says it."""
    number = "float" if kind is FLOAT32 else "double"
    words = [
        word
        for letter in arguments
        for word in ([number] if letter == "n" else ["word"] * WORDS[letter])
    ]
    return f"i32({','.join(['word', 'word', *words])})"


def str_of(function: Any) -> str:
    """What machine code takes and gives; an address is a word like another."""
    taken = [
        "word" if isinstance(item, ir.PointerType) or str(item) == "i64" else str(item)
        for item in function.args
    ]
    return f"{function.return_type}({','.join(taken)})"


# -- functions of Python ----------------------------------------------------------------------------


class _Method(ctypes.Structure):
    """``PyMethodDef``."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("code", ctypes.c_void_p),
        ("flags", ctypes.c_int),
        ("doc", ctypes.c_char_p),
    )


_FASTCALL = 0x80
_kept: list[Any] = []
"""What the functions refer to by its address."""


def _function(name: str, code: Any, table: Any) -> Callable[..., Any]:
    make = ctypes.pythonapi.PyCMethod_New
    make.restype = ctypes.py_object
    make.argtypes = [ctypes.c_void_p, ctypes.py_object, ctypes.c_void_p, ctypes.c_void_p]
    method = _Method(name.encode(), code.address, _FASTCALL, None)
    _kept.append(method)
    made: Callable[..., Any] = make(ctypes.addressof(method), table, None, None)
    return made


@cache
def _words() -> dict[int, int]:
    """What is the same in all tables."""
    api: Any = ctypes.pythonapi

    def address(name: str) -> int:
        return ctypes.cast(getattr(api, name), ctypes.c_void_p).value or 0

    api.PyType_GetSlot.restype = ctypes.c_void_p
    api.PyType_GetSlot.argtypes = [ctypes.py_object, ctypes.c_int]
    return {
        objects.TENSOR: id(Tensor),
        objects.TAKEN: CLASSES.__array_interface__["data"][0],
        objects.LIST: id(list),
        objects.TUPLE: id(tuple),
        objects.ARRAY: _slot("_array"),
        objects.META: _slot("_meta"),
        objects.WRITES: _slot("_writes"),
        objects.INFERENCE: id(INFERENCE),
        objects.NONE: id(None),
        objects.ZERO: id(0),
        objects.NO_ARGUMENTS: id(()),
        objects.FLOAT: id(float),
        objects.INT: id(int),
        objects.NDARRAY: id(np.ndarray),
        objects.NEW_TENSOR: api.PyType_GetSlot(object, _TP_NEW),
        objects.NEW_ARRAY: _word(_numpy_functions() + 8 * _NEW_FROM_DESCRIPTION),
        objects.SHARE: address("Py_IncRef"),
        objects.RELEASE: address("Py_DecRef"),
        objects.AS_DOUBLE: address("PyFloat_AsDouble"),
        objects.AS_INTEGER: address("PyLong_AsLongLongAndOverflow"),
        objects.BOOL_DTYPE: id(np.dtype(np.bool_)),
    }


def _common() -> Any:
    table = np.zeros(objects.TABLE_SIZE, np.int64)
    for place, value in _words().items():
        table[place] = value
    return table


_TP_NEW = 65  # Python's number of the slot
_NEW_FROM_DESCRIPTION = 94  # NumPy's number of PyArray_NewFromDescr
_UFUNC_LOOPS, _UFUNC_DATA = 32, 40
_MEMBER, _MEMBER_OFFSET = 40, 16


def _word(address: int) -> int:
    return ctypes.c_ssize_t.from_address(address).value


def _numpy_functions() -> int:
    """The address of NumPy's table of C functions."""
    pointer: Any = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    module: Any = sys.modules["numpy._core._multiarray_umath"]
    return int(pointer(module._ARRAY_API, None))


def _slot(name: str) -> int:
    """Where in a tensor a slot lies."""
    return _word(_word(id(Tensor.__dict__[name]) + _MEMBER) + _MEMBER_OFFSET)


# -- trying -----------------------------------------------------------------------------------------


@cache
def are_known() -> bool:
    """Whether objects lie in memory as the machine code expects: tried on some."""
    if (
        sys.implementation.name != "cpython"
        or sys.maxsize != 2**63 - 1
        or object.__basicsize__ != 16  # a debug build, or one without the interpreter lock
        or sysconfig.get_config_var("Py_GIL_DISABLED")
        or sys.byteorder != "little"
        or not hasattr(pointwise_calls.pointwise, "address")  # numba is switched off
    ):
        return False
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    tensor: Any = object.__new__(Tensor)
    tensor._array, tensor._meta, tensor._writes = array, None, 0
    items, fixed = [array, tensor, array], (array, tensor)
    start, slots = id(array), [("_array", array), ("_meta", None), ("_writes", 0)]
    return (
        _word(start + objects.CLASS) == id(np.ndarray)
        and _word(start + objects.DATA) == array.__array_interface__["data"][0]
        and ctypes.c_int.from_address(start + objects.RANK).value == array.ndim
        and _word(_word(start + objects.SIZES) + 8) == array.shape[1]
        and _word(start + objects.KIND) == id(FLOAT32)
        and ctypes.c_int.from_address(start + objects.FLAGS).value == array.flags.num
        and _word(id(items) + objects.LENGTH) == len(items)
        and _word(_word(id(items) + objects.ITEMS) + 8) == id(items[1])
        and _word(id(fixed) + objects.LENGTH) == len(fixed)
        and _word(id(fixed) + objects.ITEMS + 8) == id(fixed[1])
        and all(_word(id(tensor) + _slot(name)) == id(value) for name, value in slots)
    )
