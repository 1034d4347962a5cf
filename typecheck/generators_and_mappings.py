"""Generators, mappings, typed dictionaries, class constants, and `{self.n}` in annotations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, TypedDict

import torch
import torch.nn as nn
from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor
from typing_extensions import Self


def rows(x: Float[Tensor, "b d"]) -> Iterator[Float[Tensor, "d"]]:
    for row in x:
        yield row


def rows_wrong(x: Float[Tensor, "b d"]) -> Iterator[Float[Tensor, "d"]]:
    for _ in range(3):
        yield x[:, 0]  # E: [return_error_shape_mismatch] "axis 0 must be d, got b"


def uses_rows(x: Float[Tensor, "3 5"]) -> None:
    for row in rows(x):
        reveal_shape(row)  # R: [5]
        row @ x  # E: [matmul_error_inner_dimensions_do_not_match] "5 and 3"


def mapping(table: Mapping[str, Float[Tensor, "b d"]], other: dict[str, Tensor]) -> None:
    reveal_shape(table["a"])  # R: [b, d]
    for _, value in table.items():
        value @ value  # E: [matmul_error_inner_dimensions_do_not_match] "d and b"
    other["a"] @ other["b"]


class Batch(TypedDict):
    x: Float[Tensor, "b t"]
    y: Float[Tensor, "b"]


def typed_dictionary(batch: Batch) -> None:
    batch["x"] - batch["y"][:, None]
    batch["x"].transpose(1, 2)  # E: [transpose_dims_error_out_of_range]


def annotated(x: Annotated[Float[Tensor, "b d"], "some text"]) -> Float[Tensor, "d b"]:
    return x  # E: [return_error_shape_mismatch] "axis 0 must be d, got b"


class Net(nn.Module):
    width: ClassVar[int] = 5
    depth: int = 7

    def __init__(self, d: int) -> None:
        super().__init__()
        self.d = d
        self.d_head = d // 2

    def same(self) -> Self:
        return self

    def of_constants(self) -> None:
        reveal_shape(torch.zeros(self.width, self.depth))  # R: [5, 7]

    def halves(self, x: Float[Tensor, "b {self.d}"]) -> Float[Tensor, "b {self.d_head}"]:
        reveal_shape(x)  # R: [b, d]
        return x[:, : self.d_head]

    def halves_wrong(self, x: Float[Tensor, "b {self.d}"]) -> Float[Tensor, "b {self.d_head}"]:
        return x  # E: [return_error_shape_mismatch] "got d"


def uses_net(x: Float[Tensor, "3 6"]) -> None:
    reveal_shape(Net(6).halves(x))  # R: [3, 3]
    reveal_shape(Net(6).same().halves(x))  # R: [3, 3]
    Net(8).halves(x)  # E: [argument_error_shape_mismatch] "must be 8, got 6"


@dataclass
class Head:
    f: Callable[[Float[Tensor, "b d"]], Float[Tensor, "b 7"]]
    w: Float[Tensor, "7 3"] = field(default_factory=lambda: torch.zeros(7, 3))

    def run(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b 3"]:
        return self.f(x) @ self.w

    def run_wrong(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b 3"]:
        return self.w @ self.f(x)  # E: [matmul_error_inner_dimensions_do_not_match]


def outer(d: int) -> Callable[[Tensor], Tensor]:
    def inner(x: Float[Tensor, "b d"]) -> Float[Tensor, "b 2*d"]:
        return torch.cat([x, x], dim=1)

    return inner


class Node:
    """A class that holds another of its kind."""

    def __init__(self, x: Float[Tensor, "n"], next: Node | None = None) -> None:
        self.x, self.next = x, next

    def last(self) -> Float[Tensor, "n"]:
        node = self
        while node.next is not None:
            node = node.next
        return node.x
