"""Calls of functions that are neither shape rules nor of the program: built-ins, `functools`, ours."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping, Sequence

from shapetorch.dim import (
    UNKNOWN,
    UNKNOWN_DIM,
    Size,
    Variadic,
    ceildiv,
    maximum,
    minimum,
    product,
)
from shapetorch.flow import apply, assertions, tensors
from shapetorch.flow.state import LOOP, Run, element_of, render_value
from shapetorch.flow.values import (
    NONE,
    UNKNOWN_VALUE,
    Alternatives,
    Class,
    Constant,
    DictRecord,
    External,
    Function,
    HintValue,
    Integer,
    Layer,
    ListRecord,
    Many,
    ObjectRecord,
    OpaqueLayer,
    Partial,
    Ref,
    Scalar,
    ShapeOf,
    Super,
    Tensor,
    Tuple,
    TypeParam,
    Unknown,
    Value,
    alternatives,
    union,
)

Args = Sequence[Value]
Kwargs = Mapping[str, Value]


def super_value(run: Run, node: ast.Call) -> Value:
    """``super()`` in the current frame."""
    frame = run.frame
    while frame.owner is None and frame.parent is not None:
        frame = frame.parent
    function = frame.function
    if frame.owner is None or function is None:
        return UNKNOWN_VALUE
    spec = function.node.args
    first = [*spec.posonlyargs, *spec.args][:1]
    instance = frame.locals.get(first[0].arg, UNKNOWN_VALUE) if first else UNKNOWN_VALUE
    return Super(frame.owner, instance)


def special(
    run: Run, function: Value, args: list[Value], kwargs: Kwargs, node: ast.Call
) -> Value | None:
    """Calls that need their syntax: assertions about shapes, revelations, casts."""
    if not isinstance(function, External):
        return None
    match function.name:
        case "torch.reveal_shape" if args:
            text = render_value(args[0]) or "unknown"
            if isinstance(args[0], Integer):
                text = str(args[0].size)
            if isinstance(args[0], Tensor) and args[0].shape == UNKNOWN:
                text = "[...]"
            run.report(node, "reveal_shape", f'Revealed shape is "{text}"', severity="note")
            return args[0]
        case "torch.assume" if node.args:
            from shapetorch.flow.expressions import assume

            assume(run, node.args[0], True)
            return NONE
        case "torch.assert_shape" if len(args) == 2:
            return assertions.assert_shape(run, node, args[0], args[1])
        case "typing.assert_type" if len(node.args) == 2:
            return assertions.assert_type(run, node, args[0])
        case "typing.cast" if len(node.args) == 2:
            from shapetorch.flow import hints

            hint = hints.read(run, node.args[0])
            if (
                isinstance(hint, hints.TensorHint)
                and hint.spec is None
                and isinstance(args[1], Tensor)
            ):
                return args[1]
            return args[1] if hint == hints.ANY else hints.value_of(run, hint, "cast", rigid=True)
    return None


# -- built-ins ------------------------------------------------------------------------------------------


def call(run: Run, full: str, args: Args, kwargs: Kwargs, node: ast.AST) -> Value | None:
    """The value of a call of a known function; None if it is not known here."""
    handler = HANDLERS.get(full)
    return None if handler is None else handler(run, args, kwargs, node)


def _len(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow.expressions import element_and_length

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
    sizes: list[Size] = [_size(value) for value in args]
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


def _size(value: Value) -> Size:
    if isinstance(value, Unknown) and value.label is not None:
        from shapetorch.dim import name

        return name(value.label)
    return value.size if isinstance(value, Integer) else UNKNOWN_DIM


def _zip(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow.expressions import element_and_length, iterate

    lists = [iterate(run, value) for value in args]
    if lists and all(items is not None for items in lists):
        known = [items for items in lists if items is not None]
        return Tuple(tuple(Tuple(tuple(row)) for row in zip(*known, strict=False)))
    elements = tuple(element_and_length(run, value)[0] for value in args)
    return Many(Tuple(elements))


def _enumerate(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow.expressions import element_and_length, iterate

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
    from shapetorch.flow.expressions import element_and_length, iterate

    items = iterate(run, args[0]) if args else None
    if items is not None:
        return Tuple(tuple(reversed(items)))
    return Many(*element_and_length(run, args[0])) if args else UNKNOWN_VALUE


def _sequence(kind: str) -> Callable[[Run, Args, Kwargs, ast.AST], Value]:
    def make(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
        from shapetorch.flow.expressions import element_and_length, iterate

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


def _dict(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow.expressions import iterate, plain_key

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
        from shapetorch.flow.expressions import iterate

        values = list(args)
        if len(values) == 1:
            found = iterate(run, values[0])
            if found is None:
                return UNKNOWN_VALUE
            values = found
        if values and all(isinstance(value, Integer) for value in values):
            return Integer(which(*(_size(value) for value in values)))
        return (
            Scalar("float")
            if all(isinstance(v, (Integer, Scalar, Constant)) for v in values)
            else UNKNOWN_VALUE
        )

    return compute


def _sum(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow import operators
    from shapetorch.flow.expressions import iterate

    items = iterate(run, args[0]) if args else None
    if items is None:
        return UNKNOWN_VALUE
    total: Value = args[1] if len(args) > 1 else kwargs.get("start", Integer(0))
    for item in items:
        total = operators.binary(run, ast.Add(), total, item, node)
    return total


def _prod(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow.expressions import iterate

    if args and isinstance(args[0], ShapeOf):
        return tensors.numel(args[0].shape)
    items = iterate(run, args[0]) if args else None
    if items is None or not all(isinstance(item, Integer) for item in items):
        return Integer()
    return Integer(product(_size(item) for item in items))


def _divmod(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow import operators

    if len(args) != 2 or any(isinstance(value, Tensor) for value in args):
        return UNKNOWN_VALUE
    parts = (operators.binary(run, each, *args, node) for each in (ast.FloorDiv(), ast.Mod()))
    return Tuple(tuple(parts))


def _int(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    value = args[0] if args else Integer(0)
    if isinstance(value, Integer):
        return value
    if isinstance(value, Constant):
        try:
            return Integer(int(value.value))
        except (TypeError, ValueError):
            return Integer()
    return Integer(_size(value)) if isinstance(value, Unknown) and value.label else Integer()


def _isinstance(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    if len(args) != 2:
        return Scalar("bool")
    found = {is_instance(run, option, args[1]) for option in alternatives(args[0])}
    if len(found) == 1 and None not in found:
        return Constant(found.pop())
    return Scalar("bool")


def is_instance(run: Run, value: Value, cls: Value) -> bool | None:
    """Whether a value is an instance of a class; None if that is not known."""
    if isinstance(cls, Tuple):
        answers = [is_instance(run, value, item) for item in cls.items]
        if any(answer is True for answer in answers):
            return True
        return False if all(answer is False for answer in answers) else None
    record = run.object_of(value)
    if isinstance(cls, Class):
        if record is not None:
            from shapetorch.flow.classes import ancestors

            line = ancestors(run, record.cls)
            if cls in line:
                return True
            return (
                None
                if record.path is not None or any(isinstance(b, Unknown) for b in line)
                else False
            )
        return None if isinstance(value, (Unknown, OpaqueLayer)) else False
    if not isinstance(cls, External):
        return None
    short = cls.name.rsplit(".", 1)[-1]
    match value:
        case Tensor():
            return (
                short == "Tensor"
                if short in ("Tensor", "int", "float", "str", "tuple", "list", "dict", "bool")
                else None
            )
        case Integer():
            return (
                short == "int"
                if short in ("int", "str", "tuple", "list", "Tensor", "dict")
                else None
            )
        case Constant(value=inner):
            table = {
                "int": int,
                "str": str,
                "float": float,
                "bool": bool,
                "tuple": tuple,
                "list": list,
                "dict": dict,
            }
            if short in table:
                return isinstance(inner, table[short])
            return False if short == "Tensor" else None
        case Tuple():
            return (
                short in ("tuple", "Sequence", "Iterable")
                if short
                in (
                    "tuple",
                    "int",
                    "str",
                    "list",
                    "Tensor",
                    "dict",
                    "float",
                    "Sequence",
                    "Iterable",
                )
                else None
            )
        case Layer(name) | OpaqueLayer(name):
            return (
                True
                if name == cls.name or short == "Module"
                else (
                    False
                    if short[:1].isupper()
                    and cls.name.startswith("torch.nn.")
                    and isinstance(value, Layer)
                    else None
                )
            )
    if run.list_of(value) is not None:
        return (
            short == "list" if short in ("list", "tuple", "int", "str", "Tensor", "dict") else None
        )
    return None


def _is_tensor(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    found = {is_instance(run, option, External("torch.Tensor")) for option in alternatives(args[0])}
    answer = found.pop() if len(found) == 1 else None
    return Scalar("bool") if answer is None else Constant(answer)


def _getattr(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow.expressions import get_attribute

    if len(args) >= 2 and isinstance(args[1], Constant) and isinstance(args[1].value, str):
        found = get_attribute(run, args[0], args[1].value, node)
        if isinstance(found, Unknown) and len(args) > 2:
            return UNKNOWN_VALUE
        return found
    return UNKNOWN_VALUE


def _setattr(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    if len(args) == 3 and isinstance(args[0], Ref):
        if isinstance(args[1], Constant) and isinstance(args[1].value, str):
            run.set_attribute(args[0], args[1].value, args[2])
        else:
            record = run.object_of(args[0])
            if record is not None:  # some attribute changed: none is known any more
                run.heap[args[0].key] = ObjectRecord(
                    record.cls, {}, record.sizes, record.base, record.path
                )
    return NONE


def _partial(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    if not args:
        return UNKNOWN_VALUE
    return Partial(args[0], tuple(args[1:]), tuple(kwargs.items()))


def _map(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow import calls
    from shapetorch.flow.expressions import element_and_length, iterate

    if len(args) != 2:
        return UNKNOWN_VALUE
    items = iterate(run, args[1])
    if items is not None:
        return Tuple(tuple(calls.call(run, args[0], [item], {}, node) for item in items))
    element, length = element_and_length(run, args[1])
    return Many(calls.call(run, args[0], [element], {}, node), length)


def _identity(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    return args[0] if args else UNKNOWN_VALUE


def _parameter(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    value = args[0] if args else kwargs.get("data", UNKNOWN_VALUE)
    return value if isinstance(value, (Tensor, Alternatives)) else Tensor()


def _next(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow.expressions import element_and_length

    return element_and_length(run, args[0])[0] if args else UNKNOWN_VALUE


def _type_var(variadic: bool) -> Callable[[Run, Args, Kwargs, ast.AST], Value]:
    def make(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
        if args and isinstance(args[0], Constant):
            return TypeParam(str(args[0].value), variadic)
        return UNKNOWN_VALUE

    return make


def _deepcopy(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    value = args[0] if args else UNKNOWN_VALUE
    if isinstance(value, Ref) and value.key in run.heap:
        return run.allocate(run.heap[value.key])
    return value


def _checkpoint(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow import calls

    kept = {
        k: v
        for k, v in kwargs.items()
        if k not in ("use_reentrant", "preserve_rng_state", "context_fn")
    }
    return calls.call(run, args[0], list(args[1:]), kept, node) if args else UNKNOWN_VALUE


def _float_of(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    return Scalar("float")


def _whole(function: Callable[[float], int]) -> Callable[[Run, Args, Kwargs, ast.AST], Value]:
    def compute(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
        value = args[0] if args else UNKNOWN_VALUE
        if isinstance(value, Constant) and isinstance(value.value, float):
            return Integer(function(value.value))
        return value if isinstance(value, Integer) else Integer()

    return compute


def _type(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    record = run.object_of(args[0]) if len(args) == 1 else None
    return record.cls if record is not None else UNKNOWN_VALUE


def _size_tuple(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    return _sequence("tuple")(run, args, kwargs, node)


def _hasattr(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    return Scalar("bool")


def _none(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    return NONE


def _chain(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow.expressions import element_and_length, iterate

    lists = [iterate(run, value) for value in args]
    if all(items is not None for items in lists):
        return Tuple(tuple(item for items in lists if items is not None for item in items))
    return Many(union([element_and_length(run, value)[0] for value in args]))


HANDLERS: dict[str, Callable[[Run, Args, Kwargs, ast.AST], Value]] = {
    "builtins.len": _len,
    "builtins.range": _range,
    "builtins.zip": _zip,
    "builtins.enumerate": _enumerate,
    "builtins.reversed": _reversed,
    "builtins.list": _sequence("list"),
    "builtins.sorted": _sequence("list"),
    "builtins.set": _sequence("list"),
    "builtins.tuple": _sequence("tuple"),
    "builtins.iter": _identity,
    "builtins.next": _next,
    "builtins.dict": _dict,
    "collections.OrderedDict": _dict,
    "builtins.min": _extreme(minimum),
    "builtins.max": _extreme(maximum),
    "builtins.sum": _sum,
    "builtins.int": _int,
    "builtins.divmod": _divmod,
    "builtins.float": _float_of,
    "builtins.bool": lambda run, args, kwargs, node: Scalar("bool"),
    "builtins.str": lambda run, args, kwargs, node: Scalar("str"),
    "builtins.print": _none,
    "builtins.isinstance": _isinstance,
    "torch.is_tensor": _is_tensor,
    "builtins.getattr": _getattr,
    "builtins.setattr": _setattr,
    "builtins.hasattr": _hasattr,
    "builtins.map": _map,
    "builtins.type": _type,
    "builtins.round": _whole(round),
    "builtins.abs": _identity,
    "math.prod": _prod,
    "numpy.prod": _prod,
    "math.sqrt": _float_of,
    "math.log": _float_of,
    "math.log2": _float_of,
    "math.exp": _float_of,
    "math.ceil": _whole(math.ceil),
    "math.floor": _whole(math.floor),
    "functools.partial": _partial,
    "functools.wraps": lambda run, args, kwargs, node: UNKNOWN_VALUE,
    "itertools.chain": _chain,
    "copy.deepcopy": _deepcopy,
    "copy.copy": _deepcopy,
    "typing.TypeVar": _type_var(False),
    "typing.TypeVarTuple": _type_var(True),
    "torch.nn.Parameter": _parameter,
    "torch.nn.Buffer": _parameter,
    "torch.Size": _size_tuple,
    "torch.jit.script": _identity,
    "torch.compile": _identity,
    "torch.utils.checkpoint.checkpoint": _checkpoint,
    "torch.nn.utils.weight_norm": _identity,
    "torch.nn.utils.spectral_norm": _identity,
    "torch.nn.utils.parametrizations.weight_norm": _identity,
    "torch.nn.utils.parametrizations.spectral_norm": _identity,
}

_ = (Function, HintValue, element_of, apply)
