"""Low-rank adapters put into an existing model by replacing its layers."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


class LoRALinear(nn.Module):
    def __init__(self, base: nn.Linear, r: int = 4, alpha: int = 8, dropout: float = 0.0):
        super().__init__()
        self.base = base
        self.r = r
        self.scaling = alpha / r
        self.lora_A = nn.Parameter(base.weight.new_zeros((r, base.in_features)))
        self.lora_B = nn.Parameter(base.weight.new_zeros((base.out_features, r)))
        self.dropout = nn.Dropout(dropout)
        self.merged = False
        nn.init.kaiming_uniform_(self.lora_A, a=math.sqrt(5))
        for p in self.base.parameters():
            p.requires_grad_(False)

    def delta(self):
        update = self.lora_B @ self.lora_A
        return update * self.scaling

    def merge(self):
        if not self.merged:
            self.base.weight.data += self.delta()
            self.merged = True

    def forward(self, x):
        result = self.base(x)
        if self.merged:
            return result
        low = self.dropout(x) @ self.lora_A.transpose(0, 1)
        extra = low @ self.lora_B.transpose(0, 1)
        return result + extra * self.scaling


class LoRAEmbedding(nn.Embedding):
    def __init__(self, num_embeddings, embedding_dim, r=0, lora_alpha=1, **kwargs):
        nn.Embedding.__init__(self, num_embeddings, embedding_dim, **kwargs)
        self.r = r
        if r > 0:
            self.lora_A = nn.Parameter(self.weight.new_zeros((r, num_embeddings)))
            self.lora_B = nn.Parameter(self.weight.new_zeros((embedding_dim, r)))
            self.scaling = lora_alpha / self.r

    def forward(self, x):
        if self.r > 0:
            result = nn.Embedding.forward(self, x)
            after_A = F.embedding(x, self.lora_A.transpose(0, 1))
            result += (after_A @ self.lora_B.transpose(0, 1)) * self.scaling
            return result
        return nn.Embedding.forward(self, x)


class FusedQKV(nn.Module):
    def __init__(self, dim, r=2, enable=(True, False, True)):
        super().__init__()
        self.dim = dim
        self.linear = nn.Linear(dim, 3 * dim)
        self.enable = enable
        self.lora_A = nn.Parameter(torch.randn(r * sum(enable), dim))
        self.lora_B = nn.Parameter(torch.zeros(dim * sum(enable), r))
        index = torch.zeros((3 * dim,), dtype=torch.bool).view(len(enable), -1)
        index[torch.tensor(enable), :] = True
        self.register_buffer("index", index.view(-1))

    def zero_pad(self, x):
        result = x.new_zeros((*x.shape[:-1], 3 * self.dim))
        result[..., self.index] = x
        return result

    def forward(self, x):
        after_A = F.linear(x, self.lora_A)
        after_B = F.conv1d(
            after_A.transpose(-2, -1), self.lora_B.unsqueeze(-1), groups=sum(self.enable)
        ).transpose(-2, -1)
        return self.linear(x) + self.zero_pad(after_B)


class Classifier(nn.Module):
    def __init__(self, vocab, dim, classes):
        super().__init__()
        self.embed = nn.Embedding(vocab, dim)
        self.fc1 = nn.Linear(dim, 4 * dim)
        self.fc2 = nn.Linear(4 * dim, classes)

    def forward(self, tokens):
        h = self.embed(tokens).mean(dim=1)
        h = F.gelu(self.fc1(h))
        return self.fc2(h)


def inject(model, r):
    for name, child in model.named_children():
        if isinstance(child, nn.Linear):
            setattr(model, name, LoRALinear(child, r=r))
        else:
            inject(child, r)
    return model


def main():
    model = inject(Classifier(31, 6, 5), r=2)
    tokens = torch.randint(0, 31, (4, 9))
    logits = model(tokens)
    labels = torch.randint(0, 5, (4,))
    F.cross_entropy(logits, labels).backward()
    for module in model.modules():
        if isinstance(module, LoRALinear):
            module.merge()
    after = model(tokens)
    assert after.shape == logits.shape == (4, 5)
    embedding = LoRAEmbedding(31, 6, r=3, lora_alpha=2)
    vectors = embedding(tokens)
    fused = FusedQKV(6)
    out = fused(vectors)
    assert out.shape == (4, 9, 18)


if __name__ == "__main__":
    main()
