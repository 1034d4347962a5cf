"""Properties: annotated, computed, cached, and of other objects."""

from functools import cached_property

import torch
from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor, nn


class Camera:
    def __init__(self, pose: Float[Tensor, "4 4"], points: Float[Tensor, "n 3"]) -> None:
        self.pose = pose
        self.points = points

    @property
    def rotation(self) -> Float[Tensor, "3 3"]:
        return self.pose[:3, :3]

    @property
    def translation(self) -> Float[Tensor, "3"]:
        return self.pose[:3, 3]

    @property
    def wrong(self) -> Float[Tensor, "3"]:
        return self.pose[:3, :3]  # E: [return_error_shape_mismatch] "rank must be 1, got 2 from [3, 3]"

    @property
    def count(self) -> int:
        return self.points.shape[0]

    @cached_property
    def centre(self) -> Float[Tensor, "3"]:
        return self.points.mean(0)

    @property
    def inferred(self):
        return self.points @ self.rotation.T

    def moved(self) -> Float[Tensor, "n 3"]:
        reveal_shape(self.inferred)  # R: [n, 3]
        return self.inferred + self.translation - self.centre

    def moved_wrong(self) -> Float[Tensor, "n 3"]:
        return self.rotation @ self.points  # E: [matmul_error_inner_dimensions_do_not_match] "3 and n"

    def rows(self) -> Float[Tensor, "n 5"]:
        return torch.zeros(self.count, 5)


def of_a_parameter(camera: Camera, x: Float[Tensor, "b 4"]) -> None:
    reveal_shape(camera.rotation)  # R: [3, 3]
    reveal_shape(x @ camera.pose)  # R: [b, 4]
    x @ camera.rotation  # E: [matmul_error_inner_dimensions_do_not_match] "4 and 3"


def of_a_new_one(x: Float[Tensor, "4 4"], y: Float[Tensor, "7 3"]) -> None:
    camera = Camera(x, y)
    reveal_shape(camera.inferred)  # R: [7, 3]
    y @ camera.inferred  # E: [matmul_error_inner_dimensions_do_not_match] "3 and 7"


class Model(nn.Module):
    def __init__(self, d: int) -> None:
        super().__init__()
        self.fc = nn.Linear(d, d)

    @property
    def weight(self) -> Tensor:
        return self.fc.weight

    @property
    def d(self) -> int:
        return self.fc.in_features

    def forward(self, x: Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
        return x @ self.weight.T + torch.zeros(self.d)


class Batch:
    _x: Float[Tensor, "b t"]

    @property
    def x(self) -> Float[Tensor, "b t"]:
        return self._x

    @x.setter
    def x(self, value: Float[Tensor, "b t"]) -> None:
        self._x = value

    def both(self) -> Float[Tensor, "t t"]:
        return self.x.T @ self._x
