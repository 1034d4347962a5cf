"""Detection: anchors, intersection over union, matching, box coding, non-maximum suppression."""

import math
from typing import List, Tuple

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor


def box_area(boxes: Tensor) -> Tensor:
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def box_iou(boxes1: Tensor, boxes2: Tensor) -> Tensor:
    area1 = box_area(boxes1)
    area2 = box_area(boxes2)
    lt = torch.max(boxes1[:, None, :2], boxes2[:, :2])
    rb = torch.min(boxes1[:, None, 2:], boxes2[:, 2:])
    wh = (rb - lt).clamp(min=0)
    inter = wh[:, :, 0] * wh[:, :, 1]
    union = area1[:, None] + area2 - inter
    return inter / union


def nms(boxes: Tensor, scores: Tensor, threshold: float) -> Tensor:
    order = scores.argsort(descending=True)
    keep: List[int] = []
    while order.numel() > 0:
        i = order[0]
        keep.append(int(i))
        if order.numel() == 1:
            break
        iou = box_iou(boxes[i][None], boxes[order[1:]])[0]
        order = order[1:][iou <= threshold]
    return torch.tensor(keep)


class AnchorGenerator(nn.Module):
    def __init__(self, sizes=(8, 16), ratios=(0.5, 1.0, 2.0), strides=(4, 8)):
        super().__init__()
        self.sizes = sizes
        self.ratios = ratios
        self.strides = strides
        self.cell_anchors = [self.generate_anchors([size]) for size in sizes]

    def generate_anchors(self, scales):
        scales = torch.as_tensor(scales, dtype=torch.float32)
        aspect_ratios = torch.as_tensor(self.ratios, dtype=torch.float32)
        h_ratios = torch.sqrt(aspect_ratios)
        w_ratios = 1 / h_ratios
        ws = (w_ratios[:, None] * scales[None, :]).view(-1)
        hs = (h_ratios[:, None] * scales[None, :]).view(-1)
        base_anchors = torch.stack([-ws, -hs, ws, hs], dim=1) / 2
        return base_anchors.round()

    def num_anchors_per_location(self):
        return [len(self.ratios) for _ in self.sizes]

    def grid_anchors(self, grid_sizes: List[Tuple[int, int]]) -> List[Tensor]:
        anchors = []
        for size, stride, base_anchors in zip(grid_sizes, self.strides, self.cell_anchors):
            grid_height, grid_width = size
            shifts_x = torch.arange(0, grid_width) * stride
            shifts_y = torch.arange(0, grid_height) * stride
            shift_y, shift_x = torch.meshgrid(shifts_y, shifts_x, indexing="ij")
            shift_x = shift_x.reshape(-1)
            shift_y = shift_y.reshape(-1)
            shifts = torch.stack((shift_x, shift_y, shift_x, shift_y), dim=1)
            anchors.append((shifts.view(-1, 1, 4) + base_anchors.view(1, -1, 4)).reshape(-1, 4))
        return anchors

    def forward(self, feature_maps: List[Tensor]) -> Tensor:
        grid_sizes = [feature_map.shape[-2:] for feature_map in feature_maps]
        return torch.cat(self.grid_anchors(grid_sizes))


class BoxCoder:
    def __init__(self, weights=(10.0, 10.0, 5.0, 5.0)):
        self.weights = weights
        self.clip = math.log(1000.0 / 16)

    def encode(self, reference: Tensor, proposals: Tensor) -> Tensor:
        wx, wy, ww, wh = self.weights
        px1, py1, px2, py2 = (proposals[:, i].unsqueeze(1) for i in range(4))
        rx1, ry1, rx2, ry2 = (reference[:, i].unsqueeze(1) for i in range(4))
        pw, ph = px2 - px1, py2 - py1
        rw, rh = rx2 - rx1, ry2 - ry1
        dx = wx * ((rx1 + 0.5 * rw) - (px1 + 0.5 * pw)) / pw
        dy = wy * ((ry1 + 0.5 * rh) - (py1 + 0.5 * ph)) / ph
        dw = ww * torch.log(rw / pw)
        dh = wh * torch.log(rh / ph)
        return torch.cat((dx, dy, dw, dh), dim=1)

    def decode(self, codes: Tensor, boxes: Tensor) -> Tensor:
        widths = boxes[:, 2] - boxes[:, 0]
        heights = boxes[:, 3] - boxes[:, 1]
        ctr_x = boxes[:, 0] + 0.5 * widths
        ctr_y = boxes[:, 1] + 0.5 * heights
        wx, wy, ww, wh = self.weights
        dx = codes[:, 0::4] / wx
        dy = codes[:, 1::4] / wy
        dw = torch.clamp(codes[:, 2::4] / ww, max=self.clip)
        dh = torch.clamp(codes[:, 3::4] / wh, max=self.clip)
        pred_ctr_x = dx * widths[:, None] + ctr_x[:, None]
        pred_ctr_y = dy * heights[:, None] + ctr_y[:, None]
        pred_w = torch.exp(dw) * widths[:, None]
        pred_h = torch.exp(dh) * heights[:, None]
        x1 = pred_ctr_x - 0.5 * pred_w
        y1 = pred_ctr_y - 0.5 * pred_h
        x2 = pred_ctr_x + 0.5 * pred_w
        y2 = pred_ctr_y + 0.5 * pred_h
        return torch.stack((x1, y1, x2, y2), dim=2).flatten(1)


class RetinaHead(nn.Module):
    def __init__(self, in_channels, num_anchors, num_classes):
        super().__init__()
        self.num_classes = num_classes
        self.conv = nn.Sequential(nn.Conv2d(in_channels, in_channels, 3, 1, 1), nn.ReLU())
        self.cls_logits = nn.Conv2d(in_channels, num_anchors * num_classes, 3, 1, 1)
        self.bbox_pred = nn.Conv2d(in_channels, num_anchors * 4, 3, 1, 1)

    def forward(self, features: List[Tensor]):
        all_logits, all_boxes = [], []
        for feature in features:
            t = self.conv(feature)
            logits = self.cls_logits(t)
            N, _, H, W = logits.shape
            logits = logits.view(N, -1, self.num_classes, H, W)
            logits = logits.permute(0, 3, 4, 1, 2)
            logits = logits.reshape(N, -1, self.num_classes)
            all_logits.append(logits)
            deltas = self.bbox_pred(t).view(N, -1, 4, H, W).permute(0, 3, 4, 1, 2)
            all_boxes.append(deltas.reshape(N, -1, 4))
        return torch.cat(all_logits, dim=1), torch.cat(all_boxes, dim=1)


def sigmoid_focal_loss(inputs, targets, alpha=0.25, gamma=2):
    p = torch.sigmoid(inputs)
    ce_loss = F.binary_cross_entropy_with_logits(inputs, targets, reduction="none")
    p_t = p * targets + (1 - p) * (1 - targets)
    loss = ce_loss * ((1 - p_t) ** gamma)
    alpha_t = alpha * targets + (1 - alpha) * (1 - targets)
    return (alpha_t * loss).sum()


def main():
    features = [torch.randn(2, 8, 6, 5), torch.randn(2, 8, 3, 3)]
    generator = AnchorGenerator()
    anchors = generator(features)
    head = RetinaHead(8, generator.num_anchors_per_location()[0], 7)
    logits, deltas = head(features)
    assert logits.shape == (2, anchors.shape[0], 7)
    coder = BoxCoder()
    gt_boxes = torch.tensor([[0.0, 0.0, 10.0, 12.0], [4.0, 4.0, 20.0, 16.0]])
    gt_labels = torch.tensor([1, 5])
    quality = box_iou(gt_boxes, anchors)
    best, matched = quality.max(dim=0)
    foreground = best > 0.3
    targets = torch.zeros_like(logits[0])
    targets[foreground, gt_labels[matched[foreground]]] = 1.0
    loss = sigmoid_focal_loss(logits[0], targets) / max(1, int(foreground.sum()))
    regression = coder.encode(gt_boxes[matched], anchors)
    mask = foreground.unsqueeze(1)
    loss = loss + F.l1_loss(deltas[0] * mask, regression * mask)
    loss.backward()
    boxes = coder.decode(deltas[0].detach(), anchors)
    scores, labels = logits[0].sigmoid().max(dim=-1)
    keep = nms(boxes, scores.detach(), 0.5)
    kept = boxes[keep][:3]
    assert kept.shape[1] == 4


if __name__ == "__main__":
    main()
