"""PointNet: classification and segmentation of point clouds."""

from typing import Tuple

import torch
import torch.nn as nn
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor


class TNet(nn.Module):
    """Predicts a k by k matrix for each cloud, near the identity at first."""

    def __init__(self, k: int, hidden: int) -> None:
        super().__init__()
        self.k = k
        self.conv1 = nn.Conv1d(k, hidden, 1)
        self.conv2 = nn.Conv1d(hidden, 2 * hidden, 1)
        self.fc1 = nn.Linear(2 * hidden, hidden)
        self.fc2 = nn.Linear(hidden, k * k)
        self.bn1 = nn.BatchNorm1d(hidden)
        self.bn2 = nn.BatchNorm1d(2 * hidden)

    def forward(self, x: Float[Tensor, "b k n"]) -> Float[Tensor, "b k k"]:
        batch = x.shape[0]
        h = F.relu(self.bn1(self.conv1(x)))
        h = F.relu(self.bn2(self.conv2(h)))
        h = torch.max(h, dim=2)[0]
        h = self.fc2(F.relu(self.fc1(h)))
        identity = torch.eye(self.k, device=x.device).flatten().repeat(batch, 1)
        return (h + identity).view(-1, self.k, self.k)


class PointNetEncoder(nn.Module):
    """Features of the whole cloud, and of each point together with the cloud."""

    def __init__(self, channels: int, features: int) -> None:
        super().__init__()
        self.stn = TNet(3, 8)
        self.conv1 = nn.Conv1d(channels, 16, 1)
        self.fstn = TNet(16, 8)
        self.conv2 = nn.Conv1d(16, 32, 1)
        self.conv3 = nn.Conv1d(32, features, 1)
        self.bn1 = nn.BatchNorm1d(16)
        self.bn2 = nn.BatchNorm1d(32)
        self.bn3 = nn.BatchNorm1d(features)

    def forward(
        self, x: Float[Tensor, "b channels n"]
    ) -> Tuple[
        Float[Tensor, "b features"], Float[Tensor, "b features+16 n"], Float[Tensor, "b 16 16"]
    ]:
        n_pts = x.size(2)
        trans = self.stn(x[:, :3])
        points = torch.bmm(x[:, :3].transpose(2, 1), trans).transpose(2, 1)
        x = torch.cat([points, x[:, 3:]], dim=1)
        x = F.relu(self.bn1(self.conv1(x)))

        trans_feat = self.fstn(x)
        point_features = torch.einsum("bcn,bcd->bdn", x, trans_feat)
        x = F.relu(self.bn2(self.conv2(point_features)))
        x = self.bn3(self.conv3(x))
        cloud = x.max(dim=2).values
        spread = cloud.unsqueeze(2).expand(-1, -1, n_pts)
        return cloud, torch.cat([spread, point_features], dim=1), trans_feat


class PointNetClassifier(nn.Module):
    def __init__(self, num_classes: int, features: int = 64, channels: int = 3) -> None:
        super().__init__()
        self.feat = PointNetEncoder(channels, features)
        self.mlp = nn.Sequential(
            nn.Linear(features, 32), nn.ReLU(), nn.Dropout(p=0.4), nn.Linear(32, num_classes)
        )

    def forward(
        self, x: Float[Tensor, "b channels n"]
    ) -> Tuple[Float[Tensor, "b num_classes"], Float[Tensor, "b 16 16"]]:
        cloud, _, trans_feat = self.feat(x)
        return F.log_softmax(self.mlp(cloud), dim=1), trans_feat


class PointNetSegmenter(nn.Module):
    def __init__(self, num_parts: int, features: int = 64, channels: int = 3) -> None:
        super().__init__()
        self.num_parts = num_parts
        self.feat = PointNetEncoder(channels, features)
        self.conv1 = nn.Conv1d(features + 16, 32, 1)
        self.conv2 = nn.Conv1d(32, num_parts, 1)

    def forward(self, x: Float[Tensor, "b channels n"]) -> Float[Tensor, "b n num_parts"]:
        _, per_point, _ = self.feat(x)
        x = self.conv2(F.relu(self.conv1(per_point)))
        x = x.transpose(2, 1).contiguous()
        return F.log_softmax(x, dim=-1)


def orthogonality(trans: Float[Tensor, "b d d"]) -> Float[Tensor, "b"]:
    """How far each matrix is from a rotation."""
    eye = torch.eye(trans.size(1), device=trans.device)[None]
    difference = torch.bmm(trans, trans.transpose(2, 1)) - eye
    return torch.norm(difference, dim=(1, 2))


def center(points: Float[Tensor, "b 3 n"]) -> Float[Tensor, "b 3 n"]:
    """Moves each cloud to the origin and scales it into the unit ball."""
    points = points - points.mean(dim=2, keepdim=True)
    radius = points.norm(dim=1).amax(dim=1)
    return points / radius[:, None, None]


def example() -> None:
    points = center(torch.randn(2, 3, 11))
    model = PointNetClassifier(num_classes=5, features=24)
    log_probs, trans = model(points)
    assert log_probs.shape == (2, 5)
    assert orthogonality(trans).shape == (2,)
    segmenter = PointNetSegmenter(num_parts=7, features=24, channels=6)
    parts = segmenter(torch.randn(2, 6, 11))
    assert parts.shape == (2, 11, 7)
    labels: Int[Tensor, "b n"] = parts.argmax(dim=2)
    assert labels.shape == (2, 11)


if __name__ == "__main__":
    example()
