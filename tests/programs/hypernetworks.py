"""Small models of many kinds: a mixture density network, a hypernetwork, an ODE solver, a Hopfield net."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class MDN(nn.Module):
    def __init__(self, in_features, out_features, num_gaussians):
        super().__init__()
        self.out_features = out_features
        self.num_gaussians = num_gaussians
        self.pi = nn.Linear(in_features, num_gaussians)
        self.sigma = nn.Linear(in_features, out_features * num_gaussians)
        self.mu = nn.Linear(in_features, out_features * num_gaussians)

    def forward(self, x):
        pi = F.softmax(self.pi(x), dim=-1)
        sigma = torch.exp(self.sigma(x))
        sigma = sigma.view(-1, self.num_gaussians, self.out_features)
        mu = self.mu(x)
        mu = mu.view(-1, self.num_gaussians, self.out_features)
        return pi, sigma, mu


def gaussian_probability(sigma, mu, target):
    target = target.unsqueeze(1).expand_as(sigma)
    ret = torch.exp(-0.5 * ((target - mu) / sigma) ** 2) / (sigma * math.sqrt(2 * math.pi))
    return torch.prod(ret, 2)


def mdn_loss(pi, sigma, mu, target):
    prob = pi * gaussian_probability(sigma, mu, target)
    nll = -torch.log(torch.sum(prob, dim=1) + 1e-8)
    return torch.mean(nll)


def sample(pi, sigma, mu):
    pis = torch.multinomial(pi, 1).view(pi.size(0), 1, 1)
    noise = torch.randn((sigma.size(2), sigma.size(0)))
    variance_samples = sigma.gather(1, pis.expand(-1, -1, sigma.size(2))).squeeze(1)
    mean_samples = mu.gather(1, pis.expand(-1, -1, mu.size(2))).squeeze(1)
    return (noise.transpose(0, 1) * variance_samples) + mean_samples


class HyperNetwork(nn.Module):
    def __init__(self, z_dim, in_size, out_size, f_size=3):
        super().__init__()
        self.in_size, self.out_size, self.f_size = in_size, out_size, f_size
        self.w1 = nn.Parameter(torch.randn(z_dim, in_size * z_dim) * 0.1)
        self.b1 = nn.Parameter(torch.zeros(in_size * z_dim))
        self.w2 = nn.Parameter(torch.randn(z_dim, out_size * f_size * f_size) * 0.1)
        self.b2 = nn.Parameter(torch.zeros(out_size * f_size * f_size))
        self.z_dim = z_dim

    def forward(self, z):
        h_in = torch.matmul(z, self.w1) + self.b1
        h_in = h_in.view(self.in_size, self.z_dim)
        h_final = torch.matmul(h_in, self.w2) + self.b2
        kernel = h_final.view(self.in_size, self.out_size, self.f_size, self.f_size)
        return kernel.transpose(0, 1)


class ODEFunc(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(dim + 1, hidden), nn.Tanh(), nn.Linear(hidden, dim))

    def forward(self, t, y):
        tt = torch.ones_like(y[:, :1]) * t
        return self.net(torch.cat([y, tt], dim=1))


def odeint(func, y0, t):
    solution = [y0]
    y = y0
    for t0, t1 in zip(t[:-1], t[1:]):
        dt = t1 - t0
        k1 = func(t0, y)
        k2 = func(t0 + dt / 2, y + dt * k1 / 2)
        k3 = func(t0 + dt / 2, y + dt * k2 / 2)
        k4 = func(t1, y + dt * k3)
        y = y + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        solution.append(y)
    return torch.stack(solution)


class Hopfield(nn.Module):
    def __init__(self, patterns, beta=8.0):
        super().__init__()
        self.register_buffer("patterns", patterns)
        self.beta = beta

    def forward(self, state, steps=2):
        for _ in range(steps):
            attention = torch.softmax(self.beta * state @ self.patterns.t(), dim=-1)
            state = attention @ self.patterns
        return state

    def energy(self, state):
        lse = torch.logsumexp(self.beta * state @ self.patterns.T, dim=-1) / self.beta
        return -lse + 0.5 * state.pow(2).sum(-1)


class Capsules(nn.Module):
    def __init__(self, in_caps, in_dim, num_caps, dim):
        super().__init__()
        self.W = nn.Parameter(0.1 * torch.randn(1, num_caps, in_caps, dim, in_dim))

    @staticmethod
    def squash(s, dim=-1):
        squared_norm = torch.sum(s**2, dim=dim, keepdim=True)
        return squared_norm / (1 + squared_norm) * s / (torch.sqrt(squared_norm) + 1e-8)

    def forward(self, x, routings=3):
        batch_size = x.size(0)
        x = x.unsqueeze(1).unsqueeze(4)
        u_hat = torch.matmul(self.W, x)
        u_hat = u_hat.squeeze(-1)
        b = torch.zeros(batch_size, u_hat.size(1), u_hat.size(2), 1)
        for _ in range(routings - 1):
            c = b.softmax(dim=1)
            s = (c * u_hat).sum(dim=2)
            v = self.squash(s)
            uv = torch.matmul(u_hat, v.unsqueeze(-1))
            b = b + uv
        c = b.softmax(dim=1)
        s = (c * u_hat).sum(dim=2)
        return self.squash(s)


def main():
    model = MDN(5, 3, 4)
    x, y = torch.randn(7, 5), torch.randn(7, 3)
    pi, sigma, mu = model(x)
    loss = mdn_loss(pi, sigma, mu, y)
    loss.backward()
    drawn = sample(pi, sigma, mu)
    kernel = HyperNetwork(6, 4, 8)(torch.randn(6))
    out = F.conv2d(torch.randn(2, 4, 5, 5), kernel, padding=1)
    trajectory = odeint(ODEFunc(3, 8), drawn, torch.linspace(0, 1, 5))
    memory = Hopfield(F.normalize(torch.randn(9, 6), dim=-1))
    recalled = memory(torch.randn(2, 6))
    energy = memory.energy(recalled)
    caps = Capsules(10, 4, 3, 6)(torch.randn(2, 10, 4))
    assert drawn.shape == (7, 3) and out.shape == (2, 8, 5, 5) and trajectory.shape == (5, 7, 3)
    assert recalled.shape == (2, 6) and energy.shape == (2,) and caps.shape == (2, 3, 6)


if __name__ == "__main__":
    main()
