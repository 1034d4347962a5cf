"""Groups of rows, parts of decompositions, rounding to few bits."""

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor

from shapetorch import reveal_shape


def largest_values(x: Float[Tensor, "B 100 50"]) -> None:
    u, s, v = torch.svd_lowrank(x, q=6)
    reveal_shape(u)  # R: [B, 100, 6]
    reveal_shape(s)  # R: [B, 6]
    reveal_shape(v)  # R: [B, 50, 6]
    u @ v  # E: [matmul_error_inner_dimensions_do_not_match]


def components(x: Float[Tensor, "100 50"]) -> None:
    u, s, v = torch.pca_lowrank(x, 3)
    reveal_shape(x @ v)  # R: [100, 3]


def extreme_eigenvalues(a: Float[Tensor, "N N"], b: Float[Tensor, "N 3"]) -> None:
    values, vectors = torch.lobpcg(a, k=2)
    reveal_shape(values)  # R: [2]
    reveal_shape(vectors)  # R: [N, 2]
    torch.lobpcg(torch.ones(4, 5))  # E: [linalg_error_not_square_matrix]


def reflections(x: Float[Tensor, "5 3"], y: Float[Tensor, "5 2"]) -> None:
    packed, tau = torch.geqrf(x)
    reveal_shape(torch.ormqr(packed, tau, y))  # R: [5, 2]
    torch.ormqr(packed, tau, y, left=False)  # E: [linalg_error_size_mismatch]


def experts(x: Float[Tensor, "T 16"], w: Float[Tensor, "E 16 32"], ends: Int[Tensor, "E"]) -> None:
    reveal_shape(F.grouped_mm(x, w, offs=ends))  # R: [T, 32]
    F.grouped_mm(x, w.mT, offs=ends)  # E: [matmul_error_inner_dimensions_do_not_match]


def loss_of_a_linear_map(
    x: Float[Tensor, "B 64"], w: Float[Tensor, "C 64"], y: Int[Tensor, "B"]
) -> None:
    reveal_shape(F.linear_cross_entropy(x, w, y, reduction="none"))  # R: [B]
    F.linear_cross_entropy(x, w.T, y)  # E: [matmul_error_inner_dimensions_do_not_match]


def bags(w: Float[Tensor, "100 8"], i: Int[Tensor, "N"], starts: Int[Tensor, "B"]) -> None:
    made, places, counts, largest = torch.embedding_bag(w, i, starts)
    reveal_shape(made)  # R: [B, 8]
    reveal_shape(counts)  # R: [B]
    torch.embedding_bag(w, i, w)  # E: [rank_error_mismatch]


def few_bits(x: Float[Tensor, "B 3"], s: Float[Tensor, "3"], z: Float[Tensor, "3"]) -> None:
    reveal_shape(torch.fake_quantize_per_tensor_affine(x, 0.1, 0, 0, 255))  # R: [B, 3]
    reveal_shape(torch.fake_quantize_per_channel_affine(x, s, z, 1, 0, 255))  # R: [B, 3]
    torch.fake_quantize_per_channel_affine(x, x, z, 1, 0, 255)  # E: [rank_error_mismatch]
