"""Element-wise operations of einx: the shape comes from the pattern, and nothing is reported of them."""

import einx  # type: ignore[import-not-found]
import torch
from jaxtyping import Bool, Float
from torch import Tensor


def masked(
    x: Float[Tensor, "b n d"], mask: Bool[Tensor, "b n"]
) -> Float[Tensor, "b n d"]:
    return einx.where("b n, b n d, -> b n d", mask, x, 0.0)


def distances(x: Float[Tensor, "*batch i"], bins: Float[Tensor, "j"]) -> Float[Tensor, "*batch i j"]:
    return einx.subtract("... i, j -> ... i j", x, bins).abs()


def shifted(x: Float[Tensor, "b n d"], shift: Float[Tensor, "d"]) -> Float[Tensor, "b n d"]:
    return einx.add("b n d, d", x, shift)


def unread(x: Float[Tensor, "b n d"]) -> Float[Tensor, "b d"]:
    return einx.sum("b [n] d", x)
