"""Inheritance: overrides with other names, bases with layers, `super`, abstract methods."""

from abc import ABC, abstractmethod

import torch
import torch.nn as nn
from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor


class Base(nn.Module):
    def __init__(self, d: int) -> None:
        super().__init__()
        self.proj = nn.Linear(d, 2 * d)

    def forward(self, x: Float[Tensor, "batch d"]) -> Float[Tensor, "batch 2*d"]:
        return self.proj(x)

    def project(self, x: Float[Tensor, "batch d"]) -> Float[Tensor, "batch k"]:
        return self.proj(x)


class OtherNames(Base):
    """An override may call its sizes as it likes."""

    def forward(self, x: Float[Tensor, "n width"]) -> Float[Tensor, "n double"]:
        return super().forward(x)


class OtherResult(Base):
    def __init__(self, d: int, out: int) -> None:
        super().__init__(d)
        self.out = nn.Linear(2 * d, out)

    def forward(self, x: Float[Tensor, "batch d"]) -> Float[Tensor, "batch out"]:
        reveal_shape(super().forward(x))  # R: [batch, 2*d]
        return self.out(super().forward(x))

    def wrong(self, x: Float[Tensor, "batch d"]) -> Float[Tensor, "batch out"]:
        return self.out(x)  # E: [linear_error_in_features] "2*d"


class Doubled(Base):
    def __init__(self, width: int) -> None:
        super().__init__(d=2 * width)

    def forward(self, x: Float[Tensor, "b 2*width"]) -> Float[Tensor, "b 4*width"]:
        return self.proj(x)

    def wrong(self, x: Float[Tensor, "b width"]) -> None:
        self.proj(x)  # E: [linear_error_in_features] "2*width"


def uses(x: Float[Tensor, "3 6"]) -> None:
    reveal_shape(Base(6)(x))  # R: [3, 12]
    reveal_shape(OtherResult(6, 5)(x))  # R: [3, 5]
    reveal_shape(OtherNames(6).project(x))  # R: [3, 12]
    reveal_shape(Doubled(3)(x))  # R: [3, 12]
    Doubled(6)(x)  # E: [argument_error_shape_mismatch] "must be 12, got 6"


def through_the_base(model: Base, x: Float[Tensor, "3 6"]) -> None:
    model(x) + model(x)


class Encoder(ABC):
    @abstractmethod
    def encode(self, x: Float[Tensor, "b t"]) -> Float[Tensor, "b t 7"]: ...

    def pooled(self, x: Float[Tensor, "b t"]) -> Float[Tensor, "b 7"]:
        return self.encode(x).mean(1)

    def pooled_wrong(self, x: Float[Tensor, "b t"]) -> Float[Tensor, "b 7"]:
        return self.encode(x).mean(2)  # E: [return_error_shape_mismatch] "axis 1 must be 7, got t"


class Zeros(Encoder):
    def encode(self, x: Float[Tensor, "rows columns"]) -> Float[Tensor, "rows columns 7"]:
        return torch.zeros(*x.shape, 7)


def uses_zeros(x: Float[Tensor, "3 5"]) -> None:
    reveal_shape(Zeros().pooled(x))  # R: [3, 7]
    Zeros().encode(x) @ x  # E: [matmul_error_inner_dimensions_do_not_match] "7 and 3"


class Linear2(nn.Linear):
    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x) * 2


def uses_linear(x: Float[Tensor, "3 5"]) -> None:
    reveal_shape(Linear2(5, 7)(x))  # R: [3, 7]
    Linear2(7, 5)(x)  # E: [linear_error_in_features]


class Stack(nn.Sequential):
    def __init__(self, a: int, b: int) -> None:
        super().__init__(nn.Linear(a, b), nn.ReLU(), nn.Linear(b, a))


def uses_stack(x: Float[Tensor, "3 5"]) -> None:
    reveal_shape(Stack(5, 7)(x))  # R: [3, 5]
    Stack(7, 5)(x)  # E: [linear_error_in_features]


class Mixin:
    def halves(self, x: Float[Tensor, "b t"]) -> Float[Tensor, "b t//2"]:
        return x[:, : x.shape[1] // 2]


class WithMixin(Mixin, Base):
    def forward(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
        return self.halves(self.proj(x))
