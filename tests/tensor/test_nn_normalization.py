"""Normalization: running statistics, dtypes, options that the shape samples leave out."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

import shapetorch as st
from tests.tensor.both import agree, numbers


@pytest.mark.parametrize("momentum", [0.0, 0.1, 0.37, 1.0])
@pytest.mark.parametrize("shape", [(5, 3), (2, 3, 7), (2, 3, 5, 2)])
def test_batch_norm_moves_the_running_statistics(shape: tuple[int, ...], momentum: float) -> None:
    def call(t, x, mean, variance, weight, bias):
        made = t.nn.functional.batch_norm(
            x, mean, variance, weight, bias, training=True, momentum=momentum, eps=1e-3
        )
        return made, mean, variance, mean._version, variance._version

    statistics = numbers(3), np.abs(numbers(3, seed=1))
    agree(call, numbers(*shape), *statistics, numbers(3, seed=2), numbers(3), grad=False)


@pytest.mark.parametrize("given", ["both", "mean", "variance"])
def test_batch_norm_with_one_running_statistic(given: str) -> None:
    def call(t, x, mean, variance):
        return t.nn.functional.batch_norm(
            x, None if given == "variance" else mean, None if given == "mean" else variance,
            training=True,
        )  # fmt: skip

    agree(call, numbers(4, 3, 5), numbers(3), np.abs(numbers(3)), grad=False)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("affine", [True, False])
def test_gradients_of_batch_norm(training: bool, affine: bool) -> None:
    mean, variance = numbers(3).tolist(), np.abs(numbers(3, seed=1)).tolist()

    def call(t, x, weight, bias):
        statistics = [t.tensor(item, dtype=t.float64) for item in (mean, variance)]
        extra = (weight, bias) if affine else (None, None)
        return t.nn.functional.batch_norm(x, *statistics, *extra, training=training)

    agree(call, numbers(4, 3, 5), numbers(3), numbers(3, seed=4))


def test_an_empty_batch_leaves_the_running_statistics() -> None:
    def call(t, x, mean, variance):
        return t.nn.functional.batch_norm(x, mean, variance, training=True), mean, variance

    agree(call, np.zeros((0, 3, 5)), numbers(3), np.abs(numbers(3)), grad=False)


def test_batch_norm_of_the_library_itself() -> None:
    def call(t, x, weight, bias, mean, variance):
        return t.batch_norm(x, weight, bias, mean, variance, False, 0.1, 1e-5, False)

    arrays = numbers(3), numbers(3), numbers(3), np.abs(numbers(3))
    agree(call, numbers(4, 3), *arrays, grad=False)


@pytest.mark.parametrize(
    "options",
    [
        {"training": True, "eps": 0.0},
        {"training": False, "eps": -1.0},
        {"training": False, "eps": 0.0},
    ],
)
def test_eps_of_batch_norm(options: dict) -> None:
    def call(t, x, mean, variance):
        return t.nn.functional.batch_norm(x, mean, variance, **options)

    agree(call, numbers(4, 3), numbers(3), np.abs(numbers(3)), grad=False)


def test_running_statistics_have_no_gradient() -> None:
    def call(t, x, mean, variance):
        return t.nn.functional.batch_norm(x, mean, variance)

    agree(call, numbers(4, 3), numbers(3), np.abs(numbers(3)))


@pytest.mark.parametrize("stats", [True, False])
@pytest.mark.parametrize("running", [True, False])
def test_instance_norm(stats: bool, running: bool) -> None:
    def call(t, x, mean, variance, weight, bias):
        given = (mean, variance) if running else (None, None)
        made = t.nn.functional.instance_norm(
            x, *given, weight, bias, use_input_stats=stats, momentum=0.3
        )
        return made, mean, variance

    statistics = numbers(3), np.abs(numbers(3, seed=1))
    agree(call, numbers(4, 3, 5, 2), *statistics, numbers(3), numbers(3, seed=2), grad=False)


def test_gradients_of_instance_norm() -> None:
    agree(
        lambda t, x, w, b: t.nn.functional.instance_norm(x, weight=w, bias=b),
        *(numbers(2, 3, 5), numbers(3), numbers(3)),
    )


@pytest.mark.parametrize("groups", [1, 2, 3, 6])
def test_group_norm(groups: int) -> None:
    agree(
        lambda t, x, w, b: t.group_norm(x, groups, w, b),
        *(numbers(2, 6, 5, 3), numbers(6), numbers(6)),
    )


@pytest.mark.parametrize("name", ["layer_norm", "group_norm", "batch_norm", "rms_norm"])
@pytest.mark.parametrize("low", ["float16", "bfloat16"])
def test_narrow_input_with_wide_weights(name: str, low: str) -> None:
    def call(t, x, w, b):
        x = x.to(getattr(t, low))
        if name == "layer_norm":
            return t.layer_norm(x, (4,), w, b)
        if name == "rms_norm":
            return t.rms_norm(x, (4,), w)
        if name == "group_norm":
            return t.group_norm(x, 2, w, b)
        return t.nn.functional.batch_norm(x, b, w * w, w, b)

    agree(call, *(numbers(*shape, dtype="float32") for shape in ((3, 4), (4,), (4,))), grad=False)


def test_wide_input_with_narrow_weights() -> None:
    x, w = numbers(3, 4), numbers(4, dtype="float32")
    agree(lambda t, x, w: t.layer_norm(x, (4,), w), x, w, grad=False)
    agree(lambda t, x, w: t.nn.functional.batch_norm(x, w, w * w), x, w, grad=False)


@pytest.mark.parametrize("eps", [None, 1e-3, 0.0])
def test_eps_of_rms_norm(eps: float | None) -> None:
    small = numbers(3, 4, dtype="float32") * np.float32(1e-4)
    agree(lambda t, x: t.nn.functional.rms_norm(x, (4,), eps=eps), small, grad=False)
    agree(lambda t, x, w: t.rms_norm(x, (2, 4), w, eps), numbers(3, 2, 4), numbers(2, 4))


def test_rms_norm_of_complex_numbers() -> None:
    z = numbers(3, 4) + 1j * numbers(3, 4, seed=1)
    agree(lambda t, z: t.rms_norm(z, (4,), eps=1e-3), z)


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_local_response_norm(size: int) -> None:
    for shape in ((2, 4, 3), (2, 4, 3, 2), (1, 4, 2, 3, 2)):
        agree(
            lambda t, x: t.nn.functional.local_response_norm(x, size, 0.3, 0.6, 2.0),
            numbers(*shape),
        )


@pytest.mark.parametrize("p", [0.5, 1, 2, 3, float("inf")])
@pytest.mark.parametrize("dim", [0, -1, (0, 1)])
def test_normalize(p: float, dim: object) -> None:
    agree(lambda t, x: t.nn.functional.normalize(x, p, dim), numbers(3, 4))


def test_normalize_of_nothing_and_into_a_tensor() -> None:
    agree(lambda t, x: t.nn.functional.normalize(x * 0), numbers(3, 4), grad=False)
    agree(
        lambda t, x: t.nn.functional.normalize(x, out=t.empty(3, 4, dtype=t.float64)),
        numbers(3, 4),
        grad=False,
    )


def test_a_normalized_input_written_between_the_passes_is_noticed() -> None:
    x = st.Tensor.of_numpy(numbers(3, 4))
    w = st.Tensor.of_numpy(numbers(4))
    w.requires_grad = True
    made = st.layer_norm(x, (4,), w)
    x.zero_()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        made.sum().backward()


def test_what_is_not_needed_may_be_written() -> None:
    x, w, b = (st.Tensor.of_numpy(numbers(*shape)) for shape in ((3, 4), (4,), (4,)))
    b.requires_grad = True
    made = st.layer_norm(x, (4,), w, b)
    x.zero_()
    w.zero_()
    made.sum().backward()
    assert b.grad.tolist() == [3.0] * 4


def test_a_large_mean_leaves_the_variance_right() -> None:
    for shape in ((4, 3, 50), (4, 6, 5, 5)):
        array = numbers(*shape, dtype="float32") + np.float32(1000)
        narrow, wide = (st.Tensor.of_numpy(array.astype(kind)) for kind in ("float32", "float64"))
        for norm in (
            lambda x: st.nn.functional.batch_norm(x, None, None, training=True),
            lambda x: st.nn.functional.group_norm(x, 3),
        ):
            np.testing.assert_allclose(norm(narrow)._array, norm(wide)._array, atol=1e-3)
