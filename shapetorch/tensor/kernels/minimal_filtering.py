"""The transforms of Winograd's minimal filtering F(2 x 2, 3 x 3), for as many tiles as a vector holds.

They read and write flat arrays at places that are not checked; see `winograd` for what lies there.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types

from shapetorch.tensor.kernels.floats import intrinsic
from shapetorch.tensor.kernels.tiles import WIDTH


class _Vectors:
    """What emits loads and stores of vectors, of arrays that are arguments of an intrinsic."""

    def __init__(self, context: Any, builder: Any, signature: Any, args: Any) -> None:
        self.context, self.builder, self.signature, self.args = context, builder, signature, args
        self.size = signature.args[0].dtype.bitwidth // 8
        self.lanes = WIDTH * 4 // self.size
        self.type = ir.VectorType(context.get_data_type(signature.args[0].dtype), self.lanes)

    def number(self, value: int) -> Any:
        return ir.Constant(ir.IntType(64), value)

    def times(self, value: Any, factor: int) -> Any:
        return self.builder.mul(value, self.number(factor))

    def sum(self, *values: Any) -> Any:
        total = values[0]
        for value in values[1:]:
            total = self.builder.add(total, value)
        return total

    def at(self, argument: int, place: Any) -> Any:
        array = self.context.make_array(self.signature.args[argument])
        data = array(self.context, self.builder, self.args[argument]).data
        return self.builder.bitcast(self.builder.gep(data, [place]), self.type.as_pointer())

    def load(self, argument: int, place: Any) -> Any:
        loaded = self.builder.load(self.at(argument, place))
        loaded.align = self.size
        return loaded

    def store(self, value: Any, argument: int, place: Any) -> None:
        self.builder.store(value, self.at(argument, place)).align = self.size


@intrinsic
def inputs_transform(
    context: Any,
    band: Any,
    place: Any,
    plane: Any,
    wide: Any,
    spread: Any,
    target: Any,
    step: Any,
) -> Any:
    """``B^T d B``: to ``spread[target + (4 * i + j) * step]``, of the tiles that begin at ``band[place]``.

    Columns of odd place are one `plane` behind those of even place, odd rows two; the next row is `wide` behind.
    """

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        v = _Vectors(context, builder, signature, args)
        place, plane, wide, target, step = args[1], args[2], args[3], args[5], args[6]

        def element(i: int, j: int) -> Any:
            shift = v.sum(place, v.times(plane, 2 * (i % 2) + j % 2), v.number(j // 2))
            return v.load(0, v.sum(shift, wide) if i > 1 else shift)

        def transformed(d: list[Any]) -> list[Any]:
            return [
                builder.fsub(d[0], d[2]),
                builder.fadd(d[1], d[2]),
                builder.fsub(d[2], d[1]),
                builder.fsub(d[1], d[3]),
            ]

        along = [transformed([element(i, j) for j in range(4)]) for i in range(4)]
        for j in range(4):
            for i, made in enumerate(transformed([along[i][j] for i in range(4)])):
                v.store(made, 4, v.sum(target, v.times(step, 4 * i + j)))
        return context.get_dummy_value()

    integers = [types.intp] * 3
    return types.void(band, *integers, spread, types.intp, types.intp), generate


@intrinsic
def outputs_transform(
    context: Any, products: Any, place: Any, step: Any, lines: Any, target: Any, length: Any
) -> Any:
    """``A^T m A`` of ``products[place + (4 * i + j) * step]``: two lines, the second `length` behind the first.

    Each tile gives two neighbours in each.
    """

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        v = _Vectors(context, builder, signature, args)
        place, step, target, length = args[1], args[2], args[4], args[5]

        def transformed(m: list[Any]) -> list[Any]:
            first = builder.fadd(builder.fadd(m[0], m[1]), m[2])
            return [first, builder.fsub(builder.fsub(m[1], m[2]), m[3])]

        across = [
            transformed([v.load(0, v.sum(place, v.times(step, 4 * i + j))) for i in range(4)])
            for j in range(4)
        ]
        for i in range(2):
            pair = transformed([across[j][i] for j in range(4)])
            line = v.sum(target, v.times(length, i))
            for half in range(2):
                start = half * v.lanes // 2
                order = [k for t in range(start, start + v.lanes // 2) for k in (t, v.lanes + t)]
                mask = ir.Constant(ir.VectorType(ir.IntType(32), v.lanes), order)
                mixed = builder.shuffle_vector(*pair, mask)
                v.store(mixed, 3, v.sum(line, v.number(half * v.lanes)))
        return context.get_dummy_value()

    flat = (products, types.intp, types.intp, lines, types.intp, types.intp)
    return types.void(*flat), generate
