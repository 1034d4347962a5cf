"""Complex numbers as pairs of real ones, and their parts."""

from __future__ import annotations

from shapetorch.dim import Shape, check_equal, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.registry import rule


@rule("view_as_real", functions=("view_as_real",), dtype="unknown")
def view_as_real_shape(input: Shape) -> Shape:
    """Shape ``(*input, 2)``: real and imaginary parts side by side."""
    return (*input, 2)


@rule("view_as_complex", functions=("view_as_complex",), dtype="Complex")
def view_as_complex_shape(input: Shape) -> Shape:
    """Shape ``(*batch)`` of the complex numbers whose parts are the last dim of ``(*batch, 2)``.

    Raises:
        ShapeError: rank_error_mismatch, dimension_error_size.
    """
    if not input:
        raise ShapeError(
            ErrorKind.rank_error_mismatch,
            ("at least 1", 0, input),
            "view_as_complex: the tensor must have rank 1 or more, got []",
        )
    check_equal(
        input[-1],
        2,
        lambda: ShapeError(
            ErrorKind.dimension_error_size,
            (2, input[-1], -1, input),
            f"view_as_complex: the last dim must have size 2, "
            f"got {input[-1]} from {render_shape(input)}",
        ),
    )
    return input[:-1]


@rule("real", functions=("real",), dtype="unknown")
def real_shape(input: Shape) -> Shape:
    """Shape of the real parts: the tensor's."""
    return input


@rule("imag", functions=("imag",), dtype="unknown")
def imag_shape(input: Shape) -> Shape:
    """Shape of the imaginary parts: the tensor's."""
    return input
