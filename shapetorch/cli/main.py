"""Command-line arguments, and which command runs.

Exit status: 0 nothing was found, 1 errors were found, 2 the question could not be answered (a path
that does not exist, a syntax error, a broken configuration).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

CHECK_HELP = """\
Checks Python files with mypy and the shape analysis. Nothing is run, and no configuration file is
needed; if there is one (mypy.ini, setup.cfg, pyproject.toml), its settings for mypy are kept.
"""
SHAPES_HELP = """\
Prints a Python file with the shape of each assigned tensor at the end of its line.
"""
EPILOG = """\
examples:
  shapetorch check model.py
  shapetorch check src --strict
  shapetorch check src -- --python-version 3.12 --disallow-untyped-defs
  shapetorch shapes model.py

exit status: 0 no errors, 1 errors were found, 2 the files could not be checked
"""


class UsageError(Exception):
    """What the user asked for cannot be done; the text is one line."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status; with the process's own arguments, end the process."""
    if arguments is not None:
        return _run(arguments)
    status = _run(sys.argv[1:])
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (BrokenPipeError, ValueError):  # nobody reads, or it is closed already
        status = status or 1
    os._exit(status)  # as mypy does: to free all it knows of torch takes a second


def _run(arguments: Sequence[str]) -> int:
    given, passed_on = _split(list(arguments))
    options = _parser().parse_args(given)
    if options.command is None:
        _parser().print_help()
        return 2
    try:
        if options.command == "shapes":
            from shapetorch.cli.shapes import show_shapes

            return show_shapes(options.file)
        from shapetorch.cli.check import check

        return check(
            options.paths,
            strict=options.strict,
            output=options.output,
            color=options.color,
            mypy_arguments=passed_on,
        )
    except UsageError as error:
        print(f"shapetorch: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("shapetorch: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Our arguments, and those for mypy: everything after ``--``."""
    if "--" not in arguments:
        return arguments, []
    at = arguments.index("--")
    return arguments[:at], arguments[at + 1 :]


def _version() -> str:
    try:
        return version("shapetorch")
    except PackageNotFoundError:
        return "0.0.0 (not installed)"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="shapetorch",
        description="Finds tensor shape errors in PyTorch code without running it.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"shapetorch {_version()}")
    commands = parser.add_subparsers(dest="command", metavar="command")

    check = commands.add_parser(
        "check",
        help="find shape errors (and mypy's errors) in files and folders",
        description=CHECK_HELP,
        usage="%(prog)s [paths] [--strict] [--output FORMAT] [--no-color] [-- mypy arguments]",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    check.add_argument(
        "paths", nargs="*", help="files and folders (default: those in mypy's settings, or .)"
    )
    check.add_argument(
        "--strict",
        action="store_true",
        help="also report what is wrong unless an equation between sizes holds",
    )
    check.add_argument(
        "--output",
        choices=("text", "json", "github"),
        default="text",
        help="text for people (default), json with one object a line, or github annotations",
    )
    check.add_argument(
        "--no-color", dest="color", action="store_false", help="plain text even on a terminal"
    )

    shapes = commands.add_parser(
        "shapes",
        help="print a file with the shape of each tensor",
        description=SHAPES_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    shapes.add_argument("file", help="a Python file")
    return parser
