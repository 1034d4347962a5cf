"""What small operations rely on to be quick."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest

import shapetorch

PARTS = ["nn", "nn.functional", "func", "autograd", "utils.checkpoint", "linalg", "random"]


def installed(program: str) -> str:
    """Whether calls go through the shells that subclasses need, after a program in a fresh process."""
    program += "\nfrom shapetorch.tensor.overriding import install\nprint(install.done)"
    return subprocess.check_output([sys.executable, "-c", program], text=True).strip()


def test_the_library_itself_derives_no_class_that_has_a_say():
    imports = "\n".join(f"import shapetorch.{part}" for part in PARTS)
    assert installed(imports) == "False"
    derived = "class Mine(shapetorch.Tensor): pass"
    assert installed(f"import shapetorch\n{derived}") == "True"  # the check can fail


def update(t, x, y):
    """Writes in place of all kinds, with a parameter, a result and a view; and what backward says then."""
    leaf = x.clone().requires_grad_()
    result = leaf * 2
    view = result[0]
    kept = (leaf * leaf).sum()
    with t.no_grad():
        leaf.mul_(0.5).add_(y, alpha=0.25).addcmul_(y, y, value=0.5).addcdiv_(y, y + 3, value=-1.5)
        leaf -= y * 0.1
        leaf.neg_().exp_()
        result += leaf
        result -= 1
        view *= 2
        view.add_(y[0])
    values = [leaf.tolist(), result.tolist(), view.tolist()]
    versions = [leaf._version, result._version, view._version]
    flags = [leaf.requires_grad, result.requires_grad, view.requires_grad, leaf.is_leaf]
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        kept.backward()
    for refused in (lambda: leaf.add_(1), leaf.neg_, lambda: leaf.mul_(y)):
        with pytest.raises(RuntimeError, match="leaf"):
            refused()
    result.sum().backward()
    return values, versions, flags, leaf.grad.tolist()


def test_writing_without_recording():
    torch = pytest.importorskip("torch")
    numbers = np.random.default_rng(0).standard_normal((2, 2, 3)).astype(np.float32)
    ours = update(shapetorch, *(shapetorch.from_numpy(item.copy()) for item in numbers))
    theirs = update(torch, *(torch.from_numpy(item.copy()) for item in numbers))
    np.testing.assert_allclose(np.ravel(ours[0][0]), np.ravel(theirs[0][0]), rtol=1e-6)
    np.testing.assert_allclose(np.ravel(ours[0][1]), np.ravel(theirs[0][1]), rtol=1e-6)
    np.testing.assert_allclose(np.ravel(ours[0][2]), np.ravel(theirs[0][2]), rtol=1e-6)
    assert ours[1:] == theirs[1:]


@pytest.mark.parametrize(
    "number", [0, 0.0, -0.0, 1, True, 2.5, -3, 1e300, 1e-300, math.inf, math.nan]
)
@pytest.mark.parametrize("kind", ["float32", "float64", "float16", "int64"])
def test_numbers_beside_small_tensors(number, kind):
    """They are kept as arrays, where zeros of both signs and numbers that are equal stay apart."""
    torch = pytest.importorskip("torch")

    def results(t):
        x = t.tensor([0.0, 2.0, -3.0]).to(getattr(t, kind))
        made = [
            x * number,
            x if number is True else number - x,
            x > number,
            x + number,
            x / (number or 1),
            1 / (x * 0 + number),
        ]
        return [(str(item.dtype).removeprefix("torch."), item.tolist()) for item in made]

    for _ in range(2):  # made, and found again
        for ours, theirs in zip(results(shapetorch), results(torch), strict=True):
            assert ours[0].rpartition(".")[2] == theirs[0]
            np.testing.assert_allclose(ours[1], theirs[1], rtol=1e-6)
            np.testing.assert_array_equal(np.signbit(ours[1]), np.signbit(theirs[1]))
