"""Names from other files: functions, classes, constants, aliases, re-exports, relative and dotted."""

import imported
import imported.blocks as blocks
import jaxtyping
import jaxtyping as jt
import torch
import torch.nn
import torch.nn.functional as F
from imported import D_MODEL, Block, public_project
from imported.blocks import breaks_for_some, grey, helper
from imported.sizes import N_HEADS, Image, ImageBatch
from jaxtyping import Float
from jaxtyping import Float as Fl
from shapetorch import reveal_shape
from torch import Tensor
from torch import nn as layers


def functions(x: Float[Tensor, "3 5"], y: Float[Tensor, "5 7"]) -> None:
    reveal_shape(public_project(x, y))  # R: [3, 7]
    reveal_shape(blocks.project(x, y))  # R: [3, 7]
    reveal_shape(imported.public_project(x, y))  # R: [3, 7]
    reveal_shape(helper(x))  # R: [3, 10]
    public_project(y, x)  # E: [argument_error_shape_mismatch] "must be 7, got 3"
    imported.blocks.project(y, x)  # E: [argument_error_shape_mismatch] "must be 7, got 3"


def breaks_in_there(x: Float[Tensor, "2 3"]) -> None:
    reveal_shape(breaks_for_some(x))  # R: [2, 5]
    breaks_for_some(x.T)  # E: [matmul_error_inner_dimensions_do_not_match] "2 and 3"


def classes(x: Float[Tensor, "2 3"]) -> None:
    reveal_shape(Block(3)(x))  # R: [2, 512]
    reveal_shape(imported.Block(3, 7)(x))  # R: [2, 7]
    reveal_shape(torch.zeros(Block.width))  # R: [512]
    Block(7)(x)  # E: [argument_error_shape_mismatch] "must be 7, got 3"


def constants(x: Float[Tensor, "b 512"]) -> None:
    reveal_shape(x.view(-1, N_HEADS, D_MODEL // N_HEADS))  # R: [b, 8, 64]
    x @ torch.zeros(N_HEADS, imported.D_MODEL)  # E: [matmul_error_inner_dimensions_do_not_match] "512 and 8"


def aliases(image: Image, images: ImageBatch) -> None:
    reveal_shape(image)  # R: [c, h, w]
    reveal_shape(images)  # R: [b, c, h, w]
    reveal_shape(grey(image))  # R: [h, w]
    grey(images)  # E: [argument_error_shape_mismatch] "rank must be 3, got 4"


def spellings(
    a: jaxtyping.Float[torch.Tensor, "b t"], b: jt.Float[Tensor, "b t"], c: Fl[Tensor, "t b"]
) -> None:
    reveal_shape(a + b)  # R: [b, t]
    a + c  # E: [broadcast_error_incompatible_dimensions]


def torch_spellings(x: Float[Tensor, "b 3"]) -> None:
    reveal_shape(torch.nn.Linear(3, 5)(x))  # R: [b, 5]
    reveal_shape(layers.Linear(3, 5)(x))  # R: [b, 5]
    reveal_shape(F.linear(x, torch.zeros(5, 3)))  # R: [b, 5]
    torch.nn.functional.linear(x, torch.zeros(3, 5))  # E: [matmul_error_inner_dimensions_do_not_match] "3 and 5"


def unknown_module(x: Float[Tensor, "b 3"]) -> None:
    import somewhere  # type: ignore[import-not-found]
    from somewhere.else_ import Layer, helper  # type: ignore[import-not-found]

    Layer(3)(x) @ x
    helper(x) + somewhere.thing(x)
