"""Reductions and scans: dim as an integer, a tuple, None; keepdim; both results of max and its relatives."""
# judge: torch

import torch
from jaxtyping import Float
from torch import Tensor

from shapetorch import reveal_shape


def dims(x: Float[Tensor, "b t d"]) -> None:
    reveal_shape(x.sum())  # R: []
    reveal_shape(x.sum(1))  # R: [b, d]
    reveal_shape(x.mean(-1))  # R: [b, t]
    reveal_shape(torch.mean(x, dim=(0, 2)))  # R: [t]
    reveal_shape(x.sum([1, 2]))  # R: [b]
    reveal_shape(x.prod(dim=1))  # R: [b, d]
    reveal_shape(x.amax((0, -1)))  # R: [t]
    reveal_shape(torch.amin(x, 1))  # R: [b, d]
    reveal_shape(x.sum(None))  # R: []
    reveal_shape(x.any())  # R: []
    reveal_shape((x > 0).all(-1))  # R: [b, t]
    reveal_shape(x.std())  # R: []
    reveal_shape(x.var(1))  # R: [b, d]
    reveal_shape(x.norm())  # R: []
    reveal_shape(x.norm(dim=-1))  # R: [b, t]
    reveal_shape(torch.norm(x, p=2, dim=(1, 2)))  # R: [b]
    reveal_shape(x.logsumexp(-1))  # R: [b, t]
    reveal_shape(torch.count_nonzero(x, dim=0))  # R: [t, d]
    reveal_shape(x.nansum(0))  # R: [t, d]


def kept(x: Float[Tensor, "b t d"]) -> None:
    reveal_shape(x.sum(1, keepdim=True))  # R: [b, 1, d]
    reveal_shape(x.mean(-1, True))  # R: [b, t, 1]
    reveal_shape(x.mean((1, 2), keepdim=True))  # R: [b, 1, 1]
    reveal_shape(x.norm(dim=-1, keepdim=True))  # R: [b, t, 1]
    reveal_shape(x.amax(dim=(-2, -1), keepdim=True))  # R: [b, 1, 1]
    reveal_shape(x.logsumexp(dim=1, keepdim=True))  # R: [b, 1, d]
    reveal_shape(x.argmax(-1, keepdim=True))  # R: [b, t, 1]
    reveal_shape(x - x.max(dim=-1, keepdim=True).values)  # R: [b, t, d]


def two_results(x: Float[Tensor, "b t"]) -> None:
    values, indices = x.max(dim=1)
    reveal_shape(values)  # R: [b]
    reveal_shape(indices)  # R: [b]
    reveal_shape(x.min(0).indices)  # R: [t]
    reveal_shape(x.max())  # R: []
    reveal_shape(torch.max(x, x[0]))  # R: [b, t]
    reveal_shape(x.median(dim=-1)[0])  # R: [b]
    reveal_shape(torch.median(x))  # R: []
    reveal_shape(x.mode(1).values)  # R: [b]
    variance, mean = torch.var_mean(x, dim=1, keepdim=True)
    reveal_shape(mean)  # R: [b, 1]
    deviation, mean = torch.std_mean(x)
    reveal_shape(deviation)  # R: []
    low, high = torch.aminmax(x, dim=0)
    reveal_shape(high)  # R: [t]
    reveal_shape(torch.nanmedian(x, 0).values)  # R: [t]


def places(x: Float[Tensor, "b t"]) -> None:
    reveal_shape(x.argmax())  # R: []
    reveal_shape(x.argmin(dim=1))  # R: [b]
    reveal_shape(x.quantile(0.5))  # R: []
    reveal_shape(x.quantile(0.5, dim=1))  # R: [b]
    reveal_shape(torch.quantile(x, torch.tensor([0.1, 0.5, 0.9]), dim=1))  # R: [3, b]
    reveal_shape(x.nanquantile(0.5, dim=1, keepdim=True))  # R: [b, 1]
    reveal_shape(torch.renorm(x, 2, 0, 1.0))  # R: [b, t]


def scans(x: Float[Tensor, "b t"]) -> None:
    reveal_shape(x.cumsum(1))  # R: [b, t]
    reveal_shape(torch.cumprod(x, dim=-1))  # R: [b, t]
    reveal_shape(x.cummax(0).values)  # R: [b, t]
    reveal_shape(torch.cummin(x, 1).indices)  # R: [b, t]
    reveal_shape(x.logcumsumexp(1))  # R: [b, t]
    reveal_shape(x.diff())  # R: [b, t - 1]
    reveal_shape(torch.diff(x, n=2, dim=0))  # R: [max(0, b - 2), t]
    reveal_shape(torch.trapezoid(x, dim=1))  # R: [b]
    reveal_shape(torch.cumulative_trapezoid(x))  # R: [b, t - 1]


def of_rows(x: Float[Tensor, "*batch t d"]) -> None:
    reveal_shape(x.sum(-1))  # R: [*batch, t]
    reveal_shape(x.mean(-2, keepdim=True))  # R: [*batch, 1, d]
    reveal_shape(x.mean((-2, -1)))  # R: [*batch]
    reveal_shape(x.cumsum(-1))  # R: [*batch, t, d]


def summed_beyond(x: Float[Tensor, "b t"]) -> None:
    x.sum(2)  # E: [dimension_error_out_of_range] "got 2"


def mean_beyond(x: Float[Tensor, "b t"]) -> None:
    x.mean(dim=-3)  # E: [dimension_error_out_of_range] "got -3"


def summed_over_the_same_dim_twice(x: Float[Tensor, "b t"]) -> None:
    x.sum((1, -1))  # E: [dimension_error_duplicate]


def maximum_beyond(x: Float[Tensor, "b t"]) -> None:
    x.max(2)  # E: [dimension_error_out_of_range]


def place_beyond(x: Float[Tensor, "b t"]) -> None:
    x.argmax(dim=2)  # E: [dimension_error_out_of_range]


def scan_beyond(x: Float[Tensor, "b t"]) -> None:
    x.cumsum(2)  # E: [dimension_error_out_of_range]


def largest_of_nothing() -> None:
    torch.zeros(0, 3).max()  # E: [reduction_error_no_elements]


def largest_along_nothing() -> None:
    torch.zeros(0, 3).amax(0)  # E: [reduction_error_empty]


def reduced_twice(x: Float[Tensor, "b t"]) -> None:
    x.sum(1).sum(1)  # E: [dimension_error_out_of_range]


def wrong_axis_then_used(x: Float[Tensor, "b t d"], y: Float[Tensor, "b d"]) -> None:
    x.mean(1) + y
    x.mean(2) + y  # E: [broadcast_error_incompatible_dimensions] "got t and d"


def both_results_used_as_one(x: Float[Tensor, "b t"], y: Float[Tensor, "t"]) -> None:
    x.max(dim=1).values + y  # E: [broadcast_error_incompatible_dimensions] "got b and t"


def keepdim_forgotten(x: Float[Tensor, "b t d"]) -> None:
    x / x.norm(dim=-1)  # E: [broadcast_error_incompatible_dimensions] "got d and t"
