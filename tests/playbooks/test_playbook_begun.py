"""A playbook begun in an incident says what is known, and is a playbook."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from builders import NOON, rumour
from hypothesis import given
from hypothesis import strategies as st

from crisis.playbooks.begun import Known, begun
from crisis.playbooks.parse import parse
from crisis.types import Fact, Playbook, Rumour

TODAY, BERLIN = date(2026, 11, 23), ZoneInfo("Europe/Berlin")
KNOWN = Known(since=NOON, posts=8, sources=2, places=("Nordstadt", "Altstadt"))


def made(one: Rumour, known: Known = KNOWN) -> Playbook:
    return parse("neu", begun(one, known, today=TODAY, zone=BERLIN, contact="presse@m.example"))


def entry(**changes: object) -> Rumour:
    facts = (
        Fact(text="Das Wasser ist geprüft.", source="Stadtwerke: Labor"),
        Fact(text="Die letzte Probe war um 9 Uhr."),
    )
    return rumour(facts=facts, topics=("trinkwasser", "a, b"), **changes)


@pytest.mark.parametrize("lang", ["de", "en", ""])
def test_what_is_known_stands_where_it_belongs(lang: str) -> None:
    found = made(entry(lang=lang))
    assert found.lang == (lang or "de") and found.rumours == (entry().id,)
    assert found.topics == ("trinkwasser", "a, b")
    assert found.title == "Das Wasser ist geprüft"
    assert found.sources == ("Stadtwerke: Labor",)
    assert "13:00" in found.situation and "8" in found.situation
    assert "Nordstadt, Altstadt" in found.situation
    assert "Die letzte Probe war um 9 Uhr." in found.answers["website"]
    assert entry().text.rstrip(".") in found.answers["website"]


def test_what_is_not_known_stays_a_question() -> None:
    found = made(rumour(topics=(), facts=()), Known(since=NOON, posts=1, sources=1))
    assert found.title == "Was stimmt, in einem Satz"
    assert found.topics == ("anderes",)
    assert "Genannte Orte" not in found.situation


@given(st.text(max_size=80), st.text(max_size=40))
def test_words_of_strangers_break_nothing(claim: str, place: str) -> None:
    one = rumour(text=f"x{claim}", facts=(Fact(text=f"y{claim}", source=f"z{claim}"),))
    found = made(one, Known(since=NOON, posts=1, sources=1, places=(place,)))
    assert found.rumours == (one.id,)
    assert [p.name for p in found.placeholders] == ["naechste_info", "buergertelefon"]
