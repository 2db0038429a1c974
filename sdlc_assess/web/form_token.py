"""Form tokens and the cookie they are bound to: the libraries' own, signed by kept signers.

They make a serializer, a signer and a derived key anew for every cookie and token, which costs more
than signing does. The formats stay theirs, to the byte: either side reads the other's.
"""

from __future__ import annotations

import hmac
from functools import cached_property
from typing import Any

from flask import Flask, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect, generate_csrf, same_origin
from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

SALT = "wtf-csrf-token"
"""Under which Flask-WTF signs (flask_wtf/csrf.py)."""


class KeptSigner(TimestampSigner):
    """A signer that derives each key once; it holds nothing else that a call could change."""

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        """Return the key derived from ``secret_key``, by default from the newest."""
        kept: dict[Any, bytes] = self.__dict__.setdefault("_kept", {})
        key = kept.get(secret_key)
        if key is None:
            key = kept[secret_key] = super().derive_key(secret_key)
        return key


class KeptSerializer(URLSafeTimedSerializer):
    """A serializer that makes its signer once."""

    default_signer = KeptSigner

    @cached_property
    def _signer(self) -> Any:
        return super().make_signer(self.salt)

    def make_signer(self, salt: str | bytes | None = None) -> Any:
        """Return the signer under ``salt``, by default the serializer's own."""
        return self._signer if salt in (None, self.salt) else super().make_signer(salt)


class KeptSessions(SecureCookieSessionInterface):
    """Flask's cookie sessions, with one serializer for all requests of an application."""

    def __init__(self, app: Flask) -> None:
        """Make the serializer with the secrets that ``app`` has now."""
        made = super().get_signing_serializer(app)
        if made is None:
            raise RuntimeError("the application has no secret key")
        self._serializer = KeptSerializer(
            made.secret_keys,
            salt=self.salt,
            serializer=self.serializer,
            signer_kwargs=made.signer_kwargs,
        )

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer:
        """Return the one serializer."""
        return self._serializer


class FormTokens(CSRFProtect):
    """Flask-WTF's protection; what it would let pass is let pass by kept signers.

    Anything else is left to Flask-WTF, which says what was wrong with it.
    """

    def init_app(self, app: Flask) -> None:
        """Protect every form of ``app``."""
        super().init_app(app)
        self._serializer = KeptSerializer(app.secret_key or "", salt=SALT)

    def token(self) -> str:
        """Return this request's form token."""
        field = current_app.config["WTF_CSRF_FIELD_NAME"]
        if field not in g and isinstance(session.get(field), str):
            setattr(g, field, self._serializer.dumps(session[field]))
        return str(generate_csrf())

    def protect(self, apply_exemptions: bool = False) -> None:
        """Refuse a request whose form token is not the one of its session."""
        if request.method in current_app.config["WTF_CSRF_METHODS"] and self._is_good():
            g.csrf_valid = True
        else:
            super().protect(apply_exemptions)

    def _is_good(self) -> bool:
        """Tell whether Flask-WTF finds nothing wrong: token, session and origin (its protect)."""
        config = current_app.config
        kept, given = session.get(config["WTF_CSRF_FIELD_NAME"]), self._get_csrf_token()
        if not isinstance(kept, str) or not given:
            return False
        try:
            token = self._serializer.loads(given, max_age=config["WTF_CSRF_TIME_LIMIT"])
        except BadData:
            return False
        if not isinstance(token, str) or not hmac.compare_digest(kept.encode(), token.encode()):
            return False
        if not (request.is_secure and config["WTF_CSRF_SSL_STRICT"]):
            return True
        return bool(request.referrer) and same_origin(request.referrer, f"https://{request.host}/")


def form_token() -> str:
    """Return this request's form token, the same however often it is asked for."""
    return str(current_app.extensions["csrf"].token())
