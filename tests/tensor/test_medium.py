"""Tensors for which kernels are used, in the forms that operations meet them: the results are PyTorch's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import shapetorch
from shapetorch.tensor import kernels, threads

torch = pytest.importorskip("torch")

SHAPE = (70, 80)
SPECIAL = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 1e-40, 30.0, -30.0, 2.5, 100.0, -100.0]


@pytest.fixture(autouse=True)
def _with_kernels() -> None:
    kernels.warmup()


def numbers(*shape: int, seed: int = 0, kind: str = "float32") -> np.ndarray:
    """Random numbers, beginning with special ones."""
    made = np.asarray(np.random.default_rng(seed).standard_normal(shape) * 2, kind)
    flat = made.reshape(-1)
    special = np.random.default_rng(seed).permutation(SPECIAL)
    flat[: len(special)] = special[: flat.size]
    return made


def compare(program: Callable[..., Any], *arrays: np.ndarray, grad: bool = True) -> None:
    """The program on both libraries: result, and gradients of a weighted sum."""
    made = []
    for library in (shapetorch, torch):
        operands: list[Any] = [
            library.from_numpy(array.copy()).requires_grad_(grad and array.dtype.kind == "f")
            for array in arrays
        ]
        result = program(library, *operands)
        found = [result.detach().numpy()]
        if grad:
            weights = (
                np.random.default_rng(5).standard_normal(found[0].shape).astype(found[0].dtype)
            )
            (result * library.from_numpy(weights)).sum().backward()
            found += [x.grad.numpy() for x in operands if x.grad is not None]
        plain = program(library, *(x.detach() for x in operands))
        np.testing.assert_array_equal(plain.numpy(), found[0])
        made.append(found)
    ours, theirs = made
    assert len(ours) == len(theirs)
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.dtype == other.dtype
        bound = 1e-5 if mine.dtype == np.float32 else 1e-12
        np.testing.assert_allclose(mine, other, rtol=bound, atol=bound)


KINDS = pytest.mark.parametrize("kind", ["float32", "float64"])
UNARY = "abs square floor reciprocal relu sigmoid exp tanh rsqrt log".split()


@KINDS
@pytest.mark.parametrize("name", [*UNARY, "silu", "gelu", "softplus"])
def test_one_operand(name: str, kind: str) -> None:
    x = numbers(*SHAPE, kind=kind)
    grad = name not in ("gelu", "softplus", "silu")  # of infinity PyTorch itself gives either
    if not grad:
        x[~np.isfinite(x)] = 0

    def program(library: Any, x: Any) -> Any:
        return getattr(library if name in UNARY else library.nn.functional, name)(x)

    compare(program, x, grad=grad)
    compare(lambda t, x: program(t, x.transpose(0, 1)), x, grad=grad)
    compare(lambda t, x: program(t, x[:, :0]), x, grad=False)


@pytest.mark.parametrize("name", ["abs_", "square_", "floor_", "reciprocal_", "relu_", "sigmoid_"])
def test_in_place(name: str) -> None:
    compare(lambda t, x: getattr(x.clone(), name)(), numbers(*SHAPE))


@KINDS
@pytest.mark.parametrize("others", [SHAPE, (80,), (70, 1), (1, 80), (), (2, *SHAPE)])
@pytest.mark.parametrize("name", ["add", "mul", "sub", "div", "pow"])
def test_two_operands(name: str, others: tuple[int, ...], kind: str) -> None:
    x, y = numbers(*SHAPE, kind=kind), numbers(*others, seed=1, kind=kind)
    is_power = name == "pow"
    if is_power:
        y[~np.isfinite(y)] = 0.75
    compare(lambda t, x, y: getattr(t, name)(x, y), x, y, grad=not is_power)
    compare(lambda t, x, y: getattr(t, name)(y, x), x, y, grad=not is_power)
    compare(lambda t, x, y: x * y + x if not is_power else x**y, x, y, grad=not is_power)


@pytest.mark.parametrize("number", [2.5, -1.5, 0.0, 1.0, 2, -1, 0.5])
def test_a_number(number: float) -> None:
    x = numbers(*SHAPE)
    compare(lambda t, x: x**number, x, grad=False)
    compare(lambda t, x: number**x, x, grad=False)
    compare(lambda t, x: x * number + number, x)


def test_integers_and_mistakes() -> None:
    x = np.arange(70 * 80).reshape(SHAPE)
    compare(lambda t, x: x + x * x, x, grad=False)
    for kind in ("int64", "int32", "uint8", "bool"):
        compare(lambda t, x: x + 2.5, x.astype(kind), grad=False)
        compare(lambda t, x: t.mul(x, 0.5), x.astype(kind), grad=False)
    a, b = shapetorch.ones(70, 80), shapetorch.ones(81)
    for wrong in (lambda: a + b, lambda: shapetorch.mul(b, a)):
        with pytest.raises(RuntimeError, match="80"):
            wrong()


@KINDS
def test_choices(kind: str) -> None:
    x, y = numbers(*SHAPE, kind=kind), numbers(*SHAPE, seed=1, kind=kind)
    compare(lambda t, x, y: t.where(x > 0, x, y), x, y)
    compare(lambda t, x, y: t.where(x > y, x, y.transpose(0, 1).contiguous().t()), x, y)
    compare(lambda t, x, y: t.where(x > 0, x, 0.0), x, y)


@KINDS
def test_ends_of_rows(kind: str) -> None:
    x = np.random.default_rng(0).standard_normal((120, 130)).astype(kind)
    for program in (
        lambda t, x: x.sum(),
        lambda t, x: x.mean(),
        lambda t, x: x.mean(-1),
        lambda t, x: x.mean(0),
        lambda t, x: x.mean(0, keepdim=True),
        lambda t, x: x.sum(0),
        lambda t, x: x.amax(-1),
        lambda t, x: x.amin(1),
    ):
        compare(program, x)
    x[3, 7], x[4, 5], x[5] = np.nan, -np.inf, np.inf
    compare(lambda t, x: x.amax(-1), x, grad=False)
    compare(lambda t, x: x.amin(-1), x, grad=False)


@KINDS
@pytest.mark.parametrize("shape", [(3, 6, 5, 7), (2, 6, 40), (1, 6, 2, 3, 4), (4, 6, 2, 2)])
@pytest.mark.parametrize("affine", [True, False])
def test_channels(shape: tuple[int, ...], affine: bool, kind: str) -> None:
    rng = np.random.default_rng(0)
    x = (rng.standard_normal(shape) * 2 + 1).astype(kind)
    pair = [rng.standard_normal(6).astype(kind) for _ in range(2)] if affine else []
    mean, variance = rng.standard_normal(6).astype(kind), rng.random(6).astype(kind) + 0.5

    def norm(t: Any, name: str, *args: Any, **kwargs: Any) -> Any:
        return getattr(t.nn.functional, name)(*args, **kwargs)

    def evaluated(t: Any, x: Any, *given: Any) -> Any:
        return norm(t, "batch_norm", x, t.from_numpy(mean), t.from_numpy(variance), *given)

    compare(lambda t, x, *given: norm(t, "group_norm", x, 3, *given), x, *pair)
    compare(lambda t, x, *given: norm(t, "group_norm", x, 1, *given), x, *pair)
    compare(lambda t, x, *given: norm(t, "instance_norm", x, None, None, *given), x, *pair)
    compare(
        lambda t, x, *given: norm(t, "batch_norm", x, None, None, *given, training=True), x, *pair
    )
    compare(evaluated, x, *pair)


@KINDS
@pytest.mark.parametrize("over", [(1,), (0, 2), (1, 2), (0, 1), (1, 3), (0, 2, 3), (0, 1, 3), (2,)])
def test_sums_of_several_dims(over: tuple[int, ...], kind: str) -> None:
    x = np.random.default_rng(0).standard_normal((3, 5, 70, 11)).astype(kind)
    for program in (
        lambda t, x: x.sum(over),
        lambda t, x: x.mean(over, keepdim=True),
        lambda t, x: x.transpose(0, 2).sum(over),
    ):
        compare(program, x)


def test_rows_of_a_table() -> None:
    table = np.random.default_rng(0).standard_normal((90, 70)).astype(np.float32)
    places = np.random.default_rng(1).integers(0, 90, (11, 12))
    for options in ({}, {"padding_idx": int(places[0, 0])}, {"scale_grad_by_freq": True}):
        compare(
            lambda t, x, options=options: t.nn.functional.embedding(
                t.from_numpy(places), x, **options
            ),
            table,
        )


def test_threads_change_nothing() -> None:
    x = numbers(1 << 11, 1 << 10)
    y = x[::-1].copy()
    before = threads.get_num_threads()
    found = []
    for count in (1, 3):
        threads.set_num_threads(count)
        a, b = shapetorch.from_numpy(x), shapetorch.from_numpy(y)
        found.append([(a**b).numpy(), (a**1.7).numpy(), shapetorch.where(a > b, a, b).numpy()])
    threads.set_num_threads(before)
    for one, several in zip(*found, strict=True):
        np.testing.assert_array_equal(one, several)
