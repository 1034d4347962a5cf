"""Small networks written with functions: a few steps of training give PyTorch's losses and weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

import shapetorch as st
from tests.tensor.both import integers, numbers


def convolutional(t: Any, p: Any) -> Any:
    """Convolutions, batch norm, pooling, a linear layer."""
    f = t.nn.functional
    x = t.from_numpy(numbers(6, 2, 12, 12))
    x = f.conv2d(x, p["w1"], p["b1"], padding=1)
    x = f.batch_norm(x, None, None, p["g1"], p["s1"], training=True)
    x = f.max_pool2d(f.relu(x), 2)
    x = f.relu(f.conv2d(x, p["w2"], stride=2, padding="valid", groups=2))
    x = f.adaptive_avg_pool2d(x, 1).flatten(1)
    return f.cross_entropy(f.linear(x, p["w3"], p["b3"]), t.from_numpy(integers(5, 6)))


CONVOLUTIONAL = {
    "w1": (4, 2, 3, 3), "b1": (4,), "g1": (4,), "s1": (4,),
    "w2": (6, 2, 3, 3), "w3": (5, 6), "b3": (5,),
}  # fmt: skip


def transformer(t: Any, p: Any) -> Any:
    """One block of a language model."""
    f = t.nn.functional
    tokens = t.from_numpy(integers(11, 3, 8))
    x = f.embedding(tokens[:, :-1], p["table"]) + p["places"]
    h = f.layer_norm(x, (8,), p["g1"], p["s1"])
    q, k, v = f.linear(h, p["qkv"]).reshape(3, 7, 3, 2, 4).permute(2, 0, 3, 1, 4).unbind(0)
    h = f.scaled_dot_product_attention(q, k, v, is_causal=True)
    x = x + f.linear(h.transpose(1, 2).reshape(3, 7, 8), p["out"])
    h = f.rms_norm(x, (8,), p["g2"])
    x = x + f.linear(f.gelu(f.linear(h, p["up"])), p["down"])
    logits = f.linear(x, p["table"])  # the table is used twice
    return f.cross_entropy(logits.transpose(1, 2), tokens[:, 1:], label_smoothing=0.1)


TRANSFORMER = {
    "table": (11, 8), "places": (7, 8), "g1": (8,), "s1": (8,), "g2": (8,),
    "qkv": (24, 8), "out": (8, 8), "up": (16, 8), "down": (8, 16),
}  # fmt: skip


def recurrent(t: Any, p: Any) -> Any:
    """A network through time in both directions, and its last states."""
    f = t.nn.functional
    x = f.embedding(t.from_numpy(integers(9, 5, 4)), p["table"])
    zero = t.zeros(2, 4, 6, dtype=t.float64)
    params = [p[name] for name in sorted(p) if name.startswith("r")]
    made, last, _ = t.lstm(x, (zero, zero), params, True, 1, 0.0, True, True, False)
    logits = f.linear(t.cat([made.mean(0), last[0]], 1), p["w"])
    return f.binary_cross_entropy_with_logits(logits[:, 0], t.ones(4, dtype=t.float64) * 0.7)


RECURRENT = {
    "table": (9, 3), "w": (1, 18),
    **{f"r{side}{place}": shape for side in "ab"
       for place, shape in enumerate(((24, 3), (24, 6), (24,), (24,)))},
}  # fmt: skip


def picture(t: Any, p: Any) -> Any:
    """Down and up again, with a shortcut."""
    f = t.nn.functional
    x = t.from_numpy(numbers(2, 1, 8, 8))
    fine = f.leaky_relu(f.conv2d(x, p["w1"], padding=1))
    coarse = f.group_norm(f.conv2d(fine, p["w2"], stride=2, padding=1), 2, p["g"], p["s"])
    up = f.conv_transpose2d(f.silu(coarse), p["w3"], stride=2, padding=1, output_padding=1)
    smooth = f.interpolate(coarse, scale_factor=2, mode="bilinear")
    made = f.conv2d(t.cat([fine, up, smooth], 1), p["w4"])
    return f.smooth_l1_loss(made, x, beta=0.3) + f.l1_loss(f.avg_pool2d(made, 2), x[..., ::2, ::2])


PICTURE = {
    "w1": (3, 1, 3, 3), "w2": (4, 3, 3, 3), "g": (4,), "s": (4,), "w3": (4, 3, 3, 3),
    "w4": (1, 10, 1, 1),
}  # fmt: skip


def trained(t: Any, loss: Callable[..., Any], shapes: dict, steps: int = 4) -> tuple[list, Any]:
    """The losses of a few steps of gradient descent, and the weights after them."""
    given = {
        name: t.from_numpy(numbers(*shape, seed=place) * 0.5)
        for place, (name, shape) in enumerate(shapes.items())
    }
    for parameter in given.values():
        parameter.requires_grad_()
    found = []
    for _ in range(steps):
        made = loss(t, given)
        made.backward()
        found.append(made.item())
        with t.no_grad():
            for parameter in given.values():
                parameter.sub_(parameter.grad, alpha=0.1)
                parameter.grad = None
    return found, {name: item.detach().numpy() for name, item in given.items()}


@pytest.mark.parametrize(
    ("loss", "shapes"),
    [
        pytest.param(convolutional, CONVOLUTIONAL, id="convolutional"),
        pytest.param(transformer, TRANSFORMER, id="transformer"),
        pytest.param(recurrent, RECURRENT, id="recurrent"),
        pytest.param(picture, PICTURE, id="picture"),
    ],
)
def test_training(loss: Callable[..., Any], shapes: dict) -> None:
    losses, weights = trained(st, loss, shapes)
    expected, theirs = trained(torch, loss, shapes)
    assert losses == pytest.approx(expected, rel=1e-9)
    assert losses[-1] < losses[0]
    for name, weight in weights.items():
        np.testing.assert_allclose(weight, theirs[name], rtol=1e-7, atol=1e-10, err_msg=name)
