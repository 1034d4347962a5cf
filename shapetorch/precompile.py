"""Compile all kernels now: ``python -m shapetorch.precompile``.

They are kept on disk, so that later programs load them in milliseconds. Without this, each kernel
is compiled when a program first needs it. The folder is ``$SHAPETORCH_CACHE``, or ``shapetorch`` in the
user's cache folder; it is named by the versions and a hash of the kernels, so an old one is never used.
"""

from __future__ import annotations

import argparse
import shutil
import sys


def main(arguments: list[str] | None = None) -> int:
    """Compile, with a progress bar where there is a terminal."""
    parser = argparse.ArgumentParser(
        prog="python -m shapetorch.precompile",
        description="Compile all kernels and keep them on disk.",
    )
    parser.add_argument(
        "--clear", action="store_true", help="remove kernels of other versions first"
    )
    parser.add_argument("--quiet", action="store_true", help="print nothing")
    options = parser.parse_args(arguments)

    from rich.console import Console
    from rich.progress import track

    from shapetorch.tensor.kernels.compiling import cache_folder
    from shapetorch.tensor.kernels.examples import EXAMPLES, kinds_of
    from shapetorch.tensor.kernels.table import KERNELS, callbacks

    console = Console(quiet=options.quiet)
    folder = cache_folder()
    if options.clear:
        for old in folder.parent.glob("kernels-*"):
            if old != folder:
                shutil.rmtree(old, ignore_errors=True)
    calls = [(name, kind) for name in KERNELS for kind in kinds_of(name)]
    for name, kind in track(calls, "Compiling kernels", console=console):
        KERNELS[name](*EXAMPLES[name](kind))
    callbacks()
    console.print(f"{len(calls)} kernels are in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
