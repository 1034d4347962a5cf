"""In-place methods: the result must have the shape of the tensor it is written to."""

from __future__ import annotations

from shapetorch.dim import Shape, check_equal, render_shape
from shapetorch.errors import ErrorKind, ShapeError

AUGMENTED = {
    "__iadd__": "+=",
    "__isub__": "-=",
    "__imul__": "*=",
    "__itruediv__": "/=",
    "__ifloordiv__": "//=",
    "__imod__": "%=",
    "__ipow__": "**=",
    "__imatmul__": "@=",
    "__iand__": "&=",
    "__ior__": "|=",
    "__ixor__": "^=",
    "__ilshift__": "<<=",
    "__irshift__": ">>=",
}


def check_inplace(operation: str, shape: Shape, result: Shape) -> Shape:
    """`shape`, the result of an in-place operation whose rule gives `result`.

    Args:
        operation: The name for the message.
        shape: Of the tensor that is changed.
        result: What the operation would give if it made a new tensor.

    Raises:
        ShapeError: inplace_error_shape_changed.
    """

    def error() -> ShapeError:
        return ShapeError(
            ErrorKind.inplace_error_shape_changed,
            (shape, result),
            f"{AUGMENTED.get(operation, operation)}: the result must have the shape of the tensor it is written to, "
            f"got {render_shape(result)} for {render_shape(shape)}",
        )

    if len(shape) != len(result):
        raise error()
    for own, other in zip(shape, result, strict=True):
        check_equal(own, other, error)
    return shape
