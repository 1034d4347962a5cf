"""Calls of functions that are neither shape rules nor of the program: built-ins, `functools`, ours."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable

from shapetorch.dim import (
    UNKNOWN,
    maximum,
    minimum,
)
from shapetorch.flow import assertions, einx_calls, hint_reading, hint_values
from shapetorch.flow.instance_checks import is_tensor_call, isinstance_call
from shapetorch.flow.sequence_calls import (
    Args,
    Kwargs,
    _chain,
    _dict,
    _divmod,
    _enumerate,
    _extreme,
    _len,
    _map,
    _next,
    _prod,
    _range,
    _reduce,
    _reversed,
    _sequence,
    _set,
    _sum,
    _zip,
)
from shapetorch.flow.state import Run, render_value
from shapetorch.flow.values import (
    NONE,
    UNKNOWN_VALUE,
    Alternatives,
    Constant,
    External,
    Integer,
    ObjectRecord,
    Partial,
    Ref,
    Scalar,
    Super,
    Tensor,
    TypeParam,
    Unknown,
    Value,
)


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

            hint = hint_reading.read(run, node.args[0])
            if (
                isinstance(hint, hints.TensorHint)
                and hint.spec is None
                and isinstance(args[1], Tensor)
            ):
                return args[1]
            return (
                args[1]
                if hint == hints.ANY
                else hint_values.value_of(run, hint, "cast", rigid=True)
            )
    return None


# -- built-ins ------------------------------------------------------------------------------------------


def call(run: Run, full: str, args: Args, kwargs: Kwargs, node: ast.AST) -> Value | None:
    """The value of a call of a known function; None if it is not known here."""
    handler = HANDLERS.get(full)
    return None if handler is None else handler(run, args, kwargs, node)


def _int(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow.sequence_calls import size_of

    value = args[0] if args else Integer(0)
    if isinstance(value, Integer):
        return value
    if isinstance(value, Constant):
        try:
            return Integer(int(value.value))
        except (TypeError, ValueError):
            return Integer()
    return Integer(size_of(value)) if isinstance(value, Unknown) and value.label else Integer()


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


def _identity(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    return args[0] if args else UNKNOWN_VALUE


def _parameter(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    value = args[0] if args else kwargs.get("data", UNKNOWN_VALUE)
    return value if isinstance(value, (Tensor, Alternatives)) else Tensor()


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


def _replaced(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    from shapetorch.flow import instances

    return instances.replaced(run, args, kwargs, node)


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


HANDLERS: dict[str, Callable[[Run, Args, Kwargs, ast.AST], Value]] = {
    "builtins.len": _len,
    "builtins.range": _range,
    "builtins.zip": _zip,
    "builtins.enumerate": _enumerate,
    "builtins.reversed": _reversed,
    "builtins.list": _sequence("list"),
    "builtins.sorted": _sequence("list"),
    "builtins.set": _set,
    "builtins.frozenset": _set,
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
    "builtins.isinstance": isinstance_call,
    "torch.is_tensor": is_tensor_call,
    "builtins.getattr": _getattr,
    "builtins.setattr": _setattr,
    "builtins.hasattr": _hasattr,
    "builtins.map": _map,
    "builtins.type": _type,
    "builtins.round": _whole(round),
    "builtins.abs": _identity,
    "functools.reduce": _reduce,
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
    **dict.fromkeys(("dataclasses.replace", "copy.replace", "attrs.evolve"), _replaced),
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
    **{f"einx.{name}": einx_calls.elementwise for name in einx_calls.ELEMENTWISE},
}
