"""The names of nodes, which are printed with every tensor that has a history, as PyTorch's."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("torch")

import torch

import shapetorch

EXPRESSIONS = """
1 - x | x - 1 | x - y | t.rsub(x, 1) | 2 / x | x / 2 | x * 2 | -x | abs(x) | 2 ** x | x ** 2 | x ** y
x @ y.t() | x.mm(y.t()) | x.mv(y[0]) | x @ y[0] | y[0] @ x[0] | x[0] @ y.t() | x[None] @ y.t() | t.addmm(y[:, :2], y, x.t()) | t.baddbmm(x[None, :, :2], x[None], y.t()[None])
F.linear(x, y) | F.linear(x, y, y[:, 0]) | F.linear(x[0], y) | F.linear(x[None], y) | F.linear(x[None], y, y[:, 0])
x.sum() | x.sum(1) | x.sum(0, keepdim=True) | x.mean() | x.mean(1) | x.prod() | x.prod(1) | x.std(1) | x.norm() | x.norm(dim=1)
x.max() | x.min() | x.max(1).values | x.min(0).values | x.amax(1) | x.amin() | x.median() | x.median(1).values | x.mode(1).values | x.kthvalue(1).values | x.nanmedian(1).values | t.aminmax(x)[0]
x.sort(1).values | x.topk(2).values | x.cummax(1).values | x.cummin(1).values | x.cumsum(1)
x.clamp(0, 1) | x.clamp(min=0) | x.clamp(min=y) | x[0] | x[0, 1] | x[:, 1:] | x[:, 0] | x[None] | x[..., 0] | x[0, :, None] | x[[0]] | x[x > 0] | x[1:, 1]
s.inverse() | s.det() | s.slogdet()[1] | t.linalg.solve(s, s) | t.linalg.cholesky(s) | t.linalg.svd(s)[1] | t.linalg.eigh(s)[0] | t.linalg.qr(s)[0] | t.linalg.pinv(s) | t.matrix_exp(s)
t.fft.fft(x) | t.fft.rfft(x) | t.fft.ifft(t.fft.fft(x)) | x.log1p() | F.logsigmoid(x) | F.unfold(x[None, None], 2) | t.cross(x, y, dim=1) | F.softshrink(x)
write(x * 1) | write_all(x * 1)
"""


def _written(x: Any) -> Any:
    x[0] = 1.0
    return x


def name_of(text: str, t: Any) -> str:
    """The name of the node of what an expression gives."""
    x = (t.arange(6.0).reshape(2, 3) / 3 + 0.2).requires_grad_()
    y = (t.arange(6.0).reshape(2, 3) / 4 + 0.3).requires_grad_()
    s = (t.eye(3) * 2 + 0.1).requires_grad_()
    names = {"t": t, "x": x, "y": y, "s": s, "F": t.nn.functional}
    names |= {"write": _written, "write_all": lambda x: x.mul_(2)}
    made = eval(text, names)
    return f"{made.grad_fn.name()} {repr(made).rpartition('grad_fn=')[2]}"


@pytest.mark.parametrize(
    "text", [item.strip() for item in EXPRESSIONS.replace("\n", "|").split("|") if item.strip()]
)
def test_as_pytorch(text: str) -> None:
    assert name_of(text, shapetorch) == name_of(text, torch)
