"""Names of another class are its own: they are instantiated, never compared by spelling."""

import torch
import torch.nn as nn
from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor


class Inner(nn.Module):
    def __init__(self, d_in: int, d_out: int) -> None:
        super().__init__()
        self.fc = nn.Linear(d_in, d_out)

    def forward(self, x: Float[Tensor, "b d_in"]) -> Float[Tensor, "b d_out"]:
        return self.fc(x)


class Outer(nn.Module):
    """Has `d_in` and `d_out` of its own."""

    def __init__(self, d_in: int, d_hidden: int, d_out: int) -> None:
        super().__init__()
        self.first = Inner(d_in, d_hidden)
        self.second = Inner(d_hidden, d_out)

    def forward(self, x: Float[Tensor, "b d_in"]) -> Float[Tensor, "b d_out"]:
        reveal_shape(self.first(x))  # R: [b, d_hidden]
        return self.second(self.first(x))

    def wrong(self, x: Float[Tensor, "b d_in"]) -> Float[Tensor, "b d_out"]:
        return self.second(x)  # E: [argument_error_shape_mismatch] "must be d_hidden, got d_in"


class Given(nn.Module):
    """Takes modules of which nothing is known but their class."""

    def __init__(self, encoder: Inner, decoder: Inner, d_out: int) -> None:
        super().__init__()
        self.encoder, self.decoder = encoder, decoder
        self.head = nn.Linear(7, d_out)

    def forward(self, x: Float[Tensor, "b d_in"]) -> Float[Tensor, "b d_out"]:
        return self.head(self.decoder(self.encoder(x)))

    def rank(self, x: Float[Tensor, "b t d_in"]) -> None:
        self.encoder(x)  # E: [argument_error_shape_mismatch] "rank must be 2, got 3"


class Data:
    x: Float[Tensor, "n d"]
    y: Float[Tensor, "n"]


class Model:
    def __init__(self, n: int, d: int) -> None:
        self.w = torch.zeros(n, d)

    def of_data(self, data: Data, x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
        data.x @ self.w
        return data.x + x

    def of_own(self, x: Float[Tensor, "d n"]) -> None:
        x @ self.w
        self.w @ self.w  # E: [matmul_error_inner_dimensions_do_not_match] "d and n"


def function(x: Float[Tensor, "d n"]) -> Float[Tensor, "n d"]:
    return x.T


class Caller(nn.Module):
    def __init__(self, n: int, d: int) -> None:
        super().__init__()
        self.n, self.d = n, d

    def forward(self, x: Float[Tensor, "n d"]) -> Float[Tensor, "d n"]:
        reveal_shape(function(x))  # R: [d, n]
        return function(x)

    def wrong(self, x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
        return function(x)  # E: [return_error_shape_mismatch] "axis 0 must be n, got d"


def closures(x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    def inner(y: Float[Tensor, "d n"]) -> Float[Tensor, "n d"]:
        return y.T

    return inner(x.T)


def two_of_a_kind(a: Inner, b: Inner, x: Float[Tensor, "n d"]) -> None:
    a(x) + b(x)
    b(a(x))


class Activity:
    def __init__(self, components: int, features: int) -> None:
        self.seen = torch.zeros(components, features)

    def dead(self) -> Float[Tensor, "component"]:
        mask: Float[Tensor, "component feature"] = (self.seen == 0).float()
        return mask.sum(-2)  # E: [return_error_shape_mismatch] "must be components, got features"

    def alive(self) -> Float[Tensor, "component"]:
        mask: Float[Tensor, "component feature"] = (self.seen > 0).float()
        return mask.sum(-1)


class SquareImages(nn.Module):
    """One int of the constructor is two sizes of the annotation."""

    def __init__(self, side: int, patch: int, d: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, d, patch, stride=patch)
        self.positions = nn.Parameter(torch.zeros((side // patch) ** 2 + 1, d))
        self.start = nn.Parameter(torch.zeros(1, 1, d))

    def forward(self, x: Float[Tensor, "b 3 h w"]) -> Float[Tensor, "b d"]:
        y = self.conv(x).flatten(2).transpose(1, 2)
        y = torch.cat([self.start.expand(y.shape[0], -1, -1), y], dim=1)
        return (y + self.positions)[:, 0]

    def without_the_start(self, x: Float[Tensor, "b 3 h w"]) -> None:
        self.conv(x).flatten(2).transpose(1, 2) + self.positions  # E: [broadcast_error_incompatible_dimensions]


class OfTwoKinds(nn.Module):
    """One annotation is in the constructor's words, the other is not."""

    def __init__(self, d_model: int, d_context: int) -> None:
        super().__init__()
        self.query, self.key = nn.Linear(d_model, 64), nn.Linear(d_context, 64)

    def forward(self, x: Float[Tensor, "b t d_model"], context: Float[Tensor, "b s c"]) -> Float[Tensor, "b t s"]:
        return self.query(x) @ self.key(context).mT

    def swapped(self, x: Float[Tensor, "b t d_model"], context: Float[Tensor, "b s c"]) -> None:
        self.query(x.mT)  # E: [linear_error_in_features]
        self.key(x)  # E: [linear_error_in_features]


class Repeated(nn.Module):
    """What only counts the layers is no size, however it is spelled."""

    def __init__(self, dim: int, n: int, t: int = 3) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(dim, dim) for _ in range(n)])
        self.positions = nn.Parameter(torch.zeros(t, dim))

    def forward(self, x: Float[Tensor, "n t dim"]) -> Float[Tensor, "n t dim"]:
        for layer in self.layers:
            x = layer(x + self.positions)
        return x


def repeats(x: Float[Tensor, "7 3 5"]) -> None:
    reveal_shape(Repeated(5, 2)(x))  # R: [7, 3, 5]
    Repeated(5, 2, 4)(x)  # E: [argument_error_shape_mismatch] "must be 4, got 3"
