"""Our annotations, made acceptable to mypy.

A shape says nothing to mypy: ``Tensor[B, 512]`` is ``Tensor``, ``Dim[N]`` is ``int``, ``Shape[2, 3]`` and
the helper types are tuples of int, and a size given to a generic class, ``Head[64, D * 2]``, is ``Any``.
Names inside are looked up, so that an undefined one is mypy's own error.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mypy.nodes import SymbolNode, TypeAlias, TypeInfo
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
        self._foreign: set[str] = set()

    def type_hook(self, fullname: str) -> TypeHook | None:
        """What analyses a type of this name, if it is one of ours or may take sizes."""
        if fullname == self._passing:
            self._passing = None
            return None
        if names.is_tensor(fullname):
            return self._guarded(lambda ctx: self._tensor(ctx, fullname))
        if names.is_dim(fullname):
            return self._guarded(lambda ctx: self._dim(ctx, fullname))
        if names.is_shape(fullname):
            return self._guarded(lambda ctx: self._shape(ctx, fullname))
        node = self._definition(fullname)
        if _is_generic(node):
            return self._guarded(lambda ctx: self._generic(ctx, fullname))
        target = _shaped_target(node)
        if target is not None:
            return self._guarded(lambda ctx: self._alias(ctx, target))
        return None

    def call_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        """What adjusts an instance of this class, if it may be generic over sizes."""
        return _fill_in if _is_generic(self._definition(fullname)) else None

    def _guarded(self, hook: TypeHook) -> TypeHook:
        def guarded(ctx: AnalyzeTypeContext) -> Type:
            try:
                return hook(ctx)
            except Exception as error:
                self._plugin.failed(error)
                return _any()

        return guarded

    def _tensor(self, ctx: AnalyzeTypeContext, fullname: str) -> Type:
        kind = ctx.type
        assert isinstance(kind, UnboundType)
        if kind.args or kind.empty_tuple_index:
            _look_up(ctx, kind.args)
            kind = _with_arguments(kind, [])
        return self._plain(ctx, fullname, kind)

    def _dim(self, ctx: AnalyzeTypeContext, fullname: str) -> Type:
        kind = ctx.type
        assert isinstance(kind, UnboundType)
        if not kind.args:
            return self._plain(ctx, fullname, kind)
        _look_up(ctx, kind.args)
        return ctx.api.named_type("builtins.int", [])

    def _shape(self, ctx: AnalyzeTypeContext, fullname: str) -> Type:
        kind = ctx.type
        assert isinstance(kind, UnboundType)
        given = kind.args or kind.empty_tuple_index
        if not given and not names.is_dynamic_shape(fullname):
            return self._plain(ctx, fullname, kind)
        _look_up(ctx, kind.args)
        return ctx.api.named_type("builtins.tuple", [ctx.api.named_type("builtins.int", [])])

    def _generic(self, ctx: AnalyzeTypeContext, fullname: str) -> Type:
        kind = ctx.type
        assert isinstance(kind, UnboundType)
        arguments = [_any() if _is_size(argument) else argument for argument in kind.args]
        if arguments != list(kind.args):
            kind = _with_arguments(kind, arguments)
        return self._plain(ctx, fullname, kind)

    def _plain(self, ctx: AnalyzeTypeContext, fullname: str, kind: UnboundType) -> Type:
        """What mypy itself makes of a type."""
        analyzer: Any = ctx.api
        self._passing = fullname
        try:
            result: Type = analyzer.visit_unbound_type_nonoptional(kind, False)
        finally:
            self._passing = None
        return result

    def _definition(self, fullname: str) -> SymbolNode | None:
        """What a name of the program itself stands for."""
        if fullname in self._foreign:
            return None
        modules = self._plugin._modules or {}
        module = fullname.rpartition(".")[0]
        while module and module not in modules:
            module = module.rpartition(".")[0]
        if module not in self._first_party:
            self._first_party[module] = not (
                fullname.startswith(names.INTERNAL_PREFIXES)
                or not module
                or is_installed(modules[module].path)
            )
        if not self._first_party[module]:
            self._foreign.add(fullname)
            return None
        symbol = self._plugin.lookup_fully_qualified(fullname)
        return None if symbol is None else symbol.node

    @staticmethod
    def _alias(ctx: AnalyzeTypeContext, target: Instance) -> Type:
        _look_up(ctx, getattr(ctx.type, "args", ()))
        return target.copy_modified()


def left_open(ctx: AnalyzeTypeContext) -> Type:
    """A name that stays as it was written, which fits every type."""
    return ctx.type


def _is_generic(node: SymbolNode | None) -> bool:
    return isinstance(node, TypeInfo) and bool(node.type_vars)


def _shaped_target(node: SymbolNode | None) -> Instance | None:
    """The tensor class that ``Hidden = Tensor[B, T]`` stands for, which mypy takes for generic."""
    if not isinstance(node, TypeAlias) or not node.alias_tvars:
        return None
    target = get_proper_type(node.target)
    if isinstance(target, Instance) and names.is_tensor(target.type.fullname):
        return target
    return None


def _fill_in(ctx: FunctionContext) -> Type:
    """A size that the call does not determine is any size, and no error."""
    result = get_proper_type(ctx.default_return_type)
    if not isinstance(result, Instance):
        return ctx.default_return_type
    return result.copy_modified(args=[_any_if_open(argument) for argument in result.args])


def _any_if_open(argument: Type) -> Type:
    proper = get_proper_type(argument)
    if isinstance(proper, UninhabitedType):
        return _any()
    if isinstance(proper, UnpackType):  # a row of sizes: *tuple[Never, ...]
        row = get_proper_type(proper.type)
        if isinstance(row, Instance):
            return UnpackType(row.copy_modified(args=[_any_if_open(item) for item in row.args]))
    return argument


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


def _with_arguments(kind: UnboundType, arguments: list[Type]) -> UnboundType:
    return UnboundType(
        kind.name,
        arguments,
        line=kind.line,
        column=kind.column,
        empty_tuple_index=kind.empty_tuple_index and bool(arguments),
        original_str_expr=kind.original_str_expr,
        original_str_fallback=kind.original_str_fallback,
    )


def _any() -> AnyType:
    return AnyType(TypeOfAny.special_form)
