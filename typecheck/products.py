"""Products of matrices and vectors: inner sizes, batches, exact ranks."""
# judge: torch

import torch
from jaxtyping import Float
from torch import Tensor

from shapetorch import reveal_shape


def by_rank(
    m: Float[Tensor, "n k"], w: Float[Tensor, "k p"], v: Float[Tensor, "k"], u: Float[Tensor, "n"]
) -> None:
    reveal_shape(m @ w)  # R: [n, p]
    reveal_shape(m @ v)  # R: [n]
    reveal_shape(v @ w)  # R: [p]
    reveal_shape(v @ v)  # R: []
    reveal_shape(torch.matmul(u, m))  # R: [k]
    reveal_shape(m.matmul(w))  # R: [n, p]
    reveal_shape(m.mm(w))  # R: [n, p]
    reveal_shape(torch.mv(m, v))  # R: [n]
    reveal_shape(v.dot(v))  # R: []
    reveal_shape(torch.vdot(v, v))  # R: []
    reveal_shape(torch.outer(u, v))  # R: [n, k]
    reveal_shape(u.ger(v))  # R: [n, k]
    reveal_shape(torch.inner(m, v))  # R: [n]


def batches(
    q: Float[Tensor, "b h t d"], k: Float[Tensor, "b h s d"], w: Float[Tensor, "d e"]
) -> None:
    reveal_shape(q @ k.transpose(-2, -1))  # R: [b, h, t, s]
    reveal_shape(q @ k.mT @ k)  # R: [b, h, t, d]
    reveal_shape(q @ w)  # R: [b, h, t, e]
    reveal_shape(torch.bmm(q[0], k[0].mT))  # R: [h, t, s]


def of_rows(x: Float[Tensor, "*batch t d"], w: Float[Tensor, "d e"]) -> None:
    reveal_shape(x @ w)  # R: [*batch, t, e]
    reveal_shape(x @ x.mT)  # R: [*batch, t, t]


def transpose_forgotten(q: Float[Tensor, "b t d"], k: Float[Tensor, "b s d"]) -> None:
    q @ k  # E: [matmul_error_inner_dimensions_do_not_match] "got d and s from [b, t, d] @ [b, s, d]"


def name_against_number(x: Float[Tensor, "b t"], w: Float[Tensor, "512 n"]) -> None:
    x @ w  # E: [matmul_error_inner_dimensions_do_not_match] "got t and 512"


def operands_swapped(x: Float[Tensor, "b 3"], w: Float[Tensor, "3 5"]) -> None:
    torch.matmul(w, x)  # E: [matmul_error_inner_dimensions_do_not_match] "got 5 and b"


def matrix_times_vector(m: Float[Tensor, "n k"], u: Float[Tensor, "n"]) -> None:
    m @ u  # E: [matmul_error_inner_dimensions_do_not_match] "got k and n"


def batches_differ(x: Float[Tensor, "a n k"], y: Float[Tensor, "b k p"]) -> None:
    x @ y  # E: [batch_dimensions_do_not_match_error] "got a and b"


def batches_of_bmm_differ(x: Float[Tensor, "a n k"], y: Float[Tensor, "1 k p"]) -> None:
    torch.bmm(x, y)  # E: [batch_dimensions_do_not_match_error]


def bmm_of_matrices(x: Float[Tensor, "n k"], y: Float[Tensor, "k p"]) -> None:
    torch.bmm(x, y)  # E: [rank_error_mismatch]


def mm_of_batches(x: Float[Tensor, "b n k"], y: Float[Tensor, "k p"]) -> None:
    x.mm(y)  # E: [linalg_error_requires_2d]


def mm_of_other_sizes(x: Float[Tensor, "n k"], y: Float[Tensor, "n p"]) -> None:
    torch.mm(x, y)  # E: [matmul_error_inner_dimensions_do_not_match]


def scalar_operand(x: Float[Tensor, "n k"], s: Float[Tensor, ""]) -> None:
    x @ s  # E: [matmul_error_scalar_operand]


def mv_of_another_size(m: Float[Tensor, "n k"], v: Float[Tensor, "n"]) -> None:
    m.mv(v)  # E: [matmul_error_inner_dimensions_do_not_match]


def dot_of_other_sizes(x: Float[Tensor, "n"], y: Float[Tensor, "m"]) -> None:
    x.dot(y)  # E: [matmul_error_inner_dimensions_do_not_match]


def dot_of_matrices(x: Float[Tensor, "n k"]) -> None:
    torch.dot(x, x)  # E: [rank_error_mismatch]


def added(
    c: Float[Tensor, "n p"],
    a: Float[Tensor, "n k"],
    b: Float[Tensor, "k p"],
    v: Float[Tensor, "k"],
    u: Float[Tensor, "n"],
) -> None:
    reveal_shape(torch.addmm(c, a, b))  # R: [n, p]
    reveal_shape(torch.addmv(u, a, v))  # R: [n]
    reveal_shape(torch.addr(a, u, v))  # R: [n, k]
    reveal_shape(torch.addbmm(c, a[None], b[None]))  # R: [n, p]
    reveal_shape(torch.baddbmm(c, a[None], b[None]))  # R: [1, n, p]
    reveal_shape(torch.addmm(b[0], a, b))  # R: [n, p]


def added_to_another_shape(
    c: Float[Tensor, "p n"], a: Float[Tensor, "n k"], b: Float[Tensor, "k p"]
) -> None:
    torch.addmm(c, a, b)  # E: [expand_error_incompatible]


def added_product_of_other_sizes(c: Float[Tensor, "n p"], a: Float[Tensor, "n k"]) -> None:
    torch.addmm(c, a, c)  # E: [matmul_error_inner_dimensions_do_not_match]


def of_tensors(
    x: Float[Tensor, "a b c"], y: Float[Tensor, "c b d"], m: Float[Tensor, "p q"]
) -> None:
    reveal_shape(torch.tensordot(x, y, dims=([1, 2], [1, 0])))  # R: [a, d]
    reveal_shape(torch.tensordot(x, y.transpose(0, 1), dims=2))  # R: [a, d]
    reveal_shape(torch.tensordot(x, m, dims=0))  # R: [a, b, c, p, q]
    reveal_shape(torch.kron(m, m))  # R: [p*p, q*q]
    reveal_shape(torch.kron(x, m))  # R: [a, b*p, c*q]
    reveal_shape(torch.linalg.multi_dot([m, m.T, m]))  # R: [p, q]
    reveal_shape(torch.chain_matmul(m, m.T, m))  # R: [p, q]
    reveal_shape(torch.linalg.vecdot(x, x))  # R: [a, b]
    reveal_shape(torch.cdist(x, x[:, :1]))  # R: [a, b, 1]
    reveal_shape(torch.pdist(m))  # R: [(p*p - p)//2]


def contracted_sizes_differ(x: Float[Tensor, "a b"], y: Float[Tensor, "a b"]) -> None:
    torch.tensordot(x, y, dims=1)  # E: [tensordot_error_dimension_mismatch] "b and a"


def chain_of_other_sizes(x: Float[Tensor, "a b"]) -> None:
    torch.linalg.multi_dot([x, x.T, x.T])  # E: [matmul_error_inner_dimensions_do_not_match]


def points(x: Float[Tensor, "n 3"], y: Float[Tensor, "m 3"], z: Float[Tensor, "n d"]) -> None:
    reveal_shape(torch.cdist(x, y))  # R: [n, m]
    reveal_shape(torch.cross(x, x, dim=-1))  # R: [n, 3]
    reveal_shape(torch.linalg.cross(x, y[:1]))  # R: [n, 3]


def distances_of_other_features(x: Float[Tensor, "n 3"], z: Float[Tensor, "n d"]) -> None:
    torch.cdist(x, z)  # E: [matmul_error_inner_dimensions_do_not_match]


def cross_of_other_sizes(x: Float[Tensor, "n 4"]) -> None:
    torch.cross(x, x, dim=1)  # E: [cross_error_dimension_size]


def in_place(x: Float[Tensor, "n n"], y: Float[Tensor, "n k"]) -> None:
    x @= x
    reveal_shape(x.addmm_(y, y.T))  # R: [n, n]
