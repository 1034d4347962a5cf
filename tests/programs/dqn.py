"""Deep Q-learning with a replay buffer, a target network, dueling heads and n-step returns."""

import random
from collections import deque, namedtuple

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

Transition = namedtuple("Transition", ("state", "action", "reward", "next_state", "done"))


class ReplayBuffer:
    def __init__(self, capacity, obs_dim):
        self.capacity = capacity
        self.states = np.zeros((capacity, obs_dim), dtype=np.float32)
        self.actions = np.zeros(capacity, dtype=np.int64)
        self.rewards = np.zeros(capacity, dtype=np.float32)
        self.next_states = np.zeros((capacity, obs_dim), dtype=np.float32)
        self.dones = np.zeros(capacity, dtype=np.float32)
        self.index = 0
        self.size = 0

    def add(self, t):
        i = self.index
        self.states[i] = t.state
        self.actions[i] = t.action
        self.rewards[i] = t.reward
        self.next_states[i] = t.next_state
        self.dones[i] = t.done
        self.index = (self.index + 1) % self.capacity
        self.size = min(self.size + 1, self.capacity)

    def sample(self, batch_size):
        ind = np.random.randint(0, self.size, size=batch_size)
        return (
            torch.as_tensor(self.states[ind]),
            torch.as_tensor(self.actions[ind]),
            torch.as_tensor(self.rewards[ind]),
            torch.as_tensor(self.next_states[ind]),
            torch.as_tensor(self.dones[ind]),
        )


class NStep:
    def __init__(self, n, gamma):
        self.buffer = deque(maxlen=n)
        self.n = n
        self.gamma = gamma

    def push(self, transition):
        self.buffer.append(transition)
        if len(self.buffer) < self.n:
            return None
        reward, next_state, done = self.buffer[-1][-3:]
        for t in reversed(list(self.buffer)[:-1]):
            reward = t.reward + self.gamma * reward * (1 - t.done)
            if t.done:
                next_state, done = t.next_state, t.done
        first = self.buffer[0]
        return Transition(first.state, first.action, reward, next_state, done)


class DuelingQ(nn.Module):
    def __init__(self, obs_dim, n_actions, hidden=16):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(obs_dim, hidden), nn.ReLU())
        self.value = nn.Linear(hidden, 1)
        self.advantage = nn.Linear(hidden, n_actions)

    def forward(self, obs):
        h = self.body(obs)
        value = self.value(h)
        advantage = self.advantage(h)
        return value + advantage - advantage.mean(dim=-1, keepdim=True)


class Agent:
    def __init__(self, obs_dim, n_actions, gamma=0.99, tau=0.05):
        self.n_actions = n_actions
        self.gamma = gamma
        self.tau = tau
        self.q = DuelingQ(obs_dim, n_actions)
        self.target = DuelingQ(obs_dim, n_actions)
        self.target.load_state_dict(self.q.state_dict())
        self.optimizer = torch.optim.Adam(self.q.parameters(), lr=1e-3)

    def act(self, state, epsilon):
        if random.random() < epsilon:
            return random.randrange(self.n_actions)
        with torch.no_grad():
            state = torch.from_numpy(state).unsqueeze(0)
            values = self.q(state)
            return values.argmax(dim=1).item()

    def learn(self, batch):
        state, action, reward, next_state, done = batch
        q = self.q(state).gather(1, action.unsqueeze(1)).squeeze(1)
        with torch.no_grad():
            best = self.q(next_state).argmax(dim=1, keepdim=True)
            next_q = self.target(next_state).gather(1, best).squeeze(1)
            target = reward + self.gamma * (1 - done) * next_q
        loss = F.smooth_l1_loss(q, target)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        for p, tp in zip(self.q.parameters(), self.target.parameters()):
            tp.data.copy_(self.tau * p.data + (1 - self.tau) * tp.data)
        return loss.item()


def main():
    obs_dim, n_actions = 4, 3
    rng = np.random.default_rng(0)
    agent = Agent(obs_dim, n_actions)
    buffer = ReplayBuffer(50, obs_dim)
    nstep = NStep(3, 0.99)
    state = rng.standard_normal(obs_dim).astype(np.float32)
    for step in range(30):
        action = agent.act(state, epsilon=0.2)
        next_state = rng.standard_normal(obs_dim).astype(np.float32)
        reward = float(next_state[0] > 0)
        done = float(rng.random() < 0.05)
        transition = nstep.push(Transition(state, action, reward, next_state, done))
        if transition is not None:
            buffer.add(transition)
        state = next_state
        if buffer.size >= 8 and step % 5 == 0:
            batch = buffer.sample(6)
            agent.learn(batch)
    states, actions, rewards, _, _ = buffer.sample(5)
    assert agent.q(states).shape == (5, 3) and actions.shape == rewards.shape


if __name__ == "__main__":
    main()
