"""Helpers in annotations that are only read: inside of the function, and at its calls."""

import ast
from typing import TypeVarTuple

import numpy as np
import pytest

from shapetorch.annotations import Mismatch, bind, instantiate, parse_subscript
from shapetorch.annotations.tensors import annotate
from shapetorch.dim import ELLIPSIS, UNKNOWN, UNKNOWN_DIM, Variadic, name
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.runtime import checked
from shapetorch.typing import MatmulShape, Shape, evaluate_shape
from shapetorch.typing.syntax import evaluate_node

K = ErrorKind
NAMES = {
    "M": name("M"),
    "K": name("K"),
    "L": name("L"),
    "N": name("N"),
    "A": (Variadic("A"),),
    "C": (Variadic("C"),),
    "S": (2, 3),
}
M, N, A = name("M"), name("N"), Variadic("A")


def read(text):
    node = ast.parse(f"Tensor[{text}]", mode="eval").body
    return parse_subscript(node.slice, NAMES.get, evaluate_shape)


# what it is inside of the function, and at a call with these bindings
RESULTS = [
    pytest.param("MatmulShape[S, Shape[3, 5]]", (2, 5), {}, (2, 5), id="numbers"),
    pytest.param(
        "MatmulShape[Shape[M, K], Shape[K, N]]",
        (M, N),
        {"M": 2, "N": 7},
        (2, 7),
        id="names",
    ),
    pytest.param(
        "MatmulShape[Shape[M, K], Shape[L, N]]",
        UNKNOWN,
        {"M": 2, "K": 3, "L": 3, "N": 7},
        (2, 7),
        id="names-that-may-differ",
    ),
    pytest.param(
        "MatmulShape[Shape[M, K], Shape[L, N]]",
        UNKNOWN,
        {"M": 2, "K": 3, "L": 5, "N": 7},
        K.matmul_error_inner_dimensions_do_not_match,
        id="names-that-do-differ",
    ),
    pytest.param(
        "MatmulShape[Shape[*A], Shape[*C]]",
        UNKNOWN,
        {"*A": (2, 3), "*C": (3, 5)},
        (2, 5),
        id="rows",
    ),
    pytest.param(
        "MatmulShape[Shape[*A], Shape[*C]]",
        UNKNOWN,
        {"*A": (2, 3), "*C": (5, 4)},
        K.matmul_error_inner_dimensions_do_not_match,
        id="rows-clash",
    ),
    pytest.param(
        "MatmulShape[Shape[*A, M, 3], Shape[3, 5]]",
        (A, M, 5),
        {"*A": (7,), "M": 2},
        (7, 2, 5),
        id="row-that-stays",
    ),
    pytest.param(
        "CatShape[[Shape[M, 3], Shape[N, 3]], 0]", (M + N, 3), {"M": 2, "N": 5}, (7, 3), id="cat"
    ),
    pytest.param(
        "RearrangeShape[Shape[M, 6], 'b (h w) -> h w b', {'h': 2}]",
        (2, 3, M),
        {"M": 5},
        (2, 3, 5),
        id="einops",
    ),
    pytest.param("PermuteShape[S, (1, -2)]", (3, 2), {}, (3, 2), id="negative-number"),
    pytest.param(
        "TransposeShape[ReshapeShape[Shape[M, 6], (-1, 3)]]",
        (3, 2 * M),
        {"M": 5},
        (3, 10),
        id="nested",
    ),
    pytest.param("*MatmulShape[S, Shape[3, 5]], M", (2, 5, M), {"M": 7}, (2, 5, 7), id="unpacked"),
    pytest.param("MatmulShape[Mystery, S]", UNKNOWN, {}, UNKNOWN, id="unknown-argument"),
    pytest.param("CumShape[S, Mystery]", UNKNOWN, {}, UNKNOWN, id="unknown-number"),
    pytest.param("MatmulShape[DynamicShape, S]", None, {}, (ELLIPSIS, 3), id="dynamic"),
]


@pytest.mark.parametrize(("text", "inside", "bindings", "outside"), RESULTS)
def test_result(text, inside, bindings, outside):
    spec = read(text)
    if inside is not None:
        assert spec.shape() == inside
    if isinstance(outside, ErrorKind):
        with pytest.raises(ShapeError) as caught:
            instantiate(spec, bindings)
        assert caught.value.kind is outside
    elif outside is not None and inside is not None:
        assert instantiate(spec, bindings) == outside


def test_broken_whatever_the_names_are():
    with pytest.raises(ShapeError) as caught:
        read("MatmulShape[S, Shape[5, 4]]")
    assert caught.value.kind is K.matmul_error_inner_dimensions_do_not_match


def test_unbound_names_are_unknown():
    spec = read("MatmulShape[Shape[*A], Shape[*C]]")
    assert instantiate(spec, {}) == UNKNOWN
    flat = read("FlattenShape[Shape[*A, M, 2], -2]")
    assert instantiate(flat, {"*A": (3,)}) == (3, UNKNOWN_DIM)
    assert read("MatmulShape[Shape[*A], Shape[*C]]").render().startswith("MatmulShape[")


def test_parameter():
    spec = read("TransposeShape[Shape[*A]]")
    bind(spec, (3, 2), {"*A": (2, 3)})
    with pytest.raises(Mismatch):
        bind(spec, (2, 3), {"*A": (2, 3)})
    bind(spec, (2, 3), {})


def test_predicates():
    def value(text):
        return evaluate_node(ast.parse(text, mode="eval").body, NAMES.get)

    assert value("IsShapeError[MatmulShape[S, S]]") is True
    assert value("IsShapeError[MatmulShape[S, Shape[3, 5]]]") is False
    assert value("HasShapeError[S, MatmulShape[S, S]]") is True
    assert value("IsAtLeast1D[S]") is True
    assert value("Rank[Shape[M, 3]]") == 2
    assert value("ItemResult[float32]") is float
    assert value("Is2D[Mystery]") is True


def test_checked_result():
    A = TypeVarTuple("A")
    C = TypeVarTuple("C")

    @checked
    def product(a: annotate((*A,)), b: annotate((*C,))) -> annotate(
        MatmulShape[Shape[*A], Shape[*C]]
    ):
        return a @ b if wrong is None else np.zeros(wrong)

    wrong = None
    assert product(np.zeros((2, 3)), np.zeros((3, 5))).shape == (2, 5)
    wrong = (2, 7)
    with pytest.raises(ShapeError) as caught:
        product(np.zeros((2, 3)), np.zeros((3, 5)))
    assert caught.value.kind is K.return_error_shape_mismatch
    assert "MatmulShape[Shape[*A], Shape[*C]]" in str(caught.value)
    with pytest.raises(ShapeError) as caught:
        product(np.zeros((2, 3)), np.zeros((5, 4)))
    assert caught.value.kind is K.matmul_error_inner_dimensions_do_not_match
