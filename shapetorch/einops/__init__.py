"""The operations of einops on tensors of this library.

``rearrange``, ``reduce``, ``repeat``, ``einsum``, ``pack``, ``unpack`` and ``parse_shape`` are ours. The einops
package itself works on our tensors after `register_backend`, which is called by itself if einops has
been imported before this module.
"""

import sys

from shapetorch.einops.backend import register_backend as register_backend
from shapetorch.tensor.namespaces import functions_of

globals().update(functions_of("einops"))

if "einops" in sys.modules:
    register_backend()
