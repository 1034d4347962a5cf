"""Matrix and vector products."""

from __future__ import annotations

from shapetorch.dim import Shape, Size, check_equal, render_shape
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
    check_inner("matmul", a[-1], inner, a, b)
    return broadcast_batches("matmul", a, b) + a[-2:-1] + (b[-1:] if len(b) > 1 else ())


@rule("matmul", methods=("__rmatmul__",))
def rmatmul_shape(input: Shape, other: Shape) -> Shape:
    """Shape of ``other @ input``."""
    return matmul_shape(other, input)


@rule("mm", functions=("mm",), methods=("mm",))
def mm_shape(input: Shape, mat2: Shape) -> Shape:
    """Shape of the product of two matrices.

    Raises:
        ShapeError: linalg_error_requires_2d, matmul_error_inner_dimensions_do_not_match.
    """
    return matrix_product("mm", input, mat2)


@rule("bmm", functions=("bmm",), methods=("bmm",))
def bmm_shape(input: Shape, mat2: Shape) -> Shape:
    """Shape ``(B, M, N)`` of the products of ``(B, M, K)`` and ``(B, K, N)``.

    Raises:
        ShapeError: rank_error_mismatch, batch_dimensions_do_not_match_error,
            matmul_error_inner_dimensions_do_not_match.
    """
    return _batch_product("bmm", input, mat2)


@rule("mv", functions=("mv",), methods=("mv",))
def mv_shape(input: Shape, vec: Shape) -> Shape:
    """Shape ``(M,)`` of the product of ``(M, K)`` and ``(K,)``.

    Raises:
        ShapeError: linalg_error_requires_2d, rank_error_mismatch,
            matmul_error_inner_dimensions_do_not_match.
    """
    return _matrix_vector("mv", input, vec)


@rule("dot", functions=("dot",), methods=("dot",))
def dot_shape(input: Shape, tensor: Shape) -> Shape:
    """``()``: the product of two vectors of one length.

    Raises:
        ShapeError: rank_error_mismatch, matmul_error_inner_dimensions_do_not_match.
    """
    return _vectors("dot", input, tensor)


@rule("vdot", functions=("vdot",), methods=("vdot",))
def vdot_shape(input: Shape, other: Shape) -> Shape:
    """``()``: the product of two vectors of one length, the first conjugated."""
    return _vectors("vdot", input, other)


@rule("inner", functions=("inner",), methods=("inner",))
def inner_shape(input: Shape, other: Shape) -> Shape:
    """Shape ``(*A, *B)`` of the products over the last dims of ``(*A, K)`` and ``(*B, K)``.

    A 0-D operand multiplies.

    Raises:
        ShapeError: matmul_error_inner_dimensions_do_not_match.
    """
    if not input or not other:
        return input or other
    check_inner("inner", input[-1], other[-1], input, other)
    return input[:-1] + other[:-1]


@rule("outer", functions=("outer", "ger"), methods=("outer", "ger"))
def outer_shape(input: Shape, vec2: Shape) -> Shape:
    """Shape ``(M, N)`` of all products of two vectors.

    Raises:
        ShapeError: rank_error_mismatch.
    """
    require_rank("outer", input, 1)
    require_rank("outer", vec2, 1)
    return input + vec2


@rule("addmm", functions=("addmm",), methods=("addmm",), inplace=True)
def addmm_shape(
    input: Shape, mat1: Shape, mat2: Shape, *, beta: object = 1, alpha: object = 1
) -> Shape:
    """Shape of ``beta * input + alpha * mat1 @ mat2``; `input` expands to the product.

    Raises:
        ShapeError: linalg_error_requires_2d, matmul_error_inner_dimensions_do_not_match,
            expand_error_incompatible.
    """
    return expand_to("addmm", input, matrix_product("addmm", mat1, mat2))


@rule("addmv", functions=("addmv", "addmv_"), methods=("addmv",), inplace=True)
def addmv_shape(
    input: Shape, mat: Shape, vec: Shape, *, beta: object = 1, alpha: object = 1
) -> Shape:
    """Shape of ``beta * input + alpha * mat @ vec``; `input` expands to the product."""
    return expand_to("addmv", input, _matrix_vector("addmv", mat, vec))


@rule("addr", functions=("addr",), methods=("addr",), inplace=True)
def addr_shape(
    input: Shape, vec1: Shape, vec2: Shape, *, beta: object = 1, alpha: object = 1
) -> Shape:
    """Shape of ``beta * input + alpha * outer(vec1, vec2)``; `input` expands to the product."""
    require_rank("addr", vec1, 1)
    require_rank("addr", vec2, 1)
    return expand_to("addr", input, vec1 + vec2)


@rule("addbmm", functions=("addbmm",), methods=("addbmm",), inplace=True)
def addbmm_shape(
    input: Shape, batch1: Shape, batch2: Shape, *, beta: object = 1, alpha: object = 1
) -> Shape:
    """Shape ``(M, N)`` of `input` and the sum of a batch of products; `input` expands."""
    return expand_to("addbmm", input, _added_batch("addbmm", batch1, batch2)[1:])


@rule("baddbmm", functions=("baddbmm",), methods=("baddbmm",), inplace=True)
def baddbmm_shape(
    input: Shape, batch1: Shape, batch2: Shape, *, beta: object = 1, alpha: object = 1
) -> Shape:
    """Shape ``(B, M, N)`` of `input` and a batch of products; `input` expands."""
    return expand_to("baddbmm", input, _added_batch("baddbmm", batch1, batch2))


# -- shared checks ------------------------------------------------------------------------------------


def require_rank(operation: str, shape: Shape, rank: int) -> None:
    """Raise linalg_error_requires_2d or rank_error_mismatch unless `shape` has so many sizes."""
    if len(shape) == rank:
        return
    text = f"{operation}: the tensor must have rank {rank}, got {render_shape(shape)}"
    if rank == 2:
        raise ShapeError(ErrorKind.linalg_error_requires_2d, (len(shape), shape), text)
    raise ShapeError(ErrorKind.rank_error_mismatch, (rank, len(shape), shape), text)


def check_inner(operation: str, left: Size, right: Size, a: Shape, b: Shape) -> None:
    """Raise matmul_error_inner_dimensions_do_not_match if the summed sizes differ."""
    check_equal(
        left,
        right,
        lambda: ShapeError(
            ErrorKind.matmul_error_inner_dimensions_do_not_match,
            (left, right, a, b),
            f"{operation}: inner dimensions must be equal, got {left} and {right} "
            f"from {render_shape(a)} @ {render_shape(b)}",
        ),
    )


def expand_to(operation: str, shape: Shape, target: Shape) -> Shape:
    """`target`, to which `shape` expands; raises expand_error_incompatible if it does not."""

    def error() -> ShapeError:
        return ShapeError(
            ErrorKind.expand_error_incompatible,
            (shape, target),
            f"{operation}: the tensor must expand to the result, "
            f"got {render_shape(shape)} for {render_shape(target)}",
        )

    if len(shape) > len(target):
        raise error()
    for own, other in zip(shape, target[len(target) - len(shape) :], strict=True):
        if own != 1:
            check_equal(own, other, error)
    return target


def matrix_product(operation: str, a: Shape, b: Shape) -> Shape:
    """Shape of the product of two matrices."""
    require_rank(operation, a, 2)
    require_rank(operation, b, 2)
    check_inner(operation, a[1], b[0], a, b)
    return (a[0], b[1])


def _matrix_vector(operation: str, matrix: Shape, vector: Shape) -> Shape:
    require_rank(operation, matrix, 2)
    require_rank(operation, vector, 1)
    check_inner(operation, matrix[1], vector[0], matrix, vector)
    return (matrix[0],)


def _vectors(operation: str, a: Shape, b: Shape) -> Shape:
    require_rank(operation, a, 1)
    require_rank(operation, b, 1)
    check_inner(operation, a[0], b[0], a, b)
    return ()


def _added_batch(operation: str, a: Shape, b: Shape) -> Shape:
    if len(b) < 3:  # PyTorch looks for the sizes before it counts them
        raise ShapeError(
            ErrorKind.rank_error_missing_dim,
            (3, len(b), b),
            f"{operation}: the second batch must have rank 3, got {render_shape(b)}",
        )
    return _batch_product(operation, a, b)


def _batch_product(operation: str, a: Shape, b: Shape) -> Shape:
    require_rank(operation, a, 3)
    require_rank(operation, b, 3)
    check_equal(
        a[0],
        b[0],
        lambda: ShapeError(
            ErrorKind.batch_dimensions_do_not_match_error,
            (a[:1], b[:1], a, b),
            f"{operation}: batch sizes must be equal, got {a[0]} and {b[0]} "
            f"from {render_shape(a)} @ {render_shape(b)}",
        ),
    )
    check_inner(operation, a[2], b[1], a, b)
    return (a[0], a[1], b[2])


def broadcast_batches(operation: str, a: Shape, b: Shape) -> Shape:
    """What stands before the last two dims, broadcast; or batch_dimensions_do_not_match_error."""
    return broadcast(
        a[:-2],
        b[:-2],
        lambda left, right: ShapeError(
            ErrorKind.batch_dimensions_do_not_match_error,
            (a[:-2], b[:-2], a, b),
            f"{operation}: batch dimensions must be equal or 1, got {left} and {right} "
            f"from {render_shape(a)} @ {render_shape(b)}",
        ),
    )
