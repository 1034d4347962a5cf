"""NumPy's functions and array methods, and JAX's of the same names, as shape rules.

Where NumPy's rule is PyTorch's, its name and its parameters' names are mapped to it; where it is not
(no dims in ``axis=()``, flattening without an axis, ``transpose`` of all dims, ``dot``) there is a
rule of its own, here or in `numpy_shapes`. These rules are found in `FUNCTIONS` under ``numpy.…`` and
``jax.numpy.…``, and in `ARRAY_METHODS`; they are not in `RULES`. The exceptions are PyTorch's.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from shapetorch.dim import Shape, product
from shapetorch.rules import einsum, fourier, linalg
from shapetorch.rules.axes import axis as axis_of
from shapetorch.rules.broadcasting import broadcast_all
from shapetorch.rules.reductions import empty_dim, reduced, require_not_empty
from shapetorch.rules.registry import (
    FUNCTIONS,
    Dims,
    F,
    Number,
    Parameter,
    Rule,
    parameters_of,
)

ARRAY_METHODS: dict[str, list[Rule]] = {}
MODULES = ("numpy", "jax.numpy")

UNARY = {
    "float": """sqrt exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan sinh cosh
        tanh arcsinh arccosh arctanh deg2rad rad2deg degrees radians cbrt sinc i0""",
    "same": """abs absolute fabs negative positive sign ceil floor trunc rint square reciprocal
        conj conjugate real imag nan_to_num around round copy ascontiguousarray triu tril
        zeros_like ones_like empty_like""",
    "bool": "isnan isinf isfinite isneginf isposinf signbit logical_not",
}
BINARY = {
    "promote": """add subtract multiply divide true_divide floor_divide mod remainder fmod power
        float_power maximum minimum fmax fmin arctan2 hypot logaddexp logaddexp2 copysign
        heaviside gcd lcm bitwise_and bitwise_or bitwise_xor left_shift right_shift nextafter""",
    "bool": """equal not_equal less less_equal greater greater_equal logical_and logical_or
        logical_xor isclose""",
}
REDUCTIONS = {  # with parameters after `axis`, in order
    "dtype out keepdims initial where": "sum prod nansum nanprod",
    "dtype out keepdims where": "mean nanmean",
    "dtype out ddof keepdims where": "std var nanstd nanvar",
    "out overwrite_input keepdims": "median nanmedian",
    "out keepdims where": "any all",
    "out keepdims": "ptp",
    "keepdims": "count_nonzero",
}
EXTREMES = "max min amax amin nanmax nanmin"
ARRAY_REDUCTIONS = "sum prod mean std var any all max min"


def array_rule(
    name: str,
    *,
    functions: Sequence[str] = (),
    methods: Sequence[str] = (),
    spread: str | None = None,
    dtype: str | tuple[str, ...] = "promote",
) -> Callable[[F], F]:
    """Register a rule of NumPy's and JAX's functions and of array methods; as `registry.rule`."""

    def register(function: F) -> F:
        dotted = tuple(f"{module}.{item}" for module in MODULES for item in functions)
        made = Rule(
            name, function, dotted, tuple(methods), spread, dtype, False, parameters_of(function)
        )
        for item in dotted:
            FUNCTIONS.setdefault(item, []).append(made)
        for item in methods:
            ARRAY_METHODS.setdefault(item, []).append(made)
        return function

    return register


def _with_parameters(function: Callable[..., Any], text: str) -> Callable[..., Any]:
    """`function` with further parameters after its own, of which it gets ``keepdims`` only."""
    signature = inspect.signature(function)
    first = [item for item in signature.parameters.values() if item.name != "keepdims"]
    keepdims = signature.parameters["keepdims"]
    ignored = inspect.Parameter("_", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None)
    more = [
        keepdims if item == "keepdims" else ignored.replace(name=item, annotation="object")
        for item in text.split()
    ]
    taken = {item.name for item in signature.parameters.values()}

    def shape(**arguments: Any) -> Any:
        return function(**{key: value for key, value in arguments.items() if key in taken})

    shape.__signature__ = signature.replace(parameters=[*first, *more])  # type: ignore[attr-defined]
    return shape


# -- element by element ---------------------------------------------------------------------------


def _register_elementwise() -> None:
    for dtype, text in UNARY.items():
        for item in text.split():
            first = {"round": "a", "around": "a", "copy": "a", "ascontiguousarray": "a"}.get(item)
            array_rule(item, functions=(item,), dtype=dtype)(_unary(first or "x"))
    for dtype, text in BINARY.items():
        for item in text.split():
            array_rule(item, functions=(item,), dtype=dtype)(_binary(item))
    for item in ("copy", "astype", "round", "conj", "conjugate", "clip"):
        array_rule(item, methods=(item,), dtype="same")(_unary("a"))


def _unary(first: str) -> Callable[..., Shape]:
    """A rule that keeps the shape of its first parameter, and ignores three more."""

    def shape(x: Shape | Number, a2: object = None, a3: object = None, a4: object = None) -> Shape:
        return x

    signature = inspect.signature(shape)
    kept = list(signature.parameters.values())

    def renamed(**arguments: Any) -> Shape:
        return shape(arguments[first])

    renamed.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[kept[0].replace(name=first), *kept[1:]]
    )
    return renamed


def _binary(operation: str) -> Callable[..., Shape]:
    def shape(
        x1: Shape | Number, x2: Shape | Number, out: object = None, *, where: object = True
    ) -> Shape:
        return broadcast_all(operation, x1, x2)

    return shape


# -- reductions -----------------------------------------------------------------------------------


def _reduction(operation: str) -> Callable[..., Shape]:
    def shape(a: Shape, axis: Dims = None, keepdims: bool = False) -> Shape:
        return reduced(operation, a, axis, keepdims, none_is_all=False)

    return shape


def _extreme(operation: str) -> Callable[..., Shape]:
    def shape(
        a: Shape,
        axis: Dims = None,
        out: object = None,
        keepdims: bool = False,
        *,
        where: object = True,
    ) -> Shape:
        if axis is None or isinstance(axis, int) or axis:
            require_not_empty(operation, a, axis)
        return reduced(operation, a, axis, keepdims, none_is_all=False)

    return shape


def _register_reductions() -> None:
    for more, text in REDUCTIONS.items():
        for item in text.split():
            methods = (item,) if item in ARRAY_REDUCTIONS.split() else ()
            array_rule(item, functions=(item,), methods=methods, dtype=_dtype_of(item))(
                _with_parameters(_reduction(item), more)
            )
    for item in EXTREMES.split():
        methods = (item,) if item in ARRAY_REDUCTIONS.split() else ()
        array_rule(item, functions=(item,), methods=methods, dtype="same")(_extreme(item))
    for item in ("argmax", "argmin"):
        array_rule(item, functions=(item,), methods=(item,), dtype="int64")(_arg(item))
    for item in ("cumsum", "cumprod"):
        array_rule(item, functions=(item,), methods=(item,), dtype="accumulate")(_cumulative(item))


def _dtype_of(operation: str) -> str:
    if operation in ("any", "all"):
        return "bool"
    if operation == "count_nonzero":
        return "int64"
    return "accumulate" if operation in ("sum", "prod", "nansum", "nanprod") else "float"


def _arg(operation: str) -> Callable[..., Shape]:
    def shape(
        a: Shape, axis: int | None = None, out: object = None, *, keepdims: bool = False
    ) -> Shape:
        if axis is None and any(size == 0 for size in a):
            raise empty_dim(operation, None, a)
        require_not_empty(operation, a, axis)
        return reduced(operation, a, axis, keepdims)

    return shape


def _cumulative(operation: str) -> Callable[..., Shape]:
    def shape(a: Shape, axis: int | None = None, dtype: object = None) -> Shape:
        if axis is None:
            return (product(a),)
        axis_of(operation, axis, a)
        return a or (1,)

    return shape


@array_rule("norm", functions=("linalg.norm",), dtype="float")
def norm_shape(x: Shape, ord: object = None, axis: Dims = None, keepdims: bool = False) -> Shape:
    """Shape without the axes the norm is taken over."""
    return reduced("norm", x, axis, keepdims)


# -- linear algebra and Fourier transforms, as in PyTorch -------------------------------------------

LOADED = (einsum, fourier, linalg)  # the table below needs their rules

AS_IN_PYTORCH = {  # NumPy's name: PyTorch's, and PyTorch's parameter for each of NumPy's, in order
    "linalg.inv": ("torch.linalg.inv", "a=A"),
    "linalg.det": ("torch.linalg.det", "a=A"),
    "linalg.cholesky": ("torch.linalg.cholesky", "a=A"),
    "linalg.eigh": ("torch.linalg.eigh", "a=A"),
    **{
        f"fft.{item}": (f"torch.fft.{item}", "a=input n=n axis=dim norm=norm")
        for item in "fft ifft rfft irfft".split()
    },
    **{
        f"fft.{item}": (f"torch.fft.{item}", "a=input s=s axes=dim norm=norm")
        for item in "fft2 ifft2 rfft2 irfft2 fftn ifftn rfftn irfftn".split()
    },
    **{
        f"fft.{item}": (f"torch.fft.{item}", "x=input axes=dim")
        for item in ("fftshift", "ifftshift")
    },
    "fft.fftfreq": ("torch.fft.fftfreq", "n=n d=d"),
    "fft.rfftfreq": ("torch.fft.rfftfreq", "n=n d=d"),
    "einsum": ("torch.einsum", ""),
}


def _register_as_in_pytorch() -> None:
    for item, (torch_name, text) in AS_IN_PYTORCH.items():
        for torch_rule in FUNCTIONS.get(torch_name, ()):
            renamed = _renamed(torch_rule, text) if text else torch_rule
            for module in MODULES:
                FUNCTIONS.setdefault(f"{module}.{item}", []).append(renamed)


def _renamed(torch_rule: Rule, text: str) -> Rule:
    """A rule with other names for its parameters: ``a=input`` for each."""
    names = dict(pair.split("=") for pair in text.split())
    theirs = {parameter.name: parameter for parameter in torch_rule.parameters}
    parameters = tuple(
        Parameter(ours, theirs[name].kind, theirs[name].default, theirs[name].keyword_only)
        for ours, name in names.items()
        if name in theirs
    )

    def shape(**arguments: Any) -> Any:
        return torch_rule.shape(**{names[key]: value for key, value in arguments.items()})

    return Rule(
        torch_rule.name, shape, (), (), torch_rule.spread, torch_rule.dtype, False, parameters
    )


_register_elementwise()
_register_reductions()
_register_as_in_pytorch()
