"""Text on its way to paper: made printable, cut into paragraphs, dates written out."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Any

BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They reorder what a reader sees (Unicode TR 36, 2.10.1): shown by code, never obeyed."""

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)


def printable(text: str) -> str:
    """Return ``text`` with each character that hides or reorders text shown as ``[U+XXXX]``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_shown, text.replace("\r\n", "\n").replace("\r", "\n")))


def _shown(character: str) -> str:
    if character in "\n\t":
        return character
    hidden = unicodedata.category(character) in ("Cc", "Cs", "Cn") or character in BIDI_CONTROLS
    return code_point(character) if hidden else character


def code_point(character: str) -> str:
    """Return how a character that can't be printed is shown, ``[U+202E]``."""
    return f"[U+{ord(character):04X}]"


def all_printable(value: Any) -> Any:
    """Return a JSON value with every string in it made printable, keys left alone."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: all_printable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [all_printable(part) for part in value]
    return value


def paragraphs(text: str | None) -> tuple[str, ...]:
    """Cut ``text`` at blank lines; single line ends stay for the style sheet to keep."""
    blocks = (block.strip() for block in (text or "").split("\n\n"))
    return tuple(block for block in blocks if block)


def clip(text: str, limit: int) -> str:
    """Return ``text`` if it has at most ``limit`` characters, else its first words and " …"."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 2]
    words = cut.rpartition(" ")[0] if " " in cut[limit // 2 :] else cut
    return words.rstrip(" ,;:") + " …"


def day(iso: str | None) -> str:
    """Write an ISO date (or the date of an RFC 3339 moment) as "24 November 2026"; "" for None."""
    if not iso:
        return ""
    found = date.fromisoformat(iso[:10])
    return f"{found.day} {MONTHS[found.month - 1]} {found.year}"


def moment(rfc3339: str | None) -> str:
    """Write an RFC 3339 moment in UTC as "24 November 2026, 10:00 UTC"; "" for None."""
    if not rfc3339:
        return ""
    found = datetime.fromisoformat(rfc3339)
    return f"{day(rfc3339)}, {found:%H:%M} UTC"


def listed(parts: list[str]) -> str:
    """Join ``parts`` as a sentence would: "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + " and " + parts[-1]


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return "1 task", "2 tasks", "no tasks"."""
    word = one if number == 1 else many or one + "s"
    return f"{number or 'no'} {word}"
