"""The documented shape helpers: as functions, as types, and by name."""

import csv
from pathlib import Path

import pytest

import shapetorch.typing as helpers
from shapetorch.dim import ELLIPSIS, UNKNOWN, UNKNOWN_DIM, Variadic, name
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.typing import HELPERS, Shape, evaluate

K = ErrorKind
B, T = name("B"), name("T")
A = Variadic("A")
S23 = (2, 3)

RESULTS = [
    pytest.param("Rank", [S23], 2, id="rank"),
    pytest.param("Rank", [(A, 3)], UNKNOWN_DIM, id="rank-of-a-row"),
    pytest.param("NegativeDim", [3], (-3, -2, -1), id="negative-dims"),
    pytest.param("NegativeDim", [3, -1], 2, id="negative-dim"),
    pytest.param("NegativeDim", [3, 3], K.dimension_error_out_of_range, id="no-such-dim"),
    pytest.param("Is2D", [S23], True, id="is-2d"),
    pytest.param("Is2D", [(2,)], False, id="is-not-2d"),
    pytest.param("Is2D", [UNKNOWN], True, id="may-be-2d"),
    pytest.param("Is2D", [(2, 3, 5, A)], False, id="row-is-too-long"),
    pytest.param("IsAtLeast1D", [()], False, id="scalar"),
    pytest.param("IsAtLeast1D", [UNKNOWN], True, id="may-be-1d"),
    pytest.param("ItemResult", ["torch.float32"], float, id="item-float"),
    pytest.param("ItemResult", ["int64"], int, id="item-int"),
    pytest.param("ItemResult", ["bool"], bool, id="item-bool"),
    pytest.param("ItemResult", ["complex64"], complex, id="item-complex"),
    pytest.param("BroadcastShape", [S23, (1, 3)], (2, 3), id="broadcast"),
    pytest.param("BroadcastShape", [S23, (3,), (7, 1, 1)], (7, 2, 3), id="broadcast-three"),
    pytest.param("BroadcastShape", [(1, 3), (0, 3)], (0, 3), id="broadcast-empty"),
    pytest.param(
        "BroadcastShape",
        [S23, (2, 5)],
        K.broadcast_error_incompatible_dimensions,
        id="broadcast-clash",
    ),
    pytest.param("MatmulShape", [S23, (3, 4)], (2, 4), id="matmul"),
    pytest.param("MatmulShape", [(7, 1, 2, 3), (5, 3, 4)], (7, 5, 2, 4), id="matmul-batch"),
    pytest.param("MatmulShape", [(A, 2, 3), (3, 5)], (A, 2, 5), id="matmul-row"),
    pytest.param("MatmulShape", [(B, T), (T, 5)], (B, 5), id="matmul-names"),
    pytest.param(
        "MatmulShape",
        [S23, (5, 4)],
        K.matmul_error_inner_dimensions_do_not_match,
        id="matmul-inner",
    ),
    pytest.param("Matmul2DShape", [S23, (3, 4)], (2, 4), id="mm"),
    pytest.param("ReshapeShape", [S23, (3, -1)], (3, 2), id="reshape"),
    pytest.param("ReshapeShape", [(B, 6), (B, 2, -1)], (B, 2, 3), id="reshape-names"),
    pytest.param("ReshapeShape", [S23, (4, -1)], K.reshape_error_element_count, id="reshape-count"),
    pytest.param("FlattenShape", [(2, 3, 5), 1], (2, 15), id="flatten"),
    pytest.param("FlattenShape", [()], (1,), id="flatten-scalar"),
    pytest.param("SqueezeShape", [(1, 3, 1)], (3,), id="squeeze"),
    pytest.param("SqueezeShape", [(1, 3, 1), 0], (3, 1), id="squeeze-dim"),
    pytest.param("SqueezeShape", [(1, 3, 1), 3], K.dimension_error_out_of_range, id="squeeze-bad"),
    pytest.param("UnsqueezeShape", [S23, -3], (1, 2, 3), id="unsqueeze"),
    pytest.param("PermuteShape", [(2, 3, 5), (2, 0, -2)], (5, 2, 3), id="permute"),
    pytest.param("PermuteShape", [(2, 3, 5), 2, 0, 1], (5, 2, 3), id="permute-spread"),
    pytest.param(
        "PermuteShape", [S23, (0,)], K.permute_error_dimension_count_mismatch, id="permute-count"
    ),
    pytest.param("TransposeShape", [S23], (3, 2), id="t"),
    pytest.param("TransposeShape", [(2,)], (2,), id="t-vector"),
    pytest.param("TransposeShape", [(2, 3, 5)], K.transpose_error_requires_2d_tensor, id="t-3d"),
    pytest.param("TransposeDimsShape", [(2, 3, 5), 0, -1], (5, 3, 2), id="transpose"),
    pytest.param(
        "TransposeDimsShapeChecked", [S23, 0, 2], K.transpose_dims_error_out_of_range, id="checked"
    ),
    pytest.param("ExpandShape", [(1, 3), (5, 2, -1)], (5, 2, 3), id="expand"),
    pytest.param("ExpandShape", [S23, (4, 3)], K.expand_error_incompatible, id="expand-bad"),
    pytest.param("TileShape", [S23, 2], (2, 6), id="tile"),
    pytest.param("TileShape", [S23, (2, 2, 2)], (2, 4, 6), id="tile-more"),
    pytest.param("CatShape", [[S23, (5, 3)], 0], (7, 3), id="cat-list"),
    pytest.param("CatShape", [S23, (5, 3), 0], (7, 3), id="cat-spread"),
    pytest.param("CatShape", [[S23, (5, 2)], 0], K.cat_error_size_mismatch, id="cat-clash"),
    pytest.param("FlipShape", [S23, (0, 1)], S23, id="flip"),
    pytest.param("FlipShape", [S23, 2], K.flip_error_dim_out_of_range, id="flip-bad"),
    pytest.param("CumShape", [S23, -1], S23, id="cum"),
    pytest.param("SoftmaxShape", [S23, 2], K.softmax_error_dim_out_of_range, id="softmax-bad"),
    pytest.param("GatherShape", [(2, 7), 1, (2, 3)], (2, 3), id="gather"),
    pytest.param("GatherShape", [S23, 2, S23], K.gather_error_dim_out_of_range, id="gather-bad"),
    pytest.param("IndexSelectShape", [S23, 1, 5], (2, 5), id="index-select-length"),
    pytest.param("IndexSelectShape", [S23, 1, (5,)], (2, 5), id="index-select-shape"),
    pytest.param("ScatterShape", [S23, 0, S23], S23, id="scatter"),
    pytest.param("SelectShape", [(2, 3, 5), 1, 2], (2, 5), id="select"),
    pytest.param("SelectShape", [S23, 1, 3], K.select_error_index_out_of_bounds, id="select-bad"),
    pytest.param("NarrowShape", [S23, 1, 1, 2], (2, 2), id="narrow"),
    pytest.param(
        "NarrowShape", [S23, 1, 2, 2], K.narrow_error_length_exceeds_bounds, id="narrow-long"
    ),
    pytest.param("SliceShape", [(10, 20), (0, 5), (5, 15, 2)], (5, 5), id="slice"),
    pytest.param("SliceShape", [(10, 20), None, (18, 99)], (10, 2), id="slice-clamps"),
    pytest.param("AtShape", [(10, 20), (0, 5), 3], (5,), id="at"),
    pytest.param("AtShape", [(10, 20, 30), "...", None], (10, 20, 30), id="at-rest"),
    pytest.param("AtShape", [(10, 20), Shape[7]], (7, 20), id="at-index"),
    pytest.param("At", [(10,), 3], (), id="at-scalar"),
    pytest.param("AtShape", [S23, 5], K.at_error_index_out_of_bounds, id="at-bad"),
    pytest.param("RearrangeShape", [(2, 3, 4), "b h w -> b w h"], (2, 4, 3), id="rearrange"),
    pytest.param(
        "ValidatedRearrangeShape", [(2, 6), "b (h w) -> h w b", {"h": 2}], (2, 3, 2), id="axes"
    ),
    pytest.param("ReduceShape", [(2, 3, 5), "b t d -> b d"], (2, 5), id="reduce-pattern"),
    pytest.param(
        "ValidatedReduceShape", [(6, 3), "(a b) c -> a", {"b": 2}], (3,), id="reduce-axes"
    ),
    pytest.param("ReduceShape", [(2, 3, 5), 1], (2, 5), id="reduce-dim"),
    pytest.param("ReduceShape", [(2, 3, 5), (0, 1), True], (1, 1, 5), id="reduce-dims"),
    pytest.param("ReduceShape", [(2, 3, 5)], (), id="reduce-all"),
    pytest.param("RepeatShape", [(2,), "a -> a r", {"r": 3}], (2, 3), id="repeat-pattern"),
    pytest.param("RepeatShape", [S23, (5, 1, 2)], (5, 2, 6), id="repeat-counts"),
    pytest.param(
        "ValidatedRepeatShape",
        [(2,), "a -> a r"],
        K.einops_error_repeat_missing_size,
        id="repeat-bad",
    ),
    pytest.param("PackShape", [[(2, 3, 5), (2, 7, 5)], "b * d"], (2, 10, 5), id="pack"),
    pytest.param(
        "UnpackShape", [(2, 10, 5), [(3,), (7,)], "b * d"], [(2, 3, 5), (2, 7, 5)], id="unpack"
    ),
    pytest.param("EinsumOutputShape", ["ij,jk->ik", S23, (3, 5)], (2, 5), id="einsum"),
    pytest.param("EinsumOutputShape", ["ij,jk->ik", [S23, (3, 5)]], (2, 5), id="einsum-list"),
    pytest.param(
        "ValidatedEinsumShape",
        ["ij,jk->ik", S23, (5, 4)],
        K.einsum_error_dimension_mismatch,
        id="einsum-clash",
    ),
    pytest.param("ValidateEinsum", ["ij->i", S23], [S23], id="validate-einsum"),
    pytest.param(
        "ValidateOperandCount",
        ["ij->i", S23, S23],
        K.einsum_error_operand_count_mismatch,
        id="operand-count",
    ),
    pytest.param(
        "ValidateRanks", ["ijk->i", S23], K.einsum_error_subscript_rank_mismatch, id="ranks"
    ),
    pytest.param("ValidateRanks", ["ij,jk->ik", S23, (5, 4)], [S23, (5, 4)], id="ranks-only"),
    pytest.param("DetShape", [(5, 3, 3)], (5,), id="det"),
    pytest.param("DetShape", [S23], K.linalg_error_not_square_matrix, id="det-rectangle"),
    pytest.param("InverseShape", [(5, 3, 3)], (5, 3, 3), id="inverse"),
    pytest.param(
        "CholeskyShape", [(3,)], K.linalg_error_requires_at_least_2d, id="cholesky-vector"
    ),
    pytest.param("EigShape", [(3, 3)], ((3,), (3, 3)), id="eig"),
    pytest.param("LUShape", [(5, 4, 3)], ((5, 4, 4), (5, 4, 3), (5, 3, 3)), id="lu"),
    pytest.param("SVDShape", [(5, 4, 3)], ((5, 4, 4), (5, 3), (5, 3, 3)), id="svd"),
    pytest.param("SVDShape", [(5, 4, 3), False], ((5, 4, 3), (5, 3), (5, 3, 3)), id="svd-reduced"),
    pytest.param("DiagShape", [(3,), 2], (5, 5), id="diag-of-vector"),
    pytest.param("DiagShape", [S23], (2,), id="diag-of-matrix"),
    pytest.param("TraceShape", [S23], (), id="trace"),
    pytest.param("TraceShape", [(2, 3, 3)], K.linalg_error_requires_2d, id="trace-3d"),
    pytest.param("ValidateScalar", [(1, 1)], (1, 1), id="one-element"),
    pytest.param("ValidateScalar", [S23], K.item_error_not_scalar, id="no-scalar"),
    pytest.param("ValidateSquareMatrix", [(3, 3)], (3, 3), id="square"),
    pytest.param("ValidateSquareMatrix", [(5, 3, 3)], K.linalg_error_requires_2d, id="square-3d"),
    pytest.param("ValidateBatchedSquareMatrix", [(5, 3, 3)], (5, 3, 3), id="squares"),
    pytest.param(
        "ValidateBatchedSquareMatrix", [S23], K.linalg_error_not_square_matrix, id="no-square"
    ),
    pytest.param("ValidateChunkDim", [S23, 1], S23, id="chunk-dim"),
    pytest.param("ValidateChunkDim", [S23, 2], K.chunk_error_dim_out_of_range, id="no-chunk-dim"),
    pytest.param("ValidateSplitDim", [S23, 5], K.split_error_dim_out_of_range, id="no-split-dim"),
    pytest.param(
        "ValidateUnbindDim", [S23, 2], K.unbind_error_dim_out_of_range, id="no-unbind-dim"
    ),
    pytest.param("CumShape", [(2, 3), UNKNOWN_DIM], UNKNOWN, id="unknown-dim-number"),
    pytest.param("SoftmaxShape", [(A, 3), -1], (A, 3), id="row"),
    pytest.param("FlattenShape", [(A, 3)], (3 * name("prod(*A)"),), id="flatten-row"),
    pytest.param("CatShape", [[(A, 3), (ELLIPSIS, 3)], -1], (A, 6), id="cat-rows"),
]


@pytest.mark.parametrize(("helper", "args", "expected"), RESULTS)
def test_by_name(helper, args, expected):
    if isinstance(expected, ErrorKind):
        with pytest.raises(ShapeError) as caught:
            evaluate(helper, args)
        assert caught.value.kind is expected
    else:
        assert evaluate(helper, args) == expected


def as_items(args):
    """The arguments as they stand in a subscript: shapes as Shape."""
    for position, item in enumerate(args):
        if isinstance(item, list):
            yield [Shape.of(shape) for shape in item]
        elif isinstance(item, tuple) and (position == 0 or not all(map(_is_plain, item))):
            yield Shape.of(item)
        else:
            yield item


def _is_plain(size):
    return isinstance(size, int)


@pytest.mark.parametrize(("helper", "args", "expected"), RESULTS)
def test_as_type(helper, args, expected):
    cls = getattr(helpers, helper)
    items = tuple(as_items(args))
    if isinstance(expected, ErrorKind):
        with pytest.raises(ShapeError) as caught:
            cls[items]
        assert caught.value.kind is expected
    else:
        found = cls[items]
        assert found == (tuple(expected) if isinstance(expected, list) else expected)
        if isinstance(expected, tuple) and helper != "NegativeDim":
            assert isinstance(found, (Shape, tuple))


def test_every_documented_helper_is_there():
    inventory = Path(__file__).with_name("type_helpers.csv")
    with inventory.open() as rows:
        names = [row["name"] for row in csv.DictReader(rows)]
    assert len(names) == 61
    for row in names:
        assert hasattr(helpers, row), row
        assert row == "DynamicShape" or row in HELPERS, row


def test_every_helper_has_a_row():
    of_errors = {"IsShapeError", "HasShapeError", "AssertNoShapeError"}
    assert {row.values[0] for row in RESULTS} | of_errors == set(HELPERS)


def test_error_predicates():
    with pytest.raises(ShapeError) as caught:
        helpers.matmul_shape((2, 3), (5, 4))
    error = caught.value
    assert helpers.is_shape_error(error)
    assert not helpers.is_shape_error((2, 3))
    assert helpers.has_shape_error((2, 3), error)
    assert not helpers.has_shape_error((2, 3), (5,))
    assert helpers.assert_no_shape_error((2, 3)) == (2, 3)
    with pytest.raises(ShapeError):
        helpers.assert_no_shape_error(error)
    with pytest.raises(ShapeError) as again:
        evaluate("ReshapeShape", [error, (2,)])
    assert again.value is error, "an error in an argument is the error of the whole"


def test_message_is_the_rule_s():
    with pytest.raises(ShapeError, match=r"matmul: inner dimensions must be equal, got 3 and 5"):
        helpers.MatmulShape[Shape[2, 3], Shape[5, 4]]


def test_documented_spellings():
    assert helpers.matmul2_d_shape((2, 3), (3, 5)) == (2, 5)
    assert helpers.is2_d((2, 3))
    assert helpers.is_at_least1_d((2,))


WRONG = [
    pytest.param("MatmulShape", [(2, 3)], "needs the argument other", id="too-few"),
    pytest.param("MatmulShape", [(2, 3)] * 3, "at most 2", id="too-many"),
    pytest.param("CumShape", [(2, 3), "a"], "a number is expected", id="not-a-number"),
    pytest.param("MatmulShape", [2, 3], "is not a shape", id="not-a-shape"),
]


@pytest.mark.parametrize(("helper", "args", "message"), WRONG)
def test_wrong_arguments(helper, args, message):
    with pytest.raises(TypeError, match=message):
        evaluate(helper, args)
