"""A bidirectional LSTM tagger with the cell written by hand."""

from typing import List, Optional, Tuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

State = Tuple[Tensor, Tensor]


class LSTMCell(nn.Module):
    """One step: the four gates come from one matrix product each for input and state."""

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.weight_ih = nn.Parameter(torch.randn(4 * hidden_size, input_size) * 0.1)
        self.weight_hh = nn.Parameter(torch.randn(4 * hidden_size, hidden_size) * 0.1)
        self.bias = nn.Parameter(torch.zeros(4 * hidden_size))

    def forward(
        self,
        x: Float[Tensor, "batch input_size"],
        state: Tuple[Float[Tensor, "batch hidden_size"], Float[Tensor, "batch hidden_size"]],
    ) -> Tuple[Float[Tensor, "batch hidden_size"], Float[Tensor, "batch hidden_size"]]:
        h, c = state
        gates = x @ self.weight_ih.t() + h @ self.weight_hh.t() + self.bias
        i, f, g, o = gates.chunk(4, dim=1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        return h, c


class LSTMLayer(nn.Module):
    """One direction over a sequence; padded steps keep the state."""

    def __init__(self, input_size: int, hidden_size: int, reverse: bool = False) -> None:
        super().__init__()
        self.hidden_size = hidden_size
        self.reverse = reverse
        self.cell = LSTMCell(input_size, hidden_size)

    def forward(
        self,
        x: Float[Tensor, "batch time input_size"],
        mask: Optional[Bool[Tensor, "batch time"]] = None,
    ) -> Float[Tensor, "batch time hidden_size"]:
        batch, time, _ = x.shape
        h = x.new_zeros(batch, self.hidden_size)
        c = x.new_zeros(batch, self.hidden_size)
        steps = range(time - 1, -1, -1) if self.reverse else range(time)
        outputs: List[Tensor] = []
        for t in steps:
            new_h, new_c = self.cell(x[:, t], (h, c))
            if mask is not None:
                keep = mask[:, t].unsqueeze(1)
                new_h = torch.where(keep, new_h, h)
                new_c = torch.where(keep, new_c, c)
            h, c = new_h, new_c
            outputs.append(h)
        if self.reverse:
            outputs.reverse()
        return torch.stack(outputs, dim=1)


class BiLSTM(nn.Module):
    def __init__(self, input_size: int, hidden_size: int, num_layers: int) -> None:
        super().__init__()
        self.hidden_size = hidden_size
        self.forward_layers = nn.ModuleList()
        self.backward_layers = nn.ModuleList()
        size = input_size
        for _ in range(num_layers):
            self.forward_layers.append(LSTMLayer(size, hidden_size))
            self.backward_layers.append(LSTMLayer(size, hidden_size, reverse=True))
            size = 2 * hidden_size

    def forward(
        self,
        x: Float[Tensor, "batch time input_size"],
        mask: Optional[Bool[Tensor, "batch time"]] = None,
    ) -> Float[Tensor, "batch time {2*self.hidden_size}"]:
        for fwd, bwd in zip(self.forward_layers, self.backward_layers):
            x = torch.cat([fwd(x, mask), bwd(x, mask)], dim=-1)
        return x


class Tagger(nn.Module):
    """Scores each token for each tag, and the whole sentence for each class."""

    def __init__(
        self, vocab_size: int, embed_dim: int, hidden_size: int, n_tags: int, n_classes: int
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_dim, padding_idx=0)
        self.left = LSTMLayer(embed_dim, hidden_size)
        self.right = LSTMLayer(embed_dim, hidden_size, reverse=True)
        self.tag_head = nn.Linear(2 * hidden_size, n_tags)
        self.class_head = nn.Linear(2 * hidden_size, n_classes)

    def forward(
        self, tokens: Int[Tensor, "batch time"]
    ) -> Tuple[Float[Tensor, "batch time n_tags"], Float[Tensor, "batch n_classes"]]:
        mask = tokens != 0
        x = self.embedding(tokens)
        both = torch.cat([self.left(x, mask), self.right(x, mask)], dim=2)
        pooled = masked_mean(both, mask)
        return self.tag_head(both), self.class_head(pooled)


def masked_mean(
    x: Float[Tensor, "batch time features"], mask: Bool[Tensor, "batch time"]
) -> Float[Tensor, "batch features"]:
    weights = mask.float()
    weights = weights / weights.sum(dim=1, keepdim=True).clamp(min=1)
    return torch.einsum("btf,bt->bf", x, weights)


def example() -> None:
    tagger = Tagger(vocab_size=19, embed_dim=6, hidden_size=5, n_tags=7, n_classes=3)
    tokens = torch.randint(0, 19, (2, 11))
    tags, classes = tagger(tokens)
    assert tags.shape == (2, 11, 7)
    assert classes.shape == (2, 3)
    deep = BiLSTM(6, 5, num_layers=2)
    assert deep(torch.randn(2, 11, 6), tokens != 0).shape == (2, 11, 10)


if __name__ == "__main__":
    example()
