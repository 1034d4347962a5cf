"""Trigonometric and hyperbolic functions, their inverses, and angles."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from shapetorch.tensor.array_gradients import kept_array, on_arrays
from shapetorch.tensor.fast import constant
from shapetorch.tensor.masking import masked
from shapetorch.tensor.nodes import RESULT
from shapetorch.tensor.pointwise import binary, unary
from shapetorch.tensor.slopes import conjugate, kept, kept_pair, slope
from shapetorch.tensor.tensors import Array, Tensor


def tan_backward(node: Any, grad: Tensor) -> Tensor:
    """``d tan(x) = (1 + tan(x)**2) * dx``."""
    result = kept(node)
    return grad * conjugate(result * result + 1)


def tanh_backward(node: Any, grad: Tensor) -> Tensor:
    """``d tanh(x) = (1 - tanh(x)**2) * dx``."""
    result = kept(node)
    return grad * conjugate(1 - result * result)


@on_arrays(tanh_backward)
def _tanh_backward(node: Any, grad: Array) -> Any:
    result = kept_array(node, grad.dtype)
    return grad * (constant(grad.dtype, 1) - result * result)


sin = unary("sin", np.sin, slope(lambda x: x.cos()), doc="The sine.")
cos = unary("cos", np.cos, slope(lambda x: -x.sin()), doc="The cosine.")
tan = unary("tan", np.tan, tan_backward, keeps=("result",), doc="The tangent.")
sinh = unary("sinh", np.sinh, slope(lambda x: x.cosh()), doc="The hyperbolic sine.")
cosh = unary("cosh", np.cosh, slope(lambda x: x.sinh()), doc="The hyperbolic cosine.")
tanh = unary(
    "tanh",
    np.tanh,
    tanh_backward,
    keeps=("result",),
    aliases=("nn.functional.tanh",),
    doc="The hyperbolic tangent.",
)
asin = unary(
    "asin",
    np.arcsin,
    slope(lambda x: (1 - x * x).rsqrt()),
    methods=("asin", "arcsin"),
    aliases=("arcsin",),
    doc="The inverse of the sine.",
)
acos = unary(
    "acos",
    np.arccos,
    slope(lambda x: -(1 - x * x).rsqrt()),
    methods=("acos", "arccos"),
    aliases=("arccos",),
    doc="The inverse of the cosine.",
)
atan = unary(
    "atan",
    np.arctan,
    slope(lambda x: (x * x + 1).reciprocal()),
    methods=("atan", "arctan"),
    aliases=("arctan",),
    doc="The inverse of the tangent.",
)
asinh = unary(
    "asinh",
    np.arcsinh,
    slope(lambda x: (x * x + 1).rsqrt()),
    methods=("asinh", "arcsinh"),
    aliases=("arcsinh",),
    doc="The inverse of the hyperbolic sine.",
)
acosh = unary(
    "acosh",
    np.arccosh,
    slope(lambda x: (x * x - 1).rsqrt()),
    methods=("acosh", "arccosh"),
    aliases=("arccosh",),
    doc="The inverse of the hyperbolic cosine.",
)
atanh = unary(
    "atanh",
    np.arctanh,
    slope(lambda x: (1 - x * x).reciprocal()),
    methods=("atanh", "arctanh"),
    aliases=("arctanh",),
    doc="The inverse of the hyperbolic tangent.",
)


def atan2_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """``d atan2(y, x) = (x * dy - y * dx) / (x**2 + y**2)``."""
    input, other = kept_pair(node)
    size = input * input + other * other
    scaled = masked(grad / size, size._array != 0)
    return (
        scaled * other if node.needs[0] else None,
        scaled * -input if node.needs[1] else None,
    )


atan2 = binary(
    "atan2",
    np.arctan2,
    atan2_backward,
    floating=True,
    refuses="c",
    numbers="none",
    methods=("atan2", "arctan2"),
    aliases=("arctan2",),
    doc="The angle of the point ``(other, input)``.",
)


def hypot_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """``d hypot(a, b) = (a * da + b * db) / hypot(a, b)``."""
    input, other, result = node.saved
    return (
        grad * (input / result) if node.needs[0] else None,
        grad * (other / result) if node.needs[1] else None,
    )


hypot = binary(
    "hypot",
    np.hypot,
    hypot_backward,
    keeps=lambda input, other: (input, other, RESULT),
    refuses="bic",
    numbers="none",
    doc="``sqrt(input**2 + other**2)`` without overflow.",
)


def _degrees(array: Array) -> Any:
    return array * array.dtype.type(180 / math.pi)


def _radians(array: Array) -> Any:
    return array * array.dtype.type(math.pi / 180)


def rad2deg_backward(node: Any, grad: Tensor) -> Tensor:
    """A constant factor."""
    return grad * (180 / math.pi)


def deg2rad_backward(node: Any, grad: Tensor) -> Tensor:
    """A constant factor."""
    return grad * (math.pi / 180)


rad2deg = unary(
    "rad2deg", _degrees, rad2deg_backward, keeps=(), refuses="c", doc="Radians as degrees."
)
deg2rad = unary(
    "deg2rad", _radians, deg2rad_backward, keeps=(), refuses="c", doc="Degrees as radians."
)


def _sinc(array: Array) -> Array:
    turned = array * array.dtype.type(math.pi)
    value = np.sin(turned) / turned
    return np.asarray(np.where(turned == 0, array.dtype.type(1), value))


def sinc_backward(node: Any, grad: Tensor) -> Tensor:
    """``d sinc(x) = (pi*x*cos(pi*x) - sin(pi*x)) / (pi*x**2) * dx``, 0 at 0."""
    input = kept(node)
    turned = input * math.pi
    square = input * turned
    made = grad * conjugate((turned * turned.cos() - turned.sin()) / square)
    return masked(made, square._array != 0)


sinc = unary(
    "sinc",
    _sinc,
    sinc_backward,
    aliases=("special.sinc",),
    doc="``sin(pi * input) / (pi * input)``, 1 at 0.",
)
