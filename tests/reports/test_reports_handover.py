"""What the next shift must know, nearly written."""

from __future__ import annotations

from datetime import timedelta

from builders import NOON
from hypothesis import given
from hypothesis import strategies as st
from test_reports_compose import answer, case, situation

from crisis.reports import handover
from crisis.types import IncidentState


def test_what_came_in_and_what_is_open_stand_there_already() -> None:
    out = case(IncidentState.CORRECTED, answers=(answer(),))
    old = case(opened=NOON - timedelta(days=3))
    text = handover.draft(situation(out, old), "de")
    assert text.splitlines()[:3] == [
        "Was hereinkam",
        "- Trinkwasser vergiftet: hoch, 1.204 Beiträge, richtiggestellt, wird beobachtet",
        "- Veröffentlicht: Das Wasser ist in Ordnung (12:00 Uhr)",
    ]
    assert "- Trinkwasser vergiftet: neu, noch nicht übernommen, offen seit 3 Tage." in text
    assert text.endswith("Hinweise für die nächste Schicht\n-")


def test_a_quiet_shift_says_so_in_english_as_well() -> None:
    text = handover.draft(situation(), "en")
    assert "What came in\n- Nothing." in text
    assert "due next\n- Nothing." in text


def test_headings_and_points_are_told_apart() -> None:
    text = "frei\n\nOben\n- eins\n* zwei\n-\n• drei\n   \nUnten"
    assert handover.blocks(text) == [
        ("frei", []),
        ("Oben", ["eins", "zwei", "drei"]),
        ("Unten", []),
    ]
    assert handover.blocks("- nur ein Punkt") == [("", ["nur ein Punkt"])]


@given(st.text())
def test_no_word_is_lost(text: str) -> None:
    said = " ".join(" ".join([title, *points]) for title, points in handover.blocks(text))
    for word in text.replace("*", " ").replace("-", " ").replace("•", " ").split():
        assert word in said.replace("*", " ").replace("-", " ").replace("•", " ")
