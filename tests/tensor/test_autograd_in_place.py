"""Gradients where tensors are written to, through views too, as in PyTorch."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("torch")

from tests.tensor.programs import Programs, check, leaf

program = Programs()


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


@program
def view_of_detached_is_kept_after_a_write(t):
    w = leaf(t, 0.5, -0.7)
    x = t.ones(3, 2, dtype=t.float64)
    v = x.detach()[1:]
    v.mul_(w)  # counted by x, which owns the memory
    (v * v).sum().backward()
    return w.grad


@program
def view_of_detached_is_refused_when_written_later(t):
    w = leaf(t, 0.5, -0.7)
    x = t.ones(3, 2, dtype=t.float64)
    v = x.detach()[1:]
    v.mul_(w)
    loss = (v * v).sum()
    x.add_(1)
    loss.backward()


@program
def unsafe_pieces_may_be_written_to(t):
    found = []
    for pieces in (t.unsafe_chunk, t.unsafe_split):
        x = leaf(t, 1.0, 2.0, 3.0, 4.0)
        a, b = pieces(x * 1, 2)
        a.mul_(3)
        (a * b).sum().backward()
        found += [x.grad, a._is_view(), a.data_ptr() + 16 == b.data_ptr()]
    return found


@program
def view_written_to_outlives_its_detached_root(t):
    x = leaf(t, 1.0, 2.0, 3.0)
    y = x * 2
    v = y[:2]
    v.mul_(3)
    y.detach_()
    state = [y.requires_grad, y.is_leaf, v.requires_grad, v.is_leaf]
    v.sum().backward()
    return [*state, x.grad]


@program
def view_of_zeros_outlives_its_detached_root(t):
    x = leaf(t, 1.0, 2.0, 3.0)
    y = t.zeros(3, dtype=t.float64)
    v = y[:2]
    v.copy_(x[:2])
    y.detach_()
    state = [y.requires_grad, v.requires_grad]
    v.sum().backward()
    return [*state, x.grad]


@program
def other_view_of_a_detached_root(t):
    x = leaf(t, 1.0, 2.0, 3.0)
    y = x * 2
    v = y[:2]
    w = v[:1]
    v.mul_(3)
    y.detach_()
    return [v.requires_grad, w.requires_grad, w]


@program
def mask_of_an_expanded_tensor(t):
    x = t.arange(3.0).expand(2, 3)
    x.masked_fill_(t.tensor([[True, False, False], [False, True, False]]), 5.0)
    return [x, x._version]


@program
def mask_through_a_view(t):
    x = leaf(t, 1.0, 2.0, 3.0, 4.0)
    value = t.tensor(3.0, dtype=t.float64, requires_grad=True)
    y = x * 2
    mask = t.tensor([[True, False], [True, True]])
    y.view(2, 2).t().masked_fill_(mask, value)
    mask.fill_(False)
    (y * y).sum().backward()
    return [y, x.grad, value.grad]


@program
def expanded_with_gradient(t):
    x = leaf(t, 1.0, 2.0, 3.0)
    y = x * 2
    y.expand(2, 3).masked_fill_(t.tensor([[True, False, False], [False, True, False]]), 5.0)
    y.sum().backward()


@program
def rows_of_an_expanded_tensor_with_gradient(t):
    x = leaf(t, 1.0, 2.0, 3.0)
    y = x * 2
    y.expand(2, 3).index_fill_(0, t.tensor([0]), 3.0)
    y.sum().backward()


@program
def one_row_of_an_expanded_tensor_with_gradient(t):
    x = leaf(t, 1.0, 2.0, 3.0)
    y = x * 2
    y.expand(2, 3)[0] = 3.0
    y.sum().backward()
    return [y, x.grad]


@pytest.mark.parametrize("run", program)
def test_as_pytorch(run: Any) -> None:
    check(run)
