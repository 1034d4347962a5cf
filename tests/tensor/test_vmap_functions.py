"""Custom operations that say themselves how they run within `vmap`, as in PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

from tests.tensor.programs import Programs, check

program = Programs()


def numpy_square(t, log, out_dims=None):
    """An operation outside of the library, which therefore says itself what to do with examples."""

    class Square(t.autograd.Function):
        @staticmethod
        def forward(x, factor):
            return t.from_numpy(np.square(x.detach().numpy())) * factor

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(inputs[0])
            ctx.factor = inputs[1]

        @staticmethod
        def backward(ctx, grad):
            (x,) = ctx.saved_tensors
            return grad * 2 * x * ctx.factor, None

        @staticmethod
        def vmap(info, in_dims, x, factor):
            log.append((info.batch_size, info.randomness, in_dims, tuple(x.shape), factor))
            result = Square.apply(x, factor)
            return (result, in_dims[0]) if out_dims is None else (result, *out_dims)

    return lambda x: Square.apply(x, 3)


@program
def own_rule_for_vmap(t):
    log = []
    f = numpy_square(t, log)
    x = t.arange(6.0).reshape(2, 3)
    values = [t.func.vmap(f)(x), t.func.vmap(t.func.vmap(f))(x), t.func.vmap(f, out_dims=1)(x)]
    return [values, log]


@program
def gradients_through_an_own_rule(t):
    f = numpy_square(t, [])
    x = t.arange(6.0, dtype=t.float64).reshape(2, 3).requires_grad_()
    t.func.vmap(f)(x).sum().backward()
    return [
        x.grad,
        t.func.vmap(t.func.grad(lambda row: (f(row) * row).sum()))(x.detach()),
        t.func.grad(lambda x: (t.func.vmap(f)(x) * x).sum())(x.detach()),
    ]


@program
def own_rule_whose_result_is_the_same_for_all(t):
    return t.func.vmap(numpy_square(t, [], (None,)), in_dims=0)(t.arange(3.0))


@program
def own_rule_without_dims(t):
    return t.func.vmap(numpy_square(t, [], ()))(t.arange(3.0))


@program
def own_rule_with_a_wrong_dim(t):
    return t.func.vmap(numpy_square(t, [], (5,)))(t.arange(3.0))


@program
def own_rule_for_several_results(t):
    class Both(t.autograd.Function):
        @staticmethod
        def forward(x, y):
            return x + y, x * 3

        @staticmethod
        def setup_context(ctx, inputs, output):
            pass

        @staticmethod
        def vmap(info, in_dims, x, y):
            first, second = Both.apply(x, y)
            return (first.t(), second.sum(0)), (1, None) if in_dims == (0, None) else (0, 0)

    x = t.arange(6.0).reshape(2, 3)
    return t.func.vmap(lambda row: Both.apply(row, t.ones(3)), out_dims=(0, None))(x)


@program
def two_rules_for_vmap(t):
    class Twice(t.autograd.Function):
        generate_vmap_rule = True

        @staticmethod
        def forward(x):
            return x

        @staticmethod
        def setup_context(ctx, inputs, output):
            pass

        @staticmethod
        def vmap(info, in_dims, x):
            return x, in_dims[0]

    return t.func.vmap(Twice.apply)(t.arange(3.0))


@pytest.mark.parametrize("run", program)
def test_as_pytorch(run: Any) -> None:
    check(run)
