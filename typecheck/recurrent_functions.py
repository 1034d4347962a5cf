"""Recurrent cells and networks as functions, whose weights are arguments."""
# judge: torch

import torch
from jaxtyping import Float
from torch import Tensor

from shapetorch import reveal_shape


def cells(x: Float[Tensor, "b d"], h: Float[Tensor, "b 5"], c: Float[Tensor, "b 5"]) -> None:
    w, u = torch.zeros(20, x.size(1)), torch.zeros(20, 5)
    reveal_shape(torch.lstm_cell(x, (h, c), w, u)[0])  # R: [b, 5]
    reveal_shape(torch.gru_cell(x, h, w[:15], u[:15]))  # R: [b, 5]
    reveal_shape(torch.rnn_tanh_cell(x, h, w[:5], u[:5]))  # R: [b, 5]
    reveal_shape(torch.rnn_relu_cell(x, h, w[:5], u[:5]))  # R: [b, 5]


def too_few_gates(
    x: Float[Tensor, "b d"], h: Float[Tensor, "b 5"], w: Float[Tensor, "5 d"]
) -> None:
    torch.gru_cell(x, h, w, torch.zeros(15, 5))  # E: [recurrent_error_hidden_shape]


def state_of_another_batch(x: Float[Tensor, "b 3"], h: Float[Tensor, "n 5"]) -> None:
    w, u = torch.zeros(5, 3), torch.zeros(5, 5)
    torch.rnn_tanh_cell(x, h, w, u)  # E: [recurrent_error_hidden_shape]


def networks(x: Float[Tensor, "t b 3"], h: Float[Tensor, "1 b 5"]) -> None:
    w, u = torch.zeros(20, 3), torch.zeros(20, 5)
    long = torch.lstm(x, (h, h), [w, u], False, 1, 0.0, False, False, False)
    reveal_shape(long[0])  # R: [t, b, 5]
    gated = torch.gru(x, h, [w[:15], u[:15]], False, 1, 0.0, False, False, False)
    reveal_shape(gated[1])  # R: [1, b, 5]
    plain = torch.rnn_tanh(x, h, [w[:5], u[:5]], False, 1, 0.0, False, False, False)
    reveal_shape(plain[0])  # R: [t, b, 5]
    plain = torch.rnn_relu(x, h, [w[:5], u[:5]], False, 1, 0.0, False, False, False)
    reveal_shape(plain[0])  # R: [t, b, 5]


def input_of_another_size(x: Float[Tensor, "t b 4"], h: Float[Tensor, "1 b 5"]) -> None:
    weights = [torch.zeros(15, 3), torch.zeros(15, 5)]
    f = False
    torch.gru(x, h, weights, f, 1, 0.0, f, f, f)  # E: [recurrent_error_input_size]
