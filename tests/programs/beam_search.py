"""Sequence to sequence with additive attention, and beam search over its decoder."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Encoder(nn.Module):
    def __init__(self, vocab, emb, hidden):
        super().__init__()
        self.embedding = nn.Embedding(vocab, emb)
        self.rnn = nn.GRU(emb, hidden, bidirectional=True, batch_first=True)
        self.fc = nn.Linear(hidden * 2, hidden)

    def forward(self, src):
        embedded = self.embedding(src)
        outputs, hidden = self.rnn(embedded)
        last = torch.cat((hidden[-2], hidden[-1]), dim=1)
        return outputs, torch.tanh(self.fc(last))


class Attention(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.attn = nn.Linear(hidden * 3, hidden)
        self.v = nn.Linear(hidden, 1, bias=False)

    def forward(self, hidden, encoder_outputs, mask):
        src_len = encoder_outputs.shape[1]
        repeated = hidden.unsqueeze(1).repeat(1, src_len, 1)
        energy = torch.tanh(self.attn(torch.cat((repeated, encoder_outputs), dim=2)))
        scores = self.v(energy).squeeze(2)
        scores = scores.masked_fill(mask == 0, -1e10)
        return F.softmax(scores, dim=1)


class Decoder(nn.Module):
    def __init__(self, vocab, emb, hidden):
        super().__init__()
        self.vocab = vocab
        self.attention = Attention(hidden)
        self.embedding = nn.Embedding(vocab, emb)
        self.cell = nn.GRUCell(hidden * 2 + emb, hidden)
        self.fc_out = nn.Linear(hidden * 3 + emb, vocab)

    def forward(self, token, hidden, encoder_outputs, mask):
        embedded = self.embedding(token)
        a = self.attention(hidden, encoder_outputs, mask).unsqueeze(1)
        weighted = torch.bmm(a, encoder_outputs).squeeze(1)
        hidden = self.cell(torch.cat((embedded, weighted), dim=1), hidden)
        prediction = self.fc_out(torch.cat((hidden, weighted, embedded), dim=1))
        return prediction, hidden, a.squeeze(1)


class Seq2Seq(nn.Module):
    def __init__(self, vocab, emb=6, hidden=8, pad=0, bos=1, eos=2):
        super().__init__()
        self.encoder = Encoder(vocab, emb, hidden)
        self.decoder = Decoder(vocab, emb, hidden)
        self.pad, self.bos, self.eos = pad, bos, eos

    def forward(self, src, trg, teacher_forcing_ratio=0.5):
        batch_size, trg_len = trg.shape
        outputs = torch.zeros(batch_size, trg_len, self.decoder.vocab)
        encoder_outputs, hidden = self.encoder(src)
        mask = src != self.pad
        token = trg[:, 0]
        for t in range(1, trg_len):
            output, hidden, _ = self.decoder(token, hidden, encoder_outputs, mask)
            outputs[:, t] = output
            teacher_force = torch.rand(1).item() < teacher_forcing_ratio
            token = trg[:, t] if teacher_force else output.argmax(1)
        return outputs

    @torch.no_grad()
    def beam_search(self, src, beam_size=3, max_len=6):
        B = src.size(0)
        V = self.decoder.vocab
        encoder_outputs, hidden = self.encoder(src)
        mask = src != self.pad
        encoder_outputs = encoder_outputs.repeat_interleave(beam_size, dim=0)
        hidden = hidden.repeat_interleave(beam_size, dim=0)
        mask = mask.repeat_interleave(beam_size, dim=0)
        sequences = torch.full((B * beam_size, 1), self.bos, dtype=torch.long)
        scores = torch.full((B, beam_size), float("-inf"))
        scores[:, 0] = 0.0
        finished = torch.zeros(B * beam_size, dtype=torch.bool)
        offset = (torch.arange(B) * beam_size).unsqueeze(1)
        for _ in range(max_len):
            logits, hidden, _ = self.decoder(sequences[:, -1], hidden, encoder_outputs, mask)
            log_probs = F.log_softmax(logits, dim=-1)
            frozen = torch.full_like(log_probs, float("-inf"))
            frozen[:, self.eos] = 0.0
            log_probs = torch.where(finished.unsqueeze(1), frozen, log_probs)
            total = scores.unsqueeze(-1) + log_probs.view(B, beam_size, V)
            scores, flat = total.view(B, -1).topk(beam_size, dim=-1)
            beam = torch.div(flat, V, rounding_mode="floor")
            token = flat % V
            index = (beam + offset).view(-1)
            sequences = torch.cat([sequences[index], token.view(-1, 1)], dim=1)
            hidden = hidden[index]
            finished = finished[index] | (token.view(-1) == self.eos)
            if finished.all():
                break
        sequences = sequences.view(B, beam_size, -1)
        best = scores.argmax(dim=-1)
        chosen = sequences[torch.arange(B), best]
        return chosen, scores


def main():
    model = Seq2Seq(17)
    src = torch.randint(3, 17, (2, 5))
    trg = torch.randint(3, 17, (2, 4))
    outputs = model(src, trg)
    loss = F.cross_entropy(outputs[:, 1:].reshape(-1, 17), trg[:, 1:].reshape(-1))
    loss.backward()
    chosen, scores = model.beam_search(src)
    assert chosen.shape[0] == 2 and scores.shape == (2, 3)


if __name__ == "__main__":
    main()
