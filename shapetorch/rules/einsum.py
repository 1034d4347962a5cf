"""Einstein summation: an equation says which dims are multiplied, summed and kept.

Both forms of PyTorch are read into `Term`s first, the string ``"ij,jk->ik"`` and the sublists
``x, [0, 1], y, [1, 2], [0, 2]``, in which 0 to 25 stand for A to Z and 26 to 51 for a to z. A label's
sizes must be equal or 1; within one term they must be equal (a diagonal). Without an output the labels
that occur once are kept, upper case first, behind the dims of the ellipsis.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from string import ascii_letters, ascii_lowercase, ascii_uppercase

from shapetorch.dim import Shape, Size, check_equal, render_shape
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules.broadcasting import broadcast, broadcast_size
from shapetorch.rules.registry import Shapes, Sublists, rule

LABELS = ascii_uppercase + ascii_lowercase
DOTS = "..."

Term = list[str]  # labels, and at most one DOTS


@rule("einsum", functions=("einsum",), spread="operands")
def einsum_shape(equation: str, operands: Shapes) -> Shape:
    """Shape of a sum of products of tensors, as a string describes it.

    Args:
        equation: ``"ij,jk->ik"``: one term for each operand, one letter for each dim; ``...`` stands
            for any number of dims, which broadcast. Spaces do not matter.
        operands: The tensors, one by one or as a list.

    Returns:
        A size for each label of the output term.

    Raises:
        ShapeError: einsum_error_invalid_equation, einsum_error_operand_count_mismatch,
            einsum_error_subscript_rank_mismatch, einsum_error_dimension_mismatch,
            einsum_error_unknown_output_index.

    Source: PyTorch ``torch.einsum``.
    """
    left, arrow, right = equation.partition("->")
    terms = [_read_term(text, equation) for text in left.split(",")]
    if len(terms) != len(operands):
        raise ShapeError(
            ErrorKind.einsum_error_operand_count_mismatch,
            (len(terms), len(operands)),
            f"einsum: there must be one operand for each term, got {len(terms)} terms "
            f"in {equation!r} and {len(operands)} operands",
        )
    output = _read_term(right, equation) if arrow else None
    return contract(terms, operands, output)


@rule("einsum", functions=("einsum",), spread="operands")
def einsum_sublist_shape(operands: Shapes | Sublists) -> Shape:
    """Shape of a sum of products of tensors, each followed by the list of its indices.

    Args:
        operands: ``x, [0, 1], y, [1, 2]`` and, perhaps, the list of the output's indices. An index is
            an integer from 0 to 51; ``...`` stands for any number of dims.

    Raises:
        ShapeError: einsum_error_index_out_of_range, einsum_error_invalid_sublist_element, and
            those of the string form.
    """
    items = list(operands)
    last = items.pop() if len(items) % 2 else None
    shapes, sublists = items[0::2], items[1::2]
    if not all(isinstance(shape, tuple) for shape in shapes):
        raise _bad_element(next(shape for shape in shapes if not isinstance(shape, tuple)))
    terms = [_read_sublist(sublist) for sublist in sublists]
    output = None if last is None else _read_sublist(last)
    return contract(terms, shapes, output)  # type: ignore[arg-type]


# -- reading --------------------------------------------------------------------------------------------


def _read_term(text: str, equation: str) -> Term:
    before, dots, after = text.partition(DOTS)
    before, after = before.replace(" ", ""), after.replace(" ", "")
    for letter in before + after:
        if letter not in ascii_letters:
            raise ShapeError(
                ErrorKind.einsum_error_invalid_equation,
                (equation,),
                f"einsum: a term consists of letters and at most one ellipsis, "
                f"got {text.strip()!r} in {equation!r}",
            )
    return [*before, *([DOTS] if dots else ()), *after]


def _read_sublist(sublist: object) -> Term:
    if not isinstance(sublist, list):
        raise _bad_element(sublist)
    return [_read_index(index) for index in sublist]


def _read_index(index: object) -> str:
    if index is Ellipsis:
        return DOTS
    if not isinstance(index, int):
        raise _bad_element(index)
    if not 0 <= index < len(LABELS):
        raise ShapeError(
            ErrorKind.einsum_error_index_out_of_range,
            (index,),
            f"einsum: an index must be in 0..{len(LABELS) - 1}, got {index}",
        )
    return LABELS[index]


def _bad_element(element: object) -> ShapeError:
    shown = render_shape(element) if isinstance(element, tuple) else repr(element)
    return ShapeError(
        ErrorKind.einsum_error_invalid_sublist_element,
        (element,),
        f"einsum: each tensor is followed by a list of integers and '...', got {shown}",
    )


# -- the computation --------------------------------------------------------------------------------------


def contract(terms: Sequence[Term], shapes: Sequence[Shape], output: Term | None) -> Shape:
    """The output's shape for operands whose dims `terms` label.

    Raises:
        ShapeError: see `einsum_shape`.
    """
    sizes: dict[str, Size] = {}
    dots: Shape = ()
    for number, (term, shape) in enumerate(zip(terms, shapes, strict=True)):
        _check_rank(number, term, shape)
        covered = _label(term, shape, sizes, shapes)
        dots = broadcast(dots, covered, lambda a, b: _clash(DOTS, a, b, shapes))
    if output is None:
        output = _implicit_output(terms)
    _check_output(output, sizes)
    result: list[Size] = []
    for label in output:
        result.extend(dots if label == DOTS else (sizes[label],))
    return tuple(result)


def _label(term: Term, shape: Shape, sizes: dict[str, Size], shapes: Sequence[Shape]) -> Shape:
    """Write down the sizes of the labels of one operand; the result is what its ellipsis covers."""
    covered = len(shape) - len(term) + 1
    place = 0
    dots: Shape = ()
    own: dict[str, Size] = {}
    for label in term:
        if label == DOTS:
            dots = shape[place : place + covered]
            place += covered
            continue
        if label in own:
            _check_diagonal(label, own[label], shape[place], shape)
        else:
            own[label] = shape[place]
        place += 1
    for label, size in own.items():
        known = sizes.get(label, size)
        clash = partial(_clash, label, shapes=shapes)
        sizes[label] = broadcast_size(known, size, clash)
    return dots


def _check_rank(number: int, term: Term, shape: Shape) -> None:
    labels = len(term) - term.count(DOTS)
    if term.count(DOTS) > 1:
        raise ShapeError(
            ErrorKind.einsum_error_invalid_equation,
            (_spelled(term),),
            f"einsum: a term may have one ellipsis, got {_spelled(term)!r}",
        )
    if labels > len(shape) or (labels < len(shape) and DOTS not in term):
        raise ShapeError(
            ErrorKind.einsum_error_subscript_rank_mismatch,
            (number, labels, len(shape)),
            f"einsum: operand {number} must have one dim for each label of {_spelled(term)!r}, "
            f"got {render_shape(shape)}",
        )


def _check_diagonal(label: str, first: Size, second: Size, shape: Shape) -> None:
    check_equal(
        first,
        second,
        lambda: _clash(label, first, second, (shape,)),
    )


def _implicit_output(terms: Sequence[Term]) -> Term:
    counts = Counter(label for term in terms for label in term)
    kept = sorted(label for label, count in counts.items() if count == 1 and label != DOTS)
    return [*([DOTS] if DOTS in counts else ()), *kept]


def _check_output(output: Term, sizes: dict[str, Size]) -> None:
    for label, count in Counter(output).items():
        if count > 1:
            raise ShapeError(
                ErrorKind.einsum_error_invalid_equation,
                (_spelled(output),),
                f"einsum: an index may appear once in the output, got {label} in {_spelled(output)!r}",
            )
        if label not in sizes and label != DOTS:
            raise ShapeError(
                ErrorKind.einsum_error_unknown_output_index,
                (label,),
                f"einsum: an output index must appear in an operand, got {label} "
                f"in {_spelled(output)!r}",
            )


def _clash(label: str, first: Size, second: Size, shapes: Sequence[Shape]) -> ShapeError:
    shown = ", ".join(render_shape(shape) for shape in shapes)
    return ShapeError(
        ErrorKind.einsum_error_dimension_mismatch,
        (label, first, second),
        f"einsum: all sizes of index {label} must be equal or 1, got {first} and {second} from {shown}",
    )


def _spelled(term: Term) -> str:
    return "".join(term)
