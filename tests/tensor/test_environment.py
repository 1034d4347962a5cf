"""The state of the process: as PyTorch's where it has a meaning, and the truth where it has none."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator

import numpy as np
import pytest

pytest.importorskip("torch")  # what imports this is skipped without it

import torch

import shapetorch
from shapetorch.tensor import buffers
from tests.tensor.expressions import difference


@pytest.fixture(autouse=True)
def state_as_before() -> Iterator[None]:
    """Whatever a test switches on is off again."""
    yield
    for library in (torch, shapetorch):
        library.use_deterministic_algorithms(False)
        library.set_warn_always(False)
        library.set_float32_matmul_precision("highest")
        library.set_default_dtype(library.float32)
        library.set_default_device(None)


EXPRESSIONS = """\
torch.are_deterministic_algorithms_enabled()
torch.use_deterministic_algorithms(True); torch.are_deterministic_algorithms_enabled()
torch.use_deterministic_algorithms(True); torch.get_deterministic_debug_mode()
torch.use_deterministic_algorithms(True, warn_only=True); torch.get_deterministic_debug_mode()
torch.use_deterministic_algorithms(True, warn_only=True); torch.is_deterministic_algorithms_warn_only_enabled()
torch.set_deterministic_debug_mode("warn"); torch.get_deterministic_debug_mode()
torch.set_deterministic_debug_mode(2); torch.are_deterministic_algorithms_enabled()
torch.set_deterministic_debug_mode(3)
torch.set_deterministic_debug_mode("foo")
torch.set_deterministic_debug_mode(None)
torch.use_deterministic_algorithms(1)
torch.autocast_increment_nesting(), torch.autocast_increment_nesting(), torch.autocast_decrement_nesting(), torch.autocast_decrement_nesting()
torch.clear_autocast_cache()
torch.get_autocast_cpu_dtype()
torch.get_autocast_gpu_dtype()
torch.get_autocast_ipu_dtype()
torch.get_autocast_xla_dtype()
torch.get_autocast_dtype("cpu")
torch.is_autocast_enabled()
torch.is_autocast_enabled("cpu")
torch.is_autocast_cpu_enabled()
torch.is_autocast_ipu_enabled()
torch.is_autocast_xla_enabled()
torch.get_default_device()
torch.set_default_device("cpu"); torch.ones(2).device
torch.set_default_device(3)
torch.get_default_dtype()
torch.set_default_dtype(torch.int64)
torch.set_default_dtype("float32")
torch.set_default_dtype(torch.float64); torch.tensor(1j), torch.ones(2), torch.tensor([1.0, 2])
torch.set_default_tensor_type(torch.DoubleTensor); torch.get_default_dtype()
torch.set_default_tensor_type("torch.FloatTensor"); torch.get_default_dtype()
torch.set_default_tensor_type(torch.LongTensor)
torch.set_default_tensor_type(torch.float32)
torch.get_device_module("foo")
torch.get_float32_matmul_precision()
torch.set_float32_matmul_precision("high"); torch.get_float32_matmul_precision()
torch.set_float32_matmul_precision("foo"); torch.get_float32_matmul_precision()
torch.set_num_threads(0)
torch.set_num_threads(1.5)
torch.set_num_threads("a")
torch.set_num_interop_threads(0)
torch.set_warn_always(True); torch.is_warn_always_enabled()
torch.set_warn_always(1)
torch.is_warn_always_enabled()
torch.sym_float(3), torch.sym_int(2.5), torch.sym_int(-2.5), torch.sym_not(True), torch.sym_not(3)
torch.sym_float("a")
torch.sym_int("a")
torch.sym_float(torch.tensor(3))
torch.sym_max(1, 2.5), torch.sym_max(3, 2), torch.sym_max(3, 2.0)
torch.sym_min(1, 2.5), torch.sym_min(3, 2), torch.sym_min(3, 2.0)
torch.sym_sum([1, 2, 3])
torch.sym_ite(True, 1, 2)
torch.typename(torch.ones(2)), torch.typename(3)
torch.is_tensor(1), torch.is_tensor(torch.ones(1)), torch.is_storage(1)
torch.is_storage(torch.ones(1).untyped_storage()), torch.is_storage(torch.ones(1).storage())
torch.cpu.is_available()
torch.cuda.is_available(), torch.cuda.device_count()
torch.cuda.manual_seed_all(0)
torch.cuda.current_device()
torch.backends.mps.is_available(), torch.backends.mps.is_built()
torch.backends.cuda.is_built()
torch.version.cuda
torch.device("cuda", 1)
torch.device("cuda:1").index
torch.device("cpu:0") == torch.device("cpu")
torch.device("cpu", -1)
torch.device("cpu:-1")
torch.device("CPU")
torch.device("")
torch.device(None)
torch.device("cuda", 1) == torch.device("cuda:1")
torch.float32.itemsize, torch.float32.is_signed, torch.float32.to_complex(), torch.complex64.to_real()
torch.bfloat16.to_complex()
torch.iinfo(torch.float32)
torch.finfo(torch.int8)
torch.is_grad_enabled(), torch.is_inference_mode_enabled(), torch.is_anomaly_enabled()
"""


OF_A_CPU_BUILD = (
    "torch.set_default_device(3)",
    "torch.backends.cuda.is_built()",
    "torch.version.cuda",
)


@pytest.mark.parametrize("expression", EXPRESSIONS.splitlines())
def test_as_pytorch(expression: str) -> None:
    if expression in OF_A_CPU_BUILD and torch.version.cuda is not None:
        pytest.skip("this PyTorch is built for CUDA")
    assert difference(expression) is None


def test_the_truth_about_what_there_is() -> None:
    assert not shapetorch.is_webgpu_available()
    assert shapetorch.is_cpu_only_mode()
    assert not shapetorch.compiled_with_cxx11_abi()
    assert not shapetorch.profiler_allow_cudagraph_cupti_lazy_reinit_cuda12()
    assert not shapetorch.set_flush_denormal(True)
    assert not shapetorch.backends.cudnn.is_available()
    assert not shapetorch.backends.mkldnn.is_available()
    for name in ("webgpu", "cuda", "meta"):
        with pytest.raises(RuntimeError, match=f"'{name}' is not available"):
            shapetorch.ones(2, device=name)
    with pytest.raises(RuntimeError, match="'webgpu' is not available"):
        shapetorch.requireWebGPU()


def test_there_is_nothing_to_compile() -> None:
    assert shapetorch.compile(len) is len

    @shapetorch.compile(fullgraph=True)
    def f(x: int) -> int:
        return x + 1

    assert f(1) == 2


def test_switches_of_backends_can_be_set() -> None:
    shapetorch.backends.cudnn.benchmark = True
    shapetorch.backends.cuda.matmul.allow_tf32 = True
    shapetorch.backends.cudnn.benchmark = False


def test_the_library_for_a_device() -> None:
    assert shapetorch.createTorch() is shapetorch
    with pytest.raises(RuntimeError, match="not available"):
        shapetorch.createTorch("webgpu")
    assert shapetorch.get_device_module("cpu") is shapetorch.cpu
    assert shapetorch.get_device_module("cuda") is shapetorch.cuda
    with pytest.raises(RuntimeError, match="no module"):
        shapetorch.get_device_module("mps")


def test_a_device_as_a_context() -> None:
    with shapetorch.device("cpu"):
        assert shapetorch.ones(2).device == shapetorch.get_default_device()
    with pytest.raises(RuntimeError, match="not available"), shapetorch.device("cuda"):
        raise AssertionError("there is no such device")


def test_names_are_validated() -> None:
    assert shapetorch.validateDevice("cuda:1") == shapetorch.device("cuda", 1)
    with pytest.raises(RuntimeError, match="Expected one of"):
        shapetorch.validateDevice("cudda")
    for name in ("float32", "torch.float32", "float", shapetorch.float32):
        assert shapetorch.validateDType(name) is shapetorch.float32
    with pytest.raises(TypeError, match="expected one of bool, uint8"):
        shapetorch.validateDType("float31")


def test_a_result_is_written_into_what_was_given() -> None:
    result, out = shapetorch.ones(2), shapetorch.zeros(2)
    assert shapetorch.applyOut(result) is result
    assert shapetorch.applyOut(result, out) is out
    assert out.tolist() == [1, 1]
    with pytest.raises(RuntimeError, match="can't be cast"):
        shapetorch.applyOut(result, shapetorch.zeros(2, dtype=shapetorch.int64))


def test_paths_and_threads() -> None:
    assert shapetorch.get_file_path("shapetorch", "__init__.py") == shapetorch.__file__
    before = shapetorch.get_num_threads()
    shapetorch.set_num_threads(3)
    assert shapetorch.get_num_threads() == 3
    shapetorch.set_num_threads(before)
    shapetorch.set_num_interop_threads(2)
    assert shapetorch.get_num_interop_threads() == 2


def test_an_unknown_precision_is_a_warning() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        shapetorch.set_float32_matmul_precision("exact")
    assert "unchanged" in str(caught[0].message)


def test_memory_is_counted() -> None:
    gc.collect()
    before = shapetorch.memory_stats()
    x = shapetorch.zeros(1000, dtype=shapetorch.float64)
    views = [x[1:], x.view(10, 100), x.detach()]
    held = shapetorch.memory_stats()
    assert held["allocated_bytes.all.current"] - before["allocated_bytes.all.current"] == 8000
    assert held["active.all.current"] - before["active.all.current"] == 1 + len(views)
    del x, views
    gc.collect()
    after = shapetorch.memory_stats("cpu")
    assert after["allocated_bytes.all.current"] == before["allocated_bytes.all.current"]
    assert after["allocated_bytes.all.peak"] >= held["allocated_bytes.all.current"]
    shapetorch.reset_peak_memory_stats()
    assert shapetorch.memory_stats()["allocated_bytes.all.peak"] < held["allocated_bytes.all.peak"]


def test_buffers_are_counted_and_let_go() -> None:
    shapetorch.empty_cache()
    x = buffers.empty((1 << 20,), shapetorch.float32.numpy)
    held = shapetorch.memory_stats()
    assert held["reserved_bytes.all.current"] >= x.nbytes
    assert held["inactive_split_bytes.all.current"] == 0
    del x
    kept = shapetorch.memory_stats()
    assert kept["inactive_split_bytes.all.current"] >= 1 << 22
    shapetorch.empty_cache()
    assert shapetorch.memory_stats()["reserved_bytes.all.current"] == 0


def test_peaks_are_kept_until_they_are_reset() -> None:
    gc.collect()
    shapetorch.empty_cache()
    shapetorch.reset_peak_memory_stats()
    before = shapetorch.memory_stats()
    several = [shapetorch.zeros(10) for _ in range(20)]
    large = [buffers.empty((1 << 20,), shapetorch.float32.numpy) for _ in range(2)]
    held = shapetorch.memory_stats()
    del several, large
    gc.collect()
    shapetorch.empty_cache()
    after = shapetorch.memory_stats()
    assert after["active.all.current"] == before["active.all.current"]
    assert after["active.all.peak"] == held["active.all.current"] == before["active.all.peak"] + 20
    assert after["reserved_bytes.all.current"] == 0
    assert after["reserved_bytes.all.peak"] == held["reserved_bytes.all.current"] == 2 << 22
    small = buffers.empty((1 << 18,), shapetorch.float32.numpy)
    assert shapetorch.memory_stats()["reserved_bytes.all.peak"] == 2 << 22
    shapetorch.reset_peak_memory_stats()
    again = shapetorch.memory_stats()
    assert again["active.all.peak"] == again["active.all.current"]
    assert again["reserved_bytes.all.peak"] == again["reserved_bytes.all.current"] == small.nbytes


def test_requests_for_buffers_are_counted() -> None:
    def counted() -> tuple[int, int]:
        found = shapetorch.memory_stats()
        return found["num_alloc_requests"], found["num_alloc_reused"]

    shapetorch.empty_cache()
    requests, reused = counted()
    kind = shapetorch.float32.numpy
    buffers.empty((1 << 18,), kind)  # of the least size, let go at once
    assert counted() == (requests + 1, reused)
    kept = buffers.empty((1 << 18,), kind)
    assert counted() == (requests + 2, reused + 1)
    other = buffers.empty((1 << 18,), kind)
    assert counted() == (requests + 3, reused + 1)
    assert not np.shares_memory(kept, other)
    buffers.empty(((1 << 18) - 1,), kind)
    assert counted() == (requests + 3, reused + 1)


def test_what_the_pool_keeps_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    shapetorch.empty_cache()
    monkeypatch.setattr(buffers, "MOST_KEPT", 5 << 20)
    kind = shapetorch.uint8.numpy
    for step in range(8):
        buffers.empty(((1 + step) << 20,), kind)
        assert shapetorch.memory_stats()["reserved_bytes.all.current"] <= 8 << 20
    monkeypatch.undo()
    shapetorch.empty_cache()
    shapetorch.reset_peak_memory_stats()
    for step in range(8):
        buffers.empty(((1 + step) << 20,), kind)  # what was let go no longer counts
    assert shapetorch.memory_stats()["reserved_bytes.all.current"] == 36 << 20
    shapetorch.empty_cache()


def test_memory_handed_over_by_others_is_counted_once() -> None:
    theirs = torch.zeros(1000)
    gc.collect()
    before = shapetorch.memory_stats()["allocated_bytes.all.current"]
    capsule = torch.utils.dlpack.to_dlpack(theirs)
    ours = shapetorch.from_dlpack(capsule)
    parts = [ours[1:], ours[5:]]
    assert shapetorch.memory_stats()["allocated_bytes.all.current"] - before == 4000
    del parts
    array = np.zeros(100)
    window = np.lib.stride_tricks.as_strided(array, (50,), (8,))
    both = [shapetorch.from_numpy(array), shapetorch.from_numpy(window)]
    assert shapetorch.memory_stats()["allocated_bytes.all.current"] - before == 4800
    del both


def test_the_summary_is_a_table() -> None:
    text = shapetorch.memory_summary()
    assert "Memory of tensors" in text
    assert "Peak" in text
    assert len(shapetorch.memory_summary(abbreviated=True)) < len(text)
    with pytest.raises(RuntimeError, match="not available"):
        shapetorch.memory_stats("cuda")


def test_memory_is_counted_inside_a_map() -> None:
    counts = []

    def traced(x):  # type: ignore[no-untyped-def]
        counts.append(shapetorch.memory_stats()["active.all.current"])
        return x * 2

    shapetorch.func.vmap(traced)(shapetorch.ones(3, 2))
    assert len(counts) == 1  # the function runs once
    assert counts[0] > 0
