"""Settings: a value that can't be used, or is unsafe in production, stops the boot with a word."""

from __future__ import annotations

import re
import stat
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from sdlc_assess.config import SETTINGS, Config, UnsafeSetting
from sdlc_assess.resources import shipped

KEY = "k3y-of-a-production-service-0123456789"
SAFE = {
    "SDLC_ENV": "production",
    "SDLC_PUBLIC_URL": "https://assess.example.org",
    "SDLC_SECRET_KEY": KEY,
}


def read(folder: Path, **changes: str | None) -> Config:
    env = {"SDLC_DATA_DIR": str(folder), **SAFE, **changes}
    return Config.from_environ({name: value for name, value in env.items() if value is not None})


def test_a_safe_production_service_starts(tmp_path: Path) -> None:
    config = read(tmp_path)
    assert (config.production, config.public_url) == (True, "https://assess.example.org")
    assert config.secret_key == KEY
    assert config.database_url == f"sqlite:///{tmp_path / 'sdlc_assess.db'}"
    assert not (tmp_path / "secrets").exists(), "production makes no secret of its own"
    with pytest.raises(FrozenInstanceError):
        config.production = False  # type: ignore[misc]


UNSAFE = {
    "no secret": ("SDLC_SECRET_KEY", None, "at least 32"),
    "an empty secret": ("SDLC_SECRET_KEY", "", "at least 32"),
    "a short secret": ("SDLC_SECRET_KEY", "only thirty-one characters long", "at least 32"),
    "a secret of one letter": ("SDLC_SECRET_KEY", "x" * 64, "too few characters"),
    "a secret that repeats": ("SDLC_SECRET_KEY", "changeme!" * 8, "too few characters"),
    "plain http": ("SDLC_PUBLIC_URL", "http://assess.example.org", "https"),
    "no address": ("SDLC_PUBLIC_URL", None, "https"),
    "no host": ("SDLC_PUBLIC_URL", "https://", "no http or https address"),
    "another scheme": ("SDLC_PUBLIC_URL", "ftp://assess.example.org", "no http or https address"),
    "no scheme": ("SDLC_PUBLIC_URL", "assess.example.org", "no http or https address"),
    "no such port": ("SDLC_PUBLIC_URL", "https://a.example:99999", "no http or https address"),
    "a path": ("SDLC_PUBLIC_URL", "https://a.example/assess", "host's root"),
    "a user": ("SDLC_PUBLIC_URL", "https://a@b.example", "host's root"),
    "a typing error": ("SDLC_ENV", "prod", "development or production"),
    "another case": ("SDLC_ENV", "Production", "development or production"),
    "another database": ("DATABASE_URL", "mysql://a/b", "sqlite: or postgresql:"),
    "a database of no shape": ("DATABASE_URL", "var/db", "sqlite: or postgresql:"),
    "no number": ("SDLC_WORKERS", "two", "1 to 64"),
    "no worker": ("SDLC_WORKERS", "0", "1 to 64"),
    "too many": ("SDLC_THREADS", "65", "1 to 64"),
    "a number of no sense": ("SDLC_THREADS", "²", "1 to 64"),
    "a huge number": ("SDLC_THREADS", "9" * 5_000, "1 to 64"),
    "a mail server of no scheme": ("SDLC_SMTP_URL", "mail.example.org:587", "smtp://host:port"),
    "a mail server by http": ("SDLC_SMTP_URL", "https://mail.example.org", "smtp://host:port"),
    "a mail server of no name": ("SDLC_SMTP_URL", "smtp://", "smtp://host:port"),
    "a mail port of no sense": ("SDLC_SMTP_URL", "smtp://a.example:x", "smtp://host:port"),
    "a sender of two lines": ("SDLC_MAIL_FROM", "a@b.example\nBcc: c@d", "one mail address"),
    "a sender of no address": ("SDLC_MAIL_FROM", "nobody", "one mail address"),
}


@pytest.mark.parametrize("case", UNSAFE)
def test_an_unsafe_value_stops_the_boot_with_a_word(tmp_path: Path, case: str) -> None:
    name, value, words = UNSAFE[case]
    with pytest.raises(UnsafeSetting) as refused:
        read(tmp_path, **{name: value})
    said = refused.value.message
    assert said.startswith(f"The setting {name} can't be used: ")
    assert words in said
    assert "Nothing was started" in said
    if name in ("SDLC_SECRET_KEY", "SDLC_SMTP_URL") and value and value != "smtp://":
        assert value not in said, "a secret is never repeated"


def test_development_asks_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = Config.from_environ({})
    assert (config.production, config.public_url) == (False, "http://127.0.0.1:8000")
    assert config.data_dir == tmp_path / "var"
    assert (config.workers, config.threads, config.smtp_url) == (2, 4, "")


def test_the_own_secret_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    plain = {"SDLC_DATA_DIR": str(tmp_path)}
    first = Config.from_environ(plain).secret_key
    file = tmp_path / "secrets" / "secret_key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    file.chmod(0o644)
    assert Config.from_environ(plain).secret_key == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600, "loose permissions are tightened"
    assert len(first) >= 32


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SDLC_SECRET_KEY", "k3y-from-a-file-that-nobody-else-reads"),
        ("SDLC_SMTP_URL", "smtps://user:word@mail.example.org"),
    ],
)
def test_a_secret_can_come_from_a_file(tmp_path: Path, name: str, value: str) -> None:
    file = tmp_path / "mounted"
    file.write_text(f"{value}\n", encoding="utf-8")
    config = read(tmp_path, **{name: "ignored", f"{name}_FILE": str(file)})
    assert getattr(config, {"SDLC_SECRET_KEY": "secret_key"}.get(name, "smtp_url")) == value
    with pytest.raises(UnsafeSetting, match=f"{name}_FILE can't be used: its file can't be read"):
        read(tmp_path, **{f"{name}_FILE": str(tmp_path / "absent")})
    with pytest.raises(UnsafeSetting, match=f"{name}_FILE"):
        read(tmp_path, **{f"{name}_FILE": str(tmp_path)})


def test_an_empty_secret_file_is_no_secret(tmp_path: Path) -> None:
    file = tmp_path / "mounted"
    file.write_text("\n", encoding="utf-8")
    with pytest.raises(UnsafeSetting, match="at least 32"):
        read(tmp_path, SDLC_SECRET_KEY_FILE=str(file))


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgresql://u:p@h/n", "postgresql+psycopg://u:p@h/n"),
        ("postgres://u:p@h/n", "postgresql+psycopg://u:p@h/n"),
        ("postgresql+psycopg://u:p@h/n", "postgresql+psycopg://u:p@h/n"),
        ("sqlite:////srv/x.db", "sqlite:////srv/x.db"),
    ],
)
def test_a_database_is_named_as_people_name_it(tmp_path: Path, given: str, used: str) -> None:
    assert read(tmp_path, DATABASE_URL=given).database_url == used


def test_the_page_on_configuration_lists_every_setting_and_no_other() -> None:
    page = (shipped("questionnaires").parent / "docs" / "configuration.md").read_text()
    assert re.findall(r"^\| `([A-Z_]+)` \|", page, flags=re.M) == list(SETTINGS)


def test_every_setting_that_the_code_reads_is_listed() -> None:
    source = (Path(__file__).parent.parent / "sdlc_assess" / "config.py").read_text()
    code = source.partition("class Config")[2]
    read_there = set(re.findall(r'"(SDLC_[A-Z_]+|DATABASE_URL)"', code))
    assert read_there == {name for name in SETTINGS if not name.endswith("_FILE")}
