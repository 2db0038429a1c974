"""The frozen record: named salted parts under one RFC 6962 root (record.md).

A snapshot is the only input of score, report and ledger. Any edition of a report opens the parts
that its reader may see, and proves that the rest exists unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sdlc_assess.ledger.salted_digest import NO_SALT, fresh_salt, salted_digest
from sdlc_assess.ledger.tree import root

ORDER = ("basis", "response", "verdict", "evidence", "finding", "score", "summary")
"""The fixed order of kinds of parts; within a kind parts are ordered by name."""


@dataclass(frozen=True, slots=True)
class Part:
    """One named part: its JSON value, its salt and the salted digest of both."""

    name: str
    value: Any
    salt: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All parts in their fixed order, and the root over their digests (hex)."""

    parts: tuple[Part, ...]
    digest: str

    def as_json(self) -> dict[str, Any]:
        """Return ``{"digest", "parts": {name: value}}``, what reports are drawn from."""
        return {"digest": self.digest, "parts": {part.name: part.value for part in self.parts}}


def order_of(name: str) -> tuple[int, str]:
    """Return the key that puts part names into the fixed order; ValueError for an unknown kind."""
    return ORDER.index(name.partition("/")[0]), name


def digest_of(names_and_digests: Mapping[str, bytes]) -> str:
    """Return the snapshot digest (hex): the RFC 6962 root over ``name NUL digest`` leaves."""
    names = sorted(names_and_digests, key=order_of)
    return root([name.encode() + b"\x00" + names_and_digests[name] for name in names]).hex()


def freeze(values: Mapping[str, Any], salt: Callable[[], bytes] = fresh_salt) -> Snapshot:
    """Freeze ``values`` (part name → JSON value) with a salt of its own for each part."""
    parts = []
    for name in sorted(values, key=order_of):
        own = salt()
        parts.append(Part(name, values[name], own, salted_digest(own, values[name])))
    return Snapshot(tuple(parts), digest_of({part.name: part.digest for part in parts}))


def working(values: Mapping[str, Any]) -> Snapshot:
    """Freeze ``values`` without salts: for drafts, which are never stored and prove nothing."""
    return freeze(values, lambda: NO_SALT)


def working_digest(values: Mapping[str, Any]) -> str:
    """Return the digest of the working snapshot of ``values``."""
    return working(values).digest
