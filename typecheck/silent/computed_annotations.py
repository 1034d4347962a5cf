"""Annotations through aliases, wrappers, computed strings, and other array types."""

from typing import Annotated, Any, Optional, TypeAlias, TypeVar, Union

import jaxtyping as jt
import numpy as np
import torch
from jaxtyping import Float, Float32, Int, Int64, Num, Shaped, UInt8
from torch import Tensor

T = Tensor
Image: TypeAlias = Float[Tensor, "b c h w"]
Batch = Float[T, "b d"]
AXES = "b t"
Tokens = Int[Tensor, AXES]
Embedded = Float[Tensor, AXES + " d"]
S = TypeVar("S", bound=Union[Tensor, np.ndarray])
MaybeMask = Optional[jt.Bool[Tensor, "b t"]]


def pool(x: Image) -> Float[Tensor, "b c"]:
    return x.flatten(2).mean(-1)


def embed(tokens: Tokens, table: Float[Tensor, "v d"]) -> Embedded:
    return table[tokens]


def aliased(x: Batch, y: Batch) -> jt.Float[torch.Tensor, "b"]:
    return (x * y).sum(1)


def named(x: Float[Tensor, "batch=2 channels=3"]) -> Float[Tensor, "batch"]:
    return x.sum(dim=1)


def generic(x: S) -> S:
    return x


def any_dtype(x: Shaped[Tensor, "n _"], y: Num[Tensor, "n ..."]) -> Shaped[Tensor, "n"]:
    return x[:, 0]


def arrays(x: Float[np.ndarray, "n d"]) -> Float[np.ndarray, "d n"]:
    return x.T @ np.eye(x.shape[0])


def to_tensor(x: UInt8[np.ndarray, "h w 3"]) -> Float32[Tensor, "3 h w"]:
    return torch.from_numpy(x).permute(2, 0, 1).float() / 255


def masked(x: Float[Tensor, "b t d"], mask: MaybeMask = None) -> Float[Tensor, "b d"]:
    if mask is None:
        mask = torch.ones(x.shape[:2], dtype=torch.bool)
    return torch.einsum("btd,bt->bd", x, mask.to(x.dtype))


def annotated(x: Annotated[Tensor, "any number of rows"]) -> Int64[Tensor, "n"]:
    return x.argmax(dim=-1)


def loose(x: Tensor, key: Any = None) -> "Float[Tensor, 'n 1']":
    return x.reshape(-1, 1)


def example() -> None:
    assert pool(torch.randn(2, 3, 5, 7)).shape == (2, 3)
    assert embed(torch.zeros(2, 3, dtype=torch.long), torch.randn(11, 5)).shape == (2, 3, 5)
    assert aliased(torch.randn(2, 3), torch.randn(2, 3)).shape == (2,)
    assert named(torch.randn(2, 3)).shape == (2,)
    assert generic(torch.randn(2)).shape == generic(np.zeros(2)).shape
    assert any_dtype(torch.zeros(2, 3), torch.zeros(2, 5, 7)).shape == (2,)
    assert arrays(np.ones((2, 3))).shape == (3, 2)
    assert to_tensor(np.zeros((5, 7, 3), dtype=np.uint8)).shape == (3, 5, 7)
    assert masked(torch.randn(2, 3, 5)).shape == (2, 5)
    assert annotated(torch.randn(2, 3)).shape == (2,)
    assert loose(torch.randn(2, 3)).shape == (6, 1)


if __name__ == "__main__":
    example()
