"""Try the analysis on packages that others wrote, and on the same sources with shape bugs put in.

    python tools/real_code.py --out docs/real-code.md

downloads the packages below with pip (sources only: nothing of them is installed or run), counts their
annotations, analyses every file, runs mypy with and without the plugin, seeds bugs, and writes the
tables. Each new error must have a judgement in `real_code_judged.toml`; the exit status is 1 if one has
none, or is judged to be no bug, or if anything crashed.
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
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from real_code_page import judgements, page, verdict  # noqa: E402
from seeded_bugs import SHAPED, Bug, Sites, choose  # noqa: E402

from shapetorch.flow import Problem, Program, Report, Source  # noqa: E402
from shapetorch.flow.values import Function  # noqa: E402

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
    plugin_errors: list[str] = field(default_factory=list)
    changed_errors: int = 0


def analyse(package: Package) -> Result:
    """Analyse every file of a package."""
    result = Result(package)
    program = Program(package.find)
    began = time.perf_counter()
    for name, path in package.files():
        result.files += 1
        source = path.read_text(encoding="utf-8", errors="replace")
        count_annotations(source, result)
        try:
            report = program.analyze(name)
        except Exception:
            result.crashes.append(f"{name}: {traceback.format_exc().strip().splitlines()[-1]}")
            continue
        result.problems += [(package.relative(path), problem) for problem in report.problems]
        result.tensors += report.tensors[0]
        result.known += report.tensors[1]
        found = losses(source, report)
        result.lost += len(found)
        result.losses.update(found)
    result.seconds = time.perf_counter() - began
    print(
        f"{package.name}: {result.known} of {result.tensors} known, {len(result.problems)} new errors",
        file=sys.stderr,
        flush=True,
    )
    return result


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


def run_mypy(result: Result, cache: Path) -> None:
    """Errors of mypy without the plugin and with it."""
    package = result.package
    found: list[set[str]] = []
    for plugin in ("", "shapetorch.mypy_plugin"):
        config = cache / f"mypy-{'with' if plugin else 'without'}.ini"
        config.write_text(f"[mypy]\nignore_missing_imports = True\nplugins = {plugin}\n")
        folders = sorted({name.split(".")[0] for name, _ in package.files()})
        command = [sys.executable, "-m", "mypy", "--config-file", str(config), "--no-error-summary"]
        command += ["--cache-dir", str(config.with_suffix("")), "--show-error-codes", *folders]
        done = subprocess.run(
            command, cwd=package.folder, capture_output=True, text=True, check=False
        )
        lines = {line for line in done.stdout.splitlines() if ": error: " in line}
        if done.returncode not in (0, 1):
            tail = (done.stderr or done.stdout).strip().splitlines()[-1:]
            result.crashes.append(f"mypy {'with' if plugin else 'without'} the plugin: {tail}")
        found.append(lines)
    stock, with_plugin = found
    result.stock_errors = len(stock)
    result.plugin_errors = sorted(with_plugin - stock)
    result.changed_errors = len(stock - with_plugin)


# -- seeding ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seeded:
    """A bug that was put in, and the problem that gave it away, if one did."""

    file: str
    bug: Bug
    found: str


def seed(package: Package, count: int, chosen_seed: str = "shapetorch") -> list[Seeded]:
    """Put bugs into a package, one at a time, and look for them."""
    candidates: dict[str, list[Bug]] = {}
    names = {}
    for name, path in package.files():
        source = path.read_text(encoding="utf-8", errors="replace")
        if "tests" in path.parts:
            continue
        try:
            candidates[name] = list(Sites(source).bugs())
        except SyntaxError:
            continue
        names[name] = path
    program = Program(package.find)
    out = []
    for name, bug in choose(candidates, count, f"{chosen_seed}-{package.name}"):
        source = names[name].read_text(encoding="utf-8", errors="replace")
        problem = look_for(program, name, source, bug)
        out.append(Seeded(package.relative(names[name]), bug, problem))
    return out


def look_for(program: Program, module: str, source: str, bug: Bug) -> str:
    """The first problem that a source has with a bug and not without it; empty if there is none."""
    edited = bug.apply(source)
    try:
        tree = ast.parse(edited)
    except SyntaxError:
        return ""
    concerned = partial(_is_concerned, _names_concerned(tree, bug.line))
    after = _problems(program, module, edited, concerned)
    if not after:
        return ""
    before = {(p.line, p.kind) for p in _problems(program, module, source, concerned)}
    fresh = [p for p in after if (p.line, p.kind) not in before]
    return f"{fresh[0].line}: {fresh[0].message}" if fresh else ""


def _problems(program: Program, module: str, source: str, only: partial[bool]) -> list[Problem]:
    """The problems of some functions of a module that has another text than its file."""
    original = program.find(module)
    path = original.path if original else f"{module}.py"
    others = {name: value for name, value in program.modules.items() if name != module}
    find = partial(_find_or, program, module, Source(path, source))
    return (
        Program(find, others, heap=program.heap, counter=program.counter)
        .analyze(module, only=only)
        .problems
    )


def _find_or(program: Program, module: str, edited: Source, name: str) -> Source | None:
    return edited if name == module else program.find(name)


def _names_concerned(tree: ast.Module, line: int) -> set[str]:
    """The functions around a line, with all of their class if it is a constructor's, and their callers."""
    inside: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and _holds(node, line):
            inside.add(node.name)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and "__init__" in inside and _holds(node, line):
            inside |= {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
    called = inside - {"__init__", "forward"}
    callers = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        for part in ast.walk(node)
        if isinstance(part, (ast.Name, ast.Attribute))
        and (part.id if isinstance(part, ast.Name) else part.attr) in called
    }
    return inside | callers


def _holds(node: ast.stmt, line: int) -> bool:
    return node.lineno <= line <= (node.end_lineno or node.lineno)


def _is_concerned(names: set[str], function: Function) -> bool:
    return function.name.rsplit(".", 1)[-1] in names


# -- all of it -----------------------------------------------------------------------------------------


def examine(package: Package, count: int) -> tuple[Result, list[Seeded]]:
    """Everything about one package that needs no mypy."""
    return analyse(package), seed(package, count)


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
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--verbose", action="store_true", help="list the bugs that were not found")
    options = parser.parse_args()
    packages = [fetch(name, PACKAGES[name], options.cache) for name in options.only]
    with ProcessPoolExecutor(options.jobs) as pool:
        examined = list(pool.map(examine, packages, [options.bugs] * len(packages)))
    results = [result for result, _ in examined]
    seeded = {result.package.name: bugs for result, bugs in examined}
    if not options.no_mypy:
        for result in results:
            run_mypy(result, options.cache)
    judged = judgements()
    text = page(results, seeded, judged)
    if options.out:
        options.out.write_text(re.sub(r"\n{3,}", "\n\n", text), encoding="utf-8")
    else:
        print(text)
    if options.verbose:
        for name, bugs in seeded.items():
            for item in bugs:
                print(
                    f"{'found ' if item.found else 'missed'} {name} {item.file}:{item.bug.line} {item.bug.kind}: {item.bug.text!r} {item.found}"
                )
    verdicts = [verdict(judged, r, file, p) for r in results for file, p in r.problems]
    for result in results:
        for crash in result.crashes:
            print(f"crash: {result.package.name}: {crash}", file=sys.stderr)
    bad = any(not v.startswith("bug: ") for v in verdicts)
    return int(bad or any(result.crashes for result in results))


if __name__ == "__main__":
    sys.exit(main())
