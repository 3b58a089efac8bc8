"""Mastodon and what speaks its API: which address is asked for a page people know, and where to go on.

Pure. A source's address is the page in the browser (``/tags/…``, ``/@…``, ``/search?q=…``). Its cursor is
the newest status seen ("112"), for an account with the account's number before it ("109/112"). Reading
the answers is ``statuses``; fetching them ``fetch``. Written against
https://docs.joinmastodon.org/methods/ (timelines, accounts, search, streaming).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

LIMIT = 40  # statuses of one answer; the most a server gives
MOST_PAGES = 10  # asked in a row; what is left is asked for next time

_TAG = re.compile(r"/tags/([^/?#]+)/?")
_ACCOUNT = re.compile(r"/(?:web/)?@([A-Za-z0-9_.-]+(?:@[A-Za-z0-9.-]+(?::\d+)?)?)/?")
_ID = re.compile(r"[A-Za-z0-9_-]{1,60}")


@dataclass(frozen=True, slots=True)
class Page:
    """What a person wants to follow at one server: exactly one of tag, account and words."""

    server: str  # with scheme, without a slash at the end
    tag: str = ""
    account: str = ""
    words: str = ""

    @property
    def url(self) -> str:
        """The page as a browser shows it."""
        if self.tag:
            return f"{self.server}/tags/{quote(self.tag)}"
        if self.account:
            return f"{self.server}/@{self.account}"
        return f"{self.server}/search?{urlencode({'q': self.words})}"

    @property
    def feed(self) -> str:
        """The RSS feed of the same; "" where there is none (of a search, of an account elsewhere)."""
        return "" if self.words or "@" in self.account else f"{self.url}.rss"

    @property
    def needs_token(self) -> bool:
        """Whether no server shows this to strangers."""
        return bool(self.words)


def page(url: str) -> Page | None:
    """The page behind an address, or None if it looks like none of Mastodon's. Its feed counts as well."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    server = f"{parts.scheme}://{parts.netloc}"
    if tag := _TAG.fullmatch(parts.path):
        return Page(server, tag=unquote(tag[1]).removesuffix(".rss").lstrip("#"))
    if account := _ACCOUNT.fullmatch(parts.path):
        return Page(server, account=account[1].removesuffix(".rss"))
    words = " ".join(parse_qs(parts.query).get("q", [""])[0].split())
    if parts.path.rstrip("/") == "/search" and words:
        return Page(server, words=words)
    return None


def is_feed(url: str) -> bool:
    """Whether this is the RSS feed of a page, readable without the API."""
    return urlsplit(url).path.endswith(".rss") and page(url) is not None


def question(url: str, cursor: str) -> str:
    """The address to ask next. The first answer brings the newest; after that what came since, oldest
    first (``min_id``), so that a page that is missed is only late."""
    wanted = _wanted(url)
    account, last = _split(cursor) if wanted.account else ("", cursor)
    rest: dict[str, str | int] = {"limit": LIMIT}
    if last:
        rest["min_id"] = last
    if wanted.tag:
        return (
            f"{wanted.server}/api/v1/timelines/tag/{quote(wanted.tag, safe='')}?{urlencode(rest)}"
        )
    if wanted.words:
        ask = {"q": wanted.words, "type": "statuses", **rest}
        return f"{wanted.server}/api/v2/search?{urlencode(ask)}"
    if not account:
        return f"{wanted.server}/api/v1/accounts/lookup?{urlencode({'acct': wanted.account})}"
    rest["exclude_reblogs"] = "true"
    return f"{wanted.server}/api/v1/accounts/{account}/statuses?{urlencode(rest)}"


def advance(url: str, cursor: str, found: str, full: bool) -> tuple[str, bool]:
    """The cursor after an answer in which ``found`` was newest, and whether to ask again at once.

    ``full``: the answer held as much as it may.
    """
    if not _wanted(url).account:
        return newest(cursor, found), bool(cursor) and full
    account, last = _split(cursor)
    if not account:
        return f"{found}/", bool(_ID.fullmatch(found))
    return f"{account}/{newest(last, found)}", bool(last) and full


def stream(url: str) -> str:
    """The address of the stream of the same, "" where there is none: only hashtags have a public one."""
    wanted = _wanted(url)
    if not wanted.tag:
        return ""
    return f"{wanted.server}/api/v1/streaming/hashtag?{urlencode({'tag': wanted.tag})}"


def newest(one: str, other: str) -> str:
    """The later of two status numbers. They grow with time, but are text of any length."""
    return max(one, other, key=lambda number: (len(number), number))


def _wanted(url: str) -> Page:
    wanted = page(url)
    if wanted is None:
        raise ValueError(f"no page of Mastodon: {url[:200]}")
    return wanted


def _split(cursor: str) -> tuple[str, str]:
    account, _, last = cursor.partition("/")
    return account, last
