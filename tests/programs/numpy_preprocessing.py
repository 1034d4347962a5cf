"""Preprocessing with NumPy, a dataset, a collate function and a training loop."""

import numpy as np
import torch
import torch.nn as nn
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader, Dataset, random_split


def make_series(count, seed=0):
    rng = np.random.default_rng(seed)
    series = []
    for _ in range(count):
        length = int(rng.integers(5, 12))
        t = np.linspace(0, 1, length)
        freq = rng.uniform(1, 4, size=(3, 1))
        values = np.sin(2 * np.pi * freq * t[None, :]).T
        noise = rng.normal(0, 0.1, size=values.shape)
        series.append((values + noise).astype(np.float32))
    return series


def standardise(series):
    stacked = np.concatenate(series, axis=0)
    mean = stacked.mean(axis=0)
    std = stacked.std(axis=0) + 1e-8
    return [(s - mean) / std for s in series], mean, std


def sliding_windows(x, width, step):
    starts = np.arange(0, len(x) - width + 1, step)
    index = starts[:, None] + np.arange(width)[None, :]
    return x[index]


def one_hot(labels, classes):
    eye = np.eye(classes, dtype=np.float32)
    return eye[labels]


class SeriesDataset(Dataset):
    def __init__(self, series, labels):
        self.series = series
        self.labels = labels

    def __len__(self):
        return len(self.series)

    def __getitem__(self, index):
        x = torch.from_numpy(self.series[index])
        y = torch.tensor(self.labels[index])
        return x, y


def collate(batch):
    xs, ys = zip(*batch)
    lengths = torch.tensor([len(x) for x in xs])
    padded = pad_sequence(xs, batch_first=True)
    mask = torch.arange(padded.size(1))[None, :] < lengths[:, None]
    return padded, torch.stack(ys), mask


class Pooler(nn.Module):
    def __init__(self, features, hidden, classes):
        super().__init__()
        self.proj = nn.Linear(features, hidden)
        self.score = nn.Linear(hidden, 1)
        self.out = nn.Linear(hidden, classes)

    def forward(self, x, mask):
        h = torch.tanh(self.proj(x))
        scores = self.score(h).squeeze(-1)
        scores = scores.masked_fill(~mask, float("-inf"))
        weights = scores.softmax(dim=-1)
        pooled = (weights.unsqueeze(-1) * h).sum(dim=1)
        return self.out(pooled)


def evaluate(model, loader):
    correct = total = 0
    confusion = torch.zeros(2, 2, dtype=torch.long)
    model.eval()
    with torch.no_grad():
        for x, y, mask in loader:
            pred = model(x, mask).argmax(dim=-1)
            correct += (pred == y).sum().item()
            total += y.numel()
            confusion += torch.bincount(y * 2 + pred, minlength=4).view(2, 2)
    return correct / total, confusion


def main():
    series, mean, std = standardise(make_series(14))
    labels = np.array([int(s.sum() > 0) for s in series])
    dataset = SeriesDataset(series, labels)
    train, test = random_split(dataset, [10, 4])
    train_loader = DataLoader(train, batch_size=4, shuffle=True, collate_fn=collate)
    test_loader = DataLoader(test, batch_size=4, collate_fn=collate)
    model = Pooler(3, 8, 2)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(2):
        running = 0.0
        for i, (x, y, mask) in enumerate(train_loader):
            optimizer.zero_grad()
            logits = model(x, mask)
            loss = criterion(logits, y)
            loss.backward()
            optimizer.step()
            running += loss.item() * x.size(0)
    accuracy, confusion = evaluate(model, test_loader)
    windows = sliding_windows(series[0], 4, 1)
    features = windows.reshape(windows.shape[0], -1)
    targets = one_hot(labels, 2)
    tensor = torch.as_tensor(features)
    assert tensor.shape[1] == 12 and targets.shape == (14, 2) and mean.shape == std.shape


if __name__ == "__main__":
    main()
