"""Cutting a tensor into pieces: split, chunk, tensor_split, unbind; and meshgrid.

Results are lists of shapes. Where the number of pieces depends on a symbolic size, the result is
`Many`: so many tensors of one shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from shapetorch.dim import (
    UNKNOWN_DIM,
    Shape,
    Size,
    Truth,
    ceildiv,
    check_equal,
    current_facts,
    equal,
    render_shape,
)
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.axes import axis
from shapetorch.rules.indexing import Range, range_size
from shapetorch.rules.registry import Many, Shapes, Sizes, rule
from shapetorch.rules.reshaping import has_division, quotient


def _pieces(shape: Shape, place: int, sizes: Sequence[Size]) -> list[Shape]:
    return [(*shape[:place], size, *shape[place + 1 :]) for size in sizes]


def _split_place(
    operation: str,
    shape: Shape,
    dim: int,
    kind: ErrorKind = ErrorKind.split_error_dim_out_of_range,
) -> int:
    _needs_rank(operation, shape, 1)
    return axis(operation, dim, shape, kind)


def _needs_rank(operation: str, shape: Shape, least: int) -> None:
    if len(shape) < least:
        raise ShapeError(
            ErrorKind.rank_error_mismatch,
            (least, len(shape), shape),
            f"{operation}: the tensor must have at least {least} dimension"
            f"{'s' if least > 1 else ''}, got {render_shape(shape)}",
        )


def _parts_of(size: Size, part: Size) -> list[Size] | None:
    """The sizes of pieces of `part` each, as many as `size` holds; None if that is not known."""
    if size is UNKNOWN_DIM or part is UNKNOWN_DIM:
        return None
    if isinstance(size, int) and isinstance(part, int):
        if part == 0:
            return [0]
        whole: list[Size] = [part] * (size // part)
        return whole if whole and size % part == 0 else [*whole, size % part]
    if part == 0 or size == 0:
        return [0]
    count = quotient(size, part)
    if not isinstance(count, int) or count < 1:
        return None
    rest = size - part * count
    if _comes_out_even(size, part, count):
        return [part] * count
    if isinstance(rest, int) and isinstance(part, int) and 0 < rest < part:
        pieces: list[Size] = [part] * count
        return [*pieces, rest]
    return None


def _comes_out_even(size: Size, part: Size, count: Size) -> bool:
    """Whether `count` pieces of `part` make `size`.

    They do if that is known, and where the part was itself divided out of the size: code that cuts
    ``T`` into pieces of ``T // 2`` takes an even ``T`` for granted.
    """
    if UNKNOWN_DIM in (size, part, count):
        return False
    truth = equal(size, part * count)
    if truth is not Truth.CONDITIONAL:
        return truth is Truth.YES
    if isinstance(part, int) or not has_division(part) or has_division(count):
        return False
    error = ShapeError(
        ErrorKind.split_error_sum_mismatch,
        (part * count, size, None),
        f"split: the pieces must come out even, got {count} times {part} for {size}",
    )
    check_equal(size, part * count, lambda: error)
    return True


def _bad_part(part: Size, shape: Shape) -> ShapeError:
    return ShapeError(
        ErrorKind.split_error_size,
        (part,),
        f"split: the size of a piece must be greater than 0, got {part} for {render_shape(shape)}",
    )


@rule("split", functions=("split",), methods=("split",), dtype="same")
def split_shape(tensor: Shape, split_size_or_sections: Size, dim: int = 0) -> list[Shape] | Many:
    """Shapes of pieces of one size; the last may be smaller.

    Args:
        tensor: Any shape of at least one dim.
        split_size_or_sections: The size of a piece.
        dim: Along which dim.

    Returns:
        One shape a piece, with the piece's size at `dim`.

    Raises:
        ShapeError: split_error_dim_out_of_range, split_error_size.

    Source: PyTorch ``torch.split``.
    """
    part = split_size_or_sections
    _needs_rank("split", tensor, 1)
    if isinstance(part, int) and part < 0:
        raise _bad_part(part, tensor)
    place = _split_place("split", tensor, dim)
    size = tensor[place]
    if part == 0 and isinstance(size, int) and size > 0:
        raise _bad_part(part, tensor)
    sizes = _parts_of(size, part)
    if sizes is not None:
        return _pieces(tensor, place, sizes)
    if part == 0:
        return Many((*tensor[:place], UNKNOWN_DIM, *tensor[place + 1 :]), UNKNOWN_DIM)
    count = quotient(size, part)
    if not _comes_out_even(size, part, count):
        part, count = UNKNOWN_DIM, ceildiv(size, part)
    return Many((*tensor[:place], part, *tensor[place + 1 :]), count)


@rule("split", functions=("split",), methods=("split",), dtype="same")
def split_sections_shape(tensor: Shape, split_size_or_sections: Sizes, dim: int = 0) -> list[Shape]:
    """Shapes of pieces of the sizes given.

    Args:
        tensor: Any shape of at least one dim.
        split_size_or_sections: The sizes of the pieces, which must sum to the size at `dim`.
        dim: Along which dim.

    Returns:
        One shape a piece.

    Raises:
        ShapeError: split_error_dim_out_of_range, split_error_sum_mismatch, split_error_size.

    Source: PyTorch ``torch.split``.
    """
    return _split_into("split", tensor, split_size_or_sections, dim)


@rule(
    "split_with_sizes", functions=("split_with_sizes",), methods=("split_with_sizes",), dtype="same"
)
def split_with_sizes_shape(input: Shape, split_sizes: Sizes, dim: int = 0) -> list[Shape]:
    """Shapes of pieces of the sizes given; see `split_sections_shape`.

    Raises:
        ShapeError: split_error_dim_out_of_range, split_error_sum_mismatch, split_error_size.
    """
    return _split_into("split_with_sizes", input, split_sizes, dim)


def _split_into(operation: str, shape: Shape, sizes: Sizes, dim: int) -> list[Shape]:
    place = _split_place(operation, shape, dim)
    negative = [size for size in sizes if isinstance(size, int) and size < 0]
    if negative:
        raise ShapeError(
            ErrorKind.split_error_size,
            (negative[0],),
            f"{operation}: the size of a piece must not be negative, got {render_shape(sizes)} "
            f"for {render_shape(shape)}",
        )
    total: Size = 0
    for size in sizes:
        total = total + size
    check_equal(
        total,
        shape[place],
        lambda: ShapeError(
            ErrorKind.split_error_sum_mismatch,
            (total, shape[place], dim),
            f"{operation}: the pieces must sum to the size of dim {dim}, "
            f"got {total} and {shape[place]} from {render_shape(sizes)} for {render_shape(shape)}",
        ),
    )
    return _pieces(shape, place, sizes)


def _even_part(size: Size, count: Size) -> Size:
    """``size / count`` where that is known to be exact, else an unknown size."""
    if size is UNKNOWN_DIM or count is UNKNOWN_DIM:
        return UNKNOWN_DIM
    facts = current_facts()
    part = quotient(size, count)
    exact = facts.normalize(facts.normalize(size) - facts.normalize(part * count)) == 0
    return part if exact else UNKNOWN_DIM


@rule("chunk", functions=("chunk", "unsafe_chunk"), methods=("chunk", "unsafe_chunk"), dtype="same")
def chunk_shape(input: Shape, chunks: Size, dim: int = 0) -> list[Shape] | Many:
    """Shapes of at most `chunks` pieces of ``ceil(size / chunks)``; the last may be smaller.

    Args:
        input: Any shape of at least one dim.
        chunks: How many pieces; fewer come back when the rounded-up pieces use up the dim.
        dim: Along which dim.

    Returns:
        One shape a piece. Of a symbolic size that `chunks` is not known to divide, as many pieces of
        unknown size, or two of known ones.

    Raises:
        ShapeError: chunk_error_dim_out_of_range, chunk_error_count, rank_error_mismatch.

    Source: PyTorch ``torch.chunk``.
    """
    if isinstance(chunks, int) and chunks < 1:
        raise ShapeError(
            ErrorKind.chunk_error_count,
            (chunks,),
            f"chunk: there must be at least 1 piece, got {chunks} for {render_shape(input)}",
        )
    place = _split_place("chunk", input, dim, ErrorKind.chunk_error_dim_out_of_range)
    size = input[place]
    if not isinstance(chunks, int):
        part = _even_part(size, chunks)
        return Many((*input[:place], part, *input[place + 1 :]), chunks)
    if isinstance(size, int):
        part = ceildiv(size, chunks)
        sizes = [0] * chunks if size == 0 else _parts_of(size, part) or []
        return _pieces(input, place, sizes)
    part = _even_part(size, chunks)
    if part is UNKNOWN_DIM and chunks == 2:
        return _pieces(input, place, [size - size // 2, size // 2])
    return _pieces(input, place, [part] * chunks)


@rule("tensor_split", functions=("tensor_split",), methods=("tensor_split",), dtype="same")
def tensor_split_shape(input: Shape, sections: Size, dim: int = 0) -> list[Shape] | Many:
    """Shapes of exactly `sections` pieces, the first ones larger by 1 where needed.

    Raises:
        ShapeError: split_error_dim_out_of_range, chunk_error_count.

    Source: PyTorch ``torch.tensor_split``.
    """
    place = _split_place("tensor_split", input, dim)
    return _in_sections("tensor_split", input, sections, place)


@rule("tensor_split", functions=("tensor_split",), methods=("tensor_split",), dtype="same")
def tensor_split_indices_shape(input: Shape, indices: Sizes, dim: int = 0) -> list[Shape]:
    """Shapes of the pieces between the indices given, as slices would make them.

    Raises:
        ShapeError: split_error_dim_out_of_range.

    Source: PyTorch ``torch.tensor_split``.
    """
    return _at_indices(input, indices, _split_place("tensor_split", input, dim))


@rule("tensor_split", functions=("tensor_split",), methods=("tensor_split",), dtype="same")
def tensor_split_tensor_shape(
    input: Shape, tensor_indices_or_sections: Shape, dim: int = 0
) -> list[Shape] | Many:
    """Shapes of the pieces that a tensor of indices, or a 0-D tensor with their number, asks for.

    Raises:
        ShapeError: split_error_dim_out_of_range, rank_error_mismatch.

    Source: PyTorch ``torch.tensor_split``.
    """
    place = _split_place("tensor_split", input, dim)
    where = tensor_indices_or_sections
    if len(where) > 1:
        raise ShapeError(
            ErrorKind.rank_error_mismatch,
            (1, len(where), where),
            f"tensor_split: indices must have at most 1 dimension, got {render_shape(where)}",
        )
    count = where[0] + 1 if where else UNKNOWN_DIM
    piece = (*input[:place], UNKNOWN_DIM, *input[place + 1 :])
    return [piece] * count if isinstance(count, int) else Many(piece, count)


def _in_sections(operation: str, shape: Shape, count: Size, place: int) -> list[Shape] | Many:
    size = shape[place]
    if isinstance(count, int) and count < 1:
        raise ShapeError(
            ErrorKind.chunk_error_count,
            (count,),
            f"{operation}: there must be at least 1 piece, got {count} for {render_shape(shape)}",
        )
    if isinstance(size, int) and isinstance(count, int):
        larger = size % count
        return _pieces(shape, place, [size // count + (i < larger) for i in range(count)])
    part = _even_part(size, count)
    if isinstance(count, int):
        return _pieces(shape, place, [part] * count)
    return Many((*shape[:place], part, *shape[place + 1 :]), count)


def _at_indices(shape: Shape, indices: Sizes, place: int) -> list[Shape]:
    bounds: list[Size | None] = [None, *indices, None]
    sizes = [range_size(shape[place], Range(start, stop)) for start, stop in pairwise(bounds)]
    return _pieces(shape, place, sizes)


def _uneven(operation: str, count: Size, size: Size, place: int, shape: Shape) -> ShapeError:
    return ShapeError(
        ErrorKind.split_error_sum_mismatch,
        (count, size, place),
        f"{operation}: the number of pieces must divide the size of dim {place}, "
        f"got {count} and {size} from {render_shape(shape)}",
    )


def _split_evenly(operation: str, shape: Shape, count: Size, place: int) -> list[Shape] | Many:
    """Pieces of one size; the number of pieces must divide the size."""
    size = shape[place]
    if count != 0:
        check_equal(
            size,
            quotient(size, count) * count,
            lambda: _uneven(operation, count, size, place, shape),
        )
    return _in_sections(operation, shape, count, place)


def _directional(operation: str, shape: Shape) -> int:
    """The dim along which ``hsplit``, ``vsplit`` or ``dsplit`` cuts."""
    least, place = {"hsplit": (1, 1), "vsplit": (2, 0), "dsplit": (3, 2)}[operation]
    _needs_rank(operation, shape, least)
    return 0 if len(shape) == 1 else place


@rule("hsplit", functions=("hsplit",), methods=("hsplit",), dtype="same")
def hsplit_shape(input: Shape, sections: Size) -> list[Shape] | Many:
    """Shapes of `sections` equal pieces along dim 1, or dim 0 of a vector.

    Raises:
        ShapeError: rank_error_mismatch, split_error_sum_mismatch, chunk_error_count.
    """
    return _split_evenly("hsplit", input, sections, _directional("hsplit", input))


@rule("hsplit", functions=("hsplit",), methods=("hsplit",), spread="indices", dtype="same")
def hsplit_indices_shape(input: Shape, indices: Sizes) -> list[Shape]:
    """Shapes of the pieces between indices along dim 1, or dim 0 of a vector.

    Raises:
        ShapeError: rank_error_mismatch.
    """
    return _at_indices(input, indices, _directional("hsplit", input))


@rule("vsplit", functions=("vsplit",), methods=("vsplit",), dtype="same")
def vsplit_shape(input: Shape, sections: Size) -> list[Shape] | Many:
    """Shapes of `sections` equal pieces along dim 0.

    Raises:
        ShapeError: rank_error_mismatch, split_error_sum_mismatch, chunk_error_count.
    """
    return _split_evenly("vsplit", input, sections, _directional("vsplit", input))


@rule("vsplit", functions=("vsplit",), methods=("vsplit",), spread="indices", dtype="same")
def vsplit_indices_shape(input: Shape, indices: Sizes) -> list[Shape]:
    """Shapes of the pieces between indices along dim 0.

    Raises:
        ShapeError: rank_error_mismatch.
    """
    return _at_indices(input, indices, _directional("vsplit", input))


@rule("dsplit", functions=("dsplit",), methods=("dsplit",), dtype="same")
def dsplit_shape(input: Shape, sections: Size) -> list[Shape] | Many:
    """Shapes of `sections` equal pieces along dim 2.

    Raises:
        ShapeError: rank_error_mismatch, split_error_sum_mismatch, chunk_error_count.
    """
    return _split_evenly("dsplit", input, sections, _directional("dsplit", input))


@rule("dsplit", functions=("dsplit",), methods=("dsplit",), spread="indices", dtype="same")
def dsplit_indices_shape(input: Shape, indices: Sizes) -> list[Shape]:
    """Shapes of the pieces between indices along dim 2.

    Raises:
        ShapeError: rank_error_mismatch.
    """
    return _at_indices(input, indices, _directional("dsplit", input))


@rule("unbind", functions=("unbind",), methods=("unbind",), dtype="same")
def unbind_shape(input: Shape, dim: int = 0) -> list[Shape] | Many:
    """Shapes of all slices along a dim, which they lack.

    Raises:
        ShapeError: unbind_error_dim_out_of_range.

    Source: PyTorch ``torch.unbind``.
    """
    place = axis("unbind", dim, input, ErrorKind.unbind_error_dim_out_of_range, scalar=False)
    size = input[place]
    rest = input[:place] + input[place + 1 :]
    return [rest] * size if isinstance(size, int) else Many(rest, size)


@rule("meshgrid", functions=("meshgrid",), spread="tensors", dtype="same")
def meshgrid_shape(tensors: Shapes, *, indexing: str | None = None) -> list[Shape]:
    """Shapes of the coordinate grids of some vectors, one for each.

    Args:
        tensors: Vectors, or 0-D tensors, which count as vectors of one element.
        indexing: ``"ij"``, or ``"xy"``, which exchanges the first two sizes.

    Returns:
        For each tensor the sizes of all of them.

    Raises:
        ShapeError: rank_error_mismatch, argument_error_value, cat_error_empty.

    Source: PyTorch ``torch.meshgrid``.
    """
    if indexing not in (None, "ij", "xy"):
        raise ShapeError(
            ErrorKind.argument_error_value,
            ("indexing", indexing),
            f"meshgrid: indexing must be 'ij' or 'xy', got {indexing!r}",
        )
    if not tensors:
        raise ShapeError(
            ErrorKind.cat_error_empty, (), "meshgrid: at least one tensor must be given"
        )
    for shape in tensors:
        if len(shape) > 1:
            raise ShapeError(
                ErrorKind.rank_error_mismatch,
                (1, len(shape), shape),
                f"meshgrid: tensors must have at most 1 dimension, got {render_shape(shape)}",
            )
    grid = [shape[0] if shape else 1 for shape in tensors]
    if indexing == "xy" and len(grid) > 1:
        grid[0], grid[1] = grid[1], grid[0]
    return [tuple(grid)] * len(tensors)
