"""Other dtypes, types, devices and orders in memory."""

from __future__ import annotations

import pytest

from shapetorch.tensor.dtypes import DTYPES
from tests.tensor.expressions import difference

EXPRESSIONS = """\
b.type()
b.type(torch.int64)
b.type('torch.LongTensor')
b.type('torch.FooTensor')
b.type(torch.LongTensor)
b.type('torch.cuda.FloatTensor')
b.type_as(torch.ones(1,dtype=torch.int8))
b.type_as(1)
b.to(torch.int64, copy=True)
b.to('cpu')
b.to('cuda')
b.to('foo')
b.to(0)
b.to(torch.device('cpu'),torch.int8)
b.to(None)
b.to()
b.to(dtype=None)
b.to('cpu',None)
b.to(torch.int8,'cpu')
b.to(np.float32)
b.to(float)
b.to([1])
b.to(dtype='float32')
b.to(other=torch.ones(1,dtype=torch.int8))
b.to(torch.ones(1,dtype=torch.int8),False,True)
b.to('cpu', torch.int8, True, True)
b.to(torch.int8, True, True, True)
b.to(foo=1)
b.cuda()
b.cpu() is b
b.xpu()
b.mtia()
b.ipu()
b.get_device()
b.pin_memory()
b.char().dtype, b.cfloat().dtype
torch.tensor([1.5,-1.5,300,-1,1e10,float('nan'),float('inf')]).byte()
torch.tensor([1.5,-1.5,300,-1,1e10,float('nan'),float('inf')]).char()
torch.tensor([1.5,-1.5,300,-1,1e10,float('nan'),float('inf')]).short()
torch.tensor([1.5,-1.5,300,-1,1e10,float('nan'),float('inf')]).int()
torch.tensor([1.5,-1.5,300,-1,1e10,float('nan'),float('inf'),1e30,-1e30]).long()
torch.tensor([1.5,-1.5,300,-1,1e10,float('nan'),0]).bool()
torch.tensor([1+2j,0,2j]).bool()
torch.tensor([1+2j,0,2j]).float()
torch.tensor([1+2j,0,2j]).int()
torch.tensor([1e10,65520.,65519]).half()
torch.tensor([300,-1]).byte()
b.half().numpy()
b.bfloat16().numpy()
b.bfloat16().tolist()
b.bfloat16()[0,1].item()
torch.ones(2,3).to(memory_format=torch.channels_last)
torch.ones(1,2,3,4).to(memory_format=torch.channels_last).stride()
torch.ones(1,2,3,4).float(memory_format=torch.channels_last).stride()
torch.ones(1,2,3,4).clone(memory_format=torch.channels_last).stride()
torch.ones(1,2,3,4).clone(memory_format=torch.channels_last_3d).stride()
torch.ones(3,4).t().clone().stride()
torch.ones(3,4)[:,::2].clone().stride()
torch.ones(3,4)[:,::2].t().clone().stride()
torch.ones(3,1).expand(3,4).clone().stride()
torch.ones(3,4)[:,::2].t().to(torch.int8).stride()
torch.ones(3,1).expand(3,4).to(torch.int8).stride()
b.to(torch.float32, copy=True).data_ptr() == b.data_ptr()
b.to(torch.float32).data_ptr() == b.data_ptr()
x.to(torch.float64).sum().backward(); x.grad
x.to(torch.complex64).real.sum().backward(); x.grad
x.to(torch.int64).requires_grad
x.half().double().requires_grad
b.double().int().to(b)
"""


@pytest.mark.parametrize("expression", EXPRESSIONS.splitlines())
def test_as_pytorch(expression: str) -> None:
    assert difference(expression) is None


@pytest.mark.parametrize("to", DTYPES)
@pytest.mark.parametrize("of", DTYPES)
def test_every_dtype_to_every_other(of: str, to: str) -> None:
    values = "[0, 1, 2.75, -3.5, 100, 200]" if of != "bool" else "[False, True]"
    if of == "uint8":
        values = "[0, 1, 100, 200]"
    made = f"torch.tensor({values}).to(torch.{of})"
    assert difference(f"{made}.to(torch.{to})") is None
    assert difference(f"{made}.type(torch.{to}, non_blocking=True)") is None


def test_a_gradient_comes_back_in_the_dtype_it_left() -> None:
    expression = "x.double().half().float(memory_format=torch.preserve_format).pow(2).sum().backward(); x.grad"
    assert difference(expression) is None
