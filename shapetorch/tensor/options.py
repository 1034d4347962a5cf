"""The keywords that functions which make tensors have in common, read in one place.

``dtype``, ``layout``, ``device``, ``pin_memory``, ``requires_grad``, ``out`` and the sizes. What is
not there (other devices, sparse layouts, pinned memory, more memory than the machine has) is refused
with one clear error each.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import spread
from shapetorch.tensor.devices import check_device
from shapetorch.tensor.dtypes import DEFAULTS, DTYPES, FLOATING, dtype
from shapetorch.tensor.formats import STRIDED
from shapetorch.tensor.formats import layout as layout_type
from shapetorch.tensor.judging import judged
from shapetorch.tensor.modes import INFERENCE, MODES
from shapetorch.tensor.operations import write_out
from shapetorch.tensor.signatures import type_name
from shapetorch.tensor.sizes import Size
from shapetorch.tensor.tensors import Array, Tensor, meta_of, wrap

_OF_PYTHON = {float: "float64", int: "int64", bool: "bool", complex: "complex128"}
_LARGEST = 2**63 - 1


def default_float() -> np.dtype[Any]:
    """What floating numbers that name no dtype are stored as."""
    return DEFAULTS[FLOATING].numpy


def element_type(name: str, given: Any, default: np.dtype[Any] | None = None) -> np.dtype[Any]:
    """The NumPy dtype that ``dtype=`` asks for.

    Args:
        name: The function, for the error.
        given: The argument: a dtype, one of Python's number types, or None.
        default: For None; the default floating dtype if there is none.

    Raises:
        TypeError: it is not a dtype.
    """
    if given is None:
        return DEFAULTS[FLOATING].numpy if default is None else default
    return dtype_argument(name, given).numpy


def dtype_argument(name: str, given: Any) -> dtype:
    """The dtype that an argument means: a dtype or one of Python's number types.

    Raises:
        TypeError: it is neither.
    """
    if given.__class__ is dtype:
        return given
    if isinstance(given, type) and given in _OF_PYTHON:
        return DTYPES[_OF_PYTHON[given]]
    raise TypeError(f"{name}(): argument 'dtype' must be torch.dtype, not {type(given).__name__}")


def check_placement(
    name: str, device: Any = None, layout: Any = None, pin_memory: bool = False
) -> None:
    """Whether tensors can be where the keywords want them.

    Raises:
        RuntimeError: no tensors of this library are there.
        TypeError: `layout` is no layout, `pin_memory` no bool.
    """
    if device is not None:
        check_device(device)
    if layout is not None and layout is not STRIDED:
        if not isinstance(layout, layout_type):
            raise TypeError(
                f"{name}(): argument 'layout' must be torch.layout, not {type(layout).__name__}"
            )
        raise RuntimeError(f"{name}: layout {layout} is not available: tensors are torch.strided")
    if pin_memory is not False and pin_memory is not None:
        if pin_memory is not True:
            raise TypeError(
                f"{name}(): argument 'pin_memory' must be bool, not {type_name(pin_memory)}"
            )
        raise RuntimeError(
            f"{name}: pin_memory=True needs an accelerator; there is no pinned memory here"
        )


def sizes(name: str, given: tuple[Any, ...], keyword: Any = None) -> tuple[int, ...]:
    """The sizes of a call such as ``zeros(2, 3)``, ``zeros((2, 3))`` or ``zeros(size=(2, 3))``.

    Args:
        name: The function, whose rule judges them.
        given: The positional arguments.
        keyword: ``size=``.

    Raises:
        ShapeError: creation_error_negative_size.
        TypeError: they are no sizes.
    """
    if given and keyword is None:
        for item in given:
            if item.__class__ is not int or not 0 <= item <= _LARGEST:
                break
        else:
            return given
        if len(given) == 1 and given[0].__class__ is tuple:
            for item in given[0]:
                if item.__class__ is not int or not 0 <= item <= _LARGEST:
                    break
            else:
                return given[0]
    given = spread(name, "size", given, keyword)
    if len(given) > 1 and not isinstance(given[0], (int, np.integer, Tensor)):
        if isinstance(given[0], (list, tuple)):
            raise TypeError(f"{name}() takes 1 positional argument but {len(given)} were given")
    return tuple(judged(name, *given))


def plain_sizes(size: Any) -> tuple[int, ...] | None:
    """Sizes in a tuple that no rule has anything to say about; None for all others."""
    if size.__class__ is not tuple and size.__class__ is not Size:
        return None
    for item in size:
        if item.__class__ is not int or not 0 <= item <= _LARGEST:
            return None
    return size


def size_keyword(name: str, keyword: dict[str, Any]) -> Any:
    """``size=`` of a function that takes its sizes one by one, None if it is not given.

    Raises:
        TypeError: there is another keyword.
    """
    if not keyword:
        return None
    for unexpected in keyword:
        if unexpected != "size":
            raise TypeError(f"{name}() got an unexpected keyword argument '{unexpected}'")
    return keyword["size"]


def allocated(name: str, shape: Sequence[int], kind: np.dtype[Any], zeroed: bool = False) -> Array:
    """New memory, filled with zeros if asked.

    Raises:
        RuntimeError: there is not that much memory.
    """
    try:
        return np.zeros(shape, kind) if zeroed else np.empty(shape, kind)
    except (MemoryError, ValueError, OverflowError):
        raise _too_large(name, shape, kind) from None


def _too_large(name: str, shape: Sequence[int], kind: np.dtype[Any]) -> Exception:
    wanted = prod(shape) * kind.itemsize
    if wanted > _LARGEST:
        return RuntimeError(f"{name}: Storage size calculation overflowed with sizes={list(shape)}")
    if len(shape) > 64:
        return RuntimeError(f"{name}: tensors have at most 64 dims, got {len(shape)}")
    return RuntimeError(
        f"{name}: can't allocate memory: you tried to allocate {wanted} bytes for {list(shape)}"
    )


def finished(array: Array, requires_grad: bool = False) -> Tensor:
    """The tensor of a new array.

    Raises:
        RuntimeError: a gradient is wanted of something that can have none.
    """
    made = wrap(array)
    if requires_grad is not False and requires_grad is not None:
        if requires_grad.__class__ is not bool:
            raise TypeError(
                f"argument 'requires_grad' must be bool, not {type(requires_grad).__name__}"
            )
        if made.dtype.category < FLOATING:
            raise RuntimeError(
                "Only Tensors of floating point and complex dtype can require gradients, "
                f"got {made.dtype}"
            )
        meta_of(made).requires_grad = True
    if INFERENCE and MODES.inference:
        meta_of(made).inference = True
    return made


def written(name: str, out: Tensor | None, made: Tensor, asked: Any = None) -> Tensor:
    """The result, in `out` if there is one.

    Args:
        name: The function.
        out: ``out=``.
        made: The result.
        asked: ``dtype=``, which must be that of `out`.

    Raises:
        RuntimeError: `asked` is another dtype.
    """
    if out is None:
        return made
    if asked is not None and isinstance(out, Tensor) and made.dtype is not out.dtype:
        raise RuntimeError(
            f"dtype {made.dtype} does not match dtype of out parameter ({out.dtype})"
        )
    return write_out(name, out, made)
