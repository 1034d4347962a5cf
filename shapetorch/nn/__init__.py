"""Neural networks: `functional` holds the operations they are made of, `Parameter` their weights."""

from shapetorch.nn import functional as functional
from shapetorch.nn import parameter as parameter
from shapetorch.nn import utils as utils
from shapetorch.nn.parameter import Buffer as Buffer
from shapetorch.nn.parameter import Parameter as Parameter
