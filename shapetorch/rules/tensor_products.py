"""Products of more than two tensors or over chosen dims, and distances between rows."""

from __future__ import annotations

from collections.abc import Sequence

from shapetorch.dim import Shape, Size, check_equal, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.axes import axes, axis
from shapetorch.rules.broadcasting import broadcast_all, broadcast_size
from shapetorch.rules.products import broadcast_batches, check_inner, matrix_product, require_rank
from shapetorch.rules.registry import Shapes, rule


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
        result = matrix_product("chain_matmul", result, matrix)
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
    left, right = _positions(left, a), _positions(right, b)
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


def _positions(dims: Sequence[int], shape: Shape) -> tuple[int, ...]:
    for dim in dims if not shape else ():
        axis("tensordot", dim, shape, scalar=False)
    return axes("tensordot", dims, shape)


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
    return (*broadcast_batches("cdist", x1, x2), x1[-2], x2[-2])


@rule("pdist", functions=("pdist", "nn.functional.pdist"))
def pdist_shape(input: Shape, p: object = 2.0) -> Shape:
    """Shape ``(N*(N-1)//2,)`` of the distances between each two of the rows of ``(N, M)``.

    Raises:
        ShapeError: linalg_error_requires_2d.
    """
    require_rank("pdist", input, 2)
    return (input[0] * (input[0] - 1) // 2,)
