"""Functions of functions: maps over a dim, gradients, Jacobians."""

from shapetorch.func.gradients import grad as grad
from shapetorch.func.gradients import grad_and_value as grad_and_value
from shapetorch.func.gradients import vjp as vjp
from shapetorch.func.jacobians import functionalize as functionalize
from shapetorch.func.jacobians import hessian as hessian
from shapetorch.func.jacobians import jacfwd as jacfwd
from shapetorch.func.jacobians import jacrev as jacrev
from shapetorch.func.jacobians import jvp as jvp
from shapetorch.func.jacobians import linearize as linearize
from shapetorch.func.mapping import vmap as vmap
