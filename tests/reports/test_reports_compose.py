"""What a report says, in both languages, and what it never says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from builders import NOON, incident, person, rumour
from hypothesis import given
from hypothesis import strategies as st

from crisis.figures.courses import Course, waves
from crisis.figures.overview import steps
from crisis.figures.spans import Step
from crisis.reports import compose, markdown
from crisis.reports.document import Bars, Bullets, Document, Grid, Pairs, Section, Text
from crisis.reports.phrases import Tongue
from crisis.reports.situation import Case, Duty, Health, Situation, initials
from crisis.types import (
    Fact,
    IncidentState,
    Response,
    ResponseState,
    RumourStatus,
    Severity,
    Spread,
)

BERLIN = ZoneInfo("Europe/Berlin")
WELL = Health(monitor_seen=NOON, monitor_silent=False, mail=True, failed_mails=0, sources=7)


def case(state: IncidentState = IncidentState.NEW, **changes: Any) -> Case:
    about = rumour(status=RumourStatus.FALSE, facts=(Fact(text="Geprüft.", source="Labor"),))
    severity = changes.pop("severity", Severity.HIGH)
    opened = changes.pop("opened", NOON - timedelta(hours=2))
    one = incident(id=4, state=state, severity=severity, opened=opened)
    given = {
        "incident": one,
        "rumour": about,
        "spread": Spread(
            posts=1204, last_10_minutes=3, last_hour=12, sources=2, usual_per_hour=4.0
        ),
        "first_post": opened - timedelta(minutes=20),
        **changes,
    }
    return Case(**given)


def answer(**changes: Any) -> Response:
    made = Response(
        id=1,
        incident_id=4,
        playbook="trinkwasser",
        playbook_sha256="x",
        approval_id=1,
        lang="de",
        title="Das Wasser ist in Ordnung",
        state=ResponseState.RELEASED,
        slug="wasser-ok",
        written_by=1,
        written_at=NOON,
        released_at=NOON - timedelta(hours=1),
    )
    return replace(made, **changes)


def situation(*cases: Case, **changes: Any) -> Situation:
    given = {
        "authority": "Musterstadt",
        "zone": BERLIN,
        "now": NOON,
        "start": NOON - timedelta(days=1),
        "end": NOON,
        "cases": cases,
        "health": WELL,
        "public_url": "https://stadt.example/klarstellungen/",
        **changes,
    }
    return Situation(**given)


def told(document: Document) -> str:
    return markdown.write(document)


def test_a_quiet_day_is_three_calm_sentences() -> None:
    document = compose.of_span(situation(), "de")
    assert list(document.lead) == [
        "Zurzeit geht kein bekanntes Gerücht um.",
        "Keine Antwort wurde veröffentlicht; unbeantwortet ist nichts.",
        "Die Beobachtung läuft, alle 7 Quellen antworten.",
    ]
    assert "Was offen ist\n\nNichts." in told(document)
    assert document.subtitle == "22.11.2026, 13:00 Uhr – 23.11.2026, 13:00 Uhr"


def test_a_busy_one_says_how_many_and_how_pressing() -> None:
    found = situation(
        case(severity=Severity.URGENT),
        case(IncidentState.CORRECTED, answers=(answer(),)),
        case(IncidentState.CLOSED, severity=Severity.LOW),
    )
    assert list(compose.of_span(found, "de").lead)[:2] == [
        "2 Gerüchte gehen um, davon 1 dringend und 1 hoch.",
        "1 Antwort wurde veröffentlicht; 1 noch ohne Antwort, am längsten seit 2 Std.",
    ]
    assert list(compose.of_span(found, "en").lead)[:2] == [
        "2 rumours go round, of these 1 urgent and 1 high.",
        "1 answer was published; 1 still without an answer, the longest for 2 h.",
    ]


def test_what_is_wrong_with_the_desk_is_said_first_of_all() -> None:
    ill = Health(
        monitor_seen=None,
        monitor_silent=True,
        mail=False,
        failed_mails=2,
        sources=7,
        failing=("Forum",),
    )
    (_what, _said, health) = compose.of_span(situation(health=ill), "de").lead
    assert health == (
        "Zu beachten: der Beobachter läuft nicht (noch nie gesehen), 1 von 7 Quellen antworten nicht,"
        " es ist kein Mailserver eingerichtet und 2 Mails sind gescheitert."
    )
    since = replace(ill, monitor_seen=NOON, failing=(), mail=True, failed_mails=0)
    assert "since 23 Nov 2026, 13:00" in compose.of_span(situation(health=since), "en").lead[2]


def test_the_pressing_ones_are_told_in_detail_with_what_we_know() -> None:
    text = told(compose.of_span(situation(case(assignee="A. W.", notes=2)), "de"))
    assert "| Trinkwasser vergiftet | hoch | neu, noch nicht übernommen | 1.204 | 12 |" in text
    assert "„Das Trinkwasser ist vergiftet.“ (falsch)" in text
    assert "- Geprüft. (Labor)" in text
    assert "**Vorfall erkannt:** 11:00 Uhr (nach 20 Min.)" in text
    assert "**Zuständig:** A. W." in text
    assert "**Am Arbeitsplatz:** 2 Notizen" in text


def test_what_ended_is_not_told_in_detail() -> None:
    text = told(compose.of_span(situation(case(IncidentState.DISMISSED)), "de"))
    assert "im Einzelnen" not in text


def test_answers_stand_there_with_time_and_address() -> None:
    out = case(IncidentState.CORRECTED, answers=(answer(),))
    text = told(compose.of_span(situation(out), "de"))
    assert (
        "| Das Wasser ist in Ordnung | veröffentlicht | 12:00 Uhr | https://stadt.example" in text
    )
    hidden = told(compose.of_span(situation(out, drill=True), "de"))
    assert "https://" not in hidden
    assert "**ÜBUNG" in hidden


def test_what_is_open_names_the_next_step() -> None:
    waits = case(answers=(answer(state=ResponseState.SUBMITTED, released_at=None),))
    found = situation(waits, case(), health=replace(WELL, suggestions=3))
    points = compose.open_points(found, Tongue("de", BERLIN))
    assert points == [
        "Trinkwasser vergiftet: Antwort wartet auf eine zweite Person.",
        "Trinkwasser vergiftet: neu, noch nicht übernommen, offen seit 2 Std.",
        "3 Vorschläge sind noch anzusehen.",
    ]


def test_who_is_on_call_is_said_with_times() -> None:
    duty = Duty(now="A. W.", until=NOON + timedelta(hours=2), next="B.", since=NOON)
    text = told(compose.of_span(situation(duty=duty), "de"))
    assert "**Bereitschaft jetzt:** A. W. (bis 23.11.2026, 15:00 Uhr)" in text
    nobody = told(compose.of_span(situation(), "en"))
    assert "**On call now:** nobody entered" in nobody


def test_figures_of_these_hours_stand_beside_their_targets() -> None:
    course = Course(
        incident_id=1, rumour_id="w", opened=NOON, acknowledged_at=NOON + timedelta(minutes=5)
    )
    found = situation(
        steps=steps(waves(course), NOON + timedelta(hours=1), {}), targets={Step.ANSWER: 30}
    )
    text = told(compose.of_span(found, "de"))
    assert "| Übernahme | 1 | 0 | 5 Min. | – | – |" in text
    assert "| Antwort | 1 | 1 | über 60 Min. | 30 Min. | verfehlt |" in text


def test_more_than_fits_is_counted() -> None:
    text = told(compose.of_span(situation(case(), more=1200), "de"))
    assert "1.200 weitere, weniger dringende stehen am Arbeitsplatz." in text
    assert "1.201 Gerüchte gehen um" in text


def test_one_incident_is_told_from_rumour_to_course() -> None:
    hours = [0] * 22 + [5, 2]
    one = case(IncidentState.CORRECTED, speed=hours, answers=(answer(),))
    document = compose.of_incident(situation(one), "de")
    assert document.title == "Lagebericht: Trinkwasser vergiftet"
    assert document.lead[1] == "1.204 Beiträge in 2 Quellen, 12 davon in der letzten Stunde."
    assert document.lead[2] == "Die erste Antwort ging 23.11.2026, 12:00 Uhr hinaus."
    text = told(document)
    assert "Am meisten gegen 12:00 Uhr: 5." in text
    assert "**Erste Antwort öffentlich:** 12:00 Uhr (nach 80 Min.)" in text


def test_an_incident_whose_rumour_is_gone_has_a_report_all_the_same() -> None:
    one = case(IncidentState.CLOSED, rumour=None, speed=())
    gone = replace(one, incident=replace(one.incident, end_reason="Vorbei", ended_at=NOON))
    text = told(compose.of_incident(situation(gone), "en"))
    assert "Not on file any more." in text
    assert "**Reason:** Vorbei" in text
    bare = replace(case(), rumour=rumour())
    assert "No facts are on file yet." in told(compose.of_incident(situation(bare), "en"))


def test_staff_are_initials_unless_names_are_asked_for() -> None:
    ana = person("Ana Maria  Weber")
    assert initials(ana, names=False) == "A. M. W."
    assert initials(ana, names=True) == "Ana Maria  Weber"
    assert initials(None, names=True) == ""


def test_markup_of_others_stays_text() -> None:
    document = Document(
        lang="de",
        title="# Kein *Titel*",
        subtitle="a|b",
        authority="Stadt",
        made="jetzt",
        lead=["<script>"],
        sections=[
            Section(
                "Alles",
                [
                    Text("zeile\n# zwei"),
                    Bullets(["[x](http://y)"]),
                    Pairs([("a", "`b`")]),
                    Grid("T", ["h|1"], [["z|1"]]),
                    Bars("B", "s", [("1", 2)]),
                ],
            )
        ],
    )
    text = markdown.write(document)
    assert text.startswith("# \\# Kein \\*Titel\\*\n")
    assert "<script>" not in text
    assert "zeile \\# zwei" in text
    assert "| h\\|1 |\n| --- |\n| z\\|1 |" in text


@pytest.mark.parametrize("lang", ["de", "en"])
@given(minutes=st.integers(-100, 10**6))
def test_a_length_of_time_is_never_negative(lang: str, minutes: int) -> None:
    text = Tongue(lang, BERLIN).length(timedelta(minutes=minutes))
    assert text[0].isdigit()
