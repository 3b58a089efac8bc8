"""A small authority for tests: its people, its world, and what time it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from builders import NOON, person, playbook, rumour
from fakes import FakeFetch, FakeIndex, FakeMailer, FakeShelf, HereReader

from crisis.alerts.links import AcknowledgeLinks
from crisis.interfaces import Channel, House, Terms
from crisis.store import Store
from crisis.types import Person, Role
from crisis.workflows import approve


@dataclass
class Town:
    """A small authority: its people, its world, and what time it is."""

    store: Store
    fetch: FakeFetch = field(default_factory=FakeFetch)
    mailer: FakeMailer = field(default_factory=FakeMailer)
    shelf: FakeShelf = field(default_factory=FakeShelf)
    now: datetime = NOON
    index: FakeIndex = field(default_factory=lambda: FakeIndex([rumour()]))
    channels: dict[str, Channel] = field(default_factory=dict)
    joined: bool = False  # the people are there: another process opens the same town

    def __post_init__(self) -> None:
        if self.joined:
            return
        with self.store.transaction():
            self.ana = self._joins("Ana", Role.DUTY)
            self.ben = self._joins("Ben", Role.AUTHOR)
            self.chloe = self._joins("Chloe", Role.APPROVER)
            self.dev = self._joins("Dev")
            self.store.rumours.put(rumour(), self.now)
        self.shelf.files["trinkwasser"] = playbook()

    def _joins(self, name: str, *roles: Role) -> Person:
        return self.store.people.add(person(name, *roles), self.now)

    @property
    def house(self) -> House:
        return House(
            store=self.store,
            fetch=self.fetch,
            reader=HereReader(),
            mailer=self.mailer,
            links=AcknowledgeLinks(b"0123456789abcdef", "http://desk.example", 24),
            shelf=self.shelf,
            channels=self.channels,
            index=lambda: self.index,
            terms=Terms(
                authority="Musterstadt",
                timezone=ZoneInfo("Europe/Berlin"),
                mail_domain="musterstadt.example",
                escalate_after=timedelta(minutes=10),
                catch_all="",
                keep_seen=timedelta(days=30),
                keep_posts=timedelta(days=90),
                keep_mails=timedelta(days=30),
                learn_every=timedelta(days=7),
                learn_at_least=50,
            ),
        )

    def later(self, **span: float) -> datetime:
        """Turn the clock forward."""
        self.now += timedelta(**span)
        return self.now

    def chloe_approves(self) -> None:
        approve.approve(
            self.store, self.shelf.files["trinkwasser"], self.chloe, self.now, shelf=self.shelf
        )
