"""The strings of jaxtyping, all of them, with jaxtyping's own meaning."""

import numpy as np
import shapetorch
import torch
from jaxtyping import Float, Int, Shaped
from shapetorch import reveal_shape
from torch import Tensor

SIZES = "h w"


def names(x: Float[Tensor, "b t"]) -> None:
    reveal_shape(x)  # R: [b, t]
    reveal_shape(x.T)  # R: [t, b]


def numbers(x: Float[Tensor, "3 5"], y: Float[Tensor, "3 7"]) -> None:
    reveal_shape(x.mT @ y)  # R: [5, 7]
    x @ y  # E: [matmul_error_inner_dimensions_do_not_match] "got 5 and 3 from [3, 5] @ [3, 7]"


def one_name_is_one_size(x: Float[Tensor, "b t"], y: Float[Tensor, "b t"]) -> Float[Tensor, "b t"]:
    return x + y


def two_names_are_two_sizes(x: Float[Tensor, "b t"], y: Float[Tensor, "b s"]) -> None:
    x + y  # E: [broadcast_error_incompatible_dimensions] "t"


def batch(x: Float[Tensor, "*batch d"]) -> Float[Tensor, "*batch d"]:
    reveal_shape(x)  # R: [*batch, d]
    reveal_shape(x.sum(-1))  # R: [*batch]
    reveal_shape(x.unsqueeze(-1))  # R: [*batch, d, 1]
    return x * 2


def batch_is_not_dropped(x: Float[Tensor, "*batch d"]) -> Float[Tensor, "*batch d"]:
    return x.unsqueeze(-1)  # E: [return_error_shape_mismatch]


def batch_at_a_call(x: Float[Tensor, "2 3 5"]) -> None:
    reveal_shape(batch(x))  # R: [2, 3, 5]


def same_batch(x: Float[Tensor, "*batch d"], y: Float[Tensor, "*batch k"]) -> None:
    reveal_shape(torch.cat([x, y], dim=-1))  # R: [*batch, d + k]


def calls_same_batch(x: Float[Tensor, "2 3 5"], y: Float[Tensor, "2 7 5"]) -> None:
    same_batch(x, x)
    same_batch(x, y)  # E: [argument_error_shape_mismatch] "argument 'y'"


def row_in_the_middle(x: Float[Tensor, "b *rest d"]) -> Float[Tensor, "b d *rest"]:
    return x.movedim(-1, 1)


def ellipsis(x: Float[Tensor, "... d"]) -> Float[Tensor, "... d"]:
    reveal_shape(x[..., 0])  # R: [...]
    reveal_shape(x[..., None])  # R: [..., d, 1]
    return x.unsqueeze(0)


def ellipsis_keeps_its_ends(x: Float[Tensor, "... d"], w: Float[Tensor, "k n"]) -> None:
    x @ w  # E: [matmul_error_inner_dimensions_do_not_match] "d and k"


def underscore(x: Float[Tensor, "_ d"], y: Float[Tensor, "_ d"]) -> Float[Tensor, "_ d"]:
    return x + y


def underscore_still_counts(x: Float[Tensor, "_ d"]) -> Float[Tensor, "_ _ d"]:
    return x  # E: [return_error_shape_mismatch] "rank must be 3, got 2"


def named_number(x: Float[Tensor, "channels=3 h w"]) -> Float[Tensor, "3 h w"]:
    return x


def named_number_differs(x: Float[Tensor, "channels=3 h w"]) -> Float[Tensor, "4 h w"]:
    return x  # E: [return_error_shape_mismatch] "axis 0 must be 4, got 3"


def broadcastable(x: Float[Tensor, "b d"], scale: Float[Tensor, "#b d"]) -> Float[Tensor, "b d"]:
    return x * scale


def calls_broadcastable(
    x: Float[Tensor, "7 5"], row: Float[Tensor, "1 5"], wrong: Float[Tensor, "2 5"]
) -> None:
    reveal_shape(broadcastable(x, row))  # R: [7, 5]
    reveal_shape(broadcastable(x, x))  # R: [7, 5]
    broadcastable(x, wrong)  # E: [argument_error_shape_mismatch] "got 2"


def broadcastable_row(x: Float[Tensor, "*#s"], y: Float[Tensor, "*#s"]) -> Float[Tensor, "*#s"]:
    return x + y


def calls_broadcastable_row(x: Float[Tensor, "7 5"], y: Float[Tensor, "5"]) -> None:
    broadcastable_row(x, y)
    broadcastable_row(x, y.unsqueeze(0))


def does_not_broadcast(x: Float[Tensor, "7 5"], y: Float[Tensor, "3"]) -> None:
    broadcastable_row(x, y)  # E: [argument_error_shape_mismatch]


def tree_names(x: Float[Tensor, "?n d"], y: Float[Tensor, "?n d"]) -> Float[Tensor, "?n d"]:
    return x[:1] + y


def products(x: Float[Tensor, "b h*w"], w: Float[Tensor, "h*w c"]) -> Float[Tensor, "b c"]:
    reveal_shape(x)  # R: [b, h*w]
    return x @ w


def products_differ(x: Float[Tensor, "b h*w"], w: Float[Tensor, "h*h c"]) -> None:
    x @ w  # E: [matmul_error_inner_dimensions_do_not_match] "h*w and h*h"


def sums(x: Float[Tensor, "b t"], y: Float[Tensor, "b s"]) -> Float[Tensor, "b t+s"]:
    return torch.cat([x, y], dim=1)


def sums_differ(x: Float[Tensor, "b t"], y: Float[Tensor, "b s"]) -> Float[Tensor, "b t+1"]:
    return torch.cat([x, y], dim=1)  # E: [return_error_shape_mismatch] "got s + t"


def differences(x: Float[Tensor, "b t"]) -> Float[Tensor, "b t-1"]:
    return x[:, 1:] - x[:, :-1]


def floor_division(x: Float[Tensor, "b t"]) -> Float[Tensor, "b t//2"]:
    return x[:, : x.shape[1] // 2]


def floor_division_is_not_enough(x: Float[Tensor, "b t"]) -> Float[Tensor, "b t//2"]:
    return x[:, : x.shape[1] // 2 + 1]  # E: [return_error_shape_mismatch] "t//2"


def parentheses(x: Float[Tensor, "b (t+1)*2"]) -> Float[Tensor, "b 2*t+2"]:
    return x


def caller_of_expressions(x: Float[Tensor, "3 5"], y: Float[Tensor, "3 7"]) -> None:
    reveal_shape(sums(x, y))  # R: [3, 12]
    reveal_shape(differences(y))  # R: [3, 6]
    reveal_shape(floor_division(y))  # R: [3, 3]


def formatted(x: Float[Tensor, "b d"], n: int) -> Float[Tensor, "b {n}"]:
    return x.new_zeros(x.shape[0], n)


def scalar(x: Float[Tensor, "b d"]) -> Float[Tensor, ""]:
    return x.mean()


def not_a_scalar(x: Float[Tensor, "b d"]) -> Float[Tensor, ""]:
    return x.mean(0)  # E: [return_error_shape_mismatch] "rank must be 0, got 1 from [d]"


def only_in_the_result(x: Float[Tensor, "n d"]) -> Float[Tensor, "kept d"]:
    return x[x[:, 0] > 0]


def only_in_the_result_but_twice(x: Float[Tensor, "n d"]) -> Float[Tensor, "kept kept"]:
    return x.T @ x


def result_is_known_to_the_caller(x: Float[Tensor, "7 5"], y: Float[Tensor, "7 3"]) -> None:
    kept = only_in_the_result(x)
    kept + x
    kept @ y  # E: [matmul_error_inner_dimensions_do_not_match] "got 5 and 7"


def text_from_a_constant(x: Float[Tensor, "c " + SIZES]) -> Float[Tensor, "c h w"]:
    return x


def nested(x: Float[Float[Tensor, "t d"], "b"]) -> None:
    reveal_shape(x)  # R: [b, t, d]


def shaped(x: Shaped[Tensor, "b"], i: Int[Tensor, "b"]) -> Shaped[Tensor, "b"]:
    return x if x.is_floating_point() else i


def of_shapetorch(x: Float[shapetorch.Tensor, "b t"], y: Float[shapetorch.Tensor, "t d"]) -> None:
    reveal_shape(x @ y)  # R: [b, d]
    y @ x  # E: [matmul_error_inner_dimensions_do_not_match] "d and b"


def several_arrays(x: Float[Tensor | np.ndarray, "b t"]) -> Float[Tensor | np.ndarray, "t b"]:
    return x  # E: [return_error_shape_mismatch] "axis 0 must be t, got b"
