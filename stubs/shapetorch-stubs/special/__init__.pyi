"""``torch.special``: special functions.

Written by ``tools/stubs.py``.
"""

from builtins import bool as _bool
from builtins import complex as _complex
from builtins import float as _float
from builtins import int as _int
from collections.abc import Sequence as _Sequence
from shapetorch.tensor.dtypes import dtype as _dtype

from shapetorch.tensor.tensors import Tensor

def expit(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``1 / (1 + exp(-input))``."""

def logsumexp(input: Tensor, dim: _int | _Sequence[_int], keepdim: _bool = False, *, out: Tensor | None = None) -> Tensor:
    """``log(sum(exp(input)))`` along dims, without overflow.

    Args:
        input: Any shape; integers are taken as floating numbers.
        dim: The dims.
        keepdim: Whether they stay, with size 1.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate, argument_error_value.
    """

def exp2(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``2**input``."""

def expm1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``e**input - 1``, exact near 0."""

def log1p(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``log(1 + input)``, exact near 0."""

def round(input: Tensor, *, decimals: _int = 0, out: Tensor | None = None) -> Tensor:
    """The nearest multiples of ``10**-decimals``; halves go to the even one.

    Args:
        input: The tensor.
        decimals: Places after the point; negative ones stand before it.
    """

def softmax(input: Tensor, dim: _int, dtype: _dtype | None = None, *, out: Tensor | None = None) -> Tensor:
    """``exp(input)`` divided by its sum along a dim.

    Args:
        input: The tensor.
        dim: The dim whose elements sum to 1.
        dtype: In which it is converted first.

    Raises:
        ShapeError: softmax_error_dim_out_of_range.
    """

def log_softmax(input: Tensor, dim: _int, dtype: _dtype | None = None, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of `softmax`, without overflow.

    Raises:
        ShapeError: softmax_error_dim_out_of_range.
    """

def erf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The error function."""

def erfc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``1 - erf(input)``."""

def erfinv(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the error function."""

def erfcx(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``exp(input**2) * erfc(input)``."""

def ndtr(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The distribution function of the normal distribution."""

def ndtri(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of ``special.ndtr``."""

def log_ndtr(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of ``special.ndtr``."""

def gammaln(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of the absolute value of the gamma function."""

def digamma(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The derivative of `lgamma`."""

def psi(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The derivative of `lgamma`."""

def polygamma(n: _int, input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The n-th derivative of `digamma`.

    Raises:
        RuntimeError: `n` is negative.
    """

def multigammaln(input: Tensor, p: _int, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of the gamma function of dimension `p`.

    Raises:
        RuntimeError: `p` is not positive, or the tensor is bool or complex.
    """

def gammainc(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """The regularised lower incomplete gamma function."""

def gammaincc(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """The regularised upper incomplete gamma function."""

def zeta(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """The Hurwitz zeta function."""

def xlogy(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """``input * log(other)``, 0 where `input` is 0."""

def xlog1py(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """``input * log1p(other)``, 0 where `input` is 0."""

def entr(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``-input * log(input)``, 0 at 0 and -infinity below."""

def logit(input: Tensor, eps: _float | None = None, *, out: Tensor | None = None) -> Tensor:
    """``log(input / (1 - input))``.

    Args:
        input: Probabilities.
        eps: Keeps them between ``eps`` and ``1 - eps``; None leaves them.
    """

def i0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind of order 0."""

def i0e(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``exp(-|input|) * i0(input)``."""

def i1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind of order 1."""

def i1e(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``exp(-|input|) * i1(input)``."""

def airy_ai(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Airy function Ai."""

def bessel_j0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the first kind of order 0."""

def bessel_j1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the first kind of order 1."""

def bessel_y0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the second kind of order 0."""

def bessel_y1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the second kind of order 1."""

def modified_bessel_i0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``special.i0`` without a gradient."""

def modified_bessel_i1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``special.i1`` without a gradient."""

def modified_bessel_k0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the second kind of order 0."""

def modified_bessel_k1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the second kind of order 1."""

def scaled_modified_bessel_k0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``exp(input) * modified_bessel_k0(input)``."""

def scaled_modified_bessel_k1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``exp(input) * modified_bessel_k1(input)``."""

def spherical_bessel_j0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``sin(input) / input``, 1 at 0."""

def hermite_polynomial_h(input: Tensor, n: Tensor | _int, *, out: Tensor | None = None) -> Tensor:
    """The Hermite polynomial of order `n`, as physicists define it."""

def hermite_polynomial_he(input: Tensor, n: Tensor | _int, *, out: Tensor | None = None) -> Tensor:
    """The Hermite polynomial of order `n`, as probabilists define it."""

def laguerre_polynomial_l(input: Tensor, n: Tensor | _int, *, out: Tensor | None = None) -> Tensor:
    """The Laguerre polynomial of order `n`."""

def legendre_polynomial_p(input: Tensor, n: Tensor | _int, *, out: Tensor | None = None) -> Tensor:
    """The Legendre polynomial of order `n`."""

def chebyshev_polynomial_t(input: Tensor, n: Tensor | _int, *, out: Tensor | None = None) -> Tensor:
    """The Chebyshev polynomial of kind T and order `n`."""

def shifted_chebyshev_polynomial_t(input: Tensor, n: Tensor | _int, *, out: Tensor | None = None) -> Tensor:
    """The shifted Chebyshev polynomial of kind T and order `n`."""

def chebyshev_polynomial_u(input: Tensor, n: Tensor | _int, *, out: Tensor | None = None) -> Tensor:
    """The Chebyshev polynomial of kind U and order `n`."""

def shifted_chebyshev_polynomial_u(input: Tensor, n: Tensor | _int, *, out: Tensor | None = None) -> Tensor:
    """The shifted Chebyshev polynomial of kind U and order `n`."""

def chebyshev_polynomial_v(input: Tensor, n: Tensor | _int, *, out: Tensor | None = None) -> Tensor:
    """The Chebyshev polynomial of kind V and order `n`."""

def shifted_chebyshev_polynomial_v(input: Tensor, n: Tensor | _int, *, out: Tensor | None = None) -> Tensor:
    """The shifted Chebyshev polynomial of kind V and order `n`."""

def chebyshev_polynomial_w(input: Tensor, n: Tensor | _int, *, out: Tensor | None = None) -> Tensor:
    """The Chebyshev polynomial of kind W and order `n`."""

def shifted_chebyshev_polynomial_w(input: Tensor, n: Tensor | _int, *, out: Tensor | None = None) -> Tensor:
    """The shifted Chebyshev polynomial of kind W and order `n`."""

def sinc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``sin(pi * input) / (pi * input)``, 1 at 0."""
