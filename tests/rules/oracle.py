"""PyTorch as the judge of our rules.

A sample is a `Call`: a function or method of PyTorch with its arguments, tensors given as `T`. `judge`
runs it twice, once with real tensors and once through `rules.bind` and the rule, and says whether both
accept with the same shapes, or both reject with the same class of exception. `symbolic` puts names in
place of sizes and compares the rule with itself at several bindings.

Samples live in ``samples_<family>.py`` next to this file and register themselves::

    @samples("mm")
    def mm(rng: random.Random) -> Call:
        m, k, n = sizes(rng, 3)
        return Call(rng.choice(["torch.mm", "Tensor.mm"]), (T((m, k)), T((maybe_other(rng, k), n))))
"""

from __future__ import annotations

import importlib
import math
import random
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import torch

from shapetorch import rules
from shapetorch.dim import (
    ELLIPSIS,
    UNKNOWN,
    UNKNOWN_DIM,
    Context,
    Dim,
    Size,
    Variadic,
    evaluate,
    name,
    names,
    using,
    witness,
)
from shapetorch.errors import ShapeError
from shapetorch.rules import lift
from shapetorch.rules.bind import Undecided, Unfit, bind
from shapetorch.rules.lift import numel_name
from shapetorch.rules.registry import Many, Rule, parameters_of

torch.set_num_threads(1)

PRIMES = (2, 3, 5, 7)


# -- calls ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class T:
    """A tensor argument.

    `values` is a number (every element), nested lists, or a function of the shape that makes the
    tensor; without it floats are random, integers 0 and booleans true.
    """

    shape: tuple[int, ...]
    dtype: str = "float32"
    values: Any = None

    def __repr__(self) -> str:
        kind = "" if self.dtype == "float32" else f", {self.dtype}"
        return f"T({self.shape}{kind})"

    def make(self) -> torch.Tensor:
        """The tensor itself."""
        dtype = getattr(torch, self.dtype)
        if callable(self.values):
            return self.values(self.shape).to(dtype)
        if isinstance(self.values, (list, tuple)):
            return torch.tensor(self.values, dtype=dtype).reshape(self.shape)
        if self.values is not None:
            return torch.full(self.shape, self.values, dtype=dtype)
        if dtype.is_floating_point or dtype.is_complex:
            made = torch.rand(self.shape, generator=torch.Generator().manual_seed(0))
            return made.to(dtype)
        return torch.full(self.shape, dtype is torch.bool, dtype=dtype)


@dataclass(frozen=True)
class D:
    """A dtype argument: ``D("float32")``."""

    name: str


@dataclass(frozen=True)
class Call:
    """``target(*args, **kwargs)``; a layer is constructed so and then called with `inputs`."""

    target: str
    args: Sequence[Any] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    inputs: Sequence[Any] | None = None
    input_kwargs: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        text = f"{self.target}({_listed(self.args, self.kwargs)})"
        return (
            text if self.inputs is None else text + f"({_listed(self.inputs, self.input_kwargs)})"
        )


def _listed(args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    return ", ".join([*map(repr, args), *(f"{key}={value!r}" for key, value in kwargs.items())])


# -- the registry of samples ------------------------------------------------------------------------

Sampler = Callable[[random.Random], Call]


NUMBERS_ONLY = 0


@dataclass(frozen=True)
class Samples:
    """Who makes the calls of a rule, and what not to expect of them."""

    sampler: Sampler
    never_rejects: str | None = None
    exhaustive: str | None = None
    least: int = 1
    numbers_only: str | None = None


SAMPLES: dict[str, Samples] = {}


def samples(
    *rule_names: str,
    never_rejects: str | None = None,
    exhaustive: str | None = None,
    least: int = 1,
    numbers_only: str | None = None,
) -> Callable[[Sampler], Sampler]:
    """Register a generator of calls for the rules (or layers) so named.

    Args:
        rule_names: `Rule.name`, or the dotted name of a layer.
        never_rejects: Why there are no calls that PyTorch refuses because of a shape.
        exhaustive: Why there are fewer calls than a long run asks for.
        least: The least size that a name stands for; 2 where the rule takes names not to be 1.
        numbers_only: Why names in place of sizes give another answer than numbers.
    """

    def register(sampler: Sampler) -> Sampler:
        for item in rule_names:
            assert item not in SAMPLES, f"{item} has samples already"
            SAMPLES[item] = Samples(sampler, never_rejects, exhaustive, least, numbers_only)
        return sampler

    return register


@cache
def load() -> Mapping[str, Samples]:
    """All samples, from every ``samples_*.py`` of this folder."""
    for path in sorted(Path(__file__).parent.glob("samples_*.py")):
        importlib.import_module(f"tests.rules.{path.stem}")
    return SAMPLES


# -- what samplers share ----------------------------------------------------------------------------


def size(rng: random.Random) -> int:
    """A small prime, now and then 1 or 0."""
    return rng.choice((2, 2, 3, 3, 5, 5, 7, 1, 1, 0)) if rng.random() < 0.5 else rng.choice(PRIMES)


def sizes(rng: random.Random, count: int) -> tuple[int, ...]:
    """Sizes, distinct primes if they can be, now and then with a 1 or a 0."""
    if count <= len(PRIMES) and rng.random() < 0.6:
        return tuple(rng.sample(PRIMES, count))
    return tuple(size(rng) for _ in range(count))


def shape(rng: random.Random, least: int = 0, most: int = 4) -> tuple[int, ...]:
    """A shape of rank `least` to `most`."""
    return sizes(rng, rng.randint(least, most))


def maybe_other(rng: random.Random, value: int, chance: float = 0.25) -> int:
    """`value`, or with some chance another size."""
    return size(rng) if rng.random() < chance else value


def maybe_other_rank(
    rng: random.Random, value: tuple[int, ...], chance: float = 0.1
) -> tuple[int, ...]:
    """`value`, or with some chance a size more or less."""
    if rng.random() >= chance:
        return value
    return value[1:] if value and rng.random() < 0.5 else (size(rng), *value)


def broadcastable(rng: random.Random, to: tuple[int, ...], spoil: float = 0.1) -> tuple[int, ...]:
    """A shape that broadcasts with `to`, except that each size is spoilt with some chance."""
    kept = to[rng.randint(0, len(to)) :] if rng.random() < 0.5 else to
    out = [1 if rng.random() < 0.25 else item for item in kept]
    return tuple(maybe_other(rng, item, spoil) for item in out)


def any_dim(rng: random.Random, rank: int, bad: float = 0.15) -> int:
    """An axis number of a tensor of `rank`, negative or not, with some chance out of range."""
    span = max(rank, 1)
    if rng.random() < bad:
        return rng.choice((span, -span - 1, span + 2))
    return rng.randint(-span, span - 1)


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


# -- names in place of sizes ------------------------------------------------------------------------


@dataclass(frozen=True)
class SymbolicOutcome:
    """What the rule said of names, and the bindings at which it says something else of numbers."""

    call: Call
    verdict: str  # "accepted", "rejected", "missed" or "disagreement"
    result: object
    detail: str = ""

    def __str__(self) -> str:
        return f"symbolic {self.verdict}: {self.call}\n    {_said(self.result)}\n    {self.detail}"


def symbolic(call: Call, seed: int = 0, least: int = 1) -> SymbolicOutcome:
    """Compare the rule on names with the rule on numbers, at several bindings.

    Sizes of 2 and more become names (equal sizes one name), some stay numbers. ``missed`` means that
    names were accepted though the call itself is wrong: allowed where only the sizes can tell.
    """
    rng = random.Random(seed)
    chosen: dict[int, Size] = {}

    def naming(value: int) -> Size:
        if value < 2:
            return value
        if value not in chosen:
            chosen[value] = value if rng.random() < 0.25 else name(f"n{value}")
        return chosen[value]

    context = Context()
    try:
        with using(context):
            result = _normal(run_rule(call, naming))
    except ShapeError as error:
        result = error
    except (Unfit, Undecided) as error:
        return SymbolicOutcome(call, "rejected", error)
    except Exception as error:
        return SymbolicOutcome(call, "disagreement", error, "the rule failed on names")
    bindings = [b for b in _bindings(chosen, rng) if all(n >= least for n in b.values())]
    if isinstance(result, ShapeError) and result.clash is not None:
        bindings.append(bindings[0] | (witness(*result.clash) or {}))
    answers = [(b, _at(call, chosen, b)) for b in bindings]
    return _compare_symbolic(call, result, context, answers)


def _compare_symbolic(
    call: Call, result: Any, context: Context, answers: list[tuple[dict[str, int], Any]]
) -> SymbolicOutcome:
    if isinstance(result, ShapeError):
        if any(isinstance(answer, ShapeError) for _, answer in answers):
            return SymbolicOutcome(call, "rejected", result)
        return SymbolicOutcome(call, "disagreement", result, "no binding is rejected")
    missed = isinstance(answers[0][1], ShapeError)
    for binding, answer in answers:
        if isinstance(answer, Unfit):
            continue
        if isinstance(answer, ShapeError) or not _granted(context, binding):
            continue
        value = _evaluated(result, binding)
        if _is_negative(value):  # an expression stands for a size only where it is one
            continue
        if isinstance(answer, Exception) or not matches(value, answer):
            return SymbolicOutcome(call, "disagreement", result, f"{_said(answer)} at {binding}")
    return SymbolicOutcome(call, "missed" if missed else "accepted", result)


def _is_negative(result: Any) -> bool:
    """Whether a negative number stands where a size should."""
    if isinstance(result, (tuple, list)):
        return any(map(_is_negative, result))
    return isinstance(result, int) and result < 0


def _bindings(chosen: Mapping[int, Size], rng: random.Random) -> Iterator[dict[str, int]]:
    """The sizes of the call itself, then others."""
    own = {f"n{value}": value for value, named in chosen.items() if isinstance(named, Dim)}
    yield own
    for same in (1, 2, 5, 10):
        yield dict.fromkeys(own, same)
    for _ in range(6):
        yield {key: rng.choice((1, 2, 3, 4, 6, 10, 12)) for key in own}


def _at(call: Call, chosen: Mapping[int, Size], binding: Mapping[str, int]) -> Any:
    def value_of(value: int) -> Size:
        named = chosen.get(value, value)
        return evaluate(named, binding)

    try:
        return _normal(run_rule(call, value_of))
    except Exception as error:
        return error


def _granted(context: Context, binding: Mapping[str, int]) -> bool:
    """Whether what was taken for granted holds."""
    for error in context.conditions:
        assert error.clash is not None
        left, right = (_evaluated((side,), binding)[0] for side in error.clash)
        if UNKNOWN_DIM not in (left, right) and left != right:
            return False
    return True


def _evaluated(result: Any, binding: Mapping[str, int]) -> Any:
    if isinstance(result, list):
        return [_evaluated(item, binding) for item in result]
    if isinstance(result, Many):
        shape, (count,) = (_evaluated(x, binding) for x in (result.shape, (result.count,)))
        return Many(shape, count)
    if not isinstance(result, tuple) or result == UNKNOWN:
        return result
    out: list[Size] = []
    for item in result:
        known = isinstance(item, int) or (
            item is not UNKNOWN_DIM and all(atom.name in binding for atom in names(item))
        )
        out.append(evaluate(item, binding) if known else UNKNOWN_DIM)
    return tuple(out)


# -- variadic parts in place of leading dims --------------------------------------------------------

GROUP = "batch"


def lifted(call: Call, seed: int = 0, least: int = 1) -> SymbolicOutcome:
    """Compare the lifted rule on ``[*batch, 3]`` with the rule on numbers, for an accepted call.

    The first dims of the first tensor, and those of the others that begin alike, become ``*batch``.
    The result must hold for the sizes they were; what the lifted rule rejects, the rule must reject
    for as many other sizes.
    """
    rng = random.Random(seed)
    tensors = [item for item in _tensors([*call.args, *call.kwargs.values()]) if item.shape]
    if call.inputs is not None or not tensors or min(tensors[0].shape) < least:
        return SymbolicOutcome(call, "accepted", None)
    rank = len(tensors[0].shape)
    lead = tensors[0].shape[: rng.randint(1, rank)]

    def with_lead(other: tuple[Any, ...]) -> Call:
        def changed(value: Any) -> Any:
            if (
                isinstance(value, T)
                and len(value.shape) == rank
                and value.shape[: len(lead)] == lead
            ):
                return T((*other, *value.shape[len(lead) :]), value.dtype)
            return [changed(item) for item in value] if type(value) is list else value

        kwargs = {key: changed(value) for key, value in call.kwargs.items()}
        return Call(call.target, tuple(map(changed, call.args)), kwargs)

    wide = with_lead((Variadic(GROUP),))
    try:
        result = _normal(run_rule(wide, lambda size: size, lift.apply))
    except (Unfit, Undecided):
        return SymbolicOutcome(call, "accepted", None)
    except ShapeError as error:
        others = [tuple(rng.choice((1, 2, 3, 6, 10)) for _ in lead) for _ in range(12)]
        if any(isinstance(_at(with_lead(other), {}, {}), ShapeError) for other in others):
            return SymbolicOutcome(call, "rejected", error)
        return SymbolicOutcome(wide, "disagreement", error, f"accepted for batch = {lead}")
    except Exception as error:
        if "Variadic" in str(error):  # an argument that cannot be converted is none of the rule's
            return SymbolicOutcome(call, "accepted", None)
        return SymbolicOutcome(wide, "disagreement", error, "the lifted rule failed")
    expected = _normal(run_rule(call))
    if _covers(result, expected, lead):
        return SymbolicOutcome(call, "accepted", result)
    return SymbolicOutcome(wide, "disagreement", result, f"{expected} for batch = {lead}")


def unknown(call: Call, seed: int = 0) -> SymbolicOutcome:
    """Compare the lifted rule on tensors of which nothing is known with an accepted call.

    It must accept, and what it says of the result must hold, whatever rank the tensors really had.
    """
    rng = random.Random(seed)
    chance = rng.choice((1.0, 1.0, 0.6))
    asked: dict[str, object] = {}

    def hidden(value: object) -> object:
        if isinstance(value, list):
            return [hidden(item) for item in value]
        if not isinstance(value, tuple) or 0 in value or rng.random() > chance:
            return value
        return (ELLIPSIS,)

    def blindly(
        rule: Callable[..., Any], arguments: Mapping[str, Any], shaped: tuple[str, ...]
    ) -> Any:
        asked.update({k: hidden(v) if k in shaped else v for k, v in arguments.items()})
        return lift.apply(rule, asked, shaped)

    expected = _normal(run_rule(call))
    try:
        result = _normal(run_rule(call, apply=blindly))
    except ShapeError as error:
        return SymbolicOutcome(call, "disagreement", error, f"accepted, but not for {asked}")
    if isinstance(result, list) and isinstance(expected, list):
        result = result[: len(expected)]  # what is cut may be too short for so many pieces
    if _covers(result, expected, ()):
        return SymbolicOutcome(call, "accepted", result)
    return SymbolicOutcome(call, "disagreement", result, f"{expected}, but for {asked}")


def _tensors(value: Any) -> list[T]:
    if isinstance(value, (list, tuple)):
        return [tensor for item in value for tensor in _tensors(item)]
    return [value] if isinstance(value, T) else []


def _covers(result: Any, expected: Any, lead: tuple[int, ...]) -> bool:
    """Whether a result with variadic parts says nothing wrong of the numbers."""
    if result == UNKNOWN or isinstance(result, Many):
        return True
    if isinstance(result, list) and isinstance(expected, list):
        return len(result) == len(expected) and all(
            _covers(ours, theirs, lead) for ours, theirs in zip(result, expected, strict=True)
        )
    if not isinstance(result, tuple) or not isinstance(expected, tuple):
        return result == expected
    values = {f"*{GROUP}:{place}": size for place, size in enumerate(lead)}
    values[numel_name(GROUP)] = math.prod(lead)
    spread: list[Size | Variadic] = []
    for item in result:
        spread += lead if item == Variadic(GROUP) else (item,)
    if ELLIPSIS in spread:
        place = spread.index(ELLIPSIS)
        suffix = len(spread) - place - 1
        if place + suffix > len(expected):
            return False
        expected = (*expected[:place], *expected[len(expected) - suffix :])
        del spread[place]
    try:
        return matches(_evaluated(tuple(spread), values), expected)
    except ZeroDivisionError:
        return True


# -- many calls -------------------------------------------------------------------------------------


@dataclass
class Report:
    """The outcomes for one rule."""

    rule: str
    accepted: int = 0
    rejected: int = 0
    missed: int = 0
    disagreements: list[Outcome | SymbolicOutcome] = field(default_factory=list)

    def __str__(self) -> str:
        head = f"{self.rule}: {self.accepted} accepted, {self.rejected} rejected"
        return "\n".join([head, *map(str, self.disagreements[:12])])

    def add(self, call: Call, seed: int, least: int = 1) -> None:
        """Judge one call more."""
        outcome = judge(call)
        if outcome.verdict == "disagreement":
            self.disagreements.append(outcome)
            return
        self.accepted += outcome.verdict == "accepted"
        self.rejected += outcome.verdict == "rejected"
        if least == NUMBERS_ONLY:
            return
        names_too = symbolic(call, seed, least)
        self.missed += names_too.verdict == "missed"
        if names_too.verdict == "disagreement":
            self.disagreements.append(names_too)
        if outcome.verdict == "accepted":
            wide = lifted(call, seed, least)
            if wide.verdict == "disagreement":
                self.disagreements.append(wide)
            blank = unknown(call, seed) if seed % 3 == 0 else wide
            if blank.verdict == "disagreement":
                self.disagreements.append(blank)


def calls_of(rule_name: str, seed: int) -> Iterator[Call]:
    """Calls from the rule's sampler; those of other rules that share it are left out."""
    rng = random.Random(f"{rule_name} {seed}")
    sampler = load()[rule_name].sampler
    for _ in range(12000):
        call = sampler(rng)
        if rule_name in names_of(call):
            yield call


def names_of(call: Call) -> set[str]:
    """The rules, or the layer, that a call is for."""
    if call.inputs is not None:
        return {call.target}
    method = call.target.removeprefix("Tensor.")
    found = rules.FUNCTIONS if method == call.target else rules.METHODS
    return {item.name for item in found[method]}


def run(rule_name: str, count: int, seed: int) -> Report:
    """Judge `count` calls of the rule's sampler."""
    report = Report(rule_name)
    entry = load()[rule_name]
    for place, call in enumerate(islice(calls_of(rule_name, seed), count)):
        report.add(call, place, NUMBERS_ONLY if entry.numbers_only else entry.least)
    return report


def run_long(rule_name: str, seed: int, accepted: int = 200, rejected: int = 50) -> Report:
    """Judge calls until so many were accepted and rejected by both sides."""
    entry = load()[rule_name]
    wanted = 0 if entry.never_rejects else rejected
    report = Report(rule_name)
    for place, call in enumerate(islice(calls_of(rule_name, seed), 3000)):
        if report.accepted >= accepted and report.rejected >= wanted:
            break
        report.add(call, place, NUMBERS_ONLY if entry.numbers_only else entry.least)
        if len(report.disagreements) > 50:
            break
    return report
