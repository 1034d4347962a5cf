"""The shape helpers that give the shape itself, or the error."""

from __future__ import annotations

from shapetorch.dim import (
    Shape,
    Truth,
    equal,
    product,
    render_shape,
)
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.typing.functions import inverse_shape
from shapetorch.typing.helpers import ask, helper


@helper("ValidateScalar")
def validate_scalar(input: Shape) -> Shape:
    """The shape, which must have one element."""
    if equal(product(input), 1) is Truth.NO:
        raise ShapeError(
            ErrorKind.item_error_not_scalar,
            (input,),
            f"item: the tensor must have one element, got {product(input)} from {render_shape(input)}",
        )
    return input


@helper("ValidateSquareMatrix")
def validate_square_matrix(input: Shape) -> Shape:
    """The shape, which must be that of a square matrix."""
    if len(input) != 2:
        raise ShapeError(
            ErrorKind.linalg_error_requires_2d,
            (len(input), input),
            f"square matrix: rank must be 2, got {len(input)} from {render_shape(input)}",
        )
    inverse_shape(input)
    return input


@helper("ValidateBatchedSquareMatrix")
def validate_batched_square_matrix(input: Shape) -> Shape:
    """The shape, whose last two sizes must be equal."""
    inverse_shape(input)
    return input


@helper("ValidateChunkDim")
def validate_chunk_dim(input: Shape, dim: int = 0) -> Shape:
    """The shape, which must have a dim to be cut into chunks."""
    ask("torch.chunk", input=input, chunks=1, dim=dim)
    return input


@helper("ValidateSplitDim")
def validate_split_dim(input: Shape, dim: int = 0) -> Shape:
    """The shape, which must have a dim to be split."""
    ask("torch.split", tensor=input, split_size_or_sections=1, dim=dim)
    return input


@helper("ValidateUnbindDim")
def validate_unbind_dim(input: Shape, dim: int = 0) -> Shape:
    """The shape, which must have a dim to be unbound."""
    ask("torch.unbind", input=input, dim=dim)
    return input
