"""dtypes are carried along, and a certain clash is an error."""

import torch
import torch.nn as nn
from jaxtyping import Bool, Float, Float32, Float64, Int, Int64, Num, Shaped
from shapetorch import reveal_shape
from torch import Tensor


def floats(x: Float[Tensor, "b"]) -> Float[Tensor, "b"]:
    return x * 2


def integers(i: Int[Tensor, "b"]) -> Int[Tensor, "b"]:
    return i + 1


def booleans(m: Bool[Tensor, "b"]) -> Bool[Tensor, "b"]:
    return ~m


def right(x: Float[Tensor, "3"], i: Int[Tensor, "3"], m: Bool[Tensor, "3"]) -> None:
    floats(x)
    floats(x[m])
    integers(i)
    booleans(m)
    booleans(x > 0)
    integers(i.argmax(0, keepdim=True))
    floats(i.float())
    floats(torch.zeros(3))


def clashes(x: Float[Tensor, "3"], i: Int[Tensor, "3"], m: Bool[Tensor, "3"]) -> None:
    floats(i)  # E: [argument_error_dtype_mismatch] "dtype must be Float, got Int"
    integers(x)  # E: [argument_error_dtype_mismatch] "dtype must be Int, got Float"
    booleans(x)  # E: [argument_error_dtype_mismatch]
    floats(x > 0)  # E: [argument_error_dtype_mismatch] "dtype must be Float"
    integers(m)  # E: [argument_error_dtype_mismatch]
    floats(x.argmax(0, keepdim=True))  # E: [argument_error_dtype_mismatch]


def result(x: Float[Tensor, "b"]) -> Bool[Tensor, "b"]:
    return x > 0


def result_wrong(x: Float[Tensor, "b"]) -> Int[Tensor, "b"]:
    return x > 0  # E: [return_error_dtype_mismatch] "dtype must be Int"


def conversions(x: Float[Tensor, "b"], i: Int[Tensor, "b"]) -> None:
    floats(i.to(torch.float32))
    integers(x.long())
    integers(x.to(torch.int64))
    booleans(i.bool())
    floats(x.long())  # E: [argument_error_dtype_mismatch]
    integers(x.to(torch.float64))  # E: [argument_error_dtype_mismatch]


def created() -> None:
    floats(torch.zeros(3))
    integers(torch.zeros(3, dtype=torch.long))
    booleans(torch.ones(3, dtype=torch.bool))
    integers(torch.arange(3))
    integers(torch.zeros(3, dtype=torch.float32))  # E: [argument_error_dtype_mismatch]


def classes(x: Float32[Tensor, "b"], y: Float64[Tensor, "b"], i: Int64[Tensor, "b"]) -> None:
    floats(x)
    floats(y)
    integers(i)
    floats(i)  # E: [argument_error_dtype_mismatch]


def single(x: Float32[Tensor, "b"]) -> None: ...


def precision(x: Float32[Tensor, "b"], y: Float64[Tensor, "b"], z: Float[Tensor, "b"]) -> None:
    single(x)
    single(z)
    single(y)  # E: [argument_error_dtype_mismatch] "dtype must be Float32, got Float64"


def numbers(x: Num[Tensor, "b"], y: Shaped[Tensor, "b"]) -> None: ...


def any_number(x: Float[Tensor, "b"], i: Int[Tensor, "b"], m: Bool[Tensor, "b"]) -> None:
    numbers(x, m)
    numbers(i, x)
    numbers(m, x)  # E: [argument_error_dtype_mismatch]


def unknown(x: Tensor, y: Num[Tensor, "b"]) -> None:
    floats(x)
    integers(x)
    floats(y)
    floats(x + 1)


class Embed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(7, 3)

    def forward(self, i: Int[Tensor, "b"]) -> Float[Tensor, "b 3"]:
        reveal_shape(self.table(i))  # R: [b, 3]
        return self.table(i)

    def wrong(self, i: Int[Tensor, "b"]) -> Int[Tensor, "b 3"]:
        return self.table(i)  # E: [return_error_dtype_mismatch]


def one_of(x: Float[Tensor, "b"] | Int[Tensor, "b"]) -> None: ...


def passes_one_of(x: Float[Tensor, "b"], i: Int[Tensor, "b"], m: Bool[Tensor, "b"]) -> None:
    one_of(x)
    one_of(i)
    one_of(m)  # E: [argument_error_dtype_mismatch]
