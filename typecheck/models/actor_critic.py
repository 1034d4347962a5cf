"""Proximal policy optimisation: recurrent-free actor, critic, advantages and losses."""

from dataclasses import dataclass

import torch
import torch.nn as nn
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.distributions import Categorical


def layer_init(layer: nn.Linear, std: float = 2**0.5) -> nn.Linear:
    nn.init.orthogonal_(layer.weight, std)
    nn.init.zeros_(layer.bias)
    return layer


@dataclass
class Rollout:
    """What a batch of environments did for some steps."""

    obs: Float[Tensor, "steps envs obs"]
    actions: Int[Tensor, "steps envs"]
    log_probs: Float[Tensor, "steps envs"]
    rewards: Float[Tensor, "steps envs"]
    dones: Bool[Tensor, "steps envs"]
    values: Float[Tensor, "steps envs"]


class ActorCritic(nn.Module):
    def __init__(self, obs_dim: int, n_actions: int, hidden: int = 64) -> None:
        super().__init__()
        self.critic = nn.Sequential(
            layer_init(nn.Linear(obs_dim, hidden)),
            nn.Tanh(),
            layer_init(nn.Linear(hidden, 1), std=1.0),
        )
        self.actor = nn.Sequential(
            layer_init(nn.Linear(obs_dim, hidden)),
            nn.Tanh(),
            layer_init(nn.Linear(hidden, n_actions), std=0.01),
        )

    def value(self, obs: Float[Tensor, "*batch obs_dim"]) -> Float[Tensor, "*batch"]:
        return self.critic(obs).squeeze(-1)

    def logits(self, obs: Float[Tensor, "*batch obs_dim"]) -> Float[Tensor, "*batch n_actions"]:
        return self.actor(obs)

    def act(
        self, obs: Float[Tensor, "envs obs_dim"]
    ) -> tuple[Int[Tensor, "envs"], Float[Tensor, "envs"], Float[Tensor, "envs"]]:
        dist = Categorical(logits=self.logits(obs))
        action = dist.sample()
        return action, dist.log_prob(action), self.value(obs)


def action_log_probs(
    logits: Float[Tensor, "n actions"], taken: Int[Tensor, "n"]
) -> tuple[Float[Tensor, "n"], Float[Tensor, "n"]]:
    """Log probability of the actions taken, and the entropy of each choice."""
    log_probs = logits - logits.logsumexp(dim=1, keepdim=True)
    entropy = -(log_probs.exp() * log_probs).sum(dim=1)
    return log_probs.gather(1, taken[:, None])[:, 0], entropy


@torch.no_grad()
def advantages(
    rewards: Float[Tensor, "steps envs"],
    values: Float[Tensor, "steps envs"],
    dones: Bool[Tensor, "steps envs"],
    last_value: Float[Tensor, "envs"],
    gamma: float = 0.99,
    lam: float = 0.95,
) -> Float[Tensor, "steps envs"]:
    """Generalised advantage estimates, computed from the last step back."""
    steps = rewards.shape[0]
    next_values = torch.cat([values[1:], last_value.unsqueeze(0)], dim=0)
    alive = 1.0 - dones.float()
    deltas = rewards + gamma * next_values * alive - values
    out = torch.zeros_like(rewards)
    running = torch.zeros_like(last_value)
    for t in reversed(range(steps)):
        running = deltas[t] + gamma * lam * alive[t] * running
        out[t] = running
    return out


def standardize(x: Float[Tensor, "*shape"], eps: float = 1e-8) -> Float[Tensor, "*shape"]:
    return (x - x.mean()) / (x.std() + eps)


def policy_loss(
    new: Float[Tensor, "n"], old: Float[Tensor, "n"], adv: Float[Tensor, "n"], clip: float = 0.2
) -> Float[Tensor, "n"]:
    ratio = (new - old).exp()
    clipped = torch.clamp(ratio, 1 - clip, 1 + clip)
    return -torch.minimum(adv * ratio, adv * clipped)


def value_loss(values: Float[Tensor, "n"], returns: Float[Tensor, "n"]) -> Float[Tensor, "n"]:
    return 0.5 * (values - returns) ** 2


def update(
    agent: ActorCritic,
    rollout: Rollout,
    adv: Float[Tensor, "steps envs"],
    optimizer: torch.optim.Optimizer,
    minibatch: int,
) -> float:
    """One pass over the rollout in random minibatches."""
    obs = rollout.obs.flatten(0, 1)
    actions = rollout.actions.reshape(-1)
    old = rollout.log_probs.reshape(-1)
    returns = (adv + rollout.values).reshape(-1)
    flat_adv = standardize(adv).reshape(-1)
    total = 0.0
    for index in torch.randperm(obs.size(0)).split(minibatch):
        new, entropy = action_log_probs(agent.logits(obs[index]), actions[index])
        loss = policy_loss(new, old[index], flat_adv[index]).mean()
        loss = loss + value_loss(agent.value(obs[index]), returns[index]).mean()
        loss = loss - 0.01 * entropy.mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total


def collect(agent: ActorCritic, steps: int, envs: int, obs_dim: int) -> Rollout:
    """A rollout in an environment of random observations and rewards."""
    obs = torch.randn(steps, envs, obs_dim)
    with torch.no_grad():
        taken = [agent.act(o) for o in obs]
    actions, log_probs, values = (torch.stack(part) for part in zip(*taken))
    rewards = torch.randn(steps, envs)
    dones = torch.rand(steps, envs) < 0.1
    return Rollout(obs, actions, log_probs, rewards, dones, values)


def example() -> None:
    agent = ActorCritic(obs_dim=5, n_actions=3, hidden=16)
    rollout = collect(agent, steps=7, envs=2, obs_dim=5)
    last = agent.value(torch.randn(2, 5)).detach()
    adv = advantages(rollout.rewards, rollout.values, rollout.dones, last)
    assert adv.shape == (7, 2)
    optimizer = torch.optim.Adam(agent.parameters(), lr=1e-3)
    assert isinstance(update(agent, rollout, adv, optimizer, minibatch=4), float)


if __name__ == "__main__":
    example()
