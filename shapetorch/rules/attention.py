"""Attention: scaled_dot_product_attention and the many-headed form with its projections."""

from __future__ import annotations

from dataclasses import dataclass

from shapetorch.dim import Shape, Size, check_equal, render_shape
from shapetorch.dim import modulo as remainder
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.broadcasting import broadcast_all
from shapetorch.rules.linear import check_features, linear_shape
from shapetorch.rules.matching import certain, require_expandable, require_same
from shapetorch.rules.registry import IfKnown, Result, rule


@rule(
    "scaled_dot_product_attention",
    functions=("nn.functional.scaled_dot_product_attention",),
    dtype="same",
)
def scaled_dot_product_attention_shape(
    query: Shape,
    key: Shape,
    value: Shape,
    attn_mask: Shape | None = None,
    dropout_p: IfKnown = 0.0,
    is_causal: object = False,
    scale: object = None,
    enable_gqa: IfKnown = False,
) -> Shape:
    """Shape of ``softmax(query @ key.T) @ value``.

    Args:
        query: ``(*A, L, E)``.
        key: ``(*B, S, E)``.
        value: ``(*C, S, E_v)``.
        attn_mask: What expands to ``(*batch, L, S)``; of rank 2 or more for a query of rank 4
            if nothing is dropped.
        dropout_p: Whether something is dropped.
        is_causal: Does not bear on the shape.
        scale: Does not bear on the shape.
        enable_gqa: Whether the heads of key and value (dim -3) are repeated to those of the query.

    Returns:
        ``(*batch, L, E_v)``, where batch is what A, B and C broadcast to.

    Raises:
        ShapeError: attention_error_shape, attention_error_mask_rank, attention_error_mask_shape,
            broadcast_error_incompatible_dimensions.

    Source: PyTorch ``torch.nn.functional.scaled_dot_product_attention``.
    """
    operation = "scaled_dot_product_attention"

    def error(what: str) -> ShapeError:
        return attention_error(operation, what, query, key, value)

    if min(len(query), len(key), len(value)) < 2:
        raise error("query, key and value must have at least 2 dimensions")
    if enable_gqa is True:
        _check_heads_exist(operation, query, key, value)
    if attn_mask is not None:
        if enable_gqa is True:
            _repeated_heads(query, key, value, error("heads of key must divide those of query"))
        if dropout_p is not ... and not dropout_p:
            _check_mask_rank(operation, attn_mask, query, key, value, enable_gqa is True)
    check_equal(query[-1], key[-1], lambda: error("last dimensions of query and key must be equal"))
    check_equal(key[-2], value[-2], lambda: error("lengths of key and value must be equal"))
    if enable_gqa is not True:
        heads = slice(None, -3 if enable_gqa is ... else -2)
        batch = broadcast_all(operation, query[heads], key[heads], value[heads])
        batch += query[-3:-2] if enable_gqa is ... else ()
    else:
        batch = _repeated_heads(query, key, value, error("heads of key must divide those of query"))
    if attn_mask is not None:
        require_expandable(
            attn_mask,
            (*batch, query[-2], key[-2]),
            lambda: mask_error(operation, "attn_mask", attn_mask, (*batch, query[-2], key[-2])),
        )
    return (*batch, query[-2], value[-1])


def attention_error(
    operation: str, what: str, query: Shape, key: Shape, value: Shape
) -> ShapeError:
    """The error of a query, key and value that do not belong together."""
    return ShapeError(
        ErrorKind.attention_error_shape,
        (query, key, value),
        f"{operation}: {what}, got query {render_shape(query)}, key {render_shape(key)} "
        f"and value {render_shape(value)}",
    )


def _repeated_heads(query: Shape, key: Shape, value: Shape, error: ShapeError) -> Shape:
    operation = "scaled_dot_product_attention"
    for heads in (key[-3], value[-3]):
        check_equal(remainder(query[-3], heads), 0, lambda: error)
    return (*broadcast_all(operation, query[:-3], key[:-3], value[:-3]), query[-3])


def _check_heads_exist(operation: str, *operands: Shape) -> None:
    """PyTorch looks at the heads before it says what is wrong: an IndexError."""
    for shape in operands:
        if len(shape) < 3:
            raise ShapeError(
                ErrorKind.dimension_error_out_of_range,
                (-3, len(shape), shape),
                f"{operation}: query, key and value must have heads (dim -3), "
                f"got {len(shape)} dimensions from {render_shape(shape)}",
            )


def _check_mask_rank(
    operation: str, mask: Shape, query: Shape, key: Shape, value: Shape, repeated: bool
) -> None:
    """The kernel for 4 dimensions and one batch takes no mask of fewer than 2."""
    end = -3 if repeated else -2  # repeated heads are those of the query
    fused = len(query) == 4 and query[:end] == key[:end] == value[:end]
    if any(size == 0 for size in (*query[:3], *key[:3], *value)):
        fused = False  # nothing to compute
    if fused and len(mask) < 2:
        raise ShapeError(
            ErrorKind.attention_error_mask_rank,
            (len(mask), mask),
            f"{operation}: attn_mask must have at least 2 dimensions, "
            f"got {len(mask)} from {render_shape(mask)}",
        )


def mask_error(operation: str, name: str, mask: Shape, expected: Shape) -> ShapeError:
    """The error of a mask of another shape."""
    return ShapeError(
        ErrorKind.attention_error_mask_shape,
        (mask, expected),
        f"{operation}: {name} must fit {render_shape(expected)}, got {render_shape(mask)}",
    )


@dataclass(frozen=True)
class Heads:
    """What many-headed attention is made with.

    Attributes:
        operation: The name for messages.
        embed_dim: Size of the query and the result.
        num_heads: How many heads share `embed_dim`.
        kdim: Size of the key.
        vdim: Size of the value.
        batch_first: Whether the batch comes before the length.
        added: How many places are added to the source by ``bias_k`` and ``add_zero_attn``.
    """

    operation: str
    embed_dim: Size
    num_heads: Size
    kdim: Size
    vdim: Size
    batch_first: bool = False
    added: int = 0

    def attend(
        self,
        query: Shape,
        key: Shape,
        value: Shape,
        key_padding_mask: Shape | None,
        attn_mask: Shape | None,
        need_weights: bool,
        average_attn_weights: bool,
    ) -> tuple[Shape, Shape | None]:
        """The shapes of the result and of the weights, which are None when not needed."""
        self._check_ranks(query, key, value)
        check_features(self.operation, "embed_dim", self.embed_dim, query)
        check_features(self.operation, "kdim", self.kdim, key)
        check_features(self.operation, "vdim", self.vdim, value)
        batch, target, source = self._sizes(query, key, value)
        weights = (*batch, target, source + self.added)
        self._check_masks(batch, target, source, key_padding_mask, attn_mask)
        result = (*query[:-1], certain(query[-1], self.embed_dim))
        if not need_weights:
            return result, None
        return result, weights if average_attn_weights else (*batch, self.num_heads, *weights[-2:])

    def _check_ranks(self, query: Shape, key: Shape, value: Shape) -> None:
        if len(query) not in (2, 3) or not len(query) == len(key) == len(value):
            raise attention_error(
                self.operation,
                "query, key and value must all have 2 or all 3 dimensions",
                query,
                key,
                value,
            )

    def _sizes(self, query: Shape, key: Shape, value: Shape) -> tuple[Shape, Size, Size]:
        """Batch (nothing or one size), target length and source length."""

        def error(what: str) -> ShapeError:
            return attention_error(self.operation, what, query, key, value)

        length = 1 if len(query) == 3 and self.batch_first else 0
        check_equal(
            key[length], value[length], lambda: error("lengths of key and value must be equal")
        )
        if len(query) == 2:
            return (), query[0], key[0]
        place = 1 - length
        for other in (key, value):
            check_equal(query[place], other[place], lambda: error("batch sizes must be equal"))
        return (query[place],), query[length], key[length]

    def _check_masks(
        self,
        batch: Shape,
        target: Size,
        source: Size,
        key_padding_mask: Shape | None,
        attn_mask: Shape | None,
    ) -> None:
        if key_padding_mask is not None:
            expected = (*batch, source)
            require_same(
                key_padding_mask,
                expected,
                lambda: mask_error(self.operation, "key_padding_mask", key_padding_mask, expected),
            )
        if attn_mask is not None:
            wanted: Shape = (target, source)
            if len(attn_mask) == 3:
                wanted = ((batch[0] if batch else 1) * self.num_heads, target, source)
            require_same(
                attn_mask,
                wanted,
                lambda: mask_error(self.operation, "attn_mask", attn_mask, wanted),
            )


def check_head_count(operation: str, embed_dim: Size, num_heads: Size) -> None:
    """Raise attention_error_head_count unless the heads divide `embed_dim`."""
    check_equal(
        remainder(embed_dim, num_heads),
        0,
        lambda: ShapeError(
            ErrorKind.attention_error_head_count,
            (embed_dim, num_heads),
            f"{operation}: embed_dim must be divisible by num_heads, "
            f"got {embed_dim} and {num_heads}",
        ),
    )


@rule(
    "multi_head_attention_forward",
    functions=("nn.functional.multi_head_attention_forward",),
    dtype="same",
)
def multi_head_attention_forward_shape(
    query: Shape,
    key: Shape,
    value: Shape,
    embed_dim_to_check: Size,
    num_heads: Size,
    in_proj_weight: Shape | None,
    in_proj_bias: Shape | None,
    bias_k: Shape | None,
    bias_v: Shape | None,
    add_zero_attn: bool,
    dropout_p: object,
    out_proj_weight: Shape,
    out_proj_bias: Shape | None,
    training: object = True,
    key_padding_mask: Shape | None = None,
    need_weights: bool = True,
    attn_mask: Shape | None = None,
    use_separate_proj_weight: bool = False,
    q_proj_weight: Shape | None = None,
    k_proj_weight: Shape | None = None,
    v_proj_weight: Shape | None = None,
    static_k: Shape | None = None,
    static_v: Shape | None = None,
    average_attn_weights: bool = True,
    is_causal: object = False,
) -> Result:
    """Shapes of the result, ``(L, N, O)``, and of the weights, ``(N, L, S)``; see `Heads`.

    O are the rows of `out_proj_weight`.
    """
    operation = "multi_head_attention_forward"
    check_head_count(operation, embed_dim_to_check, num_heads)
    separate = use_separate_proj_weight and k_proj_weight is not None and v_proj_weight is not None
    kdim: Size = k_proj_weight[-1] if separate and k_proj_weight else embed_dim_to_check
    vdim: Size = v_proj_weight[-1] if separate and v_proj_weight else embed_dim_to_check
    added = int(bias_k is not None) + int(add_zero_attn)
    heads = Heads(operation, embed_dim_to_check, num_heads, kdim, vdim, False, added)
    mixed, weights = heads.attend(
        query, key, value, key_padding_mask, attn_mask, need_weights, average_attn_weights
    )
    return linear_shape(mixed, out_proj_weight, out_proj_bias), weights
