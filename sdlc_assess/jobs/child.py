"""The one render child: a spawned process that stays warm and never outlives its parent."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from sdlc_assess.errors import AssessError

TIMEOUT_SECONDS = 100
REPORTS_PER_CHILD = 50
"""A child is replaced after this many reports, so that no leak grows for ever."""


class ChildFailed(AssessError):
    """The process that draws reports died or took too long. The report is tried again."""


def _watch_parent() -> None:
    """Leave with the parent: a child that lived on would draw the same report twice."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
        os._exit(0)

    threading.Thread(target=wait, daemon=True, name="parent-watch").start()


class Child:
    """One warm process of its own, made on first use and again after it died."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._pool: ProcessPoolExecutor | None = None

    def run(self, function: Callable[..., bytes], *arguments: Any) -> bytes:
        """Return ``function(*arguments)`` from the child, or raise ChildFailed."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                max_workers=1,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_watch_parent,
                max_tasks_per_child=REPORTS_PER_CHILD,
            )
        try:
            return self._pool.submit(function, *arguments).result(timeout=TIMEOUT_SECONDS)
        except (BrokenProcessPool, TimeoutError) as error:
            self.stop()
            raise ChildFailed from error

    def process_ids(self) -> list[int]:
        """Return the ids of live child processes: none or one."""
        processes = getattr(self._pool, "_processes", None) or {}
        return [pid for pid, process in processes.items() if process.is_alive()]

    def stop(self) -> None:
        """End the child at once."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        for process in (getattr(pool, "_processes", None) or {}).values():
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)
