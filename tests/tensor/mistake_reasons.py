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
        "the type is wrong, and a TypeError names the argument; PyTorch comes to something else first",
        "another class",
        ours=WRONG_TYPE,
        theirs=r"^(AttributeError|AssertionError|UnboundLocalError|NotImplementedError|ValueError"
        r"|OverflowError|IndexError)|Boolean value of Tensor|internal error|The size of tensor a"
        r"|value cannot be converted|must be real-valued|non-complex scalar|expects dims to be"
        r"|It is expected|only supports|output_size must be|Order .* not supported|as a real number"
        r"|sizes must be non-empty|Expected non-zero|must be 2|split_size can only|scalar tensor"
        r"|should be defined|must be a (tuple|2-tuple)|Shape mismatch|should only be set|requires the"
        r"|invalid norm type|batches of square|Input shapes should|bool tensor|should contain"
        r"|number of sizes provided|match the broadcast shape|Attempting to broadcast|Need attn_mask"
        r"|shape mismatch: value tensor|too large relative|expects 'from' to be less",
    ),
    Reason(
        "an argument must have its type here; PyTorch's Python code takes what works by chance",
        "refused",
        ours=r"^(TypeError|NotATensor|NotOneNumber): .*must be (bool|float|int|str|Tensor|Number)",
        call=r"torch\.nn\.functional\.|size_average=|reduce=|inplace=|_copy|cdist|cov|stft|lobpcg|lowrank|tensordot"
        r"|vector_norm",
    ),
    Reason(
        "PyTorch breaks an assumption of its own, whose error tells nothing of the mistake",
        "another class",
        theirs=r"^RuntimeError: .*Could this error message be improved",
    ),
    Reason(
        "what is one function here takes the parameters of both, which are two in PyTorch",
        "accepted|another class",
        theirs=r"unexpected keyword argument 'inplace'",
        call=r"^torch\.(selu|celu|threshold|rrelu)\(.*inplace=",
    ),
    Reason(
        "the second of two tensors may be called by the name that stands in its place",
        "accepted|another class",
        theirs="^TypeError",
        call=r"\.(max|min)\(.*dim=T\(|\.scatter_?\(.*src=(2|1\.5|True)\b",
    ),
    Reason(
        "what is not given has its default whatever else is given",
        "accepted",
        theirs=r"invalid combination",
        call=r"^torch\.normal\(|\.(std|var)\(.*unbiased=\w+, keepdim=False",
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
        "an index is looked at before the other indices leave nothing to choose from",
        "refused",
        call="__getitem__|__setitem__",
        mistake="wrong dim|wide int",
    ),
    Reason(
        "we compute in dtypes that PyTorch leaves out",
        "accepted",
        theirs=r"not implemented for|not support(ed)?|Expected (both )?inputs? to|expected scalar type"
        r"|Found dtype|must (be|have) (the same|a floating)|should (be|have) |can't be cast to"
        r"|expected .* for 'other'|Unsupported input type",
        mistake="tensor|dtype|complex|bool",
    ),
    Reason(
        "dtypes and values are looked at also where there are no elements, or where nothing depends on them",
        "refused",
        call=r"conv_transpose|ctc_loss|embedding_bag|linalg\.lu|logspace|binomial|max_unpool|lstm|gru"
        r"|fractional_max_pool|masked_fill|pad",
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
        call=r"fold\(|slice_scatter|combinations|pixel_shuffle|conv_transpose|unfold",
        mistake="wide int|wrong dim",
    ),
    Reason(
        "NumPy holds no array of such sizes, even an empty one, nor a view that repeats an element so often",
        "refused",
        ours="allocate|Unable|reshape|too large|memory",
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
        "None stands for an argument that is not given, and then the shapes are wrong",
        "another class",
        ours=r"^Shape\w+Error",
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
        theirs=r"keyword argument 'out'|invalid combination of arguments - got .*out=|must be Tensor, not float",
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
        call=r"output_ratio=0|gaussian_nll_loss|new_tensor|rsub|ones\(size=|var_mean|trapezoid|rrelu|padding_idx=|Tensor\.scatter_",
    ),
    Reason(
        "NaN is a number: what is computed from it is NaN, and no error",
        "accepted|another result",
        mistake="nan",
    ),
    Reason(
        "NaN is told where LAPACK tells it",
        "refused",
        call="eigh",
        mistake="nan",
    ),
    Reason(
        "beyond the largest exponent a norm is that of infinity",
        "another result",
        mistake="huge float",
        call="cdist|lp_pool",
    ),
    Reason(
        "documented kinds: shapes are compared before anything is computed, or divided by",
        "another class",
        ours=r"^Shape\w*Error",
        theirs=r"^(AssertionError|ValueError|IndexError|ZeroDivisionError|TypeError|RuntimeError)",
        call=r"torch\.nn\.functional\.",
    ),
    Reason(
        "a device that is not there is an error whatever else is wrong",
        "another class",
        ours="^MissingDevice|device type at start|device string|accelerator device",
        theirs="^TypeError",
    ),
    Reason("the numbers are random", "another result", call="rand|normal"),
    Reason(
        "of an order or a cut without meaning, or of an angle of many turns, few digits are certain",
        "another result",
        call="polygamma|lstsq|chebyshev",
        mistake="wide int|wrong dim",
    ),
    Reason(
        "a bound beyond the largest number is infinite",
        "accepted",
        call="threshold",
        mistake="huge float",
    ),
    Reason(
        "bounds are tensors or numbers, and tolerances have the shape of the batch, in place as out of place",
        "refused",
        call=r"clip_|clamp_|linalg\.pinv",
        mistake="tensor",
    ),
    Reason(
        "sizes are integers of 64 bits, and an exponent is no truth value",
        "refused",
        call="broadcast_shapes|linalg.cond",
        mistake="None|bool|wide",
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
        "accepted|another class",
        call="lobpcg|linear_cross_entropy",
    ),
)


def reason(verdict: str, mistake: str, call: str, ours: str, theirs: str) -> str | None:
    """Why a difference is right; None if nothing says so."""
    found = (r.why for r in REASONS if r.covers(verdict, mistake, call, ours, theirs))
    return next(found, None)
