"""Complex numbers: parts, conjugates, angles."""

from __future__ import annotations

from shapetorch.tensor.operations import operation
from shapetorch.tensor.tensors import Tensor


@operation(methods=("conj",))
def conj(input: Tensor) -> Tensor:
    """The complex conjugate; a real tensor itself."""
    return input
