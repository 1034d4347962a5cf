"""Fit the polynomials of ``shapetorch/tensor/kernels/floats.py``: ``python tools/fit_polynomials.py``.

Each is a least-squares fit on Chebyshev nodes, which is within a few per cent of the best there is.
Printed: the coefficients, lowest power first, and the largest error in exact arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.polynomial import chebyshev, polynomial
from scipy import special


def fit(
    function: Callable[[np.ndarray], np.ndarray], low: float, high: float, degree: int
) -> np.ndarray:
    """Coefficients of a polynomial close to a function between two numbers, lowest power first."""
    nodes = np.cos(np.pi * (np.arange(6000) + 0.5) / 6000)
    middle, half = (low + high) / 2, (high - low) / 2
    series = chebyshev.cheb2poly(chebyshev.chebfit(nodes, function(middle + half * nodes), degree))
    shifted = np.array([-middle / half, 1 / half])
    result = np.zeros(1)
    for coefficient in series[::-1]:
        result = polynomial.polyadd(polynomial.polymul(result, shifted), [coefficient])
    return result[: degree + 1]


def fit_ratio(
    function: Callable[[np.ndarray], np.ndarray], low: float, high: float, degree: int
) -> tuple[np.ndarray, np.ndarray]:
    """Two polynomials whose quotient is close to a function, relative to it; the second begins with 1.

    The linear problem ``P - f Q = 0`` is solved again and again, each time weighted by the last Q.
    """
    nodes = np.cos(np.pi * (np.arange(4000) + 0.5) / 4000)
    places = (low + high) / 2 + (high - low) / 2 * nodes
    values, weights = function(places), np.ones(4000)
    powers = np.vander(places / high, degree + 1, increasing=True)
    for _ in range(30):
        rows = np.hstack([powers, -values[:, None] * powers[:, 1:]]) * (weights / values)[:, None]
        found = np.linalg.lstsq(rows, weights, rcond=None)[0]
        weights = 1 / np.abs(1 + powers[:, 1:] @ found[degree + 1 :])
    scale = high ** np.arange(degree + 1)
    return found[: degree + 1] / scale, np.append(1, found[degree + 1 :]) / scale


def show(
    name: str,
    coefficients: np.ndarray,
    value: Callable[[np.ndarray], np.ndarray],
    exact: Callable[[np.ndarray], np.ndarray],
    low: float,
    high: float,
) -> None:
    """Print coefficients and the largest relative error of the whole formula."""
    places = np.linspace(low, high, 200_001)
    places = places[places != 0]
    error = np.abs(value(places) / exact(places) - 1).max()
    print(f"{name} = ({', '.join(f'{c:.17g}' for c in coefficients)})  # {error:.1e}")


def main() -> None:
    """Fit all of them."""
    half = np.log(2) / 2
    for name, degree in (("EXP32", 4), ("EXP64", 9)):
        # exp(r) = 1 + r + r**2 * P(r)
        series = np.array([1 / special.factorial(k + 2) for k in range(14)])
        found = fit(lambda r, c=series: polynomial.polyval(r, c), -half, half, degree)
        show(
            name,
            found,
            lambda r, p=found: 1 + r + r * r * polynomial.polyval(r, p),
            np.exp,
            -half,
            half,
        )

    # log(1 + f) = f - f**2 / 2 + f**3 * P(f)
    low, high = np.sqrt(0.5) - 1, np.sqrt(2) - 1
    tail = np.array([(-1) ** k / (k + 3) for k in range(90)])
    found = fit(lambda f: polynomial.polyval(f, tail), low, high, 8)
    show(
        "LOG32",
        found,
        lambda f: f - f * f / 2 + f**3 * polynomial.polyval(f, found),
        np.log1p,
        low,
        high,
    )

    # tanh(x) = x + x**3 * P(x**2) for small x
    def small(u: np.ndarray) -> np.ndarray:
        x = np.sqrt(np.maximum(u, 1e-6))
        return (np.tanh(x) - x) / x**3

    found = fit(small, 0.0, 0.625**2, 5)
    show(
        "TANH32", found, lambda x: x + x**3 * polynomial.polyval(x * x, found), np.tanh, 0.01, 0.625
    )

    # erf(x) = x * P(x**2) / Q(x**2), up to where it rounds to 1
    def ratio(u: np.ndarray) -> np.ndarray:
        x = np.sqrt(np.maximum(u, 1e-12))
        return special.erf(x) / x

    above, below = fit_ratio(ratio, 0.0, 3.92**2, 5)
    show(
        "P",
        above,
        lambda x: x * polynomial.polyval(x * x, above) / polynomial.polyval(x * x, below),
        special.erf,
        0.01,
        3.92,
    )
    print(f"Q = ({', '.join(f'{c:.17g}' for c in below)})")


if __name__ == "__main__":
    main()
