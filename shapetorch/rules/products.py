"""Matrix and vector products."""

from __future__ import annotations

from collections.abc import Sequence

from shapetorch.dim import Shape, Size, check_equal, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.axes import axes, axis
from shapetorch.rules.broadcasting import broadcast, broadcast_all, broadcast_size
from shapetorch.rules.registry import Shapes, rule


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
    return _batches("matmul", a, b) + a[-2:-1] + (b[-1:] if len(b) > 1 else ())


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
    return _matrix_product("mm", input, mat2)


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
    return expand_to("addmm", input, _matrix_product("addmm", mat1, mat2))


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


@rule("chain_matmul", functions=("chain_matmul",), spread="matrices")
def chain_matmul_shape(matrices: Shapes) -> Shape:
    """Shape of the product of matrices from left to right.

    Raises:
        ShapeError: linalg_error_requires_2d, matmul_error_inner_dimensions_do_not_match.
    """
    for matrix in matrices:
        require_rank("chain_matmul", matrix, 2)
    result = matrices[0]
    for matrix in matrices[1:]:
        result = _matrix_product("chain_matmul", result, matrix)
    return result


@rule("multi_dot", functions=("linalg.multi_dot",))
def multi_dot_shape(tensors: Shapes) -> Shape:
    """Shape of the product of two or more matrices; the first and the last may be vectors.

    Raises:
        ShapeError: argument_error_value, linalg_error_requires_2d,
            matmul_error_inner_dimensions_do_not_match.
    """
    if len(tensors) < 2:
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("tensors", len(tensors)),
            f"multi_dot: there must be at least 2 tensors, got {len(tensors)}",
        )
    last = len(tensors) - 1
    for place, tensor in enumerate(tensors):
        if len(tensor) != 1 or place not in (0, last):
            require_rank("multi_dot", tensor, 2)
    result = tensors[0]
    for tensor in tensors[1:]:
        check_inner("multi_dot", result[-1], tensor[0], result, tensor)
        result = result[:-1] + tensor[1:]
    return result


@rule("kron", functions=("kron",), methods=("kron",))
def kron_shape(input: Shape, other: Shape) -> Shape:
    """Shape of the Kronecker product: the sizes' products, aligned at the last dim."""
    rank = max(len(input), len(other))
    a = (1,) * (rank - len(input)) + input
    b = (1,) * (rank - len(other)) + other
    return tuple(x * y for x, y in zip(a, b, strict=True))


@rule("tensordot", functions=("tensordot",))
def tensordot_shape(a: Shape, b: Shape, dims: int | Sequence[Sequence[int]] = 2) -> Shape:
    """Shape of the products summed over pairs of dims: the other dims of `a`, then those of `b`.

    Args:
        a: The left tensor.
        b: The right tensor.
        dims: How many dims, the last of `a` with the first of `b`; or the dims of each.

    Raises:
        ShapeError: tensordot_error_dimension_mismatch, dimension_error_out_of_range,
            dimension_error_duplicate, argument_error_value.
    """
    left, right = _paired_dims(a, b, dims)
    left, right = axes("tensordot", left, a), axes("tensordot", right, b)
    for i, j in zip(left, right, strict=True):
        broadcast_size(
            a[i],
            b[j],
            lambda x, y: ShapeError(
                ErrorKind.tensordot_error_dimension_mismatch,
                (x, y),
                f"tensordot: summed sizes must be equal or 1, got {x} and {y} "
                f"from {render_shape(a)} and {render_shape(b)}",
            ),
        )
    rest = tuple(size for place, size in enumerate(a) if place not in left)
    return rest + tuple(size for place, size in enumerate(b) if place not in right)


def _bad_count(dims: int, a: Shape, b: Shape) -> ShapeError:
    return ShapeError(
        ErrorKind.argument_error_value,
        ("dims", dims),
        f"tensordot: the number of dims must be at least 0 and at most both ranks, "
        f"got {dims} from {render_shape(a)} and {render_shape(b)}",
    )


def _paired_dims(
    a: Shape, b: Shape, dims: int | Sequence[Sequence[int]]
) -> tuple[Sequence[int], Sequence[int]]:
    if isinstance(dims, int):
        if not 0 <= dims <= min(len(a), len(b)):
            raise _bad_count(dims, a, b)
        return range(-dims, 0), range(dims)
    left, right = dims
    if len(left) != len(right):
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("dims", dims),
            f"tensordot: both lists of dims must be equally long, got {list(left)} and {list(right)}",
        )
    return left, right


@rule("cross", functions=("cross",), methods=("cross",))
def cross_shape(input: Shape, other: Shape, dim: int | None = None) -> Shape:
    """Shape of the vector products along `dim`, by default the first dim of size 3.

    Raises:
        ShapeError: rank_error_mismatch, cross_error_dimension_size,
            broadcast_error_incompatible_dimensions, dimension_error_out_of_range.
    """
    if dim is not None:
        return linalg_cross_shape(input, other, dim=dim)
    _require_same_rank("cross", input, other)
    for place, size in enumerate(input):
        if not isinstance(size, int):
            break
        if size == 3:
            return linalg_cross_shape(input, other, dim=place)
    else:
        raise ShapeError(
            ErrorKind.cross_error_dimension_size,
            (3, None, input),
            f"cross: a dim of the input must have size 3, got {render_shape(input)}",
        )
    return broadcast_all("cross", input, other)


@rule("cross", functions=("linalg.cross",))
def linalg_cross_shape(input: Shape, other: Shape, *, dim: int = -1) -> Shape:
    """Shape of the vector products along `dim`, which has size 3; the others broadcast.

    Raises:
        ShapeError: rank_error_mismatch, cross_error_dimension_size,
            broadcast_error_incompatible_dimensions, dimension_error_out_of_range.
    """
    _require_same_rank("cross", input, other)
    place = axis("cross", dim, input)
    for shape in (input, other):
        _require_three(shape[place] if shape else 1, place, shape)
    return broadcast_all("cross", input, other)


def _require_three(size: Size, dim: int, shape: Shape) -> None:
    check_equal(
        size,
        3,
        lambda: ShapeError(
            ErrorKind.cross_error_dimension_size,
            (size, dim, shape),
            f"cross: dim {dim} must have size 3, got {size} from {render_shape(shape)}",
        ),
    )


def _require_same_rank(operation: str, a: Shape, b: Shape) -> None:
    if len(a) != len(b):
        raise ShapeError(
            ErrorKind.rank_error_mismatch,
            (len(a), len(b), b),
            f"{operation}: both operands must have the same rank, "
            f"got {render_shape(a)} and {render_shape(b)}",
        )


@rule("vecdot", functions=("linalg.vecdot",))
def vecdot_shape(x: Shape, y: Shape, *, dim: int = -1) -> Shape:
    """Shape of the dot products along `dim`, which is left out; all dims broadcast.

    Two vectors must be equally long; PyTorch does not look at `dim` then.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions, dimension_error_out_of_range,
            matmul_error_inner_dimensions_do_not_match.
    """
    if len(x) == len(y) == 1:
        check_inner("vecdot", x[0], y[0], x, y)
        return ()
    result = broadcast_all("vecdot", x, y)
    place = axis("vecdot", dim, result)
    return result[:place] + result[place + 1 :]


@rule("cdist", functions=("cdist",))
def cdist_shape(x1: Shape, x2: Shape, p: object = 2.0, compute_mode: object = None) -> Shape:
    """Shape ``(*batch, P, R)`` of the distances between ``(*A, P, M)`` and ``(*B, R, M)``.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, matmul_error_inner_dimensions_do_not_match,
            batch_dimensions_do_not_match_error.
    """
    for shape in (x1, x2):
        if len(shape) < 2:
            raise ShapeError(
                ErrorKind.linalg_error_requires_at_least_2d,
                (len(shape), shape),
                f"cdist: both tensors must have rank 2 or more, got {render_shape(shape)}",
            )
    check_inner("cdist", x1[-1], x2[-1], x1, x2)
    return (*_batches("cdist", x1, x2), x1[-2], x2[-2])


@rule("pdist", functions=("pdist", "nn.functional.pdist"))
def pdist_shape(input: Shape, p: object = 2.0) -> Shape:
    """Shape ``(N*(N-1)//2,)`` of the distances between each two of the rows of ``(N, M)``.

    Raises:
        ShapeError: linalg_error_requires_2d.
    """
    require_rank("pdist", input, 2)
    return (input[0] * (input[0] - 1) // 2,)


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


def _matrix_product(operation: str, a: Shape, b: Shape) -> Shape:
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


def _batches(operation: str, a: Shape, b: Shape) -> Shape:
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
