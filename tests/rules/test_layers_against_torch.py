"""Layers against `torch.nn`: every class, its constructor's names, its parameters' shapes."""

from __future__ import annotations

import inspect
import random
from itertools import islice
from typing import Any

import pytest

pytest.importorskip("torch")

import torch

from shapetorch.errors import ShapeError
from shapetorch.flow.layers import of_any_size
from shapetorch.rules import LAYERS
from shapetorch.rules.bind import IGNORED, bind
from tests.rules import oracle, unsized
from tests.rules.oracle import Call

NN = "torch.nn."
CONTAINERS = frozenset(
    "Container DataParallel Module ModuleDict ModuleList ParameterDict ParameterList Sequential".split()
)
BASES = frozenset(["RNNBase", "RNNCellBase"])
MISSING = frozenset(["LinearCrossEntropyLoss"])
RECURRENT = frozenset(["RNN", "LSTM", "GRU"])


def modules() -> dict[str, Any]:
    """The layers of `torch.nn` by name."""
    return {
        name: cls
        for name, cls in vars(torch.nn).items()
        if inspect.isclass(cls) and issubclass(cls, torch.nn.Module)
    }


LAYER_NAMES = sorted(modules().keys() - CONTAINERS - BASES - MISSING)


def names_of(function: Any) -> list[str]:
    """The parameters' names, without those that never bear on a shape."""
    kept = []
    for item in inspect.signature(function).parameters.values():
        if item.kind in (item.VAR_POSITIONAL, item.VAR_KEYWORD) or item.name in IGNORED:
            continue
        kept.append(item.name)
    return [name for name in kept if name != "self"]


def test_no_layer_is_missing() -> None:
    missing = {name for name in modules() if NN + name not in LAYERS}
    assert missing == CONTAINERS | BASES | MISSING


@pytest.mark.parametrize("name", sorted(set(LAYER_NAMES) - RECURRENT - {"Identity"}))
def test_constructor_and_forward_have_the_names_of_torch(name: str) -> None:
    ours, theirs = LAYERS[NN + name], modules()[name]
    expected = names_of(theirs.__init__)
    found = names_of(ours.__init__)
    if "AvgPool1d" in name or "UpsamplingNearest2d" in name:
        found = found[: len(expected)]
    assert found == expected
    assert names_of(ours.forward) == names_of(theirs.forward)


def built(call: Call) -> Any:
    """Our layer, constructed by the binder."""
    rule = oracle._as_rule(LAYERS[call.target])
    bound = bind(
        [rule],
        list(call.args),
        call.kwargs,
        lambda value, kind: oracle.convert(value, kind, int),
        oracle.is_sequence,
    )
    assert bound is not None
    return bound.rule.shape(**bound.arguments)


WITH_PARAMETERS = [name for name in LAYER_NAMES if hasattr(LAYERS[NN + name], "parameters")]


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", WITH_PARAMETERS)
def test_parameters_have_the_shapes_of_torch(name: str) -> None:
    if NN + name not in oracle.load():
        pytest.skip("cannot be called without a process group")
    sampler = oracle.load()[NN + name].sampler
    rng = random.Random(name)
    compared = 0
    while compared < 12:
        call = sampler(rng)
        try:
            module = modules()[name](*call.args, **call.kwargs)
            module(*map(oracle._real, call.inputs or ()), **oracle._real(dict(call.input_kwargs)))
        except (RuntimeError, ValueError, IndexError, AssertionError, TypeError):
            continue
        compared += 1
        theirs = {key: tuple(item.shape) for key, item in module.state_dict().items()}
        ours = built(call).parameters()
        assert ours.keys() == theirs.keys(), call
        for key, shape in ours.items():
            assert oracle.matches(shape, theirs[key]), (call, key)


@pytest.mark.parametrize("name", sorted(name for name in oracle.load() if name.startswith(NN)))
def test_a_layer_of_any_size_says_nothing_wrong(name: str) -> None:
    layer = of_any_size(name)
    if layer is None:
        return
    forward = oracle._as_rule(layer.forward)
    for call in islice(oracle.calls_of(name, seed=3), 30):
        try:
            expected = oracle._normal(oracle.run_rule(call))
        except ShapeError:
            continue
        assert call.inputs is not None
        bound = bind([forward], list(call.inputs), call.input_kwargs, convert, oracle.is_sequence)
        assert bound is not None
        result = oracle._normal(bound.rule.shape(**bound.arguments))
        assert unsized._covers(result, expected, ()), call


def convert(value: Any, kind: str) -> object:
    return oracle.convert(value, kind, int)
