"""Sizes that come from a configuration object nobody can see through."""

from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


@dataclass
class Config:
    vocab: int = 31
    n_embd: int = 12
    n_head: int = 3
    intermediate: int = -1
    extra: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.intermediate < 0:
            self.intermediate = 4 * self.n_embd

    @property
    def head_size(self) -> int:
        return self.n_embd // self.n_head


class Model(nn.Module):
    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.wte = nn.Embedding(config.vocab, config.n_embd)
        self.q = nn.Linear(config.n_embd, config.n_head * config.head_size)
        self.up = nn.Linear(config.n_embd, config.intermediate)
        self.down = nn.Linear(config.intermediate, config.n_embd)

    def forward(self, idx: Int[Tensor, "b t"]) -> Float[Tensor, "b t d"]:
        b, t = idx.shape
        x = self.wte(idx)
        q = self.q(x).view(b, t, self.config.n_head, self.config.head_size)
        x = x + q.flatten(2)
        return x + self.down(self.up(x))


class Loose(nn.Module):
    def __init__(self, cfg: Any) -> None:
        super().__init__()
        self.d = cfg.model.dim
        self.fc = nn.Linear(cfg.model.dim, cfg.model.get("hidden", 2 * cfg.model.dim))
        self.out = nn.Linear(self.fc.out_features, cfg.num_classes)

    def forward(self, x: Float[Tensor, "b 512"]) -> Float[Tensor, "b classes"]:
        return self.out(self.fc(x.view(-1, self.d)))


class Dim(SimpleNamespace):
    def get(self, name: str, default: Any) -> Any:
        return getattr(self, name, default)


def example() -> None:
    idx = torch.zeros(2, 5, dtype=torch.long)
    assert Model(Config())(idx).shape == (2, 5, 12)
    assert Model(replace(Config(), n_head=4, intermediate=7))(idx).shape == (2, 5, 12)
    loose = Loose(SimpleNamespace(model=Dim(dim=512), num_classes=7))
    assert loose(torch.randn(2, 512)).shape == (2, 7)


if __name__ == "__main__":
    example()
