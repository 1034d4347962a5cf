"""What mypy is told to skip of torch does not change what it says of a program."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from benchmarks.mypy_speed import program
from shapetorch.cli.messages import SHAPE_CODES
from shapetorch.cli.modules import TOO_MANY, typed_libraries
from shapetorch.cli.torch_internals import SKIPPABLE, needed_and_unneeded
from shapetorch.flow.program import Source
from tests.plugin.harness import run_command

# Ordinary uses of torch, with the mistakes that mypy itself finds in them.
PROGRAM = """
from typing import Any
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch import optim
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
        self.norm = nn.LayerNorm((3, size), eps="3")
        self.other = nn.RMSNorm((3, size)).no_such()
        self.register_full_backward_hook(lambda module, before, after: 3)
        reveal_type(nn.LayerNorm)
        reveal_type(self.register_full_backward_pre_hook)
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


# Names all over torch's public interface, and what methods of tensors, modules and optimizers return.
PUBLIC = """
import torch
import torch.nn.functional as F
from torch import nn

x: torch.Tensor
m: nn.Module

reveal_type(x.untyped_storage())
reveal_type(x.set_)
reveal_type(x.grad_fn)
reveal_type(x.unique())
reveal_type(x.split(3))
reveal_type(x.stft)
reveal_type(x.norm())
reveal_type(x.device)
reveal_type(x.numpy())
reveal_type(x.backward)
reveal_type(x.share_memory_())
reveal_type(m.named_modules())
reveal_type(m.register_forward_pre_hook)
reveal_type(m.apply)
reveal_type(m.to("cpu", torch.float64))
reveal_type(torch.load)
reveal_type(torch.serialization.add_safe_globals)
reveal_type(torch.is_storage)
reveal_type(torch.FloatStorage)
reveal_type(torch.lobpcg)
reveal_type(torch.svd_lowrank)
reveal_type(torch.set_printoptions)
reveal_type(torch.fft.rfft)
reveal_type(torch.special.expit)
reveal_type(torch.linalg.lstsq(x, x))
reveal_type(torch.einsum)
reveal_type(torch.meshgrid)
reveal_type(torch.seed)
reveal_type(torch.quasirandom.SobolEngine(3).draw())
reveal_type(torch.autograd.functional.jacobian)
reveal_type(torch.autograd.set_detect_anomaly)
reveal_type(torch.autograd.graph.save_on_cpu)
reveal_type(torch.autograd.Variable)
reveal_type(torch.nn.attention.sdpa_kernel)
reveal_type(torch.utils.checkpoint.checkpoint)
reveal_type(nn.utils.parameters_to_vector)
reveal_type(nn.utils.clip_grad_value_)
reveal_type(nn.utils.clip_grads_with_norm_)
reveal_type(nn.utils.weight_norm)
reveal_type(nn.utils.rnn.pack_sequence([x]).data)
reveal_type(nn.GRU(3, 3)(nn.utils.rnn.pack_sequence([x])))
reveal_type(nn.Linear(3, 3).bias)
reveal_type(nn.Embedding.from_pretrained)
reveal_type(nn.ParameterDict().items())
reveal_type(F.pad)
reveal_type(F.interpolate)
reveal_type(torch.optim.SGD([x]).state_dict())
reveal_type(torch.optim.lr_scheduler.OneCycleLR)
reveal_type(torch.optim.swa_utils.AveragedModel)
reveal_type(torch.distributions.Independent(torch.distributions.Normal(0, 1), 1).base_dist)
reveal_type(torch.distributions.kl_divergence)
reveal_type(torch.distributions.transforms.ExpTransform().inv)
reveal_type(torch.distributions.constraints.positive)
torch.optim.SGD([x], lr="3", momentum=())
torch.optim.NoSuch(x)
torch.distributions.NoSuch(x)
torch.fft.rfft(3)
torch.serialization.no_such()
nn.utils.no_such(x)
"""

# The same without what makes the larger packages necessary.
RARE = (
    r"optim|scheduler|DataLoader|Dataset|cuda|distributions|vmap|jit|autocast|compile|numpy|pass$"
)
SMALLER = re.sub(
    rf"^.*({RARE}).*\n", "", PROGRAM[: PROGRAM.index("class Pairs")], flags=re.MULTILINE
) + re.sub(
    rf"^.*({RARE}).*\n", "", PROGRAM[PROGRAM.index("class Net") :], flags=re.MULTILINE
).replace('    loader = DataLoader(Pairs(), batch_size="3")\n', "").replace(
    "in loader", "in [(net, net)]"
)


def mistyped_models() -> str:
    """The corpus of models, with mistakes of types that need what torch says of its names."""
    text = program(1000)
    text = re.sub(
        r"^(\s+)return (.*[^\[({,])$", r"\1return reveal_type(\2)", text, flags=re.MULTILINE
    )
    return re.sub(r"^(\s+self\.\w+) = (nn\..*\))$", r"\1: int = \2", text, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("torch")
    folder = tmp_path_factory.mktemp("internals")
    (folder / "program.py").write_text(PROGRAM)
    (folder / "smaller.py").write_text(SMALLER)
    (folder / "public.py").write_text(PUBLIC)
    (folder / "models.py").write_text(mistyped_models())
    return folder


FILES = ["program.py", "smaller.py", "public.py", "models.py"]


@pytest.fixture(scope="module")
def everything(folder: Path) -> list[str]:
    """What mypy says when it reads all of torch."""
    command = [sys.executable, "-m", "mypy", "--config-file=", "--cache-dir=cache"]
    return run_command([*command, *FILES], folder).stdout.splitlines()


@pytest.mark.parametrize("name", FILES)
def test_the_same_errors_as_mypy_reading_all_of_torch(
    name: str, folder: Path, everything: list[str]
) -> None:
    assert "torch.optim" in needed_and_unneeded([Source(name, SMALLER)])[1]
    expected = [line for line in everything if line.startswith(name)]
    assert len(expected) > 40
    command = [sys.executable, "-m", "shapetorch.cli", "check", name, "--output", "github"]
    ours = run_command([*command, "--", "--config-file=", f"--cache-dir={name}-cache"], folder)
    found = []
    for line in ours.stdout.splitlines():
        match = re.match(r"::(\w+) .*?line=(\d+),.*?(?:title=([\w-]+))?::(.*)", line)
        assert match is not None, line
        kind, number, code, text = match.groups()
        if code in SHAPE_CODES:
            continue
        first, *notes = text.replace("%25", "%").split("%0A")
        severity = "error" if kind == "error" else "note"
        end = f"  [{code}]" if code else ""
        found.append(f"{name}:{number}: {severity}: {first}{end}")
        found.extend(f"{name}:{number}: note: {note}" for note in notes)
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("import torch\ntorch.distributions.Normal", {"torch.distributions"}),
        ("from torch.distributions import Normal", {"torch.distributions"}),
        ("import torch as t\nt.vmap", {"torch._functorch", "torch._vmap_internals", "torch.func"}),
        ("from torch import nn\nnn.DataParallel", {"torch.nn.parallel"}),
        ("import torch\ndef f(x: 'torch.sparse.X'): pass", {"torch.sparse"}),
        ("import torch\nx = torch.zeros(3)\nx.cpu().numpy()", {"numpy"}),
        ("x.untyped_storage()", {"torch.storage", "torch._utils"}),
        ("import torch\na = torch.autograd\na.functional", set()),
        (
            "import torch\na = torch.autograd\na.jvp",
            {"torch.autograd.functional", "torch.autograd.forward_ad"},
        ),
        ("from torch.autograd import functional", {"torch.autograd.functional"}),
        ("import torch.nn.functional as F", set()),
        ("from jaxtyping import install_import_hook", {"jaxtyping._import_hook"}),
        ("import torch  # torch.onnx is only mentioned", set()),
        ("x.sparse.export", set()),
        ("x = (", set()),
    ],
)
def test_what_a_program_names_is_read(text: str, needed: set[str]) -> None:
    assert needed_and_unneeded([Source("a.py", text)]) == (needed, set(SKIPPABLE) - needed)


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("import torch", set()),
        (
            "from torch.optim import SGD",
            {"torch.optim", "torch.optim.sgd", "torch.optim.optimizer"},
        ),
        ("import torch\ntorch.save", {"torch.serialization"}),
        ("import torch\ntorch.nn.utils.clip_grads_with_norm_", {"torch.nn.utils.clip_grad"}),
    ],
)
def test_modules_are_read_by_the_names_in_them(text: str, needed: set[str]) -> None:
    torch = pytest.importorskip("torch")
    found, _ = needed_and_unneeded([Source("a.py", text)], Path(torch.__file__).parent)
    assert found == needed
    kept, _ = needed_and_unneeded([], Path(torch.__file__).parent, needed)
    assert kept == needed


def test_a_star_import_may_need_any_word() -> None:
    text = "from torch.distributions import *\nNormal(0, 1).cdf\nfft"
    assert {"torch.distributions", "torch.fft"} <= needed_and_unneeded([Source("a.py", text)])[0]


def test_typed_libraries(tmp_path: Path) -> None:
    """What a library takes from torch is needed too, if mypy reads the library."""
    for name, typed in [("one", True), ("two", False), ("three", True)]:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("import torch, three\n")
        if typed:
            (tmp_path / name / "py.typed").write_text("")
    own = [Source("a.py", "import one, two, torch, os")]

    def names(*, untyped: bool) -> list[str]:
        found = typed_libraries(own, [tmp_path], untyped=untyped)
        return [Path(it.path).parent.name for it in found or []]

    assert names(untyped=False) == ["one", "three"]
    assert names(untyped=True) == ["one", "two", "three"]
    for number in range(TOO_MANY):
        (tmp_path / "one" / f"part{number}.py").write_text("import torch")
    assert typed_libraries(own, [tmp_path], untyped=False) is None
