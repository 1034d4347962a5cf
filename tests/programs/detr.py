"""Detection as set prediction: queries, a matcher, losses over matched boxes, nested tensors of images."""

from typing import List, NamedTuple, Optional

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor


class NestedTensor(NamedTuple):
    tensors: Tensor
    mask: Tensor


def nested_tensor_from_list(images: List[Tensor]) -> NestedTensor:
    max_size = [max(s) for s in zip(*[img.shape for img in images])]
    batch_shape = [len(images)] + max_size
    b, c, h, w = batch_shape
    tensor = torch.zeros(batch_shape)
    mask = torch.ones((b, h, w), dtype=torch.bool)
    for img, pad_img, m in zip(images, tensor, mask):
        pad_img[: img.shape[0], : img.shape[1], : img.shape[2]].copy_(img)
        m[: img.shape[1], : img.shape[2]] = False
    return NestedTensor(tensor, mask)


class PositionEmbeddingSine(nn.Module):
    def __init__(self, num_pos_feats=4, temperature=10000):
        super().__init__()
        self.num_pos_feats = num_pos_feats
        self.temperature = temperature

    def forward(self, mask):
        not_mask = ~mask
        y_embed = not_mask.cumsum(1, dtype=torch.float32)
        x_embed = not_mask.cumsum(2, dtype=torch.float32)
        dim_t = torch.arange(self.num_pos_feats, dtype=torch.float32)
        dim_t = self.temperature ** (2 * (dim_t // 2) / self.num_pos_feats)
        pos_x = x_embed[:, :, :, None] / dim_t
        pos_y = y_embed[:, :, :, None] / dim_t
        pos_x = torch.stack((pos_x[..., 0::2].sin(), pos_x[..., 1::2].cos()), dim=4).flatten(3)
        pos_y = torch.stack((pos_y[..., 0::2].sin(), pos_y[..., 1::2].cos()), dim=4).flatten(3)
        pos = torch.cat((pos_y, pos_x), dim=3).permute(0, 3, 1, 2)
        return pos


class MLP(nn.Module):
    def __init__(self, input_dim, hidden_dim, output_dim, num_layers):
        super().__init__()
        self.num_layers = num_layers
        h = [hidden_dim] * (num_layers - 1)
        self.layers = nn.ModuleList(
            nn.Linear(n, k) for n, k in zip([input_dim] + h, h + [output_dim])
        )

    def forward(self, x):
        for i, layer in enumerate(self.layers):
            x = F.relu(layer(x)) if i < self.num_layers - 1 else layer(x)
        return x


class DETR(nn.Module):
    def __init__(self, num_classes, num_queries, hidden=8):
        super().__init__()
        self.backbone = nn.Conv2d(3, 6, 4, stride=4)
        self.position = PositionEmbeddingSine(hidden // 2)
        self.input_proj = nn.Conv2d(6, hidden, kernel_size=1)
        self.transformer = nn.Transformer(hidden, 2, 1, 1, 16)
        self.query_embed = nn.Embedding(num_queries, hidden)
        self.class_embed = nn.Linear(hidden, num_classes + 1)
        self.bbox_embed = MLP(hidden, hidden, 4, 3)

    def forward(self, samples: NestedTensor):
        features = self.backbone(samples.tensors)
        mask = F.interpolate(samples.mask[None].float(), size=features.shape[-2:]).to(torch.bool)[0]
        pos = self.position(mask)
        src = self.input_proj(features) + pos
        bs, c, h, w = src.shape
        src = src.flatten(2).permute(2, 0, 1)
        query_embed = self.query_embed.weight.unsqueeze(1).repeat(1, bs, 1)
        hs = self.transformer(src, query_embed, src_key_padding_mask=mask.flatten(1))
        hs = hs.transpose(0, 1)
        logits = self.class_embed(hs)
        boxes = self.bbox_embed(hs).sigmoid()
        return {"pred_logits": logits, "pred_boxes": boxes}


def box_cxcywh_to_xyxy(x):
    x_c, y_c, w, h = x.unbind(-1)
    b = [(x_c - 0.5 * w), (y_c - 0.5 * h), (x_c + 0.5 * w), (y_c + 0.5 * h)]
    return torch.stack(b, dim=-1)


@torch.no_grad()
def greedy_match(outputs, targets):
    bs, num_queries = outputs["pred_logits"].shape[:2]
    out_prob = outputs["pred_logits"].flatten(0, 1).softmax(-1)
    out_bbox = outputs["pred_boxes"].flatten(0, 1)
    tgt_ids = torch.cat([v["labels"] for v in targets])
    tgt_bbox = torch.cat([v["boxes"] for v in targets])
    cost_class = -out_prob[:, tgt_ids]
    cost_bbox = torch.cdist(out_bbox, tgt_bbox, p=1)
    C = (5 * cost_bbox + cost_class).view(bs, num_queries, -1)
    sizes = [len(v["boxes"]) for v in targets]
    indices = []
    for i, c in enumerate(C.split(sizes, -1)):
        cost = c[i].clone()
        rows = []
        for j in range(cost.shape[1]):
            row = int(cost[:, j].argmin())
            cost[row] = float("inf")
            rows.append(row)
        indices.append((torch.tensor(rows), torch.arange(len(rows))))
    return indices


def set_loss(outputs, targets, indices, num_classes):
    logits = outputs["pred_logits"]
    batch_idx = torch.cat([torch.full_like(src, i) for i, (src, _) in enumerate(indices)])
    src_idx = torch.cat([src for (src, _) in indices])
    matched = torch.cat([t["labels"][J] for t, (_, J) in zip(targets, indices)])
    target_classes = torch.full(logits.shape[:2], num_classes, dtype=torch.int64)
    target_classes[batch_idx, src_idx] = matched
    loss_ce = F.cross_entropy(logits.transpose(1, 2), target_classes)
    src_boxes = outputs["pred_boxes"][batch_idx, src_idx]
    target_boxes = torch.cat([t["boxes"][i] for t, (_, i) in zip(targets, indices)], dim=0)
    loss_bbox = F.l1_loss(src_boxes, target_boxes, reduction="none")
    return loss_ce + loss_bbox.sum() / len(matched)


def main():
    images = [torch.rand(3, 16, 20), torch.rand(3, 12, 16)]
    samples = nested_tensor_from_list(images)
    model = DETR(5, 7)
    outputs = model(samples)
    targets = [
        {"labels": torch.tensor([1, 4]), "boxes": torch.rand(2, 4)},
        {"labels": torch.tensor([0, 2, 2]), "boxes": torch.rand(3, 4)},
    ]
    indices = greedy_match(outputs, targets)
    loss = set_loss(outputs, targets, indices, 5)
    loss.backward()
    corners = box_cxcywh_to_xyxy(outputs["pred_boxes"])
    assert corners.shape == (2, 7, 4)


if __name__ == "__main__":
    main()
