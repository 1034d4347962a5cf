"""What it costs to begin: ``python -m benchmarks.startup``.

``import shapetorch`` against ``import numpy``, and a small script to its first result against
``import torch`` alone; processor time of fresh processes, in turns, medians.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys

SCRIPT = """
import shapetorch as torch
x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
loss = ((x @ x).relu() - 1).pow(2).mean()
loss.backward()
print(loss.item(), x.grad.sum().item())
"""
PROGRAMS = {
    "import numpy": "import numpy",
    "import shapetorch after numpy": "import numpy, shapetorch",
    "names of the library": "import shapetorch; shapetorch.Tensor; shapetorch.tensor([1.0])",
    "a small script": SCRIPT,
    "import torch": "import torch",
}
MOST = 0.040


def seconds(program: str) -> float:
    """Processor time of a fresh process that runs a program."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Print the medians; 1 if a goal is missed."""
    for program in PROGRAMS.values():
        seconds(program)  # bytecode
    found: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(7):
        for name, program in PROGRAMS.items():
            found[name].append(seconds(program))
    medians = {name: statistics.median(times) for name, times in found.items()}
    for name, value in medians.items():
        print(f"{name:32}{1000 * value:8.0f} ms")
    extra = medians["import shapetorch after numpy"] - medians["import numpy"]
    share = medians["a small script"] / medians["import torch"]
    print(
        f"import shapetorch costs {1000 * extra:.0f} ms more than import numpy (goal: {1000 * MOST:.0f})"
    )
    print(f"a small script takes {share:.2f} of import torch (goal: below 1)")
    return int(extra > MOST or share >= 1)


if __name__ == "__main__":
    sys.exit(main())
