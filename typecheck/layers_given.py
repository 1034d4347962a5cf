"""Layers that a parameter holds: only their class is known."""

from jaxtyping import Float
from torch import Tensor, nn

from shapetorch import reveal_shape


def of_any_size(
    linear: nn.Linear, norm: nn.LayerNorm, conv: nn.Conv2d, x: Float[Tensor, "b t d"], maps: Float[Tensor, "b c h w"]
) -> None:
    reveal_shape(linear(x))  # R: [b, t, ?]
    reveal_shape(norm(x))  # R: [b, t, d]
    reveal_shape(nn.Sequential(linear, nn.ReLU(), nn.Linear(5, 3))(x))  # R: [b, t, 3]
    reveal_shape(conv(maps))  # R: [b, ?, ?, ?]
    conv(x[0])  # E: [conv_error_rank]
    linear(x) @ linear(x).mT
