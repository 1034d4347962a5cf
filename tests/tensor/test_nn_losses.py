"""Losses: labels, weights, reductions, values at the edges."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import shapetorch as st
from tests.tensor.both import agree, integers, numbers

REDUCTIONS = ["none", "mean", "sum"]


def logs(*shape: int, seed: int = 0) -> np.ndarray:
    """Log-probabilities along the last axis."""
    made = numbers(*shape, seed=seed)
    return made - np.log(np.exp(made).sum(-1, keepdims=True))


def chances(*shape: int, seed: int = 0) -> np.ndarray:
    """Numbers between 0 and 1."""
    return np.random.default_rng(seed).random(shape)


# -- dtypes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"])
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_sizes_are_broadcast_before_dtypes_are_promoted(name: str, reduction: str) -> None:
    def loss(t: Any, x: Any) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return getattr(t.nn.functional, name)(x.float(), x[0, 0], reduction=reduction)

    agree(loss, numbers(2, 3))


# -- labels -----------------------------------------------------------------------------------------

LABELS = [
    pytest.param((5, 4), [0, 3, 1, 3, 2], id="plain"),
    pytest.param((5, 4), [0, -100, 1, 3, -100], id="some-ignored"),
    pytest.param((2, 4), [-100, -100], id="all-ignored"),
    pytest.param((4,), 2, id="without-a-batch"),
    pytest.param((2, 4, 3), [[0, 3, 1], [2, 2, -100]], id="sequences"),
    pytest.param((1, 4, 2, 2), [[[0, 3], [1, -100]]], id="images"),
    pytest.param((2, 4), [0, 4], id="too-large"),
    pytest.param((2, 4), [0, -1], id="negative"),
    pytest.param((0, 4), [], id="empty-batch"),
]


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("smoothing", [0.0, 0.3])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("shape", "labels"), LABELS)
def test_cross_entropy(
    shape: tuple[int, ...], labels: object, weighted: bool, smoothing: float, reduction: str
) -> None:
    weight = chances(4).tolist()

    def call(t, x, y):
        return t.nn.functional.cross_entropy(
            x,
            y,
            t.tensor(weight, dtype=t.float64) if weighted else None,
            reduction=reduction,
            label_smoothing=smoothing,
        )

    agree(call, numbers(*shape), np.array(labels, np.int64))


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("shape", "labels"), LABELS)
def test_nll_loss(shape: tuple[int, ...], labels: object, weighted: bool, reduction: str) -> None:
    weight = chances(4).tolist()

    def call(t, x, y):
        given = t.tensor(weight, dtype=t.float64) if weighted else None
        return t.nn.functional.nll_loss(x, y, given, reduction=reduction)

    agree(call, numbers(*shape), np.array(labels, np.int64))


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("smoothing", [0.0, 0.3])
@pytest.mark.parametrize("shape", [(5, 4), (4,), (2, 4, 3)])
def test_cross_entropy_to_probabilities(
    shape: tuple[int, ...], smoothing: float, reduction: str
) -> None:
    def call(t, x, y, w):
        return t.nn.functional.cross_entropy(
            x, y, w, reduction=reduction, label_smoothing=smoothing
        )

    agree(call, numbers(*shape), chances(*shape), chances(4, seed=1))


ODD = [
    pytest.param({"ignore_index": 1}, id="another-ignored"),
    pytest.param({"label_smoothing": 1.5}, id="too-smooth"),
    pytest.param({"reduction": "batchmean"}, id="unknown-reduction"),
]


@pytest.mark.parametrize("options", ODD)
def test_options_of_cross_entropy(options: dict) -> None:
    labels = np.array([0, 1, 1, 3, 2])
    agree(lambda t, x, y: t.nn.functional.cross_entropy(x, y, **options), numbers(5, 4), labels)
    agree(
        lambda t, x, y: t.nn.functional.cross_entropy(x, y, **options),
        *(numbers(5, 4), chances(5, 4)),
    )


@pytest.mark.parametrize("kind", ["int32", "uint8", "float32"])
def test_dtypes_of_labels(kind: str) -> None:
    labels = np.array([0, 3], kind)
    agree(lambda t, x, y: t.nn.functional.cross_entropy(x, y), numbers(2, 4), labels)
    agree(lambda t, x, y: t.nn.functional.nll_loss(x, y), numbers(2, 4), labels)


def test_logits_that_are_large_or_infinite() -> None:
    x = np.array([[1e4, -1e4, 0.0], [-np.inf, 2.0, 1.0], [-np.inf, -np.inf, 0.0]])
    y = np.array([1, 1, 2])
    agree(lambda t, x, y: t.nn.functional.cross_entropy(x, y, reduction="none"), x, y, grad=False)


# -- values -----------------------------------------------------------------------------------------

DIFFERENCES = [
    pytest.param("mse_loss", {}, id="mse"),
    pytest.param("l1_loss", {}, id="l1"),
    pytest.param("smooth_l1_loss", {"beta": 0.5}, id="smooth"),
    pytest.param("smooth_l1_loss", {"beta": 0.0}, id="smooth-0"),
    pytest.param("smooth_l1_loss", {"beta": -1.0}, id="smooth-negative"),
    pytest.param("huber_loss", {"delta": 0.5}, id="huber"),
    pytest.param("huber_loss", {"delta": 0.0}, id="huber-0"),
    pytest.param("soft_margin_loss", {}, id="soft-margin"),
    pytest.param("poisson_nll_loss", {"log_input": False, "full": True}, id="poisson"),
    pytest.param("poisson_nll_loss", {"full": True}, id="poisson-of-logarithms"),
    pytest.param("hinge_embedding_loss", {"margin": 0.4}, id="hinge"),
    pytest.param("kl_div", {"log_target": True}, id="divergence-of-logarithms"),
    pytest.param("kl_div", {}, id="divergence"),
]


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize(("name", "options"), DIFFERENCES)
def test_losses_against_values(name: str, options: dict, reduction: str) -> None:
    target = np.array([[1.0, -1.0, 1.0, 3.0], [0.0, 2.5, -1.0, 1.0]])
    if name == "kl_div":
        target = np.abs(target)
    input = chances(2, 4) * 3 if name == "poisson_nll_loss" else numbers(2, 4)

    def call(t, x):
        y = t.tensor(target.tolist(), dtype=t.float64)
        return getattr(t.nn.functional, name)(x, y, reduction=reduction, **options)

    agree(call, input)


@pytest.mark.parametrize("name", ["mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "kl_div"])
def test_gradients_of_targets(name: str) -> None:
    agree(
        lambda t, x, y: getattr(t.nn.functional, name)(x, y),
        *(numbers(2, 4), np.abs(numbers(2, 4, seed=1))),
    )
    agree(
        lambda t, x, y: getattr(t.nn.functional, name)(x, y, reduction="sum"),
        *(numbers(2, 4), np.abs(numbers(4, seed=1))),
    )


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("name", ["mse_loss", "l1_loss", "huber_loss"])
def test_weighted_losses(name: str, reduction: str) -> None:
    agree(
        lambda t, x, y, w: getattr(t.nn.functional, name)(x, y, weight=w, reduction=reduction),
        *(numbers(2, 4), numbers(2, 4, seed=1), chances(2, 4)),
    )


@pytest.mark.parametrize(
    "kinds", [("float32", "float64"), ("float64", "float32"), ("float32", "int64")]
)
@pytest.mark.parametrize("name", ["mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"])
def test_losses_of_two_dtypes(name: str, kinds: tuple[str, str]) -> None:
    x, y = numbers(3).astype(kinds[0]), (numbers(3, seed=1) * 2).astype(kinds[1])
    agree(lambda t, x, y: getattr(t.nn.functional, name)(x, y), x, y, grad=False)


def test_losses_of_nothing() -> None:
    for reduction in REDUCTIONS:
        agree(
            lambda t, x: t.nn.functional.mse_loss(x, x * 2, reduction=reduction),  # noqa: B023
            np.zeros((0, 3)),
        )


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("shape", [(3, 4), (3, 1), (3,)])
def test_gaussian_likelihood(shape: tuple[int, ...], full: bool) -> None:
    variance = chances(*shape) + 0.1
    variance.flat[0] = 1e-9  # below eps: clamped, but with a slope
    agree(
        lambda t, x, y, v: t.nn.functional.gaussian_nll_loss(x, y, v, full),
        *(numbers(3, 4), numbers(3, 4, seed=1), variance),
    )


def test_a_negative_variance() -> None:
    agree(lambda t, x, v: t.nn.functional.gaussian_nll_loss(x, x, v), numbers(3), -np.ones(3))
    agree(lambda t, x: t.nn.functional.gaussian_nll_loss(x, x * 2, -1.0), numbers(3))
    agree(lambda t, x: t.nn.functional.gaussian_nll_loss(x, x * 2, 0.5), numbers(3))


# -- two classes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("weighted", [False, True])
def test_binary_cross_entropy(weighted: bool, reduction: str) -> None:
    weight = chances(4, seed=3).tolist()

    def call(t, x, y):
        given = t.tensor(weight, dtype=t.float64) if weighted else None
        return t.nn.functional.binary_cross_entropy(x, y, given, reduction=reduction)

    agree(call, chances(2, 4), chances(2, 4, seed=1))


@pytest.mark.parametrize("input", [[0.0, 1.0], [1.5, 0.5], [-0.1, 0.5], [np.nan, 0.5]])
def test_probabilities_at_the_edges(input: list[float]) -> None:
    def call(t, x, y):
        return t.nn.functional.binary_cross_entropy(x, y, reduction="none")

    agree(call, np.array(input), np.array([1.0, 0.0]), grad=False)
    agree(call, np.array(input), np.array([0.0, 1.0]), grad=False)
    agree(call, np.array([0.2, 0.3]), np.array(input), grad=False)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("positive", [False, True])
@pytest.mark.parametrize("constant", [False, True])
def test_logits(constant: bool, positive: bool, weighted: bool, reduction: str) -> None:
    weights = [chances(4, seed=seed).tolist() for seed in (3, 4)]

    def call(t, x, y):
        given = [t.tensor(item, dtype=t.float64) for item in weights]
        return t.nn.functional.binary_cross_entropy_with_logits(
            x,
            y.detach() if constant else y,
            given[0] if weighted else None,
            reduction=reduction,
            pos_weight=given[1] if positive else None,
        )

    agree(call, numbers(2, 4), chances(2, 4))


def test_large_logits() -> None:
    agree(
        lambda t, x: t.nn.functional.binary_cross_entropy_with_logits(
            x, t.ones(4, dtype=t.float64) * 0.3, reduction="none"
        ),
        np.array([1e4, -1e4, 100.0, -100.0]),
    )


# -- margins ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("p", [1, 2, 3])
@pytest.mark.parametrize("weighted", [False, True])
def test_multi_margin_loss(weighted: bool, p: int, reduction: str) -> None:
    weight = chances(4).tolist()

    def call(t, x, y):
        given = t.tensor(weight, dtype=t.float64) if weighted else None
        return t.nn.functional.multi_margin_loss(
            x, y, p=p, margin=0.7, weight=given, reduction=reduction
        )

    agree(call, numbers(3, 4), np.array([0, 3, 1]))
    agree(call, numbers(4), np.array(2))
    agree(call, numbers(2, 4), np.array([0, 4]))


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize(
    "labels",
    [
        [[0, 3, -1, 1], [2, -1, -1, -1]],
        [[-1, 0, 1, 2], [0, 1, 2, 3]],
        [[0, 0, -1, 1], [4, 0, 0, 0]],
    ],
)
def test_multilabel_margin_loss(labels: list, reduction: str) -> None:
    agree(
        lambda t, x, y: t.nn.functional.multilabel_margin_loss(x, y, reduction=reduction),
        *(numbers(2, 4), np.array(labels)),
    )
    agree(
        lambda t, x, y: t.nn.functional.multilabel_margin_loss(x, y, reduction=reduction),
        *(numbers(4), np.array(labels[0])),
    )


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_margins_between_vectors(reduction: str) -> None:
    labels = [1.0, -1.0, 1.0]

    def ranked(t, x, y):
        target = t.tensor(labels, dtype=t.float64)
        return t.nn.functional.margin_ranking_loss(x, y, target, 0.3, reduction=reduction)

    def similar(t, x, y):
        target = t.tensor(labels)
        return t.nn.functional.cosine_embedding_loss(x, y, target, 0.1, reduction=reduction)

    agree(ranked, numbers(3), numbers(3, seed=1))
    agree(similar, numbers(3, 4), numbers(3, 4, seed=1))


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("swap", [False, True])
@pytest.mark.parametrize("p", [1.0, 2.0, 3.0])
def test_triplets(p: float, swap: bool, reduction: str) -> None:
    arrays = [numbers(5, 4, seed=seed) for seed in range(3)]

    def plain(t, *xs):
        return t.nn.functional.triplet_margin_loss(*xs, p=p, swap=swap, reduction=reduction)

    def measured(t, *xs):
        return t.nn.functional.triplet_margin_with_distance_loss(
            *xs,
            distance_function=lambda a, b: (a - b).abs().sum(-1),
            swap=swap,
            reduction=reduction,
            margin=0.5,
        )

    agree(plain, *arrays)
    agree(measured, *arrays)
    agree(lambda t, *xs: t.nn.functional.triplet_margin_loss(*xs, margin=0.0), *arrays)


@pytest.mark.parametrize("dim", [0, 1, -1])
def test_cosines_of_short_vectors(dim: int) -> None:
    x = np.array([[0.0, 0.0, 0.0], [1e-12, 0.0, 0.0], [1.0, 2.0, 3.0]])
    agree(lambda t, x, y: t.cosine_similarity(x, y, dim), x, numbers(3, 3), grad=False)

    def slope(t, x, y):
        return t.autograd.grad(t.cosine_similarity(x, y, dim).square().sum(), (x, y))

    from tests.tensor.both import sides

    ours, theirs = sides((x, numbers(3, 3)), True)
    import torch

    for a, b in zip(slope(st, *ours), slope(torch, *theirs), strict=True):
        np.testing.assert_allclose(a._array, b.numpy(), rtol=1e-6, atol=1e-3)


# -- alignments -------------------------------------------------------------------------------------

ALIGNED = [
    pytest.param([7, 7], [3, 3], False, id="equal-lengths"),
    pytest.param([7, 5], [3, 1], False, id="unequal-lengths"),
    pytest.param([7, 2], [3, 3], False, id="impossible"),
    pytest.param([7, 2], [3, 3], True, id="impossible-counts-0"),
    pytest.param([7, 4], [3, 0], False, id="no-labels"),
    pytest.param([8, 7], [3, 3], False, id="longer-than-there-is"),
    pytest.param([7, 7], [4, 3], False, id="more-labels-than-there-are"),
]


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("blank", [0, 2])
@pytest.mark.parametrize(("times", "counts", "zero"), ALIGNED)
def test_ctc_loss(times: list, counts: list, zero: bool, blank: int, reduction: str) -> None:
    labels = np.array([[1, 1, 3], [3, 4, 1]])  # a repeated label needs a blank between
    finite = zero or times != [7, 2]

    def call(t, x, y):
        return t.nn.functional.ctc_loss(
            x, y, t.tensor(times), t.tensor(counts), blank, reduction, zero
        )

    agree(call, logs(7, 2, 5), labels, grad=finite)


def test_ctc_loss_of_targets_in_a_row() -> None:
    labels = np.array([1, 1, 3, 4])

    def call(t, x, y):
        return t.ctc_loss(x, y, (7, 6), (3, 1), 0, 1)

    agree(call, logs(7, 2, 5), labels)
    agree(lambda t, x, y: t.ctc_loss(x, y, (7,), (4,), 0, 0), logs(7, 5), labels)
    agree(lambda t, x, y: t.ctc_loss(x, y, (7,), (4,), 9, 0), logs(7, 5), labels)


# -- the older way ----------------------------------------------------------------------------------


@pytest.mark.parametrize("size_average", [None, True, False])
@pytest.mark.parametrize("reduce", [None, True, False])
@pytest.mark.parametrize("name", ["mse_loss", "binary_cross_entropy", "soft_margin_loss"])
def test_size_average_and_reduce(name: str, reduce: object, size_average: object) -> None:
    y = chances(3, seed=1).tolist()
    agree(
        lambda t, x: getattr(t.nn.functional, name)(
            x, t.tensor(y, dtype=t.float64), size_average=size_average, reduce=reduce
        ),
        chances(3),
    )


def test_what_is_warned_of() -> None:
    x = st.ones(3)
    with pytest.warns(UserWarning, match="reduction='sum'"):
        st.nn.functional.mse_loss(x, x, size_average=False)
    with pytest.warns(UserWarning, match="different to the input size"):
        st.nn.functional.l1_loss(x, st.ones(1))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        st.nn.functional.mse_loss(x, x, reduction="sum")


def test_labels_of_many_classes() -> None:
    agree(
        lambda t, x, y: t.nn.functional.cross_entropy(x, y),
        *(numbers(50, 300), integers(300, 50)),
    )


@pytest.mark.parametrize("flags", [(1, 1), (0, 1), ("a", 0), (2.5, None), (None, "a"), ([], [])])
def test_flags_are_asked_for_their_truth(flags: tuple[object, object]) -> None:
    def call(t, x, y):
        return t.nn.functional.l1_loss(x, y, *flags)

    agree(call, numbers(2, 3), numbers(2, 3, seed=1))


def test_words_win_over_reductions_without_meaning() -> None:
    agree(lambda t, x: t.nn.functional.l1_loss(x, x + 1, True, None, 17), numbers(2, 3))


def test_targets_that_say_nothing_give_no_loss() -> None:
    def call(t, x, y, target):
        return t.nn.functional.cosine_embedding_loss(x, y, target, reduction="none")

    rows = numbers(3, 2)
    rows[1] = np.nan
    agree(call, rows, numbers(3, 2, seed=1), np.array([1.0, 0.5, -1.0]), grad=False)
