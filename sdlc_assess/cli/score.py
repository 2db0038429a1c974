"""``score``: an answers file in, its score out; no database."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sdlc_assess import scoring
from sdlc_assess.catalog.library import Library, library
from sdlc_assess.catalog.profile import ScoringProfile
from sdlc_assess.catalog.questionnaire import Questionnaire
from sdlc_assess.errors import AssessError, InputErrors
from sdlc_assess.exchange import answers
from sdlc_assess.exchange.answers import AnswersFile

WIDTH = 100


def add(commands: Any) -> None:
    """Add the command."""
    command = commands.add_parser(
        "score",
        help="score an answers file, without a database",
        epilog="example: sdlc-assess score docs/self-assessment/ssdf.yaml --explain PO.1",
    )
    command.add_argument("answers", metavar="ANSWERS", type=Path, help="YAML or JSON file")
    command.add_argument(
        "--profile", metavar="ID@V", help="scoring profile; by default the questionnaire's own"
    )
    shape = command.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="print exact fractions as JSON")
    shape.add_argument("--explain", metavar="NODE", help="tell how one number came about, as PO.1")
    command.set_defaults(run=score_file)


def score_file(chosen: argparse.Namespace) -> int:
    """Score the file; return 0, 1 when it has errors (all are listed), 2 on wrong usage."""
    shelf = library()
    try:
        profile = None if chosen.profile is None else shelf.profile(chosen.profile)
    except AssessError as unknown:
        return _wrong_usage(unknown)
    try:
        found = answers.read(chosen.answers, shelf)
    except InputErrors as errors:
        return _refused(errors, as_json=chosen.json)
    return _scored(chosen, found, shelf, profile)


def _scored(
    chosen: argparse.Namespace,
    found: AnswersFile,
    shelf: Library,
    profile: ScoringProfile | None,
) -> int:
    questionnaire = shelf.questionnaire(found.questionnaire)
    profile = profile or shelf.profile(questionnaire.scoring)
    framework = shelf.framework(questionnaire.framework)
    score = scoring.score(questionnaire, framework, profile, found.claims)
    if chosen.json:
        print(json.dumps(scoring.as_json(score, profile), indent=2, ensure_ascii=False))
        return 0
    try:
        lines = (
            scoring.explain(score, chosen.explain, profile)
            if chosen.explain
            else _table(found, questionnaire, profile, score)
        )
    except AssessError as unknown:
        return _wrong_usage(unknown)
    print("\n".join(lines))
    return 0


def _wrong_usage(error: AssessError) -> int:
    print(f"sdlc-assess score: {error.message}", file=sys.stderr)
    return 2


def _refused(errors: InputErrors, *, as_json: bool) -> int:
    print(errors, file=sys.stderr)
    if as_json:
        listed = [
            {"path": flaw.path, "line": flaw.line, "code": flaw.code, "text": flaw.text}
            for flaw in errors.errors
        ]
        print(json.dumps({"errors": listed}, indent=2, ensure_ascii=False))
    return 1


def _table(
    found: AnswersFile, questionnaire: Questionnaire, profile: ScoringProfile, score: scoring.Score
) -> Iterator[str]:
    counts = score.overall.conformance
    rest = ", ".join(
        f"{counts[name]} {name.replace('_', ' ')}"
        for name in ("not_applicable", "unanswered")
        if counts[name]
    )
    release = "" if questionnaire.released else " (candidate, not released)"
    yield f"{found.subject}: {questionnaire.title}, {questionnaire.ref}{release}"
    yield ""
    yield (
        f"{counts['satisfied']} of {sum(counts.values())} tasks meet level {profile.threshold}"
        + (f" ({rest})" if rest else "")
        + f"; {score.answered} of {score.total} questions are answered."
    )
    yield f"Claimed: {scoring.display(score.overall.claimed, profile)}, by {profile.ref}."
    yield from textwrap.wrap(profile.note, WIDTH)
    yield ""
    yield from _rows(score, profile)


def _rows(score: scoring.Score, profile: ScoringProfile) -> Iterator[str]:
    header = ("", "claimed", "met", "partial", "not met", "n/a", "open")
    rows = [header, *(_row(node, profile) for node in score.overall.walk() if _is_told(node))]
    widths = [max(len(row[at]) for row in rows) for at in range(len(header))]
    for first, *rest in rows:
        cells = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        yield "  ".join((first.ljust(widths[0]), *cells)).rstrip()


def _is_told(node: scoring.Node) -> bool:
    return node.kind in ("overall", "group", "practice")


def _row(node: scoring.Node, profile: ScoringProfile) -> tuple[str, ...]:
    title = node.title if node.kind == "overall" else f"{node.id}  {node.title}"
    if node.kind == "practice":
        title = f"  {title}"
    return (
        title,
        scoring.display(node.claimed, profile),
        *map(str, node.conformance.values()),
    )
