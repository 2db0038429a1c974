"""What the assessor organisation's people do in the browser: agree, examine, return, accept."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.journeys import story
from tests.journeys.story import Finding
from tests.journeys.visitor import SHAPES, Visitor


def agree_to_terms(assessor: Visitor, id: str) -> None:
    """Read the terms and agree."""
    assessor.go(f"/assessments/{id}")
    assessor.look("terms-to-agree-to")
    assessor.press("Agree to the terms")
    assessor.told("You agreed to the terms.")


def open_review(assessor: Visitor, id: str) -> None:
    """Find the submission in the queue and open it with a statement of independence."""
    assessor.go("/reviews")
    assessor.look("review-queue", everywhere=True)
    assessor.follow("Sentry Agent 7.2")
    assessor.look("independence-comes-first")
    assessor.page.get_by_label("I make this statement").check()
    assessor.press("Open the review")
    assessor.told("The review is open.")


def examine_all(assessor: Visitor, id: str) -> None:
    """Set a verdict on every response, each page leading to the next."""
    assessor.go(f"/reviews/{id}")
    assessor.page.locator("table").get_by_role("link", name="PO.1.1").click()
    _refused_verdict(assessor)
    for number, (place, finding) in enumerate(story.FINDINGS.items()):
        heading = assessor.page.locator(".page-header .eyebrow")
        expect(heading).to_have_text(place[0] + (f", unit {place[1]}" if place[1] else ""))
        set_verdict(assessor, finding, number)
        assessor.told(f"Verdict on {place[0]} saved.")
    assert urlsplit(assessor.page.url).path == f"/reviews/{id}"


def _refused_verdict(assessor: Visitor) -> None:
    """An adjusting verdict that names no failing fact is refused, and keeps what was typed."""
    page = assessor.page
    assessor.look("one-response", everywhere=True)
    page.get_by_label("Adjust", exact=True).check()
    page.get_by_label("Option that holds").select_option("2")
    page.get_by_label("Reason", exact=True).fill(story.REASON)
    with assessor.expecting("status of 422"):
        assessor.press("Save the verdict")
        assessor.told("name the first fact of option 3 that fails")
        assessor.look("verdict-refused")
    expect(page.get_by_label("Reason", exact=True)).to_have_value(story.REASON)


def set_verdict(assessor: Visitor, finding: Finding, number: int = 0) -> None:
    """Fill in the verdict form that is open, and save it."""
    page = assessor.page
    page.locator(f'input[name="outcome"][value="{finding.outcome}"]').check()
    if finding.outcome == "agree":
        page.get_by_label("What was looked at").fill(story.LOOKED_AT)
    else:
        page.get_by_label("Reason", exact=True).fill(story.REASON)
        page.get_by_label("Remark to the vendor").fill(story.REMARK)
    if finding.outcome == "adjust":
        page.get_by_label("Option that holds").select_option(finding.option)
        page.get_by_label("First fact that fails").select_option(finding.failing)
    # the page is the same for all; each is examined, and every sixth kept
    if number % 6 == 1:
        assessor.look(f"verdict-{finding.outcome}")
    else:
        assessor.album.examine(page, f"verdict {number}", SHAPES)
    assessor.press("Save the verdict")


def read_and_return(assessor: Visitor, id: str) -> None:
    """Look at the review with all its verdicts, and send one answer back with a reason."""
    assessor.go(f"/reviews/{id}")
    lowered = assessor.page.locator(".figures.small > div", has_text="Lowered")
    expect(lowered.locator("dd")).to_have_text(str(len(story.LOWERED)))
    assessor.look("review-with-verdicts", everywhere=True)
    assessor.follow("Disagreed")
    assessor.look("review-disagreed")
    assessor.follow("Changed since the verdict")
    assessor.look("review-nothing-to-show")
    assessor.follow("Return to the vendor")
    assessor.look("return-to-the-vendor", everywhere=True)
    assessor.page.get_by_label(story.RETURNED, exact=True).check()
    assessor.page.get_by_label(f"Reason for {story.RETURNED}").fill("Which tools have the record?")
    assessor.press("Return what is marked")
    assessor.told("Returned.")
    assessor.look("review-returned")


def verdict_anew(assessor: Visitor, id: str) -> None:
    """The changed answer made its verdict stale: set a new one."""
    assessor.go(f"/reviews/{id}?show=changed")
    row = assessor.page.locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("answer changed since")
    assessor.look("review-stale")
    row.get_by_role("link", name=story.RETURNED).click()
    expect(assessor.page.locator(".verdict")).to_contain_text("The answer changed since")
    assessor.look("response-with-stale-verdict", everywhere=True)
    set_verdict(assessor, Finding("agree"))
    assessor.told(f"Verdict on {story.RETURNED} saved.")


def conclude(assessor: Visitor, id: str) -> None:
    """Write the conclusion; the session ends just before it is sent, and no word is lost."""
    assessor.go(f"/reviews/{id}")
    assessor.follow("Conclusion")
    assessor.look("conclusion", everywhere=True)
    page = assessor.page
    with assessor.expecting("status of 422"):
        assessor.press("Save the conclusion")
        assessor.told("There is a problem")
        assessor.look("conclusion-refused")
    page.get_by_label("Qualified", exact=False).check()
    page.get_by_label("Conclusion in words").fill("Fairly stated, except for what is named below.")
    page.get_by_label("What is strongest").fill("Releases are signed and kept.")
    page.get_by_label("Greatest risk to customers").fill("Code review of the update service.")
    page.get_by_label("Limitation").fill("The build site in the north was not visited.")
    assessor.context.clear_cookies(name="sdlc_session")
    assessor.press("Save the conclusion")
    assessor.come_back()
    assessor.press("Save the conclusion")
    assessor.told("The conclusion is saved.")


def not_ready(reviewer: Visitor, id: str, text: str) -> None:
    """The technical reviewer sees what stands in the way, and has nothing to press."""
    reviewer.go(f"/reviews/{id}")
    reviewer.told(text)
    expect(reviewer.page.get_by_role("button", name="Accept", exact=True)).to_have_count(0)
    reviewer.look("not-ready-to-be-accepted")


def accept(reviewer: Visitor, id: str) -> None:
    """Read one response as the second person, and accept the work."""
    reviewer.go(f"/reviews/{id}/responses/{story.LOWERED[0][0]}")
    reviewer.look("response-as-the-reviewer")
    reviewer.go(f"/reviews/{id}")
    reviewer.told("Ready to be accepted")
    reviewer.look("ready-to-be-accepted", everywhere=True)
    reviewer.press("Accept")
    reviewer.told("Accepted.")
    reviewer.look("accepted")
