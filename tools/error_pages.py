"""Write the pages of the error kinds, ``docs/errors/<kind>.md``, from ``docs/errors.toml``.

The examples are analysed, never typed twice: the message on a page is what the analysis says today.
``python tools/error_pages.py`` writes the pages, and says which kinds have no text.
"""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TEXTS = ROOT / "docs" / "errors.toml"
PAGES = ROOT / "docs" / "errors"

sys.path.insert(0, str(ROOT))

from shapetorch.errors import ErrorKind, ShapeError  # noqa: E402
from shapetorch.flow import Program, Source  # noqa: E402

IMPORTS = {  # in the order in which they stand in a program
    "assert_type": "from typing import assert_type\n",
    "einops.": "import einops",
    "torch.": "import torch",
    "Float[": "from jaxtyping import Float",
    "at_shape": "from shapetorch import at_shape",
    "Tensor,": "from torch import Tensor",
}


@dataclass(frozen=True)
class Page:
    """The text of one kind."""

    kind: ErrorKind
    means: str
    example: str
    fix: str
    judge: str
    exception: str | None
    gap: str | None

    @property
    def program(self) -> str:
        """The example with the imports it needs."""
        imports = [line for word, line in IMPORTS.items() if word in self.example]
        example = self.example.strip("\n")
        space = [""] * (2 if example.startswith("def ") else 1)
        return "\n".join([*imports, *space, example]) + "\n"


def pages() -> dict[str, Page]:
    """All texts by the name of their kind."""
    table: dict[str, dict[str, Any]] = tomllib.loads(TEXTS.read_text())
    return {
        name: Page(
            ErrorKind[name],
            row["means"],
            row["example"],
            row["fix"],
            row.get("judge", "torch"),
            row.get("exception"),
            row.get("gap"),
        )
        for name, row in table.items()
    }


def reported(page: Page) -> list[tuple[str, str]]:
    """Kind and message of every error that the example has: found by the analysis, or raised."""
    if "at_shape" in page.example:
        try:
            exec(page.program, {})
        except ShapeError as error:
            return [(str(error.kind), error.message)]
        return []
    source = Source("example.py", page.program)
    report = Program(lambda name: source if name == "example" else None).analyze("example")
    return [(it.kind, it.message) for it in report.problems if it.severity == "error"]


def render(page: Page) -> str:
    """The page as Markdown."""
    found = [] if page.gap else reported(page)
    said = "\n".join(f"error: {message}  [{kind}]" for kind, message in found)
    said = said or f"not reported yet: {page.gap}"
    carried = ", ".join(f"`{item}`" for item in page.kind.parameters) or "nothing"
    exception = page.kind.exception.__name__
    article = "an" if exception[0] in "AEIOU" else "a"
    origin = "one of torch.js's documented kinds" if page.kind.documented else "a kind of ours"
    return f"""# {page.kind}

{page.means}

It carries {carried}, is also {article} `{exception}`, and is {origin}.

## Example

```python
{page.program.rstrip()}
```

```text
{said}
```

## What to do

{page.fix}
"""


def missing() -> list[str]:
    """Kinds without a text."""
    known = pages()
    return [str(kind) for kind in ErrorKind if str(kind) not in known]


def main() -> int:
    """Write all pages and the list of them; 1 if a kind has no text."""
    PAGES.mkdir(parents=True, exist_ok=True)
    known = pages()
    for name, page in known.items():
        (PAGES / f"{name}.md").write_text(render(page))
    for file in PAGES.glob("*.md"):
        if file.stem not in known:
            file.unlink()
    for name in missing():
        print(f"no text for {name} in {TEXTS.relative_to(ROOT)}")
    return int(bool(missing()))


if __name__ == "__main__":
    sys.exit(main())
