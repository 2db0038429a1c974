"""What the tests send to a render child and start as processes of their own."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

from sdlc_assess.jobs.child import Child
from sdlc_assess.jobs.leader import Leader
from sdlc_assess.store.database import Database


def greet(name: str) -> bytes:
    """Return at once."""
    return f"{name} from {os.getpid()}".encode()


def break_down(words: str) -> bytes:
    """Raise."""
    raise ValueError(words)


def slow(notes: str) -> bytes:
    """Note one's own process id and take long the first time, be quick the second."""
    path = Path(notes)
    is_first = not path.exists()
    with path.open("a") as file:
        file.write(f"{os.getpid()}\n")
    if is_first:
        time.sleep(60)
    return b"drawn"


def handler(child: Child, arguments: dict[str, Any]) -> None:
    """The job of these tests: let the child work, then leave a file."""
    Path(arguments["done"]).write_bytes(child.run(slow, arguments["notes"]))


def stand(url: str, lock: str, mark: str) -> None:
    """Be one process that stands for election, and say so once elected; for `python -m`."""
    leader = Leader(Database(url), Path(lock), {"slow": handler})
    leader.start()
    leader.elected.wait()
    Path(mark).write_text(str(os.getpid()))
    time.sleep(120)


if __name__ == "__main__":
    stand(*sys.argv[1:])
