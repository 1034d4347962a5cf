"""No operation without a docstring, PyTorch's parameters, and a test; no rule that the library leaves out."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from functools import cache
from inspect import Parameter
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

import torch

import shapetorch
from shapetorch import rules
from shapetorch.tensor.operations import METHODS, OPERATIONS, Operation
from shapetorch.tensor.tensors import Tensor
from tests.rules import oracle
from tests.tensor.both import agree, integers, numbers

EMPTY = Parameter.empty
FOLDER = Path(__file__).parent


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_function_has_a_docstring(name: str) -> None:
    assert (OPERATIONS[name].function.__doc__ or "").strip().endswith((".", ":", "`", ")", "|"))


def test_every_method_has_a_docstring() -> None:
    found = {name: vars(Tensor)[name] for name in METHODS}
    missing = {name for name, it in found.items() if not (it.__doc__ or it.fget.__doc__)}
    assert not missing


# -- PyTorch's parameters -----------------------------------------------------------------------------

DOCUMENTED = {  # PyTorch's own text names these parameters as we do; the parser has other names
    "cholesky_solve": "L, the parser says input2",
    "linalg.householder_product": "A, the parser says input",
    "linalg.lstsq": "B, the parser says b",
    "linalg.tensorsolve": "B, the parser says other",
    "orgqr": "tau, the parser says input2",
    "ormqr": "tau and other, the parser says input2 and input3",
    "result_type": "tensor1 and tensor2, the parser says tensor and other",
}
OTHER_PARAMETERS = {
    "compile": "what tunes PyTorch's own compiler has no meaning here",
    "rrelu": "one function is both torch's, with a generator, and nn.functional's, with inplace",
    "rrelu_": "as rrelu",
    "lstm": "layers call it, by position",
    "gru": "layers call it, by position",
    "rnn_tanh": "layers call it, by position",
    "rnn_relu": "layers call it, by position",
    "split_copy": "the parameter has the name that split gives it",
}


def schemas(name: str) -> list[list[tuple[str, Any]]]:
    """The parameters and defaults of PyTorch's overloads, as far as they can be read."""
    theirs: Any = torch
    for part in name.split("."):
        theirs = getattr(theirs, part, None)
    if inspect.isfunction(theirs):
        parameters = inspect.signature(theirs).parameters.values()
        if not any(it.kind is Parameter.VAR_KEYWORD for it in parameters):
            return [[(it.name, it.default) for it in parameters]]
    space, _, last = name.rpartition(".")
    if theirs is None or space not in ("", "linalg", "fft", "special"):
        return []
    found = torch._C._jit_get_schemas_for_operator(f"aten::{f'{space}_' if space else ''}{last}")
    return [
        [(it.name, it.default_value if it.has_default_value() else EMPTY) for it in one.arguments]
        for one in found
        if not any("Dimname" in str(it.type) for it in one.arguments)
    ]


def parameters(made: Operation, name: str) -> dict[str, Any]:
    """Our parameters and their defaults; of what is made in place, those of what it was made of."""
    function = made.function.__dict__.get("functional", made.function)
    found = {it.name: it.default for it in inspect.signature(function).parameters.values()}
    return {**found, "out": None} if made.out else found


def same_default(ours: Any, theirs: Any) -> bool:
    """Whether two defaults mean the same; None and nothing stand for the other cases of an overload."""
    if ours is None or theirs is None or theirs is EMPTY or ours is EMPTY:
        return True
    if isinstance(theirs, list) and not isinstance(ours, (list, tuple)):
        return all(item == ours for item in theirs)
    return bool(ours == theirs or (isinstance(theirs, list) and list(ours) == theirs))


READABLE = {
    name: found for name in OPERATIONS if (found := schemas(name)) and not name.endswith("_async")
}


@pytest.mark.parametrize("name", READABLE)
def test_parameters_are_pytorchs(name: str) -> None:
    ours = parameters(OPERATIONS[name], name)
    if name in DOCUMENTED or name in OTHER_PARAMETERS or "kwargs" in ours:
        return
    first = next(iter(ours), None)
    spelled = {"self": "self" if "self" in ours else "input", "x": "input"}
    fitting = []
    for case in READABLE[name]:
        named = [(key if key in ours else spelled.get(key, key), value) for key, value in case]
        if named and named[0][0] == "input" and "input" not in ours and first is not None:
            named[0] = (first, named[0][1])
        if all(key in ours for key, _ in named):
            fitting.append(named)
    assert fitting, f"{list(ours)} are not the parameters of {READABLE[name]}"
    for key, default in ours.items():
        theirs = [value for case in fitting for other, value in case if other == key]
        assert not theirs or any(same_default(default, value) for value in theirs), (key, theirs)


def test_most_signatures_can_be_read() -> None:
    assert len(READABLE) > 740
    assert not set(DOCUMENTED | OTHER_PARAMETERS) - set(READABLE)


@pytest.mark.parametrize("name", DOCUMENTED)
def test_documented_parameters_are_pytorchs(name: str) -> None:
    theirs: Any = torch
    for part in name.split("."):
        theirs = getattr(theirs, part)
    assert DOCUMENTED[name].split(",")[0].split(" and ")[0] in parameters(OPERATIONS[name], name)
    assert re.search(rf"{name.rpartition('.')[2]}\(", theirs.__doc__)


# -- rules --------------------------------------------------------------------------------------------

NOT_IN_THE_LIBRARY = {"chalf": "PyTorch's complex numbers of half precision have no NumPy dtype"}


def absent() -> Iterator[str]:
    """The functions and methods with a rule that the library does not have."""
    for rule in rules.RULES:
        for name in rule.functions:
            if name.startswith("torch."):
                found: Any = shapetorch
                for part in name.split(".")[1:]:
                    found = getattr(found, part, None)
                if found is None:
                    yield name
        yield from (name for name in rule.methods if not hasattr(Tensor, name))


def test_what_has_a_rule_is_in_the_library() -> None:
    assert set(absent()) == set(NOT_IN_THE_LIBRARY)


# -- tests --------------------------------------------------------------------------------------------


@cache
def sampled() -> tuple[set[str], set[str]]:
    """The functions and methods whose rules have samples; `test_against_torch` runs them."""
    known = oracle.load()
    having = [rule for rule in rules.RULES if rule.name in known]
    functions = {name.removeprefix("torch.") for rule in having for name in rule.functions}
    return functions, {name for rule in having for name in rule.methods}


@cache
def words() -> set[str]:
    """What the tests of the library name; Python calls some methods by itself."""
    return {
        word for file in FOLDER.glob("*.py") for word in re.findall(r"\w+", file.read_text())
    } | {
        f"__{name}__" for name in "bool int float complex repr iter copy deepcopy reduce_ex".split()
    }


def test_every_function_is_tested() -> None:
    functions, _ = sampled()
    missing = {
        it for it in OPERATIONS if it not in functions and it.rpartition(".")[2] not in words()
    }
    assert not missing


def test_every_method_is_tested() -> None:
    functions, methods = sampled()
    known = functions | methods | words()
    missing = {it for it in METHODS if it not in known and it not in IN_PLACE}
    assert not missing


# -- in place -----------------------------------------------------------------------------------------

X, Y = numbers(3, 5), numbers(3, 5, seed=1)
POSITIVE, OTHER_POSITIVE = abs(X) + 0.5, abs(Y) + 0.5
FRACTION = X / (abs(X).max() + 0.5)
COUNTS, OTHER_COUNTS = integers(7, 3, 5) + 1, integers(5, 3, 5, seed=1) + 1
TRUTHS, OTHER_TRUTHS = X > 0, Y > 0
ARITHMETIC = "sub subtract mul multiply floor_divide div divide true_divide remainder fmod copysign nextafter atan2 arctan2".split()
COMPARISONS = "eq ne not_equal lt less le less_equal gt greater ge greater_equal".split()
BITS = "bitwise_and bitwise_or bitwise_xor bitwise_left_shift bitwise_right_shift".split()
OPERATORS = "__iadd__ __isub__ __imul__ __itruediv__ __ifloordiv__ __imod__".split()
BIT_OPERATORS = "__iand__ __ior__ __ixor__ __ilshift__ __irshift__".split()
SQUARE, MATRICES = numbers(2, 2), numbers(3, 2, 2)
IN_PLACE: dict[str, tuple[Any, ...]] = {
    **{f"{name}_": (X, Y) for name in (*ARITHMETIC, *COMPARISONS)},
    **{f"{name}_": (COUNTS, OTHER_COUNTS) for name in BITS},
    **dict.fromkeys(OPERATORS, (X, Y)),
    **dict.fromkeys(BIT_OPERATORS, (COUNTS, OTHER_COUNTS)),
    **{f"logical_{name}_": (X, Y) for name in ("and", "or", "xor")},
    **{f"{name}_": (POSITIVE, OTHER_POSITIVE) for name in ("igamma", "igammac", "float_power")},
    **{f"{name}_": (POSITIVE,) for name in ("lgamma", "digamma")},
    **{f"{name}_": (X,) for name in ("absolute", "sgn")},
    "__ipow__": (POSITIVE, 2),
    "bitwise_not_": (COUNTS,),
    "cumprod_": (X, 1),
    "erfinv_": (FRACTION,),
    "polygamma_": (POSITIVE, 1),
    "mvlgamma_": (POSITIVE + 3, 2),
    "renorm_": (X, 2, 0, 1.0),
    "baddbmm_": (MATRICES, MATRICES, MATRICES),
    "addbmm_": (SQUARE, MATRICES, MATRICES),
    "addr_": (SQUARE, numbers(2), numbers(2, seed=1)),
}
"""What is written in place, with its arguments; the tests of the families have the others."""


@pytest.mark.parametrize("name", IN_PLACE)
def test_written_in_place(name: str) -> None:
    def written(library: Any, first: Any, *others: Any) -> Any:
        made = first.clone()
        result = getattr(made, name)(*others)
        assert result is made
        return made

    agree(written, *IN_PLACE[name])


def converted(library: Any, x: Any) -> Any:
    one = x[0, 0]
    return [bool(one), int(one), float(one), complex(one), [it.tolist() for it in x]]


def test_python_converts_tensors() -> None:
    import copy
    import pickle

    for x in (X, COUNTS):
        assert converted(None, torch.from_numpy(x)) == converted(None, shapetorch.from_numpy(x))
    ours = shapetorch.from_numpy(X)
    for made in (copy.copy(ours), copy.deepcopy(ours), pickle.loads(pickle.dumps(ours))):
        assert made.tolist() == X.tolist()
    assert ours.__dlpack_device__() == torch.from_numpy(X).__dlpack_device__()
    assert ours.__array__().tolist() == ours.__array_wrap__(X).tolist() == X.tolist()
    assert repr(ours) == repr(torch.from_numpy(X))


def test_reflected_product() -> None:
    agree(lambda library, x, y: x.__rmatmul__(y), X, Y.T.copy())


def test_pieces_and_grids() -> None:
    agree(lambda library, x: library.unsafe_split_with_sizes(x, [1, 4], 1), X)
    agree(lambda library, x: library.view_as_complex_copy(x), numbers(3, 2), grad=False)
    agree(
        lambda library, x: library.affine_grid_generator(x, [2, 3, 4, 5], False), numbers(2, 2, 3)
    )
    agree(
        lambda library, x, grid: library.grid_sampler(x, grid, 0, 0, False),
        numbers(1, 2, 4, 4),
        numbers(1, 3, 3, 2),
    )


def test_documented_helpers() -> None:
    library: Any = shapetorch
    assert library.is_floating_point_dtype(library.float32)
    assert library.is_complex_dtype(library.complex64)
    assert library.validate_dtype(library.float32) is not None
    assert library.validate_device("cpu") is not None
    assert library.create_torch() is not None
    with pytest.raises(Exception, match=r"(?i)webgpu"):
        library.require_webgpu()
    with pytest.raises((RuntimeError, AssertionError)):
        library.zeros(1).hpu()
