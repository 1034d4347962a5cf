"""`Tensor.at`, the indexing of our own tensors: numbers, ranges, None for a whole dim, the rest, tensors."""

from jaxtyping import Bool, Int
from shapetorch import Tensor, reveal_shape


def selected(x: Tensor[10, "t", 3], i: Int[Tensor, "k"], m: Bool[Tensor, "10"]) -> None:
    reveal_shape(x.at(2))  # R: [t, 3]
    reveal_shape(x.at(-1, 0))  # R: [3]
    reveal_shape(x.at((2, 5), None, -1))  # R: [3, t]
    reveal_shape(x.at((0, 10, 2)))  # R: [5, t, 3]
    reveal_shape(x.at((-3, None)))  # R: [3, t, 3]
    reveal_shape(x.at((5, 0, -1)))  # R: [5, t, 3]
    reveal_shape(x.at("...", 1))  # R: [10, t]
    reveal_shape(x.at(i))  # R: [k, t, 3]
    reveal_shape(x.at(m))  # R: [?, t, 3]
    reveal_shape(x.at([(0, 5), None, 2]))  # R: [5, t]


def number_too_large(x: Tensor["b", 3]) -> None:
    x.at(0, 3)  # E: [at_error_index_out_of_bounds] "got 3 and 3"


def number_too_small(x: Tensor[10, "t"]) -> None:
    x.at(-11)  # E: [at_error_index_out_of_bounds] "-11"


def range_that_begins_outside(x: Tensor[10, "t"]) -> None:
    x.at((11, None))  # E: [slice_error_out_of_bounds] "11"


def too_many(x: Tensor["b", "t"]) -> None:
    x.at(0, 0, 0)  # E: [index_error_too_many]
