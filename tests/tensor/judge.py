"""PyTorch as the judge of the tensor library.

The calls are those that the shape rules are tested with (``tests/rules/samples_*.py``), in several
variants: other dtypes, operands that are not contiguous, gradients, gradients of gradients. A call
runs on both sides; results must have the same shape, dtype, values and share memory alike, or both
sides must raise the same class of exception. ``python -m tests.tensor.judge [names]`` prints the table.
"""

from __future__ import annotations

import random
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")  # what imports this is skipped without it

import torch

import shapetorch
import shapetorch.einops
import shapetorch.tensor
from shapetorch.errors import ShapeError
from shapetorch.tensor.dtypes import DTYPES
from shapetorch.tensor.judging import bound_call
from shapetorch.tensor.tensors import Tensor, wrap
from tests.rules import oracle
from tests.rules.oracle import Call, D, T

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


# -- both sides -------------------------------------------------------------------------------------


def to_ours(value: torch.Tensor) -> Tensor:
    """The same elements, dtype and strides as a tensor of ours."""
    value = value.detach()
    if value.dtype == torch.bfloat16:
        array = value.view(torch.int16).numpy().view(DTYPES["bfloat16"].numpy)
    else:
        array = value.resolve_conj().numpy()
    strided = np.empty(0, array.dtype)
    if value.is_contiguous() or not value.numel():
        strided = array.copy()
    else:  # copied with its strides, so that writes on one side are not seen on the other
        span = 1 + sum((n - 1) * s for n, s in zip(value.shape, value.stride(), strict=True))
        flat = np.lib.stride_tricks.as_strided(array, (span,), (array.itemsize,)).copy()
        strided = np.lib.stride_tricks.as_strided(flat, array.shape, array.strides)
    return wrap(strided)


def to_numpy(value: Any) -> np.ndarray:
    """The elements of either side's tensor; bfloat16 as float32."""
    if isinstance(value, Tensor):
        array = value._array
        return array.astype(np.float32) if array.dtype == DTYPES["bfloat16"].numpy else array
    value = value.detach().resolve_conj().resolve_neg()
    return value.float().numpy() if value.dtype == torch.bfloat16 else value.numpy(force=True)


class Side:
    """One library: how it makes arguments and finds functions."""

    def __init__(self, call: Call, variant: Variant) -> None:
        self.call, self.variant = call, variant
        self.tensors: list[Any] = []

    def tensor(self, value: torch.Tensor) -> Any:
        """The library's tensor of these elements."""
        raise AssertionError

    def find(self, target: str) -> Any:
        """A function or method."""
        raise AssertionError

    def dtype(self, name: str) -> Any:
        """A dtype."""
        raise AssertionError

    def real(self, value: Any) -> Any:
        """An argument."""
        if isinstance(value, T):
            made = self.tensor(self.variant.elements(value))
            self.tensors.append(made)
            return made
        if isinstance(value, D):
            return self.dtype(value.name)
        if isinstance(value, dict):
            return {key: self.real(item) for key, item in value.items()}
        if type(value) in (list, tuple):
            return type(value)(self.real(item) for item in value)
        if isinstance(value, slice):
            return slice(self.real(value.start), self.real(value.stop), self.real(value.step))
        return value

    def run(self) -> Any:
        """The result."""
        function = self.find(self.call.target)
        self.args = [self.real(item) for item in self.call.args]
        self.kwargs = self.real(dict(self.call.kwargs))
        torch.manual_seed(0)
        shapetorch.manual_seed(0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return function(*self.args, **self.kwargs)


class Theirs(Side):
    """PyTorch."""

    def tensor(self, value: torch.Tensor) -> Any:
        return value.requires_grad_() if self.variant.grad and _can_have_gradient(value) else value

    def find(self, target: str) -> Any:
        return oracle._callable(target)

    def dtype(self, name: str) -> Any:
        return getattr(torch, name)


class Ours(Side):
    """The tensor library."""

    def tensor(self, value: torch.Tensor) -> Any:
        made = to_ours(value)
        if self.variant.grad and _can_have_gradient(value):
            made.requires_grad = True
        return made

    def find(self, target: str) -> Any:
        if target.startswith("Tensor."):
            attribute = target.removeprefix("Tensor.")
            found = getattr(Tensor, attribute)
            return found if callable(found) else lambda tensor: getattr(tensor, attribute)
        found = shapetorch.einops if target.startswith("einops.") else shapetorch
        for part in target.split(".")[1:]:
            found = getattr(found, part)
        return found

    def dtype(self, name: str) -> Any:
        return DTYPES[name]


def _can_have_gradient(value: torch.Tensor) -> bool:
    return value.dtype.is_floating_point or value.dtype.is_complex


def exists(target: str) -> bool:
    """Whether the tensor library has such a function or method."""
    try:
        Ours(Call(target), Variant()).find(target)
    except AttributeError:
        return False
    return True


# -- variants ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Variant:
    """How a call is varied.

    Attributes:
        name: In the table.
        dtype: In place of float32.
        strided: How operands lie in memory: "transposed" with their dims in another order, "stepped"
            with gaps between their elements.
        grad: Whether gradients are compared, and gradients of gradients.
    """

    name: str = "float32"
    dtype: str | None = None
    strided: str = ""
    grad: bool = False

    def elements(self, value: T) -> torch.Tensor:
        """The elements of an argument."""
        changed = value
        is_exact = self.dtype in ("float64", "complex64", "complex128")
        if self.dtype is not None and value.dtype == "float32":
            if is_exact or not callable(value.values):
                changed = replace(value, dtype=self.dtype)
        made = changed.make()
        if callable(value.values) and made.dtype.is_complex and made.ndim >= 2:
            other = torch.rand(made.shape, generator=torch.Generator().manual_seed(5)).to(made)
            made = made + 0.1j * (other.tril(-1) + other.triu(1))  # the diagonal stays real
        if changed.values is None and changed is not value and made.dtype.is_complex:
            made = made + 0.5j
        if changed.values is None and not (made.dtype.is_floating_point or made.dtype.is_complex):
            if value.dtype == "float32":  # random integers where random numbers stood
                seeded = torch.Generator().manual_seed(1)
                high = 2 if made.dtype == torch.bool else 5
                made = torch.randint(0, high, made.shape, generator=seeded).to(made.dtype)
        if self.strided == "transposed" and made.ndim >= 2:
            made = made.transpose(0, -1).contiguous().transpose(0, -1)
        if self.strided == "stepped" and made.ndim:
            made = torch.stack([made, made], -1)[..., 0]
        return made


VARIANTS = (
    Variant(),
    Variant("strided", strided="transposed"),
    Variant("float64+grad", "float64", grad=True),
    *(Variant(name, name) for name in "int64 bool complex64 uint8 float16 bfloat16".split()),
    Variant("stepped", strided="stepped"),
    *(Variant(name, name) for name in "int32 complex128 int16 int8".split()),
)

TOLERANCE = {"float16": 4e-3, "bfloat16": 3e-2, "float32": 2e-5, "complex64": 2e-5}
"""Relative, and absolute for numbers of about one; float64 and complex128: 1e-9."""


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
    return any(np.may_share_memory(result._array, item._array) for item in operands)


def _tensors(value: Any) -> Iterator[Any]:
    if isinstance(value, (torch.Tensor, Tensor)):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _tensors(item)


def view_difference(ours: Any, mine: Ours, theirs: Any, judge: Theirs) -> str | None:
    """Whether one side gives a view where the other gives a copy.

    A conjugate is a view with a mark in PyTorch; here it is computed at once.
    """
    if any(item.is_conj() for item in _tensors(theirs)):
        return None
    for a, b in zip(_tensors(ours), _tensors(theirs), strict=True):
        if b.numel() and shares_memory(a, mine.tensors) != shares_memory(b, judge.tensors):
            return (
                "a view instead of a copy"
                if shares_memory(a, mine.tensors)
                else "a copy instead of a view"
            )
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


def has_wrong_gradient(call: Call, name: str) -> bool:
    """Whether PyTorch's own gradient is wrong: of var and std with ``dim=()``, it divides by the count
    over no dims."""
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


# -- the verdict ------------------------------------------------------------------------------------


def compare(call: Call, variant: Variant, name: str) -> tuple[str, str | None]:
    """Run both sides: ("accepted" | "rejected" | "not comparable", what differs)."""
    judge, mine = Theirs(call, variant), Ours(call, variant)
    theirs, their_error = _attempt(judge)
    ours, our_error = _attempt(mine)
    if their_error is not None:
        if our_error is None:
            if any(word in str(their_error) for word in WHIMS):
                return "not comparable", None
            if variant.strided and name in CONTIGUOUS:
                return "not comparable", None
            if variant.grad and "a view of a leaf Variable" in str(their_error):
                return "not comparable", None  # PyTorch writes into an operand of cov
            if variant.dtype is not None and "not implemented for" in str(their_error):
                return "not comparable", None  # we compute in dtypes that PyTorch leaves out
            if name == "einsum" and "expected scalar type" in str(their_error):
                return (
                    "not comparable",
                    None,
                )  # PyTorch's sums within are int64, its factors are not
            return "rejected", f"accepted, PyTorch: {_said(their_error)}"
        if isinstance(our_error, oracle.exception_class(their_error)):
            return "rejected", None
        if call.target.startswith("einops.") and isinstance(our_error, ShapeError):
            return "rejected", None  # the kinds are documented; einops has one class for all
        if variant.grad:  # PyTorch may fail earlier, in what it prepares for the gradient
            plain = _attempt(Theirs(call, replace(variant, grad=False)))[1]
            if plain is not None and isinstance(our_error, oracle.exception_class(plain)):
                return "rejected", None
        if isinstance(their_error, AssertionError) and isinstance(our_error, ShapeError):
            return "rejected", None  # an `assert` about shapes is not meant to be caught
        unsupported = isinstance(their_error, NotImplementedError) and isinstance(
            our_error, RuntimeError
        )
        return (
            "rejected",
            None if unsupported else f"{_said(our_error)}, PyTorch: {_said(their_error)}",
        )
    if our_error is not None:
        if variant.strided:  # PyTorch's way for such operands may look at less
            plain = _attempt(Theirs(call, Variant()))[1]
            if plain is not None and isinstance(our_error, oracle.exception_class(plain)):
                return "rejected", None
        if any(item.dtype == torch.complex32 for item in _tensors(theirs)):
            return "not comparable", None  # a dtype that the library does not have
        return "accepted", f"{_said(our_error)}, PyTorch accepts"
    if name in ANY_OF_EQUAL and isinstance(theirs, tuple):
        found = choice_difference(ours, theirs, mine, name)
    else:
        found = difference(ours, theirs, name)
    if found is None and name not in SHAPE_ONLY:
        found = view_difference(ours, mine, theirs, judge)
    skipped = name in SHAPE_ONLY or name in NOT_UNIQUE or has_wrong_gradient(call, name)
    if found is None and variant.grad and not skipped:
        if name in ANY_OF_EQUAL and False in (*call.args, *call.kwargs.values()):
            return "accepted", None  # the order of results, and so of their gradients, is free
        found = gradient_difference(ours, mine, theirs, judge)
    return "accepted", found


def _attempt(side: Side) -> tuple[Any, Exception | None]:
    try:
        return side.run(), None
    except Exception as error:
        return None, error


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0][:140] if str(error) else ''}"


@dataclass
class Tally:
    """The outcomes for one function, and what its operands were.

    Attributes:
        name: The function's rule.
        accepted: How many calls gave a result.
        rejected: How many were refused.
        wrong: Which differed, and how.
        functions: The functions and methods that were called.
        ranks: Of the operands.
        dtypes: Of the operands.
        kinds: "empty", "strided", "stepped", "negative" (an integer argument below 0), as there were.
    """

    name: str
    accepted: int = 0
    rejected: int = 0
    wrong: list[str] = field(default_factory=list)
    functions: set[str] = field(default_factory=set)
    ranks: set[int] = field(default_factory=set)
    dtypes: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)

    @property
    def samples(self) -> int:
        """How many calls were compared."""
        return self.accepted + self.rejected

    @property
    def agreement(self) -> str:
        """The share of calls that agree, in percent."""
        share = 100 * (self.samples - len(self.wrong)) / max(self.samples, 1)
        return f"{share:.1f}"

    def see(self, call: Call, variant: Variant) -> None:
        """Note what the operands of a call are."""
        self.functions.add(call.target)
        for item in _arguments((call.args, dict(call.kwargs))):
            if isinstance(item, T):
                self.ranks.add(len(item.shape))
                self.dtypes.add(
                    variant.dtype if variant.dtype and item.dtype == "float32" else item.dtype
                )
                self.kinds |= {"empty"} if 0 in item.shape else set()
                self.kinds |= {variant.strided} if variant.strided and item.shape else set()
            elif isinstance(item, int) and item < 0:
                self.kinds.add("negative")

    def __str__(self) -> str:
        head = f"{self.name}: {self.accepted} accepted, {self.rejected} rejected, {len(self.wrong)} differ"
        return "\n".join([head, *self.wrong[:8]])


def _arguments(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _arguments(item)
    else:
        yield value


def functions_of(rule_name: str, calls: int = 40) -> set[str]:
    """The targets that the rule's samples call and the library has."""
    found = {
        call.target for call in islice(oracle.calls_of(rule_name, 0), calls) if call.inputs is None
    }
    return {target for target in found if exists(target)}


def tally(rule_name: str, count: int, seed: int = 0) -> Tally:
    """Compare `count` calls of a rule's sampler, each in one or more variants."""
    result = Tally(rule_name)
    rng = random.Random(f"{rule_name} {seed}")
    plain = (call for call in oracle.calls_of(rule_name, seed) if call.inputs is None)
    for place, call in enumerate(islice(plain, count)):
        if not exists(call.target):
            continue
        name = call.target.split(".", 1)[1].removeprefix("nn.functional.")
        for variant in (
            VARIANTS[0],
            VARIANTS[1 + place % (len(VARIANTS) - 1)],
            rng.choice(VARIANTS),
        ):
            try:
                kind, found = compare(call, variant, name)
            except Exception as error:
                kind, found = "accepted", f"the comparison failed: {_said(error)}"
            if found is not None:
                result.wrong.append(f"    {variant.name}: {call}\n        {found}")
            if kind != "not comparable":
                result.see(call, variant)
            result.accepted += kind == "accepted"
            result.rejected += kind == "rejected"
    return result


def rule_names() -> list[str]:
    """The rules whose samples call something that the library has."""
    return [
        name
        for name in sorted(oracle.load())
        if not name.startswith("torch.nn.") and functions_of(name)
    ]


def main(wanted: list[str]) -> int:
    """Print the table: functions, samples, agreement, and what is below 100 % with the reason; 1 if anything is.

    With ``--coverage``, print in place of the agreement which ranks, dtypes and layouts the samples have.
    """
    coverage = "--coverage" in wanted
    chosen = [name for name in wanted if not name.startswith("--")] or rule_names()
    print(f"{'function':36} {'samples':>8} {'refused':>8} {'agree %':>8}")
    tallies = []
    for name in chosen:
        made = tally(name, 48)
        tallies.append(made)
        shown = f"  ranks {_listed(made.ranks)}; {len(made.dtypes)} dtypes; {_listed(made.kinds)}"
        print(
            f"{name:36} {made.samples:8} {made.rejected:8} {made.agreement:>8}"
            + (shown if coverage else ""),
            flush=True,
        )
    below = [made for made in tallies if made.wrong]
    print("\nbelow 100 %:" if below else "\nnothing is below 100 %")
    for made in below:
        print(f"{made.name}: {made.agreement} %\n" + "\n".join(made.wrong[:8]))
    print("\nnot compared:")
    for names, what in ((SHAPE_ONLY, "values"), (NOT_UNIQUE, "values"), (ANY_OF_EQUAL, "indices")):
        for reason in dict.fromkeys(names.values()):
            listed = [name for name, why in names.items() if why == reason]
            print(f"  {what} of {' '.join(listed)}: {reason}")
    functions = set().union(*(made.functions for made in tallies))
    total = sum(made.samples for made in tallies)
    wrong = sum(len(made.wrong) for made in tallies)
    print(
        f"\n{len(tallies)} rules, {len(functions)} functions and methods, {total} samples, "
        f"{100 * (total - wrong) / max(total, 1):.2f} % agree"
    )
    return int(bool(wrong))


def _listed(items: Any) -> str:
    return " ".join(map(str, sorted(items)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
