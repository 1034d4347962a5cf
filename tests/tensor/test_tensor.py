"""Tensors: values and dtypes as PyTorch's, shape errors as the rules'."""

import numpy as np
import pytest

import shapetorch as st
from shapetorch.errors import ErrorKind, ShapeError

K = ErrorKind

VALUES = [
    pytest.param(lambda t: t.zeros(2, 3), id="zeros"),
    pytest.param(lambda t: t.zeros((2, 3), dtype=t.int64), id="zeros-dtype"),
    pytest.param(lambda t: t.ones(2), id="ones"),
    pytest.param(lambda t: t.ones(()), id="scalar"),
    pytest.param(lambda t: t.full((2, 3), 7), id="full-int"),
    pytest.param(lambda t: t.full((2,), 0.5), id="full-float"),
    pytest.param(lambda t: t.full((2,), True), id="full-bool"),
    pytest.param(lambda t: t.arange(5), id="arange"),
    pytest.param(lambda t: t.arange(2, 11, 3), id="arange-step"),
    pytest.param(lambda t: t.arange(0, 1, 0.25), id="arange-float"),
    pytest.param(lambda t: t.tensor([[1, 2], [3, 4]]), id="tensor-int"),
    pytest.param(lambda t: t.tensor([[1.5, 2]]), id="tensor-float"),
    pytest.param(lambda t: t.tensor([True, False]), id="tensor-bool"),
    pytest.param(lambda t: t.tensor(3 + 1j), id="tensor-complex"),
    pytest.param(lambda t: t.tensor(np.ones(2)), id="tensor-of-array"),
    pytest.param(lambda t: t.arange(3) + 1, id="add-number"),
    pytest.param(lambda t: 1.5 + t.arange(3), id="number-add"),
    pytest.param(lambda t: 5 - t.arange(3), id="number-sub"),
    pytest.param(lambda t: t.ones(2, 3) + t.arange(3), id="float-and-int"),
    pytest.param(lambda t: t.ones(2, dtype=t.float16) * t.full((), 2.0), id="scalar-tensor"),
    pytest.param(lambda t: t.arange(3) * t.full((), 2.0), id="scalar-tensor-is-higher"),
    pytest.param(lambda t: t.ones(2, dtype=t.float64) * 2, id="number-is-lower"),
    pytest.param(lambda t: t.tensor([True]) + 1, id="bool-and-int"),
    pytest.param(lambda t: t.arange(3) / 2, id="div"),
    pytest.param(lambda t: t.ones(2) / t.zeros(2), id="div-by-zero"),
    pytest.param(lambda t: t.add(t.ones(2), t.ones(2), alpha=3), id="add-alpha"),
    pytest.param(lambda t: t.ones(2).sub(t.ones(2), alpha=3), id="sub-alpha"),
    pytest.param(lambda t: t.ones(2, 3) @ t.ones(3, 5), id="matmul"),
    pytest.param(lambda t: t.matmul(t.ones(7, 1, 2, 3), t.ones(5, 3, 2)), id="matmul-batch"),
    pytest.param(lambda t: t.ones(3) @ t.ones(3), id="dot"),
    pytest.param(lambda t: t.arange(6).reshape(2, -1), id="reshape"),
    pytest.param(lambda t: t.reshape(t.arange(6), (3, 2)), id="reshape-function"),
    pytest.param(lambda t: t.arange(6).view((3, 2)), id="view"),
]


@pytest.mark.parametrize("make", VALUES)
def test_as_pytorch(make):
    torch = pytest.importorskip("torch")
    ours, theirs = make(st), make(torch)
    assert ours.shape == tuple(theirs.shape)
    assert str(ours.dtype).rsplit(".", 1)[-1] == str(theirs.dtype).rsplit(".", 1)[-1]
    np.testing.assert_allclose(ours.numpy(), theirs.numpy())


ERRORS = [
    pytest.param(
        lambda t: t.ones(2, 3) @ t.ones(5, 4),
        K.matmul_error_inner_dimensions_do_not_match,
        id="matmul",
    ),
    pytest.param(
        lambda t: t.ones(2, 3) + t.ones(2, 5), K.broadcast_error_incompatible_dimensions, id="add"
    ),
    pytest.param(
        lambda t: t.ones(2, 3).reshape(4, -1), K.reshape_error_element_count, id="reshape"
    ),
    pytest.param(lambda t: t.ones(2, 3).view(5), K.reshape_error_element_count, id="view"),
    pytest.param(lambda t: t.ones(2, 3).item(), K.item_error_not_scalar, id="item"),
    pytest.param(lambda t: t.zeros(2, -3), K.creation_error_negative_size, id="zeros"),
    pytest.param(lambda t: t.tensor([[1], [2, 3]]), K.creation_error_ragged, id="tensor"),
    pytest.param(lambda t: t.arange(3, 1), K.arange_error_bounds, id="arange"),
    pytest.param(lambda t: t.ones(2, 3).size(2), K.dimension_error_out_of_range, id="size"),
]


@pytest.mark.parametrize(("make", "kind"), ERRORS)
def test_errors(make, kind):
    torch = pytest.importorskip("torch")
    with pytest.raises(ShapeError) as caught:
        make(st)
    assert caught.value.kind is kind
    with pytest.raises(Exception) as theirs:  # noqa: PT011
        make(torch)
    assert isinstance(caught.value, theirs.type)


def test_same_words_as_the_rule():
    from shapetorch.rules.products import matmul_shape

    with pytest.raises(ShapeError) as rule:
        matmul_shape((2, 3), (5, 4))
    with pytest.raises(ShapeError) as run:
        st.ones(2, 3) @ st.ones(5, 4)
    assert str(run.value) == str(rule.value)
    assert run.value.brand == rule.value.brand


def test_wrong_types():
    with pytest.raises(TypeError, match=r"'tensor2'|'other'|invalid combination"):
        st.matmul(st.ones(2), 3)
    with pytest.raises(TypeError):
        st.ones(2) + "a"
    with pytest.raises(TypeError, match=r"must be torch\.dtype, not str"):
        st.zeros(2, dtype="text")
    with pytest.raises(TypeError, match=r"can't convert np.ndarray of type numpy.str_"):
        st.from_numpy(np.array(["a"]))


def test_attributes():
    x = st.zeros(2, 3)
    assert (x.ndim, x.dim(), x.numel(), x.size(-1), len(x)) == (2, 2, 6, 3, 2)
    assert x.size() == (2, 3)
    assert repr(x.dtype) == "torch.float32"
    assert x.dtype is st.float is st.float32
    assert x.dtype.is_floating_point
    assert st.ones(1, 1).item() == 1.0
    assert int(st.full((), 3)) == 3
    with pytest.raises(TypeError, match="0-d"):
        len(st.ones(()))


def test_text():
    matrix = "tensor([[1.0000, 2.5000],\n        [3.0000, 4.0000]])"
    assert repr(st.tensor([[1.0, 2.5], [3.0, 4.0]])) == matrix
    assert repr(st.arange(2, dtype=st.int32)) == "tensor([0, 1], dtype=torch.int32)"


def test_memory_is_shared():
    array = np.zeros(6, "float32")
    x = st.from_numpy(array)
    array[1] = 7
    assert x.view(2, 3).numpy()[0, 1] == 7
    assert np.asarray(x)[1] == 7
    assert st.tensor(array).numpy() is not array


def test_arrays_give_way():
    result = np.ones(3, "float32") + st.ones(3)
    assert isinstance(result, st.Tensor)


def test_random_numbers_start_anew():
    st.manual_seed(0)
    first = st.randn(2, 3)
    st.manual_seed(0)
    assert (st.randn(2, 3).numpy() == first.numpy()).all()


def test_annotation():
    annotation = st.Tensor[2, "t", st.float32]
    assert isinstance(st.zeros(2, 5), annotation)
    assert not isinstance(st.zeros(2, 5, dtype=st.float64), annotation)
    assert not isinstance(st.zeros(3, 5), annotation)


def test_jaxtyping_takes_our_tensors():
    jaxtyping = pytest.importorskip("jaxtyping")
    assert isinstance(st.zeros(2, 3), jaxtyping.Float[st.Tensor, "a b"])
    assert not isinstance(st.zeros(2, 3), jaxtyping.Int[st.Tensor, "a b"])


def test_beartype_takes_our_annotations():
    beartype = pytest.importorskip("beartype")

    @beartype.beartype
    def f(x: st.Tensor[2, "t"], n: st.Dim["t"]) -> st.Tensor["t", 2] | None:
        return None

    f(st.zeros(2, 3), 3)
    with pytest.raises(beartype.roar.BeartypeCallHintViolation):
        f(st.zeros(3, 3), 3)


def test_checked():
    @st.checked
    def f(x: st.Tensor["b", "t"], y: st.Tensor["t", 5]) -> st.Tensor["b", 5]:
        return x @ y

    f(st.zeros(2, 3), st.zeros(3, 5))
    with pytest.raises(ShapeError) as caught:
        f(st.zeros(2, 3), st.zeros(7, 5))
    assert caught.value.kind is K.argument_error_shape_mismatch
