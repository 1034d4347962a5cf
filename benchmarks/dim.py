"""The time of 10,000 symbolic rule evaluations: ``python -m benchmarks.dim``.

Half are matrix products, half the comparison of element counts that a reshape makes, all of rank 4;
half over names that come again and again, as in one function, half over names never seen before, as
at each call of an annotated function. The target is 0.5 s in total.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from shapetorch.dim import Dim, Truth, equal, name, product
from shapetorch.rules.products import matmul_shape

EVALUATIONS = 10_000
TARGET_SECONDS = 0.5


def matmul_of(b: Dim, h: Dim, t: Dim, d: Dim, e: Dim) -> None:
    assert matmul_shape((b, h, t, d), (b, h, d, e)) == (b, h, t, e)


def numel_of(b: Dim, h: Dim, t: Dim, d: Dim, e: Dim) -> None:
    assert equal(product((b, h, t, d)), product((b, t, h * d, 1))) is Truth.YES


def seconds(rule: Callable[..., None], labels: list[str]) -> float:
    start = time.process_time()
    for label in labels:
        rule(*(name(letter + label) for letter in ("b", "h", "t", "d", "e")))
    return time.process_time() - start


def main() -> float:
    quarter = EVALUATIONS // 4
    recurring = [str(i % 7) for i in range(quarter)]
    total = 0.0
    for rule in (matmul_of, numel_of):
        fresh = [f"{rule.__name__}{i}" for i in range(quarter)]
        for title, labels in (("recurring", recurring), ("fresh", fresh)):
            taken = seconds(rule, labels)
            total += taken
            print(f"{rule.__name__:10} {title:10} {quarter:6} evaluations  {taken:.3f} s")
    print(f"{'in total':21} {EVALUATIONS:6} evaluations  {total:.3f} s, target {TARGET_SECONDS} s")
    return total


if __name__ == "__main__":
    main()
