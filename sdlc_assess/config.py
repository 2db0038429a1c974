"""Settings, read once from the environment and frozen; unsafe production values stop the boot.

Every name is described in docs/configuration.md, and a test compares that page with ``SETTINGS``.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from sdlc_assess.errors import AssessError

SETTINGS: dict[str, str] = {
    "SDLC_DATA_DIR": "folder of database, files and secrets",
    "SDLC_ENV": "development or production",
    "DATABASE_URL": "postgresql://… or sqlite:///…; SQLite in the data folder by default",
    "SDLC_PUBLIC_URL": "address under which people reach the service; links in mails start with it",
    "SDLC_SECRET_KEY": "signs form tokens; at least 32 characters",
    "SDLC_SECRET_KEY_FILE": "file that holds SDLC_SECRET_KEY",
    "SDLC_SMTP_URL": "smtp://user:password@host:port or smtps://…; empty: mails go to the console",
    "SDLC_SMTP_URL_FILE": "file that holds SDLC_SMTP_URL",
    "SDLC_MAIL_FROM": "sender address of mails",
    "SDLC_WORKERS": "web processes of `serve`",
    "SDLC_THREADS": "threads of each web process",
}

MINIMUM_SECRET = 32


class UnsafeSetting(AssessError):
    """The setting {name} can't be used: {why}. Nothing was started; mend it and start again."""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of one service. ``database_url`` is a SQLAlchemy URL."""

    data_dir: Path
    production: bool
    database_url: str
    public_url: str
    secret_key: str
    smtp_url: str
    mail_from: str
    workers: int = 2
    threads: int = 4

    @property
    def files_dir(self) -> Path:
        """Where rendered reports are kept, named by their digest."""
        return self.data_dir / "files"

    @property
    def leader_lock(self) -> Path:
        """The file whose lock makes one process the leader that owns the job table."""
        return self.data_dir / "leader.lock"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Read ``environ`` (the process's own by default) or raise UnsafeSetting."""
        env = os.environ if environ is None else environ
        production = _choice(env, "SDLC_ENV", ("development", "production")) == "production"
        data_dir = Path(env.get("SDLC_DATA_DIR") or "var").absolute()
        return cls(
            data_dir=data_dir,
            production=production,
            database_url=_database_url(env, data_dir),
            public_url=_public_url(env, production),
            secret_key=_secret_key(env, data_dir, production),
            smtp_url=_smtp_url(env),
            mail_from=_mail_from(env),
            workers=_whole_number(env, "SDLC_WORKERS", 2),
            threads=_whole_number(env, "SDLC_THREADS", 4),
        )


def _choice(env: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = env.get(name) or allowed[0]
    if value not in allowed:
        raise UnsafeSetting(name=name, why=f"it is {value!r}, and must be {' or '.join(allowed)}")
    return value


def _whole_number(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name) or str(default)
    if not (value.isdecimal() and len(value) < 3 and 1 <= int(value) <= 64):
        raise UnsafeSetting(name=name, why=f"it is {value!r}, and must be a number from 1 to 64")
    return int(value)


def _secret(env: Mapping[str, str], name: str) -> str:
    """Return the value of ``name`` or of the file that ``name_FILE`` points to."""
    path = env.get(f"{name}_FILE")
    if not path:
        return env.get(name, "")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        why = f"its file can't be read ({error.strerror})"
        raise UnsafeSetting(name=f"{name}_FILE", why=why) from error


def _database_url(env: Mapping[str, str], data_dir: Path) -> str:
    url = env.get("DATABASE_URL") or f"sqlite:///{data_dir / 'sdlc_assess.db'}"
    scheme = url.partition(":")[0].partition("+")[0]
    if scheme in ("postgres", "postgresql"):
        return "postgresql+psycopg:" + url.partition(":")[2]
    if scheme != "sqlite":
        raise UnsafeSetting(name="DATABASE_URL", why="it must start with sqlite: or postgresql:")
    return url


def _public_url(env: Mapping[str, str], production: bool) -> str:
    url = (env.get("SDLC_PUBLIC_URL") or "http://127.0.0.1:8000").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or not _port(parts):
        raise UnsafeSetting(name="SDLC_PUBLIC_URL", why=f"{url!r} is no http or https address")
    if parts.path or parts.query or parts.fragment or parts.username:
        why = f"{url!r} must be scheme, host and port alone: the service sits at its host's root"
        raise UnsafeSetting(name="SDLC_PUBLIC_URL", why=why)
    if production and parts.scheme != "https":
        raise UnsafeSetting(name="SDLC_PUBLIC_URL", why="production must be reached by https")
    return url


def _smtp_url(env: Mapping[str, str]) -> str:
    url = _secret(env, "SDLC_SMTP_URL")
    parts = urlsplit(url)
    # the value may hold a password, so it is never repeated
    if url and (parts.scheme not in ("smtp", "smtps") or not parts.hostname or not _port(parts)):
        why = "it must be smtp://host:port or smtps://host:port"
        raise UnsafeSetting(name="SDLC_SMTP_URL", why=why)
    return url


def _port(parts: SplitResult) -> bool:
    """Tell whether the port of an address is absent or a number that a port can have."""
    try:
        return parts.port != 0
    except ValueError:
        return False


def _mail_from(env: Mapping[str, str]) -> str:
    value = env.get("SDLC_MAIL_FROM") or "sdlc-assess@localhost"
    if value.count("@") != 1 or not value.isprintable():
        why = f"{value!r} is not one mail address on one line"
        raise UnsafeSetting(name="SDLC_MAIL_FROM", why=why)
    return value


def _secret_key(env: Mapping[str, str], data_dir: Path, production: bool) -> str:
    key = _secret(env, "SDLC_SECRET_KEY")
    if not key and not production:
        return _own_secret(data_dir / "secrets" / "secret_key")
    if len(key) < MINIMUM_SECRET:
        why = f"production needs one of at least {MINIMUM_SECRET} characters, which no one else has"
        raise UnsafeSetting(name="SDLC_SECRET_KEY", why=why)
    if production and len(set(key)) < 10:
        raise UnsafeSetting(
            name="SDLC_SECRET_KEY", why="it repeats too few characters to be random"
        )
    return key


def _own_secret(path: Path) -> str:
    """Return the development secret, made on first use, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        os.chmod(path, 0o600)
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8").strip()
