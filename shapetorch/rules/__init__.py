"""One pure shape rule per operation; `FUNCTIONS`, `METHODS` and `LAYERS` find them by name."""

from shapetorch.rules import activations as activations
from shapetorch.rules import adaptive_pooling as adaptive_pooling
from shapetorch.rules import convolution as convolution
from shapetorch.rules import elementwise as elementwise
from shapetorch.rules import linear as linear
from shapetorch.rules import normalization as normalization
from shapetorch.rules import pooling as pooling
from shapetorch.rules import products as products
from shapetorch.rules import resizing as resizing
from shapetorch.rules import unary as unary
from shapetorch.rules.registry import FUNCTIONS as FUNCTIONS
from shapetorch.rules.registry import INPLACE as INPLACE
from shapetorch.rules.registry import LAYERS as LAYERS
from shapetorch.rules.registry import METHODS as METHODS
from shapetorch.rules.registry import RULES as RULES
from shapetorch.rules.registry import Dims as Dims
from shapetorch.rules.registry import Rule as Rule
from shapetorch.rules.registry import Shapes as Shapes
from shapetorch.rules.registry import Sizes as Sizes
from shapetorch.rules.registry import layer as layer
from shapetorch.rules.registry import rule as rule
