"""What surrounds a model: schedules, averages of weights, mixing of samples, distillation, state in closures."""

import copy
import math
from contextlib import contextmanager

import torch
import torch.nn as nn
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor
from torch.optim import Optimizer

HISTORY = None


def remember(loss: Float[Tensor, ""]):
    global HISTORY
    value = loss.detach().view(1)
    HISTORY = value if HISTORY is None else torch.cat([HISTORY, value])
    return HISTORY


class Lion(Optimizer):
    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                grad = p.grad
                state = self.state[p]
                if len(state) == 0:
                    state["exp_avg"] = torch.zeros_like(p)
                exp_avg = state["exp_avg"]
                beta1, beta2 = group["betas"]
                update = exp_avg.clone().mul_(beta1).add(grad, alpha=1 - beta1).sign_()
                p.mul_(1 - group["lr"] * group["weight_decay"]).add_(update, alpha=-group["lr"])
                exp_avg.mul_(beta2).add_(grad, alpha=1 - beta2)


class EMA:
    def __init__(self, model, decay=0.99):
        self.shadow = {k: v.clone() for k, v in model.state_dict().items()}
        self.decay = decay
        self.backup = None

    def update(self, model):
        for key, value in model.state_dict().items():
            old = self.shadow[key]
            new = old * self.decay + value * (1 - self.decay)
            self.shadow[key] = new

    @contextmanager
    def applied(self, model):
        self.backup = copy.deepcopy(model.state_dict())
        model.load_state_dict(self.shadow)
        yield model
        model.load_state_dict(self.backup)
        self.backup = None


def mixup(x, y, classes, alpha=0.2):
    lam = float(torch.distributions.Beta(alpha, alpha).sample())
    index = torch.randperm(x.size(0))
    one_hot = F.one_hot(y, classes).float()
    mixed = lam * x + (1 - lam) * x[index]
    targets = lam * one_hot + (1 - lam) * one_hot[index]
    return mixed, targets


def cutmix(x, lam):
    _, _, H, W = x.shape
    ratio = math.sqrt(1.0 - lam)
    cut_h, cut_w = int(H * ratio), int(W * ratio)
    cy, cx = H // 2, W // 3
    y1, y2 = max(cy - cut_h // 2, 0), min(cy + cut_h // 2, H)
    x1, x2 = max(cx - cut_w // 2, 0), min(cx + cut_w // 2, W)
    out = x.clone()
    out[:, :, y1:y2, x1:x2] = x.flip(0)[:, :, y1:y2, x1:x2]
    return out


def random_crop_flip(x, padding=2):
    n, c, h, w = x.shape
    padded = F.pad(x, (padding,) * 4, mode="reflect")
    tops = torch.randint(0, 2 * padding + 1, (n,))
    crops = [padded[i, :, t : t + h, t : t + w] for i, t in enumerate(tops.tolist())]
    out = torch.stack(crops)
    flip = torch.rand(n) < 0.5
    out[flip] = out[flip].flip(-1)
    return out


def distill(student, teacher, labels, T=4.0, alpha=0.7):
    soft = F.kl_div(
        F.log_softmax(student / T, dim=1), F.softmax(teacher / T, dim=1), reduction="batchmean"
    )
    hard = F.cross_entropy(student, labels)
    return alpha * T * T * soft + (1 - alpha) * hard


def running_mean():
    mean, count = None, 0

    def add(x):
        nonlocal mean, count
        count += len(x)
        batch = x.mean(dim=0)
        mean = batch if mean is None else mean + (batch - mean) * len(x) / count
        return mean

    return add


def register_features(model):
    features = {}

    def hook(name):
        def fn(module, args, output):
            features[name] = output.detach()

        return fn

    handles = [m.register_forward_hook(hook(n)) for n, m in model.named_modules() if n]
    return features, handles


def main():
    make = lambda width: nn.Sequential(
        nn.Conv2d(3, width, 3, 2, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, 5)
    )
    student, teacher = make(4), make(8)
    features, handles = register_features(teacher)
    optimizer, ema, add = Lion(student.parameters(), lr=1e-3), EMA(student), running_mean()
    for step in range(3):
        x, y = torch.rand(4, 3, 8, 8), torch.randint(0, 5, (4,))
        x = random_crop_flip(cutmix(x, 0.6))
        mixed, targets = mixup(x, y, 5)
        logits = student(mixed)
        with torch.no_grad():
            guide = teacher(mixed)
        loss = distill(logits, guide, y) - (targets * logits.log_softmax(-1)).sum(-1).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        ema.update(student)
        mean = add(x)
        history = remember(loss)
    with ema.applied(student) as averaged:
        final = averaged(x)
    for handle in handles:
        handle.remove()
    assert history.shape == (3,) and mean.shape == (3, 8, 8) and final.shape == (4, 5)
    assert features["0"].shape == (4, 8, 4, 4)


if __name__ == "__main__":
    main()
