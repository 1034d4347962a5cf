"""Which parts of torch mypy need not read.

``import torch`` drags in about 1,400 modules. Most are internals that no ordinary program mentions; mypy
is told to skip them, and what comes from there is ``Any``. A package is skipped only if none of its
words occurs in the program's sources: not its own name, and none of the public names that torch
re-exports from it. So whatever a program can name keeps its types.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from shapetorch.flow.program import Source

# Package: further words that need it, besides the last part of its name. Found by measuring which
# packages cost time and comparing the errors; tests/cli/test_torch_internals.py compares again.
SKIPPABLE: dict[str, tuple[str, ...]] = {
    "torch._C._acc": (),
    "torch._C._aoti": (),
    "torch._C._autograd": (),
    "torch._C._cudnn": (),
    "torch._C._distributed_autograd": ("distributed",),
    "torch._C._distributed_c10d": ("distributed",),
    "torch._C._distributed_rpc": ("distributed",),
    "torch._C._dynamo": (),
    "torch._C._export": (),
    "torch._C._functorch": (),
    "torch._C._instruction_counter": (),
    "torch._C._itt": (),
    "torch._C._jit_tree_views": (),
    "torch._C._lazy": (),
    "torch._C._monitor": (),
    "torch._C._nativert": (),
    "torch._C._nvtx": (),
    "torch._C._onnx": ("onnx",),
    "torch._C._profiler": ("profiler",),
    "torch._C._verbose": (),
    "torch._classes": ("classes",),
    "torch._custom_op": (),
    "torch._custom_ops": (),
    "torch._decomp": (),
    "torch._dispatch": (),
    "torch._dynamo": ("compiler",),
    "torch._export": ("export",),
    "torch._functorch": ("func", "vmap", "functorch"),
    "torch._guards": (),
    "torch._higher_order_ops": ("cond", "while_loop", "flex_attention", "higher_order"),
    "torch._inductor": ("compiler",),
    "torch._lazy": (),
    "torch._library": ("library",),
    "torch._logging": (),
    "torch._meta_registrations": (),
    "torch._native": (),
    "torch._numpy": (),
    "torch._ops": ("ops",),
    "torch._prims": (),
    "torch._refs": (),
    "torch._storage_docs": (),
    "torch._strobelight": (),
    "torch._subclasses": ("FakeTensor", "FakeTensorMode"),
    "torch._tensor_docs": (),
    "torch._torch_docs": (),
    "torch._vendor": (),
    "torch._weights_only_unpickler": (),
    "torch.accelerator": (),
    "torch.ao": ("quantization",),
    "torch.amp": ("autocast", "GradScaler"),
    "torch.autograd.forward_ad": ("jvp",),
    "torch.autograd.gradcheck": ("gradgradcheck",),
    "torch.autograd.profiler": ("profile", "record_function"),
    "torch.autograd.profiler_legacy": ("profiler",),
    "torch.backends": (),
    "torch.compiler": (),
    "torch.cpu": (),
    "torch.cuda": (),
    "torch.distributed": ("DistributedDataParallel", "ReduceOp", "DeviceMesh", "dist"),
    "torch.distributions": (),
    "torch.export": (),
    "torch.func": ("vmap",),
    "torch.futures": ("Future",),
    "torch.fx": (),
    "torch.hub": (),
    "torch.jit": ("script", "trace", "ScriptModule", "ScriptFunction"),
    "torch.library": (),
    "torch.masked": (),
    "torch.monitor": (),
    "torch.mps": (),
    "torch.mtia": (),
    "torch.multiprocessing": (),
    "torch.nested": (),
    "torch.nn.intrinsic": (),
    "torch.nn.parallel": ("DataParallel", "DistributedDataParallel", "data_parallel"),
    "torch.nn.qat": (),
    "torch.nn.quantizable": (),
    "torch.nn.quantized": (),
    "torch.nn.utils.parametrizations": ("spectral_norm", "weight_norm", "orthogonal"),
    "torch.nn.utils.parametrize": (
        "parametrizations",
        "spectral_norm",
        "weight_norm",
        "orthogonal",
    ),
    "torch.nn.utils.prune": (),
    "torch.onnx": (),
    "torch.optim": (),
    "torch.overrides": (
        "handle_torch_function",
        "has_torch_function",
        "get_default_nowrap_functions",
        "TorchFunctionMode",
    ),
    "torch.package": (),
    "torch.profiler": ("profile",),
    "torch.quantization": (),
    "torch.signal": (),
    "torch.sparse": (),
    "torch.testing": (),
    "torch.utils._cxx_pytree": (),
    "torch.utils._python_dispatch": ("TorchDispatchMode",),
    "torch.utils._pytree": ("pytree", "tree_map"),
    "torch.utils._sympy": (),
    "torch.utils.benchmark": (),
    "torch.utils.bottleneck": (),
    "torch.utils.data": ("DataLoader", "Dataset", "TensorDataset", "random_split"),
    "torch.utils.model_dump": (),
    "torch.utils.serialization": (),
    "torch.utils.tensorboard": ("SummaryWriter",),
    "torch.xpu": (),
    "numpy": ("from_numpy",),
    "sympy": (),
}

WORD = re.compile(r"[^\W\d]\w*")


def unneeded(sources: Iterable[Source]) -> list[str]:
    """The packages that a program with these sources does not mention."""
    words: set[str] = set()
    for source in sources:
        words.update(_words(source))
        if "numpy" in source.text or "ndarray" in source.text:
            words.add("numpy")
    return [
        package
        for package, others in SKIPPABLE.items()
        if words.isdisjoint((package.rpartition(".")[2], *others))
    ]


def mention_torch(sources: Iterable[Source]) -> bool:
    """Whether a program may import torch."""
    return any("torch" in source.text for source in sources)


def _words(source: Source) -> set[str]:
    """The names a module takes from torch: imported, or as attributes of what it imported."""
    try:
        tree = ast.parse(source.text)
    except (SyntaxError, ValueError, RecursionError):
        return set(WORD.findall(source.text))
    words: set[str] = set()
    roots: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if _is_torch(alias.name):
                    words.update(alias.name.split("."))
                    roots.add(alias.asname or alias.name.split(".")[0])
        elif isinstance(node, ast.ImportFrom) and not node.level and _is_torch(node.module or ""):
            words.update((node.module or "").split("."), (alias.name for alias in node.names))
            roots.update(alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Constant) and "torch." in str(node.value):
            words.update(WORD.findall(str(node.value)))  # an annotation in quotes
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _root(node) in roots:
            words.add(node.attr)
    return words


def _is_torch(module: str) -> bool:
    return module == "torch" or module.startswith("torch.")


def _root(node: ast.expr) -> str | None:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None
