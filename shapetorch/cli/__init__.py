"""The command ``shapetorch``."""
