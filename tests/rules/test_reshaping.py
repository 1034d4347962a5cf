"""View, reshape, flatten, squeeze, expand, permute, repeat, on numbers and on names."""

from __future__ import annotations

from typing import Any

import pytest

from shapetorch.dim import (
    UNKNOWN,
    UNKNOWN_DIM,
    Context,
    Facts,
    Truth,
    Variadic,
    equal,
    is_fixed,
    minimum,
    name,
    parse,
    using,
)
from shapetorch.errors import ErrorKind
from shapetorch.rules.lift import apply
from shapetorch.rules.permuting import (
    flip_shape,
    fliplr_shape,
    hermitian_shape,
    matrix_transpose_shape,
    movedim_shape,
    permute_shape,
    reversed_shape,
    roll_shape,
    rot90_shape,
    swapaxes_shape,
    t_shape,
    transpose_shape,
)
from shapetorch.rules.repeating import (
    repeat_interleave_count_shape,
    repeat_interleave_shape,
    repeat_shape,
    tile_shape,
)
from shapetorch.rules.reshaping import (
    broadcast_shapes_shape,
    broadcast_tensors_shape,
    broadcast_to_shape,
    expand_as_shape,
    expand_shape,
    flatten_shape,
    ravel_shape,
    reshape_shape,
    squeeze_shape,
    unflatten_shape,
    unsqueeze_shape,
    view_as_shape,
    view_dtype_shape,
    view_shape,
)
from shapetorch.rules.windows import (
    as_strided_shape,
    block_diag_shape,
    diag_embed_shape,
    diag_shape,
    diagonal_shape,
    tril_shape,
    unfold_windows_shape,
)
from tests.rules.rows import check

B, T, C, H, N = (name(text) for text in "BTCHN")
COUNT = ErrorKind.reshape_error_element_count
INVALID = ErrorKind.reshape_error_invalid_size
RANGE = ErrorKind.dimension_error_out_of_range
DUPLICATE = ErrorKind.dimension_error_duplicate
EXPAND = ErrorKind.expand_error_incompatible
VALUE = ErrorKind.argument_error_value
RANK = ErrorKind.rank_error_mismatch
BROADCAST = ErrorKind.broadcast_error_incompatible_dimensions


def view(shape: tuple[Any, ...], *size: Any) -> tuple[Any, dict[str, Any]]:
    return view_shape, {"input": shape, "size": size}


def row(call: tuple[Any, dict[str, Any]], expected: Any, label: str) -> Any:
    return pytest.param(*call, expected, id=label)


ROWS = [
    row(view((2, 3, 5), 6, 5), (6, 5), "view-numbers"),
    row(view((2, 3, 5), 6, -1), (6, 5), "view-infers"),
    row(view((2, 3, 5), 7, -1), COUNT, "view-remainder"),
    row(view((2, 3, 5), 31), COUNT, "view-other-count"),
    row(view((2, 3), -1, -1), INVALID, "view-two-open-sizes"),
    row(view((2, 3), -2, 3), INVALID, "view-negative"),
    row(view((0,), 0, -1), INVALID, "view-nothing-is-ambiguous"),
    row(view((6,), 0, -1), COUNT, "view-into-nothing"),
    row(view(()), (), "view-scalar"),
    row(view((B, 6), B, 4), COUNT, "view-symbolic-certain"),
    row(view((B, 6), B, -1, 4), COUNT, "view-symbolic-certain-open"),
    row(view((B, T, C), B, -1), (B, T * C), "view-merges"),
    row(view((B, T, C), -1, C), (B * T, C), "view-merges-the-rest"),
    row(view((B, T - 1, C), -1, C), (B * T - B, C), "view-shifted"),
    row(view((B, T, C), B, T, H, C // H), (B, T, H, C // H), "view-heads"),
    row(view((B, T, C), B, T, H, -1), (B, T, H, C // H), "view-heads-open"),
    row(view((B, T, C), B, T, -1, C // H), (B, T, H, C // H), "view-head-size-given"),
    row(view((B, T, 3 * C), B, T, 3, H, -1), (B, T, 3, H, C // H), "view-qkv"),
    row(view((B, T, 3 * C), B, T, 3, C), (B, T, 3, C), "view-thirds"),
    row(view((B, H, T, C // H), B, T, C), (B, T, C), "view-heads-back"),
    row(view((B, T, C), B, C, C), COUNT, "view-other-name"),
    row(view((B, T, C), B, UNKNOWN_DIM, C), (B, T, C), "view-unknown-follows"),
    row(view((B, T), UNKNOWN_DIM, UNKNOWN_DIM), (UNKNOWN_DIM,) * 2, "view-unknown-target"),
    row(view((UNKNOWN_DIM, 7), B, -1), (B, UNKNOWN_DIM), "view-of-unknown"),
    row(view((UNKNOWN_DIM, 7), 2, 3), (2, 3), "view-of-unknown-is-accepted"),
    row((reshape_shape, {"input": (B, 6), "shape": (B, 5)}), COUNT, "reshape"),
    row((view_dtype_shape, {"input": (B, 6), "dtype": "int8"}), (B, UNKNOWN_DIM), "view-dtype"),
    row((view_as_shape, {"input": (B, 6), "other": (B, 2, 3)}), (B, 2, 3), "view-as"),
    row((view_as_shape, {"input": (B, 6), "other": (B, 5)}), COUNT, "view-as-other"),
    row((ravel_shape, {"input": (B, 2, 3)}), (6 * B,), "ravel"),
    row((flatten_shape, {"input": (B, T, 5), "start_dim": 1}), (B, 5 * T), "flatten"),
    row((flatten_shape, {"input": ()}), (1,), "flatten-scalar"),
    row(
        (flatten_shape, {"input": (2, 3, 5), "start_dim": 2, "end_dim": 1}),
        ErrorKind.flatten_error_dim_order,
        "flatten-order",
    ),
    row((flatten_shape, {"input": (2, 3), "start_dim": 2}), RANGE, "flatten-range"),
    row(
        (unflatten_shape, {"input": (B, C), "dim": 1, "sizes": (H, -1)}),
        (B, H, C // H),
        "unflatten",
    ),
    row(
        (unflatten_shape, {"input": (B, 6), "dim": 1, "sizes": (4, -1)}),
        ErrorKind.unflatten_error_sizes,
        "unflatten-remainder",
    ),
    row((squeeze_shape, {"input": (B, 1, T, 1)}), (B, T), "squeeze-all"),
    row((squeeze_shape, {"input": (B, 1, T, 1), "dim": 1}), (B, T, 1), "squeeze-dim"),
    row((squeeze_shape, {"input": (B, 1, T, 1), "dim": 2}), (B, 1, T, 1), "squeeze-kept"),
    row((squeeze_shape, {"input": (2, 1, 1), "dim": (1, -1)}), (2,), "squeeze-dims"),
    row((squeeze_shape, {"input": (2, 3), "dim": (0, 0)}), DUPLICATE, "squeeze-twice"),
    row((squeeze_shape, {"input": (2, 3), "dim": 2}), RANGE, "squeeze-range"),
    row((unsqueeze_shape, {"input": (B, T), "dim": -1}), (B, T, 1), "unsqueeze-end"),
    row((unsqueeze_shape, {"input": (B, T), "dim": -3}), (1, B, T), "unsqueeze-front"),
    row((unsqueeze_shape, {"input": (B, T), "dim": 3}), RANGE, "unsqueeze-range"),
    row((expand_shape, {"input": (B, 1), "size": (-1, T)}), (B, T), "expand"),
    row((expand_shape, {"input": (3, 1), "size": (B, 3, T)}), (B, 3, T), "expand-front"),
    row((expand_shape, {"input": (B, 3), "size": (B, 5)}), EXPAND, "expand-other"),
    row((expand_shape, {"input": (B, 3), "size": (3,)}), EXPAND, "expand-fewer"),
    row((expand_shape, {"input": (3,), "size": (-1, 3)}), EXPAND, "expand-open-front"),
    row((expand_shape, {"input": (B, T), "size": (B, C)}), EXPAND, "expand-other-name"),
    row((broadcast_to_shape, {"input": (1,), "size": (B, T)}), (B, T), "broadcast-to"),
    row((expand_as_shape, {"input": (T, 1), "other": (B, T, 7)}), (B, T, 7), "expand-as"),
    row(
        (broadcast_tensors_shape, {"tensors": [(B, 1), (T,)]}),
        [(B, T), (B, T)],
        "broadcast-tensors",
    ),
    row((broadcast_shapes_shape, {"shapes": [(2, 1), (3,), ()]}), (2, 3), "broadcast-shapes"),
    row((broadcast_shapes_shape, {"shapes": [(2, 3), (5,)]}), BROADCAST, "broadcast-clash"),
    row((permute_shape, {"input": (B, T, 7), "dims": (2, 0, -2)}), (7, B, T), "permute"),
    row(
        (permute_shape, {"input": (2, 3), "dims": (0,)}),
        ErrorKind.permute_error_dimension_count_mismatch,
        "permute-count",
    ),
    row(
        (permute_shape, {"input": (2, 3), "dims": (0, -2)}),
        ErrorKind.permute_error_duplicate_dims,
        "permute-twice",
    ),
    row((permute_shape, {"input": (2, 3), "dims": (0, 2)}), RANGE, "permute-range"),
    row((transpose_shape, {"input": (B, T, 7), "dim0": 1, "dim1": -1}), (B, 7, T), "transpose"),
    row((transpose_shape, {"input": (), "dim0": 0, "dim1": -1}), (), "transpose-scalar"),
    row(
        (transpose_shape, {"input": (2, 3), "dim0": 0, "dim1": 2}),
        ErrorKind.transpose_dims_error_out_of_range,
        "transpose-range",
    ),
    row((swapaxes_shape, {"input": (B, T), "axis0": 0, "axis1": 1}), (T, B), "swapaxes"),
    row((t_shape, {"input": (B, T)}), (T, B), "t"),
    row((t_shape, {"input": (B,)}), (B,), "t-vector"),
    row((t_shape, {"input": (2, 3, 5)}), ErrorKind.transpose_error_requires_2d_tensor, "t-rank"),
    row((reversed_shape, {"input": (B, T, 7)}), (7, T, B), "T"),
    row((matrix_transpose_shape, {"input": (B, T, 7)}), (B, 7, T), "mT"),
    row((matrix_transpose_shape, {"input": ()}), (), "mT-scalar"),
    row(
        (matrix_transpose_shape, {"input": (3,)}),
        ErrorKind.linalg_error_requires_at_least_2d,
        "mT-vector",
    ),
    row((hermitian_shape, {"input": (B, T)}), (T, B), "H"),
    row((hermitian_shape, {"input": (2, 3, 5)}), ErrorKind.linalg_error_requires_2d, "H-rank"),
    row(
        (movedim_shape, {"input": (B, T, 7), "source": 0, "destination": -1}),
        (T, 7, B),
        "movedim",
    ),
    row(
        (movedim_shape, {"input": (B, T, 7), "source": (0, 1), "destination": (1, 2)}),
        (7, B, T),
        "movedim-several",
    ),
    row(
        (movedim_shape, {"input": (2, 3), "source": (0,), "destination": (0, 1)}),
        VALUE,
        "movedim-count",
    ),
    row((flip_shape, {"input": (B, T), "dims": (0, -1)}), (B, T), "flip"),
    row(
        (flip_shape, {"input": (2, 3), "dims": (2,)}),
        ErrorKind.flip_error_dim_out_of_range,
        "flip-range",
    ),
    row((flip_shape, {"input": (2, 3), "dims": (0, -2)}), DUPLICATE, "flip-twice"),
    row((fliplr_shape, {"input": (3,)}), RANK, "fliplr-rank"),
    row((roll_shape, {"input": (B, T), "shifts": N, "dims": 1}), (B, T), "roll"),
    row((roll_shape, {"input": (2, 3), "shifts": (1, 2), "dims": (0,)}), VALUE, "roll-count"),
    row((rot90_shape, {"input": (B, T, 7)}), (T, B, 7), "rot90"),
    row((rot90_shape, {"input": (B, T), "k": 2}), (B, T), "rot90-even"),
    row((rot90_shape, {"input": (2, 3), "dims": (0, 0)}), VALUE, "rot90-same"),
    row((repeat_shape, {"input": (B, 3), "repeats": (2, T, 5)}), (2, B * T, 15), "repeat"),
    row(
        (repeat_shape, {"input": (2, 3), "repeats": (2,)}),
        ErrorKind.repeat_error_count,
        "repeat-count",
    ),
    row((repeat_shape, {"input": (2,), "repeats": (-1,)}), VALUE, "repeat-negative"),
    row((tile_shape, {"input": (B, 3), "dims": (2,)}), (B, 6), "tile"),
    row(
        (repeat_interleave_count_shape, {"input": (B, T), "repeats": N, "dim": 1}),
        (B, N * T),
        "repeat-interleave",
    ),
    row(
        (repeat_interleave_count_shape, {"input": (B, T), "repeats": 2}),
        (2 * B * T,),
        "repeat-interleave-flat",
    ),
    row(
        (repeat_interleave_shape, {"input": (B, T), "repeats": (T,), "dim": 1}),
        (B, UNKNOWN_DIM),
        "repeat-interleave-tensor",
    ),
    row(
        (repeat_interleave_shape, {"input": (B, 5), "repeats": (3,), "dim": 1}),
        VALUE,
        "repeat-interleave-length",
    ),
    row(
        (unfold_windows_shape, {"input": (B, 7), "dimension": 1, "size": 3, "step": 2}),
        (B, 3, 3),
        "unfold",
    ),
    row(
        (unfold_windows_shape, {"input": (B, T), "dimension": 1, "size": T, "step": 1}),
        (B, 1, T),
        "unfold-whole",
    ),
    row(
        (unfold_windows_shape, {"input": (2, 3), "dimension": 1, "size": 5, "step": 1}),
        ErrorKind.unfold_error_size,
        "unfold-too-large",
    ),
    row((as_strided_shape, {"input": (9,), "size": (B, 3), "stride": (1,)}), VALUE, "strides"),
    row((diagonal_shape, {"input": (B, T, T), "dim1": 1, "dim2": 2}), (B, T), "diagonal"),
    row((diagonal_shape, {"input": (B, T)}), (minimum(B, T),), "diagonal-of-names"),
    row((diagonal_shape, {"input": (3, 5), "offset": 7}), (0,), "diagonal-past-the-corner"),
    row((diag_shape, {"input": (T,), "diagonal": -2}), (T + 2, T + 2), "diag-vector"),
    row((diag_shape, {"input": (2, 3)}), (2,), "diag-matrix"),
    row((diag_shape, {"input": (2, 3, 5)}), RANK, "diag-rank"),
    row((diag_embed_shape, {"input": (B, T)}), (B, T, T), "diag-embed"),
    row((tril_shape, {"input": (3,)}), ErrorKind.linalg_error_requires_at_least_2d, "tril-rank"),
    row((block_diag_shape, {"tensors": [(B, 2), (3,), (5, T)]}), (B + 6, T + 5), "block-diag"),
]


@pytest.mark.parametrize(("rule", "arguments", "expected"), ROWS)
def test_rule(rule: Any, arguments: dict[str, Any], expected: Any) -> None:
    with using(Context()):
        check(rule, arguments, expected, least=2)


@pytest.mark.parametrize(
    ("shape", "size", "condition"),
    [
        pytest.param((B, T, C), (B, T, H, -1), (C, H), id="divides"),
        pytest.param((B, T, C), (B, T, H, C // H), (C, H), id="divides-written-out"),
        pytest.param((B, 6), (-1, 4), (6 * B, 4), id="a-multiple"),
    ],
)
def test_a_division_is_taken_for_granted(
    shape: tuple[Any, ...], size: tuple[Any, ...], condition: tuple[Any, Any]
) -> None:
    with using(Context()) as context:
        view_shape(shape, size)
        assert [error.kind for error in context.conditions] == [COUNT]
        number, divisor = condition
        assert equal(number, divisor * (number // divisor)) is Truth.YES


def test_what_is_known_needs_no_condition() -> None:
    with using(Context(facts=Facts().assume_divisible(C, H))) as context:
        assert view_shape((B, T, C), (B, T, H, -1)) == (B, T, H, C // H)
        assert context.conditions == []


def test_squeeze_of_what_may_be_one() -> None:
    assert squeeze_shape((B, UNKNOWN_DIM)) == UNKNOWN
    assert squeeze_shape((B, name("cfg.classes", soft=True)), -1) == UNKNOWN
    with using(Context(facts=Facts(parameters=frozenset({"N"})))):
        assert squeeze_shape((B, N), -1) == UNKNOWN
    assert squeeze_shape((B, UNKNOWN_DIM, 1), -1) == (B, UNKNOWN_DIM)


LIFTED = [
    pytest.param(
        view_shape, {"input": (Variadic("A"), C), "size": (-1, C)}, ("prod(*A)", "C"), id="rows"
    ),
    pytest.param(
        transpose_shape,
        {"input": (Variadic("A"), T, C), "dim0": -1, "dim1": -2},
        (Variadic("A"), "C", "T"),
        id="transpose",
    ),
    pytest.param(
        flatten_shape,
        {"input": (B, Variadic("A")), "start_dim": 1},
        ("B", "prod(*A)"),
        id="flatten",
    ),
    pytest.param(
        transpose_shape, {"input": (B, *UNKNOWN), "dim0": 1, "dim1": 2}, ("B", *UNKNOWN), id="front"
    ),
    pytest.param(squeeze_shape, {"input": (*UNKNOWN, 1), "dim": -1}, UNKNOWN, id="squeeze"),
    pytest.param(squeeze_shape, {"input": UNKNOWN}, UNKNOWN, id="squeeze-unknown"),
]


@pytest.mark.parametrize(("rule", "arguments", "expected"), LIFTED)
def test_variadic(rule: Any, arguments: dict[str, Any], expected: tuple[Any, ...]) -> None:
    wanted = tuple(parse(item) if isinstance(item, str) else item for item in expected)
    assert apply(rule, arguments, ("input",)) == wanted


def test_a_permutation_tells_the_rank() -> None:
    found = apply(permute_shape, {"input": UNKNOWN, "dims": (0, 2, 1)}, ("input",))
    assert is_fixed(found)
    assert len(found) == 3
