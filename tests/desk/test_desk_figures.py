"""The page of figures: a glance, a comparison, a file; and how it treats those who have little."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import shots
from busy_year import Past, busy_year, reopened
from chromium import barriers, chromium, troubles, watched
from people import TownHall
from playwright.sync_api import Browser

from crisis.desk import figure_tables
from crisis.figures.courses import Course
from crisis.store.figures import FigureRows
from crisis.types import Severity, Verdict

HOUR = timedelta(hours=1)


@pytest.fixture
def past(desk: TownHall) -> Past:
    return Past(desk)


def plain(page: str) -> str:
    """What a person reads, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace(" ", " ")


def test_everybody_on_the_staff_may_look_and_strangers_may_not(desk: TownHall) -> None:
    for visitor in (desk.ana, desk.ben, desk.chloe, desk.vera):
        assert visitor.opens("/kennzahlen/").status_code == 200
        assert visitor.opens("/kennzahlen/schritte.csv").status_code == 200
    assert desk.dev.opens("/kennzahlen/").status_code == 302
    assert desk.dev.opens("/kennzahlen/schritte.csv").status_code == 302


def test_before_anything_happened_the_page_says_what_to_do(desk: TownHall) -> None:
    page = desk.ana.opens("/kennzahlen/").text
    assert "In diesem Zeitraum gab es keinen Vorfall" in page
    assert "Wie gerechnet wird" in page
    assert "data-chart" not in page


def test_five_steps_are_said_with_their_targets(desk: TownHall, past: Past) -> None:
    for number in range(6):
        past.happened(
            desk.now - (number + 1) * HOUR, found_after=20, alerted=1, taken=15, answered=30
        )
    page = plain(desk.ben.opens("/kennzahlen/").text)
    assert "Erkennung Median 20 Min. Ziel 30 Min.: erreicht" in page
    assert "Alarmierung Median 60 Sek. Ziel 2 Min.: erreicht" in page
    assert "Übernahme Median 15 Min. Ziel 10 Min.: verfehlt" in page
    assert "Antwort Median 30 Min. Ziel 60 Min.: erreicht" in page
    assert "Richtigstellung Median 50 Min. Ziel 90 Min.: erreicht" in page
    assert "6 Vorfälle; 9 von 10 nach 15 Min." in page


def test_few_are_called_few_and_open_ones_are_never_dropped(desk: TownHall, past: Past) -> None:
    past.happened(desk.now - 3 * HOUR, taken=5)
    past.happened(desk.now - 2 * HOUR)
    page = plain(desk.ana.opens("/kennzahlen/").text)
    assert "Nur 2 Vorfälle, einer noch offen (seit 2 Std.)." in page
    assert "Antwort Median über 3 Std. Ziel 60 Min.: verfehlt" in page
    assert "Nur 2 Vorfälle, 2 noch offen (der älteste seit 3 Std.)." in page


def test_a_young_incident_does_not_miss_its_target_yet(desk: TownHall, past: Past) -> None:
    past.happened(desk.now - timedelta(minutes=4))
    page = plain(desk.ana.opens("/kennzahlen/").text)
    assert "Übernahme Median über 4 Min. Ziel 10 Min.: noch offen" in page


def test_the_period_before_is_compared(desk: TownHall, past: Past) -> None:
    past.happened(desk.now - HOUR, taken=5)
    past.happened(desk.now - timedelta(days=40), taken=25)
    page = plain(desk.ana.opens("/kennzahlen/").text)
    assert "Im Zeitraum davor: 25 Min., jetzt schneller." in page
    english = plain(desk.ana.opens("/kennzahlen/?lang=en").text)
    assert "faster" in english


def test_exercises_count_only_when_asked_for(desk: TownHall, past: Past) -> None:
    past.happened(desk.now - HOUR, taken=5, drill=True)
    assert "gab es keinen Vorfall" in desk.ana.opens("/kennzahlen/").text
    page = plain(desk.ana.opens("/kennzahlen/?uebungen=1").text)
    assert "Nur ein Vorfall" in page


def test_a_period_of_one_s_own_and_nonsense_in_the_address(desk: TownHall, past: Past) -> None:
    past.happened(desk.now - timedelta(days=200), taken=5)
    path = "/kennzahlen/?zeitraum=eigener&von={}&bis={}"
    long_ago = (desk.now - timedelta(days=210)).date().isoformat()
    assert "Nur ein Vorfall" in desk.ana.opens(path.format(long_ago, "2026-06-30")).text
    for bad in ("x", "0001-01-01", "9999-12-31", "2026-13-01"):
        assert desk.ana.opens(path.format(bad, bad)).status_code == 200
    assert desk.ana.opens("/kennzahlen/?zeitraum=zehn&schritt=kein").status_code == 200
    assert desk.ana.opens("/kennzahlen/unbekannt.csv").status_code == 404


def test_sources_topics_and_severities_are_compared(desk: TownHall, past: Past) -> None:
    past.happened(desk.now - HOUR, answered=12, taken=3, topic="Verkehr", place=1)
    past.happened(desk.now - HOUR, answered=90, taken=3, topic="=HYPERLINK()", place=2)
    past.happened(desk.now - HOUR, answered=20, taken=3, severity=Severity.URGENT)
    page = plain(desk.ana.opens("/kennzahlen/?schritt=answer").text)
    assert "Forum Nordstadt 1 0 12 Min. 12 Min. 100 %" in page
    assert "dringend 1 0 20 Min." in page
    answer = desk.ana.opens("/kennzahlen/themen.csv?schritt=answer")
    assert answer.mimetype == "text/csv"
    assert "kennzahlen-themen-2026-10-25-2026-11-23.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert rows[0][0] == "Thema"
    assert ["'=HYPERLINK()", "1", "0", "90", "90", "0"] in rows


def test_every_table_is_a_file(desk: TownHall, past: Past) -> None:
    past.happened(desk.now - HOUR, taken=3, answered=9.5, ended=12)
    page = desk.ana.opens("/kennzahlen/").text
    links = sorted(set(re.findall(r'href="(/kennzahlen/[^"]+\.csv[^"]*)"', page)))
    assert len(links) == 8
    for link in links:
        answer = desk.ana.opens(link.replace("&amp;", "&"))
        assert answer.status_code == 200
        assert answer.text.startswith("\ufeff")
    steps = desk.ana.opens("/kennzahlen/schritte.csv").text
    assert "Antwort;1;0;0;9,5;9,5;60;erreicht;100;" in steps
    assert "Answer;1;0;0;9.5" in desk.ana.opens("/kennzahlen/schritte.csv?lang=en").text


def test_false_alarms_and_suggestions_are_told_in_sentences(desk: TownHall, past: Past) -> None:
    verdicts = (Verdict.FITS, Verdict.DOES_NOT_FIT)
    past.happened(desk.now - 5 * HOUR, taken=3, ended=9, dismissed=True, judged=verdicts)
    past.happened(desk.now - 4 * HOUR, taken=3, ended=9)
    past.suggested(desk.now - HOUR, Verdict.FITS)
    past.suggested(desk.now - HOUR)
    page = plain(desk.ana.opens("/kennzahlen/").text)
    assert "1 von 2 beendeten Vorfällen wurden verworfen (50 %)." in page
    assert "Von 2 gemeldeten Beiträgen, die jemand beurteilt hat, passten 1 nicht." in page
    assert "2 Vorschläge: 1 passten, 0 nicht, 1 sind noch nicht angesehen." in page


def test_a_rumour_that_comes_back_is_said(desk: TownHall, past: Past) -> None:
    made = past.happened(desk.now - timedelta(days=2), taken=3, ended=9)
    reopened(past, made, desk.now - HOUR)
    page = plain(desk.ana.opens("/kennzahlen/").text)
    assert "Ein Gerücht kam wieder" in page


def test_a_clock_that_was_put_back_is_said(desk: TownHall, past: Past) -> None:
    past.happened(desk.now - HOUR, taken=-5)
    page = plain(desk.ana.opens("/kennzahlen/").text)
    assert "Eine Zeit lief rückwärts" in page


def test_nobody_is_counted_by_name(desk: TownHall) -> None:
    busy_year(desk, incidents=20, days=20)
    page = desk.ben.opens("/kennzahlen/").text
    for name in ("Ana", "Chloe"):
        assert name not in page


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (0, "0 Sek."),
        (1.2, "72 Sek."),
        (12.4, "12 Min."),
        (119, "119 Min."),
        (120, "2 Std."),
        (125, "2 Std. 5 Min."),
        (4608, "3,2 Tage"),
    ],
)
def test_durations_are_short_and_exact_enough(
    hall: TownHall, minutes: float, expected: str
) -> None:
    with hall.app.test_request_context("/?lang=de"):
        assert figure_tables.duration(minutes) == expected


def test_targets_that_are_switched_off_are_not_missed(tmp_path) -> None:
    hall = TownHall(tmp_path, CRISIS_TARGETS_ACKNOWLEDGEMENT_MINUTES="0")
    try:
        hall.everybody_signs_in()
        Past(hall).happened(hall.now - HOUR)
        page = plain(hall.ana.opens("/kennzahlen/").text)
        assert "Übernahme Median über 60 Min. kein Ziel gesetzt" in page
    finally:
        hall.close()


# --- in a browser ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.mark.browser
@pytest.mark.parametrize(("lang", "scheme"), [("de", "light"), ("en", "dark")])
def test_the_page_shuts_nobody_out(
    hall: TownHall, browser: Browser, lang: str, scheme: str
) -> None:
    busy_year(hall, incidents=40, days=60)
    with shots.serving(hall.app) as address:
        context = browser.new_context(color_scheme=scheme, viewport={"width": 320, "height": 700})
        page = watched(context.new_page(), origin=address)
        shots.sign_in(page, address, hall.chloe, lang)
        page.goto(f"{address}/kennzahlen/?zeitraum=90")
        assert page.locator(".uplot").count() == 3
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        assert barriers(page) == []
        page.get_by_role(
            "link", name="Erkennung" if lang == "de" else "Detection", exact=True
        ).click()
        assert page.locator("[aria-current=true]", has_text="e").count() >= 1
        assert troubles(page) == []
        context.close()


@pytest.mark.browser
def test_a_period_is_chosen_with_the_keyboard_alone(hall: TownHall, browser: Browser) -> None:
    busy_year(hall, incidents=10, days=80)
    with shots.serving(hall.app) as address:
        page = watched(browser.new_page(), origin=address)
        shots.sign_in(page, address, hall.ana, "de")
        page.goto(f"{address}/kennzahlen/")
        page.locator("#zeitraum").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**zeitraum=90**")
        assert troubles(page) == []
        page.close()


def test_a_year_is_counted_again_only_when_something_happened(
    desk: TownHall, past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[datetime] = []
    courses = FigureRows.courses

    def counting(
        rows: FigureRows, start: datetime, end: datetime, *, drill: bool = False
    ) -> list[Course]:
        counted.append(desk.now)
        return courses(rows, start, end, drill=drill)

    monkeypatch.setattr(FigureRows, "courses", counting)
    year = "/kennzahlen/?zeitraum=365"
    past.happened(desk.now - 2 * HOUR, taken=15)
    assert "Nur ein Vorfall" in plain(desk.ben.opens(year).text)
    desk.later(seconds=20)
    desk.ben.opens(year)
    assert len(counted) == 1
    past.happened(desk.now - HOUR, taken=15)
    assert "Nur 2 Vorfälle" in plain(desk.ben.opens(year).text)
    assert len(counted) == 2
    desk.later(minutes=2)  # what waits has waited longer by now
    desk.ben.opens(year)
    assert len(counted) == 3
