"""Python's and NumPy's objects as machine code sees them, and the table that says where they are.

Each function that Python gets is a piece of machine code (`pointwise_calls`, `row_calls`, `joining_calls`) with
a table of words that makes it one operation; `binding` fills it.
"""

from __future__ import annotations

import numpy as np
from numba import types

from shapetorch.tensor.kernels.compiling import kernel
from shapetorch.tensor.kernels.machine import c_function, half_word, put, word

call_1, call_2, call_3, call_4, call_8 = map(c_function, (1, 2, 3, 4, 8))
_number_of = c_function(1, types.float64)

# -- the table --------------------------------------------------------------------------------------

(
    TENSOR,  # classes
    TAKEN,  # where those of operands are
    LIST,
    TUPLE,
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
) = range(32)
DTYPE, ITEM, FORM, LOOP, LOOP_DATA, KIND_WORDS = range(6)
KIND_COUNT = 4
TABLE_SIZE = KINDS + KIND_COUNT * KIND_WORDS

(
    UFUNC_LOOP,  # NumPy's: (addresses, sizes, steps, data)
    V_V,  # kernels, see `kernel_function`
    VV_V,
    VNN_V,
    VVVN_V,
    BVV_V,
    VVV_V,
    VVN_V,
    M_M,  # of rows: a loop over columns may stand where NumPy's have their data
    M_V,
    MN_V,
) = range(11)
NOTHING, DIVIDE, ROOT = range(3)
"""What is done afterwards: each sum is divided by its elements, the root of each is taken."""

# -- where things lie -------------------------------------------------------------------------------

CLASS = 8  # in every object
DATA, RANK, SIZES, KIND, FLAGS = 16, 24, 32, 56, 64  # in an array
LENGTH, ITEMS = (
    16,
    24,
)  # in a list, and in a tuple: a list says where the items are, a tuple has them
IN_ORDER = 0x101  # the flags of an array that is aligned, its elements in the order of its dims
WRITEABLE = 0x400
EXACT = 1 << 53  # integers up to this one are float64 numbers
NO_DIM = -(1 << 62)
MOST_DIMS = 64  # of an array


@kernel(frozenset(), forceinline=True)
def entry(table: int, place: int) -> int:
    """A word of the table, or of what it tells of a dtype."""
    value: int = word(table + 8 * place)
    return value


@kernel(frozenset(), forceinline=True)
def refusal(table: int) -> int:
    """None: the ordinary way is to be taken."""
    none: int = entry(table, NONE)
    call_1(entry(table, SHARE), none)
    return none


@kernel(frozenset(), forceinline=True)
def tensor_of(table: int, array: int) -> int:
    """A plain tensor of a new array, which it owns."""
    made: int = call_3(
        entry(table, NEW_TENSOR), entry(table, TENSOR), entry(table, NO_ARGUMENTS), 0
    )
    if made == 0:
        call_1(entry(table, RELEASE), array)
        return 0
    none, zero = entry(table, NONE), entry(table, ZERO)
    call_1(entry(table, SHARE), none)
    call_1(entry(table, SHARE), zero)
    put(made + entry(table, ARRAY), array)
    put(made + entry(table, META), none)
    put(made + entry(table, WRITES), zero)
    return made


@kernel(frozenset(), forceinline=True)
def given_again(table: int, arguments: int) -> int:
    """The first argument again."""
    first: int = word(arguments)
    call_1(entry(table, SHARE), first)
    return first


@kernel(frozenset(), forceinline=True)
def new_array(table: int, dtype: int, rank: int, sizes: int) -> int:
    """An array that is not initialised; 0 if there is no memory, which is Python's to report."""
    call_1(entry(table, SHARE), dtype)
    made: int = call_8(
        entry(table, NEW_ARRAY), entry(table, NDARRAY), dtype, rank, sizes, 0, 0, 0, 0
    )
    return made


@kernel(frozenset(), forceinline=True)
def is_taken(table: int, item: int) -> bool:
    """Whether it is a tensor like any other."""
    kind, taken = word(item + CLASS), entry(table, TAKEN)
    known: bool = kind == word(taken) or kind == word(taken + 8) or kind == word(taken + 16)
    return known


@kernel(frozenset(), forceinline=True)
def array_of(table: int, item: int) -> int:
    """The array of a plain tensor, its elements in order; 0 of anything else."""
    if not is_taken(table, item):
        return 0
    array: int = word(item + entry(table, ARRAY))
    return array if array != 0 and (half_word(array + FLAGS) & IN_ORDER) == IN_ORDER else 0


@kernel(frozenset(), forceinline=True)
def size_of(array: int) -> int:
    """How many elements an array has."""
    size, sizes = 1, word(array + SIZES)
    for place in range(half_word(array + RANK)):
        size *= word(sizes + 8 * place)
    return size


@kernel(frozenset(), forceinline=True)
def kind_of(table: int, dtype: int) -> int:
    """Where the table tells of the loop for a dtype; 0 if there is none."""
    at = table + 8 * KINDS
    for _ in range(KIND_COUNT):
        if entry(at, DTYPE) == dtype and entry(at, LOOP) != 0:
            return at
        at += 8 * KIND_WORDS
    return 0


@kernel(frozenset(), forceinline=True)
def put_number(table: int, item: int, kind: int, at: int) -> bool:
    """Write Python's number as one of the loop's dtype; whether it is one that can be written."""
    dtype_item = entry(kind, ITEM)
    if dtype_item == 1:  # beside truth values numbers have another dtype
        return False
    is_integer = entry(kind, DTYPE) == word(table + 8 * KINDS + 8 * (2 * KIND_WORDS + DTYPE))
    of = word(item + CLASS)
    if of == entry(table, FLOAT) and not is_integer:
        number = _number_of(entry(table, AS_DOUBLE), item)
    elif of == entry(table, INT):
        put(at + 8, 0)
        whole = call_2(entry(table, AS_INTEGER), item, at + 8)
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
def put_vector(record: int, address: int, size: int, item: int) -> int:
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
def put_matrix(record: int, address: int, rows: int, width: int, item: int) -> int:
    """As `put_vector`, of a matrix whose rows lie one after the other."""
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
def ends_like(array: int, rank: int, sizes: int) -> bool:
    """Whether an array has the last of these sizes."""
    own = half_word(array + RANK)
    own_sizes = word(array + SIZES)
    for place in range(own):
        if word(own_sizes + 8 * place) != word(sizes + 8 * (rank - own + place)):
            return False
    return True


@kernel(frozenset(), forceinline=True)
def integer(table: int, item: int, at: int, otherwise: int) -> int:
    """Python's integer, `otherwise` if it is something else or very large; `at` is free memory."""
    if word(item + CLASS) != entry(table, INT):
        return otherwise
    put(at, 0)
    value: int = call_2(entry(table, AS_INTEGER), item, at)
    return otherwise if half_word(at) != 0 else value


@kernel(frozenset(), forceinline=True)
def is_refused(table: int, count: int) -> bool:
    """Whether there are more or fewer arguments than there should be, or inference mode is on."""
    inference = entry(table, INFERENCE)
    return count != entry(table, COUNT) or word(inference + LENGTH) != 0
