"""What the vendor's people do in the browser: open an assessment, answer, lose nothing, submit."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys import story
from tests.journeys.story import Place
from tests.journeys.visitor import Visitor


def open_assessment(lead: Visitor) -> str:
    """Open an assessment with two units and an assessor; return its id."""
    lead.look("no-assessment-yet")
    lead.follow("Open the first")
    lead.look("open-an-assessment", everywhere=True)
    page = lead.page
    page.get_by_label("Assessor organisation").select_option(label="Halden Assurance")
    page.get_by_label("Product or organisation assessed").fill("Sentry Agent")
    page.get_by_label("Version").fill("7.2")
    page.get_by_label("Units").fill("\n".join(story.UNITS))
    with lead.expecting("status of 422"):
        lead.press("Open")
        lead.told("The scope is missing.")
        lead.look("open-an-assessment-refused")
    page.get_by_label("Scope").fill(
        "The agent and its update service, with the sites that build them."
    )
    page.get_by_label("Exclusions").fill("The management console: it is assessed by itself.")
    page.get_by_label("Period from").fill("2025-11-01")
    page.get_by_label("Period to").fill("2026-10-31")
    lead.press("Open")
    page.wait_for_url(re.compile(r"/assessments/[0-9a-f]{12}$"))
    lead.told("Waiting for Halden Assurance")
    lead.look("waits-for-the-assessor", everywhere=True)
    return page.url.rpartition("/")[2]


def fieldset(page: Page, place: Place) -> Locator:
    """Return the fields of one response."""
    question, unit = place
    found = page.locator(f'fieldset.question[data-question="{question}"]')
    return found.filter(has_text=f"Unit: {unit}") if unit else found


def text_of(page: Page, place: Place) -> Locator:
    """Return where a response says why it holds."""
    return fieldset(page, place).get_by_label("Why this holds")


def state_of(page: Page, place: Place) -> Locator:
    """Return the line that tells whether a response is saved."""
    return fieldset(page, place).locator(".save-state")


def prepare(lead: Visitor, id: str) -> None:
    """Ask one question of each unit, and delegate another to a colleague."""
    lead.go(f"/assessments/{id}/answers/{story.BY_UNIT}")
    lead.look("one-question", everywhere=True)
    lead.press("Answer for each of 2 units")
    expect(lead.page.locator(".answer")).to_have_count(2)
    lead.look("one-question-by-unit")
    lead.go(f"/assessments/{id}/answers/{story.DELEGATED}")
    lead.page.get_by_label("Who answers this question").select_option(label="Bob, contributor")
    lead.press("Delegate")
    lead.told(f"{story.DELEGATED} is delegated.")


def answer_section(who: Visitor, id: str, section: str, leave: tuple[str, ...] = ()) -> None:
    """Answer every question of a section by keys and text, but those in ``leave``."""
    who.go(f"/assessments/{id}/questions/{section}")
    here = [place for place in story.places() if place[0].startswith(section + ".")]
    for place in here:
        who.page.keyboard.press("j")
        expect(fieldset(who.page, place)).to_be_focused()
        if place[0] not in leave:
            _choose(who, place)
    for place in here:
        if place[0] not in (*leave, story.NOT_APPLICABLE):
            text_of(who.page, place).fill(story.reason_for(place))
    save_all(who)
    for place in here:
        if place[0] not in leave:
            expect(state_of(who.page, place)).to_contain_text("Saved")


def _choose(who: Visitor, place: Place) -> None:
    option = story.CLAIMED[place]
    who.page.keyboard.press("n" if option == "na" else option)
    if option == "na":
        who.page.keyboard.type(story.NA_REASON)
        who.page.keyboard.press("Escape")
    chosen = fieldset(who.page, place).locator(f'input[type="radio"][value="{option}"]')
    expect(chosen).to_be_checked()


def save_all(who: Visitor) -> None:
    """Save what is left, with the page's own button."""
    who.press("Save this page")
    expect(who.page.locator("#announce")).to_have_text("Everything is saved.")


def follow_the_facts(who: Visitor, id: str, place: Place) -> None:
    """Tick facts until an option is suggested; it is chosen only when the person says so."""
    who.go(f"/assessments/{id}/questions/{place[0][:2]}")
    question = next(q for q in story.QUESTIONS if q.id == place[0])
    fields, wanted = fieldset(who.page, place), story.CLAIMED[place]
    for option in question.options[1 : int(wanted) + 1]:
        for at in range(len(option.facts)):
            fields.locator(f'input[type="checkbox"][value="{option.id}.{at}"]').check()
    expect(fields.locator(".suggestion")).to_contain_text(
        f"Suggested by the facts ticked: {wanted}"
    )
    expect(fields.locator('input[type="radio"]:checked')).to_have_count(0)
    fields.locator("summary").click()
    fields.scroll_into_view_if_needed()
    who.look("facts-suggest-an-option", everywhere=True)
    fields.get_by_role("button", name="Choose it").click()
    expect(fields.locator(f'input[type="radio"][value="{wanted}"]')).to_be_checked()
    expect(state_of(who.page, place)).to_contain_text("Saved")


def lose_the_connection(who: Visitor, id: str, place: Place) -> None:
    """Type while the connection is gone: the text waits in the page and is saved afterwards."""
    who.go(f"/assessments/{id}/questions/{place[0][:2]}")
    typed = story.reason_for(place) + " Typed without a connection."
    with who.expecting("ERR_INTERNET_DISCONNECTED", "htmx:error: Failed to fetch"):
        who.context.set_offline(True)
        text_of(who.page, place).fill(typed)
        expect(state_of(who.page, place)).to_contain_text("kept here, retrying")
        who.look("connection-dropped")
        who.context.set_offline(False)
        expect(state_of(who.page, place)).to_contain_text("Saved")
    who.page.reload()
    expect(text_of(who.page, place)).to_have_value(typed)


def lose_the_session(who: Visitor, elsewhere: Visitor, id: str, place: Place) -> None:
    """The session ends while the person types; after signing in in a new tab, saving goes on."""
    who.go(f"/assessments/{id}/questions/{place[0][:2]}")
    typed = story.reason_for(place) + " Typed after the session had ended."
    elsewhere.go("/account")
    elsewhere.look("account")
    elsewhere.press("End every other session")
    elsewhere.told("other session")
    with who.expecting("status of 401"):
        text_of(who.page, place).fill(typed)
        expect(state_of(who.page, place)).to_contain_text("until you sign in again")
        who.look("session-ended", everywhere=True)
        who.come_back()
        expect(state_of(who.page, place)).to_contain_text("Saved")
    who.page.reload()
    expect(text_of(who.page, place)).to_have_value(typed)


def answer_at_once(lead: Visitor, contributor: Visitor, id: str, place: Place) -> None:
    """Two people answer one question; the later sees both texts, and takes the other's."""
    theirs, mine = story.reason_for(place), "The lead's own view of the releases."
    for who in (lead, contributor):
        who.go(f"/assessments/{id}/questions/{place[0][:2]}")
    contributor.told("You can change the questions that are delegated to you")
    contributor.look("delegated-to-a-contributor")
    option = fieldset(contributor.page, place).locator(f'input[value="{story.CLAIMED[place]}"]')
    option.check()
    text_of(contributor.page, place).fill(theirs)
    save_all(contributor)
    with lead.expecting("status of 409"):
        text_of(lead.page, place).fill(mine)
        panel = fieldset(lead.page, place).locator("[data-conflict-panel]")
        expect(panel).to_contain_text(theirs)
        expect(panel).to_contain_text(mine)
        expect(panel).to_contain_text("Bob changed this answer")
        panel.scroll_into_view_if_needed()
        lead.look("two-answers-at-once", everywhere=True)
    panel.get_by_role("button", name="Take theirs").click()
    expect(text_of(lead.page, place)).to_have_value(theirs)
    lead.page.reload()
    expect(text_of(lead.page, place)).to_have_value(theirs)


def submit(lead: Visitor, id: str) -> None:
    """See a gap on the checklist, close it, and submit."""
    lead.go(f"/assessments/{id}/submit")
    expect(lead.page.locator(".checklist")).to_contain_text("41 of 42 questions are answered.")
    lead.look("checklist-with-a-gap", everywhere=True)
    with lead.expecting("status of 422"):
        lead.press("Submit with gaps")
        lead.told("Nothing was submitted: answer them")
        lead.look("gap-without-a-reason")
    lead.page.locator(".checklist").get_by_role("link", name=story.LAST).click()
    lead.look("history-of-an-answer")
    follow_the_facts(lead, id, (story.LAST, ""))
    text_of(lead.page, (story.LAST, "")).fill(story.reason_for((story.LAST, "")))
    save_all(lead)
    lead.go(f"/assessments/{id}/submit")
    expect(lead.page.locator(".checklist")).to_contain_text("42 of 42 questions are answered.")
    lead.look("checklist")
    lead.press("Submit")
    lead.told("Submitted. What you submitted is frozen")
    lead.look("submitted")


def answer_what_came_back(lead: Visitor, id: str) -> None:
    """Change the one returned answer, the only one that can be changed, and submit again."""
    lead.go("/assessments")
    lead.look("assessments", everywhere=True)
    lead.go(f"/assessments/{id}")
    lead.told("1 question came back")
    lead.look("returned-to-the-vendor", everywhere=True)
    lead.page.locator(".notice").get_by_role("link", name=story.RETURNED).click()
    lead.look("history-of-the-returned-answer")
    lead.follow("Answer")
    open_fields = lead.page.locator("fieldset.question:not([disabled])")
    expect(open_fields).to_have_attribute("data-question", story.RETURNED)
    lead.look("only-the-returned-can-be-changed")
    open_fields.locator(f'input[type="radio"][value="{story.CHANGED}"]').check()
    text_of(lead.page, (story.RETURNED, "")).fill("Only two of the tools have such a record.")
    save_all(lead)
    lead.go(f"/assessments/{id}/submit")
    lead.press("Submit")
    lead.told("Submitted.")
