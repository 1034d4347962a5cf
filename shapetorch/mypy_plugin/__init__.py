"""The mypy plugin: ``plugins = shapetorch.mypy_plugin`` in mypy's configuration.

mypy's own verdicts stay as they are. The plugin lets our annotations pass (`type_hooks`), starts the
analysis of `shapetorch.flow` at each checked module (`probe`), and reports what it finds as mypy's
own errors are reported (`report`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy.version import __version__ as _mypy_version

if TYPE_CHECKING:
    from mypy.plugin import Plugin

SUPPORTED_MYPY = (2, 4)

if tuple(_mypy_version.split(".")[:2]) != tuple(str(part) for part in SUPPORTED_MYPY):
    _major, _minor = SUPPORTED_MYPY
    raise ImportError(
        f"shapetorch works with mypy {_major}.{_minor}, this is mypy {_mypy_version}; "
        f'run pip install "mypy>={_major}.{_minor},<{_major}.{_minor + 1}"'
    )


# Before the function of that name: the first import of a module puts it into its package, and mypy's
# daemon asks for the function again and again.
from shapetorch.mypy_plugin.plugin import ShapePlugin  # noqa: E402


def plugin(version: str) -> type[Plugin]:
    """The plugin class, as mypy asks for it."""
    return ShapePlugin
