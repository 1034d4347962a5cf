"""Our operations against PyTorch eager, on one thread: ``python -m benchmarks.ops [--json FILE]``.

Both sides run the same program on the same numbers, in turns, and each round gives a ratio of processor
times (ours / PyTorch's); the median over the rounds is the operation's, the geometric mean over the
operations a size's. Ratios below 1 mean that we are faster. Absolute times depend on the machine and
on what else it does, so none is printed.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

import shapetorch
from shapetorch.tensor import kernels, threads

Program = Callable[[], Any]
SIZES = {"tiny": 4, "medium": 256, "large": 4096}
GOALS = {"tiny": 0.6, "medium": 0.65, "large": 0.3, "matmul": 1.0, "conv 3x3": 1.0}
SLOWER_AT_MOST = 5


@dataclass(frozen=True)
class Case:
    """One program: a function of the library that makes operands and gives what is timed."""

    name: str
    group: str
    make: Callable[[Any], Program]


def operands(library: Any, *shapes: tuple[int, ...], seed: int = 0) -> list[Any]:
    """The same random float32 numbers on both sides."""
    rng = np.random.default_rng(seed)
    return [library.from_numpy(rng.standard_normal(s).astype(np.float32)) for s in shapes]


UNARY = "exp log sqrt rsqrt tanh sigmoid relu neg abs sin cos erf square floor reciprocal".split()
BINARY = "add sub mul div maximum pow".split()
REDUCTIONS = "sum mean amax argmax std".split()


def elementwise(group: str, n: int) -> Iterator[Case]:
    """Operations on matrices of n x n."""
    shape = (n, n)

    def case(name: str, program: Callable[[Any, list[Any]], Any], *shapes: tuple[int, ...]) -> Case:
        def make(library: Any) -> Program:
            made = operands(library, *(shapes or (shape, shape)))
            return lambda: program(library, made)

        return Case(f"{name} {group}", group, make)

    for name in UNARY:
        if name in ("log", "sqrt", "rsqrt"):
            yield case(name, lambda t, x, n=name: getattr(x[0], n)(), shape)
        else:
            yield case(name, lambda t, x, n=name: getattr(t, n)(x[0]), shape)
    for name in BINARY:
        yield case(name, lambda t, x, n=name: getattr(t, n)(x[0], x[1]))
    yield case("a + b", lambda t, x: x[0] + x[1])
    yield case("a * 2", lambda t, x: x[0] * 2.0, shape)
    yield case("a > b", lambda t, x: x[0] > x[1])
    yield case("where", lambda t, x: t.where(x[0] > 0, x[0], x[1]))
    yield case("clamp", lambda t, x: x[0].clamp(-1.0, 1.0), shape)
    yield case("row broadcast", lambda t, x: x[0] + x[1], shape, (n,))
    yield case("addcmul", lambda t, x: t.addcmul(x[0], x[0], x[1]))
    yield case("gelu", lambda t, x: t.nn.functional.gelu(x[0]), shape)
    yield case("silu", lambda t, x: t.nn.functional.silu(x[0]), shape)
    yield case("softplus", lambda t, x: t.nn.functional.softplus(x[0]), shape)
    yield case("softmax", lambda t, x: t.softmax(x[0], -1), shape)
    yield case("log_softmax", lambda t, x: t.log_softmax(x[0], -1), shape)
    yield case(
        "layer_norm",
        lambda t, x: t.nn.functional.layer_norm(x[0], (n,), x[1], x[2]),
        shape,
        (n,),
        (n,),
    )
    for name in REDUCTIONS:
        yield case(f"{name} rows", lambda t, x, n=name: getattr(x[0], n)(-1), shape)
    yield case("sum", lambda t, x: x[0].sum(), shape)
    yield case("sum columns", lambda t, x: x[0].sum(0), shape)
    yield case("cat", lambda t, x: t.cat([x[0], x[1]]))
    yield case("cumsum", lambda t, x: x[0].cumsum(-1), shape)
    if n < 4096:
        yield case("view", lambda t, x: x[0].view(-1), shape)
        yield case("transpose", lambda t, x: x[0].transpose(0, 1), shape)
        yield case("index", lambda t, x: x[0][0], shape)
        yield case("slice", lambda t, x: x[0][1:3, :2], shape)
        yield case("sort", lambda t, x: x[0].sort(-1), shape)
        yield case("cross_entropy", _cross_entropy(n), shape)
        yield case("forward and backward", _backward, shape, shape)


def _cross_entropy(n: int) -> Callable[[Any, list[Any]], Any]:
    rows = np.arange(n) % n

    def program(t: Any, x: list[Any]) -> Any:
        logits = x[0].detach().requires_grad_()
        t.nn.functional.cross_entropy(logits, t.from_numpy(rows)).backward()
        return logits.grad

    return program


def _backward(t: Any, x: list[Any]) -> Any:
    a = x[0].detach().requires_grad_()
    (a * x[1] + a).tanh().sum().backward()
    return a.grad


def products() -> Iterator[Case]:
    """Products of matrices."""
    for n in (4, 64, 256, 1024):

        def make(library: Any, n: int = n) -> Program:
            a, b = operands(library, (n, n), (n, n))
            return lambda: a @ b

        yield Case(f"matmul {n}", "matmul", make)

    def bmm(library: Any) -> Program:
        a, b = operands(library, (32, 64, 64), (32, 64, 64))
        return lambda: library.bmm(a, b)

    def linear(library: Any) -> Program:
        x, w, bias = operands(library, (1024, 128), (512, 128), (512,))
        return lambda: library.nn.functional.linear(x, w, bias)

    yield Case("bmm 32x64", "matmul", bmm)
    yield Case("linear 1024x128->512", "matmul", linear)


def convolutions() -> Iterator[Case]:
    """3 x 3 convolutions."""
    for batch, channels, size in ((8, 64, 56), (16, 16, 28), (4, 128, 28)):

        def make(library: Any, b: int = batch, c: int = channels, s: int = size) -> Program:
            x, w = operands(library, (b, c, s, s), (c, c, 3, 3))
            return lambda: library.nn.functional.conv2d(x, w, padding=1)

        yield Case(f"conv 3x3 {channels} channels {size}x{size}", "conv 3x3", make)


def others() -> Iterator[Case]:
    """What else a model spends its time in."""

    def pooling(library: Any) -> Program:
        (x,) = operands(library, (8, 64, 56, 56))
        return lambda: library.nn.functional.max_pool2d(x, 2)

    def batch_norm(library: Any) -> Program:
        x, mean, weight, bias = operands(library, (8, 64, 56, 56), (64,), (64,), (64,))
        variance = mean.abs() + 1
        return lambda: library.nn.functional.batch_norm(
            x, mean, variance, weight, bias, training=True
        )

    def embedding(library: Any) -> Program:
        (table,) = operands(library, (5000, 256))
        rows = library.from_numpy(np.random.default_rng(0).integers(0, 5000, 2048))
        return lambda: library.nn.functional.embedding(rows, table)

    def attention(library: Any) -> Program:
        q, k, v = operands(library, *[(4, 8, 128, 64)] * 3)
        return lambda: library.nn.functional.scaled_dot_product_attention(q, k, v)

    for name, make in {
        "max_pool2d": pooling,
        "batch_norm": batch_norm,
        "embedding": embedding,
        "attention": attention,
    }.items():
        yield Case(name, "others", make)


def ratio(case: Case, rounds: int) -> float:
    """The median ratio of processor times, ours to PyTorch's."""
    ours, theirs = case.make(shapetorch), case.make(torch)
    for _ in range(3):  # kernels are compiled, verdicts kept, memory taken
        ours(), theirs()
    start = time.process_time()
    theirs()
    once = max(time.process_time() - start, 1e-7)
    calls = max(1, min(2000, int(0.004 / once)))
    found = []
    for _ in range(rounds):
        found.append(_seconds(ours, calls) / _seconds(theirs, calls))
    return statistics.median(found)


def _seconds(program: Program, calls: int) -> float:
    start = time.process_time()
    for _ in range(calls):
        program()
    return max(time.process_time() - start, 1e-9)


def cases() -> Iterator[Case]:
    """All of them."""
    for group, n in SIZES.items():
        yield from elementwise(group, n)
    yield from products()
    yield from convolutions()
    yield from others()


def main() -> int:
    """Print a row for each operation and the geometric means; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", help="only operations whose name contains one of these")
    parser.add_argument(
        "--rounds", type=int, default=9, help="rounds for each operation (default: 9)"
    )
    parser.add_argument("--json", type=Path, help="also write the ratios to this file")
    options = parser.parse_args()
    torch.set_num_threads(1)
    threads.set_num_threads(1)
    kernels.warmup()
    gc.disable()
    ratios: dict[str, dict[str, float]] = {}
    for case in cases():
        if options.names and not any(name in case.name for name in options.names):
            continue
        found = ratio(case, options.rounds)
        ratios.setdefault(case.group, {})[case.name] = found
        print(f"{case.name:36}{found:8.2f}", flush=True)
        gc.collect()
    means = {
        group: math.exp(statistics.fmean(map(math.log, found.values())))
        for group, found in ratios.items()
    }
    slower = sorted(name for found in ratios.values() for name, value in found.items() if value > 1)
    print("\ngeometric means, ours / PyTorch")
    for group, mean in means.items():
        goal = f"  (goal: {GOALS[group]})" if group in GOALS else ""
        print(f"{group:36}{mean:8.2f}{goal}")
    print(
        f"slower than PyTorch: {len(slower)} (goal: at most {SLOWER_AT_MOST}) {', '.join(slower)}"
    )
    if options.json:
        result = {"ratios": ratios, "geometric means": means, "slower": slower}
        options.json.write_text(json.dumps(result, indent=1) + "\n")
    missed = [group for group, mean in means.items() if mean > GOALS.get(group, math.inf)]
    return int(bool(missed) or len(slower) > SLOWER_AT_MOST)


if __name__ == "__main__":
    sys.exit(main())
