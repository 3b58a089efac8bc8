"""Where posts come from: sources, what a request brings, what a reader finds in it. Knows no rumour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crisis.errors import CrisisError
from crisis.types.fact_checks import FactCheck
from crisis.types.warnings import Bulletin


class SourceKind(StrEnum):
    """What speaks at the other end. One module in ``sources/`` each."""

    FEED = "feed"
    MASTODON = "mastodon"  # the API of Mastodon and what speaks it
    BLUESKY = "bluesky"  # one account, by polling
    JETSTREAM = "jetstream"  # everything said on Bluesky, sieved
    PUSH = "push"  # another program hands its posts in; nobody is asked
    FACT_CHECKS = "fact-checks"  # what fact-check desks publish: knowledge, never posts
    MAILBOX = "mailbox"  # a folder of the authority's mailbox
    NINA = "nina"  # official warnings for a district: context, never posts
    CAP = "cap"  # official warnings of any sender that speaks CAP, the same

    @property
    def heard(self) -> bool:
        """Whether it is listened to."""
        return self in (SourceKind.JETSTREAM, SourceKind.MAILBOX)

    @property
    def asked(self) -> bool:
        """Whether it is asked every now and then."""
        return not self.heard and self is not SourceKind.PUSH

    @property
    def warns(self) -> bool:
        """Whether it brings official warnings, and no posts."""
        return self in (SourceKind.NINA, SourceKind.CAP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A place on the network that is asked for posts, and how it has been doing."""

    id: int = 0
    url: str
    name: str
    kind: SourceKind = SourceKind.FEED
    lang: str = ""  # BCP 47 primary tag of posts that name none, e.g. "de"; "" unknown
    region: str = ""  # where its posts are about, unless one names another place; "" unknown
    interval: int = 300  # seconds between two requests
    active: bool = True
    drill: bool = False
    etag: str = ""
    last_modified: str = ""
    next_due: datetime | None = None  # None: now
    failures: int = 0  # in a row
    last_success: datetime | None = None
    last_new_post: datetime | None = None
    last_error: str = ""  # in plain words, for people, in German
    last_error_en: str = (
        ""  # the same in English; "" where it was written down before there was one
    )
    cursor: str = ""  # where its kind goes on; "": from now
    added: datetime | None = None
    slowest: int = 0  # seconds after which it is asked at the latest; 0: an hour
    pace: float = 0.0  # seconds between two requests by its own rhythm; 0: not known yet
    moved_to: str = ""  # where its server says it lives for good now; not believed at once
    moved_times: int = 0  # how often in a row it said so
    moved_since: datetime | None = None
    moved_from: str = ""  # its address before we followed
    failing_since: datetime | None = None
    ended: datetime | None = None  # its server said that it is gone for good
    quiet_hours: int = 0  # silence for so long is worth a mail; 0: by its own rhythm
    told: str = ""  # what people were last told of it: "", "failing", "silent", "ended"
    line_since: datetime | None = (
        None  # since when a stream beside it is up, or down; None: never was
    )
    line_error: str = ""  # why that stream is down, in German; "": it is up
    line_error_en: str = ""

    def error(self, lang: str) -> str:
        """What went wrong last, in the language of whoever reads it."""
        return self.last_error if lang.startswith("de") else self.last_error_en or self.last_error


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What one request brought: bytes and what the server said of them. Not read yet."""

    body: bytes
    url: str  # after redirects
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    not_modified: bool = False  # the server says nothing changed; ``body`` is empty
    link: str = ""  # the ``Link`` header
    fresh_for: float | None = None  # seconds for which it holds, by the server; None: unsaid
    moved_to: str = ""  # where the page lives for good now, by the server
    asked: str = ""  # the source's own address, where its kind reads more from that


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPost:
    """One entry as a reader finds it: clean text, no markup. Not stored, not known to be new."""

    key: str  # stable within its source: the entry's own id, else its link, else a hash of its text
    text: str  # title and body, plain text, line breaks kept
    url: str = ""
    author: str = ""
    published: datetime | None = None
    lang: str = ""
    place: str = ""  # as the feed names it
    reach: int | None = None  # as the feed counts it


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedContent:
    """A feed, read: its title, language and newest posts, newest first."""

    title: str = ""
    lang: str = ""
    posts: tuple[FeedPost, ...] = ()
    remarks: tuple[str, ...] = ()  # what was wrong with the feed, in plain words; posts still count
    ask_every: int | None = None  # seconds between two requests as the feed wishes; None: unsaid
    cursor: str = ""  # the newest of all that was there, for kinds that are asked from there on
    full: bool = False  # there may be more than one answer holds
    checks: tuple[FactCheck, ...] = ()  # published fact checks; such a source has no posts
    hub: str = ""  # where the feed says it can be subscribed to (WebSub)
    topic: str = ""  # what the feed calls itself there
    bulletin: Bulletin | None = None  # official warnings; such a source has no posts


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one stream brought, in the order in which it was said."""

    source_id: int
    posts: tuple[FeedPost, ...] = ()
    gone: tuple[
        str, ...
    ] = ()  # keys of posts that were deleted; one that ends in "/": all that begin so
    cursor: str = ""  # where it may go on once this is written down; "": unchanged
    gap: bool = False  # the line was down before: what was said meanwhile must be asked for
    error: CrisisError | None = None  # the line is down now


@dataclass(frozen=True, slots=True, kw_only=True)
class HubLease:
    """A subscription to a feed at its hub (WebSub), asked for or holding."""

    id: int = 0
    source_id: int
    hub: str
    topic: str
    nonce: str  # its address and its secret are made from this and the installation's key
    leaving: bool = False  # nothing is wanted any more; the hub is to be told
    asked: datetime | None = None
    until: datetime | None = None  # it holds until then; None: not proven yet
    pushed: datetime | None = None  # last push that could be relied on; None: none
    next_due: datetime  # when the hub is asked (again)
    failures: int = 0  # in a row
    last_error: str = ""  # in German
    last_error_en: str = ""

    def error(self, lang: str) -> str:
        """What went wrong last, in the language of whoever reads it."""
        return self.last_error if lang.startswith("de") else self.last_error_en or self.last_error


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A public post, kept because it waits to be triaged or because it matched a rumour."""

    id: int = 0
    source_id: int
    key: str
    text: str
    url: str = ""
    author: str = ""
    published: datetime | None = None
    seen: datetime
    lang: str = ""
    edited: bool = False  # seen before under this key with another text
    drill: bool = False
    place: str = (
        ""  # where it is about: named by the feed, or one of the authority's places in the text
    )
    reach: int | None = (
        None  # how many saw or passed it on, as the feed counts; None: it does not say
    )
    gone: datetime | None = None  # deleted where it stood; its text is forgotten here too


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """A place where a kept post was found. The post's own fields are those of the earliest one."""

    id: int = 0
    post_id: int
    source_id: int
    key: str
    url: str = ""
    author: str = ""
    published: datetime | None = None
    seen: datetime
    counts: bool = True  # False: the same page or the same author again; says nothing of the spread
    gone: datetime | None = None  # deleted there; counted on, without address and author
    missed: int = 0  # how often in a row it was not found at its address
