"""Gradients on demand: `grad`, custom functions, checks, modes."""

from shapetorch.autograd.gradients import backward as backward
from shapetorch.autograd.gradients import grad as grad
