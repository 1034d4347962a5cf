"""What views would show, as copies: ``diagonal_copy``, ``transpose_copy`` and the like."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from shapetorch.rules.axes import axis
from shapetorch.tensor.basic_views import at_key
from shapetorch.tensor.formats import CONTIGUOUS
from shapetorch.tensor.indices import read_slice
from shapetorch.tensor.operations import OPERATIONS, operation
from shapetorch.tensor.tensors import Tensor

_COPIED = (
    "as_strided diagonal expand permute select split split_with_sizes squeeze t "
    "transpose unbind unfold unsqueeze view view_as_complex view_as_real"
).split()


def _copies(name: str) -> Callable[..., Any]:
    made = OPERATIONS.get(name)
    shown: Callable[..., Any] = getattr(Tensor, name) if made is None else made.function

    @wraps(shown)
    def copied(input: Tensor, *args: Any, **kwargs: Any) -> Any:
        found = shown(input, *args, **kwargs)
        if isinstance(found, Tensor):
            return found.clone(memory_format=CONTIGUOUS)
        return tuple(item.clone(memory_format=CONTIGUOUS) for item in found)

    copied.__name__ = copied.__qualname__ = f"{name}_copy"
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
    place = axis("slice_copy", dim, input._array.shape, scalar=False)
    part = read_slice(slice(start, end, step))
    found = at_key(input, (*(slice(None),) * place, part, ...))
    return found.clone(memory_format=CONTIGUOUS)  # type: ignore[no-any-return]
