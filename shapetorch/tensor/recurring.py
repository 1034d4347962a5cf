"""Recurrent layers on arrays: one direction of one layer over a whole sequence, and its gradient.

The sequence is packed: the rows of all times after each other, at each time those of the sequences
that last so long, the longest first. A plain batch is the case of equal lengths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from shapetorch.tensor import kernels
from shapetorch.tensor.tensors import Array

GATES = {"lstm": 4, "gru": 3, "rnn_tanh": 1, "rnn_relu": 1}
"""Rows of the weights for each hidden unit."""


_SIGMOIDS = {"lstm": (1, 1, 0, 1), "gru": (1, 1, 0)}
"""Which gates are sigmoids; the others are tanh."""


def _gate_scale(kind: str, size: int, dtype: np.dtype[Any]) -> Array:
    """0.5 at the gates that are sigmoids, 1 at the others.

    ``sigmoid(x) == tanh(x / 2) / 2 + 1 / 2``, so one tanh gives all gates. Halving is exact.
    """
    return np.repeat(np.array([0.5 if item else 1.0 for item in _SIGMOIDS[kind]], dtype), size)


@dataclass(frozen=True)
class Steps:
    """The order of the times, each as its first row and its number of rows."""

    rows: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, sizes: Sequence[int], reverse: bool) -> Steps:
        """The steps of batches of these sizes, from the end if `reverse`."""
        found, start = [], 0
        for size in sizes:
            found.append((start, size))
            start += size
        return cls(tuple(reversed(found) if reverse else found))


@dataclass
class Memory:
    """What the backward pass needs of the forward pass, in the order of the packed rows.

    Attributes:
        gates: After their nonlinearities, ``(rows, G*H)``; for the GRU also ``r``, ``z``, ``n``.
        hidden: The hidden state before each step, ``(rows, H)``.
        cell: The cell state before each step (LSTM), or the hidden part of ``n`` (GRU).
        squashed: ``tanh`` of the cell state after each step (LSTM).
    """

    gates: Array
    hidden: Array
    cell: Array | None = None
    squashed: Array | None = None


def run(
    kind: str,
    operands: tuple[Array, Array, Array | None, Array, Array | None],
    steps: Steps,
) -> tuple[Array, Array, Array | None, Memory]:
    """One direction of one layer.

    Args:
        kind: lstm, gru, rnn_tanh or rnn_relu.
        operands: What the input gives to the gates, ``(rows, G*H)``; the first hidden state,
            ``(N, H)``; the first cell state of an LSTM; the weight from the hidden state to the
            gates, ``(G*H, H)``; its bias, ``(G*H,)``.
        steps: The times.

    Returns:
        The hidden states ``(rows, H)``, the last hidden and cell state, and what backward needs.
    """
    from_input, hidden, cell, weight, bias = operands
    size = weight.shape[1]
    rows = len(from_input)
    made = np.empty((rows, size), from_input.dtype)
    memory = Memory(np.empty((rows, weight.shape[0]), made.dtype), np.empty_like(made))
    if kind in ("lstm", "gru"):
        memory.cell = np.empty_like(made)
    if kind == "lstm":
        memory.squashed = np.empty_like(made)
    h = hidden.copy()
    c = None if cell is None else cell.copy()
    kernel = _kernel("lstm_steps", kind, made)
    if kernel is not None:
        given = from_input if bias is None else from_input + bias
        room = _room(weight.T, steps)
        kept = (memory.gates, memory.hidden, memory.cell, memory.squashed, made)
        kernel(np.ascontiguousarray(given), *room[:3], h, c, *kept, *room[3:])
        return made, h, c, memory
    turned = weight.T.copy()  # also where it is contiguous: it is written to
    scale = shift = None
    if kind in _SIGMOIDS:
        scale = _gate_scale(kind, size, made.dtype)
        shift = 1 - scale
        turned *= scale
        from_input = from_input * scale
        bias = None if bias is None else bias * scale
    if kind != "gru" and bias is not None:
        from_input, bias = from_input + bias, None
    step = {"lstm": _lstm, "gru": _gru}.get(kind, _rnn)
    for start, count in steps.rows:
        part = slice(start, start + count)
        memory.hidden[part] = h[:count]
        from_hidden = h[:count] @ turned
        if bias is not None:
            from_hidden += bias
        step(kind, from_input[part], from_hidden, h[:count], c, part, memory, scale, shift)
        made[part] = h[:count]
    return made, h, c, memory


def _kernel(name: str, kind: str, rows: Array) -> Any:
    """The kernel for all steps at once, if there is one."""
    return kernels.find(name, rows, 1) if kind == "lstm" and rows.size else None


def _room(matrix: Array, steps: Steps, backward: bool = False) -> tuple[Array, ...]:
    """What the kernels take: the matrix, where its rows begin, the steps, and what they overwrite."""
    tiles = import_module("shapetorch.tensor.kernels.tiles")
    terms, width = matrix.shape
    flat = np.zeros(matrix.size + tiles.PLACES, matrix.dtype)
    flat[: matrix.size] = matrix.reshape(-1)
    order = np.array(steps.rows[::-1] if backward else steps.rows, np.int64).reshape(-1, 2)
    packed = np.empty(terms * tiles.ROWS, matrix.dtype)
    lines = np.empty(tiles.ROWS * (width + tiles.PLACES), matrix.dtype)
    return flat, np.arange(terms) * width, order, packed, lines


def _lstm(
    kind: str,
    given: Array,
    gates: Array,
    h: Array,
    cell: Any,
    part: slice,
    memory: Memory,
    scale: Any,
    shift: Any,
) -> None:
    count, size = h.shape
    assert memory.cell is not None and memory.squashed is not None, "made for an LSTM"
    gates += given
    np.tanh(gates, out=gates)
    gates *= scale
    gates += shift
    memory.gates[part] = gates
    i, f, g, o = (gates[:, size * place : size * (place + 1)] for place in range(4))
    c = cell[:count]
    memory.cell[part] = c
    c *= f
    i *= g
    c += i
    squashed = memory.squashed[part]
    np.tanh(c, out=squashed)
    np.multiply(o, squashed, out=h)


def _gru(
    kind: str,
    given: Array,
    gates: Array,
    h: Array,
    cell: Any,
    part: slice,
    memory: Memory,
    scale: Any,
    shift: Any,
) -> None:
    size = h.shape[1]
    assert memory.cell is not None, "made for a GRU"
    target = memory.gates[part]
    both, n = target[:, : 2 * size], target[:, 2 * size :]
    np.add(given[:, : 2 * size], gates[:, : 2 * size], out=both)
    np.tanh(both, out=both)
    both *= scale[: 2 * size]
    both += shift[: 2 * size]
    memory.cell[part] = gates[:, 2 * size :]
    np.multiply(both[:, :size], gates[:, 2 * size :], out=n)
    n += given[:, 2 * size :]
    np.tanh(n, out=n)
    h -= n
    h *= both[:, size:]
    h += n


def _rnn(
    kind: str,
    given: Array,
    gates: Array,
    h: Array,
    cell: Any,
    part: slice,
    memory: Memory,
    scale: Any,
    shift: Any,
) -> None:
    gates += given
    if kind == "rnn_tanh":
        np.tanh(gates, out=h)
    else:
        np.maximum(gates, 0, out=h)
    memory.gates[part] = h


@dataclass
class Gradients:
    """Of `run`'s operands; `from_hidden` is that of the hidden state's part of the gates."""

    from_input: Array
    from_hidden: Array
    hidden: Array
    cell: Array | None
    weight: Array
    bias: Array


def backward(
    kind: str,
    memory: Memory,
    weight: Array,
    steps: Steps,
    of_made: Array,
    of_hidden: Array,
    of_cell: Array | None,
) -> Gradients:
    """The gradients of `run`, given those of its results.

    What does not depend on the gradient is computed for all rows before; see `_slopes`.
    """
    dh = of_hidden.copy()
    dc = None if of_cell is None else of_cell.copy()
    size = weight.shape[1]
    rows = len(memory.gates)
    slopes = _slopes(kind, memory, size)
    from_input = np.empty((rows, weight.shape[0] // size, size), memory.gates.dtype)
    from_hidden = np.empty_like(from_input) if kind == "gru" else from_input
    flat = from_hidden.reshape(rows, weight.shape[0])
    kernel = _kernel("lstm_steps_backward", kind, memory.gates)
    if kernel is not None:
        room = _room(weight, steps, backward=True)
        dense = [np.ascontiguousarray(slope) for slope in slopes]
        factors = (dense[0], dense[1].reshape(rows, -1), *dense[2:])
        kernel(np.ascontiguousarray(of_made), *room[:3], dh, dc, *factors, flat, *room[3:])
        return Gradients(flat, flat, dh, dc, flat.T @ memory.hidden, flat.sum(axis=0))
    step = {"lstm": _lstm_back, "gru": _gru_back}.get(kind, _rnn_back)
    for start, count in reversed(steps.rows):
        part = slice(start, start + count)
        total = dh[:count]
        total += of_made[part]
        cell = None if dc is None else dc[:count]
        kept = step(total, cell, part, slopes, from_input, from_hidden)
        np.matmul(flat[part], weight, out=total)
        if kept is not None:
            total += kept
    return Gradients(
        from_input.reshape(rows, weight.shape[0]),
        flat,
        dh,
        dc,
        flat.T @ memory.hidden,
        flat.sum(axis=0),
    )


def _slopes(kind: str, memory: Memory, size: int) -> list[Array]:
    """The factors of the gradients of each step, for all rows at once."""
    gates = memory.gates.reshape(len(memory.gates), -1, size)
    if kind == "lstm":
        assert memory.cell is not None and memory.squashed is not None, "kept for an LSTM"
        i, f, g, o = (gates[:, place] for place in range(4))
        squashed = memory.squashed
        of_cell = np.stack([g * i * (1 - i), memory.cell * f * (1 - f), i * (1 - g * g)], axis=1)
        return [o * (1 - squashed * squashed), of_cell, squashed * o * (1 - o), f]
    if kind == "gru":
        assert memory.cell is not None, "kept for a GRU"
        r, z, n = (gates[:, place] for place in range(3))
        of_n = (1 - z) * (1 - n * n)
        return [
            of_n * memory.cell * r * (1 - r),
            (memory.hidden - n) * z * (1 - z),
            of_n,
            of_n * r,
            z,
        ]
    value = memory.gates
    return [1 - value * value if kind == "rnn_tanh" else (value > 0).astype(value.dtype)]


def _lstm_back(
    total: Array, dc: Any, part: slice, slopes: list[Array], from_input: Array, from_hidden: Array
) -> Array | None:
    of_squashed, of_cell, of_output, kept = slopes
    dc += total * of_squashed[part]
    target = from_input[part]
    np.multiply(of_cell[part], dc[:, None], out=target[:, :3])
    np.multiply(of_output[part], total, out=target[:, 3])
    dc *= kept[part]
    return None


def _gru_back(
    total: Array, dc: Any, part: slice, slopes: list[Array], from_input: Array, from_hidden: Array
) -> Array | None:
    target, other = from_input[part], from_hidden[part]
    for place in range(3):
        np.multiply(total, slopes[place][part], out=target[:, place])
    other[:, :2] = target[:, :2]
    np.multiply(total, slopes[3][part], out=other[:, 2])
    return total * slopes[4][part]


def _rnn_back(
    total: Array, dc: Any, part: slice, slopes: list[Array], from_input: Array, from_hidden: Array
) -> Array | None:
    np.multiply(total, slopes[0][part], out=from_input[part][:, 0])
    return None
