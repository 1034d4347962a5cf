"""Layers whose parameters and settings are changed after they were built, and layers made of a table."""
# judge: torch

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from shapetorch import reveal_shape


def another_weight(x: Float[Tensor, "b d"], w: Float[Tensor, "7 d"]) -> None:
    layer = nn.Linear(x.size(1), 5, bias=False)
    layer.weight = nn.Parameter(w)
    reveal_shape(layer(x))  # R: [b, 7]


def the_same_weight(x: Float[Tensor, "b t 8"], y: Float[Tensor, "b t 9"]) -> None:
    table, decoder = nn.Embedding(10, 8), nn.Linear(8, 10, bias=False)
    decoder.weight = table.weight
    reveal_shape(decoder(x))  # R: [b, t, 10]
    decoder(y)  # E: [linear_error_in_features]


def with_a_bias_the_layer_is_not_known(x: Float[Tensor, "b 5"]) -> None:
    layer = nn.Linear(5, 3)
    layer.weight = nn.Parameter(torch.zeros(3, 7))
    layer(torch.zeros(2, 7))


def another_setting(x: Float[Tensor, "b 3 32 32"]) -> None:
    conv = nn.Conv2d(3, 8, 3, stride=2, padding=1)
    conv.stride = (1, 1)
    reveal_shape(conv(x))  # R: [b, 8, 32, 32]
    dropout = nn.Dropout(0.5)
    dropout.p = 0.0
    reveal_shape(dropout(x))  # R: [b, 3, 32, 32]


def of_a_table(i: Int[Tensor, "b t"], vectors: Float[Tensor, "v d"]) -> None:
    words = nn.Embedding.from_pretrained(vectors, freeze=True, padding_idx=0)
    reveal_shape(words(i))  # R: [b, t, d]
    reveal_shape(words.weight)  # R: [v, d]
    reveal_shape(nn.EmbeddingBag.from_pretrained(vectors, mode="sum")(i))  # R: [b, d]


def widths_and_marks(x: Float[Tensor, "b 3 32 32"]) -> None:
    layers: list[nn.Module] = []
    channels = 3
    widths: list[int | str] = [16, "M", 32, "M"]
    for width in widths:
        if width == "M":
            layers.append(nn.MaxPool2d(2))
        elif isinstance(width, int):
            layers.append(nn.Conv2d(channels, width, 3, padding=1))
            channels = width
    features = nn.Sequential(*layers)
    reveal_shape(features(x))  # R: [b, 32, 8, 8]
    nn.Linear(32 * 4 * 4, 10)(features(x).flatten(1))  # E: [linear_error_in_features]
