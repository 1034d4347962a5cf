"""Classic algorithms on tensors: Sinkhorn, k-means, PCA, spectral clustering, power iteration."""

import torch


def pairwise(x, y):
    x2 = x.pow(2).sum(-1, keepdim=True)
    y2 = y.pow(2).sum(-1, keepdim=True)
    return (x2 + y2.transpose(-1, -2) - 2 * x @ y.transpose(-1, -2)).clamp_min(0)


def sinkhorn(cost, a=None, b=None, eps=0.1, iters=20):
    n, m = cost.shape[-2:]
    if a is None:
        a = cost.new_full((n,), 1 / n)
    if b is None:
        b = cost.new_full((m,), 1 / m)
    f, g = torch.zeros_like(a), torch.zeros_like(b)
    for _ in range(iters):
        f = eps * (a.log() - torch.logsumexp((g[None, :] - cost) / eps, dim=1))
        g = eps * (b.log() - torch.logsumexp((f[:, None] - cost) / eps, dim=0))
    plan = torch.exp((f[:, None] + g[None, :] - cost) / eps)
    return plan, (plan * cost).sum()


def kmeans(x, k, iters=5):
    centers = x[torch.randperm(len(x))[:k]].clone()
    labels = torch.zeros(len(x), dtype=torch.long)
    for _ in range(iters):
        distances = pairwise(x, centers)
        labels = distances.argmin(dim=1)
        one_hot = torch.nn.functional.one_hot(labels, k).to(x.dtype)
        counts = one_hot.sum(0).clamp_min(1)
        centers = (one_hot.t() @ x) / counts[:, None]
    return centers, labels


def kmeans_plus_plus(x, k):
    index = torch.randint(len(x), (1,))
    centers = [x[index]]
    for _ in range(k - 1):
        stacked = torch.cat(centers)
        nearest = pairwise(x, stacked).min(dim=1).values
        index = torch.multinomial(nearest + 1e-9, 1)
        centers.append(x[index])
    return torch.cat(centers, dim=0)


def pca(x, components):
    mean = x.mean(dim=0, keepdim=True)
    u, s, vh = torch.linalg.svd(x - mean, full_matrices=False)
    basis = vh[:components]
    scores = (x - mean) @ basis.T
    explained = s[:components] ** 2 / (s**2).sum()
    return scores, basis, explained


def spectral_embedding(x, components, sigma=1.0):
    affinity = torch.exp(-pairwise(x, x) / (2 * sigma**2))
    affinity.fill_diagonal_(0)
    degree = affinity.sum(dim=1)
    scale = degree.rsqrt()
    laplacian = torch.eye(len(x)) - scale[:, None] * affinity * scale[None, :]
    values, vectors = torch.linalg.eigh(laplacian)
    embedding = vectors[:, 1 : components + 1]
    return embedding / embedding.norm(dim=1, keepdim=True).clamp_min(1e-8)


def power_iteration(w, steps=4):
    u = torch.randn(w.shape[0])
    for _ in range(steps):
        v = torch.nn.functional.normalize(w.t() @ u, dim=0)
        u = torch.nn.functional.normalize(w @ v, dim=0)
    sigma = torch.dot(u, w @ v)
    return sigma, u, v


def gram_schmidt(x):
    basis = []
    for row in x:
        for b in basis:
            row = row - (row @ b) * b
        basis.append(row / row.norm())
    return torch.stack(basis)


def knn_classify(train, labels, test, k, classes):
    distances = torch.cdist(test, train)
    _, nearest = distances.topk(k, largest=False)
    votes = labels[nearest]
    counts = torch.zeros(len(test), classes).scatter_add_(1, votes, torch.ones(votes.shape))
    return counts.argmax(dim=-1)


def main():
    x, y = torch.randn(11, 4), torch.randn(7, 4)
    cost = pairwise(x, y)
    plan, value = sinkhorn(cost)
    assert plan.shape == (11, 7) and value.ndim == 0
    centers, labels = kmeans(x, 3)
    start = kmeans_plus_plus(x, 3)
    scores, basis, explained = pca(x, 2)
    embedding = spectral_embedding(x, 2)
    sigma, u, v = power_iteration(torch.randn(5, 6))
    q = gram_schmidt(torch.randn(3, 6))
    predicted = knn_classify(x, labels, y, 3, 3)
    assert centers.shape == start.shape == (3, 4)
    assert scores.shape == (11, 2) and embedding.shape == (11, 2) and explained.shape == (2,)
    assert sigma.shape == () and q.shape == (3, 6) and predicted.shape == (7,)


if __name__ == "__main__":
    main()
