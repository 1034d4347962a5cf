"""Calls of linear algebra."""

from __future__ import annotations

import random
from typing import Any

import torch

from tests.rules.oracle import (
    Call,
    Sampler,
    T,
    any_dim,
    broadcastable,
    maybe_other,
    maybe_other_rank,
    samples,
    shape,
    size,
)


def well_conditioned(shape: tuple[int, ...]) -> torch.Tensor:
    """Matrices with a large diagonal of different numbers: not singular, positive-definite, without
    equal eigenvalues or singular values."""
    noise = 0.3 * torch.rand(shape, generator=torch.Generator().manual_seed(3)).double()
    if len(shape) < 2:
        return 1 + noise
    diagonal = torch.eye(shape[-2], shape[-1]).double()
    return noise + diagonal * torch.arange(2, shape[-2] + 2)[:, None]


def square(rng: random.Random, spoil: float = 0.2, most: int = 2) -> tuple[int, ...]:
    """The shape of square matrices, or nearly so."""
    n = size(rng)
    made = (*shape(rng, 0, most), n, maybe_other(rng, n, spoil))
    return rng.choice([(), (3,)]) if rng.random() < spoil / 3 else made


def matrix(rng: random.Random, spoil: float = 0.2) -> tuple[int, ...]:
    """The shape of any matrices, rarely of less."""
    return shape(rng, 0, 1) if rng.random() < spoil else shape(rng, 2, 4)


def _sampler(targets: str, square_ones: bool, *options: dict[str, Any]) -> Sampler:
    def sample(rng: random.Random) -> Call:
        made = square(rng, 0.3) if square_ones else matrix(rng, 0.35)
        kwargs = rng.choice(options) if options else {}
        return Call(rng.choice(targets.split()), (T(made, values=well_conditioned),), kwargs)

    return sample


SQUARE: dict[str, tuple[Any, ...]] = {
    "det": ("torch.det torch.linalg.det Tensor.det",),
    "logdet": ("torch.logdet Tensor.logdet",),
    "slogdet": ("torch.slogdet torch.linalg.slogdet Tensor.slogdet",),
    "inv": ("torch.linalg.inv",),
    "inverse": ("torch.inverse Tensor.inverse",),
    "matrix_exp": ("torch.matrix_exp torch.linalg.matrix_exp Tensor.matrix_exp",),
    "cholesky": ("torch.cholesky torch.linalg.cholesky Tensor.cholesky", {}, {"upper": True}),
    "cholesky_ex": ("torch.linalg.cholesky_ex", {}, {"upper": True}),
    "inv_ex": ("torch.linalg.inv_ex",),
    "cholesky_inverse": ("torch.cholesky_inverse Tensor.cholesky_inverse", {}, {"upper": True}),
    "eig": ("torch.linalg.eig",),
    "eigh": ("torch.linalg.eigh", {}, {"UPLO": "U"}),
    "eigvals": ("torch.linalg.eigvals",),
    "eigvalsh": ("torch.linalg.eigvalsh",),
    "ldl_factor": ("torch.linalg.ldl_factor",),
    "ldl_factor_ex": ("torch.linalg.ldl_factor_ex",),
}
ANY: dict[str, tuple[Any, ...]] = {
    "pinverse": ("torch.pinverse Tensor.pinverse",),
    "svdvals": ("torch.linalg.svdvals",),
    "geqrf": ("torch.geqrf Tensor.geqrf",),
    "lu_factor": ("torch.linalg.lu_factor",),
    "lu_factor_ex": ("torch.linalg.lu_factor_ex",),
}
for _name, (_targets, *_options) in SQUARE.items():
    samples(_name)(_sampler(_targets, True, *_options))
for _name, (_targets, *_options) in ANY.items():
    samples(_name)(_sampler(_targets, False, *_options))


@samples("matrix_power")
def matrix_power(rng: random.Random) -> Call:
    target = rng.choice("torch.matrix_power torch.linalg.matrix_power Tensor.matrix_power".split())
    return Call(
        target, (T(square(rng, 0.3), values=well_conditioned), rng.choice([0, 1, 2, 3, -1]))
    )


@samples("trace")
def trace(rng: random.Random) -> Call:
    tensor = T(maybe_other_rank(rng, shape(rng, 2, 2), 0.3))
    return Call(rng.choice(["torch.trace", "Tensor.trace"]), (tensor,))


@samples("pinv", "matrix_rank")
def pinv(rng: random.Random) -> Call:
    name = rng.choice(["pinv", "matrix_rank"])
    hermitian = rng.random() < 0.4
    made = square(rng, 0.4) if hermitian else matrix(rng, 0.35)
    kwargs = {"hermitian": True} if hermitian else {}
    return Call(f"torch.linalg.{name}", (T(made, values=well_conditioned),), kwargs)


@samples("cond")
def cond(rng: random.Random) -> Call:
    p = rng.choice([None, 2, -2, 1, "fro", "nuc", float("inf")])
    made = square(rng, 0.3) if rng.random() < 0.7 else matrix(rng, 0.35)
    made = tuple(item or 1 for item in made)
    return Call(
        "torch.linalg.cond", (T(made, values=well_conditioned), *(() if p is None else (p,)))
    )


@samples("matrix_norm")
def matrix_norm(rng: random.Random) -> Call:
    made = tuple(item or 1 for item in matrix(rng, 0.15))
    kwargs: dict[str, Any] = {"keepdim": True} if rng.random() < 0.3 else {}
    if rng.random() < 0.6:
        kwargs["dim"] = tuple(any_dim(rng, len(made), 0.05) for _ in range(2))
        if rng.random() < 0.05:
            kwargs["dim"] = (0,)
    order = rng.choice(["fro", "nuc", 1, 2, -1])
    return Call("torch.linalg.matrix_norm", (T(made), order), kwargs)


@samples("vector_norm")
def vector_norm(rng: random.Random) -> Call:
    made = shape(rng, 0, 4)
    kwargs: dict[str, Any] = {"keepdim": True} if rng.random() < 0.3 else {}
    if rng.random() < 0.7:
        kwargs["dim"] = rng.choice(
            [any_dim(rng, len(made), 0.3), [any_dim(rng, len(made), 0.1) for _ in range(2)]]
        )
    return Call(
        "torch.linalg.vector_norm", (T(made), rng.choice([2, 1, 3.0, float("inf"), -1])), kwargs
    )


@samples("qr")
def qr(rng: random.Random) -> Call:
    tensor = T(matrix(rng, 0.3), values=well_conditioned)
    if rng.random() < 0.4:
        return Call(rng.choice(["torch.qr", "Tensor.qr"]), (tensor, rng.random() < 0.5))
    modes = ["reduced", "complete", "r", "r", "full"]
    return Call("torch.linalg.qr", (tensor,), {"mode": rng.choice(modes)})


@samples("svd")
def svd(rng: random.Random) -> Call:
    tensor = T(matrix(rng, 0.3), values=well_conditioned)
    if rng.random() < 0.4:
        flags = (rng.random() < 0.5, rng.random() < 0.7)
        return Call(rng.choice(["torch.svd", "Tensor.svd"]), (tensor, *flags))
    return Call("torch.linalg.svd", (tensor,), rng.choice([{}, {"full_matrices": False}]))


@samples("lu")
def lu(rng: random.Random) -> Call:
    tensor = T(matrix(rng, 0.3), values=well_conditioned)
    if rng.random() < 0.4:
        infos = {"get_infos": True} if rng.random() < 0.5 else {}
        return Call(rng.choice(["torch.lu", "Tensor.lu"]), (tensor,), infos)
    return Call("torch.linalg.lu", (tensor,))


@samples("lu_unpack")
def lu_unpack(rng: random.Random) -> Call:
    made = matrix(rng, 0.0)
    pivots = (*made[:-2], min(made[-2:]))
    flags = rng.choice([{}, {"unpack_data": False}, {"unpack_pivots": False}])
    if rng.random() < 0.3:
        made = made[-1:]
    args = (T(made, values=well_conditioned), T(pivots, "int32", values=1))
    return Call("torch.lu_unpack", args, flags)


@samples("householder_product")
def householder_product(rng: random.Random) -> Call:
    batch = shape(rng, 0, 2)
    m, n, k = sorted((size(rng), size(rng), size(rng)), reverse=True)
    if rng.random() < 0.2:
        n, m = m, n
    tau = maybe_other_rank(rng, (*batch, k), 0.1)
    target = rng.choice(["torch.linalg.householder_product", "torch.orgqr", "Tensor.orgqr"])
    return Call(target, (T((*batch, m, n)), T(tau)))


@samples("tensorinv")
def tensorinv(rng: random.Random) -> Call:
    a, b = rng.sample((2, 3, 5), 2)
    made, ind = rng.choice(
        [((a, b, a * b), 2), ((a * b, a, b), 1), ((b, a, a, b), 2), ((a, a), 1), ((a, b, b), 2)]
    )
    ind = maybe_other(rng, ind, 0.2)

    def invertible(shape: tuple[int, ...]) -> torch.Tensor:
        rows = int(torch.tensor(shape[:ind]).prod())
        total = int(torch.tensor(shape).prod())
        return torch.eye(rows).reshape(shape) if rows * rows == total else torch.ones(shape)

    return Call("torch.linalg.tensorinv", (T(made, values=invertible), ind))


@samples("vander")
def vander(rng: random.Random) -> Call:
    count = rng.choice([None, 2, 3, 5, 1])
    if rng.random() < 0.5:
        kwargs = {} if count is None else {"N": count}
        return Call("torch.linalg.vander", (T(shape(rng, 0, 3)),), kwargs)
    vector = T(maybe_other_rank(rng, (size(rng),), 0.25))
    return Call("torch.vander", (vector,) if count is None else (vector, count))


# -- equations ------------------------------------------------------------------------------------------


def _system(rng: random.Random) -> tuple[tuple[int, ...], tuple[int, ...]]:
    batch = shape(rng, 0, 2)
    n = size(rng)
    a = (*batch, n, maybe_other(rng, n, 0.08))
    other = broadcastable(rng, batch, 0.05)
    rows = maybe_other(rng, n, 0.1)
    return maybe_other_rank(rng, a, 0.03), (*other, rows, size(rng))


@samples("solve", "solve_ex")
def solve(rng: random.Random) -> Call:
    a, b = _system(rng)
    kind = rng.randrange(4)
    if kind == 0:
        b = a[:-1]
    elif kind == 1:
        b = b[-2:-1]
    left = rng.random() < 0.85
    if not left and kind > 1:
        b = (*b[:-2], b[-1], b[-2])
    target = rng.choice(["torch.linalg.solve", "torch.linalg.solve_ex"])
    return Call(target, (T(a, values=well_conditioned), T(b)), {} if left else {"left": False})


@samples("solve_triangular")
def solve_triangular(rng: random.Random) -> Call:
    a, b = _system(rng)
    left = rng.random() < 0.6
    if not left:
        b = (*b[:-2], b[-1], b[-2])
    args = (T(a, values=well_conditioned), T(maybe_other_rank(rng, b, 0.05)))
    return Call("torch.linalg.solve_triangular", args, {"upper": True, "left": left})


@samples("triangular_solve")
def triangular_solve(rng: random.Random) -> Call:
    a, b = _system(rng)
    target = rng.choice(["torch.triangular_solve", "Tensor.triangular_solve"])
    return Call(target, (T(maybe_other_rank(rng, b, 0.05)), T(a, values=well_conditioned)))


@samples("cholesky_solve")
def cholesky_solve(rng: random.Random) -> Call:
    a, b = _system(rng)
    target = rng.choice(["torch.cholesky_solve", "Tensor.cholesky_solve"])
    return Call(target, (T(maybe_other_rank(rng, b, 0.05)), T(a, values=well_conditioned)))


@samples("lu_solve")
def lu_solve(rng: random.Random) -> Call:
    a, b = _system(rng)
    pivots = maybe_other_rank(rng, a[:-1], 0.05)
    if rng.random() < 0.05:
        pivots = (*pivots[:-1], size(rng))
    lu_data, order = T(a, values=well_conditioned), T(pivots, "int32", values=1)
    if rng.random() < 0.5:
        return Call(rng.choice(["torch.lu_solve", "Tensor.lu_solve"]), (T(b), lu_data, order))
    return Call("torch.linalg.lu_solve", (lu_data, order, T(b)))


@samples("ldl_solve")
def ldl_solve(rng: random.Random) -> Call:
    a, b = _system(rng)
    b = (*a[:-2], *b[-2:])  # PyTorch reads behind the pivots of matrices that are broadcast
    pivots = maybe_other_rank(rng, a[:-1], 0.05)
    if rng.random() < 0.05:
        pivots = (*pivots[:-1], size(rng))
    order = T(pivots, "int32", values=ascending_places)
    return Call("torch.linalg.ldl_solve", (T(a, values=well_conditioned), order, T(b)))


def ascending_places(shape: tuple[int, ...]) -> torch.Tensor:
    """The pivots of matrices whose rows were not swapped."""
    made = torch.arange(1, shape[-1] + 1) if shape else torch.ones(())
    return made.expand(shape).contiguous()


@samples("lstsq")
def lstsq(rng: random.Random) -> Call:
    batch, m, n = shape(rng, 0, 2), size(rng), size(rng)
    rows = maybe_other(rng, m, 0.15)
    other = broadcastable(rng, batch, 0.04) if rng.random() < 0.3 else batch
    columns = size(rng) or 2  # the other drivers crash on an empty right side
    b = (*other, rows) if rng.random() < 0.3 else (*other, rows, columns)
    kwargs = {"driver": rng.choice(["gels", "gelsd", "gelss"])} if rng.random() < 0.4 else {}
    return Call("torch.linalg.lstsq", (T((*batch, m, n), values=well_conditioned), T(b)), kwargs)


@samples("tensorsolve")
def tensorsolve(rng: random.Random) -> Call:
    a, b = rng.sample((2, 3, 5), 2)
    left, right = rng.choice([((a, b), (a * b,)), ((a * b,), (b, a)), ((a, b), (b, a))])
    whole = left + right
    n = a * b

    def invertible(shape: tuple[int, ...]) -> torch.Tensor:
        return (
            torch.eye(n).reshape(shape)
            if torch.tensor(shape).prod() == n * n
            else torch.ones(shape)
        )

    if rng.random() < 0.15:
        whole = (*whole[:-1], size(rng))
    if rng.random() < 0.15:
        left = (*left[:-1], size(rng))
    return Call("torch.linalg.tensorsolve", (T(whole, values=invertible), T(left)))
