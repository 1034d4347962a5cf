"""Functions behind decorators, static methods, class methods, overloads and singledispatch."""

import functools
from typing import Any, Callable, TypeVar, overload

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

F = TypeVar("F", bound=Callable[..., Any])


def logged(fn: F) -> F:
    @functools.wraps(fn)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return fn(*args, **kwargs)

    return wrapper  # type: ignore[return-value]


def batched(fn: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    def wrapper(x: Float[Tensor, "b n d"]) -> Float[Tensor, "b ..."]:
        return torch.stack([fn(row) for row in x])

    return wrapper


@batched
def center(x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    return x - x.mean(0)


@batched
def covariance(x: Float[Tensor, "n d"]) -> Float[Tensor, "d d"]:
    return x.t() @ x / x.shape[0]


@functools.lru_cache(maxsize=4)
def positions(n: int, d: int) -> Float[Tensor, "n d"]:
    return torch.arange(n)[:, None] * torch.ones(d)


@overload
def embed(x: Int[Tensor, "b t"], table: Float[Tensor, "v d"]) -> Float[Tensor, "b t d"]: ...
@overload
def embed(  # type: ignore[overload-cannot-match]
    x: Float[Tensor, "b t v"], table: Float[Tensor, "v d"]
) -> Float[Tensor, "b t d"]: ...
@logged
def embed(x: Tensor, table: Tensor) -> Tensor:
    return x @ table if x.is_floating_point() else table[x]


class Normal:
    def __init__(self, mean: Float[Tensor, "d"], cov: Float[Tensor, "d d"]) -> None:
        self.mean, self.cov = mean, cov

    @classmethod
    def fit(cls, x: Float[Tensor, "n d"]) -> "Normal":
        return cls(x.mean(0), cls.scatter(x))

    @classmethod
    def standard(cls, d: int) -> "Normal":
        return cls(torch.zeros(d), torch.eye(d))

    @staticmethod
    def scatter(x: Float[Tensor, "m k"]) -> Float[Tensor, "k k"]:
        return (x - x.mean(0)).t() @ (x - x.mean(0)) / len(x)

    def sample(self, *shape: int) -> Float[Tensor, "*shape d"]:
        return torch.randn(*shape, self.mean.numel()) @ self.cov + self.mean

    def __call__(self, n: int) -> Float[Tensor, "n d"]:
        return self.sample(n)


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Float[Tensor, "*s"]) -> Float[Tensor, "*s"]:
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx: Any, grad: Float[Tensor, "*g"]) -> Float[Tensor, "*g"]:
        (x,) = ctx.saved_tensors
        return 2 * x * grad


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.utils.parametrizations.weight_norm(nn.Linear(5, 3))

    @logged
    def forward(self, x: Float[Tensor, "b 5"]) -> Float[Tensor, "b 3"]:
        return Square.apply(self.fc(x))


def example() -> None:
    assert center(torch.randn(2, 3, 5)).shape == (2, 3, 5)
    assert covariance(torch.randn(2, 3, 5)).shape == (2, 5, 5)
    assert positions(3, 5).shape == (3, 5)
    assert embed(torch.zeros(2, 3, dtype=torch.long), torch.randn(7, 5)).shape == (2, 3, 5)
    assert embed(torch.randn(2, 3, 7), torch.randn(7, 5)).shape == (2, 3, 5)
    normal = Normal.fit(torch.randn(7, 3))
    assert normal.sample(2, 5).shape == (2, 5, 3)
    assert Normal.standard(5)(2).shape == (2, 5)
    Net()(torch.randn(2, 5)).sum().backward()


if __name__ == "__main__":
    example()
