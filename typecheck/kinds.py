"""Error kinds that no other program here shows, each by its shortest example."""
# judge: torch

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn

from shapetorch import reveal_shape


def dimension_size(x: Float[Tensor, "n 3"]) -> None:
    torch.view_as_complex(x)  # E: [dimension_error_size]


def missing_dim(c: Float[Tensor, "b n k"], x: Float[Tensor, "n k"]) -> None:
    torch.baddbmm(c, c, x)  # E: [rank_error_missing_dim]


def nested_unevenly() -> None:
    torch.tensor([1, [2]])  # E: [creation_error_depth]


def transform_of_nothing(x: Float[Tensor, "n"]) -> None:
    torch.fft.fft(x, n=0)  # E: [fft_error_size]


def gradient_of_one_point(x: Float[Tensor, "1 n"]) -> None:
    torch.gradient(x)  # E: [gradient_error_size]


def groups_of_channels(x: Float[Tensor, "b 6 h w"]) -> None:
    F.channel_shuffle(x, 4)  # E: [conv_error_groups]


def bias_of_a_convolution(x: Float[Tensor, "b 4 h"], k: Float[Tensor, "6 4 3"]) -> None:
    F.conv1d(x, k, torch.zeros(4))  # E: [conv_error_bias]


def weights_of_a_bag(i: Int[Tensor, "b t"], w: Float[Tensor, "v d"]) -> None:
    weighted = F.embedding_bag
    weighted(i, w, per_sample_weights=w, mode="sum")  # E: [embedding_bag_error_sample_weights]


def padding_mode() -> None:
    nn.Conv2d(3, 8, 3, padding_mode="mirror")  # E: [layer_error_argument] # M: [arg-type]


def even_kernel_with_a_stride() -> None:
    nn.Conv2d(3, 8, 3, stride=2, padding="same")  # E: [layer_error_argument]


def unpooled_by_other_indices(x: Float[Tensor, "b c 4 4"], i: Int[Tensor, "b c 2 2"]) -> None:
    F.max_unpool2d(x, i, [2, 2])  # E: [pool_error_indices]


def unpooled_to_another_size(x: Float[Tensor, "b c 4 4"], i: Int[Tensor, "b c 4 4"]) -> None:
    F.max_unpool2d(x, i, [2, 2], output_size=(20, 20))  # E: [pool_error_output_size]


def one_value_for_each_channel() -> None:
    F.batch_norm(torch.zeros(1, 8), None, None, training=True)  # E: [norm_error_single_value]


def channels_of_an_instance_norm(x: Float[Tensor, "b 8 h"]) -> None:
    nn.InstanceNorm1d(4, affine=True)(x)  # E: [norm_error_feature_count]


def nothing_to_reflect(x: Float[Tensor, "b 0 3"]) -> None:
    F.pad(x, (1, 1), mode="reflect")  # E: [padding_error_empty]


def affine_of_another_shape(theta: Float[Tensor, "b 3 3"]) -> None:
    F.affine_grid(theta, [2, 1, 5, 5])  # E: [affine_error_shape]


def rank_of_a_sequence(x: Float[Tensor, "a b t 8"]) -> None:
    nn.GRU(8, 16)(x)  # E: [recurrent_error_rank]


def one_state_for_an_lstm(x: Float[Tensor, "t b 8"]) -> None:
    h = torch.zeros(1, x.size(1), 16)
    nn.LSTM(8, 16)(x, (h, h))
    nn.LSTM(8, 16)(x, (h, h, h))  # E: [recurrent_error_state_count]


def rank_of_a_mask(q: Float[Tensor, "b h t d"], m: Float[Tensor, "t"]) -> None:
    F.scaled_dot_product_attention(q, q, q, m)  # E: [attention_error_mask_rank]


def window_of_another_size(x: Float[Tensor, "t"]) -> None:
    torch.stft(x, 64, window=torch.ones(32), return_complex=True)  # E: [window_error_size]


def rank_of_a_layer(x: Float[Tensor, "b c"]) -> None:
    nn.CircularPad2d(1)(x)  # E: [layer_error_rank]
    reveal_shape(nn.Softmax2d()(x[:, :, None]))  # R: [b, c, 1]
