"""Shape errors in tensor code, found while it is typed.

Names are loaded when they are first used: ``import shapetorch`` loads neither NumPy nor a compiler,
and ``import shapetorch as torch`` gives PyTorch's interface.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from shapetorch.amp import autocast as autocast
    from shapetorch.annotations.sizes import Dim as Dim
    from shapetorch.autograd.modes import enable_grad as enable_grad
    from shapetorch.autograd.modes import inference_mode as inference_mode
    from shapetorch.autograd.modes import (
        is_anomaly_check_nan_enabled as is_anomaly_check_nan_enabled,
    )
    from shapetorch.autograd.modes import is_anomaly_enabled as is_anomaly_enabled
    from shapetorch.autograd.modes import is_grad_enabled as is_grad_enabled
    from shapetorch.autograd.modes import is_inference_mode_enabled as is_inference_mode_enabled
    from shapetorch.autograd.modes import no_grad as no_grad
    from shapetorch.autograd.modes import set_grad_enabled as set_grad_enabled
    from shapetorch.errors import ErrorKind as ErrorKind
    from shapetorch.errors import ShapeError as ShapeError
    from shapetorch.func import vmap as vmap
    from shapetorch.runtime import assert_shape as assert_shape
    from shapetorch.runtime import assume as assume
    from shapetorch.runtime import checked as checked
    from shapetorch.runtime import reveal_shape as reveal_shape
    from shapetorch.serialization import load as load
    from shapetorch.serialization import save as save
    from shapetorch.tensor.tensors import Tensor as Tensor
    from shapetorch.typing import AssertNoShapeError as AssertNoShapeError
    from shapetorch.typing import At as At
    from shapetorch.typing import AtShape as AtShape
    from shapetorch.typing import BroadcastShape as BroadcastShape
    from shapetorch.typing import CatShape as CatShape
    from shapetorch.typing import CholeskyShape as CholeskyShape
    from shapetorch.typing import CumShape as CumShape
    from shapetorch.typing import DetShape as DetShape
    from shapetorch.typing import DiagShape as DiagShape
    from shapetorch.typing import DynamicShape as DynamicShape
    from shapetorch.typing import EigShape as EigShape
    from shapetorch.typing import EinsumOutputShape as EinsumOutputShape
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
    from shapetorch.typing import ScatterShape as ScatterShape
    from shapetorch.typing import SelectShape as SelectShape
    from shapetorch.typing import Shape as Shape
    from shapetorch.typing import ShapedTensor as ShapedTensor
    from shapetorch.typing import SliceShape as SliceShape
    from shapetorch.typing import SoftmaxShape as SoftmaxShape
    from shapetorch.typing import SqueezeShape as SqueezeShape
    from shapetorch.typing import SVDShape as SVDShape
    from shapetorch.typing import TileShape as TileShape
    from shapetorch.typing import TraceShape as TraceShape
    from shapetorch.typing import TransposeDimsShape as TransposeDimsShape
    from shapetorch.typing import TransposeDimsShapeChecked as TransposeDimsShapeChecked
    from shapetorch.typing import TransposeShape as TransposeShape
    from shapetorch.typing import UnpackShape as UnpackShape
    from shapetorch.typing import UnsqueezeShape as UnsqueezeShape
    from shapetorch.typing import ValidateBatchedSquareMatrix as ValidateBatchedSquareMatrix
    from shapetorch.typing import ValidateChunkDim as ValidateChunkDim
    from shapetorch.typing import ValidatedEinsumShape as ValidatedEinsumShape
    from shapetorch.typing import ValidatedRearrangeShape as ValidatedRearrangeShape
    from shapetorch.typing import ValidatedReduceShape as ValidatedReduceShape
    from shapetorch.typing import ValidatedRepeatShape as ValidatedRepeatShape
    from shapetorch.typing import ValidateEinsum as ValidateEinsum
    from shapetorch.typing import ValidateOperandCount as ValidateOperandCount
    from shapetorch.typing import ValidateRanks as ValidateRanks
    from shapetorch.typing import ValidateScalar as ValidateScalar
    from shapetorch.typing import ValidateSplitDim as ValidateSplitDim
    from shapetorch.typing import ValidateSquareMatrix as ValidateSquareMatrix
    from shapetorch.typing import ValidateUnbindDim as ValidateUnbindDim
    from shapetorch.typing import assert_no_shape_error as assert_no_shape_error
    from shapetorch.typing import at as at
    from shapetorch.typing import at_shape as at_shape
    from shapetorch.typing import broadcast_shape as broadcast_shape
    from shapetorch.typing import cat_shape as cat_shape
    from shapetorch.typing import cholesky_shape as cholesky_shape
    from shapetorch.typing import cum_shape as cum_shape
    from shapetorch.typing import det_shape as det_shape
    from shapetorch.typing import diag_shape as diag_shape
    from shapetorch.typing import eig_shape as eig_shape
    from shapetorch.typing import einsum_output_shape as einsum_output_shape
    from shapetorch.typing import expand_shape as expand_shape
    from shapetorch.typing import flatten_shape as flatten_shape
    from shapetorch.typing import flip_shape as flip_shape
    from shapetorch.typing import gather_shape as gather_shape
    from shapetorch.typing import has_shape_error as has_shape_error
    from shapetorch.typing import index_select_shape as index_select_shape
    from shapetorch.typing import inverse_shape as inverse_shape
    from shapetorch.typing import is2_d as is2_d
    from shapetorch.typing import is_2d as is_2d
    from shapetorch.typing import is_at_least1_d as is_at_least1_d
    from shapetorch.typing import is_at_least_1d as is_at_least_1d
    from shapetorch.typing import is_shape_error as is_shape_error
    from shapetorch.typing import item_result as item_result
    from shapetorch.typing import lu_shape as lu_shape
    from shapetorch.typing import matmul2_d_shape as matmul2_d_shape
    from shapetorch.typing import matmul_2d_shape as matmul_2d_shape
    from shapetorch.typing import matmul_shape as matmul_shape
    from shapetorch.typing import narrow_shape as narrow_shape
    from shapetorch.typing import negative_dim as negative_dim
    from shapetorch.typing import pack_shape as pack_shape
    from shapetorch.typing import permute_shape as permute_shape
    from shapetorch.typing import rank as rank
    from shapetorch.typing import rearrange_shape as rearrange_shape
    from shapetorch.typing import reduce_shape as reduce_shape
    from shapetorch.typing import repeat_shape as repeat_shape
    from shapetorch.typing import reshape_shape as reshape_shape
    from shapetorch.typing import scatter_shape as scatter_shape
    from shapetorch.typing import select_shape as select_shape
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

_MODULES = {
    "shapetorch.annotations.sizes": """Dim""",
    "shapetorch.autograd.modes": """enable_grad inference_mode is_anomaly_check_nan_enabled is_anomaly_enabled is_grad_enabled is_inference_mode_enabled no_grad set_grad_enabled""",
    "shapetorch.func": """vmap""",
    "shapetorch.amp": """autocast""",
    "shapetorch.errors": """ErrorKind ShapeError""",
    "shapetorch.runtime": """assert_shape assume checked reveal_shape""",
    "shapetorch.serialization": """load save""",
    "shapetorch.tensor.tensors": """Tensor""",
    "shapetorch.typing": """AssertNoShapeError At AtShape BroadcastShape CatShape CholeskyShape CumShape DetShape DiagShape DynamicShape EigShape EinsumOutputShape ExpandShape FlattenShape FlipShape GatherShape HasShapeError IndexSelectShape InverseShape Is2D IsAtLeast1D IsShapeError ItemResult LUShape Matmul2DShape MatmulShape NarrowShape NegativeDim PackShape PermuteShape Rank RearrangeShape ReduceShape RepeatShape ReshapeShape SVDShape ScatterShape SelectShape Shape ShapedTensor SliceShape SoftmaxShape SqueezeShape TileShape TraceShape TransposeDimsShape TransposeDimsShapeChecked TransposeShape UnpackShape UnsqueezeShape ValidateBatchedSquareMatrix ValidateChunkDim ValidateEinsum ValidateOperandCount ValidateRanks ValidateScalar ValidateSplitDim ValidateSquareMatrix ValidateUnbindDim ValidatedEinsumShape ValidatedRearrangeShape ValidatedReduceShape ValidatedRepeatShape assert_no_shape_error at at_shape broadcast_shape cat_shape cholesky_shape cum_shape det_shape diag_shape eig_shape einsum_output_shape expand_shape flatten_shape flip_shape gather_shape has_shape_error index_select_shape inverse_shape is2_d is_2d is_at_least1_d is_at_least_1d is_shape_error item_result lu_shape matmul2_d_shape matmul_2d_shape matmul_shape narrow_shape negative_dim pack_shape permute_shape rank rearrange_shape reduce_shape repeat_shape reshape_shape scatter_shape select_shape slice_shape softmax_shape squeeze_shape svd_shape tile_shape trace_shape transpose_dims_shape transpose_dims_shape_checked transpose_shape unpack_shape unsqueeze_shape validate_chunk_dim validate_einsum validate_operand_count validate_ranks validate_scalar validate_split_dim validate_square_matrix validate_unbind_dim validated_einsum_shape validated_rearrange_shape validated_reduce_shape validated_repeat_shape""",
}
_SOURCES = {name: (module, name) for module, names in _MODULES.items() for name in names.split()}
_PACKAGES = frozenset(
    "_C amp annotations autograd backends cpu cuda dim einops errors fft flow func linalg nn overrides profiler random rules runtime serialization special tensor typing utils version".split()
)

__all__ = sorted(_SOURCES)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(f"module 'shapetorch' has no attribute {name!r}")
    if name in _PACKAGES:
        return importlib.import_module(f"shapetorch.{name}")
    if name in _SOURCES:
        module, attribute = _SOURCES[name]
        value = getattr(importlib.import_module(module), attribute)
    else:  # PyTorch's names
        value = getattr(importlib.import_module("shapetorch.tensor"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    tensor = importlib.import_module("shapetorch.tensor")
    return sorted({*globals(), *_SOURCES, *_PACKAGES, *tensor.NAMES})
