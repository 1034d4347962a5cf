"""`Tensor.at`: what it selects, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

import shapetorch
from shapetorch.errors import ErrorKind, ShapeError

ARRAY = np.arange(10 * 3 * 5).reshape(10, 3, 5)
X = shapetorch.from_numpy(ARRAY)
TENSOR = shapetorch.tensor([1, 4])
MASK = shapetorch.tensor([True, False, True])

SELECTED = [
    pytest.param((2,), ARRAY[2], id="number"),
    pytest.param((-1, 0, 4), ARRAY[-1, 0, 4], id="numbers"),
    pytest.param(((2, 5),), ARRAY[2:5], id="range"),
    pytest.param(((0, 10, 2), None, -1), ARRAY[0:10:2, :, -1], id="range-with-step"),
    pytest.param(((-3, None),), ARRAY[-3:], id="open-range"),
    pytest.param(((5, 0, -1),), ARRAY[5:0:-1], id="backwards"),
    pytest.param((None, 1), ARRAY[:, 1], id="whole-dim"),
    pytest.param(("...", 1), ARRAY[..., 1], id="rest"),
    pytest.param((TENSOR,), ARRAY[[1, 4]], id="integers"),
    pytest.param((None, MASK), ARRAY[:, [True, False, True]], id="mask"),
    pytest.param(([(0, 5), None, 2],), ARRAY[0:5, :, 2], id="one-list"),
]


@pytest.mark.parametrize(("index", "expected"), SELECTED)
def test_selected(index: tuple[object, ...], expected: np.ndarray) -> None:
    assert np.array_equal(X.at(*index).numpy(), expected)


REFUSED = [
    pytest.param((10,), ErrorKind.at_error_index_out_of_bounds, id="number"),
    pytest.param((None, -4), ErrorKind.at_error_index_out_of_bounds, id="negative"),
    pytest.param(((11, None),), ErrorKind.slice_error_out_of_bounds, id="range"),
    pytest.param((0, 0, 0, 0), ErrorKind.index_error_too_many, id="too-many"),
]


@pytest.mark.parametrize(("index", "kind"), REFUSED)
def test_refused(index: tuple[object, ...], kind: ErrorKind) -> None:
    with pytest.raises(ShapeError) as raised:
        X.at(*index)
    assert raised.value.kind is kind
