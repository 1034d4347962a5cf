"""The documented error kinds and the exception that carries them.

An `ErrorKind` is a stable word: it is the mypy error code, the `kind` of a `ShapeError`, and the
name of a page in ``docs/errors``. Each kind knows the names of its parameters and the built-in
exception PyTorch raises in the same case; a `ShapeError` of that kind is also an instance of it.
The first 40 kinds are the documented contract: exact spelling, exact parameter order.
"""

from __future__ import annotations

from enum import Enum
from typing import Any


class ErrorKind(Enum):
    """What went wrong, as one word; `parameters` names what an error of this kind carries."""

    exception: type[Exception]
    parameters: tuple[str, ...]

    def __new__(cls, exception: type[Exception], parameters: str) -> ErrorKind:
        member = object.__new__(cls)
        member._value_ = len(cls.__members__)  # equal rows must not become aliases
        member.exception = exception
        member.parameters = tuple(parameters.split(", ")) if parameters else ()
        return member

    def __str__(self) -> str:
        return self.name

    @property
    def documented(self) -> bool:
        """Whether the kind is one of the 40 that torch.js documents."""
        return bool(self._value_ < DOCUMENTED_KINDS)

    # -- documented -----------------------------------------------------------------------------
    at_error_index_out_of_bounds = IndexError, "index, size, dim, shape"
    batch_dimensions_do_not_match_error = (
        RuntimeError,
        "left batch, right batch, left shape, right shape",
    )
    broadcast_error_incompatible_dimensions = RuntimeError, "left size, right size"
    chunk_error_dim_out_of_range = IndexError, "dim, rank, shape"
    dimension_error_out_of_range = IndexError, "dim, rank, shape"
    einops_error_ambiguous_decomposition = ValueError, "group, unknown axes"
    einops_error_anonymous_in_output = ValueError, "pattern"
    einops_error_dimension_mismatch = ValueError, "axis, expected, actual"
    einops_error_invalid_pattern = ValueError, "pattern"
    einops_error_reduce_undefined_output = ValueError, "axis, pattern"
    einops_error_repeat_missing_size = ValueError, "axis, pattern"
    einops_error_undefined_axis = ValueError, "axis, pattern"
    einsum_error_dimension_mismatch = RuntimeError, "index, first size, second size"
    einsum_error_index_out_of_range = ValueError, "index"
    einsum_error_invalid_equation = RuntimeError, "equation"
    einsum_error_invalid_sublist_element = TypeError, "element"
    einsum_error_operand_count_mismatch = RuntimeError, "terms, operands"
    einsum_error_subscript_rank_mismatch = RuntimeError, "operand, subscripts, rank"
    einsum_error_unknown_output_index = RuntimeError, "index"
    embedding_bag_error_requires_2d_input = ValueError, "rank, shape"
    expand_error_incompatible = RuntimeError, "from shape, to shape"
    flip_error_dim_out_of_range = IndexError, "dim, rank, shape"
    gather_error_dim_out_of_range = IndexError, "dim, rank, shape"
    index_select_error_dim_out_of_range = IndexError, "dim, rank, shape"
    item_error_not_scalar = RuntimeError, "shape"
    linalg_error_not_square_matrix = RuntimeError, "rows, columns, shape"
    linalg_error_requires_2d = RuntimeError, "rank, shape"
    linalg_error_requires_at_least_2d = RuntimeError, "rank, shape"
    matmul_error_inner_dimensions_do_not_match = (
        RuntimeError,
        "left inner, right inner, left shape, right shape",
    )
    narrow_error_length_exceeds_bounds = RuntimeError, "start, length, size"
    narrow_error_start_out_of_bounds = IndexError, "start, size"
    permute_error_dimension_count_mismatch = RuntimeError, "given, rank, shape"
    scatter_error_dim_out_of_range = IndexError, "dim, rank, shape"
    select_error_index_out_of_bounds = IndexError, "index, size, dim"
    slice_error_out_of_bounds = IndexError, "start, end, size"
    softmax_error_dim_out_of_range = IndexError, "dim, rank, shape"
    split_error_dim_out_of_range = IndexError, "dim, rank, shape"
    transpose_dims_error_out_of_range = IndexError, "dim0, dim1, rank, shape"
    transpose_error_requires_2d_tensor = RuntimeError, "rank, shape"
    unbind_error_dim_out_of_range = IndexError, "dim, rank, shape"

    # -- ours: annotations and calls ------------------------------------------------------------
    argument_error_shape_mismatch = RuntimeError, "parameter, expected shape, actual shape"
    argument_error_dtype_mismatch = RuntimeError, "parameter, expected dtype, actual dtype"
    return_error_shape_mismatch = RuntimeError, "expected shape, actual shape"
    return_error_dtype_mismatch = RuntimeError, "expected dtype, actual dtype"
    assignment_error_shape_mismatch = RuntimeError, "name, expected shape, actual shape"
    assert_error_shape_mismatch = RuntimeError, "expected shape, actual shape"
    annotation_error_invalid = ValueError, "text"
    unpack_error_count_mismatch = ValueError, "names, values"
    inplace_error_shape_changed = RuntimeError, "shape, result shape"

    # -- ours: products and linear algebra -------------------------------------------------------
    matmul_error_scalar_operand = RuntimeError, "left shape, right shape"
    linalg_error_size_mismatch = RuntimeError, "left size, right size, left shape, right shape"
    rank_error_mismatch = RuntimeError, "expected, rank, shape"
    rank_error_missing_dim = IndexError, "expected, rank, shape"
    tensordot_error_dimension_mismatch = RuntimeError, "left size, right size"
    cross_error_dimension_size = RuntimeError, "size, dim, shape"

    # -- ours: shape changes ----------------------------------------------------------------------
    reshape_error_element_count = RuntimeError, "shape, target shape"
    reshape_error_invalid_size = RuntimeError, "target shape"
    permute_error_duplicate_dims = RuntimeError, "dims"
    dimension_error_duplicate = RuntimeError, "dims"
    dimension_error_size = RuntimeError, "expected, size, dim, shape"
    flatten_error_dim_order = RuntimeError, "start, end"
    unflatten_error_sizes = RuntimeError, "size, sizes"
    repeat_error_count = RuntimeError, "repeats, rank"
    stride_error_out_of_bounds = RuntimeError, "size, stride, shape"
    unfold_error_size = RuntimeError, "window, size"
    argument_error_value = RuntimeError, "argument, value"

    # -- ours: joining, splitting, indexing ---------------------------------------------------------
    cat_error_size_mismatch = RuntimeError, "left size, right size, dim, left shape, right shape"
    cat_error_rank_mismatch = RuntimeError, "left rank, right rank"
    cat_error_empty = RuntimeError, ""
    stack_error_shape_mismatch = RuntimeError, "left shape, right shape"
    chunk_error_count = RuntimeError, "chunks"
    split_error_size = RuntimeError, "split size"
    split_error_sum_mismatch = RuntimeError, "sum, size, dim"
    index_error_too_many = IndexError, "given, rank, shape"
    index_error_out_of_bounds = IndexError, "index, size, dim"
    index_error_mask_shape = IndexError, "mask shape, shape"
    index_error_step = ValueError, "step"
    gather_error_index_shape = RuntimeError, "index shape, shape"
    scatter_error_index_shape = RuntimeError, "index shape, shape"
    index_error_shape_mismatch = IndexError, "index shape, shape"
    source_error_shape_mismatch = RuntimeError, "source shape, expected shape"

    # -- ours: reductions, creation ---------------------------------------------------------------
    reduction_error_empty = IndexError, "dim, shape"
    reduction_error_no_elements = RuntimeError, "shape"
    selection_error_k_out_of_range = RuntimeError, "k, size"
    creation_error_negative_size = RuntimeError, "shape"
    creation_error_ragged = ValueError, "sizes"
    creation_error_depth = TypeError, "shape"
    arange_error_bounds = RuntimeError, "start, end, step"
    sample_error_count = RuntimeError, "samples, size"
    searchsorted_error_shape = RuntimeError, "boundaries shape, values shape"
    weights_error_shape = RuntimeError, "weights shape, shape"
    fft_error_size = RuntimeError, "size, dim, shape"
    window_error_size = RuntimeError, "size, win_length"
    gradient_error_size = RuntimeError, "size, edge_order, shape"

    # -- ours: layers -------------------------------------------------------------------------------
    linear_error_in_features = RuntimeError, "in_features, size, shape"
    conv_error_rank = RuntimeError, "expected, rank, shape"
    conv_error_channel_mismatch = RuntimeError, "in_channels, channels, shape"
    conv_error_groups = RuntimeError, "groups, channels"
    conv_error_empty_output = RuntimeError, "size, kernel, shape"
    conv_error_bias = RuntimeError, "bias shape, out_channels"
    pool_error_rank = RuntimeError, "expected, rank, shape"
    pool_error_empty_output = RuntimeError, "size, kernel, shape"
    pool_error_padding = RuntimeError, "padding, kernel"
    norm_error_shape_mismatch = RuntimeError, "normalized shape, shape"
    norm_error_channel_mismatch = RuntimeError, "num_features, channels, shape"
    norm_error_groups = RuntimeError, "groups, channels"
    embedding_error_shape = RuntimeError, "shape"
    padding_error_length = RuntimeError, "padding, shape"
    interpolate_error_size = ValueError, "size, shape"
    pixel_shuffle_error_channels = RuntimeError, "channels, factor, shape"
    fold_error_size = RuntimeError, "expected, actual, shape"
    attention_error_shape = RuntimeError, "query shape, key shape, value shape"
    attention_error_head_count = ValueError, "embed_dim, num_heads"
    recurrent_error_input_size = RuntimeError, "input_size, size, shape"
    recurrent_error_hidden_shape = RuntimeError, "expected shape, actual shape"
    loss_error_shape_mismatch = RuntimeError, "input shape, target shape"
    loss_error_reduction = ValueError, "reduction"
    glu_error_odd_size = RuntimeError, "size, dim, shape"
    embedding_bag_error_sample_weights = ValueError, "shape, weights shape"
    layer_error_argument = ValueError, "argument, value"
    layer_error_rank = ValueError, "expected, rank, shape"
    layer_error_not_divisible = ValueError, "argument, size, divisor"
    pool_error_indices = RuntimeError, "indices shape, shape"
    pool_error_output_size = ValueError, "output size, least, most"
    norm_error_single_value = ValueError, "shape"
    norm_error_feature_count = ValueError, "num_features, channels, shape"
    norm_error_rank = ValueError, "expected, rank, shape"
    padding_error_too_large = RuntimeError, "padding, shape"
    padding_error_empty = RuntimeError, "size, least, shape"
    affine_error_shape = ValueError, "theta shape, size"
    loss_error_target_shape = ValueError, "input shape, target shape"
    loss_error_batch_mismatch = ValueError, "input shape, target shape"
    recurrent_error_rank = ValueError, "expected, rank, shape"
    recurrent_error_state_count = RuntimeError, "expected, given"
    attention_error_mask_rank = IndexError, "rank, mask shape"
    attention_error_mask_shape = RuntimeError, "mask shape, expected shape"
    grid_error_shape = RuntimeError, "input shape, grid shape"


DOCUMENTED_KINDS = 40


def render_parameter(value: object) -> str:
    """A parameter as it stands in a brand: shapes in brackets without spaces, the rest as text."""
    if isinstance(value, (tuple, list)):
        return "[" + ",".join(render_parameter(item) for item in value) + "]"
    return str(value)


class ShapeError(Exception):
    """A shape rule was broken.

    Attributes:
        kind: Which rule, as an `ErrorKind`.
        params: What the kind's `parameters` name, in that order.
        message: ``<operation>: <what must hold>, got <values> from <full shapes>``.
        help: A likely fix, or None.
        clash: The two sizes that should have been equal, when that is what was broken.

    Instances are made of the subclass that also derives from `kind.exception`, so that an
    ``except IndexError`` written for PyTorch catches a bad dim here too.
    """

    kind: ErrorKind
    params: tuple[Any, ...]
    message: str
    help: str | None
    clash: tuple[Any, Any] | None

    def __new__(cls, kind: ErrorKind, *args: object, **kwargs: object) -> ShapeError:
        made = _SPECIAL.get(kind) or _CLASSES[kind.exception]
        return super().__new__(made if cls is ShapeError else cls)

    def __init__(
        self,
        kind: ErrorKind,
        params: tuple[Any, ...],
        message: str,
        *,
        help: str | None = None,
        clash: tuple[Any, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.kind, self.params, self.message = kind, params, message
        self.help, self.clash = help, clash

    @property
    def brand(self) -> str:
        """The kind with its parameters: ``broadcast_error_incompatible_dimensions<3, 5>``."""
        return f"{self.kind}<{', '.join(render_parameter(p) for p in self.params)}>"

    def __reduce__(self) -> tuple[Any, ...]:
        state = {"help": self.help, "clash": self.clash}
        return _restore, (self.kind, self.params, self.message), state


def _restore(kind: ErrorKind, params: tuple[Any, ...], message: str) -> ShapeError:
    return ShapeError(kind, params, message)


class ShapeIndexError(ShapeError, IndexError):
    """A bad index or dim."""


class ShapeValueError(ShapeError, ValueError):
    """A bad argument."""


class ShapeTypeError(ShapeError, TypeError):
    """An argument of the wrong type."""


class ShapeRuntimeError(ShapeError, RuntimeError):
    """Shapes that do not fit."""


_CLASSES: dict[type[Exception], type[ShapeError]] = {
    IndexError: ShapeIndexError,
    ValueError: ShapeValueError,
    TypeError: ShapeTypeError,
    RuntimeError: ShapeRuntimeError,
}


class ShapeCountError(ShapeRuntimeError, ValueError):
    """Too many or too few: `cat` raises a ValueError and `stack` a RuntimeError, so do `float` and `item`."""


_SPECIAL: dict[ErrorKind, type[ShapeError]] = {
    ErrorKind.cat_error_empty: ShapeCountError,
    ErrorKind.item_error_not_scalar: ShapeCountError,
}
"""Kinds for which PyTorch raises the one exception or the other, by operation."""
