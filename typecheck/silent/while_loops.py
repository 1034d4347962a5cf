"""while loops, break, continue and else."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


class Decoder(nn.Module):
    def __init__(self, vocab: int, dim: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocab, dim)
        self.head = nn.Linear(dim, vocab)

    def generate(self, tokens: Int[Tensor, "b t"], end: int, limit: int) -> Int[Tensor, "b t2"]:
        while tokens.shape[1] < limit:
            logits = self.head(self.embed(tokens).mean(1))
            token = logits.argmax(-1, keepdim=True)
            tokens = torch.cat([tokens, token], dim=-1)
            if (token == end).all():
                break
        else:
            tokens = tokens[:, :limit]
        return tokens


def power_iteration(a: Float[Tensor, "n n"], tol: float = 1e-3) -> Float[Tensor, "n"]:
    v = torch.ones(a.shape[0])
    steps = 0
    while True:
        w = a @ v
        w = w / w.norm()
        if torch.dist(v, w) < tol or steps > 50:
            return w
        v, steps = w, steps + 1


def skip_empty(xs: list[Float[Tensor, "_ d"]]) -> Float[Tensor, "m d"]:
    out = None
    while xs:
        x, *xs = xs
        if not len(x):
            continue
        out = x if out is None else torch.vstack((out, x))
    assert out is not None
    return out


def example() -> None:
    tokens = torch.zeros(2, 3, dtype=torch.long)
    assert Decoder(11, 5).generate(tokens, end=12, limit=7).shape == (2, 7)
    assert power_iteration(torch.eye(3)).shape == (3,)
    xs = [torch.randn(2, 5), torch.zeros(0, 5), torch.randn(3, 5)]
    assert skip_empty(xs).shape == (5, 5)


if __name__ == "__main__":
    example()
