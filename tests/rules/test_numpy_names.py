"""NumPy's names: the rule and NumPy itself on generated calls."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

from shapetorch import rules
from shapetorch.dim import name
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules import numpy_names, numpy_shapes
from shapetorch.rules.bind import Unfit, bind
from tests.rules import oracle, samples_creation
from tests.rules.oracle import Call, T, any_dim, broadcastable, maybe_other, shape, size, sizes
from tests.rules.rows import check
from tests.rules.samples_reductions import choose_dim

CALLS = 60

B, K = name("B"), name("K")


def filled(rng: random.Random, least: int = 0, most: int = 4) -> tuple[int, ...]:
    return tuple(item or 2 for item in shape(rng, least, most))


def unary(rng: random.Random) -> Call:
    names = " ".join(numpy_names.UNARY.values()).split()
    names = [item for item in names if item not in ("tril", "triu", "ascontiguousarray")]
    return Call(f"numpy.{rng.choice(names)}", (T(filled(rng)),))


def binary(rng: random.Random) -> Call:
    integers = "gcd lcm bitwise_and bitwise_or bitwise_xor left_shift right_shift".split()
    names = " ".join(numpy_names.BINARY.values()).split()
    item = rng.choice(names)
    dtype = "int64" if item in integers else "float32"
    x = shape(rng)
    other: Any = T(broadcastable(rng, x, 0.15), dtype, values=1)
    if rng.random() < 0.1:
        other = 2
    return Call(f"numpy.{item}", (T(x, dtype, values=1), other))


def reduction(rng: random.Random) -> Call:
    names = " ".join(numpy_names.REDUCTIONS.values()).split()
    item = rng.choice([*names, *numpy_names.EXTREMES.split()])
    x = filled(rng, 1)
    kwargs = {"keepdims": True} if rng.random() < 0.3 and item != "ptp" else {}
    axis = choose_dim(rng, len(x))
    if item in ("median", "nanmedian", "count_nonzero", "ptp") and axis in ((), []):
        axis = None
    axis = tuple(axis) if isinstance(axis, list) else axis
    if rng.random() < 0.5:
        return Call(f"numpy.{item}", (T(x), axis), kwargs)
    return Call(f"numpy.{item}", (T(x),), {"axis": axis, **kwargs})


def along(rng: random.Random) -> Call:
    item = rng.choice("argmax argmin cumsum cumprod argsort sort".split())
    x = filled(rng, 1)
    if rng.random() < 0.3:
        return Call(f"numpy.{item}", (T(x),))
    return Call(f"numpy.{item}", (T(x),), {"axis": rng.choice((None, any_dim(rng, len(x), 0.25)))})


def transposed(rng: random.Random) -> Call:
    x = shape(rng, 1)
    axes = list(range(len(x)))
    rng.shuffle(axes)
    if rng.random() < 0.2:
        axes[0] = any_dim(rng, len(x), 0.5)
    if rng.random() < 0.1:
        axes.pop()
    return rng.choice(
        (
            Call("numpy.transpose", (T(x),)),
            Call("numpy.transpose", (T(x), tuple(axes))),
            Call("ndarray.transpose", (T(x), *axes)),
            Call("ndarray.transpose", (T(x), tuple(axes))),
            Call("numpy.swapaxes", (T(x), any_dim(rng, len(x)), any_dim(rng, len(x)))),
            Call("numpy.moveaxis", (T(x), any_dim(rng, len(x)), any_dim(rng, len(x)))),
        )
    )


def reshaped(rng: random.Random) -> Call:
    x = filled(rng, 1)
    numel = 1
    for item in x:
        numel *= item
    target = rng.choice(((-1,), x[::-1], (numel, 1), (2, -1), (3, -1), (numel, 2)))
    return rng.choice(
        (
            Call("numpy.reshape", (T(x), target)),
            Call("numpy.reshape", (T(x), -1)),
            Call("ndarray.reshape", (T(x), *target)),
            Call("numpy.ravel", (T(x),)),
            Call("numpy.expand_dims", (T(x), any_dim(rng, len(x) + 1))),
            Call("numpy.expand_dims", (T(x), (0, any_dim(rng, len(x) + 2)))),
            Call("numpy.squeeze", (T(x),)),
            Call("numpy.squeeze", (T((*x[:1], 1, *x[1:])), rng.choice((1, 1, 0)))),
            Call("numpy.repeat", (T(x), 3)),
            Call("numpy.repeat", (T(x), 3), {"axis": any_dim(rng, len(x))}),
            Call("numpy.tile", (T(x), rng.choice((2, (2, 3), (2, 1, 2, 1, 3))))),
            Call("numpy.flip", (T(x),), {"axis": any_dim(rng, len(x))}),
            Call("numpy.roll", (T(x), 1), {"axis": any_dim(rng, len(x))}),
            Call("numpy.broadcast_to", (T(broadcastable(rng, x, 0.1)), x)),
            Call("numpy.take", (T(x), T((1, 1), "int64")), {"axis": any_dim(rng, len(x))}),
            Call("numpy.diff", (T(x),), {"axis": any_dim(rng, len(x))}),
        )
    )


def joined(rng: random.Random) -> Call:
    x = filled(rng, 1, 3)
    axis = any_dim(rng, len(x), 0.1)
    item = rng.choice("concatenate stack vstack hstack dstack column_stack".split())
    spoilt = tuple(maybe_other(rng, one, 0.1) for one in x)
    parts = [T(x), T(x), T(spoilt)]
    if item == "concatenate" and -len(x) <= axis < len(x):
        other = list(x)
        other[axis] = size(rng)
        parts.append(T(tuple(other)))
    if item in ("concatenate", "stack"):
        return Call(f"numpy.{item}", (parts,), {"axis": axis})
    return Call(f"numpy.{item}", (parts,))


def split(rng: random.Random) -> Call:
    x = filled(rng, 1, 3)
    axis = any_dim(rng, len(x), 0.1)
    return rng.choice(
        (
            Call("numpy.split", (T(x), rng.choice((1, 2, 3)), axis)),
            Call("numpy.split", (T(x), [1, 2]), {"axis": axis}),
            Call("numpy.array_split", (T(x), rng.choice((1, 2, 3, 5))), {"axis": axis}),
            Call("numpy.array_split", (T(x), [1, 3, -1])),
            Call("numpy.meshgrid", [T((one,)) for one in x]),
            Call("numpy.meshgrid", [T((one,)) for one in x], {"indexing": "ij"}),
        )
    )


def multiplied(rng: random.Random) -> Call:
    batch, (m, k, n) = filled(rng, 0, 2), sizes(rng, 3)
    other = maybe_other(rng, k, 0.2)
    left, right = T((*batch, m, k)), T((other, n))
    return rng.choice(
        (
            Call("numpy.matmul", (left, right)),
            Call("numpy.dot", (left, right)),
            Call("numpy.dot", (left, T((*batch, other, n)))),
            Call("numpy.dot", (left, T((other,)))),
            Call("ndarray.dot", (left, right)),
            Call("numpy.inner", (left, T((n, other)))),
            Call("numpy.outer", (left, right)),
            Call("numpy.kron", (T((m, k)), T((k, n)))),
            Call("numpy.tensordot", (left, right, 1)),
            Call("numpy.where", (T(batch, "bool"), T(broadcastable(rng, batch)), 2.0)),
            Call("numpy.einsum", ("ij,jk->ik", T((m, k)), right)),
        )
    )


def made(rng: random.Random) -> Call:
    found = samples_creation.asked(rng)
    step = rng.choice((1, 2, 0.5, -1))
    return rng.choice(
        (
            Call("numpy.zeros", (found,)),
            Call("numpy.ones", (3,)),
            Call("numpy.full", (found, 2.0)),
            Call("numpy.random.rand", found),
            Call("numpy.eye", (3, rng.choice((2, 5)))),
            Call("numpy.arange", (rng.choice((5, -2, 2.5)),)),
            Call("numpy.arange", (1, rng.choice((5, -2, 2.5)), step)),
            Call("numpy.linspace", (0, rng.choice((1, T((2,)))), rng.choice((5, 0, -1)))),
            Call("numpy.linspace", (0, 1)),
            Call("numpy.identity", (3,)),
            Call("numpy.array", (np.zeros(filled(rng, 0, 3)).tolist(),)),
            Call("numpy.zeros_like", (T(filled(rng)),)),
            Call("numpy.full_like", (T(filled(rng)), 2.0)),
        )
    )


def fourier(rng: random.Random) -> Call:
    x = filled(rng, 1)
    axis = any_dim(rng, len(x))
    item = rng.choice("fft ifft rfft irfft fftshift".split())
    if item == "fftshift":
        return Call("numpy.fft.fftshift", (T(x),), {"axes": axis})
    if rng.random() < 0.5:
        return Call(f"numpy.fft.{item}", (T(x),), {"axis": axis})
    return Call(f"numpy.fft.{item}", (T(x), rng.choice((1, 4, 5, 0)), axis))


def method(rng: random.Random) -> Call:
    item = rng.choice(numpy_names.ARRAY_REDUCTIONS.split())
    x = filled(rng, 1)
    return Call(f"ndarray.{item}", (T(x),), {"axis": any_dim(rng, len(x)), "keepdims": True})


FAMILIES = [
    unary,
    binary,
    reduction,
    along,
    transposed,
    reshaped,
    joined,
    split,
    multiplied,
    made,
    fourier,
    method,
]


def _real(value: Any) -> Any:
    if isinstance(value, T):
        return value.make().numpy()
    if type(value) in (list, tuple):
        return type(value)(map(_real, value))
    return value


def _theirs(call: Call) -> Any:
    found: Any = np.ndarray if call.target.startswith("ndarray.") else np
    for part in call.target.split(".")[1:]:
        found = getattr(found, part)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        result = found(*map(_real, call.args), **call.kwargs)
    if isinstance(result, (tuple, list)):
        return [item.shape for item in result]
    return np.shape(result)


def _ours(call: Call) -> Any:
    if call.target.startswith("ndarray."):
        overloads = rules.ARRAY_METHODS[call.target.removeprefix("ndarray.")]
    else:
        overloads = rules.FUNCTIONS[call.target]

    def convert(value: Any, kind: str) -> object:
        return oracle.convert(value, kind, int)

    bound = bind(overloads, list(call.args), call.kwargs, convert, oracle.is_sequence)
    if bound is None:
        raise Unfit
    return oracle._normal(bound.rule.shape(**bound.arguments))


def judge(call: Call) -> str | None:
    """A sentence about the difference between NumPy and the rule, if there is one."""
    theirs: Any
    ours: Any
    try:
        theirs = _theirs(call)
    except (ValueError, IndexError) as error:
        theirs = error
    try:
        ours = _ours(call)
    except ShapeError as error:
        ours = error
    except Unfit:
        return f"{call}: no signature fits, NumPy says {theirs}"
    if isinstance(theirs, Exception) or isinstance(ours, Exception):
        same = isinstance(theirs, Exception) and isinstance(ours, Exception)
    else:
        same = oracle.matches(ours, theirs)
    return None if same else f"{call}: ours {ours!r}, NumPy's {theirs!r}"


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_agrees_with_numpy(family: Callable[[random.Random], Call]) -> None:
    rng = random.Random(f"{family.__name__} 0")
    differences = [text for _ in range(CALLS) if (text := judge(family(rng)))]
    assert not differences, "\n".join(differences)


INNER = ErrorKind.matmul_error_inner_dimensions_do_not_match


@pytest.mark.parametrize(
    ("rule", "given", "expected"),
    [
        pytest.param(numpy_shapes.transpose_shape, {"a": (2, B, K)}, (K, B, 2), id="transpose"),
        pytest.param(numpy_shapes.dot_shape, {"a": (B, 3), "b": (3, K)}, (B, K), id="dot"),
        pytest.param(numpy_shapes.dot_shape, {"a": (B, 3), "b": (5, K)}, INNER, id="dot-inner"),
        pytest.param(numpy_shapes.dot_shape, {"a": (B, K), "b": (5,)}, INNER, id="dot-names"),
        pytest.param(numpy_shapes.outer_shape, {"a": (2, B), "b": (K,)}, (2 * B, K), id="outer"),
        pytest.param(
            numpy_shapes.concatenate_shape,
            {"arrays": [(2, B), (2, K)], "axis": 1},
            (2, B + K),
            id="concatenate",
        ),
        pytest.param(
            numpy_shapes.concatenate_shape,
            {"arrays": [(2, B), (K,)], "axis": None},
            (2 * B + K,),
            id="concatenate-flat",
        ),
    ],
)
def test_on_names(rule: Any, given: dict[str, Any], expected: Any) -> None:
    check(rule, given, expected)


def test_jax_has_the_same_rules() -> None:
    assert rules.FUNCTIONS["jax.numpy.sum"] == rules.FUNCTIONS["numpy.sum"]
