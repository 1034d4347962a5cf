"""Results of libraries the checker cannot see, used with sizes that happen to fit."""

import json
import pickle
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn


def load(blob: bytes) -> Any:
    return pickle.loads(blob)


class Frozen(nn.Module):
    def __init__(self, weights: Any, dim: int) -> None:
        super().__init__()
        self.backbone = weights["backbone"]
        self.fc = nn.Linear(self.backbone.num_features, dim)

    def forward(self, x: Float[Tensor, "b 3 h w"]) -> Float[Tensor, "b dim"]:
        features = self.backbone.forward_features(x)
        if isinstance(features, tuple):
            features = features[0]
        return self.fc(features.mean((2, 3)))


class Backbone(nn.Module):
    num_features = 7

    def forward_features(self, x):  # type: ignore[no-untyped-def]
        return torch.ones(x.shape[0], self.num_features, 2, 2), None


def from_numpy(rows: list[list[float]], width: int) -> Float[Tensor, "n width"]:
    array = np.asarray(rows, dtype=np.float32)
    array = np.pad(array, ((0, 0), (0, width - array.shape[1])))
    return torch.from_numpy(array)


def from_json(text: str) -> Float[Tensor, "n 2"]:
    data = json.loads(text)
    return torch.tensor(data["points"], dtype=torch.float32)


def lookup(table: dict[str, Tensor], keys: list[str]) -> Float[Tensor, "n d"]:
    return torch.stack([table.get(key, table["default"]) for key in keys])


def untyped(x, y=None):  # type: ignore[no-untyped-def]
    x = x @ (y if y is not None else torch.eye(x.shape[-1]))
    return x[0] if x.ndim > 2 else x


def example() -> None:
    weights = {"backbone": Backbone()}
    assert Frozen(weights, 5)(torch.randn(2, 3, 8, 8)).shape == (2, 5)
    assert from_numpy([[1.0, 2.0]], 5).shape == (1, 5)
    assert from_json('{"points": [[1, 2], [3, 4], [5, 6]]}').shape == (3, 2)
    table = {"default": torch.zeros(3), "a": torch.ones(3)}
    assert lookup(table, ["a", "b"]).shape == (2, 3)
    assert load(pickle.dumps(torch.zeros(2, 3))).view(3, 2).shape == (3, 2)
    assert untyped(torch.randn(2, 3, 5)).shape == (3, 5)
    assert untyped(torch.randn(3, 5), torch.randn(5, 7)).shape == (3, 7)


if __name__ == "__main__":
    example()
