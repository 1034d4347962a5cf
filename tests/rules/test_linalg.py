"""Linear algebra: square matrices, decompositions and solvers, on numbers and on names."""

from __future__ import annotations

from typing import Any

import pytest

from shapetorch.dim import UNKNOWN, UNKNOWN_DIM, minimum, name
from shapetorch.errors import ErrorKind
from shapetorch.rules import FUNCTIONS
from shapetorch.rules.decompositions import (
    cholesky_ex_shape,
    eig_shape,
    householder_product_shape,
    lu_factor_shape,
    lu_shape,
    old_svd_shape,
    qr_shape,
    svd_shape,
)
from shapetorch.rules.linalg import (
    cond_shape,
    linalg_norm_shape,
    matrix_norm_shape,
    pinv_shape,
    svdvals_shape,
    tensorinv_shape,
    trace_shape,
    vector_norm_shape,
)
from shapetorch.rules.solving import (
    cholesky_solve_shape,
    lstsq_shape,
    lu_solve_shape,
    solve_shape,
    solve_triangular_shape,
    tensorsolve_shape,
)
from tests.rules.rows import check

B, M, N, K = (name(text) for text in "BMNK")
SQUARE = ErrorKind.linalg_error_not_square_matrix
TWO = ErrorKind.linalg_error_requires_2d
MATRIX = ErrorKind.linalg_error_requires_at_least_2d
SIZES = ErrorKind.linalg_error_size_mismatch
VALUE = ErrorKind.argument_error_value

SQUARE_INPUT = [
    pytest.param("torch.det", (5, 3, 3), (5,), id="det-batch"),
    pytest.param("torch.det", (N, N), (), id="det"),
    pytest.param("torch.linalg.inv", (B, N, N), (B, N, N), id="inv"),
    pytest.param("torch.inverse", (0, 0), (0, 0), id="inverse-empty"),
    pytest.param("torch.linalg.cholesky", (B, 3, 3), (B, 3, 3), id="cholesky"),
    pytest.param("torch.linalg.eigvals", (B, N, N), (B, N), id="eigvals"),
    pytest.param("torch.matrix_exp", (2, UNKNOWN_DIM), (2, UNKNOWN_DIM), id="unknown-size"),
    pytest.param("torch.slogdet", (B, N, N), ((B,), (B,)), id="slogdet"),
    pytest.param("torch.linalg.eigh", (B, N, N), ((B, N), (B, N, N)), id="eigh"),
]


@pytest.mark.parametrize(("operation", "shape", "expected"), SQUARE_INPUT)
def test_square(operation: str, shape: Any, expected: Any) -> None:
    rule = FUNCTIONS[operation][0]
    first = rule.parameters[0].name
    check(rule.shape, {first: shape}, expected)
    check(rule.shape, {first: (2, 3)}, SQUARE)
    check(rule.shape, {first: (B, M, N)}, SQUARE)
    check(rule.shape, {first: (3,)}, MATRIX)
    check(rule.shape, {first: ()}, MATRIX)


DECOMPOSITIONS = [
    pytest.param(svd_shape, {"A": (5, 4, 3)}, ((5, 4, 4), (5, 3), (5, 3, 3)), id="svd"),
    pytest.param(
        svd_shape,
        {"A": (5, 4, 3), "full_matrices": False},
        ((5, 4, 3), (5, 3), (5, 3, 3)),
        id="svd-reduced",
    ),
    pytest.param(
        svd_shape,
        {"A": (M, N), "full_matrices": False},
        ((M, minimum(M, N)), (minimum(M, N),), (minimum(M, N), N)),
        id="svd-names",
    ),
    pytest.param(old_svd_shape, {"input": (2, 5)}, ((2, 2), (2,), (5, 2)), id="old-svd"),
    pytest.param(
        old_svd_shape, {"input": (2, 5), "some": False}, ((2, 2), (2,), (5, 5)), id="old-svd-full"
    ),
    pytest.param(svd_shape, {"A": (3,)}, MATRIX, id="svd-vector"),
    pytest.param(svdvals_shape, {"A": (B, 2, N)}, (B, minimum(2, N)), id="svdvals"),
    pytest.param(qr_shape, {"A": (5, 3)}, ((5, 3), (3, 3)), id="qr"),
    pytest.param(qr_shape, {"A": (5, 3), "mode": "complete"}, ((5, 5), (5, 3)), id="qr-complete"),
    pytest.param(qr_shape, {"A": (2, 3), "mode": "r"}, ((0,), (2, 3)), id="qr-r"),
    pytest.param(qr_shape, {"A": (2, 3), "mode": "full"}, VALUE, id="qr-mode"),
    pytest.param(lu_shape, {"A": (5, 4, 3)}, ((5, 4, 4), (5, 4, 3), (5, 3, 3)), id="lu"),
    pytest.param(lu_factor_shape, {"A": (B, 2, 3)}, ((B, 2, 3), (B, 2)), id="lu-factor"),
    pytest.param(eig_shape, {"A": (3, 3)}, ((3,), (3, 3)), id="eig"),
    pytest.param(cholesky_ex_shape, {"A": (B, N, N)}, ((B, N, N), (B,)), id="cholesky-ex"),
    pytest.param(
        householder_product_shape, {"A": (B, 5, 3), "tau": (B, 2)}, (B, 5, 3), id="householder"
    ),
    pytest.param(
        householder_product_shape, {"A": (3, 5), "tau": (2,)}, SIZES, id="householder-wide"
    ),
]


@pytest.mark.parametrize(("rule", "arguments", "expected"), DECOMPOSITIONS)
def test_decompositions(rule: Any, arguments: Any, expected: Any) -> None:
    check(rule, arguments, expected)


ONE_RESULT = [
    pytest.param(trace_shape, {"input": (M, N)}, (), id="trace"),
    pytest.param(trace_shape, {"input": (2, 3, 3)}, TWO, id="trace-of-a-batch"),
    pytest.param(pinv_shape, {"A": (B, M, N)}, (B, N, M), id="pinv"),
    pytest.param(pinv_shape, {"A": (2, 3), "hermitian": True}, SQUARE, id="pinv-hermitian"),
    pytest.param(cond_shape, {"A": (B, M, N)}, (B,), id="cond"),
    pytest.param(cond_shape, {"A": (2, 3), "p": 1}, SQUARE, id="cond-order"),
    pytest.param(matrix_norm_shape, {"A": (B, M, N)}, (B,), id="matrix-norm"),
    pytest.param(
        matrix_norm_shape, {"A": (B, M, N), "dim": (0, 2), "keepdim": True}, (1, M, 1), id="kept"
    ),
    pytest.param(matrix_norm_shape, {"A": (2, 3), "dim": (0,)}, VALUE, id="matrix-norm-one-dim"),
    pytest.param(
        matrix_norm_shape,
        {"A": (2, 3), "dim": (0, -2)},
        ErrorKind.dimension_error_duplicate,
        id="matrix-norm-twice",
    ),
    pytest.param(vector_norm_shape, {"x": (B, M, N), "dim": -1}, (B, M), id="vector-norm"),
    pytest.param(vector_norm_shape, {"x": (B, N)}, (), id="vector-norm-all"),
    pytest.param(linalg_norm_shape, {"A": (B, M, N)}, (), id="norm-all"),
    pytest.param(linalg_norm_shape, {"A": (B, M, N), "ord": 2}, VALUE, id="norm-order-of-three"),
    pytest.param(
        linalg_norm_shape,
        {"A": (2, 3), "dim": 2},
        ErrorKind.dimension_error_out_of_range,
        id="norm-dim",
    ),
    pytest.param(tensorinv_shape, {"A": (M, N, M * N)}, (M * N, M, N), id="tensorinv"),
    pytest.param(tensorinv_shape, {"A": (2, 3, 5)}, SQUARE, id="tensorinv-differs"),
    pytest.param(tensorinv_shape, {"A": (2, 2), "ind": 0}, VALUE, id="tensorinv-ind"),
]


@pytest.mark.parametrize(("rule", "arguments", "expected"), ONE_RESULT)
def test_one_result(rule: Any, arguments: Any, expected: Any) -> None:
    check(rule, arguments, expected)


SOLVERS = [
    pytest.param(solve_shape, {"A": (N, N), "B": (N, K)}, (N, K), id="matrix"),
    pytest.param(solve_shape, {"A": (N, N), "B": (N,)}, (N,), id="vector"),
    pytest.param(solve_shape, {"A": (5, 2, 2), "B": (2,)}, (5, 2), id="vector-broadcasts"),
    pytest.param(solve_shape, {"A": (5, 2, 2), "B": (5, 2)}, (5, 2), id="batch-of-vectors"),
    pytest.param(solve_shape, {"A": (5, 2, 2), "B": (2, 3)}, (5, 2, 3), id="batch-and-matrix"),
    pytest.param(solve_shape, {"A": (B, 2, 2), "B": (2, 3)}, (B, 2, 3), id="certainly-a-matrix"),
    pytest.param(solve_shape, {"A": (B, N, N), "B": (N, K)}, UNKNOWN, id="matrix-or-vectors"),
    pytest.param(
        solve_shape, {"A": (2, 2), "B": (3, 2), "left": False}, (3, 2), id="from-the-right"
    ),
    pytest.param(solve_shape, {"A": (2, 2), "B": (3, 2)}, SIZES, id="sizes-differ"),
    pytest.param(solve_shape, {"A": (N, N), "B": (K, 3)}, SIZES, id="names-differ"),
    pytest.param(solve_shape, {"A": (2, 3), "B": (2,)}, SQUARE, id="not-square"),
    pytest.param(solve_shape, {"A": (2,), "B": (2,)}, MATRIX, id="not-a-matrix"),
    pytest.param(
        solve_shape,
        {"A": (5, 2, 2), "B": (3, 2, 3)},
        ErrorKind.broadcast_error_incompatible_dimensions,
        id="batches-differ",
    ),
    pytest.param(
        solve_triangular_shape,
        {"A": (B, N, N), "B": (N, 3), "upper": True},
        (B, N, 3),
        id="triangular",
    ),
    pytest.param(
        solve_triangular_shape, {"A": (2, 2), "B": (2,), "upper": True}, MATRIX, id="no-vectors"
    ),
    pytest.param(cholesky_solve_shape, {"B": (N, 3), "L": (B, N, N)}, (B, N, 3), id="cholesky"),
    pytest.param(
        lu_solve_shape, {"LU": (B, N, N), "pivots": (B, N), "B": (B, N, 3)}, (B, N, 3), id="lu"
    ),
    pytest.param(
        lu_solve_shape, {"LU": (2, 2), "pivots": (3,), "B": (2, 3)}, SIZES, id="lu-pivots"
    ),
    pytest.param(
        # PyTorch compares the sides before it looks at the pivots
        lu_solve_shape,
        {"LU": (2, 2), "pivots": (), "B": (7, 5)},
        SIZES,
        id="lu-sides-first",
    ),
    pytest.param(
        lstsq_shape, {"A": (5, 3), "B": (5, 2)}, ((3, 2), (0,), (), (0,)), id="least-squares"
    ),
    pytest.param(
        lstsq_shape,
        {"A": (7, 5, 3), "B": (7, 5, 2), "driver": "gelsd"},
        ((7, 3, 2), (7, 2), (7,), (7, 3)),
        id="least-squares-with-all",
    ),
    pytest.param(lstsq_shape, {"A": (M, N), "B": (K, 2)}, SIZES, id="least-squares-rows"),
    pytest.param(tensorsolve_shape, {"A": (2, 3, 6), "B": (2, 3)}, (6,), id="tensorsolve"),
    pytest.param(tensorsolve_shape, {"A": (2, 3, 5), "B": (2, 3)}, SIZES, id="tensorsolve-sizes"),
]


@pytest.mark.parametrize(("rule", "arguments", "expected"), SOLVERS)
def test_solvers(rule: Any, arguments: Any, expected: Any) -> None:
    check(rule, arguments, expected)
