"""Linear algebra, of `torch` and of `torch.linalg`: squares, batches, factors, solutions."""
# judge: torch

import torch
from jaxtyping import Float
from torch import Tensor

from shapetorch import reveal_shape


def squares(a: Float[Tensor, "b n n"], m: Float[Tensor, "n n"]) -> None:
    reveal_shape(torch.det(a))  # R: [b]
    reveal_shape(a.logdet())  # R: [b]
    reveal_shape(torch.linalg.det(m))  # R: []
    reveal_shape(torch.linalg.slogdet(a).logabsdet)  # R: [b]
    reveal_shape(torch.inverse(a))  # R: [b, n, n]
    reveal_shape(torch.linalg.inv(m))  # R: [n, n]
    reveal_shape(m.trace())  # R: []
    reveal_shape(torch.linalg.matrix_power(a, 3))  # R: [b, n, n]
    reveal_shape(torch.matrix_exp(a))  # R: [b, n, n]


def positive_definite(m: Float[Tensor, "n n"], y: Float[Tensor, "n k"]) -> None:
    a = m @ m.T + m.size(0) * torch.eye(m.size(0))
    reveal_shape(torch.linalg.cholesky(a))  # R: [n, n]
    lower = a.cholesky()
    reveal_shape(torch.cholesky_inverse(lower))  # R: [n, n]
    reveal_shape(torch.cholesky_solve(y, lower))  # R: [n, k]
    reveal_shape(torch.linalg.cholesky_ex(a).L)  # R: [n, n]
    reveal_shape(torch.linalg.solve_triangular(lower, y, upper=False))  # R: [n, k]
    reveal_shape(torch.triangular_solve(y, lower).solution)  # R: [n, k]


def factors(x: Float[Tensor, "b 7 3"], a: Float[Tensor, "n n"]) -> None:
    u, s, vh = torch.linalg.svd(x)
    reveal_shape(u)  # R: [b, 7, 7]
    reveal_shape(s)  # R: [b, 3]
    reveal_shape(vh)  # R: [b, 3, 3]
    reveal_shape(torch.linalg.svd(x, full_matrices=False).U)  # R: [b, 7, 3]
    reveal_shape(torch.svd(x)[0])  # R: [b, 7, 3]
    reveal_shape(torch.linalg.svdvals(x))  # R: [b, 3]
    q, r = torch.linalg.qr(x)
    reveal_shape(q)  # R: [b, 7, 3]
    reveal_shape(r)  # R: [b, 3, 3]
    reveal_shape(torch.linalg.qr(x, mode="complete").Q)  # R: [b, 7, 7]
    values, vectors = torch.linalg.eigh(a + a.T)
    reveal_shape(values)  # R: [n]
    reveal_shape(vectors)  # R: [n, n]
    reveal_shape(torch.linalg.eig(a).eigenvalues)  # R: [n]
    reveal_shape(torch.linalg.eigvalsh(a))  # R: [n]
    p, lower, upper = torch.linalg.lu(x)
    reveal_shape(p)  # R: [b, 7, 7]
    reveal_shape(upper)  # R: [b, 3, 3]
    reveal_shape(torch.linalg.lu_factor(a).pivots)  # R: [n]


def solved(a: Float[Tensor, "n n"], v: Float[Tensor, "n"], y: Float[Tensor, "n k"]) -> None:
    reveal_shape(torch.linalg.solve(a, v))  # R: [n]
    reveal_shape(torch.linalg.solve(a, y))  # R: [n, k]
    reveal_shape(torch.linalg.lstsq(y, a).solution)  # R: [k, n]
    lu, pivots = torch.linalg.lu_factor(a)
    reveal_shape(torch.linalg.lu_solve(lu, pivots, y))  # R: [n, k]
    reveal_shape(torch.linalg.ldl_solve(lu, pivots, y))  # R: [n, k]
    reveal_shape(torch.linalg.pinv(y))  # R: [k, n]
    reveal_shape(torch.pinverse(y))  # R: [k, n]
    reveal_shape(torch.linalg.matrix_rank(y))  # R: []
    reveal_shape(torch.linalg.cond(a))  # R: []


def norms(x: Float[Tensor, "b n k"]) -> None:
    reveal_shape(torch.linalg.norm(x))  # R: []
    reveal_shape(torch.linalg.norm(x, dim=-1))  # R: [b, n]
    reveal_shape(torch.linalg.vector_norm(x, dim=(1, 2), keepdim=True))  # R: [b, 1, 1]
    reveal_shape(torch.linalg.matrix_norm(x))  # R: [b]
    reveal_shape(torch.linalg.vander(x[0, 0]))  # R: [k, k]


def det_of_a_rectangle(x: Float[Tensor, "n k"]) -> None:
    torch.det(x)  # E: [linalg_error_not_square_matrix] "n and k"


def inverse_of_a_rectangle(x: Float[Tensor, "b 3 5"]) -> None:
    x.inverse()  # E: [linalg_error_not_square_matrix] "3 and 5"


def eigenvalues_of_a_rectangle(x: Float[Tensor, "n 3"]) -> None:
    torch.linalg.eigh(x)  # E: [linalg_error_not_square_matrix]


def cholesky_of_a_rectangle(x: Float[Tensor, "n k"]) -> None:
    torch.linalg.cholesky(x)  # E: [linalg_error_not_square_matrix]


def power_of_a_rectangle(x: Float[Tensor, "n k"]) -> None:
    torch.matrix_power(x, 2)  # E: [linalg_error_not_square_matrix]


def det_of_a_vector(x: Float[Tensor, "n"]) -> None:
    torch.linalg.det(x)  # E: [linalg_error_requires_at_least_2d]


def factors_of_a_vector(x: Float[Tensor, "n"]) -> None:
    torch.linalg.svd(x)  # E: [linalg_error_requires_at_least_2d]


def trace_of_a_batch(x: Float[Tensor, "b n n"]) -> None:
    torch.trace(x)  # E: [linalg_error_requires_2d]


def solved_for_another_size(a: Float[Tensor, "n n"], y: Float[Tensor, "m k"]) -> None:
    torch.linalg.solve(a, y)  # E: [linalg_error_size_mismatch]


def triangle_of_another_size(a: Float[Tensor, "n n"], y: Float[Tensor, "m k"]) -> None:
    torch.linalg.solve_triangular(a, y, upper=True)  # E: [linalg_error_size_mismatch]


def least_squares_of_other_rows(a: Float[Tensor, "n k"], y: Float[Tensor, "m k"]) -> None:
    torch.linalg.lstsq(a, y)  # E: [linalg_error_size_mismatch]


def norm_beyond(x: Float[Tensor, "b n"]) -> None:
    torch.linalg.vector_norm(x, dim=2)  # E: [dimension_error_out_of_range]


def matrix_norm_of_a_vector(x: Float[Tensor, "n"]) -> None:
    torch.linalg.matrix_norm(x)  # E: [linalg_error_requires_at_least_2d]


def unknown_mode(x: Float[Tensor, "n k"]) -> None:
    torch.linalg.qr(x, mode="full")  # E: [argument_error_value]


def transposed_factor(x: Float[Tensor, "b 7 3"]) -> None:
    u, s, vh = torch.linalg.svd(x, full_matrices=False)
    u @ torch.diag_embed(s) @ vh
    u @ vh.mT @ u  # E: [matmul_error_inner_dimensions_do_not_match] "got 3 and 7"
