"""Pooling to a size that is given: adaptive and fractional."""

from __future__ import annotations

import math
from collections.abc import Sequence

from shapetorch.dim import UNKNOWN_DIM, Dim, Shape, Size, Truth, at_most, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.kernel_windows import (
    per_axis,
    require_at_least,
    require_some,
    split_batch,
    value_error,
)
from shapetorch.rules.pooling import INDICES, with_indices
from shapetorch.rules.registry import OptionalSizes, PerAxis, Result, rule


def adaptive_pool(
    operation: str,
    axes: int,
    input: Shape,
    output_size: PerAxis | OptionalSizes | None,
    *,
    mean: bool,
) -> Shape:
    """`input` with its last `axes` sizes replaced by `output_size`, where that is not None.

    Args:
        operation: The name for messages.
        axes: How many axes are pooled.
        input: ``(N, C, *sizes)``, or ``(C, *sizes)`` without a batch.
        output_size: The sizes wanted; None keeps one.
        mean: Whether means are taken, which need not look at the channels; a mean of everything
            takes any rank.

    Raises:
        ShapeError: pool_error_rank, pool_error_empty_output, pool_error_output_size,
            argument_error_value.
    """
    wanted: Sequence[Size | None]
    if output_size is None or isinstance(output_size, (int, Dim)):
        wanted = (output_size,) * axes
    else:
        wanted = tuple(output_size)
        _check_count(operation, axes, input, wanted)
    if mean and all(item == 1 for item in wanted) and len(input) >= max(axes, 2):
        if axes == 1:
            split_batch(operation, input, axes, ErrorKind.pool_error_rank)
        return input[:-axes] + (1,) * axes
    split_batch(operation, input, axes, ErrorKind.pool_error_rank)
    sizes = input[-axes:]
    checked = sizes if mean and axes < 3 else input[1:]
    require_some(operation, checked, input, ErrorKind.pool_error_empty_output)
    results = [
        size if target is None else target for size, target in zip(sizes, wanted, strict=True)
    ]
    require_at_least(operation, "output_size", results, 0)
    return (*input[:-axes], *results)


def _check_count(operation: str, axes: int, input: Shape, wanted: OptionalSizes) -> None:
    """Raise unless there are `axes` numbers; which exception depends on the rank, as in PyTorch."""
    shown = "[" + ", ".join(map(str, wanted)) + "]"
    if axes > 1 and len(input) <= len(wanted):
        raise ShapeError(
            ErrorKind.pool_error_output_size,
            (tuple(wanted), axes, axes),
            f"{operation}: output_size must have fewer numbers than input has dimensions, "
            f"got {shown} for {render_shape(input)}",
        )
    if len(wanted) != axes:
        raise value_error(operation, "output_size", shown, f"one number or {axes}")


@rule("adaptive_avg_pool1d", functions=("nn.functional.adaptive_avg_pool1d", "adaptive_avg_pool1d"))
def adaptive_avg_pool1d_shape(input: Shape, output_size: PerAxis) -> Shape:
    """Shape of 1-d adaptive average pooling; see `adaptive_pool`."""
    return adaptive_pool("adaptive_avg_pool1d", 1, input, output_size, mean=True)


@rule("adaptive_avg_pool2d", functions=("nn.functional.adaptive_avg_pool2d",))
def adaptive_avg_pool2d_shape(input: Shape, output_size: PerAxis | OptionalSizes) -> Shape:
    """Shape of 2-d adaptive average pooling; see `adaptive_pool`."""
    return adaptive_pool("adaptive_avg_pool2d", 2, input, output_size, mean=True)


@rule("adaptive_avg_pool3d", functions=("nn.functional.adaptive_avg_pool3d",))
def adaptive_avg_pool3d_shape(input: Shape, output_size: PerAxis | OptionalSizes) -> Shape:
    """Shape of 3-d adaptive average pooling; see `adaptive_pool`."""
    return adaptive_pool("adaptive_avg_pool3d", 3, input, output_size, mean=True)


@rule("adaptive_max_pool1d", functions=("nn.functional.adaptive_max_pool1d",), dtype=INDICES)
def adaptive_max_pool1d_shape(
    input: Shape, output_size: PerAxis, return_indices: bool = False
) -> Result:
    """Shape of 1-d adaptive max pooling; see `adaptive_pool`."""
    found = adaptive_pool("adaptive_max_pool1d", 1, input, output_size, mean=False)
    return with_indices(found, return_indices)


@rule("adaptive_max_pool2d", functions=("nn.functional.adaptive_max_pool2d",), dtype=INDICES)
def adaptive_max_pool2d_shape(
    input: Shape, output_size: PerAxis | OptionalSizes, return_indices: bool = False
) -> Result:
    """Shape of 2-d adaptive max pooling; see `adaptive_pool`."""
    found = adaptive_pool("adaptive_max_pool2d", 2, input, output_size, mean=False)
    return with_indices(found, return_indices)


@rule("adaptive_max_pool3d", functions=("nn.functional.adaptive_max_pool3d",), dtype=INDICES)
def adaptive_max_pool3d_shape(
    input: Shape, output_size: PerAxis | OptionalSizes, return_indices: bool = False
) -> Result:
    """Shape of 3-d adaptive max pooling; see `adaptive_pool`."""
    found = adaptive_pool("adaptive_max_pool3d", 3, input, output_size, mean=False)
    return with_indices(found, return_indices)


@rule(
    "adaptive_max_pool1d",
    functions=("nn.functional.adaptive_max_pool1d_with_indices", "adaptive_max_pool1d"),
    dtype=INDICES,
)
def adaptive_max_pool1d_with_indices_shape(
    input: Shape, output_size: PerAxis, return_indices: object = False
) -> Result:
    """Shapes of the values and indices of 1-d adaptive max pooling."""
    found = adaptive_pool("adaptive_max_pool1d", 1, input, output_size, mean=False)
    return with_indices(found, True)


def fractional_pool(
    operation: str,
    axes: int,
    input: Shape,
    kernel_size: PerAxis,
    output_size: PerAxis | None,
    output_ratio: Sequence[float] | None,
) -> Shape:
    """The shape after fractional max pooling to `output_size`, or `output_ratio` of the sizes.

    Raises:
        ShapeError: pool_error_rank, pool_error_empty_output, pool_error_output_size.
    """
    batch, channels, sizes = split_batch(operation, input, axes, ErrorKind.pool_error_rank)
    kernels = per_axis(operation, "kernel_size", kernel_size, axes)
    require_some(operation, (channels, *sizes), input, ErrorKind.pool_error_empty_output)
    results: tuple[Size, ...]
    if output_size is not None:
        results = per_axis(operation, "output_size", output_size, axes, exact=True)
    elif output_ratio is not None and len(output_ratio) == axes:
        results = tuple(map(scaled, sizes, output_ratio))
    else:
        raise ShapeError(
            ErrorKind.pool_error_output_size,
            (output_size, 1, UNKNOWN_DIM),
            f"{operation}: output_size or output_ratio must be given for {axes} axes, got neither",
        )
    for size, kernel, target in zip(sizes, kernels, results, strict=True):
        least = target + kernel - (1 if axes == 2 else 0)
        if at_most(least, size) is Truth.NO:
            raise ShapeError(
                ErrorKind.pool_error_empty_output,
                (size, kernel, input),
                f"{operation}: kernel and output must fit into the input, "
                f"got {kernel} and {target} from {render_shape(input)}",
            )
    return (*batch, channels, *results)


def scaled(size: Size, factor: float) -> Size:
    """``floor(size * factor)``; unknown for a name and a factor that is no simple fraction."""
    if isinstance(size, int):
        return math.floor(size * factor)
    above, below = float(factor).as_integer_ratio()
    return size * above // below if below <= 64 else UNKNOWN_DIM


@rule("fractional_max_pool2d", functions=("nn.functional.fractional_max_pool2d",), dtype=INDICES)
def fractional_max_pool2d_shape(
    input: Shape,
    kernel_size: PerAxis,
    output_size: PerAxis | None = None,
    output_ratio: Sequence[float] | None = None,
    return_indices: bool = False,
    _random_samples: object = None,
) -> Result:
    """Shape of 2-d fractional max pooling; see `fractional_pool`."""
    found = fractional_pool(
        "fractional_max_pool2d", 2, input, kernel_size, output_size, output_ratio
    )
    return with_indices(found, return_indices)


@rule("fractional_max_pool3d", functions=("nn.functional.fractional_max_pool3d",), dtype=INDICES)
def fractional_max_pool3d_shape(
    input: Shape,
    kernel_size: PerAxis,
    output_size: PerAxis | None = None,
    output_ratio: Sequence[float] | None = None,
    return_indices: bool = False,
    _random_samples: object = None,
) -> Result:
    """Shape of 3-d fractional max pooling; see `fractional_pool`."""
    found = fractional_pool(
        "fractional_max_pool3d", 3, input, kernel_size, output_size, output_ratio
    )
    return with_indices(found, return_indices)


@rule(
    "adaptive_max_pool2d",
    functions=("nn.functional.adaptive_max_pool2d_with_indices",),
    dtype=INDICES,
)
def adaptive_max_pool2d_with_indices_shape(
    input: Shape, output_size: PerAxis | OptionalSizes, return_indices: object = False
) -> Result:
    """Shapes of the values and indices of 2-d adaptive max pooling."""
    found = adaptive_pool("adaptive_max_pool2d", 2, input, output_size, mean=False)
    return with_indices(found, True)


@rule(
    "adaptive_max_pool3d",
    functions=("nn.functional.adaptive_max_pool3d_with_indices",),
    dtype=INDICES,
)
def adaptive_max_pool3d_with_indices_shape(
    input: Shape, output_size: PerAxis | OptionalSizes, return_indices: object = False
) -> Result:
    """Shapes of the values and indices of 3-d adaptive max pooling."""
    found = adaptive_pool("adaptive_max_pool3d", 3, input, output_size, mean=False)
    return with_indices(found, True)


@rule(
    "fractional_max_pool2d",
    functions=("nn.functional.fractional_max_pool2d_with_indices",),
    dtype=INDICES,
)
def fractional_max_pool2d_with_indices_shape(
    input: Shape,
    kernel_size: PerAxis,
    output_size: PerAxis | None = None,
    output_ratio: Sequence[float] | None = None,
    return_indices: object = False,
    _random_samples: object = None,
) -> Result:
    """Shapes of the values and indices of 2-d fractional max pooling."""
    name = "fractional_max_pool2d"
    return with_indices(
        fractional_pool(name, 2, input, kernel_size, output_size, output_ratio), True
    )


@rule(
    "fractional_max_pool3d",
    functions=("nn.functional.fractional_max_pool3d_with_indices",),
    dtype=INDICES,
)
def fractional_max_pool3d_with_indices_shape(
    input: Shape,
    kernel_size: PerAxis,
    output_size: PerAxis | None = None,
    output_ratio: Sequence[float] | None = None,
    return_indices: object = False,
    _random_samples: object = None,
) -> Result:
    """Shapes of the values and indices of 3-d fractional max pooling."""
    name = "fractional_max_pool3d"
    return with_indices(
        fractional_pool(name, 3, input, kernel_size, output_size, output_ratio), True
    )
