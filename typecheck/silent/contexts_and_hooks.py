"""with blocks, no_grad in its three forms, autocast, hooks and checkpoints."""

import contextlib
from typing import Any, Iterator

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint


class Net(nn.Module):
    def __init__(self, dim: int) -> None:
        super().__init__()
        self.body = nn.Linear(dim, 2 * dim)
        self.head = nn.Linear(2 * dim, 3)
        self.seen: dict[str, Tensor] = {}
        self.body.register_forward_hook(self.remember("body"))

    def remember(self, name: str) -> Any:
        def hook(module: nn.Module, args: Any, output: Tensor) -> None:
            self.seen[name] = output.detach()

        return hook

    def forward(self, x: Float[Tensor, "b dim"]) -> Float[Tensor, "b 3"]:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            h = self.body(x)
        h = checkpoint(torch.relu, h.float(), use_reentrant=False)
        return self.head(h)


@torch.no_grad()
def predict(net: Net, x: Float[Tensor, "b d"]) -> Float[Tensor, "b"]:
    net.eval()
    return net(x).softmax(-1).amax(dim=-1)


@torch.inference_mode()
def features(net: Net, x: Float[Tensor, "b d"]) -> Float[Tensor, "b e"]:
    net(x)
    return net.seen["body"].float()


@contextlib.contextmanager
def frozen(module: nn.Module) -> Iterator[nn.Module]:
    for p in module.parameters():
        p.requires_grad_(False)
    yield module
    for p in module.parameters():
        p.requires_grad_(True)


def step(net: Net, x: Float[Tensor, "b d"]) -> Float[Tensor, "3 e"]:
    with frozen(net.body) as body, torch.enable_grad():
        y = net.head(body(x))
        loss = y.logsumexp(1).mean()
    loss.backward()
    grad = net.head.weight.grad
    assert grad is not None
    return grad


def example() -> None:
    net, x = Net(5), torch.randn(2, 5)
    assert net(x).shape == (2, 3)
    assert predict(net, x).shape == (2,)
    assert features(net, x).shape == (2, 10)
    assert step(net, x).shape == (3, 10)


if __name__ == "__main__":
    example()
