"""Rules over shapes with variadic parts: what is explained, what is cut down, what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest

from shapetorch.dim import (
    ELLIPSIS,
    UNKNOWN,
    UNKNOWN_DIM,
    AnyShape,
    Context,
    Shape,
    Size,
    Truth,
    Variadic,
    check_equal,
    equal,
    name,
    render_shape,
    using,
)
from shapetorch.errors import ErrorKind, ShapeError
from shapetorch.rules import FUNCTIONS
from shapetorch.rules.broadcasting import broadcast_all
from shapetorch.rules.elements import Index, Mask
from shapetorch.rules.indexing import getitem, getitem_shape
from shapetorch.rules.lift import apply, expand, groups_of, numel_name
from shapetorch.rules.registry import Many

B, C, H, K, N, T = (name(letter) for letter in "BCHKNT")
batch, other, rest = Variadic("batch"), Variadic("other"), ELLIPSIS
numel = name(numel_name("batch"))

SHAPED = ("input", "other", "tensors", "mat2", "weight", "condition", "boundaries")


def call(operation: str, **arguments: Any) -> Any:
    """The first rule of an operation that has these parameters."""
    for rule in FUNCTIONS[f"torch.{operation}"]:
        if set(arguments) <= {parameter.name for parameter in rule.parameters}:
            shaped = tuple(key for key in SHAPED if key in arguments)
            return apply(rule.shape, arguments, shaped)
    raise AssertionError(f"{operation} has no such parameters")


RESULTS = [
    # one group keeps its place
    ("matmul", {"input": (batch, T, K), "other": (K, N)}, (batch, T, N)),
    ("matmul", {"input": (batch, T, K), "other": (batch, K, N)}, (batch, T, N)),
    ("matmul", {"input": (batch, T), "other": (T,)}, (batch,)),
    ("matmul", {"input": (rest, T, K), "other": (K, N)}, (rest, T, N)),
    ("transpose", {"input": (batch, T, K), "dim0": -1, "dim1": -2}, (batch, K, T)),
    ("unsqueeze", {"input": (batch, T), "dim": 0}, (1, batch, T)),
    ("unsqueeze", {"input": (batch, T), "dim": -1}, (batch, T, 1)),
    ("sum", {"input": (batch, T, K), "dim": -1}, (batch, T)),
    ("sum", {"input": (batch, T, K)}, ()),
    ("add", {"input": (batch, T, K), "other": (K,)}, (batch, T, K)),
    ("add", {"input": (batch, T, K), "other": (batch, T, 1)}, (batch, T, K)),
    ("cat", {"tensors": [(batch, T, K), (batch, T, N)], "dim": -1}, (batch, T, K + N)),
    ("stack", {"tensors": [(batch, T), (batch, T)], "dim": 0}, (2, batch, T)),
    ("stack", {"tensors": [(batch, T), (batch, T)], "dim": -1}, (batch, T, 2)),
    # only one number of sizes is right: that one
    ("bmm", {"input": (batch, T, K), "mat2": (batch, K, N)}, (batch, T, N)),
    ("permute", {"input": (batch, T, K), "dims": (0, 2, 1)}, (batch, K, T)),
    # products
    ("flatten", {"input": (batch, T, K), "start_dim": -2}, (batch, T * K)),
    ("flatten", {"input": (batch, T, K), "end_dim": -2}, (numel * T, K)),
    ("flatten", {"input": (batch, T, K)}, (numel * T * K,)),
    ("flatten", {"input": (B, batch, K), "start_dim": 1}, (B, numel * K)),
    ("reshape", {"input": (batch, T, K), "shape": [-1, K]}, (numel * T, K)),
    ("reshape", {"input": (batch, T, K), "shape": [-1, T, K]}, (numel, T, K)),
    ("reshape", {"input": (batch, T, K), "shape": [numel * T, -1]}, (numel * T, K)),
    # a row of sizes that is handed on: x.reshape(*x.shape[:-1], H, -1)
    ("reshape", {"input": (batch, T, 2 * K), "shape": [batch, T, 2, -1]}, (batch, T, 2, K)),
    ("reshape", {"input": (numel * T, K), "shape": [batch, T, K]}, (batch, T, K)),
    ("reshape", {"input": (numel, K), "shape": [batch, -1]}, (batch, K)),
    # several groups
    ("matmul", {"input": (batch, T, K), "other": (other, K, N)}, (rest, T, N)),
    ("matmul", {"input": (rest, T, K), "other": (rest, K, N)}, (rest, T, N)),
    ("add", {"input": (batch, T, K), "other": (other, T, K)}, (rest, T, K)),
    # what no single answer explains is cut down to what all share
    ("sum", {"input": (batch, T, K), "dim": 0}, (rest, K)),
    ("matmul", {"input": UNKNOWN, "other": (K, N)}, (rest, N)),
    ("matmul", {"input": UNKNOWN, "other": UNKNOWN}, UNKNOWN),
    ("flatten", {"input": UNKNOWN}, (UNKNOWN_DIM,)),
]


def shown(shape: AnyShape) -> str:
    return render_shape(shape)


@pytest.mark.parametrize(("operation", "arguments", "expected"), RESULTS)
def test_result(operation: str, arguments: dict[str, Any], expected: AnyShape) -> None:
    arguments = {key: value if key != "shape" else list(value) for key, value in arguments.items()}
    shaped_sizes = (
        ("shape",) if any(isinstance(s, Variadic) for s in arguments.get("shape", ())) else ()
    )
    rule = next(
        rule
        for rule in FUNCTIONS[f"torch.{operation}"]
        if set(arguments) <= {parameter.name for parameter in rule.parameters}
    )
    shaped = (*(key for key in SHAPED if key in arguments), *shaped_sizes)
    found = apply(rule.shape, arguments, shaped)
    if expected == (UNKNOWN_DIM,):
        assert len(found) == 1
    else:
        assert shown(found) == shown(expected)


def test_flattening_and_unflattening_a_batch_gives_it_back() -> None:
    flat = call("flatten", input=(batch, T, K), end_dim=-2)
    assert shown(flat) == "[T*prod(*batch), K]"
    rule = FUNCTIONS["torch.reshape"][0]
    back = apply(rule.shape, {"input": flat, "shape": [batch, T, K]}, ("input", "shape"))
    assert back == (batch, T, K)
    inferred = apply(rule.shape, {"input": flat, "shape": [batch, T, -1]}, ("input", "shape"))
    assert inferred == (batch, T, K)


def test_flattening_everything_and_back() -> None:
    flat = call("reshape", input=(batch, K), shape=[-1, K])
    assert flat == (numel, K)
    projected = call("matmul", input=flat, other=(K, N))
    assert projected == (numel, N)
    rule = FUNCTIONS["torch.reshape"][0]
    assert apply(rule.shape, {"input": projected, "shape": [batch, N]}, ("input", "shape")) == (
        batch,
        N,
    )


ERRORS = [
    (
        "matmul",
        {"input": (batch, T, 5), "other": (7, N)},
        "matmul: inner dimensions must be equal, got 5 and 7 from [*batch, T, 5] @ [7, N]",
        "matmul_error_inner_dimensions_do_not_match<5, 7, [*batch,T,5], [7,N]>",
    ),
    (
        "matmul",
        {"input": (rest, T, 5), "other": (7, N)},
        "matmul: inner dimensions must be equal, got 5 and 7 from [..., T, 5] @ [7, N]",
        "matmul_error_inner_dimensions_do_not_match<5, 7, [...,T,5], [7,N]>",
    ),
    (
        "matmul",
        {"input": (batch, T, 5), "other": (other, 7, N)},
        "matmul: inner dimensions must be equal, got 5 and 7 from [*batch, T, 5] @ [*other, 7, N]",
        "matmul_error_inner_dimensions_do_not_match<5, 7, [*batch,T,5], [*other,7,N]>",
    ),
]


@pytest.mark.parametrize(("operation", "arguments", "message", "brand"), ERRORS)
def test_error_in_written_form(
    operation: str, arguments: dict[str, Any], message: str, brand: str
) -> None:
    with pytest.raises(ShapeError) as caught:
        call(operation, **arguments)
    assert caught.value.message == message
    assert caught.value.brand == brand


def test_axis_numbers_are_those_of_the_written_shape() -> None:
    with pytest.raises(ShapeError, match="at dim 1 from"):
        call("cat", tensors=[(batch, 5, K), (batch, 7, K)], dim=-1)


def test_wrong_for_some_numbers_of_sizes_is_not_wrong() -> None:
    assert call("mv", input=(batch, T, K), vec=(K,)) == (T,)
    assert call("mm", input=(batch, K), mat2=(K, N)) == (batch, N)


class Both(NamedTuple):
    values: Shape
    indices: Shape


def test_several_results_keep_their_names() -> None:
    def rule(input: Shape) -> Both:
        return Both(input[:-1], input)

    found = apply(rule, {"input": (batch, T)}, ("input",))
    assert found == Both((batch,), (batch, T))
    assert isinstance(found, Both)


def test_a_list_of_results() -> None:
    def rule(input: Shape) -> list[Shape]:
        return [input, input[-1:]]

    assert apply(rule, {"input": (batch, T)}, ("input",)) == [(batch, T), (T,)]


def test_a_list_whose_length_is_not_known() -> None:
    def rule(input: Shape) -> list[Shape]:
        return [input[1:]] * len(input)

    assert apply(rule, {"input": (batch, T)}, ("input",)) == UNKNOWN


def test_many_results_of_one_shape() -> None:
    def rule(input: Shape) -> Many:
        return Many(input[:-1], input[-1])

    assert apply(rule, {"input": (batch, T)}, ("input",)) == Many((batch,), T)


def test_no_result() -> None:
    assert apply(lambda input: None, {"input": (batch, T)}, ("input",)) is None


def test_fixed_shapes_are_asked_about_once() -> None:
    asked: list[Shape] = []

    def rule(input: Shape, other: Shape | None) -> Shape:
        asked.append(input)
        return input

    assert apply(rule, {"input": (3, T), "other": None}, ("input", "other")) == (3, T)
    assert asked == [(3, T)]


def test_too_many_groups_are_unknown() -> None:
    def rule(tensors: list[Shape]) -> Shape:
        return tensors[0]

    shapes = [(Variadic(letter), T) for letter in "abcd"]
    assert apply(rule, {"tensors": shapes}, ("tensors",)) == UNKNOWN


def test_two_anonymous_parts_are_different() -> None:
    seen: list[bool] = []

    def rule(input: Shape, other: Shape) -> Shape:
        seen.append(input == other)
        return input

    apply(rule, {"input": (rest,), "other": (rest,)}, ("input", "other"))
    assert seen.count(True) == 1  # both empty
    seen.clear()
    apply(rule, {"input": (batch,), "other": (batch,)}, ("input", "other"))
    assert all(seen)


def granting(left: Callable[[Shape], Size], right: Callable[[Shape], Size]) -> Callable[..., Shape]:
    def rule(input: Shape) -> Shape:
        check_equal(
            left(input),
            right(input),
            lambda: ShapeError(ErrorKind.reshape_error_element_count, (input, ()), "sizes"),
        )
        return input

    return rule


def test_what_every_number_of_sizes_takes_for_granted_is_believed_once() -> None:
    rule = granting(lambda shape: H * (K // H), lambda shape: K)
    with using(Context()) as context:
        apply(rule, {"input": (batch, T)}, ("input",))
        assert [error.clash for error in context.conditions] == [(H * (K // H), K)]
        assert equal(H * (K // H), K) is Truth.YES


def test_what_only_some_take_for_granted_is_not_believed() -> None:
    rule = granting(lambda shape: H * (shape[0] // H), lambda shape: shape[0])
    with using(Context()) as context:
        apply(rule, {"input": (batch, T)}, ("input",))
        assert context.conditions == []
        assert equal(H * (T // H), T) is Truth.CONDITIONAL


def test_expand() -> None:
    counts: Mapping[str, int] = {"batch": 2}
    shape = expand((batch, T * numel), counts)
    assert len(shape) == 3
    assert shape[2] == T * shape[0] * shape[1]
    assert expand((batch, T * numel), {"batch": 0}) == (T,)
    assert list(groups_of((batch, T))) == [batch]


def test_sizes_that_would_fit_keep_the_result_open() -> None:
    def rule(a: Shape, b: Shape) -> Shape:
        return broadcast_all("add", a, b)

    shape = apply(rule, {"a": (batch,), "b": (7, 3)}, ("a", "b"))
    assert shape == (*UNKNOWN, 7, 3), "the batch may be (5, 7, 3)"


def test_indices_of_a_call_are_lifted_like_shapes() -> None:
    # as a statement says it with brackets, and as a bound call does with names
    for index in ([Index((batch,))], [Mask((batch,))]):
        found = apply(getitem_shape, {"input": (batch, T), "index": index}, ("input", "index"))
        assert found == getitem((batch, T), index)
    assert apply(
        getitem_shape, {"input": (T,), "index": [Index((batch,))]}, ("input", "index")
    ) == (batch,)
