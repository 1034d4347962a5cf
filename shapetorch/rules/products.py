"""Matrix and vector products."""

from __future__ import annotations

from shapetorch.dim import Shape, check_equal, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.broadcasting import broadcast
from shapetorch.rules.registry import rule


@rule("matmul", functions=("matmul", "linalg.matmul"), methods=("matmul", "__matmul__"))
def matmul_shape(input: Shape, other: Shape) -> Shape:
    """Shape of the matrix product, batched and broadcast over leading dims.

    Args:
        input: ``(K,)``, ``(M, K)`` or ``(*A, M, K)``.
        other: ``(K,)``, ``(K, N)`` or ``(*B, K, N)``.

    Returns:
        ``(*broadcast(A, B), M, N)``; a vector operand's missing size is left out.

    Raises:
        ShapeError: matmul_error_scalar_operand, matmul_error_inner_dimensions_do_not_match,
            batch_dimensions_do_not_match_error.

    Source: PyTorch ``torch.matmul``.
    """
    a, b = input, other
    if not a or not b:
        raise ShapeError(
            ErrorKind.matmul_error_scalar_operand,
            (a, b),
            f"matmul: both operands must have at least 1 dimension, "
            f"got {render_shape(a)} @ {render_shape(b)}",
        )
    inner = b[-2] if len(b) > 1 else b[0]
    check_equal(
        a[-1],
        inner,
        lambda: ShapeError(
            ErrorKind.matmul_error_inner_dimensions_do_not_match,
            (a[-1], inner, a, b),
            f"matmul: inner dimensions must be equal, got {a[-1]} and {inner} "
            f"from {render_shape(a)} @ {render_shape(b)}",
        ),
    )
    batch = broadcast(
        a[:-2],
        b[:-2],
        lambda left, right: ShapeError(
            ErrorKind.batch_dimensions_do_not_match_error,
            (a[:-2], b[:-2], a, b),
            f"matmul: batch dimensions must be equal or 1, got {left} and {right} "
            f"from {render_shape(a)} @ {render_shape(b)}",
        ),
    )
    return batch + a[-2:-1] + (b[-1:] if len(b) > 1 else ())
