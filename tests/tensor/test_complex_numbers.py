"""Parts, conjugates and angles of complex numbers, as views, values and gradients, against PyTorch."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

from tests.tensor.expressions import difference

GIVEN = "z = torch.tensor([[1 + 2j, 0j], [-3.5j, 2 - 1j]]); r = torch.tensor([[1., 2.], [3., -4.]])"

EXPRESSIONS = """
z.real
z.imag
r.real is r
r.imag
torch.real(z)
torch.imag(z)
torch.real(r) is r
z.real.add_(1); z
z.imag.mul_(2); z
z.imag[0] = 7; z
z.real = r; z
z.imag = 2; z
r.imag = 2
z.T.imag
z.real.is_contiguous()
torch.view_as_real(z)
torch.view_as_real(z).mul_(2); z
torch.view_as_real(z.T)
torch.view_as_real(r)
torch.view_as_complex(r)
torch.view_as_complex(r).mul_(1j); r
torch.view_as_complex(r.T)
torch.view_as_complex(r[:, :1])
torch.view_as_complex(r[:, None].expand(2, 2, 2))
torch.view_as_complex(torch.ones(2, 3)[:, 1:])
torch.view_as_complex(torch.ones(2, 4)[:, 1:3])
torch.view_as_complex(torch.tensor(1.))
torch.view_as_complex(torch.tensor([1, 2]))
torch.view_as_complex(torch.ones(0, 2))
torch.view_as_complex(r.double())
z.conj()
z.conj().imag
z.conj_physical()
z.conj_physical_(); z
torch.conj_physical_(z); z
z.conj().resolve_conj()
z.resolve_neg()
z.is_conj()
r.is_conj()
z.is_neg()
r.conj() is r
z.conj().T @ z
z.mH
z.H
z.adjoint()
r.adjoint()
torch.tensor([1.]).adjoint()
torch.angle(z)
torch.angle(r)
torch.angle(torch.tensor([1, -1, 0]))
torch.angle(torch.tensor([nan, inf, -inf, -0.]))
torch.angle(torch.tensor([True]))
torch.isreal(z)
torch.abs(z)
z.abs_()
torch.sgn(z)
torch.sgn(z).abs()
torch.sign(z)
torch.complex(r, r)
torch.complex(r, r.double())
torch.complex(r, torch.ones(2))
torch.complex(r, torch.ones(3))
torch.complex(torch.tensor([1]), torch.tensor([1]))
torch.complex(r, 2.0)
torch.complex(r, torch.tensor([inf, nan]))
torch.polar(r, r)
torch.polar(r.double(), r.double())
torch.polar(r, torch.ones(2))
torch.polar(torch.tensor([1]), torch.tensor([1]))
z + 1
z * 1j
1j * r
r + 2j
z == z
z < z
z // 2
z % 2
z ** 2
z ** -1
z ** 0.5
(z + 1) ** z
2 ** z
z / z
z.exp()
z.log()
z.sqrt()
z.rsqrt()
z.reciprocal()
z.tanh()
z.sigmoid()
z.square()
z.expm1()
torch.nn.functional.silu(z)
torch.maximum(z, z)
torch.clamp(z, 0, 1)
torch.relu(z)
z.is_complex()
z.dtype.to_real() if hasattr(z.dtype, 'to_real') else torch.float32
torch.logaddexp(z, z + 1)
torch.isfinite(torch.tensor([complex(nan, 1), complex(1, inf), 1j]))
torch.nan_to_num(torch.tensor([complex(nan, 1), complex(1, inf)]))
torch.isclose(z, z + 1e-9)
torch.lerp(z, z * 2, 0.3)
r.masked_fill(r > 0, 1j)
z.masked_fill(r > 0, 1j)
r.add_(1j)
z.add_(1); z
""".strip().splitlines()


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_as_pytorch(expression: str) -> None:
    found = difference(f"{GIVEN}; {expression}")
    assert found is None, found


FUNCTIONS = """
z.abs() | z.angle() | z.real | z.imag | z.conj() * z | z.conj_physical() | z.sgn() | z.exp() | z.log() | z.sqrt()
z.rsqrt() | z.sin() | z.cosh() | z.tan() | z.tanh() | z.asin() | z.acos() | z.atan() | z.asinh() | z.acosh()
z.atanh() | z.sigmoid() | z ** 2 | z ** 2.5 | z ** (1 + 2j) | 2 ** z | z ** z | z * r | z / r | r / z | z - 2j * r
torch.view_as_real(z) | torch.view_as_real(z)[..., 0] * r | z.reciprocal() | z.log1p() | z.expm1() | z.log2() | z.exp2()
torch.lerp(z, z * 1j, 0.3) | torch.addcmul(z, z, z, value=1j) | torch.addcdiv(z, z, z + 3)
torch.complex(r, r * 2) | torch.polar(r, r) | torch.polar(r, r * 0.3).abs() | z.masked_fill(r > 2, 0) | z.square()
torch.view_as_complex(r.reshape(2, 1, 2)) | z.imag * r | z.mH @ z | torch.sinc(z)
z.real.clone().mul_(2) | torch.logaddexp(z, z * 2) | z.square().abs() | (z * r).angle() | z.deg2rad() if False else z.neg()
""".replace("\n", "|").split("|")


@pytest.mark.parametrize("function", [item.strip() for item in FUNCTIONS if item.strip()])
def test_gradients(function: str) -> None:
    """First gradients, and gradients of them, with PyTorch's convention: that of the conjugate."""
    found = difference(
        "z = torch.tensor([[1 + 2j, 0.5 + 0.1j], [-0.3j + 0.2, 2 - 1j]], dtype=torch.complex128); "
        "r = torch.tensor([[1., 2.], [3., 0.4]], dtype=torch.float64); z.requires_grad_(); r.requires_grad_(); "
        f"w = {function}; w = w * torch.tensor([0.3, 0.7, 1.1, 0.9, 0.2, 0.5, 1.3, 0.4][:w.numel()]).reshape(w.shape); "
        "s = w.abs().sum() if w.is_complex() else w.sum(); "
        "g = torch.autograd.grad(s, (z, r), create_graph=True, allow_unused=True); "
        "g = [t for t in g if t is not None]; "
        "t = sum((t * t.conj()).real.sum() for t in g); "
        "h = torch.autograd.grad(t, (z, r), allow_unused=True) if t.requires_grad else []; "
        "[s, g, [t for t in h if t is not None and t.abs().sum() > 0]]",
        1e-6,
    )
    assert found is None, found
