"""Small calls of every kernel: what is run to have it compiled for the types that operations use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from shapetorch.tensor.kernels.elementwise import FLAT, FLOAT32_ONLY
from shapetorch.tensor.kernels.grids import BLOCK, FLOATS, INTEGERS


def _zeros(*shape: int, kind: Any) -> Any:
    return np.zeros(shape, kind)


def _layer_norm(kind: Any) -> tuple[Any, ...]:
    x, row, each = _zeros(2, 4, kind=kind), _zeros(4, kind=kind), _zeros(2, kind=kind)
    return x, row, row, 1e-5, x.copy(), each, each.copy()


def _layer_norm_backward(kind: Any) -> tuple[Any, ...]:
    x, row, each = _zeros(2, 4, kind=kind), _zeros(4, kind=kind), _zeros(2, kind=kind)
    return x, x, row, each, each, x.copy(), row.copy(), row.copy()


def _of_rows(kind: Any, arrays: int, numbers: int) -> tuple[Any, ...]:
    x, each = _zeros(2, 4, kind=kind), _zeros(2, kind=kind)
    return *[x] * arrays, *[each] * numbers, x.copy()


def _cross_entropy(kind: Any) -> tuple[Any, ...]:
    x = _zeros(2, 4, kind=kind)
    return x, np.zeros(2, np.int64), -100, _zeros(2, kind=kind), x.copy()


_PHASE, _TAPS = np.zeros(1, np.int64), np.array([0, 1, 2, 6, 7, 8, 12, 13, 14])
_BAND = (
    _PHASE,
    _PHASE,
    np.array([1, 1, 1, 1, 4, 6, 6]),
)  # of a 3 x 3 convolution of 4 x 4 elements


def _filters(kind: Any, *sizes: int) -> Any:
    from shapetorch.tensor.kernels.tiles import ROWS

    return _zeros(*sizes, ROWS, kind=kind)


def _minimal(kind: Any) -> tuple[Any, ...]:
    images, layout = _zeros(1, 2, 4, 4, kind=kind), np.array([2, 2, 1, 1, 2, 3, 3])
    room = (_zeros(size, kind=kind) for size in (256, 16 * 2 * 64, 16 * 8 * 64, 4 * 64))
    filters = _filters(kind, 16, 1, 2)
    return images, filters, np.array([0, 64]), np.arange(2), layout, *room, images.copy(), 0, 1


def _direct(kind: Any) -> tuple[Any, ...]:
    images, offsets = _zeros(1, 2, 4, 4, kind=kind), np.concatenate([_TAPS, _TAPS + 36])
    room = _zeros(256, kind=kind), _zeros(2048, kind=kind)
    return images, _filters(kind, 1, 1, 18), offsets, *_BAND, *room, images.copy(), 0, 1


def _filter_gradients(kind: Any) -> tuple[Any, ...]:
    images, out = _zeros(1, 2, 4, 4, kind=kind), _zeros(2, 9, 2, kind=kind)
    room = (_zeros(size, kind=kind) for size in (72, 36 * 16 + 64, 24 * 8, 8 * 64))
    return images, images, _TAPS, *_BAND, np.arange(24) * 16, *room, out, 0, 1


def _depthwise_gradients(kind: Any) -> tuple[Any, ...]:
    images, out = _zeros(1, 2, 4, 4, kind=kind), _zeros(2, 9, 1, kind=kind)
    return images, images, _TAPS, *_BAND, _zeros(36, kind=kind), out, 0, 2


def _lstm(kind: Any, backward: bool = False) -> tuple[Any, ...]:
    """Of one step of a sequence, with two units."""
    gates, state, terms = _zeros(1, 8, kind=kind), _zeros(1, 2, kind=kind), 8 if backward else 2
    matrix, offsets = _zeros(16 + 64, kind=kind), np.arange(terms) * (2 if backward else 8)
    room = _zeros(terms * 8, kind=kind), _zeros(8 * (8 + 64), kind=kind)
    first = (state if backward else gates, matrix, offsets, np.array([[0, 1]]))
    if backward:
        slopes = (state.copy(), _zeros(1, 6, kind=kind), state.copy(), state.copy())
        return *first, state.copy(), state.copy(), *slopes, gates, *room
    return *first, *(state.copy() for _ in range(2)), gates, *[state] * 4, *room


def _along(kind: Any) -> tuple[Any, ...]:
    return _zeros(2, 4, 1, kind=kind), np.zeros((2, 4, 1), np.int64), _zeros(2, 4, 1, kind=kind)


def _pooling(kind: Any) -> tuple[Any, ...]:
    x, out = _zeros(1, 1, 2, 2, kind=kind), _zeros(1, 1, 1, 1, kind=kind)
    bounds = np.zeros((3, 1), np.int64), np.array([[0], [1], [1]]), np.ones(3, np.int64)
    return x, *bounds, out, np.zeros(out.shape, np.int64)


def _alignments(kind: Any, backward: bool = False) -> tuple[Any, ...]:
    states, one = np.zeros((1, 3), np.int64), np.ones(1, np.int64)
    shared = _zeros(2, 1, 2, kind=kind), states, _zeros(1, 5, kind=kind), one, one
    made = _zeros(2, 1, 5, kind=kind), _zeros(1, kind=kind)
    if not backward:
        return *shared, *made
    return *shared, *made, _zeros(1, kind=kind), _zeros(3, 7, kind=kind), _zeros(2, 1, 2, kind=kind)


def _grid(kind: Any, backward: bool = False) -> tuple[Any, ...]:
    image, grid, made = (_zeros(1, *shape, kind=kind) for shape in ((2, 4), (3, 2), (2, 3)))
    room = (_zeros(FLOATS, BLOCK, kind=kind), np.zeros((INTEGERS, BLOCK), np.int32))
    sizes, scales = np.array([2, 2]), np.ones((2, 4), kind)
    rest = (image, grid, sizes, scales, (0, 0, True), *room)
    return (made, *rest, image.copy(), grid.copy()) if backward else (*rest, made)


EXAMPLES: dict[str, Callable[[Any], tuple[Any, ...]]] = {
    **{name: lambda kind: (_zeros(4, kind=kind), _zeros(4, kind=kind)) for name in FLAT},
    "addcmul": lambda kind: (*[_zeros(4, kind=kind)] * 3, kind(1), _zeros(4, kind=kind)),
    "clamp": lambda kind: (_zeros(4, kind=kind), kind(-1), kind(1), _zeros(4, kind=kind)),
    "pow": lambda kind: (_zeros(4, kind=kind),) * 3,
    "lerp": lambda kind: (*(_zeros(4, kind=kind),) * 2, kind(0.5), _zeros(4, kind=kind)),
    "lerp_each": lambda kind: (_zeros(4, kind=kind),) * 4,
    "where": lambda kind: (np.zeros(4, np.bool_), *(_zeros(4, kind=kind),) * 3),
    **{
        name: lambda kind: (_zeros(2, 4, kind=kind), _zeros(4, kind=kind), _zeros(2, 4, kind=kind))
        for name in ("add_row", "mul_row", "div_row")
    },
    **{
        name: lambda kind: (_zeros(2, 4, kind=kind), _zeros(2, kind=kind), _zeros(2, 4, kind=kind))
        for name in ("add_column", "mul_column", "div_column")
    },
    "sum_rows": lambda kind: (_zeros(2, 4, kind=kind), _zeros(2, kind=kind)),
    **{
        name: lambda kind: (_zeros(2, 4, kind=kind), _zeros(2, kind=kind))
        for name in ("max_rows", "min_rows")
    },
    "sum_flat": lambda kind: (_zeros(4, kind=kind),),
    "var_rows": lambda kind: (_zeros(2, 4, kind=kind), kind(3), _zeros(2, kind=kind)),
    "sum_columns": lambda kind: (_zeros(2, 4, kind=kind), _zeros(4, kind=kind)),
    "sum_middle": lambda kind: (_zeros(2, 3, 4, kind=kind), _zeros(2, 4, kind=kind)),
    **{
        name: lambda kind: (_zeros(2, 4, kind=kind), _zeros(2, 4, kind=kind))
        for name in ("softmax_rows", "log_softmax_rows", "cumsum_rows")
    },
    **{
        name: lambda kind: (_zeros(2, 4, kind=kind),) * 2 + (_zeros(2, 4, kind=kind),)
        for name in ("softmax_rows_backward", "log_softmax_rows_backward")
    },
    "layer_norm_rows": _layer_norm,
    "softmax_columns": lambda kind: (
        *(_zeros(1, 2, 4, kind=kind), False, _zeros(2, 4, kind=kind), _zeros(1, 2, 4, kind=kind)),
    ),
    "softmax_columns_backward": lambda kind: (
        *(_zeros(1, 2, 4, kind=kind), _zeros(1, 2, 4, kind=kind), False),
        *(_zeros(2, 4, kind=kind), _zeros(1, 2, 4, kind=kind)),
    ),
    "scale_rows": lambda kind: _of_rows(kind, 1, 2),
    "normalize_groups": lambda kind: (
        *(_zeros(2, 4, kind=kind), 0, 2, 1, 1, _zeros(2, kind=kind), _zeros(2, kind=kind), 1e-5),
        *(_zeros(2, 4, kind=kind), _zeros(2, kind=kind), _zeros(2, kind=kind)),
    ),
    "normalize_groups_backward": lambda kind: (
        *(_zeros(2, 4, kind=kind), _zeros(2, 4, kind=kind), 1, 1, _zeros(2, kind=kind)),
        *(_zeros(2, kind=kind), _zeros(2, kind=kind), _zeros(2, 4, kind=kind)),
        *(_zeros(2, kind=kind), _zeros(2, kind=kind)),
    ),
    "layer_norm_rows_backward": _layer_norm_backward,
    "cross_entropy_rows": _cross_entropy,
    "convolve_3x3": _minimal,
    "transform_filters": lambda kind: (
        *(_zeros(2, 2, 9, kind=kind), _zeros(7, 4, 2, kind=kind)),
        _filters(kind, 16, 1, 2),
    ),
    "convolve_direct": _direct,
    "pack_filters": lambda kind: (_zeros(1, 2, 9, kind=kind), _filters(kind, 1, 1, 9)),
    "filter_gradients": _filter_gradients,
    "depthwise_gradients": _depthwise_gradients,
    "lstm_steps": _lstm,
    "adam_step": lambda kind: (*(_zeros(4, kind=kind),) * 4, _zeros(9, kind=kind)),
    "adam_step_of_most": lambda kind: (*(_zeros(4, kind=kind),) * 5, _zeros(9, kind=kind)),
    "sgd_step": lambda kind: (*(_zeros(4, kind=kind),) * 2, _zeros(3, kind=kind)),
    "momentum_step": lambda kind: (*(_zeros(4, kind=kind),) * 3, _zeros(7, kind=kind)),
    "adagrad_step": lambda kind: (*(_zeros(4, kind=kind),) * 3, _zeros(4, kind=kind)),
    "lstm_steps_backward": lambda kind: _lstm(kind, True),
    "nll_losses": lambda kind: (
        *(_zeros(2, 3, 1, kind=kind), np.zeros((2, 1), np.int64), _zeros(3, kind=kind)),
        *(-100, _zeros(2, 1, kind=kind)),
    ),
    "nll_slopes": lambda kind: (
        *(_zeros(1, 1, kind=kind), np.zeros((2, 1), np.int64), _zeros(3, kind=kind)),
        *(-100, kind(1), _zeros(2, 3, 1, kind=kind)),
    ),
    "max_pool": _pooling,
    "map_axis": lambda kind: (
        *(_zeros(1, 2, 1, kind=kind), np.zeros((3, 2), np.int64), _zeros(3, 2, kind=kind)),
        _zeros(1, 3, 1, kind=kind),
    ),
    "add_slices": lambda kind: (
        _zeros(1, 4, 2, kind=kind),
        np.zeros(3, np.int64),
        _zeros(1, 3, 2, kind=kind),
    ),
    "ctc_scores": _alignments,
    "ctc_gradient": lambda kind: _alignments(kind, True),
    "grid_sample": _grid,
    "grid_sample_backward": lambda kind: _grid(kind, True),
    "largest_of_bags": lambda kind: (
        *(_zeros(2, 3, kind=kind), np.zeros(2, np.int64), np.full((1, 3), -1)),
    ),
    "all_within": lambda kind: (np.zeros(4, np.int64), 0, 1),
    "take_slices": lambda kind: (
        *(_zeros(2, 4, 1, kind=kind), np.zeros(3, np.int64), _zeros(2, 3, 1, kind=kind)),
    ),
    "reduce_along": lambda kind: (*_along(kind), 0),
    "gather_along": _along,
    "add_along": _along,
    "put_along": _along,
    "twister_words": lambda kind: (np.zeros(624, np.uint32), 624, np.zeros(4, np.uint32)),
    "twister_floats": lambda kind: (np.zeros(624, np.uint32), 624, np.zeros(4, np.float32)),
    "shuffle": lambda kind: (np.zeros(4, np.int64), np.zeros(3, np.uint32)),
    "poisson_numbers": lambda kind: (np.ones(4), np.ones(2), 0, np.zeros(2)),
    "binomial_numbers": lambda kind: (np.ones(4), np.ones((7, 2)), 0, np.zeros(2)),
}
"""For each kernel, the arguments of a call, given a dtype."""

_ONE_KIND = FLOAT32_ONLY | set(
    "all_within shuffle twister_words twister_floats poisson_numbers binomial_numbers".split()
)


def kinds_of(name: str) -> tuple[Any, ...]:
    """The dtypes that a kernel is used with."""
    return (np.float32,) if name in _ONE_KIND else (np.float32, np.float64)
