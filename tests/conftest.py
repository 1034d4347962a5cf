"""Settings for the whole test run."""

from __future__ import annotations

import os

import pytest
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


# -- how long each suite takes ------------------------------------------------------------------------

BUDGETS = {
    "tensor": 800,
    "rules": 200,
    "typecheck": 200,
    "models": 150,
    "plugin": 150,
    "cli": 100,
    "stubs": 100,
    "docs": 50,
    "flow": 50,
}
"""Seconds of one worker; all others together have 100. Two workers then stay below 15 minutes."""

_seconds: dict[str, float] = {}


def suite_of(path: str) -> str:
    """The suite that a test file belongs to: its folder, or what its name begins with."""
    parts = path.split("/")
    label = parts[1].removeprefix("test_").removesuffix(".py") if len(parts) > 1 else path
    return next((name for name in BUDGETS if label.startswith(name)), "others")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up the time of a suite."""
    suite = suite_of(report.nodeid.partition("::")[0])
    _seconds[suite] = _seconds.get(suite, 0.0) + report.duration


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what each suite took of its budget, where one has taken more; a slow machine fails no test."""
    over = {name: took for name, took in _seconds.items() if took > BUDGETS.get(name, 100)}
    shown = _seconds if over else {}
    for name, took in sorted(shown.items(), key=lambda item: -item[1]):
        mark = "  over its budget" if name in over else ""
        terminalreporter.write_line(f"{name:12}{took:6.0f} s of {BUDGETS.get(name, 100)}{mark}")
