"""Operations element by element, on numbers and on names."""

from __future__ import annotations

from typing import Any

import pytest

from shapetorch.dim import UNKNOWN_DIM, name
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules import FUNCTIONS, INPLACE, METHODS
from shapetorch.rules.elementwise import (
    allclose_shape,
    clamp_shape,
    copy_shape,
    equal_shape,
    fill_shape,
    masked_fill_shape,
    where_indices_shape,
    where_shape,
)
from shapetorch.rules.inplace import check_inplace
from tests.rules.rows import check

B, T, N = (name(text) for text in "BTN")
BROADCAST = ErrorKind.broadcast_error_incompatible_dimensions
CHANGED = ErrorKind.inplace_error_shape_changed

BINARY = [
    pytest.param((2, 3), (2, 3), (2, 3), id="equal"),
    pytest.param((2, 3), (1, 3), (2, 3), id="documented"),
    pytest.param((2, 3), (3,), (2, 3), id="fewer-dims"),
    pytest.param((7, 1, 3), (5, 1), (7, 5, 3), id="both"),
    pytest.param((1, 3), (0, 3), (0, 3), id="one-and-nothing"),
    pytest.param((2, 3), (), (2, 3), id="scalar"),
    pytest.param((B, T), (T,), (B, T), id="names"),
    pytest.param((B, 1), (1, T), (B, T), id="names-and-ones"),
    pytest.param((UNKNOWN_DIM, 3), (5, 3), (5, 3), id="unknown-against-number"),
    pytest.param((2, 3), (2, 5), BROADCAST, id="numbers-differ"),
    pytest.param((2, 3), (0, 3), BROADCAST, id="nothing-and-more"),
    pytest.param((B, T), (B, N), BROADCAST, id="names-differ"),
    pytest.param((B, T), (512,), BROADCAST, id="name-against-number"),
    pytest.param((B, T, 3), (B, 3), BROADCAST, id="shifted"),
]


@pytest.mark.parametrize("operation", ["torch.add", "torch.eq", "torch.atan2", "torch.logical_or"])
@pytest.mark.parametrize(("left", "right", "expected"), BINARY)
def test_binary(operation: str, left: Any, right: Any, expected: Any) -> None:
    (rule,) = FUNCTIONS[operation]
    check(rule.shape, {"input": left, "other": right}, expected)


def test_message_says_the_operation() -> None:
    (rule,) = METHODS["__sub__"]
    with pytest.raises(
        ShapeError, match=r"^-: sizes must be equal or 1, got 3 and 5 from \[2, 3\]"
    ):
        rule.shape(input=(2, 3), other=(2, 5))


def test_every_operator_is_there() -> None:
    arithmetic = "add sub mul truediv floordiv mod pow and or xor lshift rshift".split()
    for item in arithmetic:
        assert {f"__{item}__", f"__r{item}__", f"__i{item}__"} <= METHODS.keys()
        assert f"__i{item}__" in INPLACE
    assert {f"__{item}__" for item in "eq ne lt le gt ge neg pos abs invert matmul".split()} <= (
        METHODS.keys()
    )


INPLACE_ROWS = [
    pytest.param((B, T), (B, T), (B, T), id="same"),
    pytest.param((2, 3), (5, 2, 3), CHANGED, id="new-dim"),
    pytest.param((1, 3), (2, 3), CHANGED, id="grown"),
    pytest.param((1, T), (B, T), CHANGED, id="grown-name"),
]


@pytest.mark.parametrize(("shape", "result", "expected"), INPLACE_ROWS)
def test_inplace(shape: Any, result: Any, expected: Any) -> None:
    check(lambda a, b: check_inplace("add_", a, b), {"a": shape, "b": result}, expected)


TERNARY = [
    pytest.param((B, 1), (1, T), (), (B, T), id="broadcast"),
    pytest.param((B, T), (T,), (B, 1), (B, T), id="three-ranks"),
    pytest.param((2, 3), (3,), (2,), BROADCAST, id="third-differs"),
    pytest.param((B, T), (N,), (), BROADCAST, id="second-differs"),
]


@pytest.mark.parametrize(("a", "b", "c", "expected"), TERNARY)
def test_ternary(a: Any, b: Any, c: Any, expected: Any) -> None:
    check(where_shape, {"condition": a, "input": b, "other": c}, expected)
    check(clamp_shape, {"input": a, "min": b, "max": c}, expected)
    (lerp,) = FUNCTIONS["torch.lerp"]
    check(lerp.shape, {"input": a, "end": b, "weight": c}, expected)


OTHERS = [
    pytest.param(clamp_shape, {"input": (B,), "max": ()}, (B,), id="clamp-one-bound"),
    pytest.param(
        clamp_shape, {"input": (B,)}, ErrorKind.argument_error_value, id="clamp-without-bounds"
    ),
    pytest.param(
        where_indices_shape,
        {"condition": (B, T)},
        [(UNKNOWN_DIM,), (UNKNOWN_DIM,)],
        id="where-indices",
    ),
    pytest.param(
        masked_fill_shape, {"input": (B, T), "mask": (T,), "value": ()}, (B, T), id="masked-fill"
    ),
    pytest.param(
        masked_fill_shape,
        {"input": (B, T), "mask": (B,), "value": ()},
        BROADCAST,
        id="mask-differs",
    ),
    pytest.param(
        masked_fill_shape,
        {"input": (2,), "mask": (2,), "value": (1,)},
        ErrorKind.rank_error_mismatch,
        id="masked-fill-value",
    ),
    pytest.param(
        fill_shape, {"input": (B,), "value": (3,)}, ErrorKind.rank_error_mismatch, id="fill-value"
    ),
    pytest.param(copy_shape, {"input": (B, T), "src": (T,)}, (B, T), id="copy"),
    pytest.param(copy_shape, {"input": (T,), "src": (B, T)}, CHANGED, id="copy-grows"),
    pytest.param(copy_shape, {"input": (2, 3), "src": (5,)}, BROADCAST, id="copy-differs"),
    pytest.param(allclose_shape, {"input": (B, T), "other": (T,)}, None, id="allclose"),
    pytest.param(allclose_shape, {"input": (2,), "other": (3,)}, BROADCAST, id="allclose-differs"),
    pytest.param(equal_shape, {"input": (2,), "other": (3,)}, None, id="equal-accepts-all"),
]


@pytest.mark.parametrize(("rule", "arguments", "expected"), OTHERS)
def test_others(rule: Any, arguments: Any, expected: Any) -> None:
    check(rule, arguments, expected)


@pytest.mark.parametrize("operation", ["torch.exp", "torch.abs", "torch.isnan", "torch.special.i0"])
@pytest.mark.parametrize("shape", [(), (B, T, 3), (0,), (UNKNOWN_DIM,)])
def test_unary(operation: str, shape: Any) -> None:
    (rule,) = FUNCTIONS[operation]
    check(rule.shape, {"input": shape}, shape)
