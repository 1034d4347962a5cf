"""PyTorch as the judge of our rules.

`judge` runs a call (`calls`) twice, once with real tensors and once through `rules.bind` and the rule,
and says whether both accept with the same shapes, or both reject with the same class of exception.
`unsized` compares a rule with itself, `reports` judges many calls.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch

from shapetorch import rules
from shapetorch.dim import (
    UNKNOWN,
    UNKNOWN_DIM,
    Dim,
    Size,
    Variadic,
)
from shapetorch.errors import ShapeError
from shapetorch.rules.bind import Undecided, Unfit, bind
from shapetorch.rules.registry import Many, Rule, parameters_of
from tests.rules.calls import (
    NUMBERS_ONLY,
    SAMPLES,
    Call,
    D,
    Sampler,
    Samples,
    T,
    any_dim,
    broadcastable,
    calls_of,
    load,
    maybe_other,
    maybe_other_rank,
    names_of,
    samples,
    shape,
    size,
    sizes,
)

torch.set_num_threads(1)

# what samplers are written with
__all__ = [
    "NUMBERS_ONLY",
    "SAMPLES",
    "Call",
    "D",
    "Sampler",
    "Samples",
    "T",
    "any_dim",
    "broadcastable",
    "calls_of",
    "load",
    "maybe_other",
    "maybe_other_rank",
    "names_of",
    "samples",
    "shape",
    "size",
    "sizes",
]


# -- PyTorch's answer -------------------------------------------------------------------------------


def _real(value: Any) -> Any:
    if isinstance(value, T):
        return value.make()
    if isinstance(value, D):
        return getattr(torch, value.name)
    if isinstance(value, Call):  # a layer that is an argument of another
        return _callable(value.target)(*_real(list(value.args)), **_real(dict(value.kwargs)))
    if isinstance(value, dict):
        return {key: _real(item) for key, item in value.items()}
    if type(value) in (list, tuple):
        return type(value)(_real(item) for item in value)
    if isinstance(value, slice):
        return slice(_real(value.start), _real(value.stop), _real(value.step))
    return value


@cache
def _callable(target: str) -> Any:
    if target.startswith("Tensor."):
        attribute = target.removeprefix("Tensor.")
        found = getattr(torch.Tensor, attribute)
        return found if callable(found) else lambda tensor: getattr(tensor, attribute)
    parts = target.split(".")
    found = importlib.import_module(parts[0])
    for place, part in enumerate(parts[1:], 2):
        if not hasattr(found, part):
            importlib.import_module(".".join(parts[:place]))
        found = getattr(found, part)
    return found


def run_torch(call: Call) -> Any:
    """The result of the call, on real tensors."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        function = _callable(call.target)
        made = function(*map(_real, call.args), **_real(dict(call.kwargs)))
        if call.inputs is None:
            return made
        return made(*map(_real, call.inputs), **_real(dict(call.input_kwargs)))


def shapes_of(result: Any) -> Any:
    """Shapes in place of tensors: a shape is a tuple, several results are a list, the rest None."""
    if isinstance(result, torch.Tensor):
        return tuple(result.shape)
    if isinstance(result, torch.Size):
        return tuple(result)
    if isinstance(result, (tuple, list)):
        return [shapes_of(item) for item in result]
    return None


def is_shape(result: Any) -> bool:
    """Whether a rule's result is one shape rather than several."""
    return type(result) is tuple and all(isinstance(item, (int, Dim, Variadic)) for item in result)


def _normal(result: Any) -> Any:
    """A rule's result in the form of `shapes_of`."""
    if isinstance(result, (tuple, list)) and not is_shape(result):
        return [_normal(item) for item in result]
    return result


def matches(ours: Any, theirs: Any) -> bool:
    """Whether two results say the same; an unknown size matches any, an unknown shape too."""
    if ours == UNKNOWN:
        return True
    if isinstance(ours, tuple) and isinstance(theirs, tuple):
        return len(ours) == len(theirs) and all(
            a is UNKNOWN_DIM or a == b for a, b in zip(ours, theirs, strict=True)
        )
    if isinstance(ours, Many) and isinstance(theirs, list):
        counted = ours.count is UNKNOWN_DIM or ours.count == len(theirs)
        return counted and all(matches(ours.shape, item) for item in theirs)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(matches, ours, theirs))
    return ours is None and theirs is None


# -- our answer -------------------------------------------------------------------------------------

Naming = Callable[[int], Size]
CONVERTERS: dict[str, Callable[[Any, Naming], object]] = {}
"""How an annotation that is not in the table of `rules.registry` is converted; raises `Unfit`."""


def convert(value: Any, kind: str, naming: Naming) -> object:
    """An argument as the annotation `kind` asks for it."""
    options = [option.strip() for option in kind.split("|")]
    if "Dims" in options:
        options += ["int", "Sequence[int]", "None"]
    for option in options:
        try:
            return _convert(value, option, naming)
        except Unfit:
            continue
    raise Unfit


def _convert(value: Any, option: str, naming: Naming) -> object:
    if option in CONVERTERS:
        return CONVERTERS[option](value, naming)
    match option, value:
        case "object", _:
            return value
        case "None", None:
            return None
        case "IfKnown", None | bool() | int() | float() | str():
            return value
        case "PerAxis", int() if not isinstance(value, bool):
            return naming(value)
        case "PerAxis", [*items] if all(type(item) is int for item in items):
            return tuple(map(naming, items))
        case "IfKnown", Call():
            return _built(value, lambda item, kind: convert(item, kind, naming))
        case "OptionalSizes", [*items] if all(item is None or type(item) is int for item in items):
            return tuple(item if item is None else naming(item) for item in items)
        case "Shape", T():
            return tuple(map(naming, value.shape))
        case "Number", bool() | int() | float() | complex():
            return ()
        case "Shapes", [*items] if all(isinstance(item, T) for item in items):
            return [tuple(map(naming, item.shape)) for item in items]
        case "Sublists", [*items] if any(isinstance(item, T) for item in items):
            return [_operand(item, naming) for item in items]
        case "bool", bool():
            return value
        case "str", str():
            return value
        case "Size", T(shape=(), dtype="int64" | "int32"):
            return UNKNOWN_DIM
        case "Size" | "int", bool():
            raise Unfit
        case "Size", int():
            return naming(value)
        case "int", int():
            return value
        case "float", int() | float():
            return value
        case "Dtype", D():
            return value.name
        case "Sizes", [*items] if all(type(item) is int for item in items):
            return tuple(map(naming, items))
        case "Sequence[Sizes]", [*items] if all(isinstance(item, (tuple, list)) for item in items):
            return [_convert(item, "Sizes", naming) for item in items]
        case "Sequence[int]", [*items] if all(type(item) is int for item in items):
            return tuple(items)
        case "Sequence[Sizes]", [*items] if all(isinstance(item, (list, tuple)) for item in items):
            return [tuple(map(naming, item)) for item in items]
        case "Sequence[Sequence[int]]", [[*_], *_]:
            return tuple(tuple(item) for item in value)
        case "Sequence[bool]", [*items] if all(type(item) is bool for item in items):
            return tuple(items)
        case "Sequence[str]", [*items] if all(type(item) is str for item in items):
            return tuple(items)
        case "Sequence[float]", [*items] if all(type(item) in (int, float) for item in items):
            return tuple(items)
    assert option in KINDS, f"annotation {option!r}: not in the table of rules.registry"
    raise Unfit


KINDS = frozenset(
    "PerAxis OptionalSizes IfKnown object None Shape Number Shapes Many Sublists bool str Size Sizes int float Dims Dtype "
    "Sequence[int] Sequence[Sequence[int]] Sequence[Sizes] Sequence[bool] Sequence[str] Sequence[float]".split()
)


def _operand(item: Any, naming: Naming) -> object:
    if isinstance(item, T):
        return tuple(map(naming, item.shape))
    return list(item) if isinstance(item, tuple) else item


def is_sequence(value: Any) -> bool:
    """Whether an argument fills a spread parameter by itself."""
    return isinstance(value, (list, tuple))


def plain(rule: Callable[..., Any], arguments: Mapping[str, Any], shaped: tuple[str, ...]) -> Any:
    """A rule called as it is."""
    return rule(**arguments)


def run_rule(call: Call, naming: Naming = int, apply: Callable[..., Any] = plain) -> Any:
    """The rule's result, with `naming` applied to every size, through `apply`.

    Raises:
        Unfit: no signature fits.
        ShapeError: the rule is broken.
    """

    def converter(value: Any, kind: str) -> object:
        return convert(value, kind, naming)

    if call.inputs is not None:
        return _run_layer(call, converter, apply)
    method = call.target.removeprefix("Tensor.")
    is_method = method != call.target
    overloads = rules.METHODS[method] if is_method else rules.FUNCTIONS[call.target]
    bound = bind(overloads, list(call.args), call.kwargs, converter, is_sequence)
    if bound is None:
        raise Unfit
    return apply(bound.rule.shape, bound.arguments, bound.shaped)


def _built(call: Call, converter: Callable[[Any, str], object]) -> Any:
    """Our layer, constructed."""
    made = rules.LAYERS[call.target]
    built = bind([_as_rule(made)], list(call.args), call.kwargs, converter, is_sequence)
    if built is None:
        raise Unfit
    return built.rule.shape(**built.arguments)


def _run_layer(
    call: Call, converter: Callable[[Any, str], object], apply: Callable[..., Any] = plain
) -> Any:
    layer = _built(call, converter)
    assert call.inputs is not None
    bound = bind(
        [_as_rule(layer.forward)], list(call.inputs), call.input_kwargs, converter, is_sequence
    )
    if bound is None:
        raise Unfit
    return apply(bound.rule.shape, bound.arguments, bound.shaped)


def _as_rule(function: Callable[..., Any]) -> Rule:
    return Rule("layer", function, (), (), parameters=parameters_of(function))


# -- the verdict ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What both sides said about one call."""

    call: Call
    verdict: str  # "accepted", "rejected" or "disagreement"
    ours: object
    theirs: object

    def __str__(self) -> str:
        return f"{self.verdict}: {self.call}\n    ours: {_said(self.ours)}\n    torch: {_said(self.theirs)}"


def _said(answer: object) -> str:
    if isinstance(answer, Exception):
        text = str(answer).split("\n")[0][:200]
        kind = f"[{answer.kind}]" if isinstance(answer, ShapeError) else ""
        return f"{type(answer).__name__}{kind}: {text}"
    return str(answer)


def judge(call: Call) -> Outcome:
    """Run the call on both sides and compare."""
    theirs: Any
    ours: Any
    try:
        theirs = shapes_of(run_torch(call))
    except Exception as error:
        theirs = error
    try:
        ours = _normal(run_rule(call))
    except Exception as error:
        ours = error
    return Outcome(call, _verdict(call, ours, theirs), ours, theirs)


def _verdict(call: Call, ours: Any, theirs: Any) -> str:
    if isinstance(ours, Exception) and isinstance(theirs, Exception):
        if isinstance(ours, Unfit):
            return "rejected" if isinstance(theirs, TypeError) else "disagreement"
        if not isinstance(ours, ShapeError):
            return "disagreement"
        any_class = call.target.startswith("einops.") or isinstance(theirs, AssertionError)
        same = any_class or isinstance(ours, exception_class(theirs))
        return "rejected" if same else "disagreement"
    if isinstance(ours, Undecided) and not isinstance(theirs, Exception):
        return "accepted"
    if isinstance(ours, Exception) or isinstance(theirs, Exception):
        return "disagreement"
    return "accepted" if matches(ours, theirs) else "disagreement"


def exception_class(error: Exception) -> type[Exception]:
    """The built-in class that code written for PyTorch would catch."""
    for base in (IndexError, ValueError, TypeError, RuntimeError):
        if isinstance(error, base):
            return base
    return type(error)
