"""Smaller answers for slow lines: pages and our own files compressed, files marked as never changing.

A page of somebody signed in is left as it is when its address carries words (``?q=…``): who could watch the
line and make a browser ask for guesses would learn from the size what else is on the page (BREACH,
CVE-2013-3587).
"""

from __future__ import annotations

from collections.abc import MutableMapping

from flask import Flask, Request, Response, current_app, g, request
from flask_compress import Compress

YEAR = 31_536_000  # seconds
MONTH = 2_592_000
MOST_FILES = 200  # compressed and kept by each process; we have about fifty


class _Files:
    """What was compressed once, by the file's tag, which changes with the file."""

    def __init__(self) -> None:
        self._found: MutableMapping[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        return self._found.get(key)

    def set(self, key: str, content: bytes) -> None:
        if len(self._found) < MOST_FILES:
            self._found[key] = content


def install(app: Flask) -> None:
    """Must come before whoever changes answers: what is asked last is done first."""
    app.config.update(
        COMPRESS_REGISTER=False,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_STREAMS=False,
    )
    pages, files = Compress(), Compress()
    for one in (pages, files):
        one.init_app(app)
        one.compress_mimetypes_set |= {"application/feed+json"}
    files.cache, files.cache_key = _Files(), _tag_of_file

    def shrink(response: Response) -> Response:
        if request.method not in ("GET", "HEAD"):
            return response
        if request.endpoint == "static":
            return files.after_request(_readied(response))
        if request.args and current_app.config["SESSION_COOKIE_NAME"] in request.cookies:
            return response
        return pages.after_request(response)

    app.after_request(shrink)


def _readied(response: Response) -> Response:
    """A file of ours: read at once, and kept by browsers as long as its address holds."""
    if response.status_code != 200:
        return response
    response.headers.pop("Cache-Control", None)
    # Addresses with a stamp change with the file; fonts are named by our style sheet without one.
    seconds = YEAR if "v" in request.args else MONTH if request.path.endswith(".woff2") else 3600
    response.headers["Cache-Control"] = f"public, max-age={seconds}" + (
        ", immutable" if seconds == YEAR else ""
    )
    g.file_tag = response.headers.get("ETag", request.path)
    response.direct_passthrough = False
    file = response.response
    response.get_data()
    if hasattr(file, "close"):
        file.close()
    return response


def _tag_of_file(_request: Request) -> str:
    return str(g.file_tag)
