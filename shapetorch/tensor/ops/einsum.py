"""Einstein summation.

An equation is read once for given shapes: which dims are diagonals, which have size 1 where others
do not, and what the labels of the remaining dims are. Each operand is brought into that form by
views; the rest is one contraction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from shapetorch.rules.einsum import DOTS, _implicit_output, _read_sublist, _read_term
from shapetorch.tensor.arguments import require_tensors
from shapetorch.tensor.contraction import contract
from shapetorch.tensor.judging import judged
from shapetorch.tensor.operations import operation
from shapetorch.tensor.tensors import Tensor

Label = str
Term = tuple[Label, ...]


@dataclass(frozen=True)
class Operand:
    """How one operand is brought into the form that is contracted.

    Attributes:
        diagonals: Pairs of dims of which the diagonal is taken, one after the other; it stands last.
        dropped: Dims of size 1 that are left out, largest first.
        term: The labels of the dims that remain, all different.
    """

    diagonals: tuple[tuple[int, int], ...]
    dropped: tuple[int, ...]
    term: Term

    def prepare(self, tensor: Tensor) -> Tensor:
        """The operand in that form."""
        for first, second in self.diagonals:
            tensor = tensor.diagonal(0, first, second)
        for place in self.dropped:
            tensor = tensor.squeeze(place)
        return tensor


@dataclass(frozen=True)
class Plan:
    """What an equation means for operands of given shapes.

    Attributes:
        operands: How each is prepared.
        output: The labels of the result.
        single: Of the output, those that some operand has; the others have size 1.
    """

    operands: tuple[Operand, ...]
    output: Term
    single: Term

    def run(self, tensors: Sequence[Tensor]) -> Tensor:
        """The result."""
        made = [item.prepare(tensor) for item, tensor in zip(self.operands, tensors, strict=True)]
        terms = [item.term for item in self.operands]
        if len(made) == 1:
            return _sum_and_permute(made[0], terms[0], self.output)
        result = contract(terms, made, self.single)
        for place, label in enumerate(self.output):
            if label not in self.single:
                result = result.unsqueeze(place)
        return result


def _sum_and_permute(tensor: Tensor, term: Term, output: Term) -> Tensor:
    """Of one operand: a view of it if nothing is summed."""
    over = [place for place, label in enumerate(term) if label not in output]
    if over:
        tensor = tensor.sum(over)
    left = [label for label in term if label in output]
    return tensor.permute([left.index(label) for label in output])  # type: ignore[no-any-return]


@lru_cache(maxsize=1024)
def plan_of(
    terms: tuple[Term, ...], output: Term | None, shapes: tuple[tuple[int, ...], ...]
) -> Plan:
    """The plan of an equation whose shapes have been judged."""
    if output is None:
        output = tuple(_implicit_output([list(term) for term in terms]))
    spans = [len(shape) - len(term) + 1 for term, shape in zip(terms, shapes, strict=True)]
    widest = max((span for term, span in zip(terms, spans, strict=True) if DOTS in term), default=0)
    full = [_spelled_out(term, span, widest) for term, span in zip(terms, spans, strict=True)]
    sizes: dict[Label, int] = {}
    for term, shape in zip(full, shapes, strict=True):
        for label, size in zip(term, shape, strict=True):
            if sizes.get(label, 1) == 1:
                sizes[label] = size
    operands = [_operand(term, shape, sizes) for term, shape in zip(full, shapes, strict=True)]
    if len(operands) > 1:
        present = {label for operand in operands for label in operand.term}
    else:
        present = set(sizes)
    wanted = _spelled_out(output, widest, widest)
    return Plan(tuple(operands), wanted, tuple(label for label in wanted if label in present))


def _spelled_out(term: Term, span: int, widest: int) -> Term:
    """A term whose ellipsis is replaced by labels, aligned at the last dim that it covers."""
    if DOTS not in term:
        return term
    place = term.index(DOTS)
    dots = tuple(f"{DOTS}{number}" for number in range(widest - span, widest))
    return (*term[:place], *dots, *term[place + 1 :])


def _operand(term: Term, shape: tuple[int, ...], sizes: dict[Label, int]) -> Operand:
    labels, extents = list(term), list(shape)
    diagonals = []
    for label in dict.fromkeys(term):
        while labels.count(label) > 1:
            first = labels.index(label)
            second = labels.index(label, first + 1)
            diagonals.append((first, second))
            size = extents[first]
            for place in (second, first):
                del labels[place], extents[place]
            labels.append(label)
            extents.append(size)
    dropped = [
        place
        for place, (label, size) in enumerate(zip(labels, extents, strict=True))
        if size == 1 and sizes[label] != 1
    ]
    for place in reversed(dropped):
        del labels[place]
    return Operand(tuple(diagonals), tuple(reversed(dropped)), tuple(labels))


@lru_cache(maxsize=1024)
def _read(equation: str) -> tuple[tuple[Term, ...], Term | None]:
    left, arrow, right = equation.partition("->")
    terms = tuple(tuple(_read_term(text, equation)) for text in left.split(","))
    return terms, tuple(_read_term(right, equation)) if arrow else None


_KNOWN: dict[Any, Plan] = {}
"""The plans of equations for shapes that have been judged."""
_MOST = 4096


def _listed(operands: Sequence[Any], *more: Any) -> Sequence[Any]:
    """The operands in a list.

    Raises:
        ValueError: there are none.
        TypeError: one is no tensor, or something follows the list.
    """
    require_tensors((operands, *more) if more else operands)
    if not operands:
        raise ValueError("einsum(): must specify at least one operand, got an empty list")
    return operands


@operation("einsum")
def einsum(*args: Any) -> Tensor:
    """A sum of products of tensors, as an equation describes it.

    Args:
        args: ``"ij,jk->ik", a, b`` (the tensors one by one or as a list): one term for each operand, one letter
            for each dim, ``...`` for any number of dims, which broadcast; a letter that occurs twice in a term
            is a diagonal, a letter that is not in the output is summed over, and without an output
            those that occur once are kept. Or each tensor followed by the list of its indices, and
            perhaps by that of the output: ``a, [0, 1], b, [1, 2], [0, 2]``.

    Returns:
        A dim for each letter of the output.

    Raises:
        ShapeError: einsum_error_invalid_equation, einsum_error_operand_count_mismatch,
            einsum_error_subscript_rank_mismatch, einsum_error_dimension_mismatch,
            einsum_error_unknown_output_index, einsum_error_index_out_of_range,
            einsum_error_invalid_sublist_element.
        RuntimeError: factors of different dtypes are summed over.

    Example:
        ``einsum("bij,bjk->bik", a, b)`` is ``bmm(a, b)``.
    """
    if len(args) < 2:
        raise ValueError(
            "einsum(): must specify the equation string and at least one operand, or at least one operand "
            "and its subscripts list"
        )
    if isinstance(args[0], str):
        tensors = _listed(*args[1:]) if isinstance(args[1], (list, tuple)) else args[1:]
        if all(item.__class__ is Tensor for item in tensors):
            key = (args[0], *(item._array.shape for item in tensors))
            known = _KNOWN.get(key)
            if known is None:
                judged("einsum", *args)
                if len(_KNOWN) >= _MOST:
                    _KNOWN.clear()
                known = _KNOWN[key] = plan_of(*_read(args[0]), key[1:])
            return known.run(tensors)
        judged("einsum", *args)
        terms, output = _read(args[0])
    else:
        judged("einsum", *args)
        items = list(args)
        last = items.pop() if len(items) % 2 else None
        tensors = items[0::2]
        terms = tuple(tuple(_read_sublist(list(item))) for item in items[1::2])
        output = None if last is None else tuple(_read_sublist(list(last)))
    return plan_of(terms, output, tuple(item._array.shape for item in tensors)).run(tensors)


def einsum_of(equation: str, *tensors: Tensor) -> Tensor:
    """`einsum`, for other operations: its equation is known to be right."""
    terms, output = _read(equation)
    return plan_of(terms, output, tuple(item._array.shape for item in tensors)).run(tensors)
