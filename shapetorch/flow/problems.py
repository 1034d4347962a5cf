"""What an analysis reports: problems with their notes, and the shapes of assigned tensors."""

from __future__ import annotations

from dataclasses import dataclass, field

Place = tuple[int, int, int, int]  # first line and column, last line and column


@dataclass(frozen=True)
class Note:
    """A remark that belongs to a problem; `line` if it is about another line of the same file."""

    text: str
    line: int | None = None


@dataclass(frozen=True)
class Problem:
    """One error, in the user's words.

    Attributes:
        line: First line of the expression, from 1.
        column: First column, from 0.
        end_line: Last line.
        end_column: Column behind the last character.
        kind: The error kind, which is the error code.
        message: The text.
        notes: Remarks shown below it.
        severity: ``error`` or ``note``.
        first_line: Where the statement begins; a ``type: ignore`` counts from there on.
        inner: Module, line and kind of the place inside a called helper where the rule was broken.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    kind: str
    message: str
    notes: tuple[Note, ...] = ()
    severity: str = "error"
    first_line: int = 0
    inner: tuple[str, int, str] | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What it is about: of several problems with one key the first is reported."""
        if self.inner is not None:  # the first rule that a call breaks inside would have ended it
            return (self.line, self.column, self.end_line, self.end_column)
        told = self.message if self.severity == "note" else ""
        return (self.line, self.column, self.kind, told)


@dataclass(frozen=True)
class ShapeAt:
    """The shape of a tensor where a name is bound."""

    line: int
    end_line: int
    column: int
    name: str
    text: str


@dataclass
class Report:
    """The result of analysing one module.

    Attributes:
        problems: In the order of lines.
        shapes: The shapes of assigned tensors, in the order of lines.
        read: Other modules whose source was consulted.
        tensors: How many expressions were tensors, and how many of those had a known shape.
        known: For each expression that was a tensor, by its place, whether its shape was known.
        unknown: The places of expressions of whose value nothing was known.
    """

    problems: list[Problem] = field(default_factory=list)
    shapes: list[ShapeAt] = field(default_factory=list)
    read: set[str] = field(default_factory=set)
    tensors: tuple[int, int] = (0, 0)
    known: dict[Place, bool] = field(default_factory=dict)
    unknown: set[Place] = field(default_factory=set)
