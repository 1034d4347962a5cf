"""Where PyTorch and the tensor library are meant to differ over a wrong call: each with its reason.

A row says how the two differ (see `mistaken.Verdict`), and by regular expressions which words of ours,
which words of PyTorch's and which calls it is about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """Why a difference is right.

    Attributes:
        why: The reason.
        verdict: How the two differ.
        ours: What we say.
        theirs: What PyTorch says.
        call: The call.
        mistake: What is wrong with it.
    """

    why: str
    verdict: str
    ours: str = ""
    theirs: str = ""
    call: str = ""
    mistake: str = ""

    def covers(self, verdict: str, mistake: str, call: str, ours: str, theirs: str) -> bool:
        """Whether it is about this difference."""
        pairs = ((self.ours, ours), (self.theirs, theirs), (self.call, call))
        return (
            re.fullmatch(self.verdict, verdict) is not None
            and re.search(self.mistake, mistake) is not None
            and all(re.search(pattern, text) for pattern, text in pairs)
        )


WRONG_TYPE = r"^(TypeError|NotATensor|NotOneNumber): .*(must be|invalid combination of arguments)"

REASONS = (
    Reason(
        "the type is wrong, and a TypeError names the argument; PyTorch's Python code computes with it first",
        "another class",
        ours=WRONG_TYPE,
        call=r"^torch\.nn\.functional\.(adaptive_\w+|affine_grid|ctc_loss|embedding_bag|fold|fractional_max_pool\w+"
        r"|batch_norm|gaussian_nll_loss|group_norm|huber_loss|interpolate|lp_pool\w+|max_unpool\w+|multi_head_attention_forward|multi_margin_loss"
        r"|multilabel_soft_margin_loss|normalize|unfold|upsample\w*)\(",
    ),
    Reason(
        "the type is wrong, and a TypeError names the argument; PyTorch says what it stumbled over",
        "another class",
        ours=WRONG_TYPE,
        call=r"^(torch|Tensor)\.(broadcast_shapes|fft\.\w+|linalg\.cond|linalg\.matrix_norm|lobpcg|norm|nuclear_norm|pca_lowrank|split"
        r"|stft|svd_lowrank|sym_max|tensordot|unflatten|linalg\.norm)\(",
    ),
    Reason(
        "an argument must have its type here; PyTorch's Python code takes what works by chance",
        "refused",
        ours=r"^(TypeError|NotATensor|NotOneNumber): .*must be (bool|float|int|str|Tensor|Number)",
        call=r"^(torch|Tensor)\.(nn\.functional\.(embedding|embedding_bag|gaussian_nll_loss|gumbel_softmax"
        r"|interpolate|local_response_norm|lp_pool\w+|max_unpool\w+|multi_head_attention_forward|multilabel_soft_margin_loss"
        r"|normalize|triplet_margin_with_distance_loss|upsample\w*)|normal_|lobpcg|pca_lowrank|stft|svd_lowrank|tensordot"
        r"|linalg\.vector_norm)\(",
    ),
    Reason(
        "PyTorch breaks an assumption of its own, whose error tells nothing of the mistake",
        "accepted|another class",
        theirs=r"^RuntimeError: .*(Could this error message be improved|INTERNAL ASSERT FAILED)",
    ),
    Reason(
        "what is one function here takes the parameters of both, which are two in PyTorch",
        "accepted|another class",
        theirs=r"unexpected keyword argument '(inplace|return_indices)'",
        call=r"^torch\.(nn\.functional\.)?(selu|celu|threshold|rrelu|(adaptive_)?max_pool\dd(_with_indices)?)\(",
    ),
    Reason(
        "the second of two tensors may be called by the name that stands in its place",
        "accepted|another class",
        theirs="^TypeError",
        call=r"\.(max|min)\(.*((dim|axis)=T\(|, T\(.*keepdims?=False)|\.scatter_?\(.*src=(2|1\.5|True)\b",
    ),
    Reason(
        "what is not given has its default whatever else is given",
        "accepted",
        theirs=r"invalid combination|missing 1 required positional",
        call=r"^torch\.normal\(|\.(std|var)\(.*unbiased=\w+, keepdim=|\.(nan)?(sum|mean)\(.*keepdims?="
        r"|\.(max|min|median|nanmedian|prod)\(.*keepdims?=False",
        mistake="missing",
    ),
    Reason(
        "a result has its dtype, also if it is a copy",
        "refused",
        ours="Expected out tensor to have dtype",
        call=r"matrix_power\(.*, 1, out=",
        mistake="out dtype",
    ),
    Reason(
        "what is no index at all is told before how many there may be",
        "another class",
        ours="invalid data type|an index cannot be made of",
        theirs="too many indices",
        call="__getitem__|__setitem__|etitem",
    ),
    Reason(
        "a result is written into an `out=` without elements, which PyTorch leaves as it is here",
        "another result",
        ours=r"instead of \(0,\)",
        call=r"ihfft[2n]\(",
        mistake="out",
    ),
    Reason(
        "an index is looked at before the other indices leave nothing to choose from",
        "refused",
        call="__getitem__|__setitem__|index_put|index_copy",
        mistake="wrong dim|wide int|index out of range",
    ),
    Reason(
        "dtypes are compared before one of them turns out not to be implemented",
        "another class",
        ours=r"^NotOneNumber|^RuntimeError: .*(same dtype|mixed dtypes|[Ee]xpected (a |scalar |indices )|expects floating|has to be|can't be cast)",
        theirs="^NotImplementedError: .* not implemented for",
        mistake="tensor|dtype|complex",
    ),
    Reason(
        "we compute in dtypes that PyTorch leaves out",
        "accepted",
        theirs=r"not implemented for|not support(ed)?|Expected (both )?inputs? to|expected (scalar type|m1 and m2)"
        r"|Found dtype|must (be|have) (the same|a floating)|should (be|have) |can't be cast to"
        r"|expected .* for 'other'|Unsupported input type",
        mistake="tensor|dtype|complex|bool",
    ),
    Reason(
        "dtypes and values are looked at also where there are no elements, or where nothing depends on them",
        "refused",
        call=r"\.(conv\d|conv_transpose\d|ctc_loss|embedding_bag|linalg\.lu\w*|lu(_solve)?|logspace|binomial|max_unpool\d|lstm|gru"
        r"|fractional_max_pool\d|masked_fill|pad|add(bmm|mm)_?|baddbmm|bmm|gather|cholesky|linalg\.eig\w*|bernoulli_|grid_sample|scatter|\w+_window)(_with_indices|d|_)*\(",
    ),
    Reason(
        "a dim is looked at also where the tensor is one that PyTorch skips",
        "refused",
        ours="^ShapeIndexError",
        call=r"\.(cat|concat|concatenate)\(\[T\(\(0,\)\)\]",
    ),
    Reason(
        "how it is computed can be chosen on an accelerator alone, also of no elements",
        "refused",
        ours="`driver=` is only supported on CUDA",
        call=r"\.linalg\.svd\(",
    ),
    Reason("there are no tensors without memory", "refused", call="device='meta'"),
    Reason("there is no accelerator that a number could mean", "refused", call=r"^Tensor\.to\("),
    Reason(
        "a real number may be any integer; PyTorch has a second kind of parameter, which refuses wide ones",
        "accepted",
        theirs=r"^(OverflowError|ValueError: Overflow when unpacking)",
        mistake="wide int",
    ),
    Reason(
        "a real number may be any integer; PyTorch finds no parameter for a wide one",
        "accepted",
        theirs=r"^TypeError: \w+_window\(\) received an invalid combination",
        mistake="wide int",
    ),
    Reason(
        "an integer beside a tensor must fit into 64 bits",
        "refused",
        ours="^(OverflowError|ValueError|TooWide): .*64 bits",
        mistake="wide int",
    ),
    Reason(
        "PyTorch's windows have sizes of 32 bits",
        "accepted",
        theirs="value cannot be converted to type int without overflow",
        call=r"pool",
        mistake="wide int",
    ),
    Reason(
        "the size that the rule finds is the true one; PyTorch's product of such integers wraps around",
        "accepted|refused|another class",
        call=r"fold\(|slice_scatter|combinations|pixel_shuffle|conv_transpose|unfold|slice_copy|frombuffer"
        r"|as_strided|max_pool|slice\(",
        mistake="wide int|wrong dim",
    ),
    Reason(
        "NumPy holds no array of such sizes, even an empty one, nor a view that repeats an element so often",
        "refused",
        ours="allocate|Unable|reshape|too large|memory",
        mistake="wide int",
    ),
    Reason(
        "what has no elements takes no memory",
        "accepted",
        theirs="can't allocate memory",
        call=r"\.(interpolate|upsample\w*)\(T\(\([^)]*\b0\b",
        mistake="wide int",
    ),
    Reason(
        "sizes are looked at before the memory is asked for, and each argument before what it is used for",
        "another class",
        ours=r"^(TypeError: .*does not fit into 64 bits|(ValueError|TooWide): .*Overflow when unpacking"
        r"|(OverflowError|TooWide): .*64 bits|RuntimeError: .*(must be|should be|expects|norm|found|p has to be|overflowed))",
        mistake="wide int",
    ),
    Reason(
        "operators are methods here; PyTorch's say NotImplemented when called with too few or too many operands",
        "refused",
        call=r"^Tensor\.__\w+__\(",
        mistake="missing|extra|unknown",
    ),
    Reason(
        "None stands for an argument that is not given",
        "accepted",
        theirs=r"^TypeError",
        mistake="None",
    ),
    Reason(
        "None stands for an argument that is not given, and then a shape or dtype is wrong",
        "another class",
        ours=r"^Shape\w+Error|repeats has to be",
        theirs=r"^TypeError",
        mistake="None",
    ),
    Reason(
        "a result may be written into any tensor whose dtype can hold it",
        "accepted",
        theirs=r"RuntimeError: .*(dtype|out(put)? tensor|scalar_type|can't be cast|tensor for result|non-boolean outputs)",
        mistake="out",
    ),
    Reason(
        "functions that are one here are several in PyTorch, and not all of them take `out=`",
        "accepted|another class",
        theirs=r"keyword argument 'out'|invalid combination of arguments - got .*out=|must be Tensor, not float"
        r"|median\(\) missing \d required positional arguments",
        mistake="out",
    ),
    Reason(
        "flags without an effect here are not looked at",
        "accepted",
        theirs="must be bool|non_blocking=|implicit=",
        call="non_blocking=|implicit=|copy=",
    ),
    Reason(
        "what a parameter may be besides is documented",
        "accepted",
        theirs="^TypeError",
        call=r"output_ratio=0|gaussian_nll_loss|new_tensor|rsub|ones\(size=|var_mean|trapezoid|rrelu|padding_idx="
        r"|Tensor\.scatter_",
    ),
    Reason(
        "NaN is no negative number",
        "accepted",
        theirs="negative",
        call=r"\.(cdist|cov)\(",
        mistake="nan",
    ),
    Reason(
        "among boundaries that are no numbers there is no order",
        "another result",
        call=r"\.(bucketize|searchsorted)\(",
        mistake="nan",
    ),
    Reason(
        "what is computed from NaN is NaN; PyTorch's comparisons and products with 0 lose it, or make it",
        "another result",
        ours=r"^(nan instead of|0\.0 instead of nan)",
        call=r"_polynomial_|\.(conv\w+|householder_product|orgqr|ormqr|multi_margin_loss|multilabel_margin_loss"
        r"|slogdet|linalg\.vector_norm|norm|(var|std)(_mean)?|multi_head_attention_forward"
        r"|scaled_dot_product_attention)\(",
        mistake="nan",
    ),
    Reason(
        "a recurrence of so many steps takes its time: PyTorch's takes seconds",
        "hang",
        call="_polynomial_",
        mistake="wide int",
    ),
    Reason(
        "a bound that the dtype does not hold is refused, whether or not it is reached",
        "refused",
        ours="without overflow",
        call=r"\.linspace\(.*, 1\)",
        mistake="huge float",
    ),
    Reason(
        "factors have one dtype, also where there is nothing to multiply",
        "refused",
        ours="matmul: expected all operands to have the same dtype",
        call=r"matmul\(.*(\(0,|, 0[,)])",
        mistake="tensor",
    ),
    Reason(
        "a dict is no list of indices",
        "refused",
        ours="^ShapeTypeError: einsum: each tensor is followed by a list",
        call=r"^torch\.einsum\(.*\{\}",
        mistake="dict for list",
    ),
    Reason(
        "which rows are swapped for NaN is not said",
        "another result",
        call=r"\.linalg\.ldl_factor",
        mistake="nan",
    ),
    Reason(
        "NaN is told where LAPACK tells it",
        "refused",
        call=r"\.linalg\.(eig(val)?s?h|ldl_factor)\(",
        mistake="nan",
    ),
    Reason(
        "beyond the largest exponent a norm is that of infinity",
        "another result",
        mistake="huge float|wide int",
        call=r"\.(cdist|lp_pool\dd|linalg\.vector_norm|norm)\(",
    ),
    Reason(
        "documented kinds: shapes are compared before anything is computed, or divided by",
        "another class",
        ours=r"^Shape\w*Error",
        theirs=r"^(AssertionError|ValueError|IndexError|ZeroDivisionError|TypeError)",
        call=r"^torch\.nn\.functional\.(fractional_max_pool\w+|group_norm|max_unpool\w+|multi_head_attention_forward"
        r"|pad|rms_norm)\(|^torch\.rms_norm\(",
    ),
    Reason(
        "a negative size is one, whatever the other shapes are",
        "another class",
        ours="^ValueError: broadcast_shapes: sizes must not be negative",
    ),
    Reason(
        "differences of a higher order than there are samples are none, with `out=` too",
        "accepted|another class",
        theirs="^IndexError: start out of range",
        call=r"\.diff\(.*n=.*out=",
    ),
    Reason(
        "PyTorch smooths images of one column as if their rows were one",
        "another result",
        call=r"interpolate\(.*size=\(\d+, 1\).*antialias=",
    ),
    Reason(
        "documented kinds: what stands in a list of indices is looked at before the operands",
        "another class",
        ours="^ShapeTypeError: einsum",
        call=r"\.einsum\(T\(",
    ),
    Reason(
        "factors have one dtype, whether or not they are summed over",
        "refused",
        ours="einsum: expected all operands to have the same dtype",
        mistake="tensor",
    ),
    Reason(
        "an `out=` is written to as the result is: a tuple of tensors",
        "another class",
        ours="argument 'out' must be tuple of",
        call=r"\.nonzero\(.*as_tuple=True, out=",
    ),
    Reason(
        "a bool is no distance, whichever of its names the operation is called by",
        "refused",
        ours="dx must be a real number",
        call=r"\.trapz\(",
    ),
    Reason(
        "a device that is not there is an error whatever else is wrong",
        "another class",
        ours="^MissingDevice|device type at start|device string|accelerator device",
        theirs="^TypeError",
    ),
    Reason("the numbers are random", "another result", call=r"\.(rand\w*|normal_?)\("),
    Reason(
        "an `out=` without elements takes any shape",
        "accepted",
        theirs="must match the size of tensor b",
        call=r"^torch\.normal\(T\(.*out=T\(\(",
    ),
    Reason("memory is as it was found", "another result", call=r"^Tensor\.new\("),
    Reason(
        "the reduction is the mean if none is given, as documented; it does not arrive in PyTorch 2.13",
        "another result",
        ours=r"^shape \(\) instead of",
        call=r"^torch\.\w*(_loss|_logits|kl_div)\(",
        mistake="missing",
    ),
    Reason(
        "modes are numbers that mean something; the functions of `torch` check what those of "
        "`nn.functional` do",
        "refused|another class",
        ours="must be less than|must be positive|theta must|dtype, got|must be at least|min_val cannot",
        call=r"^torch\.(grid_sampler|batch_norm|affine_grid_generator|conv_tbc|nn\.functional\.hardtanh_)\(",
    ),
    Reason(
        "of an order or a cut without meaning, or of an angle of many turns, few digits are certain",
        "another result",
        call="polygamma|lstsq|chebyshev|kaiser_window",
        mistake="wide int|wrong dim|huge float",
    ),
    Reason(
        "a bound or a factor beyond the largest number is infinite",
        "accepted",
        theirs="without overflow",
        call=r"\.(threshold|normal|addcmul|addcdiv|addr|clamp|clip|lerp|celu|elu|leaky_relu|hardtanh|rrelu|hinge_embedding_loss)_?\(",
        mistake="huge float",
    ),
    Reason(
        "bounds are tensors or numbers, and tolerances have the shape of the batch, in place as out of place",
        "refused",
        call=r"\.(clip|clamp)_?\(|linalg\.pinv",
        mistake="tensor",
    ),
    Reason(
        "sizes are integers of 64 bits, and an exponent is no truth value",
        "refused",
        call=r"\.(broadcast_shapes|linalg\.cond)\(",
        mistake="None|bool|wide|float",
    ),
    Reason(
        "numbers that are 0 and 1 may be drawn where they fit", "refused", call=r"bernoulli\(.*out="
    ),
    Reason(
        "offsets outside of a matrix would read outside of it",
        "refused",
        call="grouped_mm|embedding_bag",
        mistake="index out of range",
    ),
    Reason(
        "a convolution without a bias needs none", "accepted", theirs="could not create a primitive"
    ),
    Reason(
        "no start but one's own is asked for, and no memory is tuned",
        "accepted",
        call=r"\.lobpcg\(.*\b(X|n|method|tracker|ortho_\wparams)=|\.linear_cross_entropy\(.*options=",
    ),
    Reason(
        "documented kinds: both matrices of an eigenvalue problem have one shape",
        "another class",
        ours=r"^Shape\w+Error",
        call=r"\.lobpcg\(.*B=",
    ),
)


def reason(verdict: str, mistake: str, call: str, ours: str, theirs: str) -> str | None:
    """Why a difference is right; None if nothing says so."""
    found = (r.why for r in REASONS if r.covers(verdict, mistake, call, ours, theirs))
    return next(found, None)
