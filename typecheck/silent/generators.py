"""Tensors that come from generators, iterators and data loaders."""

from collections.abc import Generator, Iterable, Iterator

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, TensorDataset


def batches(x: Float[Tensor, "n d"], size: int) -> Iterator[Float[Tensor, "_ d"]]:
    for start in range(0, len(x), size):
        yield x[start : start + size]


def scaled(xs: Iterable[Float[Tensor, "b d"]]) -> Iterator[Float[Tensor, "b d"]]:
    yield from (x / x.norm(dim=1, keepdim=True) for x in xs)


class Pairs(Dataset[tuple[Tensor, int]]):
    def __len__(self) -> int:
        return 7

    def __getitem__(self, index: int) -> tuple[Float[Tensor, "5"], int]:
        return torch.full((5,), float(index)), index % 3


def evaluate(model: nn.Module, loader: DataLoader) -> float:
    right = 0
    for x, y in loader:
        right += (model(x).argmax(dim=1) == y).sum().item()
    return right / 7


def averages(start: Float[Tensor, "d"]) -> Generator[Float[Tensor, "d"], Float[Tensor, "d"], None]:
    mean, n = start, 1
    while True:
        x = yield mean
        n += 1
        mean = mean + (x - mean) / n


def example() -> None:
    parts = list(scaled(batches(torch.randn(7, 5), 3)))
    assert [len(p) for p in parts] == [3, 3, 1]
    assert torch.cat(parts).shape == (7, 5)
    assert 0 <= evaluate(nn.Linear(5, 3), DataLoader(Pairs(), batch_size=4)) <= 1
    data = TensorDataset(torch.randn(7, 5), torch.zeros(7, dtype=torch.long))
    assert 0 <= evaluate(nn.Linear(5, 3), DataLoader(data, batch_size=2)) <= 1
    means = averages(torch.zeros(3))
    next(means)
    assert means.send(torch.ones(3)).shape == (3,)
    x, y = next(iter(DataLoader(data, batch_size=3)))
    labels: Int[Tensor, "b"] = y
    assert len(x) == len(labels) == 3


if __name__ == "__main__":
    example()
