"""oneDNN: not used."""

enabled = False


def is_available() -> bool:
    """Whether the library uses it: no."""
    return False
