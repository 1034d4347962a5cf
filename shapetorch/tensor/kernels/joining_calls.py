"""Small tensors put side by side in one piece of machine code; see `pointwise_calls`."""

from __future__ import annotations

from shapetorch.tensor.kernels.compiling import callback, kernel
from shapetorch.tensor.kernels.machine import copy, half_word, put, scratch, word
from shapetorch.tensor.kernels.objects import (
    CLASS,
    DATA,
    ITEM,
    ITEMS,
    KIND,
    LENGTH,
    LIST,
    MOST,
    MOST_DIMS,
    NO_DIM,
    RANK,
    SIZES,
    TUPLE,
    array_of,
    entry,
    integer,
    is_refused,
    kind_of,
    new_array,
    refusal,
    tensor_of,
)


@kernel(frozenset(), forceinline=True)
def _alike_but(first: int, other: int, dim: int) -> bool:
    """Whether arrays are of one dtype and, but for a dim, of one shape."""
    rank = half_word(first + RANK)
    if word(first + KIND) != word(other + KIND) or half_word(other + RANK) != rank:
        return False
    sizes, others = word(first + SIZES), word(other + SIZES)
    for place in range(rank):
        if place != dim and word(sizes + 8 * place) != word(others + 8 * place):
            return False
    return True


@callback()
def joined(me: int, arguments: int, count: int) -> int:
    """``(tensors, dim)``: a list or tuple of tensors, one after the other along a dim."""
    table = word(me + DATA)
    if is_refused(table, count):
        return refusal(table)
    own, given = scratch(), word(arguments)
    if word(given + CLASS) == entry(table, LIST):
        items = word(given + ITEMS)
    elif word(given + CLASS) == entry(table, TUPLE):
        items = given + ITEMS
    else:
        return refusal(table)
    parts = word(given + LENGTH)
    first = 0 if parts == 0 else array_of(table, word(items))
    found = 0 if first == 0 else kind_of(table, word(first + KIND))
    if found == 0:
        return refusal(table)
    rank, sizes = half_word(first + RANK), word(first + SIZES)
    dim = integer(table, word(arguments + 8), own, NO_DIM)
    dim = dim + rank if dim < 0 else dim
    if not 0 <= dim < rank or rank > MOST_DIMS:
        return refusal(table)
    length = 0
    for place in range(parts):
        part = array_of(table, word(items + 8 * place))
        if part == 0 or not _alike_but(first, part, dim):
            return refusal(table)
        length += word(word(part + SIZES) + 8 * dim)
    before, after = 1, entry(found, ITEM)
    for place in range(rank):
        size = word(sizes + 8 * place)
        put(own + 8 * place, length if place == dim else size)
        if place < dim:
            before *= size
        elif place > dim:
            after *= size
    if not 0 < before * length * after <= entry(found, ITEM) * entry(table, MOST):
        return refusal(table)
    made = new_array(table, word(first + KIND), rank, own)
    if made == 0:
        return 0
    target = word(made + DATA)
    for place in range(parts):
        part = array_of(table, word(items + 8 * place))
        source, piece = word(part + DATA), word(word(part + SIZES) + 8 * dim) * after
        for block in range(before):
            copy(target + block * length * after, source + block * piece, piece)
        target += piece
    return tensor_of(table, made)
