"""Every error kind has a page, whose example has exactly this error, here and in PyTorch."""

from __future__ import annotations

import builtins
import sys
import warnings
from itertools import islice

import pytest

import shapetorch
from shapetorch.errors import ErrorKind, ShapeError
from tests.test_typecheck import ROOT

sys.path.insert(0, str(ROOT / "tools"))

import error_pages

PAGES = error_pages.pages()


def test_every_kind_has_a_text() -> None:
    assert not error_pages.missing(), "write these in docs/errors.toml"


def test_every_page_has_a_kind() -> None:
    written = {file.stem for file in error_pages.PAGES.glob("*.md")}
    assert written == {str(kind) for kind in ErrorKind}, "run python tools/error_pages.py"


@pytest.mark.parametrize("name", PAGES)
def test_example_has_the_error(name: str) -> None:
    page = PAGES[name]
    found = [kind for kind, _ in error_pages.reported(page)]
    if page.gap is not None:
        assert found != [name], f"{name} is found now: remove its gap from docs/errors.toml"
        return
    assert found == [name], page.program


@pytest.mark.parametrize("name", [str(kind) for kind in islice(ErrorKind, 40)])
def test_the_documented_kinds_have_the_same_words_at_run_time(name: str) -> None:
    page = PAGES[name]
    program = page.program.replace("import torch", "import shapetorch as torch")
    program = program.replace("import einops", "import shapetorch.einops as einops")
    if "torch.nn.EmbeddingBag" in program and not hasattr(shapetorch.nn, "EmbeddingBag"):
        pytest.skip("the library has no such layer yet")
    with pytest.raises(ShapeError) as caught:
        exec(program, {})
    assert [(str(caught.value.kind), str(caught.value))] == error_pages.reported(page)


@pytest.mark.parametrize("name", PAGES)
def test_page_is_up_to_date(name: str) -> None:
    file = error_pages.PAGES / f"{name}.md"
    assert file.read_text() == error_pages.render(PAGES[name]), "run python tools/error_pages.py"


@pytest.mark.parametrize(
    "name", [name for name, page in PAGES.items() if page.judge != "shapetorch"]
)
def test_pytorch_refuses_the_example(name: str) -> None:
    page = PAGES[name]
    pytest.importorskip("torch")
    pytest.importorskip("einops")
    expected: type[Exception] = page.kind.exception
    if page.judge == "einops":
        expected = Exception
    elif page.exception is not None:
        expected = getattr(builtins, page.exception)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(expected):
            exec(page.program, {})


def test_texts_are_sentences() -> None:
    for name, page in PAGES.items():
        for text in (page.means, page.fix):
            assert text[0].isupper() or text[0] in "`(", name
            assert text[-1] in ".?)", name
