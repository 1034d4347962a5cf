"""Verdicts, as tables: without facts, under facts, and by the lenient policies."""

from __future__ import annotations

import pytest

from shapetorch.dim import (
    NO_FACTS,
    UNKNOWN_DIM,
    Context,
    Facts,
    Size,
    Truth,
    at_most,
    check_equal,
    compare,
    current_facts,
    equal,
    minimum,
    name,
    parse,
    using,
    witness,
)
from shapetorch.dim.witnesses import MOST_TRIALS, _trials
from shapetorch.errors import ErrorKind, ShapeError

YES, NO, CONDITIONAL, UNKNOWN = Truth.YES, Truth.NO, Truth.CONDITIONAL, Truth.UNKNOWN

VERDICTS = [
    ("T", "T", YES),
    ("T", "512", NO),
    ("T", "D", NO),
    ("3", "5", NO),
    ("T + 1", "T", NO),
    ("2*T", "7", NO),
    ("2*T", "T", NO),
    ("B*T", "T*B", YES),
    ("B*T*h*dk", "B*h*T*dk", YES),
    ("B*T", "B + T", NO),
    ("T*T", "T", NO),
    ("T", "(T + 1)//2*2", CONDITIONAL),
    ("T//2 + T//2", "T", CONDITIONAL),
    ("h*(d//h)", "d", CONDITIONAL),
    ("B*T*h*(d//h)", "B*T*d", CONDITIONAL),
    ("T - T%8", "T", CONDITIONAL),
    ("(H//p)*(W//p)*p*p", "H*W", CONDITIONAL),
    ("h*(d//h)", "d + 1", NO),
    ("3*d//h", "3*(d//h)", CONDITIONAL),
    ("min(T, 512)", "T", CONDITIONAL),
    ("min(T, 512)", "600", NO),
    ("max(T, 1)", "T", CONDITIONAL),
    # soft names
    ("512", "cfg.d", UNKNOWN),
    ("T", "cfg.n", UNKNOWN),
    ("T + D", "cfg.n", NO),  # two names that may be anything, and one number
    ("T + D//4", "cfg.n", NO),
    ("T", "C//cfg.n", NO),
    ("T", "C*cfg.n", NO),
    ("C", "cfg.n*(C//cfg.n)", CONDITIONAL),
    ("cfg.n", "cfg.m", UNKNOWN),
    ("cfg.n", "cfg.n + 1", NO),
    ("2*cfg.n", "7", NO),
    ("min(cfg.n, 4)", "5", NO),
    ("min(cfg.n, 4)", "3", UNKNOWN),
    ("cfg.n*T", "512*T", UNKNOWN),
    ("4*cfg.n", "3*cfg.n", NO),  # equal only where both are 0
    ("2*cfg.n*cfg.m", "cfg.n*cfg.m", NO),
    ("T + cfg.n", "T", UNKNOWN),  # what is added may be 0
    ("cfg.n*T", "T", UNKNOWN),
    # convolutions, pools, shuffles
    ("(w + 2 - 3)//2 + 1", "(w + 1)//2", YES),
    ("((w - 1)//2)*2 + 1", "w", CONDITIONAL),
    ("max(T, 1) + 1", "T + 1", CONDITIONAL),
    ("(T//2)*2 + T//3", "T + 1", NO),
    ("(w//2)*2", "w", CONDITIONAL),
    ("((w//2)//2)*4", "w", CONDITIONAL),
    ("((w//2//2)*2)*2", "w//2*2", CONDITIONAL),
    ("(2*w)//2", "w", YES),
    ("c*r*r//(r*r)", "c", YES),
    ("(c//(r*r))*r*r", "c", CONDITIONAL),
    ("(c//r//r)*r*r", "c", CONDITIONAL),
]


@pytest.mark.parametrize(("left", "right", "truth"), VERDICTS)
def test_verdict(left: str, right: str, truth: Truth) -> None:
    a, b = parse(left), parse(right)
    assert compare(a, b).truth is truth
    assert compare(b, a).truth is truth
    assert equal(a, b) is truth


WITNESSES = [
    ("T", "512", {"T": 1}),
    ("T", "D", {"T": 2, "D": 1}),
    ("T", "1", {"T": 2}),
    ("3", "5", {}),
    ("T", "C//cfg.n", {"T": 1}),
    ("-a", "1 - a", {"a": 1}),
]


@pytest.mark.parametrize(("left", "right", "shown"), WITNESSES)
def test_witness(left: str, right: str, shown: dict[str, int]) -> None:
    assert compare(parse(left), parse(right)).witness == shown


def test_a_witness_that_broadcasting_does_not_save() -> None:
    assert witness(name("T"), 512, other_than=1) == {"T": 2}


def test_the_search_for_a_witness_is_short() -> None:
    assert all(len(_trials(count)) <= MOST_TRIALS for count in range(30))


def test_unknown_is_never_certain() -> None:
    assert equal(UNKNOWN_DIM, 3) is UNKNOWN
    assert equal(UNKNOWN_DIM, UNKNOWN_DIM) is UNKNOWN
    assert equal(name("?x#1", soft=True), 3) is UNKNOWN
    assert equal(name("T"), name("?x#1", soft=True) * name("C")) is UNKNOWN


def told(*facts: tuple[str, str, str]) -> Facts:
    known = NO_FACTS
    for left, relation, right in facts:
        a, b = parse(left), parse(right)
        known = {
            "==": known.assume_equal,
            "%": known.assume_divisible,
            ">=": known.assume_at_least,
        }[relation](a, b)
    return known


UNDER_FACTS = [
    ([("d", "%", "h")], "h*(d//h)", "d", YES),
    ([("d", "%", "h")], "B*T*h*(d//h)", "B*T*d", YES),
    ([("d", "%", "h")], "d//h*h*2", "2*d", YES),
    ([("d", "%", "h")], "3*d//h", "3*(d//h)", YES),
    ([("d", "%", "h")], "h", "d", NO),
    ([("d", "%", "h")], "T", "512", NO),
    ([("d", "%", "64")], "d", "100", NO),
    ([("d", "%", "64")], "64*(d//64)", "d", YES),
    ([("d", "%", "64")], "16*(d//16)", "d", YES),
    ([("b*t", "%", "h")], "h*((b*t)//h)", "b*t", YES),
    ([("b*t", "%", "h")], "h*((b*t)//h)*c", "b*c*t", YES),
    ([("b*t", "%", "h")], "h*(b//h)", "b", CONDITIONAL),
    ([("d + 1", "%", "h")], "h*((d + 1)//h)", "d + 1", YES),
    ([("d", "%", "h*2")], "2*h*(d//(2*h))", "d", YES),
    ([("d", "%", "h"), ("d//h", "%", "2")], "2*h*(d//h//2)", "d", YES),
    ([("a", "==", "b")], "a", "b", YES),
    ([("a", "==", "b"), ("b", "==", "c")], "a", "c", YES),
    ([("a", "==", "b"), ("c", "==", "d"), ("b", "==", "c")], "a*2", "d + a", YES),
    ([("a", "==", "b + 1"), ("b", "==", "a - 1")], "a", "b + 1", YES),
    ([("a", "==", "b + 1"), ("b", "==", "a - 1")], "a", "b", NO),
    ([("a", "==", "512")], "a", "512", YES),
    ([("a", "==", "512")], "a", "256", NO),
    ([("a*b", "==", "c*d")], "2*a*b", "2*c*d", YES),
    ([("a*b", "==", "c*d")], "a*b*e + 1", "c*d*e + 1", YES),
    ([("a*b", "==", "c*d")], "a", "c", NO),
    ([("2*a", "==", "3*b")], "4*a", "6*b", YES),
    ([("2*a", "==", "3*b")], "a", "b", NO),
    ([("k", "==", "d//h")], "k*h", "d", CONDITIONAL),
    ([("k", "==", "d//h"), ("d", "%", "h")], "k*h", "d", YES),
    ([("h*k", "==", "d")], "d//h", "k", YES),
    ([("h*(d//h)", "==", "d")], "B*h*(d//h)", "B*d", YES),
    ([("a*b", "==", "a*c")], "b", "c", YES),
    ([("a*a", "==", "b*b")], "a*a", "b*b", YES),
    ([("T", ">=", "5")], "T", "4", NO),
    ([("T", ">=", "5")], "max(T, 5)", "T", YES),
    ([("T", ">=", "5")], "min(T, 3)", "3", YES),
    ([("block", ">=", "T")], "min(T, block)", "T", YES),
    ([("cfg.block", ">=", "T")], "min(T, cfg.block)", "T", YES),
    # an equation with a soft name takes a rigid one's freedom
    ([("T", "==", "cfg.n")], "T", "cfg.n", YES),
    ([("T", "==", "cfg.n")], "T", "512", UNKNOWN),
    ([("T", "==", "cfg.n")], "D", "512", NO),
    ([("cfg.d", "%", "cfg.h")], "cfg.h*(cfg.d//cfg.h)", "cfg.d", YES),
    ([("cfg.d", "==", "512")], "cfg.d", "512", YES),
    ([("cfg.d", "==", "512")], "cfg.d", "256", NO),
    # contradictions: such code is never reached
    ([("a", "==", "3"), ("a", "==", "5")], "T", "512", UNKNOWN),
    ([("a", "==", "3"), ("a", "==", "5")], "3", "5", UNKNOWN),
    ([("a", "==", "b + 1"), ("b", "==", "a + 1")], "a", "b", UNKNOWN),
    ([("a", "==", "2"), ("a", ">=", "5")], "T", "512", UNKNOWN),
    ([("a", ">=", "5"), ("a", "==", "2")], "T", "512", UNKNOWN),
    ([("5", "%", "2")], "T", "512", UNKNOWN),
    ([("a", "==", "0")], "T", "512", UNKNOWN),
    ([("T", "==", "T")], "T", "512", NO),
]


@pytest.mark.parametrize(("facts", "left", "right", "truth"), UNDER_FACTS)
def test_verdict_under_facts(
    facts: list[tuple[str, str, str]], left: str, right: str, truth: Truth
) -> None:
    known = told(*facts)
    verdict = compare(parse(left), parse(right), known)
    assert verdict.truth is truth
    if truth is NO and verdict.witness:
        assert known.hold(verdict.witness)


@pytest.mark.parametrize(("facts", "left", "right", "truth"), UNDER_FACTS)
def test_the_order_of_facts_does_not_matter_for_yes(
    facts: list[tuple[str, str, str]], left: str, right: str, truth: Truth
) -> None:
    verdict = compare(parse(left), parse(right), told(*reversed(facts)))
    if truth is YES:
        assert verdict.truth is YES


LENIENT = Facts(
    linkable=frozenset({"d", "e"}),
    parameters=frozenset({"d_in", "d_out", "n"}),
    guarded=frozenset({"d_in"}),
)
POLICIES = [
    ("d", "d_in", CONDITIONAL),  # an annotation's name, and a parameter around it
    ("d", "2*n", CONDITIONAL),
    ("d", "e", NO),  # two names of annotations
    ("d", "512", NO),
    ("n", "d_out", NO),  # two parameters, no guard mentions either
    ("d_in", "d_out", CONDITIONAL),
    ("d_in", "n", CONDITIONAL),
    ("d_in", "512", CONDITIONAL),  # a guard mentions it: any equation may be an unwritten rule
    ("n", "512", NO),
    ("2*d_in", "2*d_out + 1", NO),  # no sizes at all
    ("d*n", "d", NO),
    ("d - n + 2*(n//2) + 1", "d", CONDITIONAL),  # a kernel of odd size
    ("(d - 1)//2", "d//2", NO),  # a size of data may be even
]


@pytest.mark.parametrize(("left", "right", "truth"), POLICIES)
def test_policies(left: str, right: str, truth: Truth) -> None:
    assert compare(parse(left), parse(right), LENIENT).truth is truth


def clash() -> ShapeError:
    return ShapeError(ErrorKind.broadcast_error_incompatible_dimensions, (1, 2), "sizes differ")


def test_check_equal_raises_on_a_certain_difference() -> None:
    check_equal(3, 3, clash)
    with pytest.raises(ShapeError) as caught:
        check_equal(name("T"), 512, clash)
    assert caught.value.clash == (name("T"), 512)
    with pytest.raises(ShapeError):
        check_equal(3, 5, clash)


def test_check_equal_writes_down_what_it_took_for_granted() -> None:
    d, h = name("d"), name("h")
    with using(Context()) as context:
        check_equal(h * (d // h), d, clash)
        check_equal(h * (d // h) * 2, 2 * d, clash)
        assert current_facts() is context.facts
    assert [error.clash for error in context.conditions] == [(h * (d // h), d)]
    assert equal(h * (d // h), d) is CONDITIONAL


def test_nothing_is_wrong_in_code_that_is_never_reached() -> None:
    with using(Context(NO_FACTS.assume_equal(3, 5))):
        check_equal(256, 512, clash)
        check_equal(name("T"), 512, clash)


ORDERS = [
    ("3", "5", YES),
    ("5", "3", NO),
    ("T", "T", YES),
    ("T", "T + 1", YES),
    ("T + 1", "T", NO),
    ("1", "T", YES),
    ("2", "T", UNKNOWN),
    ("T//2", "T", YES),
    ("(T + 1)//2", "T", YES),
    ("h*(T//2)", "h*T", UNKNOWN),
    ("min(T, 512)", "512", YES),
    ("min(T, D)", "T", YES),
    ("T", "max(T, D)", YES),
    ("cfg.n", "T", UNKNOWN),
    ("?", "T", UNKNOWN),
]


@pytest.mark.parametrize(("left", "right", "truth"), ORDERS)
def test_order(left: str, right: str, truth: Truth) -> None:
    assert at_most(parse(left), parse(right)) is truth


def test_order_under_facts() -> None:
    T, block = name("T"), name("block")
    with using(Context(NO_FACTS.assume_at_least(block, T).assume_at_least(T, 7))):
        assert at_most(T, block) is YES
        assert at_most(T, block + 1) is YES
        assert at_most(5, T) is YES
        assert at_most(T, 6) is NO


JOINS = [
    ([("a", "==", "b")], [("a", "==", "b")], ("a", "b", YES)),
    ([("a", "==", "b")], [], ("a", "b", NO)),
    ([("a", "==", "3")], [("a", "==", "4")], ("a", "3", NO)),
    ([("a", "==", "b"), ("b", "==", "c")], [("a", "==", "c")], ("a", "c", YES)),
    ([("a", "==", "b"), ("b", "==", "c")], [("a", "==", "c")], ("a", "b", NO)),
    ([("d", "%", "4")], [("d", "%", "8")], ("4*(d//4)", "d", YES)),
    ([("d", "%", "4")], [("d", "%", "8")], ("8*(d//8)", "d", CONDITIONAL)),
    ([("d", "==", "h*k")], [("d", "%", "h")], ("h*(d//h)", "d", YES)),
    ([("T", ">=", "5")], [("T", ">=", "3")], ("min(T, 3)", "3", YES)),
    ([("T", ">=", "5")], [("T", ">=", "3")], ("min(T, 4)", "4", CONDITIONAL)),
    ([("a", "==", "3"), ("a", "==", "5")], [("a", "==", "b")], ("a", "b", YES)),
]


@pytest.mark.parametrize(("left", "right", "expected"), JOINS)
def test_join(left: list, right: list, expected: tuple[str, str, Truth]) -> None:
    a, b, truth = expected
    for joined in (told(*left).join(told(*right)), told(*right).join(told(*left))):
        assert compare(parse(a), parse(b), joined).truth is truth


def test_join_keeps_what_came_before_the_branches() -> None:
    before = told(("d", "%", "h"))
    joined = before.assume_equal(name("a"), 3).join(before.assume_equal(name("a"), 4))
    assert joined.history == before.history
    assert before.join(before) is before


def test_a_join_is_lenient_where_either_side_is() -> None:
    joined = Facts(guarded=frozenset({"x"})).join(Facts(guarded=frozenset({"y"})))
    assert joined.guarded == {"x", "y"}


def test_many_facts_stay_quick() -> None:
    facts = NO_FACTS
    for i in range(150):
        facts = facts.assume_equal(name(f"a{i}"), name(f"a{i + 1}") + 1)
        facts = facts.assume_divisible(name(f"d{i}"), name(f"h{i}"))
    assert equal_under(facts, name("a0"), name("a150") + 150) is YES
    assert equal_under(facts, name("h9") * (name("d9") // name("h9")), name("d9")) is YES


def equal_under(facts: Facts, a: Size, b: Size) -> Truth:
    return compare(a, b, facts).truth


def test_what_was_told_is_known_though_other_facts_rewrite_it() -> None:
    a, b = name("a"), name("b")
    left, right = 4 * a + b, minimum(0, a + b) + 5  # the sum is positive, until b becomes 5 - 4*a
    facts = NO_FACTS.assume_divisible(5 * a, left).assume_equal(left, right)
    assert equal_under(facts, left, right) is YES
    assert equal_under(facts, right, left) is YES


def test_a_cycle_of_equations_ends() -> None:
    facts = told(("a", "==", "b"), ("b", "==", "c"), ("c", "==", "a"), ("a*b", "==", "c*c"))
    assert not facts.contradictory
    assert equal_under(facts, name("a"), name("c")) is YES
