"""Optional tensors in the many ways they are tested for."""

from typing import Optional, Union

import torch
from jaxtyping import Bool, Float
from torch import Tensor


def softmax(
    scores: Float[Tensor, "b h q k"], mask: Optional[Bool[Tensor, "b k"]] = None
) -> Float[Tensor, "b h q k"]:
    if mask is not None:
        mask = mask[:, None, None, :]
        scores = scores.masked_fill(~mask, float("-inf"))
    return scores.softmax(dim=-1)


def with_default(
    x: Float[Tensor, "b d"], weight: Float[Tensor, "d"] | None = None
) -> Float[Tensor, "b d"]:
    weight = torch.ones(x.shape[1]) if weight is None else weight
    return x * weight


def any_mask(
    scores: Float[Tensor, "b q k"],
    mask: Union[Bool[Tensor, "q k"], Bool[Tensor, "b q k"], None] = None,
) -> Float[Tensor, "b q k"]:
    if mask is None:
        return scores
    if mask.dim() == 2:
        mask = mask.unsqueeze(0)
    return scores.masked_fill(mask, 0.0)


def context_or_self(
    x: Float[Tensor, "b n d"], context: Optional[Float[Tensor, "b m d"]] = None
) -> Float[Tensor, "b n d"]:
    context = x if context is None else context
    return (x @ context.transpose(1, 2)).softmax(-1) @ context


def or_default(
    x: Float[Tensor, "b n d"], cache: Optional[tuple[Tensor, Tensor]] = None
) -> Float[Tensor, "b m d"]:
    if not cache:
        return x
    old, _ = cache
    return torch.cat([old, x], dim=1)


def example() -> None:
    scores = torch.randn(2, 3, 5, 7)
    softmax(scores)
    softmax(scores, torch.ones(2, 7, dtype=torch.bool))
    with_default(torch.randn(2, 5))
    with_default(torch.randn(2, 5), torch.randn(5))
    any_mask(torch.randn(2, 5, 7))
    any_mask(torch.randn(2, 5, 7), torch.ones(5, 7, dtype=torch.bool))
    any_mask(torch.randn(2, 5, 7), torch.ones(2, 5, 7, dtype=torch.bool))
    context_or_self(torch.randn(2, 3, 5))
    context_or_self(torch.randn(2, 3, 5), torch.randn(2, 7, 5))
    x = torch.randn(2, 3, 5)
    assert or_default(x, (x, x)).shape == (2, 6, 5)


if __name__ == "__main__":
    example()
