"""Recurrent networks: layers, directions, packed sequences, projections; cells step by step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import shapetorch as st
from tests.tensor.both import agree, numbers

GATES = {"lstm": 4, "gru": 3, "rnn_tanh": 1, "rnn_relu": 1}
INTO, HIDDEN = 3, 4


def weights(
    kind: str, layers: int, both: bool, biases: bool, projected: int = 0
) -> list[np.ndarray]:
    """The parameters of a network, in PyTorch's order."""
    found = []
    directions = 2 if both else 1
    out = projected or HIDDEN
    rows = GATES[kind] * HIDDEN
    for layer in range(layers):
        width = INTO if layer == 0 else out * directions
        for _ in range(directions):
            shapes = [(rows, width), (rows, out)]
            shapes += [(rows,), (rows,)] if biases else []
            shapes += [(projected, HIDDEN)] if projected else []
            found += [numbers(*shape, seed=len(found)) * 0.5 for shape in shapes]
            del shapes
    return [item * (1 + 0.1 * place) for place, item in enumerate(found)]


def states(kind: str, count: int, batch: int, out: int = HIDDEN) -> list[np.ndarray]:
    """The first states."""
    found = [numbers(count, batch, out, seed=11)]
    return [*found, numbers(count, batch, HIDDEN, seed=12)] if kind == "lstm" else found


def _called(
    kind: str, t: Any, first: tuple[Any, ...], xs: tuple[Any, ...], rest: tuple[Any, ...]
) -> Any:
    """A call whose tensors are one after the other: the states, then the parameters."""
    count = 2 if kind == "lstm" else 1
    hx = xs[:count] if kind == "lstm" else xs[0]
    return getattr(t, kind)(*first, hx, list(xs[count:]), *rest)


@pytest.mark.parametrize("kind", GATES)
@pytest.mark.parametrize("biases", [True, False])
@pytest.mark.parametrize(("layers", "both"), [(1, False), (2, False), (1, True), (2, True)])
def test_networks(kind: str, layers: int, both: bool, biases: bool) -> None:
    given = states(kind, layers * (2 if both else 1), 2)
    agree(
        lambda t, x, *xs: _called(kind, t, (x,), xs, (biases, layers, 0.0, False, both, False)),
        *(numbers(3, 2, INTO), *given, *weights(kind, layers, both, biases)),
    )


@pytest.mark.parametrize("kind", GATES)
def test_batch_first(kind: str) -> None:
    agree(
        lambda t, x, *xs: _called(kind, t, (x,), xs, (True, 1, 0.0, False, False, True)),
        *(numbers(2, 5, INTO), *states(kind, 1, 2), *weights(kind, 1, False, True)),
    )


@pytest.mark.parametrize("kind", GATES)
@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("sizes", [[3, 2, 1], [3, 3, 1, 1], [2, 2]])
def test_packed_sequences(kind: str, both: bool, sizes: list[int]) -> None:
    given = states(kind, 2 * (2 if both else 1), sizes[0])
    agree(
        lambda t, x, *xs: _called(kind, t, (x, t.tensor(sizes)), xs, (True, 2, 0.0, False, both)),
        *(numbers(sum(sizes), INTO), *given, *weights(kind, 2, both, True)),
    )


@pytest.mark.parametrize("both", [False, True])
def test_projections(both: bool) -> None:
    given = states("lstm", 2 * (2 if both else 1), 2, 2)
    agree(
        lambda t, x, *xs: _called("lstm", t, (x,), xs, (True, 2, 0.0, False, both, False)),
        *(numbers(3, 2, INTO), *given, *weights("lstm", 2, both, True, 2)),
    )


@pytest.mark.parametrize("kind", GATES)
@pytest.mark.parametrize("biases", [True, False])
def test_cells(kind: str, biases: bool) -> None:
    given = [item[0] for item in states(kind, 1, 2)]

    def call(t, x, *xs):
        count = 2 if kind == "lstm" else 1
        hx = xs[:count] if kind == "lstm" else xs[0]
        return getattr(t, f"{kind}_cell")(x, hx, *xs[count:])

    agree(call, numbers(2, INTO), *given, *weights(kind, 1, False, biases))


@pytest.mark.parametrize("kind", ["lstm", "gru"])
@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_narrow_networks(kind: str, dtype: str) -> None:
    arrays = [numbers(3, 2, INTO), *states(kind, 1, 2), *weights(kind, 1, False, True)]

    def call(t, x, *xs):
        x, *xs = (item.to(getattr(t, dtype)) for item in (x, *xs))
        return _called(kind, t, (x,), tuple(xs), (True, 1, 0.0, False, False, False))

    agree(call, *arrays, grad=False)


def test_dropout_between_layers() -> None:
    st.manual_seed(0)
    given = [st.Tensor.of_numpy(item) for item in states("gru", 2, 2)]
    params = [st.Tensor.of_numpy(item) for item in weights("gru", 2, False, True)]
    x = st.Tensor.of_numpy(numbers(3, 2, INTO))
    plain, trained, evaluated = (
        st.gru(x, given[0], params, True, 2, p, train, False, False)[0]._array
        for p, train in ((0.0, True), (0.5, True), (0.5, False))
    )
    assert np.array_equal(plain, evaluated)
    assert not np.array_equal(plain, trained)


def test_a_gradient_of_one_state_alone() -> None:
    def call(t, x, *xs):
        made = _called("lstm", t, (x,), xs, (True, 1, 0.0, False, False, False))
        return made[2]

    agree(call, numbers(3, 2, INTO), *states("lstm", 1, 2), *weights("lstm", 1, False, True))


WRONG = [
    pytest.param(
        lambda t, x, h, p: t.gru(x, h, p[:3], True, 1, 0.0, False, False, False), id="few"
    ),
    pytest.param(
        lambda t, x, h, p: t.gru(x[:0], h, p, True, 1, 0.0, False, False, False), id="no-times"
    ),
    pytest.param(
        lambda t, x, h, p: t.gru(x.float(), h, p, True, 1, 0.0, False, False, False), id="dtypes"
    ),
]


@pytest.mark.parametrize("call", WRONG)
def test_what_is_refused(call: Any) -> None:
    agree(
        lambda t, x, h, *p: call(t, x, h, list(p)),
        *(numbers(3, 2, INTO), *states("gru", 1, 2), *weights("gru", 1, False, True)),
        grad=False,
    )


@pytest.mark.parametrize("sizes", [[1, 2], [3, 3], [2, 2, 1]])
def test_packs_that_are_none(sizes: list[int]) -> None:
    """Not compared: PyTorch reads whatever lies behind its operands."""
    x, h = (st.Tensor.of_numpy(numbers(*shape)) for shape in ((4, INTO), (1, 2, HIDDEN)))
    params = [st.Tensor.of_numpy(item) for item in weights("gru", 1, False, True)]
    with pytest.raises(RuntimeError, match="batch_sizes"):
        st.gru(x, st.tensor(sizes), h, params, True, 1, 0.0, False, False)
