"""What the strict content security policy asks of templates, style sheets and scripts."""

from __future__ import annotations

import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import sdlc_assess.web

WEB = Path(sdlc_assess.web.__file__).parent
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
SHEETS = sorted((WEB / "static" / "css").glob("*.css"))
SCRIPTS = sorted((WEB / "static" / "js").glob("*.js"))
IMAGES = sorted((WEB / "static" / "img").glob("*.svg"))
MOST_LINES = 300
HTMX = "htmx-4.0.1.min.js"
HTMX_SHA256 = "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"
ELSEWHERE = re.compile(
    r"""(?:src|href|srcset|action)\s*=\s*["'](?:https?:)?//|url\(["']?(?:https?:)?//"""
)
JINJA = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)


def named(path: Path) -> str:
    return path.relative_to(WEB).as_posix()


class Inline(HTMLParser):
    """Collects what ``style-src 'self'`` and ``script-src 'self'`` refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        names = dict(attributes)
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(f"<{tag}>")
        for name, value in attributes:
            is_code = name == "style" or name.startswith(("on", "hx-on", "data-hx-on"))
            # a trigger's filter and a js: value are compiled with new Function
            is_filter = name == "hx-trigger" and "[" in (value or "")
            if (
                is_code
                or is_filter
                or (value or "").strip().lower().startswith(("javascript:", "js:"))
            ):
                self.found.append(f"<{tag} {name}>")


def inline(text: str) -> list[str]:
    parser = Inline()
    parser.feed(JINJA.sub("", text))
    parser.close()
    return parser.found


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        "<script>1</script>",
        '<a onclick="go()">',
        '<a href="javascript:go()">',
        '<div hx-on:click="go()">',
        '<div hx-trigger="keyup[ctrlKey]">',
        '<p {% if a %}class="b"{% endif %} style="{{ c }}">',
    ],
)
def test_the_check_itself_finds_what_is_inline(text: str) -> None:
    assert inline(text)


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_no_template_has_anything_inline(path: Path) -> None:
    assert inline(path.read_text()) == []


@pytest.mark.parametrize("path", IMAGES, ids=named)
def test_no_image_has_anything_inline(path: Path) -> None:
    assert inline(path.read_text()) == []


@pytest.mark.parametrize("path", [*TEMPLATES, *SHEETS, *SCRIPTS], ids=named)
def test_nothing_is_fetched_from_elsewhere(path: Path) -> None:
    assert not ELSEWHERE.search(path.read_text())


@pytest.mark.parametrize(
    "text", ['<img src="//cdn.example/a.png">', "a { src: url(https://x.example/f) }"]
)
def test_the_check_itself_finds_what_is_elsewhere(text: str) -> None:
    assert ELSEWHERE.search(text)


@pytest.mark.parametrize("path", [*SHEETS, *SCRIPTS], ids=named)
def test_sheets_and_scripts_stay_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) < MOST_LINES


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_scripts_compile_no_text_and_keep_nothing_beyond_the_tab(path: Path) -> None:
    assert not re.search(r"\beval\(|new Function|localStorage|innerHTML\s*=", path.read_text())


def test_every_sheet_is_linked_and_every_linked_sheet_is_there() -> None:
    layout = (WEB / "templates" / "layout.html").read_text()
    linked = re.search(r"{% for sheet in \((.*?)\) %}", layout)
    assert linked
    assert sorted(re.findall(r'"([^"]+)"', linked[1])) == [path.stem for path in SHEETS]


def test_every_custom_property_that_is_used_is_set() -> None:
    text = "".join(path.read_text() for path in SHEETS)
    assert set(re.findall(r"var\((--[a-z-]+)", text)) <= set(re.findall(r"(--[a-z-]+):", text))


def test_htmx_is_the_release_that_was_read() -> None:
    body = (WEB / "static" / "vendor" / HTMX).read_bytes()
    assert hashlib.sha256(body).hexdigest() == HTMX_SHA256
    assert HTMX in (WEB / "templates" / "layout.html").read_text()


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two #rrggbb colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


COLOURS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)",
        (WEB / "static" / "css" / "tokens.css").read_text(),
    )
}
GROUNDS = ("paper", "surface", "sunken")
TEXT_ON = [
    *[
        (ink, ground)
        for ink in ("ink", "ink-soft", "accent", "accent-strong")
        for ground in GROUNDS
    ],
    *[(name, f"{name}-soft") for name in ("good", "warn", "bad", "info", "accent")],
    *[("ink", f"{name}-soft") for name in ("good", "warn", "bad", "info", "accent")],
    *[("ink-soft", "accent-soft"), ("bad", "surface"), ("warn", "surface"), ("good", "surface")],
    *[("on-accent", "accent"), ("on-accent", "accent-strong")],
]
EDGE_ON = [("edge", ground) for ground in GROUNDS] + [
    ("accent", "accent-soft"),
    ("edge", "accent-soft"),
]


def test_the_contrast_itself_is_measured_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_ON)
def test_text_can_be_read_in_both_schemes(ink: str, ground: str, scheme: int) -> None:
    assert contrast(COLOURS[ink][scheme], COLOURS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGE_ON)
def test_edges_of_controls_can_be_seen_in_both_schemes(edge: str, ground: str, scheme: int) -> None:
    assert contrast(COLOURS[edge][scheme], COLOURS[ground][scheme]) >= 3
