"""The kernels by name, as `kernels.find` gives them; importing this file loads numba."""

from __future__ import annotations

from typing import Any

from shapetorch.tensor.kernels.alignments import ALIGNMENTS
from shapetorch.tensor.kernels.axes import map_axis
from shapetorch.tensor.kernels.channels import CHANNELS
from shapetorch.tensor.kernels.columns import COLUMNS
from shapetorch.tensor.kernels.direct import convolve_direct, pack_filters
from shapetorch.tensor.kernels.elementwise import FLAT, OF_SEVERAL
from shapetorch.tensor.kernels.filter_gradients import depthwise_gradients, filter_gradients
from shapetorch.tensor.kernels.grids import GRIDS
from shapetorch.tensor.kernels.labels import LABELS
from shapetorch.tensor.kernels.optimizing import OPTIMIZING
from shapetorch.tensor.kernels.places import PLACES
from shapetorch.tensor.kernels.pooling import max_pool
from shapetorch.tensor.kernels.recurrent import RECURRENT
from shapetorch.tensor.kernels.rows import ROWS
from shapetorch.tensor.kernels.shuffling import SHUFFLING
from shapetorch.tensor.kernels.trials import TRIALS
from shapetorch.tensor.kernels.twister import TWISTER
from shapetorch.tensor.kernels.winograd import convolve_3x3, transform_filters

KERNELS: dict[str, Any] = {
    **FLAT,
    **OF_SEVERAL,
    **ROWS,
    **CHANNELS,
    **COLUMNS,
    **RECURRENT,
    **OPTIMIZING,
    **PLACES,
    **GRIDS,
    **ALIGNMENTS,
    **LABELS,
    **SHUFFLING,
    **TRIALS,
    **TWISTER,
    "convolve_3x3": convolve_3x3,
    "transform_filters": transform_filters,
    "convolve_direct": convolve_direct,
    "pack_filters": pack_filters,
    "filter_gradients": filter_gradients,
    "depthwise_gradients": depthwise_gradients,
    "max_pool": max_pool,
    "map_axis": map_axis,
}


def callbacks() -> list[Any]:
    """What compiled code Python calls directly, see `binding`; it is compiled when its file is imported."""
    from shapetorch.tensor.kernels.joining_calls import joined
    from shapetorch.tensor.kernels.pointwise_calls import pointwise
    from shapetorch.tensor.kernels.row_calls import rows
    from shapetorch.tensor.kernels.step_calls import steps

    return [joined, pointwise, rows, steps]
