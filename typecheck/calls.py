"""Calls of annotated functions: names are instantiated afresh, arguments and results compared."""

import functools

import torch
from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor


def project(x: Float[Tensor, "b d"], w: Float[Tensor, "d n"]) -> Float[Tensor, "b n"]:
    return x @ w


def swap(x: Float[Tensor, "a b"]) -> Float[Tensor, "b a"]:
    return x.T


def afresh(x: Float[Tensor, "2 3"], y: Float[Tensor, "3 5"], z: Float[Tensor, "5 7"]) -> None:
    reveal_shape(project(x, y))  # R: [2, 5]
    reveal_shape(project(y, z))  # R: [3, 7]
    reveal_shape(project(project(x, y), z))  # R: [2, 7]


def same_spelling_other_meaning(b: int, x: Float[Tensor, "b a"]) -> None:
    reveal_shape(swap(x))  # R: [a, b]
    reveal_shape(swap(swap(x)))  # R: [b, a]


def symbolic(x: Float[Tensor, "t c"], y: Float[Tensor, "c 2*c"]) -> None:
    reveal_shape(project(x, y))  # R: [t, 2*c]


def sizes_do_not_meet(x: Float[Tensor, "2 3"], z: Float[Tensor, "5 7"]) -> None:
    project(x, z)  # E: [argument_error_shape_mismatch] "project: argument 'w': axis 0 (d) must be 3, got 5 from [5, 7]"


def names_do_not_meet(x: Float[Tensor, "t c"], y: Float[Tensor, "k c"]) -> None:
    project(x, y)  # E: [argument_error_shape_mismatch] "must be c, got k"


def wrong_rank(x: Float[Tensor, "2 3 5"], w: Float[Tensor, "5 7"]) -> None:
    project(x, w)  # E: [argument_error_shape_mismatch] "argument 'x': rank must be 2, got 3"


def wrong_order(x: Float[Tensor, "2 3"], w: Float[Tensor, "3 5"]) -> None:
    project(w, x)  # E: [argument_error_shape_mismatch]


def by_keyword(x: Float[Tensor, "2 3"], w: Float[Tensor, "3 5"]) -> None:
    reveal_shape(project(w=w, x=x))  # R: [2, 5]
    project(w=x, x=w)  # E: [argument_error_shape_mismatch]


def unknown_argument(x: Tensor, w: Float[Tensor, "3 5"]) -> None:
    reveal_shape(project(x, w))  # R: [?, 5]
    project(w, x)


def wrong_result(x: Float[Tensor, "b t d"]) -> Float[Tensor, "b d"]:
    return x.mean(-1)  # E: [return_error_shape_mismatch] "axis 1 must be d, got t from [b, t]"


def wrong_on_one_path(x: Float[Tensor, "b d"], flip: bool) -> Float[Tensor, "b d"]:
    if flip:
        return x.T  # E: [return_error_shape_mismatch]
    return x


def several_results(x: Float[Tensor, "b d"]) -> tuple[Float[Tensor, "b"], Float[Tensor, "d"]]:
    return x.sum(1), x.sum(0)


def several_results_swapped(x: Float[Tensor, "b d"]) -> tuple[Float[Tensor, "b"], Float[Tensor, "d"]]:
    return x.sum(0), x.sum(1)  # E: [return_error_shape_mismatch]


def unpacked(x: Float[Tensor, "3 5"]) -> None:
    rows, columns = several_results(x)
    reveal_shape(rows)  # R: [3]
    reveal_shape(columns)  # R: [5]
    rows + columns  # E: [broadcast_error_incompatible_dimensions] "3 and 5"


def list_of_results(x: Float[Tensor, "b d"], n: int) -> list[Float[Tensor, "b d"]]:
    return [x for _ in range(n)]


def list_of_results_wrong(x: Float[Tensor, "b d"]) -> list[Float[Tensor, "b d"]]:
    return [x, x.T]  # E: [return_error_shape_mismatch]


def list_of_arguments(xs: list[Float[Tensor, "b d"]]) -> Float[Tensor, "n b d"]:
    return torch.stack(xs)


def passes_lists(x: Float[Tensor, "3 5"], y: Float[Tensor, "3 5 1"]) -> None:
    reveal_shape(list_of_arguments([x, x]))  # R: [2, 3, 5]
    list_of_arguments([x, y])  # E: [argument_error_shape_mismatch] "rank"


def partly_applied(w: Float[Tensor, "3 5"], x: Float[Tensor, "2 3"]) -> None:
    into = functools.partial(project, w=w)
    reveal_shape(into(x))  # R: [2, 5]
    into(w)  # E: [argument_error_shape_mismatch] "must be 5, got 3"


def integers_are_sizes(n: int, x: Float[Tensor, "n d"]) -> Float[Tensor, "n n"]:
    return x @ x.T


def passes_integers(x: Float[Tensor, "3 5"]) -> None:
    reveal_shape(integers_are_sizes(3, x))  # R: [3, 3]
    integers_are_sizes(7, x)  # E: [argument_error_shape_mismatch] "must be 7, got 3"


def no_arguments() -> Float[Tensor, "3 5"]:
    return torch.zeros(3, 5)


def of_no_arguments(x: Float[Tensor, "b 7"]) -> None:
    x @ no_arguments()  # E: [matmul_error_inner_dimensions_do_not_match] "7 and 3"


def recursive(x: Float[Tensor, "b d"], n: int) -> Float[Tensor, "b d"]:
    return x if n == 0 else recursive(x * 2, n - 1)


def recursive_wrong(x: Float[Tensor, "b d"], n: int) -> Float[Tensor, "b d"]:
    return x if n == 0 else recursive_wrong(x, n - 1).T  # E: [return_error_shape_mismatch]


async def fetched(x: Float[Tensor, "b d"]) -> Float[Tensor, "d b"]:
    return x  # E: [return_error_shape_mismatch]


async def awaits(x: Float[Tensor, "2 3"]) -> None:
    reveal_shape(await fetched(x))  # R: [3, 2]
    x + await fetched(x)  # E: [broadcast_error_incompatible_dimensions]
