"""Edge: a folder of the mailbox, heard by IDLE where the server can. What mails mean is ``alertmail``'s."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

from crisis.errors import CrisisError
from crisis.interfaces import Inbox
from crisis.sources import kinds
from crisis.sources.hearing import Line, Read
from crisis.types import FeedContent, FeedPost, Fetched, Heard, InboxMark, Source, SourceKind

MAILS = 50  # taken at a time
MAIL_WAIT = 60.0  # seconds; where the server can, it wakes us before (IDLE)
MAIL_DAYS = 3  # that are read when a folder is read for the first time


class Mailbox(Line):
    """A folder of the mailbox. The cursor is "numbering:number" of the last mail that was read.

    Mails are not marked, moved or answered. One that cannot be read is passed over.
    """

    def __init__(self, source: Source, inbox: Callable[[str], Inbox], read: Read) -> None:
        self._source, self._open, self._read = source, inbox, read
        self._cursor = source.cursor
        self._inbox: Inbox | None = None

    def heard(self) -> Iterator[Heard]:
        self._inbox = self._open(kinds.folder(self._source.url))
        while True:
            bag = self._inbox.fetch(
                _mark(self._cursor), limit=MAILS, since=_first_day(self._cursor)
            )
            posts = tuple(post for mail in bag.mails for post in self._posts(mail.content))
            self._cursor = f"{bag.mark.numbering}:{bag.mark.uid}"
            yield Heard(source_id=self._source.id, posts=posts, cursor=self._cursor)
            if not bag.more:
                self._inbox.wait(MAIL_WAIT)

    def newest(self, most: int) -> FeedContent:
        """What the mails of the last days bring."""
        self._inbox = self._open(kinds.folder(self._source.url))
        bag = self._inbox.fetch(None, limit=MAILS, since=_first_day(""))
        posts = [post for mail in bag.mails for post in self._posts(mail.content)]
        return FeedContent(posts=tuple(reversed(posts[-most:])))

    def close(self) -> None:
        inbox, self._inbox = self._inbox, None
        if inbox is not None:
            inbox.close()

    def _posts(self, content: bytes) -> tuple[FeedPost, ...]:
        try:
            return self._read(Fetched(body=content, url=""), SourceKind.MAILBOX).posts
        except CrisisError:
            return ()


def _mark(cursor: str) -> InboxMark | None:
    numbering, _, uid = cursor.partition(":")
    if not (numbering.isdigit() and uid.isdigit()):
        return None
    return InboxMark(numbering=int(numbering), uid=int(uid))


def _first_day(cursor: str) -> date | None:
    """The first time, mails of the last days only: a folder may hold years."""
    return None if cursor else (datetime.now(UTC) - timedelta(days=MAIL_DAYS)).date()
