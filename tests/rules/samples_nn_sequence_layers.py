"""Layers of `torch.nn` over sequences: recurrent ones, attention, transformers."""

from __future__ import annotations

import random
from typing import Any

from tests.rules.oracle import (
    Call,
    T,
    maybe_other,
    maybe_other_rank,
)
from tests.rules.samples_nn_layers import NN, layers, some


@layers("RNN", "LSTM", "GRU")
def recurrent(rng: random.Random, target: str) -> Call:
    into, hidden, layers_count = rng.choice((2, 3, 5)), rng.choice((2, 3, 7)), rng.choice((1, 2))
    kwargs = some(rng, 0.4, bidirectional=True, batch_first=True, bias=False)
    kwargs |= some(rng, 0.5, num_layers=layers_count)
    out = hidden
    if target.endswith("LSTM") and rng.random() < 0.3:
        out = kwargs["proj_size"] = rng.choice((1, 2))
        if out >= hidden:
            hidden = 7
    batch, steps = rng.choice((1, 2, 3)), rng.choice((1, 5))
    input: tuple[int, ...] = (steps, maybe_other(rng, into, 0.15))
    lead: tuple[int, ...] = ()
    if rng.random() < 0.75:
        lead = (batch,)
        first = (batch, steps) if kwargs.get("batch_first") else (steps, batch)
        input = (*first, input[-1])
    inputs: list[Any] = [T(maybe_other_rank(rng, input, 0.05))]
    if rng.random() < 0.5:
        count = kwargs.get("num_layers", 1) * (2 if kwargs.get("bidirectional") else 1)
        state = tuple(maybe_other(rng, item, 0.06) for item in (count, *lead, out))
        cell = tuple(maybe_other(rng, item, 0.06) for item in (count, *lead, hidden))
        inputs.append((T(state), T(cell)) if target.endswith("LSTM") else T(state))
    return Call(target, (into, hidden), kwargs, inputs)


@layers("RNNCell", "LSTMCell", "GRUCell")
def cell(rng: random.Random, target: str) -> Call:
    into, hidden = rng.choice((2, 3, 5)), rng.choice((2, 3, 7))
    lead = rng.choice(((), (2,), (3,)))
    input = (*lead, maybe_other(rng, into, 0.2))
    if rng.random() < 0.5:
        return Call(
            target, (into, hidden), some(rng, bias=False), (T(maybe_other_rank(rng, input)),)
        )
    states = [tuple(maybe_other(rng, item, 0.1) for item in (*lead, hidden)) for _ in "hc"]
    state = tuple(map(T, states)) if "LSTM" in target else T(states[0])
    inputs = (T(input), state)
    return Call(target, (into, hidden), some(rng, bias=False), inputs)


@layers("MultiheadAttention")
def multihead_attention(rng: random.Random, target: str) -> Call:
    heads = rng.choice((1, 2, 3))
    width = heads * rng.choice((2, 4)) + (rng.random() < 0.05)
    kwargs = some(rng, 0.3, batch_first=True, bias=False, add_bias_kv=True, add_zero_attn=True)
    kwargs |= some(rng, 0.3, kdim=rng.choice((3, 5)), vdim=rng.choice((3, 7)))
    batch, length, source = rng.choice((2, 3)), rng.choice((5, 7)), rng.choice((4, 7))
    first = bool(kwargs.get("batch_first"))
    lead = (batch,) if rng.random() < 0.7 else ()

    def tensor(steps: int, last: int) -> tuple[int, ...]:
        if not lead:
            return (steps, last)
        return (batch, steps, last) if first else (steps, batch, last)

    query = tensor(length, maybe_other(rng, width, 0.06))
    key = tensor(maybe_other(rng, source, 0.06), kwargs.get("kdim", width))
    value = tensor(source, maybe_other(rng, kwargs.get("vdim", width), 0.06))
    calls = some(rng, 0.4, need_weights=rng.random() < 0.5, average_attn_weights=False)
    if rng.random() < 0.3:
        calls["attn_mask"] = T((maybe_other(rng, length, 0.1), source))
    if rng.random() < 0.1:
        calls["attn_mask"] = T((maybe_other(rng, (batch if lead else 1) * heads), length, source))
    if rng.random() < 0.3:
        mask = tuple(maybe_other(rng, item, 0.1) for item in (*lead, source))
        calls["key_padding_mask"] = T(mask)
    inputs = (T(maybe_other_rank(rng, query, 0.05)), T(key), T(value))
    return Call(target, (width, heads), kwargs, inputs, calls)


@layers("TransformerEncoderLayer", "TransformerDecoderLayer", "Transformer")
def transformer(rng: random.Random, target: str) -> Call:
    heads = rng.choice((1, 2))
    width = heads * rng.choice((2, 4)) + (rng.random() < 0.05)
    kwargs: dict[str, Any] = {"dim_feedforward": 8, **some(rng, batch_first=True)}
    if target == NN + "Transformer":
        kwargs |= {"num_encoder_layers": 1, "num_decoder_layers": 1}
    batch, length, source = 2, 3, rng.choice((3, 5))
    first = bool(kwargs.get("batch_first"))
    lead = rng.random() < 0.75

    def tensor(steps: int, last: int, rows: int = batch) -> tuple[int, ...]:
        if not lead:
            return (steps, last)
        return (rows, steps, last) if first else (steps, rows, last)

    query = tensor(length, maybe_other(rng, width, 0.15))
    one = T((1, *query) if rng.random() < 0.05 else query)
    mask = T((maybe_other(rng, length, 0.2), length))
    if target.endswith("EncoderLayer"):
        return Call(target, (width, heads), kwargs, (one,), some(rng, src_mask=mask))
    rows = rng.choice((batch, batch, batch, 3))
    other = T(tensor(source, maybe_other(rng, width, 0.1), rows))
    inputs = (one, other) if target.endswith("DecoderLayer") else (other, one)
    return Call(target, (width, heads), kwargs, inputs, some(rng, tgt_mask=mask))


@layers("TransformerEncoder", "TransformerDecoder")
def transformer_stack(rng: random.Random, target: str) -> Call:
    layer = Call(target + "Layer", (4, 2, 8), {"batch_first": rng.random() < 0.5})
    one = T((rng.choice((2, 3)), 3, maybe_other(rng, 4, 0.15)))
    mask = T((maybe_other(rng, 3, 0.2), 3))
    if target.endswith("Encoder"):
        return Call(target, (layer, 2), {}, (one,), some(rng, mask=mask))
    rows = one.shape[0] if rng.random() < 0.8 else 5
    memory = T((rows, maybe_other(rng, 3, 0.2), maybe_other(rng, 4, 0.1)))
    return Call(target, (layer, 2), {}, (one, memory), some(rng, 0.2, tgt_mask=mask))
