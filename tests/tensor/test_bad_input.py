"""Bad input raises PyTorch's class of exception and leaves every operand as it was."""

from __future__ import annotations

import gc
import warnings
import weakref
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

import shapetorch
from tests.rules.oracle import exception_class

CALLS = """
x.gather(1, i.clone().fill_(3))
x.gather(1, -i - 1)
x.gather(1.5, i)
x.scatter_(0, i, x)
x.scatter_add_(0, -i, x)
x.scatter_reduce_(0, i, x, "sum")
x.index_add_(0, torch.tensor([0, 2]), x)
x.index_copy_(0, torch.tensor([0, -1]), x)
x.index_fill_(0, torch.tensor([0, -3]), 1.0)
x.index_select(0, torch.tensor([0, 2]))
x.index_put_((torch.tensor([0, -3]),), torch.tensor(1.0))
x.take(torch.tensor([2**62]))
x.put_(torch.tensor([0, -7]), torch.tensor([1.0, 2.0]))
x[torch.tensor([-(2**63)])]
x.__setitem__(torch.tensor([0, -3]), 1)
x.masked_scatter_(b, i)
x.add_(torch.zeros(3, 4))
i.add_(1.5)
x[:1].add_(x)
torch.max(x, 0, out=(x, x))
torch.exp(x, out=i)
torch.roll(x, 2**63)
x.expand(2**63, 2, 3)
x.reshape(2**63)
torch.zeros(2**62, 2**62)
torch.randperm(2**50)
torch.repeat_interleave(torch.tensor([2**60]))
torch.zeros(True)
torch.zeros(float("nan"))
torch.zeros(2, requires_grad="x")
torch.zeros(2, device="nonsense")
torch.from_numpy(np.array(["a"]))
torch.from_numpy(np.zeros(3, dtype=">f4"))
torch.from_numpy(np.zeros(3)[::-1])
torch.tensor([1, None])
torch.add(x, np.zeros((2, 3)))
torch.isin(x, "a")
torch.iinfo("a")
torch.gradient(x, spacing="a")
torch.set_grad_enabled("a")
torch.autograd.grad(x.requires_grad_().sum(), [])
"""


def attempt(library: Any, code: str) -> tuple[Exception | None, bool]:
    """What a call raises, and whether it left its operands alone."""
    arrays = [np.arange(6, dtype="f4").reshape(2, 3), np.arange(6).reshape(2, 3), np.eye(2, 3) > 0]
    tensors = [library.tensor(array) for array in arrays]
    names = dict(zip("xib", tensors, strict=True)) | {"torch": library, "np": np}
    error = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            eval(code, names)
        except Exception as raised:
            error = raised
    same = (np.array_equal(t.detach().numpy(), a) for t, a in zip(tensors, arrays, strict=True))
    return error, all(same) and all(t._version == 0 for t in tensors)


@pytest.mark.parametrize("code", CALLS.split("\n")[1:-1])
def test_same_class_and_nothing_changed(code: str) -> None:
    theirs, _ = attempt(torch, code)
    ours, untouched = attempt(shapetorch, code)
    assert theirs is not None
    assert isinstance(ours, exception_class(theirs)), (ours, theirs)
    assert untouched


def test_wrapped_sums_of_repeats_do_not_write_outside() -> None:
    with pytest.raises(RuntimeError, match="allocate"):
        shapetorch.repeat_interleave(shapetorch.tensor([2**62] * 4))


def test_a_function_of_ones_own_makes_no_circle() -> None:
    class Double(shapetorch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, a: Any) -> Any:
            ctx.save_for_backward(a)
            return a * 2

        @staticmethod
        def backward(ctx: Any, grad: Any) -> Any:
            return grad * 2 + 0 * ctx.saved_tensors[0]

    gc.disable()
    try:
        x = shapetorch.ones(3, requires_grad=True)
        made = Double.apply(x)
        alive = weakref.ref(made)
        made.sum().backward()
        del made
        assert alive() is None
    finally:
        gc.enable()
