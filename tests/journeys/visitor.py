"""One person in a browser of their own, watched: errors, refused content, unreadable pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    FloatRect,
    Locator,
    Page,
    expect,
)

DESKTOP, PHONE = 1280, 390
HEIGHT = 900
TIMEOUT = 30_000
LONGEST = 3_600
"""Pixels kept of a long page: it goes on in the same way."""
EVERY_RULE: dict[str, Any] = {"resultTypes": ["violations"]}
COLOURS = EVERY_RULE | {"runOnly": ["color-contrast"]}
"""What another colour scheme can change."""
SHAPES = EVERY_RULE | {"rules": {"color-contrast": {"enabled": False}}}
"""What another width, or another text in the same page, can change."""
RUN_AXE = "rules => axe.run(document, rules).then((found) => found.violations)"
PASSWORD = "four words make {name} glad"
# a refused style or script is an event of the document; the console alone is not sure to tell it
TELL_REFUSALS = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`refused by the policy: ${event.violatedDirective} ${event.blockedURI}`));
"""

expect.set_options(timeout=TIMEOUT)


@dataclass
class Album:
    """The folder of screenshots, numbered in the order taken, and what is wrong on the pages."""

    folder: Path
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    axe: Axe = field(default_factory=Axe)
    troubles: list[str] = field(default_factory=list)
    looks: int = 0

    def keep(self, page: Page, name: str) -> None:
        """Keep a screenshot of the page, from its top down."""
        width, height = page.evaluate("[window.innerWidth, document.body.scrollHeight]")
        clip: FloatRect = {"x": 0, "y": 0, "width": width, "height": min(height, LONGEST)}
        # what sticks to the window's edge stands where it belongs in a picture taken from the top
        page.evaluate("window.scrollTo(0, 0)")
        path = self.folder / f"{next(self.numbers):03}-{name}.png"
        page.screenshot(path=path, full_page=True, clip=clip)

    def examine(self, page: Page, name: str, rules: dict[str, Any] = EVERY_RULE) -> None:
        """Ask axe-core for what people with a disability would stumble over; note what it says."""
        self.looks += 1
        if not page.evaluate("'axe' in window"):
            page.evaluate(self.axe.axe_script)
        for found in page.evaluate(RUN_AXE, rules):
            for node in found["nodes"][:3]:
                self.troubles.append(f"{name}: {found['id']}: {node['html'][:160]}")

    def measure(self, page: Page, name: str) -> None:
        """Note a page that is wider than its window."""
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if over > 0:
            self.troubles.append(f"{name}: {over} px wider than the window")


class Visitor:
    """A person, with a browser context that no other shares; ``page`` is their one tab."""

    def __init__(self, browser: Browser, base: str, album: Album, name: str, email: str) -> None:
        """Open an empty browser on the service at ``base``."""
        self.base, self.album, self.name, self.email = base, album, name, email
        self.context: BrowserContext = browser.new_context(
            base_url=base,
            viewport={"width": DESKTOP, "height": HEIGHT},
            reduced_motion="reduce",
            color_scheme="light",
        )
        self.context.set_default_timeout(TIMEOUT)
        self.context.add_init_script(TELL_REFUSALS)
        self.errors: list[str] = []
        self.page: Page = self.tab()

    @property
    def password(self) -> str:
        """What they sign in with."""
        return PASSWORD.format(name=self.name)

    def tab(self) -> Page:
        """Open a tab that is watched."""
        page = self.context.new_page()
        self.watch(page)
        return page

    def watch(self, page: Page) -> None:
        """Note every error of a tab: of a script, on the console, refused by the policy."""
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.errors.append(f"script: {error}"))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")

    @contextmanager
    def expecting(self, *patterns: str) -> Iterator[None]:
        """Within this block errors that match are meant; each pattern has to be seen."""
        self.settle_errors()
        yield
        seen = [p for p in patterns if any(re.search(p, error) for error in self.errors)]
        assert seen == list(patterns), (patterns, self.errors)
        self.errors = [e for e in self.errors if not any(re.search(p, e) for p in patterns)]
        self.settle_errors()

    def settle_errors(self) -> None:
        """Hand over what was noted."""
        self.album.troubles += [f"{self.name}: {error}" for error in self.errors]
        self.errors.clear()

    def go(self, path: str) -> None:
        """Open an address of the service; it has to be there."""
        response = self.page.goto(path)
        assert response is not None
        assert response.status == 200, (path, response.status)

    def look(self, name: str, *, everywhere: bool = False) -> None:
        """Examine the page that is open and keep a picture; ``everywhere``: phone and dark too."""
        self._look_as(name)
        if everywhere:
            self.page.set_viewport_size({"width": PHONE, "height": HEIGHT})
            self._look_as(name + "-phone", SHAPES)
            self.page.set_viewport_size({"width": DESKTOP, "height": HEIGHT})
            self.page.emulate_media(color_scheme="dark")
            self._look_as(name + "-dark", COLOURS)
            self.page.emulate_media(color_scheme="light")

    def _look_as(self, name: str, rules: dict[str, Any] = EVERY_RULE) -> None:
        self.album.examine(self.page, name, rules)
        self.album.measure(self.page, name)
        self.album.keep(self.page, name)

    def press(self, label: str) -> None:
        """Press the button of this name."""
        self.page.get_by_role("button", name=label, exact=True).click()

    def follow(self, label: str) -> None:
        """Follow the link of this name."""
        self.page.get_by_role("link", name=label, exact=True).first.click()

    def told(self, text: str) -> Locator:
        """Wait until the page says so above its content."""
        line = self.page.locator(".flash, .notice, .error-summary").filter(has_text=text).first
        expect(line).to_be_visible()
        return line

    def join(self, link: str) -> None:
        """Follow an invitation and choose a password, which signs them in."""
        self.page.goto(link)
        self.page.get_by_label("New password").fill(self.password)
        self.press("Set the password")
        self.page.wait_for_url("**/assessments")

    def come_back(self) -> None:
        """Sign in in a new tab, as the banner of an ended session says, and return to this one."""
        expect(self.page.locator("#signed-out")).to_be_visible()
        with self.context.expect_page() as opened:
            self.follow("Sign in in a new tab")
        self.watch(opened.value)
        self.sign_in(opened.value)
        opened.value.close()
        # a headless browser has no window to come back to, so the event is made
        self.page.evaluate("window.dispatchEvent(new Event('focus'))")
        expect(self.page.locator("#signed-out")).to_be_hidden()

    def sign_in(self, page: Page | None = None) -> None:
        """Fill in the form of the sign-in page that is open."""
        page = page or self.page
        page.get_by_label("Mail address").fill(self.email)
        page.get_by_label("Password", exact=True).fill(self.password)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
