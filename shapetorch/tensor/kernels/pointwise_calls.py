"""Element-wise operations on small tensors as one piece of machine code each: arguments, memory, loop, result.

For a tensor of sixteen numbers, NumPy's call and the Python around it cost ten times the arithmetic. What is
compiled here is called by Python directly (``METH_FASTCALL``): it takes the arrays out of plain tensors,
makes the result's memory, runs a loop, and gives a new tensor. It gives None where anything is not as it
expects, so that the ordinary way is taken: other classes, dtypes, layouts or shapes, inference mode.
Nothing here lets go of the interpreter's lock, so arrays are bounded in size.
"""

from __future__ import annotations

import numpy as np

from shapetorch.tensor.kernels.compiling import callback, kernel
from shapetorch.tensor.kernels.machine import half_word, kernel_function, put, scratch, word
from shapetorch.tensor.kernels.objects import (
    ARRAY,
    BARE,
    BOOL_DTYPE,
    COUNT,
    DATA,
    FIRST_BOOL,
    FLAGS,
    FORM,
    IN_ORDER,
    IN_PLACE,
    ITEM,
    KIND,
    LOOP,
    LOOP_DATA,
    MOST,
    NUMBERS,
    RANK,
    RESULT_DTYPE,
    SINGLES,
    SIZES,
    UFUNC_LOOP,
    V_V,
    VNN_V,
    VV_V,
    VVN_V,
    VVV_V,
    VVVN_V,
    WRITEABLE,
    call_4,
    ends_like,
    entry,
    given_again,
    is_refused,
    is_taken,
    kind_of,
    new_array,
    put_number,
    put_vector,
    refusal,
    size_of,
    tensor_of,
)

_v_v, _vv_v, _vnn_v = kernel_function("vv"), kernel_function("vvv"), kernel_function("vnnv")
_vvvn_v, _bvv_v = kernel_function("vvvnv"), kernel_function("bvvv")
_vvv_v, _vvn_v = kernel_function("vvvv"), kernel_function("vvnv")
FEW_ROWS, LONG_ROW = 64, 1024
"""A row is added to so many rows, or to rows so long, by as many calls of a loop."""

# places in the scratch memory: operands are at most four
_AT, _STEP, _SIZE, _FROM = 0, 8 * 5, 8 * 10, 8 * 14
_N, _DTYPE, _MODEL, _MOST = 8 * 18, 8 * 19, 8 * 20, 8 * 21
_VALUE, _RECORD = 8 * 22, 8 * 27  # a number needs the word behind it


@kernel(frozenset(), forceinline=True)
def _gather(table: int, arguments: int, own: int) -> bool:
    """Write down the operands' arrays and sizes, their dtype, and which has the result's shape."""
    slot = entry(table, ARRAY)
    first_bool = entry(table, FIRST_BOOL)
    dtype, model, most, rank = 0, 0, -1, -1
    for i in range(entry(table, COUNT)):
        item = word(arguments + 8 * i)
        put(own + _FROM + 8 * i, 0)
        if not is_taken(table, item):
            continue
        array = word(item + slot)
        if array == 0:  # the slot is empty
            return False
        kind = word(array + KIND)
        if i == 0 and first_bool != 0:
            if kind != entry(table, BOOL_DTYPE):
                return False
        elif dtype == 0:
            dtype = kind
        elif kind != dtype:
            return False
        if (half_word(array + FLAGS) & IN_ORDER) != IN_ORDER:
            return False
        size, dims = size_of(array), half_word(array + RANK)
        put(own + _FROM + 8 * i, array)
        put(own + _SIZE + 8 * i, size)
        if size > most or (size == most and dims > rank):
            most, rank, model = size, dims, array
    put(own + _DTYPE, dtype)
    put(own + _MODEL, model)
    put(own + _MOST, most)
    return dtype != 0 and 0 < most <= entry(table, MOST)


@kernel(frozenset(), forceinline=True)
def _place(table: int, arguments: int, own: int, found: int) -> int:
    """Write down where the operands begin and their steps; gives how many elements one loop takes, or 0."""
    model, most = word(own + _MODEL), word(own + _MOST)
    rank, sizes = half_word(model + RANK), word(model + SIZES)
    inner: int = most
    for i in range(entry(table, COUNT)):
        array, value = word(own + _FROM + 8 * i), own + _VALUE + 8 * i
        if array == 0:
            if (entry(table, NUMBERS) >> i) & 1 == 0:
                return 0
            if not put_number(table, word(arguments + 8 * i), found, value):
                return 0
            put(own + _AT + 8 * i, value)
            put(own + _SIZE + 8 * i, 1)
            put(own + _STEP + 8 * i, 0)
            continue
        if half_word(array + RANK) > rank or (entry(table, BARE) >> i) & 1:
            return 0
        size, step = word(own + _SIZE + 8 * i), _item(table, found, i)
        if size != 1 or most == 1:
            if not ends_like(array, rank, sizes):
                return 0
            inner = min(inner, size)
        elif (entry(table, SINGLES) >> i) & 1 == 0:
            return 0
        else:
            step = 0
        put(own + _AT + 8 * i, word(array + DATA))
        put(own + _STEP + 8 * i, step)
    if inner < most:
        is_worth = inner >= LONG_ROW or most <= inner * FEW_ROWS
        if not is_worth or entry(found, FORM) != UFUNC_LOOP:
            return 0
    return inner


@kernel(frozenset(), forceinline=True)
def _item(table: int, found: int, place: int) -> int:
    """The bytes of an element of an operand."""
    is_bool = place == 0 and entry(table, FIRST_BOOL) != 0
    return 1 if is_bool else entry(found, ITEM)


@kernel(frozenset(), forceinline=True)
def _run_loop(table: int, own: int, found: int, inner: int, target: int, step: int) -> None:
    """NumPy's loop, as often as the smallest operand fits into the result."""
    operands, most = entry(table, COUNT), word(own + _MOST)
    put(own + _STEP + 8 * operands, step)
    put(own + _N, inner)
    start = 0
    while start < most:
        put(own + _AT + 8 * operands, target + step * start)
        for i in range(operands):
            size = word(own + _SIZE + 8 * i)
            if start > 0 and size > 1:
                begin = word(word(own + _FROM + 8 * i) + DATA)
                put(own + _AT + 8 * i, begin + word(own + _STEP + 8 * i) * (start % size))
        call_4(entry(found, LOOP), own + _AT, own + _N, own + _STEP, entry(found, LOOP_DATA))
        start += inner


@kernel(frozenset(), forceinline=True)
def _run_kernel(table: int, own: int, found: int, target: int, step: int) -> int:
    """A kernel, with what it takes written down as it expects it; 0 if all went well."""
    at = own + _RECORD
    for i in range(entry(table, COUNT)):
        if (entry(table, BARE) >> i) & 1:
            put(at, word(own + _VALUE + 8 * i))
            at += 8
        else:
            size, item = word(own + _SIZE + 8 * i), _item(table, found, i)
            at = put_vector(at, word(own + _AT + 8 * i), size, item)
    put_vector(at, target, word(own + _MOST), step)
    loop, record, form = entry(found, LOOP), own + _RECORD, entry(found, FORM)
    is_double = np.int64(entry(found, ITEM) == 8)
    status: int
    if form == V_V:
        status = _v_v(loop, record, is_double)
    elif form == VV_V:
        status = _vv_v(loop, record, is_double)
    elif form == VNN_V:
        status = _vnn_v(loop, record, is_double)
    elif form == VVVN_V:
        status = _vvvn_v(loop, record, is_double)
    elif form == VVV_V:
        status = _vvv_v(loop, record, is_double)
    elif form == VVN_V:
        status = _vvn_v(loop, record, is_double)
    else:
        status = _bvv_v(loop, record, is_double)
    return status


@kernel(frozenset(), forceinline=True)
def _may_be_written(own: int, operands: int, rank: int, item: int) -> bool:
    """Whether the first operand can hold the result, and no other shares a part of its memory."""
    array, most = word(own + _FROM), word(own + _MOST)
    if array == 0 or word(own + _SIZE) != most or half_word(array + RANK) != rank:
        return False
    if (half_word(array + FLAGS) & WRITEABLE) == 0:
        return False
    start = word(array + DATA)
    for i in range(1, operands):
        other, size = word(own + _FROM + 8 * i), word(own + _SIZE + 8 * i)
        if other != 0:
            begin = word(other + DATA)
            is_same = begin == start and size == most
            if not is_same and begin < start + most * item and start < begin + size * item:
                return False
    return True


@callback()
def pointwise(me: int, arguments: int, count: int) -> int:
    """A loop over the elements of tensors and numbers, whose shapes are equal or fill the last dims."""
    table = word(me + DATA)
    if is_refused(table, count):
        return refusal(table)
    own = scratch()
    if not _gather(table, arguments, own):
        return refusal(table)
    dtype, model = word(own + _DTYPE), word(own + _MODEL)
    found = kind_of(table, dtype)
    inner = 0 if found == 0 else _place(table, arguments, own, found)
    if inner == 0:
        return refusal(table)
    step, result = entry(found, ITEM), entry(table, RESULT_DTYPE)
    in_place = entry(table, IN_PLACE) != 0
    if in_place:
        made = word(own + _FROM)
        if not _may_be_written(own, entry(table, COUNT), half_word(model + RANK), step):
            return refusal(table)
    else:
        if result != 0:
            dtype, step = result, 1
        made = new_array(table, dtype, half_word(model + RANK), word(model + SIZES))
        if made == 0:
            return 0
    if entry(found, FORM) == UFUNC_LOOP:
        _run_loop(table, own, found, inner, word(made + DATA), step)
    elif _run_kernel(table, own, found, word(made + DATA), step) != 0:
        return 0  # it reached beyond its operands: Python says that there is no result
    return given_again(table, arguments) if in_place else tensor_of(table, made)
