"""Discrete Fourier transforms, PyTorch's ``torch.fft``.

Written by ``tools/stubs.py``.
"""

from builtins import bool as _bool
from builtins import float as _float
from builtins import int as _int
from builtins import str as _str
from collections.abc import Sequence as _Sequence
from shapetorch.tensor.devices import device as _device
from shapetorch.tensor.dtypes import dtype as _dtype
from shapetorch.tensor.formats import layout as _layout

from shapetorch.tensor.tensors import Tensor

def fft(input: Tensor, n: _int | None = None, dim: _int = -1, norm: _str | None = None, *, out: Tensor | None = None) -> Tensor:
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

def ifft(input: Tensor, n: _int | None = None, dim: _int = -1, norm: _str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The inverse of `fft`."""

def rfft(input: Tensor, n: _int | None = None, dim: _int = -1, norm: _str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The first ``n // 2 + 1`` frequencies of real samples; see `fft`."""

def irfft(input: Tensor, n: _int | None = None, dim: _int = -1, norm: _str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The inverse of `rfft`: `n` real samples, ``2 * (m - 1)`` of m frequencies if None."""

def hfft(input: Tensor, n: _int | None = None, dim: _int = -1, norm: _str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The real transform of a Hermitian signal, of which one half is given."""

def ihfft(input: Tensor, n: _int | None = None, dim: _int = -1, norm: _str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The inverse of `hfft`."""

def fft2(input: Tensor, s: _Sequence[_int] | None = None, dim: _int | _Sequence[_int] = (-2, -1), norm: _str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The transform along two dims, see `fft`."""

def fftn(input: Tensor, s: _Sequence[_int] | None = None, dim: _int | _Sequence[_int] | None = None, norm: _str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The transform along several dims (all by default), see `fft`."""

def ifft2(input: Tensor, s: _Sequence[_int] | None = None, dim: _int | _Sequence[_int] = (-2, -1), norm: _str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The transform along two dims, see `ifft`."""

def ifftn(input: Tensor, s: _Sequence[_int] | None = None, dim: _int | _Sequence[_int] | None = None, norm: _str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The transform along several dims (all by default), see `ifft`."""

def rfft2(input: Tensor, s: _Sequence[_int] | None = None, dim: _int | _Sequence[_int] = (-2, -1), norm: _str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The transform along two dims, see `fft`, of real samples: half of the frequencies of the last dim."""

def rfftn(input: Tensor, s: _Sequence[_int] | None = None, dim: _int | _Sequence[_int] | None = None, norm: _str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The transform along several dims (all by default), see `fft`, of real samples: half of the frequencies of the last dim."""

def irfft2(input: Tensor, s: _Sequence[_int] | None = None, dim: _int | _Sequence[_int] = (-2, -1), norm: _str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The transform along two dims, see the inverse of `rfftn`."""

def irfftn(input: Tensor, s: _Sequence[_int] | None = None, dim: _int | _Sequence[_int] | None = None, norm: _str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The transform along several dims (all by default), see the inverse of `rfftn`."""

def hfft2(input: Tensor, s: _Sequence[_int] | None = None, dim: _int | _Sequence[_int] = (-2, -1), norm: _str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The transform along two dims, see `hfft`: a Hermitian signal, of which half of the last dim is given."""

def hfftn(input: Tensor, s: _Sequence[_int] | None = None, dim: _int | _Sequence[_int] | None = None, norm: _str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The transform along several dims (all by default), see `hfft`: a Hermitian signal, of which half of the last dim is given."""

def ihfft2(input: Tensor, s: _Sequence[_int] | None = None, dim: _int | _Sequence[_int] = (-2, -1), norm: _str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The transform along two dims, see the inverse of `hfftn`."""

def ihfftn(input: Tensor, s: _Sequence[_int] | None = None, dim: _int | _Sequence[_int] | None = None, norm: _str | None = None, *, out: Tensor | None = None) -> Tensor:
    """The transform along several dims (all by default), see the inverse of `hfftn`."""

def fftshift(input: Tensor, dim: _int | _Sequence[_int] | None = None) -> Tensor:
    """The frequencies in order: negative ones first; along all dims by default."""

def ifftshift(input: Tensor, dim: _int | _Sequence[_int] | None = None) -> Tensor:
    """The inverse of `fftshift`."""

def fftfreq(n: _int, d: _float = 1.0, *, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, requires_grad: _bool = False) -> Tensor:
    """The frequencies of `fft` of `n` samples that are `d` apart: ``(n,)``, negative ones last."""

def rfftfreq(n: _int, d: _float = 1.0, *, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, requires_grad: _bool = False) -> Tensor:
    """The frequencies of `rfft` of `n` samples that are `d` apart: ``(n // 2 + 1,)``."""
