"""Error functions, gamma functions and what is made of logarithms.

SciPy computes most of them; it is loaded when the first is called.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import integer, tensor_argument
from shapetorch.tensor.compute import compiled, elementwise
from shapetorch.tensor.dtypes import DEFAULTS, FLOATING
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import require_memory
from shapetorch.tensor.masking import masked
from shapetorch.tensor.operand_arrays import common_arrays
from shapetorch.tensor.operations import method, operation
from shapetorch.tensor.pointwise import add_in_place_functions, binary, refuse, unary, ways
from shapetorch.tensor.quiet import quietly
from shapetorch.tensor.result_types import result_type
from shapetorch.tensor.scipy_functions import of_scipy, scipy_function
from shapetorch.tensor.slopes import kept, kept_pair, slope, zero_slope
from shapetorch.tensor.tape import record, record_all, record_rows
from shapetorch.tensor.tensors import Array, Tensor, wrap

# -- error functions --------------------------------------------------------------------------------

TWO_BY_ROOT_PI = 2 / math.sqrt(math.pi)


def _gaussian(x: Tensor) -> Tensor:
    made: Tensor = (-(x * x)).exp()
    return made


erf = unary(
    "erf",
    compiled("erf", of_scipy("erf"), 1 << 7),
    slope(lambda x: _gaussian(x) * TWO_BY_ROOT_PI),
    refuses="c",
    aliases=("special.erf",),
    doc="The error function.",
)
erfc = unary(
    "erfc",
    of_scipy("erfc"),
    slope(lambda x: _gaussian(x) * -TWO_BY_ROOT_PI),
    refuses="c",
    aliases=("special.erfc",),
    doc="``1 - erf(input)``.",
)


def _erfinv(array: Array) -> Array:
    value = scipy_function("erfinv")(array)
    return np.asarray(np.where(np.abs(array) > 1, array.dtype.type(math.nan), value))


erfinv = unary(
    "erfinv",
    _erfinv,
    slope(lambda result: (result * result).exp() / TWO_BY_ROOT_PI),
    keeps=("result",),
    refuses="c",
    aliases=("special.erfinv",),
    doc="The inverse of the error function.",
)


def special_erfcx_backward(node: Any, grad: Tensor) -> Tensor:
    """``d erfcx(x) = (2 * x * erfcx(x) - 2 / sqrt(pi)) * dx``."""
    input, result = kept_pair(node)
    return grad * (input * result * 2 - TWO_BY_ROOT_PI)


erfcx = unary(
    "special.erfcx",
    of_scipy("erfcx"),
    special_erfcx_backward,
    keeps=("input", "result"),
    refuses="c",
    methods=(),
    inplace=False,
    doc="``exp(input**2) * erfc(input)``.",
)
ndtr = unary(
    "special.ndtr",
    of_scipy("ndtr"),
    slope(lambda x: (x * x * -0.5).exp() / math.sqrt(2 * math.pi)),
    refuses="c",
    methods=(),
    inplace=False,
    doc="The distribution function of the normal distribution.",
)
ndtri = unary(
    "special.ndtri",
    of_scipy("ndtri"),
    slope(lambda result: (result * result * 0.5).exp() * math.sqrt(2 * math.pi)),
    keeps=("result",),
    refuses="c",
    methods=(),
    inplace=False,
    doc="The inverse of ``special.ndtr``.",
)
log_ndtr = unary(
    "special.log_ndtr",
    of_scipy("log_ndtr"),
    slope(lambda x: math.sqrt(2 / math.pi) / erfcx(x * -math.sqrt(0.5))),
    refuses="c",
    methods=(),
    inplace=False,
    doc="The logarithm of ``special.ndtr``.",
)

# -- gamma functions --------------------------------------------------------------------------------


def _digamma(array: Array) -> Array:
    value = scipy_function("psi")(array)
    value = np.where((array < 0) & (array == np.floor(array)), math.nan, value)
    return np.asarray(np.where(array == 0, np.copysign(math.inf, -array), value)).astype(
        array.dtype
    )


def _lgamma(array: Array) -> Any:
    value = scipy_function("gammaln")(array)
    return np.where(np.isinf(array), array.dtype.type(math.inf), value)


lgamma = unary(
    "lgamma",
    _lgamma,
    slope(lambda x: x.digamma()),
    refuses="c",
    aliases=("special.gammaln",),
    doc="The logarithm of the absolute value of the gamma function.",
)


def digamma_backward(node: Any, grad: Tensor) -> Tensor:
    """The next derivative."""
    return grad * polygamma(1, kept(node))


digamma = unary(
    "digamma",
    _digamma,
    digamma_backward,
    refuses="c",
    aliases=("special.digamma", "special.psi"),
    doc="The derivative of `lgamma`.",
)


def polygamma_backward(node: Any, grad: Tensor) -> Tensor:
    """The next derivative."""
    input = kept(node)
    return grad * polygamma(node.n + 1, input)


@operation(out=True, aliases=("special.polygamma",))
def polygamma(n: int, input: Tensor) -> Tensor:
    """The n-th derivative of `digamma`.

    Raises:
        RuntimeError: `n` is negative.
    """
    array = tensor_argument("polygamma", "input", input, 2)._array
    n = integer("polygamma", "n", n)
    if n < 0:
        raise RuntimeError("polygamma(n, x) does not support negative n.")
    if n == 0:
        return digamma(input)
    refuse("polygamma", input.dtype, "c")
    if input.dtype.category < FLOATING:
        array = array.astype(DEFAULTS[FLOATING].numpy)
    value = elementwise(lambda values: _polygamma(n, values), array)
    return record(value, (input,), polygamma_backward, (input,), n=n)


def _polygamma(n: int, values: Array) -> Array:
    x = values.astype(np.float64)
    size = scipy_function("gamma")(n + 1.0) * scipy_function("zeta")(n + 1.0, x)
    made = size if n % 2 else -size
    if n == 1:  # reflection: the zeta function of SciPy is for positive numbers
        reflected = (math.pi / np.sin(math.pi * x)) ** 2 - scipy_function("zeta")(2.0, 1 - x)
        made = np.where(x < 0.5, reflected, made)
    return np.asarray(made).astype(values.dtype)


@method("polygamma")
def polygamma_method(self: Tensor, n: int) -> Tensor:
    """The n-th derivative of `digamma`."""
    return polygamma(n, self)


@method("polygamma_")
def polygamma_in_place(self: Tensor, n: int) -> Tensor:
    """`polygamma` in place."""
    from shapetorch.tensor.operations import assign, before_writing

    return assign("polygamma_", self, polygamma(n, before_writing(self)))


def mvlgamma_backward(node: Any, grad: Tensor) -> Tensor:
    """The sum of the derivatives of its terms."""
    input = kept(node)
    terms: list[Tensor] = [(input - place / 2).digamma() for place in range(node.p)]
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return grad * total


@operation(methods=("mvlgamma",), inplace=True, out=True, aliases=("special.multigammaln",))
def mvlgamma(input: Tensor, p: int) -> Tensor:
    """The logarithm of the gamma function of dimension `p`.

    Raises:
        RuntimeError: `p` is not positive, or the tensor is bool or complex.
    """
    array = tensor_argument("mvlgamma", "input", input)._array
    refuse("mvlgamma", input.dtype, "bc")
    p = integer("mvlgamma", "p", p)
    if p < 1:
        raise RuntimeError("mvlgamma: p has to be greater than or equal to 1")
    if input.dtype.category < FLOATING:
        array = array.astype(DEFAULTS[FLOATING].numpy)
    require_memory("mvlgamma", (*(array.shape if array.size else ()), p), array.dtype)

    def compute(values: Array) -> Array:
        if not values.size:
            return values
        start = p * (p - 1) / 4 * math.log(math.pi)
        terms = [scipy_function("gammaln")(values - place / 2) for place in range(p)]
        return np.asarray(sum(terms, start)).astype(values.dtype)

    value = elementwise(compute, array)
    return record_rows(value, (input,), mvlgamma_backward, (input,), p=p)


def igamma_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """``d igamma(a, x) = x**(a-1) * exp(-x) / gamma(a) * dx``; for `a` there is no formula."""
    if node.needs[0]:
        raise NotImplementedError("the derivative for 'igamma: input' is not implemented.")
    input, other = kept_pair(node)
    return None, grad * ((input - 1) * other.log() - other - input.lgamma()).exp()


def igammac_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """Of ``1 - igamma``."""
    if node.needs[0]:
        raise NotImplementedError("the derivative for 'igammac: input' is not implemented.")
    input, other = kept_pair(node)
    return None, -grad * ((input - 1) * other.log() - other - input.lgamma()).exp()


igamma = binary(
    "igamma",
    of_scipy("gammainc"),
    igamma_backward,
    refuses="bic",
    numbers="none",
    aliases=("special.gammainc",),
    doc="The regularised lower incomplete gamma function.",
)
igammac = binary(
    "igammac",
    of_scipy("gammaincc"),
    igammac_backward,
    refuses="bic",
    numbers="none",
    aliases=("special.gammaincc",),
    doc="The regularised upper incomplete gamma function.",
)


def special_zeta_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """``d zeta(s, q) = -s * zeta(s + 1, q) * dq``; for `s` there is no formula."""
    if node.needs[0]:
        raise NotImplementedError("the derivative for 'zeta' is not implemented.")
    input, other = kept_pair(node)
    return None, grad * -input * zeta(input + 1.0, other)


zeta = binary(
    "special.zeta",
    of_scipy("zeta"),
    special_zeta_backward,
    floating=True,
    refuses="c",
    numbers="either",
    methods=(),
    inplace=False,
    doc="The Hurwitz zeta function.",
)

# -- logarithms -------------------------------------------------------------------------------------


def _xlogy(a: Array, b: Array) -> Array:
    value = a * np.log(b)
    return np.asarray(np.where(np.isnan(b), b, np.where(a == 0, a.dtype.type(0), value)))


def _xlog1py(a: Array, b: Array) -> Array:
    value = a * np.log1p(b)
    return np.asarray(np.where(np.isnan(b), b, np.where(a == 0, a.dtype.type(0), value)))


def xlogy_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """``d(a * log(b)) = log(b) * da + a / b * db``; nothing to `a` where a is 0 and b is not positive."""
    input, other = _as_tensors(*node.saved)
    flat = (input._array == 0) & (other._array <= 0)
    return (
        masked(grad * other.log(), ~flat) if node.needs[0] else None,
        grad * input / other if node.needs[1] else None,
    )


def special_xlog1py_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """``d(a * log1p(b)) = log1p(b) * da + a / (1 + b) * db``."""
    input, other = _as_tensors(*node.saved)
    flat = (input._array == 0) & (other._array <= -1)
    return (
        masked(grad * other.log1p(), ~flat) if node.needs[0] else None,
        grad * input / (other + 1) if node.needs[1] else None,
    )


def _as_tensors(input: Any, other: Any) -> tuple[Tensor, Tensor]:
    """A number as a tensor of the other operand's dtype."""
    like = input if isinstance(input, Tensor) else other
    made = [
        item if isinstance(item, Tensor) else wrap(np.asarray(item).astype(like._array.dtype))
        for item in (input, other)
    ]
    return made[0], made[1]


xlogy = binary(
    "xlogy",
    _xlogy,
    xlogy_backward,
    floating=True,
    refuses="c",
    numbers="either",
    aliases=("special.xlogy",),
    doc="``input * log(other)``, 0 where `input` is 0.",
)
xlog1py = binary(
    "special.xlog1py",
    _xlog1py,
    special_xlog1py_backward,
    floating=True,
    refuses="c",
    numbers="either",
    methods=(),
    inplace=False,
    doc="``input * log1p(other)``, 0 where `input` is 0.",
)


def _entr(array: Array) -> Array:
    value = np.where(array > 0, -array * np.log(array), np.where(array == 0, 0.0, -math.inf))
    return np.asarray(np.where(np.isnan(array), array, value)).astype(array.dtype)


entr = unary(
    "special.entr",
    _entr,
    slope(lambda x: -(x.log() + 1)),
    refuses="c",
    methods=(),
    inplace=False,
    doc="``-input * log(input)``, 0 at 0 and -infinity below.",
)


def logit_backward(node: Any, grad: Tensor) -> Tensor:
    """``d logit(x) = dx / (x * (1 - x))``; 0 (NaN without `eps`) outside."""
    input = kept(node)
    made = grad / (input * (1 - input))
    low, high = (0.0, 1.0) if node.eps is None else (node.eps, 1 - node.eps)
    inside = (input._array >= low) & (input._array <= high)
    return (
        masked(made, inside) if node.eps is not None else made.masked_fill(wrap(~inside), math.nan)
    )


@operation(methods=("logit",), inplace=True, out=True, aliases=("special.logit",))
def logit(input: Tensor, eps: float | None = None) -> Tensor:
    """``log(input / (1 - input))``.

    Args:
        input: Probabilities.
        eps: Keeps them between ``eps`` and ``1 - eps``; None leaves them.
    """
    array = tensor_argument("logit", "input", input)._array
    refuse("logit", input.dtype, "c")
    if input.dtype.category < FLOATING:
        array = array.astype(DEFAULTS[FLOATING].numpy)

    def compute(values: Array) -> Any:
        one = values.dtype.type(1)
        if eps is not None:
            low = values.dtype.type(eps)
            values = np.where(values < low, low, np.where(values > one - low, one - low, values))
        return np.log(values / (one - values))

    return record(elementwise(compute, array), (input,), logit_backward, (input,), eps=eps)


add_in_place_functions(("logit",))


# -- floating numbers and their neighbours ----------------------------------------------------------


def nextafter_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """As the first operand, but for where both are equal."""
    input, other = kept_pair(node)
    return masked(grad, input._array != other._array), zero_slope(node, grad)


@operation(methods=("nextafter",), inplace=True, out=True)
def nextafter(input: Tensor, other: Tensor) -> Tensor:
    """The next floating number after `input` in the direction of `other`."""
    tensor_argument("nextafter", "input", input)
    tensor_argument("nextafter", "other", other, 2)
    a, b = common_arrays("nextafter", (input, other), refuses="bic")
    judged("nextafter", input, other)
    # of float16 and bfloat16 the neighbours in these dtypes, not those in float32
    value = np.asarray(quietly(np.nextafter, a, b))
    return record(value, (input, other), nextafter_backward, (input, other))


def _heaviside(a: Array, b: Array) -> Array:
    zero, one = a.dtype.type(0), a.dtype.type(1)
    return np.asarray(np.where(a == 0, b, np.where(a > 0, one, zero)))


def heaviside_backward(node: Any, grad: Tensor) -> Any:
    """There is none, in PyTorch."""
    raise RuntimeError("derivative for aten::heaviside is not implemented")


def _same_kind(input: Any, values: Any, a: Array, b: Array) -> None:
    if isinstance(values, Tensor) and input.dtype is not values.dtype:
        raise RuntimeError("heaviside is not yet implemented for tensors with different dtypes.")


_heaviside_second, _heaviside_write, _ = ways(
    "heaviside", _heaviside, heaviside_backward, refuses="c", numbers="none", check=_same_kind
)


def heaviside_(self: Tensor, values: Tensor) -> Tensor:
    """`heaviside` in place."""
    return _heaviside_write(self, values, "heaviside")


@operation(methods=("heaviside",), inplace=heaviside_, out="same dtype")
def heaviside(input: Tensor, values: Tensor) -> Tensor:
    """0 below 0, 1 above, and the element of `values` at 0; both broadcast."""
    return _heaviside_second(input, values, None, "heaviside")


def frexp_backward(node: Any, grad: Tensor, _exponent: Any) -> Tensor:
    """``d(x * 2**-e) = 2**-e * dx``."""
    exponent = kept(node)
    return grad * wrap(np.ldexp(np.ones((), grad._array.dtype), -exponent))


Frexp = result_type("frexp", "mantissa", "exponent")


@operation(methods=("frexp",), out=True)
def frexp(input: Tensor) -> Any:
    """The numbers as ``mantissa * 2**exponent``, with mantissas between 1/2 and 1.

    Raises:
        RuntimeError: the tensor is not floating.
    """
    array = tensor_argument("frexp", "input", input)._array
    if input.dtype.category != FLOATING:
        raise RuntimeError("torch.frexp() only supports floating-point dtypes")
    wide = array.astype(np.float32) if array.dtype.kind == "V" else array
    mantissa, exponent = np.frexp(wide)
    exponent = np.asarray(exponent).astype(np.int32, copy=False)
    made = record_all(
        (np.asarray(mantissa).astype(array.dtype, copy=False), exponent),
        (input,),
        frexp_backward,
        (exponent,),
    )
    return Frexp(made)
