"""`vmap` of every operation with samples: as many results as examples, each what the example alone gives."""

from __future__ import annotations

import os
import random
import warnings
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

import shapetorch
from shapetorch.func.structures import leaves
from shapetorch.tensor.tensors import Tensor, wrap
from tests.rules import oracle
from tests.rules.oracle import Call, D, T
from tests.tensor import judge

EXAMPLES = 3
CALLS = 60 if os.environ.get("SHAPETORCH_FUZZ") else 20
SEED = int(os.environ.get("SHAPETORCH_SEED", "0"))
LEFT_OUT: dict[str, str] = {
    **judge.SHAPE_ONLY,
    **judge.NOT_UNIQUE,
    **dict.fromkeys(
        """bernoulli bernoulli_ cauchy_ exponential_ geometric_ log_normal_ multinomial normal normal_
        uniform_ random_ rand rand_like randint randint_like randn randn_like randperm""".split(),
        "random",
    ),
    "from_numpy": "takes no tensor",
    **dict.fromkeys(
        """as_strided as_strided_ as_strided_copy as_strided_scatter view_as_complex grouped_mm
        embedding_bag""".split(),
        "the place of elements in memory matters",
    ),
    "detach_": "an example by itself is a view, which is not detached in place",
}


def writes(target: str) -> bool:
    """Whether a call writes to its first operand."""
    name = target.rpartition(".")[2]
    return (
        name == "__setitem__" or name.startswith("__i") or (name.endswith("_") and name[-2] != "_")
    )


class Mapping:
    """A sample of which some operands are mapped.

    Attributes:
        batches: For each mapped operand its examples, along dim 0.
        dims: Where they lie for `vmap`.
    """

    def __init__(self, call: Call, rng: random.Random) -> None:
        self.call, self.rng = call, rng
        self.batches: list[Tensor] = []
        self.dims: list[int] = []
        self.side = judge.Ours(call, judge.Variant())
        self.args = self._kept(tuple(call.args))
        self.kwargs = self._kept(dict(call.kwargs))

    def _kept(self, value: Any) -> Any:
        if isinstance(value, T):
            if self.rng.random() < 0.75 or (not self.batches and writes(self.call.target)):
                self.batches.append(judge.to_ours(_examples(value)))
                self.dims.append(self.rng.choice((0, 0, -1)))
                return _Place(len(self.batches) - 1)
            return judge.to_ours(value.make())
        if isinstance(value, D):
            return self.side.dtype(value.name)
        if isinstance(value, slice):
            return slice(self._kept(value.start), self._kept(value.stop), self._kept(value.step))
        return _each(self._kept, value)

    def function(self, *operands: Tensor) -> Any:
        """The call with these operands in the places of the mapped ones."""

        def filled(value: Any) -> Any:
            if isinstance(value, slice):
                return slice(filled(value.start), filled(value.stop), filled(value.step))
            return operands[value.number] if isinstance(value, _Place) else _each(filled, value)

        return self.side.find(self.call.target)(*filled(self.args), **filled(self.kwargs))


class _Place:
    """Where a mapped operand goes."""

    def __init__(self, number: int) -> None:
        self.number = number


def _each(function: Any, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: function(item) for key, item in value.items()}
    return type(value)(map(function, value)) if type(value) in (list, tuple) else value


def _examples(value: T) -> torch.Tensor:
    first = value.make()
    third = first.mT.reshape(first.shape) if first.ndim >= 2 else first
    if first.dtype.is_floating_point and value.values is None:
        third = third * 0.5 + 0.1
    return torch.stack([first, first.flip(tuple(range(first.ndim))), third])


def _attempt(run: Any) -> tuple[Any, Exception | None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return run(), None
        except Exception as error:
            return None, error


def difference(call: Call, rng: random.Random) -> str | None:
    """What differs between `vmap` and a loop, None if nothing does."""
    mapping = Mapping(call, rng)
    if not mapping.batches:
        return None
    copies = [wrap(np.array(item._array)) for item in mapping.batches]
    expected, error = _attempt(
        lambda: [
            mapping.function(*(item.select(0, place) for item in copies))
            for place in range(EXAMPLES)
        ]
    )
    mapped = [
        wrap(np.ascontiguousarray(np.moveaxis(item._array, 0, dim)))
        for item, dim in zip(mapping.batches, mapping.dims, strict=True)
    ]
    twice = [wrap(np.stack([item._array, item._array])) for item in mapped]
    found, other = _attempt(
        lambda: shapetorch.vmap(mapping.function, in_dims=tuple(mapping.dims))(*mapped)
    )
    if error is not None:
        kinds = (oracle.exception_class(error), RuntimeError)
        alike = isinstance(other, kinds[0]) or (
            isinstance(error, RuntimeError) and isinstance(other, RuntimeError)
        )
        return None if alike else f"one by one: {error!r}, at once: {other!r}"
    rows = [list(leaves(item)) for item in expected]
    if other is not None:
        shapes = {tuple(tuple(getattr(item, "shape", ())) for item in row) for row in rows}
        allowed = len(shapes) > 1 or "must return Tensors" in str(other)
        return None if allowed else f"{other!r}"
    pairs = list(zip(leaves(found), zip(*rows, strict=True), strict=True))
    for item, column in pairs:
        if item.dtype is not column[0].dtype:
            return f"{item.dtype} instead of {column[0].dtype}"
        wanted = np.stack([judge.to_numpy(one) for one in column])
        if tuple(item.shape) != wanted.shape:
            return f"shape {tuple(item.shape)} instead of {wanted.shape}"
        if unlike := judge.close(judge.to_numpy(item), wanted, 1e-4):
            return unlike
    if unlike := _nested_difference(mapping, twice, found):
        return unlike
    written = [item.movedim(dim, 0) for item, dim in zip(mapped, mapping.dims, strict=True)]
    return next(
        (
            f"an operand: {unlike}"
            for one, item in zip(copies, written, strict=True)
            if (unlike := judge.close(judge.to_numpy(item), judge.to_numpy(one), 1e-4))
        ),
        None,
    )


def _nested_difference(mapping: Mapping, twice: list[Tensor], found: Any) -> str | None:
    """What a map of the map gives otherwise."""
    inner = shapetorch.vmap(mapping.function, in_dims=tuple(mapping.dims))
    nested, error = _attempt(lambda: shapetorch.vmap(inner)(*twice))
    if error is not None:
        return f"nested: {error!r}"
    for item, one in zip(leaves(nested), leaves(found), strict=True):
        wanted = np.stack([judge.to_numpy(one)] * 2)
        if item.dtype is not one.dtype or tuple(item.shape) != wanted.shape:
            return f"nested: {item.dtype} {list(item.shape)}"
        if unlike := judge.close(judge.to_numpy(item), wanted, 1e-4):
            return f"nested: {unlike}"
    return None


def calls(rule_name: str) -> Iterator[Call]:
    """Some samples of a rule whose results can be compared."""
    for call in islice(oracle.calls_of(rule_name, SEED), CALLS):
        name = call.target.split(".", 1)[1].removeprefix("nn.functional.")
        if call.inputs is None and judge.exists(call.target) and name not in LEFT_OUT:
            yield call


@pytest.mark.parametrize("rule_name", judge.rule_names())
def test_as_one_example_after_the_other(rule_name: str) -> None:
    rng = random.Random(f"{rule_name} {SEED}")
    for call in calls(rule_name):
        found = difference(call, rng)
        assert found is None, f"{call}: {found}"
