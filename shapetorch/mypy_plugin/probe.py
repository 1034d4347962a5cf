"""The probe: a function the plugin adds to each module, whose body calls us when mypy checks it.

::

    def __shapetorch__(digest_0123: None) -> None:
        "shapetorch probe".casefold()

mypy checks it like any function: once in a batch run, in whichever process checks the module, and as
a target of its own in the daemon. The name of its parameter is the digest of the module's source, so
it changes what mypy compares when it decides whether other modules must be checked again.

The function is added to the parsed tree, before semantic analysis (`add_to_parsed`). Where mypy parses
again without telling plugins (a cached module whose dependency changed, a parallel worker), it is
added complete to the analysed tree (`add_to_analysed`).
"""

from __future__ import annotations

from mypy.nodes import (
    ARG_POS,
    GDEF,
    MISSING_FALLBACK,
    Argument,
    Block,
    CallExpr,
    Context,
    ExpressionStmt,
    FuncDef,
    MemberExpr,
    MypyFile,
    StrExpr,
    SymbolTableNode,
    TypeInfo,
    Var,
)
from mypy.types import CallableType, Instance, NoneType

from shapetorch.mypy_plugin.names import PROBE, PROBE_METHOD, PROBE_TEXT


def is_probe_call(context: Context) -> bool:
    """Whether the call is the one in a probe's body."""
    return (
        isinstance(context, CallExpr)
        and isinstance(context.callee, MemberExpr)
        and isinstance(context.callee.expr, StrExpr)
        and context.callee.expr.value == PROBE_TEXT
        and context.callee.expr.line == 1
    )


def add_to_parsed(tree: MypyFile, digest: str) -> None:
    """Add the probe before semantic analysis, which then gives it its place in the symbol table."""
    if not is_ignored(tree) and not _is_probe(tree.defs[0] if tree.defs else None):
        # In front: what follows an unconditional sys.exit() is not checked.
        tree.defs.insert(0, _make(digest, Instance(MISSING_FALLBACK, [], -1)))


def add_to_analysed(tree: MypyFile, digest: str, builtins: MypyFile) -> None:
    """Add the probe after semantic analysis, with its names resolved."""
    if PROBE in tree.names or is_ignored(tree):
        return
    function = builtins.names["function"].node
    if not isinstance(function, TypeInfo):
        return
    probe = _make(digest, Instance(function, []))
    probe._fullname = f"{tree.fullname}.{PROBE}"
    tree.defs.insert(0, probe)
    tree.names[PROBE] = SymbolTableNode(GDEF, probe, module_public=False)


def add_dependencies(tree: MypyFile, imported: set[str]) -> None:
    """Let the daemon run the probe again when an imported module's probe changed, or the module itself."""
    own = f"{tree.fullname}.{PROBE}"
    for module in imported:
        for trigger in (f"<{module}.{PROBE}>", f"<{module}>"):
            tree.plugin_deps.setdefault(trigger, set()).update({own, f"<{own}>"})


def is_ignored(tree: MypyFile) -> bool:
    """Whether mypy skips the file: a ``# type: ignore`` stands before the first statement.

    The old parser leaves one unreachable block then, the native one nothing.
    """
    defs = tree.defs
    return not defs or (len(defs) == 1 and isinstance(defs[0], Block) and defs[0].is_unreachable)


def _is_probe(node: Context | None) -> bool:
    return isinstance(node, FuncDef) and node.name == PROBE


def _make(digest: str, fallback: Instance) -> FuncDef:
    text = StrExpr(PROBE_TEXT)
    member = MemberExpr(text, PROBE_METHOD)
    call = CallExpr(member, [], [], [])
    statement = ExpressionStmt(call)
    body = Block([statement])
    name = f"digest_{digest}"
    argument = Argument(Var(name, NoneType()), NoneType(), None, ARG_POS)
    argument.variable.is_inferred = False
    signature = CallableType([NoneType()], [ARG_POS], [name], NoneType(), fallback, name=PROBE)
    probe = FuncDef(PROBE, [argument], body, signature)
    for node in (text, member, call, statement, body, argument.variable, probe):
        node.set_line(1, 0, 1, 0)
    return probe
