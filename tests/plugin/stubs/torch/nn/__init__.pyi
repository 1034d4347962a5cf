from typing import Any

from torch import Tensor

class Module:
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

class Parameter(Tensor): ...

class Linear(Module):
    def __init__(self, in_features: int, out_features: int, bias: bool = True) -> None: ...
