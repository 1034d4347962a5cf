"""What differs between two results: values, shapes, dtypes, views, gradients of both orders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")  # what imports this is skipped without it

import torch

import shapetorch
import shapetorch.einops
import shapetorch.tensor
from shapetorch.tensor.dtypes import DTYPES
from shapetorch.tensor.judging import bound_call
from shapetorch.tensor.tensors import Tensor, wrap
from tests.rules.oracle import Call
from tests.tensor.sides import TOLERANCE, Ours, Side, Theirs, Variant, to_numpy

# -- what is not compared, and why ------------------------------------------------------------------

RANDOM = "the values are random, and not drawn as PyTorch draws them"
UNDEFINED = "the values are not defined"
SHAPE_ONLY: dict[str, str] = {
    **dict.fromkeys(
        "poisson binomial "
        "rrelu dropout native_dropout alpha_dropout feature_alpha_dropout feature_dropout dropout1d dropout2d dropout3d "
        "gumbel_softmax fractional_max_pool2d fractional_max_pool3d "
        "fractional_max_pool2d_with_indices fractional_max_pool3d_with_indices".split(),
        RANDOM,
    ),
    **dict.fromkeys(
        "empty empty_like new_empty empty_strided new_empty_strided empty_permuted resize_ resize_as_ "
        "Tensor FloatTensor DoubleTensor HalfTensor BFloat16Tensor LongTensor IntTensor ShortTensor CharTensor "
        "ByteTensor BoolTensor".split(),
        UNDEFINED,
    ),
}
"""Functions of which only shapes and dtypes are compared."""

CONTIGUOUS: dict[str, str] = {
    "detach_": "such an operand is a view in PyTorch, and views are not detached in place",
    **dict.fromkeys(
        "local_response_norm matrix_exp linalg.matrix_exp kron isin".split(),
        "PyTorch looks at the input through `view`, which some strides forbid",
    ),
}
"""Functions that PyTorch refuses for operands with their dims in another order."""

WHIMS: dict[str, str] = {
    "INTERNAL ASSERT FAILED": "a mistake inside PyTorch",
    "Output size is too small": "of transposed convolutions with an empty result, PyTorch takes those "
    "in float32 with a batch of 2 or more, and empty batches",
}
"""Words of errors that depend on what no caller should have to know."""

AMPLIFYING = frozenset("lstm gru rnn_tanh lstm_cell gru_cell rnn_tanh_cell".split())
"""Functions that come near the poles of tanh where numbers are complex, and lose digits there."""

COUNTED: dict[str, str] = {
    "histc": "PyTorch counts in the dtype itself, which stops at 2048 in float16 and at 256 in bfloat16",
}
"""Functions whose values in half precision are not compared."""

NOT_UNIQUE: dict[str, str] = dict.fromkeys(
    "svd linalg.svd eig linalg.eig linalg.eigvals linalg.eigh qr linalg.qr geqrf svd_lowrank pca_lowrank lobpcg lu".split(),
    "factors are unique but for signs and order; tests of their own check what they multiply to",
)
"""Functions whose values are right in more than one way."""

ANY_OF_EQUAL: dict[str, str] = dict.fromkeys(
    "topk kthvalue mode median nanmedian".split(),
    "which of equal elements PyTorch chooses is not defined",
)
"""Functions whose indices are compared by what they choose."""


# -- comparing --------------------------------------------------------------------------------------


def difference(ours: Any, theirs: Any, name: str) -> str | None:
    """What differs between two results, None if nothing does."""
    if isinstance(theirs, torch.Tensor):
        return _tensor_difference(ours, theirs, name)
    if isinstance(theirs, (list, tuple)):
        if not isinstance(ours, (list, tuple)) or len(ours) != len(theirs):
            return f"{_brief(ours)} instead of {_brief(theirs)}"
        if hasattr(theirs, "_fields") or type(theirs).__module__ == "torch.return_types":
            fields = [n for n in dir(theirs) if not n.startswith("_") and n not in dir(tuple)]
            lacking = [
                n
                for n in fields
                if n not in ("n_fields", "n_sequence_fields", "n_unnamed_fields")
                and not hasattr(ours, n)
            ]
            if lacking:
                return f"no field {lacking}"
        return next(
            (found for a, b in zip(ours, theirs, strict=True) if (found := difference(a, b, name))),
            None,
        )
    if isinstance(theirs, torch.dtype):
        return None if str(ours) == str(theirs) else f"{ours} instead of {theirs}"
    if isinstance(theirs, float) and isinstance(ours, float):
        return None if np.isclose(ours, theirs, equal_nan=True) else f"{ours} instead of {theirs}"
    if theirs is None or isinstance(theirs, (bool, int, str, complex)):
        return (
            None
            if ours == theirs and type(ours) is type(theirs)
            else f"{ours!r} instead of {theirs!r}"
        )
    return None


def _brief(value: Any) -> str:
    return f"{type(value).__name__} of {len(value)}" if hasattr(value, "__len__") else repr(value)


def _tensor_difference(ours: Any, theirs: torch.Tensor, name: str) -> str | None:
    if not isinstance(ours, Tensor):
        return f"{type(ours).__name__} instead of a tensor"
    if tuple(ours.shape) != tuple(theirs.shape):
        return f"shape {tuple(ours.shape)} instead of {tuple(theirs.shape)}"
    if str(ours.dtype) != str(theirs.dtype):
        return f"{ours.dtype} instead of {theirs.dtype}"
    if ours.requires_grad != theirs.requires_grad:
        return f"requires_grad {ours.requires_grad} instead of {theirs.requires_grad}"
    if name in SHAPE_ONLY or name in NOT_UNIQUE:
        return None
    if name in COUNTED and ours.dtype.itemsize == 2:
        return None
    tolerance = TOLERANCE.get(ours.dtype.name, 1e-9)
    if name in AMPLIFYING and ours.dtype.is_complex:
        tolerance = 1e-3
    if name == "istft":  # the spectra of its samples are complex64, whatever the window is
        tolerance = max(tolerance, TOLERANCE["complex64"])
    return close(to_numpy(ours), to_numpy(theirs), tolerance)


def close(ours: np.ndarray, theirs: np.ndarray, tolerance: float) -> str | None:
    """Where two arrays differ by more than rounding, None if nowhere."""
    if theirs.dtype.kind in "biu":
        same = ours == theirs
    else:
        same = np.isclose(ours, theirs, rtol=tolerance, atol=tolerance, equal_nan=True)
    if np.all(same):
        return None
    place = tuple(int(i) for i in np.argwhere(~same)[0]) if np.ndim(same) else ()
    return f"{ours[place]} instead of {theirs[place]} at {place}"


def choice_difference(ours: Any, theirs: Any, mine: Ours, name: str) -> str | None:
    """What differs between chosen elements; indices are right if they choose these elements.

    Where a call asks for no order (``topk(..., sorted=False)``), the elements are put in order first.
    """
    source = mine.tensors[0]._array
    arguments = bound_call(name, mine.args, mine.kwargs)[0].arguments
    dim: Any = arguments.get("dim", -1)
    values, indices = ours
    expected = to_numpy(theirs[0])
    chosen = values._array
    if source.ndim:
        kept = indices._array
        if name != "topk" and not arguments.get("keepdim"):
            kept = np.expand_dims(kept, dim)
        found = np.take_along_axis(source, kept, dim).reshape(chosen.shape)
        if not np.array_equal(found, chosen, equal_nan=source.dtype.kind in "fc"):
            return "indices that do not choose the values"
        if name == "topk" and arguments.get("sorted") is False:
            expected, chosen = np.sort(expected, dim), np.sort(to_numpy(values), dim)
    elif indices._array.any():
        return "an index that is not 0"
    return (
        _tensor_difference(wrap(np.asarray(chosen)), torch.from_numpy(expected), name)
        if chosen.dtype != DTYPES["bfloat16"].numpy
        else close(to_numpy(wrap(chosen)), expected, 0.0)
    ) or (None if str(indices.dtype) == "torch.int64" else f"indices of {indices.dtype}")


def shares_memory(result: Any, operands: list[Any]) -> bool:
    """Whether a result is a view of an operand."""
    if isinstance(result, torch.Tensor):
        if not result.numel():
            return False
        return any(
            result.untyped_storage().data_ptr() == item.untyped_storage().data_ptr()
            for item in operands
            if item.numel()
        )
    return any(np.may_share_memory(result._stored, item._stored) for item in operands)


def _tensors(value: Any) -> Iterator[Any]:
    if isinstance(value, (torch.Tensor, Tensor)):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _tensors(item)


def view_difference(ours: Any, mine: Ours, theirs: Any, judge: Theirs) -> str | None:
    """Whether one side gives a view where the other gives a copy, or a view with another mark."""
    for a, b in zip(_tensors(ours), _tensors(theirs), strict=True):
        is_view = shares_memory(b, judge.tensors)
        if b.numel() and shares_memory(a, mine.tensors) != is_view:
            return "a copy instead of a view" if is_view else "a view instead of a copy"
        if is_view and (a.is_conj(), a.is_neg()) != (b.is_conj(), b.is_neg()):
            return f"is_conj() is {a.is_conj()}, is_neg() is {a.is_neg()}"
    return None


# -- gradients --------------------------------------------------------------------------------------


def _cotangent(shape: tuple[int, ...], place: int, is_complex: bool) -> np.ndarray:
    seeded = np.random.default_rng(place)
    made = seeded.standard_normal(shape)
    return np.asarray(made + 1j * seeded.standard_normal(shape) if is_complex else made)


def gradients(
    result: Any,
    side: Side,
    make: Callable[[np.ndarray], Any],
    grad: Any,
    second: bool = True,
) -> list[Any]:
    """First gradients of the operands, then those of a function of the first gradients.

    Where PyTorch has no gradient of gradients, there are the first ones only, as without `second`.
    """
    results = [item for item in _tensors(result) if item.requires_grad]
    operands = [item for item in side.tensors if item.requires_grad]
    if not results or not operands:
        return []
    weights = [
        make(_cotangent(tuple(item.shape), place, item.dtype.is_complex))
        for place, item in enumerate(results)
    ]
    first = grad(results, operands, weights, create_graph=True, allow_unused=True)
    again = {
        place: item for place, item in enumerate(first) if item is not None and item.requires_grad
    }
    if not second:
        return list(first)
    if not again:
        return [*first, *(None for _ in operands)]
    weights = [
        make(_cotangent(tuple(item.shape), 7 + place, item.dtype.is_complex))
        for place, item in again.items()
    ]
    try:
        return [*first, *grad(list(again.values()), operands, weights, allow_unused=True)]
    except RuntimeError:
        if isinstance(side, Theirs):
            return list(first)
        raise


def has_wrong_gradient(call: Call, name: str, variant: Variant) -> bool:
    """Whether PyTorch's own gradient is wrong: of var and std with ``dim=()``, it divides by the count
    over no dims; of the determinant of negatives, its gradgradcheck fails."""
    if name.endswith("det") and variant.name == "negative+grad":
        return True
    if name.startswith("max_pool") and "dilation" in call.kwargs:
        # of a window that sees padding alone, PyTorch writes behind the plane
        return 1 in call.args[0].shape
    dims = (*call.args, *call.kwargs.values())
    return name in ("var", "std", "var_mean", "std_mean") and any(item in ((), []) for item in dims)


def gradient_difference(ours: Any, mine: Ours, theirs: Any, judge: Theirs) -> str | None:
    """What differs between the gradients of both sides."""
    try:
        expected = gradients(theirs, judge, torch.from_numpy, torch.autograd.grad)
    except RuntimeError:  # not implemented, or wrong there: of group_norm without a weight
        return None
    second = len(expected) > sum(item.requires_grad for item in judge.tensors)
    got = gradients(
        ours, mine, lambda array: wrap(np.asarray(array)), shapetorch.autograd.grad, second
    )
    if len(got) < len(expected):
        return f"{len(got)} gradients instead of {len(expected)}"
    for place, (a, b) in enumerate(zip(got, expected, strict=False)):
        there = b if a is None else a
        zero_or_none = there is None or bool(np.all(np.abs(to_numpy(there)) < 1e-12))
        if a is None or b is None:
            if not zero_or_none:
                return f"gradient {place}: {a} instead of {b}"
            continue
        found = close(to_numpy(a), to_numpy(b), 1e-7)
        if found:
            return f"gradient {place}: {found}"
    return None
