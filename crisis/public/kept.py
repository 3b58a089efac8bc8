"""Citizens' pages in a rush: rendered once, kept in memory until an answer changes, and marked for caches.

Keeps nothing that depends on who asks: whoever brings a session gets a page of their own. Decides nothing
about content.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import cast

from flask import Response, current_app, g, make_response, request
from flask.typing import ResponseReturnValue

from crisis.desk import here

CACHE_SECONDS = 60  # a correction must be seen by all within a minute
STALE_SECONDS = (
    86_400  # for caches in front of us: better yesterday's facts than none while we are down
)
ROOM = 64_000_000  # bytes of one process for pages kept
_ARGUMENTS = ("sprache", "seite", "zahl")  # all that these pages read of an address
_KEY = "crisis.public.kept"


@dataclass(frozen=True, slots=True)
class _Page:
    stamp: tuple[object, ...]  # what it was made of
    until: datetime
    response: Response


class Shelf:
    """Pages of one process, the oldest given up first. Safe between threads."""

    def __init__(self, room: int = ROOM) -> None:
        self._pages: OrderedDict[Hashable, _Page] = OrderedDict()
        self._lock = threading.Lock()
        self._room = room
        self._used = 0

    def find(self, key: Hashable, stamp: tuple[object, ...], now: datetime) -> Response | None:
        """The page, if it is still what would be made now."""
        with self._lock:
            page = self._pages.get(key)
            if page is None or page.stamp != stamp or not now < page.until:
                return None
            self._pages.move_to_end(key)
        return _copy(page.response)

    def put(
        self, key: Hashable, stamp: tuple[object, ...], until: datetime, response: Response
    ) -> None:
        page = _Page(stamp, until, _copy(response))
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self._used += len(page.response.data)
            while self._used > self._room and self._pages:
                self._drop(next(iter(self._pages)))

    def _drop(self, key: Hashable) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self._used -= len(page.response.data)


def _copy(response: Response) -> Response:
    """Later handlers add headers; the page on the shelf stays as it is."""
    return Response(response.data, response.status_code, response.headers.copy())


def kept(view: Callable[..., Response]) -> Callable[..., ResponseReturnValue]:
    """A view whose page strangers share until an answer, the settings or the minute change."""

    @wraps(view)
    def answer(**arguments: object) -> ResponseReturnValue:
        if current_app.config["SESSION_COOKIE_NAME"] in request.cookies:
            response = make_response(view(**arguments))
            if here.person_or_none() is not None:
                response.headers["Cache-Control"] = "no-store"
                return response
            return response.make_conditional(request)
        key = (
            request.endpoint,
            tuple(sorted(arguments.items())),
            tuple(request.args.get(name, "")[:20] for name in _ARGUMENTS),
        )
        stamp = (here.store().live.version(("answers",)), here.settings())
        shelf, now = _shelf(), here.now()
        found = shelf.find(key, stamp, now)
        response = found or make_response(view(**arguments))
        if found is None:
            shelf.put(key, stamp, now + timedelta(seconds=CACHE_SECONDS), response)
        g.shared = True  # says nothing of cookies: see ``live.QuietSessions``
        return response.make_conditional(request)

    return answer


def public(response: Response, changed: datetime | None) -> Response:
    """Anybody may keep it for a minute, and show it for a day while we cannot be reached."""
    response.headers["Cache-Control"] = (
        f"public, max-age={CACHE_SECONDS}, stale-while-revalidate={CACHE_SECONDS},"
        f" stale-if-error={STALE_SECONDS}"
    )
    response.last_modified = changed
    response.add_etag()
    return response


def _shelf() -> Shelf:
    return cast("Shelf", current_app.extensions.setdefault(_KEY, Shelf()))
