"""What a tensor is, and is not; `data`."""

from __future__ import annotations

import pytest

from tests.tensor.expressions import difference

EXPRESSIONS = """\
b.is_cuda
b.is_cpu
b.is_xpu
b.is_mps
b.is_meta
b.is_sparse
b.is_sparse_csr
b.is_quantized
b.is_mkldnn
b.is_nested
b.is_vulkan
b.is_ipu
b.is_xla
b.is_mtia
b.is_maia
b.layout
b.itemsize, b.nbytes, b.element_size()
b.name
b.output_nr, y.output_nr
b.is_inference()
b.is_distributed()
b.is_set_to(b)
b.is_pinned()
x.data
x.data.requires_grad
y.data
y.data.is_leaf
v.data.storage_offset(), v.data.stride()
x.data.add_(1); x
x.data = torch.zeros(2, 3); x
x.data = torch.zeros(4); x
x.data = torch.zeros(4, dtype=torch.float64); x
x.data = 3; x
x.data = torch.zeros(4, dtype=torch.int64); x
b.data = torch.zeros(4, dtype=torch.int64); b
z = x * x; x.data.mul_(2); z.sum().backward(); x.grad
z = x * x; x.detach().mul_(2); z.sum().backward(); x.grad
w = torch.ones(3); x.data = w; w.add_(1); x
y.detach_()
y.detach_().is_leaf
y.detach_().requires_grad
x.detach_()
x.detach_().requires_grad
y[0].detach_()
v.detach_()
b.new(2,3).shape
b.new([1,2])
b.new()
b.new(b)
torch.ones(2,dtype=torch.int64).new([1,2])
torch.ones(3).apply_(lambda a: a + 1)
torch.ones(3,dtype=torch.int64).apply_(lambda a: a + 1.7)
x.apply_(lambda a: a)
b.map_(b.clone(), lambda a, c: a + 2 * c)
b.map_(torch.ones(2), lambda a, c: a + 2 * c)
b.map2_(b.clone(), torch.ones(2,3), lambda a, c, d: a + 2 * c - d)
x.grad_fn
b.to_dense()
b.dense_dim(), b.sparse_dim()
b.T.dim_order()
b.dim_order()
torch.ones(2,3,4,5).to(memory_format=torch.channels_last).dim_order()
torch.tensor(3).__nonzero__()
torch.tensor(3.7).__long__()
del b[0]
b.is_shared()
b.names
torch.is_inference(b)
x.is_inference()
torch.is_inference(3)
torch.detach_(y)
torch.get_device(b)
torch.is_distributed(b)
b.as_subclass(torch.Tensor)
b.const_data_ptr() == b.data_ptr()
"""


@pytest.mark.parametrize("expression", EXPRESSIONS.splitlines())
def test_as_pytorch(expression: str) -> None:
    assert difference(expression) is None
