"""Segmentation: a feature pyramid, atrous pooling, a U-Net with channel multipliers, and its losses."""

from collections import OrderedDict

import torch
import torch.nn as nn
import torch.nn.functional as F


class ConvBlock(nn.Sequential):
    def __init__(self, in_ch, out_ch, stride=1):
        super().__init__(
            nn.Conv2d(in_ch, out_ch, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(out_ch),
            nn.ReLU(inplace=True),
        )


class Backbone(nn.Module):
    def __init__(self, base=4):
        super().__init__()
        self.stem = ConvBlock(3, base, stride=2)
        self.layer1 = ConvBlock(base, base * 2, stride=2)
        self.layer2 = ConvBlock(base * 2, base * 4, stride=2)
        self.out_channels = [base, base * 2, base * 4]

    def forward(self, x):
        features = OrderedDict()
        x = self.stem(x)
        features["c1"] = x
        x = self.layer1(x)
        features["c2"] = x
        x = self.layer2(x)
        features["c3"] = x
        return features


class FPN(nn.Module):
    def __init__(self, in_channels_list, out_channels):
        super().__init__()
        self.inner_blocks = nn.ModuleList()
        self.layer_blocks = nn.ModuleList()
        for in_channels in in_channels_list:
            self.inner_blocks.append(nn.Conv2d(in_channels, out_channels, 1))
            self.layer_blocks.append(nn.Conv2d(out_channels, out_channels, 3, padding=1))

    def forward(self, features):
        names = list(features.keys())
        x = list(features.values())
        last_inner = self.inner_blocks[-1](x[-1])
        results = [self.layer_blocks[-1](last_inner)]
        for idx in range(len(x) - 2, -1, -1):
            inner_lateral = self.inner_blocks[idx](x[idx])
            feat_shape = inner_lateral.shape[-2:]
            inner_top_down = F.interpolate(last_inner, size=feat_shape, mode="nearest")
            last_inner = inner_lateral + inner_top_down
            results.insert(0, self.layer_blocks[idx](last_inner))
        return OrderedDict(zip(names, results))


class ASPP(nn.Module):
    def __init__(self, in_channels, out_channels, rates=(1, 2)):
        super().__init__()
        self.convs = nn.ModuleList([nn.Conv2d(in_channels, out_channels, 1)])
        for rate in rates:
            self.convs.append(
                nn.Conv2d(in_channels, out_channels, 3, padding=rate, dilation=rate)
            )
        self.pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(in_channels, out_channels, 1))
        self.project = nn.Conv2d(out_channels * (len(rates) + 2), out_channels, 1)

    def forward(self, x):
        res = []
        for conv in self.convs:
            res.append(F.relu(conv(x)))
        size = x.shape[-2:]
        pooled = F.interpolate(self.pool(x), size=size, mode="bilinear", align_corners=False)
        res.append(pooled)
        res = torch.cat(res, dim=1)
        return self.project(res)


class UNet(nn.Module):
    def __init__(self, in_channels, classes, base=4, mults=(1, 2, 4)):
        super().__init__()
        widths = [base * m for m in mults]
        self.stem = nn.Conv2d(in_channels, widths[0], 3, padding=1)
        self.downs = nn.ModuleList(
            nn.ModuleList([ConvBlock(a, a), ConvBlock(a, b, stride=2)])
            for a, b in zip(widths[:-1], widths[1:])
        )
        self.middle = ConvBlock(widths[-1], widths[-1])
        self.ups = nn.ModuleList(
            nn.ModuleList([nn.ConvTranspose2d(b, a, 2, stride=2), ConvBlock(2 * a, a)])
            for a, b in reversed(list(zip(widths[:-1], widths[1:])))
        )
        self.head = nn.Conv2d(widths[0], classes, 1)

    def forward(self, x):
        x = self.stem(x)
        skips = []
        for block, down in self.downs:
            x = block(x)
            skips.append(x)
            x = down(x)
        x = self.middle(x)
        for up, block in self.ups:
            x = up(x)
            skip = skips.pop()
            diff_y = skip.size(2) - x.size(2)
            diff_x = skip.size(3) - x.size(3)
            x = F.pad(x, [diff_x // 2, diff_x - diff_x // 2, diff_y // 2, diff_y - diff_y // 2])
            x = torch.cat([skip, x], dim=1)
            x = block(x)
        return self.head(x)


def dice_loss(logits, target, eps=1e-6):
    num_classes = logits.shape[1]
    probs = logits.softmax(dim=1)
    one_hot = F.one_hot(target, num_classes).permute(0, 3, 1, 2).float()
    dims = (0, 2, 3)
    intersection = (probs * one_hot).sum(dims)
    cardinality = (probs + one_hot).sum(dims)
    dice = (2 * intersection + eps) / (cardinality + eps)
    return 1 - dice.mean()


def confusion_matrix(pred, target, n):
    k = (target >= 0) & (target < n)
    inds = n * target[k].to(torch.int64) + pred[k]
    return torch.bincount(inds, minlength=n**2).reshape(n, n)


def mean_iou(mat):
    mat = mat.float()
    diag = torch.diag(mat)
    iou = diag / (mat.sum(1) + mat.sum(0) - diag).clamp(min=1)
    return iou, iou.mean()


def main():
    images = torch.randn(2, 3, 32, 24)
    labels = torch.randint(0, 5, (2, 32, 24))
    backbone = Backbone()
    fpn = FPN(backbone.out_channels, 8)
    pyramid = fpn(backbone(images))
    top = pyramid["c1"]
    context = ASPP(8, 6)(top)
    logits = UNet(3, 5)(images)
    loss = F.cross_entropy(logits, labels) + dice_loss(logits, labels)
    loss.backward()
    iou, mean = mean_iou(confusion_matrix(logits.argmax(1), labels, 5))
    assert top.shape == (2, 8, 16, 12) and context.shape == (2, 6, 16, 12)
    assert logits.shape == (2, 5, 32, 24) and iou.shape == (5,) and mean.ndim == 0


if __name__ == "__main__":
    main()
