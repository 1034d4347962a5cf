"""Layers: recurrent networks and their cells."""

from __future__ import annotations

from typing import ClassVar

from shapetorch.dim import UNKNOWN_DIM, Dim, Shape, Size, Truth, at_most, check_equal, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.layers_convolution import argument_error
from shapetorch.rules.matching import require_same
from shapetorch.rules.registry import IfKnown, Result, Shapes, frozen, layer


def _rank_error(operation: str, input: Shape, expected: str) -> ShapeError:
    return ShapeError(
        ErrorKind.recurrent_error_rank,
        (expected, len(input), input),
        f"{operation}: input must have {expected} dimensions, "
        f"got {len(input)} from {render_shape(input)}",
    )


def _check_input(operation: str, input: Shape, input_size: Size) -> None:
    check_equal(
        input[-1],
        input_size,
        lambda: ShapeError(
            ErrorKind.recurrent_error_input_size,
            (input_size, input[-1], input),
            f"{operation}: last dimension must be input_size={input_size}, "
            f"got {input[-1]} from {render_shape(input)}",
        ),
    )


def _check_state(operation: str, name: str, state: Shape, expected: Shape) -> None:
    require_same(
        state,
        expected,
        lambda: ShapeError(
            ErrorKind.recurrent_error_hidden_shape,
            (expected, state),
            f"{operation}: {name} must have shape {render_shape(expected)}, "
            f"got {render_shape(state)}",
        ),
    )


def _check_pair(operation: str, hx: Shapes) -> None:
    if len(hx) != 2:
        raise ShapeError(
            ErrorKind.recurrent_error_state_count,
            (2, len(hx)),
            f"{operation}: hx must be the 2 tensors (h_0, c_0), got {len(hx)}",
        )


class _Recurrent:
    """What RNN, LSTM and GRU share; `gates` is the number of rows per hidden unit."""

    gates: ClassVar[int]

    input_size: Size
    hidden_size: Size
    num_layers: Size
    bias: IfKnown
    batch_first: bool
    bidirectional: IfKnown

    def _check(self) -> None:
        name = type(self).__name__
        for argument in ("hidden_size", "num_layers"):
            value = getattr(self, argument)
            if at_most(1, value) is Truth.NO:
                raise argument_error(name, argument, value, "at least 1")

    @property
    def _directions(self) -> Size:
        return {False: 1, True: 2}.get(self.bidirectional, UNKNOWN_DIM)

    @property
    def _projection(self) -> Size:
        """The size the hidden state is projected to; 0 for none."""
        return 0

    @property
    def _out_size(self) -> Size:
        return self.hidden_size if self._projection == 0 else self._projection

    def _run(self, input: Shape) -> tuple[Shape, Shape, Shape]:
        """The shapes of the output, and of the hidden and the cell state."""
        name = type(self).__name__
        if len(input) not in (2, 3):
            raise _rank_error(name, input, "2 or 3")
        _check_input(name, input, self.input_size)
        batch: Shape = ()
        if len(input) == 3:
            batch = (input[0] if self.batch_first else input[1],)
        count = self.num_layers * self._directions
        output = (*input[:-1], self._out_size * self._directions)
        return output, (count, *batch, self._out_size), (count, *batch, self.hidden_size)

    def parameters(self) -> dict[str, Shape]:
        """``weight_ih_l0``, ``weight_hh_l0``, ``bias_ih_l0``, ``bias_hh_l0``, … by layer."""
        found: dict[str, Shape] = {}
        rows = self.gates * self.hidden_size
        layers = 1 if isinstance(self.num_layers, Dim) else self.num_layers
        for number in range(layers):
            before = self.input_size if number == 0 else self._out_size * self._directions
            for direction in ("", "_reverse")[: 2 if self.bidirectional is True else 1]:
                suffix = f"l{number}{direction}"
                found[f"weight_ih_{suffix}"] = (rows, before)
                found[f"weight_hh_{suffix}"] = (rows, self._out_size)
                if self.bias is not False:
                    found[f"bias_ih_{suffix}"] = (rows,)
                    found[f"bias_hh_{suffix}"] = (rows,)
                if self._projection != 0:
                    found[f"weight_hr_{suffix}"] = (self._projection, self.hidden_size)
        return found


@layer("RNN")
@frozen
class RNN(_Recurrent):
    """``(L, N, input_size)`` to ``(L, N, D*hidden_size)`` and the last hidden states.

    D is 2 for a bidirectional network; the batch may come first, or be missing.

    Raises:
        ShapeError: recurrent_error_rank, recurrent_error_input_size, recurrent_error_hidden_shape.
    """

    gates: ClassVar[int] = 1

    input_size: Size
    hidden_size: Size
    num_layers: Size = 1
    nonlinearity: object = "tanh"
    bias: IfKnown = True
    batch_first: bool = False
    dropout: object = 0.0
    bidirectional: IfKnown = False

    def __post_init__(self) -> None:
        self._check()

    def forward(self, input: Shape, hx: Shape | None = None) -> Result:
        """The output and ``h_n``, ``(D*num_layers, N, hidden_size)``."""
        output, hidden, _ = self._run(input)
        if hx is not None:
            _check_state("RNN", "hx", hx, hidden)
        return output, hidden


@layer("GRU")
@frozen
class GRU(_Recurrent):
    """As `RNN`, with three gates."""

    gates: ClassVar[int] = 3

    input_size: Size
    hidden_size: Size
    num_layers: Size = 1
    bias: IfKnown = True
    batch_first: bool = False
    dropout: object = 0.0
    bidirectional: IfKnown = False

    def __post_init__(self) -> None:
        self._check()

    def forward(self, input: Shape, hx: Shape | None = None) -> Result:
        """The output and ``h_n``, ``(D*num_layers, N, hidden_size)``."""
        output, hidden, _ = self._run(input)
        if hx is not None:
            _check_state("GRU", "hx", hx, hidden)
        return output, hidden


@layer("LSTM")
@frozen
class LSTM(_Recurrent):
    """As `RNN`, with four gates, a cell state, and a projection of the hidden state if wanted."""

    gates: ClassVar[int] = 4

    input_size: Size
    hidden_size: Size
    num_layers: Size = 1
    bias: IfKnown = True
    batch_first: bool = False
    dropout: object = 0.0
    bidirectional: IfKnown = False
    proj_size: Size = 0

    def __post_init__(self) -> None:
        self._check()
        if at_most(0, self.proj_size) is Truth.NO:
            raise argument_error("LSTM", "proj_size", self.proj_size, "at least 0")
        if at_most(self.proj_size + 1, self.hidden_size) is Truth.NO:
            raise argument_error("LSTM", "proj_size", self.proj_size, "less than hidden_size")

    @property
    def _projection(self) -> Size:
        return self.proj_size

    def forward(self, input: Shape, hx: Shapes | None = None) -> Result:
        """The output and ``(h_n, c_n)``."""
        output, hidden, cell = self._run(input)
        if hx is not None:
            _check_pair("LSTM", hx)
            _check_state("LSTM", "h_0", hx[0], hidden)
            _check_state("LSTM", "c_0", hx[1], cell)
        return output, (hidden, cell)


class _Cell:
    """What the cells share."""

    gates: ClassVar[int]

    input_size: Size
    hidden_size: Size
    bias: IfKnown

    def _step(self, input: Shape) -> Shape:
        name = type(self).__name__
        if len(input) not in (1, 2):
            raise _rank_error(name, input, "1 or 2")
        _check_input(name, input, self.input_size)
        return (*input[:-1], self.hidden_size)

    def parameters(self) -> dict[str, Shape]:
        """``weight_ih``, ``weight_hh``, ``bias_ih``, ``bias_hh``."""
        rows = self.gates * self.hidden_size
        found: dict[str, Shape] = {
            "weight_ih": (rows, self.input_size),
            "weight_hh": (rows, self.hidden_size),
        }
        if self.bias is not False:
            found |= {"bias_ih": (rows,), "bias_hh": (rows,)}
        return found


@layer("RNNCell")
@frozen
class RNNCell(_Cell):
    """``(N, input_size)`` to the next hidden state ``(N, hidden_size)``; the batch may be missing."""

    gates: ClassVar[int] = 1

    input_size: Size
    hidden_size: Size
    bias: IfKnown = True
    nonlinearity: object = "tanh"

    def forward(self, input: Shape, hx: Shape | None = None) -> Shape:
        """The next hidden state."""
        hidden = self._step(input)
        if hx is not None:
            _check_state("RNNCell", "hx", hx, hidden)
        return hidden


@layer("GRUCell")
@frozen
class GRUCell(_Cell):
    """As `RNNCell`, with three gates."""

    gates: ClassVar[int] = 3

    input_size: Size
    hidden_size: Size
    bias: IfKnown = True

    def forward(self, input: Shape, hx: Shape | None = None) -> Shape:
        """The next hidden state."""
        hidden = self._step(input)
        if hx is not None:
            _check_state("GRUCell", "hx", hx, hidden)
        return hidden


@layer("LSTMCell")
@frozen
class LSTMCell(_Cell):
    """As `RNNCell`, with four gates and a cell state."""

    gates: ClassVar[int] = 4

    input_size: Size
    hidden_size: Size
    bias: IfKnown = True

    def forward(self, input: Shape, hx: Shapes | None = None) -> Result:
        """The next hidden and cell state."""
        hidden = self._step(input)
        if hx is not None:
            _check_pair("LSTMCell", hx)
            _check_state("LSTMCell", "h_0", hx[0], hidden)
            _check_state("LSTMCell", "c_0", hx[1], hidden)
        return hidden, hidden
