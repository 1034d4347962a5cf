"""NumPy's warnings are not heard, whatever runs at the same time."""

from __future__ import annotations

import threading
import warnings

import numpy as np
import pytest

import shapetorch as st
from shapetorch.tensor.quiet import quietly, run

LOUD = [
    lambda x: (x * 1e30) * 1e30,
    lambda x: (x * 1e30).exp(),
    lambda x: (-x).log(),
    lambda x: (-x).sqrt(),
    lambda x: x / (x - x),
    lambda x: (x - x) / (x - x),
    lambda x: x // (x - x),
    lambda x: x % (x - x),
    lambda x: (-x) ** 0.5,
    lambda x: x**1000,
    lambda x: (x * st.inf).to(st.int64),
    lambda x: x.half() * 1e6,
    lambda x: x.add_(1e30).mul_(1e30),
    lambda x: (x - 1).reciprocal(),
    lambda x: st.lgamma(-x),
    lambda x: st.addcdiv(x, x, x - x),
    lambda x: st.where(x > 0, x, x.log()),
    lambda x: x.to(st.uint8) + 250,
]


@pytest.mark.parametrize("size", [1, 5000])
@pytest.mark.parametrize("program", LOUD)
def test_nothing_is_heard(program, size):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        program(st.ones(size) * 2)


def test_what_numpy_says_elsewhere_is_still_heard():
    st.ones(3) / st.zeros(3)
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        np.ones(1) / np.zeros(1)


def test_within_itself():
    """A function that runs in the quiet context may run others, and its own errors come out."""
    assert quietly(quietly, quietly, np.add, 1, 2) == 3
    with pytest.raises(RuntimeError, match="already entered"):
        run(run, np.add, 1, 2)

    def fail():
        raise RuntimeError("its own")

    with pytest.raises(RuntimeError, match="its own"):
        quietly(fail)


def test_threads():
    """Large enough that NumPy lets other threads run meanwhile."""
    wrong = []

    def work(seed):
        rng = np.random.default_rng(seed)
        array = rng.standard_normal(4000).astype(np.float32)
        x = st.from_numpy(array)
        expected = np.exp(array) + array * 2
        for _ in range(300):
            if not np.allclose((x.exp() + x * 2).numpy(), expected, 1e-5, 1e-5):
                wrong.append(seed)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
