"""PyTorch as the judge of the tensor library.

The calls are those that the shape rules are tested with (``tests/rules/samples_*.py``), in several
variants: other dtypes, operands that are not contiguous, gradients, gradients of gradients. A call
runs on both sides; results must have the same shape, dtype, values and share memory alike, or both
sides must raise the same class of exception. ``python -m tests.tensor.judge [names]`` prints the table.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import pytest

pytest.importorskip("torch")  # what imports this is skipped without it

import torch

from shapetorch.errors import ShapeError
from tests.rules import oracle
from tests.rules.oracle import Call, T
from tests.tensor.comparing import (
    ANY_OF_EQUAL,
    CONTIGUOUS,
    COUNTED,
    NOT_UNIQUE,
    SHAPE_ONLY,
    WHIMS,
    _tensors,
    choice_difference,
    close,
    difference,
    gradient_difference,
    has_wrong_gradient,
    view_difference,
)
from tests.tensor.sides import (
    VARIANTS,
    Ours,
    Side,
    Theirs,
    Variant,
    _can_have_gradient,
    exists,
    to_numpy,
    to_ours,
    varied,
)

# what other tests take from here
__all__ = [
    "ANY_OF_EQUAL",
    "NOT_UNIQUE",
    "SHAPE_ONLY",
    "Ours",
    "Side",
    "Theirs",
    "Variant",
    "_attempt",
    "_can_have_gradient",
    "_tensors",
    "close",
    "difference",
    "exists",
    "gradient_difference",
    "rule_names",
    "tally",
    "to_numpy",
    "to_ours",
]

# -- the verdict ------------------------------------------------------------------------------------


def compare(call: Call, variant: Variant, name: str) -> tuple[str, str | None]:
    """Run both sides: ("accepted" | "rejected" | "not comparable", what differs)."""
    judge, mine = Theirs(call, variant), Ours(call, variant)
    theirs, their_error = _attempt(judge)
    ours, our_error = _attempt(mine)
    if their_error is not None:
        if "DispatchKey" in str(their_error):
            return "not comparable", None  # PyTorch's new_tensor forgets that there are conjugates
        if our_error is None:
            if any(word in str(their_error) for word in WHIMS):
                return "not comparable", None
            if variant.strided and name in CONTIGUOUS:
                return "not comparable", None
            if variant.grad and "a view of a leaf Variable" in str(their_error):
                return "not comparable", None  # PyTorch writes into an operand of cov
            if variant.grad and "does not support automatic differ" in str(their_error):
                return "not comparable", None  # of complex numbers
            if variant.dtype is not None and "not implemented for" in str(their_error):
                return "not comparable", None  # we compute in dtypes that PyTorch leaves out
            if name == "einsum" and "expected scalar type" in str(their_error):
                return (
                    "not comparable",
                    None,
                )  # PyTorch's sums within are int64, its factors are not
            return "rejected", f"accepted, PyTorch: {_said(their_error)}"
        if isinstance(our_error, oracle.exception_class(their_error)):
            return "rejected", None
        if call.target.startswith("einops.") and isinstance(our_error, ShapeError):
            return "rejected", None  # the kinds are documented; einops has one class for all
        if variant.grad:  # PyTorch may fail earlier, in what it prepares for the gradient
            plain = _attempt(Theirs(call, replace(variant, grad=False)))[1]
            if plain is not None and isinstance(our_error, oracle.exception_class(plain)):
                return "rejected", None
        if isinstance(their_error, AssertionError) and isinstance(our_error, ShapeError):
            return "rejected", None  # an `assert` about shapes is not meant to be caught
        unsupported = isinstance(their_error, NotImplementedError) and isinstance(
            our_error, RuntimeError
        )
        return (
            "rejected",
            None if unsupported else f"{_said(our_error)}, PyTorch: {_said(their_error)}",
        )
    if our_error is not None:
        if variant.strided == "marked" and name == "share_memory_":
            return "not comparable", None  # a conjugate is a view, whose memory stays where it is
        if variant.strided:  # PyTorch's way for such operands may look at less
            plain = _attempt(Theirs(call, Variant()))[1]
            if plain is not None and isinstance(our_error, oracle.exception_class(plain)):
                return "rejected", None
        if any(item.dtype == torch.complex32 for item in _tensors(theirs)):
            return "not comparable", None  # a dtype that the library does not have
        return "accepted", f"{_said(our_error)}, PyTorch accepts"
    if name in ANY_OF_EQUAL and isinstance(theirs, tuple):
        found = choice_difference(ours, theirs, mine, name)
    else:
        found = difference(ours, theirs, name)
    if found is None and name not in SHAPE_ONLY:
        found = view_difference(ours, mine, theirs, judge)
    skipped = name in SHAPE_ONLY or name in NOT_UNIQUE or has_wrong_gradient(call, name, variant)
    if found is None and variant.grad and not skipped:
        if name in ANY_OF_EQUAL and False in (*call.args, *call.kwargs.values()):
            return "accepted", None  # the order of results, and so of their gradients, is free
        found = gradient_difference(ours, mine, theirs, judge)
    return "accepted", found


def _attempt(side: Side) -> tuple[Any, Exception | None]:
    try:
        return side.run(), None
    except Exception as error:
        return None, error


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0][:140] if str(error) else ''}"


@dataclass
class Tally:
    """The outcomes for one function, and what its operands were.

    Attributes:
        name: The function's rule.
        accepted: How many calls gave a result.
        rejected: How many were refused.
        wrong: Which differed, and how.
        functions: The functions and methods that were called.
        ranks: Of the operands.
        dtypes: Of the operands.
        kinds: "empty", "strided", "stepped", "negative" (an integer argument below 0), as there were.
    """

    name: str
    accepted: int = 0
    rejected: int = 0
    wrong: list[str] = field(default_factory=list)
    functions: set[str] = field(default_factory=set)
    ranks: set[int] = field(default_factory=set)
    dtypes: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)

    @property
    def samples(self) -> int:
        """How many calls were compared."""
        return self.accepted + self.rejected

    @property
    def agreement(self) -> str:
        """The share of calls that agree, in percent."""
        share = 100 * (self.samples - len(self.wrong)) / max(self.samples, 1)
        return f"{share:.1f}"

    def see(self, call: Call, variant: Variant) -> None:
        """Note what the operands of a call are."""
        self.functions.add(call.target)
        for item in _arguments((call.args, dict(call.kwargs))):
            if isinstance(item, T):
                self.ranks.add(len(item.shape))
                is_varied = variant.dtype and item.dtype in varied(call.target)
                self.dtypes.add(str(variant.dtype) if is_varied else item.dtype)
                self.kinds |= {"empty"} if 0 in item.shape else set()
                self.kinds |= {variant.strided} if variant.strided and item.shape else set()
            elif isinstance(item, int) and item < 0:
                self.kinds.add("negative")

    def __str__(self) -> str:
        head = f"{self.name}: {self.accepted} accepted, {self.rejected} rejected, {len(self.wrong)} differ"
        return "\n".join([head, *self.wrong[:8]])


def _arguments(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _arguments(item)
    else:
        yield value


def functions_of(rule_name: str, calls: int = 40) -> set[str]:
    """The targets that the rule's samples call and the library has."""
    found = {
        call.target for call in islice(oracle.calls_of(rule_name, 0), calls) if call.inputs is None
    }
    return {target for target in found if exists(target)}


def tally(rule_name: str, count: int, seed: int = 0) -> Tally:
    """Compare `count` calls of a rule's sampler, each in one or more variants."""
    result = Tally(rule_name)
    rng = random.Random(f"{rule_name} {seed}")
    plain = (call for call in oracle.calls_of(rule_name, seed) if call.inputs is None)
    for place, call in enumerate(islice(plain, count)):
        if not exists(call.target):
            continue
        name = call.target.split(".", 1)[1].removeprefix("nn.functional.")
        for variant in (
            VARIANTS[0],
            VARIANTS[1 + place % (len(VARIANTS) - 1)],
            rng.choice(VARIANTS),
        ):
            try:
                kind, found = compare(call, variant, name)
            except Exception as error:
                kind, found = "accepted", f"the comparison failed: {_said(error)}"
            if found is not None:
                result.wrong.append(f"    {variant.name}: {call}\n        {found}")
            if kind != "not comparable":
                result.see(call, variant)
            result.accepted += kind == "accepted"
            result.rejected += kind == "rejected"
    return result


def rule_names() -> list[str]:
    """The rules whose samples call something that the library has."""
    return [
        name
        for name in sorted(oracle.load())
        if not name.startswith("torch.nn.") and functions_of(name)
    ]


def main(wanted: list[str]) -> int:
    """Print the table: functions, samples, agreement, and what is below 100 % with the reason; 1 if anything is.

    With ``--coverage``, print in place of the agreement which ranks, dtypes and layouts the samples have.
    """
    coverage = "--coverage" in wanted
    chosen = [name for name in wanted if not name.startswith("--")] or rule_names()
    if strange := sorted(set(chosen) - set(rule_names())):
        print(f"no rule with samples is called {', '.join(strange)}", file=sys.stderr)
        return 2
    print(f"{'function':36} {'samples':>8} {'refused':>8} {'agree %':>8}")
    tallies = []
    for name in chosen:
        made = tally(name, 48)
        tallies.append(made)
        shown = f"  ranks {_listed(made.ranks)}; {len(made.dtypes)} dtypes; {_listed(made.kinds)}"
        print(
            f"{name:36} {made.samples:8} {made.rejected:8} {made.agreement:>8}"
            + (shown if coverage else ""),
            flush=True,
        )
    below = [made for made in tallies if made.wrong]
    print("\nbelow 100 %:" if below else "\nnothing is below 100 %")
    for made in below:
        print(f"{made.name}: {made.agreement} %\n" + "\n".join(made.wrong[:8]))
    print("\nnot compared:")
    for names, what in (
        (SHAPE_ONLY, "values"),
        (NOT_UNIQUE, "values"),
        (ANY_OF_EQUAL, "indices"),
        (COUNTED, "values in half precision"),
    ):
        for reason in dict.fromkeys(names.values()):
            listed = [name for name, why in names.items() if why == reason]
            print(f"  {what} of {' '.join(listed)}: {reason}")
    functions = set().union(*(made.functions for made in tallies))
    total = sum(made.samples for made in tallies)
    wrong = sum(len(made.wrong) for made in tallies)
    print(
        f"\n{len(tallies)} rules, {len(functions)} functions and methods, {total} samples, "
        f"{100 * (total - wrong) / max(total, 1):.2f} % agree"
    )
    return int(bool(wrong))


def _listed(items: Any) -> str:
    return " ".join(map(str, sorted(items)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
