"""Slices past the end, negative steps of ranges, squeezes that may do nothing, negative dims."""

import torch
from jaxtyping import Float, Int
from torch import Tensor


def truncated(x: Float[Tensor, "b t d"], limit: int = 512) -> Float[Tensor, "b t2 d"]:
    return x[:, :limit]


def window(x: Float[Tensor, "b t d"], start: int, stop: int) -> Float[Tensor, "b w d"]:
    return x[:, max(start, 0) : min(stop, x.shape[1])]


def squeezed(x: Float[Tensor, "b n d"]) -> Tensor:
    y = x.squeeze()
    z = x.squeeze(1)
    return y.sum() + z.mean()


def maybe_scalar(x: Float[Tensor, "n"]) -> Float[Tensor, "..."]:
    return x.squeeze() if x.numel() == 1 else x


def shifted(x: Float[Tensor, "b t"]) -> Float[Tensor, "b t"]:
    return torch.cat([x.new_zeros(x.size(0), 1), x[:, :-1]], dim=1)


def strided(x: Float[Tensor, "b t"]) -> Float[Tensor, "b n"]:
    return x[:, ::3] * x[:, ::3]


def diff(x: Float[Tensor, "t d"]) -> Float[Tensor, "t-1 d"]:
    return x[1:] - x[:-1]


def ellipses(x: Float[Tensor, "*b h w c"]) -> Float[Tensor, "*b h w"]:
    return x[..., 0] + x[..., :, :, -1] + x[..., None].squeeze(-1).sum(-1)


def reversed_time(x: Float[Tensor, "b t d"]) -> Float[Tensor, "b t d"]:
    index = torch.arange(x.shape[-2] - 1, -1, -1)
    return x[:, index] + x.flip(-2)


def last(x: Float[Tensor, "b t d"]) -> Float[Tensor, "b d"]:
    return x.transpose(-1, -2)[..., -1] + x[:, -1, :] + x.select(1, -1)


def empty(x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
    rest = x[len(x) :]
    return torch.cat([x, rest], dim=0)


def crop(
    x: Float[Tensor, "b c h w"], like: Float[Tensor, "b c2 h2 w2"]
) -> Float[Tensor, "b c h2 w2"]:
    top = (x.size(2) - like.size(2)) // 2
    left = (x.size(3) - like.size(3)) // 2
    return x[:, :, top : top + like.size(2), left : left + like.size(3)]


def tokens(ids: Int[Tensor, "b t"], limit: int) -> Int[Tensor, "b t2"]:
    ids = ids if ids.size(1) <= limit else ids[:, -limit:]
    return ids


def example() -> None:
    x = torch.randn(2, 7, 5)
    assert truncated(x).shape == (2, 7, 5)
    assert truncated(x, 3).shape == (2, 3, 5)
    assert window(x, -2, 4).shape == (2, 4, 5)
    assert squeezed(x).shape == ()
    assert maybe_scalar(torch.randn(1)).shape == ()
    assert shifted(x[..., 0]).shape == (2, 7)
    assert strided(x[..., 0]).shape == (2, 3)
    assert diff(x[0]).shape == (6, 5)
    assert ellipses(torch.randn(2, 3, 5, 7)).shape == (2, 3, 5)
    assert reversed_time(x).shape == (2, 7, 5)
    assert last(x).shape == (2, 5)
    assert empty(x[0]).shape == (7, 5)
    assert crop(torch.randn(2, 3, 9, 8), torch.randn(2, 5, 4, 3)).shape == (2, 3, 4, 3)
    assert tokens(torch.zeros(2, 7, dtype=torch.long), 3).shape == (2, 3)


if __name__ == "__main__":
    example()
