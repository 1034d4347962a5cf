"""Our reading of shape strings against jaxtyping's, run on arrays: same verdict, same bindings."""

import random

import numpy as np
import pytest

jaxtyping = pytest.importorskip("jaxtyping")
from jaxtyping import AnnotationError, Float, Shaped, jaxtyped  # noqa: E402
from jaxtyping._storage import get_shape_memo  # noqa: E402

from shapetorch.annotations import (  # noqa: E402
    DTYPE_CLASSES,
    Mismatch,
    bind,
    dtype_clash,
    parse_jaxtyping,
)

WORDS = (
    "a b c 2 3 1 _ _x ... *r *s *_ *#r *#s #a #b #3 #1 n=2 #n=3 a+1 a*b a+b b//2 (a+b)*2 max(a,b) "
    "#a*2 a-1 2*a a%2"
).split()
MALFORMED = "##a **r __a ??a a,b a# a... ...a *4 _4 ?4 _a+b *a+b ?a+b #_ #_a *#_ *r_*s *#... 4# *_4 *?4".split()
SINGLE = [
    *WORDS,
    *MALFORMED,
    "a=b",
    "a==b",
    "=4",
    "4=a",
    "*a=4",
    "_=4",
    "*",
    "#",
    "?",
    "_",
]


def reads(make) -> bool:
    try:
        make()
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("word", SINGLE)
def test_same_words_are_malformed(word):
    expected = reads(lambda: Shaped[np.ndarray, word])
    assert reads(lambda: parse_jaxtyping(word)) is expected


@pytest.mark.parametrize("text", ["*a *b", "... ...", "*a ...", "a *b c", "a ... c", "... *_"])
def test_one_row_only(text):
    expected = reads(lambda: Shaped[np.ndarray, text])
    assert reads(lambda: parse_jaxtyping(text)) is expected


def theirs(steps):
    """Which of the shapes jaxtyping accepts, and its bindings; None where it gives up."""
    with jaxtyped("context"):
        verdicts = []
        for text, shape in steps:
            try:
                verdicts.append(isinstance(np.empty(shape), Shaped[np.ndarray, text]))
            except (AnnotationError, ZeroDivisionError):
                return None
        sizes, rows, *_ = get_shape_memo()
        return verdicts, {**sizes, **{f"*{name}": row for name, (_, row) in rows.items()}}


def ours(steps):
    bindings = {}
    verdicts = []
    for text, shape in steps:
        try:
            bind(parse_jaxtyping(text), shape, bindings)
            verdicts.append(True)
        except Mismatch:
            verdicts.append(False)
    return verdicts, bindings


def draw(rng):
    words = rng.choices(WORDS, k=rng.randint(0, 4))
    text = " ".join(words)
    if rng.random() < 0.15:
        shape = tuple(rng.choices((0, 1, 2, 3, 4, 5), k=rng.randint(0, 5)))
    else:  # a rank that can fit
        shape = ()
        for word in words:
            row = word[0] == "*" or word == "..."
            shape += tuple(rng.choices((1, 2, 3, 4), k=rng.randint(0, 2) if row else 1))
    return text, shape


def test_same_verdicts_on_generated_strings():
    rng = random.Random(20251122)
    compared = accepted = 0
    while compared < 1000:
        steps = [draw(rng) for _ in range(rng.randint(1, 4))]
        if any(not reads(lambda text=text: parse_jaxtyping(text)) for text, _ in steps):
            assert any(not reads(lambda text=text: Shaped[np.ndarray, text]) for text, _ in steps)
            continue
        expected = theirs(steps)
        if expected is None:
            continue
        compared += 1
        accepted += all(expected[0])
        assert ours(steps) == expected, steps
    assert 100 < accepted < 900, "both verdicts occur"


CLASSES = [name for name in DTYPE_CLASSES if name not in ("PRNGKeyArray",)]
DTYPES = "bool uint8 uint16 int8 int32 int64 float16 float32 float64 complex64".split()


@pytest.mark.parametrize("cls", CLASSES)
def test_same_dtypes(cls):
    if not hasattr(jaxtyping, cls):
        pytest.skip(f"{cls} is not exported")
    for dtype in DTYPES:
        expected = isinstance(np.empty(2, dtype), getattr(jaxtyping, cls)[np.ndarray, "2"])
        assert dtype_clash(cls, dtype) is not expected, dtype


def test_the_comparison_can_fail():
    with jaxtyped("context"):
        assert isinstance(np.empty((2, 3)), Float[np.ndarray, "a b"])
        assert not isinstance(np.empty((2, 2)), Float[np.ndarray, "a b"])
