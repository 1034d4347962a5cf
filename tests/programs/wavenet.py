"""A WaveNet: dilated causal convolutions with gates, skip connections, incremental generation."""

import torch
import torch.nn as nn
import torch.nn.functional as F


def mu_law_encode(audio, channels):
    mu = channels - 1.0
    safe = audio.abs().clamp(max=1.0)
    magnitude = torch.log1p(mu * safe) / torch.log1p(torch.tensor(mu))
    signal = audio.sign() * magnitude
    return ((signal + 1) / 2 * mu + 0.5).long()


class CausalConv1d(nn.Conv1d):
    def __init__(self, in_channels, out_channels, kernel_size, dilation=1, bias=True):
        super().__init__(in_channels, out_channels, kernel_size, dilation=dilation, bias=bias)
        self.left = (kernel_size - 1) * dilation

    def forward(self, x):
        return super().forward(F.pad(x, (self.left, 0)))


class ResidualBlock(nn.Module):
    def __init__(self, res_channels, skip_channels, cond_channels, dilation):
        super().__init__()
        self.dilated = CausalConv1d(res_channels, 2 * res_channels, 2, dilation=dilation)
        self.cond = nn.Conv1d(cond_channels, 2 * res_channels, 1, bias=False)
        self.conv_res = nn.Conv1d(res_channels, res_channels, 1)
        self.conv_skip = nn.Conv1d(res_channels, skip_channels, 1)

    def forward(self, x, c):
        h = self.dilated(x) + self.cond(c)
        gate, filt = h.chunk(2, dim=1)
        h = torch.sigmoid(gate) * torch.tanh(filt)
        res = self.conv_res(h) + x
        skip = self.conv_skip(h)
        return res, skip


class WaveNet(nn.Module):
    def __init__(self, layer_size=3, stack_size=2, channels=16, res=8, skip=12, mels=5, hop=4):
        super().__init__()
        self.channels = channels
        self.receptive_field = sum(2**i for _ in range(stack_size) for i in range(layer_size)) + 1
        self.embed = nn.Embedding(channels, res)
        self.upsample = nn.ConvTranspose1d(mels, mels, hop, stride=hop)
        self.blocks = nn.ModuleList()
        for _ in range(stack_size):
            for i in range(layer_size):
                self.blocks.append(ResidualBlock(res, skip, mels, 2**i))
        self.out = nn.Sequential(
            nn.ReLU(), nn.Conv1d(skip, skip, 1), nn.ReLU(), nn.Conv1d(skip, channels, 1)
        )

    def forward(self, audio, mel):
        x = self.embed(audio).transpose(1, 2)
        c = self.upsample(mel)
        skips = 0
        for block in self.blocks:
            x, s = block(x, c)
            skips = skips + s
        return self.out(skips)

    @torch.no_grad()
    def generate(self, mel):
        c = self.upsample(mel)
        batch, _, length = c.shape
        samples = torch.full((batch, 1), self.channels // 2, dtype=torch.long)
        for t in range(length - 1):
            start = max(0, samples.size(1) - self.receptive_field)
            window = samples[:, start:]
            x = self.embed(window).transpose(1, 2)
            skips = []
            for block in self.blocks:
                x, s = block(x, c[:, :, start : start + window.size(1)])
                skips.append(s)
            logits = self.out(torch.stack(skips).sum(0))[:, :, -1]
            probs = logits.softmax(dim=-1)
            token = torch.multinomial(probs, 1)
            samples = torch.cat([samples, token], dim=1)
        return samples


def main():
    model = WaveNet()
    mel = torch.randn(2, 5, 3)
    audio = torch.rand(2, 12) * 2 - 1
    tokens = mu_law_encode(audio, 16)
    logits = model(tokens, mel)
    loss = F.cross_entropy(logits[:, :, :-1], tokens[:, 1:])
    loss.backward()
    out = model.generate(mel)
    assert logits.shape == (2, 16, 12) and out.shape == (2, 12)


if __name__ == "__main__":
    main()
