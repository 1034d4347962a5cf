"""What is said below an error: sizes that show it, where its sizes come from, a likely fix.

A fix is only offered if it has been tried: a changed copy of the broken expression is evaluated in
the same state, and fits.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from shapetorch.dim import UNKNOWN_DIM, Facts, Size, as_name, name, render, witness
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.flow.problems import Note

if TYPE_CHECKING:
    from shapetorch.flow.state import Run
    from shapetorch.flow.values import Function

BROADCASTING = frozenset(
    {ErrorKind.broadcast_error_incompatible_dimensions, ErrorKind.expand_error_incompatible}
)
"""Kinds of errors that a size of 1 would not have."""

FITTING = {
    ErrorKind.linear_error_in_features: "in_features",
    ErrorKind.conv_error_channel_mismatch: "in_channels",
    ErrorKind.norm_error_channel_mismatch: "num_features",
}
"""What a layer would have to be built with: the parameter, whose kind's second value is the size."""

LONGEST = 72


def of_error(run: Run, error: ShapeError, node: ast.AST, conditional: bool) -> list[Note]:
    """The notes of an error at `node`."""
    found: list[Note] = []
    if error.clash is not None:
        a, b = error.clash
        shown = "" if conditional else failing_sizes(a, b, run.facts, error.kind)
        if conditional:
            found.append(Note(f"wrong unless {a} == {b}"))
        elif shown:
            found.append(Note(f"fails for {shown}"))
        found.extend(sources(run, (a, b)))
    help_ = error.help or (None if conditional else fix(run, error, node))
    if help_:
        found.append(Note(f"help: {help_}"))
    origin = getattr(error, "origin", None) or run.origin
    if origin:
        text, line = origin
        found.append(Note(text + _would_fit(error), line))
    return found


def failing_sizes(a: Size, b: Size, facts: Facts, kind: ErrorKind) -> str:
    """Sizes for which two sizes differ, as ``T=1, d=2``; empty if there is nothing to show."""
    if UNKNOWN_DIM in (a, b):
        return ""
    found = witness(a, b, facts=facts, other_than=1 if kind in BROADCASTING else None)
    return ", ".join(f"{render(name(key))}={value}" for key, value in (found or {}).items())


def _would_fit(error: ShapeError) -> str:
    parameter = FITTING.get(error.kind)
    if parameter is None or len(error.params) < 2:
        return ""
    text = str(error.params[1])
    return "" if "?" in text else f", and would fit with {parameter}={text}"


# -- where sizes come from ----------------------------------------------------------------------------


def sources(run: Run, clash: tuple[Size, Size]) -> list[Note]:
    """Which parameters have named the two sizes, if those are names from different places."""
    function = run.frame.function
    singles = [as_name(size) for size in clash]
    if function is None or run.call_sites or run.frame.module.name != run.main:
        return []
    found = [_source(run, function, single.name) for single in singles if single is not None]
    if None in found or len(set(found)) < 2:
        return []
    return [
        Note(f"{render(size)} is {source[0]}", source[1])
        for size, source in zip(clash, found, strict=True)
        if source is not None
    ]


def _source(run: Run, function: Function, label: str) -> tuple[str, int] | None:
    """What has named a size, and the line of it."""
    from shapetorch.flow import hint_reading, hints, signatures

    for node in function.owner.node.body if function.owner else ():
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            for argument in (*node.args.args, *node.args.kwonlyargs):
                if argument.arg == label and function.owner is not None:
                    return f"a parameter of {function.owner.node.name}()", argument.lineno
    for parameter in signatures.parameters(function):
        hint = hint_reading.function_hint(run, function, parameter.annotation)
        if parameter.arg == label:
            return "a parameter", parameter.lineno
        if label in hints.names_of(hint):
            return f"named by parameter {parameter.arg!r}", parameter.lineno
    return None


# -- fixes --------------------------------------------------------------------------------------------


def fix(run: Run, error: ShapeError, node: ast.AST) -> str | None:
    """A change of the expression at `node` after which it fits."""
    propose = PROPOSALS.get(error.kind)
    if propose is None or not isinstance(node, ast.expr) or run.deferred or run.call_sites:
        return None
    for proposal, shown in propose(node):
        text = ast.unparse(shown)
        if len(text) <= LONGEST and fits(run, proposal):
            return f"{text} would fit"
    return None


def fits(run: Run, node: ast.expr) -> bool:
    """Whether an expression has a known value here; nothing is reported, nothing changes."""
    from shapetorch.flow import apply
    from shapetorch.flow.expressions import evaluate
    from shapetorch.flow.values import UNKNOWN_VALUE

    before = run.snapshot()
    try:
        with run.muted(), apply.deferring(run):
            return evaluate(run, node) != UNKNOWN_VALUE
    except ShapeError:
        return False
    finally:
        run.restore(before)


Proposals = Iterator[tuple[ast.expr, ast.expr]]
"""The whole expression as changed, and the part of it to show."""

REDUCTIONS = frozenset(
    "sum mean amax amin max min prod norm logsumexp std var any all argmax argmin median".split()
)


def _keeping_dims(node: ast.expr) -> Proposals:
    """``x - x.mean(1)`` as ``x - x.mean(1, keepdim=True)``."""
    if not isinstance(node, ast.BinOp):
        return
    for side in ("left", "right"):
        part = getattr(node, side)
        if not isinstance(part, ast.Call) or not isinstance(part.func, ast.Attribute):
            continue
        given = {keyword.arg for keyword in part.keywords}
        if part.func.attr not in REDUCTIONS or given & {"keepdim", "keepdims"}:
            continue
        changed = copy.deepcopy(node)
        kept = getattr(changed, side)
        word = "keepdims" if "axis" in given else "keepdim"
        kept.keywords.append(ast.keyword(word, ast.Constant(True)))
        yield ast.fix_missing_locations(changed), kept


def _transposing(node: ast.expr) -> Proposals:
    """``q @ k`` as ``q @ k.transpose(-2, -1)``."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        for side in ("right", "left"):
            changed = copy.deepcopy(node)
            setattr(changed, side, _transposed(getattr(changed, side)))
            yield ast.fix_missing_locations(changed), changed
    elif isinstance(node, ast.Call) and node.args and _called(node) in ("matmul", "bmm", "mm"):
        called = copy.deepcopy(node)
        called.args[-1] = _transposed(called.args[-1])
        yield ast.fix_missing_locations(called), called


def _transposed(node: ast.expr) -> ast.expr:
    axes = [ast.UnaryOp(ast.USub(), ast.Constant(place)) for place in (2, 1)]
    return ast.Call(ast.Attribute(node, "transpose", ast.Load()), [*axes], [])


def _called(node: ast.Call) -> str:
    return ast.unparse(node.func).rsplit(".", 1)[-1]


def _other_dims(node: ast.expr) -> Proposals:
    """``cat([x, y])`` as ``cat([x, y], dim=1)``, if that is the only dim that fits."""
    if not isinstance(node, ast.Call) or _called(node) not in ("cat", "concat", "concatenate"):
        return
    for place in (0, 1, 2, 3, -1):
        changed = copy.deepcopy(node)
        word = "axis" if _called(node) == "concatenate" else "dim"
        del changed.args[1:]
        changed.keywords = [ast.keyword(word, ast.Constant(place))]
        yield ast.fix_missing_locations(changed), changed


PROPOSALS: dict[ErrorKind, Callable[[ast.expr], Proposals]] = {
    ErrorKind.broadcast_error_incompatible_dimensions: _keeping_dims,
    ErrorKind.matmul_error_inner_dimensions_do_not_match: _transposing,
    ErrorKind.cat_error_size_mismatch: _other_dims,
}
