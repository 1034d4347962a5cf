"""The operations that neural networks are made of, as functions: convolution, pooling, losses, …."""

from shapetorch.tensor.namespaces import functions_of

globals().update(functions_of("nn.functional"))
