"""Padded and packed sequences, and the states of recurrent layers."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence


class Encoder(nn.Module):
    def __init__(self, vocab: int, dim: int, hidden: int, layers: int = 2) -> None:
        super().__init__()
        self.hidden, self.layers = hidden, layers
        self.embed = nn.Embedding(vocab, dim)
        self.rnn = nn.LSTM(dim, hidden, layers, bidirectional=True, batch_first=True)
        self.bridge = nn.Linear(2 * hidden, hidden)

    def forward(
        self, tokens: Int[Tensor, "b t"], lengths: Int[Tensor, "b"]
    ) -> tuple[Float[Tensor, "b t2 h"], Float[Tensor, "layers b hidden"]]:
        x = self.embed(tokens)
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        out, (h, c) = self.rnn(packed)
        out, _ = pad_packed_sequence(out, batch_first=True)
        h = h.view(self.layers, 2, -1, self.hidden)
        h = torch.cat([h[:, 0], h[:, 1]], dim=-1)
        return out, self.bridge(h)


class Stepper(nn.Module):
    def __init__(self, dim: int, hidden: int) -> None:
        super().__init__()
        self.cells = nn.ModuleList([nn.LSTMCell(dim, hidden), nn.LSTMCell(hidden, hidden)])
        self.hidden = hidden

    def forward(self, xs: Float[Tensor, "t b dim"]) -> Float[Tensor, "t b hidden"]:
        state = None
        outputs = []
        for x in xs:
            if state is None:
                zeros = x.new_zeros(x.size(0), self.hidden)
                state = [(zeros, zeros) for _ in self.cells]
            for i, cell in enumerate(self.cells):
                state[i] = cell(x, state[i])
                x = state[i][0]
            outputs.append(x)
        return torch.stack(outputs)


def collate(xs: list[Float[Tensor, "_ d"]]) -> tuple[Float[Tensor, "b t d"], Int[Tensor, "b"]]:
    lengths = torch.tensor([len(x) for x in xs])
    return pad_sequence(xs, batch_first=True), lengths


def time_major(x: Float[Tensor, "b t d"], rnn: nn.RNN) -> Float[Tensor, "b t h"]:
    if not rnn.batch_first:
        x = x.transpose(0, 1)
    x, _ = rnn(x)
    if not rnn.batch_first:
        x = x.transpose(0, 1)
    return x


def example() -> None:
    tokens = torch.ones(3, 7, dtype=torch.long)
    out, h = Encoder(11, 5, 4)(tokens, torch.tensor([7, 2, 5]))
    assert out.shape == (3, 7, 8) and h.shape == (2, 3, 4)
    assert Stepper(5, 4)(torch.randn(7, 2, 5)).shape == (7, 2, 4)
    x, lengths = collate([torch.randn(2, 5), torch.randn(3, 5)])
    assert x.shape == (2, 3, 5) and len(lengths) == 2
    for batch_first in (True, False):
        rnn = nn.RNN(5, 3, batch_first=batch_first)
        assert time_major(x, rnn).shape == (2, 3, 3)


if __name__ == "__main__":
    example()
