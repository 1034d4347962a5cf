"""Losses, as functions and as layers, with every reduction."""
# judge: torch

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn

from shapetorch import reveal_shape


def pairs(x: Float[Tensor, "b d"], y: Float[Tensor, "b d"]) -> None:
    reveal_shape(F.mse_loss(x, y))  # R: []
    reveal_shape(F.mse_loss(x, y, reduction="sum"))  # R: []
    reveal_shape(F.mse_loss(x, y, reduction="none"))  # R: [b, d]
    reveal_shape(F.l1_loss(x, y, reduction="none"))  # R: [b, d]
    reveal_shape(F.smooth_l1_loss(x, y, reduction="none", beta=0.5))  # R: [b, d]
    reveal_shape(F.huber_loss(x, y, "none"))  # R: [b, d]
    reveal_shape(F.soft_margin_loss(x, y))  # R: []
    reveal_shape(F.hinge_embedding_loss(x, y, reduction="none"))  # R: [b, d]
    reveal_shape(F.poisson_nll_loss(x, y))  # R: []
    reveal_shape(F.kl_div(x, y, reduction="batchmean"))  # R: []
    reveal_shape(F.kl_div(x, y, reduction="none"))  # R: [b, d]
    reveal_shape(F.binary_cross_entropy(x, y))  # R: []
    reveal_shape(F.binary_cross_entropy_with_logits(x, y, reduction="none"))  # R: [b, d]
    reveal_shape(F.gaussian_nll_loss(x, y, y.exp(), reduction="none"))  # R: [b, d]


def classes(
    logits: Float[Tensor, "b v"],
    y: Int[Tensor, "b"],
    maps: Float[Tensor, "b v h w"],
    z: Int[Tensor, "b h w"],
) -> None:
    reveal_shape(F.cross_entropy(logits, y))  # R: []
    reveal_shape(F.cross_entropy(logits, y, reduction="none"))  # R: [b]
    reveal_shape(F.cross_entropy(maps, z, reduction="none"))  # R: [b, h, w]
    reveal_shape(F.cross_entropy(logits, logits.softmax(-1), reduction="none"))  # R: [b]
    reveal_shape(F.cross_entropy(logits[0], y[0], reduction="none"))  # R: []
    reveal_shape(F.nll_loss(logits.log_softmax(-1), y, reduction="none"))  # R: [b]
    reveal_shape(F.nll_loss(maps, z))  # R: []
    reveal_shape(F.multi_margin_loss(logits, y, reduction="none"))  # R: [b]
    reveal_shape(F.multilabel_soft_margin_loss(logits, logits, reduction="none"))  # R: [b]


def sequences(logits: Float[Tensor, "b t v"], y: Int[Tensor, "b t"]) -> None:
    flat = logits.reshape(-1, logits.size(-1))
    reveal_shape(F.cross_entropy(flat, y.reshape(-1)))  # R: []
    reveal_shape(F.cross_entropy(logits.transpose(1, 2), y, reduction="none"))  # R: [b, t]
    reveal_shape(F.cross_entropy(flat, y.flatten(), reduction="none"))  # R: [b*t]


def embeddings(a: Float[Tensor, "b d"], p: Float[Tensor, "b d"], y: Float[Tensor, "b"]) -> None:
    reveal_shape(F.triplet_margin_loss(a, p, p))  # R: []
    reveal_shape(F.triplet_margin_loss(a, p, p, reduction="none"))  # R: [b]
    reveal_shape(F.cosine_embedding_loss(a, p, y, reduction="none"))  # R: [b]
    reveal_shape(F.margin_ranking_loss(y, y, y))  # R: []
    reveal_shape(F.margin_ranking_loss(y, y, y, reduction="none"))  # R: [b]


def aligned(x: Float[Tensor, "t b v"], y: Int[Tensor, "b s"], n: Int[Tensor, "b"]) -> None:
    reveal_shape(F.ctc_loss(x.log_softmax(-1), y, n + x.size(0), n + 1, reduction="none"))  # R: [b]
    reveal_shape(F.ctc_loss(x.log_softmax(-1), y, n + x.size(0), n + 1))  # R: []


def layers(x: Float[Tensor, "b d"], y: Int[Tensor, "b"]) -> None:
    reveal_shape(nn.CrossEntropyLoss()(x, y))  # R: []
    reveal_shape(nn.CrossEntropyLoss(reduction="none")(x, y))  # R: [b]
    reveal_shape(nn.NLLLoss()(x, y))  # R: []
    reveal_shape(nn.MSELoss(reduction="none")(x, x))  # R: [b, d]
    reveal_shape(nn.L1Loss(reduction="sum")(x, x))  # R: []
    reveal_shape(nn.SmoothL1Loss()(x, x))  # R: []
    reveal_shape(nn.HuberLoss(reduction="none")(x, x))  # R: [b, d]
    reveal_shape(nn.BCELoss()(x, x))  # R: []
    reveal_shape(nn.BCEWithLogitsLoss(reduction="none")(x, x))  # R: [b, d]
    reveal_shape(nn.KLDivLoss(reduction="batchmean")(x, x))  # R: []
    reveal_shape(nn.PoissonNLLLoss()(x, x))  # R: []
    reveal_shape(nn.GaussianNLLLoss()(x, x, x.exp()))  # R: []
    reveal_shape(nn.SoftMarginLoss()(x, x))  # R: []
    reveal_shape(nn.HingeEmbeddingLoss()(x, x))  # R: []
    reveal_shape(nn.MultiMarginLoss()(x, y))  # R: []
    reveal_shape(nn.MultiLabelSoftMarginLoss()(x, x))  # R: []
    reveal_shape(nn.TripletMarginLoss()(x, x, x))  # R: []
    reveal_shape(nn.CosineEmbeddingLoss()(x, x, y + 1))  # R: []
    reveal_shape(nn.MarginRankingLoss()(x[:, 0], x[:, 0], y))  # R: []


def targets_broadcast_in_silence(x: Float[Tensor, "b 1"], y: Float[Tensor, "b"]) -> None:
    reveal_shape(F.mse_loss(x, y, reduction="none"))  # R: [b, b]


def predictions_of_another_size(x: Float[Tensor, "b d"], y: Float[Tensor, "b e"]) -> None:
    F.mse_loss(x, y)  # E: [broadcast_error_incompatible_dimensions]


def probabilities_of_another_shape(x: Float[Tensor, "b 1"], y: Float[Tensor, "b"]) -> None:
    F.binary_cross_entropy(x, y)  # E: [loss_error_target_shape]


def logits_of_another_shape(x: Float[Tensor, "b 1"], y: Float[Tensor, "b"]) -> None:
    F.binary_cross_entropy_with_logits(x, y)  # E: [loss_error_target_shape]


def targets_of_another_batch(x: Float[Tensor, "b v"], y: Int[Tensor, "a"]) -> None:
    F.cross_entropy(x, y)  # E: [loss_error_batch_mismatch] "b"


def sequences_not_transposed(x: Float[Tensor, "b t v"], y: Int[Tensor, "b t"]) -> None:
    F.cross_entropy(x, y)  # E: [loss_error_shape_mismatch]


def sequence_flattened_once(x: Float[Tensor, "b t v"], y: Int[Tensor, "b t"]) -> None:
    F.cross_entropy(x.flatten(0, 1), y)  # E: [loss_error_batch_mismatch] "[b*t, v]"


def weights_of_another_size(
    x: Float[Tensor, "b v"], y: Int[Tensor, "b"], w: Float[Tensor, "b"]
) -> None:
    F.cross_entropy(x, y, weight=w)  # E: [loss_error_shape_mismatch] "[v]"


def unknown_reduction(x: Float[Tensor, "b d"]) -> None:
    F.mse_loss(x, x, reduction="avg")  # E: [loss_error_reduction] "avg"


def anchors_of_another_size(a: Float[Tensor, "b d"], p: Float[Tensor, "b e"]) -> None:
    F.triplet_margin_loss(a, p, p)  # E: [broadcast_error_incompatible_dimensions]


def layer_with_another_batch(x: Float[Tensor, "b v"], y: Int[Tensor, "a"]) -> None:
    loss = nn.CrossEntropyLoss()
    loss(x, y)  # E: [loss_error_batch_mismatch]


def layer_with_another_shape(x: Float[Tensor, "b 1"], y: Float[Tensor, "b"]) -> None:
    nn.BCEWithLogitsLoss()(x, y)  # E: [loss_error_target_shape]
