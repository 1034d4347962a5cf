"""The named tuples that operations with several results give.

Written by ``tools/stubs.py``.
"""

from builtins import int as _int
from builtins import str as _str
from typing import Any as _Any
from typing import NamedTuple as _NamedTuple
from typing import type_check_only as _type_check_only

from shapetorch.tensor.tensors import Tensor

class ResultType(tuple[_Any, ...]):
    @property
    def n_fields(self) -> _int: ...

@_type_check_only
class _histogram_result(_NamedTuple):
    """What `histogram` gives."""
    hist: Tensor
    bin_edges: Tensor

@_type_check_only
class _aminmax_result(_NamedTuple):
    """What `aminmax` gives."""
    min: Tensor
    max: Tensor

@_type_check_only
class _max_result(_NamedTuple):
    """What `max` gives."""
    values: Tensor
    indices: Tensor

@_type_check_only
class _min_result(_NamedTuple):
    """What `min` gives."""
    values: Tensor
    indices: Tensor

@_type_check_only
class _histogramdd_result(_NamedTuple):
    """What `histogramdd` gives."""
    hist: Tensor
    bin_edges: Tensor

@_type_check_only
class _linalg_inv_ex_result(_NamedTuple):
    """What `linalg.inv_ex` gives."""
    inverse: Tensor
    info: Tensor

@_type_check_only
class _linalg_solve_ex_result(_NamedTuple):
    """What `linalg.solve_ex` gives."""
    result: Tensor
    info: Tensor

@_type_check_only
class _triangular_solve_result(_NamedTuple):
    """What `triangular_solve` gives."""
    solution: Tensor
    cloned_coefficient: Tensor

@_type_check_only
class _linalg_cholesky_ex_result(_NamedTuple):
    """What `linalg.cholesky_ex` gives."""
    L: Tensor
    info: Tensor

@_type_check_only
class _linalg_lu_factor_result(_NamedTuple):
    """What `linalg.lu_factor` gives."""
    LU: Tensor
    pivots: Tensor

@_type_check_only
class _linalg_lu_factor_ex_result(_NamedTuple):
    """What `linalg.lu_factor_ex` gives."""
    LU: Tensor
    pivots: Tensor
    info: Tensor

@_type_check_only
class _linalg_lu_result(_NamedTuple):
    """What `linalg.lu` gives."""
    P: Tensor
    L: Tensor
    U: Tensor

@_type_check_only
class _lu_unpack_result(_NamedTuple):
    """What `lu_unpack` gives."""
    P: Tensor
    L: Tensor
    U: Tensor

@_type_check_only
class _linalg_qr_result(_NamedTuple):
    """What `linalg.qr` gives."""
    Q: Tensor
    R: Tensor

@_type_check_only
class _qr_result(_NamedTuple):
    """What `qr` gives."""
    Q: Tensor
    R: Tensor

@_type_check_only
class _geqrf_result(_NamedTuple):
    """What `geqrf` gives."""
    a: Tensor
    tau: Tensor

@_type_check_only
class _linalg_ldl_factor_result(_NamedTuple):
    """What `linalg.ldl_factor` gives."""
    LD: Tensor
    pivots: Tensor

@_type_check_only
class _linalg_ldl_factor_ex_result(_NamedTuple):
    """What `linalg.ldl_factor_ex` gives."""
    LD: Tensor
    pivots: Tensor
    info: Tensor

@_type_check_only
class _linalg_eig_result(_NamedTuple):
    """What `linalg.eig` gives."""
    eigenvalues: Tensor
    eigenvectors: Tensor

@_type_check_only
class _linalg_eigh_result(_NamedTuple):
    """What `linalg.eigh` gives."""
    eigenvalues: Tensor
    eigenvectors: Tensor

@_type_check_only
class _linalg_svd_result(_NamedTuple):
    """What `linalg.svd` gives."""
    U: Tensor
    S: Tensor
    Vh: Tensor

@_type_check_only
class _svd_result(_NamedTuple):
    """What `svd` gives."""
    U: Tensor
    S: Tensor
    V: Tensor

@_type_check_only
class _linalg_slogdet_result(_NamedTuple):
    """What `linalg.slogdet` gives."""
    sign: Tensor
    logabsdet: Tensor

@_type_check_only
class _slogdet_result(_NamedTuple):
    """What `slogdet` gives."""
    sign: Tensor
    logabsdet: Tensor

@_type_check_only
class _linalg_lstsq_result(_NamedTuple):
    """What `linalg.lstsq` gives."""
    solution: Tensor
    residuals: Tensor
    rank: Tensor
    singular_values: Tensor

@_type_check_only
class _cummax_result(_NamedTuple):
    """What `cummax` gives."""
    values: Tensor
    indices: Tensor

@_type_check_only
class _cummin_result(_NamedTuple):
    """What `cummin` gives."""
    values: Tensor
    indices: Tensor

@_type_check_only
class _sort_result(_NamedTuple):
    """What `sort` gives."""
    values: Tensor
    indices: Tensor

@_type_check_only
class _topk_result(_NamedTuple):
    """What `topk` gives."""
    values: Tensor
    indices: Tensor

@_type_check_only
class _frexp_result(_NamedTuple):
    """What `frexp` gives."""
    mantissa: Tensor
    exponent: Tensor

@_type_check_only
class _median_result(_NamedTuple):
    """What `median` gives."""
    values: Tensor
    indices: Tensor

@_type_check_only
class _nanmedian_result(_NamedTuple):
    """What `nanmedian` gives."""
    values: Tensor
    indices: Tensor

@_type_check_only
class _mode_result(_NamedTuple):
    """What `mode` gives."""
    values: Tensor
    indices: Tensor

@_type_check_only
class _kthvalue_result(_NamedTuple):
    """What `kthvalue` gives."""
    values: Tensor
    indices: Tensor

@_type_check_only
class _ResultTypes:
    histogram: type[_histogram_result]
    aminmax: type[_aminmax_result]
    max: type[_max_result]
    min: type[_min_result]
    histogramdd: type[_histogramdd_result]
    linalg_inv_ex: type[_linalg_inv_ex_result]
    linalg_solve_ex: type[_linalg_solve_ex_result]
    triangular_solve: type[_triangular_solve_result]
    linalg_cholesky_ex: type[_linalg_cholesky_ex_result]
    linalg_lu_factor: type[_linalg_lu_factor_result]
    linalg_lu_factor_ex: type[_linalg_lu_factor_ex_result]
    linalg_lu: type[_linalg_lu_result]
    lu_unpack: type[_lu_unpack_result]
    linalg_qr: type[_linalg_qr_result]
    qr: type[_qr_result]
    geqrf: type[_geqrf_result]
    linalg_ldl_factor: type[_linalg_ldl_factor_result]
    linalg_ldl_factor_ex: type[_linalg_ldl_factor_ex_result]
    linalg_eig: type[_linalg_eig_result]
    linalg_eigh: type[_linalg_eigh_result]
    linalg_svd: type[_linalg_svd_result]
    svd: type[_svd_result]
    linalg_slogdet: type[_linalg_slogdet_result]
    slogdet: type[_slogdet_result]
    linalg_lstsq: type[_linalg_lstsq_result]
    cummax: type[_cummax_result]
    cummin: type[_cummin_result]
    sort: type[_sort_result]
    topk: type[_topk_result]
    frexp: type[_frexp_result]
    median: type[_median_result]
    nanmedian: type[_nanmedian_result]
    mode: type[_mode_result]
    kthvalue: type[_kthvalue_result]

RESULT_TYPES: dict[_str, type[ResultType]]
return_types: _ResultTypes

def result_type(name: _str, *fields: _str) -> type[ResultType]: ...
