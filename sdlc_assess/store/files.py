"""Stored bytes, addressed by their SHA-256: written once, flushed to disk, checked when read."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from sdlc_assess.errors import AssessError


class DamagedFile(AssessError):
    """A stored file no longer has the digest it was stored under ({sha256}). It is not served:
    restore it from a backup, or have the report made again."""


class Files:
    """A folder of files named by their SHA-256."""

    def __init__(self, folder: Path) -> None:
        """Keep files under ``folder``."""
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Return where the file of this digest lies."""
        return self.folder / sha256[:2] / sha256

    def put(self, content: bytes) -> str:
        """Store ``content`` and return its SHA-256; it is on disk when this returns."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        if self.is_whole(sha256):
            return sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except OSError:
            os.unlink(temporary)  # on a full disk half a file would only take more of it
            raise
        _sync_folder(path.parent)
        return sha256

    def is_whole(self, sha256: str) -> bool:
        """Tell whether the file is there with the digest it was stored under."""
        try:
            return self.get(sha256) is not None
        except DamagedFile:
            return False

    def get(self, sha256: str) -> bytes | None:
        """Return the content, None when there is none; raises DamagedFile when it was changed."""
        try:
            content = self.path(sha256).read_bytes()
        except FileNotFoundError:
            return None
        if hashlib.sha256(content).hexdigest() != sha256:
            raise DamagedFile(sha256=sha256)
        return content


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
