"""Reading annotations: strings of jaxtyping's, the items of Tensor[...], dtypes."""

import ast

import pytest

from shapetorch.annotations import (
    Axis,
    ShapeSpec,
    VariadicAxis,
    canonical,
    dtype_clash,
    parse_jaxtyping,
    parse_subscript,
)
from shapetorch.dim import ELLIPSIS, UNKNOWN, UNKNOWN_DIM, Variadic, minimum, name

a, b, t = name("a"), name("b"), name("t")
B, T = name("B"), name("T")
n, d = name("n", soft=True), name("self.d", soft=True)

STRINGS = [
    pytest.param("", (), id="scalar"),
    pytest.param("  b   t ", (Axis(b), Axis(t)), id="blanks"),
    pytest.param("3 n=4", (Axis(3), Axis(4, label="n")), id="numbers"),
    pytest.param("#b #4", (Axis(b, True), Axis(4, True)), id="broadcast"),
    pytest.param("*b", (VariadicAxis("b"),), id="row"),
    pytest.param("*#b", (VariadicAxis("b", True),), id="broadcast-row"),
    pytest.param("#*b", (VariadicAxis("b", True),), id="either-order"),
    pytest.param("...", (VariadicAxis(None),), id="ellipsis"),
    pytest.param("*_", (VariadicAxis(None),), id="anonymous-row"),
    pytest.param("*_rest", (VariadicAxis(None),), id="anonymous-named-row"),
    pytest.param("_ _b", (Axis(UNKNOWN_DIM), Axis(UNKNOWN_DIM, label="b")), id="anonymous"),
    pytest.param("?b", (Axis(b, tree=True),), id="tree"),
    pytest.param("a*b (a+1)//2", (Axis(a * b), Axis((a + 1) // 2)), id="arithmetic"),
    pytest.param("min(a,b)", (Axis(minimum(a, b)),), id="minimum"),
    pytest.param("{n} {self.d}*2", (Axis(n), Axis(2 * d)), id="braces"),
    pytest.param("{self.d//2}", (Axis(d // 2),), id="arithmetic-in-braces"),
    pytest.param("{f(x)} len(a) x{n}", (Axis(UNKNOWN_DIM),) * 3, id="only-running-it-can-tell"),
]


@pytest.mark.parametrize(("text", "axes"), STRINGS)
def test_string(text, axes):
    spec = parse_jaxtyping(text, "Float")
    assert spec == ShapeSpec(axes, "Float")
    assert parse_jaxtyping(spec.render(), "Float") == spec


MALFORMED = ["a,b", "a#", "##a", "**a", "*a *b", "... *a", "a...", "*4", "_4", "#_", "a+", "(a"]


@pytest.mark.parametrize("text", MALFORMED)
def test_malformed(text):
    with pytest.raises(ValueError, match=r"(axis|shape) '"):
        parse_jaxtyping(text)


def test_text_is_kept_for_the_run_time():
    spec = parse_jaxtyping("{f(x)} x")
    assert [getattr(axis, "text", None) for axis in spec.axes] == ["{f(x)}", None]


SHAPES = [
    pytest.param("b *r 3", (b, Variadic("r"), 3), id="names"),
    pytest.param("#b *#r ?t", (UNKNOWN_DIM, ELLIPSIS, UNKNOWN_DIM), id="what-may-be-otherwise"),
    pytest.param("...", UNKNOWN, id="ellipsis"),
]


@pytest.mark.parametrize(("text", "shape"), SHAPES)
def test_shape(text, shape):
    assert parse_jaxtyping(text).shape() == shape


NAMES = {"B": B, "T": T, "A": (Variadic("A"),), "S": (2, 3), "cfg.N": 7}

SUBSCRIPTS = [
    pytest.param("B, T * 2, 512", (B, 2 * T, 512), id="sizes"),
    pytest.param("*A, 3", (Variadic("A"), 3), id="row"),
    pytest.param("Unpack[A], 3", (Variadic("A"), 3), id="unpack"),
    pytest.param("'batch', ...", (name("batch"), ELLIPSIS), id="string-and-ellipsis"),
    pytest.param("'b t', 512", (b, t, 512), id="string-of-several"),
    pytest.param("'*rest', 'a *rest2'", None, id="two-rows"),
    pytest.param("'2 * b + 1'", (2 * b + 1,), id="string-with-blanks"),
    pytest.param("'a *b'", (a, Variadic("b")), id="string-with-a-row"),
    pytest.param("()", (), id="scalar"),
    pytest.param("Shape[2, 3]", (2, 3), id="long-form"),
    pytest.param("Shape[B, *A]", (B, Variadic("A")), id="long-form-with-row"),
    pytest.param("S", (2, 3), id="alias"),
    pytest.param("*S, 5", (2, 3, 5), id="alias-in-a-row"),
    pytest.param("cfg.N", (7,), id="dotted"),
    pytest.param("Literal[2], Any", (2, UNKNOWN_DIM), id="literal-and-any"),
    pytest.param("DynamicShape", UNKNOWN, id="dynamic"),
    pytest.param("Mystery", UNKNOWN, id="unknown-name-may-be-an-alias"),
    pytest.param("Mystery, Other", UNKNOWN, id="unknown-names"),
    pytest.param("B, Mystery", (B, ELLIPSIS), id="known-then-unknown"),
    pytest.param("MatmulShape[S, S]", UNKNOWN, id="helper-nobody-evaluates"),
    pytest.param("min(B, T)", (minimum(B, T),), id="minimum"),
    pytest.param("B / 2", None, id="true-division"),
]


@pytest.mark.parametrize(("text", "shape"), SUBSCRIPTS)
def test_subscript(text, shape):
    node = ast.parse(f"x[{text}]", mode="eval").body
    assert isinstance(node, ast.Subscript)
    if shape is None:
        with pytest.raises(ValueError, match="Tensor"):
            parse_subscript(node.slice, NAMES.get)
    else:
        assert parse_subscript(node.slice, NAMES.get).shape() == shape


@pytest.mark.parametrize("text", ["2, 3, float32", "Shape[2, 3], torch.float32", "float32, 2, 3"])
def test_subscript_dtype(text):
    node = ast.parse(f"x[{text}]", mode="eval").body
    spec = parse_subscript(node.slice, NAMES.get)
    assert spec.shape() == (2, 3)
    assert canonical(spec.dtype) == "float32"


def test_subscript_helper():
    node = ast.parse("x[MatmulShape[S, S]]", mode="eval").body
    assert parse_subscript(node.slice, NAMES.get, lambda helper, resolve: (5, B)).shape() == (5, B)


CLASHES = [
    ("Float", "float32", False),
    ("Float", "int64", True),
    ("Int", "torch.long", False),
    ("Integer", "bool", True),
    ("Float32", "torch.float64", True),
    ("Shaped", "int64", False),
    ("Mine", "int64", False),
    ("Float", None, False),
    (None, "int64", False),
    ("Float", "float", False),
    ("float16", "torch.half", False),
    ("Float", "Int", True),
    ("Num", "Float", False),
    ("UInt8", "uint8", False),
    ("Complex64", "complex128", True),
    ("Bool", "bool_", False),
]


@pytest.mark.parametrize(("annotated", "actual", "clash"), CLASHES)
def test_dtype_clash(annotated, actual, clash):
    assert dtype_clash(annotated, actual) is clash
