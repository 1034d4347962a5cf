"""Calls of einops: patterns from random axes, and now and then a fault in them."""

from __future__ import annotations

import random
from typing import Any

from tests.rules.oracle import Call, T, maybe_other, maybe_other_rank, samples, shape, size

Groups = list[list[str]]
FAULTS = ["(", ")", "->", ".", "...", "_x", "3", "2", "q", "$", " 1 ", " () ", "0"]


def _groups(rng: random.Random, axes: list[str]) -> Groups:
    """The axes in groups: most alone, some together, now and then an empty one."""
    groups: Groups = []
    for axis in axes:
        if axis != "..." and groups and rng.random() < 0.35 and groups[-1] != ["..."]:
            groups[-1].append(axis)
        else:
            groups.append([axis])
    if rng.random() < 0.12:
        groups.insert(rng.randint(0, len(groups)), [])
    return groups


def _text(rng: random.Random, groups: Groups) -> str:
    out = []
    for group in groups:
        alone = len(group) == 1 and rng.random() < 0.95
        out.append(group[0] if alone else "1" if not group else f"({' '.join(group)})")
    return " ".join(out)


def _spoil(rng: random.Random, pattern: str) -> str:
    if rng.random() > 0.1:
        return pattern
    place = rng.randint(0, len(pattern))
    fault = rng.choice(FAULTS)
    return pattern[:place] + rng.choice(["", " "]) + fault + rng.choice(["", " "]) + pattern[place:]


def _extent(rng: random.Random) -> int:
    return rng.choice((2, 3, 5, 2, 3, 1))


class Sides:
    """A left side, a shape that it describes, and the sizes that must be given with it."""

    def __init__(self, rng: random.Random) -> None:
        self.axes = rng.sample("a b c heads w tokens".split(), rng.randint(0, 4))
        self.dots = rng.random() < 0.3
        if self.dots:
            self.axes.insert(rng.randint(0, len(self.axes)), "...")
        self.left = _groups(rng, self.axes)
        self.sizes = {axis: _extent(rng) for axis in self.axes}
        self.lengths: dict[str, int] = {}
        made: list[int] = []
        for group in self.left:
            if group == ["..."]:
                made += shape(rng, 0, 2)
                continue
            total = 1
            for axis in group:
                total *= self.sizes[axis]
            made.append(maybe_other(rng, total, 0.05))
            spare = rng.choice(group) if group and rng.random() < 0.8 else None
            for axis in group:
                if axis != spare and (len(group) > 1 or rng.random() < 0.1):
                    self.lengths[axis] = maybe_other(rng, self.sizes[axis], 0.04) or 2
        if self.lengths and rng.random() < 0.06:
            self.lengths.pop(rng.choice(list(self.lengths)))
        if rng.random() < 0.03:
            self.lengths["extra"] = 2
        self.shape = maybe_other_rank(rng, tuple(made), 0.05)

    def tensor(self, rng: random.Random) -> Any:
        """One tensor, or now and then a list of them."""
        if self.shape and 0 < self.shape[0] <= 3 and rng.random() < 0.15:
            others = [T(self.shape[1:]) for _ in range(self.shape[0])]
            if rng.random() < 0.1:
                others[-1] = T((*self.shape[1:], 2))
            return others
        return T(self.shape)


@samples("rearrange")
def rearrange(rng: random.Random) -> Call:
    sides = Sides(rng)
    right = _groups(rng, rng.sample(sides.axes, len(sides.axes)))
    if right and rng.random() < 0.04:
        right.pop()
    pattern = _spoil(rng, f"{_text(rng, sides.left)} -> {_text(rng, right)}")
    return Call("einops.rearrange", (sides.tensor(rng), pattern), sides.lengths)


@samples("reduce")
def reduce(rng: random.Random) -> Call:
    sides = Sides(rng)
    kept = rng.sample(sides.axes, rng.randint(0, len(sides.axes)))
    if rng.random() < 0.06:
        kept.append("new")
    pattern = f"{_text(rng, sides.left)} -> {_text(rng, _groups(rng, kept))}"
    for axis in sides.axes:
        if axis not in kept and axis != "..." and [axis] in sides.left and rng.random() < 0.2:
            sides.lengths.pop(axis, None)
            left, arrow, right = pattern.partition("->")
            pattern = (
                left.replace(axis, str(maybe_other(rng, sides.sizes[axis], 0.1))) + arrow + right
            )
    how = rng.choice(["sum", "mean", "prod"])
    return Call("einops.reduce", (sides.tensor(rng), _spoil(rng, pattern), how), sides.lengths)


@samples("einops.repeat")
def repeat(rng: random.Random) -> Call:
    sides = Sides(rng)
    new = rng.sample("n times".split(), rng.randint(0, 2))
    lengths = {**sides.lengths, **{axis: _extent(rng) for axis in new if rng.random() < 0.92}}
    right = rng.sample(sides.axes + new, len(sides.axes + new))
    if rng.random() < 0.2:
        right.insert(rng.randint(0, len(right)), rng.choice("23"))
    if right and rng.random() < 0.04:
        right.pop()
    pattern = _spoil(rng, f"{_text(rng, sides.left)} -> {_text(rng, _groups(rng, right))}")
    return Call("einops.repeat", (sides.tensor(rng), pattern), lengths)


@samples("einops.einsum")
def einsum(rng: random.Random) -> Call:
    axes = rng.sample("i j k batch head".split(), rng.randint(1, 4))
    sizes = {axis: size(rng) for axis in axes}
    dots = shape(rng, 1, 2) if rng.random() < 0.3 else None
    terms, shapes = [], []
    for _ in range(rng.randint(1, 3)):
        term = rng.sample(axes, rng.randint(0, len(axes)))
        made = [maybe_other(rng, sizes[axis], 0.05) for axis in term]
        if dots is not None:
            term.append("...")
            made += dots
        terms.append(" ".join(term))
        shapes.append(maybe_other_rank(rng, tuple(made), 0.04))
    used = sorted({axis for term in terms for axis in term.split()})
    output = rng.sample(used, rng.randint(0, len(used)))
    if rng.random() < 0.06:
        output.append(rng.choice(["z", *axes]))
    pattern = _spoil(rng, f"{', '.join(terms)} -> {' '.join(output)}")
    if rng.random() < 0.04:
        shapes = [*shapes, shapes[0]]
    return Call("einops.einsum", (*(T(item) for item in shapes), pattern))


def _star(rng: random.Random) -> tuple[str, int, int]:
    names = rng.sample("b c d".split(), rng.randint(0, 3))
    before = rng.randint(0, len(names))
    pattern = " ".join([*names[:before], "*", *names[before:]])
    if rng.random() < 0.06:
        pattern = rng.choice(
            [pattern.replace("*", "x"), pattern + " *", pattern + " _b", pattern + " b"]
        )
    return pattern, before, len(names) - before


@samples("pack")
def pack(rng: random.Random) -> Call:
    pattern, before, after = _star(rng)
    shared = tuple(rng.choice((2, 3, 5, 1)) for _ in range(before + after))
    made = []
    for _ in range(rng.randint(1, 3)):
        own = tuple(maybe_other(rng, item, 0.06) or 2 for item in shared)
        whole = (*own[:before], *shape(rng, 0, 2), *own[before:])
        made.append(T(maybe_other_rank(rng, whole, 0.06)))
    return Call("einops.pack", (made, pattern))


@samples("unpack")
def unpack(rng: random.Random) -> Call:
    pattern, before, after = _star(rng)
    shared = tuple(rng.choice((2, 3, 5, 1)) for _ in range(before + after))
    parts = [
        [rng.choice((1, 2, 3, 5)) for _ in range(rng.randint(0, 2))]
        for _ in range(rng.randint(1, 3))
    ]
    total = 0
    for part in parts:
        count = 1
        for item in part:
            count *= item
        total += count
    for part in parts:
        if part and rng.random() < 0.2:
            part[rng.randrange(len(part))] = -1
    whole = (*shared[:before], maybe_other(rng, total, 0.15), *shared[before:])
    return Call("einops.unpack", (T(maybe_other_rank(rng, whole, 0.08)), parts, pattern))


@samples("einops.layers.torch.Rearrange", "einops.layers.torch.Reduce")
def layers(rng: random.Random) -> Call:
    if rng.random() < 0.5:
        made = rearrange(rng)
        tensor = made.args[0] if isinstance(made.args[0], T) else made.args[0][0]
        return Call("einops.layers.torch.Rearrange", made.args[1:], made.kwargs, (tensor,))
    made = reduce(rng)
    tensor = made.args[0] if isinstance(made.args[0], T) else made.args[0][0]
    return Call("einops.layers.torch.Reduce", made.args[1:], made.kwargs, (tensor,))
