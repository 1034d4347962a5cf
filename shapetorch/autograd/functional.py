"""Derivatives of functions: Jacobians, Hessians and their products with vectors.

A product with a vector from the right (``jvp``) is the gradient of the product from the left, taken twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from shapetorch.autograd.gradients import grad
from shapetorch.tensor.engine import zeros_of
from shapetorch.tensor.mapped import mapped_everywhere
from shapetorch.tensor.modes import grad_mode
from shapetorch.tensor.tensors import Tensor


def _tuple(value: Any, what: str) -> tuple[Tensor, ...]:
    items = (value,) if isinstance(value, Tensor) else tuple(value)
    for place, item in enumerate(items):
        if not isinstance(item, Tensor):
            raise TypeError(
                f"The {what} given to the function must be either a Tensor or a tuple of Tensors but the value "
                f"at index {place} has type {type(item)}."
            )
    return items


def _fresh(inputs: Any, create_graph: bool) -> tuple[Tensor, ...]:
    """Inputs to differentiate by: views of the given ones if the result is differentiated further."""
    made = []
    for given in _tuple(inputs, "inputs"):
        item = mapped_everywhere(given)
        if create_graph and item.requires_grad:
            made.append(item.view_as(item))
        else:
            made.append(item.detach().requires_grad_())
    return tuple(made)


def gradients_of(
    outputs: Sequence[Tensor],
    inputs: Sequence[Tensor],
    weights: Any,
    create_graph: bool,
    strict: bool,
) -> tuple[Tensor, ...]:
    """The gradients, zeros where there is none (an error if `strict`)."""
    used = [place for place, item in enumerate(outputs) if item.requires_grad]
    if strict and len(used) < len(outputs):
        raise RuntimeError("The output of the user-provided function is independent of the input.")
    found: Sequence[Tensor | None] = [None] * len(inputs)
    if used:
        found = grad(
            [outputs[place] for place in used],
            inputs,
            None if weights is None else [weights[place] for place in used],
            retain_graph=True,
            create_graph=create_graph,
            allow_unused=True,
        )
    if strict and any(item is None for item in found):
        raise RuntimeError("The output of the user-provided function is independent of an input.")
    return tuple(
        item if item is not None else zeros_of(tuple(tensor.shape), tensor.dtype)
        for item, tensor in zip(found, inputs, strict=True)
    )


def _same(values: Sequence[Tensor], like: Any) -> Any:
    return values[0] if isinstance(like, Tensor) else tuple(values)


def _done(values: Sequence[Tensor], create_graph: bool) -> tuple[Tensor, ...]:
    return tuple(values) if create_graph else tuple(item.detach() for item in values)


def _vectors(v: Any, like: Sequence[Tensor], what: str) -> tuple[Tensor, ...]:
    if v is None:
        if len(like) != 1 or like[0].numel() != 1:
            raise RuntimeError(
                f"The vector v can only be None if the {what} is a single Tensor with a single element"
            )
        return (like[0].new_ones(tuple(like[0].shape)),)
    made = _tuple(v, "v")
    if len(made) != len(like):
        raise RuntimeError(f"v: expected {len(like)} tensors, got {len(made)}")
    for one, other in zip(made, like, strict=True):
        if one.shape != other.shape:
            raise RuntimeError(
                f"v: expected the size {list(other.shape)} of the {what}, got {list(one.shape)}"
            )
    return made


def vjp(
    func: Callable[..., Any],
    inputs: Any,
    v: Any = None,
    create_graph: bool = False,
    strict: bool = False,
) -> tuple[Any, Any]:
    """The results, and the product of `v` (shaped as the results) with the Jacobian."""
    with grad_mode(True):
        arguments = _fresh(inputs, create_graph)
        results = func(*arguments)
        outputs = _tuple(results, "outputs")
        weights = _vectors(v, outputs, "output")
        found = gradients_of(outputs, arguments, weights, create_graph, strict)
    return _same(_done(outputs, create_graph), results), _same(_done(found, create_graph), inputs)


def jvp(
    func: Callable[..., Any],
    inputs: Any,
    v: Any = None,
    create_graph: bool = False,
    strict: bool = False,
) -> tuple[Any, Any]:
    """The results, and the product of the Jacobian with `v` (shaped as the inputs)."""
    with grad_mode(True):
        arguments = _fresh(inputs, create_graph)
        vectors = _vectors(v, arguments, "input")
        results = func(*arguments)
        outputs = _tuple(results, "outputs")
        zeros = [
            mapped_everywhere(zeros_of(tuple(item.shape), item.dtype)).requires_grad_()
            for item in outputs
        ]
        left = gradients_of(outputs, arguments, zeros, True, strict)
        found = gradients_of(left, zeros, vectors, create_graph, False)
    return _same(_done(outputs, create_graph), results), _same(_done(found, create_graph), results)


def jacobian(
    func: Callable[..., Any],
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    strategy: str = "reverse-mode",
) -> Any:
    """The Jacobian: for each result and input a tensor of shape ``(*result, *input)``.

    Args:
        func: A function of tensors that gives a tensor or a tuple.
        inputs: Its arguments, a tensor or a tuple.
        create_graph: Whether the Jacobian can be differentiated.
        strict: Whether a result that does not depend on an input is an error.
        vectorize: Taken for compatibility; rows are computed one after the other.
        strategy: "reverse-mode"; "forward-mode" gives the same numbers in the same way.
    """
    with grad_mode(True):
        arguments = _fresh(inputs, create_graph)
        results = func(*arguments)
        outputs = _tuple(results, "outputs")
        table = table_of(outputs, arguments, create_graph, strict)
    done = [_done(row, create_graph) for row in table]
    found_rows = [_same(row, inputs) for row in done]
    return found_rows[0] if isinstance(results, Tensor) else tuple(found_rows)


def table_of(
    outputs: Sequence[Tensor], arguments: Sequence[Tensor], create_graph: bool, strict: bool
) -> list[tuple[Tensor, ...]]:
    """For each output, its Jacobian by each argument."""
    table = []
    for output in outputs:
        flat = output.reshape(-1)
        rows = [
            gradients_of([flat[place]], arguments, None, create_graph, strict)
            for place in range(output.numel())
        ]
        table.append(
            tuple(
                _stacked([row[column] for row in rows], output, item)
                for column, item in enumerate(arguments)
            )
        )
    return table


def _stacked(rows: Sequence[Tensor], output: Tensor, item: Tensor) -> Tensor:
    from shapetorch.tensor.ops.joining import stack

    shape = (*output.shape, *item.shape)
    if not rows:
        return zeros_of(shape, item.dtype)
    return stack(list(rows)).reshape(shape)  # type: ignore[no-any-return]


def hessian(
    func: Callable[..., Any],
    inputs: Any,
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    outer_jacobian_strategy: str = "reverse-mode",
) -> Any:
    """The Hessian of a function that gives one number; see `jacobian` for its arguments."""
    several = not isinstance(inputs, Tensor)

    def first(*arguments: Tensor) -> Any:
        value = func(*arguments)
        if not isinstance(value, Tensor) or value.numel() != 1:
            raise RuntimeError(
                "The output of the function given to hessian should contain a single element"
            )
        found = jacobian(lambda *own: func(*own).reshape(()), arguments, True, strict)
        return found if several else found[0]

    return jacobian(first, inputs, create_graph, strict)


def vhp(
    func: Callable[..., Any],
    inputs: Any,
    v: Any = None,
    create_graph: bool = False,
    strict: bool = False,
) -> tuple[Any, Any]:
    """The value, and the product of `v` with the Hessian."""
    with grad_mode(True):
        arguments = _fresh(inputs, create_graph)
        vectors = _vectors(v, arguments, "input")
        value = func(*arguments)
        if not isinstance(value, Tensor) or value.numel() != 1:
            raise RuntimeError(
                "The output of the function given to vhp should contain a single element"
            )
        first = gradients_of([value], arguments, None, True, strict)
        found = gradients_of(first, arguments, vectors, create_graph, strict)
    return _done([value], create_graph)[0], _same(_done(found, create_graph), inputs)


def hvp(
    func: Callable[..., Any],
    inputs: Any,
    v: Any = None,
    create_graph: bool = False,
    strict: bool = False,
) -> tuple[Any, Any]:
    """The value, and the product of the Hessian, which is symmetric, with `v`."""
    return vhp(func, inputs, v, create_graph, strict)
