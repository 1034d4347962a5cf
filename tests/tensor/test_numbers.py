"""Numbers beside tensors and in their place: what PyTorch rounds, wraps around and refuses."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

from tests.tensor.expressions import difference

REALS = "[-inf, -3.7, -1., -0.5, -0., 0., 0.5, 2., 7e4, inf, nan]"
EXPONENTS = (-3, -2, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3)
POWERS = (
    "x ** {e}",
    "x.clone().pow_({e})",
    "torch.pow(x, torch.tensor({e}))",
    "torch.pow(x, torch.tensor([[{e}]], dtype=x.dtype))",
    "torch.pow(x, torch.full_like(x, {e}))",
    "torch.stack([torch.pow(item, torch.tensor({e}, dtype=x.dtype)) for item in x])",
    "torch.pow(-inf, torch.full_like(x, {e}))",
    "torch.float_power(x, {e})",
)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_powers_at_special_values(dtype: str) -> None:
    wrong = []
    for power in POWERS:
        for exponent in EXPONENTS:
            text = power.format(e=exponent)
            # as text, in which -0 differs from 0
            found = difference(f"x = torch.tensor({REALS}, dtype=torch.{dtype}); str({text})")
            wrong += [f"{text}: {found}"] if found else []
    assert not wrong, "\n".join(wrong)


BESIDE = (
    "x + 1.2345678",
    "1.2345678 + x",
    "x - 3.1415926",
    "3.1415926 - x",
    "x * 3.1415926",
    "3.1415926 * x",
    "x / 3.1415926",
    "x // 0.3",
    "x % 0.3",
    "0.3 % x",
    "x.fmod(0.3)",
    "x > 1.2345678",
    "x + 129.37 == 129.37",
    "x.abs() ** 1.2345678",
    "1.2345678 ** x",
    "x * torch.tensor(3.1415926)",
    "x / torch.tensor(3.1415926)",
    "x + torch.tensor(3.1415926)",
    "torch.tensor(3.1415926) / x",
    "x[3] * 3.1415926",
    "x[3] * x[5]",
    "torch.lerp(x, x * 2, 0.123)",
    "torch.lerp(x, x * 2, 1e5)",
    "torch.addcmul(x, x, x, value=3.1415926)",
    "torch.addcdiv(x, x, x + 9, value=3.1415926)",
    "x ** 3",
    "x ** -2",
)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_numbers_beside_narrow_dtypes(dtype: str) -> None:
    wrong = []
    for text in BESIDE:
        expression = f"x = (torch.arange(97) - 48.5) / 9.7; x = x.to(torch.{dtype}); y = {text}; y.float().tolist(), str(y.dtype)"
        found = difference(expression, 1e-9)
        wrong += [f"{text}: {found}"] if found else []
    assert not wrong, "\n".join(wrong)


NUMBERS = (
    "-0.5 -1.0 -1 -255 -256 255 256 255.9 -128.5 3e9 2**31 inf nan True 1e39 1e30 70000.0".split()
)
STORED = (
    "torch.tensor({n}, dtype=d)",
    "torch.tensor([{n}], dtype=d)",
    "torch.full((2,), {n}, dtype=d)",
    "torch.zeros(2, dtype=d).new_tensor({n})",
    "torch.zeros(2, dtype=d).fill_({n})",
    "torch.zeros(2, dtype=d).masked_fill(torch.tensor([True, False]), {n})",
    "x = torch.zeros(2, dtype=d); x[0] = {n}; x",
    "torch.zeros(2, dtype=d).index_fill(0, torch.tensor([0]), {n})",
    "torch.zeros(2, dtype=d).scatter(0, torch.tensor([0]), {n})",
    "torch.scalar_tensor({n}, dtype=d)",
    "torch.nn.functional.threshold(torch.ones(2, dtype=d), 2, {n})",
)


@pytest.mark.parametrize("dtype", ["uint8", "int8", "int64", "float16", "float32", "bool"])
def test_numbers_as_elements(dtype: str) -> None:
    wrong = []
    for text in STORED:
        for number in NUMBERS:
            expression = f"d = torch.{dtype}; {text.format(n=number)}"
            found = difference(expression)
            wrong += [f"{expression}: {found}"] if found else []
    assert not wrong, "\n".join(wrong)


OTHERS = (
    "str(torch.tensor([-6., 6., -6.5, 0., -0.]) % 3)",
    "str(torch.tensor([-6., 6., -6.5, 0., -0.]) % -3)",
    "str(torch.tensor([-6., 6.]).remainder_(torch.tensor([3., -3.])))",
    "str([torch.remainder(torch.tensor(-6.), 3), torch.remainder(-6, torch.tensor(3.)), torch.tensor(6.) % -3])",
    "torch.tensor([2**70, 1.], dtype=torch.int64)",
    "torch.tensor([1e20, 2**70], dtype=torch.int64)",
    "torch.arange(-0.5, 2.5, dtype=torch.int64)",
    "torch.arange(-0.5, 2.5, dtype=torch.int32)",
    "torch.arange(0, 2.5, 0.5, dtype=torch.int64)",
    "torch.arange(0, 2.5, 0.5, dtype=torch.int32)",
    "torch.logspace(0.42, 0, 5, dtype=torch.int64)",
    "torch.logspace(0.42, 0, 1, dtype=torch.int64)",
    "(torch.linspace(-5, 5, 97) == 0).any()",
    "torch.linspace(-1, 1, 50, dtype=torch.float64).numpy().tobytes()",
    "torch.linspace(-1, 1, 50).numpy().tobytes()",
    "o = torch.empty(2, 3); torch.arange(6., out=o), o",
    "o = torch.empty(3, 2).t(); torch.linspace(0, 1, 6, out=o), o, o.stride()",
    "o = torch.empty(2, 3); torch.logspace(0, 1, 5, out=o), o",
    "o = torch.empty(3, 2); torch.range(0, 5, out=o), o",
    "torch.arange(3.).clamp(torch.tensor(1), 1.5)",
    "torch.arange(3.).clamp_(0.5, torch.tensor(1.5))",
    "torch.arange(3).clamp(torch.tensor(0.5), 2)",
    "torch.arange(3.).clamp(torch.tensor([1.]), 1.5)",
    "torch.arange(3.).clamp(torch.tensor(1., requires_grad=True), 1.5)",
    "s = torch.Size([2, 3]); (1,) + s, type((1,) + s).__name__, type(s + (1,)).__name__",
    "torch.Size([2]).__radd__([1]) is NotImplemented, [1] + torch.Size([2])",
    "torch.isin(torch.ones(2), True)",
    "torch.isin(torch.ones(2), 1j)",
    "torch.isin(torch.ones(2), 1)",
)


IN_TENSORS = """
torch.add(x, x, alpha=s) | x.sub(x, alpha=s) | x.clone().add_(x, alpha=s) | torch.add(x, x, alpha=torch.tensor([2.])) | torch.add(x, x, alpha=torch.tensor(2., requires_grad=True))
torch.addcmul(x, x, x, value=s) | x.clone().addcmul_(x, x, value=s) | torch.addcdiv(x, x, x + 9, value=s) | torch.addmm(m, m, m, beta=s, alpha=s)
F.threshold(x, s, s) | F.pad(x, (1, 1), value=s) | F.leaky_relu(x, s) | F.hardtanh(x, -s, s) | x.index_add(0, i, x[:1], alpha=s)
torch.cdist(m, m, p=s) | torch.renorm(m, s, 0, s) | x.clamp(min=s) | x.masked_fill(x > 0, s) | torch.full((2,), s) | torch.linspace(0, s, 3)
"""
GIVEN = "F = torch.nn.functional; x = torch.arange(3.) - 1; m = torch.eye(2); s = torch.tensor(2.); i = torch.tensor([0]); "


@pytest.mark.parametrize(
    "text", [item.strip() for line in IN_TENSORS.strip().splitlines() for item in line.split("|")]
)
def test_numbers_in_tensors(text: str) -> None:
    found = difference(GIVEN + text)
    assert found is None, found


@pytest.mark.parametrize("expression", OTHERS)
def test_others(expression: str) -> None:
    found = difference(expression)
    assert found is None, found
