"""The operations that neural networks are made of, as functions: convolution, pooling, losses, ….

Written by ``tools/stubs.py``.
"""

from builtins import bool as _bool
from builtins import float as _float
from builtins import int as _int
from builtins import str as _str
from collections.abc import Callable as _Callable
from collections.abc import Sequence as _Sequence
from shapetorch.tensor.dtypes import dtype as _dtype
from typing import Any as _Any
from typing import Literal as _Literal
from typing import overload as _overload

from shapetorch.tensor.tensors import Tensor

def relu(input: Tensor, inplace: _bool = False) -> Tensor:
    """The positive part."""

def elu(input: Tensor, alpha: _float = 1.0, inplace: _bool = False) -> Tensor:
    """The tensor where it is positive, ``alpha * (exp(input) - 1)`` elsewhere."""

def celu(input: Tensor, alpha: _float = 1.0, inplace: _bool = False) -> Tensor:
    """The tensor where it is positive, ``alpha * (exp(input / alpha) - 1)`` elsewhere."""

def selu(input: Tensor, inplace: _bool = False) -> Tensor:
    """`elu` with the constants that keep mean 0 and variance 1."""

def sigmoid(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """``1 / (1 + exp(-input))``."""

def silu(input: Tensor, inplace: _bool = False) -> Tensor:
    """``input * sigmoid(input)``."""

def mish(input: Tensor, inplace: _bool = False) -> Tensor:
    """``input * tanh(softplus(input))``."""

def softplus(input: Tensor, beta: _float = 1, threshold: _float = 20) -> Tensor:
    """``log(1 + exp(beta * input)) / beta``; the input itself where ``beta * input > threshold``."""

def logsigmoid(input: Tensor) -> Tensor:
    """``log(sigmoid(input))`` without overflow."""

def gelu(input: Tensor, approximate: _str = 'none') -> Tensor:
    """``input`` times the normal distribution function of it.

    Args:
        input: The tensor.
        approximate: "none", or "tanh" for the approximation by the hyperbolic tangent.

    Raises:
        RuntimeError: `approximate` is something else.
    """

def softsign(input: Tensor) -> Tensor:
    """``input / (1 + |input|)``."""

def tanhshrink(input: Tensor) -> Tensor:
    """``input - tanh(input)``."""

def glu(input: Tensor, dim: _int = -1) -> Tensor:
    """The first half of a dim, times the sigmoid of the second.

    Raises:
        ShapeError: dimension_error_out_of_range, glu_error_odd_size.
    """

def elu_(input: Tensor, *args: _Any, **kwargs: _Any) -> Tensor:
    """`elu` in place."""

def celu_(input: Tensor, *args: _Any, **kwargs: _Any) -> Tensor:
    """`celu` in place."""

def selu_(input: Tensor, *args: _Any, **kwargs: _Any) -> Tensor:
    """`selu` in place."""

def relu_(self: Tensor) -> Tensor:
    """`relu` in place."""

def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """``input @ weight.T + bias``.

    Args:
        input: ``(*batch, in_features)``.
        weight: ``(out_features, in_features)``, or ``(in_features,)``.
        bias: ``(out_features,)``, or ``()``.

    Returns:
        ``(*batch, out_features)``, or ``(*batch)``.

    Raises:
        ShapeError: matmul_error_inner_dimensions_do_not_match and others.
    """

def scaled_dot_product_attention(query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor | None = None, dropout_p: _float = 0.0, is_causal: _bool = False, scale: _float | None = None, enable_gqa: _bool = False) -> Tensor:
    """``softmax(query @ key.T * scale + attn_mask) @ value``.

    Args:
        query: ``(*, L, E)``.
        key: ``(*, S, E)``.
        value: ``(*, S, E_v)``.
        attn_mask: What is added, or (bool) which places are seen; expands to ``(*, L, S)``.
        dropout_p: With which probability a weight is dropped.
        is_causal: Whether a place sees no later one.
        scale: ``1 / sqrt(E)`` if not given.
        enable_gqa: Whether the heads of key and value (dim -3) are repeated to those of the query.

    Returns:
        ``(*, L, E_v)``; zeros for a place that sees nothing.

    Raises:
        ShapeError: attention_error_shape, attention_error_mask_rank, attention_error_mask_shape,
            broadcast_error_incompatible_dimensions.
        RuntimeError: the dtypes differ.

    Source: Vaswani et al. 2017, section 3.2.1; PyTorch's function of this name.
    """

def avg_pool1d(input: Tensor, kernel_size: _int | _Sequence[_int], stride: _int | _Sequence[_int] | None = None, padding: _int | _Sequence[_int] | _str = 0, ceil_mode: _bool = False, count_include_pad: _bool = True) -> Tensor:
    """Means of windows of the last axis; see `avg_pool2d`."""

def avg_pool2d(input: Tensor, kernel_size: _int | _Sequence[_int], stride: _int | _Sequence[_int] | None = None, padding: _int | _Sequence[_int] | _str = 0, ceil_mode: _bool = False, count_include_pad: _bool = True, divisor_override: _int | None = None) -> Tensor:
    """Means of windows of the last two axes.

    Args:
        input: ``(N, C, H, W)``, or ``(C, H, W)`` without a batch.
        kernel_size: Size of the window.
        stride: Step between windows; the kernel's size when it is left out.
        padding: Zeros added on each side, at most half of the kernel.
        ceil_mode: Whether a last window may reach over the end.
        count_include_pad: Whether the zeros count.
        divisor_override: What sums are divided by in place of the number of elements.

    Raises:
        ShapeError: pool_error_rank, pool_error_padding, pool_error_empty_output,
            argument_error_value.
    """

def avg_pool3d(input: Tensor, kernel_size: _int | _Sequence[_int], stride: _int | _Sequence[_int] | None = None, padding: _int | _Sequence[_int] | _str = 0, ceil_mode: _bool = False, count_include_pad: _bool = True, divisor_override: _int | None = None) -> Tensor:
    """Means of windows of the last three axes; see `avg_pool2d`."""

def lp_pool1d(input: Tensor, norm_type: _float, kernel_size: _int, stride: _int | _Sequence[_int] | None = None, ceil_mode: _bool = False) -> Tensor:
    """Power sums of windows of the last axis; see `lp_pool2d`."""

def lp_pool2d(input: Tensor, norm_type: _float, kernel_size: _int | _Sequence[_int], stride: _int | _Sequence[_int] | None = None, ceil_mode: _bool = False) -> Tensor:
    """``(sum of x**p) ** (1/p)`` over windows of the last two axes, where p is `norm_type`."""

def lp_pool3d(input: Tensor, norm_type: _float, kernel_size: _int | _Sequence[_int], stride: _int | _Sequence[_int] | None = None, ceil_mode: _bool = False) -> Tensor:
    """Power sums of windows of the last three axes; see `lp_pool2d`."""

def adaptive_avg_pool1d(input: Tensor, output_size: _int | _Sequence[_int | None]) -> Tensor:
    """Means of `output_size` windows that cover the last axis evenly."""

def adaptive_avg_pool2d(input: Tensor, output_size: _int | _Sequence[_int | None]) -> Tensor:
    """Means of windows that cover the last two axes evenly; None keeps a size."""

def adaptive_avg_pool3d(input: Tensor, output_size: _int | _Sequence[_int | None]) -> Tensor:
    """Means of windows that cover the last three axes evenly; None keeps a size."""

def layer_norm(input: Tensor, normalized_shape: _Sequence[_int], weight: Tensor | None = None, bias: Tensor | None = None, eps: _float = 1e-05) -> Tensor:
    """The input with mean 0 and variance 1 over its last dims, times weight, plus bias.

    Args:
        input: ``(*, *normalized_shape)``.
        normalized_shape: The sizes of the last dims.
        weight: Of that shape.
        bias: Of that shape.
        eps: Added to the variance.

    Raises:
        ShapeError: norm_error_shape_mismatch.
        RuntimeError: the dtypes differ.
    """

def rms_norm(input: Tensor, normalized_shape: _Sequence[_int], weight: Tensor | None = None, eps: _float | None = None) -> Tensor:
    """``x / sqrt(mean(x*x) + eps) * weight`` over the last dims; eps is the dtype's if not given.

    Raises:
        ShapeError: norm_error_shape_mismatch.
    """

def group_norm(input: Tensor, num_groups: _int, weight: Tensor | None = None, bias: Tensor | None = None, eps: _float = 1e-05) -> Tensor:
    """The input with mean 0 and variance 1 in each group of channels, times weight, plus bias.

    Args:
        input: ``(N, C, *)``.
        num_groups: Divides C.
        weight: ``(C,)``.
        bias: ``(C,)``.
        eps: Added to the variance.

    Raises:
        ShapeError: rank_error_mismatch, norm_error_groups, norm_error_channel_mismatch,
            norm_error_single_value.
    """

def local_response_norm(input: Tensor, size: _int, alpha: _float = 0.0001, beta: _float = 0.75, k: _float = 1.0) -> Tensor:
    """The input divided by ``(k + alpha * mean of squares) ** beta`` over `size` neighbouring channels."""

def normalize(input: Tensor, p: _float = 2.0, dim: _int | _Sequence[_int] = 1, eps: _float = 1e-12, out: Tensor | None = None) -> Tensor:
    """The input divided by its norm along `dim`, which counts as `eps` at least.

    Args:
        input: Of any shape.
        p: The exponent of the norm.
        dim: The dim or dims along which the norm is taken.
        eps: What the norm is at least.
        out: Where to write the result.
    """

def batch_norm(input: Tensor, running_mean: Tensor | None, running_var: Tensor | None, weight: Tensor | None = None, bias: Tensor | None = None, training: _bool = False, momentum: _float = 0.1, eps: _float = 1e-05) -> Tensor:
    """Each channel with mean 0 and variance 1 over the batch, times weight, plus bias.

    Args:
        input: ``(N, C, *)``.
        running_mean: ``(C,)``; used when not training, moved towards the batch's when training.
        running_var: ``(C,)``, likewise.
        weight: ``(C,)``.
        bias: ``(C,)``.
        training: Whether the statistics are the batch's.
        momentum: The share of the batch in the running statistics.
        eps: Added to the variance.

    Raises:
        ShapeError: rank_error_mismatch, norm_error_channel_mismatch, norm_error_single_value.
        ValueError: eps is not positive.
    """

def instance_norm(input: Tensor, running_mean: Tensor | None = None, running_var: Tensor | None = None, weight: Tensor | None = None, bias: Tensor | None = None, use_input_stats: _bool = True, momentum: _float = 0.1, eps: _float = 1e-05) -> Tensor:
    """Each channel of each item with mean 0 and variance 1, times weight, plus bias.

    Args:
        input: ``(N, C, *)``.
        running_mean: ``(C,)``; used without `use_input_stats`, else moved towards the batch's mean.
        running_var: ``(C,)``, likewise.
        weight: ``(C,)``.
        bias: ``(C,)``.
        use_input_stats: Whether the statistics are the input's.
        momentum: The share of the input in the running statistics.
        eps: Added to the variance.

    Raises:
        ShapeError: rank_error_mismatch, norm_error_channel_mismatch, norm_error_single_value.
    """

def binary_cross_entropy(input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: _bool | None = None, reduce: _bool | None = None, reduction: _str = 'mean') -> Tensor:
    """``-(target * log(input) + (1 - target) * log(1 - input))``; a logarithm is at least -100.

    Args:
        input: Probabilities.
        target: Probabilities, of the same shape and dtype.
        weight: Of each element; broadcasts.
        size_average: Older form of `reduction`.
        reduce: Older form of `reduction`.
        reduction: none, mean or sum.

    Raises:
        ShapeError: loss_error_target_shape, broadcast_error_incompatible_dimensions.
        RuntimeError: something is no probability, or the dtypes differ.
    """

def binary_cross_entropy_with_logits(input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: _bool | None = None, reduce: _bool | None = None, reduction: _str = 'mean', pos_weight: Tensor | None = None) -> Tensor:
    """The binary cross entropy of ``sigmoid(input)``, without loss of accuracy.

    Args:
        input: Logits.
        target: Probabilities, of the same shape.
        weight: Of each element; broadcasts.
        size_average: Older form of `reduction`.
        reduce: Older form of `reduction`.
        reduction: none, mean or sum.
        pos_weight: Of the positive class; broadcasts.

    Raises:
        ShapeError: loss_error_target_shape, broadcast_error_incompatible_dimensions.
    """

def multilabel_soft_margin_loss(input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: _bool | None = None, reduce: _bool | None = None, reduction: _str = 'mean') -> Tensor:
    """The binary cross entropy of logits, averaged over the classes (the last dim)."""

def conv1d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: _int | _Sequence[_int] | None = 1, padding: _int | _Sequence[_int] | _str = 0, dilation: _int | _Sequence[_int] = 1, groups: _int = 1) -> Tensor:
    """A 1-d convolution; see `conv2d`."""

def conv2d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: _int | _Sequence[_int] | None = 1, padding: _int | _Sequence[_int] | _str = 0, dilation: _int | _Sequence[_int] = 1, groups: _int = 1) -> Tensor:
    """A 2-d convolution (cross-correlation).

    Args:
        input: ``(N, C_in, H, W)``, or ``(C_in, H, W)`` without a batch.
        weight: ``(C_out, C_in // groups, K_h, K_w)``.
        bias: ``(C_out,)``.
        stride: Step between windows, in elements.
        padding: Zeros added on each side, in elements; ``"valid"`` is 0, ``"same"`` keeps sizes.
        dilation: Distance between kernel taps, in elements; 1 is a dense kernel.
        groups: Number of channel groups; divides ``C_in`` and ``C_out``.

    Returns:
        ``(N, C_out, H_out, W_out)``, where
        ``H_out = (H + 2*padding - dilation*(K_h - 1) - 1) // stride + 1`` and ``W_out`` alike.

    Raises:
        ShapeError: conv_error_rank, conv_error_channel_mismatch, conv_error_groups,
            conv_error_bias, conv_error_empty_output, argument_error_value.
        RuntimeError: the dtypes differ.
    """

def conv3d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: _int | _Sequence[_int] | None = 1, padding: _int | _Sequence[_int] | _str = 0, dilation: _int | _Sequence[_int] = 1, groups: _int = 1) -> Tensor:
    """A 3-d convolution; see `conv2d`."""

def conv_transpose1d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: _int | _Sequence[_int] | None = 1, padding: _int | _Sequence[_int] | _str = 0, output_padding: _int | _Sequence[_int] = 0, groups: _int = 1, dilation: _int | _Sequence[_int] = 1) -> Tensor:
    """A transposed 1-d convolution; see `conv_transpose2d`."""

def conv_transpose2d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: _int | _Sequence[_int] | None = 1, padding: _int | _Sequence[_int] | _str = 0, output_padding: _int | _Sequence[_int] = 0, groups: _int = 1, dilation: _int | _Sequence[_int] = 1) -> Tensor:
    """A transposed 2-d convolution: what a convolution of this geometry maps back.

    Args:
        input: ``(N, C_in, H, W)``, or ``(C_in, H, W)`` without a batch.
        weight: ``(C_in, C_out // groups, K_h, K_w)``.
        bias: ``(C_out,)``.
        stride: Step between windows of the result, in elements.
        padding: Elements taken off each side of the result.
        output_padding: Elements added to the end of each axis; less than stride or dilation.
        groups: Number of channel groups; divides ``C_in``.
        dilation: Distance between kernel taps, in elements.

    Returns:
        ``(N, C_out, H_out, W_out)``, where ``H_out = (H - 1)*stride - 2*padding
        + dilation*(K_h - 1) + output_padding + 1`` and ``W_out`` alike.

    Raises:
        ShapeError: conv_error_rank, conv_error_channel_mismatch, conv_error_groups,
            conv_error_bias, conv_error_empty_output, argument_error_value.
        RuntimeError: the dtypes differ.
    """

def conv_transpose3d(input: Tensor, weight: Tensor, bias: Tensor | None = None, stride: _int | _Sequence[_int] | None = 1, padding: _int | _Sequence[_int] | _str = 0, output_padding: _int | _Sequence[_int] = 0, groups: _int = 1, dilation: _int | _Sequence[_int] = 1) -> Tensor:
    """A transposed 3-d convolution; see `conv_transpose2d`."""

def conv_tbc(input: Tensor, weight: Tensor, bias: Tensor, pad: _int = 0) -> Tensor:
    """A 1-d convolution of ``(T, N, C_in)`` with a weight ``(K, C_in, C_out)``; see `conv1d`."""

def ctc_loss(log_probs: Tensor, targets: Tensor, input_lengths: Tensor | _Sequence[_int], target_lengths: Tensor | _Sequence[_int], blank: _int = 0, reduction: _str = 'mean', zero_infinity: _bool = False) -> Tensor:
    """Minus the log-probability of the targets, summed over all alignments.

    Args:
        log_probs: Log-probabilities ``(T, N, C)`` or ``(T, C)``.
        targets: Labels, ``(N, S)`` or all in a row.
        input_lengths: How many times count in each sequence.
        target_lengths: How many labels count in each target.
        blank: The class of the blank.
        reduction: none, mean (each over its length) or sum.
        zero_infinity: Whether impossible targets have the loss 0.

    Raises:
        ShapeError: rank_error_mismatch, loss_error_shape_mismatch, loss_error_reduction.
        RuntimeError: a length or a label is out of range.

    Source: PyTorch ``torch.nn.CTCLoss``.
    """

def dropout(input: Tensor, p: _float = 0.5, training: _bool = True, inplace: _bool = False) -> Tensor:
    """Elements set to zero with probability p, the others divided by ``1 - p``.

    Args:
        input: Of any shape.
        p: The probability.
        training: Whether anything happens at all.
        inplace: Whether the input is written to.

    Raises:
        ValueError: p is no probability.
    """

def alpha_dropout(input: Tensor, p: _float = 0.5, training: _bool = False, inplace: _bool = False) -> Tensor:
    """Dropout to the least value of SELU, so that mean and variance of its results are kept."""

def feature_alpha_dropout(input: Tensor, p: _float = 0.5, training: _bool = False, inplace: _bool = False) -> Tensor:
    """`alpha_dropout` of whole channels (the second dim)."""

def dropout1d(input: Tensor, p: _float = 0.5, training: _bool = True, inplace: _bool = False) -> Tensor:
    """`dropout` of whole channels of ``(N, C, L)`` or ``(C, L)``."""

def dropout2d(input: Tensor, p: _float = 0.5, training: _bool = True, inplace: _bool = False) -> Tensor:
    """`dropout` of whole channels of ``(N, C, H, W)``; of 3 dims, the first is the batch."""

def dropout3d(input: Tensor, p: _float = 0.5, training: _bool = True, inplace: _bool = False) -> Tensor:
    """`dropout` of whole channels of ``(N, C, D, H, W)`` or ``(C, D, H, W)``."""

def gumbel_softmax(logits: Tensor, tau: _float = 1, hard: _bool = False, eps: _float = 1e-10, dim: _int = -1) -> Tensor:
    """A sample of the Gumbel-softmax distribution along `dim`.

    Args:
        logits: Log-probabilities, up to a constant.
        tau: The temperature.
        hard: Whether the result is one-hot, with the gradient of the soft sample.
        eps: Has no meaning any more.
        dim: The dim of the classes.
    """

def embedding(input: Tensor, weight: Tensor, padding_idx: _int | None = None, max_norm: _float | None = None, norm_type: _float = 2.0, scale_grad_by_freq: _bool = False, sparse: _bool = False) -> Tensor:
    """Rows of a table.

    Args:
        input: Indices, ``(*)``.
        weight: ``(num, dim)``.
        padding_idx: A row that gets no gradient.
        max_norm: Rows that are looked up are shortened to it, in place.
        norm_type: The exponent of that norm.
        scale_grad_by_freq: Whether a row's gradient is divided by how often it is looked up.
        sparse: Gradients are dense all the same.

    Returns:
        ``(*, dim)``.

    Raises:
        ShapeError: embedding_error_shape.
        IndexError: an index is out of range.
        RuntimeError: the indices are not int32 or int64.
    """

def embedding_bag(input: Tensor, weight: Tensor, offsets: Tensor | None = None, max_norm: _float | None = None, norm_type: _float = 2, scale_grad_by_freq: _bool = False, mode: _str = 'mean', sparse: _bool = False, per_sample_weights: Tensor | None = None, include_last_offset: _bool = False, padding_idx: _int | None = None) -> Tensor:
    """Sums, means or maxima of rows of a table.

    Args:
        input: Indices ``(bags, n)``, or ``(n,)`` with `offsets`.
        weight: ``(num, dim)``.
        offsets: Where each bag starts, ``(bags,)``; only for an input of rank 1.
        max_norm: Rows that are looked up are shortened to it, in place.
        norm_type: The exponent of that norm.
        scale_grad_by_freq: Whether a row's gradient is divided by how often it is looked up.
        mode: sum, mean or max.
        sparse: Gradients are dense all the same.
        per_sample_weights: A factor for each index, in mode sum.
        include_last_offset: Whether `offsets` has one more item, the length of `input`.
        padding_idx: A row that counts nothing.

    Returns:
        ``(bags, dim)``; zeros for empty bags.

    Raises:
        ShapeError: embedding_bag_error_requires_2d_input, embedding_error_shape,
            rank_error_mismatch, embedding_bag_error_sample_weights.
        RuntimeError: an index or an offset is out of range, or a dtype is wrong.
    """

def one_hot(input: Tensor, num_classes: _int = -1) -> Tensor:
    """1 at the place of each class, 0 elsewhere: ``(*)`` as ``(*, num_classes)``.

    Args:
        input: Classes, int64.
        num_classes: How many there are; -1 for one more than the largest.

    Raises:
        RuntimeError: a class is out of range, or the dtype is not int64.
    """

def unfold(input: Tensor, kernel_size: _int | _Sequence[_int], dilation: _int | _Sequence[_int] = 1, padding: _int | _Sequence[_int] | _str = 0, stride: _int | _Sequence[_int] | None = 1) -> Tensor:
    """The windows of an image as columns.

    Args:
        input: ``(N, C, H, W)``, or without N.
        kernel_size: Of a window, ``(vertical, horizontal)`` or one number.
        dilation: Distance between the elements of a window.
        padding: Zeros added on each side.
        stride: Step between windows.

    Returns:
        ``(N, C*K_h*K_w, number of windows)``.

    Raises:
        ShapeError: conv_error_rank, conv_error_empty_output, argument_error_value.
    """

def fold(input: Tensor, output_size: _int | _Sequence[_int | None], kernel_size: _int | _Sequence[_int], dilation: _int | _Sequence[_int] = 1, padding: _int | _Sequence[_int] | _str = 0, stride: _int | _Sequence[_int] | None = 1) -> Tensor:
    """Columns added up to the image that they are the windows of; see `unfold_columns`.

    Args:
        input: ``(N, C*K_h*K_w, L)``, or without N; L must be the windows in the image.
        output_size: ``(H, W)`` of the image.
        kernel_size: Of a window.
        dilation: Distance between the elements of a window.
        padding: Zeros on each side, which are left out.
        stride: Step between windows.

    Returns:
        ``(N, C, H, W)``.

    Raises:
        ShapeError: conv_error_rank, fold_error_size, conv_error_empty_output, argument_error_value.
    """

def max_pool1d_with_indices(input: Tensor, kernel_size: _int | _Sequence[_int], stride: _int | _Sequence[_int] | None = None, padding: _int | _Sequence[_int] | _str = 0, dilation: _int | _Sequence[_int] = 1, ceil_mode: _bool = False, return_indices: _bool = False) -> tuple[Tensor, Tensor]:
    """The maxima of windows and their places; see `max_pool2d`."""

@_overload
def max_pool1d(input: Tensor, kernel_size: _int | _Sequence[_int], stride: _int | _Sequence[_int] | None = None, padding: _int | _Sequence[_int] | _str = 0, dilation: _int | _Sequence[_int] = 1, ceil_mode: _bool = False, return_indices: _Literal[False] = False) -> Tensor:
    """The maxima of windows of the last axis; see `max_pool2d`."""
@_overload
def max_pool1d(input: Tensor, kernel_size: _int | _Sequence[_int], *, stride: _int | _Sequence[_int] | None = None, padding: _int | _Sequence[_int] | _str = 0, dilation: _int | _Sequence[_int] = 1, ceil_mode: _bool = False, return_indices: _Literal[True]) -> tuple[Tensor, Tensor]:
    """The maxima of windows of the last axis; see `max_pool2d`."""

def adaptive_max_pool1d_with_indices(input: Tensor, output_size: _int | _Sequence[_int | None], return_indices: _bool = False) -> tuple[Tensor, Tensor]:
    """The maxima of windows that cover the last axes evenly, and their places."""

@_overload
def adaptive_max_pool1d(input: Tensor, output_size: _int | _Sequence[_int | None], return_indices: _Literal[False] = False) -> Tensor:
    """The maxima of windows that cover the last axes evenly; with their places if asked for."""
@_overload
def adaptive_max_pool1d(input: Tensor, output_size: _int | _Sequence[_int | None], *, return_indices: _Literal[True]) -> tuple[Tensor, Tensor]:
    """The maxima of windows that cover the last axes evenly; with their places if asked for."""

def max_unpool1d(input: Tensor, indices: Tensor, kernel_size: _int | _Sequence[_int], stride: _int | _Sequence[_int] | None = None, padding: _int | _Sequence[_int] | _str = 0, output_size: _int | _Sequence[_int | None] | None = None) -> Tensor:
    """The elements put back to the places that max pooling found, among zeros."""

def max_pool2d_with_indices(input: Tensor, kernel_size: _int | _Sequence[_int], stride: _int | _Sequence[_int] | None = None, padding: _int | _Sequence[_int] | _str = 0, dilation: _int | _Sequence[_int] = 1, ceil_mode: _bool = False, return_indices: _bool = False) -> tuple[Tensor, Tensor]:
    """The maxima of windows and their places; see `max_pool2d`."""

@_overload
def max_pool2d(input: Tensor, kernel_size: _int | _Sequence[_int], stride: _int | _Sequence[_int] | None = None, padding: _int | _Sequence[_int] | _str = 0, dilation: _int | _Sequence[_int] = 1, ceil_mode: _bool = False, return_indices: _Literal[False] = False) -> Tensor:
    """The maxima of windows of the last two axes.

    Args:
        input: ``(N, C, H, W)``, or ``(C, H, W)`` without a batch.
        kernel_size: Size of the window.
        stride: Step between windows; the kernel's size when it is left out.
        padding: Elements added on each side, at most half of the kernel; they never win.
        dilation: Distance between the elements of a window.
        ceil_mode: Whether a last window may reach over the end.
        return_indices: Whether the places of the maxima are given too, counted in ``H*W``.

    Raises:
        ShapeError: pool_error_rank, pool_error_padding, pool_error_empty_output,
            argument_error_value.
    """
@_overload
def max_pool2d(input: Tensor, kernel_size: _int | _Sequence[_int], *, stride: _int | _Sequence[_int] | None = None, padding: _int | _Sequence[_int] | _str = 0, dilation: _int | _Sequence[_int] = 1, ceil_mode: _bool = False, return_indices: _Literal[True]) -> tuple[Tensor, Tensor]:
    """The maxima of windows of the last two axes.

    Args:
        input: ``(N, C, H, W)``, or ``(C, H, W)`` without a batch.
        kernel_size: Size of the window.
        stride: Step between windows; the kernel's size when it is left out.
        padding: Elements added on each side, at most half of the kernel; they never win.
        dilation: Distance between the elements of a window.
        ceil_mode: Whether a last window may reach over the end.
        return_indices: Whether the places of the maxima are given too, counted in ``H*W``.

    Raises:
        ShapeError: pool_error_rank, pool_error_padding, pool_error_empty_output,
            argument_error_value.
    """

def adaptive_max_pool2d_with_indices(input: Tensor, output_size: _int | _Sequence[_int | None], return_indices: _bool = False) -> tuple[Tensor, Tensor]:
    """The maxima of windows that cover the last axes evenly, and their places."""

@_overload
def adaptive_max_pool2d(input: Tensor, output_size: _int | _Sequence[_int | None], return_indices: _Literal[False] = False) -> Tensor:
    """The maxima of windows that cover the last axes evenly; with their places if asked for."""
@_overload
def adaptive_max_pool2d(input: Tensor, output_size: _int | _Sequence[_int | None], *, return_indices: _Literal[True]) -> tuple[Tensor, Tensor]:
    """The maxima of windows that cover the last axes evenly; with their places if asked for."""

def max_unpool2d(input: Tensor, indices: Tensor, kernel_size: _int | _Sequence[_int], stride: _int | _Sequence[_int] | None = None, padding: _int | _Sequence[_int] | _str = 0, output_size: _int | _Sequence[_int | None] | None = None) -> Tensor:
    """The elements put back to the places that max pooling found, among zeros."""

def max_pool3d_with_indices(input: Tensor, kernel_size: _int | _Sequence[_int], stride: _int | _Sequence[_int] | None = None, padding: _int | _Sequence[_int] | _str = 0, dilation: _int | _Sequence[_int] = 1, ceil_mode: _bool = False, return_indices: _bool = False) -> tuple[Tensor, Tensor]:
    """The maxima of windows and their places; see `max_pool2d`."""

@_overload
def max_pool3d(input: Tensor, kernel_size: _int | _Sequence[_int], stride: _int | _Sequence[_int] | None = None, padding: _int | _Sequence[_int] | _str = 0, dilation: _int | _Sequence[_int] = 1, ceil_mode: _bool = False, return_indices: _Literal[False] = False) -> Tensor:
    """The maxima of windows of the last three axes; see `max_pool2d`."""
@_overload
def max_pool3d(input: Tensor, kernel_size: _int | _Sequence[_int], *, stride: _int | _Sequence[_int] | None = None, padding: _int | _Sequence[_int] | _str = 0, dilation: _int | _Sequence[_int] = 1, ceil_mode: _bool = False, return_indices: _Literal[True]) -> tuple[Tensor, Tensor]:
    """The maxima of windows of the last three axes; see `max_pool2d`."""

def adaptive_max_pool3d_with_indices(input: Tensor, output_size: _int | _Sequence[_int | None], return_indices: _bool = False) -> tuple[Tensor, Tensor]:
    """The maxima of windows that cover the last axes evenly, and their places."""

@_overload
def adaptive_max_pool3d(input: Tensor, output_size: _int | _Sequence[_int | None], return_indices: _Literal[False] = False) -> Tensor:
    """The maxima of windows that cover the last axes evenly; with their places if asked for."""
@_overload
def adaptive_max_pool3d(input: Tensor, output_size: _int | _Sequence[_int | None], *, return_indices: _Literal[True]) -> tuple[Tensor, Tensor]:
    """The maxima of windows that cover the last axes evenly; with their places if asked for."""

def max_unpool3d(input: Tensor, indices: Tensor, kernel_size: _int | _Sequence[_int], stride: _int | _Sequence[_int] | None = None, padding: _int | _Sequence[_int] | _str = 0, output_size: _int | _Sequence[_int | None] | None = None) -> Tensor:
    """The elements put back to the places that max pooling found, among zeros."""

def fractional_max_pool2d_with_indices(input: Tensor, kernel_size: _int | _Sequence[_int], output_size: _int | _Sequence[_int | None] | None = None, output_ratio: _float | _Sequence[_float] | None = None, return_indices: _bool = False, _random_samples: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """The maxima and their places; see `fractional_max_pool2d`."""

@_overload
def fractional_max_pool2d(input: Tensor, kernel_size: _int | _Sequence[_int], output_size: _int | _Sequence[_int | None] | None = None, output_ratio: _float | _Sequence[_float] | None = None, return_indices: _Literal[False] = False, _random_samples: Tensor | None = None) -> Tensor:
    """The maxima of windows of the last two axes at random places.

    Args:
        input: ``(N, C, H, W)``, or ``(C, H, W)`` without a batch.
        kernel_size: Size of the window.
        output_size: Sizes of the result.
        output_ratio: Or how much of the input's sizes they are.
        return_indices: Whether the places of the maxima are given too.
        _random_samples: Where windows start, numbers in ``[0, 1)`` of shape ``(N, C, 2)``.

    Raises:
        ShapeError: pool_error_rank, pool_error_empty_output, pool_error_output_size.
    """
@_overload
def fractional_max_pool2d(input: Tensor, kernel_size: _int | _Sequence[_int], *, output_size: _int | _Sequence[_int | None] | None = None, output_ratio: _float | _Sequence[_float] | None = None, return_indices: _Literal[True], _random_samples: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """The maxima of windows of the last two axes at random places.

    Args:
        input: ``(N, C, H, W)``, or ``(C, H, W)`` without a batch.
        kernel_size: Size of the window.
        output_size: Sizes of the result.
        output_ratio: Or how much of the input's sizes they are.
        return_indices: Whether the places of the maxima are given too.
        _random_samples: Where windows start, numbers in ``[0, 1)`` of shape ``(N, C, 2)``.

    Raises:
        ShapeError: pool_error_rank, pool_error_empty_output, pool_error_output_size.
    """

def fractional_max_pool3d_with_indices(input: Tensor, kernel_size: _int | _Sequence[_int], output_size: _int | _Sequence[_int | None] | None = None, output_ratio: _float | _Sequence[_float] | None = None, return_indices: _bool = False, _random_samples: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """The maxima and their places; see `fractional_max_pool2d`."""

@_overload
def fractional_max_pool3d(input: Tensor, kernel_size: _int | _Sequence[_int], output_size: _int | _Sequence[_int | None] | None = None, output_ratio: _float | _Sequence[_float] | None = None, return_indices: _Literal[False] = False, _random_samples: Tensor | None = None) -> Tensor:
    """The maxima of windows of the last three axes; see `fractional_max_pool2d`."""
@_overload
def fractional_max_pool3d(input: Tensor, kernel_size: _int | _Sequence[_int], *, output_size: _int | _Sequence[_int | None] | None = None, output_ratio: _float | _Sequence[_float] | None = None, return_indices: _Literal[True], _random_samples: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """The maxima of windows of the last three axes; see `fractional_max_pool2d`."""

def affine_grid(theta: Tensor, size: _int | _Sequence[_int], align_corners: _bool | None = None) -> Tensor:
    """Places for `grid_sample`: those of an even grid, moved by an affine map.

    Args:
        theta: ``(N, 2, 3)``, or ``(N, 3, 4)`` in space.
        size: ``(N, C, H, W)``, or ``(N, C, D, H, W)``.
        align_corners: Whether -1 and 1 are the middles of the corner elements, not their edges.

    Returns:
        ``(N, H, W, 2)``, or ``(N, D, H, W, 3)``, with x first.
    """

def grid_sample(input: Tensor, grid: Tensor, mode: _str = 'bilinear', padding_mode: _str = 'zeros', align_corners: _bool | None = None) -> Tensor:
    """The image at the places of a grid, -1 and 1 being its ends.

    Args:
        input: ``(N, C, H, W)``, or ``(N, C, D, H, W)``.
        grid: ``(N, H_out, W_out, 2)``, or ``(N, D_out, H_out, W_out, 3)``; x comes first.
        mode: bilinear, nearest or bicubic (of 4 dimensions).
        padding_mode: What lies outside: zeros, the border, or the image reflected.
        align_corners: Whether -1 and 1 are the middles of the corner elements, not their edges.

    Raises:
        ShapeError: grid_error_shape, padding_error_empty.
        ValueError: an unknown mode.
        RuntimeError: the dtypes differ.
    """

def nll_loss(input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: _bool | None = None, ignore_index: _int = -100, reduce: _bool | None = None, reduction: _str = 'mean') -> Tensor:
    """Minus the log-probabilities of the labels.

    Args:
        input: Log-probabilities ``(C,)``, ``(N, C)`` or ``(N, C, *)``.
        target: Labels ``()``, ``(N,)`` or ``(N, *)``.
        weight: Of each class, ``(C,)``.
        size_average: Older form of `reduction`.
        ignore_index: A label that counts nothing.
        reduce: Older form of `reduction`.
        reduction: none, mean (weighted) or sum.

    Raises:
        ShapeError: loss_error_batch_mismatch, loss_error_shape_mismatch, loss_error_reduction.
        IndexError: a label is no class.
    """

def cross_entropy(input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: _bool | None = None, ignore_index: _int = -100, reduce: _bool | None = None, reduction: _str = 'mean', label_smoothing: _float = 0.0) -> Tensor:
    """Minus the log-probabilities of the labels under ``softmax(input)``.

    Args:
        input: Logits ``(C,)``, ``(N, C)`` or ``(N, C, *)``.
        target: Labels ``()``, ``(N,)`` or ``(N, *)``; or probabilities of the shape of `input`.
        weight: Of each class, ``(C,)``.
        size_average: Older form of `reduction`.
        ignore_index: A label that counts nothing.
        reduce: Older form of `reduction`.
        reduction: none, mean (weighted) or sum.
        label_smoothing: The share of the target that is spread over all classes.

    Raises:
        ShapeError: loss_error_batch_mismatch, loss_error_shape_mismatch, loss_error_reduction.
        IndexError: a label is no class.
    """

def grouped_mm(mat_a: Tensor, mat_b: Tensor, *, offs: Tensor | None = None, bias: Tensor | None = None, out_dtype: _dtype | None = None) -> Tensor:
    """The products of several pairs of matrices, whose rows or columns lie behind one another.

    Args:
        mat_a: ``(G, M, K)``, or ``(M, K)`` whose rows (or columns, if `mat_b` has 2 dims) are groups.
        mat_b: ``(G, K, N)``, or ``(K, N)`` whose columns (or rows) are groups.
        offs: Where each group of a matrix ends, int32 ``(G,)``.
        bias: Must be None, as in PyTorch.
        out_dtype: That of `mat_a`.

    Returns:
        ``(M, N)`` if one has 2 dims and the other 3, otherwise ``(G, M, N)``.

    Raises:
        ShapeError: rank_error_mismatch, matmul_error_inner_dimensions_do_not_match,
            batch_dimensions_do_not_match_error.
        RuntimeError: a dtype is not float32, bfloat16 or float16, or rows are no multiple of 16 bytes.
    """

def linear_cross_entropy(input: Tensor, linear_weight: Tensor, target: Tensor, *, linear_bias: Tensor | None = None, weight: Tensor | None = None, reduction: _str = 'mean', ignore_index: _int | None = None, label_smoothing: _float = 0.0, options: _Any = None) -> Tensor:
    """`cross_entropy` of ``input @ linear_weight.T + linear_bias``.

    Args:
        input: ``(K,)`` or ``(N, K)``.
        linear_weight: ``(C, *, K)``.
        target: Labels ``()``, ``(N,)`` or ``(N, *)``; or probabilities of the shape of the logits.
        linear_bias: ``(C, *)``.
        weight: Of each class, ``(C,)``.
        reduction: none, mean or sum.
        ignore_index: A label that counts nothing.
        label_smoothing: The share of the target that is spread over all classes.
        options: What tunes PyTorch's memory; it has no influence here.

    Raises:
        ShapeError: rank_error_mismatch, matmul_error_inner_dimensions_do_not_match, and those of
            `cross_entropy`.
        RuntimeError: `ignore_index` is given with probabilities.
    """

def mse_loss(input: Tensor, target: Tensor, size_average: _bool | None = None, reduce: _bool | None = None, reduction: _str = 'mean', weight: Tensor | None = None) -> Tensor:
    """``(input - target) ** 2``, reduced: none, mean or sum; a weighted mean if weights are given."""

def l1_loss(input: Tensor, target: Tensor, size_average: _bool | None = None, reduce: _bool | None = None, reduction: _str = 'mean', weight: Tensor | None = None) -> Tensor:
    """``abs(input - target)``, reduced: none, mean or sum; a weighted mean if weights are given."""

def smooth_l1_loss(input: Tensor, target: Tensor, size_average: _bool | None = None, reduce: _bool | None = None, reduction: _str = 'mean', beta: _float = 1.0) -> Tensor:
    """``d**2 / (2*beta)`` where ``d = abs(input - target)`` is below beta, ``d - beta/2`` above."""

def huber_loss(input: Tensor, target: Tensor, reduction: _str = 'mean', delta: _float = 1.0, weight: Tensor | None = None) -> Tensor:
    """``d**2 / 2`` where ``d = abs(input - target)`` is below delta, ``delta * (d - delta/2)`` above."""

def poisson_nll_loss(input: Tensor, target: Tensor, log_input: _bool = True, full: _bool = False, size_average: _bool | None = None, eps: _float = 1e-08, reduce: _bool | None = None, reduction: _str = 'mean') -> Tensor:
    """``exp(input) - target * input`` (or ``input - target * log(input + eps)``), up to a constant.

    Args:
        input: The rate, or its logarithm.
        target: The counts.
        log_input: Whether `input` is the logarithm.
        full: Whether Stirling's approximation of the constant is added.
        size_average: Older form of `reduction`.
        eps: Keeps the logarithm finite.
        reduce: Older form of `reduction`.
        reduction: none, mean or sum.
    """

def gaussian_nll_loss(input: Tensor, target: Tensor, var: Tensor | _float, full: _bool = False, eps: _float = 1e-06, reduction: _str = 'mean') -> Tensor:
    """``(log(var) + (input - target)**2 / var) / 2``, up to a constant.

    Args:
        input: The means.
        target: Samples.
        var: The variances: of the input's shape, or with a last size of 1 or without it.
        full: Whether the constant is added.
        eps: What the variance is at least.
        reduction: none, mean or sum.

    Raises:
        ValueError: a variance is negative.
    """

def kl_div(input: Tensor, target: Tensor, size_average: _bool | None = None, reduce: _bool | None = None, reduction: _str = 'mean', log_target: _bool = False) -> Tensor:
    """``target * (log(target) - input)``: how far log-probabilities are from a target.

    Args:
        input: Log-probabilities.
        target: Probabilities, or their logarithms.
        size_average: Older form of `reduction`.
        reduce: Older form of `reduction`.
        reduction: none, mean, sum or batchmean (the sum over the size of the first dim).
        log_target: Whether the target holds logarithms.
    """

def soft_margin_loss(input: Tensor, target: Tensor, size_average: _bool | None = None, reduce: _bool | None = None, reduction: _str = 'mean') -> Tensor:
    """``log(1 + exp(-target * input))`` for labels 1 and -1."""

def hinge_embedding_loss(input: Tensor, target: Tensor, margin: _float = 1.0, size_average: _bool | None = None, reduce: _bool | None = None, reduction: _str = 'mean') -> Tensor:
    """``input`` for the label 1, ``max(0, margin - input)`` for -1."""

def margin_ranking_loss(input1: Tensor, input2: Tensor, target: Tensor, margin: _float = 0, size_average: _bool | None = None, reduce: _bool | None = None, reduction: _str = 'mean') -> Tensor:
    """``max(0, -target * (input1 - input2) + margin)``: label 1 wants the first to be larger."""

def triplet_margin_loss(anchor: Tensor, positive: Tensor, negative: Tensor, margin: _float = 1.0, p: _float = 2, eps: _float = 1e-06, swap: _bool = False, size_average: _bool | None = None, reduce: _bool | None = None, reduction: _str = 'mean') -> Tensor:
    """``max(0, margin + distance(anchor, positive) - distance(anchor, negative))``.

    Args:
        anchor: ``(N, D)`` or ``(D,)``.
        positive: Of the same rank.
        negative: Of the same rank.
        margin: Greater than 0.
        p: The exponent of the norm.
        eps: Added to the differences.
        swap: Whether the negative's smaller distance, to anchor or positive, counts.
        size_average: Older form of `reduction`.
        reduce: Older form of `reduction`.
        reduction: none, mean or sum.
    """

def triplet_margin_with_distance_loss(anchor: Tensor, positive: Tensor, negative: Tensor, *, distance_function: _Callable[[Tensor, Tensor], Tensor] | None = None, margin: _float = 1.0, swap: _bool = False, reduction: _str = 'mean') -> Tensor:
    """`triplet_margin_loss` with a distance of the caller's."""

def cosine_similarity(x1: Tensor, x2: Tensor, dim: _int = 1, eps: _float = 1e-08) -> Tensor:
    """``x1 . x2`` over the norms along `dim`, each of which counts as `eps` at least."""

def cosine_embedding_loss(input1: Tensor, input2: Tensor, target: Tensor, margin: _float = 0, size_average: _bool | None = None, reduce: _bool | None = None, reduction: _str = 'mean') -> Tensor:
    """``1 - cos`` for the label 1, ``max(0, cos - margin)`` for -1."""

def multi_margin_loss(input: Tensor, target: Tensor, p: _int = 1, margin: _float = 1.0, weight: Tensor | None = None, size_average: _bool | None = None, reduce: _bool | None = None, reduction: _str = 'mean') -> Tensor:
    """The mean over classes of ``weight[y] * max(0, margin - x[y] + x[i]) ** p``, without the label y.

    Args:
        input: ``(N, C)`` or ``(C,)``.
        target: Labels, ``(N,)`` or ``()``.
        p: 1 or 2.
        margin: What the label shall be ahead by.
        weight: Of each class, ``(C,)``.
        size_average: Older form of `reduction`.
        reduce: Older form of `reduction`.
        reduction: none, mean or sum.

    Raises:
        ShapeError: rank_error_mismatch, loss_error_shape_mismatch, loss_error_reduction.
        RuntimeError: a label is no class.
    """

def multilabel_margin_loss(input: Tensor, target: Tensor, size_average: _bool | None = None, reduce: _bool | None = None, reduction: _str = 'mean') -> Tensor:
    """The sum over labels y and other classes i of ``max(0, 1 - (x[y] - x[i]))``, over the classes.

    Args:
        input: ``(N, C)`` or ``(C,)``.
        target: Labels of the same shape; those before the first -1 count.
        size_average: Older form of `reduction`.
        reduce: Older form of `reduction`.
        reduction: none, mean or sum.
    """

def multi_head_attention_forward(query: Tensor, key: Tensor, value: Tensor, embed_dim_to_check: _int, num_heads: _int, in_proj_weight: Tensor | None, in_proj_bias: Tensor | None, bias_k: Tensor | None, bias_v: Tensor | None, add_zero_attn: _bool, dropout_p: _float, out_proj_weight: Tensor, out_proj_bias: Tensor | None, training: _bool = True, key_padding_mask: Tensor | None = None, need_weights: _bool = True, attn_mask: Tensor | None = None, use_separate_proj_weight: _bool = False, q_proj_weight: Tensor | None = None, k_proj_weight: Tensor | None = None, v_proj_weight: Tensor | None = None, static_k: Tensor | None = None, static_v: Tensor | None = None, average_attn_weights: _bool = True, is_causal: _bool = False) -> tuple[Tensor, Tensor | None]:
    """Attention of several heads, each on a part of the projected query, key and value.

    Args:
        query: ``(L, N, E)``, or ``(L, E)`` without a batch.
        key: ``(S, N, E_k)``.
        value: ``(S, N, E_v)``.
        embed_dim_to_check: E.
        num_heads: Divides E.
        in_proj_weight: The three projections together, ``(3*E, E)``.
        in_proj_bias: ``(3*E,)``.
        bias_k: Added to the end of the keys, ``(1, 1, E)``.
        bias_v: Added to the end of the values.
        add_zero_attn: Whether zeros are added to the end of keys and values.
        dropout_p: With which probability a weight is dropped when training.
        out_proj_weight: ``(E, E)``.
        out_proj_bias: ``(E,)``.
        training: Whether weights are dropped.
        key_padding_mask: Which keys are not seen, ``(N, S)``; bool, or numbers to add.
        need_weights: Whether the weights are given.
        attn_mask: Which places are not seen, ``(L, S)`` or ``(N * heads, L, S)``.
        use_separate_proj_weight: Whether the projections are the next three.
        q_proj_weight: ``(E, E)``.
        k_proj_weight: ``(E, E_k)``.
        v_proj_weight: ``(E, E_v)``.
        static_k: Keys after their projection, ``(N * heads, S, E // heads)``.
        static_v: Values after their projection.
        average_attn_weights: Whether the weights are averaged over the heads.
        is_causal: A hint that `attn_mask` is causal.

    Returns:
        The result ``(L, N, E)``, and the weights ``(N, L, S)`` (or with the heads), or None.

    Raises:
        ShapeError: see the shape rule of this name.
    """

def interpolate(input: Tensor, size: _int | _Sequence[_int] | None = None, scale_factor: _float | _Sequence[_float] | None = None, mode: _str = 'nearest', align_corners: _bool | None = None, recompute_scale_factor: _bool | None = None, antialias: _bool = False) -> Tensor:
    """The axes behind batch and channels in another size.

    Args:
        input: ``(N, C, *sizes)``, with 1 to 3 sizes.
        size: The new sizes, one for all or one each.
        scale_factor: What the sizes are multiplied with, rounded down; instead of `size`.
        mode: nearest, nearest-exact, linear (1 size), bilinear and bicubic (2), trilinear (3), area.
        align_corners: Whether the middles of the corners keep their values, not the edges.
        recompute_scale_factor: Whether places are computed from the sizes, not from `scale_factor`.
        antialias: Whether a smaller image is smoothed before.

    Raises:
        ShapeError: interpolate_error_size, rank_error_mismatch, argument_error_value.
        ValueError: an option that the mode does not have.
    """

def upsample(input: Tensor, size: _int | _Sequence[_int] | None = None, scale_factor: _float | _Sequence[_float] | None = None, mode: _str = 'nearest', align_corners: _bool | None = None) -> Tensor:
    """The older name of `interpolate`."""

def upsample_nearest(input: Tensor, size: _int | _Sequence[_int] | None = None, scale_factor: _float | _Sequence[_float] | None = None) -> Tensor:
    """`interpolate` in mode nearest."""

def upsample_bilinear(input: Tensor, size: _int | _Sequence[_int] | None = None, scale_factor: _float | _Sequence[_float] | None = None) -> Tensor:
    """`interpolate` in mode bilinear with aligned corners."""

def pad(input: Tensor, pad: _Sequence[_int], mode: _str = 'constant', value: _float | None = None) -> Tensor:
    """The tensor with elements added on the sides of its last dims, or cropped where negative.

    Args:
        input: Any shape.
        pad: Two numbers, before and after, for the last dim, then for the one before, …
        mode: ``constant`` (any dims), ``reflect``, ``replicate``, ``circular`` (all but the batch
            and channels, or all but the channels).
        value: What a constant padding is filled with; 0 if None.

    Raises:
        ShapeError: padding_error_length, padding_error_too_large, argument_error_value.
    """

def pixel_shuffle(input: Tensor, upscale_factor: _int) -> Tensor:
    """``(*, C*r*r, H, W)`` as ``(*, C, H*r, W*r)``.

    Raises:
        ShapeError: rank_error_mismatch, pixel_shuffle_error_channels, argument_error_value.
    """

def pixel_unshuffle(input: Tensor, downscale_factor: _int) -> Tensor:
    """``(*, C, H*r, W*r)`` as ``(*, C*r*r, H, W)``.

    Raises:
        ShapeError: rank_error_mismatch, pixel_shuffle_error_channels, argument_error_value.
    """

def channel_shuffle(input: Tensor, groups: _int) -> Tensor:
    """The channels of ``(N, C, *)`` dealt out to `groups` in turn.

    Raises:
        ShapeError: rank_error_mismatch, conv_error_groups, argument_error_value.
    """

def native_channel_shuffle(input: Tensor, groups: _int) -> Tensor:
    """The channels of ``(N, C, *)`` dealt out to `groups` in turn.

    Raises:
        ShapeError: rank_error_mismatch, conv_error_groups, argument_error_value.
    """

def leaky_relu(input: Tensor, negative_slope: _float = 0.01, inplace: _bool = False) -> Tensor:
    """The tensor where it is positive, ``negative_slope * input`` elsewhere."""

def rrelu(input: Tensor, lower: _float = 0.125, upper: _float = 0.3333333333333333, training: _bool = False, inplace: _bool = False) -> Tensor:
    """`leaky_relu` whose slopes are drawn between `lower` and `upper`; their mean outside training."""

def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """The tensor where it is positive, ``weight * input`` elsewhere.

    Args:
        input: ``(N, C, *)``.
        weight: One slope, or C of them.

    Raises:
        ShapeError: rank_error_mismatch, norm_error_channel_mismatch.
    """

def threshold(input: Tensor, threshold: _float, value: _float, inplace: _bool = False) -> Tensor:
    """The tensor where it is above `threshold`, `value` elsewhere."""

def hardtanh(input: Tensor, min_val: _float = -1.0, max_val: _float = 1.0, inplace: _bool = False) -> Tensor:
    """The tensor kept between two numbers."""

def relu6(input: Tensor, inplace: _bool = False) -> Tensor:
    """The tensor kept between 0 and 6."""

def hardsigmoid(input: Tensor, inplace: _bool = False) -> Tensor:
    """``(input + 3) / 6``, kept between 0 and 1."""

def hardswish(input: Tensor, inplace: _bool = False) -> Tensor:
    """``input * hardsigmoid(input)``."""

def hardshrink(input: Tensor, lambd: _float = 0.5, *, out: Tensor | None = None) -> Tensor:
    """The tensor, with 0 between ``-lambd`` and ``lambd``."""

def softshrink(input: Tensor, lambd: _float = 0.5) -> Tensor:
    """The tensor moved towards 0 by `lambd`, and 0 where it is not larger.

    Raises:
        RuntimeError: `lambd` is negative.
    """

def leaky_relu_(input: Tensor, *args: _Any, **kwargs: _Any) -> Tensor:
    """`leaky_relu` in place."""

def rrelu_(input: Tensor, *args: _Any, **kwargs: _Any) -> Tensor:
    """`rrelu` in place."""

def threshold_(input: Tensor, *args: _Any, **kwargs: _Any) -> Tensor:
    """`threshold` in place."""

def hardtanh_(input: Tensor, *args: _Any, **kwargs: _Any) -> Tensor:
    """`hardtanh` in place."""

def softmax(input: Tensor, dim: _int | None = None, _stacklevel: _int = 3, dtype: _dtype | None = None) -> Tensor:
    """``exp(input)`` divided by its sum along a dim."""

def log_softmax(input: Tensor, dim: _int | None = None, _stacklevel: _int = 3, dtype: _dtype | None = None) -> Tensor:
    """The logarithm of `softmax`, without overflow."""

def softmin(input: Tensor, dim: _int | None = None, _stacklevel: _int = 3, dtype: _dtype | None = None) -> Tensor:
    """`softmax` of the negative."""

def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """``input1 @ weight[k] @ input2 + bias`` for each output feature k.

    Args:
        input1: ``(*batch, in1)``.
        input2: ``(*batch, in2)``.
        weight: ``(out, in1, in2)``.
        bias: ``(out,)``.

    Returns:
        ``(*batch, out)``.
    """

def pdist(input: Tensor, p: _float = 2.0) -> Tensor:
    """The p-norm distances between each two of the rows of ``(N, M)``: ``(N * (N - 1) / 2,)``."""

def pairwise_distance(x1: Tensor, x2: Tensor, p: _float = 2.0, eps: _float = 1e-06, keepdim: _bool = False) -> Tensor:
    """The p-norms of ``x1 - x2 + eps`` along the last dim; both broadcast."""

def tanh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The hyperbolic tangent."""
