"""Views and sizes against PyTorch: arguments of all kinds, also wrong ones, strides, changes in place."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

import torch

import shapetorch
from tests.tensor.both import agree, numbers

X = numbers(2, 3, 4)
ROW = numbers(6)
ONES = numbers(1, 3, 1)

VIEWS = """
x.view(6, 4) | x.view((6, 4)) | x.view([6, 4]) | x.view(t.Size([6, 4])) | x.view(-1) | x.view(-1, 4) | x.view(4, -1, 2)
x.view(2, 3, 4) | x.view(()) | x.view(5) | x.view(-1, -1) | x.view(-2, 12) | x.view(True, 24) | x.view(2.0, 12)
x.view('a') | x.view(None) | x.view() | x.view([6, 4], 3) | x.view(size=(6, 4)) | x.view(t.tensor(6), 4)
x.transpose(0, 1).view(-1) | x.transpose(0, 1).view(3, 2, 2, 2) | x.transpose(0, 2).view(4, 6) | x[:, 1].view(8)
x.view(t.float64) | x.view(t.int64) | x.view(t.int32) | x.view(t.uint8) | x.view(t.complex128) | x[:, :, :3].view(t.complex128)
x.transpose(0, 2).view(t.int64) | x.transpose(0, 2).view(t.int32) | x.view(dtype=t.int32) | x[0, 0, 0].view(t.int32) | x[0, 0, 0].view(t.int64)
x.reshape(6, 4) | t.reshape(x, (6, 4)) | t.reshape(x, [-1]) | t.reshape(x, 24) | t.reshape(x, shape=(4, 6)) | x.reshape(shape=(4, 6))
x.transpose(0, 1).reshape(-1) | x.transpose(0, 1).reshape(3, 8) | x.reshape(5, -1) | x.reshape(2, 3, 4) | x.reshape('a') | t.reshape(x, 6, 4)
x.flatten() | x.flatten(1) | x.flatten(0, 1) | x.flatten(-2, -1) | x.flatten(1, 0) | x.flatten(3) | t.flatten(x, start_dim=1) | x.flatten('a') | x.flatten(1, 1)
x.unflatten(2, (2, 2)) | x.unflatten(-1, (2, -1)) | x.unflatten(1, (2, 2)) | x.unflatten(0, ()) | x.unflatten(dim=1, sizes=(3, 1)) | t.unflatten(x, 2, [4, 1])
x.ravel() | x.transpose(0, 1).ravel() | t.ravel(x) | x[0, 0, 0].ravel() | x[0, 0, 0].flatten()
x.view_as(t.zeros(6, 4)) | x.view_as(t.zeros(5)) | x.reshape_as(t.zeros(4, 6)) | x.view_as(3)
x.squeeze() | x[:1].squeeze() | x[:1].squeeze(0) | x.squeeze(1) | x[:1, :, :1].squeeze((0, 2)) | x[:1, :, :1].squeeze([0]) | x.squeeze(3) | x.squeeze((0, 0)) | x.squeeze('a') | x[:1].squeeze(dim=0) | t.squeeze(x[:1], 0)
x.unsqueeze(0) | x.unsqueeze(-1) | x.unsqueeze(3) | x.unsqueeze(4) | x.unsqueeze(-5) | x.unsqueeze(dim=1) | t.unsqueeze(x, 1) | x.unsqueeze(1.0) | x.unsqueeze() | x.transpose(0, 2).unsqueeze(1)
x.expand(5, 2, 3, 4) | x[:1].expand(2, 3, 4) | x[:1].expand((7, -1, -1)) | x.expand(2, 3, 5) | x.expand(-1, 2, 3, 4) | x.expand(3, 4) | x[:, :1].expand(-1, 3, 4) | x[:1].expand(0, 3, 4) | x.expand('a') | x.expand(2, 3, 4)
t.broadcast_to(x, (2, 2, 3, 4)) | x.broadcast_to((2, 3, 4)) | t.broadcast_to(x, (4,)) | x.expand_as(t.zeros(5, 2, 3, 4)) | x.expand_as(t.zeros(3)) | t.broadcast_tensors(x, x[:1], x[0, 0]) | t.broadcast_tensors(x, t.zeros(5)) | t.broadcast_tensors() | t.broadcast_tensors([x, x])
x.permute(2, 0, 1) | x.permute((2, 0, 1)) | x.permute([2, 0, 1]) | x.permute(-1, 0, 1) | x.permute(0, 1) | x.permute(0, 0, 1) | x.permute(3, 0, 1) | t.permute(x, (1, 2, 0)) | t.permute(x, dims=(1, 2, 0)) | x.permute(*[2, 1, 0]) | x.permute('a') | x.permute(dims=(0, 2, 1))
x.transpose(0, 2) | x.transpose(-1, 0) | x.transpose(0, 3) | t.transpose(x, 0, 1) | x.transpose(dim0=0, dim1=1) | x.swapaxes(0, 1) | x.swapaxes(axis0=0, axis1=2) | x.swapdims(0, 1) | t.swapaxes(x, 1, 2) | x.transpose('a', 0) | x.transpose(0) | x[0, 0, 0].transpose(0, 0) | x[0, 0, 0].transpose(-1, 0)
x.t() | x[0].t() | x[0, 0].t() | x.T | x[0].T | x.mT | x[0].mT | x[0, 0].mT | x.H | x[0].H | x.mH | x.adjoint() | t.adjoint(x) | t.t(x[0])
x.movedim(0, 2) | x.movedim((0, 1), (2, 0)) | x.movedim(0, 3) | x.movedim((0, 0), (1, 2)) | x.moveaxis(-1, 0) | t.movedim(x, source=1, destination=0) | x.movedim((0,), (1, 2)) | x.movedim([0, 2], [1, 0])
x.as_strided((2, 2), (1, 2)) | x.as_strided((2, 2), (1, 2), 3) | x.as_strided((2, 2), (100, 2)) | x.as_strided((2,), (-1,)) | x.as_strided((2, 3), (0, 1)) | x[1].as_strided((2, 2), (1, 1)) | x[1].as_strided((2, 2), (1, 1), 0) | x.as_strided((2,), (1, 2)) | x.as_strided((-1,), (1,)) | x.as_strided((), ()) | x.as_strided((2,), (1,), -1) | x.as_strided((2,), (1,), 23) | t.as_strided(x, (2, 2), (3, 1)) | x.as_strided('a', (1,))
x.unfold(0, 2, 1) | x.unfold(2, 2, 2) | x.unfold(2, 3, 1) | x.unfold(-1, 4, 1) | x.unfold(1, 4, 1) | x.unfold(1, 0, 1) | x.unfold(1, 2, 0) | x.unfold(3, 1, 1) | x.unfold(dimension=1, size=2, step=1) | x[0, 0, 0].unfold(0, 1, 1)
x.select(0, 1) | x.select(-1, -1) | x.select(0, 2) | x.select(3, 0) | t.select(x, 1, 2) | x.select(dim=1, index=0) | x.select('a', 0)
x.narrow(0, 1, 1) | x.narrow(2, -2, 2) | x.narrow(1, 0, 4) | x.narrow(1, 2, 2) | x.narrow(1, 0, 0) | x.narrow(1, 0, -1) | x.narrow(3, 0, 1) | x.narrow(1, t.tensor(1), 2) | x.narrow(1, t.tensor([1]), 2) | x.narrow_copy(1, 1, 2) | t.narrow(x, dim=1, start=0, length=2)
x.diagonal() | x.diagonal(1) | x.diagonal(-1, 1, 2) | x.diagonal(0, 0, 0) | x.diagonal(9) | x.diagonal(offset=1, dim1=2, dim2=0) | t.diagonal(x, 0, 1, 2) | x[0, 0].diagonal() | t.linalg.diagonal(x, offset=1)
t.atleast_1d(x[0, 0, 0]) | t.atleast_2d(x[0, 0]) | t.atleast_3d(x[0, 0]) | t.atleast_3d(x[0]) | t.atleast_2d(x, x[0, 0]) | t.atleast_1d([x, x[0, 0, 0]]) | t.atleast_3d(x)
x.contiguous() | x.transpose(0, 1).contiguous() | x[:, :, ::2].contiguous() | x.contiguous(memory_format=t.contiguous_format) | x.contiguous(memory_format=t.channels_last) | x.unsqueeze(0).contiguous(memory_format=t.channels_last) | x.contiguous(memory_format=t.preserve_format)
t.as_strided_copy(x, (2, 2), (1, 2)) | t.alias_copy(x) | t.detach_copy(x) | t.diagonal_copy(x, 0, 1, 2) | t.expand_copy(x, (2, 2, 3, 4)) | t.permute_copy(x, (2, 0, 1)) | t.select_copy(x, 0, 1) | t.split_copy(x, 2) | t.split_with_sizes_copy(x, [1, 1]) | t.squeeze_copy(x) | t.squeeze_copy(x, 0) | t.t_copy(x[0]) | t.transpose_copy(x, 0, 1) | t.unbind_copy(x) | t.unfold_copy(x, 0, 2, 1) | t.unsqueeze_copy(x, 0) | t.view_copy(x, (6, 4)) | t.slice_copy(x, 1, 0, 2) | t.slice_copy(x, 5) | t.view_as_real_copy(x.to(t.complex64))
x.sum_to_size(3, 1) | x.sum_to_size((1, 3, 4)) | x.sum_to_size(2, 3, 4) | x.sum_to_size(5) | t.constant_pad_nd(x, (1, 1), 2.0) | t.nonzero_static(x, size=30) | t.nonzero_static(x, size=3, fill_value=7) | x[0, 0].nonzero_static(size=9) | t.fill_(x * 1, 2) | t.index_put_(x * 1, (t.tensor([0]),), x[:1]) | t.as_strided_(x * 1, (2, 2), (1, 2))
"""

ATTRIBUTES = """
x.numel() | x.nelement() | x.dim() | x.ndimension() | x.ndim | x.size() | x.size(1) | x.size(-1) | x.size(3) | x.size(dim=0) | x.stride() | x.stride(0) | x.stride(-1) | x.stride(3)
x.element_size() | x.itemsize | x.nbytes | x.is_contiguous() | x.transpose(0, 1).is_contiguous() | x.storage_offset() | x[1].storage_offset() | x[1, 1:].storage_offset() | x[0:0].stride()
x[None].stride() | x[:, None].stride() | x[..., None].stride() | x.unsqueeze(1).stride() | x.transpose(0, 2).stride() | x[:1].expand(2, 3, 4).stride() | x.expand(1, 2, 3, 4).stride() | x[:, :, ::2].stride() | x.T.stride() | x.unfold(2, 2, 1).stride()
x.is_set_to(x) | x.is_set_to(x[:]) | x.is_set_to(x[0]) | x.view(-1).is_set_to(x) | len(x) | len(x[0, 0, 0]) | x.contiguous() is x | x[...] is x | x.flatten() is x | x.view(-1).flatten().ndim | x.data_ptr() == x[0].data_ptr() | x[1].data_ptr() - x.data_ptr()
x.unsqueeze(0).is_contiguous(memory_format=t.channels_last) | x.unsqueeze(0).contiguous(memory_format=t.channels_last).stride() | x._is_view() | x[0]._is_view() | x[0]._base is x | x.detach()._is_view() | x.shape | x[0].shape.numel() | x.layout == t.strided
t.numel(x) | t.broadcast_shapes((2, 1), (3,)) | t.broadcast_shapes((2,), (3,)) | t.broadcast_shapes(3, (2, 1)) | t.broadcast_shapes() | t.broadcast_shapes((2, -1))
"""

CHANGES = """
x.squeeze_() | x.squeeze_(0) | x.unsqueeze_(0) | x.unsqueeze_(5) | x.transpose_(0, 2) | x.transpose_(0, 5) | x.t_() | x.swapaxes_(0, 1) | x.swapdims_(1, 2) | x.as_strided_((2, 2), (1, 2)) | x.as_strided_((2, 2), (100, 2)) | x.as_strided_((4,), (1,), 2)
x.resize_(3, 2) | x.resize_((24,)) | x.resize_(2, 3, 4) | x.resize_(-1) | x.resize_('a') | x.resize_as_(t.zeros(3)) | x.set_(t.ones(3, dtype=t.float64)) | x.set_(t.ones(3)) | x.set_(t.arange(6, dtype=t.float64), 1, (2, 2), (2, 1)) | x.set_() | x.set_(t.arange(6, dtype=t.float64).untyped_storage(), 1, (2, 2), (2, 1)) | x.set_(t.arange(6, dtype=t.float64).storage())
x.fill_(2) | x.fill_(t.tensor(2.5)) | x.fill_(t.ones(2)) | x.fill_('a') | x.fill_(1j) | x.fill_(True) | x.copy_(t.ones(3, 4)) | x.copy_(t.ones(5)) | x.copy_(t.ones(2, 3, 4, dtype=t.int32)) | x.copy_(1) | x.copy_(t.ones(3, 4, dtype=t.complex64)) | x.copy_(x) | x.fill_diagonal_(1.0) | x[0].fill_diagonal_(3) | x[0].t().fill_diagonal_(3, wrap=True) | x[0].fill_diagonal_('a') | x[0].fill_diagonal_(1, True)
x.tril_() | x.triu_(1) | x.zero_() | x[0, 0, 0].fill_(3)
"""


def rows(text: str) -> list[str]:
    """The expressions of a table."""
    return [item.strip() for line in text.strip().splitlines() for item in line.split("|")]


@pytest.mark.parametrize("text", rows(VIEWS))
def test_views(text: str) -> None:
    agree(lambda t, x: eval(text, {"t": t, "x": x}), X)


@pytest.mark.parametrize("text", rows(ATTRIBUTES))
def test_attributes(text: str) -> None:
    agree(lambda t, x: eval(text, {"t": t, "x": x}), X, grad=False)


@pytest.mark.parametrize("text", rows(CHANGES))
def test_changes_in_place(text: str) -> None:
    def change(t, x):
        made = eval(text, {"t": t, "x": x})
        return made, made is x, x.shape, x.stride() if x.numel() else None, x._version

    agree(change, X, grad=False)


@pytest.mark.parametrize("text", rows(CHANGES))
def test_changes_of_leaves_are_refused(text: str) -> None:
    agree(lambda t, x: eval(text, {"t": t, "x": x}), X)


@pytest.mark.parametrize("text", [text for text in rows(CHANGES) if "set_" not in text])
def test_changes_are_differentiated(text: str) -> None:
    agree(lambda t, x: eval(text, {"t": t, "x": x * 1}), X)


def test_new_memory_keeps_old_elements() -> None:
    for t in (torch, shapetorch):
        x = t.arange(6)
        y = x.resize_(2, 2)
        assert y is x
        assert x.tolist() == [[0, 1], [2, 3]]
        assert x.resize_(6).tolist() == [0, 1, 2, 3, 4, 5]
        assert x.resize_(9).tolist()[:6] == [0, 1, 2, 3, 4, 5]


def test_views_of_what_changes_its_sizes() -> None:
    for t in (torch, shapetorch):
        x = t.arange(6.0).requires_grad_()
        y = (x * 1).reshape(2, 3).clone()
        row = y[0]
        y.t_()
        row.mul_(2)
        y[2].mul_(5)
        assert row.tolist() == [0.0, 2.0, 20.0]
        (row * t.tensor([1.0, 10.0, 100.0])).sum().backward()
        assert x.grad.tolist() == [2.0, 20.0, 1000.0, 0.0, 0.0, 0.0]


def test_methods_that_are_functions_here() -> None:
    x = shapetorch.zeros(2, 3)
    assert shapetorch.view(x, 6).shape == (6,)
    assert shapetorch.expand(x, 4, 2, 3).shape == (4, 2, 3)
    assert shapetorch.expand_as(x[0], x).shape == (2, 3)
    assert shapetorch.contiguous(x) is x
    index = shapetorch.zeros(1, 3, dtype=shapetorch.int64)
    assert shapetorch.scatter_add_(x, 0, index, x + 1).tolist() == [[1, 1, 1], [0, 0, 0]]
    assert shapetorch.scatter_reduce_(x, 0, index, x + 1, "amax").tolist() == [[2, 2, 2], [0, 0, 0]]


def test_broadcasting_by_shapes() -> None:
    assert shapetorch.broadcastShapes((2, 3), (1, 3)) == (2, 3)
    assert shapetorch.can_broadcast_to((1, 3), (2, 3))
    assert not shapetorch.canBroadcastTo((2, 3), (1, 3))
    assert shapetorch.canBroadcastTo((), (0, 3))
    assert not shapetorch.canBroadcastTo((1, 1, 3), (2, 3))
    assert shapetorch.needs_broadcast((2, 3), (3,))
    assert not shapetorch.needsBroadcast((2, 3), (2, 3))


ABSURD = """
x.repeat(10**11) | x.repeat(2**61) | x.tile(10**11) | x.repeat_interleave(10**11) | x.expand(10**11, 4).contiguous() | x.expand(2**62, 4) | x.resize_(10**12) | x.resize_(2**62, 4) | t.nn.functional.pad(x, (0, 10**12)) | t.nn.functional.pad(x, (0, 2**63 - 10)) | x.diag(2**40) | x.diag_embed(2**33) | x.view(2**62, 0) | x.as_strided((2**62, 2**62), (0, 0)) | x.unfold(0, 1, 2**62) | x.reshape(2**40, -1) | x.narrow(0, 0, 2**62) | x.as_strided((2, 2), (2**62, 2**62)) | x.as_strided((2,), (1,), 2**62) | x.expand(3, 2**62, 4)
"""


@pytest.mark.parametrize("text", rows(ABSURD))
def test_absurd_sizes(text: str) -> None:
    agree(lambda t, x: eval(text, {"t": t, "x": x}), numbers(4), grad=False)
