"""The corpus of whole models, and their broken twins made from small tables.

``typecheck/models/<name>.py`` is a correct program. ``typecheck/models/broken/<name>.toml`` lists
its twins: each replaces one piece of one line. A twin is a complete file that is never stored, so
it cannot fall behind its model: ``python -m tests.models --write DIR`` writes all of them.

A row with ``gap = "<reason>"`` is a twin that the checker is known to miss; such twins come from
`gaps` and are not among `twins`, so a fix has to remove the mark.

A twin's text marks the line of the bug with ``# BUG: <kind>`` and the line where a reader of the
annotations first sees the clash with ``# USE``; the two may be one line.
"""

from __future__ import annotations

import argparse
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "typecheck" / "models"
BROKEN = MODELS / "broken"

KINDS = (
    "swapped_or_missing_transpose",
    "wrong_head_count",
    "wrong_flatten",
    "off_by_one",
    "missing_keepdim",
    "wrong_axis",
    "wrong_pattern",
    "wrong_layer_size",
    "wrong_skip",
    "silent_broadcast",
    "wrong_result_annotation",
    "wrong_argument_order",
)


@dataclass(frozen=True)
class Model:
    """A correct program."""

    name: str
    source: str


@dataclass(frozen=True)
class Twin:
    """A program that differs from `model` by one bug; line numbers count from 1."""

    model: str
    bug: str
    kind: str
    source: str
    bug_line: int
    use_line: int
    gap: str = ""

    @property
    def name(self) -> str:
        """The stem of the file it is written to."""
        return f"{self.model}__{self.bug}"


def correct() -> list[Model]:
    """All correct models, by name."""
    return programs(MODELS)


def programs(folder: Path) -> list[Model]:
    """The programs of a folder, by name."""
    return [Model(path.stem, path.read_text()) for path in sorted(folder.glob("*.py"))]


def twins() -> list[Twin]:
    """The broken twins that a checker must find, by model, in the order of their tables."""
    return [twin for twin in all_twins() if not twin.gap]


def gaps() -> list[Twin]:
    """The broken twins that the checker is known to miss."""
    return [twin for twin in all_twins() if twin.gap]


def all_twins() -> list[Twin]:
    """Every row of every table."""
    return [
        make_twin(model, row)
        for model in correct()
        for row in tomllib.loads((BROKEN / f"{model.name}.toml").read_text())["twin"]
    ]


def make_twin(model: Model, row: dict[str, str]) -> Twin:
    """The twin that one row of a table describes.

    Args:
        model: The correct program.
        row: ``old`` is the only occurrence of a text in the program and is replaced by ``new``,
            both within one line; ``use`` occurs once in the result, by default on the same line.
    """
    where = f"{model.name}: {row['bug']}"
    assert row.keys() <= {"bug", "kind", "old", "new", "use", "gap"}, (
        f"{where}: unknown key in {set(row)}"
    )
    assert row["kind"] in KINDS, f"{where}: unknown kind {row['kind']}"
    lines = model.source.splitlines()
    bug_at = _only_line(lines, row["old"], where)
    lines[bug_at] = lines[bug_at].replace(row["old"], row["new"])
    use_at = _only_line(lines, row["use"], where) if "use" in row else bug_at
    lines[bug_at] += f"  # BUG: {row['kind']}"
    lines[use_at] += "  # USE"
    source = "\n".join(lines) + "\n"
    return Twin(
        model.name, row["bug"], row["kind"], source, bug_at + 1, use_at + 1, row.get("gap", "")
    )


def _only_line(lines: list[str], text: str, where: str) -> int:
    count = sum(line.count(text) for line in lines)
    assert count == 1, f"{where}: {text!r} must occur once on one line, occurs {count} times"
    return next(at for at, line in enumerate(lines) if text in line)


def write_twins(folder: Path) -> list[Path]:
    """Write every twin into `folder` as a complete file; the paths come back."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for twin in all_twins():
        path = folder / f"{twin.name}.py"
        path.write_text(twin.source)
        paths.append(path)
    return paths


def table() -> str:
    """How many twins of each kind each model has, as a Markdown table."""
    count = Counter((twin.model, twin.kind) for twin in twins())
    names = [model.name for model in correct()]
    rows = [["kind", *names, "all"]]
    for kind in KINDS:
        numbers = [count[name, kind] for name in names]
        rows.append([kind, *(str(n) if n else "" for n in numbers), str(sum(numbers))])
    totals = [sum(count[name, kind] for kind in KINDS) for name in names]
    rows.append(["all", *map(str, totals), str(sum(totals))])
    rows = [list(column) for column in zip(*rows, strict=True)]  # one line for each model
    rows.insert(1, ["---"] * len(rows[0]))
    return "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"


def readme() -> str:
    """The text of ``typecheck/models/broken/README.md``."""
    return README + table()


README = """\
# Broken twins

Each table here lists the broken twins of one model of the folder above: complete programs that
differ from it in one small edit and fail at run time under jaxtyping and beartype. `old` occurs
exactly once in the model and becomes `new`; `use` is a piece of the line where the clash is first
seen, when that is not the line of the edit. `tests/models.py` makes the programs:
`python -m tests.models --write DIR` writes them all, with the comments `# BUG: <kind>` and `# USE`
on the two lines. A row with `gap` is a twin that the checker is known to miss, and says why; it is
not counted in the table. The rest of this page is made by `python -m tests.models --readme`.

"""


def main() -> None:
    """Write the twins, or the page that counts them."""
    parser = argparse.ArgumentParser(prog="python -m tests.models", description=__doc__)
    parser.add_argument("--write", metavar="DIR", type=Path, help="write every twin into DIR")
    parser.add_argument("--readme", action="store_true", help="bring the README up to date")
    options = parser.parse_args()
    if options.write is not None:
        print(f"{len(write_twins(options.write))} twins written to {options.write}")
    if options.readme:
        (BROKEN / "README.md").write_text(readme())
    if options.write is None and not options.readme:
        print(table(), end="")


if __name__ == "__main__":
    main()
