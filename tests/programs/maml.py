"""Functional training loops: model-agnostic meta-learning, ensembles with vmap, jacobians."""

import copy

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.func import functional_call, grad, jacrev, stack_module_state, vmap


class MLP(nn.Module):
    def __init__(self, n_in=1, n_hidden=10, n_out=1):
        super().__init__()
        self.fc1 = nn.Linear(n_in, n_hidden)
        self.fc2 = nn.Linear(n_hidden, n_hidden)
        self.fc3 = nn.Linear(n_hidden, n_out)

    def forward(self, x):
        x = torch.relu(self.fc1(x))
        x = torch.relu(self.fc2(x))
        return self.fc3(x)


def init_params(sizes):
    params = []
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        w = torch.randn(n_in, n_out) * (2 / n_in) ** 0.5
        b = torch.zeros(n_out)
        params.append((w.requires_grad_(), b.requires_grad_()))
    return params


def apply(params, x):
    for i, (w, b) in enumerate(params):
        x = x @ w + b
        if i < len(params) - 1:
            x = torch.relu(x)
    return x


def sgd_step(params, loss, lr=0.01):
    flat = [p for pair in params for p in pair]
    grads = torch.autograd.grad(loss, flat, create_graph=True)
    new = [p - lr * g for p, g in zip(flat, grads)]
    return [(new[2 * i], new[2 * i + 1]) for i in range(len(params))]


def sample_task(k):
    amplitude = torch.rand(1) * 4.9 + 0.1
    phase = torch.rand(1) * 3.14
    x = torch.rand(k, 1) * 10 - 5
    y = amplitude * torch.sin(x + phase)
    return x, y


def meta_loss(params, n_tasks, k, inner_steps):
    losses = []
    for _ in range(n_tasks):
        x_s, y_s = sample_task(k)
        x_q, y_q = sample_task(k)
        fast = params
        for _ in range(inner_steps):
            loss = F.mse_loss(apply(fast, x_s), y_s)
            fast = sgd_step(fast, loss)
        losses.append(F.mse_loss(apply(fast, x_q), y_q))
    return torch.stack(losses).mean()


def per_sample_gradients(model, x, y):
    params = {k: v.detach() for k, v in model.named_parameters()}

    def compute_loss(params, sample, target):
        prediction = functional_call(model, params, (sample.unsqueeze(0),))
        return F.mse_loss(prediction, target.unsqueeze(0))

    per_sample = vmap(grad(compute_loss), in_dims=(None, 0, 0))
    return per_sample(params, x, y)


def main():
    params = init_params([1, 12, 12, 1])
    optimizer = torch.optim.Adam([p for pair in params for p in pair], lr=1e-3)
    for _ in range(2):
        loss = meta_loss(params, n_tasks=3, k=5, inner_steps=2)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    x = torch.linspace(-5, 5, 7).unsqueeze(1)
    prediction = apply(params, x)
    models = [MLP() for _ in range(4)]
    stacked, buffers = stack_module_state(models)
    base = copy.deepcopy(models[0]).to("meta")

    def wrapper(params, buffers, data):
        return functional_call(base, (params, buffers), (data,))

    ensemble = vmap(wrapper, in_dims=(0, 0, None))(stacked, buffers, x)
    mean, std = ensemble.mean(0), ensemble.std(0)
    gradients = per_sample_gradients(models[0], x, torch.sin(x))
    norms = torch.stack([g.flatten(1).norm(dim=1) for g in gradients.values()], dim=1)
    jacobian = jacrev(lambda z: (z**2).sum(-1))(torch.randn(3, 2))
    assert prediction.shape == mean.shape == std.shape == (7, 1)
    assert norms.shape == (7, 6) and jacobian.shape == (3, 3, 2)


if __name__ == "__main__":
    main()
