"""Which parts of torch mypy need not read.

``import torch`` drags in about 1,400 modules. Most are internals that no ordinary program mentions; mypy
is told to skip them, and what comes from there is ``Any``. A package is skipped only if none of its
words occurs in the program's sources: not its own name, and none of the public names that torch
re-exports from it. So whatever a program can name keeps its types.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from shapetorch.flow.program import Source

STORAGES = (
    "storage",
    "untyped_storage",
    "TypedStorage",
    "UntypedStorage",
    *(f"{kind}Storage" for kind in "Double Float Half BFloat16 Long Int Short Char Byte".split()),
    *(f"{kind}Storage" for kind in "Bool ComplexDouble ComplexFloat QUInt8 QInt8".split()),
    *(f"{kind}Storage" for kind in "QInt32 QUInt4x2 QUInt2x4".split()),
    "is_storage",
    *(".storage", ".untyped_storage", ".typed_storage", "._typed_storage", ".set_"),
)

# Package: further words that need it, besides the last part of its name. A word that starts with a dot
# is an attribute of anything, for what methods return; the package's full name stands instead of the
# last part, if that means something else elsewhere. Found by measuring which packages cost time and
# comparing the errors; tests/cli/test_torch_internals.py compares again.
SKIPPABLE: dict[str, tuple[str, ...]] = {
    "torch._C._acc": (),
    "torch._C._aoti": (),
    "torch._C._autograd": ("DeviceType", "ProfilerEvent", "SavedTensor", "kineto_available"),
    "torch._C._cpu": (),
    "torch._C._cudnn": (),
    "torch._C._distributed_autograd": ("distributed",),
    "torch._C._distributed_c10d": ("distributed",),
    "torch._C._distributed_rpc": ("distributed",),
    "torch._C._dynamo": (),
    "torch._C._export": (),
    "torch._C._functionalization": (),
    "torch._C._functorch": (),
    "torch._C._instruction_counter": (),
    "torch._C._itt": (),
    "torch._C._jit_tree_views": (),
    "torch._C._lazy": (),
    "torch._C._lazy_ts_backend": (),
    "torch._C._monitor": (),
    "torch._C._nativert": (),
    "torch._C._nvtx": (),
    "torch._C._onnx": ("onnx",),
    "torch._C._profiler": ("profiler", "ProfilerActivity", "ProfilerConfig", "ProfilerState"),
    "torch._C._verbose": (),
    "torch._VF": (),
    "torch._awaits": (),
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
    "torch._linalg_utils": ("lobpcg", "solve", "eig", "matrix_rank", "lstsq", "symeig"),
    "torch._lobpcg": ("lobpcg",),
    "torch._logging": (),
    "torch._lowrank": ("svd_lowrank", "pca_lowrank"),
    "torch._meta_registrations": (),
    "torch._native": (),
    "torch._numpy": (),
    "torch._ops": ("ops", "quantized_gru", "quantized_lstm"),
    "torch._prims": (),
    "torch._refs": (),
    "torch._size_docs": (),
    "torch._sources": (),
    "torch._storage_docs": (),
    "torch._strobelight": (),
    "torch._subclasses": ("FakeTensor", "FakeTensorMode"),
    "torch._tensor_docs": (),
    "torch._tensor_str": ("set_printoptions",),
    "torch._torch_docs": (),
    "torch._utils": ("classproperty", *STORAGES),
    "torch._utils_internal": (
        "get_file_path",
        "prepare_multiprocessing_environment",
        "profiler_allow_cudagraph_cupti_lazy_reinit_cuda12",
        "USE_GLOBAL_DEPS",
        "USE_RTLD_GLOBAL_WITH_LIBTORCH",
    ),
    "torch._vendor": (),
    "torch._vmap_internals": ("vmap", "_vmap"),
    "torch._weights_only_unpickler": (),
    "torch.accelerator": (),
    "torch.ao": ("quantization",),
    "torch.amp": ("autocast", "GradScaler"),
    "torch.autograd.anomaly_mode": ("detect_anomaly", "set_detect_anomaly"),
    "torch.autograd.forward_ad": ("jvp",),
    "torch.autograd.functional": (
        "torch.autograd.functional",
        *("jacobian", "hessian", "vjp", "jvp", "hvp", "vhp"),
    ),
    "torch.autograd.gradcheck": ("gradgradcheck",),
    "torch.autograd.profiler": ("profile", "profiler_util", "record_function"),
    "torch.autograd.profiler_legacy": ("profiler",),
    "torch.backends": (),
    "torch.compiler": (),
    "torch.cpu": (),
    "torch.cuda": (),
    "torch.distributed": ("DistributedDataParallel", "ReduceOp", "DeviceMesh", "dist"),
    "torch.distributions": (),
    "torch.export": (),
    "torch.fft": (),
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
    "torch.nn.attention": ("sdpa_kernel", "SDPBackend"),
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
        "is_tensor_like",
        "get_default_nowrap_functions",
        "TorchFunctionMode",
    ),
    "torch.package": (),
    "torch.profiler": ("profile",),
    "torch.quantization": (),
    "torch.quasirandom": ("SobolEngine",),
    "torch.signal": ("windows",),
    "torch.sparse": (),
    "torch.special": (),
    "torch.storage": STORAGES,
    "torch.testing": (),
    "torch.utils._cxx_pytree": (),
    "torch.utils._foreach_utils": (),
    "torch.utils._python_dispatch": ("TorchDispatchMode",),
    "torch.utils._pytree": ("pytree", "tree_map"),
    "torch.utils._sympy": (),
    "torch.utils.backend_registration": (
        "rename_privateuse1_backend",
        "generate_methods_for_privateuse1_backend",
    ),
    "torch.utils.benchmark": (),
    "torch.utils.bottleneck": (),
    "torch.utils.checkpoint": (),
    "torch.utils.collect_env": (),
    "torch.utils.cpp_backtrace": ("get_cpp_backtrace",),
    "torch.utils.data": ("DataLoader", "Dataset", "TensorDataset", "random_split"),
    "torch.utils.model_dump": (),
    "torch.utils.serialization": (),
    "torch.utils.tensorboard": ("SummaryWriter",),
    "torch.utils.throughput_benchmark": ("ThroughputBenchmark",),
    "torch.xpu": (),
    "einops._backends": (),
    "einops.layers._einmix": ("EinMix",),
    "jaxtyping._import_hook": ("install_import_hook", "Hook"),
    "jaxtyping._ipython_extension": ("load_ipython_extension",),
    "numpy": ("from_numpy",),
    "sympy": (),
}

PUBLIC = frozenset(package for package, words in SKIPPABLE.items() if words or "._" not in package)
"""What libraries that nobody looked through may need."""

# Here every module is skipped unless its name is mentioned or one that it defines or exports. Nothing
# that is always read may have types of these modules in its public functions.
SKIPPABLE_BY_NAMES = (
    "torch.distributions.*",
    "torch.nn.utils._*",
    "torch.nn.utils.[c-m]*",
    "torch.nn.utils.[s-w]*",
    "torch.optim.*",
    "torch.serialization",
)

WORD = re.compile(r"[^\W\d]\w*")
ROOTS = frozenset({"torch", "einops", "jaxtyping"})
EXPORTED = re.compile(r"^__all__[^=]*=\s*[\[(](.*?)[\])]", re.MULTILINE | re.DOTALL)
DEFINED = re.compile(r"^(?:class |def |(?=[\w: ,\[\]]+ = ))(\w+)", re.MULTILINE)
IMPORTED = re.compile(r"^from (\.\w*|torch\.\S+) import (\([^)]*\)|.*)", re.MULTILINE)


def needed_and_unneeded(
    sources: Iterable[Source], torch: Path | None = None, kept: Iterable[str] = ()
) -> tuple[set[str], set[str]]:
    """The packages that a program with these sources needs, and those it does not.

    Args:
        sources: Of the program, and of what it uses that uses torch.
        torch: The folder of torch, if it is installed.
        kept: What counts as needed anyway.
    """
    words: set[str] = set()
    for source in sources:
        words.update(_words(source))
        if "numpy" in source.text or "ndarray" in source.text:
            words.add("numpy")
    needed = {
        package
        for package, others in SKIPPABLE.items()
        if not words.isdisjoint(
            others if package in others else (package.rpartition(".")[2], *others)
        )
    }
    needed.update(kept)
    skipped = set(SKIPPABLE) - needed
    if torch is not None:
        modules = dict(_modules_by_names(torch, skipped))
        todo = [it for it, text in modules.items() if not words.isdisjoint(_names(it, text))]
        todo.extend(needed & set(modules))
        reached: set[str] = set()
        while todo:
            module = todo.pop()
            if module not in reached:
                reached.add(module)
                todo.extend(_imports(module, modules[module]) & set(modules))
        needed |= reached
        skipped |= set(modules) - needed
    return needed, skipped


def _modules_by_names(torch: Path, skipped: set[str]) -> Iterator[tuple[str, str]]:
    """The modules of `SKIPPABLE_BY_NAMES` and their texts."""
    for pattern in SKIPPABLE_BY_NAMES:
        _, *folders, name = pattern.split(".")
        package = ".".join(["torch", *folders])
        for path in sorted(torch.joinpath(*folders).glob(f"{name}.py")):
            module = f"{package}.{path.stem}"
            if path.stem != "__init__" and not {module, package} & skipped:
                yield module, path.read_text(encoding="utf-8", errors="replace")


def _names(module: str, text: str) -> set[str]:
    """What mentions a module of torch: its name, what it defines and what it exports."""
    exported = EXPORTED.search(text)
    found = {module, *DEFINED.findall(text), *WORD.findall(exported[1] if exported else "")}
    found.update([name.lstrip("_") for name in found])  # `from .a import _f as f`
    if module.count(".") > 1:  # `functional` is also another module's name
        found.add(module.rpartition(".")[2])
    return found


def _imports(module: str, text: str) -> set[str]:
    """The modules of torch that another one imports at its start."""
    found: set[str] = set()
    for base, names in IMPORTED.findall(text):
        package = module.rpartition(".")[0] + base.rstrip(".") if base[0] == "." else base
        found.update((package, *(f"{package}.{name}" for name in WORD.findall(names))))
    return found


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
                    words.update((alias.name, *alias.name.split(".")))
                    roots.add(alias.asname or alias.name.split(".")[0])
        elif isinstance(node, ast.ImportFrom) and not node.level and _is_torch(node.module or ""):
            names = [alias.name for alias in node.names]
            words.update((node.module or "").split("."), names)
            words.update((node.module or "", *(f"{node.module}.{name}" for name in names)))
            roots.update(alias.asname or alias.name for alias in node.names)
            if "*" in names:
                words.update(WORD.findall(source.text))
        elif isinstance(node, ast.Constant) and "torch." in str(node.value):
            words.update(WORD.findall(str(node.value)))  # an annotation in quotes
        elif isinstance(node, ast.Assign) and _root(node.value) in roots:
            roots.update(it.id for it in node.targets if isinstance(it, ast.Name))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            words.add(f".{node.attr}")
            if _root(node) in roots:
                words.add(node.attr)
    return words


def _is_torch(module: str) -> bool:
    return module.partition(".")[0] in ROOTS


def _root(node: ast.expr) -> str | None:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None
