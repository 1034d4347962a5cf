"""Calls that select, by index or by tensors of indices, and that write to what is selected."""

from __future__ import annotations

import random
from typing import Any

from shapetorch.dim import Size, product
from shapetorch.rules.bind import Unfit
from shapetorch.rules.indexing import (
    At,
    Element,
    Index,
    Mask,
    Range,
    getitem_shape,
    parse_index,
)
from tests.rules.oracle import (
    CONVERTERS,
    Call,
    Naming,
    T,
    any_dim,
    maybe_other,
    maybe_other_rank,
    samples,
    shape,
    size,
    sizes,
)


def _elements(value: Any, naming: Naming) -> list[Element]:
    """A Python index whose tensors are `T`, as elements."""

    def convert(item: Any) -> Element:
        if not isinstance(item, T):
            raise Unfit
        named = tuple(map(naming, item.shape))
        # masks are made of all true
        return Mask(named, product(named)) if item.dtype == "bool" else Index(named)

    if not isinstance(value, (tuple, list)):
        value = (value,)
    return [_named(item, naming) for item in parse_index(tuple(value), convert)]


def _named(item: Element, naming: Naming) -> Element:
    def bound(value: Size | None) -> Size | None:
        return naming(value) if isinstance(value, int) and value > 1 else value

    if isinstance(item, At):
        return At(bound(item.index) or 0 if item.index == 0 else bound(item.index))  # type: ignore[arg-type]
    if isinstance(item, Range):
        return Range(bound(item.start), bound(item.stop), bound(item.step))
    return item


CONVERTERS["Elements"] = _elements


def _either(rng: random.Random, name: str) -> str:
    return rng.choice((f"torch.{name}", f"Tensor.{name}"))


def _place(rng: random.Random, extent: int, bad: float = 0.05) -> int:
    if extent == 0 or rng.random() < bad:
        return rng.choice((extent, -extent - 1, extent + 2))
    return rng.randint(-extent, extent - 1)


def _slice(rng: random.Random) -> slice:
    ends = [rng.choice((None, None, 0, 1, 2, 3, 5, -1, -2, -4)) for _ in range(2)]
    step = rng.choice((None, None, None, 1, 2, 3, -1 if rng.random() < 0.1 else 2))
    return slice(*ends, step)


def _mask(rng: random.Random, covered: tuple[int, ...]) -> T:
    return T(tuple(maybe_other(rng, item, 0.05) for item in covered), "bool")


def _one(
    rng: random.Random, x: tuple[int, ...], place: int, common: tuple[int, ...]
) -> tuple[Any, int]:
    """One index for the dim at `place`, and how many dims it takes."""
    extent = x[place]
    roll = rng.random()
    if roll < 0.25:
        return _place(rng, extent), 1
    if roll < 0.55:
        return _slice(rng), 1
    if roll < 0.65:
        return None, 0
    if roll < 0.7:
        taken = rng.randint(1, len(x) - place)
        return _mask(rng, x[place : place + taken]), taken
    if roll < 0.73:
        return T((), "int64"), 1
    if roll < 0.76:
        return [0] * rng.choice((1, 2, common[-1] if common else 1)), 1
    if roll < 0.78:
        return rng.random() < 0.5, 0
    kept = tuple(1 if rng.random() < 0.2 else maybe_other(rng, item, 0.05) for item in common)
    return T(kept[rng.randint(0, 1) :] if len(kept) > 1 else kept, "int64"), 1


def _index(rng: random.Random, x: tuple[int, ...]) -> Any:
    """What stands in the brackets: an index, or a tuple of them."""
    common = sizes(rng, rng.choice((1, 1, 2)))
    items: list[Any] = []
    place = 0
    while place < len(x) and rng.random() < 0.8:
        item, taken = _one(rng, x, place, common)
        items.append(item)
        place += taken
    if rng.random() < 0.2:
        items.insert(rng.randint(0, len(items)), Ellipsis)
    if rng.random() < 0.03:
        items += [slice(None)] * (len(x) - place + 1)
    if len(items) == 1 and not isinstance(items[0], list) and rng.random() < 0.6:
        return items[0]
    return tuple(items)


@samples("__getitem__")
def getitem(rng: random.Random) -> Call:
    x = shape(rng)
    return Call("Tensor.__getitem__", (T(x), _index(rng, x)))


def _selected(x: tuple[int, ...], index: Any) -> tuple[int, ...]:
    try:
        found = getitem_shape(x, _elements(index, int))
    except IndexError:
        return x
    except ValueError:
        return x
    return tuple(item if isinstance(item, int) else 0 for item in found)


@samples("__setitem__")
def setitem(rng: random.Random) -> Call:
    x = shape(rng)
    index = _index(rng, x)
    if rng.random() < 0.1:
        return Call("Tensor.__setitem__", (T(x), index, 1.0))
    value = [1 if rng.random() < 0.2 else maybe_other(rng, n, 0.1) for n in _selected(x, index)]
    value = value[rng.randint(0, len(value)) if rng.random() < 0.3 else 0 :]
    if rng.random() < 0.1:
        value = [rng.choice((1, 2)), *value]
    return Call("Tensor.__setitem__", (T(x), index, T(tuple(value))))


@samples("select")
def select(rng: random.Random) -> Call:
    x = shape(rng)
    dim = any_dim(rng, len(x), 0.1)
    return Call(_either(rng, "select"), (T(x), dim, _place(rng, _extent(x, dim), 0.15)))


def _extent(x: tuple[int, ...], dim: int) -> int:
    return x[dim] if x and -len(x) <= dim < len(x) else 1


@samples("narrow")
def narrow(rng: random.Random) -> Call:
    x = shape(rng)
    dim = any_dim(rng, len(x), 0.1)
    extent = _extent(x, dim)
    start = rng.randint(-extent - 1, extent + 1) if rng.random() < 0.3 else rng.randint(0, extent)
    length = rng.choice((0, 1, 2, 3, -1, max(extent - abs(start), 0)))
    fine = x and -len(x) <= dim < len(x) and length >= 0  # else narrow_copy raises what it likes
    name = rng.choice(("narrow", "narrow_copy")) if fine else "narrow"
    return Call(_either(rng, name), (T(x), dim, start, length))


@samples("index_select")
def index_select(rng: random.Random) -> Call:
    x = shape(rng)
    index = (size(rng),) if rng.random() < 0.8 else shape(rng, 0, 2)
    return Call(_either(rng, "index_select"), (T(x), any_dim(rng, len(x)), T(index, "int64")))


def _index_like(rng: random.Random, x: tuple[int, ...], dim: int) -> tuple[int, ...]:
    """The shape of an index that `x` can be gathered with along `dim`, now and then spoilt."""
    along = dim % max(len(x), 1)
    found = [
        size(rng) if place == along else rng.randint(min(1, extent), extent)
        for place, extent in enumerate(x)
    ]
    return maybe_other_rank(rng, tuple(maybe_other(rng, item, 0.06) for item in found), 0.06)


@samples("gather")
def gather(rng: random.Random) -> Call:
    x = shape(rng)
    dim = any_dim(rng, len(x), 0.1)
    return Call(_either(rng, "gather"), (T(x), dim, T(_index_like(rng, x, dim), "int64")))


def _scatter_args(rng: random.Random) -> tuple[Any, ...]:
    x = shape(rng)
    dim = any_dim(rng, len(x), 0.1)
    index = _index_like(rng, x, dim)
    src = tuple(item + rng.choice((0, 0, 1)) for item in index)
    src = tuple(maybe_other(rng, item, 0.05) for item in src)
    if rng.random() < 0.05:
        src = (2, *src)
    return T(x), dim, T(index, "int64"), T(src)


def _inplace_too(rng: random.Random, name: str) -> str:
    return rng.choice((f"torch.{name}", f"Tensor.{name}", f"Tensor.{name}_"))


@samples("scatter")
def scatter(rng: random.Random) -> Call:
    x, dim, index, src = _scatter_args(rng)
    target = _inplace_too(rng, "scatter")
    if rng.random() < 0.3:
        return Call(target, (x, dim, index, 1.0))
    kwargs = {"reduce": rng.choice(("add", "multiply"))} if rng.random() < 0.2 else {}
    if rng.random() < 0.5:
        return Call(target, (x, dim, index, src), kwargs)
    return Call(target, (x,), {"dim": dim, "index": index, "src": src, **kwargs})


@samples("scatter_add")
def scatter_add(rng: random.Random) -> Call:
    return Call(_inplace_too(rng, "scatter_add"), _scatter_args(rng))


@samples("scatter_reduce")
def scatter_reduce(rng: random.Random) -> Call:
    reduce = rng.choice(("sum", "prod", "mean", "amax", "amin"))
    return Call(_inplace_too(rng, "scatter_reduce"), (*_scatter_args(rng), reduce))


@samples("take")
def take(rng: random.Random) -> Call:
    x = shape(rng, 0, 2) if rng.random() < 0.6 else (0, *shape(rng, 0, 1))
    return Call(_either(rng, "take"), (T(x), T(shape(rng, 0, 3), "int64")))


@samples("take_along_dim")
def take_along_dim(rng: random.Random) -> Call:
    x = shape(rng, 1, 4)
    dim = any_dim(rng, len(x), 0.1)
    along = dim % len(x)
    index = [
        size(rng) if place == along else 1 if rng.random() < 0.2 else maybe_other(rng, extent, 0.08)
        for place, extent in enumerate(x)
    ]
    index = maybe_other_rank(rng, tuple(index), 0.08)
    if rng.random() < 0.15:
        return Call(_either(rng, "take_along_dim"), (T(x, values=1), T(index, "int64")))
    return Call(_either(rng, "take_along_dim"), (T(x), T(index, "int64"), dim))


@samples("masked_select")
def masked_select(rng: random.Random) -> Call:
    x = shape(rng)
    mask = tuple(1 if rng.random() < 0.2 else maybe_other(rng, item, 0.1) for item in x)
    mask = mask[rng.randint(0, len(mask)) if rng.random() < 0.3 else 0 :]
    return Call(_either(rng, "masked_select"), (T(x), T(mask, "bool")))


@samples("masked_scatter")
def masked_scatter(rng: random.Random) -> Call:
    x = shape(rng, 0, 3)
    mask = tuple(1 if rng.random() < 0.2 else maybe_other(rng, item, 0.1) for item in x)
    if rng.random() < 0.1:
        mask = (size(rng), *mask)
    source = T((4000,))
    return Call(_inplace_too(rng, "masked_scatter"), (T(x), T(mask, "bool"), source))


@samples("nonzero", never_rejects="any tensor has nonzero elements or none")
def nonzero(rng: random.Random) -> Call:
    kwargs = {"as_tuple": rng.random() < 0.7} if rng.random() < 0.5 else {}
    return Call(_either(rng, "nonzero"), (T(shape(rng)),), kwargs)


@samples("argwhere", never_rejects="any tensor has nonzero elements or none")
def argwhere(rng: random.Random) -> Call:
    return Call(_either(rng, "argwhere"), (T(shape(rng)),))


@samples("item")
def item(rng: random.Random) -> Call:
    x = tuple(1 if rng.random() < 0.8 else extent for extent in shape(rng, 0, 3))
    return Call("Tensor.item", (T(x),))


def _sliced(rng: random.Random) -> tuple[Any, ...]:
    """A tensor, a dim, a vector of indices, and slices to write there."""
    x = shape(rng)
    dim = any_dim(rng, len(x), 0.08)
    count = size(rng)
    along = dim % max(len(x), 1)
    # whether an index into a dim of size 0 is noticed depends on the other dims
    x = tuple(max(extent, int(place == along)) for place, extent in enumerate(x))
    source = [
        maybe_other(rng, count, 0.1) if place == along else maybe_other(rng, extent, 0.06)
        for place, extent in enumerate(x)
    ]
    index = (count,) if rng.random() < 0.9 else shape(rng, 0, 2)
    return T(x), dim, T(index, "int64"), T(maybe_other_rank(rng, tuple(source), 0.05))


@samples("index_add")
def index_add(rng: random.Random) -> Call:
    return Call(_inplace_too(rng, "index_add"), _sliced(rng))


@samples("index_copy")
def index_copy(rng: random.Random) -> Call:
    return Call(_inplace_too(rng, "index_copy"), _sliced(rng))


@samples("index_reduce")
def index_reduce(rng: random.Random) -> Call:
    reduce = rng.choice(("prod", "mean", "amax", "amin"))
    return Call(_inplace_too(rng, "index_reduce"), (*_sliced(rng), reduce))


@samples("index_fill")
def index_fill(rng: random.Random) -> Call:
    x = shape(rng)
    x = tuple(max(extent, 1) for extent in x)  # an index into nothing is not always noticed
    index = (size(rng),) if rng.random() < 0.8 else shape(rng, 0, 2)
    value = 1.0 if rng.random() < 0.6 else T(() if rng.random() < 0.7 else (1,))
    args = (T(x), any_dim(rng, len(x)), T(index, "int64"), value)
    return Call(_inplace_too(rng, "index_fill"), args)


@samples("index_put")
def index_put(rng: random.Random) -> Call:
    x = shape(rng, 1, 4)
    common = sizes(rng, rng.choice((1, 2)))
    indices = [
        T(tuple(1 if rng.random() < 0.2 else maybe_other(rng, n, 0.06) for n in common), "int64")
        for _ in range(rng.randint(1, min(len(x) + (rng.random() < 0.1), 3)))
    ]
    values = [1 if rng.random() < 0.2 else maybe_other(rng, n, 0.1) for n in _selected(x, indices)]
    if values and rng.random() < 0.2:
        values = values[1:] if rng.random() < 0.6 else [2, *values]
    return Call(_inplace_too(rng, "index_put"), (T(x), tuple(indices), T(tuple(values))))


@samples("put")
def put(rng: random.Random) -> Call:
    index = shape(rng, 0, 2)
    source = tuple(maybe_other(rng, extent, 0.1) for extent in index)
    return Call(_inplace_too(rng, "put"), (T((5, 7)), T(index, "int64"), T(source)))


@samples("select_scatter")
def select_scatter(rng: random.Random) -> Call:
    x = shape(rng)
    dim = any_dim(rng, len(x), 0.1)
    src = tuple(
        maybe_other(rng, n, 0.06) for place, n in enumerate(x) if place != dim % max(len(x), 1)
    )
    args = (T(x), T(src), dim, _place(rng, _extent(x, dim), 0.1))
    return Call(_either(rng, "select_scatter"), args)


@samples("slice_scatter")
def slice_scatter(rng: random.Random) -> Call:
    x = shape(rng)
    dim = any_dim(rng, len(x), 0.1)
    part = slice(
        rng.choice((None, 0, 1, 2, -1)), rng.choice((None, 1, 2, 3, -1)), rng.choice((1, 2))
    )
    along = dim % max(len(x), 1)
    src = tuple(
        maybe_other(rng, len(range(*part.indices(n))) if place == along else n, 0.06)
        for place, n in enumerate(x)
    )
    args = (T(x), T(src), dim, part.start, part.stop, part.step)
    return Call(_either(rng, "slice_scatter"), args)


@samples("diagonal_scatter")
def diagonal_scatter(rng: random.Random) -> Call:
    x = shape(rng, 1, 3)
    dims = rng.sample(range(len(x)), 2) if len(x) > 1 else [0, 1]
    offset = rng.randint(-2, 2)
    rest = [n for place, n in enumerate(x) if place not in dims]
    rows, columns = (x[dim] if dim < len(x) else 1 for dim in dims)
    length = max(min(rows + min(offset, 0), columns - max(offset, 0)), 0)
    src = tuple(maybe_other(rng, n, 0.08) for n in (*rest, length))
    return Call(_either(rng, "diagonal_scatter"), (T(x), T(src), offset, *dims))
