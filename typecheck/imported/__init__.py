"""A package that others import from: re-exports, aliases, constants."""

from imported.blocks import Block as Block
from imported.blocks import project as public_project
from imported.sizes import D_MODEL, Image

__all__ = ["D_MODEL", "Block", "Image", "public_project"]
