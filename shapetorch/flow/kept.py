"""What is kept of an analysis for the next one: the report of a module, and the verdict of each item.

A report is good again if nothing has changed: the text of every item and of every module that was asked
for. A verdict is good again if the text of its item is the same, every name that was looked up at the
top level stands for the same (see `portraits`), and so do the answers that the module as a whole gave.
Places are kept relative to the item they are in, so that lines may move.

What depends on the order in which modules were run (`Run.tangled`) is not kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from shapetorch.flow.items import Item, Items
from shapetorch.flow.problems import Note, Problem, Report
from shapetorch.flow.program import Module, Program

Data = dict[str, Any]  # what JSON can say


class Shelf(Protocol):
    """Where the data of a module lies between two runs."""

    def load(self, module: str) -> Data | None:
        """What was saved last, by the same version of our code and of Python."""

    def save(self, module: str, data: Data) -> None:
        """Keep it for the next run."""


class UnplacedError(Exception):
    """A line belongs to no item of the module, or to one of two alike."""


@dataclass
class Verdict:
    """What checking one item has given, and what that depends on."""

    problems: list[Problem]
    read: set[str]
    looked: dict[str, str]
    notes: set[tuple[str, str, bool]]


@dataclass
class Kept:
    """What is known of a module from before, and what shall be kept.

    Attributes:
        module: The module.
        program: All modules.
        shelf: Where it lies.
        level: How strict the analysis is.
        data: What was saved last, if it is of use.
    """

    module: Module
    program: Program
    shelf: Shelf
    level: str
    data: Data = field(default_factory=dict)

    def __post_init__(self) -> None:
        data = self.shelf.load(self.module.name)
        if data is None or data.get("key") != self._key():
            return
        if all(self._digest(name) == digest for name, digest in data["asked"].items()):
            self.data = data

    def _key(self) -> list[str]:
        return [self.level, self.module.path]

    def _digest(self, name: str) -> str | None:
        source = self.program.source(name)
        return None if source is None else hashlib.sha256(source.text.encode()).hexdigest()[:20]

    # -- the whole module -----------------------------------------------------------------------

    def report(self) -> Report | None:
        """The report of before, if the module has the same items."""
        items = self.module.items
        if self.data.get("report") is None or self.data["items"] != [it.digest for it in items]:
            return None

        def line(place: Any) -> int:
            return int(items[place[0]].first + place[1])

        problems = [_unpacked(packed, self.module.name, line) for packed in self.data["report"]]
        return Report(problems, read=set(self.data["read"]))

    # -- one item -------------------------------------------------------------------------------

    def verdict(self, item: Item, of: Callable[[str], str]) -> Verdict | None:
        """The verdict of before on an item; `of` tells what a name stands for now."""
        packed = self.data.get("verdicts", {}).get(item.digest)
        if packed is None or self.module.items.only(item.digest) is None:
            return None
        surface = self.module.surface
        for question, label, answer in packed["notes"]:
            if (label in getattr(surface, question)) is not answer:
                return None
        if any(of(label) != digest for label, digest in packed["looked"].items()):
            return None

        def line(place: Any) -> int:
            found = self.module.items.only(place[0])
            if found is None:
                raise UnplacedError
            return int(found.first + place[1])

        try:
            problems = [_unpacked(it, self.module.name, line) for it in packed["problems"]]
        except UnplacedError:
            return None
        notes = {(question, label, answer) for question, label, answer in packed["notes"]}
        return Verdict(problems, set(packed["read"]), packed["looked"], notes)

    # -- saving ---------------------------------------------------------------------------------

    def save(self, report: Report | None, verdicts: dict[str, Verdict]) -> None:
        """Keep a report, if it depends on nothing else, and the verdicts by the digests of items."""
        items = self.module.items
        asked = {name: self._digest(name) for name in self.program.asked - {self.module.name}}
        self.shelf.save(
            self.module.name,
            {
                "key": self._key(),
                "asked": {**self.data.get("asked", {}), **asked},
                "items": [item.digest for item in items],
                "read": sorted(report.read) if report is not None else [],
                "report": self._packed_report(report),
                "interfaces": self._interfaces(),
                "verdicts": {
                    digest: packed
                    for digest, verdict in verdicts.items()
                    if (packed := self._packed_verdict(verdict)) is not None
                },
            },
        )

    def _interfaces(self) -> dict[str, str]:
        known = self.program.interfaces.get(self.module.name, {})
        digests = {item.digest for item in self.module.items}
        return {digest: interface for digest, interface in known.items() if digest in digests}

    def _packed_report(self, report: Report | None) -> list[Data] | None:
        if report is None:
            return None
        numbers = {id(item): place for place, item in enumerate(self.module.items)}

        def place(line: int) -> Any:
            item = _item(self.module.items, line)
            return numbers[id(item)], line - item.first

        try:
            return [_packed(problem, self.module.name, place) for problem in report.problems]
        except UnplacedError:
            return None

    def _packed_verdict(self, verdict: Verdict) -> Data | None:
        def place(line: int) -> Any:
            item = _item(self.module.items, line)
            if self.module.items.only(item.digest) is None:
                raise UnplacedError
            return item.digest, line - item.first

        try:
            problems = [_packed(it, self.module.name, place) for it in verdict.problems]
        except UnplacedError:
            return None
        return {
            "problems": problems,
            "read": sorted(verdict.read),
            "looked": verdict.looked,
            "notes": sorted(verdict.notes),
        }


def _item(items: Items, line: int) -> Item:
    item = items.at(line)
    if item is None:
        raise UnplacedError
    return item


def _packed(problem: Problem, main: str, place: Callable[[int], Any]) -> Data:
    """A problem as data; `place` says where a line is."""
    data: Data = {**vars(problem)}
    for name in ("line", "end_line", "first_line"):
        data[name] = place(data[name]) if data[name] else None
    data["notes"] = [(it.text, place(it.line) if it.line else None) for it in problem.notes]
    if problem.inner is not None:
        module, line, kind = problem.inner
        data["inner"] = (module, place(line) if module == main else line, kind)
    return data


def _unpacked(data: Data, main: str, line: Callable[[Any], int]) -> Problem:
    """A problem from data; `line` says which line a place is now."""
    values = dict(data)
    for name in ("line", "end_line", "first_line"):
        values[name] = line(values[name]) if values[name] else 0
    values["notes"] = tuple(Note(text, line(at) if at else None) for text, at in data["notes"])
    if data["inner"] is not None:
        module, at, kind = data["inner"]
        values["inner"] = (module, line(at) if module == main else at, kind)
    return Problem(**values)
