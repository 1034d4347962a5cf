"""A constructor's tensors and its methods' annotations, which call one size by two names."""

import torch
from jaxtyping import Float
from torch import Tensor


class Confidence:
    """`breaks` are the limits between bins: there is one bin more."""

    def __init__(self, breaks: Float[Tensor, "pae_break"]) -> None:
        self.breaks = breaks

    def centres(self, breaks: Float[Tensor, "breaks"]) -> Float[Tensor, "breaks+1"]:
        step = breaks[1] - breaks[0]
        return torch.concat([breaks + step / 2, (breaks[-1] + step).unsqueeze(0)])

    def expected(self, logits: Float[Tensor, "b n pae"]) -> Float[Tensor, "b n"]:
        return torch.einsum("bnp,p->bn", logits.softmax(-1), self.centres(self.breaks))


class Activity:
    """Counts for a number of features that its user knows."""

    def __init__(self, components: int, features: int) -> None:
        self.total = torch.zeros(components, features)

    def seen(self, batch: Float[Tensor, "component feature"]) -> list[int] | None:
        self.total.add_(batch)
        return self.total.argmax(dim=1).tolist() if self.total.sum() > 100 else None


def counted(batch: Float[Tensor, "component feature"]) -> list[int] | None:
    return Activity(2, 5).seen(batch)


def example() -> None:
    assert Confidence(torch.ones(6)).expected(torch.ones(2, 3, 7)).shape == (2, 3)
    assert counted(torch.ones(2, 5)) is None
