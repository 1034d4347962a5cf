"""Gradients on demand: `grad`, custom functions, checks, switches."""

from shapetorch.autograd import functional as functional
from shapetorch.autograd import graph as graph
from shapetorch.autograd import modes as modes
from shapetorch.autograd.function import Function as Function
from shapetorch.autograd.gradcheck import GradcheckError as GradcheckError
from shapetorch.autograd.gradcheck import gradcheck as gradcheck
from shapetorch.autograd.gradcheck import gradgradcheck as gradgradcheck
from shapetorch.autograd.gradients import backward as backward
from shapetorch.autograd.gradients import grad as grad
from shapetorch.autograd.modes import detect_anomaly as detect_anomaly
from shapetorch.autograd.modes import enable_grad as enable_grad
from shapetorch.autograd.modes import inference_mode as inference_mode
from shapetorch.autograd.modes import no_grad as no_grad
from shapetorch.autograd.modes import set_detect_anomaly as set_detect_anomaly
from shapetorch.autograd.modes import set_grad_enabled as set_grad_enabled
from shapetorch.autograd.modes import set_multithreading_enabled as set_multithreading_enabled
from shapetorch.autograd.variable import Variable as Variable

grad_mode = modes  # PyTorch's name of the module
