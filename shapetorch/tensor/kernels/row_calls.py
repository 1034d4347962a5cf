"""Reductions and softmaxes of small tensors as one piece of machine code each; see `pointwise_calls`."""

from __future__ import annotations

import numpy as np

from shapetorch.tensor.kernels.compiling import callback, kernel
from shapetorch.tensor.kernels.machine import (
    half_word,
    kernel_function,
    number_at,
    put,
    scratch,
    word,
)
from shapetorch.tensor.kernels.objects import (
    AFTERWARDS,
    DATA,
    DIVIDE,
    EXACT,
    FORM,
    ITEM,
    KIND,
    LOOP,
    LOOP_DATA,
    M_M,
    M_V,
    MN_V,
    MOST,
    NO_DIM,
    NONE,
    NOTHING,
    RANK,
    SIZES,
    WHOLE,
    array_of,
    entry,
    integer,
    is_refused,
    kind_of,
    new_array,
    put_matrix,
    put_vector,
    refusal,
    size_of,
    tensor_of,
)

_m_m, _m_v, _mn_v = kernel_function("mm"), kernel_function("mv"), kernel_function("mnv")

# places in the scratch memory
_WIDTH, _RESULTS, _DIMS, _SIZES, _RECORD = 0, 8, 16, 24, 32


@kernel(frozenset(), forceinline=True)
def _finish(table: int, found: int, target: int, results: int, summed: int) -> None:
    """What is done with the sums afterwards."""
    what, item = entry(table, AFTERWARDS), entry(found, ITEM)
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


@kernel(frozenset(), forceinline=True)
def _lines(table: int, own: int, array: int, found: int, given: int) -> int:
    """Write down the lines along which a kernel goes, and what remains of the dims; gives its address, or 0."""
    rank, sizes, size = half_word(array + RANK), word(array + SIZES), size_of(array)
    if rank == 0 or not 0 < size <= entry(table, MOST):
        return 0
    dim = integer(table, given, own, NO_DIM)
    dim = dim + rank if dim < 0 else dim
    loop: int = entry(found, LOOP)
    first, dims, width, results = 0, rank - 1, size, 1
    if given == entry(table, NONE) and size <= entry(table, WHOLE):
        dims = 0
    elif dim == rank - 1:
        width = word(sizes + 8 * dim)
        results = size // width
    elif dim == 0 and entry(found, LOOP_DATA) != 0:
        results = width = size // word(sizes)
        first = 1
        loop = entry(found, LOOP_DATA)
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
    if is_refused(table, count):
        return refusal(table)
    own, array = scratch(), array_of(table, word(arguments))
    found = 0 if array == 0 else kind_of(table, word(array + KIND))
    loop = 0 if found == 0 else _lines(table, own, array, found, word(arguments + 8))
    if loop == 0:
        return refusal(table)
    form, step = entry(found, FORM), entry(found, ITEM)
    width, results, size = word(own + _WIDTH), word(own + _RESULTS), size_of(array)
    at = put_matrix(own + _RECORD, word(array + DATA), size // width, width, step)
    if form == MN_V:
        free = integer(table, word(arguments + 16), own, NO_DIM)
        if not 0 <= free <= EXACT:
            return refusal(table)
        divisor = np.float64(max(width - free, 0))
        if step == 4:
            put(at, np.float32(divisor))
        else:
            put(at, divisor)
        at += 8
    dims = half_word(array + RANK) if form == M_M else word(own + _DIMS)
    made = new_array(table, word(array + KIND), dims, word(own + _SIZES))
    if made == 0:
        return 0
    target, record, is_double = word(made + DATA), own + _RECORD, np.int64(step == 8)
    if form == M_M:
        put_matrix(at, target, size // width, width, step)
        status = _m_m(loop, record, is_double)
        return tensor_of(table, made) if status == 0 else 0
    put_vector(at, target, results, step)
    status = _m_v(loop, record, is_double) if form == M_V else _mn_v(loop, record, is_double)
    if status != 0:
        return 0  # it reached beyond its operands: Python says that there is no result
    _finish(table, found, target, results, size // results)
    return tensor_of(table, made)
