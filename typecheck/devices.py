"""Devices and memory: what moves a tensor leaves its shape."""

from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor


def moved(x: Float[Tensor, "b t"]) -> None:
    reveal_shape(x.cuda())  # R: [b, t]
    reveal_shape(x.to("cuda", non_blocking=True))  # R: [b, t]
    reveal_shape(x.to(x.device))  # R: [b, t]
    reveal_shape(x.pin_memory())  # R: [b, t]
    reveal_shape(x.cpu().numpy())  # R: [b, t]


def moved_then_used(x: Float[Tensor, "b t"], y: Float[Tensor, "b s"]) -> None:
    x.cuda() + y.cuda()  # E: [broadcast_error_incompatible_dimensions] "got t and s"
