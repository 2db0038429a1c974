"""``serve --check``: start the service as a person would, look at it from outside, and stop it.

It plays in a data folder of its own, so that nothing of the person's is touched, and needs nothing
but the standard library to look: what it sees is what a browser would be sent.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

from sdlc_assess.errors import AssessError
from sdlc_assess.resources import shipped

START_SECONDS = 90
PDF_SECONDS = 90
SELF_ASSESSMENT = Path("docs/self-assessment/ssdf.yaml")


class CheckFailed(AssessError):
    """The check failed: {what}. The service was stopped again."""


def run() -> int:
    """Start, look, stop; return 0 when every look was good."""
    with tempfile.TemporaryDirectory(prefix="sdlc-check-") as folder, _service(folder) as base:
        visitor = Visitor(base)
        for path in ("/", "/sign-in", "/healthz", "/readyz"):
            visitor.look(path)
        password = (Path(folder) / "secrets" / "demo_password").read_text(encoding="utf-8").strip()
        _tour(visitor, password)
        _own_assessment(folder)
    print("All is well.")
    return 0


class Visitor:
    """A browser without a screen: it keeps cookies and sends forms with their token."""

    def __init__(self, base: str) -> None:
        """Visit the service at ``base``."""
        self.base = base
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def _open(self, path: str, form: dict[str, str] | None = None) -> tuple[int, bytes]:
        body = None if form is None else urlencode(form).encode()
        request = urllib.request.Request(self.base + path, data=body)  # noqa: S310 - our own address
        try:
            with self.opener.open(request, timeout=30) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def look(self, path: str) -> str:
        """Return a page, or raise CheckFailed when it is not served."""
        status, body = self._open(path)
        if status != 200:
            raise CheckFailed(what=f"{path} was answered with {status}")
        print(f"  {path}: {len(body):,} bytes")
        return body.decode(errors="replace")

    def send(self, path: str, **fields: str) -> str:
        """Send the form at ``path``, with the token that its page carries."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self._open(path)[1].decode())
        form = {"csrf_token": token[1] if token else "", **fields}
        status, body = self._open(path, form)
        if status != 200:
            raise CheckFailed(what=f"the form at {path} was answered with {status}")
        return body.decode(errors="replace")

    def pdf(self, path: str) -> bytes:
        """Return a PDF once it is drawn."""
        deadline = time.monotonic() + PDF_SECONDS
        while time.monotonic() < deadline:
            status, body = self._open(path)
            if status == 200:
                return body
            time.sleep(0.5)
        raise CheckFailed(what=f"{path} was not drawn within {PDF_SECONDS} seconds")


def _tour(visitor: Visitor, password: str) -> None:
    """Go through the pages of the demo story's people, and have one report drawn."""
    for email, paths in (
        ("alice@northwind.example", ("", "/questions", "/answers/PO.1.1")),
        ("charlie@halden.example", ("",)),
    ):
        visitor = Visitor(visitor.base)
        visitor.send("/sign-in", email=email, password=password)
        listing = visitor.look("/assessments")
        ids = list(dict.fromkeys(re.findall(r"/assessments/([0-9a-f]{12})", listing)))
        if not ids:
            raise CheckFailed(what=f"{email} sees no assessment of the demo story")
        for id in ids:
            for path in paths:
                visitor.look(f"/assessments/{id}{path}")
        if email.startswith("charlie"):
            visitor.look("/reviews")
            visitor.look(f"/reviews/{ids[0]}")
            visitor.look(f"/reviews/{ids[0]}/responses/PO.1.1")
        visitor.look(f"/reports/{ids[0]}")
    visitor.send(f"/reports/{ids[0]}/executive")
    body = visitor.pdf(f"/reports/{ids[0]}/executive.pdf")
    if not body.startswith(b"%PDF-") or not body.rstrip().endswith(b"%%EOF"):
        raise CheckFailed(what="the report is no PDF")
    print(f"  executive report: {len(body):,} bytes of PDF")


def _own_assessment(folder: str) -> None:
    """Score and draw this project's own assessment, where the checkout carries it."""
    path = shipped("questionnaires").parent / SELF_ASSESSMENT
    if not path.is_file():
        return
    target = str(Path(folder) / "self.pdf")
    for arguments in (
        ["score", str(path)],
        ["report", str(path), "--kind", "assessment", "-o", target],
    ):
        command = [sys.executable, "-m", "sdlc_assess", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise CheckFailed(what=f"`sdlc-assess {' '.join(arguments)}`: {done.stderr.strip()}")
    print(f"  this project's own assessment: {Path(target).stat().st_size:,} bytes of PDF")


@contextmanager
def _service(folder: str) -> Iterator[str]:
    """Run the service on a free port with the demo story; stop it at the end."""
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "SDLC_DATA_DIR": folder,
        "SDLC_PUBLIC_URL": base,
        "SDLC_ENV": "development",
        "DATABASE_URL": "",
    }
    command = [sys.executable, "-m", "sdlc_assess", "serve", "--demo", "--port", str(port)]
    log = Path(folder) / "service.log"
    with log.open("wb") as out:
        service = subprocess.Popen(command, env=environment, stdout=out, stderr=out)  # noqa: S603
        try:
            _wait_until_ready(base, service, log)
            yield base
        finally:
            service.terminate()
            try:
                service.wait(timeout=30)
            except subprocess.TimeoutExpired:
                service.kill()


def _wait_until_ready(base: str, service: subprocess.Popen[bytes], log: Path) -> None:
    began = time.monotonic()
    while time.monotonic() - began < START_SECONDS:
        if service.poll() is not None:
            break
        try:
            with urllib.request.urlopen(base + "/readyz", timeout=5):  # noqa: S310 - our own address
                print(f"  first answer after {time.monotonic() - began:.1f} s")
                return
        except OSError:
            time.sleep(0.1)
    raise CheckFailed(what="the service did not start: " + log.read_text(errors="replace")[-2000:])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
