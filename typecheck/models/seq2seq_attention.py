"""Encoder and decoder for sequences of different lengths, with additive attention."""

from __future__ import annotations

import random

import torch
import torch.nn as nn
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor


class Encoder(nn.Module):
    """A bidirectional GRU whose two final states become the decoder's first."""

    def __init__(self, input_dim: int, emb_dim: int, enc_hid_dim: int, dec_hid_dim: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(input_dim, emb_dim)
        self.rnn = nn.GRU(emb_dim, enc_hid_dim, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(enc_hid_dim * 2, dec_hid_dim)

    def forward(
        self, src: Int[Tensor, "batch src_len"]
    ) -> tuple[Float[Tensor, "batch src_len enc_dim"], Float[Tensor, "batch dec_hid_dim"]]:
        embedded = self.embedding(src)
        states, hidden = self.rnn(embedded)
        final = torch.cat((hidden[-2], hidden[-1]), dim=1)
        return states, torch.tanh(self.fc(final))


class Attention(nn.Module):
    def __init__(self, enc_dim: int, dec_dim: int, attn_dim: int) -> None:
        super().__init__()
        self.from_encoder = nn.Linear(enc_dim, attn_dim, bias=False)
        self.from_decoder = nn.Linear(dec_dim, attn_dim)
        self.v = nn.Parameter(torch.randn(attn_dim))

    def forward(
        self,
        hidden: Float[Tensor, "batch dec_dim"],
        encoder_outputs: Float[Tensor, "batch src_len enc_dim"],
        mask: Bool[Tensor, "batch src_len"],
    ) -> Float[Tensor, "batch src_len"]:
        query = self.from_decoder(hidden).unsqueeze(1)
        keys = self.from_encoder(encoder_outputs)
        energy = torch.tanh(query + keys)
        scores = torch.einsum("b s a, a -> b s", energy, self.v)
        scores = scores.masked_fill(~mask, -1e9)
        return masked_softmax(scores, mask)


def masked_softmax(
    scores: Float[Tensor, "batch n"], mask: Bool[Tensor, "batch n"]
) -> Float[Tensor, "batch n"]:
    """Softmax over the positions that the mask allows."""
    top = scores.max(dim=-1, keepdim=True).values
    e = torch.exp(scores - top) * mask
    return e / e.sum(dim=-1, keepdim=True).clamp_min(1e-9)


class Decoder(nn.Module):
    def __init__(self, output_dim: int, emb_dim: int, enc_dim: int, dec_dim: int) -> None:
        super().__init__()
        self.output_dim = output_dim
        self.embedding = nn.Embedding(output_dim, emb_dim)
        self.attention = Attention(enc_dim, dec_dim, attn_dim=dec_dim)
        self.cell = nn.GRUCell(emb_dim + enc_dim, dec_dim)
        self.out = nn.Linear(dec_dim + enc_dim + emb_dim, output_dim)

    def forward(
        self,
        token: Int[Tensor, "batch"],
        hidden: Float[Tensor, "batch dec_dim"],
        encoder_outputs: Float[Tensor, "batch src_len enc_dim"],
        mask: Bool[Tensor, "batch src_len"],
    ) -> tuple[Float[Tensor, "batch output_dim"], Float[Tensor, "batch dec_dim"]]:
        embedded = self.embedding(token)
        weights = self.attention(hidden, encoder_outputs, mask)
        context = torch.bmm(weights.unsqueeze(1), encoder_outputs).squeeze(1)
        hidden = self.cell(torch.cat((embedded, context), dim=1), hidden)
        logits = self.out(torch.cat((hidden, context, embedded), dim=1))
        return logits, hidden


class Seq2Seq(nn.Module):
    def __init__(self, encoder: Encoder, decoder: Decoder, pad: int = 0) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.pad = pad

    def forward(
        self,
        src: Int[Tensor, "batch src_len"],
        trg: Int[Tensor, "batch trg_len"],
        teacher_forcing: float = 0.5,
    ) -> Float[Tensor, "batch trg_len-1 vocab"]:
        batch_size, trg_len = trg.shape
        mask = src != self.pad
        encoder_outputs, hidden = self.encoder(src)
        outputs = torch.zeros(batch_size, trg_len - 1, self.decoder.output_dim, device=src.device)
        token = trg[:, 0]
        for t in range(1, trg_len):
            logits, hidden = self.decoder(token, hidden, encoder_outputs, mask)
            outputs[:, t - 1] = logits
            teacher = random.random() < teacher_forcing
            token = trg[:, t] if teacher else logits.argmax(1)
        return outputs


def sequence_loss(
    logits: Float[Tensor, "batch steps vocab"], trg: Int[Tensor, "batch steps+1"], pad: int = 0
) -> Float[Tensor, ""]:
    targets = trg[:, 1:]
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=pad)


def example() -> None:
    encoder = Encoder(input_dim=17, emb_dim=6, enc_hid_dim=5, dec_hid_dim=7)
    decoder = Decoder(output_dim=13, emb_dim=4, enc_dim=10, dec_dim=7)
    model = Seq2Seq(encoder, decoder)
    src = torch.randint(1, 17, (3, 8))
    trg = torch.randint(1, 13, (3, 11))
    logits = model(src, trg)
    assert logits.shape == (3, 10, 13)
    assert sequence_loss(logits, trg).shape == ()


if __name__ == "__main__":
    example()
