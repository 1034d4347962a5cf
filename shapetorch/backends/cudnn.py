"""cuDNN's switches, which have no effect."""

enabled = False
benchmark = False
deterministic = False
allow_tf32 = False


def is_available() -> bool:
    """Whether there is cuDNN: no."""
    return False


def version() -> None:
    """The version of cuDNN: there is none."""
