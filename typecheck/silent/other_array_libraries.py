"""NumPy arrays, tensor subclasses, sparse tensors, distributions and dtype views."""

import numpy as np
import torch
from jaxtyping import Complex, Float, Int
from torch import Tensor
from torch.distributions import Categorical, MultivariateNormal, Normal


class Points(Tensor):
    @property
    def center(self) -> Tensor:
        return self.mean(dim=0)


def centered(x: Float[Points, "n d"]) -> Float[Tensor, "n d"]:
    return x - x.center


def matrix(x: Float[np.ndarray, "n d"]) -> Float[np.ndarray, "n n"]:
    y = np.einsum("nd,md->nm", x, x)
    return y / np.linalg.norm(x, axis=1)[:, None]


def mixed(x: Float[Tensor, "n d"]) -> Float[Tensor, "d n"]:
    array = x.numpy().T
    array = array.reshape(array.shape[0], -1)
    return torch.as_tensor(np.ascontiguousarray(array))


def sampled(logits: Float[Tensor, "b k"], n: int) -> Int[Tensor, "n b"]:
    return Categorical(logits=logits).sample((n,))


def log_prob(x: Float[Tensor, "b d"]) -> Float[Tensor, "b"]:
    independent = Normal(torch.zeros(x.shape[1]), 1.0).log_prob(x).sum(-1)
    joint = MultivariateNormal(torch.zeros(x.shape[1]), torch.eye(x.shape[1])).log_prob(x)
    return independent + joint


def sparse(index: Int[Tensor, "2 e"], x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    n = x.shape[0]
    adj = torch.sparse_coo_tensor(index, torch.ones(index.shape[1]), (n, n))
    return torch.sparse.mm(adj, x)


def as_complex(x: Float[Tensor, "*b d"]) -> Complex[Tensor, "*b half"]:
    return torch.view_as_complex(x.reshape(*x.shape[:-1], -1, 2))


def bits(x: Float[Tensor, "n"]) -> Int[Tensor, "m"]:
    return x.view(torch.int16).to(torch.int64)


def spectrum(x: Float[Tensor, "b t"]) -> Float[Tensor, "b t"]:
    return torch.fft.irfft(torch.fft.rfft(x, dim=1) * 0.5, n=x.shape[1], dim=1)


def example() -> None:
    assert centered(torch.randn(5, 3).as_subclass(Points)).shape == (5, 3)
    assert matrix(np.ones((3, 5))).shape == (3, 3)
    assert mixed(torch.randn(2, 3)).shape == (3, 2)
    assert sampled(torch.randn(2, 5), 7).shape == (7, 2)
    assert log_prob(torch.randn(2, 5)).shape == (2,)
    assert sparse(torch.tensor([[0, 1], [1, 2]]), torch.randn(3, 5)).shape == (3, 5)
    assert as_complex(torch.randn(2, 3, 6)).shape == (2, 3, 3)
    assert bits(torch.randn(3)).shape == (6,)
    assert spectrum(torch.randn(2, 7)).shape == (2, 7)


if __name__ == "__main__":
    example()
