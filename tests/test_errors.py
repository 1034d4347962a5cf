"""The documented error kinds, spelled exactly, and the exception that carries them."""

from __future__ import annotations

import copy
import pickle

import pytest

from shapetorch.dim import name
from shapetorch.errors import (
    DOCUMENTED_KINDS,
    ErrorKind,
    ShapeError,
    ShapeIndexError,
    ShapeRuntimeError,
    ShapeTypeError,
    ShapeValueError,
)

DOCUMENTED = """
at_error_index_out_of_bounds
batch_dimensions_do_not_match_error
broadcast_error_incompatible_dimensions
chunk_error_dim_out_of_range
dimension_error_out_of_range
einops_error_ambiguous_decomposition
einops_error_anonymous_in_output
einops_error_dimension_mismatch
einops_error_invalid_pattern
einops_error_reduce_undefined_output
einops_error_repeat_missing_size
einops_error_undefined_axis
einsum_error_dimension_mismatch
einsum_error_index_out_of_range
einsum_error_invalid_equation
einsum_error_invalid_sublist_element
einsum_error_operand_count_mismatch
einsum_error_subscript_rank_mismatch
einsum_error_unknown_output_index
embedding_bag_error_requires_2d_input
expand_error_incompatible
flip_error_dim_out_of_range
gather_error_dim_out_of_range
index_select_error_dim_out_of_range
item_error_not_scalar
linalg_error_not_square_matrix
linalg_error_requires_2d
linalg_error_requires_at_least_2d
matmul_error_inner_dimensions_do_not_match
narrow_error_length_exceeds_bounds
narrow_error_start_out_of_bounds
permute_error_dimension_count_mismatch
scatter_error_dim_out_of_range
select_error_index_out_of_bounds
slice_error_out_of_bounds
softmax_error_dim_out_of_range
split_error_dim_out_of_range
transpose_dims_error_out_of_range
transpose_error_requires_2d_tensor
unbind_error_dim_out_of_range
""".split()


def test_the_forty_documented_names_come_first() -> None:
    assert len(DOCUMENTED) == len(set(DOCUMENTED)) == DOCUMENTED_KINDS == 40
    kinds = list(ErrorKind)
    assert [str(kind) for kind in kinds[:DOCUMENTED_KINDS]] == DOCUMENTED
    assert all(kind.documented for kind in kinds[:DOCUMENTED_KINDS])
    assert not any(kind.documented for kind in kinds[DOCUMENTED_KINDS:])


def test_kinds_with_equal_rows_are_different_kinds() -> None:
    assert len({id(kind) for kind in ErrorKind}) == len(ErrorKind.__members__)


BRANDS = [
    (
        ErrorKind.matmul_error_inner_dimensions_do_not_match,
        (3, 5, (2, 3), (5, 4)),
        "matmul_error_inner_dimensions_do_not_match<3, 5, [2,3], [5,4]>",
    ),
    (
        ErrorKind.broadcast_error_incompatible_dimensions,
        (3, 5),
        "broadcast_error_incompatible_dimensions<3, 5>",
    ),
    (
        ErrorKind.matmul_error_inner_dimensions_do_not_match,
        (name("T"), 512, (name("B"), name("T")), (512, 2 * name("d"))),
        "matmul_error_inner_dimensions_do_not_match<T, 512, [B,T], [512,2*d]>",
    ),
    (ErrorKind.item_error_not_scalar, ((),), "item_error_not_scalar<[]>"),
    (ErrorKind.einops_error_invalid_pattern, ("a -> (",), "einops_error_invalid_pattern<a -> (>"),
    (ErrorKind.cat_error_empty, (), "cat_error_empty<>"),
]


@pytest.mark.parametrize(("kind", "params", "brand"), BRANDS)
def test_brand(kind: ErrorKind, params: tuple, brand: str) -> None:
    assert len(params) == len(kind.parameters)
    assert ShapeError(kind, params, "text").brand == brand


BY_OPERATION = {ErrorKind.cat_error_empty, ErrorKind.item_error_not_scalar}
"""Kinds for which PyTorch raises another exception in some operations: `cat`, ``float(x)``."""


@pytest.mark.parametrize("kind", ErrorKind, ids=str)
def test_an_error_is_also_what_pytorch_raises(kind: ErrorKind) -> None:
    error = ShapeError(kind, tuple(range(len(kind.parameters))), "op: sizes must be equal")
    assert isinstance(error, ShapeError)
    assert isinstance(error, kind.exception)
    assert str(error) == error.message == "op: sizes must be equal"
    assert kind.exception in (IndexError, ValueError, TypeError, RuntimeError)
    allowed = {kind.exception} | ({ValueError} if kind in BY_OPERATION else set())
    others = {IndexError, ValueError, TypeError, RuntimeError} - allowed
    assert all(isinstance(error, item) for item in allowed)
    assert not isinstance(error, tuple(others))


@pytest.mark.parametrize(
    ("kind", "cls"),
    [
        (ErrorKind.dimension_error_out_of_range, ShapeIndexError),
        (ErrorKind.einops_error_invalid_pattern, ShapeValueError),
        (ErrorKind.einsum_error_invalid_sublist_element, ShapeTypeError),
        (ErrorKind.broadcast_error_incompatible_dimensions, ShapeRuntimeError),
    ],
)
def test_the_class_of_an_error(kind: ErrorKind, cls: type[ShapeError]) -> None:
    assert type(ShapeError(kind, (), "text")) is cls


def test_an_except_clause_written_for_pytorch_still_catches() -> None:
    with pytest.raises(IndexError, match="dim"):
        raise ShapeError(ErrorKind.dimension_error_out_of_range, (5, 2, (2, 3)), "sum: dim 5")
    with pytest.raises(RuntimeError, match="sizes"):
        raise ShapeError(ErrorKind.broadcast_error_incompatible_dimensions, (3, 5), "add: sizes")


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda e: pickle.loads(pickle.dumps(e))]
)
def test_copies_carry_everything(copied) -> None:
    error = ShapeError(
        ErrorKind.matmul_error_inner_dimensions_do_not_match,
        (name("T"), 5, (2, name("T")), (5, 4)),
        "matmul: inner dimensions must be equal",
        help="transpose the second operand",
        clash=(name("T"), 5),
    )
    twin = copied(error)
    assert type(twin) is type(error)
    assert (twin.kind, twin.params, twin.message) == (error.kind, error.params, error.message)
    assert (twin.help, twin.clash, twin.brand) == (error.help, error.clash, error.brand)
    assert twin.args == error.args


@pytest.mark.parametrize("kind", ErrorKind, ids=str)
def test_names_and_parameters_are_words(kind: ErrorKind) -> None:
    assert kind.name == kind.name.lower()
    assert "error" in kind.name
    assert all(parameter.strip() == parameter and parameter for parameter in kind.parameters)
