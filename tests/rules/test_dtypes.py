"""The dtypes that rules promise, against the dtypes of PyTorch's results."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest

pytest.importorskip("torch")

import torch

from shapetorch import rules
from shapetorch.annotations.dtypes import dtype_clash
from shapetorch.flow.conversion import result_dtype
from shapetorch.flow.values import Tensor
from shapetorch.rules.bind import bind
from tests.rules import oracle

CALLS = 12


@pytest.mark.parametrize("rule_name", sorted(oracle.load()))
def test_promised_dtypes_come(rule_name: str) -> None:
    for call in islice(oracle.calls_of(rule_name, 1), CALLS):
        if call.inputs is not None or "dtype" in call.kwargs:
            continue
        try:
            result = oracle.run_torch(call)
        except Exception:
            continue
        claim = promised(call)
        if claim is None:
            continue
        results = result if isinstance(result, (tuple, list)) else [result]
        kinds = claim if isinstance(claim, tuple) else (claim,) * len(results)
        tensors = [Tensor(item.shape, item.dtype) for item in tensors_in(call.args)]
        tensors += [
            Tensor(item.shape, item.dtype) for item in tensors_in(list(call.kwargs.values()))
        ]
        for kind, made in zip(kinds, results, strict=False):
            if isinstance(made, torch.Tensor):
                promise = result_dtype(kind, tensors, {})
                actual = str(made.dtype).removeprefix("torch.")
                assert not dtype_clash(promise, actual), f"{call}: {kind}, {promise} is {actual}"


def promised(call: oracle.Call) -> Any:
    """The dtype of the rule that the call binds to."""
    method = call.target.removeprefix("Tensor.")
    found = rules.FUNCTIONS if method == call.target else rules.METHODS
    try:
        bound = bind(
            found[method],
            list(call.args),
            call.kwargs,
            lambda value, kind: oracle.convert(value, kind, int),
            oracle.is_sequence,
        )
    except Exception:
        return None
    return None if bound is None else bound.rule.dtype


def tensors_in(value: Any) -> list[oracle.T]:
    """The tensors among arguments, in order."""
    if isinstance(value, oracle.T):
        return [value]
    if isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in tensors_in(item)]
    return []
