"""What mypy is told to skip of torch does not change what it says of a program."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from shapetorch.cli.torch_internals import SKIPPABLE, unneeded
from shapetorch.flow.program import Source
from tests.plugin.harness import ROOT, run_command

# Ordinary uses of torch, with the mistakes that mypy itself finds in them.
PROGRAM = """
from typing import Any
import torch
import torch.nn.functional as F
from torch import Tensor, nn, optim
from torch.nn import Parameter
from torch.nn.utils import clip_grad_norm_
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import DataLoader, Dataset


class Pairs(Dataset[tuple[Tensor, Tensor]]):
    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return torch.zeros(3), 3

    def __len__(self) -> int:
        return "3"


class Net(nn.Module):
    def __init__(self, size: int) -> None:
        super().__init__()
        self.fc = nn.Linear("3", size)
        self.weight = Parameter(torch.zeros(3), requires_grad="no")
        self.layers = nn.ModuleList([nn.Conv2d(3, 3)])
        self.norm: nn.LayerNorm = nn.BatchNorm1d(size)
        self.net = nn.Sequential(nn.ReLU(), nn.Dropout("0.1"), 3)
        self.rnn = nn.LSTM(3, 3, batch_first=True, nonsense=1)
        self.register_buffer("mask", 3)

    def forward(self, x: Tensor) -> Tensor:
        x.no_such_method()
        y: int = x.relu()
        z: str = x.shape
        n: str = x.size(0)
        torch.no_such_function(x)
        torch.cat(x, dim="0")
        F.relu(3)
        F.cross_entropy(x, x, reduction=3)
        F.no_such_function(x)
        torch.nn.no_such_module
        reveal_type(x.max(dim=1))
        reveal_type(x @ x)
        reveal_type(x[0])
        reveal_type(torch.einsum("ij,jk->ik", x, x))
        reveal_type(self.fc)
        reveal_type(self.layers[0])
        reveal_type(self.rnn(x))
        reveal_type(torch.linalg.svd(x))
        reveal_type(torch.topk(x, 3))
        reveal_type(x.view(2, 3).permute(0, 1).contiguous().to("cpu").device)
        reveal_type(nn.functional.scaled_dot_product_attention)
        reveal_type(torch.stack)
        reveal_type(self.parameters())
        reveal_type(self.state_dict())
        reveal_type(torch.save)
        reveal_type(torch.device("cpu"))
        reveal_type(x.register_hook)
        reveal_type(self.register_forward_hook)
        reveal_type(torch.Generator().manual_seed(3))
        reveal_type(torch.autograd.grad)
        reveal_type(nn.init.xavier_uniform_)
        reveal_type(nn.TransformerEncoderLayer(3, 3))
        reveal_type(nn.MultiheadAttention(3, 3)(x, x, x))
        with torch.no_grad(), torch.autocast("cpu"):
            pass
        return 3


@torch.no_grad()
def train(net: Net, device: torch.device) -> None:
    optimizer = optim.Adam(net.parameters(), lr="3")
    scheduler = StepLR(optimizer, step="x")
    reveal_type(scheduler.step)
    loader = DataLoader(Pairs(), batch_size="3")
    for x, y in loader:
        reveal_type(x)
        loss = net(x.to(device)).no_such()
        loss.backward()
        clip_grad_norm_(net.parameters(), "1")
        optimizer.step(3, 4, 5)
    torch.manual_seed("3")
    net.load_state_dict(3)
    train(3, 4)


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return x.pow("2", 3, 4)


reveal_type(Square.apply(torch.zeros(3)))
reveal_type(torch.distributions.Normal(0.0, 1.0).sample())
reveal_type(torch.optim.AdamW)
reveal_type(torch.vmap)
reveal_type(torch.jit.script)
reveal_type(torch.cuda.is_available())
reveal_type(torch.compile)
"""


def plain(text: str) -> list[str]:
    """Lines of mypy's output without summary and columns."""
    lines = [line for line in text.splitlines() if re.match(r"program\.py:\d+", line)]
    return [re.sub(r"(program\.py:\d+)(:\d+)*", r"\1", line) for line in lines]


def test_the_same_errors_as_mypy_reading_all_of_torch(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    (tmp_path / "program.py").write_text(PROGRAM)
    everything = run_command(
        [sys.executable, "-m", "mypy", "--config-file=", "--cache-dir=cache", "program.py"],
        tmp_path,
    )
    cache = f"--cache-dir={ROOT / '.shapetorch_cache'}"
    command = [sys.executable, "-m", "shapetorch.cli", "check", "program.py", "--output", "github"]
    ours = run_command([*command, "--", "--config-file=", cache], tmp_path)
    expected = plain(everything.stdout)
    assert len(expected) > 60
    found = []
    for line in ours.stdout.splitlines():
        match = re.match(r"::(\w+) .*?line=(\d+),.*?(?:title=([\w-]+))?::(.*)", line)
        assert match is not None, line
        kind, number, code, text = match.groups()
        first, *notes = text.replace("%25", "%").split("%0A")
        severity = "error" if kind == "error" else "note"
        end = f"  [{code}]" if code else ""
        found.append(f"program.py:{number}: {severity}: {first}{end}")
        found.extend(f"program.py:{number}: note: {note}" for note in notes)
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("import torch\ntorch.distributions.Normal", {"torch.distributions"}),
        ("from torch.distributions import Normal", {"torch.distributions"}),
        ("import torch as t\nt.vmap", {"torch._functorch", "torch.func"}),
        ("from torch import nn\nnn.DataParallel", {"torch.nn.parallel"}),
        ("import torch\ndef f(x: 'torch.sparse.X'): pass", {"torch.sparse"}),
        ("import torch\nx = torch.zeros(3)\nx.cpu().numpy()", set()),
        ("import torch  # torch.onnx is only mentioned", set()),
        ("x.sparse.export", set()),
        ("x = (", set()),
    ],
)
def test_what_a_program_names_is_read(text: str, needed: set[str]) -> None:
    assert set(SKIPPABLE) - set(unneeded([Source("a.py", text)])) == needed
