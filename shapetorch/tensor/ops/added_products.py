"""Products of matrices and vectors that are added to something."""

from __future__ import annotations

from typing import Any

import numpy as np

from shapetorch.tensor.arguments import is_number, tensor_argument
from shapetorch.tensor.dtypes import BOOL, COMPLEX, FLOATING, NARROW, dtype, promote
from shapetorch.tensor.judging import judged
from shapetorch.tensor.matrix_arrays import check_product_dtypes, matrix_product, saved_factors
from shapetorch.tensor.operations import operation
from shapetorch.tensor.ops.products import at_once, outer, product_gradients
from shapetorch.tensor.quiet import quietly
from shapetorch.tensor.scalars import require_64_bits, scalar
from shapetorch.tensor.signatures import type_name
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor


def add_product_backward(node: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
    """Of ``beta * input + alpha * a @ b``."""
    a, b = node.saved
    scaled = grad if node.alpha == 1 else grad * np.conj(node.alpha).item()
    if node.summed and (a is not None or b is not None):
        scaled = scaled.expand(node.metas[1][0][0], *scaled._stored.shape)
    left, right = product_gradients(scaled, a, b, node.metas[1], node.metas[2])
    added = None
    if node.needs[0]:
        added = grad if node.beta == 1 else grad * np.conj(node.beta).item()
    return added, left, right


def _add_product(
    name: str, operands: tuple[Tensor, Tensor, Tensor], beta: complex, alpha: complex, summed: bool
) -> Tensor:
    """``beta * input + alpha * a @ b``, of which the batch is summed if `summed`."""
    input, a, b = operands
    if beta == alpha == 1 and not summed and input.__class__ is Tensor and input._meta is None:
        product = at_once(a, b, 3 if name == "baddbmm" else 2)
        if product is not None and name != "addmv":
            made, added = product._array, input._array
            if added.dtype is made.dtype and added.shape in (made.shape, made.shape[-1:]):
                quietly(np.add, made, added, made)
                return product
    judged(name, input, a, b)
    check_product_dtypes(name, input, a, b)
    array = input._array
    kind = array.dtype
    wide = [item._array for item in operands]
    if kind in NARROW:
        wide = [item.astype(np.float32) for item in wide]
    result = matrix_product(wide[1], wide[2])
    if summed:
        result = np.add.reduce(result, axis=0)
    is_empty = not a._stored.shape[-1] or (summed and not a._stored.shape[0])
    is_empty = is_empty and (summed or a._stored.ndim == 2 or a._stored.shape[0] > 0)
    if is_empty and name != "addmv":  # PyTorch multiplies here, and promotes
        check_factor(input.dtype, "beta", beta)
        if kind.kind == "b" and result.size and beta and not isinstance(beta, bool):
            raise RuntimeError(
                f"{name}: result type Long can't be cast to the desired output type Bool"
            )
    result = combined(result, wide[0], _factor(name, beta, kind), _factor(name, alpha, kind))
    return record(
        result.astype(kind, copy=False),
        (input, a, b),
        add_product_backward,
        saved_factors(a, b),
        called=name,
        alpha=alpha,
        beta=beta,
        summed=summed,
    )


def _factor(name: str, number: Any, kind: np.dtype[Any]) -> Any:
    """A factor in the dtype of the operands; integers take the whole part."""
    if number.__class__ is int and -_PLAIN < number < _PLAIN:
        return number
    if isinstance(number, Tensor):
        number = number._array.item()
    if not is_number(number):
        raise TypeError(
            f"{name}(): arguments 'beta' and 'alpha' must be Number, not {type_name(number)}"
        )
    if number.__class__ is int:
        require_64_bits(number)
    if isinstance(number, complex) and kind.kind != "c":
        raise RuntimeError(
            f"{name}: value {number} cannot be converted to type {kind.name} without overflow"
        )
    if kind.kind in "iu":
        return int(number)
    return scalar(number, kind) if number.__class__ is float and kind.char == "f" else number


_PLAIN = 1 << 31
"""Integers up to here are what they are in all dtypes that may be added up."""


def check_factor(common: dtype, argument: str, number: Any) -> None:
    """Whether a factor fits the dtype of a result.

    Raises:
        RuntimeError: it does not.
    """
    if isinstance(number, bool) and common.category != BOOL:
        raise RuntimeError(f"Boolean {argument} only supported for Boolean results.")
    if common.category < FLOATING and isinstance(number, (float, complex)):
        raise RuntimeError(
            f"For integral input tensors, argument {argument} must not be a floating point number."
        )
    if common.category != COMPLEX and isinstance(number, complex):
        raise RuntimeError(
            f"For non-complex input tensors, argument {argument} must not be a complex number."
        )


def combined(product: Array, added: Array, beta: Any, alpha: Any) -> Array:
    """``alpha * product + beta * added``; with ``beta=0`` not even NaN of `added` counts."""
    with np.errstate(all="ignore"):
        if alpha != 1:
            product = product * product.dtype.type(alpha)
        if beta == 0:
            return product
        return product + (added if beta == 1 else added * added.dtype.type(beta))


@operation(methods=("addmm",), inplace=True, out="same dtype")
def addmm(
    input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: complex = 1, alpha: complex = 1
) -> Tensor:
    """``beta * input + alpha * mat1 @ mat2``; `input` expands to the product."""
    return _add_product("addmm", (input, mat1, mat2), beta, alpha, False)


@operation(methods=("addmv",), inplace=True, out="same dtype")
def addmv(
    input: Tensor, mat: Tensor, vec: Tensor, *, beta: complex = 1, alpha: complex = 1
) -> Tensor:
    """``beta * input + alpha * mat @ vec``; `input` expands to the product."""
    return _add_product("addmv", (input, mat, vec), beta, alpha, False)


@operation("addmv_")
def addmv_in_place(
    input: Tensor, mat: Tensor, vec: Tensor, *, beta: complex = 1, alpha: complex = 1
) -> Tensor:
    """`addmv` in place."""
    tensor_argument("addmv_", "input", input)
    return input.addmv_(mat, vec, beta=beta, alpha=alpha)  # type: ignore[no-any-return]


@operation(methods=("baddbmm",), inplace=True, out="same dtype")
def baddbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: complex = 1, alpha: complex = 1
) -> Tensor:
    """``beta * input + alpha * batch1 @ batch2`` of batches of matrices; `input` expands."""
    return _add_product("baddbmm", (input, batch1, batch2), beta, alpha, False)


@operation(methods=("addbmm",), inplace=True, out="same dtype")
def addbmm(
    input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: complex = 1, alpha: complex = 1
) -> Tensor:
    """``beta * input + alpha * sum(batch1 @ batch2)``, the sum over the batch; `input` expands."""
    return _add_product("addbmm", (input, batch1, batch2), beta, alpha, True)


@operation(methods=("addr",), inplace=True, out=True)
def addr(
    input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: complex = 1, alpha: complex = 1
) -> Tensor:
    """``beta * input + alpha * outer(vec1, vec2)``; `input` expands to the product."""
    judged("addr", input, vec1, vec2)
    common = promote([(item.dtype, 2) for item in (input, vec1, vec2)])  # `input` is expanded
    for argument, number in (("beta", beta), ("alpha", alpha)):
        check_factor(common, argument, number)
    if common.category == BOOL:
        beta, alpha = bool(beta), bool(alpha)
    product = outer(vec1, vec2)
    if alpha != 1:
        product = product * alpha
    made = product if beta == 0 else (input if beta == 1 else input * beta) + product
    return made if made.dtype is common else made.to(common)
