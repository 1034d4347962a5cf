"""Calls of recurrent cells and networks whose weights are arguments."""

from __future__ import annotations

import random
from typing import Any

from tests.rules.oracle import Call, T, maybe_other, maybe_other_rank, samples

GATES = {"lstm": 4, "gru": 3, "rnn_tanh": 1, "rnn_relu": 1}


def _cell(rng: random.Random, kind: str) -> Call:
    batch, into, hidden = rng.choice((1, 2, 3)), rng.choice((2, 3, 5)), rng.choice((2, 3, 5))
    rows = GATES[kind] * hidden
    input = T(maybe_other_rank(rng, (batch, maybe_other(rng, into, 0.1) or 1), 0.05))
    # which of two mistakes PyTorch finds first is not the same in all cells
    other_rows = maybe_other(rng, rows, 0.1) if len(input.shape) == 2 else rows
    state: Any = T((maybe_other(rng, batch, 0.1), hidden))
    if kind == "lstm":
        state = (state, T((batch, maybe_other(rng, hidden, 0.1))))
    weights = [T((rows, into)), T((other_rows, hidden))]
    if rng.random() < 0.6:
        weights += [T((rows,)), T((maybe_other(rng, rows, 0.1),))]
    return Call(f"torch.{kind}_cell", (input, state, *weights))


@samples("lstm_cell")
def lstm_cell(rng: random.Random) -> Call:
    return _cell(rng, "lstm")


@samples("gru_cell")
def gru_cell(rng: random.Random) -> Call:
    return _cell(rng, "gru")


@samples("rnn_tanh_cell")
def rnn_tanh_cell(rng: random.Random) -> Call:
    return _cell(rng, "rnn_tanh")


@samples("rnn_relu_cell")
def rnn_relu_cell(rng: random.Random) -> Call:
    return _cell(rng, "rnn_relu")


def _network(rng: random.Random, kind: str, spoil: float = 0.1) -> Call:
    batch, into, hidden = rng.choice((1, 2, 3)), rng.choice((2, 3, 5)), rng.choice((2, 3, 5))
    length, layers, both = rng.choice((1, 2, 3)), rng.choice((1, 2)), rng.random() < 0.4
    directions = 2 if both else 1
    has_biases = rng.random() < 0.6
    weights: list[T] = []
    for layer in range(layers):
        width = into if layer == 0 else hidden * directions
        for _ in range(directions):
            rows = GATES[kind] * hidden
            weights += [T((rows, width)), T((rows, hidden))]
            weights += [T((rows,)), T((rows,))] if has_biases else []
    packed = rng.random() < 0.3
    others = batch if packed or batch == 1 else max(maybe_other(rng, batch, 2 * spoil), 2)
    last = (maybe_other(rng, layers * directions, spoil), others, hidden)
    state: Any = T(last)
    state = (state, T(last)) if kind == "lstm" else state
    rest = (weights, has_biases, layers, 0.0, False, both)
    width = maybe_other(rng, into, spoil) or 1
    if packed:
        sizes = T((length,), "int64", batch)
        return Call(f"torch.{kind}", (T((length * batch, width)), sizes, state, *rest))
    batch_first = rng.random() < 0.5
    shape = (batch, length, width) if batch_first else (length, batch, width)
    return Call(f"torch.{kind}", (T(shape), state, *rest, batch_first))


@samples("lstm", never_rejects="PyTorch's fused kernel reads whatever lies behind its operands")
def lstm(rng: random.Random) -> Call:
    return _network(rng, "lstm", 0)


@samples("gru")
def gru(rng: random.Random) -> Call:
    return _network(rng, "gru")


@samples("rnn_tanh")
def rnn_tanh(rng: random.Random) -> Call:
    return _network(rng, "rnn_tanh")


@samples("rnn_relu")
def rnn_relu(rng: random.Random) -> Call:
    return _network(rng, "rnn_relu")
