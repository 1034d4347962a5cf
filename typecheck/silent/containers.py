"""Dictionaries, named tuples, dataclasses and nested tuples of tensors."""

from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple, Optional, TypedDict

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


class Batch(TypedDict):
    ids: Int[Tensor, "b t"]
    mask: Float[Tensor, "b t"]


class Output(NamedTuple):
    logits: Float[Tensor, "b classes"]
    hidden: Optional[Float[Tensor, "b d"]] = None


@dataclass
class State:
    h: Float[Tensor, "b d"]
    history: list[Float[Tensor, "b d"]] = field(default_factory=list)

    def push(self, h: Float[Tensor, "b d"]) -> "State":
        return State(h, [*self.history, self.h])

    def stacked(self) -> Float[Tensor, "b n d"]:
        return torch.stack([*self.history, self.h], dim=1)


class Model(nn.Module):
    def __init__(self, vocab: int, dim: int, heads: dict[str, int]) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocab, dim)
        self.body = nn.Sequential(
            OrderedDict([("up", nn.Linear(dim, 2 * dim)), ("down", nn.Linear(2 * dim, dim))])
        )
        self.heads = nn.ModuleDict({name: nn.Linear(dim, n) for name, n in heads.items()})

    def pooled(self, batch: Batch) -> Float[Tensor, "b dim"]:
        x = self.embed(batch["ids"]) * batch["mask"][..., None]
        return self.body(x).sum(1) / batch["mask"].sum(1, keepdim=True)

    def forward(self, batch: Batch) -> dict[str, Float[Tensor, "b _"]]:
        h = self.pooled(batch)
        return {name: head(h) for name, head in self.heads.items()}

    def first(self, batch: Batch) -> Output:
        h = self.pooled(batch)
        return Output(next(iter(self.heads.values()))(h), hidden=h)


def grouped(xs: list[tuple[str, Float[Tensor, "_"]]]) -> dict[str, Float[Tensor, "_"]]:
    groups: dict[str, list[Tensor]] = defaultdict(list)
    for name, x in xs:
        groups[name].append(x)
    return {name: torch.cat(parts) for name, parts in groups.items()}


def nested(x: Float[Tensor, "b d"]) -> tuple[Tensor, tuple[Tensor, Tensor]]:
    q, r = torch.linalg.qr(x.t() @ x)
    return x, (q, r)


def example() -> None:
    batch: Batch = {"ids": torch.zeros(2, 3, dtype=torch.long), "mask": torch.ones(2, 3)}
    model = Model(11, 5, {"a": 2, "b": 7})
    out = model(batch)
    assert out["a"].shape == (2, 2) and out["b"].shape == (2, 7)
    logits, hidden = model.first(batch)
    assert logits.shape == (2, 2) and hidden is not None
    state = State(torch.randn(2, 5)).push(torch.randn(2, 5)).push(torch.randn(2, 5))
    assert state.stacked().shape == (2, 3, 5)
    groups = grouped([("x", torch.ones(2)), ("y", torch.ones(1)), ("x", torch.ones(3))])
    assert len(groups["x"]) == 5
    x, (q, r) = nested(torch.randn(7, 3))
    assert (x @ q @ r).shape == (7, 3)


if __name__ == "__main__":
    example()
