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
torch.add(x, 1, out=torch.zeros(3).expand(2, 3))
torch.sort(x, out=(torch.zeros(1).expand(2, 3), i))
b.cumsum_(0)
b.cumprod_(0)
torch.cumsum(x, 0, dtype=torch.bool)
torch.addmm(b, b[:, :0], b[:0])
torch.addmm(b, b, b)
torch.mm(b, b.T)
torch.trace(b)
torch.unique(x.cfloat())
torch.index_select(x, 0, torch.tensor([5], dtype=torch.int32))
torch.index_add(x, 0, torch.tensor([0, 5], dtype=torch.int32), x)
torch.index_add(x, 0, torch.tensor([0, -1], dtype=torch.int32), x)
x.index_add_(1, torch.tensor([0, 5, 1], dtype=torch.int32), x)
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
torch.Size("a")
torch.Size([1.5])
torch.Size(1)
x.size(0, axis=0)
x.reshape(3, 2, shape=(3, 2))
x.permute()
x.permute(2**62, 1)
x.tile(2, 2**62)
x.repeat_interleave(2**62)
x.tensor_split(2**62)
torch.zeros(size=3)
torch.rand(2**62, 3, 3, 0, 7)
torch.randint(0, 5, (2**62, 3, 3, 0, 7))
torch.var(x, True, True)
torch.max(x, x, True)
torch.max(x, keepdim=True)
x.scatter(0, i, x, value=1)
x[[2**63, 1]]
x[2**63, 0]
x.__delitem__(0)
torch.ones(1, 1).expand(2**24, 1) @ torch.ones(1, 1).expand(1, 2**24)
torch.ones(1).expand(2**45).clone()
torch.ones(1).expand(2**45) + 1
torch.linalg.lu_solve(torch.eye(3), torch.tensor(1.0), torch.ones(3, 1))
torch.tensor([torch.tensor(1.5)], dtype=torch.int64)
torch.device("cpu", "a")
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

NUMBERS = """
F.threshold(x, "a", 1)
F.leaky_relu(x, "a")
F.softplus(x, "a")
x.nan_to_num("a")
torch.rrelu_(x, float("nan"), 0.2)
torch.rrelu(x, 0.1, float("nan"))
torch.scalar_tensor("a")
torch.scalar_tensor(x)
torch.Generator().manual_seed("a")
torch.Generator().manual_seed(None)
torch.manual_seed("a")
torch.manual_seed(None)
torch.manual_seed(2**64)
torch.manual_seed(-2**64)
torch.arange(2**63)
torch.randint(0, 2**64, (2, ))
torch.randint(0, 2**63, (2, ))
torch.randint(5, 2, (2, ))
i.fill_(2**63)
i.fill_(2**64)
x.masked_fill_(b, 2**70)
i.masked_fill_(b, 2**63)
torch.empty_strided((2**62, ), (4, ))
torch.empty_strided((2, ), (2**62, ))
torch.empty_strided((2, ), (-1, ))
F.conv2d(c, k, padding=2**62)
F.interpolate(c, scale_factor=float("nan"))
F.interpolate(c, scale_factor=float("inf"))
F.interpolate(c, scale_factor=1e30)
x.triu(2**63)
torch.tril_indices(3, 3, 2**63)
x.view(1.5)
x.movedim((0, 1), 0)
x.movedim((0, 0), (0, 1))
torch.true_divide(x, x, rounding_mode="floor")
torch.true_divide(x, x, rounding_mode=None)
x.true_divide(x, rounding_mode="floor")
F.embedding_bag(torch.tensor([0, 1]), x, torch.tensor([-1, 1]))
F.embedding_bag(torch.tensor([0, 1]), x, torch.tensor([0, 5]))
F.embedding_bag(torch.tensor([0, 1]), x, torch.tensor([1, 0]))
F.dropout(x, "a")
F.dropout(x, 2)
F.gumbel_softmax(x[:, :0], hard=True)
F.dropout(x, float("nan"))
F.dropout2d(c, float("nan"))
torch.broadcast_shapes("a")
torch.cat([])
torch.stack([])
torch.vstack([])
torch.concat([])
x.requires_grad_("a")
i.requires_grad_()
torch.Tensor("a")
torch.Tensor(-1)
torch.Tensor(2**62)
torch.Tensor(1.5)
torch.Tensor([1, "a"])
torch.promote_types("a", torch.int32)
torch.result_type("a", x)
torch.nn.functional.one_hot(torch.tensor([-1]))
torch.nn.functional.one_hot(torch.tensor([5]), 3)
F.nll_loss(x, torch.tensor([0, 5]))
F.nll_loss(x, torch.tensor([0, -5]))
F.cross_entropy(x, torch.tensor([0, 5]))
F.embedding(torch.tensor([5]), x)
F.embedding(torch.tensor([-1]), x)
torch.embedding(x[:, :0], torch.tensor([5]))
F.embedding(x, x)
F.embedding(torch.tensor([1]), x, padding_idx=9)
F.max_pool2d(c, 2, padding=2)
F.l1_loss("a", x)
F.l1_loss(x, x, reduction=1)
F.l1_loss(x, x, size_average=x)
F.huber_loss(x, x, reduction=None)
F.hinge_embedding_loss(x, x, 1e300)
F.cross_entropy(x, i[:, 0], reduce=x)
F.cross_entropy(x, i[:, 0], reduction=x)
F.gaussian_nll_loss(x, x, x, reduction=1)
F.batch_norm("a", x, x)
F.batch_norm(x, x[0], x[0], eps=x)
F.elu(x, 1j)
F.interpolate("a", 2)
F.interpolate(c, 2, align_corners="a")
F.interpolate(c, 2, mode="bilinear", align_corners="a")
F.interpolate(c, 2, antialias="a")
F.interpolate(c, 2, recompute_scale_factor=x)
F.interpolate(c, 2, scale_factor="a")
F.interpolate(c, scale_factor=float("inf"), mode="area")
F.interpolate(c, scale_factor=float("nan"), mode="area")
F.grid_sample(c, c[..., :2], padding_mode=1)
F.grid_sample(c, c[..., :2], align_corners="a")
F.embedding_bag(i[:1], x, mode=None)
F.embedding_bag(i[0, :1], x, i[0, :1], include_last_offset="a")
F.max_pool2d(c, 2, return_indices=x)
F.lp_pool2d(c, 2, (3,))
F.fractional_max_pool2d(c, 2, (2,))
F.fractional_max_pool2d(c, 2, 2, _random_samples="a")
torch.cdist(x, x, compute_mode=1)
torch.bincount(x)
torch.abs(x, out=torch.empty(0, dtype=torch.float64))
torch.floor(x, out=torch.empty(0, dtype=torch.float64))
torch.bitwise_not(i, out=torch.empty(0, dtype=torch.int32))
torch.conj_physical(x, out=torch.empty(0, dtype=torch.float64))
torch.amax(x, 0, out=torch.empty(0, dtype=torch.float64))
torch.any(x, out=torch.empty(0))
torch.isneginf(x, out=torch.empty(0))
torch.isnan(x, out=torch.empty(0, dtype=torch.bool))
torch.det(x[:, :2], out=torch.empty(0))
torch.addmm(x[:, :2], x[:, :2], x[:, :2], out=torch.empty(0, dtype=torch.float64))
torch.softmax(x, 0, out=torch.empty(0, dtype=torch.float64))
torch.hardshrink(x, out=torch.empty(0, dtype=torch.float64))
torch.float_power(x, 2, out=torch.empty(0))
torch.histc(x, out=torch.empty(0, dtype=torch.float64))
torch.fft.irfft(x.cfloat(), out=torch.empty(0, dtype=torch.cfloat))
torch.fft.irfft2(x.cfloat(), out=torch.empty(0, dtype=torch.cfloat))
torch.linalg.lu_factor(x[:, :2], out=(torch.empty(0), torch.empty(0)))
torch.aminmax(x, axis=0, dim=0)
torch.arange(1, start=0)
torch.arange(3, pin_memory=x)
torch.cartesian_prod()
torch.clamp(x, min=x, max=1j)
torch.combinations(x[0], 2**62, True)
torch.detach_("a")
torch.as_strided_("a", (2, ), (1, ))
torch.hsplit(torch.ones(3, 0), 2**40)
torch.einsum("i", [])
torch.einsum("i", [x[0]], 1)
torch.gradient(x, spacing=["a"])
torch.gradient(torch.tensor(1.0), spacing="a")
torch.cumulative_trapezoid(x, dx=True)
torch.trapezoid(x, dx=True)
torch.cumulative_trapezoid(x, x, dx=2)
torch.logspace(100, 1, 1)
torch.lobpcg(torch.eye(9), 0)
torch.lu(x[:, :2], out=(torch.empty(0), "a"))
F.interpolate(torch.ones(0, 3, 4, 2), (2**62, 1), mode="bicubic")
torch.histogram(x, 1, range=(0.0, 1.0, 2.0))
torch.istft(torch.ones(9, 6, dtype=torch.cfloat), 16, hop_length=17, window=torch.ones(16))
torch.istft(torch.ones(9, 6, dtype=torch.cfloat), 16, hop_length=2, length=0, window=torch.ones(16))
torch.fft.fft2(x, dim=None)
torch.fft.fftshift(x, ())
torch.addmm(x[:, :2], x[:, :2], x[:, :2], beta=1e300)
torch.addmm(x[:, :2], x[:, :2], x[:, :2], alpha=2**70)
torch.linspace(0, 1e300, 3)
torch.logspace(0, 1e300, 3)
torch.linspace(0, 1, 2, dtype=torch.bool)
torch.linspace(0, 1, 2**63)
torch.chunk(x, 2**63)
torch.diagonal(x, 2**63)
torch.cov(x, correction=2**70)
F.cross_entropy(x, i[:, 0], ignore_index=2**70)
F.avg_pool2d(c, 2, divisor_override=2**70)
F.adaptive_avg_pool1d(torch.ones(0, 2**10, 3), 2**62)
torch.embedding(x, i[0, :1], 2**70)
torch.linalg.cholesky(x[:, :2] * float("nan"))
torch.bincount(torch.tensor([-1]))
torch.bincount(torch.tensor([2**62]))
torch.view_as_complex(x)
"""

ARRAYS = """
torch.tensor([[1, 2], [3]])
torch.tensor("a")
torch.tensor(["a"])
torch.tensor([1, "a"])
torch.tensor(object())
torch.tensor(None)
torch.tensor([2**63])
torch.tensor(2**63)
torch.tensor(2**64)
torch.tensor(2**70)
torch.tensor([1], dtype="float32")
torch.tensor(300, dtype=torch.uint8)
torch.tensor(float("nan"), dtype=torch.int32)
torch.tensor(1j, dtype=torch.float32)
torch.from_numpy(np.array([object()]))
torch.from_numpy(np.zeros(2, dtype=[("a", "f4")]))
torch.tensor(np.zeros(2, dtype=[("a", "f4")]))
torch.tensor(np.array([object()]))
torch.tensor(np.array(["a"]))
torch.tensor(np.zeros(3, dtype=">f4"))
torch.as_tensor(np.zeros(3, dtype=">i4"))
torch.from_numpy(np.zeros(3, dtype="longdouble"))
torch.from_numpy(np.zeros(3, dtype="M8[s]"))
torch.tensor(np.zeros(3)[::-1])
torch.as_tensor(np.zeros((3, 4))[:, ::-1])
torch.from_dlpack("a")
torch.from_dlpack(object())
torch.from_dlpack(np.array(["a"]))
torch.frombuffer(b"", dtype=torch.float32)
torch.frombuffer(bytearray(3), dtype=torch.float32)
torch.frombuffer(bytearray(8), dtype=torch.float32, count=3)
torch.frombuffer(bytearray(8), dtype=torch.float32, offset=8)
torch.frombuffer(bytearray(8), dtype=torch.float32, offset=-1)
torch.frombuffer(bytearray(8), dtype=torch.float32, count=0)
torch.frombuffer("a", dtype=torch.float32)
torch.frombuffer(bytearray(8), dtype="a")
x[np.array([5])]
x[np.array(["a"])]
"""

PLACES = """
x.index_add_(0, torch.tensor([0, 1]), x.clone(), alpha="a")
F.cross_entropy(x, torch.tensor([0, 1]), ignore_index="a")
x.__index__()
i.__index__()
x.index_put_((i, i, i), torch.tensor(1.0))
x.__setattr__("requires_grad", "a")
x.__setattr__("data", "a")
x.__setattr__("grad", "a")
x.__setattr__("grad", i)
x.__setattr__("shape", (6, ))
x.__setattr__("dtype", torch.float64)
x["a"]
x[1.5]
x[None, "a"]
x[{}]
x[object()]
x[5]
x[-3]
x[2**63]
x[2**70]
x[-2**70]
x[0, 0, 0]
x[::-1]
x[::0]
x[::"a"]
x["a":]
x[1.5:]
x[torch.tensor(1.5)]
x[torch.tensor([1.5])]
x[torch.tensor([5])]
x[torch.tensor([True])]
x.__setitem__(0, "a")
x.__setitem__(0, [1])
x.__setitem__(0, [1, 2])
x.__setitem__(0, None)
x.__setitem__(0, 1j)
x.__setitem__(0, torch.zeros(5))
x.__setitem__(5, 1)
x.__setitem__("a", 1)
i.__setitem__(0, 2**63)
i.__setitem__(0, 2**70)
i.__setitem__(0, float("nan"))
i.__setitem__(0, 1j)
x.__setitem__(0, object())
"""

PYTHON = """
float(x)
int(x)
complex(x)
float(torch.tensor([]))
torch.zeros(2, device="cuda")
x.to("cuda")
x + "a"
"a" + x
x + None
x @ 2
x @ "a"
x < "a"
x ** "a"
x // "a"
-b
~x
x & x
x << x
x % "a"
len(torch.tensor(1))
iter(torch.tensor(1))
"a" in x
torch.finfo("a")
torch.finfo(torch.int32)
torch.iinfo(torch.float32)
torch.device("a")
torch.device(5.5)
torch.device("cpu", -2)
"""


def attempt(library: Any, code: str) -> tuple[Exception | None, bool]:
    """What a call raises, and whether it left its operands alone."""
    arrays = [np.arange(6, dtype="f4").reshape(2, 3), np.arange(6).reshape(2, 3), np.eye(2, 3) > 0]
    arrays += [np.arange(16, dtype="f4").reshape(1, 1, 4, 4), np.ones((1, 1, 2, 2), "f4")]
    tensors = [library.tensor(array) for array in arrays]
    names = dict(zip("xibck", tensors, strict=True)) | {"torch": library, "np": np}
    names["F"] = library.nn.functional
    error = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            eval(code, names)
        except Exception as raised:
            error = raised
    same = (np.array_equal(t.detach().numpy(), a) for t, a in zip(tensors, arrays, strict=True))
    return error, all(same) and all(t._version == 0 for t in tensors)


LINES = [line for text in (CALLS, NUMBERS, ARRAYS, PLACES, PYTHON) for line in text.split("\n")]


@pytest.mark.parametrize("code", [line for line in LINES if line])
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
