"""The functions that callers see: each with the parameters of the operation behind it.

What an operation takes besides (NumPy's names of parameters, ``out=``) and the checks of its arguments
are in one function for all (`operations._with_keywords`), which looks at a tuple and a dict. That costs
as much as a third of a small operation. So each operation gets a front of its own, compiled from its
parameters: it passes a plain call on as it stands, and leaves any other to that function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from inspect import CO_VARARGS, CO_VARKEYWORDS
from types import FunctionType
from typing import Any

MISSING: Any = object()
"""Stands for an argument that was not given."""


def front(
    function: Callable[..., Any],
    general: Callable[..., Any],
    classes: Mapping[str, frozenset[type]],
    explained: Callable[..., Exception],
    foreign: tuple[type[Exception], ...],
) -> Callable[..., Any]:
    """A function with the parameters of another one, which it calls.

    Args:
        function: What is called with plain arguments.
        general: What is called where there are others, or one is missing.
        classes: For parameters the classes of plain arguments.
        explained: ``explained(function, args, kwargs, error)`` gives what is raised instead of an error.
        foreign: The classes of errors for which it is asked.

    Returns:
        `general` itself if `function` takes any number of arguments.
    """
    code = getattr(function, "__code__", None)
    if code is None or code.co_flags & (CO_VARARGS | CO_VARKEYWORDS) or code.co_posonlyargcount:
        return general
    positional = code.co_varnames[: code.co_argcount]
    named = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    names = (*positional, *named)
    known = dict(zip(positional[::-1], (function.__defaults__ or ())[::-1], strict=False))
    known |= function.__kwdefaults__ or {}
    defaults = [known.get(name, MISSING) for name in names]
    scope: dict[str, Any] = {
        "_function": function,
        "_general": general,
        "_explained": explained,
        "_foreign": foreign,
        "_missing": MISSING,
        "_given": _given,
        "_names": names,
        "_count": len(positional),
        "_defaults": defaults,
    }
    parameters, conditions = [], ["_rest"]
    for place, (name, default) in enumerate(zip(names, defaults, strict=True)):
        scope[f"_default{place}"] = default
        parameters.append(f"{name}=_default{place}")
        if default is MISSING:
            conditions.append(f"{name} is _missing")
        if name in classes:
            scope[f"_classes{place}"] = classes[name]
            conditions.append(f"{name}.__class__ not in _classes{place}")
    if named:
        parameters.insert(len(positional), "*")
    first, by_name = ", ".join(positional), "".join(f", {name}={name}" for name in named)
    lines = [
        f"def front({', '.join(parameters)}, **_rest):",
        f"    if {' or '.join(conditions)}:",
        f"        args, kwargs = _given(_names, _count, ({', '.join(names)},), _defaults)",
        "        return _general(*args, **kwargs, **_rest)",
        "    try:",
        f"        return _function({first}{by_name})",
        "    except _foreign as error:",
        f"        found = _explained(_function, ({first},), dict({by_name.removeprefix(', ')}), error)",
        "        if found is error:",
        "            raise",
        "        raise found from None",
    ]
    exec("\n".join(lines), scope)
    made: FunctionType = scope["front"]
    made.__code__ = made.__code__.replace(
        co_name=general.__name__, co_qualname=general.__qualname__, co_filename=__file__
    )
    made.__name__, made.__qualname__ = general.__name__, general.__qualname__
    made.__module__, made.__doc__ = general.__module__, general.__doc__
    made.__annotations__ = general.__annotations__
    made.__dict__.update(general.__dict__)
    return made


def _given(
    names: Sequence[str], positional: int, values: Sequence[Any], defaults: Sequence[Any]
) -> tuple[Sequence[Any], dict[str, Any]]:
    """The arguments of a call as they were given, but that those which need no name have none."""
    is_given = [value is not default for value, default in zip(values, defaults, strict=True)]
    count = 0
    while count < positional and values[count] is not MISSING:
        count += 1
    while count and not is_given[count - 1]:
        count -= 1
    rest = zip(names[count:], values[count:], is_given[count:], strict=True)
    return values[:count], {name: value for name, value, given in rest if given}
