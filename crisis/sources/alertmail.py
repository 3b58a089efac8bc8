"""Mails that bring posts: alerts of Google and Talkwalker, and what somebody forwarded. Bytes to posts.

An alert holds several finds, each of which becomes a post with its own address; the way round by the
sender's counting server is left out, by reading the address and asking nobody. Any other mail is one post.
Who sent it to whom, and what mail programs write about that, is not taken. HTML becomes text, never shown.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from crisis.errors import FeedError
from crisis.sources.bounds import MAX_MARKUP
from crisis.sources.dates import from_iso
from crisis.sources.entries import Entry, assemble
from crisis.sources.markup import clean, line, plain, web_address
from crisis.types import FeedContent

_URL = re.compile(r"[<(\[]?(https?://[^\s<>\"\])]{4,2000}(?:\)[^\s<>\"\])]+)*)[>)\]]?")
_COUNTING = re.compile(r"(?:^|\.)(?:google\.[a-z.]{2,6}|talkwalker\.com)$")
_IN_PATH = re.compile(r"/(?=https?(?::|%3A))", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9_-]{8,4000}={0,2}")
_BASE64_HTTP = "aHR0c"  # how "http" begins there
_INSIDE = ("url", "q", "u", "target", "redirect", "ru")  # parameters that carry the real address
_SECTION = re.compile(r"^(?:===.*===|-{3,}|_{3,}|\*{3,})$")
_FORWARD = re.compile(r"^\s*(?:(?:wg|fw|fwd|tr|aw|re|weitergeleitet)\s*:\s*)+", re.IGNORECASE)
_HEADER = re.compile(
    r"^[>\s*]*(?:von|from|gesendet|sent|datum|date|an|to|cc|kopie|betreff|subject|antwort an|reply-to)"
    r"\s*\*?:\s.*$",
    re.IGNORECASE,
)
_RULE = re.compile(
    r"^[>\s]*(?:-{2,}|_{5,})?\s*(?:weitergeleitete|ursprüngliche|original|forwarded|anfang der"
    r" weitergeleiteten|begin forwarded)[^\n]{0,60}$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_MOST = 100  # finds of one mail
_MOST_PARTS = 50


def read(body: bytes) -> FeedContent:
    """The posts in one mail. Raises FeedError if it is none."""
    try:
        mail = BytesParser(policy=policy.default).parsebytes(body)
        text, html = _texts(mail)
        subject = line(_header(mail, "subject"), 300)
        entries = list(_finds(text, html)) if _is_alert(mail, text or html) else []
        entries = entries or [_whole(mail, subject, text)]
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, IndexError) as error:
        raise FeedError(
            "Diese Mail ist zu beschädigt, um sie zu lesen.",
            "This mail is too damaged to be read.",
        ) from error
    when = _date(mail)
    return assemble([_dated(entry, when) for entry in entries])


def unwrapped(url: str) -> str:
    """Where a link really leads, as far as its address says it. Nobody is asked."""
    for _ in range(3):
        parts = urlsplit(url)
        if not _COUNTING.search(parts.hostname or ""):
            break
        inside = next(_carried(parts), "")
        if not inside:
            break
        url = inside
    return url


def _carried(parts: SplitResult) -> Iterator[str]:
    """Addresses that a counting server's link carries: in a parameter, whatever it is called, or its path.

    The usual names go first: others may hold the alert's own page.
    """
    asked = parse_qs(parts.query)
    values = [asked[name][0] for name in _INSIDE if name in asked]
    values += [one for several in asked.values() for one in several]
    values += [unquote(parts.path[at.start() + 1 :]) for at in _IN_PATH.finditer(parts.path)]
    for value in values:
        address = value if value.startswith(("http://", "https://")) else _unfolded(value)
        try:
            host = urlsplit(address).hostname or ""
        except ValueError:
            continue
        if host and address.startswith(("http://", "https://")):
            yield address


def _unfolded(value: str) -> str:
    """An address in base64, as some counting servers write it; "" for anything else."""
    if not value.startswith(_BASE64_HTTP) or not _BASE64.fullmatch(value):
        return ""
    try:
        return urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode("ascii")
    except (ValueError, UnicodeDecodeError):
        return ""


def _is_alert(mail: Message, text: str) -> bool:
    """Whether a counting server's links stand in it that lead elsewhere: forwarded alerts count, too."""
    said = _header(mail, "from").lower()
    if "googlealerts" in said or "talkwalker" in said:
        return True
    found: list[str] = _URL.findall(text)[:_MOST]
    return sum(unwrapped(url) != url for url in found) >= 2


def _finds(text: str, html: str) -> Iterator[Entry]:
    """What an alert found: title, snippet, address."""
    yield from _cut(html, before=False) if html else _cut(text, before=True)


def _cut(text: str, *, before: bool) -> Iterator[Entry]:
    """Finds of a text in which each stands before its address (plain mails), or begins with it (HTML)."""
    seen: set[str] = set()
    pending: list[str] = []
    title, url = "", ""
    for raw in text.split("\n"):
        row = raw.strip()
        found = _URL.search(row)
        if found is None:
            if row and not _SECTION.match(row):
                pending.append(row)
            continue
        target = web_address(unwrapped(found[1].rstrip(".,;")))
        words = (row[: found.start()] + row[found.end() :]).strip(" <>()[]")
        if before:
            block = [*pending, *([words] if words else [])]
            pending = []
            if _counts(target, seen) and block:
                yield Entry(id=target, link=target, title=block[0], body="\n".join(block[1:]))
            continue
        if not _counts(target, set()):
            continue  # to set the alert, to share: between finds
        if url and title:
            yield from _once(url, title, pending, seen)
        title, url, pending = words, target, []
    if not before and url and title:
        yield from _once(url, title, pending, seen)


def _once(url: str, title: str, snippet: list[str], seen: set[str]) -> Iterator[Entry]:
    if _counts(url, seen):
        yield Entry(id=url, link=url, title=title, body="\n".join(snippet[:6]))


def _counts(target: str, seen: set[str]) -> bool:
    """Whether this address is a find, and a new one."""
    if not target or _COUNTING.search(urlsplit(target).hostname or "") or len(seen) >= _MOST:
        return False
    if target in seen:
        return False
    seen.add(target)
    return True


def _whole(mail: Message, subject: str, text: str) -> Entry:
    """The mail as one post, without who wrote it to whom."""
    rows = text.split("\n")
    for at, row in enumerate(rows):
        if row.rstrip() == "--" and at > 0:
            rows = rows[:at]  # what follows is a signature
            break
    kept = [row for row in rows if not (_HEADER.match(row) or _RULE.match(row))]
    words = _ADDRESS.sub("…", clean("\n".join(row.lstrip("> ") for row in kept)))
    links = [unwrapped(found) for found in _URL.findall(words)]
    return Entry(
        id=_header(mail, "message-id"),
        link=web_address(links[0]) if links else "",
        title=_ADDRESS.sub("…", _FORWARD.sub("", subject)),
        body=words,
    )


def _texts(mail: Message) -> tuple[str, str]:
    """The mail as text, and its HTML as text ("" where it has none). Attachments are not looked into."""
    text, html = "", ""
    for number, part in enumerate(mail.walk()):
        if number >= _MOST_PARTS:
            break
        if part.is_multipart() or part.get_content_disposition() == "attachment":
            continue
        kind = part.get_content_type()
        if kind == "text/plain" and not text:
            text = clean(_content(part)[:MAX_MARKUP])
        elif kind == "text/html" and not html:
            html = plain(_content(part), html=True)
    return text or html, html


def _content(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return payload.decode("cp1252", "replace")


def _header(mail: Message, name: str) -> str:
    return " ".join(str(mail.get(name, "")).split())[:2_000]


def _date(mail: Message) -> datetime | None:
    try:
        moment = parsedate_to_datetime(_header(mail, "date"))
        return from_iso(moment.isoformat())
    except (ValueError, TypeError, OverflowError):
        return None


def _dated(entry: Entry, when: datetime | None) -> Entry:
    return Entry(id=entry.id, link=entry.link, title=entry.title, body=entry.body, published=when)
