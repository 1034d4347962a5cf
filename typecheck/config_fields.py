"""Sizes of configuration objects: one unknown number each, the same wherever it is read."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import torch
import torch.nn as nn
from jaxtyping import Float, Int
from shapetorch import reveal_shape
from torch import Tensor


@dataclass
class Config:
    d_model: int
    n_heads: int
    vocab: int = 50257
    dropout: float = 0.1

    @property
    def d_head(self) -> int:
        return self.d_model // self.n_heads


class Attention(nn.Module):
    def __init__(self, cfg: Config) -> None:
        super().__init__()
        self.cfg = cfg
        self.q = nn.Linear(cfg.d_model, cfg.n_heads * cfg.d_head)
        self.wide = nn.Linear(cfg.d_model, 4 * cfg.d_model)
        self.out = nn.Linear(cfg.n_heads * cfg.d_head, cfg.d_model)

    def forward(self, x: Float[Tensor, "b t d"]) -> Float[Tensor, "b t d"]:
        q = self.q(x).view(x.shape[0], -1, self.cfg.n_heads, self.cfg.d_head)
        scores = torch.einsum("bthe,bshe->bhts", q, q)
        mixed = torch.einsum("bhts,bshe->bthe", scores, q)
        return self.out(mixed.flatten(2))

    def doubled(self, x: Float[Tensor, "b t d"]) -> None:
        y = self.wide(x)
        self.q(y)  # E: [linear_error_in_features]


class Embed(nn.Module):
    def __init__(self, cfg: Config) -> None:
        super().__init__()
        self.table = nn.Embedding(cfg.vocab, cfg.d_model)
        self.attention = Attention(cfg)
        self.head = nn.Linear(cfg.d_model, cfg.vocab)

    def forward(self, tokens: Int[Tensor, "b t"]) -> Float[Tensor, "b t v"]:
        return self.head(self.attention(self.table(tokens)))

    def wrong(self, tokens: Int[Tensor, "b t"]) -> Float[Tensor, "b v"]:
        return self.head(self.attention(self.table(tokens)))  # E: [return_error_shape_mismatch] "rank must be 2, got 3"


def made(tokens: Int[Tensor, "2 7"]) -> None:
    model = Embed(Config(d_model=12, n_heads=3, vocab=11))
    reveal_shape(model.table(tokens))  # R: [2, 7, 12]
    reveal_shape(model.attention.q(model.table(tokens)))  # R: [2, 7, 12]
    model.head(model.attention.wide(model.table(tokens)))  # E: [linear_error_in_features] "12"


class Loose(nn.Module):
    """What is read from a dictionary, a namespace or anything may be any number."""

    def __init__(self, options: dict[str, int], cfg: Any, **extra: int) -> None:
        super().__init__()
        self.a = nn.Linear(options["a"], options["b"])
        self.b = nn.Linear(cfg.b, cfg.c)
        self.c = nn.Linear(extra["c"], 7)

    def forward(self, x: Float[Tensor, "n d"]) -> Float[Tensor, "n 7"]:
        return self.c(self.b(self.a(x)))

    def wrong(self, x: Float[Tensor, "n d"]) -> Float[Tensor, "n 5"]:
        return self.c(self.b(self.a(x)))  # E: [return_error_shape_mismatch] "must be 5, got 7"


def two_configs(one: Config, other: Config) -> Float[Tensor, "a b"]:
    return torch.zeros(2, one.d_model) @ torch.zeros(other.d_model, 3)


def namespace(x: Float[Tensor, "n 5"]) -> None:
    cfg = SimpleNamespace(d=5, h=7)
    nn.Linear(cfg.d, cfg.h)(x) @ torch.zeros(cfg.h, 2)


class FeedForward(nn.Module):
    """A size agrees with another one only if both are 0: that is no agreement."""

    def __init__(self, cfg: Config, extra: int = 0) -> None:
        super().__init__()
        self.up = nn.Linear(cfg.d_model, 4 * cfg.d_model)
        self.down = nn.Linear(4 * cfg.d_model, cfg.d_model)
        self.wrong = nn.Linear(3 * cfg.d_model, cfg.d_model)

    def forward(self, x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
        self.wrong(self.up(x))  # E: [linear_error_in_features] "in_features=3*cfg.d_model, got 4*cfg.d_model"
        return self.down(self.up(x))


class Untyped(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.up = nn.Linear(config.n_embd, 4 * config.n_embd)
        self.down = nn.Linear(3 * config.n_embd, config.n_embd)

    def forward(self, x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
        return self.down(self.up(x))  # E: [linear_error_in_features] "in_features=3*config.n_embd"


class Padded(nn.Module):
    """What is added may be 0."""

    def __init__(self, cfg: Config, registers: Any) -> None:
        super().__init__()
        self.registers = nn.Parameter(torch.zeros(registers.count, cfg.d_model))
        self.positions = nn.Parameter(torch.zeros(7, cfg.d_model))

    def forward(self, x: Float[Tensor, "7 d"]) -> Float[Tensor, "7 d"]:
        return torch.cat([x, self.registers]) + self.positions


class Changing(nn.Module):
    """A field that the program assigns has no one number."""

    def __init__(self, config, depth: int):
        super().__init__()
        layers = []
        for _ in range(depth):
            layers.append(nn.Linear(config.width, 2 * config.width))
            config.width *= 2
        self.layers = nn.Sequential(*layers)

    def forward(self, x: Float[Tensor, "n d"]) -> Float[Tensor, "n k"]:
        return self.layers(x)
