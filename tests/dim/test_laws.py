"""Laws of sizes, for all sizes and all bindings."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from shapetorch.dim import (
    NO_FACTS,
    UNKNOWN_DIM,
    Context,
    Facts,
    Truth,
    at_most,
    compare,
    evaluate,
    parse,
    render,
    solve,
    substitute,
    using,
)
from shapetorch.dim.division import exact_quotient
from shapetorch.dim.equations import exact_divisions, follow_from, never_zero
from tests import strategies
from tests.strategies import (
    NAMES,
    bindings,
    build,
    complete,
    divides,
    recipes,
    run,
    sizes,
    value_of,
)


@given(recipes(leaves=12), bindings())
def test_evaluating_commutes_with_every_operation(recipe, binding) -> None:
    try:
        size, expected = build(recipe), run(recipe, binding)
    except ZeroDivisionError:
        assume(False)
    assert size is not UNKNOWN_DIM
    assert evaluate(size, binding) == expected


@given(recipes(operators=("+", "-", "*", "min", "max"), leaves=12), bindings(least=0))
def test_evaluating_commutes_for_sizes_of_zero(recipe, binding) -> None:
    assert not divides(recipe)
    assert evaluate(build(recipe), binding) == run(recipe, binding)


@given(recipes(operators=("+", "-", "*", "//", "ceildiv"), leaves=10), bindings(least=0))
def test_a_division_by_zero_keeps_its_value_or_loses_the_division(recipe, binding) -> None:
    try:
        size, expected = build(recipe), run(recipe, binding)
    except ZeroDivisionError:
        assume(False)
    assert evaluate(size, binding) == expected


@given(sizes(leaves=10))
def test_reading_what_was_written_gives_the_same_size(size) -> None:
    assert parse(render(size)) is size or parse(render(size)) == size


@given(sizes())
def test_copies_are_the_same_object(size) -> None:
    for copied in (pickle.loads(pickle.dumps(size)), copy.deepcopy(size), copy.copy(size)):
        assert copied is size or (isinstance(size, int) and copied == size)


@given(sizes(), sizes(), sizes())
def test_addition_and_multiplication_have_one_form(a, b, c) -> None:
    assert a + b == b + a
    assert a * b == b * a
    assert (a + b) + c == a + (b + c)
    assert (a * b) * c == a * (b * c)
    assert a * (b + c) == a * b + a * c
    assert a - a == 0


@given(sizes(), sizes(), bindings())
def test_yes_is_never_contradicted(a, b, binding) -> None:
    truth = compare(a, b).truth
    x, y = value_of(a, binding), value_of(b, binding)
    assume(x is not None and y is not None)
    if truth is Truth.YES:
        assert x == y


@given(sizes(), sizes())
def test_no_carries_a_witness_that_shows_it(a, b) -> None:
    verdict = compare(a, b)
    if verdict.truth is Truth.NO:
        assert verdict.witness is not None
        assert all(value >= 1 for value in verdict.witness.values())
        assert evaluate(a, verdict.witness) != evaluate(b, verdict.witness)


@given(
    sizes(operators=("+", "*", "//")),
    sizes(operators=("+", "*"), leaves=3),
    sizes(operators=("+", "*", "//"), leaves=3),
)
def test_conditional_carries_its_equation(a, divisor, other) -> None:
    if divisor == 0:
        return
    split = a // divisor * divisor  # is `a` where the division is exact
    for left, right in ((split, a), (split + other, a + other), (a, other)):
        verdict = compare(left, right)
        event(verdict.truth.value)
        if verdict.truth is Truth.CONDITIONAL:
            assert verdict.equation == (left, right)
            assert compare(left, right, NO_FACTS.assume_equal(left, right)).truth is Truth.YES


@given(sizes(), sizes(leaves=4), st.sampled_from(NAMES), bindings())
def test_substituting_commutes_with_evaluating(size, value, letter, binding) -> None:
    try:
        number = evaluate(value, binding)
        expected = evaluate(size, {**binding, letter: number})
    except ZeroDivisionError:
        assume(False)
    replaced = substitute(size, {letter: value})
    if replaced is UNKNOWN_DIM:  # past the limits of `dim.expr`, which short sizes do not reach
        assert min(len(render(size)), len(render(value))) > 40
    else:
        assert evaluate(replaced, binding) == expected


@given(sizes(operators=("+", "-", "*")), sizes(), st.sampled_from(NAMES), bindings())
def test_a_solution_solves(left, right, letter, binding) -> None:
    value = solve(left, right, letter)
    if value is None:
        return
    assert letter not in strategies.spelled(value)
    number = value_of(value, binding)
    assume(number is not None)
    x = value_of(left, {**binding, letter: number})
    y = value_of(right, {**binding, letter: number})
    if x is not None and y is not None:
        assert x == y


@given(sizes(operators=("+", "-", "*"), leaves=4), sizes(operators=("+", "-", "*"), leaves=4))
def test_a_product_divided_by_a_factor_is_the_other(a, b) -> None:
    if b != 0:
        assert exact_quotient(a * b, b) == a
        assert (a * b) // b == a
        assert (a * b) % b == 0


@given(sizes(), bindings())
def test_bounds_hold(size, binding) -> None:
    low, high = NO_FACTS.bounds(size)
    value = value_of(size, binding)
    if value is not None:
        assert low is None or low <= value
        assert high is None or value <= high


@given(sizes(), sizes(), bindings())
def test_order_is_never_contradicted(a, b, binding) -> None:
    x, y = value_of(a, binding), value_of(b, binding)
    assume(x is not None and y is not None)
    truth = at_most(a, b)
    assert truth is not Truth.YES or x <= y
    assert truth is not Truth.NO or x > y


@given(sizes(), bindings(least=-50))
def test_never_zero_is_never_zero(size, binding) -> None:
    value = value_of(size, binding)
    if value is not None and never_zero(size):
        assert value != 0


@given(sizes(operators=("+", "-", "*", "//"), leaves=6), bindings())
def test_divisions_that_follow_do(size, binding) -> None:
    if isinstance(size, int) or value_of(size, binding) != 0:
        return
    divisions = exact_divisions(size)
    if divisions and follow_from(size):
        assert all(evaluate(n, binding) % evaluate(d, binding) == 0 for n, d in divisions)


# -- under facts -------------------------------------------------------------------------------------


@st.composite
def facts_and_binding(draw) -> tuple[Facts, dict[str, int]]:
    binding = draw(bindings())
    return draw(strategies.true_facts(binding)), binding


@given(facts_and_binding(), sizes())
def test_normalizing_keeps_the_value(known, size) -> None:
    facts, binding = known
    assert not facts.contradictory
    assert facts.hold(binding)
    value = value_of(size, binding)
    normal = facts.normalize(size)
    if value is not None and normal is not UNKNOWN_DIM:
        assert evaluate(normal, complete(binding, facts)) == value


@given(facts_and_binding(), sizes(leaves=5), sizes(leaves=5))
def test_verdicts_under_facts(known, a, b) -> None:
    facts, binding = known
    x, y = value_of(a, binding), value_of(b, binding)
    assume(x is not None and y is not None)
    verdict = compare(a, b, facts)
    if verdict.truth is Truth.YES:
        assert x == y
    if verdict.truth is Truth.NO and verdict.witness:
        full = {**binding, **verdict.witness}
        assert evaluate(a, full) != evaluate(b, full)
    with using(Context(facts)):
        truth = at_most(a, b)
    assert truth is not Truth.YES or x <= y
    assert truth is not Truth.NO or x > y


@given(facts_and_binding(), sizes())
def test_bounds_hold_under_facts(known, size) -> None:
    facts, binding = known
    low, high = facts.bounds(facts.normalize(size))
    value = value_of(size, binding)
    if value is not None:
        assert low is None or low <= value
        assert high is None or value <= high


@given(facts_and_binding())
def test_what_was_told_is_known(known) -> None:
    facts, _ = known
    for kind, a, b in facts.history:
        if kind == "equal":
            assert compare(a, b, facts).truth is Truth.YES


@given(st.data(), bindings())
def test_a_join_is_implied_by_both(data, binding) -> None:
    shared = data.draw(strategies.true_facts(binding, most=2))
    sides = []
    for _ in range(2):
        more = data.draw(strategies.true_facts(binding, most=2))
        side = shared
        for fact in more.history:
            side = side.assume(fact)
        sides.append(side)
    joined = sides[0].join(sides[1])
    assert not joined.contradictory
    assert joined.hold(binding)
    for fact in joined.history:
        assert fact in shared.history or all(fact in s.history or s.imply(fact) for s in sides)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("equal", "divisible", "at least")), sizes(leaves=3), sizes(leaves=3)
        ),
        max_size=5,
    ),
    sizes(leaves=4),
    sizes(leaves=4),
)
def test_any_facts_at_all_end_without_a_crash(told, a, b) -> None:
    facts = NO_FACTS
    for fact in told:
        facts = facts.assume(fact)
    before, after = compare(a, b), compare(a, b, facts)
    if before.truth is Truth.UNKNOWN and after.truth is Truth.NO and after.witness:
        assert facts.hold(after.witness)
    if facts.contradictory:
        assert after.truth is not Truth.NO


def test_a_broken_law_is_seen() -> None:
    @given(sizes(), bindings())
    def law(size, binding) -> None:
        assert value_of(size, binding) != 3

    with pytest.raises(AssertionError):
        law()
