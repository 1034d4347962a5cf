"""Choices, bounds and combinations of three operands."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from shapetorch.rules.inplace import check_inplace
from shapetorch.tensor import kernels
from shapetorch.tensor.arguments import as_number, is_number, tensor_argument
from shapetorch.tensor.compute import elementwise, flat
from shapetorch.tensor.dtypes import BOOL, FLOATING, NARROW, finfo
from shapetorch.tensor.fast import FLOAT32, at_once, constant, fast_bounds
from shapetorch.tensor.histories import needs_grad
from shapetorch.tensor.in_place import write_into
from shapetorch.tensor.judging import judged
from shapetorch.tensor.masking import chosen as where_array
from shapetorch.tensor.masking import masked
from shapetorch.tensor.modes import INFERENCE
from shapetorch.tensor.operand_arrays import converted
from shapetorch.tensor.operations import operation, write_out
from shapetorch.tensor.pointwise import (
    add_in_place_functions,
    common_arrays,
    common_dtype,
    refuse,
)
from shapetorch.tensor.scalars import element, stored
from shapetorch.tensor.shortcuts import Shortcut
from shapetorch.tensor.slopes import conjugate, kept
from shapetorch.tensor.tape import record, record_rows
from shapetorch.tensor.tensors import Array, Tensor, wrap_result

# -- where ------------------------------------------------------------------------------------------


def where_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """Each operand has the gradient where it was chosen."""
    chosen = kept(node)._array.astype(np.bool_, copy=False)
    return (
        None,
        masked(grad, chosen) if node.needs[1] else None,
        masked(grad, ~chosen) if node.needs[2] else None,
    )


_choice = Shortcut("pointwise", operands=3, kernel="where", form="bvvv", singles=(2,), numbers=(2,))


def _quick_choice(condition: Tensor, input: Any, other: Any) -> Tensor | None:
    """The choice between two tensors of one dtype and shape, without gradients."""
    if (
        (call := _choice.call) is not None
        and getattr(input, "_meta", None) is None
        and getattr(other, "_meta", None) is None
    ):
        found: Tensor | None = call(condition, input, other)
        if found is not None:
            return found
    if (
        isinstance(input, Tensor)
        and isinstance(other, Tensor)
        and input._meta is None
        and other._meta is None
        and not INFERENCE
    ):
        chosen, a, b = condition._array, input._array, other._array
        if a.dtype is b.dtype and chosen.shape == a.shape == b.shape and chosen.dtype is _BOOL:
            return wrap_result(where_array(chosen, a, b))
    return None


_BOOL = np.dtype(np.bool_)


@operation(out="same dtype")
def where(condition: Tensor, input: Any = None, other: Any = None) -> Any:
    """The elements of `input` where `condition` is true, else those of `other`.

    Args:
        condition: A bool tensor.
        input: A tensor or number; all three broadcast.
        other: A tensor or number. Without both: the indices where `condition` is true.

    Returns:
        The tensor, or a vector of indices for each dim.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
        RuntimeError: `condition` is not bool.
    """
    if isinstance(condition, Tensor):
        quick = _quick_choice(condition, input, other)
        if quick is not None:
            return quick
    tensor_argument("where", "condition", condition)
    if input is None and other is None:
        judged("where", condition)
        return condition.nonzero(as_tuple=True)
    shape = judged("where", condition, input, other)
    kind = condition._array.dtype
    if kind.kind != "b" and kind != np.uint8:
        raise RuntimeError(
            f"where expected condition to be a boolean tensor, but got a tensor with dtype {condition.dtype}"
        )
    chosen = condition._array.astype(np.bool_, copy=False)
    common = common_dtype((input, other)).numpy
    a, b = (
        converted(item._array, common) if isinstance(item, Tensor) else stored(item, common)
        for item in (input, other)
    )
    value = np.asarray(where_array(chosen, a, b))
    assert value.shape == tuple(shape), "the rule and NumPy broadcast alike"
    return record(value, (condition, input, other), where_backward, (condition,))


@operation("_where_method", methods=("where",), function=False)
def where_method(self: Tensor, condition: Tensor, other: Any) -> Any:
    """The elements of the tensor where `condition` is true, else those of `other`."""
    return where(condition, self, other)


# -- clamp ------------------------------------------------------------------------------------------


def clamp_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """To the tensor where it is within the bounds, else to the bound that counts."""
    input, low, high = node.saved
    x = input._array
    a = low._array if isinstance(low, Tensor) else low
    b = high._array if isinstance(high, Tensor) else high
    inside = _inside(x, a, b)
    needs = node.needs
    of_low = of_high = None
    if needs[1]:
        of_low = masked(grad, (x < a) if b is None else (a < b) & (x < a))
    if needs[2]:
        of_high = masked(grad, (x > b) if a is None else (x > b) | (b < a))
    return masked(grad, inside) if needs[0] else None, of_low, of_high


def _inside(x: Array, low: Any, high: Any) -> Any:
    if low is None:
        return x <= high
    return x >= low if high is None else (x >= low) & (x <= high)


def _as_number(bound: Any, other: Any) -> Any:
    """A bound; the number in a 0-D tensor without gradient, if the other bound is a number."""
    return as_number(bound) if is_number(other) else bound


def bounded(name: str, input: Tensor, low: Any, high: Any) -> Tensor:
    """The elements between two bounds, of which one may be None."""
    tensor_argument(name, "input", input)
    bounds = [bound for bound in (low, high) if bound is not None]
    common = common_dtype((input, *bounds))
    refuse(name, common, "c")
    kind = common.numpy
    with np.errstate(all="ignore"):
        arrays = [
            item._array.astype(kind, copy=False)
            if isinstance(item, Tensor)
            else element(item, kind)
            for item in (input, *bounds)
        ]

    def compute(x: Array, *limits: Array) -> Any:
        if low is not None:
            x = np.maximum(x, limits[0])
        return np.minimum(x, limits[-1]) if high is not None else x

    kernel = kernels.find("clamp", arrays[0]) if arrays[0].flags.c_contiguous else None
    limits = None if kernel is None else _limits(low, high, arrays[0])
    if kernel is not None and limits is not None:
        value = flat(kernel, arrays[0], numbers=limits)
    else:
        value = elementwise(compute, *arrays)
    return record(value, (input, low, high), clamp_backward, (input, low, high))


def _limits(low: Any, high: Any, array: Array) -> tuple[Any, Any] | None:
    """Both bounds as numbers of the array's dtype; None if one is a tensor, or NaN."""
    if isinstance(low, Tensor) or isinstance(high, Tensor):
        return None
    kind = array.dtype.type
    found = (
        kind(-np.inf if low is None else low),
        kind(np.inf if high is None else high),
    )
    return None if any(np.isnan(item) for item in found) else found


@operation(methods=("clamp", "clip"), inplace=True, aliases=("clip",))
def clamp(input: Tensor, min: Any = None, max: Any = None, *, out: Tensor | None = None) -> Tensor:
    """The elements, kept between bounds.

    Args:
        input: The tensor.
        min: The lower bound: a number, or a tensor that broadcasts; None for no bound.
        max: The upper bound; where it is below `min` it counts alone.
        out: Where the result is written.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions, argument_error_value.
    """
    quick = fast_bounds(input, min, max) if out is None else None
    if quick is not None:
        return quick
    tensor_argument("clamp", "input", input)
    if isinstance(min, Tensor) != isinstance(max, Tensor):
        min, max = _as_number(min, max), _as_number(max, min)
    if min is not None and max is not None and isinstance(min, Tensor) != isinstance(max, Tensor):
        raise TypeError(
            "clamp() received an invalid combination of arguments: bounds must both be tensors or "
            "both be numbers"
        )
    judged("clamp", input, min, max)
    made = bounded("clamp", input, min, max)
    return made if out is None else write_out("clamp", out, made, (input, min, max))


@operation(methods=("clamp_min",), inplace=True, out=True)
def clamp_min(input: Tensor, min: Any) -> Tensor:
    """The elements, not below a bound."""
    tensor_argument("clamp_min", "input", input)
    judged("clamp_min", input, min)
    return bounded("clamp_min", input, min, None)


@operation(methods=("clamp_max",), inplace=True, out=True)
def clamp_max(input: Tensor, max: Any) -> Tensor:
    """The elements, not above a bound."""
    tensor_argument("clamp_max", "input", input)
    judged("clamp_max", input, max)
    return bounded("clamp_max", input, None, max)


add_in_place_functions(("clamp", "clip", "clamp_min", "clamp_max"))


# -- interpolation ----------------------------------------------------------------------------------


def lerp_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """``d(a + w * (b - a)) = (1 - w) * da + w * db + (b - a) * dw``."""
    input, end, weight = node.saved
    needs = node.needs
    return (
        grad * conjugate(1 - weight) if needs[0] else None,
        grad * conjugate(weight) if needs[1] else None,
        grad * conjugate(end - input) if needs[2] else None,
    )


def _interpolate(a: Array, b: Array, w: Array) -> Any:
    """From the nearer end, so that weights 0 and 1 give the ends themselves."""
    difference = b - a
    return np.where(np.abs(w) < 0.5, a + w * difference, b - difference * (1 - w))


def _interpolate_alike(a: Array, b: Array, _: Array, weight: float) -> Any:
    """The same, of one weight."""
    difference = np.subtract(b, a)
    if abs(weight) < 0.5:
        return np.add(a, np.multiply(difference, constant(a.dtype, weight)))
    return np.subtract(b, np.multiply(difference, constant(a.dtype, 1 - weight)))


_by_one = Shortcut("pointwise", operands=3, kernel="lerp", form="vvnv", numbers=(2,))
_by_each = Shortcut("pointwise", operands=3, kernel="lerp_each", form="vvvv")


@operation(methods=("lerp",), inplace=True, out=True)
def lerp(input: Tensor, end: Tensor, weight: Tensor | float) -> Tensor:
    """``input + weight * (end - input)``; all three broadcast."""
    call = (_by_each if isinstance(weight, Tensor) else _by_one).call
    if call is not None and all(
        getattr(item, "_meta", None) is None for item in (input, end, weight)
    ):
        found: Tensor | None = call(input, end, weight)
        if found is not None:
            return found
    quick = at_once(_interpolate_alike, input, end, end, weight)
    if quick is not None:
        return quick
    tensor_argument("lerp", "input", input)
    tensor_argument("lerp", "end", end, 2)
    judged("lerp", input, end, weight)
    _check_same_dtype("lerp", input, end)
    if isinstance(weight, Tensor) and weight.ndim:
        _check_same_dtype("lerp", input, weight)
    refuse("lerp", input.dtype, "bi")
    if not isinstance(weight, Tensor):
        stored(weight, input._array.dtype)  # or an error
    arrays = common_arrays("lerp", (input, end, weight))

    value = elementwise(_interpolate, *arrays)
    wants_weight = isinstance(weight, Tensor) and weight.requires_grad
    saved = (input, end, weight) if wants_weight else (None, None, weight)
    return record(value, (input, end, weight), lerp_backward, saved)


def _check_same_dtype(name: str, input: Tensor, *others: Any) -> None:
    for other in others:
        if isinstance(other, Tensor) and other._array.dtype != input._array.dtype:
            raise RuntimeError(
                f"{name}: expected dtype {input.dtype} for all tensors but got dtype {other.dtype}"
            )


def addcmul_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """``d(x + v * a * b) = dx + v * b * da + v * a * db``."""
    a, b = node.saved
    value = conjugate(node.value)
    return (
        grad,
        grad * conjugate(b) * value if node.needs[1] else None,
        grad * conjugate(a) * value if node.needs[2] else None,
    )


def addcdiv_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """``d(x + v * a / b) = dx + v / b * da - v * a / b**2 * db``."""
    a, b = node.saved
    if b is None:
        return grad, None, None
    scaled = grad * conjugate(node.value) / conjugate(b)
    return (
        grad,
        scaled if node.needs[1] else None,
        -scaled * conjugate(a / b) if node.needs[2] else None,
    )


def _factors(a: Tensor, b: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """Each factor, if the gradient of the other one is wanted."""
    return a if needs_grad(b) else None, b if needs_grad(a) else None


def _quotient(a: Tensor, b: Tensor) -> tuple[Tensor | None, Tensor | None]:
    """The dividend, if the gradient of the divisor is wanted; the divisor, if either is."""
    return a if needs_grad(b) else None, b if needs_grad(a) or needs_grad(b) else None


def combined(name: str, input: Any, tensor1: Any, tensor2: Any, value: complex) -> list[Array]:
    """The operands of addcmul and addcdiv, and `value`, as arrays of one dtype."""
    tensor_argument(name, "input", input)
    tensor_argument(name, "tensor1", tensor1, 2)
    tensor_argument(name, "tensor2", tensor2, 3)
    judged(name, input, tensor1, tensor2)
    common = common_dtype((input, tensor1, tensor2))
    arrays = common_arrays(name, (input, tensor1, tensor2))
    return [*arrays, element(value, FLOAT32 if common.numpy in NARROW else common.numpy)]


def _add_product(x: Array, a: Array, b: Array, value: Any) -> Any:
    if value.__class__ is int and value == 1:
        return np.add(x, np.multiply(a, b))
    if value.__class__ is float:
        value = constant(a.dtype, value)
    return x + value * a * b


_product = Shortcut("pointwise", operands=4, kernel="addcmul", form="vvvnv", numbers=(3,))


def _add_quotient(x: Array, a: Array, b: Array, value: Any) -> Any:
    if value.__class__ is int and value == 1:
        return np.add(x, np.divide(a, b))
    if value.__class__ is float:
        value = constant(a.dtype, value)
    return x + value * a / b


@operation(methods=("addcmul",), inplace=True)
def addcmul(
    input: Tensor,
    tensor1: Tensor,
    tensor2: Tensor,
    *,
    value: complex = 1,
    out: Tensor | None = None,
) -> Tensor:
    """``input + value * tensor1 * tensor2``; all three broadcast."""
    if out is not None:
        result = addcmul(input, tensor1, tensor2, value=value)
        return write_out("addcmul", out, result, (input, tensor1, tensor2))
    quick = at_once(_add_product, input, tensor1, tensor2, value, _product)
    if quick is not None:
        return quick
    value = as_number(value)
    arrays = combined("addcmul", input, tensor1, tensor2, value)
    refuse("addcmul", common_dtype((input, tensor1, tensor2)), "b")
    kernel = kernels.find("addcmul", arrays[0])
    alike = all(a.flags.c_contiguous and a.shape == arrays[0].shape for a in arrays[:3])
    if kernel is not None and alike:
        made = flat(kernel, *arrays[:3], numbers=(arrays[0].dtype.type(value),))
    else:
        made = elementwise(_add_product, *arrays)
    return record(
        made, (input, tensor1, tensor2), addcmul_backward, _factors(tensor1, tensor2), value=value
    )


@operation(methods=("addcdiv",), inplace=True, out=True)
def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: complex = 1) -> Tensor:
    """``input + value * tensor1 / tensor2``; all three broadcast."""
    quick = at_once(_add_quotient, input, tensor1, tensor2, value)
    if quick is not None:
        return quick
    value = as_number(value)
    arrays = combined("addcdiv", input, tensor1, tensor2, value)
    if common_dtype((tensor1, tensor2)).category < FLOATING:
        raise RuntimeError(
            "Integer division with addcdiv is no longer supported: convert the tensors first"
        )
    made = elementwise(_add_quotient, *arrays)
    return record(
        made, (input, tensor1, tensor2), addcdiv_backward, _quotient(tensor1, tensor2), value=value
    )


# -- filling ----------------------------------------------------------------------------------------


def masked_fill_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """To the tensor where it was kept, to the value where it was filled in."""
    filled = kept(node)._array
    return (
        masked(grad, ~filled) if node.needs[0] else None,
        None,
        masked(grad, filled).sum() if node.needs[2] else None,
    )


def _check_filled(input: Any, mask: Any, value: Any) -> None:
    """Raise what `masked_fill` raises."""
    tensor_argument("masked_fill", "input", input)
    tensor_argument("masked_fill", "mask", mask, 2)
    judged("masked_fill", input, mask, value)
    if mask.dtype.category != BOOL:
        raise RuntimeError(
            f"masked_fill_ only supports boolean masks, but got mask with dtype {mask.dtype}"
        )


def masked_fill_(self: Tensor, mask: Tensor, value: Any) -> Tensor:
    """`masked_fill` in place, where several elements may be one place in memory."""
    _check_filled(self, mask, value)
    check_inplace("masked_fill_", self.shape, np.broadcast_shapes(self.shape, mask.shape))
    chosen, filler = mask._array, _filler(value, self._array.dtype)

    def write(array: Array) -> None:
        np.copyto(array, filler, where=chosen)

    return write_into(self, (mask, value), write, masked_fill_backward, (mask,), expanded=True)


@operation(methods=("masked_fill",), inplace=masked_fill_)
def masked_fill(input: Tensor, mask: Tensor, value: Any) -> Tensor:
    """The tensor with `value` where `mask` is true.

    Args:
        input: The tensor.
        mask: A bool tensor that broadcasts with it.
        value: A number or a 0-D tensor.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions, rank_error_mismatch.
        RuntimeError: `mask` is not bool, or the dtype cannot hold `value`.
    """
    _check_filled(input, mask, value)
    made = np.asarray(np.where(mask._array, _filler(value, input._array.dtype), input._array))
    return record_rows(made, (input, mask, value), masked_fill_backward, (mask,))


def _filler(value: Any, kind: np.dtype[Any]) -> Array:
    """A number, or the element of a 0-D tensor, as an array of a dtype."""
    if not isinstance(value, Tensor):
        return element(value, kind)
    if value._array.dtype.kind == "c" and kind.kind != "c":
        raise RuntimeError(f"value cannot be converted to type {kind.name} without overflow")
    with np.errstate(all="ignore"):
        return value._array.astype(kind)


def nan_to_num_backward(node: Any, grad: Tensor) -> Tensor:
    """To what was finite."""
    return masked(grad, node.finite)


@operation(methods=("nan_to_num",), inplace=True, out=True)
def nan_to_num(
    input: Tensor,
    nan: float | None = None,
    posinf: float | None = None,
    neginf: float | None = None,
) -> Tensor:
    """The tensor with numbers in place of NaN and infinities.

    Args:
        input: The tensor.
        nan: In place of NaN; 0 if None.
        posinf: In place of infinity; the largest number of the dtype if None.
        neginf: In place of -infinity; the lowest number of the dtype if None.
    """
    array = tensor_argument("nan_to_num", "input", input)._array
    if input.dtype.category < FLOATING:
        return record(array.copy(), (input,), nan_to_num_backward, finite=True)
    limits = finfo(input.dtype)
    fillers = (
        0.0 if nan is None else nan,
        limits.max if posinf is None else posinf,
        limits.min if neginf is None else neginf,
    )

    def part(values: Array) -> Array:
        made = np.where(np.isnan(values), values.dtype.type(fillers[0]), values)
        made = np.where(made == math.inf, values.dtype.type(fillers[1]), made)
        return np.asarray(np.where(made == -math.inf, values.dtype.type(fillers[2]), made))

    def compute(values: Array) -> Array:
        if values.dtype.kind != "c":
            return part(values)
        made = np.empty_like(values)
        made.real, made.imag = part(values.real), part(values.imag)
        return made

    value = elementwise(compute, array)
    finite = np.isfinite(array.astype(np.float32) if array.dtype.kind == "V" else array)
    return record(value, (input,), nan_to_num_backward, finite=finite)


add_in_place_functions(("nan_to_num",))
