"""Reports: which there are, asking for one, and the PDF itself."""

from __future__ import annotations

import re

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from sdlc_assess.assessment.role import Action
from sdlc_assess.services import reports
from sdlc_assess.web import access

room = Blueprint("reports", __name__, url_prefix="/reports/<id>")


def _number() -> int | None:
    wanted = request.args.get("snapshot", "")
    return int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 9 else None


@room.get("")
def listing(id: str) -> str:
    """List both kinds of report for the present state and for each frozen snapshot."""
    with access.reading(id, Action.READ_REPORT) as case:
        now = [reports.edition(case, kind) for kind in reports.KINDS]
        return render_template(
            "reports/listing.html", case=case, now=now, snapshots=reports.frozen(case)
        )


@room.route("/<kind>", methods=["GET", "POST"])
def report(id: str, kind: str) -> AnyResponse | str:
    """Show where a report stands; POST has it drawn."""
    number = _number()
    if request.method == "POST":
        with access.writing(id, Action.READ_REPORT) as case:
            reports.ask_for(case, kind, number)
        return redirect(url_for("reports.report", id=id, kind=kind, snapshot=number), 303)
    with access.reading(id, Action.READ_REPORT) as case:
        edition = reports.edition(case, kind, number)
        fragment = request.headers.get("HX-Request") == "true"
        template = "reports/state.html" if fragment else "reports/report.html"
        return render_template(template, case=case, edition=edition, number=number)


@room.get("/<kind>.pdf")
def pdf(id: str, kind: str) -> Response:
    """Send the PDF."""
    with access.reading(id, Action.READ_REPORT) as case:
        body, edition = reports.content(case, kind, _number())
        name = f"{case.row.target_name} {edition.kind} report {edition.digest[:8]}"
    safe = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()
    response = Response(body, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{safe}.pdf"'
    response.headers["ETag"] = f'"{edition.sha256}"'
    return response
