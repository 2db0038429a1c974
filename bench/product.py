"""The product under measurement: a database of some size, its page and its save."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event, insert, select

from bench.servers import Target
from sdlc_assess import clock
from sdlc_assess.app import create_app, make_desk
from sdlc_assess.assessment.response import Answer
from sdlc_assess.assessment.role import Action
from sdlc_assess.config import Config
from sdlc_assess.services import answers, assessments, reports, sessions, snapshots
from sdlc_assess.services.assessments import Terms
from sdlc_assess.services.desk import Desk, reading, visiting, writing
from sdlc_assess.store import accounts, migrate
from sdlc_assess.store.database import Database
from sdlc_assess.store.tables import assessment, response

TOKEN = "bench"
QUESTION = "PW.7.2"
SECRET = "a secret of the bench, which nobody else has"


def config(folder: Path) -> Config:
    """Return the settings of a service in ``folder``."""
    return Config(
        data_dir=folder,
        production=False,
        database_url=f"sqlite:///{folder / 'bench.db'}",
        public_url="http://127.0.0.1:8000",
        secret_key=SECRET,
        smtp_url="",
        mail_from="bench@example.org",
    )


def application() -> Flask:
    """Return the product as gunicorn serves it here: form tokens are checked as always."""
    import os

    return create_app(config(Path(os.environ["BENCH_FOLDER"])))


def a_database(folder: Path, count: int) -> Product:
    """Make a database with ``count`` answered assessments of one vendor; return one of them."""
    folder.mkdir()
    settings = config(folder)
    database = Database(settings.database_url)
    migrate.upgrade(database)
    database.dispose()
    desk = make_desk(settings)
    id = _first(desk)
    _more(desk, id, count - 1)
    desk.database.dispose()
    return Product(folder, id)


def _first(desk: Desk) -> str:
    now, token = clock.now(), sessions.token_hash(TOKEN)
    with desk.database.write() as tx:
        vendor = accounts.add_organisation(tx, "Northwind", "vendor", now)
        person = accounts.add_person(tx, "alice@example.org", "Alice", now)
        accounts.add_membership(tx, person, vendor, "lead", "active", now)
        day = timedelta(days=1)
        accounts.add_session(tx, token, person, now, now + day, now + day)
    with visiting(desk, token, write=True) as visit:
        terms = Terms("Sentry", "1.0", (), None, None, "3", "All of it.")
        id = assessments.create(visit, vendor, None, "ssdf@1.0.0", terms)
    with writing(desk, token, id, Action.ANSWER) as case:
        typed = [
            answers.Typed(q, "", Answer(str(n % 5), "As the record of the unit shows." * 4), 0)
            for n, q in enumerate(case.questionnaire.by_id)
        ]
        answers.save_many(case, typed)
    return id


def _more(desk: Desk, id: str, count: int) -> None:
    """Copy the first assessment's rows: what else the table holds must not matter."""
    with desk.database.write() as tx:
        row = dict(tx.execute(select(assessment).where(assessment.c.id == id)).one()._mapping)
        rows = [
            dict(r._mapping)
            for r in tx.execute(select(response).where(response.c.assessment_id == id))
        ]
        for r in rows:
            del r["id"]
        for start in range(0, count, 500):
            ids = [f"{n:012x}" for n in range(start, min(count, start + 500))]
            tx.execute(insert(assessment), [{**row, "id": i} for i in ids])
            tx.execute(insert(response), [{**r, "assessment_id": i} for i in ids for r in rows])


@dataclass
class Product:
    """One database, and the assessment in it that is asked for."""

    folder: Path
    id: str

    def _command(self) -> list[str]:
        return [
            "env",
            f"BENCH_FOLDER={self.folder}",
            sys.executable,
            "-m",
            "gunicorn",
            "--no-control-socket",
            "--worker-class=gthread",
            "--threads=4",
            "--workers=1",
            "--log-level=warning",
            "--bind=127.0.0.1:{port}",
            "bench.product:application()",
        ]

    def page_target(self) -> Target:
        """The page with all 42 questions answered."""
        cookie = {"Cookie": f"sdlc_session={TOKEN}"}
        return Target(self._command(), f"/assessments/{self.id}/questions", headers=cookie)

    def save_target(self) -> Target:
        """The save of one answer as the page's script sends it."""
        saver = _Saver(self)
        cookies, token = saver.sign()
        return Target(
            self._command(),
            f"/assessments/{self.id}/answers/{QUESTION}",
            post=saver.form,
            headers={"Cookie": cookies, "X-CSRFToken": token, "HX-Request": "true"},
            after=saver.read,
        )

    def statements(self) -> dict[str, float]:
        """Count the SQL statements of one page and one save, BEGIN and COMMIT left out."""
        app = create_app(config(self.folder))
        saver = _Saver(self)
        cookies, token = saver.sign()
        client = app.test_client(use_cookies=False)
        desk: Desk = app.extensions["desk"]
        page = _counted(
            desk,
            lambda: client.get(f"/assessments/{self.id}/questions", headers={"Cookie": cookies}),
        )
        save = _counted(
            desk,
            lambda: client.post(
                f"/assessments/{self.id}/answers/{QUESTION}",
                data=saver.form(),
                headers={"Cookie": cookies, "X-CSRFToken": token},
            ),
        )
        desk.database.dispose()
        return {"SQL statements per page": page, "SQL statements per save": save}


def _counted(desk: Desk, act: Callable[[], Any]) -> float:
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            seen.append(statement)

    event.listen(desk.database.engine, "before_cursor_execute", note)
    answer = act()
    event.remove(desk.database.engine, "before_cursor_execute", note)
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.status_code}: {answer.data[:300]!r}")
    return len(seen)


class _Saver:
    """Saves one answer again and again, each on the version that the reply before gave it."""

    def __init__(self, product: Product) -> None:
        self.product, self.count = product, 0
        desk = make_desk(config(product.folder))
        with reading(desk, sessions.token_hash(TOKEN), product.id, Action.VIEW) as case:
            self.version = next(r.version for r in answers.load(case) if r.question_id == QUESTION)
        desk.database.dispose()

    def sign(self) -> tuple[str, str]:
        """Return (cookies, form token) as a page would have given them."""
        app = create_app(config(self.product.folder))
        client = app.test_client()
        client.set_cookie("sdlc_session", TOKEN, domain="127.0.0.1")
        page = client.get(
            f"/assessments/{self.product.id}/questions", base_url="http://127.0.0.1:8000"
        ).text
        token = re.search(r'name="csrf-token" content="([^"]+)"', page)
        cookie = client.get_cookie("sdlc_form", domain="127.0.0.1")
        app.extensions["desk"].database.dispose()
        if token is None or cookie is None:
            raise RuntimeError("the page carries no form token")
        return f"sdlc_session={TOKEN}; sdlc_form={cookie.value}", token[1]

    def form(self) -> dict[str, str]:
        """Return the fields of one save."""
        self.count += 1
        return {
            f"{QUESTION}:option": str(self.count % 5),
            f"{QUESTION}:justification": f"As record {self.count} shows.",
            f"{QUESTION}:version": str(self.version),
        }

    def read(self, reply: str) -> None:
        """Take the new version from the reply."""
        found = re.search(r'data-version="(\d+)"', reply)
        if found is None:
            raise RuntimeError(f"no version in the reply: {reply[:200]}")
        self.version = int(found[1])


def pdf_pages(product: Product) -> dict[str, float]:
    """Return CPU milliseconds per page of both kinds of report, warm, in this process."""
    from pypdf import PdfReader

    desk = make_desk(config(product.folder))
    with reading(desk, sessions.token_hash(TOKEN), product.id, Action.READ_REPORT) as case:
        snapshot = snapshots.working(case)
    desk.database.dispose()
    figures = {}
    for kind in reports.KINDS:
        reports.render_pdf(kind, snapshot)
        began = time.process_time()
        body = reports.render_pdf(kind, snapshot)
        spent = time.process_time() - began
        import io

        pages = len(PdfReader(io.BytesIO(body)).pages)
        figures[f"PDF {kind}: CPU ms per page"] = 1000 * spent / pages
        figures[f"PDF {kind}: pages"] = pages
    return figures
