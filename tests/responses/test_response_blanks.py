"""What people may fill in, and what is offered to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from crisis.errors import InvalidInputError
from crisis.playbooks.render import to_text
from crisis.responses.blanks import MOST_CHARACTERS, check_value, fill, missing, prefill
from crisis.types import Incident, Placeholder

AREA = Placeholder(name="ortsteil", hint="Wo?", example="Nordstadt")


@pytest.mark.parametrize(
    "value",
    [
        *("Nordstadt", "heute um 18 Uhr", "18:00", "Nordstadt & Hafen (teilweise)", "0800 115"),
        *("Київ", "Beispielstraße", "1", "a" * MOST_CHARACTERS),
    ],
)
def test_ordinary_words_are_taken(value: str) -> None:
    assert check_value(value, placeholder=AREA) is None


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("", "needs"),
        (" \n\t\u00a0", "needs"),
        ("\u200b", "needs"),
        ("…", "example"),
        ("...", "example"),
        ("???", "example"),
        ("XXX", "example"),
        ("todo", "example"),
        ("[Beispiel]", "example"),
        ("Beispiel: nordstadt", "example"),
        ("z. B. Nordstadt", "example"),
        ("a" * (MOST_CHARACTERS + 1), "long"),
        ("Nord\nSüd", "line breaks"),
        ("Nord\u202edts", "invisible"),
        ("Nord\u200bstadt", "invisible"),
        ("Nord\x07", "invisible"),
        ("{{ name }}", "braces"),
        ("a }} b", "braces"),
    ],
)
def test_what_cannot_go_out_is_refused_with_a_reason(value: str, says: str) -> None:
    found = check_value(value, placeholder=AREA)
    assert found is not None
    assert found[0].startswith("„Wo?“: ")
    assert says in found[1]


def test_without_a_placeholder_the_reason_stands_alone() -> None:
    assert check_value("") == ("Hier fehlt noch Ihre Angabe.", "This still needs your words.")


def test_an_example_may_be_what_is_true_now() -> None:
    assert check_value("Nordstadt", placeholder=AREA) is None
    assert check_value("Beispiel: Hafen", placeholder=AREA) is None
    assert check_value("Beispiel: x", placeholder=Placeholder(name="a")) is None


def test_line_breaks_may_be_allowed() -> None:
    assert check_value("Nord\nSüd", breaks=True) is None
    assert to_text(fill("{{ a }}", {"a": "Nord\nSüd"}, breaks={"a"})) == "Nord\nSüd"


def test_filling_names_everything_that_is_wrong() -> None:
    with pytest.raises(InvalidInputError) as caught:
        fill("{{ a }} {{ b }} {{ c }}", {"a": "gut", "b": "…"}, placeholders=[AREA])
    assert '"b": ' in str(caught.value)
    assert '"c": ' in str(caught.value)
    assert '"a": ' not in str(caught.value)


def test_filling_shows_values_as_typed() -> None:
    assert to_text(fill("In {{ ortsteil }}.", {"ortsteil": "*Nord*"})) == "In *Nord*."


def test_missing_blanks_are_named_once_over_all_texts() -> None:
    texts = {"website": "{{ a }} {{ b }}", "short": "{{ b }} {{ c }} {{ d }}"}
    values = {"a": "gut", "c": "…", "d": "gut"}
    assert missing(texts, values) == ["b", "c"]
    assert missing(["{{ a }}"], values) == []


def test_dates_and_times_are_offered_in_the_authoritys_own_zone() -> None:
    zone = timezone(timedelta(hours=1))
    incident = Incident(
        rumour_id="r",
        opened=datetime(2026, 3, 31, 22, 30, tzinfo=UTC),
        updated=datetime(2026, 4, 1, tzinfo=UTC),
    )
    names = ("datum", "uhrzeit", "stand", "seit", "wochentag", "heute", "ortsteil")
    offered = prefill(
        [Placeholder(name=name) for name in names],
        incident,
        now=datetime(2026, 3, 31, 23, 5, tzinfo=UTC),
        zone=zone,
    )
    assert offered == {
        "datum": "1. April 2026",
        "heute": "1. April 2026",
        "uhrzeit": "00:05 Uhr",
        "stand": "1. April 2026, 00:05 Uhr",
        "seit": "31. März 2026, 23:30 Uhr",
        "wochentag": "Mittwoch",
    }
    english = prefill(
        [Placeholder(name="date"), Placeholder(name="time"), Placeholder(name="weekday")],
        incident,
        now=datetime(2026, 3, 31, 23, 5, tzinfo=UTC),
        zone=zone,
        lang="en",
    )
    assert english == {"date": "1 April 2026", "time": "00:05", "weekday": "Wednesday"}
    assert all(check_value(value) is None for value in offered.values())
