"""Conjugates as PyTorch has them: views that are conjugated when they are read, and what is made of them."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest

pytest.importorskip("torch")

import shapetorch
from shapetorch.tensor.marks import Conjugate, Negative
from shapetorch.tensor.tensors import unintercepted
from tests.tensor.expressions import difference

GIVEN = "z = torch.tensor([[1 + 2j, 3 - 1j, 0.5j], [2, -1j, 4 + 4j]], dtype=torch.complex128); c = z.conj()"

VIEWS = """
c | c.conj() | c.real | c.imag | c.conj().imag | z.mH | z.H | z.adjoint() | c.mH | c.T | c.mT | c.t() | c[0] | c[1, 2]
c[:, ::2] | c[None] | c[..., 1:] | c.select(1, 2) | c.narrow(1, 1, 2) | c.unbind(1)[2] | c.split(2, 1)[1]
c.chunk(2)[1] | c.tensor_split(2, 1)[0] | c.hsplit(3)[1] | list(c)[1] | c.view(3, 2) | c.view(-1) | c.view_as(z.view(6))
c.reshape(-1) | c.T.reshape(-1) | c.flatten() | c.ravel() | c.T.ravel() | c.unflatten(0, (2, 1)) | c.squeeze()
c.unsqueeze(1) | c.expand(2, 2, 3) | c.expand_as(z) | torch.broadcast_to(c, (2, 2, 3)) | c.permute(1, 0)
c.transpose(0, 1) | c.swapaxes(0, 1) | c.movedim(0, 1) | c.diagonal() | c.unfold(1, 2, 1) | c.detach() | c.data
c.as_strided((2,), (2,), 1) | c[1:].as_strided((2,), (1,)) | c.contiguous() | c.T.contiguous() | c[:, ::2].contiguous()
c.to(torch.complex128) | c.to(torch.complex64) | c.clone() | c.resolve_conj() | c.resolve_neg() | c.imag.resolve_neg()
c.imag.resolve_conj() | c.imag[0] | c.imag.T | c.imag.conj() | c.imag.real | c.imag.view(-1) if False else c.imag.reshape(-1)
c.imag.contiguous() | c.imag.detach() | c.imag.clone() | c.imag.unbind(1)[1] | c.imag[:, 1:] | c.real.T | -c | c + 1 | c @ c.T
c.mH @ c | c[[0]] | c[c.real > 1] | c.index_select(1, torch.tensor([0])) | c.flip(0) | torch.cat([c, c]) | c.unsafe_chunk(2)[0]
torch.zeros_like(c) | torch.conj_physical(c) | torch.asarray(c) | torch.as_tensor(c) | torch.positive(c) | c.to_dense()
copy.copy(c) | copy.copy(c.imag) | copy.deepcopy(c) | copy.deepcopy(c.imag) | pickle.loads(pickle.dumps(c))
pickle.loads(pickle.dumps(c.imag)) | pickle.loads(pickle.dumps(c[1:])) | pickle.loads(pickle.dumps(z.imag[1:]))
copy.deepcopy([z, z.imag])[1] | pickle.loads(pickle.dumps([z, c]))[1] | c.requires_grad_() | torch.func.vmap(torch.conj)(z)
torch.func.vmap(lambda q: q.conj()[1:])(z) | torch.func.grad(lambda q: (q.conj() * q).sum().real)(z)
""".replace("\n", "|").split("|")

WRITES = """
c.mul_(2) | c.mul_(c) | c.mul_(z) | z.mul_(c) | z.add_(c.flip(0)) | z[0].add_(c[1]) | c.zero_() | c.fill_(1j) | c.copy_(z)
c.copy_(c) | z.copy_(c) | c.T.copy_(z.T.clone()) | c[0] = 1j | c[0, 1] = 5 | c[..., 0] = z[..., 1] | c[:, ::2] *= 2 | c += 1
c[c.real > 1] = 0 | c[[0, 1], [1, 2]] = z[0, :2] | c.T[0].mul_(1j) | c.view(-1)[0] = 9 | c.unbind(1)[0].mul_(2)
c.diagonal().mul_(2) | c.unfold(1, 2, 1)[0, 0].mul_(2) | c.as_strided((2,), (1,), 1).mul_(1j) | c.detach().mul_(2)
c.data.mul_(2) | c.mH.mul_(1j) | c.conj().mul_(1j) | c.imag.add_(1) | c.imag.neg_() | c.imag[0] = 5 | c.imag[:, 1].neg_()
c.imag.copy_(c.real) | c.imag.clamp_(min=0) | c.imag.exp_() | c.imag.cumsum_(0) | c.imag = z.real | c.real = z.imag | c.imag = 3
c.real.mul_(3) | c.imag.T[1].fill_(4) | torch.add(z, 1, out=c) | torch.add(z.real, 1, out=c.imag) | torch.exp(z, out=c)
torch.mul(c, z, out=c) | torch.abs(c, out=c.imag) | torch.stack([z[0], z[1]], out=c) | torch.conj_physical(z, out=c)
c.conj_physical_() | c.index_add_(0, torch.tensor([1, 0]), z) | c.index_copy_(0, torch.tensor([1, 0]), z)
c.index_fill_(0, torch.tensor([1]), 1j) | c.masked_fill_(c.real > 1, 2j) | c.masked_scatter_(c.real > 1, z * 1)
c.index_put_((torch.tensor([1, 1]),), z, accumulate=True) | c.put_(torch.tensor([0]), z[1, :1]) | c.fill_diagonal_(7j)
c.scatter_(1, torch.tensor([[0, 1], [1, 0]]), z) | c.imag.scatter_reduce_(1, torch.tensor([[0], [1]]), z.real * 1, "amax")
c.lerp_(z, 0.5) | c.addcmul_(z, z) | c.pow_(2) | c.sqrt_() | c.cumprod_(0) | c.t_() | c.squeeze_() | c.unsqueeze_(0)
c.transpose_(0, 1).add_(1) | c.as_strided_((2,), (1,), 1) | c.resize_(3) | c.data = z * 1 | z.data = c
torch.view_as_real(c.conj())[0, 0, 1] = 7 | z[0, 0] = 8 + 8j | c.unsafe_chunk(2)[0].mul_(2)
q = c[:, ::2].contiguous(); q.mul_(2) | q = c.T.reshape(-1); q.mul_(2) | q = c.reshape(-1); q.mul_(2)
q = c.imag.contiguous(); q.mul_(2) | q = c.resolve_conj(); q.mul_(2) | q = copy.deepcopy(c); q.mul_(2)
c.expand(2, 2, 3).mul_(2) | z.requires_grad_(); c.mul_(2) | z.requires_grad_(); z.conj().mul_(2) | c.detach_()
torch.autograd.graph.increment_version(c)
""".replace("\n", "|").split("|")

REFUSED = """
c.numpy() | c.imag.numpy() | np.asarray(c) | np.asarray(c.imag) | c.real.numpy() | c.conj().numpy() | c.numpy(force=True)
c.imag.numpy(force=True) | torch.view_as_real(c) | torch.view_as_real(c.conj()) | c.view(torch.float64) | c.view(torch.complex128)
c.imag.view(torch.int64) | c.imag.imag | c.__dlpack__() | torch.view_as_complex(c.imag)
""".replace("\n", "|").split("|")

GRADIENTS = """
h.conj() * w | h.conj().imag * w | h.conj().real * w | h.mH @ w | h.conj().conj() * w | h.conj()[0] * w[1]
k = h.conj(); k.mul_(w); h * h | k = h.conj(); k[0] = w[1]; h * w | k = h.conj().imag; k.mul_(2); h * w
k = h.conj().imag; k.copy_(w.real); h * h | k = h.mH; k[0] = w[:, 1]; h * w | k = h.conj().conj(); k.mul_(w); h * w
k = h.conj(); h.mul_(w); k * w | k = h.conj()[0]; h.mul_(w); k.mul_(k); h * w | k = h.conj().real; h[0] = w[1]; k * w
h.real.mul_(2); h.conj() * w | h.imag = w.real; h.conj() * h | h.conj().imag[0] = w.real[1]; h * w
k = h.conj().T; k.add_(w.T); k.T * h | k = h.conj().imag; torch.no_grad().__enter__(); torch.set_grad_enabled(True); k * w
""".replace("\n", "|").split("|")

HISTORIES = """
h = z * 1; k = h.conj(); s = h * h; k.mul_(2); s.sum().real.backward()
h = z * 1; k = h.conj(); s = k * k; h.mul_(2); s.sum().real.backward()
h = z * 1; k = h.conj(); s = k * k; k.imag.mul_(2); s.sum().real.backward()
h = z * 1; a, b = h.conj().unbind(); a.mul_(2)
h = z * 1; torch.set_grad_enabled(False); k = h.conj(); torch.set_grad_enabled(True); k.mul_(h)
h = z * 1; k = h.conj(); k.mul_(2); [type(h.grad_fn).__name__ != "", k.grad_fn.name(), k._base is h]
z.conj().is_leaf
z.detach().conj().requires_grad_().is_leaf
q = z.detach().conj().requires_grad_(); (q * q).sum().real.backward(); q.grad
(z.conj() * 2).sum().real.backward(); z.grad
torch.autograd.gradcheck(lambda q: q.conj() * q.imag, (z,))
torch.autograd.gradgradcheck(lambda q: q.conj() * q * q.imag, (z,))
torch.autograd.gradcheck(lambda q: q * q, (z.detach().conj().requires_grad_(),))
torch.autograd.gradcheck(lambda q: q * q, (z.detach().conj().imag.requires_grad_(),))
""".strip().splitlines()


def items(rows: list[str]) -> list[str]:
    return [row.strip() for row in rows if row.strip()]


@pytest.fixture(autouse=True)
def grad_mode_as_before() -> object:
    import torch

    yield None
    torch.set_grad_enabled(True)
    shapetorch.set_grad_enabled(True)


@pytest.mark.parametrize("view", items(VIEWS))
def test_views(view: str) -> None:
    """What is a view of what, how it is marked, and where in memory it begins."""
    found = difference(
        f"{GIVEN}; v = {view}; of = v.data_ptr() - z.data_ptr() if v.numel() else 0; "
        "[v, v.is_conj(), v.is_neg(), v._base is z, of if 0 <= of < 96 else None]"
    )
    assert found is None, found


@pytest.mark.parametrize("write", items(WRITES))
def test_writes(write: str) -> None:
    found = difference(
        f"{GIVEN}; {write}; [z, c, z._version, c.is_conj(), z.is_conj(), q if 'q' in dir() else None]"
    )
    assert found is None, found


@pytest.mark.parametrize("expression", items(REFUSED))
def test_what_needs_the_elements_in_memory(expression: str) -> None:
    found = difference(f"{GIVEN}; {expression}")
    assert found is None, found


@pytest.mark.parametrize("program", items(GRADIENTS))
def test_gradients(program: str) -> None:
    """First gradients through conjugates and writes into them, and gradients of these."""
    *before, last = program.split("; ")
    steps = "; ".join([*before, f"s = {last}"])
    found = difference(
        f"{GIVEN}; w = torch.flip(z, (1,)).clone().requires_grad_(); z.requires_grad_(); h = z * 1; "
        f"{steps}; s = (s * s).sum() * (0.3 + 0.4j); "
        "g = torch.autograd.grad(s.real + s.imag, (z, w), create_graph=True); "
        "t = sum((item * item.conj()).real.sum() for item in g); "
        "[s, [(item * 1).contiguous() for item in (*g, *torch.autograd.grad(t, (z, w)))]]",
        1e-9,
    )
    assert found is None, found


@pytest.mark.parametrize("program", HISTORIES)
def test_histories(program: str) -> None:
    found = difference(f"{GIVEN}; z.requires_grad_(); {program}")
    assert found is None, found


@pytest.mark.parametrize("target", ["h", "h.conj()", "h.conj().imag"])
def test_a_refused_write_changes_nothing(target: str) -> None:
    """The history of what is written is found to be void: `a` is one of several views, whose base changed."""
    found = difference(
        f"{GIVEN}; z.requires_grad_(); k = z * 1; a, b = k.unbind(); k.detach().mul_(2); h = z * 1; k = {target}\n"
        "try: k.copy_(a.real if k.is_floating_point() else a)\n"
        "except RuntimeError: refused = True; [refused, h.detach()]"
    )
    assert found is None, found


def test_every_reading_sees_what_lies_in_memory_now() -> None:
    """Also what NumPy wrote there, which nobody is told."""
    array = np.array([1 + 2j, 3j])
    conjugate = shapetorch.from_numpy(array).conj()
    assert conjugate.tolist() == [1 - 2j, -3j]
    array[0] = 5j
    assert conjugate.tolist() == [-5j, -3j]


def test_what_does_not_know_of_marks_cannot_write_to_a_copy() -> None:
    conjugate = shapetorch.ones(3, dtype=shapetorch.complex64)[::2].conj()
    with pytest.raises(ValueError, match="read-only"):
        conjugate._array[0] = 2
    assert conjugate._array.strides == conjugate._stored.strides


def test_prints_as_a_tensor() -> None:
    conjugate = shapetorch.tensor([1 + 2j]).conj()
    assert repr(conjugate) == "tensor([1.-2.j])"
    assert f"{conjugate[0]} {conjugate.imag[0]}" == "(1-2j) -2.0"


def test_saved_and_loaded() -> None:
    z = shapetorch.tensor([[1 + 2j, 3 - 1j], [0.5j, 2]])
    for wide in (z, z.to(shapetorch.complex128)):
        file = io.BytesIO()
        shapetorch.save([wide, wide.conj()[1:], wide.conj().imag, wide.imag[:, 1]], file)
        file.seek(0)
        same, conjugate, negative, part = shapetorch.load(file)
        assert type(conjugate) is Conjugate
        assert type(negative) is Negative
        assert same.tolist() == z.tolist()
        assert conjugate.tolist() == z.conj()[1:].tolist()
        assert negative.tolist() == (-z.imag).tolist()
        assert part.tolist() == z.imag[:, 1].tolist()


def test_other_programs_do_not_take_memory_for_the_conjugate() -> None:
    file = io.BytesIO()
    shapetorch.save({"c": shapetorch.tensor([1 + 2j]).conj()}, file)
    names = json.loads(file.getvalue()[8 : 8 + int.from_bytes(file.getvalue()[:8], "little")])
    assert "c.memory" in names
    assert "c" not in names


def test_a_parameter_may_be_one() -> None:
    z = shapetorch.tensor([1 + 2j])
    parameter = shapetorch.nn.Parameter(z.conj())
    assert isinstance(parameter, shapetorch.nn.Parameter)
    assert parameter.is_conj()
    parameter.data.mul_(2)
    assert parameter.tolist() == [2 - 4j]
    assert z.tolist() == [2 + 4j]


def test_a_subclass_has_none() -> None:
    """A class of one's own has no marked form: a conjugate as one of it is a copy, with its history."""

    class Own(shapetorch.Tensor):
        __torch_function__ = unintercepted

    z = shapetorch.tensor([1 + 2j], requires_grad=True)
    own = z.conj().as_subclass(Own)
    assert type(own) is Own
    assert not own.is_conj()
    assert own.tolist() == [1 - 2j]
    (grad,) = shapetorch.autograd.grad((own * (3 + 1j)).real.sum(), z)
    assert grad.tolist() == [3 + 1j]
    made = Own._make_subclass(Own, z.detach().conj())
    made.mul_(2)
    assert made.tolist() == [2 - 4j]
    assert z.tolist() == [1 + 2j]


def test_numpy_takes_it_resolved() -> None:
    with pytest.raises(RuntimeError, match="resolve_conj"):
        np.abs(shapetorch.tensor([1 + 2j]).conj())
