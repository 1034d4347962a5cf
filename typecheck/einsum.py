"""Einsum: strings, sublists, ellipses, repeated indices, and each way to be wrong."""
# judge: torch

import torch
from jaxtyping import Float
from torch import Tensor, einsum

from shapetorch import reveal_shape


def attention(q: Float[Tensor, "b h t d"], k: Float[Tensor, "b h s d"]) -> None:
    scores = einsum("bhtd,bhsd->bhts", q, k)
    reveal_shape(scores)  # R: [b, h, t, s]
    reveal_shape(torch.einsum("bhts, bhsd -> bhtd", scores, k))  # R: [b, h, t, d]
    reveal_shape(torch.einsum("bhtd,bhsd->bhts", [q, k]))  # R: [b, h, t, s]


def implicit_output(a: Float[Tensor, "n k"], b: Float[Tensor, "k m"]) -> None:
    reveal_shape(torch.einsum("ij,jk", a, b))  # R: [n, m]
    reveal_shape(torch.einsum("ba", a))  # R: [k, n]
    reveal_shape(torch.einsum("ij,ij", a, a))  # R: []


def reductions(a: Float[Tensor, "n k"]) -> None:
    reveal_shape(torch.einsum("ij->", a))  # R: []
    reveal_shape(torch.einsum("ij->j", a))  # R: [k]
    reveal_shape(torch.einsum("ij->ji", a))  # R: [k, n]


def repeated_index(a: Float[Tensor, "n n"], b: Float[Tensor, "b n n"]) -> None:
    reveal_shape(torch.einsum("ii", a))  # R: []
    reveal_shape(torch.einsum("ii->i", a))  # R: [n]
    reveal_shape(torch.einsum("bii->bi", b))  # R: [b, n]


def ellipsis(
    x: Float[Tensor, "*batch t d"], w: Float[Tensor, "d e"], y: Float[Tensor, "a b c"]
) -> None:
    reveal_shape(torch.einsum("...d,de->...e", x, w))  # R: [*batch, t, e]
    reveal_shape(torch.einsum("...td,...sd->...ts", x, x))  # R: [*batch, t, t]
    reveal_shape(torch.einsum("...c->...", y))  # R: [a, b]
    reveal_shape(torch.einsum("i...,i...->...", y, y))  # R: [b, c]
    reveal_shape(torch.einsum("...ij->...ji", y))  # R: [a, c, b]


def sublists(a: Float[Tensor, "n k"], b: Float[Tensor, "k m"]) -> None:
    reveal_shape(torch.einsum(a, [0, 1], b, [1, 2], [0, 2]))  # R: [n, m]
    reveal_shape(torch.einsum(a, [0, 1], [1, 0]))  # R: [k, n]
    reveal_shape(torch.einsum(a, [..., 0], [0, ...]))  # R: [k, n]
    reveal_shape(torch.einsum(a, [0, 1], b, [1, 2]))  # R: [n, m]


def ones_broadcast(a: Float[Tensor, "n 1"], b: Float[Tensor, "n k"]) -> None:
    reveal_shape(torch.einsum("ij,ij->ij", a, b))  # R: [n, k]


def three_operands(
    a: Float[Tensor, "i j"], b: Float[Tensor, "j k"], c: Float[Tensor, "k l"]
) -> None:
    reveal_shape(torch.einsum("ij,jk,kl->il", a, b, c))  # R: [i, l]


def sizes_differ(q: Float[Tensor, "b t d"], k: Float[Tensor, "b s e"]) -> None:
    torch.einsum("btd,bsd->bts", q, k)  # E: [einsum_error_dimension_mismatch] "d"


def swapped_operand(a: Float[Tensor, "n k"], b: Float[Tensor, "m k"]) -> None:
    torch.einsum("ij,jk->ik", a, b)  # E: [einsum_error_dimension_mismatch] "k and m"


def repeated_index_of_two_sizes(a: Float[Tensor, "n k"]) -> None:
    torch.einsum("ii->i", a)  # E: [einsum_error_dimension_mismatch]


def ellipses_that_do_not_broadcast(x: Float[Tensor, "a d"], y: Float[Tensor, "b d"]) -> None:
    torch.einsum("...d,...d->...", x, y)  # E: [einsum_error_dimension_mismatch]


def too_many_subscripts(x: Float[Tensor, "b d"]) -> None:
    torch.einsum("btd->bt", x)  # E: [einsum_error_subscript_rank_mismatch] "btd"


def too_few_subscripts(x: Float[Tensor, "b t d"], w: Float[Tensor, "d e"]) -> None:
    torch.einsum("bd,de->be", x, w)  # E: [einsum_error_subscript_rank_mismatch]


def operand_missing(x: Float[Tensor, "b d"]) -> None:
    torch.einsum("bd,de->be", x)  # E: [einsum_error_operand_count_mismatch]


def operand_too_many(x: Float[Tensor, "b d"]) -> None:
    torch.einsum("bd->b", x, x)  # E: [einsum_error_operand_count_mismatch]


def output_from_nowhere(x: Float[Tensor, "b d"]) -> None:
    torch.einsum("bd->be", x)  # E: [einsum_error_unknown_output_index] "e"


def bad_letter(x: Float[Tensor, "b d"]) -> None:
    torch.einsum("b1->b", x)  # E: [einsum_error_invalid_equation]


def output_twice(x: Float[Tensor, "b d"]) -> None:
    torch.einsum("bd->bb", x)  # E: [einsum_error_invalid_equation]


def sublist_out_of_range(x: Float[Tensor, "b d"]) -> None:
    torch.einsum(x, [0, 52], [0])  # E: [einsum_error_index_out_of_range] "52"


def sublist_with_a_letter(x: Float[Tensor, "b d"]) -> None:
    torch.einsum(x, [0, "d"], [0])  # E: [einsum_error_invalid_sublist_element]


def sublist_of_another_rank(x: Float[Tensor, "b d"]) -> None:
    torch.einsum(x, [0, 1, 2], [0])  # E: [einsum_error_subscript_rank_mismatch]
