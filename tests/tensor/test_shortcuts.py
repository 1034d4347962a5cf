"""Whole operations in machine code: the same results as the ordinary way, and nothing where it must be taken."""

from __future__ import annotations

import gc
import math
import os
import subprocess
import sys
import threading
from typing import Any

import numpy as np
import pytest

import shapetorch as st
from shapetorch.tensor import kernels
from shapetorch.tensor.fast import KERNELS_OF
from shapetorch.tensor.ops import ternary
from tests.tensor.with_kernels import Derived, loaded  # noqa: F401 - the fixture is for all tests here

binding: Any = pytest.importorskip("shapetorch.tensor.kernels.binding")
BOOL = np.dtype(np.bool_)


UFUNCS = [np.add, np.subtract, np.multiply, np.true_divide, np.maximum, np.minimum]
COMPARISONS = [np.less, np.greater_equal, np.equal, np.not_equal]
SHAPES = [
    (),
    (1,),
    (3,),
    (1, 3),
    (2, 3),
    (1, 1),
    (4, 2, 3),
    (2, 1),
    (0,),
    (2, 0),
    (1, 1, 1),
    (3, 1),
]


def fits(first: tuple[int, ...], second: tuple[int, ...]) -> bool:
    """Whether one shape ends in the other, or the other is of one element and has no more dims."""
    sizes = math.prod(first), math.prod(second)
    long, short = sorted((first, second), key=lambda shape: (math.prod(shape), len(shape)))[::-1]
    is_end = len(short) <= len(long) and long[len(long) - len(short) :] == short
    return 0 not in sizes and (is_end or (math.prod(short) == 1 and len(short) <= len(long)))


def test_the_layouts_are_known_here():
    """Otherwise nothing else in this file would test anything."""
    assert binding.are_known()


@pytest.mark.parametrize("ufunc", UFUNCS + COMPARISONS, ids=lambda ufunc: ufunc.__name__)
@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int64])
def test_two_operands_of_all_shapes(ufunc, kind):
    """A result is NumPy's; and there is one wherever one shape is the other's end."""
    result = BOOL if ufunc in COMPARISONS else None
    call = binding.pointwise(
        operands=2, ufunc=ufunc, singles=(0, 1), result=result, integers=ufunc is not np.true_divide
    )
    rng = np.random.default_rng(0)
    is_known = not (ufunc is np.true_divide and kind is np.int64)
    for first in SHAPES:
        for second in SHAPES:
            a, b = (rng.integers(1, 5, shape).astype(kind) for shape in (first, second))
            made = call(st.from_numpy(a), st.from_numpy(b))
            assert (made is not None) == (is_known and fits(first, second))
            if made is None:
                continue
            expected = np.asarray(ufunc(a, b))
            assert made.shape == expected.shape
            assert made.numpy().dtype == expected.dtype
            np.testing.assert_array_equal(made.numpy(), expected)


@pytest.mark.parametrize("width", [4, 1024])
def test_rows_are_repeated_only_where_it_pays(width):
    call = binding.pointwise(operands=2, ufunc=np.add)
    for rows in (2, 64, 65):
        a, b = st.randn(rows, width), st.randn(width)
        for pair in ((a, b), (b, a)):
            made = call(*pair)
            if width < 1024 and rows > 64:
                assert made is None
            else:
                np.testing.assert_array_equal(made.numpy(), a.numpy() + b.numpy())


NUMBERS = [0, 1, -3, 2.5, -0.0, math.inf, -math.inf, math.nan, 1e300, 1e-300, 2**53, -(2**53)]
REFUSED = [
    2**53 + 1,
    -(2**53) - 1,
    2**63,
    -(2**70),
    True,
    1j,
    "a",
    None,
    np.float32(1),
    np.int64(1),
    [1.0],
]


@pytest.mark.parametrize("kind", [st.float32, st.float64, st.int64])
@pytest.mark.parametrize("number", NUMBERS + REFUSED, ids=repr)
def test_numbers(kind, number):
    call = binding.pointwise(operands=2, ufunc=np.multiply, numbers=(0, 1), integers=True)
    x = st.tensor([[1, -2, 0], [3, 4, -5]]).to(kind)
    for made in (call(x, number), call(number, x)):
        if any(number is item for item in REFUSED) or (
            kind is st.int64 and isinstance(number, float)
        ):
            assert made is None
            continue
        with np.errstate(all="ignore"):
            expected = x.numpy() * np.asarray(number).astype(kind.numpy)
        np.testing.assert_array_equal(made.numpy(), expected)
        assert made.dtype is kind


@pytest.mark.parametrize("kind", [st.nn.Parameter, st.nn.Buffer])
def test_parameters_are_operands_like_others(kind):
    add = binding.pointwise(operands=2, ufunc=np.add, numbers=(1,))
    p, x = kind(st.randn(2, 3)), st.randn(2, 3)
    for made in (
        add(p, x),
        add(x, p),
        add(p, p),
        add(p, 1.0),
        binding.rows(kernel="sum_rows")(p, 1),
    ):
        assert type(made) is st.Tensor
    assert type(binding.joined()([p, x], 0)) is st.Tensor
    write = binding.pointwise(operands=2, ufunc=np.add, numbers=(1,), in_place=True)
    assert write(p, 1.0) is p


def _no_shortcut() -> list[tuple[str, Any, Any]]:
    x, y = st.randn(3, 4), st.randn(3, 4)
    big = st.zeros(1 << 18)
    return [
        ("other shapes", x, st.randn(4, 3)),
        ("a column", x, st.randn(3, 1)),
        ("not the end", x, st.randn(3)),
        ("too many dims", x, st.randn(1, 3, 1)),
        ("transposed", x, st.randn(4, 3).T),
        ("strided", x, st.randn(3, 8)[:, ::2]),
        ("another dtype", x, y.double()),
        ("an integer", x, st.ones(3, 4, dtype=st.int64)),
        ("half", x.half(), y.half()),
        ("bfloat16", x.bfloat16(), y.bfloat16()),
        ("complex", x.to(st.complex64), y.to(st.complex64)),
        ("a subclass", x, y.as_subclass(Derived)),
        ("a number", x, 2.0),
        ("an array", x, y.numpy()),
        ("nothing", x, None),
        ("large", big, big),
        ("empty", st.zeros(0), st.zeros(0)),
        ("two numbers", 2.0, 3.0),
    ]


@pytest.mark.parametrize(("_why", "a", "b"), _no_shortcut(), ids=lambda item: str(item)[:12])
def test_the_ordinary_way_is_taken(_why, a, b):
    call = binding.pointwise(operands=2, ufunc=np.add)
    assert call(a, b) is None
    assert call(b, a) is None


def test_the_ordinary_way_is_taken_for_other_counts_and_in_inference_mode():
    call = binding.pointwise(operands=2, ufunc=np.add)
    x = st.ones(2)
    assert call(x) is None
    assert call() is None
    assert call(x, x, x) is None
    with st.inference_mode():
        assert call(x, x) is None
        assert (x + x).is_inference()
    assert call(x, x).tolist() == [2, 2]
    with pytest.raises(TypeError, match="keyword"):
        call(x, other=x)


def test_arrays_that_are_not_aligned_or_of_another_byte_order():
    call = binding.pointwise(operands=1, ufunc=np.negative)
    raw = np.zeros(17, np.uint8)[1:].view(np.float32)
    assert not raw.flags.aligned
    assert call(st.from_numpy(np.ones(4, np.float32))) is not None
    odd = st.ones(4)
    odd._array = raw
    assert call(odd) is None
    odd._array = np.ones(4, ">f4")
    assert call(odd) is None


def test_a_number_that_a_kernel_takes_bare_is_no_tensor():
    call = ternary._product.call
    x = st.randn(3)
    assert call(x, x, x, st.tensor(2.0)) is None
    assert call(x, x, x, x) is None
    assert call(x, x, x, 2).tolist() == st.addcmul(x, x, x, value=2).tolist()
    assert call(x, x, x[:1], 2.0) is None  # nothing may be of one element


def test_a_condition_is_bool():
    call = ternary._choice.call
    x = st.randn(3)
    assert call(x > 0, x, x).tolist() == x.tolist()
    assert call((x > 0).to(st.uint8), x, x) is None
    assert call(x, x, x) is None
    assert call(x > 0, x > 0, x) is None
    assert call(st.tensor(True), x, x) is None


def test_writing_in_place():
    call = binding.pointwise(operands=2, ufunc=np.add, numbers=(1,), singles=(1,), in_place=True)
    x = st.arange(6.0).view(2, 3)
    assert call(x, st.ones(3)) is x
    assert call(x, 1.0) is x
    assert call(x, x) is x
    assert x.tolist() == [[4, 6, 8], [10, 12, 14]]
    assert call(x, st.ones(2, 2, 3)) is None  # the result does not fit
    assert call(st.ones(3), x) is None
    assert call(2.0, x) is None
    y = st.arange(5.0)
    assert call(y[1:], y[:-1]) is None  # half of it would be read after it was written
    assert call(y[1:], y[0]).tolist() == [1, 2, 3, 4]
    assert call(y[:4], y[3:4]) is None
    locked = np.zeros(3, np.float32)
    locked.flags.writeable = False
    fixed = st.ones(3)
    fixed._array = locked
    assert call(fixed, 1.0) is None
    assert locked.tolist() == [0, 0, 0]


def test_nothing_is_kept_or_lost():
    """The references to what every result shares, and to the operands, are as before."""
    add = binding.pointwise(operands=2, ufunc=np.add, numbers=(1,), singles=(1,))
    write = binding.pointwise(operands=2, ufunc=np.add, numbers=(1,), in_place=True)
    more = binding.pointwise(operands=2, ufunc=np.greater, result=BOOL)
    x, y, z = st.ones(3), st.ones(4), 2.5
    shared = [x, y, z, x._array, np.dtype(np.float32), BOOL, None, st.Tensor, np.ndarray, 0, ()]

    def counts() -> list[int]:
        gc.collect()
        return [sys.getrefcount(item) for item in shared]

    def work() -> None:
        for _ in range(500):
            add(x, x)
            add(x, z)
            add(x, y)
            write(x, z)
            more(x, x)
            more(x, y)

    work()
    before = counts()
    work()
    assert all(abs(now - then) < 50 for now, then in zip(counts(), before, strict=True))


def test_results_are_ordinary_tensors():
    made = binding.pointwise(operands=1, ufunc=np.negative)(st.ones(2, 3))
    assert type(made) is st.Tensor
    assert made._version == 0
    assert made.grad is None
    made.anything = 1
    assert made.anything == 1
    assert gc.is_tracked(made)
    assert made.numpy().flags.writeable
    assert made.numpy().flags.owndata
    assert made.is_leaf
    made.requires_grad_()
    (made * 2).sum().backward()
    assert made.grad.tolist() == [[2, 2, 2]] * 2


def test_threads_that_call_it_first():
    shortcut = ternary._product
    shortcut._start()
    x, results = st.ones(3), []

    def work() -> None:
        results.extend(st.addcmul(x, x, x).tolist() for _ in range(200))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [[2, 2, 2]] * 800


def test_without_a_known_layout_there_is_none(monkeypatch):
    monkeypatch.setattr(binding, "are_known", lambda: False)
    shortcut = ternary._product
    shortcut._start()
    try:
        x = st.ones(3)
        assert st.addcmul(x, x, x).tolist() == [2, 2, 2]
        assert shortcut.call is None
    finally:
        shortcut._start()


def test_kernels_that_are_unloaded_are_not_called():
    kernels.unload()
    assert ternary._product.call is None
    kernels.warmup()
    assert ternary._product.call is not None


def test_each_kernel_of_a_function_has_a_form():
    for name in set(KERNELS_OF.values()):
        arity = 2 if name == "pow" else 1
        call = binding.pointwise(operands=arity, kernel=name, form="v" * (arity + 1))
        assert call(*[st.ones(3)] * arity).shape == (3,)


def test_machine_code_that_is_called_otherwise_is_not_called(monkeypatch):
    """Another numba might pass arrays in another way."""
    monkeypatch.setitem(binding.WORDS, "v", 8)
    assert binding.pointwise(operands=1, kernel="relu", form="vv")(st.ones(3)) is None
    monkeypatch.setitem(binding.WORDS, "v", 7)
    assert binding.pointwise(operands=1, kernel="relu", form="vv")(st.ones(3)) is not None


OUT_OF_BOUNDS = """
import numpy as np
import shapetorch as st
from shapetorch.tensor import kernels
from shapetorch.tensor.kernels import elementwise, table
from shapetorch.tensor.kernels.compiling import kernel

kernels.warmup()
from shapetorch.tensor.kernels import binding

@kernel()
def beyond(x, out):
    for i in range(x.size + 1):
        out[i] = x[i]

table.KERNELS["beyond"] = beyond
call = binding.pointwise(operands=1, kernel="beyond", form="vv")
try:
    call(st.ones(3))
except SystemError as error:
    print(error)
assert binding.pointwise(operands=1, kernel="relu", form="vv")(st.ones(3)).tolist() == [1, 1, 1]
"""


def test_bounds_are_checked_if_numba_is_told_to(tmp_path):
    """Otherwise a run of the tests with bounds checking would pass whatever a shortcut does."""
    program = tmp_path / "program.py"
    program.write_text(OUT_OF_BOUNDS)
    settings = {"NUMBA_BOUNDSCHECK": "1", "SHAPETORCH_CACHE": str(tmp_path / "cache")}
    told = subprocess.check_output(
        [sys.executable, program], env=os.environ | settings, text=True, stderr=subprocess.STDOUT
    )
    assert "NULL" in told


def test_the_shortcut_of_truth_values_is_taken():
    both = {"operands": 2, "singles": (0, 1), "numbers": (0, 1), "integers": True, "bools": True}
    call = binding.pointwise(ufunc=np.bitwise_and, **both)
    m, i = st.tensor([True, False]), st.tensor([1, 2])
    assert call(m, m).dtype is st.bool
    assert call(i, i).dtype is st.int64
    assert call(i, 3).tolist() == [1, 2]
    for a, b in (
        (m, 1),
        (1, m),
        (m, i),
        (i, 1.0),
        (i, True),
        (st.ones(2), st.ones(2)),
        (m, m.T[:1].expand(3)),
    ):
        assert call(a, b) is None
    compare = binding.pointwise(ufunc=np.equal, result=BOOL, **both)
    assert compare(m, m).tolist() == [True, True]
    assert compare(i, 1).tolist() == [True, False]
    assert binding.pointwise(ufunc=np.equal, operands=2, result=BOOL)(m, m) is None
