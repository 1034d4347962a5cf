"""One tensor as several views: split, chunk, unbind and their relatives; iteration."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from shapetorch.tensor.arguments import integer, is_number
from shapetorch.tensor.basic_views import narrowed, sliced
from shapetorch.tensor.histories import recording
from shapetorch.tensor.judging import judged
from shapetorch.tensor.modes import grad_mode
from shapetorch.tensor.operations import OPERATIONS, method, operation
from shapetorch.tensor.signatures import WIDEST
from shapetorch.tensor.tape import attach
from shapetorch.tensor.tensors import Tensor, wrap
from shapetorch.tensor.views import views_by


def split_backward(node: Any, *grads: Tensor | None) -> Tensor:
    """The pieces' gradients joined."""
    pieces = [
        wrap(np.zeros(shape, kind.numpy)) if grad is None else grad
        for grad, (shape, kind) in zip(grads, node.outputs, strict=True)
    ]
    return OPERATIONS["cat"].function(pieces, node.dim)  # type: ignore[no-any-return]


def _pieces(input: Tensor, dim: int, lengths: Sequence[int]) -> tuple[Tensor, ...]:
    """Views of so many slices each, that may not be written to while gradients flow."""
    array = input._stored
    before = (slice(None),) * dim
    start, arrays, args = 0, [], []
    for length in lengths:
        arrays.append(array[(*before, slice(start, start + length))])
        args.append((dim, start, length))
        start += length
    return views_by(input, arrays, narrowed, args, split_backward, dim=dim)


def _even(input: Tensor, dim: Any, pieces: Any, by_count: bool) -> tuple[int, list[int]] | None:
    """A dim and the lengths of its pieces, for plain integers in range; None otherwise."""
    shape = input._stored.shape
    if pieces.__class__ is not int or dim.__class__ is not int or pieces <= 0:
        return None
    if not -len(shape) <= dim < len(shape) or not shape[dim]:
        return None
    size = shape[dim]
    length = -(-size // pieces) if by_count else pieces
    whole, rest = divmod(size, length)
    return dim % len(shape), [length] * whole + ([rest] if rest else [])


def _lengths(shapes: Sequence[tuple[int, ...]], dim: int) -> list[int]:
    return [shape[dim] for shape in shapes]


def _place(input: Tensor, dim: Any) -> int:
    return int(dim) % max(input._stored.ndim, 1)


@method("split")
def split_method(self: Tensor, split_size: int | Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """See `split`."""
    return split(self, split_size, dim)


@operation()
def split(
    tensor: Tensor, split_size_or_sections: int | Sequence[int], dim: int = 0
) -> tuple[Tensor, ...]:
    """Views of pieces of one size (the last may be smaller), or of the sizes given.

    Raises:
        ShapeError: split_error_size, split_error_sections_sum, dimension_error_out_of_range.
    """
    plain = _even(tensor, dim, split_size_or_sections, False)
    if plain is not None:
        return _pieces(tensor, *plain)
    shapes = judged("split", tensor, split_size_or_sections, dim)
    place = _place(tensor, dim)
    return _pieces(tensor, place, _lengths(shapes, place))


@operation(methods=("split_with_sizes",))
def split_with_sizes(input: Tensor, split_sizes: Sequence[int], dim: int = 0) -> tuple[Tensor, ...]:
    """Views of pieces of the sizes given."""
    shapes = judged("split_with_sizes", input, split_sizes, dim)
    place = _place(input, dim)
    return _pieces(input, place, _lengths(shapes, place))


@operation(methods=("chunk",))
def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """Views of at most `chunks` pieces of one size; the last may be smaller."""
    if chunks.__class__ is int and chunks >= WIDEST:
        integer("chunk", "chunks", chunks)
    plain = _even(input, dim, chunks, True)
    if plain is not None:
        return _pieces(input, *plain)
    shapes = judged("chunk", input, chunks, dim)
    place = _place(input, dim)
    return _pieces(input, place, _lengths(shapes, place))


def _unwatched(pieces: Callable[..., Any], input: Tensor, given: Any, dim: int) -> Any:
    """Pieces that share memory and that autograd takes for results: each may be written to."""
    with grad_mode(False):
        source = input.resolve_conj().resolve_neg()
        made = [wrap(item._array) for item in pieces(source, given, dim)]
    if recording((input,)):
        facts = {"dim": _place(input, dim)}
        attach(made, (input,), split_backward, (), facts).materialize = False
    return tuple(made)


@operation(methods=("unsafe_chunk",))
def unsafe_chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """As `chunk`, but each piece may be written to: autograd does not see that they share memory."""
    return _unwatched(chunk, input, chunks, dim)  # type: ignore[no-any-return]


@operation(methods=("unsafe_split",))
def unsafe_split(tensor: Tensor, split_size: int, dim: int = 0) -> tuple[Tensor, ...]:
    """As `split`, but each piece may be written to: autograd does not see that they share memory."""
    integer("unsafe_split", "split_size", split_size)
    return _unwatched(split, tensor, split_size, dim)  # type: ignore[no-any-return]


@operation(methods=("unsafe_split_with_sizes",))
def unsafe_split_with_sizes(
    input: Tensor, split_sizes: Sequence[int], dim: int = 0
) -> tuple[Tensor, ...]:
    """As `unsafe_split`, into pieces of the sizes given."""
    return _unwatched(split_with_sizes, input, split_sizes, dim)  # type: ignore[no-any-return]


# -- at places ----------------------------------------------------------------------------------------


_MOST = 1 << 27
"""Tensors that one call may make."""


def _between(input: Tensor, dim: int, places: Any) -> tuple[Tensor, ...]:
    """Views of what lies between places along a dim, each a view of its own."""
    size = input._stored.shape[dim]
    if not isinstance(places, (list, tuple)):
        sections = int(places)
        small, larger = divmod(size, sections)
        ends = np.cumsum([small + (place < larger) for place in range(sections)]).tolist()
        edges = list(zip([0, *ends], ends, strict=False))
    else:
        stops = [int(place) for place in places]
        edges = [
            slice(start, stop).indices(size)[:2]
            for start, stop in zip([0, *stops], [*stops, size], strict=True)
        ]
    return tuple(narrowed(input, dim, start, max(stop - start, 0)) for start, stop in edges)


@operation(methods=("tensor_split",))
def tensor_split(
    input: Tensor,
    indices_or_sections: int | Sequence[int] | Tensor | None = None,
    dim: int = 0,
    *,
    sections: int | None = None,
    indices: Sequence[int] | None = None,
    tensor_indices_or_sections: Tensor | None = None,
) -> tuple[Tensor, ...]:
    """Views of exactly so many pieces (the first ones larger by one), or between indices.

    Args:
        input: Any shape of at least one dim.
        indices_or_sections: A number of pieces, or the indices between them; a tensor may be either.
        dim: Along which dim.
        sections: A number of pieces.
        indices: Indices.
        tensor_indices_or_sections: A tensor.

    Raises:
        ShapeError: rank_error_mismatch, split_error_sections, dimension_error_out_of_range.
    """
    places = _chosen(indices_or_sections, sections, indices, tensor_indices_or_sections)
    _check_count("tensor_split", places)
    judged("tensor_split", input, places, dim)
    if isinstance(places, Tensor):
        if places._stored.dtype != np.int64:
            raise RuntimeError(
                "tensor_split expected tensor_indices_or_sections to have dtype of long, but got "
                f"{places.dtype}"
            )
        places = places.tolist()
        judged("tensor_split", input, places, dim)
    return _between(input, _place(input, dim), places)


def _check_count(name: str, pieces: Any) -> None:
    if pieces.__class__ is int and _MOST < pieces < WIDEST:
        raise RuntimeError(f"{name}: there is no memory for {pieces} tensors")


def _chosen(*given: Any) -> Any:
    """The one argument that was given, under whatever name; None if that is not one."""
    found = [item for item in given if item is not None]
    return found[0] if len(found) == 1 else None


def _split_at(name: str, input: Tensor, given: tuple[Any, ...], named: tuple[Any, ...]) -> Any:
    """What a ``*split`` was given, checked: one number, one sequence, or several numbers."""
    places = _chosen(given[0] if len(given) == 1 else given or None, *named)
    _check_count(name, places)
    judged(name, input, places)
    return places


@operation(methods=("hsplit",))
def hsplit(
    input: Tensor, *places: Any, sections: int | None = None, indices: Sequence[int] | None = None
) -> tuple[Tensor, ...]:
    """Views of equal pieces, or between indices, along dim 1, or dim 0 of a vector."""
    chosen = _split_at("hsplit", input, places, (sections, indices))
    return _between(input, 0 if input._stored.ndim == 1 else 1, chosen)


@operation(methods=("vsplit",))
def vsplit(
    input: Tensor, *places: Any, sections: int | None = None, indices: Sequence[int] | None = None
) -> tuple[Tensor, ...]:
    """Views of equal pieces, or between indices, along dim 0."""
    return _between(input, 0, _split_at("vsplit", input, places, (sections, indices)))


@operation(methods=("dsplit",))
def dsplit(
    input: Tensor, *places: Any, sections: int | None = None, indices: Sequence[int] | None = None
) -> tuple[Tensor, ...]:
    """Views of equal pieces, or between indices, along dim 2."""
    return _between(input, 2, _split_at("dsplit", input, places, (sections, indices)))


# -- slice by slice -----------------------------------------------------------------------------------


def unbind_backward(node: Any, *grads: Tensor | None) -> Tensor:
    """The slices' gradients joined."""
    pieces = [
        wrap(np.zeros(shape, kind.numpy)) if grad is None else grad
        for grad, (shape, kind) in zip(grads, node.outputs, strict=True)
    ]
    return OPERATIONS["stack"].function(pieces, node.dim)  # type: ignore[no-any-return]


@operation(methods=("unbind",))
def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """Views of all slices along a dim, which they lack.

    Raises:
        ShapeError: dimension_error_out_of_range.
    """
    array = input._stored
    if dim.__class__ is not int or not -array.ndim <= dim < array.ndim:
        judged("unbind", input, dim)
    place = _place(input, dim)
    count = array.shape[place]
    args = [(place, index) for index in range(count)]
    if array.ndim == 1:
        arrays = [array[index, ...] for index in range(count)]
    else:
        arrays = list(array if place == 0 else np.moveaxis(array, place, 0))
    return views_by(input, arrays, sliced, args, unbind_backward, dim=place)


@method("__iter__")
def iterate(self: Tensor) -> Iterator[Tensor]:
    """The slices along the first dim."""
    if not self._stored.ndim:
        raise TypeError("iteration over a 0-d tensor")
    return iter(unbind(self, 0))


@method("__len__")
def length(self: Tensor) -> int:
    """The size of the first dim."""
    if not self._stored.ndim:
        raise TypeError("len() of a 0-d tensor")
    size: int = self._stored.shape[0]
    return size


@method("__contains__")
def contains(self: Tensor, element: Any) -> bool:
    """Whether an element is equal to a number or tensor."""
    if not isinstance(element, Tensor) and not is_number(element):
        raise RuntimeError(
            f"Tensor.__contains__ only supports Tensor or scalar, but you passed in a {type(element)}."
        )
    return bool((element == self).any().item())


@method("__reversed__")
def reversed_(self: Tensor) -> Tensor:
    """The elements in reverse order along the first dim."""
    return self.flip(0) if self._stored.ndim else self
