"""`vmap` against PyTorch's: dims, nesting, gradients of each example, random numbers, mistakes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import shapetorch
from shapetorch.func import mapping
from shapetorch.func.batching import interception
from tests.tensor.both import agree, entering, integers, numbers

CALLS: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {}
call = entering(CALLS)
X = numbers(3, 4)
BATCH = numbers(5, 3, 4, seed=1)
VECTORS = numbers(5, 4, seed=2)
CLASSES = integers(4, 5, 3, seed=5)


# -- dims ---------------------------------------------------------------------------------------------


@call(BATCH, numbers(4, 5))
def in_dims(t: Any, x: Any, y: Any) -> Any:
    return t.func.vmap(lambda a, b: a * b + b, in_dims=(0, 1))(x, y)


@call(BATCH)
def negative_in_dims(t: Any, x: Any) -> Any:
    return t.func.vmap(lambda a: a.sum(0), in_dims=-1)(x)


@call(BATCH)
def out_dims(t: Any, x: Any) -> Any:
    return t.func.vmap(lambda a: (a.sum(), a, a.T), out_dims=(0, 1, -1))(x)


@call(BATCH, X)
def nested_arguments(t: Any, x: Any, y: Any) -> Any:
    def combine(d: Any, pair: Any) -> Any:
        return {"sum": d["x"] + pair[0], "y": pair[1] * 2}

    return list(t.func.vmap(combine, in_dims=({"x": 0}, (None, None)))({"x": x}, (y, y)).values())


@call(BATCH)
def keyword_arguments(t: Any, x: Any) -> Any:
    return t.func.vmap(lambda a, scale: a * scale)(x, scale=t.arange(4.0, dtype=t.float64))


@call(BATCH)
def not_mapped_result(t: Any, x: Any) -> Any:
    return t.func.vmap(lambda a: (a, t.ones(2)))(x)


@call(BATCH, X)
def out_dims_none(t: Any, x: Any, y: Any) -> Any:
    return t.func.vmap(lambda a, b: (a, b), in_dims=(0, None), out_dims=(0, None))(x, y)


@call(BATCH)
def out_dims_none_of_mapped(t: Any, x: Any) -> Any:
    return t.func.vmap(lambda a: a, out_dims=None)(x)


@call(BATCH)
def in_chunks(t: Any, x: Any) -> Any:
    return t.func.vmap(lambda a: (a.cumsum(0), a.sum()), out_dims=(1, 0), chunk_size=2)(x)


@call(numbers(0, 3))
def no_examples(t: Any, x: Any) -> Any:
    return t.func.vmap(lambda a: (a * 2, a.sum(), a.reshape(1, -1)))(x)


@call(BATCH, numbers(4, 2, seed=9))
def nested(t: Any, x: Any, w: Any) -> Any:
    inner = t.func.vmap(lambda a, b: (a @ b, a.sum()), in_dims=(0, None))
    return t.func.vmap(inner, in_dims=(0, None))(x, w)


@call(BATCH)
def nested_over_pairs(t: Any, x: Any) -> Any:
    pair = lambda a, b: (a - b).pow(2).sum()  # noqa: E731
    rows = t.func.vmap(t.func.vmap(pair, (None, 0)), (0, None))
    return t.func.vmap(rows)(x, x)


@call(numbers(5), numbers(3, seed=8))
def outer_product_of_scalars(t: Any, x: Any, y: Any) -> Any:
    return t.func.vmap(t.func.vmap(lambda a, b: a * b, (None, 0)), (0, None))(x, y)


# -- what the function may do -------------------------------------------------------------------------


@call(BATCH)
def of_an_example(t: Any, x: Any) -> Any:
    def facts(a: Any) -> Any:
        rows, columns = a.shape
        assert (rows, columns) == (3, 4)
        assert (a.ndim, a.dim(), a.numel(), len(a)) == (2, 2, 12, 3)
        assert a.size(-1) == 4
        return a.reshape(columns, rows) / a.numel()

    return t.func.vmap(facts)(x)


@call(BATCH, CLASSES)
def indices(t: Any, x: Any, i: Any) -> Any:
    def parts(a: Any, k: Any) -> Any:
        return a[0], a[:, 1:3], a[..., -1], a[None, ::2], a[[0, 2]], a[k - k, k], a[:, k]

    return t.func.vmap(parts)(x, i)


@call(BATCH)
def iterated(t: Any, x: Any) -> Any:
    return t.func.vmap(lambda a: sum(row * (n + 1) for n, row in enumerate(a)))(x)


@call(BATCH)
def written_in_place(t: Any, x: Any) -> Any:
    def write(a: Any) -> Any:
        b = a.clone()
        b[0] = a[1]
        b[:, 1] += 3
        b.mul_(a)
        b[1].add_(1)
        return b

    return t.func.vmap(write)(x)


@call(BATCH)
def written_into_new_zeros(t: Any, x: Any) -> Any:
    def write(a: Any) -> Any:
        made = a.new_zeros(2, 4)
        made[0] = a.sum(0)
        return made

    return t.func.vmap(write)(x)


@call(BATCH)
def written_into_unmapped(t: Any, x: Any) -> Any:
    def write(a: Any) -> Any:
        made = t.zeros(4, dtype=a.dtype)
        made.add_(a[0])
        return made

    return t.func.vmap(write)(x)


@call(VECTORS.astype("float32"), numbers(5))
def scalars_promote_as_scalars(t: Any, x: Any, s: Any) -> Any:
    half = t.tensor(2, dtype=t.float64)
    return t.func.vmap(lambda a, b: (a * b, a + half, b.int() * a))(x, s)


@call(BATCH)
def no_rule_for_it(t: Any, x: Any) -> Any:
    return t.func.vmap(lambda a: (t.kron(a, a), a.rot90(), t.vstack([a, a])))(x)


@call(BATCH)
def changes_dtype(t: Any, x: Any) -> Any:
    return t.func.vmap(lambda a: (a.float(), a > 0, a.to(t.int64), a.isnan().any()))(x)


@call(BATCH, VECTORS)
def put_together(t: Any, x: Any, y: Any) -> Any:
    return t.func.vmap(lambda a, b: (t.cat([a, b[None]]), t.stack([a[0], b, b], -1)))(x, y)


# -- gradients ----------------------------------------------------------------------------------------


def model(t: Any, parameters: Any, x: Any) -> Any:
    w, b, v = parameters
    return t.tanh(t.nn.functional.linear(x, w, b)) @ v


@call(numbers(6, 4), numbers(6), numbers(6, seed=1), VECTORS, numbers(5))
def gradients_of_each_example(t: Any, w: Any, b: Any, v: Any, x: Any, y: Any) -> Any:
    def loss(parameters: Any, a: Any, target: Any) -> Any:
        return (model(t, parameters, a) - target).pow(2)

    each = t.func.vmap(t.func.grad(loss), in_dims=(None, 0, 0))
    found = each((w, b, v), x, y)
    both = t.func.vmap(t.func.grad_and_value(loss), in_dims=(None, 0, 0))((w, b, v), x, y)
    return [*found, *both[0], both[1]]


@call(VECTORS)
def gradient_of_second_order(t: Any, x: Any) -> Any:
    cubes = lambda a: (a**3).sum()  # noqa: E731
    slope = t.func.grad(lambda a: (t.func.grad(cubes)(a) ** 2).sum())
    return t.func.vmap(slope)(x)


@call(VECTORS)
def jacobians(t: Any, x: Any) -> Any:
    def run(a: Any) -> Any:
        return t.stack([a.sin().sum(), (a * a).sum(), a.prod()])

    return t.func.vmap(t.func.jacrev(run))(x), t.func.vmap(t.func.hessian(lambda a: (a**4).sum()))(
        x
    )


@call(VECTORS)
def products_with_jacobians(t: Any, x: Any) -> Any:
    def run(a: Any) -> Any:
        value, pull = t.func.vjp(t.sin, a)
        return value, pull(a)[0], t.func.jvp(t.cos, (a,), (a,))[1]

    return t.func.vmap(run)(x)


@call(numbers(4), numbers(3, 4))
def rows_of_a_jacobian(t: Any, x: Any, w: Any) -> Any:
    _, pull = t.func.vjp(lambda a: (w @ a).tanh(), x)
    return t.func.vmap(pull)(t.eye(3, dtype=t.float64))[0]


@call(BATCH)
def gradient_of_a_map(t: Any, x: Any) -> Any:
    return t.func.grad(lambda a: t.func.vmap(lambda row: row.softmax(0).prod())(a[0]).sum())(x)


# -- mistakes -----------------------------------------------------------------------------------------


@call(BATCH, VECTORS)
def shapes_of_examples(t: Any, x: Any, y: Any) -> Any:
    return t.func.vmap(lambda a, b: a @ b[:3])(x, y)


@call(BATCH)
def dim_of_an_example(t: Any, x: Any) -> Any:
    return t.func.vmap(lambda a: a.sum(2))(x)


@call(BATCH)
def no_tensor_given_back(t: Any, x: Any) -> Any:
    return t.func.vmap(lambda a: 3)(x)


@call(BATCH, X)
def other_sizes(t: Any, x: Any, y: Any) -> Any:
    return t.func.vmap(lambda a, b: a)(x, y)


@call(BATCH)
def structure_of_in_dims(t: Any, x: Any) -> Any:
    return t.func.vmap(lambda a, b: a, in_dims=(0,))(x, x)


@call(BATCH)
def structure_of_out_dims(t: Any, x: Any) -> Any:
    return t.func.vmap(lambda a: (a, a), out_dims=(0, 0, 0))(x)


@call(BATCH)
def random_is_an_error(t: Any, x: Any) -> Any:
    return t.func.vmap(lambda a: t.nn.functional.dropout(a, 0.5))(x)


@pytest.mark.parametrize("name", CALLS)
def test_as_pytorch(name: str) -> None:
    function, inputs = CALLS[name]
    agree(function, *inputs)


# -- what is ours -------------------------------------------------------------------------------------


def test_values_of_examples_may_decide() -> None:
    """PyTorch refuses this; here the function runs for each example where they disagree."""
    x = shapetorch.as_tensor([[1.0, 2.0], [-3.0, 1.0]])
    found = shapetorch.vmap(lambda a: a * 2 if a.sum() > 0 else -a)(x)
    assert found.tolist() == [[2.0, 4.0], [3.0, -1.0]]


def test_functions_taken_before_are_mapped() -> None:
    taken = shapetorch.sin
    x = shapetorch.arange(6.0).reshape(2, 3)
    found = shapetorch.vmap(lambda a: taken(a) + 0)(x)
    assert np.array_equal(found.numpy(), np.sin(x.numpy()))


COMMON = """sin exp tanh relu sigmoid clamp pow sum mean amax argmax var softmax log_softmax cumsum sort
reshape permute transpose unsqueeze expand flatten cat stack matmul einsum where index select""".split()


def test_common_operations_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of these runs for one example after the other."""

    def fail(level: Any, name: str, *rest: Any) -> Any:
        raise AssertionError(f"{name} ran one by one")

    shapetorch.vmap(lambda a: a)(shapetorch.ones(2))
    monkeypatch.setattr(interception, "one_by_one", fail)
    f = shapetorch.nn.functional

    def run(a: Any, w: Any) -> Any:
        a = (a.sin() + 2 * a.exp()).tanh().relu().sigmoid().clamp(0.1, 0.9) ** 2
        total = a.sum() + a.mean(0).sum() + a.amax(1).sum() + a.argmax(1).sum() + a.var(1).sum()
        a = a.softmax(-1).log_softmax(0).cumsum(1).sort(0).values
        a = a.reshape(4, 3).permute(1, 0).transpose(0, 1).unsqueeze(0).expand(2, 4, 3).flatten(1)
        a = shapetorch.cat([a, a], 1)[:, 2:14] + shapetorch.stack([total, total])[:, None]
        a = shapetorch.where(a > 0, a, -a) @ w + shapetorch.einsum("ij,jk->ik", a, w)
        a = f.layer_norm(f.gelu(f.linear(a, w)), (12,))
        return f.mse_loss(a, a * 2) + f.cross_entropy(a, a.argmax(1)) + a.norm() + a[0, 1:3].sum()

    def fail_too(*rest: Any) -> Any:
        raise AssertionError("the whole function ran one by one")

    monkeypatch.setattr(mapping._Run, "_one_by_one", fail_too)
    each = shapetorch.func.vmap(shapetorch.func.grad(run), in_dims=(0, None))
    x, w = shapetorch.rand(5, 3, 4), shapetorch.rand(12, 5)
    found = each(x, w)
    pairs = shapetorch.vmap(shapetorch.vmap(each, (None, 0)), (0, None))(x[None], w[None])
    monkeypatch.undo()
    assert shapetorch.equal(pairs, found[None, None])
    one = [shapetorch.func.grad(run)(x[place], w) for place in range(5)]
    assert shapetorch.allclose(found, shapetorch.stack(one), atol=1e-5)


@pytest.mark.parametrize("draw", ["rand", "dropout", "normal_", "randn_like"])
def test_random_numbers_of_examples(draw: str) -> None:
    f = shapetorch.nn.functional
    x = shapetorch.ones(4, 50)
    run = {
        "rand": lambda a: a + shapetorch.rand(50),
        "dropout": lambda a: f.dropout(a, 0.5),
        "normal_": lambda a: a.clone().normal_(),
        "randn_like": shapetorch.randn_like,
    }[draw]
    same = shapetorch.vmap(run, randomness="same")(x)
    different = shapetorch.vmap(run, randomness="different")(x)
    assert bool((same == same[0]).all())
    assert not bool((different[1:] == different[0]).all(1).any())
    with pytest.raises(RuntimeError, match="randomness error mode"):
        shapetorch.vmap(run)(x)


def test_signatures_stay_what_they_were() -> None:
    import inspect

    shapetorch.vmap(lambda a: a)(shapetorch.ones(2))
    assert list(inspect.signature(shapetorch.nn.functional.linear).parameters) == [
        "input",
        "weight",
        "bias",
    ]
    with pytest.raises(TypeError):
        shapetorch.nn.functional.linear()


def test_threads_see_only_their_own_maps() -> None:
    from threading import Thread

    found = []

    def elsewhere() -> None:
        found.append(float(shapetorch.rand(3).sum() + 1) > 0)

    def run(a: Any) -> Any:
        thread = Thread(target=elsewhere)
        thread.start()
        thread.join()
        return a * 2

    shapetorch.vmap(run)(shapetorch.ones(2))
    assert found == [True]
