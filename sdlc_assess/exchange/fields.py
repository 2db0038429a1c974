"""Typed fields of a file that a person wrote: each wrong one is noted with its line, none stops."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from sdlc_assess.catalog.source import Place, Source, Unquoted, parse
from sdlc_assess.errors import Flaw, InputErrors

MOST_BYTES = 5_000_000

_BINARY_STARTS = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")
# JSON writes a character beyond 16 bits as two escapes, which YAML would take for two characters
_PAIR = re.compile(
    r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})"
)


def read_source(path: Path) -> Source:
    """Read a YAML or JSON file as plain data with lines; raise InputErrors where that fails."""
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise _refused(path, f"The file cannot be read: {error.strerror}.", "unreadable") from None
    if len(raw) > MOST_BYTES:
        limit = MOST_BYTES // 1_000_000
        raise _refused(
            path, f"The file is over {limit} MB; link to documents instead.", "file-too-large"
        )
    if b"\0" in raw or raw.startswith(_BINARY_STARTS):
        reason = "This is a binary file (or UTF-16 text); give a YAML or JSON file in UTF-8."
        raise _refused(path, reason, "binary")
    raw = raw.removeprefix(codecs.BOM_UTF8)
    return parse(_as_yaml(raw) if path.suffix.lower() == ".json" else raw, str(path))


def _as_yaml(raw: bytes) -> bytes:
    """Return JSON as YAML that says the same: no tabs (JSON's texts hold none), no split pairs."""
    text = raw.replace(b"\t", b" ").decode("utf-8", "surrogateescape")
    return _PAIR.sub(_joined, text).encode("utf-8", "surrogateescape")


def _joined(pair: re.Match[str]) -> str:
    high, low = int(pair[2], 16), int(pair[3], 16)
    return f"{pair[1]}\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"


def _refused(path: Path, reason: str, code: str) -> InputErrors:
    return InputErrors([Flaw(str(path), 0, reason, code)])


def did_you_mean(written: str, known: Collection[str]) -> str:
    """Return ' Did you mean "…"?' for the nearest of ``known``, or nothing when none is near."""
    by_folded = {each.casefold(): each for each in known}
    near = get_close_matches(written.casefold(), by_folded, n=1)
    return f' Did you mean "{by_folded[near[0]]}"?' if near else ""


@dataclass(frozen=True, slots=True)
class Fields:
    """Reads fields of ``source`` and collects a flaw for each that can't be taken."""

    source: Source
    flaws: list[Flaw] = field(default_factory=list)

    def refuse(self, place: Place, code: str, text: str) -> None:
        """Note a flaw at ``place``, unless the place was refused while reading."""
        if place not in self.source.refused:
            self.flaws.append(self.source.flaw(place, code, text))

    def mapping(self, value: Any, place: Place, known: Collection[str] | None) -> dict[str, Any]:
        """Return a mapping; keys that are not ``known`` (None: any key is) are refused."""
        name = place[-1] if place else "The file"
        if not isinstance(value, Mapping):
            self.refuse(place, "wrong-type", f"{name} must hold keys with values.")
            return {}
        for key in value:
            if known is not None and key not in known:
                near = did_you_mean(key, known) or f" Known are {', '.join(sorted(known))}."
                self.refuse((*place, key), "unknown-key", f'There is no key "{key}" here.{near}')
        return dict(value)

    def sequence(self, value: Any, place: Place) -> list[Any]:
        """Return a list; nothing stands for an empty one."""
        if value is None or isinstance(value, list):
            return value or []
        self.refuse(place, "wrong-type", f"{place[-1]} must be a list; start each entry with -.")
        return []

    def text(self, value: Any, place: Place, limit: int) -> str:
        """Return text without outer blanks, of at most ``limit`` characters; nothing is ``""``."""
        if value is None:
            return ""
        if not isinstance(value, str):
            self.refuse(place, "wrong-type", f"{place[-1]} must be text; put it in quotes.")
            return ""
        if len(value) > limit:
            self.refuse(
                place,
                "text-too-long",
                f"{place[-1]} has {len(value):,} characters; at most {limit:,} fit. Shorten it, "
                "or link to a document as evidence.",
            )
            return ""
        return value.strip()

    def day(self, value: Any, place: Place) -> date | None:
        """Return a date written as 2026-10-01, with or without quotes."""
        if value is None or isinstance(value, date):
            return value
        try:
            if isinstance(value, str) and len(value) == len("2026-10-01"):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.refuse(place, "bad-date", f"{place[-1]} must be a date such as 2026-10-01.")
        return None

    def word(self, value: Any, place: Place) -> str | None:
        """Return a single word: text, a whole number, or what YAML would read as yes or no."""
        match value:
            case None:
                return None
            case Unquoted(written):
                return written
            case str() | int():
                return str(value)
        self.refuse(place, "wrong-type", f'{place[-1]} must be one option id, such as "3".')
        return None
