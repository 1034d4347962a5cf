"""Canonical forms, text, and the limits of growth, as tables."""

from __future__ import annotations

import pytest

from shapetorch.dim import (
    UNKNOWN_DIM,
    Dim,
    ceildiv,
    evaluate,
    expr,
    maximum,
    minimum,
    name,
    parse,
    solve,
    substitute,
)
from shapetorch.dim.equations import never_zero
from shapetorch.dim.expr import sweep

FORMS = [
    ("T + T", "2*T"),
    ("T - T", "0"),
    ("b + a", "a + b"),
    ("1 + a*a", "a*a + 1"),
    ("(a + 1)*(a - 1)", "a*a - 1"),
    ("a + b*c", "b*c + a"),
    ("2*a//2", "a"),
    ("(2*a + 1)//2", "a"),
    ("(2*a + 3)//2", "a + 1"),
    ("(4*a + 6)//4", "a + 1"),
    ("(6*a + 4)//4", "a + a//2 + 1"),
    ("a//2//3", "a//6"),
    ("(a//2 + 1)//2", "(a + 2)//4"),
    ("a//-2", "-((a + 1)//2)"),
    ("-a//2", "-((a + 1)//2)"),
    ("a//1", "a"),
    ("a//-1", "-a"),
    ("0//a", "0"),
    ("1//a", "1//a"),
    ("7%3", "1"),
    ("-7%3", "2"),
    ("(3*a + 4)%3", "1"),
    ("a%a", "0"),
    ("a*b//b", "a"),
    ("(a*b + c)//b", "a + c//b"),
    ("(2*a*b + 2*a)//(2*a*c)", "(b + 1)//c"),
    ("(a*a - b*b)//(a - b)", "a + b"),
    ("(a*a + 2*a + 1)//(a + 1)", "a + 1"),
    ("a*(c//n)//a", "c//n"),
    ("min(a, a + 1)", "a"),
    ("max(a, a + 1, b)", "max(a + 1, b)"),
    ("min(3, 5, a)", "min(3, a)"),
    ("min(a, min(b, c))", "min(a, b, c)"),
    ("min(a, a)", "a"),
    ("max(2, 7)", "7"),
    ("max(a, min(a, b))", "max(a, min(a, b))"),
    ("a**3", "a*a*a"),
    ("prod(*batch)*2", "2*prod(*batch)"),
    # convolutions and pools: kernel 3, stride 2, padding 1, again and again
    ("(w + 2*1 - 2 - 1)//2 + 1", "(w + 1)//2"),
    ("(((w + 1)//2) + 1)//2", "(w + 3)//4"),
    ("((((w + 1)//2) + 1)//2 + 1)//2", "(w + 7)//8"),
    ("(w - 3)//1 + 1", "w - 2"),
    ("(2*w - 2)//2 + 1", "w"),
    ("(w*2 + 2*1 - 3)//1 + 1", "2*w"),
    # pixel shuffle and its inverse, space to depth, patches
    ("c*r*r//(r*r)", "c"),
    ("(h//p)*(w//p)*(p*p*c)", "c*p*p*(h//p)*(w//p)"),
    ("h*p//p", "h"),
]


@pytest.mark.parametrize(("text", "form"), FORMS)
def test_canonical_form(text: str, form: str) -> None:
    assert str(parse(text)) == form
    assert parse(form) == parse(text)


def test_equal_forms_are_one_object() -> None:
    assert parse("a*b + 1") is parse("1 + b*a")
    assert isinstance(parse("a - a + 3"), int)


def test_ceildiv() -> None:
    a = name("a")
    assert ceildiv(7, 2) == 4
    assert ceildiv(2 * a, 2) == a
    assert evaluate(ceildiv(a, 4), {"a": 9}) == 3


def test_large_numbers_stay_exact() -> None:
    a = name("a")
    big = 3 * 10**40 + 1
    assert (big * a) // 10**20 == (big // 10**20) * a + ((big % 10**20) * a) // 10**20
    assert evaluate((-big * a) // 7, {"a": 5}) == -big * 5 // 7


SOLUTIONS = [
    ("2*a + 1", "7", "a", "3"),
    ("2*a + 1", "8", "a", None),
    ("a + b", "c", "b", "-a + c"),
    ("a*b", "b*c", "a", "c"),
    ("a*h", "d", "a", None),
    ("a*a", "4", "a", None),
    ("a", "a", "a", None),
    ("a + a//2", "3", "a", None),
    ("k", "d//h", "k", "(d//h)"),
    ("k*h", "h*(d//2)", "k", "(d//2)"),
    ("5", "7", "a", None),
]


@pytest.mark.parametrize(("left", "right", "letter", "value"), SOLUTIONS)
def test_solve(left: str, right: str, letter: str, value: str | None) -> None:
    found = solve(parse(left), parse(right), letter)
    assert found == (None if value is None else parse(value))


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("2*a - 2*b + 1", True),
        ("2*a", False),
        ("3*a + 6", False),
        ("a + 1", False),
        ("4*a*b + 2", True),
    ],
)
def test_never_zero(text: str, never: bool) -> None:
    assert never_zero(parse(text)) is never


def test_substituting_a_divisor_by_zero_is_unknown() -> None:
    assert substitute(parse("a//b"), {"b": 0}) is UNKNOWN_DIM


def test_unknown_swallows_arithmetic() -> None:
    a = name("a")
    results = [
        UNKNOWN_DIM + a,
        a - UNKNOWN_DIM,
        2 * UNKNOWN_DIM,
        UNKNOWN_DIM // 2,
        a // UNKNOWN_DIM,
        UNKNOWN_DIM % 2,
        -UNKNOWN_DIM,
        UNKNOWN_DIM**2,
        minimum(a, UNKNOWN_DIM),
        maximum(UNKNOWN_DIM, 1),
    ]
    assert all(result is UNKNOWN_DIM for result in results)
    assert 0 * UNKNOWN_DIM == 0


@pytest.mark.parametrize(
    "text", ["", "a +", "a.b()", "a/b", "a if b else c", "1.5", "True", "a//0", "f(a)"]
)
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="size"):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 3000 + "a" + ")" * 3000,
        "+".join(["a*b//c"] * 4000),
        "-" * 4000 + "a",
        "((9**16)**16)**16",
    ],
)
def test_endless_text_ends(text: str) -> None:
    with pytest.raises(ValueError, match=r"^size.{0,90}: (not an|nested|too)"):
        parse(text)


def test_a_size_has_no_truth_and_no_order() -> None:
    a = name("a")
    with pytest.raises(TypeError, match="truth"):
        bool(a)
    with pytest.raises(TypeError, match="order"):
        _ = a < 3


def test_sums_and_powers_that_explode_become_unknown() -> None:
    total = sum((name(f"x{i}") for i in range(12)), start=name("y"))
    assert total**8 is UNKNOWN_DIM
    assert (name("a") ** 1_000_000) * 2 == 2 * name("a") ** 1_000_000


def test_deep_nesting_becomes_unknown() -> None:
    a, b = name("a"), name("b")
    size = a
    for _ in range(10_000):
        size = (size + 1) // b
    assert size is UNKNOWN_DIM
    size = a
    for _ in range(10_000):
        size = size // b + size // 3
    assert size is UNKNOWN_DIM


def test_division_of_long_polynomials_ends() -> None:
    a, b = name("a"), name("b")
    power = (a + b + 1) ** 7
    assert isinstance(power // (a + 2 * b + 3), Dim)
    assert (a**5000 - 1) // (a - 1) is not None


def test_unused_sizes_are_forgotten() -> None:
    kept = name("kept") * name("too") // 7
    for i in range(5_000):
        _ = name(f"unused{i}") * 3 // name("kept")
    before = len(expr._interned)
    sweep()
    assert len(expr._interned) < before - 4_000
    assert name("kept") * name("too") // 7 is kept
