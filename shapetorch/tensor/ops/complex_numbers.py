"""Complex numbers: parts, conjugates, angles.

``conj`` gives a view that is marked (`marks`). What needs a conjugate once, such as a backward, asks
for `conj_physical`, for a marked tensor is conjugated whenever it is read.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.arguments import tensor_argument
from shapetorch.tensor.compute import elementwise
from shapetorch.tensor.dtypes import DEFAULTS, FLOATING
from shapetorch.tensor.judging import judged
from shapetorch.tensor.marks import Conjugate, Negative
from shapetorch.tensor.masking import masked
from shapetorch.tensor.nodes import RESULT
from shapetorch.tensor.operations import operation
from shapetorch.tensor.pointwise import add_in_place_functions
from shapetorch.tensor.slopes import kept, kept_pair
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, wrap
from shapetorch.tensor.views import view

# -- conjugates -------------------------------------------------------------------------------------


def conj_backward(node: Any, grad: Tensor) -> Tensor:
    """The conjugate of the gradient."""
    return grad.conj_physical()  # type: ignore[no-any-return]


@operation(methods=("conj",))
def conj(input: Tensor) -> Tensor:
    """The complex conjugate, a view that is conjugated when it is read; a real tensor itself."""
    array = tensor_argument("conj", "input", input)._stored
    if array.dtype.kind != "c":
        return input
    made = view(input, array, conj, conj_backward)
    made.__class__ = Tensor if isinstance(input, Conjugate) else Conjugate
    return made


def conj_physical_backward(node: Any, grad: Tensor) -> Tensor:
    """The conjugate of the gradient."""
    return grad.conj_physical()  # type: ignore[no-any-return]


@operation(methods=("conj_physical",), inplace=True, out="same dtype")
def conj_physical(input: Tensor) -> Tensor:
    """The complex conjugate; a real tensor itself."""
    array = tensor_argument("conj_physical", "input", input)._array
    if array.dtype.kind != "c":
        return input
    value = elementwise(np.conjugate, array)
    return record(value, (input,), conj_physical_backward)


add_in_place_functions(("conj_physical",))


@operation(methods=("resolve_conj",))
def resolve_conj(input: Tensor) -> Tensor:
    """A copy of a tensor that is conjugated when it is read; any other itself."""
    marked = isinstance(tensor_argument("resolve_conj", "input", input), Conjugate)
    return input.clone() if marked else input


@operation(methods=("resolve_neg",))
def resolve_neg(input: Tensor) -> Tensor:
    """A copy of a tensor that is negated when it is read; any other itself."""
    marked = isinstance(tensor_argument("resolve_neg", "input", input), Negative)
    return input.clone() if marked else input


@operation(methods=("is_conj",))
def is_conj(input: Tensor) -> bool:
    """Whether it is conjugated when it is read: a view that `conj` gave, or a view of one."""
    return isinstance(tensor_argument("is_conj", "input", input), Conjugate)


@operation(methods=("is_neg",))
def is_neg(input: Tensor) -> bool:
    """Whether it is negated when it is read: the imaginary parts of a conjugate, or a view of them."""
    return isinstance(tensor_argument("is_neg", "input", input), Negative)


# -- parts ------------------------------------------------------------------------------------------


def real_backward(node: Any, grad: Tensor) -> Tensor:
    """The gradient of the real part, as a complex number."""
    return grad


def imag_backward(node: Any, grad: Tensor) -> Tensor:
    """The gradient of the imaginary part."""
    return grad * 1j


@operation()
def real(input: Tensor) -> Tensor:
    """The real parts, a view; a real tensor itself."""
    array = tensor_argument("real", "input", input)._stored
    if array.dtype.kind != "c":
        return input
    made = view(input, array.real, real, real_backward)
    made.__class__ = Tensor
    return made


@operation()
def imag(input: Tensor) -> Tensor:
    """The imaginary parts, a view.

    Raises:
        RuntimeError: the tensor is real.
    """
    array = tensor_argument("imag", "input", input)._stored
    if array.dtype.kind != "c":
        raise RuntimeError("imag is not implemented for tensors with non-complex dtypes.")
    made = view(input, array.imag, imag, imag_backward)
    made.__class__ = Negative if isinstance(input, Conjugate) else Tensor
    return made


def _set_real(self: Tensor, value: Any) -> None:
    real(self).copy_(value) if isinstance(value, Tensor) else real(self).fill_(value)


def _set_imag(self: Tensor, value: Any) -> None:
    imag(self).copy_(value) if isinstance(value, Tensor) else imag(self).fill_(value)


Tensor.real = property(real, _set_real)  # type: ignore[attr-defined]
Tensor.imag = property(imag, _set_imag)  # type: ignore[attr-defined]


def view_as_real_backward(node: Any, grad: Tensor) -> Tensor:
    """The pairs as complex numbers."""
    return view_as_complex(grad.contiguous())


def view_as_complex_backward(node: Any, grad: Tensor) -> Tensor:
    """The complex numbers as pairs."""
    return view_as_real(grad.resolve_conj())


@operation()
def view_as_real(input: Tensor) -> Tensor:
    """The real and imaginary parts side by side, ``(*input, 2)``: a view.

    Raises:
        RuntimeError: the tensor is real, or a conjugate.
    """
    array = tensor_argument("view_as_real", "input", input)._stored
    judged("view_as_real", input)
    if array.dtype.kind != "c":
        raise RuntimeError("view_as_real is only supported for complex tensors")
    if isinstance(input, Conjugate):
        raise RuntimeError(
            "view_as_real doesn't work on unresolved conjugated tensors.  To resolve the conjugate tensor "
            "so you can view it as real, use self.resolve_conj(); however, be warned that the resulting "
            "tensor will NOT alias the original."
        )
    part = array.real
    pairs = np.lib.stride_tricks.as_strided(
        part, (*array.shape, 2), (*array.strides, part.dtype.itemsize)
    )
    return view(input, pairs, view_as_real, view_as_real_backward)


@operation()
def view_as_complex(input: Tensor) -> Tensor:
    """The pairs of the last dim as complex numbers, ``(*input[:-1])``: a view.

    Raises:
        ShapeError: rank_error_mismatch, dimension_error_size.
        RuntimeError: the tensor is not of float32 or float64, or its memory does not allow it.
    """
    array = tensor_argument("view_as_complex", "input", input)._stored
    if array.dtype not in _COMPLEX_OF:
        raise RuntimeError(
            "view_as_complex is only supported for half, float and double tensors, but got a tensor of "
            f"scalar type: {input.dtype.name}"
        )
    judged("view_as_complex", input)
    size = array.dtype.itemsize
    if array.strides[-1] != size and array.size:
        raise RuntimeError("Tensor must have a last dimension with stride 1")
    if any(step % (2 * size) for step in array.strides[:-1]) and array.size:
        raise RuntimeError("Tensor must have a stride divisible by 2 for all but last dimension")
    if input.storage_offset() % 2 and array.size:
        raise RuntimeError("Tensor must have a storage_offset divisible by 2")
    pairs = array if array.size else np.zeros(array.shape, array.dtype)
    numbers = pairs.view(_COMPLEX_OF[array.dtype])[..., 0]
    return view(input, np.asarray(numbers), view_as_complex, view_as_complex_backward)


_COMPLEX_OF: dict[Any, np.dtype[Any]] = {
    np.dtype(np.float32): np.dtype(np.complex64),
    np.dtype(np.float64): np.dtype(np.complex128),
}

# -- made of two numbers ----------------------------------------------------------------------------


def complex_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """The parts of the gradient."""
    return (
        real(grad) if node.needs[0] else None,
        imag(grad) if node.needs[1] else None,
    )


def _check_parts(name: str, a: Any, b: Any, names: tuple[str, str]) -> None:
    tensor_argument(name, names[0], a)
    tensor_argument(name, names[1], b, 2)
    for item in (a, b):
        if item._array.dtype not in _COMPLEX_OF:
            raise RuntimeError(
                f"Expected both inputs to be Half, Float or Double tensors but got {a.dtype} and {b.dtype}"
            )
    if a._array.dtype != b._array.dtype:
        raise RuntimeError(
            f"Expected object of scalar type {a.dtype.name} but got scalar type {b.dtype.name} "
            "for second argument"
        )


@operation("complex", out=True)
def complex_(real: Tensor, imag: Tensor) -> Tensor:
    """The complex numbers with these parts; both broadcast."""
    _check_parts("complex", real, imag, ("real", "imag"))
    shape = judged("complex", real, imag)
    value = _empty_like_parts(shape, real._array, imag._array)
    value.real, value.imag = real._array, imag._array
    return record(value, (real, imag), complex_backward)


complex_.__name__ = complex_.__qualname__ = "complex"


def _empty_like_parts(shape: Any, *parts: Array) -> Array:
    """Room for complex numbers, in memory as the first part of their shape."""
    for part in parts:
        if part.shape == tuple(shape):
            return np.empty_like(part, _COMPLEX_OF[part.dtype])
    return np.empty(shape, _COMPLEX_OF[parts[0].dtype])


def polar_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """Along the radius, and along the circle."""
    result, angle = kept_pair(node)
    turned = grad.conj_physical()
    direction = polar(wrap(np.ones((), angle._array.dtype)), angle)
    return (
        real(turned * direction) if node.needs[0] else None,
        real(turned * (result * 1j)) if node.needs[1] else None,
    )


@operation(out=True)
def polar(abs: Tensor, angle: Tensor) -> Tensor:
    """The complex numbers of these absolute values and angles; both broadcast."""
    _check_parts("polar", abs, angle, ("abs", "angle"))
    shape = judged("polar", abs, angle)
    value = _empty_like_parts(shape, abs._array, angle._array)
    with np.errstate(all="ignore"):
        value.real = abs._array * np.cos(angle._array)
        value.imag = abs._array * np.sin(angle._array)
    return record(value, (abs, angle), polar_backward, (RESULT, angle))


def angle_backward(node: Any, grad: Tensor) -> Tensor:
    """Across the direction of the number, over its size; 0 of real numbers and at 0."""
    input = kept(node)
    if input._array.dtype.kind != "c":
        return wrap(np.zeros(grad._array.shape, grad._array.dtype))
    x, y = real(input), imag(input)
    size = x * x + y * y
    made = complex_(-y / size * grad, x / size * grad)
    return masked(made, input._array != 0)


@operation(methods=("angle",), out=True)
def angle(input: Tensor) -> Tensor:
    """The angle of each number; of real ones 0, or pi where they are negative."""
    array = tensor_argument("angle", "input", input)._array
    if input.dtype.category < FLOATING:
        array = array.astype(DEFAULTS[FLOATING].numpy)

    def compute(values: Array) -> Any:
        if values.dtype.kind == "c":
            return np.angle(values)
        turned = np.where(values < 0, values.dtype.type(np.pi), values.dtype.type(0))
        return np.where(np.isnan(values), values, turned)

    return record(elementwise(compute, array), (input,), angle_backward, (input,))
