"""Autograd as PyTorch has it: accumulation, graphs, leaves, dtypes."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("torch")

from tests.tensor.programs import Programs, check, leaf

program = Programs()


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


@program
def gradient_lies_as_its_leaf(t):
    found = []
    for x in (t.ones(2, 3), t.ones(3, 2).t(), t.ones(2, 6)[:, ::2]):
        x.requires_grad_()
        (x.t() * t.arange(6.0).view(3, 2)).sum().backward()
        found += [x.grad, x.grad.stride()]
    return found


@program
def gradient_with_history_is_added_to(t):
    x = leaf(t, 1.0, 2.0)
    (x**3).sum().backward(create_graph=True)
    first = x.grad
    first.sum().backward()
    return [first is x.grad, x.grad.requires_grad, x.grad.detach()]


@program
def batched_weights(t):
    x, z = leaf(t, 1.0, 2.0, 3.0), leaf(t, 1.0)
    y = x**2
    weights = t.eye(3, dtype=t.float64)
    return [
        t.autograd.grad(y, x, weights, is_grads_batched=True, retain_graph=True),
        t.autograd.grad(y, [x, z], (weights,), is_grads_batched=True, allow_unused=True),
    ]


@program
def edges(t):
    from importlib import import_module

    edge_of = import_module(f"{t.__name__}.autograd.graph").get_gradient_edge
    x = leaf(t, 1.0, 2.0)
    y = x * 2
    _, b = y.unbind()
    found = [edge_of(y).node is y.grad_fn, edge_of(b).output_nr, edge_of(x).node.variable is x]
    found.append(t.autograd.grad((y * y).sum(), [edge_of(y), edge_of(x)], retain_graph=True))
    t.autograd.backward(edge_of(y), t.ones(2, dtype=t.float64))
    return [found, x.grad]


@program
def edge_without_gradient(t):
    from importlib import import_module

    import_module(f"{t.__name__}.autograd.graph").get_gradient_edge(t.ones(2))


@program
def old_names(t):
    x = t.autograd.Variable(t.ones(2), requires_grad=True)
    with t.autograd.set_multithreading_enabled(False):
        (x * 2).sum().backward()
    same = t.autograd.grad_mode.no_grad is t.no_grad
    return [x.grad, isinstance(t.ones(1), t.autograd.Variable), type(x).__name__, same]


@program
def gradients_by_name(t):
    x, w = leaf(t, 1.0, 2.0), leaf(t, 3.0)
    found = t.autograd.grad((x * w).sum(), {"x": x, "w": w})
    (x * w).sum().backward(inputs={"x": x})
    t.autograd.backward((x * w).sum(), inputs={"w": w})
    return [found, x.grad, w.grad]


@program
def arguments_that_are_out_of_use(t):
    x, w = leaf(t, 1.0, 2.0), leaf(t, 3.0)
    y = (x * w).sum()
    found = [
        t.autograd.grad(outputs=y, inputs=x, retain_graph=True, only_inputs=True),
        t.autograd.grad(y, x, None, True, False, False),
        t.autograd.grad(y, (x, leaf(t, 1.0)), None, True, False, True, True),
    ]
    t.autograd.backward(y, None, None, False, t.tensor(2.0, dtype=t.float64))
    return [found, x.grad]


@program
def both_names_of_the_weights(t):
    y = leaf(t, 1.0).sum()
    t.autograd.backward(y, t.tensor(1.0), grad_variables=t.tensor(1.0))


@pytest.mark.parametrize("run", program)
def test_as_pytorch(run: Any) -> None:
    check(run)
