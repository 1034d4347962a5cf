"""What the pages in ``docs/`` show is what happens: their blocks are run, and their outputs are written.

```python   is analysed. A comment behind ``reveal_shape(...)`` is the shape, ``# error: ...`` is part of
            an error of its line; nothing else may be reported. A block without imports has those
            of `PRELUDE`. If its first line is ``# model.py``, that file exists from there on.
```text     directly behind it is all that is reported.
```toml     is read; a first line ``# pyproject.toml`` makes it that file.
```pycon    is a session of Python.
```console  is a session of the shell; only the commands in `COMMANDS` are run.
```sh       is not run: it would install something, or go on for ever.

``python tools/doc_pages.py`` writes the text and console blocks anew.
"""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
CACHE = ROOT / ".shapetorch_cache" / "docs"
GENERATED = {"helpers.md", "operations.md"}

sys.path.insert(0, str(ROOT))

from shapetorch.flow import Program, Source  # noqa: E402
from shapetorch.flow.problems import Problem  # noqa: E402
from shapetorch.mypy_plugin.report import note_text  # noqa: E402
from shapetorch.mypy_plugin.settings import Settings  # noqa: E402

PRELUDE = """\
import torch
import torch.nn.functional as F
from einops import rearrange
from jaxtyping import Bool, Float, Float32, Int, Shaped
from shapetorch import Dim, MatmulShape, Shape, assert_shape, assume, reveal_shape
from torch import Tensor, nn
"""
COMMANDS = {"shapetorch": "shapetorch.cli", "mypy": "mypy", "python": None}
FENCE = re.compile(
    r"(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)(?<=\n)(?P=indent)```\n", re.DOTALL
)
NAMED = re.compile(r"# (?P<name>[\w/.]+\.(?:py|toml|ini))\n")
STATED = re.compile(r"# error: (?P<text>.*)$")
REVEALED = re.compile(r"reveal_shape\(.*\)  # (?P<shape>[^#]+)$")
FIRST_RUN = "First run with this cache"


@dataclass(frozen=True)
class Block:
    """A fenced block; `follows` is the block directly before it, if there is one."""

    page: str
    line: int
    language: str
    text: str
    start: int
    end: int
    follows: Block | None

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def name(self) -> str | None:
        """The file that the block is, if its first line says so."""
        match = NAMED.match(self.text)
        return match["name"] if match else None


def pages() -> list[Path]:
    """The pages that are written by hand."""
    found = [*DOCS.glob("*.md"), *(DOCS / "dev").glob("*.md")]
    return sorted(page for page in found if page.name not in GENERATED)


def blocks(page: Path) -> list[Block]:
    """The blocks of a page, in order."""
    text = page.read_text()
    name = str(page.relative_to(DOCS)) if page.is_relative_to(DOCS) else page.name
    found: list[Block] = []
    for match in FENCE.finditer(text):
        last = found[-1] if found else None
        near = last is not None and text[last.end : match.start()].strip() == "```"
        found.append(
            Block(
                page=name,
                line=text.count("\n", 0, match.start()) + 1,
                language=match["language"],
                text=textwrap.dedent(match["text"]),
                start=match.start("text"),
                end=match.end("text"),
                follows=last if near else None,
            )
        )
    return found


def readable(block: Block) -> bool:
    """Whether this Python can read the block; 3.11 cannot read ``def f[B, T]``."""
    if sys.version_info >= (3, 12):
        return True
    return re.search(r"^\s*(def|class|type) \w+\[", block.text, re.MULTILINE) is None


def analysed(block: Block) -> tuple[int, list[Problem]]:
    """How many lines stand before the block's own, and what the analysis says of it."""
    whole = re.search(r"^(import|from) ", block.text, re.MULTILINE) is not None
    text = block.text if whole else PRELUDE + block.text
    ast.parse(text)
    source = Source("page.py", text)
    program = Program(lambda name: source if name == "page" else None)
    report = program.analyze("page", Settings().level(text))
    return 0 if whole else PRELUDE.count("\n"), report.problems


def reported(block: Block) -> str:
    """What is reported of a python block, as its text block says it."""
    before, problems = analysed(block)
    lines = []
    for problem in problems:
        lines.append(f"{problem.severity}: {problem.message}  [{problem.kind}]")
        for note in problem.notes:
            own = note if note.line is None else replace(note, line=note.line - before)
            lines.append(f"    note: {note_text(own)}")
    return "".join(f"{line}\n" for line in lines)


def complaints(block: Block) -> Iterator[str]:
    """Where the comments of a python block and the analysis do not agree."""
    before, problems = analysed(block)
    left = {(it.line - before, f"{it.message}  [{it.kind}]"): it for it in problems}
    for number, line in enumerate(block.text.splitlines(), 1):
        stated, revealed = STATED.search(line), REVEALED.search(line)
        if stated is None and revealed is None:
            continue
        wanted = stated["text"] if stated else f'Revealed shape is "{revealed["shape"]}"'  # type: ignore[index]
        key = next((key for key in left if key[0] == number and wanted in key[1]), None)
        if key is None:
            yield f"{block} line {number}: {wanted!r} is not reported"
        else:
            del left[key]
    lines = block.text.splitlines()
    for line_number, text in left:
        if "# type: ignore" not in lines[line_number - 1]:
            yield f"{block} line {line_number}: {text!r} is reported and not shown"


class Folder:
    """Where the commands of one page run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        CACHE.mkdir(parents=True, exist_ok=True)
        for name in (".shapetorch_cache", ".mypy_cache"):
            (CACHE / name).mkdir(exist_ok=True)
            (path / name).symlink_to(CACHE / name)

    def put(self, block: Block) -> None:
        """Make the file that a block is."""
        if block.name is not None:
            file = self.path / block.name
            file.parent.mkdir(parents=True, exist_ok=True)
            text = block.text.split("\n", 1)[1].lstrip("\n")
            file.write_text("\n".join(STATED.sub("", line).rstrip() for line in text.split("\n")))

    def session(self, block: Block) -> str:
        """A console block with the output that its commands have now."""
        lines = []
        for line in block.text.splitlines():
            if line.startswith("$ "):
                lines += [line, *self._run(shlex.split(line[2:]))]
        return "".join(f"{line}\n" for line in lines)

    def _run(self, words: list[str]) -> list[str]:
        module = COMMANDS[words[0]]
        command = [sys.executable, *(["-m", module] if module else []), *words[1:]]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}
        done = subprocess.run(
            command,
            cwd=self.path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if "Traceback" in done.stdout:
            raise RuntimeError(f"{shlex.join(words)} crashed:\n{done.stdout}")
        return [line for line in done.stdout.splitlines() if not line.startswith(FIRST_RUN)]


def write(page: Path) -> None:
    """Write the outputs of a page anew."""
    text = page.read_text()
    changes: list[tuple[Block, str]] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Folder(Path(temporary))
        for block in blocks(page):
            folder.put(block)
            if block.language == "console":
                changes.append((block, folder.session(block)))
            elif is_report(block) and block.follows is not None and readable(block.follows):
                changes.append((block, reported(block.follows)))
    for block, new in reversed(changes):
        text = text[: block.start] + new + text[block.end :]
    page.write_text(text)


def is_report(block: Block) -> bool:
    """Whether a block is what is reported of the python block before it."""
    return (
        block.language == "text"
        and block.follows is not None
        and block.follows.language == "python"
    )


def main() -> int:
    """Write the outputs of the pages that are named, or of all, and say what else is wrong."""
    named = [Path(name).resolve() for name in sys.argv[1:]]
    wrong = []
    for page in named or pages():
        write(page)
        found = blocks(page)
        reports = {id(block.follows) for block in found if is_report(block)}
        for block in found:
            if block.language == "python" and id(block) not in reports and readable(block):
                wrong.extend(complaints(block))
    print("\n".join(wrong))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
