"""Dtype classes of annotations, and which dtypes they allow.

Names are compared as jaxtyping does, by text: ``torch.float32`` and ``numpy.float32`` are both
``float32``. What is not in the tables here is unknown and never clashes.
"""

from __future__ import annotations

BOOLS = frozenset({"bool"})
UINTS = frozenset({"uint2", "uint4", "uint8", "uint16", "uint32", "uint64"})
INTS = frozenset({"int2", "int4", "int8", "int16", "int32", "int64"})
FLOATS = frozenset(
    {
        "float4_e2m1fn",
        "float8_e4m3b11fnuz",
        "float8_e4m3fn",
        "float8_e4m3fnuz",
        "float8_e5m2",
        "float8_e5m2fnuz",
        "bfloat16",
        "float16",
        "float32",
        "float64",
    }
)
COMPLEXES = frozenset({"complex64", "complex128"})
KEYS = frozenset({"prng_key"})
CONCRETE = BOOLS | UINTS | INTS | FLOATS | COMPLEXES | KEYS

DTYPE_CLASSES: dict[str, frozenset[str] | None] = {
    "Bool": BOOLS,
    "UInt": UINTS,
    "Int": INTS,
    "Integer": UINTS | INTS,
    "Float": FLOATS,
    "Complex": COMPLEXES,
    "Inexact": FLOATS | COMPLEXES,
    "Real": FLOATS | UINTS | INTS,
    "Num": UINTS | INTS | FLOATS | COMPLEXES,
    "Key": KEYS,
    "PRNGKeyArray": KEYS | {"uint32"},
    "Shaped": None,
    "BFloat16": frozenset({"bfloat16"}),
    **{
        ("UInt" + name[4:] if name in UINTS else name.capitalize().replace("_", "")): frozenset(
            {name}
        )
        for name in UINTS | INTS | COMPLEXES | FLOATS - {"bfloat16"}
    },
}
"""jaxtyping's class names; None allows every dtype."""

ALIASES = {
    "bool_": "bool",
    "half": "float16",
    "float": "float32",
    "double": "float64",
    "cfloat": "complex64",
    "cdouble": "complex128",
    "short": "int16",
    "int": "int32",
    "long": "int64",
}
"""PyTorch's and NumPy's other names. A bare ``float`` or ``int`` is Python's, and not in the table."""


def canonical(dtype: str) -> str | None:
    """The dtype `dtype` names, None if it is not one we know: ``torch.long`` is ``int64``."""
    if dtype in ("float", "int"):
        return None
    last = dtype.rsplit(".", 1)[-1]
    last = ALIASES.get(last, last)
    return last if last in CONCRETE else None


def allowed(annotated: str | None) -> frozenset[str] | None:
    """The dtypes an annotation allows, None when it allows all or is not known."""
    if annotated is None:
        return None
    last = annotated.rsplit(".", 1)[-1]
    if last in DTYPE_CLASSES:
        return DTYPE_CLASSES[last]
    single = canonical(annotated)
    return None if single is None else frozenset({single})


def dtype_clash(annotated: str | None, actual: str | None) -> bool:
    """Whether a value of dtype `actual` certainly breaks the annotation.

    Args:
        annotated: A dtype class (``Float``) or dtype (``float32``), None for none.
        actual: A dtype, or a dtype class when only that is known; None for unknown.
    """
    wanted, given = allowed(annotated), allowed(actual)
    return wanted is not None and given is not None and not wanted & given
