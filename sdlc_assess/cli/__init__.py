"""The command line: one module per group of commands, joined here.

Exit codes: 0 done, 1 the input has errors (all listed) or the act was refused, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from sdlc_assess import __version__
from sdlc_assess.cli import check, database, report, score, serve, users
from sdlc_assess.errors import AssessError, InputErrors

GROUPS = (serve, database, users, check, score, report)


class _Parser(argparse.ArgumentParser):
    """A parser whose usage errors end with 2 and name the way to the help page."""

    def error(self, message: str) -> NoReturn:
        """Print one line on what is wrong, and where the help is."""
        self.exit(2, f"{self.prog}: {message}\nSee `{self.prog} --help`.\n")


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = _Parser(prog="sdlc-assess", description="Assess a secure development lifecycle.")
    top.add_argument("--version", action="version", version=__version__)
    commands = top.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    for group in GROUPS:
        group.add(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    chosen = parser().parse_args(arguments)
    try:
        return int(chosen.run(chosen))
    except InputErrors as errors:
        print(errors, file=sys.stderr)
        return 1
    except AssessError as error:
        print(f"sdlc-assess: {error.message}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
