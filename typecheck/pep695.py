"""Type parameters in brackets, `def f[B, T]`, `class Head[D, H]`, `type Image[...] = ...` (Python 3.12)."""

from __future__ import annotations

import torch
from shapetorch import Dim, MatmulShape, Shape, reveal_shape
from torch import Tensor, nn


def total[B, T](x: Tensor[B, T, 512]) -> Tensor[B, T]:
    reveal_shape(x)  # R: [B, T, 512]
    return x.sum(-1)


def total_wrong[B, T](x: Tensor[B, T, 512]) -> Tensor[B, T]:
    return x.sum(1)  # E: [return_error_shape_mismatch] "axis 1 must be T, got 512"


def scores[B, T, S, D](q: Tensor[B, T, D], k: Tensor[B, S, D]) -> Tensor[B, T, S]:
    return q @ k.mT


def scores_wrong[B, T, S, D](q: Tensor[B, T, D], k: Tensor[B, S, D]) -> Tensor[B, T, S]:
    return q @ k  # E: [matmul_error_inner_dimensions_do_not_match] "got D and S"


def twice[B, T](x: Tensor[B, T]) -> Tensor[B, T * 2]:
    return torch.cat([x, x], dim=1)


def twice_wrong[B, T](x: Tensor[B, T]) -> Tensor[B, T * 2]:
    return torch.cat([x, x], dim=0)  # E: [return_error_shape_mismatch]


def rows[*A, D](x: Tensor[*A, D]) -> Tensor[*A]:
    reveal_shape(x)  # R: [*A, D]
    return x.mean(-1)


def rows_wrong[*A, D](x: Tensor[*A, D]) -> Tensor[*A]:
    return x  # E: [return_error_shape_mismatch]


def matmul[*A, *B](a: Tensor[*A], b: Tensor[*B]) -> Tensor[MatmulShape[Shape[*A], Shape[*B]]]:
    return a @ b


def vector[A](x: Tensor[A]) -> Tensor[()]:
    reveal_shape(x)  # R: [A]
    return x.sum()


def filled[N, M](n: Dim[N], m: Dim[M]) -> Tensor[N, M]:
    return torch.zeros(n, m)


def filled_wrong[N, M](n: Dim[N], m: Dim[M]) -> Tensor[N, M]:
    return torch.zeros(m, n)  # E: [return_error_shape_mismatch] "must be N, got M"


def bounded[N: int](x: Tensor[N, 3]) -> Tensor[3, N]:
    return x.T


def calls(x: Tensor[2, 3], y: Tensor[3, 5], z: Tensor[2, 7, 512]) -> None:
    reveal_shape(total(z))  # R: [2, 7]
    reveal_shape(twice(x))  # R: [2, 6]
    reveal_shape(rows(z))  # R: [2, 7]
    reveal_shape(matmul(x, y))  # R: [2, 5]
    reveal_shape(filled(3, x.shape[0]))  # R: [3, 2]
    total(x)  # E: [argument_error_shape_mismatch] "rank must be 3, got 2 from [2, 3]"
    matmul(y, x)  # E: [matmul_error_inner_dimensions_do_not_match] "got 5 and 2"


class Head[D, H](nn.Module):
    def __init__(self, d: Dim[D], h: Dim[H]) -> None:
        super().__init__()
        self.proj = nn.Linear(d, h)
        self.h = h

    def forward[B](self, x: Tensor[B, D]) -> Tensor[B, H]:
        return self.proj(x) + torch.zeros(self.h)

    def wrong[B](self, x: Tensor[B, H]) -> Tensor[B, H]:
        return self.proj(x)  # E: [linear_error_in_features] "in_features=D, got H"


class Tower[D](nn.Module):
    def __init__(self, d: Dim[D]) -> None:
        super().__init__()
        self.up = Head(d, 4 * d)
        self.down = Head(4 * d, d)

    def forward[*B](self, x: Tensor[*B, D]) -> Tensor[*B, D]:
        return x + self.down(self.up(x))

    def wrong[B](self, x: Tensor[B, D]) -> Tensor[B, D]:
        return self.down(x)  # E: [argument_error_shape_mismatch] "must be 4*D, got D"


def uses[B](x: Tensor[B, 5], head: Head[7, 5]) -> None:
    reveal_shape(Head(5, 7)(x))  # R: [B, 7]
    reveal_shape(head(Head(5, 7)(x)))  # R: [B, 5]
    head(x)  # E: [argument_error_shape_mismatch] "must be 7, got 5"


class Box[*S]:
    def __init__(self, value: Tensor[*S]) -> None:
        self.value = value

    def get(self) -> Tensor[*S]:
        return self.value


def unboxed(x: Tensor[3, 5]) -> None:
    box = Box(x)
    reveal_shape(box.get())  # R: [3, 5]
    box.get() @ x  # E: [matmul_error_inner_dimensions_do_not_match] "5 and 3"


type Image[C, H, W] = Tensor[C, H, W]
type Square[N] = Tensor[N, N]
type Batch[*S] = Tensor["batch", *S]
type Pixel = Tensor[3]


def grey[H, W](x: Image[3, H, W]) -> Image[1, H, W]:
    reveal_shape(x)  # R: [3, H, W]
    return x.mean(0, keepdim=True)


def grey_wrong[H, W](x: Image[3, H, W]) -> Image[1, H, W]:
    return x.mean(0)  # E: [return_error_shape_mismatch] "rank must be 3, got 2 from [H, W]"


def trace[N](x: Square[N]) -> Tensor[N]:
    return x.diagonal()


def pixel(x: Image[3, 5, 7]) -> Pixel:
    return x[:, 0, 0]


def first[H, W](x: Batch[H, W]) -> Tensor[H, W]:
    reveal_shape(x)  # R: [batch, H, W]
    return x[0]


def calls_aliases(x: Image[3, 5, 7], y: Tensor[5, 7]) -> None:
    reveal_shape(grey(x))  # R: [1, 5, 7]
    trace(y)  # E: [argument_error_shape_mismatch] "must be 5, got 7"
    grey(x[:2])  # E: [argument_error_shape_mismatch] "must be 3, got 2"
