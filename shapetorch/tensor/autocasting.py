"""Autocast: within it, products of matrices, convolutions and attention compute in a narrow dtype.

The operations that PyTorch lists for the CPU are enclosed (`shells`) when a program first asks for
autocast, so that others pay nothing. Those of `NARROW` take ``float32`` operands in the chosen dtype,
those of `WIDE` take narrow operands as ``float32``; all others take what comes. Conversions are recorded,
so gradients have the dtypes of the parameters.
"""

from __future__ import annotations

import functools
import threading
import warnings
from collections.abc import Callable
from types import FunctionType
from typing import Any, TypeVar

from shapetorch.tensor.devices import device
from shapetorch.tensor.dtypes import DTYPES, FLOATING, dtype
from shapetorch.tensor.shells import Call, declared_functions, enclose, once
from shapetorch.tensor.tensors import Tensor

F = TypeVar("F", bound=Callable[..., Any])
NARROW = frozenset(
    """matmul __matmul__ __rmatmul__ mm bmm addmm addbmm baddbmm linalg.multi_dot chain_matmul
    nn.functional.linear einsum tensordot inner nn.functional.prelu conv1d conv2d conv3d conv_transpose1d
    conv_transpose2d conv_transpose3d conv_tbc convolution nn.functional.scaled_dot_product_attention
    rnn_tanh_cell rnn_relu_cell rnn_tanh rnn_relu lstm nn.functional.multi_head_attention_forward
    nn.functional.affine_grid linalg.vecdot""".split()
)
WIDE = frozenset(
    """nn.functional.mse_loss nn.functional.l1_loss nn.functional.smooth_l1_loss nn.functional.huber_loss
    nn.functional.cross_entropy nn.functional.nll_loss nn.functional.binary_cross_entropy
    nn.functional.binary_cross_entropy_with_logits binary_cross_entropy_with_logits nn.functional.kl_div
    kl_div nn.functional.poisson_nll_loss poisson_nll_loss nn.functional.soft_margin_loss
    nn.functional.cosine_embedding_loss cosine_embedding_loss nn.functional.hinge_embedding_loss
    hinge_embedding_loss nn.functional.margin_ranking_loss margin_ranking_loss
    nn.functional.triplet_margin_loss triplet_margin_loss nn.functional.multilabel_margin_loss
    nn.functional.multi_margin_loss nn.functional.ctc_loss ctc_loss prod quantile nanquantile
    cdist trace polar stft fft.fft fft.ifft fft.fft2 fft.ifft2 fft.fftn fft.ifftn fft.rfft fft.irfft
    fft.rfft2 fft.irfft2 fft.rfftn fft.irfftn fft.hfft fft.ihfft linalg.inv linalg.inv_ex linalg.cholesky
    linalg.cholesky_ex linalg.eigh linalg.eigvalsh linalg.eig linalg.eigvals linalg.svdvals linalg.svd
    linalg.qr linalg.pinv linalg.matrix_rank linalg.solve linalg.tensorinv linalg.tensorsolve linalg.cond
    linalg.householder_product linalg.lstsq cholesky_solve lu_solve ormqr triangular_solve view_as_complex
    nn.functional.grid_sample fake_quantize_per_tensor_affine nn.functional.avg_pool3d nn.functional.lp_pool3d
    nn.functional.max_pool3d max_pool3d nn.functional.max_pool3d_with_indices nn.functional.max_unpool1d
    nn.functional.max_unpool2d nn.functional.max_unpool3d nn.functional.adaptive_avg_pool3d
    nn.functional.adaptive_max_pool3d nn.functional.adaptive_max_pool3d_with_indices
    nn.functional.fractional_max_pool2d nn.functional.fractional_max_pool2d_with_indices
    nn.functional.fractional_max_pool3d nn.functional.fractional_max_pool3d_with_indices""".split()
)
UNTOUCHED = frozenset(("grouped_mm", "nn.functional.grouped_mm"))
"""Take what comes, and so do the products that they are made of."""
SUPPORTED = ("bfloat16", "float16")


class _State(threading.local):
    """Of this thread.

    Attributes:
        enabled: Whether operations on the CPU convert.
        dtype: To what.
        cache: Whether converted weights are kept; none are, whatever it says.
    """

    enabled = False
    dtype = DTYPES["bfloat16"]
    cache = True


STATE = _State()


@once
def install() -> None:
    """Have the operations of both lists ask for autocast, from now on."""
    for names, function in declared_functions():
        if not NARROW.isdisjoint(names):
            enclose(function, names[0].rpartition(".")[2], _narrowing)
        elif not WIDE.isdisjoint(names):
            enclose(function, names[0].rpartition(".")[2], _widening)
        elif not UNTOUCHED.isdisjoint(names):
            enclose(function, names[0].rpartition(".")[2], _untouched)


def _narrowing(inner: FunctionType) -> Call:
    def call(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if not STATE.enabled:
            return inner(*args, **kwargs)
        kind = STATE.dtype

        def one(item: Tensor) -> Tensor:
            return item if item.dtype is kind or not _may_change(item) else item.to(kind)

        return _converted(inner, one, args, kwargs)

    return call


def _widening(inner: FunctionType) -> Call:
    def call(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if not STATE.enabled:
            return inner(*args, **kwargs)

        def one(item: Tensor) -> Tensor:
            return item.to(DTYPES["float32"]) if item.dtype.name in SUPPORTED else item

        return _converted(inner, one, args, kwargs)

    return call


def _untouched(inner: FunctionType) -> Call:
    def call(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if not STATE.enabled:
            return inner(*args, **kwargs)
        return _converted(inner, lambda item: item, args, kwargs)

    return call


def _may_change(item: Tensor) -> bool:
    return item.dtype.category == FLOATING and item.dtype.name != "float64"


def _converted(
    inner: FunctionType, one: Callable[[Tensor], Tensor], args: Any, kwargs: dict[str, Any]
) -> Any:
    def each(value: Any) -> Any:
        if isinstance(value, Tensor):
            return one(value)
        if type(value) in (tuple, list):
            return type(value)(map(each, value))
        return value

    STATE.enabled = False  # operations within this one take what comes
    try:
        return inner(*map(each, args), **{key: each(item) for key, item in kwargs.items()})
    finally:
        STATE.enabled = True


class autocast:  # noqa: N801 - PyTorch's name
    """A context, or decorator, in which operations choose their dtype; see the module.

    Args:
        device_type: The device whose operations do; only those of the CPU can.
        dtype: The narrow dtype, bfloat16 (the default) or float16.
        enabled: Whether they do.
        cache_enabled: Whether converted weights are kept; none are, whatever it says.
    """

    def __init__(
        self,
        device_type: str,
        dtype: dtype | None = None,
        enabled: bool = True,
        cache_enabled: bool | None = None,
    ) -> None:
        if not isinstance(device_type, str):
            raise ValueError(f"Expected `device_type` of type `str`, got: `{type(device_type)}`")
        self.device = device(device_type).type
        self.fast_dtype = dtype or STATE.dtype
        self.cache_enabled = STATE.cache if cache_enabled is None else cache_enabled
        self.enabled = enabled
        if enabled and self.device == "cpu" and self.fast_dtype.name not in SUPPORTED:
            warnings.warn(
                "In CPU autocast, but the target dtype is not supported. Disabling autocast.\n"
                "CPU Autocast only supports dtype of torch.bfloat16, torch.float16 currently.",
                UserWarning,
                stacklevel=2,
            )
            self.enabled = False
        elif enabled and self.device != "cpu":
            warnings.warn(
                f"User provided device_type of '{self.device}', but {self.device.upper()} is not available. "
                "Disabling",
                UserWarning,
                stacklevel=2,
            )
            self.enabled = False
        self._before: list[tuple[bool, Any, bool]] = []

    def __enter__(self) -> autocast:
        install()
        self._before.append((STATE.enabled, STATE.dtype, STATE.cache))
        if self.device == "cpu":
            STATE.enabled, STATE.dtype = self.enabled, self.fast_dtype
        STATE.cache = self.cache_enabled
        return self

    def __exit__(self, *exc_info: object) -> None:
        STATE.enabled, STATE.dtype, STATE.cache = self._before.pop()

    def __call__(self, function: F) -> F:
        @functools.wraps(function)
        def within(*args: Any, **kwargs: Any) -> Any:
            with self:
                return function(*args, **kwargs)

        return within  # type: ignore[return-value]
