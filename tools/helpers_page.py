"""Write ``docs/helpers.md``, the shape helpers, from their table; the results are computed."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "helpers.md"

sys.path.insert(0, str(ROOT))

import shapetorch  # noqa: E402
import shapetorch.typing as helpers  # noqa: E402
from shapetorch.errors import ShapeError  # noqa: E402
from shapetorch.typing import HELPERS, Helper  # noqa: E402

HEAD = """\
# Shape helpers

A helper says what shape an operation gives. Each exists twice with one meaning: as a function, which
computes with shapes, and as a type, which stands in annotations and is computed at every call by the checker.

```pycon
>>> from shapetorch import MatmulShape, Shape, matmul_shape
>>> matmul_shape((2, 3), (3, 4))
(2, 4)
>>> MatmulShape[Shape[2, 3], Shape[3, 4]]
Shape[2, 4]
```

In a signature a helper stands where sizes stand, over type parameters: see
[helper types in signatures](annotations.md#helper-types-in-signatures).
A broken rule raises a `ShapeError` as a function, and is an error of the same kind in the checker.
Sizes may be numbers, names and arithmetic; shapes may have a row of sizes (`*A`, `...`).
What cannot be known is unknown, and breaks no rule. Predicates answer that it may be so.

`Shape[2, 3]` is a shape, `DynamicShape` one of which nothing is known, and `ShapedTensor[2, 3]` any array
with that shape.
"""

Group = dict[str, tuple[str, ...]]

# name: arguments of examples; the last may break the rule. `S` is the type `Shape`.
GROUPS: dict[str, Group] = {
    "Shapes and questions about them": {
        "Rank": ("S[2, 3]",),
        "NegativeDim": ("3, -1", "S[2, 3]", "3, 3"),
        "Is2D": ("S[2, 3]", "S[2]"),
        "IsAtLeast1D": ("S[2]", "S[()]"),
        "IsShapeError": ("S[2, 3]",),
        "HasShapeError": ("S[2, 3], S[3, 5]",),
        "AssertNoShapeError": ("S[2, 3]",),
        "ItemResult": ("float", "'int64'"),
    },
    "Products and broadcasting": {
        "BroadcastShape": ("S[2, 1], S[3]", "S[2, 3], S[5]"),
        "MatmulShape": ("S[2, 3], S[3, 5]", "S[7, 2, 3], S[3]", "S[2, 3], S[5, 7]"),
        "Matmul2DShape": ("S[2, 3], S[3, 5]", "S[7, 2, 3], S[3, 5]"),
    },
    "The same elements under other sizes": {
        "ReshapeShape": ("S[2, 3], S[3, 2]", "S[2, 3, 5], S[2, -1]", "S[2, 3], S[4, 2]"),
        "FlattenShape": ("S[2, 3, 5]", "S[2, 3, 5], 1"),
        "SqueezeShape": ("S[2, 1, 3, 1]", "S[2, 1, 3, 1], 1"),
        "UnsqueezeShape": ("S[2, 3], 1", "S[2, 3], 5"),
        "PermuteShape": ("S[2, 3, 5], 2, 0, 1", "S[2, 3, 5], 1, 0"),
        "TransposeShape": ("S[2, 3]", "S[2, 3, 5]"),
        "TransposeDimsShape": ("S[2, 3, 5], 0, 2", "S[2, 3, 5], 0, 3"),
        "TransposeDimsShapeChecked": ("S[2, 3, 5], 0, 2", "S[2, 3, 5], 0, 3"),
        "ExpandShape": ("S[2, 1], S[2, 5]", "S[2, 3], S[2, 5]"),
        "TileShape": ("S[2, 3], 2", "S[2, 3], S[5, 1, 2]"),
        "CatShape": ("S[2, 3], S[5, 3], 0", "S[2, 3], S[5, 7], 0"),
    },
    "The same shape, with a dim that must exist": {
        "FlipShape": ("S[2, 3], 0", "S[2, 3], 2"),
        "CumShape": ("S[2, 3], 1", "S[2, 3], 2"),
        "SoftmaxShape": ("S[2, 3], -1", "S[2, 3], 2"),
    },
    "Selecting": {
        "GatherShape": ("S[2, 3], 1, S[2, 5]", "S[2, 3], 2, S[2, 5]"),
        "IndexSelectShape": ("S[2, 3], 1, 7", "S[2, 3], 2, 7"),
        "ScatterShape": ("S[2, 3], 1, S[2, 3]", "S[2, 3], 2, S[2, 3]"),
        "SelectShape": ("S[2, 3, 5], 1, 0", "S[2, 3, 5], 1, 3"),
        "NarrowShape": ("S[2, 7], 1, 2, 3", "S[2, 7], 1, 5, 3"),
        "SliceShape": ("S[7, 5], (1, 4), None", "S[7, 5], 0"),
        "AtShape": ("S[7, 5, 3], 0, (1, 4)", "S[7, 5], 7"),
        "At": ("S[7, 5, 3], '...', 0", "S[7, 5], 0, 5"),
    },
    "Patterns": {
        "RearrangeShape": (
            "S[2, 12], 'b (h d) -> h b d', {'h': 3}",
            "S[2, 7], 'b (h d) -> h b d', {'h': 3}",
        ),
        "ValidatedRearrangeShape": (
            "S[2, 3, 5], 'b h w -> b (h w)'",
            "S[2, 3], 'b h w -> b (h w)'",
        ),
        "ReduceShape": ("S[2, 3, 5], 'b h w -> b'", "S[2, 3, 5], 1, True"),
        "ValidatedReduceShape": ("S[2, 3, 5], 'b h w -> b'", "S[2, 3, 5], 'b h w -> c'"),
        "RepeatShape": ("S[2, 3], 'h w -> h w r', {'r': 5}", "S[2, 3], 'h w -> h w r'"),
        "ValidatedRepeatShape": ("S[2, 3], 'h w -> h (w r)', {'r': 5}", "S[2, 3], 'h w -> h w r'"),
        "PackShape": ("[S[2, 3, 5], S[2, 7]], 'b *'", "[S[2, 3], S[3, 7]], 'b *'"),
        "UnpackShape": ("S[2, 22], [S[3, 5], S[7]], 'b *'",),
        "EinsumOutputShape": ("'ij,jk->ik', S[2, 3], S[3, 5]", "'ij,jk->ik', S[2, 3], S[5, 7]"),
        "ValidatedEinsumShape": ("'bij->bji', S[2, 3, 5]", "'ij->ik', S[2, 3]"),
        "ValidateEinsum": ("'ij,jk->ik', S[2, 3], S[3, 5]", "'ij,jk->ik', S[2, 3], S[5, 7]"),
        "ValidateOperandCount": ("'ij,jk->ik', S[2, 3], S[3, 5]", "'ij,jk->ik', S[2, 3]"),
        "ValidateRanks": ("'ij,jk->ik', S[2, 3], S[3, 5]", "'ij,jk->ik', S[2], S[3, 5]"),
    },
    "Linear algebra": {
        "DetShape": ("S[5, 3, 3]", "S[2, 3]"),
        "InverseShape": ("S[3, 3]", "S[2, 3]"),
        "CholeskyShape": ("S[3, 3]", "S[2, 3]"),
        "EigShape": ("S[3, 3]", "S[2, 3]"),
        "LUShape": ("S[3, 5]", "S[3]"),
        "SVDShape": ("S[3, 5]", "S[3, 5], False", "S[3]"),
        "DiagShape": ("S[3]", "S[3, 5]", "S[2, 3, 5]"),
        "TraceShape": ("S[3, 3]", "S[2, 3, 5]"),
    },
    "The shape itself, or the error": {
        "ValidateScalar": ("S[1]", "S[2]"),
        "ValidateSquareMatrix": ("S[3, 3]", "S[2, 3]"),
        "ValidateBatchedSquareMatrix": ("S[7, 3, 3]", "S[7, 2, 3]"),
        "ValidateChunkDim": ("S[2, 3], 1", "S[2, 3], 2"),
        "ValidateSplitDim": ("S[2, 3], 1", "S[2, 3], 2"),
        "ValidateUnbindDim": ("S[2, 3], 1", "S[2, 3], 2"),
    },
}


def function_of(helper: Helper) -> str:
    """The name of the public function."""
    return helper.function.__name__


def signature(helper: Helper) -> str:
    """The function with its parameters, as one calls it."""
    parts = []
    for parameter in helper.parameters:
        text = f"**{parameter.name}" if parameter.extra else parameter.name
        if parameter.name == helper.gather:
            text = f"*{parameter.name}"
        elif not parameter.required and not parameter.extra:
            text += f"={parameter.default!r}"
        parts.append(text)
    return f"{function_of(helper)}({', '.join(parts)})"


def outcome(name: str, arguments: str) -> str:
    """What a helper type stands for, or the error that it is."""
    namespace: dict[str, Any] = {"S": shapetorch.Shape, name: getattr(helpers, name)}
    try:
        found = eval(f"{name}[{arguments}]", namespace)
    except ShapeError as error:
        return f"error `{error.brand}`"
    if isinstance(found, type):
        return f"`{found.__name__}`"
    return f"`{found!r}`"


def entry(name: str, examples: tuple[str, ...]) -> list[str]:
    """The section of one helper."""
    made = HELPERS[name]
    says = (made.function.__doc__ or "").strip().splitlines()[0].replace("``", "`")
    says = re.sub("; the documentation has .*", ".", says)
    lines = [f"### {name}", "", f"{says} As a function: `{signature(made)}`.", ""]
    lines += ["| type | is |", "| --- | --- |"]
    for arguments in examples:
        shown = re.sub(r"\bS\[", "Shape[", arguments)
        lines.append(f"| `{name}[{shown}]` | {outcome(name, arguments)} |")
    return [*lines, ""]


def render() -> str:
    """The whole page."""
    listed = [name for group in GROUPS.values() for name in group]
    missing = sorted(set(HELPERS) - set(listed))
    assert sorted(listed) == sorted(HELPERS), f"helpers without an example: {missing}"
    lines = [HEAD]
    for title, group in GROUPS.items():
        lines += [f"## {title}", ""]
        for name, examples in group.items():
            lines += entry(name, examples)
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Write the page."""
    PAGE.write_text(render())


if __name__ == "__main__":
    main()
