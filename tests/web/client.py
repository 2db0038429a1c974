"""A browser without scripts, as far as tests need one: it keeps cookies and sends form tokens."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.builders import World

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


class Browser:
    """One person's browser; ``who`` None is nobody's."""

    def __init__(self, app: Flask, world: World | None = None, who: str | None = None) -> None:
        self.client: FlaskClient = app.test_client()
        if world is not None and who is not None:
            self.client.set_cookie("sdlc_session", world.tokens[who], domain="localhost")

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def token(self, page: str = "/sign-in") -> str:
        found = TOKEN.search(self.client.get(page).text)
        assert found is not None
        return found.group(1)

    def post(self, path: str, form: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form with a good token, as a page would."""
        body = {**(form or {}), "csrf_token": self.token()}
        return self.client.post(path, data=body, **more)

    def save(self, path: str, form: dict[str, Any], key: str = "", **more: Any) -> TestResponse:
        """Send one question as the page's script does."""
        headers = {"HX-Request": "true", "X-CSRFToken": self.token()}
        if key:
            headers["Idempotency-Key"] = key
        return self.client.post(path, data=form, headers=headers, **more)


class Fields(HTMLParser):
    """What a browser would send back from a page: values by name, and what is disabled."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.values: dict[str, list[str]] = {}
        self.disabled: set[str] = set()
        self.tags: list[str] = []
        self._open: str | None = None
        self._is_shut = False
        self.feed(html.replace("\r\n", "\n"))  # as the parser of a page begins, too
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        name = given.get("name")
        if tag == "fieldset":
            self._is_shut = "disabled" in given
        if tag == "textarea" and name:
            self._open = name
            self.values.setdefault(name, []).append("")
        if tag == "input" and name:
            is_choice = given.get("type") in ("radio", "checkbox")
            if not is_choice or "checked" in given:
                self.values.setdefault(name, []).append(given.get("value") or "")
        if name and self._is_shut:
            self.disabled.add(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # the parser of a page drops one line end right behind the opening tag
            if self._open is not None:
                text = self.values[self._open][-1]
                self.values[self._open][-1] = text.removeprefix("\n")
            self._open = None
        if tag == "fieldset":
            self._is_shut = False

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self.values[self._open][-1] += data

    def one(self, name: str) -> str:
        """The only value of a field."""
        (found,) = self.values[name]
        return found


def text_of(html: str) -> str:
    """The words of a page as a reader sees them."""

    class Words(HTMLParser):
        def __init__(self) -> None:
            super().__init__(convert_charrefs=True)
            self.found: list[str] = []

        def handle_data(self, data: str) -> None:
            self.found.append(data)

    words = Words()
    words.feed(html)
    words.close()
    return "".join(words.found)
