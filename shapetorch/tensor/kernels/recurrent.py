"""The steps of an LSTM and of its gradient, float32: products in registers (`tiles`), then all gates of a row.

Rows of a sequence are packed: ``steps[s]`` is the first row of a time and their number, ``(S, 2)``. `H` is the
size of a state, and gates are ``(rows, 4 * H)``: input, forget, cell, output.
"""

from __future__ import annotations

from typing import Any

from shapetorch.tensor.kernels.compiling import kernel
from shapetorch.tensor.kernels.floats import exp_above as _exp_above
from shapetorch.tensor.kernels.floats import tanh as _tanh
from shapetorch.tensor.kernels.tiles import PLACES, ROWS, WIDTH, narrow_tile, tile


@kernel()
def _product(rows: Any, matrix: Any, width: int, offsets: Any, packed: Any, lines: Any) -> None:
    """``lines[r] = rows[r] @ matrix``, of at most ROWS rows; matrix: flat, (terms, width), and a tile longer.

    packed: terms * ROWS; lines: flat, ROWS lines that are a tile longer than `width`.
    """
    length = lines.size // ROWS
    for r in range(ROWS):
        made = packed[r:]
        if r < rows.shape[0]:
            row = rows[r]
            for t in range(row.size):
                made[t * ROWS] = row[t]
        else:
            for t in range(rows.shape[1]):
                made[t * ROWS] = 0
    place = 0
    while place + 2 * WIDTH < width:
        tile(matrix, place, offsets, packed, 0, lines, place, length)
        place += PLACES
    while place < width:
        narrow_tile(matrix, place, offsets, packed, 0, lines, place, length)
        place += WIDTH


@kernel()
def _sigmoids(a: Any, b: Any, out: Any) -> None:
    one = out.dtype.type(1)
    for j in range(out.size):
        out[j] = one / (one + _exp_above(-(a[j] + b[j])))


@kernel()
def _tangents(a: Any, b: Any, out: Any) -> None:
    for j in range(out.size):
        out[j] = _tanh(a[j] + b[j])


@kernel()
def _new_cell(i: Any, f: Any, g: Any, cell: Any, old: Any) -> None:
    for j in range(cell.size):
        before = cell[j]
        old[j] = before
        cell[j] = f[j] * before + i[j] * g[j]


@kernel()
def _new_hidden(o: Any, cell: Any, squashed: Any, out: Any) -> None:
    for j in range(cell.size):
        value = _tanh(cell[j])
        squashed[j] = value
        out[j] = o[j] * value


@kernel()
def _copy(source: Any, out: Any) -> None:
    for j in range(out.size):
        out[j] = source[j]


@kernel()
def lstm_steps(
    given: Any,
    matrix: Any,
    offsets: Any,
    steps: Any,
    hidden: Any,
    cell: Any,
    gates: Any,
    befores: Any,
    cells: Any,
    squashed: Any,
    made: Any,
    packed: Any,
    lines: Any,
) -> None:
    """All steps; hidden and cell, ``(N, H)``, become the last ones.

    given: what the input gives to the gates; matrix: the turned weight, flat, see `_product`;
    gates, befores, cells, squashed, made: what is kept of each row.
    """
    size = hidden.shape[1]
    length = lines.size // ROWS
    for s in range(steps.shape[0]):
        start, count = steps[s, 0], steps[s, 1]
        for low in range(0, count, ROWS):
            here = min(ROWS, count - low)
            _product(hidden[low : low + here], matrix, 4 * size, offsets, packed, lines)
            for r in range(here):
                row, h, c = start + low + r, hidden[low + r], cell[low + r]
                a, b, out = given[row], lines[r * length : r * length + 4 * size], gates[row]
                first, second = 2 * size, 3 * size
                _sigmoids(a[:first], b[:first], out[:first])
                _tangents(a[first:second], b[first:second], out[first:second])
                _sigmoids(a[second:], b[second:], out[second:])
                _copy(h, befores[row])
                _new_cell(out[:size], out[size:first], out[first:second], c, cells[row])
                _new_hidden(out[second:], c, squashed[row], made[row])
                _copy(made[row], h)


@kernel()
def _cell_gradient(grad: Any, more: Any, slope: Any, of_cell: Any) -> None:
    for j in range(grad.size):
        grad[j] += more[j]
        of_cell[j] += grad[j] * slope[j]


@kernel()
def _times(a: Any, b: Any, out: Any) -> None:
    for j in range(out.size):
        out[j] = a[j] * b[j]


@kernel()
def lstm_steps_backward(
    of_made: Any,
    matrix: Any,
    offsets: Any,
    steps: Any,
    of_hidden: Any,
    of_cell: Any,
    of_squashed: Any,
    of_gates: Any,
    of_output: Any,
    kept: Any,
    out: Any,
    packed: Any,
    lines: Any,
) -> None:
    """The gradients of the gates before their nonlinearities, `out`; of_hidden and of_cell become the first ones.

    matrix: the weight, flat, see `_product`; of_squashed, of_gates ``(rows, 3 * H)``, of_output and kept: the
    factors of `recurring._slopes`.
    """
    size = of_hidden.shape[1]
    length = lines.size // ROWS
    for s in range(steps.shape[0]):
        start, count = steps[s, 0], steps[s, 1]
        for low in range(0, count, ROWS):
            here = min(ROWS, count - low)
            for r in range(here):
                row, h, c = start + low + r, of_hidden[low + r], of_cell[low + r]
                factors, target = of_gates[row], out[row]
                _cell_gradient(h, of_made[row], of_squashed[row], c)
                for gate in range(3):
                    begin, end = gate * size, (gate + 1) * size
                    _times(factors[begin:end], c, target[begin:end])
                _times(of_output[row], h, target[3 * size :])
                _times(kept[row], c, c)
            _product(out[start + low : start + low + here], matrix, size, offsets, packed, lines)
            for r in range(here):
                _copy(lines[r * length : r * length + size], of_hidden[low + r])


RECURRENT = {"lstm_steps": lstm_steps, "lstm_steps_backward": lstm_steps_backward}
