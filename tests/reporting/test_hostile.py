"""Typed text is printed as typed: it becomes no markup, no template and no request."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from weasyprint import HTML

from sdlc_assess.reporting.fetcher import PackagedFetcher, assets
from sdlc_assess.reporting.pdf import KINDS, OutsideFetch, draw
from tests.reporting.builders import a_small_shelf, a_snapshot
from tests.reporting.drawing import log_lines, pdf_of, read_back

TEXTS = {
    "markup": "<b>bold</b> <script>alert(1)</script> </td></table> & \"quoted\" 'too'",
    "template": "{{7*7}} {% raise %} {# gone #} {{ r.digest }} ${7*7} #{7*7}",
    "image": '<img src="http://127.0.0.1:9/x.png">',
    "attachment": '<link rel="attachment" href="file:///etc/passwd">',
    "style": "</style><style>@import url(file:///etc/passwd);</style> url(file:///etc/passwd)",
    "entity": "&lt;b&gt; &amp;amp; &#x41; &nonsense;",
    "long word": "Donaudampfschifffahrtsgesellschaft" * 60,
    "Cyrillic": "Проверка изменений выполнена",
    "Greek": "Έλεγχος αλλαγών",
}


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_text_is_printed_as_it_was_typed(kind: str) -> None:
    shelf = a_small_shelf()
    every = "\n\n".join(TEXTS.values())
    evidence = [{"title": TEXTS["image"], "location": TEXTS["style"]}]
    snapshot = a_snapshot(
        shelf,
        basis={
            "scope": TEXTS["markup"],
            "exclusions": TEXTS["template"],
            "vendor": TEXTS["attachment"],
            "target": {"name": TEXTS["style"], "version": "<1>", "description": ""},
            "people": [{"name": TEXTS["image"], "role": "<lead>", "organisation": "{{7*7}}"}],
        },
        answer={"justification": every, "evidence": evidence},
    )
    with log_lines() as lines:
        made = read_back(snapshot, pdf_of(kind, snapshot, shelf))
    wanted = TEXTS.values() if kind == "assessment" else list(TEXTS.values())[:5]
    assert [text for text in wanted if "".join(text.split()) not in made.dense] == []
    assert made.reader.attachments == {}
    assert lines == []


def test_very_long_texts_are_printed_whole_and_stay_on_the_page() -> None:
    shelf = a_small_shelf()
    words = [f"w{n:05d}" for n in range(2857)]
    text = " ".join(words)
    assert 19_900 < len(text) <= 20_000
    snapshot = a_snapshot(shelf)
    snapshot["parts"]["response/AA.1.1"]["answers"][0]["justification"] = text
    snapshot["parts"]["verdict/AA.1.1"]["verdicts"][0]["reason"] = "W" * 3000
    made = read_back(snapshot, pdf_of("assessment", snapshot, shelf))
    assert [word for word in made.text.split() if word in set(words)] == words
    lines = [line.strip() for page in made.pages for line in page.splitlines() if "WWWW" in line]
    assert sum(line.count("W") for line in lines) == 3000
    assert max(len(line) for line in lines) < 80


def test_right_to_left_text_is_printed() -> None:
    text = "שלום עולם"
    found = _printed(text)
    # extraction gives visual or logical order, by the reader's choice
    assert text in found or text[::-1] in found


def test_a_character_without_a_glyph_is_printed_by_its_code() -> None:
    text = "你好🎉\U000f0000"
    with log_lines() as lines:
        found = _printed(f"before {text} after")
    for character in text:
        # a machine with a font for it prints the character itself
        assert character in found or f"[U+{ord(character):04X}]" in found
    assert "[U+F0000]" in found  # for private use: no font has it
    assert lines == []


def test_characters_that_hide_or_reorder_text_are_shown() -> None:
    hidden = ["\u202e", "\u2066", "\x0b", "\x00", "\uffff"]
    found = _printed(" ".join(f"ab{character}cd" for character in hidden))
    assert [one for one in hidden if f"ab[U+{ord(one):04X}]cd" not in found] == []


def _printed(text: str) -> str:
    shelf = a_small_shelf()
    snapshot = a_snapshot(shelf, basis={"scope": text})
    return read_back(snapshot, pdf_of("executive", snapshot, shelf)).text


# what a document could ask for, were markup ever to get in: WeasyPrint's every way out
SNIPPETS = {
    "image": '<img src="{url}">',
    "image by data": '<img src="data:image/svg+xml,<svg/>">',
    "svg image": '<svg><image href="{url}" width="9" height="9"/></svg>',
    "svg use": '<svg><use href="{url}#a"/></svg>',
    "background": '<p style="background: url({url})">x',
    "import": "<style>@import url({url});</style>",
    "style sheet": '<link rel="stylesheet" href="{url}">',
    "font": "<style>@font-face {{ font-family: x; src: url({url}) }}</style><p>y",
    "local font": "<style>@font-face {{ font-family: x; src: local(DejaVu Sans) }}</style>",
    "object": '<object data="{url}"></object>',
    "embed": '<embed src="{url}">',
    "iframe": '<iframe src="{url}"></iframe>',
    "list": '<ul style="list-style: url({url})"><li>x</ul>',
    "content": '<p style="content: url({url})">x',
    "attachment": '<link rel="attachment" href="{url}">',
    "attached link": '<a rel="attachment" href="{url}">x</a>',
    "border image": '<p style="border: 1px solid; border-image: url({url}) 1">x',
}


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A server on the loopback, and the paths that it was asked for."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/x", paths
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("name", list(SNIPPETS))
def test_no_markup_reaches_the_network(name: str, asked: tuple[str, list[str]]) -> None:
    url, paths = asked
    _refused_or_skipped(SNIPPETS[name].format(url=url))
    assert paths == []


def test_the_engine_by_itself_would_ask(asked: tuple[str, list[str]]) -> None:
    # control of the test above
    url, paths = asked
    HTML(string=SNIPPETS["image"].format(url=url)).write_pdf()
    assert paths == ["/x"]


@pytest.mark.parametrize("name", list(SNIPPETS))
def test_no_markup_reaches_a_file(name: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret of this machine")
    made = _refused_or_skipped(SNIPPETS[name].format(url=secret.as_uri()))
    if made is not None:
        found = read_back({}, made)
        assert "secret of this machine" not in found.text
        assert found.reader.attachments == {}


def _refused_or_skipped(snippet: str) -> bytes | None:
    try:
        return draw(f'<!doctype html><html lang="en"><title>t</title><body>{snippet}', "")
    except OutsideFetch:
        return None


def test_most_ways_out_stop_the_render() -> None:
    made = [_refused_or_skipped(one.format(url="file:///etc/passwd")) for one in SNIPPETS.values()]
    assert made.count(None) >= 10


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/fonts/IBMPlexSans-Regular.woff2",
        "https://example.org/",
        "ftp://example.org/x",
        "file:///etc/passwd",
        "data:text/plain,x",
        "asset:/fonts/../base.css",
        "asset:/fonts/IBMPlexSans-Regular.woff2?x",
        "asset:/fonts/IBMPlexSans-Regular.woff2#x",
        "asset://host/fonts/IBMPlexSans-Regular.woff2",
        "asset:fonts/IBMPlexSans-Regular.woff2",
        "ASSET:/fonts/IBMPlexSans-Regular.woff2",
        "asset:/fonts/%49BMPlexSans-Regular.woff2",
        "asset:/etc/passwd",
        "asset:",
        "/fonts/IBMPlexSans-Regular.woff2",
        "fonts",
        "",
    ],
)
def test_the_fetcher_refuses(url: str) -> None:
    with pytest.raises(ValueError, match="may only ask for its own fonts"):
        PackagedFetcher().fetch(url)


def test_the_fetcher_gives_each_bundled_font() -> None:
    assert len(assets()) == 3
    for path, body in assets().items():
        assert PackagedFetcher().fetch(f"asset:{path}").read() == body
