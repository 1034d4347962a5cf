"""Shape errors in tensor code, found while it is typed.

Written by ``tools/stubs.py``.
"""

from builtins import bool as _bool
from builtins import complex as _complex
from builtins import float as _float
from builtins import int as _int
from builtins import str as _str
from collections.abc import Callable as _Callable
from collections.abc import Sequence as _Sequence
from contextlib import AbstractContextManager as _ContextManager
from shapetorch.tensor.devices import device as _device
from shapetorch.tensor.dtypes import dtype as _dtype
from shapetorch.tensor.formats import layout as _layout
from shapetorch.tensor.formats import memory_format as _memory_format
from shapetorch.tensor.generators import Generator as _Generator
from shapetorch.tensor.result_types import _ResultTypes
from shapetorch.tensor.result_types import _aminmax_result
from shapetorch.tensor.result_types import _cummax_result
from shapetorch.tensor.result_types import _cummin_result
from shapetorch.tensor.result_types import _frexp_result
from shapetorch.tensor.result_types import _geqrf_result
from shapetorch.tensor.result_types import _histogram_result
from shapetorch.tensor.result_types import _histogramdd_result
from shapetorch.tensor.result_types import _kthvalue_result
from shapetorch.tensor.result_types import _lu_unpack_result
from shapetorch.tensor.result_types import _max_result
from shapetorch.tensor.result_types import _median_result
from shapetorch.tensor.result_types import _min_result
from shapetorch.tensor.result_types import _mode_result
from shapetorch.tensor.result_types import _nanmedian_result
from shapetorch.tensor.result_types import _qr_result
from shapetorch.tensor.result_types import _slogdet_result
from shapetorch.tensor.result_types import _sort_result
from shapetorch.tensor.result_types import _svd_result
from shapetorch.tensor.result_types import _topk_result
from shapetorch.tensor.result_types import _triangular_solve_result
from shapetorch.tensor.sizes import Size as _Size
from typing import Any as _Any
from typing import Literal as _Literal
from typing import TypeAlias as _TypeAlias
from typing import overload as _overload
import numpy as _np

from shapetorch import _C as _C
from shapetorch import amp as amp
from shapetorch import annotations as annotations
from shapetorch import autograd as autograd
from shapetorch import backends as backends
from shapetorch import cpu as cpu
from shapetorch import cuda as cuda
from shapetorch import dim as dim
from shapetorch import einops as einops
from shapetorch import errors as errors
from shapetorch import fft as fft
from shapetorch import flow as flow
from shapetorch import func as func
from shapetorch import linalg as linalg
from shapetorch import nn as nn
from shapetorch import overrides as overrides
from shapetorch import profiler as profiler
from shapetorch import random as random
from shapetorch import rules as rules
from shapetorch import runtime as runtime
from shapetorch import serialization as serialization
from shapetorch import special as special
from shapetorch import typing as typing
from shapetorch import utils as utils
from shapetorch import version as version
from shapetorch.typing import AssertNoShapeError as AssertNoShapeError
from shapetorch.typing import At as At
from shapetorch.typing import AtShape as AtShape
from shapetorch.typing import BroadcastShape as BroadcastShape
from shapetorch.typing import CatShape as CatShape
from shapetorch.typing import CholeskyShape as CholeskyShape
from shapetorch.typing import CumShape as CumShape
from shapetorch.typing import DetShape as DetShape
from shapetorch.typing import DiagShape as DiagShape
from shapetorch.annotations.sizes import Dim as Dim
from shapetorch.typing import DynamicShape as DynamicShape
from shapetorch.typing import EigShape as EigShape
from shapetorch.typing import EinsumOutputShape as EinsumOutputShape
from shapetorch.errors import ErrorKind as ErrorKind
from shapetorch.typing import ExpandShape as ExpandShape
from shapetorch.typing import FlattenShape as FlattenShape
from shapetorch.typing import FlipShape as FlipShape
from shapetorch.typing import GatherShape as GatherShape
from shapetorch.typing import HasShapeError as HasShapeError
from shapetorch.typing import IndexSelectShape as IndexSelectShape
from shapetorch.typing import InverseShape as InverseShape
from shapetorch.typing import Is2D as Is2D
from shapetorch.typing import IsAtLeast1D as IsAtLeast1D
from shapetorch.typing import IsShapeError as IsShapeError
from shapetorch.typing import ItemResult as ItemResult
from shapetorch.typing import LUShape as LUShape
from shapetorch.typing import Matmul2DShape as Matmul2DShape
from shapetorch.typing import MatmulShape as MatmulShape
from shapetorch.typing import NarrowShape as NarrowShape
from shapetorch.typing import NegativeDim as NegativeDim
from shapetorch.typing import PackShape as PackShape
from shapetorch.typing import PermuteShape as PermuteShape
from shapetorch.typing import Rank as Rank
from shapetorch.typing import RearrangeShape as RearrangeShape
from shapetorch.typing import ReduceShape as ReduceShape
from shapetorch.typing import RepeatShape as RepeatShape
from shapetorch.typing import ReshapeShape as ReshapeShape
from shapetorch.typing import SVDShape as SVDShape
from shapetorch.typing import ScatterShape as ScatterShape
from shapetorch.typing import SelectShape as SelectShape
from shapetorch.typing import Shape as Shape
from shapetorch.errors import ShapeError as ShapeError
from shapetorch.typing import ShapedTensor as ShapedTensor
from shapetorch.typing import SliceShape as SliceShape
from shapetorch.typing import SoftmaxShape as SoftmaxShape
from shapetorch.typing import SqueezeShape as SqueezeShape
from shapetorch.tensor.tensors import Tensor as Tensor
from shapetorch.typing import TileShape as TileShape
from shapetorch.typing import TraceShape as TraceShape
from shapetorch.typing import TransposeDimsShape as TransposeDimsShape
from shapetorch.typing import TransposeDimsShapeChecked as TransposeDimsShapeChecked
from shapetorch.typing import TransposeShape as TransposeShape
from shapetorch.typing import UnpackShape as UnpackShape
from shapetorch.typing import UnsqueezeShape as UnsqueezeShape
from shapetorch.typing import ValidateBatchedSquareMatrix as ValidateBatchedSquareMatrix
from shapetorch.typing import ValidateChunkDim as ValidateChunkDim
from shapetorch.typing import ValidateEinsum as ValidateEinsum
from shapetorch.typing import ValidateOperandCount as ValidateOperandCount
from shapetorch.typing import ValidateRanks as ValidateRanks
from shapetorch.typing import ValidateScalar as ValidateScalar
from shapetorch.typing import ValidateSplitDim as ValidateSplitDim
from shapetorch.typing import ValidateSquareMatrix as ValidateSquareMatrix
from shapetorch.typing import ValidateUnbindDim as ValidateUnbindDim
from shapetorch.typing import ValidatedEinsumShape as ValidatedEinsumShape
from shapetorch.typing import ValidatedRearrangeShape as ValidatedRearrangeShape
from shapetorch.typing import ValidatedReduceShape as ValidatedReduceShape
from shapetorch.typing import ValidatedRepeatShape as ValidatedRepeatShape
from shapetorch.typing import assert_no_shape_error as assert_no_shape_error
from shapetorch.runtime import assert_shape as assert_shape
from shapetorch.runtime import assume as assume
from shapetorch.typing import at as at
from shapetorch.typing import at_shape as at_shape
from shapetorch.amp import autocast as autocast
from shapetorch.typing import broadcast_shape as broadcast_shape
from shapetorch.typing import cat_shape as cat_shape
from shapetorch.runtime import checked as checked
from shapetorch.typing import cholesky_shape as cholesky_shape
from shapetorch.typing import cum_shape as cum_shape
from shapetorch.typing import det_shape as det_shape
from shapetorch.typing import diag_shape as diag_shape
from shapetorch.typing import eig_shape as eig_shape
from shapetorch.typing import einsum_output_shape as einsum_output_shape
from shapetorch.autograd.modes import enable_grad as enable_grad
from shapetorch.typing import expand_shape as expand_shape
from shapetorch.typing import flatten_shape as flatten_shape
from shapetorch.typing import flip_shape as flip_shape
from shapetorch.typing import gather_shape as gather_shape
from shapetorch.typing import has_shape_error as has_shape_error
from shapetorch.typing import index_select_shape as index_select_shape
from shapetorch.autograd.modes import inference_mode as inference_mode
from shapetorch.typing import inverse_shape as inverse_shape
from shapetorch.typing import is2_d as is2_d
from shapetorch.typing import is_2d as is_2d
from shapetorch.autograd.modes import is_anomaly_check_nan_enabled as is_anomaly_check_nan_enabled
from shapetorch.autograd.modes import is_anomaly_enabled as is_anomaly_enabled
from shapetorch.typing import is_at_least1_d as is_at_least1_d
from shapetorch.typing import is_at_least_1d as is_at_least_1d
from shapetorch.autograd.modes import is_grad_enabled as is_grad_enabled
from shapetorch.autograd.modes import is_inference_mode_enabled as is_inference_mode_enabled
from shapetorch.typing import is_shape_error as is_shape_error
from shapetorch.typing import item_result as item_result
from shapetorch.serialization import load as load
from shapetorch.typing import lu_shape as lu_shape
from shapetorch.typing import matmul2_d_shape as matmul2_d_shape
from shapetorch.typing import matmul_2d_shape as matmul_2d_shape
from shapetorch.typing import matmul_shape as matmul_shape
from shapetorch.typing import narrow_shape as narrow_shape
from shapetorch.typing import negative_dim as negative_dim
from shapetorch.autograd.modes import no_grad as no_grad
from shapetorch.typing import pack_shape as pack_shape
from shapetorch.typing import permute_shape as permute_shape
from shapetorch.typing import rank as rank
from shapetorch.typing import rearrange_shape as rearrange_shape
from shapetorch.typing import reduce_shape as reduce_shape
from shapetorch.typing import repeat_shape as repeat_shape
from shapetorch.typing import reshape_shape as reshape_shape
from shapetorch.runtime import reveal_shape as reveal_shape
from shapetorch.serialization import save as save
from shapetorch.typing import scatter_shape as scatter_shape
from shapetorch.typing import select_shape as select_shape
from shapetorch.autograd.modes import set_grad_enabled as set_grad_enabled
from shapetorch.typing import slice_shape as slice_shape
from shapetorch.typing import softmax_shape as softmax_shape
from shapetorch.typing import squeeze_shape as squeeze_shape
from shapetorch.typing import svd_shape as svd_shape
from shapetorch.typing import tile_shape as tile_shape
from shapetorch.typing import trace_shape as trace_shape
from shapetorch.typing import transpose_dims_shape as transpose_dims_shape
from shapetorch.typing import transpose_dims_shape_checked as transpose_dims_shape_checked
from shapetorch.typing import transpose_shape as transpose_shape
from shapetorch.typing import unpack_shape as unpack_shape
from shapetorch.typing import unsqueeze_shape as unsqueeze_shape
from shapetorch.typing import validate_chunk_dim as validate_chunk_dim
from shapetorch.typing import validate_einsum as validate_einsum
from shapetorch.typing import validate_operand_count as validate_operand_count
from shapetorch.typing import validate_ranks as validate_ranks
from shapetorch.typing import validate_scalar as validate_scalar
from shapetorch.typing import validate_split_dim as validate_split_dim
from shapetorch.typing import validate_square_matrix as validate_square_matrix
from shapetorch.typing import validate_unbind_dim as validate_unbind_dim
from shapetorch.typing import validated_einsum_shape as validated_einsum_shape
from shapetorch.typing import validated_rearrange_shape as validated_rearrange_shape
from shapetorch.typing import validated_reduce_shape as validated_reduce_shape
from shapetorch.typing import validated_repeat_shape as validated_repeat_shape
from shapetorch.func import vmap as vmap
from shapetorch.tensor.generators import Generator as Generator
from shapetorch.tensor.sizes import Size as Size
from shapetorch.tensor.ops.storages import TypedStorage as TypedStorage
from shapetorch.tensor.ops.storages import UntypedStorage as UntypedStorage
from shapetorch.tensor.devices import device as device
from shapetorch.tensor.dtypes import dtype as dtype
from shapetorch.tensor.dtypes import finfo as finfo
from shapetorch.tensor.dtypes import iinfo as iinfo
from shapetorch.tensor.formats import layout as layout
from shapetorch.tensor.formats import memory_format as memory_format

__all__ = [
    'AssertNoShapeError',
    'At',
    'AtShape',
    'BroadcastShape',
    'CatShape',
    'CholeskyShape',
    'CumShape',
    'DetShape',
    'DiagShape',
    'Dim',
    'DynamicShape',
    'EigShape',
    'EinsumOutputShape',
    'ErrorKind',
    'ExpandShape',
    'FlattenShape',
    'FlipShape',
    'GatherShape',
    'HasShapeError',
    'IndexSelectShape',
    'InverseShape',
    'Is2D',
    'IsAtLeast1D',
    'IsShapeError',
    'ItemResult',
    'LUShape',
    'Matmul2DShape',
    'MatmulShape',
    'NarrowShape',
    'NegativeDim',
    'PackShape',
    'PermuteShape',
    'Rank',
    'RearrangeShape',
    'ReduceShape',
    'RepeatShape',
    'ReshapeShape',
    'SVDShape',
    'ScatterShape',
    'SelectShape',
    'Shape',
    'ShapeError',
    'ShapedTensor',
    'SliceShape',
    'SoftmaxShape',
    'SqueezeShape',
    'Tensor',
    'TileShape',
    'TraceShape',
    'TransposeDimsShape',
    'TransposeDimsShapeChecked',
    'TransposeShape',
    'UnpackShape',
    'UnsqueezeShape',
    'ValidateBatchedSquareMatrix',
    'ValidateChunkDim',
    'ValidateEinsum',
    'ValidateOperandCount',
    'ValidateRanks',
    'ValidateScalar',
    'ValidateSplitDim',
    'ValidateSquareMatrix',
    'ValidateUnbindDim',
    'ValidatedEinsumShape',
    'ValidatedRearrangeShape',
    'ValidatedReduceShape',
    'ValidatedRepeatShape',
    'assert_no_shape_error',
    'assert_shape',
    'assume',
    'at',
    'at_shape',
    'autocast',
    'broadcast_shape',
    'cat_shape',
    'checked',
    'cholesky_shape',
    'cum_shape',
    'det_shape',
    'diag_shape',
    'eig_shape',
    'einsum_output_shape',
    'enable_grad',
    'expand_shape',
    'flatten_shape',
    'flip_shape',
    'gather_shape',
    'has_shape_error',
    'index_select_shape',
    'inference_mode',
    'inverse_shape',
    'is2_d',
    'is_2d',
    'is_anomaly_check_nan_enabled',
    'is_anomaly_enabled',
    'is_at_least1_d',
    'is_at_least_1d',
    'is_grad_enabled',
    'is_inference_mode_enabled',
    'is_shape_error',
    'item_result',
    'load',
    'lu_shape',
    'matmul2_d_shape',
    'matmul_2d_shape',
    'matmul_shape',
    'narrow_shape',
    'negative_dim',
    'no_grad',
    'pack_shape',
    'permute_shape',
    'rank',
    'rearrange_shape',
    'reduce_shape',
    'repeat_shape',
    'reshape_shape',
    'reveal_shape',
    'save',
    'scatter_shape',
    'select_shape',
    'set_grad_enabled',
    'slice_shape',
    'softmax_shape',
    'squeeze_shape',
    'svd_shape',
    'tile_shape',
    'trace_shape',
    'transpose_dims_shape',
    'transpose_dims_shape_checked',
    'transpose_shape',
    'unpack_shape',
    'unsqueeze_shape',
    'validate_chunk_dim',
    'validate_einsum',
    'validate_operand_count',
    'validate_ranks',
    'validate_scalar',
    'validate_split_dim',
    'validate_square_matrix',
    'validate_unbind_dim',
    'validated_einsum_shape',
    'validated_rearrange_shape',
    'validated_reduce_shape',
    'validated_repeat_shape',
    'vmap',
]
__version__: _str

bool: _dtype

uint8: _dtype

int8: _dtype

int16: _dtype

int32: _dtype

int64: _dtype

float16: _dtype

float32: _dtype

float64: _dtype

complex64: _dtype

complex128: _dtype

bfloat16: _dtype

half: _dtype

float: _dtype

double: _dtype

short: _dtype

int: _dtype

long: _dtype

cfloat: _dtype

cdouble: _dtype

strided: _layout

sparse_coo: _layout

sparse_csr: _layout

sparse_csc: _layout

sparse_bsr: _layout

sparse_bsc: _layout

jagged: _layout

contiguous_format: _memory_format

preserve_format: _memory_format

channels_last: _memory_format

channels_last_3d: _memory_format

FloatTensor: _TypeAlias = Tensor

DoubleTensor: _TypeAlias = Tensor

HalfTensor: _TypeAlias = Tensor

BFloat16Tensor: _TypeAlias = Tensor

LongTensor: _TypeAlias = Tensor

IntTensor: _TypeAlias = Tensor

ShortTensor: _TypeAlias = Tensor

CharTensor: _TypeAlias = Tensor

ByteTensor: _TypeAlias = Tensor

BoolTensor: _TypeAlias = Tensor

ComplexFloatTensor: _TypeAlias = Tensor

ComplexDoubleTensor: _TypeAlias = Tensor

default_generator: _Generator

e: _float

inf: _float

nan: _float

newaxis: None

pi: _float

return_types: _ResultTypes

def relu(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The positive part."""

def relu_(self: Tensor) -> Tensor:
    """`relu` in place."""

def elu(input: Tensor, alpha: _float = 1.0, inplace: _bool = False) -> Tensor:
    """The tensor where it is positive, ``alpha * (exp(input) - 1)`` elsewhere."""

def celu(input: Tensor, alpha: _float = 1.0, inplace: _bool = False) -> Tensor:
    """The tensor where it is positive, ``alpha * (exp(input / alpha) - 1)`` elsewhere."""

def selu(input: Tensor, inplace: _bool = False) -> Tensor:
    """`elu` with the constants that keep mean 0 and variance 1."""

def sigmoid(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``1 / (1 + exp(-input))``."""

def sigmoid_(self: Tensor) -> Tensor:
    """`sigmoid` in place."""

def silu(input: Tensor, inplace: _bool = False) -> Tensor:
    """``input * sigmoid(input)``."""

def mish(input: Tensor, inplace: _bool = False) -> Tensor:
    """``input * tanh(softplus(input))``."""

def softplus(input: Tensor, beta: _float = 1, threshold: _float = 20) -> Tensor:
    """``log(1 + exp(beta * input)) / beta``; the input itself where ``beta * input > threshold``."""

def logsigmoid(input: Tensor) -> Tensor:
    """``log(sigmoid(input))`` without overflow."""

def gelu(input: Tensor, approximate: _str = 'none') -> Tensor:
    """``input`` times the normal distribution function of it.

    Args:
        input: The tensor.
        approximate: "none", or "tanh" for the approximation by the hyperbolic tangent.

    Raises:
        RuntimeError: `approximate` is something else.
    """

def softsign(input: Tensor) -> Tensor:
    """``input / (1 + |input|)``."""

def tanhshrink(input: Tensor) -> Tensor:
    """``input - tanh(input)``."""

def glu(input: Tensor, dim: _int = -1) -> Tensor:
    """The first half of a dim, times the sigmoid of the second.

    Raises:
        ShapeError: dimension_error_out_of_range, glu_error_odd_size.
    """

def elu_(input: Tensor, *args: _Any, **kwargs: _Any) -> Tensor:
    """`elu` in place."""

def celu_(input: Tensor, *args: _Any, **kwargs: _Any) -> Tensor:
    """`celu` in place."""

def selu_(input: Tensor, *args: _Any, **kwargs: _Any) -> Tensor:
    """`selu` in place."""

def matmul(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The matrix product, batched and broadcast over leading dims.

    Args:
        input: ``(K,)``, ``(M, K)`` or ``(*A, M, K)``.
        other: ``(K,)``, ``(K, N)`` or ``(*B, K, N)``.

    Returns:
        ``(*broadcast(A, B), M, N)``; a vector operand's missing size is left out.

    Raises:
        ShapeError: matmul_error_scalar_operand, matmul_error_inner_dimensions_do_not_match,
            batch_dimensions_do_not_match_error.
        RuntimeError: the dtypes differ, or are bool.
    """

def mm(input: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The product of two matrices."""

def bmm(input: Tensor, mat2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The products ``(B, M, N)`` of the matrices of two batches."""

def mv(input: Tensor, vec: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The product of a matrix and a vector."""

def dot(input: Tensor, tensor: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The product of two vectors of one length, a number."""

def vdot(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The product of two vectors of one length, the first conjugated."""

def inner(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The products over the last dims of ``(*A, K)`` and ``(*B, K)``: ``(*A, *B)``; a number multiplies."""

def outer(input: Tensor, vec2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """All products ``(M, N)`` of the elements of two vectors."""

def ger(input: Tensor, vec2: Tensor, *, out: Tensor | None = None) -> Tensor:
    """All products ``(M, N)`` of the elements of two vectors."""

def addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: _complex = 1, alpha: _complex = 1, out: Tensor | None = None) -> Tensor:
    """``beta * input + alpha * mat1 @ mat2``; `input` expands to the product."""

def addmv(input: Tensor, mat: Tensor, vec: Tensor, *, beta: _complex = 1, alpha: _complex = 1, out: Tensor | None = None) -> Tensor:
    """``beta * input + alpha * mat @ vec``; `input` expands to the product."""

def addmv_(input: Tensor, mat: Tensor, vec: Tensor, *, beta: _complex = 1, alpha: _complex = 1) -> Tensor:
    """`addmv` in place."""

def baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: _complex = 1, alpha: _complex = 1, out: Tensor | None = None) -> Tensor:
    """``beta * input + alpha * batch1 @ batch2`` of batches of matrices; `input` expands."""

def addbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: _complex = 1, alpha: _complex = 1, out: Tensor | None = None) -> Tensor:
    """``beta * input + alpha * sum(batch1 @ batch2)``, the sum over the batch; `input` expands."""

def addr(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: _complex = 1, alpha: _complex = 1, out: Tensor | None = None) -> Tensor:
    """``beta * input + alpha * outer(vec1, vec2)``; `input` expands to the product."""

def add(input: Tensor, other: Tensor | _complex, *, alpha: _complex = 1, out: Tensor | None = None) -> Tensor:
    """``input + alpha * other``."""

def sub(input: Tensor, other: Tensor | _complex, *, alpha: _complex = 1, out: Tensor | None = None) -> Tensor:
    """``input - alpha * other``."""

def subtract(input: Tensor, other: Tensor | _complex, *, alpha: _complex = 1, out: Tensor | None = None) -> Tensor:
    """``input - alpha * other``."""

def rsub(input: Tensor, other: Tensor | _complex, *, alpha: _complex = 1, out: Tensor | None = None) -> Tensor:
    """``other - alpha * input``."""

def mul(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """``input * other``."""

def multiply(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """``input * other``."""

def floor_divide(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """``input / other`` rounded down."""

def div(input: Tensor, other: Tensor | _complex, *, rounding_mode: _str | None = None, out: Tensor | None = None) -> Tensor:
    """``input / other``, rounded if asked.

    Args:
        input: The dividend.
        other: The divisor, which broadcasts with it.
        rounding_mode: None for the quotient itself, "trunc" to round towards 0, "floor" downwards.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
        RuntimeError: integers are divided by 0 and rounded.
    """

def divide(input: Tensor, other: Tensor | _complex, *, rounding_mode: _str | None = None, out: Tensor | None = None) -> Tensor:
    """``input / other``, rounded if asked.

    Args:
        input: The dividend.
        other: The divisor, which broadcasts with it.
        rounding_mode: None for the quotient itself, "trunc" to round towards 0, "floor" downwards.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
        RuntimeError: integers are divided by 0 and rounded.
    """

def true_divide(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """``input / other``; see `div`."""

def remainder(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """``input - other * floor(input / other)``: of the sign of `other`."""

def fmod(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """``input - other * trunc(input / other)``: of the sign of `input`."""

def reciprocal(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``1 / input``."""

def reciprocal_(self: Tensor) -> Tensor:
    """`reciprocal` in place."""

def neg(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``-input``."""

def negative(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``-input``."""

def neg_(self: Tensor) -> Tensor:
    """`neg` in place."""

def negative_(self: Tensor) -> Tensor:
    """`neg` in place."""

def positive(input: Tensor) -> Tensor:
    """The tensor itself.

    Raises:
        RuntimeError: it is bool.
    """

def abs(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The absolute value; of complex numbers a real one."""

def absolute(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The absolute value; of complex numbers a real one."""

def abs_(self: Tensor) -> Tensor:
    """`abs` in place."""

def sign(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """-1, 0 or 1."""

def sgn(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`sign`; of complex numbers, the one of absolute value 1 in the same direction."""

def signbit(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether the sign is negative, also that of -0.0."""

def copysign(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """The absolute value of `input` with the sign of `other`."""

def index_put_(self: Tensor, indices: _Sequence[Tensor | None], values: Tensor, accumulate: _bool = False) -> Tensor:
    """`index_put` in place."""

def index_put(input: Tensor, indices: _Sequence[Tensor | None], values: Tensor, accumulate: _bool = False) -> Tensor:
    """The tensor with `values` written, or added, where index tensors say.

    Args:
        input: Any shape.
        indices: Index tensors and masks, as in ``input[indices]``.
        values: Broadcasts to the selected shape, of the same dtype.
        accumulate: Whether values are added, also several at one place.

    Raises:
        ShapeError: expand_error_incompatible, and those of indexing.
    """

def tensor(data: _Any, *, dtype: _dtype | None = None, device: _str | _device | _int | None = None, requires_grad: _bool = False, pin_memory: _bool = False) -> Tensor:
    """A tensor of a copy of the data.

    Args:
        data: A number, nested lists of numbers, an array, a tensor.
        dtype: If None, that of the data; floating numbers have the default floating dtype.
        device: The CPU.
        requires_grad: Whether its gradient is wanted.
        pin_memory: False.

    Raises:
        ShapeError: creation_error_ragged, creation_error_depth.
        TypeError: there is something that is no number, or of a dtype that tensors do not have.
        RuntimeError: the dtype does not hold a number.
    """

def from_numpy(ndarray: _np.ndarray[_Any, _np.dtype[_Any]]) -> Tensor:
    """A tensor that shares an array's memory.

    Raises:
        TypeError: it is no array, or of a dtype that tensors do not have.
        ValueError: a stride is negative, or its bytes are in the other order.
    """

def as_tensor(data: _Any, dtype: _dtype | None = None, device: _str | _device | _int | None = None) -> Tensor:
    """A tensor of the data; it shares the memory of a tensor or array of the wanted dtype."""

def asarray(obj: _Any, *, dtype: _dtype | None = None, device: _str | _device | _int | None = None, copy: _bool | None = None, requires_grad: _bool | None = None) -> Tensor:
    """A tensor of an object.

    Args:
        obj: A tensor, an array, a buffer, a number, nested lists, or what supports DLPack.
        dtype: That of the object if None.
        device: The CPU.
        copy: True for memory of its own, False for shared memory, None for shared where possible.
        requires_grad: Whether its gradient is wanted; a tensor is detached if not, and goes on as it
            is if nothing is said.

    Raises:
        ValueError: memory cannot be shared and `copy` is False.
    """

def frombuffer(buffer: _Any, *, dtype: _dtype, count: _int = -1, offset: _int = 0, requires_grad: _bool = False) -> Tensor:
    """A vector that shares the memory of a buffer.

    Args:
        buffer: What has Python's buffer interface: ``bytearray``, ``array.array``, ``mmap``.
        dtype: Of the elements.
        count: How many elements; all that there are if negative.
        offset: How many bytes to skip.
        requires_grad: Whether its gradient is wanted.

    Raises:
        ValueError: it is no buffer, is too short, or does not hold whole elements.
    """

def scalar_tensor(s: _complex, *, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False) -> Tensor:
    """A 0-D tensor of a number, of the default floating dtype."""

def detach_(self: Tensor) -> Tensor:
    """The tensor itself, without its history from now on.

    Raises:
        RuntimeError: it is a view, whose history is that of another tensor.
    """

def is_distributed(self: Tensor) -> _bool:
    """Whether several processes hold parts of it: no."""

def autocast_increment_nesting() -> _int:
    """Count one more context; gives how many there are."""

def autocast_decrement_nesting() -> _int:
    """Count one context less; gives how many there are."""

def clear_autocast_cache() -> None:
    """Forget the converted weights; none are kept."""

def is_autocast_cache_enabled() -> _bool:
    """Whether converted weights may be kept; none are."""

def set_autocast_cache_enabled(enabled: _bool) -> None:
    """Say whether converted weights may be kept; none are."""

def is_autocast_enabled(device_type: _str = 'cuda') -> _bool:
    """Whether operations on a device choose their dtype; without a device, those on a CUDA device, never."""

def set_autocast_enabled(device_type: _str | _bool, enabled: _bool | None = None) -> None:
    """Have operations on the CPU choose their dtype, or not; for other devices nothing happens."""

def get_autocast_dtype(device_type: _str) -> _dtype:
    """The dtype that operations on a device choose."""

def set_autocast_dtype(device_type: _str, dtype: _dtype) -> None:
    """Say which dtype operations on the CPU choose; for other devices nothing happens."""

def get_autocast_cpu_dtype() -> _dtype:
    """The dtype that operations on the CPU choose."""

def set_autocast_cpu_dtype(dtype: _dtype) -> None:
    """Say which dtype operations on the CPU choose."""

def get_autocast_gpu_dtype() -> _dtype:
    """The dtype that PyTorch would choose on a CUDA device."""

def get_autocast_ipu_dtype() -> _dtype:
    """The dtype that PyTorch would choose on an IPU."""

def get_autocast_xla_dtype() -> _dtype:
    """The dtype that PyTorch would choose on an XLA device."""

def is_autocast_cpu_enabled() -> _bool:
    """Whether operations on the CPU choose their dtype."""

def set_autocast_cpu_enabled(enabled: _bool) -> None:
    """Have operations on the CPU choose their dtype, or not."""

def is_autocast_ipu_enabled() -> _bool:
    """Whether operations on an IPU choose narrower dtypes by themselves: there is none."""

def is_autocast_xla_enabled() -> _bool:
    """Whether operations on an XLA device choose narrower dtypes by themselves: there is none."""

def eq(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """Where the elements are equal."""

def ne(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """Where the elements differ."""

def not_equal(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """Where the elements differ."""

def lt(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """Where `input` is less."""

def less(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """Where `input` is less."""

def le(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """Where `input` is less or equal."""

def less_equal(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """Where `input` is less or equal."""

def gt(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """Where `input` is greater."""

def greater(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """Where `input` is greater."""

def ge(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """Where `input` is greater or equal."""

def greater_equal(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """Where `input` is greater or equal."""

def maximum(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """The larger of two elements; NaN if either is."""

def minimum(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """The smaller of two elements; NaN if either is."""

def fmax(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """The larger of two elements; the other one if one is NaN."""

def fmin(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """The smaller of two elements; the other one if one is NaN."""

def isclose(input: Tensor, other: Tensor, rtol: _float = 1e-05, atol: _float = 1e-08, equal_nan: _bool = False) -> Tensor:
    """Where ``|input - other| <= atol + rtol * |other|``."""

def allclose(input: Tensor, other: Tensor, rtol: _float = 1e-05, atol: _float = 1e-08, equal_nan: _bool = False) -> _bool:
    """Whether all elements are close, see `isclose`."""

def equal(input: Tensor, other: Tensor) -> _bool:
    """Whether two tensors have the same shape and elements."""

def isinf(input: Tensor) -> Tensor:
    """Where the elements are infinite."""

def isfinite(input: Tensor) -> Tensor:
    """Where they are neither infinite nor NaN."""

def isnan(input: Tensor) -> Tensor:
    """Where the elements are NaN."""

def isreal(input: Tensor) -> Tensor:
    """Where the imaginary part is 0."""

def isposinf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Where the elements are infinity."""

def isneginf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Where the elements are -infinity."""

def isin(elements: Tensor | _complex, test_elements: Tensor | _complex, *, assume_unique: _bool = False, invert: _bool = False, out: Tensor | None = None) -> Tensor:
    """Whether each of `elements` is among `test_elements`.

    Args:
        elements: A tensor of any shape, or a number.
        test_elements: A tensor of any shape, or a number.
        assume_unique: Whether neither has an element twice; only a hint.
        invert: Whether to say where they are not.
    """

def conj(input: Tensor) -> Tensor:
    """The complex conjugate, a view that is conjugated when it is read; a real tensor itself."""

def conj_physical(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The complex conjugate; a real tensor itself."""

def conj_physical_(self: Tensor, *args: _Any, **kwargs: _Any) -> Tensor:
    """`conj_physical` in place."""

def resolve_conj(input: Tensor) -> Tensor:
    """A copy of a tensor that is conjugated when it is read; any other itself."""

def resolve_neg(input: Tensor) -> Tensor:
    """A copy of a tensor that is negated when it is read; any other itself."""

def is_conj(input: Tensor) -> _bool:
    """Whether it is conjugated when it is read: a view that `conj` gave, or a view of one."""

def is_neg(input: Tensor) -> _bool:
    """Whether it is negated when it is read: the imaginary parts of a conjugate, or a view of them."""

def real(input: Tensor) -> Tensor:
    """The real parts, a view; a real tensor itself."""

def imag(input: Tensor) -> Tensor:
    """The imaginary parts, a view.

    Raises:
        RuntimeError: the tensor is real.
    """

def view_as_real(input: Tensor) -> Tensor:
    """The real and imaginary parts side by side, ``(*input, 2)``: a view.

    Raises:
        RuntimeError: the tensor is real, or a conjugate.
    """

def view_as_complex(input: Tensor) -> Tensor:
    """The pairs of the last dim as complex numbers, ``(*input[:-1])``: a view.

    Raises:
        ShapeError: rank_error_mismatch, dimension_error_size.
        RuntimeError: the tensor is not of float32 or float64, or its memory does not allow it.
    """

def complex(real: Tensor, imag: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The complex numbers with these parts; both broadcast."""

def polar(abs: Tensor, angle: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The complex numbers of these absolute values and angles; both broadcast."""

def angle(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The angle of each number; of real ones 0, or pi where they are negative."""

def cond(pred: _Any, true_fn: _Callable[..., _Any], false_fn: _Callable[..., _Any], operands: _Sequence[_Any] = ()) -> Tensor:
    """``true_fn(*operands)`` if `pred` is true, else ``false_fn(*operands)``.

    Args:
        pred: A bool, or a tensor of one element.
        true_fn: A function of the operands.
        false_fn: Another.
        operands: A tuple or list.

    Raises:
        RuntimeError: an argument is of another kind.
    """

def while_loop(cond_fn: _Callable[..., _Any], body_fn: _Callable[..., _Any], carried_inputs: _Sequence[_Any]) -> Tensor:
    """What ``body_fn(*values)`` gives again and again, while ``cond_fn(*values)`` is true of it.

    Args:
        cond_fn: Gives a bool or a tensor of one element.
        body_fn: Gives as many values as it takes.
        carried_inputs: The first values.

    Raises:
        RuntimeError: an argument is of another kind, or the number of values changes.
    """

def get_device(self: Tensor) -> _int:
    """The index of the device, -1 for the CPU."""

def clone(input: Tensor, *, memory_format: _memory_format | None = ...) -> Tensor:
    """A copy, through which gradients flow.

    Args:
        input: What is copied.
        memory_format: The order of dims in memory; that of `input`, if none is given.
    """

def detach(input: Tensor) -> Tensor:
    """The same memory without history."""

def zero_(self: Tensor) -> Tensor:
    """Zeros, in place."""

@_overload
def unique(input: Tensor, sorted: _bool = True, return_inverse: _Literal[False] = False, return_counts: _Literal[False] = False, dim: _int | None = None) -> Tensor:
    """The different elements in order, or the different slices along a dim.

    Args:
        input: Any shape.
        sorted: They always come in order here.
        return_inverse: Whether to tell which of them each element is.
        return_counts: Whether to tell how many there are of each.
        dim: The dim whose slices are compared; single elements are if None.

    Returns:
        What was asked for, a tuple if more than the elements; a NaN is equal to nothing.

    Raises:
        ShapeError: dimension_error_out_of_range, reduction_error_no_elements.
    """
@_overload
def unique(input: Tensor, sorted: _bool = True, return_inverse: _bool = False, return_counts: _bool = False, dim: _int | None = None) -> _Any:
    """The different elements in order, or the different slices along a dim.

    Args:
        input: Any shape.
        sorted: They always come in order here.
        return_inverse: Whether to tell which of them each element is.
        return_counts: Whether to tell how many there are of each.
        dim: The dim whose slices are compared; single elements are if None.

    Returns:
        What was asked for, a tuple if more than the elements; a NaN is equal to nothing.

    Raises:
        ShapeError: dimension_error_out_of_range, reduction_error_no_elements.
    """

@_overload
def unique_consecutive(input: Tensor, return_inverse: _Literal[False] = False, return_counts: _Literal[False] = False, dim: _int | None = None) -> Tensor:
    """As `unique`, but only elements that follow each other are compared; the order stays."""
@_overload
def unique_consecutive(input: Tensor, return_inverse: _bool = False, return_counts: _bool = False, dim: _int | None = None) -> _Any:
    """As `unique`, but only elements that follow each other are compared; the order stays."""

def bincount(input: Tensor, weights: Tensor | None = None, minlength: _int = 0) -> Tensor:
    """How often each integer from 0 on occurs, or the sum of the weights where it does.

    Args:
        input: ``(N,)``, integers that are not negative.
        weights: ``(N,)``.
        minlength: The least size of the result.

    Raises:
        ShapeError: rank_error_mismatch, weights_error_shape, argument_error_value.
        RuntimeError: a number is negative, or the dtype is not an integer's.
    """

def histc(input: Tensor, bins: _int = 100, min: _float = 0, max: _float = 0, *, out: Tensor | None = None) -> Tensor:
    """How many elements are in each of equal bins; what is outside of them does not count.

    Args:
        input: Any shape, floating.
        bins: How many bins.
        min: Where they begin, at the smallest element if `min` and `max` are equal.
        max: Where they end; this very number is in the last bin.

    Raises:
        ShapeError: argument_error_value.
        RuntimeError: the ends are not finite or in the wrong order.
    """

def histogram(input: Tensor, bins: _int | _Sequence[_int] | Tensor = 100, *, range: tuple[_float, _float] | None = None, weight: Tensor | None = None, density: _bool = False, out: tuple[Tensor, ...] | None = None) -> _histogram_result:
    """How many elements are in each bin, and where the bins are: ``(hist, bin_edges)``.

    Args:
        input: Any shape, float32 or float64.
        bins: How many equal bins; or their edges, in order.
        range: Where equal bins begin and end; the smallest and the largest element if None.
        weight: How much each element counts.
        density: Whether the result is divided by its integral.

    Raises:
        ShapeError: argument_error_value, rank_error_mismatch, weights_error_shape.
    """

def searchsorted(sorted_sequence: Tensor, input: Tensor | _complex, *, out_int32: _bool = False, right: _bool = False, side: _str | None = None, sorter: Tensor | None = None, out: Tensor | None = None) -> Tensor:
    """Where values would be put into sorted sequences so that they stay sorted.

    Args:
        sorted_sequence: ``(B,)``, or ``(*A, B)``.
        input: Any shape, or ``(*A, N)``; or a number.
        out_int32: Whether the result is int32 and not int64.
        right: Whether the last of equal places is meant rather than the first.
        side: The same as "left" or "right".
        sorter: Indices that sort `sorted_sequence`, of its shape.

    Raises:
        ShapeError: searchsorted_error_shape, rank_error_mismatch.
        RuntimeError: `side` contradicts `right`, or an index of `sorter` is out of range.
    """

def bucketize(input: Tensor | _complex, boundaries: Tensor, *, out_int32: _bool = False, right: _bool = False, out: Tensor | None = None) -> Tensor:
    """Between which of the sorted `boundaries` each value is, as an index; see `searchsorted`."""

def cov(input: Tensor, *, correction: _int = 1, fweights: Tensor | None = None, aweights: Tensor | None = None) -> Tensor:
    """The covariances ``(V, V)`` of variables ``(V, N)``, or the variance of one variable ``(N,)``.

    Args:
        input: Rows are variables, columns are observations.
        correction: What is taken from the number of observations.
        fweights: How often each observation counts, integers ``(N,)``.
        aweights: How much each observation counts, ``(N,)``.

    Raises:
        ShapeError: rank_error_mismatch, weights_error_shape.
        RuntimeError: weights are of a wrong dtype, or negative.
    """

def corrcoef(input: Tensor) -> Tensor:
    """The correlations ``(V, V)`` of variables ``(V, N)``; 1 (or NaN) of one variable ``(N,)``."""

def zeros(*size: _Any, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False, **keyword: _Any) -> Tensor:
    """A tensor of zeros.

    Args:
        size: The sizes, one by one or as one sequence.
        out: Where to write it.
        dtype: The default floating dtype if None.
        layout: ``torch.strided``.
        device: The CPU.
        pin_memory: False.
        requires_grad: Whether its gradient is wanted.
        keyword: ``size=`` instead of positional sizes.

    Raises:
        ShapeError: creation_error_negative_size.
        RuntimeError: there is not that much memory.
    """

def ones(*size: _Any, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False, **keyword: _Any) -> Tensor:
    """A tensor of ones; see `zeros`."""

def empty(*size: _Any, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False, memory_format: _memory_format | None = ..., **keyword: _Any) -> Tensor:
    """A tensor whose elements are not set; see `zeros`."""

def full(size: _int | _Sequence[_int], fill_value: _complex | Tensor, *, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False) -> Tensor:
    """A tensor with the same number everywhere; its dtype is the number's if none is given.

    Args:
        size: The sizes, as one sequence.
        fill_value: The number, or a 0-D tensor.
        out: Where to write it.
        dtype: That of the number if None.
        layout: ``torch.strided``.
        device: The CPU.
        pin_memory: False.
        requires_grad: Whether its gradient is wanted.

    Raises:
        ShapeError: creation_error_negative_size.
        RuntimeError: the dtype does not hold the number.
    """

def zeros_like(input: Tensor, *, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False, memory_format: _memory_format | None = ...) -> Tensor:
    """Zeros in the sizes, the dtype and the order in memory of another tensor."""

def ones_like(input: Tensor, *, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False, memory_format: _memory_format | None = ...) -> Tensor:
    """Ones in the sizes, the dtype and the order in memory of another tensor."""

def empty_like(input: Tensor, *, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False, memory_format: _memory_format | None = ...) -> Tensor:
    """Elements that are not set, in the sizes, the dtype and the order in memory of another tensor."""

def full_like(input: Tensor, fill_value: _complex | Tensor, *, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False, memory_format: _memory_format | None = ...) -> Tensor:
    """One number everywhere, in the sizes, the dtype and the order in memory of another tensor."""

def empty_strided(size: _int | _Sequence[_int], stride: _int | _Sequence[_int] | None, *, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False) -> Tensor:
    """Elements that are not set, with given steps in memory from one index to the next."""

def empty_permuted(size: _int | _Sequence[_int], physical_layout: _Sequence[_int], *, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False) -> Tensor:
    """Elements that are not set, whose dims lie in memory in the given order, the slowest first."""

def eye(n: _int, m: _int | None = None, *, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False) -> Tensor:
    """Ones on the diagonal of a matrix, zeros elsewhere: ``(n, m)``, square without `m`."""

def arange(*bounds: _Any, start: Tensor | _complex | None = None, end: Tensor | _complex | None = None, step: _complex | None = None, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False) -> Tensor:
    """Numbers from `start` to before `end`: ``arange(end)``, ``arange(start, end, step=1)``.

    Args:
        bounds: The numbers, by place.
        start: The first number, 0.
        end: Where to stop, exclusive.
        step: The distance, 1.
        out: Where to write it.
        dtype: If None, int64 for integers and the default floating dtype otherwise.
        layout: ``torch.strided``.
        device: The CPU.
        pin_memory: False.
        requires_grad: Whether its gradient is wanted.

    Raises:
        ShapeError: arange_error_bounds.
    """

def range(*bounds: _Any, start: Tensor | _complex | None = None, end: Tensor | _complex | None = None, step: _complex | None = None, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False) -> Tensor:
    """Numbers from `start` to `end`, which is included; `arange` leaves it out."""

def linspace(start: Tensor | _complex, end: Tensor | _complex, steps: _int, *, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False) -> Tensor:
    """`steps` numbers at equal distances from `start` to `end`, both included.

    Args:
        start: The first number, or a 0-D tensor.
        end: The last number, or a 0-D tensor.
        steps: How many.
        out: Where to write it.
        dtype: The default floating dtype (complex, if a bound is) if None.
        layout: ``torch.strided``.
        device: The CPU.
        pin_memory: False.
        requires_grad: Whether its gradient is wanted.

    Raises:
        ShapeError: rank_error_mismatch, creation_error_negative_size.
    """

def logspace(start: Tensor | _complex, end: Tensor | _complex, steps: _int, base: _float = 10.0, *, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False) -> Tensor:
    """`steps` powers of `base`, whose exponents lie at equal distances from `start` to `end`."""

def tril_indices(row: _int, col: _int, offset: _int = 0, *, dtype: _dtype | None = None, device: _str | _device | _int | None = None, layout: _layout | None = None, pin_memory: _bool = False) -> Tensor:
    """The places on and below a diagonal, row after row: ``(2, N)``."""

def triu_indices(row: _int, col: _int, offset: _int = 0, *, dtype: _dtype | None = None, device: _str | _device | _int | None = None, layout: _layout | None = None, pin_memory: _bool = False) -> Tensor:
    """The places on and above a diagonal, row after row: ``(2, N)``."""

def diagonal(input: Tensor, offset: _int = 0, dim1: _int = 0, dim2: _int = 1) -> Tensor:
    """A view of a diagonal of two dims, which becomes the last dim.

    Args:
        input: Any shape of at least two dims.
        offset: How far above (positive) or below the main diagonal.
        dim1: The dim of the rows.
        dim2: The dim of the columns.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
    """

def diag(input: Tensor, diagonal: _int = 0, *, out: Tensor | None = None) -> Tensor:
    """The matrix with a vector on its diagonal, or a copy of the diagonal of a matrix.

    Raises:
        ShapeError: rank_error_mismatch.
    """

def diagflat(input: Tensor, offset: _int = 0) -> Tensor:
    """The square matrix with all elements on a diagonal."""

def diag_embed(input: Tensor, offset: _int = 0, dim1: _int = -2, dim2: _int = -1) -> Tensor:
    """Matrices that have the last dim on a diagonal, zeros elsewhere.

    Args:
        input: ``(*batch, n)``.
        offset: Which diagonal.
        dim1: Where the rows go in the result.
        dim2: Where the columns go in the result.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
    """

def tril(input: Tensor, diagonal: _int = 0, *, out: Tensor | None = None) -> Tensor:
    """The elements on and below a diagonal, zeros above.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d.
    """

def triu(input: Tensor, diagonal: _int = 0, *, out: Tensor | None = None) -> Tensor:
    """The elements on and above a diagonal, zeros below.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d.
    """

def diff(input: Tensor, n: _int = 1, dim: _int = -1, prepend: Tensor | None = None, append: Tensor | None = None, *, out: Tensor | None = None) -> Tensor:
    """The differences of neighbours along a dim; of bool, whether they differ.

    Args:
        input: At least one dim.
        n: How many times differences are taken.
        dim: The dim.
        prepend: Put before the input along `dim`.
        append: Put after it.

    Raises:
        ShapeError: rank_error_mismatch, dimension_error_out_of_range, argument_error_value,
            cat_error_rank_mismatch, cat_error_size_mismatch.
    """

def trapezoid(y: Tensor, x: Tensor | None = None, *, dx: _float = 1, dim: _int = -1) -> Tensor:
    """The integral of samples along a dim, by trapezoids.

    Args:
        y: The samples.
        x: Where they are: as many numbers as samples, or a shape that broadcasts.
        dx: How far apart they are, without `x`.
        dim: The dim, which is left out of the result.

    Raises:
        ShapeError: dimension_error_out_of_range, weights_error_shape,
            broadcast_error_incompatible_dimensions.
    """

def trapz(y: Tensor, x: Tensor | None = None, *, dx: _float = 1, dim: _int = -1) -> Tensor:
    """The integral of samples along a dim, by trapezoids.

    Args:
        y: The samples.
        x: Where they are: as many numbers as samples, or a shape that broadcasts.
        dx: How far apart they are, without `x`.
        dim: The dim, which is left out of the result.

    Raises:
        ShapeError: dimension_error_out_of_range, weights_error_shape,
            broadcast_error_incompatible_dimensions.
    """

def cumulative_trapezoid(y: Tensor, x: Tensor | None = None, *, dx: _float = 1, dim: _int = -1) -> Tensor:
    """The integrals up to each sample but the first; see `trapezoid`."""

def gradient(input: Tensor, *, spacing: _float | Tensor | _Sequence[_float | Tensor] = 1, dim: _int | _Sequence[_int] | None = None, edge_order: _int = 1) -> tuple[Tensor, ...]:
    """The derivatives of samples along dims, by central differences.

    Args:
        input: The samples.
        spacing: How far apart they are: a number, one for each dim, or a tensor for each dim that says where
            they are.
        dim: The dims; all of them if None.
        edge_order: 1 or 2: how the ends are estimated.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate, gradient_error_size.
    """

def apply_out(result: Tensor, out: Tensor | None = None) -> Tensor:
    """A result written into the tensor that a caller gave for it; the result itself, if none was given.

    Raises:
        RuntimeError: `out` cannot hold the result, or gradients would be lost.
    """

def applyOut(result: Tensor, out: Tensor | None = None) -> Tensor:
    """A result written into the tensor that a caller gave for it; the result itself, if none was given.

    Raises:
        RuntimeError: `out` cannot hold the result, or gradients would be lost.
    """

def create_torch(device: _str | _device | _int | None = 'cpu') -> _Any:
    """The library, for tensors on a device: the module ``shapetorch``.

    Raises:
        RuntimeError: the device is not there.
    """

def createTorch(device: _str | _device | _int | None = 'cpu') -> _Any:
    """The library, for tensors on a device: the module ``shapetorch``.

    Raises:
        RuntimeError: the device is not there.
    """

def validate_device(device: _str | _device | _int | None) -> _Any:
    """The device meant by a device or its name.

    Raises:
        RuntimeError: there is no such device.
    """

def validateDevice(device: _str | _device | _int | None) -> _Any:
    """The device meant by a device or its name.

    Raises:
        RuntimeError: there is no such device.
    """

def validate_dtype(dtype: _Any) -> _dtype:
    """The dtype meant by a dtype or its name, ``"float32"``.

    Raises:
        TypeError: there is no such dtype.
    """

def validateDType(dtype: _Any) -> _dtype:
    """The dtype meant by a dtype or its name, ``"float32"``.

    Raises:
        TypeError: there is no such dtype.
    """

def is_webgpu_available() -> _bool:
    """Whether tensors can live on a GPU by WebGPU: they cannot."""

def is_cpu_only_mode() -> _bool:
    """Whether the CPU is the only device: it is."""

def require_webgpu() -> None:
    """Raise RuntimeError: there is no WebGPU."""

def requireWebGPU() -> None:
    """Raise RuntimeError: there is no WebGPU."""

async def masked_select_async(input: Tensor, mask: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`masked_select`, to be awaited."""

async def multinomial_async(input: Tensor, num_samples: _int, replacement: _bool = False, **options: _Any) -> Tensor:
    """`multinomial`, to be awaited."""

def einsum(*args: _Any) -> Tensor:
    """A sum of products of tensors, as an equation describes it.

    Args:
        args: ``"ij,jk->ik", a, b`` (the tensors one by one or as a list): one term for each operand, one letter
            for each dim, ``...`` for any number of dims, which broadcast; a letter that occurs twice in a term
            is a diagonal, a letter that is not in the output is summed over, and without an output
            those that occur once are kept. Or each tensor followed by the list of its indices, and
            perhaps by that of the output: ``a, [0, 1], b, [1, 2], [0, 2]``.

    Returns:
        A dim for each letter of the output.

    Raises:
        ShapeError: einsum_error_invalid_equation, einsum_error_operand_count_mismatch,
            einsum_error_subscript_rank_mismatch, einsum_error_dimension_mismatch,
            einsum_error_unknown_output_index, einsum_error_index_out_of_range,
            einsum_error_invalid_sublist_element.
        RuntimeError: factors of different dtypes are summed over.

    Example:
        ``einsum("bij,bjk->bik", a, b)`` is ``bmm(a, b)``.
    """

def rearrange(tensor: Tensor | _Sequence[Tensor], pattern: _str, **axes_lengths: _int) -> Tensor:
    """A tensor whose dims are split, moved and merged; a view where the memory allows it.

    Args:
        tensor: Any shape that the left side describes; a list of tensors is stacked first.
        pattern: ``"b (h w) c -> b c h w"``: a name for each dim, parentheses around names that are
            multiplied, ``...`` for any number of dims, ``1`` for a size of 1.
        axes_lengths: Sizes of named axes; of each group on the left, all but one must be known.

    Raises:
        ShapeError: einops_error_invalid_pattern, einops_error_undefined_axis,
            einops_error_anonymous_in_output, einops_error_ambiguous_decomposition,
            einops_error_dimension_mismatch.
    """

def repeat(tensor: Tensor | _Sequence[Tensor], pattern: _str, **axes_lengths: _int) -> Tensor:
    """A tensor repeated along the axes that only the right side has; see `rearrange`.

    Raises:
        ShapeError: einops_error_repeat_missing_size, and those of `rearrange`.
    """

def reduce(tensor: Tensor | _Sequence[Tensor], pattern: _str, reduction: _str | _Callable[..., _Any], **axes_lengths: _int) -> Tensor:
    """A tensor reduced over the axes that the right side leaves out; see `rearrange`.

    Args:
        tensor: Any shape that the left side describes; a list of tensors is stacked first.
        pattern: As of `rearrange`; a number on the left is a size that must be so.
        reduction: "min", "max", "sum", "mean", "prod", "any" or "all", or ``function(tensor, dims)``.
        axes_lengths: Sizes of named axes.

    Raises:
        ShapeError: argument_error_value, einops_error_reduce_undefined_output, and those of `rearrange`.
    """

def pack(tensors: _Sequence[Tensor], pattern: _str) -> tuple[Tensor, list[_Size]]:
    """Tensors flattened where the star stands and joined there, and what shapes they had there.

    Args:
        tensors: One or more; where the star stands they may have any dims.
        pattern: ``"b * c"``: the dims they share, and one star.

    Raises:
        ShapeError: einops_error_invalid_pattern, einops_error_dimension_mismatch.
    """

def unpack(tensor: Tensor, packed_shapes: _Sequence[_Sequence[_int]], pattern: _str) -> list[Tensor]:
    """The parts of a packed tensor.

    Args:
        tensor: A shape as the pattern describes it, the star being one dim.
        packed_shapes: What stands in place of the star in each part; one size of all may be -1.
        pattern: ``"b * c"``.

    Raises:
        ShapeError: einops_error_invalid_pattern, einops_error_dimension_mismatch,
            einops_error_ambiguous_decomposition.
    """

def get_default_dtype() -> _dtype:
    """The dtype of floating numbers that name none."""

def set_default_dtype(d: _dtype) -> None:
    """Choose the dtype of floating numbers that name none.

    Raises:
        TypeError: it is not a floating dtype.
    """

def set_default_tensor_type(t: _Any) -> None:
    """`set_default_dtype` by the name of a type or the type: ``FloatTensor``, ``"torch.DoubleTensor"``.

    Raises:
        TypeError: it is not a floating type.
    """

def get_default_device() -> _device:
    """The device of tensors that name none: the CPU."""

def set_default_device(device: _str | _device | _int | None) -> None:
    """Choose the device of tensors that name none; None is the CPU.

    Raises:
        RuntimeError: it is not there.
    """

def use_deterministic_algorithms(mode: _bool, *, warn_only: _bool = False) -> None:
    """Ask for results that are the same every time; they are in any case.

    Args:
        mode: Whether it is asked for.
        warn_only: Whether a warning is enough where there is no such algorithm; there always is.
    """

def are_deterministic_algorithms_enabled() -> _bool:
    """Whether `use_deterministic_algorithms` asked for them."""

def is_deterministic_algorithms_warn_only_enabled() -> _bool:
    """Whether a warning was to be enough."""

def get_deterministic_debug_mode() -> _int:
    """0, 1 or 2: default, warn, error."""

def set_deterministic_debug_mode(debug_mode: _int | _str) -> None:
    """`use_deterministic_algorithms` by level: 0, 1, 2 or "default", "warn", "error"."""

def get_num_threads() -> _int:
    """How many threads a large operation uses."""

def set_num_threads(num: _int) -> None:
    """Choose how many threads a large operation uses; results are the same for any number.

    Raises:
        RuntimeError: it is no positive integer.
    """

def get_num_interop_threads() -> _int:
    """How many operations run at a time: as many as threads call them."""

def set_num_interop_threads(num: _int) -> None:
    """Remember a number of operations that run at a time; each runs in the thread that calls it."""

def get_float32_matmul_precision() -> _str:
    """"highest", "high" or "medium"."""

def set_float32_matmul_precision(precision: _str) -> None:
    """Remember how exact products of float32 matrices must be; they always are of the highest precision."""

def set_flush_denormal(mode: _bool) -> _bool:
    """Whether numbers too small for the dtype's precision can be made zero: they cannot, so False."""

def is_warn_always_enabled() -> _bool:
    """Whether a warning is given each time and not once."""

def set_warn_always(b: _bool) -> None:
    """Choose whether a warning is given each time; Python's `warnings` has the last word."""

def set_printoptions(precision: _int | None = None, threshold: _float | None = None, edgeitems: _int | None = None, linewidth: _int | None = None, profile: _str | None = None, sci_mode: _bool | None = None) -> None:
    """Choose how tensors are written.

    Args:
        precision: Decimals of floating numbers.
        threshold: Elements above which only the edges are shown.
        edgeitems: How many items an edge has.
        linewidth: Characters in a line.
        profile: "default", "short" or "full", before the other arguments count.
        sci_mode: Whether exponents are written; None leaves it to the numbers.
    """

def get_printoptions() -> dict[_str, _Any]:
    """What is set, as keyword arguments of `set_printoptions`."""

def memory_stats(device: _str | _device | _int | None = None) -> dict[_str, _int]:
    """Counts of tensors and bytes, under the names of ``torch.cuda.memory_stats``.

    Returns:
        ``allocated_bytes.all.current``, the bytes that tensors refer to, and ``.peak``, the most of
        them whenever statistics were asked for (at least what buffers held at any time);
        ``active.all.current``, the tensors; ``reserved_bytes.all.current`` and ``.peak``, the bytes
        of the buffers for large results, in use or kept; ``inactive_split_bytes.all.current``, those
        kept; ``num_alloc_requests`` and ``num_alloc_reused``, results that asked for a buffer, and
        those that got a used one.
    """

def memory_summary(device: _str | _device | _int | None = None, abbreviated: _bool = False) -> _str:
    """The statistics as a table.

    Args:
        device: The CPU.
        abbreviated: Whether only what is used at present is shown.
    """

def reset_peak_memory_stats(device: _str | _device | _int | None = None) -> None:
    """Count peaks from now on."""

def empty_cache() -> None:
    """Let go of the buffers that no tensor uses."""

def is_tensor(obj: _Any) -> _bool:
    """Whether it is a tensor."""

def is_storage(obj: _Any) -> _bool:
    """Whether it is the storage of a tensor."""

def typename(obj: _Any) -> _str:
    """The name of a thing's type; of a tensor, as ``tensor.type()``."""

def is_inference(input: Tensor) -> _bool:
    """Whether a tensor was made in inference mode."""

def compile(model: _Any = None, *, fullgraph: _bool = False, dynamic: _bool | None = None, backend: _Any = 'inductor', mode: _str | None = None, options: _Any = None, disable: _bool = False) -> _Any:
    """The function or module as it is: operations run one by one, and there is nothing to compile.

    Without a function, a decorator that gives back what it decorates.
    """

def get_file_path(*path_components: _str) -> _str:
    """A path below the folder that the library lies in."""

def get_device_module(device: _str | _device | _int | None = None) -> _Any:
    """The module of a kind of device: ``shapetorch.cpu``, ``shapetorch.cuda``.

    Raises:
        RuntimeError: there is no module for it.
    """

def compiled_with_cxx11_abi() -> _bool:
    """Whether the library's C++ code has the C++11 ABI: it has no C++ code."""

def profiler_allow_cudagraph_cupti_lazy_reinit_cuda12() -> _bool:
    """Whether a profiler of CUDA graphs may start anew: there is no CUDA."""

def sym_float(a: _Any) -> _float:
    """A number as float."""

def sym_int(a: _Any) -> _int:
    """A number as int, cut off towards zero."""

def sym_max(a: _Any, b: _Any) -> _Any:
    """The larger of two numbers; a float if one of them is."""

def sym_min(a: _Any, b: _Any) -> _Any:
    """The smaller of two numbers; a float if one of them is."""

def sym_sum(args: _Any) -> _Any:
    """The sum of numbers."""

def sym_ite(b: _bool, t: _Any, f: _Any) -> _Any:
    """One of two numbers."""

def sym_not(a: _Any) -> _bool:
    """Whether something is not true."""

def set_anomaly_enabled(enabled: _bool, check_nan: _bool = True) -> None:
    """Turn anomaly mode on or off: nodes remember where they were made, and NaN is looked for."""

def is_vulkan_available() -> _bool:
    """Whether there is a Vulkan device: there is none."""

def amax(input: Tensor, dim: _int | _Sequence[_int] = (), keepdim: _bool = False, *, out: Tensor | None = None) -> Tensor:
    """The largest elements along dims; see `max`."""

def amin(input: Tensor, dim: _int | _Sequence[_int] = (), keepdim: _bool = False, *, out: Tensor | None = None) -> Tensor:
    """The smallest elements along dims; see `min`."""

def aminmax(input: Tensor, *, dim: _int | None = None, keepdim: _bool = False, out: tuple[Tensor, ...] | None = None) -> _aminmax_result:
    """Both extremes, along a dim or of all elements: ``(min, max)``."""

def argmax(input: Tensor, dim: _int | None = None, keepdim: _bool = False, *, out: Tensor | None = None) -> Tensor:
    """The index of the first largest element along a dim, or in the flattened tensor."""

def argmin(input: Tensor, dim: _int | None = None, keepdim: _bool = False, *, out: Tensor | None = None) -> Tensor:
    """The index of the first smallest element along a dim, or in the flattened tensor."""

@_overload
def max(input: Tensor, dim: None = None, keepdim: _bool = False, *, out: Tensor | None = None) -> Tensor:
    """The largest element; or those along a dim, with their indices; or the larger of two tensors'.

    Args:
        input: Any shape, not empty.
        dim: A dim, or a second tensor (then the result is ``maximum(input, dim)``).
        keepdim: Whether the dim stays, with size 1.
        other: The second tensor, by name.
        out: Where the result is written to: a tensor, or two.

    Returns:
        A 0-D tensor; with a dim ``(values, indices)``, the first index of equal elements. NaN counts
        as the largest.

    Raises:
        ShapeError: dimension_error_out_of_range, reduction_error_empty, reduction_error_no_elements.
    """
@_overload
def max(input: Tensor, dim: _int, keepdim: _bool = False, *, out: tuple[Tensor, Tensor] | None = None) -> _max_result:
    """The largest element; or those along a dim, with their indices; or the larger of two tensors'.

    Args:
        input: Any shape, not empty.
        dim: A dim, or a second tensor (then the result is ``maximum(input, dim)``).
        keepdim: Whether the dim stays, with size 1.
        other: The second tensor, by name.
        out: Where the result is written to: a tensor, or two.

    Returns:
        A 0-D tensor; with a dim ``(values, indices)``, the first index of equal elements. NaN counts
        as the largest.

    Raises:
        ShapeError: dimension_error_out_of_range, reduction_error_empty, reduction_error_no_elements.
    """
@_overload
def max(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The largest element; or those along a dim, with their indices; or the larger of two tensors'.

    Args:
        input: Any shape, not empty.
        dim: A dim, or a second tensor (then the result is ``maximum(input, dim)``).
        keepdim: Whether the dim stays, with size 1.
        other: The second tensor, by name.
        out: Where the result is written to: a tensor, or two.

    Returns:
        A 0-D tensor; with a dim ``(values, indices)``, the first index of equal elements. NaN counts
        as the largest.

    Raises:
        ShapeError: dimension_error_out_of_range, reduction_error_empty, reduction_error_no_elements.
    """

@_overload
def min(input: Tensor, dim: None = None, keepdim: _bool = False, *, out: Tensor | None = None) -> Tensor:
    """The smallest element; or those along a dim, with their indices; or the smaller of two tensors'.

    See `max`.
    """
@_overload
def min(input: Tensor, dim: _int, keepdim: _bool = False, *, out: tuple[Tensor, Tensor] | None = None) -> _min_result:
    """The smallest element; or those along a dim, with their indices; or the smaller of two tensors'.

    See `max`.
    """
@_overload
def min(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The smallest element; or those along a dim, with their indices; or the smaller of two tensors'.

    See `max`.
    """

def from_file(filename: _str, shared: _bool | None = None, size: _int | None = 0, *, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool | None = False, requires_grad: _bool = False) -> Tensor:
    """The first elements of a file as a tensor, which is read when it is used.

    Args:
        filename: The file.
        shared: Whether what is written to the tensor is written to the file, which is made longer if
            it must be.
        size: How many elements.
        dtype: Of the elements.
        layout: Strided.
        device: The CPU.
        pin_memory: Has no meaning on the CPU.
        requires_grad: Whether its gradient is wanted.

    Raises:
        RuntimeError: there is no such file, or it is too short.
    """

def put(input: Tensor, index: Tensor, source: Tensor, accumulate: _bool = False) -> Tensor:
    """The tensor with the elements of `source` written, or added, at places of its flattened form.

    Raises:
        ShapeError: index_error_shape_mismatch.
        IndexError: an index is out of range.
    """

def masked_scatter(input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """The tensor with the elements of `source` written, in order, where a mask is true.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
        RuntimeError: the source has too few elements.
    """

def histogramdd(input: Tensor, bins: _int | _Sequence[_int] | Tensor, *, range: _Sequence[_float] | None = None, weight: Tensor | None = None, density: _bool = False) -> _histogramdd_result:
    """How many points are in each bin, and where the bins are: ``(hist, bin_edges)``.

    Args:
        input: Points ``(*, D)``, float32 or float64.
        bins: How many equal bins, for all coordinates or for each; or their edges, in order, for each.
        range: Where equal bins begin and end, two numbers for each coordinate; the smallest and the
            largest coordinate if None.
        weight: How much each point counts, ``(*)``.
        density: Whether the result is divided by its integral.

    Raises:
        RuntimeError: shapes, numbers of bins or dtypes do not belong together.
    """

def select(input: Tensor, dim: _int, index: _int) -> Tensor:
    """A view of one slice along a dim, which goes away.

    Raises:
        ShapeError: dimension_error_out_of_range, select_error_index_out_of_bounds.
    """

def narrow(input: Tensor, dim: _int, start: _int | Tensor, length: _int) -> Tensor:
    """A view of `length` slices along a dim, from `start` on.

    Raises:
        ShapeError: dimension_error_out_of_range, rank_error_mismatch,
            narrow_error_start_out_of_bounds, narrow_error_length_exceeds_bounds.
    """

def narrow_copy(input: Tensor, dim: _int, start: _int, length: _int, *, out: Tensor | None = None) -> Tensor:
    """A copy of what `narrow` gives."""

def gather(input: Tensor, dim: _int, index: Tensor, *, sparse_grad: _bool = False, out: Tensor | None = None) -> Tensor:
    """The elements that an index names along a dim.

    Args:
        input: Any shape.
        dim: The dim the indices count in.
        index: Of the same rank; along other dims not larger than `input`.
        sparse_grad: Without effect: gradients are dense.

    Returns:
        ``input[i][index[i][j]][k]`` at ``[i][j][k]`` for ``dim = 1``, of the shape of `index`.

    Raises:
        ShapeError: gather_error_dim_out_of_range, gather_error_index_shape.
        RuntimeError: an index is out of range or not of an integer dtype.
    """

def index_select(input: Tensor, dim: _int, index: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The slices along a dim that a vector of indices names.

    Raises:
        ShapeError: index_select_error_dim_out_of_range, index_error_shape_mismatch,
            gather_error_index_shape.
        IndexError: an index is out of range.
    """

def take(input: Tensor, index: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements of the flattened tensor that an index names, in its shape.

    Raises:
        ShapeError: index_error_shape_mismatch.
        IndexError: an index is out of range.
    """

def take_along_dim(input: Tensor, indices: Tensor, dim: _int | None = None, *, out: Tensor | None = None) -> Tensor:
    """The elements that indices name along a dim; other dims broadcast.

    Args:
        input: Any shape.
        indices: Of the same rank.
        dim: The dim the indices count in; None flattens both.

    Raises:
        ShapeError: dimension_error_out_of_range, gather_error_index_shape,
            broadcast_error_incompatible_dimensions.
    """

def masked_select(input: Tensor, mask: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements where a mask is true, in one dim; both broadcast.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
    """

@_overload
def nonzero(input: Tensor, *, as_tuple: _Literal[False] = False, out: Tensor | None = None) -> Tensor:
    """The places of the elements that are not 0.

    Args:
        input: Any shape.
        as_tuple: Whether to give one vector of indices for each dim, as indexing takes them.

    Returns:
        ``(number of such elements, rank)``, or a tuple of vectors.
    """
@_overload
def nonzero(input: Tensor, *, as_tuple: _Literal[True]) -> tuple[Tensor, ...]:
    """The places of the elements that are not 0.

    Args:
        input: Any shape.
        as_tuple: Whether to give one vector of indices for each dim, as indexing takes them.

    Returns:
        ``(number of such elements, rank)``, or a tuple of vectors.
    """

def nonzero_static(input: Tensor, *, size: _int, fill_value: _int = -1) -> Tensor:
    """The places of the first `size` elements that are not 0, filled up if there are fewer."""

def argwhere(input: Tensor) -> Tensor:
    """The places of the elements that are not 0: ``(number of such elements, rank)``."""

def unravel_index(indices: Tensor, shape: _int | _Sequence[_int]) -> tuple[Tensor, ...]:
    """Indices of the flattened tensor as indices along each dim of a shape.

    Raises:
        TypeError: the indices are not integers, or the shape is not.
        ValueError: a size is negative.
    """

def scatter(input: Tensor, dim: _int, index: Tensor, src: Tensor | _complex | None = None, *, reduce: _str | None = None, value: _complex | None = None, out: Tensor | None = None) -> Tensor:
    """The tensor with the elements of `src`, or a number, written where `index` says.

    Args:
        input: Any shape.
        dim: The dim the indices count in.
        index: Of the same rank; not larger than `src`, and along other dims not larger than `input`.
        src: A tensor of the same rank and dtype, or a number.
        reduce: ``"add"`` or ``"multiply"``, or None to overwrite.
        value: Another name for a number as `src`.

    Raises:
        ShapeError: scatter_error_dim_out_of_range, scatter_error_index_shape, argument_error_value.
        RuntimeError: an index is out of range, or a dtype is wrong.
    """

def scatter_add_(self: Tensor, dim: _int, index: Tensor, src: Tensor) -> Tensor:
    """`scatter_add` in place."""

def scatter_add(input: Tensor, dim: _int, index: Tensor, src: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The tensor with the elements of `src` added where `index` says; see `scatter`."""

def scatter_reduce_(self: Tensor, dim: _int, index: Tensor, src: Tensor, reduce: _str, *, include_self: _bool = True) -> Tensor:
    """`scatter_reduce` in place."""

def scatter_reduce(input: Tensor, dim: _int, index: Tensor, src: Tensor, reduce: _str, *, include_self: _bool = True, out: Tensor | None = None) -> Tensor:
    """The tensor reduced with the elements of `src` where `index` says; see `scatter`.

    Args:
        input: Any shape.
        dim: The dim the indices count in.
        index: Of the same rank.
        src: Of the same rank.
        reduce: ``"sum"``, ``"prod"``, ``"mean"``, ``"amax"`` or ``"amin"``.
        include_self: Whether the element that `input` has at a place takes part.

    Raises:
        ShapeError: scatter_error_dim_out_of_range, scatter_error_index_shape, argument_error_value.
        RuntimeError: an index is out of range, or a dtype is wrong.
    """

def index_add(input: Tensor, dim: _int, index: Tensor, source: Tensor, *, alpha: _complex = 1, out: Tensor | None = None) -> Tensor:
    """The tensor with the slices of `source`, times `alpha`, added to those that `index` names.

    Args:
        input: Any shape.
        dim: Along which dim.
        index: Which slice of `input` each slice of `source` goes to: ``(n,)``.
        source: `input` with ``n`` at `dim`.
        alpha: A factor.

    Raises:
        ShapeError: dimension_error_out_of_range, index_error_shape_mismatch,
            source_error_shape_mismatch.
    """

def index_copy(input: Tensor, dim: _int, index: Tensor, source: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The tensor with the slices that `index` names replaced by those of `source`.

    Raises:
        ShapeError: dimension_error_out_of_range, index_error_shape_mismatch,
            source_error_shape_mismatch.
    """

def index_fill(input: Tensor, dim: _int, index: Tensor, value: Tensor | _complex) -> Tensor:
    """The tensor with the slices that `index` names set to one number.

    Raises:
        ShapeError: dimension_error_out_of_range, rank_error_mismatch.
    """

def index_reduce(input: Tensor, dim: _int, index: Tensor, source: Tensor, reduce: _str, *, include_self: _bool = True, out: Tensor | None = None) -> Tensor:
    """The tensor with the slices that `index` names reduced with those of `source`.

    Args:
        input: Any shape.
        dim: Along which dim.
        index: ``(n,)``.
        source: `input` with ``n`` at `dim`.
        reduce: ``"prod"``, ``"mean"``, ``"amax"`` or ``"amin"``.
        include_self: Whether the slices of `input` take part.

    Raises:
        ShapeError: dimension_error_out_of_range, index_error_shape_mismatch,
            source_error_shape_mismatch, argument_error_value.
    """

def from_dlpack(ext_tensor: _Any, *, device: _str | _device | _int | None = None, copy: _bool | None = None) -> Tensor:
    """A tensor of another library's array, or of a capsule; it shares the memory.

    Args:
        ext_tensor: What has ``__dlpack__``, or a capsule that has not been used.
        device: The CPU.
        copy: Whether the memory is copied; None and False share it.

    Raises:
        RuntimeError: it is neither.
        BufferError: the memory is not on the CPU, or of a dtype that tensors do not have.
    """

def to_dlpack(tensor: Tensor) -> _Any:
    """A capsule that shares a tensor's memory; it can be used once."""

def view(self: Tensor, *sizes: _Any, size: _int | _Sequence[_int] | None = None, dtype: _dtype | None = None) -> Tensor:
    """A view in other sizes, one of which may be -1, or of the same bytes in another dtype.

    Args:
        self: Any shape.
        sizes: The sizes, of as many elements; or a dtype.
        size: The sizes by name.
        dtype: Instead of sizes.

    Raises:
        ShapeError: reshape_error_element_count, reshape_error_invalid_size.
        RuntimeError: the strides do not allow a view.
    """

def reshape(input: Tensor, shape: _Sequence[_int]) -> Tensor:
    """The same elements in other sizes, one of which may be -1; a view where memory allows it.

    Args:
        input: Any shape.
        shape: The sizes, of as many elements.

    Raises:
        ShapeError: reshape_error_element_count, reshape_error_invalid_size.
    """

def flatten(input: Tensor, start_dim: _int = 0, end_dim: _int = -1) -> Tensor:
    """The dims from `start_dim` to `end_dim`, both included, as one; the tensor itself if it is one.

    Raises:
        ShapeError: dimension_error_out_of_range, flatten_error_dim_order.
    """

def unflatten(input: Tensor, dim: _int, sizes: _Sequence[_int]) -> Tensor:
    """A view with one dim split into `sizes`, one of which may be -1.

    Raises:
        ShapeError: dimension_error_out_of_range, unflatten_error_sizes, reshape_error_invalid_size.
    """

def ravel(input: Tensor) -> Tensor:
    """All elements in one dim; a view if they lie in memory in their order."""

def squeeze(input: Tensor, dim: _int | _Sequence[_int] | None = None) -> Tensor:
    """A view without the sizes of 1, all of them or those at `dim`.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
    """

def unsqueeze(input: Tensor, dim: _int) -> Tensor:
    """A view with a size of 1 inserted at `dim`, in ``-(rank+1)..rank``.

    Raises:
        ShapeError: dimension_error_out_of_range.
    """

def expand(self: Tensor, *given: _Any, size: _int | _Sequence[_int] | None = None, implicit: _bool = False) -> Tensor:
    """A view in larger sizes, in which sizes of 1 are repeated; -1 keeps a size.

    Raises:
        ShapeError: expand_error_incompatible.
    """

def broadcast_to(input: Tensor, size: _Sequence[_int]) -> Tensor:
    """A view in the sizes given, in which sizes of 1 are repeated; -1 keeps a size.

    Raises:
        ShapeError: expand_error_incompatible.
    """

def expand_as(self: Tensor, other: Tensor) -> Tensor:
    """A view in the sizes of `other`, in which sizes of 1 are repeated."""

def broadcast_tensors(*tensors: _Any) -> tuple[Tensor, ...]:
    """Views of all tensors in the sizes that they broadcast to.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
    """

def broadcast_shapes(*shapes: _Any) -> _Size:
    """The sizes that all sizes broadcast to.

    Args:
        shapes: Tuples of sizes; one number is the size of a vector.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
    """

def broadcastShapes(*shapes: _Any) -> _Size:
    """The sizes that all sizes broadcast to.

    Args:
        shapes: Tuples of sizes; one number is the size of a vector.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
    """

def can_broadcast_to(shape: _Sequence[_int], target: _Any) -> _bool:
    """Whether a tensor of the one shape can be expanded to the other.

    Args:
        shape: Sizes, or a tensor that has them.
        target: Sizes, or a tensor that has them.
    """

def canBroadcastTo(shape: _Sequence[_int], target: _Any) -> _bool:
    """Whether a tensor of the one shape can be expanded to the other.

    Args:
        shape: Sizes, or a tensor that has them.
        target: Sizes, or a tensor that has them.
    """

def needs_broadcast(a: _Any, b: _Any) -> _bool:
    """Whether two shapes differ, so that an element-wise operation would have to broadcast.

    Args:
        a: Sizes, or a tensor that has them.
        b: Sizes, or a tensor that has them.
    """

def needsBroadcast(a: _Any, b: _Any) -> _bool:
    """Whether two shapes differ, so that an element-wise operation would have to broadcast.

    Args:
        a: Sizes, or a tensor that has them.
        b: Sizes, or a tensor that has them.
    """

def contiguous(self: Tensor, memory_format: _memory_format | None = ...) -> Tensor:
    """The tensor itself if its elements lie in order, else a copy in which they do."""

def cat(tensors: _Sequence[Tensor], dim: _int = 0, *, out: Tensor | None = None) -> Tensor:
    """The tensors one after the other along a dim that they have.

    Args:
        tensors: At least one; all sizes but those at `dim` are equal. A bare ``(0,)`` is skipped.
        dim: Along which dim.

    Raises:
        ShapeError: cat_error_size_mismatch, cat_error_rank_mismatch, cat_error_empty,
            dimension_error_out_of_range.
    """

def concat(tensors: _Sequence[Tensor], dim: _int = 0, *, out: Tensor | None = None) -> Tensor:
    """The tensors one after the other along a dim that they have.

    Args:
        tensors: At least one; all sizes but those at `dim` are equal. A bare ``(0,)`` is skipped.
        dim: Along which dim.

    Raises:
        ShapeError: cat_error_size_mismatch, cat_error_rank_mismatch, cat_error_empty,
            dimension_error_out_of_range.
    """

def concatenate(tensors: _Sequence[Tensor], dim: _int = 0, *, out: Tensor | None = None) -> Tensor:
    """The tensors one after the other along a dim that they have.

    Args:
        tensors: At least one; all sizes but those at `dim` are equal. A bare ``(0,)`` is skipped.
        dim: Along which dim.

    Raises:
        ShapeError: cat_error_size_mismatch, cat_error_rank_mismatch, cat_error_empty,
            dimension_error_out_of_range.
    """

def stack(tensors: _Sequence[Tensor], dim: _int = 0, *, out: Tensor | None = None) -> Tensor:
    """Tensors of one shape one after the other along a new dim.

    Args:
        tensors: At least one.
        dim: Where the new dim goes, in ``-(rank+1)..rank``.

    Raises:
        ShapeError: stack_error_shape_mismatch, cat_error_empty, dimension_error_out_of_range.
    """

@_overload
def atleast_1d(tensor: Tensor, /) -> Tensor:
    """A tensor with at least one dim; of several tensors a tuple."""
@_overload
def atleast_1d(first: Tensor, second: Tensor, /, *tensors: Tensor) -> tuple[Tensor, ...]:
    """A tensor with at least one dim; of several tensors a tuple."""
@_overload
def atleast_1d(tensors: _Sequence[Tensor], /) -> tuple[Tensor, ...]:
    """A tensor with at least one dim; of several tensors a tuple."""

@_overload
def atleast_2d(tensor: Tensor, /) -> Tensor:
    """A tensor with at least two dims, new ones in front; of several tensors a tuple."""
@_overload
def atleast_2d(first: Tensor, second: Tensor, /, *tensors: Tensor) -> tuple[Tensor, ...]:
    """A tensor with at least two dims, new ones in front; of several tensors a tuple."""
@_overload
def atleast_2d(tensors: _Sequence[Tensor], /) -> tuple[Tensor, ...]:
    """A tensor with at least two dims, new ones in front; of several tensors a tuple."""

@_overload
def atleast_3d(tensor: Tensor, /) -> Tensor:
    """A tensor with at least three dims, a vector in the middle; of several tensors a tuple."""
@_overload
def atleast_3d(first: Tensor, second: Tensor, /, *tensors: Tensor) -> tuple[Tensor, ...]:
    """A tensor with at least three dims, a vector in the middle; of several tensors a tuple."""
@_overload
def atleast_3d(tensors: _Sequence[Tensor], /) -> tuple[Tensor, ...]:
    """A tensor with at least three dims, a vector in the middle; of several tensors a tuple."""

def hstack(tensors: _Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Tensors side by side: joined along dim 1, vectors along dim 0.

    Raises:
        ShapeError: cat_error_size_mismatch, cat_error_rank_mismatch, cat_error_empty.
    """

def vstack(tensors: _Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Tensors one above the other: joined along dim 0, vectors as rows.

    Raises:
        ShapeError: cat_error_size_mismatch, cat_error_rank_mismatch, cat_error_empty.
    """

def row_stack(tensors: _Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Tensors one above the other: joined along dim 0, vectors as rows.

    Raises:
        ShapeError: cat_error_size_mismatch, cat_error_rank_mismatch, cat_error_empty.
    """

def dstack(tensors: _Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Tensors one behind the other: joined along dim 2.

    Raises:
        ShapeError: cat_error_size_mismatch, cat_error_rank_mismatch, cat_error_empty.
    """

def column_stack(tensors: _Sequence[Tensor], *, out: Tensor | None = None) -> Tensor:
    """Tensors side by side, vectors as columns.

    Raises:
        ShapeError: cat_error_size_mismatch, cat_error_rank_mismatch, cat_error_empty.
    """

def block_diag(*tensors: _Any) -> Tensor:
    """A matrix with the operands along its diagonal, zeros elsewhere.

    Args:
        tensors: Matrices; vectors count as rows.

    Raises:
        ShapeError: rank_error_mismatch.
    """

def inverse(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverses of square matrices.

    Args:
        A: ``(*batch, N, N)``.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
        LinAlgError: a matrix is singular.
    """

def triangular_solve(b: Tensor, A: Tensor, upper: _bool = True, transpose: _bool = False, unitriangular: _bool = False, *, out: tuple[Tensor, ...] | None = None) -> _triangular_solve_result:
    """The solutions of ``A @ X = b`` for triangular ``A``, and a copy of ``A``."""

def cholesky_solve(B: Tensor, L: Tensor, upper: _bool = False, *, out: Tensor | None = None) -> Tensor:
    """The solutions of ``A @ X = B``, of which the Cholesky factor ``L`` (or ``U``) is given."""

def cholesky_inverse(L: Tensor, upper: _bool = False, *, out: Tensor | None = None) -> Tensor:
    """The inverses of matrices of which the Cholesky factors are given."""

def lu_solve(b: Tensor, LU_data: Tensor, LU_pivots: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The solutions of ``A @ X = b``, of which the LU factors are given."""

def cholesky(input: Tensor, upper: _bool = False, *, out: Tensor | None = None) -> Tensor:
    """The Cholesky factors, see `linalg.cholesky`."""

def lu(A: Tensor, pivot: _bool = True, get_infos: _bool = False, *, out: tuple[Tensor, ...] | None = None) -> tuple[Tensor, ...]:
    """As `linalg.lu_factor`; with `get_infos` as `linalg.lu_factor_ex`."""

def lu_unpack(LU_data: Tensor, LU_pivots: Tensor, unpack_data: _bool = True, unpack_pivots: _bool = True, *, out: tuple[Tensor, ...] | None = None) -> _lu_unpack_result:
    """``P``, ``L`` and ``U`` from what `linalg.lu_factor` gives; what is not unpacked is empty."""

def qr(input: Tensor, some: _bool = True, *, out: tuple[Tensor, ...] | None = None) -> _qr_result:
    """The factors of ``input = Q @ R``; without `some`, Q is square."""

def geqrf(input: Tensor, *, out: tuple[Tensor, ...] | None = None) -> _geqrf_result:
    """The QR factors as LAPACK packs them: R above, the reflectors below the diagonal; and their factors."""

def orgqr(A: Tensor, tau: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The first columns of a product of reflections ``1 - tau v v^H``, whose ``v`` are columns.

    Args:
        A: ``(*batch, M, N)``; ``v`` of column i is 1 at i, and what the column holds below.
        tau: ``(*batch, K)``.

    Returns:
        ``(*batch, M, N)``.

    Raises:
        ShapeError: rank_error_mismatch and others.
    """

def svd(input: Tensor, some: _bool = True, compute_uv: _bool = True, *, out: tuple[Tensor, ...] | None = None) -> _svd_result:
    """``U``, ``S`` and ``V`` with ``input = U @ diag(S) @ V^H``; without `compute_uv`, U and V are zeros."""

def sum(input: Tensor, dim: _int | _Sequence[_int] | None = None, keepdim: _bool = False, *, dtype: _dtype | None = None, out: Tensor | None = None) -> Tensor:
    """The sum of the elements, along dims or of all.

    Args:
        input: Any shape.
        dim: The dims that are summed over; all of them if None or empty.
        keepdim: Whether they stay, with size 1.
        dtype: Of the result, and of the elements before they are added; int64 for integers if None.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
    """

def nansum(input: Tensor, dim: _int | _Sequence[_int] | None = None, keepdim: _bool = False, *, dtype: _dtype | None = None, out: Tensor | None = None) -> Tensor:
    """The sum of the elements that are not NaN; see `sum`."""

def mean(input: Tensor, dim: _int | _Sequence[_int] | None = None, keepdim: _bool = False, *, dtype: _dtype | None = None, out: Tensor | None = None) -> Tensor:
    """The mean of the elements, along dims or of all.

    Args:
        input: Any shape.
        dim: The dims; all of them if None or empty.
        keepdim: Whether they stay, with size 1.
        dtype: Of the result, and of the elements before they are added.

    Returns:
        The sum by the number of elements: NaN if there are none.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
        RuntimeError: the dtype is not floating or complex.
    """

def nanmean(input: Tensor, dim: _int | _Sequence[_int] | None = None, keepdim: _bool = False, *, dtype: _dtype | None = None, out: Tensor | None = None) -> Tensor:
    """The mean of the elements that are not NaN; see `mean`."""

def prod(input: Tensor, dim: _int | None = None, keepdim: _bool = False, *, dtype: _dtype | None = None, out: Tensor | None = None) -> Tensor:
    """The product of the elements, along a dim or of all.

    Args:
        input: Any shape.
        dim: The dim; all elements are multiplied if None.
        keepdim: Whether it stays, with size 1.
        dtype: Of the result, and of the elements before they are multiplied; int64 for integers if
            None.

    Raises:
        ShapeError: dimension_error_out_of_range.
    """

def any(input: Tensor, dim: _int | _Sequence[_int] | None = None, keepdim: _bool = False, *, out: Tensor | None = None) -> Tensor:
    """Whether any element is not zero, along dims or of all; NaN is not zero."""

def all(input: Tensor, dim: _int | _Sequence[_int] | None = None, keepdim: _bool = False, *, out: Tensor | None = None) -> Tensor:
    """Whether all elements are not zero, along dims or of all; NaN is not zero."""

def count_nonzero(input: Tensor, dim: _int | _Sequence[_int] | None = None) -> Tensor:
    """The number of elements that are not zero, along dims or of all."""

def logsumexp(input: Tensor, dim: _int | _Sequence[_int], keepdim: _bool = False, *, out: Tensor | None = None) -> Tensor:
    """``log(sum(exp(input)))`` along dims, without overflow.

    Args:
        input: Any shape; integers are taken as floating numbers.
        dim: The dims.
        keepdim: Whether they stay, with size 1.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate, argument_error_value.
    """

def det(A: Tensor) -> Tensor:
    """The determinants of square matrices.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
    """

def slogdet(input: Tensor, *, out: tuple[Tensor, ...] | None = None) -> _slogdet_result:
    """See `linalg.slogdet`."""

def logdet(input: Tensor) -> Tensor:
    """The logarithms of the determinants of square matrices: NaN of a negative one."""

def trace(input: Tensor) -> Tensor:
    """The sum of the diagonal of a matrix."""

def matrix_power(A: Tensor, n: _int, *, out: Tensor | None = None) -> Tensor:
    """The product of `n` times the same matrix, of its inverse for negative `n`.

    Args:
        A: ``(*batch, N, N)``.
        n: Any integer.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
        LinAlgError: `n` is negative and a matrix is singular.
    """

def matrix_exp(A: Tensor) -> Tensor:
    """The exponentials of square matrices: ``sum over k of A^k / k!``."""

def chain_matmul(*matrices: _Any, out: Tensor | None = None) -> Tensor:
    """The product of matrices, in the cheapest order."""

def pinverse(input: Tensor, rcond: _float = 1e-15) -> Tensor:
    """The pseudo-inverses of matrices; see `linalg.pinv`."""

def logical_and(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """Whether both elements are not 0."""

def logical_or(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """Whether one of the elements is not 0."""

def logical_xor(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """Whether just one of the elements is not 0."""

def logical_not(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Whether the element is 0."""

def bitwise_and(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """``input & other``, bit by bit."""

def bitwise_or(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """``input | other``, bit by bit."""

def bitwise_xor(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """``input ^ other``, bit by bit."""

def bitwise_not(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The other bits; of bool, the other truth value."""

def bitwise_left_shift(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """``input << other``; 0 for shifts outside the number of bits."""

def bitwise_right_shift(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """``input >> other``, which keeps the sign."""

def gcd(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """The greatest common divisor, never negative."""

def gcd_(self: Tensor, other: Tensor | _complex) -> Tensor:
    """`gcd` in place."""

def lcm(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """The least common multiple, never negative."""

def lcm_(self: Tensor, other: Tensor | _complex) -> Tensor:
    """`lcm` in place."""

def manual_seed(seed: _int) -> _Generator:
    """Start the default generator anew; gives the generator."""

def seed() -> _int:
    """Start the default generator anew, from a seed that the system chooses; gives the seed."""

def initial_seed() -> _int:
    """The seed that the default generator started from."""

def get_rng_state() -> Tensor:
    """The state of the default generator, as bytes."""

def set_rng_state(new_state: Tensor) -> None:
    """Have the default generator go on from a state that `get_rng_state` gave."""

def fork_rng(devices: _Any = None, enabled: _bool = True, **ignored: _Any) -> _ContextManager[None]:
    """Afterwards the default generator goes on from where it was before."""

def rand(*size: _Any, generator: _Generator | None = None, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False, **keyword: _Any) -> Tensor:
    """Numbers of the uniform distribution over ``[0, 1)``; see `zeros` for the sizes."""

def randn(*size: _Any, generator: _Generator | None = None, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False, **keyword: _Any) -> Tensor:
    """Numbers of the standard normal distribution; see `zeros` for the sizes."""

def randint(*bounds: _Any, low: _int | None = None, high: _int | None = None, size: _int | _Sequence[_int] | None = None, generator: _Generator | None = None, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False) -> Tensor:
    """Integers from `low` to below `high`: ``randint(high, size)``, ``randint(low, high, size)``.

    Args:
        bounds: `low`, `high` and `size` by place.
        low: The least, 0.
        high: What they all lie below.
        size: The sizes, as one sequence.
        generator: The default generator if None.
        out: Where to write it.
        dtype: int64 if None.
        layout: ``torch.strided``.
        device: The CPU.
        pin_memory: False.
        requires_grad: Whether its gradient is wanted.

    Raises:
        ShapeError: creation_error_negative_size.
        RuntimeError: `low` is not below `high`, or the dtype does not hold them.
    """

def randperm(n: _int, *, generator: _Generator | None = None, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False) -> Tensor:
    """The integers below `n` in random order."""

def rand_like(input: Tensor, *, generator: _Generator | None = None, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False, memory_format: _memory_format | None = ...) -> Tensor:
    """Numbers of the uniform distribution over ``[0, 1)``, in the sizes and dtype of another tensor."""

def randn_like(input: Tensor, *, generator: _Generator | None = None, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False, memory_format: _memory_format | None = ...) -> Tensor:
    """Numbers of the standard normal distribution, in the sizes and dtype of another tensor."""

def randint_like(input: Tensor, *bounds: _Any, low: _int | None = None, high: _int | None = None, generator: _Generator | None = None, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False, memory_format: _memory_format | None = ...) -> Tensor:
    """Integers in the sizes and dtype of another tensor: ``(input, high)``, ``(input, low, high)``."""

def svd_lowrank(A: Tensor, q: _int | None = 6, niter: _int | None = 2, M: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
    """The `q` largest singular values of ``A - M`` and their vectors, approximately: ``(U, S, V)``.

    Args:
        A: ``(*, m, n)``.
        q: How many; somewhat more than are wanted.
        niter: How often the guess is improved.
        M: What is subtracted, without computing the difference.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, expand_error_incompatible.
    """

def pca_lowrank(A: Tensor, q: _int | None = None, center: _bool = True, niter: _int = 2) -> tuple[Tensor, Tensor, Tensor]:
    """The principal components of the rows of matrices, approximately: ``(U, S, V)``.

    Args:
        A: ``(*, m, n)``, m points.
        q: How many; the least of 6, m and n if None.
        center: Whether the mean of the points is subtracted first.
        niter: How often the guess is improved.

    Raises:
        ValueError: `q` or `niter` is negative, or `q` is larger than both sizes allow.
    """

def lobpcg(A: Tensor, k: _int | None = None, B: Tensor | None = None, X: Tensor | None = None, n: _int | None = None, iK: Tensor | None = None, niter: _int | None = None, tol: _float | None = None, largest: _bool | None = None, method: _str | None = None, tracker: _Any = None, ortho_iparams: dict[_str, _int] | None = None, ortho_fparams: dict[_str, _float] | None = None, ortho_bparams: dict[_str, _bool] | None = None) -> tuple[Tensor, Tensor]:
    """The `k` largest (or smallest) eigenvalues of symmetric matrices, and their vectors.

    They are computed exactly, with all others; what steers an iteration (`X` but for its columns, `n`,
    `iK`, `niter`, `tol`, `method`, `tracker` and the rest) has no influence.

    Args:
        A: ``(*, m, m)``.
        k: How many; as many as `X` has columns, or 1.
        B: Positive-definite, ``(*, m, m)``: the problem is ``A x = e B x``.
        X: First guesses, ``(*, m, n)``.
        n: See above, as the rest.
        iK: See above.
        niter: See above.
        tol: See above.
        largest: Whether the largest are wanted, the default.
        method: See above.
        tracker: See above.
        ortho_iparams: See above.
        ortho_fparams: See above.
        ortho_bparams: See above.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_not_square_matrix.
        ValueError: the matrices have fewer than ``3 * k`` rows.
    """

def ormqr(input: Tensor, tau: Tensor, other: Tensor, left: _bool = True, transpose: _bool = False, *, out: Tensor | None = None) -> Tensor:
    """``Q @ other`` or ``other @ Q``, Q being a product of reflections as `geqrf` gives it.

    Args:
        input: ``(*, m, n)``; below the diagonal the vectors of the reflections.
        tau: Their factors, ``(*, min(m, n))``.
        other: ``(*, m, p)``, or ``(*, p, m)`` from the right.
        left: From which side.
        transpose: Whether Q is transposed (and conjugated) first.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, linalg_error_size_mismatch.
        RuntimeError: the dtypes differ.
    """

def avg_pool1d(input: Tensor, kernel_size: _int | _Sequence[_int], stride: _int | _Sequence[_int] | None = None, padding: _int | _Sequence[_int] | _str = 0, ceil_mode: _bool = False, count_include_pad: _bool = True) -> Tensor:
    """Means of windows of the last axis; see `avg_pool2d`."""

def adaptive_avg_pool1d(input: Tensor, output_size: _int | _Sequence[_int | None]) -> Tensor:
    """Means of `output_size` windows that cover the last axis evenly."""

def layer_norm(input: Tensor, normalized_shape: _Sequence[_int], weight: Tensor | None = None, bias: Tensor | None = None, eps: _float = 1e-05, cudnn_enable: _bool = True) -> Tensor:
    """See `nn.functional.layer_norm`."""

def rms_norm(input: Tensor, normalized_shape: _Sequence[_int], weight: Tensor | None = None, eps: _float | None = None) -> Tensor:
    """``x / sqrt(mean(x*x) + eps) * weight`` over the last dims; eps is the dtype's if not given.

    Raises:
        ShapeError: norm_error_shape_mismatch.
    """

def group_norm(input: Tensor, num_groups: _int, weight: Tensor | None = None, bias: Tensor | None = None, eps: _float = 1e-05, cudnn_enabled: _bool = True) -> Tensor:
    """See `nn.functional.group_norm`."""

def batch_norm(input: Tensor, weight: Tensor | None, bias: Tensor | None, running_mean: Tensor | None, running_var: Tensor | None, training: _bool, momentum: _float, eps: _float, cudnn_enabled: _bool) -> Tensor:
    """See `nn.functional.batch_norm`; the weight comes first."""

def instance_norm(input: Tensor, weight: Tensor | None, bias: Tensor | None, running_mean: Tensor | None, running_var: Tensor | None, use_input_stats: _bool, momentum: _float, eps: _float, cudnn_enabled: _bool) -> Tensor:
    """See `nn.functional.instance_norm`; the weight comes first."""

def binary_cross_entropy_with_logits(input: Tensor, target: Tensor, weight: Tensor | None = None, pos_weight: Tensor | None = None, reduction: _int = 1) -> Tensor:
    """See `nn.functional.binary_cross_entropy_with_logits`; the reduction is 0, 1 or 2."""

def conv1d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: _int | _Sequence[_int] | None = 1, padding: _int | _Sequence[_int] | _str = 0, dilation: _int | _Sequence[_int] = 1, groups: _int = 1) -> Tensor:
    """A 1-d convolution; see `conv2d`."""

def conv2d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: _int | _Sequence[_int] | None = 1, padding: _int | _Sequence[_int] | _str = 0, dilation: _int | _Sequence[_int] = 1, groups: _int = 1) -> Tensor:
    """A 2-d convolution (cross-correlation).

    Args:
        input: ``(N, C_in, H, W)``, or ``(C_in, H, W)`` without a batch.
        weight: ``(C_out, C_in // groups, K_h, K_w)``.
        bias: ``(C_out,)``.
        stride: Step between windows, in elements.
        padding: Zeros added on each side, in elements; ``"valid"`` is 0, ``"same"`` keeps sizes.
        dilation: Distance between kernel taps, in elements; 1 is a dense kernel.
        groups: Number of channel groups; divides ``C_in`` and ``C_out``.

    Returns:
        ``(N, C_out, H_out, W_out)``, where
        ``H_out = (H + 2*padding - dilation*(K_h - 1) - 1) // stride + 1`` and ``W_out`` alike.

    Raises:
        ShapeError: conv_error_rank, conv_error_channel_mismatch, conv_error_groups,
            conv_error_bias, conv_error_empty_output, argument_error_value.
        RuntimeError: the dtypes differ.
    """

def conv3d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: _int | _Sequence[_int] | None = 1, padding: _int | _Sequence[_int] | _str = 0, dilation: _int | _Sequence[_int] = 1, groups: _int = 1) -> Tensor:
    """A 3-d convolution; see `conv2d`."""

def conv_transpose1d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: _int | _Sequence[_int] | None = 1, padding: _int | _Sequence[_int] | _str = 0, output_padding: _int | _Sequence[_int] = 0, groups: _int = 1, dilation: _int | _Sequence[_int] = 1) -> Tensor:
    """A transposed 1-d convolution; see `conv_transpose2d`."""

def conv_transpose2d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: _int | _Sequence[_int] | None = 1, padding: _int | _Sequence[_int] | _str = 0, output_padding: _int | _Sequence[_int] = 0, groups: _int = 1, dilation: _int | _Sequence[_int] = 1) -> Tensor:
    """A transposed 2-d convolution: what a convolution of this geometry maps back.

    Args:
        input: ``(N, C_in, H, W)``, or ``(C_in, H, W)`` without a batch.
        weight: ``(C_in, C_out // groups, K_h, K_w)``.
        bias: ``(C_out,)``.
        stride: Step between windows of the result, in elements.
        padding: Elements taken off each side of the result.
        output_padding: Elements added to the end of each axis; less than stride or dilation.
        groups: Number of channel groups; divides ``C_in``.
        dilation: Distance between kernel taps, in elements.

    Returns:
        ``(N, C_out, H_out, W_out)``, where ``H_out = (H - 1)*stride - 2*padding
        + dilation*(K_h - 1) + output_padding + 1`` and ``W_out`` alike.

    Raises:
        ShapeError: conv_error_rank, conv_error_channel_mismatch, conv_error_groups,
            conv_error_bias, conv_error_empty_output, argument_error_value.
        RuntimeError: the dtypes differ.
    """

def conv_transpose3d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: _int | _Sequence[_int] | None = 1, padding: _int | _Sequence[_int] | _str = 0, output_padding: _int | _Sequence[_int] = 0, groups: _int = 1, dilation: _int | _Sequence[_int] = 1) -> Tensor:
    """A transposed 3-d convolution; see `conv_transpose2d`."""

def conv_tbc(input: Tensor, weight: Tensor, bias: Tensor, pad: _int = 0) -> Tensor:
    """A 1-d convolution of ``(T, N, C_in)`` with a weight ``(K, C_in, C_out)``; see `conv1d`."""

def convolution(input: Tensor, weight: Tensor, bias: Tensor | None, stride: _int | _Sequence[_int] | None, padding: _int | _Sequence[_int] | _str, dilation: _int | _Sequence[_int], transposed: _bool, output_padding: _int | _Sequence[_int], groups: _int) -> Tensor:
    """Any convolution of ``(N, C, *sizes)``: which one, the rank of the weight and `transposed` say."""

def ctc_loss(log_probs: Tensor, targets: Tensor, input_lengths: Tensor | _Sequence[_int], target_lengths: Tensor | _Sequence[_int], blank: _int = 0, reduction: _int = 1, zero_infinity: _bool = False) -> Tensor:
    """See `nn.functional.ctc_loss`; the reduction is 0, 1 or 2."""

def dropout(input: Tensor, p: _float, train: _bool) -> Tensor:
    """See `nn.functional.dropout`."""

def dropout_(input: Tensor, p: _float, train: _bool) -> Tensor:
    """`dropout` in place."""

def alpha_dropout(input: Tensor, p: _float, train: _bool) -> Tensor:
    """See `nn.functional.alpha_dropout`."""

def alpha_dropout_(input: Tensor, p: _float, train: _bool) -> Tensor:
    """`alpha_dropout` in place."""

def feature_dropout(input: Tensor, p: _float, train: _bool) -> Tensor:
    """`dropout` of whole channels (the second dim)."""

def feature_dropout_(input: Tensor, p: _float, train: _bool) -> Tensor:
    """`feature_dropout` in place."""

def feature_alpha_dropout(input: Tensor, p: _float, train: _bool) -> Tensor:
    """See `nn.functional.feature_alpha_dropout`."""

def feature_alpha_dropout_(input: Tensor, p: _float, train: _bool) -> Tensor:
    """`feature_alpha_dropout` in place."""

def native_dropout(input: Tensor, p: _float, train: _bool | None) -> tuple[Tensor, Tensor]:
    """The input after dropout, and which elements were kept."""

def embedding(weight: Tensor, indices: Tensor, padding_idx: _int = -1, scale_grad_by_freq: _bool = False, sparse: _bool = False) -> Tensor:
    """See `nn.functional.embedding`; the table comes first."""

def max_pool1d_with_indices(input: Tensor, kernel_size: _int | _Sequence[_int], stride: _int | _Sequence[_int] | None = None, padding: _int | _Sequence[_int] | _str = 0, dilation: _int | _Sequence[_int] = 1, ceil_mode: _bool = False, return_indices: _bool = False) -> tuple[Tensor, Tensor]:
    """The maxima of windows and their places; see `max_pool2d`."""

@_overload
def max_pool1d(input: Tensor, kernel_size: _int | _Sequence[_int], stride: _int | _Sequence[_int] | None = None, padding: _int | _Sequence[_int] | _str = 0, dilation: _int | _Sequence[_int] = 1, ceil_mode: _bool = False, return_indices: _Literal[False] = False) -> Tensor:
    """The maxima of windows of the last axis; see `max_pool2d`."""
@_overload
def max_pool1d(input: Tensor, kernel_size: _int | _Sequence[_int], *, stride: _int | _Sequence[_int] | None = None, padding: _int | _Sequence[_int] | _str = 0, dilation: _int | _Sequence[_int] = 1, ceil_mode: _bool = False, return_indices: _Literal[True]) -> tuple[Tensor, Tensor]:
    """The maxima of windows of the last axis; see `max_pool2d`."""

def adaptive_max_pool1d(input: Tensor, output_size: _int | _Sequence[_int | None], return_indices: _bool = False) -> tuple[Tensor, Tensor]:
    """The maxima of windows that cover the last axes evenly, and their places."""

@_overload
def max_pool2d(input: Tensor, kernel_size: _int | _Sequence[_int], stride: _int | _Sequence[_int] | None = None, padding: _int | _Sequence[_int] | _str = 0, dilation: _int | _Sequence[_int] = 1, ceil_mode: _bool = False, return_indices: _Literal[False] = False) -> Tensor:
    """The maxima of windows of the last two axes.

    Args:
        input: ``(N, C, H, W)``, or ``(C, H, W)`` without a batch.
        kernel_size: Size of the window.
        stride: Step between windows; the kernel's size when it is left out.
        padding: Elements added on each side, at most half of the kernel; they never win.
        dilation: Distance between the elements of a window.
        ceil_mode: Whether a last window may reach over the end.
        return_indices: Whether the places of the maxima are given too, counted in ``H*W``.

    Raises:
        ShapeError: pool_error_rank, pool_error_padding, pool_error_empty_output,
            argument_error_value.
    """
@_overload
def max_pool2d(input: Tensor, kernel_size: _int | _Sequence[_int], *, stride: _int | _Sequence[_int] | None = None, padding: _int | _Sequence[_int] | _str = 0, dilation: _int | _Sequence[_int] = 1, ceil_mode: _bool = False, return_indices: _Literal[True]) -> tuple[Tensor, Tensor]:
    """The maxima of windows of the last two axes.

    Args:
        input: ``(N, C, H, W)``, or ``(C, H, W)`` without a batch.
        kernel_size: Size of the window.
        stride: Step between windows; the kernel's size when it is left out.
        padding: Elements added on each side, at most half of the kernel; they never win.
        dilation: Distance between the elements of a window.
        ceil_mode: Whether a last window may reach over the end.
        return_indices: Whether the places of the maxima are given too, counted in ``H*W``.

    Raises:
        ShapeError: pool_error_rank, pool_error_padding, pool_error_empty_output,
            argument_error_value.
    """

@_overload
def max_pool3d(input: Tensor, kernel_size: _int | _Sequence[_int], stride: _int | _Sequence[_int] | None = None, padding: _int | _Sequence[_int] | _str = 0, dilation: _int | _Sequence[_int] = 1, ceil_mode: _bool = False, return_indices: _Literal[False] = False) -> Tensor:
    """The maxima of windows of the last three axes; see `max_pool2d`."""
@_overload
def max_pool3d(input: Tensor, kernel_size: _int | _Sequence[_int], *, stride: _int | _Sequence[_int] | None = None, padding: _int | _Sequence[_int] | _str = 0, dilation: _int | _Sequence[_int] = 1, ceil_mode: _bool = False, return_indices: _Literal[True]) -> tuple[Tensor, Tensor]:
    """The maxima of windows of the last three axes; see `max_pool2d`."""

def affine_grid_generator(theta: Tensor, size: _int | _Sequence[_int], align_corners: _bool) -> Tensor:
    """See `nn.functional.affine_grid`."""

def grid_sampler(input: Tensor, grid: Tensor, interpolation_mode: _int, padding_mode: _int, align_corners: _bool) -> Tensor:
    """`grid_sample` with numbers for its modes."""

def grid_sampler_2d(input: Tensor, grid: Tensor, interpolation_mode: _int, padding_mode: _int, align_corners: _bool) -> Tensor:
    """`grid_sampler` of images ``(N, C, H, W)``."""

def grid_sampler_3d(input: Tensor, grid: Tensor, interpolation_mode: _int, padding_mode: _int, align_corners: _bool) -> Tensor:
    """`grid_sampler` of volumes ``(N, C, D, H, W)``."""

def embedding_bag(weight: Tensor, indices: Tensor, offsets: Tensor, scale_grad_by_freq: _bool = False, mode: _int = 0, sparse: _bool = False, per_sample_weights: Tensor | None = None, include_last_offset: _bool = False, padding_idx: _int | None = None) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """`nn.functional.embedding_bag` with its bookkeeping: ``(output, offset2bag, bag_size, max_indices)``.

    Args:
        weight: ``(num, dim)``.
        indices: ``(n,)``.
        offsets: Where each bag starts, ``(bags,)``.
        scale_grad_by_freq: Whether a row's gradient is divided by how often it is looked up.
        mode: 0 sum, 1 mean, 2 max.
        sparse: Gradients are dense all the same.
        per_sample_weights: A factor for each index, in mode 0.
        include_last_offset: Whether `offsets` has one more item, the length of `indices`.
        padding_idx: A row that counts nothing.

    Returns:
        The output ``(bags, dim)``; the bag of each index, empty where no gradient needs it; how many
        indices each bag has, zeros for sums; for maxima the indices that they come from.
    """

def embedding_renorm_(input: Tensor, indices: Tensor, max_norm: _float, norm_type: _float) -> Tensor:
    """Shorten the rows of a table that are looked up to a norm, in place.

    Args:
        input: ``(num, dim)``.
        indices: Which rows.
        max_norm: The largest norm.
        norm_type: Its exponent.
    """

def poisson_nll_loss(input: Tensor, target: Tensor, log_input: _bool, full: _bool, eps: _float, reduction: _int) -> Tensor:
    """See `nn.functional.poisson_nll_loss`; the reduction is 0, 1 or 2."""

def kl_div(input: Tensor, target: Tensor, reduction: _int = 1, *, log_target: _bool = False) -> Tensor:
    """See `nn.functional.kl_div`; the reduction is 0, 1 or 2."""

def hinge_embedding_loss(input: Tensor, target: Tensor, margin: _float = 1.0, reduction: _int = 1) -> Tensor:
    """See `nn.functional.hinge_embedding_loss`; the reduction is 0, 1 or 2."""

def margin_ranking_loss(input1: Tensor, input2: Tensor, target: Tensor, margin: _float = 0.0, reduction: _int = 1) -> Tensor:
    """See `nn.functional.margin_ranking_loss`; the reduction is 0, 1 or 2."""

def triplet_margin_loss(anchor: Tensor, positive: Tensor, negative: Tensor, margin: _float = 1.0, p: _float = 2, eps: _float = 1e-06, swap: _bool = False, reduction: _int = 1) -> Tensor:
    """See `nn.functional.triplet_margin_loss`; the reduction is 0, 1 or 2."""

def cosine_similarity(x1: Tensor, x2: Tensor, dim: _int = 1, eps: _float = 1e-08) -> Tensor:
    """``x1 . x2`` over the norms along `dim`, each of which counts as `eps` at least."""

def cosine_embedding_loss(input1: Tensor, input2: Tensor, target: Tensor, margin: _float = 0.0, reduction: _int = 1) -> Tensor:
    """See `nn.functional.cosine_embedding_loss`; the reduction is 0, 1 or 2."""

def lstm(input: Tensor, hx: Tensor | tuple[Tensor, ...], *args: _Any) -> tuple[Tensor, Tensor, Tensor]:
    """Long short-term memory: all hidden states, the last hidden and the last cell states.

    Args:
        input: ``(L, N, input_size)``; or packed ``(rows, input_size)``, then the next argument is
            how many rows each time has.
        hx: The first states ``(h_0, c_0)``, each ``(D*num_layers, N, hidden_size)``.
        args: ``params, has_biases, num_layers, dropout, train, bidirectional, batch_first``, where
            params are ``w_ih, w_hh, b_ih, b_hh`` (and ``w_hr``) of each layer and direction.

    Source: PyTorch ``torch.nn.LSTM``.
    """

def gru(input: Tensor, hx: Tensor | tuple[Tensor, ...], *args: _Any) -> tuple[Tensor, Tensor]:
    """Gated recurrent units: all hidden states and the last ones; arguments as of `lstm`."""

def rnn_tanh(input: Tensor, hx: Tensor | tuple[Tensor, ...], *args: _Any) -> tuple[Tensor, Tensor]:
    """Elman's network with tanh: all hidden states and the last ones; arguments as of `lstm`."""

def rnn_relu(input: Tensor, hx: Tensor | tuple[Tensor, ...], *args: _Any) -> tuple[Tensor, Tensor]:
    """Elman's network with relu: all hidden states and the last ones; arguments as of `lstm`."""

def lstm_cell(input: Tensor, hx: _Sequence[Tensor], w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None = None, b_hh: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """One step of long short-term memory: the next hidden and cell state.

    Args:
        input: ``(N, input_size)``.
        hx: The hidden and the cell state, each ``(N, hidden_size)``.
        w_ih: ``(4*hidden_size, input_size)``, in the order i, f, g, o.
        w_hh: ``(4*hidden_size, hidden_size)``.
        b_ih: ``(4*hidden_size,)``.
        b_hh: ``(4*hidden_size,)``.

    Source: PyTorch ``torch.nn.LSTMCell``.
    """

def gru_cell(input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None = None, b_hh: Tensor | None = None) -> Tensor:
    """One step of gated recurrent units, in the order r, z, n; see `lstm_cell`."""

def rnn_tanh_cell(input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None = None, b_hh: Tensor | None = None) -> Tensor:
    """``tanh(w_ih @ x + b_ih + w_hh @ h + b_hh)``; see `lstm_cell`."""

def rnn_relu_cell(input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Tensor | None = None, b_hh: Tensor | None = None) -> Tensor:
    """``relu(w_ih @ x + b_ih + w_hh @ h + b_hh)``; see `lstm_cell`."""

def norm(input: Tensor, p: _float | _str | None = 'fro', dim: _int | _Sequence[_int] | None = None, keepdim: _bool = False, dtype: _dtype | None = None, *, out: Tensor | None = None) -> Tensor:
    """The p-norm of all elements, or along dims.

    Args:
        input: Any shape, floating or complex.
        p: A number, "fro" for 2, or "nuc" for the sum of the singular values of a matrix.
        dim: The dims; all of them if None.
        keepdim: Whether they stay, with size 1.
        dtype: In which it is computed.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate,
            reduction_error_no_elements.
    """

def dist(input: Tensor, other: Tensor, p: _float = 2) -> Tensor:
    """The p-norm of the difference of two tensors, which broadcast."""

def renorm(input: Tensor, p: _float, dim: _int, maxnorm: _float, *, out: Tensor | None = None) -> Tensor:
    """The slices along a dim, of which those with a larger p-norm are scaled down to `maxnorm`."""

def frobenius_norm(input: Tensor, dim: _int | _Sequence[_int], keepdim: _bool = False, *, out: Tensor | None = None) -> Tensor:
    """The square root of the sum of squares over up to two dims, of all elements if there are none."""

def nuclear_norm(input: Tensor, dim: _int | _Sequence[_int] | None = None, keepdim: _bool = False, *, out: Tensor | None = None) -> Tensor:
    """The sum of the singular values of matrices, whose dims are given or the last two."""

def norm_except_dim(v: Tensor, pow: _int = 2, dim: _int = 0) -> Tensor:
    """The norms of the parts along a dim, in a shape that broadcasts with the tensor.

    Args:
        v: Any shape.
        pow: The exponent.
        dim: The dim, the first or the last; -1 for the norm of all elements.
    """

def _fused_adam_(self: _Sequence[Tensor], grads: _Sequence[Tensor], exp_avgs: _Sequence[Tensor], exp_avg_sqs: _Sequence[Tensor], max_exp_avg_sqs: _Sequence[Tensor], state_steps: _Sequence[Tensor], *, lr: _float | Tensor, beta1: _float, beta2: _float, weight_decay: _float, eps: _float, amsgrad: _bool, maximize: _bool, grad_scale: Tensor | None = None, found_inf: Tensor | None = None) -> None:
    """A step of Adam (Kingma and Ba 2015) for each parameter, in place.

    Args:
        self: The parameters.
        grads: Their gradients.
        exp_avgs: The running means of the gradients.
        exp_avg_sqs: The running means of their squares.
        max_exp_avg_sqs: The largest of those there ever were, if `amsgrad`.
        state_steps: How many steps there have been, with this one.
        lr: The size of a step.
        beta1: What stays of the means at each step.
        beta2: What stays of the mean squares.
        weight_decay: How much of a parameter is added to its gradient.
        eps: What is added to the root of the mean square.
        amsgrad: Whether the largest mean square counts.
        maximize: Whether to go along the gradient instead of against it.
        grad_scale: What the gradients are divided by first, in place.
        found_inf: Nothing is done if it is 1.

    Raises:
        RuntimeError: lists, shapes or dtypes differ.
    """

def _fused_adamw_(self: _Sequence[Tensor], grads: _Sequence[Tensor], exp_avgs: _Sequence[Tensor], exp_avg_sqs: _Sequence[Tensor], max_exp_avg_sqs: _Sequence[Tensor], state_steps: _Sequence[Tensor], *, lr: _float | Tensor, beta1: _float, beta2: _float, weight_decay: _float, eps: _float, amsgrad: _bool, maximize: _bool, grad_scale: Tensor | None = None, found_inf: Tensor | None = None) -> None:
    """`_fused_adam_` where decay shrinks the parameters themselves (Loshchilov and Hutter 2019)."""

def _fused_sgd_(self: _Sequence[Tensor], grads: _Sequence[Tensor], momentum_buffer_list: _Sequence[Tensor], *, weight_decay: _float, momentum: _float, lr: _float | Tensor, dampening: _float, nesterov: _bool, maximize: _bool, is_first_step: _bool, grad_scale: Tensor | None = None, found_inf: Tensor | None = None) -> None:
    """A step of gradient descent for each parameter, in place.

    Args:
        self: The parameters.
        grads: Their gradients.
        momentum_buffer_list: Where earlier steps are kept, if there is `momentum`.
        weight_decay: How much of a parameter is added to its gradient.
        momentum: What stays of earlier steps.
        lr: The size of a step.
        dampening: What is taken from the gradient before it is added to the buffer.
        nesterov: Whether the step looks ahead (Nesterov's momentum).
        maximize: Whether to go along the gradient instead of against it.
        is_first_step: Whether the buffers are to be filled with the gradients.
        grad_scale: What the gradients are divided by first, in place.
        found_inf: Nothing is done if it is 1.

    Raises:
        RuntimeError: lists, shapes or dtypes differ.
    """

def _fused_adagrad_(self: _Sequence[Tensor], grads: _Sequence[Tensor], state_sums: _Sequence[Tensor], state_steps: _Sequence[Tensor], *, lr: _float | Tensor, lr_decay: _float, weight_decay: _float, eps: _float, maximize: _bool, grad_scale: Tensor | None = None, found_inf: Tensor | None = None) -> None:
    """A step of Adagrad (Duchi, Hazan and Singer 2011) for each parameter, in place.

    Args:
        self: The parameters.
        grads: Their gradients.
        state_sums: The sums of the squares of all gradients.
        state_steps: How many steps there have been, with this one.
        lr: The size of the first step.
        lr_decay: How fast steps become smaller.
        weight_decay: How much of a parameter is added to its gradient.
        eps: What is added to the root of a sum.
        maximize: Whether to go along the gradient instead of against it.
        grad_scale: What the gradients are divided by first, in place.
        found_inf: Nothing is done if it is 1.

    Raises:
        RuntimeError: lists, shapes or dtypes differ.
    """

def constant_pad_nd(input: Tensor, pad: _Sequence[_int], value: Tensor | _complex = 0) -> Tensor:
    """`nn.functional.pad` with one number."""

def pixel_shuffle(input: Tensor, upscale_factor: _int) -> Tensor:
    """``(*, C*r*r, H, W)`` as ``(*, C, H*r, W*r)``.

    Raises:
        ShapeError: rank_error_mismatch, pixel_shuffle_error_channels, argument_error_value.
    """

def pixel_unshuffle(input: Tensor, downscale_factor: _int) -> Tensor:
    """``(*, C, H*r, W*r)`` as ``(*, C*r*r, H, W)``.

    Raises:
        ShapeError: rank_error_mismatch, pixel_shuffle_error_channels, argument_error_value.
    """

def channel_shuffle(input: Tensor, groups: _int) -> Tensor:
    """The channels of ``(N, C, *)`` dealt out to `groups` in turn.

    Raises:
        ShapeError: rank_error_mismatch, conv_error_groups, argument_error_value.
    """

def native_channel_shuffle(input: Tensor, groups: _int) -> Tensor:
    """The channels of ``(N, C, *)`` dealt out to `groups` in turn.

    Raises:
        ShapeError: rank_error_mismatch, conv_error_groups, argument_error_value.
    """

def permute(input: Tensor, dims: _Sequence[_int]) -> Tensor:
    """A view with its dims in the order given.

    Args:
        input: Any shape.
        dims: Every dim once; negative ones count from the end.

    Raises:
        ShapeError: permute_error_dimension_count_mismatch, permute_error_duplicate_dims,
            dimension_error_out_of_range.
    """

def transpose(input: Tensor, dim0: _int, dim1: _int) -> Tensor:
    """A view with two dims exchanged.

    Raises:
        ShapeError: transpose_dims_error_out_of_range.
    """

def swapdims(input: Tensor, dim0: _int, dim1: _int) -> Tensor:
    """A view with two dims exchanged.

    Raises:
        ShapeError: transpose_dims_error_out_of_range.
    """

def swapaxes(input: Tensor, axis0: _int, axis1: _int) -> Tensor:
    """See `transpose`."""

def t(input: Tensor) -> Tensor:
    """A matrix transposed; a vector and a number stay as they are.

    Raises:
        ShapeError: rank_error_mismatch.
    """

def adjoint(input: Tensor) -> Tensor:
    """The last two dims exchanged, and the elements conjugated.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d.
    """

def movedim(input: Tensor, source: _int | _Sequence[_int], destination: _int | _Sequence[_int]) -> Tensor:
    """A view with some dims moved to other places; the rest keep their order.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
    """

def moveaxis(input: Tensor, source: _int | _Sequence[_int], destination: _int | _Sequence[_int]) -> Tensor:
    """A view with some dims moved to other places; the rest keep their order.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
    """

def leaky_relu(input: Tensor, negative_slope: _float = 0.01, inplace: _bool = False) -> Tensor:
    """The tensor where it is positive, ``negative_slope * input`` elsewhere."""

def rrelu(input: Tensor, lower: _float = 0.125, upper: _float = 0.3333333333333333, training: _bool = False, inplace: _bool = False) -> Tensor:
    """`leaky_relu` whose slopes are drawn between `lower` and `upper`; their mean outside training."""

def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """The tensor where it is positive, ``weight * input`` elsewhere.

    Args:
        input: ``(N, C, *)``.
        weight: One slope, or C of them.

    Raises:
        ShapeError: rank_error_mismatch, norm_error_channel_mismatch.
    """

def threshold(input: Tensor, threshold: _float, value: _float, inplace: _bool = False) -> Tensor:
    """The tensor where it is above `threshold`, `value` elsewhere."""

def hardtanh(input: Tensor, min_val: _float = -1.0, max_val: _float = 1.0, inplace: _bool = False) -> Tensor:
    """The tensor kept between two numbers."""

def relu6(input: Tensor, inplace: _bool = False) -> Tensor:
    """The tensor kept between 0 and 6."""

def hardsigmoid(input: Tensor, inplace: _bool = False) -> Tensor:
    """``(input + 3) / 6``, kept between 0 and 1."""

def hardswish(input: Tensor, inplace: _bool = False) -> Tensor:
    """``input * hardsigmoid(input)``."""

def hardshrink(input: Tensor, lambd: _float = 0.5, *, out: Tensor | None = None) -> Tensor:
    """The tensor, with 0 between ``-lambd`` and ``lambd``."""

def softshrink(input: Tensor, lambd: _float = 0.5) -> Tensor:
    """The tensor moved towards 0 by `lambd`, and 0 where it is not larger.

    Raises:
        RuntimeError: `lambd` is negative.
    """

def leaky_relu_(input: Tensor, *args: _Any, **kwargs: _Any) -> Tensor:
    """`leaky_relu` in place."""

def rrelu_(input: Tensor, *args: _Any, **kwargs: _Any) -> Tensor:
    """`rrelu` in place."""

def threshold_(input: Tensor, *args: _Any, **kwargs: _Any) -> Tensor:
    """`threshold` in place."""

def hardtanh_(input: Tensor, *args: _Any, **kwargs: _Any) -> Tensor:
    """`hardtanh` in place."""

def exp(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``e**input``."""

def exp_(self: Tensor) -> Tensor:
    """`exp` in place."""

def exp2(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``2**input``."""

def exp2_(self: Tensor) -> Tensor:
    """`exp2` in place."""

def expm1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``e**input - 1``, exact near 0."""

def expm1_(self: Tensor) -> Tensor:
    """`expm1` in place."""

def log(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The natural logarithm."""

def log_(self: Tensor) -> Tensor:
    """`log` in place."""

def log2(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logarithm to base 2."""

def log2_(self: Tensor) -> Tensor:
    """`log2` in place."""

def log10(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logarithm to base 10."""

def log10_(self: Tensor) -> Tensor:
    """`log10` in place."""

def log1p(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``log(1 + input)``, exact near 0."""

def log1p_(self: Tensor) -> Tensor:
    """`log1p` in place."""

def logaddexp(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """``log(exp(input) + exp(other))`` without overflow."""

def logaddexp2(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """``log2(2**input + 2**other)`` without overflow."""

def sqrt(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The square root."""

def sqrt_(self: Tensor) -> Tensor:
    """`sqrt` in place."""

def rsqrt(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``1 / sqrt(input)``."""

def rsqrt_(self: Tensor) -> Tensor:
    """`rsqrt` in place."""

def pow(input: Tensor | _complex, exponent: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """``input ** exponent``.

    Args:
        input: The base, a tensor or a number.
        exponent: A tensor that broadcasts with it, or a number.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
        RuntimeError: an integer base has a negative number as exponent.
    """

def square(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``input * input``."""

def square_(self: Tensor) -> Tensor:
    """`square` in place."""

def float_power(input: Tensor | _complex, exponent: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """``input ** exponent`` in double precision."""

def ldexp(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``input * 2**other``."""

def ldexp_(self: Tensor, *args: _Any, **kwargs: _Any) -> Tensor:
    """`ldexp` in place."""

def promote_types(type1: _dtype, type2: _dtype) -> _dtype:
    """The smallest dtype that holds the elements of both."""

def result_type(tensor1: Tensor | _complex, tensor2: Tensor | _complex) -> _dtype:
    """The dtype that an operation on both has; each is a tensor or a number."""

def can_cast(from_: _dtype, to: _dtype) -> _bool:
    """Whether elements of a dtype may be written in place into another: never into a lower kind."""

def is_floating_point(input: Tensor) -> _bool:
    """Whether the elements are floating numbers."""

def is_complex(input: Tensor) -> _bool:
    """Whether the elements are complex numbers."""

def is_signed(input: Tensor) -> _bool:
    """Whether the elements can be negative."""

def is_nonzero(input: Tensor) -> _bool:
    """Whether the one element is not 0.

    Raises:
        RuntimeError: there is not just one.
    """

def is_same_size(input: Tensor, other: Tensor) -> _bool:
    """Whether two tensors have the same sizes."""

def is_floating_point_dtype(dtype: _dtype) -> _bool:
    """Whether a dtype is of floating numbers."""

def is_complex_dtype(dtype: _dtype) -> _bool:
    """Whether a dtype is of complex numbers."""

def numel(input: Tensor) -> _int:
    """The number of elements."""

def fake_quantize_per_tensor_affine(input: Tensor, scale: _float | Tensor, zero_point: _int | Tensor, quant_min: _int, quant_max: _int) -> Tensor:
    """``(clamp(round(input / scale + zero_point), quant_min, quant_max) - zero_point) * scale``.

    Args:
        input: Floating.
        scale: The step, a number or a tensor of one.
        zero_point: The step that is zero.
        quant_min: The first step.
        quant_max: The last step.

    Raises:
        RuntimeError: `zero_point` is not in the range, or the range is empty.
    """

def fake_quantize_per_channel_affine(input: Tensor, scale: Tensor, zero_point: Tensor, axis: _int, quant_min: _int, quant_max: _int) -> Tensor:
    """As `fake_quantize_per_tensor_affine`, with a scale for each part along a dim.

    Args:
        input: Floating.
        scale: ``(input.shape[axis],)``.
        zero_point: The same, int32 or floating.
        axis: The dim.
        quant_min: The first step.
        quant_max: The last step.

    Raises:
        ShapeError: rank_error_mismatch, argument_error_shape_mismatch, dimension_error_out_of_range.
        RuntimeError: a dtype or a range is wrong.
    """

def normal(mean: _float | Tensor = 0.0, std: _float | Tensor = 1.0, size: _int | _Sequence[_int] | None = None, *, generator: _Generator | None = None, out: Tensor | None = None, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False) -> Tensor:
    """Numbers of normal distributions.

    Args:
        mean: A number, or a tensor with one for each result.
        std: The standard deviation: a number, or a tensor that broadcasts with `mean`.
        size: The sizes, if both are numbers.
        generator: The default generator if None.
        out: Where to write it.
        dtype: The default floating dtype if None; only with `size`, as what follows.
        layout: ``torch.strided``.
        device: The CPU.
        pin_memory: False.
        requires_grad: Whether its gradient is wanted.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions, creation_error_negative_size.
        RuntimeError: a deviation is negative.
    """

def bernoulli(input: Tensor, p: _float | Tensor | None = None, *, generator: _Generator | None = None, out: Tensor | None = None) -> Tensor:
    """Ones and zeros; `input` holds the probability of each one (or its sizes, if `p` is given)."""

def poisson(input: Tensor, generator: _Generator | None = None) -> Tensor:
    """Numbers of Poisson distributions, whose rates `input` holds."""

def binomial(count: Tensor, prob: Tensor, generator: _Generator | None = None) -> Tensor:
    """How many of `count` trials succeed, each with probability `prob`."""

def multinomial(input: Tensor, num_samples: _int, replacement: _bool = False, *, generator: _Generator | None = None, out: Tensor | None = None) -> Tensor:
    """Indices drawn in proportion to weights.

    Args:
        input: Weights, ``(K,)`` or ``(N, K)``; they need not sum to 1.
        num_samples: How many are drawn from each row.
        replacement: Whether an index may be drawn again.
        generator: The default generator if None.
        out: Where to write it.

    Returns:
        ``(num_samples,)`` or ``(N, num_samples)``, int64.

    Raises:
        ShapeError: rank_error_mismatch, sample_error_count.
        RuntimeError: weights are negative or not finite, or all zero.
    """

def flip(input: Tensor, dims: _int | _Sequence[_int]) -> Tensor:
    """A copy with the elements reversed along some dims.

    Raises:
        ShapeError: flip_error_dim_out_of_range, dimension_error_duplicate.
    """

def fliplr(input: Tensor) -> Tensor:
    """A copy with dim 1 reversed.

    Raises:
        ShapeError: rank_error_mismatch.
    """

def flipud(input: Tensor) -> Tensor:
    """A copy with dim 0 reversed.

    Raises:
        ShapeError: rank_error_mismatch.
    """

def roll(input: Tensor, shifts: _int | _Sequence[_int], dims: _int | _Sequence[_int] | None = None) -> Tensor:
    """A copy with the elements shifted along some dims, what falls out entering at the other end.

    Raises:
        ShapeError: argument_error_value, dimension_error_out_of_range.
    """

def rot90(input: Tensor, k: _int = 1, dims: _Sequence[_int] = (0, 1)) -> Tensor:
    """A copy after `k` quarter turns in the plane of two dims.

    Raises:
        ShapeError: argument_error_value, rank_error_mismatch, dimension_error_out_of_range.
    """

def tile(input: Tensor, dims: _Sequence[_int]) -> Tensor:
    """A copy laid out several times; missing counts on the left are 1.

    Raises:
        ShapeError: argument_error_value.
    """

def repeat_interleave(input: Tensor, repeats: _int | Tensor | None = None, dim: _int | None = None, *, output_size: _int | None = None) -> Tensor:
    """A copy with each element repeated.

    Args:
        input: Any shape; or, if it is the only argument, a vector of counts.
        repeats: How often, one number or one for each element along `dim`.
        dim: Along which dim; None flattens first.
        output_size: The sum of the repeats, if it is known.

    Raises:
        ShapeError: dimension_error_out_of_range, argument_error_value, rank_error_mismatch.
        RuntimeError: a count is negative or no integer, or `output_size` is not the sum.
    """

def meshgrid(*tensors: _Any, indexing: _str | None = None) -> tuple[Tensor, ...]:
    """Views of the coordinates that some vectors span, one for each vector.

    Args:
        tensors: Vectors, or 0-D tensors, which count as vectors of one element.
        indexing: ``"ij"``, or ``"xy"``, which exchanges the first two dims.

    Raises:
        ShapeError: rank_error_mismatch, argument_error_value.
        RuntimeError: the dtypes differ.
    """

def cartesian_prod(*tensors: _Any) -> Tensor:
    """All rows with one element of each vector: ``(product of the sizes, number of vectors)``.

    Raises:
        ShapeError: rank_error_mismatch.
    """

def combinations(input: Tensor, r: _int = 2, with_replacement: _bool = False) -> Tensor:
    """All choices of `r` elements of a vector, in order: ``(number of choices, r)``.

    Raises:
        ShapeError: rank_error_mismatch, argument_error_value.
    """

def as_strided(input: Tensor, size: _Sequence[_int], stride: _Sequence[_int], storage_offset: _int | None = None) -> Tensor:
    """A view of the memory that a tensor lies in, under sizes and strides of one's own.

    Args:
        input: Any shape.
        size: The sizes.
        stride: For each dim, the elements from one place to the next.
        storage_offset: The first element, counted from the beginning of the memory; that of
            `input` if None.

    Raises:
        RuntimeError: it would reach out of the memory, or a stride is negative.
    """

def as_strided_(self: Tensor, size: _Sequence[_int], stride: _Sequence[_int], storage_offset: _int | None = None) -> Tensor:
    """`as_strided` in place: the tensor itself gets the sizes and strides."""

def select_scatter(input: Tensor, src: Tensor, dim: _int, index: _int) -> Tensor:
    """A copy in which one slice along a dim is `src`.

    Raises:
        ShapeError: dimension_error_out_of_range, select_error_index_out_of_bounds,
            source_error_shape_mismatch.
    """

def slice_scatter(input: Tensor, src: Tensor, dim: _int = 0, start: _int | None = None, end: _int | None = None, step: _int = 1) -> Tensor:
    """A copy in which a range of the slices along a dim is `src`.

    Raises:
        ShapeError: dimension_error_out_of_range, source_error_shape_mismatch, argument_error_value.
    """

def diagonal_scatter(input: Tensor, src: Tensor, offset: _int = 0, dim1: _int = 0, dim2: _int = 1) -> Tensor:
    """A copy in which a diagonal is `src`.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate,
            source_error_shape_mismatch.
    """

def as_strided_scatter(input: Tensor, src: Tensor, size: _int | _Sequence[_int], stride: _int | _Sequence[_int] | None, storage_offset: _int | None = None) -> Tensor:
    """A copy in which what `as_strided` would show is `src`."""

def ceil(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The smallest integers that are not smaller."""

def ceil_(self: Tensor) -> Tensor:
    """`ceil` in place."""

def floor(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The largest integers that are not larger."""

def floor_(self: Tensor) -> Tensor:
    """`floor` in place."""

def trunc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The integers next in the direction of 0."""

def fix(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The integers next in the direction of 0."""

def trunc_(self: Tensor) -> Tensor:
    """`trunc` in place."""

def fix_(self: Tensor) -> Tensor:
    """`trunc` in place."""

def frac(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``input - trunc(input)``."""

def frac_(self: Tensor) -> Tensor:
    """`frac` in place."""

def round(input: Tensor, *, decimals: _int = 0, out: Tensor | None = None) -> Tensor:
    """The nearest multiples of ``10**-decimals``; halves go to the even one.

    Args:
        input: The tensor.
        decimals: Places after the point; negative ones stand before it.
    """

def round_(self: Tensor, *args: _Any, **kwargs: _Any) -> Tensor:
    """`round` in place."""

def cumsum(input: Tensor, dim: _int, *, dtype: _dtype | None = None, out: Tensor | None = None) -> Tensor:
    """The sums of the elements up to each place of a dim.

    Args:
        input: Any shape.
        dim: The dim.
        dtype: Of the result, and of the elements before they are added; int64 for integers if None.

    Raises:
        ShapeError: dimension_error_out_of_range.
    """

def cumprod(input: Tensor, dim: _int, *, dtype: _dtype | None = None, out: Tensor | None = None) -> Tensor:
    """The products of the elements up to each place of a dim; see `cumsum`."""

def cummax(input: Tensor, dim: _int, *, out: tuple[Tensor, ...] | None = None) -> _cummax_result:
    """The largest elements up to each place of a dim, and the indices of the last of equal ones."""

def cummin(input: Tensor, dim: _int, *, out: tuple[Tensor, ...] | None = None) -> _cummin_result:
    """The smallest elements up to each place of a dim, and the indices of the last of equal ones."""

def logcumsumexp(input: Tensor, dim: _int, *, out: Tensor | None = None) -> Tensor:
    """``log(cumsum(exp(input)))`` along a dim, without overflow.

    Raises:
        ShapeError: dimension_error_out_of_range.
    """

def stft(input: Tensor, n_fft: _int, hop_length: _int | None = None, win_length: _int | None = None, window: Tensor | None = None, center: _bool = True, pad_mode: _str = 'reflect', normalized: _bool = False, onesided: _bool | None = None, return_complex: _bool | None = None, align_to_window: _bool | None = None) -> Tensor:
    """The transforms of overlapping windows of signals.

    Args:
        input: ``(L,)`` or ``(N, L)``.
        n_fft: Samples per window.
        hop_length: Distance of windows; ``n_fft // 4`` if None.
        win_length: Samples that count, at most `n_fft`, which it is if None.
        window: Their weights, ``(win_length,)``; ones if None.
        center: Whether ``n_fft // 2`` samples are padded on each side.
        pad_mode: How: as of `nn.functional.pad`.
        normalized: Whether the result is divided by ``sqrt(n_fft)``.
        onesided: Whether only half of the frequencies are given; as far as all is real if None.
        return_complex: Whether the result is complex rather than of pairs; must be given for real input.
        align_to_window: Only for signals that are not padded, and not implemented here: None or false.

    Returns:
        ``(N, frequencies, windows)``; pairs add a last dim of 2.

    Raises:
        ShapeError: rank_error_mismatch, fft_error_size, window_error_size, argument_error_value.
    """

def istft(input: Tensor, n_fft: _int, hop_length: _int | None = None, win_length: _int | None = None, window: Tensor | None = None, center: _bool = True, normalized: _bool = False, onesided: _bool | None = None, length: _int | None = None, return_complex: _bool = False) -> Tensor:
    """The signals whose `stft` is given: windows are added up and divided by the sum of their squares.

    Args:
        input: ``(frequencies, windows)``, with a batch dim before or not, complex.
        n_fft: Samples per window.
        hop_length: Distance of windows.
        win_length: Samples that count.
        window: Their weights.
        center: Whether the signals were padded.
        normalized: Whether the transforms were divided by ``sqrt(n_fft)``.
        onesided: Whether half of the frequencies are given; as their number says if None.
        length: Of the signals, if it is not to be computed.
        return_complex: Whether the signals are complex.

    Raises:
        ShapeError: rank_error_mismatch, fft_error_size, window_error_size, argument_error_value.
        RuntimeError: some samples are in no window.
    """

def hann_window(window_length: _int, periodic: _bool = True, *, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False) -> Tensor:
    """``0.5 - 0.5 * cos(2 pi n / N)``.

    Args:
        window_length: How many samples.
        periodic: Whether N is their number, as for the transform of a part of a longer signal; otherwise the
            window is symmetric and N one less.
        dtype: A floating dtype; the default one if None.
        layout: ``torch.strided``.
        device: The CPU.
        pin_memory: False.
        requires_grad: Whether its gradient is wanted.

    Raises:
        ShapeError: creation_error_negative_size.
    """

def hamming_window(window_length: _int, periodic: _bool = True, alpha: _float = 0.54, beta: _float = 0.46, *, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False) -> Tensor:
    """``alpha - beta * cos(2 pi n / N)``; see `hann_window`."""

def blackman_window(window_length: _int, periodic: _bool = True, *, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False) -> Tensor:
    """``0.42 - 0.5 * cos(2 pi n / N) + 0.08 * cos(4 pi n / N)``; see `hann_window`."""

def bartlett_window(window_length: _int, periodic: _bool = True, *, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False) -> Tensor:
    """A triangle: ``1 - abs(2 n / N - 1)``; see `hann_window`."""

def kaiser_window(window_length: _int, periodic: _bool = True, beta: _float = 12.0, *, dtype: _dtype | None = None, layout: _layout | None = None, device: _str | _device | _int | None = None, pin_memory: _bool = False, requires_grad: _bool = False) -> Tensor:
    """``i0(beta * sqrt(1 - (2 n / N - 1)^2)) / i0(beta)``; see `hann_window`."""

def softmax(input: Tensor, dim: _int, dtype: _dtype | None = None, *, out: Tensor | None = None) -> Tensor:
    """``exp(input)`` divided by its sum along a dim.

    Args:
        input: The tensor.
        dim: The dim whose elements sum to 1.
        dtype: In which it is converted first.

    Raises:
        ShapeError: softmax_error_dim_out_of_range.
    """

def log_softmax(input: Tensor, dim: _int, dtype: _dtype | None = None, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of `softmax`, without overflow.

    Raises:
        ShapeError: softmax_error_dim_out_of_range.
    """

def softmin(input: Tensor, dim: _int | None = None, _stacklevel: _int = 3, dtype: _dtype | None = None) -> Tensor:
    """`softmax` of the negative."""

def sort(input: Tensor, dim: _int = -1, descending: _bool = False, *, stable: _bool | None = False, out: tuple[Tensor, ...] | None = None) -> _sort_result:
    """The elements in order along a dim, and their indices: ``(values, indices)``.

    Args:
        input: Any shape.
        dim: The dim.
        descending: Whether the largest comes first.
        stable: Equal elements always keep their order here.

    Raises:
        ShapeError: dimension_error_out_of_range.
    """

def argsort(input: Tensor, dim: _int = -1, descending: _bool = False, *, stable: _bool = False) -> Tensor:
    """The indices that sort a tensor along a dim; see `sort`."""

def msort(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements in order along the first dim."""

def topk(input: Tensor, k: _int, dim: _int = -1, largest: _bool = True, sorted: _bool = True, *, out: tuple[Tensor, ...] | None = None) -> _topk_result:
    """The `k` largest elements along a dim and their indices: ``(values, indices)``.

    Args:
        input: Any shape; a 0-D tensor counts as one element.
        k: How many.
        dim: The dim.
        largest: Whether the largest rather than the smallest.
        sorted: The elements always come in order here.

    Raises:
        ShapeError: dimension_error_out_of_range, selection_error_k_out_of_range.
    """

def erf(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The error function."""

def erf_(self: Tensor) -> Tensor:
    """`erf` in place."""

def erfc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``1 - erf(input)``."""

def erfc_(self: Tensor) -> Tensor:
    """`erfc` in place."""

def erfinv(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the error function."""

def lgamma(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of the absolute value of the gamma function."""

def digamma(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The derivative of `lgamma`."""

def polygamma(n: _int, input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The n-th derivative of `digamma`.

    Raises:
        RuntimeError: `n` is negative.
    """

def mvlgamma(input: Tensor, p: _int, *, out: Tensor | None = None) -> Tensor:
    """The logarithm of the gamma function of dimension `p`.

    Raises:
        RuntimeError: `p` is not positive, or the tensor is bool or complex.
    """

def igamma(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """The regularised lower incomplete gamma function."""

def igammac(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """The regularised upper incomplete gamma function."""

def xlogy(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """``input * log(other)``, 0 where `input` is 0."""

def xlogy_(self: Tensor, other: Tensor | _complex) -> Tensor:
    """`xlogy` in place."""

def logit(input: Tensor, eps: _float | None = None, *, out: Tensor | None = None) -> Tensor:
    """``log(input / (1 - input))``.

    Args:
        input: Probabilities.
        eps: Keeps them between ``eps`` and ``1 - eps``; None leaves them.
    """

def logit_(self: Tensor, *args: _Any, **kwargs: _Any) -> Tensor:
    """`logit` in place."""

def nextafter(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The next floating number after `input` in the direction of `other`."""

def heaviside(input: Tensor, values: Tensor, *, out: Tensor | None = None) -> Tensor:
    """0 below 0, 1 above, and the element of `values` at 0; both broadcast."""

def frexp(input: Tensor, *, out: tuple[Tensor, ...] | None = None) -> _frexp_result:
    """The numbers as ``mantissa * 2**exponent``, with mantissas between 1/2 and 1.

    Raises:
        RuntimeError: the tensor is not floating.
    """

def i0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind of order 0."""

def i0_(self: Tensor) -> Tensor:
    """`i0` in place."""

def split(tensor: Tensor, split_size_or_sections: _int | _Sequence[_int], dim: _int = 0) -> tuple[Tensor, ...]:
    """Views of pieces of one size (the last may be smaller), or of the sizes given.

    Raises:
        ShapeError: split_error_size, split_error_sections_sum, dimension_error_out_of_range.
    """

def split_with_sizes(input: Tensor, split_sizes: _Sequence[_int], dim: _int = 0) -> tuple[Tensor, ...]:
    """Views of pieces of the sizes given."""

def chunk(input: Tensor, chunks: _int, dim: _int = 0) -> tuple[Tensor, ...]:
    """Views of at most `chunks` pieces of one size; the last may be smaller."""

def unsafe_chunk(input: Tensor, chunks: _int, dim: _int = 0) -> tuple[Tensor, ...]:
    """As `chunk`, but each piece may be written to: autograd does not see that they share memory."""

def unsafe_split(tensor: Tensor, split_size: _int, dim: _int = 0) -> tuple[Tensor, ...]:
    """As `split`, but each piece may be written to: autograd does not see that they share memory."""

def unsafe_split_with_sizes(input: Tensor, split_sizes: _Sequence[_int], dim: _int = 0) -> tuple[Tensor, ...]:
    """As `unsafe_split`, into pieces of the sizes given."""

def tensor_split(input: Tensor, indices_or_sections: _int | _Sequence[_int] | Tensor | None = None, dim: _int = 0, *, sections: _int | None = None, indices: _Sequence[_int] | None = None, tensor_indices_or_sections: Tensor | None = None) -> tuple[Tensor, ...]:
    """Views of exactly so many pieces (the first ones larger by one), or between indices.

    Args:
        input: Any shape of at least one dim.
        indices_or_sections: A number of pieces, or the indices between them; a tensor may be either.
        dim: Along which dim.
        sections: A number of pieces.
        indices: Indices.
        tensor_indices_or_sections: A tensor.

    Raises:
        ShapeError: rank_error_mismatch, split_error_sections, dimension_error_out_of_range.
    """

def hsplit(input: Tensor, *places: _Any, sections: _int | None = None, indices: _Sequence[_int] | None = None) -> tuple[Tensor, ...]:
    """Views of equal pieces, or between indices, along dim 1, or dim 0 of a vector."""

def vsplit(input: Tensor, *places: _Any, sections: _int | None = None, indices: _Sequence[_int] | None = None) -> tuple[Tensor, ...]:
    """Views of equal pieces, or between indices, along dim 0."""

def dsplit(input: Tensor, *places: _Any, sections: _int | None = None, indices: _Sequence[_int] | None = None) -> tuple[Tensor, ...]:
    """Views of equal pieces, or between indices, along dim 2."""

def unbind(input: Tensor, dim: _int = 0) -> tuple[Tensor, ...]:
    """Views of all slices along a dim, which they lack.

    Raises:
        ShapeError: dimension_error_out_of_range.
    """

def var(input: Tensor, dim: _int | _Sequence[_int] | None = None, unbiased: _bool | None = None, keepdim: _bool = False, *, correction: _float | None = None, out: Tensor | None = None) -> Tensor:
    """The variance along dims or of all elements: the mean square of ``x - mean``, by ``n - correction``.

    Args:
        input: Any shape, floating or complex.
        dim: The dims; all of them if None. A bool here is `unbiased`.
        unbiased: Whether the correction is 1 (true) or 0.
        keepdim: Whether the dims stay, with size 1.
        correction: What is taken from the number of elements; 1 if None.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
    """

def std(input: Tensor, dim: _int | _Sequence[_int] | None = None, unbiased: _bool | None = None, keepdim: _bool = False, *, correction: _float | None = None, out: Tensor | None = None) -> Tensor:
    """The root of the variance; see `var`."""

def var_mean(input: Tensor, dim: _int | _Sequence[_int] | None = None, unbiased: _bool | None = None, keepdim: _bool = False, *, correction: _float | None = None) -> tuple[Tensor, Tensor]:
    """The variance and the mean; see `var`."""

def std_mean(input: Tensor, dim: _int | _Sequence[_int] | None = None, unbiased: _bool | None = None, keepdim: _bool = False, *, correction: _float | None = None) -> tuple[Tensor, Tensor]:
    """The standard deviation and the mean; see `var`."""

@_overload
def median(input: Tensor, dim: None = None, keepdim: _bool = False) -> Tensor:
    """The lower of the middle elements: of all elements, or along a dim as ``(values, indices)``.

    NaN if there is one.

    Raises:
        ShapeError: dimension_error_out_of_range, reduction_error_empty.
    """
@_overload
def median(input: Tensor, dim: _int, keepdim: _bool = False, *, out: tuple[Tensor, Tensor] | None = None) -> _median_result:
    """The lower of the middle elements: of all elements, or along a dim as ``(values, indices)``.

    NaN if there is one.

    Raises:
        ShapeError: dimension_error_out_of_range, reduction_error_empty.
    """

@_overload
def nanmedian(input: Tensor, dim: None = None, keepdim: _bool = False) -> Tensor:
    """As `median`, of the elements that are not NaN."""
@_overload
def nanmedian(input: Tensor, dim: _int, keepdim: _bool = False, *, out: tuple[Tensor, Tensor] | None = None) -> _nanmedian_result:
    """As `median`, of the elements that are not NaN."""

def mode(input: Tensor, dim: _int = -1, keepdim: _bool = False, *, out: tuple[Tensor, ...] | None = None) -> _mode_result:
    """The most frequent elements along a dim, the smallest of several, and the index of the last such.

    Raises:
        ShapeError: dimension_error_out_of_range, reduction_error_empty.
    """

def kthvalue(input: Tensor, k: _int, dim: _int = -1, keepdim: _bool = False, *, out: tuple[Tensor, ...] | None = None) -> _kthvalue_result:
    """The `k`-th smallest elements along a dim, and their indices; NaN is the largest.

    Raises:
        ShapeError: dimension_error_out_of_range, selection_error_k_out_of_range.
    """

def quantile(input: Tensor, q: _float | Tensor, dim: _int | None = None, keepdim: _bool = False, *, interpolation: _str = 'linear', out: Tensor | None = None) -> Tensor:
    """The q-th quantiles along a dim or of all elements; NaN where there is one.

    Args:
        input: Any shape that is not empty, float32 or float64.
        q: A number, or ``(Q,)``, from 0 to 1.
        dim: The dim; all elements are taken together if None.
        keepdim: Whether the dim stays, with size 1.
        interpolation: Between two elements: "linear", "lower", "higher", "midpoint" or "nearest".

    Returns:
        The shape of `q`, then the shape without the dim.

    Raises:
        ShapeError: rank_error_mismatch, dimension_error_out_of_range, reduction_error_no_elements.
    """

def nanquantile(input: Tensor, q: _float | Tensor, dim: _int | None = None, keepdim: _bool = False, *, interpolation: _str = 'linear', out: Tensor | None = None) -> Tensor:
    """As `quantile`, of the elements that are not NaN."""

def tensordot(a: Tensor, b: Tensor, dims: _int | _Sequence[_int] | _Sequence[_Sequence[_int]] = 2, *, out: Tensor | None = None) -> Tensor:
    """The products of two tensors, summed over pairs of dims: the other dims of `a`, then those of `b`.

    Args:
        a: The left tensor.
        b: The right tensor.
        dims: How many dims, the last of `a` with the first of `b`; or the dims of each.

    Raises:
        ShapeError: tensordot_error_dimension_mismatch, dimension_error_out_of_range,
            dimension_error_duplicate, argument_error_value.
        RuntimeError: the dtypes differ.
    """

def kron(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Kronecker product: each element of `input` times all of `other`, side by side."""

def cross(input: Tensor, other: Tensor, dim: _int | None = None, *, out: Tensor | None = None) -> Tensor:
    """The vector products along a dim of size 3, the first such dim by default.

    Raises:
        ShapeError: rank_error_mismatch, cross_error_dimension_size,
            broadcast_error_incompatible_dimensions, dimension_error_out_of_range.
    """

def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """``input1 @ weight[k] @ input2 + bias`` for each output feature k.

    Args:
        input1: ``(*batch, in1)``.
        input2: ``(*batch, in2)``.
        weight: ``(out, in1, in2)``.
        bias: ``(out,)``.

    Returns:
        ``(*batch, out)``.
    """

def cdist(x1: Tensor, x2: Tensor, p: _float = 2.0, compute_mode: _str | None = None) -> Tensor:
    """The p-norm distances between each row of `x1` and each of `x2`.

    Args:
        x1: ``(*A, P, M)``, float32 or float64.
        x2: ``(*B, R, M)``.
        p: The norm, at least 0.
        compute_mode: "use_mm_for_euclid_dist_if_necessary", "use_mm_for_euclid_dist" or
            "donot_use_mm_for_euclid_dist": whether Euclidean distances are made from a matrix product.

    Returns:
        ``(*batch, P, R)``.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d, matmul_error_inner_dimensions_do_not_match,
            batch_dimensions_do_not_match_error.
    """

def pdist(input: Tensor, p: _float = 2.0) -> Tensor:
    """The p-norm distances between each two of the rows of ``(N, M)``: ``(N * (N - 1) / 2,)``."""

def pairwise_distance(x1: Tensor, x2: Tensor, p: _float = 2.0, eps: _float = 1e-06, keepdim: _bool = False) -> Tensor:
    """The p-norms of ``x1 - x2 + eps`` along the last dim; both broadcast."""

@_overload
def where(condition: Tensor) -> tuple[Tensor, ...]:
    """The elements of `input` where `condition` is true, else those of `other`.

    Args:
        condition: A bool tensor.
        input: A tensor or number; all three broadcast.
        other: A tensor or number. Without both: the indices where `condition` is true.

    Returns:
        The tensor, or a vector of indices for each dim.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
        RuntimeError: `condition` is not bool.
    """
@_overload
def where(condition: Tensor, input: Tensor | _complex, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """The elements of `input` where `condition` is true, else those of `other`.

    Args:
        condition: A bool tensor.
        input: A tensor or number; all three broadcast.
        other: A tensor or number. Without both: the indices where `condition` is true.

    Returns:
        The tensor, or a vector of indices for each dim.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions.
        RuntimeError: `condition` is not bool.
    """

def clamp(input: Tensor, min: Tensor | _complex | None = None, max: Tensor | _complex | None = None, *, out: Tensor | None = None) -> Tensor:
    """The elements, kept between bounds.

    Args:
        input: The tensor.
        min: The lower bound: a number, or a tensor that broadcasts; None for no bound.
        max: The upper bound; where it is below `min` it counts alone.
        out: Where the result is written.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions, argument_error_value.
    """

def clip(input: Tensor, min: Tensor | _complex | None = None, max: Tensor | _complex | None = None, *, out: Tensor | None = None) -> Tensor:
    """The elements, kept between bounds.

    Args:
        input: The tensor.
        min: The lower bound: a number, or a tensor that broadcasts; None for no bound.
        max: The upper bound; where it is below `min` it counts alone.
        out: Where the result is written.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions, argument_error_value.
    """

def clamp_min(input: Tensor, min: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """The elements, not below a bound."""

def clamp_max(input: Tensor, max: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """The elements, not above a bound."""

def clamp_(self: Tensor, *args: _Any, **kwargs: _Any) -> Tensor:
    """`clamp` in place."""

def clip_(self: Tensor, *args: _Any, **kwargs: _Any) -> Tensor:
    """`clip` in place."""

def clamp_min_(self: Tensor, *args: _Any, **kwargs: _Any) -> Tensor:
    """`clamp_min` in place."""

def clamp_max_(self: Tensor, *args: _Any, **kwargs: _Any) -> Tensor:
    """`clamp_max` in place."""

def lerp(input: Tensor, end: Tensor, weight: Tensor | _float, *, out: Tensor | None = None) -> Tensor:
    """``input + weight * (end - input)``; all three broadcast."""

def addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: _complex = 1, out: Tensor | None = None) -> Tensor:
    """``input + value * tensor1 * tensor2``; all three broadcast."""

def addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: _complex = 1, out: Tensor | None = None) -> Tensor:
    """``input + value * tensor1 / tensor2``; all three broadcast."""

def masked_fill(input: Tensor, mask: Tensor, value: Tensor | _complex) -> Tensor:
    """The tensor with `value` where `mask` is true.

    Args:
        input: The tensor.
        mask: A bool tensor that broadcasts with it.
        value: A number or a 0-D tensor.

    Raises:
        ShapeError: broadcast_error_incompatible_dimensions, rank_error_mismatch.
        RuntimeError: `mask` is not bool, or the dtype cannot hold `value`.
    """

def nan_to_num(input: Tensor, nan: _float | None = None, posinf: _float | None = None, neginf: _float | None = None, *, out: Tensor | None = None) -> Tensor:
    """The tensor with numbers in place of NaN and infinities.

    Args:
        input: The tensor.
        nan: In place of NaN; 0 if None.
        posinf: In place of infinity; the largest number of the dtype if None.
        neginf: In place of -infinity; the lowest number of the dtype if None.
    """

def nan_to_num_(self: Tensor, *args: _Any, **kwargs: _Any) -> Tensor:
    """`nan_to_num` in place."""

def sin(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The sine."""

def sin_(self: Tensor) -> Tensor:
    """`sin` in place."""

def cos(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The cosine."""

def cos_(self: Tensor) -> Tensor:
    """`cos` in place."""

def tan(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The tangent."""

def tan_(self: Tensor) -> Tensor:
    """`tan` in place."""

def sinh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The hyperbolic sine."""

def sinh_(self: Tensor) -> Tensor:
    """`sinh` in place."""

def cosh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The hyperbolic cosine."""

def cosh_(self: Tensor) -> Tensor:
    """`cosh` in place."""

def tanh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The hyperbolic tangent."""

def tanh_(self: Tensor) -> Tensor:
    """`tanh` in place."""

def asin(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the sine."""

def arcsin(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the sine."""

def asin_(self: Tensor) -> Tensor:
    """`asin` in place."""

def arcsin_(self: Tensor) -> Tensor:
    """`asin` in place."""

def acos(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the cosine."""

def arccos(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the cosine."""

def acos_(self: Tensor) -> Tensor:
    """`acos` in place."""

def arccos_(self: Tensor) -> Tensor:
    """`acos` in place."""

def atan(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the tangent."""

def arctan(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the tangent."""

def atan_(self: Tensor) -> Tensor:
    """`atan` in place."""

def arctan_(self: Tensor) -> Tensor:
    """`atan` in place."""

def asinh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the hyperbolic sine."""

def arcsinh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the hyperbolic sine."""

def asinh_(self: Tensor) -> Tensor:
    """`asinh` in place."""

def arcsinh_(self: Tensor) -> Tensor:
    """`asinh` in place."""

def acosh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the hyperbolic cosine."""

def arccosh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the hyperbolic cosine."""

def acosh_(self: Tensor) -> Tensor:
    """`acosh` in place."""

def arccosh_(self: Tensor) -> Tensor:
    """`acosh` in place."""

def atanh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the hyperbolic tangent."""

def arctanh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverse of the hyperbolic tangent."""

def atanh_(self: Tensor) -> Tensor:
    """`atanh` in place."""

def arctanh_(self: Tensor) -> Tensor:
    """`atanh` in place."""

def atan2(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """The angle of the point ``(other, input)``."""

def arctan2(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """The angle of the point ``(other, input)``."""

def hypot(input: Tensor, other: Tensor | _complex, *, out: Tensor | None = None) -> Tensor:
    """``sqrt(input**2 + other**2)`` without overflow."""

def rad2deg(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Radians as degrees."""

def rad2deg_(self: Tensor) -> Tensor:
    """`rad2deg` in place."""

def deg2rad(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Degrees as radians."""

def deg2rad_(self: Tensor) -> Tensor:
    """`deg2rad` in place."""

def sinc(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``sin(pi * input) / (pi * input)``, 1 at 0."""

def sinc_(self: Tensor) -> Tensor:
    """`sinc` in place."""

def vander(x: Tensor, N: _int | None = None, increasing: _bool = False) -> Tensor:
    """The matrix whose columns are the powers of the elements of `x`.

    Args:
        x: ``(n,)``.
        N: How many columns; n if None.
        increasing: Whether the powers rise from left to right.

    Returns:
        ``(n, N)``; the integers' powers are int64.

    Raises:
        ShapeError: rank_error_mismatch, creation_error_negative_size.
    """

def as_strided_copy(input: Tensor, size: _Sequence[_int], stride: _Sequence[_int], storage_offset: _int | None = None) -> Tensor:
    """A copy of what `as_strided` shows."""

def diagonal_copy(input: Tensor, offset: _int = 0, dim1: _int = 0, dim2: _int = 1) -> Tensor:
    """A copy of what `diagonal` shows."""

def expand_copy(self: Tensor, *given: _Any, size: _int | _Sequence[_int] | None = None, implicit: _bool = False) -> Tensor:
    """A copy of what `expand` shows."""

def permute_copy(input: Tensor, dims: _Sequence[_int]) -> Tensor:
    """A copy of what `permute` shows."""

def select_copy(input: Tensor, dim: _int, index: _int) -> Tensor:
    """A copy of what `select` shows."""

def split_copy(tensor: Tensor, split_size_or_sections: _int | _Sequence[_int], dim: _int = 0) -> tuple[Tensor, ...]:
    """A copy of what `split` shows."""

def split_with_sizes_copy(input: Tensor, split_sizes: _Sequence[_int], dim: _int = 0) -> tuple[Tensor, ...]:
    """A copy of what `split_with_sizes` shows."""

def squeeze_copy(input: Tensor, dim: _int | _Sequence[_int] | None = None) -> Tensor:
    """A copy of what `squeeze` shows."""

def t_copy(input: Tensor) -> Tensor:
    """A copy of what `t` shows."""

def transpose_copy(input: Tensor, dim0: _int, dim1: _int) -> Tensor:
    """A copy of what `transpose` shows."""

def unbind_copy(input: Tensor, dim: _int = 0) -> tuple[Tensor, ...]:
    """A copy of what `unbind` shows."""

def unfold_copy(self: Tensor, dimension: _int, size: _int, step: _int) -> Tensor:
    """A copy of what `unfold` shows."""

def unsqueeze_copy(input: Tensor, dim: _int) -> Tensor:
    """A copy of what `unsqueeze` shows."""

def view_copy(self: Tensor, *sizes: _Any, size: _int | _Sequence[_int] | None = None, dtype: _dtype | None = None) -> Tensor:
    """A copy of what `view` shows."""

def view_as_complex_copy(input: Tensor) -> Tensor:
    """A copy of what `view_as_complex` shows."""

def view_as_real_copy(input: Tensor) -> Tensor:
    """A copy of what `view_as_real` shows."""

def alias_copy(input: Tensor) -> Tensor:
    """A copy."""

def detach_copy(input: Tensor) -> Tensor:
    """A copy."""

def slice_copy(input: Tensor, dim: _int = 0, start: _int | None = None, end: _int | None = None, step: _int = 1) -> Tensor:
    """A copy of a range of the slices along a dim.

    Raises:
        ShapeError: dimension_error_out_of_range.
    """

def fill_(self: Tensor, value: Tensor | _complex) -> Tensor:
    """Write one number into all elements, in place.

    Raises:
        RuntimeError: the value is a tensor with dims.
    """

def fill(input: Tensor, value: Tensor | _complex) -> Tensor:
    """A tensor of the same sizes with one number everywhere."""

def resize_as_(self: Tensor, the_template: Tensor, memory_format: _memory_format | None = None) -> Tensor:
    """`resize_` to the sizes of another tensor."""
