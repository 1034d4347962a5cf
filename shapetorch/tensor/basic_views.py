"""Views by NumPy's basic indexing (integers, slices, new dims), the base of select, narrow and split."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Tensor
from shapetorch.tensor.views import view_by


def at_key(source: Tensor, key: tuple[Any, ...]) -> Tensor:
    """The view ``source[key]``; the key ends with an ellipsis, so that it gives an array."""
    return view_by(source, source._stored[key], at_key, (key,), slice_backward)


def selected(source: Tensor, key: tuple[Any, ...]) -> Tensor:
    """As `at_key`, for one slice along a dim."""
    return view_by(source, source._stored[key], selected, (key,), select_backward)


def slice_backward(node: Any, grad: Tensor) -> Tensor:
    """Zeros, but for the elements in the view."""
    return placed(grad, node.metas[0][0], node.args[0])


def select_backward(node: Any, grad: Tensor) -> Tensor:
    """See `slice_backward`."""
    return placed(grad, node.metas[0][0], node.args[0])


def placed(grad: Tensor, shape: tuple[int, ...], key: tuple[Any, ...]) -> Tensor:
    """Zeros of a shape, with `grad` at the places of a view."""
    whole = np.zeros(shape, grad._array.dtype)
    whole[key] = grad._array
    return record(whole, (grad,), placed_backward, key=key)


def placed_backward(node: Any, grad: Tensor) -> Tensor:
    """The elements at those places."""
    return at_key(grad, node.key)


def narrowed(source: Tensor, dim: int, start: int, length: int) -> Tensor:
    """A view of `length` slices along a dim, which is not negative."""
    return at_key(source, (*(slice(None),) * dim, slice(start, start + length), ...))


def sliced(source: Tensor, dim: int, index: int) -> Tensor:
    """A view of one slice along a dim, which is not negative."""
    return selected(source, (*(slice(None),) * dim, index, ...))
