"""Where answers go: what is to be done on which channel, and what the channel says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class PublicationAct(StrEnum):
    """What is to be done on a channel."""

    PUBLISH = "publish"
    REPEAT = "repeat"  # say, dated, that it still holds: a promised update without news
    REPLY = "reply"  # below somebody's post
    EDIT = "edit"  # put the corrected words in the place of the old ones
    RETRACT = "retract"  # say there, dated and with the reason, that the text is withdrawn
    REMOVE = "remove"  # take it away


class PublicationState(StrEnum):
    """Where it stands."""

    WAITING = "waiting"  # queued, or to be tried again
    SENDING = "sending"  # on the wire; after a crash nobody knows whether it arrived
    TODO = "todo"  # a person must do it by hand
    SENT = "sent"  # done, and seen there
    FAILED = "failed"  # for good, until a person says "again"
    CANCELLED = "cancelled"  # withdrawn or replaced before it went out
    REPLACED = "replaced"  # went out; newer words have taken its place
    REMOVED = "removed"  # went out; was taken back


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """Something to be done on a channel that did not go by itself."""

    response_id: int
    channel: str
    state: PublicationState  # WAITING: it is tried again
    title: str  # the answer's, with its blanks open
    values: Mapping[str, str]
    created: datetime
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One thing to do for one answer on one channel: a post of a thread, a mail, a call."""

    id: int = 0
    response_id: int
    incident_id: int
    channel: str  # a code of ``channels.networks``
    act: PublicationAct = PublicationAct.PUBLISH
    part: int = 1  # of a thread or, for mails, of the list; from 1
    turn: int = (
        0  # of the promised updates, from 1; 0: the answer itself; -1: a reply (part: to what)
    )
    text: str  # plain, exactly as it goes out
    more: Mapping[str, Any] = field(default_factory=dict)  # title, link, lang, address ...
    key: str  # the same at every try: by it a repeat is recognised
    after: int | None = None  # must be out before: the post it answers
    target: int | None = None  # whose post is changed or taken away
    state: PublicationState = PublicationState.WAITING
    created: datetime
    due: datetime
    attempts: int = 0
    begun: datetime | None = None  # from here on it may have arrived
    sent_at: datetime | None = None
    remote: str = ""  # how the channel calls it
    url: str = ""  # where people see it
    problem_de: str = ""
    problem_en: str = ""
    done_by: int | None = None  # who did or stopped it by hand
    claimed_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What a channel says of a post that is there."""

    remote: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a channel says of itself when asked."""

    name: str
    url: str = ""
    most: int | None = None  # characters a post may have, by the channel's own count
    remarks: tuple[tuple[str, str], ...] = ()  # what else is good to know: (de, en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture with the words for those who do not see it."""

    content: bytes
    media_type: str
    alt: str
    width: int = 0  # pixels; 0: not known
    height: int = 0
