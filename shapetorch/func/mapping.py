"""`vmap`: a function of single examples as a function of batches.

The function runs once for each place of the mapped dim and the results are stacked, so whatever
runs for one example runs for many, value-dependent branches and random numbers included.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from shapetorch.func.structures import leaves, spread, unflatten
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.ops.joining import stack
from shapetorch.tensor.tensors import Tensor


def vmap(
    func: Callable[..., Any],
    in_dims: Any = 0,
    out_dims: Any = 0,
    randomness: str = "error",
    *,
    chunk_size: int | None = None,
) -> Callable[..., Any]:
    """The function that maps `func` over a dim of its arguments.

    Args:
        func: A function of tensors, or of nested lists, tuples and dicts of them.
        in_dims: For each argument (or each leaf) the dim to map over, None for one that is the same for all.
        out_dims: For each result, where the mapped dim goes; None for a result that is not mapped.
        randomness: "error" (random numbers are an error), "different" (drawn anew for each
            example) or "same".
        chunk_size: Taken for compatibility: examples are always run one by one.

    Raises:
        ValueError: the dims do not fit the arguments, or the mapped sizes differ.
        RuntimeError: `func` draws random numbers while `randomness` is "error".
    """
    if randomness not in ("error", "different", "same"):
        raise RuntimeError(
            "Only allowed values for randomness are 'error', 'different', or 'same'. "
            f"Got {randomness}"
        )
    if chunk_size is not None and chunk_size <= 0:
        raise ValueError(f"vmap: chunk_size should be None or greater than 0. (got {chunk_size})")

    @functools.wraps(func)
    def batched(*args: Any, **kwargs: Any) -> Any:
        dims = _dims_of(in_dims, args)
        named = [0 if isinstance(item, Tensor) else None for item in leaves(kwargs)]
        flat = [*leaves(args), *leaves(kwargs)]
        every = [*dims, *named]
        size = _batch_size(flat, every)
        results = []
        before = MODES.randomness
        MODES.randomness = _Randomness(randomness) if before is None else before
        try:
            for place in range(size):
                own = iter(
                    [
                        item if dim is None else item.select(dim, place)
                        for item, dim in zip(flat, every, strict=True)
                    ]
                )
                MODES.randomness.restart()
                results.append(func(*unflatten(args, own), **unflatten(kwargs, own)))
        finally:
            MODES.randomness = before
        if not results:
            raise RuntimeError("vmap: cannot map over a dim of size 0, whose results are not known")
        return _stacked(results, out_dims)

    return batched


class _Randomness:
    """What a random operation finds while a function is mapped."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.start: Any = None

    def restart(self) -> None:
        """The next example begins."""
        self.fresh = True

    def draw(self, generator: Any) -> None:
        """Random numbers are about to be drawn.

        Raises:
            RuntimeError: that is not allowed.
        """
        if self.kind == "error":
            raise RuntimeError(
                "vmap: called random operation while in randomness error mode. Please either use the 'same' or "
                "'different' randomness flags on vmap or perform the randomness operation out of vmap"
            )
        if self.kind == "same" and self.fresh:
            self.fresh = False
            if self.start is None:
                self.start = generator.get_state()
            else:
                generator.set_state(self.start)


def _dims_of(in_dims: Any, args: tuple[Any, ...]) -> list[int | None]:
    if not args:
        raise ValueError("vmap: expected at least one positional argument to map over")
    try:
        dims = spread(in_dims if isinstance(in_dims, int) else tuple(in_dims), args)
    except (ValueError, TypeError):
        raise ValueError(
            f"vmap: in_dims is not compatible with the structure of inputs: got in_dims={in_dims!r} for "
            f"{len(args)} arguments"
        ) from None
    found: list[int | None] = []
    for item, dim in zip(leaves(args), dims, strict=True):
        if dim is not None and not isinstance(dim, int):
            raise ValueError(f"vmap: in_dims must be integers or None, got {dim!r}")
        if dim is not None and not isinstance(item, Tensor):
            raise ValueError(
                f"vmap: got in_dim={dim} for an input of type {type(item).__name__}; only tensors can be "
                "mapped over, use None"
            )
        if dim is not None and not -item.ndim <= dim < item.ndim:
            raise ValueError(
                f"vmap: got in_dim={dim} for a tensor of {item.ndim} dims, expected {-item.ndim} <= in_dim < {item.ndim}"
            )
        found.append(dim)
    return found


def _batch_size(flat: list[Any], dims: list[int | None]) -> int:
    sizes = {
        item._array.shape[dim] for item, dim in zip(flat, dims, strict=True) if dim is not None
    }
    if not sizes:
        raise ValueError(f"vmap: at least one argument must be mapped over, got in_dims of {dims}")
    if len(sizes) > 1:
        raise ValueError(
            f"vmap: Expected all tensors to have the same size in the mapped dimension, got sizes {sorted(sizes)}"
        )
    return sizes.pop()  # type: ignore[no-any-return]


def _stacked(results: list[Any], out_dims: Any) -> Any:
    first = results[0]
    for item in leaves(first):
        if not isinstance(item, Tensor):
            raise ValueError(f"vmap: the function must return Tensors, got {type(item).__name__}")
    several = not isinstance(first, Tensor)
    try:
        dims = spread(
            tuple(out_dims)
            if isinstance(out_dims, (list, tuple)) and several
            else out_dims
            if isinstance(out_dims, int) or out_dims is None or several
            else out_dims[0],
            first,
        )
    except (ValueError, TypeError):
        raise ValueError(
            f"vmap: out_dims is not compatible with the structure of outputs: got {out_dims!r}"
        ) from None
    columns = zip(*[list(leaves(result)) for result in results], strict=True)
    made = iter(
        [
            column[0] if dim is None else _joined(list(column), dim)
            for column, dim in zip(columns, dims, strict=True)
        ]
    )
    return unflatten(first, made)


def _joined(column: list[Tensor], dim: int) -> Tensor:
    rank = column[0].ndim + 1
    return stack(column, dim % rank)
