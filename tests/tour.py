"""A tour of every page there is, on a busy day: for tests and pictures that must leave none out.

The pages are found from the application itself. A new page is on the tour by itself; where its address
needs a part nobody knows yet, add it to ``parts``. Not a test.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import shots
from builders import source
from drill_story import SCRIPT
from people import TownHall, Visitor, password_hash
from werkzeug.routing import AnyConverter, Rule

from crisis import wiring
from crisis.alerts.recipes import RECIPES
from crisis.drills import parse
from crisis.drills.expected import Seen
from crisis.drills.outcome import Called, Outcome, written
from crisis.settings import load
from crisis.types import (
    Band,
    Bulletin,
    DrillKind,
    DrillPlan,
    DrillState,
    FactCheck,
    Gravity,
    Handover,
    Layer,
    OfficialWarning,
    Person,
    Role,
    RumourStatus,
    Shift,
    Source,
    SourceKind,
    Stance,
    Way,
)
from crisis.workflows import catalogue, change_shift, mailing_list, ways, welcome

# What a GET gives that is no page of its own: endpoint -> why.
NOT_PAGES = {
    "static": "files",
    "public.atom": "a feed",
    "public.json_feed": "a feed",
    "public.picture": "a picture",
    "public.illustration": "a picture",
    "playbook_pictures.show": "a picture",
    "playbook_pictures.kept": "a picture",
    "public.embed": "there only where the settings name a website: looked at in test_public_rush",
    "crawlers.sitemap": "for crawlers",
    "crawlers.robots": "for crawlers",
    "duty_people.feed": "a calendar file",
    "drill.feed": "a feed for the monitor",
    "drills.file": "a file to keep",
    "drills.date": "a calendar file",
    "rumour_files.export": "a file to keep",
    "source_files.export": "a file to keep",
    "reports.file": "a file to keep",
    "reports.incident_file": "a file to keep",
    "files.show": "a file to keep",
    "outbox.html": "a mail as its reader sees it, in a frame of its own",
    "health.show": "for machines",
    "health.ready": "for machines",
    "api.description": "for machines",
    "metrics.show": "for machines",
    "hub_callback.prove": "for hubs of feeds: looked at in test_desk_hub_callback",
    "look.colours": "a style sheet, there only where the town has colours of its own",
    "look.sign": "a picture, there only where the town has one",
    "figures.table": "a file to keep",
    "walls.show": "needs a secret link: looked at in test_desk_walls",
    "walls.refresh": "its changing part",
    "ways.look": "needs the link of a message: looked at in test_desk_ways",
    "test_mail.look": "needs the link of a mail: looked at in test_desk_test_mail",
    "auth.set_up": "there only before the first person is: looked at in test_desk_tour by itself",
}


class Tour:
    """A busy town hall with everything in it, and somebody who may see all of it."""

    def __init__(self, hall: TownHall) -> None:
        self.hall = hall
        self.states = shots.example(hall) | shots.later(hall)
        with hall.store.transaction():
            iris = Person(name="Iris", email="iris@musterstadt.example", roles=frozenset(Role))
            iris = hall.store.people.add(iris, hall.now)
            hall.store.people.set_password(iris.id, password_hash())
        self.iris = Visitor(hall, iris)
        guest = Person(name="Neu", email="neu@musterstadt.example", roles=frozenset({Role.DUTY}))
        self.invitation = welcome.invite(hall.house, guest, iris, hall.now, base_url="http://desk")
        hall.sees("Schon wieder das Trinkwasser", stance=Stance.CORRECTS)
        hall.sees("Ist das Trinkwasser sicher?", band=Band.SUGGEST)
        with hall.store.transaction():
            other = hall.store.sources.add(source(url="http://t.example", name="#Musterstadt"))
        for number, more in enumerate(({}, {}, {"source_id": other.id}, {"url": ""})):
            same = "Trinkwasser: Alle im Haus haben Bauchweh" + "!" * number
            hall.sees(same, **more)
            hall.sees(same + " Oder?", band=Band.SUGGEST, **more)
        self.prepare()

    def prepare(self) -> None:
        """A file, a note of one's own, a hand-over, a changed rumour: what some pages are about."""
        incident = self.hall.store.incidents.all_open()[0]
        self.iris.signs_in()
        press = self.iris.presses
        path = f"/vorfaelle/{incident.id}"
        file = {"datei": (BytesIO(b"Befund"), "befund.txt")}
        press(f"{path}/dateien/", file, content_type="multipart/form-data")
        self.iris.notes(incident, "@Ana bitte nachfragen")
        press(f"{path}/pruefen", {"schritt": "asked", "bemerkung": "Stadtwerke, 14:10 Uhr"})
        store, now = self.hall.store, self.hall.now
        assert self.iris.person is not None
        with store.transaction():
            shift = store.handovers.add(
                Handover(
                    written_by=self.iris.person.id, written=now, begun=now, text="Alles ruhig."
                )
            )
            (released,) = (a for a in store.responses.of_incident(incident.id) if a.released_at)
            simple = {"plain": "Das Wasser ist gut.", "easy": "**Das Wasser ist gut.**"}
            store.responses.update(replace(released, texts={**released.texts, **simple}))
            store.fact_checks.put(
                [
                    FactCheck(
                        claim="Das Leitungswasser in Nordstadt ist verseucht",
                        claimed=True,
                        url="https://pruefwerk.example/wasser",
                        verdict="Falsch",
                        status=RumourStatus.FALSE,
                        publisher="Prüfwerk",
                        lang="de",
                    ),
                    FactCheck(
                        claim="Was hinter dem Video vom Damm steckt",
                        url="https://pruefwerk.example/damm",
                        publisher="Prüfwerk",
                    ),
                ],
                self.hall.source.id,
                now,
            )
            store.fact_checks.compare(1, "wasser", now)
            self._warned(now)
        subscriber = mailing_list.add(
            store, "redaktion@tageblatt.example", "Tageblatt", self.iris.person, now
        )
        links = wiring.list_links(load(self.hall.instance, self.hall.environ))
        rumour = store.rumours.get("wasser")
        catalogue.save(store, replace(rumour, title="Wasser"), self.iris.person, now)
        with store.transaction():
            layer = store.oncall.put_layer(
                Layer(name="Woche", people=(self.iris.person.id,), begins=now.date())
            )
        entry = store.audit.of_object("rumour:wasser")[-1]
        practised = drills(self.hall, self.iris.person)
        self.states["drill planned"] = f"/uebungen/{practised + 1}"
        self.more: dict[str, object] = {
            "plan_id": practised,
            "drills.script name": "wasser",
            "attachment_id": self.hall.store.attachments.of_incident(incident.id)[0].id,
            "note_id": store.incidents.notes(incident.id)[-1].id,
            "handover_id": shift.id,
            "gateway_id": self._other_ways(),
            "change_id": self._somebody_else_comes_on_call(),
            "layer_id": layer.id,
            "tag": now.date().isoformat(),
            "entry_id": entry.id,
            "kin": store.sightings.of_incident(incident.id, limit=1)[0].kin,
            "section": "authority",
            "subscriber_id": subscriber.id,
            "list_links.ask_yes token": links.confirm(subscriber.id).rpartition("/")[2],
            "list_links.ask_no token": links.leave(subscriber.id).rpartition("/")[2],
        }

    def _other_ways(self) -> int:
        """A gateway, two people's ways, and what went over them."""
        hall, store = self.hall, self.hall.store
        assert hall.ana.person is not None and self.iris.person is not None
        made = ways.keep_gateway(
            hall.house, RECIPES["sms-json"][2], "geheim", self.iris.person, hall.now
        )
        for person, number in ((hall.ana.person, "+49 151 11"), (self.iris.person, "+49 151 22")):
            way = Way(person_id=person.id, gateway_id=made.id, address=number)
            kept = ways.add_way(store, way, self.iris.person, hall.now)
            ways.try_way(hall.house, kept.id, self.iris.person, hall.now, base_url="http://desk")
        with store.transaction():
            store.ways.confirm(kept.id, hall.now)
        return made.id

    def _somebody_else_comes_on_call(self) -> int:
        """Ana follows Iris; what was open is kept. Says which change that was."""
        store, hall = self.hall.store, self.hall
        assert hall.ana.person is not None and self.iris.person is not None
        first = self.iris.person.id
        with store.transaction():
            since = hall.now - timedelta(hours=8)
            said = {"people": [first], "since": since.isoformat(), "seen": since.isoformat()}
            store.facts.set(change_shift.MARK, json.dumps(said))
            shift = store.people.add_shift(
                Shift(
                    person_id=hall.ana.person.id,
                    start=hall.now - timedelta(minutes=1),
                    end=hall.now + timedelta(minutes=1),
                )
            )
        made = change_shift.look(hall.house, hall.now)
        with store.transaction():
            store.people.remove_shift(shift.id)  # nothing else of the tour hangs on it
        assert made is not None
        return made.id

    def _warned(self, now: datetime) -> None:
        """Official warnings: one that holds, one announced, and a source that nobody can read."""
        store = self.hall.store
        dash = "https://warnung.bund.de/api31/dashboard/{}0000000.json"
        district = store.sources.add(
            Source(url=dash.format("09162"), name="NINA Musterkreis", kind=SourceKind.NINA)
        )
        store.sources.update(replace(district, last_success=now, last_new_post=now))
        silent = Source(url=dash.format("09184"), name="NINA Nachbarkreis", kind=SourceKind.NINA)
        store.sources.add(replace(silent, failures=3, failing_since=now, last_error="Zeit um."))
        office = "Deutscher Wetterdienst"
        warnings = (
            OfficialWarning(
                key="w1",
                event="Schwere Sturmböen",
                lang="de",
                sender=office,
                gravity=Gravity.SEVERE,
                url="https://warnung.example/w1",
                expires=now + timedelta(hours=5),
            ),
            OfficialWarning(
                key="w2",
                event="Hochwasser an der Muster",
                lang="de",
                sender="Länderübergreifendes Hochwasserportal",
                gravity=Gravity.MODERATE,
                onset=now + timedelta(hours=9),
            ),
        )
        store.warnings.put(Bulletin(warnings=warnings, whole=True), district.id, now)

    def parts(self) -> dict[str, object]:
        """A value for every variable part of an address."""
        store, incident = self.hall.store, self.hall.store.incidents.all_open()[0]
        answers = store.responses.of_incident(incident.id)
        (released,) = (a for a in answers if a.released_at)
        alert = store.alerts.of_incident(incident.id)[0]
        assert self.hall.ana.person is not None
        link = self.hall.house.links.acknowledge(
            incident.id, self.hall.ana.person.id, self.hall.now
        )
        return {
            "incident_id": incident.id,
            "sighting_id": store.sightings.of_incident(incident.id, limit=1, offset=0)[0].id,
            "rumour_id": "wasser",
            "name": "trinkwasser",
            "response_id": released.id,
            "slug": released.slug,
            "alert_id": alert.id,
            "person_id": self.hall.ana.person.id,
            "source_id": self.hall.source.id,
            "token": link.rpartition("/")[2],
            **self.more,
            "auth.invited token": self.invitation.rpartition("/")[2],
        }

    def pages(self) -> dict[str, str]:
        """Every page: endpoint -> address, and the states of pages that ``shots`` knows."""
        parts = self.parts()
        found = {}
        for rule in self.rules():
            if self.lacks(rule, parts):
                continue
            values = {name: _part(rule, name, parts) for name in rule.arguments}
            with self.hall.app.test_request_context():
                address = self.hall.app.url_map.bind("localhost").build(rule.endpoint, values)
            found[rule.endpoint] = address
        return found | {f"state: {name}": path for name, path in self.states.items()}

    def rules(self) -> Iterator[Rule]:
        """What can be asked for with a GET and may be a page."""
        for rule in self.hall.app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.endpoint not in NOT_PAGES:
                yield rule

    def lacks(self, rule: Rule, parts: dict[str, object]) -> set[str]:
        """The parts of its address nobody has a value for."""
        return {
            name
            for name in rule.arguments
            if name not in parts and not isinstance(rule._converters[name], AnyConverter)
        }


def drills(hall: TownHall, by: Person) -> int:
    """The team has practised twice and will again; the number of the second time."""
    (hall.playbooks / "uebungen" / "wasser.md").write_text(SCRIPT, "utf-8")
    numbers = []
    for days, times in ((40, (9, 24, None, None)), (3, (4, 14, 31, 39))):
        begun = hall.now - timedelta(days=days)
        seen = zip(parse("wasser", SCRIPT).expected, times, strict=True)
        out = Outcome(
            seen=tuple(Seen(expected=one, minute=at, person_id=by.id) for one, at in seen),
            called=(Called(person_id=by.id, mails=2, told=2, acted=times[0]),),
            posts=3,
        )
        made = drill_plan(by.id, hall.now, due=begun, state=DrillState.DONE, outcome=written(out))
        kept = replace(made, ended=begun + timedelta(minutes=60))
        numbers.append(hall.store.drill_plans.add(kept).id)
    coming = drill_plan(by.id, hall.now, due=hall.now + timedelta(days=7))
    hall.store.drill_plans.add(coming)
    return numbers[-1]


def drill_plan(leader: int, now: datetime, **more: Any) -> DrillPlan:
    """A drill with the scenario of ``drill_story``."""
    plain = {
        "scenario": "wasser",
        "title": "Trinkwasser",
        "title_en": "Drinking water",
        "script": SCRIPT,
        "kind": DrillKind.PLANNED,
        "leader": leader,
        "made": now,
        "minutes": 60,
    }
    return DrillPlan(**{**plain, **more})


def _part(rule: Rule, name: str, parts: dict[str, object]) -> object:
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    return parts.get(f"{rule.endpoint} {name}", parts[name])


def is_page(html: str) -> bool:
    """Whether this is a whole page, not a part that a page fetches."""
    return html.lstrip().lower().startswith("<!doctype html")
