"""Names that are assigned again, parameters too: the shape is that of the last value."""

import torch
import torch.nn as nn
from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor


def parameter(x: Float[Tensor, "b t d"]) -> Float[Tensor, "b d"]:
    x = x.mean(1)
    reveal_shape(x)  # R: [b, d]
    x = x.T
    reveal_shape(x)  # R: [d, b]
    x = x.T
    return x


def parameter_wrong(x: Float[Tensor, "b t d"]) -> Float[Tensor, "b d"]:
    x = x.mean(1)
    x = x.T
    return x  # E: [return_error_shape_mismatch] "axis 0 must be b, got d from [d, b]"


def swapped(x: Float[Tensor, "b t"], y: Float[Tensor, "t d"]) -> None:
    x, y = y, x
    reveal_shape(x)  # R: [t, d]
    y @ x
    x @ y  # E: [matmul_error_inner_dimensions_do_not_match] "d and b"


def layers(x: Float[Tensor, "b 3"]) -> Float[Tensor, "b 7"]:
    fc1, fc2 = nn.Linear(3, 5), nn.Linear(5, 7)
    x = fc1(x)
    x = torch.relu(x)
    x = fc2(x)
    return x


def layer_twice(x: Float[Tensor, "b 3"]) -> None:
    fc1 = nn.Linear(3, 5)
    x = fc1(x)
    x = fc1(x)  # E: [linear_error_in_features]


def chained(x: Float[Tensor, "b t"]) -> None:
    y = z = x.T
    z = z.T
    reveal_shape(y)  # R: [t, b]
    reveal_shape(z)  # R: [b, t]


def augmented(x: Float[Tensor, "b t"], y: Float[Tensor, "t"], z: Float[Tensor, "b"]) -> None:
    x += y
    x *= 2
    reveal_shape(x)  # R: [b, t]
    x += z  # E: [broadcast_error_incompatible_dimensions] "t and b"


def augmented_must_not_grow(x: Float[Tensor, "t"], y: Float[Tensor, "b t"]) -> None:
    x += y  # E: [inplace_error_shape_changed]


def augmented_matmul(x: Float[Tensor, "b t"], w: Float[Tensor, "t d"]) -> None:
    x @= w
    reveal_shape(x)  # R: [b, d]


def annotated(x: Float[Tensor, "b t"]) -> None:
    y: Float[Tensor, "t b"] = x.T
    reveal_shape(y)  # R: [t, b]
    z: Float[Tensor, "b t"] = x.T  # E: [assignment_error_shape_mismatch] "axis 0 must be b, got t"


def annotated_first(x: Float[Tensor, "b t"]) -> None:
    y: Tensor
    y = x.T
    reveal_shape(y)  # R: [t, b]


def walrus(x: Float[Tensor, "b t"]) -> None:
    if (y := x.T).shape[0] > 2:
        reveal_shape(y)  # R: [t, b]
    x + y  # E: [broadcast_error_incompatible_dimensions]


def size_again(x: Float[Tensor, "b t"]) -> Float[Tensor, "b t//4"]:
    t = x.shape[1]
    t = t // 2
    t = t // 2
    return x[:, :t]


def attributes(x: Float[Tensor, "3 5"]) -> None:
    class Holder:
        x: Tensor

    holder = Holder()
    holder.x = x
    reveal_shape(holder.x)  # R: [3, 5]
    holder.x = x.T
    reveal_shape(holder.x)  # R: [5, 3]


def deleted(x: Float[Tensor, "3 5"]) -> None:
    y = x.T
    del y
    y = x
    x + y


def data_and_inplace(x: Float[Tensor, "3 5"], y: Float[Tensor, "5"]) -> None:
    x[0] = y
    x[:, 1] = 0.0
    x[1:] = torch.zeros(2, 5)
    x[0] = torch.zeros(3)  # E: [broadcast_error_incompatible_dimensions]
    x.t_()
    reveal_shape(x)  # R: [5, 3]
