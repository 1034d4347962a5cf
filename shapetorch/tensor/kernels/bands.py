"""Some rows of padded images, copied so that what neighbouring windows see are neighbours.

With a stride of s, every s-th column follows the one before, and the rows likewise: a band is an array
``(channels, phases of rows, phases of columns, rows, columns)``, where phase p holds the rows (columns)
``p, p + s, p + 2 s, …`` of the padded image.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types

from shapetorch.tensor.kernels.compiling import kernel
from shapetorch.tensor.kernels.floats import intrinsic
from shapetorch.tensor.kernels.tiles import WIDTH, cgutils


@intrinsic
def copy(context: Any, source: Any, start: Any, step: Any, out: Any, place: Any, count: Any) -> Any:
    """``out[place + x] = source[start + x * step]`` for x below `count`, of flat arrays; nothing is checked."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        given, made = (
            context.make_array(signature.args[k])(context, builder, args[k]) for k in (0, 3)
        )
        index, size = args[1].type, source.dtype.bitwidth // 8
        origin, target = builder.gep(given.data, [args[1]]), builder.gep(made.data, [args[4]])
        lanes = WIDTH * 4 // size
        vector = ir.VectorType(context.get_data_type(source.dtype), lanes)
        half = list(range(0, lanes, 2))
        pick = ir.Constant(
            ir.VectorType(ir.IntType(32), lanes), half + [lanes + 1 + k for k in half]
        )

        def vector_of(pointer: Any, place: Any) -> Any:
            return builder.bitcast(builder.gep(pointer, [place]), vector.as_pointer())

        def every_second(place: Any) -> None:
            """A vector of results, from two that end with the last element needed."""
            begin = builder.mul(place, ir.Constant(index, 2))
            two = [
                builder.load(vector_of(origin, start))
                for start in (begin, builder.add(begin, ir.Constant(index, lanes - 1)))
            ]
            for loaded in two:
                loaded.align = size
            builder.store(builder.shuffle_vector(*two, pick), vector_of(target, place)).align = size

        count, step = args[5], args[2]
        width = ir.Constant(index, lanes)
        is_dense = builder.icmp_signed("==", step, ir.Constant(index, 1))
        with builder.if_else(is_dense) as (dense, spread):
            with dense:
                amount = builder.mul(count, ir.Constant(index, size))
                cgutils.raw_memcpy(builder, target, origin, amount, 1)
            with spread:
                is_long = builder.and_(
                    builder.icmp_signed("==", step, ir.Constant(index, 2)),
                    builder.icmp_signed(">=", count, width),
                )
                with builder.if_else(is_long) as (vectors, single):
                    with vectors:
                        whole = builder.sub(count, width)
                        with cgutils.for_range(builder, builder.sdiv(whole, width)) as loop:
                            every_second(builder.mul(loop.index, width))
                        every_second(builder.sub(whole, builder.srem(whole, width)))
                        every_second(whole)
                    with single, cgutils.for_range(builder, count) as loop:
                        value = builder.load(builder.gep(origin, [builder.mul(loop.index, step)]))
                        builder.store(value, builder.gep(target, [loop.index]))
        return context.get_dummy_value()

    return types.void(source, types.intp, types.intp, out, types.intp, types.intp), generate


@intrinsic
def clear(context: Any, out: Any, place: Any, count: Any) -> Any:
    """``out[place + x] = 0`` for x below `count`, of a flat array; nothing is checked."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        made = context.make_array(signature.args[0])(context, builder, args[0])
        amount = builder.mul(args[2], ir.Constant(args[2].type, out.dtype.bitwidth // 8))
        cgutils.memset(builder, builder.gep(made.data, [args[1]]), amount, 0)
        return context.get_dummy_value()

    return types.void(out, types.intp, types.intp), generate


@kernel()
def copy_band(
    images: Any,
    place: int,
    top: int,
    row_phases: Any,
    column_phases: Any,
    geometry: Any,
    sizes: Any,
    seen: Any,
) -> None:
    """The rows that results from row `top` on see, of the channels from ``images[place]`` on.

    images, seen: flat, seen as (channels, phases of rows, of columns, rows, columns); sizes: (channels, H, W).
    What is left and right of the image stays as it is: zero.
    """
    stride_h, stride_w, pad_h, pad_w = geometry[0], geometry[1], geometry[2], geometry[3]
    tall, wide = geometry[5], geometry[6]
    channels, height, width = sizes
    line = 0
    for c in range(channels):
        for a in range(row_phases.size):
            for b in range(column_phases.size):
                start = column_phases[b] - pad_w
                low = min(max(-(start // stride_w), 0), wide)
                high = min(max((width - start + stride_w - 1) // stride_w, low), wide)
                for y in range(tall):
                    row = (top + y) * stride_h + row_phases[a] - pad_h
                    if 0 <= row < height:
                        source = place + (c * height + row) * width + start + low * stride_w
                        copy(images, source, stride_w, seen, line + low, high - low)
                    else:
                        clear(seen, line + low, high - low)
                    line += wide
