"""Python numbers, lists and text of tensors."""

from __future__ import annotations

import pytest

from tests.tensor.expressions import difference

EXPRESSIONS = """\
torch.ones(2).item()
torch.ones(2)[0].item()
torch.ones(0).item()
torch.ones(1,1).tolist()
bool(torch.ones(2))
bool(torch.ones(0))
int(torch.tensor(1.7))
int(torch.tensor(float('nan')))
int(torch.tensor(1j))
float(torch.tensor(1j))
complex(torch.tensor(1.))
[1,2,3][torch.tensor(1)]
[1,2,3][torch.tensor(1.)]
[1,2,3][torch.tensor([1])]
[1,2,3][torch.tensor([1,2])]
[1,2,3][torch.tensor(True)]
len(torch.tensor(1))
format(torch.tensor(1.5),'.3f')
format(torch.ones(2),'.3f')
format(torch.ones(2),'')
format(torch.tensor(3),'d')
memoryview(torch.ones(2))
b.is_cuda, b.is_cpu, b.is_xpu, b.is_mps, b.is_meta, b.is_sparse, b.is_quantized, b.is_mkldnn, b.is_nested,b.is_vulkan, b.is_ipu, b.is_xla, b.is_hpu, b.is_mtia, b.is_maia, b.is_ort if hasattr(b,'is_ort') else 0
b.layout, b.itemsize, b.nbytes, b.element_size(), b.data.requires_grad, b.output_nr, b.names, b.name, b.volatile if hasattr(b,'volatile') else 0
b.is_inference(), b.is_signed(), b.is_floating_point(), b.is_complex(), b.is_conj(), b.is_neg(), b.is_distributed(), b.is_coalesced if 0 else 0, b.is_set_to(b), b.is_same_size(b), b.is_nonzero if 0 else 0
torch.tensor(1).is_nonzero()
torch.ones(2).is_nonzero()
x.tolist()
torch.ones(3,4,5)[:,::2].permute(2,0,1).stride()
b.__contains__(1.)
b.__reversed__()
iter(torch.tensor(1))
round(torch.tensor(1.5))
round(torch.tensor(1.567),2)
math.floor(torch.tensor(1.5))
math.trunc(torch.tensor(1.5))
abs(torch.tensor(-1))
divmod(torch.tensor(7),2)
b.__format__('')
f"{torch.tensor(1.5):>10}"
f"{torch.tensor(1.5)}"
f"{torch.tensor([1.5])}"
f"{torch.tensor([1.5]):.2f}"
"%.2f" % torch.tensor(1.5)
"%d" % torch.tensor(1.5)
"%s" % torch.tensor(1.5)
str(torch.tensor(1.5))
f"{x.sum():.2f}"
torch.tensor(True).__index__()
range(torch.tensor(3))
[0]*torch.tensor(3)
"""


@pytest.mark.parametrize("expression", EXPRESSIONS.splitlines())
def test_as_pytorch(expression: str) -> None:
    assert difference(expression) is None
