"""Joining, splitting, repeating, diagonals, padding and folding against PyTorch, argument by argument."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

from tests.tensor.both import agree, numbers
from tests.tensor.test_views import rows

X = numbers(3, 4)
Y = numbers(3, 4, seed=1)

JOINED = """
t.cat([x, y]) | t.cat((x, y), 1) | t.cat([x, y], dim=-1) | t.cat([x, y], axis=1) | t.cat(tensors=[x, y]) | t.cat([x]) | t.cat([x, y[:, :3]]) | t.cat([x, y[0]]) | t.cat([x, t.zeros(0)]) | t.cat([t.zeros(0), x]) | t.cat([x, y.float()]) | t.cat([x, y.long()], 1) | t.cat([x[0, 0], y[0, 0]]) | t.cat([x, y], 2) | t.cat(x) | t.cat([x, 1]) | t.cat([x.int(), y.bool()]) | t.concat([x, y]) | t.concatenate([x, y], dim=1) | t.cat([x, x, x]) | t.cat([x.t(), y.t()]) | t.cat([x[:0], y]) | t.cat([x, y], 'a') | t.cat([x, y], 1.0) | t.cat([x.to(t.complex64), y]) | t.cat(iter([x, y]))
t.stack([x, y]) | t.stack((x, y), 1) | t.stack([x, y], -1) | t.stack([x, y], dim=2) | t.stack([x, y], 3) | t.stack([x, y[:, :3]]) | t.stack([]) | t.stack([x, y.float()]) | t.stack(x) | t.stack([x[0, 0], y[0, 0]]) | t.stack([x]) | t.stack([x, 'a'])
t.hstack([x, y]) | t.hstack((x[0], y[0])) | t.hstack([x[0, 0], y[0, 0]]) | t.vstack([x, y]) | t.vstack([x[0], y]) | t.row_stack([x, y]) | t.dstack([x, y]) | t.dstack([x[0], y[0]]) | t.column_stack([x, y]) | t.column_stack([x[0], y[0]]) | t.column_stack([x[:, 0], y]) | t.hstack([]) | t.vstack([x, y[:, :3]]) | t.hstack(x) | t.hstack([x, y.float()])
t.block_diag(x, y) | t.block_diag(x, y[0], y[0, 0]) | t.block_diag() | t.block_diag(x, y.float()) | t.block_diag(x[None]) | t.block_diag([x]) | t.cartesian_prod(x[0], y[0]) | t.cartesian_prod(x[0]) | t.cartesian_prod(x) | t.cartesian_prod(x[0], y[0].float()) | t.combinations(x[0]) | t.combinations(x[0], 3) | t.combinations(x[0], 2, True) | t.combinations(x[0], r=1) | t.combinations(x) | t.combinations(x[0], 0) | t.combinations(x[0], -1) | t.combinations(x[0], 5)
t.meshgrid(x[0], y[0], indexing='ij') | t.meshgrid(x[0], y[0, :2], indexing='xy') | t.meshgrid([x[0], y[0]], indexing='ij') | t.meshgrid(x[0], y[0], indexing='a') | t.meshgrid(x[0], y[0].float(), indexing='ij') | t.meshgrid(x, y, indexing='ij') | t.meshgrid(x[0], indexing='xy') | t.meshgrid(x[0], y[0]) | t.meshgrid(x[0], y[0], x[1], indexing='xy')
"""

SPLIT = """
x.split(2) | x.split(2, 1) | x.split([1, 2]) | x.split((3, 1), -1) | x.split([1, 1]) | x.split(0) | x.split(-1) | x.split(2, 2) | t.split(x, 2) | t.split(x, split_size_or_sections=2, dim=1) | x.split(split_size=2) | x.split('a') | x.split([1, -1, 3]) | x[:0].split(2) | x[0, 0].split(1) | x.split(100) | x.split(2.0) | x.split([])
x.split_with_sizes([1, 2]) | x.split_with_sizes([2, 2], 1) | x.split_with_sizes([2]) | t.split_with_sizes(x, [1, 2]) | x.split_with_sizes(2)
x.chunk(2) | x.chunk(3, 1) | x.chunk(7) | x.chunk(0) | x.chunk(-1) | t.chunk(x, chunks=2, dim=-1) | x[:0].chunk(3) | x[0, 0].chunk(1) | x.chunk(2.0) | t.unsafe_chunk(x, 2) | x.unsafe_split(2) | x.unsafe_chunk(2, 1)
x.tensor_split(2) | x.tensor_split(2, 1) | x.tensor_split([1, 2]) | x.tensor_split((1, 3), dim=1) | x.tensor_split(t.tensor(2)) | x.tensor_split(t.tensor([1, 2])) | x.tensor_split(0) | x.tensor_split([2, 1]) | x.tensor_split([-1]) | t.tensor_split(x, sections=2) | t.tensor_split(x, indices=(1,)) | t.tensor_split(x, t.tensor([[1]])) | x[0, 0].tensor_split(1) | t.tensor_split(x, tensor_indices_or_sections=t.tensor(3)) | t.tensor_split(x, t.tensor([1.0]))
x.hsplit(2) | x.hsplit([1, 3]) | x.hsplit(3) | x[0].hsplit(2) | x[0, 0].hsplit(1) | x.vsplit(3) | x.vsplit([1]) | x[0].vsplit(2) | x[None].dsplit(2) | x[None].dsplit([1]) | x.dsplit(2) | t.hsplit(x, 2) | t.vsplit(x, (1, 2)) | x.hsplit(1, 3) | x.hsplit(sections=2) | x.vsplit(indices=(1,)) | x.hsplit('a')
x.unbind() | x.unbind(1) | x.unbind(-1) | x.unbind(2) | t.unbind(x, dim=1) | x[0, 0].unbind() | x[:0].unbind() | x.unbind('a')
"""

MOVED = """
x.flip(0) | x.flip(0, 1) | x.flip((0, 1)) | x.flip([-1]) | x.flip(()) | x.flip(2) | x.flip(0, 0) | t.flip(x, (0,)) | t.flip(x, dims=[1]) | t.flip(x, 0) | x.fliplr() | x.flipud() | x[0].fliplr() | x[0, 0].flipud() | t.fliplr(x) | x.flip(dims=(1,)) | x[0, 0].flip(0) | x.flip('a')
x.roll(1) | x.roll(1, 0) | x.roll((1, -2), (0, 1)) | x.roll(-5, 1) | x.roll(100, 0) | x.roll((1, 2)) | x.roll(1, (0, 1)) | t.roll(x, shifts=1, dims=1) | x.roll(1, 2) | x[0, 0].roll(1) | x[:0].roll(1, 0) | x.roll('a') | x.roll(1.0) | x.roll([1], [0]) | x.roll((1, 1), (0, 0))
x.rot90() | x.rot90(2) | x.rot90(3, (1, 0)) | x.rot90(-1) | x.rot90(4) | x.rot90(1, [0, 0]) | x[0].rot90() | t.rot90(x, k=1, dims=[0, 1]) | x.rot90(1, (0,)) | x.rot90(1, (0, 2))
x.repeat(2, 3) | x.repeat((2, 1, 1)) | x.repeat([1, 2]) | x.repeat(2) | x.repeat(0, 1) | x.repeat(-1, 1) | x.repeat(repeats=(1, 2)) | x.repeat() | x[0, 0].repeat(3) | x.repeat('a') | x.tile(2) | x.tile(2, 1, 2) | x.tile((2,)) | t.tile(x, (2, 2)) | t.tile(x, dims=(1, 2)) | x.tile(-1) | x.tile(0) | x.tile(()) | t.tile(x, 2) | x.repeat(1.0, 1)
x.repeat_interleave(2) | x.repeat_interleave(2, 0) | x.repeat_interleave(2, dim=1) | x.repeat_interleave(t.tensor([1, 0, 2]), 0) | x.repeat_interleave(t.tensor([2]), 1) | x.repeat_interleave(t.tensor(2), 1) | x.repeat_interleave(t.tensor([1, 2]), 0) | x.repeat_interleave(t.tensor([1, -1, 1]), 0) | x.repeat_interleave(-1) | t.repeat_interleave(t.tensor([1, 2])) | t.repeat_interleave(t.tensor([1, 2], dtype=t.int32)) | t.repeat_interleave(x, 2) | x.repeat_interleave(t.tensor([1.0, 1, 1]), 0) | x.repeat_interleave(t.tensor([1, 0, 2]), 0, output_size=3) | x.repeat_interleave(t.tensor([1, 0, 2]), 0, output_size=4) | x.repeat_interleave(2.0) | x.repeat_interleave(2, 2) | x.repeat_interleave(0) | x.repeat_interleave(t.tensor([1, 2], dtype=t.int32)[:1], 0) | x[0, 0].repeat_interleave(3) | x.repeat_interleave([1, 0, 2], 0)
x.tril() | x.tril(1) | x.tril(-1) | x.triu() | x.triu(-2) | x.triu(diagonal=1) | t.tril(x, diagonal=1) | x[0].tril() | x.tril(1.5) | x.tril('a') | x.repeat(2, 1, 1).tril() | x[:0].tril() | x.tril(100) | x.triu(-100) | x.bool().tril() | x.long().triu()
x.diag() | x.diag(1) | x[0].diag() | x[0].diag(-1) | x[0].diag(2) | t.diag(x, diagonal=1) | x[None].diag() | x[0, 0].diag() | x.diagflat() | x.diagflat(1) | t.diagflat(x, offset=-1) | x.diag_embed() | x.diag_embed(1) | x.diag_embed(offset=-1, dim1=0, dim2=2) | x.diag_embed(0, 1, 1) | t.diag_embed(x[0]) | x.diag_embed(0, 0, 3) | x.diag(7) | x.diag(-7)
"""

PADDED = """
F.pad(x, (1, 2)) | F.pad(x, (1, 2, 0, 1)) | F.pad(x, [1, 1], value=3.5) | F.pad(x, (1, 1), 'constant', 2) | F.pad(x, (-1, 2)) | F.pad(x, (-1, -1, 1, 0), value=1) | F.pad(x, (1,)) | F.pad(x, (1, 1, 1, 1, 1, 1)) | F.pad(x, (-5, 0)) | F.pad(x, pad=(1, 0), mode='constant', value=None) | F.pad(x, ()) | F.pad(x, 1) | F.pad(x, (1, 1), 'a') | F.pad(x.long(), (1, 1), value=2) | F.pad(x.bool(), (1, 1), value=True) | F.pad(x.long(), (1, 1), value=1.5) | F.pad(x, (1.0, 1)) | F.pad(x, (0, 0))
F.pad(x, (1, 2), 'reflect') | F.pad(x[None], (1, 2), mode='reflect') | F.pad(x, (4, 0), 'reflect') | F.pad(x[None], (1, 2, 1, 1), 'reflect') | F.pad(x[None], (2, 1), 'replicate') | F.pad(x, (9, 0), 'replicate') | F.pad(x[None], (1, 2), 'circular') | F.pad(x[None], (5, 0), 'circular') | F.pad(x[None, None], (1, 2, 1, 0), 'circular') | F.pad(x[None, None], (1, 2, 1, 0), 'replicate') | F.pad(x[None, None, None], (1, 1, 1, 1, 0, 0), 'reflect') | F.pad(x[None], (1, 1), 'reflect', 2) | F.pad(x[None], (-1, 1), 'reflect') | F.pad(x[None], (-1, 1), 'replicate') | F.pad(x[None], (-1, 1), 'circular') | F.pad(x[0], (1, 1), 'reflect')
F.pixel_shuffle(x.reshape(4, 3, 1), 2) | F.pixel_shuffle(x.reshape(1, 4, 1, 3), 2) | F.pixel_shuffle(x.reshape(3, 4, 1), 2) | F.pixel_shuffle(x, 1) | F.pixel_unshuffle(x.reshape(3, 2, 2), 2) | F.pixel_unshuffle(x.reshape(1, 3, 4), 2) | F.pixel_shuffle(x.reshape(4, 3, 1), 0) | F.channel_shuffle(x.reshape(1, 4, 3), 2) | F.channel_shuffle(x.reshape(1, 4, 3), 3) | F.channel_shuffle(x, 2) | t.pixel_shuffle(x.reshape(4, 3, 1), 2) | t.channel_shuffle(x.reshape(1, 4, 3), 2)
F.unfold(x[None, None], 2) | F.unfold(x[None, None], (2, 3), padding=1) | F.unfold(x[None, None], 2, dilation=2) | F.unfold(x[None, None], 2, stride=(1, 2)) | F.unfold(x[None], 2) | F.unfold(x[None, None], 5) | F.unfold(x[None, None].long(), 2) | F.unfold(x[None, None], (2, 2, 2)) | F.unfold(x[None, None], 0)
F.fold(x.reshape(1, 4, 3), (2, 4), 2) | F.fold(x.reshape(4, 3), (2, 4), 2) | F.fold(x.reshape(1, 4, 3), (2, 5), 2) | F.fold(x.reshape(1, 3, 4), (2, 4), 2) | F.fold(x.reshape(1, 2, 6), (2, 3), (1, 2), padding=(0, 1), stride=(1, 2)) | F.fold(x.reshape(1, 4, 3), 2, 2)
"""

OTHER_DTYPES = """
t.cat([x, x]) | t.stack([x, x], 1) | x.flip(0) | x.roll(1, 1) | x.tril() | x.diag() | x[0].diag() | x.repeat(2, 1) | x.repeat_interleave(2, 1) | t.block_diag(x, x) | F.pad(x, (1, 1)) | x.unfold(1, 2, 1) | x.rot90() | x.split(2) | F.unfold(x[None, None], 2) | t.combinations(x[0]) | F.pixel_shuffle(x.reshape(4, 3, 1), 2) | F.channel_shuffle(x.reshape(1, 4, 3), 2) | x.diag_embed() | x.tril_() | x.fill_diagonal_(1) | F.fold(x.reshape(1, 4, 3), (2, 4), 2) | F.pad(x[None], (1, 1), 'circular') | x.masked_select(x == x) | x.movedim(0, 1)
"""


def run(text: str):
    """The program of an expression."""
    return lambda t, x, y: eval(text, {"t": t, "F": t.nn.functional, "x": x, "y": y})


@pytest.mark.parametrize("text", rows(JOINED))
def test_joined(text: str) -> None:
    agree(run(text), X, Y)


@pytest.mark.parametrize("text", rows(SPLIT))
def test_split(text: str) -> None:
    agree(run(text), X, Y)


@pytest.mark.parametrize("text", rows(MOVED))
def test_moved(text: str) -> None:
    agree(run(text), X, Y)


@pytest.mark.parametrize("text", rows(PADDED))
def test_padded(text: str) -> None:
    agree(run(text), X, Y)


@pytest.mark.parametrize(
    "dtype", ["bool", "uint8", "int8", "int64", "float16", "bfloat16", "complex64"]
)
@pytest.mark.parametrize("text", rows(OTHER_DTYPES))
def test_other_dtypes(dtype: str, text: str) -> None:
    def program(t):
        x = t.arange(12).reshape(3, 4).to(getattr(t, dtype))
        return eval(text, {"t": t, "F": t.nn.functional, "x": x})

    agree(program, grad=False)


def test_pieces_may_not_be_written_to_while_gradients_flow() -> None:
    for text in (
        "x.split(2)[0]",
        "x.unbind()[0]",
        "x.chunk(2, 1)[1]",
        "[*x][0]",
        "x.tensor_split(2)[0]",
        "x.hsplit(2)[0]",
    ):
        agree(lambda t, x, text=text: eval(text, {"t": t, "x": x * 1}).mul_(2), X)
        agree(lambda t, x, text=text: (eval(text, {"t": t, "x": x}).mul_(2), x), X, grad=False)


@pytest.mark.parametrize("shape", [(80, 60), (60, 80), (2, 70, 70)])
@pytest.mark.parametrize(
    "text",
    [
        "x.tril()",
        "x.triu()",
        "x.tril(3)",
        "x.triu(-5)",
        "x.tril(-100)",
        "x.triu(100)",
        "x.mT.tril(1)",
    ],
)
def test_large_triangles(shape: tuple[int, ...], text: str) -> None:
    agree(lambda t, x: eval(text, {"x": x}), numbers(*shape))
