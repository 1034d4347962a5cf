"""Subclasses of tensors, the protocol ``__torch_function__``, parameters: as in PyTorch."""

from __future__ import annotations

import copy
import io
import pickle
from importlib import import_module
from typing import Any

import pytest

pytest.importorskip("torch")

from tests.tensor.programs import Programs, check

program = Programs()


def names(*values: Any) -> list[str]:
    return [type(value).__name__ for value in values]


def subclass(t: Any) -> Any:
    class Mine(t.Tensor):
        pass

    return Mine


@program
def results_are_of_the_subclass(t):
    a = t.ones(2, 3).as_subclass(subclass(t))
    plain = t.ones(2, 3)
    operators = [a + 1, 1 + a, plain + a, a @ a.t(), -a, a == plain, abs(a), a > plain]
    shapes = [a[0], a.T, a.view(-1), a.split(1)[0], next(iter(a)), a.expand(2, 2, 3), a.real]
    functions = [t.exp(a), t.cat([plain, a]), t.where(a > 0, plain, plain), t.zeros_like(a)]
    functions += [t.nn.functional.linear(plain, a), t.linalg.norm(a), t.einsum("ij->i", a)]
    others = [a.detach(), a.clone(), a.data, a.double(), a.max(1).values, a.add_(1), a.new_zeros(2)]
    return names(*operators, *shapes, *functions, *others)


@program
def subclass_of_a_subclass_wins(t):
    mine = subclass(t)

    class Inner(mine):
        pass

    a, b = t.ones(2).as_subclass(mine), t.ones(2).as_subclass(Inner)
    return names(a + b, b + a, t.stack([a, b]))


@program
def unrelated_subclasses_do_not_mix(t):
    t.ones(2).as_subclass(subclass(t)) + t.ones(2).as_subclass(subclass(t))


@program
def gradients_flow(t):
    a = t.ones(2, requires_grad=True)
    b = a.as_subclass(subclass(t))
    (b * 2).sum().backward()
    return [a.grad, b.requires_grad, b.is_leaf, repr(b), str(b.detach() * 3)]


@program
def made_of_data(t):
    mine = subclass(t)
    a = t.Tensor._make_subclass(mine, t.ones(2), True)
    (a * 2).sum().backward()
    return [names(a, mine([1.0, 2.0]), copy.copy(a)), a.is_leaf, a.requires_grad, a.grad]


@program
def class_says_what_functions_do(t):
    class Counted(t.Tensor):
        seen: list = []  # noqa: RUF012

        @classmethod
        def __torch_function__(cls, func, types, args=(), kwargs=None):
            cls.seen.append(func.__name__.strip("_"))
            if func is t.mean or func is t.Tensor.mean:
                return "a mean"
            return super().__torch_function__(func, types, args, kwargs or {})

    a = t.ones(2, 3).as_subclass(Counted)
    Counted.seen.clear()
    found = [a.mean(), t.mean(a), names(a.sum(dim=0), t.exp(a), a + 1)]
    return [*found, Counted.seen]


@program
def class_without_a_say(t):
    class Plain(t.Tensor):
        __torch_function__ = t._C._disabled_torch_function_impl

    a = t.ones(2).as_subclass(Plain)
    with t._C.DisableTorchFunctionSubclass():
        b = t.ones(2).as_subclass(subclass(t)) + 1
    return names(a, a + 1, b)


@program
def no_tensor_at_all(t):
    overrides = import_module(f"{t.__name__}.overrides")

    class Name:
        def __torch_function__(self, func, types, args=(), kwargs=None):
            return [len(args), len(types)]

    n = Name()
    found = [t.exp(n), t.add(t.ones(2), n), t.stack([t.ones(2), n]), t.ones(2) + n]
    return [*found, overrides.has_torch_function((n,)), overrides.is_tensor_like(n)]


@program
def everybody_declines(t):
    class Never:
        def __torch_function__(self, func, types, args=(), kwargs=None):
            return NotImplemented

    import_module(f"{t.__name__}.overrides")
    t.exp(Never())


@program
def mode(t):
    overrides = import_module(f"{t.__name__}.overrides")
    log = []

    class Log(overrides.TorchFunctionMode):
        def __torch_function__(self, func, types, args=(), kwargs=None):
            log.append(func.__name__.strip("_"))
            return func(*args, **(kwargs or {}))

    with Log():
        t.ones(2).sum()
        t.add(t.ones(2), 1)
    t.zeros(1)
    return log


@program
def parameters(t):
    p = t.nn.Parameter(t.ones(2, 2))
    (p * 2).sum().backward()
    results = names(p.detach(), p.data, p.clone(), p + 1, p[0], p.T, p.view(-1), p.double(), p.grad)
    same = names(p.float(), p.cpu(), p.contiguous(), copy.copy(p), copy.deepcopy(p))
    return [repr(p), p.is_leaf, p.grad, results, same, isinstance(p, t.Tensor)]


@program
def parameters_of_data(t):
    x = t.ones(2)
    p = t.nn.Parameter(x)
    x[0] = 5.0
    frozen = t.nn.Parameter(t.ones(1), requires_grad=False)
    marked = t.ones(2)
    marked._is_param = True
    b = t.nn.Buffer(t.ones(2))
    buffers = [names(b), isinstance(b, t.nn.Buffer), isinstance(x, t.nn.Buffer), b.requires_grad]
    kinds = [isinstance(marked, t.nn.Parameter), isinstance(x, t.nn.Parameter)]
    return [p, repr(t.nn.Parameter()), frozen.requires_grad, kinds, buffers]


@program
def parameters_of_integers(t):
    t.nn.Parameter(t.ones(2, dtype=t.int64))


@program
def parameters_are_kept(t):
    p = t.nn.Parameter(t.ones(2))
    file = io.BytesIO()
    t.save({"weight": p}, file)
    file.seek(0)
    found = [pickle.loads(pickle.dumps(p)), t.load(file)["weight"]]
    return [names(*found), [item.requires_grad for item in found], found]


@pytest.mark.parametrize("run", program)
def test_as_pytorch(run: Any) -> None:
    check(run)
