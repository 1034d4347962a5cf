"""Sizes and types that other modules share."""

from jaxtyping import Float
from torch import Tensor

D_MODEL = 512
N_HEADS = D_MODEL // 64
Image = Float[Tensor, "c h w"]
ImageBatch = Float[Image, "b"]
