"""Shapes as comments at the ends of lines."""

from __future__ import annotations

from shapetorch.cli.messages import group
from shapetorch.cli.shapes import annotate
from shapetorch.flow.problems import ShapeAt


def test_comments_are_aligned() -> None:
    text = "x = f()\nlonger_name = g(x)\nprint(1)\n"
    shapes = [ShapeAt(1, 1, 0, "x", "[B]"), ShapeAt(2, 2, 0, "longer_name", "[B, T]")]
    assert annotate(text, shapes) == (
        "x = f()             # [B]\nlonger_name = g(x)  # [B, T]\nprint(1)\n"
    )


def test_several_names_on_one_line() -> None:
    same = [ShapeAt(1, 1, 0, "q", "[B]"), ShapeAt(1, 1, 3, "k", "[B]")]
    assert annotate("q, k = f()", same) == "q, k = f()  # q, k: [B]\n"
    other = [same[0], ShapeAt(1, 1, 3, "k", "[2]")]
    assert annotate("q, k = f()", other) == "q, k = f()  # q: [B], k: [2]\n"


def test_a_statement_of_several_lines_has_its_comment_at_the_end() -> None:
    shapes = [ShapeAt(1, 3, 0, "x", "[B]")]
    assert annotate("x = f(\n    1,\n)\n", shapes) == "x = f(\n    1,\n)  # [B]\n"


def test_a_very_long_line_does_not_push_the_others_away() -> None:
    shapes = [ShapeAt(1, 1, 0, "x", "[B]"), ShapeAt(2, 2, 0, "y", "[T]")]
    lines = annotate("x = 1\ny = " + "1" * 120, shapes).splitlines()
    assert lines[0] == "x = 1  # [B]"
    assert lines[1].endswith("1  # [T]")


def test_notes_belong_to_their_error() -> None:
    lines = [
        "a.py:3:5:3:9: error: no  [code-a]",
        "a.py:3:5:3:9: note: because",
        "a.py:4:1:4:2: note: alone",
        "nothing we know",
    ]
    first, second, third = group(lines)
    assert (first.place, first.code, first.notes) == ("a.py:3:5", "code-a", ["because"])
    assert (second.severity, second.text, second.code) == ("note", "alone", None)
    assert (third.place, third.text) == ("", "nothing we know")
