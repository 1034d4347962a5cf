"""Settings for the whole test run."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
FUZZ = os.environ.get("SHAPETORCH_FUZZ", "")  # 1, or a number of examples of its own

settings.register_profile("ci", max_examples=200, deadline=None, suppress_health_check=SLOW)
settings.register_profile(
    "fuzz",
    max_examples=int(FUZZ) if FUZZ not in ("", "1") else 100_000,
    deadline=None,
    suppress_health_check=SLOW,
)
settings.load_profile("fuzz" if FUZZ else "ci")
