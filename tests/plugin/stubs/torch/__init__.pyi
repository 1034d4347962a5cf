from torch import nn as nn
from torch._tensor import Tensor as Tensor

def zeros(*size: int) -> Tensor: ...
