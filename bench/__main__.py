"""``make bench``: the product beside its ceilings, in one run on one machine, as ratios.

Each server is one gunicorn worker; one client on loopback asks them in turn, round by round, so
that a noisy machine slows all of them. The unit is requests per CPU second of the server process.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench import ceilings, product, servers

ROUNDS = 5
SECONDS = 1.5

GOALS = {
    "answer save : Flask + one upsert": (">=", 0.50),
    "question page (42) : bare Flask": (">=", 0.30),
    "save CPU at 10,000 : at 10": ("<=", 1.15),
    "page CPU at 10,000 : at 10": ("<=", 1.15),
    "SQL statements per page": ("<=", 3),
    "SQL statements per save": ("<=", 7),
    "worker memory (MB)": ("<=", 130),
    "start to first response (s)": ("<=", 1.6),
}


def main() -> int:
    """Run everything; print a line a figure; return 1 when a goal with a ratio is missed."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        figures = measure(Path(folder))
    print(f"\n{'figure':<42}{'measured':>12}{'goal':>12}")
    missed = 0
    for name, value in figures.items():
        sign, goal = GOALS.get(name, ("", ""))
        good = {">=": lambda a, b: a >= b, "<=": lambda a, b: a <= b}.get(sign, lambda a, b: True)
        missed += not good(value, goal)
        mark = "" if good(value, goal) else "  MISSED"
        print(f"{name:<42}{value:>12.2f}{f'{sign} {goal}' if sign else '':>12}{mark}")
    return 1 if missed else 0


def measure(folder: Path) -> dict[str, float]:
    """Return every figure."""
    small, large = (
        product.a_database(folder / "small", 10),
        product.a_database(folder / "large", int(os.environ.get("BENCH_ASSESSMENTS", "10000"))),
    )
    names = {
        "hello": servers.Target(ceilings.hello_command(), "/"),
        "upsert": servers.Target(ceilings.upsert_command(folder), "/save", post=ceilings.form),
        "page": small.page_target(),
        "save": small.save_target(),
        "page large": large.page_target(),
        "save large": large.save_target(),
    }
    rates: dict[str, list[float]] = {name: [] for name in names}
    figures: dict[str, float] = {}
    running = {name: target.start() for name, target in names.items()}
    try:
        for name, server in running.items():
            server.warm()
            print(f"{name}: up", file=sys.stderr)
        for _ in range(ROUNDS):
            for name, server in running.items():
                rates[name].append(server.cpu_rate(SECONDS))
        figures["worker memory (MB)"] = running["save"].memory_mb()
    finally:
        for server in running.values():
            server.stop()
    middle = {name: statistics.median(found) for name, found in rates.items()}
    figures |= {
        "answer save : Flask + one upsert": middle["save"] / middle["upsert"],
        "question page (42) : bare Flask": middle["page"] / middle["hello"],
        "save CPU at 10,000 : at 10": middle["save"] / middle["save large"],
        "page CPU at 10,000 : at 10": middle["page"] / middle["page large"],
    }
    for name, rate in middle.items():
        figures[f"CPU ms per request, {name}"] = 1000 / rate
    figures |= small.statements()
    figures["start to first response (s)"] = _start(small)
    figures |= product.pdf_pages(small)
    return figures


def _start(small: product.Product) -> float:
    began = time.monotonic()
    server = small.page_target().start()
    try:
        server.wait()
        return time.monotonic() - began
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
