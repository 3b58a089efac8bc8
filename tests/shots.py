"""Pictures of the desk's pages, to be looked at by people while working on them. Not a test.

``python tests/shots.py [FOLDER] [NAME …]`` fills a town hall with examples, opens the pages in Chromium
and writes one PNG each in German and English, wide and narrow, light and dark, into FOLDER (``shots/``).
"""

from __future__ import annotations

import logging
import re
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from builders import NOON, RUMOUR_IN_SCOPE, rumour, source
from busy_year import busy_year
from flask import Flask
from networks import Networks
from people import PASSWORD, TownHall, Visitor
from playwright.sync_api import Browser, Page, sync_playwright
from review_states import joins, states
from surge import judged, wave
from werkzeug.serving import make_server

from crisis.matching import Bands, shipped_model
from crisis.matching.histogram import NOTHING, bin_of
from crisis.types import (
    AlertState,
    Band,
    Fact,
    Role,
    Rumour,
    RumourStatus,
    Shift,
    Stance,
    Verdict,
)
from crisis.workflows import catalogue, review, tune

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def chromium() -> str | None:
    """The machine's own Chromium, else None: Playwright's."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    name: str
    lang: str = "de"
    width: int = 1280
    dark: bool = False


LOOKS = (
    Look("wide"),
    Look("narrow", width=390),
    Look("wide-en-dark", lang="en", dark=True),
    Look("narrow-en", lang="en", width=390),
)


def _whole(app: Flask) -> WSGIApplication:
    """The application, its answers read to the end at once.

    Werkzeug's server forgets to close an answer whose reader went away early (a file stays open then).
    """

    def answers(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        parts = app(environ, start_response)
        try:
            return [b"".join(parts)]
        finally:
            parts.close()  # type: ignore[attr-defined]

    return answers


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The application on a free port of this machine; yields its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, _whole(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def sign_in(page: Page, address: str, visitor: Visitor, lang: str = "de") -> None:
    """By hand, as people do."""
    assert visitor.person is not None
    page.goto(f"{address}/anmelden?lang={lang}")
    page.fill("#email", visitor.person.email)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")


def example(hall: TownHall) -> dict[str, str]:
    """A busy afternoon; returns name of the picture -> path."""
    facts = (
        Fact(
            text="Das Labor hat um 9 Uhr an sieben Stellen Proben genommen: keine Auffälligkeit.",
            source="Stadtwerke Musterstadt",
            url="https://stadtwerke.example/proben",
            date=NOON.date(),
        ),
        Fact(text="Der Rohrbruch in der Lindenstraße ist seit 10 Uhr repariert.", source="Bauhof"),
    )
    with hall.store.transaction():
        hall.store.rumours.put(
            replace(
                rumour(),
                text="Das Trinkwasser in Nordstadt ist vergiftet, die Stadt verschweigt es.",
                facts=facts,
                status=RumourStatus.FALSE,
            ),
            hall.now,
        )
        assert hall.ana.person is not None
        assert hall.chloe.person is not None
        for number, person in enumerate((hall.ana.person, hall.chloe.person)):
            hall.store.people.add_shift(
                Shift(
                    person_id=person.id,
                    start=NOON + timedelta(hours=8 * number - 4),
                    end=NOON + timedelta(hours=8 * number + 4),
                )
            )
    hall.chloe_approves()
    hall.now = NOON - timedelta(hours=7)
    texts = (
        "Leute, das Trinkwasser in Nordstadt ist vergiftet! Bitte teilen, bevor es gelöscht wird!!",
        "Meine Nachbarin arbeitet bei der Stadt: Trinkwasser NICHT trinken, da ist was drin.",
        "Weiß jemand, ob das mit dem Trinkwasser stimmt? Bei uns riecht es nach Chlor.",
        "<script>alert(1)</script> Trinkwasser vergiftet, https://boese.example/?a=1&b=2",
    )
    incident = None
    for number in range(14):
        hall.later(minutes=29)
        stance = Stance.ASKS if number % 4 == 2 else Stance.SPREADS
        incident = hall.sees(texts[number % 4], stance=stance) or incident
    hall.sees("Trinkwasser schmeckt heute komisch in der Südstadt", band=Band.SUGGEST)
    hall.sees("Gibt es eine Warnung fürs Trinkwasser? Frage für Oma", band=Band.SUGGEST)
    counted_month(hall)
    hall.now = NOON
    assert incident is not None
    return {
        "sign-in": "/anmelden",
        "board": "/",
        "wall": "/lage/wand",
        "suggestions": "/vorschlaege/",
        "incidents": "/vorfaelle/",
        "incidents-narrowed": "/vorfaelle/?stand=offen&suche=trinkwasser",
        "audit": "/protokoll/",
        "outbox": "/postausgang/",
        "people": "/personen/",
        "sources": "/quellen/",
        "playbooks": "/playbooks/",
        "answers": "/antworten/",
        "search": "/suche/?q=trinkwasser",
        "search-posts": "/suche/?q=trink+vergift&art=post",
        "search-empty": "/suche/",
        "nothing-found": "/vorfaelle/?suche=einhorn",
        "incident-new": f"/vorfaelle/{incident.id}",
        "missing": "/gibt-es-nicht",
        "drill": "/uebung/",
        "matching": "/abgleich/",
        "thresholds": "/abgleich/schwellen?meldungen=1&vorschlaege=9&tage=30",
        "thresholds-own": "/abgleich/schwellen?nach=schwellen&melden=96&vorschlagen=60&tage=7",
    }


def counted_month(hall: TownHall) -> None:
    """Four weeks of posts as numbers, and what people said of the last of them."""
    model = shipped_model().version
    with hall.store.transaction():
        for age in range(28):
            day = NOON.date() - timedelta(days=age)
            weekend = day.weekday() > 4
            bins = {NOTHING: 900 - 300 * weekend, bin_of(0.3): 14 + age % 5, bin_of(0.6): 5}
            hall.store.scores.add(day, model, bins | {bin_of(0.8): age % 3, bin_of(0.95): 2})
            hall.store.scores.add(day, model, {bin_of(0.9): 1}, may_raise=False)
        assert hall.ana.person is not None
        for number, one in enumerate(hall.store.sightings.since(hall.now - timedelta(9), model)):
            said = Verdict.DOES_NOT_FIT if number % 5 == 3 else Verdict.FITS
            if one.incident_id and number > 1:
                hall.store.sightings.judge(one.id, said, hall.ana.person.id, hall.now)
    tune.switch_on(hall.house, Bands(0.8, 0.25), hall.chloe.person, hall.now - timedelta(days=3))


def later(hall: TownHall) -> dict[str, str]:
    """The same afternoon, some steps on."""
    incident = hall.store.incidents.all_open()[0]
    hall.ana.signs_in()
    hall.chloe.signs_in()
    hall.later(minutes=3)
    hall.ana.acknowledges(incident)
    hall.ana.notes(incident, "Labor angerufen, Rückruf bis 13 Uhr.\nStadtwerke wissen Bescheid.")
    hall.later(minutes=2)
    draft = hall.draft(incident)
    hall.later(minutes=2)
    submitted = hall.submitted(incident)
    released = hall.released(incident)
    return {
        "incident": f"/vorfaelle/{incident.id}",
        "draft": f"/antworten/{draft.id}",
        "submitted": f"/antworten/{submitted.id}",
        "released": f"/antworten/{released.id}",
    }


def catalogue_pages(hall: TownHall) -> dict[str, str]:
    """The catalogue with doubles, an entry in need of work, and one with a history."""
    dam = Rumour(
        id="damm",
        text="Der Staudamm bei Oberau bricht heute Nacht.",
        title="Staudamm bricht",
        lang="de",
        topics=("hochwasser",),
        variants=("Raus aus Oberau!", "Der Damm hält nicht mehr", "Oberau steht unter Wasser"),
        status=RumourStatus.FALSE,
        facts=(Fact(text="Der Damm ist dicht.", source="THW", date=NOON.date()),),
    )
    twin = replace(dam, id="staudamm", title="Staudamm Oberau", variants=("Alle weg hier!",))
    vague = Rumour(
        id="vage", text="Die Leute sagen, alles ist anders.", facts=(Fact(text="Nein."),)
    )
    writer = hall.ben.person
    for one in (dam, twin, vague, replace(dam, text="Der Staudamm bei Unterau hält heute Nacht.")):
        hall.later(minutes=3)
        catalogue.save(hall.store, one, writer, hall.now, confirmed=RUMOUR_IN_SCOPE)
    review.some(hall.house, hall.later(minutes=1))
    entry = hall.store.audit.of_object("rumour:damm")[-1].id
    return {
        "rumours": "/geruechte/",
        "rumour": "/geruechte/vage",
        "rumour-double": "/geruechte/staudamm",
        "rumour-edit": "/geruechte/damm/bearbeiten",
        "rumour-version": f"/geruechte/damm/verlauf/{entry}",
        "rumour-merge": "/geruechte/staudamm/zusammenlegen?mit=damm",
        "rumour-merge-choose": "/geruechte/staudamm/zusammenlegen",
        "bench": "/geruechte/ausprobieren/",
    }


def settings_pages(hall: TownHall) -> dict[str, str]:
    """What administrators set: mail that was tried twice and confirmed once."""
    assert hall.chloe.person is not None
    (hall.instance / "settings.toml").write_text(
        '[mail]\nhost = "mail.musterstadt.example"\nsender = "lage@musterstadt.example"\n', "utf-8"
    )
    with hall.store.transaction():
        everything = replace(hall.chloe.person, roles=frozenset(Role))
        hall.store.people.update(everything)
    hall.chloe.signs_in()
    for address in ("alarm-telefon@musterstadt.example", "chloe@musterstadt.example"):
        hall.later(minutes=4)
        hall.chloe.presses("/einstellungen/probemail", {"an": address})
    oldest = hall.store.alerts.tests(limit=9)[-1]
    found = re.search(r"/mail-bestaetigen/\S+", oldest.text)
    assert found is not None
    with hall.store.transaction():
        hall.store.alerts.update(replace(oldest, state=AlertState.SENT, sent_at=hall.now))
    hall.later(minutes=1)
    hall.dev.client.post(found[0])
    return {
        "settings": "/einstellungen/",
        "settings-mail": "/einstellungen/mail",
        "test-mail": "/einstellungen/probemail",
        "first-steps": "/erste-schritte/",
    }


def fresh(hall: TownHall) -> dict[str, str]:
    """A newcomer's first look."""
    with hall.store.transaction():
        hall.store.sources.remove(hall.source.id)
    return {"newcomer": "/"}


def figures(hall: TownHall) -> dict[str, str]:
    """A past to count, and one with hardly anything in it."""
    with hall.store.transaction():
        hall.source = hall.store.sources.add(source(url="http://feed.example/neu", added=NOON))
    busy_year(hall)
    return {
        "figures": "/kennzahlen/",
        "figures-year": "/kennzahlen/?zeitraum=365&schritt=correction",
        "report": "/bericht/?stunden=72",
        "report-incident": "/bericht/vorfall/121",
        "handover": "/uebergabe/",
        "figures-few": "/kennzahlen/?zeitraum=eigener&von=2026-11-22&bis=2026-11-23",
    }


def exercise(hall: TownHall) -> dict[str, str]:
    """Half-way through an exercise."""
    hall.ana.signs_in()
    hall.ana.presses("/uebung/")
    drill = hall.store.drills.latest()
    assert drill is not None
    hall.later(seconds=10)
    hall.source = hall.store.sources.get(drill.source_id)
    incident = hall.rumour_spreads(2, drill=True)
    hall.later(seconds=5)
    hall.ana.acknowledges(incident)
    hall.ana.drafts(incident)
    (answer,) = hall.store.responses.of_incident(incident.id)
    hall.ana.fills(answer, submit=True, naechste_info="heute um 18 Uhr")
    return {
        "drill-running": "/uebung/",
        "drill-remove": "/uebung/entfernen",
        "drill-board": "/",
        "drill-incident": f"/vorfaelle/{incident.id}",
        "drill-submitted": f"/antworten/{answer.id}",
    }


def busy(hall: TownHall) -> dict[str, str]:
    """A wave of posts, answered in its middle."""
    hall.chloe_approves()
    incident = wave(hall)
    judged(hall, incident)
    hall.now = NOON - timedelta(minutes=75)
    hall.ana.signs_in()
    hall.ana.acknowledges(incident)
    hall.released(incident)
    hall.now = NOON
    path = f"/vorfaelle/{incident.id}"
    return {
        "wave": path,
        "wave-filtered": f"{path}?ort=Nordstadt&nur=open&gliederung=ort",
        "wave-alike": f"{path}/beitraege/gleiche/1",
    }


def shoot(
    browser: Browser,
    address: str,
    visitor: Visitor,
    paths: dict[str, str],
    folder: Path,
    wanted: list[str],
) -> None:
    for look in LOOKS:
        context = browser.new_context(
            viewport={"width": look.width, "height": 900},
            color_scheme="dark" if look.dark else "light",
            locale=look.lang,
        )
        page = context.new_page()
        page.on("console", lambda m: print("console:", m.text) if m.type == "error" else None)
        if "sign-in" in paths and (not wanted or "sign-in" in wanted):
            page.goto(f"{address}/anmelden?lang={look.lang}")
            page.screenshot(path=folder / f"sign-in.{look.name}.png", full_page=True)
        sign_in(page, address, visitor, look.lang)
        for name, path in paths.items():
            if name == "sign-in" or (wanted and name not in wanted):
                continue
            page.goto(address + path)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > look.width:
                print(f"{name}.{look.name}: {wide} px wide")
            page.screenshot(path=folder / f"{name}.{look.name}.png", full_page=True)
        context.close()


def main(folder: Path, wanted: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    days = (
        (example, later, catalogue_pages, settings_pages),
        (fresh, exercise),
        (figures,),
        (busy,),
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium())
        for steps in days:
            with tempfile.TemporaryDirectory() as place:
                hall = TownHall(Path(place))
                with serving(hall.app) as address:
                    for step in steps:
                        shoot(browser, address, hall.chloe, step(hall), folder, wanted)
                hall.close()
        with tempfile.TemporaryDirectory() as place:
            hall = TownHall(Path(place))
            joins(hall)
            with serving(hall.app) as address:
                for name, visitor, path in states(hall):
                    if not wanted or f"review-{name}" in wanted:
                        shoot(browser, address, visitor, {f"review-{name}": path}, folder, [])
            hall.close()
        with tempfile.TemporaryDirectory() as place:
            town = Networks(Path(place))
            with serving(town.hall.app) as address:
                shoot(browser, address, town.hall.chloe, town.states_shown(), folder, wanted)
            town.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "shots"), sys.argv[2:])
