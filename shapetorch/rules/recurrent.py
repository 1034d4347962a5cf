"""Recurrent cells and networks as functions, whose weights are arguments."""

from __future__ import annotations

from collections.abc import Callable

from shapetorch.dim import Shape, Size, check_equal, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.matching import require_same
from shapetorch.rules.registry import Result, Shapes, rule


def _rank_error(operation: str, input: Shape, expected: int) -> ShapeError:
    return ShapeError(
        ErrorKind.rank_error_mismatch,
        (expected, len(input), input),
        f"{operation}: rank must be {expected}, got {len(input)} from {render_shape(input)}",
    )


def _no_dimension(operation: str, name: str, shape: Shape) -> ShapeError:
    """The error of a tensor with too few dimensions, an IndexError as PyTorch's."""
    return ShapeError(
        ErrorKind.dimension_error_out_of_range,
        (len(shape), len(shape), shape),
        f"{operation}: {name} must have more dimensions, got {len(shape)} from {render_shape(shape)}",
    )


def _input_error(operation: str, input: Shape, weight: Shape) -> ShapeError:
    return ShapeError(
        ErrorKind.recurrent_error_input_size,
        (weight[1], input[-1], input),
        f"{operation}: last dimension of input must be that of w_ih, "
        f"got {render_shape(input)} and {render_shape(weight)}",
    )


def _hidden_error(operation: str, name: str, state: Shape, expected: Shape) -> ShapeError:
    return ShapeError(
        ErrorKind.recurrent_error_hidden_shape,
        (expected, state),
        f"{operation}: {name} must have shape {render_shape(expected)}, got {render_shape(state)}",
    )


def cell(
    operation: str,
    gates: int,
    input: Shape,
    states: Shapes,
    w_ih: Shape,
    w_hh: Shape,
    b_ih: Shape | None,
    b_hh: Shape | None,
) -> Shape:
    """The next hidden state ``(N, hidden_size)``, of input ``(N, input_size)``.

    Raises:
        ShapeError: rank_error_mismatch, recurrent_error_input_size, recurrent_error_hidden_shape.
    """
    if len(input) < 2:
        raise _no_dimension(operation, "input", input)
    for tensor in (input, *states, w_ih, w_hh):
        if len(tensor) != 2:
            raise _rank_error(operation, tensor, 2)
    size: Size = w_hh[1]
    check_equal(input[1], w_ih[1], lambda: _input_error(operation, input, w_ih))
    expected: Shape = (input[0], size)
    for name, state in zip(("hx", "cx"), states, strict=False):
        require_same(state, expected, _error_of(operation, name, state, expected))
    square: Shape = (gates * size, size)
    require_same(w_hh, square, _error_of(operation, "w_hh", w_hh, square))
    optional: tuple[tuple[str, Shape | None, Shape], ...] = (
        ("w_ih", w_ih, (gates * size, w_ih[1])),
        ("b_ih", b_ih, (gates * size,)),
        ("b_hh", b_hh, (gates * size,)),
    )
    for name, given, wanted in optional:
        if given is not None and given != (1,):  # a bias of 1 broadcasts
            require_same(given, wanted, _error_of(operation, name, given, wanted))
    return expected


def _error_of(operation: str, name: str, state: Shape, expected: Shape) -> Callable[[], ShapeError]:
    return lambda: _hidden_error(operation, name, state, expected)


@rule("lstm_cell", functions=("lstm_cell",))
def lstm_cell_shape(
    input: Shape,
    hx: Shapes,
    w_ih: Shape,
    w_hh: Shape,
    b_ih: Shape | None = None,
    b_hh: Shape | None = None,
) -> Result:
    """The next hidden and cell state; see `cell`."""
    if len(hx) != 2:
        raise ShapeError(
            ErrorKind.recurrent_error_state_count,
            (2, len(hx)),
            f"lstm_cell: hx must be the 2 tensors (h, c), got {len(hx)}",
        )
    found = cell("lstm_cell", 4, input, hx, w_ih, w_hh, b_ih, b_hh)
    return (found, found)


@rule("gru_cell", functions=("gru_cell",))
def gru_cell_shape(
    input: Shape,
    hx: Shape,
    w_ih: Shape,
    w_hh: Shape,
    b_ih: Shape | None = None,
    b_hh: Shape | None = None,
) -> Shape:
    """The next hidden state; see `cell`."""
    return cell("gru_cell", 3, input, (hx,), w_ih, w_hh, b_ih, b_hh)


@rule("rnn_tanh_cell", functions=("rnn_tanh_cell",))
def rnn_tanh_cell_shape(
    input: Shape,
    hx: Shape,
    w_ih: Shape,
    w_hh: Shape,
    b_ih: Shape | None = None,
    b_hh: Shape | None = None,
) -> Shape:
    """The next hidden state; see `cell`."""
    return cell("rnn_tanh_cell", 1, input, (hx,), w_ih, w_hh, b_ih, b_hh)


@rule("rnn_relu_cell", functions=("rnn_relu_cell",))
def rnn_relu_cell_shape(
    input: Shape,
    hx: Shape,
    w_ih: Shape,
    w_hh: Shape,
    b_ih: Shape | None = None,
    b_hh: Shape | None = None,
) -> Shape:
    """The next hidden state; see `cell`."""
    return cell("rnn_relu_cell", 1, input, (hx,), w_ih, w_hh, b_ih, b_hh)


# -- whole sequences --------------------------------------------------------------------------------


def network(
    operation: str,
    input: Shape,
    batch: Size,
    states: Shapes,
    params: Shapes,
    num_layers: int,
    bidirectional: bool,
) -> tuple[Size, list[Shape]]:
    """The size of the output's last dimension, and the shapes of the last states.

    Raises:
        ShapeError: recurrent_error_input_size, recurrent_error_hidden_shape.
    """
    directions = 2 if bidirectional else 1
    for name, state in zip(("hx", "cx"), states, strict=False):
        if len(state) != 3:
            raise _rank_error(operation, state, 3)
        # PyTorch broadcasts a batch of 1, whatever that means
        count = state[1] if 1 in (batch, state[1]) else batch
        expected: Shape = (num_layers * directions, count, state[2])
        require_same(state, expected, _error_of(operation, name, state, expected))
    if params and len(params[0]) == 2:
        check_equal(input[-1], params[0][1], lambda: _input_error(operation, input, params[0]))
    return states[0][2] * directions, list(states)


def _sequence(
    operation: str,
    input: Shape,
    states: Shapes,
    params: Shapes,
    num_layers: int,
    bidirectional: bool,
    batch_first: bool,
) -> Result:
    if len(input) != 3:
        raise _rank_error(operation, input, 3)
    batch = input[0] if batch_first else input[1]
    width, last = network(operation, input, batch, states, params, num_layers, bidirectional)
    return ((*input[:2], width), *last)


def _packed(
    operation: str,
    data: Shape,
    states: Shapes,
    params: Shapes,
    num_layers: int,
    bidirectional: bool,
) -> Result:
    if len(data) != 2:
        raise _rank_error(operation, data, 2)
    batch: Size = states[0][1] if len(states[0]) == 3 else 1
    width, last = network(operation, data, batch, states, params, num_layers, bidirectional)
    return ((data[0], width), *last)


def _check_pair(hx: Shapes) -> None:
    if len(hx) != 2:
        raise ShapeError(
            ErrorKind.recurrent_error_state_count,
            (2, len(hx)),
            f"lstm: hx must be the 2 tensors (h_0, c_0), got {len(hx)}",
        )


@rule("lstm", functions=("lstm",))
def lstm_shape(
    input: Shape,
    hx: Shapes,
    params: Shapes,
    has_biases: bool,
    num_layers: int,
    dropout: object,
    train: object,
    bidirectional: bool,
    batch_first: bool,
) -> Result:
    """The hidden states of all times, ``(L, N, D*H)``, and the last hidden and cell states."""
    _check_pair(hx)
    return _sequence("lstm", input, hx, params, num_layers, bidirectional, batch_first)


@rule("lstm", functions=("lstm",))
def lstm_packed_shape(
    data: Shape,
    batch_sizes: Shape,
    hx: Shapes,
    params: Shapes,
    has_biases: bool,
    num_layers: int,
    dropout: object,
    train: object,
    bidirectional: bool,
) -> Result:
    """As `lstm_shape`, of a packed sequence ``(rows, input_size)``."""
    _check_pair(hx)
    return _packed("lstm", data, hx, params, num_layers, bidirectional)


def _declare(operation: str) -> None:
    @rule(operation, functions=(operation,))
    def network_shape(
        input: Shape,
        hx: Shape,
        params: Shapes,
        has_biases: bool,
        num_layers: int,
        dropout: object,
        train: object,
        bidirectional: bool,
        batch_first: bool,
    ) -> Result:
        """The hidden states of all times, ``(L, N, D*H)``, and the last ones."""
        return _sequence(operation, input, (hx,), params, num_layers, bidirectional, batch_first)

    @rule(operation, functions=(operation,))
    def network_packed_shape(
        data: Shape,
        batch_sizes: Shape,
        hx: Shape,
        params: Shapes,
        has_biases: bool,
        num_layers: int,
        dropout: object,
        train: object,
        bidirectional: bool,
    ) -> Result:
        """As `network_shape`, of a packed sequence ``(rows, input_size)``."""
        return _packed(operation, data, (hx,), params, num_layers, bidirectional)


for _operation in ("gru", "rnn_tanh", "rnn_relu"):
    _declare(_operation)
