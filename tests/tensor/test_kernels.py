"""Every kernel against its plain twin in ``tests/reference.py``; threads, processes, memory."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shapetorch.tensor import buffers, threads, trials
from shapetorch.tensor.kernels.compiling import cache_folder
from shapetorch.tensor.kernels.elementwise import FLAT, FLOAT32_ONLY
from shapetorch.tensor.kernels.examples import EXAMPLES
from shapetorch.tensor.kernels.table import KERNELS
from shapetorch.tensor.ops.nn_max_pooling import seen_by
from shapetorch.tensor.windows import Axis
from tests import reference

RNG = np.random.default_rng(0)
SPECIAL = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 1e-40, 1e-8, 20.0, 21.0, -30.0]
SPECIAL += [87.0, 88.7, 89.0, -87.0, -104.0, 700.0, -700.0, 3.9, -3.9, 0.624, 0.626]
ROWS = [(1, 1), (3, 5), (7, 64), (2, 129), (0, 4)]
TOLERANCE = {"float32": 2e-6, "float64": 1e-13}


def close(ours: Any, theirs: Any, kind: str, scale: float = 1.0) -> None:
    bound = TOLERANCE[kind] * scale
    np.testing.assert_allclose(np.asarray(ours, np.float64), theirs, rtol=bound, atol=bound)


def random(*shape: int, kind: str) -> np.ndarray:
    return RNG.standard_normal(shape).astype(kind) * 2


PRODUCTS = frozenset("gelu gelu_tanh silu gelu_slope silu_slope".split())
KINDS = pytest.mark.parametrize("kind", ["float32", "float64"])


@KINDS
@pytest.mark.parametrize("name", sorted(FLAT))
def test_flat(name: str, kind: str) -> None:
    if kind == "float64" and name in FLOAT32_ONLY:
        return  # NumPy computes these: see the test of what is offered
    numbers = np.concatenate(
        [SPECIAL, RNG.standard_normal(1003) * 8, RNG.standard_normal(100) * 90]
    )
    numbers = numbers.astype(kind)
    if name == "log":
        numbers[len(SPECIAL) :] = np.abs(numbers[len(SPECIAL) :])
    with np.errstate(all="ignore"):
        expected = reference.FLAT[name](numbers.astype(np.float64))
        expected = expected.astype(kind).astype(np.float64)
    out = np.empty_like(numbers)
    FLAT[name](numbers, out)
    # of an infinity times zero PyTorch itself gives NaN in one place and a number in another
    kept = ~np.isinf(numbers) if name in PRODUCTS else np.full(numbers.shape, True)
    close(out[kept], expected[kept], kind)
    again = numbers.copy()
    FLAT[name](again, again)
    np.testing.assert_array_equal(again, out)


@KINDS
def test_clamp(kind: str) -> None:
    x = np.concatenate([SPECIAL, RNG.standard_normal(100)]).astype(kind)
    for low, high in ((-1, 1), (1, -1), (-np.inf, 0.5), (0, np.nan)):
        out = np.empty_like(x)
        KERNELS["clamp"](x, x.dtype.type(low), x.dtype.type(high), out)
        expected = np.where(x < low, low, x)
        np.testing.assert_array_equal(out, np.where(expected > high, high, expected).astype(kind))


@KINDS
def test_addcmul(kind: str) -> None:
    x, a, b = (random(101, kind=kind) for _ in range(3))
    out = np.empty_like(x)
    KERNELS["addcmul"](x, a, b, x.dtype.type(0.3), out)
    wide = [array.astype(np.float64) for array in (x, a, b)]
    close(out, wide[0] + np.float64(x.dtype.type(0.3)) * wide[1] * wide[2], kind, 10)


@KINDS
@pytest.mark.parametrize("weight", [0.0, 0.25, 0.5, 0.75, 1.0, -2.0, 3.0, np.nan])
def test_lerp(kind: str, weight: float) -> None:
    """From the nearer end: a weight of 1 gives the other end itself, infinite or not."""
    a, b = (np.concatenate([SPECIAL, random(101, kind=kind)]).astype(kind) for _ in range(2))
    np.random.default_rng(0).shuffle(b)
    one, each = np.empty_like(a), np.empty_like(a)
    KERNELS["lerp"](a, b, a.dtype.type(weight), one)
    KERNELS["lerp_each"](a, b, np.full_like(a, weight), each)
    with np.errstate(all="ignore"):
        difference = b - a
        near = a + a.dtype.type(weight) * difference
        far = b - a.dtype.type(1 - weight) * difference
    expected = near if abs(weight) < 0.5 else far
    close(one, expected, kind)
    np.testing.assert_array_equal(one, each)


def test_pow() -> None:
    numbers = [*SPECIAL, 2.0, -2.0, 0.5, -0.5, 3.0, -3.0, 2.5, 1e38, -1e38, 16777217.0, 33554432.0]
    numbers += [1.0000001, 0.9999999, 127.0, -149.0, 1e-3, -1e30, -1e-40]
    grid = np.array(numbers, np.float32)
    with np.errstate(all="ignore"):
        x, y = (
            np.concatenate([a.ravel(), b])
            for a, b in zip(
                np.meshgrid(grid, grid),
                (np.exp(RNG.standard_normal(3000) * 20), RNG.standard_normal(3000) * 3),
                strict=True,
            )
        )
        x, y = x.astype(np.float32), y.astype(np.float32)
        exact = np.power(x.astype(np.float64), y.astype(np.float64))
        expected = exact.astype(np.float32)
    out = np.empty_like(x)
    KERNELS["pow"](x, y, out)
    assert np.array_equal(np.isnan(out), np.isnan(expected))
    number = ~np.isnan(expected)
    assert np.array_equal(np.signbit(out[number]), np.signbit(expected[number]))
    np.testing.assert_allclose(out[number], expected[number], rtol=1.3e-7, atol=2e-45)
    for number in (2.5, -1.0, 0.0):
        one, several = np.array([number], np.float32), np.full_like(grid, number)
        for operands, spread in (((grid, one), (grid, several)), ((one, grid), (several, grid))):
            some, same = np.empty_like(grid), np.empty_like(grid)
            KERNELS["pow"](*operands, some)
            KERNELS["pow"](*spread, same)
            np.testing.assert_array_equal(some, same)


@KINDS
def test_where(kind: str) -> None:
    chosen = RNG.random(1003) < 0.5
    a, b = random(1003, kind=kind), random(1003, kind=kind)
    out = np.empty_like(a)
    KERNELS["where"](chosen, a, b, out)
    np.testing.assert_array_equal(out, np.where(chosen, a, b))
    KERNELS["where"](chosen, a, b[:1], out)
    np.testing.assert_array_equal(out, np.where(chosen, a, b[0]))


LINES = ["add_row", "mul_row", "div_row", "add_column", "mul_column", "div_column"]


@KINDS
@pytest.mark.parametrize("name", LINES)
def test_a_row_or_column(name: str, kind: str) -> None:
    x, line = random(7, 33, kind=kind), random(7 if "column" in name else 33, kind=kind)
    out = np.empty_like(x)
    KERNELS[name](x, line, out)
    function = {"add": np.add, "mul": np.multiply, "div": np.divide}[name[:3]]
    np.testing.assert_array_equal(out, function(x, line[:, None] if "column" in name else line))


def test_what_is_offered_for_float64() -> None:
    """What is for float32 alone is not found for float64."""
    from shapetorch.tensor import kernels

    kernels.warmup()
    for name in FLAT:
        assert kernels.find(name, np.zeros(1 << 13, np.float32)) is not None
        found = kernels.find(name, np.zeros(1 << 13))
        assert (found is None) == (name in FLOAT32_ONLY), name


@KINDS
@pytest.mark.parametrize("shape", ROWS)
def test_rows(shape: tuple[int, int], kind: str) -> None:
    x, g = random(*shape, kind=kind), random(*shape, kind=kind)
    wide, grad = x.astype(np.float64), g.astype(np.float64)
    out, sums, columns = np.empty_like(x), np.empty(shape[0], kind), np.empty(shape[1], kind)
    close(KERNELS["sum_flat"](x.reshape(-1)), wide.sum(), kind, 200)
    KERNELS["sum_rows"](x, sums)
    close(sums, wide.sum(axis=1), kind, 40)
    KERNELS["var_rows"](x, x.dtype.type(shape[1]), sums)
    close(sums, wide.var(axis=1), kind, 100)
    KERNELS["max_rows"](x, sums)
    np.testing.assert_array_equal(sums, x.max(axis=1, initial=-np.inf))
    KERNELS["min_rows"](x, sums)
    np.testing.assert_array_equal(sums, x.min(axis=1, initial=np.inf))
    if shape[0]:
        KERNELS["sum_columns"](x, columns)
        close(columns, wide.sum(axis=0), kind, 40)
        several = np.stack([x, 2 * x])
        both = np.empty((2, shape[1]), kind)
        KERNELS["sum_middle"](several, both)
        np.testing.assert_array_equal(both, [columns, 2 * columns])
        close(KERNELS["softmax_rows"](x, out) or out, reference.softmax(wide), kind)
        soft = out.copy()
        close(KERNELS["log_softmax_rows"](x, out) or out, reference.log_softmax(wide), kind, 10)
        logs = out.copy()
        KERNELS["softmax_rows_backward"](g, soft, out)
        close(out, reference.softmax_backward(grad, soft.astype(np.float64)), kind, 10)
        KERNELS["log_softmax_rows_backward"](g, logs, out)
        close(out, reference.log_softmax_backward(grad, logs.astype(np.float64)), kind, 40)
    KERNELS["cumsum_rows"](x, out)
    close(out, wide.cumsum(axis=1), kind, 200)


@KINDS
@pytest.mark.parametrize("affine", ["both", "weight", "none"])
@pytest.mark.parametrize("shape", [(1, 2), (3, 5), (7, 64), (4, 129)])
def test_layer_norm(shape: tuple[int, int], affine: str, kind: str) -> None:
    x, g = random(*shape, kind=kind) + 3, random(*shape, kind=kind)
    nothing = np.empty(0, kind)
    weight = nothing if affine == "none" else random(shape[1], kind=kind)
    bias = random(shape[1], kind=kind) if affine == "both" else nothing
    out, mean, rstd = np.empty_like(x), np.empty(shape[0], kind), np.empty(shape[0], kind)
    KERNELS["layer_norm_rows"](x, weight, bias, 1e-5, out, mean, rstd)
    wide = [array.astype(np.float64) for array in (x, weight, bias, g)]
    expected = reference.layer_norm(*wide[:3], 1e-5)
    for ours, theirs in zip((out, mean, rstd), expected, strict=True):
        close(ours, theirs, kind, 100)
    of_x, of_w, of_b = np.empty_like(x), np.empty_like(weight), np.empty_like(bias)
    KERNELS["layer_norm_rows_backward"](g, x, weight, mean, rstd, of_x, of_w, of_b)
    gradients = reference.layer_norm_backward(wide[3], wide[0], wide[1], expected[1], expected[2])
    close(of_x, gradients[0], kind, 500)
    if weight.size:
        close(of_w, gradients[1], kind, 500)
    if bias.size:
        close(of_b, gradients[2], kind, 100)


@KINDS
def test_channels(kind: str) -> None:
    x, a, b = random(5, 37, kind=kind), random(5, kind=kind), random(5, kind=kind)
    out = np.empty_like(x)
    KERNELS["scale_rows"](x, a, b, out)
    close(out, x.astype(np.float64) * a[:, None] + b[:, None].astype(np.float64), kind, 20)


@KINDS
def test_cross_entropy(kind: str) -> None:
    x, target = random(11, 7, kind=kind), RNG.integers(0, 7, 11)
    target[3] = -100
    losses, grad = np.empty(11, kind), np.empty_like(x)
    counted = KERNELS["cross_entropy_rows"](x, target, -100, losses, grad)
    expected = reference.cross_entropy(x.astype(np.float64), target, -100)
    close(losses, expected[0], kind, 10)
    close(grad, expected[1], kind)
    assert counted == expected[2] == 10
    for wrong in (7, -1):
        target[5] = wrong
        assert KERNELS["cross_entropy_rows"](x, target, -100, losses, grad) == -1


@KINDS
@pytest.mark.parametrize(
    "geometry", [(2, 2, 2, 2, 0, 0, 1, 1), (3, 2, 1, 2, 1, 1, 1, 1), (2, 3, 2, 1, 0, 1, 2, 2)]
)
def test_max_pool(geometry: tuple[int, ...], kind: str) -> None:
    x = RNG.integers(-3, 3, (3, 7, 8)).astype(kind)  # with equal elements
    x[1, 2:4, 3] = np.nan
    sizes = [
        (n + 2 * geometry[4 + k] - geometry[6 + k] * (geometry[k] - 1) - 1) // geometry[2 + k] + 1
        for k, n in enumerate(x.shape[1:])
    ]
    out, places = np.empty((3, *sizes), kind), np.empty((3, *sizes), np.int64)
    axes = zip(x.shape[1:], *(geometry[k : k + 2] for k in range(0, 8, 2)), sizes, strict=True)
    seen = seen_by(tuple(Axis(*axis) for axis in axes))
    bounds = (seen.firsts, seen.lasts, seen.steps)
    KERNELS["max_pool"](x[:, None], *bounds, out[:, None], places[:, None])
    expected = reference.max_pool(x.astype(np.float64), geometry, sizes)
    np.testing.assert_array_equal(out, expected[0].astype(kind))
    np.testing.assert_array_equal(places, expected[1])


@pytest.mark.parametrize("large", [1e4, -1e4, 1e10, -1e30])
def test_large_logits_lose_nothing(large: float) -> None:
    x = (np.arange(12).reshape(2, 6) % 3 * 1024 + large).astype(np.float32)
    wide = x.astype(np.float64) - x.max(1, keepdims=True)
    expected = wide - np.log(np.exp(wide).sum(1, keepdims=True))
    out, losses = np.empty_like(x), np.empty(2, np.float32)
    KERNELS["log_softmax_rows"](x, out)
    KERNELS["cross_entropy_rows"](x, np.array([1, 5]), -100, losses, np.empty_like(x))
    assert np.allclose(out, expected, rtol=1e-6)
    assert np.allclose(losses, [-expected[0, 1], -expected[1, 5]], rtol=1e-6)


def test_nan_fills_its_row_alone() -> None:
    x = np.zeros((3, 20), np.float32)
    x[1, 7] = np.nan
    for name in ("max_rows", "min_rows"):
        ends = np.empty(3, np.float32)
        KERNELS[name](x, ends)
        assert np.isnan(ends).tolist() == [False, True, False]
    for name in ("softmax_rows", "log_softmax_rows"):
        out = np.empty_like(x)
        KERNELS[name](x, out)
        assert np.isnan(out[1]).all()
        assert np.isfinite(out[[0, 2]]).all()


@pytest.mark.parametrize("count", [2, 3, 1000])
def test_shuffling(count: int) -> None:
    steps = np.random.default_rng(1).integers(0, np.arange(count, 1, -1)).astype(np.uint32)
    made, expected = np.arange(count), list(range(count))
    KERNELS["shuffle"](made, steps)
    for place, step in enumerate(steps.tolist()):
        expected[place], expected[place + step] = expected[place + step], expected[place]
    assert made.tolist() == expected


@KINDS
@pytest.mark.parametrize("inner", [1, 3])
def test_places(kind: str, inner: int) -> None:
    index = RNG.integers(0, 5, (2, 7, inner))
    outer, within = np.arange(2)[:, None, None], np.arange(inner)
    source, values, out = (random(2, n, inner, kind=kind) for n in (5, 7, 7))
    KERNELS["gather_along"](source, index, out)
    np.testing.assert_array_equal(out, source[outer, index, within])
    expected = source.astype(np.float64)
    np.add.at(expected, (outer, index, within), values)
    KERNELS["add_along"](source, index, values)
    close(source, expected, kind, 10)
    KERNELS["put_along"](source, index[:, :5].argsort(axis=1), values[:, :5])
    np.put_along_axis(expected, index[:, :5].argsort(axis=1), values[:, :5], 1)
    close(source, expected, kind, 10)
    np.add.at(expected, (slice(None), index[0, :, 0]), values)
    KERNELS["add_slices"](source, index[0, :, 0].copy(), values)
    close(source, expected, kind, 10)


def test_trials() -> None:
    """The loops give the same compiled, and stop before an element for which numbers run out."""
    rng = np.random.default_rng(5)
    drawn, rates = rng.random(500), rng.random(80) * 30
    chance = rng.random(80) / 2
    counts = np.full(80, 60.0)
    mean = counts * chance
    facts = np.array(
        [
            counts,
            chance,
            np.log1p(-chance),
            mean,
            np.sqrt(mean * (1 - chance)),
            np.floor(61 * chance),
            chance / (1 - chance),
        ]
    )
    for name, given in (("poisson_numbers", rates), ("binomial_numbers", facts)):
        made, plain = np.zeros(80), np.zeros(80)
        end = KERNELS[name](drawn, given, 0, made)
        assert end == getattr(trials, name)(drawn, given, 0, plain)
        assert made.tolist() == plain.tolist()
        short = np.zeros(80)
        stop, used = KERNELS[name](drawn[:20], given, 0, short)
        assert 0 < stop < 80
        assert used <= 20
        assert KERNELS[name](drawn[used:], given, stop, short)[0] == end[0] == 80
        assert short.tolist() == made.tolist()


@pytest.mark.parametrize("count", [1, 100, 623, 624, 625, 5000])
@pytest.mark.parametrize("used", [0, 1, 300])
def test_the_twister(count: int, used: int) -> None:
    source = np.random.MT19937(5)
    source.random_raw(used)
    state = source.state["state"]
    words, floats = np.empty(count, np.uint32), np.empty(count, np.float32)
    place = KERNELS["twister_words"](state["key"].copy(), state["pos"], words)
    assert KERNELS["twister_floats"](state["key"], state["pos"], floats) == place
    assert words.tolist() == source.random_raw(count).tolist()
    assert floats.tolist() == ((words & 0xFFFFFF) * 2.0**-24).tolist()
    after = source.state["state"]
    assert (place, state["key"].tolist()) == (after["pos"], after["key"].tolist())


def test_every_kernel_is_tested() -> None:
    here = Path(__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in here.glob("test_*kernels.py"))
    lacking = [name for name in KERNELS if name not in FLAT and f'"{name}"' not in source]
    assert not lacking
    assert reference.FLAT.keys() == FLAT.keys()


def test_every_kernel_has_an_example() -> None:
    assert EXAMPLES.keys() == KERNELS.keys()


def test_precompile(capsys: pytest.CaptureFixture[str]) -> None:
    from shapetorch.precompile import main

    assert main([]) == 0
    assert f"kernels are in {cache_folder()}" in capsys.readouterr().out.replace("\n", "")


# -- threads and processes --------------------------------------------------------------------------


@pytest.fixture
def three_threads() -> Any:
    before = threads.get_num_threads()
    threads.set_num_threads(3)
    yield
    threads.set_num_threads(before)


@pytest.mark.usefixtures("three_threads")
def test_parts_cover_the_range() -> None:
    for size in (0, 1, 5, 17, 100):
        seen = np.zeros(size, int)

        def visit(start: int, end: int, seen: np.ndarray = seen) -> None:
            seen[start:end] += 1

        threads.split(visit, size, 4)
        assert (seen == 1).all()


@pytest.mark.usefixtures("three_threads")
def test_an_error_in_any_part_reaches_the_caller() -> None:
    for bad in range(3):

        def fail(start: int, end: int, bad: int = bad) -> None:
            if start == 4 * bad:
                raise ValueError(f"part {bad}")

        with pytest.raises(ValueError, match=f"part {bad}"):
            threads.split(fail, 12, 4)
    threads.split(lambda start, end: None, 12, 4)  # the workers are free again


@pytest.mark.usefixtures("three_threads")
def test_results_do_not_depend_on_threads() -> None:
    x = random(1 << 12, 300, kind="float32")
    from shapetorch.tensor.compute import elementwise

    functions = (np.exp, np.sqrt)  # with a kernel, and without
    several = [elementwise(function, x) for function in functions]
    threads.set_num_threads(1)
    for one, function in zip(several, functions, strict=True):
        np.testing.assert_array_equal(one, elementwise(function, x))


MIX = """
import os, random, sys, threading
import numpy as np
from shapetorch.tensor import threads
from shapetorch.tensor.kernels.table import KERNELS
threads.set_num_threads(2)
x = np.linspace(-3, 3, 1 << 12, dtype=np.float32)
expected = np.empty_like(x)
KERNELS["exp"](x, expected)

def work():
    out = np.empty_like(x)
    threads.split(lambda a, b: KERNELS["exp"](x[a:b], out[a:b]), x.size, 512)
    if not np.array_equal(out, expected):
        os._exit(3)

rng = random.Random(int(sys.argv[1]))
for turn in range(int(sys.argv[2])):
    running = [threading.Thread(target=work) for _ in range(rng.randint(0, 3))]
    for thread in running:
        thread.start()
    if rng.random() < 0.5:
        child = os.fork()
        if child == 0:
            work()
            os._exit(0)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            os._exit(4)
    work()
    for thread in running:
        thread.join()
print("done")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_forks_and_threads() -> None:
    turns = 1000 if os.environ.get("SHAPETORCH_FUZZ") == "1" else 60
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", MIX, "0", str(turns)],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.stdout == "done\n", (done.returncode, done.stderr[-2000:])


# -- memory -----------------------------------------------------------------------------------------


def test_a_buffer_is_used_again_when_nobody_refers_to_it() -> None:
    buffers.empty_cache()
    first = buffers.empty((1 << 19,), np.dtype(np.float32))
    place = first.ctypes.data
    view = first[10:]
    del first
    second = buffers.empty((1 << 19,), np.dtype(np.float32))
    assert second.ctypes.data != place, "a view still refers to the first"
    del view
    third = buffers.empty((1 << 10, 1 << 9), np.dtype(np.float32))
    assert third.ctypes.data == place


def test_buffers_of_several_threads_are_distinct() -> None:
    wrong: list[int] = []

    def work(number: int) -> None:
        for _ in range(200):
            mine = buffers.empty((1 << 18,), np.dtype(np.float32))
            mine[:] = number
            if not (mine == number).all():
                wrong.append(number)

    running = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert not wrong


def test_what_the_pool_holds() -> None:
    buffers.empty_cache()
    kept = buffers.empty((1 << 18,), np.dtype(np.float64))
    assert buffers.held() == (1 << 21, 1 << 21)
    del kept
    assert buffers.held() == (1 << 21, 0)
    buffers.empty_cache()
    assert buffers.held() == (0, 0)
