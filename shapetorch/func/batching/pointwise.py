"""Element by element: one rule for every operation whose shape rule is of that family."""

from __future__ import annotations

from typing import Any

from shapetorch.func.batching.table import (
    RULES,
    Call,
    Unbatchable,
    aligned,
    batching,
    bound,
    lowered,
    raised,
    ranks,
)
from shapetorch.func.structures import leaves
from shapetorch.func.structures import mapped as each_leaf
from shapetorch.rules import FUNCTIONS
from shapetorch.rules import METHODS as METHOD_RULES
from shapetorch.tensor.mapped import Level, Mapped, value_at, values_at
from shapetorch.tensor.operations import METHODS, OPERATIONS
from shapetorch.tensor.tensors import Tensor

_FAMILIES = frozenset(("elementwise", "unary", "activations"))
_OTHERS = frozenset(
    """allclose equal dist sum_to_size isin apply_ map_ map2_ fill_diagonal_ bernoulli poisson
    native_dropout softmax log_softmax nn.functional.softmax nn.functional.log_softmax
    nn.functional.softmin nn.functional.glu nn.functional.gumbel_softmax special.softmax
    special.log_softmax prelu nn.functional.prelu rrelu rrelu_ nn.functional.rrelu nn.functional.rrelu_
    dropout dropout_ alpha_dropout alpha_dropout_ feature_dropout feature_dropout_ feature_alpha_dropout
    feature_alpha_dropout_ nn.functional.dropout nn.functional.dropout1d nn.functional.dropout2d
    nn.functional.dropout3d nn.functional.alpha_dropout nn.functional.feature_alpha_dropout
    bernoulli_ cauchy_ exponential_ geometric_ log_normal_ normal_ random_ uniform_ share_memory_ frexp
    pin_memory where max min copy_""".split()
)
"""Of these families, but not element by element, or random, or with a rule of their own."""


def pointwise(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Operands aligned from the right, the examples in front."""
    tensors = [item for item in leaves((args, kwargs)) if isinstance(item, Tensor)]
    if len(tensors) == 1:
        made = call(*lowered(args, level), **lowered(kwargs, level))
        return args[0] if args and made is value_at(args[0], level) else raised(made, level)
    rank = ranks(tensors)
    if kwargs.get("out") is not None:
        raise Unbatchable
    kind = _scalars_dtype(tensors)

    def one(item: Any) -> Any:
        if not isinstance(item, Tensor):
            return item
        found = aligned(item, level, rank)
        if kind is not None and found is not item and not item.ndim and found.dtype is not kind:
            found = found.to(kind)
        return found

    first = args[0] if args else None
    before = value_at(first, level)
    if _writes(call) and (before is None or before.ndim <= rank):
        raise Unbatchable  # an error
    own_args, own_kwargs = each_leaf(one, (args, kwargs))
    made = call(*own_args, **own_kwargs)
    return first if made is not None and made is before else raised(made, level)


def _writes(call: Call) -> bool:
    name = call.__name__
    return (name.endswith("_") and not name.endswith("__")) or name.startswith("__i")


def _scalars_dtype(tensors: list[Tensor]) -> Any:
    """The dtype to which 0-D examples are promoted; their batch has a dim, which counts for more.

    None if there is nothing to convert.
    """
    kinds = {item.dtype for item in tensors}
    if len(kinds) == 1 or all(item.ndim or not isinstance(item, Mapped) for item in tensors):
        return None
    result_type = OPERATIONS["result_type"].function
    ghosts = [OPERATIONS["zeros"].function((1,) * item.ndim, dtype=item.dtype) for item in tensors]
    found = ghosts[0]
    for other in ghosts[1:]:
        kind = result_type(found, other)
        found = OPERATIONS["zeros"].function((1,) * max(found.ndim, other.ndim), dtype=kind)
    return found.dtype


def _family(name: str, rules: Any) -> bool:
    found = rules.get(name, ())
    return any(_module(item) in _FAMILIES for item in found)


def _module(rule: Any) -> str:
    return str(getattr(rule.shape, "__module__", "")).rsplit(".", 1)[-1]


def enter() -> None:
    """Enter the rule for all that have no other."""
    for name in OPERATIONS:
        if name not in _OTHERS and _family(f"torch.{name}", FUNCTIONS):
            RULES.setdefault(name, pointwise)
    for name, made in METHODS.items():
        own = name if name in made.inplace else made.name
        base = name.removesuffix("_") if not name.endswith("__") else name
        base = f"__{base[3:]}" if name.startswith("__i") and name != "__invert__" else base
        if not {name, own, base} & _OTHERS and (
            _family(name, METHOD_RULES) or _family(base, METHOD_RULES)
        ):
            RULES.setdefault(own, pointwise)


@batching("where")
def where(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Element by element, unless it asks for places."""
    arguments = bound(call, args, kwargs).arguments
    if arguments["input"] is None or arguments["other"] is None:
        raise Unbatchable
    return pointwise(level, call, args, kwargs)


@batching("fill fill_")
def fill(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Each example with a number, or with one of its own."""
    arguments = list(bound(call, args, kwargs).arguments.values())
    shown, number = arguments[:2]
    in_place = call.__name__ == "fill_"
    if isinstance(number, Tensor) and number.ndim:
        raise Unbatchable
    target = value_at(shown, level) if in_place else values_at(shown, level).clone()
    if target is None:
        raise Unbatchable
    if isinstance(number, Tensor):
        target.copy_(aligned(number, level, shown.ndim))
    else:
        target.fill_(number)
    return shown if in_place else raised(target, level)


@batching("copy_")
def copy_(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """What is copied broadcasts, its dtype does not matter."""
    target, source = args[0], args[1]
    found = value_at(target, level)
    if found is None:
        raise Unbatchable
    call(found, aligned(source, level, target.ndim), *args[2:], **kwargs)
    return target
