"""Tensors from sizes, ranges and nested lists, on numbers and on names."""

from __future__ import annotations

from typing import Any

import pytest

from shapetorch.dim import UNKNOWN, UNKNOWN_DIM, name
from shapetorch.errors import ErrorKind
from shapetorch.rules.creation import (
    empty_strided_shape,
    eye_shape,
    multinomial_shape,
    normal_shape,
    randperm_shape,
    zeros_shape,
)
from shapetorch.rules.ranges import (
    arange_end_shape,
    arange_shape,
    linspace_shape,
    range_shape,
    tensor_shape,
)
from shapetorch.rules.registry import Repeated
from tests.rules.rows import check

B, T, K = name("B"), name("T"), name("K")
NEGATIVE = ErrorKind.creation_error_negative_size
BOUNDS = ErrorKind.arange_error_bounds
RAGGED = ErrorKind.creation_error_ragged
DEPTH = ErrorKind.creation_error_depth
COUNT = ErrorKind.sample_error_count

SIZED = [
    pytest.param(zeros_shape, {"size": (2, B, T * 2)}, (2, B, 2 * T), id="zeros"),
    pytest.param(zeros_shape, {"size": ()}, (), id="zeros-scalar"),
    pytest.param(zeros_shape, {"size": (B, UNKNOWN_DIM)}, (B, UNKNOWN_DIM), id="zeros-unknown"),
    pytest.param(zeros_shape, {"size": (2, -1)}, NEGATIVE, id="zeros-negative"),
    pytest.param(zeros_shape, {"size": (B, T - T - 1)}, NEGATIVE, id="zeros-cancelled"),
    pytest.param(zeros_shape, {"size": (B - 1,)}, (B - 1,), id="may-be-negative"),
    pytest.param(eye_shape, {"n": B}, (B, B), id="eye"),
    pytest.param(eye_shape, {"n": B, "m": 3}, (B, 3), id="eye-rectangle"),
    pytest.param(eye_shape, {"n": 3, "m": -1}, NEGATIVE, id="eye-negative"),
    pytest.param(randperm_shape, {"n": B}, (B,), id="randperm"),
    pytest.param(
        empty_strided_shape,
        {"size": (2, B), "stride": (1,)},
        ErrorKind.rank_error_mismatch,
        id="strides-missing",
    ),
    pytest.param(normal_shape, {"mean": (B, 1), "std": (T,)}, (B, T), id="normal"),
    pytest.param(
        normal_shape,
        {"mean": (B, 3), "std": (5,)},
        ErrorKind.broadcast_error_incompatible_dimensions,
        id="normal-differs",
    ),
    pytest.param(multinomial_shape, {"input": (B, 7), "num_samples": 3}, (B, 3), id="multinomial"),
    pytest.param(
        multinomial_shape, {"input": (B, 7), "num_samples": 11}, COUNT, id="multinomial-too-many"
    ),
    pytest.param(
        multinomial_shape,
        {"input": (B, 7), "num_samples": 11, "replacement": True},
        (B, 11),
        id="multinomial-replacement",
    ),
    pytest.param(linspace_shape, {"start": (), "end": (), "steps": K}, (K,), id="linspace"),
    pytest.param(
        linspace_shape, {"start": (), "end": (), "steps": -1}, NEGATIVE, id="linspace-neg"
    ),
    pytest.param(
        linspace_shape,
        {"start": (2,), "end": (), "steps": 5},
        ErrorKind.rank_error_mismatch,
        id="linspace-from-vector",
    ),
]


@pytest.mark.parametrize(("rule", "given", "expected"), SIZED)
def test_sized(rule: Any, given: dict[str, Any], expected: Any) -> None:
    check(rule, given, expected)


ARANGE = [
    pytest.param((0, T), (T,), id="names"),
    pytest.param((T, 2 * T), (T,), id="from-a-name"),
    pytest.param((0, T, 2), ((T + 1) // 2,), id="every-other"),
    pytest.param((0, 2 * T, 2), (T,), id="even"),
    pytest.param((0, T, K), (-(-T // K),), id="symbolic-step"),
    pytest.param((T, 0, -1), (T,), id="backwards"),
    pytest.param((2, 9, 3), (3,), id="numbers"),
    pytest.param((0, 0), (0,), id="nothing"),
    pytest.param((0, 1, 0.25), (4,), id="floats"),
    pytest.param((0.0, T), (UNKNOWN_DIM,), id="float-and-name"),
    pytest.param((9, 2), BOUNDS, id="wrong-way"),
    pytest.param((2, 9, -1), BOUNDS, id="wrong-step"),
    pytest.param((0, 9, 0), BOUNDS, id="no-step"),
    pytest.param((T, T - 1), BOUNDS, id="surely-wrong-way"),
    pytest.param((0.5, 0.0), BOUNDS, id="floats-wrong-way"),
]


@pytest.mark.parametrize(("bounds", "expected"), ARANGE)
def test_arange(bounds: Any, expected: Any) -> None:
    check(arange_shape, dict(zip(("start", "end", "step"), bounds, strict=False)), expected)


def test_arange_of_one_number() -> None:
    check(arange_end_shape, {"end": T}, (T,))
    check(arange_end_shape, {"end": -2}, BOUNDS)
    check(range_shape, {"start": 1, "end": T}, (T,))


NESTED = [
    pytest.param((), (), id="number"),
    pytest.param((B, T), (B, T), id="tensor"),
    pytest.param([(), (), ()], (3,), id="list"),
    pytest.param([[(), ()], [(), ()], [(), ()]], (3, 2), id="matrix"),
    pytest.param([], (0,), id="empty"),
    pytest.param([[], []], (2, 0), id="empty-rows"),
    pytest.param([[], [()]], (2, 0), id="first-row-empty"),
    pytest.param([...], UNKNOWN, id="unknown-item"),
    pytest.param([(), ...], (2,), id="one-unknown-item"),
    pytest.param(Repeated(B, [(), ()]), (B, 2), id="repeated"),
    pytest.param([Repeated(B, ()), Repeated(B, ())], (2, B), id="of-repeated"),
    pytest.param([(1,), ()], (2,), id="tensor-of-one-element"),
    pytest.param([[(), ()], (2,)], (2, 2), id="tensor-as-a-row"),
    pytest.param([[(), ()], [()]], RAGGED, id="ragged"),
    pytest.param([[()], []], RAGGED, id="second-row-empty"),
    pytest.param([Repeated(B, ()), Repeated(T, ())], RAGGED, id="repeated-differently"),
    pytest.param([(2,), (2,)], RAGGED, id="tensors"),
    pytest.param([[()], ()], DEPTH, id="row-and-number"),
    pytest.param([(), [()]], DEPTH, id="number-and-row"),
]


@pytest.mark.parametrize(("data", "expected"), NESTED)
def test_tensor(data: Any, expected: Any) -> None:
    check(tensor_shape, {"data": data}, expected)
