"""Our tensors in the einops package: einops looks for subclasses of its backend class by itself."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def register_backend() -> type:
    """Let the functions of the einops package take tensors of this library.

    Returns:
        The class that einops finds; it is kept here, because einops does not keep it.

    Raises:
        ImportError: einops is not installed.
    """
    from einops._backends import AbstractBackend

    import shapetorch
    from shapetorch.tensor.tensors import Tensor

    class ShapetorchBackend(AbstractBackend):
        """What einops asks of a library."""

        framework_name = "shapetorch.tensor"

        def is_appropriate_type(self, tensor: Any) -> bool:
            return isinstance(tensor, Tensor)

        def from_numpy(self, x: Any) -> Any:
            return shapetorch.from_numpy(x)

        def to_numpy(self, x: Any) -> Any:
            return x.detach().numpy()

        def arange(self, start: int, stop: int) -> Any:
            return shapetorch.arange(start, stop)

        def reduce(self, x: Any, operation: str, axes: Any) -> Any:
            if operation == "prod":
                for axis in sorted(axes, reverse=True):
                    x = x.prod(axis)
                return x
            name = {"min": "amin", "max": "amax"}.get(operation, operation)
            return getattr(x, name)(dim=tuple(axes))

        def transpose(self, x: Any, axes: Any) -> Any:
            return x.permute(axes)

        def stack_on_zeroth_dimension(self, tensors: list[Any]) -> Any:
            return shapetorch.stack(tensors)

        def add_axis(self, x: Any, new_position: int) -> Any:
            return x.unsqueeze(new_position)

        def add_axes(self, x: Any, n_axes: int, pos2len: dict[int, int]) -> Any:
            sizes = [-1] * n_axes
            for place, size in pos2len.items():
                x = self.add_axis(x, place)
                sizes[place] = size
            return x.expand(sizes)

        def tile(self, x: Any, repeats: Any) -> Any:
            return x.repeat(repeats)

        def concat(self, tensors: Any, axis: int) -> Any:
            return shapetorch.cat(tensors, axis)

        def is_float_type(self, x: Any) -> bool:
            return x.dtype.is_floating_point  # type: ignore[no-any-return]

        def einsum(self, pattern: str, *x: Any) -> Any:
            return shapetorch.einsum(pattern, *x)

    return ShapetorchBackend
