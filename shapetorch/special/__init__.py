"""``torch.special``: special functions."""

from shapetorch.tensor.namespaces import functions_of

globals().update(functions_of("special"))
