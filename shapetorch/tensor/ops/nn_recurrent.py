"""Recurrent cells and networks as functions, whose weights are arguments."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from shapetorch.tensor import recurring
from shapetorch.tensor.arguments import require_sequence
from shapetorch.tensor.judging import judged
from shapetorch.tensor.kinds import is_floating, narrowed, require_kind, require_same_kind, widened
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.operations import OPERATIONS, operation
from shapetorch.tensor.ops.nn_dropout import dropout as dropped
from shapetorch.tensor.recomputing import recomputed_gradients
from shapetorch.tensor.recurring import Steps
from shapetorch.tensor.signatures import fits, type_name
from shapetorch.tensor.tape import record_all
from shapetorch.tensor.tensors import Tensor, wrap


def _linear(input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    return OPERATIONS["nn.functional.linear"].function(input, weight, bias)  # type: ignore[no-any-return]


# -- one step, as operations ------------------------------------------------------------------------


def _step(
    kind: str, given: Tensor, from_hidden: Tensor, h: Tensor, c: Tensor | None
) -> tuple[Tensor, Tensor | None]:
    """The next hidden and cell state, of both parts of the gates."""
    if kind == "lstm":
        assert c is not None, "an LSTM has a cell state"
        i, f, g, o = (given + from_hidden).chunk(4, 1)
        cell = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * cell.tanh(), cell
    if kind == "gru":
        given_parts, hidden_parts = given.chunk(3, 1), from_hidden.chunk(3, 1)
        r = (given_parts[0] + hidden_parts[0]).sigmoid()
        z = (given_parts[1] + hidden_parts[1]).sigmoid()
        n = (given_parts[2] + r * hidden_parts[2]).tanh()
        return n + z * (h - n), None
    total = given + from_hidden
    return (total.tanh() if kind == "rnn_tanh" else total.relu()), None


# -- a direction of a layer, as one node ------------------------------------------------------------


def _direction(
    kind: str,
    from_input: Tensor,
    h: Tensor,
    c: Tensor | None,
    weight: Tensor,
    bias: Tensor | None,
    steps: Steps,
) -> list[Tensor]:
    """The hidden states of all rows, and the last hidden (and cell) state."""
    inputs = (from_input, h, c, weight, bias)
    if not is_floating(from_input):
        require_kind(kind, from_input, "fc" if kind in ("lstm", "gru") else "ifc")
        return _composed(kind, steps)(*inputs)  # type: ignore[no-any-return]
    arrays: Any = [None if item is None else widened(item._array) for item in inputs]
    with np.errstate(all="ignore"):
        made, last, cell, memory = recurring.run(kind, arrays, steps)
    dtype = h._array.dtype
    results = [narrowed(item, dtype) for item in (made, last, cell) if item is not None]
    return record_all(
        results, inputs, recurrent_backward, inputs, kind=kind, steps=steps, memory=memory
    )


def recurrent_backward(node: Any, *grads: Tensor) -> list[Tensor | None]:
    """Back through time, in one go; step by step where the gradient is differentiated again."""
    inputs = node.saved
    if MODES.grad:
        return recomputed_gradients(_composed(node.kind, node.steps), inputs, grads)
    weight = widened(inputs[3]._array)
    of_made, of_hidden = (widened(grad._array) for grad in grads[:2])
    of_cell = widened(grads[2]._array) if len(grads) > 2 else None
    with np.errstate(all="ignore"):
        found = recurring.backward(
            node.kind, node.memory, weight, node.steps, of_made, of_hidden, of_cell
        )
    return [
        wrap(found.from_input),
        wrap(found.hidden),
        None if found.cell is None else wrap(found.cell),
        wrap(found.weight),
        None if inputs[4] is None else wrap(found.bias),
    ]


def _composed(kind: str, steps: Steps, projection: Tensor | None = None) -> Any:
    """A direction step by step, in operations of tensors; the hidden state may be projected."""

    def compose(
        given: Tensor, h: Tensor, c: Tensor | None, weight: Tensor, bias: Tensor | None
    ) -> list[Tensor]:
        parts: dict[int, Tensor] = {}
        for start, count in steps.rows:
            active, cell = _first(h, count), None if c is None else _first(c, count)
            from_hidden = _linear(active, weight, bias)
            new, new_cell = _step(kind, given.narrow(0, start, count), from_hidden, active, cell)
            if projection is not None:
                new = _linear(new, projection, None)
            parts[start] = new
            h = _with_rest(new, h)
            c = None if c is None or new_cell is None else _with_rest(new_cell, c)
        made = OPERATIONS["cat"].function([parts[start] for start in sorted(parts)])
        return [made, h] if c is None else [made, h, c]

    return compose


def _first(state: Tensor, count: int) -> Tensor:
    """The rows of the sequences that still last."""
    return state if state._array.shape[0] == count else state.narrow(0, 0, count)


def _with_rest(new: Tensor, state: Tensor) -> Tensor:
    """New rows, and those of the sequences that have ended or not begun."""
    count, total = new._array.shape[0], state._array.shape[0]
    if count == total:
        return new
    return OPERATIONS["cat"].function([new, state.narrow(0, count, total - count)])  # type: ignore[no-any-return]


# -- networks ---------------------------------------------------------------------------------------


def _network(
    kind: str,
    data: Tensor,
    sizes: Sequence[int],
    states: Sequence[Tensor],
    params: Sequence[Tensor],
    has_biases: bool,
    num_layers: int,
    dropout: float,
    train: bool,
    bidirectional: bool,
) -> list[Tensor]:
    """All layers and directions over packed rows; the rows of the last layer and the last states."""
    directions = 2 if bidirectional else 1
    is_projected = kind == "lstm" and states[0]._array.shape[2] != states[1]._array.shape[2]
    each = 2 + 2 * bool(has_biases) + is_projected
    if len(params) != each * num_layers * directions:
        raise RuntimeError(
            f"{kind}: expected {each * num_layers * directions} parameters, got {len(params)}"
        )
    require_same_kind(kind, data, *states, *params)
    if not is_projected:
        _check_weights(kind, params, each, states[0]._array.shape[2])
    join, stack = OPERATIONS["cat"].function, OPERATIONS["stack"].function
    last: list[list[Tensor]] = [[] for _ in states]
    made = data
    for layer in range(num_layers):
        outputs = []
        for direction in range(directions):
            place = layer * directions + direction
            weights = list(params[place * each : (place + 1) * each])
            projection = weights.pop() if is_projected else None
            w_ih, w_hh = weights[:2]
            b_ih, b_hh = weights[2:] if has_biases else (None, None)
            steps = Steps.of(sizes, direction == 1)
            h, *rest = (state.select(0, place) for state in states)
            operands = (_linear(made, w_ih, b_ih), h, rest[0] if rest else None, w_hh, b_hh)
            if projection is None:
                found = _direction(kind, *operands, steps)
            else:
                found = _composed(kind, steps, projection)(*operands)
            outputs.append(found[0])
            for kept, state in zip(last, found[1:], strict=True):
                kept.append(state)
        made = outputs[0] if directions == 1 else join(outputs, 1)
        if dropout > 0 and train and layer < num_layers - 1:
            made = dropped(made, dropout)
    return [made, *(stack(kept) for kept in last)]


def _check_weights(kind: str, params: Sequence[Tensor], each: int, hidden: int) -> None:
    """Raise RuntimeError unless ``w_hh``, ``b_ih`` and ``b_hh`` have the sizes that the states ask for."""
    rows = {"lstm": 4, "gru": 3}.get(kind, 1) * hidden
    for start in range(0, len(params), each):
        _, w_hh, *biases = (item._array.shape for item in params[start : start + each])
        if w_hh != (rows, hidden) or any(shape != (rows,) for shape in biases):
            raise RuntimeError(
                f"{kind}: expected weights of shape {[rows, hidden]} and biases of shape {[rows]}, got "
                f"{list(w_hh)} and {[list(shape) for shape in biases]}"
            )


def _batches(
    kind: str,
    input: Tensor,
    states: Sequence[Tensor],
    params: Sequence[Tensor],
    has_biases: bool,
    num_layers: int,
    dropout: float,
    train: bool,
    bidirectional: bool,
    batch_first: bool,
) -> tuple[Tensor, ...]:
    """A network over ``(L, N, input_size)``."""
    hx = tuple(states) if kind == "lstm" else states[0]
    judged(
        kind, input, hx, params, has_biases, num_layers, dropout, train, bidirectional, batch_first
    )
    timed = input.transpose(0, 1) if batch_first else input
    length, batch, width = timed._array.shape
    if not length:
        raise RuntimeError("Expected sequence length to be larger than 0 in RNN")
    made, *last = _network(
        *(kind, timed.reshape(length * batch, width), [batch] * length, states, params),
        *(has_biases, num_layers, dropout, train, bidirectional),
    )
    made = made.reshape(length, batch, made._array.shape[1])
    return (made.transpose(0, 1) if batch_first else made, *last)


def _packs(
    kind: str,
    data: Tensor,
    batch_sizes: Tensor,
    states: Sequence[Tensor],
    params: Sequence[Tensor],
    has_biases: bool,
    num_layers: int,
    dropout: float,
    train: bool,
    bidirectional: bool,
) -> tuple[Tensor, ...]:
    """A network over a packed sequence."""
    hx = tuple(states) if kind == "lstm" else states[0]
    judged(
        kind, data, batch_sizes, hx, params, has_biases, num_layers, dropout, train, bidirectional
    )
    if batch_sizes._array.dtype != np.int64:
        raise RuntimeError(f"{kind}: batch_sizes must be torch.int64, got {batch_sizes.dtype}")
    sizes = batch_sizes._array.reshape(-1).tolist()
    batch = states[0]._array.shape[1]
    if not sizes or sizes[0] > batch or min(sizes) < 0 or sum(sizes) != data._array.shape[0]:
        raise RuntimeError(
            f"{kind}: batch_sizes must start with at most {batch} and add up to "
            f"{data._array.shape[0]}, got {sizes}"
        )
    if any(later > earlier for earlier, later in pairwise(sizes)):
        raise RuntimeError(f"{kind}: batch_sizes must not increase, got {sizes}")
    return tuple(
        _network(
            *(kind, data, sizes, states, params),
            *(has_biases, num_layers, dropout, train, bidirectional),
        )
    )


def _run(kind: str, first: Tensor, second: Any, rest: tuple[Any, ...]) -> tuple[Tensor, ...]:
    """Either form of a call, told apart by what comes third."""
    if rest and isinstance(rest[0], (list, tuple)):
        if not rest[0]:
            raise RuntimeError(f"{kind}: Expected more weights, got params=[]")
        is_packed = len(rest) > 1 and isinstance(rest[1], (list, tuple))
    else:
        is_packed = True
    options = rest[2:] if is_packed else rest[1:]
    wanted = ("bool", "int", "float", "bool", "bool", "bool")[: 5 if is_packed else 6]
    if len(options) != len(wanted) or not all(map(fits, wanted, options)):
        raise TypeError(
            f"{kind}() received an invalid combination of arguments - got {type_name(rest)}, expected "
            "has_biases: bool, num_layers: int, dropout: float, train: bool, bidirectional: bool"
        )
    if is_packed:
        states = rest[0] if isinstance(rest[0], (list, tuple)) else (rest[0],)
        return _packs(kind, first, second, states, *rest[1:])
    states = second if isinstance(second, (list, tuple)) else (second,)
    return _batches(kind, first, states, *rest)


@operation()
def lstm(input: Tensor, hx: Any, *args: Any) -> tuple[Tensor, Tensor, Tensor]:
    """Long short-term memory: all hidden states, the last hidden and the last cell states.

    Args:
        input: ``(L, N, input_size)``; or packed ``(rows, input_size)``, then the next argument is
            how many rows each time has.
        hx: The first states ``(h_0, c_0)``, each ``(D*num_layers, N, hidden_size)``.
        args: ``params, has_biases, num_layers, dropout, train, bidirectional, batch_first``, where
            params are ``w_ih, w_hh, b_ih, b_hh`` (and ``w_hr``) of each layer and direction.

    Source: PyTorch ``torch.nn.LSTM``.
    """
    return _run("lstm", input, hx, args)  # type: ignore[return-value]


@operation()
def gru(input: Tensor, hx: Any, *args: Any) -> tuple[Tensor, Tensor]:
    """Gated recurrent units: all hidden states and the last ones; arguments as of `lstm`."""
    return _run("gru", input, hx, args)  # type: ignore[return-value]


@operation()
def rnn_tanh(input: Tensor, hx: Any, *args: Any) -> tuple[Tensor, Tensor]:
    """Elman's network with tanh: all hidden states and the last ones; arguments as of `lstm`."""
    return _run("rnn_tanh", input, hx, args)  # type: ignore[return-value]


@operation()
def rnn_relu(input: Tensor, hx: Any, *args: Any) -> tuple[Tensor, Tensor]:
    """Elman's network with relu: all hidden states and the last ones; arguments as of `lstm`."""
    return _run("rnn_relu", input, hx, args)  # type: ignore[return-value]


# -- cells ------------------------------------------------------------------------------------------


def _cell(
    kind: str,
    input: Tensor,
    h: Tensor,
    c: Tensor | None,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None,
    b_hh: Tensor | None,
) -> list[Tensor]:
    require_same_kind(f"{kind}_cell", input, h, c, w_ih, w_hh, b_ih, b_hh)
    steps = Steps(((0, input._array.shape[0]),))
    return _direction(kind, _linear(input, w_ih, b_ih), h, c, w_hh, b_hh, steps)[1:]


@operation()
def lstm_cell(
    input: Tensor,
    hx: Sequence[Tensor],
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """One step of long short-term memory: the next hidden and cell state.

    Args:
        input: ``(N, input_size)``.
        hx: The hidden and the cell state, each ``(N, hidden_size)``.
        w_ih: ``(4*hidden_size, input_size)``, in the order i, f, g, o.
        w_hh: ``(4*hidden_size, hidden_size)``.
        b_ih: ``(4*hidden_size,)``.
        b_hh: ``(4*hidden_size,)``.

    Source: PyTorch ``torch.nn.LSTMCell``.
    """
    require_sequence("lstm_cell", "hx", hx, "Tensors")
    judged("lstm_cell", input, tuple(hx), w_ih, w_hh, b_ih, b_hh)
    hidden, cell = _cell("lstm", input, hx[0], hx[1], w_ih, w_hh, b_ih, b_hh)
    return hidden, cell


@operation()
def gru_cell(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> Tensor:
    """One step of gated recurrent units, in the order r, z, n; see `lstm_cell`."""
    judged("gru_cell", input, hx, w_ih, w_hh, b_ih, b_hh)
    return _cell("gru", input, hx, None, w_ih, w_hh, b_ih, b_hh)[0]


@operation()
def rnn_tanh_cell(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> Tensor:
    """``tanh(w_ih @ x + b_ih + w_hh @ h + b_hh)``; see `lstm_cell`."""
    judged("rnn_tanh_cell", input, hx, w_ih, w_hh, b_ih, b_hh)
    return _cell("rnn_tanh", input, hx, None, w_ih, w_hh, b_ih, b_hh)[0]


@operation()
def rnn_relu_cell(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> Tensor:
    """``relu(w_ih @ x + b_ih + w_hh @ h + b_hh)``; see `lstm_cell`."""
    judged("rnn_relu_cell", input, hx, w_ih, w_hh, b_ih, b_hh)
    return _cell("rnn_relu", input, hx, None, w_ih, w_hh, b_ih, b_hh)[0]
