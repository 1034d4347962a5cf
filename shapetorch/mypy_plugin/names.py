"""Full names, as mypy knows them."""

from __future__ import annotations

PROBE = "__shapetorch__"
"""The function the plugin adds to each module, and its name in the module's symbol table."""

PROBE_METHOD = "casefold"
PROBE_HOOK = f"builtins.str.{PROBE_METHOD}"
PROBE_TEXT = "shapetorch probe"

TENSORS = frozenset(
    {
        "torch.Tensor",
        "torch._tensor.Tensor",
        "torch._C.TensorBase",
        "torch.nn.parameter.Parameter",
        "torch.nn.parameter.Buffer",
        "torch.nn.parameter.UninitializedParameter",
        "torch.nn.parameter.UninitializedBuffer",
    }
)

INTERNAL_PREFIXES = (
    "builtins.",
    "typing.",
    "typing_extensions.",
    "collections.",
    "torch.",
    "numpy.",
)
"""Modules whose classes are never generic over sizes."""

LEFT_OPEN = frozenset(
    {"torch.nn.modules.module._grad_t", "torch.nn.modules.normalization._shape_t"}
)
"""Aliases that mypy cannot resolve while it reads all of torch, in one circle of imports; they stay open,
and ``LayerNorm((3, 4))`` is no error. ``shapetorch check`` leaves them open too, although it could tell."""


def is_tensor(fullname: str) -> bool:
    """Whether a class may be written with a shape: ``Tensor[B, 512]``."""
    return fullname in TENSORS or _is_ours(fullname, "Tensor") or _is_ours(fullname, "ShapedTensor")


def is_internal(fullname: str) -> bool:
    """Whether a name belongs to a library whose types take no sizes, but for its tensors."""
    return fullname.startswith(INTERNAL_PREFIXES) and fullname not in TENSORS


def is_dim(fullname: str) -> bool:
    """Whether a class is ``shapetorch.Dim``, an int that is the size ``N``."""
    return _is_ours(fullname, "Dim")


def is_shape(fullname: str) -> bool:
    """Whether a name is ``Shape`` or one of the helper types, which are tuples of sizes."""
    return fullname.startswith(("shapetorch.typing.", "shapetorch.annotations.objects."))


def is_dynamic_shape(fullname: str) -> bool:
    """Whether a name is ``DynamicShape``, which is a value that stands for a type."""
    return _is_ours(fullname, "DynamicShape")


def _is_ours(fullname: str, name: str) -> bool:
    return fullname.startswith("shapetorch.") and fullname.rpartition(".")[2] == name
