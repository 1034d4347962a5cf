"""Built-in functions over sequences: `range`, `zip`, `sum`, `max` and the like."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence

from shapetorch.dim import (
    UNKNOWN_DIM,
    Size,
    Variadic,
    ceildiv,
    product,
)
from shapetorch.flow import tensors
from shapetorch.flow.state import LOOP, Run
from shapetorch.flow.values import (
    UNKNOWN_VALUE,
    Alternatives,
    Constant,
    DictRecord,
    Integer,
    ListRecord,
    Many,
    Ref,
    Scalar,
    ShapeOf,
    Tensor,
    Tuple,
    Unknown,
    Value,
    union,
)

Args = Sequence[Value]


Kwargs = Mapping[str, Value]


def _len(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow.iteration import element_and_length

    value = args[0] if args else UNKNOWN_VALUE
    match value:
        case Tuple(items):
            return Integer(len(items))
        case Constant(value=str(text)):
            return Integer(len(text))
        case Tensor(shape):
            return Integer() if not shape or isinstance(shape[0], Variadic) else Integer(shape[0])
        case ShapeOf():
            return Integer()
        case Alternatives(values):
            return union([_len(run, [item], kwargs, node) for item in values])
        case Ref():
            table = run.dict_of(value)
            if table is not None:
                return Integer(len(table.items)) if table.items is not None else Integer()
            if run.object_of(value) is not None and run.object_of(value).base is None:  # type: ignore[union-attr]
                from shapetorch.flow import calls
                from shapetorch.flow.expressions import get_attribute

                return calls.call(run, get_attribute(run, value, "__len__", node), [], {}, node)
    return Integer(element_and_length(run, value)[1])


def _range(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    sizes: list[Size] = [size_of(value) for value in args]
    if not sizes or len(sizes) > 3:
        return UNKNOWN_VALUE
    start, stop, step = (0, sizes[0], 1) if len(sizes) == 1 else (*sizes, 1)[:3]
    if isinstance(start, int) and isinstance(stop, int) and isinstance(step, int) and step:
        values = range(start, stop, step)
        if len(values) <= 64:
            return Tuple(tuple(Integer(value) for value in values))
        return Many(Integer(_round(run, start, stop, step)), len(values))
    length = ceildiv(stop - start, step) if step != 0 else UNKNOWN_DIM
    return Many(Integer(_round(run, start, stop, step)), length, Integer(start))


def _round(run: Run, start: Size, stop: Size, step: Size) -> Size:
    """What counts the rounds of a loop, from `start` to below `stop`."""
    counter = run.fresh(LOOP)
    if step == 1 and UNKNOWN_DIM not in (start, stop):
        run.facts = run.facts.assume_at_least(counter, start)
        run.facts = run.facts.assume_at_least(stop, counter + 1)
    return counter


def size_of(value: Value) -> Size:
    """The size that an argument is; an unannotated parameter counts as one."""
    return value.size if isinstance(value, (Integer, Unknown)) else UNKNOWN_DIM


def _zip(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow.iteration import element_and_length, iterate

    lists = [iterate(run, value) for value in args]
    if lists and all(items is not None for items in lists):
        known = [items for items in lists if items is not None]
        return Tuple(tuple(Tuple(tuple(row)) for row in zip(*known, strict=False)))
    elements = tuple(element_and_length(run, value)[0] for value in args)
    return Many(Tuple(elements))


def _enumerate(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow.iteration import element_and_length, iterate

    if not args:
        return UNKNOWN_VALUE
    items = iterate(run, args[0])
    start = args[1] if len(args) > 1 else kwargs.get("start", Integer(0))
    first = start.size if isinstance(start, Integer) else UNKNOWN_DIM
    if items is not None:
        return Tuple(tuple(Tuple((Integer(first + i), item)) for i, item in enumerate(items)))
    element, length = element_and_length(run, args[0])
    counter = _round(run, first, first + length, 1)
    return Many(Tuple((Integer(counter), element)), length, Tuple((Integer(first), element)))


def _reversed(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow.iteration import element_and_length, iterate

    items = iterate(run, args[0]) if args else None
    if items is not None:
        return Tuple(tuple(reversed(items)))
    return Many(*element_and_length(run, args[0])) if args else UNKNOWN_VALUE


def _sequence(kind: str) -> Callable[[Run, Args, Kwargs, ast.AST], Value]:
    def make(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
        from shapetorch.flow.iteration import element_and_length, iterate

        if args and isinstance(args[0], ShapeOf):
            return args[0]
        items = iterate(run, args[0]) if args else []
        if items is not None:
            if kind == "tuple":
                return Tuple(tuple(items))
            return run.allocate(ListRecord(tuple(items), kind="list"))
        element, length = element_and_length(run, args[0])
        return (
            Many(element, length)
            if kind == "tuple"
            else run.allocate(ListRecord(None, element, length))
        )

    return make


def _set(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow.iteration import element_and_length, iterate

    items = iterate(run, args[0]) if args else []
    if items is not None and all(isinstance(item, Constant) for item in items):
        return run.allocate(ListRecord(tuple(dict.fromkeys(items))))
    return run.allocate(ListRecord(None, element_and_length(run, args[0])[0]))


def _dict(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow.iteration import iterate, plain_key

    items: dict[object, Value] = {}
    if args:
        table = run.dict_of(args[0])
        pairs = None if table is not None else iterate(run, args[0])
        if table is not None and table.items is not None:
            items.update(table.items)
        elif pairs is not None and all(isinstance(p, Tuple) and len(p.items) == 2 for p in pairs):
            for pair in pairs:
                assert isinstance(pair, Tuple)
                key = plain_key(pair.items[0])
                if key is None:
                    return run.allocate(DictRecord(None))
                items[key] = pair.items[1]
        else:
            return run.allocate(DictRecord(None))
    items.update(kwargs)
    return run.allocate(DictRecord(items))


def _extreme(which: Callable[..., Size]) -> Callable[[Run, Args, Kwargs, ast.AST], Value]:
    def compute(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
        from shapetorch.flow.iteration import iterate

        values = list(args)
        if len(values) == 1:
            found = iterate(run, values[0])
            if found is None:
                return UNKNOWN_VALUE
            values = found
        if values and all(isinstance(value, Integer) for value in values):
            return Integer(which(*(size_of(value) for value in values)))
        return (
            Scalar("float")
            if all(isinstance(v, (Integer, Scalar, Constant)) for v in values)
            else UNKNOWN_VALUE
        )

    return compute


def _sum(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow import operators
    from shapetorch.flow.iteration import iterate

    items = iterate(run, args[0]) if args else None
    if items is None:
        return UNKNOWN_VALUE
    total: Value = args[1] if len(args) > 1 else kwargs.get("start", Integer(0))
    for item in items:
        total = operators.binary(run, ast.Add(), total, item, node)
    return total


def _prod(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow.iteration import iterate

    if args and isinstance(args[0], ShapeOf):
        return tensors.numel(args[0].shape)
    items = iterate(run, args[0]) if args else None
    if items is None or not all(isinstance(item, Integer) for item in items):
        return Integer()
    return Integer(product(size_of(item) for item in items))


MOST_FOLDED = 16


def _reduce(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow import calls
    from shapetorch.flow.iteration import element_and_length, iterate

    if len(args) < 2:
        return UNKNOWN_VALUE
    function, values, *initial = args
    items = iterate(run, values)
    if items is None:  # of so many numbers as one likes, it is a number too
        element, _ = element_and_length(run, values)
        result = calls.call(run, function, [element, element], {}, node)
        number = all(isinstance(part, Integer) for part in (result, element, *initial))
        return Integer() if number else UNKNOWN_VALUE
    folded = [*initial, *items]
    if not folded or len(folded) > MOST_FOLDED:
        return UNKNOWN_VALUE
    total = folded[0]
    for item in folded[1:]:
        total = calls.call(run, function, [total, item], {}, node)
    return total


def _divmod(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow import operators

    if len(args) != 2 or any(isinstance(value, Tensor) for value in args):
        return UNKNOWN_VALUE
    parts = (
        operators.binary(run, each, args[0], args[1], node) for each in (ast.FloorDiv(), ast.Mod())
    )
    return Tuple(tuple(parts))


def _map(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow import calls
    from shapetorch.flow.iteration import element_and_length, iterate

    if len(args) != 2:
        return UNKNOWN_VALUE
    items = iterate(run, args[1])
    if items is not None:
        return Tuple(tuple(calls.call(run, args[0], [item], {}, node) for item in items))
    element, length = element_and_length(run, args[1])
    return Many(calls.call(run, args[0], [element], {}, node), length)


def _next(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow.iteration import element_and_length

    return element_and_length(run, args[0])[0] if args else UNKNOWN_VALUE


def _chain(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow.iteration import element_and_length, iterate

    lists = [iterate(run, value) for value in args]
    if all(items is not None for items in lists):
        return Tuple(tuple(item for items in lists if items is not None for item in items))
    return Many(union([element_and_length(run, value)[0] for value in args]))
