"""The layers and network functions that layers.py, functional.py and losses.py leave out."""
# judge: torch

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn

from shapetorch import reveal_shape


def activations(x: Float[Tensor, "b t"], maps: Float[Tensor, "b c h w"]) -> None:
    reveal_shape(nn.ReLU6()(nn.SELU()(nn.Mish()(x))))  # R: [b, t]
    reveal_shape(nn.Hardswish()(nn.Hardsigmoid()(nn.Sigmoid()(x))))  # R: [b, t]
    reveal_shape(nn.Tanh()(nn.LogSigmoid()(nn.Softsign()(x))))  # R: [b, t]
    reveal_shape(nn.Tanhshrink()(nn.ELU()(nn.CELU()(x))))  # R: [b, t]
    reveal_shape(nn.Hardtanh()(nn.LeakyReLU()(nn.Hardshrink()(x))))  # R: [b, t]
    reveal_shape(nn.Softshrink()(nn.Softplus()(nn.Threshold(0.1, 20)(x))))  # R: [b, t]
    reveal_shape(nn.RReLU()(nn.AlphaDropout()(nn.Softmin(dim=1)(x))))  # R: [b, t]
    reveal_shape(nn.Dropout2d()(nn.FeatureAlphaDropout()(maps)))  # R: [b, c, h, w]
    reveal_shape(nn.Dropout1d()(nn.Dropout3d()(maps)[0]))  # R: [c, h, w]
    reveal_shape(nn.Softmax2d()(maps))  # R: [b, c, h, w]


def functions(x: Float[Tensor, "b t"], maps: Float[Tensor, "b c h w"]) -> None:
    reveal_shape(F.elu(F.hardtanh(F.threshold(x, 0.1, 20))))  # R: [b, t]
    reveal_shape(F.softplus(F.hardshrink(F.rrelu(x))))  # R: [b, t]
    reveal_shape(F.softmin(x, dim=-1))  # R: [b, t]
    reveal_shape(F.dropout1d(maps[0]))  # R: [c, h, w]
    reveal_shape(F.dropout2d(maps))  # R: [b, c, h, w]
    reveal_shape(F.dropout3d(maps[:, :, None]))  # R: [b, c, 1, h, w]
    reveal_shape(F.feature_alpha_dropout(maps))  # R: [b, c, h, w]


def convolutions(x: Float[Tensor, "b 4 t h w"]) -> None:
    image, row = x[:, :, 0], x[:, :, 0, 0]
    reveal_shape(nn.ConvTranspose3d(4, 8, 2, stride=2)(x))  # R: [b, 8, 2*t, 2*h, 2*w]
    reveal_shape(nn.LazyConv1d(8, 3)(row))  # R: [b, 8, w - 2]
    reveal_shape(nn.LazyConv3d(8, 1)(x))  # R: [b, 8, t, h, w]
    reveal_shape(nn.LazyConvTranspose1d(8, 2, 2)(row))  # R: [b, 8, 2*w]
    reveal_shape(nn.LazyConvTranspose2d(8, 2, 2)(image))  # R: [b, 8, 2*h, 2*w]
    reveal_shape(nn.LazyConvTranspose3d(8, 1)(x))  # R: [b, 8, t, h, w]
    kernel = torch.zeros(4, 8, 1, 1, 1)
    reveal_shape(F.conv_transpose3d(x, kernel))  # R: [b, 8, t, h, w]
    reveal_shape(nn.Fold((4, 4), 2, stride=2)(torch.zeros(3, 8, 4)))  # R: [3, 2, 4, 4]


def norms(x: Float[Tensor, "b 4 t h w"]) -> None:
    image, row = x[:, :, 0], x[:, :, 0, 0]
    reveal_shape(nn.BatchNorm3d(4)(x))  # R: [b, 4, t, h, w]
    reveal_shape(nn.SyncBatchNorm(4).eval()(x))  # R: [b, 4, t, h, w]
    reveal_shape(nn.LazyBatchNorm1d()(row))  # R: [b, 4, w]
    reveal_shape(nn.LazyBatchNorm3d()(x))  # R: [b, 4, t, h, w]
    reveal_shape(nn.InstanceNorm1d(4)(row))  # R: [b, 4, w]
    reveal_shape(nn.InstanceNorm3d(4)(x))  # R: [b, 4, t, h, w]
    reveal_shape(nn.LazyInstanceNorm1d()(row))  # R: [b, 4, w]
    reveal_shape(nn.LazyInstanceNorm2d()(image))  # R: [b, 4, h, w]
    reveal_shape(nn.LazyInstanceNorm3d()(x))  # R: [b, 4, t, h, w]
    reveal_shape(nn.CrossMapLRN2d(2)(image))  # R: [b, 4, h, w]


def pools(x: Float[Tensor, "b c 2*t 2*h 2*w"]) -> None:
    image, row = x[:, :, 0], x[:, :, 0, 0]
    reveal_shape(nn.MaxPool1d(2)(row))  # R: [b, c, w]
    reveal_shape(nn.AvgPool1d(2)(row))  # R: [b, c, w]
    reveal_shape(nn.AvgPool3d(2)(x))  # R: [b, c, t, h, w]
    reveal_shape(nn.LPPool2d(2, 2)(image))  # R: [b, c, h, w]
    reveal_shape(nn.LPPool3d(2, 2)(x))  # R: [b, c, t, h, w]
    pooled, indices = nn.MaxPool3d(2, return_indices=True)(x)
    reveal_shape(nn.MaxUnpool3d(2)(pooled, indices))  # R: [b, c, 2*t, 2*h, 2*w]
    pooled, indices = nn.MaxPool1d(2, return_indices=True)(row)
    reveal_shape(nn.MaxUnpool1d(2)(pooled, indices))  # R: [b, c, 2*w]
    reveal_shape(nn.AdaptiveAvgPool1d(5)(row))  # R: [b, c, 5]
    reveal_shape(nn.AdaptiveAvgPool3d(1)(x))  # R: [b, c, 1, 1, 1]
    reveal_shape(nn.AdaptiveMaxPool2d((None, 3))(image))  # R: [b, c, 2*h, 3]
    reveal_shape(nn.AdaptiveMaxPool3d(2)(x))  # R: [b, c, 2, 2, 2]
    reveal_shape(nn.FractionalMaxPool3d(2, output_size=3)(x))  # R: [b, c, 3, 3, 3]


def pooling_functions(x: Float[Tensor, "b c 2*t 2*h 2*w"]) -> None:
    row = x[:, :, 0, 0]
    reveal_shape(F.max_pool3d(x, 2))  # R: [b, c, t, h, w]
    reveal_shape(F.avg_pool3d(x, 2))  # R: [b, c, t, h, w]
    reveal_shape(F.lp_pool1d(row, 2, 2))  # R: [b, c, w]
    reveal_shape(F.lp_pool3d(x, 2, 2))  # R: [b, c, t, h, w]
    reveal_shape(F.adaptive_avg_pool1d(row, 5))  # R: [b, c, 5]
    reveal_shape(F.adaptive_avg_pool3d(x, 2))  # R: [b, c, 2, 2, 2]
    reveal_shape(F.adaptive_max_pool1d(row, 5))  # R: [b, c, 5]
    reveal_shape(F.adaptive_max_pool3d(x, 2))  # R: [b, c, 2, 2, 2]
    reveal_shape(F.fractional_max_pool3d(x, 2, output_size=3))  # R: [b, c, 3, 3, 3]
    pooled, indices = F.max_pool1d_with_indices(row, [2])
    reveal_shape(F.max_unpool1d(pooled, indices, [2]))  # R: [b, c, 2*w]
    pooled, indices = F.max_pool3d(x, 2, return_indices=True)
    reveal_shape(F.max_unpool3d(pooled, indices, [2, 2, 2]))  # R: [b, c, 2*t, 2*h, 2*w]


def padded(x: Float[Tensor, "b c t h w"]) -> None:
    image, row = x[:, :, 0], x[:, :, 0, 0]
    reveal_shape(nn.ZeroPad1d(1)(row))  # R: [b, c, w + 2]
    reveal_shape(nn.ZeroPad3d(1)(x))  # R: [b, c, t + 2, h + 2, w + 2]
    reveal_shape(nn.ReflectionPad1d((0, 1))(row))  # R: [b, c, w + 1]
    reveal_shape(nn.ReflectionPad3d(1)(x))  # R: [b, c, t + 2, h + 2, w + 2]
    reveal_shape(nn.ReplicationPad1d(2)(row))  # R: [b, c, w + 4]
    reveal_shape(nn.ReplicationPad2d(1)(image))  # R: [b, c, h + 2, w + 2]
    reveal_shape(nn.ReplicationPad3d(1)(x))  # R: [b, c, t + 2, h + 2, w + 2]
    reveal_shape(nn.CircularPad1d(1)(row))  # R: [b, c, w + 2]
    reveal_shape(nn.CircularPad2d((1, 0, 0, 0))(image))  # R: [b, c, h, w + 1]
    reveal_shape(nn.CircularPad3d(1)(x))  # R: [b, c, t + 2, h + 2, w + 2]
    reveal_shape(nn.ConstantPad2d(1, 0.0)(image))  # R: [b, c, h + 2, w + 2]
    reveal_shape(nn.ConstantPad3d(1, 0.0)(x))  # R: [b, c, t + 2, h + 2, w + 2]
    reveal_shape(nn.UpsamplingNearest2d(scale_factor=2)(image))  # R: [b, c, 2*h, 2*w]
    reveal_shape(nn.UpsamplingBilinear2d(size=5)(image))  # R: [b, c, 5, 5]
    reveal_shape(F.upsample_nearest(image, scale_factor=2))  # R: [b, c, 2*h, 2*w]
    reveal_shape(F.upsample_bilinear(image, size=(5, 7)))  # R: [b, c, 5, 7]


def losses(x: Float[Tensor, "b d"], y: Int[Tensor, "b"], z: Int[Tensor, "b d"]) -> None:
    reveal_shape(nn.MultiLabelMarginLoss()(x, z))  # R: []
    reveal_shape(F.multilabel_margin_loss(x, z, reduction="none"))  # R: [b]
    reveal_shape(nn.TripletMarginWithDistanceLoss()(x, x, x))  # R: []
    reveal_shape(F.triplet_margin_with_distance_loss(x, x, x, reduction="none"))  # R: [b]
    log_probs = x.expand(50, *x.shape).log_softmax(-1)
    ctc = nn.CTCLoss(reduction="none")
    reveal_shape(ctc(log_probs, z + 1, y + 50, y + 3))  # R: [b]
    output = nn.AdaptiveLogSoftmaxWithLoss(x.size(1), 20, [5, 10])(x, y)
    reveal_shape(output.output)  # R: [b]
    reveal_shape(nn.NLLLoss2d()(x[:, :, None, None], z[:, :1, None]))  # R: []


def attention(q: Float[Tensor, "t b 8"], w: Float[Tensor, "24 8"]) -> None:
    output, weights = F.multi_head_attention_forward(
        q, q, q, 8, 2, w, w[:, 0], None, None, False, 0.0, w[:8], w[:8, 0]
    )
    reveal_shape(output)  # R: [t, b, 8]
    reveal_shape(weights)  # R: [b, t, t]


def volume_of_other_channels(x: Float[Tensor, "b 4 t h w"]) -> None:
    nn.ConvTranspose3d(8, 4, 2)(x)  # E: [conv_error_channel_mismatch] "8"


def volume_norm_of_an_image(x: Float[Tensor, "b 4 h w"]) -> None:
    nn.BatchNorm3d(4)(x)  # E: [norm_error_rank]


def pooled_row_of_rank_four(x: Float[Tensor, "b c h w"]) -> None:
    nn.MaxPool1d(2)(x)  # E: [pool_error_rank]


def softmax_of_a_matrix(x: Float[Tensor, "b c"]) -> None:
    nn.Softmax2d()(x)  # E: [norm_error_rank]
