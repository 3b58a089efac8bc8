"""From an address to bytes, politely and within bounds. Does not know what a feed is: see ``reading``.

Asks conditionally (ETag, Last-Modified), follows a few redirects and checks every one like the first
address, takes only http and https, never asks a private network (see ``network``), unpacks at most
``max_bytes``, and is over when its time is over. Uses no proxy and no cookie, and sends no Referer.
Says how long the answer holds by the server's word (``wishes``) and where a page has moved for good;
what follows from that is not decided here.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

import httpcore

from crisis import __version__
from crisis.errors import FetchError, ForbiddenAddressError
from crisis.sources import refusals
from crisis.sources.addresses import is_allowed
from crisis.sources.bounds import MAX_BYTES, MAX_KEY
from crisis.sources.dial import TROUBLE, Dial, headers_of
from crisis.sources.network import Deadline, Resolve, resolve
from crisis.sources.unpack import ACCEPTED, PackedWronglyError, UnknownPackingError, unpack
from crisis.sources.wishes import fresh_for
from crisis.types import Fetched

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
_NO_HEAD = frozenset({400, 405, 501})
_SAFE = "/%:@!$&'()*+,;=~-._?"  # what an address may hold unescaped, besides letters and digits


@dataclass(frozen=True, slots=True)
class _Answer:
    """One HTTP answer: its status, its headers (last one of a name wins), its unpacked body."""

    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)


class HttpFetch:
    """Fetches addresses; see ``interfaces.Fetch``. May be used by several threads at once.

    ``timeout``: seconds for a whole request with all its redirects; a third of it, at least a
    second, for each wait within. ``max_bytes``: of the unpacked body. ``allowed_hosts``: hosts of
    private networks that may be asked all the same, "name", "name:port" or "[IPv6]:port".
    ``contact``: an address or e-mail for whoever runs a source; stands in the User-Agent.
    ``token``: what a host gave us to sign in with, "" for nearly all; it goes to that host's API only.
    ``resolver`` and ``tls`` are the operating system's own unless given.
    """

    def __init__(
        self,
        *,
        timeout: float = 20,
        max_bytes: int = MAX_BYTES,
        allowed_hosts: Collection[str] = (),
        contact: str = "",
        token: Callable[[str], str] = lambda _host: "",
        resolver: Resolve = resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._allowed = tuple(allowed_hosts)
        self._token = token
        self._dial = Dial(
            agent=user_agent(contact), allowed=allowed_hosts, resolver=resolver, tls=tls
        )

    def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        """What is at ``url`` now, or that it has not changed since ``etag`` and ``last_modified``.

        Raises FetchError: ForbiddenAddressError if it leads where we never go, TooLargeError if it
        is larger or slower than we take.
        """
        deadline = Deadline(self._timeout, max(1.0, self._timeout / 3))
        conditions = _conditions(etag, last_modified)
        seen: set[str] = set()
        url = web_url(url)
        moved, for_good = "", True
        while url not in seen and len(seen) <= MAX_REDIRECTS:
            seen.add(url)
            answer = self._ask(url, conditions, deadline)
            if answer.status in _REDIRECTS and "location" in answer.headers:
                url = web_url(urljoin(url, answer.headers["location"]))
                # Up to the first step that may be taken back, the new address is the page's own.
                for_good = for_good and answer.status in _FOR_GOOD
                moved = url if for_good else moved
                continue
            return _fetched(answer, url, etag, last_modified, moved)
        raise FetchError(
            "Die Adresse leitet im Kreis oder zu oft weiter. Bitte die endgültige Adresse angeben.",
            "The address redirects in a circle or too often. Please give the final address.",
        )

    def status(self, url: str) -> int:
        """What a server says to HEAD, of the page that the address leads to at last; to GET where it does not
        know HEAD, without taking the page. Raises FetchError as ``fetch`` does, but for no status."""
        deadline = Deadline(self._timeout, max(1.0, self._timeout / 3))
        url = web_url(url)
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._ask(url, {}, deadline, "HEAD")
            if answer.status in _NO_HEAD:
                answer = self._ask(url, {}, deadline, "")
            if answer.status not in _REDIRECTS or "location" not in answer.headers:
                return answer.status
            url = web_url(urljoin(url, answer.headers["location"]))
        return answer.status

    def _ask(
        self, url: str, conditions: dict[str, str], deadline: Deadline, method: str = "GET"
    ) -> _Answer:
        """``method`` "": GET, whose body is left on the line."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        headers = {
            "Accept": ACCEPT,
            "Accept-Encoding": ACCEPTED,
            **conditions,
            **self._sign_in(parts),
        }
        try:
            with self._dial.ask(
                method or "GET", url, deadline=deadline, headers=headers
            ) as response:
                return self._receive(response, whole=method == "GET")
        except TROUBLE as error:
            raise refusals.of_failure(error, host) from error
        except (PackedWronglyError, UnknownPackingError) as error:
            raise refusals.of_failure(error, host) from error

    def _sign_in(self, parts: SplitResult) -> dict[str, str]:
        """The token for this host, over an encrypted line or inside the house; looked up for each step
        anew, so that no redirect carries it elsewhere."""
        token = self._token(parts.netloc) if parts.path.startswith("/api/") else ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        safe = parts.scheme == "https" or is_allowed(parts.hostname or "", port, self._allowed)
        return {"Authorization": f"Bearer {token}"} if token and safe else {}

    def _receive(self, response: httpcore.Response, *, whole: bool) -> _Answer:
        headers = headers_of(response)
        if response.status != 200 or not whole:
            return _Answer(response.status, headers, b"")
        length = headers.get("content-length", "")
        if length.isdigit() and int(length[:18]) > self._max_bytes:
            raise refusals.too_large(self._max_bytes)
        body = bytearray()
        for piece in unpack(response.iter_stream(), headers.get("content-encoding", "")):
            body += piece
            if len(body) > self._max_bytes:
                raise refusals.too_large(self._max_bytes)
        return _Answer(200, headers, bytes(body))


def user_agent(contact: str = "") -> str:
    """Who asks, and where to complain."""
    contact = "".join(char for char in contact if " " < char < "\x7f" and char not in "()")
    return f"Klarstellung/{__version__}" + (f" (+{contact})" if contact else "")


def web_url(url: str) -> str:
    """``url`` as it goes over the wire: http or https, ASCII, without fragment.

    Raises ForbiddenAddressError if it is none, or carries a password.
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").rstrip(".")
        host = host if host.isascii() else host.encode("idna").decode("ascii")
        port = parts.port
    except (ValueError, UnicodeError) as error:
        raise _no_address(url) from error
    if parts.scheme not in ("http", "https") or not host or len(url) > MAX_KEY:
        raise _no_address(url)
    if any(char in host for char in "%/\\ \t\r\n\0"):
        raise _no_address(url)
    if parts.username is not None or parts.password is not None:
        raise ForbiddenAddressError(
            "Die Adresse enthält Zugangsdaten. Nur öffentliche Feeds können gelesen werden.",
            "The address carries credentials. Only public feeds can be read.",
        )
    host = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}[parts.scheme]
    place = host if port in (None, usual) else f"{host}:{port}"
    path = quote(parts.path, safe=_SAFE) or "/"
    return urlunsplit((parts.scheme, place, path, quote(parts.query, safe=_SAFE), ""))


def _no_address(url: str) -> ForbiddenAddressError:
    shown = "".join(char for char in url if char.isprintable())[:200]
    return ForbiddenAddressError(
        f"„{shown}“ ist keine Webadresse. Sie muss mit https:// oder http:// beginnen.",
        f'"{shown}" is no web address. It must begin with https:// or http://.',
    )


def _conditions(etag: str, last_modified: str) -> dict[str, str]:
    headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in headers.items() if value and _plain(value)}


def _plain(value: str) -> bool:
    """Whether a header may carry it: what a hostile server once sent comes back here."""
    return value.isascii() and value.isprintable() and len(value) <= MAX_KEY


def _fetched(answer: _Answer, url: str, etag: str, last_modified: str, moved: str) -> Fetched:
    new_etag = answer.headers.get("etag", "")
    new_modified = answer.headers.get("last-modified", "")
    if answer.status == 304 and (etag or last_modified):
        return Fetched(
            body=b"",
            url=url,
            etag=new_etag or etag,
            last_modified=new_modified or last_modified,
            not_modified=True,
            fresh_for=fresh_for(answer.headers),
            moved_to=moved,
        )
    if answer.status != 200:
        raise refusals.of_status(answer.status, answer.headers)
    return Fetched(
        body=answer.body,
        url=url,
        content_type=answer.headers.get("content-type", ""),
        etag=new_etag if _plain(new_etag) else "",
        last_modified=new_modified if _plain(new_modified) else "",
        link=answer.headers.get("link", "")[:MAX_KEY],
        fresh_for=fresh_for(answer.headers),
        moved_to=moved,
    )
