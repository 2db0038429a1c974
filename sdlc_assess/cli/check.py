"""``check``: every error of questionnaires, frameworks and scoring profiles, with file and line."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from sdlc_assess.catalog.lint import lint
from sdlc_assess.errors import Flaw
from sdlc_assess.resources import shipped


def add(commands: Any) -> None:
    """Add the command, and ``library lint``, which is the same."""
    _add_check(commands, "check")
    library = commands.add_parser(
        "library", help="the questionnaire library", epilog="example: sdlc-assess library lint"
    )
    _add_check(library.add_subparsers(metavar="COMMAND", required=True), "lint")


def _add_check(commands: Any, name: str) -> None:
    command = commands.add_parser(
        name,
        help="print every error of questionnaires, with file and line",
        description="Check questionnaires, frameworks and scoring profiles. Prints one line "
        "'file:line: sentence' for each error. Exit code: 0 clean, 1 errors, 2 no such path.",
        epilog="example: sdlc-assess check questionnaires/ssdf/1.0.0.yaml",
    )
    command.add_argument(
        "paths", nargs="*", metavar="PATH", help="file or folder (default: the shipped library)"
    )
    command.add_argument("--json", action="store_true", help="print one JSON object instead")
    command.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Run the command as typed."""
    return check(chosen.paths, as_json=chosen.json)


def check(paths: list[str], as_json: bool = False) -> int:
    """Check the files and folders ``paths`` (none: the shipped library) and print every error.

    Returns 0 where there is none, 1 where there are some, 2 where a path does not exist.
    """
    missing = [path for path in paths if not Path(path).exists()]
    for path in missing:
        print(f"sdlc-assess check: there is no file or folder {path}", file=sys.stderr)
    if missing:
        return 2
    files, flaws = lint([Path(path) for path in paths] or [shipped("questionnaires")])
    if as_json:
        print(json.dumps({"files": files, "errors": [_plain(flaw) for flaw in flaws]}, indent=2))
    else:
        for flaw in flaws:
            print(flaw)
        print(_summary(files, len(flaws)), file=sys.stderr)
    return 1 if flaws else 0


def _plain(flaw: Flaw) -> dict[str, Any]:
    return {"path": flaw.path, "line": flaw.line, "code": flaw.code, "text": flaw.text}


def _summary(files: int, errors: int) -> str:
    read = "1 file" if files == 1 else f"{files} files"
    found = "no errors" if not errors else "1 error" if errors == 1 else f"{errors} errors"
    return f"{read}, {found}"
