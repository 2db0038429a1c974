"""``report``: an answers file in, a PDF out; no database."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from sdlc_assess import __version__
from sdlc_assess.catalog.library import library
from sdlc_assess.exchange import answers
from sdlc_assess.reporting.pdf import KINDS, render_pdf


def add(commands: Any) -> None:
    """Add the command."""
    command = commands.add_parser(
        "report",
        help="draw a PDF report from an answers file, without a database",
        epilog="example: sdlc-assess report docs/self-assessment/ssdf.yaml "
        "--kind executive -o executive.pdf",
    )
    command.add_argument("answers", metavar="ANSWERS", type=Path, help="YAML or JSON file")
    command.add_argument("--kind", choices=KINDS, required=True, help="which report")
    command.add_argument(
        "-o", "--output", metavar="FILE.pdf", type=Path, required=True, help="where to write it"
    )
    command.set_defaults(run=draw_report)


def draw_report(chosen: argparse.Namespace) -> int:
    """Draw the report and write it whole or not at all; return 0, or 2 if it can't be written.

    Raises InputErrors when the answers file has errors.
    """
    folder = chosen.output.parent
    if chosen.output.is_dir() or not folder.is_dir():
        what = "it is a folder" if chosen.output.is_dir() else "its folder does not exist"
        return _not_written(chosen.output, f"{what}; name a file in a folder that exists")
    shelf = library()
    found = answers.read(chosen.answers, shelf)
    questionnaire = shelf.questionnaire(found.questionnaire)
    snapshot = answers.snapshot_of(
        found,
        questionnaire,
        shelf.framework(questionnaire.framework),
        shelf.profile(questionnaire.scoring),
        __version__,
    )
    try:
        _write(chosen.output, render_pdf(chosen.kind, snapshot))
    except OSError as error:
        return _not_written(chosen.output, error.strerror or str(error))
    print(chosen.output)
    return 0


def _write(path: Path, body: bytes) -> None:
    """Write beside ``path`` and move into place, so that a full disk leaves no half report."""
    handle, name = tempfile.mkstemp(prefix=".report-", suffix=".pdf", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
        # mkstemp makes a private file; a report has the rights of any new file
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _not_written(path: Path, why: str) -> int:
    print(f"sdlc-assess report: {path} was not written: {why}.", file=sys.stderr)
    return 2
