"""Fixtures only: the service, the browser, and the folder that screenshots are kept in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.service import Service, running

ARTEFACTS = Path(__file__).parents[2] / "artefacts"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """An empty instance, served as a person would serve it."""
    with running(tmp_path) as found:
        yield found


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A Chromium without a window; ``SDLC_CHROMIUM`` names another one than Debian's."""
    path = os.environ.get("SDLC_CHROMIUM") or "/usr/bin/chromium"
    # the sandbox can't be set up by root, as in a container
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def artefacts(request: pytest.FixtureRequest) -> Path:
    """An empty folder for this test's screenshots and files, kept after the run."""
    folder = ARTEFACTS / request.node.name.removeprefix("test_").replace("_", "-")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
