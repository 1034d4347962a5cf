"""Memory shared with NumPy and by DLPack."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")  # what imports this is skipped without it

import torch

import shapetorch
from shapetorch.tensor import dlpack
from shapetorch.tensor.dtypes import DTYPES
from tests.tensor.expressions import difference

EXPRESSIONS = """\
np.sin(torch.ones(2))
np.sin(x)
np.asarray(x)
np.asarray(torch.ones(2,dtype=torch.bfloat16))
np.asarray(torch.ones(2),dtype='int32')
np.array(torch.ones(2),copy=True)
np.add(torch.ones(2),np.ones(2))
np.ones(2)==torch.ones(2)
np.float64(2)*torch.ones(2)
np.concatenate([torch.ones(2),np.ones(2)])
np.stack([torch.ones(2),torch.ones(2)])
x.__dlpack__()
np.from_dlpack(torch.ones(2))
np.from_dlpack(torch.ones(2,dtype=torch.bool))
torch.from_dlpack(np.ones(2))
torch.from_dlpack([1])
torch.from_dlpack(torch.utils.dlpack.to_dlpack(torch.ones(2)))
x.numpy()
x.numpy(force=True)
x.detach().numpy().flags.writeable
"""


@pytest.mark.parametrize("expression", EXPRESSIONS.splitlines())
def test_as_pytorch(expression: str) -> None:
    assert difference(expression) is None


def test_an_array_shares_the_memory() -> None:
    x = shapetorch.zeros(2, 3)
    x.numpy()[0, 1] = 5
    np.asarray(x)[1, 1] = 7
    np.from_dlpack(x)[1, 2] = 9
    assert x.tolist() == [[0, 5, 0], [0, 7, 9]]
    assert np.array(x, copy=True) is not x.numpy()
    assert x.__array_interface__["data"][0] == x.data_ptr()


def test_dlpack_with_pytorch_both_ways() -> None:
    theirs = torch.zeros(3)
    ours = shapetorch.from_dlpack(theirs)
    ours[0] = 1
    torch.from_dlpack(ours)[1] = 2
    assert theirs.tolist() == [1, 2, 0]


@pytest.mark.parametrize("name", DTYPES)
def test_dlpack_in_every_dtype(name: str) -> None:
    ours = shapetorch.tensor([0, 1, 1]).to(DTYPES[name])
    theirs = torch.from_dlpack(ours)
    assert str(theirs.dtype) == str(ours.dtype)
    again = shapetorch.from_dlpack(theirs)
    assert again.dtype is ours.dtype
    again[0] = 1
    assert ours.tolist() == [1, 1, 1]


def test_a_capsule_is_used_once_and_shares() -> None:
    x = shapetorch.zeros(2, 3).t()
    capsule = shapetorch.utils.dlpack.to_dlpack(x)
    again = shapetorch.from_dlpack(capsule)
    again[0, 1] = 4
    assert x[0, 1] == 4
    with pytest.raises(RuntimeError, match="consumed only once"):
        shapetorch.from_dlpack(capsule)


class Elsewhere:
    """What gives an array, but says that it lies on another device, or knows no versions."""

    def __init__(self, array: np.ndarray, device: int, old: bool = False) -> None:
        self.array, self.device, self.old = array, device, old

    def __dlpack__(self, **options: object) -> object:
        if self.old and options:
            raise TypeError("unexpected keyword argument 'max_version'")
        return self.array.__dlpack__()

    def __dlpack_device__(self) -> tuple[int, int]:
        return (self.device, 0)


def test_memory_of_another_device_is_refused() -> None:
    array = np.arange(3.0)
    with pytest.raises(BufferError, match="must be on the CPU"):
        shapetorch.from_dlpack(Elsewhere(array, 2))
    capsule = array.__dlpack__()
    dlpack._header(capsule).device_type = 2
    with pytest.raises(BufferError, match="must be on the CPU"):
        shapetorch.from_dlpack(capsule)
    dlpack._header(capsule).device_type = 1


def test_a_capsule_without_a_version() -> None:
    array = np.arange(6.0).reshape(2, 3)[:, 1:]
    found = shapetorch.from_dlpack(Elsewhere(array, 1, old=True))
    assert found.tolist() == [[1, 2], [4, 5]]
    found[0, 1] = 7
    assert array[0, 1] == 7
    with pytest.raises(ValueError, match="negative strides"):  # PyTorch ends the process
        shapetorch.from_dlpack(Elsewhere(array[::-1], 1, old=True))
    assert shapetorch.from_dlpack(Elsewhere(np.zeros((0, 3)), 1, old=True)).shape == (0, 3)
    with pytest.raises(BufferError):
        shapetorch.from_dlpack(Elsewhere(np.zeros(2, dtype="S4"), 1, old=True))


def test_bfloat16_of_another_width_is_none() -> None:
    capsule = np.zeros(2, np.float32).__dlpack__()
    dlpack._header(capsule).code = 4
    with pytest.raises((BufferError, RuntimeError)):
        shapetorch.from_dlpack(capsule)
    dlpack._header(capsule).code = 2


def test_a_copy_is_asked_for() -> None:
    x = shapetorch.zeros(2)
    shapetorch.from_dlpack(x, copy=True)[0] = 1
    assert x.tolist() == [0, 0]


def test_a_read_only_array_is_read() -> None:
    array = np.arange(3)
    array.flags.writeable = False
    x = shapetorch.from_numpy(array)
    assert (x + 1).tolist() == [1, 2, 3]
    with pytest.raises(RuntimeError, match="read-only"):
        x[0] = 1
    with pytest.raises(RuntimeError, match="read-only"):
        shapetorch.add(x, 1, out=x)
    with pytest.raises(RuntimeError, match="read-only"):
        shapetorch.aminmax(x, out=(shapetorch.zeros((), dtype=x.dtype), x[0]))
    assert array.tolist() == [0, 1, 2]


def test_numpy_functions_give_tensors() -> None:
    x = shapetorch.ones(2)
    assert isinstance(np.exp(x), shapetorch.Tensor)
    assert isinstance(np.ones(2) * x, shapetorch.Tensor)
    assert np.sum(x) == 2


def test_a_subclass_of_arrays_is_an_array() -> None:
    made = shapetorch.from_numpy(np.ones(2).view(np.recarray))
    assert type(made.numpy()) is np.ndarray
