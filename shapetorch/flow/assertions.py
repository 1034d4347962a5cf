"""`assert_shape`, which is believed unless it cannot be true, and `assert_type`, which is checked."""

from __future__ import annotations

import ast
from collections.abc import Callable

from shapetorch.annotations.jaxtyping_strings import parse_jaxtyping
from shapetorch.annotations.matching import Mismatch
from shapetorch.annotations.spec import ShapeSpec
from shapetorch.dim import (
    UNKNOWN,
    UNKNOWN_DIM,
    AnyShape,
    Size,
    Truth,
    Variadic,
    compare,
    is_fixed,
    names,
    render_shape,
    using,
)
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.flow import arguments, hint_matching, hint_reading, hints
from shapetorch.flow.state import Run
from shapetorch.flow.values import (
    Constant,
    Tensor,
    Value,
    alternatives,
)


def assert_shape(run: Run, node: ast.Call, value: Value, text: Value) -> Value:
    """``assert_shape(x, "b t d")``: believed, unless it cannot be."""
    if not isinstance(text, Constant) or not isinstance(text.value, str):
        return value
    try:
        spec = parse_jaxtyping(text.value, None)
    except ValueError:
        return value
    error = _contradiction(run, value, hints.TensorHint(spec, None), "assert_shape")
    if error is not None:
        run.report_error(error, node)
        return value
    asserted = _believed(run, value, Tensor(spec.shape()))
    target = node.args[0]
    if isinstance(target, ast.Name):
        run.frame.locals[target.id] = asserted
    return asserted


def _contradiction(
    run: Run, value: Value, hint: hints.TensorHint, subject: str
) -> ShapeError | None:
    """Why a value cannot have a shape: its rank, or two numbers. Names may stand for any number."""
    try:
        with using(run.context()):
            hint_matching.match(run, hint, value, {}, _asserted(subject))
    except ShapeError as error:
        if error.clash is None or all(isinstance(size, int) for size in error.clash):
            return error
    return None


def _believed(run: Run, value: Value, asserted: Tensor) -> Tensor:
    """A tensor that has the sizes it is known to have, and those it is asserted to have."""
    if not isinstance(value, Tensor):
        return asserted
    known, said = value.shape, asserted.shape
    if not is_fixed(known) or not is_fixed(said) or len(known) != len(said):
        return value.of_shape(said if is_fixed(said) or known == UNKNOWN else known)
    sizes: list[Size] = []
    for a, b in zip(known, said, strict=True):
        if UNKNOWN_DIM not in (a, b):
            run.facts = run.facts.assume_equal(a, b)
        open_ = a is UNKNOWN_DIM or any(atom.opaque for atom in names(a))
        sizes.append(b if open_ else a)
    return value.of_shape(tuple(sizes))


def assert_type(run: Run, node: ast.Call, value: Value) -> Value:
    """``assert_type(x, "Tensor[B, T]")``: the shape must be exactly that."""
    hint = hint_reading.read(run, node.args[1])
    if isinstance(hint, hints.TensorHint) and hint.spec is not None:
        _compare_exactly(run, node, value, hint.spec.shape())
    return value


def _compare_exactly(run: Run, node: ast.Call, value: Value, expected: AnyShape) -> None:
    for item in alternatives(value):
        shape = item.shape if isinstance(item, Tensor) else UNKNOWN
        if not _same(run, shape, expected):
            error = ShapeError(
                ErrorKind.assert_error_shape_mismatch,
                (expected, shape),
                f"assert_type: shape must be {render_shape(expected)}, got {render_shape(shape)}",
            )
            run.report_error(error, node)
            return


def _asserted(subject: str) -> Callable[..., ShapeError]:
    def fail(spec: ShapeSpec, shape: AnyShape, mismatch: Mismatch | None) -> ShapeError:
        kind = ErrorKind.assert_error_shape_mismatch
        return arguments.mismatch_error(kind, kind, subject, spec, shape, mismatch)

    return fail


def _same(run: Run, a: tuple[object, ...], b: tuple[object, ...]) -> bool:
    if len(a) != len(b):
        return False
    for x, y in zip(a, b, strict=True):
        if isinstance(x, Variadic) or isinstance(y, Variadic):
            if x != y:
                return False
        elif x != y and compare(x, y, run.facts).truth is not Truth.YES:  # type: ignore[arg-type]
            return False
    return True
