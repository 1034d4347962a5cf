"""Helpers beside the library's core: `checkpoint`, `dlpack`."""
