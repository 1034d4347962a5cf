"""Message passing with scatter operations, batching of graphs, and pooling."""

import torch
import torch.nn as nn
import torch.nn.functional as F


def scatter_sum(src, index, dim=0, dim_size=None):
    if dim_size is None:
        dim_size = int(index.max()) + 1
    shape = [1] * src.dim()
    shape[dim] = -1
    index = index.view(shape).expand_as(src)
    size = list(src.size())
    size[dim] = dim_size
    out = torch.zeros(size, dtype=src.dtype)
    return out.scatter_add_(dim, index, src)


def scatter_mean(src, index, dim_size):
    out = scatter_sum(src, index, 0, dim_size)
    count = torch.bincount(index, minlength=dim_size).clamp(min=1)
    return out / count.unsqueeze(-1)


def softmax(src, index, num_nodes):
    out = src - src.max()
    out = out.exp()
    out_sum = scatter_sum(out, index, 0, num_nodes)[index]
    return out / (out_sum + 1e-16)


class GCNConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.lin = nn.Linear(in_channels, out_channels, bias=False)
        self.bias = nn.Parameter(torch.zeros(out_channels))

    def forward(self, x, edge_index):
        num_nodes = x.size(0)
        loops = torch.arange(num_nodes).repeat(2, 1)
        edge_index = torch.cat([edge_index, loops], dim=1)
        row, col = edge_index
        deg = torch.zeros(num_nodes).scatter_add_(0, col, torch.ones(col.size(0)))
        deg_inv_sqrt = deg.pow(-0.5)
        deg_inv_sqrt[deg_inv_sqrt == float("inf")] = 0
        norm = deg_inv_sqrt[row] * deg_inv_sqrt[col]
        x = self.lin(x)
        messages = norm.view(-1, 1) * x[row]
        out = torch.zeros(num_nodes, x.size(1)).index_add_(0, col, messages)
        return out + self.bias


class GATConv(nn.Module):
    def __init__(self, in_channels, out_channels, heads=1):
        super().__init__()
        self.heads, self.out_channels = heads, out_channels
        self.lin = nn.Linear(in_channels, heads * out_channels, bias=False)
        self.att_src = nn.Parameter(torch.randn(1, heads, out_channels))
        self.att_dst = nn.Parameter(torch.randn(1, heads, out_channels))

    def forward(self, x, edge_index):
        H, C = self.heads, self.out_channels
        x = self.lin(x).view(-1, H, C)
        alpha_src = (x * self.att_src).sum(dim=-1)
        alpha_dst = (x * self.att_dst).sum(dim=-1)
        src, dst = edge_index[0], edge_index[1]
        alpha = F.leaky_relu(alpha_src[src] + alpha_dst[dst], 0.2)
        alpha = softmax(alpha, dst, x.size(0))
        out = scatter_sum(x[src] * alpha.unsqueeze(-1), dst, 0, x.size(0))
        return out.view(-1, H * C)


class GIN(nn.Module):
    def __init__(self, nn_module, eps=0.0):
        super().__init__()
        self.nn = nn_module
        self.eps = nn.Parameter(torch.tensor([eps]))

    def forward(self, x, edge_index):
        row, col = edge_index[0], edge_index[1]
        agg = torch.zeros_like(x)
        agg.index_add_(0, col, x[row])
        return self.nn((1 + self.eps) * x + agg)


class Net(nn.Module):
    def __init__(self, num_features, hidden, num_classes, heads=2):
        super().__init__()
        self.conv1 = GCNConv(num_features, hidden)
        self.conv2 = GATConv(hidden, hidden, heads=heads)
        mlp = nn.Sequential(nn.Linear(heads * hidden, hidden), nn.ReLU(), nn.Linear(hidden, hidden))
        self.conv3 = GIN(mlp)
        self.lin = nn.Linear(2 * hidden, num_classes)

    def forward(self, x, edge_index, batch):
        num_graphs = int(batch.max()) + 1
        x = F.elu(self.conv1(x, edge_index))
        x = F.elu(self.conv2(x, edge_index))
        x = self.conv3(x, edge_index)
        mean = scatter_mean(x, batch, num_graphs)
        total = scatter_sum(x, batch, dim=0, dim_size=num_graphs)
        pooled = torch.cat([mean, total], dim=-1)
        return F.log_softmax(self.lin(pooled), dim=-1)


def collate(graphs):
    xs, edges, batch = [], [], []
    offset = 0
    for i, (x, edge_index) in enumerate(graphs):
        xs.append(x)
        edges.append(edge_index + offset)
        batch.append(torch.full((x.size(0),), i, dtype=torch.long))
        offset += x.size(0)
    return torch.cat(xs, 0), torch.cat(edges, 1), torch.cat(batch)


def main():
    graphs = []
    for n in (4, 6, 5):
        adjacency = torch.rand(n, n) > 0.5
        edge_index = adjacency.nonzero().t().contiguous()
        graphs.append((torch.randn(n, 7), edge_index))
    x, edge_index, batch = collate(graphs)
    model = Net(7, 8, 3)
    out = model(x, edge_index, batch)
    loss = F.nll_loss(out, torch.tensor([0, 2, 1]))
    loss.backward()
    pred = out.argmax(dim=1)
    assert out.shape == (3, 3) and pred.shape == (3,)


if __name__ == "__main__":
    main()
