"""Calls that reshape, reorder and repeat."""

from __future__ import annotations

import random
from collections.abc import Sequence
from math import prod

from tests.rules.oracle import Call, D, T, any_dim, maybe_other, samples, shape, size, sizes


def _either(rng: random.Random, name: str) -> str:
    return rng.choice((f"torch.{name}", f"Tensor.{name}"))


def _spread(rng: random.Random, items: Sequence[int]) -> tuple[object, ...]:
    """Several integers, one by one or as a tuple."""
    return tuple(items) if items and rng.random() < 0.5 else (tuple(items),)


def _factors(rng: random.Random, number: int) -> list[int]:
    """Sizes whose product is `number`."""
    if number == 0:
        return [0, *sizes(rng, rng.randint(0, 2))]
    found = []
    for prime in (2, 3, 5, 7):
        while number % prime == 0:
            number //= prime
            if found and rng.random() < 0.4:
                found[-1] *= prime
            else:
                found.append(prime)
    if rng.random() < 0.3:
        found.append(1)
    rng.shuffle(found)
    return found


def _target(rng: random.Random, number: int) -> list[int]:
    target = _factors(rng, number)
    for _ in range(rng.choice((0, 0, 0, 1, 1, 1, 2)) if target else 0):
        target[rng.randrange(len(target))] = -1
    if rng.random() < 0.15 and target:
        target[rng.randrange(len(target))] = rng.choice((2, 3, 4, 6, -2))
    return target


@samples("reshape")
def reshape(rng: random.Random) -> Call:
    x = shape(rng)
    target = _target(rng, prod(x))
    if rng.random() < 0.3:
        return Call("torch.reshape", (T(x), tuple(target)))
    return Call("Tensor.reshape", (T(x), *_spread(rng, target)))


@samples("view")
def view(rng: random.Random) -> Call:
    x = shape(rng)
    if rng.random() < 0.05:
        return Call("Tensor.view", (T(x), D("int32")))
    return Call("Tensor.view", (T(x), *_spread(rng, _target(rng, prod(x)))))


@samples("view_as")
def view_as(rng: random.Random) -> Call:
    x = shape(rng)
    other = [maybe_other(rng, item, 0.1) for item in _factors(rng, prod(x))]
    return Call(rng.choice(("Tensor.view_as", "Tensor.reshape_as")), (T(x), T(tuple(other))))


@samples("ravel", never_rejects="any tensor can be flattened")
def ravel(rng: random.Random) -> Call:
    return Call(_either(rng, "ravel"), (T(shape(rng)),))


@samples("flatten")
def flatten(rng: random.Random) -> Call:
    x = shape(rng)
    dims = [any_dim(rng, len(x)), any_dim(rng, len(x))]
    if rng.random() < 0.7:
        dims.sort(key=lambda dim: dim % max(len(x), 1))
    args = rng.choice(((), (dims[0],), tuple(dims)))
    return Call(_either(rng, "flatten"), (T(x), *args))


@samples("unflatten")
def unflatten(rng: random.Random) -> Call:
    x = shape(rng)
    dim = any_dim(rng, len(x))
    extent = x[dim] if x and -len(x) <= dim < len(x) else 1
    if rng.random() < 0.5 and -len(x) <= dim < len(x):
        extent = rng.choice((6, 10, 12, 30))
        x = tuple(extent if place == dim % len(x) else item for place, item in enumerate(x))
    target = tuple(_target(rng, extent))
    if not target or not x:  # PyTorch says sometimes this, sometimes the dim is wrong
        dim = 0
    return Call(_either(rng, "unflatten"), (T(x), dim, target))


@samples("squeeze", least=2)
def squeeze(rng: random.Random) -> Call:
    x = tuple(1 if rng.random() < 0.4 else item for item in shape(rng))
    target = _either(rng, "squeeze")
    if rng.random() < 0.3:
        return Call(target, (T(x),))
    if rng.random() < 0.5:
        return Call(target, (T(x), any_dim(rng, len(x), 0.3)))
    dims = tuple(any_dim(rng, len(x), 0) for _ in range(rng.randint(0, 3)))
    if rng.random() < 0.1:
        dims = (any_dim(rng, len(x), 1),)
    return Call(target, (T(x), dims))


@samples("unsqueeze")
def unsqueeze(rng: random.Random) -> Call:
    x = shape(rng)
    return Call(_either(rng, "unsqueeze"), (T(x), any_dim(rng, len(x) + 1, 0.3)))


def _wider(rng: random.Random, x: tuple[int, ...]) -> tuple[int, ...]:
    target = [size(rng) if item == 1 else maybe_other(rng, item, 0.08) for item in x]
    target = [*sizes(rng, rng.choice((0, 0, 1, 2))), *target]
    target = [-1 if rng.random() < 0.15 else item for item in target][rng.random() < 0.08 :]
    lead = len(target) - len(x)
    if -1 in target[: max(lead, 0)]:  # PyTorch makes a size of -1 where another one is 0
        target = [item or 1 for item in target]
    return tuple(target)


def _expandable(rng: random.Random) -> tuple[int, ...]:
    return tuple(1 if rng.random() < 0.4 else item for item in shape(rng, 0, 3))


@samples("expand")
def expand(rng: random.Random) -> Call:
    x = _expandable(rng)
    return Call("Tensor.expand", (T(x), *_spread(rng, _wider(rng, x))))


@samples("broadcast_to")
def broadcast_to(rng: random.Random) -> Call:
    x = _expandable(rng)
    return Call(_either(rng, "broadcast_to"), (T(x), _wider(rng, x)))


@samples("expand_as")
def expand_as(rng: random.Random) -> Call:
    x = _expandable(rng)
    return Call("Tensor.expand_as", (T(x), T(tuple(abs(item) for item in _wider(rng, x)))))


def _some_broadcastable(rng: random.Random) -> list[tuple[int, ...]]:
    full = shape(rng)
    return [
        tuple(1 if rng.random() < 0.3 else maybe_other(rng, item, 0.06) for item in full)[
            rng.randint(0, len(full)) if rng.random() < 0.4 else 0 :
        ]
        for _ in range(rng.randint(1, 3))
    ]


@samples("broadcast_tensors")
def broadcast_tensors(rng: random.Random) -> Call:
    return Call("torch.broadcast_tensors", tuple(map(T, _some_broadcastable(rng))))


@samples("broadcast_shapes")
def broadcast_shapes(rng: random.Random) -> Call:
    return Call("torch.broadcast_shapes", tuple(_some_broadcastable(rng)))


# -- permuting --------------------------------------------------------------------------------------


@samples("permute")
def permute(rng: random.Random) -> Call:
    x = shape(rng)
    dims = list(range(len(x)))
    rng.shuffle(dims)
    dims = [dim - len(x) if rng.random() < 0.3 else dim for dim in dims]
    if dims and rng.random() < 0.25:
        dims[rng.randrange(len(dims))] = any_dim(rng, len(x))
    if rng.random() < 0.1:
        dims = dims[1:]
    if rng.random() < 0.4:
        return Call("torch.permute", (T(x), tuple(dims)))
    return Call("Tensor.permute", (T(x), *_spread(rng, dims)))


@samples("transpose")
def transpose(rng: random.Random) -> Call:
    x = shape(rng)
    name = rng.choice(("transpose", "swapdims"))
    return Call(_either(rng, name), (T(x), any_dim(rng, len(x)), any_dim(rng, len(x))))


@samples("swapaxes")
def swapaxes(rng: random.Random) -> Call:
    x = shape(rng)
    first, second = any_dim(rng, len(x)), any_dim(rng, len(x))
    if rng.random() < 0.5:
        return Call(_either(rng, "swapaxes"), (T(x),), {"axis0": first, "axis1": second})
    return Call(_either(rng, "swapaxes"), (T(x), first, second))


@samples("t")
def t(rng: random.Random) -> Call:
    return Call(_either(rng, "t"), (T(shape(rng, 0, 3)),))


@samples("T", never_rejects="any tensor can be turned round")
def reversed_dims(rng: random.Random) -> Call:
    return Call("Tensor.T", (T(shape(rng)),))


@samples("H")
def hermitian(rng: random.Random) -> Call:
    return Call("Tensor.H", (T(shape(rng, 0, 3)),))


@samples("mT")
def matrix_transpose(rng: random.Random) -> Call:
    target = rng.choice(("Tensor.mT", "Tensor.mH", "Tensor.adjoint", "torch.adjoint"))
    return Call(target, (T(shape(rng, 0, 4)),))


@samples("movedim")
def movedim(rng: random.Random) -> Call:
    x = shape(rng)
    target = _either(rng, rng.choice(("movedim", "moveaxis")))
    if rng.random() < 0.4:
        return Call(target, (T(x), any_dim(rng, len(x)), any_dim(rng, len(x))))
    count = rng.randint(0, len(x))
    places = [rng.sample(range(len(x)), count) for _ in range(2)]
    for dims in places:
        if dims and rng.random() < 0.15:
            dims[0] = any_dim(rng, len(x), 0.5)
        if dims and rng.random() < 0.05:
            dims.pop()
    return Call(target, (T(x), tuple(places[0]), tuple(places[1])))


@samples("flip")
def flip(rng: random.Random) -> Call:
    x = shape(rng)
    dims = [any_dim(rng, len(x), 0.1) for _ in range(rng.randint(1, 2))]
    if rng.random() < 0.5:
        return Call("torch.flip", (T(x), dims))
    return Call("Tensor.flip", (T(x), *_spread(rng, dims)))


@samples("fliplr")
def fliplr(rng: random.Random) -> Call:
    return Call(_either(rng, "fliplr"), (T(shape(rng)),))


@samples("flipud")
def flipud(rng: random.Random) -> Call:
    return Call(_either(rng, "flipud"), (T(shape(rng, 0, 2)),))


@samples("roll")
def roll(rng: random.Random) -> Call:
    x = shape(rng)
    if rng.random() < 0.3:
        return Call(_either(rng, "roll"), (T(x), rng.randint(-3, 3)))
    if rng.random() < 0.4:
        return Call(_either(rng, "roll"), (T(x), 1, any_dim(rng, len(x), 0.3)))
    count = rng.randint(1, 2)
    dims = tuple(any_dim(rng, len(x), 0.1) for _ in range(maybe_other(rng, count, 0.2)))
    return Call(_either(rng, "roll"), (T(x), (1,) * count, dims))


@samples("rot90")
def rot90(rng: random.Random) -> Call:
    x = shape(rng)
    if rng.random() < 0.2:
        return Call(_either(rng, "rot90"), (T(x),))
    dims = [any_dim(rng, len(x), 0.1) for _ in range(2 if rng.random() < 0.9 else 3)]
    return Call(_either(rng, "rot90"), (T(x), rng.randint(-3, 4), dims))


# -- repeating --------------------------------------------------------------------------------------


def _counts(rng: random.Random, rank: int) -> list[int]:
    counts = [rng.choice((1, 2, 3, 0)) for _ in range(max(rank + rng.choice((-1, 0, 0, 0, 1)), 0))]
    if counts and rng.random() < 0.1:
        counts[0] = -1
    return counts


@samples("repeat")
def repeat(rng: random.Random) -> Call:
    x = shape(rng, 0, 3)
    return Call("Tensor.repeat", (T(x), *_spread(rng, _counts(rng, len(x)))))


@samples("tile")
def tile(rng: random.Random) -> Call:
    x = shape(rng, 0, 3)
    if rng.random() < 0.5:
        return Call("torch.tile", (T(x), tuple(_counts(rng, len(x)))))
    return Call("Tensor.tile", (T(x), *_spread(rng, _counts(rng, len(x)))))


@samples("repeat_interleave")
def repeat_interleave(rng: random.Random) -> Call:
    x = shape(rng, 0, 3)
    target = _either(rng, "repeat_interleave")
    dim = any_dim(rng, len(x), 0.15) if rng.random() < 0.7 else None
    kwargs = {} if dim is None else {"dim": dim}
    if rng.random() < 0.1:
        return Call("torch.repeat_interleave", (T(shape(rng, 0, 2), "int64"),))
    if rng.random() < 0.1:
        return Call(target, (T(x), -1))
    if rng.random() < 0.5:
        return Call(target, (T(x), rng.choice((0, 1, 2, 3))), kwargs)
    extent = prod(x) if dim is None else x[dim] if x and -len(x) <= dim < len(x) else 1
    counts = rng.choice(((), (1,), (maybe_other(rng, extent),), (extent,), (1, extent)))
    return Call(target, (T(x), T(counts, "int64", 1)), kwargs)


# -- windows ----------------------------------------------------------------------------------------


@samples("unfold")
def unfold(rng: random.Random) -> Call:
    x = shape(rng)
    dim = any_dim(rng, len(x))
    return Call("Tensor.unfold", (T(x), dim, rng.choice((0, 1, 2, 3, 5, -1)), rng.randint(0, 3)))


@samples("as_strided")
def as_strided(rng: random.Random) -> Call:
    target = (rng.choice((1, 2, 0, -1)), rng.choice((1, 2, 3)))
    stride = rng.choice(((1, 1), (0, 1), (2, 1), (1,), (-1, 1)))
    return Call(_either(rng, "as_strided"), (T((5, 7)), target, stride))


def _diagonal_args(rng: random.Random, rank: int) -> tuple[int, ...]:
    args = (rng.randint(-4, 4), any_dim(rng, rank, 0.08), any_dim(rng, rank, 0.08))
    return args[: rng.choice((0, 1, 3, 3))]


@samples("diagonal")
def diagonal(rng: random.Random) -> Call:
    x = shape(rng, 1, 4)
    return Call(_either(rng, "diagonal"), (T(x), *_diagonal_args(rng, len(x))))


@samples("linalg.diagonal")
def linalg_diagonal(rng: random.Random) -> Call:
    x = shape(rng, 1, 4)
    names = ("offset", "dim1", "dim2")
    args = dict(zip(names, _diagonal_args(rng, len(x)), strict=False))
    return Call("torch.linalg.diagonal", (T(x),), args)


@samples("diag")
def diag(rng: random.Random) -> Call:
    return Call(_either(rng, "diag"), (T(shape(rng, 0, 3)), rng.randint(-4, 4)))


@samples("diagflat", never_rejects="any tensor has elements")
def diagflat(rng: random.Random) -> Call:
    return Call(_either(rng, "diagflat"), (T(shape(rng, 0, 2)), rng.randint(-4, 4)))


@samples("diag_embed")
def diag_embed(rng: random.Random) -> Call:
    x = shape(rng, 0, 3)
    return Call(_either(rng, "diag_embed"), (T(x), *_diagonal_args(rng, len(x) + 1)))


@samples("tril")
def tril(rng: random.Random) -> Call:
    return Call(_either(rng, "tril"), (T(shape(rng, 0, 4)), rng.randint(-2, 2)))


@samples("triu")
def triu(rng: random.Random) -> Call:
    return Call(_either(rng, "triu"), (T(shape(rng, 0, 4)), rng.randint(-2, 2)))


@samples("block_diag")
def block_diag(rng: random.Random) -> Call:
    count = rng.randint(0, 3)
    return Call(
        "torch.block_diag", tuple(T(shape(rng, 0, 2 + (rng.random() < 0.1))) for _ in range(count))
    )
