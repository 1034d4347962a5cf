"""What the engine computes on arrays is what the operations' own backward computes."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import shapetorch as st
from shapetorch.tensor import array_gradients, engine, kernels
from shapetorch.tensor.array_gradients import MOST, ON_ARRAYS

F = st.nn.functional

PROGRAMS = {
    "add": lambda x, y: x + y,
    "add a number": lambda x, y: x + 2,
    "sub": lambda x, y: x - y,
    "sub from a number": lambda x, y: 3 - x,
    "mul": lambda x, y: x * y,
    "mul by itself": lambda x, y: x * x,
    "mul by a number": lambda x, y: x * 2.5,
    "mul by an integer": lambda x, y: 3 * x,
    "div": lambda x, y: x / y,
    "div by a number": lambda x, y: x / 2.5,
    "div of a number": lambda x, y: 2.5 / x,
    "neg": lambda x, y: -x,
    "exp": lambda x, y: x.exp(),
    "exp2": lambda x, y: x.exp2(),
    "expm1": lambda x, y: x.expm1(),
    "log": lambda x, y: x.log(),
    "sqrt": lambda x, y: x.sqrt(),
    "tanh": lambda x, y: x.tanh(),
    "sigmoid": lambda x, y: x.sigmoid(),
    "relu": lambda x, y: x.relu(),
    "silu": lambda x, y: F.silu(x),
    "gelu": lambda x, y: F.gelu(x),
    "gelu by tanh": lambda x, y: F.gelu(x, approximate="tanh"),
    "sum": lambda x, y: x.sum() * y,
    "sum of rows": lambda x, y: x.sum(-1),
    "sum of rows, kept": lambda x, y: x.sum(-1, keepdim=True),
    "softmax": lambda x, y: x.softmax(-1),
    "log_softmax": lambda x, y: x.log_softmax(-1),
    "softmax of columns": lambda x, y: x.softmax(0),
    "softmax of three dims": lambda x, y: (x.expand(2, *x.shape) * y).softmax(-1),
    "cross_entropy": lambda x, y: F.cross_entropy(x, st.tensor([0, 2, 1])),
    "sum of cross_entropy": lambda x, y: F.cross_entropy(
        x, st.tensor([0, -100, 1]), reduction="sum"
    ),
    "mean": lambda x, y: x.mean() * y,
    "mean of columns": lambda x, y: x.mean(0),
    "view": lambda x, y: x.view(-1) * 2,
    "reshape": lambda x, y: x.t().reshape(-1) * 2,
    "transpose": lambda x, y: x.transpose(0, -1) * 2,
    "expand": lambda x, y: x.expand(2, *x.shape) * 2,
    "matmul": lambda x, y: x @ y.t(),
    "matmul of three dims": lambda x, y: x.expand(2, *x.shape) @ y.t(),
    "matmul of batches": lambda x, y: x.repeat(2, 1, 1) @ y.expand(2, *y.shape),
    "matmul of batches of batches": lambda x, y: (
        x.repeat(2, 4, 1, 1)[..., :2] @ y.repeat(2, 4, 1, 1).transpose(-1, -2)[..., :2, :]
    ),
    "matmul of batches that broadcast": lambda x, y: x.repeat(2, 1, 1) @ y.repeat(1, 1, 1),
    "linear": lambda x, y: F.linear(x, y, y[:, 0]),
    "linear of three dims with bias": lambda x, y: F.linear(x.repeat(2, 1, 1), y[:2], y[0, :2]),
    "linear of four dims": lambda x, y: F.linear(x.repeat(2, 2, 1, 1).transpose(0, 1), y[:1]),
    "linear without bias": F.linear,
    "linear of three dims": lambda x, y: F.linear(x.expand(2, *x.shape), y),
    "row broadcast": lambda x, y: x * y[0] + y[1],
    "column broadcast": lambda x, y: x * y[:, :1],
    "used often": lambda x, y: (x * y + x).tanh() * x,
    "of a view": lambda x, y: x[1:] * y.t()[1:],
    "of a result's view": lambda x, y: (x * y)[0].exp(),
}
OF_ANY_SHAPE = "add sub mul div neg exp exp2 expm1 log sqrt tanh sigmoid relu silu gelu sum mean expand".split()


def gradients(program, x, y):
    """The gradients of both operands of the weighted sum of a program's result."""
    a, b = x.clone().requires_grad_(), y.clone().requires_grad_()
    result = program(a, b)
    weights = st.from_numpy(
        np.random.default_rng(0).standard_normal(tuple(result.shape)).astype(x.numpy().dtype)
    )
    result.backward(weights)
    return [a.grad, b.grad]


@pytest.fixture
def general(monkeypatch):
    """Run something without any gradient on arrays."""

    def run(function, *args):
        with monkeypatch.context() as patched:
            patched.setattr(engine, "ON_ARRAYS", {})
            return function(*args)

    return run


@pytest.fixture
def compiled():
    """Kernels are loaded, for the time of a test."""
    before = kernels.loaded()
    kernels.warmup()
    yield
    if not before:
        kernels.unload()


def check(program, x, y, general):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        given = gradients(program, x, y)
    for ours, expected in zip(given, general(gradients, program, x, y), strict=True):
        if expected is None:
            assert ours is None
            continue
        assert ours.dtype is expected.dtype
        assert ours.shape == expected.shape
        np.testing.assert_allclose(ours.numpy(), expected.numpy(), rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.usefixtures("compiled")
def test_alike(name, kind, general):
    rng = np.random.default_rng(1)
    x, y = (st.from_numpy(rng.standard_normal((3, 3)).astype(kind)) for _ in range(2))
    check(PROGRAMS[name], x.abs() + 0.1 if name in ("log", "sqrt") else x, y, general)


SPECIAL = [0.0, -0.0, 1.0, -2.0, np.inf, -np.inf, np.nan, 1e38, -1e30]


@pytest.mark.parametrize("name", PROGRAMS)
def test_special_values_alike_and_without_warnings(name, general):
    x = st.tensor(SPECIAL).reshape(3, 3)
    y = st.tensor(SPECIAL[::-1]).reshape(3, 3)
    check(PROGRAMS[name], x, y, general)


@pytest.mark.parametrize("name", OF_ANY_SHAPE)
@pytest.mark.parametrize("shape", [(), (0,), (1,), (2, 0)])
def test_no_dims_and_no_elements(name, shape, general):
    rng = np.random.default_rng(2)
    x, y = (st.from_numpy(np.asarray(rng.random(shape) + 0.5, np.float32)) for _ in range(2))
    check(PROGRAMS[name], x, y, general)


def test_every_gradient_on_arrays_is_tried(monkeypatch, compiled):
    tried = set()
    for backward, function in list(ON_ARRAYS.items()):

        def noting(node, grad, backward=backward, function=function):
            given = function(node, grad)
            tried.add(backward)
            return given

        monkeypatch.setitem(ON_ARRAYS, backward, noting)
    x, y = st.rand(3, 3) + 0.5, st.rand(3, 3) + 0.5
    for program in PROGRAMS.values():
        gradients(program, x, y)
    assert {item.__name__ for item in ON_ARRAYS} == {item.__name__ for item in tried}


def test_dtypes_that_differ(general):
    x, y = st.rand(3, 3), st.rand(3, 3, dtype=st.float64)
    for name in ("mul", "div", "add", "sub"):
        check(PROGRAMS[name], x, y, general)
        check(PROGRAMS[name], y, x, general)


def test_a_0d_operand_of_another_dtype(general):
    check(PROGRAMS["mul"], st.rand(3, 3), st.tensor(0.1, dtype=st.float64), general)


def test_complex_factors(general):
    def program(x, y):
        return (x * 1j).imag + (x * st.tensor([1 + 2j])).real + y

    check(program, st.rand(3), st.rand(3), general)


def test_large_tensors_go_the_general_way(monkeypatch):
    def fail(node, grad):
        raise AssertionError("a large gradient was computed on arrays")

    for backward in list(ON_ARRAYS):
        monkeypatch.setitem(ON_ARRAYS, backward, fail)
    x = st.rand(MOST + 1).requires_grad_()
    (x * x).backward(st.ones(MOST + 1))
    np.testing.assert_allclose(x.grad.numpy(), 2 * x.detach().numpy())


def test_what_a_sum_was_made_of_may_be_large():
    x = st.rand(MOST + 1).requires_grad_()
    x.sum().backward()
    assert x.grad.eq(1).all()


def test_a_kept_tensor_that_was_written_to():
    x = st.rand(3).requires_grad_()
    y = st.rand(3)
    made = x * y
    y.add_(1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        made.sum().backward()
    made = x.exp()
    with st.no_grad():
        made.mul_(2)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        made.sum().backward()


def test_a_kept_view_whose_root_was_written_to():
    x, root = st.rand(3).requires_grad_(), st.rand(2, 3)
    made = x * root[0]
    root.add_(1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        made.sum().backward()


def test_twice():
    x = st.rand(3).requires_grad_()
    made = (x * x).sum()
    made.backward(retain_graph=True)
    made.backward()
    np.testing.assert_allclose(x.grad.numpy(), 4 * x.detach().numpy())
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        made.backward()


def test_gradients_are_in_memory_of_their_own():
    x, y = st.rand(3).requires_grad_(), st.rand(3).requires_grad_()
    given = st.ones(3)
    (x + y).backward(given)
    x.grad.add_(1)
    given.mul_(5)
    assert y.grad.tolist() == [1, 1, 1]
    assert x.grad.tolist() == [2, 2, 2]


def test_hooks_see_tensors():
    x = st.rand(3).requires_grad_()
    seen = []
    made = x * 2
    made.register_hook(lambda grad: seen.append(grad.tolist()) or grad * 3)
    made.grad_fn.register_hook(lambda inputs, outputs: seen.append(inputs[0].tolist()))
    made.exp().log().sum().backward()
    np.testing.assert_allclose(seen[0], [1, 1, 1], rtol=1e-6)
    np.testing.assert_allclose(seen[1], [6, 6, 6], rtol=1e-6)


def test_where_the_gradient_is_differentiated_again(monkeypatch):
    monkeypatch.setattr(array_gradients, "MOST", 0)
    x = st.tensor([2.0], requires_grad=True)
    (first,) = st.autograd.grad((x * x * x).sum(), x, create_graph=True)
    first.backward()
    assert x.grad.tolist() == [12]


def test_saved_tensors_hooks():
    with st.autograd.graph.saved_tensors_hooks(lambda t: t.numpy().copy(), st.from_numpy):
        x = st.tensor([2.0], requires_grad=True)
        made = x * x.exp()
    made.backward()
    np.testing.assert_allclose(x.grad.numpy(), [3 * np.exp(2)], rtol=1e-6)


def test_nan_is_found_in_anomaly_mode():
    x = st.tensor([0.0], requires_grad=True)
    with (
        st.autograd.set_detect_anomaly(True),
        pytest.warns(UserWarning, match="Error detected"),
        pytest.raises(RuntimeError, match="nan"),
    ):
        (x.sqrt() * 0).backward()
