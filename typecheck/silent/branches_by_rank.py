"""A branch for tensors of one rank is not for those of another, in a helper too."""

from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn, randn


def exists(value) -> bool:
    return value is not None


class Inner(nn.Module):
    def forward(self, x: Float[Tensor, "b n d"], cond=None):
        if exists(cond) and cond.ndim == 2:
            cond = rearrange(cond, "b d -> b 1 d")
        return x if cond is None else x + cond


class Outer(nn.Module):
    def __init__(self, dim: int) -> None:
        super().__init__()
        self.inner = Inner()
        self.embed = nn.Linear(dim, dim)

    def forward(
        self, x: Float[Tensor, "b n dim"], times: Float[Tensor, "b n dim"] | None = None
    ) -> Float[Tensor, "b n dim"]:
        cond = None
        if exists(times):
            cond = self.embed(times)
        return self.inner(x, cond=cond)


def example() -> None:
    x = randn(2, 3, 4)
    assert Outer(4)(x, x).shape == (2, 3, 4)


if __name__ == "__main__":
    example()
