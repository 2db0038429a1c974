"""Fail unless every line and branch of the pure floors and the permission table was run.

Usage: python scripts/covered.py COVERAGE.json (as written by pytest --cov-report=json)
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

WHOLE = ("sdlc_assess/catalog/", "sdlc_assess/scoring/", "sdlc_assess/assessment/")


def main(report: str) -> int:
    """Print what was missed; return 1 when anything was, or when nothing was measured."""
    files = json.loads(Path(report).read_text(encoding="utf-8"))["files"]
    measured = {name: found for name, found in files.items() if name.startswith(WHOLE)}
    missed = {
        name: (found["missing_lines"], found["missing_branches"])
        for name, found in measured.items()
        if found["missing_lines"] or found["missing_branches"]
    }
    for name, (lines, branches) in sorted(missed.items()):
        print(f"{name}: lines {lines}, branches {branches} never run")
    print(f"{len(measured) - len(missed)} of {len(measured)} files covered whole")
    return 1 if missed or len(measured) < 30 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
