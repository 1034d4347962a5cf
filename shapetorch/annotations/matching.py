"""Does a shape fit an annotation, and what does that say of the annotation's names?

`bind` compares an actual shape with a `ShapeSpec` and enters what it learns into `bindings`: a name
is bound to a size under its own text, ``*name`` to a row of sizes under ``"*name"``, so that an axis
``b`` and a row ``*b`` never mix (they do not in jaxtyping either). Names of the annotation belong to
whoever wrote it; the sizes they are bound to may be symbolic and belong to the caller.
Only a certain difference is a `Mismatch`; what is unknown binds nothing and breaks nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from shapetorch.annotations.spec import Axis, ShapeSpec, VariadicAxis, one_row
from shapetorch.dim import (
    ELLIPSIS,
    UNKNOWN_DIM,
    AnyShape,
    Dim,
    Size,
    Truth,
    Variadic,
    as_name,
    check_equal,
    compare,
    is_fixed,
    name,
    names,
    render,
    render_shape,
    solve,
    substitute,
)
from shapetorch.errors import ShapeError

Bindings: TypeAlias = "dict[str, Size | AnyShape]"


class Mismatch(Exception):
    """A shape that an annotation does not allow.

    Attributes:
        spec: The annotation.
        actual: The shape.
        axis: Which axis of `actual`, None when it is their number.
        label: The axis as the annotation writes it, None for the number of axes.
        expected: What was expected there: a size, a row, or for the number of axes a count.
        got: What was found.
    """

    def __init__(
        self,
        spec: ShapeSpec,
        actual: AnyShape,
        *,
        axis: int | None,
        label: str | None,
        expected: Size | AnyShape,
        got: Size | AnyShape,
    ) -> None:
        self.spec, self.actual, self.axis, self.label = spec, actual, axis, label
        self.expected, self.got = expected, got
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """What must hold and what does not, to stand after the name of an operation."""
        if self.axis is None:
            least = "at least " if self.spec.variadic is not None else ""
            return f"rank must be {least}{self.expected}, got {self.got} from {render_shape(self.actual)}"
        wanted, given = _render(self.expected), _render(self.got)
        named = "" if self.label in (None, wanted) else f" ({self.label})"
        where = "axes from" if isinstance(self.got, tuple) else "axis"
        return (
            f"{where} {self.axis}{named} must be {wanted}, "
            f"got {given} from {render_shape(self.actual)}"
        )


def _render(value: Size | AnyShape) -> str:
    return render_shape(value) if isinstance(value, tuple) else render(value)


class BroadcastRow(tuple[Size | Variadic, ...]):
    """The sizes of ``*#name`` so far: a later use may broadcast them further."""

    __slots__ = ()


MakeError: TypeAlias = Callable[[Mismatch], ShapeError]


def bind(
    spec: ShapeSpec, actual: AnyShape, bindings: Bindings, error: MakeError | None = None
) -> None:
    """Enter into `bindings` what `actual`, annotated with `spec`, says of the names.

    Args:
        spec: The annotation.
        actual: The shape of the value, possibly symbolic or partly unknown.
        bindings: What the names stand for so far; unchanged if the shape does not fit.
        error: Makes the error of an equation that had to be taken for granted, which is written
            down in the `dim.Context` in force. None: such equations are passed over.

    Raises:
        Mismatch: the shape certainly does not fit.
    """
    matcher = _Matcher(spec, actual, dict(bindings), error)
    matcher.run()
    bindings.update(matcher.bindings)


class _Matcher:
    def __init__(
        self, spec: ShapeSpec, actual: AnyShape, bindings: Bindings, error: MakeError | None
    ) -> None:
        self.spec, self.actual, self.bindings, self.error = spec, actual, bindings, error

    def run(self) -> None:
        pairs, row = self._align()
        late = []
        for position, axis in pairs:
            if self._is_open_name(axis):
                self._named(position, axis)
            else:
                late.append((position, axis))
        if row is not None:
            self._row(*row)
        for position, axis in late:
            self._sized(position, axis)

    # -- which axis stands against which size ----------------------------------------------------
    def _align(
        self,
    ) -> tuple[list[tuple[int, Axis]], tuple[int, VariadicAxis, AnyShape] | None]:
        """The pairs of positions and axes, and the row of sizes that the variadic axis covers."""
        axes, actual = self.spec.axes, self.actual
        split = self.spec.variadic
        before = len(axes) if split is None else split
        after = 0 if split is None else len(axes) - split - 1
        hole = next((i for i, size in enumerate(actual) if isinstance(size, Variadic)), None)
        known = len(actual) - (hole is not None)
        if (hole is None and known < before + after) or (split is None and known > before):
            raise self._mismatch(None, None, before + after, known)
        if hole is None:
            front, back = before, after
        else:  # only what stands on one side of both variadic parts is surely paired
            front = min(before, hole)
            back = min(before - front if split is None else after, len(actual) - hole - 1)
        pairs = self._pairs(range(front), range(front))
        pairs += self._pairs(range(-back, 0), range(-back, 0))
        if split is None or (hole is not None and (front < before or back < after)):
            return pairs, None
        variadic = axes[split]
        assert isinstance(variadic, VariadicAxis), "spec.variadic is the place of one"
        return pairs, (before, variadic, actual[before : len(actual) - after])

    def _pairs(self, axes: range, sizes: range) -> list[tuple[int, Axis]]:
        found = []
        for place, position in zip(axes, sizes, strict=True):
            axis = self.spec.axes[place]
            assert isinstance(axis, Axis), "the variadic axis is between front and back"
            found.append((position % len(self.actual), axis))
        return found

    # -- one axis --------------------------------------------------------------------------------
    def _is_open_name(self, axis: Axis) -> bool:
        single = None if axis.tree else as_name(axis.size)
        return single is not None and not single.soft

    def _named(self, position: int, axis: Axis) -> None:
        single, got = as_name(axis.size), self.actual[position]
        assert single is not None, "only names come here"
        assert not isinstance(got, Variadic), "variadic parts are not paired with an axis"
        bound = self.bindings.get(single.name)
        if got is UNKNOWN_DIM or (axis.broadcast and got == 1):
            return
        if bound is None or isinstance(bound, tuple):
            if not (axis.broadcast and _may_be_one(got)):
                self.bindings[single.name] = got
            return
        self._same(position, axis, bound, got)
        if _is_soft(bound) and not _is_soft(got):
            self.bindings[single.name] = got

    def _sized(self, position: int, axis: Axis) -> None:
        got = self.actual[position]
        assert not isinstance(got, Variadic), "variadic parts are not paired with an axis"
        if axis.tree or (axis.broadcast and got == 1):
            return
        expected, missing = resolve(axis.size, self.bindings)
        if expected is None:
            self._solve(axis, missing, got)
        else:
            self._same(position, axis, expected, got)

    def _solve(self, axis: Axis, missing: frozenset[str], got: Size) -> None:
        """Bind the one name of an expression that nothing else says anything about."""
        if len(missing) != 1 or axis.broadcast or got is UNKNOWN_DIM:
            return
        (only,) = missing
        if any(atom.soft for atom in names(axis.size) if atom.name == only):
            return
        shadow = f"{only}'"  # the caller may have a size of the same name
        size, _ = resolve(axis.size, {**self.bindings, only: name(shadow)})
        value = None if size is None else solve(size, got, shadow)
        if value is not None and not (isinstance(value, int) and value < 0):
            self.bindings[only] = value

    def _same(self, position: int, axis: Axis, expected: Size, got: Size) -> None:
        verdict = compare(got, expected)
        if verdict.truth is Truth.NO:
            raise self._mismatch(position, str(axis), expected, got)
        if verdict.truth is Truth.CONDITIONAL and self.error is not None:
            error, broken = self.error, self._mismatch(position, str(axis), expected, got)
            check_equal(got, expected, lambda: error(broken))

    # -- the variadic axis -----------------------------------------------------------------------
    def _row(self, position: int, axis: VariadicAxis, got: AnyShape) -> None:
        if axis.helper is not None:
            expected = axis.helper(self.bindings)
            if not self._rows_agree(expected, got):
                raise self._mismatch(position, str(axis), expected, got)
        if axis.name is None or axis.tree:
            return
        key = f"*{axis.name}"
        bound = self.bindings.get(key)
        if not isinstance(bound, tuple):
            if got != (ELLIPSIS,):
                self.bindings[key] = BroadcastRow(got) if axis.broadcast else got
            return
        if isinstance(bound, BroadcastRow) or axis.broadcast:
            self._broadcast_row(position, axis, key, bound, got)
        elif not self._rows_agree(bound, got):
            raise self._mismatch(position, str(axis), bound, got)

    def _rows_agree(self, a: AnyShape, b: AnyShape) -> bool:
        """Whether two rows of sizes may be the same."""
        fixed = (is_fixed(a), is_fixed(b))
        same_row = not any(fixed) and a[_hole(a)] == b[_hole(b)] != ELLIPSIS
        if (all(fixed) or same_row) and len(a) != len(b):
            return False
        front = min(_hole(a), _hole(b))
        backs = [len(row) - _hole(row) - 1 for row in (a, b) if not is_fixed(row)]
        back = min([*backs, len(a), len(b)]) if backs else 0
        if any(is_fixed(row) and len(row) < len(other) - 1 for row, other in ((a, b), (b, a))):
            return False
        pairs = [*zip(a[:front], b[:front], strict=True)]
        pairs += zip(a[len(a) - back :], b[len(b) - back :], strict=True)
        return all(
            isinstance(x, Variadic)
            or isinstance(y, Variadic)
            or compare(x, y).truth is not Truth.NO
            for x, y in pairs
        )

    def _broadcast_row(
        self, position: int, axis: VariadicAxis, key: str, bound: AnyShape, got: AnyShape
    ) -> None:
        if not is_fixed(bound) or not is_fixed(got):
            return
        together = _broadcast(bound, got)
        grown = isinstance(bound, BroadcastRow)  # what is bound may still grow
        if together is None or not (
            (axis.broadcast or self._rows_agree(together, got))
            and (grown or self._rows_agree(together, bound))
        ):
            raise self._mismatch(position, str(axis), bound, got)
        if grown:
            self.bindings[key] = BroadcastRow(together) if axis.broadcast else together

    def _mismatch(
        self, axis: int | None, label: str | None, expected: Size | AnyShape, got: Size | AnyShape
    ) -> Mismatch:
        return Mismatch(self.spec, self.actual, axis=axis, label=label, expected=expected, got=got)


def _hole(row: AnyShape) -> int:
    """How many sizes stand before the variadic part, or in all."""
    return next((i for i, size in enumerate(row) if isinstance(size, Variadic)), len(row))


def _is_soft(size: Size) -> bool:
    return any(atom.soft for atom in names(size))


def _may_be_one(size: Size) -> bool:
    """Whether a size could be the 1 that broadcasts, as far as anybody knows."""
    return size is UNKNOWN_DIM or _is_soft(size)


def _broadcast(a: AnyShape, b: AnyShape) -> AnyShape | None:
    """The row two rows of known length broadcast to, None if they certainly do not."""
    length = max(len(a), len(b))
    long_a, long_b = ((1,) * (length - len(row)) + row for row in (a, b))
    out: list[Size | Variadic] = []
    for x, y in zip(long_a, long_b, strict=True):
        assert isinstance(x, (int, Dim)), "rows of known length have sizes only"
        assert isinstance(y, (int, Dim)), "rows of known length have sizes only"
        if x == 1 or y == 1:
            out.append(y if x == 1 else x)
        elif compare(x, y).truth is Truth.NO:
            return None
        else:
            out.append(y if _may_be_one(x) else x)
    return tuple(out)


def resolve(
    size: Size, bindings: Mapping[str, Size | AnyShape]
) -> tuple[Size | None, frozenset[str]]:
    """`size` with its names replaced by what they are bound to, and the names that are not bound.

    The size is None when a name is not bound.
    """
    if isinstance(size, int) or size is UNKNOWN_DIM:
        return size, frozenset()
    found = names(size)
    missing = frozenset(
        atom.name for atom in found if not isinstance(bindings.get(atom.name), (int, Dim))
    )
    if missing:
        return None, missing

    values = {atom.name: bindings[atom.name] for atom in found}
    try:
        return substitute(size, values), frozenset()  # type: ignore[arg-type]
    except ZeroDivisionError:
        return UNKNOWN_DIM, frozenset()


def instantiate(
    spec: ShapeSpec,
    bindings: Mapping[str, Size | AnyShape],
    fresh: Callable[[str], Size] | None = None,
) -> AnyShape:
    """The shape of a result annotated with `spec`.

    Args:
        spec: The annotation.
        bindings: What the names stand for.
        fresh: The size that stands for a name which nothing binds; left out, it is unknown.

    Raises:
        ShapeError: a helper in the annotation is broken for these sizes.
    """
    out: list[Size | Variadic] = []
    for item in spec.axes:
        if isinstance(item, VariadicAxis):
            out.extend(_instantiate_row(item, bindings))
            continue
        size, missing = resolve(item.size, bindings)
        if size is None and fresh is not None:
            made = {label: fresh(label) for label in sorted(missing)}
            size, _ = resolve(item.size, {**bindings, **made})
        out.append(UNKNOWN_DIM if size is None or item.broadcast or item.tree else size)
    return one_row(out)


def _instantiate_row(axis: VariadicAxis, bindings: Mapping[str, Size | AnyShape]) -> AnyShape:
    if axis.helper is not None:
        return axis.helper(bindings)
    row = None if axis.name is None else bindings.get(f"*{axis.name}")
    known = isinstance(row, tuple) and not axis.broadcast and not axis.tree
    return tuple(row) if known and isinstance(row, tuple) else (ELLIPSIS,)
