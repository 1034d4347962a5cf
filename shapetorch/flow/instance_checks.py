"""Is a value an instance of a class: yes, no, or not known."""

from __future__ import annotations

import ast

from shapetorch.flow.sequence_calls import Args, Kwargs
from shapetorch.flow.state import Run
from shapetorch.flow.values import (
    Class,
    Constant,
    External,
    Integer,
    Layer,
    OpaqueLayer,
    Scalar,
    Tensor,
    Tuple,
    Unknown,
    Value,
    alternatives,
)


def isinstance_call(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    """``isinstance(x, C)``: known, or not known."""
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


def is_tensor_call(run: Run, args: Args, kwargs: Kwargs, node: ast.AST) -> Value:
    """``torch.is_tensor(x)``."""
    found = {is_instance(run, option, External("torch.Tensor")) for option in alternatives(args[0])}
    answer = found.pop() if len(found) == 1 else None
    return Scalar("bool") if answer is None else Constant(answer)
