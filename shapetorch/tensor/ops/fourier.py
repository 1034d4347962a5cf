"""Discrete Fourier transforms along one dim and along several.

All are made of three maps, each linear, whose gradients are these maps again: complex to complex, real to
the half of the frequencies that determines the others, and back. The scale is NumPy's: "backward"
scales the inverse by 1/n, "forward" the transform, "ortho" both by 1/sqrt(n); the adjoint of a map has
the other direction and, but for "ortho", the other scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import tensor_argument
from shapetorch.tensor.dtypes import COMPLEX, DEFAULTS, DTYPES, FLOATING, NARROW, dtype
from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import OPERATIONS, operation
from shapetorch.tensor.options import check_placement, dtype_argument, finished, written
from shapetorch.tensor.reducing import places
from shapetorch.tensor.signatures import type_name
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, wrap

_ADJOINT = {"backward": "forward", "forward": "backward", "ortho": "ortho"}


# -- the three maps -----------------------------------------------------------------------------------


def complex_transform(
    tensor: Tensor, dims: Sequence[int], norm: str, inverse: bool = False
) -> Tensor:
    """The transform of complex numbers (or of real ones) along dims."""
    array = tensor._array
    kind = tensor.dtype.to_complex().numpy
    if not dims:
        result = array.astype(kind)
    elif array.size:
        result = _transform("ifft" if inverse else "fft", array, dims, norm)
        if array.dtype.kind == "f" and not inverse:
            _without_sign(result, dims)
    else:
        result = np.zeros(array.shape, kind)
    return record(
        result.astype(kind, copy=False),
        (tensor,),
        complex_transform_backward,
        dims=dims,
        norm=norm,
        inverse=inverse,
    )


def _without_sign(spectra: Array, dims: Sequence[int]) -> None:
    """Make -0j to +0j where the frequencies of real samples are their own mirror images."""
    key = [slice(None)] * spectra.ndim
    for dim in dims:
        size = spectra.shape[dim]
        key[dim] = slice(None, None, size // 2 if size > 1 and size % 2 == 0 else size)
    spectra[tuple(key)].imag += 0


def complex_transform_backward(node: Any, grad: Tensor) -> Tensor:
    """The other direction."""
    return complex_transform(grad, node.dims, _ADJOINT[node.norm], not node.inverse)


def half_transform(tensor: Tensor, dims: Sequence[int], norm: str) -> Tensor:
    """The transform of real numbers, of which the last dim keeps ``n // 2 + 1`` frequencies."""
    array = tensor._array
    kind = tensor.dtype.to_complex().numpy
    size = array.shape[dims[-1]]
    if array.size:
        result = _transform("rfft", array, dims, norm).astype(kind, copy=False)
    else:
        result = np.zeros(_with_size(array.shape, dims[-1], size // 2 + 1), kind)
    return record(result, (tensor,), half_transform_backward, dims=dims, norm=norm, size=size)


def half_transform_backward(node: Any, grad: Tensor) -> Tensor:
    """The frequencies left out count nothing; the real part of the other direction."""
    whole = resized(grad, {node.dims[-1]: node.size})
    return complex_transform(whole, node.dims, _ADJOINT[node.norm], True).real  # type: ignore[no-any-return]


def real_transform(tensor: Tensor, dims: Sequence[int], norm: str, size: int) -> Tensor:
    """The inverse of `half_transform`, of which the last dim gets `size` samples."""
    array = tensor._array
    kind = tensor.dtype.to_real().numpy
    sizes = [array.shape[place] for place in dims[:-1]] + [size]
    if array.size:
        result = _transform("irfft", array, dims, norm, sizes).astype(kind, copy=False)
    else:
        result = np.zeros(_with_size(array.shape, dims[-1], size), kind)
    return record(result, (tensor,), real_transform_backward, dims=dims, norm=norm, size=size)


def real_transform_backward(node: Any, grad: Tensor) -> Tensor:
    """A frequency that stands for its mirror image too counts twice."""
    made = half_transform(grad, node.dims, _ADJOINT[node.norm])
    last = node.dims[-1]
    count = made._array.shape[last]
    weights = np.ones(count, made._array.real.dtype)
    weights[1 : 1 + node.size - count] = 2
    shape = [-1 if place == last else 1 for place in range(made._array.ndim)]

    return made * wrap(weights.reshape(shape))


def _transform(
    name: str, array: Array, dims: Sequence[int], norm: str, sizes: Sequence[int] | None = None
) -> Array:
    """SciPy's transform: several times as fast as NumPy's on many rows."""
    import scipy.fft

    if len(dims) == 1:
        size = None if sizes is None else sizes[0]
        return getattr(scipy.fft, name)(array, size, dims[0], norm)  # type: ignore[no-any-return]
    return getattr(scipy.fft, f"{name}n")(array, sizes, dims, norm)  # type: ignore[no-any-return]


# -- sizes --------------------------------------------------------------------------------------------


def resized(tensor: Tensor, sizes: dict[int, int]) -> Tensor:
    """A tensor cut at the end of dims, or filled up there with zeros."""
    array = tensor._array
    shape = list(array.shape)
    for place, size in sizes.items():
        shape[place] = size
    if tuple(shape) == array.shape:
        return tensor
    result = np.zeros(shape, array.dtype)
    common = tuple(slice(min(a, b)) for a, b in zip(shape, array.shape, strict=True))
    result[common] = array[common]
    back = {place: array.shape[place] for place in sizes}
    return record(result, (tensor,), resized_backward, sizes=back)


def resized_backward(node: Any, grad: Tensor) -> Tensor:
    """Cut where zeros were added, and the other way round."""
    return resized(grad, node.sizes)


def _with_size(shape: Sequence[int], place: int, size: int) -> tuple[int, ...]:
    return (*shape[:place], size, *shape[place + 1 :])


# -- arguments ----------------------------------------------------------------------------------------


def _norm(norm: Any, swapped: bool = False) -> str:
    """The scale; `swapped` for the Hermitian transforms, which turn the direction round."""
    if norm is not None and not isinstance(norm, str):
        raise TypeError(f"fft: argument 'norm' must be str, not {type_name(norm)}")
    if norm is not None and norm not in _ADJOINT:
        raise RuntimeError(f'Invalid normalization mode: "{norm}"')
    found = norm or "backward"
    return _ADJOINT[found] if swapped else found


def _refuse_complex(name: str, input: Tensor) -> None:
    tensor_argument(f"fft_{name}", "input", input)
    if input.dtype.category == COMPLEX:
        raise RuntimeError(f"{name} expects a real input tensor, but got {input.dtype}")


def _input(name: str, input: Tensor) -> Tensor:
    """The operand in a dtype that can be transformed."""
    tensor_argument(f"fft_{name}", "input", input)
    if input._array.dtype in NARROW:
        raise RuntimeError(f"Unsupported dtype {input.dtype}")
    if input.dtype.category < FLOATING:
        return input.to(DEFAULTS[FLOATING])  # type: ignore[no-any-return]
    return input


def _complex(tensor: Tensor) -> Tensor:
    return tensor.to(tensor.dtype.to_complex())  # type: ignore[no-any-return]


def _dims(input: Tensor, s: Any, dim: Any) -> list[int]:
    """The dims of a transform over several: those given, the last ``len(s)``, or all."""
    rank = input._array.ndim
    if dim is None:
        count = rank if s is None else len(s)
        return list(range(rank - count, rank))
    given = [dim] if isinstance(dim, int) else dim
    return [int(item) % rank for item in given]


def _sizes(input: Tensor, s: Any, dims: Sequence[int]) -> list[int]:
    shape = input._array.shape
    if s is None:
        return [shape[place] for place in dims]
    return [shape[place] if size == -1 else int(size) for size, place in zip(s, dims, strict=True)]


def _several(name: str, input: Tensor, s: Any, dim: Any, norm: Any) -> Tensor:
    """One of the transforms over several dims."""
    if isinstance(s, int):
        s = (s,)
    if name.startswith("rfft"):
        _refuse_complex(name, input)
    judged(f"fft.{name}", input, s, dim)
    made = _input(name, input)
    dims = _dims(made, s, dim)
    sizes = _sizes(made, s, dims)
    if name.startswith("ihfft"):  # here PyTorch looks at the dims first
        _refuse_complex(name, input)
    kind = name.rstrip("n2")
    if kind in ("fft", "ifft"):
        made = resized(made, dict(zip(dims, sizes, strict=True)))
        return complex_transform(made, dims, _norm(norm), kind == "ifft")
    if kind in ("rfft", "ihfft"):
        made = resized(made, dict(zip(dims, sizes, strict=True)))
        found = half_transform(made, dims, _norm(norm, kind == "ihfft"))
        return found.conj_physical() if kind == "ihfft" else found
    last = dims[-1]
    if s is None or s[-1] == -1:
        sizes[-1] = 2 * (made._array.shape[last] - 1)
    wanted = dict(zip(dims, [*sizes[:-1], sizes[-1] // 2 + 1], strict=True))
    made = resized(_complex(made), wanted)
    if kind == "hfft":
        made = made.conj_physical()
    return real_transform(made, dims, _norm(norm, kind == "hfft"), sizes[-1])


def _single(name: str, input: Tensor, n: Any, dim: Any, norm: Any) -> Tensor:
    """One of the transforms along one dim."""
    if name in ("rfft", "ihfft"):
        _refuse_complex(name, input)
    made = _input(name, input)
    judged(f"fft.{name}", input, n, dim)
    return _several_of_one(name, made, n, int(dim) % made._array.ndim, norm)


def _several_of_one(name: str, made: Tensor, n: Any, place: int, norm: Any) -> Tensor:
    if name in ("irfft", "hfft"):
        size = 2 * (made._array.shape[place] - 1) if n is None else int(n)
        made = resized(_complex(made), {place: size // 2 + 1})
        made = made.conj_physical() if name == "hfft" else made
        return real_transform(made, [place], _norm(norm, name == "hfft"), size)
    if n is not None:
        made = resized(made, {place: int(n)})
    if name in ("rfft", "ihfft"):
        found = half_transform(made, [place], _norm(norm, name == "ihfft"))
        return found.conj_physical() if name == "ihfft" else found
    return complex_transform(made, [place], _norm(norm), name == "ifft")


# -- one dim ------------------------------------------------------------------------------------------


@operation("fft.fft", out=True)
def fft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The transform along a dim: ``X[k] = sum over j of x[j] * exp(-2 pi i j k / n)``.

    Args:
        input: Real or complex.
        n: The number of samples; the signal is cut or filled up with zeros.
        dim: The dim.
        norm: "backward" (no scale here, 1/n in the inverse), "forward" (1/n) or "ortho" (1/sqrt(n)).

    Raises:
        ShapeError: dimension_error_out_of_range, fft_error_size.
        RuntimeError: the dtype is half precision, or `norm` is something else.
    """
    return _single("fft", input, n, dim, norm)


@operation("fft.ifft", out=True)
def ifft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The inverse of `fft`."""
    return _single("ifft", input, n, dim, norm)


@operation("fft.rfft", out=True)
def rfft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The first ``n // 2 + 1`` frequencies of real samples; see `fft`."""
    return _single("rfft", input, n, dim, norm)


@operation("fft.irfft", out="real")
def irfft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The inverse of `rfft`: `n` real samples, ``2 * (m - 1)`` of m frequencies if None."""
    return _single("irfft", input, n, dim, norm)


@operation("fft.hfft", out="real")
def hfft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The real transform of a Hermitian signal, of which one half is given."""
    return _single("hfft", input, n, dim, norm)


@operation("fft.ihfft", out=True)
def ihfft(input: Tensor, n: int | None = None, dim: int = -1, norm: str | None = None) -> Tensor:
    """The inverse of `hfft`."""
    return _single("ihfft", input, n, dim, norm)


# -- several dims -------------------------------------------------------------------------------------


def _declare(name: str, default: Any, doc: str) -> None:
    def transform(input: Tensor, s: Any = None, dim: Any = default, norm: Any = None) -> Tensor:
        if dim is None and default is not None:
            raise TypeError(f"{name}(): argument 'dim' must be tuple of ints, not None")
        return _several(name, input, s, dim, norm)

    transform.__name__ = transform.__qualname__ = name
    transform.__doc__ = doc
    operation(f"fft.{name}", out="real" if name[:-1] in ("irfft", "hfft") else True)(transform)


for _name, _what in {
    "fft": "`fft`",
    "ifft": "`ifft`",
    "rfft": "`fft`, of real samples: half of the frequencies of the last dim",
    "irfft": "the inverse of `rfftn`",
    "hfft": "`hfft`: a Hermitian signal, of which half of the last dim is given",
    "ihfft": "the inverse of `hfftn`",
}.items():
    _declare(f"{_name}2", (-2, -1), f"The transform along two dims, see {_what}.")
    _declare(f"{_name}n", None, f"The transform along several dims (all by default), see {_what}.")


# -- frequencies --------------------------------------------------------------------------------------


def _shifted(name: str, input: Tensor, dim: Any, towards: int) -> Tensor:
    judged(f"fft.{name}", input, dim)
    over = places(dim, input._array.ndim) if dim is None else _dims(input, None, dim)
    if not over:
        if dim is not None:
            raise RuntimeError(f"{name}: dim must name at least one dim, got {dim}")
        return input.clone()  # type: ignore[no-any-return]
    shape = input._array.shape
    shifts = [(shape[place] + (towards < 0)) // 2 for place in over]
    return OPERATIONS["roll"].function(input, shifts, list(over))  # type: ignore[no-any-return]


@operation("fft.fftshift")
def fftshift(input: Tensor, dim: Any = None) -> Tensor:
    """The frequencies in order: negative ones first; along all dims by default."""
    return _shifted("fftshift", input, dim, 1)


@operation("fft.ifftshift")
def ifftshift(input: Tensor, dim: Any = None) -> Tensor:
    """The inverse of `fftshift`."""
    return _shifted("ifftshift", input, dim, -1)


def _frequencies(name: str, whole: Any, n: int, d: float, given: Any) -> Tensor:
    kind = DEFAULTS[FLOATING] if given is None else dtype_argument(name, given)
    if kind.category < FLOATING:
        raise RuntimeError(f"{name} requires a floating point or complex dtype")
    if kind is DTYPES["complex64"] or kind is DTYPES["complex128"]:
        raise NotImplementedError(f'"arange_cpu" not implemented for {kind}')
    with np.errstate(all="ignore"):
        return finished((whole / np.float64(n * d)).astype(kind.numpy))


@operation("fft.fftfreq")
def fftfreq(
    n: int,
    d: float = 1.0,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """The frequencies of `fft` of `n` samples that are `d` apart: ``(n,)``, negative ones last."""
    judged("fft.fftfreq", n, d)
    check_placement("fftfreq", device, layout)
    whole = np.concatenate((np.arange((n + 1) // 2), np.arange(-(n // 2), 0))).astype(np.float64)
    made = _frequencies("fftfreq", whole, n, d, dtype)
    return written("fftfreq", out, finished(made._array, requires_grad), dtype)


@operation("fft.rfftfreq")
def rfftfreq(
    n: int,
    d: float = 1.0,
    *,
    out: Tensor | None = None,
    dtype: dtype | None = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """The frequencies of `rfft` of `n` samples that are `d` apart: ``(n // 2 + 1,)``."""
    (count,) = judged("fft.rfftfreq", n, d)
    check_placement("rfftfreq", device, layout)
    made = _frequencies("rfftfreq", np.arange(count, dtype=np.float64), n, d, dtype)
    return written("rfftfreq", out, finished(made._array, requires_grad), dtype)
