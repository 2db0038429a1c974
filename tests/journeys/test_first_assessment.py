"""THE journey, in real Chromium on the real service: from an empty instance to an accepted PDF.

An administrator makes two organisations; an engineering lead opens an assessment, its assessor
agrees, the vendor answers the 42 tasks without losing a word and submits; the assessor examines,
overrules some, returns one; a second person accepts; an executive downloads both reports. Every
page passed is examined by axe-core and kept as a picture in artefacts/.
"""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from sdlc_assess.catalog.library import library
from tests.journeys import examining, filling, printed, story
from tests.journeys.service import Service
from tests.journeys.visitor import Album, Visitor
from tests.scoring.second_scorer import second_score

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

PEOPLE = {
    "Alice": ("Northwind Security", "Engineering lead"),
    "Bob": ("Northwind Security", "Contributor"),
    "Dana": ("Northwind Security", "Executive"),
    "Charlie": ("Halden Assurance", "Assessor"),
    "Erin": ("Halden Assurance", "Technical reviewer"),
}


def address(name: str) -> str:
    return f"{name.lower()}@{PEOPLE[name][0].split()[0].lower()}.example"


def test_first_assessment(service: Service, browser: Browser, artefacts: Path) -> None:
    album = Album(artefacts)
    cast = _invite_everybody(service, browser, album)
    alice, bob, charlie, erin = (cast[name] for name in ("Alice", "Bob", "Charlie", "Erin"))

    id = filling.open_assessment(alice)
    examining.agree_to_terms(charlie, id)
    _answer_everything(cast, _second_browser(browser, alice), id)
    filling.submit(alice, id)

    examining.open_review(charlie, id)
    examining.examine_all(charlie, id)
    examining.read_and_return(charlie, id)
    filling.answer_what_came_back(alice, id)
    examining.not_ready(erin, id, "Without a current verdict (1): " + story.RETURNED)
    examining.verdict_anew(charlie, id)
    _sign(cast["Dana"], id)
    examining.conclude(charlie, id)
    examining.accept(erin, id)
    bob.go(f"/assessments/{id}")
    bob.look("accepted-as-a-contributor")

    papers = {kind: _download(cast["Dana"], id, kind, artefacts) for kind in printed.KINDS}
    _check_papers(papers, service.snapshots(id))
    for visitor in cast.values():
        visitor.settle_errors()
    assert not album.troubles, "\n".join(album.troubles)
    assert album.looks > 100


def _invite_everybody(service: Service, browser: Browser, album: Album) -> dict[str, Visitor]:
    """The administrator makes both organisations and invites; each person follows the mail."""
    grace = Visitor(browser, service.base, album, "Grace", "grace@operator.example")
    grace.go("/")
    grace.look("first-page", everywhere=True)
    operator = ("Service operator", "operator", "administrator")
    grace.page.goto(service.add(grace.email, grace.name, *operator))
    grace.look("choose-a-password")
    grace.join(grace.page.url)
    grace.look("nothing-here-yet")
    for organisation, kind in (("Northwind Security", "vendor"), ("Halden Assurance", "assessor")):
        grace.follow("Organisations")
        grace.look("organisations")
        grace.page.get_by_label("Name").fill(organisation)
        grace.page.get_by_label("Kind").select_option(kind)
        grace.press("Add")
        expect(grace.page.get_by_role("heading", level=1)).to_have_text(organisation)
        grace.look("organisation-without-people")
        for name in (name for name, (of, _) in PEOPLE.items() if of == organisation):
            _invite(grace, name)
        grace.look("organisation-with-people", everywhere=kind == "vendor")
    cast = {n: Visitor(browser, service.base, album, n, address(n)) for n in PEOPLE}
    for visitor in cast.values():
        visitor.join(service.mailed_link(visitor.email))
    return cast


def _invite(administrator: Visitor, name: str) -> None:
    page = administrator.page
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Mail address", exact=True).fill(address(name))
    page.get_by_label("Role", exact=True).select_option(label=PEOPLE[name][1])
    administrator.press("Invite")
    administrator.told(f"The invitation for {address(name)} is on its way")


def _second_browser(browser: Browser, person: Visitor) -> Visitor:
    """The same person signs in in another browser, at the second attempt."""
    other = Visitor(browser, person.base, person.album, person.name, person.email)
    other.go("/sign-in")
    other.look("sign-in")
    other.page.get_by_label("Mail address").fill(other.email)
    other.page.get_by_label("Password", exact=True).fill("not what it is")
    with other.expecting("status of 422"):
        other.press("Sign in")
        other.told("This address and password don't match an account.")
        other.look("sign-in-refused")
    other.sign_in()
    return other


def _answer_everything(cast: dict[str, Visitor], elsewhere: Visitor, id: str) -> None:
    """All 42 tasks but the last, which stays open for the checklist."""
    alice = cast["Alice"]
    filling.prepare(alice, id)
    filling.follow_the_facts(alice, id, ("PO.1.1", ""))
    for section in ("PO", "PS", "PW", "RV"):
        filling.answer_section(alice, id, section, leave=(story.DELEGATED, story.LAST))
    alice.page.keyboard.press("?")
    alice.look("keyboard-help")
    alice.page.keyboard.press("Escape")
    filling.lose_the_connection(alice, id, ("PS.1.1", ""))
    filling.lose_the_session(alice, elsewhere, id, ("PS.3.1", ""))
    filling.answer_at_once(alice, cast["Bob"], id, (story.DELEGATED, ""))
    alice.go(f"/assessments/{id}/questions/PO")
    alice.look("section-answered")
    alice.go(f"/assessments/{id}/questions")
    alice.look("all-questions")
    alice.go(f"/assessments/{id}")
    alice.look("draft-almost-whole", everywhere=True)
    elsewhere.settle_errors()
    elsewhere.context.close()


def _sign(executive: Visitor, id: str) -> None:
    executive.go(f"/assessments/{id}")
    executive.look("signature-asked-for")
    executive.page.get_by_label("I make this statement").check()
    executive.press("Sign for Northwind Security")
    executive.told("Signed, for what was last submitted.")


def _download(executive: Visitor, id: str, kind: str, folder: Path) -> bytes:
    """Have a report drawn, wait for it on its page, and download it."""
    executive.go(f"/reports/{id}")
    executive.look("reports", everywhere=kind == "executive")
    executive.follow(printed.TITLES[kind])
    executive.look("report-not-drawn")
    executive.press("Draw the report")
    expect(executive.page.locator(".notice.done")).to_contain_text("Ready", timeout=60_000)
    executive.look("report-ready")
    with executive.page.expect_download() as download:
        executive.follow("Download the PDF")
    assert download.value.suggested_filename.startswith(f"sentry-agent-{kind}-report-")
    download.value.save_as(folder / f"{kind}.pdf")
    return (folder / f"{kind}.pdf").read_bytes()


def _check_papers(papers: dict[str, bytes], snapshots: list[dict[str, Any]]) -> None:
    """Both papers are of the accepted snapshot, whose numbers a second scorer finds as well."""
    assert [s["state"] for s in snapshots] == ["submitted", "returned", "submitted", "accepted"]
    parts = snapshots[-1]["parts"]
    nodes = {name[6:]: part for name, part in parts.items() if name.startswith("score/")}
    _check_score(nodes)
    for kind, body in papers.items():
        text = printed.text_of(PdfReader(BytesIO(body)))
        assert "Sentry Agent" in text
        assert "Accepted" in text
        assert "Working copy" not in text
        assert snapshots[-1]["digest"][:16] in text
        assert printed.wrong_numbers(text, kind, nodes) == []


def _check_score(nodes: dict[str, Any]) -> None:
    shelf, asked = library(), story.QUESTIONNAIRE
    claims = story.claims({(story.RETURNED, ""): story.CHANGED})
    framework, threshold = shelf.framework(asked.framework), Fraction(3, 4)
    expected = second_score(framework, asked, threshold, claims, story.verdicts())
    for id, node in expected.items():
        for number in ("claimed", "assessed"):
            assert printed.ends_of(nodes[id][number]) == node[number], (id, number)
