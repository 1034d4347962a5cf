"""How long mypy takes, with and without the plugin, and ``shapetorch check``, cold and warm.

The program is one file of about 2,000 lines that imports torch: the corpus of models, under other
names, until it is long enough. Each number is the processor time of a run in a fresh process: with an
empty cache (`cold`), again (`unchanged`), after a comment was added at the end of the file (`comment`)
and after a statement was added to a constructor in its middle (`method`). The ways take turns, so that
a busy machine is busy for all of them, and what is printed is the median over the rounds: of the times,
of each round's ratio to mypy alone (cold) and of each round's difference to it (warm).

    python -m benchmarks.mypy_speed [--lines 2000] [--repeat 3]
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from shapetorch.errors import ErrorKind

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "typecheck" / "models"
MYPY = [sys.executable, "-m", "mypy"]
PLAIN = "mypy"
WAYS = {
    PLAIN: [*MYPY, "--config-file=plain.ini"],
    "mypy with the plugin": [*MYPY, "--config-file=plugin.ini"],
    "shapetorch check": [sys.executable, "-m", "shapetorch.cli", "check", "program.py", "--"],
}
RUNS = ("cold", "unchanged", "comment", "method")
SHAPE_CODES = frozenset({kind.name for kind in ErrorKind})
ERROR = re.compile(r"^\S+?:(\d+)(?::\d+)*: error: (.*?) +\[([\w-]+)\]$", re.MULTILINE)


def program(lines: int) -> str:
    """About so many lines of models; each copy's classes and functions have names of their own."""
    future, imports, bodies = "from __future__ import annotations\n", set(), []
    total, copy = 0, 0
    while total < lines:
        for path in sorted(MODELS.glob("*.py")):
            text = path.read_text().replace(future, "")
            names = re.findall(r"^(?:class|def|async def) (\w+)", text, re.MULTILINE)
            names += re.findall(r"^([A-Za-z_]\w*)(?:: [^=]*)? = ", text, re.MULTILINE)
            for name in sorted(set(names), key=len, reverse=True):
                text = re.sub(rf"\b{name}\b", f"{name}_{copy}", text)
            kept = []
            for line in text.splitlines():
                is_import = re.match(r"(from \S+ import [^(]*|import .*)$", line)
                imports.add(line) if is_import else kept.append(line)
            bodies.append("\n".join(kept))
            copy += 1
        total = sum(body.count("\n") for body in bodies)
    return future + "\n".join(sorted(imports)) + "\n" + "\n".join(bodies) + "\n"


@dataclass
class Round:
    """One round: seconds and errors by the way of running and the state of file and cache."""

    seconds: dict[tuple[str, str], float] = field(default_factory=dict)
    errors: dict[tuple[str, str], list[tuple[str, ...]]] = field(default_factory=dict)


def run(command: list[str], folder: Path) -> tuple[float, list[tuple[str, ...]]]:
    """Processor time of a command, and the errors it prints: line, text and code."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package has its bytecode
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used, ERROR.findall(done.stdout)


def edited(text: str, state: str) -> str:
    """The program as it is in one state."""
    if state == "comment":
        return f"{text}# an edit\n"
    if state == "method":
        call = "        super().__init__()\n"
        before = text.index(call, len(text) // 2) + len(call)
        return f"{text[:before]}        self.edited = 3\n{text[before:]}"
    return text


def one_round(text: str, folder: Path, turn: int) -> Round:
    """Run each way in each state."""
    found = Round()
    for state in RUNS:
        (folder / "program.py").write_text(edited(text, state))
        for way, command in WAYS.items():
            passed = [] if way.startswith("shapetorch") else ["program.py"]
            cache = f"--cache-dir=cache-{way.replace(' ', '-')}-{turn}"
            key = (way, state)
            found.seconds[key], found.errors[key] = run([*command, *passed, cache], folder)
    return found


def table(rounds: list[Round]) -> Iterator[str]:
    """The lines of the table."""
    yield f"{'':22}{'cold':>14}" + "".join(f"{state:>16}" for state in RUNS[1:])
    for way in WAYS:
        cells = []
        for state in RUNS:
            pairs = [(it.seconds[way, state], it.seconds[PLAIN, state]) for it in rounds]
            median = statistics.median(used for used, _ in pairs)
            if state == "cold":
                more = f"x{statistics.median(used / plain for used, plain in pairs):.2f}"
            else:
                more = f"{statistics.median(used - plain for used, plain in pairs):+.2f}"
            cells.append(f"{median:8.2f} {more:>5}")
        yield f"{way:22}" + cells[0] + "".join(f"{cell:>16}" for cell in cells[1:])


def agreement(rounds: list[Round]) -> Iterator[str]:
    """How many errors each way has reported, and whether they are those of mypy alone."""
    for way in WAYS:
        shapes = others = 0
        agree = True
        for one in rounds:
            for state in RUNS:
                found = one.errors[way, state]
                mypy_own = [error for error in found if error[-1] not in SHAPE_CODES]
                agree &= mypy_own == one.errors[PLAIN, state]
                others, shapes = len(mypy_own), len(found) - len(mypy_own)
        same = "the same in every run" if agree else "NOT the same in every run"
        yield f"{way:22}{others} of mypy ({same}), {shapes} of shapes"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--lines", type=int, default=2000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = program(options.lines)
        (folder / "program.py").write_text("")
        (folder / "plain.ini").write_text("[mypy]\n")
        (folder / "plugin.ini").write_text("[mypy]\nplugins = shapetorch.mypy_plugin\n")
        for way, command in WAYS.items():  # so that bytecode is there
            passed = [] if way.startswith("shapetorch") else ["program.py"]
            (folder / "program.py").write_text("import torch\nx = torch.zeros(3) + 1\n")
            run([*command, *passed, "--cache-dir=first"], folder)
        lines = text.count("\n")
        print(
            f"a file of {lines} lines that imports torch; processor seconds; rounds: {options.repeat}"
        )
        rounds = [one_round(text, folder, turn) for turn in range(options.repeat)]
        print("\n".join(table(rounds)))
        print("\nerrors")
        print("\n".join(agreement(rounds)))


if __name__ == "__main__":
    main()
