"""Our einops against the einops package, and that package on our tensors."""

from __future__ import annotations

from typing import Any

import einops
import numpy as np
import pytest

import shapetorch
from shapetorch import einops as ours
from shapetorch.errors import ErrorKind, ShapeError

ours.register_backend()
X = np.arange(2 * 3 * 4 * 6, dtype=np.float64).reshape(2, 3, 4, 6) / 7
CALLS: list[tuple[str, tuple[Any, ...], dict[str, int]]] = [
    ("rearrange", ("b c h w -> b (h w) c",), {}),
    ("rearrange", ("b c (h a) (w d) -> (b a d) c h w",), {"a": 2, "d": 3}),
    ("rearrange", ("... w -> w ...",), {}),
    ("rearrange", ("b ... -> b (...)",), {}),
    ("rearrange", ("b c h w -> b c h w",), {}),
    ("rearrange", ("b c h w -> (b c) 1 h () w",), {}),
    ("rearrange", ("b c ... -> ... (b c)",), {}),
    ("reduce", ("b c h w -> b c", "mean"), {}),
    ("reduce", ("b c (h 2) (w 3) -> b c h w", "max"), {}),
    ("reduce", ("b c h w ->", "sum"), {}),
    ("reduce", ("b c h w -> b 1 h 1", "prod"), {}),
    ("reduce", ("b ... -> ...", "min"), {}),
    ("reduce", ("b c (h k) w -> c (k w)", "sum"), {"k": 2}),
    ("reduce", ("b c h w -> w h", lambda x, dims: x.sum(tuple(dims)) * 2), {}),
    ("repeat", ("b c h w -> b c (h 2) w",), {}),
    ("repeat", ("b c h w -> k b c h w",), {"k": 3}),
    ("repeat", ("b c h w -> (b k) c (w m) h",), {"k": 3, "m": 2}),
]
IDS = [f"{name} {args[0]}" for name, args, _ in CALLS]


@pytest.mark.parametrize(("name", "args", "lengths"), CALLS, ids=IDS)
def test_as_einops(name: str, args: tuple[Any, ...], lengths: dict[str, int]) -> None:
    x = shapetorch.from_numpy(X)
    expected = np.asarray(getattr(einops, name)(X, *args, **lengths))
    mine = getattr(ours, name)(x, *args, **lengths).numpy()
    theirs = getattr(einops, name)(x, *args, **lengths).numpy()
    for got in (mine, theirs):
        assert got.shape == expected.shape
        assert np.allclose(got, expected)


def test_einsum() -> None:
    x = shapetorch.from_numpy(X)
    pattern = "b chan h w, b chan h other -> b w other"
    expected = einops.einsum(X, X, pattern)
    assert np.allclose(ours.einsum(x, x, pattern).numpy(), expected)
    assert np.allclose(einops.einsum(x, x, pattern).numpy(), expected)


def test_lists_are_stacked() -> None:
    parts = [shapetorch.from_numpy(item) for item in X]
    assert np.array_equal(ours.rearrange(parts, "b c h w -> c b h w").numpy(), X.swapaxes(0, 1))


def test_pack_and_unpack() -> None:
    x = shapetorch.from_numpy(X)
    packed, shapes = ours.pack([x, x[:, 0]], "b * w")
    expected, expected_shapes = einops.pack([X, X[:, 0]], "b * w")
    assert np.array_equal(packed.numpy(), expected)
    assert list(map(tuple, shapes)) == list(map(tuple, expected_shapes))
    for part, original in zip(ours.unpack(packed, shapes, "b * w"), (X, X[:, 0]), strict=True):
        assert np.array_equal(part.numpy(), original)
    assert [tuple(part.shape) for part in ours.unpack(packed, [[-1], [4]], "b * w")] == [
        (2, 12, 6),
        (2, 4, 6),
    ]


def test_views_and_gradients() -> None:
    x = shapetorch.from_numpy(X.copy())
    view = ours.rearrange(x, "b c (h a) w -> b a c h w", a=2)
    view[0, 0, 0, 0, 0] = 99.0
    assert float(x[0, 0, 0, 0]) == 99.0
    x.requires_grad = True
    (ours.reduce(x, "b c h w -> b h", "sum") ** 2).sum().backward()
    assert np.allclose(
        x.grad.numpy(),
        np.broadcast_to(2 * x.detach().numpy().sum((1, 3))[:, None, :, None], X.shape),
    )


def test_parse_shape() -> None:
    x = shapetorch.from_numpy(X)
    for pattern in ("b _ h w", "b c h w", "b ... w", "_ 3 ..."):
        expected = einops.parse_shape(X, pattern) if "3" not in pattern else {}
        assert ours.parse_shape(x, pattern) == expected
    for pattern in ("b c h", "b b h w", "b (c) h w", "b ... w ..."):
        with pytest.raises(ShapeError) as caught:
            ours.parse_shape(x, pattern)
        assert caught.value.kind is ErrorKind.einops_error_invalid_pattern
    with pytest.raises(ShapeError) as caught:
        ours.parse_shape(x, "b 4 h w")
    assert caught.value.kind is ErrorKind.einops_error_dimension_mismatch


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda x: ours.rearrange(x, "b c h -> b c h"), ErrorKind.einops_error_invalid_pattern),
        (lambda x: ours.rearrange(x, "b c h w -> b c h"), ErrorKind.einops_error_undefined_axis),
        (
            lambda x: ours.rearrange(x, "b c (h a) w -> b c h a w"),
            ErrorKind.einops_error_ambiguous_decomposition,
        ),
        (
            lambda x: ours.rearrange(x, "b c (h a) w -> b c h a w", a=3),
            ErrorKind.einops_error_dimension_mismatch,
        ),
        (lambda x: ours.reduce(x, "b c h w -> b", "median"), ErrorKind.argument_error_value),
        (
            lambda x: ours.repeat(x, "b c h w -> b c h w k"),
            ErrorKind.einops_error_repeat_missing_size,
        ),
        (lambda x: ours.unpack(x, [[5]], "b * h w"), ErrorKind.einops_error_dimension_mismatch),
    ],
)
def test_kinds(call: Any, kind: ErrorKind) -> None:
    with pytest.raises(ShapeError) as caught:
        call(shapetorch.from_numpy(X))
    assert caught.value.kind is kind


def test_the_mean_of_integers_is_refused() -> None:
    with pytest.raises(RuntimeError, match="mean"):
        ours.reduce(shapetorch.arange(4), "(a b) -> a", "mean", a=2)
