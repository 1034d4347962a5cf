"""What activation functions have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from shapetorch.tensor.arguments import tensor_argument
from shapetorch.tensor.compute import elementwise
from shapetorch.tensor.fast import FLOAT32, FLOAT64, KERNELS_OF, LARGE, SMALL
from shapetorch.tensor.histories import recording
from shapetorch.tensor.modes import INFERENCE
from shapetorch.tensor.nodes import RESULT, Backward
from shapetorch.tensor.operations import assign, before_writing, operation
from shapetorch.tensor.pointwise import refuse
from shapetorch.tensor.quiet import quietly
from shapetorch.tensor.tape import record
from shapetorch.tensor.tensors import Array, Tensor, wrap_result


def activated(
    name: str,
    input: Tensor,
    compute: Callable[[Array], Any],
    backward: Backward,
    keeps: Sequence[str] = ("input",),
    *,
    inplace: bool = False,
    refuses: str = "bic",
    **facts: Any,
) -> Tensor:
    """An activation function with parameters: computed, recorded, and written back if asked.

    Args:
        name: Of the function.
        input: The tensor.
        compute: What computes it, on an array.
        backward: ``backward(node, grad)``.
        keeps: What ``node.saved`` shall hold: "input", "result".
        inplace: Whether the result is written into the tensor.
        refuses: Categories that are an error, see `pointwise.refuse`.
        facts: Attributes of the node.
    """
    if input.__class__ is Tensor and input._meta is None and not inplace and not INFERENCE:
        array = input._array
        if (array.dtype is FLOAT32 or array.dtype is FLOAT64) and (
            array.size <= SMALL or (array.size < LARGE and compute in KERNELS_OF)
        ):
            return wrap_result(quietly(compute, array))
    refuse(name, tensor_argument(name, "input", input).dtype, refuses)
    source = before_writing(input) if inplace and recording((input,)) else input
    value = elementwise(compute, source._array)
    saved = [RESULT if item == "result" else source for item in keeps]
    made = record(value, (source,), backward, saved, **facts)
    return assign(f"{name}_", input, made) if inplace else made


def declare_in_place(name: str, function: Callable[..., Tensor]) -> None:
    """Declare ``elu_`` beside ``elu``, of the library and of ``nn.functional``."""

    def in_place(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        return function(input, *args, inplace=True, **kwargs)

    in_place.__name__ = in_place.__qualname__ = f"{name}_"
    in_place.__doc__ = f"`{name}` in place."
    operation(f"{name}_", aliases=(f"nn.functional.{name}_",))(in_place)
