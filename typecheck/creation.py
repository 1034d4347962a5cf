"""Creation: separate sizes, a tuple, the shape of another tensor, nested lists, ranges."""
# judge: torch

import torch
from jaxtyping import Float, Int
from torch import Tensor

from shapetorch import reveal_shape


def sizes(n: int, m: int) -> None:
    reveal_shape(torch.zeros(n, m))  # R: [n, m]
    reveal_shape(torch.ones((n, 2 * m)))  # R: [n, 2*m]
    reveal_shape(torch.randn([3, n]))  # R: [3, n]
    reveal_shape(torch.empty(size=(n, 1)))  # R: [n, 1]
    reveal_shape(torch.rand(()))  # R: []
    reveal_shape(torch.full((n, m), 0.5))  # R: [n, m]
    reveal_shape(torch.randint(10, (n, m)))  # R: [n, m]
    reveal_shape(torch.randint(0, 10, size=(n,)))  # R: [n]
    reveal_shape(torch.eye(n))  # R: [n, n]
    reveal_shape(torch.eye(n, m))  # R: [n, m]
    reveal_shape(torch.randperm(n))  # R: [n]
    reveal_shape(torch.Tensor(n, m))  # R: [n, m]
    reveal_shape(torch.normal(0.0, 1.0, (n, m)))  # R: [n, m]


def ranges(n: int, m: int) -> None:
    reveal_shape(torch.arange(n))  # R: [n]
    reveal_shape(torch.arange(2, 7))  # R: [5]
    reveal_shape(torch.arange(0, 2 * n, 2))  # R: [n]
    reveal_shape(torch.arange(n, n + m))  # R: [m]
    reveal_shape(torch.arange(10, 0, -3))  # R: [4]
    reveal_shape(torch.arange(0, 1, 0.25))  # R: [4]
    reveal_shape(torch.linspace(0, 1, n))  # R: [n]
    reveal_shape(torch.linspace(-1, 1, steps=5))  # R: [5]
    reveal_shape(torch.logspace(0, 1, 4))  # R: [4]
    reveal_shape(torch.hann_window(n))  # R: [n]


def like(x: Float[Tensor, "b t"], y: Float[Tensor, "*batch d"]) -> None:
    reveal_shape(torch.zeros_like(x))  # R: [b, t]
    reveal_shape(torch.ones_like(y))  # R: [*batch, d]
    reveal_shape(torch.randn_like(x))  # R: [b, t]
    reveal_shape(torch.rand_like(x))  # R: [b, t]
    reveal_shape(torch.empty_like(x))  # R: [b, t]
    reveal_shape(torch.full_like(x, 2.0))  # R: [b, t]
    reveal_shape(torch.randint_like(x, 5))  # R: [b, t]
    reveal_shape(torch.zeros(x.shape))  # R: [b, t]
    reveal_shape(torch.zeros(x.size()))  # R: [b, t]
    reveal_shape(torch.zeros(*x.shape, 3))  # R: [b, t, 3]
    reveal_shape(torch.zeros(x.size(0), 2 * x.size(1)))  # R: [b, 2*t]
    reveal_shape(torch.ones(y.shape[:-1]))  # R: [*batch]
    reveal_shape(torch.ones(*y.shape[:-1], 4))  # R: [*batch, 4]
    reveal_shape(x.new_zeros(5, x.size(0)))  # R: [5, b]
    reveal_shape(x.new_ones((2, 3)))  # R: [2, 3]
    reveal_shape(x.new_full((2, 3), 1.0))  # R: [2, 3]
    reveal_shape(x.new_empty(x.shape))  # R: [b, t]
    reveal_shape(x.new_tensor([1.0, 2.0]))  # R: [2]
    reveal_shape(torch.bernoulli(x))  # R: [b, t]


def lists(n: int) -> None:
    reveal_shape(torch.tensor(3.0))  # R: []
    reveal_shape(torch.tensor([1, 2, 3]))  # R: [3]
    reveal_shape(torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))  # R: [3, 2]
    reveal_shape(torch.tensor([0.0] * n))  # R: [n]
    reveal_shape(torch.tensor([[0, 1] for _ in range(n)]))  # R: [n, 2]
    reveal_shape(torch.as_tensor([n, n + 1]))  # R: [2]
    reveal_shape(torch.tensor([]))  # R: [0]


def triangles(n: int) -> None:
    reveal_shape(torch.tril_indices(3, 3))  # R: [2, 6]
    reveal_shape(torch.triu_indices(4, 4, 1))  # R: [2, 6]
    rows, columns = torch.triu_indices(5, 5, offset=1)
    reveal_shape(rows)  # R: [10]


def samples(p: Float[Tensor, "b v"]) -> None:
    reveal_shape(torch.multinomial(p, 1))  # R: [b, 1]
    reveal_shape(p.multinomial(num_samples=5, replacement=True))  # R: [b, 5]
    reveal_shape(torch.multinomial(p[0], 3))  # R: [3]


def rows_of_other_lengths() -> None:
    torch.tensor([[1, 2], [3]])  # E: [creation_error_ragged]


def negative_size() -> None:
    torch.zeros(2, -1)  # E: [creation_error_negative_size]


def range_that_runs_away() -> None:
    torch.arange(5, 2)  # E: [arange_error_bounds]


def range_without_a_step() -> None:
    torch.arange(0, 5, 0)  # E: [arange_error_bounds]


def more_samples_than_there_are(p: Float[Tensor, "b 3"]) -> None:
    torch.multinomial(p, 4)  # E: [sample_error_count]


def samples_of_rank_three(p: Float[Tensor, "a b v"]) -> None:
    torch.multinomial(p, 1)  # E: [rank_error_mismatch]


def mask_of_swapped_sizes(x: Float[Tensor, "b t"]) -> None:
    mask = torch.zeros(x.size(1), x.size(0))
    x * mask  # E: [broadcast_error_incompatible_dimensions] "got t and b"


def positions_of_another_length(x: Float[Tensor, "b t d"]) -> None:
    positions = torch.arange(x.size(2))
    x[..., 0] + positions  # E: [broadcast_error_incompatible_dimensions] "got t and d"


def noise_without_the_batch(x: Float[Tensor, "b c"], t: Int[Tensor, "b"]) -> None:
    noise = torch.randn(x.size(1))
    t * noise  # E: [broadcast_error_incompatible_dimensions] "got b and c"
