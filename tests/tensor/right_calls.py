"""Right calls of what no shape rule's samples reach, for `tests.tensor.mistaken` to make mistakes in.

Each group is a name that `mistaken` takes as it takes a rule's. `forms` says what else a call of a
sample may be: the function, the method, the method in place, the operator.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import torch

from tests.rules.oracle import Call, D, T

X, Y, V = T((2, 3)), T((2, 3)), T((6,))
INDEX, B, C = T((3,), "int64"), T((2, 3), "bool"), T((2, 3), "complex64")
IMAGE, SIGNAL = T((2, 3, 4, 4)), T((2, 3, 5))


OPERATORS = {
    f"__{name}__": f"operator.{name}"
    for name in "add sub mul truediv floordiv mod pow matmul lshift rshift lt le gt ge eq ne neg pos abs invert".split()
}
OPERATORS |= {"__and__": "operator.and_", "__or__": "operator.or_", "__xor__": "operator.xor"}
OPERATORS |= {f"__i{name[2:-2]}__": f"operator.i{name[2:-2]}" for name in (*OPERATORS,)[:10]}


def forms(call: Call) -> Iterator[Call]:
    """The same call as function, as method, in place, with the sign of the operator."""
    space, _, name = call.target.rpartition(".")
    if space not in ("torch", "Tensor") or not call.args or not isinstance(call.args[0], T):
        return
    if name in OPERATORS:
        yield replace(call, target=OPERATORS[name])
    elif f"__{name[3:]}" in OPERATORS and name.startswith("__r"):
        first, second = call.args
        yield Call(OPERATORS[f"__{name[3:]}"], (second, first))
    else:
        found = (f"torch.{name}", f"Tensor.{name}", f"Tensor.{name}_", f"torch.{name}_")
        for target in found:
            place = torch.Tensor if target.startswith("Tensor") else torch
            if target != call.target and callable(getattr(place, target.split(".")[1], None)):
                yield replace(call, target=target)


def _set(name: str, value: object, tensor: T = X) -> Call:
    return Call("builtins.setattr", (tensor, name, value))


GROUPS = {
    "attributes": (
        _set("requires_grad", True),
        _set("grad", Y),
        _set("data", Y),
        _set("real", Y, C),
        _set("imag", Y, C),
        Call("Tensor.requires_grad_", (X, True)),
        Call("Tensor.size", (X, 0)),
        Call("Tensor.size", (X,), {"dim": -1}),
        Call("Tensor.stride", (X, 1)),
        Call("Tensor.dim_order", (X,)),
        Call("Tensor.is_contiguous", (X,)),
        Call("Tensor.is_same_size", (X, Y)),
        Call("Tensor.is_set_to", (X, Y)),
        Call("Tensor.is_floating_point", (X,)),
        Call("Tensor.numel", (X,)),
        Call("Tensor.tolist", (X,)),
        Call("Tensor.item", (T(()),)),
        Call("Tensor.numpy", (X,), {"force": True}),
        Call("builtins.len", (X,)),
        Call("builtins.float", (T(()),)),
        Call("builtins.int", (T((), "int64"),)),
        Call("builtins.bool", (T(()),)),
        Call("builtins.format", (T(()), ".2f")),
        Call("operator.index", (T((), "int64"),)),
        Call("operator.contains", (X, 1.0)),
        Call("builtins.reversed", (X,)),
        Call("builtins.pow", (X, 2)),
    ),
    "indices": (
        Call("operator.getitem", (X, 1)),
        Call("operator.getitem", (X, (0, -1))),
        Call("operator.getitem", (X, (slice(0, 2, 1), 1))),
        Call("operator.getitem", (X, slice(0, 1))),
        Call("operator.getitem", (X, [0, 1])),
        Call("operator.getitem", (X, (T((2,), "int64"), T((2,), "int64")))),
        Call("operator.getitem", (X, B)),
        Call("operator.getitem", (X, (..., None, 0))),
        Call("operator.getitem", (X, True)),
        Call("operator.setitem", (X, 1, 2.0)),
        Call("operator.setitem", (X, (0, slice(None)), T((3,)))),
        Call("operator.setitem", (X, B, 1)),
        Call("operator.setitem", (X, T((2,), "int64"), Y)),
        Call("operator.setitem", (T((2,), "int64"), 0, 1)),
        Call("operator.setitem", (X, [0, 1], Y)),
        Call("torch.index_put_", (X, (T((2,), "int64"),), T((3,)), True)),
        Call("Tensor.index_put", (X, (T((2,), "int64"),), T((3,)))),
        Call("torch.unravel_index", (T((2,), "int64"), (2, 3))),
        Call("torch.nonzero_static", (B,), {"size": 2, "fill_value": -1}),
    ),
    "memory": (
        Call("Tensor.resize_", (X, 3, 2)),
        Call("Tensor.resize_", (X, (3, 2))),
        Call("Tensor.resize_as_", (X, V)),
        Call("Tensor.set_", (X, Y)),
        Call("Tensor.as_strided_", (X, (2, 2), (1, 1), 1)),
        Call("Tensor.as_strided_scatter", (X, T((2,)), (2,), (1,), 1)),
        Call("torch.as_strided_copy", (X, (2, 2), (1, 1), 1)),
        Call("Tensor.new_empty_strided", (X, (2, 3), (3, 1))),
        Call("torch.empty_permuted", ((2, 3), (1, 0))),
        Call("torch.empty_strided", ((2, 3), (3, 1))),
        Call("Tensor.detach_", (X,)),
        Call("Tensor.squeeze_", (T((2, 1)), 1)),
        Call("Tensor.unsqueeze_", (X, 0)),
        Call("Tensor.transpose_", (X, 0, 1)),
        Call("Tensor.swapaxes_", (X, 0, 1)),
        Call("Tensor.t_", (X,)),
        Call("Tensor.map2_", (X, Y, Y, max)),
        Call("torch.fill", (X, 2.5)),
        Call("torch.select_copy", (X, 0, 1)),
        Call("torch.slice_copy", (X, 0, 0, 1, 1)),
        Call("torch.split_copy", (X, 1, 1)),
        Call("torch.split_with_sizes_copy", (X, (1, 2), 1)),
        Call("torch.unbind_copy", (X, 1)),
        Call("torch.unfold_copy", (V, 0, 2, 1)),
        Call("torch.expand_copy", (X, (4, 2, 3))),
        Call("torch.permute_copy", (X, (1, 0))),
        Call("torch.squeeze_copy", (X, 0)),
        Call("torch.transpose_copy", (X, 0, 1)),
        Call("torch.view_copy", (X, (3, 2))),
        Call("torch.diagonal_copy", (X, 0, 0, 1)),
        Call("torch.unsafe_chunk", (X, 2, 1)),
        Call("torch.unsafe_split", (X, 2, 1)),
        Call("torch.unsafe_split_with_sizes", (X, (1, 2), 1)),
    ),
    "creation": (
        Call("torch.tensor", ([[1, 2], [3, 4]],)),
        Call("torch.tensor", ([1.5, 2.0],), {"dtype": D("float64"), "requires_grad": True}),
        Call("torch.tensor", (2,)),
        Call("torch.asarray", ([1.0, 2.0],), {"dtype": D("float32"), "copy": True}),
        Call("torch.as_tensor", ([1, 2],)),
        Call("Tensor.new", (X, 2, 3)),
        Call("torch.zeros", (2, 3)),
        Call("torch.ones", ((2, 3),), {"dtype": D("int64")}),
        Call("torch.full", ((2, 3), 1.5)),
        Call("torch.full_like", (X, 2)),
        Call("torch.empty", (2,)),
        Call("torch.eye", (2, 3)),
        Call("torch.rand", (2,)),
        Call("torch.randint", (0, 5, (2,))),
        Call("torch.randint", (5, (2,))),
        Call("torch.randperm", (4,)),
        Call("torch.arange", (0, 6, 2)),
        Call("torch.linspace", (0, 1, 3)),
        Call("torch.logspace", (0, 1, 3, 10.0)),
        Call("torch.complex", (X, Y)),
        Call("torch.Size", ((2, 3),)),
        Call("torch.manual_seed", (3,)),
        Call(
            "torch.frombuffer", (bytearray(16),), {"dtype": D("float32"), "count": 2, "offset": 4}
        ),
        Call("torch.hann_window", (5, True)),
        Call("torch.kaiser_window", (5, True, 12.0)),
        Call("torch.tril_indices", (3, 3, 1)),
        Call("torch.cartesian_prod", (V, V)),
        Call("torch.FloatTensor", (2, 3)),
        Call("torch.Tensor", (2, 3)),
        Call("torch.LongTensor", ([1, 2],)),
    ),
    "types": (
        Call("torch.can_cast", (D("float32"), D("int64"))),
        Call("torch.promote_types", (D("float32"), D("int64"))),
        Call("torch.result_type", (X, 2)),
        Call("torch.is_tensor", (X,)),
        Call("torch.is_nonzero", (T(()),)),
        Call("torch.is_complex", (X,)),
        Call("torch.is_same_size", (X, Y)),
        Call("torch.numel", (X,)),
        Call("torch.finfo", (D("float32"),)),
        Call("torch.iinfo", (D("int64"),)),
        Call("torch.typename", (X,)),
        Call("Tensor.to", (X, D("float64"), False, True)),
        Call("Tensor.to", (X, "cpu")),
        Call("Tensor.type", (X, "torch.DoubleTensor")),
        Call("Tensor.type", (X, D("int64"))),
        Call("Tensor.type_as", (X, INDEX)),
        Call("torch.device", ("cpu",)),
        Call("torch.device", ("cpu", 0)),
        Call("torch.sym_int", (2.5,)),
        Call("torch.sym_float", (2,)),
        Call("torch.sym_max", (2, 3)),
        Call("torch.sym_not", (True,)),
    ),
    "layers of torch": (
        Call("torch.adaptive_avg_pool1d", (SIGNAL, 2)),
        Call("torch.adaptive_max_pool1d", (SIGNAL, 2)),
        Call("torch.avg_pool1d", (SIGNAL, (2,), (1,), (0,), False, True)),
        Call("torch.max_pool1d", (SIGNAL, 2, 1, 0, 1, False)),
        Call("torch.max_pool2d", (IMAGE, 2, 1, 0, 1, False)),
        Call("torch.affine_grid_generator", (T((2, 2, 3)), (2, 3, 4, 4), False)),
        Call("torch.grid_sampler", (IMAGE, T((2, 4, 4, 2)), 0, 0, False)),
        Call("torch.batch_norm", (X, None, None, None, None, True, 0.1, 1e-5, False)),
        Call("torch.instance_norm", (SIGNAL, None, None, None, None, True, 0.1, 1e-5, False)),
        Call("torch.group_norm", (SIGNAL, 3, T((3,)), T((3,)), 1e-5)),
        Call("torch.bilinear", (X, X, T((4, 3, 3)), T((4,)))),
        Call(
            "torch.convolution",
            (IMAGE, T((4, 3, 3, 3)), None, (1, 1), (0, 0), (1, 1), False, (0, 0), 1),
        ),
        Call("torch.conv_tbc", (T((5, 2, 3)), T((2, 3, 4)), T((4,)), 1)),
        Call("torch.constant_pad_nd", (X, (1, 1), 2.0)),
        Call("torch.channel_shuffle", (T((2, 4, 3)), 2)),
        Call("torch.dropout", (X, 0.0, True)),
        Call("torch.alpha_dropout", (X, 0.0, True)),
        Call("torch.feature_dropout", (IMAGE, 0.0, True)),
        Call("torch.binary_cross_entropy_with_logits", (X, Y, None, None, 1)),
        Call("torch.cosine_embedding_loss", (X, Y, T((2,)), 0.0, 1)),
        Call("torch.hinge_embedding_loss", (X, Y, 1.0, 1)),
        Call("torch.margin_ranking_loss", (X, Y, Y, 0.0, 1)),
        Call("torch.triplet_margin_loss", (X, Y, Y, 1.0, 2.0, 1e-6, False, 1)),
        Call("torch.kl_div", (X, Y, 1), {"log_target": False}),
        Call("torch.poisson_nll_loss", (X, Y, True, False, 1e-8, 1)),
        Call("torch.embedding_renorm_", (X, T((2,), "int64"), 1.0, 2.0)),
        Call("torch.celu_", (X, 1.0)),
        Call("torch.threshold_", (X, 0.5, 1.0)),
        Call("torch.rrelu_", (X, 0.1, 0.2, False)),
        Call("torch.relu_", (X,)),
        Call("torch.selu_", (X,)),
        Call("torch.clamp_max_", (X, 0.5)),
        Call("torch.addmv_", (T((2,)), X, T((3,)))),
        Call("torch.frobenius_norm", (X, (0, 1), False)),
        Call("torch.nuclear_norm", (X, False)),
        Call("torch.norm_except_dim", (X, 2, 0)),
        Call("torch.linalg.norm", (X, 2, (0, 1), True)),
        Call("torch.histogramdd", (T((4, 2)), (2, 2))),
        Call("torch.row_stack", ([X, Y],)),
        Call("torch.resize_as_", (X, V)),
        Call("torch.special.log_softmax", (X, 1), {"dtype": D("float64")}),
        Call("torch.special.logsumexp", (X, 1, True)),
        Call("torch.nn.functional.elu_", (X, 1.0)),
        Call("torch.nn.functional.leaky_relu_", (X, 0.1)),
        Call("torch.nn.functional.hardtanh_", (X, -1.0, 1.0)),
        Call("torch.nn.functional.max_pool2d_with_indices", (IMAGE, 2, 1, 0, 1, False)),
    ),
}
