"""What is cut off is padded again; a dtype that is asked for."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional as F


def dilate(x: Float[Tensor, "b 1 h w"], size=3) -> Float[Tensor, "b 1 h w"]:
    return F.max_pool2d(x, kernel_size=size, stride=1, padding=(size - 1) // 2)


def erode(x: Float[Tensor, "b 1 h w"], size=3) -> Float[Tensor, "b 1 h w"]:
    inner = 1 - dilate(1 - x, size)
    p = (size - 1) // 2
    return F.pad(inner[:, :, p:-p, p:-p], pad=(p, p, p, p), value=0)


def of_mask(mask: Bool[Tensor, "h w"]) -> Float[Tensor, "h w 3"]:
    return mask[..., None].float().expand(-1, -1, 3)


def coloured(image: Float[Tensor, "h w"]) -> Float[Tensor, "h w 3"]:
    if image.dtype == torch.bool:
        return of_mask(image)
    return image[..., None].expand(-1, -1, 3)


def example() -> None:
    x = torch.ones(2, 1, 5, 7)
    assert erode(x).shape == dilate(x).shape == (2, 1, 5, 7)
    assert coloured(torch.ones(3, 5)).shape == (3, 5, 3)
