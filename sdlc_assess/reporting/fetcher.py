"""The only door of the PDF engine to the outside: the fonts that ship with the reports.

Whatever a document asks for beyond them stops the render. This module imports WeasyPrint, so only
the render child imports it.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from urllib.parse import urlsplit

from fontTools.ttLib import woff2  # type: ignore[import-untyped]
from weasyprint.urls import URLFetcher, URLFetcherResponse

from sdlc_assess.resources import shipped

SCHEME = "asset"


@lru_cache(maxsize=1)
def assets() -> dict[str, bytes]:
    """Return {"/fonts/NAME": bytes} of every font that ships, read once per process.

    They are unpacked from woff2 here: WeasyPrint would do it again for each report, which is half
    of the time of a short one.
    """
    fonts = (shipped("reports") / "fonts").glob("*.woff2")
    return {f"/fonts/{path.name}": _unpacked(path.read_bytes()) for path in sorted(fonts)}


def _unpacked(packed: bytes) -> bytes:
    unpacked = BytesIO()
    woff2.decompress(BytesIO(packed), unpacked)
    return unpacked.getvalue()


class PackagedFetcher(URLFetcher):
    """Answers ``asset:/fonts/NAME`` from memory and raises ValueError for anything else."""

    def __init__(self) -> None:
        """Allow one scheme, no redirect, and let each refusal stop the render."""
        super().__init__(allowed_protocols=(SCHEME,), allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return the asset at exactly this address."""
        parts = urlsplit(url)
        body = assets().get(parts.path)
        # compared whole: a host, a query or another case of the scheme is another address
        if body is None or url != f"{SCHEME}:{parts.path}":
            raise ValueError(f"A report may only ask for its own fonts, not for {url!r}.")
        return URLFetcherResponse(url, body, {"Content-Type": "font/ttf"})
