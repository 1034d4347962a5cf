"""Variational autoencoders: a convolutional one and its loss."""

import math
from typing import NamedTuple

import torch
import torch.nn as nn
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor


class VAEOutput(NamedTuple):
    recon: Float[Tensor, "b c h w"]
    mu: Float[Tensor, "b latent"]
    logvar: Float[Tensor, "b latent"]


class Encoder(nn.Module):
    """Images of 28x28 pixels to the mean and log variance of a Gaussian."""

    def __init__(self, in_channels: int, hidden: int, latent_dim: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, hidden, kernel_size=4, stride=2, padding=1)
        self.conv2 = nn.Conv2d(hidden, 2 * hidden, kernel_size=4, stride=2, padding=1)
        self.fc_mu = nn.Linear(2 * hidden * 7 * 7, latent_dim)
        self.fc_logvar = nn.Linear(2 * hidden * 7 * 7, latent_dim)

    def forward(
        self, x: Float[Tensor, "b in_channels 28 28"]
    ) -> tuple[Float[Tensor, "b latent_dim"], Float[Tensor, "b latent_dim"]]:
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = x.view(x.size(0), -1)
        return self.fc_mu(x), self.fc_logvar(x)


class Decoder(nn.Module):
    def __init__(self, out_channels: int, hidden: int, latent_dim: int) -> None:
        super().__init__()
        self.hidden = hidden
        self.fc = nn.Linear(latent_dim, 2 * hidden * 7 * 7)
        self.deconv1 = nn.ConvTranspose2d(2 * hidden, hidden, kernel_size=4, stride=2, padding=1)
        self.deconv2 = nn.ConvTranspose2d(hidden, out_channels, kernel_size=4, stride=2, padding=1)

    def forward(self, z: Float[Tensor, "b latent_dim"]) -> Float[Tensor, "b out_channels 28 28"]:
        x = self.fc(z)
        x = x.view(x.size(0), 2 * self.hidden, 7, 7)
        x = F.relu(self.deconv1(x))
        return torch.sigmoid(self.deconv2(x))


def reparameterize(
    mu: Float[Tensor, "*batch latent"], logvar: Float[Tensor, "*batch latent"]
) -> Float[Tensor, "*batch latent"]:
    std = torch.exp(0.5 * logvar)
    eps = torch.randn_like(std)
    return mu + eps * std


def log_normal(
    z: Float[Tensor, "b latent"], mu: Float[Tensor, "b latent"], logvar: Float[Tensor, "b latent"]
) -> Float[Tensor, "b"]:
    """Log density of a diagonal Gaussian."""
    squares = (z - mu) ** 2 / logvar.exp()
    return -0.5 * (squares + logvar + math.log(2 * math.pi)).sum(dim=1)


class VAE(nn.Module):
    def __init__(self, channels: int = 1, hidden: int = 4, latent_dim: int = 5) -> None:
        super().__init__()
        self.latent_dim = latent_dim
        self.encoder = Encoder(channels, hidden, latent_dim)
        self.decoder = Decoder(channels, hidden, latent_dim)

    def forward(self, x: Float[Tensor, "b channels 28 28"]) -> VAEOutput:
        mu, logvar = self.encoder(x)
        z = reparameterize(mu, logvar)
        return VAEOutput(self.decoder(z), mu, logvar)

    def sample(self, n: int) -> Float[Tensor, "n channels 28 28"]:
        device = next(self.parameters()).device
        z = torch.randn(n, self.latent_dim, device=device)
        return self.decoder(z)


def reconstruction(
    recon: Float[Tensor, "b c h w"], x: Float[Tensor, "b c h w"]
) -> Float[Tensor, "b"]:
    per_pixel = F.binary_cross_entropy(recon, x, reduction="none")
    return per_pixel.flatten(1).sum(dim=1)


def kl_divergence(
    mu: Float[Tensor, "b latent"], logvar: Float[Tensor, "b latent"]
) -> Float[Tensor, "b"]:
    return -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp(), dim=1)


def elbo(
    recon: Float[Tensor, "b c h w"],
    x: Float[Tensor, "b c h w"],
    mu: Float[Tensor, "b latent"],
    logvar: Float[Tensor, "b latent"],
) -> Float[Tensor, "b"]:
    return -(reconstruction(recon, x) + kl_divergence(mu, logvar))


def importance_weights(
    z: Float[Tensor, "k latent"], mu: Float[Tensor, "k latent"], logvar: Float[Tensor, "k latent"]
) -> Float[Tensor, "k"]:
    """Weights of samples, positive and summing to one."""
    log_w = log_normal(z, torch.zeros_like(z), torch.zeros_like(z)) - log_normal(z, mu, logvar)
    return F.softmax(log_w, dim=0)


def example() -> None:
    model = VAE(channels=2, hidden=3, latent_dim=5)
    x = torch.rand(7, 2, 28, 28)
    out = model(x)
    assert out.recon.shape == x.shape
    assert elbo(out.recon, x, out.mu, out.logvar).shape == (7,)
    assert model.sample(3).shape == (3, 2, 28, 28)
    assert importance_weights(torch.randn(7, 5), out.mu, out.logvar).shape == (7,)


if __name__ == "__main__":
    example()
