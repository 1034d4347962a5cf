"""Discrete Fourier transforms, PyTorch's ``torch.fft``."""

from shapetorch.tensor.namespaces import functions_of

globals().update(functions_of("fft"))
