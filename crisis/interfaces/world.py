"""The world outside: the network, the reading process, mail servers, channels, addresses in mails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from email.message import EmailMessage
from typing import Protocol

from crisis.types import (
    Account,
    Alert,
    FeedContent,
    Fetched,
    Heard,
    HubLease,
    InboxMark,
    Mailbag,
    Posted,
    Publication,
    Source,
    SourceKind,
)


class Fetch(Protocol):
    """Bytes from an address. Raises FetchError and its kinds, nothing else."""

    def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched: ...
    def status(self, url: str) -> int: ...  # of HTTP, without taking what is there


class Reader(Protocol):
    """Posts from bytes, in bounded time and memory. Raises FeedError or TooLargeError."""

    def read(self, fetched: Fetched, kind: SourceKind = SourceKind.FEED) -> FeedContent: ...
    def close(self) -> None: ...


class Knock(Protocol):
    """A form posted to a stranger's server. Raises FetchError where it was not taken."""

    def post(self, url: str, form: Mapping[str, str]) -> None: ...


class Callbacks(Protocol):
    """Where hubs reach us, and what they sign with: secret, and each subscription's own."""

    def address(self, lease: HubLease) -> str: ...
    def fits(self, lease: HubLease, mark: str) -> bool: ...
    def secret(self, lease: HubLease) -> str: ...


class Streams(Protocol):
    """Sources that are heard instead of asked. Raises nothing: what goes wrong is part of what is heard."""

    def follow(self, sources: Iterable[Source]) -> None: ...  # these and no others
    def heard(self, most: int = 500) -> list[Heard]: ...  # one of each source, about so many posts
    def waiting(self) -> bool: ...  # whether something came
    def sample(self, source: Source) -> FeedContent: ...  # raises FetchError
    def close(self) -> None: ...


class Mailer(Protocol):
    """One mail handed to the next server. Raises MailError; returns once it is accepted.

    ``go`` is called right before it is handed over, and may raise StoppedError. Within ``together`` several
    mails may share a connection.
    """

    def send(self, alert: Alert, go: Callable[[], None] | None = None) -> None: ...
    def together(self) -> AbstractContextManager[None]: ...
    def forget_exercise(self) -> int: ...


class Channel(Protocol):
    """One place where answers go. Every method raises ChannelError or one of its kinds.

    ``go`` must be called right before the request that makes it visible, and not before anything that
    may take long: it raises StoppedError where the text must not go out any more.
    """

    @property
    def code(self) -> str: ...
    @property
    def knows(self) -> bool: ...  # whether ``look_up`` can tell that something did not arrive
    def publish(
        self, what: Publication, before: Publication | None, go: Callable[[], None]
    ) -> Posted: ...
    def edit(self, what: Publication, target: Publication, go: Callable[[], None]) -> Posted: ...
    def remove(self, what: Publication, target: Publication, go: Callable[[], None]) -> None: ...
    def look_up(self, what: Publication) -> Posted | None: ...
    def account(self) -> Account: ...


class Letterbox(Protocol):
    """Takes one mail at a time to the next server. ``go`` is called right before it is handed over.

    Raises MailError; its ``doubt`` says whether the mail may have arrived all the same.
    """

    def post(self, mail: EmailMessage, go: Callable[[], None] | None = None) -> None: ...
    def greet(self) -> None: ...


class Inbox(Protocol):
    """One folder of a mailbox. Every method but ``close`` raises InboxError, whose ``retry`` says whether
    the same call may succeed later by itself. Reading marks nothing; one thread at a time, but for ``close``.
    """

    def fetch(
        self, after: InboxMark | None, *, limit: int = 50, since: date | None = None
    ) -> Mailbag: ...
    def seen(self, uids: Iterable[int]) -> None: ...
    def move(self, uids: Iterable[int], folder: str) -> None: ...
    def wait(self, seconds: float) -> bool: ...
    def close(self) -> None: ...


class ListLinks(Protocol):
    """Addresses in mails to the list that work without signing in: see ``channels.list_links``."""

    def confirm(self, subscriber_id: int) -> str: ...
    def leave(self, subscriber_id: int) -> str: ...
    def confirming(self, token: str) -> int: ...
    def leaving(self, token: str) -> int: ...


class Links(Protocol):
    """Addresses for mails. ``acknowledge`` works without signing in: signed, bound, expiring."""

    def acknowledge(self, incident_id: int, person_id: int, now: datetime) -> str: ...
    def incident(self, incident_id: int) -> str: ...
    def incidents(self) -> str: ...
    def addresses(self) -> str: ...
    def response(self, response_id: int) -> str: ...
    def playbook(self, name: str) -> str: ...
    def reviews(self) -> str: ...
    def sources(self) -> str: ...
    def rota(self) -> str: ...
    def shift_change(self, change_id: int) -> str: ...
    def drill(self, plan_id: int) -> str: ...
    def drills(self) -> str: ...


class Hub(Protocol):
    """Passes on to subscribers that the citizens' feeds have changed."""

    def tell(self) -> None: ...  # raises ChannelError
