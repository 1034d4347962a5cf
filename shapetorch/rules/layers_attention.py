"""Layers: many-headed attention and the transformer."""

from __future__ import annotations

from shapetorch.dim import Shape, Size
from shapetorch.rules.attention import Heads, attention_error, check_head_count
from shapetorch.rules.linear import check_features
from shapetorch.rules.registry import IfKnown, Result, frozen, layer


@layer("MultiheadAttention")
@frozen
class MultiheadAttention:
    """Attention of several heads, with projections of the query, key, value and result.

    Raises:
        ShapeError: attention_error_head_count, attention_error_shape, attention_error_mask_shape,
            linear_error_in_features.
    """

    embed_dim: Size
    num_heads: Size
    dropout: object = 0.0
    bias: IfKnown = True
    add_bias_kv: IfKnown = False
    add_zero_attn: IfKnown = False
    kdim: Size | None = None
    vdim: Size | None = None
    batch_first: bool = False

    def __post_init__(self) -> None:
        check_head_count("MultiheadAttention", self.embed_dim, self.num_heads)

    @property
    def head_dim(self) -> Size:
        """The size of each head."""
        return self.embed_dim // self.num_heads

    def forward(
        self,
        query: Shape,
        key: Shape,
        value: Shape,
        key_padding_mask: Shape | None = None,
        need_weights: bool = True,
        attn_mask: Shape | None = None,
        average_attn_weights: bool = True,
        is_causal: object = False,
    ) -> Result:
        """The result, of the shape of `query`, and the weights ``(N, L, S)``, or None.

        The weights are ``(N, num_heads, L, S)`` when they are not averaged.
        """
        return self._heads("MultiheadAttention").attend(
            query, key, value, key_padding_mask, attn_mask, need_weights, average_attn_weights
        )

    def _heads(self, operation: str) -> Heads:
        added = int(self.add_bias_kv is True) + int(self.add_zero_attn is True)
        kdim = self.embed_dim if self.kdim is None else self.kdim
        vdim = self.embed_dim if self.vdim is None else self.vdim
        return Heads(operation, self.embed_dim, self.num_heads, kdim, vdim, self.batch_first, added)

    def parameters(self) -> dict[str, Shape]:
        """The projections: of the input together, or of query, key and value; and of the result."""
        size = self.embed_dim
        found: dict[str, Shape] = {}
        if self.kdim in (None, size) and self.vdim in (None, size):
            found["in_proj_weight"] = (3 * size, size)
        else:
            heads = self._heads("MultiheadAttention")
            found["q_proj_weight"] = (size, size)
            found["k_proj_weight"] = (size, heads.kdim)
            found["v_proj_weight"] = (size, heads.vdim)
        if self.bias is not False:
            found["in_proj_bias"] = (3 * size,)
        found["out_proj.weight"] = (size, size)
        if self.bias is not False:
            found["out_proj.bias"] = (size,)
        if self.add_bias_kv is True:
            found |= {"bias_k": (1, 1, size), "bias_v": (1, 1, size)}
        return found


def _prefixed(prefix: str, found: dict[str, Shape]) -> dict[str, Shape]:
    return {f"{prefix}.{name}": shape for name, shape in found.items()}


def _weights(weight: Shape, bias: IfKnown) -> dict[str, Shape]:
    return {"weight": weight} if bias is False else {"weight": weight, "bias": weight[:1]}


def _feed_forward(d_model: Size, dim_feedforward: Size, bias: IfKnown) -> dict[str, Shape]:
    return {
        **_prefixed("linear1", _weights((dim_feedforward, d_model), bias)),
        **_prefixed("linear2", _weights((d_model, dim_feedforward), bias)),
    }


def _check_model(operation: str, input: Shape, d_model: Size) -> None:
    if len(input) not in (2, 3):
        raise attention_error(operation, "input must have 2 or 3 dimensions", input, input, input)
    check_features(operation, "d_model", d_model, input)


@layer("TransformerEncoderLayer")
@frozen
class TransformerEncoderLayer:
    """Self-attention and a feed-forward network; the shape stays."""

    d_model: Size
    nhead: Size
    dim_feedforward: Size = 2048
    dropout: object = 0.1
    activation: object = "relu"
    layer_norm_eps: object = 1e-05
    batch_first: bool = False
    norm_first: object = False
    bias: IfKnown = True

    def __post_init__(self) -> None:
        check_head_count("TransformerEncoderLayer", self.d_model, self.nhead)

    def forward(
        self,
        src: Shape,
        src_mask: Shape | None = None,
        src_key_padding_mask: Shape | None = None,
        is_causal: object = False,
    ) -> Shape:
        """The shape of `src`, ``(S, N, d_model)``, ``(N, S, d_model)`` or ``(S, d_model)``."""
        return self.encode("TransformerEncoderLayer", src, src_mask, src_key_padding_mask)

    def encode(
        self, operation: str, src: Shape, mask: Shape | None, padding_mask: Shape | None
    ) -> Shape:
        """The rule of `forward` under another name."""
        _check_model(operation, src, self.d_model)
        return self._heads(operation).attend(src, src, src, padding_mask, mask, False, True)[0]

    def _heads(self, operation: str) -> Heads:
        size = self.d_model
        return Heads(operation, size, self.nhead, size, size, self.batch_first)

    def parameters(self) -> dict[str, Shape]:
        """Those of the attention, the feed-forward network and two norms."""
        attention = MultiheadAttention(self.d_model, self.nhead, bias=self.bias)
        return {
            **_prefixed("self_attn", attention.parameters()),
            **_feed_forward(self.d_model, self.dim_feedforward, self.bias),
            **_prefixed("norm1", _weights((self.d_model,), self.bias)),
            **_prefixed("norm2", _weights((self.d_model,), self.bias)),
        }


@layer("TransformerDecoderLayer")
@frozen
class TransformerDecoderLayer:
    """Self-attention, attention to a memory and a feed-forward network; the shape stays."""

    d_model: Size
    nhead: Size
    dim_feedforward: Size = 2048
    dropout: object = 0.1
    activation: object = "relu"
    layer_norm_eps: object = 1e-05
    batch_first: bool = False
    norm_first: object = False
    bias: IfKnown = True

    def __post_init__(self) -> None:
        check_head_count("TransformerDecoderLayer", self.d_model, self.nhead)

    def forward(
        self,
        tgt: Shape,
        memory: Shape,
        tgt_mask: Shape | None = None,
        memory_mask: Shape | None = None,
        tgt_key_padding_mask: Shape | None = None,
        memory_key_padding_mask: Shape | None = None,
        tgt_is_causal: object = False,
        memory_is_causal: object = False,
    ) -> Shape:
        """The shape of `tgt`; `memory` has its batch and ``d_model`` too."""
        return self.decode(
            "TransformerDecoderLayer",
            tgt,
            memory,
            (tgt_mask, tgt_key_padding_mask),
            (memory_mask, memory_key_padding_mask),
        )

    def decode(
        self,
        operation: str,
        tgt: Shape,
        memory: Shape,
        tgt_masks: tuple[Shape | None, Shape | None],
        memory_masks: tuple[Shape | None, Shape | None],
    ) -> Shape:
        """The rule of `forward` under another name; masks are (attention, padding)."""
        _check_model(operation, tgt, self.d_model)
        _check_model(operation, memory, self.d_model)
        size = self.d_model
        heads = Heads(operation, size, self.nhead, size, size, self.batch_first)
        heads.attend(tgt, tgt, tgt, tgt_masks[1], tgt_masks[0], False, True)
        found, _ = heads.attend(tgt, memory, memory, memory_masks[1], memory_masks[0], False, True)
        return found

    def parameters(self) -> dict[str, Shape]:
        """Those of both attentions, the feed-forward network and three norms."""
        attention = MultiheadAttention(self.d_model, self.nhead, bias=self.bias).parameters()
        return {
            **_prefixed("self_attn", attention),
            **_prefixed("multihead_attn", attention),
            **_feed_forward(self.d_model, self.dim_feedforward, self.bias),
            **_prefixed("norm1", _weights((self.d_model,), self.bias)),
            **_prefixed("norm2", _weights((self.d_model,), self.bias)),
            **_prefixed("norm3", _weights((self.d_model,), self.bias)),
        }


@layer("TransformerEncoder")
@frozen
class TransformerEncoder:
    """Several encoder layers; those of the caller's own classes are taken to keep the shape."""

    encoder_layer: IfKnown
    num_layers: Size
    norm: object = None
    enable_nested_tensor: object = True
    mask_check: object = True

    def forward(
        self,
        src: Shape,
        mask: Shape | None = None,
        src_key_padding_mask: Shape | None = None,
        is_causal: object = None,
    ) -> Shape:
        """The shape of `src`."""
        if isinstance(self.encoder_layer, TransformerEncoderLayer):
            first = self.encoder_layer
            return first.encode("TransformerEncoder", src, mask, src_key_padding_mask)
        return src


@layer("TransformerDecoder")
@frozen
class TransformerDecoder:
    """Several decoder layers; those of the caller's own classes are taken to keep the shape."""

    decoder_layer: IfKnown
    num_layers: Size
    norm: object = None

    def forward(
        self,
        tgt: Shape,
        memory: Shape,
        tgt_mask: Shape | None = None,
        memory_mask: Shape | None = None,
        tgt_key_padding_mask: Shape | None = None,
        memory_key_padding_mask: Shape | None = None,
        tgt_is_causal: object = None,
        memory_is_causal: object = False,
    ) -> Shape:
        """The shape of `tgt`."""
        if isinstance(self.decoder_layer, TransformerDecoderLayer):
            return self.decoder_layer.decode(
                "TransformerDecoder",
                tgt,
                memory,
                (tgt_mask, tgt_key_padding_mask),
                (memory_mask, memory_key_padding_mask),
            )
        return tgt


@layer("Transformer")
@frozen
class Transformer:
    """An encoder of `src` and a decoder of `tgt`."""

    d_model: Size = 512
    nhead: Size = 8
    num_encoder_layers: Size = 6
    num_decoder_layers: Size = 6
    dim_feedforward: Size = 2048
    dropout: object = 0.1
    activation: object = "relu"
    custom_encoder: IfKnown = None
    custom_decoder: IfKnown = None
    layer_norm_eps: object = 1e-05
    batch_first: bool = False
    norm_first: object = False
    bias: IfKnown = True

    def __post_init__(self) -> None:
        check_head_count("Transformer", self.d_model, self.nhead)

    def forward(
        self,
        src: Shape,
        tgt: Shape,
        src_mask: Shape | None = None,
        tgt_mask: Shape | None = None,
        memory_mask: Shape | None = None,
        src_key_padding_mask: Shape | None = None,
        tgt_key_padding_mask: Shape | None = None,
        memory_key_padding_mask: Shape | None = None,
        src_is_causal: object = None,
        tgt_is_causal: object = None,
        memory_is_causal: object = False,
    ) -> Shape:
        """The shape of `tgt`; both inputs have one batch and ``d_model``."""
        first = (self.d_model, self.nhead, self.dim_feedforward)
        encoder = TransformerEncoderLayer(*first, batch_first=self.batch_first)
        decoder = TransformerDecoderLayer(*first, batch_first=self.batch_first)
        if self.custom_encoder is None:
            encoder.encode("Transformer", src, src_mask, src_key_padding_mask)
        if self.custom_decoder is None and self.custom_encoder is None:
            return decoder.decode(
                "Transformer",
                tgt,
                src,
                (tgt_mask, tgt_key_padding_mask),
                (memory_mask, memory_key_padding_mask),
            )
        return tgt

    @staticmethod
    def generate_square_subsequent_mask(sz: Size) -> Shape:
        """``(sz, sz)``."""
        return (sz, sz)
