"""Speech features and a recogniser: framing, STFT, mel filters, a convolutional encoder, CTC."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


def hz_to_mel(freq):
    return 2595.0 * math.log10(1.0 + freq / 700.0)


def mel_filterbank(n_freqs, n_mels, sample_rate):
    all_freqs = torch.linspace(0, sample_rate // 2, n_freqs)
    m_pts = torch.linspace(hz_to_mel(0.0), hz_to_mel(sample_rate / 2.0), n_mels + 2)
    f_pts = 700.0 * (10.0 ** (m_pts / 2595.0) - 1.0)
    f_diff = f_pts[1:] - f_pts[:-1]
    slopes = f_pts.unsqueeze(0) - all_freqs.unsqueeze(1)
    down_slopes = (-1.0 * slopes[:, :-2]) / f_diff[:-1]
    up_slopes = slopes[:, 2:] / f_diff[1:]
    fb = torch.clamp(torch.min(down_slopes, up_slopes), min=0.0)
    return fb


class LogMel(nn.Module):
    def __init__(self, sample_rate=16000, n_fft=64, hop=16, n_mels=10):
        super().__init__()
        self.n_fft = n_fft
        self.hop = hop
        self.register_buffer("window", torch.hann_window(n_fft))
        self.register_buffer("fb", mel_filterbank(n_fft // 2 + 1, n_mels, sample_rate))

    def forward(self, wav):
        spec = torch.stft(wav, self.n_fft, self.hop, window=self.window, return_complex=True)
        power = spec.abs().pow(2)
        mel = torch.matmul(power.transpose(1, 2), self.fb)
        log_mel = mel.clamp(min=1e-10).log10()
        log_mel = (log_mel - log_mel.mean(dim=1, keepdim=True)) / (
            log_mel.std(dim=1, keepdim=True) + 1e-5
        )
        return log_mel.transpose(1, 2)


class ConvSubsampling(nn.Module):
    def __init__(self, n_mels, dim):
        super().__init__()
        self.conv1 = nn.Conv1d(n_mels, dim, kernel_size=3, padding=1)
        self.conv2 = nn.Conv1d(dim, dim, kernel_size=3, stride=2, padding=1)

    def forward(self, x):
        x = F.gelu(self.conv1(x))
        x = F.gelu(self.conv2(x))
        x = x.permute(0, 2, 1)
        return x


class ConformerConv(nn.Module):
    def __init__(self, dim, expansion=2, kernel_size=7):
        super().__init__()
        inner = dim * expansion
        self.norm = nn.LayerNorm(dim)
        self.pointwise1 = nn.Conv1d(dim, inner * 2, 1)
        self.depthwise = nn.Conv1d(inner, inner, kernel_size, padding=kernel_size // 2, groups=inner)
        self.bn = nn.BatchNorm1d(inner)
        self.pointwise2 = nn.Conv1d(inner, dim, 1)

    def forward(self, x):
        h = self.norm(x).transpose(1, 2)
        h = F.glu(self.pointwise1(h), dim=1)
        h = F.silu(self.bn(self.depthwise(h)))
        h = self.pointwise2(h).transpose(1, 2)
        return x + h


def sinusoids(length, channels, max_timescale=10000):
    assert channels % 2 == 0
    increment = math.log(max_timescale) / (channels // 2 - 1)
    inv_timescales = torch.exp(-increment * torch.arange(channels // 2))
    scaled_time = torch.arange(length)[:, None] * inv_timescales[None, :]
    return torch.cat([torch.sin(scaled_time), torch.cos(scaled_time)], dim=1)


class Recogniser(nn.Module):
    def __init__(self, n_mels, dim, vocab, layers=2):
        super().__init__()
        self.subsample = ConvSubsampling(n_mels, dim)
        self.blocks = nn.ModuleList([ConformerConv(dim) for _ in range(layers)])
        self.rnn = nn.GRU(dim, dim, batch_first=True, bidirectional=True)
        self.head = nn.Linear(2 * dim, vocab)
        self.register_buffer("pos", sinusoids(200, dim))

    def forward(self, mel, lengths):
        x = self.subsample(mel)
        x = x + self.pos[: x.shape[1]]
        for block in self.blocks:
            x = block(x)
        out_lengths = (lengths + 1) // 2
        packed = nn.utils.rnn.pack_padded_sequence(
            x, out_lengths, batch_first=True, enforce_sorted=False
        )
        packed, hidden = self.rnn(packed)
        x, _ = nn.utils.rnn.pad_packed_sequence(packed, batch_first=True)
        log_probs = self.head(x).log_softmax(dim=-1)
        return log_probs, out_lengths


def greedy_decode(log_probs, lengths):
    best = log_probs.argmax(dim=-1)
    texts = []
    for row, n in zip(best, lengths):
        row = torch.unique_consecutive(row[: int(n)])
        texts.append(row[row != 0].tolist())
    return texts


def main():
    wav = torch.randn(2, 320)
    frontend = LogMel()
    mel = frontend(wav)
    model = Recogniser(10, 8, 12)
    lengths = torch.tensor([mel.shape[-1], mel.shape[-1] - 4])
    log_probs, out_lengths = model(mel, lengths)
    targets = torch.randint(1, 12, (2, 3))
    target_lengths = torch.tensor([3, 2])
    loss = F.ctc_loss(log_probs.transpose(0, 1), targets, out_lengths, target_lengths)
    loss.backward()
    texts = greedy_decode(log_probs, out_lengths)
    frames = wav.unfold(-1, 64, 16)
    energy = frames.pow(2).mean(-1)
    zero_crossings = (frames[..., 1:] * frames[..., :-1] < 0).float().mean(-1)
    assert len(texts) == 2 and energy.shape == zero_crossings.shape == (2, 17)


if __name__ == "__main__":
    main()
