"""Calls of einsum, in both forms."""

from __future__ import annotations

import random
from typing import Any

from shapetorch.rules.einsum import LABELS
from tests.rules.oracle import (
    Call,
    T,
    broadcastable,
    maybe_other,
    maybe_other_rank,
    samples,
    shape,
    sizes,
)

FAULTS = ["1", ".", "->", "..", "-", "_", ",", "......"]


def _terms(rng: random.Random) -> tuple[list[list[str]], list[tuple[int, ...]], list[str]]:
    """Terms, the shapes that fit them, and the labels that were used."""
    labels = rng.sample("abijkABXY", rng.randint(1, 4))
    extent = dict(zip(labels, sizes(rng, len(labels)), strict=True))
    dots = shape(rng, 0, 2) if rng.random() < 0.35 else None
    terms, shapes = [], []
    for _ in range(rng.randint(1, 3)):
        term = [rng.choice(labels) for _ in range(rng.randint(0, 3))]
        if rng.random() < 0.7:
            term = list(dict.fromkeys(term))  # mostly without diagonals
        once = {label: 1 if rng.random() < 0.08 else extent[label] for label in term}
        made = [maybe_other(rng, once[label], 0.04) for label in term]
        if dots is not None and rng.random() < 0.8:
            place = rng.randint(0, len(term))
            made[place:place] = broadcastable(rng, dots, 0.05)
            term.insert(place, "...")
        terms.append(term)
        shapes.append(maybe_other_rank(rng, tuple(made), 0.04))
    return terms, shapes, labels


def _output(rng: random.Random, terms: list[list[str]], labels: list[str]) -> list[str] | None:
    if rng.random() < 0.3:
        return None
    used = sorted({label for term in terms for label in term})
    output = rng.sample(used, rng.randint(0, len(used)))
    if rng.random() < 0.06:
        output.append(rng.choice([*labels, "z"]))
    return output


@samples("einsum")
def einsum(rng: random.Random) -> Call:
    terms, shapes, labels = _terms(rng)
    output = _output(rng, terms, labels)
    if rng.random() < 0.35:
        return _sublists(rng, terms, shapes, output)
    text = ",".join("".join(term) for term in terms)
    if output is not None:
        text += "->" + "".join(output)
    if rng.random() < 0.1:
        place = rng.randint(0, len(text))
        text = text[:place] + rng.choice([" ", " ", *FAULTS]) + text[place:]
    if rng.random() < 0.04:
        shapes = shapes[1:] or [*shapes, shapes[0]]
    tensors = [T(item) for item in shapes]
    return Call("torch.einsum", (text, tensors) if rng.random() < 0.2 else (text, *tensors))


def _sublists(
    rng: random.Random,
    terms: list[list[str]],
    shapes: list[tuple[int, ...]],
    output: list[str] | None,
) -> Call:
    def numbers(term: list[str]) -> list[Any]:
        made: list[Any] = [... if label == "..." else LABELS.index(label) for label in term]
        if made and rng.random() < 0.05:
            made[-1] = rng.choice([52, -1, "a", 1.5, ...])
        return made

    args: list[Any] = []
    for term, item in zip(terms, shapes, strict=True):
        args += [T(item), numbers(term)]
    if output is not None:
        args.append(numbers(output))
    return Call("torch.einsum", tuple(args))
