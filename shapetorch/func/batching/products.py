"""Products of matrices and vectors, and what is computed of batches of matrices anyway."""

from __future__ import annotations

from typing import Any

from shapetorch.func.batching.table import (
    Call,
    Unbatchable,
    aligned,
    batching,
    bound,
    examples,
    is_mapped,
    lowered,
    raised,
    ranks,
    refuse_mapped,
    run,
)
from shapetorch.tensor.mapped import Level, mapped, value_at, values_at
from shapetorch.tensor.ops.products import matmul as product
from shapetorch.tensor.tensors import Tensor


def multiply(level: Level, a: Tensor, b: Tensor) -> Tensor:
    """The examples of ``a @ b``, of which at least one is mapped.

    Raises:
        Unbatchable: one is a scalar.
    """
    if not a.ndim or not b.ndim:
        raise Unbatchable
    is_row, is_column = a.ndim == 1, b.ndim == 1
    a = a.unsqueeze(0) if is_row else a
    b = b.unsqueeze(1) if is_column else b
    with level.suspended():
        rank = ranks((a, b))
        made = product(_matrices(a, level, rank), _matrices(b, level, rank))
        if is_column:
            made = made.squeeze(-1)
        return made.squeeze(-1 if is_column else -2) if is_row else made


def _matrices(item: Tensor, level: Level, rank: int) -> Tensor:
    return aligned(item, level, rank)


_RANKS = {"mm": (2, 2), "bmm": (3, 3), "mv": (2, 1), "dot": (1, 1)}


@batching("matmul linalg.matmul mm bmm mv dot __matmul__ __rmatmul__")
def matmul(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Batches of matrices."""
    found = list(bound(call, args, kwargs).arguments.values())
    a, b = found[:2]
    if call.__name__ == "__rmatmul__":
        a, b = b, a
    if not isinstance(a, Tensor) or not isinstance(b, Tensor):
        raise Unbatchable
    wanted = _RANKS.get(call.__name__)
    if wanted is not None and (a.ndim, b.ndim) != wanted:
        raise Unbatchable
    if a.dtype is not b.dtype or (wanted == (3, 3) and a.shape[0] != b.shape[0]):
        raise Unbatchable
    return mapped(multiply(level, a, b), level)


@batching("inner")
def inner(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Sums along the last dims."""
    a, b = list(bound(call, args, kwargs).arguments.values())[:2]
    if not a.ndim or not b.ndim or b.ndim > 2 or a.dtype is not b.dtype:
        raise Unbatchable
    return mapped(multiply(level, a, b.mT if b.ndim == 2 else b), level)


@batching("outer ger")
def outer(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Each element with each."""
    a, b = list(bound(call, args, kwargs).arguments.values())[:2]
    if a.ndim != 1 or b.ndim != 1:
        raise Unbatchable
    first, second = aligned(a, level, 1), aligned(b, level, 1)
    return mapped(first.unsqueeze(-1) * second.unsqueeze(-2), level)


@batching("nn.functional.linear")
def linear(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """One product of matrices if only the input is mapped."""
    found = bound(call, args, kwargs).arguments
    input, weight, bias = found["input"], found["weight"], found["bias"]
    if not is_mapped((weight, bias), level):
        return mapped(call(examples(input, level), weight, bias), level)
    if weight.ndim != 2 or not input.ndim:
        raise Unbatchable
    if bias is not None and tuple(bias.shape) not in ((), (1,), (weight.shape[0],)):
        raise Unbatchable  # an error
    made = (
        input @ weight.t()
        if value_at(input, level) is None and value_at(weight, level) is None
        else multiply(level, input, weight.t())
    )
    if bias is None:
        return mapped(made, level)
    if value_at(bias, level) is None:
        return mapped(made + bias, level)
    return mapped(made + aligned(bias, level, input.ndim), level)


@batching("addmm addmv baddbmm")
def add_product(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """``beta * input + alpha * (a @ b)``."""
    found = bound(call, args, kwargs).arguments
    input, a, b = list(found.values())[:3]
    beta, alpha = found["beta"], found["alpha"]
    wanted = {"addmm": (2, 2), "addmv": (2, 1), "baddbmm": (3, 3)}[call.__name__]
    is_plain = (a.ndim, b.ndim) == wanted and a.dtype is b.dtype is input.dtype
    is_plain = is_plain and (a.ndim < 3 or a.shape[0] == b.shape[0])
    if not is_plain or not is_mapped((a, b), level) or input.ndim > max(wanted[0] - 1, wanted[1]):
        raise Unbatchable
    made = multiply(level, a, b)
    if alpha != 1:
        made = made * alpha
    if beta == 0:
        return mapped(made, level)
    added = aligned(input, level, made.ndim - 1)
    return mapped(made + (added if beta == 1 else added * beta), level)


@batching("einsum")
def einsum(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """One more letter, of the examples."""
    equation = args[0]
    if not isinstance(equation, str):
        raise Unbatchable
    operands = list(args[1]) if len(args) == 2 and isinstance(args[1], (tuple, list)) else args[1:]
    text = equation.replace(" ", "")
    left, arrow, right = text.partition("->")
    terms = left.split(",")
    if len(terms) != len(operands):
        raise Unbatchable
    letter = next((item for item in "zyxwvutsrqponmlkjihgfedcbaZYXWV" if item not in text), None)
    if letter is None:
        raise Unbatchable
    if not arrow:
        letters = sorted(item for item in set(left) if item.isalpha() and left.count(item) == 1)
        right = ("..." if "..." in left else "") + "".join(letters)
    own = [
        letter + term if value_at(item, level) is not None else term
        for term, item in zip(terms, operands, strict=True)
    ]
    made = call(f"{','.join(own)}->{letter}{right}", *lowered(list(operands), level))
    return mapped(made, level)


@batching(
    """linalg.det linalg.inv linalg.inv_ex linalg.cholesky linalg.cholesky_ex cholesky linalg.qr linalg.svd
    linalg.svdvals linalg.eigh linalg.eigvalsh linalg.eig linalg.eigvals linalg.slogdet slogdet logdet
    linalg.pinv pinverse linalg.matrix_power matrix_power linalg.matrix_exp matrix_exp linalg.lu
    linalg.lu_factor svd qr"""
)
def of_matrices(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Already made for batches of matrices."""
    shown = args[0] if args else next(iter(kwargs.values()))
    source = examples(shown, level)
    if shown.ndim < 2:
        raise Unbatchable
    refuse_mapped(level, (args[1:], kwargs if args else {}))
    if not args:
        raise Unbatchable
    return raised(call(source, *args[1:], **kwargs), level)


@batching("linalg.solve linalg.solve_triangular cholesky_solve")
def solve(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Batches of matrices on both sides; a single right side is a column."""
    found = bound(call, args, kwargs)
    names = list(found.arguments)[:2]
    shown = [found.arguments[name] for name in names]
    if call.__name__ == "solve" and shown[0].ndim == 2 and shown[1].ndim == 1:
        if not found.arguments["left"]:
            raise Unbatchable
        found.arguments[names[0]] = values_at(shown[0], level)
        found.arguments[names[1]] = values_at(shown[1], level).unsqueeze(-1)
        return mapped(run(call, found).squeeze(-1), level)
    if shown[0].ndim < 2 or shown[0].ndim != shown[1].ndim:
        raise Unbatchable
    for name, item in zip(names, shown, strict=True):
        found.arguments[name] = values_at(item, level)
    return raised(run(call, found), level)


@batching("nn.functional.scaled_dot_product_attention")
def attention(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """The examples are one more batch dim."""
    found = bound(call, args, kwargs)
    arguments = found.arguments
    names = ("query", "key", "value")
    rank = ranks(arguments[name] for name in names)
    mask = arguments["attn_mask"]
    if arguments["dropout_p"] or arguments["enable_gqa"] or (mask is not None and mask.ndim < 2):
        raise Unbatchable
    for name in names:
        arguments[name] = aligned(arguments[name], level, rank)
    if mask is not None:
        arguments["attn_mask"] = aligned(mask, level, rank)
    if not any(value_at(item, level) is not None for item in bound(call, args, kwargs).args[:3]):
        raise Unbatchable
    return mapped(run(call, found), level)


@batching("cdist")
def cdist(level: Level, call: Call, args: Any, kwargs: Any) -> Any:
    """Batches of rows on both sides."""
    found = bound(call, args, kwargs)
    names = ("x1", "x2")
    rank = ranks(found.arguments[name] for name in names)
    for name in names:
        if found.arguments[name].ndim < 2:
            raise Unbatchable
        found.arguments[name] = aligned(found.arguments[name], level, rank)
    return mapped(run(call, found), level)
