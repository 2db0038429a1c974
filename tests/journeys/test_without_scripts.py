"""The same pages with scripts switched off: answering, a conflict with both texts, submitting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.service import Service
from tests.journeys.visitor import PASSWORD, TIMEOUT

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

FIRST, SECOND = "PS.1.1", "PS.2.1"
GAPS = "The other three sections are answered next month."


def fieldset(page: Page, question: str) -> Locator:
    return page.locator(f'fieldset.question[data-question="{question}"]')


def fill(page: Page, question: str, option: str, text: str) -> None:
    fields = fieldset(page, question)
    fields.locator(f'input[type="radio"][value="{option}"]').check()
    fields.get_by_label("Why this holds").fill(text)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save this page").click()


@contextmanager
def scriptless(browser: Browser, base: str) -> Iterator[Page]:
    context = browser.new_context(base_url=base, java_script_enabled=False)
    context.set_default_timeout(TIMEOUT)
    yield context.new_page()
    context.close()


def join(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("New password").fill(PASSWORD.format(name="Alice"))
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Assessments")


def open_self_assessment(page: Page) -> str:
    page.get_by_role("link", name="Open the first").click()
    page.get_by_label("Product or organisation assessed").fill("Sentry Console")
    page.get_by_label("Scope").fill("The console alone.")
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sentry Console")
    return page.url


def test_without_scripts(service: Service, browser: Browser) -> None:
    person = ("alice@northwind.example", "Alice", "Northwind Security", "vendor", "lead")
    with scriptless(browser, service.base) as page:
        join(page, service.add(*person))
        assessment = open_self_assessment(page)
        _answer(page, assessment)
        _conflict(page, page.context.new_page(), assessment)
        _submit(page, assessment)


def _answer(page: Page, assessment: str) -> None:
    page.goto(f"{assessment}/questions/PS")
    # what only a script could do is not offered
    expect(page.get_by_role("button", name="Keyboard")).to_be_hidden()
    expect(page.get_by_role("button", name="Clear the choice").first).to_be_hidden()
    fill(page, FIRST, "2", "Rights are listed for the agent's repository.")
    fieldset(page, FIRST).locator('input[type="checkbox"][value="1.0"]').check()
    fieldset(page, SECOND).locator('input[type="radio"][value="na"]').check()
    save(page)
    # one answer lacks its reason: it is told at its place, with what was typed; the other is saved
    expect(page.locator(".error-summary")).to_contain_text("1 answer could not be saved")
    expect(fieldset(page, SECOND)).to_contain_text("not applicable needs a reason")
    expect(fieldset(page, FIRST)).to_contain_text("revision 1")
    fieldset(page, SECOND).get_by_label("Why it does not apply here").fill(
        "Customers get no files."
    )
    save(page)
    expect(page.locator(".flash")).to_have_text("One answer saved.")
    expect(fieldset(page, FIRST).locator('input[value="2"]')).to_be_checked()
    expect(fieldset(page, FIRST).locator('input[value="1.0"]')).to_be_checked()
    expect(fieldset(page, SECOND).locator('input[value="na"]')).to_be_checked()


def _conflict(page: Page, other: Page, assessment: str) -> None:
    """Two windows on one page: the later save overwrites nothing, and shows both texts."""
    for each in (page, other):
        each.goto(f"{assessment}/questions/PS")
    fill(other, FIRST, "3", "What the first window says.")
    save(other)
    expect(other.locator(".flash")).to_have_text("One answer saved.")
    fill(page, FIRST, "1", "What the second window says.")
    save(page)
    panel = page.locator("[data-conflict-panel]")
    expect(panel).to_contain_text("What the first window says.")
    expect(panel).to_contain_text("What the second window says.")
    expect(panel.get_by_role("button")).to_have_count(0)
    text = fieldset(page, FIRST).get_by_label("Why this holds")
    expect(text).to_have_value("What the second window says.")
    other.reload()
    other_text = fieldset(other, FIRST).get_by_label("Why this holds")
    expect(other_text).to_have_value("What the first window says.")
    # saving again, with both texts in view, is a choice
    save(page)
    expect(page.locator(".flash")).to_have_text("One answer saved.")
    expect(text).to_have_value("What the second window says.")


def _submit(page: Page, assessment: str) -> None:
    page.goto(f"{assessment}/submit")
    expect(page.locator(".checklist")).to_contain_text("2 of 42 questions are answered.")
    page.get_by_role("button", name="Submit with gaps").click()
    expect(page.locator(".error-summary")).to_contain_text("Questions without an answer")
    page.get_by_label("Reason").fill(GAPS)
    page.get_by_role("button", name="Submit with gaps").click()
    expect(page.locator(".flash")).to_contain_text("Submitted.")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Submitted")
