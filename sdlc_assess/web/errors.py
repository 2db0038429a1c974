"""From a use case's error to an answer for a person: what happened, what was kept, what next."""

from __future__ import annotations

from flask import (
    Flask,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as AnyResponse

from sdlc_assess.assessment.response import InvalidAnswer
from sdlc_assess.assessment.review import InvalidVerdict, SeparationOfDuties
from sdlc_assess.assessment.status import NotNow
from sdlc_assess.errors import AssessError, StoreBusy, StoreFull
from sdlc_assess.services.answers import KeyReused, NotReturned, StaleAnswer
from sdlc_assess.services.assessments import InvalidTerms
from sdlc_assess.services.desk import NotFound, NotSignedIn
from sdlc_assess.services.people import PeopleError
from sdlc_assess.services.reports import NotReady
from sdlc_assess.services.reviews import NotAcceptable, NothingReturned, StaleVerdict
from sdlc_assess.services.sessions import UnusableToken, WeakPassword, WrongCredentials
from sdlc_assess.services.submission import GapsNotConfirmed, NothingChanged
from sdlc_assess.web import access

STATUS: dict[type[AssessError], int] = {
    NotFound: 404,
    UnusableToken: 404,
    NotNow: 409,
    NotReturned: 409,
    StaleVerdict: 409,
    NotAcceptable: 409,
    NotReady: 409,
    SeparationOfDuties: 409,
    InvalidAnswer: 422,
    KeyReused: 422,
    StaleAnswer: 409,
    InvalidVerdict: 422,
    InvalidTerms: 422,
    GapsNotConfirmed: 422,
    NothingChanged: 422,
    NothingReturned: 422,
    PeopleError: 422,
    WeakPassword: 422,
    WrongCredentials: 422,
    StoreBusy: 503,
    StoreFull: 507,
}

TITLES = {
    400: "That request was not whole",
    404: "There is nothing here",
    405: "That can't be done here",
    409: "Not now",
    413: "Too much at once",
    422: "Something needs mending",
    500: "Something broke on our side",
    503: "The service is busy",
    507: "The disk is full",
}

KEPT = {
    400: "Nothing was changed. Reload the page and send the form again; your text is still in it "
    "if you go back.",
    405: "Nothing was changed.",
    413: "Nothing was saved. A form carries at most 2 MB: shorten the text, or link to a document.",
    500: "Nothing was changed. The fault was logged; going back brings your text back.",
}


FOREIGN_HOST = (
    "This service does not go by the name in the address. Nothing was changed: use the address "
    "that SDLC_PUBLIC_URL names.\n"
)


def status_of(error: AssessError) -> int:
    """Return the HTTP status of an error of ours."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def is_htmx() -> bool:
    """Tell whether the request came from a script on our page, which swaps in a fragment."""
    return request.headers.get("HX-Request") == "true"


def page(status: int, message: str) -> Response:
    """Return an error as a page, or as one sentence for a script."""
    title = TITLES.get(status, "That did not work")
    if is_htmx():
        body = render_template("errors/fragment.html", message=message)
    else:
        body = render_template("errors/error.html", title=title, message=message, status=status)
    return make_response(body, status)


def _ours(error: AssessError) -> Response:
    return page(status_of(error), error.message)


def _signed_out(error: NotSignedIn) -> AnyResponse:
    if is_htmx():
        return page(401, error.message)
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    if wanted == "/":
        wanted = None
    return redirect(url_for("accounts.sign_in", next=wanted), 303)


def _http(error: HTTPException) -> AnyResponse:
    code = error.code or 500
    if code < 400:
        return error.get_response()
    if isinstance(error, SecurityError):  # under a foreign host no page of ours can be addressed
        return Response(FOREIGN_HOST, code, mimetype="text/plain")
    if code == 404 and request.url_rule is None and not _is_signed_in():
        return _signed_out(NotSignedIn())  # no address tells whether it exists
    response = page(code, KEPT.get(code, NotFound().message))
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _is_signed_in() -> bool:
    try:
        with access.visiting():
            return True
    except NotSignedIn:
        return False


def _csrf(error: CSRFError) -> Response:
    return page(
        400,
        "The form's safety token is missing or no longer valid, as after signing in anew. Nothing "
        "was changed. Go back, reload the page, and send the form again.",
    )


def _unexpected(error: Exception) -> Response:
    current_app.logger.exception("unexpected error at %s", request.path)
    return page(500, KEPT[500])


def register(app: Flask) -> None:
    """Register every handler."""
    app.register_error_handler(NotSignedIn, _signed_out)
    app.register_error_handler(AssessError, _ours)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)
