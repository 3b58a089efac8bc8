"""Short help on each page: there is one for every page of the staff, in both languages, and it is short."""

from __future__ import annotations

import re

import pytest
from people import TownHall

from crisis.desk import page_help, security, words

# What answers a GET but is no page somebody looks at: parts, files, small answers for scripts.
NO_PAGE = frozenset(
    {
        *(
            "board.refresh",
            "drill.progress",
            "drills.refresh",
            "drills.file",
            "drills.date",
            "figures.table",
            "live.alarm",
            "live.stand",
        ),
        *(
            "publishing.refresh",
            "outbox.html",
            "posts.arrived",
            "posts.refresh",
            "incident_parts.part",
            "posts.spread",
            "rumour_files.export",
            "source_files.export",
        ),
        *(
            "test_mail.refresh",
            "files.show",
            "playbook_pictures.show",
            "playbook_pictures.kept",
            "wall.refresh",
            "look.colours",
            "look.sign",
            "reports.file",
            "reports.incident_file",
        ),
    }
)


def pages(hall: TownHall) -> set[str]:
    """Every page that somebody who has signed in can open."""
    return {
        rule.endpoint
        for rule in hall.app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and security.RIGHTS.get(rule.endpoint, security.STAFF) is not security.OPEN
    } - NO_PAGE


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_every_page_has_a_short_help(hall: TownHall, lang: str) -> None:
    known = page_help.texts(lang)
    lacking = pages(hall) - set(known)
    assert not lacking, f"write a section for each of these in crisis/desk/help_texts/{lang}.md"
    for endpoint, text in known.items():
        count = len(re.findall(r"\w+", text))
        assert 15 <= count <= page_help.MOST_WORDS, (endpoint, count)
        assert 3 <= len(re.findall(r"[.!?](?=\s|$)", text)) <= 8, endpoint


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_no_help_is_for_a_page_that_is_gone(hall: TownHall, lang: str) -> None:
    names = list(page_help.texts(lang))
    assert set(names) <= set(hall.app.view_functions)
    assert names == sorted(names), "sections stand in alphabetical order, so that they can be found"


def test_a_page_shows_its_own_help_and_strangers_get_none(desk: TownHall) -> None:
    text = desk.ana.opens("/geruechte/").text
    assert "Hilfe zu dieser Seite" in text
    assert "<strong>Neues Gerücht</strong>" in text
    assert "Help for this page" in desk.ana.opens("/geruechte/?lang=en").text
    assert "Hilfe zu dieser Seite" not in desk.dev.opens("/anmelden").text


def test_a_refused_form_keeps_the_help_of_its_page(desk: TownHall) -> None:
    answer = desk.ana.presses("/geruechte/ausprobieren/", {"beitrag": ""})
    assert "Fügen Sie einen Beitrag ein und vergleichen Sie." in answer.text


def test_who_is_at_the_first_steps_finds_back(desk: TownHall) -> None:
    assert "Zurück zu den ersten Schritten" not in desk.vera.opens("/quellen/").text
    desk.vera.opens("/erste-schritte/")
    assert "Zurück zu den ersten Schritten" in desk.vera.opens("/quellen/").text
    assert "Zurück zu den ersten Schritten" not in desk.vera.opens("/erste-schritte/").text
    desk.vera.presses("/erste-schritte/spaeter")
    assert "Zurück zu den ersten Schritten" not in desk.vera.opens("/quellen/").text
