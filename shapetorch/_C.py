"""The names under ``torch._C`` that subclasses of tensors use."""  # noqa: N999

from __future__ import annotations

from shapetorch.tensor.generators import Generator
from shapetorch.tensor.overriding import plainly as DisableTorchFunctionSubclass  # noqa: N812
from shapetorch.tensor.tensors import unintercepted as _disabled_torch_function_impl

__all__ = ["DisableTorchFunctionSubclass", "Generator", "_disabled_torch_function_impl"]
