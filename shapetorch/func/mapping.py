"""`vmap`: a function of single examples as a function of batches.

The function runs once, with tensors that stand for all examples (`tensor.mapped`): each operation runs
by its batching rule, or for one example after the other if it has none. Where values of single
examples decide what happens (``if x.sum() > 0``, ``x.item()``), and the examples disagree, the whole
function runs for each of them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from shapetorch.func.structures import leaves, spread, unflatten
from shapetorch.tensor.mapped import Level, NeedsBatching, WritesUnmapped, mapped, value_at
from shapetorch.tensor.modes import MODES
from shapetorch.tensor.ops.joining import cat, stack
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
        func: A function of tensors, or of nested lists, tuples and dicts of them. Keyword arguments
            are not mapped.
        in_dims: For each argument (or each leaf) the dim to map over, None for one that is the same for all.
        out_dims: For each result, where the mapped dim goes; None for a result that is not mapped.
        randomness: "error" (random numbers are an error), "different" (drawn anew for each
            example) or "same".
        chunk_size: The most examples that are run at once; all if None.

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
        from shapetorch.func.batching.interception import install

        install()
        dims = _dims_of(in_dims, args)
        flat = list(leaves(args))
        size = _batch_size(flat, dims)
        run = _Run(func, args, kwargs, flat, dims, randomness)
        if chunk_size is None or chunk_size >= size:
            return run.examples(0, size, size, out_dims)
        starts = range(0, size, chunk_size)
        return _in_one(
            [run.examples(at, min(chunk_size, size - at), size, out_dims) for at in starts],
            out_dims,
        )

    return batched


class _Run:
    """One call of a mapped function."""

    def __init__(
        self,
        func: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        flat: list[Any],
        dims: list[int | None],
        randomness: str,
    ) -> None:
        self.func = func
        self.args, self.kwargs = args, kwargs
        self.flat, self.dims = flat, dims
        self.randomness = randomness

    def examples(self, start: int, count: int, size: int, out_dims: Any) -> Any:
        """The results for some of the examples."""
        parts = self.flat
        if count != size:
            parts = [
                item if dim is None else item.narrow(dim, start, count)
                for item, dim in zip(self.flat, self.dims, strict=True)
            ]
        level = Level(count, self.randomness)
        with level.running():
            own = iter(
                [
                    item if dim is None else mapped(_first(item, dim), level)
                    for item, dim in zip(parts, self.dims, strict=True)
                ]
            )
            try:
                result = self._call(own)
            except WritesUnmapped:
                raise
            except NeedsBatching as found:
                if found.level is not None and found.level is not level:
                    raise
                needed = True
            else:
                needed = False
        if needed:
            return self._one_by_one(level, parts, out_dims)
        return _placed(result, level, out_dims)

    def _call(self, flat: Any) -> Any:
        return self.func(*unflatten(self.args, flat), **self.kwargs)

    def _one_by_one(self, level: Level, parts: list[Any], out_dims: Any) -> Any:
        from shapetorch.func.batching.interception import Draws

        results = []
        draws = MODES.randomness = Draws(self.randomness)
        try:
            for place in range(level.size):
                own = iter(
                    [
                        item if dim is None else item.select(dim, place)
                        for item, dim in zip(parts, self.dims, strict=True)
                    ]
                )
                draws.restart()
                results.append(self._call(own))
        finally:
            MODES.randomness = draws.outer
        if not results:
            raise RuntimeError("vmap: cannot map over a dim of size 0, whose results are not known")
        return _stacked(results, out_dims)


def _first(item: Tensor, dim: int) -> Tensor:
    return item if dim in (0, -item.ndim) else item.movedim(dim, 0)


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
    sizes = {item.shape[dim] for item, dim in zip(flat, dims, strict=True) if dim is not None}
    if not sizes:
        raise ValueError(f"vmap: at least one argument must be mapped over, got in_dims of {dims}")
    if len(sizes) > 1:
        raise ValueError(
            f"vmap: Expected all tensors to have the same size in the mapped dimension, got sizes {sorted(sizes)}"
        )
    return sizes.pop()  # type: ignore[no-any-return]


# -- results -------------------------------------------------------------------------------------------


def _out_dims(result: Any, out_dims: Any) -> list[Any]:
    for item in leaves(result):
        if not isinstance(item, Tensor):
            raise ValueError(f"vmap: the function must return Tensors, got {type(item).__name__}")
    several = not isinstance(result, Tensor)
    try:
        return spread(
            tuple(out_dims)
            if isinstance(out_dims, (list, tuple)) and several
            else out_dims
            if isinstance(out_dims, int) or out_dims is None or several
            else out_dims[0],
            result,
        )
    except (ValueError, TypeError):
        raise ValueError(
            f"vmap: out_dims is not compatible with the structure of outputs: got {out_dims!r}"
        ) from None


def _placed(result: Any, level: Level, out_dims: Any) -> Any:
    """The results of all examples, with the examples where they are wanted."""
    dims = _out_dims(result, out_dims)

    def one(item: Tensor, dim: int | None) -> Tensor:
        found = value_at(item, level)
        if dim is None:
            if found is not None:
                raise ValueError(
                    "vmap: a result that depends on the mapped arguments must have an out_dim, got None"
                )
            return item
        if found is None:
            found = item.expand(level.size, *item.shape)
        return found if dim in (0, -found.ndim) else found.movedim(0, dim)

    made = iter([one(item, dim) for item, dim in zip(leaves(result), dims, strict=True)])
    return unflatten(result, made)


def _stacked(results: list[Any], out_dims: Any) -> Any:
    first = results[0]
    dims = _out_dims(first, out_dims)
    columns = zip(*[list(leaves(result)) for result in results], strict=True)
    made = iter(
        [
            column[0] if dim is None else stack(list(column), dim % (column[0].ndim + 1))
            for column, dim in zip(columns, dims, strict=True)
        ]
    )
    return unflatten(first, made)


def _in_one(chunks: list[Any], out_dims: Any) -> Any:
    """The results of several chunks behind one another."""
    first = chunks[0]
    dims = _out_dims(first, out_dims)
    columns = zip(*[list(leaves(chunk)) for chunk in chunks], strict=True)
    made = iter(
        [
            column[0] if dim is None else cat(list(column), dim)
            for column, dim in zip(columns, dims, strict=True)
        ]
    )
    return unflatten(first, made)
