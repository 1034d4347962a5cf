"""Checked functions: arguments, results, bindings, messages."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, TypeVar, TypeVarTuple

import numpy as np
import pytest

from shapetorch.annotations.sizes import Dim
from shapetorch.annotations.tensors import annotate
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.runtime import assert_shape, assume, checked, reveal_shape

jaxtyping = pytest.importorskip("jaxtyping")
from jaxtyping import Float, Float32, Int, Shaped  # noqa: E402

K = ErrorKind
Array = np.ndarray
B = TypeVar("B")
T = TypeVar("T")
A = TypeVarTuple("A")


class Tensor:
    """Stands for the tensor class: only its subscripts are of interest here."""

    def __class_getitem__(cls, items):
        return annotate(items)


def ones(*shape, dtype="float32"):
    return np.ones(shape, dtype)


def refuses(kind, function, *args, **kwargs):
    with pytest.raises(ShapeError) as caught:
        function(*args, **kwargs)
    assert caught.value.kind is kind
    return caught.value


def test_names_are_bound_per_call():
    @checked
    def f(x: Float[Array, "b t"], y: Float[Array, "t d"]) -> Float[Array, "b d"]:
        return x @ y

    assert f(ones(2, 3), ones(3, 5)).shape == (2, 5)
    assert f(ones(7, 11), ones(11, 5)).shape == (7, 5)
    error = refuses(K.argument_error_shape_mismatch, f, ones(2, 3), ones(7, 5))
    assert str(error).endswith("f: y: axis 0 (t) must be 3, got 7 from [7, 5] (b=2, t=3)")
    assert error.params == ("y", "t d", (7, 5))


def test_result():
    @checked
    def f(x: Float[Array, "b t"]) -> Float[Array, "t b"]:
        return x

    f(ones(2, 2))
    error = refuses(K.return_error_shape_mismatch, f, ones(2, 3))
    assert "the result: axis 0 (t) must be 3, got 2" in str(error)


def test_dtype():
    @checked
    def f(x: Float32[Array, "b"]) -> Int[Array, "b"]:
        return x

    error = refuses(K.argument_error_dtype_mismatch, f, ones(2, dtype="float64"))
    assert "f: x: dtype must be Float32, got float64" in str(error)
    refuses(K.return_error_dtype_mismatch, f, ones(2))


def test_no_array():
    @checked
    def f(x: Float[Array, "b"]) -> None: ...

    with pytest.raises(TypeError, match="x: must be ndarray, got list"):
        f([1.0])


def test_our_annotations():
    @checked
    def f(x: Tensor[B, T, 3], y: Tensor["t2", T], *rest: Tensor[B]) -> Tensor[B, T]:
        return x.sum(-1)

    f(ones(2, 5, 3), ones(7, 5), ones(2))
    refuses(K.argument_error_shape_mismatch, f, ones(2, 5, 3), ones(7, 6))
    error = refuses(K.argument_error_shape_mismatch, f, ones(2, 5, 3), ones(7, 5), ones(2), ones(3))
    assert "rest[1]: axis 0 (B) must be 2, got 3" in str(error)


def test_rows():
    @checked
    def f(x: Tensor[*A, 3], y: Tensor[*A]) -> Tensor[*A]:
        return y

    f(ones(2, 5, 3), ones(2, 5))
    refuses(K.argument_error_shape_mismatch, f, ones(2, 5, 3), ones(2, 7))


def test_lazy_annotations_with_arithmetic():
    def f(x, y, z=None):
        return y

    f.__annotations__ = {
        "x": "Tensor[B, T * 2]",
        "y": "Tensor[T, B] | None",
        "z": "Optional[list[Tensor[T + 1]]]",
        "return": "tuple[Tensor[T, B], int] | Tensor[T, B]",
    }
    f = checked(f)
    f(ones(2, 6), ones(3, 2))
    f(ones(2, 6), ones(3, 2), [ones(4), ones(4)])
    refuses(K.argument_error_shape_mismatch, f, ones(2, 6), ones(4, 2))
    error = refuses(K.argument_error_shape_mismatch, f, ones(2, 6), ones(3, 2), [ones(4), ones(5)])
    assert "z: item 1: axis 0 (T+1) must be 4, got 5" in str(error)


def test_expression_before_its_names():
    @checked
    def f(x: Shaped[Array, "a*b"], y: Shaped[Array, "a b"]) -> None: ...

    f(ones(6), ones(2, 3))
    refuses(K.argument_error_shape_mismatch, f, ones(7), ones(2, 3))


def test_unions_and_containers():
    @checked
    def f(
        x: Float[Array, "b"] | Float[Array, "b t"] | None,
        y: Float[Array, "b"] | None = None,
        z: dict[str, Float[Array, "b"]] | int = 0,
        w: Sequence[Float[Array, "b"]] = (),
    ) -> tuple[Float[Array, "b"], str] | None:
        return None

    f(ones(2))
    f(ones(2, 3), ones(2), {"a": ones(2)}, [ones(2)])
    f(None, ones(2), 5)
    refuses(K.argument_error_shape_mismatch, f, ones(2, 3, 5))
    refuses(K.argument_error_shape_mismatch, f, ones(2), ones(3))
    refuses(K.argument_error_shape_mismatch, f, ones(2), None, {"a": ones(3)})
    refuses(K.argument_error_shape_mismatch, f, ones(2), w=[ones(2), ones(3)])


def test_dim():
    @checked
    def f(n: Dim[B], x: Tensor[B]) -> Tensor["B+1"]:
        return ones(n + 1)

    f(3, ones(3))
    refuses(K.argument_error_shape_mismatch, f, 3, ones(4))
    with pytest.raises(TypeError, match="n: must be int, got float"):
        f(3.0, ones(3))

    @checked
    def g(x: Tensor[B], n: Dim[B]) -> None: ...

    refuses(K.argument_error_value, g, ones(3), 4)


def test_braces():
    class Layer:
        def __init__(self, width):
            self.width = width

        @checked
        def forward(
            self, x: Float[Array, "n {self.width}"], n: int
        ) -> Float[Array, "n {self.width}+{n} {abs(n)}"]:
            return ones(x.shape[0], x.shape[1] + n, min(n, 4))

    Layer(5).forward(ones(2, 5), 3)
    error = refuses(K.argument_error_shape_mismatch, Layer(7).forward, ones(2, 5), 3)
    assert "Layer.forward: x: axis 1 must be 7, got 5" in str(error)
    refuses(K.return_error_shape_mismatch, Layer(5).forward, ones(2, 5), 7)


def test_class_and_coroutine():
    @checked
    class Model:
        def f(self, x: Float[Array, "b 3"]) -> None: ...

        async def g(self, x: Float[Array, "b"]) -> Float[Array, "b"]:
            return ones(3)

    Model().f(ones(2, 3))
    refuses(K.argument_error_shape_mismatch, Model().f, ones(2, 4))
    asyncio.run(Model().g(ones(3)))
    with pytest.raises(ShapeError):
        asyncio.run(Model().g(ones(2)))


def test_other_hints_are_left_alone():
    @checked
    def f(x: int, y: "Missing", z: Annotated[str, "note"], w: list[int]) -> "Missing": ...

    f("a", 2, 3, "b")


def test_assertions_know_the_bindings():
    @checked
    def f(x: Float[Array, "b t"]) -> None:
        assert_shape(x.T, "t b")
        assert_shape(x, "b b")

    f(ones(2, 2))
    error = refuses(K.assert_error_shape_mismatch, f, ones(2, 3))
    assert str(error) == ("assert_shape: axis 1 (b) must be 2, got 3 from [2, 3] (b=2, t=3)")
    assert_shape(ones(7), "b")  # outside of the function its names mean nothing


def test_assert_shape():
    x = ones(2, 3)
    assert assert_shape(x, "a b") is x
    assert assert_shape(x, (2, 3)) is x
    assert assert_shape(x, Tensor[2, "b"]) is x
    refuses(K.assert_error_shape_mismatch, assert_shape, x, "a a")
    refuses(K.assert_error_shape_mismatch, assert_shape, x, (2, 3, 1))
    with pytest.raises(TypeError, match="got int"):
        assert_shape(3, "")


def test_assume():
    assume(6 % 3 == 0)
    refuses(K.argument_error_value, assume, 7 % 3 == 0)


def test_reveal_shape(capsys):
    x = ones(2, 3)
    assert reveal_shape(x) is x
    assert capsys.readouterr().err == "reveal_shape: [2, 3] float32\n"
    reveal_shape(3)
    assert capsys.readouterr().err == "reveal_shape: int\n"


def test_same_verdicts_as_jaxtyping():
    from jaxtyping import jaxtyped

    beartype = pytest.importorskip("beartype").beartype
    texts = ["a b", "*r a", "#a b", "*#r a", "... 3", "a*b"]
    shapes = [(2, 3), (3,), (1, 3), (6,)]
    for first in texts[:3]:
        for second in texts:

            def f(x: Shaped[Array, first], y: Shaped[Array, second]):
                return None

            ours, theirs = checked(f), jaxtyped(typechecker=beartype)(f)
            for x in shapes:
                for y in shapes:
                    try:
                        theirs(ones(*x), ones(*y))
                        expected = True
                    except jaxtyping.TypeCheckError:
                        expected = False
                    except jaxtyping.AnnotationError:
                        continue
                    try:
                        ours(ones(*x), ones(*y))
                        found = True
                    except ShapeError:
                        found = False
                    assert found is expected, (first, second, x, y)
