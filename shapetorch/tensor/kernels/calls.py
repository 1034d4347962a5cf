"""Whole operations on small tensors as one piece of machine code each: arguments, memory, loop, result.

For a tensor of sixteen numbers, NumPy's call and the Python around it cost ten times the arithmetic. What
is compiled here is called by Python directly (``METH_FASTCALL``): it takes the arrays out of plain tensors,
makes the result's memory, runs a loop, and gives a new tensor. It gives None where anything is not as it
expects, so that the ordinary way is taken: other classes, dtypes, layouts or shapes, inference mode.

Each function that Python gets is one of the functions below with a table of words (`TABLE_SIZE`); `binding`
fills it. Nothing here lets go of the interpreter's lock, so arrays are bounded in size.
"""

from __future__ import annotations

import numpy as np
from numba import types

from shapetorch.tensor.kernels.compiling import callback, kernel
from shapetorch.tensor.kernels.machine import (
    c_function,
    half_word,
    kernel_function,
    number_at,
    put,
    scratch,
    word,
)

_call_1, _call_2, _call_3, _call_4, _call_8 = map(c_function, (1, 2, 3, 4, 8))
_number_of = c_function(1, types.float64)

# -- the table --------------------------------------------------------------------------------------

(
    TENSOR,  # the class
    ARRAY,  # where in a tensor its slots lie
    META,
    WRITES,
    INFERENCE,  # the list of that name
    NONE,
    ZERO,  # Python's 0
    NO_ARGUMENTS,  # Python's ()
    FLOAT,  # Python's classes of numbers
    INT,
    NDARRAY,
    NEW_TENSOR,  # C functions: object.__new__, PyArray_NewFromDescr and so on
    NEW_ARRAY,
    SHARE,
    RELEASE,
    AS_DOUBLE,
    AS_INTEGER,
    BOOL_DTYPE,
    MOST,  # elements of a result
    COUNT,  # of operands
    RESULT_DTYPE,  # 0: that of the operands
    NUMBERS,  # a bit for each operand that may be Python's number
    SINGLES,  # a bit for each operand that may be of one element where others are of more
    BARE,  # a bit for each operand that the loop takes as a bare number, not as an array
    FIRST_BOOL,  # whether the first operand is of bool, and none of the others
    IN_PLACE,  # whether the result is written into the first operand
    AFTERWARDS,  # what is done with the sums of rows
    WHOLE,  # so many elements may be taken for one row
    KINDS,  # `KIND_WORDS` for each dtype
) = range(29)
DTYPE, ITEM, FORM, LOOP, LOOP_DATA, KIND_WORDS = range(6)
KIND_COUNT = 3
TABLE_SIZE = KINDS + KIND_COUNT * KIND_WORDS

(
    UFUNC_LOOP,  # NumPy's: (addresses, sizes, steps, data)
    V_V,  # kernels, see `kernel_function`
    VV_V,
    VNN_V,
    VVVN_V,
    BVV_V,
    M_M,  # of rows: a loop over columns may stand where NumPy's have their data
    M_V,
    MN_V,
) = range(9)
NOTHING, DIVIDE, ROOT = range(3)
"""What is done afterwards: each sum is divided by its elements, the root of each is taken."""

_v_v, _vv_v, _vnn_v = kernel_function("vv"), kernel_function("vvv"), kernel_function("vnnv")
_vvvn_v, _bvv_v = kernel_function("vvvnv"), kernel_function("bvvv")
_m_m, _m_v, _mn_v = kernel_function("mm"), kernel_function("mv"), kernel_function("mnv")

# -- where things lie -------------------------------------------------------------------------------

CLASS = 8  # in every object
DATA, RANK, SIZES, KIND, FLAGS = 16, 24, 32, 56, 64  # in an array
LENGTH = 16  # in a list
IN_ORDER = 0x101  # the flags of an array that is aligned, its elements in the order of its dims
WRITEABLE = 0x400
EXACT = 1 << 53  # integers up to this one are float64 numbers
FEW_ROWS, LONG_ROW = 64, 128
"""A row is added to so many rows, or to rows so long, by as many calls of a loop."""

# places in the scratch memory: operands are at most four
_AT, _STEP, _SIZE, _FROM = 0, 8 * 5, 8 * 10, 8 * 14
_N, _DTYPE, _MODEL, _MOST = 8 * 18, 8 * 19, 8 * 20, 8 * 21
_WIDTH, _RESULTS, _DIMS, _SIZES = 8 * 18, 8 * 19, 8 * 20, 8 * 21
_VALUE, _RECORD = 8 * 22, 8 * 27  # a number needs the word behind it


@kernel(frozenset(), forceinline=True)
def _none(table: int) -> int:
    none: int = word(table + 8 * NONE)
    _call_1(word(table + 8 * SHARE), none)
    return none


@kernel(frozenset(), forceinline=True)
def _tensor(table: int, array: int) -> int:
    """A plain tensor of a new array, which it owns."""
    made: int = _call_3(
        word(table + 8 * NEW_TENSOR), word(table + 8 * TENSOR), word(table + 8 * NO_ARGUMENTS), 0
    )
    if made == 0:
        _call_1(word(table + 8 * RELEASE), array)
        return 0
    none, zero = word(table + 8 * NONE), word(table + 8 * ZERO)
    _call_1(word(table + 8 * SHARE), none)
    _call_1(word(table + 8 * SHARE), zero)
    put(made + word(table + 8 * ARRAY), array)
    put(made + word(table + 8 * META), none)
    put(made + word(table + 8 * WRITES), zero)
    return made


@kernel(frozenset(), forceinline=True)
def _given(table: int, arguments: int) -> int:
    """The first argument again."""
    first: int = word(arguments)
    _call_1(word(table + 8 * SHARE), first)
    return first


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


@kernel(frozenset(), forceinline=True)
def _new_array(table: int, dtype: int, rank: int, sizes: int) -> int:
    _call_1(word(table + 8 * SHARE), dtype)
    made: int = _call_8(
        word(table + 8 * NEW_ARRAY), word(table + 8 * NDARRAY), dtype, rank, sizes, 0, 0, 0, 0
    )
    return made


@kernel(frozenset(), forceinline=True)
def _size(array: int) -> int:
    size, sizes = 1, word(array + SIZES)
    for place in range(half_word(array + RANK)):
        size *= word(sizes + 8 * place)
    return size


@kernel(frozenset(), forceinline=True)
def _kind(table: int, dtype: int) -> int:
    """Where the table tells of the loop for a dtype; 0 if there is none."""
    at = table + 8 * KINDS
    for _ in range(KIND_COUNT):
        if word(at + 8 * DTYPE) == dtype and word(at + 8 * LOOP) != 0:
            return at
        at += 8 * KIND_WORDS
    return 0


@kernel(frozenset(), forceinline=True)
def _put_number(table: int, item: int, kind: int, at: int) -> bool:
    """Write Python's number as one of the loop's dtype; whether it is one that can be written."""
    dtype_item = word(kind + 8 * ITEM)
    is_integer = word(kind + 8 * DTYPE) == word(table + 8 * KINDS + 8 * (2 * KIND_WORDS + DTYPE))
    of = word(item + CLASS)
    if of == word(table + 8 * FLOAT) and not is_integer:
        number = _number_of(word(table + 8 * AS_DOUBLE), item)
    elif of == word(table + 8 * INT):
        put(at + 8, 0)
        whole = _call_2(word(table + 8 * AS_INTEGER), item, at + 8)
        if half_word(at + 8) != 0 or whole > EXACT or whole < -EXACT:
            return False
        if is_integer:
            put(at, whole)
            return True
        number = np.float64(whole)
    else:
        return False
    if dtype_item == 4:
        put(at, np.float32(number))
    else:
        put(at, number)
    return True


@kernel(frozenset(), forceinline=True)
def _put_vector(record: int, address: int, size: int, item: int) -> int:
    """Write the words of an array of one dim; gives where the next argument's are."""
    put(record, 0)
    put(record + 8, 0)
    put(record + 16, size)
    put(record + 24, item)
    put(record + 32, address)
    put(record + 40, size)
    put(record + 48, item)
    return record + 56


@kernel(frozenset(), forceinline=True)
def _put_matrix(record: int, address: int, rows: int, width: int, item: int) -> int:
    put(record, 0)
    put(record + 8, 0)
    put(record + 16, rows * width)
    put(record + 24, item)
    put(record + 32, address)
    put(record + 40, rows)
    put(record + 48, width)
    put(record + 56, width * item)
    put(record + 64, item)
    return record + 72


@kernel(frozenset(), forceinline=True)
def _is_like(array: int, rank: int, sizes: int) -> bool:
    """Whether an array has the last of these sizes."""
    own = half_word(array + RANK)
    own_sizes = word(array + SIZES)
    for place in range(own):
        if word(own_sizes + 8 * place) != word(sizes + 8 * (rank - own + place)):
            return False
    return True


# -- element by element -----------------------------------------------------------------------------


@kernel(frozenset(), forceinline=True)
def _gather(table: int, arguments: int, own: int) -> bool:
    """Write down the operands' arrays and sizes, their dtype, and which has the result's shape."""
    tensor, slot = word(table + 8 * TENSOR), word(table + 8 * ARRAY)
    first_bool = word(table + 8 * FIRST_BOOL)
    dtype, model, most, rank = 0, 0, -1, -1
    for i in range(word(table + 8 * COUNT)):
        item = word(arguments + 8 * i)
        put(own + _FROM + 8 * i, 0)
        if word(item + CLASS) != tensor:
            continue
        array = word(item + slot)
        if array == 0:  # the slot is empty
            return False
        kind = word(array + KIND)
        if i == 0 and first_bool != 0:
            if kind != word(table + 8 * BOOL_DTYPE):
                return False
        elif dtype == 0:
            dtype = kind
        elif kind != dtype:
            return False
        if (half_word(array + FLAGS) & IN_ORDER) != IN_ORDER:
            return False
        size, dims = _size(array), half_word(array + RANK)
        put(own + _FROM + 8 * i, array)
        put(own + _SIZE + 8 * i, size)
        if size > most or (size == most and dims > rank):
            most, rank, model = size, dims, array
    put(own + _DTYPE, dtype)
    put(own + _MODEL, model)
    put(own + _MOST, most)
    return dtype != 0 and 0 < most <= word(table + 8 * MOST)


@kernel(frozenset(), forceinline=True)
def _place(table: int, arguments: int, own: int, found: int) -> int:
    """Write down where the operands begin and their steps; gives how many elements one loop takes, or 0."""
    model, most = word(own + _MODEL), word(own + _MOST)
    rank, sizes = half_word(model + RANK), word(model + SIZES)
    inner: int = most
    for i in range(word(table + 8 * COUNT)):
        array, value = word(own + _FROM + 8 * i), own + _VALUE + 8 * i
        if array == 0:
            if (word(table + 8 * NUMBERS) >> i) & 1 == 0:
                return 0
            if not _put_number(table, word(arguments + 8 * i), found, value):
                return 0
            put(own + _AT + 8 * i, value)
            put(own + _SIZE + 8 * i, 1)
            put(own + _STEP + 8 * i, 0)
            continue
        if half_word(array + RANK) > rank or (word(table + 8 * BARE) >> i) & 1:
            return 0
        size, step = word(own + _SIZE + 8 * i), _item(table, found, i)
        if size != 1 or most == 1:
            if not _is_like(array, rank, sizes):
                return 0
            inner = min(inner, size)
        elif (word(table + 8 * SINGLES) >> i) & 1 == 0:
            return 0
        else:
            step = 0
        put(own + _AT + 8 * i, word(array + DATA))
        put(own + _STEP + 8 * i, step)
    if inner < most:
        is_worth = inner >= LONG_ROW or most <= inner * FEW_ROWS
        if not is_worth or word(found + 8 * FORM) != UFUNC_LOOP:
            return 0
    return inner


@kernel(frozenset(), forceinline=True)
def _item(table: int, found: int, place: int) -> int:
    """The bytes of an element of an operand."""
    is_bool = place == 0 and word(table + 8 * FIRST_BOOL) != 0
    return 1 if is_bool else word(found + 8 * ITEM)


@kernel(frozenset(), forceinline=True)
def _run_loop(table: int, own: int, found: int, inner: int, target: int, step: int) -> None:
    """NumPy's loop, as often as the smallest operand fits into the result."""
    operands, most = word(table + 8 * COUNT), word(own + _MOST)
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
        _call_4(
            word(found + 8 * LOOP), own + _AT, own + _N, own + _STEP, word(found + 8 * LOOP_DATA)
        )
        start += inner


@kernel(frozenset(), forceinline=True)
def _run_kernel(table: int, own: int, found: int, target: int, step: int) -> None:
    """A kernel, with what it takes written down as it expects it."""
    at = own + _RECORD
    for i in range(word(table + 8 * COUNT)):
        if (word(table + 8 * BARE) >> i) & 1:
            put(at, word(own + _VALUE + 8 * i))
            at += 8
        else:
            size, item = word(own + _SIZE + 8 * i), _item(table, found, i)
            at = _put_vector(at, word(own + _AT + 8 * i), size, item)
    _put_vector(at, target, word(own + _MOST), step)
    loop, record, form = word(found + 8 * LOOP), own + _RECORD, word(found + 8 * FORM)
    is_double = np.int64(word(found + 8 * ITEM) == 8)
    if form == V_V:
        _v_v(loop, record, is_double)
    elif form == VV_V:
        _vv_v(loop, record, is_double)
    elif form == VNN_V:
        _vnn_v(loop, record, is_double)
    elif form == VVVN_V:
        _vvvn_v(loop, record, is_double)
    else:
        _bvv_v(loop, record, is_double)


@callback()
def pointwise(me: int, arguments: int, count: int) -> int:
    """A loop over the elements of tensors and numbers, whose shapes are equal or fill the last dims."""
    table = word(me + DATA)
    if count != word(table + 8 * COUNT) or word(word(table + 8 * INFERENCE) + LENGTH) != 0:
        return _none(table)
    own = scratch()
    if not _gather(table, arguments, own):
        return _none(table)
    dtype, model = word(own + _DTYPE), word(own + _MODEL)
    found = _kind(table, dtype)
    inner = 0 if found == 0 else _place(table, arguments, own, found)
    if inner == 0:
        return _none(table)
    step, result = word(found + 8 * ITEM), word(table + 8 * RESULT_DTYPE)
    in_place = word(table + 8 * IN_PLACE) != 0
    if in_place:
        made = word(own + _FROM)
        if not _may_be_written(own, word(table + 8 * COUNT), half_word(model + RANK), step):
            return _none(table)
    else:
        if result != 0:
            dtype, step = result, 1
        made = _new_array(table, dtype, half_word(model + RANK), word(model + SIZES))
        if made == 0:
            return 0
    if word(found + 8 * FORM) == UFUNC_LOOP:
        _run_loop(table, own, found, inner, word(made + DATA), step)
    else:
        _run_kernel(table, own, found, word(made + DATA), step)
    return _given(table, arguments) if in_place else _tensor(table, made)


# -- row by row -------------------------------------------------------------------------------------


@kernel(frozenset(), forceinline=True)
def _integer(table: int, item: int, at: int, otherwise: int) -> int:
    """Python's integer, `otherwise` if it is something else or very large; `at` is free memory."""
    if word(item + CLASS) != word(table + 8 * INT):
        return otherwise
    put(at, 0)
    value: int = _call_2(word(table + 8 * AS_INTEGER), item, at)
    return otherwise if half_word(at) != 0 else value


@kernel(frozenset(), forceinline=True)
def _finish(table: int, found: int, target: int, results: int, summed: int) -> None:
    """What is done with the sums afterwards."""
    what, item = word(table + 8 * AFTERWARDS), word(found + 8 * ITEM)
    if what == NOTHING:
        return
    for place in range(results):
        at = target + item * place
        if item == 4:
            value = number_at(at, np.float32(0))
            put(at, value / np.float32(summed) if what == DIVIDE else np.sqrt(value))
        else:
            wide = number_at(at, 0.0)
            put(at, wide / np.float64(summed) if what == DIVIDE else np.sqrt(wide))


_NO_DIM = -(1 << 62)


@kernel(frozenset(), forceinline=True)
def _lines(table: int, own: int, array: int, found: int, given: int) -> int:
    """Write down the lines along which a kernel goes, and what remains of the dims; gives its address, or 0."""
    rank, sizes, size = half_word(array + RANK), word(array + SIZES), _size(array)
    if rank == 0 or not 0 < size <= word(table + 8 * MOST):
        return 0
    dim = _integer(table, given, own, _NO_DIM)
    dim = dim + rank if dim < 0 else dim
    loop: int = word(found + 8 * LOOP)
    first, dims, width, results = 0, rank - 1, size, 1
    if given == word(table + 8 * NONE) and size <= word(table + 8 * WHOLE):
        dims = 0
    elif dim == rank - 1:
        width = word(sizes + 8 * dim)
        results = size // width
    elif dim == 0 and word(found + 8 * LOOP_DATA) != 0:
        results = width = size // word(sizes)
        first = 1
        loop = word(found + 8 * LOOP_DATA)
    else:
        return 0
    put(own + _WIDTH, width)
    put(own + _RESULTS, results)
    put(own + _DIMS, dims)
    put(own + _SIZES, sizes + 8 * first)
    return loop


@callback()
def rows(me: int, arguments: int, count: int) -> int:
    """A kernel over rows, or columns: ``(input, dim)``, or also what is taken from the elements of each."""
    table = word(me + DATA)
    if count != word(table + 8 * COUNT) or word(word(table + 8 * INFERENCE) + LENGTH) != 0:
        return _none(table)
    own, item = scratch(), word(arguments)
    array = 0
    if word(item + CLASS) == word(table + 8 * TENSOR):
        array = word(item + word(table + 8 * ARRAY))
    if array == 0 or (half_word(array + FLAGS) & IN_ORDER) != IN_ORDER:
        return _none(table)
    found = _kind(table, word(array + KIND))
    loop = 0 if found == 0 else _lines(table, own, array, found, word(arguments + 8))
    if loop == 0:
        return _none(table)
    form, step = word(found + 8 * FORM), word(found + 8 * ITEM)
    width, results, size = word(own + _WIDTH), word(own + _RESULTS), _size(array)
    at = _put_matrix(own + _RECORD, word(array + DATA), size // width, width, step)
    if form == MN_V:
        free = _integer(table, word(arguments + 16), own, _NO_DIM)
        if not 0 <= free <= EXACT:
            return _none(table)
        divisor = np.float64(max(width - free, 0))
        if step == 4:
            put(at, np.float32(divisor))
        else:
            put(at, divisor)
        at += 8
    dims = half_word(array + RANK) if form == M_M else word(own + _DIMS)
    made = _new_array(table, word(array + KIND), dims, word(own + _SIZES))
    if made == 0:
        return 0
    target, record, is_double = word(made + DATA), own + _RECORD, np.int64(step == 8)
    if form == M_M:
        _put_matrix(at, target, size // width, width, step)
        _m_m(loop, record, is_double)
        return _tensor(table, made)
    _put_vector(at, target, results, step)
    if form == M_V:
        _m_v(loop, record, is_double)
    else:
        _mn_v(loop, record, is_double)
    _finish(table, found, target, results, size // results)
    return _tensor(table, made)
