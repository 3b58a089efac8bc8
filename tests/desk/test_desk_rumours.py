"""The catalogue on the desk: finding, writing, trying out, retiring, and files in and out."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from builders import TICKED, rumour
from people import TownHall, Visitor
from werkzeug.test import TestResponse

from crisis.desk import rumour_files as page
from crisis.rumours.exchange import write_rows
from crisis.types import Fact, Rumour, RumourStatus

LIST = "/geruechte/"
DAM = Rumour(
    id="damm",
    text="Der Staudamm bei Oberau bricht heute Nacht.",
    title="Staudamm bricht",
    variants=("Der Damm bricht!", "Oberau wird überflutet", "Raus aus Oberau, der Damm hält nicht"),
    lang="de",
    topics=("hochwasser",),
    status=RumourStatus.FALSE,
    facts=(Fact(text="Der Damm ist dicht.", source="THW", url="https://thw.example/damm"),),
    valid_until=date(2027, 12, 31),
)
FORM = {
    "text": "Der Staudamm bei Oberau bricht heute Nacht.",
    "title": "Staudamm bricht",
    "variants": "Der Damm bricht!\r\n\r\n  Oberau wird  überflutet \r\nDer Damm bricht!",
    "lang": "de",
    "topics": "hochwasser, damm; damm",
    "status": "false",
    "valid_until": "2027-12-31",
    "fakt-0-text": "Der Damm ist dicht.",
    "fakt-0-source": "THW",
    "fakt-0-url": "https://thw.example/damm",
    "fakt-0-date": "2026-11-22",
    "fakt-1-text": "",
    "fakt-1-source": "",
    "fakt-1-url": "",
    "fakt-1-date": "",
    **TICKED,
}


def keep(hall: TownHall, *rumours: Rumour) -> None:
    with hall.store.transaction():
        for one in rumours:
            hall.store.rumours.put(one, hall.now)


def stamp(visitor: Visitor, rumour_id: str) -> str:
    """What the form of this entry says about its version."""
    text = visitor.opens(f"{LIST}{rumour_id}/bearbeiten").text
    found = re.search(r'name="fassung" value="([^"]*)"', text)
    assert found
    return found[1]


def uploads(visitor: Visitor, body: bytes, name: str = "katalog.csv") -> TestResponse:
    return visitor.presses(LIST + "einlesen", {"datei": (io.BytesIO(body), name)})


# --- finding -----------------------------------------------------------------------------------


def test_everybody_on_the_desk_finds_an_entry(desk: TownHall) -> None:
    keep(desk, DAM)
    for visitor in (desk.ana, desk.ben, desk.chloe, desk.vera):
        assert "Staudamm bricht" in visitor.opens(LIST).text
    assert desk.dev.opens(LIST).status_code == 302


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?sprache=de", True),
        ("?sprache=en", True),
        ("?gesehen=nein", True),
        ("?gesehen=ja", False),
        ("?hinweis=no-playbook", True),
        ("?hinweis=short", True),
        ("?hinweis=quatsch", True),
        ("?sort=umgegangen", True),
        ("?sort=-geaendert&ab=x", True),
        ("?hinweis=alle", False),
        ("?akten=nur", False),
        ("?suche=oberau", True),
        ("?suche=schule", False),
        ("?thema=hochwasser", True),
        ("?thema=trinkwasser", False),
        ("?stand=false", True),
        ("?stand=satire", False),
        ("?stand=quatsch", True),
    ],
)
def test_the_list_is_searched_and_filtered(desk: TownHall, query: str, found: bool) -> None:
    keep(desk, DAM)
    assert ("Der Staudamm bei Oberau" in desk.ana.opens(LIST + query).text) is found


def test_a_search_without_a_hit_says_so(desk: TownHall) -> None:
    assert "Nichts gefunden" in desk.ana.opens(LIST + "?suche=ufo").text


def test_an_empty_catalogue_offers_a_beginning(desk: TownHall) -> None:
    keep(desk, replace(rumour(), retired=True))
    assert "Der Katalog ist leer" in desk.ana.opens(LIST).text
    assert "bei den Akten" in desk.ana.opens(LIST + "?akten=alle").text


def test_a_rumour_that_goes_round_leads_to_its_incident(desk: TownHall) -> None:
    incident = desk.rumour_spreads(3)
    for path in (LIST, LIST + "wasser"):
        assert f'href="/vorfaelle/{incident.id}"' in desk.ana.opens(path).text


def test_an_entry_shows_facts_phrasings_and_what_would_make_it_better(desk: TownHall) -> None:
    keep(desk, DAM, rumour(facts=(Fact(text="Sieben Proben ohne Befund."),)))
    text = desk.ana.opens(LIST + "damm").text
    for words in (
        "Der Damm ist dicht.",
        'href="https://thw.example/damm"',
        "Oberau wird überflutet",
    ):
        assert words in text
    assert "fehlt, wer das sagt" not in text
    assert "fehlt, wer das sagt" in desk.ana.opens(LIST + "wasser").text
    assert "fehlt, wer das sagt" not in desk.vera.opens(LIST + "wasser").text


def test_an_expired_entry_says_so(desk: TownHall) -> None:
    keep(desk, replace(DAM, valid_until=date(2026, 11, 22)))
    for path in (LIST, LIST + "damm"):
        assert "abgelaufen" in desk.ana.opens(path).text


def test_an_unknown_entry_is_not_found(desk: TownHall) -> None:
    assert desk.ana.opens(LIST + "gibt-es-nicht").status_code == 404


# --- writing -----------------------------------------------------------------------------------


def test_ben_adds_an_entry(desk: TownHall) -> None:
    answer = desk.ben.presses(LIST + "neu", FORM)
    assert answer.headers["Location"] == LIST + "staudamm-bricht"
    kept = desk.store.rumours.get("staudamm-bricht")
    assert kept.variants == ("Der Damm bricht!", "Oberau wird überflutet")
    assert kept.topics == ("hochwasser", "damm")
    assert kept.facts == (
        Fact(
            text="Der Damm ist dicht.",
            source="THW",
            url="https://thw.example/damm",
            date=date(2026, 11, 22),
        ),
    )
    assert kept.status is RumourStatus.FALSE
    assert "Gerücht aufgenommen." in desk.ben.opens(LIST + kept.id).text


def test_who_may_not_write_cannot(desk: TownHall) -> None:
    assert desk.vera.opens(LIST + "neu").status_code == 403
    assert desk.vera.presses(LIST + "neu", FORM).status_code == 403
    assert "/neu" not in desk.vera.opens(LIST).text
    assert desk.dev.presses(LIST + "neu", FORM).status_code == 403
    assert len(desk.store.rumours.all()) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": " "}, "Bitte schreiben Sie die Behauptung in einem Satz."),
        ({"id": "Mit Leerzeichen"}, "geht nicht als Kennung"),
        ({"id": "wasser"}, "Diese Kennung gibt es schon."),
        ({"lang": "deutsch"}, "kein Sprachkürzel"),
        ({"valid_until": "bald"}, "Das ist kein Datum"),
        ({"fakt-0-url": "javascript:alert(1)"}, "Das ist keine Web-Adresse"),
        ({"fakt-0-text": ""}, "Bitte schreiben Sie, was stimmt."),
        ({"fakt-0-date": "31.2.2026"}, "Das ist kein Datum"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(
    desk: TownHall, changes: dict[str, Any], said: str
) -> None:
    answer = desk.ben.presses(LIST + "neu", FORM | changes)
    assert answer.status_code == 422
    assert answer.text.count(said) == 2  # in the summary and at the field
    assert "Oberau wird  überflutet" in answer.text  # nothing that was typed is lost
    assert len(desk.store.rumours.all()) == 1


def test_a_status_nobody_knows_counts_as_suspected(desk: TownHall) -> None:
    desk.ben.presses(LIST + "neu", FORM | {"status": "quatsch"})
    assert desk.store.rumours.get("staudamm-bricht").status is RumourStatus.SUSPECTED


def test_one_more_fact_needs_no_script(desk: TownHall) -> None:
    answer = desk.ben.presses(LIST + "neu", FORM | {"zeile": "1"})
    assert answer.status_code == 200
    assert 'name="fakt-2-text"' in answer.text
    assert "Der Damm ist dicht." in answer.text
    assert len(desk.store.rumours.all()) == 1


def test_ana_changes_an_entry_and_the_history_says_what(desk: TownHall) -> None:
    keep(desk, DAM)
    form = FORM | {"fassung": stamp(desk.ana, "damm"), "title": "Damm"}
    desk.later(minutes=1)
    assert desk.ana.presses(LIST + "damm/bearbeiten", form).status_code == 302
    kept = desk.store.rumours.get("damm")
    assert (kept.title, kept.id) == ("Damm", "damm")
    text = desk.ana.opens(LIST + "damm").text
    assert "Gerücht geändert." in text
    assert "Titel" in text


def test_a_form_opened_and_saved_changes_nothing(desk: TownHall) -> None:
    keep(desk, DAM)
    before = desk.store.rumours.get("damm")
    html = desk.ana.opens(LIST + "damm/bearbeiten").text
    form = {
        "fassung": stamp(desk.ana, "damm"),
        "text": DAM.text,
        "title": DAM.title,
        "variants": "\r\n".join(DAM.variants),
        "lang": "de",
        "topics": "hochwasser",
        "status": "false",
        "valid_until": "2027-12-31",
        "fakt-0-text": "Der Damm ist dicht.",
        "fakt-0-source": "THW",
        "fakt-0-url": "https://thw.example/damm",
    }
    assert 'value="2027-12-31"' in html
    desk.later(minutes=1)
    desk.ana.presses(LIST + "damm/bearbeiten", form)
    assert desk.store.rumours.get("damm") == before


def test_two_people_at_once_do_not_overwrite_each_other(desk: TownHall) -> None:
    keep(desk, DAM)
    old = stamp(desk.ben, "damm")
    desk.later(minutes=1)
    keep(desk, replace(DAM, title="Anas Titel"))
    mine = FORM | {"fassung": old, "title": "Bens Titel"}
    refused = desk.ben.presses(LIST + "damm/bearbeiten", mine)
    assert refused.status_code == 409
    assert "Bens Titel" in refused.text
    assert desk.store.rumours.get("damm").title == "Anas Titel"
    found = re.search(r'name="fassung" value="([^"]*)"', refused.text)
    assert found
    desk.ben.presses(LIST + "damm/bearbeiten", mine | {"fassung": found[1]})
    assert desk.store.rumours.get("damm").title == "Bens Titel"


# --- retiring ----------------------------------------------------------------------------------


def test_an_entry_goes_to_the_files_and_comes_back(desk: TownHall) -> None:
    assert "Zu den Akten legen?" in desk.ana.opens(LIST + "wasser/zu-den-akten").text
    assert not desk.store.rumours.get("wasser").retired
    desk.ana.presses(LIST + "wasser/zu-den-akten")
    assert desk.store.rumours.get("wasser").retired
    pasted = {"beitrag": "Das Trinkwasser ist vergiftet.", "geruecht": "wasser"}
    shown = desk.ana.presses(LIST + "ausprobieren/", pasted)
    assert "wird nicht verglichen" in shown.text
    desk.ana.presses(LIST + "wasser/wieder-aufnehmen")
    assert not desk.store.rumours.get("wasser").retired
    text = desk.ana.opens(LIST + "wasser").text
    assert "Gerücht zu den Akten gelegt." in text
    assert "Gerücht wieder aufgenommen." in text


def test_who_retires_what_goes_round_is_warned(desk: TownHall) -> None:
    desk.rumour_spreads(3)
    assert "geht gerade um" in desk.ana.opens(LIST + "wasser/zu-den-akten").text


# --- files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_the_catalogue_goes_out_and_comes_back_unchanged(desk: TownHall, form: str) -> None:
    keep(desk, DAM)
    answer = desk.vera.opens(f"{LIST}katalog.{form}")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    text = uploads(desk.ana, answer.data, f"katalog.{form}").text
    assert "0 neu, 0 geändert, 2 unverändert" in text
    assert "Übernehmen</span>" not in text


def test_a_file_is_shown_before_it_is_taken(desk: TownHall) -> None:
    body = write_rows([DAM, rumour(title="Neuer Titel")], "csv").encode()
    seen = uploads(desk.ana, body)
    assert "1 neu, 1 geändert, 0 unverändert" in seen.text
    assert "Staudamm bricht" in seen.text
    assert desk.store.rumours.find("damm") is None
    done = desk.ana.presses(
        LIST + "einlesen/uebernehmen", {"form": "csv", "text": body.decode(), **TICKED}
    )
    assert done.headers["Location"] == LIST
    assert desk.store.rumours.get("damm").facts == DAM.facts
    assert desk.store.rumours.get("wasser").title == "Neuer Titel"
    assert "1 neu, 1 geändert, 0 unverändert" in desk.ana.opens(LIST).text


def test_a_long_file_survives_the_way_through_the_form(desk: TownHall) -> None:
    many = [
        replace(DAM, id=f"damm-{number}", text=f"Nummer {number} " * 60) for number in range(900)
    ]
    text = write_rows(many, "jsonl")
    assert len(text) > 600_000  # more than a form field may hold by default
    desk.ana.presses(LIST + "einlesen/uebernehmen", {"form": "jsonl", "text": text, **TICKED})
    assert len(desk.store.rumours.all()) == 901


def test_a_file_with_errors_is_refused_line_by_line(desk: TownHall) -> None:
    answer = uploads(desk.ana, b'{"text": ""}\n{"text": 7}\n' + b"x\n" * 60, "k.jsonl")
    assert answer.status_code == 422
    assert "Zeile 1: Bitte schreiben Sie die Behauptung in einem Satz." in answer.text
    assert "und 12 weitere" in answer.text
    assert len(desk.store.rumours.all()) == 1


def test_what_is_no_file_is_refused(desk: TownHall, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "wählen Sie eine Datei" in desk.ana.presses(LIST + "einlesen").text
    assert "kein Gerücht" in uploads(desk.ana, b"text;title\n").text
    assert uploads(desk.ana, b"\x81\x8d\x8f").status_code == 422
    monkeypatch.setattr(page, "MOST_UPLOAD", 10)
    assert "zu groß" in uploads(desk.ana, b"x" * 11).text
    empty = desk.ana.presses(LIST + "einlesen/uebernehmen", {"form": "csv", "text": "text\n"})
    assert empty.status_code == 422


def test_who_may_not_write_cannot_take_a_file(desk: TownHall) -> None:
    assert desk.vera.opens(LIST + "einlesen").status_code == 403
    assert uploads(desk.vera, write_rows([DAM], "csv").encode()).status_code == 403


def test_the_forms_open_empty(desk: TownHall) -> None:
    form = desk.ben.opens(LIST + "neu").text
    assert 'name="fakt-1-text"' in form
    assert 'option value="de" selected' in form
    assert 'type="file"' in desk.ben.opens(LIST + "einlesen").text


def test_the_list_as_a_file_can_be_read_in_again(desk: TownHall) -> None:
    keep(desk, DAM)
    answer = desk.ana.opens(LIST + "?suche=oberau&als=csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "damm" in answer.text
    assert "Trinkwasser" not in answer.text
    assert "0 neu, 0 geändert, 1 unverändert" in uploads(desk.ana, answer.data).text


def test_many_entries_have_pages_that_lead_there_and_back(desk: TownHall) -> None:
    keep(desk, *(replace(DAM, id=f"damm-{n:03}", title=f"Damm {n:03}") for n in range(120)))
    first = desk.ana.opens(LIST).text
    assert "Damm 049" in first
    assert "Damm 050" not in first
    found = re.search(r'href="([^"]+)" rel="next"', first)
    assert found
    second = desk.ana.opens(found[1].replace("&amp;", "&")).text
    assert "Damm 050" in second
    back = re.search(r'href="([^"]+)" rel="prev"', second)
    assert back
    assert "Damm 000" in desk.ana.opens(back[1].replace("&amp;", "&")).text
