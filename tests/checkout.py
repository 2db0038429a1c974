"""What a clone of this project holds, with git or without it, and copies of it to break."""

from __future__ import annotations

import os
import shutil
import subprocess
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def tracked() -> list[str]:
    """Return the path of every file that a clone holds, from the top of the project."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.split("\0")
        return sorted(path for path in listed if path and (ROOT / path).is_file())
    return sorted(_unignored())


def _unignored() -> list[str]:
    """Walk the folder of an unpacked archive, less what .gitignore names."""
    patterns = [
        line.strip("/") for line in (ROOT / ".gitignore").read_text("utf-8").split() if line.strip()
    ]
    found = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [
            name
            for name in folders
            if name != ".git" and not any(fnmatch(name, pattern) for pattern in patterns)
        ]
        found += [
            os.path.relpath(os.path.join(folder, name), ROOT)
            for name in files
            if not any(fnmatch(name, pattern) for pattern in patterns)
        ]
    return found


def copy(target: Path, *parts: str) -> Path:
    """Copy ``parts`` (files and folders of the project) to ``target``, without what runs leave."""
    for part in parts:
        source = ROOT / part
        if source.is_dir():
            leave = shutil.ignore_patterns("__pycache__", "*.egg-info", "var")
            shutil.copytree(source, target / part, ignore=leave)
        else:
            (target / part).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / part)
    return target


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and return what it printed."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
