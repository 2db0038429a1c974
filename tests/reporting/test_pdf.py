"""The file itself: repeatable, tagged, our own fonts only, never drawn in the web process."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from sdlc_assess.catalog.library import library
from sdlc_assess.reporting import pdf, render
from sdlc_assess.reporting.assemble import report_of
from sdlc_assess.reporting.pdf import KINDS, UnknownKind, draw, render_pdf, template_digest
from sdlc_assess.reporting.source import NotASnapshot, OtherContent
from tests.reporting.builders import a_small_shelf, a_snapshot
from tests.reporting.drawing import EDITIONS, STATES, drawn, log_lines, pdf_of, read_back

SAME = """
import hashlib
from tests.reporting.builders import a_small_shelf, a_snapshot
from tests.reporting.drawing import pdf_of
shelf = a_small_shelf()
snapshot = a_snapshot(shelf)
for kind in ("executive", "assessment"):
    print(hashlib.sha256(pdf_of(kind, snapshot, shelf)).hexdigest())
"""


def test_the_same_snapshot_gives_the_same_bytes_in_any_process() -> None:
    settings = [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "LANG": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "America/Lima", "SOURCE_DATE_EPOCH": "1"},
    ]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", SAME], env=os.environ | own, stdout=subprocess.PIPE, text=True
        )
        for own in settings
    ]
    digests = [process.communicate(timeout=120)[0].split() for process in running]
    here = [hashlib.sha256(drawn(kind, "accepted").body).hexdigest() for kind in KINDS]
    assert digests == [here, here]


def test_another_snapshot_gives_other_bytes() -> None:
    assert drawn("executive", "accepted").body != drawn("executive", "returned").body


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_is_tagged_titled_and_has_an_outline(kind: str) -> None:
    reader = drawn(kind, "accepted").reader
    catalog = reader.root_object
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1<" in _metadata(reader) or b'pdfuaid:part="1"' in _metadata(reader)
    assert reader.metadata is not None
    assert reader.metadata.title == f"{render.metadata(kind)['title']}: Sentry Agent 4.2"
    assert reader.metadata["/CreationDate"].startswith("D:20261124100000")
    assert len(reader.outline) >= 4


def _metadata(reader: PdfReader) -> bytes:
    found = reader.root_object["/Metadata"].get_object()
    return bytes(found.get_data())


@pytest.mark.parametrize("kind", KINDS)
def test_each_figure_says_in_a_sentence_what_it_shows(kind: str) -> None:
    reader = drawn(kind, "accepted").reader
    said = [str(one["/Alt"]) for one in _elements(reader) if one.get("/S") == "/Figure"]
    assert len(said) > 5
    assert all(text[0].isupper() and text.endswith(".") for text in said)
    nodes = drawn(kind, "accepted").snapshot["parts"]
    practice = nodes["score/AA.1"]
    assert any(
        f"claimed {practice['claimed']['display']}, "
        f"assessed {practice['assessed']['display']}; the goal is level 3." in text
        for text in said
    )


def _elements(reader: PdfReader) -> list[DictionaryObject]:
    """Return every element of the tag tree, in reading order."""
    found, waiting = [], [reader.root_object["/StructTreeRoot"]]
    while waiting:
        one = waiting.pop()
        one = one.get_object() if isinstance(one, IndirectObject) else one
        if isinstance(one, list):
            # the last one waiting comes next: document order
            waiting += reversed(one)
        elif isinstance(one, DictionaryObject):
            found.append(one)
            if "/K" in one:
                waiting.append(one["/K"])
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_tables_have_heads_and_headings_come_in_order(kind: str) -> None:
    tags = [one.get("/S") for one in _elements(drawn(kind, "accepted").reader)]
    assert {"/Table", "/TH", "/TD", "/H1", "/H2"} <= set(tags)
    levels = [int(tag[2:]) for tag in tags if tag in ("/H1", "/H2", "/H3", "/H4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    # ISO 14289-1, 7.4.2: going down, no level is skipped
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("kind", KINDS)
def test_only_bundled_fonts_are_in_the_file(kind: str) -> None:
    names = _fonts(drawn(kind, "accepted").reader)
    assert names
    assert all(name.partition("+")[2].startswith("IBM-Plex-Sans") for name in names), names


def test_a_font_of_the_host_would_be_seen() -> None:
    # control: Hebrew is in no bundled font
    body = draw('<!doctype html><html lang="en"><title>t</title><p>שלום', "")
    from io import BytesIO

    names = _fonts(PdfReader(BytesIO(body)))
    assert not all(name.partition("+")[2].startswith("IBM-Plex-Sans") for name in names)


def _fonts(reader: PdfReader) -> set[str]:
    found = set()
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            found.add(str(font.get_object()["/BaseFont"]).lstrip("/"))
    return found


@pytest.mark.parametrize(("kind", "state"), EDITIONS)
def test_nothing_is_logged_while_drawing(kind: str, state: str) -> None:
    assert drawn(kind, state).log == ()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_logged_while_drawing_the_shipped_questions(kind: str) -> None:
    assert drawn(kind, "accepted", "ssdf").log == ()


def test_a_log_line_would_be_seen() -> None:
    # control of the two tests above
    with log_lines() as lines:
        draw('<!doctype html><html lang="en"><title>t</title><p>x', "p { colour: red }")
    assert lines


def test_the_web_process_never_loads_the_engine() -> None:
    code = "import sys, sdlc_assess.reporting.pdf as p; p.template_digest()\n"
    code += "assert 'weasyprint' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@pytest.mark.parametrize("part", ["questionnaire", "profile"])
def test_content_other_than_the_record_was_made_with_is_refused(part: str) -> None:
    shelf = a_small_shelf()
    snapshot = a_snapshot(shelf)
    snapshot["parts"]["basis"][part]["digest"] = "0" * 64
    with pytest.raises(OtherContent, match="No report was drawn") as caught:
        report_of("executive", snapshot, shelf)
    assert "0" * 64 in caught.value.message
    assert "toy@1.0.0" in caught.value.message


@pytest.mark.parametrize("missing", ["basis", "summary", "score/overall", "score/AA.1"])
def test_a_snapshot_without_a_part_is_refused_by_name(missing: str) -> None:
    shelf = a_small_shelf()
    snapshot = a_snapshot(shelf)
    del snapshot["parts"][missing]
    with pytest.raises(NotASnapshot, match=missing):
        report_of("executive", snapshot, shelf)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(UnknownKind, match="executive or assessment"):
        render_pdf("poem", {})


def test_the_shipped_questions_are_found_by_render_pdf() -> None:
    made: Any = drawn("executive", "accepted", "ssdf")
    assert render_pdf("executive", made.snapshot) == made.body


def test_the_template_digest_changes_with_any_file(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = template_digest()
    assert len(before) == 64
    (tmp_path / "base.css").write_text("p { color: red }")
    monkeypatch.setattr(pdf, "shipped", lambda folder: tmp_path)
    assert template_digest.__wrapped__() != before


@pytest.mark.parametrize("state", list(STATES))
def test_the_executive_summary_has_two_to_four_pages(state: str) -> None:
    assert 2 <= len(drawn("executive", state, "ssdf").pages) <= 4


def test_the_fullest_executive_summary_still_fits() -> None:
    shelf = library()
    long = "A long text that somebody typed. " * 300
    name = "A product name that goes on and on, Enterprise Edition for Windows and Linux"
    people = [
        {"name": f"Person {n}", "role": "contributor", "organisation": f"Organisation {n % 4}"}
        for n in range(40)
    ]
    snapshot = a_snapshot(
        shelf,
        shelf.questionnaire("ssdf").ref,
        answer={"option": "1", "justification": long},
        basis={
            "scope": long,
            "exclusions": long,
            "sampling": long,
            "people": people,
            "target": {"name": name, "version": "2026.11", "description": long},
        },
        summary={"text": long, "strongest": long, "greatest_risk": long, "limitation": long},
    )
    pages = read_back(snapshot, pdf_of("executive", snapshot, shelf)).pages
    assert len(pages) <= 4
    # the last line of the first page is the one on limits
    assert "hidden functions" in pages[0]
