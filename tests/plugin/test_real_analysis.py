"""The real analysis across modules: what a helper does in one file shows in another, in every way of running."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugin.harness import HERE, MODES, REAL, Project

SETTINGS = f"mypy_path = {HERE / 'stubs'}\nfollow_imports = silent\n"
FILES = {
    "layers.py": """
        import torch
        from jaxtyping import Float
        from torch import Tensor, nn

        WIDTH = 8

        def helper(x):
            return x.view(-1)

        def declared(x: Float[Tensor, "n"]) -> Float[Tensor, "n 2"]:
            return x.view(-1, 2)  # type: ignore

        class Net(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.fc = nn.Linear(WIDTH, 16)

            def forward(self, x):
                return self.fc(x)
        """,
    "between.py": "from layers import Net, WIDTH, declared, helper as flat\n",
    "model.py": """
        from jaxtyping import Float
        from torch import Tensor
        import between

        def use(x: Float[Tensor, "b t"]) -> Float[Tensor, "n"]:
            return between.flat(x)

        def build(x: Float[Tensor, "b 8"]) -> Float[Tensor, "b 16"]:
            return between.Net()(x)

        def call(x: Float[Tensor, "n"]) -> Float[Tensor, "n 2"]:
            return between.declared(x)

        class Sizes:
            width = 8

        def sized(x: Float[Tensor, "b 8"]) -> Float[Tensor, "b 8"]:
            return x.reshape(-1, Sizes.width)
        """,
}


def edited(old: str, new: str, name: str = "layers.py") -> dict[str, str]:
    assert old in FILES[name]
    return {name: FILES[name].replace(old, new)}


WIDER = edited("width = 8", "width = 9", "model.py")
COMMENTED = edited("import between", "import between  # with\n        # care", "model.py")


# the edit, and the lines of model.py that are errors then
EDITS = [
    ("helper", edited("x.view(-1)\n", "x.view(2, -1)\n"), {6}),
    ("back", {"layers.py": FILES["layers.py"]}, set()),
    ("constant", edited("WIDTH = 8", "WIDTH = 9"), {9}),
    ("layer", edited("Linear(WIDTH, 16)", "Linear(WIDTH, 17)"), {9}),
    ("annotation", edited('"n 2"', '"n 3"'), {12}),
    ("back-again", {"layers.py": FILES["layers.py"]}, set()),
    ("function", edited("between.Net()(x)", "between.Net()(x).sum(0)", "model.py"), {9}),
    ("class-attribute", WIDER, {18}),
    ("both", {**WIDER, **edited("WIDTH = 8", "WIDTH = 9")}, {9, 18}),
    ("only-the-attribute", {"layers.py": FILES["layers.py"]}, {18}),
    ("comment", COMMENTED, set()),
    ("after-the-comment", edited("Linear(WIDTH, 16)", "Linear(WIDTH, 17)"), {10}),
    ("at-last", FILES, set()),
]


def lines(output: str) -> set[int]:
    """The lines of model.py with a shape error."""
    return {
        int(line.split(":")[1])
        for line in output.splitlines()
        if line.startswith("model.py:") and "_error_" in line and ": error:" in line
    }


@pytest.mark.parametrize("mode", ["native-parser", "old-parser", "parallel", "whole-modules"])
def test_batch(mode: str, tmp_path: Path) -> None:
    project = Project(tmp_path / "project", plugin=REAL, settings=SETTINGS)
    project.prepare_cache(MODES[mode])
    project.write(FILES)
    assert lines(project.mypy("model.py", *MODES[mode])) == set()
    for name, edit, expected in EDITS:
        project.write(edit)
        assert lines(project.mypy("model.py", *MODES[mode])) == expected, name


def test_warm_and_cold_say_the_same(tmp_path: Path) -> None:
    project = Project(tmp_path / "project", plugin=REAL, settings=SETTINGS)
    project.prepare_cache(MODES["native-parser"])
    project.write(FILES)
    project.mypy("model.py")
    for _, edit, _ in EDITS[6:11]:
        project.write(edit)
        warm, cold = project.mypy("model.py"), project.cold("model.py")
        assert sorted(warm.splitlines()) == sorted(cold.splitlines())


def test_what_is_kept_may_be_lost_or_broken(tmp_path: Path) -> None:
    project = Project(tmp_path / "project", plugin=REAL, settings=SETTINGS)
    project.prepare_cache(MODES["native-parser"])
    project.write({**FILES, **WIDER})
    assert lines(project.mypy("model.py")) == {18}
    kept = project.folder / ".mypy_cache" / "shapetorch" / "model.json"
    for text in ("", "[]", "{}", '{"version": 3}'):
        kept.write_text(text)
        project.write({"model.py": WIDER["model.py"] + f"        # {text}\n"})
        assert lines(project.mypy("model.py")) == {18}
        assert len(kept.read_text()) > 100, "kept again"


def test_daemon(tmp_path: Path) -> None:
    settings = SETTINGS.replace("silent", "normal")  # the daemon cannot do the other
    project = Project(tmp_path / "project", plugin=REAL, settings=settings)
    project.write(FILES)
    with project.daemon() as daemon:
        assert lines(daemon.check("model.py", "layers.py", "between.py")) == set()
        for name, edit, expected in EDITS:
            project.write(edit)
            found = daemon.check("model.py", "layers.py", "between.py")
            assert lines(found) == expected, name
        for _ in range(2):  # "run" asks for the plugin again
            again = daemon.dmypy(
                "run", "--", "--no-error-summary", "model.py", "layers.py", "between.py"
            )
            assert lines(again) == expected
