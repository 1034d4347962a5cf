"""A variational autoencoder, with one bug that PyTorch itself never reports."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class VAE(nn.Module):
    def __init__(self, pixels: int, hidden: int, latent: int) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU())
        self.mean = nn.Linear(hidden, latent)
        self.log_var = nn.Linear(hidden, latent)
        self.decoder = nn.Sequential(
            nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, pixels)
        )

    def encode(
        self, x: Float[Tensor, "b pixels"]
    ) -> tuple[Float[Tensor, "b latent"], Float[Tensor, "b latent"]]:
        h = self.encoder(x)
        return self.mean(h), self.log_var(h)

    def loss(self, x: Float[Tensor, "b pixels"]) -> Float[Tensor, "b"]:
        mean, log_var = self.encode(x)
        z = mean + torch.randn_like(mean) * torch.exp(0.5 * log_var)
        error = F.mse_loss(self.decoder(z), x, reduction="none").sum(dim=1)
        # The divergence keeps its axis, so the sum is (b, 1) + (b): every pair of images.
        divergence = (mean**2 + log_var.exp() - log_var - 1).sum(dim=1, keepdim=True) / 2
        return divergence + error


def example() -> None:
    model = VAE(pixels=20, hidden=10, latent=3)
    print(model.loss(torch.rand(7, 20)).shape)


if __name__ == "__main__":
    example()
