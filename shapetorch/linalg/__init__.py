"""Linear algebra: factors, systems, norms and functions of matrices, PyTorch's ``torch.linalg``."""

from shapetorch.tensor.matrices import LinAlgError as LinAlgError
from shapetorch.tensor.namespaces import functions_of

globals().update(functions_of("linalg"))
