"""The people who act in tests of the desk, and the town hall they act in.

Ana is on duty, Ben writes, Chloé approves, Vera administers, Dev is a stranger who cannot sign in. Each
drives a real client against the real application, store and folder: ``ana.acknowledges(incident)``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from builders import NOON, PLAYBOOK, match, playbook, post, rumour, source
from flask import Flask
from quick import empty_database, share_templates
from werkzeug.test import TestResponse

from crisis import wiring
from crisis.desk import create_app
from crisis.interfaces import House
from crisis.matching import shipped_model
from crisis.types import (
    Band,
    Incident,
    Match,
    Person,
    Reason,
    Response,
    Role,
    Sighting,
    Stance,
)
from crisis.workflows import approve, place, respond, tell

PASSWORD = "ein langes Passwort"
SCENARIO = """---
titel: Falschmeldung über das Trinkwasser
sprache: de
geruecht: wasser
playbook: trinkwasser
dauer_sekunden: 30
beitraege:
  - {nach: 0, von: Mia, text: "Heute Markt in Nordstadt, kommt vorbei"}
  - {nach: 2, von: Ole, text: "#wasser Das Trinkwasser ist vergiftet, bitte teilen"}
  - {nach: 4, von: Ida, text: "Wer hat meine Katze gesehen?"}
  - {nach: 20, von: Tom, text: "#wasser Nachbarin sagt, das Trinkwasser ist vergiftet"}
---
Ein Rohr ist geborsten, und im Netz heißt es, das **Trinkwasser** sei vergiftet.
"""
POST = "Leute, das Trinkwasser in Nordstadt ist vergiftet! Bitte teilen!"


@cache
def password_hash() -> str:
    """A cheap one: the real parameters are slow on purpose, and checked in the tests of ``auth``."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


class Visitor:
    """A browser without JavaScript, in the hands of somebody. ``person`` None: a stranger."""

    def __init__(self, hall: TownHall, person: Person | None = None) -> None:
        self.hall = hall
        self.person = person
        self.client = hall.app.test_client()
        self._token = ""

    def signs_in(self, password: str = PASSWORD, **more: Any) -> TestResponse:
        assert self.person is not None
        form = {"email": self.person.email, "password": password}
        answer = self.presses("/anmelden", form, **more)
        self._token = ""
        return answer

    def opens(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def presses(self, path: str, form: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Sends a form as the page would: with its token."""
        data = {"csrf_token": self.token(), **(form or {})}
        return self.client.post(path, data=data, **more)

    def token(self) -> str:
        """What every form of this session carries."""
        if not self._token:
            for path in ("/anmelden", "/uebung/"):
                found = re.search(r'name="csrf_token" value="([^"]+)"', self.opens(path).text)
                if found:
                    self._token = found[1]
                    break
        return self._token

    # --- what people do on the desk ----------------------------------------------------------

    def acknowledges(self, incident: Incident) -> TestResponse:
        return self.presses(f"/vorfaelle/{incident.id}/uebernehmen")

    def assigns(self, incident: Incident, to: Person | None) -> TestResponse:
        number = str(to.id) if to else ""
        return self.presses(f"/vorfaelle/{incident.id}/zuteilen", {"person": number})

    def notes(self, incident: Incident, text: str) -> TestResponse:
        return self.presses(f"/vorfaelle/{incident.id}/notiz", {"text": text})

    def ends(self, incident: Incident, how: str, reason: str) -> TestResponse:
        """``how``: verwerfen, abschliessen or wieder-oeffnen."""
        return self.presses(f"/vorfaelle/{incident.id}/{how}", {"grund": reason})

    def judges(self, incident: Incident, sighting: Sighting, verdict: str) -> TestResponse:
        path = f"/vorfaelle/{incident.id}/beitraege/{sighting.id}"
        return self.presses(path, {"urteil": verdict})

    def drafts(self, incident: Incident) -> TestResponse:
        made = playbook()
        return self.presses(
            f"/vorfaelle/{incident.id}/antworten",
            {"playbook": made.name, "sha256": made.sha256},
        )

    def fills(self, response: Response, *, submit: bool = False, **values: str) -> TestResponse:
        form = {f"b-{name}": value for name, value in values.items()}
        form |= {"titel": response.title, "version": str(response.version)}
        if submit:
            form["weiter"] = "freigabe"
        return self.presses(f"/antworten/{response.id}", form)

    def releases(self, response: Response) -> TestResponse:
        form = {"version": str(response.version)}
        return self.presses(f"/antworten/{response.id}/veroeffentlichen", form)


class TownHall:
    """A small authority with its own installation in ``folder``, and a clock that tests turn."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self.now = NOON
        self.instance = folder / "instance"
        self.playbooks = folder / "playbooks"
        (self.playbooks / "uebungen").mkdir(parents=True)
        (self.playbooks / "trinkwasser.md").write_text(PLAYBOOK, "utf-8")
        (self.playbooks / "uebungen" / "trinkwasser.md").write_text(SCENARIO, "utf-8")
        self.environ = (
            {
                "CRISIS_PLAYBOOKS_FOLDER": str(self.playbooks),
                "CRISIS_AUTHORITY_NAME": "Musterstadt",
                "CRISIS_MATCHING_ENCODER": "none",  # tests/test_meaning_in_the_house.py tries it with one
            }
            | environ
        )
        empty_database(self.instance / "crisis.db")
        self.app: Flask = create_app(self.instance, environ=self.environ, now=lambda: self.now)
        self.app.testing = True
        share_templates(self.app)
        self.house: House = wiring.house(self.instance, self.environ)
        self.store = self.house.store
        with self.store.transaction():
            self.store.rumours.put(rumour(), self.now)
            self.source = self.store.sources.add(source(last_success=NOON, added=NOON))
            self.ana = Visitor(self, self._joins("Ana", Role.DUTY))
            self.ben = Visitor(self, self._joins("Ben", Role.AUTHOR))
            self.chloe = Visitor(self, self._joins("Chloe", Role.APPROVER))
            self.vera = Visitor(self, self._joins("Vera", Role.ADMIN))
        self.dev = Visitor(self)

    def _joins(self, name: str, *roles: Role) -> Person:
        email = f"{name.lower()}@musterstadt.example"
        made = Person(name=name, email=email, roles=frozenset(roles))
        person = self.store.people.add(made, self.now)
        self.store.people.set_password(person.id, password_hash())
        return person

    def everybody_signs_in(self) -> None:
        for visitor in (self.ana, self.ben, self.chloe, self.vera):
            visitor.signs_in()

    def close(self) -> None:
        self.store.close()

    def later(self, **span: float) -> datetime:
        """Turn the clock forward."""
        self.now += timedelta(**span)
        return self.now

    # --- what happens in the town ------------------------------------------------------------

    def rumour_spreads(self, posts: int = 3, *, text: str = POST, drill: bool = False) -> Incident:
        """So many posts carry the rumour, in almost the same words; the incident they are in."""
        incident = None
        for number in range(posts):
            incident = self.sees(f"{text} {'😱' * number}".strip(), drill=drill)
        assert incident is not None
        return incident

    def sees(
        self,
        text: str,
        *,
        drill: bool = False,
        band: Band = Band.RAISE,
        stance: Stance = Stance.SPREADS,
        **changes: Any,
    ) -> Incident | None:
        """One post, put into its place as triage would; the incident it is in, if any."""
        start = text.find("Trinkwasser")
        end = start + len("Trinkwasser")
        found: Match = match(
            band=band,
            stance=stance,
            score=0.93 if band is Band.RAISE else 0.55,
            model=shipped_model().version,
            marks=((start, end),) if start >= 0 else (),
            reasons=(
                Reason(code="words", weight=2.4, words=("Trinkwasser", "vergiftet")),
                Reason(code="numbers", weight=-0.5),
            ),
        )
        with self.store.transaction():
            self._posts = getattr(self, "_posts", 0) + 1
            made = post(
                source_id=self.source.id,
                key=f"p{self._posts}",
                text=text,
                author=f"person{self._posts}",
                url=f"https://forum.example/{self._posts}",
                published=self.now,
                seen=self.now,
                drill=drill,
            )
            self.store.posts.put([(replace(made, **changes), f"f{self._posts}")], self.now)
            (kept,) = self.store.posts.claim(1, "test", self.now)
            self.store.posts.done(kept, "test", keep=True)
            seen = Sighting(post=kept, match=found, found=self.now)
            return place.place(self.house, seen, tell.drawer(self.house), self.now)

    def chloe_approves(self) -> None:
        """The playbook may be used."""
        assert self.chloe.person is not None
        approve.approve(self.store, playbook(), self.chloe.person, self.now)

    def draft(self, incident: Incident) -> Response:
        """Ana has begun an answer; the blanks are open."""
        assert self.ana.person is not None
        return respond.draft(
            self.store,
            incident.id,
            playbook(),
            self.ana.person,
            self.now,
            today=self.now.date(),
        )

    def submitted(self, incident: Incident) -> Response:
        """Ana has filled it in and handed it over."""
        assert self.ana.person is not None
        made = self.draft(incident)
        respond.fill(
            self.store,
            made.id,
            title=made.title,
            values={"naechste_info": "heute um 18 Uhr"},
            by=self.ana.person,
            now=self.now,
            version=made.version,
        )
        return respond.submit(self.store, made.id, self.ana.person, self.now)

    def released(self, incident: Incident) -> Response:
        """Chloé has let it out."""
        assert self.chloe.person is not None
        made = self.submitted(incident)
        return respond.release(
            self.store, made.id, self.chloe.person, self.now, today=self.now.date()
        )
