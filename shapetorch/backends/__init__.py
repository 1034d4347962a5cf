"""Switches of PyTorch's backends: programs may set them; there are no such backends."""

from shapetorch.backends import cuda as cuda
from shapetorch.backends import cudnn as cudnn
from shapetorch.backends import mkldnn as mkldnn
from shapetorch.backends import mps as mps
