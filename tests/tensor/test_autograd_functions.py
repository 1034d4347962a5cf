"""Custom functions and functions of functions, as PyTorch has them."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("torch")

from tests.tensor.programs import Programs, check, leaf

program = Programs()


# -- custom functions -------------------------------------------------------------------------------


def _square(t):
    class Square(t.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx, grad):
            (x,) = ctx.saved_tensors
            return grad * 2 * x

    return Square


@program
def custom(t):
    x = leaf(t, 1.0, 2.0)
    y = _square(t).apply(x)
    (g,) = t.autograd.grad(y.sum(), x, create_graph=True)
    return [y, g, t.autograd.grad(g.sum(), x), y.grad_fn.name()]


@program
def custom_keeps_its_result(t):
    class Exp(t.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            y = x.exp()
            ctx.save_for_backward(y)
            return y

        @staticmethod
        def backward(ctx, grad):
            return grad * ctx.saved_tensors[0]

    x = leaf(t, 1.0, 2.0)
    (g,) = t.autograd.grad(Exp.apply(x).sum(), x, create_graph=True)
    return [g, t.autograd.grad(g.sum(), x)]


@program
def custom_with_numbers_and_several_results(t):
    class Both(t.autograd.Function):
        @staticmethod
        def forward(ctx, x, factor, y=None):
            ctx.factor = factor
            ctx.needs = ctx.needs_input_grad
            return x * factor, x + 1

        @staticmethod
        def backward(ctx, first, second):
            return first * ctx.factor + second, None, None

    x = leaf(t, 1.0, 2.0)
    a, b = Both.apply(x, 3.0)
    a.sum().backward()
    return [x.grad, b.requires_grad]


@program
def custom_with_setup_context(t):
    class Cube(t.autograd.Function):
        @staticmethod
        def forward(x):
            return x**3

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(inputs[0])

        @staticmethod
        def backward(ctx, grad):
            return 3 * grad * ctx.saved_tensors[0] ** 2

    x = leaf(t, 2.0)
    Cube.apply(x).sum().backward()
    return x.grad


@program
def custom_wrong_count(t):
    class Wrong(t.autograd.Function):
        @staticmethod
        def forward(ctx, x, y):
            return x * y

        @staticmethod
        def backward(ctx, grad):
            return grad

    Wrong.apply(leaf(t, 1.0), leaf(t, 2.0)).sum().backward()


@program
def custom_wrong_shape(t):
    class Wrong(t.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x.sum()

        @staticmethod
        def backward(ctx, grad):
            return t.ones(7)

    Wrong.apply(leaf(t, 1.0, 2.0)).backward()


@program
def custom_not_materialized(t):
    class Two(t.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.set_materialize_grads(False)
            return x * 2, x * 3

        @staticmethod
        def backward(ctx, a, b):
            assert b is None
            return a * 2

    x = leaf(t, 1.0)
    Two.apply(x)[0].sum().backward()
    return x.grad


@program
def custom_non_differentiable(t):
    class Sort(t.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            values, order = x.sort()
            ctx.mark_non_differentiable(order)
            ctx.save_for_backward(order)
            return values, order

        @staticmethod
        def backward(ctx, grad, _):
            (order,) = ctx.saved_tensors
            return t.zeros_like(grad).scatter(0, order, grad)

    x = leaf(t, 3.0, 1.0, 2.0)
    values, order = Sort.apply(x)
    (values * t.tensor([1.0, 2.0, 3.0])).sum().backward()
    return [x.grad, order.requires_grad]


@program
def custom_dirty(t):
    class Double(t.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            x.mul_(2)
            ctx.mark_dirty(x)
            return x

        @staticmethod
        def backward(ctx, grad):
            return grad * 2

    x = leaf(t, 1.0, 2.0)
    y = x * 1
    z = Double.apply(y)
    (y * y).sum().backward()
    return [z is y, x.grad]


@program
def custom_once_differentiable(t):
    from importlib import import_module

    once = import_module(f"{t.__name__}.autograd.function").once_differentiable

    class Square(t.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        @once
        def backward(ctx, grad):
            return grad * 2 * ctx.saved_tensors[0]

    x = leaf(t, 1.0)
    (g,) = t.autograd.grad(Square.apply(x).sum(), x, create_graph=True)
    t.autograd.grad(g.sum(), x)


@program
def custom_identity(t):
    class Identity(t.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x

        @staticmethod
        def backward(ctx, grad):
            return grad * 5

    x = leaf(t, 1.0)
    y = Identity.apply(x)
    y.sum().backward()
    return [y is x, x.grad]


# -- functions of functions -------------------------------------------------------------------------


@program
def jacobian(t):
    def f(x, y):
        return x * y.sum(), (x * x).sum()

    return t.autograd.functional.jacobian(f, (leaf(t, 1.0, 2.0), leaf(t, 3.0, 4.0, 5.0)))


@program
def hessian(t):
    return t.autograd.functional.hessian(lambda x: (x**3).sum() * x[0], leaf(t, 1.0, 2.0))


@program
def products(t):
    f = t.autograd.functional
    x, v = leaf(t, 1.0, 2.0), t.tensor([3.0, 4.0], dtype=t.float64)
    cube = lambda x: x**3  # noqa: E731
    scalar = lambda x: (x**3).sum()  # noqa: E731
    return [f.vjp(cube, x, v), f.jvp(cube, x, v), f.hvp(scalar, x, v), f.vhp(scalar, x, v)]


@program
def func_gradients(t):
    from importlib import import_module

    func = import_module(f"{t.__name__}.func")
    x = t.tensor([1.0, 2.0], dtype=t.float64)
    scalar = lambda x: (x**3).sum()  # noqa: E731
    value, back = func.vjp(lambda x: x**2, x)
    return [
        func.grad(scalar)(x),
        func.grad(func.grad(lambda x: x**3))(t.tensor(2.0)),
        func.grad_and_value(scalar)(x),
        value,
        back(t.ones(2, dtype=t.float64)),
        func.jvp(lambda x: x**2, (x,), (x,)),
        func.jacrev(lambda x: x**2)(x),
        func.hessian(scalar)(x),
    ]


@program
def vmap(t):
    x = t.arange(6.0).reshape(2, 3)
    w = t.arange(3.0)
    return [
        t.vmap(t.dot, in_dims=(0, None))(x, w),
        t.vmap(lambda a: a * 2, in_dims=1, out_dims=1)(x),
        t.vmap(lambda a: (a.sum(), a + 1), out_dims=(0, 1))(x),
        t.vmap(t.vmap(lambda a: a + 1))(x),
        t.vmap(lambda d: d["a"] * d["b"], in_dims=({"a": 0, "b": None},))({"a": x, "b": w}),
    ]


@program
def vmap_of_grad(t):
    from importlib import import_module

    func = import_module(f"{t.__name__}.func")
    x = t.arange(6.0).reshape(2, 3)
    return t.vmap(func.grad(lambda a: (a * a).sum()))(x)


@program
def vmap_sizes_differ(t):
    t.vmap(t.add)(t.ones(2), t.ones(3))


@program
def vmap_dim_out_of_range(t):
    t.vmap(lambda x: x, in_dims=2)(t.ones(2, 3))


@program
def vmap_random_is_refused(t):
    t.vmap(lambda x: x + t.rand(()))(t.ones(2))


@program
def vmap_random_same(t):
    y = t.vmap(lambda x: x + t.rand(()), randomness="same")(t.zeros(3))
    return bool((y == y[0]).all())


@program
def node_of_a_function_is_its_context(t):
    class Double(t.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.factor = 2
            ctx.save_for_backward(x)
            return x * 2

        @staticmethod
        def backward(ctx, grad):
            return grad * ctx.factor

    x = leaf(t, 1.0)
    node = Double.apply(x).grad_fn
    return [
        node.factor,
        node.saved_tensors[0] is x,
        node.needs_input_grad,
        type(node).__name__,
        isinstance(node, Double._backward_cls),
        hasattr(node, "nothing"),
    ]


@program
def function_is_not_called(t):
    class Double(t.autograd.Function):
        pass

    Double()(t.ones(1))


def func_of(t):
    from importlib import import_module

    return import_module(f"{t.__name__}.func")


@program
def gradients_through_what_a_function_finds(t):
    func = func_of(t)
    w, x = leaf(t, 2.0, 3.0), t.tensor([1.0, 2.0], dtype=t.float64)
    inner = func.grad(lambda x: (w * x * x).sum())(x)
    value, back = func.vjp(lambda x: w * x, x)
    rows = func.jacrev(lambda x: w * x)(x)
    with t.no_grad():
        plain = func.grad(lambda x: (w * x * x).sum())(x)
    return [
        t.autograd.grad(inner.sum(), w),
        t.autograd.grad(back(x)[0].sum() + value.sum(), w),
        t.autograd.grad((rows**2).sum(), w),
        func.grad(lambda x: (x * x).sum())(x),
        plain,
    ]


@program
def structures_and_what_goes_along(t):
    func = func_of(t)
    x = t.tensor([1.0, 2.0], dtype=t.float64)
    named = lambda a, b: {"product": a * b, "sum": a.sum()}  # noqa: E731
    aux = lambda a: (a * a, a + 1)  # noqa: E731
    return [
        func.jvp(named, (x, x), (x, t.ones_like(x))),
        func.jvp(aux, (x,), (x,), has_aux=True),
        func.jacrev(named, argnums=(0, 1))(x, x),
        func.jacfwd(named, argnums=1)(x, x),
        func.jacrev(lambda d: d["a"] * d["b"])({"a": x, "b": x}),
        func.jacrev(aux, has_aux=True)(x),
        func.jacfwd(aux, has_aux=True)(x),
        func.vjp(aux, x, has_aux=True)[::2],
        func.grad(lambda a: ((a * a).sum(), a + 1), has_aux=True)(x),
        func.jacrev(func.jacrev(lambda a: (a**3).sum()))(x),
        func.functionalize(lambda a: a.clone().mul_(2))(x),
    ]


@program
def linearized(t):
    func = func_of(t)
    x = t.tensor([1.0, 2.0], dtype=t.float64)
    value, push = func.linearize(lambda a, b: (a.sin() * b, a.sum()), x, x)
    return [value, push(x, x), push(t.ones_like(x), t.zeros_like(x))]


@program
def tangents_of_another_shape(t):
    func_of(t).jvp(t.sin, (t.ones(2),), (t.ones(3),))


@pytest.mark.parametrize("run", program)
def test_as_pytorch(run: Any) -> None:
    check(run)
