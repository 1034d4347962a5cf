"""The same dims in another order: permute, transpose, movedim and their relatives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapetorch.tensor.arguments import require_sequence, spread, tensor_argument
from shapetorch.tensor.array_gradients import on_arrays
from shapetorch.tensor.in_place import require_writable
from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import attribute, method, operation
from shapetorch.tensor.relabelling import relabel
from shapetorch.tensor.signatures import type_name
from shapetorch.tensor.tensors import Array, Tensor
from shapetorch.tensor.views import view_by


def permute_backward(node: Any, grad: Tensor) -> Tensor:
    """The dims back in their places."""
    (order,) = node.args
    order = [dim % len(order) for dim in order]
    return _permuted(grad, tuple(sorted(range(len(order)), key=order.__getitem__)))


def _permuted(source: Tensor, order: tuple[int, ...]) -> Tensor:
    return view_by(source, source._stored.transpose(order), _permuted, (order,), permute_backward)


_PLACES = frozenset(range(-64, 64))
"""The numbers that dims may have."""


def permutation(input: Tensor, dims: Any) -> Tensor:
    """`permute` for dims as one argument."""
    array = input._stored
    if dims.__class__ is tuple and len(dims) == array.ndim:
        try:
            made = array.transpose(dims)
        except (ValueError, TypeError):
            made = None
        is_plain = made is not None and _PLACES.issuperset(dims)  # NumPy takes 2**32 for 0
        if made is not None and is_plain and (not dims or dims[0].__class__ is not bool):
            return view_by(input, made, _permuted, (dims,), permute_backward)
    judged("permute", input, dims)
    rank = max(array.ndim, 1)
    return _permuted(input, tuple(int(dim) % rank for dim in dims))


@operation("permute")
def permute(input: Tensor, dims: Sequence[int]) -> Tensor:
    """A view with its dims in the order given.

    Args:
        input: Any shape.
        dims: Every dim once; negative ones count from the end.

    Raises:
        ShapeError: permute_error_dimension_count_mismatch, permute_error_duplicate_dims,
            dimension_error_out_of_range.
    """
    tensor_argument("permute", "input", input)
    require_sequence("permute", "dims", dims)
    return permutation(input, dims)


@method("permute")
def permute_method(self: Tensor, *given: Any, dims: Any = None) -> Tensor:
    """See `permute`; the dims may also be single arguments."""
    if dims is not None or not given:
        given = spread("permute", "dims", given, dims)
    return permutation(
        self, given[0] if len(given) == 1 and given[0].__class__ is not int else given
    )


def transpose_backward(node: Any, grad: Tensor) -> Tensor:
    """The same two dims exchanged again."""
    return transpose(grad, *node.args)


@on_arrays(transpose_backward)
def _transpose_backward(node: Any, grad: Array) -> Array:
    return grad.swapaxes(*node.args) if grad.ndim else grad


@operation("transpose", methods=("transpose", "swapdims"), aliases=("swapdims",))
def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """A view with two dims exchanged.

    Raises:
        ShapeError: transpose_dims_error_out_of_range.
    """
    if input.__class__ is not Tensor:
        tensor_argument("transpose", "input", input)
    array = input._stored
    rank = array.ndim
    if (
        dim0.__class__ is not int
        or dim1.__class__ is not int
        or not (-rank <= dim0 < rank and -rank <= dim1 < rank)
    ):
        judged("transpose", input, dim0, dim1)
        dim0, dim1 = int(dim0), int(dim1)
    made = array.swapaxes(dim0, dim1) if rank else array
    return view_by(input, made, transpose, (dim0, dim1), transpose_backward)


@operation("swapaxes", methods=("swapaxes",))
def swapaxes(input: Tensor, axis0: int, axis1: int) -> Tensor:
    """See `transpose`."""
    judged("swapaxes", input, axis0, axis1)
    return transpose(input, axis0, axis1)


def t_backward(node: Any, grad: Tensor) -> Tensor:
    """Transposed back."""
    return permute_backward(node, grad)


@operation("t", methods=("t",))
def t(input: Tensor) -> Tensor:
    """A matrix transposed; a vector and a number stay as they are.

    Raises:
        ShapeError: rank_error_mismatch.
    """
    array = (
        input._stored if input.__class__ is Tensor else tensor_argument("t", "input", input)._stored
    )
    if array.ndim == 2:
        return view_by(input, array.T, _permuted, ((1, 0),), t_backward)
    judged("t", input)
    return _permuted(input, tuple(range(array.ndim)))


@operation("adjoint", methods=("adjoint",))
def adjoint(input: Tensor) -> Tensor:
    """The last two dims exchanged, and the elements conjugated.

    Raises:
        ShapeError: linalg_error_requires_at_least_2d.
    """
    judged("adjoint", input)
    made = transpose(input, -2, -1) if input._stored.ndim else input
    return made.conj() if input.dtype.is_complex else made


@operation("movedim", methods=("movedim", "moveaxis"), aliases=("moveaxis",))
def movedim(input: Tensor, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
    """A view with some dims moved to other places; the rest keep their order.

    Raises:
        ShapeError: dimension_error_out_of_range, dimension_error_duplicate.
    """
    rank = tensor_argument("movedim", "input", input)._stored.ndim
    if isinstance(source, (list, tuple)) is not isinstance(destination, (list, tuple)):
        raise TypeError(
            f"movedim() received an invalid combination of arguments - got source={type_name(source)} "
            f"and destination={type_name(destination)}, expected two ints or two tuples of ints"
        )
    if source.__class__ is int and destination.__class__ is int:
        if -rank <= source < rank and -rank <= destination < rank:
            order = list(range(rank))
            order.insert(destination % rank, order.pop(source))
            return _permuted(input, tuple(order))
    judged("movedim", input, source, destination)
    given = source if isinstance(source, (list, tuple)) else (source,)
    wanted = destination if isinstance(destination, (list, tuple)) else (destination,)
    if not rank:
        return _permuted(input, ())
    goes = {int(to) % rank: int(dim) % rank for dim, to in zip(given, wanted, strict=True)}
    rest = iter([dim for dim in range(rank) if dim not in goes.values()])
    return _permuted(input, tuple(goes[to] if to in goes else next(rest) for to in range(rank)))


# -- in place ---------------------------------------------------------------------------------------


@method()
def transpose_(self: Tensor, dim0: int, dim1: int) -> Tensor:
    """`transpose` in place: the tensor itself gets the sizes."""
    require_writable(self)
    return relabel(self, transpose(self, dim0, dim1), transpose, (int(dim0), int(dim1)))


@method()
def swapdims_(self: Tensor, dim0: int, dim1: int) -> Tensor:
    """See `transpose_`."""
    return transpose_(self, dim0, dim1)


@method()
def swapaxes_(self: Tensor, axis0: int, axis1: int) -> Tensor:
    """See `transpose_`."""
    require_writable(self)
    judged("swapaxes", self, axis0, axis1)
    return transpose_(self, axis0, axis1)


@method()
def t_(self: Tensor) -> Tensor:
    """`t` in place: the tensor itself gets the sizes."""
    require_writable(self)
    return relabel(self, t(self), t, ())


# -- attributes -------------------------------------------------------------------------------------


def _reversed(self: Tensor) -> Tensor:
    """The dims in reverse order."""
    array = self._stored
    if array.ndim == 2:
        return view_by(self, array.T, _permuted, ((1, 0),), permute_backward)
    return _permuted(self, tuple(range(array.ndim))[::-1])


def _hermitian(self: Tensor) -> Tensor:
    """A matrix transposed and conjugated; a number stays as it is."""
    judged("H", self)
    return adjoint(self)


def _matrices(self: Tensor) -> Tensor:
    """The last two dims exchanged."""
    if self._stored.ndim < 2:
        judged("mT", self)
        return self
    return transpose(self, -2, -1)


def _adjoints(self: Tensor) -> Tensor:
    """The last two dims exchanged, and the elements conjugated."""
    judged("mH", self)
    return adjoint(self)


attribute("T", _reversed)
attribute("H", _hermitian)
attribute("mT", _matrices)
attribute("mH", _adjoints)
