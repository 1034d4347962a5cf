"""Our annotations, made acceptable to mypy.

A shape says nothing to mypy: ``Tensor[B, 512]`` is ``Tensor``, ``Dim[N]`` is ``int``, ``Shape[2, 3]`` and
the helper types are tuples of int, and a size given to a generic class, ``Head[64, D * 2]``, is ``Any``.
Names inside are looked up, so that an undefined one is mypy's own error.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mypy.nodes import TypeInfo
from mypy.plugin import AnalyzeTypeContext, FunctionContext
from mypy.types import (
    AnyType,
    Instance,
    RawExpressionType,
    Type,
    TypeOfAny,
    UnboundType,
    UninhabitedType,
    UnpackType,
    get_proper_type,
)

from shapetorch.mypy_plugin import names
from shapetorch.mypy_plugin.sources import is_installed

if TYPE_CHECKING:
    from shapetorch.mypy_plugin.plugin import ShapePlugin

TypeHook = Callable[[AnalyzeTypeContext], Type]


class TypeHooks:
    """The type hooks; `_passing` is the class whose next lookup is mypy's own."""

    def __init__(self, plugin: ShapePlugin) -> None:
        self._plugin = plugin
        self._passing: str | None = None
        self._first_party: dict[str, bool] = {}

    def type_hook(self, fullname: str) -> TypeHook | None:
        """What analyses a type of this name, if it is one of ours or may take sizes."""
        if fullname == self._passing:
            self._passing = None
            return None
        if names.is_tensor(fullname):
            return lambda ctx: self._tensor(ctx, fullname)
        if names.is_dim(fullname):
            return self._dim
        if names.is_shape(fullname):
            return self._shape
        if self._may_be_generic_over_sizes(fullname):
            return lambda ctx: self._generic(ctx, fullname)
        return None

    def call_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        """What adjusts an instance of this class, if it may be generic over sizes."""
        return _fill_in if self._may_be_generic_over_sizes(fullname) else None

    def _tensor(self, ctx: AnalyzeTypeContext, fullname: str) -> Type:
        kind = ctx.type
        assert isinstance(kind, UnboundType)
        _look_up(ctx, kind.args)
        return self._plain(ctx, fullname, _without_arguments(kind))

    def _dim(self, ctx: AnalyzeTypeContext) -> Type:
        _look_up(ctx, getattr(ctx.type, "args", ()))
        return ctx.api.named_type("builtins.int", [])

    def _shape(self, ctx: AnalyzeTypeContext) -> Type:
        _look_up(ctx, getattr(ctx.type, "args", ()))
        return ctx.api.named_type("builtins.tuple", [ctx.api.named_type("builtins.int", [])])

    def _generic(self, ctx: AnalyzeTypeContext, fullname: str) -> Type:
        kind = ctx.type
        assert isinstance(kind, UnboundType)
        arguments = [_any() if _is_size(argument) else argument for argument in kind.args]
        if arguments != list(kind.args):
            kind = UnboundType(
                kind.name,
                arguments,
                kind.line,
                kind.column,
                kind.optional,
                kind.empty_tuple_index,
                kind.original_str_expr,
                kind.original_str_fallback,
            )
        return self._plain(ctx, fullname, kind)

    def _plain(self, ctx: AnalyzeTypeContext, fullname: str, kind: UnboundType) -> Type:
        """What mypy itself makes of a type."""
        analyzer: Any = ctx.api
        self._passing = fullname
        try:
            result: Type = analyzer.visit_unbound_type(kind)
        finally:
            self._passing = None
        return result

    def _may_be_generic_over_sizes(self, fullname: str) -> bool:
        if fullname.startswith(names.INTERNAL_PREFIXES):
            return False
        modules = self._plugin._modules or {}
        module = fullname.rpartition(".")[0]
        while module and module not in modules:
            module = module.rpartition(".")[0]
        if module not in self._first_party:
            self._first_party[module] = bool(module) and not is_installed(modules[module].path)
        if not self._first_party[module]:
            return False
        symbol = self._plugin.lookup_fully_qualified(fullname)
        return (
            symbol is not None and isinstance(symbol.node, TypeInfo) and bool(symbol.node.type_vars)
        )


def _fill_in(ctx: FunctionContext) -> Type:
    """A size that the call does not determine is any size, and no error."""
    result = get_proper_type(ctx.default_return_type)
    if not isinstance(result, Instance):
        return ctx.default_return_type
    arguments = [
        _any() if isinstance(get_proper_type(argument), UninhabitedType) else argument
        for argument in result.args
    ]
    return result.copy_modified(args=arguments)


def _is_size(argument: Type) -> bool:
    """An integer, or arithmetic on names, which mypy keeps as a type without a value."""
    return isinstance(argument, RawExpressionType) and argument.base_type_name in (
        "builtins.int",
        "typing.Any",
    )


def _look_up(ctx: AnalyzeTypeContext, arguments: Any) -> None:
    """Look up every name in a shape, so that mypy reports those that are not defined."""
    analyzer: Any = ctx.api
    for argument in arguments:
        if isinstance(argument, UnpackType):
            _look_up(ctx, [argument.type])
        elif isinstance(argument, UnboundType) and argument.original_str_expr is None:
            if argument.name not in ("...", "()"):
                analyzer.lookup_qualified(argument.name, argument)
            _look_up(ctx, argument.args)


def _without_arguments(kind: UnboundType) -> UnboundType:
    return UnboundType(kind.name, [], kind.line, kind.column)


def _any() -> AnyType:
    return AnyType(TypeOfAny.special_form)
