"""Write ``docs/operations.md``, the list of operations and layers, from the tables of the rules."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "operations.md"

sys.path.insert(0, str(ROOT))

from shapetorch import rules  # noqa: E402
from shapetorch.rules.registry import Rule  # noqa: E402

HEAD = """\
# Operations and layers

Every operation here has a shape rule: what it does to shapes, and which shapes it refuses. What is not in
this list gives an unknown shape, which is never an error.

A rule serves every spelling of its operation: the function, the method, the operator, and the in-place
method where there is one (marked *in place*). Parameter names and defaults are PyTorch's.
The list is written by `tools/operations_page.py` from the tables that the checker itself uses.
"""


FAMILIES = {  # rules made by the dozen, which have no docstring of their own
    "elementwise": "The shape that the operands broadcast to.",
    "unary": "The shape of the tensor.",
    "linalg": "The shape of the matrices, which must be square.",
}
REFERENCE = re.compile(r"[;,] see `[^`]*`")


def first_sentence(thing: object) -> str:
    """The first line of a docstring, without the mark-up of Python."""
    lines = (getattr(thing, "__doc__", None) or "").strip().splitlines()
    text = (lines[0] if lines else "").replace("``", "`").replace("|", "\\|")
    return REFERENCE.sub("", text)


def result(rule: Rule) -> str:
    """What a rule says of its result."""
    return first_sentence(rule.shape) or FAMILIES[rule.shape.__module__.rsplit(".", 1)[-1]]


def title(module: str) -> str:
    """The heading of a rule file: what its docstring is about."""
    sentence = first_sentence(importlib.import_module(module)).rstrip(".")
    topic, _, rest = sentence.partition(": ")
    if topic == "Layers":
        return rest[:1].upper() + rest[1:].split(". ")[0]
    return topic


def source(module: str) -> str:
    """A link to a rule file."""
    path = module.replace(".", "/") + ".py"
    return f"[`{path}`](../{path})"


def spellings(found: list[Rule]) -> str:
    """All functions and methods that some rules serve."""
    functions = dict.fromkeys(name for rule in found for name in rule.functions)
    methods = dict.fromkeys(name for rule in found for name in rule.methods)
    inplace = any(rule.inplace for rule in found)
    words = [f"`{name}`" for name in functions]
    words += [f"`Tensor.{name}`" for name in methods]
    return ", ".join(words) + (" *in place*" if inplace else "")


def operations() -> dict[str, dict[str, list[Rule]]]:
    """Rules by file and name."""
    table: dict[str, dict[str, list[Rule]]] = {}
    for rule in rules.RULES:
        table.setdefault(rule.shape.__module__, {}).setdefault(rule.name, []).append(rule)
    return table


def layers() -> dict[str, dict[type, list[str]]]:
    """Layers by file and class, with their names."""
    table: dict[str, dict[type, list[str]]] = {}
    for name, cls in rules.LAYERS.items():
        table.setdefault(cls.__module__, {}).setdefault(cls, []).append(name)
    return table


def render() -> str:
    """The whole page."""
    lines = [HEAD, "## Operations", ""]
    for module, by_name in sorted(operations().items()):
        lines += [f"### {title(module)}", "", source(module), ""]
        lines += ["| operation | spelled | result |", "| --- | --- | --- |"]
        for name, found in sorted(by_name.items()):
            said = " ".join(dict.fromkeys(result(rule) for rule in found))
            lines.append(f"| `{name}` | {spellings(found)} | {said} |".replace("`|`", "`\\|`"))
        lines.append("")
    lines += ["## Layers", ""]
    for module, by_class in sorted(layers().items()):
        lines += [f"### {title(module)}", "", source(module), ""]
        lines += ["| layer | what it is |", "| --- | --- |"]
        for cls, names in by_class.items():
            listed = ", ".join(f"`{name}`" for name in names)
            lines.append(f"| {listed} | {first_sentence(cls)} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Write the page."""
    PAGE.write_text(render())


if __name__ == "__main__":
    main()
