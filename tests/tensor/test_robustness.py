"""What must hold whatever a program does: modes, threads, deep graphs, freed graphs, memory around tensors."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import shapetorch as torch
from shapetorch.nn import functional
from shapetorch.tensor import kernels

# -- modes ------------------------------------------------------------------------------------------


def test_no_grad_belongs_to_its_thread() -> None:
    inside, leave = threading.Event(), threading.Event()

    def quiet() -> None:
        with torch.no_grad():
            inside.set()
            leave.wait(10)

    other = threading.Thread(target=quiet)
    other.start()
    inside.wait(10)
    assert torch.is_grad_enabled()
    assert (torch.ones(2, requires_grad=True) * 2).requires_grad
    leave.set()
    other.join()


@pytest.mark.parametrize(
    "switch",
    [torch.no_grad, torch.inference_mode, torch.enable_grad, lambda: torch.set_grad_enabled(False)],
)
def test_an_exception_restores_the_mode(switch: Callable[[], Any]) -> None:
    with pytest.raises(KeyError), switch():
        raise KeyError
    assert torch.is_grad_enabled()
    assert not torch.is_inference_mode_enabled()


def test_an_error_in_backward_restores_the_mode() -> None:
    x = torch.ones(2, requires_grad=True)
    y = x * 2
    y.register_hook(lambda grad: grad[:1])
    with pytest.raises(RuntimeError, match="hook has changed the size"):
        y.sum().backward()
    assert torch.is_grad_enabled()
    assert x.grad is None


def test_threads_share_leaves() -> None:
    x = torch.ones(64, requires_grad=True)
    wrong: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(50):
                (g,) = torch.autograd.grad((x * x).sum(), x)
                assert g.tolist() == [2.0] * 64
        except BaseException as error:
            wrong.append(error)

    running = [threading.Thread(target=work) for _ in range(4)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert not wrong


# -- graphs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "step",
    [lambda y: y + 1, lambda y: y.view(1), lambda y: y * 1.00001],
    ids=["sum", "view", "product"],
)
def test_a_graph_may_be_deep(step: Callable[[Any], Any]) -> None:
    x = torch.ones(1, requires_grad=True)
    y = x
    for _ in range(20_000):
        y = step(y)
    y.sum().backward(retain_graph=True)
    assert x.grad is not None
    del y  # and freeing it needs no deep stack either


def test_a_graph_is_freed_with_its_tensors() -> None:
    gc.collect()
    gc.disable()
    try:
        x = torch.ones(3, requires_grad=True)
        y = x.exp()
        z = (y * y).softmax(0).sum()
        z.backward()
        nodes = [weakref.ref(item) for item in (y, z)]
        del y, z
        assert [node() for node in nodes] == [None, None], "a circle keeps the graph alive"
    finally:
        gc.enable()


# -- memory around tensors --------------------------------------------------------------------------

CANARY = 12345.0


@pytest.fixture(params=["numpy", "kernels"])
def tier(request: pytest.FixtureRequest) -> Iterator[str]:
    kernels.unload()
    if request.param == "kernels":
        kernels.warmup()
    yield request.param
    kernels.unload()


BAD = [
    pytest.param(lambda x, i: x[i], id="getitem"),
    pytest.param(lambda x, i: x.__setitem__(i, 7.0), id="setitem"),
    pytest.param(lambda x, i: x.index_select(0, i), id="index_select"),
    pytest.param(lambda x, i: x.index_add_(0, i, torch.ones(len(i), x.shape[1])), id="index_add_"),
    pytest.param(
        lambda x, i: x.index_copy_(0, i, torch.ones(len(i), x.shape[1])), id="index_copy_"
    ),
    pytest.param(lambda x, i: x.index_fill_(0, i, 7.0), id="index_fill_"),
    pytest.param(lambda x, i: x.index_put_((i,), torch.tensor(7.0)), id="index_put_"),
    pytest.param(lambda x, i: x.gather(0, i[:, None]), id="gather"),
    pytest.param(lambda x, i: x.scatter_(0, i[:, None], 7.0), id="scatter_"),
    pytest.param(
        lambda x, i: x.scatter_add_(0, i[:, None], torch.ones(len(i), 1)), id="scatter_add_"
    ),
    pytest.param(
        lambda x, i: x.scatter_reduce_(0, i[:, None], torch.ones(len(i), 1), "amax"),
        id="scatter_reduce_",
    ),
    pytest.param(lambda x, i: x.take(i + i.sign() * 1_000_000), id="take"),
    pytest.param(lambda x, i: x.put_(i + i.sign() * 1_000_000, torch.ones(len(i))), id="put_"),
    pytest.param(lambda x, i: functional.embedding(i, x), id="embedding"),
    pytest.param(lambda x, i: functional.embedding_bag(i[None], x), id="embedding_bag"),
    pytest.param(lambda x, i: functional.one_hot(i.abs(), 3), id="one_hot"),
    pytest.param(lambda x, i: functional.nll_loss(x[: len(i)], i), id="nll_loss"),
    pytest.param(lambda x, i: functional.cross_entropy(x[: len(i)], i), id="cross_entropy"),
]


@pytest.mark.usefixtures("tier")
@pytest.mark.parametrize(
    "index", [[0, 100_000], [-100_000, 1], [2**62, 0]], ids=["high", "low", "huge"]
)
@pytest.mark.parametrize("call", BAD)
def test_a_bad_index_touches_nothing(call: Callable[[Any, Any], Any], index: list[int]) -> None:
    memory = np.full((400, 64), CANARY, np.float32)
    inner = memory[100:300]
    inner[...] = np.arange(inner.size).reshape(inner.shape) / inner.size
    before = memory.copy()
    x = torch.from_numpy(inner)
    with pytest.raises((IndexError, RuntimeError)):
        call(x, torch.tensor(index))
    np.testing.assert_array_equal(memory, before)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_a_child_draws_the_numbers_of_its_parent() -> None:
    torch.manual_seed(3)
    torch.rand(5)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, repr(torch.rand(3).tolist()).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(read, 1000).decode() == repr(torch.rand(3).tolist())


WITH_LITTLE_MEMORY = """
import resource

resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
import shapetorch as t

F, row, big = t.nn.functional, t.ones(1 << 16, 1), t.ones(1).expand(1 << 29)
programs = [
    lambda: F.linear(row, row),
    lambda: F.gelu(big),
    lambda: F.relu(big),
    lambda: t.einsum("i,j->ij", row[:, 0], row[:, 0]),
    lambda: t.ones(4)[t.zeros(1, dtype=t.int64).expand(1 << 29)],
    lambda: row @ row.T,
    lambda: big.softmax(-1),
    lambda: t.cat([big, big]),
    lambda: big.double(),
    lambda: t.outer(row[:, 0], row[:, 0]),
    lambda: t.zeros(1 << 36),
]
for place, program in enumerate(programs):
    try:
        program()
    except RuntimeError as error:
        assert "allocate memory" in str(error), error
    else:
        raise AssertionError(place)
    assert (row * 2).sum() == 1 << 17
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the system does not refuse memory on request")
def test_results_that_do_not_fit_into_memory():
    """PyTorch's class of error, and everything goes on."""
    settings = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "SHAPETORCH_KERNELS": "0"}
    subprocess.run(
        [sys.executable, "-c", WITH_LITTLE_MEMORY], check=True, env=os.environ | settings
    )
