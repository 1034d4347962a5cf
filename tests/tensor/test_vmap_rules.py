"""`vmap` of products, layers, losses and indices against PyTorch's: the cases that batching rules tell apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import shapetorch
from tests.tensor.both import agree, entering, integers, numbers

CALLS: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {}
call = entering(CALLS)
BATCH = numbers(5, 3, 4, seed=1)
VECTORS = numbers(5, 4, seed=2)
WEIGHTS = numbers(2, 4, seed=3)
IMAGES = numbers(3, 2, 4, 6, 6, seed=4)
CLASSES = integers(4, 5, 3, seed=5)


# -- products -----------------------------------------------------------------------------------------


@call(BATCH, VECTORS, WEIGHTS)
def products(t: Any, x: Any, v: Any, w: Any) -> Any:
    def run(a: Any, b: Any) -> Any:
        return a @ b, w @ b, b @ w.T, a @ w.T, b @ b, t.mv(a, b), t.outer(b, b), t.dot(b, b)

    return t.func.vmap(run)(x, v)


@call(BATCH, numbers(5, 2, 4), numbers(5, 2))
def linear_of_each(t: Any, x: Any, w: Any, b: Any) -> Any:
    linear = t.nn.functional.linear
    return [
        t.func.vmap(linear)(x, w, b),
        t.func.vmap(linear, (None, 0, 0))(x[0], w, b),
        t.func.vmap(linear, (0, None, None))(x, w[0], b[0]),
        t.func.vmap(linear, (0, None, 0))(x, w[0], b),
        t.func.vmap(linear, (0, 0))(x[:, 0], w),
    ]


@call(BATCH, numbers(5, 4, 2))
def einsums(t: Any, x: Any, w: Any) -> Any:
    def run(a: Any, b: Any) -> Any:
        return (
            t.einsum("ij,jk->ik", a, b),
            t.einsum("ij,jk", a, w[0]),
            t.einsum("...j,jk->...k", a, b),
            t.einsum("ii->i", a[:, :3]),
        )

    return t.func.vmap(run)(x, w)


@call(numbers(5, 3, 3))
def linear_algebra(t: Any, x: Any) -> Any:
    def run(a: Any) -> Any:
        spd = a @ a.mT + 3 * t.eye(3, dtype=a.dtype)
        return t.linalg.cholesky(spd), t.linalg.solve(spd, a[0]), t.linalg.inv(spd), t.det(spd)

    return t.func.vmap(run)(x)


@call(numbers(5, 2, 3, 4), numbers(5, 2, 6, 4))
def attention(t: Any, q: Any, k: Any) -> Any:
    attend = t.nn.functional.scaled_dot_product_attention
    return t.func.vmap(lambda a, b: (attend(a, b, b), attend(a[0], b[0], b[0])))(q, k)


# -- layers and losses --------------------------------------------------------------------------------


@call(IMAGES, numbers(3, 4, 4, 3, 3, seed=7), numbers(3, 4, seed=7))
def convolutions(t: Any, x: Any, w: Any, b: Any) -> Any:
    conv = t.nn.functional.conv2d
    return [
        t.func.vmap(conv, (0, None, None))(x, w[0], b[0]),
        t.func.vmap(lambda a, c: conv(a, c, padding=1, stride=2))(x, w),
        t.func.vmap(conv)(x, w, b),
        t.func.vmap(conv, (None, 0, 0))(x[0], w, b),
        t.func.vmap(conv)(x[:, 0], w, b),
    ]


@call(IMAGES, numbers(3, 6), numbers(3, 4))
def layers(t: Any, x: Any, w: Any, c: Any) -> Any:
    f = t.nn.functional

    def run(a: Any, b: Any, d: Any) -> Any:
        return (
            f.layer_norm(a, (6,), b, b),
            f.layer_norm(a, (6,)),
            f.group_norm(a, 2),
            f.batch_norm(a, None, None, d, d, training=True),
            f.max_pool2d(a, 2),
            f.avg_pool2d(a[0], 3),
            f.interpolate(a, scale_factor=2),
            f.pad(a, (1, 2)),
            f.normalize(a, dim=-1),
            f.gelu(a),
            f.softmax(a, -1),
            f.glu(a, 1),
        )

    return t.func.vmap(run)(x, w, c)


@call(BATCH, numbers(5, 3, 4, seed=6), CLASSES)
def losses(t: Any, x: Any, y: Any, k: Any) -> Any:
    f = t.nn.functional

    def run(a: Any, b: Any, i: Any) -> Any:
        found = [f.mse_loss(a, b, reduction=r) for r in ("mean", "sum", "none")]
        found += [f.cross_entropy(a, i), f.cross_entropy(a, i, reduction="sum")]
        found += [f.cross_entropy(a[0], i[0]), f.cross_entropy(a, b.softmax(-1))]
        found += [f.cross_entropy(a, i, label_smoothing=0.1, reduction="none")]
        found += [f.cross_entropy(a, i, ignore_index=0), f.nll_loss(a.log_softmax(-1), i)]
        found += [f.huber_loss(a, b), f.binary_cross_entropy_with_logits(a, b.sigmoid())]
        return tuple(found)

    return t.func.vmap(run)(x, y, k)


@call(numbers(7, 4), integers(7, 5, 3), numbers(5, 7, 4))
def embeddings(t: Any, w: Any, i: Any, every: Any) -> Any:
    f = t.nn.functional
    return [
        t.func.vmap(lambda k: f.embedding(k, w))(i),
        t.func.vmap(f.embedding)(i, every),
        t.func.vmap(lambda k: f.one_hot(k, 7))(i),
    ]


@call(BATCH, CLASSES, numbers(4) ** 2, numbers(5, 4) ** 2)
def weighted_losses(t: Any, x: Any, k: Any, w: Any, each: Any) -> Any:
    entropy, w, each = t.nn.functional.cross_entropy, w.detach(), each.detach()
    ignored = k.masked_fill(k == 2, -100)
    return [
        t.func.vmap(lambda a, i: entropy(a, i, weight=w))(x, k),
        t.func.vmap(lambda a, i: entropy(a, i, weight=w, reduction="sum"))(x, k),
        t.func.vmap(lambda a, i, v: entropy(a, i, weight=v))(x, k, each),
        t.func.vmap(entropy)(x, ignored),
        t.func.vmap(lambda a, i: entropy(a, i, reduction="sum"))(x, ignored),
    ]


@call(BATCH, numbers(5, 4), numbers(5, 3, 1) ** 2)
def losses_that_broadcast(t: Any, x: Any, y: Any, w: Any) -> Any:
    f, w = t.nn.functional, w.detach()
    return t.func.vmap(
        lambda a, b, v: (
            f.mse_loss(a, b.expand(3, 4)),
            f.binary_cross_entropy(a.sigmoid(), b.sigmoid().expand(3, 4), weight=v),
            f.l1_loss(a, b.expand(3, 4), reduction="none"),
        )
    )(x, y, w)


@call(numbers(5, 2, 3), numbers(5, 3, 2), numbers(5, 2), numbers(5, 3))
def sums_of_products(t: Any, a: Any, b: Any, c: Any, v: Any) -> Any:
    def run(x: Any, y: Any, z: Any, w: Any) -> Any:
        return (
            t.addmm(z, x, y, beta=2, alpha=3),
            t.addmv(z, x, w, alpha=0.5),
            t.baddbmm(z, x[None], y[None], beta=0.5),
        )

    return t.func.vmap(run)(a, b, c, v)


@call(numbers(5, 2, 3), numbers(5, 2, 3, seed=1))
def complex_matrices(t: Any, a: Any, b: Any) -> Any:
    return t.func.vmap(lambda z: (z.H, z.mH, z.mT, z.t(), z.adjoint()))(t.complex(a, b))


@call(numbers(3, 2, 4, 5), numbers(3, 6, 2, 3), numbers(3, 6))
def grouped_convolutions_of_each(t: Any, x: Any, w: Any, b: Any) -> Any:
    conv = t.nn.functional.conv1d
    return [
        t.func.vmap(lambda a, c, d: conv(a, c, d, groups=2))(x, w, b),
        t.func.vmap(lambda c: conv(x[0], c, groups=2, padding=1))(w),
    ]


# -- writing ------------------------------------------------------------------------------------------


@call(BATCH, VECTORS)
def filled(t: Any, x: Any, v: Any) -> Any:
    def run(a: Any, b: Any) -> Any:
        return t.fill(a, 3.0), t.fill(a, b[0]), a * 2

    return t.func.vmap(run)(x, v)


@call(BATCH, numbers(5, 1, 1, 4))
def written_from_more_dims(t: Any, x: Any, y: Any) -> Any:
    def write(a: Any, b: Any) -> Any:
        made = a.clone()
        made[1] = b
        made[:, 0] = b[0, 0, 0]
        return made

    return t.func.vmap(write)(x, y)


# -- indices ------------------------------------------------------------------------------------------


@call(numbers(5, 3, 4, 2), integers(2, 5, 3, seed=6))
def indices_apart(t: Any, x: Any, k: Any) -> Any:
    def parts(a: Any, i: Any) -> Any:
        return (
            a[[0, 1], :, [1, 0]],
            a[0, :, [1, 0]],
            a[:, [0, 1], 1],
            a[i, None],
            a[i, ..., 1:],
            a[i, :, i],
        )

    return t.func.vmap(parts)(x, k)


# -- dims ---------------------------------------------------------------------------------------------


@call(BATCH)
def several_quantiles(t: Any, x: Any) -> Any:
    q = t.tensor([0.25, 0.5], dtype=t.float64)
    return t.func.vmap(lambda a: (a.quantile(0.5), a.quantile(0.5, 1), a.quantile(q[0], 0)))(x)


@call(BATCH)
def kinds_of_norms(t: Any, x: Any) -> Any:
    norm = t.linalg.norm
    return t.func.vmap(
        lambda a: (norm(a, "nuc"), norm(a, 2), norm(a), norm(a, 1, dim=0), a.var(1, False))
    )(x)


# -- mistakes -----------------------------------------------------------------------------------------


@call(numbers(5, 3, 4), numbers(5, 3, 3))
def a_bias_of_another_shape(t: Any, x: Any, b: Any) -> Any:
    return t.func.vmap(lambda a, c: t.nn.functional.linear(a, a, c[0, :2]))(x, b)


@call(numbers(5, 1, 1, 2))
def the_same_dim_twice(t: Any, x: Any) -> Any:
    return t.func.vmap(lambda a: a.squeeze((0, 0)))(x)


@call(numbers(5, 2, 3, 4))
def ends_before_it_begins(t: Any, x: Any) -> Any:
    return t.func.vmap(lambda a: a.flatten(1, 0))(x)


@call(numbers(5, 4))
def too_few_dims_for_pixels(t: Any, x: Any) -> Any:
    return t.func.vmap(lambda a: t.nn.functional.pixel_shuffle(a, 2))(x)


@call(numbers(5))
def scalars_have_no_parts(t: Any, x: Any) -> Any:
    return t.func.vmap(sum)(x)


@pytest.mark.parametrize("name", CALLS)
def test_as_pytorch(name: str) -> None:
    function, inputs = CALLS[name]
    agree(function, *inputs)


# -- what PyTorch refuses or leaves open --------------------------------------------------------------


@pytest.mark.parametrize("turned", [False, True])
def test_statistics_of_each_example_are_updated(turned: bool) -> None:
    norm = shapetorch.nn.functional.batch_norm
    x = shapetorch.as_tensor(numbers(3, 6, 2))
    mean, var = shapetorch.zeros(3, 2).double(), shapetorch.ones(3, 2).double()
    if turned:  # examples lie apart from each other
        mean, var = mean.T.contiguous().T, var.T.contiguous().T
    expected = [(mean[at].clone(), var[at].clone()) for at in range(3)]
    rows = [norm(x[at], *expected[at], training=True) for at in range(3)]
    found = shapetorch.vmap(lambda a, m, v: norm(a, m, v, training=True))(x, mean, var)
    assert shapetorch.allclose(found, shapetorch.stack(rows))
    for at, (m, v) in enumerate(expected):
        assert shapetorch.allclose(mean[at], m)
        assert shapetorch.allclose(var[at], v)


@pytest.mark.parametrize(
    "run",
    [
        lambda a: a.argmax(keepdim=True),
        lambda a: a.norm(keepdim=True),
        lambda a: a.amax(keepdim=True),
        lambda a: a.prod(),
        lambda a: a.std(keepdim=True),
    ],
)
def test_dims_that_are_kept(run: Callable[[Any], Any]) -> None:
    for shape in ((5,), (5, 3), (5, 3, 4)):
        x = shapetorch.as_tensor(numbers(*shape))
        one = shapetorch.stack([run(item) for item in x])
        found = shapetorch.vmap(run)(x)
        assert found.shape == one.shape
        assert shapetorch.allclose(found.double(), one.double(), equal_nan=True)


def test_padding_of_the_tables_of_examples_has_no_gradient() -> None:
    rows = shapetorch.as_tensor(integers(7, 5, 3))
    tables = shapetorch.as_tensor(numbers(5, 7, 4)).requires_grad_()
    embedding = shapetorch.nn.functional.embedding
    padding = int(rows[0, 0])
    found = shapetorch.vmap(lambda k, v: embedding(k, v, padding_idx=padding))(rows, tables)
    assert shapetorch.equal(
        found, shapetorch.stack([w[k] for w, k in zip(tables, rows, strict=True)])
    )
    found.sum().backward()
    counts = shapetorch.nn.functional.one_hot(rows, 7).sum(1)
    counts[:, padding] = 0
    assert shapetorch.equal(tables.grad, counts[..., None].expand(5, 7, 4).double())


def test_batches_do_not_broadcast() -> None:
    x, y = shapetorch.ones(5, 1, 2, 3), shapetorch.ones(5, 4, 3, 2)
    with pytest.raises(RuntimeError, match="batch sizes must be equal"):
        shapetorch.vmap(shapetorch.bmm)(x, y)
    with pytest.raises(RuntimeError, match="batch sizes must be equal"):
        shapetorch.vmap(lambda a, b: shapetorch.baddbmm(a.sum(), a, b))(x, y)


def test_what_a_product_is_added_to_is_ignored_for_no_share() -> None:
    """PyTorch's map multiplies NaN by 0."""
    missing = shapetorch.full((2, 2), float("nan"))
    x, y = shapetorch.rand(5, 2, 3), shapetorch.rand(5, 3, 2)
    found = shapetorch.vmap(lambda a, b: shapetorch.addmm(missing, a, b, beta=0))(x, y)
    assert shapetorch.allclose(found, x @ y)


QUESTIONS = """size dim numel stride element_size is_contiguous is_floating_point is_complex is_signed get_device
is_inference is_conj is_neg storage_offset dense_dim sparse_dim dim_order is_pinned type __len__""".split()
ATTRIBUTES = """itemsize nbytes layout name output_nr is_cpu is_cuda is_meta is_mkldnn is_nested is_quantized is_sparse
is_sparse_csr""".split()


@pytest.mark.parametrize("turned", [False, True])
def test_questions_are_about_one_example(turned: bool) -> None:
    x = shapetorch.zeros(5, 4, 3).transpose(1, 2) if turned else shapetorch.zeros(5, 3, 4)

    def answers(a: Any) -> list[Any]:
        found = []
        for name in QUESTIONS:
            try:
                found.append((name, getattr(a, name)()))
            except RuntimeError:  # there are no sparse tensors
                found.append((name, None))
        found += [(name, getattr(a, name)) for name in ATTRIBUTES]
        found.append(("result_type", shapetorch.result_type(a, 1.5)))
        return [*found, ("can_cast", shapetorch.can_cast(a.dtype, shapetorch.int64))]

    seen: list[Any] = []

    def run(a: Any) -> Any:
        seen.append(answers(a))
        return a

    shapetorch.vmap(run)(x)
    assert seen == [answers(x[0])]


def test_a_matrix_from_the_left() -> None:
    x, w = shapetorch.as_tensor(BATCH), shapetorch.as_tensor(numbers(2, 3))
    found = shapetorch.vmap(lambda a: a.__rmatmul__(w))(x)
    assert shapetorch.allclose(found, w @ x)


def test_reused_letters_of_einsum() -> None:
    x = shapetorch.as_tensor(numbers(5, 3, 3))
    for equation in ("ii", "ij,kj", "...ij,kj", "ba", "zy->yz"):
        count = equation.partition("->")[0].count(",") + 1
        found = shapetorch.vmap(lambda a: shapetorch.einsum(equation, *[a] * count))(x)  # noqa: B023
        one = [shapetorch.einsum(equation, *[item] * count) for item in x]
        assert shapetorch.allclose(found, shapetorch.stack(one)), equation


def test_chunks_of_any_size() -> None:
    x = shapetorch.as_tensor(BATCH)
    sizes: list[int] = []

    def run(a: Any) -> Any:
        sizes.append(a.value.shape[0])
        return a.cumsum(0)

    for chunk, expected in ((2, [2, 2, 1]), (4, [4, 1]), (5, [5]), (6, [5])):
        sizes.clear()
        found = shapetorch.vmap(run, chunk_size=chunk)(x)
        assert np.array_equal(found.numpy(), BATCH.cumsum(1))
        assert sizes == expected


def test_results_one_by_one_go_where_they_are_wanted() -> None:
    x = shapetorch.as_tensor([[1.0, 2.0], [-3.0, 1.0], [2.0, 2.0]])

    def run(a: Any) -> Any:
        return a * 2 if a.sum() > 0 else -a

    for dim in (0, 1, -1):
        found = shapetorch.vmap(run, out_dims=dim)(x)
        assert shapetorch.equal(found.movedim(dim, 0), shapetorch.vmap(run)(x))


def test_random_numbers_within_loops_and_maps() -> None:
    """Where an operation runs for each example, and where maps are nested."""
    x = shapetorch.ones(4, 3, 50)

    def drawn(a: Any) -> Any:
        return a.clone().exponential_()

    inner_same = shapetorch.vmap(drawn, randomness="same")
    found = shapetorch.vmap(inner_same, randomness="different")(x)
    assert bool((found == found[:, :1]).all())
    assert not bool((found[1:] == found[:1]).all(2).any())
    inner_different = shapetorch.vmap(drawn, randomness="different")
    found = shapetorch.vmap(inner_different, randomness="same")(x)
    assert bool((found == found[:1]).all())
    assert not bool((found[:, 1:] == found[:, :1]).all(2).any())
    with pytest.raises(RuntimeError, match="randomness error mode"):
        shapetorch.vmap(inner_same)(x)
    shapetorch.rand(2)  # nothing is left of the maps
