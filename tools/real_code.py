"""Try the analysis on packages that others wrote, and on the same sources with shape bugs put in.

    python tools/real_code.py --out docs/real-code.md

downloads the packages below with pip (sources only: nothing of them is installed or run), counts their
annotations, analyses every file, runs mypy with and without the plugin, seeds bugs, and writes the
tables. Each new error must have a judgement in `real_code_judged.toml`; the exit status is 1 if one has
none, or is judged to be no bug, or if anything crashed. What each seeded edit breaks is in
`seeded_bugs_judged.toml`: some break nothing, and must not be found either.
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from real_code_page import edit_judgements, is_harmless, judgements, page, verdict  # noqa: E402
from real_code_seeding import Choices, seed  # noqa: E402
from seeded_bugs import SHAPED  # noqa: E402

from shapetorch.flow import Problem, Program, Report, Source  # noqa: E402

PACKAGES = {
    "alphafold3-pytorch": "0.8.3",
    "chai-lab": "0.6.1",
    "sparse-autoencoder": "1.10.0",
    "transformer-lens": "2.11.0",
    "transfusion-pytorch": "0.20.0",
    "linear-operator": "0.5.2",
    "nerfstudio": "1.1.5",
}


# -- getting the sources ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Package:
    """An unpacked package; `folder` holds its importable folder."""

    name: str
    version: str
    folder: Path

    def files(self) -> list[tuple[str, Path]]:
        """The full name and the path of each of its modules."""
        found = []
        for path in sorted(self.folder.rglob("*.py")):
            parts = list(path.relative_to(self.folder).with_suffix("").parts)
            parts = parts[:-1] if parts[-1] == "__init__" else parts
            if parts and all(part.isidentifier() for part in parts):
                found.append((".".join(parts), path))
        return found

    def find(self, module: str) -> Source | None:
        """The source of a module of the package."""
        base = self.folder / module.replace(".", "/")
        for path in (base.parent / f"{base.name}.py", base / "__init__.py"):
            if path.is_file():
                return Source(str(path), path.read_text(encoding="utf-8", errors="replace"))
        return None

    def size(self) -> int:
        """How many characters its modules have."""
        return sum(path.stat().st_size for _, path in self.files())

    def relative(self, path: Path | str) -> str:
        """A path as it is printed."""
        return str(Path(path).relative_to(self.folder))


def fetch(name: str, version: str, cache: Path) -> Package:
    """Download and unpack a package, unless that has been done."""
    folder = cache / f"{name}-{version}"
    if not folder.is_dir():
        wheels = cache / "downloads"
        wheels.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--only-binary=:all:", "--dest", str(wheels), f"{name}=={version}"]
        subprocess.run(command, check=True)
        wheel = next(wheels.glob(f"{name.replace('-', '_')}-{version}-*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
    return Package(name, version, folder)


# -- the sources as they are --------------------------------------------------------------------------


@dataclass
class Result:
    """What was found in one package."""

    package: Package
    files: int = 0
    annotations: int = 0
    unknown_annotations: int = 0
    tensors: int = 0
    known: int = 0
    lost: int = 0
    seconds: float = 0.0
    crashes: list[str] = field(default_factory=list)
    problems: list[tuple[str, Problem]] = field(default_factory=list)
    losses: Counter[str] = field(default_factory=Counter)
    stock_errors: int = -1
    changed_errors: int = 0


def analyse(package: Package) -> Result:
    """Analyse every file of a package."""
    result = Result(package)
    program = Program(package.find)
    began = time.process_time()
    for name, path in package.files():
        result.files += 1
        source = path.read_text(encoding="utf-8", errors="replace")
        count_annotations(source, result)
        try:
            report = program.analyze(name)
        except Exception:
            result.crashes.append(f"{name}: {last_line()}")
            continue
        result.problems += [(package.relative(path), problem) for problem in report.problems]
        result.tensors += report.tensors[0]
        result.known += report.tensors[1]
        found = losses(source, report)
        result.lost += len(found)
        result.losses.update(found)
    result.seconds = time.process_time() - began
    say(
        f"{package.name}: {result.known} of {result.tensors} known, {len(result.problems)} new errors"
    )
    return result


def last_line() -> str:
    """What the exception that is being handled says."""
    return traceback.format_exc().strip().splitlines()[-1]


def say(line: str) -> None:
    """Show how far it has got."""
    print(line, file=sys.stderr, flush=True)


def count_annotations(source: str, result: Result) -> None:
    """Count jaxtyping subscripts, and those whose string is none that jaxtyping would take."""
    from shapetorch.annotations.jaxtyping_strings import parse_jaxtyping

    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.Subscript) or not SHAPED.match(ast.unparse(node)):
            continue
        last = (
            node.slice.elts[-1]
            if isinstance(node.slice, ast.Tuple) and node.slice.elts
            else node.slice
        )
        result.annotations += 1
        try:
            assert isinstance(last, ast.Constant)
            parse_jaxtyping(last.value, None)
        except (AssertionError, ValueError, TypeError, AttributeError):
            result.unknown_annotations += 1


def losses(source: str, report: Report) -> list[str]:
    """What made an unknown value of a known tensor: the call, attribute or construct, once a place."""
    found = []
    known = {place for place, is_known in report.known.items() if is_known}
    vague = {place for place, is_known in report.known.items() if not is_known} | report.unknown
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.expr) and place_of(node) in vague:
            label = _loss(node, known)
            if label:
                found.append(label)
    return found


def place_of(node: ast.expr) -> tuple[int, int, int, int]:
    """Where an expression stands, as a report says it."""
    return node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0


def _loss(node: ast.expr, known: set[tuple[int, int, int, int]]) -> str:
    match node:
        case ast.Call(func=ast.Attribute(value=base, attr=name)) if place_of(base) in known:
            return f"tensor.{name}(…)" if name not in ("tolist", "cpu") else ""
        case ast.Call(func, args, keywords):
            values = [*args, *(item.value for item in keywords)]
            if any(place_of(value) in known for value in values):
                return f"{ast.unparse(func)[:40]}(…)"
        case ast.Attribute(value=base, attr=name) if place_of(base) in known:
            quiet = ("device", "dtype", "is_cuda", "requires_grad", "grad", "register_hook")
            return "" if name in quiet else f"tensor.{name}"
        case ast.Subscript(value=base) if place_of(base) in known:
            return "tensor[…]"
        case ast.BinOp(left, operator, right) if {place_of(left), place_of(right)} & known:
            return f"operator {type(operator).__name__}"
    return ""


# -- mypy ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Checked:
    """What mypy says of a package: the lines with errors, and how it ended if it did not end well."""

    errors: frozenset[str]
    crash: str = ""


def run_mypy(packages: list[Package], plugin: str, cache: Path) -> list[Checked]:
    """What mypy says of each package, one after the other: they share what is known of PyTorch."""
    label = "with" if plugin else "without"
    config = cache / f"mypy-{label}.ini"
    config.write_text(f"[mypy]\nignore_missing_imports = True\nplugins = {plugin}\n")
    out = []
    for package in packages:
        folders = sorted({name.split(".")[0] for name, _ in package.files()})
        command = [sys.executable, "-m", "mypy", "--config-file", str(config), "--no-error-summary"]
        command += ["--cache-dir", str(config.with_suffix("")), "--show-error-codes", *folders]
        began = time.perf_counter()
        done = subprocess.run(
            command, cwd=package.folder, capture_output=True, text=True, check=False
        )
        lines = frozenset(line for line in done.stdout.splitlines() if ": error: " in line)
        tail = (done.stderr or done.stdout).strip().splitlines()[-1:]
        crash = f"mypy {label} the plugin: {tail}" if done.returncode not in (0, 1) else ""
        out.append(Checked(lines, crash))
        say(f"{package.name}: mypy {label} the plugin: {time.perf_counter() - began:.0f} s")
    return out


def compare(result: Result, stock: Checked, with_plugin: Checked) -> None:
    """Note what the plugin changes."""
    result.stock_errors = len(stock.errors)
    result.changed_errors = len(stock.errors - with_plugin.errors)
    result.crashes += [it.crash for it in (stock, with_plugin) if it.crash]
    added = len(with_plugin.errors - stock.errors)
    if added != len(result.problems):
        say(f"{result.package.name}: mypy shows {added} new errors, not {len(result.problems)}")


# -- all of it -----------------------------------------------------------------------------------------


def examine(options: argparse.Namespace) -> tuple[list[Result], dict[str, Choices]]:
    """Everything about the packages; what takes longest begins first."""
    packages = [fetch(name, PACKAGES[name], options.cache) for name in options.only]
    by_size = sorted(packages, key=Package.size, reverse=True)
    with ProcessPoolExecutor(options.jobs) as pool:
        plugins = () if options.no_mypy else ("", "shapetorch.mypy_plugin")
        checked = [pool.submit(run_mypy, packages, plugin, options.cache) for plugin in plugins]
        analysed = {it.name: pool.submit(analyse, it) for it in by_size}
        seeded = {it.name: pool.submit(seed, it, options.bugs) for it in by_size}
        results = [analysed[it.name].result() for it in packages]
        for result, *both in zip(results, *(it.result() for it in checked), strict=True):
            if both:
                compare(result, *both)
        return results, {it.name: seeded[it.name].result() for it in packages}


def complaints(results: list[Result], seeded: dict[str, Choices]) -> Iterator[str]:
    """What must not be: crashes, errors that are no bugs or not judged, judgements that do not fit."""
    judged, edits = judgements(), edit_judgements()
    for result in results:
        yield from (f"crash: {result.package.name}: {crash}" for crash in result.crashes)
        for file, problem in result.problems:
            what = verdict(judged, result, file, problem)
            if not what.startswith("bug: "):
                yield f"{what}: {file}:{problem.line}: {problem.message}"
    for both in seeded.values():
        tried = (*both.read, *both.unread)
        yield from (f"crash: {item.package}: {item.crash}" for item in tried if item.crash)
        for item in both.read:
            if item.found and is_harmless(edits, item):
                yield f"false alarm: {item.file}:{item.bug.line} breaks nothing: {item.found}"
    chosen = {item.key for both in seeded.values() for item in both.read}
    for key in edits.keys() - chosen:
        if key[0] in seeded:
            yield f"judged, but not seeded: {key}"


def main() -> int:
    """Examine the packages and write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument(
        "--out", type=Path, help="where to write the page; printed if it is missing"
    )
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache/shapetorch/real-code")
    parser.add_argument("--only", nargs="*", default=list(PACKAGES), help="names of packages")
    parser.add_argument("--bugs", type=int, default=16, help="how many to seed in each package")
    parser.add_argument("--no-mypy", action="store_true", help="leave mypy out")
    parser.add_argument("--jobs", type=int, default=2, help="how many processes")
    parser.add_argument("--verbose", action="store_true", help="list all seeded bugs")
    options = parser.parse_args()
    results, seeded = examine(options)
    text = re.sub(r"\n{3,}", "\n\n", page(results, seeded, judgements(), edit_judgements()))
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    else:
        print(text)
    if options.verbose:
        for item in (item for both in seeded.values() for item in both.read):
            found = "found " if item.found else "missed"
            say(
                f"{found} {item.file}:{item.bug.line} {item.bug.kind}: {item.bug.text!r} {item.found}"
            )
    wrong = list(complaints(results, seeded))
    for line in wrong:
        say(line)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
