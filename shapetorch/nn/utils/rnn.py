"""Sequences of several lengths: padded to one tensor, or packed step by step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from shapetorch.tensor.operations import OPERATIONS
from shapetorch.tensor.tensors import Tensor, wrap


class _Packed(NamedTuple):
    data: Tensor
    batch_sizes: Tensor
    sorted_indices: Tensor | None
    unsorted_indices: Tensor | None


class PackedSequence(_Packed):
    """Sequences step by step: first all first elements, then all second ones, of the longest sequence first.

    Attributes:
        data: The elements.
        batch_sizes: How many sequences each step has.
        sorted_indices: Which sequence of the batch each one is; None if they were in order.
        unsorted_indices: Where each sequence of the batch is.
    """

    def __new__(
        cls,
        data: Tensor,
        batch_sizes: Tensor | None = None,
        sorted_indices: Tensor | None = None,
        unsorted_indices: Tensor | None = None,
    ) -> PackedSequence:
        """See the class."""
        if batch_sizes is None:
            raise ValueError("PackedSequence: batch_sizes must be given")
        if unsorted_indices is None:
            unsorted_indices = invert_permutation(sorted_indices)
        return super().__new__(cls, data, batch_sizes, sorted_indices, unsorted_indices)

    def to(self, *args: Any, **kwargs: Any) -> PackedSequence:
        """The elements in another dtype."""
        data = self.data.to(*args, **kwargs)
        return self if data is self.data else PackedSequence(data, *self[1:])

    def double(self) -> PackedSequence:
        """The elements as float64."""
        return PackedSequence(self.data.double(), *self[1:])

    def float(self) -> PackedSequence:
        """The elements as float32."""
        return PackedSequence(self.data.float(), *self[1:])

    def half(self) -> PackedSequence:
        """The elements as float16."""
        return PackedSequence(self.data.half(), *self[1:])

    def long(self) -> PackedSequence:
        """The elements as int64."""
        return PackedSequence(self.data.long(), *self[1:])

    def int(self) -> PackedSequence:
        """The elements as int32."""
        return PackedSequence(self.data.int(), *self[1:])

    def cpu(self, *args: Any, **kwargs: Any) -> PackedSequence:
        """Itself: there is one device."""
        return self.to(*args, device="cpu", **kwargs)

    @property
    def is_cuda(self) -> bool:
        """No."""
        return False

    def is_pinned(self) -> bool:
        """No."""
        return False

    def pin_memory(self) -> PackedSequence:
        """Itself."""
        return self


def invert_permutation(permutation: Tensor | None) -> Tensor | None:
    """Where each place of a permutation went; None of None."""
    if permutation is None:
        return None
    array = permutation._array
    made = np.empty_like(array)
    made[array] = np.arange(len(array))
    return wrap(made)


def _lengths(lengths: Tensor | Sequence[int]) -> np.ndarray[Any, Any]:
    found = lengths._array if isinstance(lengths, Tensor) else np.asarray(list(lengths))
    return found.astype(np.int64)


# -- padded -------------------------------------------------------------------------------------------


def pad_sequence(
    sequences: Tensor | Sequence[Tensor],
    batch_first: bool = False,
    padding_value: float = 0.0,
    padding_side: str = "right",
) -> Tensor:
    """Sequences ``(L_i, *)`` in one tensor ``(max L_i, B, *)``, or ``(B, max L_i, *)``.

    Args:
        sequences: The sequences.
        batch_first: Whether the batch comes first.
        padding_value: What stands behind (or before) shorter ones.
        padding_side: "right" or "left".

    Raises:
        RuntimeError: there are none, or their elements have different shapes.
    """
    items = list(sequences.unbind(0)) if isinstance(sequences, Tensor) else list(sequences)
    if not items:
        raise RuntimeError("received an empty list of sequences")
    if padding_side not in ("left", "right"):
        raise RuntimeError(
            f"Expected padding_side to be one of left or right, but got {padding_side}."
        )
    longest = max(item.shape[0] for item in items)
    pad = OPERATIONS["nn.functional.pad"].function
    made = []
    for item in items:
        missing = longest - item.shape[0]
        ends = (missing, 0) if padding_side == "left" else (0, missing)
        sides = (0, 0) * (item.ndim - 1) + ends
        made.append(pad(item, sides, value=padding_value) if missing else item)
    return OPERATIONS["stack"].function(made, 0 if batch_first else 1)  # type: ignore[no-any-return]


def unpad_sequence(
    padded_sequences: Tensor, lengths: Tensor, batch_first: bool = False
) -> list[Tensor]:
    """The sequences that `pad_sequence` put together."""
    batch = padded_sequences if batch_first else padded_sequences.transpose(0, 1)
    return [item[:length] for item, length in zip(batch, _lengths(lengths).tolist(), strict=True)]


# -- packed -------------------------------------------------------------------------------------------


def pack_padded_sequence(
    input: Tensor,
    lengths: Tensor | Sequence[int],
    batch_first: bool = False,
    enforce_sorted: bool = True,
) -> PackedSequence:
    """The elements of padded sequences step by step, without the padding.

    Args:
        input: ``(L, B, *)``, or ``(B, L, *)``.
        lengths: Of each sequence.
        batch_first: Whether the batch comes first.
        enforce_sorted: Whether they must be in order, the longest first; else they are put in order.

    Raises:
        RuntimeError: the lengths do not belong to the sequences, or are not in order.
    """
    sizes = _lengths(lengths)
    order = None
    if not enforce_sorted:
        order = np.argsort(-sizes, kind="stable")
        sizes = sizes[order]
        input = input.index_select(0 if batch_first else 1, wrap(order))
    steps = input.transpose(0, 1) if batch_first else input
    _check_lengths(sizes, steps)
    counts = (sizes[None, :] > np.arange(sizes[0])[:, None]).sum(1)
    parts = [steps[place, :count] for place, count in enumerate(counts.tolist())]
    data = OPERATIONS["cat"].function(parts)
    chosen = None if order is None else wrap(order)
    return PackedSequence(data, wrap(counts.astype(np.int64)), chosen)


def _check_lengths(sizes: np.ndarray[Any, Any], steps: Tensor) -> None:
    if len(sizes) != steps.shape[1]:
        raise RuntimeError(
            f"Expected `len(lengths)` to be equal to batch_size, but got {len(sizes)} "
            f"(batch_size={steps.shape[1]})"
        )
    if (np.diff(sizes) > 0).any():
        raise RuntimeError(
            "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass "
            "`enforce_sorted=False` to pack_padded_sequence and/or pack_sequence to sidestep this requirement"
        )
    if sizes[-1] <= 0:
        raise RuntimeError(
            "Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0"
        )
    if sizes[0] > steps.shape[0]:
        raise RuntimeError(
            f"pack_padded_sequence: lengths must be at most the number of steps, got {sizes[0]} "
            f"for {steps.shape[0]}"
        )


def pad_packed_sequence(
    sequence: PackedSequence,
    batch_first: bool = False,
    padding_value: float = 0.0,
    total_length: int | None = None,
) -> tuple[Tensor, Tensor]:
    """The sequences as they were before `pack_padded_sequence`, and their lengths.

    Args:
        sequence: Packed sequences.
        batch_first: Whether the batch shall come first.
        padding_value: What stands behind shorter ones.
        total_length: Of the result; that of the longest sequence if None.

    Raises:
        ValueError: `total_length` is less than that.
    """
    counts = sequence.batch_sizes._array
    steps, width = len(counts), int(counts[0])
    if total_length is not None and total_length < steps:
        raise ValueError(
            "Expected total_length to be at least the length of the longest sequence in input, but got "
            f"total_length={total_length} and max sequence length being {steps}"
        )
    lengths = (counts[:, None] > np.arange(width)[None, :]).sum(0).astype(np.int64)
    rows = sequence.data.split(counts.tolist())
    pad = OPERATIONS["nn.functional.pad"].function
    sides = (0, 0) * (sequence.data.ndim - 1)
    filled = [pad(row, (*sides, 0, width - row.shape[0]), value=padding_value) for row in rows]
    padded = OPERATIONS["stack"].function(filled)
    if total_length is not None and total_length > steps:
        padded = pad(padded, (*sides, 0, 0, 0, total_length - steps), value=padding_value)
    if sequence.unsorted_indices is not None:
        padded = padded.index_select(1, sequence.unsorted_indices)
        lengths = lengths[sequence.unsorted_indices._array]
    return (padded.transpose(0, 1) if batch_first else padded), wrap(lengths)


def pack_sequence(sequences: Sequence[Tensor], enforce_sorted: bool = True) -> PackedSequence:
    """The elements of sequences step by step; see `pack_padded_sequence`."""
    lengths = [item.shape[0] for item in sequences]
    return pack_padded_sequence(pad_sequence(sequences), lengths, enforce_sorted=enforce_sorted)


def unpack_sequence(packed_sequences: PackedSequence) -> list[Tensor]:
    """The sequences that `pack_sequence` packed."""
    padded, lengths = pad_packed_sequence(packed_sequences, batch_first=True)
    return unpad_sequence(padded, lengths, batch_first=True)
