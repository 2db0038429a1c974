"""The ceilings: bare Flask, and Flask with one upsert under the same durability."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from flask import Flask, request
from sqlalchemy import text

from sdlc_assess.store.database import Database


def hello() -> Flask:
    """Return an application that does nothing."""
    app = Flask("hello")

    @app.get("/")
    def page() -> str:
        return "hello"

    return app


def upsert() -> Flask:
    """Return an application that saves one answer by one upsert, as durably as the product."""
    app = Flask("upsert")
    database = Database(f"sqlite:///{os.environ['BENCH_DB']}")
    with database.write() as tx:
        tx.exec_driver_sql(
            "CREATE TABLE IF NOT EXISTS answer (id INTEGER PRIMARY KEY, option TEXT, text TEXT)"
        )
    statement = text(
        "INSERT INTO answer (id, option, text) VALUES (:id, :option, :text)"
        " ON CONFLICT (id) DO UPDATE SET option = excluded.option, text = excluded.text"
    )

    @app.post("/save")
    def save() -> str:
        form = request.form
        with database.write() as tx:
            values = {"id": 1, "option": form["option"], "text": form["justification"]}
            tx.execute(statement, values)
        return "saved"

    return app


_count = iter(range(10**9))


def form() -> dict[str, str]:
    """Return one answer to save; each differs from the one before."""
    number = next(_count)
    return {"option": str(number % 5), "justification": f"As record {number} shows."}


def hello_command() -> list[str]:
    """Return the command that serves ``hello``."""
    return _gunicorn("bench.ceilings:hello()")


def upsert_command(folder: Path) -> list[str]:
    """Return the command that serves ``upsert`` on a database in ``folder``."""
    return ["env", f"BENCH_DB={folder / 'upsert.db'}", *_gunicorn("bench.ceilings:upsert()")]


def _gunicorn(application: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "--no-control-socket",
        "--worker-class=gthread",
        "--threads=4",
        "--workers=1",
        "--log-level=warning",
        "--bind=127.0.0.1:{port}",
        application,
    ]
