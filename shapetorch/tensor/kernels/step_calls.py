"""A step of an optimizer for a list of small parameters in one piece of machine code; see `pointwise_calls`."""

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
    CLASS,
    COUNT,
    DATA,
    FLAGS,
    ITEM,
    ITEMS,
    KIND,
    KINDS,
    LENGTH,
    LIST,
    LOOP,
    MOST,
    NONE,
    NUMBERS,
    RANK,
    SHARE,
    SIZES,
    WRITEABLE,
    array_of,
    call_1,
    ends_like,
    entry,
    kind_of,
    put_vector,
    refusal,
    size_of,
)

_of_two, _of_three = kernel_function("vvv"), kernel_function("vvvv")
_of_four, _of_five = kernel_function("vvvvv"), kernel_function("vvvvvv")
MOST_NUMBERS = 16
SIZE, SCALE, BETA1, BETA2 = 6, 7, 9, 10
"""Where Adam's numbers are that depend on how many steps there have been, and what they depend on."""

_RECORD, _NUMBERS = 0, 8 * 48  # places in the scratch memory


@kernel(frozenset(), forceinline=True)
def _items(table: int, given: int) -> int:
    """Where the items of a list are; 0 if it is none."""
    return word(given + ITEMS) if word(given + CLASS) == entry(table, LIST) else 0


@kernel(frozenset(), forceinline=True)
def _row(table: int, lists: int, place: int, own: int) -> int:
    """Write down the arrays of a parameter and of what belongs to it; gives where its loop is, or 0."""
    first, found, at = 0, 0, own + _RECORD
    for i in range(entry(table, COUNT)):
        array = array_of(table, word(word(word(lists + 8 * i) + ITEMS) + 8 * place))
        if array == 0 or (half_word(array + FLAGS) & WRITEABLE) == 0:
            return 0
        if i == 0:
            first, found = array, kind_of(table, word(array + KIND))
            if found == 0:
                return 0
        rank = half_word(first + RANK)
        if word(array + KIND) != word(first + KIND) or half_word(array + RANK) != rank:
            return 0
        if not ends_like(array, rank, word(first + SIZES)):
            return 0
        at = put_vector(at, word(array + DATA), size_of(first), entry(found, ITEM))
    put_vector(at, own + _NUMBERS, entry(table, NUMBERS), entry(found, ITEM))
    return found


@kernel(frozenset(), forceinline=True)
def _steps_at(table: int, steps: int, place: int) -> float:
    """How many steps a parameter has had; less than 0 if that is not known."""
    array = array_of(table, word(word(steps + ITEMS) + 8 * place))
    if array == 0 or size_of(array) != 1:
        return -1.0
    kind = word(array + KIND)
    if kind == entry(table, KINDS):
        return np.float64(number_at(word(array + DATA), np.float32(0)))
    return -1.0


@kernel(frozenset(), forceinline=True)
def _put_numbers(table: int, numbers: int, steps: float, found: int, own: int) -> None:
    """Write down the numbers as the loop takes them."""
    item = entry(found, ITEM)
    for place in range(entry(table, NUMBERS)):
        value = number_at(numbers + 8 * place, 0.0)
        if steps > 0 and place == SIZE:
            value /= 1 - number_at(numbers + 8 * BETA1, 0.0) ** steps
        elif steps > 0 and place == SCALE:
            value /= np.sqrt(1 - number_at(numbers + 8 * BETA2, 0.0) ** steps)
        at = own + _NUMBERS + item * place
        if item == 4:
            put(at, np.float32(value))
        else:
            put(at, value)


@callback()
def steps(me: int, arguments: int, count: int) -> int:
    """``(numbers, steps, *lists)``: the step of each parameter that is not too large; its first argument.

    The numbers are an array of float64; `steps` is None, or a list of tensors of one number.
    """
    table = word(me + DATA)
    rows = entry(table, COUNT)
    if count != rows + 2:
        return refusal(table)
    own, numbers, done = scratch(), word(word(arguments) + DATA), word(arguments + 8)
    lists = arguments + 16
    if done != entry(table, NONE) and _items(table, done) == 0:
        return refusal(table)
    for i in range(rows):
        if _items(table, word(lists + 8 * i)) == 0:
            return refusal(table)
    length = word(word(lists) + LENGTH)
    for i in range(rows):
        if word(word(lists + 8 * i) + LENGTH) != length:
            return refusal(table)
    if length == 0 or (done != entry(table, NONE) and word(done + LENGTH) != length):
        return refusal(table)
    for place in range(length):
        if _row(table, lists, place, own) == 0:
            return refusal(table)
        if done != entry(table, NONE) and _steps_at(table, done, place) <= 0:
            return refusal(table)
    for place in range(length):
        found = _row(table, lists, place, own)
        size = word(own + _RECORD + 16)
        if size == 0 or size > entry(table, MOST):
            continue
        had = -1.0 if done == entry(table, NONE) else _steps_at(table, done, place)
        _put_numbers(table, numbers, had, found, own)
        loop, record = entry(found, LOOP), own + _RECORD
        is_double = np.int64(entry(found, ITEM) == 8)
        if rows == 2:
            status = _of_two(loop, record, is_double)
        elif rows == 3:
            status = _of_three(loop, record, is_double)
        elif rows == 4:
            status = _of_four(loop, record, is_double)
        else:
            status = _of_five(loop, record, is_double)
        if status != 0:
            return 0
    first: int = word(arguments)
    call_1(entry(table, SHARE), first)
    return first
