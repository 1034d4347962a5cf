"""A batched Kalman filter, a smoother, and learning of the noise by gradient descent."""

import torch
from torch import nn


class KalmanFilter(nn.Module):
    def __init__(self, state_dim, obs_dim):
        super().__init__()
        self.state_dim = state_dim
        self.obs_dim = obs_dim
        self.F = nn.Parameter(torch.eye(state_dim) + 0.01 * torch.randn(state_dim, state_dim))
        self.H = nn.Parameter(torch.randn(obs_dim, state_dim))
        self.log_q = nn.Parameter(torch.zeros(state_dim))
        self.log_r = nn.Parameter(torch.zeros(obs_dim))

    @property
    def Q(self):
        return torch.diag(self.log_q.exp())

    @property
    def R(self):
        return torch.diag_embed(self.log_r.exp())

    def predict(self, mean, cov):
        mean = mean @ self.F.T
        cov = self.F @ cov @ self.F.T + self.Q
        return mean, cov

    def update(self, mean, cov, obs):
        innovation = obs - mean @ self.H.T
        S = self.H @ cov @ self.H.T + self.R
        K = torch.linalg.solve(S, self.H @ cov).transpose(-1, -2)
        mean = mean + (K @ innovation.unsqueeze(-1)).squeeze(-1)
        eye = torch.eye(self.state_dim)
        cov = (eye - K @ self.H) @ cov
        chol = torch.linalg.cholesky(S)
        z = torch.linalg.solve_triangular(chol, innovation.unsqueeze(-1), upper=False).squeeze(-1)
        logdet = chol.diagonal(dim1=-2, dim2=-1).log().sum(-1)
        log_lik = -0.5 * (z**2).sum(-1) - logdet
        return mean, cov, log_lik

    def forward(self, observations):
        batch, steps, _ = observations.shape
        mean = torch.zeros(batch, self.state_dim)
        cov = torch.eye(self.state_dim).expand(batch, -1, -1)
        means, covs, predicted = [], [], []
        total = torch.zeros(batch)
        for t in range(steps):
            mean, cov = self.predict(mean, cov)
            predicted.append((mean, cov))
            mean, cov, log_lik = self.update(mean, cov, observations[:, t])
            total = total + log_lik
            means.append(mean)
            covs.append(cov)
        return torch.stack(means, dim=1), torch.stack(covs, dim=1), total, predicted

    def smooth(self, means, covs, predicted):
        steps = means.size(1)
        mean, cov = means[:, -1], covs[:, -1]
        out = [mean]
        for t in range(steps - 2, -1, -1):
            prior_mean, prior_cov = predicted[t + 1]
            gain = covs[:, t] @ self.F.T @ torch.linalg.inv(prior_cov)
            mean = means[:, t] + torch.einsum("bij,bj->bi", gain, mean - prior_mean)
            cov = covs[:, t] + gain @ (cov - prior_cov) @ gain.mT
            out.append(mean)
        return torch.stack(out[::-1], dim=1)


def main():
    model = KalmanFilter(4, 2)
    data = torch.randn(3, 6, 2).cumsum(dim=1)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
    for _ in range(2):
        means, covs, log_lik, predicted = model(data)
        loss = -log_lik.mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        means, covs, log_lik, predicted = model(data)
        smoothed = model.smooth(means, covs, predicted)
        error = (smoothed @ model.H.T - data).pow(2).mean(dim=(0, 1))
    assert smoothed.shape == (3, 6, 4)
    assert error.shape == (2,)


if __name__ == "__main__":
    main()
