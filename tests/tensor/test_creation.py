"""Tensors from sizes, numbers, lists, arrays and buffers."""

from __future__ import annotations

import numpy as np
import pytest

import shapetorch
from shapetorch.errors import ErrorKind, ShapeError
from tests.tensor.expressions import difference

EXPRESSIONS = """\
torch.zeros(-1)
torch.zeros(2**70)
torch.zeros(2**62)
torch.zeros(2**62,4)
torch.empty(100*2**30//4)
torch.empty(2**45)
torch.zeros(2.0)
torch.zeros(True)
torch.zeros()
torch.zeros([])
torch.zeros([2],3)
torch.zeros(np.int64(2))
torch.zeros(torch.tensor(2))
torch.zeros([torch.tensor(2),3])
torch.zeros(2,dtype='float32')
torch.zeros(2,dtype=float)
torch.zeros(2,dtype=int)
torch.zeros(2,dtype=np.float32)
torch.zeros(2,dtype=complex)
torch.zeros(2,dtype=torch.int64,requires_grad=True)
torch.zeros(2,device='foo')
torch.zeros(2,device='cuda')
torch.zeros(2,device=3)
torch.zeros(2,device='cpu:0').device
torch.zeros(2,foo=1)
torch.zeros(2,pin_memory=True)
torch.zeros(2,size=(3,))
torch.zeros(size=(3,))
torch.zeros(2,out=torch.empty(0))
torch.zeros(2,out=torch.empty(0),dtype=torch.float64)
torch.full((2,),3)
torch.full((2,),True)
torch.full(2,3)
torch.full((2,),torch.tensor(3.))
torch.full((2,),1.5,dtype=torch.int64)
torch.full((2,),300,dtype=torch.uint8)
torch.full((2,),-1,dtype=torch.uint8)
torch.full((2,),1j,dtype=torch.float32)
torch.full((2,),2**63)
torch.full((2,),'a')
torch.tensor([1,2.5])
torch.tensor([True,1])
torch.tensor([True,1.])
torch.tensor([])
torch.tensor([[],[]])
torch.tensor([[],1])
torch.tensor([1,[2]])
torch.tensor([[1],[2,3]])
torch.tensor('a')
torch.tensor(['a'])
torch.tensor(None)
torch.tensor({1,2})
torch.tensor(range(3))
torch.tensor([np.float64(1)])
torch.tensor([np.float32(1),2.5])
torch.tensor([np.arange(3),np.arange(3)])
torch.tensor([torch.tensor(1),torch.tensor(2.)])
torch.tensor([torch.tensor([1]),torch.tensor([2])])
torch.tensor([torch.tensor([1,2]),torch.tensor([2,3])])
torch.tensor([1.5],dtype=torch.int64)
torch.tensor([300],dtype=torch.uint8)
torch.tensor([-1],dtype=torch.uint8)
torch.tensor([-129],dtype=torch.int8)
torch.tensor([128],dtype=torch.int8)
torch.tensor([1e10],dtype=torch.int32)
torch.tensor([float('nan')],dtype=torch.int32)
torch.tensor([1e10],dtype=torch.float16)
torch.tensor([1j],dtype=torch.float32)
torch.tensor([2**63])
torch.tensor([2**63],dtype=torch.float32)
torch.tensor([2**64-1],dtype=torch.int64)
torch.tensor([0.5,0],dtype=torch.bool)
torch.tensor([None])
torch.tensor(np.array(['a']))
torch.tensor(np.array([1],'>i4'))
torch.tensor(np.array([1],object))
torch.tensor(b'abc')
torch.tensor(bytearray(b'abc'))
torch.tensor({'a':1})
torch.tensor(torch.ones(2))
torch.tensor(1,2)
torch.tensor()
torch.tensor([1.],requires_grad=True)
torch.tensor([1],requires_grad=True)
torch.Tensor(2,3).shape
torch.Tensor([1,2])
torch.Tensor(2.5)
torch.Tensor((2,3))
torch.Tensor(torch.ones(2))
torch.Tensor(torch.ones(2,dtype=torch.float64))
torch.Tensor(np.ones(2))
torch.Tensor(torch.Size([2,3])).shape
torch.Tensor()
torch.Tensor(2,device='cuda')
torch.Tensor([[1],[2,3]])
torch.Tensor('a')
torch.Tensor(-1)
torch.FloatTensor([1,2])
torch.LongTensor([1,2])
torch.LongTensor([1.5,2])
torch.LongTensor(2,3).shape
torch.BoolTensor([0,1])
torch.FloatTensor
torch.ones(2).type()
isinstance(torch.ones(2),torch.FloatTensor)
isinstance(torch.ones(2),torch.LongTensor)
torch.from_numpy(np.arange(3)[::-1])
torch.from_numpy(np.array([1],'>i4'))
torch.from_numpy(np.array(['a']))
torch.from_numpy([1])
torch.from_numpy(np.float32(1))
torch.from_numpy(np.broadcast_to(np.ones(1),(3,))).stride()
torch.asarray(x,requires_grad=False).requires_grad
torch.asarray(y,requires_grad=False).grad_fn
torch.asarray(x.detach(),requires_grad=True).requires_grad
torch.asarray(x.detach())
(lambda z: torch.asarray(z) is z)(torch.ones(2))
(lambda z: torch.asarray(z,requires_grad=True) is z)(torch.ones(2))
torch.tensor(x).requires_grad
torch.tensor(y).grad_fn
np.from_dlpack(torch.ones(2)).flags.writeable
torch.as_tensor(np.float32(3))
torch.as_tensor(3)
torch.tensor(np.float64(3))
torch.tensor([np.int32(3)])
torch.tensor([np.bool_(True)])
torch.asarray(np.float32(3))
torch.asarray([np.float32(3)])
torch.asarray(range(3))
torch.asarray(memoryview(b'abcd'),dtype=torch.int8)
torch.from_numpy(np.zeros((2,3),dtype=[('a','f4'),('b','i2')])['a'])
torch.tensor([[1,2],[3,4]],dtype=torch.complex64)
torch.tensor([[[]]])
torch.tensor([[1],[]])
torch.tensor([[],[1]])
torch.tensor([([], ()), (), ([2.5], [])])
torch.tensor([[[]], 'a'])
torch.tensor([1,'a'])
torch.tensor([[1,2],3])
torch.tensor([3,[1,2]])
torch.tensor(((1,2),(3,4)))
torch.tensor([(1,2),[3,4]])
torch.tensor([torch.tensor(1.),2])
torch.tensor([torch.ones(2),[1,2]])
torch.tensor([[1,2],torch.ones(2)])
torch.tensor([1,torch.ones(1)])
torch.tensor([np.ones(2),[1,2]])
torch.tensor([np.ones(2),np.ones(3)])
torch.tensor([x[0],2])
torch.tensor(1,dtype=torch.bool)
torch.tensor(float('inf'),dtype=torch.int64)
torch.tensor(1e400)
torch.tensor(-1,dtype=torch.uint8)
torch.tensor(-256,dtype=torch.uint8)
torch.tensor(2**31,dtype=torch.int32)
torch.tensor(1e39)
torch.tensor(1e39,dtype=torch.float32)
torch.tensor(70000.,dtype=torch.float16)
torch.tensor(3+0j,dtype=torch.float32)
torch.tensor(object())
torch.tensor(len)
torch.tensor(Ellipsis)
torch.tensor(slice(1))
torch.tensor(torch.float32)
torch.tensor(iter([1]))
torch.tensor((i for i in [1]))
torch.tensor({1:2}.values())
torch.tensor(__import__('fractions').Fraction(1,2))
torch.tensor([__import__('fractions').Fraction(1,2)])
torch.tensor([__import__('decimal').Decimal(1)])
torch.tensor(__import__('array').array('i',[1,2]))
torch.tensor(__import__('collections').deque([1,2]))
torch.full((2,),1e39)
torch.full((2,),1e10,dtype=torch.float16)
torch.full((2,),float('inf'),dtype=torch.float16)
torch.full((2,),2.5,dtype=torch.bool)
torch.full((2,),-300,dtype=torch.uint8)
torch.full((2,),-256,dtype=torch.uint8)
torch.full((2,),float('nan'),dtype=torch.int32)
torch.full((2,),3+0j,dtype=torch.float32)
torch.full((2,),2**70)
torch.full((2,),2**70,dtype=torch.float32)
torch.full((2,),torch.ones(2))
torch.full((2,),torch.ones(1))
torch.full((2,),torch.tensor(1,dtype=torch.int32)).dtype
torch.full((2,),torch.tensor(1.,dtype=torch.float64)).dtype
torch.full((2,),None)
torch.full((2,),np.float32(3)).dtype
torch.full((2,),np.float64(3)).dtype
torch.full((2,),np.int32(3)).dtype
torch.full((2,3),1,out=torch.empty(2,3)).dtype
torch.full([2],1,requires_grad=True)
torch.full_like(torch.ones(2),300,dtype=torch.uint8)
torch.ones(2).new_full((2,),3j)
torch.ones(2,dtype=torch.int8).new_full((2,),3.7)
torch.ones(2).new_full(2,3)
torch.ones(2).new_zeros(2,3).shape
torch.ones(2).new_zeros()
torch.ones(2).new_zeros(size=(2,)).shape
torch.empty_strided((2,3),(1,2)).stride()
torch.empty_strided((2,3),(-1,2)).stride()
torch.empty_strided((2,3),(0,1)).stride()
torch.empty_permuted((2,3,4),(1,2,0)).stride()
torch.empty_permuted((2,3,4),(1,1,0)).stride()
torch.zeros(2,names=None)
torch.empty(2,3,memory_format=torch.channels_last)
torch.empty(1,2,3,4,memory_format=torch.channels_last).stride()
torch.empty(2,memory_format=torch.preserve_format)
torch.zeros(2,memory_format=torch.contiguous_format)
torch.zeros_like(torch.ones(2,3),memory_format=torch.contiguous_format).stride()
torch.zeros_like(1)
torch.zeros_like(torch.ones(2),3)
torch.ones_like(torch.ones(2,requires_grad=True)).requires_grad
torch.ones_like(torch.ones(2,dtype=torch.int8),requires_grad=True)
torch.zeros(3,-1,2)
torch.zeros(0,-1)
torch.zeros('a')
torch.zeros([2,'a'])
torch.zeros(2,[3])
torch.zeros(None)
torch.zeros((2,),3)
torch.zeros((2.,))
torch.zeros(np.array([2,3])).shape
torch.zeros(torch.tensor([2,3])).shape
torch.zeros(range(3)).shape
torch.zeros(torch.Size([2])).shape
torch.empty_like(torch.ones(3,1).expand(3,4)).stride()
torch.empty_like(torch.ones(3,4,5)[:,::2].permute(2,0,1)).stride()
torch.zeros_like(torch.ones(3,4,5)[:,::2].permute(2,0,1)).stride()
torch.from_numpy(np.arange(10)[::2]).stride()
torch.as_tensor(np.arange(3)[::-1])
torch.asarray(np.arange(3)[::-1])
torch.tensor(np.arange(3)[::-1])
torch.frombuffer(b'abcd',dtype=torch.int8)
torch.frombuffer(bytearray(b'abcd'),dtype=torch.int16)
torch.frombuffer(bytearray(b'abcde'),dtype=torch.int16)
torch.frombuffer(bytearray(b''),dtype=torch.int16)
torch.frombuffer([1],dtype=torch.int16)
torch.asarray(bytearray(b'abcd'))
torch.asarray(b'abcd',dtype=torch.int8)
torch.asarray([1,2],copy=False)
torch.asarray(x)
torch.asarray(x,requires_grad=True) is x
torch.asarray(torch.ones(2),dtype=torch.int8,copy=False)
torch.asarray(3)
torch.as_tensor(x) is x
torch.scalar_tensor(3)
torch.scalar_tensor(3,dtype=torch.int64)
torch.scalar_tensor(torch.tensor(3))
x.new_tensor([1,2])
b.new_tensor([True])
b.new(2,3).shape
b.new([1,2])
b.new()
torch.zeros(2, 3, out=torch.ones(2, 3))
torch.ones(2, out=torch.empty(2, dtype=torch.int64))
torch.full((2,), 1.5, out=torch.empty(2, dtype=torch.int64))
torch.randperm(3, out=torch.empty(0, dtype=torch.int64)).sort().values
torch.zeros(2, out=3)
torch.zeros(2, out=x)
torch.tensor([1, 2], dtype=torch.float32, requires_grad=True)
torch.zeros(2, 3, requires_grad=True).sum().backward()
torch.empty((2, 3), dtype=torch.float16).shape
torch.empty_like(b, dtype=torch.int8).dtype
torch.zeros_like(b.t()).stride()
torch.ones_like(b[:, ::2]).stride()
torch.full_like(b.t(), 2).stride()
torch.rand_like(b.t()).stride()
torch.zeros_like(torch.ones(2, 1, 3).expand(2, 4, 3)).stride()
torch.zeros_like(torch.ones(1, 3).expand(4, 3)).stride()
torch.ones(1, 3).expand(4, 3).clone().stride()
torch.ones(4, 1, 3).expand(4, 5, 3).permute(2, 0, 1).clone().stride()
torch.ones(4, 1, 3).expand(4, 5, 3).permute(2, 0, 1).double().stride()
torch.tensor(b)
torch.as_tensor(b) is b
torch.as_tensor([1, 2], dtype=torch.float16)
torch.as_tensor(np.arange(3.0), dtype=torch.float32)
torch.asarray(np.arange(3.0), dtype=torch.float64)
torch.asarray(np.arange(3.0), copy=True)
torch.from_numpy(np.arange(6).reshape(2, 3).T).stride()
torch.from_numpy(np.asfortranarray(np.ones((2, 3)))).stride()
torch.from_numpy(np.float32([[1, 2]])).t().numpy().strides
torch.tensor(np.asfortranarray(np.ones((2, 3)))).stride()
torch.tensor(b.t()).stride()
torch.tensor(np.ones((2, 3))[:, ::2]).stride()
torch.from_numpy(np.array(5)).shape
torch.from_numpy(np.empty((0, 3))).shape
torch.from_numpy(np.ones(3, '>f4'))
torch.tensor(np.ones(3, '>f4'))
torch.from_numpy(np.ones(3, 'S1'))
torch.from_numpy(np.ones(3, 'M8[s]'))
torch.from_numpy(np.ones(3, np.longdouble))
torch.tensor([np.array([1, 2]), np.array([2, 3])], dtype=torch.float32)
torch.tensor([[1, 2], (3, 4)], dtype=torch.bool)
torch.tensor([1e300, -1e300])
torch.tensor([1, 2.0, True])
torch.tensor([1j, 2.0, True])
torch.tensor([[True], [False]])
torch.tensor([b[0, 0], b[0, 1]])
torch.tensor([2**62, -2**63])
torch.tensor([float('nan')], dtype=torch.bool)
torch.tensor([255, 256], dtype=torch.uint8)
torch.tensor([1.9, -1.9], dtype=torch.int8)
torch.tensor([1, 2], dtype=torch.complex128)
torch.tensor([1 + 1j], dtype=torch.int64)
torch.tensor('12')
torch.tensor([[1, 2], [3, None]])
torch.tensor([[1, 2], [3, '4']])
torch.tensor([1, [2, 3]])
torch.tensor([[[1], [2]], [[3], [4, 5]]])
torch.LongTensor([[1, 2], [3, 4]])
torch.FloatTensor(np.arange(3))
torch.FloatTensor([[1, 2], [3]])
torch.ByteTensor([300])
torch.BoolTensor([2, 0])
torch.HalfTensor(2, 3).dtype
torch.LongTensor(b)
torch.Tensor(b.double()).dtype
torch.Tensor([True])
torch.Tensor(3, 4.0)
torch.Tensor(b, b)
torch.new_ones(2)
b.new_ones((2,), dtype=torch.int64)
b.new_empty(2, 3).shape
b.new_full((2,), 7, dtype=torch.int64)
b.new_zeros(2, device='cuda')
b.new_zeros(2, requires_grad=True)
b.new_zeros(-2)
b.new_empty_strided((2, 3), (3, 1)).stride()
"""


@pytest.mark.parametrize("expression", EXPRESSIONS.splitlines())
def test_as_pytorch(expression: str) -> None:
    assert difference(expression) is None


def test_a_size_may_be_a_tensor_of_another_value() -> None:
    sizes = [shapetorch.tensor(2), shapetorch.tensor(3)]
    assert [shapetorch.zeros(size).shape for size in sizes] == [(2,), (3,)]


@pytest.mark.parametrize("dtype", [shapetorch.float64, shapetorch.float16])
def test_the_default_dtype(dtype: shapetorch.dtype) -> None:
    before = shapetorch.get_default_dtype()
    shapetorch.set_default_dtype(dtype)
    try:
        made = [
            shapetorch.tensor(0.5),
            shapetorch.ones(2),
            shapetorch.arange(0.0, 2),
            shapetorch.rand(2),
        ]
        made += [shapetorch.Tensor([1]), shapetorch.full((2,), 0.5), shapetorch.eye(2)]
    finally:
        shapetorch.set_default_dtype(before)
    assert {item.dtype for item in made} == {dtype}


def test_memory_is_a_copy_or_shared() -> None:
    array = np.zeros(3)
    copied, shared = shapetorch.tensor(array), shapetorch.as_tensor(array)
    array[0] = 1
    assert (copied[0].item(), shared[0].item()) == (0, 1)
    buffer = bytearray(8)
    elements = shapetorch.frombuffer(buffer, dtype=shapetorch.int32)
    buffer[4] = 7
    assert elements.tolist() == [0, 7]


def test_what_is_asked_for_twice() -> None:
    with pytest.raises(TypeError, match="unexpected keyword"):
        shapetorch.zeros(2, sizes=(2,))
    with pytest.raises(TypeError, match="multiple values"):
        shapetorch.ones(2, size=(2,))


def test_a_ragged_list_is_an_error_of_the_rule() -> None:
    with pytest.raises(ShapeError) as caught:
        shapetorch.tensor([[1, 2], [3]])
    assert caught.value.kind is ErrorKind.creation_error_ragged
