"""All batching rules; importing the files enters them."""

from __future__ import annotations


def load() -> None:
    """Enter the rules of every family."""
    from shapetorch.func.batching import (
        dims,  # noqa: F401
        facts,  # noqa: F401
        indexing,  # noqa: F401
        losses,  # noqa: F401
        networks,  # noqa: F401
        pointwise,
        products,  # noqa: F401
        shaping,  # noqa: F401
    )

    pointwise.enter()
