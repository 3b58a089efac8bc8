"""The language of pages, and times in plain words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from enum import Enum
from io import StringIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from builders import NOON
from flask import session
from people import TownHall

from crisis import types
from crisis.desk import story, words
from crisis.types import AuditEntry, Severity

ENUMS = (
    types.Severity,
    types.IncidentState,
    types.ResponseState,
    types.RumourStatus,
    types.Stance,
    types.Verdict,
    types.Role,
    types.AlertState,
    types.AlertKind,
)


@pytest.mark.parametrize("lang", words.LANGUAGES)
@pytest.mark.parametrize("kind", ENUMS)
def test_every_state_has_a_word(hall: TownHall, kind: type[Enum], lang: str) -> None:
    with hall.app.test_request_context():
        session["lang"] = lang
        said = [words.word(value) for value in kind]
    assert all(said)
    assert len(set(said)) == len(said)


def test_nothing_has_no_word(hall: TownHall) -> None:
    with hall.app.test_request_context():
        assert words.word(None) == ""
        assert words.clock(None) == words.day(None) == words.span(None) == ""
        assert words.when(None) == words.ago(None) == ""


@pytest.mark.parametrize(
    ("back", "says"),
    [
        (timedelta(hours=2), "heute, 11:00 Uhr"),
        (timedelta(days=1), "gestern, 13:00 Uhr"),
        (timedelta(days=-1), "morgen, 13:00 Uhr"),
        (timedelta(days=5), "18.11.2026, 13:00 Uhr"),
    ],
)
def test_the_nearer_the_day_the_shorter_its_name(
    hall: TownHall, back: timedelta, says: str
) -> None:
    with hall.app.test_request_context():
        shown = words.when(NOON - back)
    assert f">{says}</time>" in shown
    assert 'datetime="2026-11-' in shown


@pytest.mark.parametrize(
    ("back", "says"),
    [
        (timedelta(seconds=3), "gerade eben"),
        (timedelta(seconds=-3), "gleich"),
        (timedelta(seconds=70), "vor 70 Sekunden"),
        (timedelta(minutes=5), "vor 5 Minuten"),
        (timedelta(hours=3), "vor 3 Stunden"),
        (timedelta(days=2), "vor 2 Tagen"),
        (timedelta(hours=-3), "in 3 Stunden"),
    ],
)
def test_how_long_ago_in_plain_words(hall: TownHall, back: timedelta, says: str) -> None:
    with hall.app.test_request_context():
        assert f">{says}</time>" in words.ago(NOON - back)


def test_lengths_of_time(hall: TownHall) -> None:
    with hall.app.test_request_context():
        assert words.span(timedelta(days=2)) == "2 Tage"
        assert words.span_after(timedelta(days=2)) == "2 Tagen"
        assert words.span(timedelta(seconds=1)) == "1 Sekunde"
        assert words.day(NOON) == "23.11.2026"
        session["lang"] = "en"


def test_marks_that_do_not_fit_the_text_are_passed_over() -> None:
    text = "a < b & c"
    assert words.marked(text, ((0, 1), (0, 3), (8, 99))) == "<mark>a</mark> &lt; b &amp; c"


# --- the language ----------------------------------------------------------------------------


def test_english_pages_have_the_hours_and_days_of_europe(hall: TownHall) -> None:
    with hall.app.test_request_context("/"), words.spoken("en"):
        assert words.clock(NOON + timedelta(hours=2)) == "15:00"
        assert words.day(NOON) == "23 Nov 2026"
        assert words.language() == "en"


def test_the_browser_s_language_counts_first_time(hall: TownHall) -> None:
    german = hall.dev.opens("/anmelden", headers={"Accept-Language": "de-AT"})
    english = hall.dev.opens("/anmelden", headers={"Accept-Language": "en-GB,de;q=0.5"})
    other = hall.dev.opens("/anmelden", headers={"Accept-Language": "fr"})
    assert '<html lang="de">' in german.text
    assert '<html lang="en">' in english.text
    assert "Sign in" in english.text
    assert '<html lang="de">' in other.text


def test_a_person_s_own_language_counts_more(hall: TownHall) -> None:
    assert hall.ana.person is not None
    with hall.store.transaction():
        hall.store.people.update(replace(hall.ana.person, lang="en"))
    hall.ana.signs_in()
    page = hall.ana.opens("/", headers={"Accept-Language": "de"})
    assert '<html lang="en">' in page.text


def test_what_somebody_chose_counts_most_and_stays(desk: TownHall) -> None:
    desk.ana.opens("/?lang=en")
    assert '<html lang="en">' in desk.ana.opens("/vorschlaege/").text
    desk.ana.opens("/?lang=klingonisch")
    assert '<html lang="en">' in desk.ana.opens("/").text
    desk.ana.opens("/?lang=de")
    assert '<html lang="de">' in desk.ana.opens("/").text


def test_the_choice_survives_signing_in(hall: TownHall) -> None:
    hall.ana.opens("/anmelden?lang=en")
    hall.ana.signs_in()
    assert '<html lang="en">' in hall.ana.opens("/").text


def test_the_switch_leads_back_to_the_same_page(desk: TownHall) -> None:
    desk.rumour_spreads(7)
    page = desk.ana.opens("/vorfaelle/1?nur=open").text
    assert 'href="/vorfaelle/1?nur=open&amp;lang=en"' in page
    refused = desk.ana.presses("/vorfaelle/1/notiz", {"text": ""})
    assert 'href="/?lang=en"' in refused.text
    assert 'href="/?lang=en"' in desk.ana.opens("/gibt-es-nicht").text


def test_the_english_catalogue_lacks_no_sentence() -> None:
    root = Path(words.__file__).parents[2]
    methods = parse_mapping_cfg(StringIO((root / "babel.cfg").read_text("utf-8")))
    found = extract_from_dir(root, *methods, directory_filter=lambda path: ".venv" not in path)
    path = root / "crisis/desk/translations/en/LC_MESSAGES/messages.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale="en")
    lacking = {
        (file, line, message)
        for file, line, message, _comments, _context in found
        if not (known := catalogue.get(message if isinstance(message, str) else message[0]))
        or not known.string
        or not all(known.string)
    }
    assert not lacking


# --- what happened, in words -----------------------------------------------------------------


def test_every_action_of_the_workflows_has_a_sentence(hall: TownHall) -> None:
    import re

    rooms = Path(words.__file__).parents[1]
    written = "".join(p.read_text("utf-8") for p in (rooms / "workflows").glob("*.py"))
    nouns = (
        "incident|response|rumour|playbook|source|person|shift|drill|alert|sighting|post|link|model"
    )
    actions = set(re.findall(rf'"((?:{nouns})\.[a-z_]+)"', written))
    assert len(actions) > 30
    with hall.app.test_request_context():
        for action in actions:
            entry = AuditEntry(at=NOON, actor="system", action=action, what="x:1")
            assert story.say(entry, {}) != action, action


def test_details_that_make_no_sense_are_said_all_the_same(hall: TownHall) -> None:
    odd = AuditEntry(at=NOON, actor="person:x", action="incident.rated", what="incident:1")
    with hall.app.test_request_context():
        assert story.say(odd, {}) == "Dringlichkeit bestätigt."
        assert story.say(replace(odd, action="incident.grew"), {})
        assert story.say(replace(odd, action="neu.unbekannt"), {}) == "neu.unbekannt"
        assert story.who(odd, {}) == "jemand, der nicht mehr da ist"
        assert story.who(replace(odd, actor="system"), {}) == "Klarstellung"


def test_the_names_follow_the_language_of_the_page(hall: TownHall) -> None:
    with hall.app.test_request_context("/", headers={"Accept-Language": "en"}):
        assert words.word(Severity.HIGH) == "high"
        assert words.word(Severity.LOW) == "low"
    with hall.app.test_request_context("/", headers={"Accept-Language": "de"}):
        assert words.word(Severity.HIGH) == "hoch"
        assert words.word(None) == ""


def test_the_same_moment_is_worded_anew_for_another_day_language_or_zone(
    hall: TownHall, tmp_path: Path
) -> None:
    def said(town: TownHall, lang: str) -> str:
        with town.app.test_request_context("/", headers={"Accept-Language": lang}):
            return str(words.when(NOON))

    assert "heute, 13:00 Uhr" in said(hall, "de")
    assert "today" in said(hall, "en")
    hall.later(days=1)
    assert "gestern, 13:00 Uhr" in said(hall, "de")
    away = TownHall(tmp_path / "anderswo", CRISIS_AUTHORITY_TIMEZONE="America/New_York")
    assert "heute, 07:00 Uhr" in said(away, "de")
    away.close()
