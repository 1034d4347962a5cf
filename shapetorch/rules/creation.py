"""Tensors from sizes: filled, random, or like another tensor.

Sizes are separate arguments or one sequence; none of them may be negative.
"""

from __future__ import annotations

from shapetorch.dim import UNKNOWN_DIM, Shape, Size, Truth, at_most, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.broadcasting import broadcast_all
from shapetorch.rules.registry import Number, Sizes, rule


def created(operation: str, sizes: Sizes) -> Shape:
    """The shape that `sizes` ask for.

    Raises:
        ShapeError: creation_error_negative_size.
    """
    shape = tuple(sizes)
    if any(at_most(0, size) is Truth.NO for size in shape):
        raise ShapeError(
            ErrorKind.creation_error_negative_size,
            (shape,),
            f"{operation}: sizes must not be negative, got {render_shape(shape)}",
        )
    return shape


@rule("zeros", functions=("zeros",), spread="size", dtype="default")
def zeros_shape(size: Sizes) -> Shape:
    """The sizes themselves.

    Args:
        size: As separate arguments or one sequence.

    Raises:
        ShapeError: creation_error_negative_size.

    Source: PyTorch ``torch.zeros``.
    """
    return created("zeros", size)


@rule("ones", functions=("ones",), spread="size", dtype="default")
def ones_shape(size: Sizes) -> Shape:
    """The sizes themselves."""
    return created("ones", size)


@rule("empty", functions=("empty",), spread="size", dtype="default")
def empty_shape(size: Sizes) -> Shape:
    """The sizes themselves."""
    return created("empty", size)


@rule("randn", functions=("randn", "rand"), spread="size", dtype="default")
def randn_shape(size: Sizes) -> Shape:
    """The sizes themselves."""
    return created("randn", size)


@rule("full", functions=("full",), dtype="value")
def full_shape(size: Sizes, fill_value: object) -> Shape:
    """The sizes themselves, given as one sequence."""
    return created("full", size)


@rule("empty_strided", functions=("empty_strided", "empty_permuted"), dtype="default")
def empty_strided_shape(size: Sizes, stride: Sizes) -> Shape:
    """The sizes themselves; there are as many strides."""
    shape = created("empty_strided", size)
    if len(stride) != len(shape):
        raise ShapeError(
            ErrorKind.rank_error_mismatch,
            (len(shape), len(stride), shape),
            f"empty_strided: there must be as many strides as sizes, "
            f"got {len(stride)} for {render_shape(shape)}",
        )
    return shape


@rule("randint", functions=("randint",), dtype="int64")
def randint_below_shape(high: object, size: Sizes) -> Shape:
    """The sizes themselves."""
    return created("randint", size)


@rule("randint", functions=("randint",), dtype="int64")
def randint_shape(low: object, high: object, size: Sizes) -> Shape:
    """The sizes themselves."""
    return created("randint", size)


@rule("randperm", functions=("randperm",), dtype="int64")
def randperm_shape(n: Size) -> Shape:
    """One size: how many numbers are shuffled."""
    return created("randperm", (n,))


@rule("eye", functions=("eye",), dtype="default")
def eye_shape(n: Size, m: Size | None = None) -> Shape:
    """``(n, m)``; square without `m`."""
    return created("eye", (n, n if m is None else m))


@rule(
    "zeros_like",
    functions=("zeros_like", "ones_like", "empty_like", "rand_like", "randn_like"),
    dtype="same",
)
def zeros_like_shape(input: Shape) -> Shape:
    """Shape as the tensor's."""
    return input


@rule("full_like", functions=("full_like",), dtype="same")
def full_like_shape(input: Shape, fill_value: object) -> Shape:
    """Shape as the tensor's."""
    return input


@rule("randint_like", functions=("randint_like",), dtype="same")
def randint_like_shape(input: Shape, low: object, high: object = None) -> Shape:
    """Shape as the tensor's."""
    return input


@rule("new_zeros", methods=("new_zeros", "new_ones", "new_empty"), spread="size", dtype="same")
def new_zeros_shape(input: Shape, size: Sizes) -> Shape:
    """The sizes themselves."""
    return created("new_zeros", size)


@rule("new_full", methods=("new_full",), dtype="same")
def new_full_shape(input: Shape, size: Sizes, fill_value: object) -> Shape:
    """The sizes themselves, given as one sequence."""
    return created("new_full", size)


@rule("normal", functions=("normal",), dtype="default")
def normal_size_shape(mean: object, std: object, size: Sizes) -> Shape:
    """The sizes themselves."""
    return created("normal", size)


@rule("normal", functions=("normal",))
def normal_shape(mean: Shape | Number, std: Shape | Number = ()) -> Shape:
    """Shape that means and deviations broadcast to."""
    return broadcast_all("normal", mean, std)


@rule("binomial", functions=("binomial",), dtype="same")
def binomial_shape(count: Shape, prob: Shape) -> Shape:
    """Shape that counts and probabilities broadcast to."""
    return broadcast_all("binomial", count, prob)


@rule("multinomial", functions=("multinomial",), methods=("multinomial",), dtype="int64")
def multinomial_shape(input: Shape, num_samples: Size, replacement: bool = False) -> Shape:
    """Shape of the indices drawn.

    Args:
        input: Weights, ``(K,)`` or ``(N, K)``.
        num_samples: How many are drawn from each row; at most K without replacement.
        replacement: Whether an index may be drawn again.

    Returns:
        ``(num_samples,)`` or ``(N, num_samples)``.

    Raises:
        ShapeError: rank_error_mismatch, sample_error_count.

    Source: PyTorch ``torch.multinomial``.
    """
    if len(input) not in (1, 2):
        raise ShapeError(
            ErrorKind.rank_error_mismatch,
            (2, len(input), input),
            f"multinomial: input must have 1 or 2 dims, "
            f"got {len(input)} from {render_shape(input)}",
        )
    few = at_most(1, num_samples) is Truth.NO
    if few or input[-1] == 0 or (not replacement and at_most(num_samples, input[-1]) is Truth.NO):
        bound = "at least 1" if few else f"in 1..{input[-1]} without replacement"
        raise ShapeError(
            ErrorKind.sample_error_count,
            (num_samples, input[-1]),
            f"multinomial: num_samples must be {bound}, "
            f"got {num_samples} from {render_shape(input)}",
        )
    return (*input[:-1], num_samples)


@rule(
    "hann_window",
    functions=(
        "hann_window",
        "hamming_window",
        "blackman_window",
        "bartlett_window",
        "kaiser_window",
    ),
    dtype="default",
)
def hann_window_shape(
    window_length: Size,
    periodic: object = True,
    alpha: object = None,
    beta: object = None,
) -> Shape:
    """One size: the length of the window."""
    return created("window", (window_length,))


@rule("tril_indices", functions=("tril_indices",), dtype="int64")
def tril_indices_shape(row: Size, col: Size, offset: int = 0) -> Shape:
    """``(2, N)``, where N is how many places lie on or below the diagonal."""
    return (2, _triangle("tril_indices", row, col, offset))


@rule("triu_indices", functions=("triu_indices",), dtype="int64")
def triu_indices_shape(row: Size, col: Size, offset: int = 0) -> Shape:
    """``(2, N)``, where N is how many places lie on or above the diagonal."""
    return (2, row * col - _triangle("triu_indices", row, col, offset - 1))


def _up_to(last: int, most: int) -> int:
    """``sum(min(t, most) for t in 1..last)``."""
    rising = max(min(last, most), 0)
    return rising * (rising + 1) // 2 + max(last - most, 0) * most


def _triangle(operation: str, row: Size, col: Size, offset: int) -> Size:
    """How many places have column at most row plus `offset`."""
    rows, cols = created(operation, (row, col))
    if isinstance(rows, int) and isinstance(cols, int):
        return _up_to(offset + rows, cols) - _up_to(offset, cols)
    if rows == cols and offset in (0, -1):
        return rows * (rows + 1 + 2 * offset) // 2
    return UNKNOWN_DIM
