"""Signing in and out, the links from mails, and one's own account."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from sdlc_assess import mail
from sdlc_assess.services import sessions
from sdlc_assess.web import access, forms

room = Blueprint("accounts", __name__)

PURPOSES = {"invitation": "Welcome: choose your password", "reset": "Choose a new password"}


def _next_page() -> str:
    """Return the page wanted before signing in, if it is one of ours; never another site."""
    wanted = request.args.get("next") or ""
    parts = urlsplit(wanted)
    adapter = current_app.create_url_adapter(request)
    is_path = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    if parts.scheme or parts.netloc or not is_path or adapter is None:
        return url_for("assessments.listing")
    try:
        adapter.match(parts.path, method="GET")
    except HTTPException:
        return url_for("assessments.listing")
    return wanted


def _enter(token: str, page: str) -> Response:
    session.clear()  # a form token from before the sign-in is worth nothing after it
    return access.let_in(redirect(page, 303), token)  # type: ignore[arg-type]


@room.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response | str | tuple[str, int]:
    """Sign in with address and password."""
    form = forms.SignIn()
    if not form.validate_on_submit():
        status = 422 if request.method == "POST" else 200
        return render_template("accounts/sign_in.html", form=form), status
    try:
        token = sessions.sign_in(
            access.desk(), form.email.data or "", form.password.data or "", access.old_token()
        )
    except sessions.WrongCredentials as error:
        return render_template("accounts/sign_in.html", form=form, problem=error.message), 422
    return _enter(token, _next_page())


@room.post("/sign-out")
def sign_out() -> Response:
    """End this session."""
    with access.visiting(write=True) as visit:
        sessions.sign_out(visit, access.token())
    session.clear()
    return access.let_out(redirect(url_for("health.front"), 303))  # type: ignore[arg-type]


@room.route("/forgotten", methods=["GET", "POST"])
def forgotten() -> Response | str | tuple[str, int]:
    """Ask for a link that sets a new password; the answer is the same for every address."""
    form = forms.Forgotten()
    if not form.validate_on_submit():
        status = 422 if request.method == "POST" else 200
        return render_template("accounts/forgotten.html", form=form), status
    letter = sessions.request_reset(access.desk(), form.email.data or "")
    if letter is not None:
        post(letter)
    flash("If the address is known, a link is on its way to it. It works once, within one hour.")
    return redirect(url_for("accounts.sign_in"), 303)


def post(letter: mail.Letter) -> None:
    """Send a letter; one that can't go is logged, and the link can be asked for again."""
    config = access.desk().config
    try:
        mail.send(letter, config.smtp_url, config.mail_from)
    except OSError:
        current_app.logger.exception("a mail could not be sent")


@room.route("/<any(invitation, reset):purpose>/<token>", methods=["GET", "POST"])
def new_password(purpose: str, token: str) -> Response | str | tuple[str, int]:
    """Set a password behind a single-use link."""
    email = sessions.token_owner(access.desk(), token, purpose)
    form, title = forms.NewPassword(), PURPOSES[purpose]
    if not form.validate_on_submit():
        status = 422 if request.method == "POST" else 200
        page = render_template("accounts/password.html", form=form, title=title, email=email)
        return page, status
    try:
        entered = sessions.set_password(access.desk(), token, purpose, form.password.data or "")
    except sessions.WeakPassword as error:
        page = render_template(
            "accounts/password.html", form=form, title=title, email=email, problem=error.message
        )
        return page, 422
    return _enter(entered, url_for("assessments.listing"))


@room.route("/account", methods=["GET", "POST"])
def account() -> Response | str | tuple[str, int]:
    """Show one's own account; change the password, which ends every session."""
    form, problem = forms.ChangePassword(), ""
    if form.validate_on_submit():
        try:
            token = sessions.change_password(
                access.desk(), access.token(), form.current.data or "", form.password.data or ""
            )
        except (sessions.WeakPassword, sessions.WrongCredentials) as error:
            problem = error.message
        else:
            entered = _enter(token, url_for("accounts.account"))
            flash("Your password is changed, and every other session has ended.")
            return entered
    with access.visiting():
        status = 422 if request.method == "POST" else 200
        return render_template("accounts/account.html", form=form, problem=problem), status


@room.post("/account/sessions/end")
def sign_out_elsewhere() -> Response:
    """End every other session of this person."""
    with access.visiting(write=True) as visit:
        ended = sessions.sign_out_elsewhere(visit, access.token())
    flash(f"{ended} other sessions ended." if ended != 1 else "One other session ended.")
    return redirect(url_for("accounts.account"), 303)
