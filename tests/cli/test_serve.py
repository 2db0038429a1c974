"""``sdlc-assess serve`` as a process: how it refuses to start, and how it ends."""

from __future__ import annotations

import os
import pty
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from sdlc_assess.cli import main

SERVE = [sys.executable, "-m", "sdlc_assess", "serve"]


def environment(folder: Path, **settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SDLC_")}
    return {**kept, "DATABASE_URL": "", "SDLC_DATA_DIR": str(folder / "data"), **settings}


Refusal = Callable[..., str]


@pytest.fixture
def refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Refusal:
    """Return a function that tells what a refused start says; it says it in one line."""

    def told(*arguments: str, **settings: str) -> str:
        for name in [name for name in os.environ if name.startswith("SDLC_")]:
            monkeypatch.delenv(name)
        for name, value in environment(tmp_path, **settings).items():
            monkeypatch.setenv(name, value)
        assert main(["serve", *arguments]) == 1
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        return err

    return told


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_taken_port_is_named_with_the_way_out(tmp_path: Path, refusal: Refusal) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        told = refusal("--port", str(port))
    assert f"Port {port} on 127.0.0.1 is taken by another program." in told
    assert "--port" in told
    assert not list(tmp_path.rglob("*.db"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--port", "70000"), "a port is a number from 1 to 65535"),
        (("--host", "192.0.2.1"), "can't listen on port 8000 of 192.0.2.1"),
    ],
)
def test_an_address_nobody_could_listen_on_is_not_called_taken(
    refusal: Refusal, arguments: tuple[str, ...], words: str
) -> None:
    told = refusal(*arguments)
    assert words in told
    assert "taken" not in told


def test_production_refuses_what_is_only_fit_for_development(
    tmp_path: Path, refusal: Refusal
) -> None:
    told = refusal(SDLC_ENV="production")
    assert "SDLC_PUBLIC_URL" in told
    https = {"SDLC_ENV": "production", "SDLC_PUBLIC_URL": "https://assess.example.org"}
    assert "SDLC_SECRET_KEY" in refusal(**https)
    assert "SDLC_SECRET_KEY" in refusal(**https, SDLC_SECRET_KEY="x" * 40)
    assert list(tmp_path.iterdir()) == []


def test_a_data_folder_that_cannot_be_is_named(tmp_path: Path, refusal: Refusal) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    told = refusal("--port", str(free_port()))
    assert f"The data folder {tmp_path / 'data'}" in told
    assert "SDLC_DATA_DIR" in told


def start(folder: Path, terminal: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
    """Start the service in a session of its own and wait until it answers."""
    port = free_port()
    service = subprocess.Popen(
        [*SERVE, "--port", str(port)],
        env=environment(folder, SDLC_WORKERS="2"),
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and service.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                time.sleep(1)  # the other worker is a moment behind
                return service
        except OSError:
            time.sleep(0.05)
    os.killpg(service.pid, signal.SIGKILL)
    raise AssertionError(service.communicate()[0])


def is_left(group: int, seconds: float = 0) -> bool:
    """Tell whether a process of the group still lives after ``seconds`` at the most."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        if time.monotonic() >= deadline:
            return True
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("sent", "to_all", "has_terminal"),
    [
        (signal.SIGINT, True, True),  # Ctrl-C reaches every process of the terminal
        (signal.SIGTERM, False, False),  # as a service manager stops it
        (signal.SIGHUP, True, True),  # the terminal was closed
    ],
)
def test_it_ends_cleanly_and_leaves_no_process(
    tmp_path: Path, sent: signal.Signals, to_all: bool, has_terminal: bool
) -> None:
    ours, theirs = pty.openpty()
    service = start(tmp_path, theirs if has_terminal else subprocess.DEVNULL)
    try:
        assert is_left(service.pid)
        assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
        (os.killpg if to_all else os.kill)(service.pid, sent)
        out = service.communicate(timeout=15)[0]
        assert service.returncode == 0, out
        assert "Traceback" not in out
        assert out.startswith("Serving on http://127.0.0.1:")
        assert not is_left(service.pid, seconds=5)
    finally:
        if is_left(service.pid):
            os.killpg(service.pid, signal.SIGKILL)
        service.communicate()
        os.close(ours)
        os.close(theirs)
