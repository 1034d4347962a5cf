"""Gradient checkpointing: keep less for backward and compute it again.

The function is recorded as always, but what its nodes would keep is not kept; when backward asks for
the first of it, the function runs once more and gives all of it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from typing import Any

from shapetorch.autograd.graph import saved_tensors_hooks
from shapetorch.tensor.generators import default_generator
from shapetorch.tensor.modes import MODES, grad_mode
from shapetorch.tensor.tensors import Tensor


class CheckpointError(RuntimeError):
    """The second run of a function kept other tensors than the first."""


class _Enough(Exception):
    """The second run has given all that is needed."""


class _Switch:
    early_stop: bool | None = None


@contextmanager
def set_checkpoint_early_stop(enable: bool) -> Iterator[None]:
    """Within the block, have second runs stop early or not, whatever calls of `checkpoint` say."""
    before, _Switch.early_stop = _Switch.early_stop, enable
    try:
        yield
    finally:
        _Switch.early_stop = before


def noop_context_fn() -> tuple[Any, Any]:
    """Two contexts that do nothing."""
    return nullcontext(), nullcontext()


def checkpoint(
    function: Callable[..., Any],
    *args: Any,
    use_reentrant: bool | None = None,
    context_fn: Callable[[], Any] = noop_context_fn,
    determinism_check: str = "default",
    debug: bool = False,
    preserve_rng_state: bool = True,
    early_stop: bool = True,
    **kwargs: Any,
) -> Any:
    """What ``function(*args, **kwargs)`` gives; what backward needs is computed again.

    Args:
        function: Part of a model.
        args: Its arguments.
        use_reentrant: Taken for compatibility: both settings give the same gradients.
        context_fn: Gives two context managers, for the first and the second run.
        determinism_check: "default" compares shapes and dtypes of both runs, "none" does not.
        debug: Taken for compatibility.
        preserve_rng_state: Whether the second run draws the random numbers of the first.
        early_stop: Whether the second run stops when it has given all that is needed, unless
            `use_reentrant` is true.
        kwargs: Keyword arguments of the function.

    Raises:
        CheckpointError: in backward, if the second run kept other tensors.
    """
    if use_reentrant is None:
        warnings.warn(
            "checkpoint: the use_reentrant parameter should be passed explicitly. Both settings give the "
            "same gradients here.",
            stacklevel=2,
        )
    first, second = context_fn()
    stops = early_stop if _Switch.early_stop is None else _Switch.early_stop
    run = _Run(
        function,
        args,
        kwargs,
        preserve_rng_state,
        second,
        determinism_check != "none",
        stops and not use_reentrant,
    )
    with saved_tensors_hooks(run.pack, run.unpack), first:
        return function(*args, **kwargs)


class _Run:
    """One checkpointed call."""

    def __init__(
        self,
        function: Callable[..., Any],
        args: Sequence[Any],
        kwargs: dict[str, Any],
        preserve: bool,
        context: Any,
        compares: bool,
        stops: bool,
    ) -> None:
        self.call = (function, args, kwargs)
        self.state = default_generator.get_state() if preserve else None
        self.context, self.compares, self.stops = context, compares, stops
        self.kinds: list[Any] = []
        self.again: list[Tensor] = []
        self.during: Any = None  # the backward pass for which it ran again

    def pack(self, tensor: Tensor) -> int:
        """The number of something to be kept, in place of it."""
        self.kinds.append((tuple(tensor.shape), tensor.dtype))
        return len(self.kinds) - 1

    def unpack(self, number: int) -> Tensor:
        """What was to be kept under a number."""
        if not self.again or self.during is not MODES.current:
            self._run_again()
        return self.again[number]

    def _run_again(self) -> None:
        function, args, kwargs = self.call
        found: list[Tensor] = []

        def collect(tensor: Tensor) -> Tensor:
            found.append(tensor.detach())
            if self.stops and len(found) == len(self.kinds):
                raise _Enough
            return tensor

        now = default_generator.get_state()
        if self.state is not None:
            default_generator.set_state(self.state)
        own = [
            item.detach().requires_grad_(item.requires_grad) if isinstance(item, Tensor) else item
            for item in args
        ]
        try:
            with (
                suppress(_Enough),
                grad_mode(True),
                saved_tensors_hooks(collect, lambda packed: packed),
                self.context,
            ):
                function(*own, **kwargs)
        finally:
            if self.state is not None:
                default_generator.set_state(now)
        kinds = [(tuple(item.shape), item.dtype) for item in found]
        if len(kinds) != len(self.kinds) or (self.compares and kinds != self.kinds):
            raise CheckpointError(
                "torch.utils.checkpoint: A different number of tensors was saved during the original forward "
                f"and recomputation, or of other shapes: {len(self.kinds)} and {len(kinds)} tensors"
            )
        self.again, self.during = found, MODES.current


def checkpoint_sequential(
    functions: Any, segments: int, input: Any, use_reentrant: bool | None = None, **kwargs: Any
) -> Any:
    """Run functions one after the other, in `segments` parts of which all but the last are checkpointed."""
    layers = list(functions.children()) if hasattr(functions, "children") else list(functions)
    size = len(layers) // segments

    def run_of(start: int, end: int) -> Callable[[Any], Any]:
        def run(value: Any) -> Any:
            for layer in layers[start:end]:
                value = layer(value)
            return value

        return run

    end = 0
    for start in range(0, size * (segments - 1), size):
        end = start + size
        input = checkpoint(run_of(start, end), input, use_reentrant=bool(use_reentrant), **kwargs)
    return run_of(end, len(layers))(input)
