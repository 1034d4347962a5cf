"""Every differentiable function against central differences, and gradcheck itself against wrong gradients."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import shapetorch
from shapetorch.autograd import Function, GradcheckError, gradcheck, gradgradcheck
from shapetorch.tensor.tensors import Tensor
from tests.rules import oracle
from tests.rules.oracle import Call
from tests.tensor import judge

FUZZ = os.environ.get("SHAPETORCH_FUZZ") == "1"
MOST_ELEMENTS = 60 if FUZZ else 30
"""Elements of all operands together: differences cost two calls for each."""

NOT_CHECKED = {
    **judge.SHAPE_ONLY,
    **judge.NOT_UNIQUE,
    "new_tensor": "it copies, and its result is a leaf",
    **dict.fromkeys(
        ("fake_quantize_per_tensor_affine", "fake_quantize_per_channel_affine"),
        "the gradient is meant to be that of no rounding",
    ),
    **dict.fromkeys(
        "bfloat16 cfloat chalf float half to type type_as".split(),
        "the result is rounded to more than the step of the differences",
    ),
    **dict.fromkeys(
        "cholesky linalg.cholesky linalg.cholesky_ex cholesky_inverse cholesky_solve linalg.eigvalsh "
        "linalg.ldl_factor linalg.ldl_factor_ex lobpcg".split(),
        "one triangle is read and the gradient is that of both: see the tests of linear algebra",
    ),
    "normal": "the values are random",
    **dict.fromkeys(
        "max_unpool1d max_unpool2d max_unpool3d".split(),
        "the samples name a place twice: see the tests of windows",
    ),
    "linalg.ldl_solve": "it has no gradient for the factors, in PyTorch either",
    "ctc_loss": "the gradient is for probabilities that sum to one, which differences are not",
    **dict.fromkeys(
        "index_copy index_put index_fill put scatter".split(),
        "the samples name a place twice: see the tests of writing by index",
    ),
}


class Operands(judge.Ours):
    """A call whose operands are given: the function that gradcheck differentiates."""

    def __init__(self, call: Call, tensors: list[Tensor]) -> None:
        super().__init__(call, judge.Variant("float64+grad", "float64", grad=True))
        self.given = iter(tensors)

    def tensor(self, value: Any) -> Any:
        return next(self.given)


APART = {
    "padding_idx": "the row that it names gets no gradient, as documented",
    "hermitian": "differences leave the symmetric matrices, of which alone the gradient is",
}
"""Arguments with which a gradient is not that of the function of all operands, and why."""


def differentiable(rule_name: str) -> Iterator[tuple[Call, list[Tensor]]]:
    """Calls of a rule's sampler with small operands, whose results have a gradient."""
    variant = judge.Variant("float64+grad", "float64", grad=True)
    for call in islice(oracle.calls_of(rule_name, 3), 400 if FUZZ else 60):
        name = call.target.split(".", 1)[1].removeprefix("nn.functional.")
        in_place = name.endswith("_") or name.startswith("__i")
        if (
            call.inputs is not None
            or in_place
            or name in NOT_CHECKED
            or any(it is not None and it is not False for it in map(call.kwargs.get, APART))
            or not judge.exists(call.target)
        ):
            continue
        side = judge.Ours(call, variant)
        try:
            result = side.run()
        except Exception:
            continue
        results = [item for item in judge._tensors(result) if item.requires_grad]
        if not has_derivative(results, side.tensors) or not all(
            item.isfinite().all() for item in results
        ):
            continue
        wanted = [item for item in side.tensors if item.requires_grad]
        size = sum(item.numel() for item in wanted)
        outputs = sum(item.numel() for item in results)
        single = any(item.dtype.itemsize < 8 or item.dtype.name == "complex64" for item in wanted)
        if (
            results
            and wanted
            and not single
            and 0 < size <= MOST_ELEMENTS
            and 0 < outputs <= 4 * MOST_ELEMENTS
        ):
            yield call, side.tensors


def has_derivative(results: list[Tensor], operands: list[Tensor]) -> bool:
    """Whether all results have a finite gradient: of some PyTorch computes none, and says so."""
    wanted = [item for item in operands if item.requires_grad]
    if not wanted or not results:
        return False
    try:
        found = shapetorch.autograd.grad(
            sum((item.abs() if item.dtype.is_complex else item).sum() for item in results),
            wanted,
            retain_graph=True,
            allow_unused=True,
        )
    except RuntimeError as error:
        if "derivative" not in str(error) and "not implemented" not in str(error):
            raise
        return False
    return all(np.isfinite(item._array).all() for item in found if item is not None)


def is_checked(call: Call, tensors: list[Tensor]) -> None:
    """Check the gradients of one call.

    Operands are copied: a view of the numbers that are stepped would see half a step.
    """

    def function(*own: Tensor) -> Any:
        result = Operands(call, list(own)).run()
        found = [
            item
            for item in judge._tensors(result)
            if item.dtype.is_floating_point or item.dtype.is_complex
        ]
        return tuple(item * 1 for item in found)

    own = [
        # the samples' operands begin with the same numbers: scaled, they have no ties
        (item.detach() * (1 - 0.013 * place) if item.requires_grad else item)
        .clone()
        .requires_grad_(item.requires_grad)
        for place, item in enumerate(tensors)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gradcheck(function, tuple(own), fast_mode=True)


RULES = [name for name in judge.rule_names() if next(differentiable(name), None) is not None]


@pytest.mark.parametrize("rule_name", RULES)
def test_gradients(rule_name: str) -> None:
    for call, tensors in islice(differentiable(rule_name), 12 if FUZZ else 1):
        try:
            is_checked(call, tensors)
        except GradcheckError as error:
            pytest.fail(f"{call}: {error}", pytrace=False)


def test_there_are_many() -> None:
    assert len(RULES) > 250


# -- what the samples do not reach -------------------------------------------------------------------

NO_DERIVATIVE = {
    **dict.fromkeys(
        "bincount heaviside histogram unique unique_consecutive".split(),
        "PyTorch has no derivative, and says so in the backward pass; so do we",
    ),
}


def leaf(*shape: int, kind: Any = np.float64) -> Tensor:
    rng = np.random.default_rng(sum(shape))
    array = rng.standard_normal(shape)
    made = shapetorch.from_numpy(
        (array + 1j * array[::-1]).astype(kind) if kind == np.complex128 else array
    )
    return made.requires_grad_()


def positive(*shape: int) -> Tensor:
    return (leaf(*shape).detach().abs() + 1.5).requires_grad_()


def attention(query: Tensor, weight: Tensor, out: Tensor) -> Tensor:
    """Two heads of one feature each, of two queries that are keys as well."""
    bias = shapetorch.zeros(6, dtype=shapetorch.float64)
    made, _ = shapetorch.nn.functional.multi_head_attention_forward(
        query, query, query, 2, 2, weight, bias, None, None, False, 0.0, out, bias[:2]
    )
    return made


f = shapetorch.nn.functional
FLAGS = (1, 0.0, False, False, True)
OWN: dict[str, tuple[Any, ...]] = {
    "acosh": (shapetorch.acosh, positive(3)),
    "arccosh": (shapetorch.arccosh, positive(3)),
    "adaptive_avg_pool3d": (lambda x: f.adaptive_avg_pool3d(x, (1, 2, 2)), leaf(1, 2, 3, 3)),
    "adaptive_max_pool3d": (lambda x: f.adaptive_max_pool3d(x, (1, 2, 2)), leaf(1, 2, 3, 3)),
    "as_strided": (lambda x: x.as_strided((3, 2), (1, 1), 1), leaf(6)),
    "avg_pool3d": (lambda x: f.avg_pool3d(x, 2, 1, 1), leaf(1, 2, 2, 3)),
    "conv3d": (f.conv3d, leaf(1, 2, 2, 2, 3), leaf(2, 2, 1, 2, 2), leaf(2)),
    "conv_transpose3d": (f.conv_transpose3d, leaf(1, 2, 1, 2, 2), leaf(2, 1, 2, 1, 2), leaf(1)),
    "gammainc": (shapetorch.special.gammainc, positive(3).detach(), positive(3)),
    "gammaincc": (shapetorch.special.gammaincc, positive(3).detach(), positive(3)),
    "igamma": (shapetorch.igamma, positive(3).detach(), positive(3)),
    "igammac": (shapetorch.igammac, positive(3).detach(), positive(3)),
    "gru_cell": (
        shapetorch.gru_cell,
        *(leaf(2, 2), leaf(2, 1), leaf(3, 2), leaf(3, 1), leaf(3), leaf(3)),
    ),
    "istft": (
        lambda x: shapetorch.istft(x, 4, window=shapetorch.ones(4, dtype=shapetorch.float64)),
        leaf(3, 4, kind=np.complex128),
    ),
    "lp_pool3d": (lambda x: f.lp_pool3d(x, 2, 2, 1), positive(1, 2, 2, 3)),
    "lstm": (
        lambda x, h, *weights: shapetorch.lstm(x, (h, h * 2), weights, True, *FLAGS),
        *(leaf(1, 2, 2), leaf(1, 1, 1), leaf(4, 2), leaf(4, 1), leaf(4), leaf(4)),
    ),
    "lstm_cell": (
        lambda x, h, *weights: shapetorch.lstm_cell(x, (h, h * 2), *weights),
        *(leaf(2, 2), leaf(2, 1), leaf(4, 2), leaf(4, 1), leaf(4), leaf(4)),
    ),
    "masked_scatter": (
        lambda x, y: x.masked_scatter(shapetorch.tensor([True, False, True]), y),
        *(leaf(2, 3), leaf(5)),
    ),
    "max_pool3d": (lambda x: f.max_pool3d(x, 2, 1), leaf(1, 2, 2, 3)),
    "multi_head_attention_forward": (attention, leaf(2, 1, 2), leaf(6, 2), leaf(2, 2)),
    "tensorsolve": (shapetorch.linalg.tensorsolve, leaf(2, 2, 4), leaf(2, 2)),
    "view_as_real": (shapetorch.view_as_real, leaf(2, 3, kind=np.complex128)),
    "zeta": (shapetorch.special.zeta, positive(3).detach(), positive(3)),
}
"""Rules whose samples are too large for differences, or outside of where the function is defined."""


@pytest.mark.parametrize("rule_name", OWN)
def test_gradients_of_own_operands(rule_name: str) -> None:
    function, *operands = OWN[rule_name]
    assert gradcheck(function, tuple(operands))


def test_none_is_left_out() -> None:
    """A rule of which no call was checked has operands of its own above, or a reason."""
    variant = judge.Variant("float64+grad", "float64", grad=True)
    known = {*RULES, *OWN, *NO_DERIVATIVE}
    left = set()
    for rule_name in set(judge.rule_names()) - known:
        for call in islice(oracle.calls_of(rule_name, 3), 20):
            name = call.target.split(".", 1)[1].removeprefix("nn.functional.")
            in_place = name.endswith("_") or name.startswith("__i")
            if call.inputs or in_place or name in NOT_CHECKED or not judge.exists(call.target):
                continue
            side = judge.Ours(call, variant)
            result, _ = judge._attempt(side)
            if any(item.requires_grad for item in judge._tensors(result)):
                left.add(rule_name)
    assert not left


# -- gradcheck itself -------------------------------------------------------------------------------


class WrongSquare(Function):
    """A square whose gradient is one per cent too large."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Tensor:
        return grad * 2.02 * ctx.saved_tensors[0]


class WrongSecond(Function):
    """A square whose gradient is right and has no gradient itself."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Tensor:
        return grad * 2 * ctx.saved_tensors[0].detach()


def test_a_wrong_gradient_is_found() -> None:
    with pytest.raises(
        GradcheckError, match="Jacobian mismatch for output 0 with respect to input 0"
    ):
        gradcheck(WrongSquare.apply, leaf(3))
    assert gradcheck(WrongSquare.apply, leaf(3), raise_exception=False) is False
    assert gradcheck(WrongSquare.apply, leaf(3), raise_exception=False, fast_mode=True) is False


def test_a_wrong_second_gradient_is_found() -> None:
    assert gradcheck(WrongSecond.apply, leaf(3))
    with pytest.raises(GradcheckError):
        gradgradcheck(WrongSecond.apply, leaf(3))


@pytest.mark.parametrize("kind", [np.float64, np.complex128])
def test_right_gradients_pass(kind: Any) -> None:
    a, b = leaf(2, 3, kind=kind), leaf(3, 2, kind=kind)
    for function in (
        lambda x, y: x @ y,
        lambda x, y: (x * x).sum() + y.sum(),
        lambda x, y: ((x * x.conj()).real, y.abs()),
        lambda x, y: (x.exp() + 1).log(),
    ):
        assert gradcheck(function, (a, b))
        assert gradgradcheck(function, (a, b))


def test_nothing_to_check() -> None:
    with pytest.raises(ValueError, match="at least one input tensor to require gradient"):
        gradcheck(lambda x: x, shapetorch.ones(2))


def test_single_precision_is_warned_of() -> None:
    x = shapetorch.ones(2, requires_grad=True)
    with pytest.warns(UserWarning, match="not a double precision"):
        gradcheck(lambda x: x * 2, x, raise_exception=False)
