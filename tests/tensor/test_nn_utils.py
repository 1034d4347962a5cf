"""Clipping, vectors of parameters, padded and packed sequences, compared with PyTorch."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import shapetorch
from shapetorch.nn.utils import parameters_to_vector, vector_to_parameters
from tests.tensor.both import agree, numbers

LONG, MIDDLE, SHORT = numbers(5, 2), numbers(3, 2), numbers(2, 2)


def utils(t: Any) -> Any:
    return import_module(f"{t.__name__}.nn.utils")


def rnn(t: Any) -> Any:
    return import_module(f"{t.__name__}.nn.utils.rnn")


# -- gradients ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("norm", [2.0, 1.0, 0.5, float("inf")])
@pytest.mark.parametrize("largest", [0.1, 100.0])
def test_clip_grad_norm(norm: float, largest: float) -> None:
    def run(t: Any, a: Any, b: Any) -> Any:
        ((a**2).sum() + (b * 3).sum()).backward()
        total = utils(t).clip_grad_norm_(iter([a, b, t.ones(2)]), largest, norm)
        single = utils(t).clip_grad_norm_(a, largest / 2, norm)
        return total, single, a.grad, b.grad

    agree(lambda t, *x: [it.detach() for it in run(t, *x)], numbers(3, 2), numbers(4))


def test_clip_grad_value() -> None:
    def run(t: Any, a: Any) -> Any:
        (a**3).sum().backward()
        utils(t).clip_grad_value_([a], 0.5)
        return a.grad.detach()

    agree(run, numbers(3, 4))


def test_total_norm() -> None:
    agree(lambda t, a, b: utils(t).get_total_norm([a, b], 3.0), numbers(3), numbers(2, 2))
    agree(lambda t, a: utils(t).get_total_norm([]), numbers(3), grad=False)
    agree(lambda t, a: utils(t).get_total_norm([a / 0], error_if_nonfinite=True), numbers(3))


# -- parameters ---------------------------------------------------------------------------------------


def test_parameters_to_vector() -> None:
    agree(lambda t, a, b: utils(t).parameters_to_vector([a, b]), numbers(3, 2), numbers(4))
    agree(lambda t, a: utils(t).parameters_to_vector([]), numbers(3))
    agree(lambda t, a: utils(t).vector_to_parameters([1], [a]), numbers(3))


def test_vector_to_parameters() -> None:
    a, b = shapetorch.zeros(2, 3, requires_grad=True), shapetorch.zeros(4, requires_grad=True)
    vector = shapetorch.arange(10.0)
    vector_to_parameters(vector, [a, b])
    assert a.tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
    assert parameters_to_vector([a, b]).tolist() == vector.tolist()
    assert a.requires_grad
    assert a.is_leaf
    vector[7] = 70.0  # the parameters are parts of it
    assert b.tolist() == [6.0, 70.0, 8.0, 9.0]


# -- sequences ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", ["left", "right", "x"])
@pytest.mark.parametrize("batch_first", [True, False])
def test_pad_sequence(batch_first: bool, side: str) -> None:
    agree(
        lambda t, *items: rnn(t).pad_sequence(items, batch_first, 9.0, side), *(MIDDLE, LONG, SHORT)
    )


def test_pad_sequence_mistakes() -> None:
    agree(lambda t, a: rnn(t).pad_sequence([]), LONG)
    agree(lambda t, a, b: rnn(t).pad_sequence([a, b]), LONG, numbers(2, 3))


@pytest.mark.parametrize("batch_first", [True, False])
def test_there_and_back(batch_first: bool) -> None:
    def run(t: Any, *items: Any) -> Any:
        packed = rnn(t).pack_sequence(items, enforce_sorted=False)
        padded, lengths = rnn(t).pad_packed_sequence(packed, batch_first, 7.0, 6)
        apart = rnn(t).unpad_sequence(
            padded.clone(), lengths, batch_first
        )  # PyTorch turns it in place
        return [*packed, padded, lengths, *apart, *rnn(t).unpack_sequence(packed)]

    agree(run, MIDDLE, LONG, SHORT)


@pytest.mark.parametrize("lengths", [[3, 2], [2, 3], [3, 0], [3], [3, 2, 1], [4, 1]], ids=str)
@pytest.mark.parametrize("batch_first", [True, False])
@pytest.mark.parametrize("in_order", [True, False])
def test_pack_padded_sequence(lengths: list[int], batch_first: bool, in_order: bool) -> None:
    if lengths == [4, 1]:  # PyTorch reads behind the end
        with pytest.raises(RuntimeError, match="at most the number of steps"):
            rnn(shapetorch).pack_padded_sequence(shapetorch.ones(3, 2), lengths)
        return

    if lengths == [3, 2, 1] and not in_order:  # which class PyTorch raises depends on the strides
        with pytest.raises(IndexError):
            rnn(shapetorch).pack_padded_sequence(
                shapetorch.ones(3, 2), lengths, enforce_sorted=False
            )
        return

    def run(t: Any, x: Any) -> Any:
        given = t.tensor(lengths) if in_order else lengths
        made = rnn(t).pack_padded_sequence(x, given, batch_first, in_order)
        return [item for item in made if item is not None]

    agree(run, numbers(2, 3, 4) if batch_first else numbers(3, 2, 4))


def test_sequences_of_one_length_keep_their_order() -> None:
    """PyTorch leaves their order open."""
    lengths = [1 + place % 3 for place in range(40)]
    given = shapetorch.zeros(3, 40, 1)
    packed = rnn(shapetorch).pack_padded_sequence(given, lengths, enforce_sorted=False)
    expected = sorted(range(40), key=lambda place: -lengths[place])
    assert packed.sorted_indices.tolist() == expected


def test_unsorted_sequences_in_another_dtype() -> None:
    items = [shapetorch.ones(1, 1), shapetorch.full((3, 1), 2.0)]
    packed = rnn(shapetorch).pack_sequence(items, enforce_sorted=False).double()
    found = rnn(shapetorch).unpack_sequence(packed)
    assert [item.tolist() for item in found] == [[[1.0]], [[2.0]] * 3]


def test_too_short_a_total_length() -> None:
    def run(t: Any, a: Any, b: Any) -> Any:
        return rnn(t).pad_packed_sequence(rnn(t).pack_sequence([a, b]), total_length=2)

    agree(run, LONG, SHORT)


def test_packed_sequences_change_dtype() -> None:
    packed = rnn(shapetorch).pack_sequence([shapetorch.ones(2, 1), shapetorch.ones(1, 1)])
    assert packed.double().data.dtype is shapetorch.float64
    assert packed.to(shapetorch.float32) is packed
    for name in ("double", "float", "half", "long", "int"):
        made = getattr(packed, name)()
        assert made.data.dtype is getattr(shapetorch, name)
        assert made[1:] == packed[1:]
    assert not packed.is_cuda
    assert np.array_equal(packed.long().batch_sizes.numpy(), [2, 1])
