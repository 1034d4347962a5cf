"""Autocast on the CPU: which dtypes come out, and that gradients keep those of the parameters."""

from __future__ import annotations

import threading
import warnings
from itertools import islice
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

import shapetorch
import shapetorch.amp
from tests.rules import oracle
from tests.tensor import judge
from tests.tensor.both import numbers

X, W = numbers(5, 3, dtype="float32"), numbers(4, 3, seed=1, dtype="float32")
CALLS: dict[str, Any] = {
    "linear": lambda t, x, w: t.nn.functional.linear(x, w),
    "operator": lambda t, x, w: x @ w.T,
    "method": lambda t, x, w: x.mm(w.T),
    "bmm": lambda t, x, w: t.bmm(x[None], w.T[None]),
    "addmm": lambda t, x, w: t.addmm(w[:, 0], x, w.T),
    "baddbmm": lambda t, x, w: t.baddbmm(x[None, :, :1], x[None], w.T[None]),
    "einsum": lambda t, x, w: t.einsum("ij,kj->ik", x, w),
    "multi_dot": lambda t, x, w: t.linalg.multi_dot([x, w.T]),
    "tensordot": lambda t, x, w: t.tensordot(x, w.T, 1),
    "conv1d": lambda t, x, w: t.nn.functional.conv1d(x[None], x[:, :, None].transpose(0, 0)[:2]),
    "conv2d": lambda t, x, w: t.nn.functional.conv2d(x[None, None], w[None, None, :2, :2]),
    "conv_transpose1d": lambda t, x, w: t.nn.functional.conv_transpose1d(x[None], x[:, :2, None]),
    "attention": lambda t, x, w: t.nn.functional.scaled_dot_product_attention(x, w, w),
    "inner": lambda t, x, w: t.inner(x, w),
    "softmax": lambda t, x, w: x.softmax(0),
    "sum": lambda t, x, w: x.sum(),
    "add": lambda t, x, w: x + 1,
    "outer": lambda t, x, w: t.outer(x[0], w[0]),
    "layer_norm": lambda t, x, w: t.nn.functional.layer_norm(x, (3,)),
    "mse_loss": lambda t, x, w: t.nn.functional.mse_loss(x, x * 2),
    "cross_entropy": lambda t, x, w: t.nn.functional.cross_entropy(x, t.tensor([0, 1, 2, 0, 1])),
    "prod": lambda t, x, w: x.prod(),
    "cat": lambda t, x, w: t.cat([x, w]),
    "fft": lambda t, x, w: t.fft.fft(x),
}


def both(library: Any, name: str, kind: str, dtype: str) -> Any:
    x, w = (library.tensor(item).to(getattr(library, kind)) for item in (X, W))
    with library.autocast("cpu", dtype=getattr(library, dtype)):
        try:
            return CALLS[name](library, x, w)
        except RuntimeError:
            return None


@pytest.mark.parametrize("kind", ["float32", "bfloat16", "float64"])
@pytest.mark.parametrize("name", CALLS)
def test_dtypes(name: str, kind: str) -> None:
    for dtype in ("bfloat16", "float16"):
        if kind == "bfloat16" and dtype == "float16":
            continue
        ours, theirs = both(shapetorch, name, kind, dtype), both(torch, name, kind, dtype)
        assert (ours is None) == (theirs is None)
        if theirs is not None:
            assert str(ours.dtype) == str(theirs.dtype)
            wide = (
                item.to(item.dtype if item.is_complex() else lib.float64)
                for lib, item in ((shapetorch, ours), (torch, theirs))
            )
            assert np.allclose(*(item.numpy() for item in wide), atol=0.05, rtol=0.02)


OTHERWISE = {
    "einsum": "PyTorch takes one operand, and sums without products, as they are",
    "inner": "PyTorch multiplies by a scalar in its dtype",
    "tensordot": "PyTorch takes the product of two vectors as it is",
    "linalg.pinv": "in float32 as a whole; PyTorch's last step is a product in the narrow dtype",
    "lobpcg": "in float32 as a whole",
    "nn.functional.l1_loss": "PyTorch multiplies by weights after the loss was widened",
    "nn.functional.mse_loss": "as l1_loss",
    "complex": "PyTorch refuses bfloat16 here, which it widens for polar",
}
"""Operations whose dtypes differ for some calls."""


def dtypes_of(thing: Any) -> list[str]:
    """The dtypes of the tensors in a result."""
    if isinstance(thing, (tuple, list)):
        return [found for item in thing for found in dtypes_of(item)]
    return [str(thing.dtype)] if hasattr(thing, "dtype") else []


@pytest.mark.parametrize("kind", [None, "bfloat16"])
@pytest.mark.parametrize("rule_name", judge.rule_names())
def test_every_operation(rule_name: str, kind: str | None) -> None:
    """Of float32 and of bfloat16 operands: the dtypes that PyTorch gives under autocast."""
    for call in islice(oracle.calls_of(rule_name, 0), 3):
        name = call.target.split(".", 1)[1]
        if call.inputs or not judge.exists(call.target) or call.target.startswith("einops."):
            continue
        found = []
        for side, library in ((judge.Theirs, torch), (judge.Ours, shapetorch)):
            with warnings.catch_warnings(), library.autocast("cpu"):
                warnings.simplefilter("ignore")
                found.append(judge._attempt(side(call, judge.Variant(dtype=kind))))
        (theirs, error), (ours, other) = found
        if error is None and other is None and name not in OTHERWISE:
            assert dtypes_of(ours) == dtypes_of(theirs), call


def test_several_operations_in_one_block() -> None:
    """Each is converted, and what an operation is made of is not."""

    def program(t: Any) -> list[str]:
        x, w = t.tensor(X), t.tensor(W)
        with t.autocast("cpu"):
            first, second = t.nn.functional.linear(input=x, weight=w), x @ w.T
            distances = t.cdist(x.bfloat16(), w.bfloat16(), compute_mode="use_mm_for_euclid_dist")
            with pytest.raises(RuntimeError):
                t.mm(x, x)
            third = x @ w.T
        return [str(item.dtype) for item in (first, second, distances, third)]

    assert program(shapetorch) == program(torch)


def test_a_block_for_another_device_changes_nothing_here() -> None:
    def program(t: Any) -> str:
        x = t.ones(2, 2)
        with t.autocast("cpu"), t.autocast("cuda", enabled=False):
            return str((x @ x).dtype)

    assert program(shapetorch) == program(torch) == "torch.bfloat16"


def test_one_context_within_itself() -> None:
    x, again = shapetorch.ones(2, 2), shapetorch.autocast("cpu")
    with again:
        with again, shapetorch.autocast("cpu", enabled=False):
            assert (x @ x).dtype is shapetorch.float32
        assert (x @ x).dtype is shapetorch.bfloat16
    assert (x @ x).dtype is shapetorch.float32


def test_the_device_is_named() -> None:
    assert shapetorch.amp.is_autocast_available("cpu")
    assert not shapetorch.amp.is_autocast_available("cuda")
    for library in (torch, shapetorch):
        with pytest.raises(ValueError, match="device_type"):
            library.autocast(3)


def test_gradients_have_the_dtypes_of_the_parameters() -> None:
    w = shapetorch.tensor(W, requires_grad=True)
    with shapetorch.autocast("cpu"):
        loss = shapetorch.nn.functional.linear(shapetorch.tensor(X), w).relu().sum()
    assert loss.dtype is shapetorch.bfloat16
    loss.backward()
    assert w.grad is not None
    assert w.grad.dtype is shapetorch.float32


@pytest.mark.filterwarnings("ignore:.*is deprecated:DeprecationWarning")
def test_state() -> None:
    def seen(t: Any) -> list[str]:
        return [
            str(item)
            for item in (
                t.is_autocast_enabled("cpu"),
                t.is_autocast_enabled(),
                t.is_autocast_cpu_enabled(),
                t.get_autocast_dtype("cpu"),
                t.get_autocast_cpu_dtype(),
                t.is_autocast_cache_enabled(),
            )
        ]

    def program(t: Any) -> list[list[str]]:
        found = [seen(t)]
        with t.autocast("cpu", dtype=t.float16, cache_enabled=False):
            found.append(seen(t))
            with t.amp.autocast("cpu", enabled=False):
                found.append(seen(t))
            found.append(seen(t))
        t.set_autocast_enabled("cpu", True)
        t.set_autocast_dtype("cpu", t.float16)
        found.append(seen(t))
        t.set_autocast_cpu_enabled(False)
        t.set_autocast_cpu_dtype(t.bfloat16)
        return [*found, seen(t)]

    assert program(shapetorch) == program(torch)


@pytest.mark.parametrize("case", ["float64", "cuda"])
def test_what_cannot_be_is_switched_off_with_a_warning(case: str) -> None:
    for t in (torch, shapetorch):
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            made = t.autocast("cpu", dtype=t.float64) if case == "float64" else t.autocast("cuda")
            with made:
                product = t.ones(2, 3) @ t.ones(3, 2)
        assert product.dtype == t.float32
        assert len(found) == 1
        assert found[0].category is UserWarning


def test_decorator_and_threads() -> None:
    @shapetorch.autocast("cpu")
    def product(x: Any) -> Any:
        return x @ x

    x = shapetorch.ones(2, 2)
    found: list[Any] = []
    with shapetorch.autocast("cpu"):
        thread = threading.Thread(target=lambda: found.append((x @ x).dtype))
        thread.start()
        thread.join()
    assert product(x).dtype is shapetorch.bfloat16
    assert (x @ x).dtype is shapetorch.float32
    assert found == [shapetorch.float32]


def test_functions_of_ones_own() -> None:
    def program(t: Any) -> list[str]:
        class Product(t.autograd.Function):  # type: ignore[misc, name-defined]
            @staticmethod
            @t.amp.custom_fwd(device_type="cpu", cast_inputs=t.float32)
            def forward(ctx: Any, a: Any, b: Any) -> Any:
                ctx.save_for_backward(a, b)
                return a @ b

            @staticmethod
            @t.amp.custom_bwd(device_type="cpu")
            def backward(ctx: Any, grad: Any) -> Any:
                a, b = ctx.saved_tensors
                return grad @ b.T, a.T @ grad

        a = t.ones(2, 2, requires_grad=True)
        with t.autocast("cpu"):
            made = Product.apply(a.bfloat16(), a)
        made.sum().backward()
        return [str(made.dtype), str(a.grad.dtype), str(a.grad.tolist())]

    assert program(shapetorch) == program(torch)


@pytest.mark.parametrize("cast", [True, False])
@pytest.mark.parametrize("within", [True, False])
def test_what_a_function_of_ones_own_is_given(cast: bool, within: bool) -> None:
    """Floating operands but float64 are cast within autocast, by position and by name; else nothing is."""

    def program(t: Any) -> list[str]:
        found = []

        class Ctx:
            """What a forward is given."""

        @t.amp.custom_fwd(device_type="cpu", cast_inputs=t.float32 if cast else None)
        def forward(ctx: Any, *args: Any, **kwargs: Any) -> Any:
            found.extend(str(item.dtype) for item in (*args, *kwargs.values()))
            found.append(str((t.ones(2, 2) @ t.ones(2, 2)).dtype))

        @t.amp.custom_bwd(device_type="cpu")
        def backward(ctx: Any) -> Any:
            found.append(str((t.ones(2, 2) @ t.ones(2, 2)).dtype))

        ctx, x = Ctx(), t.ones(2)
        with t.autocast("cpu", dtype=t.float16, enabled=within):
            forward(ctx, x.half(), x.long(), x.double(), named=x.bfloat16())
        backward(ctx)
        return found

    assert program(shapetorch) == program(torch)


def test_the_switch_of_the_cache() -> None:
    def program(t: Any) -> list[bool]:
        before = t.is_autocast_cache_enabled()
        t.set_autocast_cache_enabled(False)
        try:
            return [before, t.is_autocast_cache_enabled()]
        finally:
            t.set_autocast_cache_enabled(before)

    assert program(shapetorch) == program(torch)
