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
    from real_code import Result
    from real_code_seeding import Choices, Seeded

JUDGED = Path(__file__).with_name("real_code_judged.toml")
EDITS = Path(__file__).with_name("seeded_bugs_judged.toml")
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


@dataclass(frozen=True)
class Edit:
    """What a seeded edit breaks, as far as somebody has read the code around it; nothing if it is harmless."""

    package: str
    file: str
    line: int
    kind: str
    text: str
    why: str
    harmless: bool = False


def edit_judgements() -> dict[tuple[str, str, int, str, str], Edit]:
    """The hand-written table of edits; one that is not in it counts as a bug."""
    rows = tomllib.loads(EDITS.read_text(encoding="utf-8"))["edit"] if EDITS.is_file() else []
    return {(r["package"], r["file"], r["line"], r["kind"], r["text"]): Edit(**r) for r in rows}


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The lines of a table."""
    head = list(head)
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


def page(
    results: list[Result],
    seeded: dict[str, Choices],
    judged: dict,  # type: ignore[type-arg]
    edits: dict,  # type: ignore[type-arg]
) -> str:
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
    lines += seeded_page(seeded, edits)
    lines += known_page(results)
    return "\n".join(lines)


def verdict(judged: dict, result: Result, file: str, problem: Problem) -> str:  # type: ignore[type-arg]
    """The judgement of one problem."""
    found = judged.get((result.package.name, file, problem.line, problem.kind))
    return f"{found.verdict}: {found.why}" if found else "not judged"


def seeded_page(seeded: dict[str, Choices], edits: dict) -> Iterator[str]:  # type: ignore[type-arg]
    """The share of seeded bugs found, by kind and by package."""
    by_package = {name: both.read for name, both in seeded.items()}
    everything = [item for items in by_package.values() for item in items]
    unread = [item for both in seeded.values() for item in both.unread]
    harmless = [item for item in everything if is_harmless(edits, item)]
    bugs = [item for item in everything if not is_harmless(edits, item)]
    yield "## Seeded bugs"
    yield ""
    yield f"- Of {len(bugs)} bugs {share_found(bugs)} were found."
    yield f"- Of {len(everything)} edits, with {len(harmless)} that break nothing, {share_found(everything)}."
    yield f"- Of {len(unread)} edits of the second choice, which nobody has read, {share_found(unread)}."
    yield ""
    by_kind = {kind: [i for i in everything if i.bug.kind == kind] for kind in ALL_KINDS}
    for title, groups in (("kind", by_kind), ("package", by_package)):
        yield from table((title, "edits", "bugs", "found"), _counts(groups, edits))
    yield "Bugs that were not found:"
    yield ""
    missed = [item for item in bugs if not item.found]
    yield from table(("place", "kind", "written instead", "what it breaks"), _rows(missed, edits))
    yield "Edits that break nothing:"
    yield ""
    yield from table(("place", "kind", "written instead", "why"), _rows(harmless, edits))


def share_found(items: list[Seeded]) -> str:
    """How many of some edits were found."""
    found = sum(bool(item.found) for item in items)
    return f"{found} ({found / max(1, len(items)):.0%})"


def is_harmless(edits: dict, item: Seeded) -> bool:  # type: ignore[type-arg]
    """Whether an edit was judged to break nothing."""
    judged = edits.get(item.key)
    return judged is not None and judged.harmless


def _counts(groups: dict[str, list[Seeded]], edits: dict) -> Iterator[tuple[str, int, int, int]]:  # type: ignore[type-arg]
    for name, items in groups.items():
        bugs = sum(not is_harmless(edits, item) for item in items)
        yield name, len(items), bugs, sum(bool(item.found) for item in items)


def _rows(items: list[Seeded], edits: dict) -> Iterator[tuple[str, str, str, str]]:  # type: ignore[type-arg]
    for item in items:
        judged = edits.get(item.key)
        text = f"`{' '.join(item.bug.text.split())}`"
        why = judged.why if judged is not None else "not judged"
        yield f"{item.file}:{item.bug.line}", item.bug.kind, text, why


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
        (
            *((r.package.name, r.tensors, r.known, r.lost, share([r])) for r in results),
            ("all", *(sum(getattr(r, it) for r in results) for it in COUNTED), share(results)),
        ),
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


COUNTED = ("tensors", "known", "lost")


def share(results: list[Result]) -> str:
    """Known tensors among all that are or must have been some."""
    tensors, known, lost = (sum(getattr(r, it) for r in results) for it in COUNTED)
    return f"{known / max(1, tensors + lost):.0%}"
