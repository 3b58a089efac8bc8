"""All of it together: what the authority has settled, and the world as a workflow sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from crisis.interfaces.matching import Index
from crisis.interfaces.playbooks import Shelf
from crisis.interfaces.store import Store
from crisis.interfaces.ways import Bell
from crisis.interfaces.world import (
    Callbacks,
    Channel,
    Fetch,
    Hub,
    Knock,
    Links,
    Mailer,
    Reader,
    Streams,
)
from crisis.types import Risk, Subscriber


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the authority has settled and workflows must know; the settings file says it."""

    authority: str
    timezone: tzinfo
    mail_domain: str  # right-hand side of Message-IDs
    escalate_after: timedelta
    catch_all: str  # address of the last in line; "" none
    keep_seen: timedelta  # hashes of posts that matched nothing
    keep_posts: timedelta  # posts of incidents that have ended
    keep_mails: timedelta
    learn_every: timedelta | None  # None: no learning from verdicts
    learn_at_least: int  # new verdicts before it is tried again
    raise_at: float | None = (
        None  # thresholds (0 to 1) instead of the model's, while nobody set any
    )
    suggest_at: float | None = None
    false_alarms_per_week: float = 2.0  # what the authority can bear
    suggestions_per_day: float = 20.0
    # How long a second person has to look at an answer that one let out alone; None: nobody may.
    review_within: timedelta | None = None
    two_from: Risk | None = (
        Risk.HIGH
    )  # playbooks of this risk or more take two approvals; None: none
    remind_days: tuple[int, ...] = (30, 7, 1)  # before a playbook ends, the most first; (): never
    federal_state: str = ""  # whose public holidays count; "" only those of the whole country
    warn_of_gaps: timedelta = timedelta(hours=48)  # so long before one begins; 0: never
    handover_mails: str = "open"  # at a change of shift: "always", "open" (if anything is), "never"
    drill_every: timedelta = (
        timedelta()
    )  # how long ago the last drill may be; 0: nobody is reminded
    drill_responsible: str = ""  # address of who is reminded of drills; "" the administrators
    replies: bool = False  # answers to mails are read
    together_from: int = 3  # so many mails about incidents to one person go as one
    most_mails: int = 5  # to one person within ten minutes, but for what is urgent
    remind_holder: timedelta | None = timedelta(
        minutes=30
    )  # taken, and nothing happens; None: never
    hand_back: timedelta | None = timedelta(minutes=60)  # then it is nobody's again; None: never
    places: tuple[str, ...] = ()  # names of districts and places, to be found in posts

    def today(self, now: datetime) -> date:
        """The authority's calendar day."""
        return now.astimezone(self.timezone).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The world as a workflow sees it. ``wiring`` builds it."""

    store: Store
    fetch: Fetch
    reader: Reader
    mailer: Mailer
    links: Links
    shelf: Shelf
    index: Callable[[], Index]  # the catalogue as it stands now
    terms: Terms
    streams: Streams | None = None  # the monitor's; nobody else listens
    knock: Knock | None = None  # at hubs of feeds
    callbacks: Callbacks | None = None  # None: no hub could reach us
    channels: Mapping[str, Channel] = field(default_factory=dict)  # those that are set up, by code
    hub: Hub | None = None  # WebSub
    bell: Bell | None = None  # gateways that pass alerts on; None: mail only
    ask_subscriber: Callable[[Subscriber], None] | None = (
        None  # mails the question; raises MailError
    )
