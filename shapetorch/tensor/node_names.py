"""What a node of the graph is called, as it is printed with a tensor: ``<MulBackward0>``.

A name is that of the function that computes the gradient, or of the operation where several share one
(the fact ``called``). PyTorch's names also say which overload was called; that shows in the operands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def name_of(node: Any) -> str:
    """The name of a node that has no title of its own."""
    called = node.__dict__.get("called") or node.backward.__name__.strip("_").removesuffix(
        "_backward"
    )
    name = "".join(word[:1].upper() + word[1:] for word in called.split("_"))
    overload = _OVERLOADS.get(name)
    if overload is not None:
        return overload(node)
    return f"{_OTHERWISE.get(name, name)}Backward0"


_OTHERWISE = {
    "Cholesky": "LinalgCholeskyEx",
    "Cross": "LinalgCross",
    "Det": "LinalgDet",
    "Eigh": "LinalgEigh",
    "HalfTransform": "FftR2C",
    "Im2col": "Im2Col",
    "Inv": "LinalgInvEx",
    "Log1p": "Log1P",
    "Logsigmoid": "LogSigmoid",
    "MatrixExp": "LinalgMatrixExp",
    "Pinv": "LinalgPinv",
    "Qr": "LinalgQr",
    "Shrink": "Softshrink",
    "Slogdet": "LinalgSlogdet",
    "Solve": "LinalgSolveEx",
    "Svd": "LinalgSvd",
    "VectorNorm": "LinalgVectorNorm",
}


def _rank(node: Any, place: int) -> int:
    meta = node.metas[place]
    return -1 if meta is None else len(meta[0])


def _over_dims(name: str) -> Callable[[Any], str]:
    """Of a reduction: the second overload has dims, and leaves some as a rule."""
    return lambda node: f"{name}Backward{int(bool(node.outputs[0][0]))}"


def _of_all(name: str) -> Callable[[Any], str]:
    """Of an extreme: the first overload has a dim, and gives indices as well."""
    return lambda node: f"{name}Backward{int(len(node.outputs) == 1)}"


def _median(name: str) -> Callable[[Any], str]:
    """Of a median: the second overload has a dim, and gives indices as well."""
    return lambda node: f"{name}Backward{int(len(node.outputs) == 2)}"


def _sub(node: Any) -> str:
    return "RsubBackward1" if node.metas[0] is None else "SubBackward0"


def _div(node: Any) -> str:
    return "MulBackward0" if node.metas[0] is None else "DivBackward0"


def _pow(node: Any) -> str:
    if node.metas[0] is None:
        return "PowBackward2"
    return f"PowBackward{int(node.metas[1] is not None)}"


def _clamp(node: Any) -> str:
    return f"ClampBackward{int(not any(node.metas[1:]))}"


def _matmul(node: Any) -> str:
    return _PRODUCTS.get((_rank(node, 0), _rank(node, 1)), "UnsafeViewBackward0")


_PRODUCTS = {
    (1, 1): "DotBackward0",
    (2, 1): "MvBackward0",
    (1, 2): "SqueezeBackward4",
    (2, 2): "MmBackward0",
}


def _linear(node: Any) -> str:
    if node.metas[2] is not None:
        return "AddmmBackward0" if _rank(node, 0) == 2 else "AddBackward0"
    return {1: "SqueezeBackward4", 2: "MmBackward0"}.get(_rank(node, 0), "UnsafeViewBackward0")


def _slice(node: Any) -> str:
    """The last view that an index is made of."""
    args = node.__dict__.get("args")
    key = args[0] if args else ()
    last = "Slice"
    for item in key if isinstance(key, tuple) else (key,):
        if isinstance(item, int):
            last = "Select"
        elif item is None:
            last = "Unsqueeze"
        elif isinstance(item, slice) and item != slice(None):
            last = "Slice"
    return f"{last}Backward0"


def _transform(node: Any) -> str:
    is_real = node.metas[0][1].kind == "f"
    return "FftR2CBackward0" if is_real else "FftC2CBackward0"


_OVERLOADS: dict[str, Callable[[Any], str]] = {
    **{name: _over_dims(name) for name in ("Sum", "Mean", "Prod")},
    **{name: _of_all(name) for name in ("Max", "Min")},
    "Clamp": _clamp,
    "ComplexTransform": _transform,
    "Div": _div,
    "Linear": _linear,
    "Matmul": _matmul,
    **{name: _median(name) for name in ("Median", "Nanmedian")},
    "Pow": _pow,
    "Slice": _slice,
    "Sub": _sub,
}
