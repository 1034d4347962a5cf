"""Gradients clipped, parameters as one vector, sequences of several lengths (`rnn`)."""

from shapetorch.nn.utils import rnn as rnn
from shapetorch.nn.utils.clipping import clip_grad_norm_ as clip_grad_norm_
from shapetorch.nn.utils.clipping import clip_grad_value_ as clip_grad_value_
from shapetorch.nn.utils.clipping import clip_grads_with_norm_ as clip_grads_with_norm_
from shapetorch.nn.utils.clipping import get_total_norm as get_total_norm
from shapetorch.nn.utils.vectors import parameters_to_vector as parameters_to_vector
from shapetorch.nn.utils.vectors import vector_to_parameters as vector_to_parameters
