"""Members kept in lists, copied, averaged and run by vmap or functional_call."""

import copy

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.func import functional_call, stack_module_state, vmap


class Ensemble(nn.Module):
    def __init__(self, members: list[nn.Module]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)

    def forward(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b out"]:
        return torch.stack([m(x) for m in self.members]).mean(0)

    def spread(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "members b out"]:
        outs = []
        for member in self.members:
            outs.append(member(x))
        return torch.stack(outs)


def batched(models: list[nn.Module], x: Float[Tensor, "b d"]) -> Float[Tensor, "m b out"]:
    params, buffers = stack_module_state(models)
    base = copy.deepcopy(models[0])

    def call(p: dict[str, Tensor], b: dict[str, Tensor]) -> Tensor:
        return functional_call(base, (p, b), (x,))

    return vmap(call)(params, buffers)


def averaged(models: list[nn.Linear]) -> Float[Tensor, "out d"]:
    weight = sum(m.weight for m in models)
    assert isinstance(weight, Tensor)
    return weight / len(models)


def per_sample(w: Float[Tensor, "d"], x: Float[Tensor, "b d"]) -> Float[Tensor, "b"]:
    def dot(row: Float[Tensor, "d"]) -> Float[Tensor, ""]:
        return (row * w).sum()

    return torch.vmap(dot)(x)


def example() -> None:
    models: list[nn.Module] = [nn.Linear(5, 3) for _ in range(4)]
    x = torch.randn(2, 5)
    assert Ensemble(models)(x).shape == (2, 3)
    assert Ensemble(models + [nn.Sequential(nn.Linear(5, 7), nn.Linear(7, 3))]).spread(x).shape == (
        5,
        2,
        3,
    )
    assert batched(models, x).shape == (4, 2, 3)
    assert averaged([nn.Linear(5, 3) for _ in range(2)]).shape == (3, 5)
    assert per_sample(torch.randn(5), x).shape == (2,)


if __name__ == "__main__":
    example()
