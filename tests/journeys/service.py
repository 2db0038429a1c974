"""The real service: `serve` with workers, leader and render child, on a data folder of its own."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sdlc_assess.store import records
from sdlc_assess.store.database import Database

START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: its address, data folder and environment."""

    base: str
    folder: Path
    environment: dict[str, str]

    @property
    def log(self) -> Path:
        """Where it writes what a console would show, mails among it."""
        return self.folder / "service.log"

    def command(self, *arguments: str) -> str:
        """Run `sdlc-assess` on the same data; return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "sdlc_assess", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def add(self, email: str, name: str, organisation: str, kind: str, role: str) -> str:
        """Add a person from the command line; return the link that sets their password."""
        of = ["--organisation", organisation, "--kind", kind]
        return link_in(self.command("user", "add", email, "--name", name, *of, "--role", role))

    def mailed_link(self, email: str) -> str:
        """Return the link of the newest mail to ``email``, which the console was given."""
        mails = self.log.read_text(encoding="utf-8").split("--- mail to ")
        return link_in(next(mail for mail in reversed(mails) if mail.startswith(email)))

    def snapshots(self, id: str) -> list[dict[str, Any]]:
        """Return the stored snapshots of an assessment, oldest first, read from the database."""
        database = Database(f"sqlite:///{self.folder / 'sdlc_assess.db'}")
        try:
            with database.read() as tx:
                rows = records.snapshots(tx, id)
                return [records.read_snapshot(tx, row.id) | {"state": row.state} for row in rows]
        finally:
            database.dispose()


def link_in(text: str) -> str:
    """Return the first address in a text."""
    found = re.search(r"http://\S+", text)
    assert found, text
    return found[0]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(folder: Path) -> Iterator[Service]:
    """Serve an empty instance from ``folder`` on a free port; stop it at the end."""
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    ours = {"SDLC_DATA_DIR": str(folder), "SDLC_PUBLIC_URL": base, "SDLC_ENV": "development"}
    service = Service(base, folder, {**os.environ, **ours, "DATABASE_URL": "", "SDLC_SMTP_URL": ""})
    command = [sys.executable, "-m", "sdlc_assess", "serve", "--port", str(port)]
    with service.log.open("wb") as out:
        process = subprocess.Popen(command, env=service.environment, stdout=out, stderr=out)
        try:
            _wait_until_ready(service, process)
            yield service
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=30)


def _wait_until_ready(service: Service, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(service.base + "/readyz", timeout=5):
                return
        except urllib.error.HTTPError as error:
            error.close()
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(service.log.read_text(encoding="utf-8"))
