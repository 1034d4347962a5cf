"""Copies, pickles and storages."""

from __future__ import annotations

import copy
import os
import pickle

import pytest

import shapetorch
from tests.tensor.expressions import difference

EXPRESSIONS = """\
pickle.loads(pickle.dumps(x))
pickle.loads(pickle.dumps(y))
pickle.loads(pickle.dumps(v)).stride()
pickle.loads(pickle.dumps(v)).storage_offset()
copy.copy(x).data_ptr()==x.data_ptr()
copy.copy(x).requires_grad
copy.copy(y).requires_grad
copy.copy(y).grad_fn
copy.deepcopy(y)
copy.deepcopy(v).stride(), copy.deepcopy(v).untyped_storage().nbytes(), copy.deepcopy(v).storage_offset()
[a.data_ptr()-c.data_ptr() for a,c in [copy.deepcopy((b,v))]]
x.share_memory_().is_shared()
torch.ones(2).is_shared()
b.untyped_storage()
v.untyped_storage().nbytes()
len(v.untyped_storage())
v.storage().size()
v.storage()[1]
torch.ones(2).untyped_storage().tolist()
torch.ones(2).storage().tolist()
b.untyped_storage().data_ptr()==v.untyped_storage().data_ptr()
"""


@pytest.mark.parametrize("expression", EXPRESSIONS.splitlines())
def test_as_pytorch(expression: str) -> None:
    assert difference(expression) is None


def test_tensors_that_shared_memory_share_the_copy() -> None:
    x = shapetorch.zeros(6)
    copied, view, rows = copy.deepcopy([x, x[2:], x.view(2, 3)])
    copied[3] = 1
    assert view[1] == 1
    assert rows[1, 0] == 1
    assert x[3] == 0


def test_a_gradient_is_copied() -> None:
    x = shapetorch.ones(2, requires_grad=True)
    (x * 3).sum().backward()
    made = copy.deepcopy(x)
    assert made.grad.tolist() == [3, 3]
    assert made.grad is not x.grad
    assert made.requires_grad


def test_attributes_and_class_are_copied() -> None:
    class Marked(shapetorch.Tensor):
        """A tensor with an attribute."""

    x = Marked([1, 2])
    x.mark = ["a"]
    for made in (copy.copy(x), copy.deepcopy(x)):
        assert type(made) is Marked
        assert made.mark == ["a"]
    assert copy.copy(x).mark is x.mark
    assert copy.deepcopy(x).mark is not x.mark


def test_a_write_to_a_shallow_copy_is_noticed() -> None:
    x = shapetorch.ones(2, requires_grad=True)
    y = x * 1
    z = y * y
    copy.copy(y.detach()).add_(1)
    with pytest.raises(RuntimeError, match="modified by an inplace"):
        z.sum().backward()


def test_pickle_keeps_what_is_shared() -> None:
    x = shapetorch.arange(4.0)
    first, second = pickle.loads(pickle.dumps((x, x[1:])))
    first[1] = 9
    assert second[0] == 9


def test_pickle_of_other_things() -> None:
    for thing in (
        shapetorch.float16,
        shapetorch.device("cpu"),
        shapetorch.Size([2]),
        shapetorch.strided,
    ):
        assert pickle.loads(pickle.dumps(thing)) == thing
    assert pickle.loads(pickle.dumps(shapetorch.bfloat16)) is shapetorch.bfloat16


def test_a_child_process_writes_to_shared_memory() -> None:
    x = shapetorch.zeros(3, 2).share_memory_()
    assert x.is_shared()
    assert x[1:].is_shared()
    child = os.fork()
    if not child:
        x.numpy()[0, 1] = 5
        os._exit(0)
    os.waitpid(child, 0)
    assert x[0, 1] == 5


def test_memory_that_others_see_is_not_moved() -> None:
    for see in (lambda x: x[1:], lambda x: x.numpy(), lambda x: x.detach()):
        x = shapetorch.zeros(3)
        seen = see(x)
        with pytest.raises(RuntimeError, match="share it before"):
            x.share_memory_()
        assert len(seen)


def test_storages_are_the_memory() -> None:
    x = shapetorch.zeros(4)
    storage = x[2:].storage()
    storage[1] = 3
    x.untyped_storage()[0] = 1
    assert x[1] == 3
    assert x.view(shapetorch.int32)[0] == 1
    assert x.untyped_storage() == x[1:].untyped_storage()
    assert x.untyped_storage() != x.clone().untyped_storage()
    assert storage.dtype is shapetorch.float32
    assert x.untyped_storage().clone().fill_(1).tolist() == [1] * 16
