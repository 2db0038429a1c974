"""Starting a server, asking it from one keep-alive client, and reading its own CPU clock."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Target:
    """What to start, and what to ask it: a path, with a form for each request when it is a POST."""

    command: list[str]
    path: str
    post: Callable[[], dict[str, str]] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    after: Callable[[str], None] | None = None

    def start(self) -> Server:
        """Start it on a free port."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [part.format(port=port) if "{port}" in part else part for part in self.command]
        process = subprocess.Popen(command, start_new_session=True)
        return Server(self, port, process)


@dataclass
class Server:
    """A running target."""

    target: Target
    port: int
    process: subprocess.Popen[bytes]
    connection: http.client.HTTPConnection | None = None

    def wait(self) -> None:
        """Wait for the first answer."""
        for _ in range(600):
            try:
                self.ask()
            except OSError:
                self.connection = None
                time.sleep(0.02)
            else:
                return
        raise RuntimeError(f"{self.target.command} did not come up")

    def ask(self) -> None:
        """Send one request; any answer but 200 is an error."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = dict(self.target.headers)
        if self.target.post is None:
            self.connection.request("GET", self.target.path, headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(self.target.post())
            self.connection.request("POST", self.target.path, body=body, headers=headers)
        response = self.connection.getresponse()
        content = response.read()
        if response.status != 200:
            raise RuntimeError(f"{self.target.path}: {response.status} {content[:300]!r}")
        if self.target.after is not None:
            self.target.after(content.decode())

    def warm(self) -> None:
        """Ask until caches are full."""
        self.wait()
        for _ in range(50):
            self.ask()

    def processes(self) -> list[int]:
        """Return the ids of all processes of the server."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    group = int((entry / "stat").read_text().rpartition(")")[2].split()[2])
                except OSError:
                    continue
                if group == self.process.pid:
                    found.append(int(entry.name))
        return found

    def cpu(self) -> float:
        """Return CPU seconds that the server's processes have used."""
        total = 0
        for pid in self.processes():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def cpu_rate(self, seconds: float) -> float:
        """Ask for so long; return requests per CPU second of the server."""
        self.connection = None  # the server closed it while the others had their turn
        before, began, count = self.cpu(), time.monotonic(), 0
        while time.monotonic() - began < seconds:
            self.ask()
            count += 1
        return count / max(self.cpu() - before, 1 / TICKS)

    def memory_mb(self) -> float:
        """Return the resident memory of the largest process, in MB."""
        sizes = []
        for pid in self.processes():
            status = Path(f"/proc/{pid}/status").read_text()
            sizes += [int(line.split()[1]) for line in status.splitlines() if "VmRSS" in line]
        return max(sizes) / 1024

    def stop(self) -> None:
        """End it with all its children."""
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(timeout=30)
