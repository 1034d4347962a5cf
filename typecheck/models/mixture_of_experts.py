"""A transformer feed-forward layer made of experts, routed by the top k gates."""

from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn


@dataclass(frozen=True)
class MoEConfig:
    dim: int
    hidden: int
    num_experts: int = 4
    top_k: int = 2
    aux_weight: float = 0.01


class Routing(NamedTuple):
    weights: Float[Tensor, "tokens k"]
    experts: Int[Tensor, "tokens k"]
    probs: Float[Tensor, "tokens experts"]


class Router(nn.Module):
    """Chooses k experts for each token; their weights sum to one."""

    def __init__(self, dim: int, num_experts: int, top_k: int) -> None:
        super().__init__()
        self.top_k = top_k
        self.gate = nn.Linear(dim, num_experts, bias=False)

    def forward(self, x: Float[Tensor, "tokens dim"]) -> Routing:
        probs = F.softmax(self.gate(x), dim=-1)
        weights, experts = probs.topk(self.top_k, dim=-1)
        return Routing(share(weights), experts, probs)


def share(gates: Float[Tensor, "tokens k"]) -> Float[Tensor, "tokens k"]:
    """Gates as shares of their sum."""
    return gates / gates.sum(dim=-1, keepdim=True)


def combine_weights(
    weights: Float[Tensor, "tokens k"], experts: Int[Tensor, "tokens k"], num_experts: int
) -> Float[Tensor, "tokens num_experts"]:
    """The weight of every expert for every token, zero where it was not chosen."""
    one_hot = F.one_hot(experts, num_experts).to(weights.dtype)
    return (weights.unsqueeze(-1) * one_hot).sum(dim=1)


def load_balancing_loss(
    probs: Float[Tensor, "tokens experts"], chosen: Float[Tensor, "tokens experts"]
) -> Float[Tensor, ""]:
    """Smallest when each expert gets an equal share of the tokens."""
    importance = probs.mean(dim=0)
    load = (chosen > 0).float().mean(dim=0)
    return probs.shape[1] * torch.dot(importance, load)


class Experts(nn.Module):
    """All experts at once, as batched matrices."""

    def __init__(self, num_experts: int, dim: int, hidden: int) -> None:
        super().__init__()
        self.w1 = nn.Parameter(torch.randn(num_experts, dim, hidden) / dim**0.5)
        self.b1 = nn.Parameter(torch.zeros(num_experts, 1, hidden))
        self.w2 = nn.Parameter(torch.randn(num_experts, hidden, dim) / hidden**0.5)
        self.b2 = nn.Parameter(torch.zeros(num_experts, 1, dim))

    def forward(self, x: Float[Tensor, "tokens dim"]) -> Float[Tensor, "num_experts tokens dim"]:
        h = torch.einsum("td,edh->eth", x, self.w1) + self.b1
        h = F.gelu(h)
        return torch.baddbmm(self.b2, h, self.w2)


class MoELayer(nn.Module):
    def __init__(
        self, dim: int, hidden: int, num_experts: int, top_k: int, aux_weight: float
    ) -> None:
        super().__init__()
        self.num_experts = num_experts
        self.aux_weight = aux_weight
        self.router = Router(dim, num_experts, top_k)
        self.experts = Experts(num_experts, dim, hidden)
        self.norm = nn.LayerNorm(dim)

    @classmethod
    def from_config(cls, config: MoEConfig) -> "MoELayer":
        return cls(config.dim, config.hidden, config.num_experts, config.top_k, config.aux_weight)

    def forward(
        self, x: Float[Tensor, "batch seq dim"]
    ) -> tuple[Float[Tensor, "batch seq dim"], Float[Tensor, ""]]:
        batch, seq, dim = x.shape
        tokens = self.norm(x).reshape(batch * seq, dim)
        routing = self.router(tokens)
        combine = combine_weights(routing.weights, routing.experts, self.num_experts)
        outputs = self.experts(tokens)
        mixed = torch.einsum("etd,te->td", outputs, combine)
        aux = self.aux_weight * load_balancing_loss(routing.probs, combine)
        return x + mixed.view(batch, seq, dim), aux


class SparseMoE(nn.Module):
    """The same layer with one loop over experts, each seeing only its own tokens."""

    def __init__(self, dim: int, hidden: int, num_experts: int, top_k: int) -> None:
        super().__init__()
        self.router = Router(dim, num_experts, top_k)
        self.experts = nn.ModuleList(
            nn.Sequential(nn.Linear(dim, hidden), nn.SiLU(), nn.Linear(hidden, dim))
            for _ in range(num_experts)
        )

    def forward(self, x: Float[Tensor, "*batch dim"]) -> Float[Tensor, "*batch dim"]:
        flat = x.reshape(-1, x.shape[-1])
        routing = self.router(flat)
        out = torch.zeros_like(flat)
        for index, expert in enumerate(self.experts):
            token, choice = torch.where(routing.experts == index)
            if token.numel() == 0:
                continue
            gate = routing.weights[token, choice].unsqueeze(-1)
            out.index_add_(0, token, gate * expert(flat[token]))
        return out.view_as(x)


def example() -> None:
    torch.manual_seed(0)
    layer = MoELayer.from_config(MoEConfig(dim=6, hidden=10, num_experts=5, top_k=2))
    y, aux = layer(torch.randn(3, 7, 6))
    assert y.shape == (3, 7, 6)
    assert aux.ndim == 0
    sparse = SparseMoE(dim=6, hidden=10, num_experts=5, top_k=2)
    assert sparse(torch.randn(3, 7, 6)).shape == (3, 7, 6)


if __name__ == "__main__":
    example()
