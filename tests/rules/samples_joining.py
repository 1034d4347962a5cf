"""Calls that join tensors and that cut them into pieces."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.rules.oracle import Call, T, any_dim, maybe_other, maybe_other_rank, samples, shape, size


def _either(rng: random.Random, name: str) -> str:
    return rng.choice((f"torch.{name}", f"Tensor.{name}"))


def _alike(rng: random.Random, x: tuple[int, ...], vary: int | None) -> list[T]:
    """Tensors of the shape `x`, other sizes at dim `vary`, now and then spoilt."""
    found = []
    for _ in range(rng.randint(1, 3)):
        sizes = [
            size(rng) if place == vary else maybe_other(rng, item, 0.06)
            for place, item in enumerate(x)
        ]
        found.append(T(maybe_other_rank(rng, tuple(sizes), 0.06)))
    if rng.random() < 0.1:
        found.insert(rng.randint(0, len(found)), T((0,)))
    return found


def _sequence(rng: random.Random, tensors: list[T]) -> list[T] | tuple[T, ...]:
    return tensors if rng.random() < 0.5 else tuple(tensors)


@samples("cat")
def cat(rng: random.Random) -> Call:
    x = shape(rng, 0 if rng.random() < 0.1 else 1)
    dim = any_dim(rng, len(x), 0.08)
    tensors = _sequence(rng, _alike(rng, x, dim % max(len(x), 1)))
    target = rng.choice(("torch.cat", "torch.concat", "torch.concatenate"))
    return Call(target, (tensors, dim)) if rng.random() < 0.7 else Call(target, (tensors,))


@samples("stack")
def stack(rng: random.Random) -> Call:
    x = shape(rng)
    tensors = _sequence(rng, _alike(rng, x, None) if rng.random() < 0.98 else [])
    if rng.random() < 0.3:
        return Call("torch.stack", (tensors,))
    return Call("torch.stack", (tensors,), {"dim": any_dim(rng, len(x) + 1, 0.1)})


def _stacked(name: str, along: int) -> Callable[[random.Random], Call]:
    def sampler(rng: random.Random) -> Call:
        x = shape(rng)
        vary = along if len(x) > 1 or name == "hstack" else 0
        return Call(f"torch.{name}", (_alike(rng, x, vary if rng.random() < 0.7 else None),))

    return sampler


for _name, _along in (("hstack", 1), ("vstack", 0), ("dstack", 2), ("column_stack", 1)):
    samples(_name)(_stacked(_name, _along))


def _at_least(name: str) -> Callable[[random.Random], Call]:
    def sampler(rng: random.Random) -> Call:
        shapes = [T(shape(rng)) for _ in range(rng.randint(1, 3))]
        if len(shapes) == 1:
            return Call(f"torch.{name}", tuple(shapes))
        return Call(f"torch.{name}", tuple(shapes) if rng.random() < 0.5 else (shapes,))

    return sampler


for _name in ("atleast_1d", "atleast_2d", "atleast_3d"):
    samples(_name, never_rejects="any tensor gets more dims")(_at_least(_name))


# -- splitting --------------------------------------------------------------------------------------


def _extent(x: tuple[int, ...], dim: int) -> int:
    return x[dim] if x and -len(x) <= dim < len(x) else 1


def _parts(rng: random.Random, total: int) -> list[int]:
    parts = []
    while total > 0:
        parts.append(rng.randint(0 if rng.random() < 0.1 else 1, total))
        total -= parts[-1]
    if rng.random() < 0.15:
        parts.append(rng.choice((1, 2, -1)))
    return parts or [0]


@samples("split")
def split(rng: random.Random) -> Call:
    x = shape(rng)
    dim = any_dim(rng, len(x))
    part = rng.choice((1, 2, 3, 0, -1)) if rng.random() < 0.6 else _parts(rng, _extent(x, dim))
    target = _either(rng, "split")
    if rng.random() < 0.2:
        return Call(target, (T(x), part))
    if rng.random() < 0.2:
        name = "split_size" if target.startswith("Tensor") else "split_size_or_sections"
        return Call(target, (T(x),), {name: part, "dim": dim})
    return (
        Call(target, (T(x), part, dim))
        if rng.random() < 0.5
        else Call(target, (T(x), part), {"dim": dim})
    )


@samples("split_with_sizes")
def split_with_sizes(rng: random.Random) -> Call:
    x = shape(rng)
    dim = any_dim(rng, len(x))
    target = _either(rng, "split_with_sizes")
    return Call(target, (T(x), _parts(rng, _extent(x, dim)), dim))


@samples("chunk", numbers_only="a name is taken to give as many pieces as asked for")
def chunk(rng: random.Random) -> Call:
    x = shape(rng)
    dim = any_dim(rng, len(x))
    return Call(_either(rng, "chunk"), (T(x), rng.choice((1, 2, 3, 4, 6, 0)), dim))


@samples("tensor_split")
def tensor_split(rng: random.Random) -> Call:
    x = shape(rng)
    dim = any_dim(rng, len(x))
    how = rng.choice((1, 2, 3, 4, 0, (1,), (1, 3), (2, 5, 6), (), (-1,), (3, 1)))
    return Call(_either(rng, "tensor_split"), (T(x), how, dim))


def _directional(name: str) -> Callable[[random.Random], Call]:
    def sampler(rng: random.Random) -> Call:
        x = shape(rng)
        how = rng.choice((1, 2, 3, 5, 0, (1,), (1, 3), (2, 5, 6)))
        return Call(_either(rng, name), (T(x), how))

    return sampler


for _name in ("hsplit", "vsplit", "dsplit"):
    samples(_name)(_directional(_name))


@samples("unbind")
def unbind(rng: random.Random) -> Call:
    x = shape(rng)
    if rng.random() < 0.3:
        return Call(_either(rng, "unbind"), (T(x),))
    return Call(_either(rng, "unbind"), (T(x), any_dim(rng, len(x))))


@samples("meshgrid")
def meshgrid(rng: random.Random) -> Call:
    vectors = [T(shape(rng, 0, 2 if rng.random() < 0.15 else 1)) for _ in range(rng.randint(1, 3))]
    kwargs = {"indexing": rng.choice(("ij", "xy", "xx"))} if rng.random() < 0.7 else {}
    if rng.random() < 0.5:
        return Call("torch.meshgrid", tuple(vectors), kwargs)
    return Call("torch.meshgrid", (vectors,), kwargs)
