"""``serve``: the web service, by gunicorn; one of its workers is elected to own the job table."""

from __future__ import annotations

import argparse
import errno
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from sdlc_assess.app import create_app, make_leader
from sdlc_assess.cli import selfcheck
from sdlc_assess.cli.database import prepare
from sdlc_assess.config import Config
from sdlc_assess.errors import AssessError
from sdlc_assess.services import demo
from sdlc_assess.services.desk import Desk

GRACE_SECONDS = 10


class PortInUse(AssessError):
    """Port {port} on {host} is taken by another program. Nothing was started: end that program, or
    choose another port with --port."""


class AddressUnusable(AssessError):
    """The service can't listen on port {port} of {host}: {why}. Nothing was started: choose another
    with --host and --port."""


class DataFolderUnusable(AssessError):
    """The data folder {path} can't be used: {why}. Nothing was started: name a folder that this
    user may write to with SDLC_DATA_DIR."""


def add(commands: Any) -> None:
    """Add the command."""
    command = commands.add_parser(
        "serve",
        help="run the web service",
        epilog="example: sdlc-assess serve --port 8080 --demo",
    )
    command.add_argument("--host", default="127.0.0.1", help="address to listen on")
    command.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
    command.add_argument(
        "--demo", action="store_true", help="fill an empty database with the demo story first"
    )
    command.add_argument(
        "--check",
        action="store_true",
        help="serve, ask for every kind of page and one PDF, and stop",
    )
    command.set_defaults(run=serve)


def serve(chosen: argparse.Namespace) -> int:
    """Prepare the database, then serve until stopped."""
    if chosen.check:
        return selfcheck.run()
    config, desk = _open(chosen.host, chosen.port)
    if chosen.demo and not config.production:
        people = demo.fill(desk) if demo.is_empty(desk) else demo.known(desk)
        if people:
            print(demo.sign_ins(people), flush=True)
    print(f"Serving on http://{_address(chosen.host, chosen.port)} (Ctrl-C stops it)", flush=True)
    desk.database.dispose()  # no connection may cross the fork
    Server(config, chosen.host, chosen.port).run()
    return 0


def _open(host: str, port: int) -> tuple[Config, Desk]:
    """Read the settings and open the data, after a look at what most often stands in the way."""
    mask = os.umask(0o077)  # a data folder made here is its owner's alone
    try:
        config = Config.from_environ()
        check_port(host, port)
        config.data_dir.mkdir(parents=True, exist_ok=True)
        _check_writable(config.data_dir)
        return config, prepare(config)
    except OSError as error:
        why = error.strerror or str(error)
        raise DataFolderUnusable(path=error.filename, why=why) from error
    finally:
        os.umask(mask)


def _check_writable(folder: Path) -> None:
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))


def check_port(host: str, port: int) -> None:
    """Raise PortInUse when another program listens there, AddressUnusable when none could."""
    if not 0 < port < 65536:
        raise AddressUnusable(host=host, port=port, why="a port is a number from 1 to 65535")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortInUse(host=host, port=port) from error
            why = error.strerror or str(error)
            raise AddressUnusable(host=host, port=port, why=why) from error


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _end_with_terminal(arbiter: Any) -> None:
    """Take a closed terminal as the word to stop; a service without one keeps gunicorn's reload."""
    if sys.stdin is not None and sys.stdin.isatty():
        signal.signal(signal.SIGHUP, lambda *_: arbiter.signal(signal.SIGTERM, None))


class Server(BaseApplication):
    """gunicorn without a settings file and without its control socket."""

    def __init__(self, config: Config, host: str, port: int) -> None:
        """Serve ``config`` on ``host`` and ``port``."""
        self.settings, self.address = config, _address(host, port)
        super().__init__()

    def load_config(self) -> None:
        """Set what gunicorn needs to know."""
        for name, value in {
            "bind": self.address,
            "workers": self.settings.workers,
            "worker_class": "gthread",
            "threads": self.settings.threads,
            "graceful_timeout": GRACE_SECONDS,
            "timeout": 60,
            "keepalive": 5,
            "control_socket_disable": True,
            "when_ready": _end_with_terminal,
            "worker_exit": lambda _server, worker: _stop_leader(worker),
            "loglevel": "warning",
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application in each worker, and stand for election there."""
        # a terminal's Ctrl-C reaches every process; told twice to end, by it and by the master, a
        # worker can hang in the midst of ending, so it listens to the master alone
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with _held_back():
            app = create_app(self.settings)
            desk: Desk = app.extensions["desk"]
            leader = make_leader(desk)
            app.extensions["leader"] = leader
            leader.start()  # its thread and the render child keep it held back: they end with us
        return app


@contextmanager
def _held_back() -> Iterator[None]:
    """Let a Ctrl-C wait: in the midst of start-up it would look like a worker that can't start."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGQUIT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _stop_leader(worker: Any) -> None:
    app = getattr(worker, "wsgi", None)
    leader = getattr(app, "extensions", {}).get("leader")
    if leader is not None:
        leader.stop()
