"""Rules over shapes with variadic parts: ``[*batch, T]``, ``[..., 3]``, and shapes not known at all.

A rule sees sizes only. So a variadic part is replaced by 0, 1, 2, … named sizes, the rule is asked
each time, and one answer that explains all of them is looked for: ``*batch`` stands again where its
sizes stand in a row, ``prod(*batch)`` where they are multiplied. What cannot be explained is cut down
to the part all answers share, at worst to an unknown shape. The rule is broken only if it is broken
for every number of sizes: which number comes is the caller's choice. Likewise only what is taken for
granted for every number of sizes is believed afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import replace
from functools import lru_cache
from itertools import product
from typing import Any, TypeGuard

from shapetorch.dim import (
    ELLIPSIS,
    UNKNOWN,
    UNKNOWN_DIM,
    AnyShape,
    Context,
    Shape,
    Size,
    Variadic,
    current_context,
    element,
    is_fixed,
    name,
    names,
    substitute,
    using,
)
from shapetorch.dim import product as multiply
from shapetorch.errors import ShapeError
from shapetorch.rules.elements import Index, Mask
from shapetorch.rules.registry import Many, Result

OF_ONE_SHAPE = (Many, Mask, Index)
MOST_GROUPS = 3
LENGTHS = {1: (0, 1, 2, 3, 4, 5, 6), 2: (0, 1, 2, 3, 4), 3: (0, 1, 2)}

HIGHEST_RANK = 9


def apply(
    rule: Callable[..., Result], arguments: Mapping[str, object], shaped: tuple[str, ...]
) -> Result:
    """The result of `rule`, whose arguments named in `shaped` may have variadic parts.

    Args:
        rule: The shape rule.
        arguments: Its arguments by name.
        shaped: Those that are a shape, a list of shapes, or None.

    Raises:
        ShapeError: the rule is broken for every number of sizes a variadic part may stand for.
    """
    groups, prepared = _name_groups(arguments, shaped)
    if not groups:
        return rule(**arguments)
    if len(groups) > MOST_GROUPS:
        return UNKNOWN
    context = current_context()
    if context is None:
        return _asked(rule, prepared, shaped, groups)
    try:
        key = (rule, context.links_numbers, _frozen(prepared))
        facts, known = context.facts, context.facts.memory.get(key)
    except TypeError:  # an argument that is no key
        return _asked(rule, prepared, shaped, groups)
    if known is None:
        known = _asked(rule, prepared, shaped, groups)
        if context.facts is facts and known is not None:
            facts.remember(key, known)
    return copy(known)


def _frozen(value: object) -> object:
    """An argument as part of a key: 1 is not True, and a list is not a tuple."""
    if isinstance(value, dict):
        return tuple((label, _frozen(item)) for label, item in value.items())
    if isinstance(value, (list, tuple)):
        return (type(value), *(_frozen(item) for item in value))
    return (type(value), value) if isinstance(value, (bool, int, float)) else value


def _asked(
    rule: Callable[..., Result],
    prepared: dict[str, object],
    shaped: tuple[str, ...],
    groups: list[str],
) -> Result:
    """The result of a rule some of whose shapes have variadic parts."""
    answers: list[tuple[dict[str, int], Result]] = []
    possible: list[tuple[dict[str, int], Result]] = []
    conditions: list[list[ShapeError]] = []
    errors: list[ShapeError] = []
    ones = dict.fromkeys(groups, 1)
    outer = current_context()
    for lengths in product(LENGTHS[len(groups)], repeat=len(groups)):
        counts = dict(zip(groups, lengths, strict=True))
        context = Context() if outer is None else replace(outer, conditions=[])
        try:
            with using(context):
                answers.append((counts, rule(**_expand_all(prepared, shaped, counts))))
            conditions.append(context.conditions)
        except ShapeError as error:
            # with one size for each group, axis numbers are those of the shape as it is written
            errors = [error] if counts == ones else errors or [error]
            possible += _for_some_sizes(rule, prepared, shaped, counts)
    if not answers:
        answers = _of_higher_ranks(rule, prepared, shaped, groups)
    elif len(groups) > 1:
        answers += _beyond(rule, prepared, shaped, [counts for counts, _ in answers])
    if not answers:
        raise _in_written_form(errors[0], ones)
    if outer is not None and conditions:
        _take_for_granted(outer, conditions)
    return _explain(answers + possible)


def _beyond(
    rule: Callable[..., Result],
    arguments: Mapping[str, object],
    shaped: tuple[str, ...],
    answered: list[dict[str, int]],
) -> list[tuple[dict[str, int], Result]]:
    """Answers for a few more sizes than are tried of several groups, in one of them or in all.

    Attention takes matrices and batches of them: what fits all answers must fit these too.
    """
    highest = LENGTHS[len(answered[0])][-1]
    tried = {tuple(counts.values()) for counts in answered}
    rows: dict[tuple[int, ...], None] = {}
    for lengths in tried:
        full = [place for place, count in enumerate(lengths) if count == highest]
        for places in (*((place,) for place in full), tuple(full)):
            for more in (1, 2):
                longer = (n + more * (place in places) for place, n in enumerate(lengths))
                rows[tuple(longer)] = None
    outer = current_context()
    answers = []
    for row in sorted(rows.keys() - tried):
        counts = dict(zip(answered[0], row, strict=True))
        context = Context() if outer is None else replace(outer, conditions=[])
        try:
            with using(context):
                answers.append((counts, rule(**_expand_all(arguments, shaped, counts))))
        except ShapeError:
            continue
    return answers


def _of_higher_ranks(
    rule: Callable[..., Result],
    arguments: Mapping[str, object],
    shaped: tuple[str, ...],
    groups: list[str],
) -> list[tuple[dict[str, int], Result]]:
    """Answers for more sizes than are tried at first, as many in each group."""
    answers = []
    tried = LENGTHS[len(groups)][-1]
    lengths = [(count,) * len(groups) for count in range(tried + 1, HIGHEST_RANK + 1)]
    if len(groups) > 1:  # a weight of 4 and a bias of 1
        lengths = [row for row in product(range(6), repeat=len(groups)) if max(row) > tried]
    for row in lengths:
        counts = dict(zip(groups, row, strict=True))
        try:
            with using(Context()):
                answers.append((counts, rule(**_expand_all(arguments, shaped, counts))))
        except ShapeError:
            continue
    return answers


def _for_some_sizes(
    rule: Callable[..., Result],
    arguments: Mapping[str, object],
    shaped: tuple[str, ...],
    counts: dict[str, int],
) -> list[tuple[dict[str, int], Result]]:
    """The answer for so many sizes if they are not arbitrary but just those that are needed.

    ``[*batch] + [7, 3]`` is broken for most pairs of sizes, but not for 7 and 3: the result must
    not say that ``*batch`` stands for none.
    """
    if all(group.startswith(".") for group in counts):
        return []
    outer = current_context()
    needed = {group: Variadic("." + group) for group in counts}
    soft = _expand_all(
        _rename(arguments, shaped, needed), shaped, {"." + g: n for g, n in counts.items()}
    )
    try:
        with using(Context() if outer is None else replace(outer, conditions=[])):
            return [(counts, rule(**soft))]
    except ShapeError:
        return []


def _rename(
    arguments: Mapping[str, object], shaped: tuple[str, ...], groups: Mapping[str, Variadic]
) -> dict[str, object]:
    """`arguments` with other names for variadic parts."""

    def renamed(value: Any) -> Any:
        if isinstance(value, Variadic):
            return groups[value.name or ""]
        if isinstance(value, OF_ONE_SHAPE):
            return replace(value, shape=tuple(map(renamed, value.shape)))
        if isinstance(value, (tuple, list)) and type(value) in (tuple, list):
            return type(value)(renamed(item) for item in value)
        return value

    return {key: renamed(value) if key in shaped else value for key, value in arguments.items()}


def _take_for_granted(context: Context, conditions: list[list[ShapeError]]) -> None:
    """Write down in `context` the conditions that came up for every number of sizes."""
    for error in conditions[-1]:
        if all(any(other.clash == error.clash for other in group) for group in conditions):
            assert error.clash is not None, "a condition has two sides"
            context.conditions.append(error)
            context.facts = context.facts.assume_equal(*error.clash)


def _in_written_form(error: ShapeError, counts: Mapping[str, int]) -> ShapeError:
    """`error` with ``*batch`` in the shapes it carries, where it was expanded."""

    def fold(value: object) -> object:
        if not isinstance(value, tuple):
            return value
        if any(isinstance(item, tuple) for item in value):
            return tuple(fold(item) for item in value)
        out = list(value)
        for group, count in counts.items():
            _fold_rows(out, group, count)
        return _unname(tuple(out))

    error.params = tuple(fold(value) for value in error.params)
    return error


def _name_groups(
    arguments: Mapping[str, object], shaped: tuple[str, ...]
) -> tuple[list[str], dict[str, object]]:
    """The variadic parts by name; each anonymous one gets a name of its own."""
    groups: list[str] = []
    prepared = dict(arguments)

    def visit(shape: AnyShape) -> AnyShape:
        if is_fixed(shape):
            return shape
        out: list[Size | Variadic] = []
        for size in shape:
            if isinstance(size, Variadic):
                label = size.name if size.name is not None else f".{len(groups)}"
                if label not in groups:
                    groups.append(label)
                out.append(Variadic(label))
            else:
                out.append(size)
        return tuple(out)

    for key in shaped:
        value = arguments.get(key)
        if _is_row(value):
            prepared[key] = list(visit(tuple(value)))
        elif isinstance(value, list):
            prepared[key] = [_each_shape(item, visit) for item in value]
        elif isinstance(value, tuple):
            prepared[key] = visit(value)
    return groups, prepared


def _is_row(value: object) -> TypeGuard[list[Size | Variadic]]:
    """Whether a value is a list of sizes, some of which are a variadic part: ``view(*s, -1)``."""
    return isinstance(value, list) and any(isinstance(item, Variadic) for item in value)


def _each_shape(item: object, change: Callable[[AnyShape], AnyShape]) -> object:
    """`change` of an item that is a shape, a row, or something of one shape; other items stay."""
    if _is_row(item):
        return list(change(tuple(item)))
    if isinstance(item, OF_ONE_SHAPE):
        return replace(item, shape=change(item.shape))
    return change(item) if isinstance(item, tuple) else item


def _expand_all(
    arguments: Mapping[str, object], shaped: tuple[str, ...], counts: Mapping[str, int]
) -> dict[str, object]:
    values = numel_values(counts)
    expanded = dict(arguments)
    for key in shaped:
        value = arguments.get(key)
        if _is_row(value):
            expanded[key] = list(expand(tuple(value), counts))
        elif isinstance(value, list):
            expanded[key] = [
                _each_shape(item, lambda shape: expand(shape, counts)) for item in value
            ]
        elif isinstance(value, tuple):
            expanded[key] = expand(value, counts)
    for key, value in expanded.items():
        if key not in shaped:
            expanded[key] = _substitute_deep(value, values)
    return expanded


def numel_name(group: str) -> str:
    """How the product of a group's sizes is spelled."""
    return f"?prod(*{group})" if group.startswith(".") else f"prod(*{group})"


def numel_values(counts: Mapping[str, int]) -> dict[str, Size]:
    """What ``prod(*group)`` is, for each group of so many sizes."""
    return {numel_name(group): _numel(group, n) for group, n in counts.items()}


@lru_cache(maxsize=1024)
def _numel(group: str, count: int) -> Size:
    return multiply(_elements(group, count))


def _substitute_deep(value: object, values: Mapping[str, Size]) -> object:
    if isinstance(value, (tuple, list)) and type(value) in (tuple, list):
        return type(value)(_substitute_deep(item, values) for item in value)
    if hasattr(value, "terms"):
        return substitute(value, values)  # type: ignore[arg-type]
    return value


def _elements(group: str, count: int) -> list[Size]:
    return [element(group, position, soft=group.startswith(".")) for position in range(count)]


def expand(shape: AnyShape, counts: Mapping[str, int]) -> Shape:
    """`shape` with each variadic part replaced by as many named sizes as `counts` says."""
    values = numel_values(counts)
    out: list[Size] = []
    for size in shape:
        if isinstance(size, Variadic):
            assert size.name is not None, "anonymous parts were named before"
            out.extend(_elements(size.name, counts[size.name]))
        else:
            out.append(substitute(size, values))
    return tuple(out)


def _explain(answers: list[tuple[dict[str, int], Result]]) -> Result:
    """One result from which every answer follows."""
    _, last = answers[-1]
    if last is None:
        return None
    if isinstance(last, Many):
        return _explain_many(answers)
    if isinstance(last, list) or (
        isinstance(last, tuple) and any(isinstance(x, (tuple, list)) for x in last)
    ):
        return _explain_several(answers)
    return _explain_shape(answers)


def _explain_many(answers: list[tuple[dict[str, int], Result]]) -> Result:
    if not all(isinstance(answer, Many) for _, answer in answers):
        return UNKNOWN
    count = _explain_shape([(counts, (answer.count,)) for counts, answer in answers])
    shape = _explain_shape([(counts, answer.shape) for counts, answer in answers])
    return Many(shape, count[0] if is_fixed(count) and len(count) == 1 else UNKNOWN_DIM)


def _explain_several(answers: list[tuple[dict[str, int], Result]]) -> Result:
    _, last = answers[-1]
    if any(type(answer) is not type(last) or len(answer) != len(last) for _, answer in answers):
        return UNKNOWN
    parts = [
        _explain([(counts, answer[place]) for counts, answer in answers])
        for place in range(len(last))
    ]
    if isinstance(last, list):
        return parts
    return type(last)(*parts) if hasattr(last, "_fields") else tuple(parts)


def _explain_shape(answers: list[tuple[dict[str, int], Result]]) -> AnyShape:
    if not all(is_fixed(answer) for _, answer in answers):
        return UNKNOWN
    for counts, answer in reversed(answers):
        for rows in (True, False):
            candidate = _fold(answer, counts, rows)
            if candidate is not None and all(
                expand(candidate, others) == result for others, result in answers
            ):
                return _unname(candidate)
    return _shared([result for _, result in answers])


def _fold(shape: Shape, counts: Mapping[str, int], rows: bool) -> AnyShape | None:
    """`shape` with products of a group's sizes, and `rows` of them, put together again."""
    out: list[Size | Variadic] = list(shape)
    for group, count in counts.items():
        if count == 0:
            continue
        if rows:
            _fold_rows(out, group, count)
        product_of = {f"*{group}:{count - 1}": _last_factor(group, count)}
        out = [size if isinstance(size, Variadic) else substitute(size, product_of) for size in out]
        if any(_mentions(size, group) for size in out if not isinstance(size, Variadic)):
            return None
    return tuple(out) if sum(isinstance(size, Variadic) for size in out) <= 1 else None


def _fold_rows(sizes: list[Size | Variadic], group: str, count: int) -> None:
    row = _elements(group, count)
    for place in range(len(sizes) - count + 1):
        if sizes[place : place + count] == row:
            sizes[place : place + count] = [Variadic(group)]
            return


def _last_factor(group: str, count: int) -> Size:
    """The last size of a group, written as the product over the others' product."""
    return name(numel_name(group), soft=group.startswith(".")) // multiply(
        _elements(group, count - 1)
    )


def _mentions(size: Size, group: str) -> bool:
    return any(atom.name.startswith(f"*{group}:") for atom in names(size))


def _unname(shape: AnyShape) -> AnyShape:
    return tuple(
        ELLIPSIS if isinstance(size, Variadic) and (size.name or "").startswith(".") else size
        for size in shape
    )


def _shared(shapes: list[Shape]) -> AnyShape:
    """The sizes that all shapes begin and end with, around ``...``."""
    if all(len(shape) == len(shapes[0]) for shape in shapes) and shapes[0]:
        same = [all(shape[i] == shapes[0][i] for shape in shapes) for i in range(len(shapes[0]))]
        if all(same):
            return tuple(map(_without_anonymous, shapes[0]))
    suffix = _common_start([shape[::-1] for shape in shapes])[::-1]
    prefix = _common_start([shape[: len(shape) - len(suffix)] for shape in shapes])
    return (*prefix, *UNKNOWN, *suffix)


def _without_anonymous(size: Size) -> Size:
    """`size`, unknown if it is made of sizes of ``...``, which mean nothing outside."""
    return UNKNOWN_DIM if any(atom.name.startswith("*.") for atom in names(size)) else size


def _common_start(shapes: list[Shape]) -> Shape:
    """The sizes that all shapes begin with; unknown where they differ or are part of a group."""
    shared: list[Size] = []
    for sizes in zip(*shapes, strict=False):
        same = all(size == sizes[0] for size in sizes)
        grouped = any(atom.name.startswith("*") for atom in names(sizes[0]))
        shared.append(sizes[0] if same and not grouped else UNKNOWN_DIM)
    while shared and shared[-1] is UNKNOWN_DIM:
        shared.pop()
    return tuple(shared)


def groups_of(shape: AnyShape) -> Iterator[Variadic]:
    """The variadic parts of a shape."""
    return (size for size in shape if isinstance(size, Variadic))
