"""What views would show, as copies: ``diagonal_copy``, ``transpose_copy`` and the like."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from shapetorch.rules.axes import axis
from shapetorch.tensor.arguments import integer, tensor_argument
from shapetorch.tensor.basic_views import at_key
from shapetorch.tensor.dtypes import dtype
from shapetorch.tensor.formats import CONTIGUOUS
from shapetorch.tensor.indices import read_slice
from shapetorch.tensor.operations import OPERATIONS, operation
from shapetorch.tensor.signatures import type_name
from shapetorch.tensor.tensors import Tensor

_COPIED = (
    "as_strided diagonal expand permute select split split_with_sizes squeeze t "
    "transpose unbind unfold unsqueeze view view_as_complex view_as_real"
).split()


_OF_SIZES = frozenset(("expand", "view"))
"""What takes its sizes one by one as a method, and as one tuple here."""


def _copies(name: str) -> Callable[..., Any]:
    made = OPERATIONS.get(name)
    shown: Callable[..., Any] = getattr(Tensor, name) if made is None else made.function

    own = f"{name}_copy"

    @wraps(shown)
    def copied(input: Tensor, *args: Any, **kwargs: Any) -> Any:
        tensor_argument(own, "input", input)
        if name in _OF_SIZES and args and not isinstance(args[0], (list, tuple, dtype)):
            raise TypeError(
                f"{own}(): argument 'size' must be tuple of ints, not {type_name(args[0])}"
            )
        if name == "split" and args:
            integer(own, "split_size", args[0])
        found = shown(input, *args, **kwargs)
        if isinstance(found, Tensor):
            return found.clone(memory_format=CONTIGUOUS)
        return tuple(item.clone(memory_format=CONTIGUOUS) for item in found)

    copied.__name__ = copied.__qualname__ = own
    copied.__doc__ = f"A copy of what `{name}` shows."
    return copied


for _name in _COPIED:
    operation(f"{_name}_copy")(_copies(_name))


@operation(aliases=("detach_copy",))
def alias_copy(input: Tensor) -> Tensor:
    """A copy."""
    return input.clone(memory_format=CONTIGUOUS)  # type: ignore[no-any-return]


@operation()
def slice_copy(
    input: Tensor, dim: int = 0, start: int | None = None, end: int | None = None, step: int = 1
) -> Tensor:
    """A copy of a range of the slices along a dim.

    Raises:
        ShapeError: dimension_error_out_of_range.
    """
    tensor_argument("slice_copy", "input", input)
    place = axis("slice_copy", integer("slice_copy", "dim", dim), input._array.shape, scalar=False)
    if integer("slice_copy", "step", step) <= 0:
        raise RuntimeError(f"slice_copy: step must be positive, got {step}")
    part = read_slice(slice(start, end, step))
    found = at_key(input, (*(slice(None),) * place, part, ...))
    return found.clone(memory_format=CONTIGUOUS)  # type: ignore[no-any-return]
