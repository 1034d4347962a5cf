"""How long mypy takes, with and without the plugin, and ``shapetorch check``, cold and warm.

The program is one file of about 2,000 lines that imports torch: the corpus of models, under other
names, until it is long enough. Each row is the processor time of one run in a fresh process; `warm`
is a run after the file was touched by an edit that changes nothing but a comment.

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
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "typecheck" / "models"
MYPY = [sys.executable, "-m", "mypy"]
WAYS = {
    "mypy": [*MYPY, "--config-file=plain.ini"],
    "mypy with the plugin": [*MYPY, "--config-file=plugin.ini"],
    "shapetorch check": [sys.executable, "-m", "shapetorch.cli", "check", "program.py", "--"],
}


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


def seconds(command: list[str], folder: Path) -> tuple[float, str]:
    """Processor time of a command, and its output."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package has its bytecode
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run(
        command,
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert run.returncode in (0, 1), run.stdout + run.stderr
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used, run.stdout


def measure(way: str, folder: Path, repeat: int) -> tuple[float, float, int]:
    """Cold seconds, warm seconds, and the number of errors."""
    cold, warm, errors = [], [], 0
    source = (folder / "program.py").read_text()
    for turn in range(repeat):
        passed = [] if way.startswith("shapetorch") else ["program.py"]
        command = [*WAYS[way], *passed, f"--cache-dir=cache-{way.replace(' ', '-')}-{turn}"]
        used, output = seconds(command, folder)
        cold.append(used)
        errors = len(re.findall(r"^\S+:\d.*: error: ", output, re.MULTILINE))
        for edit in range(2):
            (folder / "program.py").write_text(f"{source}# {turn} {edit}\n")
            used, _ = seconds(command, folder)
            warm.append(used)
        (folder / "program.py").write_text(source)
    return statistics.median(cold), statistics.median(warm), errors


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--lines", type=int, default=2000)
    parser.add_argument("--repeat", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = program(options.lines)
        (folder / "program.py").write_text(text)
        (folder / "plain.ini").write_text("[mypy]\n")
        (folder / "plugin.ini").write_text("[mypy]\nplugins = shapetorch.mypy_plugin\n")
        (folder / "empty.py").write_text("")
        for way in ("plain", "plugin"):  # so that bytecode is there
            seconds([*MYPY, f"--config-file={way}.ini", "empty.py"], folder)
        seconds([*WAYS["shapetorch check"], "--cache-dir=other"], folder)
        print(f"a file of {text.count(chr(10))} lines that imports torch; processor seconds")
        print(f"{'':24}{'cold':>8}{'':>8}{'warm':>8}{'':>8}{'errors':>8}")
        base: tuple[float, float] | None = None
        for way in WAYS:
            cold, warm, errors = measure(way, folder, options.repeat)
            base = base or (cold, warm)
            ratio, more = f"x{cold / base[0]:.2f}", f"{warm - base[1]:+.2f}"
            print(f"{way:24}{cold:8.2f}{ratio:>8}{warm:8.2f}{more:>8}{errors:8}")


if __name__ == "__main__":
    main()
