"""Layers on names: results, messages that speak of the layer, constructors' errors."""

from __future__ import annotations

from inspect import signature
from typing import Any

import pytest

from shapetorch.dim import UNKNOWN, UNKNOWN_DIM, Context, Shape, Variadic, name, using
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules import LAYERS, lift
from tests.rules.rows import check

B, C, D, E, H, L, N, M, S, T, W = (name(text) for text in "BCDEHLNMSTW")
BATCH = Variadic("batch")


def layer(cls: str, *args: Any, **kwargs: Any) -> Any:
    """A layer of `torch.nn`."""
    return LAYERS[f"torch.nn.{cls}"](*args, **kwargs)


ROWS = [
    pytest.param(layer("Linear", D, E), ((B, T, D),), (B, T, E), id="linear"),
    pytest.param(layer("LazyLinear", E), ((B, D),), (B, E), id="lazy-linear"),
    pytest.param(layer("Conv2d", C, M, 3, padding=1), ((B, C, H, W),), (B, M, H, W), id="conv"),
    pytest.param(
        layer("ConvTranspose2d", C, M, 4, 2, 1), ((C, H, W),), (M, 2 * H, 2 * W), id="transposed"
    ),
    pytest.param(layer("LazyConv1d", M, 3), ((B, C, L),), (B, M, L - 2), id="lazy-conv"),
    pytest.param(layer("Embedding", N, D), ((B, T),), (B, T, D), id="embedding"),
    pytest.param(layer("LayerNorm", (T, D)), ((B, T, D),), (B, T, D), id="layer-norm"),
    pytest.param(
        layer("LayerNorm", D), ((B, UNKNOWN_DIM),), (B, D), id="layer-norm-tells-the-size"
    ),
    pytest.param(layer("BatchNorm2d", C), ((B, UNKNOWN_DIM, H, W),), (B, C, H, W), id="batch-norm"),
    pytest.param(layer("GroupNorm", 1, C), ((B, C, L),), (B, C, L), id="group-norm"),
    pytest.param(layer("GLU"), ((B, 2 * D),), (B, D), id="glu"),
    pytest.param(layer("Flatten"), ((B, C, H, W),), (B, C * H * W), id="flatten"),
    pytest.param(
        layer("LSTM", D, E, 2, batch_first=True, bidirectional=True),
        ((B, T, D),),
        ((B, T, 2 * E), ((4, B, E), (4, B, E))),
        id="lstm",
    ),
    pytest.param(
        layer("LSTM", D, 7, proj_size=3),
        ((T, B, D), ((1, B, 3), (1, B, 7))),
        ((T, B, 3), ((1, B, 3), (1, B, 7))),
        id="lstm-projected",
    ),
    pytest.param(layer("GRU", D, E, N), ((T, D),), ((T, E), (N, E)), id="gru-unbatched"),
    pytest.param(layer("LSTMCell", D, E), ((B, D),), ((B, E), (B, E)), id="lstm-cell"),
    pytest.param(
        layer("MultiheadAttention", D, 1, kdim=C, vdim=E, batch_first=True),
        ((B, T, D), (B, S, C), (B, S, E)),
        ((B, T, D), (B, T, S)),
        id="attention",
    ),
    pytest.param(
        layer("TransformerEncoderLayer", 8, 2), ((T, B, 8), (T, T)), (T, B, 8), id="encoder-layer"
    ),
    pytest.param(
        layer("Transformer", 8, 2, batch_first=True),
        ((B, S, 8), (B, T, 8)),
        (B, T, 8),
        id="transformer",
    ),
    pytest.param(
        layer("CrossEntropyLoss", reduction="none"), ((B, C, T), (B, T)), (B, T), id="cross-entropy"
    ),
    pytest.param(layer("MSELoss"), ((B, 1), (B,)), (), id="mse-broadcasts"),
]


@pytest.mark.parametrize(("made", "inputs", "expected"), ROWS)
def test_result(made: Any, inputs: Any, expected: Any) -> None:
    assert made.forward(*inputs) == expected


REJECTED = [
    pytest.param(
        layer("Linear", 512, E),
        ((B, T, D),),
        ErrorKind.linear_error_in_features,
        "Linear: last dimension must be in_features=512, got D from [B, T, D]",
        id="linear",
    ),
    pytest.param(
        layer("Conv2d", 3, M, 3),
        ((B, 4, H, W),),
        ErrorKind.conv_error_channel_mismatch,
        "Conv2d: channels must be in_channels=3, got 4 from [B, 4, H, W]",
        id="conv",
    ),
    pytest.param(
        layer("LayerNorm", D),
        ((B, D, T),),
        ErrorKind.norm_error_shape_mismatch,
        "LayerNorm: last dimensions must be normalized_shape=[D], got [T] from [B, D, T]",
        id="layer-norm",
    ),
    pytest.param(
        layer("BatchNorm1d", T),
        ((B, D, T),),
        ErrorKind.norm_error_channel_mismatch,
        "BatchNorm1d: channels must be num_features=T, got D from [B, D, T]",
        id="batch-norm",
    ),
    pytest.param(
        layer("BatchNorm2d", C),
        ((B, C),),
        ErrorKind.norm_error_rank,
        "BatchNorm2d: input must have 4 dimensions, got 2 from [B, C]",
        id="batch-norm-rank",
    ),
    pytest.param(
        layer("LSTM", D, E),
        ((T, B, E),),
        ErrorKind.recurrent_error_input_size,
        "LSTM: last dimension must be input_size=D, got E from [T, B, E]",
        id="lstm-input",
    ),
    pytest.param(
        layer("GRU", D, E, batch_first=True),
        ((B, T, D), (B, 1, E)),
        ErrorKind.recurrent_error_hidden_shape,
        "GRU: hx must have shape [1, B, E], got [B, 1, E]",
        id="gru-state",
    ),
    pytest.param(
        layer("MultiheadAttention", D, 1),
        ((T, B, D), (S, B, D), (T, B, D)),
        ErrorKind.attention_error_shape,
        "MultiheadAttention: lengths of key and value must be equal, "
        "got query [T, B, D], key [S, B, D] and value [T, B, D]",
        id="attention-lengths",
    ),
    pytest.param(
        layer("MultiheadAttention", D, 1, batch_first=True),
        ((B, T, D), (B, T, D), (B, T, D), (T, B)),
        ErrorKind.attention_error_mask_shape,
        "MultiheadAttention: key_padding_mask must fit [B, T], got [T, B]",
        id="attention-mask",
    ),
    pytest.param(
        layer("CrossEntropyLoss"),
        ((B, T, C), (B, T)),
        ErrorKind.loss_error_shape_mismatch,
        "CrossEntropyLoss: target must have the shape of input without its classes, "
        "got [B, T, C] and [B, T]",
        id="classes-last",
    ),
    pytest.param(
        layer("CrossEntropyLoss"),
        ((B, C), (T,)),
        ErrorKind.loss_error_batch_mismatch,
        "CrossEntropyLoss: batch sizes of input and target must be equal, got [B, C] and [T]",
        id="batches",
    ),
    pytest.param(
        layer("Softmax", 2),
        ((B, C),),
        ErrorKind.softmax_error_dim_out_of_range,
        "Softmax: dim must be in -2..1, got 2 from [B, C]",
        id="softmax",
    ),
]


@pytest.mark.parametrize(("made", "inputs", "kind", "message"), REJECTED)
def test_message(made: Any, inputs: Any, kind: ErrorKind, message: str) -> None:
    with pytest.raises(ShapeError) as caught:
        made.forward(*inputs)
    assert (caught.value.kind, caught.value.message) == (kind, message)
    assert len(caught.value.params) == len(kind.parameters)


CONSTRUCTORS = [
    pytest.param("Conv2d", (6, 5, 3), {"groups": 2}, ErrorKind.layer_error_not_divisible, id="out"),
    pytest.param("Conv2d", (3, 4, 3), {"groups": 2}, ErrorKind.layer_error_not_divisible, id="in"),
    pytest.param("Conv1d", (3, 4, 3), {"groups": 0}, ErrorKind.layer_error_argument, id="groups"),
    pytest.param(
        "Conv1d",
        (3, 4, 3),
        {"padding": "same", "stride": 2},
        ErrorKind.layer_error_argument,
        id="same-with-stride",
    ),
    pytest.param("GroupNorm", (3, 8), {}, ErrorKind.layer_error_not_divisible, id="group-norm"),
    pytest.param(
        "MultiheadAttention", (10, 3), {}, ErrorKind.attention_error_head_count, id="attention"
    ),
    pytest.param(
        "TransformerEncoderLayer", (10, 3), {}, ErrorKind.attention_error_head_count, id="encoder"
    ),
    pytest.param("LSTM", (3, 4), {"proj_size": 4}, ErrorKind.layer_error_argument, id="lstm"),
]


@pytest.mark.parametrize(("cls", "args", "kwargs", "kind"), CONSTRUCTORS)
def test_constructor_rejects(cls: str, args: Any, kwargs: Any, kind: ErrorKind) -> None:
    check(LAYERS[f"torch.nn.{cls}"], _named(cls, args, kwargs), kind)


def _named(cls: str, args: Any, kwargs: Any) -> dict[str, Any]:
    names = signature(LAYERS[f"torch.nn.{cls}"]).parameters
    return {**dict(zip(names, args, strict=False)), **kwargs}


def test_heads_that_may_divide_are_taken_for_granted() -> None:
    with using(Context()) as context:
        made = layer("MultiheadAttention", D, H)
    assert [error.kind for error in context.conditions] == [ErrorKind.attention_error_head_count]
    assert made.head_dim == D // H


def test_weights_are_none_when_not_needed() -> None:
    made = layer("MultiheadAttention", 8, 2)
    assert made.forward((T, 8), (T, 8), (T, 8), need_weights=False) == ((T, 8), None)


def test_bias_that_is_not_known_has_its_shape() -> None:
    assert layer("Linear", D, E, bias=...).parameters() == {"weight": (E, D), "bias": (E,)}
    assert layer("Linear", D, E, bias=False).parameters() == {"weight": (E, D)}


LIFTED = [
    pytest.param(layer("Linear", D, E), UNKNOWN, (Variadic(None), E), id="linear"),
    pytest.param(layer("LayerNorm", D), UNKNOWN, (Variadic(None), D), id="layer-norm"),
    pytest.param(
        layer("Conv2d", C, M, 3),
        UNKNOWN,
        (Variadic(None), M, UNKNOWN_DIM, UNKNOWN_DIM),
        id="conv",
    ),
    pytest.param(
        layer("BatchNorm2d", C),
        UNKNOWN,
        (UNKNOWN_DIM, C, UNKNOWN_DIM, UNKNOWN_DIM),
        id="batch-norm",
    ),
    pytest.param(layer("Embedding", N, D), (BATCH,), (BATCH, D), id="embedding"),
]


@pytest.mark.parametrize(("made", "input", "expected"), LIFTED)
def test_result_of_unknown_rank(made: Any, input: Shape, expected: Any) -> None:
    assert lift.apply(made.forward, {"input": input}, ("input",)) == expected
