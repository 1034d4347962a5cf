"""Einops: patterns, their faults, and sizes that divide, on numbers and on names."""

from __future__ import annotations

from typing import Any

import pytest

from shapetorch.dim import UNKNOWN_DIM, Context, Variadic, name, parse, using
from shapetorch.errors import ErrorKind
from shapetorch.rules.einops import (
    RearrangeLayer,
    ReduceLayer,
    einops_einsum_shape,
    rearrange_shape,
    reduce_shape,
    repeat_shape,
)
from shapetorch.rules.einops_packing import pack_shape, unpack_shape, unpack_sizes_shape
from shapetorch.rules.lift import apply
from tests.rules.rows import check

B, T, H, D = (name(text) for text in "BTHD")
AMBIGUOUS = ErrorKind.einops_error_ambiguous_decomposition
ANONYMOUS = ErrorKind.einops_error_anonymous_in_output
SIZES = ErrorKind.einops_error_dimension_mismatch
INVALID = ErrorKind.einops_error_invalid_pattern
MISSING = ErrorKind.einops_error_repeat_missing_size
UNDEFINED = ErrorKind.einops_error_undefined_axis
NEW_AXIS = ErrorKind.einops_error_reduce_undefined_output

REARRANGE = [
    pytest.param((2, 3, 4), "b h w -> b w h", {}, (2, 4, 3), id="documented-transpose"),
    pytest.param((8, 3, 32, 32), "b c h w -> b (c h w)", {}, (8, 3072), id="documented-merge"),
    pytest.param((B, T, D), "b t d -> (b t) d", {}, (B * T, D), id="merge"),
    pytest.param((B, H * D), "b (h d) -> b h d", {"h": H}, (B, H, D), id="split-a-product"),
    pytest.param((B, T), "b (h d) -> b h d", {"h": H}, (B, H, T // H), id="split-a-name"),
    pytest.param((B, 12), "b (h d) -> b d h", {"d": 3}, (B, 3, 4), id="split-a-number"),
    pytest.param((2, 12), "a (b c d) -> b a c d", {"b": 2, "d": 3}, (2, 2, 2, 3), id="three"),
    pytest.param((B, 3, T), "b ... -> ... b", {}, (3, T, B), id="dots-move"),
    pytest.param((B, 3, T), "b ... -> b (...)", {}, (B, 3 * T), id="dots-merge"),
    pytest.param((B,), "... -> ...", {}, (B,), id="dots-alone"),
    pytest.param((B, 1, T), "b 1 t -> b t", {}, (B, T), id="drop-one"),
    pytest.param((B, T), "b t -> b () t 1", {}, (B, 1, T, 1), id="insert-ones"),
    pytest.param((B, T), "b t -> (b 1 t)", {}, (B * T,), id="one-inside"),
    pytest.param((B, T), "b t -> t b", {"b": B}, (T, B), id="size-of-a-whole-dim"),
    pytest.param([(B, T), (B, T)], "n b t -> b (n t)", {}, (B, 2 * T), id="list"),
    pytest.param((UNKNOWN_DIM,), "(a b) -> a b", {"a": 2}, (2, UNKNOWN_DIM), id="unknown-size"),
    pytest.param((B, 7), "b (h d) -> b h d", {"h": 2}, SIZES, id="remainder"),
    pytest.param((B, 4 * T + 2), "b (h d) -> b h d", {"h": 4}, SIZES, id="never-divides"),
    pytest.param((7,), "(a b) -> a b", {"a": 2, "b": 3}, SIZES, id="product-differs"),
    pytest.param((B, T), "b t -> t b", {"t": D}, SIZES, id="name-differs"),
    pytest.param((2, 3), "a 1 -> a", {}, SIZES, id="not-one"),
    pytest.param((B, T), "b (h d) -> b h d", {}, AMBIGUOUS, id="two-unknown"),
    pytest.param((2, 3), "a b -> a c", {}, UNDEFINED, id="undefined"),
    pytest.param((2, 3), "a b -> a", {}, UNDEFINED, id="dropped"),
    pytest.param((2, 3), "a b -> b a", {"c": 2}, UNDEFINED, id="size-of-nothing"),
    pytest.param((2, 3), "a b -> a b 2", {}, ANONYMOUS, id="anonymous"),
    pytest.param((2, 3), "a b", {}, INVALID, id="no-arrow"),
    pytest.param((2, 3), "a -> b -> c", {}, INVALID, id="two-arrows"),
    pytest.param((2, 3), "a b -> (a b", {}, INVALID, id="open-parenthesis"),
    pytest.param((2, 3), "a b -> a) b", {}, INVALID, id="closed-parenthesis"),
    pytest.param((2, 3), "a b -> ((a) b)", {}, INVALID, id="nested"),
    pytest.param((2, 3), "a a -> a", {}, INVALID, id="twice"),
    pytest.param((2, 3), "_a b -> b _a", {}, INVALID, id="underscore"),
    pytest.param((2, 3), "a.b -> a", {}, INVALID, id="dot"),
    pytest.param((2, 3), "... ... -> ...", {}, INVALID, id="dots-twice"),
    pytest.param((2, 3), "(a ...) b -> a b ...", {}, INVALID, id="dots-inside-left"),
    pytest.param((2, 3), "a b -> a b ...", {}, INVALID, id="dots-right-only"),
    pytest.param((2, 3), "2 b -> b 1", {}, INVALID, id="number-left"),
    pytest.param((B, T), "a b c -> a b c", {}, INVALID, id="rank"),
    pytest.param((2,), "a b ... -> a b ...", {}, INVALID, id="rank-with-dots"),
    pytest.param(
        [(2, 3), (2, 5)], "n a b -> n a b", {}, ErrorKind.stack_error_shape_mismatch, id="uneven"
    ),
]


@pytest.mark.parametrize(("tensor", "pattern", "lengths", "expected"), REARRANGE)
def test_rearrange(tensor: Any, pattern: str, lengths: Any, expected: Any) -> None:
    check(rearrange_shape, {"tensor": tensor, "pattern": pattern, **lengths}, expected)


REDUCE = [
    pytest.param((B, 3, T), "b c t -> b c", {}, (B, 3), id="one"),
    pytest.param((B, 3, T), "b c t -> ", {}, (), id="all"),
    pytest.param((B, T, D), "... d -> ... 1", {}, (B, T, 1), id="keep"),
    pytest.param((B, 6, 8), "b (h 2) (w 2) -> b h w", {}, (B, 3, 4), id="pooling"),
    pytest.param((B, 3), "... -> ", {}, (), id="dots"),
    pytest.param((B, 7), "b (h 2) -> b h", {}, SIZES, id="remainder"),
    pytest.param((2, 3), "a 2 -> a", {}, SIZES, id="number-differs"),
    pytest.param((B, T), "b t -> b c", {}, NEW_AXIS, id="new-axis"),
    pytest.param((2, 3), "a b -> a 2", {}, ANONYMOUS, id="anonymous"),
    pytest.param((2, 3), "a -> ", {}, INVALID, id="rank"),
]


@pytest.mark.parametrize(("tensor", "pattern", "lengths", "expected"), REDUCE)
def test_reduce(tensor: Any, pattern: str, lengths: Any, expected: Any) -> None:
    arguments = {"tensor": tensor, "pattern": pattern, "reduction": "mean", **lengths}
    check(reduce_shape, arguments, expected)


REPEAT = [
    pytest.param((B, T), "b t -> b t r", {"r": D}, (B, T, D), id="new"),
    pytest.param((B, T), "b t -> (2 b) t", {}, (2 * B, T), id="number"),
    pytest.param((B, T), "... -> ... 3", {}, (B, T, 3), id="dots"),
    pytest.param((B,), "b -> (b r)", {"r": 2}, (2 * B,), id="tile"),
    pytest.param((B,), "b -> b r", {}, MISSING, id="no-size"),
    pytest.param((B, T), "b t -> b r", {"r": 2}, UNDEFINED, id="dropped"),
    pytest.param((2,), "2 -> 3", {}, INVALID, id="number-left"),
]


@pytest.mark.parametrize(("tensor", "pattern", "lengths", "expected"), REPEAT)
def test_repeat(tensor: Any, pattern: str, lengths: Any, expected: Any) -> None:
    check(repeat_shape, {"tensor": tensor, "pattern": pattern, **lengths}, expected)


EINSUM = [
    pytest.param([(B, T, D), (B, H, D), "b i d, b j d -> b i j"], (B, T, H), id="attention"),
    pytest.param([(2, 3, 5), (5, 7), "... in, in out -> ... out"], (2, 3, 7), id="dots"),
    pytest.param(
        [(B, T), (D, H), "a b, b c -> a c"],
        ErrorKind.einsum_error_dimension_mismatch,
        id="sizes-differ",
    ),
    pytest.param([(2, 3), "a b -> c"], UNDEFINED, id="undefined"),
    pytest.param([(2, 3), "a b"], INVALID, id="no-arrow"),
    pytest.param([(2, 3), "(a b) -> a"], INVALID, id="parentheses"),
    pytest.param([(2, 3), "a 3 -> a"], INVALID, id="number"),
]


@pytest.mark.parametrize(("operands", "expected"), EINSUM)
def test_einsum(operands: Any, expected: Any) -> None:
    check(einops_einsum_shape, {"operands": operands}, expected)


PACK = [
    pytest.param(
        [(2, 3, 5), (2, 3, 7, 5), (2, 3, 7, 9, 5)],
        "i j * k",
        ((2, 3, 71, 5), [(), (7,), (7, 9)]),
        id="documented",
    ),
    pytest.param([(B, T, D), (B, D)], "b * d", ((B, T + 1, D), [(T,), ()]), id="symbolic"),
    pytest.param([(B, T), (D, T)], "b *", SIZES, id="names-differ"),
    pytest.param([(2,)], "b * d", INVALID, id="too-few-dims"),
    pytest.param([(2, 3)], "b c", INVALID, id="no-star"),
    pytest.param([(2, 3)], "* *", INVALID, id="two-stars"),
    pytest.param([(0, 3)], "b *", ErrorKind.reshape_error_invalid_size, id="empty"),
]


@pytest.mark.parametrize(("tensors", "pattern", "expected"), PACK)
def test_pack(tensors: Any, pattern: str, expected: Any) -> None:
    check(pack_shape, {"tensors": tensors, "pattern": pattern}, expected)


UNPACK = [
    pytest.param((B, 71), [[], [7], [7, 9]], "b *", [(B,), (B, 7), (B, 7, 9)], id="known"),
    pytest.param((B, T + 1, D), [(T,), ()], "b * d", [(B, T, D), (B, D)], id="symbolic"),
    pytest.param((B, 12), [[2], [-1, 5]], "b *", [(B, 2), (B, 2, 5)], id="open"),
    pytest.param((B, T), [[1], [-1]], "b *", [(B, 1), (B, T - 1)], id="open-name"),
    pytest.param((B, 10), [[2], [3]], "b *", SIZES, id="sum-differs"),
    pytest.param((B, 12), [[2], [-1, 3]], "b *", SIZES, id="remainder"),
    pytest.param((B, 10), [[-1], [-1]], "b *", AMBIGUOUS, id="two-open"),
    pytest.param((B, 10, 2), [[10]], "b *", INVALID, id="rank"),
]


@pytest.mark.parametrize(("tensor", "parts", "pattern", "expected"), UNPACK)
def test_unpack(tensor: Any, parts: Any, pattern: str, expected: Any) -> None:
    arguments = {"tensor": tensor, "packed_shapes": parts, "pattern": pattern}
    check(unpack_sizes_shape, arguments, expected)


def test_unpack_undoes_pack() -> None:
    shapes = [(B, T, D), (B, D), (B, 2, 3, D)]
    packed = pack_shape(shapes, "b * d")
    assert unpack_shape(packed.tensor, packed.packed_shapes, "b * d") == shapes


def test_layers() -> None:
    assert RearrangeLayer("b (h d) -> b h d", h=8).forward((B, 64)) == (B, 8, 8)
    assert ReduceLayer("b c h w -> b c", "mean").forward((B, 3, T, T)) == (B, 3)


def test_a_division_is_a_condition_once() -> None:
    with using(Context()) as context:
        rearrange_shape((T,), "(h d) -> h d", h=H)
        merged = rearrange_shape((H, T // H), "h d -> (h d)")
    assert [str(side) for side in context.conditions[0].clash or ()] == ["H*(T//H)", "T"]
    assert len(context.conditions) == 1
    assert merged == (H * (T // H),)


BATCH = Variadic("batch")
LIFTED = [
    pytest.param((BATCH, T, D), "... d -> d ...", (D, BATCH, T), id="dots-move"),
    pytest.param((BATCH, T, D), "... d -> (...) d", (parse("T*prod(*batch)"), D), id="dots-merge"),
    pytest.param((BATCH, T, D), "... (h d) -> ... h d", (BATCH, T, 8, D // 8), id="dots-split"),
    pytest.param((BATCH, D), "a b c -> c b a", None, id="names-fix-the-rank"),
]


@pytest.mark.parametrize(("tensor", "pattern", "expected"), LIFTED)
def test_variadic(tensor: Any, pattern: str, expected: Any) -> None:
    lengths = {"h": 8} if "h" in pattern else {}
    result = apply(rearrange_shape, {"tensor": tensor, "pattern": pattern, **lengths}, ("tensor",))
    if expected is None:
        assert len(result) == 3
        assert result[0] == D
    else:
        assert result == expected
