"""Write ``shapetorch/typing/options.py``: the documented options interfaces, from the operations' signatures.

``python tools/typing_options.py`` writes the file; ``tests/typing/test_options.py`` compares it.
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from shapetorch.tensor.operations import OPERATIONS

FILE = Path(__file__).parent.parent / "shapetorch" / "typing" / "options.py"
OPTIONS = {
    "AddbmmOptions": "addbmm",
    "AddcdivOptions": "addcdiv",
    "AddcmulOptions": "addcmul",
    "AddmmOptions": "addmm",
    "AddmvOptions": "addmv",
    "AddrOptions": "addr",
    "AllcloseOptions": "allclose",
    "BaddbmmOptions": "baddbmm",
    "BinaryOptions": "mul",
    "CumulativeOptions": "cumsum",
    "EyeOptions": "eye",
    "IscloseOptions": "isclose",
    "KthvalueOptions": "kthvalue",
    "NormOptions": "norm",
    "PrintOptions": "set_printoptions",
    "QuantileOptions": "quantile",
    "ReductionOptions": "sum",
    "RepeatInterleaveOptions": "repeat_interleave",
    "SortOptions": "sort",
    "StdVarOptions": "std",
    "TensorOptions": "zeros_like",
    "TopkOptions": "topk",
    "UnaryOptions": "exp",
}
"""Each interface, and the operation whose optional arguments it has."""
HEAD = '''"""The documented options interfaces: the optional arguments of operations, as typed dicts.

``def f(**options: Unpack[SortOptions])`` passes on what `sort` takes. Written by
``tools/typing_options.py`` from the operations' signatures.
"""

from __future__ import annotations

from typing import Any, TypedDict

from shapetorch.annotations.tensors import ShapedTensor
from shapetorch.typing.interfaces import DeviceInput, DType
'''


def fields(operation: str) -> dict[str, str]:
    """The optional arguments of an operation, with their types."""
    made = OPERATIONS[operation]
    found = {}
    for name, parameter in inspect.signature(made.function).parameters.items():
        if parameter.default is not inspect.Parameter.empty:
            found[name] = "DeviceInput" if name == "device" else _type(str(parameter.annotation))
    if made.out:
        several = "ResultType" in str(inspect.signature(made.function).return_annotation)
        found["out"] = "tuple[ShapedTensor, ...] | None" if several else "ShapedTensor | None"
    return found


def _type(annotation: str) -> str:
    return re.sub(r"\bTensor\b", "ShapedTensor", re.sub(r"\bdtype\b", "DType", annotation))


def text() -> str:
    """The whole file."""
    parts = [HEAD]
    for name, operation in OPTIONS.items():
        lines = [f"    {field}: {kind}" for field, kind in sorted(fields(operation).items())]
        doc = f'    """The optional arguments of `{operation}` and what is like it."""\n'
        parts.append(f"\nclass {name}(TypedDict, total=False):\n{doc}\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    FILE.write_text(text())
    print(FILE)
