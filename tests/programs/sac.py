"""Soft actor-critic with twin critics, a squashed Gaussian policy and an automatic temperature."""

from copy import deepcopy
from typing import Tuple

import torch
import torch.nn as nn
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor
from torch.distributions import Normal


def mlp(sizes, activation=nn.ReLU, output_activation=nn.Identity):
    layers = []
    for j in range(len(sizes) - 1):
        act = activation if j < len(sizes) - 2 else output_activation
        layers += [nn.Linear(sizes[j], sizes[j + 1]), act()]
    return nn.Sequential(*layers)


class Actor(nn.Module):
    def __init__(self, obs_dim: int, act_dim: int, hidden: Tuple[int, ...], limit: float) -> None:
        super().__init__()
        self.net = mlp([obs_dim, *hidden], output_activation=nn.ReLU)
        self.mu = nn.Linear(hidden[-1], act_dim)
        self.log_std = nn.Linear(hidden[-1], act_dim)
        self.limit = limit

    def forward(
        self, obs: Float[Tensor, "batch obs_dim"], deterministic: bool = False
    ) -> Tuple[Float[Tensor, "batch act_dim"], Float[Tensor, "batch"]]:
        h = self.net(obs)
        mu = self.mu(h)
        log_std = torch.clamp(self.log_std(h), -20, 2)
        std = torch.exp(log_std)
        dist = Normal(mu, std)
        u = mu if deterministic else dist.rsample()
        log_prob = dist.log_prob(u).sum(dim=-1)
        log_prob = log_prob - (2 * (0.693 - u - F.softplus(-2 * u))).sum(dim=1)
        action = self.limit * torch.tanh(u)
        return action, log_prob


class Critic(nn.Module):
    def __init__(self, obs_dim: int, act_dim: int, hidden: Tuple[int, ...]) -> None:
        super().__init__()
        self.q1 = mlp([obs_dim + act_dim, *hidden, 1])
        self.q2 = mlp([obs_dim + act_dim, *hidden, 1])

    def forward(
        self, obs: Float[Tensor, "batch obs_dim"], act: Float[Tensor, "batch act_dim"]
    ) -> Tuple[Float[Tensor, "batch"], Float[Tensor, "batch"]]:
        x = torch.cat([obs, act], dim=-1)
        q1 = self.q1(x).squeeze(-1)
        q2 = self.q2(x).squeeze(-1)
        return q1, q2


class SAC:
    def __init__(self, obs_dim: int, act_dim: int, gamma: float = 0.99, tau: float = 0.005) -> None:
        self.actor = Actor(obs_dim, act_dim, (16, 16), 2.0)
        self.critic = Critic(obs_dim, act_dim, (16, 16))
        self.target = deepcopy(self.critic)
        self.log_alpha = torch.zeros(1, requires_grad=True)
        self.target_entropy = -float(act_dim)
        self.gamma, self.tau = gamma, tau
        self.actor_opt = torch.optim.Adam(self.actor.parameters(), lr=3e-4)
        self.critic_opt = torch.optim.Adam(self.critic.parameters(), lr=3e-4)
        self.alpha_opt = torch.optim.Adam([self.log_alpha], lr=3e-4)

    @property
    def alpha(self):
        return self.log_alpha.exp().detach()

    def update(self, obs, act, rew, next_obs, done):
        with torch.no_grad():
            next_act, next_logp = self.actor(next_obs)
            q1_t, q2_t = self.target(next_obs, next_act)
            q_t = torch.min(q1_t, q2_t) - self.alpha * next_logp
            backup = rew + self.gamma * (1 - done) * q_t
        q1, q2 = self.critic(obs, act)
        critic_loss = F.mse_loss(q1, backup) + F.mse_loss(q2, backup)
        self.critic_opt.zero_grad()
        critic_loss.backward()
        self.critic_opt.step()
        new_act, logp = self.actor(obs)
        q1_pi, q2_pi = self.critic(obs, new_act)
        actor_loss = (self.alpha * logp - torch.min(q1_pi, q2_pi)).mean()
        self.actor_opt.zero_grad()
        actor_loss.backward()
        self.actor_opt.step()
        alpha_loss = -(self.log_alpha * (logp + self.target_entropy).detach()).mean()
        self.alpha_opt.zero_grad()
        alpha_loss.backward()
        self.alpha_opt.step()
        with torch.no_grad():
            for p, p_t in zip(self.critic.parameters(), self.target.parameters()):
                p_t.mul_(1 - self.tau).add_(self.tau * p)
        return critic_loss.item(), actor_loss.item()


def main() -> None:
    agent = SAC(5, 2)
    for _ in range(2):
        obs, next_obs = torch.randn(6, 5), torch.randn(6, 5)
        act = torch.rand(6, 2) * 4 - 2
        rew, done = torch.randn(6), torch.zeros(6)
        agent.update(obs, act, rew, next_obs, done)
    action, logp = agent.actor(torch.randn(3, 5), deterministic=True)
    assert action.shape == (3, 2) and logp.shape == (3,)


if __name__ == "__main__":
    main()
