"""Sums of products of labelled arrays: how einsum, tensordot and their like are computed.

A term is a tuple of labels, one for each dim, all different; equal labels have equal sizes. Labels
that are not in the output are summed over. Two arrays at a time are multiplied as a batch of
matrices, in an order that keeps what lies between small.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from math import prod
from typing import Any, TypeAlias

import numpy as np

from shapetorch.tensor.dtypes import OF_NUMPY, promote_types
from shapetorch.tensor.matrix_arrays import check_one_dtype, matrix_product
from shapetorch.tensor.modes import INFERENCE
from shapetorch.tensor.quiet import quietly
from shapetorch.tensor.sums import sum_along
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, wrap

Term: TypeAlias = tuple[Hashable, ...]
EXHAUSTIVE = 5
"""Up to so many operands every order is tried; of more, the cheapest next pair is taken."""


def contract(terms: Sequence[Term], tensors: Sequence[Tensor], output: Term) -> Tensor:
    """The sum of products of tensors over the labels that are not in `output`.

    Args:
        terms: The labels of each tensor's dims.
        tensors: The tensors, of one dtype.
        output: The labels of the result's dims, each in a term.
    """
    terms = tuple(map(tuple, terms))
    output = tuple(output)
    arrays = [tensor._array for tensor in tensors]
    if not INFERENCE and all(tensor._meta is None for tensor in tensors):
        return wrap(contract_arrays(terms, arrays, output))
    needed = [tensor.requires_grad for tensor in tensors]
    saved = [
        tensor if any(needed[:place] + needed[place + 1 :]) else None
        for place, tensor in enumerate(tensors)
    ]
    result = contract_arrays(terms, arrays, output)
    return record(result, tensors, contract_backward, saved, terms=terms, output=output)


def contract_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """Of each factor the sum of the gradient's products with the others; all places count alike
    along a dim that no other has."""
    factors = node.saved
    return tuple(
        _factor_gradient(node, grad, factors, place) if needed else None
        for place, needed in enumerate(node.needs)
    )


def _factor_gradient(node: Any, grad: Tensor, factors: Sequence[Any], place: int) -> Tensor:
    others = [other for other in range(len(factors)) if other != place]
    terms = [node.output, *(node.terms[other] for other in others)]
    known = {label for term in terms for label in term}
    wanted = node.terms[place]
    found = tuple(label for label in wanted if label in known)
    made = contract(terms, [grad, *(factors[other].conj_physical() for other in others)], found)
    if len(found) == len(wanted):
        return made
    shape = node.metas[place][0]
    sizes = [size if label in known else 1 for label, size in zip(wanted, shape, strict=True)]
    return made.reshape(sizes).expand(shape)  # type: ignore[no-any-return]


# -- arrays -------------------------------------------------------------------------------------------


def contract_arrays(terms: Sequence[Term], arrays: Sequence[Array], output: Term) -> Array:
    """See `contract`; the result has memory of its own, in the order of its dims."""
    operands = list(zip(terms, arrays, strict=True))
    if len(operands) == 1:
        term, array = operands[0]
        return _ordered(*_summed(term, array, set(output)), output, arrays)
    sizes = {
        label: size
        for term, array in operands
        for label, size in zip(term, array.shape, strict=True)
    }
    path = contraction_order(tuple(terms), output, tuple(sizes.items()))
    for first, second in path:
        right, left = operands.pop(second), operands.pop(first)
        needed = set(output).union(*(term for term, _ in operands))
        operands.append(_pair(left, right, needed, sizes))
    return _ordered(*operands[0], output, arrays)


def _ordered(term: Term, array: Array, output: Term, operands: Sequence[Array]) -> Array:
    if term != output:
        array = array.transpose([term.index(label) for label in output])
    made = np.ascontiguousarray(array) if array.ndim else array
    is_shared = any(np.may_share_memory(made, item) for item in operands)
    return made.copy() if is_shared else made


def _summed(term: Term, array: Array, needed: set[Hashable]) -> tuple[Term, Array]:
    over = tuple(place for place, label in enumerate(term) if label not in needed)
    if not over:
        return term, array
    if array.dtype.kind in "biu":  # as PyTorch's sums
        array = array.astype(np.int64)
    return tuple(label for label in term if label in needed), sum_along(array, over)


def _without(term: Term, array: Array, single: set[Hashable]) -> tuple[Term, Array]:
    kept = [place for place, label in enumerate(term) if label not in single]
    return tuple(term[place] for place in kept), array.reshape([array.shape[i] for i in kept])


def _pair(
    left: tuple[Term, Array],
    right: tuple[Term, Array],
    needed: set[Hashable],
    sizes: Mapping[Hashable, int],
) -> tuple[Term, Array]:
    """The product of two operands, summed over the labels that nothing needs any more."""
    labels = {*left[0], *right[0]}
    single = {label for label in labels if label not in needed and sizes[label] == 1}
    if single:  # nothing to sum
        left, right = _without(*left, single), _without(*right, single)
    left = _summed(*left, needed | set(right[0]))
    right = _summed(*right, needed | set(left[0]))
    (a_term, a), (b_term, b) = left, right
    common = [label for label in a_term if label in b_term]
    batch = [label for label in common if label in needed]
    inner = [label for label in common if label not in needed]
    rows = [label for label in a_term if label not in common]
    columns = [label for label in b_term if label not in common]
    if not inner:
        return _outer(a_term, a, b_term, b, (*batch, *rows, *columns))
    check_one_dtype("einsum", a, b)
    first = _matrix(a_term, a, (batch, rows, inner), sizes)
    second = _matrix(b_term, b, (batch, inner, columns), sizes)
    made = matrix_product(first, second)
    term = (*batch, *rows, *columns)
    return term, made.reshape([sizes[label] for label in term])


def _matrix(
    term: Term, array: Array, parts: tuple[list[Hashable], ...], sizes: Mapping[Hashable, int]
) -> Array:
    """An array as a batch of matrices; without a batch, as a matrix."""
    labels = [label for part in parts for label in part]
    turned = array.transpose([term.index(label) for label in labels])
    shape = [prod([sizes[label] for label in part]) for part in parts]
    return turned.reshape(shape if parts[0] else shape[1:])


def _outer(
    a_term: Term, a: Array, b_term: Term, b: Array, term: tuple[Hashable, ...]
) -> tuple[Term, Array]:
    """The product of two operands over whose labels nothing is summed."""
    if a.dtype != b.dtype:
        kind = promote_types(OF_NUMPY[a.dtype], OF_NUMPY[b.dtype]).numpy
        a, b = a.astype(kind), b.astype(kind)
    return term, np.asarray(
        quietly(np.multiply, _aligned(a_term, a, term), _aligned(b_term, b, term))
    )


def _aligned(own: Term, array: Array, term: Term) -> Array:
    turned = array.transpose([own.index(label) for label in term if label in own])
    sizes = iter(turned.shape)
    return turned.reshape([next(sizes) if label in own else 1 for label in term])


# -- the order ----------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def contraction_order(
    terms: tuple[Term, ...], output: Term, sizes: tuple[tuple[Hashable, int], ...]
) -> tuple[tuple[int, int], ...]:
    """Which two operands to multiply, one pair after the other: the cheapest order.

    A product takes the places of its operands and stands last.
    """
    known = dict(sizes)
    if len(terms) == 2:
        return ((0, 1),)
    if len(terms) <= EXHAUSTIVE:
        return _best(terms, output, known)[1]
    path = []
    left = list(terms)
    while len(left) > 1:
        pair = min(
            combinations(range(len(left)), 2),
            key=lambda pair: _growth(left, pair, output, known),
        )
        path.append(pair)
        left = _after(left, pair, output)
    return tuple(path)


def _best(
    terms: Sequence[Term], output: Term, sizes: Mapping[Hashable, int]
) -> tuple[float, tuple[tuple[int, int], ...]]:
    if len(terms) == 1:
        return 0, ()
    found: list[tuple[float, tuple[tuple[int, int], ...]]] = []
    for pair in combinations(range(len(terms)), 2):
        cost, path = _best(_after(terms, pair, output), output, sizes)
        labels = {*terms[pair[0]], *terms[pair[1]]}
        found.append((cost + prod([sizes[label] for label in labels]), (pair, *path)))
    return min(found, key=lambda item: item[0])


def _after(terms: Sequence[Term], pair: tuple[int, int], output: Term) -> list[Term]:
    rest = [term for place, term in enumerate(terms) if place not in pair]
    needed = set(output).union(*rest)
    both = dict.fromkeys((*terms[pair[0]], *terms[pair[1]]))
    return [*rest, tuple(label for label in both if label in needed)]


def _growth(
    terms: Sequence[Term], pair: tuple[int, int], output: Term, sizes: Mapping[Hashable, int]
) -> float:
    """By how much the product is larger than both operands."""
    made = _after(terms, pair, output)[-1]
    before = sum(prod([sizes[label] for label in terms[place]]) for place in pair)
    return prod([sizes[label] for label in made]) - before
