"""Inner functions: the same names mean other sizes, and outer tensors are seen from inside."""

from typing import Callable

import torch
from jaxtyping import Float
from torch import Tensor


def two_scopes(x: Float[Tensor, "n d"]) -> Float[Tensor, "n n"]:
    def gram(x: Float[Tensor, "d n"]) -> Float[Tensor, "n n"]:
        return x.t() @ x

    return gram(x.t())


def closure(w: Float[Tensor, "d e"]) -> Callable[[Tensor], Tensor]:
    def apply(x: Float[Tensor, "b k"]) -> Float[Tensor, "b m"]:
        return x @ w

    return apply


def accumulate(xs: list[Float[Tensor, "_ d"]]) -> Float[Tensor, "total d"]:
    seen = None

    def add(x: Float[Tensor, "n d"]) -> None:
        nonlocal seen
        seen = x if seen is None else torch.cat([seen, x])

    for x in xs:
        add(x)
    assert seen is not None
    return seen


def defined_later(x: Float[Tensor, "b d"]) -> Float[Tensor, "b 3"]:
    def project() -> Float[Tensor, "b 3"]:
        return x @ weight

    x = x[:, :5]
    weight = torch.ones(5, 3)
    return project()


def decorator(fn: Callable[..., Tensor]) -> Callable[..., Tensor]:
    def wrapped(*args: Tensor) -> Tensor:
        return fn(*(a.unsqueeze(0) for a in args)).squeeze(0)

    return wrapped


@decorator
def batched_dot(a: Float[Tensor, "b d"], b: Float[Tensor, "b d"]) -> Float[Tensor, "b"]:
    return (a * b).sum(-1)


def example() -> None:
    assert two_scopes(torch.randn(2, 3)).shape == (2, 2)
    assert closure(torch.randn(3, 5))(torch.randn(2, 3)).shape == (2, 5)
    assert accumulate([torch.randn(2, 3), torch.randn(5, 3)]).shape == (7, 3)
    assert defined_later(torch.randn(2, 7)).shape == (2, 3)
    assert batched_dot(torch.randn(5), torch.randn(5)).shape == ()


if __name__ == "__main__":
    example()
