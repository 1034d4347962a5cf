"""Fourier transforms and windows: scales, sizes, dtypes, round trips, wrong arguments."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

import shapetorch
from tests.tensor.both import agree, numbers
from tests.tensor.expressions import difference

EXPRESSIONS = """
torch.fft.fft(b)
torch.fft.fft(b, norm="ortho")
torch.fft.fft(b, norm="forward")
torch.fft.fft(b, norm="other")
torch.fft.fft(b, 5)
torch.fft.fft(b, 2, 0)
torch.fft.fft(b, 0)
torch.fft.fft(b, dim=3)
torch.fft.fft(b.long())
torch.fft.fft(b > 1)
torch.fft.fft(b.half())
torch.fft.fft(b.double()).dtype
torch.fft.fft(b, out=torch.empty(0, dtype=torch.complex64))
torch.fft.fft(b.numpy())
torch.fft.ifft(b.cfloat(), norm="ortho")
torch.fft.rfft(b)
torch.fft.rfft(b.cfloat())
torch.fft.irfft(b)
torch.fft.irfft(b.cfloat(), 3)
torch.fft.hfft(b.cfloat() * 1j)
torch.fft.hfft(b, 5, norm="ortho")
torch.fft.ihfft(b)
torch.fft.ihfft(b, norm="forward")
torch.fft.fft2(b)
torch.fft.fft2(b, s=(3, -1))
torch.fft.fft2(b, s=(3, 4), dim=(1, 0))
torch.fft.fftn(b, s=4)
torch.fft.fftn(b, dim=())
torch.fft.rfft2(b)
torch.fft.irfft2(b.cfloat())
torch.fft.irfftn(b.cfloat(), s=(2, 5))
torch.fft.hfftn(b.cfloat(), norm="ortho")
torch.fft.ihfft2(b)
torch.fft.rfftn(b, dim=())
torch.fft.fftshift(b)
torch.fft.ifftshift(b, 1)
torch.fft.fftshift(b, (0, 1))
torch.fft.fftfreq(5)
torch.fft.fftfreq(4, 0.5, dtype=torch.float64)
torch.fft.fftfreq(4, 0)
torch.fft.fftfreq(4, dtype=torch.int64)
torch.fft.fftfreq(-1)
torch.fft.rfftfreq(5, d=2.0)
torch.hann_window(5)
torch.hann_window(5, False)
torch.hann_window(1)
torch.hann_window(0)
torch.hann_window(-1)
torch.hann_window(2.5)
torch.hann_window(5, dtype=torch.float64)
torch.hann_window(5, dtype=torch.float16)
torch.hann_window(5, dtype=torch.int64)
torch.hann_window(5, requires_grad=True)
torch.hann_window(5, device="cuda")
torch.hamming_window(6)
torch.hamming_window(6, False, 0.5, 0.4)
torch.blackman_window(6)
torch.bartlett_window(6)
torch.bartlett_window(7, False)
torch.kaiser_window(6)
torch.kaiser_window(6, True, 3.0)
torch.stft(torch.arange(12.0), 4)
torch.stft(torch.arange(12.0), 4, return_complex=True)
torch.stft(torch.arange(12.0), 4, return_complex=False)
torch.stft(torch.arange(12.0), 4, 2, 3, torch.hann_window(3), return_complex=True)
torch.stft(torch.arange(12.0), 4, window=torch.hann_window(4), normalized=True, return_complex=True)
torch.stft(torch.arange(12.0), 4, window=torch.hann_window(5), return_complex=True)
torch.stft(torch.arange(12.0), 4, center=False, onesided=False, return_complex=True)
torch.stft(torch.arange(12.0), 4, pad_mode="constant", return_complex=True)
torch.stft(torch.arange(12.0).cfloat(), 4)
torch.stft(torch.arange(12.0).cfloat(), 4, onesided=True)
torch.stft(torch.arange(12), 4, return_complex=True)
torch.stft(torch.arange(12.0).half(), 4, return_complex=True)
torch.stft(torch.arange(2.0), 4, return_complex=True)
torch.istft(torch.ones(3, 5, dtype=torch.complex64), 4)
torch.istft(torch.ones(3, 5, dtype=torch.complex64), 4, window=torch.zeros(4))
torch.istft(torch.ones(3, 5, dtype=torch.complex64), 4, length=5)
torch.istft(torch.ones(3, 5, dtype=torch.complex64), 4, center=False, length=20)
torch.istft(torch.ones(3, 5, dtype=torch.complex64), 4, onesided=False)
torch.istft(torch.ones(3, 5, dtype=torch.complex64), 4, return_complex=True)
torch.istft(torch.ones(4, 5, dtype=torch.complex64), 4, return_complex=True, onesided=False)
torch.istft(torch.ones(3, 5), 4)
"""


@pytest.mark.parametrize("expression", EXPRESSIONS.strip().splitlines())
def test_as_pytorch(expression: str) -> None:
    found = difference(expression, 1e-2 if "float16" in expression else 1e-5)
    assert found is None or found.startswith("stride"), found


X = numbers(3, 6)
GRADIENTS = {
    "fft-cut": lambda t, x: t.fft.fft(x, 4, norm="forward").abs(),
    "rfft-filled": lambda t, x: t.fft.rfft(x, 9, norm="ortho").real,
    "irfft": lambda t, x: t.fft.irfft(x, 7),
    "hfft": lambda t, x: t.fft.hfft(x, norm="forward"),
    "ihfft": lambda t, x: t.fft.ihfft(x).imag,
    "fft2": lambda t, x: t.fft.fft2(x, s=(4, 5)).imag,
    "irfftn": lambda t, x: t.fft.irfftn(x, s=(2, 6), norm="ortho"),
    "stft": lambda t, x: t.stft(
        x, 4, 1, window=t.hann_window(4).double(), return_complex=True
    ).abs(),
}


def there_and_back(t: object, x: object) -> object:
    window = t.hann_window(4).double()  # type: ignore[attr-defined]
    spectra = t.stft(x, 4, 1, window=window, return_complex=True)  # type: ignore[attr-defined]
    return t.istft(spectra * spectra.abs(), 4, 1, window=window)  # type: ignore[attr-defined]


GRADIENTS["there-and-back"] = there_and_back


@pytest.mark.parametrize("call", GRADIENTS.values(), ids=GRADIENTS)
def test_gradients(call: object) -> None:
    agree(call, X)  # type: ignore[arg-type]


@pytest.mark.parametrize("norm", [None, "ortho", "forward"])
@pytest.mark.parametrize("size", [1, 2, 7, 16, 31])
def test_round_trips(size: int, norm: str | None) -> None:
    x = shapetorch.from_numpy(numbers(2, size))
    fft = shapetorch.fft
    assert np.allclose(fft.ifft(fft.fft(x, norm=norm), norm=norm).real.numpy(), x.numpy())
    assert np.allclose(fft.irfft(fft.rfft(x, norm=norm), size, norm=norm).numpy(), x.numpy())
    assert np.allclose(fft.hfft(fft.ihfft(x, norm=norm), size, norm=norm).numpy(), x.numpy())
    assert np.array_equal(fft.ifftshift(fft.fftshift(x)).numpy(), x.numpy())


def test_a_signal_comes_back_from_its_windows() -> None:
    signal = shapetorch.from_numpy(numbers(2, 100))
    window = shapetorch.hann_window(16, dtype=shapetorch.float64)
    spectra = signal.stft(16, 4, window=window, return_complex=True)
    assert np.allclose(spectra.istft(16, 4, window=window, length=100).numpy(), signal.numpy())


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_mean_and_highest_frequency_of_real_samples_are_real(size: int) -> None:
    for t in (torch, shapetorch):
        spectrum = t.fft.fft(t.arange(1.0, size + 1))
        assert str(spectrum[0]).endswith("+0.j)")
        assert size % 2 or str(spectrum[size // 2]).endswith("+0.j)")
        assert str(t.fft.fft2(t.arange(1.0, 2 * size + 1).view(2, size))[1, 0]).endswith("+0.j)")
