"""Powers of a vector's elements, as a matrix."""

from __future__ import annotations

from shapetorch.tensor.arguments import tensor_argument
from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import OPERATIONS, operation
from shapetorch.tensor.tensors import Tensor


@operation()
def vander(x: Tensor, N: int | None = None, increasing: bool = False) -> Tensor:
    """The matrix whose columns are the powers of the elements of `x`.

    Args:
        x: ``(n,)``.
        N: How many columns; n if None.
        increasing: Whether the powers rise from left to right.

    Returns:
        ``(n, N)``; the integers' powers are int64.

    Raises:
        ShapeError: rank_error_mismatch, creation_error_negative_size.
    """
    tensor_argument("vander", "x", x)
    size, count = judged("vander", x, N, increasing)
    wide = x if x.dtype.category > 1 else x.long()
    powers = OPERATIONS["ones"].function(size, min(count, 1), dtype=wide.dtype)
    if count > 1:
        rest = wide.unsqueeze(1).expand(size, count - 1).cumprod(1)
        powers = OPERATIONS["cat"].function([powers, rest], 1)
    return powers if increasing else powers.flip(1)  # type: ignore[no-any-return]
