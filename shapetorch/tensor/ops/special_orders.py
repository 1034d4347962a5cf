"""Bessel and Airy functions, and orthogonal polynomials: the rest of ``torch.special``.

Those with gradients in PyTorch have them here; the others have none there either.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from shapetorch.tensor.masking import masked
from shapetorch.tensor.operations import operation
from shapetorch.tensor.pointwise import unary, ways
from shapetorch.tensor.scipy_functions import of_scipy, scipy_function
from shapetorch.tensor.slopes import kept, slope
from shapetorch.tensor.tensors import Array, Tensor

# -- Bessel functions with gradients ----------------------------------------------------------------


def _over(x: Tensor, numerator: Tensor) -> Tensor:
    """``numerator / x``, and 1/2 at 0, which is its limit for the functions below."""
    zero = x == 0
    return masked(numerator / x, ~zero._array) + zero * 0.5


def i0_backward(node: Any, grad: Tensor) -> Tensor:
    """The function of order 1."""
    input = kept(node)
    return grad * i1(input)


i0: Callable[..., Tensor]
i0e: Callable[..., Tensor]
i1: Callable[..., Tensor]
i1e: Callable[..., Tensor]

i0 = unary(
    "i0",
    of_scipy("i0"),
    i0_backward,
    refuses="c",
    aliases=("special.i0",),
    doc="The modified Bessel function of the first kind of order 0.",
)
i0e = unary(
    "special.i0e",
    of_scipy("i0e"),
    slope(lambda x: i1e(x) - x.sgn() * i0e(x)),
    refuses="c",
    methods=(),
    inplace=False,
    doc="``exp(-|input|) * i0(input)``.",
)
i1 = unary(
    "special.i1",
    of_scipy("i1"),
    slope(lambda x: i0(x) - _over(x, i1(x))),
    refuses="c",
    methods=(),
    inplace=False,
    doc="The modified Bessel function of the first kind of order 1.",
)
i1e = unary(
    "special.i1e",
    of_scipy("i1e"),
    slope(lambda x: i0e(x) - i1e(x) * x.sgn() - _over(x, i1e(x))),
    refuses="c",
    methods=(),
    inplace=False,
    doc="``exp(-|input|) * i1(input)``.",
)

# -- functions without gradients --------------------------------------------------------------------


_AIRY_LARGE = 103.892
"""Where Ai is 0 in double precision; SciPy gives NaN for very large numbers."""


def _airy(array: Array) -> Array:
    value = scipy_function("airy")(array)[0]
    return np.asarray(np.where(np.isfinite(array) & (array > _AIRY_LARGE), 0.0, value)).astype(
        array.dtype
    )


def _sine_over(array: Array) -> Any:
    return np.where(np.isinf(array), array.dtype.type(0), np.sin(array) / array)


def _spherical_bessel_j0(array: Array) -> Array:
    return np.asarray(np.where(array == 0, array.dtype.type(1), _sine_over(array)))


PLAIN: tuple[tuple[str, Callable[[Array], Any], str], ...] = (
    ("airy_ai", _airy, "The Airy function Ai."),
    ("bessel_j0", of_scipy("j0"), "The Bessel function of the first kind of order 0."),
    ("bessel_j1", of_scipy("j1"), "The Bessel function of the first kind of order 1."),
    ("bessel_y0", of_scipy("y0"), "The Bessel function of the second kind of order 0."),
    ("bessel_y1", of_scipy("y1"), "The Bessel function of the second kind of order 1."),
    ("modified_bessel_i0", of_scipy("i0"), "``special.i0`` without a gradient."),
    ("modified_bessel_i1", of_scipy("i1"), "``special.i1`` without a gradient."),
    (
        "modified_bessel_k0",
        of_scipy("k0"),
        "The modified Bessel function of the second kind of order 0.",
    ),
    (
        "modified_bessel_k1",
        of_scipy("k1"),
        "The modified Bessel function of the second kind of order 1.",
    ),
    ("scaled_modified_bessel_k0", of_scipy("k0e"), "``exp(input) * modified_bessel_k0(input)``."),
    ("scaled_modified_bessel_k1", of_scipy("k1e"), "``exp(input) * modified_bessel_k1(input)``."),
    ("spherical_bessel_j0", _spherical_bessel_j0, "``sin(input) / input``, 1 at 0."),
)
for _name, _compute, _doc in PLAIN:
    unary(f"special.{_name}", _compute, refuses="c", methods=(), inplace=False, doc=_doc)

# -- orthogonal polynomials -------------------------------------------------------------------------

Step = Callable[[int, Array, Array, Array], Array]


def polynomial(
    first: Callable[[Array], Array],
    step: Step,
    known: Callable[[Array, Array], Any] = lambda x, n: np.nan,
) -> Callable[[Array, Array], Array]:
    """Computes p_n(x) by a recurrence, for an array of orders; 0 for negative orders.

    Args:
        first: p_1 of x; p_0 is 1.
        step: ``step(k, x, p, q)`` gives p_{k+1}, of p = p_k and q = p_{k-1}.
        known: ``known(x, n)`` gives values that need no steps, NaN for others: no order is too large for them.
    """

    def compute(x: Array, n: Array) -> Array:
        orders = np.trunc(n).astype(np.int64)
        at_once = np.where(orders > 0, known(x, orders), np.nan)
        orders = np.where(np.isnan(at_once), orders, 0)
        before = np.ones_like(x)
        now = first(x)
        value = np.where(orders == 0, before, np.where(orders == 1, now, np.zeros_like(x)))
        for k in range(1, int(orders.max(initial=0))):
            before, now = now, step(k, x, now, before)
            value = np.where(orders == k + 1, now, value)
            if not k % _LONG and np.isnan(now[orders > k]).all():  # they stay so
                value = np.where(orders > k, now, value)
                break
        return np.where(np.isnan(at_once), value, at_once).astype(x.dtype, copy=False)

    return compute


_LONG = 64
"""Steps of a recurrence after which it is worth asking whether a number is left."""

Angles = Callable[[Array, Array], Array]

_BY_ANGLE: dict[str, tuple[Angles, Angles]] = {
    "t": (lambda n, a: np.cos(n * a), lambda n, x: np.where((x > 0) | (n % 2 == 0), 1, -1)),
    "u": (
        lambda n, a: np.sin((n + 1) * a) / np.sin(a),
        lambda n, x: np.where((x > 0) | (n % 2 == 0), n + 1, -(n + 1)),
    ),
    "v": (
        lambda n, a: np.cos((n + 0.5) * a) / np.cos(a / 2),
        lambda n, x: np.where(x > 0, 1, np.where(n % 2 == 0, 2 * n + 1, -(2 * n + 1))),
    ),
    "w": (
        lambda n, a: np.sin((n + 0.5) * a) / np.sin(a / 2),
        lambda n, x: np.where(x > 0, 2 * n + 1, np.where(n % 2 == 0, 1, -1)),
    ),
}
"""What the four kinds are at ``x = cos(a)``, and what at 1 and -1."""

_BY_STEPS = 8
"""The last order that is computed step by step; the angle serves for larger ones, as in PyTorch."""


def _chebyshev(
    letter: str, factor: float, start: float, shifted: bool
) -> Callable[[Array, Array], Array]:
    """The four kinds differ in p_1 alone; the shifted ones are taken at 2x - 1."""
    steps = polynomial(lambda x: factor * x + start, lambda k, x, p, q: 2 * x * p - q)
    inside, at_ends = _BY_ANGLE[letter]

    def compute(x: Array, n: Array) -> Array:
        y = 2 * x - 1 if shifted else x
        order = np.trunc(n)
        if not order.max(initial=0) > _BY_STEPS:
            return steps(y, n)
        is_long = (order > _BY_STEPS) & (np.abs(y) <= 1)
        by_steps = steps(y, np.where(is_long, 0, n))
        angle = np.arccos(np.clip(y, -1, 1))
        found = np.where(np.abs(y) == 1, at_ends(order, y), inside(order, angle))
        return np.where(is_long, found, by_steps).astype(x.dtype, copy=False)

    return compute


POLYNOMIALS: dict[str, tuple[Callable[[Array, Array], Array], str]] = {
    "hermite_polynomial_h": (
        polynomial(lambda x: 2 * x, lambda k, x, p, q: 2 * x * p - 2 * k * q),
        "The Hermite polynomial of order `n`, as physicists define it.",
    ),
    "hermite_polynomial_he": (
        polynomial(lambda x: x.copy(), lambda k, x, p, q: x * p - k * q),
        "The Hermite polynomial of order `n`, as probabilists define it.",
    ),
    "laguerre_polynomial_l": (
        polynomial(
            lambda x: 1 - x,
            lambda k, x, p, q: ((2 * k + 1 - x) * p - k * q) / (k + 1),
            lambda x, n: np.where(x == 0, 1.0, np.nan),
        ),
        "The Laguerre polynomial of order `n`.",
    ),
    "legendre_polynomial_p": (
        polynomial(
            lambda x: x.copy(),
            lambda k, x, p, q: ((2 * k + 1) * x * p - k * q) / (k + 1),
            lambda x, n: np.where(np.abs(x) == 1, np.where(n % 2 == 0, 1.0, x), np.nan),
        ),
        "The Legendre polynomial of order `n`.",
    ),
}
for _letter, _factor, _start in (("t", 1, 0), ("u", 2, 0), ("v", 2, -1), ("w", 2, 1)):
    for _shifted in (False, True):
        _prefix = "shifted_" if _shifted else ""
        POLYNOMIALS[f"{_prefix}chebyshev_polynomial_{_letter}"] = (
            _chebyshev(_letter, _factor, _start, _shifted),
            f"The {'shifted ' if _shifted else ''}Chebyshev polynomial of kind {_letter.upper()} "
            "and order `n`.",
        )


def _declare_polynomial(name: str, compute: Callable[[Array, Array], Array], doc: str) -> None:
    second, _, _ = ways(f"special.{name}", compute, floating=True, refuses="c", numbers="either")

    def function(input: Tensor, n: Tensor | int, *, out: Tensor | None = None) -> Tensor:
        return second(input, n, out, f"special.{name}")

    function.__name__ = function.__qualname__ = name
    function.__doc__ = doc
    operation(f"special.{name}")(function)


for _name, (_polynomial, _doc) in POLYNOMIALS.items():
    _declare_polynomial(_name, _polynomial, _doc)
