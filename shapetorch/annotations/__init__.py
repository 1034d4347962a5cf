"""Shape annotations as objects: reading them, and matching shapes with them."""

from shapetorch.annotations.dtypes import DTYPE_CLASSES as DTYPE_CLASSES
from shapetorch.annotations.dtypes import canonical as canonical
from shapetorch.annotations.dtypes import dtype_clash as dtype_clash
from shapetorch.annotations.jaxtyping_strings import parse_jaxtyping as parse_jaxtyping
from shapetorch.annotations.matching import Mismatch as Mismatch
from shapetorch.annotations.matching import bind as bind
from shapetorch.annotations.matching import instantiate as instantiate
from shapetorch.annotations.spec import Axis as Axis
from shapetorch.annotations.spec import ShapeSpec as ShapeSpec
from shapetorch.annotations.spec import VariadicAxis as VariadicAxis
from shapetorch.annotations.subscripts import parse_subscript as parse_subscript
