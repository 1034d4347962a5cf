"""Fourier transforms, covariances, gradients, and the rarer factorisations."""
# judge: torch

import numpy as np
import torch
from jaxtyping import Complex, Float
from torch import Tensor

from shapetorch import reveal_shape


def transforms(x: Float[Tensor, "b 2*n m"], z: Complex[Tensor, "b k"]) -> None:
    reveal_shape(torch.fft.fft(x))  # R: [b, 2*n, m]
    reveal_shape(torch.fft.fft(x, n=16, dim=1))  # R: [b, 16, m]
    reveal_shape(torch.fft.rfft(x, dim=1))  # R: [b, n + 1, m]
    reveal_shape(torch.fft.irfft(z))  # R: [b, 2*k - 2]
    reveal_shape(torch.fft.irfft(z, n=5))  # R: [b, 5]
    reveal_shape(torch.fft.fft2(x))  # R: [b, 2*n, m]
    reveal_shape(torch.fft.rfft2(x, dim=(0, 1)))  # R: [b, n + 1, m]
    reveal_shape(torch.fft.irfft2(x, s=(4, 6)))  # R: [b, 4, 6]
    reveal_shape(torch.fft.fftn(x))  # R: [b, 2*n, m]
    reveal_shape(torch.fft.rfftn(x, dim=(0, 1)))  # R: [b, n + 1, m]
    reveal_shape(torch.fft.irfftn(x, s=(8,), dim=(1,)))  # R: [b, 8, m]
    reveal_shape(torch.fft.fftshift(torch.fft.fftfreq(7)))  # R: [7]
    reveal_shape(torch.fft.rfftfreq(10))  # R: [6]


def short_time(x: Float[Tensor, "b t"]) -> None:
    z = torch.stft(x, 8, hop_length=4, center=False, return_complex=True)
    reveal_shape(z)  # R: [b, 5, t//4 - 1]
    y = torch.stft(torch.zeros(3, 32), 8, window=torch.ones(8), return_complex=True)
    reveal_shape(y)  # R: [3, 5, 17]
    reveal_shape(torch.istft(y, 8, window=torch.ones(8)))  # R: [3, 32]


def statistics(x: Float[Tensor, "n t"], w: Float[Tensor, "n"]) -> None:
    reveal_shape(torch.cov(x))  # R: [n, n]
    reveal_shape(torch.corrcoef(x))  # R: [n, n]
    reveal_shape(torch.gradient(x)[1])  # R: [n, t]
    reveal_shape(torch.gradient(w, spacing=2.0)[0])  # R: [n]


def made(n: int) -> None:
    reveal_shape(torch.from_numpy(np.zeros((n, 3))))  # R: [n, 3]
    reveal_shape(torch.scalar_tensor(2.0))  # R: []
    reveal_shape(torch.empty_strided((n, 3), (3, 1)))  # R: [n, 3]


def factors(a: Float[Tensor, "n n"], x: Float[Tensor, "7 3"], y: Float[Tensor, "n k"]) -> None:
    reveal_shape(torch.linalg.eigvals(a))  # R: [n]
    reveal_shape(torch.linalg.lu_factor_ex(a).LU)  # R: [n, n]
    lu, pivots = torch.linalg.lu_factor(x)
    reveal_shape(torch.lu_unpack(lu, pivots).L)  # R: [7, 3]
    reveal_shape(torch.linalg.inv_ex(a).inverse)  # R: [n, n]
    reveal_shape(torch.linalg.ldl_factor(a).LD)  # R: [n, n]
    reveal_shape(torch.linalg.ldl_factor_ex(a).pivots)  # R: [n]
    reflectors, tau = torch.geqrf(x)
    reveal_shape(torch.linalg.householder_product(reflectors, tau))  # R: [7, 3]
    reveal_shape(torch.linalg.solve_ex(a, y).result)  # R: [n, k]
    reveal_shape(torch.linalg.tensorinv(torch.randn(6, 2, 3), ind=1))  # R: [2, 3, 6]
    reveal_shape(torch.linalg.tensorsolve(torch.randn(2, 3, 6), torch.randn(2, 3)))  # R: [6]


def eigenvalues_of_a_rectangle(x: Float[Tensor, "n k"]) -> None:
    torch.linalg.eigvals(x)  # E: [linalg_error_not_square_matrix]


def transformed_beyond(x: Float[Tensor, "b t"]) -> None:
    torch.fft.fft(x, dim=2)  # E: [dimension_error_out_of_range]


def covariance_of_rank_three(x: Float[Tensor, "a b c"]) -> None:
    torch.cov(x)  # E: [rank_error_mismatch]
