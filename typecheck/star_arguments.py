"""`*args` and `**kwargs`: taken, passed on, spread."""

import torch
from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor, nn


def together(*xs: Float[Tensor, "b _"]) -> Float[Tensor, "b n"]:
    return torch.cat(xs, dim=1)


def products(*xs: Float[Tensor, "n d"]) -> Float[Tensor, "n n"]:
    reveal_shape(xs[0])  # R: [n, d]
    xs[0] @ xs[1]  # E: [matmul_error_inner_dimensions_do_not_match] "d and n"
    return xs[0] @ xs[-1].mT


def calls_together(x: Float[Tensor, "3 5"], y: Float[Tensor, "3 7"]) -> None:
    reveal_shape(together(x, y))  # R: [3, 12]
    together(x)
    together(x, x[0])  # E: [argument_error_shape_mismatch] "argument 'xs': rank must be 2, got 1"


def spread(x: Float[Tensor, "2 3"], sizes: tuple[int, int]) -> None:
    reveal_shape(torch.zeros(*sizes, 7))  # R: [sizes[0], sizes[1], 7]
    reveal_shape(x.view(*x.shape, 1))  # R: [2, 3, 1]
    reveal_shape(torch.zeros(5, *x.shape[1:]))  # R: [5, 3]
    axes = (1, 0)
    reveal_shape(x.permute(*axes))  # R: [3, 2]


def spread_wrong(x: Float[Tensor, "2 3"]) -> None:
    x.permute(*(2, 0, 1))  # E: [permute_error_dimension_count_mismatch]
    x.view(*x.shape, 2)  # E: [reshape_error_element_count]


def product(a: Float[Tensor, "n m"], b: Float[Tensor, "m k"]) -> Float[Tensor, "n k"]:
    return a @ b


def passes_on(x: Float[Tensor, "3 5"], y: Float[Tensor, "5 7"]) -> None:
    pair = (x, y)
    reveal_shape(product(*pair))  # R: [3, 7]
    named = {"a": x, "b": y}
    reveal_shape(product(**named))  # R: [3, 7]
    product(*pair[::-1])  # E: [argument_error_shape_mismatch]
    product(**{"a": y, "b": x})  # E: [argument_error_shape_mismatch]


def wrapper(*args, **kwargs):
    return product(*args, **kwargs)


def through_wrapper(x: Float[Tensor, "3 5"], y: Float[Tensor, "5 7"]) -> None:
    reveal_shape(wrapper(x, y))  # R: [3, 7]
    reveal_shape(wrapper(x, b=y))  # R: [3, 7]
    wrapper(y, x)  # E: [argument_error_shape_mismatch] "must be 7, got 3"


def unknown_rest(x: Float[Tensor, "3 5"], *rest, **options) -> None:
    product(*rest)
    x @ product(x, *rest)
    product(x, **options)


class Stack(nn.Module):
    def __init__(self, *sizes: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(*[nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


def calls_stack(x: Float[Tensor, "2 3"]) -> None:
    reveal_shape(Stack(3, 5, 7)(x))  # R: [2, 7]
    Stack(5, 7)(x)  # E: [linear_error_in_features]


class Wide(nn.Linear):
    def __init__(self, d: int, *args, **kwargs) -> None:
        super().__init__(d, 4 * d, *args, **kwargs)


def calls_wide(x: Float[Tensor, "2 3"]) -> None:
    reveal_shape(Wide(3)(x))  # R: [2, 12]
    reveal_shape(Wide(3, bias=False)(x))  # R: [2, 12]
    Wide(5)(x)  # E: [linear_error_in_features]
