"""The shape helpers of einops and einsum: what a pattern makes of shapes."""

from __future__ import annotations

from shapetorch.dim import (
    AnyShape,
    Shape,
    Size,
)
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.registry import Result, Shapes
from shapetorch.typing.helpers import ask, ask_several, helper


@helper("RearrangeShape")
def rearrange_shape(input: Shape, pattern: str, **axes: Size) -> AnyShape:
    """Shape of einops' ``rearrange``."""
    return ask("einops.rearrange", tensor=input, pattern=pattern, **axes)


@helper("ValidatedRearrangeShape")
def validated_rearrange_shape(input: Shape, pattern: str, **axes: Size) -> AnyShape:
    """Shape of einops' ``rearrange``; the documentation has a form that does not check."""
    return ask("einops.rearrange", tensor=input, pattern=pattern, **axes)


@helper("ReduceShape")
def reduce_shape(
    input: Shape, pattern: object = None, keepdim: bool = False, **axes: Size
) -> AnyShape:
    """Shape of einops' ``reduce`` for a pattern, or of a reduction over dims."""
    if isinstance(pattern, str):
        return validated_reduce_shape(input, pattern, **axes)
    return ask("torch.sum", input=input, dim=pattern, keepdim=keepdim)


@helper("ValidatedReduceShape")
def validated_reduce_shape(input: Shape, pattern: str, **axes: Size) -> AnyShape:
    """Shape of einops' ``reduce``."""
    return ask("einops.reduce", tensor=input, pattern=pattern, reduction="sum", **axes)


@helper("RepeatShape")
def repeat_shape(input: Shape, pattern: object, **axes: Size) -> AnyShape:
    """Shape of einops' ``repeat`` for a pattern, or of ``input.repeat`` for counts."""
    if isinstance(pattern, str):
        return validated_repeat_shape(input, pattern, **axes)
    return ask("Tensor.repeat", input=input, repeats=pattern)


@helper("ValidatedRepeatShape")
def validated_repeat_shape(input: Shape, pattern: str, **axes: Size) -> AnyShape:
    """Shape of einops' ``repeat``."""
    return ask("einops.repeat", tensor=input, pattern=pattern, **axes)


@helper("PackShape")
def pack_shape(tensors: Shapes, pattern: str) -> Result:
    """Shape of the packed tensor of einops' ``pack``."""
    return ask_several("einops.pack", tensors=tensors, pattern=pattern)[0]


@helper("UnpackShape")
def unpack_shape(input: Shape, packed_shapes: Shapes, pattern: str) -> Result:
    """The shapes that einops' ``unpack`` gives back."""
    return ask_several("einops.unpack", tensor=input, packed_shapes=packed_shapes, pattern=pattern)


@helper("EinsumOutputShape", gather="operands")
def einsum_output_shape(equation: str, operands: Shapes) -> AnyShape:
    """Shape of ``einsum(equation, *operands)``."""
    return ask("torch.einsum", equation=equation, operands=operands)


@helper("ValidatedEinsumShape", gather="operands")
def validated_einsum_shape(equation: str, operands: Shapes) -> AnyShape:
    """Shape of ``einsum(equation, *operands)``; the documentation has a form that does not check."""
    return ask("torch.einsum", equation=equation, operands=operands)


@helper("ValidateEinsum", gather="operands")
def validate_einsum(equation: str, operands: Shapes) -> list[Shape]:
    """The operands, of which the equation must be true."""
    ask("torch.einsum", equation=equation, operands=operands)
    return list(operands)


@helper("ValidateOperandCount", gather="operands")
def validate_operand_count(equation: str, operands: Shapes) -> list[Shape]:
    """The operands, of which there must be as many as terms."""
    return _validate(equation, operands, ErrorKind.einsum_error_operand_count_mismatch)


@helper("ValidateRanks", gather="operands")
def validate_ranks(equation: str, operands: Shapes) -> list[Shape]:
    """The operands, each of which must have as many dims as its term has subscripts."""
    return _validate(
        equation,
        operands,
        ErrorKind.einsum_error_operand_count_mismatch,
        ErrorKind.einsum_error_subscript_rank_mismatch,
    )


def _validate(equation: str, operands: Shapes, *kinds: ErrorKind) -> list[Shape]:
    try:
        ask("torch.einsum", equation=equation, operands=operands)
    except ShapeError as error:
        if error.kind in kinds:
            raise
    return list(operands)
