"""The digest of a private value with its salt, which can be opened later or never."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from sdlc_assess.ledger.canonical import canonical

SALT_BYTES = 32
NO_SALT = bytes(SALT_BYTES)
"""Stands in for the salt of a working snapshot, which is never stored and proves nothing."""


def fresh_salt() -> bytes:
    """Return 32 random bytes."""
    return secrets.token_bytes(SALT_BYTES)


def salted_digest(salt: bytes, value: Any) -> bytes:
    """Return SHA-256(salt || canonical(value)); a salt has one length, so nothing frames it."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return hashlib.sha256(salt + canonical(value)).digest()


def opens(digest: bytes, salt: bytes, value: Any) -> bool:
    """Tell whether ``salt`` and ``value`` open ``digest``."""
    return secrets.compare_digest(digest, salted_digest(salt, value))
