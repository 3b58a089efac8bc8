"""What an answer did: on its page, in the figures and in the report."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import shots
from chromium import barriers, chromium, troubles, watched
from networks import Networks
from surge import wave


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Networks]:
    made = Networks(tmp_path)
    yield made
    made.close()


def test_every_step_and_channel_stands_with_its_time(town: Networks) -> None:
    town.hall.later(minutes=4)
    town.hall.ana.acknowledges(town.incident)
    town.hall.later(minutes=6)
    made = town.released("mastodon", "facebook")
    town.hall.later(minutes=2)
    town.sends()
    page = town.page(made)
    part = page[page.index('id="wirkung"') :]
    for said in ("Übernommen", "Zur Freigabe gegeben", "Mastodon", "Facebook", "noch nicht"):
        assert said in part, said
    assert "12 Min." in part
    assert "zu wenige Beiträge" in part


def test_a_draft_has_done_nothing_yet(town: Networks) -> None:
    assert 'id="wirkung"' not in town.page(town.submitted())


def test_the_figures_say_how_long_it_took_across_answers(town: Networks) -> None:
    town.hall.later(minutes=10)
    town.released("mastodon", "facebook")
    town.submitted()
    town.hall.later(minutes=2)
    town.sends()
    page = town.hall.ana.opens("/kennzahlen/").text
    part = page[page.index("antworten-wege") :]
    assert "Was aus den Antworten wurde" in part and "Freigabe (ab der Vorlage" in part
    rows = town.hall.store.figures.answers(
        town.hall.now - timedelta(days=1), town.hall.now + timedelta(days=1)
    )
    assert [set(one.channels) for one in rows] == [{"mastodon", "facebook"}, set()]
    assert rows[0].channels["facebook"] is None and rows[0].channels["mastodon"] is not None
    csv = town.hall.ana.opens("/kennzahlen/antworten.csv").text
    assert "Mastodon" in csv


def test_a_channel_somebody_called_off_does_not_wait_for_ever(town: Networks) -> None:
    made = town.released("mastodon", "facebook")
    town.hall.ana.presses(f"/antworten/kanaele/{town.row(made, 'facebook')}/nicht")
    (row,) = town.hall.store.figures.answers(
        town.hall.now - timedelta(days=1), town.hall.now + timedelta(days=1)
    )
    assert set(row.channels) == {"mastodon"}


def test_the_report_names_the_channels(town: Networks) -> None:
    town.hall.later(minutes=10)
    town.released("mastodon")
    town.sends()
    page = town.hall.ana.opens(f"/bericht/vorfall/{town.incident.id}").text
    assert "Auf: Mastodon" in page and "Antwort zur Freigabe gegeben" in page


def test_what_became_of_earlier_answers_is_said_with_the_suggestion(town: Networks) -> None:
    hall = town.hall
    for _number in range(11):
        hall.sees("Das Trinkwasser ist vergiftet")
    hall.later(hours=2)
    made = town.released("mastodon")
    hall.later(hours=7)
    page = hall.ana.opens(f"/vorfaelle/{town.incident.id}").text
    assert "Schon 1-mal veröffentlicht; danach bei 1 von 1 weniger Beiträge als davor." in page
    hall.chloe.presses(f"/antworten/{made.id}/zurueckziehen", {"grund": "Neu gemessen."})
    page = hall.ana.opens(f"/vorfaelle/{town.incident.id}?lang=en").text
    assert "Released 1 times before, 1 withdrawn" in page


def test_where_none_fits_a_playbook_is_begun_with_what_is_known(town: Networks) -> None:
    hall = town.hall
    (hall.playbooks / "trinkwasser.md").unlink()
    page = hall.ben.opens(f"/vorfaelle/{town.incident.id}").text
    assert f"/playbooks/neu?vorfall={town.incident.id}" in page
    form = hall.ben.opens(f"/playbooks/neu?vorfall={town.incident.id}").text
    assert "Erster Beitrag am 23.11.2026, 13:00 Uhr; bis jetzt 3 Beiträge" in form
    assert "geruechte: [wasser]" in form
    assert hall.ben.opens("/playbooks/neu?vorfall=4711").status_code == 404
    assert "geruechte: []" in hall.ben.opens("/playbooks/neu").text


@pytest.mark.browser
@pytest.mark.parametrize(("lang", "scheme", "width"), [("de", "light", 1280), ("en", "dark", 320)])
def test_before_and_after_can_be_seen_and_read(
    town: Networks, lang: str, scheme: str, width: int
) -> None:
    hall, now = town.hall, town.hall.now
    incident = wave(hall)
    hall.now = now - timedelta(minutes=75)
    hall.ana.acknowledges(incident)
    town.incident = incident
    made = town.released("mastodon", "facebook")
    town.sends()
    hall.now = now
    words = "Seit unserer Antwort" if lang == "de" else "Since our answer"
    with chromium() as browser, shots.serving(hall.app) as address:
        context = browser.new_context(
            color_scheme=scheme,  # type: ignore[arg-type]
            viewport={"width": width, "height": 800},
        )
        page = watched(context.new_page(), origin=address)
        shots.sign_in(page, address, hall.chloe, lang)
        for name, path in (("effect", f"/antworten/{made.id}"), ("effect-figures", "/kennzahlen/")):
            page.goto(address + path)
            if name == "effect":
                page.wait_for_selector("#verbreitung canvas")
                assert words in page.locator("#verbreitung-summary").inner_text()
            assert barriers(page) == [], name
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            if folder := os.environ.get("PICTURES"):
                page.screenshot(path=f"{folder}/{name}.{lang}.{width}.png", full_page=True)
        assert troubles(page) == []
