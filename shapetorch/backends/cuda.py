"""CUDA's switches, which have no effect."""

from types import SimpleNamespace

matmul = SimpleNamespace(
    allow_tf32=False,
    allow_fp16_reduced_precision_reduction=True,
    allow_bf16_reduced_precision_reduction=True,
)
"""How exact matrix products on CUDA devices are to be."""


def is_built() -> bool:
    """Whether the library can use CUDA: no."""
    return False
