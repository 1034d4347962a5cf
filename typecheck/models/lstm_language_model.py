"""A word-level LSTM language model, trained by truncated backpropagation."""

from typing import Iterator, Tuple

import torch
import torch.nn as nn
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor

Hidden = Tuple[
    Float[Tensor, "num_layers batch hidden_dim"], Float[Tensor, "num_layers batch hidden_dim"]
]


class LSTMLanguageModel(nn.Module):
    def __init__(
        self,
        vocab_size: int,
        embed_dim: int,
        hidden_dim: int,
        num_layers: int = 2,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.hidden_dim = hidden_dim
        self.num_layers = num_layers
        self.embedding = nn.Embedding(vocab_size, embed_dim)
        self.dropout = nn.Dropout(dropout)
        self.lstm = nn.LSTM(
            embed_dim, hidden_dim, num_layers=num_layers, dropout=dropout, batch_first=True
        )
        self.norm = nn.LayerNorm(hidden_dim)
        self.decoder = nn.Linear(hidden_dim, vocab_size)

    def init_hidden(
        self, batch_size: int
    ) -> tuple[
        Float[Tensor, "num_layers batch_size hidden_dim"],
        Float[Tensor, "num_layers batch_size hidden_dim"],
    ]:
        weight = next(self.parameters())
        h0 = weight.new_zeros(self.num_layers, batch_size, self.hidden_dim)
        c0 = weight.new_zeros(self.num_layers, batch_size, self.hidden_dim)
        return h0, c0

    def forward(
        self, tokens: Int[Tensor, "batch seq"], hidden: Hidden
    ) -> tuple[Float[Tensor, "batch seq vocab_size"], Hidden]:
        emb = self.dropout(self.embedding(tokens))
        output, hidden = self.lstm(emb, hidden)
        output = self.norm(self.dropout(output))
        return self.decoder(output), hidden


def detach(hidden: Hidden) -> Hidden:
    """The same state, cut off from the graph of earlier steps."""
    h, c = hidden
    return h.detach(), c.detach()


def next_token_loss(
    logits: Float[Tensor, "b t v"], tokens: Int[Tensor, "b t"]
) -> Float[Tensor, ""]:
    """Each position predicts the token after it."""
    predictions = logits[:, :-1]
    targets = tokens[:, 1:]
    return F.cross_entropy(predictions.transpose(1, 2), targets)


def token_log_probs(
    logits: Float[Tensor, "b t v"], tokens: Int[Tensor, "b t"]
) -> Float[Tensor, "b t"]:
    """Log probability of each token under the logits at its position."""
    log_probs = F.log_softmax(logits, dim=-1)
    return log_probs.gather(2, tokens.unsqueeze(2)).squeeze(2)


def perplexity(log_probs: Float[Tensor, "b t"], mask: Float[Tensor, "b t"]) -> Float[Tensor, "b"]:
    mean = (log_probs * mask).sum(dim=1) / mask.sum(dim=1)
    return torch.exp(-mean)


def batches(data: Int[Tensor, "b n"], bptt: int) -> Iterator[Int[Tensor, "b t"]]:
    for start in range(0, data.size(1) - 1, bptt):
        yield data[:, start : start + bptt]


def train_epoch(
    model: LSTMLanguageModel, data: Int[Tensor, "b n"], bptt: int, lr: float = 0.1
) -> float:
    model.train()
    hidden = model.init_hidden(data.size(0))
    total = 0.0
    for tokens in batches(data, bptt):
        hidden = detach(hidden)
        model.zero_grad()
        logits, hidden = model(tokens, hidden)
        loss = next_token_loss(logits, tokens)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.25)
        with torch.no_grad():
            for p in model.parameters():
                if p.grad is not None:
                    p.add_(p.grad, alpha=-lr)
        total += loss.item()
    return total


def example() -> None:
    model = LSTMLanguageModel(vocab_size=23, embed_dim=6, hidden_dim=10, num_layers=2)
    data = torch.randint(0, 23, (3, 15))
    assert train_epoch(model, data, bptt=5) > 0
    logits, (h, c) = model(data, model.init_hidden(3))
    assert logits.shape == (3, 15, 23)
    assert h.shape == c.shape == (2, 3, 10)
    log_probs = token_log_probs(logits, data)
    assert perplexity(log_probs, torch.ones(3, 15)).shape == (3,)


if __name__ == "__main__":
    example()
