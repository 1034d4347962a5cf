"""Functions of one tensor that change no shape, all of them."""
# judge: torch

import torch
from jaxtyping import Bool, Complex, Float, Int
from torch import Tensor

from shapetorch import reveal_shape


def trigonometric(x: Float[Tensor, "b t"]) -> None:
    reveal_shape(x.acos().asin().atan())  # R: [b, t]
    reveal_shape(x.arccos().arcsin().arctan())  # R: [b, t]
    reveal_shape(x.acosh().asinh().atanh())  # R: [b, t]
    reveal_shape(x.arccosh().arcsinh().arctanh())  # R: [b, t]
    reveal_shape(x.cos().tan().cosh().sinh())  # R: [b, t]
    reveal_shape(x.sinc().deg2rad().rad2deg())  # R: [b, t]


def powers_and_logarithms(x: Float[Tensor, "b t"]) -> None:
    reveal_shape(x.exp2().expm1().log10())  # R: [b, t]
    reveal_shape(x.log1p().log2().logit())  # R: [b, t]
    reveal_shape(x.reciprocal().rsqrt().square())  # R: [b, t]
    reveal_shape(torch.float_power(x, 2))  # R: [b, t]


def rounded(x: Float[Tensor, "b t"]) -> None:
    reveal_shape(x.ceil().fix().frac())  # R: [b, t]
    reveal_shape(x.trunc().round(decimals=2).nan_to_num())  # R: [b, t]
    reveal_shape(x.absolute().negative().positive())  # R: [b, t]
    reveal_shape(x.sgn().copysign(x).type_as(x))  # R: [b, t]


def asked(x: Float[Tensor, "b t"], m: Bool[Tensor, "b t"]) -> None:
    reveal_shape(x.isfinite())  # R: [b, t]
    reveal_shape(x.isneginf() | x.isposinf())  # R: [b, t]
    reveal_shape(x.isreal() & x.signbit())  # R: [b, t]
    reveal_shape(m.logical_not().bitwise_not())  # R: [b, t]
    reveal_shape(torch.isin(x, x[0]))  # R: [b, t]


def of_the_error_function(x: Float[Tensor, "b t"]) -> None:
    reveal_shape(x.erfc().erfinv().digamma())  # R: [b, t]
    reveal_shape(x.lgamma().i0().mvlgamma(1))  # R: [b, t]
    reveal_shape(torch.special.entr(torch.special.erfcx(x)))  # R: [b, t]
    reveal_shape(torch.special.expit(torch.special.gammaln(x)))  # R: [b, t]
    reveal_shape(torch.special.i0e(torch.special.i1(x)))  # R: [b, t]
    reveal_shape(torch.special.i1e(torch.special.log_ndtr(x)))  # R: [b, t]
    reveal_shape(torch.special.ndtr(torch.special.ndtri(x)))  # R: [b, t]
    reveal_shape(torch.special.psi(torch.special.multigammaln(x + 2, 2)))  # R: [b, t]
    reveal_shape(torch.special.airy_ai(x))  # R: [b, t]
    reveal_shape(torch.special.bessel_j0(torch.special.bessel_j1(x)))  # R: [b, t]
    reveal_shape(torch.special.bessel_y0(torch.special.bessel_y1(x)))  # R: [b, t]
    reveal_shape(torch.special.spherical_bessel_j0(x))  # R: [b, t]
    reveal_shape(torch.special.modified_bessel_i0(x))  # R: [b, t]
    reveal_shape(torch.special.modified_bessel_i1(x))  # R: [b, t]
    reveal_shape(torch.special.modified_bessel_k0(x))  # R: [b, t]
    reveal_shape(torch.special.modified_bessel_k1(x))  # R: [b, t]
    reveal_shape(torch.special.scaled_modified_bessel_k0(x))  # R: [b, t]
    reveal_shape(torch.special.scaled_modified_bessel_k1(x))  # R: [b, t]


def of_two(x: Float[Tensor, "b t"], y: Float[Tensor, "t"], i: Int[Tensor, "b t"]) -> None:
    reveal_shape(x.subtract(y).multiply(y))  # R: [b, t]
    reveal_shape(x.divide(y).true_divide(y))  # R: [b, t]
    reveal_shape(x.floor_divide(y).remainder(y))  # R: [b, t]
    reveal_shape(torch.atan2(y, x).arctan2(y))  # R: [b, t]
    reveal_shape(torch.hypot(y, x).nextafter(y))  # R: [b, t]
    reveal_shape(torch.heaviside(x, y).xlogy(y))  # R: [b, t]
    reveal_shape(torch.igamma(x, y).igammac(y))  # R: [b, t]
    reveal_shape(torch.logaddexp(y, x).logaddexp2(y))  # R: [b, t]
    reveal_shape(torch.minimum(x, y).fmax(y).fmin(y))  # R: [b, t]
    reveal_shape(torch.special.xlog1py(y, x))  # R: [b, t]
    reveal_shape(torch.special.zeta(x + 2, y))  # R: [b, t]
    reveal_shape(torch.special.gammainc(x, y))  # R: [b, t]
    reveal_shape(torch.special.gammaincc(x, y))  # R: [b, t]
    reveal_shape(x.ldexp(i).clamp_min(0).clamp_max(y))  # R: [b, t]
    reveal_shape(i.lcm(i).bitwise_and(i).bitwise_xor(i))  # R: [b, t]
    reveal_shape(i.bitwise_left_shift(i).bitwise_right_shift(i))  # R: [b, t]
    i.gcd_(i).lcm_(i)
    x.xlogy_(y).ldexp_(i)


def operators(x: Float[Tensor, "b t"], i: Int[Tensor, "t"]) -> None:
    reveal_shape(+x + abs(x))  # R: [b, t]
    reveal_shape(i & 3 | (i ^ 1))  # R: [t]
    reveal_shape(~(i << 1 >> 1))  # R: [t]
    reveal_shape((x <= 1) == (x >= 0))  # R: [b, t]


def compared(x: Float[Tensor, "b t"], y: Float[Tensor, "t"]) -> None:
    reveal_shape(x.eq(y).ne(y))  # R: [b, t]
    reveal_shape(x.le(y).gt(y).ge(y))  # R: [b, t]
    reveal_shape(x.less(y).less_equal(y))  # R: [b, t]
    reveal_shape(x.greater(y).greater_equal(y))  # R: [b, t]
    reveal_shape(torch.logical_or(x, y).logical_xor(y))  # R: [b, t]
    reveal_shape(x.not_equal(y))  # R: [b, t]
    same = torch.allclose(x, y) or torch.equal(x, y)
    assert isinstance(same, bool)


def polynomials(x: Float[Tensor, "b t"], n: Int[Tensor, "t"]) -> None:
    reveal_shape(torch.special.chebyshev_polynomial_t(x, n))  # R: [b, t]
    reveal_shape(torch.special.chebyshev_polynomial_u(x, n))  # R: [b, t]
    reveal_shape(torch.special.chebyshev_polynomial_v(x, n))  # R: [b, t]
    reveal_shape(torch.special.chebyshev_polynomial_w(x, n))  # R: [b, t]
    reveal_shape(torch.special.hermite_polynomial_h(x, n))  # R: [b, t]
    reveal_shape(torch.special.hermite_polynomial_he(x, n))  # R: [b, t]
    reveal_shape(torch.special.laguerre_polynomial_l(x, n))  # R: [b, t]
    reveal_shape(torch.special.legendre_polynomial_p(x, n))  # R: [b, t]
    reveal_shape(torch.special.shifted_chebyshev_polynomial_t(x, n))  # R: [b, t]
    reveal_shape(torch.special.shifted_chebyshev_polynomial_u(x, n))  # R: [b, t]
    reveal_shape(torch.special.shifted_chebyshev_polynomial_v(x, n))  # R: [b, t]
    reveal_shape(torch.special.shifted_chebyshev_polynomial_w(x, n))  # R: [b, t]


def complex_numbers(
    z: Complex[Tensor, "b t"], x: Float[Tensor, "b t"], p: Float[Tensor, "n 2"]
) -> None:
    reveal_shape(torch.view_as_real(z))  # R: [b, t, 2]
    reveal_shape(torch.view_as_complex(p))  # R: [n]
    reveal_shape(z.real * z.imag)  # R: [b, t]
    reveal_shape(torch.real(z) + torch.imag(z))  # R: [b, t]
    reveal_shape(z.conj().resolve_conj().resolve_neg())  # R: [b, t]
    reveal_shape(z.conj_physical().angle())  # R: [b, t]
    reveal_shape(torch.complex(x, x))  # R: [b, t]
    reveal_shape(torch.polar(x, x))  # R: [b, t]


def of_other_dtypes(x: Float[Tensor, "b t"]) -> None:
    reveal_shape(x.bfloat16().double().short())  # R: [b, t]
    reveal_shape(x.byte().char().long())  # R: [b, t]
    reveal_shape(x.cfloat().cdouble().chalf())  # R: [b, t] # M: [attr-defined]


def filled_in_place(x: Float[Tensor, "n n"]) -> None:
    reveal_shape(x.bernoulli_(0.5).exponential_())  # R: [n, n]
    reveal_shape(x.cauchy_().log_normal_())  # R: [n, n]
    reveal_shape(x.geometric_(0.5).random_(10))  # R: [n, n]
    reveal_shape(x.fill_diagonal_(0.0).share_memory_())  # R: [n, n]
    reveal_shape(x.apply_(abs).map_(x, max))  # R: [n, n]


def drawn(x: Float[Tensor, "b t"]) -> None:
    reveal_shape(torch.poisson(x))  # R: [b, t]
    reveal_shape(torch.binomial(x.round(), x))  # R: [b, t]
    reveal_shape(torch.native_dropout(x, 0.5, True)[1])  # R: [b, t]


def real_parts_of_other_sizes(x: Float[Tensor, "b t"], y: Float[Tensor, "b s"]) -> None:
    torch.complex(x, y)  # E: [broadcast_error_incompatible_dimensions]


def angles_of_other_sizes(x: Float[Tensor, "b t"], y: Float[Tensor, "s"]) -> None:
    torch.atan2(x, y)  # E: [broadcast_error_incompatible_dimensions]


def minimum_of_other_sizes(x: Float[Tensor, "b t"], y: Float[Tensor, "b s"]) -> None:
    torch.minimum(x, y)  # E: [broadcast_error_incompatible_dimensions]


def equal_to_another_size(x: Float[Tensor, "b t"], y: Float[Tensor, "a t"]) -> None:
    x.eq(y)  # E: [broadcast_error_incompatible_dimensions]
