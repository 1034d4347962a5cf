"""Modules whose attributes change while they are used: caches, memories, statistics, lists of activations."""

from typing import List, Optional

import torch
import torch.nn as nn
from jaxtyping import Float
from torch import Tensor


class KVCache(nn.Module):
    def __init__(self, heads: int, dim: int) -> None:
        super().__init__()
        self.heads = heads
        self.dim = dim
        self.k: Optional[Tensor] = None
        self.v: Optional[Tensor] = None
        self.seen = 0

    def reset(self) -> None:
        self.k = self.v = None
        self.seen = 0

    def update(self, k: Float[Tensor, "b heads t dim"], v: Float[Tensor, "b heads t dim"]):
        if self.k is None or self.v is None:
            self.k, self.v = k, v
        else:
            self.k = torch.cat([self.k, k], dim=2)
            self.v = torch.cat([self.v, v], dim=2)
        self.seen += k.shape[2]
        return self.k, self.v

    def attend(self, q: Float[Tensor, "b heads 1 dim"]) -> Float[Tensor, "b heads 1 dim"]:
        assert self.k is not None and self.v is not None
        scores = q @ self.k.transpose(-2, -1) / self.dim**0.5
        return scores.softmax(dim=-1) @ self.v


class RunningNorm(nn.Module):
    def __init__(self, dim: int, momentum: float = 0.1) -> None:
        super().__init__()
        self.momentum = momentum
        self.register_buffer("mean", torch.zeros(dim))
        self.register_buffer("var", torch.ones(dim))
        self.initialized = False

    def forward(self, x: Float[Tensor, "n dim"]) -> Float[Tensor, "n dim"]:
        if self.training:
            mean, var = x.mean(dim=0), x.var(dim=0, unbiased=False)
            if not self.initialized:
                self.mean, self.var = mean.detach(), var.detach()
                self.initialized = True
            else:
                self.mean = torch.lerp(self.mean, mean.detach(), self.momentum)
                self.var = torch.lerp(self.var, var.detach(), self.momentum)
        shifted = x - self.mean
        return shifted / (self.var + 1e-5).sqrt()


class Recorder(nn.Module):
    def __init__(self, sizes: List[int]) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:])])
        self.activations: List[Tensor] = []
        self.last = None

    def forward(self, x):
        self.activations = []
        for layer in self.layers:
            x = torch.tanh(layer(x))
            self.activations.append(x)
        self.last = x
        return x

    def sparsity(self):
        means = [a.abs().mean() for a in self.activations]
        return torch.stack(means).sum()

    def top(self):
        if self.last is None:
            return None
        best = self.last.max(dim=-1)
        return best.values


class Memory(nn.Module):
    def __init__(self, dim, size):
        super().__init__()
        self.size = size
        self.bank = torch.empty(0, dim)

    def write(self, x):
        self.bank = torch.cat([self.bank, x.detach()])[-self.size :]

    def read(self, query, k=2):
        if len(self.bank) == 0:
            return torch.zeros_like(query)
        k = min(k, len(self.bank))
        scores = query @ self.bank.t()
        weights, index = scores.topk(k, dim=-1)
        found = self.bank[index]
        return (weights.softmax(dim=-1).unsqueeze(-1) * found).sum(dim=1)


class StatefulRNN(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.cell = nn.GRUCell(dim, hidden)
        self.hidden = hidden
        self.state = None

    def begin(self, batch):
        self.state = torch.zeros(batch, self.hidden)

    def step(self, x):
        if self.state is None or self.state.shape[0] != x.shape[0]:
            self.begin(x.shape[0])
        self.state = self.cell(x, self.state)
        return self.state


class Accumulator:
    def __init__(self):
        self.total = 0
        self.count = 0
        self.best = None

    def add(self, x):
        self.total = self.total + x.sum(dim=0)
        self.count += len(x)
        peak = x.amax(dim=0)
        self.best = peak if self.best is None else torch.maximum(self.best, peak)

    @property
    def mean(self):
        return self.total / max(self.count, 1)


def main() -> None:
    cache = KVCache(2, 4)
    for t in (3, 1, 1):
        k, v = torch.randn(2, 2, t, 4), torch.randn(2, 2, t, 4)
        keys, values = cache.update(k, v)
        out = cache.attend(torch.randn(2, 2, 1, 4))
    assert keys.shape == (2, 2, 5, 4) and out.shape == (2, 2, 1, 4) and cache.seen == 5
    cache.reset()
    norm = RunningNorm(3)
    for n in (5, 7):
        y = norm(torch.randn(n, 3))
    recorder = Recorder([3, 6, 4])
    z = recorder(y)
    loss = recorder.sparsity()
    peaks = recorder.top()
    memory = Memory(4, size=9)
    empty = memory.read(z)
    for _ in range(3):
        memory.write(torch.randn(4, 4))
    found = memory.read(z)
    rnn = StatefulRNN(4, 5)
    for batch in (2, 2, 3):
        state = rnn.step(torch.randn(batch, 4))
    sums = Accumulator()
    for n in (2, 4):
        sums.add(torch.randn(n, 6))
    mean = sums.mean
    assert loss.ndim == 0 and peaks.shape == (7,) and empty.shape == found.shape == (7, 4)
    assert memory.bank.shape == (9, 4) and state.shape == (3, 5) and mean.shape == sums.best.shape


if __name__ == "__main__":
    main()
