"""Layers: linear maps, look-ups, identity, flattening, similarities."""

from __future__ import annotations

from shapetorch.dim import UNKNOWN_DIM, Shape, Size
from shapetorch.rules.linear import check_features, combine, look_up_bags
from shapetorch.rules.registry import IfKnown, Sizes, frozen, layer
from shapetorch.rules.reshaping import flatten_shape, unflatten_shape
from shapetorch.rules.similarity import cosine, distance


def affine(
    weight: Shape, bias: Shape, has_bias: IfKnown, has_weight: IfKnown = True
) -> dict[str, Shape]:
    """Weight and bias by name; left out when they are certainly not there."""
    found = {} if has_weight is False else {"weight": weight}
    return found if has_bias is False or has_weight is False else {**found, "bias": bias}


@layer("Linear", "modules.linear.NonDynamicallyQuantizableLinear")
@frozen
class Linear:
    """``(*, in_features)`` to ``(*, out_features)``.

    Raises:
        ShapeError: linear_error_in_features.
    """

    in_features: Size
    out_features: Size
    bias: IfKnown = True

    def forward(self, input: Shape) -> Shape:
        """The last size becomes out_features."""
        check_features("Linear", "in_features", self.in_features, input)
        return (*input[:-1], self.out_features)

    def parameters(self) -> dict[str, Shape]:
        """Weight ``(out_features, in_features)`` and bias ``(out_features,)``."""
        weight = (self.out_features, self.in_features)
        return affine(weight, (self.out_features,), self.bias)


@layer("LazyLinear")
@frozen
class LazyLinear:
    """As `Linear`, with in_features taken from the first input."""

    out_features: Size
    bias: IfKnown = True

    def forward(self, input: Shape) -> Shape:
        """The last size becomes out_features."""
        check_features("LazyLinear", "in_features", UNKNOWN_DIM, input)
        return (*input[:-1], self.out_features)

    def parameters(self) -> dict[str, Shape]:
        """Weight ``(out_features, ?)`` and bias ``(out_features,)``."""
        return affine((self.out_features, UNKNOWN_DIM), (self.out_features,), self.bias)


@layer("Bilinear")
@frozen
class Bilinear:
    """``(*, in1_features)`` and ``(*, in2_features)`` to ``(*, out_features)``."""

    in1_features: Size
    in2_features: Size
    out_features: Size
    bias: IfKnown = True

    def forward(self, input1: Shape, input2: Shape) -> Shape:
        """The last sizes become out_features."""
        weight = (self.out_features, self.in1_features, self.in2_features)
        return combine("Bilinear", input1, input2, weight)

    def parameters(self) -> dict[str, Shape]:
        """Weight ``(out_features, in1_features, in2_features)`` and bias ``(out_features,)``."""
        weight = (self.out_features, self.in1_features, self.in2_features)
        return affine(weight, (self.out_features,), self.bias)


@layer("Identity")
class Identity:
    """The input itself; the constructor takes anything."""

    def __init__(
        self,
        first: object = None,
        second: object = None,
        third: object = None,
        fourth: object = None,
        fifth: object = None,
        **others: object,
    ) -> None:
        pass

    def forward(self, input: Shape) -> Shape:
        """The shape of `input`."""
        return input


@layer("Embedding")
@frozen
class Embedding:
    """Indices ``(*)`` to rows ``(*, embedding_dim)``."""

    num_embeddings: Size
    embedding_dim: Size
    padding_idx: object = None
    max_norm: object = None
    norm_type: object = 2.0
    scale_grad_by_freq: object = False
    sparse: object = False
    _weight: object = None
    _freeze: object = False

    def forward(self, input: Shape) -> Shape:
        """One row for each index."""
        return (*input, self.embedding_dim)

    def parameters(self) -> dict[str, Shape]:
        """Weight ``(num_embeddings, embedding_dim)``."""
        return {"weight": (self.num_embeddings, self.embedding_dim)}


@layer("EmbeddingBag")
@frozen
class EmbeddingBag:
    """Bags of indices ``(bags, n)``, or ``(n,)`` with offsets, to ``(bags, embedding_dim)``.

    Raises:
        ShapeError: embedding_bag_error_requires_2d_input, embedding_bag_error_sample_weights.
    """

    num_embeddings: Size
    embedding_dim: Size
    max_norm: object = None
    norm_type: object = 2.0
    scale_grad_by_freq: object = False
    mode: object = "mean"
    sparse: object = False
    _weight: object = None
    include_last_offset: bool = False
    padding_idx: object = None

    def forward(
        self, input: Shape, offsets: Shape | None = None, per_sample_weights: Shape | None = None
    ) -> Shape:
        """One row for each bag."""
        weight = (self.num_embeddings, self.embedding_dim)
        return look_up_bags(
            "EmbeddingBag", input, weight, offsets, per_sample_weights, self.include_last_offset
        )

    def parameters(self) -> dict[str, Shape]:
        """Weight ``(num_embeddings, embedding_dim)``."""
        return {"weight": (self.num_embeddings, self.embedding_dim)}


@layer("Flatten")
@frozen
class Flatten:
    """The dims from start_dim to end_dim as one; the first is kept by default."""

    start_dim: int = 1
    end_dim: int = -1

    def forward(self, input: Shape) -> Shape:
        """`input` with the dims merged."""
        return flatten_shape(input, self.start_dim, self.end_dim)


@layer("Unflatten")
@frozen
class Unflatten:
    """One dim as several."""

    dim: int
    unflattened_size: Sizes

    def forward(self, input: Shape) -> Shape:
        """`input` with the dim split."""
        return unflatten_shape(input, self.dim, self.unflattened_size)


@layer("CosineSimilarity")
@frozen
class CosineSimilarity:
    """The broadcast shape of both inputs, without `dim`."""

    dim: int = 1
    eps: object = 1e-08

    def forward(self, x1: Shape, x2: Shape) -> Shape:
        """One number for each pair of vectors."""
        return cosine("CosineSimilarity", x1, x2, self.dim)


@layer("PairwiseDistance")
@frozen
class PairwiseDistance:
    """The broadcast shape of both inputs, without the last size."""

    p: object = 2.0
    eps: object = 1e-06
    keepdim: bool = False

    def forward(self, x1: Shape, x2: Shape) -> Shape:
        """One number for each pair of vectors."""
        return distance("PairwiseDistance", x1, x2, self.keepdim)
