"""Lists, tuples and dictionaries of tensors, written out or as comprehensions."""

import torch
import torch.nn as nn
from jaxtyping import Float
from shapetorch import reveal_shape
from torch import Tensor


def of_a_range(x: Float[Tensor, "b t"], n: int) -> None:
    reveal_shape(torch.stack([x for _ in range(3)]))  # R: [3, b, t]
    reveal_shape(torch.stack([x for _ in range(n)]))  # R: [n, b, t]
    reveal_shape(torch.cat([x[:, i : i + 1] for i in range(x.shape[1])], dim=1))  # R: [b, t]
    reveal_shape(torch.cat([x] * n, dim=1))  # R: [b, n*t]


def of_a_tensor(x: Float[Tensor, "t b d"]) -> None:
    reveal_shape(torch.stack([row.T for row in x]))  # R: [t, d, b]
    torch.stack([row @ row for row in x])  # E: [matmul_error_inner_dimensions_do_not_match] "d and b"


def of_chunks(x: Float[Tensor, "b 12"]) -> None:
    q, k, v = [part.view(-1, 2, 2) for part in x.chunk(3, dim=1)]
    reveal_shape(q)  # R: [b, 2, 2]
    a, b = (part for part in x.split(6, dim=1))
    reveal_shape(a + b)  # R: [b, 6]
    a @ b  # E: [matmul_error_inner_dimensions_do_not_match] "6 and b"


def of_lists(xs: list[Float[Tensor, "b d"]]) -> None:
    reveal_shape(torch.stack([x.T for x in xs]))  # R: [len(xs), d, b]
    reveal_shape([x.T for x in xs][0])  # R: [d, b]
    [x @ x for x in xs]  # E: [matmul_error_inner_dimensions_do_not_match] "d and b"


def with_a_condition(xs: list[Float[Tensor, "b d"] | None]) -> None:
    kept = [x for x in xs if x is not None]
    reveal_shape(kept[0])  # R: [b, d]
    torch.cat(kept)


def written_out(x: Float[Tensor, "3 5"]) -> None:
    pair = [x, x.T]
    reveal_shape(pair[0])  # R: [3, 5]
    reveal_shape(pair[-1])  # R: [5, 3]
    reveal_shape(pair[0] @ pair[1])  # R: [3, 3]
    pair[1] @ pair[1]  # E: [matmul_error_inner_dimensions_do_not_match]
    torch.cat(pair)  # E: [cat_error_size_mismatch]
    pair.append(x[0])
    reveal_shape(pair[2])  # R: [5]
    reveal_shape(torch.cat([*pair[:1], x]))  # R: [6, 5]


def several_shapes(x: Float[Tensor, "3 5"]) -> None:
    things = [x, x.T, x[0]]
    for thing in things:
        thing.sum()
    things.pop()
    things += [x]


def tables(x: Float[Tensor, "3 5"]) -> None:
    table = {"a": x, "b": x.T}
    reveal_shape(table["a"] @ table["b"])  # R: [3, 3]
    table["c"] = x[0]
    reveal_shape(table["c"])  # R: [5]
    turned = {key: value.T for key, value in {"a": x}.items()}
    reveal_shape(turned["a"])  # R: [5, 3]
    table["a"] @ table["a"]  # E: [matmul_error_inner_dimensions_do_not_match]
    for value in table.values():
        value.sum()


def tuples(x: Float[Tensor, "3 5"]) -> None:
    a, (b, c) = x, (x.T, x[0])
    reveal_shape(b @ a)  # R: [5, 5]
    first, *others = (x, x.T, x.T)
    reveal_shape(torch.stack(others))  # R: [2, 5, 3]
    b + c  # E: [broadcast_error_incompatible_dimensions]


def sums(xs: list[Float[Tensor, "b d"]], x: Float[Tensor, "3 5"]) -> None:
    reveal_shape(sum([x, x]))  # R: [3, 5]
    reveal_shape(torch.cat([len(xs) * [x]][0]))  # R: [3*len(xs), 5]


def layers(sizes: list[int], x: Float[Tensor, "b 3"]) -> None:
    widths = [3, 5, 7]
    net = nn.Sequential(*[nn.Linear(a, b) for a, b in zip(widths[:-1], widths[1:])])
    reveal_shape(net(x))  # R: [b, 7]
    other = nn.Sequential(*[nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:])])
    other(x) @ other(x)


def mapped(x: Float[Tensor, "3 5"]) -> None:
    a, b = map(lambda t: t.T, (x, x))
    reveal_shape(a)  # R: [5, 3]
    a @ b  # E: [matmul_error_inner_dimensions_do_not_match] "3 and 5"
