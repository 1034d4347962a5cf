"""An annotation fixes the shape of a parameter at entry; afterwards the name may mean anything."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


def pool(x: Float[Tensor, "b t d"]) -> Float[Tensor, "b d"]:
    x = x.mean(dim=1)
    return x


def by_position(x: Float[Tensor, "b t d"]) -> Float[Tensor, "t b d"]:
    x = x.transpose(0, 1)
    x = x * torch.ones(x.shape[1], 1)
    return x


def one_hot(x: Int[Tensor, "b t"], size: int) -> Float[Tensor, "b t size"]:
    x = torch.nn.functional.one_hot(x, size)
    return x.float()


def several_uses(x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, "m n"]:
    x, y = y, x
    y = y.t()
    x = x @ y
    return x


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc1 = nn.Linear(5, 7)
        self.fc2 = nn.Linear(7, 3)

    def forward(self, x: Float[Tensor, "b 5"]) -> Float[Tensor, "b 3"]:
        x = self.fc1(x)
        x = torch.relu(x)
        x = self.fc2(x)
        return x


def example() -> None:
    assert pool(torch.randn(2, 3, 5)).shape == (2, 5)
    assert by_position(torch.randn(2, 3, 5)).shape == (3, 2, 5)
    assert one_hot(torch.tensor([[1, 2]]), 5).shape == (1, 2, 5)
    assert several_uses(torch.randn(2, 3), torch.randn(5, 3)).shape == (5, 2)
    assert Net()(torch.randn(2, 5)).shape == (2, 3)


if __name__ == "__main__":
    example()
