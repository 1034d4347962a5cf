"""Embeddings and factorisations: skip-gram with negative sampling, GloVe, factorisation machines, DLRM."""

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor


class SkipGram(nn.Module):
    def __init__(self, vocab: int, dim: int) -> None:
        super().__init__()
        self.center = nn.Embedding(vocab, dim)
        self.context = nn.Embedding(vocab, dim)
        nn.init.zeros_(self.context.weight)

    def forward(
        self, center: Int[Tensor, "b"], context: Int[Tensor, "b"], negative: Int[Tensor, "b k"]
    ) -> Float[Tensor, ""]:
        v = self.center(center)
        u = self.context(context)
        n = self.context(negative)
        positive = F.logsigmoid((v * u).sum(dim=1))
        negatives = F.logsigmoid(-torch.bmm(n, v.unsqueeze(2)).squeeze(2)).sum(dim=1)
        return -(positive + negatives).mean()

    def most_similar(self, word: int, k: int) -> Int[Tensor, "k"]:
        table = F.normalize(self.center.weight, dim=1)
        scores = table @ table[word]
        scores[word] = -1.0
        return scores.topk(k).indices


class GloVe(nn.Module):
    def __init__(self, vocab: int, dim: int) -> None:
        super().__init__()
        self.wi = nn.Embedding(vocab, dim)
        self.wj = nn.Embedding(vocab, dim)
        self.bi = nn.Embedding(vocab, 1)
        self.bj = nn.Embedding(vocab, 1)

    def forward(self, i: Int[Tensor, "b"], j: Int[Tensor, "b"], counts: Float[Tensor, "b"]):
        w_i, w_j = self.wi(i), self.wj(j)
        b_i, b_j = self.bi(i).squeeze(), self.bj(j).squeeze()
        prediction = torch.sum(w_i * w_j, dim=1) + b_i + b_j
        weight = (counts / 100).pow(0.75).clamp(max=1.0)
        return (weight * (prediction - counts.log()) ** 2).mean()


class FactorizationMachine(nn.Module):
    def __init__(self, field_dims, embed_dim):
        super().__init__()
        self.embedding = nn.Embedding(sum(field_dims), embed_dim)
        self.fc = nn.Embedding(sum(field_dims), 1)
        self.bias = nn.Parameter(torch.zeros((1,)))
        self.offsets = np.array((0, *np.cumsum(field_dims)[:-1]), dtype=np.int64)

    def forward(self, x):
        x = x + x.new_tensor(self.offsets).unsqueeze(0)
        linear = torch.sum(self.fc(x), dim=1) + self.bias
        e = self.embedding(x)
        square_of_sum = torch.sum(e, dim=1) ** 2
        sum_of_square = torch.sum(e**2, dim=1)
        ix = torch.sum(square_of_sum - sum_of_square, dim=1, keepdim=True) * 0.5
        return torch.sigmoid((linear + ix).squeeze(1))


class DLRM(nn.Module):
    def __init__(self, dense, tables, dim):
        super().__init__()
        self.bottom = nn.Sequential(nn.Linear(dense, 16), nn.ReLU(), nn.Linear(16, dim), nn.ReLU())
        self.tables = nn.ModuleList([nn.EmbeddingBag(n, dim, mode="sum") for n in tables])
        pairs = (len(tables) + 1) * len(tables) // 2
        self.top = nn.Sequential(nn.Linear(dim + pairs, 16), nn.ReLU(), nn.Linear(16, 1))

    def forward(self, dense, sparse):
        x = self.bottom(dense)
        batch_size, d = x.shape
        ly = [table(sparse[k]) for k, table in enumerate(self.tables)]
        T = torch.cat([x] + ly, dim=1).view((batch_size, -1, d))
        Z = torch.bmm(T, torch.transpose(T, 1, 2))
        _, ni, nj = Z.shape
        li = torch.tensor([i for i in range(ni) for j in range(i)])
        lj = torch.tensor([j for i in range(nj) for j in range(i)])
        Zflat = Z[:, li, lj]
        R = torch.cat([x] + [Zflat], dim=1)
        return torch.sigmoid(self.top(R))


def skip_pairs(tokens, window):
    pairs = []
    for i, word in enumerate(tokens):
        for j in range(max(0, i - window), min(len(tokens), i + window + 1)):
            if i != j:
                pairs.append((word, tokens[j]))
    return torch.tensor(pairs)


def main():
    tokens = np.random.default_rng(0).integers(0, 20, size=30).tolist()
    pairs = skip_pairs(tokens, 2)
    center, context = pairs.t()
    model = SkipGram(20, 6)
    noise = torch.bincount(torch.tensor(tokens), minlength=20).float() ** 0.75
    negative = torch.multinomial(noise, len(pairs) * 3, replacement=True).view(-1, 3)
    loss = model(center, context, negative)
    loss.backward()
    near = model.most_similar(3, k=4)
    glove = GloVe(20, 6)(center, context, torch.rand(len(center)) * 50 + 1)
    machine = FactorizationMachine([5, 7, 3], 4)
    click = machine(torch.stack([torch.randint(0, n, (9,)) for n in (5, 7, 3)], dim=1))
    ctr = DLRM(6, [11, 13], 8)(torch.randn(9, 6), torch.randint(0, 11, (2, 9, 4)))
    assert near.shape == (4,) and glove.ndim == 0 and click.shape == (9,) and ctr.shape == (9, 1)


if __name__ == "__main__":
    main()
