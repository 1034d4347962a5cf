"""Structured prediction: a linear-chain CRF, the forward algorithm and Viterbi, a hidden Markov model."""

import torch
import torch.nn as nn
from jaxtyping import Bool, Float, Int
from torch import Tensor


class CRF(nn.Module):
    def __init__(self, num_tags: int) -> None:
        super().__init__()
        self.num_tags = num_tags
        self.start = nn.Parameter(torch.randn(num_tags))
        self.end = nn.Parameter(torch.randn(num_tags))
        self.transitions = nn.Parameter(torch.randn(num_tags, num_tags))

    def score(
        self,
        emissions: Float[Tensor, "t b num_tags"],
        tags: Int[Tensor, "t b"],
        mask: Bool[Tensor, "t b"],
    ) -> Float[Tensor, "b"]:
        length, batch = tags.shape
        weights = mask.float()
        score = self.start[tags[0]]
        score = score + emissions[0, torch.arange(batch), tags[0]]
        for i in range(1, length):
            score = score + self.transitions[tags[i - 1], tags[i]] * weights[i]
            score = score + emissions[i, torch.arange(batch), tags[i]] * weights[i]
        ends = mask.long().sum(dim=0) - 1
        last = tags[ends, torch.arange(batch)]
        return score + self.end[last]

    def normalizer(
        self, emissions: Float[Tensor, "t b num_tags"], mask: Bool[Tensor, "t b"]
    ) -> Float[Tensor, "b"]:
        score = self.start + emissions[0]
        for i in range(1, emissions.size(0)):
            broadcast_score = score.unsqueeze(2)
            broadcast_emissions = emissions[i].unsqueeze(1)
            next_score = broadcast_score + self.transitions + broadcast_emissions
            next_score = torch.logsumexp(next_score, dim=1)
            score = torch.where(mask[i].unsqueeze(1), next_score, score)
        score = score + self.end
        return torch.logsumexp(score, dim=1)

    def decode(self, emissions: Float[Tensor, "t b num_tags"]) -> Int[Tensor, "b t"]:
        score = self.start + emissions[0]
        history = []
        for emission in emissions[1:]:
            next_score = score[:, :, None] + self.transitions + emission[:, None]
            score, indices = next_score.max(dim=1)
            history.append(indices)
        score = score + self.end
        best = score.argmax(dim=1)
        path = [best]
        for indices in reversed(history):
            best = indices.gather(1, best.unsqueeze(1)).squeeze(1)
            path.append(best)
        path.reverse()
        return torch.stack(path, dim=1)

    def forward(self, emissions, tags, mask):
        return -(self.score(emissions, tags, mask) - self.normalizer(emissions, mask)).mean()


class HMM(nn.Module):
    def __init__(self, states: int, symbols: int) -> None:
        super().__init__()
        self.prior = nn.Parameter(torch.randn(states))
        self.transition = nn.Parameter(torch.randn(states, states))
        self.emission = nn.Parameter(torch.randn(states, symbols))

    def forward(self, x: Int[Tensor, "b t"]) -> Float[Tensor, "b"]:
        log_transition = self.transition.log_softmax(dim=1)
        log_emission = self.emission.log_softmax(dim=1)
        alpha = self.prior.log_softmax(dim=0) + log_emission[:, x[:, 0]].t()
        for t in range(1, x.shape[1]):
            moved = torch.logsumexp(alpha.unsqueeze(-1) + log_transition, dim=1)
            alpha = moved + log_emission[:, x[:, t]].t()
        return torch.logsumexp(alpha, dim=-1)

    @torch.no_grad()
    def sample(self, n: int, length: int):
        states = torch.multinomial(self.prior.softmax(0), n, replacement=True)
        symbols = []
        for _ in range(length):
            symbols.append(torch.multinomial(self.emission.softmax(1)[states], 1).squeeze(-1))
            states = torch.multinomial(self.transition.softmax(1)[states], 1).squeeze(-1)
        return torch.stack(symbols, dim=1)


class Tagger(nn.Module):
    def __init__(self, vocab: int, dim: int, tags: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocab, dim)
        self.lstm = nn.LSTM(dim, dim // 2, bidirectional=True)
        self.linear = nn.Linear(dim, tags)
        self.crf = CRF(tags)

    def emissions(self, tokens: Int[Tensor, "t b"]) -> Float[Tensor, "t b tags"]:
        h, _ = self.lstm(self.embedding(tokens))
        return self.linear(h)


def main() -> None:
    tagger = Tagger(19, 8, 5)
    tokens, tags = torch.randint(0, 19, (7, 3)), torch.randint(0, 5, (7, 3))
    lengths = torch.tensor([7, 4, 5])
    mask = torch.arange(7)[:, None] < lengths[None, :]
    emissions = tagger.emissions(tokens)
    loss = tagger.crf(emissions, tags, mask)
    loss.backward()
    best = tagger.crf.decode(emissions)
    hmm = HMM(4, 6)
    data = hmm.sample(5, 8)
    nll = -hmm(data).mean()
    nll.backward()
    assert best.shape == (3, 7) and data.shape == (5, 8)


if __name__ == "__main__":
    main()
