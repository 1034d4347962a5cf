"""State spaces by convolution: a diagonal S4 kernel, FFT convolution, and recurrent cells from scratch."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class S4DKernel(nn.Module):
    def __init__(self, d_model, N=8, dt_min=0.001, dt_max=0.1):
        super().__init__()
        H = d_model
        log_dt = torch.rand(H) * (math.log(dt_max) - math.log(dt_min)) + math.log(dt_min)
        C = torch.randn(H, N // 2, dtype=torch.cfloat)
        self.C = nn.Parameter(torch.view_as_real(C))
        self.log_dt = nn.Parameter(log_dt)
        log_A_real = torch.log(0.5 * torch.ones(H, N // 2))
        A_imag = math.pi * torch.arange(N // 2).repeat(H, 1)
        self.log_A_real = nn.Parameter(log_A_real)
        self.A_imag = nn.Parameter(A_imag)

    def forward(self, L):
        dt = torch.exp(self.log_dt)
        C = torch.view_as_complex(self.C)
        A = -torch.exp(self.log_A_real) + 1j * self.A_imag
        dtA = A * dt.unsqueeze(-1)
        K = dtA.unsqueeze(-1) * torch.arange(L)
        C = C * (torch.exp(dtA) - 1.0) / A
        K = 2 * torch.einsum("hn, hnl -> hl", C, torch.exp(K)).real
        return K


class S4D(nn.Module):
    def __init__(self, d_model, d_state=8):
        super().__init__()
        self.h = d_model
        self.D = nn.Parameter(torch.randn(self.h))
        self.kernel = S4DKernel(self.h, N=d_state)
        self.output_linear = nn.Sequential(nn.Conv1d(self.h, 2 * self.h, kernel_size=1), nn.GLU(dim=-2))

    def forward(self, u):
        L = u.size(-1)
        k = self.kernel(L=L)
        k_f = torch.fft.rfft(k, n=2 * L)
        u_f = torch.fft.rfft(u, n=2 * L)
        y = torch.fft.irfft(u_f * k_f, n=2 * L)[..., :L]
        y = y + u * self.D.unsqueeze(-1)
        y = F.gelu(y)
        return self.output_linear(y)


class LSTMCell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.weight_ih = nn.Parameter(torch.randn(4 * hidden_size, input_size) * 0.1)
        self.weight_hh = nn.Parameter(torch.randn(4 * hidden_size, hidden_size) * 0.1)
        self.bias = nn.Parameter(torch.zeros(4 * hidden_size))

    def forward(self, x, state):
        h, c = state
        gates = x @ self.weight_ih.t() + h @ self.weight_hh.t() + self.bias
        i, f, g, o = gates.chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        return h, (h, c)


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size, layers=2):
        super().__init__()
        self.cells = nn.ModuleList(
            [LSTMCell(input_size if i == 0 else hidden_size, hidden_size) for i in range(layers)]
        )
        self.hidden_size = hidden_size

    def forward(self, x, states=None):
        batch = x.size(0)
        if states is None:
            zeros = torch.zeros(batch, self.hidden_size)
            states = [(zeros, zeros) for _ in self.cells]
        outputs = []
        for t in range(x.size(1)):
            h = x[:, t]
            new_states = []
            for cell, state in zip(self.cells, states):
                h, state = cell(h, state)
                new_states.append(state)
            states = new_states
            outputs.append(h)
        return torch.stack(outputs, 1), states


class RWKVTimeMix(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.decay = nn.Parameter(torch.zeros(dim))
        self.first = nn.Parameter(torch.zeros(dim))
        self.mix = nn.Parameter(torch.full((1, 1, dim), 0.5))
        self.key = nn.Linear(dim, dim, bias=False)
        self.value = nn.Linear(dim, dim, bias=False)
        self.receptance = nn.Linear(dim, dim, bias=False)
        self.shift = nn.ZeroPad2d((0, 0, 1, -1))

    def forward(self, x):
        B, T, C = x.shape
        xx = self.shift(x)
        x = x * self.mix + xx * (1 - self.mix)
        k, v, r = self.key(x), self.value(x), torch.sigmoid(self.receptance(x))
        w = -torch.exp(self.decay)
        num = torch.zeros(B, C)
        den = torch.zeros(B, C)
        out = torch.empty_like(v)
        for t in range(T):
            kt, vt = k[:, t], v[:, t]
            bonus = torch.exp(self.first + kt)
            out[:, t] = (num + bonus * vt) / (den + bonus)
            num = torch.exp(w) * num + torch.exp(kt) * vt
            den = torch.exp(w) * den + torch.exp(kt)
        return r * out


def associative_scan(a, b):
    length = a.shape[-1]
    step = 1
    while step < length:
        shifted_a = F.pad(a[..., :-step], (step, 0), value=1.0)
        shifted_b = F.pad(b[..., :-step], (step, 0), value=0.0)
        b = a * shifted_b + b
        a = a * shifted_a
        step *= 2
    return b


def main():
    u = torch.randn(2, 6, 11)
    y = S4D(6)(u)
    out, states = RNN(6, 8)(u.transpose(1, 2))
    more, _ = RNN(6, 8)(u.transpose(1, 2), states)
    mixed = RWKVTimeMix(8)(out)
    a, b = torch.rand(3, 7), torch.randn(3, 7)
    scanned = associative_scan(a, b)
    h, steps = torch.zeros(3), []
    for t in range(7):
        h = a[:, t] * h + b[:, t]
        steps.append(h)
    assert torch.allclose(scanned, torch.stack(steps, dim=1), atol=1e-5)
    assert y.shape == u.shape and more.shape == mixed.shape == (2, 11, 8)


if __name__ == "__main__":
    main()
