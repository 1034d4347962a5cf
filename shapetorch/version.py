"""Versions: of the library, and of what PyTorch may be built with."""

from shapetorch import __version__

cuda = None
hip = None
debug = False
git_version = None

__all__ = ["__version__", "cuda", "debug", "git_version", "hip"]
