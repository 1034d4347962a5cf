"""Fourier transforms of short windows of a signal, and the signal made of them again."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import tensor_argument
from shapetorch.tensor.dtypes import COMPLEX, FLOATING, NARROW, OF_NUMPY
from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import OPERATIONS, operation
from shapetorch.tensor.ops.fourier import complex_transform, half_transform, real_transform, resized
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, wrap


def _is_complex(tensor: Tensor | None) -> bool:
    return tensor is not None and tensor.dtype.category == COMPLEX


def _weights(window: Tensor | None, n_fft: int, win_length: int, kind: Any) -> Tensor:
    """The window in the middle of `n_fft` samples; ones if there is none."""

    made = wrap(np.ones(win_length, kind)) if window is None else window
    if made.dtype.category < FLOATING:
        made = made.to(OF_NUMPY[np.dtype(kind)])
    if win_length == n_fft:
        return made
    before = (n_fft - win_length) // 2
    turned = resized(made.flip(0), {0: win_length + before}).flip(0)
    return resized(turned, {0: n_fft})


@operation(methods=("stft",))
def stft(
    input: Tensor,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Tensor | None = None,
    center: bool = True,
    pad_mode: str = "reflect",
    normalized: bool = False,
    onesided: bool | None = None,
    return_complex: bool | None = None,
    align_to_window: bool | None = None,
) -> Tensor:
    """The transforms of overlapping windows of signals.

    Args:
        input: ``(L,)`` or ``(N, L)``.
        n_fft: Samples per window.
        hop_length: Distance of windows; ``n_fft // 4`` if None.
        win_length: Samples that count, at most `n_fft`, which it is if None.
        window: Their weights, ``(win_length,)``; ones if None.
        center: Whether ``n_fft // 2`` samples are padded on each side.
        pad_mode: How: as of `nn.functional.pad`.
        normalized: Whether the result is divided by ``sqrt(n_fft)``.
        onesided: Whether only half of the frequencies are given; as far as all is real if None.
        return_complex: Whether the result is complex rather than of pairs; must be given for real input.
        align_to_window: Only for signals that are not padded, and not implemented here: None or false.

    Returns:
        ``(N, frequencies, windows)``; pairs add a last dim of 2.

    Raises:
        ShapeError: rank_error_mismatch, fft_error_size, window_error_size, argument_error_value.
    """
    if align_to_window and center:
        raise RuntimeError("stft align_to_window should only be set when center = false.")
    any_complex = _is_complex(input) or _is_complex(window)
    if return_complex is None and not any_complex:
        raise RuntimeError(
            "stft requires the return_complex parameter be given for real inputs, and will further require "
            "that return_complex=True in a future PyTorch release."
        )
    halved = not any_complex if onesided is None else bool(onesided)
    judged(
        "stft", input, n_fft, hop_length, win_length, window, center, pad_mode, normalized, halved
    )
    if input.dtype.category < FLOATING:
        raise RuntimeError(
            f"stft: expected a tensor of floating point or complex values, got {input.dtype}"
        )
    if input._array.dtype in NARROW:
        raise RuntimeError(f"stft: Unsupported dtype {input.dtype}")
    if halved and any_complex:
        raise RuntimeError("Cannot have onesided output if window or input is complex")
    hop = n_fft // 4 if hop_length is None else hop_length
    length = n_fft if win_length is None else win_length
    if window is None:
        warnings.warn("stft: a rectangular window is applied, as none was given", stacklevel=3)
    if center:
        input = _padded(input, n_fft // 2, pad_mode)
    frames = input.unfold(-1, n_fft, hop)
    weights = _weights(window, n_fft, length, input._array.real.dtype)
    if window is not None or length != n_fft:
        frames = frames * weights
    norm = "ortho" if normalized else "backward"
    last = [frames._array.ndim - 1]
    transform = half_transform if halved else complex_transform
    found = transform(frames, last, norm).transpose(-2, -1)
    if return_complex is False:
        return OPERATIONS["view_as_real"].function(found)  # type: ignore[no-any-return]
    return found  # type: ignore[no-any-return]


def _padded(input: Tensor, count: int, mode: str) -> Tensor:
    pad = OPERATIONS["nn.functional.pad"].function
    rank = input._array.ndim
    wide = input.reshape((1,) * (3 - rank) + input._array.shape)
    made = pad(wide, [count, count], mode)
    return made.reshape(*input._array.shape[:-1], made._array.shape[-1])  # type: ignore[no-any-return]


# -- back ---------------------------------------------------------------------------------------------


def overlap_add(frames: Tensor, hop: int) -> Tensor:
    """Signals ``(N, L)`` from windows ``(N, F, n)`` that begin `hop` samples after each other."""
    array = frames._array
    batch, count, size = array.shape
    result = np.zeros((batch, size + hop * (count - 1)), array.dtype)
    for place in range(count):
        result[:, place * hop : place * hop + size] += array[:, place]
    return record(result, (frames,), overlap_add_backward, hop=hop, size=size)


def overlap_add_backward(node: Any, grad: Tensor) -> Tensor:
    """Each window's part of the signal."""
    return grad.unfold(-1, node.size, node.hop)  # type: ignore[no-any-return]


@operation(methods=("istft",))
def istft(
    input: Tensor,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Tensor | None = None,
    center: bool = True,
    normalized: bool = False,
    onesided: bool | None = None,
    length: int | None = None,
    return_complex: bool = False,
) -> Tensor:
    """The signals whose `stft` is given: windows are added up and divided by the sum of their squares.

    Args:
        input: ``(frequencies, windows)``, with a batch dim before or not, complex.
        n_fft: Samples per window.
        hop_length: Distance of windows.
        win_length: Samples that count.
        window: Their weights.
        center: Whether the signals were padded.
        normalized: Whether the transforms were divided by ``sqrt(n_fft)``.
        onesided: Whether half of the frequencies are given; as their number says if None.
        length: Of the signals, if it is not to be computed.
        return_complex: Whether the signals are complex.

    Raises:
        ShapeError: rank_error_mismatch, fft_error_size, window_error_size, argument_error_value.
        RuntimeError: some samples are in no window.
    """
    if not _is_complex(tensor_argument("istft", "input", input)):
        raise RuntimeError(
            "istft requires a complex-valued input tensor matching the output from stft with "
            "return_complex=True."
        )
    judged(
        "istft", input, n_fft, hop_length, win_length, window, center, normalized, onesided, length
    )
    if not input._array.size:
        raise RuntimeError("istft: expected a tensor with elements, got none")
    frequencies = input._array.shape[-2]
    halved = frequencies != n_fft if onesided is None else bool(onesided)
    if return_complex and halved:
        raise RuntimeError("Cannot have onesided output if window or input is complex")
    if not return_complex and _is_complex(window):
        raise RuntimeError("Complex windows are incompatible with return_complex=False")
    hop = n_fft // 4 if hop_length is None else hop_length
    weights = _weights(
        window, n_fft, n_fft if win_length is None else win_length, input._array.real.dtype
    )
    if window is None:
        warnings.warn("istft: a rectangular window is applied, as none was given", stacklevel=3)
    is_single = input._array.ndim == 2
    spectra = (input.unsqueeze(0) if is_single else input).transpose(-2, -1)
    norm = "ortho" if normalized else "backward"
    if return_complex:
        frames = complex_transform(spectra, [2], norm, True)
    else:
        if not halved:
            spectra = spectra.narrow(-1, 0, n_fft // 2 + 1)
        frames = real_transform(spectra, [2], norm, n_fft)
    signal = overlap_add(frames * weights, hop)
    squares = (weights * weights).reshape(1, 1, n_fft).expand(1, spectra._array.shape[1], n_fft)
    envelope = overlap_add(squares, hop)
    signal = _cut(signal, envelope, n_fft, center, length)
    return signal.squeeze(0) if is_single else signal


def _cut(signal: Tensor, envelope: Tensor, n_fft: int, center: bool, length: int | None) -> Tensor:
    """The signal without padding, divided by the sum of the windows' squares."""
    whole = signal._array.shape[-1]
    first = n_fft // 2 if center else 0
    end = whole - n_fft // 2 if center else whole
    if length is not None:
        end = first + length
    stop = min(end, whole)
    signal = signal.narrow(-1, first, stop - first)
    envelope = envelope.narrow(-1, first, stop - first)
    least = _least(envelope._array)
    if least < 1e-11:
        raise RuntimeError(f"istft: window overlap add min: {least:g} is too small to divide by")
    signal = signal / envelope
    if stop < end:
        warnings.warn("istft: the signal is shorter than length, zeros are added", stacklevel=4)

        signal = resized(signal, {1: end - first})
    return signal


def _least(array: Array) -> float:
    return float(np.abs(array).min()) if array.size else np.inf
