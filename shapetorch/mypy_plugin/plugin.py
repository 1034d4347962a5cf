"""The hooks: names are looked up here, the work is done in the other files.

Life of a module: when it is parsed, a probe is added (`get_additional_deps`, or `report_config_data`
where mypy parses without telling plugins). When mypy checks the probe, the module is analysed and its
problems are reported (`_run_probe`). At the end mypy learns which other modules were read
(`get_additional_indirect_deps`), so that a change there has this one checked again.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

from mypy.errors import CompileError, Errors
from mypy.nodes import Import, ImportAll, ImportFrom, MypyFile
from mypy.options import Options
from mypy.plugin import (
    AnalyzeTypeContext,
    FunctionContext,
    MethodContext,
    Plugin,
    ReportConfigContext,
)
from mypy.types import Type

from shapetorch.flow.program import Program, Source
from shapetorch.mypy_plugin import names, probe, report, settings, shelf, type_hooks
from shapetorch.mypy_plugin.quoted import QuotedNames
from shapetorch.mypy_plugin.sources import Sources, is_foreign, is_installed


class ShapePlugin(Plugin):
    """Runs the shape analysis inside mypy."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        try:
            self._settings = settings.load(options.config_file)
        except settings.InvalidSettings as error:
            raise CompileError([f"{error}"]) from None
        self._sources = Sources(options, lambda: self._modules)
        self._shelf = shelf.of(options)
        self._program = Program(self._sources.find, shelf=self._shelf)
        self._errors = _errors_of(options)
        self._read: dict[str, set[str]] = {}
        self._probed: set[str] = set()
        self._foreign: set[str] = (
            set()
        )  # files of torch and the like, which are none of our business
        self.left_open = names.LEFT_OPEN if settings.is_command() else frozenset()
        self._failure: Exception | None = None
        self._quoted = QuotedNames(self._read_file, self._foreign)
        if self._errors is not None:
            self._quoted.watch(self._errors)
        self._type_hooks = type_hooks.TypeHooks(self)
        # of a quarter of a million questions, most are about names that never have a hook
        self._type_hook_of = _TypeHookOf(self)
        self.get_type_analyze_hook = self._type_hook_of.__getitem__  # type: ignore[assignment]

    # -- the life of a module -----------------------------------------------------------------------

    def report_config_data(self, ctx: ReportConfigContext) -> Any:
        """What a cached result depends on besides the sources."""
        if not ctx.is_check and ctx.path not in self._foreign:
            self._guard(self._add_to_analysed, ctx.id)
        if is_installed(ctx.path):
            return {}  # it is part of the interface: with it, torch would be read again
        return {"fingerprint": settings.fingerprint(), "strict": self._settings.strict}

    def get_additional_deps(self, file: MypyFile) -> list[tuple[int, str, int]]:
        """Add the probe to a module that was just parsed."""
        if is_foreign(file.fullname, file.path):
            self._foreign.add(file.path)
            return []
        self._guard(self._add_to_parsed, file)
        return []

    def get_additional_indirect_deps(self, file: MypyFile) -> set[str]:
        """The modules whose source the analysis of this one consulted."""
        module = file.fullname
        if file.path in self._foreign:
            return set()
        if module not in self._probed:
            self._guard(self._run_without_probe, file)
        self._probed.discard(module)
        return self._read.get(module, set())

    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        """The probe's own call."""
        return self._run_probe if fullname == names.PROBE_HOOK else None

    # -- annotations ----------------------------------------------------------------------------------

    def find_type_hook(self, fullname: str) -> Callable[[AnalyzeTypeContext], Type] | None:
        """Shapes and sizes in annotations."""
        if fullname in self.left_open:
            return type_hooks.left_open
        if self._errors is not None and self._errors.file in self._foreign:
            return None
        return self._type_hooks.type_hook(fullname)

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        """Instances of classes that are generic over sizes."""
        return self._type_hooks.call_hook(fullname)

    # -- the probe --------------------------------------------------------------------------------------

    def _add_to_parsed(self, file: MypyFile) -> None:
        if file.is_stub or file.fullname == "builtins":
            return
        if file.fullname in self._sources.missing or self._sources.changed():
            self._forget()
        self._probed.discard(file.fullname)
        if self._errors is not None:
            self._quoted.watch(self._errors)
        probe.add_to_parsed(file, self._digest(file))
        if self.options.fine_grained_incremental or self.options.cache_fine_grained:
            probe.add_dependencies(file, _imported(file))

    def _add_to_analysed(self, module: str) -> None:
        modules = self._modules or {}
        file = modules.get(module)
        if file is None or file.is_stub or names.PROBE in file.names:
            return
        if "builtins" in modules:
            probe.add_to_analysed(file, self._digest(file), modules["builtins"])

    def _read_file(self, path: str) -> Source | None:
        return self._sources.read(path)

    def _digest(self, file: MypyFile) -> str:
        if is_installed(file.path):
            return "installed"
        source = self._sources.read(file.path)
        return "unreadable" if source is None else self._program.interface(file.fullname, source)

    def _run_probe(self, ctx: MethodContext) -> Type:
        if not probe.is_probe_call(ctx.context):
            return ctx.default_return_type
        checker: Any = ctx.api
        self._errors = checker.errors
        self._quoted.watch(checker.errors)
        self._probed.add(checker.tree.fullname)
        if not checker.can_skip_diagnostics:
            self._analyze(checker.tree.fullname, checker.errors)
        return ctx.default_return_type

    def _run_without_probe(self, file: MypyFile) -> None:
        """Analyse a module that was parsed and checked with no moment to add a probe.

        It happens without local partial types, when a cached module is parsed again.
        """
        errors = self._errors
        if (
            errors is None
            or file.is_stub
            or names.PROBE in file.names
            or probe.is_ignored(file)
            or self.options.fine_grained_incremental
            or (errors.file, errors.target_module) != (file.path, file.fullname)
            or file.path in errors.ignored_files
            or errors.options.ignore_errors
        ):
            return
        self._analyze(file.fullname, errors)

    def _analyze(self, module: str, errors: Errors) -> None:
        if self._failure is not None:
            report.report_exception(errors, self._failure)
            self._failure = None
        try:
            if self.options.fine_grained_incremental and self._sources.changed():
                self._forget()
            source = self._sources.find(module)
            text = "" if source is None else source.text
            result = self._program.analyze(module, self._settings.level(text))
        except Exception as error:
            if settings.raises():
                raise
            report.report_exception(errors, error)
            return
        self._read[module] = result.read - {module}
        report.report_all(errors, result, text)

    def _forget(self) -> None:
        self._sources = Sources(self.options, lambda: self._modules)
        self._program = Program(self._sources.find, shelf=self._shelf)

    def _guard(self, action: Callable[[Any], None], argument: object) -> None:
        """An exception of ours is reported with the next module and never stops mypy."""
        try:
            action(argument)
        except Exception as error:
            if settings.raises():
                raise
            self._failure = error

    def failed(self, error: Exception) -> None:
        """Remember an exception in a hook that has its own answer for it."""
        if settings.raises():
            raise error
        self._failure = error


class _TypeHookOf(dict[str, Callable[[AnalyzeTypeContext], Type] | None]):
    """The type hook of a name; what is in the dict is answered without running any code of ours."""

    def __init__(self, plugin: ShapePlugin) -> None:
        super().__init__()
        self._plugin = plugin

    def __missing__(self, fullname: str) -> Callable[[AnalyzeTypeContext], Type] | None:
        if names.is_internal(fullname) and fullname not in self._plugin.left_open:
            self[fullname] = None
            return None
        return self._plugin.find_type_hook(fullname)


def _errors_of(options: Options) -> Errors | None:
    """The collector of errors made with these options; no hook hands it out before the first check."""
    return next((it for it in gc.get_referrers(options) if isinstance(it, Errors)), None)


def _imported(file: MypyFile) -> set[str]:
    """The full names of the modules a file imports, and of what may be a module."""
    found: set[str] = set()
    for statement in file.imports:
        if isinstance(statement, Import):
            for name, _ in statement.ids:
                parts = name.split(".")
                found.update(".".join(parts[:n]) for n in range(1, len(parts) + 1))
        elif isinstance(statement, ImportFrom | ImportAll):
            base = _absolute(file, statement)
            found.add(base)
            if isinstance(statement, ImportFrom):
                found.update(f"{base}.{name}" for name, _ in statement.names)
    return found - {file.fullname, ""}


def _absolute(file: MypyFile, statement: ImportFrom | ImportAll) -> str:
    if not statement.relative:
        return statement.id
    parts = file.fullname.split(".")
    drop = statement.relative - (1 if file.is_package_init_file() else 0)
    return ".".join([*parts[: len(parts) - drop], *([statement.id] if statement.id else [])])
