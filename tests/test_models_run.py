"""The corpus, run: models, silent programs and examples work, every broken one fails.

The programs are run as jaxtyping's import hook would run them: each function and class checked by
jaxtyping and beartype. The hook's own transformer is used, on text instead of files.
"""

from __future__ import annotations

import ast
import sys
import traceback
import types
import warnings
from collections import Counter

import pytest

from tests import models
from tests.models import KINDS, Model, Twin

torch = pytest.importorskip("torch")
pytest.importorskip("einops")

from jaxtyping import AnnotationError, TypeCheckError  # noqa: E402
from jaxtyping._import_hook import JaxtypingTransformer, Typechecker  # noqa: E402

SILENT = models.programs(models.ROOT / "typecheck" / "silent")
EXAMPLES = models.programs(models.ROOT / "examples")
MODELS = models.correct()
TWINS = models.twins()
BEARTYPE = Typechecker("beartype.beartype")


def run(name: str, source: str, *, checked: bool) -> None:
    """Run a program's ``example()``, its functions wrapped by jaxtyping and beartype if `checked`."""
    tree: ast.Module = ast.parse(source, filename=f"<{name}>")
    if checked:
        tree = JaxtypingTransformer(typechecker=BEARTYPE).visit(tree)
        ast.fix_missing_locations(tree)
    module = types.ModuleType(f"corpus_{name}")
    sys.modules[module.__name__] = module  # dataclasses and string annotations look it up
    torch.manual_seed(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(tree, f"<{name}>", "exec", dont_inherit=True), module.__dict__)
            module.example()
    finally:
        del sys.modules[module.__name__]


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Small tensors: threads would only wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.parametrize("checked", [False, True], ids=["plain", "checked"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_model_runs(model: Model, checked: bool) -> None:
    run(model.name, model.source, checked=checked)


# At run time a name that only the result uses is bound by the result, so the caller fails instead.
FAILS_LATER = {
    "diffusion_unet_block__one_frequency_too_many",
    "pointnet__maximum_over_channels",
}


@pytest.mark.parametrize("checked", [False, True], ids=["plain", "checked"])
@pytest.mark.parametrize("program", SILENT, ids=lambda program: program.name)
def test_silent_program_runs(program: Model, checked: bool) -> None:
    run(program.name, program.source, checked=checked)


@pytest.mark.parametrize("program", EXAMPLES, ids=lambda program: program.name)
def test_example(program: Model, capsys: pytest.CaptureFixture[str]) -> None:
    if program.name.startswith("broken_"):
        with pytest.raises((RuntimeError, TypeCheckError)):
            run(program.name, program.source, checked=True)
    else:
        run(program.name, program.source, checked=True)


def failure(twin: Twin) -> Exception | None:
    try:
        run(twin.name, twin.source, checked=True)
    except Exception as error:
        return error
    return None


@pytest.mark.parametrize("twin", models.all_twins(), ids=lambda twin: twin.name)
def test_twin_fails(twin: Twin) -> None:
    error = failure(twin)
    assert error is not None, "the twin runs without an error"
    assert not isinstance(error, (NameError, SyntaxError, AttributeError, AnnotationError))
    if isinstance(error, TypeCheckError):
        return  # a parameter or a result does not fit its annotation
    frames = traceback.extract_tb(error.__traceback__)
    lines = {frame.lineno for frame in frames if frame.filename == f"<{twin.name}>"}
    assert twin.use_line in lines or twin.name in FAILS_LATER, (lines, error)


def test_the_twins_are_spread_evenly() -> None:
    of_kind = Counter(twin.kind for twin in TWINS)
    assert len(TWINS) >= 48
    assert all(of_kind[kind] >= 4 for kind in KINDS), of_kind
    assert max(of_kind.values()) <= 2 * min(of_kind.values()), of_kind
    of_model = Counter(twin.model for twin in TWINS)
    assert len(MODELS) >= 14
    assert all(of_model[model.name] >= 3 for model in MODELS), of_model


def test_names_are_unique() -> None:
    assert len({twin.name for twin in models.all_twins()}) == len(models.all_twins())


def test_the_page_is_up_to_date() -> None:
    text = (models.BROKEN / "README.md").read_text()
    assert text == models.readme(), "run python -m tests.models --readme"


def test_an_ambiguous_edit_is_refused() -> None:
    row = {"bug": "any", "kind": "off_by_one", "old": "x", "new": "y"}
    with pytest.raises(AssertionError, match="occurs 2 times"):
        models.make_twin(Model("two", "x = 1\nx = 2\n"), row)
