"""What a program may say about shapes in the middle of a function.

`assume` and `assert_shape` tell the type checker something and hold at run time too; `reveal_shape`
asks it. Inside of a `checked` function they know what its names are bound to.
"""

from __future__ import annotations

import sys
from typing import Any, TypeVar

from shapetorch.annotations.objects import axes_of_item
from shapetorch.annotations.spec import ShapeSpec
from shapetorch.annotations.subscripts import parse_string
from shapetorch.annotations.tensors import AnnotationMeta, dtype_of, shape_of
from shapetorch.dim import render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.runtime.checked import current_call
from shapetorch.runtime.checks import Refused
from shapetorch.runtime.hints import spec_check

T = TypeVar("T")


def assume(condition: object) -> None:
    """Tell the type checker that a condition about sizes holds: ``assume(d % heads == 0)``.

    Raises:
        ShapeError: argument_error_value, when it does not.
    """
    if not condition:
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("condition", condition),
            f"assume: the condition must hold, got {condition!r}",
        )


def assert_shape(x: T, shape: Any) -> T:
    """`x`, which must have the shape: ``x = assert_shape(f(x), "b t d")``.

    Args:
        x: Any array.
        shape: A string as in jaxtyping, a shape, or a ``Tensor[...]`` annotation.

    Raises:
        ShapeError: assert_error_shape_mismatch.
        TypeError: `x` is not an array.
    """
    spec = _read(shape)
    call = current_call()
    try:
        spec_check(spec).run(x, call)
    except Refused as refused:
        bindings = call.render()
        message = f"assert_shape: {refused}" + (f" ({bindings})" if bindings else "")
        if refused.what == "type":
            raise TypeError(message) from None
        kind = ErrorKind.assert_error_shape_mismatch
        raise ShapeError(kind, (refused.expected, refused.got), message) from None
    return x


def _read(shape: Any) -> ShapeSpec:
    if isinstance(shape, AnnotationMeta):
        return shape.spec
    return ShapeSpec(tuple(parse_string(shape) if isinstance(shape, str) else axes_of_item(shape)))


def reveal_shape(x: T) -> T:
    """`x`, whose shape is printed to standard error; the type checker reports it as a note."""
    shape = shape_of(x)
    if shape is None:
        text = type(x).__name__
    else:
        text = " ".join(filter(None, (render_shape(shape), dtype_of(x))))
    print(f"reveal_shape: {text}", file=sys.stderr)
    return x
