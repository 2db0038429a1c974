"""Mail to people: by SMTP when one is configured, else to the console. Plain text only."""

from __future__ import annotations

import smtplib
import ssl
import sys
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 10
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail. Line ends in ``to`` or ``subject`` are refused by the mail library itself."""

    to: str
    subject: str
    text: str


def send(letter: Letter, smtp_url: str, sender: str) -> None:
    """Send ``letter``, or print it when ``smtp_url`` is empty; raises OSError when it can't go.

    A password goes out under TLS alone, except to this very machine.
    """
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, letter.to, letter.subject
    message.set_content(letter.text)
    if not smtp_url:
        print(f"--- mail to {letter.to}: {letter.subject}\n{letter.text}---", file=sys.stderr)
        return
    url = urlsplit(smtp_url)
    host, port = url.hostname or "localhost", url.port
    context = ssl.create_default_context()
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port or 465, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(host, port or 587, timeout=TIMEOUT_SECONDS)
    with server:
        is_private = url.scheme == "smtps"
        server.ehlo()  # what the server can do is known only after it was asked
        if not is_private and server.has_extn("starttls"):
            server.starttls(context=context)
            is_private = True
        if url.username and not (is_private or host in LOOPBACK):
            raise smtplib.SMTPNotSupportedError(
                "the mail server offers no TLS, so the password was not sent to it"
            )
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)
