"""Neural networks: `functional` holds the operations they are made of."""

from shapetorch.nn import functional as functional
