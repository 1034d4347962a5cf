"""Short programs as users write them: both libraries compute, print and draw the same."""

from __future__ import annotations

import copy
import io
import math
import pickle
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

from tests.tensor.programs import Programs, check

program = Programs()


def made_by(*tensors: Any) -> list[str]:
    """What the printed tensors end with; their numbers are compared as numbers."""
    return [str(x).split(" grad_fn=")[-1] for x in tensors]


@program
def two_layers_by_hand(t):
    t.manual_seed(0)
    x = t.randn(64, 3)
    y = x @ t.tensor([[1.5], [-2.0], [0.5]]) + 0.1
    params = [t.randn(3, 16) / math.sqrt(3), t.zeros(16), t.randn(16, 1) / 4, t.zeros(1)]
    for p in params:
        p.requires_grad_()
    losses = []
    for _ in range(30):
        pred = t.relu(x @ params[0] + params[1]) @ params[2] + params[3]
        loss = ((pred - y) ** 2).mean()
        for p in params:
            p.grad = None
        loss.backward()
        with t.no_grad():
            for p in params:
                p.sub_(0.05 * p.grad)
        losses.append(loss.item())
    return [losses, params, [p.grad for p in params], made_by(loss, 1 - pred)]


@program
def adam_by_hand(t):
    t.manual_seed(1)
    w = t.randn(5, dtype=t.float64, requires_grad=True)
    a, b = t.randn(10, 5, dtype=t.float64), t.randn(10, dtype=t.float64)
    m, v = t.zeros_like(w), t.zeros_like(w)
    for step in range(1, 20):
        loss = t.nn.functional.mse_loss(a.mv(w), b) + 1e-3 * w.abs().sum()
        (g,) = t.autograd.grad(loss, w)
        with t.no_grad():
            m.mul_(0.9).add_(g, alpha=0.1)
            v.mul_(0.999).addcmul_(g, g, value=0.001)
            root = (v / (1 - 0.999**step)).sqrt().add_(1e-8)
            w.addcdiv_(m / (1 - 0.9**step), root, value=-0.05)
    return [w, m, v, loss, w._version, made_by(loss)]


@program
def recurrent_network_over_characters(t):
    text = "hello world, hello torch"
    chars = sorted(set(text))
    data = t.tensor([chars.index(c) for c in text])
    t.manual_seed(2)
    sizes = ((len(chars), 8), (8, 8), (8, len(chars)))
    w = [(t.randn(*size) * 0.1).requires_grad_() for size in sizes]
    history = []
    for _ in range(5):
        h, loss = t.zeros(1, 8), 0
        for i in range(len(data) - 1):
            x = t.nn.functional.one_hot(data[i], len(chars)).float().unsqueeze(0)
            h = t.tanh(x @ w[0] + h @ w[1])
            loss = loss + t.nn.functional.cross_entropy(h @ w[2], data[i + 1].view(1))
        loss.backward()
        norm = t.nn.utils.clip_grad_norm_(w, 1.0)
        with t.no_grad():
            for p in w:
                p.sub_(0.5 * p.grad)
                p.grad.zero_()
        history += [loss.item(), norm]
    return [history, w, (h @ w[2]).argmax(-1), str(data)]


@program
def causal_attention(t):
    t.manual_seed(3)
    b, n, c, heads = 2, 5, 8, 2
    x, w = t.randn(b, n, c), t.randn(c, 3 * c) * 0.2
    q, k, v = (z.view(b, n, heads, c // heads).transpose(1, 2) for z in (x @ w).split(c, dim=2))
    scores = (q @ k.transpose(-2, -1)) / math.sqrt(k.size(-1))
    mask = t.tril(t.ones(n, n)).view(1, 1, n, n)
    weights = t.softmax(scores.masked_fill(mask == 0, float("-inf")), dim=-1)
    y = (weights @ v).transpose(1, 2).contiguous().view(b, n, c)
    same = t.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    angles = t.outer(t.arange(n).float(), 1.0 / 10000 ** (t.arange(0, 4, 2).float() / 4))
    turned = t.view_as_complex(q.reshape(b, heads, n, -1, 2)) * t.polar(t.ones_like(angles), angles)
    return [y, same, y.stride(), t.view_as_real(turned).flatten(3)]


@program
def positions_as_waves(t):
    table = t.zeros(6, 8)
    place = t.arange(6).unsqueeze(1)
    speed = t.exp(t.arange(0, 8, 2) * (-math.log(10000.0) / 8))
    table[:, 0::2], table[:, 1::2] = t.sin(place * speed), t.cos(place * speed)
    slopes = -(t.arange(4).view(1, 4) - t.arange(4).view(4, 1)).abs() * 0.5
    return [table, slopes, str(slopes)]


@program
def variational_autoencoder(t):
    t.manual_seed(4)
    x = t.rand(6, 10)
    encode, decode = t.randn(10, 4, requires_grad=True), t.randn(2, 10, requires_grad=True)
    mean, log_var = (x @ encode).chunk(2, dim=1)
    z = mean + 0.3 * t.exp(0.5 * log_var)
    f = t.nn.functional
    likelihood = f.binary_cross_entropy(t.sigmoid(z @ decode), x, reduction="sum")
    divergence = -0.5 * t.sum(1 + log_var - mean.pow(2) - log_var.exp())
    (likelihood + divergence).backward()
    return [likelihood, divergence, encode.grad, decode.grad, z.detach().T.cov()]


@program
def gaussian_process(t):
    x = t.linspace(0, 5, 12, dtype=t.float64).unsqueeze(1)
    y = t.sin(x).squeeze()
    scale = t.tensor(1.0, dtype=t.float64, requires_grad=True)
    noise = t.tensor(-3.0, dtype=t.float64, requires_grad=True)
    for _ in range(4):
        k = t.exp(-0.5 * ((x - x.T) / scale) ** 2) + noise.exp() * t.eye(12, dtype=t.float64)
        root = t.linalg.cholesky(k)
        alpha = t.cholesky_solve(y.unsqueeze(1), root)
        loss = 0.5 * y @ alpha.squeeze() + root.diagonal().log().sum()
        grads = t.autograd.grad(loss, (scale, noise))
        with t.no_grad():
            scale -= 0.01 * grads[0]
            noise -= 0.01 * grads[1]
    new = t.tensor([[0.5], [2.5], [6.0]], dtype=t.float64)
    across = t.exp(-0.5 * t.cdist(new / scale, x / scale) ** 2)
    v = t.linalg.solve_triangular(root, across.T, upper=False)
    return [loss, scale, noise, across @ alpha, 1 - (v**2).sum(0), t.logdet(k), made_by(loss)]


@program
def principal_components(t):
    t.manual_seed(6)
    x = t.randn(30, 3, dtype=t.float64) @ t.diag(t.tensor([3.0, 1.0, 0.2], dtype=t.float64))
    x = x - x.mean(0)
    u, s, vh = t.linalg.svd(x, full_matrices=False)
    values, vectors = t.linalg.eigh(t.cov(x.T))
    white = x @ (vectors / values.sqrt())
    return [s**2 / (s**2).sum(), values.flip(0), (u * s) @ vh, white.T @ white / 29]


@program
def clusters(t):
    t.manual_seed(7)
    points = t.cat([t.randn(10, 2) + c for c in t.tensor([[0.0, 0], [6, 6], [-6, 5]])])
    centres = points[[0, 10, 20]].clone()
    for _ in range(10):
        near = t.cdist(points, centres)
        label = near.argmin(1)
        new = t.stack([points[label == k].mean(0) for k in range(3)])
        if t.allclose(new, centres):
            break
        centres = new
    sums = t.zeros(3, 2).index_add_(0, label, points)
    counts = t.zeros(3).scatter_add_(0, label, t.ones(30))
    again = sums / counts[:, None]
    return [centres, again, label.bincount(minlength=3), label.unique(return_counts=True)]


@program
def kalman_filter(t):
    dt = 0.1
    f, h = t.tensor([[1, dt], [0, 1]]), t.tensor([[1.0, 0]])
    q, r = t.diag(t.tensor([1e-4, 1e-3])), t.eye(1) * 0.05
    x, p, path = t.zeros(2, 1), t.eye(2), []
    for z in t.sin(t.arange(0, 2, dt)):
        x, p = f @ x, f @ p @ f.mT + q
        gain = p @ h.mT @ t.linalg.inv(h @ p @ h.mT + r)
        x, p = x + gain * (z - h @ x), (t.eye(2) - gain @ h) @ p
        path.append(x.squeeze(1))
    return [t.stack(path), p, f.matrix_power(3), t.linalg.matrix_exp(f), str(f)]


@program
def spectra_of_a_signal(t):
    time = t.arange(400) / 400
    signal = t.sin(2 * t.pi * 50 * time) + 0.5 * t.sin(2 * t.pi * 120 * time)
    window = t.hann_window(64)
    frames = t.stft(signal, n_fft=64, hop_length=16, window=window, return_complex=True)
    back = t.istft(frames, n_fft=64, hop_length=16, window=window, length=400)
    loud = t.fft.rfftfreq(400, 1 / 400)[t.fft.rfft(signal).abs().topk(2).indices]
    decibels = 10 * t.log10(frames.abs() ** 2 + 1e-3)
    return [frames, decibels, back, loud.sort().values, str(t.fft.fft(t.arange(1.0, 5.0)))]


@program
def sums_over_named_axes(t):
    a, b, c = t.arange(12.0).view(3, 4), t.arange(20.0).view(4, 5), t.arange(24.0).view(2, 3, 4)
    made = [t.einsum("ij,jk->ik", a, b), t.einsum("bij,ij->b", c, a), t.einsum("bij->ji", c)]
    made += [t.einsum("...j,j", c, t.ones(4)), t.einsum("i,j,k->ijk", a[0], a[1], a[2]).sum()]
    made += [t.tensordot(c, a, dims=([1, 2], [0, 1])), t.kron(t.eye(2), t.ones(1, 2))]
    made += [t.linalg.multi_dot([a, b, t.ones(5, 2)]), t.cartesian_prod(t.arange(2), t.arange(2))]
    return [made, str(made[0])]


@program
def differential_equation(t):
    def slope(y):
        return t.stack([y[1], (1 - y[0] ** 2) * y[1] - y[0]])

    start = y = t.tensor([2.0, 0.0], dtype=t.float64, requires_grad=True)
    h = 0.05
    for _ in range(20):
        k1 = slope(y)
        k2 = slope(y + h / 2 * k1)
        k3 = slope(y + h / 2 * k2)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + slope(y + h * k3))
    heat = t.zeros(21)
    heat[10] = 1.0
    for _ in range(5):
        heat[1:-1] += 0.2 * (heat[2:] - 2 * heat[1:-1] + heat[:-2])
    jacobian = t.autograd.functional.jacobian(slope, start.detach())
    return [y, t.autograd.grad(y[0], start), heat, jacobian, made_by(y)]


@program
def random_walk_metropolis(t):
    t.manual_seed(8)

    def log_density(x):
        return -0.5 * ((x - 1) ** 2).sum(-1) - t.log1p(t.exp(-x[..., 0]))

    x, taken, chain = t.zeros(2), 0, []
    for _ in range(30):
        proposal = x + 0.5 * t.randn(2)
        if t.rand(()) < t.exp(log_density(proposal) - log_density(x)):
            x, taken = proposal, taken + 1
        chain.append(x)
    drawn = [t.multinomial(t.tensor([0.1, 0.2, 0.7]), 10, replacement=True), t.randperm(6)]
    drawn += [t.bernoulli(t.full((5,), 0.5)), t.randint(0, 10, (4,)), t.normal(0.0, 1.0, (3,))]
    return [taken, t.stack(chain), drawn, str(drawn[1])]


@program
def filters_of_an_image(t):
    f = t.nn.functional
    image = (t.arange(64.0).reshape(1, 1, 8, 8) % 7) / 7
    sobel = t.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]).view(1, 1, 3, 3)
    dx, dy = f.conv2d(image, sobel, padding=1), f.conv2d(image, sobel.transpose(2, 3), padding=1)
    patches = f.unfold(image, 4, stride=4)
    median = image.unfold(2, 3, 1).unfold(3, 3, 1).reshape(1, 1, 6, 6, 9).median(-1).values
    grid = f.affine_grid(t.tensor([[[1.0, 0, 0.2], [0, 1, 0]]]), (1, 1, 4, 4), align_corners=False)
    resized = f.interpolate(image, scale_factor=0.5, mode="bilinear", align_corners=False)
    moved = f.grid_sample(image, grid, align_corners=False)
    whole = f.fold(patches, (8, 8), 4, stride=4)
    bytes_ = (image * 255).clamp(0, 255).to(t.uint8)
    return [(dx**2 + dy**2).sqrt(), whole, median, resized, moved, bytes_, str(bytes_[0, 0, :2])]


@program
def beam_search(t):
    t.manual_seed(9)
    words, width = 7, 3
    steps = t.log_softmax(t.randn(words, words), -1)
    texts, scores = t.zeros(1, 1, dtype=t.long), t.zeros(1)
    for _ in range(4):
        scores, place = (scores[:, None] + steps[texts[:, -1]]).flatten().topk(width)
        beam = t.div(place, words, rounding_mode="floor")
        texts = t.cat([texts[beam], (place % words)[:, None]], 1)
    ordered, index = steps[0].sort(descending=True)
    kept = ordered.softmax(-1).cumsum(-1) <= 0.8
    kept[..., 0] = True
    filtered = t.full_like(steps[0], -float("inf")).scatter(0, index[kept], ordered[kept])
    return [texts, scores, filtered, str(texts)]


@program
def messages_along_edges(t):
    source, target = t.tensor([[0, 0, 1, 2, 3], [1, 2, 2, 3, 0]])
    x = t.arange(8.0).reshape(4, 2)
    summed = t.zeros_like(x).index_add(0, target, x[source])
    most = t.full((4, 2), -1e9).scatter_reduce(0, target[:, None].expand(-1, 2), x[source], "amax")
    links = t.zeros(4, 4)
    links[source, target] = 1
    degree = links.sum(1).pow(-0.5)
    degree[degree == float("inf")] = 0
    segment, values = t.tensor([0, 0, 1, 1, 1]), t.tensor([1.0, 2, 3, 4, 5])
    top = t.zeros(2).scatter_reduce(0, segment, values, "amax", include_self=False)
    share = (values - top[segment]).exp()
    share = share / t.zeros(2).index_add(0, segment, share)[segment]
    scaled = degree.diag() @ links @ degree.diag()
    counted = t.bincount(segment, weights=values)
    return [summed, most, scaled, links.nonzero(), share, counted, str(links.nonzero())]


@program
def complex_numbers(t):
    z = t.tensor([1 + 2j, -1j, 3.0])
    w = t.tensor([1.0 + 1j], requires_grad=True)
    (w.abs() ** 2).sum().backward()
    m = t.tensor([[2.0, 1j], [-1j, 2.0]])
    made = [z * z, z / (1 - 1j), z**2, z.exp(), z.abs(), z.angle(), z.conj() * 1, t.vdot(z, z)]
    return [made, w.grad, t.linalg.eigvalsh(m), m.mH @ m, str(z), z.tolist()]


@program
def puzzles_of_indices(t):
    x = t.arange(60).reshape(3, 4, 5)
    made = [
        x[..., 0],
        x[1, 2:, ::2],
        x[[0, 1], [1, 2]],
        x[x % 7 == 0],
        x[0, :, [1, 3]],
        x[[[0], [1]], [1, 2], 3],
    ]
    x[:, 1, 1] = t.tensor([7, 8, 9])
    x[x > 50] = 0
    x[[0, 2], :, 0] += 100
    y = t.zeros(3, 3)
    y[range(3), range(3)] = t.tensor([1.0, 2, 3])
    y[y == 0] = -1
    first, *rest = x
    return [made, x, y, first, len(rest), [row.sum().item() for row in x[0]], str(y), str(x[0])]


@program
def writes_through_views(t):
    x = t.ones(3, requires_grad=True)
    y = x * 2
    y[0] = 5
    y.mul_(3)
    y[1:].add_(x[:2])
    y.sum().backward()
    b = t.zeros(2, 3)
    v, row = b.view(-1), b[1]
    v[::2] = 1
    row += 10
    q = t.zeros(3).index_fill_(0, t.tensor([1]), 4).masked_fill_(t.tensor([True, False, False]), -2)
    return [y, x.grad, str(y), b, v, b._version, q, v.data_ptr() == b.data_ptr()]


@program
def recurrence_written_into_a_buffer(t):
    h = t.zeros(5, dtype=t.float64)
    w = t.tensor([0.5], dtype=t.float64, requires_grad=True)
    h[0] = 1.0
    for i in range(1, 5):
        h[i] = h[i - 1].clone() * w[0] + i
    h.sum().backward()
    return [h, w.grad, str(h)]


@program
def hooks_and_modes(t):
    log: list[Any] = []
    x = t.tensor([1.0, 2.0], requires_grad=True)
    y = x * 3
    y.register_hook(lambda g: log.append(g.tolist()))
    handle = x.register_hook(lambda g: g * 2)
    y.retain_grad()
    z = (y**2).sum()
    z.backward(retain_graph=True)
    doubled, x.grad = x.grad, None
    handle.remove()
    z.backward()
    with t.inference_mode():
        inside = (x * 2).requires_grad
    return [log, doubled, x.grad, y.grad, inside, t.is_grad_enabled(), str(z), str(1 - x)]


@program
def straight_through_rounding(t):
    class Round(t.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x.round()

        @staticmethod
        def backward(ctx, grad):
            return grad.clone()

    w = t.tensor([0.4, 1.6], requires_grad=True)
    y = Round.apply(w) * t.tensor([2.0, 3])
    y.sum().backward()
    return [y, w.grad, Round.apply(w).grad_fn.name(), str(Round.apply(w))]


@program
def gradients_of_each_example(t):
    t.manual_seed(10)
    params = {"w": t.randn(3, 2), "b": t.zeros(2)}
    x, y = t.randn(5, 3), t.tensor([0, 1, 1, 0, 1])

    def loss(params, x, y):
        logits = (x @ params["w"] + params["b"]).unsqueeze(0)
        return t.nn.functional.cross_entropy(logits, y.unsqueeze(0))

    each = t.func.vmap(t.func.grad(loss), in_dims=(None, 0, 0))(params, x, y)
    return [each, t.func.hessian(lambda v: (v**3).sum())(t.tensor([1.0, 2.0]))]


@program
def gradient_penalty(t):
    t.manual_seed(6)
    x = t.randn(5, 3, requires_grad=True)
    w, v = t.randn(3, 4, requires_grad=True), t.randn(4, requires_grad=True)
    out = t.tanh(x @ w) @ v
    (g,) = t.autograd.grad(
        outputs=out, inputs=x, grad_outputs=t.ones_like(out), create_graph=True, only_inputs=True
    )
    penalty = ((g.norm(2, dim=1) - 1) ** 2).mean()
    penalty.backward()
    return [penalty, w.grad, v.grad, made_by(penalty, out.max(), x @ w, 2 / out)]


@program
def save_and_load(t):
    made = {
        "w": t.arange(3.0),
        "n": [t.ones(2, dtype=t.int64), "text", 3.5],
        "f": (t.tensor(True), None),
    }
    file = io.BytesIO()
    t.save(made, file)
    file.seek(0)
    turned = t.arange(6.0).view(2, 3).t()
    pickled = pickle.loads(pickle.dumps(turned))
    shared = t.zeros(4)
    whole, part = copy.deepcopy((shared, shared[:2]))
    whole[0] = 7
    array = np.arange(4.0)
    seen = t.from_numpy(array)
    array[0] = 9
    return [t.load(file), pickled, pickled.stride(), part, seen, str(seen), str(made)]


@pytest.mark.parametrize("run", program)
def test_as_pytorch(run: Any) -> None:
    check(run, 1e-4)
