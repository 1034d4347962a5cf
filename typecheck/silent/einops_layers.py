"""einops functions and layers, with patterns in variables and lists of tensors."""

import torch
from einops import einsum, pack, rearrange, reduce, repeat, unpack
from einops.layers.torch import EinMix, Rearrange, Reduce
from jaxtyping import Float
from torch import Tensor, nn


class Mixer(nn.Module):
    def __init__(self, tokens: int, dim: int) -> None:
        super().__init__()
        self.token_mix = nn.Sequential(
            nn.LayerNorm(dim),
            Rearrange("b n d -> b d n"),
            nn.Linear(tokens, tokens),
            Rearrange("b d n -> b n d"),
        )
        self.pool = Reduce("b n d -> b d", "mean")
        self.mix = EinMix("b d -> b e", weight_shape="d e", d=dim, e=3)

    def forward(self, x: Float[Tensor, "b n d"]) -> Float[Tensor, "b 3"]:
        x = x + self.token_mix(x)
        return self.mix(self.pool(x))


def by_pattern(x: Float[Tensor, "b h w c"], channels_first: bool) -> Float[Tensor, "b ..."]:
    pattern = "b h w c -> b c h w" if channels_first else "b h w c -> b (h w) c"
    return rearrange(x, pattern)


def grid(xs: list[Float[Tensor, "c h w"]]) -> Float[Tensor, "h2 w2 c"]:
    return rearrange(xs, "(rows cols) c h w -> (rows h) (cols w) c", cols=2)


def with_token(
    x: Float[Tensor, "b n d"], token: Float[Tensor, "d"]
) -> tuple[Float[Tensor, "b n d"], Float[Tensor, "b d"]]:
    tokens = repeat(token, "d -> b d", b=x.shape[0])
    packed, shapes = pack([tokens, x], "b * d")
    token_out, x = unpack(packed * 2, shapes, "b * d")
    return x, token_out


def any_rank(x: Float[Tensor, "*batch n d"]) -> Float[Tensor, "*batch d n"]:
    return rearrange(x, "... n d -> ... d n")


def downsample(x: Float[Tensor, "b c h w"], by: int = 2) -> Float[Tensor, "b c h//{by} w//{by}"]:
    return reduce(x, "b c (h p) (w q) -> b c h w", "max", p=by, q=by)


def attend(q: Float[Tensor, "b n d"], k: Float[Tensor, "b m d"]) -> Float[Tensor, "b n m"]:
    return einsum(q, k, "b query d, b key d -> b query key")


def ones(x: Float[Tensor, "b 1 t"]) -> Float[Tensor, "b t"]:
    x = rearrange(x, "b 1 t -> b t")
    x = rearrange(x, "b t -> b () t")
    return rearrange(x, "b () t -> b t")


def example() -> None:
    assert Mixer(5, 7)(torch.randn(2, 5, 7)).shape == (2, 3)
    assert by_pattern(torch.randn(2, 3, 5, 7), True).shape == (2, 7, 3, 5)
    assert by_pattern(torch.randn(2, 3, 5, 7), False).shape == (2, 15, 7)
    assert grid([torch.randn(3, 5, 7) for _ in range(6)]).shape == (15, 14, 3)
    x, token = with_token(torch.randn(2, 3, 5), torch.randn(5))
    assert x.shape == (2, 3, 5) and token.shape == (2, 5)
    assert any_rank(torch.randn(2, 3, 5, 7)).shape == (2, 3, 7, 5)
    assert downsample(torch.randn(2, 3, 4, 6)).shape == (2, 3, 2, 3)
    assert attend(torch.randn(2, 3, 5), torch.randn(2, 7, 5)).shape == (2, 3, 7)
    assert ones(torch.randn(2, 1, 5)).shape == (2, 5)


if __name__ == "__main__":
    example()
