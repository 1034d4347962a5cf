"""Layers of torch.nn, built and called: linear, convolution, pooling, norms, embeddings, recurrent, attention."""
# judge: torch

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from shapetorch import reveal_shape


def linear(x: Float[Tensor, "b t 512"], y: Float[Tensor, "b d"], d: int) -> None:
    reveal_shape(nn.Linear(512, 10)(x))  # R: [b, t, 10]
    reveal_shape(nn.Linear(512, d, bias=False)(x))  # R: [b, t, d]
    reveal_shape(nn.LazyLinear(7)(x))  # R: [b, t, 7]
    reveal_shape(nn.Bilinear(512, 512, 3)(x, x))  # R: [b, t, 3]
    reveal_shape(nn.Identity()(x))  # R: [b, t, 512]
    reveal_shape(nn.Linear(512, 10).weight)  # R: [10, 512]
    reveal_shape(nn.Linear(512, d).bias)  # R: [d]


def convolutions(x: Float[Tensor, "b 3 h w"], s: Float[Tensor, "b 8 t"]) -> None:
    reveal_shape(nn.Conv2d(3, 16, 3, padding=1)(x))  # R: [b, 16, h, w]
    reveal_shape(nn.Conv2d(3, 16, kernel_size=4, stride=4)(x))  # R: [b, 16, h//4, w//4]
    reveal_shape(nn.Conv2d(3, 16, (3, 1))(x))  # R: [b, 16, h - 2, w]
    reveal_shape(nn.Conv2d(3, 6, 3, padding="same", groups=3)(x))  # R: [b, 6, h, w]
    reveal_shape(nn.Conv1d(8, 4, 3, dilation=2)(s))  # R: [b, 4, t - 4]
    reveal_shape(nn.Conv3d(3, 5, 1)(x[:, :, None]))  # R: [b, 5, 1, h, w]
    reveal_shape(nn.ConvTranspose2d(3, 16, 2, stride=2)(x))  # R: [b, 16, 2*h, 2*w]
    reveal_shape(nn.ConvTranspose1d(8, 4, 4, stride=2, padding=1)(s))  # R: [b, 4, 2*t]
    reveal_shape(nn.LazyConv2d(7, 1)(x))  # R: [b, 7, h, w]
    reveal_shape(nn.Conv2d(3, 16, 3).weight)  # R: [16, 3, 3, 3]
    reveal_shape(nn.Conv2d(3, 16, 1)(x[0]))  # R: [16, h, w]


def pools(x: Float[Tensor, "b c 2*h 2*w"], s: Float[Tensor, "b c t"]) -> None:
    reveal_shape(nn.MaxPool2d(2)(x))  # R: [b, c, h, w]
    reveal_shape(nn.AvgPool2d(2, stride=2)(x))  # R: [b, c, h, w]
    reveal_shape(nn.AdaptiveAvgPool2d((1, 1))(x))  # R: [b, c, 1, 1]
    reveal_shape(nn.AdaptiveMaxPool1d(5)(s))  # R: [b, c, 5]
    reveal_shape(nn.LPPool1d(2, 3, stride=1)(s))  # R: [b, c, t - 2]
    reveal_shape(nn.FractionalMaxPool2d(2, output_size=3)(x))  # R: [b, c, 3, 3]
    pooled, indices = nn.MaxPool2d(2, return_indices=True)(x)
    reveal_shape(nn.MaxUnpool2d(2)(pooled, indices))  # R: [b, c, 2*h, 2*w]


def norms(x: Float[Tensor, "b 8 h w"], y: Float[Tensor, "b t d"], d: int) -> None:
    reveal_shape(nn.BatchNorm2d(8)(x))  # R: [b, 8, h, w]
    reveal_shape(nn.GroupNorm(4, 8)(x))  # R: [b, 8, h, w]
    reveal_shape(nn.InstanceNorm2d(8)(x))  # R: [b, 8, h, w]
    reveal_shape(nn.LayerNorm(y.size(2))(y))  # R: [b, t, d]
    reveal_shape(nn.LayerNorm([8, x.size(2), x.size(3)])(x))  # R: [b, 8, h, w]
    reveal_shape(nn.RMSNorm(y.size(2))(y))  # R: [b, t, d]
    reveal_shape(nn.LocalResponseNorm(2)(x))  # R: [b, 8, h, w]
    reveal_shape(nn.BatchNorm1d(8).running_mean)  # R: [8]
    reveal_shape(nn.LazyBatchNorm2d()(x))  # R: [b, 8, h, w]


def embeddings(i: Int[Tensor, "b t"], d: int) -> None:
    table = nn.Embedding(100, d, padding_idx=0)
    reveal_shape(table(i))  # R: [b, t, d]
    reveal_shape(table.weight)  # R: [100, d]
    reveal_shape(nn.EmbeddingBag(100, 16)(i))  # R: [b, 16]
    reveal_shape(nn.EmbeddingBag(100, 16, mode="sum")(i[0], i[:, 0]))  # R: [b, 16]


def activations(x: Float[Tensor, "b 2*d"]) -> None:
    reveal_shape(nn.ReLU()(nn.GELU()(x)))  # R: [b, 2*d]
    reveal_shape(nn.Softmax(dim=-1)(x))  # R: [b, 2*d]
    reveal_shape(nn.GLU()(x))  # R: [b, d]
    reveal_shape(nn.PReLU()(nn.Dropout(0.1)(x)))  # R: [b, 2*d]
    reveal_shape(nn.LogSoftmax(1)(nn.SiLU()(x)))  # R: [b, 2*d]


def reshaped(x: Float[Tensor, "b 4*c h w"]) -> None:
    reveal_shape(nn.Flatten()(x))  # R: [b, 4*c*h*w]
    reveal_shape(nn.Flatten(2)(x))  # R: [b, 4*c, h*w]
    reveal_shape(nn.Unflatten(1, (4, -1))(x))  # R: [b, 4, c, h, w]
    reveal_shape(nn.PixelShuffle(2)(x))  # R: [b, c, 2*h, 2*w]
    reveal_shape(nn.PixelUnshuffle(1)(x))  # R: [b, 4*c, h, w]
    reveal_shape(nn.Upsample(scale_factor=2)(x))  # R: [b, 4*c, 2*h, 2*w]
    reveal_shape(nn.Upsample(size=(8, 8), mode="bilinear")(x))  # R: [b, 4*c, 8, 8]
    reveal_shape(nn.Unfold(3)(x))  # R: [b, 36*c, h*w - 2*h - 2*w + 4]
    reveal_shape(nn.ZeroPad2d(1)(x))  # R: [b, 4*c, h + 2, w + 2]
    reveal_shape(nn.ReflectionPad2d((1, 2, 3, 4))(x))  # R: [b, 4*c, h + 7, w + 3]
    reveal_shape(nn.ConstantPad1d((0, 1), 0.0)(x[0]))  # R: [4*c, h, w + 1]
    reveal_shape(nn.ChannelShuffle(4)(x))  # R: [b, 4*c, h, w]


def recurrent(x: Float[Tensor, "b t 8"], y: Float[Tensor, "t b 8"]) -> None:
    output, (h, c) = nn.LSTM(8, 16, num_layers=2, batch_first=True)(x)
    reveal_shape(output)  # R: [b, t, 16]
    reveal_shape(h)  # R: [2, b, 16]
    reveal_shape(c)  # R: [2, b, 16]
    output, (h, c) = nn.LSTM(8, 16, bidirectional=True)(y)
    reveal_shape(output)  # R: [t, b, 32]
    reveal_shape(h)  # R: [2, b, 16]
    output, (h, c) = nn.LSTM(8, 16, proj_size=5)(y)
    reveal_shape(output)  # R: [t, b, 5]
    reveal_shape(h)  # R: [1, b, 5]
    reveal_shape(c)  # R: [1, b, 16]
    output, h = nn.GRU(8, 16, 3, bidirectional=True, batch_first=True)(x)
    reveal_shape(output)  # R: [b, t, 32]
    reveal_shape(h)  # R: [6, b, 16]
    output, h = nn.RNN(8, 16)(y, torch.zeros(1, y.size(1), 16))
    reveal_shape(output)  # R: [t, b, 16]


def cells(x: Float[Tensor, "b 8"], h: Float[Tensor, "b 16"]) -> None:
    state = nn.GRUCell(8, 16)(x, h)
    reveal_shape(state)  # R: [b, 16]
    h1, c1 = nn.LSTMCell(8, 16)(x, (h, h))
    reveal_shape(c1)  # R: [b, 16]
    reveal_shape(nn.RNNCell(8, 16)(x))  # R: [b, 16]


def attention(
    q: Float[Tensor, "t b 16"], k: Float[Tensor, "s b 16"], x: Float[Tensor, "b t 16"]
) -> None:
    output, weights = nn.MultiheadAttention(16, 4)(q, k, k)
    reveal_shape(output)  # R: [t, b, 16]
    reveal_shape(weights)  # R: [b, t, s]
    output, weights = nn.MultiheadAttention(16, 4, batch_first=True)(x, x, x)
    reveal_shape(output)  # R: [b, t, 16]
    reveal_shape(weights)  # R: [b, t, t]
    each = nn.MultiheadAttention(16, 4)(q, k, k, average_attn_weights=False)[1]
    reveal_shape(each)  # R: [b, 4, t, s]


def transformers(x: Float[Tensor, "b t 16"], y: Float[Tensor, "b s 16"]) -> None:
    layer = nn.TransformerEncoderLayer(16, 4, dim_feedforward=32, batch_first=True)
    reveal_shape(layer(x))  # R: [b, t, 16]
    reveal_shape(nn.TransformerEncoder(layer, num_layers=2)(x))  # R: [b, t, 16]
    decoder = nn.TransformerDecoderLayer(16, 4, 32, batch_first=True)
    reveal_shape(decoder(y, x))  # R: [b, s, 16]
    reveal_shape(nn.TransformerDecoder(decoder, 2)(y, x))  # R: [b, s, 16]
    whole = nn.Transformer(16, 4, 1, 1, 32, batch_first=True)
    reveal_shape(whole(x, y))  # R: [b, s, 16]


def similar(x: Float[Tensor, "b d"]) -> None:
    reveal_shape(nn.CosineSimilarity()(x, x))  # R: [b]
    reveal_shape(nn.PairwiseDistance()(x, x))  # R: [b]


def wrong_features(x: Float[Tensor, "b t 256"]) -> None:
    nn.Linear(512, 10)(x)  # E: [linear_error_in_features] "512"


def wrong_axis(x: Float[Tensor, "b 8 t"], y: Float[Tensor, "b t"]) -> None:
    nn.Linear(8, 16)(x.transpose(1, 2))
    nn.Linear(y.size(0), 16)(y)  # E: [linear_error_in_features] "got t"


def wrong_channels(x: Float[Tensor, "b 3 h w"]) -> None:
    nn.Conv2d(16, 3, 1)(x)  # E: [conv_error_channel_mismatch] "16"


def channels_last(x: Float[Tensor, "b 32 32 3"]) -> None:
    nn.Conv2d(3, 16, 3)(x)  # E: [conv_error_channel_mismatch] "32"


def sequence_convolved_over_features(x: Float[Tensor, "b t d"]) -> None:
    nn.Conv1d(x.size(2), 16, 3)(x)  # E: [conv_error_channel_mismatch] "t"


def image_without_channels(x: Float[Tensor, "h w"]) -> None:
    nn.Conv2d(1, 8, 3)(x)  # E: [conv_error_rank]


def groups_that_do_not_divide() -> None:
    nn.Conv2d(3, 16, 3, groups=2)  # E: [layer_error_not_divisible]


def transposed_channels(x: Float[Tensor, "b 3 h w"]) -> None:
    nn.ConvTranspose2d(16, 3, 2)(x)  # E: [conv_error_channel_mismatch]


def pooled_to_nothing(x: Float[Tensor, "b c 4 4"]) -> None:
    nn.MaxPool2d(5)(x)  # E: [pool_error_empty_output]


def batch_norm_of_other_features(x: Float[Tensor, "b 8 h w"]) -> None:
    nn.BatchNorm2d(16)(x)  # E: [norm_error_channel_mismatch]


def batch_norm_of_another_rank(x: Float[Tensor, "b 8"]) -> None:
    nn.BatchNorm2d(8)(x)  # E: [norm_error_rank]


def layer_norm_of_another_size(x: Float[Tensor, "b t 8"]) -> None:
    nn.LayerNorm(16)(x)  # E: [norm_error_shape_mismatch] "16"


def group_norm_that_does_not_divide() -> None:
    nn.GroupNorm(3, 8)  # E: [layer_error_not_divisible]


def group_norm_of_other_channels(x: Float[Tensor, "b 6 h"]) -> None:
    nn.GroupNorm(2, 8)(x)  # E: [norm_error_channel_mismatch]


def bag_of_one_row(i: Int[Tensor, "t"]) -> None:
    nn.EmbeddingBag(10, 3)(i)  # E: [embedding_bag_error_requires_2d_input]


def softmax_beyond(x: Float[Tensor, "b d"]) -> None:
    nn.Softmax(dim=2)(x)  # E: [softmax_error_dim_out_of_range]


def shuffled_channels(x: Float[Tensor, "b 6 h w"]) -> None:
    nn.PixelShuffle(2)(x)  # E: [pixel_shuffle_error_channels]


def lstm_of_other_features(x: Float[Tensor, "b t 8"]) -> None:
    nn.LSTM(16, 32, batch_first=True)(x)  # E: [recurrent_error_input_size]


def state_of_another_batch(x: Float[Tensor, "b t 8"]) -> None:
    state = torch.zeros(1, x.size(1), 16)
    nn.GRU(8, 16, batch_first=True)(x, state)  # E: [recurrent_error_hidden_shape]


def one_state_for_two_layers(x: Float[Tensor, "t b 8"]) -> None:
    state = torch.zeros(1, x.size(1), 16)
    nn.LSTM(8, 16, 2)(x, (state, state))  # E: [recurrent_error_hidden_shape]


def cell_of_other_features(x: Float[Tensor, "b 8"]) -> None:
    nn.LSTMCell(16, 8)(x)  # E: [recurrent_error_input_size]


def heads_that_do_not_divide() -> None:
    nn.MultiheadAttention(16, 3)  # E: [attention_error_head_count]


def keys_of_other_features(q: Float[Tensor, "t b 16"], k: Float[Tensor, "s b 8"]) -> None:
    nn.MultiheadAttention(16, 4)(q, k, k)  # E: [linear_error_in_features] "kdim=16"


def values_of_another_length(q: Float[Tensor, "t b 16"], k: Float[Tensor, "s b 16"]) -> None:
    nn.MultiheadAttention(16, 4)(q, k, q)  # E: [attention_error_shape]


def encoder_of_other_features(x: Float[Tensor, "b t 8"]) -> None:
    layer = nn.TransformerEncoderLayer(16, 4, batch_first=True)
    layer(x)  # E: [linear_error_in_features] "d_model=16"
