"""A YAML file as plain data, with the line of every node: nothing clever survives the reading.

Anchors, aliases, tags, duplicate keys and control characters are refused, so a reader of the file
sees what the program sees and a small file can't grow into a large value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from sdlc_assess.errors import Flaw, InputErrors

MOST_BYTES = 2_000_000
MOST_DEPTH = 40
MOST_NODES = 20_000

Place = tuple[str | int, ...]
"""The way to a node from the top: keys and positions."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Besides the C0 and C1 sets: YAML's other line ends (they would shift the line numbers), the byte
# order mark, lone surrogates, and the marks that make text read otherwise than it is stored
# (bidirectional controls, zero width).
_UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff"
    "\ud800-\udfff]"
)
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,14})\Z")


@dataclass(frozen=True, slots=True)
class Unquoted:
    """A scalar that YAML reads as other than text (``yes``, ``1.0``); no field takes it."""

    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """The plain data of one file; ``lines`` maps places to lines counted from 1."""

    path: str
    data: Any
    lines: Mapping[Place, int]
    flaws: tuple[Flaw, ...] = ()
    refused: frozenset[Place] = frozenset()

    def line(self, place: Place) -> int:
        """Return the line of ``place``, or of the nearest node around it that is there."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def flaw(self, place: Place, code: str, text: str) -> Flaw:
        """Return a flaw that stands at ``place``."""
        return Flaw(self.path, self.line(place), text, code)


def read(path: Path) -> Source:
    """Read a YAML file; raise InputErrors where no plain data can be had from it."""
    return parse(_bytes_of(path), str(path))


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        reason = f"The file cannot be read: {error.strerror}."
        raise InputErrors([Flaw(str(path), 0, reason, "unreadable")]) from None
    if len(raw) > MOST_BYTES:
        reason = f"The file is larger than {MOST_BYTES // 1_000_000} MB; split it."
        raise InputErrors([Flaw(str(path), 0, reason, "file-too-large")])
    return raw


def parse(raw: bytes, path: str) -> Source:
    """Read the bytes of a YAML file named ``path``; raise InputErrors as ``read`` does."""
    text = text_of(raw, path)
    builder = _Builder(path)
    loader = _LOADER(text)
    try:
        while loader.check_event():
            builder.take(loader.get_event(), loader)
    except yaml.YAMLError as error:
        builder.flaws.append(_syntax_flaw(path, error))
        builder.is_whole = False
    except _Hopeless:
        builder.is_whole = False
    finally:
        loader.dispose()
    if not builder.is_whole:
        raise InputErrors(builder.flaws)
    lines, refused = builder.lines, frozenset(builder.refused)
    return Source(path, builder.root, lines, tuple(builder.flaws), refused)


def text_of(raw: bytes, path: str) -> str:
    """Decode UTF-8 text with no unseen characters in it; raise InputErrors with every bad line."""
    try:
        text = raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        reason = "This is no UTF-8 text; save the file as UTF-8."
        raise InputErrors([Flaw(path, line, reason, "not-utf8")]) from None
    flaws = [
        Flaw(path, number, _unseen_reason(found[0]), "control-character")
        for number, line in enumerate(text.split("\n"), 1)
        if (found := _UNSEEN.search(line))
    ]
    if flaws:
        raise InputErrors(flaws)
    return text


def _unseen_reason(character: str) -> str:
    what = "A tab" if character == "\t" else f"The character U+{ord(character):04X}"
    return f"{what} stands here; write visible text, spaces and line ends only."


def _syntax_flaw(path: str, error: yaml.YAMLError) -> Flaw:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or "it cannot be read"
    reason = f"This is no YAML: {problem}."
    return Flaw(path, mark.line + 1 if mark else 1, reason, "syntax")


class _Hopeless(Exception):
    """What follows can't be read any more."""


@dataclass(slots=True)
class _Frame:
    """An open mapping or sequence: its value, its place, and the key whose value comes next."""

    value: Any
    place: Place
    key: str | None = None


@dataclass(slots=True)
class _Builder:
    """Makes plain data out of YAML events and notes all that is refused."""

    path: str
    root: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)
    refused: set[Place] = field(default_factory=set)
    frames: list[_Frame] = field(default_factory=list)
    documents: int = 0
    is_whole: bool = True

    def take(self, event: Any, loader: Any) -> None:
        """Take the next event of the parser."""
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.give_up(line, "several-documents", "A second document starts; keep to one.")
        elif isinstance(event, yaml.CollectionEndEvent):
            self.frames.pop()
        elif isinstance(event, yaml.AliasEvent):
            self.refuse(line, "alias", f"The alias *{event.anchor} is refused; write it out.")
            self.refused.add(self.put(None, line))
        elif isinstance(event, yaml.NodeEvent):
            self.take_node(event, loader, line)

    def take_node(self, event: Any, loader: Any, line: int) -> None:
        """Take a scalar, or the start of a mapping or sequence."""
        if event.anchor is not None:
            self.refuse(line, "anchor", f"The anchor &{event.anchor} is refused; leave it out.")
        if event.tag is not None:
            self.refuse(line, "tag", f"The tag {event.tag} is refused; leave it out.")
        if isinstance(event, yaml.ScalarEvent):
            if found := _UNSEEN.search(event.value):
                self.refuse(line, "control-character", _unseen_reason(found[0]))
            self.put(_value(event, loader), line, event.value)
            return
        if len(self.frames) >= MOST_DEPTH:
            self.give_up(line, "too-deep", f"More than {MOST_DEPTH} levels deep; flatten it.")
        value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        self.frames.append(_Frame(value, self.put(value, line)))

    def put(self, value: Any, line: int, written: str | None = None) -> Place:
        """Put a node into what is open (as key or as value) and return its place."""
        if len(self.lines) + len(self.flaws) >= MOST_NODES:
            self.give_up(line, "too-many-nodes", f"More than {MOST_NODES} entries; split the file.")
        if not self.frames:
            self.root, self.lines[()] = value, line
            return ()
        frame = self.frames[-1]
        if isinstance(frame.value, list):
            place = (*frame.place, len(frame.value))
            frame.value.append(value)
            self.lines[place] = line
            return place
        if frame.key is None:
            return self.open_key(frame, written, line)
        place = (*frame.place, frame.key)
        frame.value[frame.key], frame.key = value, None
        return place

    def open_key(self, frame: _Frame, written: str | None, line: int) -> Place:
        """Note the key whose value comes next; an entry stands at the line of its key."""
        if written is None:
            self.give_up(line, "key-not-text", "A key must be a plain word.")
        frame.key = str(written)
        place = (*frame.place, frame.key)
        if place in self.lines:
            first = self.lines[place]
            reason = f"The key '{written}' stands here twice (first in line {first}); keep one."
            self.refuse(line, "duplicate-key", reason)
        self.lines[place] = line
        return place

    def refuse(self, line: int, code: str, text: str) -> None:
        """Note a flaw and go on."""
        self.flaws.append(Flaw(self.path, line, text, code))

    def give_up(self, line: int, code: str, text: str) -> None:
        """Note a flaw and stop reading."""
        self.refuse(line, code, text)
        raise _Hopeless


def _value(event: yaml.ScalarEvent, loader: Any) -> Any:
    """Return the value of a scalar: quoted ones are text, plain ones as YAML 1.1 resolves them."""
    written = event.value
    if not event.implicit[0]:
        return written
    tag = loader.resolve(yaml.ScalarNode, written, (True, False)).rpartition(":")[2]
    if tag == "str":
        return written
    if tag == "null":
        return None
    if tag == "int" and _WHOLE.match(written):
        return int(written)
    return _day(written) if tag == "timestamp" else Unquoted(written)


def _day(written: str) -> date | Unquoted:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return Unquoted(written)


def duplicates(ids: list[tuple[Place, str]]) -> Iterator[tuple[Place, str]]:
    """Yield each place whose id stands at an earlier place too."""
    seen: set[str] = set()
    for place, id in ids:
        if id in seen:
            yield place, id
        seen.add(id)
