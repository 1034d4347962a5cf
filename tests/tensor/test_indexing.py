"""Indexing and assignment against PyTorch: everything that may stand in the brackets, also what may not."""

from __future__ import annotations

import random
import warnings

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

import shapetorch
from tests.tensor.both import agree, numbers
from tests.tensor.test_views import rows

pytestmark = pytest.mark.filterwarnings("ignore:indexing with dtype torch.uint8:UserWarning")

X = numbers(3, 4, 5)
ROWS = np.array([2, 0, -1])
GRID = np.array([[0, 1], [1, 2]])
MASK = X > 0
FIRST = np.array([True, False, True])

INDEXES = """
0 | -1 | 3 | -4 | (0, 1) | (0, 1, 2) | (0, 0, 0, 0) | slice(None) | slice(1, None) | slice(None, None, 2) | slice(5, 9) | slice(-9, 9) | slice(2, 1) | slice(-2, None)
None | (None, 0) | (0, None, 1) | ... | (..., 0) | (0, ...) | (..., 0, ...) | (..., ...) | () | (None, ..., None) | (0, ..., 1, 2, 3) | (..., 1, 2, 3, 0)
slice(None, None, -1) | slice(None, None, 0) | slice(0.0, 1) | slice('a', 1) | slice(t.tensor(0), t.tensor(2)) | slice(True, None) | slice(None, None, t.tensor(2)) | slice(None, 10**30)
True | False | (True, 0) | (0, True) | (False, False) | (slice(None), True, 0)
i | (i, i) | (i, 0) | (0, i) | (slice(None), i) | (i, slice(None), i) | (slice(None), i, i) | (0, slice(None), i) | (i, slice(None), 0) | (..., i) | (i, ..., i) | (None, i) | (i, None, i) | (slice(1), i, 2) | (i, i, i) | (i, i, i, i)
g | (g, g) | (g, slice(None), g) | (g, i) | (i[:2], g) | (slice(None), g) | (g, 0, g) | g[0, 0] | (g[0, 0], g[0, 0]) | (slice(None), g[0, 0], i) | (i, g[0, 0])
m | (m,) | f | (f, 0) | (f, f[:2]) | (f, slice(None), slice(0, 2)) | (slice(None), f) | (m, 0) | m[0] | (0, m[0]) | (0, m[0, :, 0]) | (f, m[0]) | (f, i[:2]) | (i[:2], f) | (..., m[0, 0]) | (None, f) | (f, None) | ~m | t.zeros(3, dtype=t.bool) | t.zeros(3, 0, dtype=t.bool)
f.to(t.uint8) | m.to(t.uint8) | t.tensor(1, dtype=t.uint8) | t.tensor(True) | t.tensor(False) | (0, t.tensor(True)) | t.tensor(1) | t.tensor(5) | t.tensor(-1, dtype=t.int8)
i.to(t.int32) | i.to(t.int16) | i.to(t.int8) | i.to(t.float32) | t.tensor(1.0) | t.tensor([]) | t.tensor([], dtype=t.int64) | t.tensor([3]) | t.tensor([-4]) | (i, t.tensor([4])) | (i, t.tensor([0, 1]))
[0, 1] | [0] | [] | [True, False, True] | [True] | [[0, 1], [1, 2]] | [[0], [1]] | [0, None] | [slice(None), 0] | [...] | [t.tensor(0), t.tensor(1)] | [i, i] | ([0, 1],) | ([0, 1], [1, 2]) | (slice(None), [0, 1]) | (0, [1, 2]) | [[0, 1], [0]] | [1.0] | ([[True, False, True]],) | [0, [1]]
n.array([0, 1]) | n.array([True, False, True]) | n.array(1) | n.array([1.0]) | n.int64(1) | n.int32(-1) | n.bool_(True) | n.array([0], dtype=object) | n.array(['a']) | (n.array([0]), n.array([1])) | n.uint8(1) | range(2) | (range(2), range(2)) | (0, 1) + (slice(None),)
1.0 | 'a' | b'a' | {0: 1} | {1} | 1j | object() | (0, 'a') | 10**20 | (0, 1.0)
"""

VALUES = """
1 | 2.5 | True | 1j | t.tensor(3.0, dtype=t.float64) | n.float64(2) | n.int64(3) | n.bool_(True) | 'a' | None | [1.0] | n.ones(5) | t.ones(5, dtype=t.float64) | t.ones(1, 1, 1, 5, dtype=t.float64) | t.ones(7, dtype=t.float64) | t.ones(5) | t.ones(5, dtype=t.int64) | t.ones(5, dtype=t.complex64) | t.ones(1, dtype=t.float64) | t.ones(0, dtype=t.float64) | x[0, 0] | x[0, 0].clone() | 10**400
"""


def names(t, x):
    """What the expressions speak of."""
    tensor = t.from_numpy
    return {
        "t": t,
        "n": np,
        "x": x,
        "i": tensor(ROWS.copy()),
        "g": tensor(GRID.copy()),
        "m": tensor(MASK.copy()),
        "f": tensor(FIRST.copy()),
    }


@pytest.mark.parametrize("text", rows(INDEXES))
def test_selected(text: str) -> None:
    agree(lambda t, x: x[eval(text, names(t, x))], X)


@pytest.mark.parametrize("text", rows(INDEXES))
def test_selected_of_a_view(text: str) -> None:
    agree(lambda t, x: x.transpose(0, 2)[..., :].transpose(0, 2)[eval(text, names(t, x))], X)


def assign(t, x, index: str, value: str):
    """A copy with one assignment."""
    made = x.clone()
    made[eval(index, names(t, made))] = eval(value, names(t, made))
    return made


# PyTorch reads a mask of bytes, but then does not fill where it is true
@pytest.mark.parametrize("text", [text for text in rows(INDEXES) if not text.endswith("uint8)")])
def test_assigned_a_number(text: str) -> None:
    agree(lambda t, x: assign(t, x, text, "2.5"), X)


@pytest.mark.parametrize("text", rows(INDEXES))
def test_assigned_a_part_of_itself(text: str) -> None:
    def program(t, x):
        made = x * 1
        index = eval(text, names(t, made))
        made[index] = made[index] * 2
        return made

    agree(program, X)


@pytest.mark.parametrize("value", rows(VALUES))
@pytest.mark.parametrize(
    "index", ["0", "(0, 1)", "(slice(None), 1)", "i", "(slice(None), i)", "m", "...", "True"]
)
def test_assigned_values(index: str, value: str) -> None:
    agree(lambda t, x: assign(t, x, index, value), X, grad=False)


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int64", "float16", "float32", "complex64"])
@pytest.mark.parametrize(
    "value", ["1", "-1", "300", "1.5", "True", "1j", "float('nan')", "float('inf')", "2**40"]
)
def test_numbers_in_other_dtypes(dtype: str, value: str) -> None:
    def program(t):
        made = t.zeros(3, dtype=getattr(t, dtype))
        made[1] = eval(value)
        return made

    agree(program, grad=False)


def test_assignments_to_leaves_are_refused() -> None:
    for index in ("0", "i", "m", "...", "(0, 9)"):
        agree(lambda t, x, index=index: x.__setitem__(eval(index, names(t, x)), 1.0), X)


PUTS = """
x.index_put((i,), x[:3]) | x.index_put((i,), x[0]) | x.index_put((i, i), x[0, 0, :3]) | x.index_put((m,), x[0, 0, :1]) | x.index_put((i,), x[0], accumulate=True) | x.index_put((t.tensor([0, 0]),), x[:2], True) | x.index_put((None, i), x[:, :3]) | x.index_put((), x)
x.index_put((i,), t.ones(5)) | x.index_put((i,), 1.0) | x.index_put(i, x[:3]) | x.index_put((i.to(t.float32),), x[:3]) | x.index_put((t.tensor([5]),), x[:1]) | x.index_put((t.tensor([-3]),), x[:1]) | x.index_put((i,), x[:2]) | x.index_put((t.tensor(1),), x[0]) | x.index_put((f, i[:2]), x[:2, 0]) | t.index_put(x, (i,), x[:3]) | t.index_put(x, indices=(i,), values=x[:3])
x.clone().index_put_((i,), x[:3]) | x.index_put_((i,), x[:3]) | x.clone().index_put_([i, None, i], x[0, :3].T[:3]) | x.clone().index_put_((m,), x.new_zeros(())) | x.clone().index_put_((t.tensor([[0, 1]]),), x[:2], accumulate=True)
"""


@pytest.mark.parametrize("text", rows(PUTS))
def test_index_put(text: str) -> None:
    agree(lambda t, x: eval(text, names(t, x)), X)


SEQUENCES = """
len(x) | list(x) | [y.sum() for y in x] | list(reversed(x)) | 0.5 in x | x[0, 0, 0] in x | 'a' in x | list(x[0, 0, 0]) | len(x[0, 0, 0]) | tuple(x[0]) | [a for a, *_ in x[:2]] | list(x[:0]) | sorted(x[0, 0].tolist()) | list(zip(x, x)) | None in x | list(reversed(x[0, 0, 0].reshape(1)))
"""


@pytest.mark.parametrize("text", rows(SEQUENCES))
def test_as_a_sequence(text: str) -> None:
    agree(lambda t, x: eval(text, names(t, x)), X)


def test_an_index_that_was_changed_is_noticed() -> None:
    for t in (torch, shapetorch):
        x, i = t.ones(3, requires_grad=True), t.tensor([0, 1])
        y = x[i]
        i.add_(1)
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            y.sum().backward()


@pytest.mark.parametrize(
    "text",
    [
        "t.zeros(1, 0, 1, 5)[:-1, t.tensor([1])]",
        "t.zeros(0, 3)[t.tensor([0])]",
        "t.zeros(0, 3)[t.tensor([], dtype=t.int64)]",
        "t.zeros(2, 0, 5)[:, t.tensor([0])]",
    ],
)
def test_indices_of_nothing(text: str) -> None:
    agree(lambda t: eval(text, {"t": t}))


def test_nothing_is_written_if_anything_is_wrong() -> None:
    x = shapetorch.zeros(3, 4)
    for index, value in (
        (shapetorch.tensor([0, 7]), 1.0),
        (shapetorch.tensor([0, -4]), 1.0),
        ((0, 9), 1.0),
        (0, shapetorch.ones(5)),
        (shapetorch.tensor([0, 1]), shapetorch.ones(3, 4)),
        (shapetorch.tensor([0, 1]), shapetorch.ones(4, dtype=shapetorch.float64)),
    ):
        with pytest.raises((IndexError, RuntimeError)):
            x[index] = value
        assert not x.any()


def test_masks_of_bytes_and_lists_of_indices_warn() -> None:
    x = shapetorch.zeros(3, 4)
    with pytest.warns(UserWarning, match="uint8"):
        x[shapetorch.tensor([1, 0, 1], dtype=shapetorch.uint8)]
    with pytest.warns(UserWarning, match="non-tuple sequence"):
        x[[[0, 1], [1, 2]]]


def random_index(rng: random.Random, shape: tuple[int, ...]) -> list[str]:
    """An index of random elements for a shape, as text; mostly a right one."""
    items: list[str] = []
    place, length = 0, rng.choice((1, 2, 3))
    while place < len(shape) and rng.random() < 0.9:
        size = shape[place]
        kind = rng.randrange(9)
        if kind == 0:
            items.append(str(rng.randrange(-size, size) if size else 0))
        elif kind in (1, 2):
            ends = [rng.choice((None, rng.randint(-size - 1, size + 1))) for _ in range(2)]
            items.append(f"slice({ends[0]}, {ends[1]}, {rng.choice((None, 1, 2, 3))})")
        elif kind == 3:
            items.append("None")
            continue
        elif kind == 4 and "..." not in items:
            items.append("...")
            place += rng.randint(0, len(shape) - place)
            continue
        elif kind == 5 and size:
            items.append(f"t.tensor({[rng.randrange(-size, size) for _ in range(length)]})")
        elif kind == 6 and size:
            items.append(f"t.tensor({[[rng.randrange(size)] for _ in range(2)]})")
        elif kind == 7:
            items.append(f"t.tensor({[rng.random() < 0.5 for _ in range(size)]}, dtype=t.bool)")
        else:
            items.append(
                rng.choice(
                    ("slice(None)", "True", f"t.tensor({rng.randrange(size) if size else 0})")
                )
            )
            if items[-1] == "True":
                continue
        place += 1
    return items


@pytest.mark.parametrize("block", range(6))
def test_random_indexes(block: int) -> None:
    rng = random.Random(block)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(40):
            shape = tuple(rng.choice((0, 1, 2, 3, 4)) for _ in range(rng.randint(1, 4)))
            text = ", ".join(random_index(rng, shape))
            index = f"({text},)" if text else "()"
            array = numbers(*shape)
            agree(
                lambda t, x, index=index: x[eval(index, {"t": t})], array, grad=rng.random() < 0.5
            )
            agree(
                lambda t, x, index=index: assign(t, x, index, "0.5"), array, grad=rng.random() < 0.3
            )
