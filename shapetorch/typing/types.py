"""The shape helpers as types: ``MatmulShape[Shape[2, 3], Shape[3, 4]]`` is ``Shape[2, 4]``.

One class for each helper of `functions`, which says what the arguments are; `deferred` says when
they are evaluated.
"""

from __future__ import annotations

from shapetorch.annotations.objects import Shape
from shapetorch.dim import ELLIPSIS
from shapetorch.typing.deferred import ShapeType

DynamicShape = Shape.of((ELLIPSIS,))
"""A shape of which nothing is known, not even the rank."""


class Rank(ShapeType):
    """The number of dims; unknown of a shape with variadic parts."""


class NegativeDim(ShapeType):
    """`dim` as a position in ``0..rank-1``; without it, all negative dims there are."""


class Is2D(ShapeType):
    """Whether a shape has, or may have, exactly 2 dims."""


class IsAtLeast1D(ShapeType):
    """Whether a shape has, or may have, a dim."""


class IsShapeError(ShapeType):
    """Whether a result is an error."""


class HasShapeError(ShapeType):
    """Whether one of several results is an error."""


class AssertNoShapeError(ShapeType):
    """`value`, unless it is an error, which is raised."""


class ItemResult(ShapeType):
    """The Python type of ``x.item()`` for a dtype."""


class BroadcastShape(ShapeType):
    """The shape that all shapes broadcast to."""


class MatmulShape(ShapeType):
    """Shape of ``input @ other``."""


class Matmul2DShape(ShapeType):
    """Shape of the product of two matrices."""


class ReshapeShape(ShapeType):
    """The target shape, with its -1 filled in."""


class FlattenShape(ShapeType):
    """Shape with the dims from `start_dim` to `end_dim` merged."""


class SqueezeShape(ShapeType):
    """Shape without its sizes of 1: all, or those at `dim`."""


class UnsqueezeShape(ShapeType):
    """Shape with a 1 inserted."""


class PermuteShape(ShapeType):
    """Shape with its dims in the order given."""


class TransposeShape(ShapeType):
    """Shape of ``input.t()``."""


class TransposeDimsShape(ShapeType):
    """Shape with two dims exchanged."""


class TransposeDimsShapeChecked(ShapeType):
    """Shape with two dims exchanged; the documentation has a form that does not check them."""


class ExpandShape(ShapeType):
    """Shape in which sizes of 1 are repeated."""


class TileShape(ShapeType):
    """Shape laid out several times."""


class CatShape(ShapeType):
    """Shape of several tensors in a row: ``cat_shape((2, 3), (5, 3), 0) == (7, 3)``."""


class FlipShape(ShapeType):
    """The shape of `input`, whose dims exist."""


class CumShape(ShapeType):
    """The shape of a cumulative sum or product."""


class SoftmaxShape(ShapeType):
    """The shape of ``softmax(input, dim)``."""


class GatherShape(ShapeType):
    """The shape of the index, which must fit."""


class IndexSelectShape(ShapeType):
    """Shape with the size at `dim` replaced by the length of the index, a number or its shape."""


class ScatterShape(ShapeType):
    """The shape of `input`, into which `src` is written."""


class SelectShape(ShapeType):
    """Shape without the dim of which one place is taken."""


class NarrowShape(ShapeType):
    """Shape with the size at `dim` replaced by `length`."""


class SliceShape(ShapeType):
    """Shape of slices, cut to the dims as Python does: one ``(start, end[, step])`` per dim."""


class AtShape(ShapeType):
    """Shape of ``input.at(*index)``: numbers, ``(start, end[, step])``, None, ``'...'``, shapes."""


class At(ShapeType):
    """The same as `at_shape`."""


class RearrangeShape(ShapeType):
    """Shape of einops' ``rearrange``."""


class ValidatedRearrangeShape(ShapeType):
    """Shape of einops' ``rearrange``; the documentation has a form that does not check."""


class ReduceShape(ShapeType):
    """Shape of einops' ``reduce`` for a pattern, or of a reduction over dims."""


class ValidatedReduceShape(ShapeType):
    """Shape of einops' ``reduce``."""


class RepeatShape(ShapeType):
    """Shape of einops' ``repeat`` for a pattern, or of ``input.repeat`` for counts."""


class ValidatedRepeatShape(ShapeType):
    """Shape of einops' ``repeat``."""


class PackShape(ShapeType):
    """Shape of the packed tensor of einops' ``pack``."""


class UnpackShape(ShapeType):
    """The shapes that einops' ``unpack`` gives back."""


class EinsumOutputShape(ShapeType):
    """Shape of ``einsum(equation, *operands)``."""


class ValidatedEinsumShape(ShapeType):
    """Shape of ``einsum(equation, *operands)``; the documentation has a form that does not check."""


class ValidateEinsum(ShapeType):
    """The operands, of which the equation must be true."""


class ValidateOperandCount(ShapeType):
    """The operands, of which there must be as many as terms."""


class ValidateRanks(ShapeType):
    """The operands, each of which must have as many dims as its term has subscripts."""


class DetShape(ShapeType):
    """Shape of determinants: the batch."""


class InverseShape(ShapeType):
    """Shape of inverse matrices."""


class CholeskyShape(ShapeType):
    """Shape of Cholesky factors."""


class EigShape(ShapeType):
    """Shapes of eigenvalues and eigenvectors."""


class LUShape(ShapeType):
    """Shapes of P, L and U."""


class SVDShape(ShapeType):
    """Shapes of U, S and Vh."""


class DiagShape(ShapeType):
    """Shape of the matrix with a vector on its diagonal, or of the diagonal of a matrix."""


class TraceShape(ShapeType):
    """``()``, for a matrix."""


class ValidateScalar(ShapeType):
    """The shape, which must have one element."""


class ValidateSquareMatrix(ShapeType):
    """The shape, which must be that of a square matrix."""


class ValidateBatchedSquareMatrix(ShapeType):
    """The shape, whose last two sizes must be equal."""


class ValidateChunkDim(ShapeType):
    """The shape, which must have a dim to be cut into chunks."""


class ValidateSplitDim(ShapeType):
    """The shape, which must have a dim to be split."""


class ValidateUnbindDim(ShapeType):
    """The shape, which must have a dim to be unbound."""
