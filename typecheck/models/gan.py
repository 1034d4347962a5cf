"""A DCGAN with hinge loss and gradient penalty, and one training step."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, autograd, nn, optim


def weights_init(m: nn.Module) -> None:
    if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(m.weight, 0.0, 0.02)
    elif isinstance(m, nn.BatchNorm2d):
        nn.init.normal_(m.weight, 1.0, 0.02)
        nn.init.zeros_(m.bias)


class Generator(nn.Module):
    """Noise to images of 32x32 pixels."""

    def __init__(self, nz: int, ngf: int, nc: int = 3) -> None:
        super().__init__()
        self.main = nn.Sequential(
            nn.ConvTranspose2d(nz, ngf * 4, 4, 1, 0, bias=False),
            nn.BatchNorm2d(ngf * 4),
            nn.ReLU(True),
            nn.ConvTranspose2d(ngf * 4, ngf * 2, 4, 2, 1, bias=False),
            nn.BatchNorm2d(ngf * 2),
            nn.ReLU(True),
            nn.ConvTranspose2d(ngf * 2, ngf, 4, 2, 1, bias=False),
            nn.BatchNorm2d(ngf),
            nn.ReLU(True),
            nn.ConvTranspose2d(ngf, nc, 4, 2, 1, bias=False),
            nn.Tanh(),
        )

    def forward(self, z: Float[Tensor, "batch nz"]) -> Float[Tensor, "batch nc 32 32"]:
        return self.main(z[:, :, None, None])


class Discriminator(nn.Module):
    def __init__(self, nc: int, ndf: int) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(nc, ndf, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(ndf, ndf * 2, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(ndf * 2, ndf * 4, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
        )
        self.score = nn.Linear(ndf * 4 * 4 * 4, 1)

    def forward(self, img: Float[Tensor, "batch nc 32 32"]) -> Float[Tensor, "batch"]:
        h = self.features(img)
        h = h.flatten(1)
        return self.score(h).squeeze(1)


def hinge_loss(real: Float[Tensor, "batch"], fake: Float[Tensor, "batch"]) -> Float[Tensor, ""]:
    return F.relu(1.0 - real).mean() + F.relu(1.0 + fake).mean()


def relativistic_margin(
    real: Float[Tensor, "batch"], fake: Float[Tensor, "batch"]
) -> Float[Tensor, "batch"]:
    """By how much each real image beats its fake partner."""
    return F.softplus(real - fake)


def interpolate(
    real: Float[Tensor, "batch c h w"], fake: Float[Tensor, "batch c h w"]
) -> Float[Tensor, "batch c h w"]:
    eps = torch.rand(real.size(0), 1, 1, 1, device=real.device)
    return eps * real + (1 - eps) * fake


def gradient_penalty(
    disc: Discriminator, real: Float[Tensor, "b c h w"], fake: Float[Tensor, "b c h w"]
) -> Float[Tensor, ""]:
    x = interpolate(real, fake).requires_grad_(True)
    scores = disc(x)
    (grads,) = autograd.grad(
        outputs=scores,
        inputs=x,
        grad_outputs=torch.ones_like(scores),
        create_graph=True,
    )
    norms = grads.flatten(start_dim=1).norm(2, dim=1)
    return ((norms - 1) ** 2).mean()


def train_step(
    gen: Generator,
    disc: Discriminator,
    opt_g: optim.Optimizer,
    opt_d: optim.Optimizer,
    real: Float[Tensor, "batch c 32 32"],
    noise: Float[Tensor, "batch nz"],
) -> tuple[float, float]:
    fake = gen(noise)
    loss_d = hinge_loss(disc(real), disc(fake.detach()))
    loss_d = loss_d + 10.0 * gradient_penalty(disc, real, fake.detach())
    opt_d.zero_grad()
    loss_d.backward()
    opt_d.step()

    loss_g = relativistic_margin(disc(fake), disc(real)).mean()
    opt_g.zero_grad()
    loss_g.backward()
    opt_g.step()
    return loss_d.item(), loss_g.item()


def example() -> None:
    gen = Generator(nz=7, ngf=4)
    disc = Discriminator(3, ndf=4)
    gen.apply(weights_init)
    disc.apply(weights_init)
    opt_g = optim.Adam(gen.parameters(), lr=2e-4, betas=(0.5, 0.999))
    opt_d = optim.Adam(disc.parameters(), lr=2e-4, betas=(0.5, 0.999))
    real = torch.rand(2, 3, 32, 32) * 2 - 1
    losses = train_step(gen, disc, opt_g, opt_d, real, torch.randn(2, 7))
    assert all(isinstance(loss, float) for loss in losses)


if __name__ == "__main__":
    example()
