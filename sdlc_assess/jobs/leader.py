"""The leader: of all processes on this data folder exactly one owns the job table.

It is whoever holds the lock on one file, which the system gives back when that process ends,
however it ends. Handlers come in as a plain {name: function}: this floor knows tasks by name only.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from sdlc_assess import clock
from sdlc_assess.jobs.child import Child
from sdlc_assess.store import jobs
from sdlc_assess.store.database import Database

POLL_SECONDS = 0.25
ELECTION_SECONDS = 1.0

log = logging.getLogger(__name__)

Handler = Callable[[Child, dict[str, Any]], None]


class Leader:
    """A thread that stands for election, and works the job table while elected."""

    def __init__(self, database: Database, lock: Path, handlers: Mapping[str, Handler]) -> None:
        """Work ``handlers`` on the jobs of ``database`` while holding ``lock``."""
        self.database, self.lock, self.handlers = database, lock, handlers
        self.child = Child()
        self.elected = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="leader")

    def start(self) -> None:
        """Stand for election."""
        self.lock.parent.mkdir(parents=True, exist_ok=True)
        self._thread.start()

    def stop(self) -> None:
        """Step back, and end the render child."""
        self._stop.set()
        self._thread.join(timeout=5)
        self.child.stop()

    def _run(self) -> None:
        with self.lock.open("a+") as file:
            if not self._wait_for(file):
                return
            self.elected.set()
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            while not self._stop.is_set():
                if not self.work_once():
                    self._stop.wait(POLL_SECONDS)

    def _wait_for(self, file: IO[str]) -> bool:
        while not self._stop.is_set():
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                self._stop.wait(ELECTION_SECONDS)
            else:
                return True
        return False

    def work_once(self) -> bool:
        """Take one job and work it; tell whether there was one."""
        try:
            with self.database.write() as tx:
                row = jobs.claim(tx, clock.now())
            if row is None:
                return False
            self._work(row)
        except Exception:
            # whatever ails the database, the leader stays: a job left running comes back by lease
            log.exception("the job table can't be worked; trying again")
            return False
        return True

    def _work(self, row: Any) -> None:
        try:
            self.handlers[row.name](self.child, row.arguments)
        except Exception as error:
            log.exception("job %s failed (attempt %s)", row.id, row.attempts + 1)
            with self.database.write() as tx:
                if row.attempts + 1 >= jobs.ATTEMPTS:
                    jobs.finish(tx, row.id, clock.now(), error=str(error) or type(error).__name__)
                else:
                    jobs.put_back(tx, row.id, str(error))
            return
        with self.database.write() as tx:
            jobs.finish(tx, row.id, clock.now())
