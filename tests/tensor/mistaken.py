"""What both libraries say of calls with a mistake in them.

PyTorch is the judge: it raises or it does not, and a call of ours must raise an exception of the same
class, leave its operands as they were and say in words of its own which argument is meant. Calls run
in a process of their own with little memory, because some of them end PyTorch itself; what ends the
process, or takes seconds, is an outcome like any other.
``python -m tests.tensor.mistaken [names]`` prints the table of functions, mistakes and agreement.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import re
import resource
import signal
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection
from typing import Any

import pytest

pytest.importorskip("torch")

import numpy as np
import torch

from shapetorch.errors import ShapeError
from tests.rules import oracle
from tests.rules.oracle import Call
from tests.tensor import judge
from tests.tensor.mistake_reasons import reason
from tests.tensor.mistakes import mistakes
from tests.tensor.right_calls import GROUPS, forms

RIGHT = ("agree", "reason")
MEMORY = 2 << 30
"""Bytes that a call may take; more is refused by the system."""
SECONDS = 10.0
"""After which a call is said to hang."""
SILENCE = 90.0
"""After which its process is ended."""

RAW = re.compile(
    r"unhashable|(?<!not )NoneType|ufunc|could not (broadcast|convert)|object has no attribute|"
    r"not (subscriptable|iterable|callable)|unsupported operand|not supported between|invalid literal|"
    r"cannot be interpreted|[Cc]annot interpret|\bnumpy\b|ndarray|np\.|setting an array|"
    r"data type|<locals>|must be real number|too large to convert|bad operand|__index__|"
    r"out of bounds for axis|maximum (supported|allowed) (dimension|size)|has no len|concatenate|"
    r"_array\b|cannot reshape|shape mismatch|operands could not|buffer source|Unable to allocate|"
    r"argument of type|cannot unpack|values to unpack|infinity to integer|NaN to integer|"
    r"list index out of range|tuple index out of range|indices must be integers|can only concatenate"
)
"""Words of Python and NumPy, which say nothing to who called a function of the library."""

NAMING = re.compile(
    r"argument|'\w+'|\w+: |\w+\(\)|\bdim\b|dtype|indices|index|size|result type|[Ee]xpected .*got"
    r"|value cannot be converted|not implemented for|[Tt]arget|[Ee]xpected|must be|not support|cast to"
)
"""What tells a caller where to look, besides the operation's name."""


@dataclass(frozen=True)
class Verdict:
    """The outcome of one call.

    Attributes:
        name: The function or method.
        mistake: What is wrong with the call.
        verdict: "agree"; "reason", if they differ for one that is listed; or how the two differ.
        call: The call, as text.
        said: The words of both sides.
    """

    name: str
    mistake: str
    verdict: str
    call: str
    said: str = ""

    def __str__(self) -> str:
        return f"{self.verdict} | {self.mistake} | {self.call}\n        {self.said}"


class Hang(BaseException):
    """A call took too long."""


class Ours(judge.Ours):
    """The tensor library, with a memory of what its operands were."""

    def tensor(self, value: torch.Tensor) -> Any:
        made = super().tensor(value)
        self.before = [*getattr(self, "before", []), (made, made._array.copy())]
        return made

    def untouched(self) -> bool:
        """Whether all operands are as they were."""
        return all(
            item._array.shape == array.shape
            and item._array.dtype == array.dtype
            and item._array.tobytes() == array.tobytes()
            and item._version == 0
            for item, array in getattr(self, "before", [])
        )


# -- one call ---------------------------------------------------------------------------------------


def compared(name: str, mistake: str, call: Call, report: Any) -> Verdict:
    """What the two sides say of a call; `report` is told whose turn it is."""
    variant = judge.Variant()
    judges, mine = judge.Theirs(call, variant), Ours(call, variant)
    report("theirs")
    theirs, their_error = _attempt(judges)
    report("ours")
    ours, our_error = _attempt(mine)
    verdict, said = _verdict(name, call, mine, (ours, our_error), (theirs, their_error))
    if verdict != "agree":
        words = (
            said if our_error is None and their_error is None else _said(our_error),
            _said(their_error),
        )
        if reason(verdict, mistake, shown(call), *words):
            verdict = "reason"
    return Verdict(call.target, mistake, verdict, shown(call), said)


def _verdict(name: str, call: Call, mine: Ours, ours: Any, theirs: Any) -> tuple[str, str]:
    (result, error), (expected, their_error) = ours, theirs
    if isinstance(their_error, Hang):
        return "agree", "PyTorch hangs"
    if isinstance(error, Hang):
        return "hang", f"PyTorch: {_said(their_error)}"
    both = f"{_said(error)}\n        PyTorch: {_said(their_error)}"
    if their_error is not None and error is None:
        return "accepted", both
    if their_error is None and error is not None:
        return "refused", both
    if error is None:
        try:
            found = judge.difference(result, expected, name)
        except MemoryError:  # a view of more elements than there is memory for
            found = None
        if found and (nearly(result, expected) or name in judge.ANY_OF_EQUAL):
            found = None
        return ("another result", found) if found else ("agree", "")
    if not mine.untouched():
        return "touched", both
    if not isinstance(error, expected_class(their_error, error)):
        return "another class", both
    said, their_words = str(error), str(their_error)
    if said in their_words or (their_words and their_words in said):  # PyTorch's own words
        return "agree", ""
    if RAW.search(said) and not RAW.search(their_words):
        return "raw words", both
    if not names_something(call, said):
        return "no name", both
    return "agree", ""


def expected_class(theirs: Exception, ours: Exception) -> type[Exception]:
    """The class that an error of ours must have."""
    if isinstance(theirs, MemoryError):
        return RuntimeError
    if isinstance(theirs, NotImplementedError) and not isinstance(ours, ShapeError):
        return NotImplementedError
    return oracle.exception_class(theirs)


def nearly(ours: Any, theirs: Any) -> bool:
    """Whether two tensors are the same but for rounding to float32."""
    if not isinstance(theirs, torch.Tensor) or str(ours.dtype) != str(theirs.dtype):
        return False
    return tuple(ours.shape) == tuple(theirs.shape) and not judge.close(
        judge.to_numpy(ours), judge.to_numpy(theirs), 1e-5
    )


def names_something(call: Call, said: str) -> bool:
    """Whether a message names the operation or the argument."""
    own = call.target.rsplit(".", 1)[-1].strip("_")
    return own in said or NAMING.search(said) is not None


def fail(words: str) -> None:
    """Raise TypeError."""
    raise TypeError(words)


def _attempt(side: judge.Side) -> tuple[Any, BaseException | None]:
    try:
        with time_limit():
            return side.run(), None
    except (Exception, Hang) as error:
        error.__traceback__ = None
        return None, error


@contextmanager
def time_limit() -> Iterator[None]:
    """Raise `Hang` in a block that takes too long."""

    def stop(signum: int, frame: Any) -> None:
        raise Hang

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def shown(call: Call) -> str:
    """The call as text."""
    return repr(call)[:600]


def _said(error: BaseException | None) -> str:
    return (
        "accepts"
        if error is None
        else f"{type(error).__name__}: {str(error)[:300]}".replace("\n", " ")
    )


# -- many calls -------------------------------------------------------------------------------------


def accepted_calls(name: str, seed: int, count: int) -> Iterator[Call]:
    """Calls that both sides take, each of another form (target, types of its arguments).

    Args:
        name: A rule, or one of `right_calls.GROUPS`, all of whose calls are given.
        seed: Of the rule's samples, and of the choice between function, method and the like.
        count: How many.
    """
    if name in GROUPS:
        yield from filter(is_accepted, GROUPS[name])
        return
    rng = random.Random(f"{name} {seed} forms")
    seen = set()
    plain = (call for call in oracle.calls_of(name, seed) if call.inputs is None)
    for call in islice(plain, 60):
        if call.target.startswith("einops.") or is_attribute(call.target):
            continue
        other = rng.choice([call, *forms(call)])
        form = (other.target, *(type(item) for item in call.args), *call.kwargs)
        if form in seen:
            continue
        made = next(filter(is_accepted, (other, call)), None)
        if made is None:
            continue
        seen.add(form)
        yield made
        if len(seen) >= count:
            return


def is_accepted(call: Call) -> bool:
    """Whether both sides take a call."""
    if not judge.exists(call.target):
        return False
    variant = judge.Variant()
    return not any(judge._attempt(side(call, variant))[1] for side in (judge.Theirs, judge.Ours))


def is_attribute(target: str) -> bool:
    """Whether it is no method but an attribute, which takes no arguments."""
    name = target.removeprefix("Tensor.")
    return name != target and not callable(getattr(torch.Tensor, name))


def mistaken_calls(
    rule_names: Sequence[str], seed: int, count: int, share: float = 1.0
) -> Iterator[tuple[str, str, Call]]:
    """The name of the function, what is wrong, and the call; of all such calls a `share`."""
    for rule_name in rule_names:
        rng = random.Random(f"{rule_name} {seed}")
        for call in accepted_calls(rule_name, seed, count):
            name = call.target.split(".", 1)[1].removeprefix("nn.functional.")
            function = Ours(call, judge.Variant()).find(call.target)
            for mistake, wrong in mistakes(call, function):
                if rng.random() < share:
                    yield name, mistake, wrong


def _work(calls: tuple[Sequence[str], int, int, float], start: int, end: Connection) -> None:
    with open("/proc/self/statm") as file:
        used = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what PyTorch says when it ends
    np.seterr(all="ignore")
    for place, (name, mistake, call) in enumerate(mistaken_calls(*calls)):
        if place < start:
            continue
        about = (place, call.target, mistake, shown(call))

        def report(side: str, about: Any = about) -> None:
            end.send((side, about))

        end.send(("verdict", compared(name, mistake, call, report)))
    end.send(("end", None))


def verdicts(
    rule_names: Sequence[str], seed: int = 0, count: int = 1, share: float = 1.0
) -> Iterator[Verdict]:
    """The outcomes of mistaken calls, made from `count` calls of each rule."""
    context = multiprocessing.get_context("fork")
    start = 0
    while True:
        here, there = context.Pipe(duplex=False)
        process = context.Process(
            target=_work, args=((rule_names, seed, count, share), start, there)
        )
        process.start()
        there.close()
        side, about = "", (start, "", "", "")
        try:
            while here.poll(SILENCE):
                kind, said = here.recv()
                if kind == "verdict":
                    yield said
                elif kind == "end":
                    return
                else:
                    side, about = kind, said
        except EOFError:
            pass
        finally:
            process.kill()
            process.join()
            here.close()
        place, target, mistake, text = about
        assert side, "the process ended before the first call"
        verdict = "agree" if side == "theirs" else "crash"
        yield Verdict(target, mistake, verdict, text, "PyTorch crashes" if side == "theirs" else "")
        start = place + 1


# -- the table --------------------------------------------------------------------------------------


def table(found: Sequence[Verdict]) -> str:
    """Functions, mistakes and agreement: one line for each kind of mistake, and the sum."""
    total: Counter[str] = Counter()
    agreed: Counter[str] = Counter()
    functions: defaultdict[str, set[str]] = defaultdict(set)
    for item in found:
        total[item.mistake] += 1
        agreed[item.mistake] += item.verdict in RIGHT
        functions[item.mistake].add(item.name)
    lines = [f"{'mistake':24} {'functions':>9} {'calls':>8} {'agree':>8}"]
    for mistake in sorted(total):
        share = 100 * agreed[mistake] / total[mistake]
        lines.append(f"{mistake:24} {len(functions[mistake]):9} {total[mistake]:8} {share:7.2f}%")
    share = 100 * sum(agreed.values()) / max(1, sum(total.values()))
    names = {item.name for item in found}
    lines.append(f"{'all':24} {len(names):9} {sum(total.values()):8} {share:7.2f}%")
    kinds = Counter(item.verdict for item in found)
    lines.append(", ".join(f"{kind}: {number}" for kind, number in kinds.most_common()))
    return "\n".join(lines)


def main(wanted: Sequence[str]) -> int:
    """Print what differs, then the table; 1 if anything does."""
    count = int(os.environ.get("COUNT", "1"))
    found = []
    for item in verdicts(
        wanted or [*judge.rule_names(), *GROUPS], int(os.environ.get("SHAPETORCH_SEED", "0")), count
    ):
        found.append(item)
        if item.verdict not in RIGHT:
            print(item, flush=True)
    print(table(found))
    return int(any(item.verdict not in RIGHT for item in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
