"""Calls of matrix and vector products."""

from __future__ import annotations

import random
from dataclasses import replace

from tests.rules.oracle import (
    Call,
    T,
    any_dim,
    broadcastable,
    maybe_other,
    maybe_other_rank,
    samples,
    shape,
    size,
)


def _matrix_pair(rng: random.Random) -> tuple[tuple[int, ...], tuple[int, ...]]:
    batch = shape(rng, 0, 3)
    other = broadcastable(rng, batch)
    m, k, n = size(rng), size(rng), size(rng)
    a = (*batch, m, k) if rng.random() < 0.75 else (k,)
    k = maybe_other(rng, k, 0.15)
    b = (*other, k, n) if rng.random() < 0.75 else (k,)
    if rng.random() < 0.04:
        a = ()
    return (a, b) if rng.random() < 0.9 else (a, ())


@samples("matmul")
def matmul(rng: random.Random) -> Call:
    a, b = _matrix_pair(rng)
    names = ["torch.matmul", "torch.linalg.matmul", "Tensor.matmul", "Tensor.__matmul__"]
    return Call(rng.choice(names), (T(a), T(b)))


def _k2(rng: random.Random) -> tuple[int, int]:
    k = size(rng)
    return k, maybe_other(rng, k, 0.2)


def _spoilt(rng: random.Random, value: tuple[int, ...]) -> T:
    return T(maybe_other_rank(rng, value, 0.08))


@samples("mm")
def mm(rng: random.Random) -> Call:
    k, other = _k2(rng)
    pair = (_spoilt(rng, (size(rng), k)), _spoilt(rng, (other, size(rng))))
    return Call(rng.choice(["torch.mm", "Tensor.mm"]), pair)


@samples("bmm")
def bmm(rng: random.Random) -> Call:
    k, other = _k2(rng)
    b = size(rng)
    pair = (
        _spoilt(rng, (b, size(rng), k)),
        _spoilt(rng, (maybe_other(rng, b, 0.1), other, size(rng))),
    )
    return Call(rng.choice(["torch.bmm", "Tensor.bmm"]), pair)


@samples("mv")
def mv(rng: random.Random) -> Call:
    k, other = _k2(rng)
    pair = (_spoilt(rng, (size(rng), k)), _spoilt(rng, (other,)))
    return Call(rng.choice(["torch.mv", "Tensor.mv"]), pair)


@samples("dot", "vdot")
def dot(rng: random.Random) -> Call:
    k, other = _k2(rng)
    name = rng.choice(["dot", "vdot"])
    return Call(
        rng.choice([f"torch.{name}", f"Tensor.{name}"]),
        (_spoilt(rng, (k,)), _spoilt(rng, (other,))),
    )


@samples("inner")
def inner(rng: random.Random) -> Call:
    k, other = _k2(rng)
    a = (*shape(rng, 0, 2), k) if rng.random() < 0.9 else ()
    b = (*shape(rng, 0, 2), other) if rng.random() < 0.9 else ()
    return Call(rng.choice(["torch.inner", "Tensor.inner"]), (T(a), T(b)))


@samples("outer")
def outer(rng: random.Random) -> Call:
    target = rng.choice(["torch.outer", "torch.ger", "Tensor.outer", "Tensor.ger"])
    a = T(maybe_other_rank(rng, (size(rng),), 0.2))
    return Call(target, (a, T(maybe_other_rank(rng, (size(rng),), 0.2))))


def _addend(rng: random.Random, result: tuple[int, ...]) -> T:
    chance = rng.random()
    if chance < 0.5:
        return T(result)
    if chance < 0.9:
        return T(broadcastable(rng, result, 0.1))
    return T((size(rng), *result))


def _fused(rng: random.Random, name: str, addend: T, a: T, b: T) -> Call:
    target = rng.choice([f"torch.{name}", f"Tensor.{name}", f"Tensor.{name}_"])
    return Call(target, (addend, a, b), rng.choice([{}, {"beta": 0.5, "alpha": 2}]))


@samples("addmm")
def addmm(rng: random.Random) -> Call:
    m, n = size(rng), size(rng)
    k, other = _k2(rng)
    return _fused(
        rng, "addmm", _addend(rng, (m, n)), _spoilt(rng, (m, k)), _spoilt(rng, (other, n))
    )


@samples("addmv")
def addmv(rng: random.Random) -> Call:
    m = size(rng) or 2  # with an empty matrix PyTorch forgets to expand the addend
    k, other = (item or 2 for item in _k2(rng))
    addend = _addend(rng, (m,))
    if not addend.shape:
        other = k  # PyTorch's message about the sizes fails itself
    return _fused(rng, "addmv", addend, _spoilt(rng, (m, k)), _spoilt(rng, (other,)))


@samples("addr")
def addr(rng: random.Random) -> Call:
    m, n = size(rng), size(rng)
    return _fused(rng, "addr", _addend(rng, (m, n)), _spoilt(rng, (m,)), _spoilt(rng, (n,)))


@samples("addbmm")
def addbmm(rng: random.Random) -> Call:
    b, m, n = size(rng), size(rng), size(rng)
    k, other = _k2(rng)
    a = _spoilt(rng, (b, m, k))
    second = _spoilt(rng, (maybe_other(rng, b, 0.1), other, n))
    call = _fused(rng, "addbmm", _addend(rng, (m, n)), a, second)
    if call.target.endswith("_"):  # a tensor that is too small is resized, and then read
        call = replace(call, args=(T((m, n)), a, second))
    return call


@samples("baddbmm")
def baddbmm(rng: random.Random) -> Call:
    b, m, n = size(rng), size(rng), size(rng)
    k, other = _k2(rng)
    a = _spoilt(rng, (b, m, k))
    return _fused(
        rng,
        "baddbmm",
        _addend(rng, (b, m, n)),
        a,
        _spoilt(rng, (maybe_other(rng, b, 0.1), other, n)),
    )


def _chain(rng: random.Random, spoil: float) -> list[tuple[int, ...]]:
    count = rng.randint(2, 4)
    edges = [size(rng) for _ in range(count + 1)]
    return [(maybe_other(rng, edges[i], spoil), edges[i + 1]) for i in range(count)]


@samples("chain_matmul")
def chain_matmul(rng: random.Random) -> Call:
    return Call("torch.chain_matmul", tuple(_spoilt(rng, item) for item in _chain(rng, 0.1)))


@samples("multi_dot")
def multi_dot(rng: random.Random) -> Call:
    matrices = _chain(rng, 0.1)
    if rng.random() < 0.25:
        matrices[0] = matrices[0][1:]
    if rng.random() < 0.25:
        matrices[-1] = matrices[-1][:1]
    if rng.random() < 0.05:
        matrices = matrices[:1]
    return Call("torch.linalg.multi_dot", ([_spoilt(rng, item) for item in matrices],))


@samples("kron", never_rejects="every two shapes will do")
def kron(rng: random.Random) -> Call:
    pair = (T(shape(rng, 0, 3)), T(shape(rng, 0, 3)))
    return Call(rng.choice(["torch.kron", "Tensor.kron"]), pair)


@samples("tensordot")
def tensordot(rng: random.Random) -> Call:
    shared = shape(rng, 0, 3)
    a, b = (*shape(rng, 0, 2), *shared), (*broadcastable(rng, shared, 0.1), *shape(rng, 0, 2))
    if rng.random() < 0.4:
        return Call("torch.tensordot", (T(a), T(b)), {"dims": len(shared) + (rng.random() < 0.15)})
    b = (*(maybe_other(rng, item, 0.1) for item in shared), *shape(rng, 0, 2))
    left = list(range(len(a) - len(shared), len(a)))
    right = list(range(len(shared)))
    order = rng.sample(range(len(shared)), len(shared))
    left, right = [left[i] for i in order], [right[i] for i in order]
    if rng.random() < 0.3:
        left = [i - len(a) for i in left]
    if left and rng.random() < 0.1:
        left[0] = rng.choice([left[-1], 7, len(a)])
    if rng.random() < 0.05:
        right = [*right, 0]
    return Call("torch.tensordot", (T(a), T(b), (left, right)))


def _with_three(rng: random.Random) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    whole = list(shape(rng, 1, 4))
    place = rng.randrange(len(whole))
    whole[place] = maybe_other(rng, 3, 0.2)
    other = [maybe_other(rng, item, 0.05) if rng.random() < 0.8 else 1 for item in whole]
    other[place] = maybe_other(rng, whole[place], 0.1)
    return tuple(whole), maybe_other_rank(rng, tuple(other), 0.08), place


@samples("cross")
def cross(rng: random.Random) -> Call:
    a, b, place = _with_three(rng)
    place = rng.choice([place, place, place - len(a), any_dim(rng, len(a), 0.5)])
    if rng.random() < 0.3:
        return Call(rng.choice(["torch.cross", "Tensor.cross"]), (T(a), T(b)))
    if rng.random() < 0.5:
        return Call(rng.choice(["torch.cross", "Tensor.cross"]), (T(a), T(b), place))
    return Call("torch.linalg.cross", (T(a), T(b)), {"dim": place} if rng.random() < 0.7 else {})


@samples("vecdot")
def vecdot(rng: random.Random) -> Call:
    a = shape(rng, 0, 4)
    b = broadcastable(rng, a, 0.08)
    kwargs = {"dim": any_dim(rng, len(a))} if rng.random() < 0.6 else {}
    return Call("torch.linalg.vecdot", (T(a), T(b)), kwargs)


@samples("cdist")
def cdist(rng: random.Random) -> Call:
    m, other = _k2(rng)
    batch = shape(rng, 0, 2)
    a, b = (*batch, size(rng), m), (*broadcastable(rng, batch, 0.1), size(rng), other)
    if rng.random() < 0.08:
        a = a[-1:]
    return Call("torch.cdist", (T(a), T(b)), rng.choice([{}, {"p": 1.0}]))


@samples("pdist")
def pdist(rng: random.Random) -> Call:
    tensor = T(shape(rng, rng.choice((0, 2, 2)), rng.choice((2, 3))))
    return Call(rng.choice(["torch.pdist", "torch.nn.functional.pdist"]), (tensor,))
