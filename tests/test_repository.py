"""The repository speaks of the product alone: no machine, no package index, no secret."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.checkout import ROOT, tracked

REQUIRED = [
    *("run", "test", ".ci/run", "Makefile", "requirements.txt", "requirements-test.txt"),
    *("pyproject.toml", "setup.cfg", "README.md", "CHANGELOG.md", "LICENSE", "SECURITY.md"),
    "CONTRIBUTING.md",
]

# written so that this file, too, speaks of no machine
MACHINE = re.compile(r"(?<![\w.~:}$])/(?:home|root|work|Users|mnt|media)/(?!\.\.\.)[\w.-]+")
INDEX = re.compile(r"https?://[\w.-]*(?:pypi|pythonhosted|npmjs|registry)[\w.-]*", re.IGNORECASE)
SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}|"
    r"\bxox[baprs]-[A-Za-z0-9-]{10,}|[a-z]+://[^\s/:@\"'<>{}$]+:[^\s/:@\"'<>{}$]{12,}@(?!host|example)"
)

BINARY = (".woff2", ".ttf", ".png", ".jpg", ".ico", ".pdf", ".gz", ".db")


def texts() -> list[tuple[str, str]]:
    found = []
    for path in tracked():
        if not path.endswith(BINARY) and not path.startswith("tests/catalog/bad/"):
            found.append((path, (ROOT / path).read_text("utf-8")))
    return found


def speakers(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}: {match[0]}"
        for path, text in texts()
        for match in pattern.finditer(text)
        if path != "tests/test_repository.py"
    ]


def test_what_scripts_and_outsiders_rely_on_is_there() -> None:
    assert [path for path in REQUIRED if path not in tracked()] == []
    for script in ("run", "test", ".ci/run"):
        assert (ROOT / script).stat().st_mode & 0o111, f"{script} can't be executed"


def test_no_file_names_a_path_of_a_machine() -> None:
    assert speakers(MACHINE) == []


def test_no_file_names_a_package_index() -> None:
    assert speakers(INDEX) == []


def test_no_file_holds_a_secret() -> None:
    assert speakers(SECRET) == []


def test_no_database_key_or_environment_is_tracked() -> None:
    kinds = (".db", ".sqlite", ".pem", ".key", ".p12", ".log", ".pyc", ".env")
    assert [path for path in tracked() if path.endswith(kinds)] == []
    assert [
        path for path in tracked() if Path(path).parts[0] in (".venv", "var", "artefacts")
    ] == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (MACHINE, "see /home/alice/notes.md"),
        (MACHINE, 'Path("/root/.config")'),
        (INDEX, "--index-url https://pypi.example.org/simple"),
        (SECRET, "-----BEGIN EC PRIVATE KEY-----"),
        (SECRET, "postgresql://sdlc:Zk3xq81mNv0Tw@db.internal/sdlc"),
    ],
)
def test_each_pattern_notices_what_it_is_for(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/home/page",
        "/assessments/k7/work/x",
        "smtp://user:password@host:25",
        "~/root/x",
    ],
)
def test_no_pattern_cries_wolf(text: str) -> None:
    assert not any(pattern.search(text) for pattern in (MACHINE, INDEX, SECRET))
