"""Branches: what two states have in common."""

from __future__ import annotations

import pytest

from shapetorch.dim import NO_FACTS, UNKNOWN_DIM, Facts, Truth, compare, name
from shapetorch.flow.state import Snapshot, join_lists, join_records, join_snapshots
from shapetorch.flow.values import (
    Alternatives,
    Block,
    DictRecord,
    Integer,
    ListRecord,
    Record,
    Tensor,
    Value,
)

B, T, D = name("B"), name("T"), name("D")
X, Y = Tensor((B, T)), Tensor((T, B))
EITHER = Alternatives((X, Y))


def state(
    facts: Facts = NO_FACTS, heap: dict[int, Record] | None = None, **names: Value
) -> Snapshot:
    return Snapshot(dict(names), heap or {}, facts)


def test_names_of_both_are_joined() -> None:
    joined = join_snapshots(state(x=X, n=Integer(3)), state(x=Y, n=Integer(3)))
    assert joined.locals == {"x": EITHER, "n": Integer(3)}


def test_a_name_of_one_branch_is_believed() -> None:
    assert join_snapshots(state(x=X), state(y=Y)).locals == {"x": X, "y": Y}


def test_only_common_facts_are_kept() -> None:
    both = NO_FACTS.assume_equal(B, T)
    one = both.assume_equal(T, D)
    facts = join_snapshots(state(both), state(one)).facts
    assert compare(B, T, facts).truth is Truth.YES
    assert compare(T, D, facts).truth is Truth.NO


def test_objects_are_joined_by_key() -> None:
    joined = join_snapshots(
        state(heap={1: ListRecord((X,)), 2: ListRecord((X,))}),
        state(heap={1: ListRecord((Y,)), 3: ListRecord((Y,))}),
    )
    assert joined.heap == {1: ListRecord((EITHER,)), 2: ListRecord((X,)), 3: ListRecord((Y,))}


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param(ListRecord((X,)), ListRecord((Y,)), ListRecord((EITHER,)), id="item-by-item"),
        pytest.param(
            ListRecord(()),
            ListRecord((X,)),
            ListRecord(None, X, UNKNOWN_DIM, parts=(Block((X,), repeated=False),)),
            id="empty-or-not",
        ),
        pytest.param(
            ListRecord(None, X, T), ListRecord(None, Y, T), ListRecord(None, EITHER, T), id="long"
        ),
        pytest.param(
            ListRecord((X, X)),
            ListRecord((X,)),
            ListRecord(None, X, UNKNOWN_DIM, parts=(X, Block((X,), repeated=False))),
            id="lengths",
        ),
        pytest.param(
            ListRecord(None, X, parts=(X, Block((Y,), repeated=False))),
            ListRecord(None, X, parts=(X, Block((Y,), repeated=False), Y)),
            ListRecord(None, X, parts=(X, Block((Y,)))),
            id="one-more-round",
        ),
        pytest.param(
            ListRecord((X, Y)),
            ListRecord((Y, X, Y)),
            ListRecord(None, EITHER, UNKNOWN_DIM),
            id="order-lost",
        ),
    ],
)
def test_lists(a: ListRecord, b: ListRecord, expected: ListRecord) -> None:
    assert join_lists(a, b) == expected


def test_dictionaries() -> None:
    joined = join_records(DictRecord({"a": X}), DictRecord({"a": Y, "b": X}))
    assert joined == DictRecord({"a": EITHER, "b": X})
    assert join_records(DictRecord({"a": X}), DictRecord(None, Y)) == DictRecord(None, EITHER)
