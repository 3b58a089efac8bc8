"""Drills of the team as stories: what happens, minute by minute, and exactly which mails arrive.

The real store, the monitor's steps and a real SMTP server; one clock that the story turns. Posts carry the
rumour by a sign (``FakeIndex``), so that a story is about drills and not about words.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

from builders import rumour
from quick import empty_database
from town import Town

from crisis.alerts.outbox_folder import FolderMailer, Postroom
from crisis.alerts.smtp import SmtpMailer
from crisis.interfaces import House
from crisis.store import Store
from crisis.types import DrillKind, DrillPlan, Incident, Person, Response, UpdatePlan
from crisis.workflows import (
    answer_review,
    deliver,
    drill_plans,
    drill_reminder,
    drill_steps,
    escalate,
    follow_up,
    handle,
    look_after,
    respond,
    triage,
    updates,
)

if TYPE_CHECKING:  # lies in a folder that only pytest knows: programs of ours import this, too
    from post_office import Counter

SCRIPT = """---
titel: "Übung: Trinkwasser"
titel_en: "Exercise: drinking water"
sprache: de
dauer_minuten: 60
geruecht: wasser
playbook: trinkwasser
beitraege:
  - {minute: 0, von: Mia, text: "Heute Markt, kommt vorbei"}
  - {minute: 2, von: Ole, text: "#wasser das Wasser ist vergiftet"}
  - {minute: 5, von: Ida, text: "#wasser nicht trinken"}
  - {minute: 30, von: Tom, text: "#wasser bitte teilen"}
erwartet:
  - {was: uebernommen, bis: 10}
  - {was: vorgelegt, bis: 20}
  - {was: richtigstellung, bis: 30}
  - {was: update_versprochen, bis: 40}
---
Ein Rohr ist geborsten.
"""
KINDS = {
    "Gerücht:": "neu",
    "Bitte übernehmen:": "bitte",
    "Es wird mehr:": "mehr",
    "Übernommen von": "übernommen",
    "Beendet von": "ende",
    "Noch nichts geschehen": "nichts",
    "angekündigt": "angekündigt",
    "abgesagt": "abgesagt",
    "ausgefallen": "ausgefallen",
    "abgebrochen": "abgebrochen",
    "beendet": "beendet",
    "fällig": "fällig",
    "Bitte prüfen:": "bitte prüfen",
}


class Story:
    """A small authority that practises. ``restarts``: the program ends and begins anew each minute."""

    def __init__(self, path: Path, counter: Counter, port: int, *, restarts: bool = False) -> None:
        self.path, self.counter, self.port, self.restarts = path, counter, port, restarts
        self.town = Town(Store(empty_database(path / "crisis.db")))
        self.start = self.town.now
        self.letters: list[tuple[str, EmailMessage]] = []
        self.terms: dict[str, object] = {}
        self.town.chloe_approves()
        counter.mails.clear()
        counter.recipients.clear()

    @property
    def store(self) -> Store:
        return self.town.store

    @property
    def now(self) -> datetime:
        return self.town.now

    @property
    def house(self) -> House:
        smtp = SmtpMailer(
            host="127.0.0.1",
            port=self.port,
            security="none",
            sender="klarstellung@musterstadt.example",
            timeout=5,
        )
        folder = FolderMailer(self.path / "outbox")
        house = self.town.house
        terms = replace(house.terms, **self.terms)  # type: ignore[arg-type]
        return replace(house, mailer=Postroom(smtp, folder), terms=terms)

    # --- time --------------------------------------------------------------------------------

    def step(self) -> None:
        """One turn of the monitor."""
        house, now = self.house, self.now
        drill_steps.step(house, now)
        drill_reminder.remind(house, now)
        triage.triage(house, "monitor:1", now)
        look_after.look_after(house, now)
        escalate.escalate(house, now)
        follow_up.follow_up(house, now)
        updates.remind(house, now)
        deliver.deliver(house, "monitor:1", now)
        self._read()
        if self.restarts:
            self.store.close()
            self.town.store = Store(self.path / "crisis.db")

    def wait(self, minutes: int) -> None:
        """Time goes on, and the monitor works once a minute."""
        for _ in range(minutes):
            self.town.later(minutes=1)
            self.step()

    def _read(self) -> None:
        minute = int((self.now - self.start).total_seconds() // 60)
        lines = []
        for mail in self.counter.mails:
            subject = str(mail["Subject"])
            kind = next((k for begin, k in KINDS.items() if begin in subject), subject)
            mark = "Ü " if subject.startswith("ÜBUNG") else ""
            lines.append((f"{minute} {str(mail['To']).partition('@')[0]} {mark}{kind}", mail))
        self.letters += sorted(lines, key=lambda one: one[0])
        self.counter.mails.clear()
        self.counter.recipients.clear()

    @property
    def said(self) -> list[str]:
        return [line for line, _mail in self.letters]

    def close(self) -> None:
        self.store.close()

    # --- what people do ----------------------------------------------------------------------

    def plans(self, kind: DrillKind = DrillKind.NOW, **more: object) -> DrillPlan:
        """Chloé leads it."""
        made = drill_plans.plan(
            self.house,
            "wasser",
            SCRIPT,
            kind,
            self.town.chloe,
            self.now,
            **more,  # type: ignore[arg-type]
        )
        self.step()
        return made

    def at(self, minutes: int) -> datetime:
        return self.start + timedelta(minutes=minutes)

    def plan(self, number: int = 1) -> DrillPlan:
        """As it stands."""
        return self.store.drill_plans.get(number)

    def stops(self, *, done: bool = False, reason: str = "") -> DrillPlan:
        made = drill_plans.stop(self.house, self.town.ana, self.now, done=done, reason=reason)
        self.step()
        return made

    @property
    def practised(self) -> Incident:
        """The incident of the drill."""
        (number,) = self.store.drill_plans.incident_ids()
        return self.store.incidents.get(number)

    def takes(self, who: Person, incident: Incident | None = None) -> None:
        handle.acknowledge(self.store, (incident or self.practised).id, who, self.now)
        self.step()

    def answers(self, who: Person) -> Response:
        """Drafts, fills in and hands over."""
        store, book = self.store, self.town.shelf.files["trinkwasser"]
        today = self.now.date()
        made = respond.draft(store, self.practised.id, book, who, self.now, today=today)
        respond.fill(
            store,
            made.id,
            title=made.title,
            values={"naechste_info": "heute um 18 Uhr"},
            by=who,
            now=self.now,
            version=made.version,
        )
        kept = answer_review.hand_over(self.house, made.id, who, self.now)
        self.step()
        return kept

    def releases(self, answer: Response) -> Response:
        out = respond.release(
            self.store, answer.id, self.town.chloe, self.now, today=self.now.date()
        )
        self.step()
        return out

    def promises(self, answer: Response, who: Person) -> None:
        first = self.now + timedelta(minutes=60)
        made = UpdatePlan(
            response_id=answer.id,
            incident_id=answer.incident_id,
            channels=(),
            first=first,
            due=first,
            made_by=who.id,
            made=self.now,
        )
        updates.promise(self.store, made, who, self.now)

    def really(self, text: str = "#echt") -> Incident:
        """A real rumour goes round: one post of a real source."""
        from builders import post, source

        with self.store.transaction():
            if self.store.rumours.find("echt") is None:
                self.store.rumours.put(rumour(id="echt", text="Ein echtes Gerücht"), self.now)
            known = [s for s in self.store.sources.all() if not s.drill]
            mine = known[0] if known else self.store.sources.add(source())
            key = f"e{len(self.letters)}-{self.now.timestamp()}"
            made = post(source_id=mine.id, key=key, text=text, seen=self.now, published=self.now)
            self.store.posts.put([(made, key)], self.now)
        self.town.index.ids = ["wasser", "echt"]
        self.step()
        return self.store.incidents.all_open(drill=False)[-1]
