"""Reports drawn for tests, once per process, with their text and their log lines."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from sdlc_assess.catalog.library import library
from sdlc_assess.reporting.assemble import report_of
from sdlc_assess.reporting.pdf import draw
from sdlc_assess.reporting.render import render_html, style
from sdlc_assess.reporting.source import Library
from tests.reporting.builders import a_small_shelf, a_snapshot


def pdf_of(kind: str, snapshot: dict[str, Any], shelf: Library) -> bytes:
    """Draw as render_pdf does, from a library of the test's own."""
    return draw(render_html(report_of(kind, snapshot, shelf)), style(kind))


STATES: dict[str, dict[str, Any]] = {
    "accepted": {},
    "submitted": {"state": "submitted"},
    "returned": {"state": "returned", "examined": True},
    "in review": {"state": "in_review", "stored": False, "examined": True},
    "draft": {"state": "draft", "stored": False},
    "self submitted": {"kind": "self", "state": "submitted"},
    "self draft": {"kind": "self", "state": "draft", "stored": False},
}
"""What a report can be drawn of, as arguments of ``a_snapshot``."""

EDITIONS = [
    *(("executive", state) for state in STATES),
    *(("assessment", state) for state in ("accepted", "draft", "self submitted")),
]
"""Kind and state of the reports that most promises are tried on."""


@dataclass(frozen=True)
class Drawn:
    """A report with what a test asks of it: its bytes and the text of each page."""

    snapshot: dict[str, Any]
    body: bytes
    pages: tuple[str, ...]
    log: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All text with white space made one blank, so that line ends don't matter."""
        return " ".join(" ".join(self.pages).split())

    @property
    def dense(self) -> str:
        """All text without white space, for words that are broken over lines."""
        return "".join(self.text.split())

    @property
    def reader(self) -> PdfReader:
        """The file, opened again."""
        return PdfReader(BytesIO(self.body))


def read_back(snapshot: dict[str, Any], body: bytes) -> Drawn:
    """Extract the text of a report."""
    pages = PdfReader(BytesIO(body)).pages
    return Drawn(snapshot, body, tuple(page.extract_text() for page in pages))


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@contextmanager
def log_lines() -> Iterator[list[str]]:
    """Collect the warnings of the PDF engine and of its font tools, as they come."""
    handler = _Lines()
    loggers = [logging.getLogger(name) for name in ("weasyprint", "fontTools")]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield handler.lines
    finally:
        for logger in loggers:
            logger.removeHandler(handler)


@cache
def drawn(kind: str, state: str, content: str = "small") -> Drawn:
    """Draw a report once per process; ``content`` is "small" or "ssdf", the shipped questions."""
    shelf: Library = a_small_shelf() if content == "small" else library()
    ref = "toy@1.0.0" if content == "small" else library().questionnaire("ssdf").ref
    snapshot = a_snapshot(shelf, ref, **STATES[state])
    with log_lines() as lines:
        body = pdf_of(kind, snapshot, shelf)
    return replace(read_back(snapshot, body), log=tuple(lines))
