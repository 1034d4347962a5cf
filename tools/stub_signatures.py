"""Signatures of operations as text for stubs: what `stubs` writes around the names.

Parameters, defaults and types are those of the declared functions. Where a declaration says Any
because several kinds of arguments are taken, the tables here say which; where the result depends on
the arguments, `OVERLOADS` has the cases. Names of types have an underscore in front, because
``torch.float``, ``Tensor.dtype`` and the like are names of other things.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Iterable
from inspect import Parameter
from typing import Any

from shapetorch.tensor.operations import Operation
from shapetorch.tensor.result_types import RESULT_TYPES

IMPORTS = {
    **{
        f"_{name}": f"from builtins import {name} as _{name}"
        for name in "int float bool complex str bytes".split()
    },
    **{
        f"_{name}": f"from collections.abc import {name} as _{name}"
        for name in "Callable Iterable Iterator Sequence".split()
    },
    **{
        f"_{name}": f"from typing import {name} as _{name}"
        for name in "Any Literal NamedTuple Self TypeAlias overload type_check_only".split()
    },
    "_ContextManager": "from contextlib import AbstractContextManager as _ContextManager",
    "_np": "import numpy as _np",
    "_device": "from shapetorch.tensor.devices import device as _device",
    "_dtype": "from shapetorch.tensor.dtypes import dtype as _dtype",
    "_layout": "from shapetorch.tensor.formats import layout as _layout",
    "_memory_format": "from shapetorch.tensor.formats import memory_format as _memory_format",
    "_Generator": "from shapetorch.tensor.generators import Generator as _Generator",
    "_Size": "from shapetorch.tensor.sizes import Size as _Size",
    "_TypedStorage": "from shapetorch.tensor.ops.storages import TypedStorage as _TypedStorage",
    "_UntypedStorage": "from shapetorch.tensor.ops.storages import UntypedStorage as _UntypedStorage",
    "_RemovableHandle": "from shapetorch.tensor.hooks import RemovableHandle as _RemovableHandle",
    "_Node": "from shapetorch.tensor.nodes import Node as _Node",
    "_ResultTypes": "from shapetorch.tensor.result_types import _ResultTypes",
    **{
        f"_{name}_result": f"from shapetorch.tensor.result_types import _{name}_result"
        for name in RESULT_TYPES
    },
}
"""How the names with an underscore come into a stub."""

PARAMETERS = {
    "device": "_str | _device | _int | None",
    "layout": "_layout | None",
    "memory_format": "_memory_format | None",
    "other": "Tensor | _complex",
    "kernel_size": "_int | _Sequence[_int]",
    "stride": "_int | _Sequence[_int] | None",
    "dilation": "_int | _Sequence[_int]",
    "output_padding": "_int | _Sequence[_int]",
    "normalized_shape": "_Sequence[_int]",
    "dim": "_int | _Sequence[_int]",
    "size": "_int | _Sequence[_int]",
    "output_size": "_int | _Sequence[_int | None]",
    "padding": "_int | _Sequence[_int] | _str",
    "scale_factor": "_float | _Sequence[_float]",
    "norm": "_str",
    "min": "Tensor | _complex",
    "max": "Tensor | _complex",
    "value": "Tensor | _complex",
    "start": "Tensor | _complex",
    "end": "Tensor | _complex",
    "step": "_complex",
    "tensors": "Tensor | _Sequence[Tensor]",
    "fill_value": "_complex | Tensor",
    **dict.fromkeys("n m steps row col low high num_samples to seed".split(), "_int"),
    **dict.fromkeys("mean std rcond tol atol rtol scale q".split(), "_float | Tensor"),
    "zero_point": "_int | Tensor",
    "base": "_float",
    "p": "_float | _str | None",
    "ord": "_float | _str",
    "s": "_Sequence[_int]",
    "shape": "_Sequence[_int]",
    "physical_layout": "_Sequence[_int]",
    "dims": "_int | _Sequence[_int] | _Sequence[_Sequence[_int]]",
    "bins": "_int | _Sequence[_int] | Tensor",
    "spacing": "_float | Tensor | _Sequence[_float | Tensor]",
    "output_ratio": "_float | _Sequence[_float]",
    "input_lengths": "Tensor | _Sequence[_int]",
    "target_lengths": "Tensor | _Sequence[_int]",
    "hx": "Tensor | tuple[Tensor, ...]",
    "hook": "_Callable[..., _Any]",
    "distance_function": "_Callable[[Tensor, Tensor], Tensor]",
    "ndarray": "_np.ndarray[_Any, _np.dtype[_Any]]",
    "reduction": "_str | _Callable[..., _Any]",
    "tensor": "Tensor | _Sequence[Tensor]",
    "scalar_tensor.s": "_complex",
    "bernoulli.p": "_float | Tensor",
    "bernoulli_.p": "_float | Tensor",
    "searchsorted.input": "Tensor | _complex",
    "bucketize.input": "Tensor | _complex",
}
"""What parameters are that are declared as Any, by their names, or by the operation's name and theirs."""

RESULTS = {
    **dict.fromkeys(
        "create_torch compile get_device_module sym_max sym_min sym_sum sym_ite".split(), "_Any"
    ),
    **dict.fromkeys("item tolist to_dlpack __dlpack__".split(), "_Any"),
    "register_hook": "_RemovableHandle",
    "register_post_accumulate_grad_hook": "_RemovableHandle",
    "validate_device": "_Any",
    "name": "_str | None",
    "fork_rng": "_ContextManager[None]",
}
"""What functions give that are declared to give Any and give no tensor."""

VALUES_OF_DIM = "(input: Tensor, dim: _int, keepdim: _bool = False, *, out: tuple[Tensor, Tensor] | None = None)"
OVERLOADS: dict[str, tuple[str, ...]] = {
    **{
        name: (
            "(input: Tensor, dim: None = None, keepdim: _bool = False, *, out: Tensor | None = None) -> Tensor",
            f"{VALUES_OF_DIM} -> _{name}_result",
            "(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor",
        )
        for name in ("max", "min")
    },
    **{
        name: (
            "(input: Tensor, dim: None = None, keepdim: _bool = False) -> Tensor",
            f"{VALUES_OF_DIM} -> _{name}_result",
        )
        for name in ("median", "nanmedian")
    },
    "nonzero": (
        "(input: Tensor, *, as_tuple: _Literal[False] = False, out: Tensor | None = None) -> Tensor",
        "(input: Tensor, *, as_tuple: _Literal[True]) -> tuple[Tensor, ...]",
    ),
    "where": (
        "(condition: Tensor) -> tuple[Tensor, ...]",
        "(condition: Tensor, input: Tensor | _complex, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor",
    ),
    "_where_method": ("(self: Tensor, condition: Tensor, other: Tensor | _complex) -> Tensor",),
    "size": (
        "(self: Tensor, dim: None = None, *, axis: None = None) -> _Size",
        "(self: Tensor, dim: _int) -> _int",
        "(self: Tensor, *, axis: _int) -> _int",
    ),
    "stride": (
        "(self: Tensor, dim: None = None, *, axis: None = None) -> tuple[_int, ...]",
        "(self: Tensor, dim: _int) -> _int",
        "(self: Tensor, *, axis: _int) -> _int",
    ),
    "type": (
        "(self: Tensor, dtype: None = None, non_blocking: _bool = False) -> _str",
        "(self: Tensor, dtype: _str | _dtype | type, non_blocking: _bool = False) -> Tensor",
    ),
    **dict.fromkeys(
        ("atleast_1d", "atleast_2d", "atleast_3d"),
        (
            "(tensor: Tensor, /) -> Tensor",
            "(first: Tensor, second: Tensor, /, *tensors: Tensor) -> tuple[Tensor, ...]",
            "(tensors: _Sequence[Tensor], /) -> tuple[Tensor, ...]",
        ),
    ),
    "unique": (
        "(input: Tensor, sorted: _bool = True, return_inverse: _Literal[False] = False, return_counts: _Literal[False] = False, dim: _int | None = None) -> Tensor",
        "(input: Tensor, sorted: _bool = True, return_inverse: _bool = False, return_counts: _bool = False, dim: _int | None = None) -> _Any",
    ),
    "unique_consecutive": (
        "(input: Tensor, return_inverse: _Literal[False] = False, return_counts: _Literal[False] = False, dim: _int | None = None) -> Tensor",
        "(input: Tensor, return_inverse: _bool = False, return_counts: _bool = False, dim: _int | None = None) -> _Any",
    ),
}
"""The cases of functions whose result depends on the arguments, by their names; the first fitting one holds."""

_WORD = re.compile(r"[A-Za-z_][\w.]*")
_RENAMED = {"Pair": "tuple[Tensor, Tensor]", "Array": "_np.ndarray[_Any, _np.dtype[_Any]]"}
_BUILTIN = {"None", "True", "False", "tuple", "list", "dict", "type", "set", "Tensor"}


def type_text(annotation: str) -> str:
    """An annotation with the names that it has in a stub."""

    def rename(found: re.Match[str]) -> str:
        word = found[0]
        if word in _BUILTIN:
            return word
        if word in _RENAMED:
            return _RENAMED[word]
        assert f"_{word}" in IMPORTS, f"no stub knows {word} of {annotation}"
        return f"_{word}"

    return _WORD.sub(rename, annotation)


def signatures(name: str, made: Operation, method: bool) -> list[str]:
    """The signatures of an operation, ``(input: Tensor) -> Tensor``; several if it is overloaded."""
    cases = OVERLOADS.get(made.name)
    if cases is None:
        cases = tuple(_cases(made.name, inspect.signature(made.function), made.out))
    return [_as_method(case) for case in cases] if method else list(cases)


def written_signature(name: str, function: Callable[..., Any]) -> str:
    """The signature of a method in place: that of the operation without ``out=``, giving the tensor."""
    of = function.__dict__.get("functional", function)
    parameters = [*inspect.signature(of).parameters.values()]
    kept = [it for it in parameters[1:] if it.name != "out"]
    self = Parameter("self", Parameter.POSITIONAL_OR_KEYWORD)
    return f"({_parameters([self, *kept], name)}) -> Tensor"


def plain_signature(function: Callable[..., Any], result: str | None = None) -> str:
    """The signature of a function or method as it is declared."""
    signature = inspect.signature(function)
    parameters = [*signature.parameters.values()]
    name = function.__name__
    return f"({_parameters(parameters, name)}) -> {result or _result(name, signature)}"


def _cases(name: str, signature: inspect.Signature, out: bool) -> Iterable[str]:
    parameters = [*signature.parameters.values()]
    result = _result(name, signature)
    if out and "out" not in signature.parameters:
        kind = "Tensor" if result == "Tensor" else "tuple[Tensor, ...]"
        parameters.append(
            Parameter("out", Parameter.KEYWORD_ONLY, default=None, annotation=f"{kind} | None")
        )
        parameters.sort(key=lambda it: it.kind)
    if result != "Tensor | tuple[Tensor, Tensor]":
        yield f"({_parameters(parameters, name)}) -> {result}"
        return
    literal = [
        _with(it, "Literal[False]") if it.name == "return_indices" else it for it in parameters
    ]
    yield f"({_parameters(literal, name)}) -> Tensor"
    keywords = [
        it.replace(kind=Parameter.KEYWORD_ONLY) if it.default is not Parameter.empty else it
        for it in parameters
    ]
    asked = [
        _with(it, "Literal[True]").replace(default=Parameter.empty)
        if it.name == "return_indices"
        else it
        for it in keywords
    ]
    yield f"({_parameters(asked, name)}) -> tuple[Tensor, Tensor]"


def _with(parameter: Parameter, annotation: str) -> Parameter:
    return parameter.replace(annotation=annotation)


def _as_method(case: str) -> str:
    return re.sub(r"^\(\w+(: [^,)=]+)?", "(self", case)


def _result(name: str, signature: inspect.Signature) -> str:
    annotation = str(signature.return_annotation)
    if name in RESULTS:
        return RESULTS[name]
    if annotation in ("Any", "ResultType"):
        of = name.replace(".", "_")
        of = of if of in RESULT_TYPES else name.rpartition(".")[2]
        return f"_{of}_result" if of in RESULT_TYPES else "Tensor"
    return type_text(annotation)


def _parameters(parameters: Iterable[Parameter], name: str) -> str:
    parts: list[str] = []
    starred = False
    positional = False
    for it in parameters:
        if positional and it.kind is not Parameter.POSITIONAL_ONLY:
            parts.append("/")
            positional = False
        positional = positional or it.kind is Parameter.POSITIONAL_ONLY
        if it.kind is Parameter.KEYWORD_ONLY and not starred:
            parts.append("*")
            starred = True
        starred = starred or it.kind is Parameter.VAR_POSITIONAL
        parts.append(_parameter(it, name))
    return ", ".join([*parts, "/"] if positional else parts)


_STARS = {Parameter.VAR_POSITIONAL: "*", Parameter.VAR_KEYWORD: "**"}


def _parameter(it: Parameter, name: str) -> str:
    text = _STARS.get(it.kind, "") + it.name
    if it.annotation is Parameter.empty:
        return text if it.default is Parameter.empty else f"{text} = {default_text(it.default)}"
    text += f": {_type_of(it, name)}"
    return text if it.default is Parameter.empty else f"{text} = {default_text(it.default)}"


def _type_of(it: Parameter, name: str) -> str:
    if str(it.annotation) != "Any" or it.kind in _STARS:
        return type_text(str(it.annotation))
    named = PARAMETERS.get(f"{name}.{it.name}") or PARAMETERS.get(it.name, "_Any")
    optional = it.default is None and named != "_Any" and not named.endswith("None")
    return f"{named} | None" if optional else named


def default_text(value: Any) -> str:
    """A default as it stands in a stub; ``...`` for what has no literal."""
    if isinstance(value, float) and (not math.isfinite(value)):
        return "..."
    if isinstance(value, (bool, int, float, str, type(None))):
        return repr(value)
    if isinstance(value, tuple) and all(isinstance(item, int) for item in value):
        return repr(value)
    return "..."
