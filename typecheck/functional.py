"""nn.functional: layers as functions, activations, embeddings, padding, attention."""
# judge: torch

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor

from shapetorch import reveal_shape


def linear(x: Float[Tensor, "b t d"], w: Float[Tensor, "e d"], bias: Float[Tensor, "e"]) -> None:
    reveal_shape(F.linear(x, w, bias))  # R: [b, t, e]
    reveal_shape(F.linear(x[0, 0], w))  # R: [e]
    reveal_shape(F.bilinear(x, x, torch.zeros(5, x.size(2), x.size(2))))  # R: [b, t, 5]


def linear_of_another_size(x: Float[Tensor, "b d"], w: Float[Tensor, "d e"]) -> None:
    F.linear(x, w)  # E: [matmul_error_inner_dimensions_do_not_match] "got d and e"


def bias_of_another_size(x: Float[Tensor, "b d"], w: Float[Tensor, "e d"]) -> None:
    F.linear(x, w, x[0])  # E: [broadcast_error_incompatible_dimensions] "bias must fit"


def convolved(
    x: Float[Tensor, "b 3 h w"], k: Float[Tensor, "c 3 3 3"], s: Float[Tensor, "b 3 t"]
) -> None:
    reveal_shape(F.conv2d(x, k, padding=1))  # R: [b, c, h, w]
    reveal_shape(F.conv2d(x, k))  # R: [b, c, h - 2, w - 2]
    reveal_shape(F.conv2d(x, k, padding="same"))  # R: [b, c, h, w]
    reveal_shape(F.conv1d(s, k[:, :, 0]))  # R: [b, c, t - 2]
    reveal_shape(F.conv3d(x[:, :, None], k[:, :, None]))  # R: [b, c, 1, h - 2, w - 2]
    reveal_shape(F.conv_transpose2d(x, k.transpose(0, 1), stride=2))  # R: [b, c, 2*h + 1, 2*w + 1]
    reveal_shape(F.conv_transpose1d(s, k[:3, :, 0], stride=3))  # R: [b, 3, 3*t]


def channels_differ(x: Float[Tensor, "b 4 h w"], k: Float[Tensor, "c 3 3 3"]) -> None:
    F.conv2d(x, k)  # E: [conv_error_channel_mismatch] "4"


def convolved_vector(x: Float[Tensor, "t"], k: Float[Tensor, "c 3 3"]) -> None:
    F.conv1d(x, k)  # E: [conv_error_rank]


def kernel_too_large(x: Float[Tensor, "b 3 5 5"], k: Float[Tensor, "c 3 7 7"]) -> None:
    F.conv2d(x, k)  # E: [conv_error_empty_output]


def pooled(x: Float[Tensor, "b c 2*h 2*w"], s: Float[Tensor, "b c t"]) -> None:
    reveal_shape(F.max_pool2d(x, 2))  # R: [b, c, h, w]
    reveal_shape(F.avg_pool2d(x, kernel_size=2, stride=2))  # R: [b, c, h, w]
    reveal_shape(F.max_pool2d(x, 3, stride=1, padding=1))  # R: [b, c, 2*h, 2*w]
    reveal_shape(F.adaptive_avg_pool2d(x, 1))  # R: [b, c, 1, 1]
    reveal_shape(F.adaptive_max_pool2d(x, (3, 5)))  # R: [b, c, 3, 5]
    reveal_shape(F.avg_pool1d(s, 3, 1))  # R: [b, c, t - 2]
    reveal_shape(F.lp_pool2d(x, 2, 2))  # R: [b, c, h, w]
    pooled, indices = F.max_pool2d(x, 2, return_indices=True)
    reveal_shape(indices)  # R: [b, c, h, w]
    reveal_shape(F.max_unpool2d(pooled, indices, [2, 2]))  # R: [b, c, 2*h, 2*w]
    reveal_shape(F.fractional_max_pool2d(x, 2, output_size=(5, 7)))  # R: [b, c, 5, 7]
    reveal_shape(F.max_pool1d(s, 2, ceil_mode=True))  # R: [b, c, (t + 1)//2]


def pooled_too_small(x: Float[Tensor, "b c 2 2"]) -> None:
    F.max_pool2d(x, 3)  # E: [pool_error_empty_output]


def pooled_with_too_much_padding(x: Float[Tensor, "b c h w"]) -> None:
    F.max_pool2d(x, 2, padding=2)  # E: [pool_error_padding]


def pooled_volumes(x: Float[Tensor, "b c t h w"]) -> None:
    F.avg_pool2d(x, 2)  # E: [pool_error_rank]


def normalized(
    x: Float[Tensor, "b c h w"], y: Float[Tensor, "b t d"], g: Float[Tensor, "d"]
) -> None:
    reveal_shape(F.layer_norm(y, (y.size(-1),), g, g))  # R: [b, t, d]
    reveal_shape(F.rms_norm(y, (y.size(-1),), g))  # R: [b, t, d]
    reveal_shape(F.batch_norm(x, None, None, training=True))  # R: [b, c, h, w]
    reveal_shape(F.instance_norm(x))  # R: [b, c, h, w]
    reveal_shape(F.group_norm(x[:, :4], 2))  # R: [b, min(4, c), h, w]
    reveal_shape(F.local_response_norm(x, 3))  # R: [b, c, h, w]
    reveal_shape(F.normalize(y, dim=-1))  # R: [b, t, d]


def normalized_over_another_size(x: Float[Tensor, "b t d"]) -> None:
    F.layer_norm(x, (x.size(1),))  # E: [norm_error_shape_mismatch]


def weight_of_another_size(x: Float[Tensor, "b t d"], g: Float[Tensor, "t"]) -> None:
    F.layer_norm(x, (x.size(2),), g)  # E: [norm_error_shape_mismatch]


def groups_that_do_not_divide(x: Float[Tensor, "b 10 h w"]) -> None:
    F.group_norm(x, 4)  # E: [norm_error_groups]


def activations(x: Float[Tensor, "b t 2*d"]) -> None:
    reveal_shape(F.relu(x))  # R: [b, t, 2*d]
    reveal_shape(F.gelu(F.silu(x), approximate="tanh"))  # R: [b, t, 2*d]
    reveal_shape(F.softmax(x, dim=-1))  # R: [b, t, 2*d]
    reveal_shape(x.softmax(1).log_softmax(-1))  # R: [b, t, 2*d]
    reveal_shape(F.glu(x))  # R: [b, t, d]
    reveal_shape(F.dropout(x, 0.1, training=False))  # R: [b, t, 2*d]
    reveal_shape(F.gumbel_softmax(x, hard=True))  # R: [b, t, 2*d]
    reveal_shape(F.leaky_relu(x, 0.2).clamp(0))  # R: [b, t, 2*d]
    reveal_shape(F.prelu(x, torch.tensor([0.25])))  # R: [b, t, 2*d]


def softmax_beyond(x: Float[Tensor, "b t"]) -> None:
    F.softmax(x, dim=2)  # E: [softmax_error_dim_out_of_range] "2"


def log_softmax_beyond(x: Float[Tensor, "b t"]) -> None:
    x.log_softmax(-3)  # E: [softmax_error_dim_out_of_range]


def glu_of_an_odd_size(x: Float[Tensor, "b 5"]) -> None:
    F.glu(x)  # E: [glu_error_odd_size] "5"


def embedded(i: Int[Tensor, "b t"], w: Float[Tensor, "v d"]) -> None:
    reveal_shape(F.embedding(i, w))  # R: [b, t, d]
    reveal_shape(F.embedding_bag(i, w))  # R: [b, d]
    reveal_shape(F.embedding_bag(i[0], w, offsets=i[:, 0]))  # R: [b, d]
    reveal_shape(F.one_hot(i, num_classes=10))  # R: [b, t, 10]
    reveal_shape(F.one_hot(i))  # R: [b, t, ?]


def table_of_rank_three(i: Int[Tensor, "b t"], w: Float[Tensor, "a v d"]) -> None:
    F.embedding(i, w)  # E: [embedding_error_shape]


def bag_of_rank_three(i: Int[Tensor, "a b t"], w: Float[Tensor, "v d"]) -> None:
    F.embedding_bag(i, w)  # E: [embedding_bag_error_requires_2d_input]


def padded(x: Float[Tensor, "b c h w"], n: int) -> None:
    reveal_shape(F.pad(x, (1, 1)))  # R: [b, c, h, w + 2]
    reveal_shape(F.pad(x, (0, 1, n, n)))  # R: [b, c, h + 2*n, w + 1]
    reveal_shape(F.pad(x, [1] * 4, mode="reflect"))  # R: [b, c, h + 2, w + 2]
    reveal_shape(F.pad(x, (0, -1), value=1.0))  # R: [b, c, h, w - 1]


def padded_by_an_odd_number(x: Float[Tensor, "b c"]) -> None:
    F.pad(x, (1, 1, 1))  # E: [padding_error_length]


def padded_beyond(x: Float[Tensor, "b"]) -> None:
    F.pad(x, (1, 1, 1, 1))  # E: [padding_error_length]


def reflected_too_far(x: Float[Tensor, "b c 3"]) -> None:
    F.pad(x, (3, 3), mode="reflect")  # E: [padding_error_too_large]


def resized(x: Float[Tensor, "b 4*c h w"]) -> None:
    reveal_shape(F.interpolate(x, scale_factor=2))  # R: [b, 4*c, 2*h, 2*w]
    reveal_shape(F.interpolate(x, size=(7, 5), mode="bilinear"))  # R: [b, 4*c, 7, 5]
    reveal_shape(F.interpolate(x, size=x.shape[-2:]))  # R: [b, 4*c, h, w]
    reveal_shape(F.pixel_shuffle(x, 2))  # R: [b, c, 2*h, 2*w]
    reveal_shape(F.pixel_unshuffle(F.pixel_shuffle(x, 2), 2))  # R: [b, 4*c, h, w]
    reveal_shape(F.channel_shuffle(x, 4))  # R: [b, 4*c, h, w]
    reveal_shape(F.upsample(x, scale_factor=3))  # R: [b, 4*c, 3*h, 3*w]
    grid = F.affine_grid(torch.zeros(x.size(0), 2, 3), [x.size(0), 1, 5, 7])
    reveal_shape(grid)  # R: [b, 5, 7, 2]
    reveal_shape(F.grid_sample(x, grid))  # R: [b, 4*c, 5, 7]


def size_and_scale(x: Float[Tensor, "b c h w"]) -> None:
    F.interpolate(x, size=5, scale_factor=2)  # E: [interpolate_error_size]


def shuffled_channels(x: Float[Tensor, "b 6 h w"]) -> None:
    F.pixel_shuffle(x, 2)  # E: [pixel_shuffle_error_channels]


def grid_of_another_batch(x: Float[Tensor, "b c h w"], grid: Float[Tensor, "a 5 5 2"]) -> None:
    F.grid_sample(x, grid)  # E: [grid_error_shape]


def columns(x: Float[Tensor, "b c 8 10"]) -> None:
    blocks = F.unfold(x, kernel_size=2, stride=2)
    reveal_shape(blocks)  # R: [b, 4*c, 20]
    reveal_shape(F.fold(blocks, (8, 10), kernel_size=2, stride=2))  # R: [b, c, 8, 10]


def folded_to_another_size(x: Float[Tensor, "b 12 20"]) -> None:
    F.fold(x, (8, 8), kernel_size=2, stride=2)  # E: [fold_error_size]


def attention(
    q: Float[Tensor, "b h t d"], k: Float[Tensor, "b h s d"], v: Float[Tensor, "b h s e"]
) -> None:
    reveal_shape(F.scaled_dot_product_attention(q, k, v))  # R: [b, h, t, e]
    reveal_shape(F.scaled_dot_product_attention(q, q, q, is_causal=True))  # R: [b, h, t, d]
    mask = torch.ones(q.size(2), k.size(2), dtype=torch.bool)
    reveal_shape(F.scaled_dot_product_attention(q, k, v, attn_mask=mask))  # R: [b, h, t, e]


def keys_of_another_size(q: Float[Tensor, "b h t d"], k: Float[Tensor, "b h s e"]) -> None:
    F.scaled_dot_product_attention(q, k, k)  # E: [attention_error_shape]


def transposed_mask(
    q: Float[Tensor, "b h t d"], k: Float[Tensor, "b h s d"], m: Float[Tensor, "s t"]
) -> None:
    F.scaled_dot_product_attention(q, k, k, m)  # E: [attention_error_mask_shape]


def similar(x: Float[Tensor, "b t d"], y: Float[Tensor, "b t d"]) -> None:
    reveal_shape(F.cosine_similarity(x, y, dim=-1))  # R: [b, t]
    reveal_shape(F.cosine_similarity(x[:, :, None], y[:, None], dim=-1))  # R: [b, t, t]
    reveal_shape(F.pairwise_distance(x, y))  # R: [b, t]


def similar_to_another_size(x: Float[Tensor, "b d"], y: Float[Tensor, "b e"]) -> None:
    F.cosine_similarity(x, y)  # E: [broadcast_error_incompatible_dimensions]
