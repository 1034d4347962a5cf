"""What the pages in ``docs/`` show is what happens; see ``tools/doc_pages.py`` for the marks."""

from __future__ import annotations

import doctest
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from jaxtyping import Float

from shapetorch import Tensor
from shapetorch.flow import Program, Source
from shapetorch.mypy_plugin import settings
from tests.test_typecheck import ROOT

sys.path.insert(0, str(ROOT / "tools"))

import doc_pages
import helpers_page
import operations_page

BLOCKS = [block for page in doc_pages.pages() for block in doc_pages.blocks(page)]
REPORTS = [block for block in BLOCKS if doc_pages.is_report(block)]
REPORTED = {str(block.follows) for block in REPORTS}
PROGRAMS = [block for block in BLOCKS if block.language == "python"]
OUTPUT = "run python tools/doc_pages.py"
LINK = re.compile(r"\]\((?P<path>[^)#:\s]*)(?:#(?P<anchor>[^)\s]*))?\)")
MARKDOWN = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("block", PROGRAMS, ids=str)
def test_program(block: doc_pages.Block) -> None:
    if not doc_pages.readable(block):
        pytest.skip("this Python cannot read the syntax")
    if str(block) not in REPORTED:
        assert not list(doc_pages.complaints(block))


@pytest.mark.parametrize("block", REPORTS, ids=str)
def test_report(block: doc_pages.Block) -> None:
    assert block.follows is not None
    if not doc_pages.readable(block.follows):
        pytest.skip("this Python cannot read the syntax")
    assert block.text == doc_pages.reported(block.follows), OUTPUT


@pytest.mark.parametrize("page", doc_pages.pages(), ids=lambda page: page.stem)
def test_sessions(page: Path, tmp_path: Path) -> None:
    found = doc_pages.blocks(page)
    if not any(block.language == "console" for block in found):
        return
    pytest.importorskip("torch")
    folder = doc_pages.Folder(tmp_path)
    for block in found:
        folder.put(block)
        if block.language == "console":
            assert block.text == folder.session(block), OUTPUT


SESSIONS = [*BLOCKS, *doc_pages.blocks(ROOT / "README.md")]


@pytest.mark.parametrize("block", [it for it in SESSIONS if it.language == "pycon"], ids=str)
def test_python_session(block: doc_pages.Block) -> None:
    flags = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
    example = doctest.DocTestParser().get_doctest(
        block.text, {}, str(block), block.page, block.line
    )
    assert doctest.DocTestRunner(optionflags=flags, verbose=False).run(example).failed == 0


@pytest.mark.parametrize("block", [it for it in BLOCKS if it.language == "toml"], ids=str)
def test_settings_are_understood(block: doc_pages.Block) -> None:
    table = tomllib.loads(block.text).get("tool", {}).get("shapetorch", {})
    settings._read(table, Path("pyproject.toml"))


@pytest.mark.parametrize("module", [helpers_page, operations_page], ids=lambda it: it.__name__)
def test_generated_page_is_up_to_date(module: object) -> None:
    page, text = module.PAGE, module.render()  # type: ignore[attr-defined]
    assert page.read_text() == text, f"run python tools/{page.stem}_page.py"


def links() -> Iterator[tuple[Path, str, str]]:
    for page in MARKDOWN:
        text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
        for match in LINK.finditer(text):
            yield page, match["path"], match["anchor"] or ""


def headings(page: Path) -> set[str]:
    """The anchors of a page, as GitHub makes them."""
    lines = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


def test_links_lead_somewhere() -> None:
    broken = []
    for page, path, anchor in links():
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in headings(target)):
            broken.append(f"{page.relative_to(ROOT)}: {path}#{anchor}")
    assert not broken


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text()
    pages = [page.relative_to(ROOT / "docs") for page in (ROOT / "docs").rglob("*.md")]
    missing = [str(page) for page in pages if page.parts[0] != "errors" and str(page) not in index]
    assert missing == ["index.md"], "name the others in docs/index.md"


RUN = {  # what the table in annotations.md says of annotations that are run
    'Float[Array, "b t 2*d"]': True,
    'Tensor["b", "t", 512]': True,
    'Tensor["b", "2 * t"]': True,
    "Tensor[B, T]": True,
    "Tensor[B, T * 2]": False,
}
RUN_BY_312 = {
    "def f[B, T](x: Tensor[B, T]): ...": True,
    "def f[B, T](x: Tensor[B, T * 2]): ...": False,
    "type Image[C, H] = Tensor[C, H * 2]": True,
}


@pytest.mark.parametrize(("text", "works"), {**RUN, **RUN_BY_312}.items())
def test_what_works_at_run_time(text: str, works: bool) -> None:
    if text in RUN_BY_312 and sys.version_info < (3, 12):
        pytest.skip("this Python cannot read the syntax")
    names = {
        "Float": Float,
        "Array": np.ndarray,
        "Tensor": Tensor,
        "B": TypeVar("B"),
        "T": TypeVar("T"),
    }
    program = compile(text, "program", "exec", dont_inherit=True)  # annotations are lazy here
    if works:
        exec(program, names)
    else:
        with pytest.raises(TypeError):
            exec(program, names)


def test_torch_takes_no_brackets() -> None:
    torch = pytest.importorskip("torch")
    with pytest.raises(TypeError):
        torch.Tensor[2, 3]


def test_a_wrong_page_is_noticed() -> None:
    text = 'def f(x: Float[Tensor, "b t"]) -> None:\n    reveal_shape(x)  # [b]\n    x @ x\n'
    block = doc_pages.Block("page.md", 1, "python", text, 0, 0, None)
    assert len(list(doc_pages.complaints(block))) == 3


@pytest.mark.parametrize("name", ["broken_attention", "broken_resnet", "broken_vae"])
def test_the_readme_shows_what_is_said_of_the_examples(name: str) -> None:
    file = f"examples/{name}.py"
    text = (ROOT / file).read_text()
    report = Program(lambda module: Source(file, text) if module == name else None).analyze(name)
    shown = (ROOT / "README.md").read_text()
    for problem in report.problems:
        place = f"{file}:{problem.line}:{problem.column + 1}"
        assert f"{place}: error: {problem.message}  [{problem.kind}]\n" in shown
        for note in problem.notes:
            line = f" (line {note.line})" if note.line else ""
            assert f"    note: {note.text}{line}\n" in shown
