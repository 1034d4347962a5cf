"""Shape objects and helper types over type parameters."""

import pickle
from typing import Any, Literal, TypeVar, TypeVarTuple

import pytest

from shapetorch.annotations.sizes import Dim
from shapetorch.dim import ELLIPSIS, UNKNOWN_DIM, Variadic, name
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.typing import (
    Deferred,
    DynamicShape,
    MatmulShape,
    ReshapeShape,
    Shape,
    TransposeShape,
)

B = TypeVar("B")
T = TypeVar("T")
A = TypeVarTuple("A")
C = TypeVarTuple("C")

SHAPES = [
    pytest.param(Shape[2, 3], (2, 3), "Shape[2, 3]", id="numbers"),
    pytest.param(Shape[2], (2,), "Shape[2]", id="one"),
    pytest.param(Shape[()], (), "Shape[()]", id="scalar"),
    pytest.param(Shape["b", 3], (name("b"), 3), "Shape[b, 3]", id="string"),
    pytest.param(
        Shape["b 2*t", 3], (name("b"), 2 * name("t"), 3), "Shape[b, 2*t, 3]", id="strings"
    ),
    pytest.param(Shape[..., 3], (ELLIPSIS, 3), "Shape[..., 3]", id="ellipsis"),
    pytest.param(Shape[Shape[2, 3], 5], (2, 3, 5), "Shape[2, 3, 5]", id="nested"),
    pytest.param(Shape[(2, 3), 5], (2, 3, 5), "Shape[2, 3, 5]", id="tuple"),
    pytest.param(Shape[*Shape[2, 3], 5], (2, 3, 5), "Shape[2, 3, 5]", id="unpacked"),
    pytest.param(Shape[Literal[2], Any], (2, UNKNOWN_DIM), "Shape[2, ?]", id="literal-any"),
    pytest.param(DynamicShape, (ELLIPSIS,), "Shape[...]", id="dynamic"),
]


@pytest.mark.parametrize(("shape", "sizes", "text"), SHAPES)
def test_shape(shape, sizes, text):
    assert shape == sizes
    assert shape.sizes == sizes
    assert hash(shape) == hash(sizes)
    assert repr(shape) == text


def test_shape_is_a_tuple():
    assert Shape[2, 3, 5][1] == 3
    assert Shape[2, 3, 5][1:] == Shape[3, 5]
    assert isinstance(Shape[2, 3, 5][1:], Shape)
    assert [*Shape[2, 3]] == [2, 3]
    assert pickle.loads(pickle.dumps(Shape[2, 3])) == Shape[2, 3]


def test_shape_over_parameters():
    shape = Shape[B, 3, *A]
    assert shape.sizes == (name("B"), 3, Variadic("A"))
    assert shape.__parameters__ == (B, A)
    assert repr(shape) == "Shape[B, 3, *A]"
    assert shape[2, 5, 7] == Shape[2, 3, 5, 7]
    assert shape[2] == Shape[2, 3]
    assert shape.substitute({"B": 7}) == Shape[7, 3, *A]
    with pytest.raises(TypeError, match="type arguments"):
        Shape[B, T][2, 3, 5]


def test_not_a_size():
    with pytest.raises(TypeError, match="is not a size"):
        Shape[2.5]


def test_helper_over_parameters():
    product = MatmulShape[Shape[*A], Shape[*C]]
    assert isinstance(product, Deferred)
    assert repr(product) == "MatmulShape[Shape[*A], Shape[*C]]"
    assert product.__parameters__ == (A, C)
    assert product.substitute({A: (2, 3), "C": (3, 5)}) == Shape[2, 5]
    half = product.substitute({"A": (2, 3)})
    assert half == MatmulShape[Shape[2, 3], Shape[*C]]
    assert half[3, 5] == Shape[2, 5]


def test_broken_once_it_is_known():
    product = MatmulShape[Shape[B, 3], Shape[T, 5]]
    assert product[2, 3] == Shape[2, 5]
    with pytest.raises(ShapeError) as caught:
        product[2, 7]
    assert caught.value.kind is ErrorKind.matmul_error_inner_dimensions_do_not_match


def test_nested_helpers():
    flipped = TransposeShape[ReshapeShape[Shape[B, 6], (3, -1)]]
    assert flipped[4] == Shape[8, 3]


def test_strings_are_sizes_at_once():
    assert MatmulShape[Shape["b", "t"], Shape["t", 5]] == Shape["b", 5]


def test_dim_is_an_int():
    assert isinstance(3, Dim)
    assert not isinstance(True, Dim)
    assert Dim[B].__origin__ is int
    assert Dim["2*n"].__metadata__[0].size == 2 * name("n")
    with pytest.raises(TypeError, match="one size"):
        Dim[2, 3]
