"""Compiled code that is kept: read again if it is whole, and compiled again if it is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shapetorch.tensor.kernels import compiling


def _sum(a: float, b: float) -> float:
    return a + b


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setattr(compiling, "_folder", str(tmp_path))
    return tmp_path


def hits() -> int:
    """How often a kernel made anew finds its code; it must compute in any case."""
    made: Any = compiling.kernel()(_sum)
    assert made(1.5, 2.0) == 3.5
    return sum(made.stats.cache_hits.values())


def cut(size: float) -> Callable[[bytes], bytes]:
    """Leaves a part of a file, or all but some bytes."""
    return lambda data: data[: int(size * len(data)) if 0 <= size < 1 else int(size)]


def flipped(place: float) -> Callable[[bytes], bytes]:
    """Changes one bit."""

    def damage(data: bytes) -> bytes:
        at = int(place * len(data))
        return data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]

    return damage


DAMAGES = {
    "empty": cut(0),
    "half": cut(0.5),
    "one-byte-less": cut(-1),
    "no-digest": cut(-32),
    "changed": flipped(0.5),
    "changed-end": flipped(0.999),
    "text": lambda _: b"not a pickle",
}


def test_code_is_kept(folder: Path) -> None:
    assert [hits(), hits()] == [0, 1]
    assert {path.suffix for path in folder.rglob("*") if path.is_file()} == {".nbi", ".nbc"}


@pytest.mark.parametrize("name", DAMAGES)
def test_damaged_code(folder: Path, name: str) -> None:
    hits()
    (path,) = folder.rglob("*.nbc")
    path.write_bytes(DAMAGES[name](path.read_bytes()))
    assert [hits(), hits()] == [0, 1]


@pytest.mark.parametrize("name", ["empty", "half", "text"])
def test_damaged_index(folder: Path, name: str) -> None:
    hits()
    (path,) = folder.rglob("*.nbi")
    path.write_bytes(DAMAGES[name](path.read_bytes()))
    assert [hits(), hits()] == [0, 1]


def test_code_that_cannot_be_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("numba.core.caching.IndexDataCacheFile._open_for_write", full)
    assert [hits(), hits()] == [0, 0]
