"""Gaussian process regression: kernels, a Cholesky factor, marginal likelihood, inducing points."""

import math

import torch
from jaxtyping import Float
from torch import Tensor


class RBF(torch.nn.Module):
    def __init__(self, dim: int) -> None:
        super().__init__()
        self.log_lengthscale = torch.nn.Parameter(torch.zeros(dim))
        self.log_variance = torch.nn.Parameter(torch.zeros(()))

    def forward(self, x: Float[Tensor, "n dim"], y: Float[Tensor, "m dim"]) -> Float[Tensor, "n m"]:
        scale = self.log_lengthscale.exp()
        x, y = x / scale, y / scale
        square = (x * x).sum(-1)[:, None] + (y * y).sum(-1)[None, :] - 2 * x @ y.T
        return self.log_variance.exp() * torch.exp(-0.5 * square.clamp_min(0))

    def diag(self, x: Float[Tensor, "n dim"]) -> Float[Tensor, "n"]:
        return self.log_variance.exp().expand(x.shape[0])


class ExactGP(torch.nn.Module):
    def __init__(self, x: Float[Tensor, "n d"], y: Float[Tensor, "n"], noise: float = 0.1) -> None:
        super().__init__()
        self.x, self.y = x, y
        self.kernel = RBF(x.shape[1])
        self.log_noise = torch.nn.Parameter(torch.tensor(math.log(noise)))

    def factor(self):
        K = self.kernel(self.x, self.x)
        eye = torch.eye(len(self.x))
        return torch.linalg.cholesky(K + self.log_noise.exp() * eye)

    def log_marginal(self):
        L = self.factor()
        alpha = torch.cholesky_solve(self.y.unsqueeze(-1), L)
        fit = -0.5 * self.y @ alpha.squeeze(-1)
        penalty = -L.diagonal().log().sum()
        return fit + penalty - 0.5 * len(self.y) * math.log(2 * math.pi)

    @torch.no_grad()
    def predict(self, x_new):
        L = self.factor()
        K_s = self.kernel(self.x, x_new)
        v = torch.linalg.solve_triangular(L, K_s, upper=False)
        alpha = torch.cholesky_solve(self.y[:, None], L)
        mean = (K_s.t() @ alpha).squeeze(-1)
        variance = self.kernel.diag(x_new) - (v**2).sum(0)
        return mean, variance


class SparseGP(torch.nn.Module):
    def __init__(self, dim: int, inducing: int) -> None:
        super().__init__()
        self.z = torch.nn.Parameter(torch.randn(inducing, dim))
        self.mean = torch.nn.Parameter(torch.zeros(inducing))
        self.tril = torch.nn.Parameter(torch.eye(inducing))
        self.kernel = RBF(dim)

    def forward(self, x: Float[Tensor, "b dim"]) -> tuple[Float[Tensor, "b"], Float[Tensor, "b"]]:
        m = self.z.shape[0]
        Kzz = self.kernel(self.z, self.z) + 1e-4 * torch.eye(m)
        Kzx = self.kernel(self.z, x)
        L = torch.linalg.cholesky(Kzz)
        A = torch.linalg.solve_triangular(L, Kzx, upper=False)
        mean = A.T @ self.mean
        S = torch.tril(self.tril)
        SA = S.T @ A
        var = self.kernel.diag(x) - (A * A).sum(dim=0) + (SA * SA).sum(dim=0)
        return mean, var

    def kl(self) -> Float[Tensor, ""]:
        S = torch.tril(self.tril)
        trace = (S**2).sum()
        logdet = 2 * torch.diagonal(S).abs().log().sum()
        return 0.5 * (trace + self.mean @ self.mean - self.mean.numel() - logdet)


def samples(
    mean: Float[Tensor, "n"], cov: Float[Tensor, "n n"], count: int
) -> Float[Tensor, "count n"]:
    L = torch.linalg.cholesky(cov + 1e-5 * torch.eye(cov.size(0)))
    eps = torch.randn(count, mean.numel())
    return mean + eps @ L.mT


def main() -> None:
    x = torch.rand(13, 2) * 4
    y = x[:, 0].sin() + x[:, 1].cos()
    gp = ExactGP(x, y)
    optimizer = torch.optim.Adam(gp.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        loss = -gp.log_marginal()
        loss.backward()
        optimizer.step()
    grid = torch.cartesian_prod(torch.linspace(0, 4, 5), torch.linspace(0, 4, 3))
    mean, variance = gp.predict(grid)
    assert mean.shape == variance.shape == (15,)
    sparse = SparseGP(2, 7)
    mu, var = sparse(x)
    likelihood = -0.5 * (((y - mu) ** 2 + var) / 0.1).sum()
    elbo = likelihood - sparse.kl()
    elbo.backward()
    draws = samples(mean, gp.kernel(grid, grid).detach(), 6)
    assert draws.shape == (6, 15)


if __name__ == "__main__":
    main()
