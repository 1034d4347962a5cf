"""What small operations rely on to be quick."""

from __future__ import annotations

import subprocess
import sys

PARTS = ["nn", "nn.functional", "func", "autograd", "utils.checkpoint", "linalg", "random"]


def installed(program: str) -> str:
    """Whether calls go through the shells that subclasses need, after a program in a fresh process."""
    program += "\nfrom shapetorch.tensor.overriding import _installed\nprint(bool(_installed))"
    return subprocess.check_output([sys.executable, "-c", program], text=True).strip()


def test_the_library_itself_derives_no_class_that_has_a_say():
    imports = "\n".join(f"import shapetorch.{part}" for part in PARTS)
    assert installed(imports) == "False"
    derived = "class Mine(shapetorch.Tensor): pass"
    assert installed(f"import shapetorch\n{derived}") == "True"  # the check can fail
