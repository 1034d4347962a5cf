"""The operations of einops on tensors of this library.

Written by ``tools/stubs.py``.
"""

from builtins import int as _int
from builtins import str as _str
from collections.abc import Callable as _Callable
from collections.abc import Sequence as _Sequence
from shapetorch.tensor.sizes import Size as _Size
from typing import Any as _Any

from shapetorch.tensor.tensors import Tensor

def rearrange(tensor: Tensor | _Sequence[Tensor], pattern: _str, **axes_lengths: _int) -> Tensor:
    """A tensor whose dims are split, moved and merged; a view where the memory allows it.

    Args:
        tensor: Any shape that the left side describes; a list of tensors is stacked first.
        pattern: ``"b (h w) c -> b c h w"``: a name for each dim, parentheses around names that are
            multiplied, ``...`` for any number of dims, ``1`` for a size of 1.
        axes_lengths: Sizes of named axes; of each group on the left, all but one must be known.

    Raises:
        ShapeError: einops_error_invalid_pattern, einops_error_undefined_axis,
            einops_error_anonymous_in_output, einops_error_ambiguous_decomposition,
            einops_error_dimension_mismatch.
    """

def repeat(tensor: Tensor | _Sequence[Tensor], pattern: _str, **axes_lengths: _int) -> Tensor:
    """A tensor repeated along the axes that only the right side has; see `rearrange`.

    Raises:
        ShapeError: einops_error_repeat_missing_size, and those of `rearrange`.
    """

def reduce(tensor: Tensor | _Sequence[Tensor], pattern: _str, reduction: _str | _Callable[..., _Any], **axes_lengths: _int) -> Tensor:
    """A tensor reduced over the axes that the right side leaves out; see `rearrange`.

    Args:
        tensor: Any shape that the left side describes; a list of tensors is stacked first.
        pattern: As of `rearrange`; a number on the left is a size that must be so.
        reduction: "min", "max", "sum", "mean", "prod", "any" or "all", or ``function(tensor, dims)``.
        axes_lengths: Sizes of named axes.

    Raises:
        ShapeError: argument_error_value, einops_error_reduce_undefined_output, and those of `rearrange`.
    """

def einsum(*tensors_and_pattern: _Any) -> Tensor:
    """A sum of products, with names of more than a letter: ``einsum(a, b, "b i d, b j d -> b i j")``.

    Raises:
        ShapeError: einops_error_invalid_pattern, einops_error_undefined_axis, and those of `einsum`.
    """

def pack(tensors: _Sequence[Tensor], pattern: _str) -> tuple[Tensor, list[_Size]]:
    """Tensors flattened where the star stands and joined there, and what shapes they had there.

    Args:
        tensors: One or more; where the star stands they may have any dims.
        pattern: ``"b * c"``: the dims they share, and one star.

    Raises:
        ShapeError: einops_error_invalid_pattern, einops_error_dimension_mismatch.
    """

def unpack(tensor: Tensor, packed_shapes: _Sequence[_Sequence[_int]], pattern: _str) -> list[Tensor]:
    """The parts of a packed tensor.

    Args:
        tensor: A shape as the pattern describes it, the star being one dim.
        packed_shapes: What stands in place of the star in each part; one size of all may be -1.
        pattern: ``"b * c"``.

    Raises:
        ShapeError: einops_error_invalid_pattern, einops_error_dimension_mismatch,
            einops_error_ambiguous_decomposition.
    """

def parse_shape(x: Tensor, pattern: _str) -> dict[_str, _int]:
    """The sizes of a tensor by name: ``parse_shape(x, "b _ h w")``; ``_`` and ``...`` are skipped.

    Raises:
        ShapeError: einops_error_invalid_pattern, einops_error_dimension_mismatch.
    """
