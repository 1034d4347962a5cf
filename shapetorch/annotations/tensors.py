"""What ``Tensor[B, T, 512]`` is at run time: a class whose instances are arrays of that shape.

``isinstance(x, Tensor[2, "t"])`` looks at ``x.shape`` and ``x.dtype`` only, so any array will do, and
beartype and others need know nothing of it. Names are not shared between two such checks: that
is what `runtime.checked` is for. Items are kept as they were written, so that
``Tensor[B, 3][2]`` is ``Tensor[2, 3]``; `spec` is their meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, get_origin

from shapetorch.annotations.dtypes import CONCRETE, DTYPE_CLASSES, canonical, dtype_clash
from shapetorch.annotations.matching import Mismatch, bind
from shapetorch.annotations.objects import (
    Shape,
    axes_of_item,
    match_parameters,
    parameters_of,
    render_item,
    substitute,
)
from shapetorch.annotations.spec import ShapeSpec, VariadicAxis


class AnnotationMeta(type):
    """The class of annotation classes: subscripts, ``isinstance`` and text."""

    items: tuple[Any, ...]
    spec: ShapeSpec

    @property
    def __parameters__(cls) -> tuple[Any, ...]:
        return parameters_of(cls.items)

    def __getitem__(cls, key: Any) -> Any:
        return cls.substitute(match_parameters(cls.__parameters__, key))

    def substitute(cls, values: Mapping[Any, Any]) -> Any:
        """The annotation with type parameters replaced."""
        return annotate(tuple(part for item in cls.items for part in substitute(item, values)))

    def __instancecheck__(cls, value: object) -> bool:
        return why_not(cls.spec, value) is None

    def __eq__(cls, other: object) -> bool:
        return isinstance(other, AnnotationMeta) and cls.items == other.items

    def __hash__(cls) -> int:
        return hash(cls.items)

    def __repr__(cls) -> str:
        return cls.__name__


def why_not(spec: ShapeSpec, value: object) -> str | None:
    """Why a value is not an array that `spec` allows, None if it is."""
    shape, dtype = shape_of(value), dtype_of(value)
    if shape is None:
        return f"an array is expected, got {type(value).__name__}"
    if dtype_clash(spec.dtype, dtype):
        return f"dtype must be {spec.dtype}, got {dtype}"
    try:
        bind(spec, shape, {})
    except Mismatch as mismatch:
        return str(mismatch)
    return None


def shape_of(value: object) -> tuple[int, ...] | None:
    """The shape of any array, None of what has none."""
    shape = getattr(value, "shape", None)
    if shape is None or callable(shape):
        return None
    return tuple(shape)


def dtype_of(value: object) -> str | None:
    """The name of an array's dtype, as jaxtyping reads it: ``float32``."""
    dtype = getattr(value, "dtype", None)
    if dtype is None:
        return None
    named = getattr(getattr(dtype, "type", None), "__name__", None)
    return named or str(dtype).rsplit(".", 1)[-1]


def annotate(items: Any) -> Any:
    """The annotation class for what stands between the brackets of ``Tensor[...]``."""
    kept = items if isinstance(items, tuple) and not isinstance(items, Shape) else (items,)
    flat = tuple(part for item in kept for part in (item if type(item) is tuple else (item,)))
    try:
        return _annotate(tuple((type(item), item) for item in flat))
    except TypeError as error:
        if "unhashable" not in str(error):
            raise
        return _make(flat)


@lru_cache(maxsize=4096)
def _annotate(typed: tuple[tuple[type, Any], ...]) -> Any:
    return _make(tuple(item for _, item in typed))


def _make(items: tuple[Any, ...]) -> Any:
    dtype: str | None = None
    axes = []
    for item in items:
        found = dtype_name(item)
        if found is None:
            axes.extend(axes_of_item(item))
        else:
            dtype = found
    if sum(isinstance(axis, VariadicAxis) for axis in axes) > 1:
        text = ", ".join(render_item(item) for item in items)
        raise TypeError(f"Tensor[{text}]: a row of sizes may appear once")
    spec = ShapeSpec(tuple(axes), dtype)
    text = f"Tensor[{', '.join(render_item(item) for item in items) or '()'}]"
    # a union with the class must be spelled as the class is, and it leaves out this module only
    fields = {"items": items, "spec": spec, "__module__": "builtins"}
    return AnnotationMeta(text, (), fields)


def dtype_name(item: Any) -> str | None:
    """The dtype or dtype class that an item of a subscript is, None if it is none."""
    if isinstance(item, (int, str, tuple, list)) or get_origin(item) is not None:
        return None
    name = getattr(item, "__name__", None)
    if name in DTYPE_CLASSES or name in CONCRETE:
        return str(name)
    text = str(item)
    if text in CONCRETE or text.startswith(("torch.", "shapetorch.")):
        return canonical(text)
    return "Float" if item is float else "Bool" if item is bool else None


class ShapedTensor:
    """Any object with a shape; ``ShapedTensor[2, 3]`` any array of that shape."""

    def __class_getitem__(cls, items: Any) -> Any:
        return annotate(items)
