"""Apple's GPUs: not used."""


def is_available() -> bool:
    """Whether tensors can live there: no."""
    return False


def is_built() -> bool:
    """Whether the library can use them: no."""
    return False
