"""One true byte form of a JSON value (RFC 8785), and SHA-256 over it."""

from __future__ import annotations

import hashlib
from typing import Any

import rfc8785


def canonical(value: Any) -> bytes:
    """Return the RFC 8785 bytes of a JSON value; floats and integers from 2**53 are refused."""
    return rfc8785.dumps(value)


def digest(value: Any) -> str:
    """Return the hex SHA-256 of the canonical bytes of a JSON value."""
    return hashlib.sha256(canonical(value)).hexdigest()
