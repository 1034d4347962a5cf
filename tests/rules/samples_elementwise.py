"""Calls of operations that work element by element."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from shapetorch.rules import RULES, elementwise, unary
from tests.rules.oracle import (
    Call,
    D,
    Sampler,
    T,
    broadcastable,
    maybe_other,
    maybe_other_rank,
    samples,
    shape,
    size,
)

Pair = tuple[tuple[int, ...], tuple[int, ...]]

INTEGER = set(
    """bitwise_not __invert__ gcd lcm bitwise_and bitwise_or bitwise_xor bitwise_left_shift
    bitwise_right_shift __and__ __or__ __xor__ __lshift__ __rshift__""".split()
)
MODULES = {"torch": "torch", "special": "torch.special", "functional": "torch.nn.functional"}


def names_of(operation: str) -> list[str]:
    """Every name under which the rules called `operation` are found."""
    found = []
    for item in RULES:
        if item.name == operation:
            found += item.functions
            for method in item.methods:
                found.append(f"Tensor.{method}")
    return found


def in_place(name: str) -> str:
    """The in-place spelling of a method."""
    method = name.removeprefix("Tensor.")
    return f"Tensor.__i{method[2:]}" if method.startswith("__") else f"Tensor.{method}_"


# -- one operand ------------------------------------------------------------------------------------

ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "mvlgamma": (2,),
    "multigammaln": (2,),
    "geometric_": (0.5,),
    "apply_": (abs,),
}
NOT_HERE = {"cuda", "pin_memory"}  # they need an accelerator


def _unary(name: str, sampler_of: Callable[[random.Random], Call]) -> None:
    samples(name, never_rejects="every shape will do")(sampler_of)


def _unary_sampler(operation: str) -> Sampler:
    targets = names_of(operation)

    def sample(rng: random.Random) -> Call:
        target = rng.choice(targets)
        name = target.rsplit(".", 1)[1]
        value = 5.0 if "gamma" in operation else None
        dtype = "int64" if operation in INTEGER else "float32"
        tensor = T(shape(rng, 0, 5), dtype, values=value)
        return Call(target, (tensor, *ARGUMENTS.get(name, ())))

    return sample


def _register_unary() -> None:
    known = {item.name for item in RULES if item.shape.__module__ == unary.__name__}
    by_hand = set(
        """to type type_as polygamma isin native_dropout
        fill_diagonal_ map_""".split()
    )
    for operation in sorted(known - by_hand):
        if operation in NOT_HERE:
            samples(operation, never_rejects="every shape will do", exhaustive="needs a device")(
                lambda rng: Call("Tensor.cpu", (T(shape(rng)),))
            )
            continue
        _unary(operation, _unary_sampler(operation))


_register_unary()


@samples("to", never_rejects="every shape will do")
def to(rng: random.Random) -> Call:
    tensor = T(shape(rng, 0, 5))
    more = rng.choice(
        [(D("float64"),), ("cpu",), ("cpu", D("int64")), (T((2,), "int64"),), (D("bool"), True)]
    )
    if rng.random() < 0.2:
        return Call("Tensor.to", (tensor,), {"dtype": D("float16"), "copy": True})
    return Call("Tensor.to", (tensor, *more))


@samples("type", never_rejects="every shape will do")
def type_(rng: random.Random) -> Call:
    return Call("Tensor.type", (T(shape(rng, 0, 5)), D("float64")))


@samples("type_as", never_rejects="every shape will do")
def type_as(rng: random.Random) -> Call:
    return Call("Tensor.type_as", (T(shape(rng, 0, 5)), T(shape(rng), "int64")))


@samples("polygamma", never_rejects="every shape will do")
def polygamma(rng: random.Random) -> Call:
    tensor = T(shape(rng, 0, 5))
    if rng.random() < 0.5:
        return Call(rng.choice(["Tensor.polygamma", "Tensor.polygamma_"]), (tensor, 1))
    return Call(rng.choice(["torch.polygamma", "torch.special.polygamma"]), (1, tensor))


@samples("isin", never_rejects="every shape will do")
def isin(rng: random.Random) -> Call:
    kind = rng.randrange(3)
    if kind == 0:
        return Call("torch.isin", (3.0, T(shape(rng))))
    return Call("torch.isin", (T(shape(rng, 0, 5)), T(shape(rng)) if kind == 1 else 2.0))


@samples("native_dropout", never_rejects="every shape will do")
def native_dropout(rng: random.Random) -> Call:
    return Call("torch.native_dropout", (T(shape(rng, 0, 5)), 0.5, rng.random() < 0.5))


@samples("fill_diagonal_")
def fill_diagonal_(rng: random.Random) -> Call:
    made = shape(rng, 0, 4)
    if len(made) > 2:
        made = tuple(maybe_other(rng, made[0], 0.1) for _ in made)
    return Call("Tensor.fill_diagonal_", (T(made), 1.0))


@samples("map_", never_rejects="the other tensor is taken to fit")
def map_(rng: random.Random) -> Call:
    made = shape(rng, 0, 3)
    return Call("Tensor.map_", (T(made), T(made), max))


@samples("real", "imag", "view_as_real", never_rejects="every shape will do")
def complex_parts(rng: random.Random) -> Call:
    name = rng.choice(["real", "imag", "view_as_real"])
    return Call(f"torch.{name}", (T(shape(rng, 0, 5), "complex64"),))


@samples("view_as_complex")
def view_as_complex(rng: random.Random) -> Call:
    last = () if rng.random() < 0.05 else (maybe_other(rng, 2, 0.3),)
    return Call("torch.view_as_complex", (T((*(shape(rng, 0, 3) if last else ()), *last)),))


# -- two operands -----------------------------------------------------------------------------------


def pair(rng: random.Random) -> Pair:
    """Two shapes that broadcast, three times out of four."""
    a = shape(rng, 0, 5)
    b = broadcastable(rng, a, spoil=0.12)
    if rng.random() < 0.15:
        b = (size(rng), *b)
    return (b, a) if rng.random() < 0.3 else (a, b)


NUMBERS_FIRST = set("pow float_power remainder bitwise_and bitwise_or bitwise_xor xlogy".split())
TENSORS_ONLY = set(
    """atan2 arctan2 hypot nextafter heaviside ldexp igamma igammac gcd lcm maximum minimum
    fmax fmin logaddexp logaddexp2 complex polar gammainc gammaincc logical_and logical_or
    logical_xor""".split()
)
FLOATS_OUT = set("""div divide true_divide float_power __truediv__ atan2""".split())


def _binary_sampler(operation: str, inplace: bool) -> Sampler:
    targets = names_of(operation)
    dtype = "int64" if operation in INTEGER else "float32"
    if operation == "float_power":
        dtype = "float64"

    def sample(rng: random.Random) -> Call:
        a, b = pair(rng)
        target = rng.choice(targets)
        swapped = "__r" in target.replace("__rsh", "")
        if inplace and target.startswith("Tensor.") and not swapped and rng.random() < 0.4:
            target = in_place(target)
        other: Any = T(b, dtype, values=1 if dtype == "int64" else None)
        if operation not in TENSORS_ONLY and rng.random() < 0.12:
            other = 2
        first: Any = T(a, dtype)
        if operation in NUMBERS_FIRST and target.startswith("torch.") and rng.random() < 0.1:
            first, other = 2, T(b, dtype)
        return Call(target, (first, other))

    return sample


def _register_binary() -> None:
    known = {
        item.name: item.inplace
        for item in RULES
        if item.shape.__module__ == elementwise.__name__
        and item.shape.__qualname__.startswith("binary")
    }
    for operation, inplace in sorted(known.items()):
        samples(operation)(_binary_sampler(operation, inplace))


_register_binary()


@samples("gcd_", "lcm_", "ldexp_", "xlogy_")
def inplace_functions(rng: random.Random) -> Call:
    a, b = pair(rng)
    name = rng.choice(["gcd_", "lcm_", "ldexp_", "xlogy_"])
    dtype = "int64" if name in ("gcd_", "lcm_") else "float32"
    return Call(f"torch.{name}", (T(a, dtype), T(b, dtype)))


@samples("sum_to_size")
def sum_to_size(rng: random.Random) -> Call:
    whole = shape(rng, 0, 4)
    target = broadcastable(rng, whole, 0.08)
    if rng.random() < 0.05:
        target = (size(rng), *whole)
    spread = target and rng.random() < 0.5
    return Call("Tensor.sum_to_size", (T(whole), *target) if spread else (T(whole), target))


@samples("clamp_")
def clamp_(rng: random.Random) -> Call:
    a, b, c = triple(rng)
    return Call(rng.choice(["torch.clamp_", "torch.clip_"]), (T(a), T(b), T(c)))


@samples("isclose", "allclose", "dist")
def isclose(rng: random.Random) -> Call:
    a, b = pair(rng)
    names = ["isclose", "allclose", "dist"]
    return Call(rng.choice(["torch.", "Tensor."]) + rng.choice(names), (T(a), T(b)))


@samples("equal", never_rejects="different shapes are not equal, which is no error")
def equal(rng: random.Random) -> Call:
    a, b = pair(rng)
    return Call(rng.choice(["torch.equal", "Tensor.equal"]), (T(a), T(b)))


# -- three operands ---------------------------------------------------------------------------------


def triple(rng: random.Random) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Three shapes that broadcast, three times out of four."""
    whole = shape(rng, 0, 4)
    first = whole if rng.random() < 0.6 else broadcastable(rng, whole, 0.0)
    second, third = broadcastable(rng, whole, 0.06), broadcastable(rng, whole, 0.06)
    return first, second, third


@samples("where")
def where(rng: random.Random) -> Call:
    a, b, c = triple(rng)
    condition = T(a, "bool")
    kind = rng.randrange(6)
    if kind == 0:
        return Call("torch.where", (condition,))
    if kind == 1:
        return Call("torch.where", (condition, 1.0, T(c)))
    if kind == 2:
        return Call("Tensor.where", (T(b), condition, rng.choice([0.0, T(c)])))
    return Call("torch.where", (condition, T(b), T(c)))


@samples("clamp")
def clamp(rng: random.Random) -> Call:
    a, b, c = triple(rng)
    target = rng.choice(
        "torch.clamp torch.clip Tensor.clamp Tensor.clip Tensor.clamp_ Tensor.clip_".split()
    )
    kind = rng.randrange(6)
    if kind == 0:
        return Call(target, (T(a), 0.0, 1.0))
    if kind == 1:
        return Call(target, (T(a),), {"max": T(b)})
    if kind == 2:
        return Call(target, (T(a),), {"min": T(b)})
    if kind == 3 and rng.random() < 0.2:
        return Call(target, (T(a),))
    return Call(target, (T(a), T(b), T(c)))


@samples("clamp_min", "clamp_max")
def clamp_min(rng: random.Random) -> Call:
    a, b = pair(rng)
    name = rng.choice(["clamp_min", "clamp_max"])
    target = rng.choice([f"torch.{name}", f"Tensor.{name}", f"Tensor.{name}_"])
    return Call(target, (T(a), rng.choice([T(b), T(b), T(b), 0.5])))


@samples("lerp")
def lerp(rng: random.Random) -> Call:
    a, b, c = triple(rng)
    target = rng.choice(["torch.lerp", "Tensor.lerp", "Tensor.lerp_"])
    return Call(target, (T(a), T(b), rng.choice([T(c), T(c), 0.5])))


@samples("addcmul", "addcdiv")
def addcmul(rng: random.Random) -> Call:
    a, b, c = triple(rng)
    name = rng.choice(["addcmul", "addcdiv"])
    target = rng.choice([f"torch.{name}", f"Tensor.{name}", f"Tensor.{name}_"])
    return Call(target, (T(a), T(b), T(c)), rng.choice([{}, {"value": 0.5}]))


@samples("masked_fill")
def masked_fill(rng: random.Random) -> Call:
    a, b = pair(rng)
    target = rng.choice(["torch.masked_fill", "Tensor.masked_fill", "Tensor.masked_fill_"])
    value = rng.choice([0.0, 0.0, float("-inf"), T(()), T((1,))])
    return Call(target, (T(a), T(b, "bool"), value))


@samples("fill")
def fill(rng: random.Random) -> Call:
    target = rng.choice(["torch.fill", "torch.fill_", "Tensor.fill_"])
    value = rng.choice([0.0, T(()), T(()), T(maybe_other_rank(rng, (), 0.8))])
    return Call(target, (T(shape(rng, 0, 5)), value))


@samples("copy_")
def copy_(rng: random.Random) -> Call:
    a, b = pair(rng)
    return Call("Tensor.copy_", (T(a), T(b)))
