"""Activation functions with parameters, softmax along dims, glu, prelu, against PyTorch."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

from tests.tensor.expressions import difference

GIVEN = (
    "F = torch.nn.functional; a = torch.linspace(-3, 3, 12).reshape(2, 6); i = torch.tensor([[-1, 0, 2]]); "
    "h = a.half(); d = a.double(); t = torch.ones(2, 3, 4)"
)

EXPRESSIONS = """
F.relu(a, inplace=True); a
F.relu(a, True) is a
F.relu_(a) is a
torch.relu_(a); a
torch.relu(i)
F.relu6(a * 3)
F.relu6(i * 9)
F.relu6(a * 3, inplace=True); a
F.leaky_relu(a, 0.2)
F.leaky_relu(a, -0.2)
F.leaky_relu(a, 2.0)
F.leaky_relu(torch.tensor([inf, -inf, nan]), 0.0)
F.leaky_relu(a, negative_slope=0.3, inplace=True); a
F.leaky_relu_(a, 0.3); a
F.leaky_relu(i)
F.rrelu(a)
F.rrelu(a, 0.1, 0.1, training=True)
F.rrelu(a, 0.3, 0.1)
F.rrelu(a, inplace=True); a
torch.rrelu(a, 0.1, 0.3)
F.prelu(a, torch.tensor(0.3))
F.prelu(a, torch.tensor([0.3]))
F.prelu(a, torch.arange(6.))
F.prelu(t - 2, torch.tensor([0.1, 0.2, 0.3]))
F.prelu(a, torch.arange(5.))
F.prelu(a, torch.ones(2, 2))
F.prelu(a, torch.arange(6.).double())
F.prelu(torch.tensor(-2.), torch.tensor([0.5]))
F.prelu(torch.tensor(-2.), torch.arange(2.))
F.prelu(a, 0.5)
a.prelu(torch.tensor([0.3]))
torch.prelu(i, torch.tensor([1]))
F.threshold(a, 0.5, 20)
F.threshold(a, 0.5, -1.0, inplace=True); a
F.threshold(i, 0, 20)
F.threshold(torch.tensor([nan, inf]), 0.5, 2.)
torch.threshold(a, 1, 2)
torch.threshold_(a, 1, 2); a
F.elu(a, 0.3)
F.elu(a, alpha=-1.)
F.elu_(a); a
F.elu(a, 2., True); a
F.elu(i)
F.celu(a, 0.3)
F.celu(a, 0)
torch.celu(a, alpha=0.5)
torch.celu_(a); a
F.selu(a, inplace=True); a
torch.selu_(a); a
F.silu(a, inplace=True); a
F.silu(h)
F.silu(a * 1j)
F.mish(a, inplace=True); a
F.mish(torch.tensor([100., -100., inf, -inf]))
F.softplus(a, 2)
F.softplus(a, 2, 1)
F.softplus(a, beta=0.5, threshold=2.5)
F.softplus(torch.tensor([100., -100.]))
F.logsigmoid(torch.tensor([1000., -1000., inf]))
F.gelu(a, approximate='tanh')
F.gelu(a, approximate='fast')
F.gelu(h)
F.hardtanh(a, -2, 2)
F.hardtanh(a, 1, -1)
F.hardtanh(a, min_val=-0.5, max_val=0.5, inplace=True); a
F.hardtanh_(a); a
F.hardtanh(i)
F.hardtanh(torch.tensor([1, 2], dtype=torch.uint8))
F.hardsigmoid(a * 2)
F.hardsigmoid(a * 2, inplace=True)
F.hardswish(a * 2)
F.hardswish(a * 2, True)
F.hardshrink(a, 1)
torch.hardshrink(a, 0.7)
a.hardshrink(0.7)
F.softshrink(a, 1)
F.softshrink(a, -1)
F.softshrink(torch.tensor([nan, inf, -inf]))
F.softsign(a)
F.softsign(i)
F.tanhshrink(a)
F.sigmoid(a)
F.tanh(a)
F.glu(a)
F.glu(a, 0)
F.glu(a, -2)
F.glu(a, dim=1)
F.glu(a, 2)
F.glu(torch.ones(3))
F.glu(torch.tensor(1.))
F.glu(i)
torch.softmax(a, 0)
torch.softmax(a, -1)
torch.softmax(a, dim=1)
torch.softmax(a, 2)
torch.softmax(a, -3)
torch.softmax(a, 0.5)
torch.softmax(a, 1, dtype=torch.float64)
torch.softmax(i, 1)
torch.softmax(i, 1, dtype=torch.float32)
torch.softmax(h, 1)
torch.softmax(h, 1, torch.float32)
torch.softmax(torch.tensor(2.), 0)
torch.softmax(torch.tensor(2.), -1)
torch.softmax(torch.ones(0, 3), 0)
torch.softmax(torch.ones(2, 0), 1)
torch.softmax(torch.tensor([1000., -1000., 0.]), 0)
torch.softmax(torch.tensor([-inf, -inf]), 0)
torch.softmax(torch.tensor([-inf, 0., nan]), 0)
torch.softmax(torch.tensor([inf, 0.]), 0)
torch.softmax(a.T, 0)
torch.softmax(t, 1)
a.softmax(1)
a.softmax(-1, torch.float64)
torch.log_softmax(a, 1)
torch.log_softmax(a, 0, dtype=torch.float64)
torch.log_softmax(torch.tensor([1000., -1000., 0.]), 0)
torch.log_softmax(torch.tensor([-inf, 0.]), 0)
torch.log_softmax(t, 5)
a.log_softmax(dim=0)
F.softmax(a)
F.softmax(t)
F.softmax(torch.tensor(1.))
F.softmax(a, 1, 3, torch.float64)
F.softmax(a, dim=-1, dtype=torch.float64)
F.log_softmax(a)
F.log_softmax(a, -1)
F.softmin(a, 1)
F.softmin(t)
F.softmin(a, 0, dtype=torch.float64)
torch.special.softmax(a, 1)
torch.special.softmax(i, 1, dtype=torch.float32)
torch.special.log_softmax(a, 1)
torch.special.expit(a)
torch.softmax(a, axis=1)
torch.softmax([1.], 0)
F.relu([1.])
F.gelu(1.)
""".strip().splitlines()


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_as_pytorch(expression: str) -> None:
    found = difference(f"{GIVEN}; {expression}", 2e-3 if "h" in expression.split("(")[1] else 1e-6)
    assert found is None, found


def test_slopes_drawn_in_training_are_between_the_bounds() -> None:
    import shapetorch as st

    x = -st.ones(1000)
    y = st.nn.functional.rrelu(x, 0.2, 0.4, training=True)
    assert bool(((y <= -0.2) & (y >= -0.4)).all())
    assert float(y.max() - y.min()) > 0.1
    assert st.equal(st.nn.functional.rrelu(-x, 0.2, 0.4, training=True), -x)


def test_warns_of_an_implicit_dim() -> None:
    import shapetorch as st

    with pytest.warns(UserWarning, match="Implicit dimension choice"):
        st.nn.functional.softmax(st.ones(2, 3))
