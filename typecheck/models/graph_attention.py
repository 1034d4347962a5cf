"""Graph networks: dense attention over neighbours, and message passing over an edge list."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor


class GraphAttention(nn.Module):
    """Multi-head attention along the edges of a dense adjacency matrix."""

    def __init__(self, in_features: int, out_features: int, n_heads: int) -> None:
        super().__init__()
        assert out_features % n_heads == 0
        self.n_heads = n_heads
        self.n_hidden = out_features // n_heads
        self.linear = nn.Linear(in_features, out_features, bias=False)
        self.attn_src = nn.Parameter(torch.randn(n_heads, self.n_hidden))
        self.attn_dst = nn.Parameter(torch.randn(n_heads, self.n_hidden))

    def forward(
        self, h: Float[Tensor, "n in_features"], adj: Bool[Tensor, "n n"]
    ) -> Float[Tensor, "n out_features"]:
        n_nodes = h.shape[0]
        g = self.linear(h).view(n_nodes, self.n_heads, self.n_hidden)
        src = (g * self.attn_src).sum(dim=-1)
        dst = (g * self.attn_dst).sum(dim=-1)
        e = F.leaky_relu(src[:, None, :] + dst[None, :, :], 0.2)
        e = e.masked_fill(~adj[:, :, None], float("-inf"))
        a = e.softmax(dim=1)
        out = torch.einsum("ijh,jhf->ihf", a, g)
        return out.reshape(n_nodes, self.n_heads * self.n_hidden)


class GATLayer(nn.Module):
    """Attention, a residual connection and a norm."""

    def __init__(self, in_features: int, out_features: int, n_heads: int) -> None:
        super().__init__()
        self.attention = GraphAttention(in_features, out_features, n_heads)
        self.residual = nn.Linear(in_features, out_features, bias=False)
        self.norm = nn.LayerNorm(out_features)

    def forward(
        self, x: Float[Tensor, "n in_features"], adj: Bool[Tensor, "n n"]
    ) -> Float[Tensor, "n out_features"]:
        h = self.attention(x, adj)
        return self.norm(F.elu(h + self.residual(x)))


class EdgeConv(nn.Module):
    """Messages along an edge list, from the features of both ends and of the edge."""

    def __init__(self, node_dim: int, edge_dim: int, hidden: int) -> None:
        super().__init__()
        self.message = nn.Sequential(
            nn.Linear(2 * node_dim + edge_dim, hidden), nn.ReLU(), nn.Linear(hidden, hidden)
        )
        self.update = nn.GRUCell(hidden, node_dim)

    def forward(
        self,
        x: Float[Tensor, "nodes node_dim"],
        edge_index: Int[Tensor, "2 edges"],
        edge_attr: Float[Tensor, "edges edge_dim"],
    ) -> Float[Tensor, "nodes node_dim"]:
        row, col = edge_index
        messages = self.message(torch.cat([x[row], x[col], edge_attr], dim=-1))
        received = x.new_zeros(x.size(0), messages.size(1))
        received.index_add_(0, col, messages)
        return self.update(received, x)


class GraphClassifier(nn.Module):
    def __init__(
        self, node_dim: int, hidden: int, n_heads: int, n_layers: int, n_classes: int
    ) -> None:
        super().__init__()
        self.embed = nn.Linear(node_dim, hidden)
        self.layers = nn.ModuleList([GATLayer(hidden, hidden, n_heads) for _ in range(n_layers)])
        self.head = nn.Linear(2 * hidden, n_classes)

    def forward(
        self,
        x: Float[Tensor, "n node_dim"],
        adj: Bool[Tensor, "n n"],
        graph: Int[Tensor, "n"],
        n_graphs: int,
    ) -> Float[Tensor, "n_graphs n_classes"]:
        h = self.embed(x)
        for layer in self.layers:
            h = layer(h, adj)
        total = torch.zeros(n_graphs, h.size(1)).index_add_(0, graph, h)
        mean = total / counts(graph, n_graphs).unsqueeze(1)
        return self.head(torch.cat([total, mean], dim=1))


def counts(index: Int[Tensor, "n"], size: int) -> Float[Tensor, "size"]:
    """How many elements each group has, at least one."""
    ones = torch.ones(index.shape[0])
    return torch.zeros(size).index_add_(0, index, ones).clamp(min=1)


def normalize_adjacency(adj: Float[Tensor, "n n"]) -> Float[Tensor, "n n"]:
    """Each row divided by the degree of its node, with self-loops."""
    adj = adj + torch.eye(adj.size(0))
    degree = adj.sum(dim=1, keepdim=True)
    return adj / degree


def smooth(x: Float[Tensor, "n f"], adj: Float[Tensor, "n n"], steps: int) -> Float[Tensor, "n f"]:
    """Features averaged over neighbours several times."""
    norm = normalize_adjacency(adj)
    for _ in range(steps):
        x = norm @ x
    return x


def propagate_labels(
    labels: Float[Tensor, "n classes"], known: Bool[Tensor, "n"], adj: Float[Tensor, "n n"]
) -> Float[Tensor, "n classes"]:
    """One step of label propagation; known labels are kept."""
    spread = smooth(labels, adj, steps=1)
    return torch.where(known.unsqueeze(1), labels, spread)


def example() -> None:
    n = 11
    x = torch.randn(n, 5)
    adj = (torch.rand(n, n) > 0.5) | torch.eye(n, dtype=torch.bool)
    model = GraphClassifier(node_dim=5, hidden=12, n_heads=3, n_layers=2, n_classes=7)
    wide = GATLayer(in_features=5, out_features=9, n_heads=3)
    assert wide(x, adj).shape == (n, 9)
    graph = torch.arange(n) % 2
    assert model(x, adj, graph, 2).shape == (2, 7)
    edge_index = adj.nonzero().t()
    conv = EdgeConv(node_dim=5, edge_dim=3, hidden=8)
    assert conv(x, edge_index, torch.randn(edge_index.size(1), 3)).shape == (n, 5)
    labels = propagate_labels(torch.rand(n, 4), torch.rand(n) > 0.5, adj.float())
    assert labels.shape == (n, 4)


if __name__ == "__main__":
    example()
