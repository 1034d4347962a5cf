"""Methods: one class, one meaning of its names; static, class and bound methods, and calls of instances."""

import torch
import torch.nn as nn
from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor


class Attention(nn.Module):
    def __init__(self, d_model: int, n_heads: int) -> None:
        super().__init__()
        assert d_model % n_heads == 0
        self.n_heads = n_heads
        self.d_head = d_model // n_heads
        self.qkv = nn.Linear(d_model, 3 * d_model)
        self.out = nn.Linear(d_model, d_model)

    def split(self, x: Float[Tensor, "b t d_model"]) -> Float[Tensor, "b n_heads t d_head"]:
        b, t, _ = x.shape
        return x.view(b, t, self.n_heads, self.d_head).transpose(1, 2)

    def merge(self, x: Float[Tensor, "b h t e"]) -> Float[Tensor, "b t h*e"]:
        return x.transpose(1, 2).flatten(2)

    def forward(self, x: Float[Tensor, "b t d_model"]) -> Float[Tensor, "b t d_model"]:
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        reveal_shape(q)  # R: [b, t, d_model]
        scores = self.split(q) @ self.split(k).transpose(-2, -1)
        reveal_shape(scores)  # R: [b, n_heads, t, t]
        return self.out(self.merge(scores.softmax(-1) @ self.split(v)))

    def wrong(self, x: Float[Tensor, "b t d_model"]) -> None:
        q, k, _ = self.qkv(x).chunk(3, dim=-1)
        self.split(q) @ self.split(k)  # E: [matmul_error_inner_dimensions_do_not_match]
        self.split(self.qkv(x))  # E: [argument_error_shape_mismatch] "must be d_model, got 3*d_model"


def uses(x: Float[Tensor, "2 7 12"], y: Float[Tensor, "2 7 13"]) -> None:
    model = Attention(12, 3)
    reveal_shape(model(x))  # R: [2, 7, 12]
    reveal_shape(model.split(x))  # R: [2, 3, 7, 4]
    model(y)  # E: [argument_error_shape_mismatch] "axis 2 (d_model) must be 12, got 13 from [2, 7, 13]"


class Pool:
    @staticmethod
    def rows(x: Float[Tensor, "b d"]) -> Float[Tensor, "b"]:
        return x.sum(1)

    @classmethod
    def columns(cls, x: Float[Tensor, "b d"]) -> Float[Tensor, "d"]:
        return x.sum(0)

    def both(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
        return self.rows(x)[:, None] + self.columns(x)

    def both_wrong(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
        return self.rows(x) + self.columns(x)  # E: [broadcast_error_incompatible_dimensions]

    def __call__(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b 1"]:
        return x.sum(1, keepdim=True)

    def __len__(self) -> int:
        return 7

    def __getitem__(self, i: int) -> Float[Tensor, "3 5"]:
        return torch.zeros(3, 5)


def uses_pool(x: Float[Tensor, "3 5"]) -> None:
    pool = Pool()
    reveal_shape(pool(x))  # R: [3, 1]
    reveal_shape(Pool.rows(x))  # R: [3]
    reveal_shape(Pool.columns(x))  # R: [5]
    reveal_shape(pool[0])  # R: [3, 5]
    pool[0] @ x  # E: [matmul_error_inner_dimensions_do_not_match] "5 and 3"
    method = pool.rows
    method(x[0])  # E: [argument_error_shape_mismatch] "Pool.rows: argument 'x': rank must be 2, got 1"


class Net(nn.Module):
    def __init__(self, d_in: int, d_out: int) -> None:
        super().__init__()
        self.build(d_in, d_out)

    def build(self, d_in: int, d_out: int) -> None:
        self.fc = nn.Linear(d_in, d_out)

    def forward(self, x: Float[Tensor, "b d_in"]) -> Float[Tensor, "b d_out"]:
        return self.fc(x)


def uses_net(x: Float[Tensor, "2 5"]) -> None:
    reveal_shape(Net(5, 7)(x))  # R: [2, 7]
    Net(7, 5)(x)  # E: [argument_error_shape_mismatch] "must be 7, got 5"
