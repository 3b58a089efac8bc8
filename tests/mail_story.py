"""A night in a small authority, told in a line: what happens, minute by minute, and which mails arrive.

The real store, the real monitor's steps and a real SMTP server; one clock that the story turns. A story is a
few sentences ("rumour high", "wait 10", "ana takes"); what came of it is compared as "minute who kind".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from itertools import count

from builders import person, rumour
from post_office import Counter, open_office
from town import Town

from crisis.alerts import wanted
from crisis.alerts.smtp import SmtpMailer
from crisis.interfaces import House
from crisis.store import Store
from crisis.types import (
    Alert,
    AlertKind,
    AlertState,
    InboxMail,
    InboxMark,
    Incident,
    IncidentState,
    Mailbag,
    Person,
    Quiet,
    Role,
    Severity,
)
from crisis.workflows import (
    change_shift,
    collect,
    deliver,
    escalate,
    follow_up,
    handle,
    look_after,
    maintenance,
    pass_on,
    place,
    tell,
)

_KIND = re.compile(r"<([a-z]+)\.")


@contextmanager
def post_office() -> Iterator[tuple[Counter, int]]:
    """A mail server for many stories, one after the other."""
    counter = Counter()
    with open_office(counter) as port:
        yield counter, port


class Night:
    """One story. Sentences are looked up below (``_SENTENCES``)."""

    def __init__(self, store: Store, counter: Counter, port: int) -> None:
        self.town = Town(store)
        self.store, self.counter, self.port = store, counter, port
        self.start = self.town.now
        self.up = True
        self.worker = "monitor:1"
        self.said: list[str] = []
        self.numbers = count(1)
        self.incidents: list[Incident] = []
        self.bag: list[bytes] = []
        self.on_send: Callable[[], None] | None = None
        with store.transaction():
            self.eve = store.people.add(person("Eve", Role.DUTY), self.town.now)
            self.vera = store.people.add(person("Vera", Role.ADMIN), self.town.now)
        counter.mails.clear()
        counter.recipients.clear()
        counter.moods.clear()

    # --- the world ---------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        return self.town.now

    @property
    def house(self) -> House:
        port = self.port if self.up else 1
        mailer = _Interrupted(
            self,
            host="127.0.0.1",
            port=port,
            security="none",
            sender="klarstellung@musterstadt.example",
            timeout=5,
        )
        return replace(self.town.house, mailer=mailer)

    def person(self, name: str) -> Person:
        return {
            "ana": self.town.ana,
            "eve": self.eve,
            "chloe": self.town.chloe,
            "ben": self.town.ben,
            "vera": self.vera,
        }[name]

    @property
    def incident(self) -> Incident:
        """The last one, as it stands."""
        return self.store.incidents.get(self.incidents[-1].id)

    def step(self) -> None:
        """One turn of the monitor."""
        house, now = self.house, self.now
        if self.bag:
            mails = tuple(
                InboxMail(uid=n, content=c, size=len(c)) for n, c in enumerate(self.bag, 1)
            )
            mark = InboxMark(numbering=1, uid=len(mails))
            collect.collect(house, Mailbag(mails=mails, mark=mark), now)
            self.bag.clear()
        look_after.look_after(house, now)
        change_shift.look(house, now)
        maintenance.summarise(house, now)
        escalate.escalate(house, now)
        follow_up.follow_up(house, now)
        deliver.deliver(house, self.worker, now)
        self._read()

    def _read(self) -> None:
        """Note what has arrived."""
        minute = int((self.now - self.start).total_seconds() // 60)
        for mail, to in zip(self.counter.mails, self.counter.recipients, strict=True):
            found = _KIND.match(str(mail["Message-ID"]))
            assert found
            self.said.append(f"{minute} {to[0].partition('@')[0]} {found[1]}")
            self.letters.append(mail)
        self.counter.mails.clear()
        self.counter.recipients.clear()

    @property
    def letters(self) -> list[EmailMessage]:
        """All mails that arrived."""
        if not hasattr(self, "_letters"):
            self._letters: list[EmailMessage] = []
        return self._letters

    def wait(self, minutes: int) -> None:
        """Time goes on, and the monitor works once a minute."""
        for _ in range(minutes):
            self.town.later(minutes=1)
            self.step()

    # --- what happens ------------------------------------------------------------------------

    def tells(self, story: str) -> list[str]:
        """Play it, and say which mails arrived."""
        for sentence in re.split(r"[;\n]", story):
            words = sentence.split()
            if words:
                self._happens(words)
        return self.said

    def _happens(self, words: list[str]) -> None:
        who, rest = words[0], words[1:]
        if who in ("ana", "eve", "chloe", "ben", "vera"):
            getattr(self, "_" + rest[0])(self.person(who), *rest[1:])
        else:
            getattr(self, who)(*(int(w) if w.isdigit() else w for w in rest))

    def rumour(self, level: str = "low") -> None:
        """A rumour that nobody knew goes round; the monitor works at once."""
        self.incidents.append(self._opened(Severity[level.upper()]))
        self.step()

    def storm(self, number: int, level: str = "low") -> None:
        """Many at once."""
        for _ in range(number):
            self.incidents.append(self._opened(Severity[level.upper()]))
        self.step()

    def quietly(self, level: str = "low") -> None:
        """One opens while no monitor runs."""
        self.incidents.append(self._opened(Severity[level.upper()]))

    def _opened(self, level: Severity) -> Incident:
        number = next(self.numbers)
        with self.store.transaction():
            self.store.rumours.put(rumour(id=f"g{number}", text=f"Gerücht {number}"), self.now)
            made = self.store.incidents.open(
                Incident(
                    rumour_id=f"g{number}",
                    opened=self.now,
                    updated=self.now,
                    severity=level,
                    posts=1,
                )
            )
            spread = self.store.incidents.spread(made.id, self.now)
            tell.tell(self.house, made, AlertKind.RAISED, spread, (), self.now)
        return made

    def grows(self, level: str) -> None:
        """It gets worse."""
        with self.store.transaction():
            before = self.incident
            after = self.store.incidents.update(replace(before, severity=Severity[level.upper()]))
            spread = self.store.incidents.spread(after.id, self.now)
            kind = place._worse(before, after)
            if kind is not None:
                tell.tell(self.house, after, kind, spread, (), self.now)
        self.step()

    def smtp(self, how: str) -> None:
        """The mail server is "up" or "down", or answers a code once: 451, 550, 554 ..."""
        if how in ("up", "down"):
            self.up = how == "up"
        else:
            self.counter.moods["RCPT"] = [f"{how} said so"]

    def refuses(self, stage: str, answer: int) -> None:
        self.counter.moods.setdefault(stage, []).append(f"{answer} said so")

    def restart(self) -> None:
        """The monitor dies and another begins; what it held is taken over at once."""
        self.worker = f"monitor:{next(self.numbers)}"
        with self.store.transaction():
            self.store.alerts.give_back("monitor:")
            self.store.ways.give_back("monitor:")

    def claimed(self) -> None:
        """Another worker has the waiting mails in hand, and dies without a word."""
        with self.store.transaction():
            self.store.alerts.claim(50, "other:1", self.now)

    def clock(self, minutes: str) -> None:
        """The machine's clock jumps."""
        self.town.later(minutes=int(minutes))
        self.step()

    def maintain(self, minutes: int) -> None:
        until = self.now + timedelta(minutes=minutes)
        maintenance.plan(self.store, self.now, until, "Neuer Server", self.vera, self.now)

    def resume(self) -> None:
        (window,) = self.store.mails.windows(self.now)
        maintenance.end(self.store, window.id, self.vera, self.now)
        self.step()

    def twice(self) -> None:
        """Two workers at the same time: the second one works while the first one hands over."""

        def second() -> None:
            self.on_send = None
            deliver.deliver(self.house, "monitor:second", self.now)

        self.on_send = second
        self.step()

    # --- what people do ----------------------------------------------------------------------

    def _takes(self, who: Person, which: str = "last") -> None:
        chosen = self.incidents if which == "all" else self.incidents[-1:]
        for incident in chosen:
            handle.acknowledge(self.store, incident.id, who, self.now)
        self.step()

    def _takes_while_sending(self, who: Person) -> None:
        """Between the claim and the hand-over of the next mail."""
        number = self.incidents[-1].id

        def press() -> None:
            self.on_send = None
            handle.acknowledge(self.store, number, who, self.now)

        self.on_send = press

    def _dismisses(self, who: Person) -> None:
        handle.dismiss(self.store, self.incidents[-1].id, "Irrtum", who, self.now)
        self.step()

    def _cannot(self, who: Person) -> None:
        pass_on.pass_on(self.house, self.incidents[-1].id, who, self.now)
        self.step()

    def _notes(self, who: Person) -> None:
        handle.note(self.store, self.incidents[-1].id, "Bin dran.", who, self.now)
        self.step()

    def _reopens(self, who: Person) -> None:
        handle.reopen(self.store, self.incidents[-1].id, "Doch nicht", who, self.now)
        self.step()

    def _leaves(self, who: Person) -> None:
        with self.store.transaction():
            self.store.people.update(replace(who, active=False))

    def _quiet(self, who: Person, span: str) -> None:
        start, _, end = span.partition("-")
        with self.store.transaction():
            self.store.mails.set_quiet(
                who.id, Quiet(start=time.fromisoformat(start), end=time.fromisoformat(end))
            )

    def _confirms(self, who: Person) -> None:
        """Somebody confirmed a test mail."""
        with self.store.transaction():
            self.store.mails.confirm(who.email, self.now)

    def _replies(self, who: Person, *words: str) -> None:
        """To the last mail they got, in words."""
        self.bag.append(self._answer(who.email, " ".join(words) or "Bin dran."))
        self.step()

    def _is_away(self, who: Person) -> None:
        """Their mail program answers."""
        self.bag.append(self._answer(who.email, "Bin im Urlaub.", "Auto-Submitted: auto-replied"))
        self.step()

    def _forges(self, who: Person) -> None:
        """Somebody outside answers to it."""
        self.bag.append(self._answer("dev@elsewhere.example", "Haha."))
        self.step()

    def _bounces(self, who: Person) -> None:
        """Their mailbox sends the last mail back."""
        self.bag.append(
            (
                "From: MAILER-DAEMON@relay.example\nMessage-ID: <bounce@relay.example>\n"
                'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\n\n'
                "--r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay\n\n"
                f"Final-Recipient: rfc822; {who.email}\nAction: failed\nStatus: 5.1.1\n"
                "Diagnostic-Code: smtp; 550 no such user\n\n--r\n"
                f"Content-Type: message/rfc822\n\nMessage-ID: {self._last(who)}\n\nx\n--r--\n"
            ).encode()
        )
        self.step()

    def _answer(self, sender: str, text: str, more: str = "X-None: 1") -> bytes:
        last = str(self.letters[-1]["Message-ID"])
        own = f"<{next(self.numbers)}.reply@musterstadt.example>"
        return (
            f"From: {sender}\nMessage-ID: {own}\nIn-Reply-To: {last}\n{more}\n\n{text}\n> Gerücht\n"
        ).encode()

    def _last(self, who: Person) -> str:
        return str([m for m in self.letters if who.email in str(m["To"])][-1]["Message-ID"])

    # --- what must hold at any time ----------------------------------------------------------

    def nobody_is_paged_for_what_is_taken(self) -> bool:
        """No call waits for an incident that somebody has."""
        return not [
            alert
            for incident in self.incidents
            if self.store.incidents.get(incident.id).state is not IncidentState.NEW
            for alert in self.store.alerts.of_incident(incident.id)
            if alert.state is AlertState.PENDING and alert.kind in wanted.CALLS
        ]


class _Interrupted(SmtpMailer):
    """The real mailer; a story may happen right before it asks whether to go on."""

    def __init__(self, night: Night, **more: object) -> None:
        super().__init__(**more)  # type: ignore[arg-type]
        self._night = night

    def send(self, alert: Alert, go: Callable[[], None] | None = None) -> None:
        def then() -> None:
            if self._night.on_send is not None:
                self._night.on_send()
            if go is not None:
                go()

        super().send(alert, then)
