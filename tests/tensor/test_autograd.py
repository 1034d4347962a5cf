"""Autograd as PyTorch has it: accumulation, graphs, hooks, views and writes in place, custom functions."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("torch")

from tests.tensor.programs import check

PROGRAMS: list[Any] = []


def program(function: Any) -> Any:
    PROGRAMS.append(pytest.param(function, id=function.__name__))
    return function


def leaf(t, *values, **kwargs):
    return t.tensor(values, dtype=t.float64, requires_grad=True, **kwargs)


# -- accumulation and graphs ------------------------------------------------------------------------


@program
def accumulates(t):
    x = leaf(t, 1.0, 2.0)
    (x * x).sum().backward()
    (x * 3).sum().backward()
    return x.grad


@program
def grad_is_the_same_object(t):
    x = leaf(t, 1.0, 2.0)
    (x * x).sum().backward()
    first = x.grad
    (x * x).sum().backward()
    return [first is x.grad, first]


@program
def diamond(t):
    x = leaf(t, 1.0, 2.0)
    a = x * 2
    b = a * x + a
    c = b * a
    c.sum().backward()
    return x.grad


@program
def second_backward_is_refused(t):
    x = leaf(t, 1.0)
    y = (x * x).sum()
    y.backward()
    y.backward()


@program
def retain_graph(t):
    x = leaf(t, 1.0)
    y = (x * x).sum()
    y.backward(retain_graph=True)
    y.backward()
    return x.grad


@program
def create_graph(t):
    x = leaf(t, 1.0, 2.0)
    y = (x * x * x).sum()
    (g,) = t.autograd.grad(y, x, create_graph=True)
    (h,) = t.autograd.grad(g.sum(), x, create_graph=True)
    (k,) = t.autograd.grad(h.sum(), x)
    return [g, h, k]


@program
def backward_create_graph(t):
    x = leaf(t, 1.0, 2.0)
    (x * x * x).sum().backward(create_graph=True)
    return [x.grad, x.grad.requires_grad]


@program
def non_scalar_needs_gradient(t):
    (leaf(t, 1.0, 2.0) * 2).backward()


@program
def non_scalar_with_gradient(t):
    x = leaf(t, 1.0, 2.0)
    (x * 2).backward(t.tensor([1.0, 3.0], dtype=t.float64))
    return x.grad


@program
def gradient_of_wrong_shape(t):
    (leaf(t, 1.0, 2.0) * 2).backward(t.ones(3, dtype=t.float64))


@program
def backward_without_graph(t):
    t.tensor([1.0]).sum().backward()


@program
def inputs_argument(t):
    x, y = leaf(t, 1.0), leaf(t, 2.0)
    (x * y).sum().backward(inputs=[x])
    return [x.grad, y.grad]


@program
def inputs_not_a_leaf(t):
    x = leaf(t, 1.0, 2.0)
    y = x * 2
    (y * y).sum().backward(inputs=[y])
    return [y.grad if y.retains_grad else None, x.grad]


@program
def unused_input(t):
    x, y = leaf(t, 1.0), leaf(t, 2.0)
    return t.autograd.grad((x * 2).sum(), [x, y])


@program
def unused_input_allowed(t):
    x, y = leaf(t, 1.0), leaf(t, 2.0)
    return t.autograd.grad((x * 2).sum(), [x, y], allow_unused=True)


@program
def unused_input_materialized(t):
    x, y = leaf(t, 1.0), leaf(t, 2.0)
    return t.autograd.grad((x * 2).sum(), [x, y], materialize_grads=True)


@program
def gradient_of_intermediate(t):
    x = leaf(t, 1.0, 2.0)
    y = x * 3
    return t.autograd.grad((y * y).sum(), y)


@program
def several_roots(t):
    x = leaf(t, 1.0, 2.0)
    t.autograd.backward([(x * 2).sum(), (x * x).sum()])
    return x.grad


@program
def grad_of_root_itself(t):
    x = leaf(t, 1.0)
    return t.autograd.grad(x.sum() * 2, [x])


@program
def long_chain(t):
    x = leaf(t, 1.0)
    y = x
    for _ in range(5000):
        y = y * 1.0001
    y.sum().backward()
    return x.grad


# -- leaves and flags -------------------------------------------------------------------------------


@program
def flags(t):
    x = leaf(t, 1.0)
    y = x * 2
    z = t.tensor([1.0])
    return [
        x.is_leaf,
        y.is_leaf,
        z.is_leaf,
        y.requires_grad,
        z.requires_grad,
        x.grad,
        y.grad_fn is None,
    ]


@program
def names_of_nodes(t):
    x = leaf(t, 1.0, 2.0)
    return [
        (x * 2).grad_fn.name(),
        (x + 1).grad_fn.name(),
        x.sum().grad_fn.name(),
        x.exp().grad_fn.name(),
    ]


@program
def integer_cannot_require_grad(t):
    t.tensor([1]).requires_grad_()


@program
def non_leaf_flag(t):
    (leaf(t, 1.0) * 2).requires_grad_(False)


@program
def requires_grad_argument_of_integers(t):
    return t.tensor([1, 2], requires_grad=True)


@program
def assigned_grad(t):
    x = leaf(t, 1.0, 2.0)
    x.grad = t.ones(2, dtype=t.float64)
    (x * x).sum().backward()
    return x.grad


@program
def assigned_grad_of_wrong_shape(t):
    x = leaf(t, 1.0, 2.0)
    x.grad = t.ones(3, dtype=t.float64)


@program
def detach(t):
    x = leaf(t, 1.0, 2.0)
    y = (x * 2).detach()
    return [y.requires_grad, (x * y).sum().requires_grad, y]


@program
def no_grad(t):
    x = leaf(t, 1.0)
    with t.no_grad():
        y = x * 2
        with t.enable_grad():
            z = x * 2
    return [y.requires_grad, z.requires_grad, t.is_grad_enabled()]


@program
def no_grad_decorates(t):
    @t.no_grad()
    def f(x):
        return x * 2

    return f(leaf(t, 1.0)).requires_grad


@program
def no_grad_decorates_a_generator(t):
    @t.no_grad()
    def f(x):
        yield (x * 2).requires_grad
        yield t.is_grad_enabled()

    found = []
    for item in f(leaf(t, 1.0)):
        found += [item, t.is_grad_enabled()]
    return found


@program
def set_grad_enabled(t):
    x = leaf(t, 1.0)
    with t.set_grad_enabled(False):
        y = x * 2
    t.set_grad_enabled(False)
    z = x * 2
    t.set_grad_enabled(True)
    return [y.requires_grad, z.requires_grad]


@program
def inference_mode(t):
    x = leaf(t, 1.0)
    with t.inference_mode():
        y = x * 2
        inside = t.is_inference_mode_enabled()
    return [y.requires_grad, inside, y.is_inference(), t.is_inference_mode_enabled()]


@program
def inference_tensor_written_outside(t):
    with t.inference_mode():
        y = t.ones(2)
    y.add_(1)


# -- hooks ------------------------------------------------------------------------------------------


@program
def hook_changes_gradient(t):
    x = leaf(t, 1.0, 2.0)
    handle = x.register_hook(lambda grad: grad * 10)
    (x * 2).sum().backward()
    handle.remove()
    (x * 2).sum().backward()
    return x.grad


@program
def hook_on_intermediate(t):
    x = leaf(t, 1.0, 2.0)
    seen = []
    y = x * 2
    y.register_hook(seen.append)
    y.register_hook(lambda grad: grad + 1)
    (y * 3).sum().backward()
    return [seen, x.grad]


@program
def hook_on_what_needs_none(t):
    t.ones(2).register_hook(lambda grad: grad)


@program
def retain_grad(t):
    x = leaf(t, 1.0, 2.0)
    y = x * 2
    y.retain_grad()
    (y * y).sum().backward()
    return [y.grad, y.retains_grad, x.grad]


@program
def post_accumulate_hook(t):
    x = leaf(t, 1.0, 2.0)
    seen = []
    x.register_post_accumulate_grad_hook(lambda p: seen.append(p.grad.clone()))
    (x * 2).sum().backward()
    (x * 2).sum().backward()
    return seen


@program
def node_hook(t):
    x = leaf(t, 1.0, 2.0)
    y = x * 2
    seen = []
    y.grad_fn.register_hook(lambda grad_inputs, grad_outputs: seen.append(grad_outputs[0]))
    y.grad_fn.register_prehook(lambda grads: (grads[0] * 5,))
    y.sum().backward()
    return [seen, x.grad]


@program
def multi_grad_hook(t):
    x, y = leaf(t, 1.0), leaf(t, 2.0)
    seen = []
    t.autograd.graph.register_multi_grad_hook((x, y), seen.append)
    (x * y).sum().backward()
    (x * 2).sum().backward()
    return [seen[0], len(seen)]


# -- in place, and through views --------------------------------------------------------------------


@program
def leaf_in_place(t):
    leaf(t, 1.0, 2.0).add_(1)


@program
def view_of_leaf_in_place(t):
    leaf(t, 1.0, 2.0)[0].add_(1)


@program
def leaf_in_place_without_grad(t):
    x = leaf(t, 1.0, 2.0)
    with t.no_grad():
        x.add_(1)
    return [x, x._version]


@program
def in_place_on_intermediate(t):
    x = leaf(t, 1.0, 2.0)
    y = x * 2
    y.mul_(3)
    y += 1
    (y * y).sum().backward()
    return x.grad


@program
def kept_value_changed(t):
    x = leaf(t, 1.0, 2.0)
    y = x * 2
    z = y * y
    y.add_(1)
    z.sum().backward()


@program
def kept_result_changed(t):
    x = leaf(t, 1.0, 2.0)
    y = x.exp()
    y.add_(1)
    y.sum().backward()


@program
def value_changed_that_is_not_kept(t):
    x = leaf(t, 1.0, 2.0)
    y = x * 2
    z = y + 1
    y.mul_(5)
    (z.sum() + y.sum()).backward()
    return x.grad


@program
def write_through_view(t):
    x = leaf(t, 1.0, 2.0, 3.0)
    y = x * 2
    y[1] = 7
    y[2:] *= 4
    (y * y).sum().backward()
    return [y, x.grad]


@program
def view_sees_write_to_base(t):
    x = leaf(t, 1.0, 2.0, 3.0)
    y = x * 2
    v = y[1:]
    y.mul_(3)
    (v * v).sum().backward()
    return [v, x.grad, v._version]


@program
def base_sees_write_to_view(t):
    x, w = leaf(t, 1.0, 2.0, 3.0), leaf(t, 5.0)
    y = x * 2
    v = y[1:2]
    v.mul_(w)
    y.sum().backward()
    return [x.grad, w.grad]


@program
def constant_base_gets_history(t):
    w = leaf(t, 5.0)
    base = t.zeros(3, dtype=t.float64)
    view = base[1:2]
    other = base[:2]
    view.add_(w)
    (other * 2).sum().backward()
    return [w.grad, base.requires_grad, other.requires_grad]


@program
def write_to_unbound_view(t):
    x = leaf(t, 1.0, 2.0)
    (x * 2).unbind(0)[0].add_(1)


@program
def write_to_view_made_without_grad(t):
    x = leaf(t, 1.0, 2.0)
    y = x * 2
    with t.no_grad():
        v = y[0]
    v.add_(1)


@program
def detached_shares_version(t):
    x = leaf(t, 1.0, 2.0)
    y = x * 2
    z = y * y
    y.detach().add_(1)
    z.sum().backward()


@program
def expanded_in_place(t):
    t.zeros(1).expand(3).add_(1)


@program
def fill_cuts_gradient(t):
    x = leaf(t, 1.0, 2.0)
    y = x * 2
    y.zero_()
    (y * y + x).sum().backward()
    return [x.grad]


@program
def copy_gives_gradient_to_source(t):
    x, w = leaf(t, 1.0, 2.0), leaf(t, 3.0, 4.0)
    y = x * 2
    y.copy_(w)
    (y * y).sum().backward()
    return [x.grad, w.grad]


@program
def chained_views(t):
    x = leaf(t, 1.0, 2.0, 3.0, 4.0)
    y = (x * 1).view(2, 2)
    z = y.transpose(0, 1)[0]
    z.mul_(10)
    (y * y).sum().backward()
    return [y, x.grad]


@program
def base_of_view(t):
    x = t.ones(4)
    y = x.view(2, 2)[0]
    return [y._base is x, x._base is None, y._is_view(), x._is_view()]


# -- dtypes -----------------------------------------------------------------------------------------


@program
def gradient_has_the_dtype_of_the_leaf(t):
    x = t.ones(2, dtype=t.float32, requires_grad=True)
    (x * t.ones(2, dtype=t.float64)).sum().backward()
    return x.grad


@program
def complex_gradient(t):
    x = t.tensor([1 + 2j, 3 - 1j], requires_grad=True)
    (x * x.conj()).real.sum().backward()
    return x.grad


@program
def real_by_complex(t):
    x = t.tensor([1.0, 2.0], requires_grad=True)
    y = x * t.tensor([1j, 2 + 1j])
    (y * y).imag.sum().backward()
    return x.grad


@program
def complex_scalar_root(t):
    (t.tensor([1 + 2j], requires_grad=True) * 2).sum().backward()


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


# -- anomaly, hooks of kept tensors, checkpointing --------------------------------------------------


@program
def anomaly_finds_nan(t):
    x = leaf(t, 0.0)
    with t.autograd.detect_anomaly():
        (x.sqrt() * 0).sum().backward()


@program
def anomaly_mode_asked(t):
    before = t.is_anomaly_enabled()
    with t.autograd.set_detect_anomaly(True, check_nan=False):
        inside = [t.is_anomaly_enabled(), t.is_anomaly_check_nan_enabled()]
    return [before, inside, t.is_anomaly_enabled()]


@program
def saved_tensors_hooks(t):
    x = leaf(t, 1.0, 2.0)
    with t.autograd.graph.saved_tensors_hooks(lambda y: y * 1, lambda y: y * 2):
        y = x * x
    y.sum().backward()
    return x.grad


@program
def saved_tensors_hooks_keep_history(t):
    x = leaf(t, 1.0, 2.0)
    with t.autograd.graph.saved_tensors_hooks(lambda y: y.clone(), lambda y: y):
        y = (x * 2) * x.exp()
    (g,) = t.autograd.grad(y.sum(), x, create_graph=True)
    return [g, t.autograd.grad(g.sum(), x)]


@program
def checkpoint(t):
    from importlib import import_module

    run = import_module(f"{t.__name__}.utils.checkpoint").checkpoint
    x, w = leaf(t, 1.0, 2.0), leaf(t, 3.0, 4.0)
    count = []

    def f(x):
        count.append(1)
        return (x * w).exp() * x

    y = run(f, x, use_reentrant=False)
    before = len(count)
    y.sum().backward()
    return [before, len(count), x.grad, w.grad]


@program
def checkpoint_drops_the_same(t):
    from importlib import import_module

    run = import_module(f"{t.__name__}.utils.checkpoint").checkpoint
    t.manual_seed(0)
    x = t.ones(100, dtype=t.float64, requires_grad=True)
    y = run(lambda x: t.nn.functional.dropout(x * 3, 0.5), x, use_reentrant=False)
    y.sum().backward()
    return bool(((x.grad > 0) == (y > 0)).all())


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


@pytest.mark.parametrize("run", PROGRAMS)
def test_as_pytorch(run: Any) -> None:
    check(run)
