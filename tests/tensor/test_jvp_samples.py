"""`func.jvp`, which differentiates backwards twice, against PyTorch's forward mode, on the samples of the rules."""

from __future__ import annotations

import os
import warnings
from itertools import islice
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

import shapetorch
from tests.rules import oracle
from tests.rules.oracle import Call
from tests.tensor import judge
from tests.tensor.comparing import has_wrong_gradient
from tests.tensor.judge import NOT_UNIQUE, SHAPE_ONLY, Ours, Side, Theirs, Variant, close, to_numpy

CALLS = 10 if os.environ.get("SHAPETORCH_FUZZ") == "1" else 2
DIFFERENT = {
    "cholesky cholesky_ex": "the tangent is not symmetric: PyTorch's takes a triangle, ours both halves",
    "cholesky_inverse triangular_solve": "PyTorch's has a part of the triangle that is not read",
    "embedding": "PyTorch's has a part of the padding, the gradient does not",
    "put index_put index_copy": "several values are written to one place",
    "scatter_reduce": "of products, PyTorch's is 0",
    "topk kthvalue": "the order of the results is free",
    "clamp clip fmax fmin maximum minimum": "equal elements share a gradient in more than one way",
    "std std_mean": "of one element, PyTorch's is 0 and its gradient NaN",
}
NAMES = {name for names in DIFFERENT for name in names.split()}


class Unlike(Exception):
    """There is nothing to compare."""


def _floats(value: Any) -> list[Any]:
    return [item for item in judge._tensors(value) if judge._can_have_gradient(item)]


def _put(value: Any, places: dict[int, Any]) -> Any:
    """An argument with other tensors in the places of some."""
    if isinstance(value, dict):
        return {key: _put(item, places) for key, item in value.items()}
    if type(value) in (list, tuple):
        return type(value)(_put(item, places) for item in value)
    return places.get(id(value), value)


def derivative(side: Side, library: Any) -> list[Any]:
    """The derivatives of a call's results along a direction of its floating operands."""
    function = side.find(side.call.target)
    args = [side.real(item) for item in side.call.args]
    kwargs = side.real(dict(side.call.kwargs))
    operands = tuple(_floats(side.tensors))
    numbers = np.random.default_rng(3)
    directions = tuple(
        side.tensor(torch.from_numpy(np.asarray(numbers.standard_normal(tuple(item.shape)))))
        for item in operands
    )
    directions = tuple(a.to(b.dtype) for a, b in zip(directions, operands, strict=True))

    def call(*given: Any) -> tuple[Any, ...]:
        places = {id(old): new for old, new in zip(operands, given, strict=True)}
        library.manual_seed(0)
        results = _floats(function(*_put(args, places), **_put(kwargs, places)))
        if not results:
            raise Unlike
        return tuple(results)

    if not operands:
        raise Unlike
    return list(library.func.jvp(call, operands, directions)[1])


def difference(call: Call) -> str | None:
    """What differs between both sides, where PyTorch has a forward mode."""
    variant = Variant("float64", "float64")
    try:
        theirs = derivative(Theirs(call, variant), torch)
    except Exception:
        return None
    try:
        ours = derivative(Ours(call, variant), shapetorch)
    except RuntimeError as error:
        if "in-place operation" in str(error) or "not differentiable with respect" in str(error):
            return None  # refused: writing into an argument, and a weight that gradients leave out
        raise
    for a, b in zip(ours, theirs, strict=True):
        if (tuple(a.shape), str(a.dtype)) != (tuple(b.shape), str(b.dtype)):
            return f"{a.dtype} {a.shape} instead of {b.dtype} {b.shape}"
        found = close(to_numpy(a), to_numpy(b), 1e-7)
        if found is not None:
            return found
    return None


@pytest.mark.parametrize("rule", judge.rule_names())
def test_agrees_with_forward_mode(rule: str) -> None:
    plain = (call for call in oracle.calls_of(rule, 0) if call.inputs is None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for call in islice((call for call in plain if judge.exists(call.target)), CALLS):
            name = call.target.split(".", 1)[1].removeprefix("nn.functional.")
            skipped = name in NOT_UNIQUE or name in SHAPE_ONLY or name.rpartition(".")[2] in NAMES
            if skipped or has_wrong_gradient(call, name, Variant()):
                continue
            found = difference(call)
            assert found is None, f"{call}: {found}"
