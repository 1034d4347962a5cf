"""Print how many calls of each rule were compared with PyTorch: ``python -m tests.rules.table [names]``."""

from __future__ import annotations

import os
import sys

from tests.rules import oracle, reports


def main(wanted: list[str]) -> int:
    """Print the table, then the disagreements; 1 if there are any."""
    known = sorted(oracle.load())
    chosen = [item for item in known if not wanted or any(_fits(item, w) for w in wanted)]
    long = os.environ.get("SHAPETORCH_FUZZ") == "1"
    seed = int(os.environ.get("SHAPETORCH_SEED", "1"))
    print(f"{'rule':36} {'accepted':>8} {'rejected':>8} {'missed':>7} {'disagree':>8}")
    found = []
    for item in chosen:
        report = reports.run_long(item, seed) if long else reports.run(item, 60, seed)
        found.append(report)
        print(
            f"{item:36} {report.accepted:8} {report.rejected:8} {report.missed:7} "
            f"{len(report.disagreements):8}",
            flush=True,
        )
    total = [sum(getattr(r, key) for r in found) for key in ("accepted", "rejected", "missed")]
    wrong = [outcome for report in found for outcome in report.disagreements]
    print(f"{len(found):<36} {total[0]:8} {total[1]:8} {total[2]:7} {len(wrong):8}")
    for outcome in wrong[:60]:
        print(outcome)
    return int(bool(wrong))


def _fits(item: str, wanted: str) -> bool:
    return item == wanted or (wanted.endswith("*") and item.startswith(wanted[:-1]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
