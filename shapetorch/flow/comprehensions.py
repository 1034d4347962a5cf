"""Comprehensions and generator expressions."""

from __future__ import annotations

import ast

from shapetorch.dim import (
    UNKNOWN_DIM,
    Size,
)
from shapetorch.flow.expressions import assume, evaluate
from shapetorch.flow.state import Frame, Run
from shapetorch.flow.values import (
    UNKNOWN_VALUE,
    Block,
    DictRecord,
    ListRecord,
    Many,
    Tuple,
    Value,
    union,
)


def comprehension(
    run: Run, node: ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp
) -> Value:
    """The list, set, dict or stream that a comprehension gives."""
    from shapetorch.flow.assignment import bind_target
    from shapetorch.flow.iteration import element_and_length, iterate, plain_key

    frame = Frame(
        run.frame.module,
        dict(run.frame.locals),
        run.frame.parent,
        run.frame.function,
        run.frame.owner,
    )
    generator = node.generators[0]
    source = evaluate(run, generator.iter)
    items = iterate(run, source)
    is_dict = isinstance(node, ast.DictComp)
    exact = items is not None and len(items) <= 64
    length: Size = UNKNOWN_DIM
    if not exact:
        one, length = element_and_length(run, source)
        items = [one]
    results: list[Value] = []
    keys: list[Value] = []
    keep = run.stack[-1]
    run.stack[-1] = frame
    try:
        for item in items or []:
            before = run.facts
            bind_target(run, generator.target, item, node)
            chosen = _filter(run, generator.ifs)
            if chosen is not False:
                if chosen is None:
                    exact, length = False, UNKNOWN_DIM
                if len(node.generators) > 1:
                    exact, length = False, UNKNOWN_DIM
                    _inner_generators(run, node.generators[1:])
                if is_dict:
                    assert isinstance(node, ast.DictComp)
                    keys.append(evaluate(run, node.key))
                    results.append(evaluate(run, node.value))
                else:
                    assert not isinstance(node, ast.DictComp)
                    results.append(evaluate(run, node.elt))
            run.facts = before
    finally:
        run.stack[-1] = keep
    if is_dict:
        plain = [plain_key(key) for key in keys]
        if exact and None not in plain:
            return run.allocate(DictRecord(dict(zip(plain, results, strict=True))))
        return run.allocate(DictRecord(None, union(results) if results else UNKNOWN_VALUE))
    element = union(results) if results else UNKNOWN_VALUE
    if isinstance(node, ast.GeneratorExp):
        return Tuple(tuple(results)) if exact else Many(element, length)
    kind = "list" if isinstance(node, ast.ListComp) else "set"
    if exact:
        return run.allocate(ListRecord(tuple(results), kind=kind))
    return run.allocate(ListRecord(None, element, length, kind, parts=(Block((element,)),)))


def _inner_generators(run: Run, generators: list[ast.comprehension]) -> None:
    from shapetorch.flow.assignment import bind_target
    from shapetorch.flow.iteration import element_and_length

    for generator in generators:
        one, _ = element_and_length(run, evaluate(run, generator.iter))
        bind_target(run, generator.target, one, generator.iter)
        _filter(run, generator.ifs)


def _filter(run: Run, tests: list[ast.expr]) -> bool | None:
    """Whether an item is kept: None if that is not known."""
    from shapetorch.flow.comparisons import truth_of

    answer: bool | None = True
    for test in tests:
        truth = truth_of(run, evaluate(run, test))
        if truth is False:
            return False
        assume(run, test, True)
        answer = None if truth is None else answer
    return answer
