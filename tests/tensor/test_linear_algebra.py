"""Linear algebra: errors, options, what factors multiply to, and gradients that factors alone do not show."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")  # what imports this is skipped without it

import torch

import shapetorch
from tests.tensor.both import agree, numbers
from tests.tensor.expressions import evaluated, same_class, unlike

GIVEN = (
    "A = torch.tensor([[4.0, 1.0, 2.0], [0.5, 3.0, 1.0], [1.0, 2.0, 5.0]]); "
    "S = A @ A.T; Z = torch.zeros(3, 3); L = torch.linalg; "
)
EXPRESSIONS = """
L.inv(A)
L.inv(Z)
L.inv(Z.expand(2, 3, 3))
L.inv(A.long())
L.inv(A.half())
L.inv(A[:2])
L.inv(A[0])
torch.inverse(A)
L.inv_ex(torch.diag(torch.tensor([1.0, 0.0, 2.0]))).info
L.inv_ex(Z, check_errors=True)
L.solve(A, A)
L.solve(A, A[0])
L.solve(A.expand(2, 3, 3), A[:2])
L.solve(A, A, left=False)
L.solve(Z, A)
L.solve(A, A.double())
L.solve(A.long(), A.long())
L.solve_ex(A, A)
L.solve_ex(Z, A).info
L.solve_ex(Z, A, check_errors=True)
L.solve_triangular(A, A, upper=True)
L.solve_triangular(A, A, upper=False, unitriangular=True)
L.solve_triangular(A, A, upper=True, left=False)
L.solve_triangular(Z, A, upper=True)
L.solve_triangular(A.expand(2, 3, 3), A, upper=True)
torch.triangular_solve(A, A)
torch.triangular_solve(A, A, upper=False, transpose=True).solution
L.cholesky(S)
L.cholesky(S, upper=True)
L.cholesky(Z)
L.cholesky(torch.stack([S, Z]))
L.cholesky(A.long())
L.cholesky_ex(Z).info
L.cholesky_ex(torch.tensor([[1.0, nan], [nan, 1.0]])).info
L.cholesky_ex(torch.tensor([[nan, 0.0], [0.0, 1.0]])).info
L.cond(torch.full((2, 2), nan), 1)
L.slogdet(torch.full((2, 2), nan))
L.det(torch.full((2, 2), nan))
torch.cholesky(S, True)
torch.cholesky_solve(A, L.cholesky(S))
torch.cholesky_solve(A, L.cholesky(S, upper=True), upper=True)
torch.cholesky_inverse(L.cholesky(S))
L.lu(A)
L.lu(A[:2])
L.lu(Z)
L.lu_factor(A)
L.lu_factor(Z)
L.lu_factor_ex(Z)
L.lu_solve(*L.lu_factor(A), A)
L.lu_solve(*L.lu_factor(A), A, adjoint=True)
L.lu_solve(*L.lu_factor(A), A, left=False)
L.lu_solve(L.lu_factor(A)[0], torch.tensor([1, 2, 9], dtype=torch.int32), A)
L.lu_solve(L.lu_factor(A)[0], torch.tensor([1, 2, 3]), A)
torch.lu(A)
torch.lu(A, get_infos=True)
torch.lu_unpack(*L.lu_factor(A))
torch.lu_unpack(*L.lu_factor(A), unpack_pivots=False)
torch.lu_solve(A, *torch.lu(A))
L.ldl_factor(S)
L.ldl_factor_ex(S)
L.ldl_solve(*L.ldl_factor(S), A)
L.ldl_solve(L.ldl_factor(S)[0], torch.tensor([1.0, 2.0, 3.0]), A)
torch.geqrf(A)
L.householder_product(*torch.geqrf(A))
torch.orgqr(*torch.geqrf(A))
L.det(A)
L.det(Z)
L.det(A.long())
torch.det(A.expand(2, 3, 3))
L.slogdet(A)
L.slogdet(-A)
L.slogdet(Z)
torch.slogdet(A).logabsdet
torch.logdet(A)
torch.logdet(-A)
L.eigvalsh(S)
L.eigvalsh(A, UPLO="U")
L.eigvalsh(A, UPLO="x")
L.eigvalsh(A * nan)
L.eig(A * nan)
L.svd(A * nan)
L.svdvals(A)
L.svdvals(A[:2])
L.svdvals(A, driver="gesvd")
L.matrix_rank(A)
L.matrix_rank(Z)
L.matrix_rank(A[:, :1] @ A[:1])
L.matrix_rank(S, hermitian=True)
L.matrix_rank(A, tol=4.0)
L.matrix_rank(A, atol=4.0)
L.matrix_rank(A, rtol=0.5)
L.matrix_rank(A.long())
L.pinv(A)
L.pinv(A[:2])
L.pinv(A[:, :1] @ A[:1], rtol=1e-4)
L.pinv(S, hermitian=True)
L.pinv(A, rcond=0.5)
L.pinv(A, atol=2.0)
L.pinv(A.long())
torch.pinverse(A)
L.cond(A)
L.cond(A, 1)
L.cond(A, -2)
L.cond(A, "nuc")
L.cond(Z)
L.cond(Z, 1)
L.cond(A, "other")
L.lstsq(A[:, :2], A)
L.lstsq(A[:, :2], A, driver="gels")
L.lstsq(A[:, :2], A, driver="gelsd")
L.lstsq(A[:2], A[:2])
L.lstsq(A, A[0])
L.lstsq(A, A, driver="other")
L.matrix_power(A, 3)
L.matrix_power(A, 0)
L.matrix_power(A, -2)
L.matrix_power(Z, -1)
L.matrix_power(A.long(), 5)
L.matrix_power(A, 1.5)
L.matrix_exp(A)
L.matrix_exp(A.long())
torch.matrix_exp(-A.double())
L.tensorinv(torch.arange(16.0).reshape(2, 2, 2, 2) + 10 * torch.eye(4).reshape(2, 2, 2, 2))
L.tensorsolve(torch.eye(6).reshape(6, 2, 3), torch.arange(6.0))
L.vander(A[0])
L.vander(A[0].long(), N=2)
L.vander(A[0] > 1)
torch.vander(A[0], 2, True)
L.multi_dot([A, A, A])
L.diagonal(A)
isinstance(L.LinAlgError("x"), RuntimeError)
"""


@pytest.mark.parametrize("expression", EXPRESSIONS.strip().splitlines())
def test_as_pytorch(expression: str) -> None:
    theirs, their_error = evaluated(GIVEN + expression, torch)
    ours, our_error = evaluated(GIVEN + expression, shapetorch)
    if their_error is not None:
        assert our_error is not None, f"PyTorch: {their_error!r}"
        if type(their_error).__name__ == "_LinAlgError":
            assert isinstance(our_error, shapetorch.linalg.LinAlgError)
        elif "INTERNAL ASSERT" not in str(their_error):
            assert same_class(our_error, their_error), f"{our_error!r}, PyTorch: {their_error!r}"
        return
    assert our_error is None, f"{our_error!r}"
    found = unlike(ours, theirs, 2e-2 if "half" in expression else 2e-4)
    assert found is None or found.startswith("stride"), found


KINDS = ["float32", "float64", "complex64", "complex128"]
SHAPES = [(3, 3), (5, 3), (3, 5), (2, 4, 4), (2, 3, 5, 2), (0, 3), (3, 0), (0, 2, 2)]


def matrices(shape: tuple[int, ...], kind: str) -> np.ndarray:
    made = numbers(*shape)
    if kind.startswith("complex"):
        made = made + 1j * numbers(*shape, seed=1)
    return made.astype(kind)


def same(ours: object, expected: np.ndarray) -> None:
    got = ours.numpy()  # type: ignore[attr-defined]
    assert got.shape == expected.shape
    assert got.dtype == expected.dtype
    tolerance = 1e-4 if got.dtype.itemsize in (4, 8) and got.dtype != np.float64 else 1e-9
    assert np.allclose(got, expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_what_factors_multiply_to(shape: tuple[int, ...], kind: str) -> None:
    array = matrices(shape, kind)
    A, linalg = shapetorch.from_numpy(array), shapetorch.linalg
    count = min(shape[-2:])
    for mode in ("reduced", "complete"):
        Q, R = linalg.qr(A, mode)
        same(Q @ R, array)
        unit = np.eye(Q.shape[-1], dtype=array.dtype)
        same(Q.mH @ Q, np.broadcast_to(unit, (*shape[:-2], *unit.shape)))
    U, S, Vh = linalg.svd(A, full_matrices=False)
    same((U * S.unsqueeze(-2)) @ Vh, array)
    U, S, Vh = linalg.svd(A)
    assert U.shape[-1] == shape[-2]
    assert Vh.shape[-1] == shape[-1]
    same((U[..., :count] * S.unsqueeze(-2)) @ Vh[..., :count, :], array)
    U, S, V = shapetorch.svd(A)
    same((U * S.unsqueeze(-2)) @ V.mH, array)
    P, L, U = linalg.lu(A)
    same(P @ L @ U, array)
    _, L, U = linalg.lu(A, pivot=False)
    same(L @ U, array)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(3, 3), (2, 4, 4), (1, 1), (0, 0), (0, 3, 3)])
def test_what_eigenvectors_are(shape: tuple[int, ...], kind: str) -> None:
    array = matrices(shape, kind)
    A, linalg = shapetorch.from_numpy(array), shapetorch.linalg
    H = A + A.mH
    for side in "LU":
        values, vectors = linalg.eigh(H, side)
        same((vectors * values.unsqueeze(-2)) @ vectors.mH, H.numpy())
        assert bool((values.diff(dim=-1) >= 0).all())
    values, vectors = linalg.eig(A)
    wide = A.to(values.dtype)
    same(wide @ vectors, (vectors * values.unsqueeze(-2)).numpy())
    found = np.sort_complex(linalg.eigvals(A).numpy())
    assert np.allclose(found, np.sort_complex(values.numpy()), atol=1e-3)


M, W = numbers(3, 3) + 3 * np.eye(3) * np.arange(1, 4)[:, None], numbers(3, 5)
GRADIENTS: dict[str, tuple[Any, np.ndarray]] = {
    "eigh-projection": (lambda t, a: projection(t.linalg.eigh(a + a.mT)[1]), M),
    "svd-tall": (lambda t, a: through_svd(t, a.mT), W),
    "svd-full": (lambda t, a: t.linalg.svd(a)[1], W),
    "qr-reduced": (lambda t, a: through_qr(t, a.mT, "reduced"), W),
    "qr-wide": (lambda t, a: through_qr(t, a, "reduced"), W),
    "qr-complete": (lambda t, a: through_qr(t, a, "complete"), W),
    "lu-tall": (lambda t, a: t.linalg.lu(a.mT)[1] * 2, W),
    "lu-wide": (lambda t, a: t.linalg.lu(a)[2], W),
    "det-singular": (lambda t, a: t.linalg.det(a * t.tensor([[1.0], [0.0], [1.0]]).double()), M),
    "lstsq": (lambda t, a: t.linalg.lstsq(a.mT, a.mT[:, :2] ** 2, driver="gelsd").solution, W),
    "pinv-hermitian": (lambda t, a: t.linalg.pinv(a + a.mT, hermitian=True), M),
    "cond": (lambda t, a: t.linalg.cond(a), M),
    "nuclear": (lambda t, a: t.linalg.matrix_norm(a, "nuc"), W),
    "householder": (lambda t, a: t.linalg.householder_product(a.mT, a[0, :3]), W),
}


def projection(vectors: object) -> object:
    return vectors[:, :1] @ vectors[:, :1].mT  # type: ignore[index]


def through_eigh(t: object, a: object) -> object:
    values, vectors = t.linalg.eigh(a + a.mT)  # type: ignore[attr-defined]
    return (vectors * values.exp().unsqueeze(-2)) @ vectors.mT


def through_eig(t: object, a: object) -> object:
    values, vectors = t.linalg.eig(a)  # type: ignore[attr-defined]
    return ((vectors * values.sin().unsqueeze(-2)) @ t.linalg.inv(vectors)).real  # type: ignore[attr-defined]


def through_svd(t: object, a: object) -> object:
    u, s, vh = t.linalg.svd(a, full_matrices=False)  # type: ignore[attr-defined]
    return (u * (s * s).unsqueeze(-2)) @ vh


def through_qr(t: object, a: object, mode: str) -> object:
    q, r = t.linalg.qr(a, mode)  # type: ignore[attr-defined]
    sign = r.diagonal(dim1=-2, dim2=-1).detach().sign()
    return (q * sign.unsqueeze(-2)) @ (r * sign.unsqueeze(-1)) ** 2


GRADIENTS["eigh-function"] = (through_eigh, M)
GRADIENTS["eig-function"] = (through_eig, M)
GRADIENTS["svd-wide"] = (through_svd, W)


@pytest.mark.parametrize(("call", "array"), GRADIENTS.values(), ids=GRADIENTS)
def test_gradients(call: object, array: np.ndarray) -> None:
    agree(call, array)  # type: ignore[arg-type]


def test_a_gradient_that_depends_on_a_phase_is_refused() -> None:
    for library in (torch, shapetorch):
        A = library.tensor([[2 + 1j, 1.0], [1j, 3.0]])
        A.requires_grad = True
        vectors = library.linalg.eig(A).eigenvectors
        with pytest.raises(RuntimeError, match="ill-defined"):
            (vectors.imag * library.tensor([[1.0, 2.0], [3.0, 5.0]])).sum().backward()


def test_a_message_names_the_matrix() -> None:
    batch = shapetorch.stack([shapetorch.eye(2), shapetorch.zeros(2, 2)])
    with pytest.raises(shapetorch.linalg.LinAlgError, match=r"\(Batch element 1\)"):
        shapetorch.linalg.inv(batch)
    with pytest.raises(shapetorch.linalg.LinAlgError, match="order 1 is not positive-definite"):
        shapetorch.linalg.cholesky(batch)
