"""einops: rearrange, reduce, repeat, einsum, pack, unpack, layers, and each way to be wrong."""
# judge: torch

import torch
from einops import einsum, pack, rearrange, reduce, repeat, unpack
from einops.layers.torch import Rearrange, Reduce
from jaxtyping import Float
from torch import Tensor, nn

from shapetorch import reveal_shape


def rearranged(x: Float[Tensor, "b t h*d"], y: Float[Tensor, "b c 4*h 4*w"]) -> None:
    reveal_shape(rearrange(y, "b c h w -> b h w c"))  # R: [b, 4*h, 4*w, c]
    reveal_shape(rearrange(y, "b c (h p) (w q) -> b (h w) (p q c)", p=4, q=4))  # R: [b, h*w, 16*c]
    reveal_shape(rearrange(y, "b c h w -> (b c) h w"))  # R: [b*c, 4*h, 4*w]
    reveal_shape(rearrange(y, "b ... -> b (...)"))  # R: [b, 16*c*h*w]
    reveal_shape(rearrange(x, "... d -> d ..."))  # R: [d*h, b, t]
    reveal_shape(rearrange(x, "b t d -> b 1 t d"))  # R: [b, 1, t, d*h]
    reveal_shape(rearrange([x, x], "n b t d -> b n t d"))  # R: [b, 2, t, d*h]


def into_heads(x: Float[Tensor, "b t 8*d"]) -> None:
    q, k = rearrange(x, "b t (h d) -> b h t d", h=8), rearrange(x, "b t (d h) -> h b t d", h=8)
    reveal_shape(q)  # R: [b, 8, t, d]
    reveal_shape(k)  # R: [8, b, t, d]
    reveal_shape(rearrange(q, "b h t d -> b t (h d)"))  # R: [b, t, 8*d]


def reduced(x: Float[Tensor, "b c 2*h 2*w"]) -> None:
    reveal_shape(reduce(x, "b c h w -> b c", "mean"))  # R: [b, c]
    reveal_shape(reduce(x, "b c (h 2) (w 2) -> b c h w", "max"))  # R: [b, c, h, w]
    reveal_shape(reduce(x, "b c h w -> 1 c 1 1", "sum"))  # R: [1, c, 1, 1]
    reveal_shape(reduce(x, "b ... -> b", "sum"))  # R: [b]


def repeated(x: Float[Tensor, "h w"], n: int) -> None:
    reveal_shape(repeat(x, "h w -> h w c", c=3))  # R: [h, w, 3]
    reveal_shape(repeat(x, "h w -> (2 h) w"))  # R: [2*h, w]
    reveal_shape(repeat(x, "h w -> n h w", n=n))  # R: [n, h, w]
    reveal_shape(repeat(x, "h w -> h (w k)", k=n))  # R: [h, n*w]


def summed(q: Float[Tensor, "b t d"], k: Float[Tensor, "b s d"]) -> None:
    reveal_shape(einsum(q, k, "b t d, b s d -> b t s"))  # R: [b, t, s]
    reveal_shape(einsum(q, "... d -> ..."))  # R: [b, t]


def packed(x: Float[Tensor, "b h w c"], token: Float[Tensor, "b c"]) -> None:
    tokens, shapes = pack([token, x], "b * c")
    reveal_shape(tokens)  # R: [b, h*w + 1, c]
    first, image = unpack(tokens, shapes, "b * c")
    reveal_shape(first)  # R: [b, c]
    reveal_shape(image)  # R: [b, h, w, c]


def layers(x: Float[Tensor, "b c 4*h 4*w"]) -> None:
    split = Rearrange("b c (h p) (w q) -> b (h w) (p q c)", p=4, q=4)
    reveal_shape(split(x))  # R: [b, h*w, 16*c]
    net = nn.Sequential(Reduce("b c h w -> b c", "mean"), Rearrange("b c -> c b"))
    reveal_shape(net(x))  # R: [c, b]


def rows(x: Float[Tensor, "*batch d"]) -> None:
    reveal_shape(rearrange(x, "... d -> ... 1 d"))  # R: [*batch, 1, d]
    reveal_shape(repeat(x, "... d -> ... d k", k=3))  # R: [*batch, d, 3]
    reveal_shape(reduce(x, "... d -> ...", "sum"))  # R: [*batch]


def not_divisible(x: Float[Tensor, "b 10"]) -> None:
    rearrange(x, "b (h d) -> b h d", h=4)  # E: [einops_error_dimension_mismatch] "divisible by 4"


def factors_of_another_product(x: Float[Tensor, "b 12"]) -> None:
    rearrange(x, "b (h d) -> b h d", h=4, d=4)  # E: [einops_error_dimension_mismatch] "16"


def axis_of_two_sizes(x: Float[Tensor, "n m"]) -> None:
    rearrange(x, "a b -> b a", a=3, b=x.size(0))  # E: [einops_error_dimension_mismatch]


def einsum_of_two_sizes(x: Float[Tensor, "n m"]) -> None:
    einsum(x, x, "i j, j k -> i k")  # E: [einsum_error_dimension_mismatch]


def number_in_the_pattern(x: Float[Tensor, "b c"]) -> None:
    rearrange(x, "b 3 -> b")  # E: [einops_error_invalid_pattern] "3"


def one_where_the_size_is_not(x: Float[Tensor, "b c"]) -> None:
    rearrange(x, "b 1 -> b")  # E: [einops_error_dimension_mismatch]


def new_number_in_the_output(x: Float[Tensor, "b c"]) -> None:
    rearrange(x, "b c -> b c 3")  # E: [einops_error_anonymous_in_output]


def rank_differs(x: Float[Tensor, "b c"]) -> None:
    rearrange(x, "b h w -> b (h w)")  # E: [einops_error_invalid_pattern]


def no_arrow(x: Float[Tensor, "b c"]) -> None:
    rearrange(x, "b c")  # E: [einops_error_invalid_pattern]


def axis_twice(x: Float[Tensor, "b c"]) -> None:
    rearrange(x, "b b -> b")  # E: [einops_error_invalid_pattern]


def parenthesis_open(x: Float[Tensor, "b c"]) -> None:
    rearrange(x, "b c -> (b c")  # E: [einops_error_invalid_pattern]


def axis_lost(x: Float[Tensor, "b c"]) -> None:
    rearrange(x, "b c -> b")  # E: [einops_error_undefined_axis] "c"


def axis_from_nowhere(x: Float[Tensor, "b c"]) -> None:
    rearrange(x, "b c -> b c d")  # E: [einops_error_undefined_axis] "d"


def length_of_an_unused_axis(x: Float[Tensor, "b c"]) -> None:
    rearrange(x, "b c -> c b", h=3)  # E: [einops_error_undefined_axis] "h"


def reduced_to_a_new_axis(x: Float[Tensor, "b c"]) -> None:
    reduce(x, "b c -> b d", "sum")  # E: [einops_error_reduce_undefined_output] "d"


def unknown_reduction(x: Float[Tensor, "b c"]) -> None:
    reduce(x, "b c -> b", "average")  # E: [argument_error_value] "average"


def repeated_without_a_size(x: Float[Tensor, "b c"]) -> None:
    repeat(x, "b c -> b c k")  # E: [einops_error_repeat_missing_size] "k"


def two_unknown_axes(x: Float[Tensor, "b c"]) -> None:
    rearrange(x, "b (h w) -> b h w")  # E: [einops_error_ambiguous_decomposition]


def pack_without_a_star(x: Float[Tensor, "b c"]) -> None:
    pack([x, x], "b c")  # E: [einops_error_invalid_pattern]


def pack_of_other_sizes(x: Float[Tensor, "b c"], y: Float[Tensor, "a c"]) -> None:
    pack([x, y], "b *")  # E: [einops_error_dimension_mismatch] "got b and a"


def layer_of_another_rank(x: Float[Tensor, "b c"]) -> None:
    Rearrange("b c h w -> b h w c")(x)  # E: [einops_error_invalid_pattern]
