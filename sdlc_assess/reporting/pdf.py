"""A snapshot as PDF: tagged (PDF/UA-1), with bundled fonts, the same bytes each time.

WeasyPrint is imported inside the functions that draw: this module is known to the web process,
which must never load it.
"""

from __future__ import annotations

import gc
import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sdlc_assess import __version__
from sdlc_assess.errors import AssessError
from sdlc_assess.reporting.prose import code_point
from sdlc_assess.resources import shipped

KINDS = ("executive", "assessment")
"""The kinds of report that can be drawn."""

VARIANT = "pdf/ua-1"
ENGINES = ("weasyprint", "pydyf", "fonttools", "jinja2")


class UnknownKind(AssessError):
    """There is no report of the kind {kind!r}. Nothing was drawn: choose {known}."""


class OutsideFetch(AssessError):
    """The report asked for something outside its own files, so it was not drawn: {what}"""


def render_pdf(kind: str, snapshot: dict[str, Any]) -> bytes:
    """Draw ``snapshot`` as a report of ``kind`` and return the bytes of the PDF.

    Raises UnknownKind, source.OtherContent when the library holds another content than the record
    was made with, and OutsideFetch when the document asks for anything but the bundled fonts.
    """
    if kind not in KINDS:
        raise UnknownKind(kind=kind, known=" or ".join(KINDS))
    from sdlc_assess.catalog.library import library
    from sdlc_assess.reporting.assemble import report_of
    from sdlc_assess.reporting.render import render_html, style

    return draw(render_html(report_of(kind, snapshot, library())), style(kind))


def draw(html: str, css: str) -> bytes:
    """Lay ``html`` out with ``css`` alone and return the bytes of the PDF.

    A character that no font on this machine has is printed by its code, ``[U+4F60]``: an empty box
    would hide it from the reader, and is forbidden in PDF/UA (ISO 14289-1, 7.21.8).
    """
    with _missing_glyphs() as missing:
        pdf = _lay_out(html, css)
    if missing:
        pdf = _lay_out(html.translate({point: code_point(chr(point)) for point in missing}), css)
    return pdf


def _lay_out(html: str, css: str) -> bytes:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError

    from sdlc_assess.reporting.fetcher import PackagedFetcher

    fetcher, fonts = PackagedFetcher(), FontConfiguration()
    try:
        with _no_collection():
            sheet = CSS(string=css, base_url="asset:/", url_fetcher=fetcher, font_config=fonts)
            page = HTML(string=html, base_url="asset:/", url_fetcher=fetcher)
            pdf: bytes = page.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant=VARIANT)
    except FatalURLFetchingError as error:
        raise OutsideFetch(what=str(error)) from error
    return pdf


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the garbage collector out of the render: a sixth of its time goes there."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
        gc.collect()


@contextmanager
def _missing_glyphs() -> Iterator[set[int]]:
    """Collect the code points that WeasyPrint says no font has, and keep these lines unlogged."""
    found: set[int] = set()

    def take(record: logging.LogRecord) -> bool:
        if not str(record.msg).startswith(".notdef glyph rendered"):
            return True
        found.add(int(record.args[1]))  # type: ignore[index,arg-type]
        return False

    logger = logging.getLogger("weasyprint")
    logger.addFilter(take)
    try:
        yield found
    finally:
        logger.removeFilter(take)


@lru_cache(maxsize=1)
def template_digest() -> str:
    """Return SHA-256 over ``reports/**``, the reporting code and the versions of the engines.

    Part of the key under which finished reports are kept: with the snapshot digest it decides the
    bytes. It is read once per process.
    """
    found = hashlib.sha256(__version__.encode())
    for name in ENGINES:
        found.update(f"{name} {version(name)}\n".encode())
    for root, pattern in ((shipped("reports"), "*"), (Path(__file__).parent, "*.py")):
        for path in sorted(p for p in root.rglob(pattern) if p.is_file()):
            if path.suffix not in (".pyc", ".pyo"):
                found.update(f"{path.relative_to(root).as_posix()}\n".encode())
                found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()
