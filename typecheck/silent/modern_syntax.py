"""Walrus, conditional expressions, match, chained assignment, starred unpacking, del, global."""

import torch
from jaxtyping import Float
from torch import Tensor

SCALE = torch.ones(3)
calls = 0


def walrus(x: Float[Tensor, "n d"]) -> Float[Tensor, "m d"]:
    if (n := x.shape[0]) > 2:
        return x[: n // 2]
    while (y := x.sum()).ndim > 0:
        x = y
    return x


def matched(x: Tensor) -> Float[Tensor, "n d"]:
    match x.shape:
        case (n, d):
            return x
        case (d,):
            return x[None]
        case (b, n, d):
            return x.reshape(b * n, d)
        case _:
            raise ValueError(x.shape)


def by_kind(kind: str, x: Float[Tensor, "n d"]) -> Float[Tensor, "n k"]:
    match kind:
        case "same":
            y = x
        case "twice":
            y = torch.cat([x, x], dim=1)
        case "wide" | "broad":
            y = x.repeat(1, 3)
        case other:
            y = getattr(x, other)(dim=1, keepdim=True)
    return y


def chained(x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    a = b = x.sum(1, keepdim=True)
    a, b = b / 2, a * 2
    first, *_ = x.unbind(dim=1)
    del b
    b = first.unsqueeze(1)
    return x + a + b


def counted(x: Float[Tensor, "n 3"]) -> Float[Tensor, "n 3"]:
    global calls, SCALE
    calls += 1
    if calls > 1:
        SCALE = torch.ones(1)
    return x * SCALE


def conditional(x: Float[Tensor, "n d"], flip: bool) -> Float[Tensor, "a b"]:
    return (x.t() if flip else x) * (2.0 if flip else torch.ones(x.shape[1]))


def comparison(x: Float[Tensor, "n d"], lo: float, hi: float) -> Float[Tensor, "n d"]:
    return x if lo < x.min() <= x.max() < hi else x.clamp(lo, hi)


def example() -> None:
    assert walrus(torch.randn(5, 3)).shape == (2, 3)
    for shape in [(3,), (2, 3), (5, 2, 3)]:
        assert matched(torch.randn(shape)).shape[1] == 3
    for kind, width in [("same", 3), ("twice", 6), ("broad", 9), ("mean", 1)]:
        assert by_kind(kind, torch.randn(2, 3)).shape == (2, width)
    assert chained(torch.randn(2, 3)).shape == (2, 3)
    assert counted(counted(torch.randn(2, 3))).shape == (2, 3)
    assert conditional(torch.randn(2, 3), True).shape == (3, 2)
    assert comparison(torch.randn(2, 3), -1.0, 1.0).shape == (2, 3)


if __name__ == "__main__":
    example()
