"""Random programs of views and writes in place: values, versions, errors and gradients as PyTorch's.

A program starts with leaves and tensors made of them, real or complex. Each step makes a view, writes
into a tensor, or changes its sizes; it runs on both sides, which must agree step by step. At the end a
weighted sum of everything is differentiated.
"""

from __future__ import annotations

import os
import random
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

import shapetorch
from shapetorch.tensor.tensors import wrap

Step = Callable[[Any, list[Any]], Any]
PROGRAMS = 4000 if os.environ.get("SHAPETORCH_FUZZ") == "1" else 300
SEED = int(os.environ.get("SHAPETORCH_SEED", "0"))


class Side:
    """One library, with the tensors of the program so far."""

    def __init__(self, library: Any, arrays: list[np.ndarray]) -> None:
        self.library = library
        self.leaves = [self.tensor(array.copy()).requires_grad_() for array in arrays]
        self.pool = [leaf * 1 for leaf in self.leaves]
        self.pool.append(self.tensor(np.zeros((3, 4), arrays[0].dtype)))
        self.pool.append(self.leaves[0])

    def tensor(self, array: np.ndarray) -> Any:
        return torch.from_numpy(array) if self.library is torch else wrap(array)


def _view_step(rng: random.Random, place: int, item: Any) -> Step | None:
    """A view of the tensor at `place`."""
    shape, is_view = tuple(item.shape), item._is_view()
    rank = len(shape)
    dim = rng.randrange(rank) if rank else 0
    other = rng.randrange(rank) if rank else 0
    size = shape[dim] if rank else 1
    start = rng.randrange(size) if size else 0
    order = rng.sample(range(rank), rank)
    step = rng.choice((1, 1, 2))
    key = tuple(
        rng.choice((slice(None), slice(rng.randrange(n + 1), None), rng.randrange(n) if n else ...))
        for n in shape[: rng.randint(0, rank)]
    )
    offset = rng.choice((0, 0, 1))
    views: list[Callable[[Any], Any]] = [
        lambda x: x.view(-1),
        lambda x: x.reshape(-1),
        lambda x: x.flatten(),
        lambda x: x.unsqueeze(dim),
        lambda x: x.squeeze(),
        lambda x: x.detach(),
        lambda x: x[...],
        lambda x: x[None],
        lambda x: x.permute(order),
        lambda x: x.view(shape),
    ]
    if rank:
        views += [
            lambda x: x[start],
            lambda x: x[key],
            lambda x: x[start::step],
            lambda x: x.select(dim, start),
            lambda x: x.narrow(dim, start, size - start),
            lambda x: x.transpose(dim, other),
            lambda x: x.unbind(dim)[start],
            lambda x: x.split(2, dim)[0],
            lambda x: x.chunk(2, dim)[-1],
            lambda x: x.movedim(dim, other),
            lambda x: x.expand(2, *shape),
            lambda x: x.unfold(dim, min(2, size), 1),
            lambda x: x.tensor_split(2, dim)[0],
        ]
    if rank >= 2 and dim != other:
        views += [
            lambda x: x.diagonal(0, dim, other),
            lambda x: x.t() if rank == 2 else x.mT,
        ]
    if item.is_complex() and rng.random() < 0.5:
        views = [lambda x: x.conj(), lambda x: x.conj(), lambda x: x.real, lambda x: x.imag]
        views += [lambda x: x.mH] if rank >= 2 else []
    elif rank >= 2 and not is_view and 0 not in shape:
        # of a view, PyTorch's gradient of what lies beside it depends on writes before and after
        views.append(lambda x: x.as_strided((2, 2), (1, 2), x.storage_offset() if offset else None))
    chosen = rng.choice(views)
    return lambda library, pool: chosen(pool[place])


def _share_memory(a: Any, b: Any) -> bool:
    return bool(a.untyped_storage().data_ptr() == b.untyped_storage().data_ptr())


def _write_step(rng: random.Random, place: int, pool: list[Any], no_grad: bool) -> Step:
    """A write into the tensor at `place`, or a change of its sizes."""
    shape = tuple(pool[place].shape)
    rank = len(shape)
    fitting = [
        number
        for number, item in enumerate(pool)
        if rank >= item.ndim
        and (number == place or not _share_memory(item, pool[place]))
        and all(a in (1, b) for a, b in zip(tuple(item.shape)[::-1], shape[::-1], strict=False))
        and (pool[place].is_complex() or not item.is_complex())
    ]
    source = rng.choice(fitting)
    dim = rng.randrange(rank) if rank else 0
    start = rng.randrange(shape[dim]) if rank and shape[dim] else 0
    index = [rng.randrange(shape[0]) for _ in range(2)] if rank and shape[0] else []
    writes: list[Callable[[Any, list[Any]], Any]] = [
        lambda x, p: x.mul_(2),
        lambda x, p: x.mul_(p[source]),
        lambda x, p: x.add_(p[source]),
        lambda x, p: x.copy_(p[source]),
        lambda x, p: x.fill_(0.5),
        lambda x, p: x.zero_(),
        lambda x, p: x.__setitem__(..., p[source]),
    ]
    # a leaf of another shape than its graph knows is nobody's intention; for conjugates and parts,
    # PyTorch makes histories anew as if they, or their root, had the old sizes
    if not no_grad and not pool[0].is_complex():
        writes += [lambda x, p: x.squeeze_(), lambda x, p: x.unsqueeze_(dim)]
        if rank:
            writes.append(lambda x, p: x.transpose_(0, dim))
        if rank == 2:
            writes.append(lambda x, p: x.t_())
    if rank:
        writes += [
            lambda x, p: x.__setitem__(start if dim == 0 else ..., 3.0),
            lambda x, p: x.__setitem__(slice(start, None), 1.5),
            lambda x, p: x.select(dim, start).mul_(3),
            lambda x, p: x.__setitem__(index, 2.0),
            lambda x, p: x.__setitem__(
                0, p[source].detach().reshape(-1)[0] if p[source].numel() else 1.0
            ),
        ]
    chosen = rng.choice(writes)

    def step(library: Any, items: list[Any]) -> None:
        chosen(items[place], items)

    return step


def _overlaps(item: Any) -> bool:
    """Whether elements lie in one place: the order of writes is then not defined."""
    steps = sorted(
        (step, size) for step, size in zip(item.stride(), item.shape, strict=True) if size > 1
    )
    reach = 1
    for step, size in steps:
        if step < reach:
            return True
        reach = max(reach, 1) + step * (size - 1)
    return False


def _leads_nowhere(item: Any) -> bool:
    """Whether it is a view made under no_grad: ours keeps it for a backward that comes to nothing."""
    try:
        return bool(item.requires_grad and item._is_view() and item.is_leaf)
    except RuntimeError:
        return False


def _compute_step(rng: random.Random, place: int) -> Step:
    return rng.choice(
        [
            lambda library, pool: pool[place] * pool[place],
            lambda library, pool: pool[place].clone(),
            lambda library, pool: pool[place] + 1,
        ]
    )


def _attempt(step: Step, side: Side, no_grad: bool) -> tuple[Any, type[Exception] | None]:
    try:
        if no_grad:
            with side.library.no_grad():
                return step(side.library, side.pool), None
        return step(side.library, side.pool), None
    except (RuntimeError, IndexError, ValueError) as error:
        return None, type(error)


def _facts(item: Any) -> tuple[Any, ...]:
    """What is compared of a tensor; ("refused",) of a view that may no longer be looked at."""
    try:
        requires_grad, is_leaf = item.requires_grad, item.is_leaf
    except RuntimeError:
        return ("refused",)
    return (
        ("shape", tuple(item.shape)),
        ("strides", _strides(item)),
        ("requires_grad", requires_grad),
        ("is_leaf", is_leaf),
        ("version", item._version),
        ("is view", item._is_view()),
        ("marks", (item.is_conj(), item.is_neg())),
        ("values", item.detach().resolve_conj().resolve_neg().numpy().tolist()),
    )


def _strides(item: Any) -> list[int] | None:
    """The strides that matter: of views, and not of a size of 1."""
    if not item.numel() or not item._is_view():
        return None
    return [step for size, step in zip(item.shape, item.stride(), strict=True) if size > 1]


def _check_alike(ours: Side, theirs: Side, seed: int, number: int) -> None:
    for place, (a, b) in enumerate(zip(ours.pool, theirs.pool, strict=True)):
        mine, judge = _facts(a), _facts(b)
        for fact, expected in zip(mine, judge, strict=False):
            rounded = fact[0] == expected[0] == "values" and theirs.leaves[0].is_complex()
            alike = np.allclose(fact[1], expected[1], 1e-9, 1e-9) if rounded else fact == expected
            assert alike, (
                f"program {seed}, step {number}, tensor {place}: {fact} instead of {expected}"
            )


def _loss(side: Side, weights: list[np.ndarray]) -> Any:
    total = side.tensor(np.zeros(()))
    for item, weight in zip(side.pool, weights, strict=True):
        if _facts(item)[0] != "refused" and item.requires_grad:
            total = total + (item * side.tensor(weight)).sum().real
    return total


def run_program(seed: int, is_complex: bool = False) -> None:
    """Run one program on both sides and compare."""
    rng = random.Random(seed)
    numbers = np.random.default_rng(seed)
    arrays = [numbers.standard_normal((3, 4)), numbers.standard_normal((2, 3, 2))]
    if is_complex:
        arrays = [array + 1j * numbers.standard_normal(array.shape) for array in arrays]
    ours, theirs = Side(shapetorch, arrays), Side(torch, arrays)
    for number in range(rng.randint(3, 9)):
        place = rng.randrange(len(theirs.pool))
        kind = rng.random()
        no_grad = rng.random() < 0.12
        if kind < 0.45:
            item = theirs.pool[place]
            step = _view_step(rng, place, item)
        elif kind < 0.9 and not _overlaps(theirs.pool[place]):
            step = _write_step(rng, place, theirs.pool, no_grad)
        else:
            if _leads_nowhere(theirs.pool[place]):
                place = 1
            step = _compute_step(rng, place)
        assert step is not None
        mine, my_error = _attempt(step, ours, no_grad)
        judge, error = _attempt(step, theirs, no_grad)
        where = f"program {seed}, step {number}"
        if error is not None or my_error is not None:
            assert my_error is not None, f"{where}: accepted, PyTorch raises {error}"
            assert error is not None, f"{where}: raises {my_error}, PyTorch accepts"
            assert issubclass(my_error, error), where
            continue
        if judge is not None:
            ours.pool.append(mine)
            theirs.pool.append(judge)
        _check_alike(ours, theirs, seed, number)
    weights = [numbers.standard_normal(tuple(item.shape)) for item in theirs.pool]
    _compare_gradients(ours, theirs, weights, seed)


def _gradients(side: Side, weights: list[np.ndarray]) -> tuple[Any, type[Exception] | None]:
    try:
        total = _loss(side, weights)
        if not total.requires_grad:
            return [], None
        total.backward()
    except RuntimeError as error:
        return None, type(error)
    return [leaf.grad for leaf in side.leaves], None


def _compare_gradients(ours: Side, theirs: Side, weights: list[np.ndarray], seed: int) -> None:
    mine, my_error = _gradients(ours, weights)
    judge, error = _gradients(theirs, weights)
    assert (my_error is None) == (error is None), f"program {seed}: {my_error} instead of {error}"
    if error is not None:
        return
    for a, b in zip(mine, judge, strict=True):
        assert (a is None) == (b is None), f"program {seed}: {a} instead of {b}"
        if b is not None:
            expected = b.resolve_conj().numpy()
            np.testing.assert_allclose(a.numpy(), expected, err_msg=f"program {seed}", atol=1e-12)


@pytest.mark.parametrize("is_complex", [False, True], ids=["real", "complex"])
@pytest.mark.parametrize("block", range(10))
def test_programs_agree(block: int, is_complex: bool) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number in range(PROGRAMS // 10):
            run_program(SEED * 1_000_000 + block * 100_000 + number, is_complex)
