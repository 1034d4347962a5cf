"""A text classifier on PyTorch's own transformer layers."""

import math
from typing import Optional

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn


class PositionalEncoding(nn.Module):
    """Adds sines and cosines to a sequence."""

    pe: Tensor

    def __init__(self, d_model: int, max_len: int = 64, dropout: float = 0.0) -> None:
        super().__init__()
        self.dropout = nn.Dropout(p=dropout)
        position = torch.arange(max_len).unsqueeze(1)
        div_term = torch.exp(torch.arange(0, d_model, 2) * (-math.log(10000.0) / d_model))
        pe = torch.zeros(1, max_len, d_model)
        pe[0, :, 0::2] = torch.sin(position * div_term)
        pe[0, :, 1::2] = torch.cos(position * div_term)
        self.register_buffer("pe", pe)

    def forward(self, x: Float[Tensor, "b t d_model"]) -> Float[Tensor, "b t d_model"]:
        x = x + self.pe[:, : x.size(1)]
        return self.dropout(x)


class AttentionPooling(nn.Module):
    """A learned query that reads the whole sequence."""

    def __init__(self, d_model: int, nhead: int) -> None:
        super().__init__()
        self.query = nn.Parameter(torch.zeros(1, 1, d_model))
        self.attn = nn.MultiheadAttention(d_model, nhead, batch_first=True)

    def forward(
        self, x: Float[Tensor, "b t d_model"], padding: Optional[Bool[Tensor, "b t"]] = None
    ) -> tuple[Float[Tensor, "b d_model"], Float[Tensor, "b 1 t"]]:
        query = self.query.expand(x.size(0), -1, -1)
        pooled, weights = self.attn(query, x, x, key_padding_mask=padding)
        return pooled.squeeze(1), weights


class PreNormLayer(nn.Module):
    """An encoder layer put together from its parts."""

    def __init__(self, d_model: int, nhead: int, dim_feedforward: int) -> None:
        super().__init__()
        self.self_attn = nn.MultiheadAttention(d_model, nhead, batch_first=True)
        self.linear1 = nn.Linear(d_model, dim_feedforward)
        self.linear2 = nn.Linear(dim_feedforward, d_model)
        self.norm1 = nn.LayerNorm(d_model)
        self.norm2 = nn.LayerNorm(d_model)
        self.activation = nn.ReLU()

    def forward(
        self, src: Float[Tensor, "b t d_model"], padding: Optional[Bool[Tensor, "b t"]] = None
    ) -> Float[Tensor, "b t d_model"]:
        y = self.norm1(src)
        attended = self.self_attn(y, y, y, key_padding_mask=padding, need_weights=False)[0]
        src = src + attended
        hidden = self.activation(self.linear1(self.norm2(src)))
        return src + self.linear2(hidden)


class TransformerClassifier(nn.Module):
    def __init__(
        self,
        ntoken: int,
        d_model: int,
        nhead: int,
        d_hid: int,
        nlayers: int,
        n_classes: int,
        pad_id: int = 0,
    ) -> None:
        super().__init__()
        self.d_model = d_model
        self.pad_id = pad_id
        self.embedding = nn.Embedding(ntoken, d_model, padding_idx=pad_id)
        self.pos_encoder = PositionalEncoding(d_model)
        layer = nn.TransformerEncoderLayer(
            d_model, nhead, dim_feedforward=d_hid, dropout=0.0, batch_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, nlayers, enable_nested_tensor=False)
        self.last = PreNormLayer(d_model, nhead, d_hid)
        self.pooling = AttentionPooling(d_model, nhead)
        self.classifier = nn.Linear(d_model, n_classes)

    def encode(
        self, tokens: Int[Tensor, "b t"], padding: Bool[Tensor, "b t"]
    ) -> Float[Tensor, "b t d_model"]:
        x = self.embedding(tokens) * math.sqrt(self.d_model)
        x = self.encoder(self.pos_encoder(x), src_key_padding_mask=padding)
        return self.last(x, padding)

    def forward(self, tokens: Int[Tensor, "b t"]) -> Float[Tensor, "b n_classes"]:
        padding = tokens == self.pad_id
        memory = self.encode(tokens, padding)
        pooled, _ = self.pooling(memory, padding)
        return self.classifier(pooled)


def label_smoothing_loss(
    logits: Float[Tensor, "b classes"], labels: Int[Tensor, "b"], smoothing: float = 0.1
) -> Float[Tensor, "b"]:
    log_probs = logits - logits.logsumexp(dim=-1, keepdim=True)
    nll = -log_probs.gather(dim=-1, index=labels.unsqueeze(1)).squeeze(1)
    smooth = -log_probs.mean(dim=-1)
    return (1 - smoothing) * nll + smoothing * smooth


def example() -> None:
    model = TransformerClassifier(ntoken=19, d_model=12, nhead=3, d_hid=20, nlayers=2, n_classes=5)
    tokens = torch.randint(1, 19, (2, 7))
    tokens[0, 5:] = 0
    logits = model(tokens)
    assert logits.shape == (2, 5)
    assert label_smoothing_loss(logits, torch.tensor([1, 4])).shape == (2,)


if __name__ == "__main__":
    example()
