"""The text of tensors is PyTorch's, letter for letter."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("torch")  # what imports this is skipped without it

import torch

import shapetorch
from shapetorch.tensor.dtypes import DTYPES
from tests.tensor.judge import to_ours

COUNT = 20_000 if os.environ.get("SHAPETORCH_FUZZ") == "1" else 600
SCALES = (1e-6, 1e-3, 1e-2, 1, 1, 1, 10, 1e3, 1e5, 1e9)
SPECIAL = (float("nan"), float("inf"), -float("inf"), 0.0, -0.0)
OPTIONS: list[dict[str, Any]] = [
    {"precision": 2},
    {"precision": 8},
    {"threshold": 5},
    {"edgeitems": 1, "threshold": 3},
    {"linewidth": 40},
    {"profile": "full"},
    {"profile": "short"},
    {"sci_mode": True},
    {"sci_mode": False},
    {"edgeitems": 0, "threshold": 2},
    {"linewidth": 20, "edgeitems": 2, "threshold": 10},
]


@pytest.fixture(autouse=True)
def default_options() -> Iterator[None]:
    """The options are as before afterwards."""
    yield
    torch.set_printoptions(profile="default")
    shapetorch.set_printoptions(profile="default")


def drawn(rng: random.Random) -> torch.Tensor:
    """A random tensor: of any dtype, rank 0 to 4, with numbers near and far apart."""
    dtype = getattr(torch, rng.choice(list(DTYPES)))
    rank = rng.choice([0, 1, 1, 2, 2, 3, 4])
    sizes = [0, 1, 2, 3, 5, 8, 12, 40, 1001] if rank <= 2 else [0, 1, 2, 3, 4, 8]
    shape = [rng.choice(sizes) for _ in range(rank)]
    x = torch.randn(shape, dtype=torch.float64) * rng.choice(SCALES)
    if rng.random() < 0.2:
        x = x * torch.exp(torch.randn(shape, dtype=torch.float64) * 4)
    if rng.random() < 0.3:
        x = x.round()
    if dtype.is_complex:
        x = torch.complex(x, torch.randn(shape, dtype=torch.float64) * rng.choice(SCALES))
    if dtype.is_floating_point or dtype.is_complex:
        for value in SPECIAL:
            if x.numel() and rng.random() < 0.15:
                x.view(-1)[rng.randrange(x.numel())] = value
    elif dtype == torch.bool:
        x = x > 0
    else:
        x = x.clamp(-1e9, 1e9)
    x = x.to(dtype)
    return x.transpose(0, -1) if rank >= 2 and rng.random() < 0.2 else x


def test_random_tensors() -> None:
    rng = random.Random(5)
    torch.manual_seed(5)
    for _ in range(COUNT):
        theirs = drawn(rng)
        ours = to_ours(theirs)
        if rng.random() < 0.2 and (theirs.dtype.is_floating_point or theirs.dtype.is_complex):
            theirs.requires_grad_()
            ours.requires_grad_()
        options = rng.choice(OPTIONS) if rng.random() < 0.3 else {}
        for library in (torch, shapetorch):
            library.set_printoptions(profile="default")
            library.set_printoptions(**options)
        try:
            expected = repr(theirs)
        except ValueError:  # without edges, PyTorch cannot find the largest of no numbers
            continue
        assert repr(ours) == expected, (theirs.dtype, theirs.shape, options)


TEXTS = """\
torch.ones(2, 3)
torch.ones(2, requires_grad=True)
torch.ones(2, requires_grad=True) * 2
torch.ones(2, requires_grad=True).double()
torch.ones(2, requires_grad=True).clone()
torch.ones(2, 2, requires_grad=True).sum()
torch.zeros(2, 0, 3)
torch.zeros(0)
torch.zeros(0, dtype=torch.int64)
torch.zeros(2, 0, dtype=torch.float64, requires_grad=True)
torch.tensor(3)
torch.tensor(True)
torch.tensor(2.5, dtype=torch.bfloat16)
torch.tensor(1 - 2j)
torch.tensor([1.0, 1000.0])
torch.tensor([0.5, 500.0])
torch.tensor([0.5, 501.0])
torch.tensor([1e8])
torch.tensor([1e8, 0.5e8])
torch.tensor([1.00000008e8])
torch.tensor([1e-4], dtype=torch.float64)
torch.tensor([0.99e-4])
torch.tensor([0.1, 2.5], dtype=torch.bfloat16)
torch.arange(4.0, 2000.0, 1.5).reshape(11, -1)
torch.arange(3 * 6 * 70).reshape(3, 6, 70) * 1.5
torch.nn.parameter.Parameter(torch.ones(2))
torch.arange(1001)
torch.arange(1000)
torch.arange(4000).reshape(4, 10, 100)
torch.rand(3, 3) > 2
torch.full((30,), 123456789)
torch.device("cpu")
torch.float32
torch.Size([2, 3])
torch.ones(2).shape
torch.finfo(torch.float64)
torch.iinfo(torch.uint8)
torch.strided, torch.channels_last
"""


@pytest.mark.parametrize("expression", TEXTS.splitlines())
def test_texts(expression: str) -> None:
    ours = eval(expression, {"torch": shapetorch})
    theirs = eval(expression, {"torch": torch})
    assert repr(ours) == repr(theirs)
    assert str(ours) == str(theirs)


@pytest.mark.parametrize("dtype", ["float64", "float16"])
def test_the_default_dtype_is_not_named(dtype: str) -> None:
    for library in (torch, shapetorch):
        library.set_default_dtype(getattr(library, dtype))
    try:
        for of in ("float32", "float64", "float16", "complex64", "complex128", "int64"):
            ours = shapetorch.ones(2, dtype=DTYPES[of])
            assert repr(ours) == repr(torch.ones(2, dtype=getattr(torch, of)))
    finally:
        for library in (torch, shapetorch):
            library.set_default_dtype(library.float32)


def test_options_for_a_while() -> None:
    before = shapetorch.get_printoptions()
    with shapetorch.tensor.printing.printoptions(precision=1):
        assert repr(shapetorch.tensor([0.25])) == "tensor([0.2])"
    assert shapetorch.get_printoptions() == before
    assert repr(shapetorch.tensor([0.25])) == "tensor([0.2500])"


def test_a_subclass_has_its_name() -> None:
    class Marked(shapetorch.Tensor):
        """Another class of tensors."""

    assert repr(Marked([1, 2])) == "Marked([1., 2.])"
