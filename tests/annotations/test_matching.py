"""Matching shapes with annotations: what fits, what is learned, what the result is."""

import pytest

from shapetorch.annotations import Mismatch, bind, instantiate, parse_jaxtyping
from shapetorch.annotations.matching import BroadcastRow
from shapetorch.dim import ELLIPSIS, UNKNOWN, UNKNOWN_DIM, Context, Variadic, name, using
from shapetorch.errors import ErrorKind, ShapeError

B, T, D = name("B"), name("T"), name("D")
S = name("cfg.s", soft=True)
A = Variadic("A")

LEARNED = [
    pytest.param("b t 7", (2, 3, 7), {"b": 2, "t": 3}, id="names"),
    pytest.param("b b", (2, 2), {"b": 2}, id="name-twice"),
    pytest.param("", (), {}, id="scalar"),
    pytest.param("*b t", (2, 3, 5), {"*b": (2, 3), "t": 5}, id="row"),
    pytest.param("*b t", (5,), {"*b": (), "t": 5}, id="empty-row"),
    pytest.param("x *b t", (2, 3, 5, 7), {"x": 2, "*b": (3, 5), "t": 7}, id="row-inside"),
    pytest.param("... t", (2, 3, 5), {"t": 5}, id="ellipsis"),
    pytest.param("_ _x t", (2, 3, 5), {"t": 5}, id="anonymous"),
    pytest.param("#b t", (1, 5), {"t": 5}, id="broadcast-1-binds-nothing"),
    pytest.param("#b t", (2, 5), {"b": 2, "t": 5}, id="broadcast"),
    pytest.param("n=2 t", (2, 5), {"t": 5}, id="label"),
    pytest.param("a b a*b a+b", (2, 3, 6, 5), {"a": 2, "b": 3}, id="expression"),
    pytest.param("a*b a b", (6, 2, 3), {"a": 2, "b": 3}, id="expression-before-its-names"),
    pytest.param("2*a", (6,), {"a": 3}, id="expression-is-solved"),
    pytest.param("a*b", (6,), {}, id="two-unknown-names-are-not-solved"),
    pytest.param("b t", (B, T), {"b": B, "t": T}, id="symbolic"),
    pytest.param("T B", (B, T), {"T": B, "B": T}, id="names-of-the-caller-are-other-names"),
    pytest.param("2*T", (6 * T,), {"T": 3 * T}, id="solved-for-the-own-name"),
    pytest.param("b t", (UNKNOWN_DIM, 3), {"t": 3}, id="unknown-size"),
    pytest.param("b t", UNKNOWN, {}, id="unknown-shape"),
    pytest.param("b b", (S, 5), {"b": 5}, id="certain-replaces-soft"),
    pytest.param("b b", (UNKNOWN_DIM, 5), {"b": 5}, id="unknown-then-known"),
    pytest.param("#b t", (S, 5), {"t": 5}, id="soft-may-be-the-1-that-broadcasts"),
    pytest.param("*b t", (A, 3), {"*b": (A,), "t": 3}, id="row-of-a-row"),
    pytest.param("*b t", (2, A, 3), {"*b": (2, A), "t": 3}, id="row-of-size-and-row"),
    pytest.param("*b x t", (A, 3), {"t": 3}, id="row-shorter-than-the-axes"),
    pytest.param("b t", (A, 3), {"t": 3}, id="row-against-axes"),
    pytest.param("b t c", (2, A, 3), {"b": 2, "c": 3}, id="row-in-the-middle"),
    pytest.param("*b t", (ELLIPSIS, 3), {"t": 3}, id="ellipsis-is-no-row"),
    pytest.param("t *b", (ELLIPSIS, 3), {}, id="ellipsis-on-the-other-side"),
    pytest.param("?b t", (2, 3), {"t": 3}, id="tree-name"),
    pytest.param("{n} t", (2, 3), {"t": 3}, id="braces-bind-nothing"),
]


@pytest.mark.parametrize(("text", "shape", "expected"), LEARNED)
def test_learned(text, shape, expected):
    bindings = {}
    bind(parse_jaxtyping(text), shape, bindings)
    assert bindings == expected


REFUSED = [
    pytest.param("b t", (2,), None, 2, 1, id="rank"),
    pytest.param("b", (2, 3), None, 1, 2, id="rank-too-large"),
    pytest.param("*a b c", (2,), None, 2, 1, id="rank-at-least"),
    pytest.param("b", (2, A, 3), None, 1, 2, id="rank-of-a-row"),
    pytest.param("b 5", (2, 3), 1, 5, 3, id="number"),
    pytest.param("b b", (2, 3), 1, 2, 3, id="name-twice"),
    pytest.param("*a 5", (7, 2, 3), 2, 5, 3, id="number-after-row"),
    pytest.param("a b a*b", (2, 3, 7), 2, 6, 7, id="expression"),
    pytest.param("a b a//b", (7, 2, 4), 2, 3, 4, id="floor-division"),
    pytest.param("b b", (B, T), 1, B, T, id="symbolic"),
    pytest.param("512", (T,), 0, 512, T, id="number-against-name"),
    pytest.param("#b b", (2, 3), 1, 2, 3, id="broadcast-then-plain"),
    pytest.param("5 ...", (3, A), 0, 5, 3, id="before-a-row"),
    pytest.param("t 5", (A, 3), 1, 5, 3, id="after-a-row"),
]


@pytest.mark.parametrize(("text", "shape", "axis", "expected", "got"), REFUSED)
def test_refused(text, shape, axis, expected, got):
    bindings = {"before": 1}
    with pytest.raises(Mismatch) as caught:
        bind(parse_jaxtyping(text), shape, bindings)
    assert (caught.value.axis, caught.value.expected, caught.value.got) == (axis, expected, got)
    assert bindings == {"before": 1}, "a refused shape teaches nothing"


TWICE = [
    pytest.param("*b", (2, 3), "*b", (2, 3), (2, 3), id="same-row"),
    pytest.param("*b", (2, 3), "*b", (2, 5), None, id="other-row"),
    pytest.param("*b", (2, 3), "*b", (3,), None, id="shorter-row"),
    pytest.param("*#b", (2, 3), "*#b", (7, 1, 1), (7, 2, 3), id="broadcast-both"),
    pytest.param("*#b", (2, 1), "*b", (2, 3), (2, 3), id="broadcast-then-plain"),
    pytest.param("*#b", (2, 3), "*b", (2, 1), None, id="broadcast-then-smaller"),
    pytest.param("*b", (2, 3), "*#b", (1, 3), (2, 3), id="plain-then-broadcast"),
    pytest.param("*b", (2, 1), "*#b", (2, 3), None, id="plain-does-not-grow"),
    pytest.param("*#b", (2, 3), "*#b", (2, 5), None, id="broadcast-clash"),
    pytest.param("*b", (A,), "*b", (A,), (A,), id="row-of-the-caller"),
    pytest.param("*b", (A,), "*b", (2, 3), (A,), id="row-of-the-caller-may-be-anything"),
    pytest.param("*b", (2, A), "*b", (3, 5), None, id="row-of-the-caller-starts-otherwise"),
    pytest.param("*b", (2, A, 3), "*b", (2,), None, id="row-of-the-caller-is-longer"),
    pytest.param("*b", (B, T), "*b", (B, D), None, id="symbolic-rows"),
    pytest.param("*b", (A,), "*b", (2, A), None, id="one-row-and-more"),
    pytest.param("*b", (2, A), "*b", (A, 2), (2, A), id="one-row-elsewhere"),
]


@pytest.mark.parametrize(("first", "one", "second", "two", "expected"), TWICE)
def test_rows_twice(first, one, second, two, expected):
    bindings = {}
    bind(parse_jaxtyping(first), one, bindings)
    if expected is None:
        with pytest.raises(Mismatch):
            bind(parse_jaxtyping(second), two, bindings)
    else:
        bind(parse_jaxtyping(second), two, bindings)
        assert bindings["*b"] == expected


def test_row_that_may_still_grow_is_marked():
    bindings = {}
    bind(parse_jaxtyping("*#b"), (2, 1), bindings)
    assert isinstance(bindings["*b"], BroadcastRow)
    bind(parse_jaxtyping("*b"), (2, 3), bindings)
    assert not isinstance(bindings["*b"], BroadcastRow)


RESULTS = [
    pytest.param("b t 7", {"b": 2, "t": T}, (2, T, 7), id="names"),
    pytest.param("b n", {"b": 2}, (2, UNKNOWN_DIM), id="free-name"),
    pytest.param("b*t n*2", {"b": 2, "t": T}, (2 * T, UNKNOWN_DIM), id="expression"),
    pytest.param("*b t", {"*b": (2, 3), "t": 5}, (2, 3, 5), id="row"),
    pytest.param("*b t", {"*b": (2, A), "t": 5}, (2, A, 5), id="row-of-row"),
    pytest.param("*b t", {"t": 5}, (ELLIPSIS, 5), id="free-row"),
    pytest.param("... t", {"t": 5}, (ELLIPSIS, 5), id="ellipsis"),
    pytest.param("#b _ ?t", {"b": 2, "t": 5}, (UNKNOWN_DIM,) * 3, id="open"),
    pytest.param("{self.d}*2", {"self.d": D}, (2 * D,), id="braces"),
    pytest.param("t b", {"t": B, "b": T}, (B, T), id="swapped-at-once"),
    pytest.param("8//b", {"b": 0}, (UNKNOWN_DIM,), id="division-by-zero"),
]


@pytest.mark.parametrize(("text", "bindings", "expected"), RESULTS)
def test_instantiate(text, bindings, expected):
    assert instantiate(parse_jaxtyping(text), bindings) == expected


def test_instantiate_with_fresh_names():
    made = instantiate(parse_jaxtyping("n n"), {}, lambda label: name(f"?{label}1", soft=True))
    assert made[0] == made[1] == name("?n1", soft=True)


def test_conditional_equation_is_written_down():
    def error(broken):
        return ShapeError(ErrorKind.argument_error_shape_mismatch, ("x", (), ()), str(broken))

    h = name("h")
    with using(Context()) as context:
        bind(parse_jaxtyping("d"), (h * (D // h),), {"d": D}, error)
    assert [str(e) for e in context.conditions] == [
        "axis 0 (d) must be D, got h*(D//h) from [h*(D//h)]"
    ]


MESSAGES = [
    pytest.param("b 5", (2, 3), "axis 1 must be 5, got 3 from [2, 3]", id="number"),
    pytest.param("b b", (2, 3), "axis 1 (b) must be 2, got 3 from [2, 3]", id="name"),
    pytest.param("a 2*a", (2, 3), "axis 1 (2*a) must be 4, got 3 from [2, 3]", id="expression"),
    pytest.param("b t", (2,), "rank must be 2, got 1 from [2]", id="rank"),
    pytest.param("*b t d", (2,), "rank must be at least 2, got 1 from [2]", id="at-least"),
]


@pytest.mark.parametrize(("text", "shape", "message"), MESSAGES)
def test_message(text, shape, message):
    with pytest.raises(Mismatch) as caught:
        bind(parse_jaxtyping(text), shape, {})
    assert str(caught.value) == message


def test_message_of_rows():
    bindings = {"*b": (2, 3)}
    with pytest.raises(Mismatch) as caught:
        bind(parse_jaxtyping("*b t"), (2, 5, 7), bindings)
    assert str(caught.value) == "axes from 0 (*b) must be [2, 3], got [2, 5] from [2, 5, 7]"
