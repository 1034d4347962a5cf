"""Convolutions and pooling: what the shape samples do not reach."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

import shapetorch as st
from shapetorch.tensor import convolving
from tests.tensor.both import agree, integers, numbers

NAN, INF = np.nan, np.inf


# -- convolutions -----------------------------------------------------------------------------------

CONVOLUTIONS = [
    pytest.param((2, 3, 7), (4, 3, 4), {"padding": "same"}, id="same-of-an-even-kernel"),
    pytest.param((3, 7, 6), (4, 3, 4, 2), {"padding": "same", "dilation": 2}, id="same-dilated"),
    pytest.param((2, 3, 5, 7), (6, 1, 3, 3), {"groups": 3, "padding": 1}, id="depthwise"),
    pytest.param((2, 4, 5, 7), (6, 2, 3, 2), {"groups": 2, "stride": 2}, id="grouped"),
    pytest.param((2, 3, 5, 7), (4, 3, 1, 1), {}, id="pointwise"),
    pytest.param((2, 3, 5, 7), (4, 3, 1, 1), {"stride": 2, "padding": 1}, id="pointwise-strided"),
    pytest.param((2, 3, 5, 7), (4, 3, 5, 7), {}, id="one-window"),
    pytest.param((2, 3, 4, 4), (4, 3, 3, 3), {"padding": 5, "stride": 3}, id="windows-outside"),
    pytest.param((1, 2, 4, 5, 3), (4, 2, 2, 2, 3), {"padding": (1, 0, 2)}, id="in-space"),
    pytest.param((0, 3, 7), (4, 3, 3), {}, id="empty-batch"),
    pytest.param((2, 3, 2), (4, 3, 3), {}, id="kernel-too-large"),
    pytest.param((2, 3, 7), (4, 3, 3), {"padding": "full"}, id="unknown-padding"),
    pytest.param((2, 3, 7), (4, 3, 3), {"stride": 0}, id="no-stride"),
]


@pytest.mark.parametrize(("input", "weight", "options"), CONVOLUTIONS)
def test_convolution(input: tuple[int, ...], weight: tuple[int, ...], options: dict) -> None:
    name = f"conv{len(weight) - 2}d"
    bias = numbers(weight[0])
    agree(
        lambda t, *xs: getattr(t.nn.functional, name)(*xs, **options),
        *(numbers(*input), numbers(*weight), bias),
    )


TRANSPOSED = [
    pytest.param((2, 3, 5), (3, 4, 3), {"stride": 2, "output_padding": 1}, id="one-more"),
    pytest.param((2, 4, 5, 3), (4, 1, 3, 3), {"groups": 4, "stride": 2}, id="depthwise"),
    pytest.param((4, 5, 3), (4, 3, 3, 2), {"groups": 2, "padding": 1}, id="without-a-batch"),
    pytest.param((2, 3, 5), (3, 4, 3), {"stride": 2, "output_padding": 2}, id="too-much"),
    pytest.param((1, 2, 3, 2, 3), (2, 3, 2, 2, 2), {"dilation": 2}, id="in-space"),
]


@pytest.mark.parametrize(("input", "weight", "options"), TRANSPOSED)
def test_transposed_convolution(
    input: tuple[int, ...], weight: tuple[int, ...], options: dict
) -> None:
    name = f"conv_transpose{len(weight) - 2}d"
    bias = numbers(weight[1] * options.get("groups", 1))
    agree(lambda t, *xs: getattr(t, name)(*xs, **options), numbers(*input), numbers(*weight), bias)


@pytest.mark.parametrize("pad", [0, 1, 2])
def test_time_first(pad: int) -> None:
    agree(
        lambda t, *xs: t.nn.functional.conv_tbc(*xs, pad),
        *(numbers(7, 2, 3), numbers(3, 3, 4), numbers(4)),
    )
    agree(lambda t, *xs: t.conv_tbc(*xs), numbers(7, 2, 3), numbers(3, 2, 4), numbers(4))
    agree(lambda t, *xs: t.conv_tbc(*xs), numbers(7, 2), numbers(3, 2, 4), numbers(4))


@pytest.mark.parametrize("transposed", [False, True])
def test_any_convolution(transposed: bool) -> None:
    for axes in (1, 2, 3):
        options = ([2] * axes, [1] * axes, [1] * axes, transposed, [0] * axes, 1)
        agree(
            lambda t, x, w, b: t.convolution(x, w, b, *options),  # noqa: B023
            *(numbers(2, 3, *(5,) * axes), numbers(3, 3, *(3,) * axes), numbers(3)),
        )


def test_a_convolution_of_columns_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convolving, "_CHUNK", 200)  # two images at a time
    agree(lambda t, x, w: t.conv2d(x, w), numbers(5, 2, 6, 6), numbers(3, 2, 3, 3))


@pytest.mark.parametrize("dtypes", [("float32", "float64"), ("float64", "int64")])
def test_a_convolution_of_two_dtypes(dtypes: tuple[str, str]) -> None:
    x, w = numbers(2, 3, 7, dtype=dtypes[0]), numbers(4, 3, 3, dtype=dtypes[1])
    agree(lambda t, x, w: t.conv1d(x, w), x, w, grad=False)


def test_a_weight_written_between_the_passes_is_noticed() -> None:
    x, w = (st.Tensor.of_numpy(numbers(*shape)) for shape in ((1, 2, 5), (3, 2, 2)))
    x.requires_grad = True
    made = st.conv1d(x, w)
    w.zero_()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        made.sum().backward()


def test_an_unused_weight_may_be_written() -> None:
    x, w = (st.Tensor.of_numpy(numbers(*shape)) for shape in ((1, 2, 5), (3, 2, 2)))
    w.requires_grad = True
    made = st.conv1d(x, w * 1)
    made.sum().backward()
    assert x.grad is None
    assert tuple(w.grad.shape) == (3, 2, 2)


# -- pooling ----------------------------------------------------------------------------------------

MAXIMA = [
    pytest.param([[[3.0, NAN, 1.0, 2.0, NAN, NAN]]], {"stride": 1}, id="nan"),
    pytest.param([[[-INF, -INF, -INF, -INF]]], {"padding": 1}, id="only-minus-infinity"),
    pytest.param([[[2.0, 2.0, 2.0, 1.0]]], {"stride": 1}, id="equal-ones"),
    pytest.param([[[1.0, 5.0, 2.0, 4.0, 3.0]]], {"ceil_mode": True}, id="over-the-end"),
    pytest.param([[[1.0, 5.0, 2.0, 4.0, 3.0]]], {"dilation": 2, "padding": 1}, id="dilated"),
]


@pytest.mark.parametrize(("values", "options"), MAXIMA)
def test_max_pooling(values: list, options: dict) -> None:
    array = np.array(values)
    agree(
        lambda t, x: t.nn.functional.max_pool1d(x, 2, return_indices=True, **options),
        array,
        grad=not np.isnan(array).any(),
    )
    agree(
        lambda t, x: t.nn.functional.max_pool2d(
            x[..., None].expand(1, 1, array.size, 3), (2, 2), return_indices=True, **options
        ),
        array,
        grad=not np.isnan(array).any(),
    )


@pytest.mark.parametrize("kind", ["float64", "int64", "uint8"])
def test_windows_of_padding_alone(kind: str) -> None:
    array = np.arange(6).reshape(1, 1, 2, 3).astype(kind)
    for options in (
        {"kernel_size": 2, "stride": 1, "padding": (1, 0), "dilation": (3, 1)},
        {"kernel_size": (2, 2), "stride": 2, "padding": 1, "dilation": 4},
    ):
        # no gradients: PyTorch writes them behind the array
        agree(
            lambda t, x: t.nn.functional.max_pool2d(x, **options, return_indices=True),  # noqa: B023
            array,
            grad=False,
        )
    x = st.ones(1, 1, 1, requires_grad=True)
    made = st.nn.functional.max_pool1d(x, 2, 2, 1, 2)
    made.sum().backward()
    assert made.tolist() == [[[-INF]]]
    assert x.grad.tolist() == [[[0.0]]]


def test_max_pooling_of_overlapping_windows_adds_gradients() -> None:
    agree(
        lambda t, x: t.nn.functional.max_pool2d(x, 3, 1, 1, return_indices=True),
        numbers(2, 3, 6, 5),
    )


UNPOOLED = [
    pytest.param([[[0, 2, 4]]], {}, id="plain"),
    pytest.param([[[0, 2, 2]]], {"output_size": (7,)}, id="a-place-twice"),
    pytest.param([[[0, 2, 6]]], {}, id="too-far"),
    pytest.param([[[0, 2, -1]]], {}, id="negative"),
    pytest.param([[[0, 2, 4]]], {"output_size": (9,)}, id="size-too-large"),
    pytest.param([[[0, 2, 4]]], {"output_size": (1, 1, 6)}, id="size-with-batch"),
]


@pytest.mark.parametrize(("indices", "options"), UNPOOLED)
def test_unpooling(indices: list, options: dict) -> None:
    grad = len(set(indices[0][0])) == 3
    agree(
        lambda t, x, i: t.nn.functional.max_unpool1d(x, i, 2, **options),
        *(numbers(1, 1, 3), np.array(indices)),
        grad=grad,
    )


def test_unpooling_wants_int64() -> None:
    agree(
        lambda t, x, i: t.nn.functional.max_unpool1d(x, i, 2),
        *(numbers(1, 1, 2), np.array([[[0, 2]]], np.int32)),
    )


def test_unpooling_takes_pooling_back() -> None:
    def call(t, x):
        values, places = t.nn.functional.max_pool3d(x, 2, return_indices=True)
        return t.nn.functional.max_unpool3d(values, places, 2)

    agree(call, numbers(2, 3, 4, 4, 6))


MEANS = [
    pytest.param({"divisor_override": 3}, id="divisor"),
    pytest.param({"divisor_override": 0}, id="divisor-0"),
    pytest.param({"count_include_pad": False, "padding": 1}, id="without-padding"),
    pytest.param({"ceil_mode": True, "padding": 1, "stride": 3}, id="over-the-end"),
    pytest.param(
        {"ceil_mode": True, "padding": 1, "stride": 3, "count_include_pad": False}, id="both"
    ),
]


@pytest.mark.parametrize("options", MEANS)
def test_average_pooling(options: dict) -> None:
    for shape in ((2, 3, 7, 6), (3, 5, 8)):
        agree(lambda t, x: t.nn.functional.avg_pool2d(x, 3, **options), numbers(*shape))


def test_average_pooling_of_integers_rounds_to_zero() -> None:
    array = integers(50, 2, 3, 6, 6) - 25
    agree(lambda t, x: t.nn.functional.avg_pool2d(x, 3, padding=1), array)
    agree(lambda t, x: t.nn.functional.avg_pool2d(x, 3, padding=1, count_include_pad=False), array)


@pytest.mark.parametrize("power", [1, 2, 3, 0.5, INF, -INF])
def test_power_average_pooling(power: float) -> None:
    array = np.abs(numbers(2, 3, 6, 7)) + 0.1
    agree(lambda t, x: t.nn.functional.lp_pool2d(x, power, 2), array)
    agree(lambda t, x: t.nn.functional.lp_pool2d(x, power, (2, 3), 1, True), array)


@pytest.mark.parametrize("size", [1, 3, (None, 2), (5, None), (7, 9)])
def test_adaptive_pooling(size: object) -> None:
    array = numbers(2, 3, 5, 7)
    agree(lambda t, x: t.nn.functional.adaptive_avg_pool2d(x, size), array)
    agree(lambda t, x: t.nn.functional.adaptive_max_pool2d(x, size, return_indices=True), array)


def test_adaptive_pooling_of_nan() -> None:
    array = numbers(1, 2, 6)
    array[0, 0, 2] = NAN
    agree(lambda t, x: t.nn.functional.adaptive_max_pool1d(x, 4, True), array, grad=False)


@pytest.mark.parametrize(
    ("kernel", "size"), [(2, (4, 5)), ((3, 2), (4, 1)), ((1, 3), (2, 3)), (9, (1, 1))]
)
def test_fractional_pooling_of_images(kernel: object, size: tuple[int, int]) -> None:
    samples = np.random.default_rng(0).random((2, 3, 2))
    agree(
        lambda t, x: t.nn.functional.fractional_max_pool2d(
            x, kernel, size, return_indices=True, _random_samples=_tensor(t, samples)
        ),
        numbers(2, 3, 9, 11),
    )


def test_fractional_pooling_in_space() -> None:
    samples = np.random.default_rng(0).random((1, 3, 3))
    agree(
        lambda t, x: t.nn.functional.fractional_max_pool3d(
            x,
            (2, 3, 1),
            output_ratio=(0.5, 0.4, 0.5),
            return_indices=True,
            _random_samples=_tensor(t, samples),
        ),
        numbers(3, 8, 9, 7),
    )


def test_fractional_pooling_chooses_places_itself() -> None:
    st.manual_seed(0)
    made = st.nn.functional.fractional_max_pool2d(st.Tensor.of_numpy(numbers(2, 3, 9, 9)), 2, 4)
    assert tuple(made.shape) == (2, 3, 4, 4)


def _tensor(library: object, array: np.ndarray) -> object:
    return library.from_numpy(array)  # type: ignore[attr-defined]
