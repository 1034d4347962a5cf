"""A call reaches its operation however its arguments are given."""

from __future__ import annotations

import numpy as np
import pytest

import shapetorch as st
from shapetorch.tensor.fronts import MISSING, front

X = st.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize(
    "call",
    [
        lambda: X.sum(1),
        lambda: X.sum(dim=1),
        lambda: X.sum(axis=1),
        lambda: X.sum(1, False),
        lambda: st.sum(X, 1),
        lambda: st.sum(input=X, dim=1),
        lambda: st.sum(a=X, axis=1, keepdims=False),
        lambda: st.sum(dim=1, input=X, dtype=None),
        lambda: st.sum(X, 1, out=st.empty(2)),
        lambda: st.sum(dim=1, out=st.empty(2), x=X),
        lambda: st.sum(X, 1, keepdim=np.bool_(False)),
    ],
)
def test_ways_to_say_it(call):
    assert call().tolist() == [3, 12]


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: st.softmax(X), "missing 1 required positional argument: 'dim'"),
        (lambda: st.softmax(dim=1), "missing 1 required positional argument: 'input'"),
        (lambda: st.softmax(X, 1, None, 2), "positional argument"),
        (lambda: st.softmax(X, 1, wrong=2), "unexpected keyword argument 'wrong'"),
        (lambda: st.softmax(X, 1, dim=1), "multiple values for argument 'dim'"),
        (lambda: st.sum(X, 1, keepdim=3), "argument 'keepdim' must be bool, not int"),
        (lambda: st.sum(X, 1, 3), "argument 'keepdim' must be bool, not int"),
        (lambda: st.cumsum(3, 0), "must be Tensor, not int"),
    ],
)
def test_calls_that_do_not_fit(call, text):
    with pytest.raises(TypeError, match=text):
        call()


def test_what_is_left_to_the_general_function():
    seen = []

    def function(a, b=2, *, c=3):
        return a, b, c

    def general(*args, **kwargs):
        seen.append((args, kwargs))

    made = front(function, general, {"b": frozenset((int,))}, None, ())
    assert made(1) == (1, 2, 3)
    assert made(1, 5, c=4) == (1, 5, 4)
    assert made(b=7, a=1) == (1, 7, 3)
    assert seen == []
    made()
    made(b=1)
    made(1, "x")
    made(1, d=4)
    made(1, 2.0, c=5, d=4)
    assert seen == [
        ((), {}),
        ((), {"b": 1}),
        ((1, "x"), {}),
        ((1,), {"d": 4}),
        ((1, 2.0), {"c": 5, "d": 4}),
    ]
    assert MISSING not in {value for args, _ in seen for value in args}
