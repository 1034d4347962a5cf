"""The namespace of neural operations: names, parameters, results that cannot be."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

import shapetorch as st
from shapetorch.nn import functional
from tests.tensor.both import agree, numbers

THEIRS = torch.nn.functional
TYPES_AND_TOOLS = frozenset(
    "Callable DType Optional ScalingType SwizzleType Tensor assert_int_or_pair boolean_dispatch "
    "handle_torch_function has_torch_function has_torch_function_unary "
    "has_torch_function_variadic".split()
)
LACKING = {
    "scaled_grouped_mm": "of accelerators",
    "scaled_mm": "of accelerators",
}
NAMES = sorted(
    name
    for name in dir(THEIRS)
    if not name.startswith("_") and callable(getattr(THEIRS, name)) and name not in TYPES_AND_TOOLS
)


def test_the_module_is_an_attribute_too() -> None:
    assert st.nn.functional is functional


@pytest.mark.parametrize("name", NAMES)
def test_every_function_exists_with_its_parameters(name: str) -> None:
    if name in LACKING:
        assert not hasattr(functional, name), "no longer lacking"
        return
    ours = getattr(functional, name)
    assert ours.__doc__
    try:
        theirs = inspect.signature(getattr(THEIRS, name)).parameters.values()
    except ValueError:  # a builtin
        return
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in theirs):
        return
    made = [
        (parameter.name, parameter.default)
        for parameter in inspect.signature(ours).parameters.values()
        if parameter.name != "out"
    ]
    expected = [
        (parameter.name, parameter.default) for parameter in theirs if parameter.name != "out"
    ]
    assert made == expected


ABSURD = [
    pytest.param(lambda t, x: t.nn.functional.interpolate(x, size=(10**6, 10**7)), id="sizes"),
    pytest.param(lambda t, x: t.nn.functional.interpolate(x, scale_factor=1e12), id="factor"),
    pytest.param(lambda t, x: t.nn.functional.adaptive_avg_pool2d(x, 10**7), id="mean"),
    pytest.param(lambda t, x: t.nn.functional.adaptive_max_pool2d(x, 10**7), id="maximum"),
    pytest.param(lambda t, x: t.conv2d(x, t.ones(1, 1, 1, 1), padding=10**7), id="padding"),
    pytest.param(lambda t, x: t.conv_transpose2d(x, t.ones(1, 1, 1, 1), stride=2**40), id="stride"),
    pytest.param(lambda t, x: t.nn.functional.one_hot(t.tensor([1]), 10**14), id="classes"),
    pytest.param(lambda t, x: t.nn.functional.max_pool2d(x, 2**62), id="kernel"),
    pytest.param(lambda t, x: t.nn.functional.avg_pool2d(x, -1), id="negative-kernel"),
    pytest.param(lambda t, x: t.conv2d(x, t.ones(1, 1, 1, 1), groups=0), id="no-groups"),
    pytest.param(lambda t, x: t.conv2d(x, t.ones(1, 1, 1, 1), padding=-1), id="negative-padding"),
]


@pytest.mark.parametrize("call", ABSURD)
def test_results_that_cannot_be(call: Any) -> None:
    agree(call, numbers(1, 1, 3, 3, dtype="float32"), grad=False)


NO_TENSORS = [
    pytest.param(lambda t, f: f.conv1d([1.0], [1.0]), id="lists"),
    pytest.param(lambda t, f: f.layer_norm(t.ones(2, 3), 3), id="a-number-as-shape"),
    pytest.param(lambda t, f: f.cross_entropy(t.ones(2, 3), [0, 1]), id="labels"),
    pytest.param(lambda t, f: f.embedding([0], t.ones(2, 3)), id="indices"),
    pytest.param(lambda t, f: f.embedding(t.tensor([0]), [1.0]), id="table"),
    pytest.param(lambda t, f: f.max_pool2d(t.ones(1, 3, 3), "2"), id="text"),
    pytest.param(lambda t, f: f.mse_loss(t.ones(2), 1.0), id="a-number"),
    pytest.param(lambda t, f: f.normalize([1.0]), id="normalize"),
    pytest.param(lambda t, f: f.interpolate([1.0], 2), id="interpolate"),
    pytest.param(lambda t, f: f.gaussian_nll_loss([1.0], t.ones(1), 1.0), id="gaussian"),
    pytest.param(lambda t, f: f.cosine_similarity(t.ones(2), None), id="none"),
    pytest.param(lambda t, f: f.dropout3d(None), id="dropout"),
    pytest.param(lambda t, f: f.gumbel_softmax([1.0]), id="gumbel"),
    pytest.param(lambda t, f: f.affine_grid([1.0], (1, 1, 2, 2), True), id="affine"),
    pytest.param(lambda t, f: f.scaled_dot_product_attention(1, 2, 3), id="attention"),
    pytest.param(lambda t, f: t.lstm_cell(t.ones(1, 2), t.ones(1, 2), 1, 2), id="cell"),
]


@pytest.mark.parametrize("call", NO_TENSORS)
def test_arguments_that_are_no_tensors(call: Any) -> None:
    with pytest.raises((TypeError, AttributeError)):
        call(torch, torch.nn.functional)
    with pytest.raises(TypeError):
        call(st, st.nn.functional)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_sums_of_narrow_numbers_are_wide(dtype: str) -> None:
    """Of 5000 ones: narrow numbers stop at 2048 or 256."""
    x = st.ones(1, 5000, dtype=getattr(st, dtype))
    assert functional.avg_pool1d(x.unsqueeze(0), 5000).item() == 1.0
    assert functional.mse_loss(x, x * 0, reduction="mean").item() == 1.0
    assert float(functional.conv1d(x.unsqueeze(0), x.unsqueeze(0)).item()) == float(
        np.float32(5000).astype(x._array.dtype)
    )
