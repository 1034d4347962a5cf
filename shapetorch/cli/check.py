"""``shapetorch check``: mypy with the plugin, in this process.

mypy's settings are the user's, from wherever mypy itself finds them. Added are the plugin, a cache of
our own, and the parts of torch that need not be read (`torch_internals`).
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from shapetorch.cli import torch_internals
from shapetorch.cli.main import UsageError
from shapetorch.cli.messages import Printer, group
from shapetorch.cli.modules import LocalModules, read, root_and_name, typed_libraries
from shapetorch.cli.progress import Progress

if TYPE_CHECKING:
    from mypy.modulefinder import BuildSource
    from mypy.options import Options

    from shapetorch.flow.program import Source

PLUGIN = "shapetorch.mypy_plugin"
CACHE = ".shapetorch_cache"
NO_SETTINGS = str(Path(__file__).with_name("no_settings.ini"))
NO_TARGET = "Missing target module, package, files, or command."


def check(
    paths: Sequence[str],
    *,
    strict: bool,
    output: str,
    color: bool,
    mypy_arguments: Sequence[str],
) -> int:
    """Check files and print what was found.

    Args:
        paths: Files and folders; if there are none, those of mypy's settings, or the current folder.
        strict: Also report what is wrong unless an equation holds.
        output: ``text``, ``json`` or ``github``.
        color: Whether colors may be used, if the output is a terminal.
        mypy_arguments: Passed on to mypy.

    Returns:
        0 if there are no errors, 1 if there are, 2 if mypy could not check the files.
    """
    for path in paths:
        if not os.path.exists(path):
            raise UsageError(f"{path} does not exist")
    with Progress(color=color) as progress:
        progress.say(f"Checking {', '.join(paths) or 'the project'} ...")
        os.environ["SHAPETORCH_COMMAND"] = "1"
        if strict:
            os.environ["SHAPETORCH_STRICT"] = "1"
        sources, options = _mypy_options(paths, mypy_arguments)
        own = list(_closure(sources))
        kept = _skip_internals(options, own)
        torch = torch_internals.mention_torch(own) and _torch(_installed(options)) is not None
        if torch and not _memory(options).exists():
            progress.say(
                "First run with this cache: mypy reads torch's own modules once, which takes some "
                "seconds. The next run takes about a second."
            )
        printer = Printer(output=output, color=color, progress=progress)
        blocked = _build(sources, options, printer, progress)
        if torch and not blocked:
            _remember(options, kept)
    printer.summary(len(sources), blocked=blocked)
    if blocked:
        return 2
    return 1 if printer.errors else 0


def _mypy_options(
    paths: Sequence[str], mypy_arguments: Sequence[str]
) -> tuple[list[BuildSource], Options]:
    from mypy.main import process_options

    said = io.StringIO()
    targets = list(paths)
    while True:
        try:
            with redirect_stdout(said), redirect_stderr(said):
                sources, options = process_options(
                    [*mypy_arguments, *targets], stdout=said, stderr=said
                )
            break
        except SystemExit:
            text = said.getvalue()
            if NO_TARGET in text and not targets:
                targets = ["."]
                said.truncate(0)
                continue
            raise UsageError(_one_line(text)) from None
    if complaint := said.getvalue().strip():
        raise UsageError(f"broken configuration: {_one_line(complaint, first=True)}")
    _check_own_settings(options)
    if PLUGIN not in options.plugins:
        options.plugins.append(PLUGIN)
    if not options.config_file:
        options.config_file = NO_SETTINGS  # without a file mypy loads no plugins
    if not any(argument.startswith("--cache-dir") for argument in mypy_arguments):
        options.cache_dir = CACHE
    options.output = None
    options.pretty = False
    options.show_column_numbers = True
    options.show_error_end = True
    options.show_error_context = False
    options.show_error_code_links = False
    options.hide_error_codes = False
    options.warn_unused_configs = False  # the sections we add are not the user's
    return sources, options


def _check_own_settings(options: Options) -> None:
    from shapetorch.mypy_plugin.settings import InvalidSettings, load

    try:
        load(options.config_file)
    except InvalidSettings as error:
        raise UsageError(f"broken configuration: {error}") from None


def _one_line(text: str, *, first: bool = False) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return "mypy refused the arguments"
    return lines[0 if first else -1].removeprefix("mypy: ").removeprefix("error: ").strip()


def _closure(sources: Sequence[BuildSource]) -> Sequence[Source]:
    """The sources of the program itself: what is checked, and what that imports from beside it."""
    targets = [read(Path(source.path)) for source in sources if source.path]
    roots = [root_and_name(Path(source.path))[0] for source in sources if source.path]
    found = [source for source in targets if source is not None]
    return list(LocalModules([*roots, Path.cwd()]).closure(found))


def _skip_internals(options: Options, own: Sequence[Source]) -> set[str]:
    """Tell mypy what to skip; a package that was once needed stays, so that the cache is kept."""
    folders = _installed(options)
    settings = options.per_module_options
    untyped = options.follow_untyped_imports or any(
        setting.get("follow_untyped_imports") for setting in settings.values()
    )
    libraries = typed_libraries(own, folders, untyped=untyped)
    torch = _torch(folders)
    kept: set[str] = set()
    with suppress(OSError):
        kept.update(_memory(options).read_text().split())
    if libraries is None:
        libraries, torch = [], None
        kept.update(torch_internals.PUBLIC)
    kept, unneeded = torch_internals.needed_and_unneeded([*own, *libraries], torch, kept)
    for package in sorted(unneeded):
        for pattern in (package, f"{package}.*"):
            settings[pattern] = {
                "follow_imports": "skip",
                "follow_imports_for_stubs": True,
                **settings.get(pattern, {}),
            }
    return kept


def _installed(options: Options) -> list[Path]:
    """Where mypy looks for installed packages."""
    from mypy.errors import CompileError
    from mypy.modulefinder import get_search_dirs

    try:
        return [Path(it) for found in get_search_dirs(options.python_executable) for it in found]
    except CompileError:
        return []  # mypy says so itself


def _torch(folders: list[Path]) -> Path | None:
    return next((it / "torch" for it in folders if (it / "torch").is_dir()), None)


def _memory(options: Options) -> Path:
    return Path(options.cache_dir) / "torch_packages.txt"


def _remember(options: Options, kept: set[str]) -> None:
    with suppress(OSError):  # without a cache there is nothing to keep stable
        _memory(options).write_text("\n".join(sorted(kept)) + "\n")


def _build(
    sources: list[BuildSource], options: Options, printer: Printer, progress: Progress
) -> bool:
    """Run mypy; whether it had to stop before everything was checked."""
    from mypy import build
    from mypy.defaults import RECURSION_LIMIT
    from mypy.errors import CompileError
    from mypy.fscache import FileSystemCache

    def flush(_: str | None, lines: list[str], serious: bool) -> None:
        for message in group(lines):
            printer.show(message)

    sys.setrecursionlimit(RECURSION_LIMIT)
    said = io.StringIO()
    try:
        build.build(
            sources,
            options,
            flush_errors=flush,
            fscache=FileSystemCache(),
            stdout=said,
            stderr=said,
            extra_plugins=[progress.plugin(options)],
        )
    except CompileError:
        return True
    except SystemExit as error:  # mypy's way to report that it failed itself
        raise UsageError("mypy itself failed, see above") from error
    return False
