"""Fourier transforms: along one dim, along several, and over short windows.

A real transform keeps ``n // 2 + 1`` frequencies of n samples; its inverse makes ``2 * (m - 1)``
samples of m frequencies unless told otherwise. Other transforms keep or take the size asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

from shapetorch.dim import Shape, Size, Truth, at_most, check_equal, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.axes import axis
from shapetorch.rules.creation import created
from shapetorch.rules.registry import Dims, Sizes, rule
from shapetorch.rules.sorting import with_size

FFT = "torch.fft"


def _check_samples(operation: str, size: Size, dim: int, shape: Shape) -> None:
    if at_most(1, size) is Truth.NO:
        raise ShapeError(
            ErrorKind.fft_error_size,
            (size, dim, shape),
            f"{operation}: there must be at least 1 sample, got {size} in dim {dim} "
            f"from {render_shape(shape)}",
        )


def _single(operation: str, input: Shape, n: Size | None, dim: int, kind: str) -> Shape:
    """Shape of a transform along one dim; `kind` is ``full``, ``half`` or ``unhalf``."""
    place = axis(operation, dim, input, scalar=False)
    default = 2 * (input[place] - 1) if kind == "unhalf" else input[place]
    samples = default if n is None else n
    _check_samples(operation, samples, place, input)
    return with_size(input, place, samples // 2 + 1 if kind == "half" else samples)


@rule("fft", functions=("fft", "ifft"), module=FFT, dtype="unknown")
def fft_shape(input: Shape, n: Size | None = None, dim: int = -1, norm: object = None) -> Shape:
    """Shape with `n` in place of the size of `dim`, if given.

    Args:
        input: At least one dim.
        n: Number of samples; the signal is cut or padded with zeros.
        dim: The dim transformed.
        norm: How the result is scaled.

    Raises:
        ShapeError: dimension_error_out_of_range, fft_error_size.

    Source: PyTorch ``torch.fft.fft``.
    """
    return _single("fft", input, n, dim, "full")


@rule("rfft", functions=("rfft", "ihfft"), module=FFT, dtype="unknown")
def rfft_shape(input: Shape, n: Size | None = None, dim: int = -1, norm: object = None) -> Shape:
    """Shape with ``n // 2 + 1`` in place of the size n of `dim`."""
    return _single("rfft", input, n, dim, "half")


@rule("irfft", functions=("irfft", "hfft"), module=FFT, dtype="unknown")
def irfft_shape(input: Shape, n: Size | None = None, dim: int = -1, norm: object = None) -> Shape:
    """Shape with `n`, or ``2 * (m - 1)``, in place of the size m of `dim`."""
    return _single("irfft", input, n, dim, "unhalf")


def _places(operation: str, input: Shape, s: Sizes | None, dim: Dims) -> list[int]:
    """The dims of a transform over several: those given, the last ``len(s)``, or all."""
    if dim is None:
        if s is not None and len(s) > len(input):
            raise ShapeError(
                ErrorKind.rank_error_mismatch,
                (len(s), len(input), input),
                f"{operation}: there must be a dim for each size, got {len(s)} sizes "
                f"for {render_shape(input)}",
            )
        return list(range(len(input) - (len(input) if s is None else len(s)), len(input)))
    dims = [dim] if isinstance(dim, int) else list(dim)
    places = [axis(operation, item, input, scalar=False) for item in dims]
    if len(set(places)) != len(places):
        raise ShapeError(
            ErrorKind.dimension_error_duplicate,
            (tuple(dims),),
            f"{operation}: each dim may appear once, got {dims} for {render_shape(input)}",
        )
    if s is not None and len(s) != len(places):
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("s", tuple(s)),
            f"{operation}: there must be a size for each dim, got {len(s)} for {len(places)} dims",
        )
    return places


def _several(operation: str, input: Shape, s: Size | Sizes | None, dim: Dims, kind: str) -> Shape:
    """Shape of a transform along several dims; the last one is halved or unhalved."""
    asked = s if s is None or isinstance(s, Sequence) else (s,)
    places = _places(operation, input, asked, dim)
    if kind != "full" and not places:
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("dim", ()),
            f"{operation}: at least one dim must be transformed, got none of {render_shape(input)}",
        )
    result = input
    for order, place in enumerate(places):
        given = None if asked is None or asked[order] == -1 else asked[order]
        how = kind if order == len(places) - 1 else "full"
        result = _single(operation, result, given, place, how)
    return result


@rule("fft2", functions=("fft2", "ifft2"), module=FFT, dtype="unknown")
def fft2_shape(
    input: Shape, s: Size | Sizes | None = None, dim: Dims = (-2, -1), norm: object = None
) -> Shape:
    """Shape with the sizes `s`, if given, in place of those of `dim`."""
    return _several("fft2", input, s, dim, "full")


@rule("rfft2", functions=("rfft2", "ihfft2"), module=FFT, dtype="unknown")
def rfft2_shape(
    input: Shape, s: Size | Sizes | None = None, dim: Dims = (-2, -1), norm: object = None
) -> Shape:
    """As `fft2_shape`, with half of the last dim."""
    return _several("rfft2", input, s, dim, "half")


@rule("irfft2", functions=("irfft2", "hfft2"), module=FFT, dtype="unknown")
def irfft2_shape(
    input: Shape, s: Size | Sizes | None = None, dim: Dims = (-2, -1), norm: object = None
) -> Shape:
    """The inverse of `rfft2_shape`."""
    return _several("irfft2", input, s, dim, "unhalf")


@rule("fftn", functions=("fftn", "ifftn"), module=FFT, dtype="unknown")
def fftn_shape(
    input: Shape, s: Size | Sizes | None = None, dim: Dims = None, norm: object = None
) -> Shape:
    """Shape with the sizes `s`, if given, in place of those of `dim` or of the last dims."""
    return _several("fftn", input, s, dim, "full")


@rule("rfftn", functions=("rfftn", "ihfftn"), module=FFT, dtype="unknown")
def rfftn_shape(
    input: Shape, s: Size | Sizes | None = None, dim: Dims = None, norm: object = None
) -> Shape:
    """As `fftn_shape`, with half of the last dim."""
    return _several("rfftn", input, s, dim, "half")


@rule("irfftn", functions=("irfftn", "hfftn"), module=FFT, dtype="unknown")
def irfftn_shape(
    input: Shape, s: Size | Sizes | None = None, dim: Dims = None, norm: object = None
) -> Shape:
    """The inverse of `rfftn_shape`."""
    return _several("irfftn", input, s, dim, "unhalf")


@rule("fftshift", functions=("fftshift", "ifftshift"), module=FFT, dtype="same")
def fftshift_shape(input: Shape, dim: Dims = None) -> Shape:
    """Shape as before; the dims must exist."""
    for item in (dim,) if isinstance(dim, int) else dim or ():
        axis("fftshift", item, input)
    return input


@rule("fftfreq", functions=("fftfreq",), module=FFT, dtype="default")
def fftfreq_shape(n: Size, d: object = 1.0) -> Shape:
    """``(n,)``."""
    return created("fftfreq", (n,))


@rule("rfftfreq", functions=("rfftfreq",), module=FFT, dtype="default")
def rfftfreq_shape(n: Size, d: object = 1.0) -> Shape:
    """``(n // 2 + 1,)``; a negative n is divided towards 0."""
    half = -(-n // 2) if isinstance(n, int) and n < 0 else n // 2
    return created("rfftfreq", (half + 1,))


def _require(condition: Truth, name: str, value: object, must: str) -> None:
    if condition is Truth.NO:
        raise ShapeError(
            ErrorKind.argument_error_value, (name, value), f"{name} must be {must}, got {value}"
        )


def _check_window(operation: str, window: Shape | None, win_length: Size) -> None:
    if window is None:
        return

    def error() -> ShapeError:
        return ShapeError(
            ErrorKind.window_error_size,
            (window[0] if len(window) == 1 else window, win_length),
            f"{operation}: the window must have shape [{win_length}], got {render_shape(window)}",
        )

    if len(window) != 1:
        raise error()
    check_equal(window[0], win_length, error)


def _check_hop(operation: str, n_fft: Size, hop: Size, win_length: Size) -> None:
    _require(at_most(1, n_fft), f"{operation}: n_fft", n_fft, "positive")
    _require(at_most(1, hop), f"{operation}: hop_length", hop, "positive")
    _require(at_most(1, win_length), f"{operation}: win_length", win_length, "positive")
    _require(at_most(win_length, n_fft), f"{operation}: win_length", win_length, f"at most {n_fft}")


@rule("stft", functions=("stft",), methods=("stft",), dtype="unknown")
def stft_shape(
    input: Shape,
    n_fft: Size,
    hop_length: Size | None = None,
    win_length: Size | None = None,
    window: Shape | None = None,
    center: bool = True,
    pad_mode: str = "reflect",
    normalized: object = False,
    onesided: bool | None = None,
    return_complex: bool | None = None,
) -> Shape:
    """Shape of the transforms of overlapping windows.

    Args:
        input: ``(L,)`` or ``(N, L)``; complex only if `return_complex` is left out.
        n_fft: Samples per window.
        hop_length: Distance of windows, ``n_fft // 4`` if None.
        win_length: Samples that count, at most `n_fft`, which it is if None.
        window: Their weights, ``(win_length,)``.
        center: Whether ``n_fft // 2`` samples are padded on each side.
        pad_mode: How.
        normalized: Whether the result is scaled.
        onesided: Whether only half of the frequencies are returned.
        return_complex: Whether the result is complex rather than of pairs.

    Returns:
        ``(N, n_fft // 2 + 1, F)`` with ``F = 1 + (L - n_fft) // hop_length``, L after padding; all
        `n_fft` frequencies if not `onesided`; pairs add a last dim of 2.

    Raises:
        ShapeError: rank_error_mismatch, fft_error_size, window_error_size, argument_error_value.

    Source: PyTorch ``torch.stft``.
    """
    if len(input) not in (1, 2):
        raise ShapeError(
            ErrorKind.rank_error_mismatch,
            (2, len(input), input),
            f"stft: input must have 1 or 2 dims, got {len(input)} from {render_shape(input)}",
        )
    hop = n_fft // 4 if hop_length is None else hop_length
    weighted = n_fft if win_length is None else win_length
    length = input[-1]
    if center:
        padding = n_fft // 2
        if pad_mode == "reflect":
            _check_reflected(padding, input)
        length = length + 2 * padding
    _check_hop("stft", n_fft, hop, weighted)
    if at_most(n_fft, length) is Truth.NO:
        raise _short_signal(n_fft, input)
    _check_window("stft", window, weighted)
    halved = return_complex is not None if onesided is None else onesided
    frames = 1 + (length - n_fft) // hop
    pair: Shape = (2,) if return_complex is False else ()
    return (*input[:-1], n_fft // 2 + 1 if halved else n_fft, frames, *pair)


def _check_reflected(padding: Size, input: Shape) -> None:
    """Raise if `padding` samples cannot be reflected at the ends of the signals, of which there are some."""
    if at_most(padding + 1, input[-1]) is Truth.NO:
        raise _short_signal(padding, input)
    if input[0] == 0:
        raise ShapeError(
            ErrorKind.fft_error_size,
            (0, 0, input),
            f"stft: there must be a signal to pad, got {render_shape(input)}",
        )


def _short_signal(samples: Size, input: Shape) -> ShapeError:
    return ShapeError(
        ErrorKind.fft_error_size,
        (input[-1], len(input) - 1, input),
        f"stft: the signal must be longer than {samples}, got {input[-1]} "
        f"from {render_shape(input)}",
    )


@rule("istft", functions=("istft",), methods=("istft",), dtype="unknown")
def istft_shape(
    input: Shape,
    n_fft: Size,
    hop_length: Size | None = None,
    win_length: Size | None = None,
    window: Shape | None = None,
    center: bool = True,
    normalized: object = False,
    onesided: bool | None = None,
    length: Size | None = None,
    return_complex: object = False,
) -> Shape:
    """Shape of the signal whose `stft_shape` is the input's.

    Args:
        input: ``(n_fft // 2 + 1, F)``, with a batch dim before or not; see `stft_shape`.
        n_fft: Samples per window.
        hop_length: Distance of windows.
        win_length: Samples that count.
        window: Their weights.
        center: Whether the signal was padded.
        normalized: Whether the result was scaled.
        onesided: Whether half of the frequencies are given.
        length: Of the signal, if it is not to be computed.
        return_complex: Whether the signal is complex.

    Returns:
        ``(N, length)``; by default ``n_fft + hop_length * (F - 1)``, less the padding.

    Raises:
        ShapeError: rank_error_mismatch, fft_error_size, window_error_size, argument_error_value.

    Source: PyTorch ``torch.istft``.
    """
    axis("istft", -2, input, scalar=False)
    if len(input) > 3:
        raise ShapeError(
            ErrorKind.rank_error_mismatch,
            (3, len(input), input),
            f"istft: input must have 2 or 3 dims, got {len(input)} from {render_shape(input)}",
        )
    hop = n_fft // 4 if hop_length is None else hop_length
    weighted = n_fft if win_length is None else win_length
    *batch, frequencies, frames = input
    if onesided is not None or frequencies is not n_fft:
        expected = n_fft // 2 + 1 if onesided in (None, True) else n_fft
        check_equal(
            frequencies,
            expected,
            lambda: ShapeError(
                ErrorKind.fft_error_size,
                (frequencies, len(input) - 2, input),
                f"istft: there must be {expected} frequencies, got {frequencies} "
                f"from {render_shape(input)}",
            ),
        )
    _check_hop("istft", n_fft, hop, weighted)
    _require(at_most(hop, weighted), "istft: hop_length", hop, f"at most {weighted}")
    _check_window("istft", window, weighted)
    if length is not None:
        _require(at_most(1, length), "istft: length", length, "positive")
        return (*batch, length)
    padding = 2 * (n_fft // 2) if center else 0
    return (*batch, n_fft + hop * (frames - 1) - padding)
