"""Write ``stubs/shapetorch-stubs``: what type checkers and editors know of the tensor library.

``python tools/stubs.py`` writes the files; ``tests/test_stubs.py`` compares them. Operations are
declared by a decorator, which no type checker can follow, so their names, signatures and docstrings
are written out from `OPERATIONS` and `METHODS`. The other packages carry their types themselves: the
stubs are partial (PEP 561) and hold only what is made at run time.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import stub_signatures as texts

import shapetorch
from shapetorch import tensor as library
from shapetorch.tensor import tensors
from shapetorch.tensor.dtypes import dtype
from shapetorch.tensor.formats import LAYOUTS, MEMORY_FORMATS
from shapetorch.tensor.operations import METHODS, OPERATIONS
from shapetorch.tensor.ops.creation_data import TYPED
from shapetorch.tensor.result_types import RESULT_TYPES
from shapetorch.tensor.tensors import Tensor

FOLDER = Path(__file__).parent.parent / "stubs" / "shapetorch-stubs"
NAMESPACES = {
    "nn.functional": "",
    "linalg": "from shapetorch.tensor.matrices import LinAlgError as LinAlgError\n",
    "fft": "",
    "special": "",
    "einops": "",
}
"""The modules that hold declared functions, and what else each holds."""
CONSTANTS = {
    **dict.fromkeys("e inf nan pi".split(), "_float"),
    "default_generator": "_Generator",
    "newaxis": "None",
    "return_types": "_ResultTypes",
}
REEXPORTED = {
    "Generator": "generators",
    "Size": "sizes",
    "TypedStorage": "ops.storages",
    "UntypedStorage": "ops.storages",
    "device": "devices",
    "dtype": "dtypes",
    "finfo": "dtypes",
    "iinfo": "dtypes",
    "layout": "formats",
    "memory_format": "formats",
}
TRUTHS = re.compile(r"is_\w+")
OVERRIDES = {"__eq__", "__ne__"}
IGNORED = "  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]"


def files() -> dict[str, str]:
    """The stubs, by their paths in the folder."""
    made = {"py.typed": "partial\n", "__init__.pyi": top_level()}
    for namespace, more in NAMESPACES.items():
        made[f"{namespace.replace('.', '/')}/__init__.pyi"] = module(namespace, more)
    made["tensor/tensors.pyi"] = tensors_module()
    made["tensor/result_types.pyi"] = result_types_module()
    return made


def module(namespace: str, more: str) -> str:
    """The stub of a module of functions."""
    body = [more + "from shapetorch.tensor.tensors import Tensor\n"]
    for name, made in OPERATIONS.items():
        place, _, last = name.rpartition(".")
        if place == namespace:
            body.append(functions(last, texts.signatures(name, made, False), made.function))
    source = importlib.import_module(f"shapetorch.{namespace}")
    return assembled(inspect.getdoc(source), body)


def top_level() -> str:
    """The stub of ``shapetorch`` itself."""
    packages = sorted(shapetorch._PACKAGES - {"tensor"} - OPERATIONS.keys())
    lines = [f"from shapetorch import {name} as {name}" for name in packages]
    lines += [
        f"from {place} import {name} as {name}"
        for name, (place, _) in sorted(shapetorch._SOURCES.items())
    ]
    lines += [
        f"from shapetorch.tensor.{place} import {name} as {name}"
        for name, place in REEXPORTED.items()
    ]
    names = "".join(f"    {name!r},\n" for name in shapetorch.__all__)
    body = ["\n".join(lines) + "\n", f"__all__ = [\n{names}]\n__version__: _str\n"]
    for name, value in library.NAMES.items():
        if name in OPERATIONS or name in REEXPORTED or name in shapetorch._SOURCES:
            continue
        body.append(f"{name}: {kind_of(name, value)}\n")
    for name, made in OPERATIONS.items():
        if "." not in name:
            body.append(functions(name, texts.signatures(name, made, False), made.function))
    return assembled(shapetorch.__doc__, body)


def kind_of(name: str, value: Any) -> str:
    """The type of a constant of the library."""
    if name in CONSTANTS:
        return CONSTANTS[name]
    if name in TYPED:
        return "_TypeAlias = Tensor"  # also in annotations, where every dtype is taken
    if name in LAYOUTS:
        return "_layout"
    if name in MEMORY_FORMATS:
        return "_memory_format"
    assert isinstance(value, dtype), f"no stub knows what {name} is"
    return "_dtype"


# -- the tensor -------------------------------------------------------------------------------------


def tensors_module() -> str:
    """The stub of ``shapetorch.tensor.tensors``: the class with all its methods, and what is beside it."""
    tree = ast.parse(Path(tensors.__file__).read_text())
    beside = [text for node in tree.body if (text := declaration(node))]
    imports = "from collections.abc import Callable\nfrom typing import Any, TypeAlias\n\nimport numpy as np\n"
    imports += "from shapetorch.tensor.nodes import Node\n"
    return assembled(tensors.__doc__, [imports, *beside[:3], tensor_class(), *beside[3:]])


def declaration(node: ast.stmt) -> str | None:
    """A public class, function or type of a module without its code; None for anything else."""
    if isinstance(node, ast.AnnAssign) and not ast.unparse(node.target).startswith("_"):
        return ast.unparse(node) + "\n"
    if isinstance(node, ast.FunctionDef):
        node.body = [ast.Expr(ast.Constant(ast.get_docstring(node)))]
        return ast.unparse(node) + "\n"
    if isinstance(node, ast.ClassDef) and node.name != "Tensor":
        fields = [it for it in node.body if isinstance(it, (ast.AnnAssign, ast.Assign))]
        kept = [f"    {field(it)}" for it in fields if "__slots__" not in ast.unparse(it)]
        doc = textwrap.indent(docstring(ast.get_docstring(node)), "    ")
        return f"class {node.name}:\n{doc}" + "\n".join(kept) + "\n"
    return None


def field(node: ast.AnnAssign | ast.Assign) -> str:
    """A field of a class with its type."""
    if isinstance(node, ast.AnnAssign):
        return f"{ast.unparse(node.target)}: {ast.unparse(node.annotation)}"
    assert isinstance(node.value, ast.Constant)
    return f"{ast.unparse(node.targets[0])}: {type(node.value.value).__name__}"


def tensor_class() -> str:
    """The class: what it declares itself, then the methods in the order of their declaration."""
    parts = [
        docstring(inspect.getdoc(Tensor)),
        "_array: Array\n_meta: Meta | None\n_writes: _int\n__array_priority__: _int\n",
        "def __new__(cls, *data: _Any, device: _str | _device | None = None) -> _Self: ...\n",
        "def __init__(self, *data: _Any, device: _str | _device | None = None) -> None: ...\n",
        "def __class_getitem__(cls, items: _Any) -> _Any: ...\n",
    ]
    done = {"__new__", "__init__", "__class_getitem__", "__doc__"}
    for name, value in vars(Tensor).items():
        if name in METHODS or name in done:
            continue
        if isinstance(value, property):
            parts.append(property_text(name, value))
        elif isinstance(value, classmethod):
            signature = texts.plain_signature(value.__func__)
            parts.append("@classmethod\n" + function(name, signature, value.__func__))
        elif inspect.isfunction(value):
            signature = re.sub(r"^\(self: \w+", "(self", texts.plain_signature(value))
            parts.append(function(name, signature, value))
    parts += [method(name) for name in METHODS]
    return "class Tensor:\n" + textwrap.indent(
        "".join(parts), "    ", lambda line: line.strip() != ""
    )


def method(name: str) -> str:
    """A method of the class, or a property."""
    made, value = METHODS[name], vars(Tensor)[name]
    if isinstance(value, property):
        return property_text(name, value)
    if name in made.inplace:
        return functions(name, [texts.written_signature(name, value)], value)
    return functions(name, texts.signatures(name, made, True), value)


def property_text(name: str, value: property) -> str:
    """A property with its setter."""
    get = value.fget
    assert get is not None
    result = str(inspect.signature(get).return_annotation)
    kind = "_bool" if result == "Any" and TRUTHS.fullmatch(name) else texts.RESULTS.get(name)
    if kind is None:
        kind = "Tensor" if result in ("Any", "inspect._empty") else texts.type_text(result)
        kind = "_Any" if name == "__array_interface__" else kind
    text = "@property\n" + function(name, f"(self) -> {kind}", get)
    if value.fset is not None:
        text += f"@{name}.setter\ndef {name}(self, value: {kind}) -> None: ...\n"
    if value.fdel is not None:
        text += f"@{name}.deleter\ndef {name}(self) -> None: ...\n"
    return text


def result_types_module() -> str:
    """The stub of the named tuples."""
    body = ["from shapetorch.tensor.tensors import Tensor\n"]
    body.append(
        "class ResultType(tuple[_Any, ...]):\n    @property\n    def n_fields(self) -> _int: ...\n"
    )
    for name, made in RESULT_TYPES.items():
        fields = "".join(f"    {it}: Tensor\n" for it in made._fields)
        doc = f'    """What `{name.replace("linalg_", "linalg.")}` gives."""\n'
        body.append(f"@_type_check_only\nclass _{name}_result(_NamedTuple):\n{doc}{fields}")
    lines = "".join(f"    {name}: type[_{name}_result]\n" for name in RESULT_TYPES)
    body.append("@_type_check_only\nclass _ResultTypes:\n" + lines)
    body.append("RESULT_TYPES: dict[_str, type[ResultType]]\nreturn_types: _ResultTypes\n")
    body.append("def result_type(name: _str, *fields: _str) -> type[ResultType]: ...\n")
    own = re.compile(r"^from shapetorch\.tensor\.result_types import .*\n", re.MULTILINE)
    return own.sub(
        "", assembled("The named tuples that operations with several results give.", body)
    )


# -- text -------------------------------------------------------------------------------------------


def functions(name: str, signatures: list[str], documented: Callable[..., Any]) -> str:
    """A function with all its cases; the first carries the docstring."""
    if len(signatures) == 1:
        return function(name, signatures[0], documented)
    return "".join(
        "@_overload\n" + function(name, signature, documented) for signature in signatures
    )


def function(name: str, signature: str, documented: Callable[..., Any]) -> str:
    """A function with its docstring."""
    ignored = IGNORED if name in OVERRIDES else ""  # tensors compare element by element
    doc = textwrap.indent(
        docstring(inspect.getdoc(documented)), "    ", lambda line: line.strip() != ""
    )
    keyword = "async def" if inspect.iscoroutinefunction(documented) else "def"
    head = f"{keyword} {name}{signature}:"
    return f"{head}{ignored}\n{doc}" if doc else f"{head} ...{ignored}\n"


def docstring(text: str | None) -> str:
    """A docstring as it stands in a file."""
    if not text:
        return ""
    mark = "r" if "\\" in text else ""
    return f'{mark}"""{text}{chr(10) if chr(10) in text else ""}"""\n'


def assembled(doc: str | None, parts: Iterable[str]) -> str:
    """A stub: docstring, the imports that are used, and the parts."""
    body = "\n".join(parts)
    used = sorted(
        texts.IMPORTS[name] for name in set(re.findall(r"\b_\w+", body)) & texts.IMPORTS.keys()
    )
    first = inspect.cleandoc(doc or "").split("\n")[0]
    head = f'"""{first}\n\nWritten by ``tools/stubs.py``.\n"""\n\n'
    return head + "\n".join(used) + "\n\n" + body


def write() -> None:
    """Write the folder anew."""
    made = files()  # before the old ones go: this may fail
    shutil.rmtree(FOLDER, ignore_errors=True)
    for name, text in made.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


if __name__ == "__main__":
    write()
    print(FOLDER)
