"""Calls with one mistake in them, made mechanically from calls that are right.

Every argument of a call is replaced, one at a time, by values that it must not have; arguments are
left out and added. What is wrong with a call is a short name, the column of the table that
`tests.tensor.mistaken` prints.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from tests.rules.oracle import Call, D, T

Mistakes = Iterator[tuple[str, Any]]


class Anything:
    """An object that no argument is."""

    def __repr__(self) -> str:
        return "object()"


ANYTHING = Anything()
WIDE = (2**31, 2**62, 2**63, 2**64, 2**70, -(2**31), -(2**63) - 1)
NAN, INFINITY = float("nan"), float("inf")


def mistakes(call: Call, function: Callable[..., Any]) -> Iterator[tuple[str, Call]]:
    """The call with one thing wrong, and what that is.

    Args:
        call: A call that both libraries take.
        function: Ours, whose parameters say what could be given besides.
    """
    args, kwargs = tuple(call.args), dict(call.kwargs)
    is_method = call.target.startswith("Tensor.")
    for place, value in enumerate(args):
        # a method is not called with another object as its tensor, but with a tensor of any dtype
        own = is_method and not place and isinstance(value, T)
        for name, wrong in other_elements(value) if own else wrong_values(value):
            yield name, replace(call, args=(*args[:place], wrong, *args[place + 1 :]))
    for key, value in kwargs.items():
        for name, wrong in wrong_values(value):
            yield name, replace(call, kwargs=kwargs | {key: wrong})
        yield "missing", replace(call, kwargs={k: v for k, v in kwargs.items() if k != key})
    if args:
        yield "missing", replace(call, args=args[:-1])
    yield "unknown keyword", replace(call, kwargs=kwargs | {"nonsense": 1})
    yield "extra argument", replace(call, args=(*args, ANYTHING, ANYTHING, ANYTHING))
    for key in not_given(function, len(args), tuple(kwargs)):
        if key == "out" and is_method:
            continue  # a method is the function, and takes it too; PyTorch's do not
        for name, wrong in wrong_keywords(key):
            yield name, replace(call, kwargs=kwargs | {key: wrong})


# -- in place of an argument ------------------------------------------------------------------------


def wrong_values(value: Any) -> Mistakes:
    """What stands in place of an argument."""
    yield "str", "a"
    yield "None", None
    yield "object", ANYTHING
    yield "list of str", ["a"]
    if isinstance(value, T):
        yield from _for_tensor(value)
    elif isinstance(value, bool):
        yield from (("int for bool", 2), ("float", 1.5), ("tensor for number", T((2,))))
    elif isinstance(value, int):
        yield from _for_int(value)
    elif isinstance(value, (float, complex)):
        yield from _for_float()
    elif isinstance(value, str):
        yield from (
            ("other text", "nonsense"),
            ("number for text", 1),
            ("tensor for text", T((2,))),
        )
    elif isinstance(value, D):
        yield from _for_dtype()
    elif isinstance(value, slice):
        yield from _for_slice(value)
    elif type(value) in (list, tuple):
        yield from _for_list(value)


def _for_tensor(value: T) -> Mistakes:
    yield "number for tensor", 2
    yield "float for tensor", 1.5
    yield "bool for tensor", True
    yield "list for tensor", [1.0]
    yield from other_elements(value)


def other_elements(value: T) -> Mistakes:
    """Tensors of the same shape."""
    for dtype in ("complex64", "bool", "int64", "float64"):
        if dtype != value.dtype:
            elements = None if dtype == "bool" or value.dtype == "bool" else value.values
            yield f"{dtype} tensor", replace(value, dtype=dtype, values=elements)
    if value.dtype in ("int32", "int64"):
        for index in (1000, -1000, 2**31 - 1, -(2**31)):
            yield "index out of range", replace(value, values=index)
    if value.dtype == "int64":
        for index in (2**62, -(2**63)):
            yield "index out of range", replace(value, values=index)
    if value.dtype == "float32":
        yield "nan elements", replace(value, values=NAN)


def _for_int(value: int) -> Mistakes:
    yield "float", 1.5
    yield "float", float(value)
    yield "bool for number", True
    yield "complex", 1j
    yield "negative", -1
    yield "zero", 0
    yield "wrong dim", 100
    yield "wrong dim", -100
    yield "nan", NAN
    for wide in WIDE:
        yield "wide int", wide
    yield "tensor for number", T((2,))
    yield "tensor for number", T(())
    yield "list for number", [value, value]


def _for_float() -> Mistakes:
    yield from (("bool for number", True), ("nan", NAN), ("inf", INFINITY), ("complex", 1j))
    yield from (("negative", -1.0), ("zero", 0.0), ("huge float", 1e300))
    yield from (("wide int", 2**63), ("wide int", 2**64), ("wide int", 2**70))
    yield from (("tensor for number", T((2,))), ("list for number", [1.0, 2.0]))


def _for_slice(value: slice) -> Mistakes:
    for name, wrong in (
        *(("str", "a"), ("float", 1.5), ("complex", 1j), ("object", ANYTHING), ("list", [1])),
        *(("tensor for number", T((2,))), ("tensor for number", T((2,), "int64"))),
        *(("wide int", wide) for wide in WIDE),
    ):
        yield f"start: {name}", slice(wrong, value.stop, value.step)
        yield f"stop: {name}", slice(value.start, wrong, value.step)
        yield f"step: {name}", slice(value.start, value.stop, wrong)
    for step in (0, -1, True):
        yield "wrong step", slice(value.start, value.stop, step)


def _for_dtype() -> Mistakes:
    for dtype in ("complex64", "bool", "int64", "float64", "uint8"):
        yield "other dtype", D(dtype)
    yield "number for dtype", 1


def _for_list(value: Any) -> Mistakes:
    made = type(value)
    if not value:
        return
    yield "longer", made((*value, value[0]))
    yield "shorter", made(value[:-1])
    yield "empty list", made()
    yield "same again", made(value[0] for _ in value)
    yield "dict for list", {}
    if not isinstance(value[0], T):
        yield "tensor for list", T((2,))
        yield "number for list", value[0]
    for name, wrong in wrong_values(value[0]):
        yield f"[{name}]", made((wrong, *value[1:]))


# -- arguments that were not given ------------------------------------------------------------------


def wrong_keywords(key: str) -> Mistakes:
    """Values of a keyword that the call has not."""
    if key == "out":
        yield from _for_out()
    elif key == "device":
        for device in ("cuda", "cuda:0", "webgpu", "nonsense", "cpu:x", "meta"):
            yield "device", device
        yield from (("device", 1.5), ("device", ANYTHING), ("device", -1))
    elif key == "dtype":
        yield from _for_dtype()
        yield from (("str", "float32"), ("object", ANYTHING))
    else:
        yield "str", "a"
        yield "object", ANYTHING
        yield "list of str", ["a"]
        yield "complex", 1j
        yield "wide int", 2**70
        yield "tensor for number", T((2,))


def _for_out() -> Mistakes:
    yield "out", "a"
    yield "out", ANYTHING
    for dtype in ("float32", "float64", "int64", "int32", "bool", "complex64"):
        yield "out dtype", T((0,), dtype)
    yield "out shape", T((11, 13))
    yield "out tuple", (T((0,)), T((0,)))
    yield "out tuple", (T((0,)), T((0,), "int64"))
    yield "out tuple", (T((0,)), "a")


@cache
def not_given(function: Callable[..., Any], count: int, given: tuple[str, ...]) -> tuple[str, ...]:
    """The parameters after the first `count` that are no keyword of the call; ``out`` if it is taken."""
    parameters: Mapping[str, inspect.Parameter]
    try:
        parameters = inspect.signature(function).parameters
    except ValueError:
        return ()
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    found = []
    for place, (key, parameter) in enumerate(parameters.items()):
        is_filled = place < count and parameter.kind is not inspect.Parameter.KEYWORD_ONLY
        if parameter.kind in kinds and not is_filled and key not in given:
            found.append(key)
    if getattr(function, "takes_out", False) and "out" not in (*found, *given):
        found.append("out")
    return tuple(found)
