"""Small products of matrices kept in registers, of which convolutions are made.

A tile is ``out[r, p] = sum over t of weights[t, r] * image[start + offsets[t] + p]`` for a few rows r and
some vectors of neighbouring places p: for each t the vectors are loaded once, and each is multiplied
with the weight of each row. The compiler would not keep so many sums in registers by itself, so the
instructions are written here, for vectors as wide as the processor's.
"""

from __future__ import annotations

import platform
from typing import Any

from llvmlite import binding, ir
from numba import types
from numba.core import cgutils as _cgutils

from shapetorch.tensor.kernels.floats import intrinsic

cgutils: Any = _cgutils


def _registers() -> tuple[int, int, int]:
    """Float32 numbers of a vector, rows of a tile, and its vectors: sums, vectors and a weight fit in."""
    features = binding.get_host_cpu_features()
    if features.get("avx512f"):
        return 16, 8, 3
    if features.get("avx2"):
        return 8, 4, 3
    return (4, 8, 3) if platform.machine() in ("arm64", "aarch64") else (4, 4, 3)


WIDTH, ROWS, VECTORS = _registers()
PLACES = WIDTH * VECTORS
"""Places of a tile, for float32; for float64 two tiles side by side."""


def _tile(rows: int, vectors: int) -> Any:
    """The product with so many rows and vectors."""

    @intrinsic
    def tile(
        context: Any,
        image: Any,
        start: Any,
        offsets: Any,
        weights: Any,
        first: Any,
        out: Any,
        place: Any,
        step: Any,
    ) -> Any:
        number = image.dtype

        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return _generate(context, builder, signature, args, rows, vectors, number)

        flat = (image, types.intp, offsets, weights, types.intp, out, types.intp, types.intp)
        return types.void(*flat), generate

    return tile


def _generate(
    context: Any, builder: Any, signature: Any, args: Any, rows: int, vectors: int, number: Any
) -> Any:
    """The loop over t: the sums are what it carries from one turn to the next."""
    size = number.bitwidth // 8
    lanes = WIDTH * 4 // size
    scalar, index = context.get_data_type(number), args[1].type
    vector = ir.VectorType(scalar, lanes)
    several = builder.module, ir.FunctionType(vector, [vector] * 3)
    multiply_add = cgutils.get_or_insert_function(*several, f"llvm.fmuladd.v{lanes}f{8 * size}")
    zero = ir.Constant(vector, [0.0] * lanes)
    nothing = ir.Constant(vector, ir.Undefined)
    same = ir.Constant(ir.VectorType(ir.IntType(32), lanes), [0] * lanes)

    def at(pointer: Any, place: Any) -> Any:
        return builder.gep(
            pointer, [ir.Constant(index, place) if isinstance(place, int) else place]
        )

    def vector_at(pointer: Any, place: int) -> Any:
        return builder.bitcast(at(pointer, place * lanes), vector.as_pointer())

    image, offsets, weights, out = (
        context.make_array(signature.args[k])(context, builder, args[k]) for k in (0, 2, 3, 5)
    )
    source, factors, target = (
        at(array.data, args[k]) for array, k in ((image, 1), (weights, 4), (out, 6))
    )
    count = builder.extract_value(offsets.shape, 0)
    before = builder.block
    loop, after = builder.append_basic_block("terms"), builder.append_basic_block("sums")
    builder.branch(loop)
    builder.position_at_end(loop)
    t = builder.phi(index)
    sums = [[builder.phi(vector) for _ in range(vectors)] for _ in range(rows)]
    seen = at(source, builder.load(at(offsets.data, t)))
    loaded = []
    for v in range(vectors):
        loaded.append(builder.load(vector_at(seen, v)))
        loaded[-1].align = size
    factor = at(factors, builder.mul(t, ir.Constant(index, rows)))
    made = []
    for r in range(rows):
        one = builder.load(at(factor, r))
        first = builder.insert_element(nothing, one, ir.Constant(ir.IntType(32), 0))
        spread = builder.shuffle_vector(first, nothing, same)
        made.append(
            [builder.call(multiply_add, [spread, loaded[v], sums[r][v]]) for v in range(vectors)]
        )
    following = builder.add(t, ir.Constant(index, 1))
    t.add_incoming(ir.Constant(index, 0), before)
    t.add_incoming(following, loop)
    for r in range(rows):
        for v in range(vectors):
            sums[r][v].add_incoming(zero, before)
            sums[r][v].add_incoming(made[r][v], loop)
    builder.cbranch(builder.icmp_signed("<", following, count), loop, after)
    builder.position_at_end(after)
    for r in range(rows):
        line = at(target, builder.mul(args[7], ir.Constant(index, r)))
        for v in range(vectors):
            builder.store(made[r][v], vector_at(line, v)).align = size
    return context.get_dummy_value()


tile = _tile(ROWS, VECTORS)
"""``tile(image, start, offsets, weights, first, out, place, step)``.

Of flat arrays: row r goes to ``out[place + r * step :]``; the weight of t and r is
``weights[first + t * ROWS + r]``. There is at least one t. Nothing is checked.
"""
narrow_tile = _tile(ROWS, 1)
"""The same with a single vector."""
line_tile = _tile(1, 8)
"""The same with a single row of eight vectors."""
LINE = 8 * WIDTH
"""Places of `line_tile`, for float32."""
