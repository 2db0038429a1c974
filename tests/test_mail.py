"""Letters arrive whole, at one address, and a password goes to nobody who can be overheard."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from sdlc_assess import mail
from sdlc_assess.mail import Letter

LETTER = Letter("niobe@example.org", "Your invitation", "Grüße,\nthis is the link.\n.\nBye.\n")
SENDER = "service@example.org"


class Post(socketserver.StreamRequestHandler):
    """Just enough of SMTP (RFC 5321) to take a letter in."""

    def handle(self) -> None:
        office: Any = self.server
        self.say("220 office")
        for raw in self.rfile:
            line = raw.decode().strip()
            office.heard.append(line)
            match line.split(" ")[0].upper():
                case "EHLO":
                    for word in ("office", *office.offers):
                        self.say(f"250-{word}")
                    self.say("250 8BITMIME")
                case "DATA":
                    self.say("354 go on")
                    office.letters.append(self.body())
                    self.say("250 taken")
                case "AUTH":
                    self.say("235 welcome")
                case "STARTTLS":
                    self.say("454 not now")
                case "QUIT":
                    self.say("221 bye")
                    return
                case _:
                    self.say("250 fine")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def body(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)


class Office(socketserver.ThreadingTCPServer):
    """A mail server on the loopback."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Post)
        self.letters: list[bytes] = []
        self.heard: list[str] = []
        self.offers: list[str] = ["AUTH PLAIN LOGIN"]

    @property
    def port(self) -> int:
        return int(self.server_address[1])


@pytest.fixture
def office() -> Iterator[Office]:
    with Office() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def receivers(office: Office) -> list[str]:
    heard = [line.upper().split() for line in office.heard]
    return [words[1] for words in heard if words[0] == "RCPT"]


def test_a_letter_arrives_with_its_words(office: Office) -> None:
    mail.send(LETTER, f"smtp://127.0.0.1:{office.port}", SENDER)
    (raw,) = office.letters
    got = email.message_from_bytes(raw, policy=email.policy.default)
    assert (got["To"], got["From"], got["Subject"]) == (
        "niobe@example.org",
        SENDER,
        "Your invitation",
    )
    assert got.get_content().replace("\r\n", "\n") == LETTER.text
    assert receivers(office) == ["TO:<NIOBE@EXAMPLE.ORG>"]


def test_a_password_is_sent_to_this_machine(office: Office) -> None:
    mail.send(LETTER, f"smtp://us%40er:pass%3Aword@127.0.0.1:{office.port}", SENDER)
    assert any(line.startswith("AUTH") for line in office.heard)
    assert len(office.letters) == 1


def test_a_password_never_goes_to_another_machine_in_clear(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "LOOPBACK", ())  # as if the office stood elsewhere
    with pytest.raises(OSError, match="no TLS"):
        mail.send(LETTER, f"smtp://user:word@127.0.0.1:{office.port}", SENDER)
    assert not any("AUTH" in line for line in office.heard)
    assert office.letters == []


def test_tls_is_taken_when_it_is_offered_and_its_failure_stops_the_letter(office: Office) -> None:
    office.offers.append("STARTTLS")
    with pytest.raises(OSError, match="not now"):
        mail.send(LETTER, f"smtp://127.0.0.1:{office.port}", SENDER)
    assert "STARTTLS" in office.heard
    assert office.letters == []


@pytest.mark.parametrize(
    "letter",
    [
        Letter("a@example.org\nBcc: all@example.org", "Hello", "Text"),
        Letter("a@example.org", "Hello\nBcc: all@example.org", "Text"),
        Letter("a@example.org", "Hello\r\nBcc: all@example.org", "Text"),
        Letter("a@example.org\r\n\r\nOther text", "Hello", "Text"),
    ],
)
def test_no_word_of_a_letter_becomes_a_header(office: Office, letter: Letter) -> None:
    with pytest.raises(ValueError, match="linefeed"):
        mail.send(letter, f"smtp://127.0.0.1:{office.port}", SENDER)
    assert office.heard == []


def test_a_text_that_looks_like_a_header_stays_text(office: Office) -> None:
    letter = Letter("a@example.org", "Hello", "Bcc: all@example.org\n\n.\nRCPT TO:<b@b>\n")
    mail.send(letter, f"smtp://127.0.0.1:{office.port}", SENDER)
    assert len(office.letters) == 1
    assert receivers(office) == ["TO:<A@EXAMPLE.ORG>"]


@pytest.mark.parametrize("url", ["smtp://127.0.0.1:1", "smtps://127.0.0.1:1"])
def test_a_server_that_is_not_there_is_an_error_that_callers_expect(url: str) -> None:
    with pytest.raises(OSError, match="refused"):
        mail.send(LETTER, url, SENDER)


def test_without_a_server_the_console_gets_the_letter(capsys: pytest.CaptureFixture[str]) -> None:
    mail.send(LETTER, "", SENDER)
    printed = capsys.readouterr().err
    assert "mail to niobe@example.org: Your invitation" in printed
    assert "this is the link." in printed
