"""Steps of optimizers, many parameters at once, against PyTorch's fused ones."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

import shapetorch
from shapetorch.tensor import kernels, threads

torch = pytest.importorskip("torch")

SHAPES = ((3, 4), (), (7,), (0,), (1, 2, 3))
ADAM = [
    {"amsgrad": amsgrad, "maximize": maximize, "weight_decay": decay}
    for amsgrad, maximize, decay in itertools.product((False, True), (False, True), (0.0, 0.1))
]
SGD = [
    {"momentum": momentum, "dampening": dampening, "nesterov": nesterov, "maximize": maximize}
    for momentum, dampening, nesterov, maximize in (
        (0.0, 0.0, False, False),
        (0.0, 0.0, False, True),
        (0.9, 0.0, False, False),
        (0.9, 0.5, False, True),
        (0.9, 0.0, True, False),
    )
]


@pytest.fixture(params=["NumPy", "kernels"])
def _tier(request):
    was_loaded = kernels.loaded()
    (kernels.warmup if request.param == "kernels" else kernels.unload)()
    yield
    (kernels.warmup if was_loaded else kernels.unload)()


def lists(t: Any, count: int, kind: str, shapes: Any = SHAPES, seed: int = 0) -> list[list[Any]]:
    """So many lists of tensors of the shapes, the same numbers on both sides; the third on are positive."""
    rng = np.random.default_rng(seed)
    made = []
    for place in range(count):
        arrays = [rng.standard_normal(shape) for shape in shapes]
        arrays = [np.asarray(np.abs(a) if place > 1 else a, np.float32) for a in arrays]
        made.append([t.from_numpy(array).to(getattr(t, kind)) for array in arrays])
    return made


def agree(run: Any, kind: str, count: int) -> None:
    """After several steps all lists are as PyTorch's, and were written to as often."""
    ours, theirs = lists(shapetorch, count, kind), lists(torch, count, kind)
    for step in range(1, 4):
        run(shapetorch, ours, step)
        run(torch, theirs, step)
    tolerance = {"float64": 1e-12, "float32": 2e-6, "float16": 4e-3, "bfloat16": 3e-2}[kind]
    for mine, other in zip(itertools.chain(*ours), itertools.chain(*theirs), strict=True):
        assert tuple(mine.shape) == tuple(other.shape)
        np.testing.assert_allclose(
            mine.double().numpy(), other.double().numpy(), tolerance, tolerance
        )


KINDS = ["float32", "float64", "float16", "bfloat16"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("options", ADAM, ids=str)
@pytest.mark.parametrize("name", ["_fused_adam_", "_fused_adamw_"])
@pytest.mark.usefixtures("_tier")
def test_adam(name, options, kind):
    def run(t, given, step):
        params, grads, means, squares, most = given
        steps = [t.tensor(float(step)) for _ in params]
        assert (
            getattr(t, name)(
                params,
                grads,
                means,
                squares,
                most if options["amsgrad"] else [],
                steps,
                lr=0.01 if step < 3 else t.tensor(0.02),
                beta1=0.9,
                beta2=0.99,
                eps=1e-8,
                **options,
            )
            is None
        )

    agree(run, kind, 5)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("options", SGD, ids=str)
@pytest.mark.parametrize("decay", [0.0, 0.1])
@pytest.mark.usefixtures("_tier")
def test_sgd(options, kind, decay):
    def run(t, given, step):
        params, grads, buffers = given
        t._fused_sgd_(
            params,
            grads,
            buffers if options["momentum"] else [],
            lr=0.1,
            weight_decay=decay,
            is_first_step=step == 1,
            **options,
        )

    agree(run, kind, 3)


@pytest.mark.parametrize("kind", ["float32", "float64"])
@pytest.mark.parametrize("maximize", [False, True])
@pytest.mark.usefixtures("_tier")
def test_adagrad(kind, maximize):
    def run(t, given, step):
        steps = [t.tensor(float(step)) for _ in given[0]]
        rates = {"lr": 0.1, "lr_decay": 0.5, "weight_decay": 0.1, "eps": 1e-10}
        t._fused_adagrad_(*given, steps, maximize=maximize, **rates)

    agree(run, kind, 3)


ADAMW = {
    "lr": 0.1,
    "beta1": 0.9,
    "beta2": 0.99,
    "weight_decay": 0.0,
    "eps": 1e-8,
    "amsgrad": False,
    "maximize": False,
}


def adamw(t: Any, *given: Any, **others: Any) -> Any:
    """A step of AdamW."""
    return t._fused_adamw_(*given, **{**ADAMW, **others})


@pytest.mark.parametrize("found", [0.0, 1.0])
def test_scaled_gradients(found):
    """They are divided in place, unless one is infinite: then nothing happens."""
    results = []
    for t in (shapetorch, torch):
        (params,), (grads,), (means,), (squares,) = (
            [item] for item in lists(t, 4, "float32", ((3,),))
        )
        scales = {"grad_scale": t.tensor(4.0), "found_inf": t.tensor(found)}
        adamw(t, params, grads, means, squares, [], [t.tensor(1.0)], **scales)
        results.append(
            [item.tolist() for given in (params, grads, means, squares) for item in given]
        )
    for ours, theirs in zip(*results, strict=True):
        np.testing.assert_allclose(ours, theirs, 1e-6)


def test_parameters_need_no_leave():
    """As PyTorch's, the step does not ask whether autograd forbids it, but counts as a write."""
    p = shapetorch.nn.Parameter(shapetorch.ones(3))
    kept = (p * p).sum()
    zeros = [shapetorch.zeros(3)]
    adamw(
        shapetorch,
        [p],
        [shapetorch.ones(3)],
        zeros,
        [shapetorch.zeros(3)],
        [],
        [shapetorch.tensor(1.0)],
    )
    np.testing.assert_allclose(p.tolist(), [0.9] * 3, 1e-6)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        kept.backward()


def test_parameters_that_do_not_lie_in_order():
    p, g = shapetorch.zeros(3, 2).T, shapetorch.arange(6.0).view(2, 3)
    state = [[shapetorch.zeros(2, 3)], [shapetorch.zeros(2, 3)]]
    adamw(shapetorch, [p], [g], *state, [], [shapetorch.tensor(1.0)])
    np.testing.assert_allclose(p.tolist(), [[0, -0.1, -0.1], [-0.1, -0.1, -0.1]], 1e-5)


def test_large_parameters_on_several_threads():
    rng = np.random.default_rng(0)
    arrays = [np.abs(rng.standard_normal(300_000)).astype(np.float32) for _ in range(4)]
    kernels.warmup()
    found = []
    before = threads.get_num_threads()
    for count in (1, 4):
        threads.set_num_threads(count)
        given = [[shapetorch.from_numpy(array.copy())] for array in arrays]
        adamw(shapetorch, *given, [], [shapetorch.tensor(3.0)])
        found.append([item.numpy() for (item,) in given])
    threads.set_num_threads(before)
    for one, four in zip(*found, strict=True):
        np.testing.assert_array_equal(one, four)


def _wrong(t: Any) -> list[tuple[str, Any]]:
    zeros = t.zeros
    one = [t.tensor(1.0)]

    def call(*given: Any, **others: Any) -> Any:
        return lambda: adamw(t, *given, **others)

    def z(*shape: int, kind: Any = t.float32) -> list[Any]:
        return [zeros(shape, dtype=kind)]

    return [
        ("fewer gradients", call(z(3), [], z(3), z(3), [], one)),
        ("fewer steps", call(z(3), z(3), z(3), z(3), [], [])),
        ("another dtype", call(z(3), z(3, kind=t.float64), z(3), z(3), [], one)),
        ("integers", call(*[z(3, kind=t.int64)] * 4, [], one)),
        ("nothing", call([], [], [], [], [], [])),
        ("no list", call(zeros(3), z(3), z(3), z(3), [], one)),
        ("no tensors", call([1.0], z(3), z(3), z(3), [], one)),
        ("no largest", call(z(3), z(3), z(3), z(3), [], one, amsgrad=True)),
        ("expanded", call([zeros(1).expand(3)], z(3), z(3), z(3), [], one)),
    ]


WRONG = [name for name, _ in _wrong(shapetorch)]


@pytest.mark.parametrize("name", WRONG)
def test_wrong_calls(name):
    """PyTorch's classes of errors; what it lets pass, reading beyond its memory, is refused as well."""
    call = dict(_wrong(shapetorch))[name]
    if name in ("expanded", "fewer steps"):
        with pytest.raises(RuntimeError):
            call()
        return
    with pytest.raises(Exception) as theirs:  # noqa: PT011 - whatever it is
        dict(_wrong(torch))[name]()
    with pytest.raises(theirs.type):
        call()


def test_shapes_that_differ_are_refused():
    """PyTorch reads beyond the shorter one."""
    zeros = shapetorch.zeros
    with pytest.raises(RuntimeError, match=r"grads of shape \[3\], got \[4\]"):
        adamw(
            shapetorch, [zeros(3)], [zeros(4)], [zeros(3)], [zeros(3)], [], [shapetorch.tensor(1.0)]
        )


SPECIAL = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1e-30, 1e30], np.float32)


@pytest.mark.parametrize(
    ("name", "arrays", "numbers"),
    [
        ("adam_step", 4, 9),
        ("adam_step_of_most", 5, 9),
        ("sgd_step", 2, 3),
        ("momentum_step", 3, 7),
        ("adagrad_step", 3, 4),
    ],
)
def test_kernels_keep_special_values(name, arrays, numbers):
    from shapetorch.tensor.optimizing import _BY_NUMPY, step

    kernels.warmup()
    rng = np.random.default_rng(1)
    for place in range(arrays):
        mine = [np.abs(rng.standard_normal(7)).astype(np.float32) for _ in range(arrays)]
        mine[place] = SPECIAL.copy()
        theirs = [array.copy() for array in mine]
        factors = tuple(rng.random(numbers))
        step(name, mine, factors)
        with np.errstate(all="ignore"):
            _BY_NUMPY[name](*theirs, np.array(factors, np.float32))
        for one, other in zip(mine, theirs, strict=True):
            np.testing.assert_allclose(one, other, 1e-5, 1e-7)


def test_the_shortcut_is_taken_where_it_can_be():
    """Or the tests above would pass without it."""
    from shapetorch.tensor.optimizing import SHORTCUTS

    kernels.warmup()
    counts = {
        "adam_step": (4, 11),
        "adam_step_of_most": (5, 11),
        "sgd_step": (2, 3),
        "momentum_step": (3, 7),
    }
    assert counts.keys() == SHORTCUTS.keys()
    for name, (arrays, numbers) in counts.items():
        call, of_all = SHORTCUTS[name].call, np.full(numbers, 0.5)
        for kind in ("float32", "float64"):
            given = lists(shapetorch, arrays, kind)
            steps = [shapetorch.tensor(2.0) for _ in SHAPES] if numbers == 11 else None
            assert call(of_all, steps, *given) is of_all
            locked = np.zeros(3, np.float32)
            locked.flags.writeable = False
            fixed = shapetorch.zeros(3)
            fixed._array = locked
            for wrong in (
                [given[0], *given[1:-1], given[-1][1:]],
                [given[0], *given[1:-1], given[-1][::-1]],
                [given[0], *given[1:-1], tuple(given[-1])],
                [[item.half() for item in row] for row in given],
                [[item.to(torch_other(kind)) for item in given[0]], *given[1:]],
                [[shapetorch.zeros(2, 2).T, *row[1:]] for row in given],
                [[fixed]] + [[shapetorch.zeros(3)]] * (arrays - 1),
                [[]] * arrays,
                given[1:],
            ):
                before = [item.tolist() for row in given for item in row]
                assert call(of_all, steps and steps[: len(wrong[0])], *wrong) is None
                assert [item.tolist() for row in given for item in row] == before
            if steps:
                assert call(of_all, steps[1:], *given) is None
                assert call(of_all, [shapetorch.tensor(0.0)] * len(steps), *given) is None
                assert call(of_all, [shapetorch.ones(2)] * len(steps), *given) is None


def torch_other(kind: str) -> Any:
    """The other of two dtypes."""
    return shapetorch.float64 if kind == "float32" else shapetorch.float32


def test_small_and_large_parameters_together():
    sizes = ((4,), (1 << 18,), (3, 2))
    results = []
    for t in (shapetorch, torch):
        given = lists(t, 4, "float32", sizes)
        for count in (1.0, 2.0):
            adamw(t, *given, [], [t.tensor(count) for _ in sizes])
        results.append([item.numpy() for row in given for item in row])
    for ours, theirs in zip(*results, strict=True):
        np.testing.assert_allclose(ours, theirs, 1e-5, 1e-6)
