"""The control of the journey's checks: a page with every kind of trouble is found out."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.visitor import Album, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

BASE = "http://127.0.0.1:9"
POLICY = "default-src 'none'; script-src 'self'"
PAGE = """<!doctype html><html lang="en"><title>Trouble</title><main><h1>Trouble</h1>
<img src="/picture.svg" width="3000" height="20"><p style="color: red">Inline</p>
<script src="/faulty.js"></script></main></html>"""


@pytest.fixture
def visitor(browser: Browser, tmp_path: Path) -> Visitor:
    found = Visitor(browser, BASE, Album(tmp_path), "Alice", "alice@northwind.example")
    headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html"}
    found.context.route("**/trouble", lambda route: route.fulfill(body=PAGE, headers=headers))
    script = {"body": "nothing.here();", "content_type": "text/javascript"}
    found.context.route("**/faulty.js", lambda route: route.fulfill(**script))
    return found


def test_every_kind_of_trouble_is_noted(visitor: Visitor) -> None:
    visitor.go("/trouble")
    visitor.look("trouble")
    visitor.settle_errors()
    noted = "\n".join(visitor.album.troubles)
    for part in (
        "trouble: image-alt",
        "wider than the window",
        "refused by the policy: style-src",
        "refused by the policy: img-src",
        "script: nothing is not defined",
    ):
        assert part in noted, noted
    assert len(list(visitor.album.folder.glob("*.png"))) == 1


def test_an_error_that_is_meant_has_to_be_seen(visitor: Visitor) -> None:
    visitor.go("/trouble")
    visitor.settle_errors()
    with pytest.raises(AssertionError, match="409"), visitor.expecting("status of 409"):
        visitor.page.evaluate("console.error('status of 500')")
