"""Ordinary tensor code that mypy and pyright accept as it stands, without the plugin."""

from typing import assert_type

import shapetorch as torch
import shapetorch.nn.functional as F
from shapetorch import Tensor


def kinds() -> None:
    assert_type(torch.zeros(2, 3), Tensor)
    assert_type(torch.float32, torch.dtype)
    assert_type(torch.float, torch.dtype)
    x = torch.randn(2, 3, dtype=torch.float64, requires_grad=True)
    assert_type(x.shape, torch.Size)
    assert_type(x.size(), torch.Size)
    assert_type(x.size(0), int)
    assert_type(x.dtype, torch.dtype)
    assert_type(x.requires_grad, bool)
    assert_type(x.grad, Tensor | None)
    assert_type(x.is_cpu, bool)
    assert_type(x.T, Tensor)
    assert_type(torch.tensor([1.0, 2.0], dtype=torch.int64, device="cpu"), Tensor)
    assert_type(torch.arange(3), Tensor)
    assert_type(torch.pi, float)


def operators(x: Tensor) -> None:
    assert_type(x + 1, Tensor)
    assert_type(1 - x * 2.0, Tensor)
    assert_type(x @ x.mT, Tensor)
    assert_type(-x, Tensor)
    assert_type(x[0, ..., None], Tensor)
    assert_type(x == x, Tensor)
    assert_type(x != 0, Tensor)
    assert_type((x > 0) & ~(x < 1), Tensor)
    assert_type(x**2 // 3 % 5, Tensor)
    x[0] = 1.0
    x += 1
    x.add_(1).mul_(2.0).clamp_(min=0)
    for row in x:
        assert_type(row, Tensor)
    assert_type(len(x), int)
    assert_type(float(x.sum()), float)
    assert_type(bool(x.any()), bool)


def named_results(x: Tensor) -> None:
    assert_type(x.max(), Tensor)
    assert_type(x.max(1).values, Tensor)
    values, indices = x.max(dim=1, keepdim=True)
    assert_type(values, Tensor)
    assert_type(indices, Tensor)
    assert_type(torch.max(x, x), Tensor)
    assert_type(torch.sort(x, descending=True).indices, Tensor)
    assert_type(torch.linalg.svd(x).S, Tensor)
    q, r = torch.linalg.qr(x)
    assert_type(q @ r, Tensor)
    assert_type(x.median(0).indices, Tensor)
    assert_type(x.topk(2)[0], Tensor)
    assert_type(torch.split(x, 2), tuple[Tensor, ...])
    assert_type(torch.where(x > 0, x, 0.0), Tensor)
    assert_type(x.nonzero(), Tensor)
    assert_type(x.nonzero(as_tuple=True), tuple[Tensor, ...])
    assert_type(x.unique(), Tensor)
    assert_type(x.type(), str)


def shapes(x: Tensor) -> None:
    assert_type(x.view(-1, 3), Tensor)
    assert_type(x.reshape(x.shape[0], -1), Tensor)
    assert_type(x.reshape((2, -1)), Tensor)
    assert_type(x.permute(1, 0).transpose(0, 1), Tensor)
    assert_type(torch.cat([x, x], dim=0), Tensor)
    assert_type(torch.stack((x, x)), Tensor)
    assert_type(torch.einsum("ij,jk->ik", x, x), Tensor)
    assert_type(x.sum(dim=(0, 1)), Tensor)
    assert_type(x.expand(2, -1).contiguous().unsqueeze(0).squeeze(0), Tensor)
    assert_type(x.to(torch.float64).to("cpu").float(), Tensor)
    out = torch.empty(3)
    torch.add(x, 1, out=out)
    torch.exp(x, out=out)
    torch.mm(x, x, out=out)


def network(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    hidden = F.relu(F.linear(x, weight, bias))
    hidden = F.layer_norm(hidden, (hidden.shape[-1],))
    hidden = F.dropout(hidden, p=0.1, training=True)
    image = F.conv2d(x, weight, padding=1)
    assert_type(F.max_pool2d(image, 2), Tensor)
    assert_type(F.max_pool2d(image, 2, return_indices=True), tuple[Tensor, Tensor])
    scores = F.scaled_dot_product_attention(hidden, hidden, hidden, is_causal=True)
    return F.cross_entropy(scores.softmax(dim=-1), torch.zeros(3, dtype=torch.long))


def training() -> None:
    weight = torch.randn(3, 2, requires_grad=True)
    loss = torch.zeros(())
    for _ in range(3):
        loss = (torch.ones(2, 3) @ weight).square().mean()
        loss.backward()
        with torch.no_grad():
            assert weight.grad is not None
            weight -= 0.1 * weight.grad
            weight.grad = None
    torch.manual_seed(0)
    print(loss.item(), weight.tolist())


def hugging_face(input_ids: torch.LongTensor, mask: Tensor | None = None) -> torch.LongTensor:
    assert_type(input_ids, Tensor)
    return input_ids if mask is None else input_ids * mask


def filled(x: Tensor, mask: Tensor | None = None) -> Tensor:
    return x if mask is None else x.masked_fill(mask, float("-inf"))
