"""Text from strings to batches: a vocabulary, dynamic padding, packing, masks, bucketed sampling."""

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Dict, Iterator, List, Optional

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset, Sampler

SENTENCES = [
    "the cat sat on the mat",
    "a dog",
    "it rains",
    "we went to the sea and swam",
    "the sea is blue",
    "on the mat sat a dog and a cat",
    "blue",
]


class Vocabulary:
    def __init__(self, sentences: List[str], specials=("<pad>", "<unk>", "<bos>", "<eos>")) -> None:
        counter = Counter(word for s in sentences for word in s.split())
        self.itos = list(specials) + [word for word, _ in counter.most_common()]
        self.stoi = {word: i for i, word in enumerate(self.itos)}

    def __len__(self) -> int:
        return len(self.itos)

    def encode(self, text: str) -> List[int]:
        ids = [self.stoi.get(word, 1) for word in text.split()]
        return [2] + ids + [3]


class TextDataset(Dataset):
    def __init__(self, sentences, vocab):
        self.items = [torch.tensor(vocab.encode(s)) for s in sentences]

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return {"input_ids": self.items[i], "label": len(self.items[i]) % 2}


class BucketSampler(Sampler):
    def __init__(self, lengths, batch_size):
        self.lengths = lengths
        self.batch_size = batch_size

    def __iter__(self) -> Iterator[List[int]]:
        order = sorted(range(len(self.lengths)), key=lambda i: self.lengths[i])
        batches = [order[i : i + self.batch_size] for i in range(0, len(order), self.batch_size)]
        random.shuffle(batches)
        yield from batches

    def __len__(self):
        return (len(self.lengths) + self.batch_size - 1) // self.batch_size


@dataclass
class Collator:
    pad: int = 0
    multiple: int = 4

    def __call__(self, features: List[Dict]) -> Dict[str, torch.Tensor]:
        longest = max(len(f["input_ids"]) for f in features)
        longest = (longest + self.multiple - 1) // self.multiple * self.multiple
        input_ids = torch.full((len(features), longest), self.pad, dtype=torch.long)
        for i, f in enumerate(features):
            ids = f["input_ids"]
            input_ids[i, : len(ids)] = ids
        mask = (input_ids != self.pad).long()
        labels = torch.tensor([f["label"] for f in features])
        return {"input_ids": input_ids, "attention_mask": mask, "labels": labels}


def pack(items, length, eos=3):
    stream = torch.cat([item for item in items])
    count = stream.numel() // length
    return stream[: count * length].view(count, length)


@dataclass
class Metrics:
    correct: int = 0
    total: int = 0
    history: List[float] = field(default_factory=list)

    def update(self, logits, labels):
        hits = logits.argmax(-1) == labels
        self.correct += int(hits.sum())
        self.total += labels.numel()
        self.history.append(self.correct / self.total)


class Classifier(nn.Module):
    def __init__(self, vocab_size, dim, classes, max_len=16):
        super().__init__()
        self.tok = nn.Embedding(vocab_size, dim, padding_idx=0)
        self.pos = nn.Parameter(torch.zeros(1, max_len, dim))
        layer = nn.TransformerEncoderLayer(dim, 2, 2 * dim, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2)
        self.head = nn.Linear(dim, classes)

    def forward(self, input_ids, attention_mask, labels: Optional[torch.Tensor] = None):
        x = self.tok(input_ids) + self.pos[:, : input_ids.size(1)]
        x = self.encoder(x, src_key_padding_mask=attention_mask == 0)
        weights = attention_mask.unsqueeze(-1).float()
        pooled = (x * weights).sum(1) / weights.sum(1).clamp(min=1e-9)
        logits = self.head(pooled)
        loss = None
        if labels is not None:
            loss = nn.functional.cross_entropy(logits, labels)
        return {"loss": loss, "logits": logits}


def main():
    vocab = Vocabulary(SENTENCES)
    dataset = TextDataset(SENTENCES, vocab)
    lengths = [len(item) for item in dataset.items]
    loader = DataLoader(dataset, batch_sampler=BucketSampler(lengths, 3), collate_fn=Collator())
    model = Classifier(len(vocab), 8, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    metrics = Metrics()
    for batch in loader:
        batch = {k: v.to("cpu") for k, v in batch.items()}
        out = model(**batch)
        loss = out["loss"]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        metrics.update(out["logits"].detach(), batch["labels"])
    packed = pack(dataset.items, 5)
    inputs, targets = packed[:, :-1], packed[:, 1:]
    assert inputs.shape == targets.shape and metrics.total == 7


if __name__ == "__main__":
    main()
