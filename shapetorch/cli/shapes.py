"""``shapetorch shapes FILE``: the file, with the shape of each assigned tensor beside its line."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

from shapetorch.cli.main import UsageError
from shapetorch.cli.modules import LocalModules, read, root_and_name
from shapetorch.flow.problems import ShapeAt
from shapetorch.flow.program import Program

WIDEST = 100
"""Comments are aligned behind the longest line that has one, but not further right than this."""


def show_shapes(file: str) -> int:
    """Print the annotated file."""
    path = Path(file)
    source = read(path)
    if source is None:
        raise UsageError(f"cannot read {file}" if path.exists() else f"{file} does not exist")
    try:
        compile(source.text, file, "exec", dont_inherit=True, flags=0x400)  # ast.PyCF_ONLY_AST
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise UsageError(f"{file}{f':{line}' if line else ''}: {error.args[0]}") from None
    root, name = root_and_name(path)
    modules = LocalModules([root, Path.cwd()])
    program = Program(lambda module: source if module == name else modules.find(module))
    sys.stdout.write(annotate(source.text, program.analyze(name).shapes))
    return 0


def annotate(text: str, shapes: list[ShapeAt]) -> str:
    """The text with the shapes as comments, aligned.

    Args:
        text: A Python file.
        shapes: What is bound where; a shape belongs at the end of its statement's last line.
    """
    lines = text.splitlines()
    bound: dict[int, dict[str, str]] = defaultdict(dict)
    for shape in sorted(shapes, key=lambda shape: (shape.line, shape.column)):
        if 1 <= shape.end_line <= len(lines):
            bound[shape.end_line][shape.name] = shape.text
    widths = [len(lines[number - 1]) for number in bound]
    column = max((width for width in widths if width <= WIDEST), default=0) + 2
    for number, names in bound.items():
        line = lines[number - 1]
        lines[number - 1] = f"{line}{' ' * max(column - len(line), 2)}# {_comment(names)}"
    return "".join(f"{line}\n" for line in lines)


def _comment(names: dict[str, str]) -> str:
    if len(names) == 1:
        return next(iter(names.values()))
    if len(set(names.values())) == 1:
        return f"{', '.join(names)}: {next(iter(names.values()))}"
    return ", ".join(f"{name}: {text}" for name, text in names.items())
