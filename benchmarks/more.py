"""All documented operations against PyTorch eager: ``python -m benchmarks.more [--rounds N] [names]``.

Each line of `CALLS` runs on both sides, in turns and on one thread, with tiny and with middle-sized
operands, forward only and, where a gradient is wanted, forward and backward. Printed are the programs
that are slower than PyTorch's, the slowest first, by the ratio of processor times (ours / PyTorch's).
`benchmarks.ops` measures the common ones, with goals.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
import torch

import shapetorch
from shapetorch.tensor import kernels, threads

SIZES = {"tiny": 4, "middle": 128}
CALLS = """
t.abs(x); t.acos(u); t.acosh(p + 1); t.add(x, y); t.addbmm(x, b, c); t.addcdiv(x, y, p); t.addcmul(x, y, p); t.addmm(x, y, p)
t.addmv(v, x, v); t.addr(x, v, v); t.adjoint(z); t.all(m); t.all(m, 1); t.allclose(x, x); t.amax(x, 0); t.amin(x, 1); t.aminmax(x)
t.aminmax(x, dim=1); t.angle(z); t.any(m); t.any(m, 0); t.arange(n); t.argmax(x); t.argmax(x, 0); t.argmin(x, 1); t.argsort(x, 1)
t.argwhere(m); t.as_strided(x, (2, 2), (1, 1)); t.as_tensor([1.0, 2.0]); t.asin(u); t.asinh(x); t.atan(x); t.atan2(x, y)
t.atanh(u); t.atleast_2d(v); t.baddbmm(b, b, c); t.bernoulli(p); t.bincount(r); t.bitwise_and(i, k); t.bitwise_left_shift(i, k)
t.bitwise_not(i); t.bitwise_or(i, k); t.bitwise_right_shift(i, k); t.bitwise_xor(i, k); t.block_diag(x, y); t.bmm(b, c)
t.broadcast_tensors(x, v); t.broadcast_to(v, (n, n)); t.bucketize(x, edges); t.cartesian_prod(v, v); t.cat([x, y])
t.cat([x, y, p], 1); t.cdist(x, y); t.cdist(x, y, p=1.0); t.cdist(b, c); t.ceil(x); t.chain_matmul(x, y, p); t.chunk(x, 2)
t.clamp(x, -1, 1); t.clamp(x, min=0.0); t.clamp(x, y, p + 3); t.clone(x); t.column_stack([x, v]); t.combinations(v[:8])
t.complex(x, y); t.conj_physical(z); x.t().contiguous(); b.transpose(1, 2).contiguous(); img.permute(0, 2, 3, 1).contiguous()
t.copysign(x, y); t.corrcoef(x); t.cos(x); t.cosh(x); t.count_nonzero(x); t.count_nonzero(x, 1); t.cov(x); t.cummax(x, 1)
t.cummin(x, 0); t.cumprod(u, 1); t.cumsum(x, 0); t.cumsum(x, 1); t.cumulative_trapezoid(x); t.deg2rad(x); x.detach(); t.diag(x)
t.diag(v); t.diag_embed(x); t.diagflat(v); t.diagonal(x); t.diagonal_scatter(x, v); t.diff(x); t.digamma(p); t.dist(x, y)
t.div(x, p); t.div(x, p, rounding_mode="floor"); t.dot(v, v); t.dsplit(b, 2); t.dstack([x, y]); t.einsum("ij,jk->ik", x, y)
t.einsum("bij,bjk->bik", b, c); t.einsum("ij,ij->", x, y); t.einsum("bhqd,bhkd->bhqk", img, img); t.einsum("i,j->ij", v, v)
t.empty(n, n); t.empty_like(x); t.eq(x, y); t.equal(x, x); t.erf(x); t.erfc(x); t.erfinv(u); t.exp(x); t.exp2(x); v.expand(n, n)
v.expand_as(x); t.expm1(x); t.eye(n); t.flatten(b); t.flip(x, (0,)); t.flip(x, (1,)); t.fliplr(x); t.flipud(x)
t.float_power(p, 2.0); t.floor(x); t.floor_divide(x, p); t.fmax(x, y); t.fmin(x, y); t.fmod(x, p); t.frac(x); t.frexp(x)
t.full((n, n), 2.0); t.full_like(x, 2.0); t.gather(x, 1, i); t.gather(x, 0, i); t.gcd(i, k); t.ge(x, y); t.heaviside(x, y)
t.histc(x, 10); t.histogram(x, 10); t.hsplit(x, 2); t.hstack([x, y]); t.hypot(x, y); t.i0(x); t.imag(z); t.index_add(x, 0, r, y)
t.index_add(x, 1, r, y); t.index_copy(x, 0, r, y); t.index_fill(x, 0, r, 1.0); t.index_put(x, (r, r), v)
t.index_put(x, (r,), y, accumulate=True); t.index_reduce(x, 0, r, y, "prod"); t.index_reduce(x, 0, r, y, "amax")
t.index_select(x, 0, r); t.index_select(x, 1, r); t.inverse(S); t.isclose(x, y); t.isfinite(x); t.isin(i, r); t.isinf(x)
t.isnan(x); t.isneginf(x); t.isposinf(x); t.isreal(x); t.kron(x[:8, :8], y[:8, :8]); t.kthvalue(x, 2); t.lcm(i, k)
t.ldexp(x, k); t.le(x, y); t.lerp(x, y, 0.3); t.lerp(x, y, p); t.lgamma(p); t.linspace(0, 1, n); t.log(p); t.log10(p); t.log1p(p)
t.log2(p); t.logaddexp(x, y); t.logaddexp2(x, y); t.logcumsumexp(x, 1); t.logical_and(m, o); t.logical_not(m); t.logical_or(m, o)
t.logical_xor(m, o); t.logit(p); t.logspace(0, 1, n); t.logsumexp(x, 1); t.lt(x, y); t.masked_select(x, m)
x.masked_fill(m, 0.0); t.masked_scatter(x, m, y); t.matmul(x, y); t.matmul(b, y); t.matmul(x, v); t.max(x); t.max(x, 1); t.max(x, 0)
t.maximum(x, y); t.mean(x); t.mean(x, 0); t.mean(img, (2, 3)); t.median(x); t.median(x, 1); t.meshgrid(v, v, indexing="ij")
t.min(x); t.min(x, 1); t.minimum(x, y); t.mm(x, y); t.mm(x, y.t()); t.mode(i); t.mode(x, 0); t.movedim(b, 0, 2); t.msort(x); t.mul(x, y)
t.multinomial(p, 2); t.multinomial(p, 8, replacement=True); t.mv(x, v); t.nan_to_num(x); t.nanmean(x); t.nanmean(x, 1)
t.nanmedian(x); t.nanquantile(x, 0.5); t.nansum(x); t.nansum(x, 1); t.narrow(x, 0, 1, 2); t.narrow_copy(x, 0, 1, 2); t.ne(x, y)
t.neg(x); t.nextafter(x, y); t.nonzero(m); t.nonzero(x); t.norm(x); t.norm(x, dim=1); t.norm(x, p=1, dim=0); t.normal(x, p)
t.normal(0.0, 1.0, (n, n)); t.numel(x); t.ones(n, n); t.ones_like(x); t.outer(v, v); t.permute(b, (2, 0, 1)); t.poisson(p)
t.polar(p, x); t.positive(x); t.pow(p, 2.5); t.pow(x, 2); t.pow(p, x); t.pow(2.0, x); t.prod(u); t.prod(u, 1)
t.quantile(x, 0.3); t.quantile(x, 0.3, dim=1); t.rad2deg(x); t.rand(n, n); t.rand_like(x); t.randint(9, (n, n))
t.randint_like(x, 9); t.randn(n, n); t.randn_like(x); t.randperm(n); t.ravel(x); t.real(z); t.reciprocal(p); t.remainder(x, p)
x.repeat(2, 2); t.repeat_interleave(x, 2); t.repeat_interleave(x, 2, 0); t.repeat_interleave(x, k8, 0); t.reshape(x, (-1,)); t.roll(x, 1)
t.roll(x, 1, 1); t.rot90(x); t.round(x); t.round(x, decimals=2); t.rsqrt(p); t.scatter(x, 0, i, y); t.scatter(x, 1, i, 2.0)
t.scatter(x, 1, i, y, reduce="add"); t.scatter_add(x, 0, i, y); t.scatter_add(x, 1, i, y); x.clone().scatter_add_(1, i, y)
t.scatter_reduce(x, 1, i, y, "amax"); t.scatter_reduce(x, 0, i, y, "prod"); t.scatter_reduce(x, 1, i, y, "mean")
t.searchsorted(edges, x); t.select(x, 0, 1); t.select_scatter(x, v, 0, 1); t.sgn(z); t.sign(x); t.signbit(x); t.sin(x); t.sinc(x)
t.sinh(x); t.slice_scatter(x, y[:2], 0, 0, 2); t.sort(x); t.sort(x, 0); t.sort(i); t.sort(x, stable=True, descending=True); t.split(x, 2); t.sqrt(p)
t.square(x); t.squeeze(x); t.stack([x, y]); t.stack([x, y], 2); t.std(x); t.std(x, 1); t.std_mean(x, 1); t.sub(x, y)
t.sum(x); t.sum(x, 0); t.sum(x, 1); t.sum(img, (0, 2, 3)); t.sum(i, 1); t.swapaxes(x, 0, 1); x.t(); t.take(x, r)
t.take_along_dim(x, i, 1); t.tan(x); t.tanh(x); t.tensor([[1.0, 2.0], [3.0, 4.0]]); t.tensor_split(x, 2); t.tensordot(x, y, 1)
t.tensordot(b, c, ([0, 2], [0, 2])); t.tile(x, (2, 2)); t.topk(x, 2); t.topk(x, 2, 0); t.trace(x); t.trapezoid(x); t.tril(x)
t.tril_indices(n, n); t.triu(x); t.triu_indices(n, n); t.trunc(x); t.unbind(x); t.unflatten(v, 0, (2, -1)); t.unique(i)
t.unique(r, return_inverse=True, return_counts=True); t.unique_consecutive(r); t.unravel_index(r, (n, n)); t.unsqueeze(x, 0)
t.var(x); t.var(x, 0); t.var_mean(x); t.vdot(v, v); x.view(-1); t.view_as_complex(pairs); t.view_as_real(z); t.vsplit(x, 2)
t.vstack([x, y]); t.where(m, x, y); t.where(m, x, 0.0); t.where(m); t.xlogy(x, p); t.zeros(n, n); t.zeros_like(x)
x[r]; x[m]; x[r, r]; x[:, None, 1]; x[..., ::2]; x[:, r]; x.clone().masked_fill_(m, 0.0); x.to(t.float64); x.double(); x.int(); x.bool()
x.tolist(); x[0, 0].item(); x.half(); x.to(t.bfloat16); i.float(); x.clone().fill_(2.0); x.clone().zero_(); x.clone().copy_(y)
x.clone().add_(y); x.clone().mul_(2.0); x.clone().clamp_(0, 1); x.clone().uniform_(); x.clone().normal_(); x.clone().exponential_()
x.clone().random_(9); x.clone().bernoulli_(0.5); x.clone().geometric_(0.5); x.clone().cauchy_(); x.clone().log_normal_()
x.unfold(0, 2, 1); x.type_as(i); x.new_zeros(3); x.new_tensor([1.0]); x.is_contiguous(); x.size(); x.stride(); x.dim(); len(x); repr(v[:4])
set_item(x.clone(), (r,), y); set_item(x.clone(), 0, 1.0); set_item(x.clone(), m, 0.0); set_item(x.clone(), (slice(None), 1), v)
z * z; z + z; t.abs(z); t.exp(z); z @ z; t.sum(z); d * d; d @ d; t.exp(d); t.sum(d, 1); t.softmax(d, -1); i + k; i * k; i // (k + 1); i % (k + 1); t.cumsum(i, 1)
i @ k; t.max(i, 1); h + h; h * h; t.exp(h); h @ h; t.sum(h, 1); t.softmax(h, -1); g + g; g * g; t.exp(g); g @ g; t.sum(g, 1)
t.renorm(x, 2, 0, 1.0); t.polygamma(1, p); t.mvlgamma(p + 3, 2); t.igamma(p, p); t.nn.functional.softmin(x, -1); t.trapz(x); t.cross(three, three)
f.relu(x); f.elu(x); f.selu(x); f.celu(x); f.gelu(x); f.gelu(x, approximate="tanh"); f.silu(x); f.mish(x); f.softplus(x)
f.softsign(x); f.hardsigmoid(x); f.hardswish(x); f.hardtanh(x); f.hardshrink(x); f.softshrink(x); f.tanhshrink(x); f.threshold(x, 0.1, 0.0)
f.leaky_relu(x); f.prelu(x, v); f.rrelu(x, training=True); f.relu6(x); f.logsigmoid(x); f.glu(x); f.sigmoid(x); f.tanh(x)
f.softmax(x, 0); f.softmax(x, 1); f.log_softmax(x, 1); f.softmax(b, 1); f.gumbel_softmax(x); f.normalize(x); f.dropout(x, 0.5); f.alpha_dropout(x, 0.5, True)
f.dropout2d(img, 0.5); f.feature_alpha_dropout(img, 0.5, True); f.linear(x, y); f.linear(x, y, v); f.bilinear(x, x, b, v[:b.shape[0]])
f.layer_norm(x, (n,)); f.layer_norm(x, (n,), v, v); f.rms_norm(x, (n,)); f.group_norm(img, 2); f.group_norm(img, 2, ch, ch); f.instance_norm(img)
f.batch_norm(img, ch, ch * ch + 1); f.batch_norm(img, None, None, ch, ch, True); f.batch_norm(x, None, None, v, v, True); f.local_response_norm(img, 3)
f.mse_loss(x, y); f.l1_loss(x, y); f.smooth_l1_loss(x, y); f.huber_loss(x, y); f.cross_entropy(x, r); f.cross_entropy(x, p)
f.cross_entropy(x, r, label_smoothing=0.1); f.nll_loss(x, r); f.kl_div(x, p); f.binary_cross_entropy(p, q); f.binary_cross_entropy_with_logits(x, q)
f.poisson_nll_loss(x, p); f.gaussian_nll_loss(x, y, p); f.hinge_embedding_loss(x, sign); f.margin_ranking_loss(x, y, sign); f.soft_margin_loss(x, sign)
f.multi_margin_loss(x, r); f.multilabel_margin_loss(x, i); f.multilabel_soft_margin_loss(x, q); f.triplet_margin_loss(x, y, p)
f.cosine_embedding_loss(x, y, sign[0]); f.cosine_similarity(x, y); f.pairwise_distance(x, y); f.pdist(x); f.one_hot(r, n)
f.ctc_loss(logp, labels, lengths, counts); f.embedding(r, x); f.embedding(i, x); f.embedding(many, table); f.embedding_bag(i, x); f.embedding_bag(i, x, mode="max")
f.conv1d(seq, k1); f.conv1d(seq, k1, stride=2); f.conv2d(img, k3); f.conv2d(img, k3, padding=1); f.conv2d(img, k3, stride=2, padding=1); f.conv2d(img, kp)
f.conv2d(img, k5, padding=2); f.conv2d(img, kd, padding=1, groups=ch.shape[0]); f.conv2d(img, kd, stride=2, padding=1, groups=ch.shape[0])
f.conv2d(img, k3, dilation=2, padding=2); f.conv3d(vol, k33); f.conv3d(vol, k33, padding=1); f.conv_transpose1d(seq, k1); f.conv_transpose2d(img, k3)
f.conv_transpose2d(img, k3, stride=2, padding=1); f.conv_transpose3d(vol, k33); f.max_pool1d(seq, 2); f.max_pool2d(img, 2); f.max_pool2d(img, 3, 2, 1)
f.max_pool2d(img, 2, return_indices=True); f.max_pool3d(vol, 2); f.avg_pool1d(seq, 2); f.avg_pool2d(img, 2); f.avg_pool2d(img, 3, 1, 1); f.avg_pool3d(vol, 2)
f.adaptive_avg_pool2d(img, 1); f.adaptive_avg_pool2d(img, 2); f.adaptive_avg_pool2d(img, 3); f.adaptive_max_pool2d(img, 2); f.adaptive_avg_pool1d(seq, 2); f.lp_pool2d(img, 2.0, 2)
f.fractional_max_pool2d(img, 2, 2); f.max_unpool2d(*f.max_pool2d(img, 2, return_indices=True), 2); f.pad(img, (1, 1, 1, 1)); f.pad(x, (1, 1)); f.pad(img, (1, 1, 1, 1), "reflect")
f.pad(img, (1, 1, 1, 1), "replicate"); f.pad(img, (1, 1, 1, 1), "circular"); f.interpolate(img, scale_factor=2.0); f.interpolate(img, scale_factor=2.0, mode="bilinear")
f.interpolate(img, scale_factor=2.0, mode="bicubic"); f.interpolate(img, scale_factor=0.5, mode="area"); f.interpolate(seq, scale_factor=2.0, mode="linear")
f.interpolate(vol, scale_factor=2.0, mode="trilinear"); f.interpolate(img, scale_factor=0.5, mode="bilinear", antialias=True); f.interpolate(img, size=(5, 7), mode="nearest")
f.pixel_shuffle(img, 2); f.pixel_unshuffle(img, 2); f.channel_shuffle(img, 2); f.fold(f.unfold(img, 2), img.shape[2:], 2); f.unfold(img, 2)
f.affine_grid(theta, img.shape, align_corners=False); f.grid_sample(img, grid, align_corners=False); f.grid_sample(img, grid, mode="nearest", align_corners=False)
f.grid_sample(img, grid, mode="bicubic", align_corners=False); f.grid_sample(img, grid, padding_mode="border", align_corners=True)
f.grid_sample(img, grid, padding_mode="reflection", align_corners=False); f.grid_sample(vol, grid3, align_corners=False)
f.scaled_dot_product_attention(img, img, img); f.scaled_dot_product_attention(img, img, img, is_causal=True)
lstm(steps); gru(steps); rnn(steps); lstm2(steps); bilstm(steps); t.lstm_cell(x, (x, x), lw, lw, lb, lb); t.gru_cell(x, x, gw, gw, gb, gb)
l.cholesky(S); l.det(S); l.eigh(S); l.eigvalsh(S); l.eig(S); l.inv(S); l.lstsq(S, y); l.lu(S); l.matrix_exp(u); l.matrix_norm(x); l.matrix_power(u, 3)
l.matrix_rank(S); l.multi_dot([x, y, p]); l.norm(x); l.pinv(S); l.qr(x); l.slogdet(S); l.solve(S, y); l.solve_triangular(S, y, upper=True); l.svd(x)
l.svdvals(x); l.vector_norm(x, dim=1); l.vecdot(x, y); l.cross(three, three); l.cond(S); l.ldl_factor(S); l.lu_factor(S); l.inv(B); l.solve(B, b)
l.cholesky(B); l.det(B); t.atleast_1d(v); t.atleast_3d(x); t.conj(z); t.gt(x, y); t.cholesky_solve(x, S); t.cholesky_inverse(S); t.logdet(S); t.matrix_exp(u); t.svd_lowrank(x, 2)
t.fft.fft(x); t.fft.rfft(x); t.fft.irfft(z); t.fft.fft2(x); t.fft.ifft(z); t.fft.fftshift(x); t.stft(wave, 16, window=window, return_complex=True)
t.istft(t.stft(wave, 16, window=window, return_complex=True), 16, window=window); t.hann_window(n)
t.special.bessel_j0(x); t.special.bessel_j1(x); t.special.i0e(x); t.special.i1(x); t.special.entr(p); t.special.erfcx(x); t.special.log_ndtr(x); t.special.ndtr(x)
t.special.ndtri(p); t.special.xlog1py(x, p); t.special.zeta(p + 1, p); t.special.gammainc(p, p); t.special.spherical_bessel_j0(x); t.special.airy_ai(x)
t.special.modified_bessel_k0(p); t.special.chebyshev_polynomial_t(u, 4)
"""


def split_calls() -> Iterator[str]:
    """The programs."""
    for line in CALLS.strip().splitlines():
        yield from line.split("; ")


def set_item(tensor: Any, key: Any, value: Any) -> Any:
    """The tensor after a write."""
    tensor[key] = value
    return tensor


class Maker:
    """Makes operands of one library by name, the same numbers for each library."""

    def __init__(self, library: Any, wanted: bool) -> None:
        self.library, self.wanted = library, wanted
        self.rng = np.random.default_rng(0)
        self.made: dict[str, Any] = {}

    def put(self, name: str, array: Any, kind: Any = np.float32, wanted: bool = True) -> None:
        """A tensor of these elements."""
        tensor = self.library.from_numpy(np.array(array).astype(kind))
        has_gradient = self.wanted and wanted and np.dtype(kind).kind in "fc"
        self.made[name] = tensor.requires_grad_() if has_gradient else tensor

    def normal(self, names: str, *shape: int, kind: Any = np.float32) -> None:
        """Normal numbers."""
        for name in names.split():
            self.put(name, self.rng.standard_normal(shape), kind)

    def integers(self, name: str, high: int, *shape: int) -> None:
        """Integers below `high`."""
        self.put(name, self.rng.integers(0, high, shape), np.int64)


@cache
def operands(library: Any, n: int, wanted: bool) -> dict[str, Any]:
    """What the calls name.

    Args:
        library: shapetorch or torch.
        n: The size.
        wanted: Whether gradients of what is floating are.
    """
    make = Maker(library, wanted)
    batch, channels, side = (2, 4, 4) if n < SIZES["middle"] else (4, 16, 32)
    times, width = (5, 4) if n < SIZES["middle"] else (64, 64)
    _matrices(make, n, batch * 2)
    _images(make, batch, channels, side)
    _sequences(make, n, times, batch, width)
    functional: Any = library.nn.functional
    names = {"n": n, "t": library, "f": functional, "l": library.linalg, "set_item": set_item}
    return {**make.made, **names}


def _matrices(make: Maker, n: int, batch: int) -> None:
    rng, put = make.rng, make.put
    make.normal("x y", n, n)
    make.normal("d", n, n, kind=np.float64)
    put("h", rng.standard_normal((n, n)), np.float16)
    narrow = make.library.from_numpy(rng.standard_normal((n, n)).astype(np.float32)).bfloat16()
    make.made["g"] = narrow.requires_grad_(make.wanted)
    put("p", rng.uniform(0.1, 0.9, (n, n)))
    put("q", rng.uniform(0.1, 0.9, (n, n)), wanted=False)
    put("u", rng.uniform(-0.9, 0.9, (n, n)))
    make.normal("v", n)
    make.normal("b c", batch, n, n)
    put("z", rng.standard_normal((n, n)) + 1j, np.complex64)
    make.integers("i", n, n, n)
    make.integers("k", 9, n, n)
    make.integers("k8", 4, n)
    make.integers("r", n, n)
    put("m", rng.random((n, n)) < 0.5, np.bool_)
    put("o", rng.random((n, n)) < 0.5, np.bool_)
    put("sign", rng.choice([-1.0, 1.0], (n, n)), wanted=False)
    put("edges", np.sort(rng.standard_normal(n)), wanted=False)
    base = rng.standard_normal((batch, n, n))
    positive = base @ base.transpose(0, 2, 1) / n + np.eye(n)
    put("S", positive[0])
    put("B", positive)
    make.normal("pairs", n, n, 2)
    make.normal("three", n, 3)


def _images(make: Maker, batch: int, channels: int, side: int) -> None:
    make.normal("img", batch, channels, side, side)
    make.normal("seq", batch, channels, side * side)
    make.normal("vol", 2, 4, *(min(side, 12),) * 3)
    make.normal("ch", channels)
    for name, size in (("kp", 1), ("k3", 3), ("k5", 5)):
        make.normal(name, channels, channels, size, size)
    make.normal("k1", channels, channels, 3)
    make.normal("kd", channels, 1, 3, 3)
    make.normal("k33", 4, 4, 3, 3, 3)
    make.normal("theta", batch, 2, 3)
    make.put("grid", make.rng.uniform(-1.1, 1.1, (batch, side, side, 2)))
    make.put("grid3", make.rng.uniform(-1.1, 1.1, (2, *make.made["vol"].shape[2:], 3)))


def _sequences(make: Maker, n: int, times: int, batch: int, width: int) -> None:
    rng = make.rng
    make.normal("table", 2000, 128)
    make.integers("many", 2000, 2048)
    logits = rng.standard_normal((times, batch, width))
    make.put("logp", logits - np.log(np.exp(logits).sum(-1, keepdims=True)))
    make.put("labels", rng.integers(1, width, (batch, times // 3)), np.int64)
    make.put("lengths", np.full(batch, times), np.int64)
    make.put("counts", np.full(batch, times // 3), np.int64)
    make.normal("steps", times, batch, width)
    for name, size in (("lw", 4 * n), ("gw", 3 * n)):
        make.put(name, rng.standard_normal((size, n)) / n)
        make.normal(name[0] + "b", size)
    recurrent(make.library, make.made, batch, width, make.wanted)
    make.normal("wave", n * 16)
    make.made["window"] = make.library.hann_window(16)


def recurrent(library: Any, made: dict[str, Any], batch: int, width: int, wanted: bool) -> None:
    """Put the recurrent networks among the operands."""
    for name, kind, gates, layers, both in (
        ("lstm", "lstm", 4, 1, False),
        ("gru", "gru", 3, 1, False),
        ("rnn", "rnn_tanh", 1, 1, False),
        ("lstm2", "lstm", 4, 2, False),
        ("bilstm", "lstm", 4, 1, True),
    ):
        rng = np.random.default_rng(1)
        sizes = [(gates * width, width), (gates * width, width), (gates * width,), (gates * width,)]
        count = layers * (1 + both)
        weights = [
            library.from_numpy(
                (rng.standard_normal(size) / width).astype(np.float32)
            ).requires_grad_(wanted)
            for size in sizes * count
        ]
        state = library.zeros(count, batch, width)
        start = (state, state) if kind == "lstm" else state
        function = getattr(library, kind)
        made[name] = lambda x, f=function, s=start, w=weights, n=layers, b=both: f(
            x, s, w, True, n, 0.0, True, b, False
        )[0]


Program = Callable[[], Any]


def programs(call: str, n: int) -> Iterator[tuple[str, Program, Program]]:
    """What is timed of a call: its direction, our side and PyTorch's."""
    code = compile(call, call, "eval")
    plain = [operands(library, n, False) for library in (shapetorch, torch)]
    yield "forward", *[lambda names=names: eval(code, names) for names in plain]
    names = [operands(library, n, True) for library in (shapetorch, torch)]
    sides = [
        _backward(code, library, found)
        for library, found in zip((shapetorch, torch), names, strict=True)
    ]
    if sides[1] is not None:
        yield "both", *sides


def _backward(code: Any, library: Any, names: dict[str, Any]) -> Program | None:
    """A program that also computes the gradients; None if there are none."""
    used = set(code.co_names)
    leaves = [
        item
        for name, item in names.items()
        if name in used and isinstance(item, library.Tensor) and item.requires_grad
    ]
    try:
        ends = _ends(library, eval(code, names))
        seeds = [library.ones_like(end) for end in ends]
    except RuntimeError:
        return None
    if not ends or not leaves:
        return None
    grad = library.autograd.grad

    def program() -> Any:
        made = _ends(library, eval(code, names))
        return grad(made, leaves, seeds, allow_unused=True)

    try:
        program()
    except (RuntimeError, NotImplementedError):
        return None
    return program


def _ends(library: Any, result: Any) -> list[Any]:
    items = result if isinstance(result, (tuple, list)) else [result]
    return [item for item in items if isinstance(item, library.Tensor) and item.requires_grad]


def ratio(ours: Program, theirs: Program, rounds: int) -> float:
    """The median ratio of processor times, ours to PyTorch's."""
    for _ in range(3):
        ours(), theirs()
    start = time.process_time()
    theirs()
    calls = max(1, min(1000, int(0.002 / max(time.process_time() - start, 1e-7))))
    return statistics.median(seconds(ours, calls) / seconds(theirs, calls) for _ in range(rounds))


def seconds(program: Program, calls: int) -> float:
    """The processor time of so many calls."""
    start = time.process_time()
    for _ in range(calls):
        program()
    return max(time.process_time() - start, 1e-9)


def main() -> int:
    """Print what is slower."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", help="only calls that contain one of these")
    parser.add_argument("--rounds", type=int, default=5, help="rounds for each (default: 5)")
    parser.add_argument("--all", action="store_true", help="print the faster ones too")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    threads.set_num_threads(1)
    kernels.warmup()
    gc.disable()
    found = []
    for call in split_calls():
        if options.names and not any(name in call for name in options.names):
            continue
        for size, n in SIZES.items():
            try:
                for direction, ours, theirs in programs(call, n):
                    found.append((ratio(ours, theirs, options.rounds), size, direction, call))
            except Exception as error:
                print(f"{call} ({size}): {type(error).__name__}: {str(error)[:150]}")
            gc.collect()
    for value, *what in sorted(found, reverse=True):
        if value > 1 or options.all:
            print(f"{value:8.2f}  {what[0]:7}{what[1]:9}{what[2]}")
    print(f"{sum(item[0] > 1 for item in found)} of {len(found)} are slower than PyTorch")
    return 0


if __name__ == "__main__":
    sys.exit(main())
