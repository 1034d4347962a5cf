"""One operation called in all the ways PyTorch takes it: keywords, NumPy's spelling, ``out=``, sequences."""
# judge: torch

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn

from shapetorch import reveal_shape


def keywords(x: Float[Tensor, "b t"], y: Float[Tensor, "t n"]) -> None:
    reveal_shape(torch.sum(input=x, dim=1))  # R: [b]
    reveal_shape(torch.cat(tensors=[x, x], dim=0))  # R: [2*b, t]
    reveal_shape(torch.matmul(input=x, other=y))  # R: [b, n]
    reveal_shape(torch.transpose(input=x, dim0=0, dim1=1))  # R: [t, b]
    reveal_shape(torch.unsqueeze(input=x, dim=0))  # R: [1, b, t]
    reveal_shape(torch.reshape(input=x, shape=(-1,)))  # R: [b*t]
    reveal_shape(torch.permute(input=x, dims=(1, 0)))  # R: [t, b]
    reveal_shape(torch.where(condition=x > 0, input=x, other=x))  # R: [b, t]
    reveal_shape(torch.zeros(size=(3, 5), dtype=torch.long))  # R: [3, 5]
    reveal_shape(F.softmax(input=x, dim=1))  # R: [b, t]
    reveal_shape(F.linear(input=x, weight=y.T))  # R: [b, n]
    reveal_shape(nn.Linear(in_features=y.size(0), out_features=3)(input=x))  # R: [b, 3]


def numpy_spelling(x: Float[Tensor, "b t"]) -> None:
    reveal_shape(torch.sum(x, axis=1))  # R: [b] # M: [call-overload] # M: [call-overload]
    kept = x.mean(axis=0, keepdims=True)  # M: [call-overload] # M: [call-overload]
    reveal_shape(kept)  # R: [1, t]
    reveal_shape(torch.cat([x, x], axis=1))  # R: [b, 2*t] # M: [call-arg]
    reveal_shape(x.max(axis=1).values)  # R: [b] # M: [call-overload]


def into_another(x: Float[Tensor, "b t"]) -> None:
    result = torch.empty(x.size(0), x.size(1))
    reveal_shape(torch.add(x, x, out=result))  # R: [b, t]
    torch.matmul(x, x.T, out=torch.empty(0))
    reveal_shape(torch.sum(x, 1, out=torch.empty(x.size(0))))  # R: [b]


def sizes_as_sequences(x: Float[Tensor, "b t d"]) -> None:
    b, t, d = x.size()
    reveal_shape(x.view([b, t * d]))  # R: [b, d*t]
    reveal_shape(x.view((b, -1)))  # R: [b, d*t]
    reveal_shape(x.view(torch.Size([b, t, d])))  # R: [b, t, d]
    reveal_shape(x.reshape(x.shape[:1] + (-1,)))  # R: [b, d*t]
    reveal_shape(x.reshape(*x.shape[:2], 1, d))  # R: [b, t, 1, d]
    reveal_shape(x.expand(torch.Size((2, b, t, d))))  # R: [2, b, t, d]
    reveal_shape(x.permute(2, *range(2)))  # R: [d, b, t]
    reveal_shape(x.sum(dim=list(range(1, 3))))  # R: [b]
    reveal_shape(torch.zeros(list(x.shape)))  # R: [b, t, d]
    reveal_shape(x.repeat([2, 1, 1]))  # R: [2*b, t, d]
    reveal_shape(x.new_zeros([b] + [t]))  # R: [b, t]


def sizes_asked(x: Float[Tensor, "b t d"]) -> None:
    reveal_shape(torch.zeros(len(x)))  # R: [b]
    reveal_shape(torch.zeros(x.shape[-1]))  # R: [d]
    reveal_shape(torch.zeros(x.size(dim=1)))  # R: [t]
    reveal_shape(torch.zeros(x.numel()))  # R: [b*d*t]
    reveal_shape(torch.zeros(x.ndim, x.dim()))  # R: [3, 3]
    reveal_shape(torch.zeros(x.shape.numel() // x.shape[0]))  # R: [d*t]
    reveal_shape(torch.zeros(x.stride(2), x.element_size()))  # R: [?, ?]


def numbers_and_tensors(x: Float[Tensor, "b t"], s: Float[Tensor, ""]) -> None:
    reveal_shape(torch.maximum(x, s))  # R: [b, t]
    reveal_shape(1 - x)  # R: [b, t]
    reveal_shape(2**x + True)  # R: [b, t]
    reveal_shape(torch.pow(2, x))  # R: [b, t]
    reveal_shape(s * x + float(s))  # R: [b, t]
    reveal_shape(torch.where(x > 0, 1.0, 0.0))  # R: [b, t]
    reveal_shape(x.clamp(s, s))  # R: [b, t]
    reveal_shape(x.sum().item() * x)  # R: [b, t]


def keyword_out_of_range(x: Float[Tensor, "b t"]) -> None:
    torch.sum(input=x, dim=2)  # E: [dimension_error_out_of_range]


def axis_out_of_range(x: Float[Tensor, "b t"]) -> None:
    x.mean(axis=2)  # E: [dimension_error_out_of_range] # M: [call-overload]


def keywords_swapped(x: Float[Tensor, "b t"], y: Float[Tensor, "t n"]) -> None:
    torch.matmul(other=x, input=y)  # E: [matmul_error_inner_dimensions_do_not_match] "got n and b"


def sequence_of_other_sizes(x: Float[Tensor, "b t d"]) -> None:
    b, t, d = x.size()
    x.view([b, t + d])  # E: [reshape_error_element_count]
