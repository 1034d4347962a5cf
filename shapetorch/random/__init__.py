"""The state of the random numbers: ``shapetorch.random.manual_seed`` and what goes with it."""

from shapetorch.tensor import NAMES as _NAMES
from shapetorch.tensor.generators import Generator as Generator
from shapetorch.tensor.generators import default_generator as default_generator

fork_rng = _NAMES["fork_rng"]
get_rng_state = _NAMES["get_rng_state"]
initial_seed = _NAMES["initial_seed"]
manual_seed = _NAMES["manual_seed"]
seed = _NAMES["seed"]
set_rng_state = _NAMES["set_rng_state"]
