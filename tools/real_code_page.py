"""The page that `real_code.py` writes: tables of what was found in packages of others, and missed."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from seeded_bugs import ALL_KINDS

from shapetorch.flow import Problem

if TYPE_CHECKING:
    from real_code import Result, Seeded

JUDGED = Path(__file__).with_name("real_code_judged.toml")
INTRO = Path(__file__).with_name("real_code_intro.md")


@dataclass(frozen=True)
class Judgement:
    """What is to be said of an error."""

    package: str
    file: str
    line: int
    kind: str
    verdict: str
    why: str


def judgements() -> dict[tuple[str, str, int, str], Judgement]:
    """The hand-written table."""
    rows = tomllib.loads(JUDGED.read_text(encoding="utf-8"))["judged"] if JUDGED.is_file() else []
    return {(r["package"], r["file"], r["line"], r["kind"]): Judgement(**r) for r in rows}


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The lines of a table."""
    head = list(head)
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


def page(results: list[Result], seeded: dict[str, list[Seeded]], judged: dict) -> str:  # type: ignore[type-arg]
    """The whole page."""
    lines = [INTRO.read_text(encoding="utf-8")]
    lines += ["## The packages", ""]
    lines += table(
        ("package", "files", "annotations", "computed", "mypy errors without", "new errors", "gone", "crashes", "seconds"),
        (
            (
                f"{r.package.name} {r.package.version}", r.files, r.annotations, r.unknown_annotations,
                r.stock_errors if r.stock_errors >= 0 else "not run", len(r.problems), r.changed_errors if r.stock_errors >= 0 else "not run",
                len(r.crashes), f"{r.seconds:.0f}",
            )
            for r in results
        ),
    )  # fmt: skip
    lines += ["## New errors, judged", ""]
    lines += table(
        ("place", "kind", "message", "judgement"),
        (
            (
                f"{file}:{problem.line}",
                problem.kind,
                problem.message,
                verdict(judged, r, file, problem),
            )
            for r in results
            for file, problem in r.problems
        ),
    )
    lines += seeded_page(seeded)
    lines += known_page(results)
    return "\n".join(lines)


def verdict(judged: dict, result: Result, file: str, problem: Problem) -> str:  # type: ignore[type-arg]
    """The judgement of one problem."""
    found = judged.get((result.package.name, file, problem.line, problem.kind))
    return f"{found.verdict}: {found.why}" if found else "not judged"


def seeded_page(seeded: dict[str, list[Seeded]]) -> Iterator[str]:
    """The share of seeded bugs found, by kind and by package."""
    everything = [item for items in seeded.values() for item in items]
    yield "## Seeded bugs"
    yield ""
    yield f"{sum(bool(i.found) for i in everything)} of {len(everything)} found."
    yield ""
    by_kind = {kind: [i for i in everything if i.bug.kind == kind] for kind in ALL_KINDS}
    yield from table(
        ("kind", "seeded", "found"),
        ((k, len(v), sum(bool(i.found) for i in v)) for k, v in by_kind.items()),
    )
    yield from table(
        ("package", "seeded", "found"),
        ((name, len(items), sum(bool(i.found) for i in items)) for name, items in seeded.items()),
    )
    yield "Those that were not found:"
    yield ""
    yield from table(
        ("place", "kind", "written instead"),
        (
            (f"{item.file}:{item.bug.line}", item.bug.kind, f"`{' '.join(item.bug.text.split())}`")
            for item in everything
            if not item.found
        ),
    )


def known_page(results: list[Result]) -> Iterator[str]:
    """The share of tensors whose shape is known, and what loses them."""
    yield "## Tensor expressions of known shape"
    yield ""
    yield (
        "An expression counts as a tensor if the analysis knows it to be one, or if a known tensor went into "
        "it and nothing is known of what came out (*lost*)."
    )
    yield ""
    yield from table(
        ("package", "tensors", "known", "lost", "share known"),
        ((r.package.name, r.tensors, r.known, r.lost, f"{share(r):.0%}") for r in results),
    )
    total: Counter[str] = Counter()
    for result in results:
        total.update(result.losses)
    yield "What is lost most often:"
    yield ""
    rows = ((what, times, why_lost(what)) for what, times in total.most_common(25))
    yield from table(("what", "times", "why"), rows)


def why_lost(what: str) -> str:
    """What a loss comes from, as far as its label tells."""
    if what == "tensor[…]":
        return "the index is not known: a value of a mask's or a list's, an attribute without annotation"
    if what.startswith("operator"):
        return "the other operand is not known"
    if what.startswith(("tensor.", "torch.", "F.", "np.", "einx.", "nn.")):
        return "another argument is not known, or there is no rule"
    return "a function or layer without annotations whose code is not known or too deep, or of another package"


def share(result: Result) -> float:
    """Known tensors among all that are or must have been some."""
    return result.known / max(1, result.tensors + _unknown_losses(result))


def _unknown_losses(result: Result) -> int:
    return result.lost
