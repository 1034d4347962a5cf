"""Names: what they mean in a frame, and the public names of libraries."""

from __future__ import annotations

import builtins

from shapetorch.flow.state import Frame, Run
from shapetorch.flow.values import (
    NONE,
    UNKNOWN_VALUE,
    Constant,
    External,
    ModuleValue,
    Scalar,
    Value,
)


def lookup(run: Run, frame: Frame, text: str) -> Value:
    """What a name means in a frame: local, enclosing, module, built-in."""
    where: Frame | None = frame
    while where is not None:
        # a class body is no enclosing scope of its methods
        if text in where.locals and (where is frame or where.function or where.is_module):
            if where.is_module:
                run.look(where.module, text)
            return resolve_import(run, where.locals[text])
        where = where.parent
    module = frame.module
    run.look(module, text)
    if module.name == run.main and run.stack and run.stack[-1].module is module:
        top = module.frame
    else:
        top = module_frame(run, module.name)
    if top is not None and text in top.locals:
        return resolve_import(run, top.locals[text])
    if text == "__name__":
        return Scalar("str")
    return External(f"builtins.{text}") if hasattr(builtins, text) else UNKNOWN_VALUE


def module_frame(run: Run, name: str) -> Frame | None:
    """The frame of a module's top level, run when first needed."""
    from shapetorch.flow.imports import run_module

    module = run.program.module(name)
    if module is None:
        return None
    here = run.stack[-1].module if run.stack else module
    if here is not module and (module.running or name == run.main):
        run.tangled = True  # what it finds there depends on when it looks
    frame = module.frame or run_module(run, module)
    if name != run.main and name not in run.read:
        run.read.add(name)
        run.read.update(module.read)
        run.program.asked.update(module.asked)
        run.tangled |= module.tangled
    return frame


def resolve_import(run: Run, value: Value, followed: frozenset[str] = frozenset()) -> Value:
    """An imported name as what it is: imports are followed when the name is used.

    Args:
        run: The run.
        value: What the name is bound to.
        followed: The imports that have led here.
    """
    if not isinstance(value, External) or not value.name.startswith("import:"):
        return value
    known = run.imported.get(value.name)
    if known is not None:
        return known
    full = value.name.removeprefix("import:")
    module, _, attribute = full.partition(":")
    if attribute:
        found = from_module(run, module, attribute, followed | {value.name})
    else:
        found = ModuleValue(module) if run.program.module(module) else External(canonical(module))
    if isinstance(found, External):  # of a library, where nothing has to be remembered as read
        run.imported[value.name] = found
    return found


def from_module(
    run: Run, module: str, attribute: str, followed: frozenset[str] = frozenset()
) -> Value:
    """The name `attribute` of a module; ``from . import part`` in a package is the module `part`."""
    frame = module_frame(run, module)
    if frame is not None:
        run.look(frame.module, attribute)
        value = frame.locals.get(attribute)
        if value is not None and not (isinstance(value, External) and value.name in followed):
            return resolve_import(run, value, followed)
        if run.program.module(f"{module}.{attribute}") is not None:
            return ModuleValue(f"{module}.{attribute}")
        return UNKNOWN_VALUE
    if run.program.module(f"{module}.{attribute}") is not None:
        return ModuleValue(f"{module}.{attribute}")
    return known_constant(canonical(f"{module}.{attribute}"))


_CONSTANTS: dict[str, Value] = {
    "typing.TYPE_CHECKING": Constant(True),
    "math.pi": Scalar("float"),
    "math.e": Scalar("float"),
    "math.inf": Scalar("float"),
    "torch.inf": Scalar("float"),
    "torch.pi": Scalar("float"),
    "numpy.pi": Scalar("float"),
    "numpy.inf": Scalar("float"),
    "numpy.newaxis": NONE,
}


def known_constant(full: str) -> Value:
    """An external name, or its value if it is a constant."""
    return _CONSTANTS.get(full) or External(full)


def canonical(full: str) -> str:
    """The public name of something of a library: where PyTorch documents it."""
    if full == "shapetorch" or full.startswith("shapetorch."):
        full = "torch" + full.removeprefix("shapetorch")
    for private in ("torch.nn.modules.", "torch.nn.parameter."):
        if full.startswith(private):
            return "torch.nn." + full.rsplit(".", 1)[-1]
    if full in ("torch._tensor.Tensor", "torch.tensor.Tensor"):
        return "torch.Tensor"
    if full.startswith(("typing_extensions.", "collections.abc.")):
        return "typing." + full.rsplit(".", 1)[-1]
    if full.startswith(("torch.functional.", "torch._C._VariableFunctions.")):
        return "torch." + full.rsplit(".", 1)[-1]
    return full
